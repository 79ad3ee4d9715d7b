"""Rows, lists of rows, and what their converters have in common."""

from __future__ import annotations

import collections
import copy
import dataclasses
import datetime
import decimal
import enum
import io
import json
import pickle
import uuid
from collections.abc import Generator, Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, Optional, Protocol, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc as func
from azfunc._core.datum import Datum
from azfunc._core.rows import Row, RowConverter, RowList

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


class Cover(enum.Enum):
    """An enum; its class can be iterated over, its members cannot."""

    HARD = "hard"


class Book(Row):
    """A row with a name of its own."""


class BookList(RowList[Book]):
    """Several of them."""

    row_type = Book


class BookConverter(RowConverter):
    """Their converter; it is registered nowhere."""

    what = "book output"
    list_type = BookList


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int
    due: datetime.date


class Titled(TypedDict):
    """A dict with declared keys."""

    title: str


class Sized(Protocol):
    """A protocol that cannot be asked at run time."""

    size: int


class WithToDict:
    """An object that says itself what it is as a dict."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def to_dict(self) -> Any:
        """Give it."""
        return self.plain


class Point(NamedTuple):
    """A tuple, and no row."""

    x: int


# --- rows -------------------------------------------------------------------------------------------------------------


def test_row_is_a_dict() -> None:
    """A row is a real dict: it is one, equals one, and json writes it."""
    book = Book({"a": 1}, b=[2])

    assert isinstance(book, dict)
    assert book == {"a": 1, "b": [2]}
    assert json.dumps(book) == '{"a": 1, "b": [2]}'
    assert {**book} == dict(book.items())


@pytest.mark.parametrize("values", [None, {}, (), []], ids=repr)
def test_row_of_nothing_is_empty(values: Any) -> None:
    """None, which the reference takes too, is no values."""
    assert Book(values) == {}
    assert Book(values, self=1) == {"self": 1}


def test_row_can_be_made_of_pairs() -> None:
    """Pairs make a row, as they make a dict."""
    assert Book([("a", 1)]) == {"a": 1}


def test_row_reads_json() -> None:
    """Text and bytes are read."""
    assert Book.from_json('{"a": {"b": 1}}') == {"a": {"b": 1}}
    assert type(Book.from_json(b'\xef\xbb\xbf{"a": 1}')) is Book


@pytest.mark.parametrize("text", ["[1]", "5", "null", '"a"'])
def test_json_that_is_no_object_is_refused(text: str) -> None:
    """The error has the class and what was read."""
    with pytest.raises(func.ConversionError, match=r"Book\.from_json\(\) needs a JSON object") as caught:
        Book.from_json(text)

    assert caught.value.hint


def test_text_that_is_no_json_is_refused() -> None:
    """The error is a JSONDecodeError too, and has the position."""
    with pytest.raises(json.JSONDecodeError) as caught:
        Book.from_json('{"a": }')

    assert caught.value.pos == 6
    assert isinstance(caught.value, func.JsonDecodeError)
    assert "Book.from_json()" in caught.value.hint


def test_from_dict_copies_one_level() -> None:
    """What is inside is shared, the row is not."""
    source = {"a": {"b": 1}}
    book = Book.from_dict(source)
    book["c"] = 1
    book["a"]["b"] = 2

    assert source == {"a": {"b": 2}}


@pytest.mark.parametrize("given", [5, "ab", None, [("a", 1)]], ids=repr)
def test_from_dict_of_no_mapping_is_refused(given: Any) -> None:
    """Only a mapping is taken."""
    with pytest.raises(TypeError, match=r"Book\.from_dict\(\) needs a mapping") as caught:
        Book.from_dict(given)

    assert "from_json" in str(caught.value)


def test_to_dict_gives_a_plain_copy() -> None:
    """The dict is of the plain class, and another object."""
    book = Book(a=1)
    plain = book.to_dict()
    plain["b"] = 2

    assert type(plain) is dict
    assert book == {"a": 1}


def test_data_is_the_content() -> None:
    """What programs read from the wrapped dict and list of the reference is there."""
    book, books = Book(a=1), BookList([Book(a=1)])

    assert book.data is book
    assert books.data is books


def test_copy_keeps_the_class() -> None:
    """A copy is a row, shallow as that of a dict."""
    inside: list[int] = []
    made = Book(a=inside).copy()

    assert type(made) is Book
    assert made["a"] is inside


def test_values_are_written_by_the_documented_rules() -> None:
    """Dates, decimals, UUIDs, bytes, enums, dataclasses and other rows have a meaning as JSON."""
    kind = enum.Enum("kind", {"NEW": "new"})
    book = Book(
        at=datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        day=datetime.date(2026, 1, 2),
        took=datetime.timedelta(hours=1),
        price=decimal.Decimal("1.5"),
        exact=decimal.Decimal("0.1000000000000000055511151231257827"),
        id=uuid.UUID(int=1),
        raw=b"\xff\x00",
        kind=kind.NEW,
        order=Order(7, datetime.date(2026, 1, 2)),
        inner=Book(b=decimal.Decimal(3)),
        several=BookList([Book(c=1)]),
        tags={"x"},
    )

    assert json.loads(book.to_json()) == {
        "at": "2026-01-02T03:04:05+00:00",
        "day": "2026-01-02",
        "took": "01:00:00",
        "price": 1.5,
        "exact": "0.1000000000000000055511151231257827",
        "id": "00000000-0000-0000-0000-000000000001",
        "raw": "/wA=",
        "kind": "new",
        "order": {"number": 7, "due": "2026-01-02"},
        "inner": {"b": 3},
        "several": [{"c": 1}],
        "tags": ["x"],
    }


def test_value_without_meaning_as_json_is_refused() -> None:
    """The error has the type."""
    with pytest.raises(func.UnsupportedValueError, match="Object of type object"):
        Book(a=object()).to_json()


def test_repr_shows_every_key_and_cuts_long_values() -> None:
    """A log line tells what is in a row, and stays readable."""
    assert repr(Book(id="1", x=2)) == "Book({'id': '1', 'x': 2})"
    assert str(Book(id="1")) == "Book({'id': '1'})"
    text = repr(Book(body="a" * 5000, last=1))
    assert len(text) < 200
    assert "'body'" in text
    assert "'last': 1" in text


def test_repr_of_a_row_in_itself_ends() -> None:
    """A row that holds itself has a repr."""
    book = Book()
    book["me"] = book

    assert repr(book) == "Book({'me': ...})"


def test_rows_are_not_hashable() -> None:
    """As every dict and every list."""
    for each in (Book(), BookList()):
        with pytest.raises(TypeError):
            hash(each)


def test_other_classes_can_be_registered() -> None:
    """The reference's classes become virtual subclasses where both libraries run."""

    class Foreign(Book):
        pass

    class Wrapped(collections.UserDict[str, Any]):
        pass

    Foreign.register(Wrapped)

    assert isinstance(Wrapped(), Foreign)
    assert not isinstance(Wrapped(), BookList)


