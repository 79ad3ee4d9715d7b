"""Apps and blueprints of azfunc and of `azure-functions-durable` in one another, HTTP functions beside durable ones.

Each test runs where azfunc answers as the reference, and beside the reference that the package was imported with.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc import compat
from azfunc.testing import TestClient
from tests.durable.apps import calls_of, recorded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

pytestmark = pytest.mark.filterwarnings("ignore:azure.functions :DeprecationWarning")


@pytest.fixture(params=["stand-in", "beside the reference"])
def df(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """The package, on azfunc or on the reference."""
    with compat.installed(force=True) if request.param == "stand-in" else nullcontext():
        package = importlib.import_module("azure.durable_functions")
        own = issubclass(package.DFApp, func.FunctionRegister)
        assert own is (request.param == "stand-in")
        yield package


def fill(container: Any) -> None:
    """Put HTTP functions and durable ones on an app or a blueprint, with the decorators it has."""

    @container.route(route="start/{name}")
    @container.durable_client_input(client_name="client")
    async def start(req: Any, client: Any) -> str:
        return f"{req.route_params['name']} {client.create_http_management_payload('7')['id']}"

    @container.function_name(name="Plain")
    @container.route(route="plain", auth_level="ADMIN", methods=["GET", "PUT"])
    def plain(req: Any) -> str:
        return str(req.method)

    @container.route()
    def bare(req: Any) -> str:
        return "bare"

    @container.orchestration_trigger(context_name="context")
    def chain(context: Any) -> Any:
        return (yield context.call_activity("shout", context.get_input()))

    @container.activity_trigger(input_name="name")
    def shout(name: str) -> str:
        return name.upper()

    @container.retry(strategy="fixed_delay", max_retry_count="2", delay_interval="00:00:01")
    @container.durable_client_input(client_name="client")
    @container.queue_output(arg_name="out", queue_name="done", connection="Storage", some_field=1)
    @container.event_hub_message_trigger(arg_name="events", connection="Hub", event_hub_name="hub", cardinality="many")
    async def watch(events: Any, client: Any, out: Any) -> None:
        out.set(str(len(events)))


def bindings(app: Any) -> dict[str, list[dict[str, Any]]]:
    """Give the bindings of each function, as the host gets them."""
    return {
        each.get_function_name(): [json.loads(text) for text in each.get_raw_bindings()] for each in app.get_functions()
    }


def http(app: Any) -> dict[str, tuple[str, str]]:
    """Give key level and route of each HTTP function."""
    return {
        name: (each["authLevel"], each["route"])
        for name, entries in bindings(app).items()
        for each in entries
        if each["type"] == "httpTrigger"
    }


def test_blueprint_of_the_package_on_an_app_of_azfunc(df: ModuleType) -> None:
    """Its functions are those of the app, with the app's key level where they have none."""
    app, blueprint = func.FunctionApp(http_auth_level="anonymous"), df.Blueprint()
    fill(blueprint)
    app.register_functions(blueprint)

    assert list(bindings(app)) == ["start", "Plain", "bare", "chain", "shout", "watch"]
    assert http(app) == {
        "start": ("ANONYMOUS", "start/{name}"),
        "Plain": ("ADMIN", "plain"),
        "bare": ("ANONYMOUS", "bare"),
    }
    assert bindings(app) == bindings(app)


def test_bindings_are_as_the_package_alone_has_them(df: ModuleType) -> None:
    """What the host is told is what it is told of the package's own app, key for key."""
    app, blueprint, own = func.FunctionApp("anonymous"), df.Blueprint(), df.DFApp(http_auth_level="ANONYMOUS")
    fill(blueprint)
    fill(own)
    app.register_functions(blueprint)

    found, expected = bindings(app), bindings(own)

    assert found == expected
    assert [[list(each) for each in entries] for entries in found.values()] == [
        [list(each) for each in entries] for entries in expected.values()
    ]
    assert found["watch"][0]["cardinality"] == "MANY"
    assert found["watch"][1]["someField"] == 1


