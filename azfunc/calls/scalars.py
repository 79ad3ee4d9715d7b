"""Reading single values: text, numbers, dates and what else JSON writes as one text or number."""

from __future__ import annotations

import base64
import datetime
import decimal
import enum
import math
import re
import uuid
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import class_of
from azfunc._core.times import parse_datetime, parse_timedelta

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azfunc.calls.problems import Place, Problems, Reader

_ISO_DATE_LENGTH = 10
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
"""A number as text; Python itself reads spaces, underscores, digits of other scripts and ``nan`` too."""


def anything(value: Any, _place: Place, _problems: Problems) -> Any:
    """Read what is there."""
    return value


def _exactly(kind: type, wanted: str) -> Reader:
    def read(value: Any, place: Place, problems: Problems) -> Any:
        return value if type(value) is kind else problems.wrong(place, wanted, value)

    return read


def _float(value: Any, place: Place, problems: Problems) -> Any:
    if type(value) is float and math.isfinite(value):
        return value
    if type(value) is not int:
        return problems.wrong(place, WANTED[float], value)
    try:
        return float(value)
    except OverflowError:
        return problems.add(place, f"wanted {WANTED[float]}, got one of more than 308 digits")


def _decimal(value: Any, place: Place, problems: Problems) -> Any:
    text = repr(value) if type(value) is float else value
    if type(value) is not int and not (isinstance(text, str) and _NUMBER.fullmatch(text)):
        return problems.wrong(place, WANTED[decimal.Decimal], value)
    try:
        return decimal.Decimal(text)
    except decimal.InvalidOperation:
        return problems.wrong(place, WANTED[decimal.Decimal], value)


def _from_text(parse: Callable[[str], Any], wanted: str) -> Reader:
    def read(value: Any, place: Place, problems: Problems) -> Any:
        if not isinstance(value, str):
            return problems.wrong(place, wanted, value)
        try:
            return parse(value)
        except ValueError:
            return problems.wrong(place, wanted, value)

    return read


def _date(text: str) -> datetime.date:
    # Newer Pythons read weeks as well, and forms without dashes.
    if len(text) != _ISO_DATE_LENGTH or not text[5:7].isdigit():
        raise ValueError(text)
    return datetime.date.fromisoformat(text)


def _time(text: str) -> datetime.time:
    if text[2:3] != ":" or text[-1] in "mM":  # and no am, no pm
        raise ValueError(text)
    return parse_datetime(f"2000-01-01T{text}").timetz()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


WANTED: Mapping[Any, str] = {
    None: "null",
    type(None): "null",
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    datetime.datetime: "a date and time such as 2026-01-31T12:30:00Z",
    datetime.date: "a date such as 2026-01-31",
    datetime.time: "a time such as 12:30:00",
    datetime.timedelta: "a duration such as 00:05:00 or 1.02:03:04",
    uuid.UUID: "a UUID",
    decimal.Decimal: "a number, or text of one",
    bytes: "Base64 text",
}
"""Type -> what has to come for it, in words."""

READERS: Mapping[Any, Reader] = {
    Any: anything,
    object: anything,
    None: _exactly(type(None), WANTED[None]),
    type(None): _exactly(type(None), WANTED[None]),
    str: _exactly(str, WANTED[str]),
    int: _exactly(int, WANTED[int]),
    float: _float,
    bool: _exactly(bool, WANTED[bool]),
    datetime.datetime: _from_text(parse_datetime, WANTED[datetime.datetime]),
    datetime.date: _from_text(_date, WANTED[datetime.date]),
    datetime.time: _from_text(_time, WANTED[datetime.time]),
    datetime.timedelta: _from_text(parse_timedelta, WANTED[datetime.timedelta]),
    uuid.UUID: _from_text(uuid.UUID, WANTED[uuid.UUID]),
    decimal.Decimal: _decimal,
    bytes: _from_text(_bytes, WANTED[bytes]),
}
"""Type -> what reads it."""

_SCALARS = (str, int, float, bool, type(None))


def is_scalar(value: object) -> bool:
    """Tell whether JSON has a value as one: text, a number, true, false or null."""
    return isinstance(value, _SCALARS)


def enum_reader(kind: type[enum.Enum]) -> Reader:
    """Give what reads a member of an enum by its value."""
    wanted = one_of([each.value for each in kind])

    def read(value: Any, place: Place, problems: Problems) -> Any:
        if not is_scalar(value):
            return problems.wrong(place, wanted, value)
        try:
            found = kind(value)
        except ValueError:
            return problems.wrong(place, wanted, value)
        # Python finds 1 under True and 1.0 too.
        is_same = type(found.value) is type(value) or (type(found.value), type(value)) == (float, int)
        return found if is_same else problems.wrong(place, wanted, value)

    return read


def literal_reader(permitted: tuple[Any, ...]) -> Reader:
    """Give what reads one of some values; of an enum's members by their values."""
    # By their types too, because 1 == True == 1.0.
    values: dict[tuple[Any, Any], Any] = {
        (class_of(plain), plain): each for each in permitted for plain in [_plain(each)]
    }
    wanted = one_of([plain for _kind, plain in values])

    def read(value: Any, place: Place, problems: Problems) -> Any:
        key: tuple[Any, Any] = (class_of(value), value)
        return values[key] if is_scalar(value) and key in values else problems.wrong(place, wanted, value)

    return read


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, enum.Enum) else value


def one_of(values: list[Any]) -> str:
    """Give values as they may be written: ``'red', 'green' or 'blue'``."""
    words = {None: "null", True: "true", False: "false"}
    texts = [words[each] if each is None or isinstance(each, bool) else repr(each) for each in values]
    return joined(texts)


def joined(texts: list[str]) -> str:
    """Give alternatives as text: ``a, b or c``."""
    *others, last = texts
    return f"{', '.join(others)} or {last}" if others else last


def key_reader(kind: Any) -> Reader:
    """Give what reads the keys of an object, which are text, as a number or a truth value.

    Args:
        kind: One of `KEY_TYPES`.
    """
    parse, wanted = KEY_TYPES[kind]
    return _from_text(parse, f"{wanted} as key")


def _whole(text: str) -> int:
    number = int(text)
    if str(number) != text:
        raise ValueError(text)
    return number


def _number(text: str) -> float:
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


KEY_TYPES: Mapping[Any, tuple[Callable[[str], Any], str]] = {
    int: (_whole, WANTED[int]),
    float: (_number, WANTED[float]),
    bool: (_truth, WANTED[bool]),
}
"""Type of keys that JSON writes as text -> what reads it, and in words."""
