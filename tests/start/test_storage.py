"""Queues and blobs in `azfunc start`, on an account in memory: triggers, inputs, outputs, failures."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import sys
import threading
import time
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.loading import inspect_app
from azfunc.runtime.sdk_types import EXTENSIONS
from azfunc.start import LocalApp
from azfunc.start.services import Listener, Service
from azfunc.start.storage import connect_storage, is_installed
from azfunc.start.storage.account import EMULATOR, AzureAccount, StorageError, connection_string, open_account
from azfunc.start.storage.blobs import BlobOptions
from azfunc.start.storage.queues import LEASE_SECONDS, QueueOptions
from azfunc.start.storage.service import StorageService, messages_of
from tests.start.support import AzureError, MemoryContainer, MemoryStorage, ServiceRequestError, ask, served, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

STORAGE = "AzureWebJobsStorage"


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryStorage:
    """Put an account in memory in the place of Microsoft's packages."""
    monkeypatch.delenv(STORAGE, raising=False)
    storage = MemoryStorage()
    for name, module in storage.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    return storage


@pytest.fixture
def account(memory: MemoryStorage) -> AzureAccount:
    """Give the account in memory, as azfunc sees it."""
    found = open_account("")
    assert isinstance(found, AzureAccount)
    return found


class Work:
    """An app that is connected with storage, whose listeners are driven step by step."""

    def __init__(self, app: func.FunctionApp, content: str = "{}") -> None:
        self._content = json.loads(content)
        self.local = LocalApp(app, connect=self._connect)
        assert self.local.session.problems == []
        self.listeners: list[Any] = self.local.session._listeners

    def _connect(self, loaded: Any) -> list[StorageService]:
        loaded.host_file = type(loaded.host_file)(content={"extensions": self._content})
        return [StorageService(loaded)]

    def run(self, *steps: Callable[[], Awaitable[object]]) -> None:
        """Take steps, and wait after each until all that was begun has ended."""

        async def run() -> None:
            for step in steps:
                await step()
                for listener in self.listeners:
                    await listener.settle()
            await self.local.session.stop()

        asyncio.run(run())

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """Reason and outcome of each call, oldest first."""
        return [(call.reason, call.outcome) for call in self.local.history][::-1]


def texts(memory: MemoryStorage, queue: str) -> list[str]:
    """Give what is in a queue, decoded."""
    return [base64.b64decode(each.content).decode() for each in memory.queues.get(queue, [])]


def queue_app(*, fails: bool = False) -> func.FunctionApp:
    """Make an app with a queue trigger and outputs."""
    app = func.FunctionApp()

    @app.queue_output("$return", "Done", STORAGE)
    @app.blob_output("copy", "copies/{id}.txt", "")
    @app.queue_trigger("msg", "todo", STORAGE)
    def handle(msg: func.QueueMessage, copy: func.Out[str]) -> str:
        if fails:
            raise ValueError
        copy.set(f"{msg.dequeue_count}")
        return msg.get_body().decode().upper()

    return app


# --- queues ---


def test_message_is_processed_and_deleted(memory: MemoryStorage, account: AzureAccount) -> None:
    """A message starts the function once, its outputs are there, and it is gone from the queue."""
    account.put("todo", QueueOptions().written(b'{"id": "x"}'))
    work = Work(queue_app())
    [listener] = work.listeners

    work.run(listener.take, listener.take)

    assert work.outcomes == [("message id-1 on queue todo", "succeeded")]
    assert texts(memory, "done") == ['{"ID": "X"}']
    assert memory.containers["copies"]["x.txt"].content == b"1"
    assert memory.queues["todo"] == []
    [call] = work.local.history
    assert sorted(call.notes) == ["$return: 1 message to queue done", "copy: blob copies/x.txt, 1 bytes"]


def test_batch_is_limited(memory: MemoryStorage, account: AzureAccount) -> None:
    """No more messages are taken at once than host.json says."""
    for _ in range(5):
        account.put("todo", QueueOptions().written(b'{"id": "x"}'))
    work = Work(queue_app(), '{"queues": {"batchSize": 3}}')
    [listener] = work.listeners
    taken: list[int] = []

    async def take() -> None:
        taken.append(await listener.take())

    work.run(take, take, take)

    assert taken == [3, 2, 0]


def test_message_that_fails_becomes_poison(memory: MemoryStorage, account: AzureAccount) -> None:
    """A message is tried five times, then moved to the queue for poison messages."""
    account.put("todo", QueueOptions().written(b"bad"))
    work = Work(queue_app(fails=True))
    [listener] = work.listeners

    work.run(*[listener.take] * 6)

    assert [outcome for _, outcome in work.outcomes] == ["failed"] * 5
    assert texts(memory, "todo-poison") == ["bad"]
    assert memory.queues["todo"] == []


