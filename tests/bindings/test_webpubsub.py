"""Azure Web PubSub."""

from __future__ import annotations

import json
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.testing import TestClient
from tests.bindings import object_tables
from tests.bindings.conformance import REFUSED, BindingConformance, entries_of

OUTPUT: Any = func.get_binding_registry().get("webPubSub")
SENT = {"actionName": "sendToGroup", "group": "tea", "data": "hi"}
BUFFER = {"type": "Buffer", "data": [255, 0]}


class TestWebPubSub(BindingConformance):
    """The suite, for Web PubSub."""

    module = "webpubsub"
    own_decorators = {
        "web_pubsub_trigger": (
            {
                "arg_name": "request",
                "hub": "chat",
                "event_type": "User",
                "event_name": "message",
                "client_protocols": "webpubsub",
                "connections": ("First", "Second"),
                "data_type": "string",
            },
            [
                {
                    "direction": "IN",
                    "dataType": "STRING",
                    "type": "webPubSubTrigger",
                    "name": "request",
                    "hub": "chat",
                    "eventType": "user",
                    "eventName": "message",
                    "clientProtocols": "webPubSub",
                    "connections": ["First", "Second"],
                }
            ],
        ),
        "web_pubsub_connection_input": (
            {
                "arg_name": "connection",
                "hub": "chat",
                "user_id": "{query.userid}",
                "client_protocol": "MQTT",
                "connection": "PubSub",
            },
            [
                {
                    "direction": "IN",
                    "type": "webPubSubConnection",
                    "name": "connection",
                    "hub": "chat",
                    "userId": "{query.userid}",
                    "clientProtocol": "mqtt",
                    "connection": "PubSub",
                }
            ],
        ),
        "web_pubsub_context_input": (
            {"arg_name": "context", "connection": "PubSub"},
            [{"direction": "IN", "type": "webPubSubContext", "name": "context", "connection": "PubSub"}],
        ),
        "web_pubsub_output": (
            {"arg_name": "$return", "hub": "chat", "connection": "PubSub"},
            [{"direction": "OUT", "type": "webPubSub", "name": "$return", "hub": "chat", "connection": "PubSub"}],
        ),
    }
    outputs = {
        "webPubSub": [
            *object_tables.outputs(func.WebPubSubAction("sendToGroup", group="tea", data="hi"), SENT),
            (
                func.WebPubSubAction("sendToAll", data={"n": 1}, excluded=("c",)),
                Datum(
                    '{"actionName": "sendToAll", "data": "{\\"n\\": 1}", "dataType": "json", "excluded": ["c"]}', "json"
                ),
            ),
            (
                func.WebPubSubAction("sendToAll", data=b"\xff\x00"),
                Datum(json.dumps({"actionName": "sendToAll", "data": BUFFER, "dataType": "binary"}), "json"),
            ),
            (
                {"actionName": "sendToAll", "data": BUFFER, "dataType": "binary"},
                Datum(json.dumps({"actionName": "sendToAll", "data": BUFFER, "dataType": "binary"}), "json"),
            ),
            ({"actionName": "closeAllConnections"}, Datum('{"actionName": "closeAllConnections"}', "json")),
            ({"actionName": "sendToAll", "data": "aGk=", "dataType": "binary"}, REFUSED),
            ({"actionName": "sendToAll", "data": {"n": 1}, "dataType": "json"}, REFUSED),
            ({"actionName": "sendToAll", "data": "hi", "dataType": "xml"}, REFUSED),
            ({"actionName": "sendToAll", "data": b"hi"}, Datum('{"actionName": "sendToAll", "data": "aGk="}', "json")),
            ({"actionName": "sendToAll", "data": "hi", "group": "tea"}, REFUSED),
            ({"actionName": "sendToAll"}, REFUSED),
            ({"actionName": "shout", "data": "hi"}, REFUSED),
            ({"data": "hi"}, REFUSED),
        ]
    }


@pytest.mark.parametrize(
    ("decorator", "given", "entry"),
    [
        (
            "web_pubsub_trigger",
            {"arg_name": "data", "hub": "chat", "event_type": "system", "event_name": "Connect"},
            {
                "type": "webPubSubTrigger",
                "name": "data",
                "hub": "chat",
                "eventType": "system",
                "eventName": "connect",
            },
        ),
        (
            "web_pubsub_connection_input",
            {"arg_name": "connection", "hub": "chat"},
            {"type": "webPubSubConnection", "name": "connection", "hub": "chat"},
        ),
        ("web_pubsub_context_input", {"arg_name": "context"}, {"type": "webPubSubContext", "name": "context"}),
    ],
    ids=str,
)
def test_what_is_left_out_is_left_to_the_extension(
    decorator: str, given: dict[str, Any], entry: dict[str, Any]
) -> None:
    """The extension has defaults of its own."""
    assert entries_of(func, decorator, given) == [{"direction": "IN", **entry}]


