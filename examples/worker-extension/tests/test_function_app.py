"""The extension runs around each call of the test client, as it does around those of the worker."""

import time

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that goes on only when a function sleeps."""
    now = [100.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(time, "sleep", sleep)
    return now


@pytest.fixture
def client() -> TestClient:
    return TestClient(function_app.app)


def test_slow_call_is_told_of(client: TestClient, clock: list[float]) -> None:
    assert client.get("/api/slow").get_body() == b"done"

    assert client.last_run is not None
    assert client.last_run.messages == ["slow took 0.60 s, more than 0.5 s"]


def test_fast_call_is_not(client: TestClient, clock: list[float]) -> None:
    client.get("/api/fast")

    assert client.last_run is not None
    assert client.last_run.messages == []


def test_extension_is_not_called_without_a_host(clock: list[float]) -> None:
    assert function_app.slow(func.HttpRequest()) == "done"
