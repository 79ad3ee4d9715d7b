"""One request and its response, as messages of ASGI.

An `Exchange` collects the response. A `StreamedExchange` hands it on while the app still sends it; it needs a task of
its own, and a caller that reads on.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio import get_running_loop
from collections import deque
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_buffer
from azfunc._core.errors import AzfuncError
from azfunc._core.failures import InvocationError
from azfunc._core.text import short, type_name
from azfunc.adapters.loops import running_loop
from azfunc.adapters.responses import EMPTY_STATUSES, AppResponse
from azfunc.bindings.http.fields import header_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Self

    from azfunc.adapters.asgi_types import Message
    from azfunc.bindings.http import HttpResponse
    from azfunc.bindings.http.fields import Pairs

CHUNK_BYTES = 65_536
"""Greatest size of one message with a part of the request's body, in bytes."""
BUFFER_BYTES = 65_536
"""Size that the unread part of a streamed response may have before the app has to wait, in bytes."""

_log = logging.getLogger("azfunc.asgi")

_NAMES_KEPT = 1000
_response_names: dict[bytes, str] = {}
"""Names of response headers that were looked at and are good, decoded; apps use a few, again and again."""


class ClientDisconnectedError(OSError):
    """Nobody reads the response any more; raised in the app, where it sends more of it."""


