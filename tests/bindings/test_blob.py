"""Azure Blob storage."""

from __future__ import annotations

import collections
import copy
import csv
import dataclasses
import datetime
import decimal
import enum
import gzip
import io
import json
import pickle
import tarfile
import types
import uuid
import zipfile
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import azfunc as func
from azfunc._core.datum import Datum
from tests.bindings.conformance import REFUSED, BindingConformance, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

converter: Any = func.get_binding_registry().get("blob")


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int
    due: datetime.date


class Color(enum.Enum):
    """An enum of a user's own."""

    RED = "red"


class Upload:
    """A file of a web framework: a `read()` and nothing else."""

    def __init__(self, content: Any) -> None:
        self.content = content

    def read(self) -> Any:
        """Give the content."""
        return self.content


class Fake(func.InputStream):
    """A stand-in as users write them against the reference: no super().__init__(), own properties, own read()."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0

    @property
    def name(self) -> str:
        """Path of the blob."""
        return "fakes/one"

    @property
    def length(self) -> int:
        """Size."""
        return len(self._content)

    @property
    def uri(self) -> str:
        """Address."""
        return "https://example.test/fakes/one"

    def read(self, size: int | None = -1) -> bytes:
        """Read on."""
        end = len(self._content) if size is None or size < 0 else self._position + size
        found = self._content[self._position : end]
        self._position += len(found)
        return found


class Spy(func.InputStream):
    """A stream that counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        """Count, and read."""
        self.reads += 1
        return super().read(size)


def stream(content: bytes, *, read: int = 0) -> io.BytesIO:
    """Give a file whose position is not its start."""
    file = io.BytesIO(content)
    file.seek(read)
    return file


def as_json(text: str) -> Datum:
    """Give the datum of a value that is written as JSON."""
    return Datum(text, "string")


class TestBlob(BindingConformance):
    """The suite, for blobs."""

    module = "blob"
    decorators = ("blob_trigger", "blob_input", "blob_output")
    defaults = (func.InputStream,)
    messages = {
        kind: [
            func.InputStream(),
            func.InputStream(data=b"\xff\x00"),
            func.InputStream(data="hé", name="c/b", uri="https://example.test/c/b", metadata={"owner": "ada"}),
            func.InputStream(data=b"abc", blob_properties={"ContentLength": 3, "ETag": "e"}, metadata={}),
            func.InputStream(name="c/b", length=10),
            func.InputStream(data=b"abc", length=5, blob_properties={"Length": 3, "ETag": "e"}),
            func.InputStream(data=b"abc", blob_properties={"Length": "3"}),
        ]
        for kind in ("blobTrigger", "blob")
    }
    accepted = {
        kind: [
            func.InputStream,
            func.InputStream | None,
            Optional[func.InputStream],  # noqa: UP045  # the older spelling is the point
            Annotated[func.InputStream, "a photo"],
            Fake,
            str,
            bytes,
        ]
        for kind in ("blobTrigger", "blob")
    }
    refused = {"blobTrigger": [int, dict, bytearray, io.BytesIO, list[func.InputStream]], "blob": [func.TimerRequest]}
    outputs = {
        "blob": [
            ("hé", Datum("hé", "string")),
            ("", Datum("", "string")),
            (b"\xff", Datum(b"\xff", "bytes")),
            (b"", Datum(b"", "bytes")),
            (bytearray(b"abc"), Datum(b"abc", "bytes")),
            (memoryview(b"abc")[::2], Datum(b"ac", "bytes")),
            (io.BytesIO(b"xyz"), Datum(b"xyz", "bytes")),
            (stream(b"xyz", read=1), Datum(b"yz", "bytes")),
            (io.BytesIO(), Datum(b"", "bytes")),
            (io.StringIO("xyz"), Datum("xyz", "string")),
            (Upload(b"abc"), Datum(b"abc", "bytes")),
            (Upload(bytearray(b"abc")), Datum(b"abc", "bytes")),
            (Upload(b""), Datum(b"", "bytes")),
            (types.SimpleNamespace(read=lambda: "abc"), Datum("abc", "string")),
            (func.InputStream(data=b"x"), Datum(b"x", "bytes")),
            (Fake(b"abc"), Datum(b"abc", "bytes")),
            (None, None),
            ({"a": 1}, as_json('{"a": 1}')),
            ({}, as_json("{}")),
            (collections.UserDict({"a": 1}), as_json('{"a": 1}')),
            (["a", {"b": None}], as_json('["a", {"b": null}]')),
            ([], as_json("[]")),
            (("a", 2), as_json('["a", 2]')),
            (collections.UserList(["a"]), as_json('["a"]')),
            (7, as_json("7")),
            (True, as_json("true")),
            (1.5, as_json("1.5")),
            (Color.RED, as_json('"red"')),
            (Order(7, datetime.date(2026, 1, 2)), as_json('{"number": 7, "due": "2026-01-02"}')),
            ([Order(7, datetime.date(2026, 1, 2))], as_json('[{"number": 7, "due": "2026-01-02"}]')),
            (
                {"at": datetime.datetime(2026, 1, 2), "sum": decimal.Decimal("1.5"), "id": uuid.UUID(int=1)},  # noqa: DTZ001
                as_json('{"at": "2026-01-02T00:00:00", "sum": 1.5, "id": "00000000-0000-0000-0000-000000000001"}'),
            ),
            ({"seen": {1}}, as_json('{"seen": [1]}')),
            ({"a": float("nan")}, REFUSED),
            (stream(b"xyz", read=3), REFUSED),
            (Upload(5), REFUSED),
            (Upload(None), REFUSED),
            ((each for each in "ab"), REFUSED),
            (iter([b"a"]), REFUSED),
            ({"only"}, REFUSED),
            ([b"a", b"b"], REFUSED),
            ([memoryview(b"a")], REFUSED),
            (object(), REFUSED),
            ({"a": object()}, REFUSED),
            ([object()], REFUSED),
            (func.TimerRequest(), REFUSED),
            (func.QueueMessage(body="b"), REFUSED),
            ([func.QueueMessage(body="b")], REFUSED),
        ]
    }


