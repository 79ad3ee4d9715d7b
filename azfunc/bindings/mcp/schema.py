"""From the signature of a tool to the properties that clients see, and from their arguments to those of the tool."""

from __future__ import annotations

from math import isfinite

from azfunc._core.annotations import allows_none, alternatives, described, item_type, marker_of, written_function
from azfunc._core.checks import class_of, untyped
from azfunc._core.context import Context
from azfunc._core.errors import DefinitionError
from azfunc._core.failures import ConversionError
from azfunc._core.text import short, type_name
from azfunc.bindings.mcp.content import field_names
from azfunc.bindings.mcp.context import MCPToolContext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from inspect import Parameter
    from typing import Any


# --- annotations ------------------------------------------------------------------------------------------------------


def local_names(func: Callable[..., Any]) -> dict[str, Any]:
    """Give the names that are local where a function is written, if it stands in another one that is still running.

    Annotations as text can name a class of an app factory, or of a test.
    """
    import inspect

    written = written_function(func)
    outer = written.__qualname__.rpartition(".<locals>.")[0].rpartition(".")[2]
    frame: Any = inspect.currentframe()
    while frame is not None and not (frame.f_code.co_name == outer and frame.f_globals is written.__globals__):
        frame = frame.f_back
    return {} if frame is None else dict(frame.f_locals)


def resolved(func: Callable[..., Any], annotation: Any, local: Mapping[str, Any]) -> Any:
    """Give an annotation with the text in it resolved.

    Raises:
        NameError: It names what is not known at run time; or any other error of the expression.
    """
    import types
    import typing

    holder: Any = types.SimpleNamespace(__annotations__={"it": annotation})
    known: Any = written_function(func).__globals__
    return typing.get_type_hints(holder, known, dict(local), include_extras=True)["it"]


def _last_name(annotation: Any) -> str:
    return annotation.rpartition(".")[2].strip() if isinstance(annotation, str) else ""


def _is_kind_of(annotation: Any, cls: type) -> bool:
    """Tell whether an annotation names a class, or a subclass of it, among its alternatives."""
    if _last_name(annotation) == cls.__name__:  # imported for type checkers only
        return True
    return any(_is_plain_class(each) and issubclass(each, cls) for each in alternatives(annotation))


def _is_plain_class(annotation: Any) -> bool:
    # On Python 3.10 list[int] is an instance of type too.
    return isinstance(annotation, type) and not hasattr(annotation, "__args__")


# --- parameters -------------------------------------------------------------------------------------------------------


class ToolParameter:
    """One parameter of a tool's function.

    Args:
        parameter: The parameter.
        annotation: Its annotation, resolved; `str` if there is none.
    """

    def __init__(self, parameter: Parameter, annotation: Any) -> None:
        unannotated = parameter.annotation is parameter.empty
        self.name: str = parameter.name
        self.annotation: Any = annotation
        self.is_annotated: bool = not unannotated
        self.has_default: bool = parameter.default is not parameter.empty
        self.takes_rest: bool = parameter.kind is parameter.VAR_KEYWORD
        self.is_provided: bool = marker_of(annotation) is not None
        """Whether neither the client nor the host gives it; see `azfunc.calls`."""
        self.takes_request: bool = not self.is_provided and (
            _is_kind_of(annotation, MCPToolContext) or (unannotated and parameter.name == "context")
        )
        self.takes_invocation: bool = not self.is_provided and _is_kind_of(annotation, Context)

    @property
    def is_argument(self) -> bool:
        """Whether clients give a value for it."""
        return not (self.takes_request or self.takes_invocation or self.takes_rest or self.is_provided)

    @property
    def may_be_left_out(self) -> bool:
        """Whether None stands for what a client leaves out: it may be None, and has no default."""
        return self.is_argument and not self.has_default and allows_none(self.annotation)

    def published(self) -> dict[str, Any]:
        """Give the property that clients see."""
        kind, is_array, values = _shape(self.annotation)
        made = {
            "propertyName": self.name,
            "propertyType": kind,
            "description": described(self.annotation),
            "isArray": is_array,
            "isRequired": not (self.has_default or allows_none(self.annotation)),
        }
        return {**made, "enumValues": list(values)} if values else made


