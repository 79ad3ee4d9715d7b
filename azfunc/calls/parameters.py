"""Parameters that no binding gives: what is marked in their annotation gives them.

``order: Annotated[Order, Body()]`` has a marker beside its type. When a function with such parameters is indexed, it
gets an entry without them, which is what the host sees and calls.
"""

from __future__ import annotations

import functools
import inspect
import re
import typing
from abc import ABC, abstractmethod
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import ParameterMarker, marker_of
from azfunc._core.batches import Cardinality, parameter_annotation
from azfunc._core.checks import untyped
from azfunc._core.errors import DefinitionError
from azfunc._core.function import location_of, python_name
from azfunc._core.registry import registry
from azfunc.calls.call import reader_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azfunc._core.function import Function
    from azfunc.calls.call import Call


# --- what gives a parameter -------------------------------------------------------------------------------------------


class Provider(ABC):
    """What gives one parameter its argument, at each call."""

    is_async: bool = False
    """Whether only an async function can have it."""
    host_annotation: Any = None
    """What the host is to see at a parameter that is a binding's too, such as `host_type`; None for no parameter."""

    @abstractmethod
    def provide(self, call: Call, ends: ExitStack) -> Any:
        """Give the argument of a function that is not async.

        Args:
            call: The call.
            ends: What is entered here is left when the function has ended.
        """

    async def provide_async(self, call: Call, ends: AsyncExitStack) -> Any:
        """Give the argument of an async function; see `provide`."""
        with ExitStack() as plain:
            given = self.provide(call, plain)
            ends.push(plain.pop_all())
        return given


class Marker(ABC, ParameterMarker):
    """What stands in ``Annotated`` beside the type of a parameter that it gives."""

    reads_body: bool = False
    """Whether it gives what the JSON in the body of a request is; the document of the app describes it then."""

    @abstractmethod
    def provider(self, function: Function, parameter: str, annotation: Any) -> Provider:
        """Give what provides a parameter.

        Args:
            function: The function, with all its bindings; its trigger is completed.
            parameter: Name of the parameter.
            annotation: Its type, resolved; in ``Annotated`` only if there is more than the marker beside it.

        Raises:
            DefinitionError: The parameter cannot be provided.
        """


# --- finding ----------------------------------------------------------------------------------------------------------


def written(func: Callable[..., Any]) -> Any:
    """Give the function that has the annotations of a callable: of a class its constructor, of an object its call."""
    while isinstance(func, functools.partial):
        func = func.func
    if isinstance(func, type):
        made: Any = func
        return made.__new__ if made.__init__ is object.__init__ else made.__init__
    if hasattr(func, "__code__") or hasattr(func, "__wrapped__"):
        return func
    return type(func).__call__


def is_of_kind(kind: Callable[[Any], bool], func: Any) -> bool:
    """Tell whether a function, or the call of an object, is of a kind, such as `inspect.iscoroutinefunction`."""
    return kind(func) or (not isinstance(func, type) and kind(type(func).__call__))


def marker_at(func: Callable[..., Any], parameter: inspect.Parameter) -> tuple[Any, Marker] | None:
    """Find the marker of a parameter.

    Returns:
        Its type and its marker; None if it has no marker.

    Raises:
        DefinitionError: The marker is not written as it has to be.
    """
    annotation = parameter_annotation(written(func), parameter.name)
    marker = marker_of(annotation)
    if isinstance(parameter.default, Marker):
        raise _miswritten(func, parameter, "has a marker as its default", "Write the marker beside the type")
    if marker is None:
        if annotation is None and _names_marker(parameter.annotation):
            raise _miswritten(
                func,
                parameter,
                f"is annotated as {parameter.annotation!r}, which cannot be resolved",
                "Define or import what it names at the top of the module, not in a function nor under TYPE_CHECKING",
            )
        return None
    if isinstance(marker, type):
        raise _miswritten(func, parameter, f"has the class {marker.__name__} beside its type", "Call it")
    if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise _miswritten(
            func, parameter, "has a marker, and takes no name", "Remove the / or the * from the signature"
        )
    return _without(annotation, marker), marker


