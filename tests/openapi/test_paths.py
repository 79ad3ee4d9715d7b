"""Route templates as paths and path parameters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azfunc._core.routing import parse_route
from azfunc.openapi.paths import parameter_of, paths_of


def texts(template: str) -> list[str]:
    """Give the paths of a template."""
    return [path.text for path in paths_of(parse_route(template))]


def parameter(template: str) -> dict[str, Any]:
    """Give the one parameter of a template, without what all have."""
    [found] = parse_route(template).details
    made = parameter_of(found, found.name)

    assert (made.pop("name"), made.pop("in"), made.pop("required")) == (found.name, "path", True)
    return made


@pytest.mark.parametrize(
    ("template", "paths"),
    [
        ("", ["/"]),
        ("api", ["/api"]),
        ("/api/items/{id:int}", ["/api/items/{id}"]),
        ("items/{id?}", ["/items/{id}", "/items"]),
        ("{year:int=2026}/{month?}", ["/{year}/{month}", "/{year}", "/"]),
        ("files/{*rest}", ["/files/{rest}", "/files"]),
        ("files/{*rest:int}", ["/files/{rest}"]),
        ("{name}.{ext?}", ["/{name}.{ext}", "/{name}"]),
        ("{name}.{ext}", ["/{name}.{ext}"]),
        ("a{{b}}/ü", ["/a%7Bb%7D/%C3%BC"]),
    ],
)
def test_paths_of_a_template(template: str, paths: list[str]) -> None:
    """What may be left out makes a path of its own, and braces that are meant as such are encoded."""
    assert texts(template) == paths


def test_what_is_left_out_is_known() -> None:
    """Each path says which parameters it has, and which it lacks."""
    whole, short = paths_of(parse_route("{tenant}/{id?}"))

    assert [each.name for each in whole.parameters] == ["tenant", "id"]
    assert [each.name for each in short.parameters] == ["tenant"]
    assert [each.name for each in short.left_out] == ["id"]


def test_shape_has_no_names() -> None:
    """Paths that differ in the names of parameters, or in letter case, are of one shape."""
    [first], [second] = paths_of(parse_route("Items/{id}")), paths_of(parse_route("items/{name}"))

    assert first.shape == second.shape == "/items/{}"


@pytest.mark.parametrize(
    ("template", "schema"),
    [
        ("{x}", {"type": "string"}),
        ("{x:int}", {"type": "integer", "format": "int32"}),
        ("{x:long}", {"type": "integer", "format": "int64"}),
        ("{x:bool}", {"type": "boolean"}),
        ("{x:datetime}", {"type": "string", "format": "date-time"}),
        ("{x:decimal}", {"type": "number"}),
        ("{x:double}", {"type": "number", "format": "double"}),
        ("{x:guid}", {"type": "string", "format": "uuid"}),
        ("{x:alpha}", {"type": "string", "pattern": "^[A-Za-z]+$"}),
        ("{x:required}", {"type": "string", "minLength": 1}),
        ("{x:length(3)}", {"type": "string", "minLength": 3, "maxLength": 3}),
        ("{x:length(3,5)}", {"type": "string", "minLength": 3, "maxLength": 5}),
        ("{x:minlength(2)}", {"type": "string", "minLength": 2}),
        ("{x:maxlength(2)}", {"type": "string", "maxLength": 2}),
        ("{x:min(2)}", {"type": "integer", "minimum": 2}),
        ("{x:max(2)}", {"type": "integer", "maximum": 2}),
        ("{x:range(1,9)}", {"type": "integer", "minimum": 1, "maximum": 9}),
        (r"{x:regex(^\d{{5}}$)}", {"type": "string", "pattern": r"^\d{5}$"}),
        ("{x:int:min(1)}", {"type": "integer", "format": "int32", "minimum": 1}),
        ("{x:min(1):range(0,9):max(7)}", {"type": "integer", "minimum": 1, "maximum": 7}),
    ],
)
def test_schema_of_a_constraint(template: str, schema: dict[str, Any]) -> None:
    """The constraints of a parameter are its type and its limits; of several the stricter one counts."""
    assert parameter(template) == {"schema": schema}


def test_expression_with_letters_is_told_in_words() -> None:
    """The host ignores their case, so that a pattern would forbid what it takes."""
    assert parameter("{x:regex(^[a-z]+$)}") == {
        "schema": {"type": "string"},
        "description": "A text in which the expression is found, in any letter case: ^[a-z]+$",
    }


def test_rest_and_default_are_told_in_words() -> None:
    """OpenAPI knows neither."""
    assert parameter("{*rest}")["description"] == "The rest of the path, slashes included."
    assert parameter("{x=7}") == {"schema": {"type": "string"}, "description": "7 when left out."}


SEGMENT = st.sampled_from(["a", "b-c", "x{n}", "{n}.x", "{n:int}", "{n:guid}"])


@given(st.lists(SEGMENT, max_size=4), st.sampled_from(["", "{last?}", "{last:int=1}", "{*last}"]))
def test_every_path_of_a_template_is_one_that_it_matches(segments: list[str], last: str) -> None:
    """With values in the place of its parameters, the template matches, and gives these values."""
    parts = [each.replace("{n", f"{{n{index}") for index, each in enumerate(segments)]
    route = parse_route("/".join(filter(None, [*parts, last])))
    values = {"guid": "3f2504e0-4f89-11d3-9a0c-0305e82c3301"}

    for path in paths_of(route):
        given_values = {
            each.name: values.get(each.constraints[0][0], "7") if each.constraints else "7" for each in path.parameters
        }
        found = route.match(path.text.format(**given_values))
        assert found is not None
        assert given_values.items() <= found.items()
        assert path.text.count("{") == len(path.parameters)
