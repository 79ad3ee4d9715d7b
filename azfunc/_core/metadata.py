"""Trigger metadata: what the host sends beside the Datum, read when it is asked for.

A batch has one mapping for all its messages: under ``SequenceNumberArray`` stand the sequence numbers of all. Each
array is read once, and each message sees only its own values.
"""

from __future__ import annotations

from azfunc._core.checks import is_list
from azfunc._core.datum import Datum, decode_datum
from azfunc._core.failures import ConversionError
from azfunc._core.text import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


class Metadata:
    """The trigger metadata of one message.

    Args:
        raw: As the host sends it.
    """

    __slots__ = ("raw",)

    raw: Mapping[str, Any]
    """As the host sends it."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw

    def get(self, key: str) -> Any:
        """Give one value as Python sees it, or None if the host did not send it.

        Raises:
            ConversionError: It is said to be JSON, and is none.
        """
        datum = self.raw.get(key)
        if datum is None:
            return None
        if not isinstance(datum, Datum):
            return _foreign(datum)
        try:
            return datum.value if datum.type == "string" else decode_datum(datum)
        except ConversionError as error:
            raise ConversionError(
                f"cannot read field {key!r} in trigger metadata: {error.message}",
                hint=f"It is {short(datum.value)}; the body and the other fields can be read.",
            ) from error

    def as_dict(self) -> dict[str, Any]:
        """Give all values as Python sees them."""
        return {key: self.get(key) for key in self.raw}


class BatchMismatchError(ConversionError, AssertionError):
    """An array in the metadata of a batch has another number of values than the batch has messages."""


class BatchMetadata:
    """The trigger metadata of a batch.

    Args:
        raw: As the host sends it.
        size: Number of messages in the batch.
    """

    __slots__ = ("_arrays", "_dict", "_own", "raw", "read", "size")

    raw: Mapping[str, Any]
    """As the host sends it."""
    size: int
    """Number of messages in the batch."""
    read: dict[str, list[Any] | None]
    """Columns that were asked for already; see `column()`."""

    def __init__(self, raw: Mapping[str, Any], size: int) -> None:
        self.raw = raw
        self.size = size
        self._arrays: dict[str, list[Any] | ConversionError | None] = {}
        self.read = {}
        self._own: dict[str, list[Any]] | None = None
        self._dict: dict[str, Any] | None = None

    def __iter__(self) -> Iterator[ItemMetadata]:
        return (ItemMetadata(self, index) for index in range(self.size))

    def array(self, key: str) -> list[Any] | None:
        """Give the values of all messages under one key, such as ``OffsetArray``, or None if no message has one.

        Raises:
            ConversionError: It is no list, or not as long as the batch.
        """
        if key not in self._arrays:
            self._arrays[key] = self._read(key)
        found = self._arrays[key]
        if isinstance(found, ConversionError):
            raise type(found)(found.message, hint=found.hint)
        return found

    def column(self, key: str) -> list[Any] | None:
        """Give the values of all messages by the name that each has alone, such as ``Offset``; see `array()`."""
        found = self.read[key] = self.array(f"{key}Array")
        return found

    def columns(self) -> dict[str, list[Any]]:
        """Give the columns in which each message has a value of its own; see `column()`."""
        if self._own is None:
            self._own = {}
            for key in self.raw:
                try:
                    values = self.array(key) if key.endswith("Array") else None
                except ConversionError:  # nobody knows whose values these are
                    continue
                if values is not None:
                    self._own[key.removesuffix("Array")] = values
        return self._own

    def as_dict(self) -> dict[str, Any]:
        """Give all values as Python sees them, each array whole."""
        if self._dict is None:
            arrays = self._arrays
            self._dict = {
                key: arrays[key] if is_list(arrays.get(key)) else Metadata(self.raw).get(key) for key in self.raw
            }
        return self._dict

    def _read(self, key: str) -> list[Any] | ConversionError | None:
        try:
            values = Metadata(self.raw).get(key)
        except ConversionError as error:
            return error
        if values is None:
            return None
        if not is_list(values):
            return ConversionError(f"{key} of a batch is no list but a {type(values).__name__}.")
        if values and len(values) != self.size:
            return BatchMismatchError(
                f"{key} has {len(values)} values, and the batch has {self.size} messages.",
                hint="The host leaves empty texts out of a list, so nobody can tell which message has which value. "
                "The bodies and the other fields can be read, and the whole list is in batch_metadata.",
            )
        return values or None


class ItemMetadata(Metadata):
    """The trigger metadata of one message of a batch: its place in each array.

    Args:
        batch: Metadata of the whole batch.
        index: Place of the message in it.
    """

    __slots__ = ("batch", "index")

    batch: BatchMetadata
    """Metadata of the whole batch."""
    index: int
    """Place of the message in the batch."""

    def __init__(self, batch: BatchMetadata, index: int) -> None:
        self.raw = batch.raw
        self.batch = batch
        self.index = index

    def get(self, key: str) -> Any:
        """Give the message's own value, from the array of the same name, or None if there is none."""
        columns = self.batch.read
        values = columns[key] if key in columns else self.batch.column(key)
        return None if values is None else values[self.index]

    def as_dict(self) -> dict[str, Any]:
        """Give the message's own values, by their names without ``Array``."""
        index = self.index
        return {key: values[index] for key, values in self.batch.columns().items()}


def _foreign(value: Any) -> Any:
    """Read a datum of another library, such as the worker's own; a plain value stands for itself."""
    if hasattr(value, "type") and hasattr(value, "value"):
        return decode_datum(Datum(value.value, value.type))
    return value
