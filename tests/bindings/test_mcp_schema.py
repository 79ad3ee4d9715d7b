"""MCP tools: the properties that clients see."""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime
import decimal
import enum
import json
import sys
import typing
import uuid
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, Literal, NewType, Optional, TypedDict, Union

import pytest

import azfunc
from azfunc.bindings.mcp.schema import as_argument

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


class Color(enum.Enum):
    """An enum of texts."""

    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    """An enum of numbers."""

    LOW = 1
    HIGH = 2


@dataclasses.dataclass
class Order:
    """A dataclass."""

    number: int
    color: Color = Color.RED
    lines: list[Line] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Line:
    """A dataclass in a dataclass, defined below it."""

    due: datetime.date


class Address(TypedDict):
    """A dict with known keys."""

    city: str


class Model:
    """A class as pydantic makes them, as far as azfunc looks."""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    @classmethod
    def model_validate(cls, value: dict[str, Any]) -> Model:
        """Make one of a dict."""
        return cls(**value)


class Attrs:
    """A class as attrs makes them, as far as azfunc looks."""

    __attrs_attrs__ = (SimpleNamespace(name="number"),)

    def __init__(self, number: int) -> None:
        self.number = number


class Struct:
    """A class as msgspec makes them, as far as azfunc looks."""

    __struct_fields__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


UserId = NewType("UserId", int)

FUTURE = "from __future__ import annotations\n"

__all__ = [
    "Address",
    "Annotated",
    "Any",
    "Attrs",
    "Color",
    "Level",
    "Literal",
    "Model",
    "Optional",
    "Order",
    "Struct",
    "Union",
    "UserId",
    "collections",
    "datetime",
    "decimal",
    "typing",
    "uuid",
]


def published(source: str, *, future: bool = False) -> list[dict[str, Any]]:
    """Give the properties of a tool whose parameters are written so."""
    namespace: dict[str, Any] = {**{name: globals()[name] for name in __all__}, "func": azfunc}
    code = f"{FUTURE if future else ''}def tool({source}): ...\n"
    exec(compile(code, "tool.py", "exec", dont_inherit=True), namespace)
    return properties(namespace["tool"])


def properties(func: Callable[..., Any], library: ModuleType = azfunc) -> list[dict[str, Any]]:
    """Make a tool of a function, and give its properties."""
    app = library.FunctionApp()
    app.mcp_tool()(func)
    entry = json.loads(app.get_functions()[0].get_function_json())["bindings"][-1]
    made: list[dict[str, Any]] = json.loads(entry["toolProperties"])
    return made


def shape(made: dict[str, Any]) -> tuple[Any, ...]:
    """Give type, array, required and values of a property."""
    return (made["propertyType"], made["isArray"], made["isRequired"], made.get("enumValues"))


