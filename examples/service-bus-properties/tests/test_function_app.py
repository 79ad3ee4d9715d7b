"""Messages are made by hand with the fields that matter, and come through the trigger with all of them."""

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient


def order(**fields: object) -> func.ServiceBusMessage:
    known: dict[str, object] = {
        "body": '{"amount": 12}',
        "message_id": "7",
        "subject": "order.placed",
        "application_properties": {"customer": "Ada"},
    }
    return func.ServiceBusMessage(**(known | fields))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.fixture
def client() -> TestClient:
    return TestClient(function_app.app)


def test_bill_is_made_of_body_and_properties(client: TestClient) -> None:
    run = client.send("on_order", order(application_properties={"customer": "Ada", "currency": "SEK"}))

    assert run.outputs["bill"] == {"order": "7", "customer": "Ada", "currency": "SEK", "amount": 12}


def test_other_subjects_make_no_bill(client: TestClient) -> None:
    run = client.send("on_order", order(subject="order.seen"))

    assert "bill" not in run.datums
    assert run.messages == ["Nothing to bill for order.seen"]


def test_last_attempt_is_told_apart(client: TestClient) -> None:
    assert client.send("on_order", order(delivery_count=9)).messages == []
    assert client.send("on_order", order(delivery_count=10)).messages == ["Order 7 fails for the last time"]


def test_a_message_without_customer_goes_back_to_the_queue(client: TestClient) -> None:
    with pytest.raises(KeyError, match="customer"):
        client.send("on_order", order(application_properties={}))


def test_each_message_of_a_batch_has_its_own_reason(client: TestClient) -> None:
    late = func.ServiceBusMessage(message_id="7", dead_letter_reason="TTLExpiredException")

    run = client.send("on_dead_bills", [late, func.ServiceBusMessage(message_id="8", dead_letter_reason="Refused")])

    assert run.messages == ["Bill 7 was given up: TTLExpiredException", "Bill 8 was given up: Refused"]
