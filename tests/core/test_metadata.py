"""Trigger metadata: of one message, and the arrays of a batch."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

import azfunc as func
from azfunc._core import datum as datum_module
from azfunc._core.datum import Datum
from azfunc._core.metadata import BatchMetadata, BatchMismatchError, Metadata

RAW = {
    "IdArray": Datum('["a", "b"]', "json"),
    "NumberArray": Datum(SimpleNamespace(sint64=[1, 2]), "collection_sint64"),
    "LabelArray": Datum(SimpleNamespace(string=["only one"]), "collection_string"),
    "ToArray": Datum(SimpleNamespace(string=[]), "collection_string"),
    "Client": Datum("{}", "json"),
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Datum("x", "string"), "x"),
        (Datum("[1]", "json"), [1]),
        (Datum(None, None), None),
        (SimpleNamespace(type="json", value="2"), 2),
        ("plain", "plain"),
        (None, None),
    ],
)
def test_value_is_read_from_any_form(value: Any, expected: Any) -> None:
    """A datum of either library is decoded, and a plain value stands for itself."""
    assert Metadata({"Key": value}).get("Key") == expected


def test_message_of_a_batch_sees_its_own_values() -> None:
    """Each message has its place of each array, by the name without ``Array``."""
    first, second = BatchMetadata(RAW, 2)

    assert (first.get("Id"), second.get("Id"), second.get("Number")) == ("a", "b", 2)
    assert first.as_dict() == {"Id": "a", "Number": 1}
    assert second.as_dict() == {"Id": "b", "Number": 2}


def test_array_that_is_empty_or_absent_has_no_value() -> None:
    """The host leaves empty texts out, so an empty array means that no message has one."""
    item = next(iter(BatchMetadata(RAW, 2)))

    assert item.get("To") is None
    assert item.get("Nothing") is None


def test_array_of_another_length_is_an_error_when_it_is_read() -> None:
    """Nobody can tell whose values these are; the text says so, at every reading."""
    batch = BatchMetadata(RAW, 2)

    for item in batch:
        with pytest.raises(BatchMismatchError, match="LabelArray has 1 values, and the batch has 2 messages") as caught:
            item.get("Label")
        assert "batch_metadata" in caught.value.hint
        assert isinstance(caught.value, func.ConversionError)


def test_array_that_is_no_list_is_an_error() -> None:
    """An array has to be a list."""
    with pytest.raises(func.ConversionError, match="IdArray of a batch is no list but a dict"):
        BatchMetadata({"IdArray": Datum("{}", "json")}, 1).array("IdArray")


def test_broken_json_is_told_with_its_field() -> None:
    """What is no JSON raises when it is read, with its name and value, and breaks nothing else."""
    metadata = Metadata({"Properties": Datum("{bad", "json"), "Id": Datum("7", "string")})

    assert metadata.get("Id") == "7"
    with pytest.raises(func.ConversionError, match="cannot read field 'Properties' in trigger metadata") as caught:
        metadata.get("Properties")
    assert "'{bad'" in caught.value.hint
    assert "There is no valid JSON" not in str(caught.value)


def test_raw_arrays_stay_reachable() -> None:
    """The metadata of the whole batch has each array as it came."""
    assert BatchMetadata(RAW, 2).as_dict() == {
        "IdArray": ["a", "b"],
        "NumberArray": [1, 2],
        "LabelArray": ["only one"],
        "ToArray": [],
        "Client": {},
    }


@pytest.mark.parametrize("text", ['["a", "b"]', '["a"', "{}"])
def test_array_is_parsed_once_for_the_batch(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """However often a value is asked for, its JSON is read once, an unreadable one too."""
    texts: list[str] = []
    loads = datum_module.jsonlib.loads

    def counted(text: str) -> Any:
        texts.append(text)
        return loads(text)

    monkeypatch.setattr(datum_module, "jsonlib", SimpleNamespace(loads=counted))
    for item in BatchMetadata({"IdArray": Datum(text, "json")}, 2):
        for _ in range(3):
            with suppress(func.ConversionError):
                item.get("Id")

    assert texts == [text]
