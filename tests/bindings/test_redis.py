"""Redis."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.testing import TestClient
from tests.bindings.conformance import REFUSED, BindingConformance, entries_of

REDIS: Any = func.get_binding_registry().get("redis")
POLLED = {"connection": "Redis", "key": "todo"}
POLLING = {"polling_interval_in_ms": 100, "max_batch_size": 1}
POLLING_ENTRY = {"pollingIntervalInMs": 100, "maxBatchSize": 1}


class TestRedis(BindingConformance):
    """The suite, for Redis."""

    module = "redis"
    own_decorators = {
        "redis_pub_sub_trigger": (
            {"arg_name": "message", "connection": "Redis", "channel": "orders.*", "data_type": "binary"},
            [
                {
                    "direction": "IN",
                    "dataType": "BINARY",
                    "type": "redisPubSubTrigger",
                    "name": "message",
                    "connection": "Redis",
                    "channel": "orders.*",
                }
            ],
        ),
        "redis_list_trigger": (
            {"arg_name": "entry", **POLLED, **POLLING, "list_pop_from_beginning": False},
            [
                {
                    "direction": "IN",
                    "type": "redisListTrigger",
                    "name": "entry",
                    **POLLED,
                    **POLLING_ENTRY,
                    "listPopFromBeginning": False,
                }
            ],
        ),
        "redis_stream_trigger": (
            {"arg_name": "entry", **POLLED, **POLLING},
            [{"direction": "IN", "type": "redisStreamTrigger", "name": "entry", **POLLED, **POLLING_ENTRY}],
        ),
        "redis_input": (
            {"arg_name": "value", "connection": "Redis", "command": "GET {Message}"},
            [
                {
                    "direction": "IN",
                    "type": "redis",
                    "name": "value",
                    "connection": "Redis",
                    "command": "GET {Message}",
                }
            ],
        ),
        "redis_output": (
            {"arg_name": "$return", "connection": "Redis", "command": "DEL"},
            [{"direction": "OUT", "type": "redis", "name": "$return", "connection": "Redis", "command": "DEL"}],
        ),
    }
    accepted = {"redis": [str, str | None, bytes, dict, list[str], int]}
    refused = {"redis": [object, func.QueueMessage]}
    outputs = {
        "redis": [
            ("key", Datum("key", "string")),
            ("key value", Datum("key value", "string")),
            ("", Datum("", "string")),
            (b"key", Datum("key", "string")),
            (bytearray(b"key"), Datum("key", "string")),
            (None, None),
            (["a 1", "b 2"], Datum('["a 1", "b 2"]', "json")),
            (("a", b"b"), Datum('["a", "b"]', "json")),
            ((each for each in "ab"), Datum('["a", "b"]', "json")),
            ([], Datum("[]", "json")),
            (b"\xff", REFUSED),
            ([b"\xff"], REFUSED),
            ([None], REFUSED),
            ([["a", "1"]], REFUSED),
            (7, REFUSED),
            ({"a": 1}, REFUSED),
            (datetime.date(2026, 1, 2), REFUSED),
            (object(), REFUSED),
            (func.QueueMessage(body="b"), REFUSED),
            ([func.TimerRequest()], REFUSED),
        ]
    }


@pytest.mark.parametrize(
    ("decorator", "kind"), [("redis_list_trigger", "redisListTrigger"), ("redis_stream_trigger", "redisStreamTrigger")]
)
def test_what_is_left_out_is_left_to_the_extension(decorator: str, kind: str) -> None:
    """The extension has defaults of its own, and they changed between its releases."""
    assert entries_of(func, decorator, {"arg_name": "entry", **POLLED}) == [
        {"direction": "IN", "type": kind, "name": "entry", **POLLED}
    ]


@pytest.mark.parametrize("kind", ["redisPubSubTrigger", "redisListTrigger", "redisStreamTrigger"])
def test_what_comes_is_text_as_with_generic_bindings(kind: str) -> None:
    """There is no converter, so that functions that were written for generic bindings go on working."""
    assert func.get_binding_registry().get(kind) is None


@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        (Datum("v", "string"), "v"),
        (Datum('{"a": 1}', "json"), '{"a": 1}'),
        (Datum(b"\xff", "bytes"), b"\xff"),
        (Datum(7, "int"), 7),
        (Datum(["a"], "collection_string"), ["a"]),
        (Datum(None, None), None),
        (None, None),
    ],
    ids=str,
)
def test_input_gives_what_a_generic_binding_gives(datum: Any, expected: Any) -> None:
    """One converter serves both directions, and the value of the input is not touched."""
    assert REDIS.decode(datum, trigger_metadata={}) == expected


@pytest.mark.parametrize(
    ("value", "datum"),
    [("v", Datum("v", "string")), (b"v", Datum(b"v", "bytes")), ({"a": 1}, Datum('{"a": 1}', "json"))],
)
def test_input_can_be_sent_by_the_test_client(value: Any, datum: Datum) -> None:
    """An argument becomes the datum it would have come from."""
    assert REDIS.to_wire(value) == (datum, {})


def test_refusal_names_the_output_the_type_and_what_would_do() -> None:
    """The extension would divide JSON at its spaces; the text says how arguments are given."""
    with pytest.raises(func.UnsupportedValueError) as caught:
        REDIS.encode({"key": "a b"})

    assert caught.value.message == "Redis output got dict."
    assert "with a space between them" in caught.value.hint


def test_value_comes_in_and_arguments_go_out(app: func.FunctionApp) -> None:
    """Trigger, input and output stand on one function."""

    @app.redis_output("$return", "Redis", "SET")
    @app.redis_input("value", "Redis", "GET {Message}")
    @app.redis_pub_sub_trigger("key", "Redis", "__keyevent@0__:set")
    def mirror(key: str, value: str) -> str:
        return f"copy:{key} {value}"

    with TestClient(app) as client:
        run = client.send(mirror, "a", value="1")

    assert run.datums == {"$return": Datum("copy:a 1", "string")}
