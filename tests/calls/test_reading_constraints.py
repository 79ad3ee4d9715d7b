"""Constraints of pydantic beside types that azfunc reads, and classes of both."""

from __future__ import annotations

import pathlib
import sys
from dataclasses import dataclass
from typing import Annotated, Any, NewType

import pytest
from typing_extensions import TypeAliasType

from azfunc.calls.models import UnreadableTypeError
from azfunc.calls.problems import Problems
from azfunc.calls.reading import read_value, reader_of

pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
annotated_types = pytest.importorskip("annotated_types", reason="it comes with pydantic")

Positive: Any = pydantic.PositiveInt
Ge: Any = annotated_types.Ge
MinLen: Any = annotated_types.MinLen
Field: Any = pydantic.Field


@dataclass
class Item:
    """A class of the app."""

    count: int


Items = TypeAliasType("Items", list[Item])
Model: Any = pydantic.create_model("Model", x=(int, ...))
Other: Any = pydantic.create_model("Other", y=(int, ...))
FilledItems: Any = Annotated[list[Item], Field(min_length=1)]


def read(annotation: Any, value: Any) -> Any:
    """Give what is read, or what is wrong."""
    problems = Problems()
    found = read_value(reader_of(annotation), value, None, problems)
    return problems.found or found


CHECKED: list[tuple[Any, Any, Any]] = [
    (Positive, 1, -1),
    (pydantic.NonNegativeInt, 0, -1),
    (pydantic.conint(ge=0), 0, -1),
    (pydantic.confloat(gt=0), 0.5, 0.0),
    (pydantic.conlist(int, min_length=1), [1], []),
    (pydantic.constr(pattern="^a"), "a", "b"),
    (Annotated[int, Ge(0)], 0, -1),
    (Annotated[int, "a remark", Ge(0)], 0, -1),
    (Annotated[str, MinLen(3)], "abc", "a"),
    (Annotated[int, Field(ge=0)], 0, -1),
    (Positive | None, 1, -1),
    (NewType("Count", Positive), 1, -1),
    (list[Positive], [1], [-1]),
    (dict[Positive, int], {"1": 1}, {"-1": 1}),
    (Annotated[list[int] | None, Field(min_length=1)], None, []),
    (FilledItems, [{"count": 1}], []),
    (Annotated[int, pydantic.AfterValidator(abs), Ge(0)], 1, "1"),
]


@pytest.mark.parametrize(("annotation", "good", "bad"), CHECKED, ids=lambda each: repr(each)[:40])
def test_constraints_are_checked(annotation: Any, good: Any, bad: Any) -> None:
    """What constrains a type holds for what is read, however it is written."""
    problems = Problems()
    read_value(reader_of(annotation), good, None, problems)
    found = Problems()
    read_value(reader_of(annotation), bad, None, found)

    assert problems.found == []
    assert len(found.found) == 1


def test_constraint_of_an_alternative_is_told() -> None:
    """Of a number that is too small it is not said that no number came."""
    assert read(Positive | None, -1) == [("", "Input should be greater than 0")]


@pytest.mark.parametrize("annotation", [Positive, Annotated[int, Field(ge=0)], list[Positive]], ids=str)
def test_constraints_make_nothing_lax(annotation: Any) -> None:
    """A type is read as strictly with a constraint as without."""
    value: Any = ["1"] if annotation == list[Positive] else "1"

    assert [text for _, text in read(annotation, value)] == ["wanted a whole number, got '1'"]


def test_classes_under_a_constraint_are_read_strictly() -> None:
    """Their unknown fields are problems, and text is no number."""
    assert read(FilledItems, [{"count": "3", "more": 1}]) == [
        ("[0].more", "is no field of Item"),
        ("[0].count", "wanted a whole number, got '3'"),
    ]
    assert read(FilledItems, [{"count": 3}]) == [Item(3)]
    assert read(Annotated[Items, Field(min_length=1)], [{"count": "3"}])[0][0] == "[0].count"
    assert read(Annotated[Item, Field(description="What is wanted.")], {"count": "3"})[0][0] == "count"


def test_classes_beside_models_are_read_strictly() -> None:
    """Each alternative is read by its own rules."""
    kind = dict[str, Item | Model]

    assert read(kind, {"a": {"count": 3}, "b": {"x": "3"}}) == {"a": Item(3), "b": Model(x=3)}
    assert read(Item | Model | Other, {"y": 1}) == Other(y=1)
    assert read(Model | Item | Other, {"count": 1}) == Item(1)
    assert isinstance(read(Item | Model, {"count": "3"}), list)


def test_what_pydantic_alone_reads_is_left_to_it() -> None:
    """Types that nothing else reads, validators of what comes, and models with something beside them."""
    assert read(Annotated[pathlib.Path, Field()], "a") == pathlib.Path("a")
    assert read(Annotated[int, pydantic.BeforeValidator(len)], "abc") == 3
    assert read(dict[Annotated[int, pydantic.BeforeValidator(len)], Item], {"abc": {"count": 1}}) == {3: Item(1)}
    assert read(Annotated[Model | Other, Field(description="Either.")], {"y": 1}) == Other(y=1)
    assert read(Annotated[list[Item], pydantic.BeforeValidator(list)], []) == []


def test_class_that_cannot_be_read_is_refused_under_a_constraint() -> None:
    """It is not handed to pydantic instead, which would read it less strictly."""

    @dataclass
    class Odd:
        value: Any

    Odd.__annotations__["value"] = complex

    with pytest.raises(UnreadableTypeError) as caught:
        reader_of(Annotated[list[Odd], Field(min_length=1)])

    assert (caught.value.place, caught.value.why) == ("[].value", "nothing reads complex")


def test_constraint_that_does_not_suit_the_value_is_a_problem() -> None:
    """A number of a union has no length."""
    [(place, text)] = read(Annotated[int | list[Item], MinLen(1)], 3)

    assert place == ""
    assert "min_length" in text


@pytest.mark.parametrize("beside", [Field(strict=True), annotated_types.Unit("m"), "a remark"], ids=str)
def test_remarks_need_no_pydantic(beside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What constrains nothing is passed over."""
    monkeypatch.setitem(sys.modules, "pydantic", None)

    assert read(Annotated[int, beside], 1) == 1


def test_constraint_without_pydantic_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not passed over when nothing can check it."""
    monkeypatch.setitem(sys.modules, "pydantic", None)

    with pytest.raises(UnreadableTypeError) as caught:
        reader_of(list[Annotated[int, Ge(0)]])

    assert caught.value.place == "[]"
    assert "pip install pydantic" in caught.value.why


def test_set_of_models_is_refused() -> None:
    """They have no hash, so that no set could hold one."""
    with pytest.raises(UnreadableTypeError, match="no set can hold Model"):
        reader_of(set[Model])
