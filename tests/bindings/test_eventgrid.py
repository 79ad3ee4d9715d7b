"""Azure Event Grid."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import json
import uuid
from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc as func
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED, BindingConformance, entries_of

if TYPE_CHECKING:
    from types import ModuleType

UTC = datetime.timezone.utc
NOON = datetime.datetime(2020, 1, 2, 12, tzinfo=UTC)
NAIVE = datetime.datetime(2020, 1, 2)  # noqa: DTZ001  # people write such times, and they have to be sent
TOPIC = {"topic_endpoint_uri": "TOPIC_URI", "topic_key_setting": "TOPIC_KEY"}


@dataclasses.dataclass
class Order:
    """A value of a user's own that has the members of an event."""

    id: str
    eventTime: datetime.datetime  # noqa: N815  # the name on the wire


def grid(**more: Any) -> func.EventGridOutputEvent:
    """Make an event to send, whole enough that nothing is filled in."""
    return func.EventGridOutputEvent(**{"id": "i", "event_time": NAIVE, **more})


GRID = (
    '{"id": "i", "subject": "", "dataVersion": "1.0", "eventType": "", "data": null, '
    '"eventTime": "2020-01-02T00:00:00"}'
)
CLOUD = func.CloudEvent(id="i", source="s", type="t", data={"k": 1})
CLOUD_TEXT = '{"source": "s", "type": "t", "specversion": "1.0", "id": "i", "data": {"k": 1}}'


class TestEventGrid(BindingConformance):
    """The suite, for Event Grid."""

    module = "eventgrid"
    decorators = ("event_grid_trigger",)
    own_decorators = {
        "event_grid_output": (
            {"arg_name": "out", **TOPIC, "data_type": "string", "extra_setting": 1},
            [
                {
                    "direction": "OUT",
                    "dataType": "STRING",
                    "type": "eventGrid",
                    "name": "out",
                    "topicEndpointUri": "TOPIC_URI",
                    "topicKeySetting": "TOPIC_KEY",
                    "extraSetting": 1,
                }
            ],
        )
    }
    defaults = (func.EventGridEvent, func.EventGridOutputEvent, func.CloudEvent)
    messages = {
        "eventGridTrigger": [
            func.EventGridEvent(),
            func.EventGridEvent(id="7", subject="hé", topic="/t", event_type="a.b", data_version="2", data=["x", None]),
            func.EventGridEvent(data={"a": {"b": 1}}, event_time=NOON),
            func.EventGridEvent(event_time=NAIVE, data="type"),
            func.CloudEvent(),
            func.CloudEvent(id="7", source="/s", type="t", time=NOON, subject="u", data=0),
            func.CloudEvent(data=b"\xff\x00", datacontenttype="image/png", dataschema="urn:x"),
            func.CloudEvent(specversion="", data=False, traceparent="00-a", members="m", count=3),
            [func.EventGridEvent(id="1"), func.CloudEvent(id="2")],
            [],
        ]
    }
    accepted = {
        "eventGridTrigger": [
            func.EventGridEvent,
            func.CloudEvent,
            Optional[func.EventGridEvent],  # noqa: UP045  # the older spelling is the point
            func.EventGridEvent | func.CloudEvent,
            Annotated[func.CloudEvent, "an order"],
            list[func.EventGridEvent],
            Sequence[func.CloudEvent],
            list[func.EventGridEvent | func.CloudEvent],
        ]
    }
    refused = {"eventGridTrigger": [str, dict, int, func.EventGridOutputEvent, list[str], func.EventGridEvent | int]}
    outputs = {
        "eventGrid": [
            (None, None),
            ("abc", Datum("abc", "string")),
            ("", Datum("", "string")),
            (b"\xff", Datum(b"\xff", "bytes")),
            (bytearray(b"{}"), Datum(b"{}", "bytes")),
            ({}, Datum("{}", "json")),
            ({"id": "i", "data": 1}, Datum('{"id": "i", "data": 1}', "json")),
            ({"a": b"x"}, Datum('{"a": "eA=="}', "json")),
            (
                {"at": NOON, "sum": decimal.Decimal("1.5"), "id": uuid.UUID(int=1)},
                Datum(
                    '{"at": "2020-01-02T12:00:00+00:00", "sum": 1.5, "id": "00000000-0000-0000-0000-000000000001"}',
                    "json",
                ),
            ),
            (Order("i", NOON), Datum('{"id": "i", "eventTime": "2020-01-02T12:00:00+00:00"}', "json")),
            (["a", "b"], Datum('["a", "b"]', "json")),
            (("a", "b"), Datum('["a", "b"]', "json")),
            ((each for each in "ab"), Datum('["a", "b"]', "json")),
            ([], Datum("[]", "json")),
            ([b"a", {"b": 1}], Datum('["a", {"b": 1}]', "json")),
            ([Order("i", NOON)], Datum('[{"id": "i", "eventTime": "2020-01-02T12:00:00+00:00"}]', "json")),
            (grid(), Datum(GRID, "json")),
            ([grid(), grid()], Datum(f"[{GRID}, {GRID}]", "json")),
            (
                grid(data={"order": Order("o", NOON)}, event_time=NOON),
                Datum(
                    GRID.replace("null", '{"order": {"id": "o", "eventTime": "2020-01-02T12:00:00+00:00"}}').replace(
                        '"2020-01-02T00:00:00"', '"2020-01-02T12:00:00+00:00"'
                    ),
                    "json",
                ),
            ),
            (CLOUD, Datum(CLOUD_TEXT, "json")),
            ([CLOUD, CLOUD], Datum(f"[{CLOUD_TEXT}, {CLOUD_TEXT}]", "json")),
            (
                func.CloudEvent(id="i", time=NAIVE, data=b"\xff", subject="u", traceparent="00-a"),
                Datum(
                    '{"source": "", "type": "", "specversion": "1.0", "id": "i", '
                    '"subject": "u", "time": "2020-01-02T00:00:00+00:00", "traceparent": "00-a", '
                    '"data_base64": "/w=="}',
                    "json",
                ),
            ),
            ([grid(), CLOUD], REFUSED),
            ([b"\xff"], REFUSED),
            ([None], REFUSED),
            ([7], REFUSED),
            (7, REFUSED),
            (True, REFUSED),
            (1.5, REFUSED),
            (NOON, REFUSED),
            (uuid.UUID(int=1), REFUSED),
            (object(), REFUSED),
            ({"a": object()}, REFUSED),
            (grid(data=object()), REFUSED),
            (func.EventGridEvent(id="i"), REFUSED),
            ([func.EventGridEvent(id="i")], REFUSED),
            (func.QueueMessage(body="b"), REFUSED),
            ([func.TimerRequest()], REFUSED),
        ]
    }


