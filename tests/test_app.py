"""Apps and blueprints: collecting functions."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc import _slips
from tests.bindings.conformance import arguments

if TYPE_CHECKING:
    from types import ModuleType


def entries(app: Any) -> dict[str, list[str]]:
    """Give the binding names of each function of an app."""
    return {
        function.get_function_name(): [binding.name for binding in function.get_bindings()]
        for function in app.get_functions()
    }


def levels(app: Any) -> dict[str, str]:
    """Give the auth level of each function of an app."""
    return {
        function.get_function_name(): json.loads(function.get_function_json())["bindings"][0].get("authLevel")
        for function in app.get_functions()
    }


def routes(app: Any) -> dict[str, str]:
    """Give the route of each function of an app."""
    return {
        function.get_function_name(): json.loads(function.get_function_json())["bindings"][0]["route"]
        for function in app.get_functions()
    }


def test_functions_can_be_asked_for_again(app: azfunc.FunctionApp) -> None:
    """`get_functions()` gives the same on every call. Unlike the reference, which refuses the second one."""

    @app.route("hello")
    def hello(req: azfunc.HttpRequest) -> str:
        return "hi"

    texts = [[function.get_function_json() for function in app.get_functions()] for _ in range(3)]

    assert texts[0] == texts[1] == texts[2]
    assert hello.build().get_function_json() == texts[0][0]


def test_decorating_an_older_function_reaches_that_function(app: azfunc.FunctionApp) -> None:
    """A decorator puts its binding on what it decorates. Unlike the reference, which takes the newest function."""

    @app.route()
    def first(req: azfunc.HttpRequest, o: azfunc.Out[str]) -> None: ...

    @app.route()
    def second(req: azfunc.HttpRequest) -> None: ...

    app.queue_output(arg_name="o", queue_name="q", connection="c")(first)

    assert entries(app) == {"first": ["req", "$return", "o"], "second": ["req", "$return"]}


@pytest.mark.parametrize("app_is_on_top", [True, False])
def test_app_and_blueprint_decorators_on_one_function(app: azfunc.FunctionApp, *, app_is_on_top: bool) -> None:
    """Decorators of an app and of a blueprint may be mixed; other functions are left alone, and it stands once."""
    blueprint = azfunc.Blueprint()

    @app.route()
    def other(req: azfunc.HttpRequest) -> None: ...

    @blueprint.route()
    def another(req: azfunc.HttpRequest) -> None: ...

    def f(req: azfunc.HttpRequest, o: azfunc.Out[str]) -> None: ...

    lower, upper = (blueprint, app) if app_is_on_top else (app, blueprint)
    upper.route()(lower.queue_output(arg_name="o", queue_name="q", connection="c")(f))
    app.register_functions(blueprint)

    assert entries(app) == {"other": ["req", "$return"], "f": ["o", "req", "$return"], "another": ["req", "$return"]}


def test_two_apps_do_not_touch_each_other() -> None:
    """Decorating through one app leaves the functions of another one alone."""
    one, two = azfunc.FunctionApp(), azfunc.FunctionApp()

    @one.route()
    def a(req: azfunc.HttpRequest) -> None: ...

    @two.route()
    def b(req: azfunc.HttpRequest) -> None: ...

    assert entries(one) == {"a": ["req", "$return"]}
    assert entries(two) == {"b": ["req", "$return"]}


def test_same_names_are_refused_with_both_places(func: ModuleType) -> None:
    """Two functions of one name are refused; the text is the reference's."""
    app = func.FunctionApp()
    app.function_name(name="Same")(app.route(route="a")(lambda req: None))
    app.function_name(name="Same")(app.route(route="b")(lambda req: None))

    with pytest.raises(ValueError, match=r"Function Same does not have a unique function name\. Please change"):
        app.get_functions()