class Exchange:
    """One request and its response.

    Args:
        method: Method of the request.
        body: Its content.
    """

    __slots__ = ("_body", "_keeps_body", "_method", "_parts", "_position", "_waiters", "is_complete", "pairs", "status")

    pairs: Pairs
    """Headers of the response."""

    def __init__(self, method: str, body: bytes) -> None:
        self._method = method
        self._body: bytes | None = body
        self._parts: list[bytes] = []
        self._position = 0
        self._keeps_body = True
        self._waiters: tuple[asyncio.Future[None], ...] = ()
        self.status: int = 0
        """Status of the response, 0 before it starts."""
        self.is_complete: bool = False
        """Whether the app has sent the whole response."""

    async def receive(self) -> Message:
        """Give the app its next event: parts of the body, then, once all is over, the disconnect."""
        body = self._body
        if body is not None:
            if len(body) <= CHUNK_BYTES:
                self._body = None
                return {"type": "http.request", "body": body, "more_body": False}
            start = self._position
            end = self._position = start + CHUNK_BYTES
            has_more = end < len(body)
            if not has_more:
                self._body = None
            return {"type": "http.request", "body": body[start:end], "more_body": has_more}
        if not self.is_complete:
            waiter: asyncio.Future[None] = get_running_loop().create_future()
            self._waiters = (*self._waiters, waiter)
            await waiter
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take an event from the app."""
        try:
            kind = message["type"]
        except (KeyError, TypeError):
            raise _typeless(message) from None
        if kind == "http.response.body":
            body = message.get("body", b"")
            if type(body) is not bytes or not self.status or self.is_complete:
                body = self._checked_body(body)
            if body and self._keeps_body:
                self._parts.append(body)
            if not message.get("more_body", False):
                self.is_complete = True
                if self._waiters:
                    self._disconnect()
        elif kind == "http.response.start":
            self._start(message)
        else:
            raise _unknown(kind)

    def response(self) -> HttpResponse:
        """Give the response, once the app has returned.

        Raises:
            InvocationError: The app has sent none, or not all of it.
        """
        if not self.is_complete:
            raise self._unfinished()
        parts = self._parts
        return AppResponse(self.status, self.pairs, parts[0] if len(parts) == 1 else b"".join(parts))

    def _start(self, message: Message) -> None:
        if self.status:
            raise _misuse("sent http.response.start twice", "A response starts once.")
        status = message.get("status")
        if type(status) is not int or not 100 <= status <= 999:
            raise _misuse(
                f"sent http.response.start with the status {short(status)}",
                "The status is a number of three digits, such as 200.",
            )
        self.pairs = _read_headers(message.get("headers", ()))
        self.status = status
        if status < 200 or status in EMPTY_STATUSES or self._method == "HEAD":
            self._keeps_body = False

    def _checked_body(self, body: Any) -> bytes:
        """Give a part of the body as bytes, or say why there can be none."""
        if not self.status:
            raise _misuse("sent http.response.body before http.response.start", "A response starts with its status.")
        if self.is_complete:
            raise _misuse(
                "sent http.response.body after the end of the response",
                "more_body=True in a message says that another one follows.",
            )
        if not is_buffer(body):
            raise _misuse(f"sent http.response.body with {type_name(body)} as its body", "Encode text to bytes.")
        return bytes(body)

    def _disconnect(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _unfinished(self) -> InvocationError:
        if not self.status:
            return _misuse("returned without a response", "Send http.response.start, then http.response.body.")
        return _misuse(
            "returned before the end of its response",
            "The last http.response.body has no more_body, or more_body=False.",
        )


class StreamedExchange(Exchange):
    """One request, and a response that is read while the app sends it.

    Args:
        method: Method of the request.
        body: Its content.
    """

    task: asyncio.Task[None]
    """Runs the app."""

    def __init__(self, method: str, body: bytes) -> None:
        super().__init__(method, body)
        self.loop: asyncio.AbstractEventLoop = get_running_loop()
        """The loop that the app runs on."""
        self.begun: asyncio.Future[None] = self.loop.create_future()
        """Done when a streamed response has begun, or the app has ended."""
        self.is_streaming: bool = False
        """Whether the response is longer than one message."""
        self._unread: deque[bytes] = deque()
        self._size = 0
        self._is_gone = False
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()

    def follow(self, task: asyncio.Task[None]) -> None:
        """Take note of the task that runs the app."""
        self.task = task
        task.add_done_callback(self._task_ended)

    async def send(self, message: Message) -> None:
        """Take an event from the app; it waits while too much is unread.

        Raises:
            ClientDisconnectedError: Nobody reads the response any more.
        """
        if self._is_gone:
            raise ClientDisconnectedError("The client has left.")
        await super().send(message)
        for part in self._parts:
            self._unread.append(part)
            self._size += len(part)
        self._parts.clear()
        if not self.is_complete and self._keeps_body and message["type"] == "http.response.body":
            self.is_streaming = True
            _resolve(self.begun)
        self._filled.set()
        while self.is_streaming and self._size > BUFFER_BYTES and not self._is_gone:
            self._drained.clear()
            await self._drained.wait()

    async def next_part(self) -> bytes | None:
        """Give the next part of the response, or None when the app has ended.

        Raises:
            InvocationError: The app has not sent all of it.
        """
        while not self._unread:
            if self.task.done():
                self.task.result()
                if not self.is_complete:
                    raise self._unfinished()
                return None
            self._filled.clear()
            await self._filled.wait()
        part = self._unread.popleft()
        self._size -= len(part)
        self._drained.set()
        return part

    def leave(self) -> None:
        """Tell the app that nobody reads any more."""
        self._is_gone = True
        self._drained.set()
        self._disconnect()

    async def receive(self) -> Message:
        """Give the app its next event; see `Exchange`."""
        if self._is_gone:
            return {"type": "http.disconnect"}
        return await super().receive()

    def response(self) -> HttpResponse:
        """Give the response: as a stream, or whole when it is one message long."""
        if self.is_streaming:
            return AppResponse(self.status, self.pairs, chunks=Stream(self))
        self._parts = list(self._unread)
        return super().response()

    def _task_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None and self._is_gone:
            _log.debug("The ASGI app ended after its client had left.", exc_info=task.exception())
        self._filled.set()
        _resolve(self.begun)


class Stream:
    """The body of a streamed response: an async iterable that can be read once, on any loop.

    Args:
        exchange: Where the parts come from.
    """

    def __init__(self, exchange: StreamedExchange) -> None:
        self._exchange = exchange

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        exchange = self._exchange
        if exchange.loop is running_loop():
            part = await exchange.next_part()
        elif exchange.loop.is_running():
            future = asyncio.run_coroutine_threadsafe(exchange.next_part(), exchange.loop)
            part = await asyncio.wrap_future(future)
        else:
            raise InvocationError(
                "The event loop that the response is streamed on has ended.",
                hint="Make the request, and read the response, inside one `with TestClient(app) as client:` block.",
            )
        if part is None:
            raise StopAsyncIteration
        return part

    async def aclose(self) -> None:
        """Tell the app that nobody reads any more."""
        if not self._exchange.loop.is_closed():
            self._exchange.loop.call_soon_threadsafe(self._exchange.leave)


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _typeless(message: Any) -> InvocationError:
    return _misuse(
        f"sent {type_name(message)} without a type",
        "A message is a dict whose type is http.response.start or http.response.body.",
    )


def _read_headers(headers: Iterable[Any]) -> Pairs:
    """Read the headers of a response, and refuse those that cannot be sent."""
    pairs: Pairs = []
    names = _response_names
    try:
        for raw_name, raw_value in headers:
            name = names.get(raw_name) or _checked_name(raw_name)
            value: str = raw_value.decode("latin-1")
            if not (value.isprintable() and value.isascii()):
                header_text(name, value)
            pairs.append((name, value.strip(" \t")))  # which may stand around it, and is no part of it
    except AzfuncError:
        raise
    except (TypeError, ValueError, AttributeError):
        raise _misuse(
            "sent http.response.start with headers that are no pairs of bytes",
            'Headers are pairs of bytes, such as [(b"content-type", b"text/plain")].',
        ) from None
    return pairs


def _checked_name(raw_name: Any) -> str:
    name: str = raw_name.decode("latin-1")
    header_text(name, "")
    if len(_response_names) < _NAMES_KEPT:
        _response_names[raw_name] = name
    return name


def _unknown(kind: Any) -> InvocationError:
    return _misuse(
        f"sent a message of type {short(kind)}",
        "Messages of a response are http.response.start and http.response.body; no extension is offered.",
    )


def _misuse(what: str, hint: str) -> InvocationError:
    return InvocationError(f"The ASGI app {what}.", hint=hint)
