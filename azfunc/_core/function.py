"""`Function`, the unit that a host starts, and `FunctionBuilder`, what a decorated name is."""

from __future__ import annotations

from functools import partial

from azfunc._core.binding import AppDefaults
from azfunc._core.checks import untyped
from azfunc._core.errors import AzfuncError, DefinitionError
from azfunc._core.names import check_function_name
from azfunc._core.registry import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic

    from typing_extensions import ParamSpec, Self, TypeVar

    from azfunc._core.binding import Binding, Setting, Trigger
    from azfunc._core.enums import AuthLevel

    P = ParamSpec("P", default=...)
    R = TypeVar("R", default=Any)

    class _FunctionBase(Generic[P, R]): ...

    class _BuilderBase(Generic[P, R]): ...

else:
    # typing costs a quarter of the whole import, and a class needs it only to be subscripted.
    P = R = object

    class _FunctionBase:
        __class_getitem__ = classmethod(type(list[int]))

    # A partial with nothing bound: the one kind of wrapper that inspect sees through on every Python, so that
    # inspect.iscoroutinefunction(f) says the same as of the undecorated function.
    _BuilderBase = partial


class Lender:
    """What an app, or a blueprint, lends to its functions when one of them is built.

    It stands apart from the container, which holds the functions: they would hold each other, and an app that nobody
    needs any more would stay until the garbage collector looks for it.

    Args:
        last_level: Key level of HTTP functions when neither they nor anything around them names one.
    """

    auth_level: AuthLevel | None = None
    """Key level in place of that of what is around it."""
    url_prefix: str = ""
    """Text in front of every route."""
    name_prefix: str = ""
    """Text in front of every function name."""
    surroundings: Any = None
    """What stands around every function; see `azfunc.calls`."""

    def __init__(self, last_level: AuthLevel | None = None) -> None:
        self.last_level = last_level
        self.parents: list[Lender] = []

    def defaults(self, lent: AuthLevel | None = None) -> AppDefaults:
        """Give what a function gets that is built from here.

        Args:
            lent: Key level that takes the place of the app's.
        """
        # A function of a blueprint takes what its app would lend, if that is clear.
        outer = self.parents[0].defaults(lent) if len(self.parents) == 1 else None
        return self.below(outer or AppDefaults(auth_level=lent or self.last_level))

    def below(self, outer: AppDefaults) -> AppDefaults:
        """Give what holds inside of the container, from what holds around it."""
        if not (self.auth_level or self.url_prefix or self.name_prefix or self.surroundings):
            return outer
        prefixes = [prefix for prefix in (outer.url_prefix, self.url_prefix) if prefix]
        return AppDefaults(
            auth_level=self.auth_level or outer.auth_level,
            url_prefix="/".join(prefixes),
            name_prefix=outer.name_prefix + self.name_prefix,
            around=outer.around if self.surroundings is None else (*outer.around, self.surroundings),
        )


_NO_LENDER = Lender()


class _FromUserFunction:
    """An attribute that the class of a builder has for itself, and each builder from its user function."""

    def __init__(self, name: str, own: object) -> None:
        self.name = name
        self.own = own

    def __get__(self, builder: FunctionBuilder | None, owner: type) -> Any:
        return self.own if builder is None else getattr(builder.__wrapped__, self.name)


