"""RabbitMQ: a trigger for each message of a queue, and an output that adds messages.

The trigger has no converter: a message reaches the function as text, or as bytes with ``data_type="binary"``, as with
generic bindings.

Docs: RabbitMQ bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2+.
"""

from __future__ import annotations

from azfunc._core.binding import OutputBinding, Trigger
from azfunc._core.converter import JsonValue, MessageOutConverter
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- binding classes --------------------------------------------------------------------------------------------------


class RabbitMQTrigger(Trigger, type="rabbitMQTrigger"):
    """Entry of type ``rabbitMQTrigger`` in function.json."""

    queue_name: str
    connection_string_setting: str
    disable_certificate_validation: bool | None = None


class RabbitMQOutput(OutputBinding, type="rabbitMQ"):
    """Entry of type ``rabbitMQ`` in function.json."""

    queue_name: str
    connection_string_setting: str
    disable_certificate_validation: bool | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class RabbitMQOutConverter(MessageOutConverter, binding="rabbitMQ"):
    """RabbitMQ output: text, bytes, a value for JSON, or several of them."""

    what = "RabbitMQ output"
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, bytearray, JsonValue)
    output_item_types: ClassVar[tuple[type, ...]] = output_types


# --- trigger decorators -----------------------------------------------------------------------------------------------


class RabbitMQTriggers(DecoratorApi):
    """RabbitMQ: decorators that start a function."""

    def rabbitmq_trigger(
        self,
        arg_name: str,
        queue_name: str,
        connection_string_setting: str,
        disable_certificate_validation: bool | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function once for each message on a RabbitMQ queue.

        Args:
            arg_name: Parameter of the function that gets the message, as text.
            queue_name: Queue to watch.
            connection_string_setting: App setting that holds the connection string, ``amqp://user:password@host:port``.
            disable_certificate_validation: Whether any certificate of the server is taken; False when left out.
                Not for production.
            data_type: How the host hands the message over: ``string``, also when left out, or ``binary`` for bytes.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.rabbitmq_trigger("message", "orders", "RabbitMQConnection")
            ... def on_order(message: str) -> None:
            ...     print(json.loads(message)["number"])

        Source: RabbitMQ trigger for Azure Functions, "Configuration"; RabbitMQ extension, `RabbitMQTriggerAttribute`.
        """
        return self._bind(
            RabbitMQTrigger,
            kwargs,
            name=arg_name,
            queue_name=queue_name,
            connection_string_setting=connection_string_setting,
            disable_certificate_validation=disable_certificate_validation,
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class RabbitMQBindings(DecoratorApi):
    """RabbitMQ: decorators for data that goes out."""

    def rabbitmq_output(
        self,
        arg_name: str,
        queue_name: str,
        connection_string_setting: str,
        disable_certificate_validation: bool | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Add messages to a RabbitMQ queue after the function has returned.

        Takes str, bytes, a dict, a dataclass or a number (sent as JSON), or a list of them for several messages. None
        sends nothing.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            queue_name: Queue to add to.
            connection_string_setting: App setting that holds the connection string, ``amqp://user:password@host:port``.
            disable_certificate_validation: Whether any certificate of the server is taken; False when left out.
                Not for production.
            data_type: How the host takes the message; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.rabbitmq_output("$return", "done", "RabbitMQConnection")
            ... @app.rabbitmq_trigger("message", "orders", "RabbitMQConnection")
            ... def shout(message: str) -> str:
            ...     return message.upper()

        Source: RabbitMQ output binding for Azure Functions, "Configuration"; RabbitMQ extension, `RabbitMQAttribute`.
        """
        return self._bind(
            RabbitMQOutput,
            kwargs,
            name=arg_name,
            queue_name=queue_name,
            connection_string_setting=connection_string_setting,
            disable_certificate_validation=disable_certificate_validation,
            data_type=as_data_type(data_type),
        )