def parameters_of(func: Callable[..., Any], name: str, local: Mapping[str, Any]) -> list[ToolParameter]:
    """Give the parameters of a tool's function, without ``*args``.

    Args:
        func: The user function.
        name: Its name, for errors.
        local: Names that were local where it was written.

    Raises:
        DefinitionError: A parameter that has no name to callers, or an annotation that cannot be resolved.
    """
    import inspect

    found: list[ToolParameter] = []
    for parameter in inspect.signature(func).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            continue
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise DefinitionError(
                f"Parameter {parameter.name!r} of tool {name!r} is positional only.",
                hint="A client gives arguments by their names; remove the / from the signature.",
                function_name=name,
                binding_name=parameter.name,
            )
        annotation = parameter.annotation
        if annotation is parameter.empty:
            annotation = str
        elif not _is_plain_class(annotation):
            annotation = _known(func, name, parameter, local)
        found.append(ToolParameter(parameter, annotation))
    return found


def _known(func: Callable[..., Any], name: str, parameter: Parameter, local: Mapping[str, Any]) -> Any:
    annotation = parameter.annotation
    try:
        return resolved(func, annotation, local)
    except Exception as error:
        if _last_name(annotation) in (MCPToolContext.__name__, Context.__name__):
            return annotation
        raise DefinitionError(
            f"The annotation {annotation!r} of parameter {parameter.name!r} of tool {name!r} cannot be resolved: "
            f"{error}.",
            hint="Clients are told the type of each property; import what the annotation names at run time, not only "
            "for type checkers.",
            function_name=name,
            binding_name=parameter.name,
        ) from error


# --- properties -------------------------------------------------------------------------------------------------------


_TEXT = ("string", False, ())


def _shape(annotation: Any) -> tuple[str, bool, tuple[str, ...]]:
    """Give type, whether it is an array of that type, and the permitted texts."""
    found = list(dict.fromkeys(_one_shape(each) for each in alternatives(annotation)))
    if len(found) == 1:
        return found[0]
    kinds = {(kind, is_array) for kind, is_array, _ in found}
    if kinds == {("integer", False), ("number", False)}:
        return ("number", False, ())
    if len(kinds) == 1:
        (kind, is_array) = kinds.pop()
        every = all(values for _, _, values in found)
        return (kind, is_array, tuple(text for _, _, values in found for text in values) if every else ())
    return _TEXT


def _one_shape(annotation: Any) -> tuple[str, bool, tuple[str, ...]]:
    import typing

    origin = typing.get_origin(annotation)
    if origin is typing.Literal:
        return _literal_shape(typing.get_args(annotation))
    item = item_type(annotation)
    if item is not None:
        return _array_of(item)
    if origin is tuple:
        return _array_of(typing.Union[typing.get_args(annotation)])  # noqa: UP007  # of as many as there are
    cls = origin or annotation
    return _class_shape(cls) if isinstance(cls, type) else _TEXT


def _array_of(item: Any) -> tuple[str, bool, tuple[str, ...]]:
    kind, is_array, values = _shape(item)
    return ("array", True, ()) if is_array else (kind, True, values)


def _literal_shape(values: Iterable[Any]) -> tuple[str, bool, tuple[str, ...]]:
    from enum import Enum

    plain = [_member_text(each) if isinstance(each, Enum) else each for each in values if each is not None]
    if plain and all(isinstance(each, bool) for each in plain):
        return ("boolean", False, ())
    if plain and all(isinstance(each, int) for each in plain):
        return ("integer", False, ())
    return ("string", False, tuple(str(each) for each in plain))


def _class_shape(cls: type) -> tuple[str, bool, tuple[str, ...]]:
    from collections.abc import Collection, Mapping
    from enum import Enum

    if issubclass(cls, Enum):
        return ("string", False, tuple(_member_text(each) for each in cls))
    for known, name in ((bool, "boolean"), (int, "integer"), (float, "number"), ((str, bytes), "string")):
        if issubclass(cls, known):
            return (name, False, ())
    if cls is object or issubclass(cls, Mapping) or is_model(cls):
        return ("object", False, ())
    return ("string", issubclass(cls, Collection), ())


def is_model(cls: Any) -> bool:
    """Tell whether a class has fields that make an object of JSON: a dataclass, or a model of some library."""
    return hasattr(cls, "model_validate") or field_names(cls) is not None


def _member_text(member: Any) -> str:
    """Give the text that stands for a member of an enum: its value if all its values are text, else its name."""
    texts = all(isinstance(each.value, str) for each in class_of(member))
    return str(member.value if texts else member.name)


# --- arguments --------------------------------------------------------------------------------------------------------


