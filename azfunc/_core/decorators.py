"""What every decorator has in common: finding the builder of a function, and putting bindings on it."""

from __future__ import annotations

from azfunc._core.binding import Binding, Setting
from azfunc._core.checks import class_of
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.function import FunctionBuilder, Lender
from azfunc._core.names import binding_name_fault, check_binding_name, check_function_name, check_text
from azfunc._core.registry import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    from typing_extensions import ParamSpec, TypeIs, TypeVar

    from azfunc._core.function import Function

    F = ParamSpec("F")
    P = ParamSpec("P")
    R = TypeVar("R")
    BindingT = TypeVar("BindingT", bound=Binding)

    class Decorator(Protocol):
        """What each decorator method returns: takes a function, gives the same function with a binding more."""

        def __call__(self, func: Callable[P, R], /) -> FunctionBuilder[P, R]: ...


_BUILDER: Any = FunctionBuilder
"""The class, of whichever parameters and result."""
SCRIPT_FILE_NAME = "function_app.py"
"""File that function.json names for functions of the decorator model."""


class FunctionName(Setting, setting_name="function_name"):
    """The name that the host knows a function by."""

    function_name: str

    def put_on(self, function: Function) -> None:
        """Name a function."""
        function.add_setting(self)
        function.checked_name = self.function_name


