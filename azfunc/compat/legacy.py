"""Helpers of the reference that azfunc does without, and that other packages and tests import."""

from __future__ import annotations

import json as std_json
import re
import typing
from abc import ABC, ABCMeta, abstractmethod
from functools import wraps
from logging import getLogger
from os import linesep
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from warnings import warn

from azfunc._core import jsonlib
from azfunc._core.binding import without_none
from azfunc._core.checks import class_of, untyped
from azfunc._core.enums import WireEnum, as_enum, as_enums
from azfunc._core.errors import DefinitionError
from azfunc._core.function import FunctionBuilder
from azfunc.bindings.durable.codec import LOGGER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, timedelta
    from logging import Logger

__all__ = ["linesep", "warn"]

# --- decorators.utils -------------------------------------------------------------------------------------------------

SNAKE_CASE_RE = re.compile(r"(?!\d)(?=\w*_)(?=_*[^\W_])\w+\Z", re.ASCII)
"""What is snake case: words with underscores between them or before them."""
WORD_RE = re.compile(r"[A-Za-z][A-Za-z0-9]*\Z")
"""What is one word."""


def is_snake_case(input_string: str) -> bool:
    """Tell whether a text is words with underscores between them."""
    return SNAKE_CASE_RE.match(input_string) is not None


def is_word(input_string: str) -> bool:
    """Tell whether a text is one word."""
    return WORD_RE.match(input_string) is not None


def parse_singular_param_to_enum(param: Any, class_name: Any) -> Any:
    """Read an enum member from itself or from text; see `azfunc._core.enums.as_enum`."""
    return as_enum(class_name, param)


def parse_iterable_param_to_enums(param_values: Iterable[Any] | None, class_name: Any) -> Any:
    """Read several enum members; see `azfunc._core.enums.as_enums`."""
    return as_enums(class_name, param_values)


class StringifyEnumJsonEncoder(std_json.JSONEncoder):
    """Writes the enums of function.json by name."""

    def default(self, o: Any) -> Any:
        """Give the text of an enum of azfunc; anything else is refused."""
        return str(o) if isinstance(o, WireEnum) else super().default(o)


