"""JSON objects that only go out."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import azfunc as func
from azfunc._core.message import ANYTHING
from azfunc._core.objects import ObjectOutConverter, ObjectValue, OutgoingMessage


class Note(OutgoingMessage):
    """A message with one member that it needs and one that it may have."""

    _wire = {"to_whom": ("toWhom", ANYTHING), "text": ("text", ANYTHING)}
    _required = ("toWhom",)

    def __init__(self, to_whom: str | None = None, text: str | None = None) -> None:
        self._fill(to_whom=to_whom, text=text)


class NoteConverter(ObjectOutConverter):
    """An output of notes."""

    what = "note output"
    kinds = (Note,)
    output_types = (str, ObjectValue, Note)


class LikeObjects(ObjectValue):
    """A class below the one that stands for others."""


def test_message_is_its_members() -> None:
    """Body, dict and JSON are the same object; fields that are None are left out."""
    note = Note("ada")

    assert note.to_dict() == {"toWhom": "ada"}
    assert note.get_body() == b'{"toWhom": "ada"}'
    assert note.get_json() == {"toWhom": "ada"}
    assert repr(note) == "Note(to_whom='ada')"


def test_message_survives_pickling_and_copying() -> None:
    """A message equals its pickle and its deep copy, and not one with other fields."""
    note = Note("ada", "hi")

    assert pickle.loads(pickle.dumps(note)) == note == copy.deepcopy(note)
    assert note != Note("ada")
    assert len({note, Note("ada", "hi")}) == 1


def test_message_that_lacks_a_member_cannot_be_made() -> None:
    """The error names the member and the class, and the hint the fields."""
    with pytest.raises(func.ConversionError) as caught:
        Note(text="hi")

    assert caught.value.message == "'toWhom' of a Note is missing."
    assert "to_whom, text" in caught.value.hint


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"toWhom": "ada"}, ""),
        ({"TOWHOM": "ada", "Text": None}, ""),
        ({"toWhom": None}, "'toWhom' of a Note is missing"),
        ({"toWhom": "ada", "to_whom": "bob"}, "'to_whom' is no member of a Note (did you mean 'toWhom'?)"),
        ({"toWhom": "ada", "colour": 1}, "'colour' is no member of a Note (it has toWhom, text)"),
    ],
    ids=str,
)
def test_members_are_read_in_any_letter_case(given: dict[str, Any], fault: str) -> None:
    """The extensions read members so, and nothing else."""
    assert Note.fault(given) == fault


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("{", "it is no JSON"),
        ("7", "7 is no object"),
        ('["a"]', "'a' is no object"),
        (["{"], "'{' is no JSON"),
        (b"\xff", "it is no text in UTF-8"),
        ({"toWhom": object()}, "not JSON serializable"),
        ({"text": "hi"}, "'toWhom' of a Note is missing"),
        (func.TimerRequest(), "note output got TimerRequest."),
    ],
    ids=str,
)
def test_refusal_says_why_and_what_would_do(given: Any, why: str) -> None:
    """The text names the output, the type and the reason."""
    with pytest.raises(func.UnsupportedValueError) as caught:
        NoteConverter.encode(given)

    assert "note output got" in caught.value.message
    assert why in caught.value.message
    assert "a Note, a dict or a dataclass" in caught.value.hint


def test_classes_that_are_objects_are_known() -> None:
    """Mappings are, messages of services are not, and a class below stands for itself alone."""
    assert issubclass(dict, ObjectValue)
    assert not issubclass(int, ObjectValue)
    assert not issubclass(func.QueueMessage, ObjectValue)
    assert not issubclass(dict, LikeObjects)
