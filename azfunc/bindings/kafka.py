"""Apache Kafka: a trigger for the events of a topic, singly or in batches, and an output that writes to one.

Docs: Apache Kafka bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 3+.
"""

from __future__ import annotations

from azfunc._core.batches import Cardinality
from azfunc._core.binding import OutputBinding, Trigger
from azfunc._core.checks import is_dict, is_list
from azfunc._core.converter import JsonValue, MessageOutConverter
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import WireEnum, as_data_type, as_enum
from azfunc._core.events import Event, EventInConverter
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.message import INTEGER, TEXT, Codec, plain_text
from azfunc._core.metadata import ItemMetadata, Metadata
from azfunc._core.text import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, ClassVar, Literal, NoReturn, TypeAlias

    from azfunc._core.batches import CardinalityName
    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName
    from azfunc._core.message import Message

    AuthenticationModeName: TypeAlias = Literal[
        "NotSet",
        "NOTSET",
        "Gssapi",
        "gssapi",
        "GSSAPI",
        "Plain",
        "plain",
        "PLAIN",
        "ScramSha256",
        "scramsha256",
        "SCRAMSHA256",
        "ScramSha512",
        "scramsha512",
        "SCRAMSHA512",
        "OAuthBearer",
        "oauthbearer",
        "OAUTHBEARER",
    ]
    """Text that stands for a `BrokerAuthenticationMode`."""
    ProtocolName: TypeAlias = Literal[
        "NotSet",
        "NOTSET",
        "Plaintext",
        "plaintext",
        "PLAINTEXT",
        "Ssl",
        "ssl",
        "SSL",
        "SaslPlaintext",
        "saslplaintext",
        "SASLPLAINTEXT",
        "sasl_plaintext",
        "SASL_PLAINTEXT",
        "SaslSsl",
        "saslssl",
        "SASLSSL",
        "sasl_ssl",
        "SASL_SSL",
    ]
    """Text that stands for a `BrokerProtocol`."""
    KeyTypeName: TypeAlias = Literal[
        "Int", "int", "INT", "Long", "long", "LONG", "String", "string", "STRING", "Binary", "binary", "BINARY"
    ]
    """Text that stands for a `KafkaMessageKeyType`."""
    OAuthBearerMethodName: TypeAlias = Literal["Default", "default", "DEFAULT", "Oidc", "oidc", "OIDC"]
    """Text that stands for an `OAuthBearerMethod`."""

_ENVELOPE = ("Offset", "Partition", "Topic", "Timestamp", "Value")


# --- message types ----------------------------------------------------------------------------------------------------


class BrokerAuthenticationMode(WireEnum):
    """SASL mechanism that a broker is logged in to with."""

    NOTSET = -1
    """None."""
    GSSAPI = 0
    """Kerberos."""
    PLAIN = 1
    """User name and password."""
    SCRAMSHA256 = 2
    """User name and password, SCRAM with SHA-256."""
    SCRAMSHA512 = 3
    """User name and password, SCRAM with SHA-512."""
    OAUTHBEARER = 4
    """OAuth tokens. Unlike the reference, which has the fields for it and not the mode."""


class BrokerProtocol(WireEnum):
    """How a broker is talked to."""

    NOTSET = -1
    """As the extension sees fit."""
    PLAINTEXT = 0
    """Neither encryption nor login."""
    SSL = 1
    """Encryption."""
    SASLPLAINTEXT = 2
    """Login."""
    SASLSSL = 3
    """Encryption and login."""


class OAuthBearerMethod(WireEnum):
    """How OAuth tokens for a broker are got."""

    DEFAULT = 0
    """As the client library does by itself."""
    OIDC = 1
    """From an OpenID Connect provider."""


class KafkaMessageKeyType(WireEnum):
    """Type of the keys of a topic."""

    INT = 0
    """Whole numbers of 32 bits."""
    LONG = 1
    """Whole numbers of 64 bits."""
    STRING = 2
    """Text."""
    BINARY = 3
    """Bytes."""


class _Key(Codec):
    native = str

    def read(self, value: Any) -> str:
        if isinstance(value, bytes):
            return plain_text(value)
        if is_dict(value) or is_list(value):
            from azfunc._core.jsonlib import dumps

            return dumps(value)
        return str(value)


