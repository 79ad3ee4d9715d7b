"""Azure Event Hubs."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import decimal
import json
import pickle
import sys
import uuid
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, List, Optional  # noqa: UP035  # the older spelling has to work too

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc as func
from azfunc._core import jsonlib
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED, BindingConformance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType, ModuleType

WHEN = datetime.datetime(2020, 7, 14, 1, 27, 55, 627000, tzinfo=datetime.timezone.utc)
FIELDS = ("partition_key", "sequence_number", "offset", "enqueued_time", "iothub_metadata")
TRIGGER: Any = func.get_binding_registry().get("eventHubTrigger")
OUTPUT: Any = func.get_binding_registry().get("eventHub")


@dataclasses.dataclass
class Reading:
    """A value of a user's own."""

    celsius: float
    at: datetime.date


class TestEventHub(BindingConformance):
    """The suite, for event hubs."""

    module = "eventhub"
    decorators = ("event_hub_message_trigger", "event_hub_output")
    defaults = (func.EventHubEvent,)
    messages = {
        "eventHubTrigger": [
            func.EventHubEvent(),
            func.EventHubEvent(body="hé", partition_key="p", sequence_number=47, offset="3696"),
            func.EventHubEvent(body=b"\xff\x00", enqueued_time=WHEN, iothub_metadata={"connection-device-id": "d"}),
            [],
            [func.EventHubEvent(body=b"\xff", offset="11", enqueued_time=WHEN), func.EventHubEvent(body=b"b")],
            [func.EventHubEvent(offset="a-b", iothub_metadata={"a": "b"}), func.EventHubEvent(partition_key="p")],
        ],
        "eventHub": [func.EventHubEvent(body="b"), [func.EventHubEvent(body="a"), func.EventHubEvent(body="b")]],
    }
    accepted = {
        "eventHubTrigger": [
            func.EventHubEvent,
            Optional[func.EventHubEvent],  # noqa: UP045  # the older spelling is the point
            Annotated[func.EventHubEvent, "a reading"],
            list[func.EventHubEvent],
            List[func.EventHubEvent],  # noqa: UP006  # the older spelling is the point
            list,
            List,  # noqa: UP006  # see above
            list[Any],
            Annotated[list[func.EventHubEvent], "readings"],
        ]
    }
    refused = {"eventHubTrigger": [str, bytes, int, list[str], tuple, func.QueueMessage, func.EventHubEvent | int]}
    outputs = {
        "eventHub": [
            ("hi", Datum("hi", "string")),
            ("", Datum("", "string")),
            (b"hi", Datum(b"hi", "bytes")),
            (b"\xff", Datum(b"\xff", "bytes")),
            (bytearray(b"hi"), Datum(b"hi", "bytes")),
            (memoryview(b"hi"), Datum(b"hi", "bytes")),
            (None, None),
            (7, Datum(7, "int")),
            (2**63 - 1, Datum(2**63 - 1, "int")),
            (2**63, Datum(str(2**63), "json")),
            (True, Datum("true", "json")),
            (1.5, Datum("1.5", "json")),
            ({"a": 1}, Datum('{"a": 1}', "json")),
            (func.Cardinality.MANY, Datum('"many"', "json")),
            ({}, Datum("{}", "json")),
            (Reading(21.5, datetime.date(2026, 1, 2)), Datum('{"celsius": 21.5, "at": "2026-01-02"}', "json")),
            (
                {"at": datetime.datetime(2026, 1, 2), "sum": decimal.Decimal("1.5"), "id": uuid.UUID(int=1)},  # noqa: DTZ001
                Datum(
                    '{"at": "2026-01-02T00:00:00", "sum": 1.5, "id": "00000000-0000-0000-0000-000000000001"}', "json"
                ),
            ),
            (["a", "b"], Datum('["a", "b"]', "json")),
            ([1, 2], Datum("[1, 2]", "json")),
            (("a", {"b": 1}), Datum('["a", {"b": 1}]', "json")),
            ([b"a", bytearray(b"b")], Datum('["a", "b"]', "json")),
            ((each for each in "ab"), Datum('["a", "b"]', "json")),
            ([], Datum("[]", "json")),
            (func.EventHubEvent(body=b"x"), Datum(b"x", "bytes")),
            ([func.EventHubEvent(body=b"x"), "y"], Datum('["x", "y"]', "json")),
            (func.EventHubEvent(body=b"x", partition_key="p"), REFUSED),
            (func.EventHubEvent(body=b"x", sequence_number=0), REFUSED),
            (func.EventHubEvent(body=b"x", trigger_metadata={"Properties": Datum("{}", "json")}), REFUSED),
            ([func.EventHubEvent(body=b"x", iothub_metadata={"a": "b"})], REFUSED),
            ([b"\xff"], REFUSED),
            ([None], REFUSED),
            (object(), REFUSED),
            ({"a": object()}, REFUSED),
            (func.QueueMessage(body="b"), REFUSED),
            ([func.TimerRequest()], REFUSED),
        ]
    }


