"""How Durable Functions write values as JSON text, and which classes they make again when they read it.

Plain data is plain JSON. An object of a class with ``to_json()`` and ``from_json()`` is written as
``{"__class__": ..., "__module__": ..., "__data__": ...}``, the format of `azure-functions-durable`.

A payload comes from the storage of the task hub, so what it asks for is not done just because it asks: reading never
imports a module, and a class is made again only if it is what the caller expects, was named with `durable_type`, or
is already imported and has both methods, which a class has only to be written and read so.

Docs: Data persistence and serialization in Durable Functions, "Custom serialization".
"""

from __future__ import annotations

from azfunc._core.checks import class_of, is_buffer, is_dict, is_list, is_sequence
from azfunc._core.converter import carries_json
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.text import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")

STRICT_SETTING = "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING"
"""Environment variable that lets an object be read only where its class is expected; ``1``, ``true`` or ``yes``."""
TRUE = frozenset({"1", "true", "yes"})
"""What switches the strict mode on, in any letter case."""
KEYS = frozenset({"__class__", "__module__", "__data__"})
"""Keys of an object that stands for one of a class."""
LOGGER = "azfunc.durable"
"""Name of the logger that tells of a value which is not what was expected."""

_allowed: dict[tuple[str, str], type] = {}


class DurablePayloadError(ConversionError, AttributeError, TypeError):
    """A payload asks for a class that is not there, or that may not be made from a payload."""


def durable_type(cls: type[T]) -> type[T]:
    """Let payloads of Durable Functions hold objects of a class, wherever it stands.

    A class at the top of its module that has ``to_json()`` and ``from_json()`` needs no mention; this is for one
    inside of another class or of a function, or one that has `from_json` alone.

    Args:
        cls: The class; its ``from_json()`` is a static or class method that takes what ``to_json()`` gave.

    Returns:
        The class, so that it serves as a decorator.

    Raises:
        ArgumentTypeError: The class has no ``from_json()``.

    Example:
        >>> @func.durable_type
        ... class Order:
        ...     def __init__(self, number: int) -> None:
        ...         self.number = number
        ...     @staticmethod
        ...     def to_json(order: "Order") -> str:
        ...         return str(order.number)
        ...     @classmethod
        ...     def from_json(cls, text: str) -> "Order":
        ...         return cls(int(text))

    Source: Data persistence and serialization in Durable Functions, "Custom serialization"; the list is azfunc's own.
    """
    given: Any = cls
    if not isinstance(given, type) or not callable(getattr(given, "from_json", None)):
        raise ArgumentTypeError(
            f"{cls!r} has no from_json(), and cannot be made from a payload.",
            hint="Give it to_json() and from_json(), or send plain data such as a dict.",
        )
    _allowed[cls.__module__, cls.__name__] = cls
    return cls


def is_strict() -> bool:
    """Tell whether the environment asks for the strict mode."""
    import os

    return os.environ.get(STRICT_SETTING, "").strip().lower() in TRUE


def has_protocol(cls: Any) -> bool:
    """Tell whether a class has both methods, and so is meant to be written and read."""
    return (
        isinstance(cls, type) and callable(getattr(cls, "to_json", None)) and callable(getattr(cls, "from_json", None))
    )


def stands_for_object(value: Any) -> bool:
    """Tell whether a JSON value stands for an object of a class."""
    return is_dict(value) and value.keys() >= KEYS


# --- writing ----------------------------------------------------------------------------------------------------------


def dumps(value: Any) -> str:
    """Write a value as the JSON text of a payload.

    Unlike the reference, a dataclass, a date, a `Decimal`, a `UUID`, an enum and a set are written too, by the rules
    that hold for every output; they are read as plain data.

    Args:
        value: Plain data, or objects of classes with ``to_json()`` in it.

    Raises:
        UnsupportedValueError: A value that has no form in JSON, such as bytes.
        ValueError: A value that holds itself.
    """
    import json

    if is_strict() and _has_to_json(value):
        return json.dumps(serialize_object(value))
    return json.dumps(value if is_strict() else _without_rows(value), default=serialize_default() or _plain)


