"""An MCP server for a small library of books: tools, a resource and a prompt."""

import dataclasses
from typing import Annotated, Literal

import azfunc as func

app = func.FunctionApp()

BOOKS = {"7": "Emma", "8": "Persuasion"}


@func.mcp_content
@dataclasses.dataclass
class Loan:
    book: str
    days: int


@app.mcp_tool()
def find_books(
    text: Annotated[str, "Part of a title."], order: Literal["title", "number"] = "title", limit: int | None = None
) -> list[str]:
    """Find books by a part of their titles."""
    found = [number for number, title in BOOKS.items() if text.lower() in title.lower()]
    return sorted(found, key=BOOKS.__getitem__ if order == "title" else None)[:limit]


@app.mcp_tool()
@app.mcp_tool_property("days", "How long the book is needed, in days.", is_required=None)
@app.queue_output("message", "loans", "Storage")
async def lend(number: str, message: func.Out[str], context: func.MCPToolContext, days: int = 14) -> Loan:
    """Lend a book to whoever is asking."""
    message.set(f"{number} for session {context.sessionid}")
    return Loan(BOOKS[number], days)


@app.mcp_resource_trigger("context", uri="file://books.json", resource_name="books", mime_type="application/json")
def books(context: func.MCPToolContext) -> dict[str, str]:
    return BOOKS


@app.mcp_prompt_trigger("context", "recommend", [func.PromptArgument("mood", "Mood of the reader.", required=True)])
def recommend(context: func.PromptInvocationContext) -> str:
    return f"Recommend a book to somebody who is {context.arguments['mood']}."
