"""A function as the checks look at it: its parameters, annotations and bindings, each read once."""

from __future__ import annotations

import inspect
import types
import typing
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import alternatives
from azfunc._core.context import Context, Out
from azfunc._core.names import RETURN_NAME
from azfunc._core.registry import registry
from azfunc.runtime.checking.problems import Problem
from azfunc.runtime.function_json import FUNCTION_FILE
from azfunc.runtime.sdk_types import is_sdk_client
from azfunc.runtime.settings_files import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function
    from azfunc.runtime.checking.tolerant import TolerantFinder

OUT = 1
"""Direction of an output binding."""


class FunctionView:
    """One function, and what the checks ask of it.

    Args:
        function: The function.
        finder: Knows the lines of the source, if it was imported through it.
    """

    def __init__(self, function: Function, finder: TolerantFinder | None = None) -> None:
        self.function = function
        self.name: str = function.get_function_name()
        self.location: str | None = function.location
        self.is_broken: bool = finder is not None and self.location in finder.broken
        """Whether a decorator of it failed; what is missing is then no news."""
        self._finder = finder
        self.bindings: list[Binding] = list(function.get_bindings())
        self.by_name: dict[str, Binding] = {}
        for binding in self.bindings:
            self.by_name.setdefault(binding.name, binding)

    @cached_property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The parameters of the user function."""
        return inspect.signature(self.function.get_user_function()).parameters

    @cached_property
    def _hints(self) -> tuple[dict[str, Any], dict[str, str]]:
        return _read_annotations(self.function.get_user_function())

    @property
    def annotations(self) -> dict[str, Any]:
        """Parameter, or ``return`` -> its annotation, resolved; without those that cannot be."""
        return self._hints[0]

    @property
    def unresolved(self) -> dict[str, str]:
        """Parameter, or ``return`` -> why its annotation cannot be resolved."""
        return self._hints[1]

    @cached_property
    def context_parameter(self) -> str | None:
        """Parameter that gets the context."""
        for name in self.parameters:
            if name not in self.by_name and (name == "context" or is_context(self.annotations.get(name))):
                return name
        return None

    @property
    def free_parameters(self) -> list[str]:
        """Parameters that take neither a binding nor the context, nor have a default, nor take what is left."""
        return [
            name
            for name, parameter in self.parameters.items()
            if name not in self.by_name
            and name != self.context_parameter
            and not is_sdk_client(self.annotations.get(name))
            and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
            and parameter.default is parameter.empty
        ]

    @property
    def free_bindings(self) -> list[str]:
        """Bindings that no parameter takes."""
        if any(parameter.kind is parameter.VAR_KEYWORD for parameter in self.parameters.values()):
            return []
        return [name for name in self.by_name if name != RETURN_NAME and name not in self.parameters]

    @property
    def listing(self) -> str:
        """Names of the parameters and of the bindings, for hints."""
        bindings = ", ".join(self.by_name) or "none"
        return f"Its parameters: {', '.join(self.parameters) or 'none'}; its bindings: {bindings}."

    def bound(self) -> Iterator[tuple[str, Binding, Any]]:
        """Give each parameter that has a binding and an annotation, with both."""
        for name, binding in self.by_name.items():
            if name in self.parameters and name in self.annotations:
                yield name, binding, self.annotations[name]

    def place_of(self, binding_name: str) -> str | None:
        """Give where a binding is written: in function.json, at its decorator, or else at the function."""
        if self.function.function_directory:
            return line_of(Path(self.function.function_directory, FUNCTION_FILE), binding_name, value=True)
        places = self._finder.binding_places if self._finder is not None else {}
        return places.get((self.location or "", binding_name), self.location)

    def place_in_signature(self, parameter: str) -> str | None:
        """Give the line of a parameter, of the return annotation for ``$return``, or else of the function's name."""
        lines = self._finder.parameter_lines.get(self.location or "") if self._finder is not None else None
        if lines is None:
            return self.location
        key = "return" if parameter == RETURN_NAME else parameter
        return f"{(self.location or '').rpartition(':')[0]}:{lines.get(key, lines[''])}"

    def _place(self, name: str | None) -> str | None:
        if name is not None and name in self.by_name and name not in self.parameters and name != RETURN_NAME:
            return self.place_of(name)
        return self.place_in_signature(name or "")

    def error(self, code: str, message: str, hint: str, name: str | None = None, *, at: str | None = None) -> Problem:
        """Make an error of this function.

        Args:
            code: Code of the problem.
            message: What is wrong.
            hint: What to do.
            name: Binding or parameter that has it.
            at: Place; that of the parameter, or else the binding, when left out.
        """
        return Problem("error", code, message, hint, self.name, name, at or self._place(name))

    def warning(self, code: str, message: str, hint: str, name: str | None = None, *, at: str | None = None) -> Problem:
        """Make a warning of this function; see `error`."""
        return Problem("warning", code, message, hint, self.name, name, at or self._place(name))


def is_out(annotation: Any) -> bool:
    """Tell whether an annotation is `Out`, of azfunc or of the reference, of whatever type."""
    return any(_is_named(each, "Out", Out) for each in alternatives(annotation))


def out_type(annotation: Any) -> Any:
    """Give T of ``Out[T]``, or Any if there is none."""
    for each in alternatives(annotation):
        arguments = typing.get_args(each)
        if _is_named(each, "Out", Out) and arguments:
            return arguments[0]
    return Any


def is_context(annotation: Any) -> bool:
    """Tell whether an annotation is `Context`, of azfunc or of the reference."""
    return any(_is_named(each, "Context", Context) for each in alternatives(annotation))


def converter_of(binding: Binding) -> Any:
    """Give the converter of a binding, or None if its type has none."""
    return registry.get(binding.type)


def written(annotation: Any) -> str:
    """Give an annotation as people write it: names without their modules."""
    import re

    if annotation is type(None):
        return "None"
    plain = isinstance(annotation, type) and not typing.get_args(annotation)
    text = annotation.__name__ if plain else repr(annotation)
    return re.sub(r"\b[A-Za-z_]\w*\.(?=[A-Za-z_])", "", text).replace("NoneType", "None")


def _is_named(annotation: Any, name: str, cls: type) -> bool:
    kind = typing.get_origin(annotation) or annotation
    if not isinstance(kind, type):
        return False
    return issubclass(kind, cls) or (kind.__name__ == name and kind.__module__.startswith("azure.functions"))


def _read_annotations(function: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Resolve the annotations of a callable, one by one if they cannot be resolved together."""
    while isinstance(function, partial):
        function = function.func
    if not hasattr(function, "__code__") and not hasattr(function, "__wrapped__"):
        function = type(function).__call__
    try:
        return typing.get_type_hints(function, include_extras=True), {}
    except Exception:  # noqa: BLE001, S110  # an annotation may be any expression, and fail in any way
        pass  # one by one, below
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    found: dict[str, Any] = {}
    failed: dict[str, str] = {}
    for name, annotation in getattr(function, "__annotations__", {}).items():
        holder: Any = types.SimpleNamespace(__annotations__={name: annotation})
        try:
            found |= typing.get_type_hints(holder, getattr(function, "__globals__", {}), include_extras=True)
        except Exception as error:  # noqa: BLE001  # as above
            failed[name] = f"{annotation!r}: {error}" if isinstance(annotation, str) else str(error)
    return found, failed
