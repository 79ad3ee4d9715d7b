"""JSON Schema of annotations."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, NamedTuple, NewType, Optional, TypeVar, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import NotRequired, Required, TypeAliasType, TypedDict  # noqa: TC002  # read at run time

import azfunc as func
from azfunc._core import jsonlib
from azfunc.openapi.schemas import Components, Schemas, free_name
from tests.openapi.parts import Line, Order

if TYPE_CHECKING:
    from azfunc.openapi.schemas import Mode, Schema

T = TypeVar("T")
B = TypeVar("B", bound=int)
Id = NewType("Id", int)
Codes = TypeAliasType("Codes", list[int])


class Colour(enum.Enum):
    """A colour."""

    RED = "red"
    BLUE = "blue"


class Size(enum.IntEnum):  # noqa: D101  # none is what is tested
    SMALL = 1
    LARGE = 2


class Mixed(enum.Enum):  # noqa: D101  # as above
    DAY = datetime.date(2026, 1, 2)
    NONE = None


class Point(NamedTuple):
    """A place."""

    x: float
    label: str


class Address(TypedDict):
    """Where someone lives."""

    city: str
    zip: NotRequired[str]


class Partial(TypedDict, total=False):  # noqa: D101  # as above
    a: Required[int]
    b: Annotated[int, "Say how many."]


@dataclasses.dataclass
class Node:  # noqa: D101  # as above
    value: int
    next: Optional[Node] = None  # noqa: UP045  # the older spelling is known too


@dataclasses.dataclass
class Full:
    """Everything.

    A second paragraph.
    """

    name: Annotated[str, "How it is called."]
    colour: Colour = Colour.RED
    tags: list[str] = dataclasses.field(default_factory=list)
    made: datetime.datetime = dataclasses.field(default_factory=datetime.datetime.now)
    limit: float = float("inf")
    total: int = dataclasses.field(init=False)
    odd: Any = dataclasses.field(default=object)
    point: Point | None = None


@dataclasses.dataclass
class Page(Generic[T]):  # noqa: D101  # as above
    items: list[T]
    total: int
    first: T | None = None
    last: T = dataclasses.field(init=False)


class Unknown:
    """A class that says nothing of what is in it."""


class Data:
    """A class with a `to_dict()`."""

    def to_dict(self) -> dict[str, int]:
        """Give nothing."""
        return {}


class Words(dict[str, str]):
    """A dict of its own."""


def schema_of(annotation: Any, mode: Mode = "validation") -> tuple[Schema, dict[str, Schema]]:
    """Give the schema of an annotation, and the components it made."""
    components = Components()
    return Schemas(components, mode).of(annotation), components.schemas


STRING = {"type": "string"}
INTEGER = {"type": "integer"}


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (Any, {}),
        (object, {}),
        (Unknown, {}),
        ("text", {}),
        (T, {}),
        (B, INTEGER),
        (None, {"type": "null"}),
        (type(None), {"type": "null"}),
        (str, STRING),
        (int, INTEGER),
        (bool, {"type": "boolean"}),
        (float, {"type": "number"}),
        (bytes, {"type": "string", "contentEncoding": "base64"}),
        (datetime.datetime, {"type": "string", "format": "date-time"}),
        (datetime.date, {"type": "string", "format": "date"}),
        (datetime.time, {"type": "string", "format": "time"}),
        (datetime.timedelta, {"type": "string", "examples": ["1.02:03:04"]}),
        (uuid.UUID, {"type": "string", "format": "uuid"}),
        (Decimal, {"type": ["number", "string"]}),
        (Id, INTEGER),
        (Annotated[int, "How many."], {"type": "integer", "description": "How many."}),
        (Annotated[int, 7], INTEGER),
        (Required[int], INTEGER),
        (int | None, {"anyOf": [INTEGER, {"type": "null"}]}),
        (Union[int, str, int], {"anyOf": [INTEGER, STRING]}),  # noqa: PYI016, UP007  # the older spelling is known too
        (int | Id, INTEGER),
        (int | Any, {}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal["a", 1, None], {"enum": ["a", 1, None]}),  # noqa: PYI061  # one spelling of two
        (Literal[Colour.RED], {"type": "string", "enum": ["red"]}),
        (list, {"type": "array"}),
        (list[int], {"type": "array", "items": INTEGER}),
        (Sequence[int], {"type": "array", "items": INTEGER}),
        (Iterable[int], {"type": "array", "items": INTEGER}),
        (set[int], {"type": "array", "items": INTEGER, "uniqueItems": True}),
        (frozenset, {"type": "array", "uniqueItems": True}),
        (dict, {"type": "object"}),
        (dict[str, Any], {"type": "object"}),
        (Mapping[str, int], {"type": "object", "additionalProperties": INTEGER}),
        (Words, {"type": "object"}),
        (Data, {"type": "object"}),
        (tuple, {"type": "array"}),
        (tuple[int, ...], {"type": "array", "items": INTEGER}),
        (tuple[int, str], {"type": "array", "prefixItems": [INTEGER, STRING], "minItems": 2, "maxItems": 2}),
        (Point, {"type": "array", "prefixItems": [{"type": "number"}, STRING], "minItems": 2, "maxItems": 2}),
        (func.Document, {"type": "object"}),
    ],
    ids=str,
)
def test_schema_of_an_annotation(annotation: Any, schema: Schema) -> None:
    """Each annotation says which values of JSON it stands for."""
    assert schema_of(annotation) == (schema, {})


# --- classes with a name ----------------------------------------------------------------------------------------------


def test_dataclass_is_a_component() -> None:
    """It stands there once, with its author's text, and what stands in it does too."""
    schema, components = schema_of(dict[str, Order | list[Order]])
    order = {"$ref": "#/components/schemas/Order"}

    assert schema["additionalProperties"] == {"anyOf": [order, {"type": "array", "items": order}]}
    assert components == {
        "Order": {
            "type": "object",
            "description": "What a customer wants.",
            "properties": {
                "id": INTEGER,
                "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
            },
            "required": ["id", "lines"],
        },
        "Line": {
            "type": "object",
            "description": "One article of an order.",
            "properties": {"article": STRING, "count": {"type": "integer", "default": 1}},
            "required": ["article"],
        },
    }


