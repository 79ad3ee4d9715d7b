"""Clients of Cosmos DB as arguments, by `azurefunctions-extensions-bindings-cosmosdb`, with an account on loopback."""

from __future__ import annotations

import importlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.sdk_types import ModelBindingData
from azfunc.start.local_app import LocalApp
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Iterator

WHERE = {"Connection": "Cosmos", "DatabaseName": "shop", "ContainerName": "orders", "PreferredLocations": None}
DOCUMENT = {"id": "7", "customer": "ada", "total": 12}


class Account(ThreadingHTTPServer):
    """A Cosmos DB account with one container, as far as the SDK asks for it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.authorizations: set[str] = set()

    @property
    def url(self) -> str:
        """Address of the account."""
        return f"http://127.0.0.1:{self.server_port}/"

    @property
    def connection(self) -> str:
        """Connection string of the account."""
        return f"AccountEndpoint={self.url};AccountKey=a2V5;"

    def find(self, path: str) -> dict[str, Any] | None:
        """Give what is at a path."""
        place = [{"name": "here", "databaseAccountEndpoint": self.url}]
        consistency = {"defaultConsistencyLevel": "Session"}
        account = {"id": "a", "writableLocations": place, "readableLocations": place}
        container = {
            "id": "orders",
            "_self": "c",
            "_rid": "c",
            "partitionKey": {"paths": ["/customer"], "kind": "Hash"},
        }
        return {
            "/": {**account, "userConsistencyPolicy": consistency},
            "/dbs/shop": {"id": "shop"},
            "/dbs/shop/colls/orders": container,
            "/dbs/shop/colls/orders/docs/7": DOCUMENT,
        }.get(path)


class Answers(BaseHTTPRequestHandler):
    """Answers of the account."""

    server: Account

    def do_GET(self) -> None:
        """Give what is there."""
        found = self.server.find(self.path.rstrip("/") or "/")
        self.server.authorizations.add(unquote(self.headers["authorization"]).partition("&")[0])
        body = json.dumps(found or {"code": "NotFound"}).encode()
        self.send_response(404 if found is None else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def account() -> Iterator[Account]:
    """An account that answers."""
    with Account() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def cosmos(monkeypatch: pytest.MonkeyPatch, account: Account) -> Any:
    """The package, and a connection."""
    monkeypatch.setenv("Cosmos", account.connection)  # the name that the apps use
    return importlib.import_module("azurefunctions.extensions.bindings.cosmosdb")


def app_with(annotation: Any) -> func.FunctionApp:
    """Make an app whose function takes a client."""
    app = func.FunctionApp(http_auth_level="anonymous")

    def look(req: func.HttpRequest, client: Any) -> str:
        seen.append(client)
        return "seen"

    seen.clear()
    look.__annotations__["client"] = annotation
    app.route("look/{customer}")(app.cosmos_db_input("client", "Cosmos", "shop", "orders")(look))
    return app


seen: list[Any] = []


def sdk(name: str) -> Any:
    """Give a class of the SDK itself."""
    return getattr(importlib.import_module("azure.cosmos"), name)


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"client": "shop/orders"},
        {"client": Datum(ModelBindingData(json.dumps(WHERE).encode(), source="CosmosDB"), "model_binding_data")},
    ],
    ids=["left out", "named", "sent by the host"],
)
def test_container_is_read(cosmos: Any, inputs: dict[str, Any]) -> None:
    """An input annotated as ContainerProxy is the container of its binding, or of the one that is given."""
    TestClient(app_with(cosmos.ContainerProxy)).get("/api/look/ada", inputs=inputs)

    [container] = seen
    assert type(container) is sdk("ContainerProxy")
    assert container.id == "orders"
    assert container.read_item("7", partition_key="ada") == DOCUMENT


def test_account_is_opened(cosmos: Any, account: Account) -> None:
    """An input annotated as CosmosClient is the account of the connection, opened with its key."""
    TestClient(app_with(cosmos.CosmosClient | None)).get("/api/look/ada")

    [client] = seen
    assert type(client) is sdk("CosmosClient")
    assert client.get_database_client("shop").read()["id"] == "shop"
    assert account.authorizations == {"type=master"}


def test_database_is_read(cosmos: Any) -> None:
    """An input annotated as DatabaseProxy is the database."""
    TestClient(app_with(cosmos.DatabaseProxy)).get("/api/look/ada")

    [database] = seen
    assert type(database) is sdk("DatabaseProxy")
    assert database.read()["id"] == "shop"


def test_identity_opens_the_account(cosmos: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With NAME__accountEndpoint an identity opens the account, and no key is needed."""
    opened: list[Any] = []

    class Client:
        def __init__(self, **options: Any) -> None:
            opened.append((options["url"], type(options["credential"]).__name__, options["preferred_locations"]))

        def get_database_client(self, name: str) -> str:
            return f"database {name}"

    # At the edge of the process: the real client asks Azure for a token, and wants TLS.
    monkeypatch.setattr(importlib.import_module(f"{cosmos.__name__}.utils"), "CosmosClientSdk", Client)
    monkeypatch.delenv("Cosmos")
    monkeypatch.setenv("Cosmos__accountEndpoint", "https://shop.documents.azure.com/")

    TestClient(app_with(cosmos.DatabaseProxy)).get("/api/look/ada")

    assert seen == ["database shop"]
    assert opened == [("https://shop.documents.azure.com/", "DefaultAzureCredential", [])]