ANNOTATIONS: list[tuple[str, tuple[Any, ...]]] = [
    ("a", ("string", False, True, None)),
    ("a: int", ("integer", False, True, None)),
    ("a: float", ("number", False, True, None)),
    ("a: str", ("string", False, True, None)),
    ("a: bool", ("boolean", False, True, None)),
    ("a: bytes", ("string", False, True, None)),
    ("a: object", ("object", False, True, None)),
    ("a: Any", ("string", False, True, None)),
    ("a: datetime.datetime", ("string", False, True, None)),
    ("a: uuid.UUID", ("string", False, True, None)),
    ("a: dict", ("object", False, True, None)),
    ("a: dict[str, int]", ("object", False, True, None)),
    ("a: collections.abc.Mapping[str, int]", ("object", False, True, None)),
    ("a: Order", ("object", False, True, None)),
    ("a: Address", ("object", False, True, None)),
    ("a: Model", ("object", False, True, None)),
    ("a: Attrs", ("object", False, True, None)),
    ("a: Struct", ("object", False, True, None)),
    ("a: list", ("string", True, True, None)),
    ("a: list[int]", ("integer", True, True, None)),
    ("a: typing.List[float]", ("number", True, True, None)),
    ("a: collections.abc.Sequence[bool]", ("boolean", True, True, None)),
    ("a: tuple[int, ...]", ("integer", True, True, None)),
    ("a: tuple[int, float]", ("number", True, True, None)),
    ("a: set[str]", ("string", True, True, None)),
    ("a: list[Order]", ("object", True, True, None)),
    ("a: list[list[int]]", ("array", True, True, None)),
    ("a: Literal['x', 'y']", ("string", False, True, ["x", "y"])),
    ("a: list[Literal['x', 'y']]", ("string", True, True, ["x", "y"])),
    ("a: Literal['x'] | Literal['y']", ("string", False, True, ["x", "y"])),
    ("a: Literal['x'] | str", ("string", False, True, None)),
    ("a: Literal['x', None]", ("string", False, False, ["x"])),
    ("a: Literal[1, 2]", ("integer", False, True, None)),
    ("a: Literal[True]", ("boolean", False, True, None)),
    ("a: Literal['x', 1]", ("string", False, True, ["x", "1"])),
    ("a: Literal[Color.RED]", ("string", False, True, ["red"])),
    ("a: Color", ("string", False, True, ["red", "blue"])),
    ("a: Level", ("string", False, True, ["LOW", "HIGH"])),
    ("a: list[Color] | None", ("string", True, False, ["red", "blue"])),
    ("a: int | None", ("integer", False, False, None)),
    ("a: Optional[int]", ("integer", False, False, None)),
    ("a: Optional[list[int]]", ("integer", True, False, None)),
    ("a: Union[int, float]", ("number", False, True, None)),
    ("a: int | str", ("string", False, True, None)),
    ("a: None", ("string", False, False, None)),
    ("a: int = 3", ("integer", False, False, None)),
    ("a: int | None = None", ("integer", False, False, None)),
    ("a: UserId", ("integer", False, True, None)),
    ("a: Optional[UserId]", ("integer", False, False, None)),
    ("a: Annotated[int, 'text']", ("integer", False, True, None)),
    ("a: Annotated[int | None, 5]", ("integer", False, False, None)),
    ("*, a: int", ("integer", False, True, None)),
]


@pytest.mark.parametrize("future", [False, True], ids=["plain", "future"])
@pytest.mark.parametrize(("source", "expected"), ANNOTATIONS, ids=[source for source, _ in ANNOTATIONS])
def test_annotation_says_the_property(source: str, expected: tuple[Any, ...], future: bool) -> None:
    """The property is the same with and without the future import."""
    made = published(source, future=future)

    assert [each["propertyName"] for each in made] == ["a"]
    assert shape(made[0]) == expected


REFERENCE = [row for row in ANNOTATIONS if row[0] in {
    "a", "a: int", "a: float", "a: str", "a: bool", "a: object", "a: Any", "a: datetime.datetime",
    "a: typing.List[float]", "a: list[int]", "a: Optional[int]", "a: Optional[list[int]]", "a: int = 3", "a: int | str",
}]  # fmt: skip
"""Annotations for which the reference gives the right answer."""


@pytest.mark.parametrize(("source", "expected"), REFERENCE, ids=[source for source, _ in REFERENCE])
def test_property_is_that_of_the_reference(func: ModuleType, source: str, expected: tuple[Any, ...]) -> None:
    """Where the reference is right, azfunc says the same."""
    namespace: dict[str, Any] = {name: globals()[name] for name in __all__}
    exec(compile(f"def tool({source}): ...", "tool.py", "exec", dont_inherit=True), namespace)

    assert shape(properties(namespace["tool"], func)[0]) == expected


@pytest.mark.parametrize("future", [False, True], ids=["plain", "future"])
@pytest.mark.parametrize(
    "source",
    [
        "context",
        "context: func.MCPToolContext",
        "ctx: func.MCPToolContext | None = None",
        "ctx: Annotated[func.MCPToolContext, 'x']",
        "call: func.Context",
        "*args",
        "**kwargs",
        "*, context",
    ],
)
def test_what_clients_cannot_give_is_not_published(source: str, future: bool) -> None:
    """Contexts, and parameters that take the rest, are no properties."""
    source = f"a: int, {source}"

    assert [each["propertyName"] for each in published(source, future=future)] == ["a"]


