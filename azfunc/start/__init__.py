"""`azfunc start`: a host for development, in pure Python.

`LocalApp` is one ASGI application: it answers the HTTP routes of a function app and the host's admin addresses, fires
timers, and shows an index page. `start` serves it until Ctrl-C. Production is Azure.

What is listed here is imported when it is first used: `azfunc call` needs only a small part of it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from azfunc.start.calls import Call, History
    from azfunc.start.command import StartOptions, start
    from azfunc.start.local_app import LocalApp, LocalOptions

__all__ = ["Call", "History", "LocalApp", "LocalOptions", "StartOptions", "start"]

_MODULES = {
    "Call": "azfunc.start.calls",
    "History": "azfunc.start.calls",
    "LocalApp": "azfunc.start.local_app",
    "LocalOptions": "azfunc.start.local_app",
    "StartOptions": "azfunc.start.command",
    "start": "azfunc.start.command",
}


def __getattr__(name: str) -> object:
    """Import what is listed when it is first used."""
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    import importlib

    value: object = getattr(importlib.import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
