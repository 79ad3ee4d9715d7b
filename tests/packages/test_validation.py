"""`azure-functions-validation`, which gives functions models instead of requests."""

from __future__ import annotations

import importlib
import json
from typing import Any

import azfunc as func
from azfunc.testing import TestClient


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