# --- decorators ---


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"connection": "Topic"}, {"connection": "Topic"}),
        (TOPIC, {"topicEndpointUri": "TOPIC_URI", "topicKeySetting": "TOPIC_KEY"}),
    ],
    ids=["by connection", "by address and key"],
)
def test_topic_is_named_in_one_of_two_ways(func: ModuleType, given: dict[str, str], written: dict[str, str]) -> None:
    """An output names its topic by a connection, or by an address and a key."""
    made = entries_of(func, "event_grid_output", {"arg_name": "out", **given})

    assert made == [{"direction": "OUT", "type": "eventGrid", "name": "out", **written}]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"topic_endpoint_uri": "TOPIC_URI"},
        {"topic_key_setting": "TOPIC_KEY"},
        {"connection": "Topic", "topic_endpoint_uri": "TOPIC_URI"},
        {"connection": "Topic", **TOPIC},
    ],
    ids=str,
)
def test_topic_named_otherwise_is_refused(func: ModuleType, given: dict[str, str]) -> None:
    """A topic that is named in no way, in both, or in a half is refused, in the reference's words."""
    with pytest.raises(ValueError, match=r"^Specify either the 'Connection' property or both 'TopicKeySetting' and"):
        entries_of(func, "event_grid_output", {"arg_name": "out", **given})


