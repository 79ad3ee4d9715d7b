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
REFUSED = [
    QUEUE + "def f(msg: func.QueueMessage | None): ...",
    QUEUE + "def f(msg: Optional[func.QueueMessage]): ...",
    QUEUE + "def f(msg: Union[str, bytes]): ...",
    QUEUE + "def f(msg: func.ServiceBusMessage): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out[str | None]): ...",
    QUEUE + OUTPUT + "def f(msg, out: func.Out): ...",
    QUEUE + OUTPUT + "def f(msg, out: str): ...",
    QUEUE + RETURN + "def f(msg) -> str | None: ...",
    QUEUE + RETURN + "def f(msg) -> List[str]: ...",
    QUEUE + RETURN + "def f(msg) -> list[str]: ...",
    QUEUE + RETURN + "def f(msg) -> func.Out[str]: ...",
    QUEUE + "def f(msg, more=1): ...",
    QUEUE + "def f(msg, *more): ...",
    QUEUE + "def f(msg, **more): ...",
    QUEUE + "def f(msg, ctx: func.Context): ...",
    QUEUE + "def f(msg, context: str): ...",
    QUEUE + "def f(): ...",
    ROUTE + "def f(req: func.HttpRequest | None) -> str: ...",
    ROUTE + BLOB + "def f(req, blob: func.InputStream | None): ...",
]


def refused(folder: Path, definitions: list[str]) -> list[tuple[str, bool, bool]]:
    """Give each definition, with whether the worker refuses it and whether the check tells of an error."""
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
    told = [any(each.severity == "error" for each in check(path.parent, worker=True).problems) for path in paths]
    return list(zip(definitions, map(bool, json.loads(done.stdout)), told, strict=True))


@pytest.mark.parametrize(("definitions", "expected"), [(TAKEN, False), (REFUSED, True)], ids=["taken", "refused"])
def test_check_says_what_the_worker_says(tmp_path: Path, definitions: list[str], *, expected: bool) -> None:
    """Each definition is taken, or refused, by the worker and by the check alike."""
    assert refused(tmp_path, definitions) == [(each, expected, expected) for each in definitions]


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
