"""Azure Service Bus."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import inspect
import json
import sys
import uuid
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, List, Optional  # noqa: UP035  # the older spelling is tested too

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc as func
from azfunc._core import datum as datum_module
from azfunc._core.datum import Datum
from tests.bindings.conformance import DATA, REFUSED, BindingConformance, as_datum

if TYPE_CHECKING:
    from collections.abc import Callable

UTC = datetime.timezone.utc
NOON = datetime.datetime(2026, 1, 2, 12, tzinfo=UTC)

# One value for each field, by its name in the constructor.
FIELDS: dict[str, Any] = {
    "application_properties": {"a": 1, "nested": {"b": [2]}},
    "content_type": "application/json",
    "correlation_id": "c",
    "dead_letter_error_description": "d",
    "dead_letter_reason": "r",
    "dead_letter_source": "s",
    "delivery_count": 3,
    "enqueued_sequence_number": 5,
    "enqueued_time_utc": NOON,
    "expires_at_utc": NOON + datetime.timedelta(microseconds=1),
    "force_persistence": False,
    "label": "l",
    "locked_until": NOON + datetime.timedelta(minutes=5),
    "lock_token": "87931fd2-39f4-415a-9fdc-adfdcbed3148",
    "message_id": "m",
    "partition_key": "pk",
    "reply_to": "rt",
    "reply_to_session_id": "rts",
    "scheduled_enqueue_time_utc": NOON,
    "sequence_number": 2**62,
    "session_id": "sid",
    "state": 0,
    "subject": "sub",
    "time_to_live": datetime.timedelta(days=14, seconds=1),
    "to": "to",
    "transaction_partition_key": "tpk",
    "user_properties": {"u": "1"},
}


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int
    due: datetime.date


class TestServiceBus(BindingConformance):
    """The suite, for Service Bus."""

    module = "servicebus"
    decorators = (
        "service_bus_queue_trigger",
        "service_bus_topic_trigger",
        "service_bus_queue_output",
        "service_bus_topic_output",
    )
    defaults = (func.ServiceBusMessage,)
    messages = {
        "serviceBusTrigger": [
            func.ServiceBusMessage(),
            func.ServiceBusMessage(body="hé", **FIELDS),
            func.ServiceBusMessage(body=b"\xff\x00", enqueued_time_utc=datetime.datetime(2020, 1, 2)),  # noqa: DTZ001
            func.ServiceBusMessage(trigger_metadata={"Subject": "s", "Own": {"x": 1}}),
            [func.ServiceBusMessage(body="a", **FIELDS), func.ServiceBusMessage(body=b"\xff", subject="s")],
            [],
        ]
    }
    accepted = {
        "serviceBusTrigger": [
            func.ServiceBusMessage,
            Optional[func.ServiceBusMessage],  # noqa: UP045  # the older spelling is the point
            func.ServiceBusMessage | None,
            Annotated[func.ServiceBusMessage, "an order"],
            list[func.ServiceBusMessage],
            List[func.ServiceBusMessage],  # noqa: UP006  # the older spelling is the point
            list,
            List,  # noqa: UP006  # see above
            list[Any],
            list[func.ServiceBusMessage] | None,
        ]
    }
    refused = {"serviceBusTrigger": [str, bytes, list[str], tuple, func.QueueMessage, func.ServiceBusMessage | int]}
    outputs = {
        "serviceBus": [
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
            (("a", b"b"), Datum('["a", "b"]', "json")),
            ([b"a", {"b": 1}], Datum('["a", {"b": 1}]', "json")),
            ((each for each in "ab"), Datum('["a", "b"]', "json")),
            ([], Datum("[]", "json")),
            ([Order(7, datetime.date(2026, 1, 2))], Datum('[{"number": 7, "due": "2026-01-02"}]', "json")),
            (func.ServiceBusMessage(body="b"), Datum(b"b", "bytes")),
            (func.ServiceBusMessage(body=b"\xff"), Datum(b"\xff", "bytes")),
            ([func.ServiceBusMessage(body="b"), "c"], Datum('["b", "c"]', "json")),
            (func.ServiceBusMessage(body="b", subject="s"), REFUSED),
            ([func.ServiceBusMessage(body="b", session_id="1")], REFUSED),
            (func.ServiceBusMessage(body="b", state=0), REFUSED),
            ([b"\xff"], REFUSED),
            ([None], REFUSED),
            (object(), REFUSED),
            ({"a": object()}, REFUSED),
            (func.QueueMessage(body="b"), REFUSED),
            ([func.TimerRequest()], REFUSED),
        ]
    }


def converter() -> Any:
    """Give the converter of the triggers."""
    return func.get_binding_registry().get("serviceBusTrigger")


def recorded(id: str) -> tuple[Datum, dict[str, Datum]]:
    """Give a recorded payload: its datum and metadata."""
    payload = next(each for each in json.loads((DATA / "servicebus.json").read_text()) if each["id"] == id)
    return as_datum(payload["data"]), {name: as_datum(each) for name, each in payload["metadata"].items()}


def read_everything(message: func.ServiceBusMessage) -> None:
    """Read every property of a message."""
    for name in FIELDS:
        getattr(message, name)


# --- message ---


@pytest.mark.parametrize("field", list(FIELDS))
def test_every_property_can_be_given(field: str) -> None:
    """Each field is a keyword of the constructor, is read back, and stands in the repr."""
    message = func.ServiceBusMessage(**{field: FIELDS[field]})

    assert getattr(message, field) == FIELDS[field]
    assert field in repr(message)
    assert message != func.ServiceBusMessage()


def test_every_property_of_the_class_is_covered() -> None:
    """The table of this file has each property, but for those that have no field of their own."""
    properties = {name for name, each in inspect.getmembers(func.ServiceBusMessage) if isinstance(each, property)}

    assert properties - set(FIELDS) == {"metadata", "batch_metadata", "expiration_time", "scheduled_enqueue_time"}


def test_message_made_by_hand_has_the_defaults_of_the_reference() -> None:
    """Properties are empty dicts, the identity an empty text, all else None."""
    message = func.ServiceBusMessage(body="x")

    assert (message.message_id, message.user_properties, message.application_properties) == ("", {}, {})
    assert message.metadata is None
    assert all(getattr(message, name) is None for name in FIELDS if name not in _WITH_DEFAULT)


_WITH_DEFAULT = ("message_id", "user_properties", "application_properties")


def test_properties_that_are_added_are_kept() -> None:
    """Unlike the reference's, the dict of properties is the message's own."""
    message = func.ServiceBusMessage()
    message.user_properties["a"] = 1

    assert message.user_properties == {"a": 1}


def test_repr_leaves_out_what_is_empty() -> None:
    """A repr has what was given, and no empty properties."""
    assert repr(func.ServiceBusMessage(body="x", subject="s")) == "ServiceBusMessage(body=b'x', subject='s')"
    assert repr(func.ServiceBusMessage()) == "ServiceBusMessage()"


@pytest.mark.parametrize("name", ["enqueued_time_utc", "expires_at_utc", "locked_until", "scheduled_enqueue_time_utc"])
def test_moments_are_always_aware(name: str) -> None:
    """A naive datetime is taken as UTC, as the host's dates without a zone are."""
    message = func.ServiceBusMessage(**{name: datetime.datetime(2026, 1, 2, 12)})  # type: ignore[arg-type]  # noqa: DTZ001

    assert getattr(message, name) == NOON


