"""Values that pass as they are."""

from __future__ import annotations

from typing import Any

import pytest

from azfunc._core.datum import Datum
from azfunc._core.plain import PlainInConverter
from azfunc.runtime.generic import GenericConverter


@pytest.mark.parametrize(
    "datum",
    [
        Datum("text", "string"),
        Datum('{"a": 1}', "json"),
        Datum(b"\xff", "bytes"),
        Datum(7, "int"),
        Datum(["a"], "collection_string"),
        Datum(None, None),
    ],
    ids=str,
)
def test_argument_is_that_of_a_type_without_converter(datum: Datum) -> None:
    """What comes in does not depend on whether the output of the type has rules of its own."""
    assert PlainInConverter.decode(datum, trigger_metadata={}) == GenericConverter.decode(datum, trigger_metadata={})


@pytest.mark.parametrize("value", ["text", b"\xff", {"a": 1}, [1], 7, None], ids=str)
def test_datum_is_that_of_a_type_without_converter(value: Any) -> None:
    """What a test sends is what it sends to other types."""
    assert PlainInConverter.to_wire(value) == GenericConverter.to_wire(value)


def test_nothing_gives_none() -> None:
    """No datum at all is no value."""
    assert PlainInConverter.decode(None, trigger_metadata=None) is None
