"""Theme `wsgi`: what a request to a WSGI app costs over the app itself."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Task, compare_all
from benchmarks.libraries import library_of, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Plan, Result


def hello(environ: Any, start_response: Any) -> list[bytes]:
    """Answer as a trivial app does."""
    environ["wsgi.input"].read()
    start_response("200 OK", [("content-type", "text/plain")])
    return [b"hello"]


def handled(library: str) -> Callable[[], Any]:
    """Make the work of one request."""
    middleware = library_of(library).WsgiMiddleware(hello)
    given = request(library, b"{}")
    return lambda: middleware.main(given, None).get_body()


def alone() -> Callable[[], Any]:
    """Make the work of the trivial app without any library."""
    environ = {"wsgi.input": io.BytesIO(b"{}")}

    def start_response(*_: Any) -> None:
        return

    return lambda: hello(environ, start_response)


def tasks() -> list[Task]:
    """Give what is timed."""
    return [Task("wsgi", "WSGI: time added per request", handled, 3.5, 5, without=alone)]


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme."""
    return compare_all(tasks(), plan)
