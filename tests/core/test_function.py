"""Functions and builders: what a decorated name is."""

from __future__ import annotations

import asyncio
import functools
import inspect
import itertools
import pickle
import typing
from typing import TYPE_CHECKING, Any

import pytest

import azfunc

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def plain(msg: azfunc.QueueMessage, times: int = 1) -> str:
    """Repeat a message."""
    return msg.get_body().decode() * times


async def awaited(msg: azfunc.QueueMessage, *, times: int = 1) -> str:
    """Repeat a message, later."""
    return msg.get_body().decode() * times


def decorators(app: azfunc.FunctionApp) -> list[Callable[[Any], Any]]:
    """Give one decorator of each kind."""
    return [
        app.function_name("Named"),
        app.retry("fixed_delay", 3, "00:00:01"),
        app.queue_trigger("msg", "todo", "Storage"),
        app.queue_output("$return", "done", "Storage"),
        app.generic_input_binding("more", type="blob", path="in"),
        app.http_type("function"),
    ]


ORDERS = [*itertools.permutations(range(4)), tuple(range(6)), tuple(reversed(range(6)))]


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("function", [plain, awaited], ids=["sync", "async"])
def test_decorated_function_looks_like_the_one_written(function: Any, order: tuple[int, ...]) -> None:
    """In every stacking order, inspection of a decorated function says the same as of the plain one."""
    made = decorators(azfunc.FunctionApp())
    decorated = function
    for index in order:
        decorated = made[index](decorated)

    assert inspect.signature(decorated) == inspect.signature(function)
    for name in ("__name__", "__qualname__", "__doc__", "__module__", "__annotations__", "__defaults__"):
        assert getattr(decorated, name) == getattr(function, name)
    assert decorated.__wrapped__ is function
    assert inspect.unwrap(decorated) is function
    assert inspect.iscoroutinefunction(decorated) is inspect.iscoroutinefunction(function)
    assert inspect.getsource(decorated) == inspect.getsource(function)
    assert typing.get_type_hints(decorated) == typing.get_type_hints(function)
    assert functools.wraps(decorated)(lambda: None).__name__ == function.__name__


@pytest.mark.parametrize("name", [name for name in dir(azfunc.FunctionApp) if not name.startswith("_")])
def test_every_decorator_keeps_the_signature(name: str) -> None:
    """No decorator of the app changes how a function looks."""
    app = azfunc.FunctionApp()
    method = getattr(app, name)
    if not inspect.ismethod(method) or inspect.signature(method).return_annotation != "Decorator":
        pytest.skip("not a plain decorator")
    from tests.bindings.conformance import DECORATORS, arguments

    known = {
        "function_name": {"name": "Named"},
        "http_type": {"http_type": "asgi"},
        "retry": {"strategy": "fixed_delay", "max_retry_count": 1, "delay_interval": "00:00:01"},
        "event_grid_output": {"arg_name": "event", "connection": "Topic"},
        "mcp_tool_property": {"arg_name": "msg"},
    }
    if name not in known and name not in DECORATORS:
        pytest.skip("has no facts to call it with")
    given = known.get(name) or arguments(azfunc, name, required=True)

    try:
        decorated = method(**given)(plain)
    except azfunc.MissingPackageError:
        pytest.skip("needs a package, which `nox -s compat` installs")

    assert inspect.signature(decorated) == inspect.signature(plain)
    assert decorated.__wrapped__ is plain


def test_calling_a_decorated_function_calls_the_written_one(app: azfunc.FunctionApp) -> None:
    """A decorated name is called as it was written; the result is the function's own."""
    decorated = app.queue_trigger("msg", "todo", "Storage")(plain)

    assert decorated(azfunc.QueueMessage(body="ab"), times=2) == "abab"
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        decorated()  # type: ignore[call-arg]  # the point of the test


def test_awaiting_a_decorated_coroutine_function(app: azfunc.FunctionApp) -> None:
    """A decorated coroutine function gives its coroutine."""
    decorated = app.queue_trigger("msg", "todo", "Storage")(awaited)

    assert asyncio.run(decorated(azfunc.QueueMessage(body="ab"), times=2)) == "abab"


def test_user_function_is_the_written_object(func: ModuleType) -> None:
    """`build().get_user_function()` is the very function that was decorated."""
    app = func.FunctionApp()
    decorated = app.queue_trigger("msg", "todo", "Storage")(plain)

    assert decorated.build().get_user_function() is plain


def test_attributes_of_the_function_are_seen_through_the_builder(app: azfunc.FunctionApp) -> None:
    """What user code hangs on its function can be read from the decorated name."""

    def tagged(msg: object) -> None:
        """Do nothing."""

    tagged.team = "billing"  # type: ignore[attr-defined]  # the point of the test
    decorated: Any = app.queue_trigger("msg", "todo", "Storage")(tagged)

    assert decorated.team == "billing"
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        _ = decorated.nope


def test_partial_is_decorated_by_the_name_of_what_it_calls(app: azfunc.FunctionApp) -> None:
    """A partial, which has no name of its own, is a function like others."""
    decorated = app.queue_trigger("msg", "todo", "Storage")(functools.partial(plain, times=3))

    assert decorated(azfunc.QueueMessage(body="a")) == "aaa"
    assert app.get_functions()[0].get_function_name() == "plain"


def test_callable_object_is_decorated_by_the_name_of_its_class(app: azfunc.FunctionApp) -> None:
    """An object with `__call__` is a function like others."""

    class Shouter:
        """Shouts."""

        def __call__(self, msg: azfunc.QueueMessage) -> str:
            return msg.get_body().decode().upper()

    decorated = app.queue_trigger("msg", "todo", "Storage")(Shouter())

    assert decorated(azfunc.QueueMessage(body="a")) == "A"
    assert app.get_functions()[0].get_function_name() == "Shouter"


