"""The activities and orchestrations, one by one, and replayed by the package itself."""

import asyncio
import json
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

import azfunc as func
import function_app

# Where azure.functions is installed too, its reader of payloads warns of itself.
pytestmark = pytest.mark.filterwarnings("ignore:azure.functions :DeprecationWarning")


def replay(orchestrator: Any, given: Any, *results: Any) -> dict[str, Any]:
    """Let an orchestrator see a history in which its first activities are done, and give the state it answers."""
    moment = "2026-03-01T09:30:00Z"
    event = {"EventId": -1, "IsPlayed": False, "Timestamp": moment}
    history: list[dict[str, Any]] = [{**event, "EventType": 12}, {**event, "EventType": 0, "Name": "", "Version": ""}]
    for number, result in enumerate(results):
        history += [
            {**event, "EventType": 4, "EventId": number, "Name": ""},
            {**event, "EventType": 12},
            {**event, "EventType": 5, "TaskScheduledId": number, "Result": json.dumps(result)},
        ]
    context = {
        "history": history,
        "input": json.dumps(given),
        "instanceId": "7",
        "isReplaying": False,
        "parentInstanceId": None,
    }
    handle = orchestrator.build().get_user_function()
    state: dict[str, Any] = json.loads(handle(context=func.OrchestrationContext(json.dumps(context))))
    return state


def test_activities_are_functions() -> None:
    assert function_app.count_words("to be or not") == 4
    assert function_app.add([4, 3]) == 7
    assert function_app.report(7) == "7 words"


def test_chain_step_by_step() -> None:
    context = Mock()
    context.get_input.return_value = "to be or not"
    steps = function_app.chain(context)

    next(steps)
    context.call_activity.assert_called_with(function_app.count_words, "to be or not")
    steps.send(4)
    context.call_activity.assert_called_with(function_app.report, 4)
    with pytest.raises(StopIteration) as end:
        steps.send("4 words")
    assert end.value.value == "4 words"


def test_chain_is_replayed_to_its_end() -> None:
    assert replay(function_app.chain, "to be or not")["isDone"] is False
    assert replay(function_app.chain, "to be or not", 4)["isDone"] is False
    assert replay(function_app.chain, "to be or not", 4, "4 words") == {
        **replay(function_app.chain, "to be or not", 4, "4 words"),
        "isDone": True,
        "output": "4 words",
    }


def test_fan_out_waits_for_all() -> None:
    given = ["to be", "or not to be"]

    begun = replay(function_app.fan_out, given)
    ended = replay(function_app.fan_out, given, 2, 4, 6, "6 words")

    assert json.dumps(begun["actions"]).count("count_words") == 2
    assert (ended["isDone"], ended["output"]) == (True, "6 words")


def test_start_answers_with_the_urls_of_the_instance() -> None:
    client = AsyncMock()
    client.start_new.return_value = "7"
    client.create_check_status_response = Mock(return_value=func.HttpResponse("started", status_code=202))
    request = func.HttpRequest("POST", "/api/start/chain", body=b'"to be"', route_params={"orchestration": "chain"})

    response = asyncio.run(function_app.start(request, client))

    assert response.status_code == 202
    client.start_new.assert_awaited_with("chain", client_input="to be")
