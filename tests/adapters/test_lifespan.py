"""The lifespan of ASGI apps: once, on one loop, whoever asks."""

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
from azfunc.adapters.lifespan import LifespanError, Stage, lifespan_of
from azfunc.testing import TestClient
from tests.adapters.asgi_tools import END, START, answering, threads_of_lifespans

if TYPE_CHECKING:
    from pathlib import Path

    from azfunc.adapters.asgi import AsgiMiddleware

HttpRequest = azfunc.HttpRequest
COMPLETE = {"type": "lifespan.startup.complete"}


class Recorder:
    """An ASGI app with a lifespan, that notes what happens to it and where."""

    def __init__(self, *, wait: float = 0.0, fails: int = 0) -> None:
        self.events: list[str] = []
        self.loops: list[Any] = []
        self.states: list[Any] = []
        self.wait = wait
        self.fails = fails

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Live, or answer a request."""
        if scope["type"] == "lifespan":
            await self.live(scope, receive, send)
            return
        self.loops.append(asyncio.get_running_loop())
        self.states.append(scope["state"])
        await send(START)
        await send(END)

    async def live(self, scope: Any, receive: Any, send: Any) -> None:
        """Start, wait, stop."""
        assert scope["asgi"] == {"version": "3.0", "spec_version": "2.0"}
        assert (await receive())["type"] == "lifespan.startup"
        self.note("startup")
        await asyncio.sleep(self.wait)
        if self.fails:
            self.fails -= 1
            await send({"type": "lifespan.startup.failed", "message": "no database"})
            return
        scope["state"]["number"] = len(self.events)
        await send(COMPLETE)
        assert (await receive())["type"] == "lifespan.shutdown"
        await asyncio.sleep(0)
        self.note("shutdown")
        await send({"type": "lifespan.shutdown.complete"})

    def note(self, event: str) -> None:
        """Note an event and its loop."""
        self.events.append(event)
        self.loops.append(asyncio.get_running_loop())

    @property
    def ran_on_one_loop(self) -> bool:
        """Whether everything happened on the same loop."""
        return len(set(map(id, self.loops))) == 1


def middleware_of(talk: Any, **options: Any) -> AsgiMiddleware:
    """Make a middleware for an app that does `talk` with its lifespan and answers all requests."""
    answer = answering()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (talk if scope["type"] == "lifespan" else answer)(scope, receive, send)

    return azfunc.AsgiMiddleware(app, **options)


# --- once -------------------------------------------------------------------------------------------------------------


def test_fifty_first_requests_start_the_app_once() -> None:
    """However many requests come first, start-up runs once and all of them wait for it."""
    app = Recorder(wait=0.05)

    async def main() -> None:
        middleware = azfunc.AsgiMiddleware(app)
        responses = await asyncio.gather(*(middleware.handle_async(HttpRequest()) for _ in range(50)))
        assert {response.get_body() for response in responses} == {b"ok"}
        await middleware.aclose()

    asyncio.run(main())
    assert app.events == ["startup", "shutdown"]
    assert app.ran_on_one_loop


@pytest.mark.parametrize("way", ["handle", "handle_async"])
def test_first_requests_of_many_threads_start_the_app_once(way: str) -> None:
    """Threads with and without loops of their own share one start-up, and the loop of it."""
    app = Recorder(wait=0.05)
    middleware = azfunc.AsgiMiddleware(app)
    bodies: list[bytes] = []
    together = threading.Barrier(16)

    def work() -> None:
        together.wait()
        if way == "handle":
            response = middleware.handle(HttpRequest())
        else:
            response = asyncio.run(middleware.handle_async(HttpRequest()))
        bodies.append(response.get_body())

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(middleware.aclose())

    assert bodies == [b"ok"] * 16
    assert app.events == ["startup", "shutdown"]
    assert app.ran_on_one_loop
    assert threads_of_lifespans() == []


def test_a_middleware_for_each_request_starts_the_app_once() -> None:
    """The samples of the reference make a middleware in the function; the app is one all the same."""
    app = Recorder()

    async def main() -> None:
        for _ in range(3):
            await azfunc.AsgiMiddleware(app).handle_async(HttpRequest())
        await azfunc.AsgiMiddleware(app).aclose()

    asyncio.run(main())
    assert app.events == ["startup", "shutdown"]


def test_state_reaches_requests_as_a_copy() -> None:
    """Each request sees what start-up has stored, and cannot change it for others."""
    app = Recorder()

    async def main() -> None:
        async with azfunc.AsgiMiddleware(app) as middleware:
            assert middleware.state == {"number": 1}
            await middleware.handle_async(HttpRequest())
            app.states[0]["mine"] = 1
            await middleware.handle_async(HttpRequest())

    asyncio.run(main())
    assert app.states == [{"number": 1, "mine": 1}, {"number": 1}]


# --- apps without -----------------------------------------------------------------------------------------------------


async def raises(scope: Any, receive: Any, send: Any) -> None:
    """Refuse the lifespan."""
    raise NotImplementedError


async def raises_late(scope: Any, receive: Any, send: Any) -> None:
    """Refuse the lifespan after its first message."""
    await receive()
    raise NotImplementedError


async def returns(scope: Any, receive: Any, send: Any) -> None:
    """Say nothing."""


async def answers_http(scope: Any, receive: Any, send: Any) -> None:
    """Take the lifespan for a request."""
    await send(START)


@pytest.mark.parametrize("talk", [raises, raises_late, returns, answers_http])
def test_an_app_without_a_lifespan_is_served(talk: Any) -> None:
    """An app that raises on the lifespan, or returns from it, is asked once and served."""
    middleware = middleware_of(talk)

    assert not middleware.is_started
    assert asyncio.run(middleware.handle_async(HttpRequest())).get_body() == b"ok"
    assert middleware.is_started
    assert middleware.handle(HttpRequest()).get_body() == b"ok"
    assert asyncio.run(middleware.notify_startup())
    asyncio.run(middleware.notify_shutdown())
    asyncio.run(middleware.aclose())
    assert threads_of_lifespans() == []


@pytest.mark.parametrize(("talk", "level"), [(raises, "DEBUG"), (returns, "DEBUG"), (raises_late, "WARNING")])
def test_what_an_app_raises_while_it_starts_is_told(talk: Any, level: str, caplog: pytest.LogCaptureFixture) -> None:
    """A start-up that breaks looks like a missing lifespan, so it is logged aloud, with the exception."""
    with caplog.at_level(logging.DEBUG, "azfunc.asgi"):
        assert asyncio.run(middleware_of(talk).handle_async(HttpRequest())).get_body() == b"ok"

    [record] = [record for record in caplog.records if "without" in record.message]
    assert record.levelname == level
    if level == "WARNING":
        assert record.exc_info is not None
        assert record.exc_info[0] is NotImplementedError
        assert "lifespan.startup.failed" in record.message


def test_asking_from_synchronous_code_leaves_no_thread() -> None:
    """The thread in which an app is asked for its lifespan ends when it has none."""
    assert middleware_of(raises).handle(HttpRequest()).get_body() == b"ok"
    assert threads_of_lifespans() == []


# --- failure ----------------------------------------------------------------------------------------------------------


def test_failed_startup_is_one_clear_error_and_is_retried(caplog: pytest.LogCaptureFixture) -> None:
    """All who wait get the error, with what the app says; the next request starts the app again."""
    app = Recorder(fails=1)

    async def main() -> None:
        middleware = azfunc.AsgiMiddleware(app)
        results = await asyncio.gather(
            *(middleware.handle_async(HttpRequest()) for _ in range(5)), return_exceptions=True
        )
        assert {type(result) for result in results} == {LifespanError}
        assert {str(result) for result in results} == {
            "ASGI middleware startup failed.\n"  # noqa: ISC004  # one text
            "What it does before the yield of its lifespan, or on startup, is to blame. The app says: no database"
        }
        assert (await middleware.handle_async(HttpRequest())).get_body() == b"ok"

    asyncio.run(main())
    assert app.events == ["startup", "startup", "shutdown"]
    assert "no database" in caplog.text
    assert issubclass(LifespanError, RuntimeError)


def test_failed_startup_may_be_fatal() -> None:
    """With `fatal` every request gets the same error, and start-up is not tried again."""
    app = Recorder(fails=1)
    middleware = azfunc.AsgiMiddleware(app, on_startup_failure="fatal")

    for _ in range(3):
        with pytest.raises(LifespanError, match="no database"):
            asyncio.run(middleware.handle_async(HttpRequest()))
    with pytest.raises(LifespanError, match="no database"):
        middleware.handle(HttpRequest())
    assert app.events == ["startup"]


def test_failed_startup_from_synchronous_code() -> None:
    """`handle` raises the same error and leaves no thread; the next call starts the app again."""
    app = Recorder(fails=1)
    middleware = azfunc.AsgiMiddleware(app)

    with pytest.raises(LifespanError, match="no database"):
        middleware.handle(HttpRequest())
    assert middleware.handle(HttpRequest()).get_body() == b"ok"
    asyncio.run(middleware.aclose())

    assert app.events == ["startup", "startup", "shutdown"]


def test_the_cause_of_a_failure_is_kept() -> None:
    """An app that reports a failure and raises has its exception as the cause."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed"})

    middleware = middleware_of(talk)
    with pytest.raises(LifespanError) as caught:
        asyncio.run(middleware.handle_async(HttpRequest()))
    assert caught.value.hint == "What it does before the yield of its lifespan, or on startup, is to blame."