# --- annotations of outputs ---


@pytest.mark.parametrize(
    "annotation",
    [
        str,
        bytes,
        bytearray,
        memoryview,
        io.BytesIO,
        Upload,
        func.InputStream,
        dict,
        dict[str, int],
        list[str],
        list[dict[str, Any]],
        list[Any],
        tuple[int, str],
        collections.deque,
        Literal["a", 1],
        Order,
        list[Order],
        int,
        str | bytes | None,
        str | io.BytesIO,
        datetime.datetime,
    ],
    ids=repr,
)
def test_output_may_be_annotated_with_what_can_be_written(annotation: Any) -> None:
    """What `encode` takes may stand at a return value."""
    assert converter.check_output_type_annotation(annotation) is True


@pytest.mark.parametrize(
    "annotation",
    [object, func.QueueMessage, list[bytes], tuple[str, bytes], set, list[func.QueueMessage], set[str], str | object],
    ids=repr,
)
def test_output_cannot_be_annotated_with_what_is_refused(annotation: Any) -> None:
    """What `encode` refuses may not stand at a return value."""
    assert converter.check_output_type_annotation(annotation) is False


# --- what the host sends ---


@pytest.mark.parametrize("data", [None, Datum(None, None), Datum("x", None)], ids=repr)
def test_nothing_is_none(data: Datum | None) -> None:
    """A blob that does not exist is None."""
    assert converter.decode(data, trigger_metadata=None) is None


def test_none_goes_to_the_wire_as_nothing() -> None:
    """None for an input binding survives the wire."""
    datum, metadata = converter.to_wire(None)

    assert converter.decode(datum, trigger_metadata=metadata) is None


def test_other_wire_types_are_refused_with_the_text_of_the_reference(func: ModuleType) -> None:
    """A blob that comes as a number is a ValueError, with one text in both libraries."""
    found = func.get_binding_registry().get("blob")

    with pytest.raises(ValueError, match="unexpected type of data received for the \"blob\" binding : 'int'"):
        found.decode(Datum(7, "int"), trigger_metadata={})


