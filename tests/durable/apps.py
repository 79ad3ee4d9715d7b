"""An app with every durable decorator, made on whichever library and container, and what replays it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

DATA = Path(__file__).parent / "data"


def recorded(name: str) -> Any:
    """Give the recorded turns of one orchestration or entity, or the client that the host sends."""
    return json.loads((DATA / f"{name}.json").read_text())


def make_app(func: ModuleType, app: Any) -> SimpleNamespace:
    """Put an orchestration of two steps, a fan-out, an entity and a starter on an app."""

    @app.activity_trigger(input_name="name")
    def shout(name: str) -> str:
        return name.upper()

    @app.activity_trigger(input_name="name")
    def greet(name: str) -> str:
        return f"Hello, {name}!"

    @app.orchestration_trigger(context_name="context")
    def chain(context: Any) -> Any:
        try:
            loud = yield context.call_activity(shout, context.get_input())
        except Exception:  # noqa: BLE001  # what a failed activity raises is the package's own
            return "no answer"
        return (yield context.call_activity(greet, loud))

    @app.orchestration_trigger(context_name="context")
    def fan_out(context: Any) -> Any:
        calls = [context.call_activity(shout, name) for name in context.get_input()]
        return (yield context.task_all(calls))

    @app.entity_trigger(context_name="context")
    def counter(context: Any) -> None:
        total = context.get_state(lambda: 0)
        if context.operation_name == "add":
            context.set_state(total + context.get_input())
        else:
            context.set_result(total)

    @app.route(route="start/{name}", auth_level=func.AuthLevel.ANONYMOUS)
    @app.durable_client_input(client_name="client")
    async def start(req: Any, client: Any) -> Any:
        return client.create_http_management_payload("8f0e6a1c")["id"]

    return SimpleNamespace(**{name: value for name, value in locals().items() if name not in ("func", "app")})


def replay(builder: Any, turn: dict[str, Any], library: str) -> Any:
    """Let the handle of an orchestrator see its history, as the host does, and give the state that it answers."""
    context = importlib.import_module(library).OrchestrationContext(json.dumps(turn["context"]))
    return json.loads(builder.build().get_user_function()(context=context))


def calls_of(state: dict[str, Any]) -> list[str]:
    """Give the names of the activities that a state asks for, those in compound actions included."""
    found: list[str] = []

    def collect(action: Any) -> None:
        if isinstance(action, list):
            for each in action:
                collect(each)
        elif "functionName" in action:
            found.append(action["functionName"])
        else:
            collect(action.get("compoundActions", []))

    collect(state["actions"])
    return found