def test_same_names_name_both_places(app: azfunc.FunctionApp) -> None:
    """The error for a name given twice says where both functions stand."""
    app.function_name("Same")(app.route("a")(lambda req: None))
    app.function_name("same")(app.route("b")(lambda req: None))

    with pytest.raises(azfunc.DefinitionError) as caught:
        app.get_functions()

    assert caught.value.hint.count("test_app.py:") == 2
    assert caught.value.location is not None


def test_all_faults_are_told_at_once(app: azfunc.FunctionApp) -> None:
    """With several functions at fault one error lists every reason, and the functions without fault."""
    app.queue_output("o", "q", "c")(lambda o: None)
    app.route("b")(lambda req: None)  # the name <lambda> is none that the host accepts

    @app.route()
    def good(req: azfunc.HttpRequest) -> None: ...

    with pytest.raises(azfunc.IndexingError) as caught:
        app.get_functions()

    assert len(caught.value.errors) == 2
    assert "does not have a trigger" in caught.value.message
    assert "'<lambda>'" in caught.value.message
    assert caught.value.hint == "Without fault: good."


def test_blueprint_in_two_apps_takes_the_level_of_each(app: azfunc.FunctionApp) -> None:
    """A blueprint takes each app's auth level. Unlike the reference, where the first app wins for both."""
    blueprint = azfunc.Blueprint()

    @blueprint.route()
    def f(req: azfunc.HttpRequest) -> None: ...

    one, two = azfunc.FunctionApp("ADMIN"), azfunc.FunctionApp("anonymous")
    one.register_functions(blueprint)
    two.register_blueprint(blueprint)

    assert [levels(each) for each in (one, two, one)] == [{"f": "ADMIN"}, {"f": "ANONYMOUS"}, {"f": "ADMIN"}]


def test_function_of_a_blueprint_knows_its_app_when_built_alone() -> None:
    """`build()` of a function gives what the app gives, in any order."""
    blueprint = azfunc.Blueprint()

    @blueprint.route()
    def f(req: azfunc.HttpRequest) -> None: ...

    before = f.build().get_function_json()
    app = azfunc.FunctionApp("anonymous")
    app.register_functions(blueprint)

    assert '"FUNCTION"' in before
    assert f.build().get_function_json() == app.get_functions()[0].get_function_json()
    assert '"ANONYMOUS"' in f.build().get_function_json()


def test_functions_added_after_registering_are_there(app: azfunc.FunctionApp) -> None:
    """A blueprint may be registered first and filled later. Unlike the reference, which loses such functions."""
    blueprint = azfunc.Blueprint()
    app.register_functions(blueprint)

    @blueprint.route()
    def late(req: azfunc.HttpRequest) -> None: ...

    assert entries(app) == {"late": ["req", "$return"]}


@pytest.mark.parametrize(
    ("prefixes", "message"),
    [
        ({"url_prefix": 5}, "A URL prefix is text, and 5 is a int"),
        ({"url_prefix": None}, "A URL prefix is text, and None is a NoneType"),
        ({"url_prefix": "a b?"}, "a b"),
        ({"url_prefix": "{id"}, "{id"),
        ({"name_prefix": 5}, "A name prefix is text, and 5 is a int"),
        ({"name_prefix": "1 x"}, "refuses the function name '1 xname'"),
    ],
)
def test_blueprint_refuses_prefixes_that_cannot_be(prefixes: dict[str, Any], message: str) -> None:
    """A wrong prefix is told where it is written, not when the functions are indexed."""
    with pytest.raises(azfunc.DefinitionError, match=re.escape(message)):
        azfunc.Blueprint(**prefixes)


