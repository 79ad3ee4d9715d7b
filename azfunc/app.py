"""`FunctionApp` and `Blueprint`: what decorators hang on, and where functions are collected."""

from __future__ import annotations

from azfunc import _catalog
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import AuthLevel, as_enum
from azfunc._core.errors import ArgumentTypeError, DefinitionError
from azfunc._core.names import check_function_name, check_text, is_plain
from azfunc._core.registry import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from azfunc._core.binding import AppDefaults
    from azfunc._core.enums import AuthLevelName
    from azfunc._core.errors import AzfuncError
    from azfunc._core.function import Function, FunctionBuilder
    from azfunc.adapters.mounting import Mounts
    from azfunc.bindings.blob import BlobBindings, BlobTriggers
    from azfunc.bindings.connectors import ConnectorTriggers
    from azfunc.bindings.cosmosdb import CosmosDBBindings, CosmosDBTriggers
    from azfunc.bindings.dapr import DaprBindings, DaprTriggers
    from azfunc.bindings.durable import DurableBindings, DurableTriggers
    from azfunc.bindings.eventgrid import EventGridBindings, EventGridTriggers
    from azfunc.bindings.eventhub import EventHubBindings, EventHubTriggers
    from azfunc.bindings.generic import GenericBindings, GenericTriggers
    from azfunc.bindings.http.trigger import HttpTriggers
    from azfunc.bindings.kafka import KafkaBindings, KafkaTriggers
    from azfunc.bindings.kusto import KustoBindings
    from azfunc.bindings.mcp.prompt import McpPromptTriggers
    from azfunc.bindings.mcp.resource import McpResourceTriggers
    from azfunc.bindings.mcp.tool import McpToolTriggers
    from azfunc.bindings.mysql import MySqlBindings, MySqlTriggers
    from azfunc.bindings.openai import OpenAIBindings, OpenAITriggers
    from azfunc.bindings.queue import QueueBindings, QueueTriggers
    from azfunc.bindings.rabbitmq import RabbitMQBindings, RabbitMQTriggers
    from azfunc.bindings.redis import RedisBindings, RedisTriggers
    from azfunc.bindings.sendgrid import SendGridBindings
    from azfunc.bindings.servicebus import ServiceBusBindings, ServiceBusTriggers
    from azfunc.bindings.signalr import SignalRBindings, SignalRTriggers
    from azfunc.bindings.sql import SqlBindings, SqlTriggers
    from azfunc.bindings.table import TableBindings
    from azfunc.bindings.timer import TimerTriggers
    from azfunc.bindings.twilio import TwilioBindings
    from azfunc.bindings.warmup import WarmUpTriggers
    from azfunc.bindings.webpubsub import WebPubSubBindings, WebPubSubTriggers
    from azfunc.calls.middleware import Middlewares
    from azfunc.openapi.document import Documents
    from azfunc.settings import RetrySettings

    class TriggerApi(
        BlobTriggers,
        ConnectorTriggers,
        CosmosDBTriggers,
        DaprTriggers,
        DurableTriggers,
        EventGridTriggers,
        EventHubTriggers,
        GenericTriggers,
        HttpTriggers,
        KafkaTriggers,
        McpPromptTriggers,
        McpResourceTriggers,
        McpToolTriggers,
        MySqlTriggers,
        OpenAITriggers,
        QueueTriggers,
        RabbitMQTriggers,
        RedisTriggers,
        ServiceBusTriggers,
        SignalRTriggers,
        SqlTriggers,
        TimerTriggers,
        WarmUpTriggers,
        WebPubSubTriggers,
    ):
        """All decorators that start a function."""

    class BindingApi(
        BlobBindings,
        CosmosDBBindings,
        DaprBindings,
        DurableBindings,
        EventGridBindings,
        EventHubBindings,
        GenericBindings,
        KafkaBindings,
        KustoBindings,
        MySqlBindings,
        OpenAIBindings,
        QueueBindings,
        RabbitMQBindings,
        RedisBindings,
        SendGridBindings,
        ServiceBusBindings,
        SignalRBindings,
        SqlBindings,
        TableBindings,
        TwilioBindings,
        WebPubSubBindings,
    ):
        """All decorators for data that goes in or out."""

    class SettingsApi(RetrySettings):
        """All decorators for settings of a function."""

    class ContainerApi(Mounts, Middlewares):
        """All methods of apps and blueprints that are no decorators of bindings and settings."""

    class DocumentApi(Documents):
        """All methods that describe the functions of an app to others."""

