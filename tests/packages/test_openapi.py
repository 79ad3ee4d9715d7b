"""`azure-functions-openapi`, which describes the routes of an app."""

from __future__ import annotations

import importlib
import json

import azfunc as func
from azfunc.testing import TestClient


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
