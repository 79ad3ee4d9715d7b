"""Enums that stand in function.json, and the reading of their members from text."""

from __future__ import annotations

from enum import Enum, EnumMeta

from azfunc._core.errors import ArgumentTypeError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal, TypeAlias, TypeVar

    from azfunc._core.data_types import DataType

    EnumT = TypeVar("EnumT", bound=Enum)

    DataTypeName: TypeAlias = Literal[
        "undefined", "UNDEFINED", "string", "STRING", "binary", "BINARY", "stream", "STREAM"
    ]
    """Text that stands for a `DataType`."""
    AuthLevelName: TypeAlias = Literal["anonymous", "ANONYMOUS", "function", "FUNCTION", "admin", "ADMIN"]
    """Text that stands for an `AuthLevel`."""


class _NamingMeta(EnumMeta):
    """Names the right member when one is written in another case: ``AuthLevel.Anonymous``."""

    if not TYPE_CHECKING:  # pragma: no branch  # a checker that saw this would accept every name

        def __getattr__(cls, name: str) -> Any:
            members = cls.__dict__.get("_member_map_", {})
            if name in members:  # pragma: no cover  # Python 3.10 looks its members up here
                return members[name]
            known = None if name.startswith("_") else nearest(name, members)
            did_you_mean = f"; write {cls.__name__}.{known}" if known else ""
            message = f"{cls.__name__} has no member {name!r}{did_you_mean}"
            raise AttributeError(message)


class WireEnum(Enum, metaclass=_NamingMeta):
    """An enum whose members are written into function.json by name."""

    def __str__(self) -> str:
        return self._name_  # what `name` gives, at a tenth of its cost: every binding is written with some of them


class BindingDirection(WireEnum):
    """Which way a value passes through a binding, seen from the function."""

    IN = 0
    """From the host to the function."""
    OUT = 1
    """From the function to the host."""
    INOUT = 2
    """Both ways."""


class AuthLevel(WireEnum):
    """Which key a caller needs to start an HTTP function."""

    FUNCTION = "function"
    """A key of the function or of the app."""
    ANONYMOUS = "anonymous"
    """No key."""
    ADMIN = "admin"
    """The app's master key."""


def as_data_type(value: DataType | str | None) -> DataType | None:
    """Read a `DataType` as `as_enum()` does; the enum is loaded for a value only, since few bindings name one.

    Raises:
        UnknownNameError: The text names no member.
        ArgumentTypeError: Something else than a member, text or None was given.
    """
    if value is None:
        return None
    from azfunc._core.data_types import DataType

    return as_enum(DataType, value)


def as_enum(cls: type[EnumT], value: EnumT | str | None) -> EnumT | None:
    """Read an enum member from the member itself or from text, in any letter case.

    Args:
        cls: The enum.
        value: A member, the name or the value of one, or None.

    Returns:
        The member, or None if None was given.

    Raises:
        UnknownNameError: The text names no member.
        ArgumentTypeError: Something else than a member, text or None was given.
    """
    if value is None or type(value) is cls:
        return value
    if isinstance(value, str):
        member = _find(cls, value)
        if member is not None:
            return member
        from azfunc._core.failures import UnknownNameError

        raise UnknownNameError(
            f"Can not parse str '{value}' to {cls.__name__}. Allowed values are {_names(cls)}",
            hint=_advice(cls, value),
        )
    raise ArgumentTypeError(
        f"{value!r} is not a {cls.__name__} but a {type(value).__name__}.", hint=_advice(cls, str(value))
    )


def as_enums(cls: type[EnumT], values: Iterable[EnumT | str] | EnumT | str | None) -> list[EnumT] | None:
    """Read several enum members; a single one may stand alone.

    Args:
        cls: The enum.
        values: Members or texts, one of either, or None.

    Raises:
        UnknownNameError: One is neither a member nor text that names one.
        ArgumentTypeError: They cannot be iterated.
    """
    if values is None:
        return None
    if isinstance(values, str) or type(values) is cls:
        values = [values]
    try:
        given: list[Any] = list(values)  # type: ignore[arg-type]  # what is not iterable is refused below
    except TypeError:
        raise ArgumentTypeError(
            f"'{type(values).__name__}' object is not iterable", hint=f"Give a list of {_names(cls)}."
        ) from None
    found: list[EnumT] = []
    members = _members(cls)
    for value in given:
        member = value if type(value) is cls else None
        if member is None and isinstance(value, str):
            member = members.get(value) or _find(cls, value)
        if member is None:
            from azfunc._core.failures import UnknownNameError

            raise UnknownNameError(
                f"Can not parse '{given}' to Optional[Iterable[{cls.__name__}]]. "
                f"Please ensure param all list elements exist in {_names(cls)}",
                hint=_advice(cls, str(value)),
            )
        found.append(member)
    return found


def _find(cls: type[EnumT], text: str) -> EnumT | None:
    members = _members(cls)
    member = members.get(text.upper()) or members.get(text)
    if member is not None:
        return member
    wanted = text.lower()
    for member in cls:
        if member.name.lower() == wanted or str(member.value).lower() == wanted:
            return member
    return None


def _members(cls: type[EnumT]) -> dict[str, EnumT]:
    """Give what ``__members__`` is a view of, without making the view."""
    return cls._member_map_  # type: ignore[return-value]  # typeshed has it as of any enum


def _names(cls: type[Enum]) -> list[str]:
    return [member.name for member in cls]


def _advice(cls: type[Enum], value: str) -> str:
    close = nearest(value, _names(cls))
    start = f"Did you mean {close!r}? " if close else ""
    return f"{start}Use one of {', '.join(_names(cls))} (any letter case), or a member of {cls.__name__}."
