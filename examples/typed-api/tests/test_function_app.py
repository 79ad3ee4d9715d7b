"""Functions are called as they are written, or through a client with a shop of the test's own."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient
from shop import Line, NewOrder, Shop, UnknownOrderError

ADA = {"x-customer": "Ada"}


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    client = TestClient(function_app.app)
    with client.override(Shop, lambda: shop):
        yield client


def test_order_is_taken(shop: Shop) -> None:
    order = function_app.take_order(NewOrder([Line("pen", 2), Line("paper")]), "Ada", shop)

    assert (order.number, order.total) == (1, Decimal("7.25"))


def test_order_is_shown_to_its_customer_alone(client: TestClient) -> None:
    taken = client.post("/api/orders", json={"lines": [{"article": "pen"}]}, headers=ADA)
    shown = client.get("/api/orders/1", headers=ADA)

    assert shown.get_json() == taken.get_json()
    assert shown.get_json()["customer"] == "Ada"
    assert client.get("/api/orders/1", headers={"x-customer": "Eve"}).status_code == 404
    assert client.get("/api/orders/1").status_code == 401


def test_what_is_no_order_is_told_in_full(client: TestClient) -> None:
    response = client.post("/api/orders", json={"lines": [{"article": "pen", "pieces": 0}, {}]}, headers=ADA)

    assert response.status_code == 422
    assert response.get_json()["problems"] == [
        {"field": "lines[0]", "problem": "0 pieces of pen cannot be ordered"},
        {"field": "lines[1].article", "problem": "is missing"},
    ]


def test_calls_are_logged(client: TestClient) -> None:
    client.get("/api/orders/7", headers=ADA)

    assert client.last_run is not None
    assert client.last_run.messages == ["show_order: 404"]


def test_payment_is_noted(client: TestClient, shop: Shop) -> None:
    shop.take("Ada", NewOrder([Line("pen")]))
    client.send("note_payment", func.QueueMessage(body='{"number": 1, "amount": "1.50"}'))

    assert shop.paid == {1: Decimal("1.50")}
    with pytest.raises(UnknownOrderError):
        client.send("note_payment", func.QueueMessage(body='{"number": 2, "amount": 3}'))


def test_openapi_describes_the_functions(client: TestClient) -> None:
    document = client.get("/api/openapi.json").get_json()

    assert sorted(document["paths"]) == ["/api/openapi.json", "/api/orders", "/api/orders/{number}"]
    assert set(document["components"]["schemas"]) >= {"NewOrder", "Order", "Line"}
