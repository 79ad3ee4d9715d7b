"""ASGI: the scope, the messages both ways, misuse, streams, and the two ways in."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
import time
import traceback
from typing import Any

import pytest

import azfunc
from azfunc._core.datum import Datum
from azfunc._core.streaming import streaming
from azfunc.adapters import asgi as asgi_module
from azfunc.adapters import exchange as exchange_module
from azfunc.adapters.exchange import BUFFER_BYTES, CHUNK_BYTES
from azfunc.testing import TestClient
from tests.adapters.asgi_tools import END, START, answering, app_of, scope_of, talk_to

HttpRequest = azfunc.HttpRequest
URL = "https://example.test/api/items/7?x=1"


# --- scope ------------------------------------------------------------------------------------------------------------


def test_scope_has_every_key_of_the_specification() -> None:
    """The scope of a request is complete, and each value has the type that the specification gives."""
    request = HttpRequest("POST", URL, headers=[("X-One", "1"), ("X-Forwarded-For", "203.0.113.7:50123")], body=b"hi")

    assert scope_of(request) == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/api/items/7",
        "raw_path": b"/api/items/7",
        "query_string": b"x=1",
        "root_path": "",
        "headers": [(b"x-one", b"1"), (b"x-forwarded-for", b"203.0.113.7:50123"), (b"content-length", b"2")],
        "server": ("example.test", 443),
        "client": ("203.0.113.7", 50123),
        "state": {},
        "azure_functions.function_directory": None,
        "azure_functions.function_name": None,
        "azure_functions.invocation_id": None,
        "azure_functions.thread_local_storage": None,
        "azure_functions.trace_context": None,
        "azure_functions.retry_context": None,
    }


def test_scope_tells_of_the_call() -> None:
    """What the context knows of the call stands in the scope."""
    context = azfunc.Context(function_name="api", invocation_id="7")

    scope = scope_of(HttpRequest(url=URL), context)

    assert scope["azure_functions.function_name"] == "api"
    assert scope["azure_functions.invocation_id"] == "7"


@pytest.mark.parametrize(
    ("url", "path", "raw_path"),
    [
        ("https://h/%C3%A9t%C3%A9%20b", "/été b", b"/%C3%A9t%C3%A9%20b"),
        ("https://h/été b", "/été b", b"/%C3%A9t%C3%A9%20b"),
        ("https://h/a%2Fb", "/a/b", b"/a%2Fb"),
        ("https://h/%ff", "/\ufffd", b"/%ff"),
        ("https://h", "/", b"/"),
        ("https://h?x=/a", "/", b"/"),
        ("/a?x=http://h/b", "/a", b"/a"),
        ("a/b", "/a/b", b"/a/b"),
        ("https://h/a#b?c", "/a", b"/a"),
    ],
)
def test_path_is_decoded_and_raw_path_is_not(url: str, path: str, raw_path: bytes) -> None:
    """`path` is text with percent-encoding undone, `raw_path` the bytes of the request line."""
    scope = scope_of(HttpRequest(url=url))

    assert (scope["path"], scope["raw_path"]) == (path, raw_path)


def test_query_stays_as_it_was_sent() -> None:
    """Order, repeats, empty values and encoding of the query are kept."""
    assert scope_of(HttpRequest(url="/?b=2&a=&b=1&c=%2F+"))["query_string"] == b"b=2&a=&b=1&c=%2F+"
    assert scope_of(HttpRequest(url="/?é=ü"))["query_string"] == b"%C3%A9=%C3%BC"


def test_query_of_a_request_made_by_hand() -> None:
    """Parameters that were given apart from the URL are the query."""
    assert scope_of(HttpRequest(url="/", params={"a": "1 2", "b": "é"}))["query_string"] == b"a=1+2&b=%C3%A9"


def test_request_headers_keep_order_and_repeats() -> None:
    """Headers are pairs of bytes with names in lower case, none merged, none lost."""
    headers = [("X-B", "1"), ("x-a", "2"), ("X-B", "3"), ("x-latin", "é")]

    found = scope_of(HttpRequest(headers=headers))["headers"]

    assert found == [(b"x-b", b"1"), (b"x-a", b"2"), (b"x-b", b"3"), (b"x-latin", b"\xe9")]


def test_headers_beyond_latin_are_utf8() -> None:
    """What the host lets through is not refused, nor changed."""
    parts = {**HttpRequest().to_wire(), "headers": {"x-wide": Datum("€", "string")}}

    assert scope_of(HttpRequest.from_wire(parts))["headers"] == [(b"x-wide", "€".encode())]


def test_content_length_is_left_alone_where_it_is_known() -> None:
    """A content length, or a transfer encoding, that came with the request is what the app sees."""
    for name in ("content-length", "transfer-encoding"):
        headers = scope_of(HttpRequest("POST", "/", headers={name: "x"}, body=b"abc"))["headers"]
        assert headers == [(name.encode(), b"x")]


@pytest.mark.parametrize(
    ("url", "headers", "scheme", "server"),
    [
        ("http://example.test/", {}, "http", ("example.test", 80)),
        ("https://example.test/", {}, "https", ("example.test", 443)),
        ("https://example.test:8443/", {}, "https", ("example.test", 8443)),
        ("https://[::1]:8443/", {}, "https", ("::1", 8443)),
        ("https://example.test:bad/", {}, "https", ("example.test", 443)),
        ("http://example.test:81/", {"x-forwarded-port": "443"}, "http", ("example.test", 443)),
        ("http://example.test/", {"x-forwarded-port": "x, 8080"}, "http", ("example.test", 8080)),
        ("https://example.test/", {"x-forwarded-port": "bad"}, "https", ("example.test", 443)),
        ("/", {}, "http", ("localhost", 80)),
        ("/", {"host": "a.test:81"}, "http", ("a.test", 81)),
        ("/", {"host": "a.test", "x-forwarded-proto": "https, http"}, "https", ("a.test", 443)),
        ("/", {"host": "a.test", "x-forwarded-proto": "gopher"}, "http", ("a.test", 80)),
    ],
)
def test_scheme_and_server(url: str, headers: dict[str, str], scheme: str, server: tuple[str, int]) -> None:
    """Scheme and server come from the URL, from forwarded headers, and from `Host` when the URL is relative."""
    scope = scope_of(HttpRequest(url=url, headers=headers))

    assert (scope["scheme"], scope["server"]) == (scheme, server)


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.7", ("203.0.113.7", 0)),
        ("203.0.113.7:50123", ("203.0.113.7", 50123)),
        (" 203.0.113.7:50123 , 10.0.0.1:80", ("203.0.113.7", 50123)),
        ("2001:db8::1", ("2001:db8::1", 0)),
        ("[2001:db8::1]:443", ("2001:db8::1", 443)),
        ("203.0.113.7:bad", ("203.0.113.7", 0)),
        ("", None),
    ],
)
def test_client_is_the_first_forwarded_address(forwarded: str, client: tuple[str, int] | None) -> None:
    """The client is who the first proxy saw, with the port if it is told."""
    assert scope_of(HttpRequest(headers={"x-forwarded-for": forwarded}))["client"] == client


def test_client_is_unknown_without_the_header() -> None:
    """There is no client rather than a wrong one."""
    assert scope_of(HttpRequest())["client"] is None


def test_root_path_is_what_it_is_set_to() -> None:
    """A fixed root path is passed on, with one slash in front."""
    assert scope_of(HttpRequest(url="/api/v1/x"), root_path="api/v1/")["root_path"] == "/api/v1"


def test_root_path_comes_from_the_route() -> None:
    """With a catch-all parameter, all in front of its value is the root path."""
    request = HttpRequest(url="/api/v1/%C3%A9t%C3%A9/b", route_params={"rest": "été/b"})

    scope = scope_of(request, route_parameter="rest")

    assert (scope["root_path"], scope["path"]) == ("/api/v1", "/api/v1/été/b")


def test_a_request_of_another_library_is_served() -> None:
    """A request needs the reference's attributes, not azfunc's class."""

    class Foreign:
        method = "GET"
        url = "https://example.test/a?b=1"
        headers = {"X-One": "1"}
        params = {"b": "1"}

        def get_body(self) -> bytes:
            return b""

    scope = scope_of(Foreign())  # type: ignore[arg-type]  # that is the point
    assert scope["headers"] == [(b"x-one", b"1")]
    Foreign.url = "https://example.test/a"
    assert scope_of(Foreign())["query_string"] == b"b=1"  # type: ignore[arg-type]  # that is the point


# --- messages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 20_000_000])
def test_body_comes_in_chunks(size: int) -> None:
    """A large body comes in several messages, the last of which says so; nothing is lost."""
    got: list[Any] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        while not got or got[-1]["more_body"]:
            got.append(await receive())
        await send(START)
        await send(END)

    content = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
    talk_to(talk, method="POST", body=content)

    assert b"".join(message["body"] for message in got) == content
    assert len(got) == max(1, -(-size // CHUNK_BYTES))
    assert {message["type"] for message in got} == {"http.request"}
    assert all(len(message["body"]) <= CHUNK_BYTES for message in got)


def test_disconnect_comes_after_the_response() -> None:
    """Whoever waits for the disconnect is woken by the end of the response, and not before."""
    order: list[str] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await receive()

        async def wait(name: str) -> None:
            order.append(f"{name} {(await receive())['type']}")

        waiters = [asyncio.ensure_future(wait("a")), asyncio.ensure_future(wait("b"))]
        await asyncio.sleep(0)
        waiters[1].cancel()
        await send(START)
        order.append("started")
        await send(END)
        order.append("ended")
        await waiters[0]
        order.append(str((await receive())["type"]))

    talk_to(talk)

    assert order == ["started", "ended", "a http.disconnect", "http.disconnect"]


def test_waiting_for_the_disconnect_takes_no_time() -> None:
    """Nothing polls: a hundred requests that wait for the disconnect are over at once."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        waiter = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        await send(START)
        await send(END)
        assert (await waiter)["type"] == "http.disconnect"

    async def main() -> None:
        middleware = azfunc.AsgiMiddleware(app_of(talk))
        for _ in range(100):
            await middleware.handle_async(HttpRequest())

    began = time.perf_counter()
    asyncio.run(main())
    assert time.perf_counter() - began < 2  # each would take a tenth of a second if it were asked for ten times


