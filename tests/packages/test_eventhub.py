"""Events of Azure's SDK as arguments, by `azurefunctions-extensions-bindings-eventhub`."""

from __future__ import annotations

import importlib
import json
from datetime import datetime, timezone
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.sdk_messages import as_model
from azfunc.testing import TestClient

TAKEN_IN = datetime(2024, 5, 1, 10, 11, 12, 345000, tzinfo=timezone.utc)


@pytest.fixture
def eventhub() -> Any:
    """The package."""
    return importlib.import_module("azurefunctions.extensions.bindings.eventhub")


@pytest.fixture
def sdk() -> Any:
    """The SDK behind it."""
    return importlib.import_module("azure.eventhub")


def client_of(annotation: Any, **fields: Any) -> TestClient:
    """Make a client of an app whose function returns the events it gets."""
    app = func.FunctionApp()

    def read(event: Any) -> None:
        seen.append(event)

    seen.clear()
    read.__annotations__["event"] = annotation
    app.event_hub_message_trigger("event", "hub", "Hub", **fields)(read)
    return TestClient(app)


seen: list[Any] = []


@pytest.mark.parametrize("given", ["höhe", "höhe".encode(), func.EventHubEvent(body="höhe")])
def test_trigger_gives_an_event_of_the_sdk(eventhub: Any, sdk: Any, given: Any) -> None:
    """Text, bytes and azfunc's own event arrive as the SDK's."""
    run = client_of(eventhub.EventData).send("read", given)

    assert run.succeeded
    [event] = seen
    assert type(event) is sdk.EventData
    assert event.body_as_str() == "höhe"
    assert event.sequence_number is None


def test_event_has_what_the_service_knows(eventhub: Any) -> None:
    """Number, place, time, key and properties are those of the event."""
    event = func.EventHubEvent(
        body=b"x",
        sequence_number=5,
        offset="77",
        enqueued_time=TAKEN_IN,
        partition_key="k",
        iothub_metadata={"connection-device-id": "d1"},
    )

    client_of(eventhub.EventData).send("read", event)

    [got] = seen
    assert (got.sequence_number, got.offset, got.enqueued_time) == (5, "77", TAKEN_IN)
    assert got.partition_key == b"k"
    assert got.system_properties[b"iothub-connection-device-id"] == b"d1"


def test_properties_of_the_sender_are_there(eventhub: Any) -> None:
    """What the host says in the trigger metadata is in the event."""
    event = func.EventHubEvent(
        body=b"x",
        trigger_metadata={
            "Properties": Datum('{"kind": "a", "rank": 2}', "json"),
            "ContentType": Datum("text/plain", "string"),
            "MessageId": Datum("m1", "string"),
        },
    )

    client_of(eventhub.EventData).send("read", event)

    [got] = seen
    assert got.properties == {b"kind": b"a", b"rank": 2}
    assert (got.content_type, got.message_id) == ("text/plain", "m1")


def test_list_makes_the_trigger_take_batches(eventhub: Any, sdk: Any) -> None:
    """A list of events in the annotation is cardinality MANY, and each event has its own content."""
    client = client_of(list[eventhub.EventData])
    events = [func.EventHubEvent(body="a", sequence_number=1), func.EventHubEvent(body="b", sequence_number=2)]

    client.send("read", events)
    client.send("read", [{"n": 1}])

    [function] = client.host.functions
    assert json.loads(function.get_function_json())["bindings"][0]["cardinality"] == "MANY"
    assert [type(each) for each in seen[0]] == [sdk.EventData, sdk.EventData]
    assert [(each.body_as_str(), each.sequence_number) for each in seen[0]] == [("a", 1), ("b", 2)]
    assert [each.body_as_json() for each in seen[1]] == [{"n": 1}]


def test_host_sends_the_event_itself(eventhub: Any) -> None:
    """What the host sends is handed to the package as it is, one or many."""
    one = as_model(func.EventHubEvent(body="a"))
    many = as_model([func.EventHubEvent(body="a"), func.EventHubEvent(body="b")])

    client_of(eventhub.EventData).send("read", event=one)
    assert [each.body_as_str() for each in seen] == ["a"]
    client_of(list[eventhub.EventData]).send("read", event=many)
    assert [each.body_as_str() for each in seen[0]] == ["a", "b"]


def test_test_may_give_the_sdks_own(eventhub: Any, sdk: Any) -> None:
    """An event that the test has made is the argument itself."""
    event = sdk.EventData("mine")

    client_of(eventhub.EventData).send("read", event)
    client_of(list[eventhub.EventData]).send("read", [event])

    assert seen == [[event]]


def test_connection_is_not_needed(eventhub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host has the connection, by a connection string or an identity; the event comes without."""
    monkeypatch.setenv("Hub__fullyQualifiedNamespace", "space.servicebus.windows.net")

    assert client_of(eventhub.EventData).send("read", "x").succeeded


def test_event_that_is_none_is_told(eventhub: Any) -> None:
    """What cannot be read as AMQP is an error with the function, the binding and the package's reason."""
    broken = importlib.import_module("azfunc.runtime.sdk_types").ModelBindingData(b"\x00\xff not AMQP")

    with pytest.raises(func.ConversionError) as caught:
        client_of(eventhub.EventData).send("read", event=Datum(broken, "model_binding_data"))

    assert "Function 'read', eventHubTrigger binding 'event': EventData cannot be made" in caught.value.message
    assert "an object of the SDK" in caught.value.hint


def test_class_of_another_binding_is_told(eventhub: Any) -> None:
    """An annotation that belongs to another trigger is an error that says so."""
    app = func.FunctionApp()

    def read(msg: Any) -> None: ...

    read.__annotations__["msg"] = eventhub.EventData
    app.queue_trigger("msg", "todo", "Storage")(read)

    with pytest.raises(func.ConversionError) as caught:
        TestClient(app).send("read", "x")

    assert "queueTrigger binding 'msg'" in caught.value.message
    assert "EventData" in caught.value.message


def test_package_tells_the_host_of_the_event(eventhub: Any) -> None:
    """What the package writes into the binding goes to the host."""
    base = importlib.import_module("azurefunctions.extensions.base")
    [function] = client_of(list[eventhub.EventData]).host.functions
    asked = type("Info", (), {"pytype": list[eventhub.EventData]})

    [text], _ = base.get_binding_registry().get_raw_bindings(function, {"event": asked})

    assert json.loads(text)["properties"] == {"SupportsDeferredBinding": True}
