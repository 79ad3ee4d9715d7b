"""Testing function apps without a host: a client that drives every trigger, and makers of messages and contexts.

What is listed here is imported when it is first used: pytest loads the plugin in this package wherever azfunc is
installed, also for tests that have nothing to do with it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from azfunc.runtime.clock import FakeClock
    from azfunc.runtime.invocation import Run
    from azfunc.runtime.wire import Incoming
    from azfunc.testing import make
    from azfunc.testing.client import TestClient

__all__ = ["FakeClock", "Incoming", "Run", "TestClient", "make"]

_MODULES = {
    "FakeClock": "azfunc.runtime.clock",
    "Incoming": "azfunc.runtime.wire",
    "Run": "azfunc.runtime.invocation",
    "TestClient": "azfunc.testing.client",
}


def __getattr__(name: str) -> object:
    """Import what is listed when it is first used."""
    import importlib

    if name == "make":
        return importlib.import_module("azfunc.testing.make")
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(importlib.import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
