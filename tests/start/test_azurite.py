"""`azfunc start` against the Azurite emulator: nothing is lost when the process is killed (`nox -s storage`)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from azfunc.start.storage.account import AzureAccount, StorageError
from azfunc.start.storage.queues import QueueOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.azurite

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = 200
BAD_MESSAGES = 3
BLOBS = 50
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

APP = """
import time

import azfunc as func

app = func.FunctionApp()


@app.blob_output("$return", "results/{queueTrigger}.txt", "AzureWebJobsStorage")
@app.queue_trigger("msg", "items", "AzureWebJobsStorage")
def handle(msg: func.QueueMessage) -> str:
    text = msg.get_body().decode()
    time.sleep(0.05)
    if text.startswith("bad"):
        raise ValueError(text)
    return f"{text} done"


@app.queue_output("$return", "copied", "AzureWebJobsStorage")
@app.blob_output("copy", "copies/{name}.txt", "AzureWebJobsStorage")
@app.blob_trigger("blob", "uploads/{name}.txt", "AzureWebJobsStorage")
def copy(blob: func.InputStream, copy: func.Out[bytes]) -> str:
    time.sleep(0.05)
    if blob.name.endswith("bad.txt"):
        raise ValueError(blob.name)
    copy.set(blob.read() + b"!")
    return blob.name


@app.blob_input("result", "results/{name}.txt", "AzureWebJobsStorage")
@app.route("results/{name}")
def result(req: func.HttpRequest, result: func.InputStream | None) -> str:
    return "none" if result is None else result.read().decode()
"""


def free_port() -> int:
    """Give a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 45.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not happen in {seconds} seconds"
        time.sleep(0.1)


def listens(port: int) -> bool:
    """Tell whether a port is listened on."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start Azurite on loopback, and give its connection string."""
    blob, queue, table = free_port(), free_port(), free_port()
    folder = tmp_path_factory.mktemp("azurite")
    command = [os.environ["AZURITE"], "--silent", "--inMemoryPersistence", "--disableTelemetry"]
    command.append("--skipApiVersionCheck")  # today's SDKs ask for a newer one, and use nothing of it here
    command += ["--blobPort", str(blob), "--queuePort", str(queue), "--tablePort", str(table)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: listens(blob) and listens(queue), "Azurite's start")
            yield (
                f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={KEY};"
                f"BlobEndpoint=http://127.0.0.1:{blob}/devstoreaccount1;"
                f"QueueEndpoint=http://127.0.0.1:{queue}/devstoreaccount1;"
            )
        finally:
            process.terminate()


@pytest.fixture
def account(connection: str) -> Iterator[AzureAccount]:
    """Give the account in the emulator."""
    found = AzureAccount("AzureWebJobsStorage", connection)
    yield found
    found.close()


def start(folder: Path, connection: str, log: Path, port: int = 0) -> subprocess.Popen[bytes]:
    """Start the host as a process."""
    program = "import sys; from azfunc.start import StartOptions, start; "
    program += f"sys.exit(start(StartOptions({str(folder)!r}, port={port}, reloads=False)))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "AzureWebJobsStorage": connection}
    with log.open("ab") as out:
        return subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=out, stderr=out, cwd=folder)


def names(account: AzureAccount, container: str) -> set[str]:
    """Give the names of the blobs of a container."""
    return {blob.name for blob in account.list_blobs(container, "")}


def bodies(account: AzureAccount, queue: str) -> list[str]:
    """Take all messages of a queue, and give their texts."""
    found: list[str] = []
    while batch := account.receive(queue, 32, 600):
        found += [QueueOptions().read_body(message.text).decode() for message in batch]
    return sorted(found)


