"""`HttpResponse` and its kin: bodies, headers, cookies, streams."""

from __future__ import annotations

import asyncio
import copy
import datetime
import enum
import http
import http.cookies
import io
import pickle
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc
from azfunc import FileResponse, HttpResponse, JsonResponse, RedirectResponse
from azfunc.bindings.http import HttpResponseConverter, fields

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path
    from types import ModuleType


# --- bodies, status, types --------------------------------------------------------------------------------------------


def test_defaults_are_those_of_the_reference(func: ModuleType) -> None:
    """Without arguments it is an empty 200 of plain text."""
    response = func.HttpResponse()

    assert (response.status_code, response.get_body(), response.mimetype, response.charset) == (
        200,
        b"",
        "text/plain",
        "utf-8",
    )
    assert dict(response.headers) == {}


@pytest.mark.parametrize("status", [404, http.HTTPStatus.NOT_FOUND])
def test_status_is_a_number(func: ModuleType, status: int) -> None:
    """A status given as an enum member is a plain number afterwards."""
    found = func.HttpResponse(status_code=status).status_code

    assert (found, type(found)) == (404, int)


def test_text_of_a_kind_of_its_own() -> None:
    """A subclass of str is text, and what was read of it stays the same."""

    class Markup(str):
        """Text of a template."""

        __slots__ = ()

    assert HttpResponse(Markup("é")).get_body() == b"\xc3\xa9"


def test_text_of_an_enum_stays_when_headers_are_read() -> None:
    """A member whose value is text is that text, and not the name of the member."""

    class Kind(str, enum.Enum):
        """Words with a name."""

        SMALL = "small"

    response = HttpResponse(Kind.SMALL)
    before = response.get_body()
    response.headers["x-seen"] = "1"

    assert (before, response.get_body(), response.text) == (b"small", b"small", "small")
    assert repr(HttpResponse(Kind.SMALL)) == "HttpResponse('small')"
    assert HttpResponse(headers={"X-Kind": Kind.SMALL}).header_items()[0] == ("X-Kind", "small")


def test_names_are_checked_however_many_were_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of good names is bounded, and names beyond it are checked all the same."""
    monkeypatch.setattr(fields, "_NAMES_KEPT", 0)

    assert HttpResponse(headers={"X-Never-Seen-Before": "1"}).headers["x-never-seen-before"] == "1"
    assert "X-Never-Seen-Before" not in fields._good_names
    with pytest.raises(azfunc.DefinitionError):
        HttpResponse(headers={"X Never": "1"})


def test_status_may_be_text_or_left_out() -> None:
    """Digits stand for their number, and None for 200."""
    assert HttpResponse(status_code="404").status_code == 404
    assert HttpResponse(status_code=None).status_code == 200


@pytest.mark.parametrize("status", [0, 99, 1000, -1, True, 200.5, "ok", b"200"], ids=repr)
def test_wrong_status_is_refused(status: Any) -> None:
    """Unlike the reference, a status that none can be is refused at once."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        HttpResponse(status_code=status)

    assert caught.value.hint


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [("é", None, b"\xc3\xa9"), ("é", "latin-1", b"\xe9"), (b"x", None, b"x"), (bytearray(b"x"), None, b"x")],
    ids=repr,
)
def test_body_is_given_as_bytes(func: ModuleType, body: Any, charset: str | None, expected: bytes) -> None:
    """Text is encoded in the charset, bytes stay as they are."""
    found = func.HttpResponse(body, charset=charset).get_body()

    assert (found, type(found)) == (expected, bytes)


@pytest.mark.parametrize("body", [{"a": 1}, 5], ids=repr)
def test_body_of_another_type_is_refused(func: ModuleType, body: Any) -> None:
    """A dict or a number is no body, and the error has the reference's text."""
    with pytest.raises(TypeError) as caught:
        func.HttpResponse(body)

    name = type(body).__name__
    assert caught.value.args[0] == f"response is expected to be either of str, bytes, or bytearray, got {name}"


@pytest.mark.parametrize("body", [[], ["a"], [{"a": 1}], ("a", 404), {"a"}, object()], ids=repr)
def test_value_meant_as_json_is_refused(body: Any) -> None:
    """A list that is no list of chunks is refused with a word about JSON."""
    with pytest.raises(TypeError) as caught:
        HttpResponse(body)

    assert "JsonResponse" in str(caught.value)


def test_unknown_charset_is_a_lookup_error(func: ModuleType) -> None:
    """A charset that Python does not know is refused when the response is made."""
    with pytest.raises(LookupError) as caught:
        func.HttpResponse("é", charset="nope")

    assert "unknown encoding: nope" in str(caught.value)


