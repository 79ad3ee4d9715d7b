"""Makers of messages, contexts and out parameters."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.bindings.generic import GenericInputBinding, GenericTrigger
from azfunc.runtime.generic import GenericConverter
from azfunc.runtime.wire import to_wire
from azfunc.testing import TestClient, make

if TYPE_CHECKING:
    from collections.abc import Callable

MAKERS: dict[str, Callable[[], Any]] = {
    name: getattr(make, name) for name in make.__all__ if inspect.isfunction(getattr(make, name))
}
TRIGGERS = {
    "assistant_skill": "assistantSkillTrigger",
    "blob": "blobTrigger",
    "cloud_event": "eventGridTrigger",
    "connector_payload": "connectorTrigger",
    "dapr_event": "daprTopicTrigger",
    "dapr_message": "daprBindingTrigger",
    "documents": "cosmosDBTrigger",
    "entity": "entityTrigger",
    "event_grid_event": "eventGridTrigger",
    "event_hub_event": "eventHubTrigger",
    "http": "httpTrigger",
    "kafka_event": "kafkaTrigger",
    "mcp_prompt_request": "mcpPromptTrigger",
    "mysql_changes": "mysqlTrigger",
    "orchestration": "orchestrationTrigger",
    "queue_message": "queueTrigger",
    "rabbitmq_message": "rabbitMQTrigger",
    "redis_list_entry": "redisListTrigger",
    "redis_message": "redisPubSubTrigger",
    "redis_stream_entry": "redisStreamTrigger",
    "service_bus_message": "serviceBusTrigger",
    "signalr_invocation": "signalRTrigger",
    "sql_changes": "sqlTrigger",
    "timer": "timerTrigger",
    "warmup": "warmupTrigger",
    "web_pubsub_request": "webPubSubTrigger",
}
BATCHES = {
    "event_hub_events": "eventHubTrigger",
    "kafka_events": "kafkaTrigger",
    "service_bus_messages": "serviceBusTrigger",
}


@pytest.mark.parametrize("name", MAKERS)
def test_everything_can_be_made_without_a_word(name: str) -> None:
    """And it is the same each time; an out parameter is a new one."""
    assert MAKERS[name]() == MAKERS[name]()


@pytest.mark.parametrize("name", [*TRIGGERS, *BATCHES])
def test_what_is_made_comes_through_the_converter_as_it_is(name: str) -> None:
    """It is what the host would hand over: made again from its wire form, it is equal."""
    kind = {**TRIGGERS, **BATCHES}[name]
    binding = GenericTrigger(name="it", type=kind, extra={"cardinality": "many"} if name in BATCHES else {})
    made = MAKERS[name]()
    sent = to_wire(binding, made)
    converter: Any = func.get_binding_registry().get(kind) or GenericConverter

    found = converter.decode(sent.datum, trigger_metadata=sent.metadata)

    assert found == ([] if name == "mysql_changes" else made)


@pytest.mark.parametrize(("name", "kind"), [("documents", "cosmosDB"), ("sql_rows", "sql"), ("mysql_rows", "mysql")])
def test_rows_are_what_inputs_give(name: str, kind: str) -> None:
    """The service's own list."""
    rows = getattr(make, name)({"id": "1", "title": "Tea"})
    sent = to_wire(GenericInputBinding(name="rows", type=kind), rows)
    converter: Any = func.get_binding_registry().get(kind)

    assert converter.decode(sent.datum, trigger_metadata={}) == rows


def test_bodies_may_be_anything_that_has_a_meaning() -> None:
    """Text and bytes as they are, None as nothing, the rest as JSON."""
    bodies = [make.queue_message(body).get_body() for body in ("é", b"\xff", bytearray(b"x"), None, {"a": 1}, 7)]

    assert bodies == ["é".encode(), b"\xff", b"x", b"", b'{"a": 1}', b"7"]


def test_a_context() -> None:
    """It has what the host says, and tells of the attempt before."""
    context = make.context("work", retry_count=1, max_retry_count=3, exception=LookupError("no"))

    assert (context.function_name, context.invocation_id) == ("work", make.INVOCATION_ID)
    assert context.trace_context.trace_parent
    assert context.retry_context.exception == func_exception("LookupError", "no")
    assert make.context().retry_context.exception is None
    assert make.context(trace_parent=None).trace_context.trace_parent is None


def func_exception(source: str, message: str) -> object:
    """Give an exception as the host tells it."""
    from azfunc._core.context import RpcException

    return RpcException(source=source, message=message)


def test_an_out_parameter() -> None:
    """It gives what the function has set."""

    def work(out: func.Out[str]) -> None:
        out.set("done")

    out = make.out()
    work(out)

    assert out.get() == "done"


