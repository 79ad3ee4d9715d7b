"""`AsgiFunctionApp` and `WsgiFunctionApp`: function apps that hand all requests to one web framework."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from azfunc._core.enums import AuthLevel
from azfunc._core.errors import ArgumentTypeError
from azfunc.adapters.asgi import AsgiMiddleware
from azfunc.adapters.mounting import asgi_function, wsgi_function
from azfunc.adapters.wsgi import WsgiMiddleware
from azfunc.app import BindingApi, ContainerApi, FunctionRegister, SettingsApi, TriggerApi
from azfunc.bindings.http import HttpMethod

if TYPE_CHECKING:
    from azfunc._core.enums import AuthLevelName
    from azfunc.adapters.asgi_types import AsgiApp, OnStartupFailure
    from azfunc.adapters.wsgi import WsgiApp

ROUTE = "/{*route}"
"""Route of the function; with the slash in front, as the reference has it, it needs an empty route prefix in Azure."""
METHODS = (
    HttpMethod.GET,
    HttpMethod.POST,
    HttpMethod.DELETE,
    HttpMethod.HEAD,
    HttpMethod.PATCH,
    HttpMethod.PUT,
    HttpMethod.OPTIONS,
    # The reference's second line, which Azure runs from Python 3.13 on, knows one more.
    *((HttpMethod.QUERY,) if sys.version_info >= (3, 13) else ()),
)
"""Methods of the function; those of the reference's release for this Python."""
FUNCTION_NAME = "http_app_func"
"""Name of the function."""


class ExternalHttpFunctionApp(FunctionRegister, TriggerApi, BindingApi, SettingsApi, ContainerApi, ABC):
    """Base of function apps that hand all HTTP requests to a web framework; other functions may stand beside it.

    Args:
        auth_level: Key level of HTTP functions that name none.

    Source: reference 1.26.0, `ExternalHttpFunctionApp`.
    """

    @abstractmethod
    def _add_http_app(self, http_middleware: Any, function_name: str = FUNCTION_NAME) -> None:
        """Add the function that hands its requests to a middleware."""

    def _add_function(self, function: Any, http_type: str, function_name: str) -> None:
        decorate = self.route(ROUTE, methods=METHODS, auth_level=self.auth_level)
        builder = self.function_name(function_name)(decorate(function))
        self.http_type(http_type)(builder)


class AsgiFunctionApp(ExternalHttpFunctionApp):
    """A function app whose HTTP requests all go to one ASGI app, such as FastAPI.

    In Azure it needs an empty route prefix, ``"routePrefix": ""`` in host.json; `FunctionApp.mount_asgi` works with
    every prefix, and with several apps.

    Args:
        app: The ASGI app.
        http_auth_level: Key a caller needs.
        function_name: Name of the function.
        on_startup_failure: What follows when the app's start-up failed: with ``retry`` the next request starts it
            again, with ``fatal`` every request gets the same error.

    Example:
        >>> app = func.AsgiFunctionApp(asgi_app, http_auth_level="anonymous")

    Source: reference 1.26.0, `AsgiFunctionApp`.
    """

    middleware: AsgiMiddleware  # type: ignore[assignment]
    """Serves the app; what it is in the reference, and so no method that adds middleware to functions."""

    def __init__(
        self,
        app: AsgiApp,
        http_auth_level: AuthLevel | AuthLevelName = AuthLevel.FUNCTION,
        function_name: str = FUNCTION_NAME,
        *,
        on_startup_failure: OnStartupFailure = "retry",
    ) -> None:
        super().__init__(auth_level=http_auth_level)
        self.middleware = AsgiMiddleware(app, route_parameter="route", on_startup_failure=on_startup_failure)  # pyright: ignore[reportIncompatibleMethodOverride]
        self._add_http_app(self.middleware, function_name)

    @property
    def startup_task_done(self) -> bool:
        """Whether the app is ready for requests: it was started, or is known to have no lifespan."""
        return self.middleware.is_started

    def _add_http_app(self, http_middleware: Any, function_name: str = FUNCTION_NAME) -> None:
        """Add the function that hands its requests to the middleware.

        Args:
            http_middleware: An `AsgiMiddleware`.
            function_name: Name of the function.

        Raises:
            ArgumentTypeError: It is no `AsgiMiddleware`.
        """
        if not isinstance(http_middleware, AsgiMiddleware):
            raise ArgumentTypeError(
                "Please pass AsgiMiddleware instance as parameter.", hint="Make one: AsgiMiddleware(asgi_app)."
            )
        self._add_function(asgi_function(http_middleware), "asgi", function_name)


class WsgiFunctionApp(ExternalHttpFunctionApp):
    """A function app whose HTTP requests all go to one WSGI app, such as Flask.

    In Azure it needs an empty route prefix, ``"routePrefix": ""`` in host.json; `FunctionApp.mount_wsgi` works with
    every prefix, and with several apps.

    Args:
        app: The WSGI app.
        http_auth_level: Key a caller needs.
        function_name: Name of the function.
        raise_on_5xx: Whether a response with a status of 500 or above is raised as an error.

    Example:
        >>> app = func.WsgiFunctionApp(wsgi_app, http_auth_level="anonymous")

    Source: reference 1.26.0, `WsgiFunctionApp`.
    """

    def __init__(
        self,
        app: WsgiApp,
        http_auth_level: AuthLevel | AuthLevelName = AuthLevel.FUNCTION,
        function_name: str = FUNCTION_NAME,
        *,
        raise_on_5xx: bool = False,
    ) -> None:
        super().__init__(auth_level=http_auth_level)
        self._add_http_app(WsgiMiddleware(app, route_parameter="route", raise_on_5xx=raise_on_5xx), function_name)

    def _add_http_app(self, http_middleware: Any, function_name: str = FUNCTION_NAME) -> None:
        """Add the function that hands its requests to the middleware.

        Args:
            http_middleware: A `WsgiMiddleware`.
            function_name: Name of the function.

        Raises:
            ArgumentTypeError: It is no `WsgiMiddleware`.
        """
        if not isinstance(http_middleware, WsgiMiddleware):
            raise ArgumentTypeError(
                "Please pass WsgiMiddleware instance as parameter.", hint="Make one: WsgiMiddleware(wsgi_app)."
            )
        self._add_function(wsgi_function(http_middleware), "wsgi", function_name)