def test_text_that_the_charset_has_not(func: ModuleType) -> None:
    """A character without a place in the charset is refused when the response is made."""
    with pytest.raises(UnicodeEncodeError) as caught:
        func.HttpResponse("a€", charset="latin-1")

    assert (caught.value.start, caught.value.encoding) == (1, "latin-1")


def test_text_error_is_one_of_azfunc_too() -> None:
    """The same error has a hint."""
    with pytest.raises(azfunc.ConversionError) as caught:
        HttpResponse("\ud800")

    assert "utf-8" in caught.value.hint


@pytest.mark.parametrize(
    ("given", "content_type", "mimetype", "charset", "body"),
    [
        ({}, "text/plain; charset=utf-8", "text/plain", "utf-8", b"\xc3\xa9"),
        ({"mimetype": "text/html"}, "text/html; charset=utf-8", "text/html", "utf-8", b"\xc3\xa9"),
        ({"mimetype": "application/json"}, "application/json", "application/json", "utf-8", b"\xc3\xa9"),
        ({"charset": "latin-1"}, "text/plain; charset=latin-1", "text/plain", "latin-1", b"\xe9"),
        ({"mimetype": "text/html; charset=latin-1"}, "text/html; charset=latin-1", "text/html", "latin-1", b"\xe9"),
        ({"mimetype": "text/x; a=b"}, "text/x; a=b; charset=utf-8", "text/x", "utf-8", b"\xc3\xa9"),
        ({"headers": {"Content-Type": "text/x"}, "mimetype": "a/b"}, "text/x", "text/x", "utf-8", b"\xc3\xa9"),
        (
            {"headers": {"CONTENT-TYPE": "text/x; charset=latin-1"}, "charset": "utf-8"},
            "text/x; charset=latin-1",
            "text/x",
            "latin-1",
            b"\xe9",
        ),
    ],
    ids=str,
)
def test_type_and_charset_agree_with_the_header(
    given: dict[str, Any], content_type: str, mimetype: str, charset: str, body: bytes
) -> None:
    """Whichever way the type is given, attributes, header and encoding of the text say the same."""
    response = HttpResponse("é", **given)

    assert (response.content_type, response.mimetype, response.charset) == (content_type, mimetype, charset)
    assert response.get_body() == body
    sent = [value for name, value in response.header_items() if name.lower() == "content-type"]
    assert sent == [content_type]


def test_text_follows_a_charset_that_is_set_later() -> None:
    """A content type that is set on the headers decides how text is encoded, at any time."""
    response = HttpResponse("é")
    response.headers["Content-Type"] = "text/html; charset=latin-1"

    assert (response.charset, response.get_body()) == ("latin-1", b"\xe9")


# --- headers ----------------------------------------------------------------------------------------------------------


def test_headers_can_be_read_and_changed(func: ModuleType) -> None:
    """Names are found in any letter case; adding keeps, assigning replaces."""
    response = func.HttpResponse(headers={"X-One": "1"})

    response.headers.add("x-one", "2")
    assert (response.headers["X-ONE"], response.headers.getlist("x-one")) == ("1", ["1", "2"])
    response.headers["X-One"] = "3"
    assert response.headers.getlist("X-One") == ["3"]
    response.headers.set("X-One", 4)
    response.headers.setlist("L", ["1", "2"])
    response.headers.extend({"M": ["5"]})
    assert (response.headers.get("x-one"), response.headers.setdefault("new", "5")) == ("4", "5")
    assert [pair for pair in response.headers.items() if pair[0] == "L"] == [("L", "1"), ("L", "2")]
    assert response.headers.setdefault("NEW", "6") == "5"
    response.headers.remove("X-One")
    assert ("X-One" in response.headers, response.headers.get("X-One"), response.headers.getlist("M")) == (
        False,
        None,
        ["5"],
    )


def test_header_with_options(func: ModuleType) -> None:
    """Parameters of a value may be given by name."""
    response = func.HttpResponse()

    response.headers.add("Content-Disposition", "attachment", filename="a b.txt")

    assert response.headers["content-disposition"] == 'attachment; filename="a b.txt"'
    assert response.headers.to_wsgi_list() == [("Content-Disposition", 'attachment; filename="a b.txt"')]


@pytest.mark.parametrize(
    "headers",
    [
        {"A": ["1", 2], "B": 3},
        [("A", "1"), ("A", "2"), ("B", "3")],
        (("A", b"1"), ("A", "2"), ("B", 3)),
        HttpResponse(headers={"A": ["1", "2"], "B": "3"}).headers,
    ],
    ids=["dict", "list", "tuple", "headers"],
)
def test_headers_come_in_many_forms(headers: Any) -> None:
    """A mapping, one with lists, pairs and the headers of another response all do, with repeats kept."""
    assert list(HttpResponse(headers=headers).headers.items()) == [("A", "1"), ("A", "2"), ("B", "3")]


