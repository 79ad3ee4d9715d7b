"""An ASGI application on a socket: by uvicorn where it is installed, else by Python's own HTTP server."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
from typing import TYPE_CHECKING

from azfunc.start.local_app import BrokenResponseError

if TYPE_CHECKING:
    import socket
    from collections.abc import Generator

    import uvicorn

    from azfunc.adapters.asgi_types import AsgiApp

GRACE_SECONDS = 3
"""Time that open connections have when the server stops, in seconds."""


async def serve(app: AsgiApp, listening: socket.socket, stop: asyncio.Event) -> None:
    """Serve an application until it is time to stop.

    Args:
        app: The application; its lifespan is left to the caller.
        listening: Where requests come in.
        stop: Set when it is time.
    """
    if importlib.util.find_spec("uvicorn") is None:
        from azfunc.start.plain_server import PlainServer

        await PlainServer(app, listening).serve(stop)
        return
    await _serve_by_uvicorn(app, listening, stop)


def _is_news(record: logging.LogRecord) -> bool:
    """Tell whether the host has not told it already: of a response that broke off, or calls cancelled at the end."""
    error = record.exc_info[1] if record.exc_info else None
    is_told = isinstance(error, (BrokenResponseError, asyncio.CancelledError))
    return not is_told and not str(record.msg).startswith("Cancel %s running task")


async def _serve_by_uvicorn(app: AsgiApp, listening: socket.socket, stop: asyncio.Event) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Generator[None, None, None]:
            """Leave signals to whoever set `stop`."""
            yield

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(config)
    errors = logging.getLogger("uvicorn.error")
    errors.addFilter(_is_news)
    try:
        await _until(server, listening, stop)
    finally:
        errors.removeFilter(_is_news)


async def _until(server: uvicorn.Server, listening: socket.socket, stop: asyncio.Event) -> None:
    serving = asyncio.ensure_future(server.serve(sockets=[listening]))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.should_exit = True
    await serving
