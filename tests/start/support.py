"""What the tests of `azfunc start` share: asking a `LocalApp`, and an account of Storage in memory."""

from __future__ import annotations

import asyncio
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from azfunc.start import LocalApp

Asked = tuple[str, str, dict[str, Any]]


async def ask(app: LocalApp, method: str, url: str, **content: Any) -> httpx.Response:
    """Send a request to an app, in process, and wait for what it began."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:7071") as client:
        response = await client.request(method, url, **content)
    await app.settle()
    return response


async def until(holds: Callable[[], bool], *, every_seconds: float = 0.0) -> None:
    """Let others run until something holds."""
    while not holds():  # noqa: ASYNC110  # what is waited for knows of no event
        await asyncio.sleep(every_seconds)


def served(app: LocalApp, steps: Callable[[LocalApp], Awaitable[Any]]) -> Any:
    """Start an app, take some steps with it, and stop it."""

    async def run() -> Any:
        await app.startup()
        try:
            return await steps(app)
        finally:
            await app.shutdown()

    return asyncio.run(run())


def answers(app: LocalApp, *requests: Sequence[Any]) -> list[httpx.Response]:
    """Give the answers to requests, each ``(method, url)`` or ``(method, url, content)``, one after the other."""

    async def steps(app: LocalApp) -> list[httpx.Response]:
        return [await ask(app, *each[:2], **(each[2] if len(each) > 2 else {})) for each in requests]

    found: list[httpx.Response] = served(app, steps)
    return found


# --- Microsoft's packages for Storage, with an account in memory ---


class AzureError(Exception):
    """Base of the errors of the packages."""

    error_code: str | None = None


class ResourceNotFoundError(AzureError):
    """There is no such queue, container or blob."""


class ResourceExistsError(AzureError):
    """There is one already."""


class ServiceRequestError(AzureError):
    """Nothing answers."""


class MemoryStorage:
    """An account in memory: what is in it, and the modules that reach it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.queues: dict[str, list[SimpleNamespace]] = {}
        self.containers: dict[str, dict[str, SimpleNamespace]] = {}
        self.failing: AzureError | None = None
        self.failures = 0
        self.opened: list[str] = []
        self._count = 0

    def number(self) -> int:
        """Give a number that was not given before."""
        self._count += 1
        return self._count

    def check(self) -> None:
        """Fail if the account is to fail."""
        if self.failing is not None:
            self.failures += 1
            raise self.failing

    def modules(self) -> dict[str, ModuleType]:
        """Give the modules, by name."""

        class Service:
            storage = self

            @classmethod
            def from_connection_string(cls, text: str, **_options: Any) -> Any:
                if "=" not in text:
                    message = "Connection string is either blank or malformed."
                    raise ValueError(message)
                self.opened.append(text)
                return cls()

            def get_queue_client(self, name: str) -> MemoryQueue:
                return MemoryQueue(self.storage, name)

            def get_container_client(self, name: str) -> MemoryContainer:
                return MemoryContainer(self.storage, name)

            def close(self) -> None:
                """Close nothing."""

        contents: dict[str, dict[str, Any]] = {
            "azure.storage.queue": {"QueueServiceClient": Service, "LinearRetry": SimpleNamespace},
            "azure.storage.blob": {"BlobServiceClient": Service, "LinearRetry": SimpleNamespace},
            "azure.core.exceptions": {
                each.__name__: each
                for each in (AzureError, ResourceNotFoundError, ResourceExistsError, ServiceRequestError)
            },
        }
        found: dict[str, ModuleType] = {}
        for name, members in contents.items():
            found[name] = ModuleType(name)
            found[name].__spec__ = ModuleSpec(name, None)
            vars(found[name]).update(members)
        return found


