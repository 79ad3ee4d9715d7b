"""Reading JSON values as types say."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import sys
import typing
import uuid
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import InitVar, dataclass, field
from typing import Annotated, Any, Final, Generic, Literal, NewType, Optional, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import (
    NotRequired,  # noqa: TC002  # annotations are resolved
    Required,  # noqa: TC002
    TypeAliasType,
    TypedDict,
)

from azfunc._core.jsonlib import dumps, loads
from azfunc.calls.models import UnreadableTypeError
from azfunc.calls.problems import Problems
from azfunc.calls.reading import described, read_value, reader_of

T = TypeVar("T")
UserId = NewType("UserId", int)


class Colour(enum.Enum):
    """An enum of text."""

    RED = "red"
    NONE = None


class Level(enum.IntEnum):
    """An enum of numbers."""

    LOW = 1


class Switch(enum.Enum):
    """An enum of truth values."""

    ON = True


class Nothing(enum.Enum):
    """An enum without members."""


class Shape(enum.Enum):
    """An enum that JSON cannot have."""

    WIDE = (2, 1)


@dataclass
class Base:
    """What others inherit from."""

    name: str


@dataclass
class Item(Base):
    """Something with a price."""

    price: float = 0.0
    tags: list[str] = field(default_factory=list[str])
    key: str = field(init=False, default="k")


@dataclass
class Order:
    """Something with items."""

    items: list[Item]


@dataclass
class Tree:
    """A class that holds itself."""

    children: list[Tree] = field(default_factory=list[Any])


@dataclass
class Circle:
    """One alternative."""

    kind: Literal["circle"]
    radius: float


@dataclass
class Square:
    """Another alternative."""

    kind: Literal["square"]
    side: float


@dataclass
class Narrow:
    """Has some of the fields of `Wide`."""

    a: int


@dataclass
class Wide:
    """Has one field more than `Narrow`."""

    a: int
    b: int = 0


@dataclass
class Page(Generic[T]):
    """A generic class."""

    entries: list[T]
    first: T


@dataclass
class Even:
    """Checks its value itself."""

    number: int
    final: Final[int] = 2

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError("number has to be even")


@dataclass
class WithInitVar:
    """Takes what it does not keep."""

    seed: InitVar[int]


@dataclass
class Unresolved:
    """Names a type that there is not."""

    other: Missing  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable, reportUnknownVariableType]  # that is what is tested


class Movie(TypedDict):
    """A typed dict with a field that may be missing."""

    title: str
    year: NotRequired[int]


class Partial(TypedDict, total=False):
    """A typed dict with a field that has to be there."""

    title: Required[str]
    year: int


Names = TypeAliasType("Names", list[str])


def read(annotation: Any, value: Any, **options: Any) -> Any:
    """Read a value that fits."""
    problems = Problems()
    found = read_value(reader_of(annotation, **options), value, None, problems)
    assert problems.found == []
    return found


def problems_of(annotation: Any, value: Any, **options: Any) -> list[tuple[str, str]]:
    """Read a value that does not fit."""
    problems = Problems()
    read_value(reader_of(annotation, **options), value, None, problems)
    return problems.found


UTC = datetime.timezone.utc
NO_LITERAL: Any = Literal[()]  # type: ignore[valid-type]  # pyright: ignore[reportInvalidTypeForm]  # it can be written
OPTIONAL_LITERAL: Any = Literal["a", 1, None]  # noqa: PYI061  # the other spelling is a union
FITTING: list[tuple[Any, Any, Any]] = [
    (Any, {"a": [1]}, {"a": [1]}),
    (object, 1, 1),
    (None, None, None),
    (str, "a", "a"),
    (int, 1, 1),
    (float, 1.5, 1.5),
    (float, 1, 1.0),
    (bool, True, True),
    (datetime.datetime, "2026-01-02T03:04:05Z", datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    (datetime.date, "2026-01-02", datetime.date(2026, 1, 2)),
    (datetime.time, "03:04:05.5", datetime.time(3, 4, 5, 500_000)),
    (datetime.time, "03:04Z", datetime.time(3, 4, tzinfo=UTC)),
    (datetime.timedelta, "1.02:03:04", datetime.timedelta(days=1, seconds=7384)),
    (uuid.UUID, "12345678-1234-5678-1234-567812345678", uuid.UUID("12345678-1234-5678-1234-567812345678")),
    (decimal.Decimal, "1.10", decimal.Decimal("1.10")),
    (decimal.Decimal, 1.1, decimal.Decimal("1.1")),
    (decimal.Decimal, 2, decimal.Decimal(2)),
    (bytes, "aGk=", b"hi"),
    (Colour, "red", Colour.RED),
    (Colour, None, Colour.NONE),
    (Level, 1, Level.LOW),
    (Switch, True, Switch.ON),
    (OPTIONAL_LITERAL, 1, 1),
    (OPTIONAL_LITERAL, None, None),
    (Literal[Colour.RED], "red", Colour.RED),
    (UserId, 7, 7),
    (Annotated[int, "in metres"], 7, 7),
    (Optional[int], None, None),  # noqa: UP045  # the older spelling
    (int | str, "a", "a"),
    (list, [1, "a"], [1, "a"]),
    (list[int], [1], [1]),
    (Sequence[int], [1], [1]),
    (typing.List[int], [1], [1]),  # noqa: UP006  # the older spelling
    (set[int], [1, 1], {1}),
    (set[int | list[int]], [1], {1}),
    (set[tuple[Item, ...]], [[]], {()}),
    (AbstractSet[int], [1], {1}),
    (frozenset[int], [1], frozenset({1})),
    (tuple, [1, "a"], (1, "a")),
    (tuple[int, ...], [1, 2], (1, 2)),
    (tuple[int, str], [1, "a"], (1, "a")),
    (tuple[()], [], ()),
    (dict, {"a": 1}, {"a": 1}),
    (dict[str, int], {"a": 1}, {"a": 1}),
    (Mapping[int, float], {"1": 1}, {1: 1.0}),
    (dict[float, int], {"1.5": 1}, {1.5: 1}),
    (dict[bool, int], {"true": 1}, {True: 1}),
    (dict[datetime.date, int], {"2026-01-02": 1}, {datetime.date(2026, 1, 2): 1}),
    (Item, {"name": "tea", "price": 2, "key": "passed over"}, Item("tea", 2.0)),
    (Tree, {"children": [{"children": []}]}, Tree([Tree()])),
    (Page[Item], {"entries": [{"name": "a"}], "first": {"name": "b"}}, Page([Item("a")], Item("b"))),
    (Movie, {"title": "a"}, {"title": "a"}),
    (Partial, {"title": "a", "year": 1}, {"title": "a", "year": 1}),
    (Names, ["a"], ["a"]),
    (Circle | Square, {"kind": "square", "side": 1}, Square("square", 1.0)),
    (Narrow | Wide, {"a": 1, "b": 2}, Wide(1, 2)),
]


@pytest.mark.parametrize(("annotation", "value", "wanted"), FITTING, ids=lambda each: repr(each)[:40])
def test_what_fits_is_read(annotation: Any, value: Any, wanted: Any) -> None:
    """A value that fits a type becomes one of it, of the very class."""
    found = read(annotation, value)

    assert found == wanted
    assert type(found) is type(wanted)


MISFITS: list[tuple[Any, Any, str, str]] = [
    (None, 1, "", "wanted null, got 1"),
    (str, 1, "", "wanted text, got 1"),
    (int, "1", "", "wanted a whole number, got '1'"),
    (int, True, "", "wanted a whole number, got true"),
    (int, 1.0, "", "wanted a whole number, got 1.0"),
    (float, False, "", "wanted a number, got false"),
    (float, float("nan"), "", "wanted a number, got nan"),
    (float, float("inf"), "", "wanted a number, got inf"),
    (float, 10**400, "", "wanted a number, got one of more than 308 digits"),
    (bool, 1, "", "wanted true or false, got 1"),
    (datetime.datetime, "soon", "", "wanted a date and time such as 2026-01-31T12:30:00Z, got 'soon'"),
    (datetime.date, "20260102", "", "wanted a date such as 2026-01-31, got '20260102'"),
    (datetime.date, "2026-W01-1", "", "wanted a date such as 2026-01-31, got '2026-W01-1'"),
    (datetime.time, "8:00", "", "wanted a time such as 12:30:00, got '8:00'"),
    (datetime.time, "08:00 PM", "", "wanted a time such as 12:30:00, got '08:00 PM'"),
    (datetime.timedelta, 5, "", "wanted a duration such as 00:05:00 or 1.02:03:04, got 5"),
    (uuid.UUID, "1", "", "wanted a UUID, got '1'"),
    (decimal.Decimal, True, "", "wanted a number, or text of one, got true"),
    (decimal.Decimal, "one", "", "wanted a number, or text of one, got 'one'"),
    (decimal.Decimal, " 1 ", "", "wanted a number, or text of one, got ' 1 '"),
    (decimal.Decimal, "1_000", "", "wanted a number, or text of one, got '1_000'"),
    (decimal.Decimal, "NaN", "", "wanted a number, or text of one, got 'NaN'"),
    (decimal.Decimal, "\u0661", "", "wanted a number, or text of one, got '\u0661'"),
    (decimal.Decimal, float("inf"), "", "wanted a number, or text of one, got inf"),
    (decimal.Decimal, "1e99999999999999999999", "", "wanted a number, or text of one, got '1e99999999999999999999'"),
    (bytes, "?", "", "wanted Base64 text, got '?'"),
    (Colour, "blue", "", "wanted 'red' or null, got 'blue'"),
    (Colour, ["red"], "", "wanted 'red' or null, got a list"),
    (Level, True, "", "wanted 1, got true"),
    (Switch, 1, "", "wanted true, got 1"),
    (Level, 1.0, "", "wanted 1, got 1.0"),
    (Literal["a", 1], True, "", "wanted 'a' or 1, got true"),
    (Literal["a", 1], {}, "", "wanted 'a' or 1, got an object"),
    (Literal[True, "a"], 0, "", "wanted true or 'a', got 0"),
    (int | None, "a", "", "wanted a whole number or null, got 'a'"),
    (list[int], {}, "", "wanted a list, got an object"),
    (list[int], [1, None], "[1]", "wanted a whole number, got null"),
    (set[Any], [[]], "", "has a list or an object in it, and is read as a set"),
    (tuple[int], [1, 2], "", "wanted a list of 1 item, got 2"),
    (tuple[int, str], 1, "", "wanted a list of 2 items, got 1"),
    (tuple[int, str], [1, 2], "[1]", "wanted text, got 2"),
    (dict[str, int], [], "", "wanted an object, got a list"),
    (dict[str, int], {"a b": ""}, "['a b']", "wanted a whole number, got ''"),
    (dict[int, int], {"01": 1}, "['01']", "wanted a whole number as key, got '01'"),
    (dict[bool, int], {"yes": 1}, "yes", "wanted true or false as key, got 'yes'"),
    (dict[float, int], {"1_0": 1}, "['1_0']", "wanted a number as key, got '1_0'"),
    (dict[float, int], {"1e999": 1}, "['1e999']", "wanted a number as key, got '1e999'"),
    (dict[float, int], {"1": 1, "1.0": 2}, "['1.0']", "is there already, with the key written otherwise"),
    (Item, 1, "", "wanted an object with the fields of Item, got 1"),
    (Item, {}, "name", "is missing"),
    (Item, {"name": "a", "prize": 1}, "prize", "is no field of Item; did you mean 'price'?"),
    (Item, {"name": "a", "x" * 99: 1}, f"['{'x' * 40}'... 99 characters]", "is no field of Item"),
    (Order, {"items": [{"name": "a", "price": "1"}]}, "items[0].price", "wanted a number, got '1'"),
    (Even, {"number": 1}, "", "number has to be even"),
    (Movie, {"title": "a", "year": "b"}, "year", "wanted a whole number, got 'b'"),
    (Partial, {"year": 1}, "title", "is missing"),
    (dict[str, int], {"password": "hunter2"}, "password", "wanted a whole number, got ***"),
    (dict[str, int], {"token": "hunter2"}, "token", "wanted a whole number, got ***"),
]


@pytest.mark.parametrize(("annotation", "value", "place", "text"), MISFITS, ids=lambda each: repr(each)[:40])
def test_what_does_not_fit_is_told(annotation: Any, value: Any, place: str, text: str) -> None:
    """A value that does not fit gives one problem with its place and what was wanted."""
    assert problems_of(annotation, value) == [(place, text)]


def test_all_problems_are_told() -> None:
    """Reading goes on after a problem."""
    value = {"items": [{"price": "1", "tags": [1]}, {"name": None}]}

    assert problems_of(Order, value) == [
        ("items[0].name", "is missing"),
        ("items[0].price", "wanted a number, got '1'"),
        ("items[0].tags[0]", "wanted text, got 1"),
        ("items[1].name", "wanted text, got null"),
    ]


MANY: list[tuple[Any, Any]] = [
    (list[int], [*"a" * 99]),
    (dict[str, int], {f"a{each}": "b" for each in range(99)}),
    (list[Item], [{}] * 99),
    (list[tuple[int, int]], [["a", "b"]] * 99),
    (Item, {f"a{each}": "b" for each in range(99)}),
]


@pytest.mark.parametrize(("annotation", "value"), MANY, ids=["list", "dict", "class", "tuple", "extra"])
def test_fifty_problems_are_enough(annotation: Any, value: Any) -> None:
    """A body that is something else altogether is not read to its end."""
    assert len(problems_of(annotation, value)) == 50


def test_unknown_fields_can_be_passed_over() -> None:
    """With the extra ones ignored only known fields count, in classes and typed dicts."""
    assert read(list[Item], [{"name": "a", "x": 1}], ignores_extra=True) == [Item("a")]
    assert read(Movie, {"title": "a", "x": 1}, ignores_extra=True) == {"title": "a"}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the statement `type` is of Python 3.12")
def test_named_type_may_hold_itself() -> None:
    """A type that is named by a statement can stand in itself."""
    names: dict[str, Any] = {}
    exec("type Json = dict[str, Json] | list[Json] | str", names)

    assert read(names["Json"], {"a": ["b", {"c": "d"}]}) == {"a": ["b", {"c": "d"}]}


# --- unions -----------------------------------------------------------------------------------------------------------


def test_union_of_classes_takes_the_one_with_all_fields() -> None:
    """The class that has every field comes before one that would pass over some."""
    kinds = Narrow | Wide

    assert read(kinds, {"a": 1, "b": 2}, ignores_extra=True) == Wide(1, 2)
    assert read(kinds, {"a": 1, "c": 2}, ignores_extra=True) == Narrow(1)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"kind": "circle", "radius": "1", "x": 1}, [("x", "no field"), ("radius", "a number")]),
        ({"kind": "square"}, [("side", "is missing")]),
        ({"kind": "line"}, [("", "wanted Circle or Square, got an object")]),
        (1, [("", "wanted Circle or Square, got 1")]),
    ],
    ids=["tag", "missing", "none", "scalar"],
)
def test_problems_of_a_union_are_those_of_the_nearest(value: Any, wanted: list[tuple[str, str]]) -> None:
    """What is told of a union are the problems of the alternative that is meant; when none is, what would do."""
    found = problems_of(Circle | Square, value)

    assert [place for place, _ in found] == [place for place, _ in wanted]
    assert all(part in text for (_, text), (_, part) in zip(found, wanted, strict=True))


def test_what_all_alternatives_find_wrong_is_told() -> None:
    """When several alternatives come near, what all of them find wrong first is the problem."""
    assert problems_of(Circle | Square, {"radius": 1}) == [("kind", "is missing")]


def test_problems_below_a_list_in_a_union() -> None:
    """An alternative that fits but for what is in it is the nearest."""
    assert problems_of(list[int] | str, [1, "a"]) == [("[1]", "wanted a whole number, got 'a'")]
    assert problems_of(list[int | None] | None, ["a"]) == [("[0]", "wanted a whole number or null, got 'a'")]


def test_alternatives_that_hold_themselves_are_read_in_little_time() -> None:
    """A deep tree of tagged alternatives is not read anew for each of them."""
    deep: dict[str, Any] = {"kind": "b", "inner": None, "wrong": 1}
    for _ in range(60):
        deep = {"inner": deep, "kind": "b"}

    [(place, text)] = problems_of(Left | Right, deep)

    assert place.endswith("inner.wrong")
    assert "is no field of Right" in text


@dataclass
class Left:
    """A tagged alternative that holds both."""

    inner: Left | Right | None
    kind: Literal["a"]


@dataclass
class Right:
    """The other one."""

    inner: Left | Right | None
    kind: Literal["b"]


# --- limits -----------------------------------------------------------------------------------------------------------


def test_what_is_nested_too_deeply_is_a_problem() -> None:
    """JSON that is deeper than Python can go is no crash."""
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"children": [deep]}

    assert problems_of(Tree, deep) == [("", "is nested too deeply")]


@pytest.mark.parametrize(
    ("annotation", "place", "why"),
    [
        (complex, "", "nothing reads complex"),
        (list[complex], "[]", "nothing reads complex"),
        (dict[str, complex], "[...]", "nothing reads complex"),
        (dict[complex, str], "[key]", "nothing reads complex"),
        (tuple[int, complex], "[1]", "nothing reads complex"),
        (collections.OrderedDict[str, int], "", "nothing reads OrderedDict"),
        (T, "", "nothing reads T"),
        (Page, "entries[]", "nothing reads T"),
        (WithInitVar, "seed", "WithInitVar.seed is an InitVar"),
        (list[Unresolved], "[]", "a field of Unresolved cannot be resolved"),
        (Shape, "", "the enum Shape has values that JSON has not"),
        (Nothing, "", "the enum Nothing has no members"),
        (NO_LITERAL, "", "the Literal permits nothing"),
        (set[Item], "", "no set can hold Item, which has no hash"),
        (list[frozenset[dict[str, int]]], "[]", "no set can hold an object"),
        (AbstractSet[Movie], "", "no set can hold Movie"),
        (set[Item | list[int]], "", "no set can hold Item or a list of a whole number"),
        (set[tuple[int, Item]], "", "no set can hold a list of"),
        (Literal[b"a"], "", "JSON has no b'a'"),
        ("text", "", "nothing reads text"),
    ],
    ids=str,
)
def test_type_that_cannot_be_read_is_refused(annotation: Any, place: str, why: str) -> None:
    """A type that no JSON value fits is told with its place when the reader is made."""
    with pytest.raises(UnreadableTypeError) as caught:
        reader_of(annotation)

    assert caught.value.place == place
    assert caught.value.why.startswith(why)


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (int, "a whole number"),
        (Item, "Item"),
        (list[Item], "a list of Item"),
        (list, "a list"),
        (Mapping[str, int], "an object"),
        (typing.Union[Annotated[UserId, 1], None], "a whole number or null"),  # noqa: UP007  # of text beside a type checkers know no |
        (Literal[1], "Literal"),
    ],
    ids=str,
)
def test_types_are_described_in_words(annotation: Any, text: str) -> None:
    """What has to come for a type is said without Python's spelling."""
    assert text in described(annotation)


