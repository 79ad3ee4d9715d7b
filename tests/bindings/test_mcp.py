"""Model Context Protocol: decorators, contexts and converters of tools, resources and prompts."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import decimal
import json
import uuid
from typing import TYPE_CHECKING, Annotated, Any, List, Optional  # noqa: UP035  # the older spelling is tested too

import pytest

import azfunc
from azfunc._core.datum import Datum
from azfunc.bindings.mcp.context import request_of
from tests.bindings.conformance import REFUSED, BindingConformance, arguments, as_datum, facts, shown

if TYPE_CHECKING:
    from types import ModuleType


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int
    due: datetime.date


class Place:
    """A class that is nothing but attributes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._secret = "not sent"


class Named:
    """A class that writes itself as text."""

    def __str__(self) -> str:
        return "a name"


def anything() -> list[tuple[Any, Any]]:
    """Give what MCP functions may return, and what is sent for it."""
    return [
        (None, Datum("", "string")),
        ("hi", Datum("hi", "string")),
        ("", Datum("", "string")),
        (b"hi", Datum(b"hi", "bytes")),
        (b"\xff", Datum(b"\xff", "bytes")),
        (bytearray(b"hi"), Datum(b"hi", "bytes")),
        (memoryview(b"hi"), Datum(b"hi", "bytes")),
        (7, Datum("7", "string")),
        (1.5, Datum("1.5", "string")),
        (True, Datum("true", "string")),
        ({"a": 1}, Datum('{"a": 1}', "string")),
        ([1, 2], Datum("[1, 2]", "string")),
        ([], Datum("[]", "string")),
        (("a", b"b"), Datum('["a", "Yg=="]', "string")),
        ((each for each in "ab"), Datum('["a", "b"]', "string")),
        (Order(7, datetime.date(2026, 1, 2)), Datum('{"number": 7, "due": "2026-01-02"}', "string")),
        (datetime.datetime(2026, 1, 2, 3), Datum("2026-01-02T03:00:00", "string")),  # noqa: DTZ001
        (decimal.Decimal("1.5"), Datum("1.5", "string")),
        (uuid.UUID(int=1), Datum("00000000-0000-0000-0000-000000000001", "string")),
        (azfunc.AuthLevel.ADMIN, Datum("admin", "string")),
        ({"at": [datetime.date(2026, 1, 2)]}, Datum('{"at": ["2026-01-02"]}', "string")),
        (Place("Oslo"), Datum('{"name": "Oslo"}', "string")),
        ([Place("Oslo")], Datum('[{"name": "Oslo"}]', "string")),
        (Named(), Datum("a name", "string")),
        (azfunc.SqlRow({"id": 1}), Datum('{"id": 1}', "string")),
        (object(), REFUSED),
        ([object()], REFUSED),
        (Order, REFUSED),
        (len, REFUSED),
        ({(1, 2): 3}, REFUSED),
        (azfunc.QueueMessage(body="x"), REFUSED),
        ([azfunc.TimerRequest()], REFUSED),
        (azfunc.HttpResponse("x"), REFUSED),
    ]


class _McpConformance(BindingConformance):
    """The suite with the payloads of one binding type out of those of the service."""

    binding_type = ""

    @classmethod
    def payloads(cls) -> list[dict[str, Any]]:
        """Give the recorded payloads of the binding type."""
        return [each for each in recorded() if each["type"] == cls.binding_type]


def recorded() -> list[dict[str, Any]]:
    """Give all recorded payloads of the service."""

    class Service(BindingConformance):
        module = "mcp"

    return Service.payloads()


class TestTools(BindingConformance):
    """The suite, for tools."""

    module = "mcp.tool"
    decorators = ("mcp_tool_trigger",)
    own_decorators = {
        "mcp_tool_trigger": (
            {
                "arg_name": "context",
                "tool_name": "t",
                "tool_properties": [{"propertyName": "a", "propertyType": "string"}],
                "metadata": {"version": 1},
            },
            [
                {
                    "direction": "IN",
                    "type": "mcpToolTrigger",
                    "name": "context",
                    "toolName": "t",
                    "toolProperties": '[{"propertyName": "a", "propertyType": "string"}]',
                    "metadata": '{"version": 1}',
                    "useResultSchema": False,
                }
            ],
        )
    }
    defaults = (azfunc.MCPToolContext,)
    accepted = {
        "mcpToolTrigger": [
            str,
            bytes,
            dict,
            dict[str, Any],
            azfunc.MCPToolContext,
            Optional[azfunc.MCPToolContext],  # noqa: UP045  # the older spelling is the point
            azfunc.MCPToolContext | None,
            Annotated[azfunc.MCPToolContext, "the request"],
        ]
    }
    refused = {"mcpToolTrigger": [int, list[str], azfunc.QueueMessage, azfunc.PromptInvocationContext]}
    outputs = {"mcpToolTrigger": anything()}