def marked(func: Callable[..., Any]) -> dict[str, tuple[Any, Marker]]:
    """Find the parameters of a function that have a marker.

    Returns:
        Parameter -> its type, with what else stands beside it in ``Annotated``, and its marker.

    Raises:
        DefinitionError: A marker is not written as it has to be.
    """
    if not _has_marker(func):  # as nearly always, and a signature takes long
        return {}
    found = {name: marker_at(func, each) for name, each in inspect.signature(func).parameters.items()}
    return {name: each for name, each in found.items() if each is not None}


def _without(annotation: Any, marker: Marker) -> Any:
    """Give an annotation without the marker beside it."""
    if typing.get_origin(annotation) is not typing.Annotated:
        return annotation
    kind, *beside = typing.get_args(annotation)
    others = [each for each in beside if each is not marker]
    with_others = (kind, *others)
    return untyped(typing.Annotated)[with_others] if others else kind


def _has_marker(func: Callable[..., Any]) -> bool:
    """Tell whether a function may have a parameter with a marker, without the cost of its signature."""
    source = written(func)
    defaults: list[Any] = [*(getattr(source, "__defaults__", None) or ())]
    defaults += (getattr(source, "__kwdefaults__", None) or {}).values()
    if any(isinstance(each, Marker) for each in defaults):
        return True
    annotations: dict[str, Any] = getattr(source, "__annotations__", {})
    for name, annotation in annotations.items():
        if _names_marker(annotation):
            return True
        resolved = parameter_annotation(source, name) if isinstance(annotation, str) else annotation
        if name != "return" and marker_of(resolved) is not None:
            return True
    return False


def _names_marker(annotation: Any) -> bool:
    """Tell whether an annotation is text that names a marker, which need not be imported yet."""
    return isinstance(annotation, str) and re.search(r"\b(Body|Depends)\(", annotation) is not None


def _miswritten(func: Callable[..., Any], parameter: inspect.Parameter, fault: str, cure: str) -> DefinitionError:
    location = location_of(written(func))
    return DefinitionError(
        f"Parameter {parameter.name!r} of {python_name(func)!r}{f' ({location})' if location else ''} {fault}.",
        hint=f"{cure}: `{parameter.name}: Annotated[Type, Depends(provider)]`, or with `Body()`.",
        binding_name=parameter.name,
        location=location,
    )


_REPLAYED = ("orchestrationTrigger", "entityTrigger")
"""Triggers whose functions `azure-functions-durable` calls, with the context alone."""


# --- entries ----------------------------------------------------------------------------------------------------------


def inject(function: Function) -> None:
    """Give a function an entry without the parameters that have a marker, if there are any.

    Raises:
        DefinitionError: A parameter cannot be provided, or by async code only and the function is not async.
    """
    inner = function.get_user_function()
    trigger = function.get_trigger()
    if trigger is not None and trigger.type in _REPLAYED and marked(user_function := untyped(function)._func):
        raise DefinitionError(
            f"Function {function.get_function_name()!r} is run again for each of its steps, and its parameter "
            f"{next(iter(marked(user_function)))!r} cannot be given anew each time.",
            hint="Read the input with context.get_input(), and leave what needs a dependency to an activity.",
            function_name=function.get_function_name(),
            location=function.location,
        )
    try:
        providers = {name: marker.provider(function, name, kind) for name, (kind, marker) in marked(inner).items()}
    except DefinitionError as error:
        error.function_name = function.get_function_name()
        raise
    if not providers:
        return
    is_async = is_of_kind(inspect.iscoroutinefunction, inner)
    for name, provider in providers.items():
        if provider.is_async and not is_async:
            raise needs_async(function, name)
    function.injected = providers
    function.set_entry((_async_entry if is_async else _entry)(function, inner, providers))


def needs_async(function: Function, parameter: str) -> DefinitionError:
    """Make the error for a parameter that only an async function can have."""
    return DefinitionError(
        f"Parameter {parameter!r} of function {function.get_function_name()!r} is provided by async code, and the "
        "function is not async.",
        hint="Write the function with async def, or what provides the parameter with def.",
        function_name=function.get_function_name(),
        binding_name=parameter,
        location=function.location,
    )


