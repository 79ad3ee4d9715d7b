"""HTTP in front of a host: routes, methods, keys, streams and HEAD."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.runtime.host import HostOptions, LocalHost
from azfunc.runtime.web import KEY_HEADER, WebFront
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


logger = logging.getLogger("shop")


@pytest.fixture
def shop(app: func.FunctionApp) -> func.FunctionApp:
    """An app with some routes."""

    @app.route("items/{id:int}", methods=["GET"])
    def one(req: func.HttpRequest) -> str:
        return f"one {req.route_params['id']}"

    @app.route("items/{name}", methods=["GET", "PUT"])
    def named(req: func.HttpRequest) -> str:
        return f"named {req.route_params['name']}"

    @app.route("items/{*rest}")
    def rest(req: func.HttpRequest) -> func.JsonResponse:
        return func.JsonResponse({"rest": req.route_params["rest"], "method": req.method, "query": dict(req.params)})

    @app.route("nothing")
    def nothing(req: func.HttpRequest) -> None: ...

    @app.queue_trigger("msg", "todo", "S")
    def no_http(msg: func.QueueMessage) -> None: ...

    return app


@pytest.mark.parametrize(
    ("method", "url", "status", "body"),
    [
        ("GET", "/api/items/7", 200, b"one 7"),
        ("GET", "/API/ITEMS/seven", 200, b"named seven"),
        ("PUT", "/api/items/7", 200, b"named 7"),
        ("GET", "https://shop.example/api/items/7?x=1#part", 200, b"one 7"),
        ("DELETE", "/api/items/7?a=1", 200, b'{"rest": "7", "method": "DELETE", "query": {"a": "1"}}'),
        ("GET", "/api/items/a/b%20c", 200, b'{"rest": "a/b c", "method": "GET", "query": {}}'),
        ("GET", "/items/7", 404, b""),
        ("GET", "/api/other", 404, b""),
        ("GET", "/api/nothing", 204, b""),
    ],
)
def test_requests_reach_the_most_specific_route(
    shop: func.FunctionApp, method: str, url: str, status: int, body: bytes
) -> None:
    """Prefix, constraints, catch-alls, letter case and methods are the host's."""
    response = TestClient(shop).request(method, url)

    assert (response.status_code, response.get_body()) == (status, body)


def test_returned_text_has_the_headers_of_a_response(app: func.FunctionApp) -> None:
    """Text that a function returns comes with the same headers as a response that is made of it."""

    @app.route("text")
    def text(req: func.HttpRequest) -> str:
        return "hi"

    @app.route("response")
    def response(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse("hi")

    client = TestClient(app)

    assert client.get("/api/text").headers["content-type"] == "text/plain; charset=utf-8"
    assert client.get("/api/text").headers == client.get("/api/response").headers


def test_a_method_that_no_function_takes(app: func.FunctionApp) -> None:
    """Status 405 names those that are taken."""

    @app.route("one", methods=["GET", "POST"])
    def one(req: func.HttpRequest) -> None: ...

    response = TestClient(app).delete("/api/one")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")


def test_the_prefix_may_be_another_or_none(shop: func.FunctionApp) -> None:
    """As host.json says."""
    assert TestClient(shop, route_prefix="").get("/items/7").get_body() == b"one 7"
    assert TestClient(shop, route_prefix="v1/shop").get("/v1/shop/items/7").get_body() == b"one 7"


# --- keys -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def guarded() -> TestClient:
    """A client of an app with a function for each level, which asks for keys."""
    app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)

    @app.route("open", auth_level=func.AuthLevel.ANONYMOUS)
    def open_(req: func.HttpRequest) -> str:
        return "ok"

    @app.route("usual")
    def usual(req: func.HttpRequest) -> str:
        return "ok"

    @app.route("admin", auth_level=func.AuthLevel.ADMIN)
    def admin(req: func.HttpRequest) -> str:
        return "ok"

    return TestClient(app, keys={"default": "k", "_master": "m"})


