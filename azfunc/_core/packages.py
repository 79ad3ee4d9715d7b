"""Packages that an app has only when it needs them: importing them, and saying how to install them."""

from __future__ import annotations

from azfunc._core.failures import MissingPackageError
from azfunc._core.registry import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

REFERENCE = "azure.functions"
"""Name of the reference, which packages made for it import."""


def optional(name: str, *, message: str, hint: str) -> ModuleType:
    """Import a package that is not always installed.

    Args:
        name: Name of the module.
        message: What could not be done without it.
        hint: How to install it.

    Raises:
        MissingPackageError: It is not installed.
    """
    from importlib import import_module

    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or name
        if name != missing and not name.startswith(f"{missing}."):
            raise  # the package is there, and lacks something itself
        raise MissingPackageError(message, hint=hint) from error


def made_for_the_reference(name: str, *, message: str, hint: str) -> ModuleType:
    """Import a package that imports the reference; azfunc answers in its place where it is not installed.

    Args:
        name: Name of the module.
        message: What could not be done without it.
        hint: How to install it.

    Raises:
        MissingPackageError: It is not installed.
    """
    import sys
    from importlib.util import find_spec

    if name in sys.modules or REFERENCE in sys.modules:
        return optional(name, message=message, hint=hint)
    try:
        installed = find_spec(REFERENCE) is not None
    except ModuleNotFoundError:  # there is no package above it either
        installed = False
    if installed:
        return optional(name, message=message, hint=hint)
    with registry.stand_in():
        return optional(name, message=message, hint=hint)
