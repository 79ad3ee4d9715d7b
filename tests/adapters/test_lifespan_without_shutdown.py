"""Apps whose lifespan is over once they are up: nothing to clean up, so no shutdown is taken."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
import textwrap
import threading
import weakref
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc.adapters import lifespan as lifespan_module
from azfunc.adapters.lifespan import LifespanError
from azfunc.testing import TestClient
from tests.adapters.asgi_tools import START, answering, threads_of_lifespans

if TYPE_CHECKING:
    from pathlib import Path

HttpRequest = azfunc.HttpRequest
COMPLETE = {"type": "lifespan.startup.complete"}


class Brief:
    """An ASGI app whose lifespan ends right after its start-up; it answers with the number of that."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.starts = 0
        self.loops: list[Any] = []
        self.error = error

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Start, or answer a request."""
        self.loops.append(asyncio.get_running_loop())
        if scope["type"] == "lifespan":
            await receive()
            self.starts += 1
            scope["state"]["start"] = self.starts
            await send(COMPLETE)
            if self.error is not None:
                raise self.error
            return
        await asyncio.sleep(0.001)  # time for the end of the lifespan to do harm
        await send(START)
        await send({"type": "http.response.body", "body": str(scope["state"]["start"]).encode()})

    @property
    def ran_on_one_loop(self) -> bool:
        """Whether everything happened on the same loop."""
        return len(set(map(id, self.loops))) == 1


@pytest.fixture(params=[None, LookupError("died"), asyncio.CancelledError()], ids=["returns", "raises", "is cancelled"])
def app(request: pytest.FixtureRequest) -> Brief:
    """Give an app for each way in which its lifespan ends."""
    return Brief(request.param)


async def ask(middleware: azfunc.AsgiMiddleware, times: int = 3) -> list[str]:
    """Give the answers to some requests, one after the other."""
    return [(await middleware.handle_async(HttpRequest())).text for _ in range(times)]


# --- requests ---------------------------------------------------------------------------------------------------------


def test_requests_on_a_loop_share_one_startup(app: Brief) -> None:
    """The app is started once, and what it keeps reaches all its requests."""

    async def main() -> list[str]:
        middleware = azfunc.AsgiMiddleware(app)
        answers = await ask(middleware)
        assert middleware.is_started
        assert middleware.state == {"start": 1}
        return answers

    assert asyncio.run(main()) == ["1"] * 3
    assert app.ran_on_one_loop


def test_requests_from_synchronous_code_share_one_startup(app: Brief) -> None:
    """The loop in a thread stays for the requests, which nothing cancels, and ends with the app."""
    middleware = azfunc.AsgiMiddleware(app)

    assert [middleware.handle(HttpRequest()).text for _ in range(5)] == ["1"] * 5
    assert threads_of_lifespans() == ["azfunc-lifespan"]
    assert app.ran_on_one_loop

    asyncio.run(middleware.aclose())
    assert threads_of_lifespans() == []
    assert app.loops[0].is_closed()


def test_requests_of_threads_go_to_the_loop_of_the_app() -> None:
    """Threads with loops of their own are served on that of the app, all at once."""
    app = Brief()
    middleware = azfunc.AsgiMiddleware(app)
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.extend(asyncio.run(ask(middleware)))) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(middleware.aclose())

    assert answers == ["1"] * 24
    assert app.ran_on_one_loop
    assert threads_of_lifespans() == []


def test_what_the_lifespan_raises_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """An exception after the start-up is logged when it is raised, and not raised by the shutdown again."""

    async def main() -> None:
        async with azfunc.AsgiMiddleware(Brief(LookupError("died"))) as middleware:
            await ask(middleware)
            assert "ended with an error" in caplog.text

    asyncio.run(main())
    [record] = caplog.records
    assert record.levelname == "ERROR"
    assert record.exc_info is not None
    assert record.exc_info[0] is LookupError


# --- the end ----------------------------------------------------------------------------------------------------------


def test_async_with_ends_the_app(app: Brief) -> None:
    """The block starts the app once and leaves no task behind; the next block starts it anew."""

    async def main() -> None:
        for start in (1, 2):
            async with azfunc.AsgiMiddleware(app) as middleware:
                assert await ask(middleware) == [str(start)] * 3
            assert not middleware.is_started
            assert middleware.state == {}
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_aclose_ends_the_app(app: Brief) -> None:
    """The app can be closed, more than once; the next request starts it anew."""

    async def main() -> None:
        middleware = azfunc.AsgiMiddleware(app)
        assert await ask(middleware) == ["1"] * 3
        await middleware.aclose()
        await middleware.aclose()
        assert await ask(middleware) == ["2"] * 3
        await middleware.notify_shutdown()
        assert not middleware.is_started

    asyncio.run(main())


def test_the_next_loop_starts_the_app_again(app: Brief) -> None:
    """The end of its loop ends the app, too."""
    middleware = azfunc.AsgiMiddleware(app)

    for start in (1, 2, 3):
        assert asyncio.run(ask(middleware)) == [str(start)] * 3
        assert not middleware.is_started
        assert middleware.state == {}
    assert middleware.handle(HttpRequest()).text == "4"

    asyncio.run(middleware.aclose())
    assert threads_of_lifespans() == []


def test_an_app_that_keeps_its_cancellation_to_itself_ends_with_its_loop() -> None:
    """A lifespan that catches what ends its loop does not hold up the loop, and the next one starts the app again."""
    starts: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await answering()(scope, receive, send)
            return
        await receive()
        starts.append(1)
        await send(COMPLETE)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return

    middleware = azfunc.AsgiMiddleware(app)
    for _ in range(2):
        assert asyncio.run(ask(middleware)) == ["ok"] * 3
        assert not middleware.is_started
    assert len(starts) == 2


def test_an_app_that_raises_while_it_is_closed_fails_its_shutdown(caplog: pytest.LogCaptureFixture) -> None:
    """What a lifespan raises once a shutdown was asked for is an error of that, even if it did not take it."""
    go_on = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(COMPLETE)
        await go_on.wait()
        raise LookupError

    async def main() -> None:
        middleware = azfunc.AsgiMiddleware(app)
        await middleware.notify_startup()
        closing = asyncio.ensure_future(middleware.aclose())
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(LifespanError, match="shutdown of the ASGI app failed") as caught:
            await closing
        assert isinstance(caught.value.__cause__, LookupError)

    asyncio.run(main())
    assert "ended with an error" in caplog.text


def test_an_idle_loop_is_woken_to_end_the_app(app: Brief) -> None:
    """`aclose` from elsewhere ends an app whose loop stands still."""
    middleware = azfunc.AsgiMiddleware(app)
    loop = asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(ask(middleware)) == ["1"] * 3
        asyncio.run(middleware.aclose())
        assert not middleware.is_started
        assert not asyncio.all_tasks(loop)
    finally:
        loop.close()


def test_an_app_that_is_gone_leaves_nothing() -> None:
    """The app can be collected when its loop has ended."""
    app = Brief()
    asyncio.run(ask(azfunc.AsgiMiddleware(app)))
    gone = weakref.ref(app)

    del app
    gc.collect()

    assert gone() is None


# --- the client, and the interpreter ----------------------------------------------------------------------------------


def test_the_test_client_serves_a_mounted_app(app: Brief) -> None:
    """The client's block starts the app once, serves all requests on its loop, and ends without an error."""
    functions = azfunc.FunctionApp(http_auth_level="anonymous")
    functions.mount_asgi("brief", app)

    for start in ("1", "2"):
        with TestClient(functions) as client:
            assert [client.get("/api/brief/x").text for _ in range(3)] == [start] * 3
    assert threads_of_lifespans() == []