def test_content_is_not_copied() -> None:
    """Reading a whole blob gives the bytes that the host sent, the same object."""
    content = b"x" * 100_000
    blob = converter.decode(Datum(content, "bytes"), trigger_metadata={})

    assert blob.read() is content
    assert blob.get_body() is content


@pytest.mark.parametrize("field", ["blob_properties", "length"])
def test_bad_properties_raise_only_when_they_are_read(field: str) -> None:
    """Properties that cannot be read break neither the content nor the other fields."""
    metadata = {"Properties": Datum("[1]", "json"), "BlobTrigger": Datum("c/b", "string")}
    blob = converter.decode(Datum(b"abc", "bytes"), trigger_metadata=metadata)

    assert (blob.read(), blob.name, len(blob)) == (b"abc", "c/b", 3)
    assert "<unreadable>" in repr(blob)
    with pytest.raises(func.ConversionError, match="Properties") as caught:
        getattr(blob, field)
    assert caught.value.hint


def test_bad_length_raises_only_when_it_is_read() -> None:
    """A size that is no number leaves the content and the properties readable."""
    blob = func.InputStream(data=b"abc", blob_properties={"ContentLength": "many"})

    assert (blob.read(), len(blob), blob.blob_properties) == (b"abc", 3, {"ContentLength": "many"})
    with pytest.raises(func.ConversionError, match="ContentLength") as caught:
        _ = blob.length
    assert "len()" in caught.value.hint


def test_metadata_as_text_is_read() -> None:
    """Metadata that come as text of a JSON object are that object."""
    blob = converter.decode(Datum(b"", "bytes"), trigger_metadata={"Metadata": Datum('{"owner": "ada"}', "string")})

    assert blob.metadata == {"owner": "ada"}


# --- the stream by hand ---


@pytest.mark.parametrize(
    "data",
    [b"abc", "abc", bytearray(b"abc"), memoryview(b"abc"), Datum("abc", "string"), Datum(b"abc", "bytes")],
    ids=repr,
)
def test_content_may_be_given_in_any_form(data: Any) -> None:
    """Bytes, text and a datum make the same stream."""
    assert func.InputStream(data=data) == func.InputStream(data=b"abc")


def test_content_of_another_type_is_refused_with_the_text_of_the_reference() -> None:
    """The data are bytes or text; the error says what to do with a file."""
    with pytest.raises(TypeError, match="a bytes-like object is required, not 'BytesIO'") as caught:
        func.InputStream(data=io.BytesIO(b"abc"))  # type: ignore[arg-type]  # the point of the test

    assert isinstance(caught.value, func.ArgumentTypeError)
    assert "read()" in caught.value.hint


def test_length_is_what_was_given_else_what_the_properties_say_else_the_size() -> None:
    """The size comes from the best source there is, and 0 is a size."""
    properties = {"ContentLength": 0, "Length": 4}

    assert func.InputStream(data=b"abc", length=0, blob_properties=properties).length == 0
    assert func.InputStream(data=b"abc", blob_properties=properties).length == 0
    assert func.InputStream(data=b"abc", blob_properties={"Length": "4"}).length == 4
    assert func.InputStream(data=b"abc").length == 3


def test_streams_differ_by_any_field() -> None:
    """Streams are equal by value, wherever their positions are."""
    first, second = func.InputStream(data=b"abc", name="n"), func.InputStream(data=b"abc", name="n")
    second.read()

    assert first == second
    assert hash(first) == hash(second)
    assert first != func.InputStream(data=b"xyz", name="n")
    assert first != func.InputStream(data=b"abc", name="m")
    assert first != func.InputStream(data=b"abc", name="n", blob_properties={"ETag": "e"})
    assert first != Spy(data=b"abc", name="n")
    assert first != b"abc"


