"""Classes that inherit from generic ones are read with the types that they gave them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pytest
from typing_extensions import TypedDict

from azfunc.calls.problems import Problems
from azfunc.calls.reading import read_value, reader_of

K = TypeVar("K")
T = TypeVar("T")


@dataclass
class Pair(Generic[K, T]):
    """Two values."""

    a: K
    b: T


@dataclass
class Swapped(Pair[T, K], Generic[T, K]):
    """Its first type is that of `a`, though it is called as the one of `b` in the class above."""


@dataclass
class Page(Generic[T]):
    """Some entries."""

    entries: list[T]


@dataclass
class Numbers(Page[int]):
    """A page that is not generic itself."""


@dataclass
class Counts(Numbers):
    """Inherits from one that is not generic."""

    total: int = 0


@dataclass
class Named(Page[K], Generic[K]):
    """Has another name for the type, and uses it too."""

    first: K


class Row(TypedDict, Generic[T]):
    """A generic typed dict."""

    cells: list[T]


class Wide(Row[K], Generic[K]):
    """Inherits from one."""

    more: K


def read(annotation: Any, value: Any) -> Any:
    """Give what is read, or what is wrong."""
    problems = Problems()
    found = read_value(reader_of(annotation), value, None, problems)
    return problems.found or found


CASES: list[tuple[Any, Any, Any]] = [
    (Swapped[int, str], {"a": 1, "b": "x"}, Swapped(1, "x")),
    (Swapped[int, str], {"a": "x", "b": "x"}, [("a", "wanted a whole number, got 'x'")]),
    (Numbers, {"entries": [1]}, Numbers([1])),
    (Numbers, {"entries": ["x"]}, [("entries[0]", "wanted a whole number, got 'x'")]),
    (Counts, {"entries": ["x"]}, [("entries[0]", "wanted a whole number, got 'x'")]),
    (Named[str], {"entries": ["x"], "first": "y"}, Named(["x"], "y")),
    (Named[str], {"entries": [1], "first": "y"}, [("entries[0]", "wanted text, got 1")]),
    (Wide[int], {"cells": [1], "more": 2}, {"cells": [1], "more": 2}),
    (Wide[int], {"cells": ["x"], "more": 2}, [("cells[0]", "wanted a whole number, got 'x'")]),
]


@pytest.mark.parametrize(("annotation", "value", "wanted"), CASES, ids=lambda each: repr(each)[:40])
def test_inherited_fields_have_the_types_that_were_given(annotation: Any, value: Any, wanted: Any) -> None:
    """A type variable stands for what its own class was given, not for what another one of that name was."""
    assert read(annotation, value) == wanted


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is of Python 3.12")
def test_classes_with_type_parameters() -> None:
    """The newer syntax is resolved alike."""
    names: dict[str, Any] = {"dataclass": dataclass, "__name__": __name__}
    source = "@dataclass\nclass Pair[K, T]:\n    a: K\n    b: T\n@dataclass\nclass Swapped[T, K](Pair[T, K]): pass\n"
    # Not as text: Python 3.12.1 looks for the names in text among the parameters of the class that inherits.
    exec(compile(source, __file__, "exec", dont_inherit=True), names)
    kind = names["Swapped"]

    assert read(kind[int, str], {"a": 1, "b": "x"}) == kind(1, "x")
    assert read(kind[int, str], {"a": "x", "b": "x"}) == [("a", "wanted a whole number, got 'x'")]
