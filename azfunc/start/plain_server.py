"""A plain HTTP/1.1 server for one ASGI application, on `http.server`: a thread for each connection.

For development without uvicorn. It streams responses and takes chunked requests; it knows no HTTP/2, no web sockets.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from azfunc.adapters.asgi_types import AsgiApp, Message

logger: logging.Logger = logging.getLogger("azfunc.host")

LARGEST_BODY = 100_000_000
"""Greatest size of a request's body that is read, in bytes."""
IDLE_SECONDS = 30.0
"""Time after which a connection that says nothing is closed, in seconds."""
_LONGEST_LINE = 65_536


class PlainServer:
    """Serves an ASGI application; see the module.

    Args:
        app: The application.
        listening: Where requests come in.
    """

    def __init__(self, app: AsgiApp, listening: socket.socket) -> None:
        self._app = app
        self._listening = listening

    async def serve(self, stop: asyncio.Event) -> None:
        """Serve on the running loop until it is time to stop."""
        loop = asyncio.get_running_loop()
        app = self._app

        class Handler(_Handler):
            def answer(self) -> None:
                _Exchange(self, app, loop).run()

        server = _Server(self._listening, Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="azfunc-http", daemon=True)
        thread.start()
        try:
            await stop.wait()
        finally:
            await asyncio.to_thread(server.shutdown)
            await asyncio.to_thread(thread.join)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, listening: socket.socket, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(listening.getsockname()[:2], handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.server_port = listening.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that break off."""
        logger.debug("The connection from %s broke off.", client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS

    def __getattr__(self, name: str) -> Callable[[], None]:
        # The base class looks for a method for each HTTP method; there is one for all.
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self) -> None:
        """Answer a request whose head was read."""

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: calls are logged by the host."""

    def version_string(self) -> str:
        """Give the name of the server."""
        return "azfunc"


class _BadRequestError(Exception):
    """The request is not written as HTTP says, or cannot be taken."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class _Exchange:
    """One request and its response; runs in the thread of its connection."""

    def __init__(self, handler: BaseHTTPRequestHandler, app: AsgiApp, loop: asyncio.AbstractEventLoop) -> None:
        self._handler = handler
        self._app = app
        self._loop = loop
        self._body: bytes | None = b""
        self._gone = asyncio.Event()
        self._has_started = False
        self._is_chunked = False

    def run(self) -> None:
        """Read the request, let the application answer it, write the response."""
        try:
            self._body = self._read_body()
        except _BadRequestError as error:
            self._handler.close_connection = True
            self._handler.send_error(error.status, str(error))
            return
        future = asyncio.run_coroutine_threadsafe(self._call(), self._loop)
        try:
            future.result()
        except Exception as error:  # noqa: BLE001, RUF100  # whatever it is, the connection is over
            self._handler.close_connection = True
            if not self._has_started:
                logger.exception("The request could not be answered.", exc_info=error)
                self._handler.send_error(500)

    async def _call(self) -> None:
        await self._app(self._scope(), self._receive, self._send)

    def _scope(self) -> dict[str, Any]:
        handler = self._handler
        parts = urlsplit(handler.path if not handler.path.startswith("//") else f"/{handler.path.lstrip('/')}")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": handler.request_version.removeprefix("HTTP/"),
            "method": handler.command.upper(),
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode("latin-1"),
            "query_string": parts.query.encode("latin-1"),
            "root_path": "",
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in handler.headers.items()
            ],
            "client": handler.client_address[:2],
            "server": handler.connection.getsockname()[:2],
        }

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._gone.is_set():
            await asyncio.sleep(0)  # an endless stream has to let others run, too
            return
        try:
            await asyncio.to_thread(self._write, message)
        except OSError:  # the caller went away
            self._gone.set()

    # --- writing ---

    def _write(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._write_head(message["status"], message.get("headers", ()))
            return
        body: bytes = message.get("body", b"")
        out = self._handler.wfile
        if not self._is_chunked:
            if self._handler.command.upper() != "HEAD":
                out.write(body)
        elif body:
            out.write(b"%x\r\n%b\r\n" % (len(body), body))
        if self._is_chunked and not message.get("more_body"):
            out.write(b"0\r\n\r\n")
        out.flush()

    def _write_head(self, status: int, headers: Any) -> None:
        handler = self._handler
        self._has_started = True
        handler.send_response(status)
        names = set[bytes]()
        for name, value in headers:
            names.add(name.lower())
            handler.send_header(name.decode("latin-1"), value.decode("latin-1"))
        has_body = status >= 200 and status not in (204, 304) and handler.command.upper() != "HEAD"
        if has_body and b"content-length" not in names:
            if handler.request_version == "HTTP/1.1":
                self._is_chunked = True
                handler.send_header("transfer-encoding", "chunked")
            else:
                handler.close_connection = True
        handler.end_headers()

    # --- reading ---

    def _read_body(self) -> bytes:
        headers = self._handler.headers
        encoding = headers.get("transfer-encoding", "").strip().lower()
        if encoding:
            if encoding != "chunked" or headers.get("content-length") is not None:
                raise _BadRequestError("The length of the body is not clear")
            return self._read_chunks()
        lengths = headers.get_all("content-length") or ["0"]
        if len(set(lengths)) > 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
            raise _BadRequestError("The length of the body is not clear")
        return self._read(self._checked(int(lengths[0])))

    def _read_chunks(self) -> bytes:
        body = bytearray()
        while True:
            size_line = self._line().partition(b";")[0].strip()
            try:
                size = int(size_line, 16)
            except ValueError:
                size = -1
            if size < 0 or size_line[:1] in (b"+", b"-"):
                raise _BadRequestError("A chunk of the body has no length")
            if size == 0:
                break
            self._checked(len(body) + size)
            body += self._read(size)
            if self._line().strip():
                raise _BadRequestError("A chunk of the body is longer than it says")
        while self._line().strip():
            pass
        return bytes(body)

    def _line(self) -> bytes:
        line: bytes = self._handler.rfile.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise _BadRequestError("The request breaks off")
        return line

    def _read(self, size: int) -> bytes:
        found: bytes = self._handler.rfile.read(size)
        if len(found) < size:
            raise _BadRequestError("The request breaks off")
        return found

    @staticmethod
    def _checked(size: int) -> int:
        if size > LARGEST_BODY:
            raise _BadRequestError("The body is too large", 413)
        return size
