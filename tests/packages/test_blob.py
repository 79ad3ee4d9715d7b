"""Clients of Azure's blob storage as arguments, by `azurefunctions-extensions-bindings-blob`; no storage is asked."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.invocation import Incoming
from azfunc.runtime.sdk_types import ModelBindingData
from azfunc.testing import TestClient

STORAGE = "DefaultEndpointsProtocol=https;AccountName=store;AccountKey=a2V5;EndpointSuffix=core.windows.net"
WHERE = {"Connection": "Storage", "ContainerName": "in", "BlobName": "a/b.txt"}


@pytest.fixture
def blob(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The package, and a connection."""
    monkeypatch.setenv("Storage", STORAGE)  # the name that the apps use
    return importlib.import_module("azurefunctions.extensions.bindings.blob")


def app_with(annotation: Any, *, trigger: bool) -> func.FunctionApp:
    """Make an app whose function takes a client."""
    app = func.FunctionApp()

    def read(client: Any) -> None:
        seen.append(client)

    seen.clear()
    read.__annotations__["client"] = annotation
    if trigger:
        app.blob_trigger("client", "in/{name}", "Storage")(read)
        return app

    def both(msg: func.QueueMessage, client: Any) -> None:
        seen.append(client)

    both.__annotations__["client"] = annotation
    app.queue_trigger("msg", "todo", "Storage")(app.blob_input("client", "in/{name}", "Storage")(both))
    return app


seen: list[Any] = []


@pytest.mark.parametrize(
    "value", [Datum(ModelBindingData(json.dumps(WHERE).encode()), "model_binding_data"), "in/a/b.txt"]
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_trigger_gives_the_client_of_the_annotation(blob: Any, value: Any, *, wrapped: bool) -> None:
    """A blob trigger gives a BlobClient for the blob that the host, or the test, names."""
    given = Incoming(value) if wrapped and isinstance(value, Datum) else value

    run = TestClient(app_with(blob.BlobClient, trigger=True)).send("read", client=given)

    assert run.succeeded
    assert seen[0].url == "https://store.blob.core.windows.net/in/a/b.txt"
    assert type(seen[0]).__module__.startswith("azure.storage.blob")


def test_input_gives_the_client_of_the_annotation(blob: Any) -> None:
    """A blob input gives a ContainerClient, also where None is allowed."""
    run = TestClient(app_with(blob.ContainerClient | None, trigger=False)).send("both", msg="x", client="in")

    assert run.succeeded
    assert seen[0].container_name == "in"


def test_test_may_give_its_own_client(blob: Any) -> None:
    """Anything else that a test gives is the argument itself, such as a fake."""
    fake = object()

    TestClient(app_with(blob.StorageStreamDownloader, trigger=True)).send("read", client=fake)

    assert seen == [fake]


def test_missing_connection_is_told(blob: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is no app setting is an error with the function, the binding and the package's reason."""
    monkeypatch.delenv("Storage")

    with pytest.raises(func.ConversionError) as caught:
        TestClient(app_with(blob.BlobClient, trigger=True)).send("read", client="in/a")

    assert "'read'" in str(caught.value)
    assert "connection name Storage does not exist" in str(caught.value)


def test_other_annotations_stay_as_they_are(blob: Any) -> None:
    """A stream is a stream, although the package is loaded."""
    TestClient(app_with(func.InputStream, trigger=True)).send("read", client=b"content")

    assert seen[0].read() == b"content"


def test_package_tells_the_host_of_the_client(blob: Any) -> None:
    """What the package writes into the binding goes to the host."""
    base = importlib.import_module("azurefunctions.extensions.base")
    [function] = app_with(blob.BlobClient, trigger=True).get_functions()
    asked = type("Info", (), {"pytype": blob.BlobClient})

    [text], _ = base.get_binding_registry().get_raw_bindings(function, {"client": asked})

    assert json.loads(text) == {
        "direction": "IN",
        "type": "blobTrigger",
        "name": "client",
        "path": "in/{name}",
        "connection": "Storage",
        "properties": {"SupportsDeferredBinding": True},
    }
