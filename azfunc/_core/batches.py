"""Batches: several messages in one call, their cardinality and their wire form.

A trigger with a field ``cardinality`` can start a function for one message or for several. Which of the two it is
stands in the annotation too, ``list[ServiceBusMessage]`` or ``ServiceBusMessage``, and so it need not be said twice.
"""

from __future__ import annotations

from functools import partial

from azfunc._core.checks import is_buffer, is_list
from azfunc._core.enums import WireEnum
from azfunc._core.errors import DefinitionError
from azfunc._core.failures import UnsupportedValueError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Literal, TypeAlias, TypeVar

    from azfunc._core.binding import Trigger
    from azfunc._core.datum import Datum

    TriggerT = TypeVar("TriggerT", bound=Trigger)

    CardinalityName: TypeAlias = Literal["one", "ONE", "many", "MANY"]
    """Text that stands for a `Cardinality`."""


# --- cardinality ------------------------------------------------------------------------------------------------------


class Cardinality(WireEnum):
    """Whether a function is started for one message or for a batch of them."""

    ONE = "one"
    """Once for each message."""
    MANY = "many"
    """Once for a batch; the argument is a list."""


def settle_cardinality(
    trigger: TriggerT, func: Callable[..., Any], *, function_name: str, location: str | None = None
) -> TriggerT:
    """Give a trigger with the cardinality that the annotation of its parameter says.

    What the decorator was given stays. When it was given none, the annotation decides: ``list[X]`` is MANY. When that
    says nothing either, the default of the trigger's class stands, if it has one.

    Args:
        trigger: A trigger whose class has a field ``cardinality``.
        func: The user function.
        function_name: Its name, for the error.
        location: Where it is written, for the error.

    Returns:
        The trigger itself if nothing changes, else a copy.

    Raises:
        DefinitionError: The decorator and the annotation contradict each other.
    """
    given = getattr(trigger, "cardinality", None)
    annotation = parameter_annotation(func, trigger.name)
    said = cardinality_of(annotation)
    if given is None:
        # ONE is what the host does without being told.
        settled = said if said is Cardinality.MANY else getattr(type(trigger), "cardinality", None)
        return _with_cardinality(trigger, settled) if isinstance(settled, Cardinality) else trigger
    if said is None or str(given).upper() == said.name:
        return trigger
    written = _written(annotation)
    other = "a list of them" if said is Cardinality.ONE else "the class of one message"
    raise DefinitionError(
        f"The {trigger.type} of function {function_name!r} has cardinality {str(given).upper()}, and its parameter "
        f"{trigger.name!r} is annotated as {written}.",
        hint=f"Leave the cardinality out, since the annotation says {said.name}, or annotate {trigger.name!r} as "
        f"{other}.",
        function_name=function_name,
        binding_name=trigger.name,
        location=location,
    )


def cardinality_of(annotation: Any) -> Cardinality | None:
    """Give the cardinality that an annotation says.

    Args:
        annotation: What stands at the parameter, resolved.

    Returns:
        MANY for a list, or another collection of something, ONE for a message type, None for what says nothing:
        no annotation, `Any`, a union of both.
    """
    if annotation is None or _is_plain_class(annotation):
        return _of_class(annotation)
    from typing import get_origin

    from azfunc._core.annotations import alternatives, item_type

    found = {
        _of_class(get_origin(each) or each) if item_type(each) is None else Cardinality.MANY
        for each in alternatives(annotation)
    }
    return found.pop() if len(found) == 1 else None


def _of_class(annotation: Any) -> Cardinality | None:
    from azfunc._core.message import Message

    if annotation is list:
        return Cardinality.MANY
    return Cardinality.ONE if _is_plain_class(annotation) and issubclass(annotation, Message) else None


def parameter_annotation(func: Callable[..., Any], parameter: str) -> Any:
    """Give the annotation of one parameter, with text resolved, or None if there is none that can be resolved."""
    function: Any = func
    while isinstance(function, partial):
        function = function.func
    if not hasattr(function, "__code__") and not hasattr(function, "__wrapped__"):
        function = type(function).__call__
    try:
        annotation = function.__annotations__.get(parameter)
        return annotation if annotation is None or _is_plain_class(annotation) else _resolved(function, annotation)
    except Exception:  # noqa: BLE001  # text can name anything; what cannot be resolved says nothing
        return None


