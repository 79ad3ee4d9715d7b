"""MCP functions: what goes back for what they return."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import datetime
import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, Dict, List, Optional, Tuple  # noqa: UP035  # older spellings are tested too

import pytest

import azfunc
from azfunc._core.datum import Datum
from azfunc.bindings.mcp.content import as_data, as_json, promises_content

if TYPE_CHECKING:
    from types import ModuleType


class Model:
    """A class as pydantic makes them, as far as azfunc looks."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def model_dump(self, *, mode: str, exclude_none: bool = False, by_alias: bool = False) -> dict[str, Any]:
        """Give the fields, under their aliases: those of the SDK have camel case on the wire."""
        assert mode == "json"
        assert by_alias
        return {_alias(name): _dumped(each) for name, each in vars(self).items() if not (exclude_none and each is None)}

    def __iter__(self) -> Any:
        return iter(vars(self).items())


def _alias(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)


def _dumped(value: Any) -> Any:
    if isinstance(value, list):
        return [_dumped(each) for each in value]
    return value.model_dump(mode="json", exclude_none=True, by_alias=True) if isinstance(value, Model) else value


def sdk_class(name: str, module: str = "mcp.types") -> Any:
    """Make a class that looks as if it were the MCP SDK's."""
    return type(name, (Model,), {"__module__": module})


Text = sdk_class("TextContent")
Image = sdk_class("ImageContent", "mcp_types._types")
Result = sdk_class("CallToolResult")
TEXT = Text(type="text", text="hi", annotations=None)
IMAGE = Image(type="image", data="AA==", mime_type="image/png")
BLOCK = {"type": "text", "text": "hi"}


@azfunc.mcp_content
class Marked:
    """A marked class."""

    def __init__(self) -> None:
        self.a = 1
        self._hidden = 2

    def __str__(self) -> str:
        return "not this"


@azfunc.mcp_content
@dataclasses.dataclass
class MarkedRow:
    """A marked dataclass."""

    when: datetime.date
    inner: Marked


@azfunc.mcp_content
class Empty:
    """A marked class without content."""


@dataclasses.dataclass
class Row:
    """A dataclass that is not marked."""

    a: int = 1


def answer(value: Any, **given: Any) -> Any:
    """Give what the host gets for a result of a tool."""
    app = azfunc.FunctionApp()

    @app.mcp_tool(**given)
    def tool() -> Any:
        return value

    return asyncio.run(app.get_functions()[0].get_user_function()("{}"))


def parts(text: str) -> tuple[str, Any, Any]:
    """Give kind, content and structured content of what a tool with a result schema sends."""
    made = json.loads(text)
    assert list(made) == ["type", "content", "structuredContent"]
    return made["type"], json.loads(made["content"]), made["structuredContent"]


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("text", "text"),
        (b"by", "by"),
        (b"\xff", "/w=="),
        (5, "5"),
        (True, "true"),
        ([1, 2], "[1, 2]"),
        ({"a": 1}, '{"a": 1}'),
        (Row(), '{"a": 1}'),
        (Marked(), '{"a": 1}'),
        (TEXT, '{"type": "text", "text": "hi"}'),
        ([TEXT, 1], '[{"type": "text", "text": "hi"}, 1]'),
        (IMAGE, '{"type": "image", "data": "AA==", "mimeType": "image/png"}'),
        ({"at": TEXT}, '{"at": {"type": "text", "text": "hi"}}'),
        (collections.ChainMap({"at": TEXT}), '{"at": {"type": "text", "text": "hi"}}'),
        (Model(some_name=None), '{"someName": null}'),
        (SimpleNamespace(a=1, b=[Row()]), '{"a": 1, "b": [{"a": 1}]}'),
        (azfunc.MCPToolContext(a=1), '{"a": 1}'),
    ],
    ids=lambda each: type(each).__name__ if not isinstance(each, str) else each[:20],
)
def test_result_of_a_tool_is_text(value: Any, expected: str) -> None:
    """A tool gives text: the value's own, or JSON."""
    assert answer(value) == expected


@pytest.mark.parametrize("value", ["text", "", None, 5, 1.5, [1, 2]], ids=repr)
def test_text_is_that_of_the_reference(func: ModuleType, value: Any) -> None:
    """Where the reference gives what a client can read, azfunc gives the same."""
    app = func.FunctionApp()

    @app.mcp_tool()
    def tool() -> Any:
        return value

    assert asyncio.run(app.get_functions()[0].get_user_function()("{}")) == ("" if value is None else str(value))


