"""Azure Service Bus: triggers for the messages of a queue or a topic, singly or in batches, and outputs that send them.

Docs: Azure Service Bus bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2+.
"""

from __future__ import annotations

from azfunc._core.batches import Cardinality, batch_to_wire, bodies_of
from azfunc._core.binding import OutputBinding, Trigger
from azfunc._core.checks import is_list
from azfunc._core.converter import InConverter, JsonValue, MessageOutConverter
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import WireEnum, as_data_type, as_enum
from azfunc._core.failures import UnsupportedValueError
from azfunc._core.message import (
    ANYTHING,
    DATETIME_UTC,
    INTEGER,
    OBJECT,
    TEXT,
    TEXT_OR_EMPTY,
    TIMEDELTA,
    BatchMessage,
    body_of,
)
from azfunc._core.metadata import BatchMetadata, Metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from typing import Any, ClassVar, Literal, TypeAlias

    from azfunc._core.batches import CardinalityName
    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName
    from azfunc._core.message import Message

    AccessRightsName: TypeAlias = Literal["manage", "MANAGE", "listen", "LISTEN"]
    """Text that stands for `AccessRights`."""


class AccessRights(WireEnum):
    """What the connection string permits."""

    MANAGE = "manage"
    """Everything; the host makes the queue or topic if there is none."""
    LISTEN = "listen"
    """To receive messages only; the host changes nothing."""


# --- message types ----------------------------------------------------------------------------------------------------


