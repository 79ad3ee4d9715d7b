"""Where a command writes to: plain text, and colour where it is wanted and `rich` is installed."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

_GAP = "  "


class Terminal:
    """The two streams of a command, and how text is shown on them.

    Args:
        out: Where the result goes.
        err: Where messages go.
    """

    out: TextIO
    """Where the result goes."""
    err: TextIO
    """Where messages go."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self.out = out
        self.err = err

    def line(self, text: str = "", style: str = "") -> None:
        """Write a line of the result.

        Args:
            text: The line.
            style: How it looks where there is colour, in the words of `rich`: ``bold red``.
        """
        self._write(self.out, text, style)

    def note(self, text: str, style: str = "dim") -> None:
        """Write a line that is no result: what happened, what to do."""
        self._write(self.err, text, style)

    def error(self, message: str, *, hint: str = "", location: str | None = None) -> None:
        """Write what went wrong, where, and what to do."""
        place = f"{self.relative(location)}: " if location else ""
        self._write(self.err, self.relative(f"{place}error: {message}"), "red")
        if hint:
            self._write(self.err, self.relative(hint), "")

    def data(self, value: Any) -> None:
        """Write a value as JSON."""
        self.line(json.dumps(value, indent=2, default=str))

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write rows in columns, under their names."""
        if has_colour(self.out):
            self._rich_table(headers, rows)
            return
        widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
        for row in (headers, *rows):
            self.line(_GAP.join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())

    @staticmethod
    def relative(text: str) -> str:
        """Shorten the paths in a text that are below the current folder."""
        return text.replace(f"{Path.cwd()}{os.sep}", "")

    def _rich_table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, header_style="bold")
        for index, header in enumerate(headers):
            table.add_column(header, style="cyan" if index == 0 else "", overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        _console(self.out).print(table)

    @staticmethod
    def _write(stream: TextIO, text: str, style: str) -> None:
        if style and has_colour(stream):
            from rich.text import Text

            _console(stream).print(Text(text, style=style))
            return
        try:
            stream.write(f"{text}\n")
        except UnicodeEncodeError as error:  # a terminal that knows few characters
            stream.write(f"{text.encode(error.encoding, 'backslashreplace').decode(error.encoding)}\n")


def has_colour(stream: TextIO) -> bool:
    """Tell whether text on a stream is coloured.

    It is on a terminal, with the package `rich` (``pip install azfunc[cli]``), unless ``NO_COLOR`` is set to anything
    or ``TERM`` is ``dumb``.

    Args:
        stream: The stream.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    return importlib.util.find_spec("rich") is not None


def _console(stream: TextIO) -> Any:
    from rich.console import Console

    return Console(file=stream, highlight=False, soft_wrap=True)