@pytest.mark.parametrize("given", [{}, {"use_result_schema": True}], ids=["text", "schema"])
@pytest.mark.parametrize(
    "value", [object(), [object()], {"a": len}, azfunc.QueueMessage(), SimpleNamespace()], ids=repr
)
def test_result_without_content_is_refused(value: Any, given: dict[str, Any]) -> None:
    """The error names the tool, the type, and what would do."""
    with pytest.raises(azfunc.UnsupportedValueError, match="tool 'tool' got ") as caught:
        answer(value, **given)

    assert "@mcp_content" in caught.value.hint


def test_result_that_holds_itself_is_refused() -> None:
    """There is no end to its JSON."""
    endless: list[Any] = []
    endless.append(endless)

    with pytest.raises(azfunc.UnsupportedValueError, match="recursion"):
        answer(endless)


@pytest.mark.parametrize("kind", ["mcpToolTrigger", "mcpResourceTrigger", "mcpPromptTrigger"])
def test_blocks_of_the_sdk_are_sent_as_json(kind: str) -> None:
    """Functions whose properties are written by hand can return blocks too."""
    converter: Any = azfunc.get_binding_registry().get(kind)

    assert converter.encode(TEXT, expected_type=None) == Datum(json.dumps(BLOCK), "string")
    assert converter.encode([TEXT], expected_type=None) == Datum(json.dumps([BLOCK]), "string")
    assert converter.encode(Result(content=[TEXT]), expected_type=None) == Datum(
        json.dumps({"content": [BLOCK]}), "string"
    )


# --- structured content -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("text", "text"),
        ("", ""),
        (None, ""),
        (5, "5"),
        (True, "true"),
        ({"a": 1}, '{"a": 1}'),
        ([1], "[1]"),
        ([], "[]"),
        ((1,), "[1]"),
        (Row(), '{"a": 1}'),
        (Marked(), '{"a": 1}'),
        (Empty(), "{}"),
        (MarkedRow(datetime.date(2026, 1, 2), Marked()), '{"when": "2026-01-02", "inner": {"a": 1}}'),
        ([Marked()], '[{"a": 1}]'),
        (b"by", "by"),
        (b"\xff", "/w=="),
    ],
    ids=lambda each: type(each).__name__ if not isinstance(each, str) else each[:20],
)
def test_plain_result_is_text_and_data(value: Any, text: str) -> None:
    """With a result schema a value goes as a block of text, and as structured content."""
    assert parts(answer(value, use_result_schema=True)) == ("text", {"type": "text", "text": text}, text)


@pytest.mark.parametrize("value", ["text", 5, True, {"a": 1}, Row(), []], ids=repr)
def test_plain_result_is_that_of_the_reference(func: ModuleType, value: Any) -> None:
    """The envelope is the same to the letter."""
    app = func.FunctionApp()

    @app.mcp_tool(use_result_schema=True)
    def tool() -> Any:
        return value

    made = asyncio.run(app.get_functions()[0].get_user_function()("{}"))

    assert made == answer(value, use_result_schema=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (TEXT, ("text", BLOCK, json.dumps(BLOCK))),
        (IMAGE, ("image", {"type": "image", "data": "AA==", "mimeType": "image/png"}, ...)),
        (sdk_class("Odd")(a=1), ("text", {"a": 1}, '{"a": 1}')),
        ([TEXT, TEXT], ("call_tool_result", {"content": [BLOCK, BLOCK]}, None)),
        ((TEXT,), ("call_tool_result", {"content": [BLOCK]}, None)),
        (["hi", TEXT, b"hi"], ("call_tool_result", {"content": [BLOCK, BLOCK, BLOCK]}, None)),
        (Result(content=[TEXT]), ("call_tool_result", {"content": [BLOCK]}, None)),
        (
            Result(content=[TEXT], structured_content={"k": 1}),
            ("call_tool_result", {"content": [BLOCK], "structuredContent": {"k": 1}}, '{"k": 1}'),
        ),
        (type("Own", (Result,), {"__module__": "mcp.types"})(content=[]), ("call_tool_result", {"content": []}, None)),
    ],
    ids=["block", "image", "odd", "list", "tuple", "mixed", "result", "structured", "subclass"],
)
def test_blocks_of_the_sdk_are_content(value: Any, expected: tuple[Any, ...]) -> None:
    """Blocks, lists of them and whole results keep their form."""
    kind, content, structured = parts(answer(value, use_result_schema=True))

    assert (kind, content) == expected[:2]
    assert structured == (json.dumps(content) if expected[2] is ... else expected[2])


# --- what turns the schema on -----------------------------------------------------------------------------------------

