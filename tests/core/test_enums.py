"""Enums of function.json: their members, and the reading of text."""

from __future__ import annotations

import copy
import importlib
import pickle
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core.enums import WireEnum, as_enum, as_enums

if TYPE_CHECKING:
    from enum import Enum
    from types import ModuleType

MEMBERS = {
    "BindingDirection": [("IN", 0), ("OUT", 1), ("INOUT", 2)],
    "DataType": [("UNDEFINED", 0), ("STRING", 1), ("BINARY", 2), ("STREAM", 3)],
    "AuthLevel": [("FUNCTION", "function"), ("ANONYMOUS", "anonymous"), ("ADMIN", "admin")],
    "Cardinality": [("ONE", "one"), ("MANY", "many")],
}


class Colour(WireEnum):
    """An enum whose values are no text, with an alias."""

    DARK_RED = 1
    BLUE = 2
    NAVY = 2
    green = 0


def call_with_data_type(func: ModuleType, value: Any) -> Any:
    """Decorate a function with one data type and give the entry in function.json."""
    app = func.FunctionApp()
    app.queue_trigger(arg_name="m", queue_name="q", connection="c", data_type=value)(lambda m: None)
    return app._function_builders[0]._function.get_trigger().get_dict_repr()


@pytest.mark.parametrize("name", MEMBERS)
def test_members_are_those_of_the_reference(func: ModuleType, name: str) -> None:
    """Names, values and order of the members."""
    holder = func if hasattr(func, name) else importlib.import_module(f"{func.__name__}.decorators.core")

    assert [(member.name, member.value) for member in getattr(holder, name)] == MEMBERS[name]


def test_member_is_written_by_its_name(func: ModuleType) -> None:
    """The text of a member is its name; the member itself is no text."""
    level = func.AuthLevel.ADMIN

    assert (str(level), f"{level}", repr(level)) == ("ADMIN", "ADMIN", "<AuthLevel.ADMIN: 'admin'>")
    assert level != "admin"
    assert func.AuthLevel("admin") is func.AuthLevel["ADMIN"] is level


@pytest.mark.parametrize("text", ["binary", "BINARY"])
def test_text_in_either_case_stands_for_a_member(func: ModuleType, text: str) -> None:
    """A name in lower or upper case is read by the decorator."""
    assert call_with_data_type(func, text)["dataType"] is func.DataType.BINARY


def test_unknown_text_is_refused_with_the_text_of_the_reference(func: ModuleType) -> None:
    """Text that names no member raises a KeyError with the permitted names."""
    with pytest.raises(KeyError) as caught:
        call_with_data_type(func, "nope")

    assert caught.value.args[0] == (
        "Can not parse str 'nope' to DataType. Allowed values are ['UNDEFINED', 'STRING', 'BINARY', 'STREAM']"
    )


def test_misspelt_text_gets_the_nearest_name() -> None:
    """The hint names the member that was probably meant, and all others."""
    with pytest.raises(azfunc.UnknownNameError) as caught:
        as_enum(azfunc.DataType, "strings")

    assert caught.value.hint == (
        "Did you mean 'STRING'? Use one of UNDEFINED, STRING, BINARY, STREAM (any letter case), "
        "or a member of DataType."
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (Colour.BLUE, Colour.BLUE),
        ("BLUE", Colour.BLUE),
        ("blue", Colour.BLUE),
        ("Blue", Colour.BLUE),
        ("navy", Colour.BLUE),
        ("dark_red", Colour.DARK_RED),
        ("1", Colour.DARK_RED),
        ("green", Colour.green),
        ("GREEN", Colour.green),
    ],
)
def test_member_is_read_from_name_or_value(given: Any, expected: Colour | None) -> None:
    """A member, its name, an alias or its value in any letter case is read; None stays None."""
    assert as_enum(Colour, given) is expected


@pytest.mark.parametrize("given", [5, True, azfunc.AuthLevel.ADMIN, b"BLUE", ["BLUE"]], ids=repr)
def test_other_types_are_refused(given: Any) -> None:
    """What is neither member nor text is a TypeError that lists the choices."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        as_enum(Colour, given)

    assert "is not a Colour but a" in caught.value.message
    assert "DARK_RED, BLUE, green" in caught.value.hint


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        ([], []),
        ("blue", [Colour.BLUE]),
        (Colour.BLUE, [Colour.BLUE]),
        (["blue", Colour.DARK_RED], [Colour.BLUE, Colour.DARK_RED]),
        ((each for each in ("blue", "GREEN")), [Colour.BLUE, Colour.green]),
    ],
    ids=["None", "empty", "text", "member", "list", "generator"],
)
def test_several_members_are_read(given: Any, expected: list[Colour] | None) -> None:
    """A list of members and texts is read; one of either may stand alone."""
    assert as_enums(Colour, given) == expected


@pytest.mark.parametrize("given", [["blue", "nope"], ["blue", 5], [None]], ids=repr)
def test_one_wrong_of_several_is_refused(given: Any) -> None:
    """One wrong element is enough; the text has the whole list, as in the reference."""
    with pytest.raises(azfunc.UnknownNameError) as caught:
        as_enums(Colour, given)

    assert caught.value.message == (
        f"Can not parse '{given}' to Optional[Iterable[Colour]]. "
        "Please ensure param all list elements exist in ['DARK_RED', 'BLUE', 'green']"
    )


def test_several_that_cannot_be_iterated_are_refused() -> None:
    """A number is no list; the text is Python's, as in the reference."""
    with pytest.raises(TypeError, match="'int' object is not iterable"):
        as_enums(Colour, 5)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    ("name", "advice"),
    [("Anonymous", "; write AuthLevel.ANONYMOUS"), ("Adminn", "; write AuthLevel.ADMIN"), ("nothing", "")],
)
def test_member_in_another_case_is_named(name: str, advice: str) -> None:
    """`AuthLevel.Anonymous` says how it is written."""
    with pytest.raises(AttributeError) as caught:
        getattr(azfunc.AuthLevel, name)

    assert str(caught.value) == f"AuthLevel has no member {name!r}{advice}"


def test_private_names_get_no_advice() -> None:
    """What Python itself asks a class for is no misspelt member."""
    with pytest.raises(AttributeError, match=r"has no member '__anonymous__'$"):
        _ = azfunc.AuthLevel.__anonymous__  # type: ignore[attr-defined]  # the point of the test


@pytest.mark.parametrize("enum", [azfunc.DataType, azfunc.AuthLevel, Colour], ids=lambda each: each.__name__)
def test_members_stay_themselves(enum: type[Enum]) -> None:
    """A pickled or copied member is the member."""
    for member in enum:
        assert pickle.loads(pickle.dumps(member)) is member
        assert copy.deepcopy(member) is member