@pytest.mark.parametrize(
    ("url", "key", "status"),
    [
        ("open", None, 200),
        ("usual", None, 401),
        ("usual", "wrong", 401),
        ("usual", "é", 401),
        ("usual", "k", 200),
        ("usual", "m", 200),
        ("admin", None, 401),
        ("admin", "k", 401),
        ("admin", "m", 200),
    ],
)
def test_keys_open_what_they_are_for(guarded: TestClient, url: str, key: str | None, status: int) -> None:
    """In the header or in the query; the master key opens everything."""
    headers = {} if key is None else {KEY_HEADER: key}
    assert guarded.get(f"/api/{url}", headers=headers).status_code == status
    assert guarded.get(f"/api/{url}?code={key or ''}").status_code == status


def test_without_a_master_key_admin_functions_are_closed() -> None:
    """A key of functions is not enough."""
    app = func.FunctionApp()

    @app.route("admin", auth_level=func.AuthLevel.ADMIN)
    def admin(req: func.HttpRequest) -> None: ...

    assert TestClient(app, keys={"default": "k"}).get("/api/admin", headers={KEY_HEADER: "k"}).status_code == 401
    assert TestClient(app).get("/api/admin").status_code == 204


# --- streams and HEAD -------------------------------------------------------------------------------------------------


