"""MCP functions when they are called: by their author, by the host, and by the test client."""

from __future__ import annotations

import asyncio
import dataclasses
import enum
import inspect
import json
import typing
from typing import TYPE_CHECKING, Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc
from azfunc._core.datum import Datum
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from types import ModuleType


class Color(enum.Enum):
    """An enum of texts."""

    RED = "red"


@dataclasses.dataclass
class Order:
    """An object that clients give."""

    number: int


def entry_of(app: Any) -> Any:
    """Give what the host calls for the only function of an app."""
    return app.get_functions()[0].get_user_function()


def called(app: Any, **sent: Any) -> Any:
    """Call the only function of an app as the host does."""
    return asyncio.run(entry_of(app)(json.dumps({"arguments": sent})))


# --- the decorated function -------------------------------------------------------------------------------------------


def test_tool_is_called_as_it_is_written(app: azfunc.FunctionApp) -> None:
    """The decorated name gives the plain result, at once when the function is a plain one."""

    @app.mcp_tool()
    def add(a: int, b: int = 1) -> int:
        """Add."""
        return a + b

    assert add(2) == 3
    assert add(a=2, b=2) == 4
    assert inspect.signature(add) == inspect.signature(add.__wrapped__)
    assert not inspect.iscoroutinefunction(add)


def test_async_tool_is_called_as_it_is_written(app: azfunc.FunctionApp) -> None:
    """An async tool stays an async function."""

    @app.mcp_tool()
    async def add(a: int) -> int:
        return a + 1

    assert inspect.iscoroutinefunction(add)
    assert asyncio.run(add(2)) == 3


def test_built_function_has_an_entry_for_the_host(func: ModuleType) -> None:
    """The host gets an async function of the request, as in the reference, with the user function below it."""
    app = func.FunctionApp()

    def add(a: int) -> int:
        """Add."""
        return a + 1

    app.mcp_tool()(add)
    entry = entry_of(app)

    assert str(inspect.signature(entry)) == "(context)"
    assert inspect.iscoroutinefunction(entry)
    assert (entry.__name__, entry.__doc__) == ("add", "Add.")
    assert inspect.unwrap(entry) is add


def test_entry_is_the_same_on_every_build(app: azfunc.FunctionApp) -> None:
    """Building twice gives the same entry, and leaves the decorated function alone."""

    @app.mcp_tool()
    def add(a: int) -> int:
        return a + 1

    assert add.build().get_user_function() is add.build().get_user_function()
    assert add.build()(2) == 3  # type: ignore[comparison-overlap,unused-ignore]
    assert add(2) == 3


# --- the entry --------------------------------------------------------------------------------------------------------


def test_entry_takes_the_request_and_gives_text(func: ModuleType) -> None:
    """Arguments come out of the request; those left out have their defaults, unknown ones are dropped."""
    app = func.FunctionApp()

    @app.mcp_tool()
    def tool(x: int, y: str = "dy") -> str:
        return f"{x}-{y}"

    entry = entry_of(app)

    assert asyncio.run(entry('{"arguments": {"x": 3}}')) == "3-dy"
    assert asyncio.run(entry('{"arguments": {"x": 3, "y": "z", "other": 4}}')) == "3-z"


def test_entry_awaits_an_async_tool(func: ModuleType) -> None:
    """The result of a coroutine is awaited."""
    app = func.FunctionApp()

    @app.mcp_tool()
    async def tool(x: int) -> int:
        return x + 1

    assert called(app, x=1) == "2"


def test_missing_argument_is_the_functions_own_error(func: ModuleType) -> None:
    """The text is Python's."""
    app = func.FunctionApp()

    @app.mcp_tool()
    def tool(x: int) -> int:
        return x

    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        called(app)


def test_argument_that_may_be_none_can_be_left_out(app: azfunc.FunctionApp) -> None:
    """A parameter that is published as optional gets None when the client leaves it out, or else its default."""

    @app.mcp_tool()
    def tool(a: int | None, b: Optional[str], c: int | None = 7) -> str:  # noqa: UP045  # the older spelling too
        return repr((a, b, c))

    published = json.loads(app.get_functions()[0].get_dict_repr()["bindings"][0]["toolProperties"])

    assert [each["isRequired"] for each in published] == [False, False, False]
    assert called(app) == "(None, None, 7)"
    assert called(app, a=1, c=None) == "(1, None, None)"


def test_request_that_is_no_json_is_an_error(func: ModuleType) -> None:
    """The error is one of `json`, as in the reference."""
    app = func.FunctionApp()
    app.mcp_tool()(called)

    with pytest.raises(json.JSONDecodeError):
        asyncio.run(entry_of(app)("not json"))


