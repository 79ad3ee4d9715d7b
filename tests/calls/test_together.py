"""All that stands around a call, in one app."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import pytest

import azfunc as func
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Order:
    """What is ordered."""

    item: str
    count: int = 1


class Stock:
    """What is there."""

    def take(self, order: Order) -> str:
        """Take something out."""
        if order.item != "tea":
            raise KeyError(order.item)
        return f"{order.count} of {order.item}"


said: list[str] = []


def stock(call: func.Call) -> Iterator[Stock]:
    """Open the stock for a call."""
    said.append(f"open for {call.function_name}")
    try:
        yield Stock()
    finally:
        said.append("closed")


Opened = Annotated[Stock, func.Depends(stock)]


@pytest.fixture
def app() -> func.FunctionApp:
    """An app with middleware, a handler, and functions with a body and a dependency."""
    said.clear()
    app = func.FunctionApp(http_auth_level="anonymous")

    @app.middleware
    def noted(call: func.Call) -> Iterator[None]:
        said.append(f"begin {sorted(call.arguments)}")
        yield
        said.append("end")

    @app.exception_handler(KeyError)
    def missing(error: KeyError, call: func.Call) -> func.HttpResponse:
        return func.HttpResponse(f"no {error.args[0]}", status_code=404)

    @app.route("plain", methods="POST")
    def plain(order: Annotated[Order, func.Body()], stock: Opened) -> str:
        """Take something."""
        return stock.take(order)

    @app.route("later", methods="POST")
    async def later(order: Annotated[Order, func.Body()], stock: Opened, context: func.Context) -> str:
        await asyncio.sleep(0)
        assert context.function_name == "later"
        return stock.take(order)

    @app.queue_output("$return", "done", "Storage")
    @app.queue_trigger("order", "orders", "Storage")
    def queued(order: Annotated[Order, func.Body()], stock: Opened) -> str:
        return stock.take(order)

    return app


@pytest.mark.parametrize("name", ["plain", "later"])
def test_request_goes_through_all_of_it(app: func.FunctionApp, name: str) -> None:
    """Middleware is outermost, then comes what the parameters are given, then the function."""
    answer = TestClient(app).post(f"/api/{name}", json={"item": "tea", "count": 2})

    assert answer.get_body() == b"2 of tea"
    assert said[1:] == [f"open for {name}", "closed", "end"]
    assert said[0].startswith("begin ['context', 'req']")


@pytest.mark.parametrize("name", ["plain", "later"])
def test_exception_of_the_function_is_answered_when_its_dependencies_are_closed(
    app: func.FunctionApp, name: str
) -> None:
    """The handler stands around the dependencies, and the middleware sees its answer."""
    answer = TestClient(app).post(f"/api/{name}", json={"item": "coffee"})

    assert (answer.status_code, answer.get_body()) == (404, b"no coffee")
    assert said[1:] == [f"open for {name}", "closed", "end"]


@pytest.mark.parametrize("name", ["plain", "later"])
def test_body_that_does_not_fit_is_answered_around_everything(app: func.FunctionApp, name: str) -> None:
    """The middleware sees the exception, and the client gets 422 with what is wrong."""
    answer = TestClient(app).post(f"/api/{name}", json={"item": 7})

    assert answer.status_code == 422
    assert answer.get_json()["problems"] == [{"field": "item", "problem": "wanted text, got 7"}]
    assert said == [said[0]]


def test_message_goes_through_all_of_it(app: func.FunctionApp) -> None:
    """A queue's message is the body, by the trigger's own parameter."""
    run = TestClient(app).send("queued", func.QueueMessage(body='{"item": "tea"}'))

    assert run.outputs == {"$return": "1 of tea"}
    assert said == ["begin ['context', 'order']", "open for queued", "closed", "end"]


def test_dependency_is_replaced_in_a_test(app: func.FunctionApp) -> None:
    """What is around the function stays."""

    class Full(Stock):
        def take(self, order: Order) -> str:
            return "as you like"

    client = TestClient(app)
    with client.override(stock, Full):
        assert client.post("/api/plain", json={"item": "coffee"}).get_body() == b"as you like"
    assert client.post("/api/plain", json={"item": "coffee"}).status_code == 404


def test_document_has_the_body(app: func.FunctionApp) -> None:
    """What reads the body is in the document of the app, and what is provided is not."""
    document: dict[str, Any] = app.openapi()
    operation = document["paths"]["/api/plain"]["post"]

    assert operation["requestBody"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/Order"}}
    }
    assert document["components"]["schemas"]["Order"]["required"] == ["item"]
    assert list(operation["responses"]) == ["200", "422"]
    assert "Stock" not in str(document)


def test_host_sees_the_bindings_alone(app: func.FunctionApp) -> None:
    """What is provided, and a body beside the trigger, stand in no function.json."""
    names = [[binding.name for binding in function.get_bindings()] for function in app.get_functions()]

    assert names == [["req", "$return"], ["req", "$return"], ["order", "$return"]]
