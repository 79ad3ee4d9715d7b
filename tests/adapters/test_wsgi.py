"""WSGI: the environ, the response, errors, misuse, streams; by PEP 3333 and its validator."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import sys
import threading
import traceback
import warnings
from typing import TYPE_CHECKING, Any
from wsgiref.validate import WSGIWarning, validator

import pytest

import azfunc
from azfunc._core.streaming import streaming
from azfunc.adapters import wsgi as wsgi_module

if TYPE_CHECKING:
    from collections.abc import Iterator

HttpRequest = azfunc.HttpRequest


def environ_of(request: Any, context: Any = None, **options: Any) -> dict[str, Any]:
    """Give the environ that an app gets for a request."""
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    azfunc.WsgiMiddleware(app, **options).handle(request, context)
    return seen


def answering(body: Any = (b"ok",), status: str = "200 OK", headers: Any = ()) -> Any:
    """Make an app that gives a fixed response."""

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        start_response(status, list(headers))
        return body

    return app


def answer(app: Any, request: Any = None, **options: Any) -> azfunc.HttpResponse:
    """Give the response of an app."""
    return azfunc.WsgiMiddleware(app, **options).handle(request or HttpRequest())


# --- environ ----------------------------------------------------------------------------------------------------------


def test_environ_has_every_key_of_the_pep() -> None:
    """The environ of a request is complete, and each value has the type that the PEP gives."""
    headers = {"X-One": "1", "Content-Type": "text/plain", "Content-Length": "99", "X-Forwarded-For": "203.0.113.7:50"}
    request = HttpRequest("POST", "https://example.test:8443/a%20b/c?x=1&y=%20", headers=headers, body=b"body")

    environ = environ_of(request)

    assert environ.pop("wsgi.input").read() == b"body"
    assert environ.pop("wsgi.errors") is not None
    assert environ == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a b/c",
        "QUERY_STRING": "x=1&y=%20",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "4",
        "HTTP_X_ONE": "1",
        "HTTP_X_FORWARDED_FOR": "203.0.113.7:50",
        "REMOTE_ADDR": "203.0.113.7",
        "SERVER_NAME": "example.test",
        "SERVER_PORT": "8443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def test_content_type_and_length_are_missing_where_there_is_none() -> None:
    """A request without content has no content type and no length, which frameworks would show as headers."""
    assert not {"CONTENT_TYPE", "CONTENT_LENGTH"} & set(environ_of(HttpRequest()))
    assert environ_of(HttpRequest("POST", headers={"content-length": "0"}))["CONTENT_LENGTH"] == "0"


def test_environ_tells_of_the_call() -> None:
    """What the context knows of the call stands in the environ."""
    environ = environ_of(HttpRequest(), azfunc.Context(function_name="site", invocation_id="7"))

    assert environ["azure_functions.function_name"] == "site"
    assert environ["azure_functions.invocation_id"] == "7"


@pytest.mark.parametrize("path", ["/%C3%A9t%C3%A9", "/été", "/%ff", "/a%2Fb"])
def test_path_is_bytes_as_latin(path: str) -> None:
    """Each character of the path stands for one byte, so that UTF-8 comes out right."""
    found = environ_of(HttpRequest(url=path))["PATH_INFO"].encode("latin-1")

    assert found in ("/été".encode(), b"/\xff", b"/a/b")


@pytest.mark.parametrize(
    ("url", "options", "script_name", "path_info"),
    [
        ("/api/v1/x", {"root_path": "/api/v1"}, "/api/v1", "/x"),
        ("/api/v1", {"root_path": "api/v1/"}, "/api/v1", ""),
        ("/%C3%A9t%C3%A9/x", {"root_path": "/été"}, "/\xc3\xa9t\xc3\xa9", "/x"),
        ("/x", {"root_path": "/behind/a/proxy"}, "/behind/a/proxy", "/x"),
        ("/api/v1/x/y", {"route_parameter": "rest"}, "/api/v1", "/x/y"),
    ],
)
def test_script_name_leads_to_the_app(url: str, options: dict[str, str], script_name: str, path_info: str) -> None:
    """The root path is `SCRIPT_NAME`, and `PATH_INFO` is what comes behind it."""
    environ = environ_of(HttpRequest(url=url, route_params={"rest": "x/y"}), **options)

    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == (script_name, path_info)


def test_repeated_headers_are_joined() -> None:
    """An environ has room for one value of each header; none is lost."""
    headers = [("X-A", "1"), ("x-b", "é"), ("X-A", "2"), ("Cookie", "a=1"), ("cookie", "b=2")]

    environ = environ_of(HttpRequest(headers=headers))

    assert environ["HTTP_X_A"] == "1,2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_X_B"] == "é"


def test_what_is_kept_of_names_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that invent names fill no memory."""
    monkeypatch.setattr(wsgi_module, "_KEYS_KEPT", 0)

    assert environ_of(HttpRequest(headers={"x-never-seen": "1"}))["HTTP_X_NEVER_SEEN"] == "1"
    assert "x-never-seen" not in wsgi_module._keys