@pytest.mark.parametrize("raw", ["{}", '{"arguments": null}', b"{}", None, {}], ids=repr)
def test_request_without_arguments_is_read(raw: Any, app: azfunc.FunctionApp) -> None:
    """A tool without parameters is called whatever the host leaves out."""
    app.mcp_tool()(now)

    assert asyncio.run(entry_of(app)(raw)) == "12:00"
    assert asyncio.run(entry_of(app)(context=raw)) == "12:00"


def now() -> str:
    """Give the time."""
    return "12:00"


def test_tool_gets_its_context(func: ModuleType) -> None:
    """A parameter annotated as the context gets the request, as text and object alike."""
    app = func.FunctionApp()

    def tool(x: int, context: Any) -> str:
        return f"{x} {context['name']} {sorted(context)}"

    tool.__annotations__["context"] = func.MCPToolContext
    tool.__annotations__["x"] = int
    app.mcp_tool()(tool)

    made = asyncio.run(entry_of(app)('{"name": "t", "arguments": {"x": 1}}'))

    assert made == "1 t ['arguments', 'name']"


def test_context_is_a_context(app: azfunc.FunctionApp) -> None:
    """What the parameter gets has the attributes of its class; the name of the parameter is free."""

    @app.mcp_tool()
    def tool(x: int, request: azfunc.MCPToolContext) -> str:
        return f"{request.name} of {request.sessionid}: {request.arguments['x'] + x}"

    made = asyncio.run(entry_of(app)('{"name": "t", "sessionid": "s", "arguments": {"x": 1}}'))

    assert made == "t of s: 2"


def test_arguments_become_what_they_are_annotated_with(app: azfunc.FunctionApp) -> None:
    """Objects and enums come to the function as in a call by hand."""

    @app.mcp_tool()
    def tool(order: Order, color: Color = Color.RED) -> str:
        return f"{order.number} {color.name}"

    assert called(app, order={"number": 7}, color="red") == "7 RED"
    assert tool(Order(7)) == "7 RED"
    with pytest.raises(azfunc.ConversionError, match="argument 'order' of tool 'tool' cannot be made of"):
        called(app, order={"nr": 7})
    with pytest.raises(azfunc.ConversionError, match=r"argument 'color' of tool 'tool' .*: it is none of 'red'"):
        called(app, order={"number": 7}, color="blue")


def test_rest_of_the_arguments_goes_to_the_parameter_that_takes_it(app: azfunc.FunctionApp) -> None:
    """A function with ``**kwargs`` gets what clients send beyond its parameters."""

    @app.mcp_tool()
    def tool(a: int, *args: int, **kwargs: int) -> str:
        return f"{a} {args} {kwargs}"

    assert called(app, a=1, b=2) == "1 () {'b': 2}"


def test_tool_with_another_binding_gets_what_it_gives(func: ModuleType) -> None:
    """What a binding gives is no property, and comes by name."""
    app = func.FunctionApp()

    @app.mcp_tool()
    @app.blob_input(arg_name="blob", path="p", connection="c")
    def tool(x: int, blob: str) -> str:
        return f"{x}{blob}"

    made = app.get_functions()[0]
    bindings = json.loads(made.get_function_json())["bindings"]

    assert [each["name"] for each in bindings] == ["blob", "context"]
    assert [each["propertyName"] for each in json.loads(bindings[1]["toolProperties"])] == ["x"]
    assert str(inspect.signature(made.get_user_function())) in ("(blob, context)", "(blob: 'str', context)")
    assert asyncio.run(made.get_user_function()('{"arguments": {"x": 1}}', blob="B")) == "1B"


def test_binding_above_the_tool_counts_too(app: azfunc.FunctionApp) -> None:
    """Decorators may stand in any order; a client cannot give what a binding gives."""

    @app.blob_input("blob", path="p", connection="c")
    @app.mcp_tool()
    def tool(x: int, blob: str) -> str:
        return f"{x}{blob}"

    made = app.get_functions()[0]
    entry = made.get_user_function()
    properties = json.loads(made.get_bindings_dict()["bindings"][0]["toolProperties"])

    assert [each["propertyName"] for each in properties] == ["x"]
    assert list(inspect.signature(entry).parameters) == ["blob", "context"]
    assert typing.get_type_hints(entry) == {"blob": str}
    sent = '{"arguments": {"x": 1, "blob": "from the client"}}'
    assert asyncio.run(entry(context=sent, blob="B")) == "1B"


