"""The document of an app, and `app.openapi()`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pytest

import azfunc as func
from azfunc import _catalog
from azfunc.openapi import document_of
from azfunc.openapi.document import Documents
from azfunc.runtime.loading import load_app
from azfunc.testing import TestClient
from tests.openapi.parts import Body, Order, validate  # noqa: TC001  # annotations are read at run time

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(func.__file__).parents[1]
EXAMPLES = ["cosmos-change-feed", "guide", "openai", "queue-pipeline", "v1-app", "worker-extension"]


@pytest.fixture
def app() -> func.FunctionApp:
    """An app of a shop."""
    app = func.FunctionApp(http_auth_level="anonymous")

    @app.route("orders", methods="POST", auth_level="function")
    def create(req: func.HttpRequest, order: Annotated[Order, Body()]) -> Order:
        """Take an order.

        It is packed the next day.
        """
        return order

    @app.route("orders/{id:int}", methods=["GET", "HEAD"])
    def read(req: func.HttpRequest) -> Order | None:
        """Show an order."""

    @app.route("orders/{id:int}", methods="DELETE", auth_level="admin")
    async def remove(req: func.HttpRequest) -> None: ...

    @app.route("notes/{page:int?}")
    def notes(req: func.HttpRequest) -> str: ...

    @app.queue_trigger("msg", "todo", "Storage")
    def work(msg: func.QueueMessage) -> None: ...

    return app


@pytest.fixture
def document(app: func.FunctionApp) -> dict[str, Any]:
    """Its document."""
    return app.openapi()


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give all operations of a document."""
    for path in document["paths"].values():
        yield from path.values()


def test_validator_accepts_the_document(document: dict[str, Any]) -> None:
    """With bodies, keys, optional parameters and components, it is one of OpenAPI 3.1."""
    assert document["openapi"] == "3.1.0"
    validate(document)


@pytest.mark.parametrize("example", EXAMPLES)
def test_validator_accepts_the_documents_of_the_examples(example: str) -> None:
    """Real apps, of both models, have documents with all their HTTP functions."""
    with load_app(ROOT / "examples" / example) as loaded:
        document = document_of(loaded.functions)
        names = {each.get_function_name() for each in loaded.functions if each.is_http_function()}

    assert {each["operationId"].removesuffix("_get").removesuffix("_post") for each in operations(document)} == names
    validate(document)


def test_empty_app_has_an_empty_document() -> None:
    """There is a title, and nothing that is not needed."""
    assert func.FunctionApp().openapi() == {
        "openapi": "3.1.0",
        "info": {"title": "Function app", "version": "1.0.0"},
        "paths": {},
    }


def test_what_is_said_of_the_document() -> None:
    """Title, version, description and servers are those that are given."""
    app = func.FunctionApp()
    document = app.openapi(title="Shop", version="2.1", description="Sells *tea*.", servers=["https://a.example", "/b"])

    assert document["info"] == {"title": "Shop", "version": "2.1", "description": "Sells *tea*."}
    assert document["servers"] == [{"url": "https://a.example"}, {"url": "/b"}]
    assert app.openapi(servers="https://a.example")["servers"] == [{"url": "https://a.example"}]
    validate(document)


@pytest.mark.parametrize(
    ("prefix", "path"), [("api", "/api/orders"), ("", "/orders"), ("/v1/shop/", "/v1/shop/orders")]
)
def test_paths_have_the_prefix_of_the_host(app: func.FunctionApp, prefix: str, path: str) -> None:
    """It is `api` when nothing is said; host.json may have another, or none."""
    assert path in app.openapi(route_prefix=prefix)["paths"]
    assert "/api/orders" in app.openapi()["paths"]


def test_paths_and_methods(document: dict[str, Any]) -> None:
    """A function without methods is meant for two of them; an optional parameter makes two paths."""
    assert {path: sorted(item) for path, item in document["paths"].items()} == {
        "/api/orders": ["post"],
        "/api/orders/{id}": ["delete", "get", "head"],
        "/api/notes/{page}": ["get", "post"],
        "/api/notes": ["get", "post"],
    }


def test_names_of_operations(document: dict[str, Any]) -> None:
    """The function's name, with method and what is left out where it has several."""
    assert [each["operationId"] for each in operations(document)] == [
        "create",
        "read_get",
        "read_head",
        "remove",
        "notes_get",
        "notes_post",
        "notes_get_without_page",
        "notes_post_without_page",
    ]