def test_fields_of_a_dataclass() -> None:
    """Defaults are told if JSON has them and they are always the same; what cannot be given is read only."""
    _, components = schema_of(Full)
    full = components["Full"]

    assert full["description"] == "Everything.\n\nA second paragraph."
    assert full["required"] == ["name"]
    assert full["properties"] == {
        "name": {"type": "string", "description": "How it is called."},
        "colour": {"$ref": "#/components/schemas/Colour", "default": "red"},
        "tags": {"type": "array", "items": STRING, "default": []},
        "made": {"type": "string", "format": "date-time"},
        "limit": {"type": "number"},
        "total": {"type": "integer", "readOnly": True},
        "odd": {},
        "point": {"anyOf": [schema_of(Point)[0], {"type": "null"}], "default": None},
    }


def test_class_may_hold_itself() -> None:
    """It refers to itself, and a text that Python made is no description."""
    schema, components = schema_of(Node)
    reference = {"$ref": "#/components/schemas/Node"}

    assert schema == reference
    assert components["Node"] == {
        "type": "object",
        "properties": {"value": INTEGER, "next": {"anyOf": [reference, {"type": "null"}], "default": None}},
        "required": ["value"],
    }


def test_class_in_a_function_may_hold_itself() -> None:
    """Its own name is known, though its module does not have it."""

    @dataclasses.dataclass
    class Tree:
        children: list[Tree]

    assert schema_of(Tree)[1]["Tree"]["properties"]["children"]["items"] == {"$ref": "#/components/schemas/Tree"}


def test_alias_is_a_component() -> None:
    """What has a name by ``type X = ...`` stands under it."""
    schema, components = schema_of(Codes)

    assert schema == {"$ref": "#/components/schemas/Codes"}
    assert components == {"Codes": {"type": "array", "items": INTEGER}}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the statement is new in Python 3.12")
def test_alias_may_hold_itself() -> None:
    """It refers to itself."""
    names: dict[str, Any] = {}
    exec("type Json = dict[str, Json] | str", names)
    schema, components = schema_of(names["Json"])

    assert components["Json"] == {"anyOf": [{"type": "object", "additionalProperties": schema}, STRING]}