def test_notify_startup_tells_of_failure() -> None:
    """`notify_startup` gives False when start-up failed, as the reference does."""
    assert asyncio.run(azfunc.AsgiMiddleware(Recorder(fails=1)).notify_startup()) is False


def test_notify_shutdown_needs_a_startup() -> None:
    """`notify_shutdown` before `notify_startup` is the reference's error."""
    with pytest.raises(RuntimeError, match=r"notify_startup\(\) must be called first"):
        asyncio.run(azfunc.AsgiMiddleware(Recorder()).notify_shutdown())


def test_failed_shutdown_is_an_error() -> None:
    """A shutdown that the app reports as failed, or that raises, is raised by whoever asked for it."""

    async def reports(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(COMPLETE)
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "still busy"})

    async def breaks(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(COMPLETE)
        await receive()
        message = "broken"
        raise LookupError(message)

    async def main(talk: Any) -> LifespanError:
        middleware = middleware_of(talk)
        await middleware.notify_startup()
        with pytest.raises(LifespanError, match="shutdown of the ASGI app failed") as caught:
            await middleware.aclose()
        return caught.value

    assert "still busy" in asyncio.run(main(reports)).hint
    assert isinstance(asyncio.run(main(breaks)).__cause__, LookupError)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"type": "lifespan.shutdown.complete"}, "while it was starting"),
        ({"type": "nonsense"}, "'nonsense'"),
    ],
)
def test_misuse_of_the_lifespan_is_told_to_the_app(message: Any, text: str) -> None:
    """A message out of turn is an error where the app sends it."""
    told: list[str] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        try:
            await send(message)
        except azfunc.InvocationError as error:
            told.append(str(error))
        await send(COMPLETE)
        try:
            await send(COMPLETE)
        except azfunc.InvocationError as error:
            told.append(str(error))

    asyncio.run(middleware_of(talk).notify_startup())
    assert text in told[0]
    assert "startup.complete or" in told[0]
    assert "while it was running" in told[1]
    assert "may send nothing" in told[1]


