"""JSON with the host: reading, writing, and the rules for values that JSON does not know."""

from __future__ import annotations

import io
import json
from enum import Enum
from functools import cache

from azfunc._core.checks import MODEL_MARKS, class_of, has_any, is_buffer, untyped
from azfunc._core.enums import WireEnum
from azfunc._core.errors import ArgumentTypeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from azfunc._core.failures import UnsupportedValueError

_scan: Callable[[str, int], tuple[Any, int]] = untyped(json.JSONDecoder()).scan_once


def loads(text: str | bytes, *, what: str = "text", charset: str | None = None) -> Any:
    """Read a JSON value.

    Args:
        text: Text, or bytes in `charset`; a byte order mark is skipped.
        what: What is read, for the error: ``the body of the QueueMessage``.
        charset: Encoding of bytes; UTF-8, UTF-16 or UTF-32 as the first bytes show when left out.

    Raises:
        JsonDecodeError: It is no JSON, or no text in that encoding; has the position.
    """
    if isinstance(text, bytes):
        text = _decoded(text, what, charset)
    try:
        # json.loads() looks for white space around the value too, at six times the cost for a short one.
        value, end = _scan(text, 0)
        if end == len(text) or not text[end:].strip(" \t\r\n"):
            return value
    except (ValueError, RecursionError, StopIteration):
        pass  # said below, for the text as a whole
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        from azfunc._core.json_error import JsonDecodeError

        hint = f"There is no JSON in {what}: it is empty." if not text else f"There is no valid JSON in {what}."
        raise JsonDecodeError(error.msg, error.doc, error.pos, hint=hint) from None
    except (ValueError, RecursionError) as error:
        from azfunc._core.json_error import JsonDecodeError

        hint = f"A number in {what} is too long, or lists and objects in it are nested too deeply."
        raise JsonDecodeError(str(error), text, 0, hint=hint) from error


def _decoded(body: bytes, what: str, charset: str | None) -> str:
    encoding = charset or json.detect_encoding(body)
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        from azfunc._core.json_error import JsonDecodeError

        position = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise JsonDecodeError(
            f"{str(error).capitalize()}", body.decode("latin-1"), position, hint=f"Could not read {what} as {encoding}."
        ) from error


def dumps(value: Any, *, allow_nan: bool = True) -> str:
    """Write a value as JSON.

    Dates and times become ISO 8601 text, a `timedelta` the host's ``d.hh:mm:ss``, a `Decimal` a number when a JSON
    number holds it exactly and else text, a `UUID` its usual text, bytes Base64 text, an enum its value, a dataclass
    an object, a set or another iterable a list, an object with ``to_dict()`` what that gives, and a model of pydantic
    the JSON of its own serializers, under its aliases. A file with ``to_dict()``, such as a blob, is refused, since its
    content does not stand there.

    Args:
        value: The value.
        allow_nan: Write NaN and infinities as Python reads them back; other readers of JSON do not know them.

    Raises:
        UnsupportedValueError: A value that none of the rules covers, a model that its own serializers cannot write, or
            a key of a dict that is no text or number.
        ValueError: NaN or an infinity that is not allowed, or a value that holds itself.
    """
    try:
        return json.dumps(value, default=_plain, allow_nan=allow_nan)
    except TypeError as error:
        if not str(error).startswith("keys must be"):
            raise
        from azfunc._core.failures import UnsupportedValueError

        raise UnsupportedValueError(
            str(error), hint="JSON has text as keys; turn the keys of the dict into text."
        ) from None


def dump_definition(value: Any) -> str:
    """Write an entry of function.json: as `dumps`, but an enum is written by its text.

    Raises:
        ArgumentTypeError: A value that JSON does not know; fields of function.json are plain.
    """
    return _definitions.encode(value)


def _definition(value: Any) -> Any:
    if isinstance(value, WireEnum):
        return str(value)
    from azfunc._core.text import short

    raise ArgumentTypeError(
        f"Object of type {type(value).__name__} is not JSON serializable",
        hint=f"Fields of function.json are text, numbers, booleans, and lists and dicts of them, not {short(value)}.",
    )


_definitions = json.JSONEncoder(default=_definition, check_circular=False)  # fields that hold themselves are no fields


@cache
def _modules() -> Any:
    """Give the modules of what is written, which an app that returns text and dicts of text never loads."""
    import dataclasses
    import datetime
    import decimal
    import uuid
    from types import SimpleNamespace

    from azfunc._core import times

    return SimpleNamespace(dataclasses=dataclasses, datetime=datetime, decimal=decimal, times=times, uuid=uuid)


def _plain(value: Any) -> Any:
    known = _modules()
    datetime = known.datetime
    if isinstance(value, type):
        raise _unknown(untyped(value))
    if hasattr(value, "to_dict"):
        if isinstance(value, io.IOBase):
            raise _unread(value)
        return value.to_dict()
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return known.times.format_timedelta(value)
    if isinstance(value, known.decimal.Decimal):
        return _decimal(value)
    if isinstance(value, known.uuid.UUID):
        return str(value)
    if is_buffer(value):
        import base64

        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Enum):
        return value.value
    return _collected(value)


def _collected(value: Any) -> Any:
    """Give a value that consists of others as a dict or a list."""
    known, plain = _modules(), untyped(value)
    if has_any(class_of(plain), MODEL_MARKS):
        return model_data(plain)
    if known.dataclasses.is_dataclass(plain):
        return {each.name: getattr(value, each.name) for each in known.dataclasses.fields(plain)}
    if hasattr(plain, "keys") and hasattr(plain, "__getitem__"):
        return {key: plain[key] for key in plain.keys()}  # noqa: SIM118  # not every mapping iterates over its keys
    if hasattr(plain, "__iter__"):
        return list(plain)
    raise _unknown(value)


def model_data(model: Any) -> Any:
    """Give what a model of pydantic is in JSON, under its aliases: an object, or what a model of one value holds.

    Raises:
        UnsupportedValueError: Its own serializers cannot write it, such as bytes that are no text.
    """
    try:
        if hasattr(class_of(model), "model_dump"):
            return model.model_dump(mode="json", by_alias=True)
        return json.loads(model.json(by_alias=True))
    except (ValueError, TypeError) as error:
        from azfunc._core.failures import UnsupportedValueError

        raise UnsupportedValueError(
            f"{type(model).__name__} cannot be written as JSON: {error}",
            hint="Give the field a serializer, or leave it out with Field(exclude=True).",
        ) from error


def _unknown(value: object) -> UnsupportedValueError:
    from azfunc._core.failures import UnsupportedValueError

    return UnsupportedValueError(
        f"Object of type {type(value).__name__} is not JSON serializable",
        hint="Give it a to_dict() method, make it a dataclass, or turn it into plain data first.",
    )


def _unread(file: object) -> UnsupportedValueError:
    from azfunc._core.failures import UnsupportedValueError

    return UnsupportedValueError(
        f"Object of type {type(file).__name__} is not JSON serializable: give what its read() or its to_dict() gives",
        hint="Its to_dict() is without its content. Bytes become Base64 text; read().decode() gives text.",
    )


def _decimal(value: Any) -> Any:
    if value == value.to_integral_value() and value.is_finite() and abs(value.adjusted()) < 64:
        return int(value)
    as_float = float(value)
    if value.is_finite() and type(value)(repr(as_float)) == value:
        return as_float
    return str(value)
