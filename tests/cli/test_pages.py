"""The pages that show the command: each command in them runs, and prints what stands below it."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from azfunc.cli import main
from tests.cli.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [ROOT / "docs" / "cli.md", ROOT / "docs" / "how-to" / "check.md"]
CONSOLE = re.compile(r"^```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r'^```\w+ title="(?P<name>[^"]+)"\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)


def commands_of(page: str) -> list[tuple[str, str]]:
    """Give the commands of a page, each with what is printed below it."""
    found: list[tuple[str, str]] = []
    for block in CONSOLE.finditer(page):
        for part in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def run(command: str) -> str:
    """Run a command of a page; gives what it prints, messages included."""
    name, *arguments = shlex.split(command)
    assert name == "azfunc"
    printed = io.StringIO()
    main(arguments, out=printed, err=printed)
    versions = r"azfunc \S+ on Python \S+, matching azure-functions \S+"
    return re.sub(versions, "azfunc 0.1.0 on Python 3.12.1, matching azure-functions 1.26.0", printed.getvalue())


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with the examples in it, as the current one."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_print_what_the_page_says(page: Path, workspace: Path) -> None:
    """Every command of the page is run, in its order, with the files that the page shows."""
    text = page.read_text("utf-8")
    for shown in FILE.finditer(text):
        file = workspace / shown["name"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(shown["text"], "utf-8")
    commands = commands_of(text)

    assert commands
    for command, output in commands:
        assert run(command) == output, command
    assert [name for name in sys.modules if name == "function_app"] == []


def test_every_command_has_its_place_on_the_page() -> None:
    """docs/cli.md has a heading for each command that can be shown there."""
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    shown = {command.split()[1] for command, _ in commands_of(page)}

    assert {"list", "routes", "check", "call", "json", "graph", "new", "openapi", "--version"} <= shown
    assert set(re.findall(r"^## `azfunc ([a-z]+)", page, re.MULTILINE)) >= shown - {"--version"}
