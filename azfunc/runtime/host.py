"""`LocalHost`: indexes an app and calls its functions, as the host and the worker do together."""

from __future__ import annotations

import asyncio
import contextvars
import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from azfunc._core.context import Context, Out, RetryContext, RpcException
from azfunc._core.errors import InvocationError, nearest
from azfunc.runtime import invocation as calls
from azfunc.runtime.clock import SystemClock
from azfunc.runtime.hooks import Hooks
from azfunc.runtime.logs import capture, thread_local_storage
from azfunc.runtime.logs import invocation as current_invocation
from azfunc.runtime.loops import Loops
from azfunc.runtime.retries import retries_of

if TYPE_CHECKING:
    from azfunc._core.context import TraceContext
    from collections.abc import Callable, Coroutine, Mapping
    from types import TracebackType
    from typing import Protocol

    from typing_extensions import Self

    from azfunc._core.datum import Datum
    from azfunc._core.function import Function, FunctionBuilder
    from azfunc.runtime.clock import Clock

    class Indexed(Protocol):
        """What has functions: an app."""

        def get_functions(self) -> list[Function]:
            """Give the functions."""
            ...


THREADS_SETTING = "PYTHON_THREADPOOL_THREAD_COUNT"
"""App setting with the number of threads for synchronous functions.

Source: Improve throughput performance of Python apps in Azure Functions, "Set up max workers".
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


@dataclass
class _Attempt:
    """What one attempt of a call gave."""

    context: Context
    returned: Any = None
    outs: dict[str, Out[Any]] = field(default_factory=lambda: {})
    exception: BaseException | None = None


class LocalHost:
    """Runs the functions of an app without a host.

    Close it, or use it in a ``with`` block: it has a thread pool, and an event loop once an async function has run.

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
        self.options = options or HostOptions()
        self.clock: Clock = clock or SystemClock()
        self.functions: list[Function] = app if isinstance(app, list) else app.get_functions()
        self._by_name = {function.get_function_name().lower(): function for function in self.functions}
        self._plans: dict[str, calls.Plan] = {}
        self._loops = Loops()
        self._pool: ThreadPoolExecutor | None = None

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
            found = next((each for each in self.functions if each.get_user_function() in (which, wanted)), None)
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
        return InvocationError(
            f"The app has no function {text!r}.", hint=f"{advice}Its functions are {', '.join(names) or 'none'}."
        )

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
            raise_exceptions: Whether what the function raises in its last attempt is raised here; it is kept in the
                `Run` in either case.
            invocation_id: Identity of the call, a UUID as text; a new one when left out.
            decode: Whether inputs go through the converters; else they are the arguments, as they are.

        Raises:
            InvocationError: The function cannot be called so, or took longer than it may.
            ConversionError: A value cannot be converted.
        """
        return self._loops.run(
            self.ainvoke(
                which,
                inputs,
                trace_context=trace_context,
                raise_exceptions=raise_exceptions,
                invocation_id=invocation_id,
                decode=decode,
            )
        )

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
        """Call a function on the running loop; see `invoke`."""
        plan = self.plan(which)
        started = time.monotonic()
        retries = retries_of(plan.function, self.options.retry)
        identity = invocation_id or str(uuid.uuid4())
        given: dict[str, Any] = {}
        datums: dict[str, Datum] = {}
        retry_count = 0
        failed: BaseException | None = None
        with capture.of(identity) as logs, current_invocation(identity):
            while True:
                context = self._context(plan, identity, trace_context, retry_count, retries.max_retry_count, failed)
                arguments = calls.bind(plan, inputs or {}) if decode else dict(inputs or {})
                attempt = await self._attempt(plan, context, arguments)
                failed = attempt.exception
                if failed is None or not isinstance(failed, Exception) or not retries.allows(retry_count):
                    break
                await self.clock.asleep(retries.wait_seconds(retry_count))
                retry_count += 1
            if failed is None:
                given, datums = calls.collect(plan, attempt.returned, attempt.outs)
        run = calls.Run(
            function_name=plan.name,
            returned=attempt.returned,
            outputs=given,
            datums=datums,
            context=attempt.context,
            logs=tuple(logs),
            exception=failed,
            attempts=retry_count + 1,
            duration_seconds=time.monotonic() - started,
        )
        if failed is not None and raise_exceptions:
            failed.run = run  # type: ignore[attr-defined]  # a failed test can look at the logs of the call
            raise failed
        return run

    async def _attempt(self, plan: calls.Plan, context: Context, arguments: dict[str, Any]) -> _Attempt:
        """Call the function once; what it raises is kept."""
        attempt = _Attempt(context)
        for name in plan.out_parameters:
            attempt.outs[name] = arguments.setdefault(name, Out())
        if plan.context_parameter is not None:
            arguments.setdefault(plan.context_parameter, context)
        hooks = Hooks(plan.name, self._directory(plan.function))
        user_function = plan.function.get_user_function()
        hooks.before(context, arguments)
        try:
            attempt.returned = await self._timed(plan, user_function, arguments)
        except InvocationError:
            raise
        except BaseException as error:  # noqa: BLE001  # kept, and raised again by the caller of the call
            attempt.exception = error
        hooks.after(context, arguments, attempt.returned)
        return attempt

    async def _timed(self, plan: calls.Plan, user_function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        limit = self.options.timeout_seconds
        try:
            return await asyncio.wait_for(self._call(user_function, arguments), limit)
        except (asyncio.TimeoutError, FutureTimeoutError) as error:
            if limit is None:
                raise
            raise InvocationError(
                f"Function {plan.name!r} ran longer than the {limit:g} seconds it has.",
                hint="functionTimeout in host.json sets the time; split the work, or make it faster.",
                function_name=plan.name,
                location=plan.function.location,
            ) from error

    async def _call(self, user_function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        if _is_async(user_function):
            return await user_function(**arguments)
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads(), lambda: context.run(user_function, **arguments))

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            setting = os.environ.get(THREADS_SETTING)
            count = self.options.thread_count or (int(setting) if setting else None)
            self._pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="azfunc-function")
        return self._pool

    def _context(
        self,
        plan: calls.Plan,
        invocation_id: str,
        trace_context: TraceContext | None,
        retry_count: int,
        max_retry_count: int,
        failed: BaseException | None,
    ) -> Context:
        before = None
        if failed is not None:
            before = RpcException(source=type(failed).__name__, message=str(failed))
        return Context(
            function_name=plan.name,
            function_directory=self._directory(plan.function) or os.getcwd(),  # noqa: PTH109  # text is wanted
            invocation_id=invocation_id,
            trace_context=trace_context,
            retry_context=RetryContext(retry_count=retry_count, max_retry_count=max_retry_count, exception=before),
            thread_local_storage=thread_local_storage,
        )

    def _directory(self, function: Function) -> str:
        return function.function_directory or self.options.function_directory

    # --- ending ---

    def run_coroutine(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine on the host's loop, from a thread without a running one."""
        return self._loops.run(coroutine)

    def close(self) -> None:
        """End the threads and the event loop of the host."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None
        self._loops.close()

    def __enter__(self) -> Self:
        self._loops.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_async(user_function: Callable[..., Any]) -> bool:
    """Tell whether calling gives a coroutine: an async function, a partial of one, an object with an async call."""
    import inspect

    return inspect.iscoroutinefunction(user_function) or inspect.iscoroutinefunction(
        type(user_function).__dict__.get("__call__")
    )
