"""How things are compared: the libraries take turns, answers are checked before the clock runs, ratios are paired.

A `Task` does the same work with each library. A round times each library once, one right after the other, so that a
machine that slows down slows both; the ratio of the pair is kept. Reported are the median of the ratios and their
quartiles; where the lower one does not clear the gate, there are more rounds, and all of them count. Times themselves
mean nothing on another machine and are not printed.
"""

from __future__ import annotations

import gc
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Work = Callable[[], Any]

MOST_LOOKS = 3
"""How many times the rounds of a task are gone through at most."""
REFERENCE = "azure.functions"
OURS = "azfunc"


@dataclass(frozen=True)
class Plan:
    """What is measured, and how long."""

    libraries: tuple[str, ...] = (REFERENCE, OURS)
    """Libraries by name: the first one is what the others are compared to."""
    quick: bool = False
    """Whether to be done within a minute, with figures that are less sure."""

    @property
    def base(self) -> str:
        """The library that the others are compared to."""
        return self.libraries[0]

    @property
    def others(self) -> tuple[str, ...]:
        """The libraries that are compared to it."""
        return self.libraries[1:]

    @property
    def rounds(self) -> int:
        """Number of times that the libraries take turns."""
        return 5 if self.quick else 15

    @property
    def seconds(self) -> float:
        """Least time that one measurement takes, in seconds."""
        return 0.005 if self.quick else 0.05


@dataclass(frozen=True)
class Task:
    """One thing that is timed."""

    theme: str
    """Theme that it belongs to."""
    what: str
    """What it is, for the table."""
    make: Callable[[str], Work]
    """Gives the work for a library by its name; what it returns is the answer, which has to be the same for all."""
    gate: float | None = None
    """Least ratio that is acceptable."""
    aim: float | None = None
    """Ratio that is wanted."""
    without: Callable[[], Work] | None = None
    """Gives work that is no library's, such as that of a web app; its time is subtracted."""
    rounds: int | None = None
    """Number of rounds, for work that takes seconds."""
    waits: bool = False
    """Whether waiting is what is measured; else it is the time of the processor, which other programs change less."""


@dataclass(frozen=True)
class Result:
    """What came of one task."""

    theme: str
    what: str
    unit: str
    """``time``, ``instructions``, ``bytes`` or ``exponent``."""
    ratio: float
    """First library divided by the other; for an exponent or at-most figure, the figure itself."""
    low: float
    """First quartile of the paired ratios."""
    high: float
    """Third quartile of the paired ratios."""
    gate: float | None = None
    aim: float | None = None
    at_most: bool = False
    """Whether gate and aim are upper limits."""
    library: str = OURS
    """The library that was compared to the first."""

    @property
    def meets_gate(self) -> bool:
        """Whether the gate is met; true if there is none."""
        return self._meets(self.gate)

    @property
    def meets_aim(self) -> bool:
        """Whether the aim is met; true if there is none."""
        return self._meets(self.aim)

    def _meets(self, limit: float | None) -> bool:
        if limit is None:
            return True
        return self.ratio <= limit if self.at_most else self.ratio >= limit


def answers(task: Task, libraries: Sequence[str]) -> dict[str, Work]:
    """Make the work for each library, and check what it answers.

    Raises:
        ValueError: A library gives no answer, or another one than the first.
    """
    works = {library: task.make(library) for library in libraries}
    given = {library: work() for library, work in works.items()}
    first = given[libraries[0]]
    for library, answer in given.items():
        if answer is None or answer != first:
            shown = f"{library} answers {str(answer)[:200]!r}, and {libraries[0]} {str(first)[:200]!r}"
            message = f"{task.theme}, {task.what}: {shown}"
            raise ValueError(message)
    return works


def compare(task: Task, plan: Plan) -> list[Result]:
    """Time a task with all libraries in turn; gives the ratio of the first to each of the others."""
    works = answers(task, plan.libraries)
    if not plan.others:
        return []
    if task.without is not None:
        works = {"": task.without(), **works}
    clock = time.perf_counter if task.waits else time.process_time
    counts = {name: _count(work, plan.seconds, clock) for name, work in works.items()}
    ratios: dict[str, list[float]] = {library: [] for library in plan.others}
    looks = 0
    while True:
        looks += 1
        for turn in range(task.rounds or plan.rounds):
            order = list(works) if turn % 2 == 0 else list(reversed(works))
            spent = {name: _spent(works[name], counts[name], clock) for name in order}
            alike = spent.get("", 0.0)
            for library in plan.others:
                # An addition too small to be seen is taken as a hundredth of the time that it is added to.
                added = max(spent[library] - alike, alike / 100)
                ratios[library].append((spent[plan.base] - alike) / added)
        results = [result_of(task, found, "time", library) for library, found in ratios.items()]
        is_clear = task.gate is None or all(result.low >= task.gate for result in results)
        if is_clear or looks == MOST_LOOKS:
            return results


def compare_all(tasks: Sequence[Task], plan: Plan) -> list[Result]:
    """Time several tasks; see `compare`."""
    return [result for task in tasks for result in compare(task, plan)]


def result_of(task: Task, ratios: list[float], unit: str, library: str = OURS) -> Result:
    """Make the result of a task from its paired ratios."""
    low, middle, high = quartiles(ratios)
    return Result(task.theme, task.what, unit, middle, low, high, task.gate, task.aim, library=library)


def figure(theme: str, what: str, unit: str, value: float, *, gate: float, aim: float, library: str = OURS) -> Result:
    """Make the result of a figure that is to be small, and is no ratio."""
    return Result(theme, what, unit, value, value, value, gate, aim, at_most=True, library=library)


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Give the first quartile, the median and the third quartile."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    import statistics

    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def _count(work: Work, seconds: float, clock: Callable[[], float] = time.process_time) -> int:
    """Find how many times work is done in a measurement."""
    count = 1
    while True:
        spent = _spent(work, count, clock) * count
        if spent >= seconds or count >= 1_000_000:
            return count
        count = max(count * 2, int(count * seconds / max(spent, 1e-9)))


def _spent(work: Work, count: int, clock: Callable[[], float] = time.process_time) -> float:
    """Give the time of one piece of work, in seconds."""
    gc.collect()
    work()  # so that memory and caches are as they were, whichever library was last
    gc.disable()
    try:
        started = clock()
        for _ in range(count):
            work()
        return (clock() - started) / count
    finally:
        gc.enable()


def exponent(make: Callable[[int], Work], sizes: Sequence[int], plan: Plan) -> float:
    """Give the exponent with which the time of work grows with its size: 1 is linear, 2 quadratic.

    Args:
        make: Gives the work for a size.
        sizes: Sizes to try, growing.
        plan: How long to measure.
    """
    works = [make(size) for size in sizes]
    counts = [_count(work, plan.seconds) for work in works]
    best = [math.inf] * len(sizes)
    for _ in range(3 if plan.quick else 7):
        best = [min(had, _spent(work, count)) for had, work, count in zip(best, works, counts, strict=True)]
    return slope([math.log(size) for size in sizes], [math.log(spent) for spent in best])


def slope(across: Sequence[float], up: Sequence[float]) -> float:
    """Give the slope of the line that lies best through some points."""
    mean_x, mean_y = sum(across) / len(across), sum(up) / len(up)
    products = sum((x - mean_x) * (y - mean_y) for x, y in zip(across, up, strict=True))
    return products / sum((x - mean_x) ** 2 for x in across)
