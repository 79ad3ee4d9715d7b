"""Event loops for synchronous callers, and coroutines in a context of their own."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import types
import weakref
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Generator

R = TypeVar("R")


class _OwnLoop:
    """The loop of one thread, closed when the thread has ended."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop = asyncio.new_event_loop()
        weakref.finalize(self, self.loop.close)


_of_thread = threading.local()


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine to its end from synchronous code, whether or not a loop runs in this thread.

    Each thread keeps its loop for the next call: making one costs ten times as much as using it.
    """
    if running_loop() is not None:
        return in_thread(lambda: run(coroutine))
    own: _OwnLoop | None = getattr(_of_thread, "own", None)
    if own is None or own.loop.is_closed():
        own = _of_thread.own = _OwnLoop()
    return own.loop.run_until_complete(coroutine)


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Give the loop that runs in this thread, or None."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def in_thread(func: Callable[[], R]) -> R:
    """Run a function in a thread and wait for it; its context is the caller's."""
    done: list[R] = []
    failed: list[BaseException] = []
    context = contextvars.copy_context()

    def work() -> None:
        try:
            done.append(context.run(func))
        except BaseException as error:  # noqa: BLE001  # raised again in the thread that waits
            failed.append(error)

    thread = threading.Thread(target=work, name="azfunc-adapter")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


class LoopThread:
    """A loop that runs in a thread of its own until it is closed."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop = asyncio.new_event_loop()
        # A daemon, since the lifespan that lives here is ended before the interpreter waits for threads.
        self._thread = threading.Thread(target=self._serve, name="azfunc-lifespan", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            left = asyncio.all_tasks(self.loop)
            for task in left:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            self.loop.close()

    def close(self) -> None:
        """End the loop, and with it the thread; `join` waits for that."""
        self.loop.call_soon_threadsafe(self.loop.stop)

    def join(self) -> None:
        """Wait until the thread has ended, unless this is it."""
        if threading.current_thread() is not self._thread:
            self._thread.join()


async def on_loop(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine on a loop that may run in another thread, or not at all at the moment."""
    if loop is asyncio.get_running_loop():
        return await coroutine
    if loop.is_running():
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, loop))
    return await asyncio.to_thread(loop.run_until_complete, coroutine)


def begin(coroutine: Coroutine[Any, Any, None]) -> Awaitable[None] | None:
    """Run a coroutine until it waits, in a copy of the context; give what is left, or None.

    What it sets in the context does not stay behind. A task would do the same, and costs a turn of the loop.
    """
    context = contextvars.copy_context()
    try:
        waiting = context.run(coroutine.send, None)
    except StopIteration:
        return None
    return _rest(context, coroutine, waiting)


@types.coroutine
def _rest(
    context: contextvars.Context, coroutine: Coroutine[Any, Any, None], waiting: Any
) -> Generator[Any, Any, None]:
    try:
        while True:
            try:
                yield waiting
            except GeneratorExit:
                context.run(coroutine.close)
                raise
            except BaseException as error:  # noqa: BLE001  # handed on to where it belongs
                waiting = context.run(coroutine.throw, error)
            else:
                waiting = context.run(coroutine.send, None)
    except StopIteration:
        return