class _Headers(Codec):
    native = list

    def read(self, value: Any) -> list[Any]:
        from azfunc._core.jsonlib import loads

        found: Any = loads(value) if isinstance(value, (str, bytes)) else value
        if not is_list(found):
            raise TypeError(f"it is a {type(found).__name__}")
        return found


class KafkaEvent(Event):
    """An event of a Kafka topic.

    Args:
        body: Content, as bytes or text; text is kept in UTF-8.
        trigger_metadata: What the host sends beside the body, by name; `metadata` gives it back.
        key: Key of the event.
        offset: Place of the event in its partition.
        partition: Number of the partition.
        topic: Topic that the event was read from.
        timestamp: When the event was written, as text in ISO 8601.
        headers: Headers of the event, by name, with text or bytes.
            Or as the host sends them: a list of ``{"Key": ..., "Value": ...}`` with bytes, or Base64 as text.

    Raises:
        ArgumentTypeError: The body is neither text nor bytes.

    Example:
        >>> event = func.KafkaEvent(body='{"order": 7}', key="ada", headers={"language": "python"})
        >>> event.headers
        [{'Key': 'language', 'Value': 'cHl0aG9u'}]
        >>> event.get_headers()
        [('language', b'python')]

    Source: reference 1.26.0, `KafkaEvent`; Kafka extension, `KafkaTriggerBindingStrategy` and "samples/python-v2".
    """

    _wire = {
        "key": ("Key", _Key("text")),
        "offset": ("Offset", INTEGER),
        "partition": ("Partition", INTEGER),
        "topic": ("Topic", TEXT),
        "timestamp": ("Timestamp", TEXT),
        "headers": ("Headers", _Headers("a list of headers")),
    }

    def __init__(
        self,
        *,
        body: str | bytes = b"",
        trigger_metadata: Mapping[str, Any] | None = None,
        key: str | None = None,
        offset: int | None = None,
        partition: int | None = None,
        topic: str | None = None,
        timestamp: str | None = None,
        headers: Iterable[Mapping[str, Any]] | Mapping[str, str | bytes | None] | None = None,
    ) -> None:
        self._set(
            body,
            key=key,
            offset=offset,
            partition=partition,
            topic=topic,
            timestamp=timestamp,
            headers=None if headers is None else _as_headers(headers),
        )
        self._set_metadata(trigger_metadata, Metadata)

    @property
    def key(self) -> str | None:
        """Key of the event; from ``Key``. A key of bytes is text in UTF-8, or Base64 when it is none."""
        return self._get("key")

    @property
    def offset(self) -> int | None:
        """Place of the event in its partition; from ``Offset``."""
        return self._get("offset")

    @property
    def partition(self) -> int | None:
        """Number of the partition; from ``Partition``."""
        return self._get("partition")

    @property
    def topic(self) -> str | None:
        """Topic that the event was read from; from ``Topic``."""
        return self._get("topic")

    @property
    def timestamp(self) -> str | None:
        """When the event was written, as text in ISO 8601; from ``Timestamp``."""
        return self._get("timestamp")

    @property
    def headers(self) -> list[dict[str, Any]] | None:
        """Headers as the host sends them, with values in Base64; from ``Headers``. `get_headers()` has the bytes."""
        return self._get("headers")

    @property
    def metadata(self) -> dict[str, Any] | None:
        """Trigger metadata of this event alone, by name, or None if it has none.

        For an event that came alone JSON stays text, as in the reference. An event of a batch has its own place of
        each array here, read and by the name without ``Array``, and what the batch shares. Unlike the reference, it
        does not have the arrays of the whole batch; they are in `batch_metadata`.
        """
        source = self._source
        if self._metadata is None and source is not None and not isinstance(source, ItemMetadata):
            self._metadata = {key: _as_sent(source, key) for key in source.raw}
        return super().metadata

    def get_headers(self) -> list[tuple[str, bytes | None]]:
        """Give name and value of each header, the value as bytes; nothing if there are no headers.

        Raises:
            ConversionError: A value is no Base64.
        """
        return [(str(each["Key"]), _header_bytes(each)) for each in self.headers or []]

    def get_value(self) -> bytes:
        """Give the value of the event, without the JSON that the host puts around it.

        With the data type ``string`` the body is a JSON object with ``Offset``, ``Value``, ``Headers`` and so on, and
        the value is its ``Value``. Any other body is the value itself.
        """
        envelope = self._envelope()
        if envelope is None:
            return self.get_body()
        from azfunc._core.jsonlib import dumps

        value = envelope["Value"]
        return (value if isinstance(value, str) else dumps(value)).encode("utf-8")

    def _envelope(self) -> dict[str, Any] | None:
        body = self.get_body()
        if not body.lstrip().startswith(b"{"):
            return None
        try:
            found = self.get_json()
        except ConversionError:
            return None
        return found if is_dict(found) and all(key in found for key in _ENVELOPE) else None


