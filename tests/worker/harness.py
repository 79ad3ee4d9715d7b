"""Starting Azure's worker on a folder, for the tests of this package."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
APPS = HERE / "apps"
IMPORT = "import azfunc as func"
PACKAGES = ("azure_functions_runtime", "azure_functions_runtime_v1", "grpc")
STORAGE = "DefaultEndpointsProtocol=https;AccountName=store;AccountKey=a2V5;EndpointSuffix=core.windows.net"

WANTED = {
    "hubs": "each event of a batch has its own metadata, which the reference leaves out",
    "kafka_batch": "the metadata of a batch is read in every form that the host sends, where the reference fails",
    "nothing": "None sends nothing; the reference cannot send it",
    "raw": "a cookie without a domain is sent without one, not with an empty one",
}
"""Function -> why its answer differs from the reference's."""


def needs_the_worker() -> None:
    """Pass over a module of tests where the worker is not installed."""
    if any(importlib.util.find_spec(name) is None for name in PACKAGES):
        pytest.skip("needs the worker's packages, which `nox -s worker` installs", allow_module_level=True)


@functools.cache
def linked() -> Path:
    """Give a folder in which azfunc is, and nothing else."""
    folder = Path(tempfile.mkdtemp())
    (folder / "azfunc").symlink_to(ROOT / "azfunc", target_is_directory=True)
    return folder


def drive(
    folder: Path, mode: str, calls: Any, *, path: str | None = None, packages: str = "", **settings: str
) -> dict[str, Any]:
    """Drive a worker on the folder of an app, in a process of its own, and give its answers.

    Args:
        folder: Folder of the app.
        mode: ``reference``, ``bridge`` or ``stand-in``, as `drive.py` has it.
        calls: Function -> its calls.
        path: Where Python finds packages beside its own; azfunc's alone when left out.
        packages: How the app's own packages come in, as `drive.py` has it.
        **settings: Environment of the process, beside this one's.
    """
    folder = folder.resolve()
    sent = folder / "calls.json"
    sent.write_text(json.dumps(calls), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(HERE / "drive.py"), mode, str(folder), str(sent), packages],
        capture_output=True,
        encoding="utf-8",
        check=False,
        # Not the checkout itself: the worker's protocol stands in a package `tests` too.
        env={**os.environ, "PYTHONPATH": str(linked()) if path is None else path, "Storage": STORAGE, **settings},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1].replace(str(folder), "APP"))
    return found


def copy(app: Path, folder: Path, imported: str) -> None:
    """Copy an app, with the import of its library."""
    for source in app.rglob("*"):
        if source.suffix in (".py", ".json"):
            target = folder / source.relative_to(app)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source.read_text(encoding="utf-8").replace(IMPORT, imported), encoding="utf-8")


def outcome(answer: dict[str, Any]) -> dict[str, Any]:
    """Give an answer without what is never the same: times, and the lines of a traceback."""
    text = re.sub(r'(\\"(?:startTime|duration)\\"): \d+', r"\1: 0", json.dumps(answer))
    answer = json.loads(re.sub(r"took \d\.\d+ s", "took a while", text))
    answer["result"].get("exception", {}).pop("stackTrace", None)
    return answer