def test_typed_dict() -> None:
    """What need not be there is not required, whether the class or the key says so."""
    _, components = schema_of(tuple[Address, Partial])

    assert components["Address"] == {
        "type": "object",
        "description": "Where someone lives.",
        "properties": {"city": STRING, "zip": STRING},
        "required": ["city"],
    }
    assert components["Partial"] == {
        "type": "object",
        "properties": {"a": INTEGER, "b": {"type": "integer", "description": "Say how many."}},
        "required": ["a"],
    }


def test_enums() -> None:
    """Their values are permitted, as they are in JSON."""
    _, components = schema_of(tuple[Colour, Size, Mixed])

    assert components == {
        "Colour": {"type": "string", "enum": ["red", "blue"], "description": "A colour."},
        "Size": {"type": "integer", "enum": [1, 2]},
        "Mixed": {"enum": ["2026-01-02", None]},
    }


def test_generic_class() -> None:
    """Each use of it is a component of its own, with what the type variable stands for in its place."""
    schema, components = schema_of(tuple[Page[int], Page[Line], Page[int], Page, Page[list[int]]])

    assert [each["$ref"].rpartition("/")[2] for each in schema["prefixItems"]] == [
        "Page_int",
        "Page_Line",
        "Page_int",
        "Page",
        "Page_list",
    ]
    assert components["Page_int"]["properties"] == {
        "items": {"type": "array", "items": INTEGER},
        "total": INTEGER,
        "first": {"anyOf": [INTEGER, {"type": "null"}], "default": None},
        "last": {**INTEGER, "readOnly": True},
    }
    assert components["Page_int"]["required"] == ["items", "total"]
    assert components["Page_Line"]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/Line"}
    assert components["Page"]["properties"]["items"] == {"type": "array", "items": {}}


@dataclasses.dataclass
class Pair(Generic[T, B]):  # noqa: D101  # as above
    a: T
    b: B


@dataclasses.dataclass
class Swapped(Pair[B, T], Generic[T, B]):  # noqa: D101  # as above
    pass


@dataclasses.dataclass
class Lines(Page[Line]):  # noqa: D101  # as above
    pass


def test_class_that_inherits_from_a_generic_one() -> None:
    """Its inherited fields have the types that it gave the other class, whatever its own are called."""
    _, components = schema_of(tuple[Swapped[str, int], Lines])

    assert components["Swapped_str_int"]["properties"] == {"a": INTEGER, "b": STRING}
    assert components["Lines"]["properties"]["items"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Line"},
    }


def test_two_classes_of_one_name_get_distinct_names() -> None:
    """The first one has the name."""
    made = [dataclasses.make_dataclass("Item", [(name, int)]) for name in ("a", "b")]
    schema, components = schema_of(tuple[made[0], made[1], made[0]])

    assert [each["$ref"].rpartition("/")[2] for each in schema["prefixItems"]] == ["Item", "Item_2", "Item"]
    assert list(components["Item_2"]["properties"]) == ["b"]


def test_free_name() -> None:
    """A name that is taken gets the first number that is free."""
    assert free_name("a", ["a", "a_2", "b"]) == "a_3"


def test_annotation_that_cannot_be_resolved_is_told() -> None:
    """The error names the class, and what to do."""

    @dataclasses.dataclass
    class Broken:
        value: NoSuchThing  # noqa: F821  # that is what is tested

    with pytest.raises(func.DefinitionError) as caught:
        schema_of(Broken)

    assert "Broken cannot be resolved: name 'NoSuchThing' is not defined" in caught.value.message
    assert "import what the annotations name at run time" in (caught.value.hint or "")


PLAIN = st.sampled_from([str, int, bool, float, datetime.date, uuid.UUID, Colour, Line, Node, None])
ANNOTATIONS = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        inner.map(lambda each: list[each]),
        inner.map(lambda each: dict[str, each]),
        inner.map(lambda each: Optional[each]),  # noqa: UP045  # a class of a test may be None
        st.tuples(inner, inner).map(lambda pair: tuple[pair]),
        st.tuples(inner, inner).map(lambda pair: Union[pair]),  # noqa: UP007  # as above
    ),
    max_leaves=6,
)