def test_a_request_has_a_whole_url() -> None:
    """As the host sends it; a whole one stays."""
    assert make.http("POST", "/api/orders?limit=5", json={"a": 1}).url == "https://localhost/api/orders?limit=5"
    assert make.http(url="http://shop.example/x").url == "http://shop.example/x"
    assert make.http("POST", json={"a": 1}).get_json() == {"a": 1}


def test_a_timer() -> None:
    """Its times are an interval apart, and it may be late."""
    timer = make.timer(past_due=True, interval=timedelta(hours=1))
    last = datetime(2026, 5, 1, tzinfo=timezone.utc)
    other = make.timer(last=last, next=last + timedelta(days=1))

    assert timer.past_due
    assert timer.schedule_status.last == make.NOW
    assert timer.schedule_status.next == make.NOW + timedelta(hours=1)
    assert other.schedule_status.next == last + timedelta(days=1)


def test_fields_can_be_given() -> None:
    """What a test is about it says itself; the rest fits to it."""
    queued = make.queue_message(dequeue_count=4, expiration_time=make.NOW, time_next_visible=make.NOW)
    bus = make.service_bus_message({"a": 1}, subject="s", application_properties={"p": 1}, state=1)
    event = make.event_hub_event(properties={"p": 1}, iothub_metadata={"device": "roof"}, partition_key="k")
    kafka = make.kafka_event(key="ada", headers={"language": "python"})
    cloud = make.cloud_event({"a": 1}, subject="s", traceparent="00-a")

    assert (queued.dequeue_count, queued.expiration_time, queued.time_next_visible) == (4, make.NOW, make.NOW)
    assert (bus.subject, bus.content_type, bus.user_properties, bus.state) == ("s", "application/json", {"p": 1}, 1)
    assert make.service_bus_message("x").content_type is None
    assert make.service_bus_message("x", content_type="text/plain").content_type == "text/plain"
    assert event.metadata is not None
    assert event.metadata["Properties"] == {"p": 1}
    assert (event.partition_key, event.iothub_metadata) == ("k", {"device": "roof"})
    assert (kafka.key, kafka.get_headers()) == ("ada", [("language", b"python")])
    assert (cloud.subject, cloud.extension_attrs) == ("s", {"traceparent": "00-a"})
    assert make.event_grid_event([1]).get_json() == [1]


# --- what comes as text -----------------------------------------------------------------------------------------------


def test_every_trigger_has_a_maker() -> None:
    """Of all binding types that begin a function, each has something that begins it."""
    from azfunc._core.binding import Trigger
    from azfunc.bindings import __path__ as folders

    for module in pkgutil.walk_packages(folders, "azfunc.bindings."):
        importlib.import_module(module.name)
    triggers = {kind for kind in all_subclasses(Trigger) if kind.__module__.startswith("azfunc.bindings.")}
    types = {kind._binding_type for kind in triggers} - {"", None}  # a generic one has any type
    of_several = {"activityTrigger", "daprServiceInvocationTrigger", "mcpResourceTrigger", "mcpToolTrigger"}

    assert len(types) > 20
    assert types <= {*TRIGGERS.values(), *of_several}


def all_subclasses(cls: type) -> set[Any]:
    """Give the classes below one."""
    return {each for sub in cls.__subclasses__() for each in (sub, *all_subclasses(sub))}


def test_texts_have_the_members_of_their_service() -> None:
    """What is given stands in its place, and the rest fits to it."""
    call = json.loads(make.signalr_invocation("hi", 7, user_id="ada", claims={"role": "admin"}))
    assert (call["Arguments"], call["UserId"], call["Claims"]) == (["hi", 7], "ada", {"role": "admin"})
    assert (call["Category"], call["Event"], call["Hub"]) == ("messages", "sendMessage", "chat")

    said = json.loads(make.web_pubsub_request("hi", user_id="ada", states={"n": 1}))
    assert (said["data"], said["dataType"], said["connectionContext"]["states"]) == ("hi", "text", {"n": 1})
    assert json.loads(make.web_pubsub_request({"a": 1}))["dataType"] == "json"
    assert json.loads(make.web_pubsub_request(b"ab"))["data"] == {"type": "Buffer", "data": [97, 98]}
    gone = json.loads(make.web_pubsub_request(event="disconnected", event_type="system", reason="bored"))
    assert (gone["reason"], "data" in gone) == ("bored", False)

    event = json.loads(make.dapr_event({"sum": 12}, topic="sales", traceid="00-a"))
    assert (event["data"], event["topic"], event["traceid"]) == ({"sum": 12}, "sales", "00-a")
    assert json.loads(make.dapr_event("x"))["datacontenttype"] == "text/plain"
    assert json.loads(make.redis_stream_entry({"number": 7}))["Values"] == {"number": "7"}
    assert json.loads(make.kusto_rows({"Price": 1.5})) == [{"Price": 1.5}]
    assert json.loads(make.connector_payload({"subject": "Hello"}))["body"]["value"] == [{"subject": "Hello"}]
    assert json.loads(make.text_completion("Yes.")) == {"content": "Yes."}
    assert json.loads(make.semantic_search("Yes.")) == {"Response": "Yes."}
    assert json.loads(make.web_pubsub_connection(access_token="x"))["url"].endswith("?access_token=x")
    assert json.loads(make.signalr_connection_info("u", "t")) == {"url": "u", "accessToken": "t"}