class TestResources(BindingConformance):
    """The suite, for resources."""

    module = "mcp.resource"
    decorators = ("mcp_resource_trigger",)
    accepted = {"mcpResourceTrigger": [str, bytes, dict, azfunc.MCPToolContext, str | None]}
    refused = {"mcpResourceTrigger": [int, azfunc.InputStream]}
    outputs = {"mcpResourceTrigger": anything()}


class TestPrompts(_McpConformance):
    """The suite, for prompts."""

    module = "mcp.prompt"
    binding_type = "mcpPromptTrigger"
    decorators = ("mcp_prompt_trigger",)
    defaults = (azfunc.PromptInvocationContext,)
    messages = {
        "mcpPromptTrigger": [
            azfunc.PromptInvocationContext(),
            azfunc.PromptInvocationContext(name="review", arguments={"code": "x"}, sessionid="7"),
            azfunc.PromptInvocationContext(clientinfo={"name": "c"}, transport={"name": "http-sse"}),
        ]
    }
    accepted = {
        "mcpPromptTrigger": [
            str,
            bytes,
            dict,
            azfunc.PromptInvocationContext,
            azfunc.PromptInvocationContext | None,
            Annotated[azfunc.PromptInvocationContext, "the request"],
        ]
    }
    refused = {"mcpPromptTrigger": [int, list[azfunc.PromptInvocationContext]]}
    outputs = {"mcpPromptTrigger": anything()}


# --- the decorators of tools, whose entries depend on the function ----------------------------------------------------


def tool_entries(func: ModuleType, name: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Put a decorator on the function that the facts were found with, and give its entries in function.json."""
    app = func.FunctionApp()
    namespace: dict[str, Any] = {"List": List, "Optional": Optional}  # noqa: UP006
    source = (
        "def tool(a: int, b: str = 'x', c: Optional[float] = None, d: List[bool] = None, arg_name_value: str = 'y'):\n"
        "    'Tool text.'\n"
    )
    exec(compile(source, "tool", "exec", dont_inherit=True), namespace)  # without the future import of this file
    decorated = getattr(app, name)(**given)(namespace["tool"])
    if name == "mcp_tool_property":
        decorated = app.mcp_tool()(decorated)
    made: list[dict[str, Any]] = json.loads(app.get_functions()[0].get_function_json())["bindings"]
    return made


@pytest.mark.parametrize("case", ["with_required", "with_all"])
@pytest.mark.parametrize("name", ["mcp_tool", "mcp_tool_property"])
def test_tool_makes_the_entry_of_the_reference(func: ModuleType, name: str, case: str) -> None:
    """Names, order and text of all fields are the reference's, the JSON of the properties included."""
    given = arguments(func, name, required=case == "with_required")
    expected = facts(func, name)[case]["bindings"]

    made = tool_entries(func, name, given)

    assert made == expected
    assert [list(each) for each in made] == [list(each) for each in expected]


@pytest.mark.parametrize("name", ["mcp_tool", "mcp_tool_property"])
def test_tool_decorators_keep_the_promises_of_the_suite(func: ModuleType, name: str) -> None:
    """Parameters stand in the reference's order, and each is documented."""
    suite = BindingConformance()

    suite.test_parameters_stand_in_the_order_of_the_reference(func, name)
    suite.test_docstring_tells_of_each_parameter(name)


def test_property_types_have_the_members_of_the_reference(func: ModuleType) -> None:
    """Names and values are the reference's, the second name of STRING included."""
    members = func.McpPropertyType.__members__

    assert {name: (each.name, each.value) for name, each in members.items()} == {
        "INTEGER": ("INTEGER", "integer"),
        "FLOAT": ("FLOAT", "float"),
        "STRING": ("STRING", "string"),
        "BOOLEAN": ("BOOLEAN", "boolean"),
        "OBJECT": ("OBJECT", "object"),
        "DATETIME": ("STRING", "string"),
    }


def test_blueprint_has_the_decorators_too(func: ModuleType) -> None:
    """A tool of a blueprint is a function of the app that registers it."""
    blueprint = func.Blueprint()

    @blueprint.mcp_tool()
    @blueprint.mcp_tool_property(arg_name="city", description="Where")
    def weather(city: str) -> str:
        return city

    app = func.FunctionApp()
    app.register_functions(blueprint)
    entry = json.loads(app.get_functions()[0].get_function_json())["bindings"][0]

    assert entry["toolName"] == "weather"
    assert json.loads(entry["toolProperties"])[0]["description"] == "Where"


# --- requests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payload", [each for each in recorded() if each["type"] != "mcpPromptTrigger"], ids=lambda each: each["id"]
)
def test_recorded_request_is_read(payload: dict[str, Any]) -> None:
    """A request as the host sends it comes as it is sent, and has its fields as a context."""
    converter: Any = azfunc.get_binding_registry().get(payload["type"])

    decoded = converter.decode(as_datum(payload["data"]), trigger_metadata={})
    context = request_of(decoded)

    assert decoded == payload["data"]["value"]
    assert context == json.loads(decoded)
    assert {name: shown(context, name) for name in payload["expect"]} == payload["expect"]


