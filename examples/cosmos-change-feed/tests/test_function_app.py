"""Changes go in and documents come out, with no database."""

import json

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient

ORDER = func.Document(id="7", customer="Ada", lines=[{"pieces": 2, "price": 10}, {"pieces": 1, "price": 5}])
TOTAL = {"id": "7", "customer": "Ada", "total": 25}


@pytest.fixture
def client() -> TestClient:
    return TestClient(function_app.app)


def test_total_of_an_order() -> None:
    assert function_app.total_of(ORDER) == TOTAL


def test_changed_orders_are_added_up(client: TestClient) -> None:
    run = client.send("add_up", func.DocumentList([ORDER, func.Document(id="8")]))

    assert run.outputs["totals"] == [TOTAL]
    assert json.loads(run.datums["totals"].value) == [TOTAL]
    assert run.messages == ["1 of 2 orders added up"]


def test_total_is_shown(client: TestClient) -> None:
    run = client.send("show_total", func.HttpRequest(route_params={"id": "7"}), found=func.DocumentList([TOTAL]))

    assert json.loads(run.returned.get_body()) == TOTAL


def test_unknown_order_is_not_found(client: TestClient) -> None:
    run = client.send("show_total", func.HttpRequest(route_params={"id": "9"}), found=None)

    assert run.returned.status_code == 404
