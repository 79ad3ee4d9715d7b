"""`Message`: the base of the rich types that user code gets and gives.

A message made by the host keeps the trigger metadata as it came, and reads a field when it is asked for: a date that
nobody reads costs nothing and cannot break the call. A message made by hand keeps what it was given.
"""

from __future__ import annotations

from abc import ABCMeta

from azfunc._core.errors import ArgumentTypeError, AzfuncError
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.lazy import LazyModule
from azfunc._core.metadata import ItemMetadata, Metadata
from azfunc._core.text import call_text, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, ClassVar, TypeVar

    from typing_extensions import Self

    from azfunc._core import jsonlib, secrets, times
    from azfunc._core.datum import Datum

    T = TypeVar("T")
else:
    jsonlib = LazyModule("azfunc._core.jsonlib")
    secrets = LazyModule("azfunc._core.secrets")
    times = LazyModule("azfunc._core.times")


class Codec:
    """How one kind of metadata value is read and written.

    Args:
        name: What it reads, for errors: ``a date and time``.
        missing: Makes what stands for no value; None does when left out.
    """

    name: str
    """What it reads, for errors."""
    native: type | None = None
    """Class of the values that need no reading, if there is one."""
    missing: Callable[[], Any] | None
    """Makes what stands for no value; None does when there is none."""

    def __init__(self, name: str, missing: Callable[[], Any] | None = None) -> None:
        self.name = name
        self.missing = missing

    def read(self, value: Any) -> Any:
        """Turn a value of the host, never None, into the Python value."""
        return value

    def write(self, value: Any) -> Any:
        """Turn the Python value back into what the host sends."""
        return value


class _Text(Codec):
    native: type | None = str

    def read(self, value: Any) -> str:
        return str(value)


class _Integer(Codec):
    native: type | None = int

    def read(self, value: Any) -> int:
        return int(value)