else:

    class _Named(DecoratorApi):
        """Knows the old names of decorators, and what people mean who write another one."""

        def __getattr__(self, name: str) -> Any:
            from azfunc import _slips

            return getattr(self, _slips.name_today(self, name))

    # The same methods, each of which imports its service when it is first used; see the catalog.
    _MIXINS = {"__module__": __name__}
    _SHARED = {**_MIXINS, **_catalog.methods(_catalog.SHARED)}
    TriggerApi = type("TriggerApi", (_Named,), {**_SHARED, **_catalog.methods(_catalog.TRIGGERS)})
    TriggerApi.__doc__ = "All decorators that start a function."
    BindingApi = type("BindingApi", (_Named,), {**_SHARED, **_catalog.methods(_catalog.BINDINGS)})
    BindingApi.__doc__ = "All decorators for data that goes in or out."
    SettingsApi = type("SettingsApi", (DecoratorApi,), {**_MIXINS, **_catalog.methods(_catalog.SETTINGS)})
    SettingsApi.__doc__ = "All decorators for settings of a function."
    ContainerApi = type("ContainerApi", (DecoratorApi,), {**_MIXINS, **_catalog.methods(_catalog.CONTAINERS)})
    ContainerApi.__doc__ = "All methods of apps and blueprints that are no decorators of bindings and settings."
    DocumentApi = type("DocumentApi", (DecoratorApi,), {**_MIXINS, **_catalog.methods(_catalog.DOCUMENTS)})
    DocumentApi.__doc__ = "All methods that describe the functions of an app to others."

registry.load = _catalog.load_type
registry.for_worker = _catalog.worker_registry
registry.stand_in = _catalog.stand_in
registry.own_builder = _catalog.own_builder
registry.look_for_markers = _catalog.look_for_markers