def test_response_keeps_order_and_repeats() -> None:
    """Status, headers and body come out as they went in, and no header is added."""
    headers = [(b"Vary", b"A"), (b"set-cookie", b"a=1"), (b"vary", b"B"), (b"set-cookie", b"b=2; Partitioned")]

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": iter(headers)})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await send({"type": "http.response.body", "body": bytearray(b"two"), "more_body": True})
        await send({"type": "http.response.body"})

    response = talk_to(talk)

    assert response.status_code == 299
    assert response.get_body() == b"onetwo"
    assert response.header_items() == [(name.decode(), value.decode()) for name, value in headers]
    assert response.headers.getlist("vary") == ["A", "B"]
    response.headers.add("x-mine", "1")
    assert response.header_items()[-1] == ("x-mine", "1")


def test_optional_keys_may_be_left_out() -> None:
    """A response needs no headers and no body."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    response = talk_to(talk)

    assert (response.status_code, response.header_items(), response.get_body()) == (204, [], b"")


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304), ("GET", 199)])
def test_no_content_where_http_has_none(method: str, status: int) -> None:
    """The content of a response that cannot have any is dropped, its headers stay."""
    app = answering(b"content", status, [(b"content-length", b"7")])

    response = asyncio.run(azfunc.AsgiMiddleware(app).handle_async(HttpRequest(method)))

    assert response.get_body() == b""
    assert response.header_items() == [("content-length", "7")]


def test_header_that_is_no_utf8() -> None:
    """A header value is latin-1, so that every byte can be sent."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"\xff")]})
        await send(END)

    assert talk_to(talk).header_items() == [("x-a", "\xff")]