def streaming_app(events: list[str]) -> func.FunctionApp:
    """Make an app that streams from a generator and from an async one, and notes when they end."""
    app = func.FunctionApp()

    def chunks() -> Iterator[str]:
        try:
            for each in "abc":
                logger.info("chunk %s", each)
                yield each
        finally:
            events.append("closed")

    async def chunks_async() -> AsyncIterator[str]:
        try:
            for each in "abc":
                logger.info("chunk %s", each)
                await asyncio.sleep(0)
                yield each
        finally:
            events.append("closed")

    @app.route("sync")
    def sync(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(chunks(), status_code=201, headers={"x-kind": "stream"})

    @app.route("async")
    async def asynchronous(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(chunks_async(), status_code=201, headers={"x-kind": "stream"})

    return app


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("entered", [False, True], ids=["alone", "entered"])
def test_a_stream_is_read_chunk_by_chunk(kind: str, *, entered: bool) -> None:
    """With ``stream=True`` the chunks come one by one, whatever they are made by and wherever the loop is."""
    events: list[str] = []
    client = TestClient(streaming_app(events))
    if entered:
        client.__enter__()

    response = client.get(f"/api/{kind}", stream=True)
    chunks = response.stream()

    assert (response.status_code, response.headers["x-kind"], response.is_streaming) == (201, "stream", True)
    assert next(chunks) == b"a"
    assert events == []
    assert list(chunks) == [b"b", b"c"]
    assert events == ["closed"]
    client.close()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_stream_is_joined_when_nobody_asks_for_it(kind: str) -> None:
    """The logs of its chunks belong to the call."""
    events: list[str] = []
    client = TestClient(streaming_app(events))

    response = client.get(f"/api/{kind}")

    assert (response.get_body(), response.is_streaming, events) == (b"abc", False, ["closed"])
    assert client.last_run is not None
    assert client.last_run.messages == ["chunk a", "chunk b", "chunk c"]


def test_async_code_reads_a_stream_as_it_is() -> None:
    """``arequest`` gives the response itself."""
    client = TestClient(streaming_app([]))

    async def main() -> list[bytes]:
        response = await client.arequest("GET", "/api/async", stream=True)
        return [chunk async for chunk in response.stream_async()]

    assert asyncio.run(main()) == [b"a", b"b", b"c"]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_stream_that_nobody_reads_to_its_end_is_closed(kind: str) -> None:
    """A caller that goes away ends it."""
    events: list[str] = []
    chunks: Any = TestClient(streaming_app(events)).get(f"/api/{kind}", stream=True).stream()

    next(chunks)
    chunks.close()

    assert events == ["closed"]


@pytest.mark.parametrize("stream", [False, True])
def test_a_stream_has_all_headers_it_is_sent_with(app: func.FunctionApp, tmp_path: Path, *, stream: bool) -> None:
    """The content type is among them, as in a response with a whole body; that of the function stays as it is."""
    (tmp_path / "prices.csv").write_text("a;b")
    made: list[func.HttpResponse] = []

    def keep(response: func.HttpResponse) -> func.HttpResponse:
        made.append(response)
        return response

    @app.route("sync")
    def sync(req: func.HttpRequest) -> func.HttpResponse:
        return keep(func.HttpResponse((each for each in ["a"]), mimetype="text/csv"))

    @app.route("async")
    async def asynchronous(req: func.HttpRequest) -> func.HttpResponse:
        async def chunks() -> AsyncIterator[str]:
            yield "a"

        return keep(func.HttpResponse(chunks(), mimetype="text/csv", headers={"x-kind": "stream"}))

    @app.route("file")
    def file(req: func.HttpRequest) -> func.HttpResponse:
        return keep(func.FileResponse(tmp_path / "prices.csv"))

    @app.route("own")
    def own(req: func.HttpRequest) -> func.HttpResponse:
        return keep(func.HttpResponse(iter(["a"]), headers={"Content-Type": "text/x"}))

    expected = {"sync": "text/csv; charset=utf-8", "async": "text/csv; charset=utf-8", "own": "text/x"}
    client = TestClient(app)
    for url, content_type in {**expected, "file": "text/csv; charset=utf-8"}.items():
        response = client.get(f"/api/{url}", stream=stream)
        assert response.headers.getlist("content-type") == [content_type]
        assert b"".join(response.stream()) in (b"a", b"a;b")

    async def get() -> func.HttpResponse:
        return await client.arequest("GET", "/api/async", stream=stream)

    assert asyncio.run(get()).headers["content-type"] == "text/csv; charset=utf-8"
    assert ["content-type" in each.headers for each in made] == [False, False, True, False, False]


def test_a_stream_of_a_web_framework_gets_no_header(app: func.FunctionApp) -> None:
    """A response of theirs without a content type is sent without one."""

    def site(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("X-Kind", "stream")])
        yield b"a"

    app.mount_wsgi("site", site)

    assert dict(TestClient(app).get("/api/site", stream=True).header_items()) == {"X-Kind": "stream"}


def test_a_stream_with_a_header_that_cannot_be_sent_is_given_as_it_is(app: func.FunctionApp) -> None:
    """Whoever sends it is told of the header."""

    @app.route("broken")
    def broken(req: func.HttpRequest) -> func.HttpResponse:
        response = func.HttpResponse(iter(["a"]))
        response.headers.update({"X": "a\nb"})
        return response

    with pytest.raises(func.DefinitionError):
        TestClient(app).get("/api/broken", stream=True).header_items()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_an_output_that_is_set_in_a_stream_is_warned_of(app: func.FunctionApp, kind: str) -> None:
    """Outputs were sent by then; the warning names function and output, and stands at the line that set it."""

    @app.route("sync")
    @app.queue_output("msg", "done", "S")
    def sync(req: func.HttpRequest, msg: func.Out[str]) -> func.HttpResponse:
        def chunks() -> Iterator[str]:
            yield "a"
            msg.set("late")

        msg.set("in time")
        return func.HttpResponse(chunks())

    @app.route("async")
    @app.queue_output("msg", "done", "S")
    async def asynchronous(req: func.HttpRequest, msg: func.Out[str]) -> func.HttpResponse:
        async def chunks() -> AsyncIterator[str]:
            yield "a"
            msg.set("late")

        msg.set("in time")
        return func.HttpResponse(chunks())

    client = TestClient(app)
    name = {"sync": "sync", "async": "asynchronous"}[kind]

    with pytest.warns(func.AzfuncWarning, match=f"Function '{name}': the output 'msg' was set after") as caught:
        client.get(f"/api/{kind}")

    assert [each.filename for each in caught] == [__file__]
    assert client.last_run is not None
    assert client.last_run.outputs["msg"] == "in time"


def test_a_stream_that_breaks_off_has_failed(app: func.FunctionApp) -> None:
    """What a chunk raises is what the call raises, or status 500."""

    def chunks() -> Iterator[str]:
        yield "a"
        raise LookupError("no more")

    @app.route("broken")
    def broken(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(chunks())

    with pytest.raises(LookupError, match="no more"):
        TestClient(app).get("/api/broken")
    client = TestClient(app, raise_exceptions=False)
    assert client.get("/api/broken").status_code == 500
    assert client.last_run is not None
    assert isinstance(client.last_run.exception, LookupError)


def test_a_function_that_raises_is_status_500(app: func.FunctionApp) -> None:
    """For callers that want an answer in any case; others get the exception, from the front too."""

    @app.route("broken")
    def broken(req: func.HttpRequest) -> None:
        raise LookupError("no")

    assert TestClient(app, raise_exceptions=False).get("/api/broken").status_code == 500
    host = LocalHost(app, options=HostOptions(route_prefix="x"))
    with pytest.raises(LookupError) as caught:
        asyncio.run(WebFront(host).answer(func.HttpRequest("GET", "/x/broken")))
    assert caught.value.run.function_name == "broken"  # type: ignore[attr-defined]


def test_the_answer_to_head_has_no_body(app: func.FunctionApp) -> None:
    """Headers and length are those of GET; a stream is not begun."""
    events: list[str] = []
    stream = TestClient(streaming_app(events)).head("/api/async")

    @app.route("text")
    def text(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse("hello", headers={"x-kind": "text"})

    @app.route("stated")
    def stated(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse("hello", headers={"content-length": "5"})

    @app.route("empty")
    def empty(req: func.HttpRequest) -> None: ...

    client = TestClient(app)
    response = client.head("/api/text")

    assert (response.get_body(), response.headers["Content-Length"], response.headers["x-kind"]) == (b"", "5", "text")
    assert client.head("/api/stated").headers.getall("content-length") == ["5"]
    assert "content-length" not in client.head("/api/empty").headers
    assert (stream.status_code, stream.get_body(), events) == (201, b"", [])


# --- what the function gives ------------------------------------------------------------------------------------------


def test_the_response_is_what_the_caller_of_the_host_gets(app: func.FunctionApp) -> None:
    """Cookies and repeated headers pass, and the function's own response is not changed."""
    own = func.HttpResponse("x", headers={"x-a": ["1", "2"]})
    own.set_cookie("a", "1")
    own.set_cookie("b", "2")

    @app.route("own")
    def give(req: func.HttpRequest) -> func.HttpResponse:
        return own

    response = TestClient(app).get("/api/own")

    assert response is not own
    assert response.headers["x-a"] == "1, 2"
    assert len(response.headers.getall("Set-Cookie")) == 2


def test_the_output_may_be_an_out_parameter(app: func.FunctionApp) -> None:
    """A response that is set counts as one that is returned, and none is status 204."""

    @app.route("out", binding_arg_name="response")
    def give(req: func.HttpRequest, response: func.Out[func.HttpResponse]) -> None:
        if "x" in req.params:
            response.set(func.HttpResponse("set", status_code=202))

    client = TestClient(app)

    assert (client.get("/api/out?x=1").status_code, client.get("/api/out").status_code) == (202, 204)


def test_without_an_http_output_the_answer_is_empty(app: func.FunctionApp) -> None:
    """As a function of the older model may be written."""

    @app.generic_trigger("req", "httpTrigger", route="bare", auth_level="anonymous")
    def bare(req: func.HttpRequest) -> None: ...

    assert TestClient(app, keys={"default": "k"}).get("/api/bare").status_code == 204
