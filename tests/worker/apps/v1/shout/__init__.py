"""A function of the older model."""

import azfunc as func


def main(req: func.HttpRequest, msg: func.Out[str]) -> func.HttpResponse:
    """Answer, and set an out parameter."""
    msg.set(req.params["name"].upper())
    return func.HttpResponse(f"Hello {req.params['name']}", status_code=201)
