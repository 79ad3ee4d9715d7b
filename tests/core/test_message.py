"""The base of messages: fields that are read when asked for, bodies, equality and reprs."""

from __future__ import annotations

import base64
import copy
import datetime
import pickle
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core import message as module
from azfunc._core.datum import Datum
from azfunc._core.message import Message, as_body, as_metadata, body_of, plain_text, value_datum

if TYPE_CHECKING:
    from azfunc._core.message import Codec

UTC = datetime.timezone.utc
WHEN = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Parcel(Message):
    """A message of a service that there is not."""

    _wire = {
        "id": ("Id", module.TEXT),
        "weight": ("Weight", module.INTEGER),
        "sent": ("SentTime", module.DATETIME),
        "labels": ("Labels", module.OBJECT),
    }

    def __init__(
        self,
        *,
        body: str | bytes | None = None,
        id: str | None = None,
        weight: int | None = None,
        sent: datetime.datetime | None = None,
        labels: dict[str, Any] | None = None,
    ) -> None:
        self._set(body, id=id, weight=weight, sent=sent, labels=labels)

    @property
    def id(self) -> str | None:
        """Identity; from ``Id``."""
        return self._get("id")

    @property
    def weight(self) -> int | None:
        """Weight in grams; from ``Weight``."""
        return self._get("weight")

    @property
    def sent(self) -> datetime.datetime | None:
        """When it was sent; from ``SentTime``."""
        return self._get("sent")

    @property
    def labels(self) -> dict[str, Any]:
        """Labels; from ``Labels``."""
        return self._get("labels")


class HeavyParcel(Parcel):
    """A fake as users write it: a field overridden, and no constructor of the base."""

    def __init__(self) -> None:
        pass

    @property
    def weight(self) -> int:
        """Always the same."""
        return 9000


def from_host(**metadata: Any) -> Parcel:
    """Make a parcel as the host sends it."""
    return Parcel.from_host(b"hi", as_metadata(metadata))


FULL = Parcel(body="hi", id="7", weight=3, sent=WHEN, labels={"a": 1})


def test_message_has_what_it_was_given() -> None:
    """Fields given by hand are kept as they are; the others have no value."""
    assert (FULL.get_body(), FULL.id, FULL.weight, FULL.sent, FULL.labels) == (b"hi", "7", 3, WHEN, {"a": 1})
    assert (Parcel().get_body(), Parcel().id, Parcel().labels) == (b"", None, {})


def test_message_of_the_host_reads_its_fields() -> None:
    """A field is read from the trigger metadata by its own name there."""
    parcel = from_host(
        Id=Datum("7", "string"),
        Weight=Datum("3", "json"),
        SentTime=Datum('"2026-01-02T03:04:05Z"', "json"),
        Labels=Datum('{"a": 1}', "json"),
    )

    assert parcel == FULL