def test_a_5xx_is_a_response() -> None:
    """A status of 500 is passed on."""
    response = asyncio.run(azfunc.AsgiMiddleware(answering(b"busy", 503)).handle_async(HttpRequest()))

    assert (response.status_code, response.get_body()) == (503, b"busy")


def test_what_is_kept_of_names_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients and apps that invent names fill no memory."""
    monkeypatch.setattr(asgi_module, "_NAMES_KEPT", 0)
    monkeypatch.setattr(exchange_module, "_NAMES_KEPT", 0)
    app = answering(headers=[(b"x-never-seen", b"1")])

    response = asyncio.run(azfunc.AsgiMiddleware(app).handle_async(HttpRequest(headers={"x-nor-this": "1"})))

    assert response.header_items() == [("x-never-seen", "1")]
    assert "x-nor-this" not in asgi_module._request_names
    assert b"x-never-seen" not in exchange_module._response_names


# --- misuse -----------------------------------------------------------------------------------------------------------

MISUSE = {
    "nothing": ([], "without a response"),
    "no end": ([START], "before the end"),
    "unfinished": ([START, {**END, "more_body": True}], "before the end"),
    "two starts": ([START, START], "twice"),
    "body first": ([END], "before http.response.start"),
    "body after the end": ([START, END, END], "after the end"),
    "text as body": ([START, {"type": "http.response.body", "body": "text"}], "str as its body"),
    "unknown type": ([START, {"type": "http.response.trailers"}], "http.response.trailers"),
    "no type": ([{}], "dict without a type"),
    "no message": ([None], "None without a type"),
    "status text": ([{**START, "status": "200"}], "'200'"),
    "status missing": ([{"type": "http.response.start"}], "None"),
    "status too small": ([{**START, "status": 7}], "7"),
    "headers as text": ([{**START, "headers": [("x-a", "1")]}], "no pairs of bytes"),
    "value as text": ([{**START, "headers": [(b"x-a", "1")]}], "no pairs of bytes"),
    "headers no pairs": ([{**START, "headers": [b"x-a"]}], "no pairs of bytes"),
    "headers None": ([{**START, "headers": None}], "no pairs of bytes"),
}


@pytest.mark.parametrize(("messages", "text"), MISUSE.values(), ids=MISUSE)
def test_misuse_is_a_clear_error(messages: list[Any], text: str) -> None:
    """An app that breaks the protocol is told what it did, where it did it, and what to do."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    for stream in (False, True):
        with streaming(allowed=stream), pytest.raises(azfunc.InvocationError) as caught:
            asyncio.run(read(azfunc.AsgiMiddleware(app_of(talk)), HttpRequest()))
        assert text in caught.value.message
        assert caught.value.hint


