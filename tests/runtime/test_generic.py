"""Values of binding types that have no converter."""

from __future__ import annotations

from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.generic import GenericConverter
from azfunc.testing import TestClient


@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        (Datum("hi", "string"), "hi"),
        (Datum(b"hi", "bytes"), b"hi"),
        (Datum('{"a": 1}', "json"), '{"a": 1}'),
        (Datum(7, "int"), 7),
        (Datum(["a"], "collection_string"), ["a"]),
        (Datum(None, None), None),
    ],
    ids=["string", "bytes", "json", "int", "collection", "nothing"],
)
def test_values_come_plain(datum: Datum, expected: object) -> None:
    """JSON stays text, as from the worker."""
    assert GenericConverter.decode(datum, trigger_metadata=None) == expected


SENT: list[tuple[str, Any, Datum | None]] = [
    ("text", "hi", Datum("hi", "string")),
    ("bytes", bytearray(b"hi"), Datum(b"hi", "bytes")),
    ("dict", {"a": 1}, Datum('{"a": 1}', "json")),
    ("tuple", (1, 2), Datum("[1, 2]", "json")),
    ("none", None, None),
]


@pytest.mark.parametrize(("value", "expected"), [each[1:] for each in SENT], ids=[each[0] for each in SENT])
def test_values_go_plain(value: object, expected: Datum | None) -> None:
    """Text as text, bytes as bytes, the rest as JSON, and nothing for None."""
    assert GenericConverter.encode(value, expected_type=None) == expected
    assert GenericConverter.to_wire(value) == (expected or Datum(None, None), {})
    assert GenericConverter.has_implicit_output()


def test_other_values_are_refused() -> None:
    """The hint says what can be sent."""
    with pytest.raises(func.UnsupportedValueError, match="a generic output got object") as caught:
        GenericConverter.encode(object(), expected_type=None)

    assert "JSON" in caught.value.hint


LOOP: dict[str, Any] = {}
LOOP["again"] = LOOP


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (LOOP, "Circular reference"),
        ([LOOP], "Circular reference"),
        ({"a": object()}, "Object of type object"),
        (func.ServiceBusMessage(body="x"), "got ServiceBusMessage"),
        ([func.ServiceBusMessage(body="x")], "ServiceBusMessage is a message of a service"),
        ((1, func.QueueMessage(body="x")), "QueueMessage is a message of a service"),
    ],
    ids=["loop", "loop in a list", "object", "message", "message in a list", "message in a tuple"],
)
def test_what_json_cannot_hold_is_refused(value: object, why: str) -> None:
    """It is refused as other outputs do it, and a message in a list as the message alone."""
    with pytest.raises(func.UnsupportedValueError, match=why) as caught:
        GenericConverter.encode(value, expected_type=None)

    assert caught.value.message.startswith("a generic output got ")
    assert caught.value.hint


def test_refusal_names_function_and_binding() -> None:
    """What comes out of a run says where it happened."""
    app = func.FunctionApp()

    @app.generic_output_binding("$return", "paper")
    @app.generic_trigger("sheet", "paperTrigger")
    def write(sheet: str) -> dict[str, Any]:
        return LOOP

    with TestClient(app) as client, pytest.raises(func.UnsupportedValueError) as caught:
        client.send("write", "x")

    assert (caught.value.function_name, caught.value.binding_name) == ("write", "$return")
