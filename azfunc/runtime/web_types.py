"""Requests and responses of a web framework as argument and result, by an ``azurefunctions-extensions-http-*`` package.

Under Azure's worker such a package hands the framework's own request to the function, as a stream. azfunc's runtime
makes the framework's request of its own, whose body `azfunc start` hands on as it arrives and a test has whole; and a
response of azfunc of what is returned, a streamed one if the framework's is.

Docs: Azure Functions Python developer guide, "HTTP streams".
"""

from __future__ import annotations

import asyncio
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import alternatives
from azfunc.runtime.sdk_types import EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azfunc.bindings.http import HttpRequest, HttpResponse

    Receive = Callable[[], Awaitable[Any]]


class StreamedBody:
    """The body of a request that is read while it arrives: ASGI's ``receive``, which two may wait for.

    Args:
        receive: Gives the next message of the server.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = asyncio.Event()

    async def read(self) -> Any:
        """Give the next part, as ``receive`` does."""
        if self._ended.is_set():
            return {"type": "http.disconnect"}
        message = await self._receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            self._ended.set()
        return message

    async def whole(self) -> bytes:
        """Read it to its end."""
        body = bytearray()
        while not self._ended.is_set():
            body += (await self.read()).get("body", b"")
        return bytes(body)

    async def after(self) -> Any:
        """Give the next message after the body, which is that the caller has gone."""
        await self._ended.wait()
        return await self._receive()


def body_of(chunks: Any) -> StreamedBody:
    """Give the body of a request that an iterator, or an async one, gives part by part; text is sent in UTF-8.

    Args:
        chunks: The parts.
    """

    async def receive() -> dict[str, Any]:
        part = await anext(chunks, None) if hasattr(chunks, "__anext__") else next(chunks, None)
        body = part.encode() if isinstance(part, str) else part or b""
        return {"type": "http.request", "body": body, "more_body": part is not None}

    return StreamedBody(receive)


def is_in_parts(body: Any) -> bool:
    """Tell whether the body of a request is given part by part: a generator or another iterator, but no file."""
    return hasattr(body, "__anext__") or (hasattr(body, "__next__") and not hasattr(body, "read"))


streamed_body: ContextVar[StreamedBody | None] = ContextVar("azfunc_streamed_body", default=None)
"""Body of the request that is being answered, if the function is to read it while it arrives."""


def _trackers() -> Any:
    extensions = sys.modules.get(EXTENSIONS)
    checker = getattr(extensions, "HttpV2FeatureChecker", None)  # its first releases have none
    return extensions if checker is not None and checker.http_v2_enabled() else None


def has_web_package() -> bool:
    """Tell whether an extension package is loaded that hands requests of its framework to functions."""
    return _trackers() is not None


def is_web_request(annotation: Any) -> bool:
    """Tell whether an annotation is the request class of a loaded extension package."""
    trackers = _trackers()
    return trackers is not None and any(
        trackers.RequestTrackerMeta.check_type(each) for each in alternatives(annotation)
    )


def web_request(req: HttpRequest) -> Any:
    """Give the framework's request for one of azfunc, with its route parameters."""
    from urllib.parse import unquote, urlsplit

    trackers = _trackers().RequestTrackerMeta
    parts = urlsplit(req.url)
    body = [{"type": "http.request", "body": req.get_body(), "more_body": False}]

    async def receive() -> dict[str, Any]:
        return body.pop() if body else {"type": "http.disconnect"}

    arriving = streamed_body.get()

    scope: dict[str, Any] = {
        "type": "http",
        "method": req.method,
        "scheme": parts.scheme or "http",
        "server": (parts.hostname or "localhost", parts.port or (443 if parts.scheme == "https" else 80)),
        "path": unquote(parts.path),
        "raw_path": parts.path.encode("ascii", "ignore"),
        "root_path": "",
        "query_string": parts.query.encode("latin-1"),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in req.headers.items()],
        "path_params": {},
    }
    made = trackers.get_request_type()(scope, receive if arriving is None else arriving.read)
    trackers.get_synchronizer().sync_route_params(made, dict(req.route_params))
    return made


def is_web_response(value: Any) -> bool:
    """Tell whether a value is a response object of a loaded extension package; plain data is none."""
    trackers = _trackers()
    known = trackers is not None and trackers.ResponseTrackerMeta.check_type(type(value))
    return known and hasattr(value, "raw_headers") and hasattr(value, "status_code")


def web_response(value: Any) -> HttpResponse:
    """Give azfunc's response for one of the framework; its background tasks are not run, which a warning tells."""
    from azfunc.bindings.http import HttpResponse

    if getattr(value, "background", None) is not None:
        import warnings

        from azfunc._core.failures import AzfuncWarning

        warnings.warn(
            f"The background tasks of a {type(value).__name__} are run under Azure's worker alone. Await them instead.",
            AzfuncWarning,
            stacklevel=2,
        )
    headers = [(name.decode("latin-1"), text.decode("latin-1")) for name, text in value.raw_headers]
    if hasattr(value, "body_iterator"):
        body: Any = value.body_iterator
    elif hasattr(value, "path"):
        from pathlib import Path

        body = Path(value.path).read_bytes()
    else:
        body = bytes(value.body)
    return HttpResponse(body, status_code=value.status_code, headers=headers)