def test_repr_is_the_call_and_shortens_the_content() -> None:
    """The repr of a stream makes it again, when the content is short."""
    blob = func.InputStream(data=b"abc", name="c/b", metadata={"a": "1"})

    assert repr(blob) == "InputStream(data=b'abc', name='c/b', metadata={'a': '1'})"
    assert "... 5 kB" in repr(func.InputStream(data=b"x" * 5000))
    assert repr(func.InputStream(length=7)) == "InputStream(length=7)"


def test_dict_has_the_fields_without_the_content() -> None:
    """`to_dict()` has the keys of the newer reference, and `to_json()` their text."""
    blob = func.InputStream(data=b"abc", name="c/b")

    assert blob.to_dict() == {"name": "c/b", "uri": None, "length": 3, "blob_properties": None, "metadata": None}
    assert json.loads(blob.to_json()) == blob.to_dict()


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda blob: pickle.loads(pickle.dumps(blob))])
def test_copies_go_on_where_the_original_stood(clone: Any) -> None:
    """A copy keeps the position, and has one of its own from then on."""
    blob = func.InputStream(data=b"abc", name="n")
    blob.read(1)
    made = clone(blob)

    assert made.read() == b"bc"
    assert blob.read() == b"bc"


# --- the stream as a file ---


def test_reads_like_the_reference() -> None:
    """Partial reads, flags and refusals are those of a file that is open for reading."""
    blob = func.InputStream(data=b"abc")

    assert (blob.read(1), blob.read(None), blob.read()) == (b"a", b"bc", b"")
    assert (blob.readable(), blob.seekable(), blob.writable(), blob.closed, blob.isatty()) == (
        True,
        True,
        False,
        False,
        False,
    )
    for refused in (lambda: blob.write(b"x"), lambda: blob.truncate(0), blob.fileno, blob.detach):
        with pytest.raises(io.UnsupportedOperation):
            refused()


def test_every_way_to_read_moves_one_position() -> None:
    """read, read1, readinto, readline, seek and tell agree on where the stream is."""
    blob = func.InputStream(data=b"one\ntwo\nthree\n")
    buffer = bytearray(2)

    assert blob.read(1) == b"o"
    assert blob.read1(1) == b"n"
    assert (blob.readinto(buffer), bytes(buffer)) == (2, b"e\n")
    assert blob.readline() == b"two\n"
    assert blob.readline(2) == b"th"
    assert blob.readline(None) == b"ree\n"
    assert blob.tell() == 14
    assert blob.seek(-6, io.SEEK_END) == 8
    assert blob.seek(-4, io.SEEK_CUR) == 4
    assert blob.readlines() == [b"two\n", b"three\n"]
    assert blob.seek(0) == 0
    assert list(blob) == [b"one\n", b"two\n", b"three\n"]


def test_stream_is_true_and_has_a_size() -> None:
    """`len` is the size of the content; an empty stream is true, as in the reference."""
    assert len(func.InputStream(data=b"abc")) == 3
    assert len(func.InputStream()) == 0
    assert bool(func.InputStream()) is True


def test_stream_can_be_read_after_it_was_closed() -> None:
    """A closed stream reads on, as in the reference; a reader that closes what it was given does no harm."""
    with func.InputStream(data=b"a\nb\n") as blob:
        assert blob.read(2) == b"a\n"

    assert blob.closed
    assert blob.read() == b"b\n"
    assert blob.seek(0) == 0
    assert list(blob) == [b"a\n", b"b\n"]


