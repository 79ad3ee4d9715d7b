"""What operations take and give: request bodies and responses."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest

import azfunc as func
from azfunc.openapi.bodies import body_parameter, request_body, result_responses, written
from azfunc.openapi.schemas import Components, Schemas
from tests.openapi.parts import Body, Caller, Line, Order

TEXT = {"text/plain": {"schema": {"type": "string"}}}
LINE = {"application/json": {"schema": {"$ref": "#/components/schemas/Line"}}}


def responses(annotation: Any) -> dict[str, Any]:
    """Give the responses of a function that is annotated so; status -> content, None without one."""

    def user_function(req: func.HttpRequest) -> Any: ...

    user_function.__annotations__["return"] = annotation
    function = func.FunctionApp().route()(user_function).build()
    found = result_responses(function, Schemas(Components(), "serialization"))

    assert all(each["description"].endswith(".") for each in found.values())
    return {status: each.get("content") for status, each in found.items()}


class FromElsewhere:
    """A class that says nothing of itself: the response of some package."""


OPEN = {"200": None, "default": None}


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (None, {"204": None}),
        (type(None), {"204": None}),
        (Any, OPEN),
        ("NoSuchThing", OPEN),
        (func.HttpResponse, OPEN),
        (func.RedirectResponse, OPEN),
        (FromElsewhere, OPEN),
        (object, OPEN),
        (str, {"200": TEXT}),
        (Literal["a"], {"200": {"text/plain": {"schema": {"type": "string", "enum": ["a"]}}}}),
        (Literal[1], {"200": {"application/json": {"schema": {"type": "integer", "enum": [1]}}}}),
        (bytes, {"200": {"application/octet-stream": {}}}),
        (dict[str, Any], {"200": {"application/json": {"schema": {"type": "object"}}}}),
        (Line, {"200": LINE}),
        (Line | None, {"200": LINE, "204": None}),
        (Line | str, {"200": {**LINE, **TEXT}}),
        (Line | func.HttpResponse, {"200": LINE, "default": None}),
        (func.HttpResponse | None, {"200": None, "204": None, "default": None}),
        (
            list[Line] | dict[str, int],
            {
                "200": {
                    "application/json": {
                        "schema": {
                            "anyOf": [
                                {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
                                {"type": "object", "additionalProperties": {"type": "integer"}},
                            ]
                        }
                    }
                }
            },
        ),
    ],
    ids=str,
)
def test_responses_follow_the_annotation(annotation: Any, expected: dict[str, Any]) -> None:
    """Each thing that a function may return has its media type and its status."""
    assert responses(annotation) == expected


def test_function_without_annotation_may_give_anything() -> None:
    """Nothing is claimed of it."""

    def user_function(req: func.HttpRequest): ...  # noqa: ANN202  # that is what is tested

    function = func.FunctionApp().route()(user_function).build()

    assert set(result_responses(function, Schemas(Components(), "serialization"))) == {"200", "default"}


@pytest.mark.parametrize(
    ("annotation", "statuses"),
    [(func.Out[str], {"200"}), (func.Out[func.HttpResponse], {"200", "default"}), (func.Out, {"200", "default"})],
    ids=str,
)
def test_response_in_an_out_parameter(annotation: Any, statuses: set[str]) -> None:
    """What the parameter holds is the response, and what is returned is something else."""

    def user_function(req: func.HttpRequest, answer: Any) -> int: ...

    user_function.__annotations__["answer"] = annotation
    function = func.FunctionApp().route(binding_arg_name="answer")(user_function).build()

    assert set(result_responses(function, Schemas(Components(), "serialization"))) == statuses


def test_trigger_without_output_may_give_anything() -> None:
    """What the host answers then is not said by the function."""
    app = func.FunctionApp()

    @app.generic_trigger("req", "httpTrigger", route="plain")
    def plain(req: func.HttpRequest) -> str: ...

    assert set(result_responses(plain.build(), Schemas(Components(), "serialization"))) == {"200", "default"}


# --- requests ---------------------------------------------------------------------------------------------------------


def take(req: func.HttpRequest, order: Annotated[Order, Body()]) -> None:
    """Take an order."""


def take_some(req: func.HttpRequest, lines: Annotated[list[Line] | None, "What to add.", Body()]) -> None:
    """Take lines, or null."""


def take_maybe(req: func.HttpRequest, count: Annotated[int, Body()] = 1) -> None:
    """Take a number, or none."""


def take_nothing(req: func.HttpRequest, who: Annotated[str, Caller()]) -> None:
    """Take what another marker gives."""


def body(user_function: Any) -> dict[str, Any] | None:
    """Give the request body of a function."""
    return request_body(user_function, Schemas(Components(), "validation"))


def test_body_is_what_the_marker_reads_it_into() -> None:
    """It is JSON, and needed."""
    assert body(take) == {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
    }


def test_body_may_be_left_out() -> None:
    """It need not be there if there is a default, which stands for an empty body; JSON's null is one that is there."""
    some, maybe = body(take_some), body(take_maybe)

    assert some is not None
    assert maybe is not None
    assert (some["required"], some["description"]) == (True, "What to add.")
    assert maybe["required"] is False


def test_other_markers_read_no_body() -> None:
    """What they give comes from elsewhere."""
    assert body_parameter(take_nothing) is None
    assert body(take_nothing) is None


def test_entry_is_looked_through() -> None:
    """The indexed function has an entry without the parameter; what the user wrote has it."""
    app = func.FunctionApp()
    app.route()(take)
    [function] = app.get_functions()

    assert body_parameter(function.get_user_function()) is None
    assert body_parameter(written(function)) == ("order", Order)
