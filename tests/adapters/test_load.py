"""Many requests at once, on one loop and in many threads: nothing is lost, crossed or left behind."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import os
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core.streaming import streaming
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Iterator

HttpRequest = azfunc.HttpRequest
REQUESTS = 10_000
THREADS = 64
EACH = 20

number: contextvars.ContextVar[str] = contextvars.ContextVar("number", default="none")


class Echo:
    """An ASGI app with a lifespan, whose requests wait for each other and set a context variable."""

    def __init__(self) -> None:
        self.starts = 0
        self.crossed = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer with what the request said, after others have run."""
        if scope["type"] == "lifespan":
            self.starts += 1
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        name = scope["path"]
        self.crossed += number.get() != "none"
        number.set(name)
        body = (await receive())["body"]
        await asyncio.sleep(0)
        self.crossed += number.get() != name
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-name", name.encode())]})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": name.encode()})


def wsgi_echo(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    """Answer with what the request said, in WSGI."""
    assert number.get() == "none"
    number.set(environ["PATH_INFO"])
    start_response("200 OK", [("X-Name", environ["PATH_INFO"])])
    yield environ["wsgi.input"].read()
    assert number.get() == environ["PATH_INFO"]
    yield environ["PATH_INFO"].encode()


def request_of(name: Any) -> azfunc.HttpRequest:
    """Make a request that says who it is."""
    return HttpRequest("POST", f"/{name}", body=f"{name} ")


def check(response: azfunc.HttpResponse, name: Any) -> None:
    """Make sure that a response belongs to its request."""
    assert response.headers["x-name"] == f"/{name}"
    assert response.get_body() == f"{name} /{name}".encode()


def descriptors() -> int:
    """Count the open files, sockets and loops of the process; 0 where they cannot be listed."""
    folder = Path("/proc/self/fd")
    return len(os.listdir(folder)) if folder.exists() else 0  # noqa: PTH208  # names are counted, not opened


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Compare threads, loops, files and context before and after a test."""

    def loops() -> int:
        return sum(isinstance(each, asyncio.AbstractEventLoop) and not each.is_closed() for each in gc.get_objects())

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gc.collect()
    before = set(threading.enumerate()), loops(), descriptors()
    yield
    gc.collect()
    assert set(threading.enumerate()) <= before[0]
    assert loops() <= before[1]
    assert descriptors() <= before[2]
    assert list(tmp_path.iterdir()) == []
    assert number.get() == "none"


@pytest.mark.parametrize("stream", [False, True])
def test_ten_thousand_requests_on_one_loop(stream: bool) -> None:
    """Ten thousand requests at once are all answered, each with its own answer; start-up ran once."""
    app = Echo()

    async def main() -> None:
        async with azfunc.AsgiMiddleware(app) as middleware:

            async def ask(name: int) -> None:
                with streaming(allowed=stream):
                    response = await middleware.handle_async(request_of(name))
                await response.read_body()
                check(response, name)

            await asyncio.gather(*(ask(name) for name in range(REQUESTS)))
            assert not middleware._streams

    asyncio.run(main())
    assert (app.starts, app.crossed) == (1, 0)


def in_threads(work: Any) -> None:
    """Run a function in many threads, and raise what one of them raised."""
    errors: list[BaseException] = []
    together = threading.Barrier(THREADS)

    def run(thread: int) -> None:
        try:
            together.wait()
            for turn in range(EACH):
                work(f"{thread}-{turn}")
        except BaseException as error:  # noqa: BLE001  # raised below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.parametrize("has_lifespan", [False, True])
def test_sixty_four_threads_of_asgi(has_lifespan: bool) -> None:
    """Threads that call `handle` each get their own answers, with the app's loop and without one."""
    app = Echo()

    async def without(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await app(scope, receive, send)

    middleware = azfunc.AsgiMiddleware(app if has_lifespan else without)

    in_threads(lambda name: check(middleware.handle(request_of(name)), name))

    asyncio.run(middleware.aclose())
    assert (app.starts, app.crossed) == (int(has_lifespan), 0)


def test_sixty_four_threads_of_wsgi() -> None:
    """Threads that call `handle` each get their own answers."""
    middleware = azfunc.WsgiMiddleware(wsgi_echo)

    in_threads(lambda name: check(middleware.handle(request_of(name)), name))


def test_the_whole_runtime_under_load() -> None:
    """Mounts of both kinds answer many requests at once through routes and converters."""
    app = azfunc.FunctionApp(http_auth_level="anonymous")
    asgi = Echo()
    app.mount_asgi("a", asgi)
    app.mount_wsgi("w", wsgi_echo)

    async def main() -> None:
        async with TestClient(app, route_prefix="") as client:

            async def ask(mount: str, name: int) -> None:
                response = await client.arequest("POST", f"/{mount}/{name}", body=f"{name} ")
                path = f"/a/{name}" if mount == "a" else f"/{name}"
                assert response.get_body() == f"{name} {path}".encode()

            await asyncio.gather(*(ask(mount, name) for name in range(300) for mount in "aw"))

    asyncio.run(main())
    assert (asgi.starts, asgi.crossed) == (1, 0)
