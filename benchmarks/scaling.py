"""Theme `scale`: how the time of each operation grows with its input; 1 is linear, 2 quadratic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.converting import event_batch, service_bus_batch
from benchmarks.harness import OURS, exponent, figure
from benchmarks.indexing import functions_of
from benchmarks.libraries import library_of, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Plan, Result

    Sized = Callable[[int], Callable[[], Any]]


def _headers(count: int) -> Callable[[], Any]:
    headers = {f"x-header-{number}": "value" for number in range(count)}
    return lambda: len(request(OURS, b"", headers).headers)


def _response_headers(count: int) -> Callable[[], Any]:
    func = library_of(OURS)
    headers = {f"x-header-{number}": "value" for number in range(count)}
    encode = func.get_binding_registry().get("http").encode
    return lambda: encode(func.HttpResponse("", headers=headers), expected_type=None)


def _chunks(count: int) -> Callable[[], Any]:
    func = library_of(OURS)
    return lambda: len(func.HttpResponse(iter([b"0123456789abcdef"] * count)).get_body())


def _parts(count: int) -> Callable[[], Any]:
    part = '--mark\r\nContent-Disposition: form-data; name="field"\r\n\r\nvalue\r\n'
    body = (part * count + "--mark--\r\n").encode()
    headers = {"content-type": "multipart/form-data; boundary=mark"}
    return lambda: len(request(OURS, body, headers).form.getlist("field"))


OPERATIONS: dict[str, tuple[Sized, tuple[int, ...]]] = {
    "messages of a Service Bus batch": (lambda count: service_bus_batch(count)(OURS), (100, 400, 1600)),
    "events of an Event Hub batch": (lambda count: event_batch(count)(OURS), (100, 400, 1600)),
    "`metadata` of the events": (lambda count: event_batch(count, metadata=True)(OURS), (100, 400, 1600)),
    "functions of an app": (lambda count: functions_of(count)(OURS), (50, 200, 800)),
    "headers of a request": (_headers, (50, 200, 800)),
    "headers of a response": (_response_headers, (50, 200, 800)),
    "chunks of a response": (_chunks, (500, 2000, 8000)),
    "parts of a form": (_parts, (50, 200, 800)),
}
"""What grows -> how to make the work for a size, and the sizes to try."""


def run(plan: Plan) -> list[Result]:
    """Measure all of the theme; only azfunc, since growth is no comparison."""
    return [
        figure("scale", what, "exponent", exponent(make, sizes, plan), gate=1.25, aim=1.15)
        for what, (make, sizes) in OPERATIONS.items()
    ]