@pytest.mark.parametrize("given", [{"connection": ""}, {"topic_endpoint_uri": "", "topic_key_setting": ""}], ids=str)
def test_empty_topic_is_refused_at_the_decorator(app: func.FunctionApp, given: dict[str, str]) -> None:
    """An empty name is refused in the line that has it; the reference writes it into function.json."""
    with pytest.raises(func.DefinitionError) as caught:
        app.event_grid_output("out", **given)

    assert next(iter(given)) in caught.value.hint
    assert "app setting" in caught.value.hint


def test_annotation_as_a_list_asks_for_batches(app: func.FunctionApp) -> None:
    """A parameter for a list of events needs no cardinality beside it."""

    @app.event_grid_trigger("events")
    def many(events: list[func.EventGridEvent]) -> None:
        """Take several events."""

    assert '"cardinality": "MANY"' in many.build().get_function_json()


# --- received events ---


def decode(value: Any, kind: str = "json") -> Any:
    """Decode what the host sends to an Event Grid trigger."""
    converter: Any = func.get_binding_registry().get("eventGridTrigger")
    return converter.decode(Datum(value, kind), trigger_metadata=None)


def test_bad_time_raises_only_when_it_is_read() -> None:
    """A time that cannot be read breaks neither the event nor its other members."""
    event = decode('{"id": "7", "eventTime": "soon", "data": {"a": 1}}')

    assert event.get_json() == {"a": 1}
    assert "<unreadable>" in repr(event)
    with pytest.raises(func.ConversionError, match="eventTime") as caught:
        _ = event.event_time
    assert "'soon'" in caught.value.hint


def test_members_without_a_field_are_not_lost() -> None:
    """All members of an event can be read by the names they have on the wire."""
    event = decode('{"id": "7", "metadataVersion": "1"}')

    assert event.members == {"id": "7", "metadataVersion": "1"}
    event.members["id"] = "8"
    assert event.id == "7"


@pytest.mark.parametrize("text", ["5", "null", '"s"', "[1]", "[null]"])
def test_json_that_is_no_event_is_refused(text: str) -> None:
    """What is no JSON object is no event, and the error shows one."""
    with pytest.raises(func.ConversionError, match="An event is a JSON object") as caught:
        decode(text)

    assert "specversion" in caught.value.hint


def test_text_that_is_no_json_is_refused_with_the_position() -> None:
    """A payload that is no JSON raises the documented error."""
    with pytest.raises(json.JSONDecodeError) as caught:
        decode("not json {")

    assert isinstance(caught.value, func.ConversionError)
    assert caught.value.pos == 0


def test_other_wire_types_are_refused_as_in_the_reference(func: ModuleType) -> None:
    """A number is no payload of Event Grid."""
    converter = func.get_binding_registry().get("eventGridTrigger")

    with pytest.raises(NotImplementedError, match="unsupported event grid payload type: int"):
        converter.decode(Datum(7, "int"), trigger_metadata={})


def test_binary_data_that_is_no_base64_raises_when_it_is_read() -> None:
    """Damaged binary data leaves the attributes readable."""
    event = decode('{"specversion": "1.0", "id": "7", "data_base64": "%"}')

    assert event.id == "7"
    with pytest.raises(func.ConversionError, match="'7' is no Base64"):
        event.get_body()


def test_binary_data_that_is_no_json_can_be_had_as_bytes() -> None:
    """get_json() of binary data reads it, and get_body() gives it as it is."""
    event = func.CloudEvent(data=b"\x89PNG")

    assert event.get_body() == b"\x89PNG"
    with pytest.raises(func.JsonDecodeError):
        event.get_json()


def test_only_events_of_the_trigger_are_sent_to_it() -> None:
    """A test that sends something else learns what to send."""
    converter: Any = func.get_binding_registry().get("eventGridTrigger")

    with pytest.raises(func.UnsupportedValueError, match="cannot be sent QueueMessage") as caught:
        converter.to_wire([func.QueueMessage()])

    assert "CloudEvent" in caught.value.hint


# --- messages ---


def test_fields_are_those_of_the_reference(func: ModuleType) -> None:
    """An event of the Event Grid schema has the reference's fields."""
    event = func.EventGridEvent(
        id="i", data={"k": 1}, topic="t", subject="s", event_type="e", event_time=NOON, data_version="1"
    )

    assert (event.id, event.topic, event.subject, event.event_type) == ("i", "t", "s", "e")
    assert (event.event_time, event.data_version, event.get_json()) == (NOON, "1", {"k": 1})
    assert not issubclass(func.EventGridOutputEvent, func.EventGridEvent)


