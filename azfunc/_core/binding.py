"""Bindings and settings: what stands beside a user function, and its JSON in function.json.

They are made of `Record`, a class with named fields without code generation: `dataclasses` writes and compiles source
for each class when a module is imported, three times the cost of the class itself. A `Record` collects its fields once,
and one ``__init__`` serves every subclass. Type checkers see the same thing as with a dataclass, through
``dataclass_transform``.
"""

from __future__ import annotations

from azfunc._core.checks import is_dict, is_list, untyped
from azfunc._core.enums import BindingDirection
from azfunc._core.errors import ArgumentTypeError, DefinitionError, nearest
from azfunc._core.names import to_camel_case
from azfunc._core.registry import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, ClassVar, TypeVar

    from typing_extensions import Self, dataclass_transform

    from azfunc._core.data_types import DataType
    from azfunc._core.enums import AuthLevel
    from azfunc._core.function import Function

    BindingT = TypeVar("BindingT", bound="Binding")
else:

    def dataclass_transform(**_kwargs: Any) -> Any:
        """Stand in for the mark that only type checkers read."""
        return lambda cls: cls


# --- records ----------------------------------------------------------------------------------------------------------


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
        fields, attributes, lacking = self._fields, self._attributes, self._required_count
        for name, value in values.items():
            try:
                default = fields[name]
            except KeyError:
                raise _field_error(type(self), name, values) from None
            if default is REQUIRED:
                if value is None:
                    raise _field_error(type(self), name, values)
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
            raise _field_error(type(self), name, values)

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


def _field_error(cls: type[Record], name: str, values: dict[str, Any]) -> ArgumentTypeError:
    """Make the error for a field that the class does not have, or that has no value."""
    fields: dict[str, Any] = untyped(cls)._fields
    if name not in fields:
        close = nearest(name, fields)
        advice = f"Did you mean {close!r}? " if close else ""
        return ArgumentTypeError(
            f"{cls.__name__} has no field {name!r}.", hint=f"{advice}Its fields are {', '.join(fields)}."
        )
    what = f"{cls.__name__} was given None for {name!r}" if name in values else f"{cls.__name__} lacks {name!r}"
    optional = ", ".join(each for each, default in fields.items() if default is not REQUIRED)
    return ArgumentTypeError(f"{what}.", hint=f"Give {name}; only {optional or 'nothing'} may be left out.")


# --- bindings ---------------------------------------------------------------------------------------------------------


class AppDefaults(Record):
    """What an app lends to the triggers of its functions when they are built."""

    auth_level: AuthLevel | None = None
    """Key level of HTTP functions that name none."""
    url_prefix: str = ""
    """Text in front of every route, from blueprints."""
    name_prefix: str = ""
    """Text in front of every function name, from blueprints."""
    around: tuple[Any, ...] = ()
    """What stands around every function, outermost first; see `azfunc.calls`."""


