"""`WsgiMiddleware`: the server side of WSGI (PEP 3333), for one app."""

from __future__ import annotations

import logging
import sys
from contextlib import ExitStack
from contextvars import copy_context
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from azfunc._core.checks import is_buffer
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import ConversionError, InvocationError
from azfunc._core.streaming import can_stream
from azfunc._core.text import short, type_name
from azfunc.adapters.kinds import app_name, check_kind
from azfunc.adapters.requests import NOWHERE, client_of, context_items, forwarded_origin, query_of, read_target
from azfunc.adapters.responses import AppResponse, has_body
from azfunc.adapters.roots import Root
from azfunc.bindings.http.fields import header_pairs, header_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextvars import Context as ContextVars
    from types import TracebackType
    from typing import TypeAlias

    from azfunc._core.context import Context
    from azfunc.bindings.http import HttpRequest, HttpResponse
    from azfunc.bindings.http.fields import Pairs

    WsgiApp: TypeAlias = Callable[[Any, Any], Iterable[bytes]]
    """A WSGI application."""
    ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]

_log = logging.getLogger("azfunc.wsgi")
_KEYS_KEPT = 1000
_SMALL_BYTES = 65_536


class _Keys(dict[str, str]):
    """Names of headers -> keys of the environ; clients use a few, again and again."""

    def __missing__(self, name: str) -> str:
        key = "HTTP_" + name.upper().replace("-", "_")
        if len(self) < _KEYS_KEPT:
            self[name] = key
        return key


