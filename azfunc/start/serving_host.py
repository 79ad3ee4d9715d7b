"""`ServingHost`: a `LocalHost` that also fetches inputs, sends outputs, and writes each call down."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import uuid
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from azfunc._core.failures import InvocationError
from azfunc.runtime import invocation as calls
from azfunc.runtime.host import LocalHost
from azfunc.runtime.sdk_types import has_place, is_sdk_type, place_of
from azfunc.runtime.wire import to_wire
from azfunc.start.binding_data import binding_data, fill
from azfunc.start.calls import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from azfunc._core.binding import Binding
    from azfunc._core.context import TraceContext
    from azfunc._core.function import Function, FunctionBuilder
    from azfunc.runtime.clock import Clock
    from azfunc.runtime.host import HostOptions, Indexed
    from azfunc.runtime.wire import Incoming
    from azfunc.start.calls import History
    from azfunc.start.services import Service

logger: logging.Logger = logging.getLogger("azfunc.host")

STORAGE_TYPES = ("queueTrigger", "blobTrigger", "queue", "blob")
"""Binding types of Storage."""
reason_of_call: ContextVar[str] = ContextVar("azfunc_reason_of_call", default="called by the host")
"""Why the call that begins here is made."""


class ServingHost(LocalHost):
    """Runs functions with the data of the services that are connected.

    Args:
        app: A function app, or a list of functions.
        history: Where calls are written down.
        services: What is connected.
        options: What host.json says.
        clock: Where waits between attempts are taken from.
    """

    def __init__(
        self,
        app: Indexed | list[Function],
        *,
        history: History,
        services: Sequence[Service] = (),
        options: HostOptions | None = None,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(app, options=options, clock=clock)
        self._history = history
        self._services = tuple(services)
        self._running: list[asyncio.Task[Any] | None] = []
        self._idle = asyncio.Event()
        self._idle.set()

    async def ainvoke(
        self,
        which: str | FunctionBuilder[..., Any] | Callable[..., Any],
        inputs: Mapping[str, Any] | None = None,
        *,
        trace_context: TraceContext | None = None,
        raise_exceptions: bool = True,
        invocation_id: str | None = None,
        decode: bool = True,
    ) -> calls.Run:
        """Call a function: fetch what is not given, call it, send what it gives; see `LocalHost.ainvoke`."""
        function = self.function(which)
        call = Call(
            invocation_id=invocation_id or str(uuid.uuid4()),
            function_name=function.get_function_name(),
            reason=reason_of_call.get(),
            started=datetime.now(timezone.utc),
        )
        self._history.add(call)
        logger.info("Executing %r (%s, Id=%s)", call.function_name, call.reason, call.invocation_id)
        started = time.monotonic()
        try:
            with self._counted():
                run = await self._served(call, function, dict(inputs or {}), trace_context, decode=decode)
        except asyncio.CancelledError as error:
            call.finish(calls.Run(call.function_name, exception=error, duration_seconds=time.monotonic() - started))
            _log_outcome(call, "Canceled")
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the outcome of this call
            run = calls.Run(call.function_name, exception=error, duration_seconds=time.monotonic() - started)
        call.finish(run, _response_of(function))
        _log_outcome(call, call.outcome.capitalize())
        if run.exception is not None and raise_exceptions:
            raise run.exception
        return run

    @contextlib.contextmanager
    def _counted(self) -> Generator[None]:
        """Know of the task that runs here, for a block."""
        task = asyncio.current_task()
        self._running.append(task)
        self._idle.clear()
        try:
            yield
        finally:
            self._running.remove(task)
            if not self._running:
                self._idle.set()

    async def cancel_calls(self) -> None:
        """Cancel the calls that run, and wait until they are."""
        tasks = {task for task in self._running if task is not None}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=1.0)

    async def wait_until_idle(self, timeout_seconds: float) -> bool:
        """Wait until no call runs, and tell whether that came to be in time."""
        try:
            await asyncio.wait_for(self._idle.wait(), timeout_seconds)
        except asyncio.TimeoutError:
            return False
        return True

    async def _served(
        self,
        call: Call,
        function: Function,
        inputs: dict[str, Any],
        trace_context: TraceContext | None,
        *,
        decode: bool,
    ) -> calls.Run:
        plan = self.plan(function.get_function_name())
        data = _take_data(function, inputs) if decode else {}
        for name, binding in plan.inputs.items():
            if name not in inputs:
                inputs[name] = await self._fetched(binding, data, plan.name, plan.annotations.get(name))
        run = await super().ainvoke(
            plan.name,
            inputs,
            trace_context=trace_context,
            raise_exceptions=False,
            invocation_id=call.invocation_id,
            decode=decode,
        )
        if run.exception is None:
            await self._send(call, plan, run, data)
        return run

    async def _fetched(
        self, binding: Binding, data: Mapping[str, Any], function_name: str, annotation: Any
    ) -> Incoming:
        if has_place(binding) and is_sdk_type(annotation):
            return place_of(binding, lambda text: fill(text, data, function_name=function_name))
        service = self._service_of(binding)
        if service is None:
            raise InvocationError(
                f"Input {binding.name!r} ({binding.type}) of function {function_name!r} cannot be fetched here.",
                hint=f"{how_to_serve(binding.type)} Or give the data with the call: in the form on the index page, or "
                f'as {{"input": "...", "inputs": {{"{binding.name}": ...}}}} to /admin/functions/{function_name}.',
                function_name=function_name,
                binding_name=binding.name,
            )
        return await service.fetch(binding, data, function_name)

    async def _send(self, call: Call, plan: calls.Plan, run: calls.Run, data: Mapping[str, Any]) -> None:
        for name, datum in run.datums.items():
            binding = plan.outputs.get(name)
            if binding is None or binding.type == "http":
                continue
            service = self._service_of(binding)
            if service is None:
                note = f"{name} ({binding.type}) was not sent"
                logger.info("Output %s of %r was not sent. %s", name, plan.name, how_to_serve(binding.type))
            else:
                note = await service.send(binding, datum, run.outputs.get(name), data, plan.name)
            call.notes.append(note)

    def _service_of(self, binding: Binding) -> Service | None:
        return next((service for service in self._services if service.serves(binding)), None)


def _response_of(function: Function) -> str | None:
    """Give the name of the output that answers a request, or None."""
    return next((each.name for each in function.get_bindings() if each.type == "http" and each.direction == 1), None)


def _take_data(function: Function, inputs: dict[str, Any]) -> dict[str, Any]:
    """Give the binding data of a call, and leave the trigger's input as the host would send it."""
    trigger = function.get_trigger()
    if trigger is None or trigger.name not in inputs:
        return {}
    incoming = to_wire(trigger, inputs[trigger.name])
    inputs[trigger.name] = incoming
    return binding_data(trigger, incoming)


def how_to_serve(binding_type: str) -> str:
    """Say what would have to be there for a binding type to be served."""
    if binding_type in STORAGE_TYPES:
        from azfunc.start.storage import is_installed

        if is_installed():
            return "Storage is left alone, because of --no-storage."
        return "Storage is served with the extra: pip install 'azfunc[storage]'."
    return "azfunc start serves Storage and nothing else."


def _log_outcome(call: Call, outcome: str) -> None:
    text = f"Executed {call.function_name!r} ({outcome}, Id={call.invocation_id}, Duration={call.milliseconds}ms)"
    if outcome == "Failed":
        logger.error("%s\n%s", text, call.error)
    else:
        logger.info("%s", text)
