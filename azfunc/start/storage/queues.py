"""The queue trigger: takes messages, calls the function, deletes them, or puts them aside after too many failures.

Source: Azure Queue storage trigger, "Poison messages", "Peek lock", "Polling algorithm"; host.json settings.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import functools
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from azfunc._core.checks import is_dict
from azfunc._core.datum import Datum
from azfunc._core.errors import AzfuncError, DefinitionError
from azfunc._core.times import parse_timedelta
from azfunc.bindings.queue import QueueMessage, QueueMessageInConverter
from azfunc.runtime.wire import Incoming

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azfunc._core.function import Function
    from azfunc.start.services import CallFunction
    from azfunc.start.storage.account import Account, QueuedMessage

    InThread = Callable[[Callable[[], Any]], Awaitable[Any]]
    """Does something that blocks, in a thread."""

T = TypeVar("T")

logger: logging.Logger = logging.getLogger("azfunc.host")

POISON_SUFFIX = "-poison"
"""What the name of the queue for messages that cannot be processed ends with."""
LEASE_SECONDS = 30
"""Time that a message is taken for, in seconds; extended while its function runs.

Azure takes ten minutes; less here, so that messages of a killed process soon come back.
"""
_SHORTEST_WAIT = 0.1


@dataclass(frozen=True)
class QueueOptions:
    """Section ``extensions.queues`` of host.json."""

    batch_size: int = 16
    """Number of messages that are taken at once."""
    new_batch_threshold: int | None = None
    """More are taken when no more than so many are being processed; half of the batch when None."""
    max_dequeue_count: int = 5
    """Number of times that a message is tried."""
    visibility_timeout_seconds: float = 0.0
    """Time after which a message that failed is tried again, in seconds."""
    max_polling_interval_seconds: float = 2.0
    """Longest time between two looks at an empty queue, in seconds; Azure's default is a minute."""
    is_base64: bool = True
    """Whether messages are Base64 text."""

    @classmethod
    def read(cls, section: Any) -> QueueOptions:
        """Read the section; what is not there has its default.

        Raises:
            DefinitionError: A value in it cannot be.
        """
        given: dict[str, Any] = section if is_dict(section) else {}
        try:
            return cls._read(given)
        except (TypeError, ValueError, AttributeError) as error:
            raise wrong_section("queues", error) from error

    @classmethod
    def _read(cls, given: dict[str, Any]) -> QueueOptions:
        threshold = given.get("newBatchThreshold")
        return cls(
            batch_size=min(32, max(1, int(given.get("batchSize", cls.batch_size)))),
            new_batch_threshold=None if threshold is None else int(threshold),
            max_dequeue_count=int(given.get("maxDequeueCount", cls.max_dequeue_count)),
            visibility_timeout_seconds=seconds_of(given.get("visibilityTimeout"), cls.visibility_timeout_seconds),
            max_polling_interval_seconds=seconds_of(given.get("maxPollingInterval"), cls.max_polling_interval_seconds),
            is_base64=str(given.get("messageEncoding", "base64")).lower() != "none",
        )

    @property
    def threshold(self) -> int:
        """Number of messages in process up to which more are taken."""
        return self.batch_size // 2 if self.new_batch_threshold is None else self.new_batch_threshold

    def written(self, body: bytes) -> str:
        """Give a body as the text of a message."""
        return base64.b64encode(body).decode() if self.is_base64 else body.decode()

    def read_body(self, text: str) -> bytes:
        """Give the body of a message by its text.

        Raises:
            ValueError: It is not encoded as it should be.
        """
        if not self.is_base64:
            return text.encode()
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ValueError(str(error)) from error


def wrong_section(name: str, error: Exception) -> DefinitionError:
    """Make the error for a section of host.json that cannot be read."""
    return DefinitionError(
        f"extensions.{name} in host.json cannot be used: {error}",
        hint="Counts are whole numbers, times are written as '00:00:30'.",
    )


def seconds_of(value: Any, default: float) -> float:
    """Read a time span of host.json, in seconds; numbers are milliseconds, as in its first version."""
    if value is None:
        return default
    return parse_timedelta(value).total_seconds() if isinstance(value, str) else float(value) / 1000


