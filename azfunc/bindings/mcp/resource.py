"""MCP resources: functions whose result clients read, as they would a file.

Docs: Model Context Protocol bindings for Azure Functions, "MCP resource trigger". Extension bundle:
Microsoft.Azure.Functions.ExtensionBundle 4+.
"""

from __future__ import annotations

from azfunc._core.binding import Trigger
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc.bindings.mcp.content import McpConverter, as_json
from azfunc.bindings.mcp.context import as_annotated, request_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from typing_extensions import Self

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName
    from azfunc._core.function import Function


# --- binding classes --------------------------------------------------------------------------------------------------


class MCPResourceTrigger(Trigger, type="mcpResourceTrigger"):
    """Entry of type ``mcpResourceTrigger`` in function.json."""

    uri: str
    resource_name: str
    title: str | None = None
    description: str | None = None
    mime_type: str | None = None
    size: int | None = None
    metadata: str | None = None

    def prepare(self, function: Function) -> Self:
        """Let the function get the request as its parameter is annotated."""
        function.set_entry(as_annotated(function.get_user_function(), self.name, {dict: request_of}))
        return self


# --- converters -------------------------------------------------------------------------------------------------------


class MCPResourceTriggerConverter(McpConverter, binding="mcpResourceTrigger", trigger=True):
    """Resource trigger: the argument is the request as JSON text, and the return value is the resource's content."""

    what = "MCP resource"


# --- trigger decorators -----------------------------------------------------------------------------------------------


class McpResourceTriggers(DecoratorApi):
    """MCP resources: decorators that start a function."""

    def mcp_resource_trigger(
        self,
        arg_name: str,
        uri: str,
        resource_name: str,
        title: str | None = None,
        description: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
        metadata: str | Mapping[str, Any] | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when a client reads a resource; what it returns is the content.

        Text is sent as text and bytes as binary content, both with the URI and the media type given here. A dict, a
        list, a dataclass or a number is sent as JSON text.

        Args:
            arg_name: Parameter of the function that gets the request.
                As JSON text, or as a dict when it is annotated as dict or `MCPToolContext`.
            uri: URI of the resource, absolute and unique in the app, such as ``file://readme.md``.
            resource_name: Name of the resource, for people.
            title: Title of the resource, for display.
            description: What the resource is, for the model.
            mime_type: Media type of the content, such as ``text/markdown``.
            size: Size of the content in bytes, if it is known.
            metadata: Further facts about the resource for clients, as a dict or as JSON text.
            data_type: How the host hands the request over; leave it out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.mcp_resource_trigger("context", "file://readme.md", "readme", mime_type="text/markdown")
            ... def readme(context: func.MCPToolContext) -> str:
            ...     return "# " + context["uri"]

        Source: MCP Host Extension Specification, "Resource Trigger Binding"; reference 1.26.0, `mcp_resource_trigger`.
        """
        return self._bind(
            MCPResourceTrigger,
            kwargs,
            name=arg_name,
            uri=uri,
            resource_name=resource_name,
            title=title,
            description=description,
            mime_type=mime_type,
            size=size,
            metadata=as_json(metadata),
            data_type=as_data_type(data_type),
        )
