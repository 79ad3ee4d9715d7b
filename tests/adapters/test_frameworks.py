"""Real frameworks: through the adapter they answer as their own test client, and as a raw protocol call."""

from __future__ import annotations

import asyncio
import contextlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import azfunc
from azfunc._core.streaming import streaming
from azfunc.testing import TestClient

# The oldest werkzeug that azfunc works with is older than what today's Flask and Quart need.
if tuple(map(int, version("werkzeug").split(".")[:2])) < (3, 1):
    pytest.skip("Flask and Quart of today need werkzeug 3.1", allow_module_level=True)

import flask
import httpx
import quart
from fastapi import (  # FastAPI reads annotations at run time
    BackgroundTasks,  # noqa: TC002  # as above
    Depends,
    FastAPI,
    File,
    Form,
    HTTPException,
    Request,  # noqa: TC002  # as above
    UploadFile,  # noqa: TC002  # as above
)
from fastapi.responses import StreamingResponse
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.adapters import frameworks
from tests.adapters.frameworks import Answer, Case, call_asgi, call_wsgi

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

HttpRequest = azfunc.HttpRequest

# --- the differential test --------------------------------------------------------------------------------------------

WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="/"), min_size=1)
SEGMENT = WORD.filter(lambda word: word.strip(".") and word == word.strip())
VALUE = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
TOKEN = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a request."""
    path = "/" + "/".join(quote(segment, safe="") for segment in draw(st.lists(SEGMENT, max_size=3)))
    query = urlencode(draw(st.lists(st.tuples(TOKEN, WORD | st.just("")), max_size=4)))
    method = draw(st.sampled_from(frameworks.METHODS))
    has_body = method not in ("GET", "HEAD", "OPTIONS")
    body = draw(st.binary(max_size=100) | st.just(b"x" * 100_000)) if has_body else b""
    status = draw(st.sampled_from([200, 201, 204, 304, 404, 503]))
    headers = [("host", "testserver"), ("x-status", str(status))]
    headers += [(f"x-{name}", value) for name, value in draw(st.dictionaries(TOKEN, VALUE, max_size=3)).items()]
    cookies = draw(st.dictionaries(TOKEN, TOKEN, max_size=3))
    if cookies:
        headers.append(("cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))
    if has_body:
        headers += [("content-type", "application/octet-stream"), ("content-length", str(len(body)))]
    unique = {name: value for name, value in headers if name != "x-status" or value == str(status)}
    unique["x-status"] = str(status)
    return Case(method, path, query, tuple(unique.items()), body, status)


def request_of(case: Case) -> azfunc.HttpRequest:
    """Make the request of a case as the host would."""
    question = "?" if case.query else ""
    url = f"http://testserver{case.path}{question}{case.query}"
    return HttpRequest(case.method, url, headers=list(case.headers), body=case.body)


async def adapted(app: Any, case: Case) -> Answer:
    """Call an ASGI app through the adapter."""
    response = await azfunc.AsgiMiddleware(app).handle_async(request_of(case))
    return Answer(response.status_code, response.header_items(), response.get_body())


def adapted_wsgi(app: Any, case: Case) -> Answer:
    """Call a WSGI app through the adapter."""
    response = azfunc.WsgiMiddleware(app).handle(request_of(case))
    return Answer(response.status_code, response.header_items(), response.get_body())


COMMON = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", frameworks.ASGI_APPS)
def test_asgi_apps_answer_as_by_a_raw_call(name: str) -> None:
    """Status, headers with order and repeats, and body are those of a raw ASGI call; streamed ones too."""
    app = frameworks.ASGI_APPS[name]

    with asyncio.Runner() if hasattr(asyncio, "Runner") else _Runner() as runner:

        @COMMON
        @given(cases())
        def check(case: Case) -> None:
            expected = runner.run(call_asgi(app, case))
            assert runner.run(adapted(app, case)) == expected
            assert runner.run(streamed(app, case)) == expected

        check()


async def streamed(app: Any, case: Case) -> Answer:
    """Call an ASGI app through the adapter, and read the response as a stream."""
    with streaming(allowed=True):
        response = await azfunc.AsgiMiddleware(app).handle_async(request_of(case))
    return Answer(response.status_code, response.header_items(), await response.read_body())


class _Runner:
    """What `asyncio.Runner` does, for Python 3.10."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        return self

    def run(self, coroutine: Any) -> Any:
        """Run a coroutine on the one loop."""
        return self._loop.run_until_complete(coroutine)

    def __exit__(self, *_error: object) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self.run(_gathered(tasks))
        self.run(self._loop.shutdown_asyncgens())
        self.run(self._loop.shutdown_default_executor())
        self._loop.close()


