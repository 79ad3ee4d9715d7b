"""What the host sends to the functions of the apps in ``examples/``, in the protocol's own names.

With it goes what these apps take for granted that the reference lacks: the lines to change for it, and the functions
that it answers otherwise.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tests.worker.cases import CLIENT, HISTORY, encoded, http, texts

Call = tuple[dict[str, Any], dict[str, Any]]

TASK_HUB = "http://task-hub.test"
"""Where Durable Functions finds its extension; the tests put a server of their own in its place."""


def posted(content: Any, headers_too: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """Give a request with a JSON body."""
    headers = {"content-type": "application/json", **(headers_too or {})}
    return http("POST", headers=headers, body={"bytes": encoded(json.dumps(content))}, **more)


def site(method: str, path: str, text: str = "", kind: str = "text/plain", **more: Any) -> dict[str, Any]:
    """Give a request to a web app that is mounted on the first part of a path."""
    body = {"body": {"bytes": encoded(text)}} if text else {}
    headers = {"content-type": kind, "host": "localhost"}
    query = "&".join(f"{name}={value}" for name, value in more.get("query", {}).items())
    url = f"http://localhost/api/{path}" + (f"?{query}" if query else "")
    return http(method, url, params={"route": path.partition("/")[2]}, headers=headers, **body, **more)


def page(method: str, path: str, text: str = "", kind: str = "text/plain") -> dict[str, Any]:
    """Give a request to a web app that is the whole app, with an empty prefix."""
    body = {"body": {"bytes": encoded(text)}} if text else {}
    headers = {"content-type": kind, "host": "localhost"}
    return http(method, f"http://localhost/{path}", params={"route": path}, headers=headers, **body)


def history(given: Any, *results: Any) -> dict[str, Any]:
    """Give what an orchestrator is sent: its input, and the activities that are done."""
    content = json.loads(HISTORY)
    event = {"EventId": -1, "IsPlayed": False, "Timestamp": "2024-05-01T10:11:13.345Z"}
    for number, result in enumerate(results):
        content["history"] += [
            {**event, "EventType": 4, "EventId": number, "Name": "count_words"},
            {**event, "EventType": 13},
            {**event, "EventType": 12},
            {**event, "EventType": 5, "TaskScheduledId": number, "Result": json.dumps(result)},
        ]
    return {"string": json.dumps({**content, "input": json.dumps(given)})}


ORDERS = [{"id": "7", "customer": "Ada", "lines": [{"pieces": 2, "price": 10}, {"pieces": 1, "price": 5}]}, {"id": "8"}]
SALES = "shop,amount\r\nOslo,12.50\r\nBergen,3\r\nOslo,0.25\r\n"
READINGS = ['{"celsius": 20}', '{"celsius": 95.5}']
READING_METADATA: dict[str, list[Any]] = {
    "EnqueuedTimeUtcArray": ["2024-05-01T10:11:12Z", "2024-05-01T10:11:13Z"],
    "SequenceNumberArray": [5, 6],
    "OffsetArray": ["77", "78"],
    "PartitionKeyArray": ["k", "l"],
    "SystemPropertiesArray": [{}, {}],
}


def readings(count: int) -> Call:
    """Give a batch of events with their metadata."""
    metadata = {name: {"json": json.dumps(values[:count])} for name, values in READING_METADATA.items()}
    return {"events": {"collectionString": {"string": READINGS[:count]}}}, metadata


PLACED = texts(
    MessageId="m1",
    Subject="order.placed",
    Label="order.placed",
    DeliveryCount=10,
    ApplicationProperties={"customer": "Ada", "currency": "NOK"},
    UserProperties={"customer": "Ada", "currency": "NOK"},
)
PAID = texts(
    MessageId="m2",
    Subject="order.paid",
    Label="order.paid",
    DeliveryCount=1,
    ApplicationProperties={},
    UserProperties={},
)
DEAD = {
    name: {"json": json.dumps(value)}
    for name, value in {
        "MessageIdArray": ["m1", "m2"],
        "DeadLetterReasonArray": ["TTLExpired", ""],
        "UserPropertiesArray": [{}, {}],
    }.items()
}
TIMER = {"json": json.dumps({"IsPastDue": True, "ScheduleStatus": {"Last": "2024-05-01T10:11:12.345+00:00"}})}


def tool(name: str, **arguments: Any) -> dict[str, Any]:
    """Give a call of an MCP tool."""
    return {"json": json.dumps({"name": name, "arguments": arguments, "sessionid": "s1"})}


CALLS: dict[str, dict[str, list[Call]]] = {
    "cosmos-change-feed": {
        "add_up": [({"orders": {"json": json.dumps(ORDERS)}}, {})],
        "show_total": [
            ({"req": http(params={"id": "9"}), "found": {"json": "[]"}}, {}),
            ({"req": http(params={"id": "7"}), "found": {"json": '[{"id": "7", "total": 25}]'}}, {}),
        ],
    },
    "custom-binding": {
        "control": [
            ({"reading": {"bytes": encoded("17.5")}}, texts(Topic="home/kitchen/temperature", Qos=1)),
            ({"reading": {"string": "20"}}, texts(Topic="home/kitchen/temperature", Qos=1)),
        ],
    },
    "django-app": {
        "site": [
            ({"req": site("GET", "site/", query={"name": "Ada"})}, {}),
            ({"req": site("GET", "site/articles/2024/")}, {}),
            ({"req": site("GET", "site/nowhere")}, {}),
        ],
        "health": [({"req": http()}, {})],
    },
    "durable": {
        "count_words": [({"text": {"json": '"to be or not"'}}, {}), ({"text": {"string": "to be"}}, {})],
        "add": [({"numbers": {"json": "[4, 3]"}}, {})],
        "report": [({"total": {"json": "7"}}, {})],
        "chain": [
            ({"context": history("to be or not")}, {}),
            ({"context": history("to be or not", 4)}, {}),
            ({"context": history("to be or not", 4, "4 words")}, {}),
        ],
        "fan_out": [
            ({"context": history(["to be", "or not to be"])}, {}),
            ({"context": history(["to be", "or not to be"], 2, 4, 6, "6 words")}, {}),
        ],
        "start": [
            (
                {
                    "req": posted("to be or not", params={"orchestration": "chain"}),
                    "client": {"string": CLIENT.replace("http://localhost:17071", TASK_HUB)},
                },
                {},
            ),
            ({"req": http("POST", params={"orchestration": "chain"}), "client": {"string": CLIENT}}, {}),
        ],
    },
    "event-hub-batch": {
        "watch": [readings(2), readings(1)],
    },
    "fastapi-app": {
        "v1": [
            ({"req": site("GET", "v1/books/7")}, {}),
            ({"req": site("GET", "v1/books/9")}, {}),
            ({"req": site("POST", "v1/books", '{"number": 9, "title": "Sanditon"}', "application/json")}, {}),
            ({"req": site("GET", "v1/export")}, {}),
        ],
        "tidy": [({"timer": TIMER}, {})],
    },
    "flask-app": {
        "http_app_func": [
            ({"req": page("GET", "")}, {}),
            ({"req": page("POST", "notes", "text=Feed+the+cat", "application/x-www-form-urlencoded")}, {}),
            ({"req": page("GET", "notes/2")}, {}),
            ({"req": page("GET", "notes/9")}, {}),
        ],
        "note_from_queue": [({"msg": {"string": "Call Ada"}}, texts(DequeueCount="1"))],
    },
    "guide": {
        "default_template": [
            ({"req": http(query={"name": "Ada"})}, {}),
            ({"req": posted({"name": "Ada"})}, {}),
            ({"req": http()}, {}),
        ],
        "my_second_function": [({"req": http(query={"value": "21"})}, {}), ({"req": http(query={"value": "x"})}, {})],
        "HttpTriggerWithCosmosDB": [
            ({"req": http(query={"body": "hi"}), "documents": {"json": '[{"id": "d1"}]'}}, {}),
            ({"req": http(), "documents": {"json": '[{"id": "d1"}]'}}, {}),
        ],
        "TimerTriggerWithBlob": [({"mytimer": TIMER, "client": {"bytes": encoded("a blob")}}, {})],
        "relay": [({"msg": {"string": "hello"}}, texts(Id="1", DequeueCount="2"))],
        "on_order": [({"msg": {"bytes": encoded("body")}}, PLACED)],
        "count_events": [readings(2), ({"events": {"json": '["one", "four"]'}}, readings(2)[1])],
        "with_threads": [({"req": http()}, {})],
    },
    "mcp": {
        "find_books": [({"context": tool("find_books", text="emma")}, {})],
        "lend": [({"context": tool("lend", number="8", days=3)}, {})],
        "books": [({"context": {"json": '{"sessionid": "s1"}'}}, {})],
        "recommend": [({"context": {"json": '{"name": "recommend", "arguments": {"mood": "sad"}}'}}, {})],
    },
    "openai": {
        "whois": [({"req": http(params={"name": "ada"}), "answer": {"json": '{"content": "A mathematician."}'}}, {})],
        "create_assistant": [({"req": http("PUT", params={"id": "ada"})}, {})],
        "talk": [
            (
                {"req": http("POST", params={"id": "a"}), "chat": {"json": '{"recentMessages": [{"content": "hi"}]}'}},
                {},
            ),
            ({"req": http("POST", params={"id": "a"}), "chat": {"string": '{"recentMessages": []}'}}, {}),
        ],
        "add_task": [({"task": {"string": "buy milk"}}, {})],
        "store": [({"req": posted({"url": "https://example.com/guide.pdf"})}, {})],
        "ask": [({"req": posted({"question": "why?"}), "result": {"json": '{"Response": "Because."}'}}, {})],
    },
    "queue-pipeline": {
        "take_order": [({"req": posted({"id": 7, "lines": []})}, {}), ({"req": posted({"id": 7})}, {})],
        "write_invoice": [
            (
                {"order": {"string": json.dumps({"id": "7", "lines": [{"pieces": 2, "name": "pens"}]})}},
                texts(Id="1", DequeueCount="2"),
            )
        ],
        "give_up": [({"order": {"bytes": encoded("not JSON")}}, texts(DequeueCount="1"))],
    },
    "service-bus-properties": {
        "on_order": [
            ({"msg": {"string": '{"amount": 12}'}}, PLACED),
            ({"msg": {"string": '{"amount": 12}'}}, PAID),
        ],
        "on_dead_bills": [({"msgs": {"collectionString": {"string": ["a", "b"]}}}, DEAD)],
    },
    "timer-report": {
        "report": [
            ({"timer": TIMER, "sales": {"bytes": encoded(SALES)}}, {}),
            ({"timer": {"json": '{"IsPastDue": false}'}, "sales": {"bytes": encoded("shop,amount\n")}}, {}),
        ],
    },
    "typed-api": {
        "take_order": [
            ({"req": posted({"lines": [{"article": "pen", "pieces": 2}]}, headers_too={"x-customer": "Ada"})}, {}),
            ({"req": posted({"lines": [{"pieces": 0}]}, headers_too={"x-customer": "Ada"})}, {}),
            ({"req": posted({"lines": []})}, {}),
        ],
        "show_order": [
            ({"req": http(params={"number": "1"}, headers={"x-customer": "Ada"})}, {}),
            ({"req": http(params={"number": "7"}, headers={"x-customer": "Ada"})}, {}),
        ],
        "note_payment": [({"payment": {"string": '{"number": 1, "amount": "3.00"}'}}, {})],
        "openapi": [({"req": http()}, {})],
    },
    "v1-app": {
        "custom_entry": [({"req": http(query={"user": "Ada"})}, {})],
        "my_first_function": [({"req": http()}, {}), ({"req": http(query={"name": "Ada"})}, {})],
        "my_second_function": [({"req": http(query={"value": "21"})}, {})],
        "read_blob": [({"req": http(params={"id": "7"}), "obj": {"bytes": encoded("a blob")}}, {})],
        "report": [({"mytimer": TIMER}, {})],
        "send_message": [({"req": http(query={"body": "hi"})}, {}), ({"req": http()}, {})],
    },
    "worker-extension": {
        "fast": [({"req": http()}, {})],
        "slow": [({"req": http()}, {})],
    },
}
"""Example -> function -> calls, each the inputs and the trigger metadata."""


class Edit(NamedTuple):
    """A line of an example that has to be another one for the reference."""

    old: str
    new: str
    told: str
    """What the reference says to the line as it is."""


class Difference(NamedTuple):
    """What the reference answers otherwise, for a function of an example."""

    why: str
    calls: dict[int, str] = {}
    """Number of a call -> what the reference raises; empty where it gives another answer."""
    json: str = ""
    """Field of function.json that differs."""


LEVEL = Edit('http_auth_level="anonymous"', "http_auth_level=func.AuthLevel.ANONYMOUS", "KeyError: 'anonymous'")
EDITS: dict[str, list[Edit]] = {
    "cosmos-change-feed": [LEVEL],
    "django-app": [
        LEVEL,
        Edit('app.mount_wsgi("site", application)\n', "", "'FunctionApp' object has no attribute 'mount_wsgi'"),
    ],
    "durable": [LEVEL],
    "fastapi-app": [
        LEVEL,
        Edit('app.mount_asgi("v1", api)\n', "", "'FunctionApp' object has no attribute 'mount_asgi'"),
    ],
    "flask-app": [LEVEL],
    "openai": [LEVEL],
    "queue-pipeline": [LEVEL],
    "typed-api": [LEVEL],
    "worker-extension": [LEVEL],
}
"""Example -> what has to be changed for the reference, beside the import."""

OURS_ALONE: dict[str, str] = {
    "custom-binding": "'MqttFunctionApp' object has no attribute '_bind'",
    "typed-api": "module 'azure.functions' has no attribute 'Depends'",
}
"""Example that the reference has no means for -> what it says."""

MOUNTED: dict[str, str] = {"django-app": "site", "fastapi-app": "v1"}
"""Example -> its function that comes from `mount_wsgi()` or `mount_asgi()`, which the reference lacks."""

DIFFERENCES: dict[tuple[str, str], Difference] = {
    ("cosmos-change-feed", "show_total"): Difference(
        "JsonResponse is azfunc's alone", {1: "module 'azure.functions' has no attribute 'JsonResponse'"}
    ),
    ("durable", "start"): Difference("one text for a body that is no JSON", {1: "does not contain valid JSON data"}),
    ("event-hub-batch", "watch"): Difference(
        "the cardinality follows the annotation, and messages have get_json()",
        {0: "'EventHubEvent' object has no attribute 'get_json'", 1: "has no attribute 'get_json'"},
        json="cardinality",
    ),
    ("mcp", "find_books"): Difference("types as annotated, results as JSON", {0: ""}, json="toolProperties"),
    ("mcp", "lend"): Difference("the context is an MCPToolContext", {0: "'dict' object has no attribute 'sessionid'"}),
    ("mcp", "books"): Difference("a dict is sent as JSON", {0: ""}),
    ("queue-pipeline", "take_order"): Difference("a dict is a message, not a list of its keys", {0: ""}),
    ("service-bus-properties", "on_order"): Difference(
        "messages have get_json()", {0: "'ServiceBusMessage' object has no attribute 'get_json'"}
    ),
    ("service-bus-properties", "on_dead_bills"): Difference(
        "the cardinality follows the annotation", json="cardinality"
    ),
    ("timer-report", "report"): Difference(
        "the schedule has attributes, and blobs a text()",
        {0: "'dict' object has no attribute 'last'", 1: "'InputStream' object has no attribute 'text'"},
    ),
}
"""Example and function -> how the reference's answers differ."""


def for_reference(example: str, text: str, edits: int | None = None) -> str:
    """Give a source of an example with the first of its edits, or all of them."""
    for edit in EDITS.get(example, [])[:edits]:
        text = text.replace(edit.old, edit.new)
    return text
