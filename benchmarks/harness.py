"""How things are compared: the libraries take turns, answers are checked before the clock runs, ratios are paired.

A `Task` does the same work with each library. A round times each library once, one right after the other, so that a
machine that slows down slows both; the ratio of the pair is kept. Reported are the median of the ratios and their
quartiles. Times themselves mean nothing on another machine and are not printed.
"""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Work = Callable[[], Any]

REFERENCE = "azure.functions"
OURS = "azfunc"


@dataclass(frozen=True)
class Task:
    """One thing that is measured."""

    theme: str
    """Theme that it belongs to."""
    what: str
    """What it is, for the table."""
    make: Callable[[str], Work]
    """Gives the work for a library by its name; what it returns is the answer."""
    same: bool = True
    """Whether the answers of all libraries must be equal."""
    gate: float | None = None
    """Least ratio that is acceptable."""
    aim: float | None = None
    """Ratio that is wanted."""


@dataclass(frozen=True)
class Result:
    """What came of one task."""

    theme: str
    what: str
    unit: str
    """``time``, ``instructions``, ``bytes`` or ``exponent``."""
    ratio: float
    """Reference divided by azfunc; for an exponent, the exponent itself."""
    low: float
    """First quartile of the paired ratios."""
    high: float
    """Third quartile of the paired ratios."""
    gate: float | None = None
    aim: float | None = None
    at_most: bool = False
    """Whether gate and aim are upper limits."""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def meets_gate(self) -> bool:
        """Whether the gate is met; true if there is none."""
        if self.gate is None:
            return True
        return self.ratio <= self.gate if self.at_most else self.ratio >= self.gate


def answers(task: Task, libraries: Sequence[str]) -> dict[str, Work]:
    """Make the work for each library, and check what it answers.

    Raises:
        AssertionError: The libraries do not give the same answer.
    """
    works = {library: task.make(library) for library in libraries}
    given = {library: work() for library, work in works.items()}
    first = given[libraries[0]]
    for library, answer in given.items():
        if answer is None or (task.same and answer != first):
            message = f"{task.theme}, {task.what}: {library} answers {answer!r}, and {libraries[0]} {first!r}"
            raise AssertionError(message)
    return works


def compare(task: Task, libraries: Sequence[str], *, rounds: int, seconds: float) -> Result:
    """Time a task with two libraries in turn.

    Args:
        task: What to do.
        libraries: The reference first, then the other.
        rounds: Number of pairs.
        seconds: Least time that one measurement takes, in seconds.
    """
    works = answers(task, libraries)
    counts = {library: _count(work, seconds) for library, work in works.items()}
    ratios: list[float] = []
    for turn in range(rounds):
        order = list(libraries) if turn % 2 == 0 else list(reversed(libraries))
        spent = {library: _spent(works[library], counts[library]) for library in order}
        ratios.append(spent[libraries[0]] / spent[libraries[1]])
    return result_of(task, ratios, "time")


def result_of(task: Task, ratios: list[float], unit: str) -> Result:
    """Make the result of a task from its paired ratios."""
    low, middle, high = quartiles(ratios)
    return Result(task.theme, task.what, unit, middle, low, high, task.gate, task.aim)


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Give the first quartile, the median and the third quartile."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def _count(work: Work, seconds: float) -> int:
    """Find how many times work is done in a measurement."""
    count = 1
    while True:
        spent = _spent(work, count, whole=True)
        if spent >= seconds or count >= 1_000_000:
            return count
        count = max(count * 2, int(count * seconds / max(spent, 1e-9)))


def _spent(work: Work, count: int, *, whole: bool = False) -> float:
    """Give the time of one piece of work, or of all of them, in seconds."""
    gc.collect()
    gc.disable()
    try:
        started = time.perf_counter()
        for _ in range(count):
            work()
        spent = time.perf_counter() - started
    finally:
        gc.enable()
    return spent if whole else spent / count


def exponent(make: Callable[[int], Work], sizes: Sequence[int], *, seconds: float) -> float:
    """Give the exponent with which the time of work grows with its size: 1 is linear, 2 quadratic.

    Args:
        make: Gives the work for a size.
        sizes: Sizes to try, growing.
        seconds: Least time that one measurement takes, in seconds.
    """
    import math

    points: list[tuple[float, float]] = []
    for size in sizes:
        work = make(size)
        count = _count(work, seconds)
        spent = min(_spent(work, count) for _ in range(3))
        points.append((math.log(size), math.log(spent)))
    mean_x = statistics.fmean(x for x, _ in points)
    mean_y = statistics.fmean(y for _, y in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
