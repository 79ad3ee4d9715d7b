"""Putting the facades in the place of the reference, and taking them away again."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from azfunc._catalog import WORKERS
from azfunc._core.errors import AzfuncError
from azfunc.compat.facade import Facade, StandInFinder, forget_changes
from azfunc.compat.names import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

PARENT = PACKAGE.partition(".")[0]
"""Package that the reference stands in, with those of many others."""
DEPENDENTS = ("azure.durable_functions", "azurefunctions")
"""Packages that are made for the reference: imported anew when the stand-in comes or goes."""
BYSTANDERS = ("azfunc", *WORKERS)
"""Packages that know of both libraries, or are told of both by the bridge."""


class StandInError(AzfuncError, ImportError):
    """The reference is imported already, by modules that would not see azfunc in its place."""


class _StandIn:
    """What is installed, and what was there before."""

    def __init__(self) -> None:
        self.finder: StandInFinder | None = None
        self.aside: dict[str, ModuleType] = {}
        self.made_parent = False


_state = _StandIn()
_lock = RLock()


class _Search:
    """The path of a package `azure` that nothing on disk has yet: wherever a folder of that name comes to be."""

    def __iter__(self) -> Iterator[str]:
        return (f"{folder}/{PARENT}" for folder in sys.path)


def is_installed() -> bool:
    """Tell whether azfunc answers as `azure.functions`."""
    return _state.finder is not None


def install(*, force: bool = False) -> None:
    """Let azfunc answer as `azure.functions`, its submodules included.

    Calling it again changes nothing. Call it before anything imports `azure.functions`, such as in the first line of
    ``function_app.py`` or in ``conftest.py``. Azure's worker may have imported it: what the worker holds is connected
    with azfunc by the bridge.

    Args:
        force: Whether to do it although modules hold the reference already; what they hold stays the reference's.

    Raises:
        StandInError: Modules that are imported already hold the reference; the error names them.

    Example:
        >>> import azfunc.compat
        >>> azfunc.compat.install()
        >>> import azure.functions as func
        >>> func.FunctionApp.__module__
        'azfunc.app'
        >>> azfunc.compat.uninstall()
    """
    with _lock:
        if is_installed():
            return
        if not force:
            _refuse_holders()
        _state.aside = _taken_out(PACKAGE, *DEPENDENTS)
        is_new = PARENT not in sys.modules
        _state.made_parent = _ensure_parent() or is_new
        finder = StandInFinder()
        sys.meta_path.insert(0, finder)
        import_module(PACKAGE)
        _state.finder = finder


def uninstall() -> None:
    """Take the facades away: what was imported under these names before is there again.

    Packages that were imported meanwhile, and found azfunc, are imported anew when the reference can be imported; when
    it cannot, they stay.
    """
    with _lock:
        if _state.finder is None:
            return
        if _state.finder in sys.meta_path:
            sys.meta_path.remove(_state.finder)
        _state.finder = None
        _taken_out(PACKAGE)
        forget_changes()
        if _state.aside or _is_importable():
            _taken_out(*DEPENDENTS)
        sys.modules.update(_state.aside)
        for name, module in _state.aside.items():
            _attach(name, module)
        _state.aside = {}
        if _state.made_parent and not any(name.startswith(f"{PARENT}.") for name in sys.modules):
            sys.modules.pop(PARENT, None)
        _state.made_parent = False


@contextmanager
def installed(*, force: bool = False) -> Generator[None, None, None]:
    """Let azfunc answer as `azure.functions` within a ``with`` block.

    Within the block of another one, or after `install()`, it changes nothing.

    Args:
        force: Whether to do it although modules hold the reference already; what they hold stays the reference's.

    Raises:
        StandInError: Modules that are imported already hold the reference; the error names them.

    Example:
        >>> with azfunc.compat.installed():
        ...     from azure.functions.decorators.core import DataType
        >>> DataType is func.DataType
        True
    """
    if is_installed():
        yield
        return
    install(force=force)
    try:
        yield
    finally:
        uninstall()


def _ensure_parent() -> bool:
    """Make a package `azure` if there is none; tell whether that was so."""
    try:
        import_module(PARENT)
    except ModuleNotFoundError:
        parent = ModuleType(PARENT)
        parent.__path__ = _Search()  # type: ignore[assignment]  # the import system only iterates over it
        sys.modules[PARENT] = parent
        return True
    return False


def _is_importable() -> bool:
    """Tell whether the reference can be imported, now that no facade is in front of it."""
    from importlib.util import find_spec

    try:
        return find_spec(PACKAGE) is not None
    except ModuleNotFoundError:
        return False


def _taken_out(*packages: str) -> dict[str, ModuleType]:
    """Take packages and all below them out of the table of imported modules."""
    found = {
        name: module
        for name, module in list(sys.modules.items())
        if any(name == each or name.startswith(f"{each}.") for each in packages)
    }
    for name, module in found.items():
        del sys.modules[name]
        parent, _, attribute = name.rpartition(".")
        if parent in sys.modules and vars(sys.modules[parent]).get(attribute) is module:
            delattr(sys.modules[parent], attribute)
    return {name: module for name, module in found.items() if not isinstance(module, Facade)}


def _attach(name: str, module: ModuleType) -> None:
    parent, _, attribute = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], attribute, module)


def _refuse_holders() -> None:
    """Raise an error if a module holds the reference, or what is made of it."""
    if PACKAGE not in sys.modules:
        return
    held = {name: what for name, module in list(sys.modules.items()) if (what := _held_by(name, module))}
    if held:
        listed = ", ".join(f"{name} ({', '.join(what[:3])})" for name, what in sorted(held.items())[:5])
        raise StandInError(
            f"azure.functions is imported already, from {sys.modules[PACKAGE].__file__}, and held by {listed}.",
            hint="Call azfunc.compat.install() before these modules are imported; "
            "install(force=True) lets them keep the reference.",
        )


def _held_by(name: str, module: Any) -> list[str]:
    """Give the names in a module that stand for something of the reference."""
    if any(name == each or name.startswith(f"{each}.") for each in (PACKAGE, *DEPENDENTS, *BYSTANDERS)):
        return []
    if name == PARENT or not isinstance(module, ModuleType):
        return []
    return [each for each, value in list(vars(module).items()) if _is_of_reference(value)]


def _is_of_reference(value: object) -> bool:
    if isinstance(value, Facade):
        return False
    origin: Any
    if isinstance(value, ModuleType):
        origin = value.__name__
    elif isinstance(value, type) or callable(value):
        origin = getattr(value, "__module__", None) or ""
    else:
        origin = type(value).__module__
    return isinstance(origin, str) and (origin == PACKAGE or origin.startswith(f"{PACKAGE}."))