class Binding(Record):
    """One entry of function.json: how a value reaches the function or leaves it.

    Subclasses declare their fields as annotations, and their binding type as ``class X(Trigger, type="xTrigger")``.
    A subclass in the reference's manner, with an ``__init__`` of its own and ``get_binding_name()``, works too: its
    fields are the parameters of that ``__init__``.
    """

    name: str
    _data_type: DataType | None = field(alias="data_type", default=None)
    _type: str | None = field(alias="type", default=None)

    _binding_type: ClassVar[str | None] = None
    _direction: ClassVar[BindingDirection]
    _wire_names: ClassVar[dict[str, str]] = {}
    """Attribute -> key in function.json, for the fields that the class adds to `Binding`."""
    _extra: ClassVar[Mapping[str, Any]] = {}
    """Fields that the class does not declare; those of one binding stand in its ``__dict__``."""
    _written: ClassVar[dict[str, Any] | None] = None
    """Keys that others write over the binding's own; those of one binding stand in its ``__dict__``."""
    _signature_names: ClassVar[tuple[str, ...]] = ()
    """Parameters of a hand-written ``__init__``; empty for declared classes."""
    starts_http: ClassVar[bool] = False
    """Whether a function with this trigger is an HTTP function."""
    takes_batches: ClassVar[bool] = False
    """Whether one call can get several messages; true of a class with a field ``cardinality``."""

    def __init_subclass__(cls, *, type: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if type is not None:
            cls._binding_type = type
            registry.add_binding_class(type, cls)
        if "__init__" in cls.__dict__:
            cls._read_init()
        names = [name for name in (*cls._fields, *cls._signature_names) if name not in Binding._fields]
        cls._wire_names = {name: to_camel_case(name) for name in dict.fromkeys(names)}
        if "cardinality" in cls._wire_names:
            cls.takes_batches = True

    @classmethod
    def _read_init(cls) -> None:
        """Take the fields of a hand-written binding class from the parameters of its ``__init__``."""
        import inspect

        init: Callable[..., None] = cls.__dict__["__init__"]
        signature = inspect.signature(init)
        kinds = {name: parameter.kind for name, parameter in list(signature.parameters.items())[1:]}
        cls._signature_names = tuple(
            name
            for name, kind in kinds.items()
            if kind not in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
        )
        # Which others are required is for that `__init__` to say.
        cls._fields = {
            name: None if default is REQUIRED and name != "name" else default for name, default in cls._fields.items()
        }
        cls._required_count = 1

        def initialise(self: Binding, *args: Any, **kwargs: Any) -> None:
            init(self, *args, **kwargs)
            own = self.__dict__
            for name, value in signature.bind(self, *args, **kwargs).arguments.items():
                kind = kinds.get(name)
                if kind is inspect.Parameter.VAR_KEYWORD:
                    declared = {*Binding._fields, *cls._wire_names}
                    self.add_extra_fields({key: own.get(key, value[key]) for key in value if key not in declared})
                elif kind is not None and name not in own and not hasattr(cls, name):
                    own[name] = value

        initialise.__wrapped__ = init  # type: ignore[attr-defined]  # inspect and help() follow it to the written one
        initialise.__doc__ = init.__doc__
        cls.__init__ = initialise  # type: ignore[method-assign, assignment]  # the point of this function

    def __init__(self, name: Any = None, data_type: Any = None, type: Any = None, /, **values: Any) -> None:
        # These three may stand without their names, as in the reference.
        if name is not None:
            values["name"] = name
        if data_type is not None:
            values["data_type"] = data_type
        if type is not None:
            values["type"] = type
        extra = values.pop("extra", None)
        self._fill(values)
        if extra:
            self.add_extra_fields(extra)

    @classmethod
    def get_binding_name(cls) -> str | None:
        """Give the binding type that the class stands for, or None if each instance names its own."""
        return cls._binding_type

    @property
    def type(self) -> str:
        """Binding type: the wire name in function.json, such as ``queueTrigger``."""
        return self.get_binding_name() or self._type or ""

    @property
    def direction(self) -> int:
        """0 for a value to the function, 1 for one from it, 2 for both."""
        return int(self._direction.value)

    @property
    def data_type(self) -> int | None:
        """Number of the `DataType` asked for, or None."""
        value = self._data_type
        return value if value is None or isinstance(value, int) else int(value.value)

    @property
    def init_params(self) -> list[str]:
        """Names of the fields, as the constructor knows them."""
        return ["name", *self._wire_names, *self.extra_fields]

    @property
    def extra_fields(self) -> Mapping[str, Any]:
        """Fields that the class does not declare, by the name they were given with."""
        return self._extra

    def add_extra_fields(self, extra: Mapping[str, Any]) -> None:
        """Add fields that the class does not declare; they are written under their camelCased names.

        Each is an attribute as well, unless the class has another use for the name.

        Raises:
            DefinitionError: A field would replace the type, the name or the direction, or its name is no name.
        """
        kept = dict(self.extra_fields)
        for name, value in extra.items():
            key = to_camel_case(name)
            if key == "direction" and str(value).upper() == self._direction.name:
                continue
            if key in ("direction", "type", "name"):
                raise DefinitionError(
                    f"The extra field {name!r} would replace the {key} of {self.type} {self.name!r}.",
                    hint=f"Leave it out; the decorator sets the {key}.",
                    binding_name=self.name,
                )
            kept[name] = value
            if not hasattr(type(self), name):
                self.__dict__[name] = value
        self.__dict__["_extra"] = kept

    def __repr__(self) -> str:
        from azfunc._core import secrets

        text = super().__repr__()
        extra = secrets.shown("", dict(self.extra_fields))
        return f"{text[:-1]}, extra={extra!r})" if extra else text

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Give an extra field."""

    @property
    def _dict(self) -> dict[str, Any]:
        """Keys that others write over the binding's own; the extension packages do."""
        written: dict[str, Any] | None = self.__dict__.get("_written")
        if written is None:
            written = self.__dict__["_written"] = self._own_dict()
        return written

    def get_dict_repr(self) -> dict[str, Any]:
        """Give the entry of function.json as a dict; enums stay enums, fields that are None are left out."""
        written = self._written
        return cleaned({**self._own_dict(), **written}) if written else self._own_dict()

    def _own_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {"direction": self._direction}
        data_type = self._data_type
        if data_type is not None:
            found["dataType"] = data_type
        kind = self.type
        if kind:
            found["type"] = kind
        given_name = getattr(self, "name", None)
        if given_name is not None:
            found["name"] = given_name
        for name, key in self._wire_names.items():
            value = getattr(self, name, None)
            if value is not None:
                found[key] = without_none(value) if isinstance(value, (dict, list)) else value
        if self._extra:
            for name, value in self._extra.items():
                if value is not None:
                    found[to_camel_case(name)] = without_none(value)
        return found

    def put_on(self, function: Function) -> None:
        """Add the binding to a function."""
        function.add_binding(self)

    def replace(self, **values: Any) -> Self:
        """Give a copy with some attributes changed."""
        made = object.__new__(type(self))
        own = made.__dict__
        own.update(self.__dict__)
        own.update(values)
        return made


class Trigger(Binding):
    """The one binding that starts a function."""

    _direction = BindingDirection.IN

    def put_on(self, function: Function) -> None:
        """Add the trigger to a function.

        Raises:
            DefinitionError: The function has a trigger already.
        """
        function.add_trigger(self)

    def finish(self, function_name: str, defaults: AppDefaults) -> Self:
        """Give the trigger as it stands in the built function; fills what depends on the app or the name.

        Args:
            function_name: Final name of the function.
            defaults: What the app lends.

        Returns:
            The trigger itself if nothing depends on them, else a copy; never changes the trigger.
        """
        return self

    def prepare(self, function: Function) -> Self:
        """Complete a function that goes to the host; called at the end of its build.

        A trigger whose user function cannot be called with what the host sends gives the function an entry that can.

        Args:
            function: The copy that the host gets, with all its bindings.

        Returns:
            The trigger itself, or what takes its place.
        """
        return self

    @staticmethod
    def is_supported_trigger_type(trigger_instance: Trigger, trigger_type: type[Trigger]) -> bool:
        """Tell whether a trigger is of a class, or is a generic trigger of the same binding type."""
        return isinstance(trigger_instance, trigger_type) or (trigger_instance.type == trigger_type.get_binding_name())


class InputBinding(Binding):
    """Data the host fetches for a call."""

    _direction = BindingDirection.IN


class OutputBinding(Binding):
    """Data the host sends after a call."""

    _direction = BindingDirection.OUT


# --- settings ---------------------------------------------------------------------------------------------------------


class Setting(Record):
    """Anything on a function that is no binding: its name, its retry policy."""

    _setting_name: ClassVar[str] = ""
    _extra: ClassVar[Mapping[str, Any]] = {}
    """Fields that the class does not declare; those of one setting stand in its ``__dict__``."""

    def __init_subclass__(cls, *, setting_name: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if setting_name is not None:
            cls._setting_name = setting_name

    @property
    def extra_fields(self) -> Mapping[str, Any]:
        """Fields that the class does not declare."""
        return self._extra

    def add_extra_fields(self, extra: Mapping[str, Any]) -> None:
        """Add fields that the class does not declare.

        Raises:
            ArgumentTypeError: They are no mapping, or one of them is a declared field.
        """
        if not hasattr(extra, "items"):
            raise ArgumentTypeError(
                f"Extra fields are a mapping, and {extra!r} is a {type(extra).__name__}.",
                hint="Give a dict of field names and values.",
            )
        for name in extra:
            if name in self._fields:
                raise ArgumentTypeError(
                    f"The extra field {name!r} is a field of {self._setting_name} already.",
                    hint=f"Give {name} as the argument of the decorator.",
                )
        self.__dict__["_extra"] = dict(extra)

    def put_on(self, function: Function) -> None:
        """Add the setting to a function."""
        function.add_setting(self)

    @property
    def setting_name(self) -> str:
        """Name that `Function.get_setting()` knows it by."""
        return self._setting_name

    def get_setting_name(self) -> str:
        """Give the name that `Function.get_setting()` knows it by."""
        return self._setting_name

    def get_settings_value(self, settings_attribute_key: str) -> Any:
        """Give the value of one field, or None if there is no such field."""
        if settings_attribute_key in self._fields:
            return getattr(self, settings_attribute_key)
        return self.get_dict_repr().get(settings_attribute_key)

    def get_dict_repr(self) -> dict[str, Any]:
        """Give the setting as a dict with snake case keys; fields that are None are left out."""
        found = {"setting_name": self._setting_name, **{name: getattr(self, name) for name in self._fields}}
        for name, value in self.extra_fields.items():
            found.setdefault(name, value)
        return cleaned(found)


def without_none(value: Any) -> Any:
    """Give a value without the None in its dicts and lists, at every depth."""
    if is_list(value):
        return [without_none(each) if isinstance(each, (dict, list)) else each for each in value if each is not None]
    if is_dict(value):
        return {key: without_none(each) for key, each in value.items() if each is not None}
    return value


def cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    """Give fields without those that are None, at every depth."""
    return {key: without_none(value) for key, value in fields.items() if value is not None}
