"""The hand-over to `azure-functions-durable`, which runs orchestrations and entities.

The package is written against `azure.functions`. Where that is installed, its builders and bindings are the
reference's, and what they say is copied onto azfunc's; where it is not, azfunc answers in its place while the package
is imported. Either way the package sees azfunc's builders as its own.
"""

from __future__ import annotations

from azfunc._core.binding import Binding
from azfunc._core.checks import class_of, untyped
from azfunc._core.function import FunctionBuilder
from azfunc._core.packages import made_for_the_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType
    from typing import Any

NAME = "azure.durable_functions"
"""Module of the package."""
DISTRIBUTION = "azure-functions-durable"
"""Name that the package is installed by."""

_bridged: dict[type, type] = {}


def durable_package() -> ModuleType:
    """Import `azure.durable_functions`.

    Raises:
        MissingPackageError: It is not installed.
    """
    return made_for_the_reference(
        NAME,
        message="Attempted to use a Durable Functions decorator, but the `azure-functions-durable` SDK package could "
        "not be found. Please install `azure-functions-durable` to use Durable Functions.",
        hint=f"Run `pip install {DISTRIBUTION}`, and list it in requirements.txt.",
    )


def hand_over(builder: FunctionBuilder, decorate: Callable[..., Any], classes: Mapping[str, type[Binding]]) -> None:
    """Let a decorator of the package work on a function that azfunc has decorated, or is about to.

    Args:
        builder: The builder of the function; what was put on it stays.
        decorate: The decorator, from a fresh blueprint of the package.
        classes: Binding type -> azfunc's class for it.
    """
    function = untyped(builder)._function
    current = _presentable(function.get_user_function())
    theirs = decorate(current)
    made, trigger = theirs._function._func, theirs._function._trigger
    if trigger is not None:
        builder.add_trigger(untyped(_as_own(trigger, classes)))
    for binding in theirs._function._bindings:
        if binding is not trigger:
            builder.add_binding(_as_own(binding, classes))
    if made is not current:
        function.set_entry(made if trigger is None else _handle(made, trigger.name, builder.__wrapped__))
    if not isinstance(theirs, FunctionBuilder):
        _recognise(builder, class_of(theirs))


def with_client(decorate: Callable[..., Any], parameter: str) -> Callable[..., Any]:
    """Let a decorator of the package give a client to a copy of the user function, which it awaits and changes.

    Args:
        decorate: The decorator.
        parameter: Name of the parameter that gets the client.
    """

    def decorate_copy(func: Callable[..., Any]) -> Any:
        made = decorate(_awaitable(func, parameter))
        made._function._func.client_function = func
        return made

    return decorate_copy


def _presentable(func: Callable[..., Any]) -> Callable[..., Any]:
    """Give a callable the attributes of a function, which the package reads and changes; a copy, never the user's."""
    if hasattr(func, "__name__") and hasattr(func, "__annotations__"):
        return func
    from functools import wraps

    from azfunc._core.function import python_name

    @wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **kwargs)

    call.__name__ = python_name(func)
    return call


def _as_own(binding: Any, classes: Mapping[str, type[Binding]]) -> Binding:
    """Give azfunc's binding for one of the package's, and let the package see it as its own."""
    if isinstance(binding, Binding):
        return binding
    cls = classes[binding.type]
    class_of(binding).register(cls)
    return cls(**{name: getattr(binding, name, None) for name in ("name", *untyped(cls)._wire_names)})


def _recognise(builder: FunctionBuilder, theirs: type) -> None:
    """Make a builder an instance of the reference's class as well, which the package asks for."""
    own = type(builder)
    if issubclass(own, theirs):
        return
    if theirs not in _bridged:
        # These as well, since each class has its own, which would hide those of the user function.
        kept = {name: vars(FunctionBuilder)[name] for name in ("__module__", "__doc__", "__annotations__")}
        _bridged[theirs] = type("FunctionBuilder", (FunctionBuilder, theirs), kept)
    untyped(builder).__class__ = _bridged[theirs]


def _awaitable(func: Callable[..., Any], parameter: str) -> Callable[..., Any]:
    """Give a coroutine function for a user function, with text as the annotation of the client."""
    import inspect
    from functools import wraps

    @wraps(func)
    async def call(*args: Any, **kwargs: Any) -> Any:
        result = func(*args, **kwargs)
        return await result if inspect.isawaitable(result) else result

    # The package writes the annotation too, as the host sends text; here it does so on this copy.
    call.__annotations__ = {**func.__annotations__, parameter: str}
    signature = inspect.signature(func)
    untyped(call).__signature__ = signature.replace(
        parameters=[
            each.replace(annotation=str) if each.name == parameter else each for each in signature.parameters.values()
        ]
    )
    return call


def _handle(made: Callable[..., Any], parameter: str, user_function: Callable[..., Any]) -> Callable[..., Any]:
    """Give the handle that the package made of an orchestrator or an entity, its one parameter named as the binding.

    The package calls it ``context`` whatever the binding is called, and the host passes arguments by name.
    """
    import inspect
    from functools import wraps

    signature = inspect.signature(made)
    (own,) = signature.parameters.values()

    @wraps(made)
    def call(*args: Any, **kwargs: Any) -> Any:
        if parameter in kwargs:
            kwargs[own.name] = kwargs.pop(parameter)
        return made(*args, **kwargs)

    annotations = dict(made.__annotations__)
    if own.name in annotations:
        annotations[parameter] = annotations.pop(own.name)
    call.__annotations__ = annotations
    untyped(call).__signature__ = signature.replace(parameters=[own.replace(name=parameter)])
    untyped(call).__wrapped__ = user_function
    return call
