"""`azure-functions-logging`, which puts the call into log records."""

from __future__ import annotations

import importlib
import logging

import azfunc as func  # noqa: TC001  # annotations of functions are read
from azfunc.testing import TestClient


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