class ServiceBusMessage(BatchMessage):
    """A message of a Service Bus queue, or of the subscription of a topic.

    A field is None when the host does not send it. Which ones it sends depends on its Service Bus extension: the
    newer ones leave out `scheduled_enqueue_time_utc`, `time_to_live`, `locked_until`, `state` and the reasons of the
    dead-letter queue.

    Args:
        body: Content, as text or bytes; text is kept in UTF-8.
        trigger_metadata: What the host sends beside the body, by name; fields that are not given are read from it.
        application_properties: Properties that the sender gave the message, by name.
        content_type: Media type of the body, such as ``application/json``.
        correlation_id: Identity of what the message belongs to, such as the request that it answers.
        dead_letter_error_description: Details on why the message was put into the dead-letter queue.
        dead_letter_reason: Why the message was put into the dead-letter queue.
        dead_letter_source: Queue or subscription that the message was in before it was put into the dead-letter queue.
        delivery_count: Times the message was handed out, this time included.
        enqueued_sequence_number: Number that the message had where it was first put, before it was forwarded.
        enqueued_time_utc: When Service Bus took the message in, in UTC; a naive datetime is taken as UTC.
        expires_at_utc: When Service Bus drops the message, in UTC; a naive datetime is taken as UTC.
        force_persistence: Whether Service Bus writes the message to its store before it answers the sender.
        label: Subject of the message, by its older name.
        locked_until: When the lock on the message ends, in UTC; a naive datetime is taken as UTC.
        lock_token: Proof of the lock, needed to settle the message.
        message_id: Identity of the message, by which Service Bus finds duplicates.
        partition_key: Key that the sender chose the partition by.
        reply_to: Queue or topic that an answer goes to.
        reply_to_session_id: Session that an answer goes to.
        scheduled_enqueue_time_utc: When the message becomes visible, in UTC; a naive datetime is taken as UTC.
        sequence_number: Number of the message in its queue or topic.
        session_id: Session that the message belongs to; messages of one session come in order.
        state: 0 for an active message, 1 for a deferred one, 2 for a scheduled one.
        subject: Subject of the message, chosen by the sender.
        time_to_live: How long the message stays in the queue after it was put there.
        to: Address that the message is meant for; Service Bus itself does not use it.
        transaction_partition_key: Key of the partition for a transaction over several queues.
        user_properties: Properties that the sender gave the message, by their older name.

    Raises:
        ArgumentTypeError: The body is neither text nor bytes.

    Example:
        >>> func.ServiceBusMessage(body='{"order": 7}', subject="orders", delivery_count=2).get_json()
        {'order': 7}

    Source: reference 1.26.0, `ServiceBusMessage`; Azure Service Bus trigger, "Message metadata"; Service Bus messages,
    payloads, and serialization.
    """

    _wire = {
        "message_id": ("MessageId", TEXT_OR_EMPTY),
        "application_properties": ("ApplicationProperties", OBJECT),
        "content_type": ("ContentType", TEXT),
        "correlation_id": ("CorrelationId", TEXT),
        "dead_letter_error_description": ("DeadLetterErrorDescription", TEXT),
        "dead_letter_reason": ("DeadLetterReason", TEXT),
        "dead_letter_source": ("DeadLetterSource", TEXT),
        "delivery_count": ("DeliveryCount", INTEGER),
        "enqueued_sequence_number": ("EnqueuedSequenceNumber", INTEGER),
        "enqueued_time_utc": ("EnqueuedTimeUtc", DATETIME_UTC),
        "expires_at_utc": ("ExpiresAtUtc", DATETIME_UTC),
        "force_persistence": ("ForcePersistence", ANYTHING),
        "label": ("Label", TEXT),
        "locked_until": ("LockedUntil", DATETIME_UTC),
        "lock_token": ("LockToken", TEXT),
        "partition_key": ("PartitionKey", TEXT),
        "reply_to": ("ReplyTo", TEXT),
        "reply_to_session_id": ("ReplyToSessionId", TEXT),
        "scheduled_enqueue_time_utc": ("ScheduledEnqueueTimeUtc", DATETIME_UTC),
        "sequence_number": ("SequenceNumber", INTEGER),
        "session_id": ("SessionId", TEXT),
        "state": ("State", INTEGER),
        "subject": ("Subject", TEXT),
        "time_to_live": ("TimeToLive", TIMEDELTA),
        "to": ("To", TEXT),
        "transaction_partition_key": ("TransactionPartitionKey", TEXT),
        "user_properties": ("UserProperties", OBJECT),
    }

    def __init__(
        self,
        *,
        body: str | bytes | None = None,
        trigger_metadata: Mapping[str, Any] | None = None,
        application_properties: dict[str, Any] | None = None,
        content_type: str | None = None,
        correlation_id: str | None = None,
        dead_letter_error_description: str | None = None,
        dead_letter_reason: str | None = None,
        dead_letter_source: str | None = None,
        delivery_count: int | None = None,
        enqueued_sequence_number: int | None = None,
        enqueued_time_utc: datetime | None = None,
        expires_at_utc: datetime | None = None,
        force_persistence: bool | None = None,
        label: str | None = None,
        locked_until: datetime | None = None,
        lock_token: str | None = None,
        message_id: str | None = None,
        partition_key: str | None = None,
        reply_to: str | None = None,
        reply_to_session_id: str | None = None,
        scheduled_enqueue_time_utc: datetime | None = None,
        sequence_number: int | None = None,
        session_id: str | None = None,
        state: int | None = None,
        subject: str | None = None,
        time_to_live: timedelta | None = None,
        to: str | None = None,
        transaction_partition_key: str | None = None,
        user_properties: dict[str, Any] | None = None,
    ) -> None:
        self._set(
            body,
            application_properties=application_properties,
            content_type=content_type,
            correlation_id=correlation_id,
            dead_letter_error_description=dead_letter_error_description,
            dead_letter_reason=dead_letter_reason,
            dead_letter_source=dead_letter_source,
            delivery_count=delivery_count,
            enqueued_sequence_number=enqueued_sequence_number,
            enqueued_time_utc=_aware(enqueued_time_utc),
            expires_at_utc=_aware(expires_at_utc),
            force_persistence=force_persistence,
            label=label,
            locked_until=_aware(locked_until),
            lock_token=lock_token,
            message_id=message_id,
            partition_key=partition_key,
            reply_to=reply_to,
            reply_to_session_id=reply_to_session_id,
            scheduled_enqueue_time_utc=_aware(scheduled_enqueue_time_utc),
            sequence_number=sequence_number,
            session_id=session_id,
            state=state,
            subject=subject,
            time_to_live=time_to_live,
            to=to,
            transaction_partition_key=transaction_partition_key,
            user_properties=user_properties,
        )
        self._source = None if trigger_metadata is None else Metadata(trigger_metadata)

    @property
    def application_properties(self) -> dict[str, Any]:
        """Properties that the sender gave the message, by name; from ``ApplicationProperties``."""
        return self._get("application_properties")

    @property
    def content_type(self) -> str | None:
        """Media type of the body, such as ``application/json``; from ``ContentType``."""
        return self._get("content_type")

    @property
    def correlation_id(self) -> str | None:
        """Identity of what the message belongs to, such as the request that it answers; from ``CorrelationId``."""
        return self._get("correlation_id")

    @property
    def dead_letter_error_description(self) -> str | None:
        """Details on why it was put into the dead-letter queue; from ``DeadLetterErrorDescription``."""
        return self._get("dead_letter_error_description")

    @property
    def dead_letter_reason(self) -> str | None:
        """Why it was put into the dead-letter queue; from ``DeadLetterReason``."""
        return self._get("dead_letter_reason")

    @property
    def dead_letter_source(self) -> str | None:
        """Queue or subscription it was in before the dead-letter queue; from ``DeadLetterSource``."""
        return self._get("dead_letter_source")

    @property
    def delivery_count(self) -> int | None:
        """Times the message was handed out, this time included; from ``DeliveryCount``."""
        return self._get("delivery_count")

    @property
    def enqueued_sequence_number(self) -> int | None:
        """Number it had where it was first put, before it was forwarded; from ``EnqueuedSequenceNumber``."""
        return self._get("enqueued_sequence_number")

    @property
    def enqueued_time_utc(self) -> datetime | None:
        """When Service Bus took the message in, in UTC; from ``EnqueuedTimeUtc``."""
        return self._get("enqueued_time_utc")

    @property
    def expires_at_utc(self) -> datetime | None:
        """When Service Bus drops the message, in UTC; from ``ExpiresAtUtc``."""
        return self._get("expires_at_utc")

    @property
    def expiration_time(self) -> datetime | None:
        """When Service Bus drops the message, in UTC; another name of `expires_at_utc`."""
        return self._get("expires_at_utc")

    @property
    def force_persistence(self) -> bool | None:
        """Whether it was written to the store before the sender got an answer; from ``ForcePersistence``."""
        return self._get("force_persistence")

    @property
    def label(self) -> str | None:
        """Subject of the message, by its older name; from ``Label``."""
        return self._get("label")

    @property
    def locked_until(self) -> datetime | None:
        """When the lock on the message ends, in UTC; from ``LockedUntil``."""
        return self._get("locked_until")

    @property
    def lock_token(self) -> str | None:
        """Proof of the lock, needed to settle the message; from ``LockToken``."""
        return self._get("lock_token")

    @property
    def message_id(self) -> str:
        """Identity of the message, by which Service Bus finds duplicates; from ``MessageId``, empty without one."""
        return self._get("message_id")

    @property
    def partition_key(self) -> str | None:
        """Key that the sender chose the partition by; from ``PartitionKey``."""
        return self._get("partition_key")

    @property
    def reply_to(self) -> str | None:
        """Queue or topic that an answer goes to; from ``ReplyTo``."""
        return self._get("reply_to")

    @property
    def reply_to_session_id(self) -> str | None:
        """Session that an answer goes to; from ``ReplyToSessionId``."""
        return self._get("reply_to_session_id")

    @property
    def scheduled_enqueue_time_utc(self) -> datetime | None:
        """When the message becomes visible, in UTC; from ``ScheduledEnqueueTimeUtc``."""
        return self._get("scheduled_enqueue_time_utc")

    @property
    def scheduled_enqueue_time(self) -> datetime | None:
        """When the message becomes visible, in UTC; another name of `scheduled_enqueue_time_utc`."""
        return self._get("scheduled_enqueue_time_utc")

    @property
    def sequence_number(self) -> int | None:
        """Number of the message in its queue or topic; from ``SequenceNumber``."""
        return self._get("sequence_number")

    @property
    def session_id(self) -> str | None:
        """Session that the message belongs to; from ``SessionId``."""
        return self._get("session_id")

    @property
    def state(self) -> int | None:
        """0 for an active message, 1 for a deferred one, 2 for a scheduled one; from ``State``."""
        return self._get("state")

    @property
    def subject(self) -> str | None:
        """Subject of the message, chosen by the sender; from ``Subject``."""
        return self._get("subject")

    @property
    def time_to_live(self) -> timedelta | None:
        """How long the message stays in the queue after it was put there; from ``TimeToLive``."""
        return self._get("time_to_live")

    @property
    def to(self) -> str | None:
        """Address that the message is meant for; from ``To``."""
        return self._get("to")

    @property
    def transaction_partition_key(self) -> str | None:
        """Key of the partition for a transaction over several queues; from ``TransactionPartitionKey``."""
        return self._get("transaction_partition_key")

    @property
    def user_properties(self) -> dict[str, Any]:
        """Properties that the sender gave the message, by their older name; from ``UserProperties``."""
        return self._get("user_properties")


