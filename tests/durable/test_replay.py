"""Orchestrations, entities and clients, run by `azure-functions-durable` itself with recorded histories."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import typing
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc.bindings.durable import codec
from tests.durable.apps import calls_of, make_app, recorded, replay

if TYPE_CHECKING:
    from types import ModuleType, SimpleNamespace

# The reference's own reader of payloads, which the package uses where the reference is installed, warns of itself.
pytestmark = pytest.mark.filterwarnings("ignore:azure.functions :DeprecationWarning")


class Order:
    """A class of an app, with what payloads need."""

    def __init__(self, number: int) -> None:
        self.number = number

    @staticmethod
    def to_json(order: Order) -> str:
        """Give the text of an order."""
        return str(order.number)

    @classmethod
    def from_json(cls, text: str) -> Order:
        """Make an order of its text."""
        return cls(int(text))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Order) and other.number == self.number

    __hash__ = None  # type: ignore[assignment]  # it changes


@pytest.fixture
def functions(func: ModuleType) -> SimpleNamespace:
    """The functions of the app, on azfunc, and on the reference when it is installed."""
    return make_app(func, func.FunctionApp())


@pytest.mark.parametrize("turn", recorded("chain"), ids=lambda turn: turn["id"])
def test_chain_is_replayed(func: ModuleType, functions: SimpleNamespace, turn: dict[str, Any]) -> None:
    """An orchestrator calls one activity after the other, and ends with what the last one gave."""
    state = replay(functions.chain, turn, func.__name__)

    assert state["isDone"] is turn["done"]
    assert state.get("output") == turn.get("output")
    if not turn["done"]:
        assert calls_of(state) == turn["calls"]


@pytest.mark.parametrize("turn", recorded("fan_out"), ids=lambda turn: turn["id"])
def test_fan_out_is_replayed(func: ModuleType, functions: SimpleNamespace, turn: dict[str, Any]) -> None:
    """An orchestrator calls several activities at once, and goes on when all are done."""
    state = replay(functions.fan_out, turn, func.__name__)

    assert state["isDone"] is turn["done"]
    assert state.get("output") == turn.get("output")
    if not turn["done"]:
        assert calls_of(state) == turn["calls"]


@pytest.mark.parametrize("turn", recorded("counter"), ids=lambda turn: turn["id"])
def test_entity_keeps_its_state(func: ModuleType, functions: SimpleNamespace, turn: dict[str, Any]) -> None:
    """An entity does the operations of a batch one after the other, on the state it was given."""
    handle = functions.counter.build().get_user_function()

    state = json.loads(handle(context=func.EntityContext(json.dumps(turn["context"]))))

    assert json.loads(state["entityState"]) == turn["state"]
    assert [json.loads(each["result"]) for each in state["results"]] == turn["results"]
    assert not any(each["isError"] for each in state["results"])


def test_function_gets_a_client(func: ModuleType, functions: SimpleNamespace) -> None:
    """The host sends the client as text; the function gets one that it can call."""
    handle = functions.start.build().get_user_function()

    answer = asyncio.run(handle(req=None, client=json.dumps(recorded("client"))))

    assert answer == "8f0e6a1c"


def test_user_functions_can_be_reached(func: ModuleType, functions: SimpleNamespace) -> None:
    """What the documentation of Durable Functions unit tests with is there."""
    assert functions.shout.build().get_user_function()("ada") == "ADA"
    assert inspect.isgeneratorfunction(functions.chain.build().get_user_function().orchestrator_function)
    assert functions.counter.build().get_user_function().entity_function.__name__ == "counter"
    assert functions.start.build().get_user_function().client_function.__name__ == "start"


def test_decorated_functions_are_called_as_written() -> None:
    """On azfunc each name still is the function that was written, as in any other app."""
    functions = make_app(azfunc, azfunc.FunctionApp())

    assert functions.shout("ada") == "ADA"
    assert inspect.isgeneratorfunction(functions.chain.__wrapped__)
    assert functions.chain.build().get_user_function().__wrapped__ is functions.chain.__wrapped__


def test_any_name_of_the_context_will_do() -> None:
    """The host passes the context by the name of the binding, and the handle takes it by that name."""
    app = azfunc.FunctionApp()

    @app.orchestration_trigger("ctx")
    def orchestrator(ctx: Any) -> Any:
        return "done"
        yield

    @app.entity_trigger("state")
    def entity(state: Any) -> None:
        state.set_result(7)

    [turn, *_] = recorded("chain")
    handle = orchestrator.build().get_user_function()
    entity_handle = entity.build().get_user_function()
    [batch, *_] = recorded("counter")

    assert list(inspect.signature(handle).parameters) == ["ctx"]
    assert json.loads(handle(ctx=azfunc.OrchestrationContext(json.dumps(turn["context"]))))["output"] == "done"
    assert '"7"' in entity_handle(state=azfunc.EntityContext(json.dumps(batch["context"])))


def test_decorators_stack_in_any_order() -> None:
    """A durable decorator keeps what stands below it, and takes what stands above it."""
    app = azfunc.FunctionApp()

    @app.function_name("Above")
    @app.orchestration_trigger("context", orchestration="Other")
    def first(context: Any) -> Any:
        yield

    @app.orchestration_trigger("context")
    @app.function_name("Below")
    def second(context: Any) -> Any:
        yield context.call_sub_orchestrator(first, 1)

    @app.durable_client_input("client", task_hub="hub")
    @app.route("start")
    @app.queue_output("out", "started", "Storage")
    async def third(req: azfunc.HttpRequest, client: str, out: azfunc.Out[str]) -> None: ...

    @app.retry("fixed_delay", 3, delay_interval="00:00:05")
    @app.activity_trigger("name")
    @app.blob_input("file", "in/{name}", "Storage")
    def fourth(name: str, file: azfunc.InputStream) -> None: ...

    built = {each.get_function_name(): each for each in app.get_functions()}
    [turn, *_] = recorded("chain")

    assert list(built) == ["Above", "Below", "third", "fourth"]
    assert [each.type for each in built["third"].get_bindings()] == ["queue", "httpTrigger", "http", "durableClient"]
    assert [each.type for each in built["fourth"].get_bindings()] == ["blob", "activityTrigger"]
    assert calls_of(replay(second, turn, "azfunc")) == ["Above"]


def test_second_trigger_is_refused() -> None:
    """An orchestrator has its trigger, and cannot have another one."""
    app = azfunc.FunctionApp()
    decorate = app.timer_trigger("tick", "0 0 * * * *")

    with pytest.raises(azfunc.DefinitionError) as caught:
        decorate(app.activity_trigger("name")(lambda name: None))

    assert "remove one decorator" in caught.value.hint


def test_user_function_is_left_as_it_is() -> None:
    """The annotation of the client is changed on a copy; the worker sees text there, and the user sees no change."""
    app = azfunc.FunctionApp()

    @app.route("start")
    @app.durable_client_input("client")
    async def start(req: azfunc.HttpRequest, client: Any) -> azfunc.HttpResponse: ...

    seen = start.build().get_user_function()

    assert start.__wrapped__.__annotations__["client"] == "Any"
    assert typing.get_type_hints(seen)["client"] is str
    assert inspect.signature(seen).parameters["client"].annotation is str
    assert inspect.iscoroutinefunction(seen)
    assert inspect.iscoroutinefunction(start)


def test_plain_function_can_have_a_client() -> None:
    """A function that is not async is called with the client too."""
    app = azfunc.FunctionApp()

    @app.route("start")
    @app.durable_client_input("client")
    def start(req: Any, client: Any) -> str:
        return client.create_http_management_payload("8f0e6a1c")["id"]

    handle = start.build().get_user_function()

    assert asyncio.run(handle(req=None, client=json.dumps(recorded("client")))) == "8f0e6a1c"


def test_callable_objects_and_partials_are_activities() -> None:
    """What has no name of its own is an activity under the name of its class."""

    class Shout:
        def __call__(self, name: str) -> str:
            return name.upper()

    app = azfunc.FunctionApp()
    shout = app.activity_trigger("name")(Shout())

    assert shout.build().get_function_name() == "Shout"
    assert shout.build().get_user_function()(name="ada") == "ADA"


def test_input_has_the_type_that_the_decorator_names() -> None:
    """`input_type` makes the input an object, without a class being named in the payload alone."""
    app = azfunc.FunctionApp()

    @app.orchestration_trigger("context", input_type=Order)
    def orchestrator(context: Any) -> Any:
        return context.get_input().number
        yield

    [turn, *_] = recorded("chain")
    wire = {"__class__": "Order", "__module__": Order.__module__, "__data__": "7"}
    state = replay(orchestrator, {"context": {**turn["context"], "input": json.dumps(wire)}}, "azfunc")

    assert state["output"] == 7


def test_blueprints_have_the_decorators() -> None:
    """A durable function of a blueprint is in the app that the blueprint is registered on."""
    app, blueprint = azfunc.FunctionApp(), azfunc.Blueprint(name_prefix="v1-")
    make_app(azfunc, blueprint)
    app.register_functions(blueprint)

    assert [each.get_function_name() for each in app.get_functions()] == [
        "v1-shout",
        "v1-greet",
        "v1-chain",
        "v1-fan_out",
        "v1-counter",
        "v1-start",
    ]


def test_test_client_runs_the_starter() -> None:
    """azfunc's own runtime calls durable functions as the host does."""
    from azfunc.testing import TestClient

    app = azfunc.FunctionApp()
    make_app(azfunc, app)

    run = TestClient(app).send("shout", "ada")

    assert run.returned == "ADA"


@pytest.mark.parametrize("value", [Order(7), [Order(7)], {"a": [1, None]}, "text", 7])
def test_wire_format_is_that_of_the_reference(value: Any) -> None:
    """What azfunc writes is what the reference writes, and each reads the other's."""
    theirs = importlib.import_module("azure.functions._durable_functions")

    text = codec.dumps(value)

    assert text == theirs.df_dumps(value)
    assert theirs.df_loads(text, type(value)) == value
    assert codec.loads(text) == value