def test_headers_beyond_latin_are_utf8() -> None:
    """What the host lets through is not refused, and can be read back."""
    from azfunc._core.datum import Datum

    parts = {**HttpRequest().to_wire(), "headers": {"x-wide": Datum("€", "string")}}

    assert environ_of(HttpRequest.from_wire(parts))["HTTP_X_WIDE"].encode("latin-1").decode() == "€"


def test_a_relative_url_takes_its_server_from_the_host_header() -> None:
    """Server and scheme are known for requests that were made by hand."""
    environ = environ_of(HttpRequest(url="path?x=1", headers={"host": "a.test:81"}))

    assert (environ["SERVER_NAME"], environ["SERVER_PORT"], environ["PATH_INFO"]) == ("a.test", "81", "/path")
    assert environ_of(HttpRequest())["SERVER_NAME"] == "localhost"
    assert environ_of(HttpRequest())["REMOTE_ADDR"] == ""


def test_a_request_of_another_library_is_served() -> None:
    """A request needs the reference's attributes, not azfunc's class."""

    class Foreign:
        method = "GET"
        url = "https://example.test/a"
        headers = {"X-One": "1"}
        params = {"b": "1 2"}

        def get_body(self) -> bytes:
            return b""

    environ = environ_of(Foreign())
    assert (environ["HTTP_X_ONE"], environ["QUERY_STRING"]) == ("1", "b=1+2")


def test_input_is_read_to_its_end_without_a_length() -> None:
    """The input ends where the body ends, whichever way it is read."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        stream = environ["wsgi.input"]
        return [stream.readline(), b"|", stream.read(2), b"|", stream.read(), b"|", stream.read()]

    assert answer(app, HttpRequest("POST", body=b"one\ntwo\nthree")).get_body() == b"one\n|tw|o\nthree|"


@pytest.mark.parametrize("path", ["/", "/a/b", "/%C3%A9t%C3%A9", "", "/api/v1"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "DELETE"])
def test_the_validator_finds_no_fault(method: str, path: str) -> None:
    """`wsgiref.validate` passes on every kind of request, with content and without, streamed and whole."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        environ["wsgi.input"].read(10)
        environ["wsgi.errors"].write("a line\n")
        environ["wsgi.errors"].flush()
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        write(b"written ")
        return iter([b"one", b"two"])

    checked = validator(app)
    request = HttpRequest(method, path, headers={"content-type": "text/plain", "content-length": "3"}, body=b"abc")
    with warnings.catch_warnings():
        warnings.simplefilter("error", WSGIWarning)
        for stream in (False, True):
            with streaming(allowed=stream):
                response = azfunc.WsgiMiddleware(checked, root_path="/api/v1").handle(request)
                assert response.get_body() == (b"" if method == "HEAD" else b"written onetwo")


# --- response ---------------------------------------------------------------------------------------------------------


def test_response_keeps_order_and_repeats() -> None:
    """Status, headers and body come out as they went in, and no header is added."""
    headers = [("Vary", "A"), ("Set-Cookie", "a=1"), ("vary", "B"), ("Set-Cookie", "b=2; Partitioned")]

    response = answer(answering([b"one", b"", None, bytearray(b"two")], "299 Odd", headers))

    assert (response.status_code, response.get_body()) == (299, b"onetwo")
    assert response.header_items() == headers
    assert answer(answering(status="201")).status_code == 201


