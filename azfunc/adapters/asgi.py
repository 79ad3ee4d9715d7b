"""`AsgiMiddleware`: the server side of ASGI, for one app."""

from __future__ import annotations

import asyncio
from asyncio import get_running_loop
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import untyped
from azfunc._core.failures import InvocationError, UnknownNameError
from azfunc._core.streaming import can_stream
from azfunc._core.text import type_name
from azfunc.adapters.asgi_types import ASGI_VERSION, HTTP_VERSION
from azfunc.adapters.exchange import Exchange, StreamedExchange
from azfunc.adapters.kinds import app_name, check_kind
from azfunc.adapters.lifespan import LifespanError, lifespan_of
from azfunc.adapters.loops import begin, on_loop, run, running_loop
from azfunc.adapters.requests import (
    NO_CONTEXT,
    NOWHERE,
    client_of,
    context_items,
    forwarded_origin,
    query_of,
    read_target,
)
from azfunc.adapters.roots import Root

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType

    from typing_extensions import Self

    from azfunc._core.context import Context
    from azfunc.adapters.asgi_types import AsgiApp, OnStartupFailure, Receive, Scope, Send
    from azfunc.bindings.http import HttpRequest, HttpResponse

# Copied for each request: that is faster than writing the dict anew.
_SCOPE: dict[str, Any] = {
    "type": "http",
    "asgi": {},
    "http_version": "1.1",
    "method": "",
    "scheme": "",
    "path": "",
    "raw_path": b"",
    "query_string": b"",
    "root_path": "",
    "headers": [],
    "server": None,
    "client": None,
    "state": {},
    **NO_CONTEXT,
}

_NAMES_KEPT = 1000


class _RequestNames(dict[str, bytes]):
    """Names of request headers, encoded; clients use a few, again and again."""

    def __missing__(self, name: str) -> bytes:
        encoded = name.encode("ascii")
        if len(self) < _NAMES_KEPT:
            self[name] = encoded
        return encoded


_request_names = _RequestNames()


