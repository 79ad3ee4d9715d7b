"""Datum: one value between host and function."""

from __future__ import annotations

import copy
import importlib
import pickle
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core.datum import Datum, decode_datum

if TYPE_CHECKING:
    from types import ModuleType

VALUES = [
    ("hi", "string", "hi"),
    (b"hi", "bytes", b"hi"),
    ('{"a": [1, null]}', "json", {"a": [1, None]}),
    ('"hi"', "json", "hi"),
    (7, "int", 7),
    (1.5, "double", 1.5),
    (None, None, None),
    (None, "string", None),
    (SimpleNamespace(bytes=[b"a", b"b"]), "collection_bytes", [b"a", b"b"]),
    (SimpleNamespace(string=("a", "b")), "collection_string", ["a", "b"]),
    (SimpleNamespace(double=[1.5]), "collection_double", [1.5]),
    (SimpleNamespace(sint64=[1, 2]), "collection_sint64", [1, 2]),
]


@pytest.fixture
def datum_class(func: ModuleType) -> Any:
    """The class of wire values of either library."""
    return Datum if func is azfunc else importlib.import_module("azure.functions.meta").Datum


@pytest.mark.parametrize(("value", "kind", "expected"), VALUES, ids=lambda each: str(each)[:30])
def test_value_as_python_sees_it(datum_class: Any, value: Any, kind: str | None, expected: Any) -> None:
    """JSON is read, a collection is a list, everything else is what it is."""
    datum = datum_class(value, kind)

    assert datum.python_value == expected
    assert datum.python_type is type(expected)


@pytest.mark.parametrize("kind", ["bytes", "string", "double", "sint64"])
def test_collection_may_be_a_list(kind: str) -> None:
    """A collection that is a list already, as tests write it, is read as one."""
    assert decode_datum(Datum((1, 2), f"collection_{kind}")) == [1, 2]


def test_equality_is_by_value_and_type(datum_class: Any) -> None:
    """Two datums are equal if value and wire type are."""
    assert datum_class("a", "string") == datum_class("a", "string")
    assert datum_class("a", "string") != datum_class("a", "json")
    assert datum_class("a", "string") != "a"
    assert hash(datum_class("a", "string")) == hash(datum_class("a", "string"))


def test_long_value_is_cut_in_the_repr(datum_class: Any) -> None:
    """A repr stays on one line, however long the value is."""
    assert len(repr(datum_class("a" * 1000, "string"))) < 100


def test_repr_makes_it_again() -> None:
    """The repr of a short value is a call that makes an equal datum."""
    assert repr(Datum("a", "string")) == "Datum('a', 'string')"


def test_text_that_is_no_json_is_refused() -> None:
    """A datum of type json whose text is none says so, with the reason."""
    with pytest.raises(azfunc.ConversionError, match="The host sent text as JSON that is none: Expecting value"):
        _ = Datum("nope", "json").python_value


def test_defaults_are_nothing() -> None:
    """A datum without arguments is nothing."""
    assert Datum() == Datum(None, None)
    assert Datum().python_value is None


@pytest.mark.parametrize("datum", [Datum("a", "string"), Datum([b"a"], "collection_bytes")], ids=repr)
def test_copies_are_equal(datum: Datum) -> None:
    """Datums survive copying and pickling."""
    assert copy.deepcopy(datum) == datum
    assert pickle.loads(pickle.dumps(datum)) == datum
