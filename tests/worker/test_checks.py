"""`azfunc check --target worker` against the worker itself: what one refuses, the other does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from azfunc.runtime.checking import check
from tests.worker.cases import http
from tests.worker.harness import HERE, drive, linked, needs_the_worker

if TYPE_CHECKING:
    from pathlib import Path

needs_the_worker()

HEAD = """import datetime
from typing import Annotated, Any, Dict, List, Optional, Union

import azfunc as func

app = func.FunctionApp()
bp = func.Blueprint()

"""
QUEUE = '@app.queue_trigger("msg", "todo", "Storage")\n'
OUTPUT = '@app.queue_output("out", "done", "Storage")\n'
RETURN = '@app.queue_output("$return", "done", "Storage")\n'
ROUTE = '@app.route("a")\n'
BLOB = '@app.blob_input("blob", "a/b", "Storage")\n'

TAKEN = [
    QUEUE + "def f(msg): ...",
    QUEUE + "def f(msg: func.QueueMessage) -> None: ...",
    QUEUE + "def f(msg: 'func.QueueMessage') -> 'None': ...",
    QUEUE + "def f(msg: str): ...",
    QUEUE + "def f(msg: bytes): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out[str]): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out[bytes]): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out[func.QueueMessage]): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out[List[str]]): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out[dict]): ...",
    QUEUE + OUTPUT + "def f(msg, out): ...",
    QUEUE + RETURN + "def f(msg) -> str: ...",
    QUEUE + RETURN + "def f(msg) -> dict: ...",
    QUEUE + RETURN + "def f(msg) -> func.QueueMessage: ...",
    QUEUE + "def f(msg, context): ...",
    QUEUE + "def f(msg, context: func.Context): ...",
    QUEUE + "async def f(msg: func.QueueMessage): ...",
    ROUTE + "def f(req: func.HttpRequest) -> func.HttpResponse: ...",
    ROUTE + "def f(req: func.HttpRequest) -> func.JsonResponse: ...",
    ROUTE + "def f(req) -> str: ...",
    ROUTE + BLOB + "def f(req, blob: func.InputStream): ...",
    ROUTE + BLOB + "def f(req, blob: bytes): ...",
    ROUTE + "def f(req, number: Annotated[int, func.Depends(int)]) -> str: ...",
    QUEUE + "async def f(msg, number: 'Annotated[int, func.Depends(int)]'): ...",
]
FITTED = [
    QUEUE + "def f(msg: func.QueueMessage | None): ...",
    QUEUE + "def f(msg: Optional[func.QueueMessage]): ...",
    QUEUE + "def f(msg: Union[str, bytes]): ...",
    QUEUE + "def f(msg: Annotated[func.QueueMessage, 'the next one']): ...",
    QUEUE + "def f(msg: Any): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out[str | None]): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out[list[str]]): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out[Any]): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out): ...",
    QUEUE + RETURN + "def f(msg) -> str | None: ...",
    QUEUE + RETURN + "def f(msg) -> List[str]: ...",
    QUEUE + RETURN + "def f(msg) -> 'list[str]': ...",
    QUEUE + RETURN + "def f(msg) -> 'dict[str, Any] | func.QueueMessage': ...",
    QUEUE + "def f(msg, more=1): ...",
    QUEUE + "def f(msg, *more): ...",
    QUEUE + "def f(msg, **more): ...",
    QUEUE + "def f(msg, ctx: func.Context): ...",
    QUEUE + "def f(msg, context: func.Context | None): ...",
    QUEUE + "async def f(msg: 'func.QueueMessage | None'): ...",
    ROUTE + "def f(req: func.HttpRequest | None) -> str: ...",
    ROUTE + "def f(req: func.HttpRequest) -> 'list[str] | func.HttpResponse': ...",
    ROUTE + BLOB + "def f(req, blob: func.InputStream | None): ...",
    "@app.event_hub_message_trigger('e', 'C', 'h')\ndef f(e: list[func.EventHubEvent]): ...",
]
REFUSED = [
    QUEUE + "def f(msg: func.ServiceBusMessage): ...",
    QUEUE + "def f(msg: func.ServiceBusMessage | None): ...",
    QUEUE + OUTPUT + "def f(msg, out: str): ...",
    QUEUE + RETURN + "def f(msg) -> func.Out[str]: ...",
    QUEUE + "def f(msg, context: str): ...",
    QUEUE + "def f(): ...",
]


def refused(folder: Path, definitions: list[str]) -> list[tuple[str, str, list[str]]]:
    """Give each definition, with what the worker says to it and the severities of what the check tells."""
    paths = []
    for number, definition in enumerate(definitions):
        path = folder / str(number) / "function_app.py"
        path.parent.mkdir()
        (path.parent / "host.json").write_text('{"version": "2.0"}', encoding="utf-8")
        path.write_text(f"{HEAD}{definition}\n", encoding="utf-8")
        paths.append(path)
    done = subprocess.run(
        [sys.executable, str(HERE / "load_each.py"), *map(str, paths)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": str(linked())},
    )
    assert done.returncode == 0, done.stderr
    told = [sorted({each.severity for each in check(path.parent, worker=True).problems}) for path in paths]
    return list(zip(definitions, json.loads(done.stdout), told, strict=True))


def test_check_says_nothing_of_what_the_worker_takes(tmp_path: Path) -> None:
    """Each definition is taken by the worker, and the check finds nothing."""
    assert refused(tmp_path, TAKEN) == [(each, "", []) for each in TAKEN]


def test_check_warns_of_what_the_worker_takes_from_azfunc_alone(tmp_path: Path) -> None:
    """Each definition is taken by the worker since azfunc fits it, and the check tells what to write for others."""
    assert refused(tmp_path, FITTED) == [(each, "", ["warning"]) for each in FITTED]


def test_check_says_what_the_worker_says(tmp_path: Path) -> None:
    """Each definition is refused by the worker and by the check alike."""
    for definition, said, told in refused(tmp_path, REFUSED):
        assert said, definition
        assert "error" in told, definition


@pytest.mark.parametrize("kind", ["str", "bytes"])
def test_request_as_text_fails_in_each_call(tmp_path: Path, kind: str) -> None:
    """The worker loads such a function, and fails its calls; the check tells of it before."""
    (tmp_path / "function_app.py").write_text(f"{HEAD}{ROUTE}def f(req: {kind}) -> str: ...\n", encoding="utf-8")
    (tmp_path / "host.json").write_text('{"version": "2.0"}', encoding="utf-8")
    [problem] = check(tmp_path, worker=True).problems

    found = drive(tmp_path, "bridge", {"f": [({"req": http()}, {})]})

    assert (problem.code, problem.severity) == ("worker-request", "error")
    assert found["load"]["f"]["result"] == {"status": "Success"}
    assert "unexpected type of data" in found["calls"]["f"][0]["result"]["exception"]["message"]