def _without_rows(value: Any) -> Any:
    """Give a value with the JSON form of the rows in it: being dicts, they are written without a question otherwise."""
    kind = class_of(value)
    if issubclass(kind, (dict, list, tuple)) and has_protocol(kind):
        return serialize_object(value)
    if is_dict(value):
        return {key: _without_rows(each) for key, each in value.items()}
    if is_sequence(value):
        return [_without_rows(each) for each in value]
    return value


def serialize_default() -> Callable[[Any], Any] | None:
    """Give what ``json.dumps(default=...)`` needs for the objects in a payload; None in strict mode, which has none."""
    return None if is_strict() else serialize_object


def serialize_object(value: Any) -> Any:
    """Give the JSON form of something that is no plain data.

    Raises:
        UnsupportedValueError: It has none.
    """
    if _has_to_json(value):
        cls = class_of(value)
        return {"__class__": cls.__name__, "__module__": cls.__module__, "__data__": cls.to_json(value)}
    return _plain(value)


def _has_to_json(value: Any) -> bool:
    # A message of a service has to_json() and nothing that reads it.
    from azfunc._core.message import Message

    return not isinstance(value, (type, Message)) and callable(getattr(class_of(value), "to_json", None))


def _plain(value: Any) -> Any:
    if is_strict() and _has_to_json(value):
        raise UnsupportedValueError(
            f"Object of type {type(value).__name__} is not JSON serializable",
            hint=f"With {STRICT_SETTING} an object is sent alone, not within a list or a dict.",
        )
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, (set, frozenset)):
        return list(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if is_buffer(value) or not carries_json(value):
        raise UnsupportedValueError(
            f"class {type(value)} does not expose a `to_json` function",
            hint=f"A payload is JSON, and {type_name(value)} has no form in it. "
            "Give plain data, a dataclass, or a class with to_json() and from_json().",
        )
    from azfunc._core import jsonlib

    return jsonlib.loads(jsonlib.dumps(value))


# --- reading ----------------------------------------------------------------------------------------------------------


def loads(text: str | bytes, expected_type: Any = None) -> Any:
    """Read the JSON text of a payload.

    Args:
        text: The text.
        expected_type: Class or annotation of what should come out; the classes in it are made without asking further.

    Returns:
        The value. One that is not what was expected is given all the same, with a warning in the log; in strict mode
        it is an error.

    Raises:
        JsonDecodeError: It is no JSON.
        DurablePayloadError: It asks for a class that is not imported, or that may not be made from a payload.
    """
    from azfunc._core import jsonlib

    value = jsonlib.loads(text, what="the payload")
    expected = _classes_of(expected_type)
    if is_strict():
        return _strictly(value, expected_type, expected)
    if stands_for_object(value) and expected and _expected(value, expected) is None:
        _warn(_mismatch(value, expected_type))
    made = _revived(value, expected)
    if not stands_for_object(value) and not fits(made, expected_type):
        _warn(_unfit(made, expected_type))
    return made


def revive_object(value: dict[str, Any]) -> Any:
    """Give the object that a dict stands for, or the dict itself if it stands for none.

    Raises:
        DurablePayloadError: It asks for a class that is not imported, or that may not be made from a payload.
    """
    return _revive(value, ())


def _strictly(value: Any, expected_type: Any, expected: tuple[type, ...]) -> Any:
    if not stands_for_object(value):
        if not fits(value, expected_type):
            raise DurablePayloadError(_unfit(value, expected_type), hint="Change the payload, or what is expected.")
        return value
    if expected_type is None:
        raise DurablePayloadError(
            "df_loads: strict mode requires expected_type to deserialize custom-object payloads, but none was "
            f"provided. Payload declares {_declared(value)}.",
            hint=f"Say which class is expected, or unset {STRICT_SETTING}.",
        )
    cls = _expected(value, expected)
    if cls is None:
        raise DurablePayloadError(_mismatch(value, expected_type), hint="Change the payload, or what is expected.")
    return _made(cls, value)


def _revived(value: Any, expected: tuple[type, ...]) -> Any:
    """Give a value with the objects that dicts in it stand for, the innermost first."""
    if is_list(value):
        return [_revived(each, expected) for each in value]
    if is_dict(value):
        return _revive({key: _revived(each, expected) for key, each in value.items()}, expected)
    return value


def _revive(value: dict[str, Any], expected: tuple[type, ...]) -> Any:
    if not stands_for_object(value):
        return value
    module, name = value["__module__"], value["__class__"]
    if not (isinstance(module, str) and isinstance(name, str)):
        raise DurablePayloadError(
            f"attribute name must be string, not '{type(name).__name__}'", hint="The payload names no class."
        )
    return _made(_expected(value, expected) or _allowed.get((module, name)) or _imported(module, name), value)


def _made(cls: Any, value: dict[str, Any]) -> Any:
    if not callable(getattr(cls, "from_json", None)):
        raise DurablePayloadError(
            f"class {cls} does not expose a `from_json` function", hint="Give it from_json(), or expect plain data."
        )
    return cls.from_json(value["__data__"])


def _imported(module: str, name: str) -> type:
    """Give a class that is imported already and meant to be read from payloads."""
    import sys

    loaded = sys.modules.get(module)
    if loaded is None:
        raise DurablePayloadError(
            f"cannot deserialize custom object: module '{module}' is not loaded in sys.modules",
            hint="Import the module where the app starts; a payload cannot import one.",
        )
    # Not getattr(): a module may import what is asked for.
    found = vars(loaded).get(name)
    if found is None:
        raise DurablePayloadError(
            f"cannot deserialize custom object: class '{name}' not found in module '{module}'",
            hint="Put the class at the top of its module, or name it with @func.durable_type.",
        )
    if not has_protocol(found) or (found.__module__, found.__name__) != (module, name):
        raise DurablePayloadError(
            f"class {found} does not expose a `from_json` function",
            hint="Only a class with both to_json() and from_json(), under its own name, is made from a payload; "
            "@func.durable_type lets another one be.",
        )
    return found  # type: ignore[no-any-return]  # has_protocol() is true of classes alone


def _classes_of(annotation: Any) -> tuple[type, ...]:
    """Give the classes that an annotation speaks of: X of ``X``, ``X | None``, ``list[X]`` and ``dict[str, X]``."""
    import typing

    if annotation is None:
        return ()
    if isinstance(annotation, type) and typing.get_origin(annotation) is None:
        return (annotation,)
    return tuple(cls for each in typing.get_args(annotation) for cls in _classes_of(each))


def _expected(value: dict[str, Any], expected: tuple[type, ...]) -> type | None:
    asked = (value["__module__"], value["__class__"])
    return next((cls for cls in expected if (cls.__module__, cls.__name__) == asked), None)


def fits(value: Any, expected_type: Any) -> bool:
    """Tell whether a value is of the class that is expected; every value is, where that is no plain class."""
    import typing

    plain_class = isinstance(expected_type, type) and typing.get_origin(expected_type) is None
    return not plain_class or isinstance(value, expected_type)


def _declared(value: dict[str, Any]) -> str:
    return f"{value['__module__']}.{value['__class__']}"


def _mismatch(value: dict[str, Any], expected_type: Any) -> str:
    cls = f"{expected_type.__module__}.{expected_type.__qualname__}" if isinstance(expected_type, type) else None
    return f"df_loads: payload declares class {_declared(value)} but expected {cls or expected_type}"


def _unfit(value: Any, expected_type: Any) -> str:
    found = type(value).__name__
    return f"df_loads: deserialized value ({found}) is not compatible with expected type {expected_type}"


def _warn(text: str) -> None:
    import logging

    logging.getLogger(LOGGER).warning(text)
