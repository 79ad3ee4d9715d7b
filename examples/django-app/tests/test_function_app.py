"""Requests go through the function app to Django."""

import json
from collections.abc import Iterator

import pytest

import function_app
from azfunc.testing import TestClient


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(function_app.app) as client:
        yield client


def test_home(client: TestClient) -> None:
    assert client.get("/api/site/?name=Ada").get_body() == b"Hello from Django, Ada!"


def test_view_with_a_parameter(client: TestClient) -> None:
    found = json.loads(client.get("/api/site/articles/2026/").get_body())

    assert found == {"year": 2026, "path": "/api/site/articles/2026/", "method": "GET"}


def test_django_redirects_to_its_own_place(client: TestClient) -> None:
    response = client.get("/api/site/articles/2026")

    assert response.status_code == 301
    assert response.headers["location"] == "/api/site/articles/2026/"


def test_unknown_pages_are_not_found(client: TestClient) -> None:
    assert client.get("/api/site/nowhere/").status_code == 404


def test_function_beside_it(client: TestClient) -> None:
    assert client.get("/api/health").get_body() == b"ok"
