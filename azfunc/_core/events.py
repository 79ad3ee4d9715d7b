"""Events of a log, such as an event hub or a Kafka topic: messages that come singly or in batches, with metadata."""

from __future__ import annotations

from azfunc._core.batches import batch_to_wire, bodies_of
from azfunc._core.checks import is_list
from azfunc._core.converter import InConverter
from azfunc._core.datum import Datum
from azfunc._core.failures import ConversionError
from azfunc._core.message import BatchMessage, body_of
from azfunc._core.metadata import BatchMetadata, BatchMismatchError, ItemMetadata, Metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar


class Event(BatchMessage):
    """An event of a log."""

    def _set_metadata(self, trigger_metadata: Mapping[str, Any] | None, source: type[Metadata]) -> None:
        self._source = None if trigger_metadata is None else source(trigger_metadata)


class EventItemMetadata(ItemMetadata):
    """The trigger metadata of one event of a batch: its own values, and those that hold for all events."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the event's own values by their names without ``Array``, and what the batch shares."""
        own = super().as_dict()
        whole = self.batch.as_dict()
        return {**{key: whole[key] for key in whole if not key.endswith("Array")}, **own}


class EventInConverter(InConverter):
    """Base for triggers whose argument is an event, or a list of them."""

    event_type: ClassVar[type[Event]]
    """The service's event type."""
    payload: ClassVar[str]
    """Name of what the host sends, in errors: ``event data``."""
    arrays: ClassVar[tuple[str, ...]]
    """Arrays in the metadata of a batch that have a value for each event."""
    single_source: ClassVar[type[Metadata]] = Metadata
    """How the metadata of an event that came alone is read."""

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> Any:
        """Turn a datum and its metadata into an event, or the datum of a batch into a list of events.

        Raises:
            UnsupportedValueError: Another wire type.
            BatchMismatchError: The metadata has another number of values than the batch has events.
        """
        raw = trigger_metadata if trigger_metadata or cls.has_trigger_support() else None
        if not cls._is_batch(data, raw):
            source = None if raw is None else cls.single_source(raw)
            return cls.event_type.from_host(body_of(data, what=cls.payload), source)
        bodies = bodies_of(data)
        make = cls.event_type.from_host
        if raw is None:
            return [make(body, None) for body in bodies]
        batch = BatchMetadata(raw, len(bodies))
        cls._check(batch)
        return cls.decode_batch(bodies, batch)

    @classmethod
    def decode_batch(cls, bodies: list[bytes], batch: BatchMetadata) -> list[Any]:
        """Make the events of a batch from their bodies and the metadata of all."""
        make = cls.event_type.from_host
        return [make(body, EventItemMetadata(batch, index)) for index, body in enumerate(bodies)]

    @classmethod
    def _is_batch(cls, data: Any, raw: Mapping[str, Any] | None) -> bool:
        kind = getattr(data, "type", None)
        if kind != "json":
            return kind in ("collection_bytes", "collection_string")
        return any(key in (raw or {}) for key in cls.arrays) and data.value.lstrip()[:1] in ("[", b"[")

    @classmethod
    def _check(cls, batch: BatchMetadata) -> None:
        """Refuse a batch whose metadata has values for another number of events."""
        try:
            for key in cls.arrays:
                batch.array(key)
        except BatchMismatchError as error:
            # The text is the reference's.
            raise BatchMismatchError("Number of bodies and metadata mismatched", hint=error.message) from None
        except ConversionError:
            return  # said to who reads a field

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Turn an event, or a list of them, into the datum and metadata it would have come from."""
        if is_list(value):
            return batch_to_wire(value)
        return Datum(value.get_body(), "bytes"), value.to_metadata()
