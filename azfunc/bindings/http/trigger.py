"""Binding classes and decorators of HTTP."""

from __future__ import annotations

from functools import cache

from azfunc._core.binding import OutputBinding, Trigger
from azfunc._core.checks import untyped
from azfunc._core.decorators import DecoratorApi, make_binding
from azfunc._core.enums import AuthLevel, as_data_type, as_enum, as_enums
from azfunc._core.errors import ArgumentTypeError, DefinitionError
from azfunc._core.names import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from typing_extensions import Self, TypeVar

    from azfunc._core.binding import AppDefaults, Binding
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import AuthLevelName
    from azfunc.bindings.http.methods import HttpMethod, MethodName

    BindingT = TypeVar("BindingT", bound=Binding)


# --- binding classes --------------------------------------------------------------------------------------------------


class HttpTrigger(Trigger, type="httpTrigger"):
    """Entry of type ``httpTrigger`` in function.json."""

    starts_http = True

    methods: list[HttpMethod] | None = None
    auth_level: AuthLevel | None = None
    route: str | None = None

    def finish(self, function_name: str, defaults: AppDefaults) -> Self:
        """Fill the route with the function's name and the key level with the app's, and prefix the route.

        A generic trigger of the same type is completed by the same rules, in its extra fields.
        """
        return _finished(self, function_name, defaults)


class HttpOutput(OutputBinding, type="http"):
    """Entry of type ``http`` in function.json."""


def _finished(trigger: BindingT, function_name: str, defaults: AppDefaults) -> BindingT:
    if isinstance(trigger, HttpTrigger):
        level = trigger.auth_level
        return trigger.replace(
            route=_full_route(trigger.route, function_name, defaults.url_prefix),
            auth_level=defaults.auth_level if level is None else level,
        )
    given = trigger.extra_fields
    level = given.get("auth_level")
    made = trigger.replace()
    made.add_extra_fields(
        {
            "route": _full_route(given.get("route"), function_name, defaults.url_prefix),
            "auth_level": defaults.auth_level if level is None else level,
        }
    )
    return made


def _full_route(given: str | None, function_name: str, prefix: str) -> str:
    route = function_name if given is None else given
    if not prefix:
        return route
    return "/".join(part for part in (prefix.rstrip("/"), route.lstrip("/")) if part)


# --- trigger decorators -----------------------------------------------------------------------------------------------


class HttpTriggers(DecoratorApi):
    """HTTP: decorators that start a function."""

    def route(
        self,
        route: str | None = None,
        trigger_arg_name: str = "req",
        binding_arg_name: str = "$return",
        methods: Iterable[HttpMethod | MethodName] | HttpMethod | MethodName | None = None,
        auth_level: AuthLevel | AuthLevelName | None = None,
        trigger_extra_fields: Mapping[str, Any] | None = None,
        binding_extra_fields: Mapping[str, Any] | None = None,
    ) -> Decorator:
        """Run the function for each HTTP request to a route, and send back what it returns.

        The function returns an `HttpResponse`, or str for text, bytes, a dict, a list or a dataclass for JSON, None
        for an empty response with status 204.

        Args:
            route: Path of the URL behind the prefix (``api``); the function's name when left out.
                A template: ``{id}``, ``{id:int}``, ``{id:int?}``, ``{*rest}``. Empty for the prefix itself.
            trigger_arg_name: Parameter of the function that gets the `HttpRequest`.
            binding_arg_name: Out parameter of the function that takes the response, or ``$return``.
            methods: Methods the function answers; all of them when left out.
                One or several, as text or `HttpMethod`.
            auth_level: Key a caller needs: ``anonymous`` for none, ``function`` or ``admin``; the app's when left out.
            trigger_extra_fields: Further fields of the trigger for function.json, in snake case.
            binding_extra_fields: Further fields of the output for function.json, in snake case.

        Raises:
            DefinitionError: A route or a name that the host does not accept, or a value that is none of the permitted
                ones.

        Example:
            >>> @app.route("hello/{name}", methods="GET", auth_level="anonymous")
            ... def hello(req: func.HttpRequest) -> str:
            ...     return f"Hello, {req.route_params['name']}!"

        Source: Azure Functions HTTP trigger, "Decorators", "Customize the HTTP endpoint"; reference 1.26.0, `route`.
        """
        trigger_extra = _extra_fields(HttpTrigger, trigger_extra_fields) if trigger_extra_fields else {}
        output_extra = _extra_fields(HttpOutput, binding_extra_fields) if binding_extra_fields else {}
        trigger = make_binding(
            HttpTrigger,
            trigger_extra,
            name=trigger_arg_name,
            route=_checked_route(route),
            methods=None if methods is None else _methods(methods),
            auth_level=as_enum(AuthLevel, auth_level),
            data_type=as_data_type(trigger_extra.pop("data_type", None)) if trigger_extra else None,
        )
        output = make_binding(
            HttpOutput,
            output_extra,
            name=binding_arg_name,
            data_type=as_data_type(output_extra.pop("data_type", None)) if output_extra else None,
        )
        return self._put(trigger, output)


def _methods(given: Any) -> list[HttpMethod] | None:
    return as_enums(_method_class(), given)


@cache
def _method_class() -> type[HttpMethod]:
    # Asked for with each route that names methods, where an import statement would be half of its cost.
    from azfunc.bindings.http.methods import HttpMethod

    return HttpMethod


def _checked_route(route: Any) -> str | None:
    """Give the route back if the host can read it."""
    if route is None:
        return None
    if not isinstance(route, str):
        if callable(route):
            raise DefinitionError(
                f"@app.route was used without parentheses on {getattr(route, '__name__', route)!r}.",
                hint="Write @app.route(), or name the path: @app.route('hello/{name}').",
            )
        raise ArgumentTypeError(
            f"A route is text, and {route!r} is a {type(route).__name__}.", hint="Write it as text: 'hello/{name}'."
        )
    if not is_plain(route):
        from azfunc._core.routing import parse_route

        parse_route(route)
    return route


def _extra_fields(cls: type[Binding], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give a copy of extra fields, none of which the class has itself."""
    extra = dict(given)
    declared = untyped(cls)._fields
    for name in extra:
        if name in declared and name != "data_type":
            raise ArgumentTypeError(
                f"{cls.__name__}() got multiple values for keyword argument {name!r}",
                hint=f"Give {name} as an argument of route(), not as an extra field.",
            )
    return extra