class _Container(DecoratorApi):
    """What holds functions and blueprints."""

    def __init__(self) -> None:
        super().__init__()
        self._blueprints: list[DecoratorApi] = []
        self._places: list[int] = []
        """Of each blueprint, how many functions of the container itself come before its functions."""
        self._lender.last_level = AuthLevel.FUNCTION

    def register_functions(self, function_container: DecoratorApi) -> None:
        """Add the functions of a blueprint, those that it gets later included.

        They come after the functions that are here by now, and before those that follow.

        Args:
            function_container: The blueprint.

        Raises:
            ArgumentTypeError: It is an app, or no blueprint at all.
            DefinitionError: It is registered here already, or contains this one.
        """
        given: Any = function_container
        is_foreign = is_foreign_app = False
        if not isinstance(given, DecoratorApi):
            from azfunc import _reference

            is_foreign, is_foreign_app = _reference.is_container(given), _reference.is_app(given)
        if isinstance(given, FunctionRegister) or is_foreign_app:
            raise ArgumentTypeError(
                "functions can not be type of FunctionRegister!",
                hint="Only one app is indexed; make the other one a Blueprint() and register that.",
            )
        if not (isinstance(given, DecoratorApi) or is_foreign):
            advice = "Call it: register_functions(Blueprint())." if isinstance(given, type) else "Give a Blueprint()."
            raise ArgumentTypeError(f"{given!r} is no blueprint and has no functions.", hint=advice)
        if any(each is function_container for each in self._blueprints):
            raise DefinitionError(
                "This blueprint is registered already, and its functions would stand twice in the app.",
                hint="Remove one of the two register_functions() calls.",
            )
        if isinstance(function_container, _Container):
            if self in function_container._containers():
                raise DefinitionError(
                    "The blueprint contains the one it is to be registered in.", hint="Register it the other way round."
                )
            function_container._lender.parents.append(self._lender)
        self._blueprints.append(function_container)
        self._places.append(len(self._function_builders))

    register_blueprint = register_functions
    """Another name of `register_functions()`."""

    def _containers(self) -> Iterator[DecoratorApi]:
        yield self
        for each in self._blueprints:
            if isinstance(each, _Container):
                yield from each._containers()

    def _entries(self, defaults: AppDefaults) -> list[tuple[FunctionBuilder, AppDefaults, DecoratorApi]]:
        """Give every builder below, with what its trigger is completed with, and what lists it."""
        found: list[tuple[FunctionBuilder, AppDefaults, DecoratorApi]] = []
        own, done = self._function_builders, 0
        for each, place in zip(self._blueprints, self._places, strict=True):
            found += [(builder, defaults, self) for builder in own[done:place]]
            done = place
            if isinstance(each, _Container):
                found += each._entries(each._lender.below(defaults))
            else:  # a container in the reference's manner
                from azfunc import _reference

                found += [(builder, defaults, each) for builder in _reference.builders_of(each)]
        found += [(builder, defaults, self) for builder in own[done:]]
        return found

    def __repr__(self) -> str:
        named = [each.name_prefix + builder.name for builder, each, _ in self._entries(self._lender.defaults())]
        count = f"{len(named)} function{'' if len(named) == 1 else 's'}"
        return f"<{type(self).__name__} of {count}{': ' if named else ''}{', '.join(named)}>"


class FunctionRegister(_Container, DocumentApi):
    """Base of function apps: collects functions and gives them to the host.

    Args:
        auth_level: Key level of HTTP functions that name none.
    """

    def __init__(self, auth_level: AuthLevel | AuthLevelName | None = AuthLevel.FUNCTION) -> None:
        super().__init__()
        self._lender.last_level = as_enum(AuthLevel, auth_level)

    @property
    def auth_level(self) -> AuthLevel | None:
        """Key level of HTTP functions that name none."""
        return self._lender.last_level

    def get_functions(self) -> list[Function]:
        """Give the functions as the host gets them, the blueprints' included; the same on every call.

        Raises:
            DefinitionError: A function lacks a trigger, its name is not unique or not permitted; when several
                functions are wrong it is an `IndexingError` with all reasons.
        """
        functions, errors = self.index()
        if len(errors) == 1:
            raise errors[0]
        if errors:
            listed = "\n".join(f"- {error}".replace("\n", "\n  ") for error in errors)
            faulty = {error.function_name.lower() for error in errors if error.function_name}
            names = [function.get_function_name() for function in functions]
            named = ", ".join(name for name in names if name.lower() not in faulty) or "none"
            from azfunc._core.failures import IndexingError

            raise IndexingError(
                f"{len(errors)} functions cannot be indexed:\n{listed}", errors=errors, hint=f"Without fault: {named}."
            )
        return functions

    def index(self) -> tuple[list[Function], list[AzfuncError]]:
        """Give the functions that can be built, and an error for each of the others; raises nothing.

        Of two functions with one name both are given, and there is an error for the second.
        """
        errors: list[AzfuncError] = []
        functions: list[Function] = []
        seen: dict[int, tuple[DecoratorApi, AppDefaults]] = {}
        modules: dict[int, bool] = {}
        fit = _catalog.fitter()
        builder: Any
        for builder, defaults, container in self._entries(self._lender.defaults()):
            function = id(builder._function)
            if function in seen:
                # Decorated through the app and a blueprint of it, it is one function; a blueprint in two places is two.
                first, there = seen[function]
                if first is not container or there is defaults:
                    continue
            seen[function] = container, defaults
            user_function = builder.__wrapped__
            # Most modules are known to have no markers: then they are not asked again for each of their functions.
            if registry.inject is None and modules.get(id(getattr(user_function, "__globals__", None)), True):
                registry.inject = _catalog.look_for_markers(user_function, modules)
            try:
                made = builder.build(defaults)
            except DefinitionError as error:
                errors.append(error)
                continue
            if fit is not None:
                fit(made)
            functions.append(made)
        return functions, errors + _name_errors(functions)

    def validate_function_names(self, functions: list[Function]) -> None:
        """Check that the names of functions are unique, without regard to case.

        Raises:
            DefinitionError: Two functions have the same name.
        """
        for error in _name_errors(functions):
            raise error


