"""Azure Event Hubs: a trigger for events, singly or in batches, and an output that sends them.

Docs: Azure Event Hubs bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2+.
"""

from __future__ import annotations

from contextlib import suppress

from azfunc._core.batches import Cardinality
from azfunc._core.binding import OutputBinding, Trigger
from azfunc._core.checks import is_dict, untyped
from azfunc._core.converter import JsonValue, MessageOutConverter
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type, as_enum
from azfunc._core.events import Event, EventInConverter, EventItemMetadata
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.message import DATETIME_UTC, INTEGER, TEXT, Codec, value_datum
from azfunc._core.metadata import Metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any, ClassVar

    from typing_extensions import Self

    from azfunc._core.batches import CardinalityName
    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName
    from azfunc._core.message import Message
    from azfunc._core.metadata import BatchMetadata

_SYSTEM = "SystemProperties"
_IOTHUB = "iothub-"
_INT64 = 1 << 63
_NAMES_KEPT = 1000
_NAMES = ("partition_key", "sequence_number", "offset", "enqueued_time", "iothub_metadata", "metadata")


class _BatchedOffset(Codec):
    """An offset of an event of a batch: a whole number, if it is one."""

    native = int

    def read(self, value: Any) -> Any:
        return int(value) if type(value) is str and value.isdecimal() else value


class _Properties(Codec):
    native = dict


_BATCHED_OFFSET = _BatchedOffset("text or a whole number")
_PROPERTIES = _Properties("an object")


# --- message types ----------------------------------------------------------------------------------------------------


