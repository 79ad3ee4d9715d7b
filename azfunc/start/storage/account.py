"""A storage account: what `azfunc start` asks of queues and blobs, through Microsoft's packages.

The methods block; they are called in threads.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from azfunc._core.failures import InvocationError
from azfunc._core.packages import optional

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

DEFAULT_CONNECTION = "AzureWebJobsStorage"
"""App setting of bindings that name none."""
EMULATOR = "UseDevelopmentStorage=true"
"""Connection string of the Azurite emulator."""
# The account, its key and the ports of the emulator are the same everywhere. Source: Azurite, "Connection strings".
_EMULATOR_HOST = "127.0.0.1"
_EMULATOR_ACCOUNT = "devstoreaccount1"
_EMULATOR_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
# A version of the protocol that the emulators of the last years know as well.
_API_VERSION = "2021-12-02"
_HINT = "pip install 'azfunc[storage]'"


class StorageError(InvocationError):
    """Storage cannot be reached, or refuses."""


@dataclass(frozen=True)
class QueuedMessage:
    """A message that a queue has handed out."""

    id: str
    """Identity in the queue."""
    text: str
    """Content, as it is in the queue."""
    pop_receipt: str
    """Proof of the hand-over."""
    dequeue_count: int
    """Times it was handed out, this time included."""
    inserted: datetime | None = None
    """When it was added."""
    expires: datetime | None = None
    """When the queue drops it."""
    next_visible: datetime | None = None
    """When it can be seen again."""


@dataclass(frozen=True)
class StoredBlob:
    """A blob, with its content if it was read."""

    name: str
    """Name in its container."""
    etag: str
    """Mark of its version, without quotes."""
    uri: str = ""
    """Address."""
    content: bytes = b""
    """Content; empty in a listing."""
    properties: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Properties as the service names them."""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    """Metadata, as whoever stored it set them."""
    kind: str = "BlockBlob"
    """Type of the blob."""


