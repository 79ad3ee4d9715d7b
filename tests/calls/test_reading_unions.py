"""Unions that hold themselves are read in a number of steps that grows with the body, not with its powers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from azfunc.calls.problems import Problems
from azfunc.calls.reading import read_value, reader_of


@dataclass
class And:
    """One alternative, whose fields are those of the other."""

    left: And | Or | int
    right: And | Or | int
    name: str = ""


@dataclass
class Or:
    """The other one."""

    left: And | Or | int
    right: And | Or | int
    weight: int = 0


class Counted(dict[str, Any]):
    """An object that counts how often a field of it is read."""

    reads = 0

    def __getitem__(self, key: str) -> Any:
        Counted.reads += 1
        return super().__getitem__(key)


def deep(leaf: object, depth: int) -> Any:
    """Give an object that holds another one, and so on."""
    value: Any = leaf
    for _ in range(depth):
        value = Counted(left=value, right=1)
    return value


@pytest.mark.parametrize("options", [{}, {"ignores_extra": True}], ids=["forbid", "ignore"])
@pytest.mark.parametrize("leaf", [1, 1.5], ids=["fits", "misfit"])
def test_steps_grow_with_the_body(leaf: float, options: dict[str, bool]) -> None:
    """Each object is read once for each place that an alternative has for it."""
    reader, steps = reader_of(And | Or, **options), []
    for depth in (20, 40):
        Counted.reads = 0
        read_value(reader, deep(leaf, depth), None, Problems())
        steps.append(Counted.reads)

    assert steps[1] < 40 * 40
    assert steps[1] < 3 * steps[0]


def test_leaf_that_is_wrong_is_told() -> None:
    """What is wrong deep below is told with its place, whichever alternative was meant."""
    problems = Problems()
    read_value(reader_of(And | Or), deep(1.5, 3), None, problems)

    assert problems.found == [("left.left.left", "wanted And, Or or a whole number, got 1.5")]


def test_what_fits_is_read_at_every_depth() -> None:
    """The first alternative that fits is taken where both do."""
    problems = Problems()
    value = {"left": {"left": 1, "right": 2, "weight": 3}, "right": {"left": 4, "right": 5}}

    assert read_value(reader_of(And | Or), value, None, problems) == And(Or(1, 2, 3), And(4, 5))
    assert problems.found == []
