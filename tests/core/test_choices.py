"""Arguments that are one of a few texts."""

from __future__ import annotations

from typing import Any

import pytest

import azfunc as func
from azfunc._core.choices import as_choice, as_texts


@pytest.mark.parametrize(
    ("given", "expected"),
    [("webPubSub", "webPubSub"), ("WEBPUBSUB", "webPubSub"), ("%Protocol%", "%Protocol%"), ("{name}", "{name}")],
)
def test_text_is_written_as_the_service_spells_it(given: str, expected: str) -> None:
    """Letter case does not matter, and what the host fills in is left to it."""
    assert as_choice(given, ("all", "webPubSub"), "The protocol") == expected


@pytest.mark.parametrize(
    ("given", "hint"),
    [("websub", "Did you mean 'webPubSub'? Use one of all, webPubSub"), ("x", "Use one of all, webPubSub")],
)
def test_unknown_text_is_refused_with_the_permitted_ones(given: str, hint: str) -> None:
    """The error says what it is about, and offers a near name."""
    with pytest.raises(func.UnknownNameError) as caught:
        as_choice(given, ("all", "webPubSub"), "The protocol")

    assert caught.value.message == f"The protocol is not {given!r}."
    assert caught.value.hint.startswith(hint)


def test_what_is_no_text_is_refused() -> None:
    """The error is that of an argument of the wrong type."""
    number: Any = 7
    with pytest.raises(func.ArgumentTypeError, match="The protocol is text"):
        as_choice(number, ("all",), "The protocol")


@pytest.mark.parametrize(("given", "expected"), [(None, None), ("a", ["a"]), (("a", "b"), ["a", "b"]), ([], [])])
def test_one_text_may_stand_alone(given: Any, expected: Any) -> None:
    """One text is a list of one; none at all stays none."""
    assert as_texts(given) == expected