@pytest.mark.parametrize("make", [list, tuple, iter], ids=["list", "tuple", "iterator"])
def test_space_around_a_header_is_no_part_of_it(make: Any) -> None:
    """Django writes a space in front of its cookies, which servers refuse to send."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", make([("Set-Cookie", " a=1; Path=/"), ("X-Tab", "b c\t")]))
        return []

    assert answer(app).header_items() == [("Set-Cookie", "a=1; Path=/"), ("X-Tab", "b c")]


@pytest.mark.parametrize(("method", "status"), [("HEAD", "200 OK"), ("GET", "204 None"), ("GET", "304 Same")])
def test_no_content_where_http_has_none(method: str, status: str) -> None:
    """The content of a response that cannot have any is dropped, its headers stay."""
    for stream in (False, True):
        with streaming(allowed=stream):
            response = answer(answering(iter([b"content"]), status, [("Content-Length", "7")]), HttpRequest(method))
        assert (response.get_body(), response.header_items()) == (b"", [("Content-Length", "7")])


def test_start_response_may_come_with_the_first_content() -> None:
    """A generator calls `start_response` when it is first asked for content."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        yield b""
        start_response("200 OK", [])
        yield b"late"

    with pytest.raises(azfunc.InvocationError, match="before it called start_response"):
        answer(app)

    def good(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"late"

    assert answer(good).get_body() == b"late"


def test_exc_info_replaces_a_response_that_is_not_sent() -> None:
    """An app that fails before its first content may start another response."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X-A", "1")])
        try:
            int("no number")
        except ValueError:
            start_response("500 Failed", [("X-B", "1")], sys.exc_info())
        return [b"sorry"]

    response = answer(app)
    assert (response.status_code, response.header_items(), response.get_body()) == (500, [("X-B", "1")], b"sorry")


def test_exc_info_raises_when_content_was_sent() -> None:
    """An app that fails behind its first content has its exception raised."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"content"
        try:
            the_culprit()
        except LookupError:
            start_response("500 Failed", [], sys.exc_info())

    def the_culprit() -> None:
        message = "inside"
        raise LookupError(message)

    with pytest.raises(LookupError, match="inside") as caught:
        answer(app)
    assert "the_culprit" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]


def test_close_is_called_whatever_happens() -> None:
    """The result's `close()` is called once: at the end, after an error, and when a stream is left."""
    closed: list[str] = []

    class Body:
        def __init__(self, name: str, *, fails: bool = False) -> None:
            self.name = name
            self.fails = fails

        def __iter__(self) -> Iterator[bytes]:
            yield b"content"
            if self.fails:
                raise LookupError
            yield b"more"

        def close(self) -> None:
            closed.append(self.name)

    answer(answering(Body("whole")))
    with pytest.raises(LookupError):
        answer(answering(Body("failed", fails=True)))
    answer(answering(Body("head")), HttpRequest("HEAD"))
    with streaming(allowed=True):
        assert answer(answering(Body("read"))).get_body() == b"contentmore"
        stream = answer(answering(Body("left"))).stream()
        next(stream)
        stream.close()  # type: ignore[attr-defined]  # it is a generator
        failing = answer(answering(Body("broken", fails=True)))
        with pytest.raises(LookupError):
            failing.get_body()

    assert closed == ["whole", "failed", "head", "read", "left", "broken"]


def test_what_the_app_raises_is_raised() -> None:
    """The app's own exception comes out, with the app's own traceback."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        message = "inside"
        raise LookupError(message)

    for stream in (False, True):
        with streaming(allowed=stream), pytest.raises(LookupError, match="inside") as caught:
            answer(app)
        assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "app"


# --- 5xx --------------------------------------------------------------------------------------------------------------


def test_a_5xx_is_a_response_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A status of 500 or above reaches the client, and stands in the log as an error."""
    app = answering([b'{"retry": 5}'], "503 Busy", [("Retry-After", "5")])

    response = answer(app, HttpRequest(url="/a/b"))

    assert (response.status_code, response.get_body()) == (503, b'{"retry": 5}')
    [record] = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "The WSGI app answered GET /a/b with 503 Busy.")


