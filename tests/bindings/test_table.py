"""Azure Tables."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import json
import uuid
from typing import TYPE_CHECKING, Annotated, Any, Optional, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc as func
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED, BindingConformance

if TYPE_CHECKING:
    from collections.abc import Mapping

converter: Any = func.get_binding_registry().get("table")

ROW = {"PartitionKey": "p", "RowKey": "r"}
ROW_TEXT = '{"PartitionKey": "p", "RowKey": "r"}'


class Entity(TypedDict):
    """A row as a user types it."""

    PartitionKey: str
    RowKey: str


@dataclasses.dataclass
class Order:
    """A row of a user's own."""

    PartitionKey: str
    RowKey: str
    due: datetime.date


class Model:
    """A row of a package that gives dicts."""

    def to_dict(self) -> dict[str, str]:
        """Give the row."""
        return ROW


class Broken:
    """An object whose to_dict() gives no dict."""

    def to_dict(self) -> int:
        """Give no row."""
        return 5


def as_json(text: str) -> Datum:
    """Give the datum of rows that are sent as JSON."""
    return Datum(text, "json")


class TestTable(BindingConformance):
    """The suite, for tables."""

    module = "table"
    decorators = ("table_input", "table_output")
    messages = {}
    accepted = {
        "table": [
            str,
            bytes,
            str | None,
            Optional[str],  # noqa: UP045  # the older spelling is the point
            Annotated[str, "rows"],
        ]
    }
    refused = {"table": [int, dict, list[dict[str, Any]], func.QueueMessage, str | int]}
    outputs = {
        "table": [
            (ROW_TEXT, Datum(ROW_TEXT, "string")),
            (f"[{ROW_TEXT}]", Datum(f"[{ROW_TEXT}]", "string")),
            ('{"Price":  1.10}', Datum('{"Price":  1.10}', "string")),
            ("", Datum("", "string")),
            (ROW_TEXT.encode(), Datum(ROW_TEXT.encode(), "bytes")),
            (bytearray(ROW_TEXT.encode()), Datum(ROW_TEXT.encode(), "bytes")),
            (None, None),
            (ROW, as_json(ROW_TEXT)),
            (collections.UserDict(ROW), as_json(ROW_TEXT)),
            (Model(), as_json(ROW_TEXT)),
            (
                Order("p", "r", datetime.date(2026, 1, 2)),
                as_json('{"PartitionKey": "p", "RowKey": "r", "due": "2026-01-02"}'),
            ),
            (
                {"at": datetime.datetime(2026, 1, 2), "sum": decimal.Decimal("1.5"), "id": uuid.UUID(int=1)},  # noqa: DTZ001
                as_json('{"at": "2026-01-02T00:00:00", "sum": 1.5, "id": "00000000-0000-0000-0000-000000000001"}'),
            ),
            ([ROW, Model()], as_json(f"[{ROW_TEXT}, {ROW_TEXT}]")),
            ((ROW,), as_json(f"[{ROW_TEXT}]")),
            ((each for each in [ROW]), as_json(f"[{ROW_TEXT}]")),
            ([], as_json("[]")),
            ("text that is no JSON", REFUSED),
            ("5", REFUSED),
            ('["a"]', REFUSED),
            (b"\xff", REFUSED),
            (7, REFUSED),
            (True, REFUSED),
            (datetime.date(2026, 1, 2), REFUSED),
            (["a"], REFUSED),
            ([ROW_TEXT], REFUSED),
            ([b"a"], REFUSED),
            ([None], REFUSED),
            ([[ROW]], REFUSED),
            ({"a": object()}, REFUSED),
            (object(), REFUSED),
            (Broken(), REFUSED),
            (func.TimerRequest(), REFUSED),
            (func.QueueMessage(body="b"), REFUSED),
            ([func.QueueMessage(body="b")], REFUSED),
        ]
    }


@pytest.mark.parametrize(
    "annotation",
    [str, bytes, dict, dict[str, Any], list[dict[str, Any]], Entity, list[Entity], Order, list[Order], str | None],
    ids=repr,
)
def test_output_may_be_annotated_with_what_can_be_sent(annotation: Any) -> None:
    """What `encode` takes may stand at a return value."""
    assert converter.check_output_type_annotation(annotation) is True


@pytest.mark.parametrize("annotation", [int, object, list[int], func.QueueMessage, str | int], ids=repr)
def test_output_cannot_be_annotated_with_what_is_refused(annotation: Any) -> None:
    """What `encode` refuses may not stand at a return value."""
    assert converter.check_output_type_annotation(annotation) is False


def test_table_is_no_trigger() -> None:
    """No function starts by a table."""
    assert converter.has_trigger_support() is False


@pytest.mark.parametrize("data", [None, Datum(None, None), Datum("x", None)], ids=repr)
def test_nothing_is_none(data: Datum | None) -> None:
    """What the host leaves out is None."""
    assert converter.decode(data, trigger_metadata=None) is None


def test_other_wire_types_are_refused() -> None:
    """Rows that come as a number are an error that names the type."""
    with pytest.raises(ValueError, match="'int'") as caught:
        converter.decode(Datum(7, "int"), trigger_metadata={})

    assert isinstance(caught.value, func.ConversionError)
    assert caught.value.hint


@pytest.mark.parametrize("value", [None, "", ROW_TEXT, "no JSON at all", b"[]", b"\xff"], ids=repr)
def test_argument_survives_the_wire(value: Any) -> None:
    """decode(to_wire(v)) == v for text, bytes and nothing."""
    datum, metadata = converter.to_wire(value)

    assert converter.decode(datum, trigger_metadata=metadata) == value


@pytest.mark.parametrize("value", [ROW, [ROW, ROW], []], ids=repr)
def test_rows_arrive_as_their_text(value: Any) -> None:
    """A test may send rows as dicts; the function gets their JSON text, as from the host."""
    datum, metadata = converter.to_wire(value)

    assert json.loads(converter.decode(datum, trigger_metadata=metadata)) == value


def test_refusal_names_the_output_the_type_and_what_would_do() -> None:
    """The text for a value that cannot be sent has all three parts."""
    with pytest.raises(func.UnsupportedValueError, match="table output got int") as caught:
        converter.encode(7, expected_type=None)

    assert "PartitionKey" in caught.value.hint


@given(st.lists(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text())))
def test_any_rows_are_sent_without_loss(rows: list[Mapping[str, Any]]) -> None:
    """The JSON that is sent reads as the rows that were given."""
    assert json.loads(converter.encode(rows, expected_type=None).value) == rows
