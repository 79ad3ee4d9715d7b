"""What all decorators share: near misses, forgotten parentheses, odd names, and finding the builder."""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import pickle
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pytest

import azfunc
from azfunc._core.function import FunctionBuilder
from azfunc._core.near_misses import near_misses

if TYPE_CHECKING:
    from types import ModuleType


def handler(msg: Any) -> None:
    """Do nothing."""


def public_decorators() -> list[str]:
    """Give the names of all decorators of an app."""
    methods = inspect.getmembers(azfunc.FunctionApp, inspect.isfunction)
    return [name for name, method in methods if not name.startswith("_") and is_decorator(method)]


def is_decorator(method: Any) -> bool:
    """Tell whether a method gives a decorator."""
    return "Decorator" in str(inspect.signature(method).return_annotation)


# --- near misses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("container", [azfunc.FunctionApp, azfunc.Blueprint], ids=lambda each: each.__name__)
def test_near_miss_is_told_at_the_line_of_the_decorator(container: Any) -> None:
    """A keyword that is almost a parameter is a warning at the user's line, at the first use and later ones."""
    app = container()

    for _ in range(2):
        with pytest.warns(azfunc.AzfuncWarning) as caught:
            app.timer_trigger("tick", "0 * * * * *", run_on_statup=True)
        line = inspect.currentframe().f_lineno - 1  # type: ignore[union-attr]  # CPython has frames

        [warning] = caught
        assert (warning.filename, warning.lineno) == (__file__, line)
        assert "timerTrigger 'tick' has no field 'run_on_statup'; did you mean 'run_on_startup'?" in str(
            warning.message
        )


@pytest.mark.parametrize(
    "decorate",
    [
        lambda app: app.queue_output("out", "q", "c", data_typ="string"),
        lambda app: app.generic_output_binding("out", type="x", data_typ="string"),
        lambda app: app.route("a", trigger_extra_fields={"auth_levl": "admin"}),
    ],
    ids=["output", "generic", "route"],
)
def test_near_miss_on_any_decorator_is_told_at_its_line(app: azfunc.FunctionApp, decorate: Any) -> None:
    """Outputs, generic bindings and routes, which make two bindings, point at the user's line too."""
    with pytest.warns(azfunc.AzfuncWarning) as caught:
        decorate(app)

    assert [(each.filename, each.lineno) for each in caught] == [(__file__, decorate.__code__.co_firstlineno)]


def test_near_miss_is_written_all_the_same(app: azfunc.FunctionApp) -> None:
    """The field is passed on, since the host may know it."""
    with pytest.warns(azfunc.AzfuncWarning):
        decorated = app.timer_trigger("tick", "0 * * * * *", run_on_statup=True)(handler)

    trigger = decorated.build().get_trigger()
    assert trigger is not None
    assert trigger.get_dict_repr()["runOnStatup"] is True
    assert near_misses(trigger) == {"run_on_statup": "run_on_startup"}


@pytest.mark.parametrize("name", ["extra", "poll_interval", "is_sessions_enabled"])
def test_other_fields_are_passed_without_a_word(app: azfunc.FunctionApp, name: str) -> None:
    """A keyword that is like no parameter is meant, and no warning is given."""
    fields: dict[str, Any] = {name: 1}
    trigger = app.queue_trigger("msg", "q", "c", **fields)(handler).build().get_trigger()

    assert trigger is not None
    assert trigger.extra_fields == fields
    assert near_misses(trigger) == {}


# --- forgotten parentheses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", public_decorators())
def test_decorator_without_parentheses_is_refused(app: azfunc.FunctionApp, name: str) -> None:
    """A decorator put above a function without being called raises there, and the function is not lost."""
    with pytest.raises((TypeError, azfunc.DefinitionError)):
        getattr(app, name)(handler)


