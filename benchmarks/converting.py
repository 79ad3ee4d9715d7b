"""Theme `convert`: messages from the host, singly and in batches, with their fields read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.harness import Task, compare_all
from benchmarks.libraries import converter, datum, datums

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.harness import Plan, Result

    Make = Callable[[str], Callable[[], Any]]

WHEN = "2024-02-29T05:39:12.17Z"
QUEUE = {"Id": "9c4d7a1e-9a3e-4b1c-8d7e-0a6d2f5f7b1a", "DequeueCount": 2, "PopReceipt": "AgAAAAMAAAAAAAAA"}
QUEUE_DATES = {"InsertionTime": WHEN, "ExpirationTime": WHEN, "NextVisibleTime": WHEN}
QUEUE_FIELDS = ("id", "dequeue_count", "pop_receipt", "insertion_time", "expiration_time", "time_next_visible")
SERVICE_BUS: dict[str, Any] = {
    "UserProperties": {"tenant": "a", "priority": 3},
    "ApplicationProperties": {"tenant": "a", "priority": 3},
    "ContentType": "application/json",
    "CorrelationId": "87931fd2-39f4-415a-9fdc-adfdcbed3148",
    "DeadLetterSource": "orders",
    "DeliveryCount": 1,
    "EnqueuedSequenceNumber": 5,
    "EnqueuedTimeUtc": WHEN,
    "ExpiresAtUtc": WHEN,
    "Label": "order",
    "LockedUntil": WHEN,
    "LockToken": "87931fd2-39f4-415a-9fdc-adfdcbed3148",
    "MessageId": "c31f3d2e0a4f4b0c9a1f",
    "PartitionKey": "a",
    "ReplyTo": "answers",
    "ReplyToSessionId": "7",
    "ScheduledEnqueueTimeUtc": WHEN,
    "SequenceNumber": 9,
    "SessionId": "7",
    "State": 0,
    "Subject": "order",
    "TimeToLive": "11:22:33",
    "To": "orders",
    "TransactionPartitionKey": "a",
}
# Not `force_persistence`, which the reference refuses to read.
SERVICE_BUS_FIELDS = (
    "application_properties",
    "content_type",
    "correlation_id",
    "dead_letter_error_description",
    "dead_letter_reason",
    "dead_letter_source",
    "delivery_count",
    "enqueued_sequence_number",
    "enqueued_time_utc",
    "expires_at_utc",
    "label",
    "locked_until",
    "lock_token",
    "message_id",
    "partition_key",
    "reply_to",
    "reply_to_session_id",
    "scheduled_enqueue_time_utc",
    "sequence_number",
    "session_id",
    "state",
    "subject",
    "time_to_live",
    "to",
    "transaction_partition_key",
    "user_properties",
)
EVENT_FIELDS = ("partition_key", "sequence_number", "offset", "enqueued_time", "iothub_metadata")


def read(messages: Sequence[Any], fields: Sequence[str]) -> list[list[Any]]:
    """Read the body and the fields of messages."""
    return [[message.get_body(), *[getattr(message, name) for name in fields]] for message in messages]


def queue_message(metadata: dict[str, Any], fields: Sequence[str]) -> Make:
    """Make the work of one queue message with some metadata, of which some fields are read."""

    def make(library: str) -> Callable[[], Any]:
        body = datum(library, '{"order": 7}', "string")
        raw = datums(library, metadata)
        decode = converter(library, "queueTrigger").decode
        return lambda: read([decode(body, trigger_metadata=raw)], fields)

    return make


def service_bus_message(library: str) -> Callable[[], Any]:
    """Make the work of one Service Bus message, every field of it read."""
    body = datum(library, b'{"order": 7}', "bytes")
    raw = datums(library, SERVICE_BUS)
    decode = converter(library, "serviceBusTrigger").decode
    return lambda: read([decode(body, trigger_metadata=raw)], SERVICE_BUS_FIELDS)


def service_bus_batch(count: int) -> Make:
    """Make the work of a Service Bus batch, every field of every message read."""

    def make(library: str) -> Callable[[], Any]:
        bodies = _bodies(library, count)
        raw = datums(library, {f"{key}Array": [value] * count for key, value in SERVICE_BUS.items()})
        decode = converter(library, "serviceBusTrigger").decode
        return lambda: read(decode(bodies, trigger_metadata=raw), SERVICE_BUS_FIELDS)

    return make


def event_batch(count: int, *, metadata: bool = False) -> Make:
    """Make the work of an Event Hubs batch: every field of every event read, or `metadata` of every event."""

    def make(library: str) -> Callable[[], Any]:
        bodies = _bodies(library, count)
        raw = datums(library, _event_arrays(count))
        decode = converter(library, "eventHubTrigger").decode
        if metadata:
            return lambda: sum(event.metadata is not None for event in decode(bodies, trigger_metadata=raw))
        return lambda: read(decode(bodies, trigger_metadata=raw), EVENT_FIELDS)

    return make


def _event_arrays(count: int) -> dict[str, Any]:
    system = [
        {
            "SequenceNumber": number,
            "Offset": str(number * 80),
            "PartitionKey": "a",
            "EnqueuedTimeUtc": WHEN,
            "iothub-connection-device-id": "pump-7",
        }
        for number in range(count)
    ]
    return {
        "SystemPropertiesArray": system,
        "PropertiesArray": [{"source": "roof"}] * count,
        "PartitionContext": {"ConsumerGroup": "$Default", "PartitionId": "0"},
    }


def _bodies(library: str, count: int) -> Any:
    class Bodies(list[bytes]):
        """A batch as protobuf gives it: the bodies are one attribute deeper."""

        @property
        def bytes(self) -> list[Any]:
            return list(self)

    return datum(library, Bodies([b'{"order": 7}'] * count), "collection_bytes")


def tasks(*, count: int = 1000) -> list[Task]:
    """Give what is timed, with batches of a size."""
    dated = {**QUEUE, "InsertionTime": WHEN}
    whole = {**QUEUE, **QUEUE_DATES}
    whole_batch = count >= 1000
    few = 5 if whole_batch else None

    def goals(gate: float, aim: float) -> tuple[float | None, float | None]:
        # What the reference does again for each message weighs less in a batch of fewer.
        return (gate, aim) if whole_batch else (None, None)

    return [
        Task("convert", "one queue message, every field", queue_message(whole, QUEUE_FIELDS), 8, 25),
        Task("convert", "a queue message with one date", queue_message(dated, ("insertion_time",)), 20, 50),
        Task("convert", "one Service Bus message, every field", service_bus_message, 15, 35),
        Task(
            "convert",
            f"Service Bus batch of {count}, every field",
            service_bus_batch(count),
            *goals(50, 150),
            rounds=few,
        ),
        Task("convert", f"Event Hub batch of {count}, every field", event_batch(count), *goals(15, 30), rounds=few),
        Task(
            "convert",
            f"Event Hub batch of {count}, `metadata` of every event",
            event_batch(count, metadata=True),
            *goals(100, 500),
            rounds=few,
        ),
    ]


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme."""
    return compare_all(tasks(count=100 if plan.quick else 1000), plan)
