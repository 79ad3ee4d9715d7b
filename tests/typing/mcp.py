"""What type checkers know of MCP functions."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

import azfunc as func

app = func.FunctionApp()


@app.mcp_tool(metadata={"version": 1})
@app.mcp_tool_property("city", "Where", property_type="string", is_required=None)
def weather(city: str, days: int = 1) -> list[str]:
    """Tell the weather."""
    return [city] * days


@app.mcp_tool()
async def later(city: str) -> str:
    """Tell the weather, later."""
    return city


@func.mcp_content
class Marked:
    """A marked class stays the class it is."""

    def __init__(self, number: int) -> None:
        self.number = number


async def wait() -> None:
    """Call the async tool."""
    assert_type(await later("Oslo"), str)


assert_type(weather("Oslo", days=2), list[str])
assert_type(Marked(5).number, int)
assert_type(func.MCPToolContext(name="t").arguments, dict[str, Any])
assert_type(func.PromptInvocationContext(name="p").arguments, dict[str, str])
assert_type(func.PromptArgument("a", "b", required=True).to_dict(), dict[str, Any])

weather(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a number is no city
app.mcp_tool_property("city", property_type="text")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no such type
app.mcp_prompt_trigger("context", "p", [5])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # no argument
