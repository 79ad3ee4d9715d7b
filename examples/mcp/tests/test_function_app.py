"""The functions are called as they are written, and as a client's request comes."""

import asyncio
import json

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient


@pytest.fixture
def client() -> TestClient:
    return TestClient(function_app.app)


def test_tool_is_called_as_it_is_written() -> None:
    assert function_app.find_books("m") == ["7"]
    assert function_app.find_books("", order="number", limit=1) == ["7"]


def test_async_tool_is_called_as_it_is_written() -> None:
    message = func.Out[str]()

    loan = asyncio.run(function_app.lend("7", message, func.MCPToolContext(sessionid="s"), days=3))

    assert loan == function_app.Loan("Emma", 3)
    assert message.get() == "7 for session s"


def test_client_sees_the_properties() -> None:
    entries = json.loads(function_app.find_books.build().get_function_json())["bindings"]
    properties = {each["propertyName"]: each for each in json.loads(entries[0]["toolProperties"])}

    assert properties["text"]["description"] == "Part of a title."
    assert properties["order"]["enumValues"] == ["title", "number"]
    assert [name for name, each in properties.items() if each["isRequired"]] == ["text"]


def test_tool_answers_a_request(client: TestClient) -> None:
    assert client.send("find_books", {"arguments": {"text": "emma"}}).returned == '["7"]'


def test_structured_content_and_message_of_a_loan(client: TestClient) -> None:
    run = client.send("lend", {"arguments": {"number": "8"}, "sessionid": "s"})

    assert json.loads(json.loads(run.returned)["structuredContent"]) == {"book": "Persuasion", "days": 14}
    assert run.outputs["message"] == "8 for session s"


def test_resource_is_read(client: TestClient) -> None:
    run = client.send("books", {"uri": "file://books.json"})

    assert json.loads(run.datums["$return"].value) == function_app.BOOKS


def test_prompt_is_written(client: TestClient) -> None:
    run = client.send("recommend", func.PromptInvocationContext(arguments={"mood": "tired"}))

    assert run.returned == "Recommend a book to somebody who is tired."
