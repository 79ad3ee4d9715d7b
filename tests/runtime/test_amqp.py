"""Messages of AMQP 1.0 as bytes, by the examples of its specification; `tests/packages` reads them with the SDKs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.amqp import Symbol, Unsigned, encode_message, encode_value
from azfunc.runtime.sdk_messages import as_model

MOMENT = datetime(1970, 1, 1, 0, 0, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (None, b"\x40"),
        (True, b"\x41"),
        (False, b"\x42"),
        (Unsigned(7), b"\x70\0\0\0\x07"),
        (-1, b"\x81" + b"\xff" * 8),
        (1.0, b"\x82\x3f\xf0\0\0\0\0\0\0"),
        (Symbol("ab"), b"\xa3\x02ab"),
        (MOMENT, b"\x83\0\0\0\0\0\0\x03\xe8"),
        (MOMENT.replace(tzinfo=None), b"\x83\0\0\0\0\0\0\x03\xe8"),
        (UUID(int=1), b"\x98" + b"\0" * 15 + b"\x01"),
        (b"\x01", b"\xa0\x01\x01"),
        (bytes(256), b"\xb0\0\0\x01\0" + bytes(256)),
        ("é", b"\xa1\x02\xc3\xa9"),
        (2**64, b"\xa1\x1418446744073709551616"),
        ([True], b"\xd0\0\0\0\x05\0\0\0\x01\x41"),
        ({"a": None}, b"\xd1\0\0\0\x08\0\0\0\x02\xa1\x01a\x40"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_are_written_as_the_specification_says(value: Any, encoded: bytes) -> None:
    """Each type has its code; a number too large for any is text."""
    assert encode_value(value) == encoded


def test_message_is_its_body_where_nothing_else_is_known() -> None:
    """Sections with nothing in them are left out."""
    assert encode_message(b"x", properties={"to": None}, annotations={"a": None}) == b"\0Su\xa0\x01x"


def test_sections_come_in_their_order() -> None:
    """Header, annotations, properties, properties of the sender, body."""
    encoded = encode_message(
        b"x", delivery_count=1, annotations={"a": 1}, properties={"content_type": "t"}, application_properties={"p": 2}
    )

    places = [encoded.index(bytes((0, 0x53, code))) for code in (0x70, 0x72, 0x73, 0x74, 0x75)]
    assert places == sorted(places)
    assert b"\xa3\x01t" in encoded


def test_lock_token_stands_before_the_message() -> None:
    """A token that is none is zeros."""
    token = "00010203-0405-0607-0809-0a0b0c0d0e0f"

    found = as_model(func.ServiceBusMessage(body=b"x", lock_token=token)).value.content
    made_up = as_model(func.ServiceBusMessage(body=b"x", lock_token="mine")).value.content

    assert found.startswith(UUID(token).bytes_le + b"x-opt-lock-token")
    assert made_up.startswith(bytes(16) + b"x-opt-lock-token")


def test_events_have_their_properties() -> None:
    """What the host says of an event in its metadata is in the message."""
    event = func.EventHubEvent(
        body=b"x",
        sequence_number=5,
        offset="77",
        partition_key="k",
        iothub_metadata={"connection-device-id": "d1"},
        trigger_metadata={"Properties": Datum('{"rank": 2}', "json"), "MessageId": Datum("m1", "string")},
    )

    found = as_model(event).value

    assert (found.source, found.content_type) == ("AzureEventHubsEventData", "application/octet-stream")
    for part in (encode_value(Symbol("x-opt-offset")) + encode_value("77"), encode_value("rank") + encode_value(2)):
        assert part in found.content
    assert encode_value(Symbol("iothub-connection-device-id")) + encode_value("d1") in found.content
    assert as_model(func.EventHubEvent(body=b"x")).value.content == b"\0Su\xa0\x01x"


def test_batch_is_a_collection() -> None:
    """Each message of a list is one of the parts."""
    datum = as_model([func.ServiceBusMessage(body="a", time_to_live=timedelta(1)), func.ServiceBusMessage(body="b")])

    assert datum.type == "collection_model_binding_data"
    assert [each.content[-1:] for each in datum.value.model_binding_data] == [b"a", b"b"]
