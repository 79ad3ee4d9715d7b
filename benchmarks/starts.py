"""Theme `import`: what a cold start costs, in instructions and bytes, each in a process of its own.

Instructions are counted by valgrind where it is installed, so that the figure repeats; else the time is taken.
Both libraries are compiled to bytecode first, as a deployed package is.
"""

from __future__ import annotations

import compileall
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.harness import OURS, Result, quartiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.harness import Plan

ONE_HTTP_APP = """
app = func.FunctionApp()

@app.route(route="hello")
def hello(req: func.HttpRequest) -> str:
    return "hi"

[function] = app.get_functions()
function.get_raw_bindings()
"""
WORKER_MODULES = "asyncio, json, logging, typing"
"""Standard modules that Azure's Python worker has loaded before the user's app, beside grpc."""


def bare() -> str:
    """Give a program that does nothing."""
    return "pass"


def worker() -> str:
    """Give a program that loads what the worker has."""
    grpc = "import grpc\n" if importlib.util.find_spec("grpc") else ""
    return f"{grpc}import {WORKER_MODULES}\n"


def app(library: str) -> str:
    """Give a program that imports a library and indexes one HTTP function."""
    return f"import {library} as func\n{ONE_HTTP_APP}"


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme."""
    with tempfile.TemporaryDirectory() as folder:
        path = _compiled(Path(folder))
        check_answers(path, plan.libraries)
        return [
            *_cost("import and one HTTP app, over bare Python", bare(), path, plan, (5, 8)),
            *_cost("the same where the worker's modules are loaded", worker(), path, plan, (15, 20)),
            *_memory(path, plan),
        ]


def check_answers(path: Path, libraries: Sequence[str]) -> None:
    """Check that each library makes the same of the app.

    Raises:
        ValueError: A library answers otherwise than the first.
    """
    asked = "print(function.get_function_json())"
    given = {library: _python(f"{worker()}\n{app(library)}\n{asked}", path).stdout for library in libraries}
    if not any(given.values()) or len(set(given.values())) > 1:
        message = f"import, one HTTP app: the libraries answer {given}"
        raise ValueError(message)


def _compiled(folder: Path) -> Path:
    """Copy azfunc and compile it; the reference is compiled by its installer."""
    source = Path(str(importlib.util.find_spec(OURS).origin)).parent  # type: ignore[union-attr]  # it is this project
    shutil.copytree(source, folder / OURS, ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(folder / OURS, quiet=1)
    return folder


def _cost(what: str, before: str, path: Path, plan: Plan, goals: tuple[float, float]) -> list[Result]:
    counted = shutil.which("valgrind") is not None and not plan.quick
    measure = _instructions if counted else _seconds
    ratios: dict[str, list[float]] = {library: [] for library in plan.others}
    for _ in range(1 if counted else plan.rounds):
        start = measure(before, path)
        costs = {library: measure(f"{before}\n{app(library)}", path) - start for library in plan.libraries}
        for library in plan.others:
            ratios[library].append(costs[plan.base] / costs[library])
    unit = "instructions" if counted else "time"
    return [
        Result("import", what, unit, middle, low, high, *goals, library=library)
        for library, found in ratios.items()
        for low, middle, high in [quartiles(found)]
    ]


def _python(program: str, path: Path, *prefix: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, sys.executable, "-c", f"import sys; sys.path.insert(0, {str(path)!r})\n{program}"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        # The order of sets and dicts of text, and so the count of instructions, is the same each time.
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )


def _instructions(program: str, path: Path) -> float:
    output = _python(program, path, "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null").stderr
    [line] = [line for line in output.splitlines() if "Collected" in line]
    return float(line.rpartition(":")[2])


def _seconds(program: str, path: Path) -> float:
    spent: list[float] = []
    for _ in range(3):
        started = time.perf_counter()
        _python(program, path)
        spent.append(time.perf_counter() - started)
    return min(spent)


def _memory(path: Path, plan: Plan) -> list[Result]:
    """Compare the memory that Python has allocated for a library and one app."""
    program = "import tracemalloc; tracemalloc.start()\n{}\nprint(tracemalloc.get_traced_memory()[0])"
    sizes = {library: float(_python(program.format(app(library)), path).stdout) for library in plan.libraries}
    ratios = {library: sizes[plan.base] / sizes[library] for library in plan.others}
    return [
        Result("import", "memory after import and that app", "bytes", ratio, ratio, ratio, 5, 10, library=library)
        for library, ratio in ratios.items()
    ]
