"""Theme `runtime`: a whole call as the worker makes it, decode, user function, encode, without worker and host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.converting import QUEUE, QUEUE_DATES
from benchmarks.harness import Task, compare_all
from benchmarks.libraries import converter, datum, datums, library_of, wire_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Plan, Result


def http_call(library: str) -> Callable[[], Any]:
    """Make the work of an HTTP function that reads JSON and gives a response."""
    func = library_of(library)
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

    @app.route(route="orders")
    def orders(req: Any) -> Any:
        return func.HttpResponse(str(req.get_json()["order"]), status_code=202)

    [function] = app.get_functions()
    call = function.get_user_function()
    decode, encode = converter(library, "httpTrigger").decode, converter(library, "http").encode
    given = wire_request(library, b'{"order": 7}', {"content-type": "application/json"})
    return lambda: encode(call(decode(given, trigger_metadata=None)), expected_type=None).value["body"].value


def queue_call(library: str) -> Callable[[], Any]:
    """Make the work of a function that a queue message starts and that sends another one."""
    func = library_of(library)
    app = func.FunctionApp()

    @app.queue_output(arg_name="$return", queue_name="done", connection="Storage")
    @app.queue_trigger(arg_name="msg", queue_name="todo", connection="Storage")
    def shout(msg: Any) -> str:
        text: str = msg.get_body().decode()
        return text.upper()

    [function] = app.get_functions()
    call = function.get_user_function()
    decode, encode = converter(library, "queueTrigger").decode, converter(library, "queue").encode
    body, raw = datum(library, "hello", "string"), datums(library, {**QUEUE, **QUEUE_DATES})
    return lambda: encode(call(decode(body, trigger_metadata=raw)), expected_type=None).value


def tasks() -> list[Task]:
    """Give what is timed; the issue of goals sets none here."""
    return [
        Task("runtime", "a whole HTTP call", http_call, 1, 1.5),
        Task("runtime", "a whole queue call", queue_call, 1, 10),
    ]


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme."""
    return compare_all(tasks(), plan)
