"""completion: Print the completion of commands and options for a shell.

Needs the package shtab: pip install azfunc[cli].
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from azfunc._core.failures import MissingPackageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc.cli.terminal import Terminal

NAME = "completion"
EXAMPLES = """
azfunc completion bash > ~/.local/share/bash-completion/completions/azfunc
azfunc completion zsh > ~/.zfunc/_azfunc
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("shell", choices=["bash", "zsh", "tcsh"], help="shell")


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Print the completion; gives the exit status."""
    from azfunc.cli import make_parser

    try:
        shtab = import_module("shtab")
    except ImportError as error:
        raise MissingPackageError(
            "The completion of shells needs the package shtab.", hint="Install it: pip install azfunc[cli]."
        ) from error
    terminal.line(shtab.complete(make_parser(terminal), shell=arguments.shell))
    return 0
