"""Redis: triggers for channels, lists and streams, an input that reads a value, and an output that runs a command.

The triggers have no converter: what they give reaches the function as text, as with generic bindings.

Docs: Azure Cache for Redis trigger and bindings for Azure Functions. Extension bundle:
Microsoft.Azure.Functions.ExtensionBundle 4+.
"""

from __future__ import annotations

from azfunc._core.binding import InputBinding, OutputBinding, Trigger
from azfunc._core.checks import is_buffer
from azfunc._core.converter import OutConverter, is_several
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.failures import UnsupportedValueError
from azfunc._core.plain import PlainInConverter
from azfunc._core.text import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- binding classes --------------------------------------------------------------------------------------------------


class RedisPubSubTrigger(Trigger, type="redisPubSubTrigger"):
    """Entry of type ``redisPubSubTrigger`` in function.json."""

    connection: str
    channel: str


class RedisListTrigger(Trigger, type="redisListTrigger"):
    """Entry of type ``redisListTrigger`` in function.json."""

    connection: str
    key: str
    polling_interval_in_ms: int | None = None
    max_batch_size: int | None = None
    list_pop_from_beginning: bool | None = None


class RedisStreamTrigger(Trigger, type="redisStreamTrigger"):
    """Entry of type ``redisStreamTrigger`` in function.json."""

    connection: str
    key: str
    polling_interval_in_ms: int | None = None
    max_batch_size: int | None = None


class RedisInput(InputBinding, type="redis"):
    """Input entry of type ``redis`` in function.json."""

    connection: str
    command: str


class RedisOutput(OutputBinding, type="redis"):
    """Output entry of type ``redis`` in function.json."""

    connection: str
    command: str


# --- converters -------------------------------------------------------------------------------------------------------