@pytest.mark.parametrize("stream", [False, True])
def test_a_5xx_may_be_raised(stream: bool) -> None:
    """With `raise_on_5xx` it is an error, so that the call counts as failed."""
    app = answering(iter([b"come back later", b"!"]), "503 Busy")

    with streaming(allowed=stream), pytest.raises(azfunc.InvocationError, match="503 Busy") as caught:
        answer(app, raise_on_5xx=True)

    assert "raise_on_5xx" in caught.value.hint
    assert answer(answering(), raise_on_5xx=True).status_code == 200


# --- the error stream -------------------------------------------------------------------------------------------------


def test_errors_go_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Each line written to `wsgi.errors` is one error record; a last line without a break is too."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        errors = environ["wsgi.errors"]
        assert errors.write("one\ntwo\nth") == len("one\ntwo\nth")
        errors.writelines(["ree\n", "four"])
        errors.flush()
        errors.flush()
        errors.write("five")
        start_response("200 OK", [])
        return [b"ok"]

    assert answer(app).status_code == 200
    assert [(record.name, record.levelname, record.getMessage()) for record in caplog.records] == [
        ("azfunc.wsgi", "ERROR", "one\ntwo"),
        ("azfunc.wsgi", "ERROR", "three"),
        ("azfunc.wsgi", "ERROR", "four"),
        ("azfunc.wsgi", "ERROR", "five"),
    ]


def test_one_log_line_poisons_nothing() -> None:
    """A request that writes to `wsgi.errors` succeeds, and so do the next hundred, in eight threads."""
    count = [0]

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        count[0] += 1
        if count[0] % 10 == 1:
            environ["wsgi.errors"].write("careful\n")
        start_response("200 OK", [])
        return [b"ok"]

    middleware = azfunc.WsgiMiddleware(app)
    statuses: list[int] = []

    def work() -> None:
        statuses.extend(middleware.handle(HttpRequest()).status_code for _ in range(13))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 104


def test_a_log_handler_that_writes_to_errors_does_not_go_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler on the root logger that writes to `wsgi.errors`, as Flask's does, ends on standard error."""
    import io

    class Handler(logging.Handler):
        stream: Any = None

        def emit(self, record: logging.LogRecord) -> None:
            self.stream.write(f"{record.getMessage()} again\n")

    handler = Handler()

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        handler.stream = environ["wsgi.errors"]
        handler.stream.write("once\n")
        start_response("200 OK", [])
        return []

    monkeypatch.setattr(sys, "__stderr__", io.StringIO())
    logging.getLogger().addHandler(handler)
    try:
        answer(app)
        assert sys.__stderr__.getvalue() == "once again\n"  # type: ignore[union-attr]  # a StringIO
        monkeypatch.setattr(sys, "__stderr__", None)
        answer(app)
    finally:
        logging.getLogger().removeHandler(handler)


# --- misuse -----------------------------------------------------------------------------------------------------------