def test_readers_of_the_standard_library_take_a_stream() -> None:
    """zip, gzip, tar, csv, JSON and pickle files are read from a stream, and again after seek(0)."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr("a.txt", "hello")
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as packing:
        packing.addfile(tarfile.TarInfo("empty.txt"))

    blob = func.InputStream(data=archive.getvalue(), name="c/a.zip")
    for _ in range(2):
        with zipfile.ZipFile(blob) as reading:
            assert reading.read("a.txt") == b"hello"
        blob.seek(0)
    with tarfile.open(fileobj=func.InputStream(data=tar.getvalue(), name="c/a.tgz")) as unpacking:
        assert unpacking.getnames() == ["empty.txt"]
    with gzip.open(func.InputStream(data=gzip.compress(b"hello"), name="c/a.gz")) as unzipped:
        assert unzipped.read() == b"hello"
    rows = csv.DictReader(io.TextIOWrapper(func.InputStream(data=b"name,age\nAda,36\n"), newline=""))
    assert [row["name"] for row in rows] == ["Ada"]
    assert json.load(func.InputStream(data=b'{"a": 1}')) == {"a": 1}
    assert pickle.load(func.InputStream(data=pickle.dumps([1, 2]))) == [1, 2]
    with io.BufferedReader(func.InputStream(data=b"hello")) as buffered:  # type: ignore[type-var]  # typed for raw files
        assert buffered.peek(2)[:2] == b"he"


def test_text_reads_the_whole_content_and_leaves_the_position() -> None:
    """The text file has a position of its own, skips a byte order mark, and can be had twice."""
    blob = func.InputStream(data="\ufeffzwei\nfünf\n")
    blob.seek(5)

    assert [blob.text().read(), blob.text().read()] == ["zwei\nfünf\n"] * 2
    assert blob.tell() == 5
    assert not blob.closed


def test_text_takes_what_open_takes() -> None:
    """Encoding, errors and line breaks are those of `open()`."""
    blob = func.InputStream(data=b"\xe9\r\n")

    assert blob.text("latin-1").read() == "é\n"
    assert blob.text(errors="replace", newline="").read() == "�\r\n"
    with pytest.raises(UnicodeDecodeError):
        blob.text().read()


# --- stand-ins of users ---


def test_stand_in_that_reads_by_itself_is_a_file() -> None:
    """What a user's subclass overrides is what every way to read goes through."""
    assert list(Fake(b"one\ntwo\n")) == [b"one\n", b"two\n"]
    assert Fake(b"one\ntwo\n").readline(2) == b"on"
    assert Fake(b"one\ntwo\n").readline(None) == b"one\n"
    assert Fake(b"abc").read1(2) == b"ab"
    assert Fake(b"abc").text().read() == "abc"
    assert io.TextIOWrapper(Fake(b"abc")).read() == "abc"
    assert len(Fake(b"abc")) == 3
    assert Fake(b"abc").to_dict()["name"] == "fakes/one"
    assert repr(Fake(b"abc")) == "Fake()"


def test_stand_in_that_reads_by_itself_cannot_be_sought_in() -> None:
    """A stand-in that never said what its content is has no positions."""
    fake = Fake(b"abc")

    assert fake.seekable() is False
    with pytest.raises(io.UnsupportedOperation):
        fake.seek(0)
    with pytest.raises(io.UnsupportedOperation):
        fake.tell()


def test_stand_in_without_any_content_is_empty() -> None:
    """A subclass that neither reads nor calls the constructor reads nothing."""

    class Bare(func.InputStream):
        def __init__(self) -> None:
            """Do nothing."""

    assert (Bare().read(), Bare().readline(), len(Bare()), Bare().length) == (b"", b"", 0, 0)


def test_stand_in_survives_the_wire_and_pickling() -> None:
    """A stand-in is sent with its content, and is pickled as it is."""
    datum, _ = converter.to_wire(Fake(b"abc"))

    assert datum == Datum(b"abc", "bytes")
    assert pickle.loads(pickle.dumps(Fake(b"abc"))).read() == b"abc"


def test_subclass_that_reads_through_the_stream_keeps_its_positions() -> None:
    """A subclass whose read() calls the stream's is counted in every way to read, and can be sought in."""
    spy = Spy(data=b"one\ntwo\n")

    assert spy.readline() == b"one\n"
    assert spy.reads > 0
    assert spy.seek(0) == 0
    assert spy.read() == b"one\ntwo\n"


def test_classes_of_others_can_be_registered() -> None:
    """The stream class takes virtual subclasses, as it must where the reference lives in the same process."""

    class Foreign:
        """A class of another library."""

    func.InputStream.register(Foreign)

    assert isinstance(Foreign(), func.InputStream)


