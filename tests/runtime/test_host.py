"""`LocalHost`: finding functions, calling them, time limits, and what is started and stopped with it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
import traceback
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.runtime import attempts, threads
from azfunc.runtime.host import LIFESPAN_ATTRIBUTE, HostOptions, LocalHost
from azfunc.runtime.threads import THREADS_SETTING, CallAbandonedError
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from azfunc.testing import Run


def message(body: str = "x") -> dict[str, Any]:
    """Give the input of a function with a queue trigger ``msg``."""
    return {"msg": func.QueueMessage(body=body)}


@pytest.fixture(autouse=True)
def _tell_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell threads to end also while coverage is measured: those of these tests never block for long."""
    monkeypatch.setattr(threads, "stands_still_when_told", lambda: False)


def wait_for(event: threading.Event) -> None:
    """Wait for something that comes in a moment."""
    assert event.wait(5)


# --- finding ----------------------------------------------------------------------------------------------------------


def test_functions_are_found_by_name_and_by_themselves(app: func.FunctionApp) -> None:
    """In any letter case, by the decorated function and by the written one."""

    def written(msg: func.QueueMessage) -> None: ...

    decorated: Any = app.function_name("Work")(app.queue_trigger("msg", "todo", "S")(written))
    host = LocalHost(app)

    found = {host.function(each).get_function_name() for each in ("work", "WORK", decorated, written)}

    assert found == {"Work"}
    assert host.plan("work") is host.plan("Work")
    assert LocalHost(app.get_functions()).function("work").get_function_name() == "Work"


def test_a_function_that_is_not_there_is_told_with_the_nearest(app: func.FunctionApp) -> None:
    """By name and by object."""

    @app.queue_trigger("msg", "todo", "S")
    def receive(msg: func.QueueMessage) -> None: ...

    with pytest.raises(func.InvocationError, match="no function 'recieve'") as caught:
        LocalHost(app).invoke("recieve", message())
    assert caught.value.hint == "Did you mean 'receive'? Its functions are receive."
    with pytest.raises(func.InvocationError, match="no function 'print'"):
        LocalHost(app).function(print)
    with pytest.raises(func.InvocationError) as nothing:
        LocalHost([]).function("receive")
    assert nothing.value.hint == "Its functions are none."


# --- what a call is told ----------------------------------------------------------------------------------------------


def test_the_context_says_what_is_known(app: func.FunctionApp) -> None:
    """Name, folder, invocation id and trace; the folder is the working one when nothing else is known."""

    @app.queue_trigger("msg", "todo", "S")
    def work(msg: func.QueueMessage, context: func.Context) -> None: ...

    trace = func.TraceContext(trace_parent="00-a-b-01")
    run = LocalHost(app).invoke(work, message(), trace_context=trace, invocation_id="seven")
    other = LocalHost(app, options=HostOptions(function_directory="/shop")).invoke(work, message())

    assert (run.context.function_name, run.context.function_directory) == ("work", os.getcwd())  # noqa: PTH109
    assert (run.context.invocation_id, run.context.trace_context) == ("seven", trace)
    assert other.context.function_directory == "/shop"
    assert len({other.context.invocation_id, "seven"}) == 2
    [function] = app.get_functions()
    function.function_directory = "/shop/work"
    assert LocalHost([function]).invoke("work", message()).context.function_directory == "/shop/work"


def test_arguments_may_be_handed_over_as_they_are(app: func.FunctionApp) -> None:
    """Without the converters of the inputs; the outputs still have theirs."""

    @app.queue_output("$return", "done", "S")
    @app.queue_trigger("msg", "todo", "S")
    def work(msg: Any) -> Any:
        return msg

    given = {"same": "object"}
    run = LocalHost(app).invoke(work, {"msg": given}, decode=False)

    assert run.returned is given
    assert run.datums["$return"].value == '{"same": "object"}'


# --- errors -----------------------------------------------------------------------------------------------------------


def raising(app: func.FunctionApp, error: BaseException) -> None:
    """Add a function in a thread and one on the loop that raise an error."""

    @app.queue_trigger("msg", "todo", "S")
    def in_thread(msg: func.QueueMessage) -> None:
        raise error

    @app.queue_trigger("msg", "todo", "S")
    async def on_loop(msg: func.QueueMessage) -> None:
        await asyncio.sleep(0)
        raise error


