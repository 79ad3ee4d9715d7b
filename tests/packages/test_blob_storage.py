"""Clients of blob storage that read and write, by `azurefunctions-extensions-bindings-blob`, on the Azurite emulator.

`nox -s storage` runs them.
"""

from __future__ import annotations

import importlib
import signal
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.testing import TestClient
from tests.start import test_azurite as emulator

if TYPE_CHECKING:
    from pathlib import Path

    from azfunc.start.storage.account import AzureAccount

pytestmark = pytest.mark.azurite

connection = emulator.connection
account = emulator.account

APP = """
import azfunc as func
from azurefunctions.extensions.bindings import blob

app = func.FunctionApp(http_auth_level="anonymous")


@app.blob_trigger("client", "uploads/{name}.txt", "AzureWebJobsStorage")
@app.blob_input("results", "results", "AzureWebJobsStorage")
def shout(client: blob.BlobClient, results: blob.ContainerClient) -> None:
    text = client.download_blob().readall().decode()
    results.upload_blob(client.blob_name, text.upper(), overwrite=True)


@app.blob_trigger("stream", "streamed/{name}.txt", "AzureWebJobsStorage")
@app.blob_output("$return", "results/{name}.size", "AzureWebJobsStorage")
def measure(stream: blob.StorageStreamDownloader) -> str:
    return str(sum(len(chunk) for chunk in stream.chunks()))


@app.route("results/{name}")
@app.blob_input("stream", "results/{name}", "AzureWebJobsStorage")
def result(req: func.HttpRequest, stream: blob.StorageStreamDownloader) -> bytes:
    return stream.readall()
"""


@pytest.fixture
def blob(connection: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The package, and a connection to the emulator."""
    monkeypatch.setenv("Storage", connection)  # the name that the apps use
    return importlib.import_module("azurefunctions.extensions.bindings.blob")


def returned(annotation: Any, look: Any, **inputs: Any) -> Any:
    """Call a function with a blob input, and give what it makes of the client."""
    app = func.FunctionApp()

    def read(msg: func.QueueMessage, client: Any) -> Any:
        return look(client)

    read.__annotations__["client"] = annotation
    bound = app.queue_trigger("msg", "todo", "Storage")(app.blob_input("client", "inbox/known.txt", "Storage")(read))
    app.queue_output("$return", "done", "Storage")(bound)
    return TestClient(app).send("read", "x", **inputs).returned


def test_blob_client_reads_and_writes(blob: Any, account: AzureAccount) -> None:
    """A BlobClient is that of the blob of the binding."""
    account.write("inbox", "known.txt", b"content")

    def look(client: Any) -> str:
        text: str = client.download_blob().readall().decode()
        client.upload_blob(b"changed", overwrite=True)
        return text

    assert returned(blob.BlobClient, look) == "content"
    changed = account.read("inbox", "known.txt")
    assert changed is not None
    assert changed.content == b"changed"


def test_container_client_lists(blob: Any, account: AzureAccount) -> None:
    """A ContainerClient is that of its container."""
    account.write("listed", "a.txt", b"a")
    account.write("listed", "b/c.txt", b"c")

    assert returned(blob.ContainerClient, lambda client: list(client.list_blob_names()), client="listed") == [
        "a.txt",
        "b/c.txt",
    ]


def test_downloader_streams(blob: Any, account: AzureAccount) -> None:
    """A StorageStreamDownloader is the content, as a stream."""
    account.write("inbox", "large.bin", bytes(1_000_000))

    assert returned(blob.StorageStreamDownloader, lambda stream: stream.size, client="inbox/large.bin") == 1_000_000
    assert (
        returned(blob.StorageStreamDownloader, lambda stream: sum(map(len, stream.chunks())), client="inbox/large.bin")
        == 1_000_000
    )


def test_trigger_reads_its_blob(blob: Any, account: AzureAccount) -> None:
    """A blob trigger gives the client of the blob that the test names."""
    account.write("inbox", "a/b.txt", b"content")
    app = func.FunctionApp()

    def read(client: Any) -> None:
        seen.append(client.download_blob().readall())

    seen: list[bytes] = []
    read.__annotations__["client"] = blob.BlobClient
    app.blob_trigger("client", "inbox/{name}", "Storage")(read)

    TestClient(app).send("read", "inbox/a/b.txt")

    assert seen == [b"content"]


def test_blob_that_is_not_there_is_told(blob: Any, account: AzureAccount) -> None:
    """A downloader begins at once, and so a blob that is missing is an error with function and binding."""
    account.write("inbox", "known.txt", b"content")

    with pytest.raises(func.ConversionError) as caught:
        returned(blob.StorageStreamDownloader, lambda stream: stream, client="inbox/unknown.txt")

    assert "Function 'read', blob binding 'client': StorageStreamDownloader cannot be made" in caught.value.message
    assert "BlobNotFound" in caught.value.message
    assert "opened by the app setting Storage" in caught.value.hint


def test_local_host_gives_clients(account: AzureAccount, connection: str, tmp_path: Path) -> None:
    """`azfunc start` gives the clients of triggers and of inputs, whose names it fills in."""
    (tmp_path / "function_app.py").write_text(APP)
    account.write("uploads", "hello.txt", b"hello")
    account.write("streamed", "zeros.txt", bytes(300_000))
    account.write("results", "known.txt", b"known")
    port, log = emulator.free_port(), tmp_path / "log.txt"
    found: dict[str, bytes] = {}
    with emulator.start(tmp_path, connection, log, port) as process:
        try:
            emulator.wait_until(
                lambda: emulator.names(account, "results") >= {"hello.txt", "zeros.size"}, f"the work, see {log}"
            )
            for name in ("hello.txt", "zeros.size", "known.txt"):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/results/{name}") as response:
                    found[name] = response.read()
        finally:
            process.send_signal(signal.SIGINT)

    assert process.returncode == 0, log.read_text()
    assert found == {"hello.txt": b"HELLO", "zeros.size": b"300000", "known.txt": b"known"}
