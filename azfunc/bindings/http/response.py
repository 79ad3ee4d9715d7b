"""`HttpResponse` and `JsonResponse`: what a function started by HTTP gives back."""

from __future__ import annotations

from abc import ABCMeta

from azfunc._core.checks import OBJECT_MARKS, class_of, has_any, is_buffer, is_sequence
from azfunc._core.errors import ArgumentTypeError, DefinitionError
from azfunc._core.failures import ConversionError, InvocationError, UnknownNameError, UnsupportedValueError
from azfunc._core.jsonlib import dumps, loads
from azfunc._core.names import OtherName
from azfunc._core.text import short, type_name
from azfunc.bindings.http.fields import (
    content_type_parts,
    decoded,
    find,
    header_pairs,
    header_text,
    shown_headers,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
    from datetime import datetime, timedelta
    from http import HTTPStatus
    from typing import Any, ClassVar, TypeAlias

    from azfunc.bindings.http.cookies import SameSite
    from azfunc.bindings.http.fields import HeaderSource, Pairs
    from azfunc.bindings.http.headers import HttpResponseHeaders

    Chunk: TypeAlias = str | bytes | bytearray | memoryview
    Body: TypeAlias = Chunk | Iterable[Chunk] | AsyncIterable[Chunk]

_FILE_CHUNK = 65_536
_DEFAULT_MIMETYPE = "text/plain"
_DEFAULT_TYPE = "text/plain; charset=utf-8"
_OTHER_NAMES = {
    "json": "get_json()",
    "data": "get_body()",
    "content": "get_body()",
    "body": "get_body()",
    "read": "get_body()",
    "iter_content": "stream()",
    "status": "status_code",
    "ok": "status_code",
    "is_success": "status_code",
    "encoding": "charset",
}
"""What other libraries call an attribute -> what it is called here."""


class TextEncodingError(ConversionError, UnicodeEncodeError):
    """The text of a response has a character that its charset has not; a `UnicodeEncodeError` too."""

    def __init__(self, error: UnicodeEncodeError) -> None:
        UnicodeEncodeError.__init__(self, error.encoding, error.object, error.start, error.end, error.reason)
        ConversionError.__init__(
            self, str(error), hint=f"Use charset='utf-8', which has every character, in place of {error.encoding!r}."
        )
        if "surrogate" in error.reason:
            self.hint = "A surrogate is half a character, which utf-8 has not either; see where the text was decoded."


class HttpResponse(metaclass=ABCMeta):  # noqa: B024  # for virtual subclasses: the reference's own class
    """An HTTP response.

    Args:
        body: Content: text, bytes, or an iterable or async iterable of them, which is streamed.
            An open file is sent in chunks.
        status_code: Status from 100 to 999, as a number, its text, or an `http.HTTPStatus`.
        headers: A mapping, whose values may be lists for repeated headers, or pairs; numbers become text.
        mimetype: MIME type, ``text/plain`` when left out; a ``content-type`` in the headers goes first.
        charset: Encoding of text, ``utf-8`` when left out; one in the content type goes first.

    Raises:
        ArgumentTypeError: An argument has the wrong type.
        DefinitionError: A status that is none, a charset that is unknown, or a header that cannot be sent.

    Example:
        >>> response = func.HttpResponse("<p>hi</p>", status_code=201, mimetype="text/html")
        >>> response.set_cookie("seen", "1", httponly=True)

    Source: reference 1.26.0, `HttpResponse`; Azure Functions HTTP output binding.
    """

    join_limit_bytes: ClassVar[int] = 100_000_000
    """Greatest size a streamed body may have where it has to be joined, in bytes; set it on the class to change it."""

    # What most responses lack stands here, so that making one writes little.
    _headers: HttpResponseHeaders | None = None
    _mimetype: str | None = None
    _charset: str | None = None
    _body = b""
    _text: str | None = None
    _chunks: Any = None
    _used = False

    def __init__(
        self,
        body: Body | None = None,
        *,
        status_code: int | HTTPStatus | str | None = 200,
        headers: HeaderSource | None = None,
        mimetype: str | None = None,
        charset: str | None = None,
    ) -> None:
        known = type(status_code) is int and 100 <= status_code <= 999
        self._status: int = status_code if known else _read_status(status_code)  # type: ignore[assignment]  # known: int
        types: list[str] = []
        self._pairs: Pairs = header_pairs(headers, types) if headers else []
        if mimetype is not None:
            self._mimetype = header_text("content-type", mimetype)
        if charset is not None:
            self._charset = header_text("content-type", charset)
        if type(body) is str:
            self._text = body
            declared = (types and types[0]) or self._mimetype
            if declared is None and charset is None and body.isascii():
                self._body = body.encode()
            else:
                self._body = _encoded(body, self.charset if declared and ";" in declared else charset or "utf-8")
        elif type(body) is bytes:
            self._body = body
        elif body is not None:
            self._take(body)

    def _take(self, body: Any) -> None:
        """Keep a body that is neither plain text nor plain bytes."""
        if isinstance(body, str):
            # Not str(body): for a member of an enum that is the name of the member.
            self._text = str.__str__(body)
            self._body = _encoded(self._text, self.charset)
        elif is_buffer(body):
            self._body = bytes(body)
        elif hasattr(body, "read"):
            self._chunks = _file_chunks(body)
        elif _is_stream(body):
            self._chunks = body
        else:
            raise ArgumentTypeError(
                f"response is expected to be either of str, bytes, or bytearray, got {type(body).__name__}",
                hint="JsonResponse(value) sends a value as JSON; iter([...]) streams text or bytes.",
            )

    @property
    def status_code(self) -> int:
        """Status of the response."""
        return self._status

    @property
    def headers(self) -> HttpResponseHeaders:
        """Headers, to be read and changed: names in any letter case, several values for one name.

        Assigning replaces the values of a name, `add` adds one. ``content-type`` is among them only if it was given.
        """
        found = self._headers
        if found is None:
            from azfunc.bindings.http.headers import HttpResponseHeaders

            found = self._headers = HttpResponseHeaders(self._pairs)
        return found

    @property
    def mimetype(self) -> str:
        """MIME type, from the ``content-type`` header if there is one."""
        return content_type_parts(self._declared_type() or _DEFAULT_MIMETYPE)[0]

    @property
    def charset(self) -> str:
        """Encoding of text, from the ``content-type`` header if it names one."""
        declared = self._declared_type()
        named = content_type_parts(declared)[1] if declared and ";" in declared else None
        return named or self._charset or "utf-8"

    @property
    def content_type(self) -> str:
        """What is sent as ``content-type``: the header if there is one, else `mimetype`, for text with its charset."""
        header = self._header("content-type")
        return self._default_type() if header is None else header

    @property
    def is_streaming(self) -> bool:
        """Whether the body is still to be produced, chunk by chunk."""
        return self._chunks is not None

    @property
    def is_async(self) -> bool:
        """Whether the body is still to be produced by an async iterable, which only async code can read."""
        return self._chunks is not None and not hasattr(self._chunks, "__iter__")

    @property
    def text(self) -> str:
        """The content as text, in `charset`; a streamed body is joined once and kept.

        Example:
            >>> func.HttpResponse("hi").text
            'hi'

        Raises:
            TextDecodingError: The content is no text in that charset; a ConversionError and a UnicodeDecodeError.
            UnsupportedValueError: The body is an async iterable; await `read_body` first.
        """
        return decoded(self.get_body(), self.charset, f"HttpResponse (status {self._status})")

    @property
    def cookies(self) -> Mapping[str, str]:
        """Cookies that the response sets: values by name, verbatim, the last where a name repeats; read only.

        Their attributes stand in the headers: ``headers.getlist("Set-Cookie")``.

        Example:
            >>> response = func.HttpResponse()
            >>> response.set_cookie("seen", "1", max_age=60)
            >>> response.cookies["seen"]
            '1'
        """
        from types import MappingProxyType

        lines = (value for name, value in self._own_pairs() if name.lower() == "set-cookie")
        parts = (line.partition(";")[0].partition("=") for line in lines)
        return MappingProxyType({name.strip(): value.strip() for name, _, value in parts})

    def get_json(self) -> Any:
        """Read the content as JSON, in the charset of the content type, or as its first bytes show.

        Example:
            >>> func.JsonResponse({"id": 7}).get_json()
            {'id': 7}

        Raises:
            JsonDecodeError: It is no JSON; a ValueError and a `json.JSONDecodeError`, with the position.
            UnsupportedValueError: The body is an async iterable; await `read_body` first.
        """
        what = f"the body of the HttpResponse (status {self._status})"
        return loads(self.get_body(), what=what, charset=content_type_parts(self.content_type)[1] or self._charset)

    def _header(self, name: str) -> str | None:
        if self._headers is not None:
            return self._headers.get(name)
        return find(self._pairs, name)

    def _default_type(self) -> str:
        if self._mimetype is None and self._charset is None:
            return _DEFAULT_TYPE
        mimetype = self._mimetype or _DEFAULT_MIMETYPE
        if mimetype.startswith("text/") and not (";" in mimetype and content_type_parts(mimetype)[1]):
            return f"{mimetype}; charset={self._charset or 'utf-8'}"
        return mimetype

    def _declared_type(self) -> str | None:
        header = self._header("content-type")
        return self._mimetype if header is None else header

    def header_items(self) -> Pairs:
        """Give all headers as they are sent, in order and with repeats: ``content-type`` and cookies included.

        Raises:
            DefinitionError: A header that cannot be sent.
        """
        found = list(self._pairs) if self._headers is None else header_pairs(self._own_pairs())
        if find(found, "content-type") is None:
            found.append(("content-type", self._default_type()))
        return found

    def _own_pairs(self) -> Pairs:
        """Give the headers as pairs, without a content type of the response's own making."""
        if self._headers is None:
            return self._pairs
        # multidict gives names of a type of its own, which need not go any further.
        return [(str(name), value) for name, value in self._headers.items()]

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: float | timedelta | None = None,
        expires: datetime | float | str | None = None,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: SameSite | None = None,
        partitioned: bool = False,
    ) -> None:
        """Set a cookie; the value is sent verbatim.

        Args:
            key: Name of the cookie.
            value: Its value; no ``;`` and no control characters.
            max_age: How long the client keeps it, in seconds or as a timedelta; until it closes when left out.
            expires: Until when the client keeps it: a date and time, seconds since 1970, or the text of the attribute.
            path: Paths it is sent to.
            domain: Hosts it is sent to; only the one that set it when left out.
            secure: Whether it is sent over HTTPS only.
            httponly: Whether scripts cannot read it.
            samesite: ``Strict``, ``Lax`` or ``None`` as text: whether requests from other sites carry it.
            partitioned: Whether each site that embeds this one has its own; sets ``secure`` too.

        Raises:
            DefinitionError: A name, a value or an attribute that no cookie can have, or attributes that the prefix
                ``__Host-`` or ``__Secure-`` of its name does not permit.
        """
        from azfunc.bindings.http.cookies import cookie_line

        line = cookie_line(
            key,
            value,
            max_age=max_age,
            expires=expires,
            path=path,
            domain=domain,
            secure=secure,
            httponly=httponly,
            samesite=samesite,
            partitioned=partitioned,
        )
        if self._headers is not None:
            self._headers.add("Set-Cookie", line)
        else:
            self._pairs.append(("Set-Cookie", header_text("Set-Cookie", line)))

    def delete_cookie(
        self,
        key: str,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: SameSite | None = None,
        partitioned: bool = False,
    ) -> None:
        """Make the client forget a cookie; name, path, domain and partition are those it was set with.

        Args:
            key: Name of the cookie.
            path: Path it was set with.
            domain: Domain it was set with.
            secure: Whether it was set for HTTPS only.
            httponly: Whether it was hidden from scripts.
            samesite: What it was set with.
            partitioned: Whether it was set as partitioned.
        """
        self.set_cookie(
            key,
            "",
            max_age=0,
            expires=0,
            path=path,
            domain=domain,
            secure=secure,
            httponly=httponly,
            samesite=samesite,
            partitioned=partitioned,
        )

    def get_body(self) -> bytes:
        """Give the content as bytes; a streamed body is joined once and kept.

        Raises:
            UnsupportedValueError: The body is an async iterable, or gives something else than text and bytes.
            InvocationError: It is streamed and was used up, or is larger than `join_limit_bytes`.
        """
        if self._chunks is not None:
            joint = bytearray()
            for chunk in self.stream():
                self._grow(joint, chunk)
            self._keep(joint)
        elif self._text is not None and self._headers is not None:
            # The headers may have been given another charset since the text was encoded.
            return _encoded(self._text, self.charset)
        return self._body

    async def read_body(self) -> bytes:
        """Give the content as bytes, of an async iterable too; a streamed body is joined once and kept.

        Raises:
            UnsupportedValueError: The body gives something else than text and bytes.
            InvocationError: It is streamed and was used up, or is larger than `join_limit_bytes`.
        """
        if self._chunks is None:
            return self.get_body()
        joint = bytearray()
        async for chunk in self.stream_async():
            self._grow(joint, chunk)
        self._keep(joint)
        return self._body

    def _grow(self, joint: bytearray, chunk: bytes) -> None:
        joint += chunk
        if len(joint) > self.join_limit_bytes:
            raise InvocationError(
                f"The streamed body has more than {self.join_limit_bytes} bytes, and it has to be joined here.",
                hint="Send a smaller one, or set HttpResponse.join_limit_bytes to a greater number.",
            )

    def _keep(self, joint: bytearray) -> None:
        self._body = bytes(joint)
        self._chunks = None

    def stream(self) -> Iterator[bytes]:
        """Give the content chunk by chunk; one chunk if it is not streamed, none if it is empty.

        An iterator can be used once, another iterable as often as it allows. It is closed at the end.

        Raises:
            UnsupportedValueError: The body is an async iterable, or gives something else than text and bytes.
            InvocationError: It is used up.
        """
        if self._chunks is None:
            body = self.get_body()
            return iter([body] if body else [])
        if self.is_async:
            raise UnsupportedValueError(
                "The body is an async iterable, which cannot be read without awaiting it.",
                hint="Use await response.read_body(), or async for with response.stream_async().",
            )
        return self._each(self._begin())

    def _each(self, source: Iterator[Any]) -> Iterator[bytes]:
        chunks = self._chunks
        try:
            for chunk in source:
                yield self._chunk(chunk)
        finally:
            _close(chunks)

    def stream_async(self) -> AsyncIterator[bytes]:
        """Give the content chunk by chunk to async code, whatever the body is; see `stream`.

        Iterables that are not async are read in a thread, so that they may block.
        """
        if self.is_async:
            return self._each_async(self._begin_async())
        return _in_threads(self.stream()) if self.is_streaming else _listed(self.stream())

    async def _each_async(self, source: AsyncIterator[Any]) -> AsyncIterator[bytes]:
        chunks = self._chunks
        try:
            async for chunk in source:
                yield self._chunk(chunk)
        finally:
            close = getattr(chunks, "aclose", None)
            if close is not None:
                await close()

    def _begin(self) -> Iterator[Any]:
        source: Iterator[Any] = iter(self._chunks)
        self._use(once=source is self._chunks)
        return source

    def _begin_async(self) -> AsyncIterator[Any]:
        source: AsyncIterator[Any] = self._chunks.__aiter__()
        self._use(once=source is self._chunks)
        return source

    def _use(self, *, once: bool) -> None:
        if once and self._used:
            raise InvocationError(
                "The streamed body was read already, and an iterator gives its chunks once.",
                hint="Make a response for each request, or give an object whose __iter__() begins anew.",
            )
        self._used = True

    def _chunk(self, chunk: Any) -> bytes:
        if isinstance(chunk, bytes):
            return chunk
        if isinstance(chunk, str):
            return _encoded(chunk, self.charset)
        if is_buffer(chunk):
            return bytes(chunk)
        raise UnsupportedValueError(
            f"The streamed body gave {type_name(chunk)}.", hint="Each chunk is bytes or text; json.dumps() makes text."
        )

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not (isinstance(other, HttpResponse) and hasattr(other, "_identity")):
            return NotImplemented
        if self.is_streaming or other.is_streaming:
            return False
        return self._identity() == other._identity()

    def _identity(self) -> tuple[Any, ...]:
        headers = sorted((name.lower() for name, _ in self.header_items()))
        values: dict[str, list[str]] = {name: [] for name in headers}
        for name, value in self.header_items():
            values[name.lower()].append(value)
        return self._status, values, self.get_body()

    def __hash__(self) -> int:
        return hash((HttpResponse, self._status))

    def __getstate__(self) -> dict[str, Any]:
        pairs = self._own_pairs()
        return {**self.__dict__, "_pairs": pairs, "_headers": None}

    def _shown_body(self) -> str:
        if self._chunks is not None:
            return f"<{type(self._chunks).__name__}>"
        return short(self._body if self._text is None else self._text)

    def __repr__(self) -> str:
        shown = [self._shown_body()] if self._chunks is not None or self._text is not None or self._body else []
        if self._status != 200:
            shown.append(f"status_code={self._status}")
        pairs = self._own_pairs()
        if pairs:
            shown.append(f"headers={shown_headers(pairs)!r}")
        if self._mimetype is not None:
            shown.append(f"mimetype={self._mimetype!r}")
        if self._charset is not None:
            shown.append(f"charset={self._charset!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


OtherName.mark(HttpResponse, _OTHER_NAMES, say="response")


class JsonResponse(HttpResponse):
    """A response whose body is JSON, ``application/json``.

    Args:
        obj: Value that JSON can hold: dicts, lists, dataclasses, models, dates and so on; None is ``null``.
        status_code: Status from 100 to 999.
        headers: A mapping, whose values may be lists for repeated headers, or pairs.
        mimetype: MIME type, such as ``application/problem+json``.

    Raises:
        UnsupportedValueError: A value that JSON cannot hold.

    Example:
        >>> func.JsonResponse({"id": 7}, status_code=201).get_body()
        b'{"id": 7}'
    """

    def __init__(
        self,
        obj: Any,
        *,
        status_code: int | HTTPStatus | str | None = 200,
        headers: HeaderSource | None = None,
        mimetype: str = "application/json",
    ) -> None:
        super().__init__(dumps(obj), status_code=status_code, headers=headers, mimetype=mimetype)

    def _shown_body(self) -> str:
        return short(loads(self._body))


def _read_status(value: Any) -> int:
    if value is None:
        return 200
    try:
        status = int(value) if isinstance(value, (int, str)) else None
    except ValueError:
        status = None
    if status is None:
        raise ArgumentTypeError(
            f"The status of a response is a number, and got {value!r}.", hint="Use 200, 404 or http.HTTPStatus.OK."
        )
    if not 100 <= status <= 999:
        raise DefinitionError(f"{status} is no status of a response.", hint="A status has three digits, 100 to 999.")
    return status


def _encoded(text: str, charset: str) -> bytes:
    try:
        return text.encode(charset)
    except LookupError as error:
        raise UnknownNameError(
            str(error), hint="Name a charset that Python knows: utf-8, latin-1, utf-16, cp1252."
        ) from None
    except UnicodeEncodeError as error:
        raise TextEncodingError(error) from error


def _is_stream(body: Any) -> bool:
    """Tell whether a body is an iterable of chunks, and not a value that someone meant to send as JSON."""
    if is_sequence(body):
        return bool(body) and all(is_buffer(each) for each in body)
    kind = class_of(body)
    if isinstance(body, (set, frozenset)) or has_any(kind, OBJECT_MARKS):
        return False
    return hasattr(kind, "__iter__") or hasattr(kind, "__aiter__")


async def _listed(source: Iterator[bytes]) -> AsyncIterator[bytes]:
    for chunk in source:
        yield chunk


async def _in_threads(source: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Give what an iterator gives, each step taken in a thread, and close it at the end."""
    import asyncio

    end: Any = object()
    step: asyncio.Future[Any] | None = None
    try:
        while True:
            step = asyncio.ensure_future(asyncio.to_thread(next, source, end))
            found = await asyncio.shield(step)
            if found is end:
                return
            yield found
    finally:
        # A reader that goes away leaves a step running, and a running generator cannot be closed.
        if step is None or step.done():
            _close(source)
        else:

            def close(done: asyncio.Future[Any]) -> None:
                done.exception()  # else it is reported as never seen
                _close(source)

            step.add_done_callback(close)


def _close(source: Any) -> None:
    close = getattr(source, "close", None)
    if close is not None:
        close()


def _file_chunks(file: Any) -> Iterator[Any]:
    try:
        while chunk := file.read(_FILE_CHUNK):
            yield chunk
    finally:
        file.close()