def test_names_of_operations_are_distinct(app: func.FunctionApp) -> None:
    """A function may have the name that another's operation would get."""
    app.function_name("read_get")(app.route("other", methods="GET")(lambda req: None))
    names = [each["operationId"] for each in operations(app.openapi())]

    assert len(names) == len(set(names))
    assert "read_get_2" in names


def test_operation_has_the_text_of_the_function(document: dict[str, Any]) -> None:
    """The first line of its docstring is the summary, the rest the description."""
    create, read = document["paths"]["/api/orders"]["post"], document["paths"]["/api/orders/{id}"]["get"]

    assert (create["summary"], create["description"]) == ("Take an order.", "It is packed the next day.")
    assert read["summary"] == "Show an order."
    assert "description" not in read
    assert "summary" not in document["paths"]["/api/notes"]["get"]


def test_keys(document: dict[str, Any]) -> None:
    """A key goes in a header or the query; a function without one says nothing of keys."""
    create, read = document["paths"]["/api/orders"]["post"], document["paths"]["/api/orders/{id}"]["get"]
    schemes = document["components"]["securitySchemes"]

    assert create["security"] == [{"functionKeyHeader": []}, {"functionKeyQuery": []}]
    assert document["paths"]["/api/orders/{id}"]["delete"]["security"][0] == {"masterKeyHeader": []}
    assert {name: (each["in"], each["name"]) for name, each in schemes.items()} == {
        "functionKeyHeader": ("header", "x-functions-key"),
        "functionKeyQuery": ("query", "code"),
        "masterKeyHeader": ("header", "x-functions-key"),
        "masterKeyQuery": ("query", "code"),
    }
    assert "401" in create["responses"]
    assert "security" not in read
    assert "401" not in read["responses"]


def test_keys_are_those_that_the_runtime_asks_for(app: func.FunctionApp, document: dict[str, Any]) -> None:
    """A request without what the document asks for is answered with 401, and one with it is not."""
    create = document["paths"]["/api/orders"]["post"]
    scheme = document["components"]["securitySchemes"][next(iter(create["security"][0]))]
    client = TestClient(app, keys={"default": "secret"})
    order = {"id": 1, "lines": []}

    assert client.post("/api/orders", json=order).status_code == 401
    assert client.post("/api/orders", json=order, headers={scheme["name"]: "secret"}).status_code == 200


def test_body_and_its_problems(document: dict[str, Any]) -> None:
    """The body is described, and the response to one that is not as it should be."""
    create = document["paths"]["/api/orders"]["post"]
    schemas = document["components"]["schemas"]

    assert create["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Order"}
    assert create["responses"]["422"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Problems"
    }
    assert list(schemas["Problems"]["properties"]["problems"]["items"]["properties"]) == ["field", "problem"]
    assert set(schemas) == {"Order", "Line", "Problems"}
    assert [each for each in operations(document) if "422" in each["responses"]] == [create]


def test_responses_of_an_operation(document: dict[str, Any]) -> None:
    """They follow from the annotation; an answer to HEAD has no content."""
    item = document["paths"]["/api/orders/{id}"]

    assert list(item["get"]["responses"]) == ["200", "204"]
    assert "content" in item["get"]["responses"]["200"]
    assert "content" not in item["head"]["responses"]["200"]
    assert list(item["delete"]["responses"]) == ["204", "401"]


def test_function_that_reads_a_body_is_meant_for_post() -> None:
    """When it names no methods."""
    app = func.FunctionApp()

    @app.route("orders")
    def create(req: func.HttpRequest, order: Annotated[Order, Body()]) -> None: ...

    assert list(app.openapi()["paths"]["/api/orders"]) == ["post"]


def test_method_that_a_document_cannot_have_is_left_out() -> None:
    """OpenAPI 3.1 knows no QUERY."""
    app = func.FunctionApp()
    app.function_name("ask")(app.route("ask", methods="QUERY")(lambda req: None))
    app.function_name("both")(app.route("both", methods=["QUERY", "PUT"])(lambda req: None))

    assert {path: list(item) for path, item in app.openapi()["paths"].items()} == {"/api/both": ["put"]}


def test_what_stands_around_functions_is_looked_through(app: func.FunctionApp, document: dict[str, Any]) -> None:
    """Middleware changes nothing of the document."""

    @app.middleware
    def around(call: func.Call) -> Iterator[None]:
        yield

    assert app.openapi() == document


