"""azfunc beside the recorded facts of the reference: what differs is listed with its reason, and nothing else is."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys

import pytest

from tests.conftest import reference_is_installed
from tests.parity import facts
from tests.parity.facts import Outcome
from tests.parity.prober import REFERENCE, all_probes

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
RECORDED_HERE = [
    release
    for release in facts.RELEASES
    if reference_is_installed()
    and importlib.metadata.version("azure-functions") == release
    and facts.recorded(release)[2] == PYTHON
]
"""The release that is installed, if its facts are from this Python: the interpreter's own texts differ."""


def is_present(distribution: str) -> bool:
    """Tell whether a package is installed."""
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """What every probe gives on azfunc."""
    attributes = facts.recorded(facts.RELEASES[0])[1]
    found, _ = facts.outcomes_of("azfunc", attributes)
    if not is_present("azure-functions-durable"):
        found = {name: each for name, each in found.items() if not name.startswith(facts.NEEDS_DURABLE)}
    return found


def test_every_difference_has_a_reason(outcomes: dict[str, Outcome]) -> None:
    """Where azfunc is like neither release of the reference, a row of the list says why."""
    known = {probe for row in facts.listed() for probe in row.probes}
    unknown = sorted(facts.differing(outcomes) - known)
    shown = "\n".join(
        f"{probe}\n  azfunc    {outcomes[probe].text[:300]}\n  reference {facts.recorded('1.26.0')[0][probe][:300]}"
        for probe in unknown[:20]
    )

    assert not unknown, f"{len(unknown)} differences that differences.json does not list:\n{shown}"


def test_every_reason_has_a_difference(outcomes: dict[str, Outcome]) -> None:
    """A row lists no probe in which azfunc is like the reference."""
    differing = facts.differing(outcomes)
    needless = sorted({probe for row in facts.listed() for probe in row.probes} - differing)

    assert not needless, f"{len(needless)} probes are listed and do not differ: {needless[:20]}"


def test_a_probe_is_listed_once() -> None:
    """Each probe has one reason, each row has probes and texts, and each probe exists."""
    rows = facts.listed()
    probes = [probe for row in rows for probe in row.probes]

    assert len(probes) == len(set(probes))
    assert set(probes) <= set(all_probes())
    assert all(row.probes and row.area and row.what and row.reference and row.azfunc and row.why for row in rows)


def test_page_has_the_list() -> None:
    """`docs/compatibility.md` has the list as it is: `python -m tests.parity.facts update` writes it there."""
    page = facts.PAGE.read_text(encoding="utf-8")

    assert page.partition(facts.BEGIN)[2].partition(facts.END)[0].strip() == facts.table().strip()


def test_a_new_difference_is_seen(outcomes: dict[str, Outcome]) -> None:
    """An outcome that changes is a difference without a row, or a row without a difference."""
    listed = {probe for row in facts.listed() for probe in row.probes}
    same = "queueTrigger decode Datum('hello', 'string')"
    different = next(probe for probe in sorted(listed) if probe in outcomes)
    changed = {
        **outcomes,
        same: Outcome("= something else"),
        different: Outcome(facts.recorded("1.26.0")[0][different], frozenset({"ValueError"})),
    }

    assert facts.differing(changed) - listed == {same}
    assert different not in facts.differing(changed)


@pytest.mark.parametrize(
    ("probe", "ours", "theirs", "expected"),
    [
        ("x", Outcome("= 1"), "= 1", True),
        ("x", Outcome("= 1"), "= 2", False),
        ("x", Outcome("! KeyError: no", frozenset({"KeyError", "LookupError"})), "! KeyError: no", True),
        ("x", Outcome("! ValueError: no", frozenset({"ValueError", "TypeError"})), "! TypeError: no", True),
        ("x", Outcome("! ValueError: no", frozenset({"ValueError"})), "! TypeError: no", False),
        ("x", Outcome("! ValueError: yes", frozenset({"ValueError"})), "! ValueError: no", False),
        ("x", Outcome("! ValueError: no", frozenset({"ValueError"})), "= 1", False),
        ("export X", Outcome("= ['.a', '.b']"), "= ['.a']", True),
        ("export X", Outcome("= ['.a']"), "= ['.a', '.b']", False),
    ],
)
def test_outcomes_are_compared(probe: str, ours: Outcome, theirs: str, expected: bool) -> None:
    """Values have to be equal, errors to be caught alike with the same text, and names to be there."""
    assert facts.is_same(probe, ours, theirs) is expected


@pytest.mark.parametrize("release", RECORDED_HERE)
def test_facts_are_those_of_the_reference(release: str) -> None:
    """The recorded outcomes are what the installed reference gives, on the Python that they were recorded on."""
    theirs, attributes, python = facts.recorded(release)
    passed_over = facts.NEEDS_DURABLE if not is_present("azure-functions-durable") else ()
    if (importlib.util.find_spec("mcp") is not None) is not (python == "3.13"):
        passed_over = (*passed_over, "rules mcp", "converters mcp")

    found, _ = facts.outcomes_of(REFERENCE, attributes)
    changed = {
        name: (each.text, theirs[name])
        for name, each in found.items()
        if each.text != theirs[name] and not name.startswith(passed_over)
    }

    assert changed == {}
