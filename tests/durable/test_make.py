"""Makers of what orchestrations and entities start with, read by the package itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from azfunc.testing import TestClient, make

if TYPE_CHECKING:
    import azfunc as func

# Where azure.functions is installed too, its reader of payloads warns of itself.
pytestmark = pytest.mark.filterwarnings("ignore:azure.functions :DeprecationWarning")


@pytest.fixture
def client(app: func.FunctionApp) -> TestClient:
    """Give a client of an app with an activity, an orchestration and an entity."""

    @app.activity_trigger("name")
    def shout(name: str) -> str:
        return name.upper()

    @app.orchestration_trigger("context")
    def chain(context: Any) -> Any:
        try:
            first = yield context.call_activity(shout, context.get_input())
        except Exception:  # noqa: BLE001  # whatever the package makes of a failed activity
            return "failed"
        second = yield context.call_activity(shout, first + "!")
        return second

    @app.entity_trigger("context")
    def counter(context: Any) -> None:
        total = context.get_state(lambda: 0)
        if context.operation_name == "add":
            total += context.get_input()
        context.set_state(total)
        context.set_result(total)

    return TestClient(app)


def state(client: TestClient, *results: Any) -> dict[str, Any]:
    """Give what the orchestration asks for, after some activities have ended."""
    found: dict[str, Any] = json.loads(client.send("chain", make.orchestration("ada", results)).returned)
    return found


def test_orchestration_is_replayed(client: TestClient) -> None:
    """It asks for its activities one by one, and ends."""
    begun, half, done = state(client), state(client, "ADA"), state(client, "ADA", "ADA!")

    assert [each["isDone"] for each in (begun, half, done)] == [False, False, True]
    assert begun["actions"][0][0]["input"] == '"ada"'
    assert done["output"] == "ADA!"


def test_activity_that_fails(client: TestClient) -> None:
    """An exception among the results is one that the orchestrator gets."""
    assert state(client, ValueError("no"))["output"] == "failed"


def test_activity_gets_its_input(client: TestClient) -> None:
    """As the orchestrator gave it."""
    assert client.send("shout", make.activity_input("ada")).returned == "ADA"


def test_entity_works_on_its_state(client: TestClient) -> None:
    """An operation gets its input and the state, and gives a new one."""
    added = json.loads(client.send("counter", make.entity("add", 4, state=3)).returned)
    asked = json.loads(client.send("counter", make.entity()).returned)

    assert json.loads(added["entityState"]) == 7
    assert json.loads(added["results"][0]["result"]) == 7
    assert json.loads(asked["entityState"]) == 0