@given(st.dictionaries(st.text(), JSON))
def test_any_row_survives_json(values: dict[str, Any]) -> None:
    """from_json(to_json(r)) == r for any row of plain JSON values."""
    assert Book.from_json(Book(values).to_json()) == values


# --- lists ------------------------------------------------------------------------------------------------------------


def test_list_is_a_list() -> None:
    """A list of rows is a real list, equals one, and json writes it."""
    books = BookList([Book(a=1)])

    assert isinstance(books, list)
    assert books == [{"a": 1}]
    assert json.dumps(books) == '[{"a": 1}]'
    assert BookList() == []
    assert not BookList()


def test_plain_dicts_become_rows() -> None:
    """What is a dict becomes a row; what is a row, or anything else, stays as it is."""
    book = Book(b=1)
    books = BookList([{"a": 1}, book, 5])  # type: ignore[list-item]  # the point of the test

    assert type(books[0]) is Book
    assert books[1] is book
    assert books[2] == 5


def test_list_takes_its_keyword() -> None:
    """The parameter has the reference's name."""
    assert BookList(initlist=(each for each in [{"a": 1}])) == [{"a": 1}]


def test_parts_and_copies_keep_the_class() -> None:
    """A slice and a copy are lists of rows too."""
    books = BookList([Book(a=each) for each in range(3)])

    assert type(books[1:]) is BookList
    assert books[1:] == [{"a": 1}, {"a": 2}]
    assert books[-1] == {"a": 2}
    assert type(books.copy()) is BookList
    assert books.copy() == books


