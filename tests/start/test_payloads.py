"""Text that is posted for a trigger becomes what the host would send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.start.payloads import incoming_of
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Callable


def queue(app: func.FunctionApp) -> Any:
    """Add a function for a queue."""

    @app.queue_trigger("x", "q", "c")
    def f(x: func.QueueMessage) -> str:
        return x.get_body().decode()

    return f


def timer(app: func.FunctionApp) -> Any:
    """Add a function for a timer."""

    @app.timer_trigger("x", "0 0 0 * * *")
    def f(x: func.TimerRequest) -> bool:
        return x.past_due

    return f


def hub(app: func.FunctionApp) -> Any:
    """Add a function for batches of events."""

    @app.event_hub_message_trigger("x", "c", "h", cardinality="many")
    def f(x: list[func.EventHubEvent]) -> list[str]:
        return [each.get_body().decode() for each in x]

    return f


def bus(app: func.FunctionApp) -> Any:
    """Add a function for a Service Bus queue."""

    @app.service_bus_queue_trigger("x", "c", "q")
    def f(x: func.ServiceBusMessage) -> tuple[str, str | None]:
        return x.get_body().decode(), x.message_id

    return f


def grid(app: func.FunctionApp) -> Any:
    """Add a function for events of Event Grid."""

    @app.event_grid_trigger("x")
    def f(x: func.EventGridEvent) -> Any:
        return x.id, x.get_json()

    return f


def cosmos(app: func.FunctionApp) -> Any:
    """Add a function for changed documents."""

    @app.cosmos_db_trigger("x", "c", "d", "k")
    def f(x: func.DocumentList) -> list[str]:
        return [each["id"] for each in x]

    return f


def blob(app: func.FunctionApp) -> Any:
    """Add a function for blobs."""

    @app.blob_trigger("x", "c/{name}", "s")
    def f(x: func.InputStream) -> tuple[str | None, bytes]:
        return x.name, x.read()

    return f


EVENT = '{"id": "7", "topic": "t", "subject": "s", "eventType": "e", "eventTime": "2026-01-01T00:00:00Z", '
EVENT += '"data": {"a": 1}, "dataVersion": "1"}'


@pytest.mark.parametrize(
    ("define", "text", "metadata", "expected"),
    [
        pytest.param(queue, '{"a":  1}', {}, '{"a":  1}', id="queue-json-as-written"),
        pytest.param(queue, "plain", {}, "plain", id="queue-text"),
        pytest.param(timer, "", {}, False, id="timer-nothing"),
        pytest.param(timer, '{"IsPastDue": true}', {}, True, id="timer-json"),
        pytest.param(hub, '["a", {"b": 1}]', {}, ["a", '{"b": 1}'], id="hub-batch"),
        pytest.param(hub, "a", {}, ["a"], id="hub-one"),
        pytest.param(bus, "m", {"MessageId": "7"}, ("m", "7"), id="bus-with-metadata"),
        pytest.param(grid, EVENT, {}, ("7", {"a": 1}), id="grid"),
        pytest.param(cosmos, '[{"id": "1"}, {"id": "2"}]', {}, ["1", "2"], id="cosmos"),
        pytest.param(blob, "content", {"BlobTrigger": "c/x", "Properties": {}}, ("c/x", b"content"), id="blob"),
    ],
)
@pytest.mark.filterwarnings("ignore:Function 'f' returned")
def test_text_reaches_the_function(
    app: func.FunctionApp,
    define: Callable[[func.FunctionApp], Any],
    text: str,
    metadata: dict[str, Any],
    expected: Any,
) -> None:
    """Each trigger gets from a text what its service would have sent."""
    define(app)
    [function] = app.get_functions()
    trigger = function.get_trigger()
    assert trigger is not None

    incoming = incoming_of(trigger, text, metadata)

    with TestClient(app) as client:
        assert client.send("f", incoming).returned == expected


def test_text_that_cannot_be_used_is_refused(app: func.FunctionApp) -> None:
    """The error names the binding and what is wrong."""
    timer(app)
    [function] = app.get_functions()
    trigger = function.get_trigger()
    assert trigger is not None

    with pytest.raises(func.InvocationError) as caught:
        incoming_of(trigger, "tomorrow")

    assert "'x' (timerTrigger)" in caught.value.message
    assert caught.value.binding_name == "x"
