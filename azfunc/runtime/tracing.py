"""OpenTelemetry: the trace that the host gives a call is the current one while the function runs.

Nothing is imported, and nothing done, unless the app itself has imported OpenTelemetry.

Source: W3C Trace Context; OpenTelemetry specification, "Context Propagation".
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from azfunc._core.context import Context

_LOADED = "opentelemetry.trace"


@contextlib.contextmanager
def trace_of(context: Context) -> Generator[None]:
    """Make the trace of a call the current one for a block: spans that are started in it belong to the host's.

    azfunc's own runtime does this for every call. In Azure, use it in the function itself.

    Args:
        context: Context of the call.

    Example:
        >>> @app.route("hello")
        ... def hello(req: func.HttpRequest, context: func.Context) -> str:
        ...     with trace_of(context), tracer.start_as_current_span("greet"):
        ...         return "hi"
    """
    trace_parent = context.trace_context.trace_parent
    if not trace_parent or _LOADED not in sys.modules:
        yield
        return
    from opentelemetry.context import attach, detach, get_current
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {"traceparent": trace_parent}
    if context.trace_context.trace_state:
        carrier["tracestate"] = context.trace_context.trace_state
    token = attach(TraceContextTextMapPropagator().extract(carrier, get_current()))
    try:
        yield
    finally:
        detach(token)
