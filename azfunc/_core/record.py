"""`Record`: classes with named fields, made without code generation.

`dataclasses` writes and compiles source for each class when a module is imported, three times the cost of the class
itself. A `Record` collects its fields once, and one ``__init__`` serves every subclass. Type checkers see the same
thing as with a dataclass, through ``dataclass_transform``.
"""

from __future__ import annotations

from azfunc._core.errors import ArgumentTypeError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_kwargs: Any) -> Any:
        """Stand in for the mark that only type checkers read."""
        return lambda cls: cls


REQUIRED = object()
"""The default of a field that has none."""


class _Alias:
    """A field that the constructor knows by another name than the attribute."""

    def __init__(self, alias: str, default: object) -> None:
        self.alias = alias
        self.default = default


def field(*, alias: str, default: Any = REQUIRED) -> Any:
    """Declare a field whose constructor argument has another name than its attribute.

    Args:
        alias: Name of the constructor argument.
        default: Value when it is left out; required when no default is given.
    """
    return _Alias(alias, default)


@dataclass_transform(kw_only_default=True, field_specifiers=(field,))
class Record:
    """A base for classes with named fields: keyword constructor, equality by value, a repr that makes it again.

    Fields are the annotated names of the class and its bases, in order; a value at the class is the default.
    Values are written into the instance's ``__dict__``, so a subclass may replace a field by a read-only property. A
    value that is the default is not: the class has it, and an app has thousands of records.
    """

    _fields: ClassVar[dict[str, Any]] = {}
    """Constructor argument -> default, or REQUIRED."""
    _attributes: ClassVar[dict[str, str]] = {}
    """Constructor argument -> attribute, where they differ."""
    _required_count: ClassVar[int] = 0

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        fields = dict(cls._fields)
        attributes = dict(cls._attributes)
        for name, annotation in cls.__annotations__.items():
            # Text here, since modules of azfunc import annotations from __future__; others need not.
            if "ClassVar" in str(annotation).partition("[")[0]:
                continue
            default = cls.__dict__.get(name, REQUIRED)
            if isinstance(default, _Alias):
                attributes[default.alias] = name
                name, default = default.alias, default.default  # noqa: PLW2901  # the alias is the field's name
                if default is REQUIRED:
                    delattr(cls, attributes[name])
                else:
                    setattr(cls, attributes[name], default)
            fields[name] = default
        cls._fields = fields
        cls._attributes = attributes
        cls._required_count = list(fields.values()).count(REQUIRED)

    def __init__(self, **values: Any) -> None:
        self._fill(values)

    def _fill(self, values: dict[str, Any]) -> None:
        """Take the values of the fields, each by the name of its constructor argument."""
        cls = type(self)
        fields, attributes = cls._fields, cls._attributes
        lacking = cls._required_count
        for name, value in values.items():
            try:
                default = fields[name]
            except KeyError:
                raise _unknown(cls, fields, name) from None
            if default is REQUIRED:
                if value is None:
                    raise _missing(cls, fields, name, given=True)
                lacking -= 1
            elif value is default or (type(value) is type(default) and value == default):
                continue
            attribute = attributes[name] if name in attributes else name  # noqa: SIM401  # half the time of get()
            try:
                # Not through __dict__, which would make a dict of what Python keeps in less.
                setattr(self, attribute, value)
            except AttributeError:  # a subclass has a read-only property of that name
                self.__dict__[attribute] = value
        if lacking:
            name = next(name for name, default in fields.items() if default is REQUIRED and name not in values)
            raise _missing(cls, fields, name, given=False)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), repr(self)))

    def __repr__(self) -> str:
        from azfunc._core import secrets

        own, attributes = self.__dict__, self._attributes
        given = [(name, attributes.get(name, name)) for name in self._fields]
        shown = [f"{name}={secrets.shown(name, own[attribute])!r}" for name, attribute in given if attribute in own]
        return f"{type(self).__name__}({', '.join(shown)})"


def _missing(cls: type, fields: dict[str, Any], name: str, *, given: bool) -> ArgumentTypeError:
    what = f"{cls.__name__} was given None for {name!r}" if given else f"{cls.__name__} lacks {name!r}"
    optional = ", ".join(each for each, default in fields.items() if default is not REQUIRED)
    return ArgumentTypeError(f"{what}.", hint=f"Give {name}; only {optional or 'nothing'} may be left out.")


def _unknown(cls: type, fields: dict[str, Any], name: str) -> ArgumentTypeError:
    close = nearest(name, fields)
    advice = f"Did you mean {close!r}? " if close else ""
    return ArgumentTypeError(
        f"{cls.__name__} has no field {name!r}.", hint=f"{advice}Its fields are {', '.join(fields)}."
    )
