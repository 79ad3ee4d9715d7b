"""Azure Blob storage: a trigger for new blobs, and bindings that read and write one.

Docs: Azure Blob storage bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2+.
"""

from __future__ import annotations

import io

from azfunc._core.annotations import accepts, alternatives, items_of
from azfunc._core.binding import InputBinding, OutputBinding, Trigger
from azfunc._core.checks import is_buffer, is_dict, untyped
from azfunc._core.converter import InConverter, JsonValue, OutConverter, carries_json
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import WireEnum, as_data_type, as_enum
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.message import INTEGER, TEXT, Codec, Message, as_metadata, body_of, value_datum
from azfunc._core.text import call_text, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar, Literal, TypeAlias

    from typing_extensions import Self

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName
    from azfunc._core.metadata import Metadata

    BlobSourceName: TypeAlias = Literal["EventGrid", "LogsAndContainerScan", "EVENT_GRID", "LOGS_AND_CONTAINER_SCAN"]
    """Text that stands for a `BlobSource`."""

LENGTH_KEYS = ("ContentLength", "Length")
"""Properties that hold the size of a blob, in today's and in earlier versions of the extension."""


class BlobSource(WireEnum):
    """How the host learns of new blobs."""

    EVENT_GRID = "EventGrid"
    """From Event Grid, within a second or so; the storage account needs an event subscription."""
    LOGS_AND_CONTAINER_SCAN = "LogsAndContainerScan"
    """By reading logs and listing the container, which can take minutes."""


# --- message types ----------------------------------------------------------------------------------------------------


class _Object(Codec):
    def read(self, value: Any) -> dict[str, Any]:
        from azfunc._core.jsonlib import loads

        found = loads(value) if isinstance(value, (str, bytes)) else value
        if is_dict(found):
            return found
        raise ValueError(f"it is {type_name(found)}")


_OBJECT = _Object("a JSON object")


