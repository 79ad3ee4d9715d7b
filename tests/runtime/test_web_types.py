"""Requests and responses of a framework, with an extension package that is made up; `tests/packages` has a real one."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.runtime.checking.views import FunctionView
from azfunc.runtime.checking.worker import check_for_worker
from azfunc.runtime.sdk_types import EXTENSIONS
from azfunc.runtime.web_types import StreamedBody, is_web_request, is_web_response, web_response
from azfunc.start.local_app import LocalApp
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


class Request:
    """A request of a framework."""

    def __init__(self, scope: dict[str, Any], receive: Any) -> None:
        self.scope = scope
        self.receive = receive


class Response:
    """A response of a framework."""

    def __init__(self, **fields: Any) -> None:
        self.status_code = 202
        self.raw_headers = [(b"x-kind", b"k"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
        vars(self).update(fields)


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The base package, with one framework in use."""
    made: Any = ModuleType(EXTENSIONS)
    state = SimpleNamespace(enabled=True)

    def sync(request: Request, values: dict[str, str]) -> None:
        request.scope["path_params"].update(values)

    made.get_binding_registry = lambda: SimpleNamespace(check_supported_type=lambda _annotation: False)
    made.HttpV2FeatureChecker = SimpleNamespace(http_v2_enabled=lambda: state.enabled)
    made.RequestTrackerMeta = SimpleNamespace(
        check_type=lambda kind: kind is Request,
        get_request_type=lambda: Request,
        get_synchronizer=lambda: SimpleNamespace(sync_route_params=sync),
    )
    made.ResponseTrackerMeta = SimpleNamespace(check_type=lambda kind: kind in (Response, str))
    monkeypatch.setitem(sys.modules, EXTENSIONS, made)
    return state


def test_classes_count_while_the_package_is_in_use(package: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Request and response are of the framework only with its package; plain data never is a response object."""
    assert is_web_request(Request)
    assert is_web_response(Response())
    assert not is_web_request(func.HttpRequest)
    assert not is_web_response("text")

    package.enabled = False
    assert not is_web_request(Request)
    monkeypatch.delitem(sys.modules, EXTENSIONS)
    assert not is_web_response(Response())


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(("host", "server"), [("https://a.example:8443", ("a.example", 8443)), ("", ("localhost", 80))])
def test_request_has_the_scope_of_a_server(host: str, server: tuple[str, int]) -> None:
    """The framework's request has method, path, query, headers and route parameters; the body comes once."""
    app = func.FunctionApp(http_auth_level="anonymous")
    seen: list[Any] = []

    @app.route("site/{name}")
    async def site(req: Request) -> Any:
        seen.extend([req.scope, await req.receive(), await req.receive()])
        return Response(body=b"x")

    TestClient(app).send("site", func.HttpRequest("POST", f"{host}/api/site/%C3%A4?q=1", body=b"body"))

    scope, first, second = seen
    assert (scope["method"], scope["path"], scope["raw_path"]) == ("POST", "/api/site/ä", b"/api/site/%C3%A4")
    assert (scope["query_string"], scope["server"]) == (b"q=1", server)
    assert first == {"type": "http.request", "body": b"body", "more_body": False}
    assert second == {"type": "http.disconnect"}


def test_response_keeps_status_and_headers() -> None:
    """Every header is kept, repeated ones too."""
    made = web_response(Response(body=b"x"))

    assert (made.status_code, made.get_body()) == (202, b"x")
    assert made.headers["x-kind"] == "k"
    assert [text for name, text in made.header_items() if name.lower() == "set-cookie"] == ["a=1", "b=2"]


def test_stream_and_file_are_bodies(tmp_path: Path) -> None:
    """A stream stays one, and a file is read."""

    def parts() -> Iterator[bytes]:
        yield b"one"

    (tmp_path / "a").write_bytes(b"content")

    assert web_response(Response(body_iterator=parts())).is_streaming
    assert web_response(Response(path=tmp_path / "a")).get_body() == b"content"


def test_background_task_is_told() -> None:
    """A background task would be lost, so there is a warning."""
    with pytest.warns(func.AzfuncWarning, match="background tasks"):
        web_response(Response(body=b"", background=print))


@pytest.mark.parametrize("framework", [False, True])
def test_worker_gives_the_frameworks_request_to_all(
    app: func.FunctionApp, package: SimpleNamespace, *, framework: bool
) -> None:
    """A check for the worker tells of HTTP functions that want another request, while the package is in use."""

    def site(req: Any) -> Any: ...

    def work(msg: func.QueueMessage) -> None: ...

    site.__annotations__ |= {"req": Request if framework else func.HttpRequest, "return": Response}
    app.route("site")(site)
    app.queue_trigger("msg", "todo", "Storage")(work)
    views = [FunctionView(each) for each in app.get_functions()]

    found = [problem for view in views for problem in check_for_worker(view)]
    package.enabled = False
    without = [problem for view in views for problem in check_for_worker(view)]

    assert [(each.code, each.function_name) for each in found] == ([] if framework else [("worker-request", "site")])
    assert without == []


# --- bodies that arrive -----------------------------------------------------------------------------------------------


def messages(*bodies: bytes) -> Any:
    """Give ASGI's receive for a body in parts, and for a caller who goes away after it."""
    parts: list[dict[str, Any]] = [{"type": "http.request", "body": each, "more_body": True} for each in bodies]
    parts[-1]["more_body"] = False
    parts.append({"type": "http.disconnect"})

    async def receive() -> dict[str, Any]:
        return parts.pop(0)

    return receive


def test_body_is_followed_by_the_end() -> None:
    """Who waits for the caller to go gets no part of the body; who reads on after its end is told that it is over."""

    async def read() -> list[Any]:
        body = StreamedBody(messages(b"a", b"b"))
        gone = asyncio.ensure_future(body.after())
        return [*[await body.read() for _ in range(3)], await gone]

    first, second, third, gone = asyncio.run(read())

    assert (first["body"], second["body"]) == (b"a", b"b")
    assert third["type"] == gone["type"] == "http.disconnect"


def served(app: func.FunctionApp, path: str, *bodies: bytes) -> tuple[int, bytes]:
    """Give status and body of what `azfunc start` answers."""
    return asyncio.run(_served(app, path, bodies))


async def _served(app: func.FunctionApp, path: str, bodies: tuple[bytes, ...]) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": []}
    await LocalApp(app)(scope, messages(*bodies), send)
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:])


