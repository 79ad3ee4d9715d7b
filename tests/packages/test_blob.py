"""Clients of Azure's blob storage as arguments, by `azurefunctions-extensions-bindings-blob`; no storage is asked."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.invocation import Incoming
from azfunc.runtime.sdk_types import ModelBindingData
from azfunc.start.local_app import LocalApp
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from pathlib import Path

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


def test_input_is_the_blob_of_its_binding(blob: Any) -> None:
    """An input that the test leaves out is the client of what the binding names."""
    app = func.FunctionApp()

    def look(msg: func.QueueMessage, client: Any) -> None:
        seen.append(client)

    seen.clear()
    look.__annotations__["client"] = blob.BlobClient
    app.queue_trigger("msg", "todo", "Storage")(app.blob_input("client", "in/a.txt", "Storage")(look))
    TestClient(app).send("look", "x")

    assert seen[0].url == "https://store.blob.core.windows.net/in/a.txt"


@pytest.mark.parametrize(
    ("settings", "account", "client_id"),
    [
        ({"Storage__serviceUri": "https://a.blob.core.windows.net"}, "a", None),
        ({"Storage__blobServiceUri": "https://b.blob.core.windows.net"}, "b", None),
        (
            {
                "Storage__blobServiceUri": "https://c.blob.core.windows.net",
                "Storage__credential": "managedidentity",
                "Storage__clientId": "0f0f",
            },
            "c",
            "0f0f",
        ),
    ],
    ids=["input", "trigger", "of a user"],
)
def test_identity_opens_the_account(
    blob: Any,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    account: str,
    client_id: str | None,
) -> None:
    """A group of settings takes the place of a connection string, and an identity that of its key."""
    identities: list[dict[str, Any]] = []
    identity = type("Identity", (), {"__init__": lambda self, **options: identities.append(options)})
    identity.get_token = lambda self, *scopes: None  # type: ignore[attr-defined]
    # At the edge of the process: the real identity asks the machine.
    monkeypatch.setattr(importlib.import_module(f"{blob.__name__}.utils"), "ManagedIdentityCredential", identity)
    monkeypatch.delenv("Storage")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    TestClient(app_with(blob.BlobClient, trigger=True)).send("read", client="in/a")

    assert seen[0].url == f"https://{account}.blob.core.windows.net/in/a"
    assert identities == [{"client_id": client_id} if client_id else {}]


def test_missing_connection_is_told(blob: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is no app setting is an error with the function, the binding and the package's reason."""
    monkeypatch.delenv("Storage")

    with pytest.raises(func.ConversionError) as caught:
        TestClient(app_with(blob.BlobClient, trigger=True)).send("read", client="in/a")

    assert "'read'" in str(caught.value)
    assert "connection name Storage does not exist" in str(caught.value)
    assert "Set the app setting Storage to a connection string, or Storage__blobServiceUri" in caught.value.hint


def test_missing_package_is_told(tmp_path: Path) -> None:
    """An app that imports a package which is not installed cannot be loaded; the error says what to install."""
    (tmp_path / "function_app.py").write_text("import azurefunctions.extensions.bindings.unheard\n")

    with pytest.raises(func.LoadingError) as caught:
        TestClient(tmp_path)

    assert "pip" in caught.value.hint
    assert "azurefunctions-extensions-bindings-unheard" in caught.value.hint


def test_local_host_takes_a_path_for_a_call_by_hand(blob: Any) -> None:
    """A blob trigger is started by hand with the path of a blob, as in Azure."""
    httpx = importlib.import_module("httpx")
    app = LocalApp(app_with(blob.BlobClient, trigger=True))

    async def post() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
            status = (await client.post("/admin/functions/read", json={"input": "in/a/b.txt"})).status_code
            await app.settle()
            return int(status)

    assert asyncio.run(post()) == 202
    assert seen[0].url == "https://store.blob.core.windows.net/in/a/b.txt"


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