class FunctionApp(FunctionRegister, TriggerApi, BindingApi, SettingsApi, ContainerApi):
    """A function app: put functions on it with its decorators.

    Args:
        http_auth_level: Key level of HTTP functions that name none.

    Example:
        >>> app = func.FunctionApp(http_auth_level="anonymous")
        >>> @app.route("hello")
        ... def hello(req: func.HttpRequest) -> str:
        ...     return f"Hello, {req.params.get('name', 'World')}!"

    Source: reference 1.26.0, `FunctionApp`; the guide, "Programming model".
    """

    def __init__(self, http_auth_level: AuthLevel | AuthLevelName | None = AuthLevel.FUNCTION) -> None:
        super().__init__(auth_level=http_auth_level)


class Blueprint(_Container, TriggerApi, BindingApi, SettingsApi, ContainerApi):
    """A set of functions that is registered on an app, or on another blueprint, later.

    Unlike the reference, its arguments take effect, and blueprints nest.

    Args:
        http_auth_level: Key level of HTTP functions that name none.
            The level of the app it is registered on, when left out.
        url_prefix: Text in front of the routes of its functions, such as ``v1``; no slashes around it.
        name_prefix: Text in front of the names of its functions.

    Raises:
        ArgumentTypeError: A prefix is no text.
        DefinitionError: A prefix that no route, or no function name, can begin with.
        UnknownNameError: There is no such key level.

    Example:
        >>> users = func.Blueprint(url_prefix="v1")
        >>> @users.route("users/{id}")
        ... def user(req: func.HttpRequest) -> str: ...
        >>> app.register_functions(users)  # the route is v1/users/{id}

    Source: reference 1.26.0, `Blueprint`; the guide, "Blueprints".
    """

    def __init__(
        self,
        http_auth_level: AuthLevel | AuthLevelName | None = None,
        *,
        url_prefix: str = "",
        name_prefix: str = "",
    ) -> None:
        super().__init__()
        lender = self._lender
        lender.auth_level = as_enum(AuthLevel, http_auth_level)
        lender.url_prefix = _checked_prefix(url_prefix)
        lender.name_prefix = check_text(name_prefix, "A name prefix", hint="Write it as text, such as 'users_'.")
        if name_prefix:
            check_function_name(f"{name_prefix}name")


def _checked_prefix(prefix: str) -> str:
    """Give the prefix of routes without slashes around it, if the host can read it."""
    found = check_text(prefix, "A URL prefix", hint="Write it as text, such as 'v1'.").strip("/")
    if not is_plain(found):
        from azfunc._core.routing import parse_route

        parse_route(found)
    return found


def _name_errors(functions: list[Function]) -> list[AzfuncError]:
    """Give an error for each function whose name another one has already."""
    errors: list[AzfuncError] = []
    first: dict[str, Function] = {}
    for function in functions:
        name = function.get_function_name()
        other = first.setdefault(name.lower(), function)
        if other is not function:
            errors.append(
                DefinitionError(
                    f"Function {name} does not have a unique function name. Please change @app.function_name() or the "
                    "function method name to be unique.",
                    hint=f"{other.get_function_name()!r} stands at {other.location} and {name!r} at "
                    f"{function.location}; the host does not tell upper from lower case.",
                    function_name=name,
                    location=function.location,
                )
            )
    return errors
