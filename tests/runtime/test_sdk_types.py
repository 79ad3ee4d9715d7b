"""Objects of SDKs as arguments, with an extension package that is made up; `tests/packages` has the real ones."""

from __future__ import annotations

import asyncio
import json
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.invocation import Incoming
from azfunc.runtime.sdk_types import (
    COLLECTION_TYPE,
    EXTENSIONS,
    MODEL_TYPE,
    ModelBindingData,
    is_sdk_client,
    is_sdk_type,
    place_of,
)
from azfunc.start.local_app import LocalApp
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from pathlib import Path


class Client:
    """A client of a storage."""

    def __init__(self, where: dict[str, str]) -> None:
        self.where = where


class Settler:
    """What a function settles messages with, without a binding for it."""

    connected = False


class Extension:
    """The registry of the package, and its one converter."""

    @staticmethod
    def check_supported_type(annotation: Any) -> bool:
        """Know the client, and lists of it."""
        return annotation in (Client, list[Client])

    @staticmethod
    def check_supported_grpc_client_type(annotation: Any) -> bool:
        """Know what settles."""
        return annotation is Settler

    @classmethod
    def get(cls, binding_type: str) -> type[Extension] | None:
        """Give the converter."""
        return None if binding_type == "queueTrigger" else cls

    @staticmethod
    def check_input_type_annotation(annotation: Any) -> bool:
        """Know the client, and lists of it."""
        return annotation == list[Client] or issubclass(annotation, Client)

    @staticmethod
    def get_client() -> Settler:
        """Give what settles, if there is a host."""
        if not Settler.connected:
            message = "no host"
            raise RuntimeError(message)
        return Settler()

    @staticmethod
    def decode(data: Any, *, trigger_metadata: Any, pytype: Any) -> Any:
        """Make a client, but not of a private container."""
        if data.type is None:
            return None
        if data.type == COLLECTION_TYPE:
            return [each.content for each in data.value.model_binding_data]
        if data.value.content_type != "application/json":
            return data.value.content
        where = json.loads(data.value.content)
        if where["ContainerName"] == "private":
            message = "no access"
            raise ValueError(message)
        metadata = {name: getattr(each, "value", each) for name, each in trigger_metadata.items()}
        return pytype({**where, "metadata": metadata})


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> func.FunctionApp:
    """An app whose function takes a client, beside the package."""
    package = ModuleType(EXTENSIONS)
    vars(package)["get_binding_registry"] = lambda: Extension
    monkeypatch.setitem(sys.modules, EXTENSIONS, package)
    made = func.FunctionApp()

    @made.blob_trigger("client", "in/{name}", "Storage")
    @made.queue_output("$return", "out", "Storage")
    def where(client: Client | None) -> Any:
        return client.where if isinstance(client, Client) else client

    return made