def test_argument_named_context_is_published_when_it_is_annotated_as_one() -> None:
    """A name alone makes no context of what is text to its author; the trigger gets another name then."""
    app = azfunc.FunctionApp()

    @app.mcp_tool()
    def search(context: str) -> str:
        return context

    entry = json.loads(search.build().get_function_json())["bindings"][0]

    assert [each["propertyName"] for each in json.loads(entry["toolProperties"])] == ["context"]
    assert entry["name"] == "mcp_context"


@pytest.mark.parametrize("future", [False, True], ids=["plain", "future"])
@pytest.mark.parametrize(
    ("annotation", "description"),
    [
        ("Annotated[str, 'Where']", "Where"),
        ("Annotated[str, 5, 'Where', 'later']", "Where"),
        ("Annotated[str, typing.cast(Any, type('F', (), {'description': 'Where'}))]", "Where"),
        ("Annotated[str, typing.cast(Any, type('D', (), {'documentation': 'Where'}))]", "Where"),
        ("Annotated[str, 'Where'] | None", "Where"),
        ("Annotated[str, 5]", ""),
        ("str", ""),
    ],
)
def test_description_stands_in_the_annotation(annotation: str, description: str, future: bool) -> None:
    """Text in ``Annotated`` describes the property, as in other MCP libraries."""
    assert published(f"a: {annotation}", future=future)[0]["description"] == description


@pytest.mark.skipif(sys.version_info < (3, 11), reason="typing does not look into it on Python 3.10")
@pytest.mark.parametrize("future", [False, True], ids=["plain", "future"])
def test_text_in_a_list_is_resolved(future: bool) -> None:
    """A class can be named before it is defined."""
    assert shape(published("a: list['Order']", future=future)[0]) == ("object", True, True, None)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the type statement is new in Python 3.12")
def test_type_statement_is_looked_into() -> None:
    """A name for a type is as good as the type."""
    namespace: dict[str, Any] = {}
    exec("type Ids = list[int] | None\ndef tool(a: Ids, b: Ids | str): ...", namespace)

    first, second = properties(namespace["tool"])

    assert shape(first) == ("integer", True, False, None)
    assert shape(second) == ("string", False, False, None)


def test_class_of_a_function_body_is_found() -> None:
    """An app factory, or a test, can define the classes of its tools."""

    @dataclasses.dataclass
    class Local:
        number: int

    def tool(a: Local, b: list[Local]) -> None: ...

    assert [shape(each)[:2] for each in properties(tool)] == [("object", False), ("object", True)]


def test_annotation_that_cannot_be_resolved_is_an_error() -> None:
    """Clients would be told a wrong type; the error says where, and what to do."""

    def tool(a: Missing) -> None: ...  # type: ignore[name-defined]  # noqa: F821  # the point of the test

    with pytest.raises(azfunc.DefinitionError, match="'Missing' of parameter 'a' of tool 'tool' cannot be") as caught:
        azfunc.FunctionApp().mcp_tool()(tool)

    assert "import what the annotation names at run time" in caught.value.hint
    assert str(caught.value.location).startswith(__file__)


@pytest.mark.parametrize("annotation", ["MCPToolContext", "lib.MCPToolContext", "lib.Context"])
def test_context_imported_for_type_checkers_only_is_known_by_its_name(annotation: str) -> None:
    """The import may stand under ``TYPE_CHECKING``."""
    namespace: dict[str, Any] = {}
    exec(f"{FUTURE}def tool(a: int, c: {annotation}): ...", namespace)

    assert [each["propertyName"] for each in properties(namespace["tool"])] == ["a"]