class _DateTime(Codec):
    """Dates as the host writes them; an empty text or ``null`` is none."""

    def __init__(self, name: str, *, utc: bool) -> None:
        super().__init__(name)
        self._utc = utc

    def read(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return times.parse_datetime(value, utc=self._utc)
        except ConversionError:
            text = value.strip("'\" ")
            if text in ("", "null"):
                return None
            if text == value:
                raise
        return times.parse_datetime(text, utc=self._utc)

    def write(self, value: Any) -> str:
        return times.format_datetime(value)


class _TimeDelta(Codec):
    """Durations as the services write them; a bare number is seconds and ``a:b`` minutes, as in the reference."""

    def read(self, value: Any) -> Any:
        text = str(value).strip("'\" ")
        if text[5:6] == ":" or text.count(":") > 1:
            return times.parse_timedelta(text)
        if text in ("", "null"):
            return None
        return times.parse_timedelta(f"00:{text}") if ":" in text else _seconds(text)

    def write(self, value: Any) -> str:
        return times.format_timedelta(value)


def _seconds(text: str) -> Any:
    from datetime import timedelta

    return timedelta(seconds=int(text)) if text.lstrip("-").isdigit() else times.parse_timedelta(text)


class _Json(Codec):
    def read(self, value: Any) -> Any:
        return jsonlib.loads(value) if isinstance(value, (str, bytes)) else value


class _Object(_Json):
    native: type | None = dict


ANYTHING = Codec("a value")
TEXT = _Text("text")
TEXT_OR_EMPTY = _Text("text", missing=str)
INTEGER = _Integer("a whole number")
DATETIME = _DateTime("a date and time", utc=False)
DATETIME_UTC = _DateTime("a date and time", utc=True)
TIMEDELTA = _TimeDelta("a duration")
JSON = _Json("JSON")
OBJECT = _Object("an object", missing=dict)


class _OwnValues:
    """Gives a message without values a dict of its own.

    Not done in ``__new__``, which would hide the constructor of a subclass from `inspect.signature` on Python 3.10.
    """

    def __get__(self, message: Message | None, _owner: type) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if message is not None:
            vars(message)["_values"] = values
        return values


class Message(metaclass=ABCMeta):  # noqa: B024  # the metaclass is for virtual subclasses alone
    """Base of the messages: a body, and fields that come from the trigger metadata.

    A subclass lists its fields in `_wire`, gives each a property that returns ``self._get("field")``, and hands what
    its constructor was given to `_set`. The metaclass lets the reference's classes be registered as virtual
    subclasses, where both libraries run in one process.
    """

    _wire: ClassVar[dict[str, tuple[str, Codec]]] = {}
    """Field -> key in the trigger metadata and how it is read."""
    _reads: dict[str, tuple[Any, type | None, Codec]] = {}  # a message of a batch may have another
    """Field -> what `_get` needs of it, made from `_wire`: key, class of the values that need no reading, codec."""
    _shown: ClassVar[tuple[str, ...] | None] = None
    """Fields in a repr; all of `_wire` when None."""

    # For subclasses that do not call the constructor above them, such as fakes in users' tests.
    _body: bytes = b""
    _source: Any = None
    """What fields are read from: a `Metadata`, a dict with the values themselves, or None if it was made by hand."""
    if TYPE_CHECKING:
        _values: dict[str, Any]
    else:
        _values = _OwnValues()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._reads = {field: (key, codec.native, codec) for field, (key, codec) in cls._wire.items()}

    @classmethod
    def from_host(cls, body: bytes, source: Metadata | None) -> Self:
        """Make a message from what the host sent; a field is read when it is asked for.

        Args:
            body: The body.
            source: The trigger metadata.
        """
        made = object.__new__(cls)
        made._body = body
        made._values = {}
        made._source = source
        return made

    def _set(self, body: Any, /, **fields: Any) -> None:
        self._body = as_body(body)
        self._values = {name: value for name, value in fields.items() if value is not None}

    # The property that calls it says which T.
    def _get(self, field: str) -> T:  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeVarUse]
        values = self._values
        if field in values:
            return values[field]  # type: ignore[no-any-return]
        key, native, codec = self._reads[field]
        source = self._source
        value: Any = None if source is None else source.get(key)
        if value is None:
            value = self._elsewhere(key)
        if type(value) is native:
            pass
        elif value is None:
            value = codec.missing and codec.missing()
        else:
            try:
                value = codec.read(value)
            except (ValueError, TypeError) as error:
                raise ConversionError(
                    f"cannot convert value of field {key!r} in trigger metadata into {codec.name}: {error}",
                    hint=f"{type(self).__name__}.{field} cannot be read from {short(value)}; the body can.",
                ) from error
        values[field] = value
        return value  # type: ignore[no-any-return]

    def _elsewhere(self, _key: Any) -> Any:
        """Give what the host has sent in another place than the source, or None."""
        return None

    def get_body(self) -> bytes:
        """Give the body as bytes."""
        return self._body

    def get_json(self) -> Any:
        """Read the body as JSON, in UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

        Raises:
            JsonDecodeError: The body is no JSON; a ValueError and a `json.JSONDecodeError`, with the position.
        """
        return jsonlib.loads(self.get_body(), what=f"the body of the {type(self).__name__}")

    def to_metadata(self) -> dict[str, Datum]:
        """Give the trigger metadata that the fields would have come from."""
        fields = self._fields()
        return {
            key: value_datum(codec.write(fields[name])) for name, (key, codec) in self._wire.items() if name in fields
        }

    def _fields(self) -> dict[str, Any]:
        """Give the fields that are not None, by name."""
        # Through the properties, where there are any: a fake in a user's tests replaces them.
        kind = type(self)
        found: dict[str, Any] = {
            name: getattr(self, name) if hasattr(kind, name) else self._get(name) for name in self._wire
        }
        return {name: value for name, value in found.items() if value is not None}

    def to_dict(self) -> dict[str, Any]:
        """Give the message as a dict of plain values: the body as text, and every field that is set.

        Raises:
            ConversionError: A field cannot be read.
        """
        return {"body": plain_text(self.get_body()), **self._fields()}

    def to_json(self) -> str:
        """Give `to_dict()` as JSON text; dates in ISO 8601."""
        return jsonlib.dumps(self.to_dict())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message) or type(other) is not type(self):
            return NotImplemented
        return self._body == other._body and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash((type(self), self._body))

    def _shown_value(self, name: str) -> object:
        try:
            value: object = self._get(name)
        except AzfuncError:
            return _Unreadable()
        return value

    def __repr__(self) -> str:
        shown: list[tuple[str, Any]] = [("body", self._body)] if self._body else []
        for name in self._wire if self._shown is None else self._shown:
            value = self._shown_value(name)
            missing = self._wire[name][1].missing if name in self._wire else None
            if value is not None and (missing is None or value != missing()):
                shown.append((name, secrets.shown(name, value)))
        return call_text(type(self).__name__, shown)


