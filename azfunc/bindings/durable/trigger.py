"""Orchestrations, activities, entities and their client: contexts, binding classes, converters and decorators."""

from __future__ import annotations

from azfunc._core.binding import InputBinding, Trigger
from azfunc._core.converter import InConverter, OutConverter
from azfunc._core.datum import Datum, decode_datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.message import Message
from azfunc._core.names import check_binding_name
from azfunc._core.text import type_name
from azfunc.bindings.durable import codec, package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, ClassVar

    from azfunc._core.binding import Binding
    from azfunc._core.decorators import Decorator
    from azfunc._core.function import FunctionBuilder


# --- message types ----------------------------------------------------------------------------------------------------


class DurableContext(Message):
    """Base of what orchestrators and entities are started with: JSON text that `azure-functions-durable` reads.

    Args:
        body: The text, or its bytes in UTF-8; an empty object when left out.

    Raises:
        ArgumentTypeError: The body is neither text nor bytes.
    """

    def __init__(self, body: str | bytes = "{}") -> None:
        if not isinstance(body, (str, bytes)):  # pyright: ignore[reportUnnecessaryIsInstance]  # users need not check
            raise ArgumentTypeError(
                f"The body of a {type(self).__name__} is text, and {body!r} is a {type(body).__name__}.",
                hint="Give the JSON text that the extension sends.",
            )
        self._set(body)

    @property
    def body(self) -> str:
        """JSON text with the history of an orchestration, or the operations for an entity."""
        return self._body.decode("utf-8")

    def __str__(self) -> str:
        return self.body


class OrchestrationContext(DurableContext):
    """What an orchestration is started with: its history so far, as JSON text.

    An orchestrator that has a decorator is given the `DurableOrchestrationContext` of `azure-functions-durable`, which
    is made of this.

    Args:
        body: The text, or its bytes in UTF-8; an empty object when left out.

    Raises:
        ArgumentTypeError: The body is neither text nor bytes.

    Example:
        >>> func.OrchestrationContext('{"input": 7}').get_json()
        {'input': 7}

    Source: reference 1.26.0, `OrchestrationContext`.
    """


class EntityContext(DurableContext):
    """What an entity is started with: its state and the operations to do, as JSON text.

    An entity function that has a decorator is given the `DurableEntityContext` of `azure-functions-durable`, which is
    made of this.

    Args:
        body: The text, or its bytes in UTF-8; an empty object when left out.

    Raises:
        ArgumentTypeError: The body is neither text nor bytes.

    Example:
        >>> func.EntityContext(b'{"exists": false}').body
        '{"exists": false}'

    Source: reference 1.26.0, `EntityContext`.
    """


# --- binding classes --------------------------------------------------------------------------------------------------


class OrchestrationTrigger(Trigger, type="orchestrationTrigger"):
    """Entry of type ``orchestrationTrigger`` in function.json."""

    orchestration: str | None = None


class ActivityTrigger(Trigger, type="activityTrigger"):
    """Entry of type ``activityTrigger`` in function.json."""

    activity: str | None = None


class EntityTrigger(Trigger, type="entityTrigger"):
    """Entry of type ``entityTrigger`` in function.json."""

    entity_name: str | None = None


class DurableClient(InputBinding, type="durableClient"):
    """Entry of type ``durableClient`` in function.json."""

    task_hub: str | None = None
    connection_name: str | None = None


CLASSES: dict[str, type[Binding]] = {
    "orchestrationTrigger": OrchestrationTrigger,
    "activityTrigger": ActivityTrigger,
    "entityTrigger": EntityTrigger,
    "durableClient": DurableClient,
}
"""Binding type -> azfunc's class for it."""


# --- converters -------------------------------------------------------------------------------------------------------


class _AnyOutput(OutConverter):
    """The return value goes to the extension, whatever its annotation."""

    @classmethod
    def check_output_type_annotation(cls, pytype: Any) -> bool:
        """Tell that every annotation is permitted: the value, not its type, has to fit into JSON."""
        return True

    @classmethod
    def has_implicit_output(cls) -> bool:
        """Tell that the return value goes to the extension without an output binding."""
        return True


