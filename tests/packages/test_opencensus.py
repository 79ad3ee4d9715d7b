"""`opencensus-extension-azure-functions`, the guide's sample of a worker extension."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

import azfunc as func
from azfunc.testing import TestClient


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_opencensus_traces_each_call(app: func.FunctionApp) -> None:
    """`opencensus-extension-azure-functions` runs around the calls, and its tracer goes on with the host's trace."""
    extension = importlib.import_module("opencensus.extension.azure.functions").OpenCensusExtension
    exported: list[Any] = []
    extension._exporter = type("Exporter", (), {"export": lambda self, spans: exported.extend(spans)})()
    trace = func.TraceContext(trace_parent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", trace_state="")

    @app.queue_trigger("msg", "todo", "Storage")
    def work(msg: func.QueueMessage, context: func.Context) -> None:
        with context.tracer.span(name="inside"):  # type: ignore[attr-defined]
            pass

    run = TestClient(app).send("work", "body", trace_context=trace)

    assert extension.__mro__[1] is func.AppExtensionBase
    assert run.succeeded
    assert [(each.name, each.context.trace_id) for each in exported] == [("inside", "0af7651916cd43dd8448eb211c80319c")]
