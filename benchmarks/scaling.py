"""Theme `scale`: how the time of each operation grows with its input; 1 is linear, 2 quadratic."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from benchmarks.converting import event_batch, service_bus_batch
from benchmarks.harness import exponent, figure
from benchmarks.indexing import functions_of
from benchmarks.libraries import library_of, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Plan, Result

    Sized = Callable[[str, int], Callable[[], Any]]


def _headers(library: str, count: int) -> Callable[[], Any]:
    headers = {f"x-header-{number}": "value" for number in range(count)}
    return lambda: len(request(library, b"", headers).headers)


def _response_headers(library: str, count: int) -> Callable[[], Any]:
    func = library_of(library)
    headers = {f"x-header-{number}": "value" for number in range(count)}
    encode = func.get_binding_registry().get("http").encode
    return lambda: encode(func.HttpResponse("", headers=headers), expected_type=None)


def _chunks(library: str, count: int) -> Callable[[], Any]:
    func = library_of(library)
    return lambda: len(func.HttpResponse(iter([b"0123456789abcdef"] * count)).get_body())


def _parts(library: str, count: int) -> Callable[[], Any]:
    part = '--mark\r\nContent-Disposition: form-data; name="field"\r\n\r\nvalue\r\n'
    body = (part * count + "--mark--\r\n").encode()
    headers = {"content-type": "multipart/form-data; boundary=mark"}
    return lambda: len(request(library, body, headers).form.getlist("field"))


OPERATIONS: dict[str, tuple[Sized, tuple[int, ...]]] = {
    "messages of a Service Bus batch": (lambda library, count: service_bus_batch(count)(library), (100, 400, 1600)),
    "events of an Event Hub batch": (lambda library, count: event_batch(count)(library), (100, 400, 1600)),
    "`metadata` of the events": (lambda library, count: event_batch(count, metadata=True)(library), (100, 400, 1600)),
    "functions of an app": (lambda library, count: functions_of(count)(library), (50, 200, 800)),
    "headers of a request": (_headers, (50, 200, 800)),
    "headers of a response": (_response_headers, (50, 200, 800)),
    "chunks of a response": (_chunks, (500, 2000, 8000)),
    "parts of a form": (_parts, (50, 200, 800)),
}
"""What grows -> how to make the work of a library for a size, and the sizes to try."""


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme; not the library that the others are compared to, since growth is no comparison."""
    return [
        figure(
            "scale",
            what,
            "exponent",
            exponent(functools.partial(make, library), sizes, plan),
            gate=1.25,
            aim=1.15,
            library=library,
        )
        for library in plan.others
        for what, (make, sizes) in OPERATIONS.items()
    ]
