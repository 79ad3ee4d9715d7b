"""The tutorial works as it is written: its files are written, its commands run, and they print what the page says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.test_docs import ROOT, blocks_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.test_docs import Block

TUTORIAL = ROOT / "docs" / "tutorial.md"


TITLE = re.compile(r'title="([^"]+)"')
ABOVE = re.compile(r"<!-- stands above: (.*?) -->")


def write(block: Block, folder: Path) -> None:
    """Write a block to the file of its title, or in place of what that has above the text that a comment names."""
    title, above = TITLE.search(block.info), ABOVE.fullmatch(block.above)
    assert title, f"line {block.line}: the block has no title"
    path = folder / title[1]
    path.parent.mkdir(exist_ok=True)
    text = block.text.rstrip("\n") + "\n"
    if above is not None:
        _, start, rest = path.read_text(encoding="utf-8").partition(above[1])
        assert start, f"line {block.line}: {path.name} has no {above[1]!r}"
        text = f"{text}\n\n{start}{rest}"
    path.write_text(text, encoding="utf-8")


def commands_of(block: Block) -> list[tuple[str, str]]:
    """Give the commands of a block, each with what it prints."""
    parts = re.split(r"^\$ (.*)$", block.text, flags=re.MULTILINE)
    assert not parts[0], f"line {block.line}: the block does not begin with a command"
    return [(command, printed.strip("\n")) for command, printed in zip(parts[1::2], parts[2::2], strict=True)]


def run(command: str, folder: Path) -> str:
    """Run a command as a shell does, with this Python and this azfunc, and give what it prints."""
    words = shlex.split(command)
    if words[0] == "azfunc":
        words = [sys.executable, "-m", *words]
    elif words[0] == "python":
        words[0] = sys.executable
    # A process of its own for each, as for the reader; settings of this machine stay out.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(
        words,
        cwd=folder,
        env={name: value for name, value in environment.items() if not name.startswith(("PYTEST", "AzureWebJobs"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout
    return "\n".join(line.rstrip() for line in result.stdout.strip("\n").splitlines())


def says(expected: str, printed: str) -> bool:
    """Tell whether a command printed what the page says, where ``...`` stands for anything."""
    return re.fullmatch(re.escape(expected).replace(r"\.\.\.", ".*"), printed, re.DOTALL) is not None


def follow(page: Path, folder: Path) -> int:
    """Do what a page says, from top to bottom; give the number of commands that ran."""
    ran = 0
    for block in blocks_of(page.read_text(encoding="utf-8")):
        if block.no_run is not None:
            assert block.no_run, f"line {block.line}: say why the block is not run"
        elif block.language == "console":
            for command, expected in commands_of(block):
                printed = run(command, folder)
                assert says(expected, printed), f"line {block.line}: $ {command}\n{printed}"
                ran += 1
        else:
            write(block, folder)
    return ran


def test_tutorial_works_as_it_is_written(tmp_path: Path) -> None:
    """Every file and every command of the tutorial, in its order, in a new folder."""
    assert follow(TUTORIAL, tmp_path) >= 9


def test_a_command_that_prints_something_else_is_seen(tmp_path: Path) -> None:
    """A page whose command prints something else fails, with what was printed."""
    page = tmp_path / "page.md"
    page.write_text('```python title="a.py"\nprint("one")\n```\n```console\n$ python a.py\ntwo\n```\n')

    with pytest.raises(AssertionError, match=r"line 5: \$ python a\.py\s+one"):
        follow(page, tmp_path)


def test_a_command_that_fails_is_seen(tmp_path: Path) -> None:
    """A command with another exit status than 0 fails the page."""
    page = tmp_path / "page.md"
    page.write_text("```console\n$ python -c 'raise SystemExit(3)'\n```\n")

    with pytest.raises(AssertionError):
        follow(page, tmp_path)
