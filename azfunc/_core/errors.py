"""The errors and warnings of azfunc.

```text
AzfuncError (Exception)
├── DefinitionError (ValueError)                    a decorator, app or binding is written wrongly
│   ├── UnknownNameError (KeyError)                 a name that is none of the permitted ones
│   ├── ArgumentTypeError (TypeError)               an argument of the wrong type
│   ├── TakenBindingError (RuntimeError)            a binding type has a converter already
│   └── IndexingError                               several functions of one app cannot be indexed
├── ConversionError (ValueError)                    a value cannot pass between host and function
│   └── UnsupportedValueError (NotImplementedError, TypeError)
├── InvocationError (RuntimeError)                  a call could not be made or did not end well
├── LoadingError (ImportError)                      a function app could not be loaded
└── MissingPackageError (ImportError)               an optional package is not installed

AzfuncWarning (UserWarning)
└── AzfuncDeprecationWarning (DeprecationWarning)   an old spelling was used
```

Those that indexing and calling a good app does not need stand in `azfunc._core.failures`, so that a cold start does not
pay for them.

Every error is also the built-in exception that the reference raises at the same place, so an ``except ValueError``
written for `azure.functions` keeps working.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class AzfuncError(Exception):
    """Base of all errors that azfunc raises.

    Args:
        message: What happened, with the values.
            Where the reference raises too, this is its text, since programs compare it.
        hint: What to do about it, in one sentence or two.
        function_name: Function the error belongs to.
        binding_name: Binding or parameter the error belongs to.
        location: Where in the user's code, as ``file:line``.
    """

    hint: str
    """What to do about it; may be empty."""
    function_name: str | None
    """Function the error belongs to, if one is known."""
    binding_name: str | None
    """Binding or parameter the error belongs to, if one is known."""
    location: str | None
    """Where in the user's code, as ``file:line``, if known."""

    def __init__(
        self,
        message: str = "",
        *,
        hint: str = "",
        function_name: str | None = None,
        binding_name: str | None = None,
        location: str | None = None,
    ) -> None:
        # Not super(): behind it stand built-in classes, each with arguments of its own.
        Exception.__init__(self, message)
        self.hint = hint
        self.function_name = function_name
        self.binding_name = binding_name
        self.location = location

    @property
    def message(self) -> str:
        """What happened, without the hint."""
        return str(self.args[0]) if self.args else ""

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class DefinitionError(AzfuncError, ValueError):
    """A decorator, a binding or an app is written in a way that cannot work."""


class ArgumentTypeError(DefinitionError, TypeError):
    """An argument has the wrong type."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name closest to a misspelt one, without regard to case, or None if none is close.

    Args:
        name: What was written.
        known: The permitted names.
    """
    import difflib

    by_key = {each.lower().replace("_", ""): each for each in known}
    found = difflib.get_close_matches(name.lower().replace("_", ""), by_key, n=1, cutoff=0.75)
    return by_key[found[0]] if found else None
