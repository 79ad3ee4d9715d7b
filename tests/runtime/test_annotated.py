"""Arguments as their annotations say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import pytest

import azfunc as func
from azfunc.runtime.annotated import as_annotated

BLOB = func.InputStream(data="\ufefftexté")
ROWS = '[{"RowKey": "1"}]'
ROW = b'{"RowKey": "1"}'

CASES: list[tuple[str, Any, Any, Any]] = [
    ("blob-as-str", BLOB, str, "texté"),
    ("blob-as-bytes", BLOB, bytes, "\ufefftexté".encode()),
    ("blob-as-stream", BLOB, func.InputStream, BLOB),
    ("blob-or-none", BLOB, str | None, "texté"),
    ("blob-annotated", BLOB, Annotated[str, "note"], "texté"),
    ("blob-as-either", BLOB, str | bytes, BLOB),
    ("blob-unsaid", BLOB, None, BLOB),
    ("blob-of-text", BLOB, "InputStream", BLOB),
    ("no-blob", None, str, None),
    ("rows-as-list", ROWS, list, [{"RowKey": "1"}]),
    ("rows-as-list-of-dicts", ROWS, list[dict[str, Any]], [{"RowKey": "1"}]),
    ("rows-as-sequence", ROWS, Sequence[Mapping[str, Any]], [{"RowKey": "1"}]),
    ("rows-as-text", ROWS, str, ROWS),
    ("row-as-dict", ROW, dict, {"RowKey": "1"}),
    ("row-as-mapping", ROW, Mapping[str, Any], {"RowKey": "1"}),
    ("no-row", "null", dict, None),
    ("number", 7, str, 7),
]


@pytest.mark.parametrize(
    ("value", "annotation", "expected"), [each[1:] for each in CASES], ids=[each[0] for each in CASES]
)
def test_an_argument_is_what_its_annotation_says(value: object, annotation: object, expected: object) -> None:
    """Messages become their body, JSON text what it holds, and what the annotation does not name stays."""
    assert as_annotated(value, annotation) == expected


@pytest.mark.parametrize(("value", "annotation"), [(ROWS, dict), (ROW, list)], ids=["rows-as-dict", "row-as-list"])
def test_json_of_another_shape_is_refused(value: object, annotation: object) -> None:
    """One row is no list, and a list is no row."""
    with pytest.raises(func.ConversionError, match="the annotation says") as caught:
        as_annotated(value, annotation)

    assert "a list for several" in caught.value.hint


def test_text_that_is_no_json_is_refused() -> None:
    """The error has the position."""
    with pytest.raises(func.JsonDecodeError, match="what the host sent"):
        as_annotated("{", dict)
