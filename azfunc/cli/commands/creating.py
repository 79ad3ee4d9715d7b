"""new: Make a new app that works: functions, tests, settings.

The folder gets function_app.py and a blueprint beside it, tests that pass, host.json, local.settings.json (for the
storage emulator), .funcignore, .gitignore and requirements.txt. Nothing that is there already is overwritten.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from azfunc._core.errors import DefinitionError
from azfunc.cli.templates import FILES

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc.cli.terminal import Terminal

NAME = "new"
EXAMPLES = """
azfunc new shop
azfunc new .
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("path", metavar="PATH", help="folder to make")


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Write the files of the app; gives the exit status."""
    root = Path(arguments.path)
    there = [name for name in FILES if (root / name).exists()]
    if there or (root.exists() and not root.is_dir()):
        raise DefinitionError(
            f"{root} has {', '.join(there)} already." if there else f"{root} is a file.",
            hint="Give a folder that is new, or empty.",
            location=str(root),
        )
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        terminal.line(str(path))
    terminal.note("")
    place = "" if root == Path() else f"cd {shlex.quote(str(root))} && "
    terminal.note(f"Next: {place}python -m pytest")
    terminal.note(f"      {place}azfunc list")
    return 0