class Function(_FunctionBase[P, R]):
    """One unit a host can start: a user function, its trigger, bindings and settings.

    Args:
        func: The user function.
        script_file: File that holds it, as function.json names it.
        lender: What its app, or blueprint, lends when it is built alone.
    """

    lender: Lender
    """What its app, or blueprint, lends when it is built alone."""
    function_script_file: str
    """File that holds the user function, as function.json names it."""
    function_directory: str = ""
    """Folder of the function; empty for that of the app, as only the older model has one for each."""
    http_type: str = "function"
    """``function``, or ``asgi`` or ``wsgi`` when it hands requests to a web framework."""

    checked_name: str = ""
    """A name that `@app.function_name` has found to be good, so that it need not be looked at again."""
    injected: Any = None
    """Parameter -> what gives it in place of a binding; None if there is none. See `azfunc.calls`."""
    surroundings: Any = None
    """What `with_middleware` has put around the function itself; see `azfunc.calls`."""
    outermost: Callable[[Function], None] | None = None
    """Gives the function, once all else stands around it, an entry around that; see `azfunc.calls.body`."""

    _entry: Callable[..., Any] | None = None
    _prefix: str = ""
    _trigger: Trigger | None = None

    def __init__(self, func: Callable[P, R], script_file: str, lender: Lender = _NO_LENDER) -> None:
        self._func = func
        self.lender = lender
        self._name = python_name(func)
        self._bindings: list[Binding] = []
        self._settings: list[Setting] = []
        self.function_script_file = script_file

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._func(*args, **kwargs)

    def add_binding(self, binding: Binding) -> None:
        """Add an input or output binding."""
        self._bindings.append(binding)

    def add_trigger(self, trigger: Trigger) -> None:
        """Add the trigger.

        Raises:
            DefinitionError: The function has a trigger already.
        """
        if self._trigger is not None:
            raise DefinitionError(
                "A trigger was already registered to this function. Adding another trigger is not the correct "
                "behavior as a function can only have one trigger. Existing registered trigger is "
                f"{self._trigger.get_dict_repr()} and New trigger being added is {trigger.get_dict_repr()}",
                hint=f"Function {self.get_function_name()!r} has two triggers: {self._trigger.type} "
                f"({self._trigger.name}) and {trigger.type} ({trigger.name}); "
                "remove one decorator or split the function.",
                function_name=self.get_function_name(),
                binding_name=trigger.name,
                location=self.location,
            )
        self._trigger = trigger
        self._bindings.append(trigger)

    def add_setting(self, setting: Setting) -> None:
        """Add a setting; of two with the same name the first one counts."""
        is_first = not self._settings or self.get_setting("function_name") is None
        if is_first and setting.get_setting_name() == "function_name":
            self._name = setting.get_settings_value("function_name")  # where azure-functions-durable looks it up
        self._settings.append(setting)

    def set_http_type(self, http_type: str) -> None:
        """Say whether requests go to the function itself or to a web framework (``asgi``, ``wsgi``)."""
        self.http_type = http_type

    def get_trigger(self) -> Trigger | None:
        """Give the trigger, or None while there is none."""
        return self._trigger

    def get_bindings(self) -> list[Binding]:
        """Give all bindings, the trigger among them, bottom decorator first."""
        return self._bindings

    def get_setting(self, setting_name: str) -> Setting | None:
        """Give the first setting of a name, or None."""
        for setting in self._settings:
            if setting.get_setting_name() == setting_name:
                return setting
        return None

    def get_settings_dict(self, setting_name: str) -> dict[str, Any] | None:
        """Give the first setting of a name as a dict with snake case keys, or None."""
        setting = self.get_setting(setting_name)
        return setting.get_dict_repr() if setting else None

    def get_function_name(self) -> str:
        """Give the name the host knows the function by: from ``@app.function_name()``, else the Python name."""
        return self._prefix + self._name

    def get_user_function(self) -> Callable[P, R]:
        """Give the function that the host calls: the user function, the very object that was decorated.

        Or its entry, where the trigger made one: a tool of MCP is called with a request, and takes arguments.
        """
        return self._entry or self._func

    def set_entry(self, entry: Callable[..., Any] | None) -> None:
        """Say what the host calls in place of the user function; None for the user function itself.

        Args:
            entry: Takes what the bindings give, and carries the user function as ``__wrapped__``.
        """
        self._entry = entry

    def is_made_of(self, func: object) -> bool:
        """Tell whether a callable is the user function, or the entry in its place."""
        return func is not None and func in (self._func, self._entry)

    def is_http_function(self) -> bool:
        """Tell whether an HTTP request starts the function."""
        return self._trigger is not None and self._trigger.starts_http

    def get_bindings_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Give ``{"bindings": [...]}`` as function.json has it; enums stay enums."""
        return {"bindings": [binding.get_dict_repr() for binding in self._bindings]}

    def get_dict_repr(self) -> dict[str, Any]:
        """Give the content of function.json as a dict; enums stay enums."""
        return {"scriptFile": self.function_script_file, **self.get_bindings_dict()}

    def get_raw_bindings(self) -> list[str]:
        """Give the JSON text of each binding, as the worker sends them to the host."""
        from azfunc._core.jsonlib import dump_definition

        return [dump_definition(binding.get_dict_repr()) for binding in self._bindings]

    def get_function_json(self) -> str:
        """Give the text of function.json."""
        from azfunc._core.jsonlib import dump_definition

        return dump_definition(self.get_dict_repr())

    @property
    def location(self) -> str | None:
        """Where the user function stands, as ``file:line``, or None if Python does not know."""
        return location_of(self._func)

    def finished(self, defaults: AppDefaults) -> Self:
        """Give the function as the host gets it: the trigger completed from the app, the names checked.

        Args:
            defaults: What the app lends.

        Raises:
            DefinitionError: There is no trigger, or the host refuses the name.
        """
        name = defaults.name_prefix + self.get_function_name()
        if self._trigger is None:
            raise DefinitionError(
                f"Function {name} does not have a trigger. A valid function must have one and only one trigger "
                "registered.",
                hint="Add one, such as @app.route() or @app.queue_trigger(...)"
                + (f", at {self.location}." if self.location else "."),
                function_name=name,
                location=self.location,
            )
        if name != self.checked_name:
            try:
                check_function_name(name)
            except AzfuncError as error:
                error.location = self.location
                raise
        trigger = self._trigger.finish(name, defaults)
        if trigger.takes_batches:
            from azfunc._core.batches import settle_cardinality

            trigger = settle_cardinality(
                trigger,
                self._func,
                function_name=name,
                location=self.location,
            )
        finished = self._copy()
        finished._prefix = defaults.name_prefix
        finished._bindings = [trigger if binding is self._trigger else binding for binding in self._bindings]
        finished._trigger = trigger
        if registry.inject is not None:
            registry.inject(finished)
        prepared = finished._trigger = trigger.prepare(finished)
        if prepared is not trigger:
            finished._bindings = [prepared if binding is trigger else binding for binding in finished._bindings]
        around = defaults.around if self.surroundings is None else (*defaults.around, self.surroundings)
        if around:
            around[0].surround(finished, around)
        if finished.outermost is not None:
            finished.outermost(finished)
        return finished

    def _copy(self) -> Self:
        # Not through __dict__, which would make a dict of what Python keeps in less, here and in the copy.
        copied = object.__new__(type(self))
        copied._func = self._func
        copied.lender = self.lender
        copied._name = self._name
        copied._bindings = self._bindings
        copied._settings = self._settings
        copied.function_script_file = self.function_script_file
        if self._entry is not None:
            copied._entry = self._entry
        if self.function_directory:
            copied.function_directory = self.function_directory
        if self.http_type != "function":
            copied.http_type = self.http_type
        return copied

    def __str__(self) -> str:
        return self.get_function_json()

    def __repr__(self) -> str:
        return f"<Function {_summary(self)}>"


class FunctionBuilder(_BuilderBase[P, R]):
    """A decorated function: callable as it was written, and the place where decorators put bindings.

    It carries the name, docstring, signature and annotations of the user function, and is a coroutine function to
    `inspect` and `asyncio` when the user function is one.

    Args:
        func: The user function.
        function_script_file: File that holds it, as function.json names it.
        lender: What its app, or blueprint, lends when it is built alone.
    """

    if TYPE_CHECKING:
        # At run time an annotation here would hide those of the user function.
        __wrapped__: Callable[P, R]
        """The user function."""
        __name__: str
        """Name of the user function."""
        __qualname__: str
        """Name of the user function, with the classes and functions around it."""

        def __init__(self, func: Callable[P, R], function_script_file: str, lender: Lender = _NO_LENDER) -> None: ...

        def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...

    else:

        def __new__(cls, func: Callable[P, R], function_script_file: str, lender: Lender = _NO_LENDER) -> Self:
            self = partial.__new__(cls, func)
            self.__wrapped__ = func
            self._function = Function(func, function_script_file, lender)
            module = getattr(func, "__module__", None)
            if module is not None:
                self.__module__ = module
            return self

        __doc__ = _FromUserFunction("__doc__", __doc__)
        __annotations__ = _FromUserFunction("__annotations__", {})

        def __get__(self, instance: object, owner: type | None = None) -> Self:
            # A builder in a class body stays what it is; functools.partial is about to become a method there.
            return self

        def __getattr__(self, name: str) -> Any:
            if name == "__wrapped__":  # not set yet
                raise AttributeError(name)
            return getattr(self.__wrapped__, name)

    if TYPE_CHECKING:
        _function: Function[P, R]

    @property
    def name(self) -> str:
        """Name that the host knows the function by, so far."""
        return self._function.get_function_name()

    def add_trigger(self, trigger: Trigger) -> Self:
        """Add the trigger.

        Raises:
            DefinitionError: The function has a trigger already.
        """
        self._function.add_trigger(trigger)
        return self

    def add_binding(self, binding: Binding) -> Self:
        """Add an input or output binding."""
        self._function.add_binding(binding)
        return self

    def add_setting(self, setting: Setting) -> Self:
        """Add a setting."""
        self._function.add_setting(setting)
        return self

    def configure_http_type(self, http_type: str) -> Self:
        """Say whether requests go to the function itself or to a web framework (``asgi``, ``wsgi``)."""
        self._function.set_http_type(http_type)
        return self

    def take_over(self, other: FunctionBuilder) -> None:
        """Take what was put on another builder, whose function this one's wraps; it is one function from then on."""
        function = untyped(other)._function
        function._func = untyped(self)._function.get_user_function()
        self._function = function

    def build(self, auth_level: AuthLevel | AppDefaults | None = None) -> Function[P, R]:
        """Give the function as the host gets it; the same on every call.

        Args:
            auth_level: Key level for HTTP when neither the function nor its blueprint names one.
                The app's own when left out.

        Raises:
            DefinitionError: There is no trigger, or the host refuses the name.
        """
        if isinstance(auth_level, AppDefaults):
            return self._function.finished(auth_level)
        from azfunc._core.enums import AuthLevel, as_enum

        if registry.inject is None:
            registry.inject = registry.look_for_markers(self.__wrapped__, {})
        # By its name: an app of the reference gives a member of its own enum.
        lent = None if auth_level is None else as_enum(AuthLevel, getattr(auth_level, "name", auth_level))
        return self._function.finished(self._function.lender.defaults(lent))

    def __reduce__(self) -> str:
        # Like any function: pickled by its name, and its own copy.
        return self.__wrapped__.__qualname__

    def __repr__(self) -> str:
        return f"<FunctionBuilder {_summary(self._function)}>"


def python_name(func: Callable[..., Any]) -> str:
    """Give the name a callable has in Python; for partials that of what they call, for objects that of their class."""
    while isinstance(func, partial):
        func = func.func
    name: str = getattr(func, "__name__", "") or type(func).__name__
    return name


def location_of(func: Callable[..., Any]) -> str | None:
    """Give where a callable is written, as ``file:line``, or None if Python does not know."""
    while isinstance(func, partial):
        func = func.func
    stated: str | None = getattr(func, "__azfunc_location__", None)
    if stated is not None:
        return stated
    code = getattr(func, "__code__", None) or getattr(type(func).__dict__.get("__call__"), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code else None


def _summary(function: Function[Any, Any]) -> str:
    trigger = function.get_trigger()
    started = f" {trigger.type} {trigger.name!r}" if trigger else " without a trigger"
    others = len(function.get_bindings()) - (1 if trigger else 0)
    more = f", {others} more binding{'s' if others > 1 else ''}" if others else ""
    place = f" at {function.location}" if function.location else ""
    return f"{function.get_function_name()!r}{started}{more}{place}"