def systems(count: int) -> list[dict[str, Any]]:
    """Give the system properties of some events."""
    return [
        {
            "SequenceNumber": index,
            "PartitionKey": f"key {index}",
            "Offset": str(index * 100),
            "EnqueuedTimeUtc": "2020-07-14T01:27:55.627Z",
            "iothub-connection-device-id": f"device {index}",
        }
        for index in range(count)
    ]


def batch(count: int) -> tuple[Datum, dict[str, Datum]]:
    """Give a batch with all the arrays that the host sends."""
    found = systems(count)
    metadata: dict[str, Any] = {
        "SystemPropertiesArray": found,
        **{f"{key}Array": [each[key] for each in found] for key in ("PartitionKey", "SequenceNumber", "Offset")},
        "PropertiesArray": [{"source": "roof"}] * count,
        "PartitionContext": {"PartitionId": "0"},
    }
    bodies = SimpleNamespace(bytes=[b"body %d" % index for index in range(count)])
    return Datum(bodies, "collection_bytes"), {key: Datum(json.dumps(each), "json") for key, each in metadata.items()}


def received(sent: tuple[Datum, dict[str, Datum]]) -> Any:
    """Decode what the host sends."""
    datum, metadata = sent
    return TRIGGER.decode(datum, trigger_metadata=metadata)


