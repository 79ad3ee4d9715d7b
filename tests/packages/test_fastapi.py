"""Requests, responses and streams of FastAPI, by `azurefunctions-extensions-http-fastapi`."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
def web() -> Any:
    """The package."""
    return importlib.import_module("azurefunctions.extensions.http.fastapi")


def client_of(web: Any, answer: Any) -> TestClient:
    """Make a client of an app whose one function gives the framework's request to a callable."""
    app = func.FunctionApp(http_auth_level="anonymous")

    async def site(req: Any) -> Any:
        return await answer(req)

    site.__annotations__ |= {"req": web.Request, "return": web.Response}
    app.route("site/{name}", methods=["GET", "POST"])(site)
    return TestClient(app)


def test_function_gets_the_frameworks_request(web: Any) -> None:
    """Method, path, route parameters, query, headers and body are those of the request; the body comes as a stream."""

    async def answer(req: Any) -> Any:
        assert type(req) is web.Request
        found = [req.method, req.url.path, req.path_params, dict(req.query_params), req.headers["x-kind"]]
        return web.JSONResponse([*found, [chunk.decode() async for chunk in req.stream()]], status_code=201)

    got = client_of(web, answer).post("/api/site/ada?q=1", body=b"body", headers={"X-Kind": "k"})

    assert got.status_code == 201
    assert got.headers["content-type"] == "application/json"
    [method, path, route, query, kind, body] = json.loads(got.get_body())
    assert [method, path, route, query, kind] == ["POST", "/api/site/ada", {"name": "ada"}, {"q": "1"}, "k"]
    assert "".join(body) == "body"


def test_streamed_response_is_streamed(web: Any) -> None:
    """The parts of a StreamingResponse arrive one by one."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"one,"
        yield b"two"

    async def answer(_req: Any) -> Any:
        return web.StreamingResponse(parts(), media_type="text/plain")

    got = client_of(web, answer).get("/api/site/ada")

    assert got.headers["content-type"].startswith("text/plain")
    assert got.get_body() == b"one,two"


def test_file_and_redirect(web: Any, tmp_path: Path) -> None:
    """A file is sent with its content, a redirect with its place."""
    (tmp_path / "a.txt").write_text("content")

    async def file(_req: Any) -> Any:
        return web.FileResponse(tmp_path / "a.txt")

    async def redirect(_req: Any) -> Any:
        return web.RedirectResponse("/elsewhere")

    assert client_of(web, file).get("/api/site/ada").get_body() == b"content"
    moved = client_of(web, redirect).get("/api/site/ada")
    assert (moved.status_code, moved.headers["location"]) == (307, "/elsewhere")


def test_background_tasks_are_not_lost_silently(web: Any) -> None:
    """A background task is not run by azfunc's runtime, and a warning says so."""
    task = importlib.import_module("starlette.background").BackgroundTask(print)

    async def answer(_req: Any) -> Any:
        return web.PlainTextResponse("x", background=task)

    with pytest.warns(func.AzfuncWarning, match="background tasks"):
        client_of(web, answer).get("/api/site/ada")


def test_azfuncs_own_request_stays(web: Any) -> None:
    """A function with azfunc's own classes is untouched by the package."""
    app = func.FunctionApp(http_auth_level="anonymous")

    @app.route("own")
    def own(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(type(req).__name__)

    assert TestClient(app).get("/api/own").get_body() == b"HttpRequest"
