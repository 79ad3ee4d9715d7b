"""A batch is sent as the host sends it: bodies in a list, and metadata in arrays."""

import json
from datetime import datetime, timezone

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient

NOON = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)


def reading(celsius: int, number: int) -> func.EventHubEvent:
    return func.EventHubEvent(
        body=json.dumps({"celsius": celsius}), partition_key="roof", sequence_number=number, enqueued_time=NOON
    )


@pytest.fixture
def client() -> TestClient:
    return TestClient(function_app.app)


def test_each_event_of_a_batch_keeps_its_metadata(client: TestClient) -> None:
    run = client.send("watch", [reading(20, 1), reading(95, 2), reading(91, 3)])

    assert run.outputs["alarm"] == [
        {"device": "roof", "celsius": 95, "at": NOON},
        {"device": "roof", "celsius": 91, "at": NOON},
    ]
    assert run.messages == ["3 readings up to number 3, 2 of them too hot"]


def test_alarms_are_sent_as_json(client: TestClient) -> None:
    sent = client.send(function_app.watch, [reading(95, 2)]).datums["alarm"]

    assert json.loads(sent.value) == [{"device": "roof", "celsius": 95, "at": "2026-01-02T12:00:00+00:00"}]


def test_a_broken_event_is_tried_again(client: TestClient) -> None:
    with pytest.raises(func.JsonDecodeError):
        client.send("watch", [func.EventHubEvent(body="no JSON")])

    assert client.last_run is not None
    assert client.last_run.attempts == 6


def test_batches_are_asked_for_because_of_the_annotation() -> None:
    trigger = function_app.watch.build().get_trigger()

    assert trigger is not None
    assert trigger.get_dict_repr()["cardinality"] is func.Cardinality.MANY
