"""A deployed app: azfunc's wheel in the folder of the app's packages, beside the worker's own library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.worker.cases import CALLS
from tests.worker.test_worker import APPS, HERE, IMPORT, ROOT, answers, copy, outcome

PACKAGES = Path(".python_packages", "lib", "site-packages")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an app as it is deployed: code, host.json, requirements.txt and the packages."""
    folder = tmp_path_factory.mktemp("deployed")
    copy(APPS / "triggers", folder, IMPORT)
    (folder / "host.json").write_text('{"version": "2.0"}')
    (folder / "requirements.txt").write_text("azfunc\n")
    install = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--target", str(folder / PACKAGES), str(ROOT)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True)
    return folder


def drive(folder: Path) -> dict[str, Any]:
    """Drive the worker on the folder, with the app's packages first on the path, as the worker puts them."""
    (folder / "calls.json").write_text(json.dumps(CALLS))
    done = subprocess.run(
        [sys.executable, str(HERE / "drive.py"), "bridge", str(folder), str(folder / "calls.json")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(folder / PACKAGES)},
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1].replace(str(folder), "APP"))
    return found


def test_wheel_has_all_that_the_worker_needs(deployed: Path) -> None:
    """The deployed package is imported from the app's folder, and is whole."""
    assert (deployed / PACKAGES / "azfunc" / "compat" / "bridge.py").exists()

    found = drive(deployed)

    assert found["init"]["result"] == {"status": "Success"}
    assert found["azfunc"] == f"APP/{(PACKAGES / 'azfunc' / '__init__.py').as_posix()}"
    assert len(found["bridged"]) == 1


def test_deployed_app_answers_as_it_does_from_the_checkout(deployed: Path) -> None:
    """Functions and answers are the same as those of the app that imports azfunc from its source."""
    found, expected = drive(deployed), answers("triggers", "bridge")

    assert found["functions"] == expected["functions"]
    for function in CALLS:
        assert [outcome(each) for each in found["calls"][function]] == [
            outcome(each) for each in expected["calls"][function]
        ]
