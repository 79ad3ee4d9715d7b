"""One function for each trigger of the guide's table, and more; each gives back what it was given."""

import json
import logging
from typing import Any, List  # noqa: UP035  # the spelling that every worker takes

import azfunc as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
more = func.Blueprint()


def shown(message: Any, *names: str) -> str:
    """Give the fields of a message as JSON text."""
    return json.dumps({name: getattr(message, name) for name in names}, default=str)


@app.route("hello/{name}", methods=["GET", "POST"])
def hello(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Answer with everything a request has."""
    body = {
        "method": req.method,
        "url": req.url,
        "name": req.route_params["name"],
        "params": dict(req.params),
        "agent": req.headers["User-Agent"],
        "body": req.get_body().decode(),
        "json": req.get_json() if req.method == "POST" else None,
        "context": [context.function_name, context.invocation_id, context.trace_context.trace_parent],
        "retry": [context.retry_context.retry_count, context.retry_context.max_retry_count],
    }
    return func.HttpResponse(json.dumps(body), status_code=201, headers={"X-Kind": "test"}, mimetype="application/json")


@app.route("text")
async def text(req: func.HttpRequest) -> str:
    """Answer with text alone."""
    return f"{type(req).__name__}, twice".upper()


@app.route("bytes")
def raw(req: func.HttpRequest) -> func.HttpResponse:
    """Answer with bytes, and a cookie."""
    return func.HttpResponse(b"\x00\xff", headers={"Set-Cookie": "a=b; Path=/; HttpOnly; Max-Age=60"})


@app.route("fails")
def fails(req: func.HttpRequest) -> func.HttpResponse:
    """Raise what the host is told of."""
    logging.info("about to fail")
    raise ValueError("no such thing")


@app.route("both")
@app.queue_output("msg", "todo", "Storage")
@app.blob_output("copy", "out/copy", "Storage")
def both(req: func.HttpRequest, msg: func.Out[List[str]], copy: func.Out[bytes]) -> str:  # noqa: UP006
    """Set two out parameters."""
    msg.set(["a", "b"])
    copy.set(b"blob")
    return "set"


@app.timer_trigger("tick", "0 */5 * * * *", run_on_startup=False)
@app.queue_output("$return", "ticks", "Storage")
def timer(tick: func.TimerRequest) -> str:
    """Tell whether the timer is late."""
    return f"late: {tick.past_due}, {tick.schedule_status}"


@app.queue_trigger("msg", "todo", "Storage")
@app.queue_output("$return", "done", "Storage")
@app.retry("fixed_delay", "3", delay_interval="00:00:05")
def queue(msg: func.QueueMessage) -> func.QueueMessage:
    """Send a message about a message."""
    names = ("id", "dequeue_count", "expiration_time", "insertion_time", "time_next_visible", "pop_receipt")
    return func.QueueMessage(body=shown(msg, *names) + msg.get_body().decode())


@app.queue_trigger("msg", "words", "Storage")
def word(msg: str) -> None:
    """Take a message as text."""
    logging.info(msg)
    if msg != "word":
        raise ValueError(msg)


@app.blob_trigger("blob", "in/{name}", "Storage")
@app.blob_input("more", "more/{name}", "Storage")
@app.blob_output("$return", "out/{name}", "Storage")
def blob(blob: func.InputStream, more: func.InputStream) -> bytes:
    """Copy two blobs into one."""
    return shown(blob, "name", "uri", "length").encode() + blob.read() + more.read(3)


@app.service_bus_queue_trigger("msg", "ServiceBus", "orders")
@app.service_bus_topic_output("$return", "ServiceBus", "events")
def bus_queue(msg: func.ServiceBusMessage) -> str:
    """Tell what a message of Service Bus has."""
    names = ("message_id", "content_type", "delivery_count", "sequence_number", "session_id", "user_properties")
    return shown(msg, *names, "enqueued_time_utc", "label", "application_properties") + msg.get_body().decode()


@app.service_bus_topic_trigger("msg", "ServiceBus", "events", "all")
@app.service_bus_queue_output("$return", "ServiceBus", "orders")
async def bus_topic(msg: func.ServiceBusMessage) -> str:
    """Tell what a message of a topic has."""
    return shown(msg, "message_id", "correlation_id") + msg.get_body().decode()


@app.event_hub_message_trigger("event", "EventHub", "hub", cardinality="one")
@app.event_hub_output("$return", "EventHub", "copies")
def hub(event: func.EventHubEvent) -> str:
    """Tell what an event has."""
    return shown(event, "partition_key", "sequence_number", "offset", "enqueued_time") + event.get_body().decode()


@app.event_hub_message_trigger("events", "EventHub", "hub", cardinality="many")
@app.event_hub_output("$return", "EventHub", "copies")
def hubs(events: List[func.EventHubEvent]) -> str:  # noqa: UP006
    """Tell what the events of a batch have."""
    return json.dumps([[each.get_body().decode(), each.sequence_number, each.partition_key] for each in events])


@app.cosmos_db_trigger("docs", "Cosmos", "db", "items", create_lease_container_if_not_exists=True)
@app.cosmos_db_output("$return", "Cosmos", "db", "copies")
def cosmos(docs: func.DocumentList) -> func.Document:
    """Make one document of several."""
    return func.Document.from_dict({"ids": [each["id"] for each in docs]})


@app.event_grid_trigger("event")
@app.event_grid_output("$return", "TopicUri", "TopicKey")
def grid(event: func.EventGridEvent) -> func.EventGridOutputEvent:
    """Answer an event with an event."""
    made = json.loads(shown(event, "id", "subject", "event_type", "event_time", "topic", "data_version"))
    return func.EventGridOutputEvent(
        id="1",
        data={**made, **event.get_json()},
        subject="s",
        event_type="t",
        event_time=event.event_time,
        data_version="1.0",
    )


@more.kafka_trigger("event", "topic", "Brokers")
@more.queue_output("$return", "done", "Storage")
def kafka(event: func.KafkaEvent) -> str:
    """Tell what an event of Kafka has."""
    return shown(event, "key", "offset", "partition", "topic", "timestamp") + event.get_body().decode()


@more.sql_trigger("rows", "Todo", "Sql")
@more.sql_output("$return", "Copies", "Sql")
def sql(rows: str) -> func.SqlRow:
    """Give back the first change."""
    return func.SqlRow(json.loads(rows)[0]["Item"])


@more.generic_trigger("item", type="customTrigger", colour="blue")
@more.generic_input_binding("also", type="customInput")
@more.generic_output_binding("$return", type="customOutput")
def generic(item: str, also: str) -> str:
    """Take what has no converter."""
    return f"{item} and {also}"


@more.queue_trigger("msg", "none", "Storage")
@more.queue_output("$return", "done", "Storage")
def nothing(msg: func.QueueMessage) -> str:
    """Send no message."""
    return None  # type: ignore[return-value]


@more.queue_trigger("msg", "kinds", "Storage")
@more.queue_output("out", "done", "Storage")
def kinds(msg: func.QueueMessage, out: func.Out[str], context: func.Context) -> None:
    """Tell of which classes the arguments are."""
    out.set(json.dumps([isinstance(msg, func.QueueMessage), type(context).__name__, type(out).__name__]))
    context.thread_local_storage.seen = True


@more.warm_up_trigger("ctx")
def warm(ctx) -> None:  # noqa: ANN001  # the reference names a class for it, and has none
    """Get ready."""
    logging.info("%s", type(ctx).__name__)


app.register_functions(more)
