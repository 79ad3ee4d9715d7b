"""What the host sends to the functions of ``apps/triggers``: function -> calls, in the protocol's own names."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any


def encoded(text: str) -> str:
    """Give bytes as the JSON form of the protocol has them."""
    return b64encode(text.encode()).decode()


def http(method: str = "GET", url: str = "http://localhost/api", **more: Any) -> dict[str, Any]:
    """Give a request."""
    return {"http": {"method": method, "url": url, "headers": {"user-agent": "tests"}, **more}}


def texts(**values: Any) -> dict[str, Any]:
    """Give trigger metadata: text as text, the rest as JSON."""
    return {
        name: {"string": value} if isinstance(value, str) else {"json": json.dumps(value)}
        for name, value in values.items()
    }


BUS: dict[str, Any] = texts(
    MessageId="m1",
    ContentType="text/plain",
    DeliveryCount=2,
    SequenceNumber=7,
    SessionId="s1",
    Label="urgent",
    CorrelationId="c1",
    UserProperties={"a": 1},
    ApplicationProperties={"a": 1},
    EnqueuedTimeUtc="2024-05-01T10:11:12.345Z",
)
HUB: dict[str, Any] = texts(
    PartitionContext={"EventHubPath": "hub"},
    EnqueuedTimeUtc="2024-05-01T10:11:12.345Z",
    SequenceNumber=5,
    Offset="77",
    PartitionKey="k",
    SystemProperties={"iothub-device": "d"},
)
BATCH: dict[str, Any] = texts(
    EnqueuedTimeUtcArray=["2024-05-01T10:11:12Z", "2024-05-01T10:11:13Z"],
    SequenceNumberArray=[5, 6],
    OffsetArray=["77", "78"],
    PartitionKeyArray=["k", "l"],
    SystemPropertiesArray=[{}, {}],
)
EVENT = {
    "id": "e1",
    "subject": "s",
    "eventType": "t",
    "eventTime": "2024-05-01T10:11:12.345Z",
    "topic": "/topic",
    "dataVersion": "1",
    "data": {"x": 1},
}
KAFKA = {
    "Offset": 3,
    "Partition": 1,
    "Topic": "topic",
    "Timestamp": "2024-05-01T10:11:12.345Z",
    "Key": "k",
    "Value": "v",
    "Headers": [],
}

CALLS: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "hello": [
        ({"req": http(params={"name": "ada"}, query={"q": "1"})}, {}),
        (
            {
                "req": http(
                    "POST",
                    params={"name": "ada"},
                    headers={"user-agent": "x", "content-type": "application/json"},
                    body={"bytes": encoded('{"a": "ä"}')},
                )
            },
            texts(name="ada"),
        ),
    ],
    "text": [({"req": http()}, {})],
    "raw": [({"req": http()}, {})],
    "fails": [({"req": http()}, {})],
    "both": [({"req": http()}, {})],
    "timer": [
        (
            {
                "tick": {
                    "json": json.dumps({"IsPastDue": True, "ScheduleStatus": {"Last": "2024-05-01T10:11:12.345+00:00"}})
                }
            },
            {},
        ),
    ],
    "queue": [
        (
            {"msg": {"string": "body"}},
            texts(
                Id="1",
                DequeueCount="2",
                ExpirationTime="2024-05-08T10:11:12+00:00",
                InsertionTime="2024-05-01T10:11:12+00:00",
                NextVisibleTime="2024-05-01T10:21:12+00:00",
                PopReceipt="p",
            ),
        ),
        ({"msg": {"bytes": encoded("bytes")}}, {}),
    ],
    "word": [({"msg": {"string": "word"}}, {}), ({"msg": {"string": "other"}}, {})],
    "blob": [
        (
            {"blob": {"bytes": encoded("content")}, "more": {"bytes": encoded("further")}},
            texts(BlobTrigger="in/a.txt", Uri="https://store/in/a.txt", Properties={"Length": 7}, Metadata={"k": "v"}),
        ),
    ],
    "bus_queue": [({"msg": {"string": "body"}}, BUS)],
    "bus_topic": [({"msg": {"bytes": encoded("body")}}, BUS)],
    "hub": [({"event": {"string": "body"}}, HUB)],
    "hubs": [
        ({"events": {"json": '["a", "b"]'}}, BATCH),
        ({"events": {"collectionString": {"string": ["a", "b"]}}}, BATCH),
    ],
    "cosmos": [({"docs": {"json": '[{"id": "1"}, {"id": "2", "x": null}]'}}, {})],
    "grid": [({"event": {"json": json.dumps(EVENT)}}, {})],
    "kafka": [({"event": {"json": json.dumps(KAFKA)}}, {})],
    "sql": [({"rows": {"json": '[{"Operation": 0, "Item": {"id": 1}}]'}}, {})],
    "generic": [({"item": {"string": "one"}, "also": {"json": '{"two": 2}'}}, texts(ignored="x"))],
    "nothing": [({"msg": {"string": "body"}}, {})],
    "kinds": [({"msg": {"string": "body"}}, {})],
    "warm": [({"ctx": {"string": ""}}, {})],
}
"""Function -> calls, each the inputs and the trigger metadata."""

STATE = json.dumps(
    {
        "self": {"name": "counter", "key": "visits"},
        "exists": True,
        "state": "3",
        "batch": [{"name": "add", "input": '"4"', "signal": False}],
    }
)
CLIENT = json.dumps(
    {
        "taskHubName": "hub",
        "creationUrls": {},
        "managementUrls": {"id": "INSTANCEID", "statusQueryGetUri": "http://localhost/INSTANCEID"},
        "baseUrl": "http://localhost",
        "requiredQueryStringParameters": "code=x",
        "rpcBaseUrl": "http://localhost:17071/durabletask/",
    }
)
START = {
    "EventType": 0,
    "EventId": -1,
    "IsPlayed": False,
    "Timestamp": "2024-05-01T10:11:12.345Z",
    "Name": "chain",
    "Version": "",
    "Input": None,
}
HISTORY = json.dumps(
    {
        "history": [
            {"EventType": 12, "EventId": -1, "IsPlayed": False, "Timestamp": "2024-05-01T10:11:12.345Z"},
            START,
        ],
        "input": None,
        "instanceId": "i1",
        "isReplaying": False,
        "parentInstanceId": None,
        "upperSchemaVersion": 2,
    }
)

WHERE = {
    "modelBindingData": {
        "version": "1.0",
        "source": "AzureStorageBlobs",
        "contentType": "application/json",
        "content": encoded(json.dumps({"Connection": "Storage", "ContainerName": "in", "BlobName": "a.txt"})),
    }
}

CLOUD = {
    "specversion": "1.0",
    "id": "e1",
    "source": "/shop",
    "type": "order.placed",
    "subject": "s",
    "time": "2024-05-01T10:11:12.345Z",
    "data": {"x": 1},
}
KAFKAS = {
    "OffsetArray": {"collectionSint64": {"sint64": ["3", "4"]}},
    "PartitionArray": {"json": "[0, 0]"},
    "TopicArray": {"collectionString": {"string": ["topic", "topic"]}},
    "TimestampArray": {"json": '["2024-05-01T10:11:12Z", "2024-05-01T10:11:13Z"]'},
    "KeyArray": {"json": '["k", "l"]'},
    "HeadersArray": {"json": "[[], []]"},
    "SystemPropertiesArray": {"json": "[{}, {}]"},
}
TOOL = {"name": "find", "arguments": {"text": "emma", "name": "Ada"}, "sessionid": "s1"}

MORE: dict[str, dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]] = {
    "services": {
        "schedule": [({"tick": {"json": '{"IsPastDue": false}'}}, {}), ({"tick": {"json": '{"IsPastDue": true}'}}, {})],
        "connector": [({"payload": {"json": '{"body": "mail"}'}}, {}), ({"payload": {"string": "mail"}}, {})],
        "cosmos_v3": [({"docs": {"json": '[{"id": "1"}]'}, "old": {"json": '[{"id": "7"}]'}}, {})],
        "dapr_service": [
            ({"payload": {"json": '{"a": 1}'}, "state": {"string": "before"}, "secret": {"json": '{"k": "v"}'}}, {})
        ],
        "dapr_binding": [({"item": {"json": '"one"'}}, {}), ({"item": {"string": "two"}}, {})],
        "dapr_topic": [({"event": {"json": json.dumps(CLOUD)}}, {})],
        "cloud": [({"event": {"json": json.dumps(CLOUD)}}, {})],
        "kafka_batch": [
            (
                {"events": {"collectionString": {"string": [json.dumps(KAFKA), json.dumps({**KAFKA, "Value": "w"})]}}},
                KAFKAS,
            )
        ],
        "mysql": [
            ({"changes": {"json": '[{"Operation": 0, "Item": {"id": 1}}]'}, "rows": {"json": '[{"id": 7}]'}}, {})
        ],
        "tables": [
            (
                {
                    "msg": {"string": "7"},
                    "rows": {"json": '[{"id": 1}, {"id": 2}]'},
                    "entity": {"json": '{"name": "Ada"}'},
                },
                {},
            )
        ],
        "tool": [({"context": {"json": json.dumps(TOOL)}}, {}), ({"context": {"string": json.dumps(TOOL)}}, {})],
        "greet": [({"context": {"json": json.dumps(TOOL)}}, {})],
        "resource": [({"context": {"json": '{"uri": "file://readme.md"}'}}, {})],
        "prompt": [({"context": {"json": '{"name": "recommend", "arguments": {"mood": "sad"}}'}}, {})],
        "skill": [({"task": {"string": "buy milk"}}, {})],
    },
    "added": {
        "rabbit": [({"message": {"string": "hi"}}, {})],
        "redis_list": [({"entry": {"string": '{"items": 3}'}, "count": {"string": "4"}}, {})],
        "redis_channel": [({"message": {"string": "news"}}, {})],
        "redis_stream": [({"entry": {"json": '{"Id": "1-0", "Values": {"number": "7"}}'}}, {})],
        "signalr": [({"invocation": {"json": '{"UserId": "ada", "Arguments": ["hi"]}'}}, {})],
        "pubsub": [({"request": {"json": '{"data": "hi"}'}}, {})],
    },
    "asgi": {
        "http_app_func": [
            ({"req": http("POST", "http://localhost/a/b", params={"route": "a/b"}, body={"bytes": encoded("x")})}, {})
        ]
    },
    "wsgi": {
        "http_app_func": [
            ({"req": http("POST", "http://localhost/a/b", params={"route": "a/b"}, body={"bytes": encoded("x")})}, {})
        ]
    },
    "durable": {
        "chain": [({"context": {"string": HISTORY}}, {})],
        "greet": [({"city": {"json": '"Oslo"'}}, {})],
        "counter": [({"context": {"string": STATE}}, {})],
        "start": [({"req": http(), "client": {"string": CLIENT}}, {})],
    },
    "clients": {
        "where": [({"req": http(), "client": WHERE}, {})],
        "container": [({"client": WHERE}, {})],
    },
    "around": {name: [({"req": http()}, {}), ({"req": http(query={"missing": "key"})}, {})] for name in ("now", "soon")}
    | {
        "relay": [({"msg": {"string": "hi"}}, {})],
        "order": [
            ({"req": http("POST", body={"bytes": encoded(text)})}, {}) for text in ('{"item": "tea"}', '{"items": 1}')
        ],
        "queued": [({"order": {"json": text}}, {}) for text in ('{"item": "tea", "count": 2}', "[]")],
        "many": [
            ({"orders": {"collectionBytes": {"bytes": [encoded('{"item": "a"}'), encoded('{"item": "b"}')]}}}, BATCH)
        ],
    },
    "modern": {
        "relay": [({"msg": {"string": "hi"}}, {})],
        "show": [({"req": http(), "rows": {"json": '[{"name": "tea"}]'}}, {})],
        "batch": [
            ({"events": {"collectionBytes": {"bytes": [encoded("a"), encoded("b")]}}}, BATCH),
        ],
        "all_of": [({"msg": {"string": "hi"}}, {})],
    },
    "mixed": {
        "annotated": [({"msg": {"string": "body"}}, {})],
        "web": [({"req": http()}, {})],
    },
    "v1": {
        "shout": [({"req": http(query={"name": "ada"})}, {})],
        "store": [({"msg": {"string": "body"}}, texts(DequeueCount="2"))],
    },
}
"""App -> function -> calls, for the other apps."""
