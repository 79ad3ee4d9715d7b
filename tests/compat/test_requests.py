"""Requests and responses of ASGI and WSGI apps under the reference's private names."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc.compat.facade import module

if TYPE_CHECKING:
    from collections.abc import Iterable


@pytest.fixture
def request_() -> azfunc.HttpRequest:
    """A request with a query, a header and a body."""
    return azfunc.HttpRequest("POST", "https://example.org:8443/api/f?x=1", headers={"X-A": "1"}, body=b"hi")


def test_request_of_a_wsgi_app(request_: azfunc.HttpRequest) -> None:
    """The environ tells of the request, and each value of it is an attribute too."""
    made = module("_http_wsgi").WsgiRequest(request_)
    errors = io.StringIO()
    environ = made.to_environ(errors)

    assert (environ["PATH_INFO"], environ["QUERY_STRING"], environ["HTTP_X_A"]) == ("/api/f", "x=1", "1")
    assert environ["wsgi.errors"] is errors
    assert (made.path_info, made.server_name, made.wsgi_url_scheme) == ("/api/f", "example.org", "https")
    with pytest.raises(AttributeError, match="'WsgiRequest' object has no attribute 'nope'"):
        _ = made.nope


def test_response_of_a_wsgi_app(request_: azfunc.HttpRequest) -> None:
    """What an app answers is the response of a function."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("201 Created", [("X-B", "2")])
        return [environ["wsgi.input"].read(), b"!"]

    wsgi = module("_http_wsgi")
    answer = wsgi.WsgiResponse.from_app(app, wsgi.WsgiRequest(request_).to_environ(io.StringIO())).to_func_response()

    assert (answer.status_code, answer.get_body(), answer.headers["X-B"]) == (201, b"hi!", "2")


def test_request_and_response_of_an_asgi_app(request_: azfunc.HttpRequest) -> None:
    """The scope tells of the request, and what an app answers is the response of a function."""
    seen: list[dict[str, Any]] = []

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(scope)
        message = await receive()
        await send({"type": "http.response.start", "status": 201, "headers": [(b"x-b", b"2")]})
        await send({"type": "http.response.body", "body": message["body"] + b"!"})

    asgi = module("_http_asgi")
    scope = asgi.AsgiRequest(request_).to_asgi_http_scope({"pool": 1})
    answer = asyncio.run(asgi.AsgiResponse.from_app(app, scope, b"hi")).to_func_response()

    assert (scope["type"], scope["path"], scope["query_string"]) == ("http", "/api/f", b"x=1")
    assert seen[0]["state"] == {"pool": 1}
    assert "pool" not in asgi.AsgiRequest(request_).to_asgi_http_scope().get("state", {})
    assert (answer.status_code, answer.get_body(), answer.headers["X-B"]) == (201, b"hi!", "2")
