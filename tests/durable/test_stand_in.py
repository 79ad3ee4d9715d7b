"""`azure-functions-durable` on azfunc alone: under the stand-in, and with the reference not installed."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc import compat
from tests.compat.test_standin import run
from tests.durable.apps import calls_of, make_app, recorded, replay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

HIDE_REFERENCE = """
import sys

class Hide:
    def find_spec(self, name, path=None, target=None):
        if name == "azure.functions" or name.startswith("azure.functions."):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hide())
"""


@pytest.fixture
def df() -> Iterator[ModuleType]:
    """The package, imported where azfunc answers as the reference."""
    with compat.installed(force=True):
        yield importlib.import_module("azure.durable_functions")


@pytest.mark.parametrize("container", ["FunctionApp", "DFApp", "Blueprint"])
def test_functions_are_replayed(df: ModuleType, container: str) -> None:
    """Orchestrations, entities and clients run on azfunc's own app, and on the package's app and blueprint."""
    holder = azfunc.FunctionApp() if container == "FunctionApp" else getattr(df, container)()
    functions = make_app(azfunc, holder)

    for name in ("chain", "fan_out"):
        for turn in recorded(name):
            state = replay(getattr(functions, name), turn, "azfunc")
            assert (state["isDone"], state.get("output")) == (turn["done"], turn.get("output")), turn["id"]
            assert turn["done"] or calls_of(state) == turn["calls"]
    for turn in recorded("counter"):
        handle = functions.counter.build().get_user_function()
        state = json.loads(handle(context=azfunc.EntityContext(json.dumps(turn["context"]))))
        assert json.loads(state["entityState"]) == turn["state"]
    starter = functions.start.build().get_user_function()
    assert asyncio.run(starter(req=None, client=json.dumps(recorded("client")))) == "8f0e6a1c"


def test_app_of_the_package_is_an_app_of_azfunc(df: ModuleType) -> None:
    """The worker, and azfunc's own tools, find the package's app, with the functions of its blueprints."""
    app, blueprint = df.DFApp(http_auth_level=azfunc.AuthLevel.ANONYMOUS), df.Blueprint()
    make_app(azfunc, blueprint)
    app.register_functions(blueprint)

    functions = app.get_functions()

    assert isinstance(app, azfunc.FunctionRegister)
    assert [each.get_function_name() for each in functions] == [
        "shout",
        "greet",
        "chain",
        "fan_out",
        "counter",
        "start",
    ]
    assert json.loads(functions[2].get_function_json())["bindings"] == [
        {"direction": "IN", "type": "orchestrationTrigger", "name": "context"}
    ]


def test_blueprint_of_the_package_is_registered_on_an_app_of_azfunc(df: ModuleType) -> None:
    """Containers of both are put together."""
    app, blueprint = azfunc.FunctionApp(), df.Blueprint()
    make_app(azfunc, blueprint)
    app.register_functions(blueprint)

    assert len(app.get_functions()) == 6


def test_decorators_of_both_stack_in_any_order(df: ModuleType) -> None:
    """What azfunc's decorators have put on a function stays when the package wraps it, and the other way round."""
    app = df.DFApp()

    @app.function_name("Above")
    @app.orchestration_trigger(context_name="context")
    def first(context: Any) -> Any:
        yield

    @app.orchestration_trigger(context_name="context")
    @app.function_name("Below")
    def second(context: Any) -> Any:
        yield context.call_sub_orchestrator(first, 1)

    @app.durable_client_input(client_name="client")
    @app.queue_output("out", "started", "Storage")
    @app.route(route="start")
    async def third(req: Any, client: Any, out: Any) -> None: ...

    @app.entity_trigger(context_name="context")
    @app.function_name("Entity")
    def fourth(context: Any) -> None: ...

    functions = {each.get_function_name(): each for each in app.get_functions()}
    [turn, *_] = recorded("chain")

    assert list(functions) == ["Above", "Below", "third", "Entity"]
    assert [each.type for each in functions["third"].get_bindings()] == [
        "httpTrigger",
        "http",
        "queue",
        "durableClient",
    ]
    assert calls_of(replay(second, turn, "azfunc")) == ["Above"]


def test_payloads_are_read_by_azfunc(df: ModuleType) -> None:
    """Under the stand-in the package reads inputs and results with azfunc's reader, which calls nothing it is told."""
    app = azfunc.FunctionApp()

    @app.orchestration_trigger("context")
    def orchestrator(context: Any) -> Any:
        return context.get_input()
        yield

    [turn, *_] = recorded("chain")
    wire = {"__class__": "Popen", "__module__": "subprocess", "__data__": "ls"}
    importlib.import_module("subprocess")

    with pytest.raises(Exception, match="does not expose a `from_json` function"):
        replay(orchestrator, {"context": {**turn["context"], "input": json.dumps(wire)}}, "azfunc")


def test_package_is_given_back() -> None:
    """After the block the package is the one that was imported before, or is imported anew."""
    before = sys.modules.get("azure.durable_functions")

    with compat.installed(force=True):
        inside = importlib.import_module("azure.durable_functions")

    assert issubclass(inside.DFApp, azfunc.FunctionRegister)
    assert sys.modules.get("azure.durable_functions") is before


@pytest.mark.parametrize(
    "first",
    ["", "import azure.functions", "import azure.durable_functions", "import azfunc.compat; azfunc.compat.install()"],
)
def test_decorators_work_whatever_came_first(first: str) -> None:
    """The same file runs after an import of the reference, of the package, of neither, and under the stand-in."""
    result = run(
        f"""
        {first}
        import azfunc as func
        app = func.FunctionApp()

        @app.activity_trigger("name")
        def shout(name):
            return name.upper()

        @app.orchestration_trigger("context")
        def chain(context):
            yield context.call_activity(shout, 1)

        import azure.durable_functions as df
        print(len(app.get_functions()), chain.build().get_user_function().orchestrator_function is chain.__wrapped__)
        """,
        reference=True,
    )

    assert result.stdout == "2 True\n"


def test_decorators_work_without_the_reference() -> None:
    """Where the reference is not installed azfunc takes its place while the package is imported, and no longer."""
    result = run(
        HIDE_REFERENCE
        + """
import azfunc as func
app = func.FunctionApp()

@app.activity_trigger("name")
def shout(name):
    return name.upper()

@app.orchestration_trigger("context")
def chain(context):
    yield context.call_activity(shout, 1)

assert "azure.functions" not in sys.modules
import azure.durable_functions as df
assert issubclass(df.DFApp, func.FunctionRegister)
print(len(app.get_functions()))
""",
        reference=True,
    )

    assert result.stdout == "2\n"
