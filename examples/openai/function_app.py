"""A model that answers, an assistant with a skill, and a search in documents."""

import json
from typing import Any

import azfunc as func

app = func.FunctionApp(http_auth_level="anonymous")


@app.route("whois/{name}", methods=["GET"])
@app.text_completion_input("answer", prompt="Who is {name}?", chat_model="%CHAT_MODEL%", max_tokens="200")
def whois(req: func.HttpRequest, answer: str) -> str:
    content: str = json.loads(answer)["content"]
    return content


@app.route("assistants/{id}", methods=["PUT"])
@app.assistant_create_output("assistant")
def create_assistant(req: func.HttpRequest, assistant: func.Out[str]) -> func.HttpResponse:
    instructions = "Keep the user's list of tasks. Be brief."
    assistant.set(json.dumps({"id": req.route_params["id"], "instructions": instructions}))
    return func.HttpResponse(status_code=202)


@app.route("assistants/{id}", methods=["POST"])
@app.assistant_post_input("chat", id="{id}", user_message="{Query.message}", chat_model="%CHAT_MODEL%")
def talk(req: func.HttpRequest, chat: str) -> str:
    messages: list[dict[str, Any]] = json.loads(chat)["recentMessages"]
    return messages[-1]["content"] if messages else "(no answer)"


@app.assistant_skill_trigger("task", function_description="Put a task on the user's list")
@app.queue_output("item", "tasks", "AzureWebJobsStorage")
def add_task(task: str, item: func.Out[str]) -> str:
    item.set(task)
    return f"The task {task!r} is on the list."


@app.route("documents", methods=["POST"])
@app.embeddings_store_output("document", "{url}", "Url", "SEARCH_ENDPOINT", "documents")
def store(req: func.HttpRequest, document: func.Out[str]) -> func.HttpResponse:
    document.set(json.dumps({"title": req.get_json()["url"].rpartition("/")[2]}))
    return func.HttpResponse(status_code=202)


@app.route("ask", methods=["POST"])
@app.semantic_search_input("result", "SEARCH_ENDPOINT", "documents", query="{question}", chat_model="%CHAT_MODEL%")
def ask(req: func.HttpRequest, result: str) -> str:
    response: str = json.loads(result)["Response"]
    return response
