"""The tables of the conformance suite for services that give and take rows; each has rows of its own class."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import io
import uuid
from typing import Annotated, Any, Optional

import azfunc
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int
    due: datetime.date


def messages(row: Any, rows: Any) -> list[Any]:
    """Give lists of rows that come from the host."""
    return [
        rows(),
        rows([row(Id=1, Title="Käse", Price=4.5, Note=None)]),
        rows([{"Id": 1}, {"Id": 2}]),
        rows([None]),
    ]


def accepted(row: Any, rows: Any) -> list[Any]:
    """Give annotations that a parameter may have."""
    return [
        rows,
        rows | None,
        Optional[rows],  # noqa: UP045  # the older spelling is the point
        Annotated[rows, "orders"],
        list[row],
        list[dict[str, Any]],
    ]


def refused(row: Any, rows: Any) -> list[Any]:
    """Give annotations that a parameter may not have."""
    return [str, dict, row, list[str], azfunc.DocumentList, list[azfunc.Document], rows | str]


def outputs(row: Any, rows: Any) -> list[tuple[Any, Any]]:
    """Give the output matrix."""
    return [
        (row(Id=1), Datum('[{"Id": 1}]', "json")),
        (row(), Datum("[{}]", "json")),
        (rows([row(Id=1)]), Datum('[{"Id": 1}]', "json")),
        (rows([{"Id": 1}]), Datum('[{"Id": 1}]', "json")),
        ([row(Id=1), {"Id": 2}], Datum('[{"Id": 1}, {"Id": 2}]', "json")),
        ({"Id": 1}, Datum('[{"Id": 1}]', "json")),
        ({}, Datum("[{}]", "json")),
        ([], Datum("[]", "json")),
        (({"Id": 1},), Datum('[{"Id": 1}]', "json")),
        (({"Id": each} for each in "ab"), Datum('[{"Id": "a"}, {"Id": "b"}]', "json")),
        (azfunc.Document(Id=1), Datum('[{"Id": 1}]', "json")),
        (Order(7, datetime.date(2026, 1, 2)), Datum('[{"number": 7, "due": "2026-01-02"}]', "json")),
        ([Order(7, datetime.date(2026, 1, 2))], Datum('[{"number": 7, "due": "2026-01-02"}]', "json")),
        (
            {
                "At": datetime.datetime(2026, 1, 2),  # noqa: DTZ001  # columns of this kind are usual
                "Sum": decimal.Decimal("1.5"),
                "Id": uuid.UUID(int=1),
                "Raw": b"\xff",
            },
            Datum(
                '[{"At": "2026-01-02T00:00:00", "Sum": 1.5, "Id": "00000000-0000-0000-0000-000000000001", '
                '"Raw": "/w=="}]',
                "json",
            ),
        ),
        ('{"Id": 1}', Datum('[{"Id": 1}]', "json")),
        (b'[{"Id": 1}]', Datum('[{"Id": 1}]', "json")),
        (bytearray(b'{"Id": 1}'), Datum('[{"Id": 1}]', "json")),
        ("", Datum("[]", "json")),
        (None, None),
        ("abc", REFUSED),
        ("5", REFUSED),
        (b"\xff", REFUSED),
        (7, REFUSED),
        (True, REFUSED),
        (float("nan"), REFUSED),
        (row(Sum=float("nan")), REFUSED),
        (datetime.date(2026, 1, 2), REFUSED),
        ([None], REFUSED),
        (["a"], REFUSED),
        ([b"{}"], REFUSED),
        ({"a": object()}, REFUSED),
        (object(), REFUSED),
        (io.BytesIO(b"{}"), REFUSED),
        (azfunc.QueueMessage(body="{}"), REFUSED),
        ([azfunc.QueueMessage(body="{}")], REFUSED),
        (azfunc.TimerRequest(), REFUSED),
    ]
