"""Theme `asgi`: what a request to an ASGI app costs over the app itself, and beside mangum."""

from __future__ import annotations

import asyncio
import atexit
import functools
import importlib.util
import logging
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Plan, Task, compare, compare_all
from benchmarks.libraries import library_of, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Result

MANGUM = "mangum"
REQUESTS = 50
"""Requests of one measurement on a running loop, so that entering the loop weighs little."""


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Answer as a trivial app does."""
    if scope["type"] != "http":
        return
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"hello"})


async def waiting(scope: Any, receive: Any, send: Any) -> None:
    """Answer, and wait for the end of the request beside that, as frameworks do that watch the client."""
    if scope["type"] != "http":
        return
    await receive()
    watch = asyncio.ensure_future(receive())
    await asyncio.sleep(0)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"hello"})
    await watch


def _event() -> dict[str, Any]:
    return {
        "version": "2.0",
        "rawPath": "/api/a",
        "rawQueryString": "b=c",
        "headers": {"content-type": "application/json", "user-agent": "bench", "host": "example.org"},
        "requestContext": {
            "http": {"method": "POST", "path": "/api/a", "sourceIp": "127.0.0.1", "protocol": "HTTP/1.1"},
            "domainName": "example.org",
            "stage": "$default",
        },
        "body": "{}",
        "isBase64Encoded": False,
    }


@functools.cache
def the_loop() -> asyncio.AbstractEventLoop:
    """Give the loop that all work here runs on, closed when the process ends."""
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return loop


def awaited(app: Any, *, times: int = REQUESTS) -> Callable[[str], Callable[[], Any]]:
    """Make the work of several requests on a loop that runs."""

    def make(library: str) -> Callable[[], Any]:
        middleware = library_of(library).AsgiMiddleware(app)
        given = request(library, b"{}")
        loop = the_loop()

        async def serve() -> list[Any]:
            return [(await middleware.handle_async(given)).get_body() for _ in range(times)]

        return lambda: loop.run_until_complete(serve())

    return make


def alone() -> Callable[[], Any]:
    """Make the work of the trivial app without any library."""
    loop = the_loop()

    async def receive() -> dict[str, Any]:  # ASGI awaits it
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(_message: Any) -> None:
        return

    async def serve() -> None:
        for _ in range(REQUESTS):
            await hello({"type": "http"}, receive, send)

    return lambda: loop.run_until_complete(serve())


def entered(library: str) -> Callable[[], Any]:
    """Make the work of one request through the synchronous entry."""
    if library == MANGUM:
        handler = library_of(MANGUM).Mangum(hello, lifespan="off")

        def handle() -> Any:
            return handler(_event(), {})["body"].encode()

        return handle
    middleware = library_of(library).AsgiMiddleware(hello)
    given = request(library, b"{}")
    return lambda: middleware.main(given, None).get_body()


def tasks() -> list[Task]:
    """Give what is timed."""
    return [
        Task("asgi", "ASGI: time added per request", awaited(hello), 3.5, 5, without=alone),
        Task("asgi", "ASGI: the synchronous entry", entered, 6, 10),
        Task(
            "asgi",
            "ASGI app that waits for `http.disconnect`",
            awaited(waiting, times=1),
            200,
            1000,
            rounds=5,
            waits=True,
        ),
    ]


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme."""
    logging.getLogger().setLevel(logging.WARNING)
    found = compare_all(tasks(), plan)
    if importlib.util.find_spec(MANGUM):
        asyncio.set_event_loop(the_loop())  # mangum looks for one
        ahead = Task("asgi", "the synchronous entry, mangum in place of the reference", entered, None, 1)
        found += compare(ahead, Plan((MANGUM, plan.libraries[-1]), quick=plan.quick))
    return found
