"""The guide's samples give the same results through `TestClient`, `azfunc call` and `azfunc start`."""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from azfunc.cli import main
from azfunc.runtime.loading import load_app
from azfunc.start import LocalApp
from azfunc.start.calls import shown
from azfunc.start.payloads import incoming_of
from azfunc.testing import TestClient
from tests.start.support import answers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azfunc._core.function import Function
    from azfunc.runtime.invocation import Run

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
IDENTITY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Sample:
    """One call of a function: of an HTTP function by its path, of the others by what their trigger gets."""

    function: str
    path: str = ""
    params: dict[str, str] = field(default_factory=dict[str, str])
    body: str | None = None
    inputs: dict[str, str] = field(default_factory=dict[str, str])
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])


SAMPLES = {
    "guide": [
        Sample("my_second_function", "/api/hello?value=4"),
        Sample("my_second_function", "/api/hello"),
        Sample("my_second_function", "/api/hello?value=x"),
        Sample(
            "HttpTriggerWithCosmosDB", "/api/file?body=h%C3%A9+%26+ho", inputs={"documents": '[{"id": "7"}, {"id": 8}]'}
        ),
        Sample("HttpTriggerWithCosmosDB", "/api/file?body=x", inputs={"documents": "[]"}),
        Sample("TimerTriggerWithBlob", inputs={"client": "content"}),
        Sample("relay", body="hello", metadata={"Id": "a-7", "DequeueCount": 2}),
        Sample("on_order", body="order 7", metadata={"MessageId": "o-7"}),
        Sample("count_events", body='["a", "bc"]'),
        Sample("with_threads", "/api/threads"),
        Sample("default_template", "/api/default_template?name=Ada"),
        Sample("default_template", "/api/default_template", body='{"name": "Grace"}'),
        Sample("default_template", "/api/default_template"),
    ],
    "v1-app": [
        Sample("custom_entry", "/api/custom_entry?user=Ada"),
        Sample("my_first_function", "/api/my_first_function?name=Ada"),
        Sample("my_second_function", "/api/my_second_function?value=4"),
        Sample("read_blob", "/api/items/7%20b", params={"id": "7 b"}, inputs={"obj": "content"}),
        Sample("report"),
        Sample("send_message", "/api/send_message?body=x"),
        Sample("send_message", "/api/send_message"),
    ],
}


@dataclass(frozen=True)
class Result:
    """What came of a call, in whichever way it was made."""

    status: int | None
    body: str
    outputs: dict[str, str]
    logs: list[str]
    error: str


def a_result(response: tuple[int, str] | None, outputs: dict[str, str], logs: Iterable[str], error: str = "") -> Result:
    """Give a result without what is different for each call; a response is not an output here."""
    status, body = (None, "") if response is None else response
    sent = {name: text for name, text in outputs.items() if response is None or name != "$return"}
    return Result(status, body, sent, [IDENTITY.sub("-", line) for line in logs], error)


# --- the three ways ---


def by_client(place: Path, samples: list[Sample]) -> list[Result]:
    """Give what the test client makes of the samples."""
    with load_app(place) as loaded, TestClient(loaded, raise_exceptions=False) as client:
        return [_by_client(client, each) for each in samples]


def _by_client(client: TestClient, sample: Sample) -> Result:
    function = client.host.function(sample.function)
    inputs = {name: incoming_of(_binding(function, name), text) for name, text in sample.inputs.items()}
    response: tuple[int, str] | None = None
    if sample.path:
        method = "GET" if sample.body is None else "POST"
        answer = client.request(method, sample.path, inputs=inputs, body=sample.body or b"")
        assert client.last_run is not None
        run: Run = client.last_run
        response = answer.status_code, answer.get_body().decode()
    else:
        run = client.send(function.get_function_name(), _sent(function, sample), **inputs)
    assert run.function_name == sample.function
    outputs = {name: shown(datum) for name, datum in run.datums.items()}
    error = "" if run.exception is None else f"{type(run.exception).__name__}: {run.exception}"
    return a_result(response, outputs, run.messages, error)


def _binding(function: Function, name: str) -> Any:
    return next(each for each in function.get_bindings() if each.name == name)


def _sent(function: Function, sample: Sample) -> Any:
    trigger = function.get_trigger()
    assert trigger is not None
    return incoming_of(trigger, sample.body or "", sample.metadata)


def by_call(place: Path, samples: list[Sample]) -> list[Result]:
    """Give what `azfunc call` makes of the samples."""
    return [_by_call(place, each) for each in samples]