@pytest.mark.parametrize("name", ["function_name", "http_type"])
def test_error_tells_of_the_parentheses(app: azfunc.FunctionApp, name: str) -> None:
    """Where azfunc sees the function itself, the error names it and the way out."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        getattr(app, name)(handler)

    assert "handler is a function" in caught.value.message
    assert "with parentheses" in caught.value.hint


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, "", 5, "1st", "a-b", "a__b", "é", "x" * 129], ids=repr)
def test_odd_binding_name_is_refused_at_the_decorator(app: azfunc.FunctionApp, name: Any) -> None:
    """A name that the host does not take is refused before there is a function."""
    with pytest.raises(azfunc.DefinitionError):
        app.queue_trigger(name, "q", "c")


@pytest.mark.parametrize("name", [None, "", 5, "<lambda>", "a.b", "host"], ids=repr)
def test_odd_function_name_is_refused_at_the_decorator(app: azfunc.FunctionApp, name: Any) -> None:
    """A function name that the host does not take is refused before there is a function."""
    with pytest.raises(azfunc.DefinitionError):
        app.function_name(name)


@pytest.mark.parametrize("field", ["queue_name", "connection"])
def test_none_for_a_required_field_is_refused(app: azfunc.FunctionApp, field: str) -> None:
    """A required field that is None is refused; the error names class and field."""
    given: dict[str, Any] = {"arg_name": "msg", "queue_name": "q", "connection": "c", field: None}

    with pytest.raises(azfunc.ArgumentTypeError, match=f"QueueTrigger was given None for '{field}'"):
        app.queue_trigger(**given)


def test_function_name_is_set(func: ModuleType) -> None:
    """The name given stands for the Python name, wherever the decorator is in the stack."""
    app = func.FunctionApp()
    app.function_name(name="Upper")(app.generic_trigger(arg_name="msg", type="x")(handler))

    assert [function.get_function_name() for function in app.get_functions()] == ["Upper"]


def test_function_name_has_extra_fields(func: ModuleType) -> None:
    """Further fields of the setting are kept beside the name."""
    app = func.FunctionApp()
    decorated = app.function_name(name="Upper", setting_extra_fields={"more": 1})(
        app.generic_trigger(arg_name="msg", type="x")(handler)
    )

    assert decorated.build().get_settings_dict("function_name") == {
        "setting_name": "function_name",
        "function_name": "Upper",
        "more": 1,
    }


def test_extra_fields_that_are_no_mapping_are_refused(func: ModuleType) -> None:
    """A list of extra fields is a TypeError at the decorator."""
    app = func.FunctionApp()

    with pytest.raises(TypeError, match="mapping"):
        app.function_name(name="n", setting_extra_fields=[1])(handler)


@pytest.mark.parametrize("kind", ["asgi", "wsgi", "function"])
def test_http_type_is_set(func: ModuleType, kind: str) -> None:
    """The kind of an HTTP function is kept for the worker."""
    app = func.FunctionApp()
    decorated = app.http_type(http_type=kind)(app.generic_trigger(arg_name="msg", type="x")(handler))

    assert decorated.build().http_type == kind


# --- builders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [5, None, "text"], ids=repr)
def test_what_cannot_be_called_cannot_be_decorated(func: ModuleType, given: Any) -> None:
    """A decorator takes a function; the text is the reference's."""
    with pytest.raises(ValueError, match=r"Unsupported type for function app decorator found\."):
        func.FunctionApp().queue_trigger(arg_name="msg", queue_name="q", connection="c")(given)


def test_failed_decorator_leaves_no_function(app: azfunc.FunctionApp) -> None:
    """A function whose decorator raised is not in the app. Unlike the reference, which lists it without a trigger."""

    def wrap(builder: Any) -> Any:
        message = "no"
        raise ValueError(message)

    with pytest.raises(ValueError, match="no"):
        app._configure_function_builder(wrap)(handler)

    assert app.get_functions() == []


def test_decorator_of_another_package_may_give_a_builder_of_its_own(app: azfunc.FunctionApp) -> None:
    """Durable wraps the function in a new builder; the app then has that one, once."""

    def wrapped(msg: Any) -> str:
        return "wrapped"

    def wrap(builder: FunctionBuilder) -> FunctionBuilder:
        return FunctionBuilder(wrapped, "function_app.py")

    decorated = app._configure_function_builder(wrap)(handler)
    app.queue_trigger("msg", "q", "c")(decorated)

    assert [function.get_user_function() for function in app.get_functions()] == [wrapped]
    assert decorated(None) == "wrapped"


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_decorator_of_users_between_two_of_azfunc_is_kept(app: azfunc.FunctionApp, is_async: bool) -> None:
    """What `functools.wraps` makes of a decorated function is one function with it, and is what runs."""

    async def coroutine(msg: str) -> str:
        return msg

    def loud(function: Any) -> Any:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            return ["called", function(*args, **kwargs)]

        @functools.wraps(function)
        async def await_call(*args: Any, **kwargs: Any) -> Any:
            return ["called", await function(*args, **kwargs)]

        return await_call if inspect.iscoroutinefunction(function) else call

    plain: Any = coroutine if is_async else handler
    wrapped = loud(app.queue_trigger("msg", "q", "c")(plain))
    decorated = app.queue_output("$return", "q", "c")(wrapped)

    [function] = app.get_functions()
    assert [binding.name for binding in function.get_bindings()] == ["msg", "$return"]
    assert function.get_user_function() is wrapped
    assert decorated.__name__ == plain.__name__
    assert inspect.iscoroutinefunction(decorated) is is_async
    assert (asyncio.run(decorated("x")) if is_async else decorated("x"))[0] == "called"


