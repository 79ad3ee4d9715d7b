"""AMQP 1.0 messages as bytes, the form in which the host hands events and messages to the SDKs.

Source: OASIS AMQP 1.0, part 1 "Types" and part 3 "Messaging", "Message Format".
"""

from __future__ import annotations

import struct
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

from azfunc._core.checks import is_buffer, is_dict, is_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEADER, _ANNOTATIONS, _PROPERTIES, _APPLICATION, _DATA = 0x70, 0x72, 0x73, 0x74, 0x75
_PROPERTY_NAMES = (
    "message_id",
    "user_id",
    "to",
    "subject",
    "reply_to",
    "correlation_id",
    "content_type",
    "content_encoding",
    "absolute_expiry_time",
    "creation_time",
    "group_id",
    "group_sequence",
    "reply_to_group_id",
)


class Symbol(str):
    """Text from a domain of its own, such as the name of an annotation."""

    __slots__ = ()


class Unsigned(int):
    """A whole number of 32 bits that is not negative."""

    __slots__ = ()


def encode_message(
    body: bytes,
    *,
    delivery_count: int | None = None,
    ttl_milliseconds: int | None = None,
    annotations: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
    application_properties: Mapping[str, Any] | None = None,
) -> bytes:
    """Give a message as bytes; what is None in the mappings is left out.

    Args:
        body: The content.
        delivery_count: Times that it was handed out before.
        ttl_milliseconds: How long it lives, in milliseconds.
        annotations: What the service has written on it, such as ``x-opt-sequence-number``.
        properties: Its standard properties, such as ``message_id`` and ``content_type``.
        application_properties: The properties of the sender's own.
    """
    parts: list[bytes] = []
    if delivery_count is not None or ttl_milliseconds is not None:
        header = [None, None, _unsigned(ttl_milliseconds), None, _unsigned(delivery_count)]
        parts.append(_section(_HEADER, _list(header)))
    marks = {Symbol(name): value for name, value in (annotations or {}).items() if value is not None}
    if marks:
        parts.append(_section(_ANNOTATIONS, _map(marks)))
    named = dict(properties or {})
    if any(value is not None for value in named.values()):
        if named.get("content_type") is not None:
            named["content_type"] = Symbol(named["content_type"])
        parts.append(_section(_PROPERTIES, _list([named.get(name) for name in _PROPERTY_NAMES])))
    own = {name: value for name, value in (application_properties or {}).items() if value is not None}
    if own:
        parts.append(_section(_APPLICATION, _map(own)))
    parts.append(_section(_DATA, _sized(0xA0, 0xB0, body)))
    return b"".join(parts)


def _unsigned(number: int | None) -> Unsigned | None:
    return None if number is None else Unsigned(number)


def _section(code: int, value: bytes) -> bytes:
    return bytes((0x00, 0x53, code)) + value


def _sized(short: int, long: int, content: bytes) -> bytes:
    if len(content) < 256:
        return bytes((short, len(content))) + content
    return struct.pack(">BI", long, len(content)) + content


def _compound(code: int, items: Sequence[Any]) -> bytes:
    content = b"".join(map(encode_value, items))
    return struct.pack(">BII", code, len(content) + 4, len(items)) + content


def _list(items: Sequence[Any]) -> bytes:
    return _compound(0xD0, items)


def _map(entries: Mapping[Any, Any]) -> bytes:
    return _compound(0xD1, [each for entry in entries.items() for each in entry])


def encode_value(value: Any) -> bytes:
    """Give one value as bytes; what has no type in AMQP becomes text."""
    if value is None:
        return b"\x40"
    if isinstance(value, bool):
        return b"\x41" if value else b"\x42"
    if isinstance(value, Unsigned):
        return struct.pack(">BI", 0x70, value)
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return struct.pack(">Bq", 0x81, value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0x82, value)
    if isinstance(value, Symbol):
        return _sized(0xA3, 0xB3, value.encode("ascii", "replace"))
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)
        return struct.pack(">Bq", 0x83, round(aware.timestamp() * 1000))
    if isinstance(value, UUID):
        return b"\x98" + value.bytes
    if is_buffer(value):
        return _sized(0xA0, 0xB0, bytes(value))
    if is_dict(value):
        return _map(value)
    if is_list(value):
        return _list(value)
    return _sized(0xA1, 0xB1, str(value).encode())