def twice(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Start two responses."""
    start_response("200 OK", [])
    start_response("200 OK", [])
    return []


def never(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Start no response."""
    return []


MISUSE = {
    "twice": (twice, "twice"),
    "never": (never, "did not call start_response"),
    "content first": (lambda environ, start_response: [b"x"], "before it called start_response"),
    "text": (answering(["text"]), "str as content"),
    "one text": (answering("text"), "returned str"),
    "one bytes": (answering(b"bytes"), "returned bytes"),
    "no iterable": (answering(None), "returned None"),
    "status as a number": (answering(status=200), "int as the status"),  # type: ignore[arg-type]  # that is the point
    "headers as a number": (lambda environ, start_response: start_response("200 OK", 5), "wrong headers"),
}


@pytest.mark.parametrize(("app", "text"), MISUSE.values(), ids=MISUSE)
def test_misuse_is_a_clear_error(app: Any, text: str) -> None:
    """An app that breaks the protocol is told what it did and what to do."""
    for stream in (False, True):
        with streaming(allowed=stream), pytest.raises(azfunc.InvocationError) as caught:
            answer(app)
        assert text in caught.value.message
        assert caught.value.hint


@pytest.mark.parametrize("status", ["OK", "", "20 OK", "099 Low", "2000 High"])
def test_a_status_that_is_none_is_a_value_error(status: str) -> None:
    """A status without its three digits is refused, with the reference's text."""
    with pytest.raises(ValueError, match="invalid literal for int") as caught:
        answer(answering(status=status))
    assert "'200 OK'" in str(caught.value)


def test_headers_that_cannot_be_sent_are_refused() -> None:
    """A header with a line break is refused where the app gives it."""
    with pytest.raises(azfunc.DefinitionError):
        answer(answering(headers=[("X-A", "a\r\nX-B: 1")]))


def test_what_is_no_app_is_refused_at_its_first_request() -> None:
    """An object that cannot be called is named, as a TypeError like the reference's."""
    with pytest.raises(TypeError, match="'int' object is not callable"):
        answer(5)


# --- streams, context -------------------------------------------------------------------------------------------------


def test_streams_where_the_caller_reads_on() -> None:
    """In azfunc's own runtime a response that is still to be produced is a stream; else it is whole."""
    made: list[int] = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("500 Late", [])
        for number in range(3):
            made.append(number)
            yield b"%d" % number

    whole = answer(app)
    assert (whole.is_streaming, whole.get_body(), made) == (False, b"012", [0, 1, 2])
    made.clear()
    with streaming(allowed=True):
        response = answer(app)
    assert (response.is_streaming, response.is_async, made) == (True, False, [0])

    async def read() -> list[bytes]:
        return [chunk async for chunk in response.stream_async()]

    assert asyncio.run(read()) == [b"0", b"1", b"2"]


def test_short_responses_are_not_streamed() -> None:
    """What is there already, or says that it is small, is whole; what is large streams."""
    with streaming(allowed=True):
        assert not answer(answering([b"a", b"b"])).is_streaming
        assert not answer(answering(iter([]))).is_streaming
        assert answer(answering(iter([b"", b"a"]))).get_body() == b"a"
        assert not answer(answering(iter([b"a"]), headers=[("Content-Length", "1")])).is_streaming
        assert answer(answering(iter([b"a"]), headers=[("Content-Length", "1000000")])).is_streaming


place: contextvars.ContextVar[str] = contextvars.ContextVar("place", default="nowhere")


@pytest.mark.parametrize("stream", [False, True])
def test_context_variables_flow_in_and_stay_inside(stream: bool) -> None:
    """The app sees the caller's context variables, in its generator too; what it sets ends with the request."""
    got: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        got.append(place.get())
        place.set("inside")
        yield b"one"
        got.append(place.get())
        yield b"two"

    def main() -> None:
        place.set("outside")
        with streaming(allowed=stream):
            answer(app).get_body()
        got.append(place.get())

    contextvars.copy_context().run(main)
    assert got == ["outside", "inside", "outside"]


def test_main_is_a_function_of_its_own() -> None:
    """`main` takes the request and the context, as a function of the host does."""
    assert azfunc.WsgiMiddleware(answering()).main(HttpRequest(), azfunc.Context()).get_body() == b"ok"


def test_the_adapter_loads_no_event_loop() -> None:
    """WSGI needs no asyncio."""
    import subprocess

    script = "import sys, azfunc; azfunc.WsgiMiddleware; azfunc.FunctionApp().mount_wsgi('a', print)"
    script += "; print('asyncio' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


@pytest.mark.parametrize(
    "headers",
    [
        [("x-user", "ada"), ("x_user", "eve"), ("content-type", "text/html"), ("content_type", "text/evil")],
        [("x_user", "eve"), ("x-user", "ada"), ("content_type", "text/evil"), ("content-type", "text/html")],
    ],
    ids=["first", "last"],
)
def test_header_with_underscores_takes_no_place(headers: list[tuple[str, str]]) -> None:
    """A client cannot replace what a proxy in front has set by a name that gives the same key."""
    environ = environ_of(HttpRequest(headers=headers))

    assert environ["HTTP_X_USER"] == "ada"
    assert environ["CONTENT_TYPE"] == "text/html"
    assert environ_of(HttpRequest(headers={"x_user": "eve"}))["HTTP_X_USER"] == "eve"


def test_repr_names_the_app() -> None:
    """The repr of a middleware tells the framework, or the function."""

    class Site:
        def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
            raise NotImplementedError

    assert repr(azfunc.WsgiMiddleware(never)) == "<WsgiMiddleware of never()>"
    assert repr(azfunc.WsgiMiddleware(Site())) == "<WsgiMiddleware of Site>"
