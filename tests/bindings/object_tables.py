"""The output matrix of the conformance suite for outputs that send JSON objects whose members are known."""

from __future__ import annotations

import datetime
import io
import json
from typing import Any, Optional

import azfunc
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED


class Convertible:
    """A user's own class that says what it is as a dict."""

    def __init__(self, members: dict[str, Any]) -> None:
        self.members = members

    def to_dict(self) -> dict[str, Any]:
        """Give the members."""
        return self.members


def outputs(message: Any, members: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Give the rows that all such outputs share.

    Args:
        message: One of the service's own messages.
        members: The members that it is sent as.
    """
    text = json.dumps(members)
    one, two = f"[{text}]", f"[{text}, {text}]"
    return [
        (message, Datum(text, "json")),
        ([message], Datum(one, "json")),
        ((message, members), Datum(two, "json")),
        (members, Datum(text, "json")),
        ([members, members], Datum(two, "json")),
        ((each for each in [members]), Datum(one, "json")),
        ({key.upper(): value for key, value in members.items()}, Datum(json.dumps(_upper(members)), "json")),
        (Convertible(members), Datum(text, "json")),
        ([Convertible(members)], Datum(one, "json")),
        (text, Datum(text, "string")),
        (text.encode(), Datum(text, "string")),
        (bytearray(text.encode()), Datum(text, "string")),
        (one, Datum(one, "json")),
        ([text, text.encode()], Datum(two, "json")),
        ([], Datum("[]", "json")),
        (None, None),
        ("", REFUSED),
        ("hi", REFUSED),
        ("7", REFUSED),
        (b"\xff", REFUSED),
        (7, REFUSED),
        (True, REFUSED),
        (datetime.date(2026, 1, 2), REFUSED),
        ([None], REFUSED),
        (["hi"], REFUSED),
        ([b"\xff"], REFUSED),
        ([7], REFUSED),
        ([[members]], REFUSED),
        ({}, REFUSED),
        ({**members, "noSuchMember": 1}, REFUSED),
        ([members, {**members, "noSuchMember": 1}], REFUSED),
        (json.dumps({**members, "noSuchMember": 1}), REFUSED),
        (object(), REFUSED),
        ([object()], REFUSED),
        (io.BytesIO(text.encode()), REFUSED),
        (azfunc.QueueMessage(body=text), REFUSED),
        ([azfunc.TimerRequest()], REFUSED),
    ]


def _upper(members: dict[str, Any]) -> dict[str, Any]:
    return {key.upper(): value for key, value in members.items()}


def return_annotations(message: Any) -> list[Any]:
    """Give annotations that a return value may have."""
    return [
        str,
        bytes,
        dict,
        dict[str, Any],
        Convertible,
        message,
        Optional[message],  # noqa: UP045  # the older spelling has to work too
        list[message],
        list[str],
        list[dict[str, Any]],
    ]
