"""Requests and responses of a framework, with an extension package that is made up; `tests/packages` has a real one."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.runtime.sdk_types import EXTENSIONS
from azfunc.runtime.web_types import is_web_request, is_web_response, web_response
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Iterator
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