BAD_HEADERS = [
    {"A": "x\ny"},
    {"A": "x\ry"},
    {"A": "x\0y"},
    {"A": "€"},
    {"A": None},
    {"A": {"b": 1}},
    {"A": [["x"]]},
    {"": "x"},
    {"A B": "x"},
    {"A:": "x"},
    {"é": "x"},
    {b"A": "x"},
    [("A",)],
    "A: x",
    5,
]


@pytest.mark.parametrize("headers", BAD_HEADERS, ids=str)
def test_header_that_cannot_be_sent_is_refused(headers: Any) -> None:
    """Line breaks, NUL, characters beyond latin-1, and names that are no tokens are refused at once, with advice."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        HttpResponse(headers=headers)

    assert caught.value.hint


@pytest.mark.parametrize("value", [" a b ", "a b\t", "\t a b", b" a b ", [" a b"]])
@pytest.mark.parametrize("name", ["X-Around", "content-type"])
def test_space_around_a_value_is_no_part_of_it(name: str, value: Any) -> None:
    """It is left out however the header is given, since servers refuse it; that inside stays."""
    response = HttpResponse()
    response.headers[name] = value[0] if isinstance(value, list) else value
    made = [HttpResponse(headers={name: value}), HttpResponse(headers=[(name, value)]), response]
    if isinstance(value, str):
        going_round = HttpResponse()
        going_round.headers.update({name: value})
        made.append(going_round)

    for each in made:
        assert [pair for pair in each.header_items() if pair[0] == name] == [(name, "a b")]


def test_space_around_a_type_is_no_part_of_it() -> None:
    """The content type is read and sent without it."""
    for response in (
        HttpResponse("x", mimetype=" text/csv "),
        HttpResponse("x", headers={"Content-Type": " text/csv"}),
    ):
        assert response.content_type.partition(";")[0] == response.mimetype == "text/csv"
    assert HttpResponse(headers={"X-Empty": " \t"}).headers["x-empty"] == ""


def test_line_break_at_the_end_of_a_value_is_refused() -> None:
    """Only spaces and tabs are left out."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        HttpResponse(headers={"X": " a\n"})

    assert "at character 3" in str(caught.value.hint)


@pytest.mark.parametrize(("name", "value"), [("A", "x\ny"), ("A B", "x"), ("A", None)])
def test_header_that_is_changed_is_checked(name: str, value: Any) -> None:
    """Assigning and adding check like the constructor."""
    headers = HttpResponse().headers

    with pytest.raises(azfunc.DefinitionError):
        headers[name] = value
    with pytest.raises(azfunc.DefinitionError):
        headers.add(name, value)


def test_header_that_went_round_the_check_is_found_when_sent() -> None:
    """What another method of the mapping let pass is refused when the response is encoded."""
    response = HttpResponse()
    response.headers.update({"A": "x\r\nSet-Cookie: y=1"})

    with pytest.raises(azfunc.DefinitionError, match="newline"):
        HttpResponseConverter.encode(response)


@pytest.mark.parametrize("given", [{"mimetype": "a/b\r\nX: 1"}, {"charset": "utf-8\r\nX: 1"}], ids=str)
def test_type_cannot_smuggle_a_header(given: dict[str, Any]) -> None:
    """A line break in the MIME type or the charset is refused at once, whatever the body."""
    with pytest.raises(azfunc.DefinitionError):
        HttpResponse(b"x", **given)


# --- cookies ----------------------------------------------------------------------------------------------------------


def cookies(response: HttpResponse) -> list[str]:
    """Give the Set-Cookie headers that are sent."""
    return [value for name, value in response.header_items() if name == "Set-Cookie"]


def test_cookie_has_every_attribute() -> None:
    """All attributes are written, and Partitioned brings Secure with it."""
    response = HttpResponse()
    moment = datetime.datetime(2015, 10, 21, 9, 28, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))

    response.set_cookie(
        "a",
        '{"x": [1, 2]}',
        max_age=datetime.timedelta(minutes=1),
        expires=moment,
        path="/p",
        domain="example.test",
        httponly=True,
        samesite="none",
        partitioned=True,
    )
    response.set_cookie("b")

    first, second = cookies(response)
    assert first.split("; ") == [
        'a={"x": [1, 2]}',
        "Domain=example.test",
        "Expires=Wed, 21 Oct 2015 07:28:00 GMT",
        "Max-Age=60",
        "Secure",
        "HttpOnly",
        "Path=/p",
        "SameSite=None",
        "Partitioned",
    ]
    assert second == "b=; Path=/"


