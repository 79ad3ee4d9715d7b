"""Names: from Python to function.json, and what the host accepts."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core.names import check_binding_name, check_function_name, check_text, to_camel_case

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

CAMEL_CASED = {
    "a": "a",
    "a_b": "aB",
    "a_b_c": "aBC",
    "A_B": "AB",
    "aB_cD": "aBCd",
    "a1_b2": "a1B2",
    "a_1": "a1",
    "a__b": "aB",
    "_a": "A",
    "__a": "A",
    "a_": "a",
    "ONE": "ONE",
    "http_2nd": "http2Nd",
    "url_URL": "urlUrl",
}
NO_WORDS = ["_", "a-b", "1a", "a b", "é", "a.b"]


@pytest.fixture
def camel_case(func: ModuleType) -> Callable[[Any], str]:
    """The function that turns names into those of function.json."""
    if func is azfunc:
        return to_camel_case
    found: Callable[[Any], str] = importlib.import_module("azure.functions.decorators.utils").to_camel_case
    return found


@pytest.mark.parametrize("name", CAMEL_CASED)
def test_python_name_becomes_camel_case(camel_case: Callable[[Any], str], name: str) -> None:
    """Each part after the first begins with a capital letter; asking again gives the same."""
    assert camel_case(name) == CAMEL_CASED[name]
    assert camel_case(name) == CAMEL_CASED[name]


@pytest.mark.parametrize("name", NO_WORDS)
def test_what_is_no_word_is_refused(camel_case: Callable[[Any], str], name: str) -> None:
    """A name that Python would not take has no name in function.json."""
    with pytest.raises(ValueError, match="is a word or snake case string with underscore as separator") as caught:
        camel_case(name)

    assert caught.value.args[0].startswith(f"Please ensure {name} ")


@pytest.mark.parametrize("name", ["", None])
def test_missing_name_is_refused(camel_case: Callable[[Any], str], name: Any) -> None:
    """An empty name is none."""
    with pytest.raises(ValueError, match="is not empty!") as caught:
        camel_case(name)

    assert caught.value.args[0] == f"Please ensure arg name {name} is not empty!"


def test_letters_beyond_ascii_are_refused() -> None:
    """Names in function.json are ASCII. Unlike the reference, which looks at the first letter only."""
    with pytest.raises(azfunc.DefinitionError, match="a_é"):
        to_camel_case("a_é")


@pytest.mark.parametrize("name", ["a", "msg", "myMsg", "my_msg", "a1", "a_", "$return", "x" * 128])
def test_binding_name_that_the_host_takes(name: str) -> None:
    """Letters, digits and single underscores after a first letter, or the mark of the return value."""
    assert check_binding_name(name) == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "it is empty"),
        ("_msg", "does not begin with a letter"),
        ("1st", "does not begin with a letter"),
        ("é", "does not begin with a letter"),
        ("$other", "does not begin with a letter"),
        ("a__b", "two underscores"),
        ("a-b", "no ASCII letter, digit or underscore"),
        ("a b", "no ASCII letter, digit or underscore"),
        ("aé", "no ASCII letter, digit or underscore"),
        ("a\n", "no ASCII letter, digit or underscore"),
        ("a²", "no ASCII letter, digit or underscore"),
        ("x" * 129, "129 characters, and 128 are allowed"),
    ],
)
def test_binding_name_that_the_host_refuses(name: str, reason: str) -> None:
    """The error names the name and the reason, and carries the name."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        check_binding_name(name)

    assert repr(name) in caught.value.message
    assert reason in caught.value.message
    assert "Use a letter first" in caught.value.hint
    assert caught.value.binding_name == name


@pytest.mark.parametrize("name", ["a", "Shout", "shout_2", "shout-it", "a__b", "a-", "hosts", "x" * 128])
def test_function_name_that_the_host_takes(name: str) -> None:
    """Letters, digits, underscores and hyphens after a first letter."""
    assert check_function_name(name) == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "it is empty"),
        ("<lambda>", "does not begin with a letter"),
        ("_shout", "does not begin with a letter"),
        ("a.b", "no ASCII letter, digit, '_' or '-'"),
        ("größe", "no ASCII letter, digit, '_' or '-'"),
        ("host", "the host keeps this name for itself"),
        ("Host", "the host keeps this name for itself"),
        ("x" * 129, "129 characters, and 128 are allowed"),
    ],
)
def test_function_name_that_the_host_refuses(name: str, reason: str) -> None:
    """The error names the name and the reason, and carries the name."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        check_function_name(name)

    assert repr(name) in caught.value.message
    assert reason in caught.value.message
    assert "@app.function_name()" in caught.value.hint
    assert caught.value.function_name == name


@pytest.mark.parametrize("check", [check_binding_name, check_function_name])
@pytest.mark.parametrize("name", [None, 5, b"msg", ["msg"]], ids=repr)
def test_name_that_is_no_text_is_refused(check: Callable[[object], str], name: object) -> None:
    """A name is text; the error says what was given."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        check(name)

    assert f"name is text, and {name!r} is a {type(name).__name__}." in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("check", [check_binding_name, check_function_name])
def test_function_for_a_name_tells_of_parentheses(check: Callable[[object], str]) -> None:
    """A function where a name should be comes from a decorator without parentheses, and the hint says so."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        check(to_camel_case)

    assert "to_camel_case is a function" in caught.value.message
    assert "parentheses" in caught.value.hint


def test_text_is_given_back() -> None:
    """What is text passes, empty or not."""
    assert check_text("", "A thing", hint="Give it.") == ""
