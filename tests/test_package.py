"""What pyproject.toml promises: four dependencies, one version, and a reason beside every exception."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import azfunc

# Checked by name since mypy reads this file for the oldest Python, where tomli stands in.
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads(TEXT)

# A rule code, or a key that switches a check of a type checker off or down.
EXCEPTION = re.compile(
    r'^\s*"(?P<rule>[A-Z]+\d*)",|^\s*(?P<key>(?:report\w+|disable_error_code|disallow_\w+|ignore_\w+|exclude))\s*='
)


def names(requirements: list[str]) -> set[str]:
    """Take the names out of a list of requirements."""
    return {re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def exceptions_without_reason(text: str) -> list[str]:
    """List the lines that make an exception to a rule and do not say why, beside or just above it."""
    found = []
    above = ""
    for line in text.splitlines():
        if EXCEPTION.match(line) and not re.search(r"#.*\w{3}", line) and not above.lstrip().startswith("#"):
            found.append(line.strip())
        above = line
    return found


def test_dependencies_are_the_four() -> None:
    """azfunc needs four packages at run time, from a lower bound on, and nothing else."""
    dependencies = PROJECT["project"]["dependencies"]

    assert names(dependencies) == {"typing-extensions", "multidict", "werkzeug", "python-dateutil"}
    assert [text for text in dependencies if not re.fullmatch(r"[\w-]+>=[\d.]+", text)] == []


def test_version_stands_in_one_place() -> None:
    """The version is written in `_version.py`; the build and the package read it there."""
    assert PROJECT["project"]["dynamic"] == ["version"]
    path = PROJECT["tool"]["hatch"]["version"]["path"]
    assert f'__version__ = "{azfunc.__version__}"' in (ROOT / path).read_text(encoding="utf-8")

    sources = [*(ROOT / "azfunc").rglob("*.py"), ROOT / "pyproject.toml"]
    saying_it = [file for file in sources if f'"{azfunc.__version__}"' in file.read_text(encoding="utf-8")]
    assert saying_it == [ROOT / path]


def test_package_is_marked_as_typed() -> None:
    """Type checkers read the annotations of an installed azfunc."""
    assert (ROOT / "azfunc" / "py.typed").is_file()


def test_every_exception_has_its_reason() -> None:
    """Each ignored rule of ruff, mypy and pyright says why, on its line or the one above."""
    assert exceptions_without_reason(TEXT) == []


@pytest.mark.parametrize("line", ['    "D105",', '"T20",  #', "reportPrivateUsage = false", "ignore_errors = true"])
def test_a_missing_reason_is_seen(line: str) -> None:
    """The check above notices a rule and a switch without words beside them."""
    assert exceptions_without_reason(f"[tool]\n{line}\n") == [line.strip()]


def test_every_exception_of_ruff_is_on_a_line_of_its_own() -> None:
    """No list of ignored rules hides several on one line, where one reason would have to do for all."""
    ruff = PROJECT["tool"]["ruff"]["lint"]
    ignored = [*ruff["ignore"], *(rule for rules in ruff["per-file-ignores"].values() for rule in rules)]
    listed = [match["rule"] for match in map(EXCEPTION.match, TEXT.splitlines()) if match and match["rule"]]

    assert sorted(listed) == sorted(ignored)
