"""Values as short text, for reprs and error messages."""

from __future__ import annotations

from azfunc._core.checks import is_sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_SHOWN_BYTES = 40


def short(value: object) -> str:
    """Give a repr that is cut after some forty characters, with the size of what was cut."""
    if isinstance(value, (str, bytes)) and len(value) > _SHOWN_BYTES:
        return f"{value[:_SHOWN_BYTES]!r}... {_size(len(value), 'B' if isinstance(value, bytes) else 'characters')}"
    text = repr(value)
    if len(text) > 3 * _SHOWN_BYTES:
        return f"{text[: 3 * _SHOWN_BYTES]}..."
    return text


def call_text(name: str, arguments: Iterable[tuple[str, Any]]) -> str:
    """Give the text of a keyword call, such as ``QueueMessage(id='7', body=b'hi')``."""
    return f"{name}({', '.join(f'{key}={short(value)}' for key, value in arguments)})"


def type_name(value: object) -> str:
    """Give how a person calls the type of a value: ``int``, ``list of Document``, ``None``."""
    if value is None:
        return "None"
    name = type(value).__name__
    if is_sequence(value) and value:
        kinds = dict.fromkeys(type(each).__name__ for each in value)
        return f"{name} of {' and '.join(kinds)}"
    return name


def _size(count: int, unit: str) -> str:
    if unit != "B":
        return f"{count} {unit}"
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
