"""The layers of the package hold, and the contracts that say so would notice if they did not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("importlinter", reason="import-linter is not installed; `nox -s tests` installs it")

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"


def lint_imports(folder: Path) -> tuple[int, str]:
    """Check the package in a folder against the contracts there, in a process that has no azfunc loaded yet."""
    run = subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return run.returncode, run.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the package and its contracts to where a violation can be planted."""
    shutil.copytree(ROOT / "azfunc", tmp_path / "azfunc", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_are_kept() -> None:
    """The package as it stands keeps every contract."""
    status, report = lint_imports(ROOT)

    assert status == 0, report
    assert "0 broken" in report


def test_the_copy_keeps_them_too(copy: Path) -> None:
    """What the next test finds is the planted line, not the copying."""
    status, report = lint_imports(copy)

    assert status == 0, report


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("_core/errors.py", "import azfunc.app", "Layers point downwards"),
        ("_core/errors.py", "def late():\n    import azfunc.bindings.queue", "Layers point downwards"),
        ("bindings/queue.py", "import azfunc.bindings.blob", "Bindings know nothing of each other"),
        ("app.py", "import werkzeug.datastructures", "One door per dependency: werkzeug and multidict"),
        ("bindings/timer.py", "import multidict", "One door per dependency: werkzeug and multidict"),
        ("bindings/timer.py", "import dateutil.parser", "One door per dependency: dateutil"),
    ],
    ids=["core-to-app", "core-to-binding-inside-a-function", "sideways", "werkzeug", "multidict", "dateutil"],
)
def test_a_planted_violation_is_caught(copy: Path, module: str, line: str, contract: str) -> None:
    """An import that points up, sideways or through a wall breaks the contract that forbids it."""
    with (copy / "azfunc" / module).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")

    status, report = lint_imports(copy)

    assert status == 1, report
    assert f"{contract} BROKEN" in report


def test_an_import_for_type_checkers_is_allowed(copy: Path) -> None:
    """What only type checkers read binds nothing at run time, so the contracts let it pass."""
    with (copy / "azfunc" / "_core" / "errors.py").open("a", encoding="utf-8") as source:
        source.write("\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    import azfunc.app\n")

    status, report = lint_imports(copy)

    assert status == 0, report