class QueueListener:
    """Waits for the messages of a queue.

    Args:
        function: The function, with a queue trigger.
        queue: Name of the queue.
        account: Where it is.
        call: Calls the function.
        in_thread: Does what blocks.
        options: What host.json says.
    """

    def __init__(
        self,
        function: Function,
        queue: str,
        account: Account,
        call: CallFunction,
        in_thread: InThread,
        *,
        options: QueueOptions,
    ) -> None:
        self._function = function
        self._queue = queue
        self._account = account
        self._call = call
        self._in_thread = in_thread
        self._options = options
        self._held: dict[str, QueuedMessage] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._polling: asyncio.Task[None] | None = None
        self._taking: asyncio.Task[int] | None = None
        self._is_stopping = False
        self._complaint = ""

    def start(self) -> None:
        """Begin to listen, on the running loop."""
        name = f"azfunc-queue-{self._queue}"
        self._polling = asyncio.get_running_loop().create_task(self._poll(), name=name)

    async def stop(self) -> None:
        """Take no more messages, and wait for those that are being processed."""
        self._is_stopping = True
        if self._polling is not None:
            self._polling.cancel()
            with suppress(asyncio.CancelledError):
                await self._polling
        if self._taking is not None:
            await asyncio.wait([self._taking])
            self._taking.exception()  # nobody else asks for it, and asyncio would complain of that
        await self.settle()

    async def _poll(self) -> None:
        wait = _SHORTEST_WAIT
        while True:
            try:
                # Not cancelled half-way: what was taken then would be lost for the time of its lease.
                self._taking = asyncio.ensure_future(self.take())
                taken = await asyncio.shield(self._taking)
            except AzfuncError as error:
                self._complain(error)
                taken = 0
            wait = _SHORTEST_WAIT if taken else min(wait * 2, self._options.max_polling_interval_seconds)
            if taken:
                await self._wait_for_room()
            else:
                await asyncio.sleep(max(wait, _SHORTEST_WAIT))

    async def _wait_for_room(self) -> None:
        while len(self._tasks) > self._options.threshold:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def take(self) -> int:
        """Take a batch and begin to process it; gives the number of messages.

        Raises:
            StorageError: The queue cannot be reached.
        """
        count = self._options.batch_size
        messages: list[QueuedMessage] = await self._in_thread(
            lambda: self._account.receive(self._queue, count, LEASE_SECONDS)
        )
        self._complaint = ""
        if self._is_stopping:
            await self._give_back(messages)
            return 0
        for message in messages:
            is_known = message.id in self._held
            self._held[message.id] = message
            if is_known:
                # Its lease ran out while it is processed here, as when a debugger held us: go on with the new receipt.
                continue
            task = asyncio.get_running_loop().create_task(self._process(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(messages)

    async def _give_back(self, messages: list[QueuedMessage]) -> None:
        """Let others see messages that came too late to be processed here."""
        for message in messages:
            await self._in_thread(
                functools.partial(self._account.extend, self._queue, message.id, message.pop_receipt, 0)
            )

    async def settle(self) -> None:
        """Wait until all messages that were taken are processed."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    # --- one message ---

    async def _process(self, message: QueuedMessage) -> None:
        extending = asyncio.get_running_loop().create_task(self._extend(message.id))
        is_cancelled = False
        try:
            has_succeeded = await self._called(message)
        except asyncio.CancelledError:
            has_succeeded, is_cancelled = False, True
        finally:
            extending.cancel()
            with suppress(asyncio.CancelledError):
                await extending
        try:
            await self._finish(self._held[message.id], has_succeeded=has_succeeded, is_cancelled=is_cancelled)
        except AzfuncError as error:
            self._complain(error)
        finally:
            del self._held[message.id]

    async def _called(self, message: QueuedMessage) -> bool:
        """Call the function, and tell whether the message is done with."""
        if message.dequeue_count > self._options.max_dequeue_count:
            return False
        try:
            body = self._options.read_body(message.text)
        except ValueError as error:
            encoding = "base64" if self._options.is_base64 else "none"
            logger.error(  # noqa: TRY400  # a traceback would say nothing
                "A message of queue %r is not encoded as %s, which host.json asks for (extensions.queues."
                "messageEncoding): %s.",
                self._queue,
                encoding,
                error,
            )
            self._held[message.id] = replace(message, dequeue_count=self._options.max_dequeue_count)
            return False
        reason = f"message {message.id} on queue {self._queue}"
        return (await self._call(self._function, _incoming(message, body), reason)).succeeded

    async def _extend(self, message_id: str) -> None:
        """Keep a message for as long as its function runs."""
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            extending = asyncio.ensure_future(self._extend_once(message_id))
            try:
                await asyncio.shield(extending)
            except asyncio.CancelledError:
                await asyncio.wait([extending])  # its receipt is needed
                raise

    async def _extend_once(self, message_id: str) -> None:
        held = self._held[message_id]
        try:
            receipt = await self._in_thread(
                lambda: self._account.extend(self._queue, message_id, held.pop_receipt, LEASE_SECONDS)
            )
        except AzfuncError as error:
            self._complain(error)
            return
        if receipt is not None and self._held.get(message_id) is held:
            self._held[message_id] = replace(held, pop_receipt=receipt)

    async def _finish(self, message: QueuedMessage, *, has_succeeded: bool, is_cancelled: bool) -> None:
        options, account, queue = self._options, self._account, self._queue
        is_poison = message.dequeue_count >= options.max_dequeue_count and not queue.endswith(POISON_SUFFIX)
        if is_poison and not has_succeeded and not is_cancelled:
            poison = f"{queue}{POISON_SUFFIX}"
            await self._in_thread(lambda: account.put(poison, message.text))
            logger.warning(
                "Message %s of queue %r has failed %s times; it was moved to queue %r.",
                message.id,
                queue,
                message.dequeue_count,
                poison,
            )
            has_succeeded = True
        if has_succeeded:
            if not await self._in_thread(lambda: account.delete(queue, message.id, message.pop_receipt)):
                logger.warning(
                    "Message %s of queue %r was processed, and had been handed out again.", message.id, queue
                )
            return
        delay = round(options.visibility_timeout_seconds)
        await self._in_thread(lambda: account.extend(queue, message.id, message.pop_receipt, delay))

    def _complain(self, error: AzfuncError) -> None:
        """Say what is wrong with the queue, once."""
        text = str(error)
        if text != self._complaint:
            self._complaint = text
            logger.error("Queue trigger of %r: %s", self._function.get_function_name(), text)


def _incoming(message: QueuedMessage, body: bytes) -> Incoming:
    """Give what the host would send for a message."""
    rich = QueueMessage(
        id=message.id,
        body=body,
        pop_receipt=message.pop_receipt,
        dequeue_count=message.dequeue_count,
        expiration_time=message.expires,
        insertion_time=message.inserted,
        time_next_visible=message.next_visible,
    )
    datum, metadata = QueueMessageInConverter.to_wire(rich)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return Incoming(datum, metadata)
    return Incoming(Datum(text, "string"), {**metadata, "QueueTrigger": Datum(text, "string")})