def test_cloud_event_keeps_extensions_apart(func: ModuleType) -> None:
    """Attributes that the specification does not name are extensions, and come as a new dict each time."""
    event = func.CloudEvent(id="i", source="s", type="t", specversion="1.0", data=None, traceparent="x")

    assert event.extension_attrs == {"traceparent": "x"}
    assert event.extension_attrs is not event.extension_attrs
    assert not hasattr(event, "traceparent")
    assert event.get_json() is None


def test_dict_has_the_keys_of_the_reference() -> None:
    """to_dict() gives what release 2.3.0 of the reference gives, in its order."""
    received = func.EventGridEvent(
        id="i", data={"k": 1}, topic="t", subject="s", event_type="e", event_time=NAIVE, data_version="1"
    )
    sent = grid(data={"k": 1}, subject="s", event_type="e", data_version="1")
    cloud = func.CloudEvent(id="i", source="s", type="t", data=None, traceparent="x", time=NAIVE)

    assert received.to_json() == (
        '{"id": "i", "topic": "t", "subject": "s", "event_type": "e", "event_time": "2020-01-02T00:00:00", '
        '"data_version": "1", "data": {"k": 1}}'
    )
    assert sent.to_json() == (
        '{"id": "i", "subject": "s", "event_type": "e", "event_time": "2020-01-02T00:00:00", '
        '"data_version": "1", "data": {"k": 1}}'
    )
    assert cloud.to_json() == (
        '{"id": "i", "source": "s", "type": "t", "specversion": "1.0", "subject": null, '
        '"time": "2020-01-02T00:00:00", "datacontenttype": null, "dataschema": null, "data": null, '
        '"extension_attrs": {"traceparent": "x"}}'
    )
    assert func.EventGridEvent().to_dict()["event_time"] is None


def test_events_differ_by_any_member() -> None:
    """Equality looks at data and extensions too, and a class of its own is not equal to another."""
    assert func.CloudEvent(a=1) != func.CloudEvent(a=2)
    assert func.CloudEvent(data=b"a") != func.CloudEvent(data=b"b")
    assert func.EventGridEvent(data={"a": 1}) != func.EventGridEvent(data={"a": 2})
    assert func.EventGridEvent() != func.EventGridOutputEvent()
    assert len({func.EventGridEvent(id="1"), func.EventGridEvent(id="1")}) == 1


def test_data_may_have_any_attributes() -> None:
    """Data is given back as it was given, also when it looks like something of the library."""
    data = Datum("7", "json")

    assert func.EventGridOutputEvent(data=data).get_json() is data


def test_repr_shows_data_and_extensions() -> None:
    """The repr of an event is the call that makes it."""
    assert repr(func.CloudEvent(source="s", data=[1], traceparent="x")) == (
        "CloudEvent(source='s', specversion='1.0', data=[1], traceparent='x')"
    )
    assert repr(func.EventGridEvent(id="1")) == "EventGridEvent(id='1')"


def test_event_has_no_trigger_metadata() -> None:
    """Everything that the host sends stands in the event."""
    assert func.EventGridEvent(id="1").to_metadata() == {}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
names = st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True).filter(
    lambda name: name not in ("self", *func.CloudEvent().to_dict())
)


@given(st.builds(func.EventGridEvent, id=st.text(), subject=st.text(), data=json_values, event_type=st.text()))
def test_any_event_survives_the_wire(event: func.EventGridEvent) -> None:
    """decode(to_wire(m)) == m for any event of the Event Grid schema."""
    converter: Any = func.get_binding_registry().get("eventGridTrigger")

    assert converter.decode(converter.to_wire(event)[0], trigger_metadata={}) == event


@given(st.text(), json_values | st.binary(), st.dictionaries(names, json_values))
def test_any_cloud_event_survives_the_wire(source: str, data: Any, extensions: dict[str, Any]) -> None:
    """decode(to_wire(m)) == m for any CloudEvent."""
    event = func.CloudEvent(source=source, data=data, **extensions)
    converter: Any = func.get_binding_registry().get("eventGridTrigger")

    assert converter.decode(converter.to_wire(event)[0], trigger_metadata={}) == event


