"""Logs of a call: which invocation a log record belongs to, also from threads that user code starts.

A record belongs to the invocation whose id is current where it is made. That is known in three ways: the call's own
context (`contextvars`), a thread started through `run_in_thread` or an `InvocationExecutor`, which carries that
context, or a thread that sets ``context.thread_local_storage.invocation_id`` itself, as the guide shows.
"""

from __future__ import annotations

import contextlib
import contextvars
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from concurrent.futures import Future

    from typing_extensions import ParamSpec, TypeVar

    P = ParamSpec("P")
    R = TypeVar("R")

thread_local_storage = threading.local()
"""What every `Context` of the runtime hands out; threads set ``invocation_id`` in it."""

_current: contextvars.ContextVar[str | None] = contextvars.ContextVar("azfunc_invocation_id", default=None)
_lock = threading.Lock()


def current_invocation_id() -> str | None:
    """Give the id of the invocation that runs here, or None outside of one."""
    return _current.get() or getattr(thread_local_storage, "invocation_id", None)


@contextlib.contextmanager
def invocation(invocation_id: str) -> Generator[None]:
    """Make an invocation the current one for a block."""
    token = _current.set(invocation_id)
    try:
        yield
    finally:
        _current.reset(token)


def run_in_thread(func: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
    """Start a function in a thread of its own, whose logs belong to the call that starts it.

    The thread sees the caller's context variables. Where Azure's worker runs the call, its thread-local invocation id
    is set in the thread too, and removed when it ends.

    Args:
        func: What to run.
        *args: Its arguments.
        **kwargs: Its keyword arguments.

    Returns:
        A future with the result, or with the exception that was raised.

    Example:
        >>> future = func.run_in_thread(sum, [1, 2, 3])
        >>> future.result()
        6
    """
    with InvocationExecutor(max_workers=1, wait_on_exit=False) as executor:
        return executor.submit(func, *args, **kwargs)


class InvocationExecutor(ThreadPoolExecutor):
    """A thread pool whose tasks run in the context of the call that submits them; their logs belong to that call.

    Args:
        max_workers: Greatest number of threads.
        wait_on_exit: Whether leaving a ``with`` block waits for the tasks.
    """

    def __init__(self, max_workers: int | None = None, *, wait_on_exit: bool = True) -> None:
        super().__init__(max_workers=max_workers, thread_name_prefix="azfunc")
        self._wait_on_exit = wait_on_exit

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run a function in a thread of the pool, in the context of the caller."""
        return super().submit(in_this_context(fn), *args, **kwargs)

    def __exit__(self, *_exc_info: object) -> None:
        self.shutdown(wait=self._wait_on_exit)


def in_this_context(func: Callable[P, R]) -> Callable[P, R]:
    """Wrap a function so that it runs, in whichever thread, in the context of here and now."""
    context = contextvars.copy_context()
    invocation_id = current_invocation_id()
    storages = [storage for storage in (thread_local_storage, _workers_storage()) if storage is not None]

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        before = [getattr(storage, "invocation_id", None) for storage in storages]
        for storage in storages:
            storage.invocation_id = invocation_id
        try:
            return context.run(func, *args, **kwargs)
        finally:
            for storage, was in zip(storages, before, strict=True):
                storage.invocation_id = was

    return run


def _workers_storage() -> Any:
    """Give the thread-local storage of Azure's worker, when this process is one."""
    import sys

    return getattr(sys.modules.get("azure_functions_worker.dispatcher"), "_invocation_id_local", None)


class LogCapture(logging.Handler):
    """Collects the records of invocations while they run.

    One handler on the root logger serves all calls that run at once; it is there only while one runs. The root level
    is lowered to `level` meanwhile, since Azure shows information records too.
    """

    def __init__(self, level: int = logging.INFO) -> None:
        super().__init__(level)
        self._records: dict[str, list[logging.LogRecord]] = {}
        self._level_before = logging.WARNING

    def emit(self, record: logging.LogRecord) -> None:
        """Put a record to the invocation that is current in its thread."""
        records = self._records.get(current_invocation_id() or "")
        if records is not None:
            record.invocation_id = current_invocation_id()
            records.append(record)

    @contextlib.contextmanager
    def of(self, invocation_id: str) -> Generator[list[logging.LogRecord]]:
        """Collect the records of one invocation for a block; the list is filled while it runs."""
        root = logging.getLogger()
        with _lock:
            if not self._records:
                self._level_before = root.level
                root.addHandler(self)
                if root.level > self.level:
                    root.setLevel(self.level)
            records: list[logging.LogRecord] = []
            self._records[invocation_id] = records
        try:
            yield records
        finally:
            with _lock:
                del self._records[invocation_id]
                if not self._records:
                    root.removeHandler(self)
                    root.setLevel(self._level_before)


capture = LogCapture()
"""The one log capture of the process."""
