"""The blob trigger: looks for blobs that are new or have changed, and calls the function once for each.

A receipt is kept for each version of a blob, beside the blobs themselves, so that a new process knows what the one
before it has done: `attempts` is counted up before a call, and the receipt says so when it is done.

Source: Azure Blob storage trigger, "Blob receipts", "Poison blobs", "Polling and latency"; host.json settings.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_dict
from azfunc._core.datum import Datum
from azfunc._core.errors import AzfuncError
from azfunc._core.jsonlib import dumps
from azfunc.runtime.invocation import annotations_of
from azfunc.runtime.sdk_types import is_sdk_type
from azfunc.runtime.wire import Incoming
from azfunc.start.storage.queues import wrong_section

if TYPE_CHECKING:
    from azfunc._core.function import Function
    from azfunc.start.binding_data import PathPattern
    from azfunc.start.services import CallFunction
    from azfunc.start.storage.account import Account, StoredBlob
    from azfunc.start.storage.queues import InThread

logger: logging.Logger = logging.getLogger("azfunc.host")

HOSTS_CONTAINER = "azure-webjobs-hosts"
"""Container for what hosts keep."""
POISON_QUEUE = "webjobs-blobtrigger-poison"
"""Queue for blobs that cannot be processed."""
_SHORTEST_WAIT = 0.5
_LONGEST_WAIT = 5.0


@dataclass(frozen=True)
class BlobOptions:
    """Section ``extensions.blobs`` of host.json."""

    max_degree_of_parallelism: int = 8 * (os.cpu_count() or 1)
    """Greatest number of blobs that are processed at once."""
    poison_blob_threshold: int = 5
    """Number of times that a blob is tried."""

    @classmethod
    def read(cls, section: Any) -> BlobOptions:
        """Read the section; what is not there has its default.

        Raises:
            DefinitionError: A value in it cannot be.
        """
        given: dict[str, Any] = section if is_dict(section) else {}
        try:
            return cls(
                max(1, int(given.get("maxDegreeOfParallelism", cls.max_degree_of_parallelism))),
                max(1, int(given.get("poisonBlobThreshold", cls.poison_blob_threshold))),
            )
        except (TypeError, ValueError) as error:
            raise wrong_section("blobs", error) from error


class BlobListener:
    """Looks for blobs.

    Args:
        function: The function, with a blob trigger.
        pattern: Which blobs.
        account: Where they are.
        call: Calls the function.
        in_thread: Does what blocks.
        options: What host.json says.
        host_id: Name of the host, for its receipts.
    """

    def __init__(
        self,
        function: Function,
        pattern: PathPattern,
        account: Account,
        call: CallFunction,
        in_thread: InThread,
        *,
        options: BlobOptions,
        host_id: str,
    ) -> None:
        self._function = function
        self._pattern = pattern
        self._account = account
        self._call = call
        self._in_thread = in_thread
        self._options = options
        self._receipts = f"blobreceipts/{host_id}/{function.get_function_name()}/"
        self._attempts: dict[str, int] | None = None
        self._done: set[str] = set()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._complaint = ""
        trigger = function.get_trigger()
        annotations = annotations_of(function.get_user_function())
        self._takes_client = trigger is not None and is_sdk_type(annotations.get(trigger.name))

    def start(self) -> None:
        """Begin to look, on the running loop."""
        name = f"azfunc-blob-{self._pattern.container}"
        self._looking = asyncio.get_running_loop().create_task(self._look(), name=name)

    async def stop(self) -> None:
        """Look no more, and wait for the blobs that are being processed."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking
        await self.settle()

    async def settle(self) -> None:
        """Wait until all blobs that were found are processed."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def _look(self) -> None:
        wait = _SHORTEST_WAIT
        while True:
            found = 0
            try:
                found = await self.scan()
            except AzfuncError as error:
                self._complain(error)
            wait = _SHORTEST_WAIT if found else min(wait * 2, _LONGEST_WAIT)
            if not found:
                await asyncio.sleep(wait)

    async def scan(self) -> int:
        """Look for blobs once, begin to process those that are new, and give their number.

        Raises:
            StorageError: The container cannot be reached.
        """
        if self._attempts is None:
            await self._read_receipts()
        blobs: list[StoredBlob] = await self._in_thread(
            lambda: self._account.list_blobs(self._pattern.container, self._pattern.prefix)
        )
        self._complaint = ""
        begun = 0
        for blob in blobs:
            values = self._pattern.match(blob.name)
            key = self._key(blob)
            if values is None or key in self._done or key in self._running:
                continue
            while len(self._running) >= self._options.max_degree_of_parallelism:
                await asyncio.wait(list(self._running.values()), return_when=asyncio.FIRST_COMPLETED)
            task = asyncio.get_running_loop().create_task(self._process(blob, key, values))
            self._running[key] = task
            task.add_done_callback(functools.partial(self._forget, key))
            begun += 1
        return begun

    def _forget(self, key: str, _task: asyncio.Task[None]) -> None:
        self._running.pop(key, None)

    async def _read_receipts(self) -> None:
        """Learn from the receipts what was done before."""
        receipts: list[StoredBlob] = await self._in_thread(
            lambda: self._account.list_blobs(HOSTS_CONTAINER, self._receipts)
        )
        attempts: dict[str, int] = {}
        for receipt in receipts:
            key = receipt.name.removeprefix(self._receipts)
            if receipt.metadata.get("completed"):
                self._done.add(key)
            else:
                attempts[key] = int(receipt.metadata.get("attempts", 0))
        self._attempts = attempts

    def _key(self, blob: StoredBlob) -> str:
        return f"{blob.etag}/{self._pattern.container}/{blob.name}"

    # --- one blob ---

    async def _process(self, listed: StoredBlob, key: str, values: dict[str, str]) -> None:
        try:
            read = self._account.look_at if self._takes_client else self._account.read
            blob = await self._in_thread(lambda: read(self._pattern.container, listed.name))
            if blob is None or blob.etag != listed.etag:
                return  # it was deleted or changed meanwhile; the next look finds what is there then
            attempts = self._attempts if self._attempts is not None else {}
            count = attempts[key] = attempts.get(key, 0) + 1
            if count <= self._options.poison_blob_threshold:
                await self._write_receipt(key, count, completed=False)
                path = f"{self._pattern.container}/{blob.name}"
                run = await self._call(self._function, _incoming(blob, path, values), f"blob {path}")
                if not run.succeeded and count < self._options.poison_blob_threshold:
                    return
                if not run.succeeded:
                    await self._put_aside(blob, count)
            else:  # the process died in its last attempt
                await self._put_aside(blob, count - 1)
            await self._write_receipt(key, count, completed=True)
            attempts.pop(key, None)
            self._done.add(key)
        except AzfuncError as error:
            self._complain(error)
            await asyncio.sleep(_SHORTEST_WAIT)

    async def _write_receipt(self, key: str, attempts: int, *, completed: bool) -> None:
        metadata = {"attempts": str(attempts)}
        if completed:
            metadata["completed"] = datetime.now(timezone.utc).isoformat(timespec="seconds")
        name = f"{self._receipts}{key}"
        await self._in_thread(lambda: self._account.write(HOSTS_CONTAINER, name, b"", metadata))

    async def _put_aside(self, blob: StoredBlob, attempts: int) -> None:
        name = self._function.get_function_name()
        message = {
            "Type": "BlobTrigger",
            "FunctionId": f"Host.Functions.{name}",
            "BlobType": blob.kind,
            "ContainerName": self._pattern.container,
            "BlobName": blob.name,
            "ETag": f'"{blob.etag}"',
        }
        text = base64.b64encode(dumps(message).encode()).decode()
        await self._in_thread(lambda: self._account.put(POISON_QUEUE, text))
        logger.warning(
            "Blob %r has failed %s times in %r; a message about it was put on queue %r.",
            f"{self._pattern.container}/{blob.name}",
            attempts,
            name,
            POISON_QUEUE,
        )

    def _complain(self, error: AzfuncError) -> None:
        """Say what is wrong with the container, once."""
        text = str(error)
        if text != self._complaint:
            self._complaint = text
            logger.error("Blob trigger of %r: %s", self._function.get_function_name(), text)


def _incoming(blob: StoredBlob, path: str, values: dict[str, str]) -> Incoming:
    """Give what the host would send for a blob."""
    metadata = {name: Datum(value, "string") for name, value in values.items()}
    metadata["BlobTrigger"] = Datum(path, "string")
    metadata["Uri"] = Datum(blob.uri, "string")
    metadata["Properties"] = Datum(dumps(blob.properties), "json")
    metadata["Metadata"] = Datum(dumps(blob.metadata), "json")
    return Incoming(Datum(blob.content, "bytes"), metadata)
