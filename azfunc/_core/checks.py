"""Checks whose result type checkers know: after ``isinstance(value, dict)`` its keys and values are unknown to them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import TypeIs

MODEL_MARKS = ("model_dump", "parse_obj")
"""What the models of pydantic have, those of its releases 2 and 1; they iterate over pairs, and are objects in JSON."""

OBJECT_MARKS = ("keys", "__dataclass_fields__", "to_dict", *MODEL_MARKS)
"""What classes have whose values are one JSON object each: mappings, dataclasses, ``to_dict()``, models."""


def is_dict(value: object) -> TypeIs[dict[Any, Any]]:
    """Tell whether a value is a dict."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[Any]]:
    """Tell whether a value is a list."""
    return isinstance(value, list)


def is_sequence(value: object) -> TypeIs[list[Any] | tuple[Any, ...]]:
    """Tell whether a value is a list or a tuple."""
    return isinstance(value, (list, tuple))


def is_buffer(value: object) -> TypeIs[bytes | bytearray | memoryview[int]]:
    """Tell whether a value is bytes in one of their forms."""
    return isinstance(value, (bytes, bytearray, memoryview))


def has_any(kind: Any, names: tuple[str, ...]) -> bool:
    """Tell whether a class has one of some attributes."""
    return any(hasattr(kind, name) for name in names)


def class_of(value: object) -> Any:
    """Give the class of a value, as something that may have any attribute."""
    return type(value)


def untyped(value: object) -> Any:
    """Give a value as one that checkers know nothing of, where what is known would be wrong."""
    return value