class InputStream(Message, io.BufferedIOBase):
    r"""A blob, as a binary file that is open for reading and can be sought in.

    Whatever reads files reads it: `zipfile`, `gzip`, `csv`, `json.load`, `pickle`, readers of spreadsheets and images.
    The content is in memory and is not copied. Unlike a file it can still be read after `close()`, as in the reference,
    so that a reader that closes what it was given does no harm. It is true even when it is empty.

    Args:
        data: Content, as bytes or text; empty when left out.
        name: Path of the blob with its container, such as ``photos/cat.png``.
        uri: Address of the blob.
        length: Size of the blob in bytes; taken from the properties or the content when left out.
        blob_properties: Properties of the blob as the service names them, such as ``{"ContentLength": 3}``.
        metadata: Metadata of the blob, as the one who stored it set them.

    Raises:
        ArgumentTypeError: The data are neither bytes nor text.

    Example:
        >>> blob = func.InputStream(data=b"one\ntwo\n", name="notes/numbers.txt")
        >>> [line.strip() for line in blob], blob.length
        ([b'one', b'two'], 8)

    Source: reference 1.26.0 and 2.3.0, `InputStream`; Azure Blob storage trigger, "Metadata".
    """

    _wire = {
        "name": ("BlobTrigger", TEXT),
        "uri": ("Uri", TEXT),
        "blob_properties": ("Properties", _OBJECT),
        "metadata": ("Metadata", _OBJECT),
    }
    _length: int | None = None
    _file: io.BytesIO | None = None
    """The content; None in a subclass that reads by itself and never called ``super().__init__()``."""

    def __init__(
        self,
        *,
        data: bytes | str | Datum | None = None,
        name: str | None = None,
        uri: str | None = None,
        length: int | None = None,
        blob_properties: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        self._set(_content(data), name=name, uri=uri, blob_properties=blob_properties, metadata=metadata)
        self._length = length
        self._file = io.BytesIO(self._body)

    @classmethod
    def from_host(cls, body: bytes, source: Metadata | None) -> Self:
        """Make a stream from what the host sent; see `Message.from_host`."""
        made = cls.__new__(cls)
        made._body = body
        made._source = source
        made._file = io.BytesIO(body)
        return made

    @property
    def name(self) -> str | None:
        """Path of the blob with its container; from ``BlobTrigger``; None for input bindings."""
        return self._get("name")

    @property
    def uri(self) -> str | None:
        """Address of the blob; from ``Uri``; None for input bindings."""
        return self._get("uri")

    @property
    def length(self) -> int | None:
        """Size of the blob in bytes; from ``ContentLength`` or ``Length`` of its properties, else of the content.

        Unlike the reference it is 0 for an empty blob, and never None.
        """
        if self._length is not None:
            return self._length
        stated = self._stated_length()
        return len(self._body) if stated is None else stated

    @property
    def blob_properties(self) -> dict[str, Any] | None:
        """Properties of the blob as the service names them; from ``Properties``; None for input bindings."""
        return self._get("blob_properties")

    @property
    def metadata(self) -> dict[str, Any] | None:
        """Metadata of the blob, as the one who stored it set them; from ``Metadata``; None for input bindings."""
        return self._get("metadata")

    # --- the file ---

    def read(self, size: int | None = -1) -> bytes:
        """Read from the current position.

        Args:
            size: Most bytes to read; all that are left when negative, None or left out.

        Returns:
            What was read; empty at the end.
        """
        return b"" if self._file is None else self._file.read(size)

    def read1(self, size: int | None = -1) -> bytes:
        """Read as `read()` does; the content is in memory."""
        return self.read(size)

    def readline(self, size: int | None = -1) -> bytes:
        """Read up to the end of the line, with the line break, or up to `size` bytes."""
        if self._file is None or self._reads_by_itself():
            return super().readline(-1 if size is None else size)
        return self._file.readline(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position.

        Args:
            offset: Distance in bytes.
            whence: Where from: 0 from the start, 1 from the current position, 2 from the end.

        Returns:
            The new position, from the start.
        """
        return super().seek(offset, whence) if self._file is None else self._file.seek(offset, whence)

    def tell(self) -> int:
        """Give the current position, in bytes from the start."""
        return super().tell() if self._file is None else self._file.tell()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that positions can be set; unlike in the reference."""
        return self._file is not None

    def writable(self) -> bool:
        """Tell that it cannot be written to; use a blob output."""
        return False

    def text(self, encoding: str = "utf-8-sig", errors: str = "strict", newline: str | None = None) -> io.TextIOWrapper:
        r"""Open the whole content as a text file, with a position of its own.

        Args:
            encoding: Encoding of the text; UTF-8 with or without byte order mark when left out.
            errors: What to do with bytes that are no text, as for `open()`.
            newline: Which line breaks count, as for `open()`; ``""`` for `csv`.

        Example:
            >>> import csv
            >>> blob = func.InputStream(data="name,age\nAda,36\n")
            >>> [row["name"] for row in csv.DictReader(blob.text(newline=""))]
            ['Ada']
        """
        return io.TextIOWrapper(io.BytesIO(self.get_body()), encoding, errors, newline)

    def get_body(self) -> bytes:
        """Give the whole content, wherever the position is."""
        return self.read() if self._file is None or self._reads_by_itself() else self._body

    def __len__(self) -> int:
        return len(self._body) if self._file is not None else self.length or 0

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Self:
        return self

    # --- the value ---

    def to_dict(self) -> dict[str, Any]:
        """Give what is known of the blob as a dict of plain values, without its content."""
        return {
            "name": self.name,
            "uri": self.uri,
            "length": self.length,
            "blob_properties": self.blob_properties,
            "metadata": self.metadata,
        }

    def to_metadata(self) -> dict[str, Datum]:
        """Give the trigger metadata that the fields would have come from; the length stands in the properties."""
        found = super().to_metadata()
        if self._length is not None and self._length != self._readable_length():
            found["Properties"] = value_datum({**self._other_properties(), LENGTH_KEYS[0]: self._length})
        return found

    def _stated_length(self) -> int | None:
        """Give the size that the properties state; the storage library writes -1 when it does not know."""
        properties = self.blob_properties or {}
        for key in LENGTH_KEYS:
            value = properties.get(key)
            if value in (None, "", -1):
                continue
            try:
                return untyped(INTEGER.read(value))  # type: ignore[no-any-return]  # it reads an int
            except (ValueError, TypeError) as error:
                raise ConversionError(
                    f"cannot convert value of field {key!r} in the properties of the blob into a whole number: {error}",
                    hint="InputStream.length cannot be read; the content and len() can.",
                ) from error
        return None

    def _readable_length(self) -> int | None:
        """Give the size that the properties state, or None if it cannot be read."""
        try:
            return self._stated_length()
        except ConversionError:
            return None

    def _other_properties(self) -> dict[str, Any]:
        return {key: value for key, value in (self.blob_properties or {}).items() if key not in LENGTH_KEYS}

    def _reads_by_itself(self) -> bool:
        return type(self).read is not InputStream.read

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, InputStream) or type(other) is not type(self):
            return NotImplemented
        return self._body == other._body and self._compared() == other._compared()

    def __hash__(self) -> int:
        return Message.__hash__(self)

    def _compared(self) -> tuple[Any, ...]:
        try:
            return (self.name, self.uri, self.length, self._other_properties(), self.metadata)
        except ConversionError:  # a size that cannot be read is compared as it stands
            return (self.name, self.uri, None, self.blob_properties, self.metadata)

    def __repr__(self) -> str:
        from azfunc._core import secrets

        shown = {
            "data": self._body or None,
            "name": self._shown_value("name"),
            "uri": secrets.shown("uri", self._shown_value("uri")),
            "length": self._length,
            "blob_properties": self._shown_value("blob_properties"),
            "metadata": self._shown_value("metadata"),
        }
        return call_text(type(self).__name__, [(name, value) for name, value in shown.items() if value is not None])

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        if self._file is not None:
            state["_file"] = self._file.tell()
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        position = state.pop("_file", None)
        for name, value in state.items():
            setattr(self, name, value)
        if position is not None:
            self._file = io.BytesIO(self._body)
            self._file.seek(position)


def _content(data: object) -> bytes:
    """Give the content of a stream made by hand, without copying bytes."""
    if isinstance(data, Datum):
        return body_of(data, what="blob")
    if data is None or isinstance(data, bytes):
        return data or b""
    if isinstance(data, str):
        return data.encode("utf-8")
    if is_buffer(data):
        return bytes(data)
    raise ArgumentTypeError(
        f"a bytes-like object is required, not {type(data).__name__!r}",
        hint="Give InputStream its data as bytes or str; of an open file give what read() returns.",
    )


# --- binding classes --------------------------------------------------------------------------------------------------


class BlobTrigger(Trigger, type="blobTrigger"):
    """Entry of type ``blobTrigger`` in function.json."""

    path: str
    connection: str
    source: BlobSource | str | None = None

    def _own_dict(self) -> dict[str, Any]:
        # Alone among the enums this one is written by its value.
        found = super()._own_dict()
        source = found.get("source")
        return {**found, "source": source.value} if isinstance(source, BlobSource) else found


class BlobInput(InputBinding, type="blob"):
    """Entry of type ``blob`` and direction in, in function.json."""

    path: str
    connection: str


class BlobOutput(OutputBinding, type="blob"):
    """Entry of type ``blob`` and direction out, in function.json."""

    path: str
    connection: str


# --- converters -------------------------------------------------------------------------------------------------------


class BlobConverter(InConverter, OutConverter, binding=("blob", "blobTrigger"), trigger=True):
    """Blobs: the argument is an `InputStream`; a blob is written from bytes, text, a file, or a value for JSON."""

    input_types: ClassVar[tuple[type, ...]] = (str, bytes, InputStream)
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, bytearray, memoryview, list, tuple, JsonValue)

    @classmethod
    def check_output_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a return value may be annotated so: what `encode` takes, or any class with a ``read()``."""
        return all(
            callable(getattr(each, "read", None)) or _is_list(each) or accepts(each, cls.output_types)
            for each in alternatives(pytype)
        )

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> InputStream | None:
        """Turn a datum and the trigger metadata into an `InputStream`; None when the host sent nothing."""
        if data is None or data.type is None:
            return None
        if data.type not in ("string", "bytes", "json", "stream"):
            raise ConversionError(
                f'unexpected type of data received for the "blob" binding : {data.type!r}',
                hint="The host sends a blob as string or bytes.",
            )
        return InputStream.from_host(body_of(data, what="blob"), as_metadata(trigger_metadata))

    @classmethod
    def to_wire(cls, value: InputStream | None) -> tuple[Datum, dict[str, Datum]]:
        """Turn an `InputStream` into the datum and metadata it would have come from."""
        if value is None:
            return Datum(None, None), {}
        return Datum(value.get_body(), "bytes"), value.to_metadata()

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn what the function gave into the content of one blob.

        Text is written in UTF-8, bytes as they are, an open file or an `InputStream` from its position to its end, and
        a mapping, a dataclass, a number, a list or a tuple as JSON text. None writes nothing.

        Raises:
            UnsupportedValueError: Something else, or a file that has been read to its end already.
        """
        if obj is None:
            return None
        content = _rest_of(obj) if callable(getattr(obj, "read", None)) else obj
        if isinstance(content, str):
            return Datum(content, "string")
        if is_buffer(content):
            return Datum(bytes(content), "bytes")
        if content is not obj:
            raise _refuse(obj, why=f"its read() gives {type_name(content)}")
        return Datum(_json_text(obj), "string")


