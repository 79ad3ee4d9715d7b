"""One echo, written in each framework: what the framework makes of a request goes back as JSON.

Every framework answers with the status, the headers and the size of body that the request asks for, so that the
same answer must come out whether the framework's own client, a raw protocol call or the adapter asks.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes

import bottle
import django
import fastapi
import flask
import quart
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse as DjangoResponse
from django.urls import re_path
from starlette.applications import Starlette
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotation
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]
HEADERS = [
    ("content-type", "application/json"),
    ("x-one", "1"),
    ("vary", "Accept"),
    ("vary", "Cookie"),
    ("set-cookie", "a=1; Path=/"),
    ("set-cookie", "b=2; Path=/; Partitioned"),
]


class Case(NamedTuple):
    """One request, before any library has seen it."""

    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    status: int = 200


def seen(method: str, path: str, query: str, headers: Any, body: bytes) -> bytes:
    """Give what a framework has seen of a request, as the body of the response."""
    shown = {
        name.lower(): value for name, value in headers if name.lower().startswith(("x-", "cookie", "content-type"))
    }
    digest = hashlib.sha256(body).hexdigest()
    facts = {"method": method, "path": path, "query": query, "headers": shown, "size": len(body), "body": digest}
    return json.dumps(facts, sort_keys=True).encode()


def wanted(headers: Any) -> int:
    """Give the status that a request asks for."""
    return int(headers.get("x-status", "200"))


# --- ASGI -------------------------------------------------------------------------------------------------------------


async def raw_asgi(scope: Any, receive: Any, send: Any) -> None:
    """Echo, in plain ASGI; it has no lifespan."""
    assert scope["type"] == "http"
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    content = seen(scope["method"], scope["path"], scope["query_string"].decode(), headers, body)
    pairs = [(name.encode(), value.encode()) for name, value in HEADERS]
    await send({"type": "http.response.start", "status": wanted(dict(headers)), "headers": pairs})
    await send({"type": "http.response.body", "body": content[:10], "more_body": True})
    await send({"type": "http.response.body", "body": content[10:]})


async def starlette_echo(request: Request) -> Response:
    """Echo, in Starlette."""
    body = await request.body()
    content = seen(request.method, request.scope["path"], request.url.query, request.headers.items(), body)
    response = Response(content, status_code=wanted(request.headers))
    for name, value in HEADERS:
        response.headers.append(name, value)
    return response


starlette_app = Starlette(routes=[Route("/{path:path}", starlette_echo, methods=METHODS)])

fastapi_app = fastapi.FastAPI()
fastapi_app.add_api_route("/{path:path}", starlette_echo, methods=METHODS, include_in_schema=False)

quart_app = quart.Quart("echo")


@quart_app.route("/", defaults={"path": ""}, methods=METHODS)
@quart_app.route("/<path:path>", methods=METHODS)
async def quart_echo(path: str) -> quart.Response:
    """Echo, in Quart."""
    request = quart.request
    body = await request.get_data()
    content = seen(request.method, request.path, request.query_string.decode(), request.headers.items(), body)
    response = quart.Response(content, status=wanted(request.headers))
    del response.headers["content-type"]
    response.headers.extend(HEADERS)
    return response


quart_app.config["MAX_CONTENT_LENGTH"] = None


# --- WSGI -------------------------------------------------------------------------------------------------------------


def raw_wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Echo, in plain WSGI."""
    headers = [(key[5:].replace("_", "-"), value) for key, value in environ.items() if key.startswith("HTTP_")]
    if environ.get("CONTENT_TYPE"):
        headers.append(("content-type", environ["CONTENT_TYPE"]))
    path = (environ["SCRIPT_NAME"] + environ["PATH_INFO"]).encode("latin-1").decode("utf-8", "replace")
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    content = seen(environ["REQUEST_METHOD"], path, environ["QUERY_STRING"], sorted(headers), body)
    start_response(f"{environ.get('HTTP_X_STATUS', '200')} Whatever", list(HEADERS))
    return [content[:10], content[10:]]


flask_app = flask.Flask("echo")


