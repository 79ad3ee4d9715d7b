"""Trigger metadata: what the host sends beside the Datum, read when it is asked for.

A batch has one mapping for all its messages: under ``SequenceNumberArray`` stand the sequence numbers of all. Each
array is read once, and each message sees only its own values.
"""

from __future__ import annotations

from azfunc._core.checks import is_list
from azfunc._core.datum import Datum, decode_datum
from azfunc._core.errors import ConversionError

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
        """Give one value as Python sees it, or None if the host did not send it."""
        datum = self.raw.get(key)
        return decode_datum(datum) if isinstance(datum, Datum) else _foreign(datum)

    def as_dict(self) -> dict[str, Any]:
        """Give all values as Python sees them."""
        return {key: self.get(key) for key in self.raw}


class BatchMetadata:
    """The trigger metadata of a batch.

    Args:
        raw: As the host sends it.
        size: Number of messages in the batch.
    """

    __slots__ = ("_arrays", "raw", "size")

    raw: Mapping[str, Any]
    """As the host sends it."""
    size: int
    """Number of messages in the batch."""

    def __init__(self, raw: Mapping[str, Any], size: int) -> None:
        self.raw = raw
        self.size = size
        self._arrays: dict[str, list[Any] | None] = {}

    def __iter__(self) -> Iterator[ItemMetadata]:
        return (ItemMetadata(self, index) for index in range(self.size))

    def array(self, key: str) -> list[Any] | None:
        """Give the values of all messages under one key, such as ``OffsetArray``, or None if there are none.

        Raises:
            ConversionError: It is no list, or not as long as the batch.
        """
        if key in self._arrays:
            return self._arrays[key]
        values: Any = Metadata(self.raw).get(key)
        if values is None:
            self._arrays[key] = None
            return None
        if not is_list(values):
            raise ConversionError(f"{key} of a batch is no list but a {type(values).__name__}.")
        if len(values) != self.size:
            raise ConversionError(f"{key} has {len(values)} values, and the batch has {self.size} messages.")
        self._arrays[key] = values
        return values


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
        super().__init__(batch.raw)
        self.batch = batch
        self.index = index

    def get(self, key: str) -> Any:
        """Give the message's own value, from the array of the same name, or None if there is none."""
        values = self.batch.array(f"{key}Array")
        return None if values is None else values[self.index]

    def as_dict(self) -> dict[str, Any]:
        """Give the message's own values, by their names without ``Array``."""
        keys = [key.removesuffix("Array") for key in self.raw if key.endswith("Array")]
        return {key: self.get(key) for key in keys}


def _foreign(value: Any) -> Any:
    """Read a datum of another library, such as the worker's own; a plain value stands for itself."""
    if hasattr(value, "type") and hasattr(value, "value"):
        return decode_datum(Datum(value.value, value.type))
    return value
