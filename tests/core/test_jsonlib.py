"""JSON with the host: what is read, what is written, and what is refused."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import json
import math
import pickle
import sys
import uuid
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc
from azfunc._core.json_error import JsonDecodeError
from azfunc._core.jsonlib import dump_definition, dumps, loads

UTC = datetime.timezone.utc
UUID = uuid.UUID("6d2f5f7b-1a9c-4d7a-9e9a-3e4b1c8d7e0a")


class Colour(enum.Enum):
    """A user's enum."""

    RED = "r"


class Level(enum.IntEnum):
    """A user's enum of numbers."""

    LOW = 1


class Pair(NamedTuple):
    """A user's tuple."""

    a: int
    b: int


@dataclasses.dataclass
class Line:
    """A user's dataclass."""

    number: int
    price: decimal.Decimal


@dataclasses.dataclass
class Order:
    """A dataclass with others in it."""

    lines: list[Line]
    due: datetime.date | None = None


class Speaking:
    """A class that says how it is written."""

    def to_dict(self) -> dict[str, Any]:
        """Give a dict."""
        return {"id": UUID}


class Rows:
    """A mapping that is no dict, as database rows are."""

    def keys(self) -> list[str]:
        """Give the columns."""
        return ["a"]

    def __getitem__(self, key: str) -> str:
        return key.upper()

    def __iter__(self) -> Any:
        return iter(["A"])


WRITTEN: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    (7, "7"),
    (1.5, "1.5"),
    ("hé", '"h\\u00e9"'),
    ([1, "a"], '[1, "a"]'),
    ((1, 2), "[1, 2]"),
    (Pair(1, 2), "[1, 2]"),
    ({"a": {"b": []}}, '{"a": {"b": []}}'),
    ({1: "a", None: "b"}, '{"1": "a", "null": "b"}'),
    (datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), '"2026-01-02T03:04:05+00:00"'),
    (datetime.date(2026, 1, 2), '"2026-01-02"'),
    (datetime.time(3, 4), '"03:04:00"'),
    (datetime.timedelta(days=1, seconds=5), '"1.00:00:05"'),
    (decimal.Decimal("1.5"), "1.5"),
    (decimal.Decimal(7), "7"),
    (decimal.Decimal("7.00"), "7"),
    (decimal.Decimal("-0.25"), "-0.25"),
    (decimal.Decimal("0.1"), "0.1"),
    (decimal.Decimal(12345678901234567890), "12345678901234567890"),
    (decimal.Decimal("1.00000000000000000001"), '"1.00000000000000000001"'),
    (decimal.Decimal("1E+400"), '"1E+400"'),
    (decimal.Decimal("NaN"), '"NaN"'),
    (decimal.Decimal("Infinity"), '"Infinity"'),
    (UUID, f'"{UUID}"'),
    (b"hi\xff", '"aGn/"'),
    (bytearray(b"hi"), '"aGk="'),
    (memoryview(b"hi"), '"aGk="'),
    (Colour.RED, '"r"'),
    (Level.LOW, "1"),
    (azfunc.AuthLevel.ADMIN, '"admin"'),
    (Line(1, decimal.Decimal("2.5")), '{"number": 1, "price": 2.5}'),
    (Order([Line(1, decimal.Decimal(2))]), '{"lines": [{"number": 1, "price": 2}], "due": null}'),
    (Speaking(), f'{{"id": "{UUID}"}}'),
    (Rows(), '{"a": "A"}'),
    (MappingProxyType({"a": 1}), '{"a": 1}'),
    (collections.OrderedDict(b=1, a=2), '{"b": 1, "a": 2}'),
    ({7}, "[7]"),
    (frozenset({7}), "[7]"),
    ((each for each in "ab"), '["a", "b"]'),
    (range(3), "[0, 1, 2]"),
    (azfunc.QueueMessage(id="7", body="hi"), '{"body": "hi", "id": "7"}'),
    ({"deep": [{"at": datetime.date(2026, 1, 2)}]}, '{"deep": [{"at": "2026-01-02"}]}'),
]

