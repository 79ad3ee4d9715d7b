"""Every example is a whole app: its tests pass in its own folder, as they would for the user who copies it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALL_EXAMPLES = sorted(path.parent for path in ROOT.glob("examples/*/host.json"))


def is_runnable(folder: Path) -> bool:
    """Tell whether what an example requires is installed; `nox -s compat` installs it all."""
    required = (folder / "requirements.txt").read_text(encoding="utf-8").split()
    try:
        for name in set(required) - {"azfunc"}:
            importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


EXAMPLES = [folder for folder in ALL_EXAMPLES if is_runnable(folder)]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder; a process for each example, since they all have a module `function_app`."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def name_of(folder: Path) -> str:
    """Name an example by its folder."""
    return folder.name


def test_there_are_examples() -> None:
    """The tests below have something to run."""
    assert "guide" in map(name_of, EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_example_passes_its_tests(example: Path) -> None:
    """The example has tests, and they pass."""
    result = run(example, "-m", "pytest", "tests", "-p", "no:cacheprovider")

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("example", [each for each in EXAMPLES if (each / "demo.py").exists()], ids=name_of)
def test_demonstration_runs(example: Path) -> None:
    """The example's demonstration runs to its end, from any folder, and prints what came out."""
    result = run(example.parent, str(example / "demo.py"))

    assert result.returncode == 0, result.stdout
    assert result.stdout.strip()


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_azure_takes_the_example(example: Path) -> None:
    """Nothing in the example is of the kind that Azure's worker refuses."""
    result = run(example, "-m", "azfunc", "check", "--target", "worker", "--json")

    problems = json.loads(result.stdout)["problems"]
    refused = [each for each in problems if each["code"].startswith("worker") and each["severity"] == "error"]
    assert refused == []