def _aware(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is not None:
        return value
    from datetime import timezone

    return value.replace(tzinfo=timezone.utc)


# --- binding classes --------------------------------------------------------------------------------------------------


class ServiceBusQueueTrigger(Trigger, type="serviceBusTrigger"):
    """Entry of type ``serviceBusTrigger`` in function.json, for a queue."""

    connection: str
    queue_name: str
    access_rights: AccessRights | None = None
    is_sessions_enabled: bool | None = None
    cardinality: Cardinality | None = None
    auto_complete_messages: bool | None = None


class ServiceBusTopicTrigger(Trigger, type="serviceBusTrigger"):
    """Entry of type ``serviceBusTrigger`` in function.json, for the subscription of a topic."""

    connection: str
    topic_name: str
    subscription_name: str
    access_rights: AccessRights | None = None
    is_sessions_enabled: bool | None = None
    cardinality: Cardinality | None = None
    auto_complete_messages: bool | None = None


class ServiceBusQueueOutput(OutputBinding, type="serviceBus"):
    """Entry of type ``serviceBus`` in function.json, for a queue."""

    connection: str
    queue_name: str
    access_rights: AccessRights | None = None


class ServiceBusTopicOutput(OutputBinding, type="serviceBus"):
    """Entry of type ``serviceBus`` in function.json, for a topic."""

    connection: str
    topic_name: str
    subscription_name: str | None = None
    access_rights: AccessRights | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class ServiceBusMessageInConverter(InConverter, binding="serviceBusTrigger", trigger=True):
    """Service Bus triggers: the argument is a `ServiceBusMessage`, or a list of them."""

    input_types: ClassVar[tuple[type, ...]] = (ServiceBusMessage,)
    input_many = True

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> Any:
        """Turn a datum and its metadata into a `ServiceBusMessage`, or the datum of a batch into a list of them.

        Raises:
            UnsupportedValueError: A wire type that the host does not send here.
        """
        raw = trigger_metadata or {}
        if _is_batch(data, raw):
            bodies = bodies_of(data)
            return list(map(ServiceBusMessage.from_host, bodies, BatchMetadata(raw, len(bodies))))
        # The reference calls the payload so.
        body = b"" if data is None else body_of(data, what="queue")
        return ServiceBusMessage.from_host(body, Metadata(raw))

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Turn a `ServiceBusMessage`, or a list of them, into the datum and metadata it would have come from."""
        if is_list(value):
            return batch_to_wire(value)
        return Datum(value.get_body(), "bytes"), value.to_metadata()


def _is_batch(data: Any, raw: Mapping[str, Any]) -> bool:
    kind = getattr(data, "type", None)
    if kind in ("collection_bytes", "collection_string"):
        return True
    # The host puts the members of a JSON body into the metadata too, and they may have any name.
    alone = "UserProperties" in raw or "MessageId" in raw
    return not alone and ("UserPropertiesArray" in raw or "MessageIdArray" in raw)


class ServiceBusMessageOutConverter(MessageOutConverter, binding="serviceBus"):
    """Service Bus outputs: text, bytes, a `ServiceBusMessage` with a body alone, a value for JSON, or several."""

    what = "Service Bus output"
    message_type: ClassVar[type[Message] | None] = ServiceBusMessage
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, ServiceBusMessage, JsonValue)
    output_item_types: ClassVar[tuple[type, ...]] = (str, bytes, ServiceBusMessage, JsonValue)

    @classmethod
    def encode_message(cls, message: ServiceBusMessage) -> bytes:
        """Give the body, which is all that the host takes.

        Raises:
            UnsupportedValueError: The message has properties, which would be lost.
        """
        lost = [name for name, value in message.to_dict().items() if name != "body" and value not in ("", {})]
        if lost:
            raise UnsupportedValueError(
                f"{cls.what} got a ServiceBusMessage with {', '.join(lost)}, and the host sends the body alone.",
                hint="Give msg.get_body() to send the body alone; ServiceBusClient of the SDK, the package "
                "azure-servicebus, sends a message with its properties.",
            )
        return message.get_body()


# --- trigger decorators -----------------------------------------------------------------------------------------------


class ServiceBusTriggers(DecoratorApi):
    """Service Bus: decorators that start a function."""

    def service_bus_queue_trigger(
        self,
        arg_name: str,
        connection: str,
        queue_name: str,
        data_type: DataType | DataTypeName | None = None,
        access_rights: AccessRights | AccessRightsName | None = None,
        is_sessions_enabled: bool | None = None,
        cardinality: Cardinality | CardinalityName | None = None,
        auto_complete_messages: bool | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each message of a queue, or for each batch of messages.

        The host completes a message when the function returns. It gives the message back when the function raises, and
        Service Bus moves it to the dead-letter queue when it was handed out as often as the queue permits.

        Args:
            arg_name: Parameter of the function that gets the `ServiceBusMessage`, or a list of them.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            queue_name: Queue to read from.
            data_type: How the host hands the content over; as it sees fit when left out.
            access_rights: What the connection permits: MANAGE, or LISTEN to receive only; MANAGE when left out.
            is_sessions_enabled: Whether the queue has sessions; no when left out.
            cardinality: ONE for each message alone, MANY for batches.
                When left out, the annotation of the parameter says it: ``list[func.ServiceBusMessage]`` is MANY.
            auto_complete_messages: Whether the host completes messages itself; as host.json says when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.service_bus_queue_trigger("msgs", "ServiceBus", "orders")
            ... def store(msgs: list[func.ServiceBusMessage]) -> None:
            ...     for msg in msgs:
            ...         print(msg.message_id, msg.get_json())

        Source: Azure Service Bus trigger, "Decorators"; reference 1.26.0, `service_bus_queue_trigger`.
        """
        return self._bind(
            ServiceBusQueueTrigger,
            kwargs,
            name=arg_name,
            connection=connection,
            queue_name=queue_name,
            data_type=as_data_type(data_type),
            access_rights=as_enum(AccessRights, access_rights),
            is_sessions_enabled=is_sessions_enabled,
            cardinality=as_enum(Cardinality, cardinality),
            auto_complete_messages=auto_complete_messages,
        )

    def service_bus_topic_trigger(
        self,
        arg_name: str,
        connection: str,
        topic_name: str,
        subscription_name: str,
        data_type: DataType | DataTypeName | None = None,
        access_rights: AccessRights | AccessRightsName | None = None,
        is_sessions_enabled: bool | None = None,
        cardinality: Cardinality | CardinalityName | None = None,
        auto_complete_messages: bool | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each message of a topic's subscription, or for each batch of messages.

        The host completes a message when the function returns. It gives the message back when the function raises, and
        Service Bus moves it to the dead-letter queue when it was handed out as often as the subscription permits.

        Args:
            arg_name: Parameter of the function that gets the `ServiceBusMessage`, or a list of them.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            topic_name: Topic to read from.
            subscription_name: Subscription of the topic to read from.
            data_type: How the host hands the content over; as it sees fit when left out.
            access_rights: What the connection permits: MANAGE, or LISTEN to receive only; MANAGE when left out.
            is_sessions_enabled: Whether the subscription has sessions; no when left out.
            cardinality: ONE for each message alone, MANY for batches.
                When left out, the annotation of the parameter says it: ``list[func.ServiceBusMessage]`` is MANY.
            auto_complete_messages: Whether the host completes messages itself; as host.json says when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.service_bus_topic_trigger("msg", "ServiceBus", "orders", "billing")
            ... def bill(msg: func.ServiceBusMessage) -> None:
            ...     print(msg.application_properties.get("customer"), msg.get_json())

        Source: Azure Service Bus trigger, "Decorators"; reference 1.26.0, `service_bus_topic_trigger`.
        """
        return self._bind(
            ServiceBusTopicTrigger,
            kwargs,
            name=arg_name,
            connection=connection,
            topic_name=topic_name,
            subscription_name=subscription_name,
            data_type=as_data_type(data_type),
            access_rights=as_enum(AccessRights, access_rights),
            is_sessions_enabled=is_sessions_enabled,
            cardinality=as_enum(Cardinality, cardinality),
            auto_complete_messages=auto_complete_messages,
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class ServiceBusBindings(DecoratorApi):
    """Service Bus: decorators for data that goes out."""

    def service_bus_queue_output(
        self,
        arg_name: str,
        connection: str,
        queue_name: str,
        data_type: DataType | DataTypeName | None = None,
        access_rights: AccessRights | AccessRightsName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Send messages to a queue after the function has returned.

        Takes str, bytes, a `ServiceBusMessage` with nothing but a body, a dict, a dataclass or a number (sent as
        JSON), or a list of them for several messages. None sends nothing. Properties, such as a session or a subject,
        cannot be sent through the host; the SDK can.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            queue_name: Queue to send to.
            data_type: How the host takes the content; as it sees fit when left out.
            access_rights: What the connection permits; MANAGE when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.service_bus_queue_output("$return", "ServiceBus", "bills")
            ... @app.service_bus_queue_trigger("msg", "ServiceBus", "orders")
            ... def bill(msg: func.ServiceBusMessage) -> dict[str, int]:
            ...     return {"order": msg.get_json()["order"]}

        Source: Azure Service Bus output binding, "Decorators"; reference 1.26.0, `service_bus_queue_output`.
        """
        return self._bind(
            ServiceBusQueueOutput,
            kwargs,
            name=arg_name,
            connection=connection,
            queue_name=queue_name,
            data_type=as_data_type(data_type),
            access_rights=as_enum(AccessRights, access_rights),
        )

    def service_bus_topic_output(
        self,
        arg_name: str,
        connection: str,
        topic_name: str,
        subscription_name: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        access_rights: AccessRights | AccessRightsName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Send messages to a topic after the function has returned.

        Takes what `service_bus_queue_output` takes.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            topic_name: Topic to send to.
            subscription_name: Subscription of the topic; the host sends to the topic, whatever stands here.
            data_type: How the host takes the content; as it sees fit when left out.
            access_rights: What the connection permits; MANAGE when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.service_bus_topic_output("$return", "ServiceBus", "bills")
            ... @app.service_bus_topic_trigger("msg", "ServiceBus", "orders", "billing")
            ... def bill(msg: func.ServiceBusMessage) -> list[str]:
            ...     return [f"bill {number}" for number in msg.get_json()["orders"]]

        Source: Azure Service Bus output binding, "Decorators"; reference 1.26.0, `service_bus_topic_output`.
        """
        return self._bind(
            ServiceBusTopicOutput,
            kwargs,
            name=arg_name,
            connection=connection,
            topic_name=topic_name,
            subscription_name=subscription_name,
            data_type=as_data_type(data_type),
            access_rights=as_enum(AccessRights, access_rights),
        )
