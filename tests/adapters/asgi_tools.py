"""Small ASGI apps, and calls of them, for the tests of the adapter."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import azfunc

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

START = {"type": "http.response.start", "status": 200, "headers": []}
END = {"type": "http.response.body", "body": b"ok"}


def app_of(talk: Callable[[Any, Any, Any], Awaitable[None]]) -> Any:
    """Make an ASGI app without a lifespan from what it does with a request."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        await talk(scope, receive, send)

    return app


def scope_of(request: azfunc.HttpRequest, context: Any = None, **options: Any) -> dict[str, Any]:
    """Give the scope that an app gets for a request."""
    scopes: list[dict[str, Any]] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)
        await send(START)
        await send(END)

    asyncio.run(azfunc.AsgiMiddleware(app_of(talk), **options).handle_async(request, context))
    return scopes[0]


def talk_to(talk: Callable[[Any, Any, Any], Awaitable[None]], **request: Any) -> azfunc.HttpResponse:
    """Give the response of an app to a request."""
    middleware = azfunc.AsgiMiddleware(app_of(talk))
    return asyncio.run(middleware.handle_async(azfunc.HttpRequest(**request)))


def answering(body: bytes = b"ok", status: int = 200, headers: Any = ()) -> Any:
    """Make an app that gives a fixed response."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    return app_of(talk)


def threads_of_lifespans() -> list[str]:
    """List the threads that serve lifespans."""
    return [thread.name for thread in threading.enumerate() if thread.name == "azfunc-lifespan"]