def test_message_of_a_killed_process_comes_back(memory: MemoryStorage, account: AzureAccount) -> None:
    """A message that was taken and neither deleted nor given back is seen again when its lease has run out."""
    account.put("todo", QueueOptions().written(b'{"id": "x"}'))
    account.receive("todo", 1, LEASE_SECONDS)
    work = Work(queue_app())
    [listener] = work.listeners

    async def later() -> None:
        memory.now += LEASE_SECONDS

    work.run(listener.take, later, listener.take)

    assert len(work.outcomes) == 1
    assert memory.containers["copies"]["x.txt"].content == b"2"


def test_message_that_killed_the_process_too_often_is_poison(memory: MemoryStorage, account: AzureAccount) -> None:
    """A message that was handed out five times without an end is moved without another call."""
    account.put("todo", QueueOptions().written(b"killer"))
    memory.queues["todo"][0].dequeue_count = 5
    work = Work(queue_app())
    [listener] = work.listeners

    work.run(listener.take)

    assert work.outcomes == []
    assert texts(memory, "todo-poison") == ["killer"]


def test_poison_queue_has_none_of_its_own(memory: MemoryStorage, account: AzureAccount) -> None:
    """A message of a poison queue that fails stays where it is."""
    app = func.FunctionApp()

    @app.queue_trigger("msg", "todo-poison", STORAGE)
    def handle(msg: func.QueueMessage) -> None:
        raise ValueError

    account.put("todo-poison", QueueOptions().written(b"x"))
    work = Work(app)
    [listener] = work.listeners

    work.run(*[listener.take] * 7)

    assert set(memory.queues) == {"todo-poison"}
    assert len(memory.queues["todo-poison"]) == 1