class BuildDictMeta(type):
    """Lets a class keep what its constructor was given, and leave None out of its dict."""

    def __new__(mcls, name: str, bases: tuple[type, ...], dct: dict[str, Any]) -> Any:
        """Make the class, with its constructor and its `get_dict_repr()` wrapped."""
        return super().__new__(mcls, name, bases, _built(dct))

    @staticmethod
    def add_to_dict(func: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a constructor: the names of its arguments go to ``init_params``."""

        @wraps(func)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if not args:
                raise DefinitionError(f"{func.__name__} has no args. Please ensure func is an object method.")
            func(*args, **kwargs)
            own = args[0]
            own.init_params = [*getattr(own, "init_params", []), *kwargs]

        return wrapped

    @staticmethod
    def skip_none(func: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a method that gives a dict: None is left out of it, at every depth."""

        @wraps(func)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return without_none(func(*args, **kwargs))

        return wrapped

    @staticmethod
    def clean_nones(value: Any) -> Any:
        """Give a value without the None in its dicts and lists, at every depth."""
        return without_none(value)


class ABCBuildDictMeta(ABCMeta, BuildDictMeta):
    """The same for abstract classes."""


def _built(dct: dict[str, Any]) -> dict[str, Any]:
    made = dict(dct)
    if "__init__" in made:
        made["__init__"] = BuildDictMeta.add_to_dict(made["__init__"])
    if "get_dict_repr" in made:
        made["get_dict_repr"] = BuildDictMeta.skip_none(made["get_dict_repr"])
    return made


# --- decorators.function_app, .function_name, .retry_policy -----------------------------------------------------------

FUNCTION_NAME = "function_name"
"""Name of the setting with a function's name."""
RETRY_POLICY = "retry_policy"
"""Name of the setting with a function's retry policy."""


def get_user_function(target_func: Any) -> Any:
    """Give the user function of a decorated name, or the function itself."""
    return target_func.build().get_user_function() if isinstance(target_func, FunctionBuilder) else target_func


# --- _utils -----------------------------------------------------------------------------------------------------------


def try_parse_datetime_with_formats(
    datetime_str: str, datetime_formats: list[str]
) -> tuple[datetime | None, str | None, Exception | None]:
    """Read a date and time by the first of several formats that fits.

    Returns:
        The time and its format, or the error of the last format.
    """
    import datetime

    error: Exception | None = None
    for each in datetime_formats:
        try:
            return datetime.datetime.strptime(datetime_str, each), each, None  # noqa: DTZ007  # as the format has it
        except ValueError as reason:
            error = reason
    return None, None, error


def try_parse_timedelta_with_formats(
    timedelta_str: str, timedelta_formats: list[str]
) -> tuple[timedelta | None, str | None, Exception | None]:
    """Read a duration by the first of several formats that fits, as a time of day from midnight on.

    Returns:
        The duration and its format, or the error of the last format.
    """
    import datetime

    found, used, error = try_parse_datetime_with_formats(timedelta_str, timedelta_formats)
    if found is None:
        return None, None, error
    return datetime.timedelta(hours=found.hour, minutes=found.minute, seconds=found.second), used, None


# --- _http_asgi, _http_wsgi -------------------------------------------------------------------------------------------

ASGI_VERSION = "2.1"
"""Version of ASGI that the reference names."""
ASGI_SPEC_VERSION = "2.1"
"""Version of the HTTP part of ASGI that the reference names."""


def wsgi_encoding_dance(value: str) -> str:
    """Give text as WSGI has it: the bytes of its UTF-8, each as one character."""
    return value.encode("utf-8").decode("latin-1")


# --- _durable_functions -----------------------------------------------------------------------------------------------

durable_logger: Logger = getLogger(LOGGER)
"""What tells of payloads that are not what was expected."""


# --- _jsonutils -------------------------------------------------------------------------------------------------------


class JsonInterface(ABC):
    """What a package that reads and writes JSON has to offer."""

    @abstractmethod
    def dumps(self, obj: Any) -> str:
        """Write a value."""

    @abstractmethod
    def loads(self, s: str | bytes | bytearray) -> Any:
        """Read a value."""


class StdJsonAdapter(JsonInterface):
    """JSON by the rules of azfunc, which are those of the standard library, and of dates and decimals besides."""

    def dumps(self, obj: Any) -> str:
        """Write a value."""
        return jsonlib.dumps(obj)

    def loads(self, s: str | bytes | bytearray) -> Any:
        """Read a value."""
        return jsonlib.loads(bytes(s) if isinstance(s, bytearray) else s)


json_impl: StdJsonAdapter = StdJsonAdapter()
"""What reads and writes JSON."""
dumps: Callable[[Any], str] = json_impl.dumps
loads: Callable[[Any], Any] = json_impl.loads
json: SimpleNamespace = SimpleNamespace(dumps=dumps, loads=loads, JSONDecodeError=std_json.JSONDecodeError)
"""The two functions under the name of the module whose place they take."""


# --- _thirdparty.typing_inspect ---------------------------------------------------------------------------------------

NEW_TYPING = True
"""Whether `typing` has the form of Python 3.7 and later."""
get_origin: Callable[[Any], Any] = typing.get_origin
get_args: Callable[[Any], tuple[Any, ...]] = typing.get_args


def is_generic_type(tp: Any) -> bool:
    """Tell whether an annotation is generic: ``list[int]``, or a class with type parameters."""
    return (isinstance(tp, type) and hasattr(tp, "__parameters__")) or (
        typing.get_origin(tp) is not None and not is_union_type(tp) and not is_tuple_type(tp) and not is_classvar(tp)
    )


def is_callable_type(tp: Any) -> bool:
    """Tell whether an annotation is ``Callable``."""
    import collections.abc

    return typing.get_origin(tp) is untyped(collections.abc).Callable or tp is untyped(typing).Callable


def is_tuple_type(tp: Any) -> bool:
    """Tell whether an annotation is a tuple."""
    return tp is typing.Tuple or typing.get_origin(tp) is tuple or (isinstance(tp, type) and issubclass(tp, tuple))  # noqa: UP006  # as others write it


def is_union_type(tp: Any) -> bool:
    """Tell whether an annotation is a union, ``X | Y`` included."""
    import types

    return tp is typing.Union or typing.get_origin(tp) in (typing.Union, types.UnionType)


def is_typevar(tp: Any) -> bool:
    """Tell whether an annotation is a type variable."""
    return isinstance(tp, typing.TypeVar)


def is_classvar(tp: Any) -> bool:
    """Tell whether an annotation is ``ClassVar``."""
    return tp is typing.ClassVar or typing.get_origin(tp) is typing.ClassVar


def get_parameters(tp: Any) -> tuple[Any, ...]:
    """Give the type variables of an annotation."""
    return tuple(getattr(tp, "__parameters__", ()))


def get_generic_type(obj: Any) -> Any:
    """Give the type that an object was made with, ``Out[str]`` for one, or its class."""
    return getattr(obj, "__orig_class__", None) or class_of(obj)


def get_generic_bases(tp: Any) -> tuple[Any, ...]:
    """Give the generic bases of a class."""
    return tuple(getattr(tp, "__orig_bases__", ()))


def typed_dict_keys(td: Any) -> dict[str, Any] | None:
    """Give the keys of a `TypedDict` and their types, or None for another class."""
    return dict(td.__annotations__) if typing.is_typeddict(td) else None
