"""`LocalHost`: indexes an app and calls its functions, as the host and the worker do together."""

from __future__ import annotations

import contextlib
import os
import time
import traceback
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azfunc._core.context import Context, RetryContext, RpcException
from azfunc._core.errors import nearest
from azfunc._core.failures import InvocationError
from azfunc.runtime import invocation as calls
from azfunc.runtime.attempts import Attempt
from azfunc.runtime.clock import SystemClock
from azfunc.runtime.hooks import Hooks
from azfunc.runtime.logs import capture, thread_local_storage
from azfunc.runtime.logs import invocation as current_invocation
from azfunc.runtime.loops import Loops
from azfunc.runtime.naming import named
from azfunc.runtime.retries import retries_of
from azfunc.runtime.threads import THREADS_SETTING, Threads, thread_count

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
    from types import TracebackType
    from typing import Protocol

    from typing_extensions import Self, TypeVar

    from azfunc._core.context import TraceContext
    from azfunc._core.function import Function, FunctionBuilder
    from azfunc.runtime.clock import Clock
    from azfunc.runtime.retries import Retries

    R = TypeVar("R")

    class Indexed(Protocol):
        """What has functions: an app."""

        def get_functions(self) -> list[Function]:
            """Give the functions."""
            ...

    class Lifespan(Protocol):
        """What wants to know when a host starts and stops: a web framework behind functions."""

        async def startup(self) -> None:
            """Get ready; on the loop that the functions are going to run on."""
            ...

        async def shutdown(self) -> None:
            """Clean up, on the same loop."""
            ...


__all__ = ["LIFESPAN_ATTRIBUTE", "THREADS_SETTING", "HostOptions", "LocalHost"]

LIFESPAN_ATTRIBUTE = "__azfunc_lifespan__"
"""Attribute of a user function with a `Lifespan`: an object with async methods ``startup()`` and ``shutdown()``.

They are called when a host is entered and left, once for all functions that have the same object.
"""


@dataclass(frozen=True)
class HostOptions:
    """What host.json and the settings say about calls."""

    route_prefix: str = "api"
    """Text in front of all routes, from ``extensions.http.routePrefix``."""
    retry: Mapping[str, Any] | None = None
    """Retry policy of functions that have none, from ``retry``."""
    timeout_seconds: float | None = None
    """Time that a call has, from ``functionTimeout``, in seconds; None for no limit."""
    function_directory: str = ""
    """Folder that functions run in."""
    thread_count: int | None = None
    """Threads for synchronous functions; from the app setting when None, else as many as Python thinks fit."""
    max_attempts: int | None = None
    """Greatest number of attempts, whatever a retry policy says; None for no limit, as in Azure."""


