"""Names in a sentence."""

from __future__ import annotations

from azfunc.runtime.naming import MOST_NAMES, named


def test_few_names_are_all_written_out() -> None:
    """With commas between them, and a word for none."""
    assert named(["a", "b"]) == "a, b"
    assert named([]) == "none"
    assert named([], nothing="no function") == "no function"
    assert named(["x"] * MOST_NAMES).count("x") == MOST_NAMES


def test_of_very_many_names_the_first_are_written_out() -> None:
    """A message stays one that people read."""
    text = named([f"f{number}" for number in range(5000)])

    assert text.startswith("f0, f1, ")
    assert text.endswith(f"f{MOST_NAMES - 1}, and {5000 - MOST_NAMES} more")
