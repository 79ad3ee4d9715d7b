"""`LocalApp`: a function app and everything around it as one ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from azfunc._core.errors import AzfuncError
from azfunc.adapters.responses import has_body
from azfunc.app import FunctionRegister
from azfunc.bindings.http import HttpRequest, HttpResponse
from azfunc.runtime.loading import LoadedApp, inspect_app
from azfunc.runtime.logs import capture, invocation
from azfunc.runtime.web import KEY_HEADER, MASTER_KEY, Answer, path_of
from azfunc.runtime.web_types import StreamedBody, streamed_body
from azfunc.start.admin import Admin
from azfunc.start.calls import History, error_text
from azfunc.start.cors import Cors
from azfunc.start.page import Page
from azfunc.start.serving_host import reason_of_call
from azfunc.start.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    from azfunc._core.function import Function
    from azfunc.adapters.asgi_types import Message, Receive, Scope, Send
    from azfunc.runtime.clock import Clock
    from azfunc.runtime.invocation import Run
    from azfunc.start.services import Service

logger: logging.Logger = logging.getLogger("azfunc.host")

LARGEST_BODY = 100_000_000
"""Greatest size of a request's body, in bytes. Source: HTTP trigger, "Limits"."""
_CONTENT_HEADERS = ("content-length", "transfer-encoding")
_PAGE = "/_azfunc"


class _TooLargeError(Exception):
    """The body of a request is larger than it may be."""


class BrokenResponseError(Exception):
    """A streamed response broke off after its head was sent; the log has told of it."""


class _GoneError(Exception):
    """The caller went away before the request was read."""


@dataclass(frozen=True)
class LocalOptions:
    """How a `LocalApp` serves; what is None is taken from local.settings.json."""

    keys: Mapping[str, str] | None = field(default=None, repr=False)
    """Keys that callers need, by name; not asked for when None."""
    cors: tuple[str, ...] | None = None
    """Origins that may call; ``*`` for all."""
    cors_credentials: bool | None = None
    """Whether calls from other origins may carry cookies."""
    clock: Clock | None = None
    """Where waits are taken from."""
    now: Callable[[], datetime] | None = None
    """Gives the time in UTC."""
    zone: tzinfo | None = None
    """Time zone of schedules."""