class DecoratorApi:
    """Base of everything that has decorators: apps, blueprints and the mixins of the services."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        # Containers in the reference's manner pass on here what they were given.
        self._function_builders: list[FunctionBuilder] = []
        self._app_script_file = SCRIPT_FILE_NAME
        self._lender = Lender()

    @property
    def app_script_file(self) -> str:
        """File that function.json names for the functions."""
        return self._app_script_file

    def function_name(self, name: str, setting_extra_fields: Mapping[str, Any] | None = None) -> Decorator:
        """Set the name that the host knows the function by.

        Args:
            name: Letters, digits, ``_`` and ``-``, beginning with a letter; at most 128 characters.
                Unique in the app without regard to case. The Python name is used when the decorator is absent.
            setting_extra_fields: Further fields of the setting.

        Raises:
            DefinitionError: The host refuses such a name.

        Example:
            >>> @app.function_name("Shout")
            ... @app.route()
            ... def shout(req: func.HttpRequest) -> str: ...

        Source: reference 1.26.0, `function_name`; the host's rules for function names.
        """
        setting = FunctionName(function_name=check_function_name(name))
        if setting_extra_fields:
            setting.add_extra_fields(setting_extra_fields)
        return _decorator(self, setting)

    def http_type(self, http_type: str) -> Decorator:
        """Say that an HTTP function hands its requests to a web framework.

        Args:
            http_type: ``asgi`` or ``wsgi``; ``function`` is the default.

        Raises:
            ArgumentTypeError: It is no text, as when the decorator stands without parentheses.

        Source: reference 1.26.0, `http_type`.
        """
        kind = check_text(http_type, "An HTTP type", hint='Write @app.http_type("asgi"), with parentheses.')

        def wrap(builder: FunctionBuilder) -> FunctionBuilder:
            return builder.configure_http_type(kind)

        return self._configure_function_builder(wrap)

    def _bind(
        self, cls: Callable[F, Binding], extra: Mapping[str, Any], /, *args: F.args, **fields: F.kwargs
    ) -> Decorator:
        """Make a decorator that puts one binding on a function; its ParamSpec checks the fields."""
        return _decorator(self, _made(cls, extra, args, fields))

    def _put(self, *parts: Binding | Setting) -> Decorator:
        """Make a decorator that puts bindings and settings on a function."""
        return _decorator(self, *parts)

    def _configure_function_builder(self, wrap: Callable[[FunctionBuilder], Any]) -> Decorator:
        """Make a decorator that finds or makes the builder of a function and hands it to `wrap`."""

        def decorate(func: Callable[..., Any]) -> Any:
            builder, is_new = (func, False) if _is_builder(func) else self._new_builder(func)
            made: Any = wrap(builder)
            if made is builder or not _is_builder(made):
                self._adopt(builder, is_new=is_new)
                return made
            # A decorator of another package made a builder of its own.
            self._function_builders = [each for each in self._function_builders if each is not builder]
            self._adopt(made)
            return made

        return decorate

    def _validate_type(self, func: Any) -> FunctionBuilder:
        """Give the builder of what was decorated: itself if it is one, a new one for a plain callable."""
        return func if _is_builder(func) else self._new_builder(func)[0]

    def _new_builder(self, func: Any) -> tuple[FunctionBuilder, bool]:
        """Give a builder for a callable that is none, and whether no container can have it yet."""
        if _is_theirs(func):
            return registry.own_builder(func), False
        if not callable(func):
            raise ArgumentTypeError(
                "Unsupported type for function app decorator found.",
                hint=f"A decorator takes a function, and got {func!r}, a {type(func).__name__}.",
            )
        builder = FunctionBuilder(func, self._app_script_file, self._lender)
        wrapped = _wrapped_builder(func)
        if wrapped is None:
            return builder, True
        builder.take_over(wrapped)
        self._function_builders = [builder if each is wrapped else each for each in self._function_builders]
        return builder, False

    def _adopt(self, builder: FunctionBuilder, *, is_new: bool = False) -> None:
        """List a builder once. It keeps its place when decorated again, by whichever app or blueprint."""
        builders = self._function_builders
        if is_new or not any(each is builder for each in builders):
            builders.append(builder)


def _decorator(container: Any, *parts: Binding | Setting) -> Decorator:
    # A function, since attributes of containers are slow to look up: they have a __getattr__ for misspelt names.
    def decorate(func: Callable[..., Any]) -> Any:
        builder: Any = func
        is_new = False
        if not isinstance(builder, _BUILDER):
            builder, is_new = container._new_builder(func)
        function = builder._function
        for part in parts:
            part.put_on(function)
        builders = container._function_builders
        if is_new:
            builders.append(builder)
        elif not builders or builders[-1] is not builder:  # the newest one, as in nearly all cases
            container._adopt(builder)
        return builder

    return decorate


def _is_builder(value: object) -> TypeIs[FunctionBuilder]:
    return isinstance(value, FunctionBuilder)


def _is_theirs(value: Any) -> bool:
    """Tell whether something is a builder of the reference."""
    function = getattr(value, "_function", None)
    # What `functools.wraps` makes of a builder has the builder's attributes, and is a plain function.
    return (
        function is not None
        and hasattr(class_of(value), "build")
        and isinstance(getattr(function, "_bindings", None), list)
    )


_WRAPPED = ("__wrapped__", "orchestrator_function", "entity_function")
"""Where decorators of other packages keep what they wrapped: `functools.wraps` and `azure-functions-durable`."""


def _wrapped_builder(func: Any) -> FunctionBuilder | None:
    """Give the builder that a decorator of another package has wrapped, so that what is on it is not lost."""
    for name in _WRAPPED:
        # Not through __dict__, which Python makes for a function only when it is asked for.
        found = getattr(func, name, None)
        if found is not None and _is_builder(found):
            return found
        if found is not None and _is_theirs(found):
            return registry.own_builder(found)
    return None


def make_binding(
    cls: Callable[F, BindingT], extra: Mapping[str, Any], /, *args: F.args, **fields: F.kwargs
) -> BindingT:
    """Make a binding whose name the host accepts; the ParamSpec of its class checks the fields.

    Args:
        cls: The class.
        extra: Fields that the class does not declare, in snake case.
        *args: Passed on.
        **fields: Passed on.

    Raises:
        DefinitionError: The host refuses the name, or an extra field would replace what the class sets.
    """
    made: BindingT = _made(cls, extra, args, fields)
    return made


def _made(cls: Any, extra: Mapping[str, Any], args: tuple[Any, ...], fields: dict[str, Any]) -> Any:
    name = fields.get("name")
    if not isinstance(name, str) or binding_name_fault(name):
        check_binding_name(name)  # says what is wrong with it
    binding: Any
    if args or cls.__init__ is not Binding.__init__:
        binding = cls(*args, **fields)
    else:
        # What the constructor does, without two more copies of the fields.
        binding = object.__new__(cls)
        binding._fill(fields)
    if extra:
        from azfunc._core.near_misses import warn_of_near_misses

        warn_of_near_misses(binding, extra)
        binding.add_extra_fields(extra)
    return binding
