"""MCP tools: functions that a language model calls through the Model Context Protocol.

Docs: Model Context Protocol bindings for Azure Functions, "MCP tool trigger". Extension bundle:
Microsoft.Azure.Functions.ExtensionBundle 4+.
"""

from __future__ import annotations

from functools import partial

from azfunc._core.binding import Setting, Trigger
from azfunc._core.checks import untyped
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import WireEnum, as_data_type, as_enum
from azfunc._core.errors import ArgumentTypeError, DefinitionError, nearest
from azfunc._core.function import python_name
from azfunc._core.names import check_text
from azfunc.bindings.mcp.content import McpConverter, as_json
from azfunc.bindings.mcp.context import as_annotated, request_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal, TypeAlias

    from typing_extensions import Self

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName
    from azfunc._core.function import Function, FunctionBuilder
    from azfunc.bindings.mcp.calls import Tool

    McpPropertyTypeName: TypeAlias = Literal[
        "integer", "INTEGER", "float", "FLOAT", "string", "STRING", "boolean", "BOOLEAN", "object", "OBJECT",
        "datetime", "DATETIME",
    ]  # fmt: skip
    """Text that stands for a `McpPropertyType`."""


class McpPropertyType(WireEnum):
    """Type of a tool's property, as clients see it."""

    INTEGER = "integer"
    """A whole number."""
    FLOAT = "float"
    """A number; JSON Schema calls it ``number``, and so do clients."""
    STRING = "string"
    """Text."""
    BOOLEAN = "boolean"
    """True or false."""
    OBJECT = "object"
    """A JSON object."""
    DATETIME = "string"  # another name for STRING, as in the reference
    """A date and time, as text."""


# --- binding classes --------------------------------------------------------------------------------------------------


class MCPToolTrigger(Trigger, type="mcpToolTrigger"):
    """Entry of type ``mcpToolTrigger`` in function.json."""

    tool_name: str
    description: str | None = None
    tool_properties: str | None = None
    metadata: str | None = None
    use_result_schema: bool | None = False

    def prepare(self, function: Function) -> Self:
        """Let the function be called with what the host sends: the request.

        A function of ``@app.mcp_tool()`` gets its arguments out of the request, and its properties are those
        parameters that no other binding gives. Any other function gets the request as it is annotated.
        """
        user_function = function.get_user_function()
        tool: Tool | None = self.__dict__.get("_tool")
        if tool is None:
            function.set_entry(as_annotated(user_function, self.name, {dict: request_of}))
            return self
        bound = tuple(each.name for each in function.get_bindings() if each is not self)
        function.set_entry(tool.entry(user_function, bound))
        return self.replace(tool_properties=tool.properties(bound))


PROPERTIES = "mcp_tool_properties"
"""Name of the setting below."""


class ToolProperties(Setting, setting_name=PROPERTIES):
    """What ``@app.mcp_tool_property()`` said of the parameters of a function, until ``@app.mcp_tool()`` takes it."""

    described: dict[str, dict[str, Any]]


# --- converters -------------------------------------------------------------------------------------------------------


class MCPToolTriggerConverter(McpConverter, binding="mcpToolTrigger", trigger=True):
    """Tool trigger: the argument is the request as JSON text, and the return value is the tool's result."""

    what = "MCP tool"


# --- trigger decorators -----------------------------------------------------------------------------------------------


