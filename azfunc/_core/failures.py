"""Errors and warnings that no good app needs while it is indexed; the others stand in `azfunc._core.errors`.

Each class costs a third as much at every cold start as a module does.
"""

from __future__ import annotations

from azfunc._core.errors import AzfuncError, DefinitionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class UnknownNameError(DefinitionError, KeyError):
    """A name that is none of the permitted ones, such as a misspelt enum member."""

    def __str__(self) -> str:
        # KeyError prints the repr of its argument; people should read the sentence.
        return AzfuncError.__str__(self)


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


class AzfuncWarning(UserWarning):
    """Something in a function app is probably not what its author meant."""


class AzfuncDeprecationWarning(AzfuncWarning, DeprecationWarning):
    """An old spelling was used; the text names today's."""
