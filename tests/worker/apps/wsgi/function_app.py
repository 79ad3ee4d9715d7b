"""A WSGI framework as an app."""

import azfunc as func


def site(environ, start_response):  # noqa: ANN001, ANN201  # the interface has no types of its own
    """Answer each request with its path and its body."""
    start_response("202 Accepted", [("content-type", "text/plain")])
    return [environ["PATH_INFO"].encode() + b" " + environ["wsgi.input"].read()]


app = func.WsgiFunctionApp(app=site, http_auth_level=func.AuthLevel.ANONYMOUS)
