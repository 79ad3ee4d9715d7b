"""The connector trigger."""

from __future__ import annotations

import dataclasses
import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED, BindingConformance

if TYPE_CHECKING:
    from types import ModuleType


@dataclasses.dataclass
class Answer:
    """A value of a user's own."""

    ok: bool


class TestConnectors(BindingConformance):
    """The suite, for connectors."""

    module = "connectors"
    decorators = ("connector_trigger",)
    accepted = {"connectorTrigger": [str, bytes, dict, str | None, dict[str, Any], str | bytes]}
    refused = {"connectorTrigger": [int, list[str], func.QueueMessage]}
    outputs = {
        "connectorTrigger": [
            (None, Datum("", "string")),
            ("abc", Datum("abc", "string")),
            ("", Datum("", "string")),
            (b"\xff", Datum(b"\xff", "bytes")),
            (bytearray(b"abc"), Datum(b"abc", "bytes")),
            (memoryview(b"abc"), Datum(b"abc", "bytes")),
            (7, Datum("7", "string")),
            (True, Datum("true", "string")),
            (1.5, Datum("1.5", "string")),
            ({}, Datum("{}", "string")),
            ({"a": 1}, Datum('{"a": 1}', "string")),
            ({1: 2}, Datum('{"1": 2}', "string")),
            (
                {"at": datetime.date(2020, 1, 2), "raw": b"x"},
                Datum('{"at": "2020-01-02", "raw": "eA=="}', "string"),
            ),
            (["a", "b"], Datum('["a", "b"]', "string")),
            (("a", {"b": 1}), Datum('["a", {"b": 1}]', "string")),
            ((each for each in "ab"), Datum('["a", "b"]', "string")),
            (Answer(ok=True), Datum('{"ok": true}', "string")),
            ([Answer(ok=True)], Datum('[{"ok": true}]', "string")),
            ([None], REFUSED),
            ([b"\xff"], REFUSED),
            (object(), REFUSED),
            (func.QueueMessage(body="b"), REFUSED),
            ([func.QueueMessage(body="b")], REFUSED),
        ]
    }


@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        (Datum('{"body": {"value": []}}', "json"), '{"body": {"value": []}}'),
        (Datum("not json {", "json"), "not json {"),
        (Datum("hello", "string"), "hello"),
        (Datum(b"\xff", "bytes"), b"\xff"),
        (Datum(b"x", "stream"), b"x"),
        (Datum(7, "int"), 7),
        (Datum(SimpleNamespace(string=["a", "b"]), "collection_string"), ["a", "b"]),
        (Datum({"a": 1}, "dict"), {"a": 1}),
        (Datum(None, None), None),
        (Datum("x", None), None),
    ],
    ids=repr,
)
def test_payload_comes_as_in_the_reference(func: ModuleType, datum: Datum, expected: object) -> None:
    """JSON comes as its text, everything else as it is."""
    converter = func.get_binding_registry().get("connectorTrigger")

    assert converter.decode(datum, trigger_metadata=None) == expected


@pytest.mark.parametrize("value", ["abc", '{"a": 1}', b"\xff", None], ids=repr)
def test_payload_survives_the_wire(value: Any) -> None:
    """Text and bytes come back as they were sent."""
    converter: Any = func.get_binding_registry().get("connectorTrigger")
    datum, metadata = converter.to_wire(value)

    assert converter.decode(datum, trigger_metadata=metadata) == value


def test_plain_data_is_sent_as_the_connector_sends_it() -> None:
    """A dict is sent as JSON, and the function gets its text."""
    converter: Any = func.get_binding_registry().get("connectorTrigger")

    assert converter.to_wire({"a": [1]}) == (Datum('{"a": [1]}', "json"), {})


def test_return_value_needs_no_output_binding(func: ModuleType) -> None:
    """What the function returns goes back to the connector."""
    converter = func.get_binding_registry().get("connectorTrigger")

    assert converter.has_implicit_output() is True
    assert converter.has_trigger_support() is True


def test_refusal_says_what_would_do() -> None:
    """The text for a value that cannot be sent back has all three parts."""
    converter: Any = func.get_binding_registry().get("connectorTrigger")

    with pytest.raises(func.UnsupportedValueError, match="return value of a connector function got object") as caught:
        converter.encode(object(), expected_type=None)

    assert "a dict" in caught.value.hint