@pytest.mark.parametrize("name", ["in_thread", "on_loop"])
@pytest.mark.parametrize("entered", [False, True], ids=["alone", "entered"])
def test_an_exception_is_the_users_own(app: func.FunctionApp, name: str, *, entered: bool) -> None:
    """It is the very object; its traceback goes from the caller's line to the user's, with one line of ours between."""
    error = LookupError("no")
    raising(app, error)
    host = LocalHost(app)

    with host if entered else contextlib.nullcontext(), pytest.raises(LookupError) as caught:
        host.invoke(name, message())

    assert caught.value is error
    assert (error.__cause__, error.__context__) == (None, None)
    frames = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert frames == [frames[0], "invoke", name]


def test_the_run_is_in_the_exception(app: func.FunctionApp) -> None:
    """With the logs of the call; async callers get it as well."""
    error = LookupError("no")
    raising(app, error)

    with pytest.raises(LookupError):
        asyncio.run(LocalHost(app).ainvoke("on_loop", message()))

    assert error.run.exception is error  # type: ignore[attr-defined]
    assert LocalHost(app).invoke("in_thread", message(), raise_exceptions=False).exception is error


class FrozenError(Exception):
    """An exception that takes no attributes."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        if name == "run":
            raise AttributeError(name)
        super().__setattr__(name, value)


class RunningError(Exception):
    """An exception with a ``run`` of its own."""

    run = "mine"


@pytest.mark.parametrize("error", [FrozenError(), RunningError()], ids=["frozen", "has-one"])
def test_an_exception_that_takes_no_run_goes_without(app: func.FunctionApp, error: Exception) -> None:
    """What the user's exception has is not touched."""
    raising(app, error)
    client = TestClient(app)

    with pytest.raises(type(error)):
        client.send("in_thread", "x")

    assert getattr(error, "run", "mine") == "mine"
    assert client.last_run is not None
    assert client.last_run.exception is error


def test_a_call_that_python_refuses_shows_where(app: func.FunctionApp) -> None:
    """An error without a line of the user's has one of ours."""

    @app.queue_trigger("msg", "todo", "S")
    def work(msg: func.QueueMessage) -> None: ...

    with pytest.raises(TypeError, match="unexpected keyword argument 'other'") as caught:
        LocalHost(app).invoke(work, {"msg": "x", "other": 1}, decode=False)

    assert caught.value.__traceback__ is not None


# --- time limit and cancellation --------------------------------------------------------------------------------------


class Slow:
    """An app with a function in a thread and one on the loop that end only when they are told to."""

    def __init__(self, app: func.FunctionApp) -> None:
        self.app = app
        self.started = threading.Event()
        self.ended = threading.Event()

        @app.retry("fixed_delay", 5, delay_interval="00:00:01")
        @app.queue_trigger("msg", "todo", "S")
        def in_thread(msg: func.QueueMessage) -> None:
            self.started.set()
            try:
                while True:
                    time.sleep(0)
            except CallAbandonedError:
                self.ended.set()
                raise

        @app.retry("fixed_delay", 5, delay_interval="00:00:01")
        @app.queue_trigger("msg", "todo", "S")
        async def on_loop(msg: func.QueueMessage) -> None:
            self.started.set()
            try:
                await asyncio.sleep(1000)
            finally:
                self.ended.set()


@pytest.fixture
def slow(app: func.FunctionApp) -> Slow:
    """An app with functions that do not end by themselves."""
    return Slow(app)


@pytest.mark.parametrize("name", ["in_thread", "on_loop"])
def test_a_call_that_takes_too_long_is_ended(slow: Slow, name: str) -> None:
    """The error says how long it had and what to do; the function is told to end, and nothing is left behind."""
    with LocalHost(slow.app, options=HostOptions(timeout_seconds=0.01)) as host:
        with pytest.raises(func.InvocationError, match=f"'{name}' ran longer than the 0.01 seconds") as caught:
            host.invoke(name, message())
        wait_for(slow.ended)

    assert "functionTimeout" in caught.value.hint
    assert caught.value.location is not None
    run = caught.value.run  # type: ignore[attr-defined]
    assert (run.attempts, run.exception) == (1, caught.value)
    assert "azfunc-loop" not in [thread.name for thread in threading.enumerate()]


