"""Apps and blueprints of azfunc and of `azure-functions-durable` in one another, under Azure's worker.

Beside the reference the package is made of its classes, and azfunc takes its functions over, or gives it its own.
"""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.worker.cases import MORE
from tests.worker.harness import drive, needs_the_worker

needs_the_worker()

APP = """
import azfunc as func
import azure.durable_functions as df

flows = BLUEPRINT


@flows.orchestration_trigger(context_name="context")
def chain(context):
    return (yield context.call_activity("greet", "Oslo"))


@flows.activity_trigger(input_name="city")
def greet(city: str) -> str:
    return f"Hello, {city}!"


@flows.route(route="start")
@flows.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client) -> func.HttpResponse:
    return func.HttpResponse(client.create_http_management_payload("7")["id"])


app = APP
app.register_functions(flows)
"""
CASES = {
    "package on azfunc": ("df.Blueprint()", "func.FunctionApp(http_auth_level='anonymous')", "ANONYMOUS", "start"),
    "azfunc on package": ("func.Blueprint('admin', url_prefix='v1')", "df.DFApp()", "ADMIN", "v1/start"),
}


@functools.cache
def answers(case: str, mode: str) -> dict[str, Any]:
    """Give the worker's answers."""
    blueprint, app, *_ = CASES[case]
    with tempfile.TemporaryDirectory() as folder:
        text = APP.replace("BLUEPRINT", blueprint).replace("APP", app)
        Path(folder, "function_app.py").write_text(text, encoding="utf-8")
        return drive(Path(folder), mode, MORE["durable"])


@pytest.mark.parametrize("mode", ["bridge", "stand-in"])
@pytest.mark.parametrize("case", CASES)
def test_worker_indexes_all_functions(case: str, mode: str) -> None:
    """Durable and HTTP functions are there, with the key level and the route they have by their containers."""
    found = answers(case, mode)
    functions = {name: [json.loads(each) for each in one["rawBindings"]] for name, one in found["functions"].items()}

    assert found["init"]["result"] == {"status": "Success"}
    assert {name: [each["type"] for each in entries] for name, entries in functions.items()} == {
        "chain": ["orchestrationTrigger"],
        "greet": ["activityTrigger"],
        "start": ["durableClient", "httpTrigger", "http"],
    }
    http = functions["start"][1]
    assert (http["authLevel"], http["route"]) == CASES[case][2:]


@pytest.mark.parametrize("mode", ["bridge", "stand-in"])
@pytest.mark.parametrize("case", CASES)
def test_worker_calls_all_functions(case: str, mode: str) -> None:
    """Orchestrators are replayed, activities called, and starters get their client."""
    calls = answers(case, mode)["calls"]
    [chain], [greet], [start] = calls["chain"], calls["greet"], calls["start"]

    assert '"functionName": "greet"' in chain["returnValue"]["json"]
    assert greet["returnValue"] == {"json": '"Hello, Oslo!"'}
    assert start["returnValue"]["http"]["body"] == {"bytes": "Nw=="}  # 7