class _ContextConverter(InConverter, _AnyOutput):
    """What orchestrations and entities have in common."""

    what: ClassVar[str]
    context_type: ClassVar[type[DurableContext]]

    @classmethod
    def check_input_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a parameter may be annotated so; the package annotates its own with the reference's class."""
        is_theirs = getattr(pytype, "__name__", None) == cls.context_type.__name__
        return (is_theirs and pytype.__module__.startswith("azure.functions")) or super().check_input_type_annotation(
            pytype
        )

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> DurableContext:
        """Turn text or bytes into the context."""
        value = getattr(data, "value", None)
        if not isinstance(value, (str, bytes)):
            raise UnsupportedValueError(
                f"unsupported {cls.what} payload type: {getattr(data, 'type', None)}",
                hint="The extension sends JSON text.",
            )
        try:
            text = value if isinstance(value, str) else value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ConversionError(f"The {cls.what} payload is no text: {error}") from error
        return cls.context_type(text)

    @classmethod
    def to_wire(cls, value: DurableContext) -> tuple[Datum, dict[str, Datum]]:
        """Turn a context into the datum it would have come from."""
        return Datum(value.body, "json"), {}

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn what the package gave into a Datum: its JSON text as it is, plain data as JSON text, None as nothing."""
        if obj is None or isinstance(obj, str):
            return Datum(obj, "json")
        message = f"{cls.what} output must be json serializable ({obj})"
        if isinstance(obj, (bytes, bytearray)):
            try:
                return Datum(bytes(obj).decode("utf-8"), "json")
            except UnicodeDecodeError as error:
                raise UnsupportedValueError(message, hint="Give JSON text.") from error
        return Datum(_dumped(obj, message), "json")


class OrchestrationTriggerConverter(_ContextConverter, binding="orchestrationTrigger", trigger=True):
    """Orchestration trigger: the handle that the package made is given an `OrchestrationContext`."""

    what = "orchestration trigger"
    context_type: ClassVar[type[DurableContext]] = OrchestrationContext
    input_types: ClassVar[tuple[type, ...]] = (OrchestrationContext,)


class EntityTriggerConverter(_ContextConverter, binding="entityTrigger", trigger=True):
    """Entity trigger: the handle that the package made is given an `EntityContext`."""

    what = "entity trigger"
    context_type: ClassVar[type[DurableContext]] = EntityContext
    input_types: ClassVar[tuple[type, ...]] = (EntityContext,)


class ActivityTriggerConverter(InConverter, _AnyOutput, binding="activityTrigger", trigger=True):
    """Activity trigger: the argument is what the orchestrator gave, and the return value goes back to it."""

    @classmethod
    def check_input_type_annotation(cls, pytype: Any) -> bool:
        """Tell that every annotation is permitted: what comes is what the orchestrator gave."""
        return True

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> Any:
        """Read the JSON text of the argument; text that is no JSON is given as it is.

        Raises:
            DurablePayloadError: It asks for a class that may not be made from a payload.
            UnsupportedValueError: Another wire type.
        """
        from azfunc._core.json_error import JsonDecodeError

        kind = getattr(data, "type", None)
        if kind in ("int", "double"):
            return data.value
        if kind not in ("string", "json", "bytes") or not isinstance(data.value, (str, bytes)):
            raise UnsupportedValueError(
                f"unsupported activity trigger payload type: {kind}", hint="The extension sends JSON text."
            )
        try:
            return codec.loads(data.value)
        except JsonDecodeError:
            return decode_datum(Datum(data.value, "string"))
        except codec.DurablePayloadError as error:
            raise codec.DurablePayloadError(
                f"activity trigger input must be a string or a valid json serializable ({data.value!s})",
                hint=str(error),
            ) from error

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Turn an argument into the datum it would have come from."""
        return cls.encode(value), {}

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum:
        """Turn the return value into JSON text, also None, which the orchestrator gets too.

        Raises:
            UnsupportedValueError: A value that has no form in JSON, such as bytes.
        """
        return Datum(_dumped(obj, f"activity trigger output must be json serializable ({obj})"), "json")


class DurableClientConverter(InConverter, OutConverter, binding="durableClient"):
    """Durable client: the JSON text that `azure-functions-durable` makes the client of."""

    input_types: ClassVar[tuple[type, ...]] = (str, bytes)
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, bytearray)

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> str | bytes | None:
        """Give text and bytes as they are, None for nothing."""
        kind: str | None = getattr(data, "type", None)
        if kind is None:
            return None
        if kind not in ("string", "json", "bytes"):
            raise UnsupportedValueError(
                f'unexpected type of data received for the "durableClient" binding {kind!r}',
                hint="The extension sends JSON text.",
            )
        value: str | bytes | None = data.value
        return value

    @classmethod
    def to_wire(cls, value: str | bytes | None) -> tuple[Datum, dict[str, Datum]]:
        """Turn the text of a client into the datum it would have come from."""
        return cls.encode(value), {}

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum:
        """Turn a value into a Datum: text and bytes as they are, plain data as JSON text, None as nothing."""
        if obj is None:
            return Datum(None, None)
        if isinstance(obj, str):
            return Datum(obj, "string")
        if isinstance(obj, (bytes, bytearray)):
            return Datum(bytes(obj), "bytes")
        return Datum(_dumped(obj, f"durable client got {type_name(obj)}"), "json")


def _dumped(obj: Any, message: str) -> str:
    try:
        return codec.dumps(obj)
    except (TypeError, ValueError) as error:
        reason = getattr(error, "hint", "") or str(error)
        raise UnsupportedValueError(message, hint=reason) from error


# --- trigger decorators -----------------------------------------------------------------------------------------------


