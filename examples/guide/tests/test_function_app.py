"""Each function of the app, called by its name, and through its trigger."""

import json

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("myAppSetting", "blue")
    monkeypatch.setattr(function_app, "CACHED_BLOB_DATA", None)
    return TestClient(function_app.app)


def test_a_decorated_function_is_called_as_it_is_written() -> None:
    response = function_app.main(func.HttpRequest(params={"value": "21"}))

    assert response.get_body() == b"21 * 2 = 42"


def test_outputs_are_read_from_out_parameters() -> None:
    event, copy = func.Out[str](), func.Out[str]()

    function_app.http_trigger_with_cosmosdb(
        func.HttpRequest(url="/api/file?body=hi"), func.DocumentList([func.Document(id="7")]), event, copy
    )

    assert event.get() == "HttpRequest content: hi | CosmosDB ID: 7"
    assert copy.get() == "hi"


def test_http_with_a_name_in_query_or_body(client: TestClient) -> None:
    assert client.get("/api/default_template?name=Ada").get_body().startswith(b"Hello, Ada.")
    assert client.post("/api/default_template", json={"name": "Ada"}).get_body().startswith(b"Hello, Ada.")
    assert client.get("/api/default_template").get_body().startswith(b"This HTTP-triggered")


def test_queue_message_is_relayed(client: TestClient) -> None:
    run = client.send("relay", func.QueueMessage(body="hi", id="7", dequeue_count=1))

    assert run.outputs["$return"] == "HI"
    assert run.messages == ["Message 7, handed out 1 times"]


def test_timer_reads_blob_setting_and_context(client: TestClient) -> None:
    run = client.send("TimerTriggerWithBlob", func.TimerRequest(past_due=True), client=func.InputStream(data=b"data"))

    assert run.messages[0] == "The blob has 4 characters, and the timer is late: True"
    assert run.messages[1] == f"Current function invocation ID:{run.context.invocation_id}"
    assert run.messages[2] == "My app setting value:blue"


def test_service_bus_order(client: TestClient) -> None:
    run = client.send(function_app.on_order, func.ServiceBusMessage(body="two chairs", message_id="7"))

    assert run.messages == ["Order 7: two chairs"]


def test_batch_of_events(client: TestClient) -> None:
    run = client.send("count_events", [func.EventHubEvent(body=b"a"), func.EventHubEvent(body=b"bc")])

    assert run.messages == ["2 events, 3 bytes"]


def test_logs_of_a_thread_belong_to_the_call(client: TestClient) -> None:
    client.get("/api/threads")

    assert client.last_run is not None
    assert client.last_run.messages == ["Logging from a background thread"]


def test_functions_have_the_entries_of_the_guide() -> None:
    functions = {function.get_function_name(): function for function in function_app.app.get_functions()}

    entries = json.loads(functions["relay"].get_function_json())["bindings"]

    assert [(entry["direction"], entry["type"], entry["name"], entry["queueName"]) for entry in entries] == [
        ("IN", "queueTrigger", "msg", "todo"),
        ("OUT", "queue", "$return", "done"),
    ]