# --- the end ----------------------------------------------------------------------------------------------------------


def test_async_with_starts_and_stops() -> None:
    """The block starts the app on its loop and shuts it down there; nested blocks count."""
    app = Recorder()

    async def main() -> None:
        async with azfunc.AsgiMiddleware(app) as middleware:
            async with azfunc.AsgiMiddleware(app):
                assert app.events == ["startup"]
            assert app.events == ["startup"]
            assert middleware.is_started
        assert app.events == ["startup", "shutdown"]
        assert not middleware.is_started

    asyncio.run(main())
    assert app.ran_on_one_loop


def test_the_end_of_a_loop_shuts_the_app_down_on_it() -> None:
    """An app that nobody closed is shut down when its loop ends; the next loop starts it again."""
    app = Recorder()
    middleware = azfunc.AsgiMiddleware(app)

    for _ in range(2):
        asyncio.run(middleware.handle_async(HttpRequest()))

    assert app.events == ["startup", "shutdown"] * 2


def test_a_loop_that_was_closed_without_notice_is_given_up() -> None:
    """A loop that was closed under the app's feet does not keep the next one from serving."""
    app = Recorder()
    middleware = azfunc.AsgiMiddleware(app)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(middleware.handle_async(HttpRequest()))
    tasks = asyncio.all_tasks(loop)
    loop.close()

    asyncio.run(middleware.aclose())
    lifespan_module._stop_all()
    assert asyncio.run(middleware.handle_async(HttpRequest())).get_body() == b"ok"
    assert app.events == ["startup", "startup", "shutdown"]
    for task in tasks:
        task._log_destroy_pending = False  # type: ignore[attr-defined]  # the point was to leave them behind


def test_an_idle_loop_does_not_block_others() -> None:
    """While the app's loop stands still, requests are served where they are, and `aclose` lets it run."""
    app = Recorder()
    middleware = azfunc.AsgiMiddleware(app)
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(middleware.handle_async(HttpRequest()))
        assert asyncio.run(middleware.handle_async(HttpRequest())).get_body() == b"ok"
        assert middleware.handle(HttpRequest()).get_body() == b"ok"
        asyncio.run(middleware.aclose())
        assert app.events == ["startup", "shutdown"]
    finally:
        loop.close()


