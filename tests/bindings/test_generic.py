"""Generic bindings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc.bindings.generic import GenericInputBinding, GenericOutputBinding, GenericTrigger
from tests.bindings.conformance import BindingConformance

if TYPE_CHECKING:
    from types import ModuleType

DECORATORS = ("generic_trigger", "generic_input_binding", "generic_output_binding")


class TestGeneric(BindingConformance):
    """The suite, for generic bindings."""

    module = "generic"
    decorators = DECORATORS


def handler(req: Any) -> None:
    """Do nothing."""


def entries_of(app: Any) -> list[dict[str, Any]]:
    """Give the entries of the only function of an app."""
    [function] = app.get_functions()
    return json.loads(function.get_function_json())["bindings"]  # type: ignore[no-any-return]  # read from JSON


def test_fields_of_any_extension_are_written(func: ModuleType) -> None:
    """The sample of the guide for generic bindings makes what it says there."""
    app = func.FunctionApp()
    decorated = app.generic_trigger(arg_name="req", type="rabbitMQTrigger", queue_name="todo", connection="Rabbit")(
        handler
    )
    decorated = app.generic_input_binding(arg_name="file", type="blob", path="in/{id}", connection="Storage")(decorated)
    app.generic_output_binding(arg_name="$return", type="queue", data_type="binary", queue_name="out")(decorated)

    assert entries_of(app) == [
        {"direction": "IN", "type": "rabbitMQTrigger", "name": "req", "queueName": "todo", "connection": "Rabbit"},
        {"direction": "IN", "type": "blob", "name": "file", "path": "in/{id}", "connection": "Storage"},
        {"direction": "OUT", "dataType": "BINARY", "type": "queue", "name": "$return", "queueName": "out"},
    ]


def test_generic_http_trigger_is_completed(func: ModuleType) -> None:
    """A generic trigger of type httpTrigger gets the app's key level and its route as `route` does."""
    app = func.FunctionApp(http_auth_level="ANONYMOUS")
    app.generic_trigger(arg_name="req", type="httpTrigger")(handler)

    [entry] = entries_of(app)
    assert (entry["authLevel"], entry["route"]) == ("ANONYMOUS", "handler")
    assert app.get_functions()[0].is_http_function() if func is azfunc else True


def test_generic_http_trigger_keeps_what_it_was_given(func: ModuleType) -> None:
    """A level and a route that are given stay."""
    app = func.FunctionApp()
    app.generic_trigger(arg_name="req", type="httpTrigger", auth_level=func.AuthLevel.ADMIN, route="r")(handler)

    [entry] = entries_of(app)
    assert (entry["authLevel"], entry["route"]) == ("ADMIN", "r")


def test_other_generic_trigger_is_left_alone(func: ModuleType) -> None:
    """A trigger of another type gets nothing it was not given, and starts no HTTP function."""
    app = func.FunctionApp()
    app.generic_trigger(arg_name="req", type="fooTrigger")(handler)

    assert entries_of(app) == [{"direction": "IN", "type": "fooTrigger", "name": "req"}]
    assert app._function_builders[0]._function.is_http_function() is False


@pytest.mark.parametrize("decorator", DECORATORS)
@pytest.mark.parametrize("given", [None, "", 5], ids=repr)
def test_type_is_needed(app: azfunc.FunctionApp, decorator: str, given: Any) -> None:
    """A generic binding without a type is refused at the decorator. Unlike the reference, which leaves it out."""
    with pytest.raises(azfunc.ArgumentTypeError, match="type of a generic binding is") as caught:
        getattr(app, decorator)("req", type=given)

    assert "type='queueTrigger'" in caught.value.hint


@pytest.mark.parametrize("decorator", DECORATORS)
def test_type_cannot_be_left_out(func: ModuleType, decorator: str) -> None:
    """Without a type the call itself is wrong."""
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'type'"):
        getattr(func.FunctionApp(), decorator)(arg_name="req")


@pytest.mark.parametrize("cls", [GenericTrigger, GenericInputBinding, GenericOutputBinding], ids=lambda c: c.__name__)
def test_binding_class_may_be_used_by_itself(cls: Any) -> None:
    """The binding classes take name, type and further fields, and show them."""
    made = cls(name="n", type="x", extra={"queue_name": "q"})

    assert (made.name, made.type, made.queue_name) == ("n", "x", "q")
    assert eval(repr(made)) == made
    assert made.get_dict_repr()["queueName"] == "q"
    with pytest.raises(azfunc.ArgumentTypeError, match="'type'"):
        cls(name="n")