# --- round trip -------------------------------------------------------------------------------------------------------


@dataclass
class Everything:
    """Has a field of each kind."""

    text: str
    whole: int
    number: float
    truth: bool
    moment: datetime.datetime
    day: datetime.date
    clock: datetime.time
    duration: datetime.timedelta
    identity: uuid.UUID
    amount: decimal.Decimal
    content: bytes
    colour: Colour
    maybe: int | None
    either: int | str | list[int]
    items: list[Item]
    pair: tuple[int, str]
    several: frozenset[int]
    by_name: dict[str, Item]
    by_number: dict[int, float]
    computed: int = field(init=False, default=3)


def everything() -> st.SearchStrategy[Everything]:
    """Give objects of all kinds."""
    finite = st.floats(allow_nan=False, allow_infinity=False)
    longest = datetime.timedelta(days=10_000_000)
    items = st.builds(Item, st.text(), finite, st.lists(st.text(), max_size=2))
    return st.builds(
        Everything,
        number=finite,
        moment=st.datetimes(timezones=st.sampled_from([None, UTC, datetime.timezone(datetime.timedelta(hours=-3.5))])),
        duration=st.timedeltas(-longest, longest),
        amount=st.decimals(allow_nan=False, allow_infinity=False),
        items=st.lists(items, max_size=2),
        by_name=st.dictionaries(st.text(), items, max_size=2),
        by_number=st.dictionaries(st.integers(), finite, max_size=2),
    )


@settings(max_examples=50)
@given(everything())
def test_what_azfunc_writes_is_read_back(sent: Everything) -> None:
    """A dataclass that was written as JSON is read as an equal one."""
    assert read(Everything, loads(dumps(sent))) == sent


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_any_json_is_read_or_told(value: Any) -> None:
    """No JSON value makes a reader fail otherwise than with problems, each with a text."""
    problems = Problems()
    found = read_value(reader_of(Everything | Order | Names | dict[int, Any]), value, None, problems)

    assert all(text for _, text in problems.found)
    assert problems.found or isinstance(found, (Order, list, dict))