def test_requests_go_to_the_loop_of_the_app() -> None:
    """Whatever the app opened belongs to its loop: requests from elsewhere are served there."""
    app = Recorder()
    middleware = azfunc.AsgiMiddleware(app)

    async def main() -> None:
        await middleware.handle_async(HttpRequest())
        await asyncio.to_thread(lambda: asyncio.run(middleware.handle_async(HttpRequest())))
        await asyncio.to_thread(middleware.handle, HttpRequest())
        await middleware.aclose()

    asyncio.run(main())
    assert app.ran_on_one_loop


def test_handle_on_the_loop_of_the_app_is_served_beside_it() -> None:
    """`handle` called on the very loop of the app does not wait for itself."""
    app = Recorder()

    async def main() -> bytes:
        async with azfunc.AsgiMiddleware(app) as middleware:
            return middleware.handle(HttpRequest()).get_body()

    assert asyncio.run(main()) == b"ok"


def test_handle_on_a_loop_that_is_starting_the_app_is_an_error() -> None:
    """`handle` cannot wait for a start-up on the loop that it blocks, and says so."""
    app = Recorder(wait=0.05)

    async def main() -> None:
        middleware = azfunc.AsgiMiddleware(app)
        first = asyncio.ensure_future(middleware.handle_async(HttpRequest()))
        await asyncio.sleep(0)
        with pytest.raises(LifespanError, match="would block it"):
            middleware.handle(HttpRequest())
        await first

    asyncio.run(main())


def test_a_loop_that_ends_during_startup_is_an_error_for_those_who_wait() -> None:
    """Requests of other threads do not wait for ever when the starting loop ends."""
    app = Recorder(wait=60)
    middleware = azfunc.AsgiMiddleware(app)
    errors: list[BaseException] = []
    loop = asyncio.new_event_loop()

    async def begin() -> None:
        request = asyncio.ensure_future(middleware.handle_async(HttpRequest()))
        await asyncio.sleep(0.01)
        request.cancel()

    def work() -> None:
        try:
            middleware.handle(HttpRequest())
        except LifespanError as error:
            errors.append(error)

    loop.run_until_complete(begin())
    thread = threading.Thread(target=work)
    thread.start()
    while not lifespan_of(app)._attempt.started._condition._waiters:  # type: ignore[union-attr]  # until it waits
        pass
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    thread.join()
    loop.close()

    assert "loop ended while" in str(errors[0])


def test_an_app_that_cancels_its_own_waiting_is_left_alone() -> None:
    """Only the end of the loop is taken for a shutdown, not a cancellation by the app."""
    order: list[str] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(COMPLETE)
        waiting = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        order.append("cancelled" if waiting.cancelled() else "answered")
        order.append((await receive())["type"])
        await send({"type": "lifespan.shutdown.complete"})
        await receive()
        order.append("never")

    async def main() -> None:
        middleware = middleware_of(talk)
        await middleware.notify_startup()
        lifespan = middleware._lifespan
        await asyncio.sleep(0.01)
        task = lifespan._attempt.cycle.task  # type: ignore[union-attr]  # it runs
        closing = asyncio.ensure_future(middleware.aclose())
        await asyncio.sleep(0.01)
        task.cancel()  # type: ignore[union-attr]  # it runs
        with pytest.raises(LifespanError):
            await closing

    asyncio.run(main())
    assert order == ["cancelled", "lifespan.shutdown"]


def test_a_first_request_does_not_lend_its_context() -> None:
    """An app started by a request outlives it, and does not keep its context variables; one started by name does."""
    import contextvars

    variable = contextvars.ContextVar("variable", default="none")
    seen: list[str] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        seen.append(variable.get())
        await receive()
        await send(COMPLETE)
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def main() -> None:
        variable.set("request")
        await middleware_of(talk).handle_async(HttpRequest())
        await middleware_of(talk).notify_startup()

    asyncio.run(main())
    assert seen == ["none", "request"]


def test_an_app_that_is_gone_leaves_nothing() -> None:
    """An app, its middleware and its lifespan can be collected."""
    app = Recorder()
    asyncio.run(azfunc.AsgiMiddleware(app).handle_async(HttpRequest()))
    gone = weakref.ref(app)

    del app
    gc.collect()

    assert gone() is None


def test_apps_that_cannot_be_keys_have_a_lifespan_each() -> None:
    """An app that cannot be referred to weakly is still served; its middlewares share nothing."""

    class Slotted:
        __slots__ = ()

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await answering()(scope, receive, send)

    app = Slotted()
    assert lifespan_of(app) is not lifespan_of(app)
    assert azfunc.AsgiMiddleware(app).handle(HttpRequest()).get_body() == b"ok"


