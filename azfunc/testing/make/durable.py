"""Makers of what Durable Functions start with: the history of an orchestration, the operations for an entity.

They make text, which `azure-functions-durable` reads when the function runs; they do not need it themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azfunc._core.jsonlib import dumps
from azfunc.bindings.durable import EntityContext, OrchestrationContext

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOMENT = "2026-01-02T03:04:05.0000000Z"
# Kinds of events in a history. Source: azure-functions-durable, `HistoryEventType`.
_EXECUTION_STARTED, _TASK_SCHEDULED, _TASK_COMPLETED, _TASK_FAILED, _ORCHESTRATOR_STARTED = 0, 4, 5, 6, 12


def activity_input(value: Any = None) -> str:
    """Make what an activity gets: the JSON text of what the orchestrator gave.

    Args:
        value: What it gave.
    """
    return dumps(value)


def orchestration(
    given: Any = None, results: Sequence[Any] = (), *, name: str = "orchestration", instance_id: str = "7"
) -> OrchestrationContext:
    """Make what an orchestration is called with when its first activities have ended, in the order of their calls.

    What the orchestrator then asks for is JSON text: ``isDone``, ``actions`` and ``output``.

    Args:
        given: What the orchestration was started with.
        results: What its activities gave; one that is an exception has failed with it.
        name: Name of the orchestration.
        instance_id: Identity of the instance.
    """
    text = dumps(given)
    history = [
        _event(_ORCHESTRATOR_STARTED),
        _event(_EXECUTION_STARTED, Name=name, Version="", Input=text, ParentInstance=None),
    ]
    for number, result in enumerate(results):
        history += [_event(_TASK_SCHEDULED, number, Name=""), _event(_ORCHESTRATOR_STARTED), _ended(number, result)]
    members = {
        "history": history,
        "input": text,
        "instanceId": instance_id,
        "isReplaying": False,
        "parentInstanceId": None,
        "upperSchemaVersion": 0,
    }
    return OrchestrationContext(dumps(members))


def _ended(number: int, result: Any) -> dict[str, Any]:
    """Give the event of an activity that has ended, in one way or the other."""
    if isinstance(result, BaseException):
        return _event(_TASK_FAILED, TaskScheduledId=number, Reason=str(result), Details=repr(result))
    return _event(_TASK_COMPLETED, TaskScheduledId=number, Result=dumps(result))


def _event(kind: int, number: int = -1, **members: Any) -> dict[str, Any]:
    return {"EventType": kind, "EventId": number, "IsPlayed": False, "Timestamp": _MOMENT, **members}


def entity(
    operation: str = "get", given: Any = None, *, state: Any = None, name: str = "entity", key: str = "key"
) -> EntityContext:
    """Make what an entity is called with for one operation.

    What it gives is JSON text: ``entityState``, ``results`` and ``signals``.

    Args:
        operation: Name of the operation.
        given: What the operation gets.
        state: State that the entity has; None if there is none yet.
        name: Name of the entity.
        key: Key of the entity.
    """
    # The extension writes what an operation gets as the text of a text.
    text = None if given is None else dumps(dumps(given))
    members = {
        "self": {"name": name, "key": key},
        "exists": state is not None,
        "state": None if state is None else dumps(state),
        "batch": [{"name": operation, "input": text, "signal": False}],
    }
    return EntityContext(dumps(members))
