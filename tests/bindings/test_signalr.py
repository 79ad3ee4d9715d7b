"""Azure SignalR Service."""

from __future__ import annotations

import json
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.testing import TestClient
from tests.bindings import object_tables
from tests.bindings.conformance import REFUSED, BindingConformance, entries_of

OUTPUT: Any = func.get_binding_registry().get("signalR")
MESSAGE = {"userId": "ada", "target": "newMessage", "arguments": ["hi", {"n": 1}]}
ADDED = {"userId": "ada", "groupName": "tea", "action": "add"}
SETTING = {"connection_string_setting": "SignalR"}
WHO = {"user_id": "{query.user}", "id_token": "{headers.token}", "claim_type_list": ("name", "role")}
WHO_ENTRY = {
    "hubName": "chat",
    "userId": "{query.user}",
    "idToken": "{headers.token}",
    "claimTypeList": ["name", "role"],
    "connectionStringSetting": "SignalR",
}


class TestSignalR(BindingConformance):
    """The suite, for SignalR."""

    module = "signalr"
    own_decorators = {
        "signalr_trigger": (
            {
                "arg_name": "invocation",
                "hub_name": "chat",
                "category": "Messages",
                "event": "sendMessage",
                "parameter_names": ["text"],
                "data_type": "string",
                **SETTING,
            },
            [
                {
                    "direction": "IN",
                    "dataType": "STRING",
                    "type": "signalRTrigger",
                    "name": "invocation",
                    "hubName": "chat",
                    "category": "messages",
                    "event": "sendMessage",
                    "parameterNames": ["text"],
                    "connectionStringSetting": "SignalR",
                }
            ],
        ),
        "signalr_connection_info_input": (
            {"arg_name": "info", "hub_name": "chat", **WHO, **SETTING},
            [{"direction": "IN", "type": "signalRConnectionInfo", "name": "info", **WHO_ENTRY}],
        ),
        "signalr_negotiation_input": (
            {"arg_name": "negotiation", "hub_name": "chat", **WHO, **SETTING},
            [{"direction": "IN", "type": "signalRNegotiation", "name": "negotiation", **WHO_ENTRY}],
        ),
        "signalr_endpoints_input": (
            {"arg_name": "endpoints", "hub_name": "chat", **SETTING},
            [
                {
                    "direction": "IN",
                    "type": "signalREndpoints",
                    "name": "endpoints",
                    "hubName": "chat",
                    "connectionStringSetting": "SignalR",
                }
            ],
        ),
        "signalr_output": (
            {"arg_name": "$return", "hub_name": "chat", **SETTING},
            [
                {
                    "direction": "OUT",
                    "type": "signalR",
                    "name": "$return",
                    "hubName": "chat",
                    "connectionStringSetting": "SignalR",
                }
            ],
        ),
    }
    outputs = {
        "signalR": [
            *object_tables.outputs(func.SignalRMessage("newMessage", ["hi", {"n": 1}], user_id="ada"), MESSAGE),
            *object_tables.outputs(func.SignalRGroupAction("add", group_name="tea", user_id="ada"), ADDED)[:8],
            ([MESSAGE, ADDED], Datum(json.dumps([MESSAGE, ADDED]), "json")),
            ({"target": "x", "arguments": "hi"}, REFUSED),
            ({"target": "x"}, REFUSED),
            ({"target": "", "arguments": []}, REFUSED),
            ({"arguments": []}, REFUSED),
            ({"target": "x", "arguments": [object()]}, REFUSED),
            ({"action": "join", "groupName": "tea", "userId": "ada"}, REFUSED),
            ({"action": "add", "userId": "ada"}, REFUSED),
            ({"action": "add", "groupName": "tea"}, REFUSED),
            ({"action": "removeAll", "groupName": "tea"}, REFUSED),
        ]
    }


@pytest.mark.parametrize(
    ("decorator", "given", "entry"),
    [
        (
            "signalr_trigger",
            {"category": "messages", "event": "send"},
            {"type": "signalRTrigger", "category": "messages", "event": "send"},
        ),
        (
            "signalr_trigger",
            {"category": "connections", "event": "Connected"},
            {"type": "signalRTrigger", "category": "connections", "event": "connected"},
        ),
        (
            "signalr_trigger",
            {"category": "%Category%", "event": "anything", "parameter_names": "text"},
            {"type": "signalRTrigger", "category": "%Category%", "event": "anything", "parameterNames": ["text"]},
        ),
        ("signalr_connection_info_input", {}, {"type": "signalRConnectionInfo"}),
        ("signalr_negotiation_input", {}, {"type": "signalRNegotiation"}),
        ("signalr_endpoints_input", {}, {"type": "signalREndpoints"}),
    ],
    ids=str,
)
def test_what_is_left_out_is_left_to_the_extension(
    decorator: str, given: dict[str, Any], entry: dict[str, Any]
) -> None:
    """The extension has defaults of its own."""
    (made,) = entries_of(func, decorator, {"arg_name": "value", "hub_name": "chat", **given})

    assert made == {"direction": "IN", "name": "value", "hubName": "chat", **entry}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"category": "message", "event": "send"}, "messages"),
        ({"category": "connections", "event": "connects"}, "connect"),
    ],
    ids=str,
)
def test_unknown_word_is_refused_at_the_decorator(app: func.FunctionApp, given: dict[str, Any], meant: str) -> None:
    """The extension would never call a function of a category or an event that is not there."""
    with pytest.raises(func.UnknownNameError) as caught:
        app.signalr_trigger("invocation", "chat", **given)

    assert meant in caught.value.hint


