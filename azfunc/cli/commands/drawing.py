"""graph: Draw an app as a picture: what starts its functions, and where they send to.

Mermaid is printed, which many sites and editors show as a picture. With --svg, the picture is drawn into a file that
any browser shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from azfunc.cli.describing import add_app, target_of
from azfunc.cli.graph import graph_of, mermaid, svg
from azfunc.runtime.loading import load_app

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc.cli.terminal import Terminal

NAME = "graph"
EXAMPLES = """
azfunc graph
azfunc graph shop --svg shop.svg
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_app(parser, positional=True)
    parser.add_argument("--svg", metavar="FILE", help="draw an SVG picture into a file")


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Draw the app; gives the exit status."""
    with load_app(target_of(arguments)) as loaded:
        graph = graph_of(loaded)
    if arguments.svg is None:
        terminal.line(mermaid(graph))
        return 0
    Path(arguments.svg).write_text(svg(graph), encoding="utf-8")
    terminal.line(arguments.svg)
    return 0