@pytest.mark.parametrize("kind", ["mcpToolTrigger", "mcpResourceTrigger"])
@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        (Datum(None, None), None),
        (Datum('{"a": 1}', "json"), '{"a": 1}'),
        (Datum("not json {", "string"), "not json {"),
        (Datum(b"\xff", "bytes"), b"\xff"),
        (Datum(7, "int"), 7),
        (Datum(["a", "b"], "collection_string"), ["a", "b"]),
    ],
    ids=repr,
)
def test_request_comes_as_it_is_sent(kind: str, datum: Datum, expected: Any) -> None:
    """A function without an annotation gets text as text, since so many call ``json.loads()``."""
    converter: Any = azfunc.get_binding_registry().get(kind)

    assert converter.decode(datum, trigger_metadata=None) == expected


@pytest.mark.parametrize("kind", ["mcpToolTrigger", "mcpResourceTrigger", "mcpPromptTrigger"])
def test_return_value_goes_back_without_an_output_binding(kind: str) -> None:
    """The host takes the result of the function as the answer."""
    converter: Any = azfunc.get_binding_registry().get(kind)

    assert converter.has_implicit_output() is True
    assert converter.has_trigger_support() is True


@pytest.mark.parametrize("kind", ["mcpToolTrigger", "mcpResourceTrigger", "mcpPromptTrigger"])
@pytest.mark.parametrize(
    ("value", "datum"),
    [
        ('{"a": 1}', Datum('{"a": 1}', "string")),
        (b'{"a": 1}', Datum(b'{"a": 1}', "bytes")),
        ({"a": 1}, Datum('{"a": 1}', "json")),
        (azfunc.MCPToolContext(a=1), Datum('{"a": 1}', "json")),
    ],
    ids=repr,
)
def test_request_goes_to_the_wire(kind: str, value: Any, datum: Datum) -> None:
    """The test client sends a request as text, bytes or a dict."""
    converter: Any = azfunc.get_binding_registry().get(kind)

    assert converter.to_wire(value) == (datum, {})


def test_request_of_another_type_is_refused() -> None:
    """What the host would never send is not sent by the test client either."""
    converter: Any = azfunc.get_binding_registry().get("mcpToolTrigger")

    with pytest.raises(azfunc.UnsupportedValueError, match="an MCP tool is not a QueueMessage") as caught:
        converter.to_wire(azfunc.QueueMessage())

    assert "dict" in caught.value.hint


def test_tool_context_is_a_dict(func: ModuleType) -> None:
    """It is made and compared as a dict."""
    assert isinstance(func.MCPToolContext(a=1), dict)
    assert func.MCPToolContext(a=1) == {"a": 1} == func.MCPToolContext({"a": 1})


def test_tool_context_shows_how_to_make_it() -> None:
    """The repr is a call, and it makes an equal one."""
    context = azfunc.MCPToolContext(name="t", arguments={"a": 1})

    assert repr(context) == "MCPToolContext({'name': 't', 'arguments': {'a': 1}})"
    assert copy.deepcopy(context) == context
    assert type(copy.deepcopy(context)) is azfunc.MCPToolContext


@pytest.mark.parametrize("raw", ["[]", "7", b"null", 7], ids=repr)
def test_request_that_is_no_object_is_refused(raw: Any) -> None:
    """A request is an object; everything else is an error that shows it."""
    with pytest.raises(azfunc.ConversionError, match="the request is not a JSON object but"):
        request_of(raw)


