"""From text to what a trigger gets: for the admin address and the forms of the index page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azfunc._core.datum import Datum
from azfunc._core.errors import ConversionError, InvocationError
from azfunc._core.jsonlib import dumps, loads
from azfunc._core.registry import registry
from azfunc.bindings.http import HttpRequest
from azfunc.bindings.timer import TimerRequest
from azfunc.runtime.generic import GenericConverter
from azfunc.runtime.wire import Incoming, to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azfunc._core.binding import Binding


def incoming_of(binding: Binding, text: str, metadata: Mapping[str, Any] | None = None) -> Incoming:
    """Give what the host would send for a text to an input binding, the trigger's or another.

    JSON is sent as JSON where the binding takes it so, everything else as text; a timer needs none.

    Args:
        binding: The binding.
        text: The text.
        metadata: Trigger metadata as plain values, by the host's names.

    Raises:
        InvocationError: The binding takes no such text.
    """
    if binding.starts_http:
        return to_wire(binding, HttpRequest("POST", "/", body=text))
    if binding.type == "timerTrigger" and not text.strip():
        return to_wire(binding, TimerRequest())
    converter: Any = registry.get(binding.type) or GenericConverter
    wire = {name: _metadatum(value) for name, value in (metadata or {}).items()}
    problem: ConversionError | None = None
    for value in _readings(binding, text):
        try:
            incoming = Incoming(to_wire(binding, value).datum, wire)
            converter.decode(incoming.datum, trigger_metadata=wire)
        except ConversionError as error:
            problem = problem or error
        else:
            return incoming
    raise InvocationError(
        f"The input for {binding.name!r} ({binding.type}) cannot be used: {problem.message if problem else text}",
        hint="Give it JSON as the service sends it.",
        binding_name=binding.name,
    ) from problem


def _readings(binding: Binding, text: str) -> list[Any]:
    """Give what a text may stand for, the likeliest first."""
    try:
        value = loads(text)
    except ConversionError:
        return [text]
    # A queue has text, whatever it says: read and written again, it would have other spaces.
    is_json = isinstance(value, (dict, list)) and binding.type != "queueTrigger"
    return [value, text] if is_json else [text, value]


def _metadatum(value: Any) -> Datum:
    return Datum(value, "string") if isinstance(value, str) else Datum(dumps(value), "json")
