"""Events and messages as the host sends them to an extension package: in AMQP, with what the service knows of them.

Source: the readers of `azurefunctions-extensions-bindings-eventhub` and `-servicebus`; Azure Event Hubs and Azure
Service Bus, "AMQP 1.0 protocol guide", "Message annotations".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from azfunc._core.checks import is_dict, is_list
from azfunc._core.datum import Datum
from azfunc.bindings.servicebus import ServiceBusMessage
from azfunc.runtime.amqp import encode_message
from azfunc.runtime.sdk_types import COLLECTION_TYPE, MODEL_TYPE, CollectionModelBindingData, ModelBindingData

if TYPE_CHECKING:
    from azfunc.bindings.eventhub import EventHubEvent

_LOCK_TOKEN = b"x-opt-lock-token"


def as_model(message: Any) -> Datum:
    """Give what the host sends for a message of azfunc, or a list of them."""
    if is_list(message):
        return Datum(CollectionModelBindingData(tuple(_model(each) for each in message)), COLLECTION_TYPE)
    return Datum(_model(message), MODEL_TYPE)


def _model(message: Any) -> ModelBindingData:
    if isinstance(message, ServiceBusMessage):
        return ModelBindingData(
            _service_bus(message), source="AzureServiceBusReceivedMessage", content_type="application/octet-stream"
        )
    return ModelBindingData(_event(message), source="AzureEventHubsEventData", content_type="application/octet-stream")


def _event(event: EventHubEvent) -> bytes:
    own = event.metadata or {}
    annotations: dict[str, Any] = {
        "x-opt-sequence-number": event.sequence_number,
        "x-opt-offset": None if event.offset is None else str(event.offset),
        "x-opt-enqueued-time": event.enqueued_time,
        "x-opt-partition-key": event.partition_key,
    }
    annotations |= {f"iothub-{name}": value for name, value in (event.iothub_metadata or {}).items()}
    properties = own.get("Properties")
    return encode_message(
        event.get_body(),
        annotations=annotations,
        properties={name: own.get(key) for name, key in _EVENT_PROPERTIES.items()},
        application_properties=properties if is_dict(properties) else None,
    )


_EVENT_PROPERTIES = {"message_id": "MessageId", "correlation_id": "CorrelationId", "content_type": "ContentType"}


def _service_bus(message: ServiceBusMessage) -> bytes:
    """Give the lock token, a mark, and the message."""
    annotations = {
        "x-opt-sequence-number": message.sequence_number,
        "x-opt-enqueued-time": message.enqueued_time_utc,
        "x-opt-locked-until": message.locked_until,
        "x-opt-partition-key": message.partition_key,
        "x-opt-via-partition-key": message.transaction_partition_key,
        "x-opt-scheduled-enqueue-time": message.scheduled_enqueue_time_utc,
        "x-opt-enqueue-sequence-number": message.enqueued_sequence_number,
        "x-opt-deadletter-source": message.dead_letter_source,
    }
    properties = {
        "message_id": message.message_id or None,
        "to": message.to,
        "subject": message.subject if message.subject is not None else message.label,
        "reply_to": message.reply_to,
        "correlation_id": message.correlation_id,
        "content_type": message.content_type,
        "absolute_expiry_time": message.expires_at_utc,
        "group_id": message.session_id,
        "reply_to_group_id": message.reply_to_session_id,
    }
    own: dict[str, Any] = {
        "DeadLetterReason": message.dead_letter_reason,
        "DeadLetterErrorDescription": message.dead_letter_error_description,
        **(message.user_properties or {}),
        **(message.application_properties or {}),
    }
    ttl = message.time_to_live
    encoded = encode_message(
        message.get_body(),
        delivery_count=message.delivery_count,
        ttl_milliseconds=None if ttl is None else round(ttl.total_seconds() * 1000),
        annotations=annotations,
        properties=properties,
        application_properties=own,
    )
    return _token(message.lock_token).bytes_le + _LOCK_TOKEN + encoded


def _token(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:  # none, or one that a test made up
        return UUID(int=0)
