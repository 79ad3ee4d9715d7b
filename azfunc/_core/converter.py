"""Converters: between a Datum and what a function gets or gives.

A converter registers itself for its binding types when its class is made::

    class QueueMessageInConverter(InConverter, binding="queueTrigger", trigger=True): ...

`decode` turns a Datum into a Python value, `to_wire` is its inverse, `encode` turns what a function gives into a
Datum. All are class methods; converters have no instances.
"""

from __future__ import annotations

from abc import ABCMeta

from azfunc._core.annotations import accepts
from azfunc._core.checks import MODEL_MARKS, OBJECT_MARKS, class_of, has_any, is_buffer
from azfunc._core.datum import Datum
from azfunc._core.failures import UnsupportedValueError
from azfunc._core.registry import registry
from azfunc._core.text import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, ClassVar

    from azfunc._core.message import Message


class _Converter:
    """What input and output converters have in common: their registration."""

    _trigger: ClassVar[bool | None] = None

    def __init_subclass__(
        cls, *, binding: str | Sequence[str] | None = None, trigger: bool | None = None, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        if trigger is not None:
            cls._trigger = trigger
        if binding is not None:
            for each in (binding,) if isinstance(binding, str) else binding:
                registry.add(each, cls)

    @classmethod
    def has_trigger_support(cls) -> bool:
        """Tell whether the converter serves a trigger."""
        return cls._trigger is not None

    @classmethod
    def has_implicit_output(cls) -> bool:
        """Tell whether the function's return value goes back to the trigger without an output binding."""
        return False


class InConverter(_Converter):
    """Turns what the host sends into the argument of the function."""

    input_types: ClassVar[tuple[type, ...]] = ()
    """Classes a parameter may be annotated with."""
    input_many: ClassVar[bool] = False
    """Whether a list of them is possible too."""

    @classmethod
    def check_input_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a parameter may be annotated so; ``X | None``, ``Annotated`` and lists are looked into."""
        return accepts(pytype, cls.input_types, cls.input_types if cls.input_many else ())

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> Any:
        """Turn a Datum into the argument.

        Args:
            data: What the host sends.
            trigger_metadata: What it sends beside it, by name.

        Raises:
            ConversionError: The value cannot be read.
        """
        raise _missing_method(cls, "decode")

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Turn an argument back into what the host would have sent: the Datum and the trigger metadata.

        ``decode(*to_wire(value))`` equals the value; the test client sends messages through it.

        Raises:
            UnsupportedValueError: A value that the host would never send here.
        """
        raise _missing_method(cls, "to_wire")


class OutConverter(_Converter):
    """Turns what the function gives into what the host sends on."""

    output_types: ClassVar[tuple[type, ...]] = ()
    """Classes a return value or an out parameter may be annotated with."""
    output_item_types: ClassVar[tuple[type, ...]] = ()
    """Classes whose lists are possible too."""

    @classmethod
    def check_output_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a return value may be annotated so; ``X | None``, ``Annotated`` and lists are looked into."""
        return accepts(pytype, cls.output_types, cls.output_item_types)

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any) -> Datum | None:
        """Turn what the function gave into a Datum, or None to send nothing.

        Args:
            obj: The value.
            expected_type: What the function's annotation promises, or None.

        Raises:
            UnsupportedValueError: A value that the binding does not take; nothing is sent in part.
        """
        raise _missing_method(cls, "encode")


class Several(metaclass=ABCMeta):  # noqa: B024  # the hook alone says which classes it stands for
    """Stands for the classes whose values are several messages, where an output lists the annotations it takes.

    Those can be iterated over, and are not text, bytes, mappings, files or messages; what the items are they do not
    say.
    """

    @classmethod
    def __subclasshook__(cls, subclass: Any) -> Any:
        return _names_several(subclass) if cls is Several else NotImplemented


class MessageOutConverter(OutConverter):
    """Base for outputs that send messages with a body: one, or a list of them.

    Text is sent as text, bytes as bytes; a mapping, a dataclass, a model of pydantic, a number and what else JSON can
    hold as JSON text; a list, a tuple, a set or a generator as several messages. Nothing is sent for None.
    """

    what: ClassVar[str] = "message"
    """Name of the output in errors: ``queue output``."""
    message_type: ClassVar[type[Message] | None] = None
    """The service's own message type."""

    @classmethod
    def check_output_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a return value may be annotated so: what `encode` takes, alone or as several."""
        types, items = _with_buffers(cls.output_types), _with_buffers(cls.output_item_types)
        return accepts(pytype, (*types, Several) if items else types, items)

    @classmethod
    def encode_message(cls, message: Any) -> Any:
        """Give what is sent for one of the service's own messages: text, bytes, or a value for JSON.

        Raises:
            UnsupportedValueError: It carries properties that the binding cannot send.
        """
        raise _missing_method(cls, "encode_message")

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn a message, or several, into a Datum; see the class."""
        if obj is None:
            return None
        if is_several(obj):
            return Datum(cls._dump([cls._item(each) for each in obj], obj), "json")
        plain = cls._plain(obj)
        if isinstance(plain, str):
            return Datum(plain, "string")
        if isinstance(plain, bytes):
            return Datum(plain, "bytes")
        return Datum(cls._dump(plain, obj), "json")

    @classmethod
    def _plain(cls, obj: Any) -> Any:
        if cls.message_type is not None and isinstance(obj, cls.message_type):
            return cls.encode_message(obj)
        if is_buffer(obj):
            return bytes(obj)
        if isinstance(obj, str):
            return obj
        if not carries_json(obj):
            raise cls.refuse(obj)
        return obj

    @classmethod
    def _item(cls, obj: Any) -> Any:
        """Give one message of several; they travel together as one JSON list, so bytes have to be text."""
        if obj is None:
            raise cls.refuse(obj, why="a message of a list cannot be None")
        plain = cls._plain(obj)
        if not isinstance(plain, bytes):
            return plain
        try:
            return plain.decode("utf-8")
        except UnicodeDecodeError:
            raise cls.refuse(
                obj, why="several messages travel as JSON, which cannot hold bytes that are no UTF-8 text"
            ) from None

    @classmethod
    def _dump(cls, value: Any, obj: Any) -> str:
        from azfunc._core.jsonlib import dumps

        try:
            return dumps(value)
        except (TypeError, ValueError) as error:
            raise cls.refuse(obj, why=str(getattr(error, "message", error))) from error

    @classmethod
    def refuse(cls, obj: Any, *, why: str = "") -> UnsupportedValueError:
        """Make the error for a value that cannot be sent."""
        own = f", {cls.message_type.__name__}" if cls.message_type else ""
        return UnsupportedValueError(
            f"{cls.what} got {type_name(obj)}{f': {why}' if why else ''}.",
            hint=f"Give it str, bytes{own}, a dict, a dataclass, a number, or a list of them.",
        )


def _with_buffers(types: tuple[type, ...]) -> tuple[type, ...]:
    """Give classes with the further forms of bytes, where bytes are among them."""
    return (*types, bytearray, memoryview) if bytes in types else types


class JsonValue(metaclass=ABCMeta):  # noqa: B024  # the hook alone says which classes it stands for
    """Stands for the classes whose objects have a meaning as JSON, where an output lists the annotations it takes.

    Those are plain data, dataclasses, models of pydantic, and classes with ``to_dict()``; not the messages of the
    services.
    """

    @classmethod
    def __subclasshook__(cls, subclass: Any) -> Any:
        return _has_json(subclass) if cls is JsonValue else NotImplemented


def carries_json(obj: Any) -> bool:
    """Tell whether a value has a meaning as JSON: plain data, a dataclass, a model, or an object with ``to_dict()``.

    Messages of other services have not: a request or a timer is nothing to put on a queue.
    """
    return _has_json(class_of(obj))


def _has_json(kind: Any) -> bool:
    from azfunc._core.message import Message

    if issubclass(kind, (bool, int, float, str, dict)):
        return True
    if issubclass(kind, Message):
        return False
    if has_any(kind, OBJECT_MARKS):
        return True
    return kind.__module__ in ("datetime", "decimal", "uuid") or hasattr(kind, "_value2member_map_")


def is_several(obj: Any) -> bool:
    """Tell whether a value is several messages: iterable, and not text, bytes, a mapping or a file."""
    kind = class_of(obj)
    if isinstance(obj, (str, bytes, bytearray, memoryview)) or hasattr(kind, "keys") or hasattr(kind, "read"):
        return False
    if has_any(kind, _ALONE):
        return False
    return hasattr(kind, "__iter__")


def _names_several(kind: Any) -> bool:
    """Tell whether values of a class are several messages; see `is_several`."""
    if issubclass(kind, (str, bytes, bytearray, memoryview)) or hasattr(kind, "keys") or hasattr(kind, "read"):
        return False
    return hasattr(kind, "__iter__") and not has_any(kind, _ALONE)


_ALONE = ("__dataclass_fields__", "_value2member_map_", *MODEL_MARKS)
"""What classes have whose values are one, although the class of an enum has an __iter__, and a model gives pairs."""


def _missing_method(cls: type, method: str) -> UnsupportedValueError:
    return UnsupportedValueError(
        f"{cls.__name__} has no {method}().", hint=f"A converter that serves this direction defines {method}()."
    )