class DurableApi(DecoratorApi):
    """What the decorators below have in common: the hand-over to `azure-functions-durable`."""

    def _get_durable_blueprint(self) -> Any:
        """Give a new blueprint of the package.

        Raises:
            MissingPackageError: The package is not installed.
        """
        return package.durable_package().Blueprint()

    def _invoke_df_decorator(self, df_decorator: Callable[..., Any]) -> Decorator:
        """Make a decorator of one of the package's, taken from a new blueprint of it."""

        def wrap(builder: FunctionBuilder) -> FunctionBuilder:
            package.hand_over(builder, df_decorator, CLASSES)
            return builder

        return self._configure_function_builder(wrap)


class DurableTriggers(DurableApi):
    """Durable Functions: decorators that start a function."""

    def orchestration_trigger(
        self,
        context_name: str,
        orchestration: str | None = None,
        input_type: type | None = None,
    ) -> Decorator:
        """Make the function an orchestrator: a generator that yields tasks and is replayed from its history.

        The function can be called as it is written, with a context made by a test; what the host calls is the handle
        that `azure-functions-durable` makes of it, and that has it as ``orchestrator_function``.

        Args:
            context_name: Parameter of the function that gets the `DurableOrchestrationContext`.
                Unlike the reference, any name will do.
            orchestration: Name that clients start the orchestration by; the function's name when left out.
            input_type: Class that the context's ``get_input()`` makes of the input; found from the payload if left out.

        Raises:
            MissingPackageError: `azure-functions-durable` is not installed.
            DefinitionError: The name is none that the host accepts, or the function has a trigger already.

        Example:
            >>> @app.orchestration_trigger("context")
            ... def chain(context):
            ...     first = yield context.call_activity("shout", "ada")
            ...     return first

        Source: Durable Functions, "Orchestrator functions"; reference 1.26.0, `orchestration_trigger`.
        """
        given: dict[str, Any] = {"context_name": check_binding_name(context_name), "orchestration": orchestration}
        if input_type is not None:
            given["input_type"] = input_type
        return self._invoke_df_decorator(self._get_durable_blueprint().orchestration_trigger(**given))

    def activity_trigger(self, input_name: str, activity: str | None = None) -> Decorator:
        """Make the function an activity: a step that orchestrators call, with one argument.

        Args:
            input_name: Parameter of the function that gets the argument.
            activity: Name that orchestrators call it by; the function's name when left out.

        Raises:
            MissingPackageError: `azure-functions-durable` is not installed.
            DefinitionError: The name is none that the host accepts, or the function has a trigger already.

        Example:
            >>> @app.activity_trigger("name")
            ... def shout(name: str) -> str:
            ...     return name.upper()

        Source: Durable Functions, "Activity functions"; reference 1.26.0, `activity_trigger`.
        """
        name = check_binding_name(input_name)
        blueprint = self._get_durable_blueprint()
        return self._invoke_df_decorator(blueprint.activity_trigger(input_name=name, activity=activity))

    def entity_trigger(self, context_name: str, entity_name: str | None = None) -> Decorator:
        """Make the function an entity: a small piece of state, and the operations on it.

        Args:
            context_name: Parameter of the function that gets the `DurableEntityContext`.
                Unlike the reference, any name will do.
            entity_name: Name of the entity; the function's name when left out.

        Raises:
            MissingPackageError: `azure-functions-durable` is not installed.
            DefinitionError: The name is none that the host accepts, or the function has a trigger already.

        Example:
            >>> @app.entity_trigger("context")
            ... def counter(context):
            ...     total = context.get_state(lambda: 0) + context.get_input()
            ...     context.set_state(total)

        Source: Durable Functions, "Entity functions"; reference 1.26.0, `entity_trigger`.
        """
        name = check_binding_name(context_name)
        blueprint = self._get_durable_blueprint()
        return self._invoke_df_decorator(blueprint.entity_trigger(context_name=name, entity_name=entity_name))


# --- input and output decorators --------------------------------------------------------------------------------------


class DurableBindings(DurableApi):
    """Durable Functions: the decorator of the client."""

    def durable_client_input(
        self,
        client_name: str,
        task_hub: str | None = None,
        connection_name: str | None = None,
    ) -> Decorator:
        """Give the function a client that starts, asks and ends orchestrations.

        The function that the host calls is a coroutine function; it has the user function as ``client_function``.
        Unlike the reference, a function that is not async can have a client too.

        Args:
            client_name: Parameter of the function that gets the `DurableOrchestrationClient`.
            task_hub: Name of the task hub; that of host.json when left out.
            connection_name: App setting with the connection to the task hub's storage; the app's own when left out.

        Raises:
            MissingPackageError: `azure-functions-durable` is not installed.
            DefinitionError: The name is none that the host accepts.

        Example:
            >>> @app.route("start/{name}")
            ... @app.durable_client_input("client")
            ... async def start(req: func.HttpRequest, client) -> func.HttpResponse:
            ...     instance = await client.start_new(req.route_params["name"])
            ...     return client.create_check_status_response(req, instance)

        Source: Durable Functions, "Orchestration client"; reference 1.26.0, `durable_client_input`.
        """
        name = check_binding_name(client_name)
        decorate = self._get_durable_blueprint().durable_client_input(
            client_name=name, task_hub=task_hub, connection_name=connection_name
        )
        return self._invoke_df_decorator(package.with_client(decorate, name))