REFUSED = [object(), {"a": object()}, [Order], Order, azfunc.QueueMessage, lambda: None, 1j, Ellipsis]


@pytest.mark.parametrize(("value", "expected"), WRITTEN, ids=lambda each: str(each)[:30])
def test_value_is_written(value: Any, expected: str) -> None:
    """Each kind of value has one way to be written."""
    assert dumps(value) == expected


@pytest.mark.parametrize("value", REFUSED, ids=lambda each: str(each)[:20])
def test_value_without_rule_is_refused(value: Any) -> None:
    """What no rule covers is refused with its type; the text is Python's, and it is a TypeError."""
    with pytest.raises(TypeError, match="is not JSON serializable") as caught:
        dumps(value)

    assert isinstance(caught.value, azfunc.UnsupportedValueError)
    assert "to_dict()" in caught.value.hint


@pytest.mark.parametrize("key", [(1, 2), datetime.date(2026, 1, 2), UUID, b"a"], ids=repr)
def test_key_that_is_no_text_is_refused(key: Any) -> None:
    """JSON has text as keys, and nothing says how another one would be written."""
    with pytest.raises(azfunc.UnsupportedValueError, match="keys must be str") as caught:
        dumps({key: 1})

    assert "keys" in caught.value.hint


def test_error_of_a_users_method_is_its_own() -> None:
    """A TypeError raised by a ``to_dict()`` comes out as it is."""

    class Broken:
        def to_dict(self) -> dict[str, Any]:
            return {"a": 1 + "b"}  # type: ignore[operator]  # the point of the test

    with pytest.raises(TypeError, match="unsupported operand"):
        dumps(Broken())


def test_value_that_holds_itself_is_refused() -> None:
    """A circle has no end; the error is Python's."""
    order = Order([])
    order.lines.append(order)  # type: ignore[arg-type]  # the point of the test

    with pytest.raises(ValueError, match="Circular"):
        dumps(order)


def test_nan_is_written_where_python_reads_it() -> None:
    """NaN is written as Python reads it, or refused where others read."""
    assert dumps([math.nan, math.inf]) == "[NaN, Infinity]"
    with pytest.raises(ValueError, match=r"not JSON compliant|Out of range"):
        dumps(math.nan, allow_nan=False)


def test_definition_has_names_of_enums() -> None:
    """function.json has the names of enums, everywhere else their values stand."""
    assert dump_definition({"a": [azfunc.AuthLevel.ADMIN]}) == '{"a": ["ADMIN"]}'


@pytest.mark.parametrize("value", [Colour.RED, datetime.date(2026, 1, 2), object(), {1}], ids=repr)
def test_definition_holds_plain_values_only(value: Any) -> None:
    """A value that is no plain one is refused in function.json."""
    with pytest.raises(azfunc.ArgumentTypeError, match="is not JSON serializable"):
        dump_definition({"a": value})


READ: list[tuple[str | bytes, Any]] = [
    ("7", 7),
    (' {"a": [1, null]} \n', {"a": [1, None]}),
    ('"h\\u00e9"', "hé"),
    ("\ufeff[1]", [1]),
    ("\ufeff [1] ", [1]),
    ('"hé"'.encode(), "hé"),
    ('"hé"'.encode("utf-8-sig"), "hé"),
    ('"hé"'.encode("utf-16"), "hé"),
    ('"hé"'.encode("utf-16-le"), "hé"),
    ('"hé"'.encode("utf-16-be"), "hé"),
    ('"hé"'.encode("utf-32"), "hé"),
    ("[NaN]", [pytest.approx(math.nan, nan_ok=True)]),
]


@pytest.mark.parametrize(("text", "expected"), READ, ids=lambda each: repr(each)[:30])
def test_json_is_read(text: str | bytes, expected: Any) -> None:
    """Text and bytes of every Unicode encoding are read, with a byte order mark or white space around them."""
    assert loads(text) == expected