def annotations_of(func: Callable[..., Any]) -> dict[str, Any]:
    """Give the resolved annotations of a function; one that cannot be resolved as it is written."""
    import inspect

    signature = inspect.signature(func)
    written = {name: each.annotation for name, each in signature.parameters.items()}
    written["return"] = signature.return_annotation
    found = {name: each for name, each in written.items() if each is not signature.empty}
    resolved = {name: parameter_annotation(func, name) for name in found}
    return {name: each if resolved[name] is None else resolved[name] for name, each in found.items()}


def _resolved(function: Any, annotation: Any) -> Any:
    import types
    import typing

    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    holder: Any = types.SimpleNamespace(__annotations__={"it": annotation})
    return typing.get_type_hints(holder, function.__globals__, include_extras=True)["it"]


def _with_cardinality(trigger: TriggerT, cardinality: Cardinality) -> TriggerT:
    made = trigger.replace(cardinality=cardinality)
    if "cardinality" not in trigger.init_params or "cardinality" in trigger.extra_fields:
        made.add_extra_fields({"cardinality": cardinality})  # a generic trigger declares no fields of its own
    return made


def _is_plain_class(annotation: Any) -> bool:
    # On Python 3.10 list[int] is an instance of type too.
    return isinstance(annotation, type) and not hasattr(annotation, "__args__")


def _written(annotation: Any) -> str:
    """Give an annotation as it is written: names without their modules."""
    import re

    text = annotation.__name__ if _is_plain_class(annotation) else repr(annotation)
    return re.sub(r"\b\w+\.", "", text)


# --- wire form --------------------------------------------------------------------------------------------------------


def bodies_of(data: Any) -> list[bytes]:
    """Give the bodies of a batch: of ``collection_bytes``, ``collection_string`` or a list as ``json``.

    Args:
        data: The datum, of whichever library.

    Raises:
        UnsupportedValueError: Another wire type, or JSON that is no list.
        ConversionError: The text of a ``json`` datum is no JSON.
    """
    from azfunc._core.datum import Datum, decode_datum
    from azfunc._core.jsonlib import dumps

    kind = getattr(data, "type", None)
    found = decode_datum(Datum(data.value, kind)) if kind in _BATCH_TYPES else None
    if not is_list(found):
        raise UnsupportedValueError(
            f"unable to decode multiple messages with data type {kind}",
            hint="The host sends a batch as collection_bytes, collection_string or a list as json.",
        )
    if kind == "collection_bytes":
        return [bytes(each) for each in found]
    return [(each if kind == "collection_string" else dumps(each)).encode("utf-8") for each in found]


_BATCH_TYPES = ("collection_bytes", "collection_string", "json")


def batch_to_wire(messages: Sequence[Any]) -> tuple[Datum, dict[str, Datum]]:
    """Give the datum and the trigger metadata that a batch would have come from; `bodies_of` is the inverse.

    Args:
        messages: Messages; among them may stand plain data, which become messages without metadata: text and bytes as
            they are, what else JSON can hold as JSON.

    Raises:
        UnsupportedValueError: What JSON cannot hold.
    """
    from azfunc._core.datum import Datum
    from azfunc._core.message import Message
    from azfunc._core.metadata import Metadata

    own = [Metadata(each.to_metadata()).as_dict() if isinstance(each, Message) else {} for each in messages]
    keys = dict.fromkeys(key for each in own for key in each)
    arrays = {f"{key}Array": _array([each.get(key) for each in own]) for key in keys}
    bodies = [each.get_body() if isinstance(each, Message) else _plain_body(each) for each in messages]
    return Datum(bodies, "collection_bytes"), arrays


def _plain_body(value: Any) -> bytes:
    from azfunc._core.jsonlib import dumps

    if is_buffer(value):
        return bytes(value)
    return (value if isinstance(value, str) else dumps(value)).encode("utf-8")


def _array(values: list[Any]) -> Datum:
    from azfunc._core.datum import Datum
    from azfunc._core.jsonlib import dumps

    return Datum(dumps(values), "json")
