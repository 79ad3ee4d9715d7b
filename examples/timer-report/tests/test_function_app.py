"""The report is written without waiting for six o'clock."""

from decimal import Decimal

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient

SALES = func.InputStream(data="shop,amount\nNorth,10.50\nSouth,3.00\nNorth,0.50\n")


@pytest.fixture
def client() -> TestClient:
    return TestClient(function_app.app)


def test_amounts_are_added_up_exactly() -> None:
    assert function_app.totals(SALES) == {"North": Decimal("11.00"), "South": Decimal("3.00")}


def test_report_is_written_to_a_blob(client: TestClient) -> None:
    run = client.send("report", sales=SALES)

    assert run.outputs["report"] == "North: 11.00\nSouth: 3.00\n"
    assert run.messages == ["3 sales in 2 shops"]


def test_late_report_says_when_it_was_due(client: TestClient) -> None:
    late = func.TimerRequest(past_due=True, schedule_status={"Last": "2026-01-02T06:00:00Z"})

    run = client.send("report", late, sales=SALES)

    assert run.messages[0] == "The report is late; it was due at 2026-01-02 06:00:00+00:00"


def test_nothing_is_written_without_sales(client: TestClient) -> None:
    run = client.send("report", sales=func.InputStream(data="shop,amount\n"))

    assert "report" not in run.datums
    assert run.messages[1:] == ["There are no sales to report"]
