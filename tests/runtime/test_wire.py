"""Values of a test as the host would have sent them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.bindings.generic import GenericInputBinding, GenericTrigger
from azfunc.runtime.wire import Incoming, to_wire
from azfunc.testing import make

if TYPE_CHECKING:
    from azfunc._core.binding import Binding


def trigger(kind: str, **fields: Any) -> Binding:
    """Make a trigger of a type."""
    return GenericTrigger(name="msg", type=kind, extra=fields)


MANY = trigger("eventHubTrigger", cardinality="many")
QUEUE = trigger("queueTrigger")


@dataclass
class Order:
    """Plain data of a user."""

    number: int


PLAIN = [
    ("text", "hi", Datum("hi", "string")),
    ("bytes", b"hi", Datum(b"hi", "bytes")),
    ("bytearray", bytearray(b"hi"), Datum(b"hi", "bytes")),
    ("dict", {"a": 1}, Datum('{"a": 1}', "json")),
    ("list", [1, 2], Datum("[1, 2]", "json")),
    ("tuple", (1, 2), Datum("[1, 2]", "json")),
    ("number", 7, Datum("7", "json")),
    ("flag", True, Datum("true", "json")),
    ("dataclass", Order(7), Datum('{"number": 7}', "json")),
    ("none", None, Datum(None, None)),
    ("datum", Datum(b"x", "stream"), Datum(b"x", "stream")),
]


@pytest.mark.parametrize(("value", "expected"), [each[1:] for each in PLAIN], ids=[each[0] for each in PLAIN])
def test_plain_data_is_sent_by_its_type(value: object, expected: Datum) -> None:
    """Text as text, bytes as bytes, the rest as JSON, a Datum as it is; without trigger metadata."""
    assert to_wire(QUEUE, value) == Incoming(expected)


def test_what_is_on_the_wire_already_stays() -> None:
    """An `Incoming` has its metadata."""
    incoming = Incoming(Datum("x", "string"), {"Id": Datum("7", "string")})

    assert to_wire(QUEUE, incoming) is incoming


def test_a_message_becomes_what_it_would_have_come_from() -> None:
    """Body and fields, through the converter of the service."""
    sent = to_wire(QUEUE, func.QueueMessage(body="hi", id="7"))

    assert sent.datum == Datum(b"hi", "bytes")
    assert sent.metadata["Id"] == Datum("7", "string")


BATCHES = [
    ("texts", ["a", "b"], Datum(["a", "b"], "collection_string")),
    ("bytes", [b"a", b"b"], Datum([b"a", b"b"], "collection_bytes")),
    ("values", ["a", {"b": 1}], Datum(["a", '{"b": 1}'], "collection_string")),
    ("nothing", [], Datum([], "collection_string")),
    ("one", "a", Datum(["a"], "collection_string")),
    ("none", None, Datum(None, None)),
]


@pytest.mark.parametrize(("value", "expected"), [each[1:] for each in BATCHES], ids=[each[0] for each in BATCHES])
def test_a_trigger_of_batches_gets_a_batch(value: object, expected: Datum) -> None:
    """Each item of a list is a message of its own, and what is no list is a batch of one."""
    assert to_wire(MANY, value).datum == expected


def test_messages_make_a_batch_too() -> None:
    """One message is a batch of one, and the metadata has arrays."""
    one, two = to_wire(MANY, make.event_hub_event("a")), to_wire(MANY, make.event_hub_events(["a", "b"]))

    assert one.datum == Datum([b"a"], "collection_bytes")
    assert two.datum == Datum([b"a", b"b"], "collection_bytes")
    assert two.metadata["SequenceNumberArray"] == Datum("[1, 2]", "json")


@pytest.mark.parametrize(
    "binding", [trigger("cosmosDBTrigger"), GenericInputBinding(name="rows", type="sql")], ids=["documents", "rows"]
)
def test_rows_come_as_a_list(binding: Binding) -> None:
    """A list of rows is one value of its binding, with rows or plain dicts in it."""
    rows: list[Any] = [func.Document(id="1"), {"id": "2"}]

    assert to_wire(binding, rows).datum == Datum('[{"id": "1"}, {"id": "2"}]', "json")
    assert to_wire(binding, func.DocumentList(rows)).datum == Datum('[{"id": "1"}, {"id": "2"}]', "json")
    assert to_wire(binding, func.Document(id="1")).datum == Datum('[{"id": "1"}]', "json")


def test_a_type_without_a_converter_takes_plain_data() -> None:
    """Bindings that azfunc knows nothing of come as text, bytes and JSON."""
    assert to_wire(trigger("newTrigger"), {"a": 1}).datum == Datum('{"a": 1}', "json")


@pytest.mark.parametrize(
    ("binding", "value", "named"),
    [
        (QUEUE, func.TimerRequest(), "QueueMessage"),
        (QUEUE, func.HttpRequest(), "QueueMessage"),
        (QUEUE, object(), "QueueMessage"),
        (trigger("httpTrigger"), func.QueueMessage(body="x"), "HttpRequest"),
        (MANY, [func.EventHubEvent(body="x"), func.TimerRequest()], "EventHubEvent"),
        (trigger("newTrigger"), object(), "str, bytes"),
        (trigger("newTrigger"), func.TimerRequest(), "str, bytes"),
    ],
    ids=["other-message", "request", "object", "message-for-http", "mixed", "unknown-type", "message-for-unknown-type"],
)
def test_what_the_host_would_never_send_is_refused(binding: Binding, value: object, named: str) -> None:
    """The error says what came, and what the binding takes."""
    with pytest.raises(func.UnsupportedValueError) as caught:
        to_wire(binding, value)

    assert named in caught.value.hint


def test_several_messages_for_a_trigger_of_one_are_refused() -> None:
    """The hint tells of batches."""
    with pytest.raises(func.UnsupportedValueError, match="one message at a time") as caught:
        to_wire(QUEUE, [func.QueueMessage(), func.QueueMessage()])

    assert "MANY" in caught.value.hint
