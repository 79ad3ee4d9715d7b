"""The benchmarks run: each task answers, and the figures are reckoned right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import __main__ as command
from benchmarks import asgi, calls, converting, harness, indexing, scaling, starts, uploads, web, wsgi
from benchmarks.harness import OURS, REFERENCE, Plan, Result, Task
from tests.conftest import reference_is_installed

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = (REFERENCE, OURS) if reference_is_installed() else (OURS,)
TASKS = [
    *asgi.tasks(),
    *calls.tasks(),
    *converting.tasks(count=5),
    *indexing.tasks(sizes=(3,)),
    *uploads.tasks(largest=1_000),
    *web.tasks(),
    *wsgi.tasks(),
]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: f"{task.theme}: {task.what}")
@pytest.mark.filterwarnings("ignore")  # of the reference, and loops that a benchmark leaves open
def test_task_answers_alike(task: Task) -> None:
    """Every task gives an answer, the same with each library that is installed."""
    works = harness.answers(task, LIBRARIES)

    assert set(works) == set(LIBRARIES)


@pytest.mark.parametrize("what", scaling.OPERATIONS)
def test_operation_of_each_size_works(what: str) -> None:
    """Every operation whose growth is measured can be done."""
    make, _ = scaling.OPERATIONS[what]

    assert make(OURS, 3)()


def test_cold_starts_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The theme `import` checks that all libraries index the same app, and gives its figures for each."""
    monkeypatch.setattr(starts, "_seconds", lambda program, _path: len(program))
    measured = starts.run(Plan(LIBRARIES if len(LIBRARIES) > 1 else (OURS, OURS), quick=True))

    assert [result.what for result in measured] == [
        "import and one HTTP app, over bare Python",
        "the same where the worker's modules are loaded",
        "memory after import and that app",
    ]
    assert all(result.ratio > 0 for result in measured)


@pytest.mark.parametrize(
    ("count", "turns"), [(starts._seconds, 10**7), (starts._instructions, 10**5)], ids=["seconds", "instructions"]
)
def test_cost_of_a_program_is_counted(count: Any, turns: int, tmp_path: Path) -> None:
    """A program that does more costs more."""
    if count is starts._instructions and not starts.shutil.which("valgrind"):
        pytest.skip("valgrind is not installed")

    assert count(f"sum(range({turns}))", tmp_path) > count("pass", tmp_path) > 0


def test_library_that_indexes_otherwise_is_refused(tmp_path: Path) -> None:
    """No cold start is measured when the libraries do not make the same of the app."""
    other = [
        "from azfunc import FunctionApp as Base, HttpRequest",
        "class FunctionApp(Base):",
        "    def route(self, route): return super().route(route=f'v1/{route}')",
    ]
    (tmp_path / "other.py").write_text("\n".join(other), encoding="utf-8")

    with pytest.raises(ValueError, match=r"the libraries answer .*v1/hello"):
        starts.check_answers(tmp_path, (OURS, "other"))


def test_other_answer_is_refused() -> None:
    """Nothing is timed when the libraries do not answer alike."""
    task = Task("x", "names", lambda library: lambda: library)

    with pytest.raises(ValueError, match="b answers 'b', and a 'a'"):
        harness.answers(task, ("a", "b"))


def test_ratio_is_of_work_without_what_both_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the work is twice as slow, and what is no library's work is taken off."""
    amounts = {"a": 3, "b": 2}
    now = 0.0

    def spin(times: int) -> int:
        nonlocal now
        now += times
        return 1

    monkeypatch.setattr(harness.time, "process_time", lambda: now)
    monkeypatch.setattr(harness.gc, "collect", lambda: 0)  # which takes long among many tests
    task = Task("x", "turns", lambda library: lambda: spin(amounts[library]), without=lambda: lambda: spin(1))
    [result] = harness.compare(task, Plan(("a", "b"), quick=True))

    assert (result.low, result.ratio, result.high) == (2, 2, 2)


@pytest.mark.parametrize(("gate", "looks"), [(None, 1), (1.5, 1), (2.5, 3)])
def test_ratio_near_its_gate_is_looked_at_again(
    gate: float | None, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounds go on where the ratio does not clear its gate, and end at some time."""
    amounts = {"a": 2, "b": 1}
    now = 0.0

    def spin(times: int) -> int:
        nonlocal now
        now += times
        return 1

    spent: list[float] = []

    def timed(work: Any, *_: Any) -> float:
        before = now
        work()
        spent.append(now - before)
        return spent[-1]

    monkeypatch.setattr(harness, "_spent", timed)
    monkeypatch.setattr(harness, "_count", lambda *_: 1)
    task = Task("x", "turns", lambda library: lambda: spin(amounts[library]), gate)
    [result] = harness.compare(task, Plan(("a", "b"), quick=True))

    assert result.ratio == 2
    assert len(spent) == 2 * looks * Plan(quick=True).rounds


def test_exponent_tells_linear_from_quadratic() -> None:
    """The slope of a power law is its exponent."""
    assert harness.slope([1, 2, 3], [2, 4, 6]) == pytest.approx(2)
    assert harness.slope([1, 2, 3], [5, 6, 7]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("ratio", "at_most", "meets"), [(2.0, False, True), (1.0, False, False), (1.0, True, True), (2.0, True, False)]
)
def test_gate_is_least_or_most(ratio: float, *, at_most: bool, meets: bool) -> None:
    """A ratio has to reach its gate, and a figure such as an exponent has to stay below."""
    assert Result("x", "y", "time", ratio, ratio, ratio, 1.5, None, at_most=at_most).meets_gate is meets


def test_command_writes_figures_and_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints each figure, writes them as JSON and replaces the table of a page."""
    found = [Result("wsgi", "a thing", "time", 2.0, 1.5, 2.5, 1.5, 3), Result("wsgi", "b", "time", 1, 1, 1, 1.5, 3)]

    def measured(_plan: Plan) -> list[Result]:
        return found

    monkeypatch.setattr(wsgi, "run", measured)
    page = tmp_path / "page.md"
    page.write_text(f"before\n{command.BEGIN}\nold\n{command.END}\nafter\n", encoding="utf-8")
    status = command.main(["wsgi", "--json", str(tmp_path / "it.json"), "--table", str(page)])
    text = page.read_text(encoding="utf-8")
    written: dict[str, Any] = json.loads((tmp_path / "it.json").read_text(encoding="utf-8"))

    assert status == 1
    assert "2 figures, 1 beyond their gate" in capsys.readouterr().out
    assert [each["ratio"] for each in written["results"]] == [2.0, 1]
    assert "| wsgi | a thing | 2.00 x | 1.50 to 2.50 | 1.5 | 3 |" in text
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")


def test_unknown_theme_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A theme that is none ends the command with the list of those that are."""
    with pytest.raises(SystemExit):
        command.main(["speed"])

    assert "no theme 'speed'; there are import, index, http" in capsys.readouterr().err