def test_list_gives_plain_data_and_json() -> None:
    """to_dict() and to_json() give all rows."""
    books = BookList([Book(a=decimal.Decimal("1.5"))])

    assert type(books.to_dict()[0]) is dict
    assert books.to_json() == '[{"a": 1.5}]'
    assert BookList().to_json() == "[]"


def test_repr_of_a_list_shows_the_first_rows() -> None:
    """A long list is cut, and says how much is missing."""
    books = BookList([Book(a=each) for each in range(5)])

    assert repr(books[:2]) == "BookList([Book({'a': 0}), Book({'a': 1})])"
    assert repr(books) == "BookList([Book({'a': 0}), Book({'a': 1}), Book({'a': 2}), ... 2 more])"


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))], ids=["copy", "pickle"]
)
def test_rows_survive_copies(copied: Any) -> None:
    """A deep copy and a pickle equal the original, and have its class."""
    books = BookList([Book(a=Book(b=1))])
    made = copied(books)

    assert made == books
    assert type(made) is BookList
    assert type(made[0]["a"]) is Book


# --- annotations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "annotation",
    [
        BookList,
        list,
        list[Book],
        list[dict[str, Any]],
        list[dict],  # type: ignore[type-arg]  # written so by many
        list[Any],
        list[Titled],
        list[Optional[Book]],  # noqa: UP045  # the older spelling is the point
        Sequence[Mapping[str, object]],
        Iterable[MutableMapping[str, Any]],
        Optional[BookList],  # noqa: UP045
        BookList | None,
        Annotated[list[Book], "books"],
        type("Own", (BookList,), {}),
    ],
    ids=str,
)
def test_parameter_may_be_annotated(annotation: Any) -> None:
    """Everything that a list of rows is may stand at the parameter."""
    assert BookConverter.check_input_type_annotation(annotation) is True


@pytest.mark.parametrize(
    "annotation",
    [
        Book,
        str,
        dict,
        tuple,
        None,
        int | BookList,
        list[str],
        list[Order],
        list[Sized],
        tuple[Book, ...],
        set[Book],
        dict[str, Any],
        func.DocumentList,
        list[func.Document],
        func.QueueMessage,
    ],
    ids=str,
)
def test_parameter_may_not_be_annotated(annotation: Any) -> None:
    """What a list of rows is not may not."""
    assert BookConverter.check_input_type_annotation(annotation) is False


@pytest.mark.parametrize(
    "annotation",
    [
        Book,
        BookList,
        dict,
        dict[str, Any],
        Mapping[str, int],
        list,
        list[Book],
        list[dict[str, Any]],
        tuple[Order, ...],
        Iterable[Titled],
        Order,
        WithToDict,
        str,
        bytes,
        Optional[Book],  # noqa: UP045
        Book | list[Book] | None,
        Annotated[Book, "book"],
        list[Any],
        set,
        memoryview,
        Generator[Book, None, None],
        Iterator[dict[str, Any]],
        Literal["[]"],
    ],
    ids=str,
)
def test_output_may_be_annotated(annotation: Any) -> None:
    """Everything that can be sent may stand at an output."""
    assert BookConverter.check_output_type_annotation(annotation) is True


@pytest.mark.parametrize(
    "annotation",
    [int, None, list[str], list[int], tuple[Book, int], Cover, func.QueueMessage, list[func.QueueMessage], type[Book]],
    ids=str,
)
def test_output_may_not_be_annotated(annotation: Any) -> None:
    """What cannot be sent may not."""
    assert BookConverter.check_output_type_annotation(annotation) is False