async def _gathered(tasks: Any) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("name", frameworks.WSGI_APPS)
def test_wsgi_apps_answer_as_by_a_raw_call(name: str) -> None:
    """Status, headers with order and repeats, and body are those of a raw WSGI call."""
    app = frameworks.WSGI_APPS[name]

    @COMMON
    @given(cases())
    def check(case: Case) -> None:
        assert adapted_wsgi(app, case) == call_wsgi(app, case)

    check()


# --- the frameworks' own clients --------------------------------------------------------------------------------------


def by_httpx(app: Any) -> Callable[[Case], Answer]:
    """Call an ASGI app by the transport that Starlette's and FastAPI's documents test with."""

    async def ask(case: Case) -> Answer:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            client.headers.clear()
            url = f"{case.path}?{case.query}" if case.query else case.path
            response = await client.request(case.method, url, headers=list(case.headers), content=case.body)
            pairs = [(name.decode(), value.decode()) for name, value in response.headers.raw]
            return Answer(response.status_code, pairs, response.content)

    return lambda case: asyncio.run(ask(case))


def by_quart(app: Any) -> Callable[[Case], Answer]:
    """Call Quart by its test client."""

    async def ask(case: Case) -> Answer:
        client = app.test_client(use_cookies=False)
        path = f"{case.path}?{case.query}" if case.query else case.path
        response = await client.open(path, method=case.method, headers=list(case.headers), data=case.body)
        return Answer(response.status_code, list(response.headers), await response.get_data())

    return lambda case: asyncio.run(ask(case))


def by_werkzeug(app: Any) -> Callable[[Case], Answer]:
    """Call a WSGI app by werkzeug's test client, which is Flask's."""
    from werkzeug.test import Client

    def ask(case: Case) -> Answer:
        client = Client(app, use_cookies=False)
        response = client.open(
            case.path, method=case.method, query_string=case.query, headers=list(case.headers), data=case.body
        )
        return Answer(response.status_code, list(response.headers), response.get_data())

    return ask


def by_django(_app: Any) -> Callable[[Case], Answer]:
    """Call Django by its test client."""
    from django.test import Client

    def ask(case: Case) -> Answer:
        headers = {name: value for name, value in case.headers if not name.startswith("content-")}
        kind = dict(case.headers).get("content-type", "application/octet-stream")
        response = Client().generic(
            case.method,
            case.path,
            case.body,
            kind,
            QUERY_STRING=case.query,
            headers=headers,
        )
        pairs = [(name, value) for name, value in response.headers.items() if name != "Content-Length"]
        return Answer(response.status_code, pairs, response.content)

    return ask


CLIENTS: dict[str, tuple[Callable[[Any], Callable[[Case], Answer]], Any, bool]] = {
    "starlette": (by_httpx, "starlette", True),
    "fastapi": (by_httpx, "fastapi", True),
    "quart": (by_quart, "quart", True),
    "flask": (by_werkzeug, "flask", False),
    "bottle": (by_werkzeug, "bottle", False),
    "django": (by_django, "django", False),
}


def facts(answer: Answer) -> tuple[Any, ...]:
    """Give what must be the same: the echo without the headers that a client adds by itself."""
    headers = [(name.lower(), value) for name, value in answer.headers if name.lower() != "content-length"]
    if answer.body.startswith(b"{"):
        echo = json.loads(answer.body)
        echo["headers"] = {name: value for name, value in echo["headers"].items() if name != "content-type" and value}
        return answer.status, headers, echo
    return answer.status, headers, answer.body