class BatchMessage(Message):
    """A message that comes alone or in a batch, and whose trigger metadata can be read as a whole."""

    _metadata: dict[str, Any] | None = None

    @property
    def metadata(self) -> dict[str, Any] | None:
        """Trigger metadata of this message alone, by name as the host sends it, or None if it has none.

        A message of a batch has its own place of each array here, by the name without ``Array``; an array with another
        number of values than the batch has messages is left out. Unlike the reference, it does not have the arrays of
        the whole batch; they are in `batch_metadata`.
        """
        if self._metadata is None and self._source is not None:
            self._metadata = self._own_metadata().as_dict()
        return self._metadata

    @property
    def batch_metadata(self) -> dict[str, Any] | None:
        """Trigger metadata of the whole batch, each array with the values of all messages; None outside of a batch."""
        found = self._own_metadata()
        return found.batch.as_dict() if isinstance(found, ItemMetadata) else None

    def _own_metadata(self) -> Any:
        """Give the trigger metadata that the message came with."""
        return self._source

    def to_metadata(self) -> dict[str, Datum]:
        """Give the trigger metadata that the fields would have come from, and what else `metadata` has."""
        found = {key: value_datum(value) for key, value in (self.metadata or {}).items() if value is not None}
        return {**found, **super().to_metadata()}


class _Unreadable:
    """Stands in a repr for a field that cannot be read."""

    def __repr__(self) -> str:
        return "<unreadable>"


def as_body(body: Any) -> bytes:
    """Give a body as bytes: text in UTF-8, None as nothing.

    Raises:
        ArgumentTypeError: It is neither text, bytes nor None.
    """
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8")
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    raise ArgumentTypeError(
        f"response is expected to be either of str, bytes, or bytearray, got {type(body).__name__}",
        hint="Give the body as str or bytes; json.dumps() makes text of other values.",
    )


def plain_text(body: bytes) -> str:
    """Give bytes as text: UTF-8, or Base64 when they are none."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        import base64

        return base64.b64encode(body).decode("ascii")


def value_datum(value: Any) -> Datum:
    """Give a metadata value as the host sends it: text as ``string``, everything else as ``json``."""
    from azfunc._core.datum import Datum

    return Datum(value, "string") if isinstance(value, str) else Datum(jsonlib.dumps(value), "json")


def body_of(data: Any, *, what: str) -> bytes:
    """Give the bytes of a ``string``, ``bytes`` or ``json`` datum.

    Args:
        data: The datum, of whichever library.
        what: Name of the service, for the error.

    Raises:
        UnsupportedValueError: Another wire type.
    """
    kind = getattr(data, "type", None)
    value = getattr(data, "value", None)
    if kind in ("string", "json") and isinstance(value, str):
        return value.encode("utf-8")
    if kind in ("bytes", "stream", "json") and isinstance(value, (bytes, bytearray)):
        return bytes(value)
    raise UnsupportedValueError(
        f"unsupported {what} payload type: {kind}", hint="The host sends string, bytes or json here."
    )


def as_metadata(raw: Mapping[str, Any] | None) -> Metadata:
    """Wrap what the host sent beside the datum; nothing for None."""
    return Metadata(raw or {})
