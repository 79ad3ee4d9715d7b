"""Theme `http`: requests read, responses made and encoded."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Task, compare_all
from benchmarks.libraries import converter, library_of, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Plan, Result

HEADERS = {"X-Request-Id": "8f1c", "Cache-Control": "no-store", "X-Count": "3"}


def response_made(headers: dict[str, str] | None) -> Callable[[str], Callable[[], Any]]:
    """Make the work of one response."""

    def make(library: str) -> Callable[[], Any]:
        made = functools.partial(library_of(library).HttpResponse, "hello", status_code=201, headers=headers)
        return lambda: made().status_code

    return make


def response_encoded(library: str) -> Callable[[], Any]:
    """Make the work of a response that goes to the host."""
    made = functools.partial(library_of(library).HttpResponse, "hello", status_code=201, headers=HEADERS)
    encode = converter(library, "http").encode
    return lambda: encode(made(), expected_type=None).value["body"].value


def json_read(library: str) -> Callable[[], Any]:
    """Make the work of a request whose content is read."""
    given = request(library, b'{"order": 7, "items": [1, 2, 3]}')
    read: Callable[[], Any] = given.get_json
    return read


def headers_read(library: str) -> Callable[[], Any]:
    """Make the work of a request of which two headers are read."""
    given = request(library, b"{}")
    return lambda: (given.headers["user-agent"], given.headers.get("Content-Type"))


def tasks() -> list[Task]:
    """Give what is timed."""
    return [
        Task("http", "`HttpResponse` made", response_made(None), 2.5, 4.5),
        Task("http", "`HttpResponse` made, with headers", response_made(HEADERS), 2.5, 4.5),
        Task("http", "`HttpResponse` made and encoded", response_encoded, 2.5, 3.5),
        # The reference is at the limit already: as fast is the goal, but for what one machine differs from another.
        Task("http", "`get_json()`", json_read, 0.9, 1),
        Task("http", "two headers read", headers_read, 0.9, 1),
    ]


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme."""
    return compare_all(tasks(), plan)
