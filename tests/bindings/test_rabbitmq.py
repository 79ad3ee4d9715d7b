"""RabbitMQ."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import uuid
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED, BindingConformance, entries_of

OUTPUT: Any = func.get_binding_registry().get("rabbitMQ")
ALL = {
    "queue_name": "todo",
    "connection_string_setting": "RabbitMQ",
    "disable_certificate_validation": True,
    "data_type": "binary",
}
ENTRY = {"queueName": "todo", "connectionStringSetting": "RabbitMQ", "disableCertificateValidation": True}


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int
    due: datetime.date


class TestRabbitMQ(BindingConformance):
    """The suite, for RabbitMQ."""

    module = "rabbitmq"
    own_decorators = {
        "rabbitmq_trigger": (
            {"arg_name": "message", **ALL},
            [{"direction": "IN", "dataType": "BINARY", "type": "rabbitMQTrigger", "name": "message", **ENTRY}],
        ),
        "rabbitmq_output": (
            {"arg_name": "$return", **ALL},
            [{"direction": "OUT", "dataType": "BINARY", "type": "rabbitMQ", "name": "$return", **ENTRY}],
        ),
    }
    outputs = {
        "rabbitMQ": [
            ("hi", Datum("hi", "string")),
            ("", Datum("", "string")),
            (b"\xff", Datum(b"\xff", "bytes")),
            (bytearray(b"hi"), Datum(b"hi", "bytes")),
            (None, None),
            (7, Datum("7", "json")),
            ({"a": 1}, Datum('{"a": 1}', "json")),
            (Order(7, datetime.date(2026, 1, 2)), Datum('{"number": 7, "due": "2026-01-02"}', "json")),
            (
                {"at": datetime.datetime(2026, 1, 2), "sum": decimal.Decimal("1.5"), "id": uuid.UUID(int=1)},  # noqa: DTZ001
                Datum(
                    '{"at": "2026-01-02T00:00:00", "sum": 1.5, "id": "00000000-0000-0000-0000-000000000001"}', "json"
                ),
            ),
            (["a", {"b": 1}], Datum('["a", {"b": 1}]', "json")),
            (("a",), Datum('["a"]', "json")),
            ((each for each in "ab"), Datum('["a", "b"]', "json")),
            ([b"a"], Datum('["a"]', "json")),
            ([], Datum("[]", "json")),
            ([b"\xff"], REFUSED),
            ([None], REFUSED),
            (object(), REFUSED),
            ({"a": object()}, REFUSED),
            (func.QueueMessage(body="b"), REFUSED),
            ([func.TimerRequest()], REFUSED),
        ]
    }


@pytest.mark.parametrize("decorator", ["rabbitmq_trigger", "rabbitmq_output"])
def test_what_is_left_out_is_left_to_the_extension(decorator: str) -> None:
    """Certificates are checked unless it is said that they are not."""
    (made,) = entries_of(
        func, decorator, {"arg_name": "m", "queue_name": "todo", "connection_string_setting": "RabbitMQ"}
    )

    assert set(made) == {"direction", "type", "name", "queueName", "connectionStringSetting"}


def test_fields_of_older_extensions_pass_as_they_are() -> None:
    """Extensions of version 1 have the host and the login one by one."""
    (made,) = entries_of(
        func,
        "rabbitmq_trigger",
        {
            "arg_name": "m",
            "queue_name": "todo",
            "connection_string_setting": "RabbitMQ",
            "host_name": "10.0.0.1",
            "user_name_setting": "User",
            "password_setting": "Password",
            "port": 5672,
        },
    )

    assert made["hostName"] == "10.0.0.1"
    assert made["port"] == 5672


def test_message_comes_as_with_generic_bindings() -> None:
    """There is no converter, so that functions that were written for generic bindings go on working."""
    assert func.get_binding_registry().get("rabbitMQTrigger") is None


@pytest.mark.parametrize("annotation", [str, bytes, dict, Order, list[str], list[Order], Order | None], ids=str)
def test_return_value_may_be_annotated_so(annotation: Any) -> None:
    """What the output takes, an annotation may promise."""
    assert OUTPUT.check_output_type_annotation(annotation)


def test_refusal_names_the_output_the_type_and_what_would_do() -> None:
    """The text for a value that cannot be sent has all three parts."""
    with pytest.raises(func.UnsupportedValueError) as caught:
        OUTPUT.encode(func.QueueMessage(body="b"))

    assert caught.value.message == "RabbitMQ output got QueueMessage."
    assert "str, bytes" in caught.value.hint