ANNOTATIONS: list[tuple[Any, bool]] = [
    (Text, True),
    (Image, True),
    (List[Text], True),  # noqa: UP006
    (list[Text], True),
    (List[Text | Image], True),  # noqa: UP006
    (Optional[Text], True),  # noqa: UP045
    (Text | None, True),
    (Tuple[Text], True),  # noqa: UP006
    (Annotated[Text, "x"], True),
    (Marked, True),
    (Optional[Marked], True),  # noqa: UP045
    (list[MarkedRow], True),
    (str, False),
    (Row, False),
    (list[str], False),
    (Dict[str, Text], False),  # noqa: UP006
    (Any, False),
    (None, False),
]


@pytest.mark.parametrize(("annotation", "expected"), ANNOTATIONS, ids=[str(each)[:60] for each, _ in ANNOTATIONS])
def test_annotation_of_the_result_turns_the_schema_on(annotation: Any, expected: bool) -> None:
    """Content in the annotation of the result is sent as content, without a word at the decorator."""
    app = azfunc.FunctionApp()

    def tool() -> None: ...

    tool.__annotations__["return"] = annotation
    entry = json.loads(app.mcp_tool()(tool).build().get_function_json())["bindings"][0]

    assert promises_content(annotation) is expected
    assert entry["useResultSchema"] is expected


@pytest.mark.parametrize(("annotation", "expected"), [("Marked", True), ("str", False), ("Missing", False)])
def test_annotation_as_text_turns_the_schema_on_too(annotation: str, expected: bool) -> None:
    """The future import changes nothing; a name that is not known at run time promises nothing."""
    namespace: dict[str, Any] = {"Marked": Marked}
    exec(f"from __future__ import annotations\ndef tool() -> {annotation}: ...", namespace)
    app = azfunc.FunctionApp()
    app.mcp_tool()(namespace["tool"])

    assert json.loads(app.get_functions()[0].get_function_json())["bindings"][0]["useResultSchema"] is expected


def test_marked_class_is_marked_as_in_the_reference(func: ModuleType) -> None:
    """The mark is an attribute of the class, and subclasses inherit it."""

    @func.mcp_content
    class Base:
        """A class."""

    assert Base.__mcp_content__ is True  # type: ignore[attr-defined]  # set by the decorator
    assert promises_content(type("Sub", (Base,), {}))


@pytest.mark.parametrize("wrong", [5, len, None], ids=repr)
def test_mark_on_what_is_no_class_is_refused(wrong: Any) -> None:
    """A function says with its annotation what it returns."""
    with pytest.raises(azfunc.ArgumentTypeError, match="marks a class") as caught:
        azfunc.mcp_content(wrong)

    assert "without parentheses" in caught.value.hint


# --- data -------------------------------------------------------------------------------------------------------------


def test_fields_of_attrs_and_msgspec_are_data() -> None:
    """Classes with fields are objects of their fields."""

    class Attrs:
        __attrs_attrs__ = (SimpleNamespace(name="a"),)
        a = 1

    class Struct:
        __struct_fields__ = ("a",)
        a = 1

    class WithDict:
        def to_dict(self) -> dict[str, Any]:
            return {"a": Row()}

    assert as_data([Attrs(), Struct()]) == [{"a": 1}, {"a": 1}]
    assert as_data(WithDict()) == {"a": {"a": 1}}


@pytest.mark.parametrize(
    ("value", "expected"), [(None, None), ("x", "x"), ({"a": 1}, '{"a": 1}'), ([], "[]")], ids=repr
)
def test_field_that_holds_json_is_written_as_text(value: Any, expected: str | None) -> None:
    """Text is JSON already."""
    assert as_json(value) == expected


# --- the real SDK -----------------------------------------------------------------------------------------------------


def test_real_blocks_are_sent_as_the_reference_sends_them(func: ModuleType) -> None:
    """Objects of the installed MCP SDK give the same envelope on both libraries."""
    types = pytest.importorskip("mcp.types", reason="the MCP SDK is not installed; it is never required")
    text = types.TextContent(type="text", text="hi")
    values = [
        text,
        [text, text],
        types.ImageContent(type="image", data="AA==", mimeType="image/png"),
        types.CallToolResult(content=[text], structuredContent={"k": 1}, isError=True),
        types.ResourceLink(type="resource_link", uri="a://b", name="n"),
    ]
    for value in values:
        app = func.FunctionApp()

        @app.mcp_tool(use_result_schema=True)
        def tool(value: Any = value) -> Any:
            return value

        made = asyncio.run(app.get_functions()[0].get_user_function()("{}"))

        assert made == answer(value, use_result_schema=True)
        assert promises_content(type(value)) is not isinstance(value, list)


def test_sdk_is_never_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's objects are known by their module; an app without it does not look for it."""
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.types", None)

    assert parts(answer(TEXT, use_result_schema=True))[0] == "text"