def test_blueprints_nest_with_prefixes_and_levels() -> None:
    """Prefixes add up from the outside in, and the innermost level that is given counts."""
    inner = azfunc.Blueprint(url_prefix="users", name_prefix="users_")
    outer = azfunc.Blueprint("admin", url_prefix="/v1/", name_prefix="v1_")

    @inner.route("{id}")
    def get(req: azfunc.HttpRequest) -> None: ...

    @inner.route(auth_level="anonymous")
    def ping(req: azfunc.HttpRequest) -> None: ...

    outer.register_functions(inner)
    app = azfunc.FunctionApp()
    app.register_functions(outer)

    assert routes(app) == {"v1_users_get": "v1/users/{id}", "v1_users_ping": "v1/users/v1_users_ping"}
    assert levels(app) == {"v1_users_get": "ADMIN", "v1_users_ping": "ANONYMOUS"}


def test_blueprint_refuses_arguments_it_does_not_know() -> None:
    """A misspelt argument of a blueprint is an error. Unlike the reference, which takes and ignores anything."""
    with pytest.raises(TypeError, match="nonsense"):
        azfunc.Blueprint(nonsense=3)  # type: ignore[call-arg]  # the point of the test


def test_app_is_no_blueprint(func: ModuleType) -> None:
    """An app cannot be registered on an app; the text is the reference's."""
    with pytest.raises(TypeError, match="functions can not be type of FunctionRegister!"):
        func.FunctionApp().register_functions(func.FunctionApp())


@pytest.mark.parametrize(
    ("given", "advice"), [(None, "Give a Blueprint()"), (azfunc.Blueprint, "Call it")], ids=["None", "class"]
)
def test_other_things_are_no_blueprints(app: azfunc.FunctionApp, given: Any, advice: str) -> None:
    """What has no functions cannot be registered."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        app.register_functions(given)

    assert advice in caught.value.hint


def test_functions_of_a_blueprint_stand_where_it_was_registered(func: ModuleType) -> None:
    """They come after the functions that were there, and before those that follow."""
    app, first, second = func.FunctionApp(), func.Blueprint(), func.Blueprint()

    def add(container: Any, name: str) -> None:
        container.function_name(name)(container.queue_trigger("msg", "todo", "Storage")(lambda msg: None))

    add(app, "a")
    add(first, "b")
    add(second, "c")
    app.register_functions(first)
    add(app, "d")
    app.register_functions(second)
    add(app, "e")

    assert list(entries(app)) == ["a", "b", "d", "c", "e"]


def test_blueprint_keeps_its_place_when_it_grows(app: azfunc.FunctionApp) -> None:
    """What a blueprint gets after it was registered stands with its other functions."""
    blueprint = azfunc.Blueprint()
    app.register_functions(blueprint)
    for container, name in ((app, "last"), (blueprint, "first")):
        container.function_name(name)(container.queue_trigger("msg", "todo", "Storage")(lambda msg: None))

    assert list(entries(app)) == ["first", "last"]


def test_blueprint_is_registered_once(app: azfunc.FunctionApp) -> None:
    """Registering a blueprint twice is refused at once."""
    blueprint = azfunc.Blueprint()
    app.register_functions(blueprint)

    with pytest.raises(azfunc.DefinitionError, match="registered already"):
        app.register_functions(blueprint)


def test_blueprints_cannot_contain_each_other() -> None:
    """A ring of blueprints is refused."""
    one, two = azfunc.Blueprint(), azfunc.Blueprint()
    one.register_functions(two)

    with pytest.raises(azfunc.DefinitionError, match="contains"):
        two.register_functions(one)


@pytest.mark.parametrize("given", ["anonymous", "ANONYMOUS", "Anonymous", azfunc.AuthLevel.ANONYMOUS], ids=str)
def test_auth_level_in_any_case(given: Any) -> None:
    """The app's auth level is read in any letter case."""
    assert azfunc.FunctionApp(given).auth_level is azfunc.AuthLevel.ANONYMOUS


def test_app_without_level_writes_none(func: ModuleType) -> None:
    """With None as auth level, functions have none."""
    app = func.FunctionApp(http_auth_level=None)
    app.route(route="a")(test_app_without_level_writes_none)

    assert app.auth_level is None
    assert levels(app) == {"test_app_without_level_writes_none": None}


