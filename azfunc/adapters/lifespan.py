"""The lifespan of an ASGI app: started once, before its first request; ended on the loop that it was started on.

`Cycle` is one run of the protocol, a state machine on one loop:

```text
           receive           startup.complete           receive             shutdown.complete
CALLED ────────────> STARTING ────────────> RUNNING ────────────> STOPPING ────────────> STOPPED
   │                    │  startup.failed                             │  shutdown.failed
   │ raised, returned   ├────────────> FAILED                         └────────────> BROKEN
   └────────────────────┴ raised, returned ────> UNSUPPORTED
```

An app that returns or raises while it is RUNNING stays so: it is up, and merely takes no shutdown. Its cycle goes on
without it, until a shutdown is asked for or the loop ends.

`Lifespan` makes sure, across loops and threads, that there is one cycle at a time. It chooses the loop: the running one
when it lasts, which is that of the main thread or one that the app was started on by name; else a loop in a thread of
its own.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
import weakref
from concurrent.futures import Future
from enum import Enum
from typing import TYPE_CHECKING, Any

from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import InvocationError
from azfunc.adapters.asgi_types import ASGI_VERSION, LIFESPAN_VERSION
from azfunc.adapters.loops import LoopThread, on_loop, running_loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from azfunc.adapters.asgi_types import AsgiApp, Message, OnStartupFailure

EXIT_TIMEOUT_SECONDS = 10.0
"""Time that an app has for its shutdown when the interpreter ends, in seconds."""

_log = logging.getLogger("azfunc.asgi")


class LifespanError(InvocationError):
    """An ASGI app could not be started, or did not end well."""


class Stage(Enum):
    """Where a cycle is; see the module."""

    CALLED = "called"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"
    BROKEN = "broken"


_BEFORE_RUNNING = (Stage.CALLED, Stage.STARTING)
_MOVES: dict[Any, tuple[tuple[Stage, ...], Stage]] = {
    "lifespan.startup.complete": (_BEFORE_RUNNING, Stage.RUNNING),
    "lifespan.startup.failed": (_BEFORE_RUNNING, Stage.FAILED),
    "lifespan.shutdown.complete": ((Stage.STOPPING,), Stage.STOPPED),
    "lifespan.shutdown.failed": ((Stage.STOPPING,), Stage.BROKEN),
}
"""Message of the app -> the stages in which it may send it, and the one that follows."""


class Cycle:
    """One run of an app's lifespan, on one loop; see the module.

    Args:
        app: The app.
        state: What the app keeps for its requests.
        settled: Called once, when it is known how the start-up went.
    """

    task: asyncio.Task[None]
    """Runs the cycle."""

    def __init__(self, app: AsgiApp, state: dict[str, Any], settled: Callable[[Cycle], None]) -> None:
        self._app = app
        self._state = state
        self._settled = settled
        self._stop = asyncio.Event()
        self.stage: Stage = Stage.CALLED
        """Where the cycle is."""
        self.text: str = ""
        """What the app said of its failure."""
        self.error: BaseException | None = None
        """What the app raised, or None."""
        self.was_told: bool = False
        """Whether the app took the message that it is to start."""

    async def run(self) -> None:
        """Run the app's lifespan to its end; when the app takes no shutdown, until it is asked for one."""
        # Tells of the end of the loop, which cancels all tasks, even if the app catches the error in its own.
        stopping = asyncio.ensure_future(self._stop.wait())
        scope = {
            "type": "lifespan",
            "asgi": {"version": ASGI_VERSION, "spec_version": LIFESPAN_VERSION},
            "state": self._state,
        }
        try:
            await self._app(scope, self._receive, self._send)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  # an app without a lifespan raises anything
            self.error = error
        finally:
            if self.stage in _BEFORE_RUNNING:
                self._move(Stage.UNSUPPORTED)
        if self.stage is Stage.RUNNING:
            await self._go_on(stopping)

    async def _go_on(self, stopping: asyncio.Future[Any]) -> None:
        """Let the app run without its task, until it is to stop or the loop ends."""
        if self.error is not None:
            _log.error("The lifespan of the ASGI app ended with an error.", exc_info=self.error)
        if not self._stop.is_set():
            self.error = None  # it has been told, and is none of the shutdown
            await asyncio.wait([stopping])

    def request_stop(self) -> None:
        """Let the app shut down; its task ends when it has."""
        self._stop.set()

    def _move(self, stage: Stage) -> None:
        was, self.stage = self.stage, stage
        if was in _BEFORE_RUNNING and stage not in _BEFORE_RUNNING:
            self._settled(self)

    async def _receive(self) -> Message:
        if self.stage is Stage.CALLED:
            self.was_told = True
            self._move(Stage.STARTING)
            return {"type": "lifespan.startup"}
        try:
            await self._stop.wait()
        except asyncio.CancelledError:
            # The loop is about to end: this is the last chance for a shutdown on it.
            task = asyncio.current_task()
            if task is not self.task or self.stage is not Stage.RUNNING:
                raise
            uncancel = getattr(task, "uncancel", None)  # from Python 3.11 on
            if uncancel is not None:  # pragma: no branch  # which Python runs decides
                uncancel()
        if self.stage is not Stage.RUNNING:
            await asyncio.Future()  # nothing will come any more
        self._move(Stage.STOPPING)
        return {"type": "lifespan.shutdown"}

    async def _send(self, message: Message) -> None:
        kind = message["type"]
        move = _MOVES.get(kind)
        if move is None or self.stage not in move[0]:
            expected = [name for name, (stages, _) in _MOVES.items() if self.stage in stages]
            raise InvocationError(
                f"The ASGI app sent {kind!r} in its lifespan, while it was {self.stage.value}.",
                hint=f"It may send {' or '.join(expected)} there." if expected else "It may send nothing there.",
            )
        self.text = str(message.get("message", ""))
        self._move(move[1])


