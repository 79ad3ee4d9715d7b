"""Logs of a call: which invocation a log record belongs to, also from threads that user code starts.

A record belongs to the invocation whose id is current where it is made. That is known in three ways: the call's own
context (`contextvars`), a thread started through `run_in_thread` or an `InvocationExecutor`, which carries that
context, or a thread that sets ``context.thread_local_storage.invocation_id`` itself, as the guide shows.
"""

from __future__ import annotations

import contextlib
import contextvars
import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from concurrent.futures import Future

    from typing_extensions import ParamSpec, TypeVar

    P = ParamSpec("P")
    R = TypeVar("R")

thread_local_storage: threading.local = threading.local()
"""What every `Context` of the runtime hands out; threads set ``invocation_id`` in it."""

_current: contextvars.ContextVar[str | None] = contextvars.ContextVar("azfunc_invocation_id", default=None)
_lock = threading.Lock()

_WORKERS = ("azure_functions_worker.dispatcher", "proxy_worker.dispatcher")
"""Modules of Azure's worker, up to Python 3.12 and from 3.13 on, that know which invocation a thread works for."""


def current_invocation_id() -> str | None:
    """Give the id of the invocation that runs here, or None outside of one; in Azure, ask the worker."""
    found = _current.get() or getattr(thread_local_storage, "invocation_id", None)
    for worker in () if found else _loaded_workers():
        found = found or worker.get_current_invocation_id()
    return found


def _loaded_workers() -> list[Any]:
    return [sys.modules[name] for name in _WORKERS if name in sys.modules]


@contextlib.contextmanager
def invocation(invocation_id: str) -> Generator[None]:
    """Make an invocation the current one for a block."""
    token = _current.set(invocation_id)
    try:
        yield
    finally:
        _current.reset(token)


@contextlib.contextmanager
def thread_of(invocation_id: str | None) -> Generator[None]:
    """Let this thread work for an invocation for a block, as far as thread-local storage says so.

    Where Azure's worker runs, its storage says so too; afterwards all is as before.
    """
    storages = [thread_local_storage, *(worker._invocation_id_local for worker in _loaded_workers())]
    before = [vars(storage).get("invocation_id") for storage in storages]
    for storage in storages:
        storage.invocation_id = invocation_id
    try:
        yield
    finally:
        for storage, was in zip(storages, before, strict=True):
            vars(storage).pop("invocation_id", None)
            if was is not None:
                storage.invocation_id = was


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

    Source: the guide, "Logging from created threads".
    """
    with InvocationExecutor(max_workers=1, wait_on_exit=False) as executor:
        return executor.submit(func, *args, **kwargs)


class InvocationExecutor(ThreadPoolExecutor):
    """A thread pool whose tasks run in the context of the call that submits them; their logs belong to that call.

    One pool may serve many calls at once: each task has the context of the call that submitted it.

    Args:
        max_workers: Greatest number of threads; as many as Python thinks fit when left out.
        thread_name_prefix: What the names of the threads begin with.
        initializer: Called in each thread before its first task.
        initargs: Arguments of the initializer.
        wait_on_exit: Whether leaving a ``with`` block waits for the tasks.

    Example:
        >>> with func.InvocationExecutor(max_workers=4) as executor:
        ...     list(executor.map(len, ["a", "bc"]))
        [1, 2]
    """

    def __init__(
        self,
        max_workers: int | None = None,
        thread_name_prefix: str = "azfunc",
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        *,
        wait_on_exit: bool = True,
    ) -> None:
        super().__init__(max_workers, thread_name_prefix, initializer, initargs)
        self._wait_on_exit = wait_on_exit
        self._shown = f"max_workers={self._max_workers}, thread_name_prefix={thread_name_prefix!r}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown})"

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run a function in a thread of the pool, in the context of the caller."""
        return super().submit(in_this_context(fn), *args, **kwargs)

    def __exit__(self, *_exc_info: object) -> None:
        self.shutdown(wait=self._wait_on_exit)


def in_this_context(func: Callable[P, R]) -> Callable[P, R]:
    """Wrap a function so that it runs, in whichever thread, in the context of here and now.

    Each call gets a copy of the context, so that several may run at once.
    """
    context = contextvars.copy_context()
    invocation_id = current_invocation_id()

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with thread_of(invocation_id):
            return context.copy().run(func, *args, **kwargs)

    return run


class LogCapture(logging.Handler):
    """Collects the records of invocations while they run.

    One handler on the root logger serves all calls that run at once; it is there only while one runs. A root level
    that nobody has changed is lowered to INFO meanwhile, as Azure's worker does; levels that the app sets stand.
    """

    def __init__(self) -> None:
        super().__init__()
        self._records: dict[str, list[list[logging.LogRecord]]] = {}
        self._lowered = False

    def emit(self, record: logging.LogRecord) -> None:
        """Put a record to the invocation that is current in its thread."""
        invocation_id = current_invocation_id() or ""
        for records in self._records.get(invocation_id, ()):
            record.__dict__.setdefault("invocation_id", invocation_id)
            records.append(record)

    @contextlib.contextmanager
    def of(self, invocation_id: str) -> Generator[list[logging.LogRecord]]:
        """Collect the records of one invocation for a block; the list is filled while it runs."""
        records: list[logging.LogRecord] = []
        with _lock:
            if not self._records:
                self._attach(logging.getLogger())
            self._records.setdefault(invocation_id, []).append(records)
        try:
            yield records
        finally:
            with _lock:
                mine = [each for each in self._records.pop(invocation_id) if each is not records]
                if mine:
                    self._records[invocation_id] = mine
                if not self._records:
                    self._detach(logging.getLogger())

    def _attach(self, root: logging.Logger) -> None:
        root.addHandler(self)
        self._lowered = root.level == logging.WARNING
        if self._lowered:
            root.setLevel(logging.INFO)

    def _detach(self, root: logging.Logger) -> None:
        root.removeHandler(self)
        if self._lowered and root.level == logging.INFO:
            root.setLevel(logging.WARNING)


capture: LogCapture = LogCapture()
"""The one log capture of the process."""