def test_tool_gets_the_context_of_the_call(app: azfunc.FunctionApp) -> None:
    """A parameter annotated as `Context` gets it, since the trigger makes room for the worker's parameter."""

    @app.mcp_tool()
    def tool(x: int, call: azfunc.Context) -> str:
        return f"{x} {call.function_name}"

    made = tool.build()

    assert list(inspect.signature(made.get_user_function()).parameters) == ["context", "mcp_context"]
    assert json.loads(made.get_function_json())["bindings"][0]["name"] == "mcp_context"
    with TestClient(app) as client:
        assert client.send("tool", {"arguments": {"x": 1}}).returned == "1 tool"


def test_argument_named_context_is_an_argument(app: azfunc.FunctionApp) -> None:
    """The request has another name then."""

    @app.mcp_tool()
    def search(context: str) -> str:
        return context.upper()

    with TestClient(app) as client:
        assert client.send(search, {"arguments": {"context": "x"}}).returned == "X"
        assert client.invoke(search, context="x").returned == "X"


# --- the test client --------------------------------------------------------------------------------------------------


def weather_app() -> azfunc.FunctionApp:
    """Give an app with one function of each kind."""
    app = azfunc.FunctionApp()

    @app.mcp_tool()
    def weather(city: str, context: azfunc.MCPToolContext) -> dict[str, Any]:
        return {"city": city, "session": context.sessionid}

    @app.mcp_resource_trigger("context", "file://readme.md", "readme")
    def readme(context: azfunc.MCPToolContext) -> bytes:
        return str(context["uri"]).encode()

    @app.mcp_prompt_trigger("context", "review")
    def review(context: azfunc.PromptInvocationContext) -> str:
        return "Review " + context.arguments["code"]

    return app


@pytest.mark.parametrize(
    "request_", [{"arguments": {"city": "Oslo"}, "sessionid": "s"}, azfunc.MCPToolContext(
        arguments={"city": "Oslo"}, sessionid="s"
    ), '{"arguments": {"city": "Oslo"}, "sessionid": "s"}'], ids=["dict", "context", "text"],
)  # fmt: skip
def test_tool_is_sent_a_request(request_: Any) -> None:
    """A dict, a context and text go the way of the host, and the result goes back to it."""
    with TestClient(weather_app()) as client:
        run = client.send("weather", request_)

    assert run.returned == '{"city": "Oslo", "session": "s"}'
    assert run.datums == {"$return": Datum('{"city": "Oslo", "session": "s"}', "string")}


def test_tool_is_found_by_the_function_itself(app: azfunc.FunctionApp) -> None:
    """The decorated function, the written one and the entry all stand for it."""

    def add(a: int) -> int:
        return a + 1

    tool = app.mcp_tool()(add)
    with TestClient(app) as client:
        for which in (tool, add, tool.build().get_user_function()):
            assert client.send(which, {"arguments": {"a": 1}}).returned == "2"
        assert client.invoke(tool, a=1).returned == "2"
        assert client.invoke(tool, 1).datums["$return"] == Datum("2", "string")


def test_tool_is_invoked_with_its_own_parameters() -> None:
    """A context can be given like any other argument."""
    app = weather_app()
    weather: Any = app.get_functions()[0]
    context = azfunc.MCPToolContext(sessionid="s")

    with TestClient(app) as client:
        run = client.invoke(inspect.unwrap(weather.get_user_function()), city="Oslo", context=context)

    assert run.returned == '{"city": "Oslo", "session": "s"}'


def test_resource_is_sent_a_request() -> None:
    """Bytes go back as bytes."""
    with TestClient(weather_app()) as client:
        run = client.send("readme", {"uri": "file://readme.md"})

    assert run.datums == {"$return": Datum(b"file://readme.md", "bytes")}


def test_prompt_is_sent_a_request() -> None:
    """A context goes through its wire form."""
    with TestClient(weather_app()) as client:
        for request in (azfunc.PromptInvocationContext(arguments={"code": "x"}), {"arguments": {"code": "x"}}):
            assert client.send("review", request).returned == "Review x"


def test_error_of_a_tool_is_raised(app: azfunc.FunctionApp) -> None:
    """What the function raises is raised in the test, as it is."""

    @app.mcp_tool()
    def tool(a: int) -> int:
        raise LookupError(a)

    with TestClient(app) as client, pytest.raises(LookupError):
        client.send(tool, {"arguments": {"a": 1}})


def test_out_parameters_of_a_tool_are_collected(app: azfunc.FunctionApp) -> None:
    """A tool can have outputs beside its result."""

    @app.mcp_tool()
    @app.queue_output("msg", "done", "Storage")
    def tool(text: str, msg: azfunc.Out[str]) -> str:
        msg.set(text.upper())
        return text

    with TestClient(app) as client:
        run = client.send(tool, {"arguments": {"text": "hi"}})

    assert run.outputs == {"msg": "HI", "$return": "hi"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), lambda each: st.lists(each, max_size=3)
)