class _Attempt:
    """One start of an app, and what came of it."""

    def __init__(self, app: AsgiApp, loop: asyncio.AbstractEventLoop | None) -> None:
        self.app = app
        self.thread = LoopThread() if loop is None else None
        self.loop = self.thread.loop if self.thread is not None else loop or asyncio.get_running_loop()
        self.state: dict[str, Any] = {}
        self.started: Future[None] = Future()
        self.cycle: Cycle | None = None


class Lifespan:
    """The lifespan of one app, for all its middlewares, loops and threads."""

    def __init__(self) -> None:
        self.is_unsupported: bool = False
        """Whether the app was asked and has no lifespan."""
        self.home: asyncio.AbstractEventLoop | None = None
        """The loop that the app was started on, while it runs; else None."""
        self.state: dict[str, Any] = {}
        """What the app keeps for its requests; each gets a copy."""
        self._lock = threading.Lock()
        self._attempt: _Attempt | None = None
        self._failure: LifespanError | None = None
        self._holders = 0

    @property
    def is_running(self) -> bool:
        """Whether the app was started, and not ended since."""
        return self.home is not None

    # --- starting ---

    async def start(self, app: AsgiApp, on_failure: OnStartupFailure = "retry", *, here: bool = False) -> None:
        """Start the app, or wait for whoever is starting it; nothing if it runs or has no lifespan.

        Args:
            app: The app.
            on_failure: Whether an app whose start-up failed is started again.
            here: Whether it lives on the running loop, even in a thread that is not the main one.

        Raises:
            LifespanError: Its start-up failed.
        """
        lasts = here or threading.current_thread() is threading.main_thread()
        loop = asyncio.get_running_loop() if lasts else None
        attempt = self._begin(app, on_failure, loop, keeps_context=here)
        if attempt is None:
            return
        try:
            await asyncio.shield(asyncio.wrap_future(attempt.started))
        except LifespanError as error:
            raise _again(error) from error.__cause__

    def start_in_thread(self, app: AsgiApp, on_failure: OnStartupFailure = "retry") -> None:
        """Start the app from synchronous code, on a loop in a thread of its own; see `start`."""
        attempt = self._begin(app, on_failure, None, keeps_context=False)
        if attempt is None:
            return
        if attempt.loop is running_loop():
            raise LifespanError(
                "handle() was called on the event loop that the ASGI app is being started on, and would block it.",
                hint="Use await handle_async(...) in async functions.",
            )
        try:
            attempt.started.result()
        except LifespanError as error:
            raise _again(error) from error.__cause__
        if attempt.thread is not None and self.is_unsupported:
            attempt.thread.join()

    def _begin(
        self,
        app: AsgiApp,
        on_failure: OnStartupFailure,
        loop: asyncio.AbstractEventLoop | None,
        *,
        keeps_context: bool,
    ) -> _Attempt | None:
        """Give the start-up that is under way, begun here if there is none, or None if none is needed."""
        with self._lock:
            if self.home is not None and self.home.is_closed():
                self._forget()
            if self.is_unsupported or self.home is not None:
                return None
            if self._attempt is not None and not self._attempt.started.done():
                return self._attempt
            if self._failure is not None and on_failure == "fatal":
                raise _again(self._failure) from self._failure.__cause__
            if not callable(app):
                raise ArgumentTypeError(
                    f"The ASGI app is {app!r}, and a {type(app).__name__!r} object is not callable",
                    hint="Give the application object of the framework, such as FastAPI().",
                )
            attempt = self._attempt = _Attempt(app, loop)
        # An app that is started by a request outlives it, so it does not keep the context of that request.
        context = contextvars.copy_context() if keeps_context else contextvars.Context()
        if attempt.loop is running_loop():
            context.run(self._spawn, attempt)
        else:
            attempt.loop.call_soon_threadsafe(self._spawn, attempt, context=context)
        return attempt

    def _spawn(self, attempt: _Attempt) -> None:
        cycle = attempt.cycle = Cycle(attempt.app, attempt.state, lambda cycle: self._settle(attempt, cycle))
        cycle.task = attempt.loop.create_task(cycle.run(), name="azfunc-lifespan")
        cycle.task.add_done_callback(lambda _task: self._ended(attempt, cycle))

    def _settle(self, attempt: _Attempt, cycle: Cycle) -> None:
        """Take in how a start-up went, and let go those who wait for it."""
        failure: LifespanError | None = None
        with self._lock:
            self._failure = None
            if cycle.stage is Stage.RUNNING:
                self.state = attempt.state
                self.home = attempt.loop
                _remember(self)
            elif cycle.stage is Stage.FAILED:
                failure = self._failure = _startup_failure(cycle)
            elif isinstance(cycle.error, asyncio.CancelledError):
                failure = LifespanError(
                    "The event loop ended while the ASGI app was starting.", hint="Let the loop run until it has."
                )
            else:
                self.is_unsupported = True
                _log_unsupported(cycle)
            if failure is None:
                attempt.started.set_result(None)
            else:
                attempt.started.set_exception(failure)

    # --- ending ---

    def hold(self) -> None:
        """Count one more who wants the app to run."""
        with self._lock:
            self._holders += 1

    async def release(self) -> None:
        """Count one less, and end the app when nobody is left; see `stop`."""
        with self._lock:
            self._holders = max(0, self._holders - 1)
            is_held = self._holders > 0
        if not is_held:
            await self.stop()

    async def stop(self) -> None:
        """Shut the app down on its own loop; nothing if it does not run.

        Raises:
            LifespanError: Its shutdown failed.
        """
        attempt = self._attempt
        if attempt is None or attempt.cycle is None or self.home is None or self.home.is_closed():
            return
        cycle = attempt.cycle
        await on_loop(attempt.loop, _finish(cycle))
        if attempt.thread is not None:
            attempt.thread.join()
        if cycle.stage is Stage.BROKEN or cycle.error is not None:
            raise LifespanError(
                "The shutdown of the ASGI app failed.",
                hint=_what_failed(cycle, "What it does after the yield of its lifespan, or on shutdown, is to blame."),
            ) from cycle.error

    def _ended(self, attempt: _Attempt, cycle: Cycle) -> None:
        """Take in that the app's lifespan is over, for whatever reason."""
        cycle.request_stop()  # so that nothing of it is left on the loop
        with self._lock:
            if self._attempt is attempt:
                self._forget()
        if attempt.thread is not None:
            attempt.thread.close()

    def _forget(self) -> None:
        self.home = None
        self.state = {}
        self._attempt = None
        self._holders = 0
        _running.discard(self)


