"""Many routes, and the most specific one for a path."""

from __future__ import annotations

from azfunc._core.routing.parser import parse_route
from azfunc._core.routing.template import cut_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Generic, TypeAlias, TypeVar

    from azfunc._core.routing.template import RouteTemplate

    T = TypeVar("T")

    class _Of(Generic[T]):
        """Makes a class generic for type checkers."""

    Entry: TypeAlias = tuple[tuple[tuple[int, ...], int], RouteTemplate, frozenset[str] | None, T]
else:

    class _Of:
        # typing costs more to import than this module; only type checkers need the parameter.
        __slots__ = ()

        def __class_getitem__(cls, _item: object) -> type:
            return cls


class RouteMatch(_Of["T"]):
    """The route that a path and a method lead to.

    Args:
        value: What was added to the table with the route.
        params: Values of the route's parameters, by name.
        template: The template that matched.
    """

    __slots__ = ("params", "template", "value")

    value: T
    """What was added to the table with the route."""
    params: dict[str, str]
    """Values of the route's parameters, by name."""
    template: RouteTemplate
    """The template that matched."""

    def __init__(self, value: T, params: dict[str, str], template: RouteTemplate) -> None:
        self.value = value
        self.params = params
        self.template = template

    def __repr__(self) -> str:
        return f"RouteMatch({self.value!r}, {self.params!r}, {self.template!r})"


class RouteTable(_Of["T"]):
    """Many routes, of which `find` gives the most specific one for a path and a method.

    Routes stand in a tree by their literal segments, so that a search looks only at those that can match.

    Example:
        >>> table = RouteTable[str]()
        >>> table.add("items/{id:int}", frozenset({"GET"}), "one item")
        >>> table.find("/items/7", "get").value
        'one item'
    """

    __slots__ = ("_root", "_size")

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        self._size = 0

    def add(self, template: str | RouteTemplate, methods: frozenset[str] | None, value: T) -> None:
        """Add a route.

        Args:
            template: The template, as text or read already.
            methods: HTTP methods that it answers, in any letter case; all when None.
            value: What `find` gives for it.

        Raises:
            DefinitionError: The template is wrong.
        """
        route = parse_route(template) if isinstance(template, str) else template
        upper = None if methods is None else frozenset(method.upper() for method in methods)
        self._root.insert(route, ((route.precedence, self._size), route, upper, value))
        self._size += 1

    def find(self, path: str, method: str) -> RouteMatch[T] | None:
        """Give the most specific route for a path and a method; of equal ones the one that was added first.

        Args:
            path: The path as the URL has it, percent-encoded, without the query.
            method: The HTTP method, in any letter case.

        Returns:
            The match, or None. `allowed_methods` then tells a wrong method from an unknown path.
        """
        wanted = method.upper()
        for route, methods, value, params in self._matches(path):
            if methods is None or wanted in methods:
                return RouteMatch(value, params, route)
        return None

    def allowed_methods(self, path: str) -> frozenset[str] | None:
        """Give the methods that a path answers: none at all if it has no route, None if it answers every method.

        Args:
            path: The path as the URL has it, percent-encoded, without the query.
        """
        allowed: frozenset[str] = frozenset()
        for _route, methods, _value, _params in self._matches(path):
            if methods is None:
                return None
            allowed |= methods
        return allowed

    def __len__(self) -> int:
        return self._size

    def _matches(self, path: str) -> Iterator[tuple[RouteTemplate, frozenset[str] | None, T, dict[str, str]]]:
        pieces, tail = cut_path(path)
        for _key, route, methods, value in sorted(self._root.candidates(pieces), key=_entry_key):
            params = route.match_pieces(pieces, tail)
            if params is not None:
                yield route, methods, value, params


class _Node(_Of["T"]):
    """A place in the tree of routes: what follows a literal or a parameter, and the routes that can end here."""

    __slots__ = ("ends", "literals", "other", "rests")

    def __init__(self) -> None:
        self.literals: dict[str, _Node[T]] = {}
        self.other: _Node[T] | None = None
        self.ends: list[Entry[T]] = []
        self.rests: list[Entry[T]] = []

    def insert(self, route: RouteTemplate, entry: Entry[T]) -> None:
        node = self
        fixed = route.literals[:-1] if route.has_catch_all else route.literals
        for index, literal in enumerate(fixed):
            if index >= route.least:
                node.ends.append(entry)
            node = node.child(literal)
        (node.rests if route.has_catch_all else node.ends).append(entry)

    def child(self, literal: str | None) -> _Node[T]:
        if literal is not None:
            return self.literals.setdefault(literal, _Node())
        if self.other is None:
            self.other = _Node()
        return self.other

    def candidates(self, pieces: list[str]) -> Iterator[Entry[T]]:
        level = [self]
        for piece in pieces:
            key = piece.lower()
            following: list[_Node[T]] = []
            for node in level:
                yield from node.rests
                following += filter(None, (node.literals.get(key), node.other))
            level = following
        for node in level:
            yield from node.rests
            yield from node.ends


def _entry_key(entry: Entry[T]) -> tuple[tuple[int, ...], int]:
    return entry[0]
