"""Errors and warnings: what they are caught as, what they say, what they carry."""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import pytest

from azfunc._core import errors, failures
from azfunc._core.errors import AzfuncError, nearest
from azfunc._core.failures import AzfuncWarning

ERRORS: list[type[AzfuncError]] = [
    each
    for each in {**vars(errors), **vars(failures)}.values()
    if isinstance(each, type) and issubclass(each, AzfuncError)
]

BUILT_IN = [
    (errors.DefinitionError, ValueError),
    (failures.UnknownNameError, KeyError),
    (failures.UnknownNameError, ValueError),
    (errors.ArgumentTypeError, TypeError),
    (errors.ArgumentTypeError, ValueError),
    (failures.IndexingError, ValueError),
    (failures.ConversionError, ValueError),
    (failures.UnsupportedValueError, NotImplementedError),
    (failures.UnsupportedValueError, TypeError),
    (failures.InvocationError, RuntimeError),
    (failures.LoadingError, ImportError),
    (failures.MissingPackageError, ImportError),
]


@pytest.mark.parametrize(("error", "built_in"), BUILT_IN, ids=lambda each: each.__name__)
def test_error_is_caught_as_the_built_in_one(error: type[AzfuncError], built_in: type[Exception]) -> None:
    """An except clause for the built-in exception that the reference raises catches ours."""
    with pytest.raises(built_in):
        raise error("what")


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: each.__name__)
def test_text_is_message_and_hint(error: type[AzfuncError]) -> None:
    """The text shows what happened and what to do, each on its line; the message alone is the first argument."""
    raised = error("what happened", hint="do this")

    assert str(raised) == "what happened\ndo this"
    assert raised.message == raised.args[0] == "what happened"


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: each.__name__)
def test_text_without_hint_is_the_message(error: type[AzfuncError]) -> None:
    """Without a hint there is no empty line."""
    assert str(error("what happened")) == "what happened"
    assert str(error()) == ""


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
@pytest.mark.parametrize("error", ERRORS, ids=lambda each: each.__name__)
def test_copy_has_all_that_the_error_has(error: type[AzfuncError], duplicate: Any) -> None:
    """Text and values survive copying and pickling, so an error can come from another process."""
    raised = error("what", hint="do")
    raised.function_name, raised.binding_name, raised.location = "shout", "msg", "app.py:7"

    other = duplicate(raised)

    assert type(other) is error
    assert str(other) == "what\ndo"
    assert (other.function_name, other.binding_name, other.location) == ("shout", "msg", "app.py:7")


def test_values_are_attributes() -> None:
    """What an error is about can be asked for, and need not be read from its text."""
    error = AzfuncError("what", function_name="shout", binding_name="msg", location="app.py:7")

    assert (error.hint, error.function_name, error.binding_name, error.location) == ("", "shout", "msg", "app.py:7")


def test_indexing_error_has_all_reasons() -> None:
    """An error about several functions has one error for each, and keeps them when it is pickled."""
    error = failures.IndexingError("two", errors=iter([errors.DefinitionError("a"), errors.DefinitionError("b")]))

    assert [str(each) for each in error.errors] == ["a", "b"]
    assert [str(each) for each in pickle.loads(pickle.dumps(error)).errors] == ["a", "b"]


def test_drawing_shows_every_class() -> None:
    """The tree in the module's docstring names each class, and none that does not exist."""
    tree = (errors.__doc__ or "").split("```")[1]
    drawn = re.findall(r"^(?:[│├└─ ]*)(\w+)", tree.replace("text\n", "", 1), re.MULTILINE)
    defined = [
        name
        for module in (errors, failures)
        for name, each in vars(module).items()
        if isinstance(each, type) and each.__module__ == module.__name__
    ]

    assert sorted(drawn) == sorted(defined)


@pytest.mark.parametrize("warning", [AzfuncWarning, failures.AzfuncDeprecationWarning], ids=lambda each: each.__name__)
def test_warnings_can_be_filtered_as_one(warning: type[Warning]) -> None:
    """All warnings of azfunc have one base, which people see by default."""
    assert issubclass(warning, AzfuncWarning)
    assert issubclass(warning, UserWarning)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("visibility_timout", "visibility_timeout"),
        ("visibilityTimeout", "visibility_timeout"),
        ("QUEUE_NAME", "queue_name"),
        ("queuename", "queue_name"),
        ("connection", None),
        ("", None),
    ],
)
def test_nearest_name(name: str, expected: str | None) -> None:
    """The nearest of the known names is found without regard to case and underscores; a far one is none."""
    assert nearest(name, ["queue_name", "visibility_timeout"]) == expected


def test_nearest_of_nothing_is_nothing() -> None:
    """Where nothing is known nothing is near."""
    assert nearest("name", []) is None
