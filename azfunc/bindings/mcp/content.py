"""What MCP functions give back: text, bytes, plain data, classes marked as content, and blocks of the MCP SDK."""

from __future__ import annotations

from azfunc._core import jsonlib
from azfunc._core.annotations import alternatives, item_type
from azfunc._core.checks import MODEL_MARKS, class_of, has_any, is_buffer, is_dict, is_sequence, untyped
from azfunc._core.converter import InConverter
from azfunc._core.datum import Datum
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import UnsupportedValueError
from azfunc._core.message import plain_text
from azfunc._core.text import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar, TypeVar

    ClassT = TypeVar("ClassT", bound=type)

_SDK_MODULES = ("mcp.types", "mcp_types")
"""Modules of the MCP SDK that define its types: in its first line of releases, and in the second."""


# --- marked classes ---------------------------------------------------------------------------------------------------


def mcp_content(cls: ClassT) -> ClassT:
    """Mark a class whose objects a tool sends as structured content.

    A tool that is annotated with the class as its result sends each object twice: as text, for clients that know
    nothing else, and as structured content. What is sent are the fields of a dataclass or model, else the attributes
    whose names do not begin with an underscore.

    Args:
        cls: The class.

    Returns:
        The class itself.

    Raises:
        ArgumentTypeError: It is no class.

    Example:
        >>> @func.mcp_content
        ... @dataclasses.dataclass
        ... class Weather:
        ...     celsius: float
        >>> @app.mcp_tool()
        ... def weather(city: str) -> Weather: ...

    Source: MCP tool trigger for Azure Functions, "Return types"; reference 1.26.0, `mcp_content`.
    """
    if not isinstance(untyped(cls), type):
        raise ArgumentTypeError(
            f"@mcp_content marks a class, and got {cls!r}, a {type(cls).__name__}.",
            hint="Write it above a class, without parentheses; a function says with its annotation what it returns.",
        )
    untyped(cls).__mcp_content__ = True
    return cls


def is_marked(cls: Any) -> bool:
    """Tell whether a class is marked as content."""
    return getattr(cls, "__mcp_content__", False) is True


def is_block_class(cls: Any) -> bool:
    """Tell whether a class is of the MCP SDK; the SDK is not imported for that."""
    module = str(getattr(cls, "__module__", ""))
    return module.startswith(_SDK_MODULES)


def promises_content(annotation: Any) -> bool:
    """Tell whether a result annotated so is content: a marked class, one of the SDK, or a list of such."""
    for each in alternatives(annotation):
        item = item_type(each)
        if promises_content(item) if item is not None else is_marked(each) or is_block_class(each):
            return True
    return False


# --- values as data ---------------------------------------------------------------------------------------------------


def field_names(cls: Any) -> list[str] | None:
    """Give the field names of a dataclass, an attrs class or a msgspec struct, or None for other classes."""
    if hasattr(cls, "__dataclass_fields__"):
        import dataclasses

        return [each.name for each in dataclasses.fields(cls)]
    if hasattr(cls, "__attrs_attrs__"):
        return [each.name for each in cls.__attrs_attrs__]
    return list(cls.__struct_fields__) if hasattr(cls, "__struct_fields__") else None


def as_data(value: Any) -> Any:
    """Give a value as data that `jsonlib.dumps` can write: models, blocks and marked classes as dicts, at any depth.

    Raises:
        UnsupportedValueError: There is a value in it that has no content.
    """
    kind = class_of(value)
    if value is None or isinstance(value, (str, int, float)) or is_buffer(value):
        return value
    if kind.__module__ in ("datetime", "decimal", "uuid") or hasattr(kind, "_value2member_map_"):
        return value
    if isinstance(value, type) or _is_own(kind):
        raise _without_content(value)
    if is_block_class(kind):
        return value.model_dump(mode="json", exclude_none=True, by_alias=True)
    if has_any(kind, MODEL_MARKS):
        return jsonlib.model_data(value)
    names = field_names(kind)
    if names is not None:
        return {name: as_data(getattr(value, name)) for name in names}
    if hasattr(kind, "to_dict"):
        return as_data(value.to_dict())
    if hasattr(kind, "keys"):
        return {key: as_data(value[key]) for key in value.keys()}  # noqa: SIM118  # not every mapping iterates over its keys
    if hasattr(kind, "__iter__") and not hasattr(kind, "read"):
        return [as_data(each) for each in value]
    return _attributes(value, kind)


def _is_own(kind: Any) -> bool:
    """Tell whether a class is one of azfunc's and no data: a request, a timer and an out parameter are no result."""
    if issubclass(kind, (dict, list)):
        return False
    return any(each.__module__.startswith("azfunc.") for each in kind.__mro__)