@pytest.fixture
def parsed() -> Iterator[list[str]]:
    """Collect every text that is read as JSON, through the one function that does."""
    texts: list[str] = []

    def seen(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code is jsonlib.loads.__code__:
            texts.append(frame.f_locals["text"])

    before = sys.getprofile()
    sys.setprofile(seen)
    yield texts
    sys.setprofile(before)


# --- batches ----------------------------------------------------------------------------------------------------------


def test_batch_reads_each_array_once(parsed: list[str]) -> None:
    """Whatever is read of whichever event, each array of the batch is parsed one time."""
    data, metadata = batch(50)

    events = TRIGGER.decode(data, trigger_metadata=metadata)
    for _ in range(2):
        for event in events:
            assert [getattr(event, name) for name in FIELDS]
            assert event.metadata
            assert event.batch_metadata

    assert sorted(parsed) == sorted(each.value for each in metadata.values())


def test_batch_reads_no_array_that_nobody_asks_for(parsed: list[str]) -> None:
    """The fields of a complete batch cost one array, that of the system properties."""
    data, metadata = batch(50)

    for event in TRIGGER.decode(data, trigger_metadata=metadata):
        assert [getattr(event, name) for name in FIELDS]

    assert parsed == [metadata["SystemPropertiesArray"].value]


def test_broken_array_is_parsed_once(parsed: list[str]) -> None:
    """An array that is no JSON is not tried again for each event."""
    data, _ = batch(50)
    metadata = {"SystemPropertiesArray": Datum("[{", "json")}

    for event in TRIGGER.decode(data, trigger_metadata=metadata):
        with pytest.raises(func.ConversionError):
            _ = event.sequence_number

    assert len(parsed) <= 2


def test_event_of_a_batch_has_its_own_metadata() -> None:
    """The metadata of an event has its own values; the arrays of all are in batch_metadata."""
    data, metadata = batch(3)

    events = TRIGGER.decode(data, trigger_metadata=metadata)

    assert events[1].metadata == {
        "SystemProperties": systems(3)[1],
        "PartitionKey": "key 1",
        "SequenceNumber": 1,
        "Offset": "100",
        "Properties": {"source": "roof"},
        "PartitionContext": {"PartitionId": "0"},
    }
    assert events[1].metadata is events[1].metadata
    assert events[1].batch_metadata == {key: json.loads(each.value) for key, each in metadata.items()}


@pytest.mark.parametrize("count", [1, 3])
def test_batch_of_another_size_than_its_metadata_is_refused(count: int) -> None:
    """Events whose properties cannot be told apart are refused, with the text of the reference and both numbers."""
    data, _ = batch(2)
    _, metadata = batch(count)

    with pytest.raises(func.ConversionError, match="Number of bodies and metadata mismatched") as caught:
        TRIGGER.decode(data, trigger_metadata=metadata)

    assert isinstance(caught.value, AssertionError)
    assert f"SystemPropertiesArray has {count} values, and the batch has 2 messages" in caught.value.hint


def test_mismatch_raises_on_both_libraries(func: ModuleType) -> None:
    """Both libraries refuse a batch with another number of system properties, with the same text."""
    converter = func.get_binding_registry().get("eventHubTrigger")
    datum = type_of_datum(func)

    with pytest.raises(AssertionError) as caught:
        converter.decode(
            datum(SimpleNamespace(bytes=[b"a", b"b"]), "collection_bytes"),
            trigger_metadata={"SystemPropertiesArray": datum("[{}]", "json")},
        )

    assert caught.value.args[0] == "Number of bodies and metadata mismatched"


def test_other_array_of_another_size_raises_only_when_it_is_read() -> None:
    """An array that no field needs does not break the batch; the field that needs it says what is wrong."""
    data, metadata = batch(2)
    metadata["SystemPropertiesArray"] = Datum("[{}, {}]", "json")
    metadata["PartitionKeyArray"] = Datum('["p"]', "json")

    first, _ = TRIGGER.decode(data, trigger_metadata=metadata)

    assert (first.get_body(), first.sequence_number) == (b"body 0", 0)
    assert "PartitionKey" not in first.metadata
    assert first.batch_metadata["PartitionKeyArray"] == ["p"]
    with pytest.raises(func.ConversionError, match="PartitionKeyArray has 1 values"):
        _ = first.partition_key


@pytest.mark.parametrize("text", ["[{", '"text"', "5"])
def test_unreadable_system_properties_leave_the_bodies(text: str) -> None:
    """System properties that are no list of objects break neither the batch nor the bodies."""
    data, _ = batch(2)

    events = TRIGGER.decode(data, trigger_metadata={"SystemPropertiesArray": Datum(text, "json")})

    assert [event.get_body() for event in events] == [b"body 0", b"body 1"]
    with pytest.raises(func.ConversionError):
        _ = events[0].offset


def test_bad_field_of_one_event_raises_only_when_it_is_read() -> None:
    """A date that cannot be read breaks neither the other events nor the other fields, and is named."""
    properties = [{"EnqueuedTimeUtc": "soon", "SequenceNumber": 1}, {"EnqueuedTimeUtc": "2020-07-14T01:27:55.627Z"}]

    bad, good = TRIGGER.decode(
        Datum(["a", "b"], "collection_string"),
        trigger_metadata={"SystemPropertiesArray": Datum(json.dumps(properties), "json")},
    )

    assert (bad.get_body(), bad.sequence_number, good.enqueued_time) == (b"a", 1, WHEN)
    assert "<unreadable>" in repr(bad)
    with pytest.raises(func.ConversionError, match="EnqueuedTimeUtc") as caught:
        _ = bad.enqueued_time
    assert "'soon'" in caught.value.hint


def test_events_of_a_batch_can_be_pickled_and_copied() -> None:
    """An event that came in a batch equals its pickle and its copy, metadata included."""
    data, metadata = batch(2)
    event = TRIGGER.decode(data, trigger_metadata=metadata)[1]

    for twin in (pickle.loads(pickle.dumps(event)), copy.deepcopy(event)):
        assert twin == event
        assert twin.metadata == event.metadata


def test_received_batch_survives_the_wire() -> None:
    """A batch that came from the host goes to the wire and back with its fields and its metadata."""
    events = received(batch(3))

    again = received(TRIGGER.to_wire(events))

    assert again == events
    assert [event.metadata["Properties"] for event in again] == [{"source": "roof"}] * 3


# --- one event --------------------------------------------------------------------------------------------------------


def test_metadata_of_one_event_is_the_same_on_both_libraries(func: ModuleType) -> None:
    """The fields and the metadata of an event that came alone are those of the reference."""
    datum = type_of_datum(func)
    event = (
        func.get_binding_registry()
        .get("eventHubTrigger")
        .decode(
            datum("b", "string"),
            trigger_metadata={
                "SystemProperties": datum('{"iothub-connection-device-id": "dev"}', "json"),
                "EnqueuedTimeUtc": datum('"2020-07-14T01:27:55.627Z"', "json"),
                "PartitionKey": datum('"pk"', "json"),
                "SequenceNumber": datum("47", "string"),
                "Offset": datum("11", "json"),
            },
        )
    )

    assert [getattr(event, name) for name in FIELDS] == ["pk", 47, "11", WHEN, {"connection-device-id": "dev"}]
    assert event.metadata["Offset"] == 11
    assert event.get_body() == b"b"


def test_batch_has_the_same_fields_on_both_libraries(func: ModuleType) -> None:
    """The fields of the events of a batch are those of the reference; an offset is a whole number there."""
    datum = type_of_datum(func)
    data, metadata = batch(2)
    events = (
        func.get_binding_registry()
        .get("eventHubTrigger")
        .decode(
            datum(data.value, data.type),
            trigger_metadata={key: datum(each.value, each.type) for key, each in metadata.items()},
        )
    )

    assert [[getattr(event, name) for name in FIELDS] for event in events] == [
        [f"key {index}", index, index * 100, WHEN, {"connection-device-id": f"device {index}"}] for index in range(2)
    ]


def test_event_made_by_hand_gives_its_metadata_back(func: ModuleType) -> None:
    """What an event is given as trigger metadata it gives back, read; without any it has none."""
    datum = type_of_datum(func)

    assert func.EventHubEvent(body=b"x").metadata is None
    event = func.EventHubEvent(body=b"x", trigger_metadata={"A": datum('{"k": 1}', "json"), "B": datum("x", "string")})
    assert event.metadata == {"A": {"k": 1}, "B": "x"}
    assert event.metadata is event.metadata


def test_plain_values_are_metadata_too() -> None:
    """An event by hand takes plain values for its metadata, and its fields come from there when not given."""
    event = func.EventHubEvent(body="x", trigger_metadata={"SequenceNumber": 5, "Offset": 7}, offset="8")

    assert event.metadata == {"SequenceNumber": 5, "Offset": 7}
    assert (event.sequence_number, event.offset, event.enqueued_time) == (5, "8", None)


def test_text_body_is_kept_as_bytes() -> None:
    """A body given as text comes back as bytes, as the type of get_body() says."""
    assert func.EventHubEvent(body="hé").get_body() == "hé".encode()


def test_wire_type_that_carries_no_event_is_refused() -> None:
    """A datum that carries no body is refused with the text of the reference."""
    with pytest.raises(NotImplementedError, match="unsupported event data payload type: int"):
        TRIGGER.decode(Datum(5, "int"), trigger_metadata={"SystemProperties": Datum("{}", "json")})


def test_event_as_dict_and_json() -> None:
    """An event can be written as plain data: its body as text and the fields that are set."""
    event = func.EventHubEvent(body="x", sequence_number=1, offset=11, iothub_metadata={"a": "b"})

    assert event.to_dict() == {"body": "x", "sequence_number": 1, "offset": "11", "iothub_metadata": {"a": "b"}}
    assert json.loads(event.to_json()) == event.to_dict()


# --- output -----------------------------------------------------------------------------------------------------------


def test_refused_event_is_told_what_would_be_lost() -> None:
    """An event with properties is not sent without them: the error names them and what to do."""
    data, metadata = batch(1)
    event = TRIGGER.decode(data, trigger_metadata=metadata)[0]

    with pytest.raises(func.UnsupportedValueError) as caught:
        OUTPUT.encode([event], expected_type=None)

    for name in (*FIELDS, "metadata"):
        assert name in caught.value.message
    assert "EventHubEvent(body=...)" in caught.value.hint
    assert "azure-eventhub" in caught.value.hint


@pytest.mark.parametrize(
    "annotation",
    [str, bytes, list[str], list[bytes], dict[str, Any], list[dict[str, Any]], func.EventHubEvent, str | None, Reading],
)
def test_return_annotation_is_accepted(annotation: Any) -> None:
    """A return value may be annotated with whatever the output sends."""
    assert OUTPUT.check_output_type_annotation(annotation) is True


def test_function_with_events_in_and_out(app: func.FunctionApp) -> None:
    """A decorated function is called with a list of events made by hand."""

    @app.event_hub_output("$return", "EventHub", "alarms")
    @app.event_hub_message_trigger("events", "EventHub", "readings", cardinality="many")
    def alarms(events: list[func.EventHubEvent]) -> list[dict[str, Any]]:
        return [{"hot": each.get_json()} for each in events]

    assert alarms([func.EventHubEvent(body="91")]) == [{"hot": 91}]


@given(
    st.lists(
        st.builds(
            func.EventHubEvent,
            body=st.binary() | st.text(),
            partition_key=st.text(),
            sequence_number=st.integers(),
            offset=st.text() | st.integers(0),
            iothub_metadata=st.dictionaries(st.text(), st.text()),
        )
    )
)
def test_any_batch_survives_the_wire(events: Sequence[func.EventHubEvent]) -> None:
    """decode(to_wire(m)) == m for any batch, and for each event alone."""
    assert received(TRIGGER.to_wire(events)) == events
    for event in events:
        assert received(TRIGGER.to_wire(event)) == event


def type_of_datum(func: ModuleType) -> Any:
    """Give the class of wire values of a library."""
    import importlib

    return Datum if func.__name__ == "azfunc" else importlib.import_module(f"{func.__name__}.meta").Datum
