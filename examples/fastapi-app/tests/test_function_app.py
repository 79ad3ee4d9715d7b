"""Requests go through the function app to FastAPI, which is started and stopped with the client."""

import json
from collections.abc import Iterator

import pytest

import function_app
from azfunc.testing import TestClient


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(function_app.app) as client:
        yield client


def test_book_is_read(client: TestClient) -> None:
    response = client.get("/api/v1/books/7")

    assert response.status_code == 200
    assert json.loads(response.get_body()) == {"number": 7, "title": "Emma"}


def test_errors_are_those_of_fastapi(client: TestClient) -> None:
    assert client.get("/api/v1/books/9").status_code == 404
    assert client.get("/api/v1/books/x").status_code == 422


def test_book_is_added(client: TestClient) -> None:
    assert client.post("/api/v1/books", json={"number": 9, "title": "Sanditon"}).status_code == 201
    assert json.loads(client.get("/api/v1/books/9").get_body())["title"] == "Sanditon"


def test_documentation_knows_where_it_is_mounted(client: TestClient) -> None:
    assert b"/api/v1/openapi.json" in client.get("/api/v1/docs").get_body()


def test_streamed_response(client: TestClient) -> None:
    assert client.get("/api/v1/export").get_body() == b"7,Emma\n8,Persuasion\n"


def test_timer_beside_it(client: TestClient) -> None:
    client.post("/api/v1/books", json={"number": 9, "title": ""})

    client.send("tidy")

    assert client.get("/api/v1/books/9").status_code == 404
