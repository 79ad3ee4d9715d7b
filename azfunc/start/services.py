"""What a service has to offer to be served locally: data for inputs, a place for outputs, events for triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any

    from azfunc._core.binding import Binding
    from azfunc._core.datum import Datum
    from azfunc._core.function import Function
    from azfunc.runtime.invocation import Run
    from azfunc.runtime.wire import Incoming

    CallFunction = Callable[[Function, Incoming, str], Awaitable[Run]]
    """Calls a function with what its trigger got and the reason for it; what it raises is kept in the run."""


class Listener(Protocol):
    """Waits for the events of one trigger, and calls its function."""

    def start(self) -> None:
        """Begin to listen, on the running loop."""
        ...

    async def stop(self) -> None:
        """Take no more events, and wait for the calls that run."""
        ...


class Service(Protocol):
    """A service that `azfunc start` connects to."""

    def serves(self, binding: Binding) -> bool:
        """Tell whether a binding is one of this service."""
        ...

    async def fetch(self, binding: Binding, data: Mapping[str, Any], function_name: str) -> Incoming:
        """Give the data of an input binding."""
        ...

    async def send(
        self, binding: Binding, datum: Datum, value: Any, data: Mapping[str, Any], function_name: str
    ) -> str:
        """Send what a function gave an output binding, and say where it went.

        Args:
            binding: The output binding.
            datum: What the worker sends.
            value: What the function gave.
            data: The binding data of the call.
            function_name: Name of the function.
        """
        ...

    def listen(self, function: Function, call: CallFunction) -> Listener | None:
        """Give what waits for the trigger of a function, or None if the trigger is none of this service."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...