def test_prompt_context_has_the_fields_of_the_reference(func: ModuleType) -> None:
    """Both libraries read the request alike, as text and as a dict."""
    text = '{"name": "p", "arguments": {"a": "1"}, "sessionid": "s", "transport": {"k": 1}}'

    for context in (func.PromptInvocationContext(text), func.PromptInvocationContext(json.loads(text))):
        assert context.name == "p"
        assert context.arguments == {"a": "1"}
        assert context.sessionid == "s"
        assert context.transport == {"k": 1}
    empty = func.PromptInvocationContext({})
    assert (empty.name, empty.arguments, empty.sessionid, empty.transport) == ("", {}, None, None)
    assert func.PromptInvocationContext([]).arguments == {}


def test_prompt_context_made_of_bad_text_is_refused(func: ModuleType) -> None:
    """Text that is no JSON raises where it is given."""
    with pytest.raises(json.JSONDecodeError):
        func.PromptInvocationContext("soon")


def test_prompt_context_from_the_host_is_read_when_asked() -> None:
    """A request that cannot be read breaks a function only if it looks into it."""
    converter: Any = azfunc.get_binding_registry().get("mcpPromptTrigger")
    context = converter.decode(Datum("soon", "string"), trigger_metadata=None)

    with pytest.raises(azfunc.JsonDecodeError):
        _ = context.name


def test_prompt_context_equals_by_value() -> None:
    """Two contexts are equal when their requests are, and nothing else equals them."""
    context = azfunc.PromptInvocationContext({"name": "p"})

    assert context == azfunc.PromptInvocationContext(name="p")
    assert context != azfunc.PromptInvocationContext(name="q")
    assert context != {"name": "p"}


# --- prompts ----------------------------------------------------------------------------------------------------------


def test_prompt_argument_is_a_value(func: ModuleType) -> None:
    """It takes its fields by place or by name, equals by value, and shows how to make it."""
    argument = func.PromptArgument("n", description="d", required=True)

    assert argument == func.PromptArgument("n", "d", True)  # noqa: FBT003  # as in the reference
    assert argument != func.PromptArgument("n")
    assert argument != "n"
    assert argument.to_dict() == {"name": "n", "description": "d", "required": True}
    assert repr(argument) == "PromptArgument(name='n', description='d', required=True)"


def prompt_entry(func: ModuleType, **given: Any) -> dict[str, Any]:
    """Give the entry of a prompt in function.json."""
    app = func.FunctionApp()

    @app.mcp_prompt_trigger(arg_name="context", prompt_name="p", **given)
    def handler(context: str) -> None:
        """Do nothing."""

    made: dict[str, Any] = json.loads(app.get_functions()[0].get_function_json())["bindings"][0]
    return made


def test_prompt_arguments_are_written_as_the_reference_writes_them(func: ModuleType) -> None:
    """The JSON is the same to the letter, and an empty list is no field."""
    given = [func.PromptArgument("a"), func.PromptArgument("b", "desc", required=True)]

    made = prompt_entry(func, prompt_arguments=given)

    assert made["promptArguments"] == (
        '[{"name":"a","description":null,"required":false},{"name":"b","description":"desc","required":true}]'
    )
    assert "promptArguments" not in prompt_entry(func, prompt_arguments=[])


def test_prompt_fields_that_hold_json_can_be_given_as_data() -> None:
    """Text is written as it is, other values as JSON; one argument may stand alone."""
    made = prompt_entry(azfunc, prompt_arguments="[]", metadata={"a": 1}, icons=[{"src": "i.png"}])

    assert (made["promptArguments"], made["metadata"], made["icons"]) == ("[]", '{"a": 1}', '[{"src": "i.png"}]')
    alone: Any = azfunc.PromptArgument("a")
    assert prompt_entry(azfunc, prompt_arguments=alone)["promptArguments"].startswith('[{"name":"a"')


@pytest.mark.parametrize("wrong", [["a"], [{"name": "a"}], {"name": "a"}], ids=repr)
def test_prompt_argument_of_another_type_is_refused(wrong: Any) -> None:
    """The error names what was given, in the line that has it."""
    with pytest.raises(azfunc.ArgumentTypeError, match="is not a PromptArgument") as caught:
        azfunc.FunctionApp().mcp_prompt_trigger("context", "p", wrong)

    assert "PromptArgument(name" in caught.value.hint