@pytest.mark.parametrize("binding_type", ["signalRTrigger", "signalRConnectionInfo", "signalRNegotiation"])
def test_what_comes_is_text_as_with_generic_bindings(binding_type: str) -> None:
    """There is no converter, so that functions that were written for generic bindings go on working."""
    assert func.get_binding_registry().get(binding_type) is None


@pytest.mark.parametrize("annotation", object_tables.return_annotations(func.SignalRMessage), ids=str)
def test_return_value_may_be_annotated_so(annotation: Any) -> None:
    """What the output takes, an annotation may promise."""
    assert OUTPUT.check_output_type_annotation(annotation)


@pytest.mark.parametrize("annotation", [int, func.QueueMessage, list[int], object], ids=str)
def test_return_value_may_not_be_annotated_so(annotation: Any) -> None:
    """What the output does not take, an annotation cannot promise."""
    assert not OUTPUT.check_output_type_annotation(annotation)


def test_misspelt_receiver_is_refused_with_the_right_name() -> None:
    """The service passes over members that it does not know, and such a message would go to everybody."""
    with pytest.raises(func.UnsupportedValueError) as caught:
        OUTPUT.encode({"target": "newMessage", "arguments": ["secret"], "user_id": "ada"})

    assert "SignalR output got dict: 'user_id' is no member of a SignalRMessage" in caught.value.message
    assert "'userId'" in caught.value.message
    assert "SignalRGroupAction" in caught.value.hint


@pytest.mark.parametrize(
    "make",
    [
        lambda: func.SignalRMessage(""),
        lambda: func.SignalRMessage("x", "hi"),
        lambda: func.SignalRMessage("x", 7),  # type: ignore[arg-type]  # the point of the test
        lambda: func.SignalRGroupAction("join", group_name="tea", user_id="ada"),  # type: ignore[arg-type]  # same
        lambda: func.SignalRGroupAction("add", user_id="ada"),
        lambda: func.SignalRGroupAction("remove", group_name="tea"),
        lambda: func.SignalRGroupAction("removeAll", group_name="tea"),
    ],
)
def test_message_that_cannot_be_sent_cannot_be_made(make: Any) -> None:
    """The error comes where the message is made, and not when the function has returned."""
    with pytest.raises(func.ConversionError) as caught:
        make()

    assert caught.value.message
    assert caught.value.hint


def test_message_has_its_fields() -> None:
    """What a message was made of can be read, for tests of functions."""
    east = [{"name": "east", "online": True}]
    message = func.SignalRMessage("x", (1, 2), connection_id="c", user_id="u", group_name="g", endpoints=tuple(east))

    assert (message.target, message.arguments, message.connection_id) == ("x", [1, 2], "c")
    assert (message.user_id, message.group_name, message.endpoints) == ("u", "g", east)
    assert message == func.SignalRMessage("x", [1, 2], connection_id="c", user_id="u", group_name="g", endpoints=east)
    assert message != func.SignalRMessage("x", [1, 2])
    assert message.get_json() == message.to_dict()
    assert repr(func.SignalRMessage("x", ["hi"])) == "SignalRMessage(target='x', arguments=['hi'])"


def test_group_action_has_its_fields() -> None:
    """What a change of a group was made of can be read."""
    east = [{"name": "east"}]
    action = func.SignalRGroupAction("removeAll", user_id="u", connection_id="c", endpoints=east)

    assert (action.action, action.group_name, action.user_id) == ("removeAll", None, "u")
    assert (action.connection_id, action.endpoints) == ("c", east)


def test_call_of_a_client_is_answered_and_passed_on(app: func.FunctionApp) -> None:
    """The invocation comes as text, the messages go out, and the result goes back to the client that waits."""

    @app.signalr_output("messages", "chat")
    @app.signalr_trigger("invocation", "chat", "messages", "send")
    def on_message(invocation: str, messages: func.Out[list[func.SignalRMessage]]) -> str:
        text: str = json.loads(invocation)["Arguments"][0]
        messages.set([func.SignalRMessage("new", [text])])
        return text.upper()

    with TestClient(app) as client:
        run = client.send(on_message, {"Arguments": ["hi"]})

    assert run.datums == {
        "messages": Datum('[{"target": "new", "arguments": ["hi"]}]', "json"),
        "$return": Datum("HI", "string"),
    }