def test_blueprint_of_the_package_in_a_blueprint(df: ModuleType) -> None:
    """Prefixes and key level of the blueprint around it hold for it, its own ignored level does not."""
    app = func.FunctionApp(http_auth_level="anonymous")
    around, blueprint = func.Blueprint("admin", url_prefix="v1", name_prefix="v1-"), df.Blueprint("FUNCTION")
    fill(blueprint)
    around.register_functions(blueprint)
    app.register_functions(around)

    assert http(app) == {
        "v1-start": ("ADMIN", "v1/start/{name}"),
        "v1-Plain": ("ADMIN", "v1/plain"),
        "v1-bare": ("ADMIN", "v1/v1-bare"),
    }


def test_functions_of_the_package_are_called(df: ModuleType) -> None:
    """azfunc's own runtime answers requests, hands the client over, and replays, as for functions of its own."""
    app, blueprint = func.FunctionApp(http_auth_level="function"), df.Blueprint()
    fill(blueprint)
    app.register_functions(blueprint)
    client = TestClient(app, route_prefix="rest", keys={"default": "d", "_master": "m"})
    starter = json.dumps(recorded("client"))
    [turn, *_] = recorded("chain")

    assert client.get("/rest/start/ada", inputs={"client": starter}).status_code == 401
    assert client.get("/rest/plain?code=d").status_code == 401
    assert client.put("/rest/plain?code=m").get_body() == b"PUT"
    assert client.get("/rest/start/ada?code=d", inputs={"client": starter}).get_body() == b"ada 7"
    assert client.post("/rest/plain?code=m").status_code == 405
    state = json.loads(client.send("chain", func.OrchestrationContext(json.dumps(turn["context"]))).returned)
    assert calls_of(state) == ["shout"]
    assert client.send("shout", "ada").returned == "ADA"
    run = client.send("watch", ["a", "b"], client=starter)
    assert run.outputs == {"out": "2"}


def test_retries_are_taken_along(df: ModuleType) -> None:
    """Settings of the function stay."""
    app, blueprint = func.FunctionApp(), df.Blueprint()
    fill(blueprint)
    app.register_functions(blueprint)
    [watch] = [each for each in app.get_functions() if each.get_function_name() == "watch"]

    assert (watch.get_settings_dict("retry_policy") or {})["max_retry_count"] == "2"


def test_functions_that_come_later_are_there(df: ModuleType) -> None:
    """A blueprint may grow after it was registered, and a function may be decorated further."""
    app, blueprint = func.FunctionApp(), df.Blueprint()
    app.register_functions(blueprint)

    @blueprint.activity_trigger(input_name="name")
    def shout(name: str) -> str:
        return name

    assert [each["type"] for each in bindings(app)["shout"]] == ["activityTrigger"]
    blueprint.queue_output(arg_name="$return", queue_name="done", connection="Storage")(shout)
    assert [each["type"] for each in bindings(app)["shout"]] == ["activityTrigger", "queue"]


def test_app_of_the_package_is_no_blueprint(df: ModuleType) -> None:
    """One app cannot be registered on another."""
    with pytest.raises(func.ArgumentTypeError, match="functions can not be type of FunctionRegister!"):
        func.FunctionApp().register_functions(df.DFApp())
    with pytest.raises(func.ArgumentTypeError, match="is no blueprint"):
        func.FunctionApp().register_functions(df.Blueprint)


def test_blueprint_of_azfunc_on_the_packages_app(df: ModuleType) -> None:
    """Its functions are those of the app; its own key level and prefix hold, else the app's level."""
    app = df.DFApp(http_auth_level=_level(df, "ANONYMOUS"))
    plain, strict = func.Blueprint(url_prefix="v1"), func.Blueprint("admin", name_prefix="strict-")
    fill(plain)

    @strict.route("other")
    def other(req: func.HttpRequest) -> str:
        return "other"

    app.register_functions(plain)
    app.register_blueprint(strict)

    assert http(app) == {
        "start": ("ANONYMOUS", "v1/start/{name}"),
        "Plain": ("ADMIN", "v1/plain"),
        "bare": ("ANONYMOUS", "v1/bare"),
        "strict-other": ("ADMIN", "other"),
    }


def _level(df: ModuleType, name: str) -> Any:
    """Give a key level of the library that the package was imported with."""
    return importlib.import_module("azure.functions").AuthLevel[name]