def test_charset_is_used_when_given() -> None:
    """Bytes in another encoding are read with its name."""
    assert loads('"hé"'.encode("latin-1"), charset="latin-1") == "hé"


@pytest.mark.parametrize(
    ("text", "position"), [('{"a": }', 6), ("[1] 2", 4), ("nope", 0), ("", 0), ("   ", 3), ("[1,]", 3), (b"\xff[", 0)]
)
def test_what_is_no_json_is_refused_with_the_position(text: str | bytes, position: int) -> None:
    """The error is Python's JSONDecodeError and ours, has the position, and says what was read."""
    with pytest.raises(JsonDecodeError) as caught:
        loads(text, what="the body")

    assert isinstance(caught.value, json.JSONDecodeError)
    assert isinstance(caught.value, azfunc.ConversionError)
    # The place of a trailing comma differs between Python releases.
    assert caught.value.pos in (position, position - 1)
    assert "the body" in caught.value.hint
    assert str(caught.value) == f"{caught.value.message}\n{caught.value.hint}"


def test_empty_text_is_told_as_such() -> None:
    """An empty body is the usual reason, and the hint says so."""
    with pytest.raises(JsonDecodeError, match="it is empty"):
        loads(b"", what="the body")


@pytest.mark.parametrize("charset", ["utf-8", "no-such-charset"])
def test_bytes_that_are_no_text_are_refused(charset: str) -> None:
    """Bytes that cannot be decoded are no JSON; the hint names the encoding."""
    with pytest.raises(JsonDecodeError) as caught:
        loads(b'"\xff"', charset=charset)

    assert charset in caught.value.hint


@pytest.mark.parametrize("text", ["[" * 200_000, "1" * 5000], ids=["nested", "long number"])
def test_excess_is_refused_like_other_bad_json(text: str) -> None:
    """What Python refuses to read for its size is no crash but an error of the value."""
    if text[0] == "1" and not hasattr(sys, "get_int_max_str_digits"):
        pytest.skip("this Python reads numbers of any length")
    with pytest.raises(JsonDecodeError, match="too long, or lists and objects in it are nested too deeply"):
        loads(text)


def test_error_survives_pickling() -> None:
    """Position, text and hint come through a process pool."""
    with pytest.raises(JsonDecodeError) as caught:
        loads("[1,,]", what="the body")

    other = pickle.loads(pickle.dumps(caught.value))
    assert (other.pos, other.doc, other.hint, str(other)) == (
        caught.value.pos,
        "[1,,]",
        caught.value.hint,
        str(caught.value),
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_plain_values_survive(value: Any) -> None:
    """loads(dumps(v)) == v for plain values, as text and as bytes."""
    assert loads(dumps(value)) == value
    assert loads(dumps(value).encode("utf-16")) == value


@given(st.decimals(allow_nan=False))
def test_decimals_lose_nothing(value: decimal.Decimal) -> None:
    """A decimal is written as a number only if that number is the same."""
    read = json.loads(dumps(value), parse_float=decimal.Decimal)

    assert decimal.Decimal(read) == value


@pytest.mark.parametrize("nest", [lambda blob: {"file": blob}, lambda blob: [blob], lambda blob: blob], ids=[*"dlb"])
def test_blob_is_refused_since_its_content_would_be_lost(nest: Any) -> None:
    """What is known of a blob is no stand-in for its content; the error says what to give."""
    blob = azfunc.InputStream(data=b"one", name="notes/one.txt")

    with pytest.raises(azfunc.UnsupportedValueError, match=r"InputStream is not JSON serializable: give .*read\(\)"):
        dumps(nest(blob))
    assert dumps({"file": blob.read(), "known": blob.to_dict()["length"]}) == '{"file": "b25l", "known": 3}'
    assert json.loads(blob.to_json())["name"] == "notes/one.txt"