@pytest.mark.parametrize("name", CLIENTS)
def test_apps_answer_as_by_their_own_client(name: str) -> None:
    """Status, headers with order and repeats, and body are those that the framework's own test client gives."""
    client, key, is_async = CLIENTS[name]
    app = (frameworks.ASGI_APPS if is_async else frameworks.WSGI_APPS)[key]
    ask = client(app)
    # Django's client puts the cookies of the response into a jar of its own.
    skipped = {"set-cookie"} if name == "django" else set()

    @COMMON
    @given(cases())
    def check(case: Case) -> None:
        theirs = facts(ask(case))
        ours = facts(asyncio.run(adapted(app, case)) if is_async else adapted_wsgi(app, case))
        ours = (ours[0], [pair for pair in ours[1] if pair[0] not in skipped], ours[2])
        if case.method == "HEAD" or case.status in (204, 304):
            theirs = (*theirs[:2], b"")  # some clients hand out content that HTTP does not have
        assert ours == theirs

    check()


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 20_000_000])
def test_bodies_of_every_size(size: int) -> None:
    """A body of up to 20 MB reaches every framework as it was sent."""
    body = bytes(range(251)) * (size // 251 + 1)
    case = Case("POST", "/x", "", (("content-length", str(size)),), body[:size])

    for name in ("raw", "starlette", "quart", "django") if size > 10_000_000 else frameworks.ASGI_APPS:
        app = frameworks.ASGI_APPS[name]
        assert json.loads(asyncio.run(adapted(app, case)).body)["size"] == size
    for name, app in frameworks.WSGI_APPS.items():
        assert adapted_wsgi(app, case) == call_wsgi(app, case), name


@pytest.mark.parametrize("name", [*frameworks.ASGI_APPS, *frameworks.WSGI_APPS])
def test_mounted_apps_answer_through_the_whole_runtime(name: str) -> None:
    """Through route, converter and wire the answer is the same: combinable headers are joined, cookies are not."""
    app = azfunc.FunctionApp(http_auth_level="anonymous")
    if name in frameworks.ASGI_APPS:
        app.mount_asgi("", frameworks.ASGI_APPS[name])
    else:
        app.mount_wsgi("", frameworks.WSGI_APPS[name])
    with TestClient(app, route_prefix="") as client:
        response = client.post("/%C3%A9t%C3%A9?a=1&a=2", headers={"x-status": "201"}, body=b"content")
        echo = json.loads(response.get_body())
    assert (echo["path"], echo["query"], echo["size"]) == ("/été", "a=1&a=2", 7)
    assert response.status_code == 201
    assert response.headers["vary"] == "Accept, Cookie"
    assert len(response.headers.getlist("set-cookie")) == 2


# --- what people do with them -----------------------------------------------------------------------------------------


def test_fastapi_does_all_it_can() -> None:
    """Lifespan state, dependencies, background tasks, uploads, validation, streams and events work when mounted."""
    done: list[str] = []

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> Any:
        done.append("up")
        yield {"database": "open"}
        done.append("down")

    api = FastAPI(lifespan=lifespan)

    async def database(request: Request) -> Any:
        done.append("enter")
        yield request.state.database
        done.append("leave")

    @api.get("/items/{number}")
    async def item(
        number: int,
        tasks: BackgroundTasks,
        found: str = Depends(database),  # noqa: FAST002  # an annotation could not name a local function
    ) -> dict[str, Any]:
        tasks.add_task(done.append, "background")
        if number == 404:
            raise HTTPException(404, "no such item")
        return {"number": number, "database": found}

    @api.post("/files")
    async def files(title: Annotated[str, Form()], documents: Annotated[list[UploadFile], File()]) -> dict[str, Any]:
        return {"title": title, "sizes": [len(await each.read()) for each in documents]}

    @api.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> Any:
            for number in range(3):
                yield f"{number},"
                await asyncio.sleep(0)

        return StreamingResponse(parts())

    @api.get("/events")
    async def events(request: Request) -> StreamingResponse:
        async def each() -> Any:
            number = 0
            while not await request.is_disconnected():
                yield f"data: {number}\n\n"
                number += 1
                await asyncio.sleep(0.001)
            done.append("left")

        return StreamingResponse(each(), media_type="text/event-stream")

    api.mount("/sub", Starlette(routes=[Route("/{path:path}", frameworks.starlette_echo)]))
    app = azfunc.FunctionApp(http_auth_level="anonymous")
    app.mount_asgi("v1", api)

    with TestClient(app) as client:
        assert json.loads(client.get("/api/v1/items/7").get_body()) == {"number": 7, "database": "open"}
        assert sorted(done) == ["background", "enter", "leave", "up"]
        assert client.get("/api/v1/items/404").status_code == 404
        assert client.get("/api/v1/items/x").status_code == 422
        upload = client.post("/api/v1/files", form={"title": "t"}, files={"documents": [("a", b"12"), ("b", b"3")]})
        assert json.loads(upload.get_body()) == {"title": "t", "sizes": [2, 1]}
        assert client.get("/api/v1/stream").get_body() == b"0,1,2,"
        assert json.loads(client.get("/api/v1/openapi.json").get_body())["servers"] == [{"url": "/api/v1"}]
        assert json.loads(client.get("/api/v1/sub/x").get_body())["path"] == "/api/v1/sub/x"

        chunks = client.get("/api/v1/events", stream=True).stream()
        assert [next(chunks), next(chunks)] == [b"data: 0\n\n", b"data: 1\n\n"]
        chunks.close()  # type: ignore[attr-defined]  # it is a generator
    assert done[-1] == "down"


def test_starlette_middleware_and_errors() -> None:
    """Starlette's stack runs as it does elsewhere: an error in a view is raised, and CORS is answered."""

    async def view(_request: Any) -> PlainTextResponse:
        return PlainTextResponse("x" * 2000)

    async def broken(_request: Any) -> None:
        message = "inside"
        raise LookupError(message)

    stack = [Middleware(CORSMiddleware, allow_origins=["https://a.test"]), Middleware(GZipMiddleware)]
    star = Starlette(routes=[Route("/view", view), Route("/broken", broken)], middleware=stack)
    app = azfunc.FunctionApp(http_auth_level="anonymous")
    app.mount_asgi("", star)

    with TestClient(app) as client:
        preflight = {"origin": "https://a.test", "access-control-request-method": "GET"}
        allowed = client.options("/api/view", headers=preflight)
        assert allowed.headers["access-control-allow-origin"] == "https://a.test"
        zipped = client.get("/api/view", headers={"accept-encoding": "gzip"})
        assert zipped.headers["content-encoding"] == "gzip"
        assert len(zipped.get_body()) < 2000
        with pytest.raises(LookupError, match="inside"):
            client.get("/api/broken")


def test_flask_does_all_it_can(caplog: pytest.LogCaptureFixture) -> None:
    """Sessions, logging, url_for, errors and streams work when mounted."""
    site = flask.Flask("site")
    site.secret_key = "not a secret"

    @site.get("/visit")
    def visit() -> dict[str, Any]:
        flask.session["visits"] = flask.session.get("visits", 0) + 1
        site.logger.warning("visited")
        return {"visits": flask.session["visits"], "url": flask.url_for("visit")}

    @site.get("/busy")
    def busy() -> Any:
        return {"retry": 5}, 503

    @site.get("/stream")
    def stream() -> flask.Response:
        @flask.stream_with_context
        def parts() -> Any:
            for number in range(3):
                yield f"{flask.request.path}{number},"

        return flask.Response(parts())

    app = azfunc.FunctionApp(http_auth_level="anonymous")
    app.mount_wsgi("site", site)

    with TestClient(app) as client:
        first = client.get("/api/site/visit")
        assert json.loads(first.get_body()) == {"visits": 1, "url": "/api/site/visit"}
        cookie = first.headers["set-cookie"].partition(";")[0]
        again = client.get("/api/site/visit", headers={"cookie": cookie})
        assert json.loads(again.get_body())["visits"] == 2
        busy_answer = client.get("/api/site/busy")
        assert (busy_answer.status_code, json.loads(busy_answer.get_body())) == (503, {"retry": 5})
        assert client.get("/api/site/stream").get_body() == b"/stream0,/stream1,/stream2,"
        streamed_answer = client.get("/api/site/stream", stream=True)
        assert b"".join(streamed_answer.stream()) == b"/stream0,/stream1,/stream2,"
    assert "visited" in caplog.text


def test_quart_runs_its_lifespan() -> None:
    """Quart's hooks around serving run with the client's block."""
    order: list[str] = []
    app = quart.Quart("site")

    @app.before_serving
    async def before() -> None:
        order.append("before")

    @app.after_serving
    async def after() -> None:
        order.append("after")

    @app.get("/x")
    async def view() -> str:
        order.append("view")
        return "ok"

    functions = azfunc.FunctionApp(http_auth_level="anonymous")
    functions.mount_asgi("site", app)
    with TestClient(functions) as client:
        assert client.get("/api/site/x").get_body() == b"ok"
    assert order == ["before", "view", "after"]