async def _finish(cycle: Cycle) -> None:
    cycle.request_stop()
    await asyncio.wait([cycle.task])


def _log_unsupported(cycle: Cycle) -> None:
    """Say that an app is served without a lifespan; aloud if it may have one that broke."""
    if cycle.was_told and cycle.error is not None:
        # To the specification this is an app without a lifespan, too. Nobody else would tell of what it raised.
        _log.warning(
            "The ASGI app raised while it started, and is served as one without a lifespan; "
            "an app that cannot be served sends lifespan.startup.failed.",
            exc_info=cycle.error,
        )
        return
    _log.debug("The ASGI app has no lifespan; it is served without.", exc_info=cycle.error)


def _startup_failure(cycle: Cycle) -> LifespanError:
    hint = "What it does before the yield of its lifespan, or on startup, is to blame."
    failure = LifespanError("ASGI middleware startup failed.", hint=_what_failed(cycle, hint))
    failure.__cause__ = cycle.error
    _log.error("The start-up of the ASGI app failed. %s", cycle.text)
    return failure


def _what_failed(cycle: Cycle, hint: str) -> str:
    said = cycle.text.strip()
    return f"{hint} The app says: {said}" if said else hint


def _again(failure: LifespanError) -> LifespanError:
    """Make the same error anew, since one that is raised for many requests collects tracebacks."""
    return LifespanError(failure.message, hint=failure.hint)


