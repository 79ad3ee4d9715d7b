"""The recorded outcomes of the reference, the listed differences, and the comparison of both with azfunc.

`python -m tests.parity.facts record` runs the probes on the reference that is installed and writes its file of facts;
`... table` prints the table of differences for `docs/compatibility.md`; `... update` drops what is listed and does not
differ any more, writes the table into the page, and prints the differences that have no row yet.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.parity.prober import REFERENCE, all_probes

ROOT = Path(__file__).resolve().parent.parent.parent
FACTS = ROOT / "tests" / "data" / "reference"
DIFFERENCES = Path(__file__).parent / "differences.json"
PAGE = ROOT / "docs" / "compatibility.md"
BEGIN, END = "<!-- parity: begin -->", "<!-- parity: end -->"
"""What the table of differences stands between on the page."""
RELEASES = ("1.26.0", "2.3.0")
NEEDS_DURABLE = ("importing durable_client_on", "importing durable_decorator", "importing orchestration_name")
"""Beginnings of the probes that need `azure-functions-durable`."""


class Outcome(NamedTuple):
    """What a probe gave."""

    text: str
    """``= value`` or ``! Error: message``."""
    kinds: frozenset[str] = frozenset()
    """Built-in classes that an error can be caught as."""


class Difference(NamedTuple):
    """A row of the list: some probes, and why they differ."""

    area: str
    what: str
    reference: str
    azfunc: str
    why: str
    probes: list[str]


def outcomes_of(package: str, attributes: dict[str, list[str]] | None = None) -> tuple[dict[str, Outcome], Any]:
    """Run all probes on a library, in a process of its own; give the outcomes, and the attributes that were shown."""
    with tempfile.TemporaryDirectory() as folder:
        out, known = Path(folder, "out.json"), Path(folder, "known.json")
        arguments = [package, str(out)]
        if attributes is not None:
            known.write_text(json.dumps({"attributes": attributes}))
            arguments.append(str(known))
        result = subprocess.run(
            [sys.executable, "-m", "tests.parity.prober", *arguments],
            cwd=ROOT,
            # The order of sets is part of some outcomes.
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT), "TZ": "UTC"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert result.returncode == 0, result.stdout
        found = json.loads(out.read_text())
    return {name: _outcome(each) for name, each in found["outcomes"].items()}, found["attributes"]


def _outcome(found: dict[str, str]) -> Outcome:
    if "gives" in found:
        return Outcome(f"= {found['gives']}")
    kinds = frozenset(found.get("also", found["raises"]).split())
    return Outcome(f"! {found['raises']}: {found['message']}", kinds)


@functools.cache
def recorded(release: str) -> tuple[dict[str, str], dict[str, list[str]], str]:
    """Give the outcomes of a release of the reference, the attributes that were shown, and the Python they are from."""
    facts = json.loads((FACTS / f"{release}.json").read_text())
    texts = facts["texts"]
    outcomes = {
        name: texts[place] for name, place in zip(all_probes(), facts["outcomes"], strict=True) if place is not None
    }
    return outcomes, facts["attributes"], facts["python"]


def is_same(probe: str, ours: Outcome, theirs: str) -> bool:
    """Tell whether azfunc's outcome is as good as the reference's.

    A value has to be the same, a public name at least as rich, and an error has to have the same text and to be caught
    as the same class.
    """
    if ours.text == theirs:
        return True
    if probe.startswith("export ") and ours.text[0] == theirs[0] == "=":
        return set(ast.literal_eval(theirs[2:])) <= set(ast.literal_eval(ours.text[2:]))
    if ours.text[0] == theirs[0] == "!":
        kind, _, message = theirs[2:].partition(": ")
        return kind in ours.kinds and ours.text.partition(": ")[2] == message
    return False


def differing(outcomes: dict[str, Outcome]) -> set[str]:
    """Give the probes in which azfunc is like neither release of the reference."""
    found: set[str] = set()
    for probe, ours in outcomes.items():
        theirs = [recorded(release)[0][probe] for release in RELEASES]
        if not any(is_same(probe, ours, each) for each in theirs):
            found.add(probe)
    return found


def listed() -> list[Difference]:
    """Give the differences that are wanted."""
    rows: list[Difference] = []
    for row in json.loads(DIFFERENCES.read_text()):
        probes = list(row.get("probes", []))
        for cells in row.get("cells", []):
            table = cells["table"]
            probes += [f"{kind} {table} {each}" for kind in cells["types"].split() for each in cells["inputs"]]
        rows.append(Difference(row["area"], row["what"], row["reference"], row["azfunc"], row["why"], probes))
    return rows


def table() -> str:
    """Give the list as tables in Markdown, one for each area."""
    rows = listed()
    lines: list[str] = []
    for area in dict.fromkeys(row.area for row in rows):
        lines += [f"### {area}", "", "| probes | what | the reference | azfunc | why |", "|---|---|---|---|---|"]
        lines += [
            f"| {len(row.probes)} | {row.what} | {row.reference} | {row.azfunc} | {row.why} |"
            for row in rows
            if row.area == area
        ]
        lines.append("")
    return "\n".join(lines)


def record() -> None:
    """Write the facts of the reference that is installed."""
    from importlib import import_module

    release = import_module(REFERENCE).__version__
    outcomes, attributes = outcomes_of(REFERENCE)
    texts = sorted({each.text for each in outcomes.values()})
    places = {text: place for place, text in enumerate(texts)}
    facts = {
        "release": release,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "attributes": attributes,
        "texts": texts,
        "outcomes": [places[outcomes[name].text] for name in all_probes()],
    }
    text = json.dumps(facts, ensure_ascii=False, indent=0)
    head, _, numbers = text.partition('"outcomes": [')
    (FACTS / f"{release}.json").write_text(f'{head}"outcomes": [{numbers.replace(chr(10), "")}\n')


def update() -> None:
    """Bring the list and the page in step with azfunc, and print the differences without a row."""
    outcomes, _ = outcomes_of("azfunc", recorded(RELEASES[0])[1])
    found = differing(outcomes)
    rows: list[dict[str, Any]] = json.loads(DIFFERENCES.read_text())
    for row in rows:
        _prune(row, found)
    kept = [row for row in rows if row.get("probes") or row.get("cells")]
    DIFFERENCES.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    page = PAGE.read_text(encoding="utf-8")
    head, tail = page.partition(BEGIN)[0], page.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}\n{table().strip()}\n{END}{tail}", encoding="utf-8")
    for probe in sorted(found - {probe for row in listed() for probe in row.probes}):
        theirs = recorded(RELEASES[0])[0][probe]
        sys.stdout.write(f"{probe}\n  azfunc    {outcomes[probe].text[:300]}\n  reference {theirs[:300]}\n")


def _prune(row: dict[str, Any], found: set[str]) -> None:
    """Drop the probes of a row that do not differ."""
    if "probes" in row:
        row["probes"] = [probe for probe in row["probes"] if probe in found]
    cells: dict[tuple[str, str], list[str]] = {}
    for group in row.get("cells", []):
        for each in group["inputs"]:
            kinds = [kind for kind in group["types"].split() if f"{kind} {group['table']} {each}" in found]
            if kinds:
                cells.setdefault((group["table"], " ".join(kinds)), []).append(each)
    if "cells" in row:
        row["cells"] = [
            {"table": name, "types": kinds, "inputs": inputs} for (name, kinds), inputs in sorted(cells.items())
        ]


if __name__ == "__main__":
    if sys.argv[1:] == ["record"]:
        record()
    elif sys.argv[1:] == ["update"]:
        update()
    else:
        sys.stdout.write(table())