class MemoryQueue:
    """A queue, with the methods of a client."""

    def __init__(self, storage: MemoryStorage, name: str) -> None:
        self._storage = storage
        self._name = name

    def _messages(self) -> list[SimpleNamespace]:
        self._storage.check()
        if self._name not in self._storage.queues:
            raise ResourceNotFoundError
        return self._storage.queues[self._name]

    def _held(self, message_id: str, receipt: str) -> SimpleNamespace:
        for message in self._messages():
            if message.id == message_id and message.pop_receipt == receipt:
                return message
        error = AzureError("The specified pop receipt did not match.")
        error.error_code = "PopReceiptMismatch"
        raise error

    def create_queue(self) -> None:
        """Make the queue."""
        if self._name in self._storage.queues:
            raise ResourceExistsError
        self._storage.queues[self._name] = []

    def send_message(self, text: str) -> None:
        """Add a message."""
        self._messages().append(
            SimpleNamespace(
                id=f"id-{self._storage.number()}",
                content=text,
                pop_receipt="",
                dequeue_count=0,
                visible_at=0.0,
                inserted_on=None,
                expires_on=None,
                next_visible_on=None,
            )
        )

    def receive_messages(self, *, messages_per_page: int, max_messages: int, visibility_timeout: int) -> Any:
        """Take messages."""
        assert messages_per_page == max_messages
        found = [each for each in self._messages() if each.visible_at <= self._storage.now][:max_messages]
        for message in found:
            message.visible_at = self._storage.now + visibility_timeout
            message.pop_receipt = f"receipt-{self._storage.number()}"
            message.dequeue_count += 1
        return iter([SimpleNamespace(**vars(each)) for each in found])

    def update_message(self, message_id: str, receipt: str, *, visibility_timeout: int) -> Any:
        """Keep a message, or give it back."""
        message = self._held(message_id, receipt)
        message.visible_at = self._storage.now + visibility_timeout
        message.pop_receipt = f"receipt-{self._storage.number()}"
        return SimpleNamespace(**vars(message))

    def delete_message(self, message_id: str, receipt: str) -> None:
        """Delete a message."""
        self._messages().remove(self._held(message_id, receipt))


class MemoryContainer:
    """A container, with the methods of a client."""

    def __init__(self, storage: MemoryStorage, name: str) -> None:
        self._storage = storage
        self._name = name

    def _blobs(self) -> dict[str, SimpleNamespace]:
        self._storage.check()
        if self._name not in self._storage.containers:
            raise ResourceNotFoundError
        return self._storage.containers[self._name]

    def create_container(self) -> None:
        """Make the container."""
        if self._name in self._storage.containers:
            raise ResourceExistsError
        self._storage.containers[self._name] = {}

    def list_blobs(self, *, name_starts_with: str | None, include: list[str]) -> Iterator[Any]:
        """List the blobs."""
        assert include == ["metadata"]
        return iter([blob for name, blob in self._blobs().items() if name.startswith(name_starts_with or "")])

    def get_blob_client(self, name: str) -> Any:
        """Give what knows the address of a blob, and what the service says of it."""

        def look() -> SimpleNamespace:
            if name not in self._blobs():
                raise ResourceNotFoundError
            return self._blobs()[name]

        url = f"http://127.0.0.1:10000/devstoreaccount1/{self._name}/{name}"
        return SimpleNamespace(url=url, get_blob_properties=look)

    def download_blob(self, name: str) -> Any:
        """Read a blob."""
        if name not in self._blobs():
            raise ResourceNotFoundError
        blob = self._blobs()[name]
        return SimpleNamespace(properties=blob, readall=lambda: blob.content)

    def upload_blob(self, name: str, content: bytes, *, overwrite: bool, metadata: dict[str, str]) -> None:
        """Write a blob."""
        assert overwrite
        self._blobs()[name] = SimpleNamespace(
            name=name,
            content=content,
            metadata=metadata,
            size=len(content),
            etag=f'"0x{self._storage.number()}"',
            blob_type="BlockBlob",
            last_modified=None,
            creation_time=None,
            content_settings=SimpleNamespace(content_type="application/octet-stream", content_encoding=None),
        )