def _attributes(value: Any, kind: Any) -> Any:
    """Give an object of any other class: its text if the class defines one, else its attributes."""
    marked = is_marked(kind)
    if not marked and kind.__str__ is not object.__str__:
        return str(value)
    found: dict[str, Any] = getattr(value, "__dict__", {})
    public = {name: as_data(each) for name, each in found.items() if not name.startswith("_")}
    if (public or marked) and not callable(value):
        return public
    raise _without_content(value)


def _without_content(value: Any) -> UnsupportedValueError:
    return UnsupportedValueError(f"an object of type {type(value).__name__} has no content")


def _dumps(value: Any, what: str) -> str:
    try:
        return jsonlib.dumps(as_data(value))
    except (TypeError, ValueError, RecursionError) as error:
        raise UnsupportedValueError(
            f"{what} got {type_name(value)}: {getattr(error, 'message', error)}.",
            hint="Give it str, bytes, a number, a dict, a list, a dataclass, an object of a class marked with "
            "@mcp_content, or content of the mcp package.",
        ) from error


# --- values as results ------------------------------------------------------------------------------------------------


def text_of(value: Any, what: str) -> str | bytes:
    """Give what is sent for a result: text and bytes as they are, None as empty text, everything else as JSON.

    What JSON holds as text, such as a date, is sent without quotes.

    Args:
        value: The result.
        what: What gave it, for the error: ``tool 'weather'``.

    Raises:
        UnsupportedValueError: A value that has no content.
    """
    if value is None:
        return ""
    if is_buffer(value):
        return bytes(value)
    if isinstance(value, str):
        return str(untyped(value).value) if hasattr(class_of(value), "_value2member_map_") else value
    text = _dumps(value, what)
    return str(jsonlib.loads(text)) if text.startswith('"') else text


def envelope_of(value: Any, what: str) -> str:
    """Give the JSON that the host takes from a tool with a result schema: the kind of content, blocks, and data.

    Args:
        value: The result.
        what: What gave it, for the error.

    Raises:
        UnsupportedValueError: A value that has no content.

    Source: MCP Host Extension Specification, "Return Value Contracts".
    """
    kind = class_of(value)
    if is_block_class(kind):
        data = as_data(value)
        if any(each.__name__ == "CallToolResult" for each in kind.__mro__):
            return _envelope("call_tool_result", data, data.get("structuredContent"))
        return _envelope(data.get("type", "text"), data, data)
    if is_sequence(value) and any(is_block_class(class_of(each)) for each in value):
        return _envelope("call_tool_result", {"content": [_block(each, what) for each in value]}, None)
    content = text_of(value, what)
    text = plain_text(content) if isinstance(content, bytes) else content
    return jsonlib.dumps({"type": "text", "content": jsonlib.dumps(_text_block(text)), "structuredContent": text})


def _block(value: Any, what: str) -> Any:
    """Give one block of several; what is none becomes a block of text."""
    if is_block_class(class_of(value)):
        return as_data(value)
    content = text_of(value, what)
    return _text_block(plain_text(content) if isinstance(content, bytes) else content)


def _text_block(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def _envelope(kind: str, content: Any, structured: Any) -> str:
    return jsonlib.dumps(
        {
            "type": kind,
            "content": jsonlib.dumps(content),
            "structuredContent": None if structured is None else jsonlib.dumps(structured),
        }
    )


def as_json(value: Any) -> str | None:
    """Give a field of function.json that holds JSON: text as it is, None as None, other values written as JSON."""
    return value if value is None or isinstance(value, str) else jsonlib.dumps(value)


# --- converters -------------------------------------------------------------------------------------------------------


class McpConverter(InConverter):
    """What the converters of tools, resources and prompts have in common."""

    what: ClassVar[str] = "MCP"
    """What the function is, for errors: ``MCP tool``."""
    input_types: ClassVar[tuple[type, ...]] = (str, bytes, dict)

    @classmethod
    def has_implicit_output(cls) -> bool:
        """Tell that the return value goes back to the client without an output binding."""
        return True

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> Any:
        """Give the request as the host sent it: JSON and other text as str, bytes as bytes, None for nothing."""
        if getattr(data, "type", None) in ("json", "string", "bytes"):
            return data.value
        return getattr(data, "python_value", None)

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Give the datum of a request: text and bytes as they are, a dict as JSON."""
        if isinstance(value, str):
            return Datum(value, "string"), {}
        if is_buffer(value):
            return Datum(bytes(value), "bytes"), {}
        if is_dict(value):
            return Datum(jsonlib.dumps(value), "json"), {}
        raise UnsupportedValueError(
            f"The request of an {cls.what} is not a {type_name(value)}.",
            hint="Give it as a dict, or as JSON in str or bytes.",
        )

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn the return value into a Datum: bytes as bytes, everything else as text; see `text_of`."""
        content = text_of(obj, cls.what)
        return Datum(content, "bytes" if isinstance(content, bytes) else "string")