# --- from the host ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        (Datum('{"a": 1}', "string"), [{"a": 1}]),
        (Datum('[{"a": 1}, {"a": 2}]', "json"), [{"a": 1}, {"a": 2}]),
        (Datum(b'{"a": 1}', "bytes"), [{"a": 1}]),
        (Datum(bytearray(b"[]"), "stream"), []),
        (Datum("null", "json"), [None]),
        (Datum('[{"a": 1}, null]', "json"), [{"a": 1}, None]),
        (Datum(None, None), None),
        (Datum("x", None), None),
        (None, None),
    ],
    ids=str,
)
def test_what_the_host_sends_becomes_rows(datum: Any, expected: Any) -> None:
    """Objects become rows in a list, null stays in its place, nothing stays nothing."""
    decoded = BookConverter.decode(datum, trigger_metadata=None)

    assert decoded == expected
    assert decoded is None or type(decoded) is BookList
    assert decoded is None or all(each is None or type(each) is Book for each in decoded)


@pytest.mark.parametrize("text", ["5", "[1, null]", '"s"', "[[]]"])
def test_json_of_other_shape_is_refused(text: str) -> None:
    """The error shows what came, and where a row should be."""
    with pytest.raises(func.ConversionError, match="where a Book should be") as caught:
        BookConverter.decode(Datum(text, "json"), trigger_metadata=None)

    assert "JSON object" in caught.value.hint


@pytest.mark.parametrize("text", ["", "hello", "not json {"])
def test_no_json_from_the_host_is_refused(text: str) -> None:
    """The error is the one that json raises."""
    with pytest.raises(json.JSONDecodeError, match=r"Expecting value: line 1 column 1 \(char 0\)"):
        BookConverter.decode(Datum(text, "string"), trigger_metadata=None)


@pytest.mark.parametrize("datum", [Datum(7, "int"), Datum({"a": 1}, "dict"), Datum(None, "json")], ids=str)
def test_other_wire_type_is_refused(datum: Datum) -> None:
    """The error has the reference's text, and says what can come."""
    with pytest.raises(NotImplementedError, match=f"Unsupported payload type: {datum.type}") as caught:
        BookConverter.decode(datum, trigger_metadata=None)

    assert "bytes" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (BookList([Book(a=1)]), '[{"a": 1}]'),
        (BookList([None]), "[null]"),  # type: ignore[list-item]  # the host sends it for what is not there
        ([{"a": 1}], '[{"a": 1}]'),
        (Book(a=1), '[{"a": 1}]'),
        (Order(7, datetime.date(2026, 1, 2)), '[{"number": 7, "due": "2026-01-02"}]'),
    ],
    ids=str,
)
def test_rows_go_to_the_wire_as_a_list(value: Any, text: str) -> None:
    """Rows, and what can become them, are what the host would have sent."""
    assert BookConverter.to_wire(value) == (Datum(text, "json"), {})


def test_nothing_goes_to_the_wire_as_nothing() -> None:
    """None is no datum, and comes back as None."""
    datum, metadata = BookConverter.to_wire(None)

    assert datum == Datum(None, None)
    assert BookConverter.decode(datum, trigger_metadata=metadata) is None


@pytest.mark.parametrize("value", [5, "abc", ["a"], func.QueueMessage(), {"a": float("nan")}], ids=str)
def test_what_no_host_would_send_is_refused(value: Any) -> None:
    """Only rows go to the wire."""
    with pytest.raises(func.UnsupportedValueError):
        BookConverter.to_wire(value)


@given(st.lists(st.builds(Book, st.dictionaries(st.text(), JSON))))
def test_any_rows_survive_the_wire(rows: list[Book]) -> None:
    """decode(to_wire(rows)) == rows for any rows of plain JSON values."""
    datum, metadata = BookConverter.to_wire(BookList(rows))

    assert BookConverter.decode(datum, trigger_metadata=metadata) == rows


