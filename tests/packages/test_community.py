"""Packages of the community that are built on the reference, on azfunc."""

from __future__ import annotations

import importlib
import json
import logging
from typing import Any

import pytest

import azfunc as func
from azfunc.testing import TestClient


@pytest.fixture
def app() -> func.FunctionApp:
    """An app without keys."""
    return func.FunctionApp(http_auth_level="anonymous")


def test_openapi_describes_the_functions(app: func.FunctionApp) -> None:
    """`azure-functions-openapi` reads the routes of azfunc's builders, and serves the page about them."""
    package = importlib.import_module("azure_functions_openapi")

    @package.openapi(summary="Greet", tags=["greetings"], responses={200: {"description": "A greeting"}})
    @app.route("hello/{name}", methods=["GET"])
    def hello(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(f"Hello, {req.route_params['name']}!")

    described = json.loads(package.get_openapi_json(title="Tests", app=app))
    answer = TestClient(app).get("/api/hello/ada")

    operation = described["paths"]["/api/hello/{name}"]["get"]
    assert operation["summary"] == "Greet"
    assert operation["responses"]["200"]["description"] == "A greeting"
    assert (answer.status_code, answer.get_body()) == (200, b"Hello, ada!")
    page = package.render_swagger_ui()
    assert isinstance(page, func.HttpResponse)
    assert b"swagger" in page.get_body()


def test_validation_checks_requests(app: func.FunctionApp) -> None:
    """`azure-functions-validation` gives the function a model, and answers for it when the body does not fit."""
    package = importlib.import_module("azure_functions_validation")
    model: Any = importlib.import_module("pydantic").create_model("Order", number=(int, ...))

    def order(req: Any, body: Any) -> dict[str, int]:
        return {"twice": body.number * 2}

    order.__annotations__ |= {"req": func.HttpRequest, "body": model, "return": func.HttpResponse}
    app.route("order", methods=["POST"])(package.validate_http(body=model)(order))
    client = TestClient(app)

    good = client.post("/api/order", json={"number": 4})
    bad = client.post("/api/order", json={"number": "many"})

    assert (good.status_code, json.loads(good.get_body())) == (200, {"twice": 8})
    assert bad.status_code == 422
    assert "number" in bad.get_body().decode()


def test_logging_knows_the_call(app: func.FunctionApp) -> None:
    """`azure-functions-logging` reads the context that azfunc gives, and puts the call into each record."""
    package = importlib.import_module("azure_functions_logging")
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    logger = logging.getLogger("tests.packages")
    logger.addHandler(handler)
    package.setup_logging(logger_name="tests.packages")
    logger.setLevel(logging.INFO)

    @app.queue_trigger("msg", "todo", "Storage")
    @package.with_context
    def work(msg: func.QueueMessage, context: func.Context) -> None:
        logger.info("at work")

    run = TestClient(app).send("work", "body")

    assert run.succeeded
    [record] = [each for each in records if each.getMessage() == "at work"]
    assert vars(record)["invocation_id"] == run.context.invocation_id
    assert vars(record)["function_name"] == "work"


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