@given(st.dictionaries(st.text(min_size=1), json_values, max_size=4))
def test_any_arguments_reach_the_tool(sent: dict[str, Any]) -> None:
    """What a client sends comes out of the request as it went in."""
    app = azfunc.FunctionApp()

    @app.mcp_tool()
    def tool(request: azfunc.MCPToolContext) -> dict[str, Any]:
        return request.arguments

    assert json.loads(asyncio.run(entry_of(app)(json.dumps({"arguments": sent})))) == sent


# --- requests as they are annotated -----------------------------------------------------------------------------------


def test_request_comes_as_its_parameter_is_annotated() -> None:
    """Text stays text, and a dict is read; the reference gives text for every annotation."""
    app = azfunc.FunctionApp()

    @app.mcp_tool_trigger("context", "one")
    def one(context: str) -> str:
        return type(context).__name__

    @app.mcp_tool_trigger("context", "two")
    def two(context: dict[str, Any]) -> str:
        return f"{type(context).__name__} {context['a']}"

    @app.mcp_tool_trigger("context", "three")
    async def three(context: azfunc.MCPToolContext | None = None) -> str:
        return f"{type(context).__name__} {context and context['a']}"

    @app.mcp_tool_trigger("context", "four")
    def four(context) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001  # the point of the test
        return type(context).__name__

    @app.mcp_tool_trigger("context", "five")
    def five(context: str | dict[str, Any]) -> str:
        return type(context).__name__

    with TestClient(app) as client:
        answers = [client.send(each.get_function_name(), {"a": 1}).returned for each in app.get_functions()]

    assert answers == ["str", "MCPToolContext 1", "MCPToolContext 1", "str", "str"]
    assert two.build().get_user_function().__wrapped__ is two.__wrapped__  # type: ignore[attr-defined]
    assert one.build().get_user_function() is one.__wrapped__


def test_prompt_request_comes_as_its_parameter_is_annotated() -> None:
    """A prompt's function can take the context, a dict, text or bytes."""
    app = azfunc.FunctionApp()

    @app.mcp_prompt_trigger("context", "a")
    def one(context: azfunc.PromptInvocationContext) -> str:
        return repr(context)

    @app.mcp_prompt_trigger("context", "b")
    def two(context: dict[str, Any]) -> str:
        return repr(context)

    @app.mcp_prompt_trigger("context", "c")
    def three(context: str) -> str:
        return repr(context)

    @app.mcp_prompt_trigger("context", "d")
    async def four(context: bytes) -> str:
        return repr(context)

    with TestClient(app) as client:
        answers = [client.send(each.get_function_name(), {"name": "p"}).returned for each in app.get_functions()]

    assert answers == ["PromptInvocationContext(name='p')", "{'name': 'p'}", '\'{"name": "p"}\'', 'b\'{"name": "p"}\'']


def test_request_is_read_once_and_by_place_too() -> None:
    """The entry of a function with an annotated request is called as the function is."""
    app = azfunc.FunctionApp()

    @app.mcp_resource_trigger("context", "file://a", "a")
    def read(context: dict[str, Any]) -> str:
        return str(context.get("uri"))

    entry: Any = read.build().get_user_function()

    assert entry('{"uri": "u"}') == "u"
    assert entry({"uri": "u"}) == "u"
    assert inspect.signature(entry) == inspect.signature(read)


# --- arguments that do not fit ----------------------------------------------------------------------------------------


def test_argument_of_another_type_is_refused(app: azfunc.FunctionApp) -> None:
    """The function never sees it; the error names the argument and the tool."""

    @app.mcp_tool()
    def lend(days: int) -> str:
        """Lend."""
        return repr(days)

    assert called(app, days="3") == "3"
    with pytest.raises(azfunc.ConversionError, match="argument 'days' of tool 'lend' cannot be made of 'three'"):
        called(app, days="three")
    with pytest.raises(azfunc.ConversionError, match="the arguments of tool 'lend' are str, not an object"):
        asyncio.run(entry_of(app)('{"arguments": "three"}'))


def test_argument_is_as_it_comes_where_no_type_is_told(app: azfunc.FunctionApp) -> None:
    """That is so without an annotation, and where the property says another type than the annotation."""

    @app.mcp_tool()
    @app.mcp_tool_property("b", property_type=azfunc.McpPropertyType.INTEGER)
    def show(a, b: str) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001
        """Show."""
        return repr((a, b))

    assert called(app, a=[1], b=7) == "([1], 7)"