def test_older_names_give_the_same_moments() -> None:
    """Two properties have another name each."""
    message = func.ServiceBusMessage(expires_at_utc=NOON, scheduled_enqueue_time_utc=NOON)

    assert message.expiration_time is message.expires_at_utc
    assert message.scheduled_enqueue_time is message.scheduled_enqueue_time_utc


def test_to_dict_has_the_body_and_every_field() -> None:
    """A message as a dict of plain values; as JSON it is text throughout."""
    message = func.ServiceBusMessage(body="x", **FIELDS)

    assert message.to_dict() == {"body": "x", **FIELDS}
    assert json.loads(message.to_json())["time_to_live"] == "14.00:00:01"


def test_fields_are_read_from_the_metadata_given_by_hand() -> None:
    """What the host would send can stand in for the fields; what is given as a field comes first."""
    message = func.ServiceBusMessage(trigger_metadata={"MessageId": "m", "Subject": "s", "Own": 1}, subject="mine")

    assert (message.message_id, message.subject) == ("m", "mine")
    assert message.metadata == {"MessageId": "m", "Subject": "s", "Own": 1}


@pytest.mark.parametrize(
    ("field", "key", "sent", "expected"),
    [
        ("time_to_live", "TimeToLive", "90", datetime.timedelta(seconds=90)),
        ("time_to_live", "TimeToLive", 90, datetime.timedelta(seconds=90)),
        ("time_to_live", "TimeToLive", "-5", datetime.timedelta(seconds=-5)),
        ("time_to_live", "TimeToLive", "34:56", datetime.timedelta(minutes=34, seconds=56)),
        ("time_to_live", "TimeToLive", "'00:01:00'", datetime.timedelta(minutes=1)),
        ("time_to_live", "TimeToLive", "1.02:03:04.5", datetime.timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("time_to_live", "TimeToLive", "null", None),
        ("expires_at_utc", "ExpiresAtUtc", '"2026-01-02T12:00:00Z"', NOON),
        ("expires_at_utc", "ExpiresAtUtc", "01/02/2026 12:00:00", NOON),
        ("expires_at_utc", "ExpiresAtUtc", "2026-01-02T14:00:00+02:00", NOON),
        ("expires_at_utc", "ExpiresAtUtc", NOON, NOON),
        ("expires_at_utc", "ExpiresAtUtc", "null", None),
        ("expires_at_utc", "ExpiresAtUtc", "", None),
        ("delivery_count", "DeliveryCount", "7", 7),
        ("message_id", "MessageId", 7, "7"),
        ("user_properties", "UserProperties", '{"a": 1}', {"a": 1}),
    ],
)
def test_field_is_read_in_each_form(field: str, key: str, sent: object, expected: object) -> None:
    """Durations, moments, numbers and properties are read however the host writes them."""
    assert getattr(func.ServiceBusMessage(trigger_metadata={key: sent}), field) == expected


@pytest.mark.parametrize("sent", ["soon", "1:2:3:4:5", "12:61:00", "1a:00:00"])
def test_bad_duration_names_field_and_value(sent: str) -> None:
    """A duration that is none raises when it is read."""
    with pytest.raises(func.ConversionError, match="'TimeToLive'") as caught:
        _ = func.ServiceBusMessage(trigger_metadata={"TimeToLive": sent}).time_to_live

    assert repr(sent) in caught.value.hint


# --- one message ---


def test_metadata_is_read_as_a_whole() -> None:
    """The metadata of one message has all that the host sent, decoded once."""
    datum, metadata = recorded("a message with all its metadata")
    message = converter().decode(datum, trigger_metadata=metadata)

    assert message.metadata["DeliveryCount"] == 1
    assert message.metadata["UserProperties"] == {"u": "1"}
    assert set(message.metadata) == set(metadata)
    assert message.metadata is message.metadata


@pytest.mark.parametrize("metadata", [None, {}])
def test_message_without_metadata_is_read(metadata: Any) -> None:
    """No metadata is no error; the body is all there is."""
    message = converter().decode(Datum("x", "string"), trigger_metadata=metadata)

    assert message == func.ServiceBusMessage(body="x")


def test_message_without_content_is_read() -> None:
    """The host sends no datum for a message without a body."""
    assert converter().decode(None, trigger_metadata={}).get_body() == b""


def test_bad_date_raises_only_when_it_is_read() -> None:
    """The error names the field and the value, and nothing else of the message is lost."""
    datum, metadata = recorded("a date that is none leaves the rest readable")
    message = converter().decode(datum, trigger_metadata=metadata)

    with pytest.raises(func.ConversionError, match="'EnqueuedTimeUtc'") as caught:
        _ = message.enqueued_time_utc

    assert "'soon'" in caught.value.hint
    assert "enqueued_time_utc=<unreadable>" in repr(message)


def test_body_of_another_wire_type_is_refused() -> None:
    """The text is the reference's."""
    with pytest.raises(NotImplementedError, match="unsupported queue payload type: int"):
        converter().decode(Datum(5, "int"), trigger_metadata={})


def test_single_message_is_read_as_the_reference_reads_it(func: Any) -> None:
    """Each field of a full message is the reference's, and so is the body."""
    get_registry = (
        getattr(func, "get_binding_registry", None) or sys.modules["azure.functions.meta"].get_binding_registry
    )
    data, metadata = recorded("a message with all its metadata")
    kind = Datum if func.__name__ == "azfunc" else sys.modules["azure.functions.meta"].Datum
    decode = get_registry().get("serviceBusTrigger").decode
    message = decode(
        kind(data.value, data.type),
        trigger_metadata={name: kind(each.value, each.type) for name, each in metadata.items()},
    )

    assert message.get_body() == b'{"order": 7}'
    assert message.delivery_count == 1
    assert message.enqueued_time_utc == datetime.datetime(2020, 7, 2, 5, 39, 12, 170000, tzinfo=UTC)
    assert message.time_to_live == datetime.timedelta(hours=11, minutes=22, seconds=33)
    assert message.user_properties == {"u": "1"}
    assert message.state == 0


# --- batches ---


def batch(size: int) -> tuple[Datum, dict[str, Datum]]:
    """Give the datum and metadata of a batch with every field."""
    messages = [func.ServiceBusMessage(body=f"{number}", **FIELDS) for number in range(size)]
    datum, metadata = converter().to_wire(messages)
    return datum, metadata


def test_message_of_a_batch_has_its_own_metadata() -> None:
    """The arrays of the whole batch are under another name, the same for all its messages."""
    datum, metadata = recorded("a batch of bytes")
    first, second = converter().decode(datum, trigger_metadata=metadata)

    assert second.metadata["MessageId"] == "m2"
    assert not any(key.endswith("Array") for key in second.metadata)
    assert first.batch_metadata is second.batch_metadata
    assert first.batch_metadata["MessageIdArray"] == ["m1", "m2"]
    assert "MessageReceiver" in first.batch_metadata


def test_array_of_another_length_raises_when_it_is_read() -> None:
    """Nobody can tell whose label it is; all else of the messages can be read."""
    datum, metadata = recorded("a batch of texts, a label left out")
    messages = converter().decode(datum, trigger_metadata=metadata)

    for message in messages:
        with pytest.raises(func.ConversionError, match="LabelArray has 1 values, and the batch has 2") as caught:
            _ = message.label
        assert "batch_metadata" in caught.value.hint
        assert message.user_properties == {}


@pytest.mark.parametrize(("bodies", "properties"), [(["one"], "[{}, {}]"), (["one", "two"], "[{}]")])
def test_no_message_is_lost_or_mixed_up(bodies: list[str], properties: str) -> None:
    """With more bodies than properties, or fewer, each body comes, and the properties cannot be read."""
    data = Datum(SimpleNamespace(string=bodies), "collection_string")
    messages = converter().decode(data, trigger_metadata={"UserPropertiesArray": Datum(properties, "json")})

    assert [message.get_body().decode() for message in messages] == bodies
    with pytest.raises(func.ConversionError, match="UserPropertiesArray"):
        _ = messages[0].user_properties


def test_batch_of_another_wire_type_is_refused() -> None:
    """The text is the reference's."""
    with pytest.raises(NotImplementedError, match="unable to decode multiple messages with data type string"):
        converter().decode(Datum("x", "string"), trigger_metadata={"UserPropertiesArray": Datum("[{}]", "json")})


def test_each_array_is_parsed_once_for_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading every field of every message twice parses each array once, and nothing when nothing is read."""
    texts: list[str] = []
    loads = datum_module.jsonlib.loads
    datum, metadata = batch(50)

    def counted(text: str) -> Any:
        texts.append(text)
        return loads(text)

    monkeypatch.setattr(datum_module, "jsonlib", SimpleNamespace(loads=counted))
    messages = converter().decode(datum, trigger_metadata=metadata)
    assert texts == []
    for message in messages * 2:
        read_everything(message)
        assert message.metadata

    assert len(texts) == len(metadata)


def calls_of(work: Callable[[], None]) -> int:
    """Count the calls of Python functions that some work makes."""
    count = 0

    def trace(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(trace)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_cost_of_a_message_does_not_depend_on_the_batch() -> None:
    """A message of a batch of 1,000 costs as many calls as one of a batch of 10."""

    def cost(size: int) -> float:
        datum, metadata = batch(size)

        def work() -> None:
            for message in converter().decode(datum, trigger_metadata=metadata):
                read_everything(message)
                _ = message.metadata

        work()  # imports happen once
        return calls_of(work) / size

    assert cost(1000) < cost(10)


def test_list_annotation_makes_a_batch(app: func.FunctionApp) -> None:
    """A topic trigger with a list needs no cardinality."""

    @app.service_bus_topic_trigger("msgs", "c", "t", "s")
    def store(msgs: list[func.ServiceBusMessage]) -> None: ...

    assert json.loads(store.build().get_function_json())["bindings"][0]["cardinality"] == "MANY"


# --- output ---


def test_refusal_lists_the_properties_and_names_the_sdk() -> None:
    """A message whose properties the host does not send is refused, with each of them by name."""
    out: Any = func.get_binding_registry().get("serviceBus")
    message = func.ServiceBusMessage(body="x", session_id="1", subject="s", application_properties={"a": 1})

    with pytest.raises(func.UnsupportedValueError) as caught:
        out.encode(message, expected_type=None)

    assert "application_properties, session_id, subject" in caught.value.message
    assert "azure-servicebus" in caught.value.hint
    assert "get_body()" in caught.value.hint


def test_received_message_is_not_forwarded_without_its_properties() -> None:
    """A message of the host has an identity, which would be lost; its body can be sent."""
    datum, metadata = recorded("what newer extensions send: dates without a zone, no user properties")
    message = converter().decode(datum, trigger_metadata=metadata)
    out: Any = func.get_binding_registry().get("serviceBus")

    with pytest.raises(func.UnsupportedValueError, match="message_id"):
        out.encode(message, expected_type=None)
    assert out.encode(message.get_body(), expected_type=None) == Datum(b"hello", "bytes")


@pytest.mark.parametrize("annotation", [str, bytes, dict[str, int], Order, list[str], list[func.ServiceBusMessage]])
def test_return_annotation_is_accepted(annotation: Any) -> None:
    """A function may be annotated with what the output takes."""
    out: Any = func.get_binding_registry().get("serviceBus")

    assert out.check_output_type_annotation(annotation)


# --- enums ---


@pytest.mark.parametrize("given_rights", ["listen", "LISTEN", "Listen", func.AccessRights.LISTEN])
def test_access_rights_are_read_in_any_case(app: func.FunctionApp, given_rights: Any) -> None:
    """Text in any letter case stands for a member."""

    @app.service_bus_queue_trigger("msg", "c", "q", access_rights=given_rights)
    def store(msg: func.ServiceBusMessage) -> None: ...

    assert json.loads(store.build().get_function_json())["bindings"][0]["accessRights"] == "LISTEN"


def test_unknown_access_rights_have_the_text_of_the_reference(func: Any) -> None:
    """The error lists the permitted names; azfunc's hint says more."""
    with pytest.raises(KeyError) as caught:
        func.FunctionApp().service_bus_queue_trigger("m", "c", "q", access_rights="send")(lambda m: 1)

    assert caught.value.args[0] == "Can not parse str 'send' to AccessRights. Allowed values are ['MANAGE', 'LISTEN']"


# --- hypothesis ---

TEXTS = st.text(min_size=1)
MOMENTS = st.datetimes(timezones=st.just(UTC))
MESSAGES = st.builds(
    func.ServiceBusMessage,
    body=st.binary() | st.text(),
    message_id=st.text(),
    application_properties=st.dictionaries(TEXTS, st.integers() | st.text() | st.booleans()),
    delivery_count=st.integers(0, 2**31) | st.none(),
    enqueued_time_utc=MOMENTS | st.none(),
    subject=TEXTS | st.none(),
    time_to_live=st.timedeltas(datetime.timedelta(0), datetime.timedelta(days=10_675_199)) | st.none(),
)


@given(MESSAGES)
def test_any_message_survives_the_wire(message: func.ServiceBusMessage) -> None:
    """decode(to_wire(m)) == m for any message."""
    datum, metadata = converter().to_wire(message)

    assert converter().decode(datum, trigger_metadata=metadata) == message


@given(st.lists(MESSAGES, max_size=4))
def test_any_batch_survives_the_wire(messages: list[func.ServiceBusMessage]) -> None:
    """decode(to_wire(ms)) == ms for any batch."""
    datum, metadata = converter().to_wire(messages)

    assert converter().decode(datum, trigger_metadata=metadata) == messages