def test_positional_only_parameter_is_refused() -> None:
    """Clients give arguments by name."""

    def tool(a: int, /) -> None: ...

    with pytest.raises(azfunc.DefinitionError, match="'a' of tool 'tool' is positional only") as caught:
        azfunc.FunctionApp().mcp_tool()(tool)

    assert "remove the /" in caught.value.hint


def test_callable_object_and_partial_are_tools_too() -> None:
    """The signature is that of what is called; so are the names in its annotations."""
    import functools

    class Weather:
        """An object."""

        def __call__(self, city: str, days: Annotated[int, "How many"]) -> str:
            """Tell the weather."""
            return self.tell(city, days)

        def tell(self, city: str, days: Annotated[int, "How many"]) -> str:
            """Tell the weather."""
            return city * days

    app = azfunc.FunctionApp()
    app.mcp_tool()(Weather())
    app.mcp_tool()(functools.partial(Weather().tell, days=2))
    entries = [json.loads(each.get_function_json())["bindings"][0] for each in app.get_functions()]

    assert [each["toolName"] for each in entries] == ["Weather", "tell"]
    assert [each["description"] for each in entries] == ["Tell the weather."] * 2
    assert json.loads(entries[1]["toolProperties"])[1]["isRequired"] is False


# --- descriptions and names -------------------------------------------------------------------------------------------


def test_docstring_is_the_description(func: ModuleType) -> None:
    """It is without the indentation of the code, and without empty lines around it."""
    app = func.FunctionApp()

    def weather() -> None:
        """
        Tell the weather.

            Indented.
        """  # noqa: D212  # as in the facts

    app.mcp_tool()(weather)
    entry = json.loads(app.get_functions()[0].get_function_json())["bindings"][0]

    assert entry["description"] == "Tell the weather.\n\n    Indented."


def test_tool_without_a_docstring_has_an_empty_description(func: ModuleType) -> None:
    """The field is there, as in the reference."""
    app = func.FunctionApp()

    def weather() -> None: ...

    app.mcp_tool()(weather)

    assert json.loads(app.get_functions()[0].get_function_json())["bindings"][0]["description"] == ""


def test_tool_name_is_that_of_the_python_function(func: ModuleType) -> None:
    """The host's name of the function is another matter."""
    app = func.FunctionApp()

    @app.function_name(name="Other")
    @app.mcp_tool()
    def weather() -> None: ...

    made = app.get_functions()[0]

    assert made.get_function_name() == "Other"
    assert json.loads(made.get_function_json())["bindings"][0]["toolName"] == "weather"


# --- properties that are described ------------------------------------------------------------------------------------


