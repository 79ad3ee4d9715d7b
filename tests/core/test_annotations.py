"""Annotations as people write them."""

from __future__ import annotations

import collections.abc
import sys
import typing
from typing import Annotated, Any, List, NewType, Optional, Union  # noqa: UP035  # the older spellings are the point

import pytest
from typing_extensions import LiteralString, TypeAliasType, TypedDict

from azfunc._core.annotations import accepts, alternatives, item_type, items_of


class Text(str):
    """A subclass of a permitted class."""

    __slots__ = ()


class Row(TypedDict):
    """A dict with known keys."""

    number: int


Name = NewType("Name", str)
Alias = TypeAliasType("Alias", Union[str, None])  # noqa: UP007  # made at run time

ALTERNATIVES = [
    (str, [str]),
    (str | None, [str]),
    (Optional[str], [str]),  # noqa: UP045  # see above
    (Union[str, bytes, None], [str, bytes]),  # noqa: UP007  # see above
    (Annotated[str, "a note"], [str]),
    (Annotated[str | None, "a note"], [str]),
    (Annotated[str, "a note"] | None, [str]),
    (Optional[Annotated[Union[str, bytes], 1]], [str, bytes]),  # noqa: UP007, UP045  # see above
    (Name, [str]),
    (Alias, [str]),
    (Annotated[Alias, 1] | bytes, [str, bytes]),
    (list[str], [list[str]]),
    (None, [None]),
    (type(None), [type(None)]),
]

ITEMS = [
    (list[str], str),
    (List[str], str),  # noqa: UP006  # see above
    (collections.abc.Sequence[str], str),
    (typing.Sequence[str], str),
    (typing.Iterable[str], str),
    (set[str], str),
    (tuple[str, ...], str),
    (tuple[str, int], None),
    (dict[str, int], None),
    (typing.Mapping[str, int], None),
    (str, None),
    (list, None),
    (Any, None),
    (typing.Callable[[str], int], None),
]

# Annotation, and whether str and dict, or lists of str, permit it.
ACCEPTED = [
    (str, True),
    (Text, True),
    (str | None, True),
    (Annotated[str, 1], True),
    (Name, True),
    (Alias, True),
    (dict, True),
    (dict[str, int], True),
    (typing.Dict[str, Any] | None, True),  # noqa: UP006  # see above
    (Row, True),
    (list[str], True),
    (List[Optional[str]], True),  # noqa: UP006, UP045  # see above
    (list[Annotated[Text, 1]], True),
    (list[str] | str, True),
    (list[Name], True),
    (list[int], False),
    (list[dict[str, int]], False),
    (list[list[str]], False),
    (list, True),
    (List, True),  # noqa: UP006  # see above
    (list[Any], True),
    (list[object], True),
    (tuple, False),
    (tuple[str, Text], True),
    (tuple[str, int], False),
    (typing.Generator[str, int, bool], True),
    (typing.Generator[int, str, str], False),
    (typing.Literal["a", None], True),  # noqa: PYI061  # as people write it
    (typing.Literal["a", 1], False),
    (typing.Literal[None], False),  # noqa: PYI061  # see above
    (LiteralString, True),
    (typing.Dict, True),  # noqa: UP006  # see above
    (typing.Callable[[str], str], False),
    (int, False),
    (str | int, False),
    (bytes | None, False),
    (Any, False),
    (None, False),
    (type(None), False),
    ("str", False),
]


@pytest.mark.parametrize(("annotation", "expected"), ALTERNATIVES, ids=lambda each: str(each)[:40])
def test_alternatives_of_an_annotation(annotation: Any, expected: list[Any]) -> None:
    """Unions are taken apart at every depth, None and notes are left out, named types are looked into."""
    assert alternatives(annotation) == expected


@pytest.mark.parametrize(("annotation", "expected"), ITEMS, ids=lambda each: str(each)[:40])
def test_item_of_an_annotation(annotation: Any, expected: Any) -> None:
    """A list of one class has it as its item; what is no such list has none."""
    assert item_type(annotation) is expected


@pytest.mark.parametrize(("annotation", "expected"), ACCEPTED, ids=lambda each: str(each)[:40])
def test_annotation_is_accepted(annotation: Any, expected: bool) -> None:
    """Each alternative has to be a permitted class or a list of one."""
    assert accepts(annotation, (str, dict), (str,)) is expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (list[str], [str]),
        (tuple[str, int], [str, int]),
        (tuple[str, ...], [str]),
        (typing.Generator[str, int, bool], [str]),
        (list, []),
        (List, []),  # noqa: UP006  # see above
        (dict[str, int], []),
        (str, []),
    ],
    ids=str,
)
def test_items_of_an_annotation(annotation: Any, expected: list[Any]) -> None:
    """A tuple says each of its items, a generator the first of its arguments."""
    assert items_of(annotation) == expected


def test_lists_need_their_own_permission() -> None:
    """Where only single values are permitted, a list of them is not."""
    assert not accepts(list[str], (str,))
    assert not accepts(list, (str,))
    assert accepts(list[str], (), (str,))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the statement is new in Python 3.12")
def test_type_statement_is_looked_into() -> None:
    """`type Name = ...` stands for what it names."""
    scope: dict[str, Any] = {}
    exec("type Bodies = list[str] | None", scope)

    assert accepts(scope["Bodies"], (), (str,))
    assert not accepts(scope["Bodies"], (), (int,))
