"""Event loops for code that is not asynchronous.

Inside a ``with`` block one loop runs in a thread of its own, so that what an app keeps on a loop (connections, the
lifespan of a web framework) lives from call to call. Outside of one, each call gets a loop that is closed after it,
so that nothing is left behind.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

R = TypeVar("R")


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
        if self._loop is not None:
            return self._run_on(self._loop, coroutine)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(coroutine)
        return _in_thread(lambda: asyncio.run(coroutine))

    def close(self) -> None:
        """End the loop and its thread."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop = None
        self._thread = None

    @staticmethod
    def _run_on(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, R]) -> R:
        context = contextvars.copy_context()
        done: list[asyncio.Task[R]] = []
        ended = threading.Event()

        def start() -> None:
            task = context.run(loop.create_task, coroutine)
            done.append(task)
            task.add_done_callback(lambda _task: ended.set())

        loop.call_soon_threadsafe(start)
        try:
            ended.wait()
        except BaseException:  # the wait was interrupted: take the call back, and let the interruption through
            loop.call_soon_threadsafe(lambda: [task.cancel() for task in done])
            raise
        return done[0].result()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        loop.close()


def _in_thread(func: Callable[[], R]) -> R:
    """Run a function in a thread and wait for it; its context is the caller's."""
    context = contextvars.copy_context()
    results: list[R] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(context.run(func))
        except BaseException as error:  # noqa: BLE001  # raised again in the thread that waits
            errors.append(error)

    thread = threading.Thread(target=run, name="azfunc-call")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
