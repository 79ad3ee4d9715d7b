"""Which apps the middlewares take, and which they refuse at once."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

import azfunc


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """Answer as an ASGI app."""


def wsgi(environ: Any, start_response: Any) -> list[bytes]:
    """Answer as a WSGI app."""
    return []


async def async_wsgi(environ: Any, start_response: Any) -> list[bytes]:
    """Answer as nobody asks."""
    return []


class AsgiObject:
    """An ASGI app as an object."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer."""


class WsgiObject:
    """A WSGI app as an object."""

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        """Answer."""
        return []


class WsgiClass:
    """A WSGI app as a class, which PEP 3333 allows."""

    def __init__(self, environ: Any, start_response: Any) -> None: ...

    def __iter__(self) -> Any:
        """Give the content."""
        return iter(())


class AsgiClass:
    """An ASGI app as a class, as Starlette's endpoints are."""

    def __init__(self, scope: Any, receive: Any, send: Any) -> None: ...

    def __await__(self) -> Any:
        """Answer."""
        return iter(())


@pytest.mark.parametrize("app", [asgi, AsgiObject(), AsgiClass, Mock(), lambda *_args: asgi(1, 2, 3), max, "no app"])
def test_asgi_apps_are_taken(app: Any) -> None:
    """Apps of every shape are, and what cannot be told."""
    assert not azfunc.AsgiMiddleware(app).is_started


@pytest.mark.parametrize("app", [wsgi, WsgiObject(), WsgiClass, Mock(), lambda *_args: wsgi(1, 2), max, "no app"])
def test_wsgi_apps_are_taken(app: Any) -> None:
    """Apps of every shape are, and what cannot be told."""
    assert repr(azfunc.WsgiMiddleware(app)).startswith("<WsgiMiddleware of ")


@pytest.mark.parametrize("app", [asgi, AsgiObject(), async_wsgi])
def test_asgi_app_is_no_wsgi_app(app: Any) -> None:
    """Mounted as the other kind it is refused at that line, with the method that takes it."""
    with pytest.raises(azfunc.DefinitionError, match="is an app of ASGI, and was given as one of WSGI") as caught:
        azfunc.FunctionApp().mount_wsgi("v1", app)

    assert isinstance(caught.value, TypeError)
    assert "mount_asgi()" in caught.value.hint


@pytest.mark.parametrize("app", [wsgi, WsgiObject()])
def test_wsgi_app_is_no_asgi_app(app: Any) -> None:
    """Mounted as the other kind it is refused at that line, with the method that takes it."""
    with pytest.raises(azfunc.DefinitionError, match="is an app of WSGI, and was given as one of ASGI") as caught:
        azfunc.FunctionApp().mount_asgi("v1", app)

    assert "mount_wsgi()" in caught.value.hint


@pytest.mark.parametrize("make", [azfunc.AsgiFunctionApp, azfunc.WsgiFunctionApp])
def test_class_in_place_of_its_object_is_told(make: Any) -> None:
    """A framework's class is no app yet."""
    with pytest.raises(azfunc.DefinitionError, match="AsgiObject is a class") as caught:
        make(AsgiObject)

    assert "AsgiObject(...)" in caught.value.hint


def test_app_without_a_signature_is_taken() -> None:
    """What cannot be looked into is called, and seen then."""

    class Odd:
        __signature__ = "none"

        def __call__(self, *_args: Any) -> None:
            raise NotImplementedError

    assert repr(azfunc.AsgiMiddleware(Odd())) == "<AsgiMiddleware of Odd, not started>"  # type: ignore[arg-type]  # odd


def test_class_is_named_in_a_repr() -> None:
    """An app that is a class has the name of the class."""
    assert repr(azfunc.WsgiMiddleware(WsgiClass)) == "<WsgiMiddleware of WsgiClass>"


def test_startup_policy_is_one_of_two() -> None:
    """A slip in the policy is seen at the line that has it."""
    with pytest.raises(azfunc.DefinitionError, match="on_startup_failure is 'never'") as caught:
        azfunc.FunctionApp().mount_asgi("v1", asgi, on_startup_failure="never")  # type: ignore[arg-type]  # a slip

    assert '"fatal"' in caught.value.hint
