"""Errors of apps that are loaded, indexed and called; those of writing one stand in `azfunc._core.errors`.

A class of errors costs as much at every cold start as half a small module, and a good app needs none of these.
"""

from __future__ import annotations

from azfunc._core.errors import AzfuncError, DefinitionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class IndexingError(DefinitionError):
    """Several functions of one app cannot be indexed; `errors` has one entry for each reason."""

    errors: tuple[AzfuncError, ...]
    """One error for each reason, in the order of the functions."""

    def __init__(self, message: str = "", *, errors: Iterable[AzfuncError] = (), hint: str = "") -> None:
        AzfuncError.__init__(self, message, hint=hint)
        self.errors = tuple(errors)


class TakenBindingError(DefinitionError, RuntimeError):
    """A binding type has a converter already, and another one is registered for it."""


class ConversionError(AzfuncError, ValueError):
    """A value cannot be converted between its wire form and its Python form."""


class UnsupportedValueError(ConversionError, NotImplementedError, TypeError):
    """A value of a type that the binding does not take."""


class InvocationError(AzfuncError, RuntimeError):
    """A function could not be called, or did not end in the time it has."""


class LoadingError(AzfuncError, ImportError):
    """A function app could not be found or imported."""


class MissingPackageError(AzfuncError, ImportError):
    """An optional package is needed and not installed; `hint` gives the command that installs it."""