class LocalHost:
    """Runs the functions of an app without a host.

    Close it, or use it in a ``with`` block. In the block all calls share one event loop, in a thread of its own (in an
    ``async with`` block the running one), and what lasts as long as the host is started and stopped with it. Without
    one, each call from synchronous code has a loop of its own.

    Args:
        app: A function app, or a list of functions.
        options: What host.json and the settings say.
        clock: Where waits between attempts are taken from.
    """

    def __init__(
        self,
        app: Indexed | list[Function],
        *,
        options: HostOptions | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.options: HostOptions = options or HostOptions()
        """What host.json and the settings say."""
        self.clock: Clock = clock or SystemClock()
        """Where waits between attempts are taken from."""
        self.functions: list[Function] = app if isinstance(app, list) else app.get_functions()
        """The functions, in the order of the app."""
        self._by_name = {function.get_function_name().lower(): function for function in self.functions}
        self._plans: dict[str, calls.Plan] = {}
        self._loops = Loops()
        self._pool: Threads | None = None
        self._is_loaded = False
        self._started: list[Lifespan] = []

    # --- finding ---

    def function(self, which: str | FunctionBuilder | Callable[..., Any]) -> Function:
        """Find a function by its name, or by the decorated or written function itself.

        Raises:
            InvocationError: There is no such function; names those there are.
        """
        if isinstance(which, str):
            found = self._by_name.get(which.lower())
        else:
            wanted = getattr(which, "__wrapped__", which)
            found = next((each for each in self.functions if each.is_made_of(which) or each.is_made_of(wanted)), None)
        if found is None:
            raise self._unknown(which)
        return found

    def plan(self, which: str | FunctionBuilder | Callable[..., Any]) -> calls.Plan:
        """Give the plan of a function, made once."""
        function = self.function(which)
        name = function.get_function_name()
        if name not in self._plans:
            self._plans[name] = calls.plan(function)
        return self._plans[name]

    def _unknown(self, which: Any) -> InvocationError:
        names = [function.get_function_name() for function in self.functions]
        text = which if isinstance(which, str) else getattr(which, "__name__", repr(which))
        close = nearest(text, names)
        advice = f"Did you mean {close!r}? " if close else ""
        return InvocationError(f"The app has no function {text!r}.", hint=f"{advice}Its functions are {named(names)}.")

    # --- calling ---

    def invoke(
        self,
        which: str | FunctionBuilder | Callable[..., Any],
        inputs: Mapping[str, Any] | None = None,
        *,
        trace_context: TraceContext | None = None,
        raise_exceptions: bool = True,
        invocation_id: str | None = None,
        decode: bool = True,
    ) -> calls.Run:
        """Call a function with inputs by binding name, and wait for its end.

        Args:
            which: Its name, or the function.
            inputs: Input binding -> a rich value, plain data, or a Datum; the trigger's among them.
            trace_context: The distributed trace the call belongs to.
            raise_exceptions: Whether what the last attempt raised is raised here: the very object, with its `Run` in
                the attribute ``run``. It is kept in the `Run` in either case.
            invocation_id: Identity of the call, a UUID as text; a new one when left out.
            decode: Whether inputs go through the converters; else they are the arguments, as they are.

        Raises:
            InvocationError: The function cannot be called so, or took longer than it may.
            ConversionError: A value cannot be converted.
        """
        __tracebackhide__ = True
        run = self._loops.run(self._make(which, inputs or {}, trace_context, invocation_id, decode=decode))
        if raise_exceptions and run.exception is not None:
            raise with_run(run.exception, run)
        return run

    async def ainvoke(
        self,
        which: str | FunctionBuilder | Callable[..., Any],
        inputs: Mapping[str, Any] | None = None,
        *,
        trace_context: TraceContext | None = None,
        raise_exceptions: bool = True,
        invocation_id: str | None = None,
        decode: bool = True,
    ) -> calls.Run:
        """Call a function on the running loop; see `invoke`.

        When the task is cancelled, the function is too: an async one is cancelled, a thread is told to end.
        """
        __tracebackhide__ = True
        run = await self._make(which, inputs or {}, trace_context, invocation_id, decode=decode)
        if raise_exceptions and run.exception is not None:
            raise with_run(run.exception, run)
        return run

    async def _make(
        self,
        which: str | FunctionBuilder | Callable[..., Any],
        inputs: Mapping[str, Any],
        trace_context: TraceContext | None,
        invocation_id: str | None,
        *,
        decode: bool,
    ) -> calls.Run:
        """Make the attempts of a call, with the waits between them; what is raised is kept."""
        plan = self.plan(which)
        if decode:
            calls.check_inputs(plan, inputs)
        self._load()
        retries = retries_of(plan.function, self.options.retry)
        hooks = Hooks(plan.name, self._directory(plan.function))
        identity = invocation_id or str(uuid.uuid4())
        seconds = 0.0
        retry_count = 0
        failed: BaseException | None = None
        with capture.of(identity) as logs, current_invocation(identity):
            while True:
                context = self._context(plan, identity, trace_context, retry_count, retries, failed)
                attempt = Attempt(plan, context, hooks)
                begun = time.perf_counter()
                await attempt.make(
                    inputs, decode=decode, threads=self._threads, limit_seconds=self.options.timeout_seconds
                )
                seconds += time.perf_counter() - begun
                failed = attempt.exception
                if failed is None or not self._makes_another(attempt, retries, retry_count):
                    break
                wait = retries.wait_seconds(retry_count)
                await self.clock.asleep(wait)
                seconds += wait
                retry_count += 1
        return calls.Run(
            function_name=plan.name,
            returned=attempt.returned,
            outputs=attempt.outputs,
            datums=attempt.datums,
            context=attempt.context,
            logs=tuple(logs),
            exception=failed,
            attempts=retry_count + 1,
            duration_seconds=seconds,
        )

    def _makes_another(self, attempt: Attempt, retries: Retries, retry_count: int) -> bool:
        """Tell whether a failed call is made again; not one that took too long, since the host restarts the worker."""
        if attempt.timed_out or not isinstance(attempt.exception, Exception):
            return False
        limit = self.options.max_attempts
        return retries.allows(retry_count) and (limit is None or retry_count + 1 < limit)

    def _threads(self) -> Threads:
        if self._pool is None:
            self._pool = Threads(self.options.thread_count or thread_count())
        return self._pool

    def _context(
        self,
        plan: calls.Plan,
        invocation_id: str,
        trace_context: TraceContext | None,
        retry_count: int,
        retries: Retries,
        failed: BaseException | None,
    ) -> Context:
        return Context(
            function_name=plan.name,
            function_directory=self._directory(plan.function),
            invocation_id=invocation_id,
            trace_context=trace_context,
            retry_context=RetryContext(
                retry_count=retry_count,
                max_retry_count=retries.max_retry_count,
                exception=None if failed is None else _as_told(failed),
            ),
            thread_local_storage=thread_local_storage,
        )

    def _directory(self, function: Function) -> str:
        found = function.function_directory or self.options.function_directory
        return found or os.getcwd()  # noqa: PTH109  # text is wanted

    # --- beginning and ending ---

    def _load(self) -> None:
        """Tell worker extensions of each function, once."""
        if self._is_loaded:
            return
        self._is_loaded = True
        for function in self.functions:
            Hooks(function.get_function_name(), self._directory(function)).loaded()

    async def astart(self) -> None:
        """Start what lasts as long as the host, on the running loop."""
        self._load()
        for function in self.functions:
            lifespan: Lifespan | None = getattr(function.get_user_function(), LIFESPAN_ATTRIBUTE, None)
            if lifespan is not None and lifespan not in self._started:
                await lifespan.startup()
                self._started.append(lifespan)

    async def astop(self) -> None:
        """Stop what was started, in the reverse order and on the same loop.

        Raises:
            Exception: What a shutdown raised; the others are stopped all the same.
        """
        async with contextlib.AsyncExitStack() as stack:
            for lifespan in self._started:
                stack.push_async_callback(lifespan.shutdown)
            self._started = []

    def run_coroutine(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine on the host's loop, from a thread without a running one."""
        return self._loops.run(coroutine)

    def iterate(self, source: AsyncIterator[bytes]) -> Iterator[bytes]:
        """Give what an async iterator gives, to synchronous code; all of it runs on one loop."""
        return self._loops.iterate(source)

    def close(self) -> None:
        """End the threads and the event loop of the host; stop what was started."""
        try:
            if self._started:
                self._loops.run(self.astop())
        finally:
            self._end()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None
        self._loops.close()

    def __enter__(self) -> Self:
        self._loops.open()
        try:
            self._loops.run(self.astart())
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        try:
            await self.astart()
        except BaseException:
            await self.astop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.astop()
        finally:
            self._end()


def with_run(error: BaseException, run: calls.Run) -> BaseException:
    """Give an exception the `Run` that ended with it, as its attribute ``run``, unless it has one of its own."""
    if not hasattr(error, "run"):
        with contextlib.suppress(AttributeError, TypeError):  # a frozen exception takes none
            error.run = run  # type: ignore[attr-defined]  # a failed test can look at the logs of the call
    return error


def _as_told(error: BaseException) -> RpcException:
    """Give an exception as the host tells it to the next attempt."""
    return RpcException(
        source=type(error).__name__,
        stack_trace="".join(traceback.format_exception(type(error), error, error.__traceback__)),
        message=str(error),
    )