def _as_sent(source: Metadata, key: str) -> Any:
    datum = source.raw[key]
    return datum.value if getattr(datum, "type", None) == "json" else source.get(key)


def _as_headers(headers: Iterable[Mapping[str, Any]] | Mapping[str, str | bytes | None]) -> list[dict[str, Any]]:
    """Give headers as the host sends them."""
    if hasattr(headers, "keys"):
        named: Any = headers
        return [{"Key": key, "Value": _base64(named[key])} for key in named]
    several: Any = headers
    return [
        {**each, "Value": _base64(each["Value"])} if isinstance(each.get("Value"), bytes) else dict(each)
        for each in several
    ]


def _base64(value: str | bytes | None) -> str | None:
    import base64

    if value is None:
        return None
    return base64.b64encode(value.encode("utf-8") if isinstance(value, str) else value).decode("ascii")


def _header_bytes(header: Mapping[str, Any]) -> bytes | None:
    import base64

    value = header.get("Value")
    try:
        return None if value is None else base64.b64decode(value, validate=True)
    except (ValueError, TypeError) as error:
        raise ConversionError(
            f"The header {header.get('Key')!r} has the value {short(value)}, which is no Base64.",
            hint="The host sends the values of headers as Base64; by hand give text as headers={'name': 'text'}.",
        ) from error


# --- binding classes --------------------------------------------------------------------------------------------------


class KafkaTrigger(Trigger, type="kafkaTrigger"):
    """Entry of type ``kafkaTrigger`` in function.json."""

    topic: str
    broker_list: str
    event_hub_connection_string: str | None = None
    consumer_group: str | None = None
    avro_schema: str | None = None
    key_avro_schema: str | None = None
    key_data_type: KafkaMessageKeyType | None = KafkaMessageKeyType.STRING
    username: str | None = None
    password: str | None = None
    ssl_key_location: str | None = None
    ssl_ca_location: str | None = None
    ssl_certificate_location: str | None = None
    ssl_key_password: str | None = None
    ssl_certificate_pem: str | None = None
    ssl_key_pem: str | None = None
    ssl_ca_pem: str | None = None
    ssl_certificate_and_key_pem: str | None = None
    schema_registry_url: str | None = None
    schema_registry_username: str | None = None
    schema_registry_password: str | None = None
    o_auth_bearer_method: OAuthBearerMethod | None = None
    o_auth_bearer_client_id: str | None = None
    o_auth_bearer_client_secret: str | None = None
    o_auth_bearer_scope: str | None = None
    o_auth_bearer_token_endpoint_url: str | None = None
    o_auth_bearer_extensions: str | None = None
    authentication_mode: BrokerAuthenticationMode | None = BrokerAuthenticationMode.NOTSET
    protocol: BrokerProtocol | None = BrokerProtocol.NOTSET
    cardinality: Cardinality | None = Cardinality.ONE
    lag_threshold: int = 1000


class KafkaOutput(OutputBinding, type="kafka"):
    """Entry of type ``kafka`` in function.json."""

    topic: str
    broker_list: str
    avro_schema: str | None = None
    key_avro_schema: str | None = None
    key_data_type: KafkaMessageKeyType | None = KafkaMessageKeyType.STRING
    username: str | None = None
    password: str | None = None
    ssl_key_location: str | None = None
    ssl_ca_location: str | None = None
    ssl_certificate_location: str | None = None
    ssl_key_password: str | None = None
    ssl_certificate_pem: str | None = None
    ssl_key_pem: str | None = None
    ssl_ca_pem: str | None = None
    ssl_certificate_and_key_pem: str | None = None
    schema_registry_url: str | None = None
    schema_registry_username: str | None = None
    schema_registry_password: str | None = None
    o_auth_bearer_method: OAuthBearerMethod | None = None
    o_auth_bearer_client_id: str | None = None
    o_auth_bearer_client_secret: str | None = None
    o_auth_bearer_scope: str | None = None
    o_auth_bearer_token_endpoint_url: str | None = None
    o_auth_bearer_extensions: str | None = None
    max_message_bytes: int = 1_000_000
    batch_size: int = 10_000
    enable_idempotence: bool = False
    message_timeout_ms: int = 300_000
    request_timeout_ms: int = 5_000
    max_retries: int = 2_147_483_647
    authentication_mode: BrokerAuthenticationMode | None = BrokerAuthenticationMode.NOTSET
    protocol: BrokerProtocol | None = BrokerProtocol.NOTSET
    linger_ms: int = 5


