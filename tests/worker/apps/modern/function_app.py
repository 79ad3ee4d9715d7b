"""Functions annotated as people write today, which the worker refuses when they come with the reference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import azfunc as func

if TYPE_CHECKING:
    from decimal import Decimal

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.queue_trigger("msg", "todo", "Storage")
@app.queue_output("out", "done", "Storage")
@app.queue_output("$return", "done", "Storage")
def relay(
    msg: func.QueueMessage | None, out: func.Out[list[str]], ctx: func.Context, limit: int = 3
) -> list[str] | None:
    """Take a message, or none."""
    out.set([type(msg).__name__, ctx.function_name, str(limit)])
    return None if msg is None else [msg.get_body().decode()]


@app.route("rows")
@app.sql_input("rows", "select 1", "Sql")
async def show(req: func.HttpRequest, rows: Annotated[list[dict[str, Any]], "orders"]) -> dict[str, Any]:
    """Show rows."""
    return {"kind": type(rows).__name__, "names": [row["name"] for row in rows]}


@app.event_hub_message_trigger("events", "Hub", "orders")
@app.queue_output("$return", "done", "Storage")
def batch(events: list[func.EventHubEvent]) -> Decimal | str:
    """Take events."""
    return json.dumps([event.get_body().decode() for event in events])


@app.queue_trigger("msg", "todo", "Storage")
@app.queue_output("$return", "done", "Storage")
def all_of(**given: Any) -> str:
    """Take whatever is bound."""
    return ", ".join(f"{name}: {type(value).__name__}" for name, value in given.items())


@app.middleware
def around(call: func.Call) -> Any:
    """Stand around every function, and say where it is."""
    yield
    if call.trigger_type == "httpTrigger":
        call.result = {**call.result, "is_at_home": call.context.function_directory == str(Path(__file__).parent)}