@pytest.mark.parametrize(
    ("expires", "text"),
    [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (datetime.datetime(2026, 2, 3, 4, 5, 6), "Tue, 03 Feb 2026 04:05:06 GMT"),  # noqa: DTZ001  # taken as UTC
        ("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00 GMT"),
    ],
)
def test_expiry_is_written_as_http_writes_dates(expires: Any, text: str) -> None:
    """A number is seconds since 1970, a time without zone is UTC, text stays."""
    response = HttpResponse()
    response.set_cookie("a", "1", expires=expires, path=None)

    assert cookies(response) == [f"a=1; Expires={text}"]


def test_cookie_is_deleted_with_what_it_was_set_with() -> None:
    """Deleting sends the cookie empty and expired, on the same path and domain."""
    response = HttpResponse()
    response.delete_cookie("a", path="/p", domain="example.test", secure=True, httponly=True, samesite="Lax")

    (line,) = cookies(response)
    assert line.startswith("a=; Domain=example.test; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; ")
    assert line.endswith("; Secure; HttpOnly; Path=/p; SameSite=Lax")


def test_cookies_are_set_before_and_after_headers_are_touched() -> None:
    """Cookies keep their order, and headers see them."""
    response = HttpResponse(headers={"Set-Cookie": "a=1"})
    response.set_cookie("b", "2")
    assert response.headers.getlist("set-cookie") == ["a=1", "b=2; Path=/"]

    response.set_cookie("c", "3")
    assert cookies(response) == ["a=1", "b=2; Path=/", "c=3; Path=/"]


@pytest.mark.parametrize(
    "given",
    [
        {"key": "a b"},
        {"key": ""},
        {"key": "a=b"},
        {"key": 5},
        {"key": "a", "value": "x;y"},
        {"key": "a", "value": "x\r\ny"},
        {"key": "a", "value": 5},
        {"key": "a", "value": "€"},
        {"key": "a", "path": "/;x"},
        {"key": "a", "samesite": "maybe"},
        {"key": "a", "max_age": "soon"},
        {"key": "a", "max_age": float("inf")},
        {"key": "__Secure-a"},
        {"key": "__Host-a"},
        {"key": "__host-a", "secure": True, "domain": "example.test"},
        {"key": "__Host-a", "secure": True, "path": "/p"},
    ],
    ids=str,
)
def test_cookie_that_cannot_be_is_refused(given: dict[str, Any]) -> None:
    """Names, values and attributes that clients would misread or drop are refused, with advice."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        HttpResponse().set_cookie(**given)

    assert caught.value.hint


def test_cookie_with_a_prefix_is_set() -> None:
    """What the prefix of a name asks for is enough."""
    response = HttpResponse()
    response.set_cookie("__Host-a", "1", secure=True)
    response.set_cookie("__Secure-b", "2", domain="example.test", path="/p", partitioned=True)

    assert [line.partition("=")[0] for line in cookies(response)] == ["__Host-a", "__Secure-b"]


def worker_fields(response: HttpResponse) -> list[dict[str, Any]]:
    """Take cookies apart as Azure's worker does for its message to the host."""
    found = []
    for cookie in HttpResponseConverter.encode(response).value["cookies"]:
        for name, morsel in cookie.items():
            row = {"name": name, "value": morsel.value}
            row |= {key: morsel[key] for key in ("domain", "path", "expires", "max-age", "samesite")}
            row |= {key: bool(morsel[key]) for key in ("secure", "httponly")}
            found.append(row)
    return found


def test_worker_finds_every_part_of_a_cookie() -> None:
    """Values are verbatim; an absent domain or path is None, since an empty one is refused by browsers."""
    response = HttpResponse(
        headers={
            "Set-Cookie": [
                'a[b]={"x": "1"}; Secure; SameSite=Lax; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT; ;Domain',
                "__Host-b=2; path=/; partitioned; HttpOnly",
            ]
        }
    )
    none = {
        "domain": None,
        "path": None,
        "expires": "",
        "max-age": "",
        "samesite": "",
        "secure": False,
        "httponly": False,
    }

    assert worker_fields(response) == [
        {
            **none,
            "name": "a[b]",
            "value": '{"x": "1"}',
            "expires": "Thu, 01 Jan 1970 00:00:00 GMT",
            "max-age": "5",
            "samesite": "Lax",
            "secure": True,
        },
        {**none, "name": "__Host-b", "value": "2", "path": "/; Partitioned", "httponly": True},
    ]


def test_morsel_has_what_that_of_http_cookies_has() -> None:
    """Key, value and the attributes can be read as from an `http.cookies.Morsel`."""
    (cookie,) = HttpResponseConverter.encode(HttpResponse(headers={"Set-Cookie": "a=1"})).value["cookies"]
    ((name, morsel),) = cookie.items()

    assert (name, morsel.key, morsel.value, morsel.coded_value, str(cookie)) == ("a", "a", "1", "1", "Set-Cookie: a=1")
    assert set(http.cookies.Morsel()) <= set(morsel)


