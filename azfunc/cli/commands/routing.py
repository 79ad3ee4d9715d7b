"""routes: Show the HTTP routes of an app, the most specific first.

That is the order in which the host looks for the function of a request: of the routes that match a path, the first
one with its method answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from azfunc._core.routing import parse_route
from azfunc.cli.describing import add_app, route_of, target_of
from azfunc.runtime.loading import load_app
from azfunc.runtime.web import methods_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc._core.function import Function
    from azfunc.cli.terminal import Terminal

NAME = "routes"
EXAMPLES = """
azfunc routes
azfunc routes shop --json
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_app(parser, positional=True)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Show the routes; gives the exit status."""
    with load_app(target_of(arguments)) as loaded:
        prefix = loaded.options.route_prefix
        functions = [function for function in loaded.functions if function.is_http_function()]
        # The reader of routes sorts what is alike by the order of definition, as `sorted` does.
        functions.sort(key=lambda function: parse_route(route_of(function, prefix)).precedence)
        rows = [
            (
                sorted(methods_of(function) or ()),
                f"/{route_of(function, prefix)}",
                function.get_function_name(),
                _level(function),
            )
            for function in functions
        ]
    if arguments.json:
        names = ("methods", "route", "function", "auth_level")
        terminal.data([dict(zip(names, row, strict=True)) for row in rows])
    elif rows:
        terminal.table(
            ["METHODS", "ROUTE", "FUNCTION", "KEY"],
            [[",".join(methods) or "any", route, name, level] for methods, route, name, level in rows],
        )
    else:
        terminal.note("The app has no HTTP functions.")
    return 0


def _level(function: Function) -> str:
    trigger = function.get_trigger()
    return str(trigger.get_dict_repr().get("authLevel", "function") if trigger is not None else "").lower()
