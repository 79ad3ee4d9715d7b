"""What models answer is given as input, so that no model is asked."""

import json

import pytest

import azfunc as func
import function_app
from azfunc.testing import TestClient


@pytest.fixture
def client() -> TestClient:
    return TestClient(function_app.app)


def test_answer_is_taken_from_the_completion(client: TestClient) -> None:
    request = func.HttpRequest(route_params={"name": "ada"})

    run = client.send("whois", request, answer='{"content": "A mathematician."}')

    assert run.returned == "A mathematician."


def test_assistant_is_created_under_the_name_of_the_route(client: TestClient) -> None:
    assert client.put("/api/assistants/ada").status_code == 202

    assert client.last_run is not None
    assert json.loads(client.last_run.outputs["assistant"])["id"] == "ada"


@pytest.mark.parametrize(
    ("messages", "answer"), [([{"content": "hi"}, {"content": "Done."}], "Done."), ([], "(no answer)")]
)
def test_last_message_of_the_chat_is_the_answer(
    client: TestClient, messages: list[dict[str, str]], answer: str
) -> None:
    request = func.HttpRequest(route_params={"id": "ada"}, params={"message": "hi"})

    assert client.send("talk", request, chat=json.dumps({"recentMessages": messages})).returned == answer


def test_skill_puts_the_task_on_the_queue(client: TestClient) -> None:
    run = client.send("add_task", "buy milk")

    assert run.outputs["item"] == "buy milk"
    assert run.returned == "The task 'buy milk' is on the list."


def test_document_gets_a_title(client: TestClient) -> None:
    client.post("/api/documents", json={"url": "https://example.com/guide.pdf"})

    assert client.last_run is not None
    assert json.loads(client.last_run.outputs["document"]) == {"title": "guide.pdf"}


def test_search_gives_the_response(client: TestClient) -> None:
    request = func.HttpRequest("POST", json={"question": "why?"})

    assert client.send("ask", request, result='{"Response": "Because."}').returned == "Because."