def test_message_in_another_encoding_is_put_aside(
    memory: MemoryStorage, account: AzureAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """Text that is no Base64 cannot be read; the log names the setting."""
    account.put("todo", "no base64!")
    work = Work(queue_app())
    [listener] = work.listeners

    work.run(listener.take)

    assert work.outcomes == []
    assert [each.content for each in memory.queues["todo-poison"]] == ["no base64!"]
    assert "messageEncoding" in caplog.text


def test_plain_messages(memory: MemoryStorage, account: AzureAccount) -> None:
    """With ``messageEncoding`` none, messages are the text itself, in and out."""
    account.put("todo", '{"id": "x"}')
    work = Work(queue_app(), '{"queues": {"messageEncoding": "none"}}')
    [listener] = work.listeners

    work.run(listener.take)

    assert memory.queues["done"][0].content == '{"ID": "X"}'


def test_message_that_fails_waits(memory: MemoryStorage, account: AzureAccount) -> None:
    """After a failure a message is seen again when the time in host.json has passed."""
    account.put("todo", QueueOptions().written(b"x"))
    work = Work(queue_app(fails=True), '{"queues": {"visibilityTimeout": "00:01:00"}}')
    [listener] = work.listeners

    work.run(listener.take, listener.take)

    assert len(work.outcomes) == 1
    assert memory.queues["todo"][0].visible_at == 60


def test_body_that_is_no_text_reaches_the_function(memory: MemoryStorage, account: AzureAccount) -> None:
    """Bytes of any kind are handed over as they are."""
    app = func.FunctionApp()
    got: list[bytes] = []

    @app.queue_trigger("msg", "todo", STORAGE)
    def handle(msg: func.QueueMessage) -> None:
        got.append(msg.get_body())

    account.put("todo", QueueOptions().written(b"\xff\x00"))
    work = Work(app)
    work.run(work.listeners[0].take)

    assert got == [b"\xff\x00"]


def test_lease_is_extended_while_the_function_runs(
    memory: MemoryStorage, account: AzureAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function may take longer than the lease; its message is deleted with the latest receipt."""
    monkeypatch.setattr("azfunc.start.storage.queues.LEASE_SECONDS", 0.03)
    app = func.FunctionApp()

    @app.queue_trigger("msg", "todo", STORAGE)
    async def handle(msg: func.QueueMessage) -> None:
        await until(lambda: memory.queues["todo"][0].pop_receipt != msg.pop_receipt, every_seconds=0.001)

    account.put("todo", QueueOptions().written(b"x"))
    work = Work(app)

    work.run(work.listeners[0].take)

    assert work.outcomes == [("message id-1 on queue todo", "succeeded")]
    assert memory.queues["todo"] == []


def test_message_that_is_handed_out_again_meanwhile_is_not_processed_twice(
    memory: MemoryStorage, account: AzureAccount
) -> None:
    """When a debugger has held the process for longer than the lease, the call goes on with the new receipt."""
    app = func.FunctionApp()
    calls: list[str | None] = []

    async def run() -> None:
        resume = asyncio.Event()

        @app.queue_trigger("msg", "todo", STORAGE)
        async def handle(msg: func.QueueMessage) -> None:
            calls.append(msg.id)
            await resume.wait()

        work = Work(app)
        [listener] = work.listeners
        await listener.take()
        await until(lambda: bool(calls))
        memory.now += LEASE_SECONDS
        await listener.take()
        resume.set()
        await listener.settle()
        await work.local.session.stop()

    account.put("todo", QueueOptions().written(b"x"))
    asyncio.run(run())

    assert calls == ["id-1"]
    assert memory.queues["todo"] == []


def test_lease_that_cannot_be_extended_is_said(
    memory: MemoryStorage,
    account: AzureAccount,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """When storage is away for a while, the call goes on, and the log says what happened, once."""
    monkeypatch.setattr("azfunc.start.storage.queues.LEASE_SECONDS", 0.003)
    app = func.FunctionApp()

    @app.queue_trigger("msg", "todo", STORAGE)
    async def handle(msg: func.QueueMessage) -> None:
        memory.failing = AzureError("Service unavailable")
        await until(lambda: memory.failures >= 3, every_seconds=0.001)
        memory.failing = None

    account.put("todo", QueueOptions().written(b"x"))
    work = Work(app)
    work.run(work.listeners[0].take)

    assert caplog.text.count("Service unavailable") == 1
    assert work.outcomes == [("message id-1 on queue todo", "succeeded")]


def test_lease_that_is_being_extended_at_the_end_is_waited_for(
    memory: MemoryStorage, account: AzureAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message is deleted with the receipt of an extension that was under way when its function ended."""
    monkeypatch.setattr("azfunc.start.storage.queues.LEASE_SECONDS", 0.003)
    app = func.FunctionApp()
    begun = threading.Event()
    extend = AzureAccount.extend

    def slowly(self: AzureAccount, *arguments: Any) -> str | None:
        begun.set()
        time.sleep(0.05)
        return extend(self, *arguments)

    monkeypatch.setattr(AzureAccount, "extend", slowly)

    @app.queue_trigger("msg", "todo", STORAGE)
    async def handle(msg: func.QueueMessage) -> None:
        await until(begun.is_set, every_seconds=0.001)

    account.put("todo", QueueOptions().written(b"x"))
    work = Work(app)
    work.run(work.listeners[0].take)

    assert memory.queues["todo"] == []


def test_lease_that_was_lost_is_not_taken_back(
    memory: MemoryStorage, account: AzureAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that another process has taken meanwhile stays with that process."""
    monkeypatch.setattr("azfunc.start.storage.queues.LEASE_SECONDS", 0.003)
    app = func.FunctionApp()
    extended: list[str | None] = []
    extend = AzureAccount.extend

    def counted(self: AzureAccount, *arguments: Any) -> str | None:
        extended.append(extend(self, *arguments))
        return extended[-1]

    monkeypatch.setattr(AzureAccount, "extend", counted)

    @app.queue_trigger("msg", "todo", STORAGE)
    async def handle(msg: func.QueueMessage) -> None:
        memory.now += 1
        account.receive("todo", 1, LEASE_SECONDS)
        await until(lambda: extended[-1:] == [None], every_seconds=0.001)
        await asyncio.sleep(0.01)

    account.put("todo", QueueOptions().written(b"x"))
    work = Work(app)
    work.run(work.listeners[0].take)

    assert work.outcomes == [("message id-1 on queue todo", "succeeded")]
    assert len(memory.queues["todo"]) == 1


def test_messages_that_come_while_the_host_stops_are_given_back(
    memory: MemoryStorage, account: AzureAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages that were asked for before the stop and come after it are left to the next process."""
    account.put("todo", QueueOptions().written(b"x"))
    asked, answer = threading.Event(), threading.Event()
    receive = AzureAccount.receive

    def slowly(self: AzureAccount, *arguments: Any) -> Any:
        asked.set()
        answer.wait(10)
        return receive(self, *arguments)

    monkeypatch.setattr(AzureAccount, "receive", slowly)
    local = LocalApp(queue_app(), connect=lambda loaded: [StorageService(loaded)])

    async def steps(_local: LocalApp) -> None:
        await until(asked.is_set, every_seconds=0.001)
        asyncio.get_running_loop().call_later(0.05, answer.set)

    served(local, steps)

    assert len(local.history) == 0
    assert memory.queues["todo"][0].visible_at == memory.now


def test_message_that_somebody_else_got_is_named(
    memory: MemoryStorage, account: AzureAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """A message that another process has taken meanwhile cannot be deleted, and a warning says so."""
    app = func.FunctionApp()

    @app.queue_trigger("msg", "todo", STORAGE)
    def handle(msg: func.QueueMessage) -> None:
        memory.now += LEASE_SECONDS
        account.receive("todo", 1, LEASE_SECONDS)

    account.put("todo", QueueOptions().written(b"x"))
    work = Work(app)
    work.run(work.listeners[0].take)

    assert "had been handed out again" in caplog.text
    assert len(memory.queues["todo"]) == 1


def test_listener_goes_on_when_storage_is_away(
    memory: MemoryStorage, account: AzureAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """While the queue cannot be reached, that is said once; afterwards its messages are processed."""
    memory.failing = ServiceRequestError("Connection refused")
    local = LocalApp(queue_app(), connect=lambda loaded: [StorageService(loaded)])

    async def steps(local: LocalApp) -> None:
        await until(lambda: memory.failures >= 3, every_seconds=0.01)
        memory.failing = None
        account.put("todo", QueueOptions().written(b'{"id": "x"}'))
        await until(lambda: "copies" in memory.containers, every_seconds=0.01)

    served(local, steps)

    assert caplog.text.count("npx azurite") == 1
    assert [call.outcome for call in local.history] == ["succeeded"]


def test_host_stops_in_silence_while_storage_is_away(
    memory: MemoryStorage, account: AzureAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """A request that fails while the host stops is nobody's news, least of all asyncio's."""
    receive = account.receive
    is_asked, goes_on = threading.Event(), threading.Event()

    def slowly(*arguments: Any) -> Any:
        is_asked.set()
        assert goes_on.wait(10)
        memory.failing = ServiceRequestError("Connection refused")
        return receive(*arguments)

    account.receive = slowly  # type: ignore[method-assign]  # as slow as a real one that is not there
    local = LocalApp(queue_app(), connect=lambda loaded: [StorageService(loaded, open_account=lambda _name: account)])

    tasks: list[asyncio.Task[None]] = []

    async def go_on_when_it_has_stopped() -> None:
        [listener] = local.session._listeners
        await until(listener._polling.done)
        goes_on.set()

    async def steps(_local: LocalApp) -> None:
        await asyncio.to_thread(is_asked.wait, 10)
        tasks.append(asyncio.ensure_future(go_on_when_it_has_stopped()))

    served(local, steps)
    gc.collect()

    assert "Connection refused" not in caplog.text
    assert "never retrieved" not in caplog.text


def test_deleting_that_fails_is_said(
    memory: MemoryStorage, account: AzureAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """When storage is away at the end of a call, the message will come back, and the log says why."""
    app = func.FunctionApp()

    @app.queue_trigger("msg", "todo", STORAGE)
    def handle(msg: func.QueueMessage) -> None:
        memory.failing = AzureError("Service unavailable")

    account.put("todo", QueueOptions().written(b"x"))
    work = Work(app)
    work.run(work.listeners[0].take)

    assert "Service unavailable" in caplog.text
    assert "Look at the connection 'AzureWebJobsStorage'" in caplog.text


def test_messages_that_run_are_waited_for(memory: MemoryStorage, account: AzureAccount) -> None:
    """A host that stops takes no more messages, and lets those that run come to their end."""
    app = func.FunctionApp()
    begun: list[str] = []

    @app.queue_trigger("msg", "todo", STORAGE)
    async def handle(msg: func.QueueMessage) -> None:
        begun.append("x")
        await asyncio.sleep(0.05)

    for _ in range(40):
        account.put("todo", QueueOptions().written(b"x"))
    local = LocalApp(app, connect=lambda loaded: [StorageService(loaded)])

    async def steps(local: LocalApp) -> None:
        await until(lambda: bool(begun))

    served(local, steps)

    assert {call.outcome for call in local.history} == {"succeeded"}
    assert len(memory.queues["todo"]) == 40 - len(begun)


def test_message_of_a_cancelled_call_is_given_back(
    memory: MemoryStorage, account: AzureAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that has to be cancelled at the end leaves its message in the queue, to be seen at once."""
    monkeypatch.setattr("azfunc.start.session.GRACE_SECONDS", 0.01)
    app = func.FunctionApp()
    begun: list[str] = []

    @app.queue_trigger("msg", "todo", STORAGE)
    async def handle(msg: func.QueueMessage) -> None:
        begun.append("x")
        await asyncio.Future()

    account.put("todo", QueueOptions().written(b"x"))
    memory.queues["todo"][0].dequeue_count = 4
    local = LocalApp(app, connect=lambda loaded: [StorageService(loaded)])

    async def steps(local: LocalApp) -> None:
        await until(lambda: bool(begun))

    served(local, steps)

    assert list(memory.queues) == ["todo"]
    assert memory.queues["todo"][0].visible_at == memory.now


# --- blobs ---


def blob_app(*, fails: bool = False, seen: list[Any] | None = None) -> func.FunctionApp:
    """Make an app with a blob trigger and an output."""
    app = func.FunctionApp()

    @app.blob_output("$return", "small/{name}.txt", STORAGE)
    @app.blob_trigger("blob", "in/{name}.txt", STORAGE)
    def shrink(blob: func.InputStream) -> bytes:
        if seen is not None:
            seen.append(blob)
        if fails:
            raise ValueError
        return blob.read()[:3]

    return app


def test_blob_is_processed_once(memory: MemoryStorage, account: AzureAccount) -> None:
    """A new blob starts the function once, also after a restart; blobs of other names do not."""
    account.write("in", "a.txt", b"content", {"owner": "me"})
    account.write("in", "a.png", b"no")
    seen: list[Any] = []
    first = Work(blob_app(seen=seen))
    first.run(first.listeners[0].scan, first.listeners[0].scan)
    second = Work(blob_app(seen=seen))
    second.run(second.listeners[0].scan)

    assert first.outcomes == [("blob in/a.txt", "succeeded")]
    assert second.outcomes == []
    assert memory.containers["small"]["a.txt"].content == b"con"
    [blob] = seen
    assert (blob.name, blob.length, blob.metadata) == ("in/a.txt", 7, {"owner": "me"})
    assert blob.uri.endswith("/in/a.txt")
    assert blob.blob_properties["ContentType"] == "application/octet-stream"


def test_blob_that_changes_is_processed_again(memory: MemoryStorage, account: AzureAccount) -> None:
    """Each version of a blob starts the function."""
    work = Work(blob_app())
    [listener] = work.listeners

    async def change() -> None:
        account.write("in", "a.txt", b"new content")

    work.run(change, listener.scan, change, listener.scan, listener.scan)

    assert len(work.outcomes) == 2


def test_blob_that_fails_becomes_poison(memory: MemoryStorage, account: AzureAccount) -> None:
    """A blob is tried five times; then a message about it is put on the queue for such blobs."""
    account.write("in", "a.txt", b"content")
    work = Work(blob_app(fails=True))
    [listener] = work.listeners

    work.run(*[listener.scan] * 7)

    assert [outcome for _, outcome in work.outcomes] == ["failed"] * 5
    [message] = [json.loads(each) for each in texts(memory, "webjobs-blobtrigger-poison")]
    assert message["FunctionId"] == "Host.Functions.shrink"
    assert (message["ContainerName"], message["BlobName"], message["BlobType"]) == ("in", "a.txt", "BlockBlob")
    assert message["ETag"] == memory.containers["in"]["a.txt"].etag


def test_attempts_are_counted_over_restarts(memory: MemoryStorage, account: AzureAccount) -> None:
    """Attempts that a process made before it died count; a blob that always kills it is put aside."""
    account.write("in", "a.txt", b"content")
    for _ in range(3):
        work = Work(blob_app(fails=True), '{"blobs": {"poisonBlobThreshold": 3}}')
        work.run(work.listeners[0].scan)
    assert len(texts(memory, "webjobs-blobtrigger-poison")) == 1

    account.write("in", "b.txt", b"content")
    etag = memory.containers["in"]["b.txt"].etag.strip('"')
    receipt = f"blobreceipts/{work.local.session.host_id}/shrink/{etag}/in/b.txt"
    account.write("azure-webjobs-hosts", receipt, b"", {"attempts": "5"})
    last = Work(blob_app())
    last.run(last.listeners[0].scan)

    assert last.outcomes == []
    assert len(texts(memory, "webjobs-blobtrigger-poison")) == 2


def test_blob_that_is_gone_meanwhile_is_passed_over(memory: MemoryStorage, account: AzureAccount) -> None:
    """A blob that was deleted between the look and the reading starts nothing."""
    account.write("in", "a.txt", b"content")
    work = Work(blob_app())
    [listener] = work.listeners

    async def scan() -> None:
        await listener.scan()
        memory.containers["in"].clear()

    work.run(scan)

    assert work.outcomes == []


def test_blobs_are_limited(memory: MemoryStorage, account: AzureAccount) -> None:
    """No more blobs are processed at once than host.json says."""
    running: list[int] = []
    app = func.FunctionApp()
    now = 0

    @app.blob_trigger("blob", "in", STORAGE)
    async def handle(blob: func.InputStream) -> None:
        nonlocal now
        now += 1
        running.append(now)
        await asyncio.sleep(0.001)
        now -= 1

    for number in range(6):
        account.write("in", str(number), b"x")
    work = Work(app, '{"blobs": {"maxDegreeOfParallelism": 2}}')
    work.run(work.listeners[0].scan)

    assert len(running) == 6
    assert max(running) <= 2


def test_client_of_a_blob_reads_it_itself(
    memory: MemoryStorage, account: AzureAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a function that takes a client the content is not read; the client gets to know where the blob is."""
    places: list[dict[str, Any]] = []
    package: Any = ModuleType(EXTENSIONS)

    class Client:
        """A client of an extension package."""

    class Converter:
        """What makes it."""

        @staticmethod
        def check_input_type_annotation(annotation: Any) -> bool:
            return annotation is Client

        @staticmethod
        def decode(data: Any, *, trigger_metadata: Any, pytype: Any) -> Any:
            places.append(json.loads(data.value.content))
            return pytype()

    package.get_binding_registry = lambda: SimpleNamespace(
        check_supported_type=lambda annotation: annotation is Client, get=lambda _type: Converter
    )
    monkeypatch.setitem(sys.modules, EXTENSIONS, package)
    monkeypatch.setattr(MemoryContainer, "download_blob", None)
    app = func.FunctionApp()

    def handle(client: Any) -> None: ...

    handle.__annotations__["client"] = Client
    app.blob_trigger("client", "in/{name}.txt", STORAGE)(handle)
    account.write("in", "a.txt", b"content")
    work = Work(app)
    work.run(work.listeners[0].scan)

    assert places == [{"Connection": STORAGE, "ContainerName": "in", "BlobName": "a.txt"}]
    assert account.look_at("in", "b.txt") is None


def test_blob_listener_looks_while_the_host_runs(
    memory: MemoryStorage, account: AzureAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """New blobs are found by themselves, also after storage was away."""
    memory.failing = ServiceRequestError("refused")
    local = LocalApp(blob_app(), connect=lambda loaded: [StorageService(loaded)])

    async def steps(local: LocalApp) -> None:
        await until(lambda: "Blob trigger of 'shrink'" in caplog.text, every_seconds=0.01)
        memory.failing = None
        account.write("in", "a.txt", b"content")
        await until(lambda: "small" in memory.containers, every_seconds=0.01)

    served(local, steps)

    assert [call.outcome for call in local.history] == ["succeeded"]


def test_receipt_that_cannot_be_written_is_said(
    memory: MemoryStorage, account: AzureAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """When storage fails at the end of a call, the log says so."""
    app = func.FunctionApp()

    @app.blob_trigger("blob", "in", STORAGE)
    def handle(blob: func.InputStream) -> None:
        memory.failing = AzureError("Service unavailable")

    account.write("in", "a", b"x")
    account.write("in", "b", b"x")
    work = Work(app)
    work.run(work.listeners[0].scan)

    assert caplog.text.count("Blob trigger of 'handle': Storage cannot be used") >= 1


def test_blob_input_comes_from_storage(memory: MemoryStorage, account: AzureAccount) -> None:
    """An input is the blob that the request names, or None."""
    app = func.FunctionApp()

    @app.blob_input("note", "notes/{id}.txt", STORAGE)
    @app.route("notes/{id}")
    def read(req: func.HttpRequest, note: func.InputStream | None) -> str:
        return "none" if note is None else note.read().decode()

    account.write("notes", "7.txt", b"seven")
    local = LocalApp(app, connect=lambda loaded: [StorageService(loaded)])

    async def steps(local: LocalApp) -> list[str]:
        return [(await ask(local, "GET", f"/api/notes/{each}")).text for each in (7, 8)]

    assert served(local, steps) == ["seven", "none"]


# --- outputs ---


@pytest.mark.parametrize(
    ("datum", "value", "expected"),
    [
        pytest.param(Datum("a", "string"), "a", [b"a"], id="text"),
        pytest.param(Datum(b"\xff", "bytes"), b"\xff", [b"\xff"], id="bytes"),
        pytest.param(Datum('{"a": 1}', "json"), {"a": 1}, [b'{"a": 1}'], id="object"),
        pytest.param(Datum('["a", {"b": 1}, 2]', "json"), ["a", {"b": 1}, 2], [b"a", b'{"b": 1}', b"2"], id="list"),
        pytest.param(Datum("[1, 2]", "string"), "[1, 2]", [b"1", b"2"], id="text-that-is-a-list"),
        pytest.param(Datum("x", "json"), func.QueueMessage(body="m"), [b"m"], id="message"),
        pytest.param(
            Datum('[{"id": null, "body": "m"}, "t"]', "json"),
            [func.QueueMessage(body="m"), "t"],
            [b"m", b"t"],
            id="messages",
        ),
        pytest.param(Datum('["a"]', "json"), iter("a"), [b"a"], id="used-up-iterator"),
    ],
)
def test_queue_output(datum: Datum, value: Any, expected: list[bytes]) -> None:
    """What a function gives becomes the messages that it becomes in Azure."""
    assert messages_of(datum, value) == expected


def test_output_that_cannot_be_sent_fails_the_call(memory: MemoryStorage, account: AzureAccount) -> None:
    """A call whose output cannot be sent has failed, and its message is tried again."""
    app = func.FunctionApp()

    @app.blob_output("$return", "out/{colour}", STORAGE)
    @app.queue_trigger("msg", "todo", STORAGE)
    def handle(msg: func.QueueMessage) -> str:
        return "x"

    account.put("todo", QueueOptions().written(b"{}"))
    work = Work(app)
    work.run(work.listeners[0].take)

    [call] = work.local.history
    assert call.outcome == "failed"
    assert "{colour}" in call.error
    assert len(memory.queues["todo"]) == 1


def test_container_that_somebody_else_makes(memory: MemoryStorage, account: AzureAccount) -> None:
    """A container that appears between two requests does no harm; one that cannot be made is an error."""

    def make() -> None:
        memory.containers["c"] = {}
        raise account._core.ResourceExistsError

    account._made(lambda: None if "c" in memory.containers else _missing(account), make, "c")

    with pytest.raises(StorageError, match="Service unavailable"):
        account._made(lambda: _missing(account), _unavailable, "c")


def _missing(account: AzureAccount) -> None:
    raise account._core.ResourceNotFoundError


def _unavailable() -> None:
    raise AzureError("Service unavailable")


def test_writing_that_fails_is_an_error(memory: MemoryStorage, account: AzureAccount) -> None:
    """What cannot be written is named."""
    memory.failing = AzureError("Quota exceeded")

    with pytest.raises(StorageError, match="container 'c': Quota exceeded"):
        account.write("c", "b", b"")


# --- connections ---


def test_emulator_is_the_default(memory: MemoryStorage) -> None:
    """Without a setting, and with the usual one, the account is that of the emulator."""
    open_account(STORAGE).close()

    assert "http://127.0.0.1:10001/devstoreaccount1" in memory.opened[0]
    assert connection_string("") == EMULATOR


def test_connection_is_an_app_setting(memory: MemoryStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting is found by its name, and by the name with the host's prefix."""
    monkeypatch.setenv("AzureWebJobsOther", "A=1")
    monkeypatch.setenv("Mine", "B=2")

    assert (connection_string("Other"), connection_string("Mine")) == ("A=1", "B=2")
    open_account("Mine")
    assert memory.opened == ["B=2", "B=2"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({}, "'Mine' of a connection is not set", id="not-set"),
        pytest.param({"Mine__accountName": "a"}, "uses an identity", id="identity"),
        pytest.param({"Mine": "nonsense"}, "holds no connection string", id="nonsense"),
    ],
)
def test_connection_that_cannot_be_used_is_explained(
    memory: MemoryStorage, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: str
) -> None:
    """The error names the setting and says what to write; no value is shown."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(StorageError, match=words) as caught:
        open_account("Mine")

    assert EMULATOR in caught.value.hint
    assert "nonsense" not in str(caught.value)


def test_missing_connection_is_a_problem_of_its_function(memory: MemoryStorage) -> None:
    """A trigger whose connection is not set is named at the start; the other functions are served."""
    app = queue_app()

    @app.queue_trigger("msg", "other", "NotThere")
    def lost(msg: func.QueueMessage) -> None: ...

    local = LocalApp(app, connect=lambda loaded: [StorageService(loaded)])

    [problem] = local.session.problems
    assert "Function 'lost'" in problem
    assert "'NotThere'" in problem
    asyncio.run(local.session.stop())


def test_storage_is_connected_where_it_is_needed(memory: MemoryStorage, app: func.FunctionApp) -> None:
    """Apps without queues and blobs are left alone."""
    assert is_installed()
    assert connect_storage(inspect_app(app)) == ()
    [service] = connect_storage(inspect_app(queue_app()))
    service.close()


def test_storage_that_does_not_answer_is_named(memory: MemoryStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the emulator the command that starts it is given, for others the connection."""
    monkeypatch.setenv("Mine", "B=2")
    memory.failing = ServiceRequestError("refused")

    for name, words in ((STORAGE, "npx azurite"), ("Mine", "Nothing answers at the connection 'Mine'")):
        with pytest.raises(StorageError) as caught:
            open_account(name).list_blobs("c", "")
        assert words in caught.value.hint


def test_service_is_one(memory: MemoryStorage) -> None:
    """The service and its listeners have what the host asks of such."""
    service: Service = StorageService(inspect_app(queue_app()))
    [function, *_] = inspect_app(queue_app()).functions

    async def call(*_arguments: Any) -> Any: ...

    listener: Listener | None = service.listen(function, call)
    service.close()

    assert listener is not None
    assert set(vars(Listener)) >= {"start", "stop"}
    assert set(vars(Service)) >= {"serves", "fetch", "send", "listen", "close"}


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra nothing is connected, and what needs it names it."""
    monkeypatch.delenv(STORAGE, raising=False)
    for name in ("azure", "azure.storage", "azure.storage.queue", "azure.storage.blob"):
        monkeypatch.setitem(sys.modules, name, None)

    assert not is_installed()
    assert connect_storage(inspect_app(queue_app())) == ()
    monkeypatch.setattr("importlib.util.find_spec", _not_found)
    assert not is_installed()
    with pytest.raises(func.MissingPackageError) as caught:
        open_account(STORAGE)
    assert "pip install 'azfunc[storage]'" in caught.value.hint


def _not_found(name: str) -> None:
    raise ModuleNotFoundError(name)


# --- host.json ---


def test_options_of_queues() -> None:
    """Each entry of host.json counts; what is not there has its default."""
    assert QueueOptions.read(None) == QueueOptions()
    read = QueueOptions.read(
        {
            "batchSize": 99,
            "newBatchThreshold": 4,
            "maxDequeueCount": 2,
            "visibilityTimeout": "00:00:30",
            "maxPollingInterval": 5000,
            "messageEncoding": "None",
        }
    )
    assert read == QueueOptions(32, 4, 2, 30.0, 5.0, is_base64=False)
    assert (read.threshold, QueueOptions().threshold) == (4, 8)


def test_options_of_blobs() -> None:
    """Each entry of host.json counts; what is not there has its default."""
    assert BlobOptions.read([]) == BlobOptions()
    assert BlobOptions.read({"maxDegreeOfParallelism": 0, "poisonBlobThreshold": 2}) == BlobOptions(1, 2)


@pytest.mark.parametrize(
    "section",
    [
        {"queues": {"batchSize": "many"}},
        {"queues": {"visibilityTimeout": "soon"}},
        {"blobs": {"poisonBlobThreshold": []}},
    ],
)
def test_wrong_options_are_a_problem(memory: MemoryStorage, section: dict[str, Any], tmp_path: Path) -> None:
    """A value of host.json that cannot be is named; the app is served without storage."""
    (tmp_path / "function_app.py").write_text(
        "import azfunc as func\napp = func.FunctionApp()\n"
        "@app.queue_trigger('msg', 'q', 'AzureWebJobsStorage')\n"
        "def handle(msg: func.QueueMessage) -> None: ...\n"
    )
    (tmp_path / "host.json").write_text(json.dumps({"version": "2.0", "extensions": section}))
    local = LocalApp(tmp_path, connect=connect_storage)

    [problem] = local.session.problems
    local.session.loaded.close()

    assert f"extensions.{next(iter(section))} in host.json cannot be used" in problem


def test_receipts_belong_to_the_folder(memory: MemoryStorage, account: AzureAccount, tmp_path: Path) -> None:
    """Two apps in two folders each process a blob."""
    account.write("in", "a.txt", b"content")
    script = (
        "import azfunc as func\napp = func.FunctionApp()\n"
        "@app.blob_trigger('blob', 'in/{name}', 'AzureWebJobsStorage')\n"
        "def handle(blob: func.InputStream) -> None: ...\n"
    )
    counts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "function_app.py").write_text(script)
        local = LocalApp(tmp_path / name, connect=lambda loaded: [StorageService(loaded)])

        async def run(local: LocalApp) -> None:
            [listener] = local.session._listeners
            await listener.scan()  # type: ignore[attr-defined]  # a blob listener
            await local.session.stop()

        asyncio.run(run(local))
        counts.append(len(local.history))

    assert counts == [1, 1]
