"""The guide's samples give the same results through `TestClient` and through `azfunc start`."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from azfunc.cli import main
from azfunc.runtime.loading import load_app
from azfunc.start import LocalApp
from azfunc.start.calls import shown
from azfunc.start.payloads import incoming_of
from azfunc.testing import TestClient
from tests.start.support import answers

if TYPE_CHECKING:
    from azfunc._core.function import Function

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

# Folder -> requests, and functions with the text that is posted for their trigger and other inputs.
REQUESTS = {
    "guide": [
        "/api/hello?value=4",
        "/api/default_template?name=Ada",
        "/api/threads",
        "/api/hello?value=x",
        "/api/none",
    ],
    "v1-app": ["/api/my_first_function?value=4", "/api/my_second_function?value=4", "/api/send_message?body=x"],
}
POSTED: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "guide": {
        "relay": ("hello", {}),
        "on_order": ("order 7", {}),
        "count_events": ('["a", "bc"]', {}),
        "TimerTriggerWithBlob": ("", {"client": "content"}),
    },
    "v1-app": {"report": ("", {}), "read_blob": ("", {"obj": "content"})},
}


def results_of_client(place: Path) -> list[Any]:
    """Give what the test client makes of the requests and texts."""
    folder, found = place.name, list[Any]()
    with load_app(place) as loaded, TestClient(loaded, raise_exceptions=False) as client:
        for path in REQUESTS[folder]:
            response = client.get(path)
            found.append((response.status_code, response.get_body()))
        for name, (text, others) in POSTED[folder].items():
            function = client.host.function(name)
            inputs = {key: incoming_of(_binding(function, key), value) for key, value in others.items()}
            run = client.send(name, incoming_of(_binding(function, None), text), **inputs)
            found.append((run.succeeded, {key: shown(datum) for key, datum in run.datums.items()}, len(run.logs)))
    return found


def _binding(function: Function, name: str | None) -> Any:
    if name is None:
        return function.get_trigger()
    return next(each for each in function.get_bindings() if each.name == name)


def results_of_start(place: Path) -> list[Any]:
    """Give what `azfunc start` makes of the same."""
    folder = place.name
    local = LocalApp(place)
    gets = [("GET", path) for path in REQUESTS[folder]]
    posts = [
        ("POST", f"/admin/functions/{name}", {"content": json.dumps({"input": text, "inputs": others}).encode()})
        for name, (text, others) in POSTED[folder].items()
    ]
    responses = answers(local, *gets, *posts)
    found: list[Any] = [(each.status_code, each.content) for each in responses[: len(gets)]]
    for response in responses[len(gets) :]:
        call = local.history.find(response.headers["x-azfunc-invocation-id"])
        assert call is not None
        found.append((call.outcome == "succeeded", call.outputs, len(call.logs)))
    return found


def results_of_call(place: Path) -> list[Any]:
    """Give what `azfunc call` makes of the posted texts."""
    found: list[Any] = []
    for name, (text, others) in POSTED[place.name].items():
        arguments = ["call", name, "--app", str(place), "--json", *(["--data", text] if text else [])]
        arguments += [part for key, value in others.items() for part in ("--input", f"{key}={value}")]
        if name == "read_blob":
            continue  # its request has a route parameter there, and none in a post
        out = io.StringIO()
        status = main(arguments, out=out, err=io.StringIO())
        data = json.loads(out.getvalue())
        found.append((status == 0, data["outputs"], len(data["logs"])))
    return found


@pytest.mark.parametrize("folder", list(REQUESTS))
def test_results_are_equal(folder: str, tmp_path: Path) -> None:
    """Each request and each posted input comes to the same, with the same number of log lines."""
    # A copy: timers keep their state in the folder of the app.
    place = tmp_path / folder
    shutil.copytree(EXAMPLES / folder, place, ignore=shutil.ignore_patterns(".*", "__pycache__"))

    by_start = results_of_start(place)

    assert by_start == results_of_client(place)
    posted = dict(zip(POSTED[folder], by_start[len(REQUESTS[folder]) :], strict=True))
    assert results_of_call(place) == [found for name, found in posted.items() if name != "read_blob"]
    assert by_start[0][0] == 200
    assert len(by_start) == len(REQUESTS[folder]) + len(POSTED[folder])