def test_functions_of_azfunc_are_called_by_the_packages_handle(df: ModuleType) -> None:
    """What the host calls for a function of azfunc's blueprint is complete, client included."""
    app, blueprint = df.DFApp(), func.Blueprint()
    fill(blueprint)
    app.register_functions(blueprint)
    functions = {each.get_function_name(): each.get_user_function() for each in app.get_functions()}

    answer = functions["start"](
        req=func.HttpRequest(route_params={"name": "ada"}), client=json.dumps(recorded("client"))
    )

    assert asyncio.run(answer) == "ada 7"
    assert functions["shout"]("ada") == "ADA"


def test_http_functions_stand_beside_durable_ones(df: ModuleType) -> None:
    """On the package's own app each HTTP function has its route, and the app's level where it names none."""
    app = df.DFApp(http_auth_level=_level(df, "ANONYMOUS"))
    fill(app)

    found = bindings(app)

    assert [[each["type"] for each in entries] for entries in found.values()] == [
        ["durableClient", "httpTrigger", "http"],
        ["httpTrigger", "http"],
        ["httpTrigger", "http"],
        ["orchestrationTrigger"],
        ["activityTrigger"],
        ["eventHubTrigger", "queue", "durableClient"],
    ]
    assert [entries[-2].get("authLevel") for entries in list(found.values())[:3]] == ["ANONYMOUS", "ADMIN", "ANONYMOUS"]


# --- decorators of both on one function -------------------------------------------------------------------------------


def answer_of(app: func.FunctionApp) -> bytes:
    """Start the one function of an app with a client."""
    assert len(app.get_functions()) == 1
    starter = json.dumps(recorded("client"))
    return TestClient(app).get("/api/start/ada", inputs={"client": starter}).get_body()


async def start(req: Any, client: Any) -> str:
    """Tell who starts."""
    return f"{req.route_params['name']} {client.create_http_management_payload('7')['id']}"


def fresh() -> Any:
    """Give a function of its own for each test, since the package writes into annotations."""

    async def start_now(req: Any, client: Any) -> str:
        return await start(req, client)

    return start_now


@pytest.mark.parametrize("registered", [False, True])
def test_decorator_of_azfunc_above(df: ModuleType, *, registered: bool) -> None:
    """What the package's decorators have put on a function stays, whether its blueprint is registered or not."""
    app, blueprint = func.FunctionApp("anonymous"), df.Blueprint()
    if registered:
        app.register_functions(blueprint)

    app.route("start/{name}")(blueprint.durable_client_input(client_name="client")(fresh()))

    assert answer_of(app) == b"ada 7"


def test_decorator_of_the_package_above(df: ModuleType) -> None:
    """What azfunc's decorators have put on a function stays, and the function is there once."""
    app, blueprint = func.FunctionApp("anonymous"), df.Blueprint()
    app.register_functions(blueprint)

    blueprint.durable_client_input(client_name="client")(app.route("start/{name}")(fresh()))

    assert answer_of(app) == b"ada 7"
    assert answer_of(app) == b"ada 7"


def test_decorators_of_both_in_turn(df: ModuleType) -> None:
    """Any number of them, in any order."""
    app, blueprint = func.FunctionApp("anonymous"), df.Blueprint()
    app.register_functions(blueprint)

    made = blueprint.queue_output(arg_name="out", queue_name="done", connection="Storage")(fresh())
    made = app.route("start/{name}")(made)
    made = blueprint.durable_client_input(client_name="client")(made)
    app.function_name("Start")(made)

    assert list(bindings(app)) == ["Start"]
    assert [each["type"] for each in bindings(app)["Start"]] == ["queue", "httpTrigger", "http", "durableClient"]


@pytest.mark.parametrize("above", ["azfunc", "package"])
def test_orchestrators_of_both(df: ModuleType, above: str) -> None:
    """A name that one library gives, and a trigger that the other does, are of one orchestrator."""
    app, blueprint = func.FunctionApp(), df.Blueprint()
    app.register_functions(blueprint)

    def chain(context: Any) -> Any:
        return (yield context.call_activity("shout", context.get_input()))

    if above == "azfunc":
        app.function_name("Chain")(blueprint.orchestration_trigger(context_name="context")(chain))
    else:
        blueprint.orchestration_trigger(context_name="context")(app.function_name("Chain")(chain))
    [turn, *_] = recorded("chain")
    state = TestClient(app).send("Chain", func.OrchestrationContext(json.dumps(turn["context"]))).returned

    assert calls_of(json.loads(state)) == ["shout"]
