"""Records: classes with named fields."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Any, ClassVar

import pytest

import azfunc
from azfunc._core.binding import REQUIRED, Record, field


class Point(Record):
    """A record with a required field, a default, and what is no field."""

    limit: ClassVar[int] = 7
    other_limit: typing.ClassVar[int] = 8

    x: int
    y: int = 0


class Named(Point):
    """A record that adds fields to another, one of them under another name."""

    label: str = "none"
    _kind: str = field(alias="kind")
    _size: int | None = field(alias="size", default=None)


class Halved(Point):
    """A record whose field is computed."""

    @property
    def y(self) -> int:  # type: ignore[override]  # a fake as users write it
        """Half of x."""
        return self.x // 2


def test_fields_are_given_by_keyword() -> None:
    """What is given is kept, what is left out has its default."""
    point = Point(x=3)

    assert (point.x, point.y) == (3, 0)


def test_subclass_has_the_fields_of_its_base_first() -> None:
    """Fields stand in the order of their declaration, those of the base first."""
    assert list(Named._fields) == ["x", "y", "label", "kind", "size"]
    assert Named._fields["kind"] is REQUIRED
    assert Named._fields["size"] is None


def test_field_may_have_another_name_than_its_attribute() -> None:
    """A field with an alias is given by the alias and kept under the attribute."""
    named = Named(x=1, kind="a")

    assert (named._kind, named._size) == ("a", None)
    assert not hasattr(named, "kind")


def test_class_variables_are_no_fields() -> None:
    """`ClassVar` is understood in every spelling."""
    assert list(Point._fields) == ["x", "y"]
    assert (Point.limit, Point.other_limit) == (7, 8)


def test_annotations_need_not_be_text() -> None:
    """A record in a module that does not import annotations from __future__ works alike."""
    made: Any = type(
        "Plain", (Record,), {"__annotations__": {"a": int, "b": ClassVar[int], "c": int | None}, "b": 1, "c": None}
    )

    assert list(made._fields) == ["a", "c"]
    assert (made(a=2).a, made(a=2).b, made(a=2).c) == (2, 1, None)


def test_missing_field_is_refused() -> None:
    """The error names the class and the field, and what may be left out."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        Named(x=1)  # type: ignore[call-arg]  # the point of the test

    assert caught.value.message == "Named lacks 'kind'."
    assert caught.value.hint == "Give kind; only y, label, size may be left out."


def test_none_for_a_required_field_is_refused() -> None:
    """None is no value for a field that must be given."""
    with pytest.raises(azfunc.ArgumentTypeError, match="Point was given None for 'x'"):
        Point(x=None)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("labels", "Did you mean 'label'? Its fields are x, y, label, kind, size."),
        ("z", "Its fields are x, y, label, kind, size."),
        ("_kind", "Did you mean 'kind'? Its fields are x, y, label, kind, size."),
    ],
)
def test_unknown_field_is_refused(name: str, hint: str) -> None:
    """The error lists the fields, and the one that was probably meant."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        Named(x=1, kind="a", **{name: 2})  # type: ignore[arg-type]  # the point of the test

    assert caught.value.message == f"Named has no field {name!r}."
    assert caught.value.hint == hint


def test_equality_is_by_class_and_value() -> None:
    """Two records are equal if class and fields are."""
    assert Point(x=1) == Point(x=1, y=0)
    assert hash(Point(x=1)) == hash(Point(x=1, y=0))
    assert Point(x=1) != Point(x=2)
    assert Point(x=1, y=0) != Halved(x=1)
    assert Point(x=1) != (1, 0)


def test_value_equal_to_the_default_is_the_default() -> None:
    """It makes no difference whether a default is given or left out, nor which object stands for it."""
    made: Any = type("Priced", (Record,), {"__annotations__": {"price": "float", "on": "int"}, "price": 1.5, "on": 1})

    assert made(price=float("1.5")) == made()
    assert repr(made(price=float("1.5"))) == "Priced()"
    assert repr(made(on=True)) == "Priced(on=True)"


def test_repr_makes_it_again() -> None:
    """The repr is a call that makes an equal record; defaults are left out."""
    assert repr(Point(x=1)) == "Point(x=1)"
    assert repr(Named(x=1, kind="a", size=2)) == "Named(x=1, kind='a', size=2)"
    assert eval(repr(Named(x=1, kind="a", size=2))) == Named(x=1, kind="a", size=2)


def test_subclass_may_compute_a_field() -> None:
    """A read-only property takes the place of a field; the constructor still works."""
    assert Halved(x=8).y == 4


@pytest.mark.parametrize("record", [Point(x=1), Named(x=1, kind="a"), Halved(x=2)], ids=repr)
def test_copies_are_equal(record: Record) -> None:
    """Records survive copying and pickling."""
    assert copy.deepcopy(record) == record
    assert pickle.loads(pickle.dumps(record)) == record
