"""Checks whose result type checkers know: after ``isinstance(value, dict)`` its keys and values are unknown to them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import TypeIs


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


def class_of(value: object) -> Any:
    """Give the class of a value, as something that may have any attribute."""
    return type(value)


def untyped(value: object) -> Any:
    """Give a value as one that checkers know nothing of, where what is known would be wrong."""
    return value
