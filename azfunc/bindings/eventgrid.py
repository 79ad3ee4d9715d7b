"""Azure Event Grid: a trigger for events, and an output that publishes them, in both of the service's schemas.

Docs: Azure Event Grid bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2+;
CloudEvents as output need 3+.
"""

from __future__ import annotations

from azfunc._core.batches import Cardinality
from azfunc._core.binding import OutputBinding, Trigger
from azfunc._core.checks import OBJECT_MARKS, class_of, has_any, is_dict, is_list, is_sequence
from azfunc._core.converter import InConverter, MessageOutConverter
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type, as_enum
from azfunc._core.errors import DefinitionError
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.message import ANYTHING, DATETIME, TEXT, Message, body_of
from azfunc._core.metadata import Metadata
from azfunc._core.objects import ObjectValue
from azfunc._core.text import type_name

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


# --- message types ----------------------------------------------------------------------------------------------------


class _Members(Metadata):
    """The members of an event; unlike trigger metadata they are plain values, whatever attributes these have."""

    __slots__ = ()

    def get(self, key: str) -> Any:
        """Give one member, or None."""
        return self.raw.get(key)


class _Event(Message):
    """What the schemas have in common: everything stands in one JSON object."""

    @property
    def members(self) -> dict[str, Any]:
        """All members of the event's JSON object by their names there, as a new dict; those without a field too."""
        return {} if self._source is None else dict(self._source.raw)

    @classmethod
    def from_members(cls, members: Mapping[str, Any]) -> Self:
        """Make an event from its JSON object; a time is read when it is asked for."""
        return cls.from_host(b"", _Members(members))

    def _keep(self, members: dict[str, Any]) -> None:
        """Keep what the constructor was given; what is None or empty counts as left out."""
        self._source = _Members({key: value for key, value in members.items() if value is not None and value != ""})

    def _text(self, field: str) -> str:
        value: str | None = self._get(field)
        return value or ""

    def get_body(self) -> bytes:
        """Give the data as JSON, in UTF-8; nothing if the event has no data."""
        from azfunc._core.jsonlib import dumps

        data = self.get_json()
        return b"" if data is None else dumps(data).encode("utf-8")

    def get_json(self) -> Any:
        """Give the data of the event: what JSON can hold, most often a dict; None if it has none."""
        data: object = self._get("data")
        return data

    def to_metadata(self) -> dict[str, Datum]:
        """Give nothing: all that Event Grid sends stands in the event itself."""
        return {}

    def _fields(self) -> dict[str, Any]:
        return {name: value for name, value in super()._fields().items() if value != "" or name == "data"}


class _GridEvent(_Event):
    """The members that received and sent events of the Event Grid schema share."""

    @property
    def id(self) -> str:
        """Identity of the event, unique for its topic; from ``id``, empty if there is none."""
        return self._text("id")

    @property
    def subject(self) -> str:
        """Path of what the event is about, as the publisher writes it; from ``subject``, empty if there is none."""
        return self._text("subject")

    @property
    def event_type(self) -> str:
        """Kind of the event, such as ``Microsoft.Storage.BlobCreated``; from ``eventType``, empty if there is none."""
        return self._text("event_type")

    @property
    def event_time(self) -> datetime | None:
        """When the event happened, by the publisher's clock; from ``eventTime``. Aware if it was sent with a zone."""
        return self._get("event_time")

    @property
    def data_version(self) -> str:
        """Version of the shape of the data; from ``dataVersion``, empty if there is none."""
        return self._text("data_version")


class EventGridEvent(_GridEvent):
    """An event in the Event Grid schema, as a function receives it.

    Args:
        id: Identity of the event, unique for its topic.
        data: What happened: a value that JSON can hold, most often a dict.
        topic: Resource that the event comes from, as its full path.
        subject: Path of what the event is about.
        event_type: Kind of the event, such as ``Microsoft.Storage.BlobCreated``.
        event_time: When the event happened.
        data_version: Version of the shape of the data.

    Example:
        >>> func.EventGridEvent(event_type="Shop.OrderPlaced", data={"order": 7}).get_json()
        {'order': 7}

    Source: Azure Event Grid event schema, "Event properties"; reference 1.26.0, `EventGridEvent`. Unlike the
    reference, everything may be left out.
    """

    _wire = {
        "id": ("id", TEXT),
        "topic": ("topic", TEXT),
        "subject": ("subject", TEXT),
        "event_type": ("eventType", TEXT),
        "event_time": ("eventTime", DATETIME),
        "data_version": ("dataVersion", TEXT),
        "data": ("data", ANYTHING),
    }

    def __init__(
        self,
        *,
        id: str = "",
        data: Any = None,
        topic: str = "",
        subject: str = "",
        event_type: str = "",
        event_time: datetime | None = None,
        data_version: str = "",
    ) -> None:
        self._keep(
            {
                "id": id,
                "topic": topic,
                "subject": subject,
                "eventType": event_type,
                "eventTime": event_time,
                "data": data,
                "dataVersion": data_version,
            }
        )

    @property
    def topic(self) -> str:
        """Resource that the event comes from, as its full path; from ``topic``, empty if there is none."""
        return self._text("topic")

    def to_dict(self) -> dict[str, Any]:
        """Give the event as a dict, the time as ISO 8601 text.

        Raises:
            ConversionError: The time cannot be read.
        """
        return {
            "id": self.id,
            "topic": self.topic,
            "subject": self.subject,
            "event_type": self.event_type,
            "event_time": _iso(self.event_time),
            "data_version": self.data_version,
            "data": self.get_json(),
        }