@pytest.mark.parametrize("line", ["garbage", "=1", "; Path=/", ""])
def test_cookie_without_a_name_is_an_error_and_no_loss(line: str) -> None:
    """A Set-Cookie header that no one can read is refused when the response is sent."""
    with pytest.raises(azfunc.ConversionError, match="has no name"):
        HttpResponseConverter.encode(HttpResponse(headers={"Set-Cookie": line}))


COOKIE_VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters=";\x7f")).filter(
    lambda text: text.strip() == text and "\x85" not in text
)


@given(st.lists(st.tuples(st.from_regex(r"[A-Za-z_\[\]-]{1,6}", fullmatch=True), COOKIE_VALUES), max_size=4))
def test_any_cookie_value_is_sent_verbatim(pairs: list[tuple[str, str]]) -> None:
    """Whatever may stand in a cookie arrives at the worker as it was, in order."""
    response = HttpResponse(headers=[("X", "1")])
    for name, value in pairs:
        response.set_cookie(name, value)

    sent = HttpResponseConverter.encode(response).value["cookies"] or []

    assert [(name, morsel.value) for cookie in sent for name, morsel in cookie.items()] == pairs


# --- streams ----------------------------------------------------------------------------------------------------------


class Closing:
    """An iterator that notes its end."""

    def __init__(self, *chunks: Any) -> None:
        self._chunks = iter(chunks)
        self.closed = 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._chunks)

    def close(self) -> None:
        """Note the end."""
        self.closed += 1


class AsyncClosing:
    """The same, async."""

    def __init__(self, *chunks: Any) -> None:
        self._chunks = iter(chunks)
        self.closed = 0

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        try:
            return next(self._chunks)
        except StopIteration:
            raise StopAsyncIteration from None

    async def aclose(self) -> None:
        """Note the end."""
        self.closed += 1


async def gather(response: HttpResponse) -> list[bytes]:
    """Give all chunks of a response."""
    return [chunk async for chunk in response.stream_async()]


def test_iterable_is_streamed_chunk_by_chunk() -> None:
    """Chunks come as they are produced, text in the charset, and the source is closed at the end."""
    source = Closing(b"a", "é", bytearray(b"c"), memoryview(b"d"))
    response = HttpResponse(source, charset="latin-1")

    assert response.is_streaming
    assert list(response.stream()) == [b"a", b"\xe9", b"c", b"d"]
    assert source.closed == 1


@pytest.mark.parametrize("kind", [Closing, AsyncClosing])
def test_either_kind_is_streamed_to_async_code(kind: Any) -> None:
    """An iterable of either kind can be read by async code, and is closed at the end."""
    source = kind(b"a", "b")

    assert asyncio.run(gather(HttpResponse(source))) == [b"a", b"b"]
    assert source.closed == 1


@pytest.mark.parametrize("kind", [Closing, AsyncClosing])
def test_reader_that_stops_early_closes_the_source(kind: Any) -> None:
    """When a client goes away the source is closed."""
    source = kind(b"a", b"b")

    async def first() -> bytes:
        stream = HttpResponse(source).stream_async()
        async for chunk in stream:
            await stream.aclose()  # type: ignore[attr-defined]  # a generator
            return chunk
        return b""

    assert asyncio.run(first()) == b"a"
    assert source.closed == 1


def test_blocking_source_does_not_block_the_loop() -> None:
    """An iterable that waits is read in a thread: the loop goes on meanwhile."""
    ready = threading.Event()

    def waiting() -> Iterator[bytes]:
        assert ready.wait(10)
        yield b"a"

    async def main() -> list[bytes]:
        reading = asyncio.create_task(gather(HttpResponse(waiting())))
        await asyncio.sleep(0)
        ready.set()
        return await reading

    assert asyncio.run(main()) == [b"a"]


def test_reader_that_is_cancelled_waits_for_no_chunk() -> None:
    """A reader can be cancelled while a chunk is made in a thread; the source is closed when that is done."""
    asked, go_on, closed = threading.Event(), threading.Event(), threading.Event()

    def waiting() -> Iterator[bytes]:
        try:
            asked.set()
            assert go_on.wait(10)
            yield b"a"
        finally:
            closed.set()

    async def main() -> None:
        reading = asyncio.create_task(gather(HttpResponse(waiting())))
        await asyncio.to_thread(asked.wait, 10)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert not closed.is_set()
        go_on.set()
        assert await asyncio.to_thread(closed.wait, 10)

    asyncio.run(main())


