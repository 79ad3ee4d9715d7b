"""`JsonDecodeError`, loaded when text is no JSON."""

from __future__ import annotations

import json

from azfunc._core.failures import ConversionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class JsonDecodeError(ConversionError, json.JSONDecodeError):
    """A body is no JSON. It is a `json.JSONDecodeError` too, and so a ValueError.

    Args:
        msg: What is wrong, without the position.
        doc: The text that was read.
        pos: Index of the character where it goes wrong.
        hint: What to do about it.
    """

    def __init__(self, msg: str, doc: str, pos: int, *, hint: str = "") -> None:
        json.JSONDecodeError.__init__(self, msg, doc, pos)
        text = str(self.args[0])
        ConversionError.__init__(self, text, hint=hint)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.msg, self.doc, self.pos), {"hint": self.hint})