def test_nothing_is_lost_when_the_process_is_killed(account: AzureAccount, connection: str, tmp_path: Path) -> None:
    """Killed half-way and started again, the host has processed every message and blob, and put the bad ones aside."""
    (tmp_path / "function_app.py").write_text(APP)
    (tmp_path / "host.json").write_text('{"version": "2.0"}')
    log = tmp_path / "log.txt"
    options = QueueOptions()
    for number in range(MESSAGES):
        account.put("items", options.written(f"item-{number:03}".encode()))
    for number in range(BAD_MESSAGES):
        account.put("items", options.written(f"bad-{number}".encode()))
    for number in range(BLOBS):
        account.write("uploads", f"blob-{number:02}.txt", f"content {number}".encode())
    account.write("uploads", "very-bad.txt", b"x")

    with start(tmp_path, connection, log) as killed:
        wait_until(
            lambda: len(names(account, "results")) >= MESSAGES // 2 and len(names(account, "copies")) >= BLOBS // 3,
            "half of the work",
        )
        killed.kill()
    before = len(names(account, "results"))
    assert before < MESSAGES, "it was killed too late"

    with start(tmp_path, connection, log) as process:
        try:
            wait_until(lambda: len(names(account, "results")) >= MESSAGES, f"the rest of the work, see {log}")
            wait_until(lambda: len(names(account, "copies")) >= BLOBS, "the rest of the blobs")
            poison: list[str] = []
            wait_until(lambda: len(poison.extend(bodies(account, "items-poison")) or poison) >= BAD_MESSAGES, "poison")
            aside: list[str] = []
            wait_until(lambda: bool(aside.extend(bodies(account, "webjobs-blobtrigger-poison")) or aside), "bad blob")
        finally:
            process.send_signal(signal.SIGINT)

    assert process.returncode == 0, log.read_text()
    assert names(account, "results") == {f"item-{number:03}.txt" for number in range(MESSAGES)}
    assert names(account, "copies") == {f"blob-{number:02}.txt" for number in range(BLOBS)}
    copied = account.read("copies", "blob-07.txt")
    assert copied is not None
    assert copied.content == b"content 7!"
    assert sorted(poison) == [f"bad-{number}" for number in range(BAD_MESSAGES)]
    assert len(aside) == 1
    assert '"very-bad.txt"' in aside[0]
    assert set(bodies(account, "copied")) == {f"uploads/blob-{number:02}.txt" for number in range(BLOBS)}
    assert bodies(account, "items") == []


def test_blob_input_is_read(account: AzureAccount, connection: str, tmp_path: Path) -> None:
    """A function gets the blob that its route names, or None."""
    import urllib.request

    (tmp_path / "function_app.py").write_text(APP)
    account.write("results", "known.txt", b"here")
    port = free_port()
    with start(tmp_path, connection, tmp_path / "log.txt", port) as process:
        try:
            wait_until(lambda: listens(port), "the start")
            found = []
            for name in ("known", "unknown"):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/results/{name}") as response:
                    found.append(response.read())
        finally:
            process.send_signal(signal.SIGINT)

    assert found == [b"here", b"none"]
    assert process.returncode == 0


def post(port: int, path: str, content: bytes) -> int:
    """Post something to the host, and give the status of the answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, content)
        return connection.getresponse().status
    finally:
        connection.close()


def test_pipeline_works_from_end_to_end(account: AzureAccount, connection: str, tmp_path: Path) -> None:
    """Orders of the example come in by HTTP and become invoices; a message that fails five times is given up."""
    folder = tmp_path / "queue-pipeline"
    shutil.copytree(ROOT / "examples" / "queue-pipeline", folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    log, port = tmp_path / "log.txt", free_port()
    account.put("orders", QueueOptions().written(b"no JSON"))

    with start(folder, connection, log, port) as process:
        try:
            wait_until(lambda: listens(port), "the start")
            orders = [{"id": number, "lines": [{"name": "chair", "pieces": number}]} for number in range(1, 21)]
            statuses = [post(port, "/api/orders", json.dumps(order).encode()) for order in orders]
            statuses.append(post(port, "/api/orders", b"no order"))
            wait_until(lambda: len(names(account, "invoices")) >= len(orders), f"the invoices, see {log}")
            wait_until(lambda: "Given up after five attempts: no JSON" in log.read_text(), "giving up")
        finally:
            process.send_signal(signal.SIGINT)

    assert process.returncode == 0, log.read_text()
    assert statuses == [202] * len(orders) + [400]
    assert names(account, "invoices") == {f"{number}.txt" for number in range(1, 21)}
    invoice = account.read("invoices", "7.txt")
    assert invoice is not None
    assert invoice.content == b"Invoice 7\n  7 chair\n"
    assert log.read_text().count("Executed 'write_invoice' (Failed") == 5
    assert bodies(account, "orders") == bodies(account, "orders-poison") == []


def test_storage_that_does_not_answer_is_named() -> None:
    """The error says that nothing answers at the connection."""
    port = free_port()
    text = f"DefaultEndpointsProtocol=http;AccountName=a;AccountKey={KEY};"
    text += f"BlobEndpoint=http://127.0.0.1:{port}/a;QueueEndpoint=http://127.0.0.1:{port}/a;"
    account = AzureAccount("Storage", text)

    with pytest.raises(StorageError) as caught:
        account.receive("todo", 1, 30)

    assert "queue 'todo'" in caught.value.message
    assert "Nothing answers at the connection 'Storage'" in caught.value.hint
