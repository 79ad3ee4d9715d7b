"""Functions that something stands around: middleware and exception handlers."""

from collections.abc import AsyncIterator, Iterator

import azfunc as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
later = func.Blueprint()


@app.middleware
def known(call: func.Call) -> Iterator[None]:
    """Say who has answered which invocation."""
    yield
    if isinstance(call.result, func.HttpResponse):
        call.result.headers["X-Call"] = f"{call.function_name} {call.context.invocation_id}"


@app.exception_handler(KeyError)
def missing(error: KeyError, call: func.Call) -> func.HttpResponse:
    """Answer for what is not there."""
    return func.HttpResponse(f"no {error.args[0]}", status_code=404)


@later.middleware
async def waiting(call: func.Call) -> AsyncIterator[None]:
    """Be async."""
    yield


@app.route("now")
def now(req: func.HttpRequest) -> func.HttpResponse:
    """Answer, or miss something."""
    if "missing" in req.params:
        raise KeyError(req.params["missing"])
    return func.HttpResponse("now")


@later.route("soon")
async def soon(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Do the same later."""
    if "missing" in req.params:
        raise KeyError(req.params["missing"])
    return func.HttpResponse(context.function_name)


def loud(call: func.Call) -> Iterator[None]:
    """Change what comes in and what goes out."""
    call.arguments["msg"] = func.QueueMessage(body=call.trigger.get_body().upper())
    yield
    call.result = f"{call.result}!"


@app.with_middleware(loud)
@app.queue_output("$return", "done", "Storage")
@app.queue_output("copy", "copies", "Storage")
@app.queue_trigger("msg", "todo", "Storage")
def relay(msg: func.QueueMessage, copy: func.Out[str]) -> str:
    """Pass a message on."""
    copy.set(msg.get_body().decode())
    return msg.get_body().decode()


app.register_functions(later)