@pytest.mark.usefixtures("package")
def test_function_reads_while_the_body_arrives(app: func.FunctionApp) -> None:
    """Under the local host a request of the framework has the body as it comes, one of azfunc has it whole."""

    @app.route("parts")
    async def parts(req: Request) -> Any:
        return Response(body=b"|".join([(await req.receive())["body"], (await req.receive())["body"]]))

    @app.route("whole")
    async def whole(req: func.HttpRequest) -> bytes:
        return req.get_body()

    assert served(app, "/api/parts", b"a", b"b") == (202, b"a|b")
    assert served(app, "/api/whole", b"a", b"b") == (200, b"ab")


def parts() -> Iterator[str | bytes]:
    """Give a body in two parts."""
    yield "a"
    yield b"b"


async def later() -> AsyncIterator[bytes]:
    """Give the same, asynchronously."""
    yield b"a"
    yield b"b"


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("body", [parts, later])
def test_test_sends_a_body_in_parts(app: func.FunctionApp, body: Any) -> None:
    """An iterator as the body of a test's request comes part by part, or whole to a function that reads no stream."""

    @app.route("parts")
    async def read(req: Request) -> Any:
        return Response(body=b"|".join([(await req.receive())["body"] for _ in range(3)]))

    @app.route("whole")
    async def whole(req: func.HttpRequest) -> bytes:
        return req.get_body()

    assert TestClient(app).post("/api/parts", body=body()).get_body() == b"a|b|"
    assert TestClient(app).post("/api/whole", body=body()).get_body() == b"ab"


@pytest.mark.usefixtures("package")
def test_function_that_cannot_be_called_is_answered(app: func.FunctionApp) -> None:
    """A function whose parameters do not fit, and a path without a function, are answered as any other."""

    @app.route("parts")
    async def parts(req: Request, other: Any) -> Any: ...

    assert (served(app, "/api/parts", b"a"))[0] == 500
    assert (served(app, "/api/nothing", b"a"))[0] == 404