@pytest.mark.parametrize("kind", [Closing, AsyncClosing])
def test_error_of_the_source_reaches_the_reader(kind: Any) -> None:
    """What a source raises is raised where it is read, after the chunks before it."""

    class Failing(kind):  # type: ignore[misc]  # either kind
        def __next__(self) -> Any:
            raise LookupError

        async def __anext__(self) -> Any:
            raise LookupError

    source = Failing()
    with pytest.raises(LookupError):
        asyncio.run(gather(HttpResponse(source)))

    assert source.closed == 1


def test_plain_body_is_one_chunk() -> None:
    """A body that is no stream can be read as one."""
    assert (list(HttpResponse("hi").stream()), list(HttpResponse().stream())) == ([b"hi"], [])
    assert asyncio.run(gather(HttpResponse("hi"))) == [b"hi"]
    assert asyncio.run(HttpResponse("hi").read_body()) == b"hi"
    assert not HttpResponse("hi").is_streaming


def test_joined_body_is_kept() -> None:
    """Asking for the body joins the stream once; afterwards the response is a plain one."""
    response = HttpResponse(iter([b"a", b"b"]))

    assert (response.get_body(), response.get_body(), response.is_streaming) == (b"ab", b"ab", False)
    assert list(response.stream()) == [b"ab"]


def test_async_body_is_joined_by_async_code_only() -> None:
    """The body of an async iterable is given to who awaits it, and refused with advice to others."""
    response = HttpResponse(AsyncClosing(b"a", b"b"))

    with pytest.raises(azfunc.UnsupportedValueError) as caught:
        response.get_body()
    assert "await response.read_body()" in caught.value.hint
    assert response.is_async
    assert asyncio.run(response.read_body()) == b"ab"
    assert response.get_body() == b"ab"


@pytest.mark.parametrize("kind", [Closing, AsyncClosing])
def test_stream_that_is_used_up_is_an_error(kind: Any) -> None:
    """Reading an iterator a second time is an error, and not an empty body."""
    response = HttpResponse(kind(b"a"))
    asyncio.run(gather(response))

    with pytest.raises(azfunc.InvocationError, match="read already"):
        asyncio.run(gather(response))


