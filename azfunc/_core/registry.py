"""One registry for what is known of a binding type: its converters and its binding class.

Services are loaded on first use. A type that nobody registered is asked for from `load`, which the app sets to the
catalog of services; then it is looked up once more. The app sets as well what the core needs now and then of what lies
above it: the worker's registry, the stand-in, builders of the reference.
"""

from __future__ import annotations

from azfunc._core.errors import ArgumentTypeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import Any

    from azfunc._core.binding import Binding
    from azfunc._core.converter import InConverter, OutConverter
    from azfunc._core.function import Function, FunctionBuilder

    Converter = InConverter | OutConverter


class BindingRegistry:
    """Maps binding types, such as ``queueTrigger``, to their converters."""

    def __init__(self) -> None:
        self._converters: dict[str, type[Any]] = {}
        self._binding_classes: dict[str, type[Binding]] = {}
        self.load: Callable[[str], None] = _nothing
        """Called with a binding type nobody registered, or with ``*`` for all; imports the service that has it."""
        self.for_worker: Callable[[], BindingRegistry | None] = _nothing
        """Gives the registry as Azure's worker uses it, in the worker's process; None in any other."""
        self.stand_in: Callable[[], AbstractContextManager[Any]] = _no_stand_in
        """Gives a context in which azfunc answers as the reference."""
        self.inject: Callable[[Function], None] | None = None
        """Gives a function whose parameters have markers an entry; None while no marker was ever used."""
        self.look_for_markers: Callable[[Any, dict[int, bool]], Callable[[Function], None] | None] = _nothing
        """Gives that, if the annotations of a function are text in which a marker may stand."""
        self.own_builder: Callable[[Any], FunctionBuilder] = _no_builder
        """Gives the builder of azfunc for one of the reference."""

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

    @property
    def _bindings(self) -> dict[str, type[Any]]:
        """The whole table, under the reference's name for it."""
        self.load("*")
        return self._converters

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


def _nothing(*_asked: Any) -> None:
    """Give nothing: the core alone knows no service, no worker and no marker."""


def _no_stand_in() -> AbstractContextManager[Any]:
    """Change nothing: the core alone knows no stand-in."""
    from contextlib import nullcontext

    return nullcontext()


def _no_builder(theirs: Any) -> FunctionBuilder:
    """Give none: the core alone knows nothing of the reference."""
    raise ArgumentTypeError(f"{theirs!r} is a builder of another library.", hint="Decorate the function itself.")


registry = BindingRegistry()


def register_converter(binding_name: str, converter_cls: type[Any], *, overwrite: bool = False) -> None:
    """Register a converter for a binding type; for packages that bring bindings, or replace converters of azfunc.

    Args:
        binding_name: Wire name, such as ``queueTrigger``.
        converter_cls: Class with the class methods of an `InConverter`, an `OutConverter`, or both.
        overwrite: Whether it may take the place of another converter.

    Raises:
        TakenBindingError: The binding type has a converter, and `overwrite` is not set; a RuntimeError too.
        ArgumentTypeError: The converter is no class.

    Source: reference 2.3.0, `register_converter`.
    """
    if not isinstance(converter_cls, type):  # pyright: ignore[reportUnnecessaryIsInstance]  # users need not check
        raise ArgumentTypeError(
            f"A converter is a class, and {converter_cls!r} is a {type(converter_cls).__name__}.",
            hint="Give the class itself, not an object of it.",
        )
    if not overwrite and registry.get(binding_name) is not None:
        from azfunc._core.failures import TakenBindingError

        raise TakenBindingError(
            f"cannot register a converter for {binding_name!r} binding: another converter for this binding has already "
            "been registered",
            hint="register_converter(..., overwrite=True) replaces it.",
        )
    registry.add(binding_name, converter_cls)


def get_binding_registry() -> BindingRegistry:
    """Give the registry of converters, which the worker asks for the converter of each binding type."""
    return registry.for_worker() or registry
