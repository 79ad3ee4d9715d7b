"""Facades: modules under the reference's names that answer with what azfunc has.

A facade is a module of its own, which reads a name where `names.MODULES` says it is, when it is asked for. It never is
a module of azfunc under another name: ``import azure.functions.queue as q`` looks for `q` as an attribute of its
parent, and the import system writes into the modules it hands out.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from azfunc._core.errors import nearest
from azfunc.compat.names import MODULES, PACKAGE, PUBLIC, RELEASES

if TYPE_CHECKING:
    from collections.abc import MutableSequence, Sequence

RELEASE = RELEASES[sys.version_info < (3, 13)]
"""Release of the reference that azfunc stands in for on this Python."""

_places: dict[str, dict[str, tuple[str, str]]] = {}
_own: dict[str, Facade] = {}


def places_of(path: str) -> dict[str, tuple[str, str]]:
    """Give the names of one module of the reference, each with the group that has it and its name there.

    Args:
        path: Path of the module below `azure.functions`; empty for that itself.
    """
    if path not in _places:
        found: dict[str, tuple[str, str]] = {}
        for group, names in MODULES[path].items():
            for entry in names.split():
                name, _, there = entry.partition("=")
                found[name] = (group, there or name)
        _places[path] = found
    return _places[path]


class Facade(ModuleType):
    """A module under a name of the reference.

    Args:
        path: Path of the module below `azure.functions`; empty for that itself.
    """

    def __init__(self, path: str) -> None:
        super().__init__(f"{PACKAGE}.{path}".rstrip("."), f"azfunc, under the name of a module of {PACKAGE}.")
        self._path = path
        self.__file__: str | None = __file__
        if is_package(path):
            self.__path__: MutableSequence[str] = []
        if not path:
            self.__version__ = RELEASE
        self._first = dict(self.__dict__)

    def __getattr__(self, name: str) -> Any:
        places = places_of(self._path)
        if name == "__all__":
            public = [each for each, (group, _) in places.items() if not each.startswith("_") and group != "@"]
            return public if self._path else PUBLIC.split()
        if name not in places:
            return self._not_there(name)
        group, there = places[name]
        if group == "@":
            below = f"{self._path}.{there}".lstrip(".")
            value: Any = module(below if there == name and below in MODULES else there)
        elif group.startswith("<"):
            value = getattr(module(group[1:]), there)
        else:
            value = getattr(import_module(f"azfunc.{group}"), there)
        self.__dict__[name] = value
        return value

    def _not_there(self, name: str) -> Any:
        import azfunc

        if not self._path and name in azfunc.__all__:  # what azfunc has besides
            return getattr(azfunc, name)
        close = None if name.startswith("_") else nearest(name, places_of(self._path))
        did_you_mean = f"; did you mean {close!r}?" if close else ""
        message = f"module {self.__name__!r} has no attribute {name!r}{did_you_mean}"
        raise AttributeError(message)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *places_of(self._path)})

    def __repr__(self) -> str:
        return f"<module {self.__name__!r}, which is azfunc>"


def is_package(path: str) -> bool:
    """Tell whether a module of the reference has modules below it."""
    return not path or any(each.startswith(f"{path}.") for each in MODULES)


def module(path: str) -> Facade:
    """Give the facade of a module of the reference, installed or not.

    Args:
        path: Path of the module below `azure.functions`; empty for that itself.
    """
    if path not in _own:
        _own[path] = Facade(path)
    return _own[path]


def forget_changes() -> None:
    """Let every facade be as it was made: what tests put on them goes with the stand-in."""
    for each in _own.values():
        first = vars(each)["_first"]
        each.__dict__.clear()
        each.__dict__.update(first, _first=first)


class StandInFinder(MetaPathFinder, Loader):
    """Lets the import system find the facades, in front of whatever else has these names."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Give the spec of a facade; None for every other module."""
        below = path_of(fullname)
        if below is None or below not in MODULES:
            return None
        return ModuleSpec(fullname, self, origin=__file__, is_package=is_package(below))

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Give the facade, the same one each time."""
        return module(path_of(spec.name) or "")

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: a facade is complete when it is made."""


def path_of(fullname: str) -> str | None:
    """Give the path of a module below `azure.functions`, or None for one that is not of the reference."""
    if fullname == PACKAGE:
        return ""
    return fullname[len(PACKAGE) + 1 :] if fullname.startswith(f"{PACKAGE}.") else None
