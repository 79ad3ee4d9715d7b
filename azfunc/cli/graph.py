"""An app as a picture: a graph of triggers, functions and outputs, as Mermaid and as SVG."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from azfunc.cli.describing import OUT, place_of, route_of

if TYPE_CHECKING:
    from azfunc._core.binding import Binding
    from azfunc._core.function import Function
    from azfunc.runtime.loading import LoadedApp

_LETTER = 8.0
_HEIGHT = 34
_GAP = 14
_COLUMN_GAP = 110
_MARGIN = 20
_STYLE = (
    "text{font:13px ui-monospace,monospace;fill:#1f2328}"
    "rect{stroke-width:1.5}"
    ".source{fill:#ddf4ff;stroke:#0969da}"
    ".function{fill:#fff8c5;stroke:#9a6700}"
    ".sink{fill:#dafbe1;stroke:#1a7f37}"
    "path{fill:none;stroke:#57606a;stroke-width:1.5}"
    "path.input{stroke-dasharray:5 4}"
    "marker path{fill:#57606a;stroke:none}"
)

_ARROW_HEAD = (
    '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0L8 4L0 8z"/></marker></defs>'
)


@dataclass
class Node:
    """A box of the picture."""

    key: str
    """Its name in Mermaid."""
    label: str
    """Its text."""
    column: int
    """0 for what functions get, 1 for functions, 2 for what they send to."""
    x: float = 0.0
    """Left edge in the SVG picture."""
    y: float = 0.0
    """Upper edge in the SVG picture."""

    @property
    def width(self) -> float:
        """Width in the SVG picture."""
        return len(self.label) * _LETTER + 24


@dataclass(frozen=True)
class Edge:
    """An arrow of the picture."""

    start: Node
    """Where it begins."""
    end: Node
    """Where it points to."""
    is_input: bool = False
    """Whether it is an input that does not start the function; drawn with dashes."""


@dataclass
class Graph:
    """An app as boxes and arrows."""

    nodes: list[Node] = field(default_factory=list[Node])
    """The boxes."""
    edges: list[Edge] = field(default_factory=list[Edge])
    """The arrows."""

    def column(self, index: int) -> list[Node]:
        """Give the boxes of one column."""
        return [node for node in self.nodes if node.column == index]


def graph_of(loaded: LoadedApp) -> Graph:
    """Make the graph of an app; places that several functions share are one box.

    Args:
        loaded: The app.
    """
    graph = Graph()
    shared: dict[tuple[int, str], Node] = {}

    def node(label: str, column: int) -> Node:
        found = shared.get((column, label))
        if found is None:
            found = Node(f"{'sfo'[column]}{len(graph.column(column)) + 1}", label, column)
            shared[column, label] = found
            graph.nodes.append(found)
        return found

    for function in loaded.functions:
        middle = node(function.get_function_name(), 1)
        trigger = function.get_trigger()
        for binding in function.get_bindings():
            if binding.direction == OUT and binding.type == "http":
                continue
            label = _label(function, binding, loaded.options.route_prefix)
            if binding.direction == OUT:
                graph.edges.append(Edge(middle, node(label, 2)))
            else:
                graph.edges.append(Edge(node(label, 0), middle, is_input=binding is not trigger))
    return graph


def mermaid(graph: Graph) -> str:
    """Write a graph as a Mermaid flowchart.

    Args:
        graph: The graph.
    """
    shapes = (("([", "])"), ("[", "]"), ("[(", ")]"))
    lines = ["flowchart LR"]
    for node in graph.nodes:
        before, after = shapes[node.column]
        text = node.label.replace('"', "#quot;")
        lines.append(f'    {node.key}{before}"{text}"{after}')
    lines += [f"    {edge.start.key} {'-.->' if edge.is_input else '-->'} {edge.end.key}" for edge in graph.edges]
    return "\n".join(lines)


def svg(graph: Graph) -> str:
    """Draw a graph as an SVG picture: three columns, each box at the height of what it is connected with.

    Args:
        graph: The graph.
    """
    width, height = _lay_out(graph)
    size = f'width="{width:.0f}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        "<title>Functions, what starts them, and where they send to</title>",
        f"<style>{_STYLE}</style>",
        _ARROW_HEAD,
        f'<rect {size} fill="#ffffff"/>',
    ]
    parts += [_arrow(edge) for edge in graph.edges]
    parts += [_box(node) for node in graph.nodes]
    return "\n".join([*parts, "</svg>", ""])


def _label(function: Function, binding: Binding, route_prefix: str) -> str:
    if binding is function.get_trigger() and function.is_http_function():
        return f"http /{route_of(function, route_prefix)}"
    kind = binding.type.removesuffix("Trigger")
    return f"{kind} {place_of(binding)}".strip()


def _lay_out(graph: Graph) -> tuple[float, float]:
    """Give every box its place; returns the size of the picture."""
    columns = [graph.column(index) for index in range(3)]
    for row, node in enumerate(columns[1]):
        node.y = _MARGIN + row * (_HEIGHT + _GAP)
    for nodes in (columns[0], columns[2]):
        wanted = {node.key: _mean_height(node, graph) for node in nodes}
        nodes.sort(key=lambda node: wanted[node.key])
        lowest = float(_MARGIN)
        for node in nodes:
            node.y = max(lowest, wanted[node.key])
            lowest = node.y + _HEIGHT + _GAP
    left = float(_MARGIN)
    for nodes in columns:
        widest = max((node.width for node in nodes), default=0.0)
        for node in nodes:
            node.x = left
        left += widest + (_COLUMN_GAP if nodes else 0)
    height = max((node.y + _HEIGHT for node in graph.nodes), default=0.0) + _MARGIN
    return max(left - _COLUMN_GAP + _MARGIN, 2 * _MARGIN), height


def _mean_height(node: Node, graph: Graph) -> float:
    near = [
        edge.end.y if edge.start is node else edge.start.y for edge in graph.edges if node in (edge.start, edge.end)
    ]
    return sum(near) / len(near)


def _arrow(edge: Edge) -> str:
    left, right = edge.start.x + edge.start.width, edge.end.x
    start, end = edge.start.y + _HEIGHT / 2, edge.end.y + _HEIGHT / 2
    bend = (left + right) / 2
    kind = ' class="input"' if edge.is_input else ""
    return (
        f'<path{kind} d="M{left:.1f} {start:.1f}C{bend:.1f} {start:.1f} {bend:.1f} {end:.1f} {right:.1f} {end:.1f}" '
        'marker-end="url(#end)"/>'
    )


def _box(node: Node) -> str:
    kind = ("source", "function", "sink")[node.column]
    radius = 4 if node.column == 1 else _HEIGHT / 2
    return (
        f'<rect class="{kind}" x="{node.x:.1f}" y="{node.y:.1f}" width="{node.width:.1f}" height="{_HEIGHT}" '
        f'rx="{radius}"/>'
        f'<text x="{node.x + 12:.1f}" y="{node.y + _HEIGHT / 2 + 4.5:.1f}">{escape(node.label)}</text>'
    )
