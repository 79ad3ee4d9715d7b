"""Event loops for code that is not asynchronous.

Inside a ``with`` block one loop runs in a thread of its own, so that what an app keeps on a loop (connections, the
lifespan of a web framework) lives from call to call. Outside of one, each call gets a loop that is closed after it,
so that nothing is left behind.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator

R = TypeVar("R")

GRACE_SECONDS = 1.0
"""Time that a cancelled task has to clean up, in seconds; one that takes longer is left alone."""


class _Outcome(Generic[R]):
    """What a coroutine came to, for whoever waits for it."""

    def __init__(self) -> None:
        self._results: list[R] = []
        self._error: BaseException | None = None

    async def wait_for(self, coroutine: Coroutine[Any, Any, R]) -> None:
        """Take what a coroutine comes to: SystemExit too, which would end the loop if it got there."""
        try:
            self._results.append(await coroutine)
        except BaseException as error:  # noqa: BLE001  # raised again for the one who waits
            self._error = error

    def give(self) -> R:
        """Return or raise it."""
        if self._error is not None:
            raise self._error
        return self._results[0]


class Loops:
    """Runs coroutines from synchronous code; see the module."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Start the loop that lasts until `close`."""
        if self._loop is not None:
            return
        loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=_serve, args=(loop,), name="azfunc-loop", daemon=True)
        self._thread.start()
        self._loop = loop

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine to its end, in the caller's context."""
        if self._loop is not None and threading.current_thread() is not self._thread:
            return _run_on(self._loop, coroutine)
        if not _has_running_loop():
            return _run_here(coroutine)
        other = Loops()
        other.open()
        try:
            return other.run(coroutine)
        finally:
            other.close()

    def iterate(self, source: AsyncIterator[R]) -> Iterator[R]:
        """Give what an async iterator gives, to synchronous code; all of it runs on one loop."""
        loops = Loops() if self._loop is None else self
        loops.open()
        try:
            while True:
                try:
                    found = loops.run(_next(source))
                except StopAsyncIteration:
                    return
                yield found
        finally:
            loops.run(_close(source))
            if loops is not self:
                loops.close()

    def close(self) -> None:
        """End the loop and its thread."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop = None
        self._thread = None


def _has_running_loop() -> bool:
    """Tell whether a loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _next(source: AsyncIterator[R]) -> R:
    return await source.__anext__()


async def _close(source: Any) -> None:
    close = getattr(source, "aclose", None)
    if close is not None:
        await close()


def _run_on(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine on a loop of another thread."""
    context = contextvars.copy_context()
    outcome = _Outcome[R]()
    tasks: list[asyncio.Task[None]] = []
    ended = threading.Event()

    def start() -> None:
        task = context.run(loop.create_task, outcome.wait_for(coroutine))
        tasks.append(task)
        task.add_done_callback(lambda _task: ended.set())

    loop.call_soon_threadsafe(start)
    try:
        ended.wait()
    except BaseException:  # the wait was interrupted: take the call back, and let the interruption through
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in tasks])
        raise
    return outcome.give()


def _run_here(coroutine: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine on a loop of its own; unlike `asyncio.run` this leaves the thread's current loop alone."""
    loop = asyncio.new_event_loop()
    outcome = _Outcome[R]()
    try:
        loop.run_until_complete(outcome.wait_for(coroutine))
    finally:
        _finish(loop)
    return outcome.give()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        _finish(loop)


def _finish(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what is left on a loop, let it clean up, and close the loop."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left, timeout=GRACE_SECONDS))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
