"""The functions of the app, through their triggers."""

from collections.abc import Iterator

import pytest

import azfunc as func
from azfunc.runtime.loading import load_app
from azfunc.testing import TestClient


@pytest.fixture
def client() -> Iterator[TestClient]:
    with load_app(".") as loaded, TestClient(loaded) as client:
        yield client


def test_imports_context_and_setting(client: TestClient) -> None:
    response = client.get("/api/my_first_function?name=Ada")

    assert response.get_body() == b'{"greeting": "Hello, Ada!", "doubled": 42, "function": "my_first_function"}'
    assert client.last_run is not None
    assert client.last_run.messages == ["My app setting value:blue"]


def test_entry_point(client: TestClient) -> None:
    assert client.get("/api/custom_entry?user=Ada").get_body() == b"Hello, Ada!"


def test_blob_input(client: TestClient) -> None:
    request = func.HttpRequest(url="/api/items/7", route_params={"id": "7"})
    run = client.send("read_blob", request, obj=func.InputStream(data=b"a blob"))

    assert run.outputs["$return"] == "7 has 6 characters"


def test_two_outputs(client: TestClient) -> None:
    assert client.get("/api/send_message?body=hi").get_body() == b"hi"
    assert client.last_run is not None
    assert client.last_run.outputs["msg"].get_body() == b"hi"


def test_timer(client: TestClient) -> None:
    assert client.send("report", func.TimerRequest(past_due=True)).messages == ["The timer is late: True"]