@pytest.mark.parametrize(
    "name", ["assistant_skill", "dapr_message", "rabbitmq_message", "redis_list_entry", "redis_message"]
)
def test_contents_become_text(name: str) -> None:
    """Text as it is, bytes in UTF-8, the rest as JSON."""
    maker: Callable[[Any], str] = getattr(make, name)

    assert [maker(body) for body in ("\u00e9", "\u00e9".encode(), {"a": 1}, 7)] == ["\u00e9", "\u00e9", '{"a": 1}', "7"]


def test_orchestrations_have_a_history() -> None:
    """Of each activity that has ended, well or not, in their order."""
    context = json.loads(make.orchestration("ada", ["ADA", ValueError("no")], name="chain").body)

    assert (context["input"], context["instanceId"]) == ('"ada"', "7")
    assert [each["EventType"] for each in context["history"]] == [12, 0, 4, 12, 5, 4, 12, 6]
    assert context["history"][4]["Result"] == '"ADA"'
    assert (context["history"][7]["TaskScheduledId"], context["history"][7]["Reason"]) == (1, "no")
    assert json.loads(make.entity("add", 4, state=3).body) == {
        "self": {"name": "entity", "key": "key"},
        "exists": True,
        "state": "3",
        "batch": [{"name": "add", "input": '"4"', "signal": False}],
    }
    assert make.activity_input({"a": 1}) == '{"a": 1}'


def test_mcp_requests(app: func.FunctionApp) -> None:
    """A tool, a resource and a prompt are called with them."""

    @app.mcp_tool()
    def weather(city: str, days: int = 1) -> str:
        return f"{city} {days}"

    @app.mcp_resource_trigger("context", uri="file://a.md", resource_name="a")
    def resource(context: func.MCPToolContext) -> str:
        return str(context["uri"])

    @app.mcp_prompt_trigger("context", "review")
    def review(context: func.PromptInvocationContext) -> str:
        return context.arguments["code"]

    client = TestClient(app)
    tool = make.mcp_tool_call({"city": "Oslo"}, name="weather", headers={"x-a": "1"})

    assert client.send(weather, tool).returned == "Oslo 1"
    assert client.send(resource, make.mcp_resource_read("file://a.md")).returned == "file://a.md"
    assert client.send(review, make.mcp_prompt_request({"code": "x = 1"})).returned == "x = 1"
    assert tool.transport is not None
    assert tool.transport["properties"] == {"headers": {"x-a": "1"}}


def test_batches_are_numbered() -> None:
    """Messages of one batch follow each other; what is given holds for all."""
    events = make.event_hub_events(["a", "b"], partition_key="k")
    assert [(each.sequence_number, each.offset, each.partition_key) for each in events] == [
        (1, "0", "k"),
        (2, "40", "k"),
    ]
    assert [each.offset for each in make.kafka_events(["a", "b"])] == [0, 1]
    assert [each.message_id for each in make.service_bus_messages(["a", "b"])] == ["1", "2"]


def test_blobs_and_rows() -> None:
    """A blob knows its size and address, a document the fields of the service, a table row its keys."""
    blob = make.blob("é", name="a/b.txt", metadata={"owner": "ada"})

    assert (blob.read(), blob.length, blob.name, blob.metadata) == ("é".encode(), 2, "a/b.txt", {"owner": "ada"})
    assert blob.uri == "https://store.blob.core.windows.net/a/b.txt"
    assert make.document("7", title="Tea").keys() >= {"id", "title", "_etag", "_ts"}
    assert make.documents({"id": "1"}, {"id": "2"}).to_dict() == [{"id": "1"}, {"id": "2"}]
    assert make.table_rows({"a": 1}, {"RowKey": "x"}) == (
        '[{"PartitionKey": "1", "RowKey": "1", "a": 1}, {"PartitionKey": "1", "RowKey": "x"}]'
    )
    assert make.sql_changes({"Id": 1}, operation=2) == '[{"Operation": 2, "Item": {"Id": 1}}]'