# --- converters -------------------------------------------------------------------------------------------------------


class KafkaConverter(EventInConverter, MessageOutConverter, binding="kafka"):
    """Kafka output: text, bytes, a `KafkaEvent` with key and headers, a value for JSON, or several of them."""

    event_type: ClassVar[type[Event]] = KafkaEvent
    payload = "event data"
    arrays: ClassVar[tuple[str, ...]] = ("OffsetArray", "PartitionArray")
    input_types: ClassVar[tuple[type, ...]] = (KafkaEvent,)
    input_many = True
    what = "kafka output"
    message_type: ClassVar[type[Message] | None] = KafkaEvent
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, KafkaEvent, JsonValue)
    output_item_types: ClassVar[tuple[type, ...]] = (str, bytes, KafkaEvent, JsonValue)

    @classmethod
    def encode_message(cls, message: KafkaEvent) -> str | bytes:
        """Give the JSON that the extension makes an event with key and headers of; a body alone is sent as it is.

        Raises:
            UnsupportedValueError: The extension cannot send the event whole.

        Source: Kafka extension, `KafkaProducerAsyncCollector` and "samples/python-v2/kafka_output.py".
        """
        names = ("key", "offset", "partition", "topic", "timestamp", "headers")
        if all(getattr(message, name) is None for name in names):
            return message.get_body()
        from azfunc._core.jsonlib import dumps

        envelope = {
            "Offset": message.offset or 0,
            "Partition": message.partition or 0,
            "Topic": message.topic or "",
            "Timestamp": _sendable_timestamp(message),
            "Value": _sendable_text(message.get_value(), "body"),
            "Key": message.key,
            "Headers": _sendable_headers(message),
        }
        # The extension needs all names but the key, and sends the object as the value if it cannot read one of them.
        return dumps({name: value for name, value in envelope.items() if value is not None})


def _sendable_headers(event: KafkaEvent) -> list[dict[str, str]]:
    try:
        headers = event.get_headers()
    except ConversionError as error:
        raise UnsupportedValueError(error.message, hint=error.hint) from error
    return [{"Key": key, "Value": _sendable_text(value, f"header {key!r}")} for key, value in headers]


def _sendable_text(value: bytes | None, what: str) -> str:
    try:
        return value.decode("utf-8") if value is not None else _no_text(what)
    except UnicodeDecodeError:
        return _no_text(what)


def _no_text(what: str) -> NoReturn:
    raise UnsupportedValueError(
        f"kafka output got a KafkaEvent whose {what} is no text in UTF-8.",
        hint="The extension takes an event with key and headers as JSON, which holds text alone. "
        "Send the body without key and headers, or encode the bytes, as Base64 say.",
    )


def _sendable_timestamp(event: KafkaEvent) -> str:
    from datetime import datetime, timezone

    from azfunc._core.times import format_datetime, parse_datetime

    if event.timestamp is None:
        return format_datetime(datetime.now(timezone.utc))
    try:
        parse_datetime(event.timestamp)
    except ConversionError as error:
        raise UnsupportedValueError(
            f"kafka output got a KafkaEvent with the timestamp {event.timestamp!r}, which is no date and time.",
            hint="Give it in ISO 8601, such as 2026-01-02T03:04:05Z, or leave it out.",
        ) from error
    return event.timestamp


class KafkaTriggerConverter(KafkaConverter, binding="kafkaTrigger", trigger=True):
    """Kafka trigger: the argument is a `KafkaEvent`, or a list of them with cardinality MANY."""


# --- trigger decorators -----------------------------------------------------------------------------------------------


