"""The worker that speaks gRPC itself, over gRPC: the functions of the apps, in both modes, beside the reference.

`nox -s worker_grpc` installs the release that the package index has, and the old protobuf that it needs.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from azfunc.runtime.loading import load_app
from tests.worker.cases import CALLS, MORE
from tests.worker.grpc_host import GrpcHost
from tests.worker.harness import HERE, IMPORT, WANTED, copy, linked, outcome

if importlib.util.find_spec("azure_functions_worker") is None:
    pytest.skip("needs azure-functions-worker, which `nox -s worker_grpc` installs", allow_module_level=True)

MODES = ["bridge", "stand-in"]
LISTED = """
import function_app

FUNCTIONS = {each.get_function_name(): each.get_user_function() for each in function_app.app.get_functions()}
"""
"""Module of the app's functions; the reference tells of them once."""
ENTRY = "from user_functions import FUNCTIONS\n\nmain = FUNCTIONS[{name!r}]\n"
OLDER = {
    "hello": "'TraceContext' object has no attribute 'trace_parent'",
    "kinds": "'Context' object has no attribute 'thread_local_storage'",
    "dapr_service": "without a $return binding returned a non-None value",
    "skill": "without a $return binding returned a non-None value",
    "pubsub": "without a $return binding returned a non-None value",
    "nothing": "",  # it cannot send nothing, whoever encodes it
}
"""Function -> what this release of the worker does not know yet, whichever library the app is made with."""
UNSENT = {"raw"}
"""Function whose difference is in the cookies, which this release does not send."""
APPS = {"triggers": CALLS, "services": MORE["services"], "added": MORE["added"], "v1": MORE["v1"]}


@functools.cache
def answers(app: str, mode: str) -> dict[str, Any]:
    """Give what the worker answers to the load and to the calls of each function of an app."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        copy(HERE / "apps" / app, folder, "import azure.functions as func" if mode == "reference" else IMPORT)
        if (folder / "function_app.py").exists():
            write_folders(HERE / "apps" / app, folder)
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(linked()), str(folder)])}
        found: dict[str, Any] = {"load": {}, "calls": {}}
        with GrpcHost(folder, mode, env) as host:
            for path in sorted(folder.rglob("function.json")):
                function = path.parent.name
                found["load"][function] = host.load(path)
                found["calls"][function] = [host.call(function, *each) for each in APPS[app].get(function, [])]
        return {**json.loads(json.dumps(found).replace(str(folder), "APP")), "logs": host.logs}


def write_folders(app: Path, folder: Path) -> None:
    """Write the functions of an app as the older model has them: a folder with a function.json each."""
    (folder / "user_functions.py").write_text(LISTED, encoding="utf-8")
    with load_app(app) as loaded:
        for each in loaded.functions:
            content = json.loads(each.get_function_json())
            below = folder / "functions" / each.get_function_name()  # not where a name could hide a module
            below.mkdir(parents=True)
            (below / "function.json").write_text(json.dumps(content), encoding="utf-8")
            (below / "__init__.py").write_text(ENTRY.format(name=each.get_function_name()), encoding="utf-8")


@pytest.mark.parametrize("mode", ["reference", *MODES])
@pytest.mark.parametrize("app", ["triggers", "services", "v1"])
def test_worker_loads_every_function(app: str, mode: str) -> None:
    """The worker takes the annotations of every function, whichever library they are of."""
    loaded = answers(app, mode)["load"]

    assert {name: each["result"].get("exception") for name, each in loaded.items()} == dict.fromkeys(loaded)
    assert set(loaded) == set(APPS[app])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("app", "function"), [(app, name) for app in ("triggers", "services", "v1") for name in APPS[app]]
)
def test_worker_gives_the_same_answers(app: str, function: str, mode: str) -> None:
    """A call is answered as on the reference, but for the differences that are wanted."""
    found = [outcome(each) for each in answers(app, mode)["calls"][function]]
    expected = [outcome(each) for each in answers(app, "reference")["calls"][function]]

    assert len(found) == len(APPS[app][function])
    assert (found == expected) is (function not in {*WANTED} - UNSENT), (found, expected)
    if function in OLDER:
        assert OLDER[function] in found[0]["result"]["exception"]["message"]
    elif function not in ("fails", "word", "schedule"):  # a call of theirs is made to fail
        assert [each["result"].get("status") for each in found] == ["Success"] * len(found)


@pytest.mark.parametrize("mode", MODES)
def test_triggers_of_azfunc_alone_work(mode: str) -> None:
    """Services that the reference has no decorators for are loaded and called all the same."""
    found = answers("added", mode)

    assert {each["result"].get("status") for each in found["load"].values()} == {"Success"}
    assert set(found["load"]) == set(APPS["added"])
    failed = {name for name, [call] in found["calls"].items() if call["result"].get("status") != "Success"}
    assert failed == {"pubsub"}
    assert OLDER["pubsub"] in found["calls"]["pubsub"][0]["result"]["exception"]["message"]
    assert found["calls"]["redis_list"][0]["returnValue"] == {"string": "count 7"}


def test_bridge_is_there_before_the_worker_asks() -> None:
    """This worker imports the reference after the app; azfunc does so before, and takes the app's messages."""
    [call] = answers("triggers", "bridge")["calls"]["nothing"]

    # The converter that answers is azfunc's, which has a Datum for nothing; the worker has none.
    assert call["result"]["exception"]["message"] == "NotImplementedError: unexpected Datum type: None"
