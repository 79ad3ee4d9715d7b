"""Which annotations Azure's worker takes, and what to write in place of the others.

Source: Azure's Python worker, "functions", release 4.34; the same rules in `azure-functions-runtime` 1.3.0.
"""

from __future__ import annotations

import types
import typing
from typing import Any

from azfunc._core.annotations import alternatives
from azfunc._core.checks import untyped
from azfunc._core.context import Out

_TYPING_KINDS: dict[Any, Any] = {
    list: typing.List,  # noqa: UP006  # the worker refuses list[str], and takes this
    dict: typing.Dict,  # noqa: UP006
    set: typing.Set,  # noqa: UP006
    frozenset: typing.FrozenSet,  # noqa: UP006
    type: typing.Type,  # noqa: UP006
}
TYPING_NAMES: dict[Any, str] = {list: "List", dict: "Dict", set: "Set", frozenset: "FrozenSet", type: "Type"}
"""Class -> its name in `typing`, by which the worker takes it with arguments."""


def is_class(annotation: Any) -> bool:
    """Tell whether an annotation is a class and nothing more."""
    # On Python 3.10 list[int] is an instance of type; from 3.11 on Any is.
    return isinstance(annotation, type) and not typing.get_args(annotation) and annotation is not Any


def is_typing_generic(annotation: Any) -> bool:
    """Tell whether an annotation is of the kind of ``typing.List[str]``, which the worker looks into."""
    if isinstance(annotation, types.GenericAlias) or is_union(annotation):
        return False
    origin = typing.get_origin(annotation)
    return isinstance(origin, type) and origin is not tuple and type(annotation).__module__ == "typing"


def is_union(annotation: Any) -> bool:
    """Tell whether an annotation is ``X | Y``, ``Union[X, Y]`` or ``Optional[X]``."""
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)


def out_of(annotation: Any) -> Any:
    """Give X of ``Out[X]``; None for all else."""
    origin, items = typing.get_origin(annotation), typing.get_args(annotation)
    return items[0] if items and isinstance(origin, type) and issubclass(origin, Out) else None


def taken_for_parameter(annotation: Any) -> Any:
    """Give the annotation that says the same of a parameter and is taken, or None if it has to be left out.

    Example:
        >>> taken_for_parameter(list[str] | None)
        typing.List[str]
    """
    kinds = alternatives(annotation)
    if len(kinds) != 1 or kinds[0] in (Any, object):
        return None
    [kind] = kinds
    item = out_of(kind)
    if item is not None:
        inner = taken_for_parameter(item)
        if inner is None:
            return None
        return kind if inner is item else untyped(Out)[inner]
    if is_class(kind):
        return None if issubclass(kind, Out) else kind
    origin = typing.get_origin(kind)
    if isinstance(kind, types.GenericAlias) and origin in _TYPING_KINDS:
        return _TYPING_KINDS[origin][typing.get_args(kind)]
    return kind if is_typing_generic(kind) else None


def taken_for_result(annotation: Any) -> Any:
    """Give the annotation that says the same of a result and is taken, or None if it has to be left out.

    Example:
        >>> taken_for_result(str | None)
        <class 'str'>
    """
    kinds = alternatives(annotation)
    if len(kinds) != 1 or kinds[0] in (Any, object):
        return None
    if out_of(kinds[0]) is not None:
        return annotation  # a fault, which the worker tells
    return kinds[0] if is_class(kinds[0]) else None
