"""Mounting web frameworks beside ordinary functions, each under a path of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azfunc._core.context import Context
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.frames import user_frame
from azfunc.adapters.roots import CATCH_ALL, Root
from azfunc.bindings.http import HttpRequest, HttpTriggers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from typing_extensions import TypeVar

    from azfunc._core.enums import AuthLevel, AuthLevelName
    from azfunc.adapters.asgi import AsgiMiddleware
    from azfunc.adapters.asgi_types import AsgiApp, OnStartupFailure
    from azfunc.adapters.wsgi import WsgiApp, WsgiMiddleware
    from azfunc.bindings.http import HttpResponse

    FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

# Values, not texts, so that whoever reads the annotations of a function finds classes.
_ANNOTATIONS = {"req": HttpRequest, "context": Context}


def asgi_function(middleware: AsgiMiddleware) -> Callable[[HttpRequest, Context], Awaitable[HttpResponse]]:
    """Make the user function that hands its requests to an ASGI app."""

    async def http_app_func(req: HttpRequest, context: Context) -> HttpResponse:
        return await middleware.handle_async(req, context)

    http_app_func.__annotations__ = dict(_ANNOTATIONS)
    # Whoever runs functions without a host calls its startup() and shutdown().
    http_app_func.__azfunc_lifespan__ = middleware  # type: ignore[attr-defined]  # functions have attributes of users
    return _placed(http_app_func)


def wsgi_function(middleware: WsgiMiddleware) -> Callable[[HttpRequest, Context], HttpResponse]:
    """Make the user function that hands its requests to a WSGI app."""

    def http_app_func(req: HttpRequest, context: Context) -> HttpResponse:
        return middleware.handle(req, context)

    http_app_func.__annotations__ = dict(_ANNOTATIONS)
    return _placed(http_app_func)


def _placed(function: FunctionT) -> FunctionT:
    """Let errors say of a function where the user mounts its app, and not where it is written, here."""
    frame, _ = user_frame()
    function.__azfunc_location__ = f"{frame.f_code.co_filename}:{frame.f_lineno}"  # type: ignore[attr-defined]  # as above
    return function


class Mounts(HttpTriggers):
    """Web frameworks: methods that mount them."""

    def mount_asgi(
        self,
        path: str,
        app: AsgiApp,
        *,
        name: str | None = None,
        auth_level: AuthLevel | AuthLevelName | None = None,
        on_startup_failure: OnStartupFailure = "retry",
    ) -> AsgiMiddleware:
        """Mount an ASGI app, such as FastAPI, under a path; it gets every request below.

        Functions and mounts with a more specific route go first.

        Args:
            path: Path behind the route prefix, such as ``v1``; empty for all that no other function answers.
                It may have parameters, ``tenants/{tenant}``; the app's own routes come behind it.
            app: The ASGI app.
            name: Name of the function; made from the path when left out.
            auth_level: Key a caller needs: ``anonymous`` for none, ``function`` or ``admin``; the app's when left out.
            on_startup_failure: What follows when the app's start-up failed: with ``retry`` the next request starts it
                again, with ``fatal`` every request gets the same error.

        Returns:
            The middleware, which has the app's ``state`` and ends the app with ``aclose()``.

        Raises:
            ArgumentTypeError: The app cannot be called.
            DefinitionError: A path or a name that the host does not accept.

        Example:
            >>> app = func.FunctionApp()
            >>> api = app.mount_asgi("v1", asgi_app, auth_level="anonymous")
        """
        from azfunc.adapters.asgi import AsgiMiddleware

        _check_callable(app, "mount_asgi")
        middleware = AsgiMiddleware(app, root_path=_root(path), on_startup_failure=on_startup_failure)
        _mount(self, path, asgi_function(middleware), "asgi", name, auth_level)
        return middleware

    def mount_wsgi(
        self,
        path: str,
        app: WsgiApp,
        *,
        name: str | None = None,
        auth_level: AuthLevel | AuthLevelName | None = None,
        raise_on_5xx: bool = False,
    ) -> WsgiMiddleware:
        """Mount a WSGI app, such as Flask, under a path; it gets every request below.

        Functions and mounts with a more specific route go first.

        Args:
            path: Path behind the route prefix, such as ``site``; empty for all that no other function answers.
                It may have parameters, ``tenants/{tenant}``; the app's own routes come behind it.
            app: The WSGI app.
            name: Name of the function; made from the path when left out.
            auth_level: Key a caller needs: ``anonymous`` for none, ``function`` or ``admin``; the app's when left out.
            raise_on_5xx: Whether a response with a status of 500 or above is raised as an error.

        Returns:
            The middleware.

        Raises:
            ArgumentTypeError: The app cannot be called.
            DefinitionError: A path or a name that the host does not accept.

        Example:
            >>> app = func.FunctionApp()
            >>> site = app.mount_wsgi("site", wsgi_app)
        """
        from azfunc.adapters.wsgi import WsgiMiddleware

        _check_callable(app, "mount_wsgi")
        middleware = WsgiMiddleware(app, root_path=_root(path), raise_on_5xx=raise_on_5xx)
        _mount(self, path, wsgi_function(middleware), "wsgi", name, auth_level)
        return middleware


def _mount(
    container: HttpTriggers,
    path: str,
    function: Callable[..., Any],
    http_type: str,
    name: str | None,
    auth_level: AuthLevel | AuthLevelName | None,
) -> None:
    trimmed = path.strip("/")
    route = f"{trimmed}/{{*{CATCH_ALL}}}" if trimmed else f"{{*{CATCH_ALL}}}"
    builder = container.route(route, auth_level=auth_level)(function)
    builder = container.function_name(_name_of(trimmed) if name is None else name)(builder)
    container.http_type(http_type)(builder)


def _root(path: str) -> Root:
    return Root(route_parameter=CATCH_ALL, mount=path)


def _check_callable(app: Any, method: str) -> None:
    if not callable(app):
        raise ArgumentTypeError(
            f"{method}() got {app!r}, a {type(app).__name__}, which cannot be called.",
            hint="Give the path first, then the application object of the framework.",
        )


def _name_of(path: str) -> str:
    """Make a function name from a path: ``v1/{tenant}`` gives ``v1_tenant``."""
    words = "".join(each if each.isascii() and each.isalnum() else " " for each in path).split()
    name = "_".join(words) or "http_app_func"
    return name if name[0].isalpha() else f"mount_{name}"