class Account(Protocol):
    """A storage account. What is not there is empty; what fails raises `StorageError`."""

    def receive(self, queue: str, count: int, lease_seconds: int) -> list[QueuedMessage]:
        """Take messages from a queue, which nobody else sees for a while."""
        ...

    def extend(self, queue: str, message_id: str, pop_receipt: str, lease_seconds: int) -> str | None:
        """Keep a message for longer, or give it back with 0; gives its new receipt, None if it was lost."""
        ...

    def delete(self, queue: str, message_id: str, pop_receipt: str) -> bool:
        """Delete a message; tells whether it was still ours."""
        ...

    def put(self, queue: str, text: str) -> None:
        """Add a message; the queue is made if there is none."""
        ...

    def list_blobs(self, container: str, prefix: str) -> list[StoredBlob]:
        """List blobs with their metadata."""
        ...

    def read(self, container: str, name: str) -> StoredBlob | None:
        """Read a blob."""
        ...

    def look_at(self, container: str, name: str) -> StoredBlob | None:
        """Give a blob without its content."""
        ...

    def write(self, container: str, name: str, content: bytes, metadata: Mapping[str, str] | None = None) -> None:
        """Write a blob; the container is made if there is none."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


def connection_string(connection: str) -> str:
    """Give the connection string that an app setting holds; that of the emulator if `AzureWebJobsStorage` is not set.

    Args:
        connection: Name of the app setting; the host also looks for it with ``AzureWebJobs`` in front.

    Raises:
        StorageError: It is not set, or names an identity.
    """
    name = connection or DEFAULT_CONNECTION
    value = os.environ.get(name) or os.environ.get(f"AzureWebJobs{name}")
    if value:
        return value
    if any(key.lower().startswith(f"{name.lower()}__") for key in os.environ):
        raise StorageError(
            f"The connection {name!r} uses an identity, which azfunc start does not.",
            hint=f"Set {name} to a connection string for running locally, such as {EMULATOR}.",
        )
    if name == DEFAULT_CONNECTION:
        return EMULATOR
    raise StorageError(
        f"The app setting {name!r} of a connection is not set.",
        hint=f'Add "{name}": "{EMULATOR}" to the Values in local.settings.json for the Azurite emulator.',
    )


def open_account(connection: str) -> Account:
    """Give the account of a connection.

    Raises:
        StorageError: The connection is not set or no connection string.
        MissingPackageError: The extra is not installed.
    """
    return AzureAccount(connection or DEFAULT_CONNECTION, connection_string(connection))


class AzureAccount:
    """An account that is reached through azure-storage-queue and azure-storage-blob, imported when it is opened.

    Args:
        connection: Name of the connection, for errors.
        text: Connection string.
    """

    def __init__(self, connection: str, text: str) -> None:
        self._connection = connection
        message = f"The connection {connection!r} needs Microsoft's packages for Storage."
        self._queue: Any = optional("azure.storage.queue", message=message, hint=_HINT)
        self._blob: Any = optional("azure.storage.blob", message=message, hint=_HINT)
        self._core: Any = optional("azure.core.exceptions", message=message, hint=_HINT)
        self._is_emulator = text.strip().rstrip(";").lower() == EMULATOR.lower()
        options = {"api_version": _API_VERSION, "connection_timeout": 5, "read_timeout": 60}
        if self._is_emulator:
            text = ";".join(
                (
                    "DefaultEndpointsProtocol=http",
                    f"AccountName={_EMULATOR_ACCOUNT}",
                    f"AccountKey={_EMULATOR_KEY}",
                    f"BlobEndpoint=http://{_EMULATOR_HOST}:10000/{_EMULATOR_ACCOUNT}",
                    f"QueueEndpoint=http://{_EMULATOR_HOST}:10001/{_EMULATOR_ACCOUNT}",
                )
            )
        try:
            self._queues: Any = self._queue.QueueServiceClient.from_connection_string(
                text, retry_policy=self._queue.LinearRetry(backoff=1, retry_total=2, random_jitter_range=0), **options
            )
            self._blobs: Any = self._blob.BlobServiceClient.from_connection_string(
                text, retry_policy=self._blob.LinearRetry(backoff=1, retry_total=2, random_jitter_range=0), **options
            )
        except ValueError as error:
            raise StorageError(
                f"The app setting {connection!r} holds no connection string of Storage.",
                hint=f"Copy it from the storage account, or set {EMULATOR} for the Azurite emulator.",
            ) from error

    # --- queues ---

    def receive(self, queue: str, count: int, lease_seconds: int) -> list[QueuedMessage]:
        """Take messages from a queue, which nobody else sees for a while."""
        client = self._queues.get_queue_client(queue)
        taken = self._try(
            lambda: list(
                client.receive_messages(messages_per_page=count, max_messages=count, visibility_timeout=lease_seconds)
            ),
            f"queue {queue!r}",
            missing=[],
        )
        return [
            QueuedMessage(
                id=each.id,
                text=each.content,
                pop_receipt=each.pop_receipt,
                dequeue_count=each.dequeue_count,
                inserted=each.inserted_on,
                expires=each.expires_on,
                next_visible=each.next_visible_on,
            )
            for each in taken
        ]

    def extend(self, queue: str, message_id: str, pop_receipt: str, lease_seconds: int) -> str | None:
        """Keep a message for longer, or give it back with 0; gives its new receipt, None if it was lost."""
        client = self._queues.get_queue_client(queue)
        found: Any = self._try(
            lambda: client.update_message(message_id, pop_receipt, visibility_timeout=lease_seconds),
            f"queue {queue!r}",
            missing=None,
        )
        return None if found is None else str(found.pop_receipt)

    def delete(self, queue: str, message_id: str, pop_receipt: str) -> bool:
        """Delete a message; tells whether it was still ours."""
        client = self._queues.get_queue_client(queue)

        def delete() -> bool:
            client.delete_message(message_id, pop_receipt)
            return True

        return bool(self._try(delete, f"queue {queue!r}", missing=False))

    def put(self, queue: str, text: str) -> None:
        """Add a message; the queue is made if there is none."""
        client = self._queues.get_queue_client(queue)
        self._made(lambda: client.send_message(text), client.create_queue, f"queue {queue!r}")

    # --- blobs ---

    def list_blobs(self, container: str, prefix: str) -> list[StoredBlob]:
        """List blobs with their metadata."""
        client = self._blobs.get_container_client(container)
        found: list[Any] = self._try(
            lambda: list(client.list_blobs(name_starts_with=prefix or None, include=["metadata"])),
            f"container {container!r}",
            missing=[],
        )
        return [self._stored(client, each) for each in found]

    def read(self, container: str, name: str) -> StoredBlob | None:
        """Read a blob."""
        client = self._blobs.get_container_client(container)

        def read() -> StoredBlob:
            stream = client.download_blob(name)
            return self._stored(client, stream.properties, stream.readall())

        found: StoredBlob | None = self._try(read, f"blob '{container}/{name}'", missing=None)
        return found

    def look_at(self, container: str, name: str) -> StoredBlob | None:
        """Give a blob without its content."""
        client = self._blobs.get_container_client(container)

        def look() -> StoredBlob:
            return self._stored(client, client.get_blob_client(name).get_blob_properties())

        found: StoredBlob | None = self._try(look, f"blob '{container}/{name}'", missing=None)
        return found

    def write(self, container: str, name: str, content: bytes, metadata: Mapping[str, str] | None = None) -> None:
        """Write a blob; the container is made if there is none."""
        client = self._blobs.get_container_client(container)
        self._made(
            lambda: client.upload_blob(name, content, overwrite=True, metadata=dict(metadata or {})),
            client.create_container,
            f"container {container!r}",
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._queues.close()
        self._blobs.close()

    # --- help ---

    @staticmethod
    def _stored(client: Any, found: Any, content: bytes = b"") -> StoredBlob:
        settings = found.content_settings
        properties = {
            "ContentLength": found.size,
            "ContentType": settings.content_type,
            "ContentEncoding": settings.content_encoding,
            "ETag": found.etag,
            "BlobType": found.blob_type,
            "LastModified": found.last_modified.isoformat() if found.last_modified else None,
            "CreatedOn": found.creation_time.isoformat() if found.creation_time else None,
        }
        return StoredBlob(
            name=found.name,
            etag=str(found.etag).strip('"'),
            uri=client.get_blob_client(found.name).url,
            content=content,
            properties=properties,
            metadata=dict(found.metadata or {}),
            kind=str(getattr(found.blob_type, "value", found.blob_type)),
        )

    def _try(self, action: Callable[[], Any], place: str, *, missing: Any) -> Any:
        """Do something, and give `missing` if what it is done to is not there."""
        try:
            return action()
        except self._core.ResourceNotFoundError:
            return missing
        except self._core.AzureError as error:
            # A receipt that is out of date is answered so.
            if getattr(error, "error_code", None) in ("PopReceiptMismatch", "MessageNotFound"):
                return missing
            raise self._failed(error, place) from error

    def _made(self, action: Callable[[], Any], make: Callable[[], Any], place: str) -> None:
        """Do something, and make what it is done to if it is not there."""
        try:
            action()
        except self._core.ResourceNotFoundError:
            try:
                make()
            except self._core.ResourceExistsError:  # somebody else has made it
                pass
            except self._core.AzureError as error:
                raise self._failed(error, place) from error
            self._try(action, place, missing=None)
        except self._core.AzureError as error:
            raise self._failed(error, place) from error

    def _failed(self, error: Exception, place: str) -> StorageError:
        text = str(getattr(error, "message", None) or error).splitlines()[0]
        hint = f"Look at the connection {self._connection!r}."
        if isinstance(error, self._core.ServiceRequestError):
            hint = f"Nothing answers at the connection {self._connection!r}."
            if self._is_emulator:
                hint = "Start the Azurite emulator: npx azurite. Or set another connection."
        return StorageError(f"Storage cannot be used for {place}: {text}", hint=hint)
