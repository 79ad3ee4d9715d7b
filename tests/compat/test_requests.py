"""Requests and responses of ASGI and WSGI apps under the reference's private names."""

from __future__ import annotations

import asyncio
import importlib
import io
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc.compat.facade import module
from azfunc.testing import TestClient
from tests.conftest import reference_is_installed

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


@pytest.mark.parametrize("package", ["azure.functions._http", "azure.functions"])
def test_response_of_the_reference_is_sent_without_a_worker(package: str) -> None:
    """Packages made for the reference, where it is installed, give its responses: Durable's client does."""
    members = {
        "__module__": package,
        "status_code": 202,
        "headers": {"Location": "/there"},
        "mimetype": "application/json",
        "charset": "utf-8",
        "get_body": lambda self: b"{}",
    }
    theirs = type("HttpResponse", (), members)
    given = type("OfMine", (theirs,), {})()
    app = azfunc.FunctionApp(http_auth_level="anonymous")

    @app.route("start")
    def start(req: azfunc.HttpRequest) -> azfunc.HttpResponse:
        response: azfunc.HttpResponse = given
        return response

    response = TestClient(app).get("/api/start")

    assert (response.status_code, response.headers["location"], response.get_body()) == (202, "/there", b"{}")
    assert response.mimetype == "application/json"


@pytest.mark.reference
@pytest.mark.skipif(not reference_is_installed(), reason="needs the reference, which `nox -s compat` installs")
def test_response_of_the_real_reference_is_sent_without_a_worker() -> None:
    """So is a response of the library itself."""
    theirs = importlib.import_module("azure.functions").HttpResponse
    converter: Any = azfunc.get_binding_registry().get("http")

    datum = converter.encode(theirs("hi", status_code=201, headers={"X-A": "1"}), expected_type=None)

    assert datum.value["status_code"].value == "201"
    assert datum.value["body"].value == b"hi"
    assert datum.value["headers"]["X-A"].value == "1"
