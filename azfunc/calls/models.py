"""Models of pydantic, which read themselves; it is imported only where a type of it is asked for."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any

from azfunc._core.jsonlib import dumps
from azfunc.calls.problems import BAD

if TYPE_CHECKING:
    from azfunc.calls.problems import Place, Problems, Reader


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
    """Tell whether a type, or one in it, or what stands beside it in ``Annotated``, is of pydantic's release 2."""
    kind = annotation if isinstance(annotation, type) else type(annotation)
    if kind.__module__.partition(".")[0] == "pydantic":
        return not is_of_old_pydantic(annotation)
    if hasattr(annotation, "__pydantic_validator__") or hasattr(annotation, "model_dump"):
        return True
    beside = getattr(annotation, "__metadata__", ())
    return any(is_of_pydantic(each) for each in (*typing.get_args(annotation), *beside))


def is_of_old_pydantic(annotation: Any) -> bool:
    """Tell whether a type is a model of pydantic's release 1."""
    return hasattr(annotation, "parse_obj") and not hasattr(annotation, "model_dump")


def model_reader(annotation: Any, place: str) -> Reader:
    """Give what reads a type through pydantic's release 2, in the mode in which it reads JSON.

    Raises:
        UnreadableTypeError: pydantic cannot read it.
    """
    import pydantic

    try:
        adapter: Any = pydantic.TypeAdapter(annotation)
        if hasattr(adapter, "rebuild"):  # pragma: no branch  # since pydantic 2.10, which puts errors off
            adapter.rebuild(raise_errors=True)
    except pydantic.errors.PydanticUserError as error:
        raise UnreadableTypeError(place, f"pydantic cannot read it: {error.message.partition(chr(10))[0]}") from error

    def read(value: Any, place: Place, problems: Problems) -> Any:
        try:
            return adapter.validate_json(dumps(value))
        except pydantic.ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            return _noted(found, place, problems)

    return read


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
