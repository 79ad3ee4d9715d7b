"""Which kind of app a web framework gave: what a middleware refuses, and what its repr calls the app."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from azfunc._core.errors import ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Callable

_ARGUMENTS = {"ASGI": 3, "WSGI": 2}
_RESULTS = {"ASGI": "__await__", "WSGI": "__iter__"}
_OTHER = {"ASGI": "WSGI", "WSGI": "ASGI"}


def check_kind(app: Any, wanted: str) -> None:
    """Refuse an app of the other protocol, and a class in place of its object; what cannot be told is let through.

    Args:
        app: The app.
        wanted: ``ASGI`` or ``WSGI``.

    Raises:
        ArgumentTypeError: It is no such app.
    """
    if not callable(app):  # which the first request tells, as in the reference
        return
    name = app_name(app)
    if isinstance(app, type):
        if not hasattr(app, _RESULTS[wanted]):
            raise ArgumentTypeError(f"{name} is a class, and no {wanted} app.", hint=f"Give an object: {name}(...).")
        return
    other = _OTHER[wanted]
    if _is_async(app):
        is_other = wanted == "WSGI"
    else:
        is_other = _takes(app, _ARGUMENTS[other]) and not _takes(app, _ARGUMENTS[wanted])
    if is_other:
        raise ArgumentTypeError(
            f"{name} is an app of {other}, and was given as one of {wanted}.",
            hint=f"Use mount_{other.lower()}() or {other.capitalize()}Middleware for it.",
        )


def app_name(app: object) -> str:
    """Give what a repr calls an app: the name of its function or of its class, which tells the framework."""
    if isinstance(app, type):
        return app.__name__
    if inspect.isroutine(app):
        return f"{app.__name__}()"
    return type(app).__name__


def _is_async(app: Any) -> bool:
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(type(app).__dict__.get("__call__"))


def _takes(app: Callable[..., Any], count: int) -> bool:
    """Tell whether an app can be called with so many arguments, as far as its signature says."""
    try:
        # A wrapper of another kind may well have __wrapped__.
        signature = inspect.signature(app, follow_wrapped=False)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(*(None,) * count)
    except TypeError:
        return False
    return True