# --- outputs ---


def test_spent_file_is_refused_with_what_to_do() -> None:
    """A file that was written and not rewound would make an empty blob; the error says so."""
    file = io.BytesIO()
    file.write(b"abc")

    with pytest.raises(func.UnsupportedValueError) as caught:
        converter.encode(file, expected_type=None)

    assert "blob output got BytesIO" in caught.value.message
    assert "seek(0)" in caught.value.hint


def test_blob_that_was_read_in_part_is_written_from_there() -> None:
    """A stream is written from its position, like any file, and as in the reference."""
    blob = func.InputStream(data=b"header\nrest")
    blob.readline()

    assert converter.encode(blob, expected_type=None) == Datum(b"rest", "bytes")


def test_refusal_names_the_output_the_type_and_what_would_do() -> None:
    """The text for a value that cannot be written has all three parts."""

    def pieces() -> Iterator[str]:
        yield "a"

    with pytest.raises(func.UnsupportedValueError, match="blob output got generator") as caught:
        converter.encode(pieces(), expected_type=None)

    assert "InputStream" in caught.value.hint
    assert "join" in caught.value.hint


# --- decorators ---


@pytest.mark.parametrize(
    "text", ["EventGrid", "eventgrid", "EVENT_GRID", "event_grid", func.BlobSource.EVENT_GRID], ids=str
)
def test_source_is_written_by_its_value(text: Any) -> None:
    """The source may be the member, its name or its value, in any letter case."""
    entry = entries_of(func, "blob_trigger", {"arg_name": "b", "path": "p", "connection": "c", "source": text})[0]

    assert entry["source"] == "EventGrid"


def test_unknown_source_is_refused_at_the_decorator() -> None:
    """Unlike in the reference, a source that the host does not know is an error."""
    with pytest.raises(func.UnknownNameError, match="nope") as caught:
        func.FunctionApp().blob_trigger("b", "p", "c", source="nope")  # type: ignore[arg-type]  # the point of the test

    assert "EVENT_GRID" in caught.value.hint


@given(
    st.builds(
        func.InputStream,
        data=st.binary() | st.text(),
        name=st.none() | st.text(),
        length=st.none() | st.integers(0),
        blob_properties=st.none() | st.dictionaries(st.text(), st.text() | st.integers()),
        metadata=st.none() | st.dictionaries(st.text(), st.text()),
    )
)
@example(func.InputStream(blob_properties={"ContentLength": "?"}))
@example(func.InputStream(blob_properties={"ContentLength": "?"}, length=3))
def test_any_stream_survives_the_wire(blob: func.InputStream) -> None:
    """decode(to_wire(m)) == m for any stream."""
    datum, metadata = converter.to_wire(blob)

    assert converter.decode(datum, trigger_metadata=metadata) == blob


@given(
    st.binary(max_size=50),
    st.lists(st.tuples(st.sampled_from(["read", "readline", "seek", "tell"]), st.integers(0, 60))),
)
def test_stream_does_what_a_file_does(content: bytes, steps: list[tuple[str, int]]) -> None:
    """Any sequence of reads and seeks gives what a file over the same bytes gives."""
    blob, file = func.InputStream(data=content), io.BytesIO(content)

    for method, argument in steps:
        arguments = () if method == "tell" else (argument,)
        assert getattr(blob, method)(*arguments) == getattr(file, method)(*arguments)


@pytest.mark.parametrize("kind", ["queue", "serviceBus", "eventHub", "kafka", "eventGrid", "blob", "http", "cosmosDB"])
@pytest.mark.parametrize("form", ["in a dict", "in a dict of a list"])
def test_blob_inside_of_a_value_is_refused(kind: str, form: str) -> None:
    """No output sends what is known of a blob in place of its content."""
    output: Any = func.get_binding_registry().get(kind)
    value: Any = {"file": func.InputStream(data=b"content", name="a/b")}

    with pytest.raises(func.UnsupportedValueError, match="InputStream is not JSON serializable"):
        output.encode(value if form == "in a dict" else [value])
