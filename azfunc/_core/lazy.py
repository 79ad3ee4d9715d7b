"""Modules that are imported when something of them is first used."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _LoadedModule:
    """Stands for a module that is there: has its names, at the cost of an attribute."""

    __name__: str

    def __repr__(self) -> str:
        return f"<{self.__name__}>"


class LazyModule:
    """Stands for a module that is imported when one of its names is first used.

    For names that are used once for each value, such as the reading of JSON or of a date: an app that has none of them
    must not load their modules, and an import statement in the function costs more, each time, than the reading.

    Args:
        name: Full name of the module.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        from importlib import import_module

        module = import_module(self._name)
        # A class without this method, and the names themselves: from now on they cost no more than a module's own.
        self.__class__ = _LoadedModule  # type: ignore[assignment]
        self.__dict__ = module.__dict__
        return getattr(module, attribute)

    def __repr__(self) -> str:
        return f"<{self._name} on first use>"
