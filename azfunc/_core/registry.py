"""One registry for what is known of a binding type: its converters and its binding class.

Services are loaded on first use. A type that nobody registered is asked for from `load`, which the app sets to the
catalog of services; then it is looked up once more.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from azfunc._core.binding import Binding
    from azfunc._core.converter import InConverter, OutConverter

    Converter = InConverter | OutConverter


class BindingRegistry:
    """Maps binding types, such as ``queueTrigger``, to their converters."""

    def __init__(self) -> None:
        self._converters: dict[str, type[Any]] = {}
        self._binding_classes: dict[str, type[Binding]] = {}
        self.load: Callable[[str], None] = _nothing
        """Called with a binding type nobody registered, or with ``*`` for all; imports the service that has it."""

    def get(self, binding_type: str) -> type[Any] | None:
        """Give the converter class for a binding type, or None if there is none.

        Args:
            binding_type: Wire name, such as ``queueTrigger``.
        """
        found = self._converters.get(binding_type)
        if found is None:
            self.load(binding_type)
            found = self._converters.get(binding_type)
        return found

    def add(self, binding_type: str, converter: type[Any]) -> None:
        """Register a converter class for a binding type; a later one replaces an earlier one."""
        self._converters[binding_type] = converter

    def binding_class(self, binding_type: str) -> type[Binding] | None:
        """Give the class that stands for triggers of a type, or None if no service has it."""
        found = self._binding_classes.get(binding_type)
        if found is None:
            self.load(binding_type)
            found = self._binding_classes.get(binding_type)
        return found

    def add_binding_class(self, binding_type: str, cls: type[Binding]) -> None:
        """Note the class of a binding type; the first one stays."""
        self._binding_classes.setdefault(binding_type, cls)

    def __contains__(self, binding_type: object) -> bool:
        return isinstance(binding_type, str) and self.get(binding_type) is not None

    def __iter__(self) -> Iterator[str]:
        self.load("*")
        return iter(sorted(self._converters))

    def __len__(self) -> int:
        self.load("*")
        return len(self._converters)

    def __repr__(self) -> str:
        return f"<BindingRegistry of {len(self._converters)} loaded binding types>"


def _nothing(_binding_type: str) -> None:
    """Load nothing: the core alone knows no service."""


registry = BindingRegistry()


def get_binding_registry() -> BindingRegistry:
    """Give the registry of converters, which the worker asks for the converter of each binding type."""
    return registry
