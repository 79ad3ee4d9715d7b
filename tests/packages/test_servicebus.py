"""Messages of Azure's SDK as arguments, by `azurefunctions-extensions-bindings-servicebus`."""

from __future__ import annotations

import importlib
import json
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.checking.signatures import check_signature
from azfunc.runtime.checking.views import FunctionView
from azfunc.runtime.sdk_messages import as_model
from azfunc.runtime.sdk_types import ModelBindingData
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Iterator

MOMENT = datetime(2024, 5, 1, 10, 11, 12, 345000, tzinfo=timezone.utc)
TOKEN = "00010203-0405-0607-0809-0a0b0c0d0e0f"


@pytest.fixture
def servicebus() -> Any:
    """The package."""
    return importlib.import_module("azurefunctions.extensions.bindings.servicebus")


@pytest.fixture
def sdk() -> Any:
    """The SDK behind it."""
    return importlib.import_module("azure.servicebus")


def client_of(annotation: Any, *, topic: bool = False) -> TestClient:
    """Make a client of an app whose function keeps the messages it gets."""
    app = func.FunctionApp()

    def read(msg: Any) -> None:
        seen.append(msg)

    seen.clear()
    read.__annotations__["msg"] = annotation
    if topic:
        app.service_bus_topic_trigger("msg", "Bus", "topic", "subscription")(read)
    else:
        app.service_bus_queue_trigger("msg", "Bus", "todo")(read)
    return TestClient(app)


seen: list[Any] = []


@pytest.mark.parametrize("given", ["höhe", "höhe".encode(), func.ServiceBusMessage(body="höhe")])
@pytest.mark.parametrize("topic", [False, True])
def test_trigger_gives_a_message_of_the_sdk(servicebus: Any, sdk: Any, given: Any, *, topic: bool) -> None:
    """Text, bytes and azfunc's own message arrive as the SDK's, from queues and from topics."""
    client_of(servicebus.ServiceBusReceivedMessage, topic=topic).send("read", given)

    [message] = seen
    assert type(message) is sdk.ServiceBusReceivedMessage
    assert b"".join(message.body).decode() == str(message) == "höhe"
    assert message.message_id is None


def test_message_has_what_the_service_knows(servicebus: Any) -> None:
    """All properties of the message are those of azfunc's."""
    message = func.ServiceBusMessage(
        body=b"x",
        message_id="m1",
        content_type="text/plain",
        correlation_id="c1",
        delivery_count=2,
        enqueued_sequence_number=6,
        enqueued_time_utc=MOMENT,
        locked_until=MOMENT + timedelta(minutes=1),
        lock_token=TOKEN,
        partition_key="s1",
        reply_to="answers",
        reply_to_session_id="s2",
        scheduled_enqueue_time_utc=MOMENT,
        sequence_number=7,
        session_id="s1",
        subject="urgent",
        time_to_live=timedelta(seconds=30),
        to="there",
        application_properties={"rank": 2, "kind": "a", "fast": True, "at": None},
        dead_letter_reason="old",
        dead_letter_error_description="too old",
    )

    client_of(servicebus.ServiceBusReceivedMessage).send("read", message)

    [got] = seen
    assert (got.message_id, got.content_type, got.correlation_id) == ("m1", "text/plain", "c1")
    assert (got.delivery_count, got.enqueued_sequence_number, got.sequence_number) == (2, 6, 7)
    assert (got.enqueued_time_utc, got.scheduled_enqueue_time_utc) == (MOMENT, MOMENT)
    assert got.locked_until_utc == MOMENT + timedelta(minutes=1)
    assert got.lock_token == uuid.UUID(TOKEN)
    assert (got.partition_key, got.session_id, got.reply_to_session_id) == ("s1", "s1", "s2")
    assert (got.reply_to, got.subject, got.to) == ("answers", "urgent", "there")
    assert got.time_to_live == timedelta(seconds=30)
    assert got.application_properties[b"rank"] == 2
    assert got.application_properties[b"kind"] == b"a"
    assert got.application_properties[b"fast"] is True
    assert (got.dead_letter_reason, got.dead_letter_error_description) == ("old", "too old")


def test_list_makes_the_trigger_take_batches(servicebus: Any, sdk: Any) -> None:
    """A list of messages in the annotation is cardinality MANY, and each message has its own properties."""
    client = client_of(list[servicebus.ServiceBusReceivedMessage])

    client.send("read", [func.ServiceBusMessage(body="a", message_id="1"), func.ServiceBusMessage(body="b")])

    [function] = client.host.functions
    assert json.loads(function.get_function_json())["bindings"][0]["cardinality"] == "MANY"
    assert [type(each) for each in seen[0]] == [sdk.ServiceBusReceivedMessage] * 2
    assert [(str(each), each.message_id) for each in seen[0]] == [("a", "1"), ("b", None)]


