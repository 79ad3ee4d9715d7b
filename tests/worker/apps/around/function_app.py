"""Functions that something stands around: middleware, exception handlers, bodies and dependencies."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Annotated

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


@dataclass
class Order:
    """What is ordered."""

    item: str
    count: int = 1


def unit(call: func.Call) -> Iterator[str]:
    """Say how things are counted."""
    yield f"boxes ({call.function_name})"


Unit = Annotated[str, func.Depends(unit)]


@app.route("orders", methods=["POST"])
def order(order: Annotated[Order, func.Body()], unit: Unit) -> func.HttpResponse:
    """Take an order."""
    return func.HttpResponse(f"{order.count} {unit} of {order.item}")


@app.queue_output("$return", "done", "Storage")
@app.queue_trigger("order", "orders", "Storage")
def queued(order: Annotated[Order, func.Body()], unit: Unit) -> str:
    """Take an order from a queue."""
    return f"{order.count} {unit} of {order.item}"


@app.queue_output("$return", "done", "Storage")
@app.event_hub_message_trigger("orders", "Hub", "orders", cardinality=func.Cardinality.MANY)
async def many(orders: Annotated[list[Order], func.Body()]) -> str:
    """Take several orders."""
    return " ".join(order.item for order in orders)


app.register_functions(later)