async def read(middleware: azfunc.AsgiMiddleware, request: azfunc.HttpRequest) -> bytes:
    """Give the body of a response, streamed or not."""
    return await (await middleware.handle_async(request)).read_body()


@pytest.mark.parametrize("header", [(b"x-a", b"a\r\nx-b: 1"), (b"x a", b"1"), (b"x-a", b"\0"), (b"", b"1")])
def test_headers_that_cannot_be_sent_are_refused(header: tuple[bytes, bytes]) -> None:
    """A header with a line break, a NUL or a bad name is refused where the app sends it."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await send({**START, "headers": [header]})

    with pytest.raises(azfunc.DefinitionError):
        talk_to(talk)


def test_misuse_does_not_show_secrets() -> None:
    """The error about bad headers does not repeat their values."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await send({**START, "headers": [("authorization", "Bearer secret")]})

    with pytest.raises(azfunc.InvocationError) as caught:
        talk_to(talk)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("wait", [False, True])
def test_what_the_app_raises_is_raised(wait: bool, stream: bool) -> None:
    """The app's own exception comes out, with the app's own traceback, before and after it waited."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        if wait:
            await asyncio.sleep(0)
        await the_culprit()

    async def the_culprit() -> None:
        message = "inside"
        raise LookupError(message)

    with streaming(allowed=stream), pytest.raises(LookupError, match="inside") as caught:
        talk_to(talk)

    assert "the_culprit" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]


def test_what_is_no_app_is_refused_at_its_first_request() -> None:
    """An object that cannot be called is named, as a TypeError like the reference's."""
    for call in (azfunc.AsgiMiddleware(5).handle, lambda req: asyncio.run(azfunc.AsgiMiddleware(5).handle_async(req))):  # type: ignore[arg-type]  # that is the point
        with pytest.raises(TypeError, match="'int' object is not callable"):
            call(HttpRequest())


