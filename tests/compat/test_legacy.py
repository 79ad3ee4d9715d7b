"""Helpers under the reference's names, on both libraries where it is installed."""

from __future__ import annotations

import enum
import importlib
import json
import re
import typing
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc.compat.facade import module

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


@pytest.fixture
def sub(func: ModuleType) -> Callable[[str], Any]:
    """Give a submodule of either library."""
    return module if func is azfunc else lambda path: importlib.import_module(f"azure.functions.{path}")


@pytest.mark.parametrize(
    ("text", "word", "snake"),
    [
        ("word", True, False),
        ("word1", True, False),
        ("two_words", False, True),
        ("_a", False, True),
        ("", False, False),
    ],
)
def test_words_and_snake_case(sub: Callable[[str], Any], text: str, word: bool, snake: bool) -> None:
    """One word has no underscore, snake case has."""
    utils = sub("decorators.utils")

    assert (utils.is_word(text), utils.is_snake_case(text)) == (word, snake)


def test_enums_are_read_from_text(sub: Callable[[str], Any]) -> None:
    """A member is found by its name, one or several."""
    utils, core = sub("decorators.utils"), sub("decorators.core")

    assert utils.parse_singular_param_to_enum("string", core.DataType) is core.DataType.STRING
    assert utils.parse_singular_param_to_enum(None, core.DataType) is None
    assert utils.parse_iterable_param_to_enums(["STRING"], core.DataType) == [core.DataType.STRING]


def test_encoder_writes_enums_by_name(sub: Callable[[str], Any]) -> None:
    """The encoder knows the enums of function.json, and no other."""
    encoder = sub("decorators.utils").StringifyEnumJsonEncoder

    assert json.dumps({"a": sub("decorators.core").DataType.STRING}, cls=encoder) == '{"a": "STRING"}'
    with pytest.raises(TypeError, match="Object of type E is not JSON serializable"):
        json.dumps(enum.Enum("E", "A").A, cls=encoder)  # type: ignore[attr-defined]  # made by a call


def test_metaclass_cleans_dicts(sub: Callable[[str], Any]) -> None:
    """A class made with the metaclass leaves None out of its dict, and knows what it was made with."""
    utils = sub("decorators.utils")

    class Mine(metaclass=utils.BuildDictMeta):
        def __init__(self, *, a: Any, b: Any) -> None:
            self.a, self.b = a, b

        def get_dict_repr(self) -> dict[str, Any]:
            return {"a": self.a, "b": [self.b, None]}

    made = Mine(a=None, b=1)

    assert made.get_dict_repr() == {"b": [1]}
    assert set(made.init_params) >= {"a", "b"}
    assert utils.BuildDictMeta.clean_nones({"a": None, "b": {"c": None}}) == {"b": {}}
    with pytest.raises(ValueError, match="<lambda> has no args"):
        utils.BuildDictMeta.add_to_dict(lambda self: None)()


def test_user_function_is_taken_from_a_builder() -> None:
    """A decorated name gives its function, and a plain function itself."""
    get = module("decorators.function_app")._get_user_function
    app = azfunc.FunctionApp()

    def plain(tick: Any) -> None:
        """Do nothing."""

    assert get(app.timer_trigger("tick", "0 0 * * * *")(plain)) is plain
    assert get(plain) is plain


def test_formats_are_tried_in_turn(sub: Callable[[str], Any]) -> None:
    """The first format that fits is used; else there is the error of the last one."""
    utils = sub("_utils")

    value, used, error = utils.try_parse_datetime_with_formats("2026-03-01", ["%H", "%Y-%m-%d"])
    assert (value.day, used, error) == (1, "%Y-%m-%d", None)
    value, used, error = utils.try_parse_timedelta_with_formats("01:30", ["%H:%M:%S", "%M:%S"])
    assert (value.total_seconds(), used, error) == (90, "%M:%S", None)
    for function in (utils.try_parse_datetime_with_formats, utils.try_parse_timedelta_with_formats):
        value, used, error = function("soon", ["%H"])
        assert (value, used) == (None, None)
        assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("is_generic_type", [list[int], typing.Dict[str, int]], [int, "int"]),  # noqa: UP006  # as others write it
        ("is_callable_type", [typing.Callable, typing.Callable[[], int]], [int]),
        ("is_tuple_type", [tuple[int, str], typing.Tuple], [list[int]]),  # noqa: UP006
        ("is_union_type", [typing.Union[int, str], typing.Optional[int]], [int, list[int]]),  # noqa: UP007, UP045
        ("is_typevar", [typing.TypeVar("T")], [int]),
        ("is_classvar", [typing.ClassVar, typing.ClassVar[int]], [int]),
    ],
)
def test_annotations_are_told_apart(name: str, yes: list[Any], no: list[Any]) -> None:
    """The questions about annotations have the answers one expects."""
    ask = getattr(module("_thirdparty.typing_inspect"), name)

    assert [ask(each) for each in yes] == [True] * len(yes)
    assert [ask(each) for each in no] == [False] * len(no)


def test_parts_of_annotations_are_given() -> None:
    """The parts of annotations and of generic classes can be asked for."""
    inspect = module("_thirdparty.typing_inspect")
    T = typing.TypeVar("T")  # a type variable

    class Box(typing.Generic[T]):
        pass

    class Movie(typing.TypedDict):
        name: str

    assert inspect.get_parameters(Box) == (T,)
    assert inspect.get_generic_type(Box[int]()) == Box[int]
    assert inspect.get_generic_type(Box()) is Box
    assert inspect.get_generic_bases(Box) == (typing.Generic[T],)
    assert list(inspect.typed_dict_keys(Movie)) == ["name"]
    assert inspect.typed_dict_keys(Box) is None


def test_constants_are_binding_types() -> None:
    """Each constant is a binding type that azfunc has a converter or a binding class for."""
    constants = module("decorators.constants")
    names = [name for name in dir(constants) if re.fullmatch("[A-Z_]+", name)]
    unknown = {
        name
        for name in names
        if azfunc.get_binding_registry().get(getattr(constants, name)) is None
        and azfunc.get_binding_registry().binding_class(getattr(constants, name)) is None
    }

    assert len(names) > 40
    # Inputs and outputs alone have no trigger class and no converter: their values are the worker's own business.
    assert unknown <= {name for name in names if not name.endswith("_TRIGGER")}


def test_text_for_wsgi() -> None:
    """Text has the bytes of its UTF-8, each as a character."""
    assert module("_http_wsgi").wsgi_encoding_dance("é") == "Ã©"