class McpToolTriggers(DecoratorApi):
    """MCP tools: decorators that start a function."""

    def mcp_tool(
        self, metadata: str | Mapping[str, Any] | None = None, use_result_schema: bool | None = False
    ) -> Decorator:
        """Let language models call the function as a tool.

        The tool has the function's name and its docstring as description, and each parameter becomes a property with
        the type of its annotation. A parameter with a default, or one that allows None, is optional. A parameter
        annotated as `MCPToolContext` gets the request, one annotated as `Context` the context of the call, and those
        that other bindings or dependencies give stay theirs; clients see none of them.

        The decorated function is called as it is written, in a test too. The host does not know its parameters, and
        so the function that is built, ``tool.build().get_user_function()``, is an async one that takes the request,
        calls the written one and gives its result as text.

        Args:
            metadata: Further facts about the tool for clients, as a dict or as JSON text.
            use_result_schema: Send content blocks and structured content, not text alone.
                Found from the annotation of the result when left out: it is on for classes marked with
                `mcp_content`, content of the mcp package, and lists of them.

        Raises:
            DefinitionError: The signature has a parameter that clients cannot give.

        Example:
            >>> @app.mcp_tool()
            ... def add(a: int, b: int = 1) -> int:
            ...     '''Add two numbers.'''
            ...     return a + b
            >>> add(2)
            3

        Source: MCP tool trigger for Azure Functions, "Decorators"; MCP Host Extension Specification, "Tool Trigger
        Binding"; reference 1.26.0, `mcp_tool`.
        """
        return self._configure_function_builder(
            partial(_make_tool, metadata=_metadata_json(metadata), use_result_schema=bool(use_result_schema))
        )

    def mcp_tool_property(
        self,
        arg_name: str,
        description: str | None = None,
        property_type: McpPropertyType | McpPropertyTypeName | None = None,
        is_required: bool | None = True,
        as_array: bool | None = None,
    ) -> Decorator:
        """Describe one property of a tool; stands below ``@app.mcp_tool()``.

        Args:
            arg_name: Parameter of the function.
            description: What the property means, for the model.
                The text in ``Annotated[str, "text"]`` says it too.
            property_type: Type that clients see; that of the annotation when left out.
            is_required: Whether clients have to give it; True when left out, also for a parameter with a default.
                None takes it from the signature.
            as_array: Whether it is an array of that type; as the annotation has it when left out.

        Raises:
            DefinitionError: The function has no such parameter, it is described already, or the tool stands below.

        Example:
            >>> @app.mcp_tool()
            ... @app.mcp_tool_property("city", description="Name of a city, in English.")
            ... def weather(city: str) -> str: ...

        Source: MCP tool trigger for Azure Functions, "Decorators"; reference 1.26.0, `mcp_tool_property`.
        """
        check_text(arg_name, "The name of a parameter", hint='Write @app.mcp_tool_property("name"), with parentheses.')
        kind = as_enum(McpPropertyType, property_type)
        said = {
            "propertyType": "number" if kind is McpPropertyType.FLOAT else kind and kind.value,
            "description": description,
            "isArray": as_array,
            "isRequired": is_required,
        }
        return self._configure_function_builder(partial(_describe, arg_name=arg_name, said=said))

    def mcp_tool_trigger(
        self,
        arg_name: str,
        tool_name: str,
        description: str | None = None,
        tool_properties: str | Sequence[Mapping[str, Any]] | None = None,
        data_type: DataType | DataTypeName | None = None,
        metadata: str | Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Let language models call the function as a tool whose properties are written by hand.

        `mcp_tool` finds them from the signature; use this one where they are known elsewhere.

        Args:
            arg_name: Parameter of the function that gets the request.
                As JSON text, or as a dict when it is annotated as dict or `MCPToolContext`.
            tool_name: Name that clients call the tool by.
            description: What the tool does, for the model.
            tool_properties: Properties of the tool, as a list of dicts or as JSON text.
                Each has ``propertyName``, ``propertyType``, ``description``, ``isRequired`` and ``isArray``.
            data_type: How the host hands the request over; leave it out.
            metadata: Further facts about the tool for clients, as a dict or as JSON text.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.mcp_tool_trigger("context", tool_name="hello", description="Say hello.")
            ... def hello(context: func.MCPToolContext) -> str:
            ...     return "Hello, " + context.arguments.get("name", "world")

        Source: MCP tool trigger for Azure Functions, "Decorators"; reference 1.26.0, `mcp_tool_trigger`.
        """
        return self._bind(
            MCPToolTrigger,
            kwargs,
            name=arg_name,
            tool_name=tool_name,
            description=description,
            tool_properties=as_json(tool_properties),
            metadata=as_json(metadata),
            data_type=as_data_type(data_type),
        )


def _metadata_json(metadata: str | Mapping[str, Any] | None) -> str | None:
    """Give the metadata of a tool as JSON text.

    Raises:
        ArgumentTypeError: It is the function, since the parentheses of the decorator are missing.
    """
    if callable(metadata):
        raise ArgumentTypeError(
            f"@app.mcp_tool stands above {python_name(metadata)!r} without parentheses.", hint="Write @app.mcp_tool()."
        )
    return as_json(metadata)


def _make_tool(builder: FunctionBuilder, *, metadata: str | None, use_result_schema: bool) -> FunctionBuilder:
    """Put the trigger of a tool on a function."""
    from azfunc.bindings.mcp.calls import Tool

    function: Function = untyped(builder)._function
    said = function.get_setting(PROPERTIES)
    described = said.described if isinstance(said, ToolProperties) else {}
    tool = Tool(function.get_user_function(), described, use_result_schema=use_result_schema)
    trigger = MCPToolTrigger(
        name=tool.trigger_name,
        tool_name=tool.name,
        description=tool.description,
        tool_properties=tool.properties(tuple(binding.name for binding in function.get_bindings())),
        metadata=metadata,
        use_result_schema=tool.use_result_schema,
    )
    trigger.__dict__["_tool"] = tool
    return builder.add_trigger(trigger)


def _describe(builder: FunctionBuilder, *, arg_name: str, said: Mapping[str, Any]) -> FunctionBuilder:
    """Note what a property says other than its annotation."""
    function: Function = untyped(builder)._function
    setting = function.get_setting(PROPERTIES)
    if not isinstance(setting, ToolProperties):
        setting = ToolProperties(described={})
        function.add_setting(setting)
    _check_property(function, arg_name, setting.described)
    setting.described[arg_name] = {key: value for key, value in said.items() if value is not None}
    return builder


def _check_property(function: Function, arg_name: str, described: Mapping[str, Any]) -> None:
    """Check that a property can be described.

    Raises:
        DefinitionError: It cannot.
    """
    import inspect

    name = function.get_function_name()
    parameters = inspect.signature(function.get_user_function()).parameters
    open_ended = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    if function.get_trigger() is not None:
        what = f"@app.mcp_tool_property({arg_name!r}) stands above the trigger of function {name!r}."
        hint = "Put it below @app.mcp_tool(): decorators apply from the bottom up."
    elif arg_name in described:
        what = f"Property {arg_name!r} of tool {name!r} is described twice."
        hint = "Keep one @app.mcp_tool_property for each parameter."
    elif any(binding.name == arg_name for binding in function.get_bindings()):
        what = f"Parameter {arg_name!r} of tool {name!r} gets its value from a binding, and is no property."
        hint = "Remove the @app.mcp_tool_property."
    elif arg_name not in parameters and not open_ended:
        close = nearest(arg_name, parameters)
        what = f"Tool {name!r} has no parameter {arg_name!r} that could be described."
        hint = (f"Did you mean {close!r}? " if close else "") + f"Its parameters are {', '.join(parameters) or 'none'}."
    else:
        return
    raise DefinitionError(what, hint=hint, function_name=name, binding_name=arg_name, location=function.location)