# --- all apps of the process ------------------------------------------------------------------------------------------

_lifespans: weakref.WeakKeyDictionary[Any, Lifespan] = weakref.WeakKeyDictionary()
"""App -> its lifespan; a function may make a middleware for each request, and the app is started once all the same."""
_running: set[Lifespan] = set()
"""Lifespans that are to be ended at the interpreter's exit."""
_registry_lock = threading.Lock()
_exit_is_watched = False


def lifespan_of(app: Any) -> Lifespan:
    """Give the lifespan of an app, the same one for every middleware of it."""
    try:
        with _registry_lock:
            return _lifespans.setdefault(app, Lifespan())
    except TypeError:  # it cannot be a key, or not be referred to weakly
        return Lifespan()


def _remember(lifespan: Lifespan) -> None:
    global _exit_is_watched  # noqa: PLW0603  # once for a process
    _running.add(lifespan)
    if not _exit_is_watched:
        import atexit
        from concurrent.futures.thread import ThreadPoolExecutor

        # Before thread pools are closed, if Python lets us: an app may need a thread for its shutdown. What is
        # registered after the pools, which are so when they are imported, is called before them.
        del ThreadPoolExecutor
        getattr(threading, "_register_atexit", atexit.register)(_stop_all)
        _exit_is_watched = True


def _stop_all() -> None:
    for lifespan in list(_running):
        home = lifespan.home
        if home is None or home.is_closed():
            continue
        try:
            if home.is_running():
                asyncio.run_coroutine_threadsafe(lifespan.stop(), home).result(EXIT_TIMEOUT_SECONDS)
            else:
                home.run_until_complete(asyncio.wait_for(lifespan.stop(), EXIT_TIMEOUT_SECONDS))
        except Exception:  # noqa: BLE001  # the interpreter goes on ending
            _log.exception("An ASGI app could not be shut down.")