class LocalApp:
    """Serves a function app for development: HTTP routes, admin addresses, timers, an index page.

    An ASGI application; its lifespan starts timers and listeners. Any ASGI server serves it, and tests call it.

    Args:
        target: Where the app is, as for `load_app`, or the app itself.
        options: How it is served.
        connect: Gives the services that an app is connected with; none when left out.

    Example:
        >>> transport = httpx.ASGITransport(app=LocalApp("examples/guide"))

    Source: Develop Azure Functions locally using Core Tools.
    """

    history: History
    """The latest calls."""

    def __init__(
        self,
        target: str | Path | FunctionRegister | LoadedApp = ".",
        *,
        options: LocalOptions | None = None,
        connect: Callable[[LoadedApp], Sequence[Service]] | None = None,
    ) -> None:
        self.history = History()
        self._target = target
        self._options = options or LocalOptions()
        self._connect = connect
        self._ready = asyncio.Event()
        self._ready.set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_started = False
        self.session: Session = self._load()

    def __repr__(self) -> str:
        target = self._target
        if isinstance(target, LoadedApp):  # whose own repr has the settings
            target = target.app or target.folder or "no folder"
        return f"<{type(self).__name__} of {target}, {'started' if self._is_started else 'not started'}>"

    def _load(self) -> Session:
        loaded = self._target if isinstance(self._target, LoadedApp) else inspect_app(self._target)
        options = self._options
        problems: list[AzfuncError] = []
        services: Sequence[Service] = ()
        try:
            services = self._connect(loaded) if self._connect is not None else ()
        except AzfuncError as error:
            problems.append(error)
        return Session(
            loaded,
            self.history,
            services,
            problems=problems,
            keys=options.keys,
            clock=options.clock,
            now=options.now,
            zone=options.zone,
        )

    @property
    def cors(self) -> Cors:
        """Which other origins may call."""
        settings, options = self.session.loaded.settings, self._options
        return Cors(
            settings.cors if options.cors is None else options.cors,
            settings.cors_credentials if options.cors_credentials is None else options.cors_credentials,
        )

    # --- lifetime ---

    async def startup(self) -> None:
        """Start timers and listeners, on the running loop."""
        self._is_started = True
        await self.session.start()

    async def shutdown(self) -> None:
        """Stop timers and listeners, and give the process back as it was."""
        self._is_started = False
        await self.session.stop()

    @property
    def is_reloadable(self) -> bool:
        """Whether the app can be loaded again: it was given as a place, not as an object."""
        return not isinstance(self._target, (LoadedApp, FunctionRegister))

    @property
    def asks_for_keys(self) -> bool:
        """Whether callers need a key, where Azure asks for one and for the host's own addresses."""
        return self._options.keys is not None

    async def reload(self) -> None:
        """Load the app again; requests wait meanwhile."""
        self._ready.clear()
        try:
            await self.session.stop()
            self.session = self._load()
            if self._is_started:
                await self.session.start()
        finally:
            self._ready.set()

    async def settle(self) -> None:
        """Wait until the calls that were begun through the admin addresses have ended."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- ASGI ---

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the lifespan; the three parameters are those of ASGI."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            raise NotImplementedError(f"azfunc start answers HTTP, not {scope['type']}.")
        await self._ready.wait()
        request = _head(scope)
        arriving = StreamedBody(receive) if self.session.front.reads_stream(request) else None
        if arriving is not None:
            receive = arriving.after
        else:
            try:
                request = _head(scope, await _read(receive))
            except _GoneError:
                return
            except _TooLargeError:
                await _send(HttpResponse(status_code=413), scope["method"], receive, send, [])
                return
            await self._ready.wait()
        cors = self.cors
        preflight = cors.preflight(request)
        if preflight is not None:
            await _send(HttpResponse(status_code=204), "OPTIONS", receive, send, preflight)
            return
        token = streamed_body.set(arriving)
        try:
            answer = await self._answer(request, str(scope["path"]))
        finally:
            streamed_body.reset(token)
        response, extra = sendable(answer.response), cors.headers(request)
        if not response.is_streaming or answer.run is None or not has_body(request.method, response.status_code):
            await _send(response, request.method, receive, send, extra)
            return
        await self._stream(response, answer.run, receive, send, extra)

    async def _stream(
        self, response: HttpResponse, run: Run, receive: Receive, send: Send, extra: list[tuple[str, str]]
    ) -> None:
        """Send a streamed response; what it logs and raises belongs to the call."""
        identity = run.context.invocation_id
        call = self.history.find(identity)
        failed: Exception | None = None
        with capture.of(identity) as logs, invocation(identity):
            try:
                await _send(response, "GET", receive, send, extra)
            except Exception as error:
                failed = error
                # The server closes the connection, so that nobody takes what was sent for the whole.
                raise BrokenResponseError from error
            finally:
                if call is not None:
                    call.finish_stream(logs, failed)
                if failed is not None:
                    logger.error(
                        "The response of %r broke off (Id=%s)\n%s", run.function_name, identity, error_text(failed)
                    )

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.startup()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.shutdown()
                await send({"type": "lifespan.shutdown.complete"})
                return

    # --- answers ---

    async def _answer(self, request: HttpRequest, path: str) -> Answer:
        lower = path.lower()
        if lower.startswith("/admin/"):
            admin = Admin(self.session, self._begin)
            return Answer(self._guarded(request) or admin.answer(request, path[len("/admin/") :]))
        page = Page(self.session, self.history)
        if lower == _PAGE or lower.startswith(f"{_PAGE}/"):
            return Answer(self._guarded(request) or await page.answer(request, path[len(_PAGE) :], self._run))
        token = reason_of_call.set(f"{request.method} {printable(path)}")
        try:
            answer = await self.session.front.answer(request, raise_exceptions=False, join=False)
        finally:
            reason_of_call.reset(token)
        if answer.response.status_code == 404 and answer.run is None and path == "/":
            return Answer(self._guarded(request) or await page.answer(request, "/", self._run))
        return answer

    def _guarded(self, request: HttpRequest) -> HttpResponse | None:
        """Give the refusal of a request to the host's own addresses, or None if it may pass.

        Pages of other origins could post forms here, since no key is asked for.
        """
        keys = self._options.keys
        if keys is not None and keys.get(MASTER_KEY) not in (
            request.headers.get(KEY_HEADER),
            request.params.get("code"),
        ):
            return HttpResponse(status_code=401)
        origin = request.headers.get("origin")
        if origin and urlsplit(origin).netloc != request.headers.get("host") and not self.cors.allows(origin):
            return HttpResponse(f"Pages of {origin} may not call this.", status_code=403)
        return None

    async def _run(self, function: Function, inputs: Mapping[str, Any], reason: str) -> str:
        """Call a function, and give the invocation id."""
        identity = str(uuid.uuid4())
        token = reason_of_call.set(reason)
        try:
            await self.session.host.ainvoke(
                function.get_function_name(), inputs, raise_exceptions=False, invocation_id=identity
            )
        finally:
            reason_of_call.reset(token)
        return identity

    def _begin(self, function: Function, inputs: Mapping[str, Any], reason: str) -> str:
        """Begin a call, and give the invocation id."""
        identity = str(uuid.uuid4())

        async def run() -> None:
            reason_of_call.set(reason)
            await self.session.host.ainvoke(
                function.get_function_name(), inputs, raise_exceptions=False, invocation_id=identity
            )

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return identity


async def _read(receive: Receive) -> bytes:
    """Read the body of a request to its end."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise _TooLargeError
        if not message.get("more_body"):
            return bytes(body)