def as_argument(value: Any, annotation: Any, what: str) -> Any:
    """Turn what a client gave into what the parameter is annotated with; null stays None.

    What the annotation leaves open, such as a union of several classes, stays as it is.

    Args:
        value: A value from JSON.
        annotation: The parameter's annotation, resolved.
        what: What it is, for the error: ``argument 'city' of tool 'weather'``.

    Raises:
        ConversionError: It is something else, or cannot be turned into that.
    """
    try:
        return _revived(value, annotation)
    except Exception as error:
        raise ConversionError(
            f"{what} cannot be made of {short(value)}: {type(error).__name__}: {getattr(error, 'message', error)}",
            hint="The client gave another value than the tool's properties say.",
        ) from error


_SCALARS: dict[type, tuple[tuple[type, ...], str]] = {
    str: ((str,), "text"),
    bool: ((bool,), "true or false"),
    int: ((int,), "a whole number"),
    float: ((float, int), "a number"),
}
"""Class of a parameter -> classes of the values that are it, and how to call them."""


def _revived(value: Any, annotation: Any) -> Any:
    import typing
    from collections.abc import Mapping

    found = alternatives(annotation)
    if value is None or len(found) != 1:
        return value
    only = found[0]
    origin: Any = typing.get_origin(only)
    if origin is typing.Literal:
        return _one_of(value, typing.get_args(only))
    item = item_type(only)
    if item is not None:
        items = [_revived(each, item) for each in _expected(value, list, "a list")]
        return untyped(origin)(items) if origin in (tuple, set, frozenset) else items
    cls: Any = origin or only
    if not isinstance(untyped(cls), type):
        return value
    if cls in _SCALARS:
        return _scalar(value, cls)
    if is_model(cls) or issubclass(cls, Mapping):
        given = _expected(value, dict, "an object")
        return _model(given, cls) if is_model(cls) else _mapping(given, typing.get_args(only))
    return _from_text(value, cls) if isinstance(value, str) else _from_other(value, cls)


def _expected(value: Any, cls: type, what: str) -> Any:
    if not isinstance(value, cls):
        raise ConversionError(f"it is {type_name(value)}, not {what}")
    return value


def _scalar(value: Any, cls: type) -> Any:
    kinds, what = _SCALARS[cls]
    if type(value) in kinds:
        return value
    if type(value) in (int, float):
        if cls is str:
            return repr(value)
        if cls is int and value.is_integer():  # JSON does not tell 1.0 from 1
            return int(value)
    if isinstance(value, str) and (read := _read_text(value, cls)) is not None:
        return read
    raise ConversionError(f"it is {type_name(value)}, not {what}")


def _read_text(text: str, cls: type) -> Any:
    """Give what a text says that stands where a number or a truth value is wanted, as models write now and then."""
    if cls is bool:
        return {"true": True, "false": False}.get(text.lower())
    try:
        found: Any = cls(text)
    except ValueError:
        return None
    return found if text.isascii() and isfinite(found) else None


def _one_of(value: Any, values: tuple[Any, ...]) -> Any:
    if not any(value == each and type(value) is type(each) for each in values):
        raise ConversionError(f"it is none of {', '.join(map(repr, values))}")
    return value


def _mapping(value: dict[str, Any], kinds: tuple[Any, ...]) -> dict[str, Any]:
    _, item = kinds if len(kinds) == len(("key", "value")) else (None, None)
    return value if item is None else {name: _revived(each, item) for name, each in value.items()}


def _from_other(value: Any, cls: Any) -> Any:
    """Give a value that is no text for a class that is known by text; other classes take what comes."""
    from enum import Enum

    if cls.__module__ == "decimal" and type(value) in (int, float):
        return cls(repr(value))
    if issubclass(cls, Enum) or cls.__module__ in ("datetime", "decimal", "uuid"):
        raise ConversionError(f"it is {type_name(value)}, not text")
    return value


def _model(value: dict[str, Any], cls: Any) -> Any:
    if hasattr(cls, "model_validate"):
        return cls.model_validate(value)
    import typing

    hints = typing.get_type_hints(cls, include_extras=True)
    return cls(**{name: _revived(each, hints.get(name)) for name, each in value.items()})


def _from_text(value: str, cls: Any) -> Any:
    from enum import Enum

    if issubclass(cls, Enum):
        members: dict[str, Enum] = {_member_text(each): each for each in cls}
        if value not in members:
            raise ConversionError(f"it is none of {', '.join(map(repr, members))}")
        return members[value]
    if cls.__module__ not in ("datetime", "decimal", "uuid") or cls.__name__ == "timedelta":
        return value
    if cls.__name__ == "datetime":
        from azfunc._core.times import parse_datetime

        return parse_datetime(value)
    return cls.fromisoformat(value) if hasattr(cls, "fromisoformat") else cls(value)
