"""The thread pool for synchronous functions.

Unlike the pool of `concurrent.futures`, it can let go of a call that takes too long: the thread is told to end, counts
no longer, and is not waited for, neither when the pool is closed nor when the interpreter ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import sys
import threading
import warnings
import weakref
from typing import TYPE_CHECKING

from azfunc._core.failures import AzfuncWarning

if TYPE_CHECKING:
    from collections.abc import Callable

THREADS_SETTING = "PYTHON_THREADPOOL_THREAD_COUNT"
"""App setting with the number of threads for synchronous functions.

Source: Improve throughput performance of Python apps in Azure Functions, "Set up max workers".
"""

_IS_PYTHON_3_11 = sys.version_info[:2] == (3, 11)


class CallAbandonedError(SystemExit):
    """Raised in a thread whose call nobody waits for any more; the thread ends with it."""


class _Job:
    """One call in a thread."""

    def __init__(self, call: Callable[[], object], ended: Callable[[], None]) -> None:
        self._call = call
        self._ended = ended
        self._lock = threading.Lock()
        self._is_dropped = False
        self._thread: threading.Thread | None = None
        self.ends_thread = False
        """Whether the thread was told to end."""
        self.error: BaseException | None = None
        """What the call raised."""

    def run(self) -> None:
        with self._lock:
            if self._is_dropped:
                return
            self._thread = threading.current_thread()
        try:
            self._call()
        except BaseException as error:  # noqa: BLE001  # raised again for the one who waits
            self.error = error
        finally:
            with self._lock:
                self._thread = None
            self._ended()

    def abandon(self) -> threading.Thread | None:
        """Drop the call if it has not begun, and tell it to end if it has; give the thread that was told to."""
        with self._lock:
            self._is_dropped = True
            thread = self._thread
            if thread is not None:
                self.ends_thread = True
                if not stands_still_when_told():
                    _raise_in(thread)
            return thread


def stands_still_when_told() -> bool:
    """Tell whether all threads would stand still when one that is in a blocking call is told to end.

    So it is on Python 3.11 under a debugger or a measurement of coverage, until the blocking call returns: there, a
    thread that is traced cannot enter a function while another one has an exception coming.
    """
    return _IS_PYTHON_3_11 and (sys.gettrace() or threading.gettrace()) is not None


def _raise_in(thread: threading.Thread) -> None:
    """Let a thread raise at its next line of Python; one that is in a blocking call raises when that returns."""
    import ctypes

    number = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(number, ctypes.py_object(CallAbandonedError))


class _State:
    """What the threads share with their pool, which they must not keep alive."""

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self.idle = threading.Semaphore(0)
        self.threads: set[threading.Thread] = set()

    def serve(self) -> None:
        """Take jobs until there is none, or the thread was told to end."""
        with contextlib.suppress(CallAbandonedError):
            self._serve()

    def _serve(self) -> None:
        while True:
            try:
                job = self.jobs.get_nowait()
            except queue.Empty:
                self.idle.release()
                job = self.jobs.get()
            if job is None:
                return
            job.run()
            if job.ends_thread:
                return

    def end(self) -> None:
        for _ in self.threads:
            self.jobs.put(None)


class Threads:
    """Calls functions in threads; at most so many at once, the others wait their turn.

    Args:
        count: Greatest number of threads; as Python's own pool when None: the number of processors and four, but not
            more than 32.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count: int = count or min(32, (os.cpu_count() or 1) + 4)
        """Greatest number of threads."""
        self._state = _State()
        self._lock = threading.Lock()
        # A pool that is dropped without having been closed takes its threads along.
        self._end = weakref.finalize(self, self._state.end)

    async def run(self, call: Callable[[], object]) -> None:
        """Make a call in a thread and wait for its end; what it returns is not given.

        When the wait is cancelled, the call is abandoned.
        """
        loop = asyncio.get_running_loop()
        over = loop.create_future()

        def ended() -> None:
            with contextlib.suppress(RuntimeError):  # the loop that waited for an abandoned call may be closed
                loop.call_soon_threadsafe(_settle, over)

        job = _Job(call, ended)
        self._state.jobs.put(job)
        self._add_thread()
        try:
            await over
        except asyncio.CancelledError:
            thread = job.abandon()
            if thread is not None:
                self._state.threads.discard(thread)
                self._add_thread()
            raise
        if job.error is not None:
            raise job.error

    def _add_thread(self) -> None:
        """Start one more thread for the jobs that wait, if none is idle and there may be one."""
        state = self._state
        with self._lock:
            if state.jobs.empty() or state.idle.acquire(blocking=False) or len(state.threads) >= self.count:
                return
            thread = threading.Thread(target=state.serve, name="azfunc-function", daemon=True)
            state.threads.add(thread)
        thread.start()

    def close(self) -> None:
        """End the threads; a call that is under way is waited for, an abandoned one is not."""
        self._end()
        for thread in self._state.threads - {threading.current_thread()}:
            thread.join()


def _settle(over: asyncio.Future[None]) -> None:
    if not over.done():
        over.set_result(None)


def thread_count() -> int | None:
    """Give the number of threads that the app setting names, or None if it names none.

    A value that is no number of threads is passed over with a warning, as by the worker.
    """
    setting = os.environ.get(THREADS_SETTING, "").strip()
    if not setting:
        return None
    if setting.isdecimal() and int(setting) > 0:
        return int(setting)
    warnings.warn(
        f"The app setting {THREADS_SETTING} is {setting!r}, and the number of threads has to be a whole number from 1 "
        "on; Python's own number of threads is used.",
        AzfuncWarning,
        stacklevel=2,
    )
    return None