@given(ANNOTATIONS)
def test_every_reference_leads_somewhere(annotation: Any) -> None:
    """Whatever is put together, a schema is JSON, the same each time, and refers to components that are there."""
    schema, components = schema_of(annotation)
    text = json.dumps([schema, components])

    assert schema_of(annotation) == (schema, components)
    assert text.count("$ref") == sum(text.count(f'"#/components/schemas/{name}"') for name in components)


VALUES: list[tuple[Any, Any]] = [
    (Order, Order(7, [Line("tea")])),
    (Full, Full("x", odd=1, point=Point(1.5, "a"))),
    (Node, Node(1, Node(2))),
    (dict[str, Decimal | datetime.time], {"a": Decimal("1.5"), "b": datetime.time(1, 2)}),
    (tuple[uuid.UUID, bytes, datetime.timedelta], (uuid.UUID(int=7), b"\0", datetime.timedelta(days=1))),
    (set[Size], {Size.LARGE}),
    (Address, {"city": "Bonn"}),
    (Codes, [7]),
]


@pytest.mark.parametrize(("annotation", "value"), VALUES, ids=[str(each) for each, _ in VALUES])
def test_what_is_sent_is_what_the_schema_says(annotation: Any, value: Any) -> None:
    """A validator of others takes the JSON of a value by the schema of its annotation."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema comes with openapi-spec-validator")
    if annotation is Full:
        value.total, value.limit = 3, 1.5
    schema, components = schema_of(annotation)
    sent = json.loads(jsonlib.dumps(value))

    jsonschema.Draft202012Validator({**schema, "components": {"schemas": components}}).validate(sent)


# --- models of pydantic -----------------------------------------------------------------------------------------------


def test_pydantic_is_not_imported() -> None:
    """Documents of apps without its models do without it."""
    program = "import sys, azfunc as func; func.FunctionApp().openapi(); print('pydantic' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8")

    assert run.stdout == "False\n"


def test_model_of_pydantic() -> None:
    """Its own schema is moved to the components, with what it refers to."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
    part = pydantic.create_model("Part", name=(str, ...))
    whole = pydantic.create_model("Whole", parts=(list[part], ...), price=(float, pydantic.Field(gt=0)))
    schema, components = schema_of(tuple[whole, part])

    assert [each["$ref"] for each in schema["prefixItems"]] == [
        "#/components/schemas/Whole",
        "#/components/schemas/Part",
    ]
    assert set(components) == {"Whole", "Part"}
    assert components["Whole"]["properties"]["parts"]["items"] == {"$ref": "#/components/schemas/Part"}
    assert components["Whole"]["properties"]["price"]["exclusiveMinimum"] == 0


def test_model_of_pydantic_that_holds_itself() -> None:
    """Its references lead to its component."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
    model = pydantic.create_model("Twig", children=("list[Twig]", ...))
    model.model_rebuild(_types_namespace={"Twig": model})
    schema, components = schema_of(model)

    assert schema == {"$ref": "#/components/schemas/Twig"}
    assert components["Twig"]["properties"]["children"]["items"] == schema


def test_models_of_pydantic_with_one_name() -> None:
    """They are one component if all that they lead to is the same, and two if not."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
    parts = [pydantic.create_model("Part", **{name: (int, ...)}) for name in ("a", "b", "b")]
    wholes = [pydantic.create_model("Whole", part=(part, ...)) for part in parts]
    schema, components = schema_of(tuple[wholes[0], wholes[1], wholes[2]])

    assert [each["$ref"].rpartition("/")[2] for each in schema["prefixItems"]] == ["Whole", "Whole_2", "Whole_2"]
    assert components["Whole_2"]["properties"]["part"] == {"$ref": "#/components/schemas/Part_2"}
    assert list(components["Part_2"]["properties"]) == ["b"]


def test_model_of_pydantic_without_a_schema() -> None:
    """The error names the model, what pydantic says, and what to do."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
    model = pydantic.create_model("Odd", call=(Callable[[], int], ...))

    with pytest.raises(func.DefinitionError) as caught:
        schema_of(model)

    assert caught.value.message.startswith("The model Odd has no JSON Schema: Cannot generate")
    assert "WithJsonSchema" in (caught.value.hint or "")


def test_model_of_pydantic_that_is_given_differs() -> None:
    """What is taken and what is given are two components if the model says so."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
    model = pydantic.create_model("Item", price=(Decimal, ...))
    components = Components()
    taken, given_ = (Schemas(components, mode).of(model) for mode in ("validation", "serialization"))

    assert (taken["$ref"], given_["$ref"]) == ("#/components/schemas/Item", "#/components/schemas/Item_2")
    assert "anyOf" in components.schemas["Item"]["properties"]["price"]
    assert components.schemas["Item_2"]["properties"]["price"]["type"] == "string"


