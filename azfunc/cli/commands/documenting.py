"""openapi: Print the OpenAPI document of an app.

It has the HTTP functions with the prefix of host.json, without those that are disabled and those that hand their
requests to a web framework.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from azfunc.cli.describing import add_app, target_of
from azfunc.openapi import document_of
from azfunc.runtime.loading import load_app

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc.cli.terminal import Terminal

NAME = "openapi"
EXAMPLES = """
azfunc openapi
azfunc openapi shop --title Shop --version 2.1.0
azfunc openapi shop --output openapi.json
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_app(parser, positional=True)
    parser.add_argument("--title", help="name of the API (default: the name of the folder)")
    parser.add_argument("--version", default="1.0.0", help="version of the API (default: 1.0.0)")
    parser.add_argument("--output", metavar="FILE", help="write the document into a file")


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Print or write the document; gives the exit status."""
    with load_app(target_of(arguments)) as loaded:
        document = document_of(
            [function for function in loaded.functions if function.get_function_name() not in loaded.disabled],
            title=arguments.title or (loaded.folder.resolve().name if loaded.folder is not None else None),
            version=arguments.version,
            route_prefix=loaded.options.route_prefix,
        )
    if arguments.output is None:
        terminal.data(document)
        return 0
    Path(arguments.output).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    terminal.line(arguments.output)
    return 0
