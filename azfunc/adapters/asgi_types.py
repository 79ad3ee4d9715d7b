"""The types of ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
"""What an app is told of a connection, or of its lifespan."""
Message: TypeAlias = MutableMapping[str, Any]
"""One event; ``type`` says which."""
Receive: TypeAlias = Callable[[], Awaitable[Message]]
"""Gives the app its next event."""
Send: TypeAlias = Callable[[Message], Awaitable[None]]
"""Takes an event from the app."""
AsgiApp: TypeAlias = Callable[[Any, Any, Any], Awaitable[Any]]
"""An ASGI application; frameworks do not agree on the types of scope, receive and send, so that they are open here."""
OnStartupFailure: TypeAlias = Literal["retry", "fatal"]
"""What follows when an app's start-up failed: the next request tries again, or gets the same error."""

ASGI_VERSION = "3.0"
"""Version of ASGI."""
HTTP_VERSION = "2.3"
"""Version of the HTTP part of ASGI.

From 2.4 on Starlette does not listen for ``http.disconnect`` any more, but waits for send() to raise: a stream that
sends nothing would never end when its reader leaves. It is what uvicorn announces too.
"""
LIFESPAN_VERSION = "2.0"
"""Version of the lifespan part of ASGI."""