def test_stages_are_named() -> None:
    """The texts of errors name the stages as the module does."""
    assert [stage.value for stage in Stage][:3] == ["called", "starting", "running"]


# --- the client, and the interpreter ----------------------------------------------------------------------------------


def test_the_test_client_runs_the_lifespans() -> None:
    """The client's block starts every mounted app on its loop and shuts it down there."""
    first, second = Recorder(), Recorder()
    app = azfunc.FunctionApp(http_auth_level="anonymous")
    app.mount_asgi("a", first)
    app.mount_asgi("b", second)
    app.mount_asgi("again", first)

    for _ in range(2):
        with TestClient(app) as client:
            assert (first.events[-1], second.events[-1]) == ("startup", "startup")
            assert client.get("/api/a/x").status_code == 200
            assert client.get("/api/again/x").status_code == 200
        assert (first.events[-1], second.events[-1]) == ("shutdown", "shutdown")
    assert len(first.events) == 4


def test_the_test_client_runs_the_lifespan_of_an_asgi_function_app() -> None:
    """`startup_task_done` follows the app."""
    asgi = Recorder()
    app = azfunc.AsgiFunctionApp(asgi, http_auth_level="anonymous")

    assert app.startup_task_done is False
    with TestClient(app) as client:
        assert app.startup_task_done is True
        assert client.get("/api/x").get_body() == b"ok"
    assert asgi.events == ["startup", "shutdown"]
    assert app.startup_task_done is False

    async def main() -> None:
        async with TestClient(app) as client:
            assert (await client.arequest("GET", "/api/x")).get_body() == b"ok"

    asyncio.run(main())
    assert asgi.events == ["startup", "shutdown"] * 2


def test_the_test_client_fails_with_the_app() -> None:
    """A failing start-up is raised where the block begins, and nothing is left running."""
    app = azfunc.AsgiFunctionApp(Recorder(fails=1))

    with pytest.raises(LifespanError), TestClient(app):
        pass
    assert "azfunc-loop" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.parametrize(
    "way",
    [
        "middleware.handle(func.HttpRequest())",
        "asyncio.run(middleware.handle_async(func.HttpRequest()))",
        "loop.run_until_complete(middleware.handle_async(func.HttpRequest()))",
        "threading.Thread(target=loop.run_forever, daemon=True).start()\n"  # noqa: ISC004  # one script
        "asyncio.run_coroutine_threadsafe(middleware.startup(), loop).result()",
    ],
    ids=["handle", "asyncio.run", "idle loop", "loop in a daemon thread"],
)
def test_the_interpreters_exit_shuts_apps_down(way: str, tmp_path: Path) -> None:
    """At exit every app is shut down on its loop, while threads can still be had; nothing is reported."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
        import asyncio, sys, threading
        import azfunc as func

        async def app(scope, receive, send):
            if scope["type"] == "lifespan":
                loop = asyncio.get_running_loop()
                await receive()
                await send({"type": "lifespan.startup.complete"})
                await receive()
                here = asyncio.get_running_loop() is loop
                # Python 3.12 up to 3.12.2 cannot start threads at exit (python/cpython#113964).
                if (3, 12) <= sys.version_info < (3, 12, 3):
                    print("bye", here)
                else:
                    await asyncio.to_thread(print, "bye", here)
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body"})

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
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    assert (run.stdout, run.stderr, run.returncode) == ("bye True\n", "", 0)


def test_a_loop_of_its_own_ends_with_the_app() -> None:
    """What is left on the app's own loop is cancelled, whichever thread ended the app, and the thread ends."""
    order: list[str] = []
    left: list[Any] = []

    async def background() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            order.append("cancelled")

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        left.append(asyncio.ensure_future(background()))
        await receive()
        await send(COMPLETE)
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    middleware = middleware_of(talk)
    middleware.handle(HttpRequest())
    [thread] = [each for each in threading.enumerate() if each.name == "azfunc-lifespan"]
    lifespan_module._stop_all()
    thread.join()

    assert order == ["cancelled"]


def test_an_app_that_fails_at_exit_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A shutdown that fails at exit is logged, and the others go on."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(COMPLETE)
        await receive()
        raise LookupError

    loop = asyncio.new_event_loop()
    loop.run_until_complete(middleware_of(talk).notify_startup())
    with caplog.at_level(logging.ERROR):
        lifespan_module._stop_all()
    loop.close()

    assert "could not be shut down" in caplog.text
    lifespan_module._stop_all()
