"""Apache Kafka."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import json
import uuid
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, List, Optional  # noqa: UP035  # the older spelling has to work too

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc as func
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED, BindingConformance

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

WHEN = "2026-01-02T03:04:05Z"
ENVELOPE = (
    '{"Offset": 0, "Partition": 0, "Topic": "", "Timestamp": "2026-01-02T03:04:05Z", "Value": "x", "Headers": []}'
)
FIELDS = ("key", "offset", "partition", "topic", "timestamp", "headers")
TRIGGER: Any = func.get_binding_registry().get("kafkaTrigger")
OUTPUT: Any = func.get_binding_registry().get("kafka")


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int
    due: datetime.date


class TestKafka(BindingConformance):
    """The suite, for Kafka."""

    module = "kafka"
    decorators = ("kafka_trigger", "kafka_output")
    defaults = (func.KafkaEvent,)
    messages = {
        "kafkaTrigger": [
            func.KafkaEvent(),
            func.KafkaEvent(body="hé", key="ada", offset=62, partition=3, topic="orders", timestamp=WHEN),
            func.KafkaEvent(body=b"\xff\x00", key="", headers={"language": "python", "raw": b"\xff", "none": None}),
            func.KafkaEvent(headers=[]),
            [],
            [func.KafkaEvent(body=b"\xff", key="ada", headers={"a": "b"}), func.KafkaEvent(body="b", offset=0)],
            [func.KafkaEvent(), func.KafkaEvent()],
        ],
        "kafka": [func.KafkaEvent(body="b"), [func.KafkaEvent(body="a"), func.KafkaEvent(body="b")]],
    }
    accepted = {
        "kafkaTrigger": [
            func.KafkaEvent,
            Optional[func.KafkaEvent],  # noqa: UP045  # the older spelling is the point
            Annotated[func.KafkaEvent, "an order"],
            list[func.KafkaEvent],
            List[func.KafkaEvent],  # noqa: UP006  # the older spelling is the point
            list,
            List,  # noqa: UP006  # see above
            list[Any],
        ]
    }
    refused = {"kafkaTrigger": [str, bytes, int, list[str], tuple, func.EventHubEvent, func.KafkaEvent | int]}
    outputs = {
        "kafka": [
            ("hi", Datum("hi", "string")),
            ("", Datum("", "string")),
            (b"hi", Datum(b"hi", "bytes")),
            (b"\xff", Datum(b"\xff", "bytes")),
            (bytearray(b"hi"), Datum(b"hi", "bytes")),
            (None, None),
            (7, Datum("7", "json")),
            ({"a": 1}, Datum('{"a": 1}', "json")),
            (func.Cardinality.MANY, Datum('"many"', "json")),
            (Order(7, datetime.date(2026, 1, 2)), Datum('{"number": 7, "due": "2026-01-02"}', "json")),
            (
                {"at": datetime.datetime(2026, 1, 2), "sum": decimal.Decimal("1.5"), "id": uuid.UUID(int=1)},  # noqa: DTZ001
                Datum(
                    '{"at": "2026-01-02T00:00:00", "sum": 1.5, "id": "00000000-0000-0000-0000-000000000001"}', "json"
                ),
            ),
            (["a", "b"], Datum('["a", "b"]', "json")),
            (("a", {"b": 1}), Datum('["a", {"b": 1}]', "json")),
            ([b"a", bytearray(b"b")], Datum('["a", "b"]', "json")),
            ((each for each in "ab"), Datum('["a", "b"]', "json")),
            ([], Datum("[]", "json")),
            (func.KafkaEvent(body=b"x"), Datum(b"x", "bytes")),
            (func.KafkaEvent(body=b"\xff"), Datum(b"\xff", "bytes")),
            (func.KafkaEvent(body=b"x", timestamp=WHEN), Datum(ENVELOPE, "string")),
            (
                [func.KafkaEvent(body="x", timestamp=WHEN), func.KafkaEvent(body="y")],
                Datum(json.dumps([ENVELOPE, "y"]), "json"),
            ),
            (func.KafkaEvent(body=b"\xff", key="k"), REFUSED),
            (func.KafkaEvent(body="x", headers={"raw": b"\xff"}), REFUSED),
            (func.KafkaEvent(body="x", headers={"none": None}), REFUSED),
            (func.KafkaEvent(body="x", headers=[{"Key": "language", "Value": "python"}]), REFUSED),
            (func.KafkaEvent(body="x", timestamp="soon"), REFUSED),
            ([func.KafkaEvent(body=b"\xff")], REFUSED),
            ([b"\xff"], REFUSED),
            ([None], REFUSED),
            (object(), REFUSED),
            ({"a": object()}, REFUSED),
            (func.EventHubEvent(body="b"), REFUSED),
            ([func.TimerRequest()], REFUSED),
        ]
    }


def batch(count: int) -> tuple[Datum, dict[str, Datum]]:
    """Give a batch with all the arrays that the host sends."""
    metadata: dict[str, list[Any]] = {
        "TimestampArray": [WHEN] * count,
        "KeyArray": [f"key {index}" for index in range(count)],
        "PartitionArray": [index % 3 for index in range(count)],
        "TopicArray": ["orders"] * count,
        "HeadersArray": [[{"Key": "a", "Value": "MQ=="}]] * count,
    }
    arrays = {key: Datum(json.dumps(each), "json") for key, each in metadata.items()}
    arrays["OffsetArray"] = Datum(SimpleNamespace(sint64=list(range(60, 60 + count))), "collection_sint64")
    return Datum(SimpleNamespace(bytes=[b"body %d" % each for each in range(count)]), "collection_bytes"), arrays


def received(sent: tuple[Datum, dict[str, Datum]]) -> Any:
    """Decode what the host sends."""
    datum, metadata = sent
    return TRIGGER.decode(datum, trigger_metadata=metadata)


def type_of_datum(func: ModuleType) -> Any:
    """Give the class of wire values of a library."""
    import importlib

    return Datum if func.__name__ == "azfunc" else importlib.import_module(f"{func.__name__}.meta").Datum


# --- events -----------------------------------------------------------------------------------------------------------


def test_metadata_of_one_event_is_the_same_on_both_libraries(func: ModuleType) -> None:
    """The fields of an event that came alone are those of the reference, and JSON in its metadata stays text."""
    datum = type_of_datum(func)
    converter = func.get_binding_registry().get("kafkaTrigger")
    event = converter.decode(
        datum("x", "string"),
        trigger_metadata={
            "Timestamp": datum('"2020-06-20T04:06:04.139Z"', "json"),
            "Key": datum("k", "string"),
            "Partition": datum("3", "json"),
            "Offset": datum("62", "json"),
            "Topic": datum('"t"', "json"),
            "Headers": datum('[{"Key": "a", "Value": "MQ=="}]', "json"),
        },
    )

    assert [getattr(event, name) for name in FIELDS] == [
        "k", 62, 3, "t", "2020-06-20T04:06:04.139Z", [{"Key": "a", "Value": "MQ=="}],
    ]  # fmt: skip
    assert event.metadata["Headers"] == '[{"Key": "a", "Value": "MQ=="}]'
    assert event.metadata["Offset"] == "62"


def test_batch_has_the_same_fields_on_both_libraries(func: ModuleType) -> None:
    """The fields of the events of a batch are those of the reference."""
    datum = type_of_datum(func)
    data, metadata = batch(2)
    converter = func.get_binding_registry().get("kafkaTrigger")
    events = converter.decode(
        datum(data.value, data.type),
        trigger_metadata={
            **{key: datum(each.value, each.type) for key, each in metadata.items()},
            "TopicArray": datum(SimpleNamespace(string=["orders", "orders"]), "collection_string"),
        },
    )

    assert [[getattr(event, name) for name in FIELDS] for event in events] == [
        [f"key {index}", 60 + index, index, "orders", WHEN, [{"Key": "a", "Value": "MQ=="}]] for index in range(2)
    ]


def test_mismatch_raises_on_both_libraries(func: ModuleType) -> None:
    """Both libraries refuse a batch with another number of partitions, with the same text."""
    datum = type_of_datum(func)
    data, metadata = batch(2)
    converter = func.get_binding_registry().get("kafkaTrigger")

    with pytest.raises(AssertionError) as caught:
        converter.decode(
            datum(data.value, data.type),
            trigger_metadata={
                **{key: datum(each.value, each.type) for key, each in metadata.items()},
                "TopicArray": datum(SimpleNamespace(string=["orders", "orders"]), "collection_string"),
                "PartitionArray": datum("[0]", "json"),
            },
        )

    assert caught.value.args[0] == "Number of bodies and metadata mismatched"


def test_array_of_texts_of_another_size_raises_only_when_it_is_read() -> None:
    """A wrong number of keys leaves the bodies and the other fields; whose key is whose nobody can tell."""
    data, metadata = batch(2)
    metadata["KeyArray"] = Datum('["k"]', "json")

    first, _ = received((data, metadata))

    assert (first.get_body(), first.offset, first.topic) == (b"body 0", 60, "orders")
    assert first.batch_metadata["KeyArray"] == ["k"]
    with pytest.raises(func.ConversionError, match="KeyArray has 1 values"):
        _ = first.key


def test_batch_without_some_arrays_has_the_rest() -> None:
    """Unlike the reference, a batch needs no array: what is missing is None."""
    data, metadata = batch(2)
    del metadata["TopicArray"], metadata["HeadersArray"], metadata["KeyArray"]

    _, second = received((data, metadata))

    assert [getattr(second, name) for name in FIELDS] == [None, 61, 1, None, WHEN, None]
    assert received((data, {}))[1].get_body() == b"body 1"


def test_event_of_a_batch_has_its_own_metadata() -> None:
    """The metadata of an event has its own values; the arrays of all are in batch_metadata."""
    events = received(batch(3))

    assert events[1].metadata == {
        "Timestamp": WHEN,
        "Key": "key 1",
        "Partition": 1,
        "Offset": 61,
        "Topic": "orders",
        "Headers": [{"Key": "a", "Value": "MQ=="}],
    }
    assert events[1].batch_metadata["OffsetArray"] == [60, 61, 62]


def test_bad_field_raises_only_when_it_is_read() -> None:
    """An offset and headers that cannot be read break neither the event nor its other fields."""
    metadata = {"Offset": Datum("soon", "string"), "Headers": Datum('{"a": 1}', "json"), "Key": Datum("k", "string")}
    event = received((Datum("x", "string"), metadata))

    assert (event.get_body(), event.key) == (b"x", "k")
    assert repr(event).count("<unreadable>") == 2
    with pytest.raises(func.ConversionError, match="Offset"):
        _ = event.offset
    with pytest.raises(func.ConversionError, match="a list of headers"):
        _ = event.headers


def test_event_made_by_hand_gives_its_metadata_back(func: ModuleType) -> None:
    """What an event is given as trigger metadata it gives back, with JSON as text; without any it has none."""
    datum = type_of_datum(func)

    assert func.KafkaEvent(body=b"x").metadata is None
    assert func.KafkaEvent(body=b"x", trigger_metadata={"A": datum('{"k": 1}', "json")}).metadata == {"A": '{"k": 1}'}


def test_headers_are_kept_as_the_host_sends_them() -> None:
    """Headers by name become a list with Base64, and get_headers() gives the bytes of either form."""
    expected: list[dict[str, Any]] = [
        {"Key": "a", "Value": "MQ=="},
        {"Key": "b", "Value": "/w=="},
        {"Key": "c", "Value": None},
    ]

    assert func.KafkaEvent(headers={"a": "1", "b": b"\xff", "c": None}).headers == expected
    assert func.KafkaEvent(headers=[{"Key": "a", "Value": b"1"}, *expected[1:]]).headers == expected
    assert func.KafkaEvent(headers=expected).get_headers() == [("a", b"1"), ("b", b"\xff"), ("c", None)]
    assert func.KafkaEvent().get_headers() == []


def test_header_that_is_no_base64_is_named() -> None:
    """A header whose value is plain text is given as it is, and named with the remedy when its bytes are asked for."""
    event = func.KafkaEvent(headers=[{"Key": "language", "Value": "python"}])

    assert event.headers == [{"Key": "language", "Value": "python"}]
    with pytest.raises(func.ConversionError, match="'language' has the value 'python'") as caught:
        event.get_headers()
    assert "headers={" in caught.value.hint


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (ENVELOPE, b"x"),
        (ENVELOPE.replace('"x"', '{"order": 7}'), b'{"order": 7}'),
        ('{"Value": "x"}', b'{"Value": "x"}'),
        ("{Offset", b"{Offset"),
        ("plain", b"plain"),
        (b"\xff", b"\xff"),
        (b"{\xff", b"{\xff"),
    ],
)
def test_value_is_taken_out_of_the_json_of_the_whole_event(body: str | bytes, value: bytes) -> None:
    """The value of an event is the one in the JSON of the whole event, or the body when it is none."""
    assert func.KafkaEvent(body=body).get_value() == value


# --- output -----------------------------------------------------------------------------------------------------------


def test_event_is_sent_with_key_and_headers() -> None:
    """An event becomes the object that the extension takes, with all the names it needs and headers as text."""
    event = func.KafkaEvent(
        body='{"order": 7}', key="ada", partition=2, topic="t", offset=4, timestamp=WHEN, headers={"language": "pythön"}
    )

    datum = OUTPUT.encode(event, expected_type=None)

    assert datum.type == "string"
    assert json.loads(datum.value) == {
        "Offset": 4,
        "Partition": 2,
        "Topic": "t",
        "Timestamp": WHEN,
        "Value": '{"order": 7}',
        "Key": "ada",
        "Headers": [{"Key": "language", "Value": "pythön"}],
    }


def test_event_without_timestamp_is_sent_with_the_time_of_now() -> None:
    """The extension needs a timestamp; an event without one gets the present time."""
    before = datetime.datetime.now(datetime.timezone.utc)

    sent = json.loads(OUTPUT.encode(func.KafkaEvent(body="x", key="k"), expected_type=None).value)

    made = datetime.datetime.fromisoformat(sent["Timestamp"].replace("Z", "+00:00"))
    assert before <= made <= datetime.datetime.now(datetime.timezone.utc)


def test_received_event_is_sent_on_with_its_value() -> None:
    """An event that came as JSON of the whole event is sent on once, not wrapped again, and its headers as text."""
    envelope = {**json.loads(ENVELOPE), "Headers": [{"Key": "a", "Value": "MQ=="}]}
    metadata = {"Key": Datum("ada", "string"), "Headers": Datum(json.dumps(envelope["Headers"]), "json")}
    event = received((Datum(json.dumps(envelope), "string"), metadata))

    sent = json.loads(OUTPUT.encode(event, expected_type=None).value)

    assert (sent["Value"], sent["Key"], sent["Headers"]) == ("x", "ada", [{"Key": "a", "Value": "1"}])


@pytest.mark.parametrize(
    ("event", "named"),
    [
        (func.KafkaEvent(body=b"\xff", key="k"), "body"),
        (func.KafkaEvent(headers={"raw": b"\xff"}), "'raw'"),
        (func.KafkaEvent(headers={"none": None}), "'none'"),
        (func.KafkaEvent(timestamp="soon"), "'soon'"),
    ],
)
def test_event_that_cannot_be_sent_whole_is_refused(event: func.KafkaEvent, named: str) -> None:
    """What the extension would lose or change is refused, and named."""
    with pytest.raises(func.UnsupportedValueError, match=named) as caught:
        OUTPUT.encode(event, expected_type=None)

    assert caught.value.hint


# --- decorators -------------------------------------------------------------------------------------------------------


def test_annotation_says_the_cardinality(app: func.FunctionApp) -> None:
    """A list of events makes a trigger of batches; anything else one of single events."""

    @app.kafka_trigger("events", "orders", "BrokerList")
    def many(events: list[func.KafkaEvent]) -> None: ...

    @app.kafka_trigger("event", "orders", "BrokerList")
    def one(event: func.KafkaEvent) -> None: ...

    bindings = [json.loads(each.get_function_json())["bindings"][0] for each in app.get_functions()]
    assert [each["cardinality"] for each in bindings] == ["MANY", "ONE"]
    assert many([func.KafkaEvent()]) is None
    assert one(func.KafkaEvent()) is None


@pytest.mark.parametrize("text", ["sasl_ssl", "SASL_SSL", "SaslSsl", "SASLSSL"])
def test_protocol_is_read_as_the_documentation_writes_it(app: func.FunctionApp, text: Any) -> None:
    """A protocol may be written with or without underscores, in any letter case."""

    @app.kafka_output("$return", "orders", "BrokerList", protocol=text, authentication_mode="OAuthBearer")
    @app.kafka_trigger("event", "orders", "BrokerList", protocol=text)
    def relay(event: func.KafkaEvent) -> str:
        return event.get_body().decode()

    assert relay(func.KafkaEvent(body="x")) == "x"
    trigger, output = json.loads(app.get_functions()[0].get_function_json())["bindings"]
    assert (trigger["protocol"], output["protocol"], output["authenticationMode"]) == (
        "SASLSSL",
        "SASLSSL",
        "OAUTHBEARER",
    )


def test_unknown_protocol_is_refused_on_both_libraries(func: ModuleType) -> None:
    """A protocol that is none is refused with the text of the reference."""
    with pytest.raises(KeyError) as caught:
        func.FunctionApp().kafka_trigger("event", "orders", "BrokerList", protocol="nope")(print)

    assert caught.value.args[0] == (
        "Can not parse str 'nope' to BrokerProtocol. "
        "Allowed values are ['NOTSET', 'PLAINTEXT', 'SSL', 'SASLPLAINTEXT', 'SASLSSL']"
    )


@given(
    st.lists(
        st.builds(
            func.KafkaEvent,
            body=st.binary() | st.text(),
            key=st.text(),
            offset=st.integers(),
            partition=st.none() | st.integers(0),
            timestamp=st.text(),
            headers=st.none() | st.dictionaries(st.text(), st.binary() | st.text() | st.none()),
        )
    )
)
def test_any_batch_survives_the_wire(events: Sequence[func.KafkaEvent]) -> None:
    """decode(to_wire(m)) == m for any batch, and for each event alone."""
    assert received(TRIGGER.to_wire(events)) == events
    for event in events:
        assert received(TRIGGER.to_wire(event)) == event
