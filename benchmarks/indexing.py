"""Theme `index`: building and indexing functions with three bindings each, through blueprints."""

from __future__ import annotations

import importlib
import tracemalloc
from typing import TYPE_CHECKING, Any

from benchmarks.harness import OURS, REFERENCE, Result, Task, compare, exponent

if TYPE_CHECKING:
    from collections.abc import Callable

PER_BLUEPRINT = 50


def build(library: str, count: int) -> Any:
    """Build an app of so many functions, and index it."""
    func = importlib.import_module(library)
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    for first in range(0, count, PER_BLUEPRINT):
        blueprint = func.Blueprint()
        for number in range(first, min(first + PER_BLUEPRINT, count)):
            _add(func, blueprint, number)
        app.register_functions(blueprint)
    return app.get_functions()


def _add(func: Any, blueprint: Any, number: int) -> None:
    @blueprint.function_name(name=f"f{number}")
    @blueprint.route(route=f"items/{number}", methods=["GET", "POST"])
    @blueprint.blob_input(arg_name="source", path="in/{id}", connection="Storage")
    @blueprint.queue_output(arg_name="done", queue_name="done", connection="Storage")
    def handler(req: func.HttpRequest, source: str, done: func.Out[str]) -> str:
        return "ok"


def work(count: int) -> Callable[[str], Callable[[], Any]]:
    """Make the work of building an app: the answer is the JSON of its last function."""

    def make(library: str) -> Callable[[], Any]:
        return lambda: build(library, count)[-1].get_function_json()

    return make


def run(*, quick: bool) -> list[Result]:
    """Measure all of the theme."""
    rounds, seconds = (5, 0.02) if quick else (11, 0.1)
    sizes = (10, 200) if quick else (10, 100, 1000, 5000)
    found = [
        compare(
            Task("index", f"{count} functions, each", work(count), gate=7, aim=10),
            (REFERENCE, OURS),
            rounds=rounds if count < 1000 else 3,
            seconds=seconds,
        )
        for count in sizes
    ]
    reference, ours = (_bytes_each(library) for library in (REFERENCE, OURS))
    ratio = reference / ours
    found.append(Result("index", "memory of an indexed function", "bytes", ratio, ratio, ratio, 1.5, 2))
    grown = exponent(lambda count: work(count)(OURS), (50, 200, 800), seconds=seconds)
    found.append(Result("scale", "functions of an app", "exponent", grown, grown, grown, 1.25, 1.15, at_most=True))
    return found


def _bytes_each(library: str, count: int = 500) -> float:
    build(library, 1)
    tracemalloc.start()
    try:
        functions = build(library, count)
        return tracemalloc.get_traced_memory()[0] / len(functions)
    finally:
        tracemalloc.stop()