def test_a_call_that_gets_no_thread_says_so(slow: Slow) -> None:
    """Its time is over while other calls are in all threads; the error tells what would help, and it never begins."""
    begun: list[str] = []

    @slow.app.queue_trigger("msg", "todo", "S")
    def waits(msg: func.QueueMessage) -> None:
        begun.append("x")

    async def main() -> Run:
        host = LocalHost(slow.app, options=HostOptions(thread_count=1))
        other = asyncio.ensure_future(host.ainvoke("in_thread", message(), raise_exceptions=False))
        await asyncio.to_thread(wait_for, slow.started)
        host.options = HostOptions(timeout_seconds=0.01)
        run = await host.ainvoke(waits, message(), raise_exceptions=False)
        other.cancel()
        await asyncio.wait([other])
        return run

    error = asyncio.run(main()).exception

    assert isinstance(error, func.InvocationError)
    assert "'waits' waited for a thread all of the 0.01 seconds it has" in error.message
    assert "PYTHON_THREADPOOL_THREAD_COUNT" in error.hint
    assert begun == []


def test_a_call_in_time_is_left_alone(app: func.FunctionApp) -> None:
    """The limit is one for each attempt."""

    @app.queue_output("$return", "done", "S")
    @app.queue_trigger("msg", "todo", "S")
    def work(msg: func.QueueMessage) -> str:
        return "in time"

    assert LocalHost(app, options=HostOptions(timeout_seconds=60)).invoke(work, message()).returned == "in time"


