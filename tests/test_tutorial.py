"""The tutorial works as it is written: its files are written, its commands run, and they print what the page says."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.test_docs import ROOT, blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.test_docs import Block

TUTORIAL = ROOT / "docs" / "tutorial.md"


TITLE = re.compile(r'title="([^"]+)"')
ABOVE = re.compile(r"<!-- stands above: (.*?) -->")
STAYS = "<!-- runs until the end of the page -->"
PORT = "7071"


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


def started(command: str, folder: Path) -> subprocess.Popen[str]:
    """Start a command as a shell does, with this Python and this azfunc."""
    words = shlex.split(command)
    if words[0] == "azfunc":
        words = [sys.executable, "-m", *words]
    elif words[0] == "python":
        words[0] = sys.executable
    elif words[0] == "curl":
        words = [sys.executable, "-c", f"import urllib.request as r; print(r.urlopen({words[1]!r}).read().decode())"]
    # A process of its own for each, as for the reader; settings of this machine stay out.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        words,
        cwd=folder,
        env={name: value for name, value in environment.items() if not name.startswith(("PYTEST", "AzureWebJobs"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def run(command: str, folder: Path) -> str:
    """Run a command to its end, and give what it prints."""
    with started(command, folder) as process:
        printed, _ = process.communicate()
    assert process.returncode == 0, printed
    return "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())


@contextmanager
def running(command: str, folder: Path, port: str) -> Iterator[None]:
    """Let a server run that is ended as a reader ends it, with Ctrl-C; it is on a port of its own, as others test too.

    Where the server says that it listens, its output goes on being read, so that it never waits for a reader.
    """
    with started(f"{command} --port {port}", folder) as server:
        assert server.stdout is not None
        said = ""
        while port not in said:
            line = server.stdout.readline()
            assert line, said
            said += line
        reader = Thread(target=server.stdout.read)
        reader.start()
        try:
            yield
        finally:
            server.send_signal(signal.SIGINT)
            reader.join()
    assert server.returncode in (0, 130), said


def says(expected: str, printed: str) -> bool:
    """Tell whether a command printed what the page says, where ``...`` stands for anything."""
    return re.fullmatch(re.escape(expected).replace(r"\.\.\.", ".*"), printed, re.DOTALL) is not None


def follow(page: Path, folder: Path) -> int:
    """Do what a page says, from top to bottom; give the number of commands that ran."""
    ran = 0
    port = free_port()
    with ExitStack() as servers:
        for block in blocks_of(page.read_text(encoding="utf-8")):
            if block.no_run is not None:
                assert block.no_run, f"line {block.line}: say why the block is not run"
            elif block.language == "console":
                for command, expected in commands_of(block):
                    ran += 1
                    if block.above == STAYS:
                        servers.enter_context(running(command, folder, port))
                        continue
                    printed = run(command.replace(PORT, port), folder)
                    assert says(expected, printed), f"line {block.line}: $ {command}\n{printed}"
            else:
                write(block, folder)
    return ran


def free_port() -> str:
    """Give a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def test_tutorial_works_as_it_is_written(tmp_path: Path) -> None:
    """Every file and every command of the tutorial, in its order, in a new folder."""
    assert follow(TUTORIAL, tmp_path) >= 11


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
