"""Values of a test as the host would have sent them: rich messages by their converter, plain data by its type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from azfunc._core.batches import Cardinality
from azfunc._core.checks import is_buffer, is_list
from azfunc._core.converter import carries_json
from azfunc._core.datum import Datum
from azfunc._core.failures import UnsupportedValueError
from azfunc._core.jsonlib import dumps
from azfunc._core.message import Message
from azfunc._core.registry import registry
from azfunc._core.rows import Row, RowList
from azfunc._core.text import type_name
from azfunc.runtime.generic import GenericConverter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azfunc._core.binding import Binding


@dataclass(frozen=True)
class Incoming:
    """What the host sends to one input binding."""

    datum: Datum
    """The value."""
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The trigger metadata."""


def to_wire(binding: Binding, value: Any) -> Incoming:
    """Give what the host would have sent to a binding for a value.

    A message becomes what it would have come from. Text and bytes are sent as they are, what else JSON can hold as
    JSON. A trigger that takes batches gets a batch: of the items of a list, or of the one thing that was given.

    Args:
        binding: The input binding.
        value: A message of the service, a list of them, plain data, a Datum, or an `Incoming`.

    Raises:
        UnsupportedValueError: A message of another service, several messages where one is taken, or what JSON cannot
            hold.
    """
    if isinstance(value, Incoming):
        return value
    if isinstance(value, Datum):
        return Incoming(value)
    converter: Any = registry.get(binding.type) or GenericConverter
    batch = _is_batch(binding)
    if batch and value is not None and not is_list(value):
        value = [value]
    items: list[Any] = value if is_list(value) else [value]
    if not any(_is_rich(each, converter) for each in items):
        return Incoming(_plain_batch(items) if batch and value is not None else _plain(value, converter))
    for each in items:
        if not _fits(each, converter):
            raise _refused(each, converter)
    if not batch and items is value and _is_one_message(converter):
        raise UnsupportedValueError(
            f"it takes one message at a time, and got {type_name(value)}.",
            hint="Send them one by one, or give the trigger the cardinality MANY.",
        )
    datum, metadata = converter.to_wire(value)
    return Incoming(datum, metadata)


def _is_batch(binding: Binding) -> bool:
    cardinality = binding.get_dict_repr().get("cardinality")
    return getattr(cardinality, "name", str(cardinality)).upper() == Cardinality.MANY.name


def _is_rich(value: Any, converter: Any) -> bool:
    """Tell whether a value is one of the classes of a service, its own or another's."""
    return isinstance(value, (Message, Row, RowList)) or _is_of(value, converter)


def _is_of(value: Any, converter: Any) -> bool:
    own = tuple(kind for kind in getattr(converter, "input_types", ()) if kind not in (str, bytes))
    return isinstance(value, own)


def _fits(value: Any, converter: Any) -> bool:
    """Tell whether a converter can send a value: of no service with messages of its own, any other's would do."""
    own = getattr(converter, "input_types", ())
    return _is_of(value, converter) or not (own and isinstance(value, Message))


def _is_one_message(converter: Any) -> bool:
    return any(issubclass(kind, Message) for kind in getattr(converter, "input_types", ()))


def _plain(value: Any, converter: Any) -> Datum:
    if value is None:
        return Datum(None, None)
    if isinstance(value, str):
        return Datum(value, "string")
    if is_buffer(value):
        return Datum(bytes(value), "bytes")
    if is_list(value) or isinstance(value, tuple) or carries_json(value):
        return Datum(dumps(value), "json")
    raise _refused(value, converter)


def _plain_batch(items: list[Any]) -> Datum:
    if items and all(is_buffer(each) for each in items):
        return Datum([bytes(each) for each in items], "collection_bytes")
    return Datum([each if isinstance(each, str) else dumps(each) for each in items], "collection_string")


def _refused(value: Any, converter: Any) -> UnsupportedValueError:
    own = [kind.__name__ for kind in getattr(converter, "input_types", ()) if kind not in (str, bytes)]
    return UnsupportedValueError(
        f"it got {type_name(value)}.",
        hint=f"Give it {', '.join([*own, 'str, bytes, or what JSON can hold'])}; or a Datum, as the host sends it.",
    )