def host_type(function: Function) -> Any:
    """Give what the host is to see where the user function has another type, or no parameter, for the trigger.

    Returns:
        The class of the trigger's messages, a list of it for a batch; `inspect.Parameter.empty` where there is none,
        or several.
    """
    trigger: Any = function.get_trigger()
    known: tuple[Any, ...] = getattr(registry.get(trigger.type), "input_types", ())
    if len(known) != 1 or not hasattr(known[0], "get_json"):
        return inspect.Parameter.empty
    # Not list[...], which Azure's worker refuses.
    many: Any = untyped(typing).List
    return many[known[0]] if is_batch(function) else known[0]


def is_batch(function: Function) -> bool:
    """Tell whether the trigger of a function brings a list of messages."""
    trigger: Any = function.get_trigger()
    given = getattr(trigger, "cardinality", None) or trigger.extra_fields.get("cardinality")
    return str(given).upper() == Cardinality.MANY.name


def unseen_trigger(function: Function, signature: inspect.Signature) -> str | None:
    """Give the name of the trigger if the user function has no parameter for it, which the entry takes then.

    A tool of MCP has none either: its parameters are the arguments in the request.
    """
    trigger: Any = function.get_trigger()
    takes_all = any(each.kind is each.VAR_KEYWORD for each in signature.parameters.values())
    is_seen = takes_all or trigger.name in signature.parameters or trigger.type == "mcpToolTrigger"
    return None if is_seen else trigger.name


def _entry(function: Function, inner: Any, providers: Mapping[str, Provider]) -> Callable[..., Any]:
    visible, unseen = _visible(function, inspect.signature(inner), providers)
    signature, read = reader_of(function, visible)

    @functools.wraps(inner)
    def entry(*args: Any, **arguments: Any) -> Any:
        call = read(args, arguments)
        with ExitStack() as ends:
            given = {
                name: each.provide(call, ends) for name, each in providers.items() if _is_lacking(call, name, each)
            }
            return inner(**_arguments(call, given, unseen))

    return _dressed(entry, inner, signature, providers)


def _async_entry(function: Function, inner: Any, providers: Mapping[str, Provider]) -> Callable[..., Any]:
    visible, unseen = _visible(function, inspect.signature(inner), providers)
    signature, read = reader_of(function, visible)

    @functools.wraps(inner)
    async def entry(*args: Any, **arguments: Any) -> Any:
        call = read(args, arguments)
        async with AsyncExitStack() as ends:
            given = {
                name: await each.provide_async(call, ends)
                for name, each in providers.items()
                if _is_lacking(call, name, each)
            }
            return await inner(**_arguments(call, given, unseen))

    return _dressed(entry, inner, signature, providers)


def _is_lacking(call: Call, name: str, provider: Provider) -> bool:
    """Tell whether a parameter is to be provided; a test may have given it, which no host can."""
    return name not in call.arguments or provider.host_annotation is not None


def _arguments(call: Call, given: Mapping[str, Any], unseen: str | None) -> dict[str, Any]:
    arguments = {**call.arguments, **given}
    if unseen is not None:
        arguments.pop(unseen, None)
    return arguments


def _visible(
    function: Function, signature: inspect.Signature, providers: Mapping[str, Provider]
) -> tuple[inspect.Signature, str | None]:
    """Give a signature as the host sees it: without what is provided, but for a binding's own parameter.

    Returns:
        The signature, and the trigger's name if it is there for the host alone.
    """
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        provider = providers.get(name)
        if provider is None:
            parameters.append(parameter)
        elif provider.host_annotation is not None:
            parameters.append(parameter.replace(annotation=provider.host_annotation))
    unseen = unseen_trigger(function, signature)
    if unseen is not None:
        parameters.append(inspect.Parameter(unseen, inspect.Parameter.KEYWORD_ONLY, annotation=host_type(function)))
    return signature.replace(parameters=parameters), unseen


def _dressed(
    entry: Callable[..., Any], inner: Any, signature: inspect.Signature, providers: Mapping[str, Provider]
) -> Callable[..., Any]:
    known: dict[str, Any] = getattr(written(inner), "__annotations__", {})
    annotations = {name: each for name, each in known.items() if name not in providers}
    for name, parameter in signature.parameters.items():
        is_new = name in providers or name not in known
        if is_new and parameter.annotation is not parameter.empty:
            annotations[name] = parameter.annotation
    entry.__annotations__ = annotations
    untyped(entry).__signature__ = signature
    return entry


registry.inject = inject