class KafkaTriggers(DecoratorApi):
    """Kafka: decorators that start a function."""

    def kafka_trigger(
        self,
        arg_name: str,
        topic: str,
        broker_list: str,
        event_hub_connection_string: str | None = None,
        consumer_group: str | None = None,
        avro_schema: str | None = None,
        key_avro_schema: str | None = None,
        key_data_type: KafkaMessageKeyType | KeyTypeName | None = KafkaMessageKeyType.STRING,
        username: str | None = None,
        password: str | None = None,
        ssl_key_location: str | None = None,
        ssl_ca_location: str | None = None,
        ssl_certificate_location: str | None = None,
        ssl_key_password: str | None = None,
        ssl_certificate_pem: str | None = None,
        ssl_key_pem: str | None = None,
        ssl_ca_pem: str | None = None,
        ssl_certificate_and_key_pem: str | None = None,
        schema_registry_url: str | None = None,
        schema_registry_username: str | None = None,
        schema_registry_password: str | None = None,
        o_auth_bearer_method: OAuthBearerMethod | OAuthBearerMethodName | None = None,
        o_auth_bearer_client_id: str | None = None,
        o_auth_bearer_client_secret: str | None = None,
        o_auth_bearer_scope: str | None = None,
        o_auth_bearer_token_endpoint_url: str | None = None,
        o_auth_bearer_extensions: str | None = None,
        authentication_mode: BrokerAuthenticationMode | AuthenticationModeName | None = BrokerAuthenticationMode.NOTSET,
        protocol: BrokerProtocol | ProtocolName | None = BrokerProtocol.NOTSET,
        cardinality: Cardinality | CardinalityName | None = None,
        lag_threshold: int = 1000,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each event of a Kafka topic, or for each batch of events.

        Args:
            arg_name: Parameter of the function that gets the `KafkaEvent`, or a list of them.
            topic: Topic to read.
            broker_list: App setting with the brokers, as ``host:port`` with commas, or the list itself.
            event_hub_connection_string: App setting with the connection string, when the broker is an event hub.
            consumer_group: Consumer group to read with.
            avro_schema: Avro schema of the values, as JSON text.
            key_avro_schema: Avro schema of the keys, as JSON text.
            key_data_type: Type of the keys; STRING when left out.
            username: App setting with the user name for SASL; not used with GSSAPI.
            password: App setting with the password for SASL; not used with GSSAPI.
            ssl_key_location: Path of the client's private key, in PEM.
            ssl_ca_location: Path of the certificate of the authority that signed the broker's.
            ssl_certificate_location: Path of the client's certificate.
            ssl_key_password: App setting with the password of the client's private key.
            ssl_certificate_pem: App setting with the client's certificate, in PEM.
            ssl_key_pem: App setting with the client's private key, in PEM.
            ssl_ca_pem: App setting with the authority's certificate, in PEM.
            ssl_certificate_and_key_pem: App setting with the client's certificate and private key, in PEM.
            schema_registry_url: App setting with the address of the Avro schema registry.
            schema_registry_username: App setting with the user name for the schema registry.
            schema_registry_password: App setting with the password for the schema registry.
            o_auth_bearer_method: How OAuth tokens are got: DEFAULT or OIDC.
            o_auth_bearer_client_id: App setting with the client id for OIDC.
            o_auth_bearer_client_secret: App setting with the client secret for OIDC.
            o_auth_bearer_scope: Scope that is asked of the broker, for OIDC.
            o_auth_bearer_token_endpoint_url: Address that gives the tokens, for OIDC.
            o_auth_bearer_extensions: Further information for the broker, for OIDC, as ``key=value`` pairs with commas.
            authentication_mode: SASL mechanism; none when left out.
            protocol: How the broker is talked to; as the extension sees fit when left out.
                The spelling of the documentation, ``sasl_ssl``, is accepted too.
            cardinality: ONE for each event alone, MANY for batches.
                When left out, the annotation of the parameter says it: ``list[func.KafkaEvent]`` is MANY.
            lag_threshold: Events that may wait for one instance before the host adds another one.
            data_type: How the host hands the content over; as text when left out.
                ``string`` is JSON of the whole event, ``binary`` its value. The host wants one of them with MANY.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.kafka_trigger("event", "orders", "BrokerList", protocol="SaslSsl", authentication_mode="Plain")
            ... def book(event: func.KafkaEvent) -> None:
            ...     print(event.key, event.get_value())

        Source: Apache Kafka trigger, "Configuration"; reference 1.26.0, `kafka_trigger`.
        """
        return self._bind(
            KafkaTrigger,
            kwargs,
            name=arg_name,
            topic=topic,
            broker_list=broker_list,
            event_hub_connection_string=event_hub_connection_string,
            consumer_group=consumer_group,
            avro_schema=avro_schema,
            key_avro_schema=key_avro_schema,
            key_data_type=as_enum(KafkaMessageKeyType, key_data_type),
            username=username,
            password=password,
            ssl_key_location=ssl_key_location,
            ssl_ca_location=ssl_ca_location,
            ssl_certificate_location=ssl_certificate_location,
            ssl_key_password=ssl_key_password,
            ssl_certificate_pem=ssl_certificate_pem,
            ssl_key_pem=ssl_key_pem,
            ssl_ca_pem=ssl_ca_pem,
            ssl_certificate_and_key_pem=ssl_certificate_and_key_pem,
            schema_registry_url=schema_registry_url,
            schema_registry_username=schema_registry_username,
            schema_registry_password=schema_registry_password,
            o_auth_bearer_method=as_enum(OAuthBearerMethod, o_auth_bearer_method),
            o_auth_bearer_client_id=o_auth_bearer_client_id,
            o_auth_bearer_client_secret=o_auth_bearer_client_secret,
            o_auth_bearer_scope=o_auth_bearer_scope,
            o_auth_bearer_token_endpoint_url=o_auth_bearer_token_endpoint_url,
            o_auth_bearer_extensions=o_auth_bearer_extensions,
            authentication_mode=as_enum(BrokerAuthenticationMode, authentication_mode),
            protocol=_as_protocol(protocol),
            cardinality=as_enum(Cardinality, cardinality),
            lag_threshold=lag_threshold,
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class KafkaBindings(DecoratorApi):
    """Kafka: decorators for data that goes out."""

    def kafka_output(
        self,
        arg_name: str,
        topic: str,
        broker_list: str,
        avro_schema: str | None = None,
        key_avro_schema: str | None = None,
        key_data_type: KafkaMessageKeyType | KeyTypeName | None = KafkaMessageKeyType.STRING,
        username: str | None = None,
        password: str | None = None,
        ssl_key_location: str | None = None,
        ssl_ca_location: str | None = None,
        ssl_certificate_location: str | None = None,
        ssl_key_password: str | None = None,
        ssl_certificate_pem: str | None = None,
        ssl_key_pem: str | None = None,
        ssl_ca_pem: str | None = None,
        ssl_certificate_and_key_pem: str | None = None,
        schema_registry_url: str | None = None,
        schema_registry_username: str | None = None,
        schema_registry_password: str | None = None,
        o_auth_bearer_method: OAuthBearerMethod | OAuthBearerMethodName | None = None,
        o_auth_bearer_client_id: str | None = None,
        o_auth_bearer_client_secret: str | None = None,
        o_auth_bearer_scope: str | None = None,
        o_auth_bearer_token_endpoint_url: str | None = None,
        o_auth_bearer_extensions: str | None = None,
        max_message_bytes: int = 1_000_000,
        batch_size: int = 10_000,
        enable_idempotence: bool = False,
        message_timeout_ms: int = 300_000,
        request_timeout_ms: int = 5_000,
        max_retries: int = 2_147_483_647,
        authentication_mode: BrokerAuthenticationMode | AuthenticationModeName | None = BrokerAuthenticationMode.NOTSET,
        protocol: BrokerProtocol | ProtocolName | None = BrokerProtocol.NOTSET,
        linger_ms: int = 5,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Write events to a Kafka topic after the function has returned.

        Takes str, bytes, a `KafkaEvent` (of which value, key and headers are sent), a dict, a dataclass or a number
        (sent as JSON), or a list of them for several events. None sends nothing.
        Unlike the reference, whose converter for this binding refuses every value.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            topic: Topic to write to.
            broker_list: App setting with the brokers, as ``host:port`` with commas, or the list itself.
            avro_schema: Avro schema of the values, as JSON text.
            key_avro_schema: Avro schema of the keys, as JSON text.
            key_data_type: Type of the keys; STRING when left out.
            username: App setting with the user name for SASL; not used with GSSAPI.
            password: App setting with the password for SASL; not used with GSSAPI.
            ssl_key_location: Path of the client's private key, in PEM.
            ssl_ca_location: Path of the certificate of the authority that signed the broker's.
            ssl_certificate_location: Path of the client's certificate.
            ssl_key_password: App setting with the password of the client's private key.
            ssl_certificate_pem: App setting with the client's certificate, in PEM.
            ssl_key_pem: App setting with the client's private key, in PEM.
            ssl_ca_pem: App setting with the authority's certificate, in PEM.
            ssl_certificate_and_key_pem: App setting with the client's certificate and private key, in PEM.
            schema_registry_url: App setting with the address of the Avro schema registry.
            schema_registry_username: App setting with the user name for the schema registry.
            schema_registry_password: App setting with the password for the schema registry.
            o_auth_bearer_method: How OAuth tokens are got: DEFAULT or OIDC.
            o_auth_bearer_client_id: App setting with the client id for OIDC.
            o_auth_bearer_client_secret: App setting with the client secret for OIDC.
            o_auth_bearer_scope: Scope that is asked of the broker, for OIDC.
            o_auth_bearer_token_endpoint_url: Address that gives the tokens, for OIDC.
            o_auth_bearer_extensions: Further information for the broker, for OIDC, as ``key=value`` pairs with commas.
            max_message_bytes: Greatest size of a message, in bytes.
            batch_size: Greatest number of messages that are sent together.
            enable_idempotence: Whether each message is written exactly once, in order.
            message_timeout_ms: Time that the delivery of a message may take, in milliseconds; 0 is no limit.
            request_timeout_ms: Time that the broker has to acknowledge, in milliseconds.
            max_retries: Greatest number of attempts to send a message again.
            authentication_mode: SASL mechanism; none when left out.
            protocol: How the broker is talked to; as the extension sees fit when left out.
                The spelling of the documentation, ``sasl_ssl``, is accepted too.
            linger_ms: Time that messages wait for others to be sent with, in milliseconds.
            data_type: How the host takes the content; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.kafka_output("$return", "done", "BrokerList")
            ... @app.kafka_trigger("event", "orders", "BrokerList")
            ... def book(event: func.KafkaEvent) -> func.KafkaEvent:
            ...     return func.KafkaEvent(body="booked", key=event.key, headers={"by": "book"})

        Source: Apache Kafka output binding, "Configuration"; reference 1.26.0, `kafka_output`.
        """
        return self._bind(
            KafkaOutput,
            kwargs,
            name=arg_name,
            topic=topic,
            broker_list=broker_list,
            avro_schema=avro_schema,
            key_avro_schema=key_avro_schema,
            key_data_type=as_enum(KafkaMessageKeyType, key_data_type),
            username=username,
            password=password,
            ssl_key_location=ssl_key_location,
            ssl_ca_location=ssl_ca_location,
            ssl_certificate_location=ssl_certificate_location,
            ssl_key_password=ssl_key_password,
            ssl_certificate_pem=ssl_certificate_pem,
            ssl_key_pem=ssl_key_pem,
            ssl_ca_pem=ssl_ca_pem,
            ssl_certificate_and_key_pem=ssl_certificate_and_key_pem,
            schema_registry_url=schema_registry_url,
            schema_registry_username=schema_registry_username,
            schema_registry_password=schema_registry_password,
            o_auth_bearer_method=as_enum(OAuthBearerMethod, o_auth_bearer_method),
            o_auth_bearer_client_id=o_auth_bearer_client_id,
            o_auth_bearer_client_secret=o_auth_bearer_client_secret,
            o_auth_bearer_scope=o_auth_bearer_scope,
            o_auth_bearer_token_endpoint_url=o_auth_bearer_token_endpoint_url,
            o_auth_bearer_extensions=o_auth_bearer_extensions,
            max_message_bytes=max_message_bytes,
            batch_size=batch_size,
            enable_idempotence=enable_idempotence,
            message_timeout_ms=message_timeout_ms,
            request_timeout_ms=request_timeout_ms,
            max_retries=max_retries,
            authentication_mode=as_enum(BrokerAuthenticationMode, authentication_mode),
            protocol=_as_protocol(protocol),
            linger_ms=linger_ms,
            data_type=as_data_type(data_type),
        )


def _as_protocol(value: BrokerProtocol | str | None) -> BrokerProtocol | None:
    """Read a protocol; the documentation writes ``sasl_ssl`` for what function.json calls ``SASLSSL``."""
    if isinstance(value, str) and value.replace("_", "").upper() in BrokerProtocol.__members__:
        return as_enum(BrokerProtocol, value.replace("_", ""))
    return as_enum(BrokerProtocol, value)
