"""Readers that leave: a stream that has nothing to send for now ends all the same, and what it holds is let go."""

from __future__ import annotations

import asyncio
import gc
import time
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc.testing import TestClient
from tests.adapters.asgi_tools import answering

pytest.importorskip("fastapi", reason="the frameworks need newer packages than the oldest")

import fastapi
from fastapi.responses import StreamingResponse as FastApiStream
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

LIMIT_SECONDS = 5.0


def starlette_app(events: list[str]) -> Any:
    """Make a Starlette app with a stream that sends one event, and then waits for ever."""

    async def sse(_request: Any) -> StreamingResponse:
        return StreamingResponse(idle(events), media_type="text/event-stream")

    return Starlette(routes=[Route("/sse", sse)])


def fastapi_app(events: list[str]) -> Any:
    """Make the same in FastAPI."""
    app = fastapi.FastAPI()

    @app.get("/sse")
    async def sse() -> FastApiStream:
        return FastApiStream(idle(events), media_type="text/event-stream")

    return app


async def idle(events: list[str]) -> AsyncIterator[bytes]:
    """Send one event, wait for ever, and note the end."""
    try:
        yield b"data: 1\n\n"
        await asyncio.Event().wait()
    finally:
        events.append("ended")


@pytest.fixture
def _no_gc() -> Iterator[None]:
    """Leave alone what only the collector of cycles would end."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_gc")
@pytest.mark.parametrize("make", [starlette_app, fastapi_app], ids=["starlette", "fastapi"])
def test_an_idle_stream_ends_when_its_reader_leaves(make: Any) -> None:
    """It sends nothing that could fail, so that it has to be told."""
    events: list[str] = []
    app = azfunc.FunctionApp(http_auth_level="anonymous")
    app.mount_asgi("f", make(events))

    with TestClient(app) as client:
        chunks: Any = client.get("/api/f/sse", stream=True).stream()
        assert next(chunks) == b"data: 1\n\n"
        assert events == []
        chunks.close()
        end = time.monotonic() + LIMIT_SECONDS
        while not events and time.monotonic() < end:
            time.sleep(0.01)
        assert events == ["ended"]  # while the client is still open


def test_a_stream_that_is_read_to_its_end_has_its_whole_body() -> None:
    """That the app listens for its reader makes no difference to one who stays, whether it is joined or not."""

    async def count(_request: Any) -> StreamingResponse:
        async def numbers() -> AsyncIterator[bytes]:
            for number in range(5):
                await asyncio.sleep(0)
                yield b"%d" % number

        return StreamingResponse(numbers())

    app = azfunc.FunctionApp(http_auth_level="anonymous")
    app.mount_asgi("f", Starlette(routes=[Route("/count", count)]))

    with TestClient(app) as client:
        assert client.get("/api/f/count").get_body() == b"01234"
        assert b"".join(client.get("/api/f/count", stream=True).stream()) == b"01234"


def test_space_around_a_header_is_no_part_of_it() -> None:
    """Servers refuse to send it."""
    app = answering(headers=[(b"set-cookie", b" a=1; Path=/"), (b"x-tab", b"b c\t")])

    response = asyncio.run(azfunc.AsgiMiddleware(app).handle_async(azfunc.HttpRequest()))

    assert response.header_items() == [("set-cookie", "a=1; Path=/"), ("x-tab", "b c")]


def test_the_version_is_one_whose_apps_listen() -> None:
    """From 2.4 on an app may wait for send() to raise, which an idle stream never calls."""
    versions: list[str] = []
    app = answering()

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            versions.append(scope["asgi"]["spec_version"])
        await app(scope, receive, send)

    asyncio.run(azfunc.AsgiMiddleware(noting).handle_async(azfunc.HttpRequest()))

    assert versions == ["2.3"]
