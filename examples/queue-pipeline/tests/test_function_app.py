"""The whole way of an order in one process: what one function sends is what the next one gets."""

import json

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient

ORDER = {"id": 7, "lines": [{"name": "chair", "pieces": 4}, {"name": "table", "pieces": 1}]}


@pytest.fixture
def client() -> TestClient:
    return TestClient(function_app.app)


def test_order_becomes_an_invoice(client: TestClient) -> None:
    assert client.post("/api/orders", json=ORDER).status_code == 202
    assert client.last_run is not None
    sent = client.last_run.datums["order"].value

    run = client.send("write_invoice", func.QueueMessage(body=sent, dequeue_count=1))

    assert run.outputs["invoice"] == "Invoice 7\n  4 chair\n  1 table\n"
    assert run.messages == ["Invoice 7 has 2 lines; attempt 1"]


@pytest.mark.parametrize("body", ["no JSON", '{"id": 7}'], ids=["no-json", "no-lines"])
def test_what_is_no_order_is_refused(client: TestClient, body: str) -> None:
    response = client.post("/api/orders", body=body)

    assert response.status_code == 400
    assert response.get_body().startswith(b"This is no order: ")
    assert client.last_run is not None
    assert "order" not in client.last_run.datums


def test_broken_message_goes_back_to_the_queue(client: TestClient) -> None:
    with pytest.raises(json.JSONDecodeError):
        client.send("write_invoice", func.QueueMessage(body="no JSON"))


def test_message_that_was_given_up_is_logged(client: TestClient) -> None:
    run = client.send(function_app.give_up, func.QueueMessage(body="no JSON"))

    assert run.messages == ["Given up after five attempts: no JSON"]


def test_invoice_is_named_after_the_order() -> None:
    [output] = function_app.write_invoice.build().get_bindings_dict()["bindings"][:1]

    assert output["path"] == "invoices/{id}.txt"
