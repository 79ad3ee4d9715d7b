"""Makers of messages, contexts and out parameters, as the host would hand them over.

Everything has a sensible value, always the same one, so that a test says only what it is about. What they give are the
classes of `azfunc` itself; `TestClient.send` takes them, and so do the functions themselves.

Example:
    >>> from azfunc.testing import make
    >>> make.queue_message({"order": 7}, dequeue_count=4).get_json()
    {'order': 7}
    >>> make.timer(past_due=True).past_due
    True
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_buffer
from azfunc._core.context import Context, Out, RetryContext, RpcException, TraceContext
from azfunc._core.jsonlib import dumps
from azfunc.bindings.blob import InputStream
from azfunc.bindings.cosmosdb import Document, DocumentList
from azfunc.bindings.eventgrid import CloudEvent, EventGridEvent
from azfunc.bindings.eventhub import EventHubEvent
from azfunc.bindings.http import HttpRequest
from azfunc.bindings.http.request import NOT_GIVEN
from azfunc.bindings.kafka import KafkaEvent
from azfunc.bindings.mysql import MySqlRow, MySqlRowList
from azfunc.bindings.queue import QueueMessage
from azfunc.bindings.servicebus import ServiceBusMessage
from azfunc.bindings.sql import SqlRow, SqlRowList
from azfunc.bindings.timer import TimerRequest
from azfunc.bindings.warmup import WarmUpContext
from azfunc.runtime.logs import thread_local_storage
from azfunc.testing.make.durable import activity_input, entity, orchestration
from azfunc.testing.make.payloads import (
    assistant_skill,
    connector_payload,
    dapr_event,
    dapr_message,
    kusto_rows,
    mcp_prompt_request,
    mcp_resource_read,
    mcp_tool_call,
    rabbitmq_message,
    redis_list_entry,
    redis_message,
    redis_stream_entry,
    semantic_search,
    signalr_connection_info,
    signalr_invocation,
    text_completion,
    web_pubsub_connection,
    web_pubsub_request,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from azfunc.bindings.http.fields import HeaderSource
    from azfunc.bindings.http.forms import FileSource, FormSource
    from azfunc.bindings.http.query import QuerySource

__all__ = [
    "INVOCATION_ID",
    "NOW",
    "activity_input",
    "assistant_skill",
    "blob",
    "cloud_event",
    "connector_payload",
    "context",
    "dapr_event",
    "dapr_message",
    "document",
    "documents",
    "entity",
    "event_grid_event",
    "event_hub_event",
    "event_hub_events",
    "http",
    "kafka_event",
    "kafka_events",
    "kusto_rows",
    "mcp_prompt_request",
    "mcp_resource_read",
    "mcp_tool_call",
    "mysql_changes",
    "mysql_rows",
    "orchestration",
    "out",
    "queue_message",
    "rabbitmq_message",
    "redis_list_entry",
    "redis_message",
    "redis_stream_entry",
    "semantic_search",
    "service_bus_message",
    "service_bus_messages",
    "signalr_connection_info",
    "signalr_invocation",
    "sql_changes",
    "sql_rows",
    "table_rows",
    "text_completion",
    "timer",
    "warmup",
    "web_pubsub_connection",
    "web_pubsub_request",
]

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
"""The time at which all of it happens, in UTC."""
INVOCATION_ID = "11111111-2222-4333-8444-555555555555"
"""Invocation id of a context."""
_TRACE_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def _content(body: Any) -> str | bytes:
    """Give text and bytes as they are, None as nothing, and everything else as JSON."""
    if body is None:
        return b""
    return body if isinstance(body, str) else bytes(body) if is_buffer(body) else dumps(body)


# --- what every function can take -------------------------------------------------------------------------------------


def context(
    function_name: str = "function",
    *,
    function_directory: str = "/home/site/wwwroot",
    invocation_id: str = INVOCATION_ID,
    trace_parent: str | None = _TRACE_PARENT,
    trace_state: str | None = None,
    retry_count: int = 0,
    max_retry_count: int = 0,
    exception: Exception | None = None,
) -> Context:
    """Make a context, as a function gets it.

    Args:
        function_name: Name of the function.
        function_directory: Folder that the function runs in.
        invocation_id: Identity of the call, a UUID as text.
        trace_parent: Identity of the request in its trace; None for no trace.
        trace_state: Vendors' own data of the trace.
        retry_count: Attempts before this one.
        max_retry_count: Greatest number of further attempts; -1 for no limit.
        exception: What the attempt before raised.
    """
    told = None if exception is None else RpcException(source=type(exception).__name__, message=str(exception))
    return Context(
        function_name=function_name,
        function_directory=function_directory,
        invocation_id=invocation_id,
        trace_context=TraceContext(trace_parent=trace_parent, trace_state=trace_state),
        retry_context=RetryContext(retry_count=retry_count, max_retry_count=max_retry_count, exception=told),
        thread_local_storage=thread_local_storage,
    )


def out() -> Out[Any]:
    """Make an out parameter; ``get()`` gives what the function has set, ``history`` all of it."""
    return Out[Any]()


# --- triggers ---------------------------------------------------------------------------------------------------------


def http(
    method: str = "GET",
    url: str = "/api/function",
    *,
    headers: HeaderSource | None = None,
    params: QuerySource | None = None,
    route_params: Mapping[str, str] | None = None,
    body: str | bytes | None = None,
    json: Any = NOT_GIVEN,
    form: FormSource | None = None,
    files: FileSource | None = None,
    cookies: Mapping[str, str] | None = None,
) -> HttpRequest:
    """Make an HTTP request; a relative URL becomes a whole one, as the host sends it.

    Args:
        method: ``GET``, ``POST`` and so on.
        url: URL with its query; ``https://localhost`` goes in front of a path.
        headers: A mapping, or pairs.
        params: Query values, read from the URL when left out; numbers become text, a list is several of one name.
        route_params: Values of the route's parameters.
        body: Content, as bytes or text.
        json: Content as a value that JSON can hold.
        form: Content as form fields.
        files: Files of a form.
        cookies: Cookies, by name.
    """
    return HttpRequest(
        method,
        url if "://" in url else f"https://localhost/{url.lstrip('/')}",
        headers=headers,
        params=params,
        route_params=route_params,
        body=body,
        json=json,
        form=form,
        files=files,
        cookies=cookies,
    )


def timer(
    *,
    past_due: bool = False,
    last: datetime | None = None,
    next: datetime | None = None,
    interval: timedelta = timedelta(minutes=5),
) -> TimerRequest:
    """Make what a timer function gets.

    Args:
        past_due: Whether the call comes later than the schedule said.
        last: When the schedule was last due; `NOW` when left out.
        next: When it is due next; an interval after the last time when left out.
        interval: Time between two calls.
    """
    last = last or NOW
    status = {"Last": last, "Next": next or last + interval, "LastUpdated": last}
    texts = {key: time.isoformat() for key, time in status.items()}
    return TimerRequest(past_due=past_due, schedule_status=texts, schedule={"AdjustForDST": True})


def queue_message(
    body: Any = "",
    *,
    id: str = "9c4d7a1e-9a3e-4b1c-8d7e-0a6d2f5f7b1a",
    dequeue_count: int = 1,
    insertion_time: datetime = NOW,
    expiration_time: datetime | None = None,
    time_next_visible: datetime | None = None,
    pop_receipt: str = "AgAAAAMAAAAAAAAA",
) -> QueueMessage:
    """Make a message of a storage queue.

    Args:
        body: Content: text, bytes, or a value for JSON.
        id: Identity of the message in the queue.
        dequeue_count: Times the message was handed out, this time included.
        insertion_time: When the message was added.
        expiration_time: When the queue drops the message; seven days after it was added when left out.
        time_next_visible: When it can be seen again; ten minutes after it was added when left out.
        pop_receipt: Proof of the hand-over.
    """
    return QueueMessage(
        id=id,
        body=_content(body),
        dequeue_count=dequeue_count,
        insertion_time=insertion_time,
        expiration_time=expiration_time or insertion_time + timedelta(days=7),
        time_next_visible=time_next_visible or insertion_time + timedelta(minutes=10),
        pop_receipt=pop_receipt,
    )


def service_bus_message(
    body: Any = "",
    *,
    message_id: str = "1",
    sequence_number: int = 1,
    delivery_count: int = 1,
    enqueued_time_utc: datetime = NOW,
    application_properties: dict[str, Any] | None = None,
    content_type: str | None = None,
    **fields: Any,
) -> ServiceBusMessage:
    """Make a message of a Service Bus queue or topic.

    Args:
        body: Content: text, bytes, or a value for JSON.
        message_id: Identity of the message.
        sequence_number: Number of the message in its queue or topic.
        delivery_count: Times the message was handed out, this time included.
        enqueued_time_utc: When Service Bus took the message in.
        application_properties: Properties that the sender gave it.
        content_type: Media type; ``application/json`` for a value that became JSON, else none, when left out.
        **fields: Further fields of `ServiceBusMessage`, such as ``session_id`` or ``subject``.
    """
    is_json = not (body is None or isinstance(body, str) or is_buffer(body))
    given: dict[str, Any] = {
        "content_type": content_type or ("application/json" if is_json else None),
        "enqueued_sequence_number": sequence_number,
        "expires_at_utc": enqueued_time_utc + timedelta(days=14),
        "locked_until": enqueued_time_utc + timedelta(minutes=1),
        "lock_token": "c0a80165-0000-4000-8000-000000000001",
        "state": 0,
        "time_to_live": timedelta(days=14),
        "user_properties": application_properties,
        **fields,
    }
    return ServiceBusMessage(
        body=_content(body),
        message_id=message_id,
        sequence_number=sequence_number,
        delivery_count=delivery_count,
        enqueued_time_utc=enqueued_time_utc,
        application_properties=application_properties,
        **given,
    )


def service_bus_messages(bodies: Iterable[Any] = ("", ""), **fields: Any) -> list[ServiceBusMessage]:
    """Make a batch of Service Bus messages, numbered from 1 on.

    Args:
        bodies: Content of each: text, bytes, or a value for JSON.
        **fields: Fields that all have, as for `service_bus_message`.
    """
    made: list[ServiceBusMessage] = []
    for number, body in enumerate(bodies, start=1):
        own: dict[str, Any] = {"message_id": str(number), "sequence_number": number, **fields}
        made.append(service_bus_message(body, **own))
    return made


def event_hub_event(
    body: Any = "",
    *,
    sequence_number: int = 1,
    offset: str = "0",
    enqueued_time: datetime = NOW,
    partition_key: str | None = None,
    partition_id: str = "0",
    properties: Mapping[str, Any] | None = None,
    iothub_metadata: Mapping[str, Any] | None = None,
) -> EventHubEvent:
    """Make an event of an event hub.

    Args:
        body: Content: text, bytes, or a value for JSON.
        sequence_number: Number of the event in its partition.
        offset: Place of the event in its partition.
        enqueued_time: When the event hub took the event in.
        partition_key: Key that the sender chose the partition by.
        partition_id: The partition.
        properties: Properties that the sender gave it; in ``event.metadata["Properties"]``.
        iothub_metadata: Properties that an IoT hub adds, by their names without ``iothub-``.
    """
    partition = {"EventHubName": "hub", "ConsumerGroup": "$Default", "PartitionId": partition_id}
    return EventHubEvent(
        body=_content(body),
        sequence_number=sequence_number,
        offset=offset,
        enqueued_time=enqueued_time,
        partition_key=partition_key,
        iothub_metadata=iothub_metadata,
        trigger_metadata={"PartitionContext": partition, "Properties": dict(properties or {})},
    )


def event_hub_events(bodies: Iterable[Any] = ("", ""), **fields: Any) -> list[EventHubEvent]:
    """Make a batch of events of one partition of an event hub, numbered from 1 on.

    Args:
        bodies: Content of each: text, bytes, or a value for JSON.
        **fields: Fields that all have, as for `event_hub_event`.
    """
    made: list[EventHubEvent] = []
    for number, body in enumerate(bodies, start=1):
        own: dict[str, Any] = {"sequence_number": number, "offset": str(40 * (number - 1)), **fields}
        made.append(event_hub_event(body, **own))
    return made


def kafka_event(
    body: Any = "",
    *,
    key: str | None = None,
    topic: str = "topic",
    partition: int = 0,
    offset: int = 0,
    timestamp: datetime = NOW,
    headers: Mapping[str, str | bytes | None] | None = None,
) -> KafkaEvent:
    """Make an event of a Kafka topic.

    Args:
        body: Content: text, bytes, or a value for JSON.
        key: Key of the event.
        topic: Topic that it was read from.
        partition: Number of the partition.
        offset: Place of the event in its partition.
        timestamp: When the event was written.
        headers: Headers of the event, by name.
    """
    return KafkaEvent(
        body=_content(body),
        key=key,
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp=timestamp.isoformat(),
        headers=headers or {},
    )


def kafka_events(bodies: Iterable[Any] = ("", ""), **fields: Any) -> list[KafkaEvent]:
    """Make a batch of events of one partition of a Kafka topic, at the places from 0 on.

    Args:
        bodies: Content of each: text, bytes, or a value for JSON.
        **fields: Fields that all have, as for `kafka_event`.
    """
    made: list[KafkaEvent] = []
    for place, body in enumerate(bodies):
        own: dict[str, Any] = {"offset": place, **fields}
        made.append(kafka_event(body, **own))
    return made


def event_grid_event(
    data: Any = None,
    *,
    id: str = "831e1650-001e-001b-66ab-eeb76e069631",
    event_type: str = "Shop.OrderPlaced",
    subject: str = "/orders/7",
    topic: str = "/subscriptions/0/resourceGroups/shop/providers/Microsoft.EventGrid/topics/orders",
    event_time: datetime = NOW,
    data_version: str = "1.0",
) -> EventGridEvent:
    """Make an event in the Event Grid schema.

    Args:
        data: What happened: a value that JSON can hold; an empty object when left out.
        id: Identity of the event.
        event_type: Kind of the event.
        subject: Path of what the event is about.
        topic: Resource that the event comes from.
        event_time: When the event happened.
        data_version: Version of the shape of the data.
    """
    return EventGridEvent(
        id=id,
        data={} if data is None else data,
        topic=topic,
        subject=subject,
        event_type=event_type,
        event_time=event_time,
        data_version=data_version,
    )


def cloud_event(
    data: Any = None,
    *,
    id: str = "831e1650-001e-001b-66ab-eeb76e069631",
    type: str = "Shop.OrderPlaced",
    source: str = "/shop",
    subject: str | None = None,
    time: datetime = NOW,
    **extensions: Any,
) -> CloudEvent:
    """Make an event in the CloudEvents 1.0 schema.

    Args:
        data: What happened: a value that JSON can hold, or bytes; an empty object when left out.
        id: Identity of the event.
        type: Kind of the event.
        source: What the event comes from.
        subject: What the event is about, within the source.
        time: When the event happened.
        **extensions: Further attributes.
    """
    return CloudEvent(
        id=id, type=type, source=source, subject=subject, time=time, data={} if data is None else data, **extensions
    )


def sql_changes(*items: Mapping[str, Any], operation: int = 0) -> str:
    """Make what a SQL trigger gets: the JSON text of a list of changes.

    Args:
        *items: The rows.
        operation: What happened to them: 0 for added, 1 for changed, 2 for deleted.
    """
    return dumps([{"Operation": operation, "Item": dict(item)} for item in items])


def mysql_changes(*items: Mapping[str, Any]) -> str:
    """Make what a MySQL trigger gets: the JSON text of a list of changes, whose ``Operation`` is always 0.

    Args:
        *items: The rows, added or changed.
    """
    return sql_changes(*items)


def warmup() -> WarmUpContext:
    """Make what a warmup function gets."""
    return WarmUpContext()


# --- triggers and inputs ----------------------------------------------------------------------------------------------


def blob(
    data: Any = b"",
    *,
    name: str = "container/blob.txt",
    uri: str | None = None,
    content_type: str = "application/octet-stream",
    metadata: dict[str, Any] | None = None,
) -> InputStream:
    """Make a blob.

    Args:
        data: Content: bytes, text, or a value for JSON.
        name: Path of the blob with its container.
        uri: Address of the blob; one made of the name when left out.
        content_type: Media type of the content.
        metadata: Metadata of the blob, as the one who stored it set them.
    """
    content = _content(data)
    length = len(content.encode("utf-8") if isinstance(content, str) else content)
    properties = {
        "LastModified": NOW.isoformat(),
        "ContentLength": length,
        "ContentType": content_type,
        "ETag": "0x8D6",
        "BlobType": 0,
    }
    return InputStream(
        data=content,
        name=name,
        uri=uri or f"https://store.blob.core.windows.net/{name}",
        blob_properties=properties,
        metadata=metadata or {},
    )


def document(id: str = "1", **values: Any) -> Document:
    """Make a document of Cosmos DB, with the fields that the service adds.

    Args:
        id: Identity of the document.
        **values: Its values, by name.
    """
    system = {
        "_rid": f"rid-{id}",
        "_self": f"dbs/db/colls/items/docs/{id}",
        "_etag": '"0000"',
        "_ts": int(NOW.timestamp()),
    }
    return Document({"id": id, **values, **system})


def documents(*documents: Mapping[str, Any]) -> DocumentList:
    """Make a list of documents of Cosmos DB: what its trigger and its input give.

    Args:
        *documents: Documents or dicts; one document when left out.
    """
    return DocumentList(documents or [document()])


def sql_rows(*rows: Mapping[str, Any]) -> SqlRowList:
    """Make the rows that a SQL input gives.

    Args:
        *rows: Rows or dicts.
    """
    return SqlRowList([SqlRow(row) for row in rows])


def mysql_rows(*rows: Mapping[str, Any]) -> MySqlRowList:
    """Make the rows that a MySQL input gives.

    Args:
        *rows: Rows or dicts.
    """
    return MySqlRowList([MySqlRow(row) for row in rows])


def table_rows(*rows: Mapping[str, Any]) -> str:
    """Make what a table input gives: the JSON text of a list of rows, each with its keys.

    Args:
        *rows: Rows; ``PartitionKey`` and ``RowKey`` are filled in where they are missing.
    """
    return dumps([{"PartitionKey": "1", "RowKey": str(number), **row} for number, row in enumerate(rows, start=1)])


DEFAULTS: Mapping[str, Callable[[], Any]] = {
    "httpTrigger": http,
    "timerTrigger": timer,
    "warmupTrigger": warmup,
}
"""Binding type of a trigger that can do without a message -> maker of what it gets then."""
