"""Functions on a binding of one's own are tested as all others are."""

import json

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient
from mqtt import MqttMessage


@pytest.fixture
def client() -> TestClient:
    return TestClient(function_app.app)


def test_cold_room_is_heated() -> None:
    valve = func.Out[MqttMessage]()

    function_app.control(MqttMessage(body="17.5", topic="home/kitchen/temperature"), valve)

    assert valve.get() == MqttMessage(body="open", topic="home/kitchen/valve", qos=1)


def test_message_passes_the_converters(client: TestClient) -> None:
    run = client.send("control", MqttMessage(body="23", topic="home/bath/temperature", qos=0))

    assert json.loads(run.datums["valve"].value) == {"topic": "home/bath/valve", "message": "close", "qos": 1}
    assert run.messages == ["bath: 23.0 degrees"]


def test_nothing_is_published_when_it_is_warm_enough(client: TestClient) -> None:
    run = client.send("control", MqttMessage(body="21", topic="home/bath/temperature"))

    assert "valve" not in run.datums


def test_function_json_has_the_fields_of_the_extension() -> None:
    entries = json.loads(function_app.control.build().get_function_json())["bindings"]

    assert entries == [
        {"direction": "OUT", "type": "mqtt", "name": "valve", "connection": "Broker"},
        {
            "direction": "IN",
            "type": "mqttTrigger",
            "name": "reading",
            "topic": "home/+/temperature",
            "connection": "Broker",
        },
    ]
