"""Overrides: in the calls of one test client, a provider stands in for another.

The graphs of all functions are built anew when an override begins or ends, so that a call has as little to do as ever.
A process-scoped value that an override has a part in is kept with the override, and goes with it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from azfunc._core.errors import DefinitionError, nearest
from azfunc._core.function import location_of, python_name
from azfunc.calls.depends import Dependency, checked_provider, key_of, replaced_nodes
from azfunc.calls.parameters import needs_async

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

    from typing_extensions import Self

    from azfunc._core.function import Function
    from azfunc.calls.nodes import Node, Once
    from azfunc.calls.parameters import Provider


class Override:
    """One provider that stands in for another, until the ``with`` block of this object ends.

    Args:
        overrides: All of the client.
        provider: What is replaced.
        replacement: What is called in its place.
    """

    def __init__(self, overrides: Overrides, provider: Callable[..., Any], replacement: Callable[..., Any]) -> None:
        self._overrides = overrides
        self.provider = provider
        self.replacement = replacement
        self.provider_key: Any = key_of(provider)
        self.values: dict[Any, Once] = {}

    def __enter__(self) -> Self:
        self._overrides.begin(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._overrides.end(self)
        self.values.clear()

    def __repr__(self) -> str:
        return f"<Override of {python_name(self.provider)} by {python_name(self.replacement)}>"


class Overrides:
    """All overrides of one client.

    Args:
        functions: The functions that the client calls.
    """

    def __init__(self, functions: Iterable[Function]) -> None:
        given: list[Mapping[str, Provider]] = [each.injected or {} for each in functions]
        providers = [each for mapping in given for each in mapping.values()]
        self._dependencies = [each for each in providers if isinstance(each, Dependency)]
        self._layers: list[Override] = []
        self._nodes: dict[Dependency, Node] = {}

    def add(self, provider: Callable[..., Any], replacement: Callable[..., Any]) -> Override:
        """Let a provider stand in for another from now on.

        Raises:
            ArgumentTypeError: One of the two cannot be called.
            DefinitionError: No function depends on the provider, or the other cannot stand in for it.
        """
        for each in (provider, replacement):
            checked_provider(each, "An override")
        override = Override(self, provider, replacement)
        known = self._known()
        if override.provider_key not in map(key_of, known):
            raise _unknown(provider, known)
        self.begin(override)
        return override

    def begin(self, override: Override) -> None:
        """Let an override take effect, if it has not; it goes before those there are."""
        if override not in self._layers:
            self._take([*self._layers, override])

    def end(self, override: Override) -> None:
        """End an override, if that has not been done."""
        self._take([each for each in self._layers if each is not override])

    @contextmanager
    def active(self) -> Generator[None]:
        """Let the overrides count for calls that are made in the block."""
        token = replaced_nodes.set(self._nodes)
        try:
            yield
        finally:
            replaced_nodes.reset(token)

    def _take(self, layers: list[Override]) -> None:
        nodes = {each: each.node_under(layers) for each in self._dependencies}
        for each, node in nodes.items():
            if node.is_async and not each.is_in_async_function:
                raise needs_async(each.function, each.parameter)
        self._layers, self._nodes = layers, nodes

    def _known(self) -> list[Callable[..., Any]]:
        """Give the providers there are, those that an override hides too."""
        found: list[Callable[..., Any]] = [each.provider for each in self._layers]
        nodes = [each.node for each in self._dependencies] + list(self._nodes.values())
        while nodes:
            node = nodes.pop()
            found.append(node.provider)
            nodes += node.nodes.values()
        return found


def _unknown(provider: Callable[..., Any], known: Sequence[Callable[..., Any]]) -> DefinitionError:
    names = dict.fromkeys(map(python_name, known))
    name = python_name(provider)
    location = location_of(provider)
    close = nearest(name, names)
    if name in names:
        advice = f"Another {name!r} is: override the very object that stands in Depends."
    elif close:
        advice = f"Did you mean {close!r}?"
    else:
        advice = f"They depend on {', '.join(names)}." if names else "None of them has a Depends(...)."
    return DefinitionError(
        f"No function of the client depends on {name!r}{f' ({location})' if location else ''}.",
        hint=advice,
        location=location,
    )
