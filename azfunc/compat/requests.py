"""Requests and responses of ASGI and WSGI apps under the reference's private names, which other packages import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azfunc._core.checks import untyped
from azfunc.adapters import asgi, wsgi
from azfunc.adapters.exchange import Exchange

if TYPE_CHECKING:
    from typing_extensions import Self

    from azfunc._core.context import Context
    from azfunc.bindings.http import HttpRequest, HttpResponse


async def _no_asgi_app(*_arguments: Any) -> None:
    """Stand for the app, where a request is wanted and no app is called."""


def _no_wsgi_app(*_arguments: Any) -> list[bytes]:
    return []


class WsgiRequest:
    """A request as a WSGI app is told of it.

    Args:
        func_req: The request of the function.
        func_ctx: The call it belongs to.
    """

    def __init__(self, func_req: HttpRequest, func_ctx: Context | None = None) -> None:
        self._request = func_req
        self._context = func_ctx

    def to_environ(self, errors_buffer: Any) -> dict[str, Any]:
        """Give the environ of PEP 3333.

        Args:
            errors_buffer: Where the app writes its errors.
        """
        made: dict[str, Any] = untyped(wsgi.WsgiMiddleware(_no_wsgi_app))._environ(
            self._request, self._context, errors_buffer
        )
        return made

    def __getattr__(self, name: str) -> Any:
        """Give one value of the environ: ``path_info``, ``server_name``, ``wsgi_url_scheme``."""
        environ = {} if name.startswith("_") else self.to_environ(None)
        for key in (name.upper(), name.replace("_", ".", 1)):
            if key in environ:
                return environ[key]
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message)


class WsgiResponse:
    """What a WSGI app answered."""

    _response: HttpResponse

    @classmethod
    def from_app(cls, app: Any, environ: dict[str, Any]) -> Self:
        """Call an app.

        Args:
            app: The app.
            environ: What it is told of the request.
        """
        made, reply = cls(), untyped(wsgi)._Reply()
        untyped(wsgi)._join(app, environ, reply)
        made._response = untyped(wsgi).AppResponse(reply.status, reply.pairs, b"".join(reply.parts))
        return made

    def to_func_response(self) -> HttpResponse:
        """Give the answer as the response of a function."""
        return self._response


class AsgiRequest(WsgiRequest):
    """A request as an ASGI app is told of it.

    Args:
        func_req: The request of the function.
        func_ctx: The call it belongs to.
    """

    def to_asgi_http_scope(self, state: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give the HTTP scope of ASGI 3.

        Args:
            state: What the app kept at its start-up; the scope gets a copy.
        """
        scope: dict[str, Any] = untyped(asgi.AsgiMiddleware(_no_asgi_app))._scope(self._request, self._context)
        return {**scope, "state": dict(state)} if state else scope


class AsgiResponse:
    """What an ASGI app answered."""

    _response: HttpResponse

    @classmethod
    async def from_app(cls, app: Any, scope: dict[str, Any], body: bytes) -> Self:
        """Call an app.

        Args:
            app: The app.
            scope: What it is told of the request.
            body: Body of the request.
        """
        made, exchange = cls(), Exchange(scope["method"], body)
        await app(scope, exchange.receive, exchange.send)
        made._response = exchange.response()
        return made

    def to_func_response(self) -> HttpResponse:
        """Give the answer as the response of a function."""
        return self._response