def test_a_function_that_refuses_to_end_is_left_alone(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller gets the error all the same, after a moment; what the function gives later counts no more."""
    monkeypatch.setattr(attempts, "GRACE_SECONDS", 0.01)
    go_on = asyncio.Event()

    @app.queue_output("$return", "done", "S")
    @app.queue_trigger("msg", "todo", "S")
    async def work(msg: func.QueueMessage) -> str:
        while not go_on.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await go_on.wait()
        return "too late"

    async def main() -> None:
        host = LocalHost(app, options=HostOptions(timeout_seconds=0.01))
        run = await host.ainvoke(work, message(), raise_exceptions=False)
        go_on.set()
        await asyncio.sleep(0)
        assert isinstance(run.exception, func.InvocationError)
        assert run.returned is None

    asyncio.run(main())


@pytest.mark.parametrize("name", ["in_thread", "on_loop"])
def test_a_cancelled_caller_takes_the_call_back(slow: Slow, name: str) -> None:
    """The function is told to end, and the cancellation goes through; the call is not repeated."""

    async def main() -> None:
        task = asyncio.ensure_future(LocalHost(slow.app).ainvoke(name, message()))
        await asyncio.to_thread(wait_for, slow.started)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())

    wait_for(slow.ended)


def test_a_function_that_cancels_itself_has_failed(app: func.FunctionApp) -> None:
    """Its CancelledError is its exception, and no cancellation of the caller."""
    raising(app, asyncio.CancelledError())

    run = LocalHost(app).invoke("on_loop", message(), raise_exceptions=False)

    assert isinstance(run.exception, asyncio.CancelledError)


def test_ctrl_c_leaves_nothing_hanging(slow: Slow) -> None:
    """KeyboardInterrupt while a thread works comes through, ends the call, and closing does not wait for it."""
    real = asyncio.BaseEventLoop.run_forever

    def interrupted(loop: Any) -> None:
        loop.call_soon(check, loop)
        real(loop)

    def check(loop: Any) -> None:
        if not slow.started.is_set():
            loop.call_soon(check, loop)
            return
        patch.undo()
        raise KeyboardInterrupt

    host = LocalHost(slow.app)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.BaseEventLoop, "run_forever", interrupted)
        with pytest.raises(KeyboardInterrupt):
            host.invoke("in_thread", message())
    wait_for(slow.ended)
    host.close()


# --- threads ----------------------------------------------------------------------------------------------------------


def test_the_number_of_threads(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The options go first, then the app setting."""

    @app.queue_trigger("msg", "todo", "S")
    def work(msg: func.QueueMessage) -> None: ...

    monkeypatch.setenv(THREADS_SETTING, "3")
    by_setting, by_option = LocalHost(app), LocalHost(app, options=HostOptions(thread_count=5))
    for host in (by_setting, by_option):
        host.invoke(work, message())

    assert [host._threads().count for host in (by_setting, by_option)] == [3, 5]
    by_setting.close()
    by_setting.close()


# --- what lasts as long as the host -----------------------------------------------------------------------------------


class Lifespan:
    """Notes when it is started and stopped, and on which loop."""

    def __init__(self, events: list[Any], name: str, fails: str = "") -> None:
        self.events = events
        self.name = name
        self.fails = fails

    async def startup(self) -> None:
        """Note it, and fail if that is wanted."""
        self.events.append(("start", self.name, asyncio.get_running_loop()))
        if self.fails == "start":
            raise LookupError(self.name)

    async def shutdown(self) -> None:
        """Note it, and fail if that is wanted."""
        self.events.append(("stop", self.name, asyncio.get_running_loop()))
        if self.fails == "stop":
            raise LookupError(self.name)


def with_lifespans(app: func.FunctionApp, *lifespans: Lifespan | None) -> None:
    """Add a function for each lifespan."""
    for number, lifespan in enumerate(lifespans):

        async def work(msg: func.QueueMessage) -> None:
            loops.append(asyncio.get_running_loop())

        setattr(work, LIFESPAN_ATTRIBUTE, lifespan)
        app.function_name(f"work{number}")(app.queue_trigger("msg", "todo", "S")(work))


loops: list[Any] = []


def test_lifespans_last_as_long_as_the_host(app: func.FunctionApp) -> None:
    """Each is started once, on the loop that the calls run on, and stopped in the reverse order."""
    events: list[Any] = []
    one, two = Lifespan(events, "one"), Lifespan(events, "two")
    with_lifespans(app, one, two, one, None)
    loops.clear()

    with LocalHost(app) as host:
        host.invoke("work0", message())

    assert [event[:2] for event in events] == [("start", "one"), ("start", "two"), ("stop", "two"), ("stop", "one")]
    assert {event[2] for event in events} == set(loops)


def test_async_code_has_them_on_its_own_loop(app: func.FunctionApp) -> None:
    """``async with`` starts them where it stands."""
    events: list[Any] = []
    with_lifespans(app, Lifespan(events, "one"))

    async def main() -> None:
        async with LocalHost(app) as host:
            await host.ainvoke("work0", message())
        assert {event[2] for event in events} == {asyncio.get_running_loop()}

    asyncio.run(main())

    assert [event[0] for event in events] == ["start", "stop"]


@pytest.mark.parametrize("face", ["sync", "async"])
def test_a_lifespan_that_does_not_start_is_told(app: func.FunctionApp, face: str) -> None:
    """Those that were started before are stopped again."""
    events: list[Any] = []
    with_lifespans(app, Lifespan(events, "one"), Lifespan(events, "two", fails="start"))

    async def enter() -> None:
        await LocalHost(app).__aenter__()

    start = {"async": lambda: asyncio.run(enter()), "sync": lambda: LocalHost(app).__enter__()}[face]
    with pytest.raises(LookupError, match="two"):
        start()

    assert [event[:2] for event in events] == [("start", "one"), ("start", "two"), ("stop", "one")]


def test_a_lifespan_that_does_not_stop_is_told(app: func.FunctionApp) -> None:
    """The others are stopped all the same, and the host ends."""
    events: list[Any] = []
    with_lifespans(app, Lifespan(events, "one"), Lifespan(events, "two", fails="stop"))

    with pytest.raises(LookupError, match="two"), LocalHost(app):
        pass

    assert [event[:2] for event in events][2:] == [("stop", "two"), ("stop", "one")]
    assert "azfunc-loop" not in [thread.name for thread in threading.enumerate()]
