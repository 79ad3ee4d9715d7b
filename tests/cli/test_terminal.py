"""The terminal: plain text always, colour only where it is wanted and possible."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import pytest

from azfunc.cli.terminal import Terminal, has_colour

ROWS = [["a", "bb"], ["ccc", ""]]


class Screen(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine says about colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_text_is_plain_where_there_is_no_terminal() -> None:
    """Files and pipes get columns and text, nothing else."""
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(out, err)

    terminal.line("done", "bold green")
    terminal.table(["ONE", "TWO"], ROWS)
    terminal.error("Wrong.", hint="Right it.", location=f"{Path.cwd() / 'app.py'}:3")
    terminal.note("By the way.")
    terminal.data({"a": Path("x")})

    assert out.getvalue() == 'done\nONE  TWO\na    bb\nccc\n{\n  "a": "x"\n}\n'
    assert err.getvalue() == "app.py:3: error: Wrong.\nRight it.\nBy the way.\n"


def test_characters_that_a_terminal_lacks_are_escaped() -> None:
    """What cannot be shown ends no command."""
    raw = io.BytesIO()
    terminal = Terminal(io.TextIOWrapper(raw, encoding="ascii", newline="\n"), io.StringIO())

    terminal.line("gr\u00fcn", "green")
    terminal.out.flush()

    assert raw.getvalue() == b"gr\\xfcn\n"


def test_colour_needs_a_terminal_rich_and_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    """`NO_COLOR`, a dumb terminal, a file, or the lack of the package: plain."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if name == "rich" else None)
    assert has_colour(Screen())
    assert not has_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not has_colour(Screen())
    monkeypatch.setenv("NO_COLOR", "")
    assert has_colour(Screen())
    monkeypatch.setenv("TERM", "dumb")
    assert not has_colour(Screen())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert not has_colour(Screen())


def test_without_rich_a_terminal_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is needed to use the command."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    screen = Screen()
    terminal = Terminal(screen, screen)

    terminal.line("done", "bold")
    terminal.table(["ONE", "TWO"], ROWS)

    assert screen.getvalue() == "done\nONE  TWO\na    bb\nccc\n"


def test_with_rich_a_terminal_gets_colour() -> None:
    """Styles and table heads are escape sequences then; markup in the text is text."""
    pytest.importorskip("rich", reason="rich is not installed; `nox -s tests` installs it")
    screen = Screen()
    terminal = Terminal(screen, screen)

    terminal.line("[red]done[/red]", "bold green")
    terminal.table(["ONE", "TWO"], ROWS)

    shown = screen.getvalue()
    assert "\x1b[1;32m[red]done[/red]\x1b[0m\n" in shown
    assert "ccc" in shown
    assert "\x1b[1m" in shown