def test_host_sends_the_message_itself(servicebus: Any) -> None:
    """What the host sends is handed to the package as it is, one or many."""
    one, other = func.ServiceBusMessage(body="a"), func.ServiceBusMessage(body="b")

    client_of(servicebus.ServiceBusReceivedMessage).send("read", msg=as_model(one))
    assert [str(each) for each in seen] == ["a"]
    client_of(list[servicebus.ServiceBusReceivedMessage]).send("read", msg=as_model([one, other]))
    assert [str(each) for each in seen[0]] == ["a", "b"]


def test_connection_is_not_needed(servicebus: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host has the connection, by a connection string or an identity; the message comes without."""
    monkeypatch.setenv("Bus__fullyQualifiedNamespace", "space.servicebus.windows.net")

    assert client_of(servicebus.ServiceBusReceivedMessage).send("read", "x").succeeded


def test_message_that_is_none_is_told(servicebus: Any) -> None:
    """What cannot be read is an error with the function, the binding and the package's reason."""
    broken = Datum(ModelBindingData(b"no lock token"), "model_binding_data")

    with pytest.raises(func.ConversionError) as caught:
        client_of(servicebus.ServiceBusReceivedMessage).send("read", msg=broken)

    assert "Function 'read', serviceBusTrigger binding 'msg'" in caught.value.message
    assert "Failed to decode ServiceBus content" in caught.value.message


# --- settling ---------------------------------------------------------------------------------------------------------


def settling_app(servicebus: Any) -> func.FunctionApp:
    """Make an app whose function settles the message it gets."""
    app = func.FunctionApp()

    def settle(msg: Any, actions: Any) -> None:
        actions.complete(msg)

    settle.__annotations__ |= {
        "msg": servicebus.ServiceBusReceivedMessage,
        "actions": servicebus.ServiceBusMessageActions,
    }
    app.service_bus_queue_trigger("msg", "Bus", "todo", auto_complete_messages=False)(settle)
    return app


class Actions:
    """What a test gives, instead of the host."""

    def __init__(self) -> None:
        self.completed: list[Any] = []

    def complete(self, message: Any) -> None:
        """Remember the message."""
        self.completed.append(message.lock_token)


def test_test_gives_its_own_actions(servicebus: Any) -> None:
    """The parameter needs no binding; a test gives what it wants under its name."""
    actions = Actions()
    message = func.ServiceBusMessage(body="x", lock_token=TOKEN)

    run = TestClient(settling_app(servicebus)).send("settle", message, actions=actions)

    assert run.succeeded
    assert actions.completed == [uuid.UUID(TOKEN)]


def test_actions_without_a_host_are_told(servicebus: Any) -> None:
    """Without a host that listens the error says what to give."""
    with pytest.raises(func.InvocationError) as caught:
        TestClient(settling_app(servicebus)).send("settle", "x")

    assert "Function 'settle' takes a ServiceBusMessageActions" in caught.value.message
    assert "'host'" in caught.value.message  # the package wants to know where it is
    assert "Give one of your own" in caught.value.hint


@pytest.fixture
def host(servicebus: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A host that settles messages over gRPC, and what it is asked for."""
    grpc = importlib.import_module("grpc")
    services = importlib.import_module("azurefunctions.extensions.bindings.protos.settlement_pb2_grpc")
    asked: list[str] = []

    def complete(_servicer: Any, request: Any, _context: Any) -> Any:
        asked.append(request.locktoken)
        return importlib.import_module("google.protobuf.empty_pb2").Empty()

    settlement = type("Settlement", (services.SettlementServicer,), {"Complete": complete})
    server = grpc.server(ThreadPoolExecutor(1))
    services.add_SettlementServicer_to_server(settlement(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    arguments = ["worker", "--host", "127.0.0.1", "--port", str(port), "--functions-grpc-max-message-length", "1000000"]
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(servicebus.ServiceBusMessageActions, "_instance", None)
    yield asked
    server.stop(0).wait()


def test_actions_of_the_package_talk_to_the_host(servicebus: Any, host: list[str]) -> None:
    """Where the process was started by a host, the package's own object settles the message there."""
    message = func.ServiceBusMessage(body="x", lock_token=TOKEN)

    run = TestClient(settling_app(servicebus)).send("settle", message)

    assert run.succeeded
    assert host == [TOKEN]


def test_check_knows_both_parameters(servicebus: Any) -> None:
    """`azfunc check` takes neither the message nor what settles it for a mistake."""
    batch = client_of(list[servicebus.ServiceBusReceivedMessage]).host.functions
    [function] = settling_app(servicebus).get_functions()

    assert [problem for each in (function, *batch) for problem in check_signature(FunctionView(each))] == []
