"""The building blocks of Dapr."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import azfunc as func
from tests.bindings.conformance import BindingConformance, entries_of

if TYPE_CHECKING:
    from types import ModuleType

OUTPUTS = ("daprState", "daprInvoke", "daprPublish", "daprBinding")


class TestDapr(BindingConformance):
    """The suite, for Dapr."""

    module = "dapr"
    decorators = (
        "dapr_binding_trigger",
        "dapr_service_invocation_trigger",
        "dapr_topic_trigger",
        "dapr_state_input",
        "dapr_secret_input",
        "dapr_state_output",
        "dapr_invoke_output",
        "dapr_publish_output",
        "dapr_binding_output",
    )


@pytest.mark.parametrize("given", [{}, {"route": None}, {"route": ""}], ids=str)
def test_route_is_the_topic_when_none_is_given(func: ModuleType, given: dict[str, str]) -> None:
    """Dapr calls the function on the path of its topic, if no other is given."""
    made = entries_of(func, "dapr_topic_trigger", {"arg_name": "e", "pub_sub_name": "p", "topic": "t", **given})

    assert made[0]["route"] == "t"


@pytest.mark.parametrize(
    ("decorator", "given", "absent"),
    [
        ("dapr_secret_input", {"secret_store_name": "vault", "key": "api"}, "metadata"),
        ("dapr_invoke_output", {"app_id": "stock", "method_name": "reserve"}, "httpVerb"),
    ],
    ids=["secret without metadata", "invocation without a verb"],
)
def test_what_the_extension_has_a_default_for_may_be_left_out(
    decorator: str, given: dict[str, str], absent: str
) -> None:
    """The extension takes POST for the verb and no metadata, and azfunc leaves that to it."""
    (made,) = entries_of(func, decorator, {"arg_name": "value", **given})

    assert absent not in made
    assert made["name"] == "value"


def test_field_that_is_missing_is_named(app: func.FunctionApp) -> None:
    """A name that cannot be left out is asked for at the decorator."""
    with pytest.raises(func.ArgumentTypeError, match="state_store") as caught:
        app.dapr_state_input("order", state_store=None, key="k")  # type: ignore[arg-type]  # the point of the test

    assert "state_store" in caught.value.hint


@pytest.mark.parametrize("binding_type", [*OUTPUTS, "daprSecret", "daprBindingTrigger", "daprTopicTrigger"])
def test_values_are_those_of_generic_bindings(func: ModuleType, binding_type: str) -> None:
    """There is no converter, so that text, bytes and plain data pass as with any generic binding."""
    assert func.get_binding_registry().get(binding_type) is None


def test_stack_of_dapr_bindings_is_one_function(app: func.FunctionApp) -> None:
    """Trigger, input and output stand on one function that can be called directly."""

    @app.dapr_publish_output("$return", pub_sub_name="bus", topic="done")
    @app.dapr_state_input("order", state_store="statestore", key="{id}")
    @app.dapr_topic_trigger("event", pub_sub_name="bus", topic="orders")
    def pass_on(event: str, order: str) -> str:
        return json.dumps({"payload": [json.loads(event)["data"], order]})

    assert json.loads(pass_on('{"data": 7}', order="o")) == {"payload": [7, "o"]}
    types = [binding["type"] for binding in json.loads(pass_on.build().get_function_json())["bindings"]]
    assert types == ["daprTopicTrigger", "daprState", "daprPublish"]