# The two that CGI writes without HTTP_.
_keys = _Keys({"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"})
# Copied for each request: that is faster than writing the dict anew.
_ENVIRON: dict[str, Any] = {
    "REQUEST_METHOD": "",
    "SCRIPT_NAME": "",
    "PATH_INFO": "",
    "QUERY_STRING": "",
    "SERVER_NAME": "",
    "SERVER_PORT": "",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "",
    "wsgi.input": None,
    "wsgi.input_terminated": True,
    "wsgi.errors": None,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class ErrorStream:
    """What a WSGI app writes its errors to during one request; each line becomes an error record of the log."""

    __slots__ = ("_is_logging", "_rest")

    def __init__(self) -> None:
        self._rest = ""
        self._is_logging = False

    def write(self, text: str) -> int:
        """Write text; it is logged up to its last line break, the rest later."""
        if self._is_logging:  # a log handler that writes here would go round in circles
            return sys.__stderr__.write(text) if sys.__stderr__ is not None else len(text)
        whole, line_break, rest = (self._rest + text).rpartition("\n")
        self._rest = rest
        if line_break:
            self._emit(whole)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Log what has no line break yet."""
        rest, self._rest = self._rest, ""
        if rest:
            self._emit(rest)

    def _emit(self, text: str) -> None:
        self._is_logging = True
        try:
            _log.error("%s", text)
        finally:
            self._is_logging = False


class _Reply:
    """The response of an app, as it makes it."""

    __slots__ = ("is_sent", "pairs", "parts", "status", "status_text")

    def __init__(self) -> None:
        self.status = 0
        self.status_text = ""
        self.pairs: Pairs = []
        self.parts: list[bytes] = []
        self.is_sent = False

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        """Take status and headers from the app; give the function that writes content."""
        if exc_info is not None:
            try:
                if self.is_sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None  # the traceback holds this frame
        elif self.status:
            raise _misuse("called start_response twice", "Only a call with exc_info replaces the one before.")
        self.status = _read_status(status)
        self.status_text = status
        try:
            self.pairs = _read_headers(headers)
        except ArgumentTypeError as error:
            raise _misuse("called start_response with wrong headers", f"{error.message} {error.hint}") from None
        return self.write

    def write(self, data: bytes) -> None:
        """Take content that the app writes."""
        self.add(data)

    def add(self, chunk: Any) -> None:
        """Take one part of the content."""
        if type(chunk) is not bytes:
            if chunk is None:
                return
            if not is_buffer(chunk):
                raise _misuse(f"gave {type_name(chunk)} as content", "Encode text to bytes.")
            chunk = bytes(chunk)
        if not self.status:
            raise _misuse("gave content before it called start_response", "Call start_response(status, headers) first.")
        if chunk:
            self.is_sent = True
            self.parts.append(chunk)

    def check_started(self) -> None:
        """Say so if the app has not called start_response."""
        if not self.status:
            raise _misuse("did not call start_response", "Call start_response(status, headers) before you return.")


class _Chunks:
    """The rest of a streamed response; read in the context of the call that made it."""

    def __init__(self, reply: _Reply, source: Iterator[Any], variables: ContextVars, end: ExitStack) -> None:
        self._reply = reply
        self._source = source
        self._variables = variables
        self.close = end.close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        parts = self._reply.parts
        while not parts:
            self._reply.add(self._variables.run(next, self._source))
        return parts.pop(0)


class WsgiMiddleware:
    """Serves a WSGI app: each request of a function becomes one of the app.

    Args:
        app: The WSGI app, such as a ``Flask(__name__)``.
        root_path: Path that leads to the app, where it is always the same; ``SCRIPT_NAME``.
        route_parameter: Catch-all parameter of the function's route, when all in front of it leads to the app.
            Such as ``rest`` for a route ``v1/{*rest}``; `root_path` is found from it.
        raise_on_5xx: Whether a response with a status of 500 or above is raised as an error, so that the call counts
            as failed; the client then gets neither its status nor its body. It is logged in either case.

    Raises:
        ArgumentTypeError: The app is one of ASGI, or a class.

    Example:
        >>> site = func.WsgiMiddleware(wsgi_app)
        >>> @app.route("site/{*rest}")
        ... def serve(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        ...     return site.handle(req, context)

    Source: reference 1.26.0, `WsgiMiddleware`; PEP 3333.
    """

    def __init__(
        self,
        app: WsgiApp,
        *,
        root_path: str | Root = "",
        route_parameter: str | None = None,
        raise_on_5xx: bool = False,
    ) -> None:
        check_kind(app, "WSGI")
        self._app = app
        self._root = root_path if isinstance(root_path, Root) else Root(root_path, route_parameter=route_parameter)
        self._raise_on_5xx = raise_on_5xx

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {app_name(self._app)}>"

    def handle(self, req: HttpRequest, context: Context | None = None) -> HttpResponse:
        """Hand a request to the app, and give its response.

        Args:
            req: The request.
            context: The call it belongs to; what it tells stands in the environ as ``azure_functions.*``.

        Raises:
            InvocationError: The app does not keep to WSGI, or it answered 5xx and `raise_on_5xx` is set.
        """
        errors = ErrorStream()
        environ = self._environ(req, context, errors)
        reply = _Reply()
        variables = copy_context()
        if can_stream.get():
            return self._streamed(environ, reply, variables, errors)
        try:
            variables.run(_join, self._app, environ, reply)
        finally:
            errors.flush()
        return self._whole(environ, reply)

    def main(self, req: HttpRequest, context: Context) -> HttpResponse:
        """Serve as a function by itself: the same as `handle`."""
        return self.handle(req, context)

    def _whole(self, environ: dict[str, Any], reply: _Reply) -> HttpResponse:
        parts = reply.parts
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        if reply.status >= 500:
            self._report(environ, reply, body)
        if not has_body(environ["REQUEST_METHOD"], reply.status):
            body = b""
        return AppResponse(reply.status, reply.pairs, body)

    def _streamed(
        self, environ: dict[str, Any], reply: _Reply, variables: ContextVars, errors: ErrorStream
    ) -> HttpResponse:
        """Give a response whose content the app may still produce while it is read."""
        with ExitStack() as end:
            end.callback(errors.flush)
            result = variables.run(_called, self._app, environ, reply)
            end.callback(variables.run, _close, result)
            source = variables.run(_iterator, result)
            has_more = variables.run(_reach_content, reply, source)
            is_wanted = has_body(environ["REQUEST_METHOD"], reply.status)
            if has_more and is_wanted and not _is_short(result, reply):
                if reply.status >= 500:
                    self._report(environ, reply, b"")
                return AppResponse(reply.status, reply.pairs, chunks=_Chunks(reply, source, variables, end.pop_all()))
            if is_wanted:
                variables.run(_read_all, reply, source)
        return self._whole(environ, reply)

    def _report(self, environ: dict[str, Any], reply: _Reply, body: bytes) -> None:
        """Log a response of 5xx, and raise it if that is wanted."""
        asked = f"{environ['REQUEST_METHOD']} {environ['SCRIPT_NAME']}{environ['PATH_INFO']}"
        _log.error("The WSGI app answered %s with %s.", asked, reply.status_text)
        if self._raise_on_5xx:
            raise InvocationError(
                f"The WSGI app answered {asked} with {reply.status_text}: {short(body)}.",
                hint="Leave raise_on_5xx out to send such a response to the client.",
            )

    def _environ(self, req: HttpRequest, context: Context | None, errors: ErrorStream) -> dict[str, Any]:
        """Give what the app is told of a request."""
        environ = _ENVIRON.copy()
        method = req.method
        try:
            pairs = req.header_items()
        except AttributeError:  # a request of another library
            pairs = [(name.lower(), value) for name, value in req.headers.items()]
        named = dict(pairs)
        keys = _keys
        for name, value in pairs if len(named) == len(pairs) else _joined(pairs):
            environ[keys[name]] = value if value.isascii() else _latin(value)
        if len(environ) != len(_ENVIRON) + len(named):
            _set_hyphened(environ, pairs)
        body = req.get_body()
        if body or "content-length" in named:
            environ["CONTENT_LENGTH"] = str(len(body))
        url, _, query = req.url.partition("?")
        if not query or not query.isascii():
            query = query_of(req, query)
        origin, path, raw_path = read_target(url)
        if origin is NOWHERE or "x-forwarded-port" in named:
            origin = forwarded_origin(origin, named)
        root = self._root.fixed
        if root is None:
            root = self._root.of(req, path, context)
        environ["REQUEST_METHOD"] = method
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = _split_path(path, raw_path, root)
        environ["QUERY_STRING"] = query
        environ["SERVER_NAME"], port = origin.server
        environ["SERVER_PORT"] = str(port)
        environ["wsgi.url_scheme"] = origin.scheme
        environ["wsgi.input"] = BytesIO(body)
        environ["wsgi.errors"] = errors
        client = client_of(named["x-forwarded-for"]) if "x-forwarded-for" in named else None
        if client is not None:
            environ["REMOTE_ADDR"] = client[0]
        if context is not None:
            environ.update(context_items(context))
        return environ


def _join(app: WsgiApp, environ: dict[str, Any], reply: _Reply) -> None:
    """Call the app and take its whole response."""
    result = _called(app, environ, reply)
    try:
        _read_all(reply, _iterator(result))
    finally:
        _close(result)


def _called(app: WsgiApp, environ: dict[str, Any], reply: _Reply) -> Any:
    if not callable(app):
        raise ArgumentTypeError(
            f"The WSGI app is {app!r}, and a {type(app).__name__!r} object is not callable",
            hint="Give the application object of the framework, such as Flask(__name__).",
        )
    return app(environ, reply.start_response)


def _iterator(result: Any) -> Iterator[Any]:
    if isinstance(result, (str, bytes)):
        raise _misuse(f"returned {type_name(result)}", "Return a list with the content: [body], as bytes.")
    try:
        return iter(result)
    except TypeError:
        raise _misuse(f"returned {type_name(result)}", "Return an iterable of bytes, such as a list.") from None


def _read_all(reply: _Reply, source: Iterator[Any]) -> None:
    for chunk in source:
        reply.add(chunk)
    reply.check_started()


def _reach_content(reply: _Reply, source: Iterator[Any]) -> bool:
    """Read up to the first part that has content, by when the app has called start_response; tell if there is one."""
    for chunk in source:
        reply.add(chunk)
        if reply.is_sent:
            return True
    reply.check_started()
    return False


def _is_short(result: Any, reply: _Reply) -> bool:
    """Tell whether a response is not worth streaming: it is there already, or it says that it is small."""
    if isinstance(result, (list, tuple)):
        return True
    length = next((value for name, value in reply.pairs if name.lower() == "content-length"), "")
    return length.isdecimal() and int(length) <= _SMALL_BYTES


def _close(result: Any) -> None:
    close = getattr(result, "close", None)
    if close is not None:
        close()


def _read_status(status: Any) -> int:
    if isinstance(status, str):
        return _status_number(status)
    raise _misuse(f"called start_response with {type_name(status)} as the status", "A status is text: '200 OK'.")


def _read_headers(headers: Any) -> Pairs:
    if headers.__class__ is list:  # as PEP 3333 has it, which costs half as much as whatever headers can be given as
        try:
            return [(name, header_text(name, value)) for name, value in headers]
        except (TypeError, ValueError):
            pass  # said below, if they cannot be read there either
    return header_pairs(headers)


@lru_cache(maxsize=1000)
def _status_number(status: str) -> int:
    number = status.partition(" ")[0]
    if len(number) == 3 and number.isdecimal() and number >= "100":
        return int(number)
    raise ConversionError(
        f"invalid literal for int() with base 10: {number!r}",
        hint=f"The WSGI app called start_response({status!r}, ...); a status is text such as '200 OK'.",
    )


def _joined(pairs: Pairs) -> Pairs:
    """Give one value for each header, since an environ has room for one."""
    found: dict[str, str] = {}
    for name, value in pairs:
        separator = "; " if name == "cookie" else ","
        found[name] = f"{found[name]}{separator}{value}" if name in found else value
    return list(found.items())


def _set_hyphened(environ: dict[str, Any], pairs: Pairs) -> None:
    """Set the headers whose names have no underscore again: ``x_user`` must not take the place of ``x-user``."""
    for name, value in _joined(pairs):
        if "_" not in name:
            environ[_keys[name]] = _latin(value)


def _latin(value: str) -> str:
    """Give text in the form that WSGI wants: each character stands for one byte."""
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode().decode("latin-1")
    return value


def _split_path(path: str, raw_path: bytes, root: str) -> tuple[str, str]:
    """Give ``SCRIPT_NAME`` and ``PATH_INFO``, in which each character stands for one byte."""
    if not path.isascii():
        path = unquote_to_bytes(raw_path).decode("latin-1")
    if not root:
        return "", path
    root = root.encode().decode("latin-1")
    return root, path[len(root) :] if path == root or path.startswith(f"{root}/") else path


def _misuse(what: str, hint: str) -> InvocationError:
    return InvocationError(f"The WSGI app {what}.", hint=hint)
