"""What type checkers know of decorated functions, and of what users build by hand for them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from typing_extensions import assert_type

import azfunc as func

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

app = func.FunctionApp(http_auth_level="anonymous")
blueprint = func.Blueprint("function", url_prefix="v1", name_prefix="v1_")


# --- calling a decorated function is calling the written one ----------------------------------------------------------


@app.queue_trigger("msg", "todo", "Storage")
def shout(msg: func.QueueMessage, times: int = 1, *, loud: bool = False) -> str:
    """Repeat a message."""
    return msg.get_body().decode() * times


assert_type(shout(func.QueueMessage(body="hi")), str)
assert_type(shout(func.QueueMessage(), 2, loud=True), str)
assert_type(shout.__name__, str)
assert_type(shout.__qualname__, str)
assert_type(shout.__module__, str)
shout()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # the message is missing
shout("hi")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # text is no message
shout(func.QueueMessage(), times="2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # nor a number
shout(func.QueueMessage(), loudly=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # no such parameter


@app.timer_trigger("tick", "0 */5 * * * *", run_on_startup=False)
async def sweep(tick: func.TimerRequest, *, dry_run: bool = False) -> int:
    """Delete what is old."""
    return int(dry_run)


async def call_sweep() -> None:
    """Call the async function."""
    assert_type(await sweep(func.TimerRequest(past_due=True), dry_run=True), int)
    await sweep(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no timer


@app.function_name("Everything")
@app.retry("fixed_delay", max_retry_count=3, delay_interval=datetime.timedelta(seconds=10))
@blueprint.generic_input_binding("more", type="blob", path="in/{id}", connection="Storage")
@app.queue_output("$return", "done", "Storage")
@app.http_type("function")
@app.schedule("tick", "0 0 * * * *", data_type=func.DataType.STRING)
def stacked(tick: func.TimerRequest, more: str) -> list[str]:
    """Have one decorator of each kind."""
    return [more]


assert_type(stacked(func.TimerRequest(), "x"), list[str])
stacked(func.TimerRequest(), 5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no text
as_written: Callable[[func.TimerRequest, str], list[str]] = stacked
as_async: Callable[[func.TimerRequest], Awaitable[int]] = sweep
not_so: Callable[[int], str] = shout  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]  # takes a message


# --- what is behind the name ------------------------------------------------------------------------------------------

assert_type(shout.build().get_user_function()(func.QueueMessage()), str)
assert_type(shout.build()(func.QueueMessage()), str)
assert_type(shout.name, str)
assert_type(shout.build().get_function_name(), str)
assert_type(shout.__wrapped__(func.QueueMessage()), str)


def describe(function: func.Function, builder: func.FunctionBuilder) -> str:
    """Take functions of any parameters, in the bare spelling."""
    return function.get_function_name() + builder.build().get_function_json()


def call(function: func.Function[[int], str]) -> str:
    """Take a function of given parameters."""
    return function(5)


describe(shout.build(), sweep)
assert_type([describe(function, shout) for function in app.get_functions()], list[str])
assert_type(app.openapi(title="Shop", servers=["https://shop.example"]), dict[str, Any])
app.openapi("Shop")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # by keyword only
call(shout.build())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # of other parameters

app.register_functions(blueprint)
app.register_functions(shout)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no blueprint


# --- wrong definitions ------------------------------------------------------------------------------------------------

app.queue_trigger("msg", "todo")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # no connection
app.queue_trigger("msg", "todo", 5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no text
app.queue_trigger(shout)  # type: ignore[call-arg, arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]  # no parentheses
app.queue_trigger("msg", "todo", "Storage", data_type="binary", future_field=1)
app.queue_trigger("msg", "todo", "Storage", data_type="nope")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # none
app.queue_trigger("msg", "todo", "Storage")(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # none
app.function_name(shout)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no parentheses
app.retry("nope", 3, "00:00:10")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # none
app.retry("exponentialBackoff", -1, minimum_interval="00:00:10", maximum_interval=datetime.timedelta(minutes=15))
func.AuthLevel.Anonymous  # type: ignore[attr-defined]  # pyright: ignore  # noqa: PGH003, B018  # written ANONYMOUS


# --- fakes and what is built by hand ----------------------------------------------------------------------------------


class FakeTimer(func.TimerRequest):
    """A fake that is always late."""

    @property
    def past_due(self) -> bool:
        """Always late."""
        return True


class FakeOut(func.Out[str]):
    """A fake that counts."""

    def __init__(self) -> None:
        self.count = 0

    def set(self, val: str) -> None:
        """Count the value."""
        self.count += len(val)

    def get(self) -> str:
        """Give the count."""
        return str(self.count)


class FakeContext(func.Context):
    """A fake with an identity."""

    @property
    def invocation_id(self) -> str:
        """Always the same."""
        return "7"


@app.route("hello")
@app.queue_output("msg", "done", "Storage")
def hello(req: func.HttpRequest, msg: func.Out[str], context: func.Context) -> str:
    """Set an out parameter."""
    msg.set(context.invocation_id)
    msg.set(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no text
    return "done"


assert_type(hello(func.HttpRequest(), FakeOut(), FakeContext()), str)
assert_type(hello(func.HttpRequest(), func.Out[str](), func.Context(function_name="hello")), str)
hello(func.HttpRequest(), func.Out[int](), func.Context())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # of numbers
call_late: int | Any = sweep(FakeTimer())

out = func.Out[list[str]]()
out.set(["a"])
assert_type(out.get(), list[str])
assert_type(out.history, tuple[list[str], ...])

trace = func.TraceContext(trace_parent="00-1-2-01")
assert_type(func.Context(trace_context=trace).trace_context.trace_parent, "str | None")
assert_type(func.RetryContext(retry_count=1).retry_count, int)
func.TimerRequest(late=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # called past_due
assert_type(func.TimerRequest().schedule_status.next, "datetime.datetime | None")
