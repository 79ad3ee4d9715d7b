"""MCP prompts: functions that write the text of a prompt for a client.

Docs: Model Context Protocol bindings for Azure Functions, "MCP prompt trigger". Extension bundle:
Microsoft.Azure.Functions.ExtensionBundle 4+.
"""

from __future__ import annotations

from azfunc._core import jsonlib
from azfunc._core.binding import Trigger
from azfunc._core.checks import is_dict
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.text import call_text
from azfunc.bindings.mcp.content import McpConverter, as_json
from azfunc.bindings.mcp.context import as_annotated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, ClassVar

    from typing_extensions import Self

    from azfunc._core.data_types import DataType
    from azfunc._core.datum import Datum
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName
    from azfunc._core.function import Function


# --- message types ----------------------------------------------------------------------------------------------------


class PromptArgument:
    """One argument of a prompt, as clients see it.

    Args:
        name: Name of the argument.
        description: What it means, for people.
        required: Whether clients have to give it.

    Example:
        >>> func.PromptArgument("language", "Language of the code", required=True).to_dict()
        {'name': 'language', 'description': 'Language of the code', 'required': True}

    Source: reference 1.26.0, `PromptArgument`.
    """

    name: str
    """Name of the argument."""
    description: str | None
    """What it means, for people; may be None."""
    required: bool
    """Whether clients have to give it."""

    def __init__(self, name: str, description: str | None = None, required: bool = False) -> None:
        self.name = name
        self.description = description
        self.required = required

    def to_dict(self) -> dict[str, Any]:
        """Give the argument as the host takes it."""
        return {"name": self.name, "description": self.description, "required": self.required}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PromptArgument):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride]  # it can be changed

    def __repr__(self) -> str:
        return call_text(type(self).__name__, self.to_dict().items())


class PromptInvocationContext:
    """The request of a client for a prompt.

    Args:
        data: The request as the host has it, as a dict or as JSON text; empty when left out.
        name: Name of the prompt.
        arguments: What the client gave, by the names of the prompt's arguments.
        sessionid: Identity of the client's session.
        clientinfo: Name and version of the client.
        transport: How the request came.

    Raises:
        ConversionError: The text is no JSON.

    Example:
        >>> context = func.PromptInvocationContext(name="review", arguments={"code": "x = 1"})
        >>> context.arguments["code"]
        'x = 1'

    Source: reference 1.26.0, `PromptInvocationContext`.
    """

    _raw: Any = None
    _read: dict[str, Any] | None = None

    def __init__(
        self,
        data: Mapping[str, Any] | str | None = None,
        *,
        name: str | None = None,
        arguments: Mapping[str, str] | None = None,
        sessionid: str | None = None,
        clientinfo: Mapping[str, Any] | None = None,
        transport: Mapping[str, Any] | None = None,
    ) -> None:
        fields = {
            "name": name,
            "arguments": arguments,
            "sessionid": sessionid,
            "clientinfo": clientinfo,
            "transport": transport,
        }
        self._raw = data
        self._read = {**self._data, **{key: value for key, value in fields.items() if value is not None}}

    @classmethod
    def from_host(cls, raw: Any) -> Self:
        """Make a context from what the host sent; it is read when it is asked for something.

        Args:
            raw: JSON as text or bytes, or a value that was read already; what is no object counts as an empty one.
        """
        made = object.__new__(cls)
        made._raw = raw
        return made

    @property
    def _data(self) -> dict[str, Any]:
        if self._read is None:
            raw = self._raw
            found = jsonlib.loads(raw, what="the request for a prompt") if isinstance(raw, (str, bytes)) else raw
            self._read = dict(found) if hasattr(found, "keys") else {}
        return self._read

    @property
    def name(self) -> str:
        """Name of the prompt, or empty text; from ``name``."""
        return str(self._data.get("name") or "")

    @property
    def arguments(self) -> dict[str, str]:
        """What the client gave, by the names of the prompt's arguments; from ``arguments``."""
        return self._data.get("arguments") or {}

    @property
    def sessionid(self) -> str | None:
        """Identity of the client's session, or None if it has none; from ``sessionid``."""
        return self._data.get("sessionid")

    @property
    def clientinfo(self) -> dict[str, Any] | None:
        """Name and version of the client, or None; from ``clientinfo``."""
        return self._data.get("clientinfo")

    @property
    def transport(self) -> dict[str, Any] | None:
        """How the request came: name, session and properties such as the headers, or None; from ``transport``."""
        return self._data.get("transport")

    def to_dict(self) -> dict[str, Any]:
        """Give the request as a dict, with the keys of the host."""
        return dict(self._data)

    def to_json(self) -> str:
        """Give the request as JSON text."""
        return jsonlib.dumps(self._data)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PromptInvocationContext):
            return NotImplemented
        return self._data == other._data

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride]  # it holds dicts

    def __repr__(self) -> str:
        return call_text(type(self).__name__, self._data.items())