def test_annotation_counts_with_its_package_alone(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class is that of a client while the package is loaded that says so."""
    assert is_sdk_type(Client)
    assert not is_sdk_type(func.InputStream)
    assert not is_sdk_type(None)

    monkeypatch.delitem(sys.modules, EXTENSIONS)
    assert not is_sdk_type(Client)
    assert not is_sdk_client(Settler)


def test_host_says_where_it_is(app: func.FunctionApp) -> None:
    """The converter of the package makes the client from what the host sends, trigger metadata included."""
    data = ModelBindingData(b'{"ContainerName": "in"}')
    datum = Datum(data, "model_binding_data")
    client = TestClient(app)

    assert client.send("where", datum).returned == {"ContainerName": "in", "metadata": {}}
    assert client.send("where", Incoming(datum, {"a": 1})).returned == {"ContainerName": "in", "metadata": {"a": 1}}


def test_path_is_of_the_bindings_connection(app: func.FunctionApp) -> None:
    """A test names container and blob; the connection is the binding's."""
    returned = TestClient(app).send("where", "in/a/b").returned

    assert returned == {"Connection": "Storage", "ContainerName": "in", "BlobName": "a/b", "metadata": {}}


def test_other_values_are_arguments(app: func.FunctionApp) -> None:
    """What is no Datum and no text goes to the function as it is."""
    assert TestClient(app).send("where", client={"fake": 1}).returned == {"fake": 1}


def test_error_of_the_package_names_the_place(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the package cannot make the client, the error has function, binding, reason and what to do."""
    monkeypatch.setenv("Storage", "x")  # the name that the app uses

    with pytest.raises(func.ConversionError) as caught:
        TestClient(app).send("where", client="private/a")

    assert "Function 'where', blobTrigger binding 'client': Client cannot be made: no access" in caught.value.message
    assert "container/blob" in caught.value.hint


@pytest.mark.parametrize("group", ["Storage__blobServiceUri", "STORAGES"])
def test_missing_connection_is_named(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch, group: str) -> None:
    """When the setting is missing too, the error says both of its forms; a group of settings is one."""
    monkeypatch.setenv(group, "x")

    with pytest.raises(func.ConversionError) as caught:
        TestClient(app).send("where", client="private/a")

    is_missing = group == "STORAGES"
    assert ("Set the app setting Storage to a connection string" in caught.value.hint) is is_missing
    assert ("Storage__blobServiceUri to an address" in caught.value.hint) is is_missing
    assert ("Did you mean 'STORAGES'?" in caught.value.hint) is is_missing


def test_blob_is_where_its_metadata_says(app: func.FunctionApp) -> None:
    """A blob that comes with its content is made a client by its path, as the local host sends it."""
    returned = TestClient(app).send("where", func.InputStream(data=b"content", name="in/a.txt")).returned

    assert (returned["ContainerName"], returned["BlobName"]) == ("in", "a.txt")


def test_content_alone_is_no_place(app: func.FunctionApp) -> None:
    """Bytes do not say where the blob is."""
    with pytest.raises(func.ConversionError) as caught:
        TestClient(app).send("where", client=b"content")

    assert "got bytes, and needs to know where to look" in caught.value.message
    assert "container/blob" in caught.value.hint


def test_nothing_is_nothing(app: func.FunctionApp) -> None:
    """A datum without a type goes to the package, which gives None."""
    assert TestClient(app).send("where", client=Datum(None, None)).returned is None


def test_class_that_nobody_gives_is_told(app: func.FunctionApp) -> None:
    """A class for which the package has nothing at this binding is an error."""

    def queued(msg: Any) -> None: ...

    queued.__annotations__["msg"] = Client
    app.queue_trigger("msg", "todo", "Storage")(queued)

    with pytest.raises(func.ConversionError, match="gives Client there"):
        TestClient(app).send("queued", "x")


def test_package_that_looks_at_classes_alone(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that stumbles over a list has none."""

    def refuse(annotation: Any) -> bool:
        message = "issubclass() arg 1 must be a class"
        raise TypeError(message)

    monkeypatch.setattr(Extension, "check_input_type_annotation", refuse)

    with pytest.raises(func.ConversionError, match="gives Client there"):
        TestClient(app).send("where", client="in/a")


def test_missing_package_is_told(tmp_path: Path) -> None:
    """An app that imports an extension package which is not there is told by which name to install it."""
    (tmp_path / "function_app.py").write_text("import azurefunctions.extensions.bindings.unheard\n")

    with pytest.raises(func.LoadingError) as caught:
        TestClient(tmp_path)

    assert "Install it with pip" in caught.value.hint
    assert "azurefunctions-extensions-" in caught.value.hint


# --- inputs -----------------------------------------------------------------------------------------------------------


def with_input(app: func.FunctionApp, **fields: Any) -> TestClient:
    """Add a function with an input that is a client."""

    def look(msg: func.QueueMessage, client: Any) -> Any:
        return client.where

    look.__annotations__["client"] = Client
    bound = app.queue_trigger("msg", "todo", "Storage")(
        app.blob_input("client", fields["path"], "Storage")(look)
        if "path" in fields
        else app.cosmos_db_input("client", **fields)(look)
    )
    app.queue_output("$return", "out", "Storage")(bound)
    return TestClient(app)


def test_binding_says_what_the_client_is_for(app: func.FunctionApp) -> None:
    """An input that nothing is given for is a client of what its binding names."""
    assert with_input(app, path="in/a.txt").send("look", "x").returned == {
        "Connection": "Storage",
        "ContainerName": "in",
        "BlobName": "a.txt",
        "metadata": {},
    }


def test_expressions_have_to_be_filled(app: func.FunctionApp) -> None:
    """Where the binding has expressions the test says which blob it is."""
    client = with_input(app, path="in/{queueTrigger}")

    assert client.send("look", "x", client="in/x").returned["BlobName"] == "x"
    with pytest.raises(func.ConversionError) as caught:
        client.send("look", "x")

    assert "nothing fills the expressions of 'in/{queueTrigger}'" in caught.value.message
    assert "container/blob" in caught.value.hint


def test_local_host_fills_them(app: func.FunctionApp) -> None:
    """What fills expressions fills the connection too."""
    [_, function] = with_input(app, path="in/{queueTrigger}").host.functions
    [binding] = [each for each in function.get_bindings() if each.type == "blob"]

    incoming = place_of(binding, lambda text: text.replace("{queueTrigger}", "{x}").upper())

    assert json.loads(incoming.datum.value.content) == {
        "Connection": "STORAGE",
        "ContainerName": "IN",
        "BlobName": "{X}",
    }


def test_container_of_a_database(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Cosmos DB input is a client of its container, or of the one that the test names."""
    fields = {"database_name": "shop", "container_name": "orders", "connection": "Cosmos"}
    client = with_input(app, **fields, preferred_locations="West Europe")

    assert client.send("look", "x").returned == {
        "Connection": "Cosmos",
        "DatabaseName": "shop",
        "ContainerName": "orders",
        "PreferredLocations": "West Europe",
        "metadata": {},
    }
    assert client.send("look", "x", client="db/items").returned["ContainerName"] == "items"
    monkeypatch.setenv("Cosmos", "x")
    with pytest.raises(func.ConversionError, match="database/container"):
        client.send("look", "x", client=b"x")


@pytest.mark.parametrize("container", ["orders", "{kind}"])
def test_local_host_says_what_the_client_is_for(app: func.FunctionApp, container: str) -> None:
    """`azfunc start` fetches nothing for a client, and fills the names in its binding."""

    def look(req: func.HttpRequest, client: Any) -> Any:
        return client.where

    look.__annotations__["client"] = Client
    bound = app.cosmos_db_input("client", connection="Cosmos", database_name="shop", container_name=container)(look)
    app.route("look/{kind}", auth_level="anonymous")(bound)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/api/look/orders", "query_string": b"", "headers": []}
    asyncio.run(LocalApp(app)(scope, receive, send))

    assert json.loads(sent[1]["body"])["ContainerName"] == "orders"


# --- messages ---------------------------------------------------------------------------------------------------------


def with_messages(app: func.FunctionApp, annotation: Any) -> TestClient:
    """Add a function that takes messages of Service Bus as the package gives them."""

    def take(msg: Any, settler: Any) -> None:
        taken.append((msg, settler))

    taken.clear()
    take.__annotations__ |= {"msg": annotation, "settler": Settler}
    app.service_bus_queue_trigger("msg", "Bus", "todo")(take)
    return TestClient(app)


taken: list[Any] = []


def test_messages_are_sent_in_amqp(app: func.FunctionApp) -> None:
    """Data and messages of azfunc become what the host sends; anything else is the argument itself."""
    client = with_messages(app, Client)
    fake = Client({})

    for each in ("text", {"n": 1}, fake):
        client.send("take", each, settler=None)

    assert b"x-opt-lock-token" in taken[0][0]
    assert taken[0][0].endswith(b"text")
    assert taken[1][0].endswith(b'{"n": 1}')
    assert taken[2][0] is fake


def test_batches_are_sent_one_by_one(app: func.FunctionApp) -> None:
    """A list in the annotation gets each message as the package makes it."""
    with_messages(app, list[Client]).send("take", ["a", "b"], settler=None)

    assert [each[-1:] for each in taken[0][0]] == [b"a", b"b"]


def test_bad_message_is_told(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the package cannot read a message, the hint says what it can be."""
    datum = Datum(ModelBindingData(b'{"ContainerName": "private"}'), MODEL_TYPE)

    with pytest.raises(func.ConversionError, match="an object of the SDK"):
        with_messages(app, Client).send("take", datum, settler=None)


# --- without a binding ------------------------------------------------------------------------------------------------


def test_settler_comes_from_the_package(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parameter annotated with its class needs no binding, and gets what the package gives."""
    client = with_messages(app, Client)
    monkeypatch.setattr(Settler, "connected", True)

    client.send("take", "x")

    assert is_sdk_client(Settler)
    assert isinstance(taken[0][1], Settler)


def test_settler_without_a_host_is_told(app: func.FunctionApp) -> None:
    """Where the package cannot give it, the error has the function, the reason, and what to do."""
    with pytest.raises(func.InvocationError) as caught:
        with_messages(app, Client).send("take", "x")

    assert caught.value.function_name == "take"
    assert "Function 'take' takes a Settler, which cannot be made: no host." in caught.value.message
    assert "Give one of your own" in caught.value.hint