# --- to the host ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Book(a=1), '[{"a": 1}]'),
        (BookList([Book(a=1), Book(a=2)]), '[{"a": 1}, {"a": 2}]'),
        ({"a": 1}, '[{"a": 1}]'),
        ({}, "[{}]"),
        ([{"a": 1}, Book(b=2)], '[{"a": 1}, {"b": 2}]'),
        ([], "[]"),
        (({"a": 1},), '[{"a": 1}]'),
        ((each for each in [{"a": 1}]), '[{"a": 1}]'),
        (collections.UserDict({"a": 1}), '[{"a": 1}]'),
        (collections.UserList([{"a": 1}]), '[{"a": 1}]'),
        (func.Document(a=1), '[{"a": 1}]'),
        (Order(7, datetime.date(2026, 1, 2)), '[{"number": 7, "due": "2026-01-02"}]'),
        ([Order(7, datetime.date(2026, 1, 2))], '[{"number": 7, "due": "2026-01-02"}]'),
        (WithToDict({"a": b"\xff"}), '[{"a": "/w=="}]'),
        ({"a": Book(b=decimal.Decimal("0.1"))}, '[{"a": {"b": 0.1}}]'),
        ('{"a": 1.10}', '[{"a": 1.10}]'),
        ('[{"a": 12345678901234567890.5}]', '[{"a": 12345678901234567890.5}]'),
        (b'{"a": "\xc3\xa9"}', '[{"a": "é"}]'),
        (bytearray(b"[]"), "[]"),
        (memoryview(b'\xef\xbb\xbf{"a": 1}'), '[{"a": 1}]'),
        ("", "[]"),
        (b"", "[]"),
    ],
    ids=str,
)
def test_value_is_sent_whole(value: Any, text: str) -> None:
    """Each value that stands for rows is sent without loss; JSON text as it stands."""
    assert BookConverter.encode(value, expected_type=None) == Datum(text, "json")


def test_none_sends_nothing() -> None:
    """None means that there is nothing to write."""
    assert BookConverter.encode(None, expected_type=None) is None


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (5, "book output got int"),
        (True, "got bool"),
        (object(), "got object"),
        (Book, "got ABCMeta"),
        (datetime.date(2026, 1, 2), "got date"),
        (io.BytesIO(b"{}"), "got BytesIO"),
        (func.QueueMessage(body="{}"), "got QueueMessage"),
        ([func.QueueMessage(body="{}")], "QueueMessage is no row"),
        ([None], "None is no row"),
        (["a"], "str is no row"),
        ([[{"a": 1}]], "list of dict is no row"),
        (Point(1), "int is no row"),
        ((each for each in "ab"), "str is no row"),
        (WithToDict([1]), r"to_dict\(\) of a WithToDict gives a list of int"),
        ({"a": object()}, "Object of type object is not JSON serializable"),
        ({(1, 2): 3}, "keys must be str"),
        ("abc", "it is no JSON: Expecting value"),
        ("5", "its JSON is neither an object nor a list of objects"),
        ("[1]", "its JSON is neither an object nor a list of objects"),
        (b"\xff", "it is no JSON: 'utf-8' codec"),
    ],
    ids=str,
)
def test_value_that_is_no_row_is_refused(value: Any, why: str) -> None:
    """The error names the output, what it got and why not, and what it takes."""
    with pytest.raises(func.UnsupportedValueError, match=why) as caught:
        BookConverter.encode(value, expected_type=None)

    assert caught.value.hint == "Give it a Book, a dict, a dataclass, a BookList, a list of them, or their JSON text."


@pytest.mark.parametrize("value", [{"a": float("nan")}, [{"a": float("-inf")}], '{"a": NaN}'], ids=str)
def test_numbers_that_json_lacks_are_refused(value: Any) -> None:
    """Unlike the reference, which writes NaN into text that no host can read."""
    with pytest.raises(func.UnsupportedValueError, match="Out of range float values") as caught:
        BookConverter.encode(value, expected_type=None)

    assert "NaN" in caught.value.hint


def test_row_that_holds_itself_is_refused() -> None:
    """There is no JSON for it."""
    book = Book()
    book["me"] = book

    with pytest.raises(func.UnsupportedValueError, match="Circular reference"):
        BookConverter.encode(book, expected_type=None)


@pytest.mark.parametrize("value", [Cover.HARD, [Cover.HARD]], ids=str)
@pytest.mark.parametrize("kind", ["cosmosDB", "sql", "mysql", "table"])
def test_enum_is_no_row(kind: str, value: object) -> None:
    """A member of an enum is refused as other single values are."""
    converter: Any = func.get_binding_registry().get(kind)

    with pytest.raises(func.UnsupportedValueError, match=r"output got .*Cover"):
        converter.encode(value)
    with pytest.raises(func.UnsupportedValueError):
        converter.to_wire(value)
