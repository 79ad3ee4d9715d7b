"""Values as short text."""

from __future__ import annotations

from typing import Any

import pytest

from azfunc._core.text import call_text, short, type_name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, "7"),
        ("a" * 40, repr("a" * 40)),
        ("a" * 41, f"'{'a' * 40}'... 41 characters"),
        (b"a" * 41, f"b'{'a' * 40}'... 41 B"),
        (b"a" * 2048, f"b'{'a' * 40}'... 2 kB"),
        (b"a" * 3_400_000, f"b'{'a' * 40}'... 3.4 MB"),
        ("a" * 2048, f"'{'a' * 40}'... 2048 characters"),
        ([1, 2], "[1, 2]"),
    ],
    ids=lambda each: str(each)[:12],
)
def test_long_values_are_cut(value: object, expected: str) -> None:
    """A short value is shown whole; of a long one the beginning and the size."""
    assert short(value) == expected


def test_long_repr_is_cut() -> None:
    """A value whose repr is long is cut after 120 characters."""
    assert short([1] * 100) == repr([1] * 100)[:120] + "..."


def test_call_is_shown_with_its_arguments() -> None:
    """A call shows its keywords, each cut if it is long."""
    assert call_text("QueueMessage", [("id", "7"), ("body", b"x" * 50)]) == (
        f"QueueMessage(id='7', body=b'{'x' * 40}'... 50 B)"
    )
    assert call_text("Nothing", []) == "Nothing()"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "None"),
        (7, "int"),
        ([], "list"),
        ([1, 2], "list of int"),
        ((1, "a", 2), "tuple of int and str"),
        ([None], "list of NoneType"),
        ({"a": 1}, "dict"),
    ],
    ids=repr,
)
def test_type_is_named_as_people_do(value: Any, expected: str) -> None:
    """A list names the types of what is in it."""
    assert type_name(value) == expected
