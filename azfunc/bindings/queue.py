"""Azure Queue storage: a trigger for each message, and an output that adds messages.

Docs: Azure Queue storage bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2+.
"""

from __future__ import annotations

from azfunc._core.binding import OutputBinding, Trigger
from azfunc._core.converter import InConverter, JsonValue, MessageOutConverter
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.message import DATETIME, INTEGER, TEXT, Message, as_metadata, body_of, plain_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any, ClassVar

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- message types ----------------------------------------------------------------------------------------------------


class QueueMessage(Message):
    """A message of a storage queue.

    Args:
        id: Identity of the message in the queue.
        body: Content, as text or bytes.
        pop_receipt: Proof of the hand-over, needed to delete or update the message.
        dequeue_count: Times the message was handed out, this time included.
        expiration_time: When the queue drops the message, in UTC.
        insertion_time: When the message was added, in UTC.
        time_next_visible: When the message can be seen again, in UTC.

    Raises:
        ArgumentTypeError: The body is neither text nor bytes.

    Example:
        >>> func.QueueMessage(body='{"order": 7}').get_json()
        {'order': 7}

    Source: reference 1.26.0, `QueueMessage`; Azure Queue storage trigger, "Message metadata".
    """

    _wire = {
        "id": ("Id", TEXT),
        "dequeue_count": ("DequeueCount", INTEGER),
        "expiration_time": ("ExpirationTime", DATETIME),
        "insertion_time": ("InsertionTime", DATETIME),
        "time_next_visible": ("NextVisibleTime", DATETIME),
        "pop_receipt": ("PopReceipt", TEXT),
    }

    def __init__(
        self,
        *,
        id: str | None = None,
        body: str | bytes | None = None,
        pop_receipt: str | None = None,
        dequeue_count: int | None = None,
        expiration_time: datetime | None = None,
        insertion_time: datetime | None = None,
        time_next_visible: datetime | None = None,
    ) -> None:
        self._set(
            body,
            id=id,
            pop_receipt=pop_receipt,
            dequeue_count=dequeue_count,
            expiration_time=expiration_time,
            insertion_time=insertion_time,
            time_next_visible=time_next_visible,
        )

    @property
    def id(self) -> str | None:
        """Identity of the message in the queue; from ``Id``."""
        return self._get("id")

    @property
    def dequeue_count(self) -> int | None:
        """Times the message was handed out, this time included; from ``DequeueCount``."""
        return self._get("dequeue_count")

    @property
    def expiration_time(self) -> datetime | None:
        """When the queue drops the message, in UTC; from ``ExpirationTime``."""
        return self._get("expiration_time")

    @property
    def insertion_time(self) -> datetime | None:
        """When the message was added, in UTC; from ``InsertionTime``."""
        return self._get("insertion_time")

    @property
    def time_next_visible(self) -> datetime | None:
        """When the message can be seen again, in UTC; from ``NextVisibleTime``."""
        return self._get("time_next_visible")

    @property
    def pop_receipt(self) -> str | None:
        """Proof of the hand-over, needed to delete or update the message; from ``PopReceipt``."""
        return self._get("pop_receipt")


# --- binding classes --------------------------------------------------------------------------------------------------


class QueueTrigger(Trigger, type="queueTrigger"):
    """Entry of type ``queueTrigger`` in function.json."""

    queue_name: str
    connection: str


class QueueOutput(OutputBinding, type="queue"):
    """Entry of type ``queue`` in function.json."""

    queue_name: str
    connection: str


# --- converters -------------------------------------------------------------------------------------------------------


class QueueMessageInConverter(InConverter, binding="queueTrigger", trigger=True):
    """Queue trigger: the argument is a `QueueMessage`."""

    input_types: ClassVar[tuple[type, ...]] = (QueueMessage,)

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> QueueMessage:
        """Turn a ``string`` or ``bytes`` datum and its metadata into a `QueueMessage`."""
        return QueueMessage.from_host(body_of(data, what="queue"), as_metadata(trigger_metadata))

    @classmethod
    def to_wire(cls, value: QueueMessage) -> tuple[Datum, dict[str, Datum]]:
        """Turn a `QueueMessage` into the datum and metadata it would have come from."""
        return Datum(value.get_body(), "bytes"), value.to_metadata()


class QueueMessageOutConverter(MessageOutConverter, binding="queue"):
    """Queue output: text, bytes, a `QueueMessage`, a value for JSON, or several of them."""

    what = "queue output"
    message_type: ClassVar[type[Message] | None] = QueueMessage
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, QueueMessage, JsonValue)
    output_item_types: ClassVar[tuple[type, ...]] = output_types

    @classmethod
    def encode_message(cls, message: QueueMessage) -> dict[str, Any]:
        """Give the object that the host makes a message of; bytes that are no text travel as Base64."""
        return {"id": message.id, "body": plain_text(message.get_body())}


# --- trigger decorators -----------------------------------------------------------------------------------------------


class QueueTriggers(DecoratorApi):
    """Queue storage: decorators that start a function."""

    def queue_trigger(
        self,
        arg_name: str,
        queue_name: str,
        connection: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function once for each message on a queue.

        The message is deleted when the function returns, and becomes visible again if it raises.

        Args:
            arg_name: Parameter of the function that gets the `QueueMessage`.
            queue_name: Queue to watch, in lower case.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            data_type: How the host hands the content over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.queue_trigger("msg", "todo", "Storage")
            ... def shout(msg: func.QueueMessage) -> None:
            ...     print(msg.get_body().decode().upper())

        Source: Azure Queue storage trigger, "Decorators"; reference 1.26.0, `queue_trigger`.
        """
        return self._bind(
            QueueTrigger,
            kwargs,
            name=arg_name,
            queue_name=queue_name,
            connection=connection,
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class QueueBindings(DecoratorApi):
    """Queue storage: decorators for data that goes out."""

    def queue_output(
        self,
        arg_name: str,
        queue_name: str,
        connection: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Add messages to a queue after the function has returned.

        Takes str, bytes, `QueueMessage`, a dict, a dataclass or a number (sent as JSON), or a list of them for
        several messages. None sends nothing.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            queue_name: Queue to add to, in lower case; made if it does not exist.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            data_type: How the host takes the content; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.queue_output("$return", "done", "Storage")
            ... @app.queue_trigger("msg", "todo", "Storage")
            ... def shout(msg: func.QueueMessage) -> str:
            ...     return msg.get_body().decode().upper()

        Source: Azure Queue storage output binding, "Decorators"; reference 1.26.0, `queue_output`.
        """
        return self._bind(
            QueueOutput,
            kwargs,
            name=arg_name,
            queue_name=queue_name,
            connection=connection,
            data_type=as_data_type(data_type),
        )