@pytest.mark.parametrize(
    ("changed", "meant"),
    [
        ({"arg_name": "event"}, "request"),
        ({"arg_name": "connection_context"}, "'connectionContext'"),
        ({"event_type": "users"}, "'user'"),
        ({"event_type": "system"}, "connected"),
        ({"client_protocols": "websocket"}, "webPubSub"),
    ],
    ids=str,
)
def test_unknown_word_is_refused_at_the_decorator(app: func.FunctionApp, changed: dict[str, str], meant: str) -> None:
    """The extension would give None to such a parameter, or never call the function."""
    given: Any = {"arg_name": "request", "hub": "chat", "event_type": "user", "event_name": "message", **changed}

    with pytest.raises(func.UnknownNameError) as caught:
        app.web_pubsub_trigger(**given)

    assert meant in caught.value.hint


@pytest.mark.parametrize("binding_type", ["webPubSubTrigger", "webPubSubConnection", "webPubSubContext"])
def test_what_comes_is_text_as_with_generic_bindings(binding_type: str) -> None:
    """There is no converter, so that functions that were written for generic bindings go on working."""
    assert func.get_binding_registry().get(binding_type) is None


@pytest.mark.parametrize("annotation", object_tables.return_annotations(func.WebPubSubAction), ids=str)
def test_return_value_may_be_annotated_so(annotation: Any) -> None:
    """What the output takes, an annotation may promise."""
    assert OUTPUT.check_output_type_annotation(annotation)


@pytest.mark.parametrize(
    ("action", "fields", "members"),
    [
        ("sendToAll", {"data": "x"}, {"data": "x"}),
        (
            "sendToUser",
            {"user_id": "u", "data": "x", "data_type": "json"},
            {"userId": "u", "data": "x", "dataType": "json"},
        ),
        ("sendToConnection", {"connection_id": "c", "data": ""}, {"connectionId": "c", "data": ""}),
        ("addUserToGroup", {"user_id": "u", "group": "g"}, {"userId": "u", "group": "g"}),
        ("removeUserFromGroup", {"user_id": "u", "group": "g"}, {"userId": "u", "group": "g"}),
        ("removeUserFromAllGroups", {"user_id": "u"}, {"userId": "u"}),
        ("addConnectionToGroup", {"connection_id": "c", "group": "g"}, {"connectionId": "c", "group": "g"}),
        ("removeConnectionFromGroup", {"connection_id": "c", "group": "g"}, {"connectionId": "c", "group": "g"}),
        ("closeAllConnections", {"excluded": ["c"], "reason": "r"}, {"excluded": ["c"], "reason": "r"}),
        ("closeClientConnection", {"connection_id": "c"}, {"connectionId": "c"}),
        ("closeGroupConnections", {"group": "g", "reason": "r"}, {"group": "g", "reason": "r"}),
        (
            "grantPermission",
            {"connection_id": "c", "permission": "sendToGroup", "target_name": "g"},
            {"connectionId": "c", "permission": "sendToGroup", "targetName": "g"},
        ),
        (
            "revokePermission",
            {"connection_id": "c", "permission": "joinLeaveGroup"},
            {"connectionId": "c", "permission": "joinLeaveGroup"},
        ),
    ],
    ids=str,
)
def test_each_action_has_its_members(action: Any, fields: dict[str, Any], members: dict[str, Any]) -> None:
    """Every action of the service can be made, and its fields can be read."""
    made = func.WebPubSubAction(action, **fields)

    assert made.to_dict() == {"actionName": action, **members}
    assert {name: getattr(made, name) for name in fields} == fields
    assert made.action_name == action


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("sendToGroup", {"data": "x"}, "'group'"),
        ("sendToUser", {"user_id": "u", "data": "x", "excluded": ["c"]}, "'excluded'"),
        ("grantPermission", {"connection_id": "c", "permission": "all"}, "joinLeaveGroup"),
        ("shout", {}, "sendToAll"),
        ("sendToAll", {"data": [1], "data_type": "text"}, "no text"),
        ("sendToAll", {"data": "x", "data_type": "binary"}, "no bytes"),
    ],
    ids=str,
)
def test_action_that_cannot_be_done_cannot_be_made(action: Any, fields: dict[str, Any], said: str) -> None:
    """The error comes where the action is made, and says what is wrong."""
    with pytest.raises(func.ConversionError) as caught:
        func.WebPubSubAction(action, **fields)

    assert said in caught.value.message
    assert caught.value.hint


def test_data_stays_what_it_was() -> None:
    """The data is read as it was given; only what is sent has another form."""
    assert func.WebPubSubAction("sendToAll", data=b"\xff").data == b"\xff"
    assert func.WebPubSubAction("sendToAll", data=b"\xff").data_type == "binary"
    assert func.WebPubSubAction("sendToAll", data={"n": 1}) == func.WebPubSubAction("sendToAll", data={"n": 1})


def test_message_of_a_client_is_answered(app: func.FunctionApp) -> None:
    """What the function returns goes back to the service, without an output."""

    @app.web_pubsub_trigger("request", "chat", "user", "message")
    def on_message(request: str) -> dict[str, str]:
        return {"data": json.loads(request)["data"].upper(), "dataType": "text"}

    with TestClient(app) as client:
        run = client.send(on_message, {"data": "hi"})

    assert run.datums == {"$return": Datum('{"data": "HI", "dataType": "text"}', "json")}