def _head(scope: Scope, body: bytes = b"") -> HttpRequest:
    """Make a request of what an ASGI server tells."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    host = next((value for name, value in headers if name.lower() == "host"), "localhost")
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(scope["path"])
    path = path if path.startswith("/") else path_of(path)  # as proxies ask: with scheme and host
    query = scope.get("query_string", b"").decode("latin-1")
    url = f"{scope.get('scheme', 'http')}://{host}{path}{'?' if query else ''}{query}"
    return HttpRequest(scope["method"], url, headers=headers, body=body)


async def _send(
    response: HttpResponse, method: str, receive: Receive, send: Send, extra: list[tuple[str, str]]
) -> None:
    """Send a response, streamed if it is."""
    names = {name.lower() for name, _ in extra if name.lower() != "vary"}
    pairs = [(name.lower(), value) for name, value in response.header_items()]
    pairs = [(name, value) for name, value in pairs if name not in names and name not in _CONTENT_HEADERS]
    pairs += [(name.lower(), value) for name, value in extra]
    carries = has_body(method, response.status_code)
    body = b"" if response.is_streaming else response.get_body()
    if method == "HEAD" and "content-length" in response.headers:
        pairs.append(("content-length", response.headers["content-length"]))
    elif not response.is_streaming and (carries or method == "HEAD"):
        pairs.append(("content-length", str(len(body))))
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    if not response.is_streaming or not carries:
        await send({"type": "http.response.body", "body": body if carries else b""})
        return
    streaming = asyncio.ensure_future(_send_chunks(response, send))
    gone = asyncio.ensure_future(_disconnected(receive))
    await asyncio.wait([streaming, gone], return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    if not streaming.done():
        streaming.cancel()
    await asyncio.wait([streaming])
    if not streaming.cancelled():
        streaming.result()


def sendable(response: HttpResponse) -> HttpResponse:
    """Give a response that can be sent: HTTP has no final response with a status of information, below 200."""
    if response.status_code >= HTTPStatus.OK:
        return response
    logger.error("A function answered with status %s, which announces another response.", response.status_code)
    return HttpResponse(status_code=500)


def printable(path: str) -> str:
    """Give a path for the log: what would move the cursor of a terminal stands there escaped."""
    return "".join(each if each.isprintable() else quote(each) for each in path)


async def _send_chunks(response: HttpResponse, send: Send) -> None:
    stream: Any = response.stream_async()
    async with contextlib.aclosing(stream) as chunks:
        async for chunk in chunks:
            if chunk:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _disconnected(receive: Receive) -> None:
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()