class EventHubEvent(Event):
    """An event of an event hub, or of the built-in endpoint of an IoT hub.

    Args:
        body: Content, as bytes or text; text is kept in UTF-8.
        trigger_metadata: What the host sends beside the body, by name; `metadata` gives it back.
        enqueued_time: When the event hub took the event in, in UTC.
        partition_key: Key that the sender chose the partition by.
        sequence_number: Number of the event in its partition.
        offset: Place of the event in its partition.
        iothub_metadata: Properties that an IoT hub adds, by their names without ``iothub-``.

    Raises:
        ArgumentTypeError: The body is neither text nor bytes.

    Example:
        >>> func.EventHubEvent(body=b'{"celsius": 21}', sequence_number=47).get_json()
        {'celsius': 21}

    Source: reference 1.26.0, `EventHubEvent`; Azure Event Hubs trigger, "Event metadata".
    """

    _wire = {
        "partition_key": ("PartitionKey", TEXT),
        "sequence_number": ("SequenceNumber", INTEGER),
        "offset": ("Offset", TEXT),
        "enqueued_time": ("EnqueuedTimeUtc", DATETIME_UTC),
        "iothub_metadata": (_IOTHUB, _PROPERTIES),
    }

    _in_batch: tuple[BatchMetadata, int] | None = None
    """The batch that the event came in, and its place there."""

    def __init__(
        self,
        *,
        body: str | bytes = b"",
        trigger_metadata: Mapping[str, Any] | None = None,
        enqueued_time: datetime | None = None,
        partition_key: str | None = None,
        sequence_number: int | None = None,
        offset: str | int | None = None,
        iothub_metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self._set(
            body,
            enqueued_time=enqueued_time,
            partition_key=partition_key,
            sequence_number=sequence_number,
            offset=offset,
            iothub_metadata=iothub_metadata,
        )
        self._set_metadata(trigger_metadata, _EventSource)

    @classmethod
    def from_batch(cls, body: bytes, batch: BatchMetadata, index: int, system: Any) -> Self:
        """Make an event from a batch of the host.

        Args:
            body: The body.
            batch: Trigger metadata of the batch.
            index: Place of the event in it.
            system: System properties of the event, as the host sent them.
        """
        made = object.__new__(cls)
        made._body = body
        made._values = {}
        made._reads = _BATCH_READS
        made._in_batch = (batch, index)
        # Their dict is read as it is: an object in between costs as much as what is read from it.
        made._source = system if system.__class__ is dict else _UnreadableSource(batch, index)
        return made

    @property
    def partition_key(self) -> str | None:
        """Key that the sender chose the partition by; from ``PartitionKey``."""
        return self._get("partition_key")

    @property
    def sequence_number(self) -> int | None:
        """Number of the event in its partition; from ``SequenceNumber``."""
        return self._get("sequence_number")

    @property
    def offset(self) -> str | int | None:
        """Place of the event in its partition; from ``Offset``.

        As in the reference it is text for an event that came alone and a whole number in a batch. Unlike the
        reference, an offset that is no number stays text there.
        """
        return self._get("offset")

    @property
    def enqueued_time(self) -> datetime | None:
        """When the event hub took the event in, in UTC; from ``EnqueuedTimeUtc``."""
        return self._get("enqueued_time")

    @property
    def iothub_metadata(self) -> Mapping[str, Any] | None:
        """Properties that an IoT hub adds, such as ``connection-device-id``; from ``iothub-*``, without that prefix.

        Empty for an event of the host that did not come from an IoT hub.
        """
        return self._get("iothub_metadata")

    def to_metadata(self) -> dict[str, Datum]:
        """Give the trigger metadata that the fields would have come from, and what else `metadata` has."""
        found = super().to_metadata()
        found.pop(_IOTHUB, None)
        system = dict((self.metadata or {}).get(_SYSTEM) or {})
        system.update((_IOTHUB + name, value) for name, value in (self.iothub_metadata or {}).items())
        return {**found, _SYSTEM: value_datum(system)}

    def _elsewhere(self, key: str | None) -> Any:
        if self._in_batch is None:
            return None
        if key is None:
            return _iothub(self._source) if self._source.__class__ is dict else {}
        return EventItemMetadata(*self._in_batch).get(key)

    def _own_metadata(self) -> Any:
        return self._source if self._in_batch is None else EventItemMetadata(*self._in_batch)

    def _fields(self) -> dict[str, Any]:
        found = super()._fields()
        if not found.get("iothub_metadata"):
            found.pop("iothub_metadata", None)
        if "offset" in found:
            # Text or a number by the way it came; one and the same place all the same.
            found["offset"] = str(found["offset"])
        return found


class _EventSource(Metadata):
    """Metadata of an event that came alone: what it lacks itself is looked for in its system properties."""

    __slots__ = ("_read_system",)

    def __init__(self, raw: Mapping[str, Any]) -> None:
        super().__init__(raw)
        self._read_system: dict[str, Any] | None = None

    def get(self, key: str) -> Any:
        if key == _IOTHUB:
            plain = Metadata(self.raw)
            own = {name: plain.get(name) for name in self.raw if name.startswith(_IOTHUB)}
            return _iothub({**self._system, **own})
        value = super().get(key)
        return self._system.get(key) if value is None else value

    def as_dict(self) -> dict[str, Any]:
        return Metadata(self.raw).as_dict()

    @property
    def _system(self) -> dict[str, Any]:
        if self._read_system is None:
            value = super().get(_SYSTEM)
            self._read_system = value if is_dict(value) else {}
        return self._read_system


class _UnreadableSource(EventItemMetadata):
    """Says what makes the system properties of an event unreadable, to who asks for a field."""

    __slots__ = ()

    def get(self, key: str | None) -> Any:
        super().get(_SYSTEM)
        return None if key is None else super().get(key)


class _IotHubNames(dict[str, "str | None"]):
    """Name of a property -> its name without ``iothub-``, None for others; all events of a hub have the same few."""

    def __missing__(self, name: str) -> str | None:
        short = name.removeprefix(_IOTHUB) if name.startswith(_IOTHUB) else None
        if len(self) < _NAMES_KEPT:
            self[name] = short
        return short


_iothub_names = _IotHubNames()


def _iothub(properties: Mapping[str, Any]) -> dict[str, Any]:
    names = _iothub_names
    found: dict[str, Any] = {}
    for name in properties:
        short = names[name]
        if short is not None:
            found[short] = properties[name]
    return found


# The same fields in a batch, where an offset is a number, and what an IoT hub adds stands among the other properties.
_BATCH_READS: dict[str, tuple[Any, type | None, Codec]] = {
    **untyped(EventHubEvent)._reads,
    "offset": ("Offset", int, _BATCHED_OFFSET),
    "iothub_metadata": (None, dict, _PROPERTIES),
}


# --- binding classes --------------------------------------------------------------------------------------------------


class EventHubTrigger(Trigger, type="eventHubTrigger"):
    """Entry of type ``eventHubTrigger`` in function.json."""

    connection: str
    event_hub_name: str
    cardinality: Cardinality | None = None
    consumer_group: str | None = None


class EventHubOutput(OutputBinding, type="eventHub"):
    """Entry of type ``eventHub`` in function.json."""

    connection: str
    event_hub_name: str


# --- converters -------------------------------------------------------------------------------------------------------


class EventHubConverter(EventInConverter, MessageOutConverter, binding="eventHub"):
    """Event Hubs output: text, bytes, an `EventHubEvent` with a body alone, a value for JSON, or several of them."""

    event_type: ClassVar[type[Event]] = EventHubEvent
    payload = "event data"
    arrays: ClassVar[tuple[str, ...]] = (f"{_SYSTEM}Array",)
    single_source: ClassVar[type[Metadata]] = _EventSource
    input_types: ClassVar[tuple[type, ...]] = (EventHubEvent,)
    input_many = True
    what = "event hub output"
    message_type: ClassVar[type[Message] | None] = EventHubEvent
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, EventHubEvent, JsonValue)
    output_item_types: ClassVar[tuple[type, ...]] = (str, bytes, EventHubEvent, JsonValue)

    @classmethod
    def decode_batch(cls, bodies: list[bytes], batch: BatchMetadata) -> list[EventHubEvent]:
        """Make the events of a batch."""
        systems: list[Any] = [None] * batch.size
        with suppress(ConversionError):  # said to who reads a field
            systems = batch.column(_SYSTEM) or systems
        make = EventHubEvent.from_batch
        return [
            make(body, batch, index, system) for index, (body, system) in enumerate(zip(bodies, systems, strict=True))
        ]

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn an event, or several, into a datum; a whole number travels as ``int``, as in the reference."""
        if type(obj) is int and -_INT64 <= obj < _INT64:
            return Datum(obj, "int")
        return super().encode(obj, expected_type=expected_type)

    @classmethod
    def encode_message(cls, message: EventHubEvent) -> bytes:
        """Give the body, which is all that the binding sends.

        Raises:
            UnsupportedValueError: The event has properties, which would be lost.
        """
        lost = [name for name in _NAMES if getattr(message, name) not in (None, {})]
        if lost:
            raise UnsupportedValueError(
                f"{cls.what} got an EventHubEvent with {', '.join(lost)}, and the binding sends the body alone.",
                hint="Give event.get_body(), or EventHubEvent(body=...) without properties; "
                "the SDK (azure-eventhub) can send a partition key and properties.",
            )
        return message.get_body()


class EventHubTriggerConverter(EventHubConverter, binding="eventHubTrigger", trigger=True):
    """Event Hubs trigger: the argument is an `EventHubEvent`, or a list of them with cardinality MANY."""


# --- trigger decorators -----------------------------------------------------------------------------------------------


class EventHubTriggers(DecoratorApi):
    """Event Hubs: decorators that start a function."""

    def event_hub_message_trigger(
        self,
        arg_name: str,
        connection: str,
        event_hub_name: str,
        data_type: DataType | DataTypeName | None = None,
        cardinality: Cardinality | CardinalityName | None = None,
        consumer_group: str | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each event of an event hub, or for each batch of events.

        Events count as processed when the function ends, even if it raises; only a retry policy repeats them.

        Args:
            arg_name: Parameter of the function that gets the `EventHubEvent`, or a list of them.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            event_hub_name: Event hub to read from, unless the connection string names one.
            data_type: How the host hands the content over; as it sees fit when left out.
            cardinality: ONE for each event alone, MANY for batches.
                When left out, the annotation of the parameter says it: ``list[func.EventHubEvent]`` is MANY.
            consumer_group: Consumer group to read with; ``$Default`` when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.event_hub_message_trigger("events", "EventHub", "readings", cardinality="many")
            ... def store(events: list[func.EventHubEvent]) -> None:
            ...     for event in events:
            ...         print(event.sequence_number, event.get_json())

        Source: Azure Event Hubs trigger, "Decorators"; reference 1.26.0, `event_hub_message_trigger`.
        """
        return self._bind(
            EventHubTrigger,
            kwargs,
            name=arg_name,
            connection=connection,
            event_hub_name=event_hub_name,
            cardinality=as_enum(Cardinality, cardinality),
            consumer_group=consumer_group,
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class EventHubBindings(DecoratorApi):
    """Event Hubs: decorators for data that goes out."""

    def event_hub_output(
        self,
        arg_name: str,
        connection: str,
        event_hub_name: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Send events to an event hub after the function has returned.

        Takes str, bytes, an `EventHubEvent` with nothing but a body, a dict, a dataclass or a number (sent as JSON),
        or a list of them for several events. None sends nothing. A partition key and properties cannot be sent.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            event_hub_name: Event hub to send to, unless the connection string names one.
            data_type: How the host takes the content; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.event_hub_output("$return", "EventHub", "alarms")
            ... @app.event_hub_message_trigger("event", "EventHub", "readings")
            ... def alarm(event: func.EventHubEvent) -> dict[str, int] | None:
            ...     celsius = event.get_json()["celsius"]
            ...     return {"too_hot": celsius} if celsius > 90 else None

        Source: Azure Event Hubs output binding, "Decorators"; reference 1.26.0, `event_hub_output`.
        """
        return self._bind(
            EventHubOutput,
            kwargs,
            name=arg_name,
            connection=connection,
            event_hub_name=event_hub_name,
            data_type=as_data_type(data_type),
        )
