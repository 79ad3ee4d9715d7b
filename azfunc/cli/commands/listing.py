"""list: Show the functions of an app, with what starts them and what they send.

Functions are shown in the order in which they are defined. Of an HTTP function the methods are shown, if it does not
answer all of them, and the route with the prefix of host.json; its response is not listed among the outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from azfunc.cli.describing import add_app, binding_text, bindings_of, described, source_of, target_of
from azfunc.runtime.loading import load_app

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc.cli.terminal import Terminal

NAME = "list"
EXAMPLES = """
azfunc list
azfunc list shop
azfunc list --json | jq '.[].name'
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_app(parser, positional=True)
    parser.add_argument("--json", action="store_true", help="print JSON: all bindings, file and line of each function")


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Show the functions; gives the exit status."""
    with load_app(target_of(arguments)) as loaded:
        if arguments.json:
            terminal.data([described(function, loaded) for function in loaded.functions])
            return 0
        rows: list[list[str]] = []
        for function in loaded.functions:
            trigger = function.get_trigger()
            name = function.get_function_name()
            rows.append(
                [
                    f"{name} (disabled)" if name in loaded.disabled else name,
                    trigger.type if trigger is not None else "",
                    source_of(function, loaded.options.route_prefix),
                    ", ".join(
                        binding_text(each) for each in bindings_of(function, outputs=True) if each.type != "http"
                    ),
                ]
            )
    if rows:
        terminal.table(["FUNCTION", "TRIGGER", "SOURCE", "OUTPUTS"], rows)
    else:
        terminal.note("The app has no functions.")
    return 0