def test_builder_in_a_class_body_stays_itself(app: azfunc.FunctionApp) -> None:
    """A decorated static function of a class is reached through class and instance, without a warning."""

    class Holder:
        """Holds a function."""

        task = app.queue_trigger("msg", "todo", "Storage")(plain)

    assert Holder.task is Holder().task
    assert Holder().task(azfunc.QueueMessage(body="a")) == "a"


@pytest.mark.parametrize("given", [5, None, "text"], ids=repr)
def test_only_callables_can_be_decorated(app: azfunc.FunctionApp, given: Any) -> None:
    """What cannot be called is refused with the reference's text, as ValueError and TypeError."""
    with pytest.raises(ValueError, match="Unsupported type for function app decorator found") as caught:
        app.queue_trigger("msg", "todo", "Storage")(given)

    assert isinstance(caught.value, TypeError)
    assert type(given).__name__ in str(caught.value)


def test_second_trigger_is_refused_with_the_text_of_the_reference(func: ModuleType) -> None:
    """A function with a trigger cannot be given another one, at the line of the decorator."""
    app = func.FunctionApp()
    decorated = app.blob_trigger(arg_name="b", path="p", connection="c")(lambda msg: None)

    with pytest.raises(ValueError, match="A trigger was already registered to this function") as caught:
        app.queue_trigger(arg_name="a", queue_name="q", connection="c")(decorated)

    assert caught.value.args[0].endswith(
        "Existing registered trigger is {'direction': <BindingDirection.IN: 0>, 'type': 'blobTrigger', 'name': 'b', "
        "'path': 'p', 'connection': 'c'} and New trigger being added is {'direction': <BindingDirection.IN: 0>, "
        "'type': 'queueTrigger', 'name': 'a', 'queueName': 'q', 'connection': 'c'}"
    )


def test_second_trigger_says_what_to_do(app: azfunc.FunctionApp) -> None:
    """The error about two triggers names both and the way out, and where the function stands."""
    decorated = app.timer_trigger("tick", "0 * * * * *")(plain)

    with pytest.raises(azfunc.DefinitionError) as caught:
        app.queue_trigger("msg", "todo", "Storage")(decorated)

    assert "timerTrigger (tick) and queueTrigger (msg)" in caught.value.hint
    assert "remove one decorator" in caught.value.hint
    assert caught.value.function_name == "plain"
    assert "test_function.py:" in (caught.value.location or "")


def test_function_without_trigger_is_refused_when_built(func: ModuleType) -> None:
    """A function needs a trigger; the text is the reference's."""
    app = func.FunctionApp()
    decorated = app.function_name(name="Named")(plain)

    with pytest.raises(ValueError, match=r"Function Named does not have a trigger\. A valid function must"):
        decorated.build()


def test_function_gives_what_the_worker_asks_for(func: ModuleType) -> None:
    """Every method of a function that the worker calls answers as the reference does."""
    app = func.FunctionApp()

    @app.function_name(name="N")
    @app.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:00:05")
    @app.queue_trigger(arg_name="m", queue_name="q", connection="c")
    def a(m: str) -> str:
        return m

    function = app.get_functions()[0]

    assert function.get_function_name() == "N"
    assert function.function_script_file == "function_app.py"
    assert function.http_type == "function"
    assert function.is_http_function() is False
    assert function.get_trigger() is function.get_bindings()[0]
    assert function.get_settings_dict("retry_policy") == {
        "setting_name": "retry_policy",
        "strategy": "fixed_delay",
        "max_retry_count": "3",
        "delay_interval": "00:00:05",
    }
    assert function.get_settings_dict("nope") is None
    assert function.get_setting("nope") is None
    assert function.get_raw_bindings() == [
        '{"direction": "IN", "type": "queueTrigger", "name": "m", "queueName": "q", "connection": "c"}'
    ]
    assert str(function) == function.get_function_json()
    assert function("x") == "x"
    binding = function.get_bindings()[0]
    assert (binding.name, binding.type, binding.direction, binding.data_type) == ("m", "queueTrigger", 0, None)


def test_reprs_tell_what_a_function_is(app: azfunc.FunctionApp) -> None:
    """The reprs of builder, function and app name the function, its trigger and its place."""
    decorated = app.queue_output("$return", "done", "Storage")(app.queue_trigger("msg", "todo", "Storage")(plain))

    assert repr(decorated).startswith("<FunctionBuilder 'plain' queueTrigger 'msg', 1 more binding at ")
    assert repr(decorated.build()).startswith("<Function 'plain' queueTrigger 'msg', 1 more binding at ")
    assert repr(app) == "<FunctionApp of 1 function: plain>"


def test_building_changes_nothing(app: azfunc.FunctionApp) -> None:
    """Functions built in any order and number are equal, and the builder stays as it was."""
    decorated = app.queue_trigger("msg", "todo", "Storage")(plain)

    first = decorated.build().get_function_json()
    texts = {decorated.build(level).get_function_json() for level in (azfunc.AuthLevel.ADMIN, None)}

    assert texts == {first}
    assert app.get_functions()[0].get_function_json() == first


def test_error_can_be_pickled() -> None:
    """An error keeps message, hint and place through a process pool."""
    error = azfunc.DefinitionError("what", hint="do", function_name="f", binding_name="b", location="x.py:1")

    copy = pickle.loads(pickle.dumps(error))

    assert (str(copy), copy.function_name, copy.location) == ("what\ndo", "f", "x.py:1")
