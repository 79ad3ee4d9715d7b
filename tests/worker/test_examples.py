"""The apps of ``examples/`` under Azure's own worker: with the one import and the other, the same answers.

Each is indexed, loaded, and each of its functions called, with ``import azfunc as func`` in both modes, and with
``import azure.functions as func`` on the reference.
"""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from azfunc.compat.migrate import rewrite
from tests.test_examples import ALL_EXAMPLES, is_runnable
from tests.worker.example_calls import CALLS, DIFFERENCES, MOUNTED, OURS_ALONE, TASK_HUB, for_reference
from tests.worker.harness import ROOT, drive, needs_the_worker, outcome
from tests.worker.task_hub import task_hub

needs_the_worker()

SETTINGS = {"myAppSetting": "blue", "REPORT_SCHEDULE": "0 0 6 * * 1-5"}
NAMES = [folder.name for folder in ALL_EXAMPLES]
MODES = ["bridge", "stand-in"]
REFUSED = {
    "event-hub-batch": "Subscripted generics cannot be used with class and instance checks",  # Out[List[Dict[...]]]
    "service-bus-properties": "issubclass() arg 1 must be a class",  # List[ServiceBusMessage]
}
"""Example whose annotations the reference's converters cannot stand, so that the worker does not start."""
COMPARED = [name for name in NAMES if name not in {*OURS_ALONE, *REFUSED}]


@functools.cache
def answers(example: str, mode: str) -> dict[str, Any]:
    """Give the worker's answers for an example; with ``reference``, for the same app with the other import."""
    with tempfile.TemporaryDirectory() as name, task_hub() as (address, asked):
        folder = Path(name).resolve()
        for source in (ROOT / "examples" / example).rglob("*"):
            if source.suffix in (".py", ".json") and not {"tests", ".mypy_cache"} & set(source.parts[-3:]):
                target = folder / source.relative_to(ROOT / "examples" / example)
                target.parent.mkdir(parents=True, exist_ok=True)
                text = source.read_text(encoding="utf-8")
                if mode == "reference" and source.suffix == ".py":
                    text = for_reference(example, rewrite(text, "to_reference").text)
                target.write_text(text, encoding="utf-8")
        calls = json.loads(json.dumps(CALLS[example]).replace(TASK_HUB, address))
        found = drive(folder, mode, calls, **SETTINGS)
        return {**json.loads(json.dumps(found).replace(address, TASK_HUB)), "asked": asked}


def test_every_example_can_be_run() -> None:
    """All that the examples require is installed beside the worker."""
    assert [folder.name for folder in ALL_EXAMPLES if not is_runnable(folder)] == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("example", NAMES)
def test_worker_takes_the_example(example: str, mode: str) -> None:
    """The worker indexes and loads every function, calls it, and none fails that should not."""
    found = answers(example, mode)
    failing = {
        (name, number)
        for name, calls in found["calls"].items()
        for number, call in enumerate(calls)
        if call["result"].get("status") != "Success"
    }

    assert found["init"]["result"] == {"status": "Success"}
    assert {each["result"].get("status") for each in found["load"].values()} == {"Success"}
    assert found["reference"] == ("Facade" if mode == "stand-in" else "module")
    assert set(found["calls"]) == set(CALLS[example])
    assert failing == {
        "durable": {("start", 1)},
        "guide": {("my_second_function", 1), ("HttpTriggerWithCosmosDB", 1)},
        "v1-app": {("send_message", 1)},
    }.get(example, set())


@pytest.mark.parametrize("example", [*OURS_ALONE, *REFUSED])
def test_worker_refuses_some_on_the_reference(example: str) -> None:
    """What is not compared is what the reference cannot do, and it says so."""
    result = answers(example, "reference")["init"]["result"]

    assert {**OURS_ALONE, **REFUSED}[example] in result["exception"]["message"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("example", COMPARED)
def test_host_is_told_of_the_same_functions(example: str, mode: str) -> None:
    """Names, bindings and retries are those of the app on the reference, in its order, but for fields named."""
    found, expected = dict(answers(example, mode)["functions"]), answers(example, "reference")["functions"]
    if example in MOUNTED:
        del found[MOUNTED[example]]

    assert list(found) == list(expected)
    for name, theirs in expected.items():
        field = DIFFERENCES[example, name].json if (example, name) in DIFFERENCES else ""
        assert without(found[name], field) == without(theirs, field)
        assert (found[name] == theirs) is not field


def without(described: dict[str, Any], field: str) -> dict[str, Any]:
    """Give what the host is told, without a field of the bindings, and without what is made of that."""
    bindings = [json.loads(each) for each in described.get("rawBindings", [])]
    kept = [{key: value for key, value in each.items() if key != field} for each in bindings]
    return {**described, "rawBindings": kept}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("example", COMPARED)
def test_host_gets_the_same_answers(example: str, mode: str) -> None:
    """Each call is answered as on the reference: outputs, errors and log lines; what differs is listed."""
    found, expected = answers(example, mode), answers(example, "reference")

    for name, calls in expected["calls"].items():
        listed = DIFFERENCES[example, name].calls if (example, name) in DIFFERENCES else {}
        assert len(calls) == len(CALLS[example][name])
        for number, (ours, theirs) in enumerate(zip(found["calls"][name], calls, strict=True)):
            assert (outcome(ours) == outcome(theirs)) is (number not in listed), (name, ours, theirs)
    assert found["asked"] == expected["asked"]


@pytest.mark.parametrize("example", NAMES)
def test_both_modes_answer_the_same(example: str) -> None:
    """Beside the reference and in its place, the app has the same functions and gives the same answers."""
    found, expected = answers(example, "bridge"), answers(example, "stand-in")

    assert list(found["functions"].values()) == list(expected["functions"].values())
    for name, calls in expected["calls"].items():
        assert [outcome(each) for each in found["calls"][name]] == [outcome(each) for each in calls]
    assert found["asked"] == expected["asked"]