class RedisConverter(PlainInConverter, OutConverter, binding="redis"):
    """Redis input and output: the argument is the value as text; the arguments of a command are given as text."""

    what = "Redis output"
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, bytearray)
    output_item_types: ClassVar[tuple[type, ...]] = output_types

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn the arguments of one command into a Datum, or those of several commands in a list."""
        if obj is None:
            return None
        if isinstance(obj, str) or is_buffer(obj) or not is_several(obj):
            return Datum(cls._arguments(obj, obj), "string")
        from azfunc._core.jsonlib import dumps

        return Datum(dumps([cls._arguments(each, obj) for each in obj]), "json")

    @classmethod
    def _arguments(cls, each: Any, obj: Any) -> str:
        if isinstance(each, str):
            return each
        if not is_buffer(each):
            raise cls.refuse(obj)
        try:
            return bytes(each).decode("utf-8")
        except UnicodeDecodeError as error:
            raise cls.refuse(obj, why="it is no text in UTF-8") from error

    @classmethod
    def refuse(cls, obj: Any, *, why: str = "") -> UnsupportedValueError:
        """Make the error for what are no arguments of a command."""
        return UnsupportedValueError(
            f"{cls.what} got {type_name(obj)}{f': {why}' if why else ''}.",
            hint="Give it the arguments of the command as text, with a space between them, or a list of such texts "
            "to run the command several times. An argument cannot have a space in it.",
        )


# --- trigger decorators -----------------------------------------------------------------------------------------------


class RedisTriggers(DecoratorApi):
    """Redis: decorators that start a function."""

    def redis_pub_sub_trigger(
        self,
        arg_name: str,
        connection: str,
        channel: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each message that is published on a channel.

        Each instance of the app gets each message, and a message that comes while no instance runs is lost; so this is
        not for the Consumption plans.

        Args:
            arg_name: Parameter of the function that gets the message, as text.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            channel: Channel to listen on, or a pattern of them such as ``orders.*``.
                ``__keyspace@0__:key`` tells what happens to a key, ``__keyevent@0__:set`` which keys are set.
            data_type: How the host hands the message over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.redis_pub_sub_trigger("message", "Redis", "orders")
            ... def on_order(message: str) -> None:
            ...     print(message)

        Source: RedisPubSubTrigger for Azure Functions, "Configuration".
        """
        return self._bind(
            RedisPubSubTrigger,
            kwargs,
            name=arg_name,
            connection=connection,
            channel=channel,
            data_type=as_data_type(data_type),
        )

    def redis_list_trigger(
        self,
        arg_name: str,
        connection: str,
        key: str,
        polling_interval_in_ms: int | None = None,
        max_batch_size: int | None = None,
        list_pop_from_beginning: bool | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each entry that is taken from a list.

        Args:
            arg_name: Parameter of the function that gets the entry, as text.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            key: Key of the list.
            polling_interval_in_ms: Time between two looks at the list, in milliseconds; 1000 when left out.
            max_batch_size: Greatest number of entries that are taken and worked on at once; 16 when left out.
            list_pop_from_beginning: Whether entries are taken from the beginning of the list, also when left out.
            data_type: How the host hands the entry over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.redis_list_trigger("entry", "Redis", "todo", max_batch_size=1)
            ... def work(entry: str) -> None:
            ...     print(entry)

        Source: RedisListTrigger for Azure Functions, "Example" and "Configuration"; Redis extension, "README".
        """
        return self._bind(
            RedisListTrigger,
            kwargs,
            name=arg_name,
            connection=connection,
            key=key,
            polling_interval_in_ms=polling_interval_in_ms,
            max_batch_size=max_batch_size,
            list_pop_from_beginning=list_pop_from_beginning,
            data_type=as_data_type(data_type),
        )

    def redis_stream_trigger(
        self,
        arg_name: str,
        connection: str,
        key: str,
        polling_interval_in_ms: int | None = None,
        max_batch_size: int | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each new entry of a stream.

        The instances of the app read as one consumer group, which has the name of the function.

        Args:
            arg_name: Parameter of the function that gets the entry, as JSON text with ``Id`` and ``Values``.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            key: Key of the stream.
            polling_interval_in_ms: Time between two looks at the stream, in milliseconds; 1000 when left out.
            max_batch_size: Greatest number of entries that are read and worked on at once; 16 when left out.
            data_type: How the host hands the entry over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.redis_stream_trigger("entry", "Redis", "orders")
            ... def on_order(entry: str) -> None:
            ...     print(json.loads(entry)["Values"]["number"])

        Source: RedisStreamTrigger for Azure Functions, "Example" and "Configuration"; Redis extension, "README".
        """
        return self._bind(
            RedisStreamTrigger,
            kwargs,
            name=arg_name,
            connection=connection,
            key=key,
            polling_interval_in_ms=polling_interval_in_ms,
            max_batch_size=max_batch_size,
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class RedisBindings(DecoratorApi):
    """Redis: decorators for data that comes in or goes out."""

    def redis_input(
        self,
        arg_name: str,
        connection: str,
        command: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run a command that reads one value before the function runs, and hand the value over.

        Args:
            arg_name: Parameter of the function that gets the value, as text.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            command: Command with its arguments, with a space between them, such as ``GET {Message}``.
                One that reads a single value.
            data_type: How the host hands the value over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.redis_input("value", "Redis", "GET {Message}")
            ... @app.redis_pub_sub_trigger("key", "Redis", "__keyevent@0__:set")
            ... def on_set(key: str, value: str) -> None:
            ...     print(key, value)

        Source: Azure Cache for Redis input binding for Azure Functions, "Configuration".
        """
        return self._bind(
            RedisInput,
            kwargs,
            name=arg_name,
            connection=connection,
            command=command,
            data_type=as_data_type(data_type),
        )

    def redis_output(
        self,
        arg_name: str,
        connection: str,
        command: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run a command after the function has returned, with the arguments that the function gives.

        Takes the arguments as text, with a space between them, or a list of such texts to run the command several
        times. None runs nothing. The extension divides the text at each space, so an argument cannot have one in it.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            command: Command without its arguments, such as ``DEL``.
            data_type: How the host takes the arguments; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.redis_output("$return", "Redis", "DEL")
            ... @app.redis_pub_sub_trigger("key", "Redis", "__keyevent@0__:set")
            ... def forget(key: str) -> str:
            ...     return key

        Source: Azure Cache for Redis output binding for Azure Functions, "Configuration"; Redis extension, "README".
        """
        return self._bind(
            RedisOutput,
            kwargs,
            name=arg_name,
            connection=connection,
            command=command,
            data_type=as_data_type(data_type),
        )
