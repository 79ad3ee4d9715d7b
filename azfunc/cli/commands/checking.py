"""check: Find everything that is wrong with an app, before Azure does.

The app is imported as the host does it. Each problem is a line, file:line: error: text [code], as editors and CI
systems take it. The exit status is 1 if there is an error, and 0 if there are only warnings, or nothing.

A missing app setting is a warning, since Azure may have it; with --settings it is an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import azfunc
from azfunc._version import __version__
from azfunc.cli.describing import add_app, target_of
from azfunc.runtime.checking import check
from azfunc.runtime.naming import named
from azfunc.runtime.settings_files import read_json

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc.cli.terminal import Terminal
    from azfunc.runtime.checking import Report

NAME = "check"
EXAMPLES = """
azfunc check
azfunc check shop --target worker
azfunc check --settings azure.json --json
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_app(parser, positional=True)
    parser.add_argument(
        "--target",
        choices=["worker"],
        help="worker: list what today's worker of Azure refuses too, with what to write instead",
    )
    parser.add_argument(
        "--settings", metavar="FILE", help="JSON object with all app settings that the app has in Azure"
    )
    parser.add_argument("--json", action="store_true", help="print JSON: the problems, and all functions")


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Check the app; gives 1 as exit status if there is an error."""
    settings = None
    if arguments.settings is not None:
        settings = {name: str(value) for name, value in read_json(Path(arguments.settings))[0].items()}
    report = check(target_of(arguments), worker=arguments.target == "worker", settings=settings)
    if arguments.json:
        terminal.data(
            {
                "problems": [problem.to_dict() for problem in report.problems],
                "functions": list(report.functions),
                "good": list(report.good),
                "azfunc": {"version": __version__, "file": azfunc.__file__},
            }
        )
    else:
        _show(report, terminal)
    return 0 if report.succeeded else 1


def _show(report: Report, terminal: Terminal) -> None:
    for problem in report.problems:
        terminal.line(terminal.relative(str(problem)), "red" if problem.is_error else "yellow")
    count = f"{_amount(len(report.errors), 'error')}, {_amount(len(report.warnings), 'warning')}."
    terminal.line(
        f"{count} Without error: {named(report.good, nothing='no function')}.",
        "bold" if report.problems else "bold green",
    )


def _amount(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
