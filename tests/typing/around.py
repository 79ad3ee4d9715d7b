"""What type checkers know of middleware and exception handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import assert_type

import azfunc as func

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

app = func.FunctionApp()
blueprint = func.Blueprint()


@app.middleware
def timed(call: func.Call) -> Iterator[None]:
    """Stand around every function."""
    assert_type(call.function_name, str)
    assert_type(call.context, func.Context)
    yield


@blueprint.middleware
async def waiting(call: func.Call) -> AsyncIterator[None]:
    """Stand around async functions."""
    yield


assert_type(timed(func.Call()), "Iterator[None]")


@app.middleware  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]  # no generator
def plain(call: func.Call) -> None:
    """Forget to yield."""


@app.middleware  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]  # the call is missing
def without() -> Iterator[None]:
    """Forget the call."""
    yield


@app.with_middleware(timed, waiting)
@app.queue_trigger("msg", "todo", "Storage")
async def shout(msg: func.QueueMessage, times: int = 1) -> str:
    """Repeat a message."""
    return msg.get_body().decode() * times


async def call_shout() -> None:
    """The function keeps its parameters and its result."""
    assert_type(await shout(func.QueueMessage(), times=2), str)
    await shout(func.QueueMessage(), times="2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a number


@app.exception_handler(KeyError, ValueError)
def missing(error: KeyError | ValueError, call: func.Call) -> func.HttpResponse:
    """Answer in place of a function."""
    return func.HttpResponse(str(error), status_code=404)


assert_type(missing(KeyError("a"), func.Call()), func.HttpResponse)
app.exception_handler("KeyError")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no class
app.exception_handler(BaseException)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not of Exception
