"""Theme `index`: building and indexing functions with three bindings each, through blueprints."""

from __future__ import annotations

import importlib
import tracemalloc
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Result, Task, compare_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Plan

PER_BLUEPRINT = 50


def build(library: str, count: int) -> tuple[Any, list[Any]]:
    """Build an app of so many functions, and index it; gives the app and the functions."""
    func = importlib.import_module(library)
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    for first in range(0, count, PER_BLUEPRINT):
        blueprint = func.Blueprint()
        for number in range(first, min(first + PER_BLUEPRINT, count)):
            _add(blueprint, number)
        app.register_functions(blueprint)
    return app, app.get_functions()


def _add(blueprint: Any, number: int) -> None:
    @blueprint.function_name(name=f"f{number}")
    @blueprint.route(route=f"items/{number}", methods=["GET", "POST"])
    @blueprint.blob_input(arg_name="source", path="in/{id}", connection="Storage")
    @blueprint.queue_output(arg_name="done", queue_name="done", connection="Storage")
    def handler(req: Any, source: str, done: Any) -> str:  # noqa: ARG001  # the host gives them
        return "ok"


def functions_of(count: int) -> Callable[[str], Callable[[], Any]]:
    """Make the work of building an app: the answer is the JSON of its last function."""

    def make(library: str) -> Callable[[], Any]:
        def work() -> Any:
            return build(library, count)[1][-1].get_function_json()

        return work

    return make


def tasks(*, sizes: tuple[int, ...] = (10, 100, 1000, 5000)) -> list[Task]:
    """Give what is timed, for apps of some sizes."""
    return [
        Task("index", f"an app of {count} functions", functions_of(count), 7, 10, rounds=9 if count >= 1000 else None)
        for count in sizes
    ]


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme."""
    found = compare_all(tasks(sizes=(10, 200)) if plan.quick else tasks(), plan)
    base = _bytes_each(plan.base)
    for library in plan.others:
        ratio = base / _bytes_each(library)
        found.append(
            Result("index", "memory of an indexed function", "bytes", ratio, ratio, ratio, 1.5, 2, library=library)
        )
    return found


def _bytes_each(library: str, count: int = 500) -> float:
    build(library, 1)
    tracemalloc.start()
    try:
        kept = build(library, count)  # the app too: the module of a function app has it
        return tracemalloc.get_traced_memory()[0] / len(kept[1])
    finally:
        tracemalloc.stop()
