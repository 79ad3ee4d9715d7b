"""The apps of ``examples/`` with the one import or the other: the same functions, the same JSON, the same answers.

Each app is loaded, and each function called, three times in a process of its own: as it is; with
``import azure.functions as func`` on the reference; and so on the stand-in. What goes in is what the host sends, and
what comes out is what the host gets. What the reference lacks stands in `tests.worker.example_calls`, line by line.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from azfunc.compat.migrate import rewrite, rewrite_files
from tests.conftest import reference_is_installed
from tests.test_examples import ALL_EXAMPLES, is_runnable
from tests.worker.example_calls import CALLS, DIFFERENCES, EDITS, MOUNTED, OURS_ALONE, TASK_HUB, for_reference
from tests.worker.task_hub import task_hub

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SETTINGS = {"myAppSetting": "blue", "REPORT_SCHEDULE": "0 0 6 * * 1-5"}
NAMES = [folder.name for folder in ALL_EXAMPLES]
RUNNABLE = [folder.name for folder in ALL_EXAMPLES if is_runnable(folder)]
ON_BOTH = [pytest.param(name, marks=pytest.mark.reference) for name in RUNNABLE if reference_is_installed()]
COMPARED = [each for each in ON_BOTH if each.values[0] not in OURS_ALONE]


@functools.cache
def answers(example: str, library: str, edits: int | None = None) -> dict[str, Any]:
    """Give what an example gives, on ``azfunc``, the ``stand-in`` or ``azure.functions``."""
    with tempfile.TemporaryDirectory() as name, task_hub() as (address, asked):
        folder = Path(name).resolve()
        for source in sources(example):
            target = folder / source.relative_to(ROOT / "examples" / example)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text(encoding="utf-8")
            if library != "azfunc" and source.suffix == ".py":
                text = rewrite(text, "to_reference").text
            target.write_text(for_reference(example, text, edits if library == "azure.functions" else 0))
        calls = folder / "calls.json"
        calls.write_text(json.dumps(CALLS[example]).replace(TASK_HUB, address), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(HERE / "small_worker.py"), library, str(folder), str(calls)],
            capture_output=True,
            encoding="utf-8",
            check=False,
            env={**os.environ, **SETTINGS, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(
            done.stdout.splitlines()[-1].replace(str(folder), "APP").replace(address, TASK_HUB)
        )
        found["asked"] = asked
    return found


def sources(example: str) -> list[Path]:
    """Give the files of an app, without its tests."""
    folder = ROOT / "examples" / example
    below = [*folder.glob("*.py"), *folder.glob("*/*.py"), *folder.glob("*/function.json")]
    return [path for path in below if path.parent.name != "tests"]


def answer(call: dict[str, Any]) -> dict[str, Any]:
    """Give what came of a call, without the lines of a traceback."""
    return {name: value for name, value in call.items() if name != "trace"}


def test_every_example_is_called() -> None:
    """There are calls for each example, and notes on none that is not there."""
    assert set(CALLS) == set(NAMES)
    assert {*EDITS, *OURS_ALONE, *MOUNTED, *(example for example, _ in DIFFERENCES)} <= set(NAMES)
    assert all(function in CALLS[example] for example, function in DIFFERENCES)


@pytest.mark.parametrize("example", RUNNABLE)
def test_every_function_of_the_example_answers(example: str) -> None:
    """Each function is called, and gives what it should: no call fails but those that are made to fail."""
    found = answers(example, "azfunc")
    failing = {
        (name, number): call["raises"]
        for name, calls in found["calls"].items()
        for number, call in enumerate(calls)
        if "raises" in call
    }

    assert "raises" not in found
    assert set(found["calls"]) == set(CALLS[example])
    assert all(found["calls"].values())
    assert failing == {
        "durable": {("start", 1): "ValueError"},
        "guide": {("my_second_function", 1): "ValueError", ("HttpTriggerWithCosmosDB", 1): "KeyError"},
        "v1-app": {("send_message", 1): "KeyError"},
    }.get(example, {})


@pytest.mark.parametrize("example", ON_BOTH)
def test_functions_are_the_same_in_the_same_order(example: str) -> None:
    """With the other import, the app has the functions that it has with azfunc."""
    if example in OURS_ALONE:
        assert OURS_ALONE[example] in answers(example, "azure.functions")["raises"]
        return
    names = list(answers(example, "azfunc")["functions"])

    assert list(answers(example, "azure.functions")["functions"]) == [
        name for name in names if name != MOUNTED.get(example)
    ]


@pytest.mark.parametrize("example", COMPARED)
def test_function_json_is_the_same(example: str) -> None:
    """Each function has the function.json that it has on the reference, to the order of keys, but for fields named."""
    found, expected = answers(example, "azfunc")["functions"], answers(example, "azure.functions")["functions"]

    for name, content in expected.items():
        differing = [DIFFERENCES[example, name].json] if (example, name) in DIFFERENCES else []
        ours, theirs = without(found[name], differing), without(content, differing)
        assert json.dumps(ours) == json.dumps(theirs)
        assert (json.dumps(found[name]) == json.dumps(content)) is not any(differing), "name the field, or do not"


def without(content: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """Give a function.json without some fields of its bindings."""
    bindings = [{key: value for key, value in each.items() if key not in fields} for each in content["bindings"]]
    return {**content, "bindings": bindings}


@pytest.mark.parametrize("example", COMPARED)
def test_answers_are_the_same(example: str) -> None:
    """Each call gives what it gives on the reference: outputs, errors and log lines; what differs is listed."""
    found, expected = answers(example, "azfunc"), answers(example, "azure.functions")

    for name, calls in expected["calls"].items():
        listed = DIFFERENCES[example, name].calls if (example, name) in DIFFERENCES else {}
        assert len(calls) == len(CALLS[example][name])
        for number, (ours, theirs) in enumerate(zip(found["calls"][name], calls, strict=True)):
            assert (answer(ours) == answer(theirs)) is (number not in listed), (name, ours, theirs)
            assert listed.get(number, "") in theirs.get("message", "")
    assert found["asked"] == expected["asked"]


@pytest.mark.parametrize("example", RUNNABLE)
def test_stand_in_gives_the_same(example: str) -> None:
    """The app with the other import, on the stand-in, has the same functions and gives the same answers."""
    found, expected = answers(example, "azfunc"), answers(example, "stand-in")

    assert json.dumps(found["functions"]) == json.dumps(expected["functions"])
    for name, calls in expected["calls"].items():
        assert [answer(each) for each in found["calls"][name]] == [answer(each) for each in calls]
    assert found["asked"] == expected["asked"]


@pytest.mark.parametrize("example", [pytest.param(name, marks=pytest.mark.reference) for name in EDITS if ON_BOTH])
def test_reference_needs_the_changes(example: str) -> None:
    """Each line that is changed for the reference is in the example, and is refused by it as it stands."""
    if example not in RUNNABLE:
        assert not is_runnable(ROOT / "examples" / example)
        return
    text = (ROOT / "examples" / example / "function_app.py").read_text(encoding="utf-8")

    for number, edit in enumerate(EDITS[example]):
        assert edit.old in text
        assert edit.told in answers(example, "azure.functions", number)["raises"]


@pytest.mark.parametrize("example", NAMES)
def test_migrate_goes_both_ways(example: str) -> None:
    """The imports of the app are rewritten to the other name, and back to what they were; what cannot be is told."""
    told: list[str] = []
    for source in [path for path in sources(example) if path.suffix == ".py"]:
        text = source.read_text(encoding="utf-8")
        there = rewrite(text, "to_reference")
        told += [note.text.partition(":")[0] for note in there.notes]
        assert rewrite(there.text).text == text
        assert ("import azfunc" in text) is (there.text != text)

    lacking = {
        "cosmos-change-feed": ["JsonResponse"],
        "custom-binding": [MQTT, "Decorator"],
        "guide": ["TestClient"],
        "typed-api": ["Depends", "Depends", "Call", "Call", "Body", "Body"],
    }
    assert told == lacking.get(example, [])


MQTT = (
    "INTEGER, TEXT_OR_EMPTY, Datum, InConverter, JsonValue, Message, MessageOutConverter, OutputBinding, Trigger, "
    "as_metadata, body_of, plain_text"
)


def test_folder_of_an_app_is_found_to_the_last_file() -> None:
    """`rewrite_files()` looks at the whole app, tests and blueprints included."""
    changed = {change.path.name for change in rewrite_files(ROOT / "examples" / "guide", "to_reference") if change.diff}

    assert changed >= {"function_app.py", "http_blueprint.py", "test_function_app.py", "demo.py"}
