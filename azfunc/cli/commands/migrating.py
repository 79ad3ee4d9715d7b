"""migrate: Rewrite the imports of an app between azure.functions and azfunc.

Shows what would change, as a diff; nothing is written without --write. Only imports change, and full names below an
``import azure.functions``; what has to be looked at by hand is named with its line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from azfunc._core.failures import LoadingError
from azfunc.compat.migrate import rewrite_files, summary

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc.cli.terminal import Terminal

NAME = "migrate"
EXAMPLES = """
azfunc migrate shop
azfunc migrate shop --write
azfunc migrate shop --back
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("path", metavar="PATH", help="a Python file, or a folder with Python files")
    parser.add_argument("--back", action="store_true", help="from azfunc to azure.functions")
    parser.add_argument("--write", action="store_true", help="change the files")


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Rewrite, or show what would be rewritten; gives the exit status."""
    path = Path(arguments.path)
    if not path.exists():
        raise LoadingError(f"There is no {arguments.path}.", hint="Give a Python file, or a folder with Python files.")
    changes = list(rewrite_files(path, "to_reference" if arguments.back else "to_azfunc"))
    for change in changes:
        if change.before != change.after and arguments.write:
            change.write()
            terminal.line(terminal.relative(str(change.path)))
        elif change.diff:
            terminal.line(terminal.relative(change.diff).rstrip("\n"))
        for note in change.notes:
            terminal.note(terminal.relative(f"{change.path}:{note.line}: {note.text}"), style="")
    terminal.note(summary(changes))
    return 0