class AsgiMiddleware:
    """Serves an ASGI app: each request of a function becomes one of the app.

    The app is started before its first request, once, whichever threads and middlewares serve it, and shut down on
    the same loop: at the end of an ``async with`` block, by `aclose`, when its loop ends, or when the interpreter
    does. An app without a lifespan is served too, and so is one that ends it right after its start-up.

    Args:
        app: The ASGI app, such as a ``FastAPI()``.
        root_path: Path that leads to the app, where it is always the same; the app's own routes come behind it.
        route_parameter: Catch-all parameter of the function's route, when all in front of it leads to the app.
            Such as ``rest`` for a route ``v1/{*rest}``; `root_path` is found from it.
        on_startup_failure: What follows when the app's start-up failed: with ``retry`` the next request starts it
            again, with ``fatal`` every request gets the same error.

    Raises:
        ArgumentTypeError: The app is one of WSGI, or a class.
        UnknownNameError: `on_startup_failure` is something else.

    Example:
        >>> api = func.AsgiMiddleware(asgi_app)
        >>> @app.route("v1/{*rest}")
        ... async def v1(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        ...     return await api.handle_async(req, context)

    Source: reference 1.26.0, `AsgiMiddleware`; the specification of ASGI 3.0, "HTTP" and "Lifespan".
    """

    def __init__(
        self,
        app: AsgiApp,
        *,
        root_path: str | Root = "",
        route_parameter: str | None = None,
        on_startup_failure: OnStartupFailure = "retry",
    ) -> None:
        check_kind(app, "ASGI")
        if on_startup_failure not in ("retry", "fatal"):
            raise UnknownNameError(
                f"on_startup_failure is {on_startup_failure!r}.", hint='Use "retry" or "fatal", or leave it out.'
            )
        self._app = app
        self._call = _as_coroutine_function(app)
        self._root = root_path if isinstance(root_path, Root) else Root(root_path, route_parameter=route_parameter)
        self._on_startup_failure: OnStartupFailure = on_startup_failure
        self._lifespan = lifespan_of(app)
        self._streams: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        started = "started" if self.is_started else "not started"
        return f"<{type(self).__name__} of {app_name(self._app)}, {started}>"

    @property
    def state(self) -> dict[str, Any]:
        """What the app keeps for its requests since its start-up; each request gets a copy."""
        return self._lifespan.state

    @property
    def is_started(self) -> bool:
        """Whether the app is ready for requests: it was started, or is known to have no lifespan."""
        return self._lifespan.is_running or self._lifespan.is_unsupported

    # --- requests ---

    async def handle_async(self, req: HttpRequest, context: Context | None = None) -> HttpResponse:
        """Hand a request to the app, and give its response.

        Args:
            req: The request.
            context: The call it belongs to; what it tells stands in the scope as ``azure_functions.*``.

        Raises:
            LifespanError: The app's start-up failed.
            InvocationError: The app does not keep to ASGI.
        """
        lifespan = self._lifespan
        if not lifespan.is_unsupported and lifespan.home is not get_running_loop():
            await lifespan.start(self._app, self._on_startup_failure)
            home = lifespan.home
            # What the app opened at its start-up belongs to the loop of its start-up.
            if home is not None and home is not get_running_loop() and home.is_running():
                return await on_loop(home, self.handle_async(req, context))
        if can_stream.get():
            return await self._streamed(req, context)
        exchange = Exchange(req.method, req.get_body())
        rest = begin(self._call(self._scope(req, context), exchange.receive, exchange.send))
        if rest is not None:
            await rest
        return exchange.response()

    def handle(self, req: HttpRequest, context: Context | None = None) -> HttpResponse:
        """Hand a request to the app from a synchronous function, and give its response; see `handle_async`.

        Unlike the reference, it may be called while an event loop runs, which then waits.
        """
        lifespan = self._lifespan
        if not lifespan.is_unsupported:
            lifespan.start_in_thread(self._app, self._on_startup_failure)
            home = lifespan.home
            if home is not None and home.is_running() and home is not running_loop():
                return asyncio.run_coroutine_threadsafe(self._whole(req, context), home).result()
        return run(self._whole(req, context))

    def main(self, req: HttpRequest, context: Context) -> HttpResponse:
        """Serve as a function by itself: the same as `handle`."""
        return self.handle(req, context)

    async def _whole(self, req: HttpRequest, context: Context | None) -> HttpResponse:
        """Hand a request to the app, on the running loop and in this task, and wait for its end."""
        exchange = Exchange(req.method, req.get_body())
        await self._call(self._scope(req, context), exchange.receive, exchange.send)
        return exchange.response()

    async def _streamed(self, req: HttpRequest, context: Context | None) -> HttpResponse:
        """Hand a request to the app, on the running loop; its response may go on after this."""
        scope = self._scope(req, context)
        exchange = StreamedExchange(req.method, req.get_body())
        task = get_running_loop().create_task(self._call(scope, exchange.receive, exchange.send), name="azfunc-asgi")
        self._streams.add(task)
        task.add_done_callback(self._streams.discard)
        exchange.follow(task)
        try:
            await exchange.begun
        except asyncio.CancelledError:
            task.cancel()
            raise
        if not exchange.is_streaming:
            task.result()
        return exchange.response()

    def _scope(self, req: HttpRequest, context: Context | None) -> Scope:
        """Give what the app is told of a request."""
        try:
            pairs = req.header_items()
        except AttributeError:  # a request of another library
            pairs = [(name.lower(), value) for name, value in req.headers.items()]
        named = dict(pairs)
        url, _, query = req.url.partition("?")
        if not query or not query.isascii():
            query = query_of(req, query)
        origin, path, raw_path = read_target(url)
        if origin is NOWHERE or "x-forwarded-port" in named:
            origin = forwarded_origin(origin, named)
        names = _request_names
        try:
            headers = [(names[name], value.encode("ascii")) for name, value in pairs]
        except UnicodeEncodeError:
            headers = [(_as_bytes(name), _as_bytes(value)) for name, value in pairs]
        if "content-length" not in named and "transfer-encoding" not in named and (body := req.get_body()):
            headers.append((b"content-length", b"%d" % len(body)))
        forwarded = named.get("x-forwarded-for")
        root = self._root.fixed
        scope: dict[str, Any] = _SCOPE.copy() if context is None else {**_SCOPE, **context_items(context)}
        scope["asgi"] = {"version": ASGI_VERSION, "spec_version": HTTP_VERSION}
        scope["method"] = req.method
        scope["scheme"] = origin.scheme
        scope["path"] = path
        scope["raw_path"] = raw_path
        scope["query_string"] = query.encode("ascii")
        scope["root_path"] = self._root.of(req, path, context) if root is None else root
        scope["headers"] = headers
        scope["server"] = origin.server
        scope["client"] = None if forwarded is None else client_of(forwarded)
        scope["state"] = self._lifespan.state.copy()
        return scope

    # --- lifespan ---

    async def notify_startup(self) -> bool:
        """Start the app on the running loop; tell whether it can be served.

        Unlike the reference, it is true for an app without a lifespan.
        """
        try:
            await self._lifespan.start(self._app, self._on_startup_failure, here=True)
        except LifespanError:
            return False
        return True

    async def notify_shutdown(self) -> None:
        """Shut the app down, on the loop that it was started on.

        Raises:
            InvocationError: It was not started.
            LifespanError: Its shutdown failed.
        """
        if not self.is_started:
            raise InvocationError("notify_startup() must be called first.", hint="Or use `async with middleware:`.")
        await self._lifespan.stop()

    async def aclose(self) -> None:
        """Shut the app down, on the loop that it was started on; nothing if it does not run.

        Raises:
            LifespanError: Its shutdown failed.
        """
        await self._lifespan.stop()

    async def startup(self) -> None:
        """Start the app on the running loop, and keep it until as many calls of `shutdown`.

        Raises:
            LifespanError: Its start-up failed.
        """
        await self._lifespan.start(self._app, self._on_startup_failure, here=True)
        self._lifespan.hold()

    async def shutdown(self) -> None:
        """Take one `startup` back; the last one shuts the app down.

        Raises:
            LifespanError: Its shutdown failed.
        """
        await self._lifespan.release()

    async def __aenter__(self) -> Self:
        await self.startup()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.shutdown()


def _as_coroutine_function(app: AsgiApp) -> Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]:
    """Give an app as an async function; it may be a plain one that gives some awaitable."""
    if iscoroutinefunction(app) or iscoroutinefunction(type(app).__dict__.get("__call__")):
        return untyped(app)  # type: ignore[no-any-return]  # as has just been found

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        result = app(scope, receive, send)
        if not hasattr(result, "__await__"):
            raise InvocationError(
                f"The ASGI app {app_name(app)} returned {type_name(result)}, which cannot be awaited.",
                hint="Write it with async def, and three parameters: scope, receive, send.",
            )
        await result

    return call


def _as_bytes(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()
