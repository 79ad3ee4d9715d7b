"""Requests go through the function app to Flask."""

import json
from collections.abc import Iterator

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(function_app, "NOTES", {1: "Water the plants"})
    with TestClient(function_app.app, route_prefix="") as client:
        yield client


def test_home(client: TestClient) -> None:
    assert client.get("/").get_body() == b"1 notes"


def test_note_is_read(client: TestClient) -> None:
    assert json.loads(client.get("/notes/1").get_body()) == {"number": 1, "text": "Water the plants"}
    assert client.get("/notes/9").status_code == 404


def test_form_is_posted(client: TestClient) -> None:
    assert client.post("/notes", form={"text": "Buy milk"}).status_code == 201
    assert function_app.NOTES[2] == "Buy milk"


def test_function_beside_it(client: TestClient) -> None:
    client.send("note_from_queue", func.QueueMessage(body="Call Ada"))

    assert json.loads(client.get("/notes/2").get_body())["text"] == "Call Ada"


def test_host_json_leaves_the_path_to_flask() -> None:
    with TestClient(".") as client:
        assert client.get("/").status_code == 200
