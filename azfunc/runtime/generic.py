"""What a value is in Python when its binding type has no converter: text, bytes, or plain data.

Source: Azure's Python worker, generic binding; reference 1.26.0 has no converter for such types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_buffer, is_sequence
from azfunc._core.converter import InConverter, OutConverter, carries_json
from azfunc._core.datum import Datum, decode_datum
from azfunc._core.failures import UnsupportedValueError
from azfunc._core.message import Message
from azfunc._core.text import type_name

if TYPE_CHECKING:
    from collections.abc import Mapping


class GenericConverter(InConverter, OutConverter):
    """Takes and gives text, bytes and plain data, for types that no converter is registered for."""

    @classmethod
    def has_implicit_output(cls) -> bool:
        """Tell that a return value goes back to the trigger."""
        return True

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> Any:
        """Give text and JSON as text, bytes as bytes, numbers as numbers, collections as lists."""
        if data.type == "json":
            return data.value
        return decode_datum(Datum(data.value, data.type))

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Give the datum of plain data."""
        datum = cls.encode(value, expected_type=None)
        return datum or Datum(None, None), {}

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any) -> Datum | None:
        """Send text as text, bytes as bytes, everything else that JSON can hold as JSON.

        Raises:
            UnsupportedValueError: What JSON cannot hold, or a message of a service, in a list too.
        """
        from azfunc._core.jsonlib import dumps

        if obj is None:
            return None
        if isinstance(obj, str):
            return Datum(obj, "string")
        if is_buffer(obj):
            return Datum(bytes(obj), "bytes")
        if not (is_sequence(obj) or carries_json(obj)):
            raise _refuse(obj)
        message = next((each for each in obj if isinstance(each, Message)), None) if is_sequence(obj) else None
        if message is not None:
            raise _refuse(obj, why=f"{type_name(message)} is a message of a service")
        try:
            return Datum(dumps(obj), "json")
        except (TypeError, ValueError, RecursionError) as error:
            raise _refuse(obj, why=str(getattr(error, "message", error))) from error


def _refuse(obj: Any, *, why: str = "") -> UnsupportedValueError:
    return UnsupportedValueError(
        f"a generic output got {type_name(obj)}{f': {why}' if why else ''}.",
        hint="Give it str, bytes, or what JSON can hold.",
    )