def test_wrong_auth_level_lists_the_choices() -> None:
    """A level that does not exist is refused with the list of those that do."""
    with pytest.raises(KeyError) as caught:
        azfunc.FunctionApp("anon")

    assert "FUNCTION, ANONYMOUS, ADMIN" in str(caught.value)


def test_script_file_is_the_one_of_the_decorator_model(func: ModuleType) -> None:
    """Functions name `function_app.py` as their script file."""
    assert func.FunctionApp().app_script_file == "function_app.py"


def test_empty_app_has_no_functions(func: ModuleType) -> None:
    """An app may be empty."""
    assert func.FunctionApp().get_functions() == []


def test_blueprint_in_two_places_gives_its_functions_twice() -> None:
    """Each place has names and routes of its own; without prefixes the names are told to be the same."""
    shared = azfunc.Blueprint()

    @shared.route("ping")
    def ping(req: azfunc.HttpRequest) -> str:
        return "pong"

    app = azfunc.FunctionApp()
    for version in ("v1", "v2"):
        blueprint = azfunc.Blueprint(url_prefix=version, name_prefix=f"{version}_")
        blueprint.register_functions(shared)
        app.register_functions(blueprint)

    triggers: list[Any] = [function.get_trigger() for function in app.get_functions()]
    assert [function.get_function_name() for function in app.get_functions()] == ["v1_ping", "v2_ping"]
    assert [trigger.route for trigger in triggers] == ["v1/ping", "v2/ping"]

    other = azfunc.Blueprint(url_prefix="v3")
    other.register_functions(shared)
    more = azfunc.Blueprint(url_prefix="v4")
    more.register_functions(shared)
    app = azfunc.FunctionApp()
    app.register_functions(other)
    app.register_functions(more)
    with pytest.raises(azfunc.DefinitionError, match="does not have a unique function name"):
        app.get_functions()


def test_functions_with_a_fault_are_not_called_without_fault(app: azfunc.FunctionApp) -> None:
    """Of functions with one name none is listed as good."""
    for name in ("same", "Same", "SAME", "good"):
        app.function_name(name)(app.route(name)(lambda req: ""))

    with pytest.raises(azfunc.IndexingError) as caught:
        app.get_functions()
    assert str(caught.value).endswith("Without fault: good.")


OLD = sorted(_slips.OLD_NAMES.items())


@pytest.mark.parametrize(("old", "today"), OLD, ids=[old for old, _ in OLD])
def test_names_of_the_preview_releases_work_and_warn(app: azfunc.FunctionApp, old: str, today: str) -> None:
    """A decorator of the preview releases makes what today's makes, and a warning names that one."""
    given = arguments(azfunc, today, required=True)
    untyped: Any = app

    with pytest.warns(DeprecationWarning, match=rf"{old}\(\) .* write {today}\(\)") as caught:
        decorated = getattr(untyped, old)(**given)(lambda x: None)

    assert caught[0].filename == __file__
    assert decorated._function.get_bindings() == getattr(untyped, today)(**given)(print)._function.get_bindings()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("event_hub_trigger", "event_hub_message_trigger"),
        ("http_trigger", "route"),
        ("queue_triger", "queue_trigger"),
        ("warmup_trigger", "warm_up_trigger"),
        ("cosmosdb_input", "cosmos_db_input"),
    ],
)
def test_slips_are_told_the_right_name(app: azfunc.FunctionApp, name: str, meant: str) -> None:
    """A decorator that does not exist is an AttributeError that names the one that was meant."""
    with pytest.raises(AttributeError, match=f"did you mean '{meant}'"):
        getattr(app, name)

    assert not hasattr(app, "_nothing_of_the_kind")


def test_settings_alone_have_no_old_names() -> None:
    """An old name works only where today's does."""
    triggers: Any = azfunc.TriggerApi()

    with pytest.raises(AttributeError, match="read_blob"):
        _ = triggers.read_blob
