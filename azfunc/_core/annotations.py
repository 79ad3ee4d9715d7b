"""Looking into annotations: ``X | None``, ``Optional[X]``, ``Annotated[X, ...]``, lists, and plain classes."""

from __future__ import annotations

from functools import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


class ParameterMarker:
    """Stands beside a type in ``Annotated``: no binding gives the parameter, and no client; see `azfunc.calls`."""


def marker_of(annotation: Any) -> Any:
    """Give the `ParameterMarker` of an annotation, or its class where it was not called; None for all others.

    Unions and what is named by ``type X = ...`` are looked into.
    """
    if isinstance(annotation, type):
        return None
    import types
    import typing

    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        kind, *beside = typing.get_args(annotation)
        return next((each for each in beside if _is_marker(each)), None) or marker_of(kind)
    if origin is typing.Union or origin is types.UnionType:
        found = [marker_of(each) for each in typing.get_args(annotation)]
        return next((each for each in found if each is not None), None)
    named = getattr(annotation, "__value__", None)
    return None if named is None else marker_of(named)


def _is_marker(value: Any) -> bool:
    return isinstance(value, ParameterMarker) or (isinstance(value, type) and issubclass(value, ParameterMarker))


def alternatives(annotation: Any) -> list[Any]:
    """Give what an annotation allows: the members of a union without None.

    ``Annotated`` is taken off, and what is named by ``type X = ...`` or ``NewType`` is looked into.
    """
    import types
    import typing

    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return alternatives(typing.get_args(annotation)[0])
    if origin is typing.Union or origin is types.UnionType:
        found: list[Any] = []
        for each in typing.get_args(annotation):
            if each is not type(None):
                found.extend(alternatives(each))
        return found
    if isinstance(annotation, type):
        return [annotation]
    named = getattr(annotation, "__value__", None) or getattr(annotation, "__supertype__", None)
    return [annotation] if named is None else alternatives(named)


def item_type(annotation: Any) -> Any:
    """Give X of ``list[X]``, ``Sequence[X]``, ``Iterable[X]``, ``tuple[X, ...]``, ``set[X]``, or None for others."""
    import collections.abc
    import typing

    origin = typing.get_origin(annotation)
    if not isinstance(origin, type) or not issubclass(origin, collections.abc.Iterable):
        return None
    if issubclass(origin, collections.abc.Mapping):
        return None
    arguments = [each for each in typing.get_args(annotation) if each is not ...]
    return arguments[0] if len(arguments) == 1 else None


def allows_none(annotation: Any) -> bool:
    """Tell whether an annotation allows None: ``X | None``, ``Optional[X]``, ``Literal["a", None]``, ``None``."""
    import types
    import typing

    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return allows_none(typing.get_args(annotation)[0])
    if origin is typing.Union or origin is types.UnionType:
        return any(allows_none(each) for each in typing.get_args(annotation))
    if origin is typing.Literal:
        return None in typing.get_args(annotation)
    if isinstance(annotation, type):
        return annotation is type(None)
    named = getattr(annotation, "__value__", None) or getattr(annotation, "__supertype__", None)
    return named is not None and allows_none(named)


def described(annotation: Any) -> str:
    """Give the first text of ``Annotated[X, "text"]``, or that of a field or document there; empty text for none."""
    import types
    import typing

    origin = typing.get_origin(annotation)
    if origin is typing.Union or origin is types.UnionType:
        texts = [described(each) for each in typing.get_args(annotation)]
        return next(filter(None, texts), "")
    found = typing.get_args(annotation)[1:] if origin is typing.Annotated else ()
    for each in found:
        for text in (each, getattr(each, "description", None), getattr(each, "documentation", None)):
            if isinstance(text, str):
                return text
    return ""


def written_function(func: Callable[..., Any]) -> Any:
    """Give the function that was written: below partials and wrappers, and the method of a callable object."""
    found: Any = func
    while isinstance(found, partial) or hasattr(found, "__wrapped__"):
        found = found.func if isinstance(found, partial) else found.__wrapped__
    return found if hasattr(found, "__globals__") else type(found).__call__


def items_of(annotation: Any) -> list[Any]:
    """Give what the items of a collection may be: each X of ``list[X]``, ``tuple[X, Y]``, ``Generator[X, ...]``.

    There are none for other annotations, and for collections that do not say it.
    """
    import collections.abc
    import typing

    origin = typing.get_origin(annotation)
    if not isinstance(origin, type) or not issubclass(origin, collections.abc.Iterable):
        return []
    if issubclass(origin, collections.abc.Mapping):
        return []
    found = [each for each in typing.get_args(annotation) if each is not ...]
    if issubclass(origin, collections.abc.Generator):
        return found[:1]  # then come what is sent to it and what it returns
    return found if len(found) == 1 or issubclass(origin, tuple) else []


def accepts(annotation: Any, types: Iterable[type], item_types: Iterable[type] = ()) -> bool:
    """Tell whether every alternative of an annotation is one of some classes, or a list of one of some others.

    ``Literal`` stands for the classes of its values. A list that does not say of what, or of `Any`, is permitted where
    lists are.

    Args:
        annotation: What stands at the parameter or the return value, resolved.
        types: Classes that are permitted, and their subclasses.
        item_types: Classes whose lists are permitted.
    """
    single, many = tuple(types), tuple(item_types)
    found = alternatives(annotation)
    return bool(found) and all(_accepts_one(each, single, many) for each in found)


def _accepts_one(annotation: Any, types: tuple[type, ...], item_types: tuple[type, ...]) -> bool:
    if isinstance(annotation, type) and not hasattr(annotation, "__args__"):
        return _accepts_class(annotation, types, item_types)
    import typing

    kinds = _literal_types(annotation)
    if kinds:
        return all(issubclass(each, types) for each in kinds)
    origin = typing.get_origin(annotation)
    if not isinstance(origin, type):
        return False
    items = items_of(annotation)
    if not items:
        return _accepts_class(origin, types, item_types)
    return bool(item_types) and all(_is_any(each) or accepts(each, item_types) for each in items)


def _accepts_class(kind: type, types: tuple[type, ...], item_types: tuple[type, ...]) -> bool:
    return issubclass(kind, types) or (kind is list and bool(item_types))


def _is_any(annotation: Any) -> bool:
    import typing

    return annotation is typing.Any or annotation is object


def _literal_types(annotation: Any) -> list[type]:
    """Give the classes of the values of ``Literal[...]`` without None, `str` for ``LiteralString``; else none."""
    import typing

    if typing.get_origin(annotation) is typing.Literal:
        return [type(each) for each in typing.get_args(annotation) if each is not None]
    # That of typing_extensions is another object, and Python 3.10 has that one alone.
    return [str] if getattr(annotation, "_name", None) == "LiteralString" else []
