"""`StorageService`: queue and blob bindings of an app, served by the storage accounts of its connections."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from azfunc._core.checks import is_dict, is_list
from azfunc._core.datum import Datum
from azfunc._core.failures import ConversionError
from azfunc._core.jsonlib import dumps, loads
from azfunc.bindings.queue import QueueMessage
from azfunc.runtime.wire import Incoming
from azfunc.start.binding_data import PathPattern, fill, fill_settings
from azfunc.start.session import host_id
from azfunc.start.storage.account import open_account
from azfunc.start.storage.blobs import BlobListener, BlobOptions
from azfunc.start.storage.queues import QueueListener, QueueOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function
    from azfunc.runtime.loading import LoadedApp
    from azfunc.start.services import CallFunction, Listener
    from azfunc.start.storage.account import Account

R = TypeVar("R")

_BINDINGS = ("queue", "blob")
_THREADS = 16


class StorageService:
    """Serves queue and blob bindings.

    Args:
        loaded: The app.
        open_account: Gives the account of a connection; the real ones when left out.
    """

    def __init__(self, loaded: LoadedApp, *, open_account: Callable[[str], Account] = open_account) -> None:
        extensions = loaded.host_file.extensions
        self._host_id = host_id(loaded)
        self._queue_options = QueueOptions.read(extensions.get("queues"))
        self._blob_options = BlobOptions.read(extensions.get("blobs"))
        self._open = open_account
        self._accounts: dict[str, Account] = {}
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="azfunc-storage")

    def account(self, connection: Any) -> Account:
        """Give the account of a connection, opened once.

        Raises:
            StorageError: It is not set or no connection string.
            MissingPackageError: The extra is not installed.
        """
        name = fill_settings(str(connection or ""))
        if name not in self._accounts:
            self._accounts[name] = self._open(name)
        return self._accounts[name]

    async def in_thread(self, action: Callable[[], R]) -> R:
        """Do something that blocks."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, action)

    # --- the service ---

    def serves(self, binding: Binding) -> bool:
        """Tell whether a binding is a queue or a blob."""
        return binding.type in _BINDINGS

    async def fetch(self, binding: Binding, data: Mapping[str, Any], function_name: str) -> Incoming:
        """Give the content of a blob, or nothing if there is none."""
        entry = binding.get_dict_repr()
        account = self.account(entry.get("connection"))
        container, _, name = fill(str(entry.get("path", "")), data, function_name=function_name).partition("/")
        blob = await self.in_thread(lambda: account.read(container, name))
        return Incoming(Datum(None, None) if blob is None else Datum(blob.content, "bytes"))

    async def send(
        self, binding: Binding, datum: Datum, value: Any, data: Mapping[str, Any], function_name: str
    ) -> str:
        """Write a blob, or add messages to a queue."""
        entry = binding.get_dict_repr()
        account = self.account(entry.get("connection"))
        if binding.type == "blob":
            path = fill(str(entry.get("path", "")), data, function_name=function_name)
            container, _, name = path.partition("/")
            content: bytes = datum.value if isinstance(datum.value, bytes) else str(datum.value).encode()
            await self.in_thread(lambda: account.write(container, name, content))
            return f"{binding.name}: blob {path}, {len(content)} bytes"
        queue = fill(str(entry.get("queueName", "")), data, function_name=function_name).lower()
        texts = [self._queue_options.written(body) for body in messages_of(datum, value)]

        def put() -> None:
            for text in texts:
                account.put(queue, text)

        await self.in_thread(put)
        return f"{binding.name}: {len(texts)} message{'' if len(texts) == 1 else 's'} to queue {queue}"

    def listen(self, function: Function, call: CallFunction) -> Listener | None:
        """Give what waits for the messages or blobs of a function."""
        trigger = function.get_trigger()
        entry = trigger.get_dict_repr() if trigger is not None else {}
        if trigger is None or trigger.type not in ("queueTrigger", "blobTrigger"):
            return None
        account = self.account(entry.get("connection"))
        if trigger.type == "queueTrigger":
            queue = fill_settings(str(entry.get("queueName", ""))).lower()
            return QueueListener(function, queue, account, call, self.in_thread, options=self._queue_options)
        pattern = PathPattern(str(entry.get("path", "")))
        return BlobListener(
            function, pattern, account, call, self.in_thread, options=self._blob_options, host_id=self._host_id
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for account in self._accounts.values():
            account.close()
        self._accounts = {}


def messages_of(datum: Datum, value: Any) -> list[bytes]:
    """Give the messages that a queue output stands for.

    A JSON list is several messages; as in Azure that holds for text that is one, too. A `QueueMessage` is its body.

    Args:
        datum: What the worker sends.
        value: What the function gave.

    Source: Azure's Python worker, issue 1492.
    """
    if isinstance(value, QueueMessage):
        return [value.get_body()]
    if isinstance(datum.value, bytes):
        return [datum.value]
    text = str(datum.value)
    try:
        read: Any = loads(text)
    except ConversionError:
        read = None
    if not is_list(read):
        return [text.encode()]
    given = value if is_list(value) and len(value) == len(read) else read
    return [_body(each, was) for each, was in zip(read, given, strict=True)]


def _body(item: Any, given: Any) -> bytes:
    if isinstance(given, QueueMessage):
        return given.get_body()
    if is_dict(item) or not isinstance(item, str):
        return dumps(item).encode()
    return item.encode()
