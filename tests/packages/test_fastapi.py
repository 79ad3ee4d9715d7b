"""Requests, responses and streams of FastAPI, by `azurefunctions-extensions-http-fastapi`."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.start.local_app import LocalApp
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture
def web() -> Any:
    """The package."""
    return importlib.import_module("azurefunctions.extensions.http.fastapi")


def client_of(web: Any, answer: Any) -> TestClient:
    """Make a client of an app with one function."""
    return TestClient(app_of(web, answer))


def app_of(web: Any, answer: Any) -> func.FunctionApp:
    """Make an app whose one function gives the framework's request to a callable."""
    app = func.FunctionApp(http_auth_level="anonymous")

    async def site(req: Any) -> Any:
        return await answer(req)

    site.__annotations__ |= {"req": web.Request, "return": web.Response}
    app.route("site/{name}", methods=["GET", "POST"])(site)
    return app


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


def test_parts_of_a_response_come_alone(web: Any) -> None:
    """A client that asks for a stream gets each part when it is there."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"one,"
        seen.append("second is asked for")
        yield b"two"

    async def answer(_req: Any) -> Any:
        return web.StreamingResponse(parts())

    seen: list[str] = []
    with client_of(web, answer) as client:
        chunks = iter(client.get("/api/site/ada", stream=True).stream())

        assert (next(chunks), seen) == (b"one,", [])
        assert (next(chunks), seen) == (b"two", ["second is asked for"])


def test_test_streams_in(web: Any) -> None:
    """A test gives the body part by part, and the function reads it so."""

    def upload() -> Iterator[bytes]:
        yield b"one,"
        seen.append("second is asked for")
        yield b"two"

    async def answer(req: Any) -> Any:
        async for part in req.stream():
            seen.append(f"got {part.decode()}")
            if not part:
                seen.pop()
        return web.PlainTextResponse("done")

    seen: list[Any] = []
    got = client_of(web, answer).post("/api/site/ada", body=upload())

    assert got.get_body() == b"done"
    assert seen == ["got one,", "second is asked for", "got two"]


async def exchange(app: func.FunctionApp, sent: list[bytes], *, waits: bool) -> list[bytes]:
    """Send parts to `azfunc start`, each after the answer to the one before if asked to, and give what comes back."""
    waiting, got = list(sent), list[bytes]()
    answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()  # the caller stays
        if waits and len(waiting) < len(sent):
            await answered.wait()
            answered.clear()
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body" and message.get("body"):
            got.append(message["body"])
            answered.set()

    scope = {"type": "http", "method": "POST", "path": "/api/site/ada", "query_string": b"", "headers": []}
    await asyncio.wait_for(LocalApp(app)(scope, receive, send), 20)
    return got


def test_local_host_streams_in_and_out(web: Any) -> None:
    """Under `azfunc start` the function reads each part of the body while the caller has not sent the next."""

    async def answer(req: Any) -> Any:
        async def parts() -> AsyncIterator[bytes]:
            async for part in req.stream():
                if part:
                    yield part.upper()

        return web.StreamingResponse(parts())

    got = asyncio.run(exchange(app_of(web, answer), [b"one,", b"two,", b"three"], waits=True))

    assert got == [b"ONE,", b"TWO,", b"THREE"]


def test_local_host_takes_more_than_memory_should_hold(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read part by part has no greatest size."""
    monkeypatch.setattr("azfunc.start.local_app.LARGEST_BODY", 3)

    async def answer(req: Any) -> Any:
        return web.Response(str(sum([len(part) async for part in req.stream()])))

    got = asyncio.run(exchange(app_of(web, answer), [b"one,", b"two,", b"three"], waits=False))

    assert got == [b"13"]


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
