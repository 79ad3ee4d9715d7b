"""The services, one file each, none of which imports another; and what a binding of your own is made of.

A file has, in this order: docstring; message types; binding classes; converters; trigger decorators; input and output
decorators. Reading one is enough to know all. A file of your own has the same order, and imports from here
what azfunc's files take from the core.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from azfunc._core.binding import InputBinding, OutputBinding, Trigger
    from azfunc._core.converter import InConverter, JsonValue, MessageOutConverter, OutConverter
    from azfunc._core.datum import Datum
    from azfunc._core.decorators import Decorator as Decorator
    from azfunc._core.message import (
        ANYTHING,
        DATETIME,
        DATETIME_UTC,
        INTEGER,
        JSON,
        OBJECT,
        TEXT,
        TEXT_OR_EMPTY,
        TIMEDELTA,
        Codec,
        Message,
        as_metadata,
        body_of,
        plain_text,
    )

__all__ = [
    "ANYTHING",
    "DATETIME",
    "DATETIME_UTC",
    "INTEGER",
    "JSON",
    "OBJECT",
    "TEXT",
    "TEXT_OR_EMPTY",
    "TIMEDELTA",
    "Codec",
    "Datum",
    "InConverter",
    "InputBinding",
    "JsonValue",
    "Message",
    "MessageOutConverter",
    "OutConverter",
    "OutputBinding",
    "Trigger",
    "as_metadata",
    "body_of",
    "plain_text",
]

_CORE = {
    "azfunc._core.binding": ("InputBinding", "OutputBinding", "Trigger"),
    "azfunc._core.converter": ("InConverter", "JsonValue", "MessageOutConverter", "OutConverter"),
    "azfunc._core.datum": ("Datum",),
}
_MODULES = {name: module for module, names in _CORE.items() for name in names}


def __getattr__(name: str) -> object:
    """Import what is listed when it is first used."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    import importlib

    value: object = getattr(importlib.import_module(_MODULES.get(name, "azfunc._core.message")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