def _is_list(annotation: Any) -> bool:
    """Tell whether an annotation is a list that can be one JSON text: not one of bytes or of messages."""
    from collections.abc import Sequence
    from typing import get_origin

    kind = get_origin(annotation) or annotation
    if not isinstance(kind, type) or not issubclass(kind, Sequence):
        return False
    return not any(accepts(each, (bytes, bytearray, memoryview, Message)) for each in items_of(annotation))


def _rest_of(file: Any) -> Any:
    """Read a file from its position; one that was read or written to its end would make an empty blob."""
    content = file.read()
    if content in (b"", ""):
        try:
            position = file.tell()
        except (AttributeError, OSError, ValueError):
            return content
        if position:
            raise _refuse(file, why="it is at its end, and nothing is left to write", hint="Call its seek(0) before.")
    return content


def _json_text(obj: Any) -> str:
    from azfunc._core.jsonlib import dumps

    items = _items_of(obj)
    if items is None and not carries_json(obj):
        raise _refuse(obj)
    for each in items or ():
        if is_buffer(each):
            raise _refuse(obj, why="it is one blob", hint="Join them: b''.join(...).")
        if isinstance(each, Message):
            raise _refuse(obj)
    try:
        return dumps(obj if items is None else items, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise _refuse(obj, why=str(getattr(error, "message", error))) from error


def _items_of(obj: Any) -> list[Any] | None:
    from collections.abc import Sequence

    return list(obj) if isinstance(untyped(obj), Sequence) else None


def _refuse(obj: Any, *, why: str = "", hint: str = "") -> UnsupportedValueError:
    return UnsupportedValueError(
        f"blob output got {type_name(obj)}{f': {why}' if why else ''}.",
        hint=hint
        or "Give it str, bytes, InputStream or another open file; or a dict, list, dataclass or number for JSON. "
        "What comes piece by piece is joined first: ''.join(...), b''.join(...) or list(...).",
    )


# --- trigger decorators -----------------------------------------------------------------------------------------------


class BlobTriggers(DecoratorApi):
    """Blob storage: decorators that start a function."""

    def blob_trigger(
        self,
        arg_name: str,
        path: str,
        connection: str,
        source: BlobSource | BlobSourceName | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each blob that is new or has changed.

        The whole blob is loaded into memory. After five calls that raise, the host puts a message about it on the
        queue ``webjobs-blobtrigger-poison`` and goes on.

        Args:
            arg_name: Parameter of the function that gets the `InputStream`.
            path: Container and name of the blobs, such as ``photos/{name}.png``.
                ``{name}`` stands for any text; other bindings of the function can use it in their paths.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            source: How the host learns of new blobs; by logs and container scan when left out.
                The Flex Consumption plan needs `BlobSource.EVENT_GRID`.
            data_type: How the host hands the content over: as text, as bytes or as it sees fit, when left out.
                Ask for ``binary`` when blobs are no text.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.blob_trigger("photo", "photos/{name}", "Storage", source="EventGrid")
            ... def describe(photo: func.InputStream) -> None:
            ...     print(photo.name, photo.length)

        Source: Azure Blob storage trigger, "Decorators"; reference 1.26.0, `blob_trigger`.
        """
        return self._bind(
            BlobTrigger,
            kwargs,
            name=arg_name,
            path=path,
            connection=connection,
            source=as_enum(BlobSource, source),
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class BlobBindings(DecoratorApi):
    """Blob storage: decorators for a blob that is read or written."""

    def blob_input(
        self,
        arg_name: str,
        path: str,
        connection: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Read a blob for a call.

        The whole blob is loaded into memory. The argument is None when there is no such blob.

        Args:
            arg_name: Parameter of the function that gets the `InputStream`.
            path: Container and name of the blob, such as ``photos/{id}.png``.
                ``{id}`` is filled from the trigger: its path, route, metadata or JSON body.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            data_type: How the host hands the content over: as text, as bytes or as it sees fit, when left out.
                Ask for ``binary`` when blobs are no text.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.blob_input("note", "notes/{id}.txt", "Storage")
            ... @app.route("notes/{id}")
            ... def read(req: func.HttpRequest, note: func.InputStream | None) -> str:
            ...     return "none" if note is None else note.text().read()

        Source: Azure Blob storage input binding, "Decorators"; reference 1.26.0, `blob_input`.
        """
        return self._bind(
            BlobInput,
            kwargs,
            name=arg_name,
            path=path,
            connection=connection,
            data_type=as_data_type(data_type),
        )

    def blob_output(
        self,
        arg_name: str,
        path: str,
        connection: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Write a blob after the function has returned.

        Takes str (written in UTF-8), bytes, an open file or `InputStream` (from its position to its end), and a dict,
        list, dataclass or number (written as JSON). None writes nothing; a blob that exists stays as it is.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            path: Container and name of the blob, such as ``small/{name}.png``; ``{rand-guid}`` makes a new name.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            data_type: How the host takes the content; as it is given when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.blob_output("$return", "shouts/{rand-guid}.txt", "Storage")
            ... @app.queue_trigger("msg", "todo", "Storage")
            ... def shout(msg: func.QueueMessage) -> str:
            ...     return msg.get_body().decode().upper()

        Source: Azure Blob storage output binding, "Decorators"; reference 1.26.0, `blob_output`.
        """
        return self._bind(
            BlobOutput,
            kwargs,
            name=arg_name,
            path=path,
            connection=connection,
            data_type=as_data_type(data_type),
        )
