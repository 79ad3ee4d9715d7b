"""Models of pydantic, which read themselves; it is imported only where a type of it is asked for."""

from __future__ import annotations

import datetime
import decimal
import typing
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import allows_none, alternatives
from azfunc._core.checks import class_of, untyped
from azfunc._core.jsonlib import dumps
from azfunc.calls.problems import BAD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azfunc.calls.problems import Place, Problems, Reader

_CONSTRAINTS = "annotated_types"
"""The package of the constraints that pydantic checks, such as what ``PositiveInt`` has beside its ``int``."""
_VALUES = 3
"""How far a value fits that is of the type, and not as its constraints say; see `Problems.rank`."""
_REMARKS = ("DocInfo", "Unit")
"""What stands there too and constrains nothing."""
_PLAIN = (
    int,
    float,
    str,
    bytes,
    decimal.Decimal,
    datetime.datetime,
    datetime.date,
    datetime.time,
    datetime.timedelta,
)


class UnreadableTypeError(Exception):
    """A type that no JSON value can be read as.

    Args:
        place: Where it stands in the type of the parameter.
        why: What is wrong with it.
    """

    def __init__(self, place: str, why: str) -> None:
        super().__init__(place, why)
        self.place = place
        self.why = why


def is_of_pydantic(annotation: Any) -> bool:
    """Tell whether a type, or what stands beside one in ``Annotated``, is for pydantic's release 2 to read or to check.

    The constraints of ``annotated_types`` are for it to check.
    """
    kind = annotation if isinstance(annotation, type) else class_of(annotation)
    if kind.__module__.partition(".")[0] == "pydantic":
        return not is_of_old_pydantic(annotation)
    return is_model(annotation) or is_constraint(annotation)


def is_read_by_pydantic(annotation: Any) -> bool:
    """Tell whether a type, or one in it, is read by pydantic's release 2; constraints alone are checked afterwards."""
    if typing.get_origin(annotation) is typing.Annotated:
        kind, *beside = typing.get_args(annotation)
        return constraints_of(beside) is None or is_read_by_pydantic(kind)
    return is_of_pydantic(annotation) or any(is_read_by_pydantic(each) for each in typing.get_args(annotation))


def is_model(annotation: Any) -> bool:
    """Tell whether a type itself says how pydantic's release 2 reads it, as its models and dataclasses do."""
    marks = ("__pydantic_validator__", "model_dump", "__get_pydantic_core_schema__")
    return any(hasattr(annotation, mark) for mark in marks)


def is_constraint(beside: Any) -> bool:
    """Tell whether what stands beside a type in ``Annotated`` is a constraint that pydantic checks."""
    kind = class_of(beside)
    return kind.__name__ not in _REMARKS and any(base.__module__ == _CONSTRAINTS for base in kind.__mro__)


def constraints_of(beside: Iterable[Any]) -> list[Any] | None:
    """Give what pydantic checks of a value that has been read, or None if it has to read the value itself.

    Args:
        beside: What stands beside a type in ``Annotated``.
    """
    found: list[Any] = []
    for each in beside:
        name = class_of(each).__name__
        if name == "FieldInfo":
            found += constraints_of(getattr(each, "metadata", ())) or []
        elif name == "AfterValidator" or (is_constraint(each) and name != "Strict"):  # reading is strict anyway
            found.append(each)
        elif is_model(each):
            return None
    return found


def is_of_old_pydantic(annotation: Any) -> bool:
    """Tell whether a type is a model of pydantic's release 1."""
    return hasattr(annotation, "parse_obj") and not hasattr(annotation, "model_dump")


def model_reader(annotation: Any, place: str) -> Reader:
    """Give what reads a type through pydantic's release 2, in the mode in which it reads JSON.

    Raises:
        UnreadableTypeError: pydantic cannot read it, or is not installed.
    """
    adapter = _adapter(annotation, place)

    def read(value: Any, place: Place, problems: Problems) -> Any:
        return _validated(adapter.validate_json, dumps(value), place, problems)

    return read


def constrained_reader(inner: Reader, kind: Any, constraints: Iterable[Any], place: str) -> Reader:
    """Give what reads a value, and then has pydantic's release 2 check it.

    Args:
        inner: What reads the value.
        kind: Type of the value.
        constraints: What is checked.
        place: Where the type stands.

    Raises:
        UnreadableTypeError: pydantic cannot check it, or is not installed.
    """
    checked = (_known(kind), *constraints)
    adapter = _adapter(untyped(typing.Annotated)[checked], place)

    def read(value: Any, place: Place, problems: Problems) -> Any:
        before = len(problems.found)
        found = inner(value, place, problems)
        if len(problems.found) > before:
            return BAD
        problems.fits_up_to(_VALUES, place)
        try:
            return _validated(adapter.validate_python, found, place, problems)
        except TypeError as error:  # two values of a union, say, of which one has no length
            return problems.add(place, str(error))

    return read


def _known(kind: Any) -> Any:
    """Give a type as far as pydantic has to know it, which is to check and to change nothing."""
    found = alternatives(kind)
    is_plain = len(found) == 1 and found[0] in _PLAIN
    known = found[0] if is_plain else Any
    return typing.Optional[known] if allows_none(kind) else known  # noqa: UP045  # Any has no | on Python 3.10


def _adapter(annotation: Any, place: str) -> Any:
    try:
        import pydantic

        make: Any = pydantic.TypeAdapter
    except (ImportError, AttributeError) as error:
        why = "its constraints are checked by pydantic's release 2, which is not installed (pip install pydantic)"
        raise UnreadableTypeError(place, why) from error
    try:
        adapter: Any = make(annotation)
        if hasattr(adapter, "rebuild"):  # pragma: no branch  # since pydantic 2.10, which puts errors off
            adapter.rebuild(raise_errors=True)
    except (TypeError, RuntimeError) as error:  # pydantic's own are RuntimeErrors
        raise UnreadableTypeError(place, f"pydantic cannot read it: {str(error).partition(chr(10))[0]}") from error
    return adapter


def _validated(validate: Any, value: Any, place: Place, problems: Problems) -> Any:
    import pydantic

    try:
        return validate(value)
    except pydantic.ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return _noted(found, place, problems)


def old_model_reader(kind: Any) -> Reader:
    """Give what reads a model of pydantic's release 1."""

    def read(value: Any, place: Place, problems: Problems) -> Any:
        try:
            return kind.parse_obj(value)
        except ValueError as error:
            found: Any = error
            return _noted(found.errors(), place, problems)

    return read


def _noted(found: Any, place: Place, problems: Problems) -> Any:
    for each in found:
        there = place
        for key in each["loc"]:
            there = there if key == "__root__" else (there, key)
        problems.add(there, each["msg"])
    return BAD