def test_an_app_may_give_any_awaitable() -> None:
    """An app may be a plain function that gives an object with ``__await__``."""

    class Talk:
        def __init__(self, send: Any) -> None:
            self.push = send

        def __await__(self) -> Any:
            yield from self.push(START).__await__()
            yield from self.push(END).__await__()

    def app(scope: Any, receive: Any, send: Any) -> Talk:
        if scope["type"] == "lifespan":
            raise NotImplementedError
        return Talk(send)

    assert asyncio.run(azfunc.AsgiMiddleware(app).handle_async(HttpRequest())).get_body() == b"ok"


# --- the two ways in --------------------------------------------------------------------------------------------------


def test_handle_works_without_a_loop() -> None:
    """A synchronous function may call `handle`, as often as it likes; `main` is the same."""
    middleware = azfunc.AsgiMiddleware(answering())

    assert [middleware.handle(HttpRequest()).get_body() for _ in range(3)] == [b"ok"] * 3
    assert middleware.main(HttpRequest(), azfunc.Context()).get_body() == b"ok"


def test_handle_works_while_a_loop_runs() -> None:
    """`handle` may be called on a running loop, which waits for it."""
    middleware = azfunc.AsgiMiddleware(answering())

    async def main() -> bytes:
        return middleware.handle(HttpRequest()).get_body()

    assert asyncio.run(main()) == b"ok"


def test_handle_raises_what_the_app_raises_while_a_loop_runs() -> None:
    """The exception crosses the thread that runs the app."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError

    async def main() -> None:
        azfunc.AsgiMiddleware(app_of(talk)).handle(HttpRequest())

    with pytest.raises(LookupError):
        asyncio.run(main())


def test_handle_uses_one_loop_for_each_thread() -> None:
    """Calls of one thread share a loop; the thread's end closes it."""
    loops: list[asyncio.AbstractEventLoop] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        loops.append(asyncio.get_running_loop())
        await send(START)
        await send(END)

    middleware = azfunc.AsgiMiddleware(app_of(talk))

    def work() -> None:
        for _ in range(3):
            middleware.handle(HttpRequest())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert len(loops) == 3
    assert len(set(map(id, loops))) == 1
    assert loops[0].is_closed()


def test_a_closed_loop_is_replaced() -> None:
    """A thread whose loop was closed by someone gets another one."""
    loops: list[asyncio.AbstractEventLoop] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        loops.append(asyncio.get_running_loop())
        await send(START)
        await send(END)

    middleware = azfunc.AsgiMiddleware(app_of(talk))
    middleware.handle(HttpRequest())
    loops[0].close()
    middleware.handle(HttpRequest())

    assert loops[0] is not loops[1]