def test_text_that_looks_like_a_reference() -> None:
    """A default or a description that begins as references do stays as it is."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
    part = pydantic.create_model("Part", name=(str, "#/$defs/Foo"))
    model = pydantic.create_model(
        "Item", part=(part, ...), at=(str, pydantic.Field("#/$defs/Part", description="#/$defs/"))
    )
    _, components = schema_of(model)

    assert components["Part"]["properties"]["name"]["default"] == "#/$defs/Foo"
    assert components["Item"]["properties"]["at"]["default"] == "#/$defs/Part"
    assert components["Item"]["properties"]["at"]["description"] == "#/$defs/"
    assert components["Item"]["properties"]["part"] == {"$ref": "#/components/schemas/Part"}


def test_mapping_of_a_discriminator_refers_to_components() -> None:
    """Its references stand under the values of the tag."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
    kinds = [pydantic.create_model(name, kind=(Literal[name], ...)) for name in ("cat", "dog")]
    pet = Annotated[Union[tuple(kinds)], pydantic.Field(discriminator="kind")]  # noqa: UP007  # put together here
    _, components = schema_of(pydantic.create_model("Owner", pet=(pet, ...)))

    assert components["Owner"]["properties"]["pet"]["discriminator"]["mapping"] == {
        "cat": "#/components/schemas/cat",
        "dog": "#/components/schemas/dog",
    }


def test_dataclass_of_pydantic() -> None:
    """What is taken is as pydantic says; what is given is written as other dataclasses are, without aliases."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")

    class Ware(Generic[T]):
        class_: int
        name: T

    Ware.__annotations__ = {"class_": Annotated[int, pydantic.Field(alias="class", ge=0)], "name": T}
    ware = pydantic.dataclasses.dataclass(Ware)
    taken, given_ = schema_of(ware)[1]["Ware"], schema_of(ware, "serialization")[1]["Ware"]

    assert (taken["required"], taken["properties"]["class"]["minimum"]) == (["class", "name"], 0)
    assert (given_["required"], given_["properties"]["class_"]["minimum"]) == (["class_", "name"], 0)
    assert schema_of(ware[str])[1]["Ware"]["properties"]["name"]["type"] == "string"


def test_constraints_stand_in_the_schema() -> None:
    """What JSON Schema can say of them is said."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
    field: Any = pydantic.Field
    cases: list[tuple[Any, Schema]] = [
        (pydantic.PositiveInt, {**INTEGER, "exclusiveMinimum": 0}),
        (pydantic.conint(ge=0, multiple_of=2) | None, {"minimum": 0, "multipleOf": 2}),
        (pydantic.conlist(int, min_length=1, max_length=3), {"minItems": 1, "maxItems": 3}),
        (Annotated[str, field(pattern="^a", max_length=3)], {**STRING, "pattern": "^a", "maxLength": 3}),
        (Annotated[dict[str, int], field(min_length=1)], {"minProperties": 1}),
        (Annotated[Decimal, field(lt=Decimal("1.5"))], {"type": ["number", "string"], "exclusiveMaximum": 1.5}),
        (Annotated[datetime.date, field(gt=datetime.date(2026, 1, 1))], {"type": "string", "format": "date"}),
        (pydantic.UUID4, {"type": "string", "format": "uuid4"}),
    ]
    for annotation, wanted in cases:
        schema = schema_of(annotation)[0]
        found = schema["anyOf"][0] if "anyOf" in schema else schema

        assert {key: found.get(key) for key in wanted} == wanted


def test_type_of_pydantic_without_a_schema() -> None:
    """The error names the type."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")

    with pytest.raises(func.DefinitionError, match=r"The type .*complex.* has no JSON Schema"):
        schema_of(Annotated[Callable[[complex], int], pydantic.BeforeValidator(len)])
