"""Azure Queue storage."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import json
import uuid
from collections.abc import Generator, Iterator
from typing import Annotated, Any, List, Literal, NamedTuple, Optional  # noqa: UP035  # the older spellings are the point

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc as func
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED, BindingConformance

UTC = datetime.timezone.utc


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int
    due: datetime.date


class TestQueue(BindingConformance):
    """The suite, for queues."""

    module = "queue"
    decorators = ("queue_trigger", "queue_output")
    defaults = (func.QueueMessage,)
    messages = {
        "queueTrigger": [
            func.QueueMessage(),
            func.QueueMessage(id="7", body="hé", pop_receipt="p", dequeue_count=3),
            func.QueueMessage(
                body=b"\xff\x00", expiration_time=datetime.datetime(2020, 1, 2, 3, 4, 5, 600, tzinfo=UTC)
            ),
            func.QueueMessage(
                insertion_time=datetime.datetime(2020, 1, 2, tzinfo=UTC),
                time_next_visible=datetime.datetime(2020, 1, 2, 0, 5),  # noqa: DTZ001  # the host sends such ones too
            ),
        ]
    }
    accepted = {
        "queueTrigger": [
            func.QueueMessage,
            Optional[func.QueueMessage],  # noqa: UP045  # the older spelling is the point
            func.QueueMessage | None,
            Annotated[func.QueueMessage, "an order"],
        ]
    }
    refused = {"queueTrigger": [str, int, list[func.QueueMessage], func.QueueMessage | int]}
    outputs = {
        "queue": [
            ("hi", Datum("hi", "string")),
            ("", Datum("", "string")),
            (b"hi", Datum(b"hi", "bytes")),
            (bytearray(b"hi"), Datum(b"hi", "bytes")),
            (b"\xff", Datum(b"\xff", "bytes")),
            (None, None),
            ({"a": 1}, Datum('{"a": 1}', "json")),
            (7, Datum("7", "json")),
            (Order(7, datetime.date(2026, 1, 2)), Datum('{"number": 7, "due": "2026-01-02"}', "json")),
            (
                {"at": datetime.datetime(2026, 1, 2), "sum": decimal.Decimal("1.5"), "id": uuid.UUID(int=1)},  # noqa: DTZ001
                Datum(
                    '{"at": "2026-01-02T00:00:00", "sum": 1.5, "id": "00000000-0000-0000-0000-000000000001"}', "json"
                ),
            ),
            (["a", "b"], Datum('["a", "b"]', "json")),
            ([b"a", {"b": 1}], Datum('["a", {"b": 1}]', "json")),
            ((each for each in "ab"), Datum('["a", "b"]', "json")),
            ([], Datum("[]", "json")),
            (func.QueueMessage(id="1", body="b"), Datum('{"id": "1", "body": "b"}', "json")),
            ([func.QueueMessage(body="b")], Datum('[{"id": null, "body": "b"}]', "json")),
            ([b"\xff"], REFUSED),
            ([None], REFUSED),
            (object(), REFUSED),
            ({"a": object()}, REFUSED),
            (func.TimerRequest(), REFUSED),
            ([func.TimerRequest()], REFUSED),
        ]
    }


def test_bad_date_raises_only_when_it_is_read() -> None:
    """A date that cannot be read breaks neither the message nor its other fields."""
    converter: Any = func.get_binding_registry().get("queueTrigger")
    message = converter.decode(Datum("hi", "string"), trigger_metadata={"InsertionTime": Datum("soon", "string")})

    assert message.get_body() == b"hi"
    assert "<unreadable>" in repr(message)
    with pytest.raises(func.ConversionError, match="InsertionTime") as caught:
        _ = message.insertion_time
    assert "'soon'" in caught.value.hint


def test_refusal_names_the_output_the_type_and_what_would_do() -> None:
    """The text for a value that cannot be sent has all three parts."""
    converter: Any = func.get_binding_registry().get("queue")

    with pytest.raises(func.UnsupportedValueError) as caught:
        converter.encode([func.TimerRequest()], expected_type=None)

    assert "queue output got TimerRequest" in caught.value.message
    assert "QueueMessage" in caught.value.hint


def test_body_of_another_type_is_refused() -> None:
    """A body is text or bytes; the text of the error is the reference's."""
    with pytest.raises(TypeError, match="response is expected to be either of str, bytes, or bytearray, got int"):
        func.QueueMessage(body=5)  # type: ignore[arg-type]  # the point of the test


def test_json_error_has_the_position() -> None:
    """A body that is no JSON raises one documented error, with the position."""
    with pytest.raises(func.JsonDecodeError) as caught:
        func.QueueMessage(body='{"a": }').get_json()

    assert caught.value.pos == 6
    assert isinstance(caught.value, json.JSONDecodeError)


@given(st.builds(func.QueueMessage, body=st.binary() | st.text(), id=st.text(), dequeue_count=st.integers(0)))
def test_any_message_survives_the_wire(message: func.QueueMessage) -> None:
    """decode(to_wire(m)) == m for any message."""
    converter: Any = func.get_binding_registry().get("queueTrigger")
    datum, metadata = converter.to_wire(message)

    assert converter.decode(datum, trigger_metadata=metadata) == message


class Place(NamedTuple):
    """A tuple with names, which is sent as several messages."""

    street: str
    number: int


@pytest.mark.parametrize("kind", ["queue", "serviceBus", "eventHub", "kafka", "rabbitMQ"])
@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (list, ["a", 1]),
        (List, ["a"]),  # noqa: UP006  # the older spelling is the point
        (list[Any], ["a", 1]),
        (tuple, ("a",)),
        (tuple[str, int], ("a", 1)),
        (set, {"a"}),
        (collections.deque, collections.deque(["a"])),
        (Place, Place("a", 1)),
        (Generator[str, None, None], (each for each in "ab")),
        (Iterator[str], iter("ab")),
        (Literal["a", 1], "a"),
        (bytearray, bytearray(b"a")),
        (memoryview, memoryview(b"a")),
        (list[bytearray], [bytearray(b"a")]),
    ],
    ids=str,
)
def test_result_may_be_annotated_as_what_is_sent(kind: str, annotation: Any, value: Any) -> None:
    """Outputs of messages take the annotations of all values that they send."""
    output: Any = func.get_binding_registry().get(kind)

    assert output.check_output_type_annotation(annotation) is True
    # Each case comes once for each output, and an iterator can be read once.
    assert output.encode(iter("ab") if isinstance(value, (Generator, Iterator)) else value) is not None


@pytest.mark.parametrize("kind", ["queue", "serviceBus", "eventHub", "kafka", "rabbitMQ"])
@pytest.mark.parametrize(
    "annotation", [list[list[str]], tuple[str, list[int]], func.InputStream, object, type[str]], ids=str
)
def test_result_may_not_be_annotated_as_what_is_refused(kind: str, annotation: Any) -> None:
    """What would be refused whatever it holds is refused as an annotation."""
    output: Any = func.get_binding_registry().get(kind)

    assert output.check_output_type_annotation(annotation) is False