def test_account_that_does_not_answer_is_told(cosmos: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the SDK raises is in the error, and the hint names the setting."""
    monkeypatch.setenv("Cosmos", "AccountEndpoint=;nothing")

    with pytest.raises(func.ConversionError) as caught:
        TestClient(app_with(cosmos.ContainerProxy)).get("/api/look/ada")

    assert "ContainerProxy cannot be made" in caught.value.message
    assert caught.value.__cause__ is not None
    assert "opened by the app setting Cosmos" in caught.value.hint


def test_test_may_give_its_own_client(cosmos: Any) -> None:
    """A fake is the argument itself."""
    fake = {"7": DOCUMENT}

    TestClient(app_with(cosmos.ContainerProxy)).get("/api/look/ada", inputs={"client": fake})

    assert seen == [fake]


def test_missing_connection_is_told(cosmos: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is no app setting is an error with both of its forms, and the name that was meant."""
    monkeypatch.delenv("Cosmos")
    monkeypatch.setenv("Cosmo", "x")

    with pytest.raises(func.ConversionError) as caught:
        TestClient(app_with(cosmos.ContainerProxy)).get("/api/look/ada")

    assert "Function 'look', cosmosDB binding 'client': ContainerProxy cannot be made" in caught.value.message
    assert "Set the app setting Cosmos to a connection string, or Cosmos__accountEndpoint" in caught.value.hint
    assert "Did you mean 'Cosmo'?" in caught.value.hint


def test_trigger_gives_no_client(cosmos: Any) -> None:
    """The package has clients for inputs alone, and the error says so."""
    app = func.FunctionApp()

    def changed(docs: Any) -> None: ...

    changed.__annotations__["docs"] = cosmos.ContainerProxy
    app.cosmos_db_trigger("docs", "Cosmos", "shop", "orders")(changed)

    with pytest.raises(func.ConversionError) as caught:
        TestClient(app).send("changed", [{"id": "1"}])

    assert "cosmosDBTrigger binding 'docs'" in caught.value.message
    assert "gives ContainerProxy there" in caught.value.message


async def _status(app: LocalApp, path: str) -> int:
    httpx = importlib.import_module("httpx")
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return int((await client.get(path)).status_code)


def test_local_host_gives_the_client(cosmos: Any) -> None:
    """`azfunc start` serves no Cosmos DB, and does not have to: the client goes there itself."""
    app = app_with(cosmos.ContainerProxy)

    status = importlib.import_module("asyncio").run(_status(LocalApp(app), "/api/look/ada"))

    assert status == 200
    assert seen[0].read_item("7", partition_key="ada") == DOCUMENT


def test_local_host_fills_expressions(cosmos: Any, account: Account) -> None:
    """Names in the binding may come from the request."""
    app = func.FunctionApp(http_auth_level="anonymous")

    def look(req: func.HttpRequest, client: Any) -> str:
        seen.append(client)
        return "seen"

    seen.clear()
    look.__annotations__["client"] = cosmos.ContainerProxy
    app.route("look/{kind}")(app.cosmos_db_input("client", "Cosmos", "shop", "{kind}")(look))

    status = importlib.import_module("asyncio").run(_status(LocalApp(app), "/api/look/orders"))

    assert (status, seen[0].id) == (200, "orders")
    assert seen[0].read_item("7", partition_key="ada") == DOCUMENT