class EventGridOutputEvent(_GridEvent):
    """An event in the Event Grid schema, for `event_grid_output`.

    The topic is that of the output. An id or a time that is left out is filled in when the event is sent; the event
    itself stays as it was made.

    Args:
        id: Identity of the event, unique for its topic; a new UUID is sent when left out.
        data: What happened: a value that JSON can hold, a dataclass, or a value with dates, decimals or UUIDs in it.
        subject: Path of what the event is about, for subscribers to filter by.
        event_type: Kind of the event, such as ``Shop.OrderPlaced``.
        event_time: When the event happened; the time of sending when left out.
            Give an aware one; a naive one is sent without a zone, as the reference does.
        data_version: Version of the shape of the data.

    Example:
        >>> func.EventGridOutputEvent(subject="orders/7", event_type="Shop.OrderPlaced", data={"sum": 12})
        EventGridOutputEvent(subject='orders/7', event_type='Shop.OrderPlaced', data_version='1.0', data={'sum': 12})

    Source: Azure Event Grid event schema, "Event properties"; reference 1.26.0, `EventGridOutputEvent`. Unlike the
    reference, everything may be left out.
    """

    _wire = {
        "id": ("id", TEXT),
        "subject": ("subject", TEXT),
        "event_type": ("eventType", TEXT),
        "event_time": ("eventTime", DATETIME),
        "data_version": ("dataVersion", TEXT),
        "data": ("data", ANYTHING),
    }

    def __init__(
        self,
        *,
        id: str = "",
        data: Any = None,
        subject: str = "",
        event_type: str = "",
        event_time: datetime | None = None,
        data_version: str = "1.0",
    ) -> None:
        self._keep(
            {
                "id": id,
                "subject": subject,
                "eventType": event_type,
                "eventTime": event_time,
                "data": data,
                "dataVersion": data_version,
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the event as a dict, the time as ISO 8601 text."""
        return {
            "id": self.id,
            "subject": self.subject,
            "event_type": self.event_type,
            "event_time": _iso(self.event_time),
            "data_version": self.data_version,
            "data": self.get_json(),
        }


class CloudEvent(_Event):
    """An event in the CloudEvents 1.0 schema, received or sent.

    Args:
        id: Identity of the event, unique for its source; a new UUID is sent when left out.
        source: What the event comes from, as a URI or a path.
        type: Kind of the event, such as ``Shop.OrderPlaced``.
        specversion: Version of the CloudEvents specification.
        data: What happened: a value that JSON can hold; bytes are carried as binary data.
        time: When the event happened; a naive one is sent as UTC.
        subject: What the event is about, within the source.
        datacontenttype: Media type of the data, such as ``application/json``.
        dataschema: URI of the schema that the data keeps to.
        **extensions: Further attributes, by names of lower-case letters and digits.

    Example:
        >>> event = func.CloudEvent(source="/shop", type="Shop.OrderPlaced", data={"order": 7}, traceparent="00-a")
        >>> event.extension_attrs
        {'traceparent': '00-a'}

    Source: CloudEvents 1.0.2, "Context Attributes" and "JSON Event Format"; reference 1.26.0, `CloudEvent`. Unlike the
    reference, everything may be left out.
    """

    _wire = {
        "id": ("id", TEXT),
        "source": ("source", TEXT),
        "type": ("type", TEXT),
        "specversion": ("specversion", TEXT),
        "subject": ("subject", TEXT),
        "time": ("time", DATETIME),
        "datacontenttype": ("datacontenttype", TEXT),
        "dataschema": ("dataschema", TEXT),
        "data": ("data", ANYTHING),
    }

    def __init__(
        self,
        *,
        id: str = "",
        source: str = "",
        type: str = "",
        specversion: str = "1.0",
        data: Any = None,
        time: datetime | None = None,
        subject: str | None = None,
        datacontenttype: str | None = None,
        dataschema: str | None = None,
        **extensions: Any,
    ) -> None:
        if isinstance(data, (bytes, bytearray)):
            import base64

            extensions["data_base64"] = base64.b64encode(data).decode("ascii")
            data = None
        self._keep(
            {
                "id": id,
                "source": source,
                "type": type,
                "subject": subject,
                "time": time,
                "datacontenttype": datacontenttype,
                "dataschema": dataschema,
                "data": data,
            }
        )
        # The specversion stays even when empty: it is what a CloudEvent is known by.
        self._source = _Members({"specversion": specversion, **self.members, **extensions})

    @property
    def id(self) -> str:
        """Identity of the event, unique for its source; from ``id``, empty if there is none."""
        return self._text("id")

    @property
    def source(self) -> str:
        """What the event comes from, as a URI or a path; from ``source``, empty if there is none."""
        return self._text("source")

    @property
    def type(self) -> str:
        """Kind of the event; from ``type``, empty if there is none."""
        return self._text("type")

    @property
    def specversion(self) -> str:
        """Version of the CloudEvents specification; from ``specversion``."""
        return self._text("specversion")

    @property
    def time(self) -> datetime | None:
        """When the event happened; from ``time``. Aware if it was sent with a zone."""
        return self._get("time")

    @property
    def subject(self) -> str | None:
        """What the event is about, within the source; from ``subject``."""
        return self._get("subject")

    @property
    def datacontenttype(self) -> str | None:
        """Media type of the data; from ``datacontenttype``."""
        return self._get("datacontenttype")

    @property
    def dataschema(self) -> str | None:
        """URI of the schema that the data keeps to; from ``dataschema``."""
        return self._get("dataschema")

    @property
    def extension_attrs(self) -> dict[str, Any]:
        """All further attributes, as a new dict; binary data stands here too, as ``data_base64``."""
        return {key: value for key, value in self.members.items() if key not in self._wire}

    def get_body(self) -> bytes:
        """Give the data: binary data as it is, other data as JSON in UTF-8; nothing if the event has none.

        Raises:
            ConversionError: ``data_base64`` is no Base64.
        """
        encoded = self.members.get("data_base64")
        if encoded is None or self._get("data") is not None:
            return super().get_body()
        import base64

        try:
            return base64.b64decode(encoded, validate=True)
        except (ValueError, TypeError) as error:
            raise ConversionError(
                f"The data_base64 of the CloudEvent {self.id!r} is no Base64: {error}",
                hint="Its attributes can be read; the sender has to be asked about the data.",
            ) from error

    def get_json(self) -> Any:
        """Give the data of the event; binary data is read as JSON, and an event without data gives None.

        Unlike the reference, which gives None for binary data.

        Raises:
            JsonDecodeError: The binary data is no JSON; `get_body` gives it.
        """
        data = super().get_json()
        if data is not None or "data_base64" not in self.members:
            return data
        from azfunc._core.jsonlib import loads

        return loads(self.get_body(), what="the binary data of the CloudEvent")

    def to_dict(self) -> dict[str, Any]:
        """Give the event as a dict, the time as ISO 8601 text and binary data among the extensions.

        Raises:
            ConversionError: The time cannot be read.
        """
        return {
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "specversion": self.specversion,
            "subject": self.subject,
            "time": _iso(self.time),
            "datacontenttype": self.datacontenttype,
            "dataschema": self.dataschema,
            "data": self._get("data"),
            "extension_attrs": self.extension_attrs,
        }

    def _fields(self) -> dict[str, Any]:
        return {**super()._fields(), **self.extension_attrs}

    def __repr__(self) -> str:
        from azfunc._core.text import call_text

        extensions = self.extension_attrs
        text = super().__repr__()
        return f"{text[:-1]}, {call_text('', extensions.items())[1:]}" if extensions else text


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


# --- binding classes --------------------------------------------------------------------------------------------------


class EventGridTrigger(Trigger, type="eventGridTrigger"):
    """Entry of type ``eventGridTrigger`` in function.json."""

    cardinality: Cardinality | None = None


class EventGridOutput(OutputBinding, type="eventGrid"):
    """Entry of type ``eventGrid`` in function.json."""

    topic_endpoint_uri: str | None = None
    topic_key_setting: str | None = None
    connection: str | None = None


def _check_topic(topic_endpoint_uri: str | None, topic_key_setting: str | None, connection: str | None) -> None:
    """Check that an output names its topic in one of the two ways.

    Raises:
        DefinitionError: In neither, in both, or in a half.
    """
    pair = (topic_endpoint_uri, topic_key_setting)
    if (all(pair) and connection is None) or (connection and pair == (None, None)):
        return
    names = ("topic_endpoint_uri", "topic_key_setting", "connection")
    given = [f"{name}={value!r}" for name, value in zip(names, (*pair, connection), strict=True) if value is not None]
    raise DefinitionError(
        "Specify either the 'Connection' property or both 'TopicKeySetting' and 'TopicEndpointUri' properties, "
        "but not both.",
        hint=f"event_grid_output was given {' and '.join(given) or 'none of them'}. Give connection=, or both "
        "topic_endpoint_uri= and topic_key_setting=; each is the name of an app setting.",
    )


# --- converters -------------------------------------------------------------------------------------------------------


class EventGridEventInConverter(InConverter, binding="eventGridTrigger", trigger=True):
    """Event Grid trigger: the argument is an `EventGridEvent` or a `CloudEvent`, as the event's schema has it."""

    input_types: ClassVar[tuple[type, ...]] = (EventGridEvent, CloudEvent)
    input_many = True

    @classmethod
    def decode(
        cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None
    ) -> EventGridEvent | CloudEvent | list[EventGridEvent | CloudEvent]:
        """Turn a datum with an event as JSON into an event, and one with a list of them into a list.

        Raises:
            JsonDecodeError: The datum is no JSON.
            ConversionError: It is JSON, but no event.
            UnsupportedValueError: Another wire type.
        """
        from azfunc._core.jsonlib import loads

        payload = loads(body_of(data, what="event grid"), what="the payload of the Event Grid trigger")
        return [_event_of(each) for each in payload] if is_list(payload) else _event_of(payload)

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Turn an event, or a list of events, into the datum it would have come from."""
        from azfunc._core.jsonlib import dumps

        members = [_members_of(each) for each in value] if is_list(value) else _members_of(value)
        return Datum(dumps(members), "json"), {}


def _event_of(members: Any) -> EventGridEvent | CloudEvent:
    if not is_dict(members):
        raise ConversionError(
            f"An event is a JSON object, and the host sent {type_name(members)}.",
            hint='An event looks like {"id": "1", "eventType": "...", "data": {}} or {"specversion": "1.0", ...}.',
        )
    return (CloudEvent if "specversion" in members else EventGridEvent).from_members(members)


def _members_of(event: object) -> dict[str, Any]:
    if isinstance(event, (EventGridEvent, CloudEvent)):
        return event.members
    raise UnsupportedValueError(
        f"The Event Grid trigger cannot be sent {type_name(event)}.",
        hint="Send it EventGridEvent, CloudEvent, or a list of them.",
    )


class EventGridEventOutConverter(MessageOutConverter, binding="eventGrid"):
    """Event Grid output: events of either schema, dicts and JSON text that are events, or several of them."""

    what = "event_grid_output"
    message_type: ClassVar[type[Message] | None] = EventGridOutputEvent
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, list, EventGridOutputEvent, CloudEvent, ObjectValue)
    output_item_types: ClassVar[tuple[type, ...]] = (str, bytes, EventGridOutputEvent, CloudEvent, ObjectValue)

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn an event, or several of one schema, into a Datum; None sends nothing."""
        if is_sequence(obj) and {EventGridOutputEvent, CloudEvent} <= {class_of(each) for each in obj}:
            raise cls.refuse(obj, why="all events of one call go to one topic, which has one schema")
        return super().encode(obj, expected_type=expected_type)

    @classmethod
    def encode_message(cls, message: EventGridOutputEvent) -> dict[str, Any]:
        """Give the JSON object of an event in the Event Grid schema; fills in a missing id and time."""
        return {
            "id": message.id or _new_id(),
            "subject": message.subject,
            "dataVersion": message.data_version,
            "eventType": message.event_type,
            "data": message.get_json(),
            "eventTime": message.event_time or _now(),
        }

    @classmethod
    def encode_cloud_event(cls, event: CloudEvent) -> dict[str, Any]:
        """Give the JSON object of a CloudEvent; fills in a missing id."""
        members = {"source": event.source, "type": event.type, **event.members, "id": event.id or _new_id()}
        return {**members, "time": _with_zone(members["time"])} if "time" in members else members

    @classmethod
    def _plain(cls, obj: Any) -> Any:
        if isinstance(obj, CloudEvent):
            return cls.encode_cloud_event(obj)
        if isinstance(obj, EventGridEvent):
            raise cls.refuse(obj, why="Event Grid sets the topic of what is sent; make an EventGridOutputEvent of it")
        plain: Any = super()._plain(obj)
        if not has_any(class_of(plain), _EVENT_MARKS):
            raise cls.refuse(obj, why="an event is an object")
        return plain

    @classmethod
    def refuse(cls, obj: Any, *, why: str = "") -> UnsupportedValueError:
        """Make the error for a value that is no event."""
        return UnsupportedValueError(
            f"{cls.what} got {type_name(obj)}{f': {why}' if why else ''}.",
            hint="Give it EventGridOutputEvent, CloudEvent, a dict, a dataclass or a model with the members of an "
            "event, its JSON as str or bytes, or a list of them.",
        )


_EVENT_MARKS = (*OBJECT_MARKS, "encode", "decode")
"""What classes have whose values can be an event: mappings, text, bytes, and objects that are written as mappings."""


def _new_id() -> str:
    import uuid

    return str(uuid.uuid4())


def _now() -> datetime:
    from datetime import datetime, timezone

    return datetime.now(timezone.utc)


def _with_zone(time: object) -> object:
    """Give a time that can be sent: a naive one is UTC; text stays as it came."""
    from datetime import datetime, timezone

    return time.replace(tzinfo=timezone.utc) if isinstance(time, datetime) and time.tzinfo is None else time


# --- trigger decorators -----------------------------------------------------------------------------------------------


class EventGridTriggers(DecoratorApi):
    """Event Grid: decorators that start a function."""

    def event_grid_trigger(
        self,
        arg_name: str,
        data_type: DataType | DataTypeName | None = None,
        cardinality: Cardinality | CardinalityName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each event that a subscription delivers.

        The subscription is made in Azure and names the function as its endpoint; the function need not be told of
        the topic. An event whose function raises is delivered again, by the retry policy of the subscription.

        Args:
            arg_name: Parameter of the function that gets the `EventGridEvent`, or the `CloudEvent`.
                Which of the two it is depends on the schema that the subscription delivers in.
            data_type: How the host hands the event over; as JSON when left out.
            cardinality: Whether one call gets one event or a list of those that were delivered together.
                What the annotation says when left out: ``list[func.EventGridEvent]`` is MANY.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.event_grid_trigger("event")
            ... def on_blob(event: func.EventGridEvent) -> None:
            ...     print(event.event_type, event.subject, event.get_json()["url"])

        Source: Azure Event Grid trigger for Azure Functions, "Configuration"; reference 1.26.0, `event_grid_trigger`,
        which lacks `cardinality`.
        """
        return self._bind(
            EventGridTrigger,
            kwargs,
            name=arg_name,
            data_type=as_data_type(data_type),
            cardinality=as_enum(Cardinality, cardinality),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class EventGridBindings(DecoratorApi):
    """Event Grid: decorators for data that goes out."""

    def event_grid_output(
        self,
        arg_name: str,
        topic_endpoint_uri: str | None = None,
        topic_key_setting: str | None = None,
        connection: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Publish events to a custom topic after the function has returned.

        Takes `EventGridOutputEvent`, `CloudEvent`, a dict or a dataclass with the members of an event, or its JSON as
        str or bytes; or a list of them. None sends nothing. The topic is named by `connection`, or by
        `topic_endpoint_uri` and `topic_key_setting` together.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            topic_endpoint_uri: App setting that has the address of the topic.
            topic_key_setting: App setting that has an access key of the topic.
            connection: Prefix of the app settings that say how to connect with an identity.
                ``<connection>__topicEndpointUri`` has the address of the topic.
            data_type: How the host takes the event; leave it out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The topic is named in neither way, or in both; or a name or value is not permitted.

        Example:
            >>> @app.event_grid_output("$return", topic_endpoint_uri="TOPIC_URI", topic_key_setting="TOPIC_KEY")
            ... @app.queue_trigger("msg", "orders", "Storage")
            ... def publish(msg: func.QueueMessage) -> func.EventGridOutputEvent:
            ...     return func.EventGridOutputEvent(
            ...         subject="orders", event_type="Shop.OrderPlaced", data=msg.get_json()
            ...     )

        Source: Azure Event Grid output binding for Azure Functions, "Configuration" and "Connections"; reference
        1.26.0, `event_grid_output`. Unlike the reference, a topic named wrongly is an error at this line.
        """
        _check_topic(topic_endpoint_uri, topic_key_setting, connection)
        return self._bind(
            EventGridOutput,
            kwargs,
            name=arg_name,
            topic_endpoint_uri=topic_endpoint_uri,
            topic_key_setting=topic_key_setting,
            connection=connection,
            data_type=as_data_type(data_type),
        )