class Anew:
    """An async iterable that begins anew and has nothing to close."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return AsyncClosing(b"a", b"b")


def test_iterable_that_begins_anew_can_be_read_again() -> None:
    """A list of chunks, or an object like it, gives them as often as it is asked."""
    response = HttpResponse([b"a", b"b"])
    assert (list(response.stream()), list(response.stream())) == ([b"a", b"b"], [b"a", b"b"])

    response = HttpResponse(Anew())
    assert (asyncio.run(gather(response)), asyncio.run(gather(response))) == ([b"a", b"b"], [b"a", b"b"])


@pytest.mark.parametrize("kind", [Closing, AsyncClosing])
def test_chunk_of_another_type_is_an_error(kind: Any) -> None:
    """A chunk that is neither text nor bytes is refused with its type."""
    with pytest.raises(azfunc.UnsupportedValueError, match="gave dict"):
        asyncio.run(HttpResponse(kind({"a": 1})).read_body())


def test_open_file_is_sent_in_chunks() -> None:
    """A file is read in parts of a fixed size, text files too, and closed."""
    file = io.BytesIO(b"x" * 100_000)

    assert [len(chunk) for chunk in HttpResponse(file).stream()] == [65_536, 34_464]
    assert file.closed
    assert HttpResponse(io.StringIO("é")).get_body() == "é".encode()


# --- comparing, copying, showing --------------------------------------------------------------------------------------


def test_responses_are_equal_by_what_is_sent() -> None:
    """Status, headers and body count, not the letter case of names nor how the response was made."""
    response = HttpResponse("hi", headers={"A": "1"}, status_code=201)

    assert response == HttpResponse(b"hi", headers=[("a", "1")], status_code="201", mimetype="text/plain")
    assert hash(response) == hash(HttpResponse(b"hi", headers=[("a", "1")], status_code=201))
    assert response != HttpResponse("hi", headers={"A": "1"})
    assert response != HttpResponse("ho", headers={"A": "1"}, status_code=201)
    assert response != HttpResponse("hi", headers={"A": "2"}, status_code=201)
    assert response != "hi"
    assert JsonResponse({"a": 1}) == HttpResponse('{"a": 1}', mimetype="application/json")


def test_streams_are_equal_to_themselves_alone() -> None:
    """What a stream will give is not known, so it equals no other."""
    response = HttpResponse(iter([b"a"]))

    assert response == response  # noqa: PLR0124  # the comparison is under test
    assert response != HttpResponse(iter([b"a"]))


def test_copies_are_equal_and_apart() -> None:
    """A pickled or copied response equals the first, and changes alone."""
    response = HttpResponse("hi", headers={"A": "1"})
    response.headers.add("A", "2")

    for again in (pickle.loads(pickle.dumps(response)), copy.deepcopy(response), copy.copy(response)):
        assert again == response
        again.headers.add("A", "3")
        again.set_cookie("a")
        assert response.headers.getlist("A") == ["1", "2"]


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(),
        HttpResponse("hi", status_code=201, headers={"A": "1"}, mimetype="text/html", charset="utf-8"),
        HttpResponse(b"\xff", headers={"A": ["1", "2"]}),
        JsonResponse({"a": [1]}),
        RedirectResponse("/x", status_code=307),
    ],
    ids=repr,
)
def test_repr_is_the_call(response: HttpResponse) -> None:
    """The repr makes the response again."""
    assert eval(repr(response)) == response


def test_repr_hides_cookies_and_consumes_nothing() -> None:
    """Cookie values are not shown, nor are the chunks of a stream read."""
    response = HttpResponse(iter([b"a"]))
    response.set_cookie("sid", "s3cret")

    assert repr(response) == "HttpResponse(<list_iterator>, headers={'Set-Cookie': '***'})"
    assert response.get_body() == b"a"


# --- the special ones -------------------------------------------------------------------------------------------------


def test_json_response_has_type_and_status() -> None:
    """A value becomes JSON text of type application/json, or of a type of its own."""
    response = JsonResponse({"at": datetime.date(2026, 1, 2)}, status_code=201, headers={"A": "1"})

    assert (response.get_body(), response.content_type) == (b'{"at": "2026-01-02"}', "application/json")
    assert (response.status_code, response.headers["a"]) == (201, "1")
    assert JsonResponse([], mimetype="application/problem+json").mimetype == "application/problem+json"
    with pytest.raises(azfunc.UnsupportedValueError):
        JsonResponse(object())


def test_redirect_response_sends_elsewhere() -> None:
    """The location is escaped where it must be, and the status is one of a redirect."""
    response = RedirectResponse("/a b?x=%20é", headers={"A": "1"})

    assert (response.status_code, response.headers["location"], response.headers["A"]) == (
        302,
        "/a%20b?x=%20%C3%A9",
        "1",
    )
    with pytest.raises(azfunc.DefinitionError, match="200 is no status of a redirect"):
        RedirectResponse("/", status_code=200)


def test_file_response_sends_a_file(tmp_path: Path) -> None:
    """Content, length, type and name of the file are sent, each time anew."""
    path = tmp_path / "Bericht é.csv"
    path.write_bytes(b"a;b\n" * 50_000)
    response = FileResponse(path)

    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["content-length"] == "200000"
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"Bericht _.csv\"; filename*=UTF-8''Bericht%20%C3%A9.csv"
    )
    assert b"".join(response.stream()) == b"".join(response.stream()) == path.read_bytes()


def test_file_response_may_be_named_and_shown(tmp_path: Path) -> None:
    """Name and type may be given, and the client may be told to show the content."""
    path = tmp_path / "x.bin"
    path.write_bytes(b"x")
    response = FileResponse(str(path), filename="a.txt", mimetype="text/x", inline=True, headers={"A": "1"})

    assert response.headers["content-disposition"] == 'inline; filename="a.txt"'
    assert (response.mimetype, response.headers["a"], response.get_body()) == ("text/x", "1", b"x")
    assert FileResponse(path).mimetype == "application/octet-stream"


def test_file_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    """A missing file is found where the response is made, and not when half of it was sent."""
    with pytest.raises(azfunc.ConversionError, match="cannot be sent"):
        FileResponse(tmp_path / "none")


# --- reading, as tests do ---------------------------------------------------------------------------------------------


def test_json_of_a_response_is_read() -> None:
    """In the charset of the content type, or as the first bytes show."""
    assert JsonResponse({"id": 7, "name": "ü"}).get_json() == {"id": 7, "name": "ü"}
    assert HttpResponse('"ü"', mimetype="application/json", charset="latin-1").get_json() == "ü"
    assert HttpResponse('"ü"', headers={"Content-Type": "application/json; charset=utf-16"}).get_json() == "ü"
    assert HttpResponse(iter(["[1,", b"2]"])).get_json() == [1, 2]


def test_json_that_is_none_tells_the_status() -> None:
    """Who reads the JSON of an error page sees which status it has."""
    with pytest.raises(ValueError, match="Expecting value") as caught:
        HttpResponse("<h1>Oops</h1>", status_code=500).get_json()

    assert "HttpResponse (status 500)" in str(caught.value)


def test_text_of_a_response_is_read() -> None:
    """In its charset, of a stream too, and with the headers as they are now."""
    response = HttpResponse("Grüße")
    changed = HttpResponse(b"\xfc")
    changed.headers["Content-Type"] = "text/plain; charset=latin-1"

    assert response.text == "Grüße"
    assert changed.text == "ü"
    assert HttpResponse(iter(["a", b"b"])).text == "ab"
    assert HttpResponse().text == ""


def test_text_that_is_none_is_an_error() -> None:
    """Bytes that are no text in the charset are not changed into something else."""
    with pytest.raises(azfunc.ConversionError) as caught:
        _ = HttpResponse(b"\xff\xd8", status_code=201).text

    assert isinstance(caught.value, UnicodeDecodeError)
    assert (caught.value.object, caught.value.start) == (b"\xff\xd8", 0)
    assert "get_body()" in caught.value.hint


def test_text_in_an_unknown_charset_is_an_error() -> None:
    """A charset that Python does not know is named."""
    with pytest.raises(azfunc.ConversionError, match="'klingon'"):
        _ = HttpResponse(b"x", headers={"Content-Type": "text/plain; charset=klingon"}).text


def test_cookies_of_a_response_are_read() -> None:
    """Values verbatim, the last of a name, whether the headers were touched or not."""
    response = HttpResponse(headers=[("set-cookie", "a=1; Path=/"), ("X-A", "b=2")])
    response.set_cookie("token", "x=y", httponly=True)
    response.set_cookie("a", "3")

    assert dict(response.cookies) == {"a": "3", "token": "x=y"}
    response.headers.add("Set-Cookie", "b=4")
    assert dict(response.cookies) == {"a": "3", "token": "x=y", "b": "4"}
    assert not HttpResponse().cookies


@pytest.mark.parametrize(
    ("name", "own"),
    [("json", "get_json()"), ("content", "get_body()"), ("data", "get_body()"), ("ok", "status_code")],
)
def test_names_of_other_libraries_lead_here(name: str, own: str) -> None:
    """Who writes what another library has is told what it is here."""
    with pytest.raises(AttributeError, match=f"'HttpResponse' has no attribute '{name}'") as caught:
        getattr(HttpResponse(), name)

    assert own in str(caught.value)
    assert caught.value.name == name
    assert not hasattr(HttpResponse(), name)


def test_error_in_a_property_stays_the_error() -> None:
    """An attribute error of a subclass is told as it was."""

    class Odd(HttpResponse):
        @property
        def shape(self) -> str:
            return self.nothing  # type: ignore[attr-defined,no-any-return]  # that is the point

    with pytest.raises(AttributeError, match="'Odd' object has no attribute 'nothing'"):
        _ = Odd().shape


def test_repr_of_headers_hides_secrets() -> None:
    """A failing assertion shows headers, not cookies."""
    response = HttpResponse(headers={"X-A": "1", "Set-Cookie": "token=abc"})

    assert repr(response.headers) == "HttpResponseHeaders({'X-A': '1', 'Set-Cookie': '***'})"


def test_mimetype_may_be_a_number() -> None:
    """It becomes text, as the values of headers do."""
    assert HttpResponse("x", mimetype=5).mimetype == "5"  # type: ignore[arg-type]  # that is the point


def test_duration_as_expiry_is_told() -> None:
    """A timedelta belongs to max_age."""
    with pytest.raises(TypeError, match="timedelta") as caught:
        HttpResponse().set_cookie("a", "b", expires=datetime.timedelta(days=1))  # type: ignore[arg-type]  # as above

    assert "max_age" in str(caught.value)


def test_folder_is_no_file_to_send(tmp_path: Path) -> None:
    """It is refused where the response is made, not when it is sent."""
    with pytest.raises(azfunc.ConversionError, match="Is a directory"):
        FileResponse(tmp_path)


def test_surrogate_in_a_body_is_explained() -> None:
    """No charset is offered that has it not either."""
    with pytest.raises(azfunc.ConversionError) as caught:
        HttpResponse("\ud800")

    assert "half a character" in caught.value.hint


@pytest.mark.parametrize(
    ("value", "text", "hint"),
    [
        (HttpResponse, "the class HttpResponse", "call the class"),
        (ValueError("no"), "ValueError", "Raise it"),
        (("x", 201), "tuple of str and int", "status_code"),
    ],
    ids=["class", "exception", "tuple"],
)
def test_slips_in_what_is_returned_are_told(value: Any, text: str, hint: str) -> None:
    """A response that was not made, an exception that was not raised, a tuple as in Flask."""
    with pytest.raises(azfunc.ConversionError, match=text) as caught:
        HttpResponseConverter.encode(value)

    assert hint in caught.value.hint
