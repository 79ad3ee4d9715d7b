"""The command `azfunc`: shows, checks and calls the functions of an app, and makes new apps.

Every subcommand is a module of `azfunc.cli.commands`. `main` takes its streams as arguments and gives an exit status,
so that a test calls it as it calls any function.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import nullcontext, redirect_stdout
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from azfunc._core.errors import AzfuncError
from azfunc._version import __version__
from azfunc.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from types import ModuleType
    from typing import TextIO

EXIT_INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""
_DESCRIPTION = """\
Write Azure Functions in Python, and list, check, call and test them without any host.

Wherever a command takes an APP, that is the folder of a function app, a Python file, or a module path such as
shop.functions, each also with the name of the app object behind a colon; the current folder when left out.
"""
_EPILOG = "azfunc COMMAND --help tells more of a command."


def main(argv: Sequence[str] | None = None, *, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Run the command.

    Args:
        argv: The arguments; those of the process when left out.
        out: Where the result goes; standard output when left out.
        err: Where messages go; standard error when left out.

    Returns:
        The exit status: 0 when all is well, 1 when something is wrong with the app, 2 for a wrong argument, 130 after
        Ctrl-C.
    """
    terminal = Terminal(out or sys.stdout, err or sys.stderr)
    try:
        arguments = make_parser(terminal).parse_args(argv)
        with _stand_in(wanted=getattr(arguments, "compat", False)), _prints(arguments, terminal):
            status: int = arguments.run(arguments, terminal)
    except _Ended as ended:
        return ended.status
    except KeyboardInterrupt:
        terminal.note("Interrupted.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # whoever read the output has seen enough
        _silence(terminal.out)
        return 0
    except OSError as error:
        if error.filename is None:  # no matter of a path that was given
            raise
        terminal.error(
            f"{error.filename} cannot be used: {error.strerror}.", hint="Give a path that can be read and written."
        )
        return 1
    except AzfuncError as error:
        terminal.error(error.message, hint=error.hint, location=error.location)
        return 1
    return status


def _stand_in(*, wanted: bool) -> AbstractContextManager[Any]:
    """Let azfunc answer as `azure.functions` for a block, if that is wanted."""
    if not wanted:
        return nullcontext()
    from azfunc.compat import installed

    return installed()


def _prints(arguments: argparse.Namespace, terminal: Terminal) -> AbstractContextManager[Any]:
    """Let what the app prints go to standard error for a block: standard output has the result, and nothing else.

    A host that serves has no result, so that prints stay where they are.
    """
    return nullcontext() if arguments.command == "start" else redirect_stdout(terminal.err)


class _Ended(Exception):  # noqa: N818  # no error: `--help` and `--version` end so too
    """The parser has printed what there is to say."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def make_parser(terminal: Terminal) -> argparse.ArgumentParser:
    """Make the parser of the command, with all its subcommands; it prints to a terminal."""

    class Parser(argparse.ArgumentParser):
        """A parser that prints to the given streams, and does not end the process."""

        def _print_message(self, message: str, file: Any = None) -> None:
            (terminal.err if file is sys.stderr else terminal.out).write(message)

        def exit(self, status: int = 0, message: str | None = None) -> Any:
            if message:
                self._print_message(message, sys.stderr)
            raise _Ended(status)

    layout = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog="azfunc", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=layout)
    parser.add_argument(
        "--version",
        action="version",
        version=version_text(),
        help="tell the versions of azfunc, of Python, and of the reference whose behaviour is matched",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True, title="commands")
    for module in command_modules():
        lines = (module.__doc__ or "").strip().splitlines()
        summary = lines[0].partition(": ")[2]
        command = commands.add_parser(
            module.NAME,
            help=summary[:1].lower() + summary[1:].removesuffix("."),
            formatter_class=layout,
            description=summary + "\n" + "\n".join(lines[1:]),
            epilog="examples:\n  " + module.EXAMPLES.strip().replace("\n", "\n  "),
        )
        module.configure(command)
        command.set_defaults(run=module.run, command=module.NAME)
    return parser


def command_modules() -> list[ModuleType]:
    """Give the modules of the subcommands: every module of `azfunc.cli.commands` is one.

    Each has a docstring (first line: name, colon, what it does; the rest: what to know), ``NAME``, ``EXAMPLES``,
    ``configure(parser)`` and ``run(arguments, terminal)``, which gives the exit status.
    """
    package = import_module("azfunc.cli.commands")
    names = sorted(found.name for found in iter_modules(package.__path__))
    modules = [import_module(f"{package.__name__}.{name}") for name in names]
    return sorted(modules, key=lambda module: str(module.NAME))


def version_text() -> str:
    """Give the versions of azfunc, of Python, and of the release of the reference whose behaviour is matched here."""
    python = ".".join(map(str, sys.version_info[:3]))
    reference = "2.3.0" if sys.version_info >= (3, 13) else "1.26.0"
    return f"azfunc {__version__} on Python {python}, matching azure-functions {reference}"


def _silence(stream: TextIO) -> None:
    """Let what is still to be written go nowhere, when Python closes the stream at the end."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # a stream of a test
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