def test_error_names_the_function() -> None:
    """An annotation that no schema can be made of has its place in the app."""

    @dataclasses.dataclass
    class Broken:
        value: NoSuchThing  # noqa: F821  # that is what is tested

    def broken(req: func.HttpRequest) -> Any: ...

    broken.__annotations__["return"] = Broken
    app = func.FunctionApp()
    app.route("broken", methods="GET")(broken)

    with pytest.raises(func.DefinitionError) as caught:
        app.openapi()

    assert caught.value.function_name == "broken"
    assert str(caught.value.location).startswith(__file__)


# --- paths that are alike ---------------------------------------------------------------------------------------------


def test_names_of_parameters_may_differ() -> None:
    """Paths that differ in them alone are one, with the names of the first."""
    app = func.FunctionApp()
    app.function_name("a")(app.route("items/{id:int}", methods="GET")(lambda req: None))
    app.function_name("b")(app.route("Items/{number:int}", methods="PUT")(lambda req: None))
    document = app.openapi()
    [item] = document["paths"].values()

    assert list(document["paths"]) == ["/api/items/{id}"]
    assert [each["parameters"][0]["name"] for each in item.values()] == ["id", "id"]
    validate(document)


def test_one_of_two_functions_that_no_path_tells_apart() -> None:
    """The one that the host asks first is there, and a warning tells of the other, at the line that asked."""
    app = func.FunctionApp()
    app.function_name("text")(app.route("items/{name}", methods="GET")(lambda req: None))
    app.function_name("number")(app.route("items/{id:int}", methods="GET")(lambda req: None))

    with pytest.warns(func.AzfuncWarning, match=r"^GET /api/items/\{name\} of function 'text' is not in") as caught:
        document = app.openapi()

    assert [each["operationId"] for each in operations(document)] == ["number"]
    assert caught[0].filename == __file__
    validate(document)


# --- apps -------------------------------------------------------------------------------------------------------------


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """Do nothing."""


def test_frameworks_have_documents_of_their_own() -> None:
    """Functions that hand their requests to a framework are left out, and others beside them are there."""
    app = func.FunctionApp()
    app.mount_asgi("v1", asgi)
    app.function_name("ping")(app.route("ping", methods="GET")(lambda req: None))
    whole = func.AsgiFunctionApp(asgi)
    whole.function_name("ping")(whole.route("ping", methods="GET")(lambda req: None))

    assert list(app.openapi()["paths"]) == ["/api/ping"]
    assert list(whole.openapi()["paths"]) == ["/api/ping"]


def test_functions_of_blueprints_are_there() -> None:
    """With the prefixes and the key level of the blueprint."""
    app = func.FunctionApp()
    users = func.Blueprint("anonymous", url_prefix="v1/{tenant}", name_prefix="users_")
    users.function_name("get")(users.route("users", methods="GET")(lambda req: None))
    app.register_functions(users)
    [operation] = operations(app.openapi())

    assert list(app.openapi()["paths"]) == ["/api/v1/{tenant}/users"]
    assert (operation["operationId"], operation["parameters"][0]["name"]) == ("users_get", "tenant")
    assert "security" not in operation


def test_document_is_the_same_each_time(app: func.FunctionApp) -> None:
    """Asking for it changes nothing."""
    first = app.openapi()

    assert app.openapi() == first
    assert [each.get_function_name() for each in app.get_functions()] == ["create", "read", "remove", "notes", "work"]


class Reader:
    """Reads."""

    def __call__(self, req: func.HttpRequest) -> str:
        """Read it.

        Slowly.
        """
        return ""


def test_callable_object_is_described_by_its_method() -> None:
    """It has the docstring that is written where the function is."""
    app = func.FunctionApp()
    app.function_name("reader")(app.route("reader", methods="GET")(Reader()))
    [operation] = operations(app.openapi())

    assert (operation["summary"], operation["description"]) == ("Read it.", "Slowly.")
    assert list(operation["responses"]) == ["200", "401"]


def test_type_checkers_see_the_method() -> None:
    """The mixin that the catalog names has it, and all apps have the same one; blueprints are no documents."""
    for name in _catalog.DOCUMENTS:
        assert getattr(func.FunctionApp, name) is getattr(Documents, name)
        assert getattr(func.AsgiFunctionApp, name) is getattr(Documents, name)
        assert not hasattr(func.Blueprint, name)