@flask_app.route("/", defaults={"path": ""}, methods=METHODS)
@flask_app.route("/<path:path>", methods=METHODS)
def flask_echo(path: str) -> flask.Response:
    """Echo, in Flask."""
    request = flask.request
    content = seen(
        request.method, request.path, request.query_string.decode(), request.headers.items(), request.get_data()
    )
    response = flask.Response(content, status=wanted(request.headers))
    del response.headers["content-type"]
    response.headers.extend(HEADERS)
    return response


bottle_app = bottle.Bottle()
bottle.BaseRequest.MEMFILE_MAX = 30_000_000  # above that it makes temporary files, and leaves them open


@bottle_app.route("/", method="ANY")
@bottle_app.route("/<path:path>", method="ANY")
def bottle_echo(path: str = "") -> bottle.HTTPResponse:
    """Echo, in Bottle."""
    request = bottle.request
    headers = sorted(request.headers.items())
    content = seen(request.method, request.path, request.query_string, headers, request.body.read())
    response = bottle.HTTPResponse(content, status=wanted(request.headers))
    for name, value in HEADERS:
        response.add_header(name, value)
    return response


# --- both -------------------------------------------------------------------------------------------------------------


def django_echo(request: Any) -> DjangoResponse:
    """Echo, in Django."""
    headers = request.headers.items()
    content = seen(request.method, request.path, request.META.get("QUERY_STRING", ""), headers, request.body)
    response = DjangoResponse(content, status=wanted(request.headers), content_type="application/json")
    response["x-one"] = "1"
    response["vary"] = "Accept, Cookie"
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


urlpatterns = [re_path(r"(?s)^.*$", django_echo)]

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATA_UPLOAD_MAX_MEMORY_SIZE=None,
    LOGGING_CONFIG=None,
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not a secret",
    USE_TZ=True,
)
django.setup()
django_asgi = get_asgi_application()
django_wsgi = get_wsgi_application()

ASGI_APPS: dict[str, Any] = {
    "raw": raw_asgi,
    "starlette": starlette_app,
    "fastapi": fastapi_app,
    "quart": quart_app,
    "django": django_asgi,
}
WSGI_APPS: dict[str, Any] = {
    "raw": raw_wsgi,
    "flask": flask_app,
    "bottle": bottle_app,
    "django": django_wsgi,
}


# --- raw protocol calls -----------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """A response, before any library has seen it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def may_have_body(case: Case) -> bool:
    """Tell whether HTTP lets the response have content."""
    return case.method != "HEAD" and case.status not in (204, 304)


async def call_asgi(app: Any, case: Case) -> Answer:
    """Call an ASGI app as the specification says, with nothing of azfunc in between."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": case.method,
        "scheme": "http",
        "path": unquote_to_bytes(case.path).decode("utf-8", "replace"),
        "raw_path": case.path.encode(),
        "query_string": case.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in case.headers],
        "client": ("203.0.113.7", 50123),
        "server": ("testserver", 80),
    }
    sent: list[Any] = []
    inbox = [{"type": "http.request", "body": case.body, "more_body": False}]
    over = asyncio.Event()

    async def receive() -> Any:
        if inbox:
            return inbox.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            over.set()

    await app(scope, receive, send)
    start, *rest = sent
    body = b"".join(message.get("body", b"") for message in rest)
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    return Answer(start["status"], pairs, body if may_have_body(case) else b"")


def call_wsgi(app: Any, case: Case) -> Answer:
    """Call a WSGI app as PEP 3333 says, with nothing of azfunc in between."""
    import io

    environ: dict[str, Any] = {
        "REQUEST_METHOD": case.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(case.path).decode("latin-1"),
        "QUERY_STRING": case.query,
        "CONTENT_LENGTH": str(len(case.body)),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(case.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in case.headers:
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        started[:] = [int(status[:3]), headers]
        return lambda data: None

    result = app(environ, start_response)
    body = b"".join(result)
    if hasattr(result, "close"):
        result.close()
    # Django writes a space in front of its cookies, which is no part of them.
    pairs = [(name, value.strip(" \t")) for name, value in started[1]]
    return Answer(started[0], pairs, body if may_have_body(case) else b"")


def query_pairs(case: Case) -> list[tuple[str, str]]:
    """Give the query of a case as pairs."""
    return parse_qsl(case.query, keep_blank_values=True)
