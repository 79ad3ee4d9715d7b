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


def accepts(annotation: Any, types: Iterable[type], item_types: Iterable[type] = ()) -> bool:
    """Tell whether every alternative of an annotation is one of some classes, or a list of one of some others.

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
        return issubclass(annotation, types)
    import collections.abc
    import typing

    origin = typing.get_origin(annotation)
    if isinstance(origin, type) and issubclass(origin, collections.abc.Mapping):
        return issubclass(origin, types)
    item = item_type(annotation)
    return item is not None and bool(item_types) and accepts(item, item_types)