def test_the_interpreters_exit_ends_the_thread(app: Brief, caplog: pytest.LogCaptureFixture) -> None:
    """What is done at exit ends the loop of the app and its thread, and reports nothing."""
    middleware = azfunc.AsgiMiddleware(app)
    middleware.handle(HttpRequest())
    [thread] = [each for each in threading.enumerate() if each.name == "azfunc-lifespan"]

    with caplog.at_level(logging.ERROR):
        caplog.clear()
        lifespan_module._stop_all()
    thread.join()

    assert not caplog.records
    assert app.loops[0].is_closed()
    assert not middleware.is_started


@pytest.mark.parametrize(
    "way",
    [
        "print(*(middleware.handle(func.HttpRequest()).text for _ in range(3)))",
        "print(*asyncio.run(ask()))",
        "print(*loop.run_until_complete(ask()))",
        "threading.Thread(target=loop.run_forever, daemon=True).start()\n"  # noqa: ISC004  # one script
        "asyncio.run_coroutine_threadsafe(middleware.startup(), loop).result()\n"
        "print(*asyncio.run(ask()))",
    ],
    ids=["handle", "asyncio.run", "idle loop", "loop in a daemon thread"],
)
def test_the_interpreter_exits_without_a_report(way: str, tmp_path: Path) -> None:
    """The interpreter ends at once and in silence, wherever the app lives."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
        import asyncio, threading
        import azfunc as func

        async def app(scope, receive, send):
            if scope["type"] == "lifespan":
                await receive()
                scope["state"]["db"] = "up"
                await send({"type": "lifespan.startup.complete"})
                return
            await asyncio.sleep(0.001)
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body", "body": scope["state"]["db"].encode()})

        async def ask():
            return [(await middleware.handle_async(func.HttpRequest())).text for _ in range(3)]

        middleware = func.AsgiMiddleware(app)
        loop = asyncio.new_event_loop()
        """)
        + way
        + "\n"
    )

    run = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    assert (run.stdout, run.stderr, run.returncode) == ("up up up\n", "", 0)
