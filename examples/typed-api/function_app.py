"""A web API with types: bodies are read as classes, functions are given what they need, OpenAPI describes it all."""

import logging
from typing import Annotated, Any, Dict, Iterator

import azfunc as func
from shop import NewOrder, Order, Payment, Shop, UnknownOrderError

app = func.FunctionApp(http_auth_level="anonymous")
orders = func.Blueprint(url_prefix="orders")
app.register_functions(orders)


# --- what functions are given ---


def customer_of(req: func.HttpRequest) -> str:
    name = req.headers.get("x-customer")
    if name is None:
        raise PermissionError("Say who you are, in the header x-customer.")
    return name


TheShop = Annotated[Shop, func.Depends(Shop, scope="process")]
Customer = Annotated[str, func.Depends(customer_of)]


# --- what stands around them ---


@orders.middleware
def logged(call: func.Call) -> Iterator[None]:
    yield
    logging.info("%s: %s", call.function_name, getattr(call.result, "status_code", 200))


@app.exception_handler(PermissionError, UnknownOrderError)
def refuse(error: Exception, call: func.Call) -> func.HttpResponse:
    if call.trigger_type != "httpTrigger":
        raise error  # a message fails, and is tried again
    return func.HttpResponse(str(error), status_code=401 if isinstance(error, PermissionError) else 404)


# --- functions ---


@orders.route("", methods="POST")
def take_order(order: Annotated[NewOrder, func.Body()], customer: Customer, shop: TheShop) -> Order:
    """Take an order."""
    return shop.take(customer, order)


@orders.route("{number:int}", methods="GET")
def show_order(req: func.HttpRequest, customer: Customer, shop: TheShop) -> Order:
    """Show an order to the customer who sent it."""
    order = shop.find(int(req.route_params["number"]))
    if order.customer != customer:
        raise UnknownOrderError(f"There is no order {order.number}.")
    return order


@app.queue_trigger("payment", "payments", "AzureWebJobsStorage")
def note_payment(payment: Annotated[Payment, func.Body()], shop: TheShop) -> None:
    """Note that an order is paid."""
    shop.paid[shop.find(payment.number).number] = payment.amount
    logging.info("Order %d: %s", payment.number, payment.amount)


@app.route("openapi.json", methods="GET")
def openapi(req: func.HttpRequest) -> Dict[str, Any]:
    """Describe the API."""
    return app.openapi(title="Shop")
