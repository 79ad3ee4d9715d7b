"""One attempt of a call: the function runs, in a thread or as a task, with its hooks, its trace and its time limit."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from azfunc._core.context import Out
from azfunc._core.datum import Datum
from azfunc._core.failures import InvocationError
from azfunc.runtime.invocation import bind, collect
from azfunc.runtime.logs import thread_of
from azfunc.runtime.loops import GRACE_SECONDS
from azfunc.runtime.threads import THREADS_SETTING
from azfunc.runtime.tracing import trace_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azfunc._core.context import Context
    from azfunc.runtime.hooks import Hooks
    from azfunc.runtime.invocation import Plan
    from azfunc.runtime.threads import Threads


class _Result:
    """What the user function came to. One that is given up goes on with a result that nobody looks at."""

    returned: Any = None
    exception: BaseException | None = None
    has_begun: bool = False


@dataclass
class Attempt:
    """One attempt of a call, and what it came to."""

    plan: Plan
    """The function's plan."""
    context: Context
    """The context of the attempt."""
    hooks: Hooks
    """The worker extensions of the function."""
    returned: Any = None
    """What the function returned."""
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    """Output binding -> what the function gave it."""
    datums: dict[str, Datum] = field(default_factory=dict[str, Datum])
    """Output binding -> what is sent to the host."""
    exception: BaseException | None = None
    """What was raised: by the function, or because its inputs or outputs cannot be converted."""
    timed_out: bool = False
    """Whether it took longer than it may."""

    async def make(
        self,
        given: Mapping[str, Any],
        *,
        decode: bool = True,
        threads: Callable[[], Threads],
        limit_seconds: float | None = None,
    ) -> None:
        """Bind the inputs, call the function, and take its outputs; what is raised is kept.

        Args:
            given: What is given for each input binding, or for each parameter.
            decode: Whether that goes through the converters.
            threads: Gives the pool for synchronous functions.
            limit_seconds: Time that the function has, in seconds; None for no limit.
        """
        try:
            arguments = bind(self.plan, given) if decode else dict(given)
            outs = {name: arguments.setdefault(name, Out()) for name in self.plan.out_parameters}
            for name in self.plan.context_parameters:
                arguments.setdefault(name, self.context)
            with trace_of(self.context):
                await self._call(arguments, threads, limit_seconds)
            if self.exception is None:
                self.outputs, self.datums = collect(self.plan, self.returned, outs)
        except Exception as error:  # noqa: BLE001  # kept, and raised again by whoever made the call
            self.exception = error

    async def _call(self, arguments: dict[str, Any], threads: Callable[[], Threads], limit: float | None) -> None:
        user_function = self.plan.function.get_user_function()
        result = _Result()
        if is_async(user_function):
            task = asyncio.ensure_future(self._run_async(user_function, arguments, result))
        else:
            context = contextvars.copy_context()
            task = asyncio.ensure_future(
                threads().run(lambda: context.run(self._run_sync, user_function, arguments, result))
            )
        try:
            await asyncio.wait({task}, timeout=limit)
        finally:
            in_time = task.done()
            if not in_time:  # its time is over, or the call was taken back
                task.cancel()
                await asyncio.wait({task}, timeout=GRACE_SECONDS)
        if in_time:
            self.returned, self.exception = result.returned, result.exception
        else:
            self.timed_out = True
            self.exception = self._too_long(limit or 0, has_begun=result.has_begun)

    async def _run_async(self, user_function: Callable[..., Any], arguments: dict[str, Any], result: _Result) -> None:
        result.has_begun = True
        self.hooks.before(self.context, arguments)
        try:
            result.returned = await user_function(**arguments)
        except BaseException as error:  # noqa: BLE001  # kept; SystemExit would end the loop
            result.exception = _without_this_frame(error)
        else:
            self.hooks.after(self.context, arguments, result.returned)

    def _run_sync(self, user_function: Callable[..., Any], arguments: dict[str, Any], result: _Result) -> None:
        result.has_begun = True
        with thread_of(self.context.invocation_id):
            self.hooks.before(self.context, arguments)
            try:
                result.returned = user_function(**arguments)
            except BaseException as error:  # noqa: BLE001  # kept; it is raised again in the thread that waits
                result.exception = _without_this_frame(error)
            else:
                self.hooks.after(self.context, arguments, result.returned)

    def _too_long(self, limit: float, *, has_begun: bool) -> InvocationError:
        ran = f"ran longer than the {limit:g} seconds it has"
        waited = f"waited for a thread all of the {limit:g} seconds it has; other calls are in all of them"
        settings = f"{THREADS_SETTING} sets the number of threads, and functionTimeout in host.json the time"
        return InvocationError(
            f"Function {self.plan.name!r} {ran if has_begun else waited}.",
            hint="functionTimeout in host.json sets the time; split the work, or make it faster."
            if has_begun
            else f"{settings}; functions that wait for others are better async.",
            function_name=self.plan.name,
            location=self.plan.function.location,
        )


def _without_this_frame(error: BaseException) -> BaseException:
    """Let the traceback of an error begin where the user's code does."""
    trace = error.__traceback__
    return error.with_traceback(trace.tb_next or trace) if trace is not None else error


def is_async(user_function: Callable[..., Any]) -> bool:
    """Tell whether calling gives a coroutine: an async function, a partial of one, an object with an async call."""
    return inspect.iscoroutinefunction(user_function) or inspect.iscoroutinefunction(type(user_function).__call__)
