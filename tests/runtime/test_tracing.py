"""OpenTelemetry: the trace that the host gives a call is the current one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.runtime.tracing import trace_of
from azfunc.testing import TestClient, make

trace = pytest.importorskip("opentelemetry.trace", reason="the group 'telemetry' is not installed")
sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="the group 'telemetry' is not installed")

if TYPE_CHECKING:
    from collections.abc import Callable

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
SPAN_ID = "b7ad6b7169203331"
HOST_TRACE = func.TraceContext(trace_parent=f"00-{TRACE_ID}-{SPAN_ID}-01", trace_state="vendor=1")


def current() -> tuple[str, str]:
    """Give the ids of the current trace and span."""
    found = trace.get_current_span().get_span_context()
    return f"{found.trace_id:032x}", f"{found.span_id:016x}"


NONE = ("0" * 32, "0" * 16)


@pytest.fixture
def tracer() -> Any:
    """A tracer that records."""
    return sdk.TracerProvider().get_tracer("tests")


def tell(kind: str) -> Callable[..., Any]:
    """Make a function that tells the current trace, in one of several places."""

    def sync(msg: func.QueueMessage) -> list[str]:
        return list(current())

    def thread(msg: func.QueueMessage) -> list[str]:
        return list(func.run_in_thread(current).result(5))

    async def asynchronous(msg: func.QueueMessage) -> list[str]:
        return list(current())

    return {"sync": sync, "thread": thread, "async": asynchronous}[kind]


@pytest.mark.parametrize("kind", ["sync", "thread", "async"])
def test_the_trace_of_the_host_is_current(app: func.FunctionApp, kind: str) -> None:
    """In functions of both kinds and in threads that carry the call; and not before and after."""
    function: Any = app.function_name("work")(tell(kind))
    app.queue_output("$return", "done", "S")(app.queue_trigger("msg", "todo", "S")(function))

    run = TestClient(app).send("work", "x", trace_context=HOST_TRACE)

    assert run.returned == [TRACE_ID, SPAN_ID]
    assert current() == NONE


def test_spans_of_the_function_belong_to_the_hosts(app: func.FunctionApp, tracer: Any) -> None:
    """A span that is started in it is a child, and takes the vendors' data over."""
    spans: list[Any] = []

    @app.route("work")
    def work(req: func.HttpRequest) -> str:
        with tracer.start_as_current_span("inner") as span:
            spans.append(span)
        return "ok"

    headers = {"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01", "tracestate": "vendor=1"}
    TestClient(app).get("/api/work", headers=headers)

    [span] = spans
    assert f"{span.parent.span_id:016x}" == SPAN_ID
    assert span.parent.trace_state.to_header() == "vendor=1"


@pytest.mark.parametrize("trace_parent", [None, "", "no trace"])
def test_without_a_trace_nothing_changes(tracer: Any, trace_parent: str | None) -> None:
    """What is current stays so, also when the host's identity cannot be read."""
    with tracer.start_as_current_span("outer"):
        before = current()
        with trace_of(make.context(trace_parent=trace_parent)):
            assert current() == before
        assert before != NONE


def test_it_can_be_used_in_a_function() -> None:
    """In Azure nobody else makes the trace the current one."""
    with trace_of(make.context(trace_parent=HOST_TRACE.trace_parent)):
        assert current() == (TRACE_ID, SPAN_ID)
    assert current() == NONE


def test_nothing_is_imported_for_apps_without_it() -> None:
    """An app that does not import OpenTelemetry does not pay for it."""
    code = """
import sys
from azfunc.testing import make
from azfunc.runtime.tracing import trace_of
with trace_of(make.context()):
    found = sorted(name for name in sys.modules if name.startswith("opentelemetry"))
assert not found, found
"""
    root = Path(__file__).resolve().parents[2]

    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)