def _by_call(place: Path, sample: Sample) -> Result:
    arguments = ["call", sample.function, "--app", str(place), "--json"]
    arguments += ["--data", sample.body] if sample.body is not None else []
    pairs = {
        "input": sample.inputs.items(),
        "param": sample.params.items(),
        "query": parse_qsl(urlsplit(sample.path).query),
        "metadata": [(name, json.dumps(value)) for name, value in sample.metadata.items()],
    }
    arguments += [
        part for option, given in pairs.items() for name, value in given for part in (f"--{option}", f"{name}={value}")
    ]
    out, err = io.StringIO(), io.StringIO()
    status = main(arguments, out=out, err=err)
    assert out.getvalue(), err.getvalue()
    data = json.loads(out.getvalue())
    assert data["function"] == sample.function
    assert status == (0 if data["exception"] is None else 1)
    response: tuple[int, str] | None = None
    if sample.path:  # where a function raises, there is no response; the host answers 500
        answer = data["response"] or {"status_code": 500, "body": ""}
        response = answer["status_code"], answer["body"]
    return a_result(response, data["outputs"], data["logs"], data["exception"] or "")


def by_start(place: Path, samples: list[Sample]) -> list[Result]:
    """Give what `azfunc start` makes of the samples.

    A path is asked for as it is, unless there is data of inputs, which only its admin address takes.
    """
    local = LocalApp(place)
    responses = answers(local, *[_request(each) for each in samples])
    calls = list(local.history)[::-1]
    found: list[Result] = []
    for sample, response, call in zip(samples, responses, calls, strict=True):
        assert call.function_name == sample.function
        answer: tuple[int, str] | None = None
        if sample.path and not sample.inputs:
            answer = response.status_code, response.text
        elif sample.path:
            head, _, body = call.outputs.get("$return", "500").partition("\n")
            answer = int(head.split()[0]), body
        error = call.error.splitlines()[-1] if call.error else ""
        found.append(a_result(answer, call.outputs, [line.partition(": ")[2] for line in call.logs], error))
    return found


def _request(sample: Sample) -> tuple[str, str, dict[str, Any]]:
    if sample.path and not sample.inputs:
        content = {} if sample.body is None else {"content": sample.body.encode()}
        return "GET" if sample.body is None else "POST", sample.path, content
    posted: dict[str, Any] = {"inputs": sample.inputs, "metadata": sample.metadata}
    if sample.path:
        posted["request"] = {"path": sample.path, "body": sample.body}
    else:
        posted["input"] = sample.body
    return "POST", f"/admin/functions/{sample.function}", {"json": posted}


# --- tests ---


@pytest.fixture(params=list(SAMPLES))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Copy an example: timers keep their state in the folder of the app."""
    folder: str = request.param
    copy = tmp_path / folder
    shutil.copytree(EXAMPLES / folder, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    return copy


def test_every_function_has_a_sample(place: Path) -> None:
    """No function of the guide is left out."""
    with load_app(place) as loaded:
        names = {each.get_function_name() for each in loaded.functions}

    assert {each.function for each in SAMPLES[place.name]} == names


@pytest.mark.parametrize("way", [by_call, by_start])
def test_results_are_equal(way: Any, place: Path) -> None:
    """Each sample comes to the same as with the test client: response, outputs, log lines and error."""
    samples = SAMPLES[place.name]

    found = way(place, samples)

    for sample, ours, clients in zip(samples, found, by_client(place, samples), strict=True):
        assert ours == clients, sample


def test_results_are_those_of_the_guide(place: Path) -> None:
    """What the three agree on is right."""
    samples = SAMPLES[place.name]
    found = {
        (each.function, each.path): result for each, result in zip(samples, by_client(place, samples), strict=True)
    }

    if place.name == "v1-app":
        assert found["read_blob", "/api/items/7%20b"].body == "7 b has 7 characters"
        assert found["send_message", "/api/send_message?body=x"].outputs == {"msg": '{"id": null, "body": "x"}'}
        assert found["send_message", "/api/send_message"].status == 500
        assert found["send_message", "/api/send_message"].error == "KeyError: 'body'"
    else:
        with_cosmos = found["HttpTriggerWithCosmosDB", "/api/file?body=h%C3%A9+%26+ho"]
        assert with_cosmos.outputs == {"event": "HttpRequest content: hé & ho | CosmosDB ID: 7", "copy": "hé & ho"}
        assert (with_cosmos.status, with_cosmos.body) == (200, "Function executed successfully.")
        assert found["relay", ""].outputs == {"$return": "HELLO"}
        assert found["relay", ""].logs == ["Message a-7, handed out 2 times"]
        assert found["with_threads", "/api/threads"].logs == ["Logging from a background thread"]