def test_field_is_read_once_and_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a message reads nothing; each field is read at its first use."""
    reads: list[Any] = []

    def read(self: Any, value: Any) -> Any:
        reads.append(value)
        return value

    monkeypatch.setattr(type(module.DATETIME), "read", read)
    parcel = from_host(SentTime=Datum("soon", "string"))
    assert reads == []

    assert (parcel.sent, parcel.sent) == ("soon", "soon")
    assert reads == ["soon"]


def test_unreadable_field_raises_when_it_is_read() -> None:
    """A field that cannot be read is an error of its own, naming the key, the field and the value."""
    parcel = from_host(Weight=Datum("heavy", "string"), Id=Datum("7", "string"))

    assert (parcel.get_body(), parcel.id) == (b"hi", "7")
    assert repr(parcel) == "Parcel(body=b'hi', id='7', weight=<unreadable>)"
    for _ in range(2):
        with pytest.raises(azfunc.ConversionError) as caught:
            _ = parcel.weight
        assert "'Weight' in trigger metadata into a whole number" in caught.value.message
        assert caught.value.hint == "Parcel.weight cannot be read from 'heavy'; the body can."


def test_metadata_is_what_the_fields_would_have_come_from() -> None:
    """Writing the fields and reading them again gives the same message."""
    assert FULL.to_metadata() == {
        "Id": Datum("7", "string"),
        "Weight": Datum("3", "json"),
        "SentTime": Datum("2026-01-02T03:04:05Z", "string"),
        "Labels": Datum('{"a": 1}', "json"),
    }
    assert Parcel.from_host(FULL.get_body(), as_metadata(FULL.to_metadata())) == FULL


def test_equality_is_by_class_body_and_fields() -> None:
    """Messages are equal by value; another class, body or field makes them different."""
    assert Parcel(body="a", id="1") == Parcel(body=b"a", id="1")
    assert hash(Parcel(body="a", id="1")) == hash(Parcel(body=b"a", id="1"))
    assert Parcel(body="a") != Parcel(body="b")
    assert Parcel(id="1") != Parcel(id="2")
    assert Parcel() != azfunc.QueueMessage()
    assert Parcel() != ""


def test_repr_shows_what_is_set() -> None:
    """The repr is the call that makes the message, without what was left out."""
    assert repr(Parcel()) == "Parcel()"
    assert repr(FULL).startswith("Parcel(body=b'hi', id='7', weight=3, sent=datetime.datetime(2026, 1, 2, ")
    assert repr(Parcel(body="x" * 2000)) == f"Parcel(body=b'{'x' * 40}'... 2 kB)"


@pytest.mark.parametrize("parcel", [Parcel(), FULL, from_host(Id="7", Labels={"a": 1})], ids=repr)
def test_copies_are_equal(parcel: Parcel) -> None:
    """Messages made by hand or by the host survive copying and pickling."""
    assert copy.deepcopy(parcel) == parcel
    assert pickle.loads(pickle.dumps(parcel)) == parcel


def test_message_as_dict_and_json() -> None:
    """A message is given as plain values, its body as text."""
    assert FULL.to_dict() == {"body": "hi", "id": "7", "weight": 3, "sent": WHEN, "labels": {"a": 1}}
    assert Parcel(body=b"\xff", id="7").to_json() == '{"body": "/w==", "id": "7", "labels": {}}'


def test_json_body_is_read() -> None:
    """The body is read as JSON; what is none is an error that names the message."""
    assert Parcel(body='{"a": 1}').get_json() == {"a": 1}
    with pytest.raises(azfunc.JsonDecodeError, match="the body of the Parcel"):
        Parcel(body="nope").get_json()


def test_fake_may_replace_a_field() -> None:
    """What a subclass overrides counts wherever the field does, and its constructor need not call the base's."""
    fake = HeavyParcel()

    assert (fake.weight, fake.id, fake.get_body()) == (9000, None, b"")
    assert fake == HeavyParcel()
    assert fake.to_dict()["weight"] == 9000
    assert fake.to_metadata()["Weight"] == Datum("9000", "json")


# --- reading and writing of fields ------------------------------------------------------------------------------------

CODECS = [
    (module.ANYTHING, [1], [1]),
    (module.TEXT, "a", "a"),
    (module.TEXT, 5, "5"),
    (module.INTEGER, 5, 5),
    (module.INTEGER, "5", 5),
    (module.DATETIME, "2026-01-02T03:04:05Z", WHEN),
    (module.DATETIME, "'2026-01-02T03:04:05Z'", WHEN),
    (module.DATETIME, '"2026-01-02T03:04:05Z"', WHEN),
    (module.DATETIME, "2026-01-02T03:04:05", WHEN.replace(tzinfo=None)),
    (module.DATETIME, "", None),
    (module.DATETIME, "''", None),
    (module.DATETIME, "null", None),
    (module.DATETIME, WHEN, WHEN),
    (module.DATETIME_UTC, "2026-01-02T03:04:05", WHEN),
    (module.DATETIME_UTC, "2026-01-02T05:04:05+02:00", WHEN),
    (module.TIMEDELTA, "00:00:05", datetime.timedelta(seconds=5)),
    (module.TIMEDELTA, "1.00:00:05", datetime.timedelta(days=1, seconds=5)),
    (module.TIMEDELTA, "'00:00:05'", datetime.timedelta(seconds=5)),
    (module.TIMEDELTA, "05:10", datetime.timedelta(minutes=5, seconds=10)),
    (module.TIMEDELTA, "90", datetime.timedelta(seconds=90)),
    (module.TIMEDELTA, 90, datetime.timedelta(seconds=90)),
    (module.TIMEDELTA, "", None),
    (module.TIMEDELTA, "null", None),
    (module.JSON, '{"a": 1}', {"a": 1}),
    (module.JSON, {"a": 1}, {"a": 1}),
    (module.OBJECT, '{"a": 1}', {"a": 1}),
]