def test_no_loop_is_made_at_construction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a middleware, an app or a mount touches no loop."""

    def refuse() -> None:
        raise AssertionError

    monkeypatch.setattr(asyncio, "new_event_loop", refuse)

    azfunc.AsgiMiddleware(answering())
    azfunc.AsgiFunctionApp(answering())
    azfunc.FunctionApp().mount_asgi("v1", answering())


def test_requests_run_side_by_side() -> None:
    """Ten requests that wait a fifth of a second take no longer than one, by either way in."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.2)
        await send(START)
        await send(END)

    middleware = azfunc.AsgiMiddleware(app_of(talk))

    async def main() -> None:
        await asyncio.gather(*(middleware.handle_async(HttpRequest()) for _ in range(10)))

    began = time.perf_counter()
    asyncio.run(main())
    threads = [threading.Thread(target=middleware.handle, args=(HttpRequest(),)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.perf_counter() - began < 3  # one after another they would take four seconds


place: contextvars.ContextVar[str] = contextvars.ContextVar("place", default="nowhere")


@pytest.mark.parametrize("wait", [False, True])
def test_context_variables_flow_in_and_stay_inside(wait: bool) -> None:
    """The app sees the caller's context variables; what it sets ends with the request."""
    got: list[str] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        got.append(place.get())
        place.set("inside")
        if wait:
            await asyncio.sleep(0)
        got.append(place.get())
        await send(START)
        await send(END)

    middleware = azfunc.AsgiMiddleware(app_of(talk))

    async def main() -> None:
        place.set("outside")
        await middleware.handle_async(HttpRequest())
        got.append(place.get())

    asyncio.run(main())
    assert got == ["outside", "inside", "outside"]
    got.clear()
    contextvars.copy_context().run(lambda: (place.set("outside"), middleware.handle(HttpRequest())))
    assert got == ["outside", "inside"]


def test_cancelling_the_request_cancels_the_app() -> None:
    """The app gets the cancellation where it waits, and may clean up."""
    order: list[str] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            order.append("cancelled")
            raise

    async def main(stream: bool) -> None:
        with streaming(allowed=stream):
            task = asyncio.ensure_future(azfunc.AsgiMiddleware(app_of(talk)).handle_async(HttpRequest()))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        await asyncio.sleep(0)
        assert task.cancelled()

    asyncio.run(main(stream=False))
    asyncio.run(main(stream=True))
    assert order == ["cancelled", "cancelled"]


def test_a_request_that_is_dropped_closes_the_app() -> None:
    """A coroutine that nobody finishes lets the app clean up."""
    order: list[str] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        try:
            await receive()
            await receive()
        finally:
            order.append("closed")

    async def main() -> None:
        middleware = azfunc.AsgiMiddleware(app_of(talk))
        await middleware.notify_startup()
        coroutine = middleware.handle_async(HttpRequest())
        coroutine.send(None)
        coroutine.close()

    asyncio.run(main())
    assert order == ["closed"]


# --- streams ----------------------------------------------------------------------------------------------------------


async def count_up(scope: Any, receive: Any, send: Any) -> None:
    """Send three parts, each when the one before is on its way."""
    await send(START)
    for number in range(3):
        await send({"type": "http.response.body", "body": b"%d" % number, "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body"})


def test_streams_where_the_caller_reads_on() -> None:
    """In azfunc's own runtime a response of several messages is a stream; else it is whole."""

    async def main() -> None:
        middleware = azfunc.AsgiMiddleware(app_of(count_up))
        whole = await middleware.handle_async(HttpRequest())
        assert not whole.is_streaming
        assert whole.get_body() == b"012"
        with streaming(allowed=True):
            response = await middleware.handle_async(HttpRequest())
        assert response.is_streaming
        assert [part async for part in response.stream_async()] == [b"0", b"1", b"2"]

    asyncio.run(main())


def test_a_response_of_one_message_is_whole() -> None:
    """What comes in one message is no stream, even where it could be one; nor is one without content."""

    async def main() -> None:
        with streaming(allowed=True):
            response = await azfunc.AsgiMiddleware(answering(b"all")).handle_async(HttpRequest())
            head = await azfunc.AsgiMiddleware(app_of(count_up)).handle_async(HttpRequest("HEAD"))
        assert (response.is_streaming, response.get_body()) == (False, b"all")
        assert (head.is_streaming, head.get_body()) == (False, b"")

    asyncio.run(main())


def test_a_slow_reader_holds_the_app_back() -> None:
    """An app that sends faster than it is read has to wait: memory stays small."""
    sent: list[int] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        for number in range(100):
            await send({"type": "http.response.body", "body": b"x" * (BUFFER_BYTES // 4), "more_body": True})
            sent.append(number)
        await send({"type": "http.response.body"})

    async def main() -> None:
        with streaming(allowed=True):
            response = await azfunc.AsgiMiddleware(app_of(talk)).handle_async(HttpRequest())
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(sent) <= 5
        assert len(await response.read_body()) == 100 * (BUFFER_BYTES // 4)

    asyncio.run(main())


def test_background_work_ends_before_the_stream_does() -> None:
    """Reading to the end includes what the app does after its response."""
    order: list[str] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await count_up(scope, receive, send)
        await asyncio.sleep(0)
        order.append("background")

    async def main() -> None:
        with streaming(allowed=True):
            response = await azfunc.AsgiMiddleware(app_of(talk)).handle_async(HttpRequest())
        await response.read_body()
        order.append("read")

    asyncio.run(main())
    assert order == ["background", "read"]


def test_an_error_in_the_middle_of_a_stream_reaches_the_reader() -> None:
    """The reader gets what was sent, then the app's exception; an unfinished stream is an error too."""

    async def fails(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send({**END, "more_body": True})
        raise LookupError

    async def stops(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send({**END, "more_body": True})

    async def main(talk: Any, expected: type[Exception]) -> None:
        with streaming(allowed=True):
            response = await azfunc.AsgiMiddleware(app_of(talk)).handle_async(HttpRequest())
        parts = response.stream_async()
        assert await parts.__anext__() == b"ok"
        with pytest.raises(expected):
            await parts.__anext__()

    asyncio.run(main(fails, LookupError))
    asyncio.run(main(stops, azfunc.InvocationError))


def test_a_reader_who_leaves_disconnects_the_app(caplog: pytest.LogCaptureFixture) -> None:
    """The app learns it from `receive`, at once, and from `send`, which raises an OSError."""
    order: list[str] = []

    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        waiting = asyncio.ensure_future(receive())
        await send(START)
        await send({**END, "more_body": True})
        order.append((await waiting)["type"])
        order.append((await receive())["type"])
        try:
            await send({**END, "more_body": True})
        except OSError as error:
            order.append(type(error).__name__)
            raise

    async def main() -> None:
        with streaming(allowed=True):
            response = await azfunc.AsgiMiddleware(app_of(talk)).handle_async(HttpRequest())
        stream = response.stream_async()
        assert await stream.__anext__() == b"ok"
        await stream.aclose()  # type: ignore[attr-defined]  # it is an async generator
        for _ in range(10):
            await asyncio.sleep(0)

    with caplog.at_level(logging.DEBUG, "azfunc.asgi"):
        asyncio.run(main())
    assert order == ["http.disconnect", "http.disconnect", "ClientDisconnectedError"]
    assert "after its client had left" in caplog.text


def test_a_stream_is_read_from_another_loop() -> None:
    """A stream of the client's loop can be read by whoever has the response, while that loop runs."""
    app = azfunc.FunctionApp(http_auth_level="anonymous")
    app.mount_asgi("", app_of(count_up))

    with TestClient(app) as client:
        response = client.get("/api/x", stream=True)
        assert response.is_streaming
        assert asyncio.run(response.read_body()) == b"012"
        assert client.get("/api/x").get_body() == b"012"
        left = client.get("/api/x", stream=True)
    assert left.is_streaming


def test_a_stream_crosses_loops() -> None:
    """A stream that is produced on the loop of one thread is read on the loop of another."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def ask() -> azfunc.HttpResponse:
        with streaming(allowed=True):
            return await azfunc.AsgiMiddleware(app_of(count_up)).handle_async(HttpRequest())

    async def read() -> list[bytes]:
        response = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(ask(), loop))
        return [part async for part in response.stream_async()]

    assert asyncio.run(read()) == [b"0", b"1", b"2"]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_stream_whose_loop_has_ended_says_so() -> None:
    """Reading a stream after its loop is a clear error."""

    async def main() -> azfunc.HttpResponse:
        with streaming(allowed=True):
            return await azfunc.AsgiMiddleware(app_of(count_up)).handle_async(HttpRequest())

    response = asyncio.run(main())

    with pytest.raises(azfunc.InvocationError, match="has ended"):
        asyncio.run(response.read_body())


def test_app_that_is_not_async_is_told() -> None:
    """A plain function that gives nothing to await is named, with what it returned."""
    with pytest.raises(azfunc.InvocationError, match=r"plain\(\) returned None") as caught:
        azfunc.AsgiMiddleware(plain).handle(azfunc.HttpRequest())

    assert "async def" in caught.value.hint


def plain(scope: Any, receive: Any, send: Any) -> Any:
    """Give nothing."""


def test_repr_tells_app_and_state() -> None:
    """The repr of a middleware tells the app, and whether it was started."""

    async def quiet(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def shown() -> str:
        async with middleware:
            return repr(middleware)

    middleware = azfunc.AsgiMiddleware(quiet)

    assert repr(middleware) == "<AsgiMiddleware of quiet(), not started>"
    assert asyncio.run(shown()) == "<AsgiMiddleware of quiet(), started>"