def _as_bytes(context: PromptInvocationContext) -> bytes:
    return context.to_json().encode("utf-8")


_READERS: dict[type, Callable[[Any], Any]] = {
    dict: PromptInvocationContext.to_dict,
    str: PromptInvocationContext.to_json,
    bytes: _as_bytes,
}
"""Class that a parameter may be annotated with -> what makes one of the request."""


# --- binding classes --------------------------------------------------------------------------------------------------


class MCPPromptTrigger(Trigger, type="mcpPromptTrigger"):
    """Entry of type ``mcpPromptTrigger`` in function.json."""

    prompt_name: str
    prompt_arguments: str | None = None
    title: str | None = None
    description: str | None = None
    metadata: str | None = None
    icons: str | None = None

    def prepare(self, function: Function) -> Self:
        """Let the function get the request as its parameter is annotated."""
        function.set_entry(as_annotated(function.get_user_function(), self.name, _READERS))
        return self


# --- converters -------------------------------------------------------------------------------------------------------


class MCPPromptTriggerConverter(McpConverter, binding="mcpPromptTrigger", trigger=True):
    """Prompt trigger: the argument is a `PromptInvocationContext`, and the return value is the prompt."""

    what = "MCP prompt"
    input_types: ClassVar[tuple[type, ...]] = (str, bytes, dict, PromptInvocationContext)

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> PromptInvocationContext:
        """Turn the request into a `PromptInvocationContext`; it is read when it is asked for something."""
        return PromptInvocationContext.from_host(super().decode(data, trigger_metadata=trigger_metadata))

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Give the datum of a request: a context or a dict as JSON, text and bytes as they are."""
        return super().to_wire(value.to_dict() if isinstance(value, PromptInvocationContext) else value)


# --- trigger decorators -----------------------------------------------------------------------------------------------


class McpPromptTriggers(DecoratorApi):
    """MCP prompts: decorators that start a function."""

    def mcp_prompt_trigger(
        self,
        arg_name: str,
        prompt_name: str,
        prompt_arguments: Sequence[PromptArgument] | str | None = None,
        title: str | None = None,
        description: str | None = None,
        metadata: str | Mapping[str, Any] | None = None,
        icons: str | Sequence[Mapping[str, Any]] | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when a client asks for a prompt; what it returns is the text of the prompt.

        Text is one message of the user. A ``GetPromptResult`` of the mcp package, a dict or a list is sent as JSON.

        Args:
            arg_name: Parameter of the function that gets the `PromptInvocationContext`.
                Or the request as a dict or as JSON text, when it is annotated as dict or str.
            prompt_name: Name that clients ask for the prompt by.
            prompt_arguments: What clients can fill in, as `PromptArgument` objects or as JSON text.
            title: Title of the prompt, for display.
            description: What the prompt is for.
            metadata: Further facts about the prompt for clients, as a dict or as JSON text.
            icons: Icons of the prompt, as a list of dicts with ``src`` or as JSON text.
            data_type: How the host hands the request over; leave it out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.mcp_prompt_trigger("context", "review", [func.PromptArgument("code", required=True)])
            ... def review(context: func.PromptInvocationContext) -> str:
            ...     return "Review this code: " + context.arguments["code"]

        Source: Model Context Protocol bindings for Azure Functions, "MCP prompt trigger"; reference 1.26.0,
        `mcp_prompt_trigger`.
        """
        return self._bind(
            MCPPromptTrigger,
            kwargs,
            name=arg_name,
            prompt_name=prompt_name,
            prompt_arguments=_arguments_json(prompt_arguments),
            title=title,
            description=description,
            metadata=as_json(metadata),
            icons=as_json(icons),
            data_type=as_data_type(data_type),
        )


def _arguments_json(arguments: Any) -> str | None:
    """Give the arguments of a prompt as the JSON of function.json, or None if there are none.

    Raises:
        ArgumentTypeError: One of them is no `PromptArgument`.
    """
    import json

    if not arguments or isinstance(arguments, str):
        return arguments or None
    found: list[Any] = [arguments] if is_dict(arguments) or hasattr(arguments, "to_dict") else list(arguments)
    for each in found:
        if not hasattr(each, "to_dict"):
            raise ArgumentTypeError(
                f"{each!r} is not a PromptArgument but a {type(each).__name__}.",
                hint="Give a list of PromptArgument(name, description, required).",
            )
    return json.dumps([each.to_dict() for each in found], separators=(",", ":"))
