"""Apps of azfunc under Azure's own worker: what it indexes and answers, beside an app of the reference."""

from __future__ import annotations

import functools
import importlib.metadata
import json
import tempfile
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from azfunc import _catalog
from tests.worker.cases import CALLS, MORE
from tests.worker.harness import APPS, IMPORT, WANTED, copy, drive, needs_the_worker, outcome

MODES = ["bridge", "stand-in"]
MODERN = ["triggers", "services", "asgi", "wsgi", "durable", "clients"]

needs_the_worker()


@functools.cache
def answers(app: str, mode: str) -> dict[str, Any]:
    """Give the worker's answers for an app; with ``reference``, for the same app with the other import."""
    return run(app, mode)


def run(app: str, mode: str, **settings: str) -> dict[str, Any]:
    """Drive a worker, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        copy(APPS / app, Path(folder), "import azure.functions as func" if mode == "reference" else IMPORT)
        return drive(Path(folder), mode, {**CALLS, **MORE.get(app, {})}, **settings)


def value(answer: dict[str, Any], name: str = "") -> Any:
    """Give what a call sent to an output, the return value's when none is named, read from JSON."""
    assert answer["result"].get("status") == "Success", answer["result"]
    data = (
        next(each["data"] for each in answer["outputData"] if each["name"] == name) if name else answer["returnValue"]
    )
    return json.loads(data.get("string") or data["json"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("app", MODERN)
def test_worker_starts_and_finds_the_app(app: str, mode: str) -> None:
    """The worker indexes the app at its start, and it is azfunc's."""
    found = answers(app, mode)

    assert found["init"]["result"] == {"status": "Success"}
    assert found["app"].startswith("azfunc.")
    assert found["reference"] == ("Facade" if mode == "stand-in" else "module")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("app", MODERN)
def test_worker_indexes_the_same_functions(app: str, mode: str) -> None:
    """The host is told of the same functions: names, bindings, retries, in the same order."""
    found, expected = answers(app, mode)["functions"], answers(app, "reference")["functions"]

    assert expected
    assert list(found) == list(expected)
    assert found == expected


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("function", CALLS)
def test_worker_gives_the_same_answers(function: str, mode: str) -> None:
    """A call is answered as by the reference, but for the differences that are wanted."""
    found = [outcome(each) for each in answers("triggers", mode)["calls"][function]]
    expected = [outcome(each) for each in answers("triggers", "reference")["calls"][function]]

    assert len(found) == len(CALLS[function])
    assert (found == expected) is (function not in WANTED)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("app", ["services", "asgi", "wsgi", "durable", "clients"])
def test_worker_gives_the_same_answers_for_other_apps(app: str, mode: str) -> None:
    """The other triggers, frameworks behind the app, and Durable Functions, answer as under the reference."""
    found, expected = answers(app, mode)["calls"], answers(app, "reference")["calls"]

    assert set(expected) == set(MORE[app])
    for function, calls in MORE[app].items():
        assert len(expected[function]) == len(calls)
        same = [outcome(each) for each in found[function]] == [outcome(each) for each in expected[function]]
        assert same is (function not in WANTED), function
        late = function == "schedule"  # the second call is made to fail
        assert all(each["result"].get("status") == "Success" for each in found[function][: 1 if late else None])


@pytest.mark.parametrize("mode", MODES)
def test_triggers_of_azfunc_alone_work_under_the_worker(mode: str) -> None:
    """Services that the reference has no decorators for are indexed, loaded and called all the same."""
    found = answers("added", mode)
    calls = found["calls"]

    assert found["init"]["result"] == {"status": "Success"}
    assert [each["bindings"] for each in found["functions"].values()] == [
        each["bindings"] for each in answers("added", "stand-in")["functions"].values()
    ]
    assert calls["rabbit"][0]["returnValue"] == {"string": "HI"}
    assert calls["redis_list"][0]["returnValue"] == {"string": "count 7"}
    assert calls["redis_channel"][0]["outputData"] == [{"name": "out", "data": {"string": "news"}}]
    assert calls["redis_stream"][0]["outputData"] == [{"name": "out", "data": {"string": "7"}}]
    assert value(calls["signalr"][0], "out") == {"target": "new", "arguments": ["ada", "hi"]}
    assert value(calls["pubsub"][0], "out") == {"actionName": "sendToAll", "data": "hi"}
    assert value(calls["pubsub"][0]) == {"data": "thank you", "dataType": "text"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["now", "soon"])
def test_what_stands_around_a_function_runs_under_the_worker(name: str, mode: str) -> None:
    """Middleware and exception handlers wrap the user function, so that the worker calls them without knowing."""
    whole, missed = answers("around", mode)["calls"][name]

    for answer, status, body in ((whole, "200", name), (missed, "404", "no key")):
        response = answer["returnValue"]["http"]
        assert response["statusCode"] == status
        assert b64decode(response["body"]["bytes"]).decode() == body
        assert response["headers"]["X-Call"] == f"{name} {answer['invocationId']}"


@pytest.mark.parametrize("mode", MODES)
def test_middleware_changes_messages_under_the_worker(mode: str) -> None:
    """What it puts into the arguments the function gets, and what it makes of the result goes to the host."""
    [answer] = answers("around", mode)["calls"]["relay"]

    assert answer["returnValue"] == {"string": "HI!"}
    assert answer["outputData"] == [{"name": "copy", "data": {"string": "HI"}}]


@pytest.mark.parametrize("mode", MODES)
def test_bodies_and_dependencies_are_given_under_the_worker(mode: str) -> None:
    """The worker sees functions without them, and calls those; a request that does not fit is answered with 422."""
    calls = answers("around", mode)["calls"]
    [taken, refused] = [each["returnValue"]["http"] for each in calls["order"]]
    [message, failed] = calls["queued"]

    assert b64decode(taken["body"]["bytes"]).decode() == "1 boxes (order) of tea"
    assert refused["statusCode"] == "422"
    assert json.loads(b64decode(refused["body"]["bytes"]))["problems"][0]["field"] == "item"
    assert message["returnValue"] == {"string": "2 boxes (queued) of tea"}
    assert "BodyError" in failed["result"]["exception"]["message"]
    assert calls["many"][0]["returnValue"] == {"string": "a b"}


@pytest.mark.parametrize("mode", MODES)
def test_every_binding_type_is_called_under_the_worker(mode: str) -> None:
    """The apps of these tests have a function, which is called, for each trigger that azfunc has a decorator for."""
    called = {
        each["type"]
        for app in (*MODERN, "added")
        for name, function in answers(app, mode)["functions"].items()
        for each in map(json.loads, function["rawBindings"])
        if answers(app, mode)["calls"][name]
    }
    triggers = {each for each in _catalog.TYPES if each.endswith("Trigger")}

    assert triggers - called == set()


@pytest.mark.parametrize("mode", MODES)
def test_wanted_differences_are_the_better_answers(mode: str) -> None:
    """What differs from the reference is what should."""
    calls = answers("triggers", mode)["calls"]

    assert value(calls["hubs"][1]) == [["a", 5, "k"], ["b", 6, "l"]]
    [batch] = answers("services", mode)["calls"]["kafka_batch"]
    assert [each[1:] for each in value(batch)] == [[3, "k"], [4, "l"]]
    assert calls["nothing"] == [{"invocationId": "call-0", "result": {"status": "Success"}}]
    assert [each["name"] for each in calls["raw"][0]["returnValue"]["http"]["cookies"]] == ["a"]


@pytest.mark.parametrize("mode", MODES)
def test_older_model_answers_the_same(mode: str) -> None:
    """Functions with a function.json each are loaded by the older worker, and answer as with the reference."""
    found, expected = answers("v1", mode), answers("v1", "reference")

    assert found["load"] == expected["load"]
    assert {each["result"]["status"] for each in found["load"].values()} == {"Success"}
    assert set(found["calls"]) == {"shout", "store"}
    for function, calls in expected["calls"].items():
        assert [outcome(each) for each in found["calls"][function]] == [outcome(each) for each in calls]
        assert all(each["result"].get("status") == "Success" for each in calls)


def test_bridge_takes_parts_that_were_written_for_the_reference() -> None:
    """Annotations, messages, responses and extensions of the reference work in an app of azfunc."""
    calls = answers("mixed", "bridge")["calls"]

    assert json.loads(value(calls["annotated"][0])["body"]) == [True, True, True]
    assert calls["web"][0]["returnValue"]["http"]["body"] == {"bytes": "VHJ1ZSBUcnVl"}  # True True


def test_bridge_makes_the_workers_objects_azfuncs() -> None:
    """Context and out parameters of the worker are instances of azfunc's classes; both share their extensions."""
    [call] = answers("mixed", "bridge")["calls"]["kinds"]

    assert value(call, "out") == [True, True, True, True, ["Hooks", "OwnHooks"], True, '"ADMIN"']


def test_worker_takes_no_unions_of_the_reference() -> None:
    """The worker refuses ``X | None`` at a parameter of an app that is made with the reference."""
    with tempfile.TemporaryDirectory() as folder:
        text = "import azure.functions as func\n\napp = func.FunctionApp()\n\n"
        trigger = '@app.queue_trigger("msg", "todo", "Storage")\n'
        Path(folder, "function_app.py").write_text(f"{text}{trigger}def f(msg: func.QueueMessage | None): ...\n")
        result = drive(Path(folder), "reference", {})["init"]["result"]

    assert "cannot load the f function" in result["exception"]["message"]
    assert "invalid non-type annotation" in result["exception"]["message"]


@pytest.mark.parametrize("mode", MODES)
def test_worker_takes_annotations_of_today_from_azfunc(mode: str) -> None:
    """Functions that it alone would not load get what their annotations say, and know the folder they stand in."""
    found = answers("modern", mode)
    calls = found["calls"]

    assert found["init"]["result"] == {"status": "Success"}
    assert value(calls["relay"][0], "out") == ["QueueMessage", "relay", "3"]
    assert value(calls["relay"][0]) == ["hi"]
    shown = json.loads(b64decode(calls["show"][0]["returnValue"]["http"]["body"]["bytes"]))
    assert shown == {"kind": "SqlRowList", "names": ["tea"], "is_at_home": True}
    assert value(calls["batch"][0]) == ["a", "b"]
    assert calls["all_of"][0]["returnValue"] == {"string": "msg: QueueMessage"}


def test_bridge_says_so_once() -> None:
    """There is one line in the log, with the releases of both libraries."""
    [line] = answers("triggers", "bridge")["bridged"]

    assert "azure_functions_runtime" in line
    assert f"azure.functions {importlib.metadata.version('azure-functions')}." in line
    assert answers("triggers", "stand-in")["bridged"] == []


def test_bridge_loads_only_the_services_in_use() -> None:
    """An app that uses HTTP alone does not pay for the other services."""
    found = answers("asgi", "bridge")["modules"]

    assert "azfunc.bindings.http" in found
    assert not {"azfunc.bindings.queue", "azfunc.bindings.servicebus", "azfunc.bindings.timer"} & set(found)


def test_bridge_can_be_turned_off() -> None:
    """With AZFUNC_BRIDGE=0 the worker does not know azfunc's app."""
    found = run("triggers", "bridge", AZFUNC_BRIDGE="0")

    assert "Could not find top level function app instances" in found["init"]["result"]["exception"]["message"]
    assert found["bridged"] == []
