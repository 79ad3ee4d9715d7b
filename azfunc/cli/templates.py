"""The files of a new app.

Source: the guide, "Folder structure".
"""

from __future__ import annotations

_FUNCTION_APP = '''\
"""The function app: what Azure starts, and on which occasion."""

import logging

import azfunc as func

from additional_functions import blueprint

app = func.FunctionApp(http_auth_level="anonymous")
app.register_functions(blueprint)


@app.route("hello", methods=["GET"])
def hello(req: func.HttpRequest) -> str:
    """Greet whoever calls ``/api/hello?name=Ada``."""
    return f"Hello, {req.params.get('name', 'World')}!"


@app.route("orders", methods=["POST"])
@app.queue_output("order", "orders", "AzureWebJobsStorage")
def take_order(req: func.HttpRequest, order: func.Out[str]) -> func.HttpResponse:
    """Put an order on the queue, and say that it was taken."""
    order.set(req.get_body().decode())
    return func.HttpResponse("Thank you.", status_code=202)


@app.queue_trigger("order", "orders", "AzureWebJobsStorage")
def fulfil_order(order: func.QueueMessage) -> None:
    """Work on one order from the queue."""
    logging.info("Working on %s", order.get_body().decode())
'''

_ADDITIONAL = '''\
"""More functions, in a blueprint that function_app.py registers."""

import logging

import azfunc as func

blueprint = func.Blueprint()


@blueprint.timer_trigger("timer", "0 0 6 * * 1-5")
def report(timer: func.TimerRequest) -> None:
    """Report at six on working days."""
    logging.info("Good morning%s", ", late" if timer.past_due else "")
'''

_TESTS = '''\
"""Each function, called through its trigger, with no host."""

from collections.abc import Iterator

import azfunc as func
import pytest
from azfunc.testing import TestClient

from function_app import app, hello


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def test_a_function_is_called_as_it_is_written() -> None:
    assert hello(func.HttpRequest(params={"name": "Ada"})) == "Hello, Ada!"


def test_hello_is_reached_by_its_route(client: TestClient) -> None:
    assert client.get("/api/hello?name=Ada").get_body() == b"Hello, Ada!"
    assert client.post("/api/hello").status_code == 405


def test_an_order_is_put_on_the_queue(client: TestClient) -> None:
    response = client.post("/api/orders", body="two chairs")

    assert response.status_code == 202
    assert client.last_run is not None
    assert client.last_run.outputs["order"] == "two chairs"


def test_an_order_is_worked_on(client: TestClient) -> None:
    run = client.send("fulfil_order", func.QueueMessage(body="two chairs"))

    assert run.messages == ["Working on two chairs"]


def test_a_late_report_says_so(client: TestClient) -> None:
    assert client.send("report", func.TimerRequest(past_due=True)).messages == ["Good morning, late"]
'''

_HOST = """\
{
  "version": "2.0",
  "extensionBundle": {
    "id": "Microsoft.Azure.Functions.ExtensionBundle",
    "version": "[4.*, 5.0.0)"
  }
}
"""

_LOCAL_SETTINGS = """\
{
  "IsEncrypted": false,
  "Values": {
    "FUNCTIONS_WORKER_RUNTIME": "python",
    "AzureWebJobsStorage": "UseDevelopmentStorage=true"
  }
}
"""

_FUNCIGNORE = """\
.azfunc/
.git/
.gitignore
.pytest_cache/
.venv/
.vscode/
__pycache__/
local.settings.json
pytest.ini
tests/
"""

_GITIGNORE = """\
.pytest_cache/
.python_packages/
.venv/
__pycache__/
local.settings.json
"""

FILES: dict[str, str] = {
    "function_app.py": _FUNCTION_APP,
    "additional_functions.py": _ADDITIONAL,
    "tests/test_function_app.py": _TESTS,
    "host.json": _HOST,
    "local.settings.json": _LOCAL_SETTINGS,
    "requirements.txt": "azfunc\n",
    "pytest.ini": "[pytest]\npythonpath = .\n",
    ".funcignore": _FUNCIGNORE,
    ".gitignore": _GITIGNORE,
}
"""File of a new app -> its content."""