# --- sent events ---


def sent(value: Any) -> Any:
    """Give what is sent for a value, read as JSON."""
    converter: Any = func.get_binding_registry().get("eventGrid")
    return json.loads(converter.encode(value, expected_type=None).value)


def test_id_and_time_that_are_left_out_are_filled_in_when_sent() -> None:
    """An event needs an id and a time; the one that was made stays as it is."""
    event = func.EventGridOutputEvent(subject="s")
    before = datetime.datetime.now(UTC)
    first, second = sent([event, event])

    assert uuid.UUID(first["id"]) != uuid.UUID(second["id"])
    assert before <= datetime.datetime.fromisoformat(first["eventTime"]) <= datetime.datetime.now(UTC)
    assert event == func.EventGridOutputEvent(subject="s")


def test_cloud_event_without_an_id_gets_one_when_sent() -> None:
    """A CloudEvent needs an id; its time may be absent."""
    members = sent(func.CloudEvent(source="s", type="t"))

    assert uuid.UUID(members.pop("id"))
    assert members == {"specversion": "1.0", "source": "s", "type": "t"}


def test_received_cloud_event_can_be_sent_on() -> None:
    """Nothing of a CloudEvent is lost on its way through a function."""
    text = (
        '{"specversion": "1.0", "id": "7", "source": "s", "type": "t", "time": "2020-01-02T12:00:00.1234567Z", "x": 1}'
    )

    assert sent(decode(text)) == json.loads(text)


def test_refusal_of_a_received_event_says_what_to_make_of_it() -> None:
    """The topic of a received event is not that of the output, and so it is not sent on silently."""
    with pytest.raises(
        func.UnsupportedValueError, match=r"got EventGridEvent: .* make an EventGridOutputEvent"
    ) as caught:
        sent(func.EventGridEvent(id="7"))

    assert "CloudEvent" in caught.value.hint


@pytest.mark.parametrize(
    "annotation",
    [
        str,
        bytes,
        dict,
        list,
        dict[str, Any],
        list[str],
        Iterable[str],
        Order,
        list[Order],
        func.EventGridOutputEvent,
        func.CloudEvent,
        list[func.EventGridOutputEvent],
        list[func.CloudEvent] | None,
        bytearray,
        memoryview,
        tuple,
        tuple[func.CloudEvent, str],
        Literal["{}"],
        Generator[func.CloudEvent, None, None],
    ],
    ids=str,
)
def test_return_value_may_be_annotated_as_what_can_be_sent(annotation: Any) -> None:
    """An output takes the annotations of all values that it takes."""
    converter: Any = func.get_binding_registry().get("eventGrid")

    assert converter.check_output_type_annotation(annotation) is True


@pytest.mark.parametrize(
    "annotation", [func.EventGridEvent, func.QueueMessage, object, list[func.TimerRequest]], ids=str
)
def test_return_value_may_not_be_annotated_as_another_message(annotation: Any) -> None:
    """An output does not take what it would refuse to send."""
    converter: Any = func.get_binding_registry().get("eventGrid")

    assert converter.check_output_type_annotation(annotation) is False


class Shade(enum.Enum):
    """An enum, whose members are no events."""

    DARK = 1


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (int, 1),
        (float, 1.5),
        (bool, True),
        (decimal.Decimal, decimal.Decimal(1)),
        (datetime.datetime, NOON),
        (uuid.UUID, uuid.UUID(int=1)),
        (Shade, Shade.DARK),
        (Literal[1], 1),
        (list[int], [1]),
        (tuple[str, int], ("{}", 1)),
    ],
    ids=str,
)
def test_what_is_always_refused_may_not_stand_at_the_return_value(annotation: Any, value: Any) -> None:
    """An event is an object: plain values cannot be sent, and cannot be promised."""
    converter: Any = func.get_binding_registry().get("eventGrid")

    assert converter.check_output_type_annotation(annotation) is False
    with pytest.raises(func.UnsupportedValueError, match="an event is an object"):
        converter.encode(value)