def test_decorator_of_another_package_may_give_something_else(app: azfunc.FunctionApp) -> None:
    """What such a decorator gives is what the user gets; the function stays in the app."""
    made = app._configure_function_builder(lambda builder: (builder.add_trigger, "kept"))
    given: Any = made(app.queue_trigger("msg", "q", "c")(handler))

    assert given[1] == "kept"
    assert len(app.get_functions()) == 1


def test_container_of_another_package_is_registered(app: azfunc.FunctionApp) -> None:
    """A class that only has decorators collects functions too, alone and in an app."""

    class Container(azfunc.TriggerApi, azfunc.BindingApi):
        pass

    container = Container()
    decorated = container.generic_trigger("msg", type="x")(handler)
    app.register_functions(container)

    assert container.app_script_file == "function_app.py"
    assert decorated.build().get_function_json() == app.get_functions()[0].get_function_json()
    assert [function.get_user_function() for function in app.get_functions()] == [handler]


def test_function_decorated_in_a_class_stays_a_builder(app: azfunc.FunctionApp) -> None:
    """A decorated function in a class body is no method, and is the same through class and object."""

    class Holder:
        handle = app.queue_trigger("msg", "q", "c")(handler)

    assert isinstance(Holder.handle, FunctionBuilder)
    assert Holder().handle is Holder.handle


def test_half_made_builder_has_no_attributes() -> None:
    """A builder that was not initialised says so, and does not look for attributes without end."""
    builder: Any = functools.partial.__new__(FunctionBuilder, handler)

    with pytest.raises(AttributeError, match="__wrapped__"):
        _ = builder.anything


def test_place_of_a_partial_is_that_of_its_function(app: azfunc.FunctionApp) -> None:
    """Errors about a partial say where the function that it calls is written."""
    decorated = app.function_name("Partial")(functools.partial(handler))

    with pytest.raises(azfunc.DefinitionError) as caught:
        decorated.build()

    assert caught.value.location == f"{__file__}:{handler.__code__.co_firstlineno}"


def test_builder_is_pickled_and_copied_like_a_function() -> None:
    """A decorated function goes by its name to another process, and is its own copy, as any function is."""
    assert pickle.loads(pickle.dumps(decorated_handler)) is decorated_handler
    assert copy.deepcopy(decorated_handler) is decorated_handler


@azfunc.FunctionApp().queue_trigger("msg", "q", "c")
def decorated_handler(msg: Any) -> None:
    """Do nothing."""


def test_build_with_a_level_keeps_the_prefix_of_the_name() -> None:
    """A function of a blueprint has the same name whichever level it is built with."""
    blueprint = azfunc.Blueprint(name_prefix="v1_")
    decorated = blueprint.queue_trigger("msg", "q", "c")(handler)

    assert decorated.build(azfunc.AuthLevel.ADMIN).get_function_name() == "v1_handler"
    assert decorated.build().get_function_name() == "v1_handler"


def test_class_of_builders_can_be_inspected() -> None:
    """Signature and help of the class itself work; documentation tools ask for them."""
    assert next(iter(inspect.signature(FunctionBuilder).parameters)) == "func"


def test_object_with_any_attribute_is_a_user_function(app: azfunc.FunctionApp) -> None:
    """A mock has whatever attribute it is asked for, and is decorated like any other callable."""
    handle = MagicMock()

    decorated = app.function_name("Mocked")(app.queue_trigger("msg", "orders", "Storage")(handle))

    [function] = app.get_functions()
    assert function.get_user_function() is handle
    decorated("hello")
    handle.assert_called_once_with("hello")