def described(**given: Any) -> dict[str, Any]:
    """Give the property ``a`` of a tool with a description of it."""
    app = azfunc.FunctionApp()

    @app.mcp_tool()
    @app.mcp_tool_property("a", **given)
    def tool(a: list[Literal["x"]] = []) -> None: ...  # noqa: B006

    made: dict[str, Any] = json.loads(json.loads(tool.build().get_function_json())["bindings"][0]["toolProperties"])[0]
    return made


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("string", True, True, ["x"])),
        ({"is_required": False}, ("string", True, False, ["x"])),
        ({"is_required": None}, ("string", True, False, ["x"])),
        ({"as_array": False}, ("string", False, True, ["x"])),
        ({"property_type": azfunc.McpPropertyType.STRING}, ("string", True, True, ["x"])),
        ({"property_type": azfunc.McpPropertyType.INTEGER}, ("integer", True, True, None)),
        ({"property_type": azfunc.McpPropertyType.FLOAT}, ("number", True, True, None)),
        ({"property_type": "object"}, ("object", True, True, None)),
        ({"property_type": "BOOLEAN"}, ("boolean", True, True, None)),
        ({"property_type": "datetime"}, ("string", True, True, ["x"])),
    ],
    ids=str,
)
def test_description_overrides_what_was_found(given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    """What the decorator says counts; what it leaves out is taken from the signature, but for the requirement."""
    assert shape(described(description="d", **given)) == expected
    assert described(description="d", **given)["description"] == "d"


@pytest.mark.parametrize("member", ["INTEGER", "STRING", "BOOLEAN", "OBJECT", "DATETIME"])
def test_property_type_is_written_by_its_value(func: ModuleType, member: str) -> None:
    """The types of the reference are written as it writes them; FLOAT is the exception, see docs/compatibility.md."""
    app = func.FunctionApp()

    @app.mcp_tool()
    @app.mcp_tool_property(arg_name="x", property_type=func.McpPropertyType[member], is_required=False, as_array=True)
    def tool(x) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001  # without an annotation

    entry = json.loads(app.get_functions()[0].get_function_json())["bindings"][0]

    assert json.loads(entry["toolProperties"]) == [
        {
            "propertyName": "x",
            "propertyType": func.McpPropertyType[member].value,
            "description": "",
            "isArray": True,
            "isRequired": False,
        }
    ]


def test_property_of_a_parameter_that_takes_the_rest_can_be_described() -> None:
    """A function with ``**kwargs`` takes any argument, and the description makes it known."""
    app = azfunc.FunctionApp()

    @app.mcp_tool()
    @app.mcp_tool_property("city", "Where")
    def tool(**kwargs: str) -> str:
        return kwargs["city"]

    entry = json.loads(tool.build().get_function_json())["bindings"][0]

    assert json.loads(entry["toolProperties"]) == [
        {"propertyName": "city", "propertyType": "string", "description": "Where", "isArray": False, "isRequired": True}
    ]


def tool_of(city: str, context: azfunc.MCPToolContext, blob: str = "") -> str:
    """Give a city."""
    return city


@pytest.mark.parametrize(
    ("stack", "what", "hint"),
    [
        (
            lambda app: [app.mcp_tool(), app.mcp_tool_property("city")],
            "stands above the trigger of function 'tool_of'",
            "Put it below",
        ),
        (
            lambda app: [app.queue_trigger("city", "q", "c"), app.mcp_tool_property("city")],
            "stands above the trigger",
            "Put it below",
        ),
        (lambda app: [app.mcp_tool_property("citi")], "no parameter 'citi'", "Did you mean 'city'?"),
        (lambda app: [app.mcp_tool_property("zzzz")], "no parameter 'zzzz'", "Its parameters are city, context, blob."),
        (
            lambda app: [app.mcp_tool_property("city"), app.mcp_tool_property("city")],
            "'city' of tool 'tool_of' is described twice",
            "Keep one",
        ),
        (
            lambda app: [app.blob_input("blob", "p", "c"), app.mcp_tool_property("blob")],
            "'blob' of tool 'tool_of' gets its value from a binding",
            "Remove",
        ),
        (
            lambda app: [app.mcp_tool_property("context"), app.mcp_tool()],
            "'context' of tool 'tool_of' gets the context",
            "clients do not see",
        ),
        (lambda app: [app.mcp_tool(), app.mcp_tool()], "trigger was already registered", "two triggers"),
    ],
)
def test_wrong_use_raises_at_the_decorator(stack: Callable[[Any], list[Any]], what: str, hint: str) -> None:
    """The last decorator of each stack cannot work; the error says what, where and what to do."""
    *first, last = stack(azfunc.FunctionApp())
    decorated: Any = tool_of
    for each in first:
        decorated = each(decorated)

    with pytest.raises(azfunc.DefinitionError) as caught:
        last(decorated)

    assert what in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.function_name == "tool_of"
    assert str(caught.value.location).startswith(__file__)


@pytest.mark.parametrize("wrong", ["text", "int", 7])
def test_unknown_property_type_is_refused(wrong: Any) -> None:
    """The error names the types there are."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        azfunc.FunctionApp().mcp_tool_property("a", property_type=wrong)

    assert "INTEGER, FLOAT, STRING, BOOLEAN, OBJECT" in caught.value.hint


def test_decorator_without_parentheses_is_refused() -> None:
    """The error shows how to write it."""
    app: Any = azfunc.FunctionApp()

    with pytest.raises(azfunc.ArgumentTypeError, match="'tool_of' without parentheses") as caught:
        app.mcp_tool(tool_of)

    assert caught.value.hint == "Write @app.mcp_tool()."
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        app.mcp_tool_property(tool_of)
    assert "with parentheses" in caught.value.hint


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "annotation", "expected"),
    [
        (3, int, 3),
        (3, float, 3),
        (None, Color | None, None),
        ("red", Color, Color.RED),
        ("LOW", Level, Level.LOW),
        ("red", Color | None, Color.RED),
        ("red", Color | int, "red"),
        (["red"], list[Color], [Color.RED]),
        (["red"], set[Color], {Color.RED}),
        ([1, 2], tuple[int, ...], (1, 2)),
        (
            "2026-01-02T03:04:05Z",
            datetime.datetime,
            datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        ),
        ("2026-01-02", datetime.date, datetime.date(2026, 1, 2)),
        ("03:04", datetime.time, datetime.time(3, 4)),
        ("1:00:00", datetime.timedelta, "1:00:00"),
        ("1.5", decimal.Decimal, decimal.Decimal("1.5")),
        (str(uuid.UUID(int=1)), uuid.UUID, uuid.UUID(int=1)),
        (
            {"number": 7, "color": "blue", "lines": [{"due": "2026-01-02"}]},
            Order,
            Order(7, Color.BLUE, [Line(datetime.date(2026, 1, 2))]),
        ),
        ({"city": "Oslo"}, Address, {"city": "Oslo"}),
        ({"a": 1}, dict[str, int], {"a": 1}),
        ({"a": "red"}, dict[str, Color], {"a": Color.RED}),
        (3.0, int, 3),
        ("3", int, 3),
        ("1.5", float, 1.5),
        ("True", bool, True),
        (7, str, "7"),
        (1.5, decimal.Decimal, decimal.Decimal("1.5")),
        (5, UserId, 5),
        ("x", Literal["x"], "x"),
        ("x", Any, "x"),
        ({"a": 1}, Any, {"a": 1}),
    ],
    ids=repr,
)
def test_argument_is_what_the_annotation_says(value: Any, annotation: Any, expected: Any) -> None:
    """Objects and texts become what the parameter is annotated with; what is left open stays as it is."""
    made = as_argument(value, annotation, "argument 'a'")

    assert made == expected
    assert type(made) is type(expected)


@pytest.mark.parametrize("cls", [Attrs, Struct])
def test_argument_becomes_an_object_of_a_class_with_fields(cls: Any) -> None:
    """Classes of attrs and msgspec are made as dataclasses are."""
    assert as_argument({"number": 7}, cls, "argument").number == 7


def test_argument_becomes_a_model() -> None:
    """The model's own validation reads it."""
    made = as_argument([{"a": 1}], list[Model], "argument")

    assert made[0].fields == {"a": 1}


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        ("green", Color),
        ("soon", datetime.date),
        ("soon", datetime.datetime),
        ("x", decimal.Decimal),
        ({"nr": 7}, Order),
        ("three", int),
        ("1.5", int),
        ("nan", float),
        (True, int),
        (True, str),
        (1.5, int),
        ("yes", bool),
        (1, bool),
        ({"a": 1}, str),
        ("red", list[Color]),
        (["one", 2], list[int]),
        ("y", Literal["x"]),
        (1, Literal[True]),
        (7, Color),
        (7, datetime.date),
        ([1], Order),
        ("text", dict[str, int]),
        ({"a": "one"}, dict[str, int]),
    ],
    ids=repr,
)
def test_argument_that_does_not_fit_is_an_error(value: Any, annotation: Any) -> None:
    """The error says which argument, and what the client gave."""
    with pytest.raises(azfunc.ConversionError) as caught:
        as_argument(value, annotation, "argument 'a' of tool 't'")

    assert "argument 'a' of tool 't'" in caught.value.message
    assert repr(value) in caught.value.message
    assert caught.value.hint
