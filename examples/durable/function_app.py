"""A chain and a fan-out of activities, and the function that starts them."""

from collections.abc import Generator
from typing import Any, List

import azfunc as func

app = func.FunctionApp(http_auth_level="anonymous")


@app.activity_trigger("text")
def count_words(text: str) -> int:
    return len(text.split())


@app.activity_trigger("numbers")
def add(numbers: List[int]) -> int:
    return sum(numbers)


@app.activity_trigger("total")
def report(total: int) -> str:
    return f"{total} words"


@app.orchestration_trigger("context")
def chain(context: Any) -> Generator[Any, Any, str]:
    words = yield context.call_activity(count_words, context.get_input())
    text: str = yield context.call_activity(report, words)
    return text


@app.orchestration_trigger("context")
def fan_out(context: Any) -> Generator[Any, Any, str]:
    counts = yield context.task_all([context.call_activity(count_words, text) for text in context.get_input()])
    total = yield context.call_activity(add, counts)
    text: str = yield context.call_activity(report, total)
    return text


@app.route("start/{orchestration}", methods=["POST"])
@app.durable_client_input("client")
async def start(req: func.HttpRequest, client: Any) -> func.HttpResponse:
    instance = await client.start_new(req.route_params["orchestration"], client_input=req.get_json())
    response: func.HttpResponse = client.create_check_status_response(req, instance)
    return response
