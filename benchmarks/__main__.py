"""`python -m benchmarks`: measure, print the table, write it down."""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.harness import OURS, REFERENCE, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.harness import Result

THEMES = {
    "import": "starts",
    "index": "indexing",
    "http": "web",
    "upload": "uploads",
    "asgi": "asgi",
    "wsgi": "wsgi",
    "convert": "converting",
    "scale": "scaling",
    "runtime": "calls",
}
"""Theme -> module that measures it."""
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; gives 1 when a gate is not met."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure azfunc beside the reference.")
    parser.add_argument("themes", nargs="*", metavar="THEME", help=f"of {', '.join(THEMES)}; all when left out")
    parser.add_argument("--lib", action="append", metavar="NAME", help="a library; the first is compared to the others")
    parser.add_argument("--quick", action="store_true", help="be done within a minute, with figures less sure")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--table", type=Path, metavar="FILE", help="replace the table of this page")
    given = parser.parse_args(arguments)
    unknown = [theme for theme in given.themes if theme not in THEMES]
    if unknown:
        parser.error(f"no theme {unknown[0]!r}; there are {', '.join(THEMES)}")
    plan = Plan(tuple(given.lib or (REFERENCE, OURS)), quick=given.quick)
    found = measure(given.themes or list(THEMES), plan)
    if given.json:
        given.json.write_text(json.dumps({**circumstances(), "results": [asdict(each) for each in found]}, indent=2))
    if given.table:
        replace_table(given.table, found)
    missed = [result for result in found if not result.meets_gate]
    print(f"\n{len(found)} figures, {len(missed)} beyond their gate")
    return 1 if missed else 0


def measure(themes: Sequence[str], plan: Plan) -> list[Result]:
    """Measure themes, and print each figure."""
    found: list[Result] = []
    for theme in themes:
        for result in importlib.import_module(f"benchmarks.{THEMES[theme]}").run(plan):
            found.append(result)
            library = "" if plan.others == (OURS,) else f" [{result.library}]"
            verdict = "aim" if result.meets_aim else "gate" if result.meets_gate else "MISSED"
            verdict = "no goal" if result.gate is result.aim is None else verdict
            print(" | ".join([f"{result.theme:8}", f"{result.what}{library}", *cells(result), verdict]), flush=True)
    return found


def cells(result: Result) -> list[str]:
    """Give the figure, its spread, gate and aim, as they stand in the table."""
    spread = f"{number(result.low)} to {number(result.high)}" if result.low != result.high else ""
    least = "at most " if result.at_most else ""
    goals = [f"{least}{goal:g}" if goal is not None else "" for goal in (result.gate, result.aim)]
    return [number(result.ratio) if result.at_most else f"{number(result.ratio)} x", spread, *goals]


def number(value: float) -> str:
    """Give a figure with two or three places that mean something."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def circumstances() -> dict[str, str]:
    """Give what the figures hold for."""
    return {
        "python": platform.python_version(),
        "date": datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat(),
    }


def replace_table(page: Path, found: Sequence[Result]) -> None:
    """Write the table into a page, between its two marks."""
    lines = ["| theme | what | measured | spread | gate | aim |", "|---|---|---|---|---|---|"]
    lines += [f"| {' | '.join([result.theme, result.what, *cells(result)])} |" for result in found]
    known = circumstances()
    lines += ["", f"Python {known['python']}, {known['date']}."]
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text("\n".join([before + BEGIN, "", *lines, "", END + after]), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