@pytest.mark.parametrize(("codec", "value", "expected"), CODECS, ids=lambda each: str(getattr(each, "name", each))[:30])
def test_value_of_the_host_is_read(codec: Codec, value: Any, expected: Any) -> None:
    """Each kind of field is read from the forms that the host sends."""
    assert codec.read(value) == expected


@pytest.mark.parametrize(
    ("codec", "value"),
    [
        (module.TEXT, "a"),
        (module.INTEGER, 5),
        (module.DATETIME, WHEN),
        (module.DATETIME_UTC, WHEN),
        (module.TIMEDELTA, datetime.timedelta(days=3, seconds=7)),
        (module.OBJECT, {"a": 1}),
    ],
    ids=lambda each: str(getattr(each, "name", each))[:30],
)
def test_written_value_is_read_again(codec: Codec, value: Any) -> None:
    """What is written is read back the same."""
    assert codec.read(codec.write(value)) == value


@pytest.mark.parametrize(
    ("codec", "value"),
    [(module.INTEGER, "x"), (module.DATETIME, "soon"), (module.TIMEDELTA, "long"), (module.OBJECT, "{")],
    ids=lambda each: str(getattr(each, "name", each)),
)
def test_value_that_cannot_be_read_is_refused(codec: Codec, value: Any) -> None:
    """What cannot be read is an error of the value."""
    with pytest.raises(ValueError, match=r"."):
        codec.read(value)


# --- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"), [(None, b""), ("hé", "hé".encode()), (b"hi", b"hi"), (bytearray(b"hi"), b"hi")], ids=repr
)
def test_body_is_bytes(given: Any, expected: bytes) -> None:
    """Text is sent in UTF-8, bytes as they are, None as nothing."""
    assert as_body(given) == expected
    assert type(as_body(given)) is bytes


@pytest.mark.parametrize("given", [5, ["a"], {"a": 1}, memoryview(b"a")], ids=lambda each: type(each).__name__)
def test_other_bodies_are_refused(given: Any) -> None:
    """A body is text or bytes; the text is the reference's, the hint says what to do."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        as_body(given)

    assert caught.value.message == (
        f"response is expected to be either of str, bytes, or bytearray, got {type(given).__name__}"
    )
    assert "json.dumps()" in caught.value.hint


@pytest.mark.parametrize(
    "datum",
    [
        Datum("hi", "string"),
        Datum("hi", "json"),
        Datum(b"hi", "bytes"),
        Datum(b"hi", "stream"),
        Datum(bytearray(b"hi"), "bytes"),
        Datum(b"hi", "json"),
    ],
    ids=repr,
)
def test_body_of_a_datum(datum: Datum) -> None:
    """Text and bytes in every wire type that the host uses are the body."""
    assert body_of(datum, what="parcel") == b"hi"


@pytest.mark.parametrize(
    "datum", [Datum(5, "int"), Datum(None, None), Datum(5, "string"), Datum("hi", "bytes"), None], ids=repr
)
def test_datum_without_body_is_refused(datum: Any) -> None:
    """Another wire type is refused with the name of the service."""
    with pytest.raises(NotImplementedError, match="unsupported parcel payload type: "):
        body_of(datum, what="parcel")


def test_bytes_as_text() -> None:
    """Bytes are given as text, or in Base64 when they are none."""
    assert plain_text("hé".encode()) == "hé"
    assert base64.b64decode(plain_text(b"\xff\x00")) == b"\xff\x00"


@pytest.mark.parametrize(
    ("value", "expected"), [("a", Datum("a", "string")), (5, Datum("5", "json")), ([1], Datum("[1]", "json"))], ids=repr
)
def test_metadata_value_as_datum(value: Any, expected: Datum) -> None:
    """Text travels as text, everything else as JSON."""
    assert value_datum(value) == expected


def test_no_metadata_is_empty_metadata() -> None:
    """Where the host sends no metadata no field has a value."""
    assert as_metadata(None).as_dict() == {}
