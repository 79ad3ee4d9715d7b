"""Parameters that no binding gives: what is marked in their annotation gives them.

``order: Annotated[Order, Body()]`` has a marker beside its type. When a function with such parameters is indexed, it
gets an entry without them, which is what the host sees and calls.
"""

from __future__ import annotations

import functools
import inspect
import typing
from abc import ABC, abstractmethod
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Any

from azfunc._core.batches import Cardinality, parameter_annotation
from azfunc._core.checks import untyped
from azfunc._core.errors import DefinitionError
from azfunc._core.function import written_annotations
from azfunc._core.registry import registry
from azfunc.calls.call import reader_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azfunc._core.function import Function
    from azfunc.calls.call import Call


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


class Marker(ABC):
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


def marked(func: Callable[..., Any]) -> dict[str, tuple[Any, Marker]]:
    """Find the parameters of a function that have a marker.

    Returns:
        Parameter -> its type, with what else stands beside it in ``Annotated``, and its marker.
    """
    found: dict[str, tuple[Any, Marker]] = {}
    for name in written_annotations(func):
        annotation = parameter_annotation(func, name)
        if typing.get_origin(annotation) is typing.Annotated:
            kind, *beside = typing.get_args(annotation)
            marker = next((each for each in beside if isinstance(each, Marker)), None)
            if marker is not None:
                with_others = (kind, *(each for each in beside if each is not marker))
                found[name] = (untyped(typing.Annotated)[with_others] if len(beside) > 1 else kind, marker)
    if not found:  # as nearly always, and a signature takes long
        return found
    parameters = inspect.signature(func).parameters
    return {name: each for name, each in found.items() if name in parameters}


def inject(function: Function) -> None:
    """Give a function an entry without the parameters that have a marker, if there are any.

    Raises:
        DefinitionError: A parameter cannot be provided, or by async code only and the function is not async.
    """
    inner = function.get_user_function()
    providers = {
        name: marker.provider(function, name, annotation) for name, (annotation, marker) in marked(inner).items()
    }
    if not providers:
        return
    is_async = inspect.iscoroutinefunction(inner)
    for name, provider in providers.items():
        if provider.is_async and not is_async:
            raise DefinitionError(
                f"Parameter {name!r} of function {function.get_function_name()!r} is provided by async code, and the "
                "function is not async.",
                hint="Write the function with async def, or what provides the parameter with def.",
                function_name=function.get_function_name(),
                location=function.location,
            )
    function.set_entry((_async_entry if is_async else _entry)(function, inner, providers))


def host_type(function: Function) -> Any:
    """Give what the host is to see where the user function has another type, or no parameter, for the trigger.

    Returns:
        The class of the trigger's messages, a list of it for a batch; `inspect.Parameter.empty` where there is none.
    """
    trigger: Any = function.get_trigger()
    known: tuple[Any, ...] = getattr(registry.get(trigger.type), "input_types", ())
    if not known or not all(hasattr(each, "get_json") for each in known):
        return inspect.Parameter.empty
    kind: Any = typing.Union[known]  # noqa: UP007  # of classes that are found here
    return list[kind] if is_batch(function) else kind


def is_batch(function: Function) -> bool:
    """Tell whether the trigger of a function brings a list of messages."""
    trigger: Any = function.get_trigger()
    given = getattr(trigger, "cardinality", None) or trigger.extra_fields.get("cardinality")
    return str(given).upper() == Cardinality.MANY.name


def _unseen_trigger(function: Function, signature: inspect.Signature) -> str | None:
    """Give the name of the trigger if the user function has no parameter for it, which the entry takes then."""
    trigger: Any = function.get_trigger()
    takes_all = any(each.kind is each.VAR_KEYWORD for each in signature.parameters.values())
    return None if takes_all or trigger.name in signature.parameters else trigger.name


def _arguments(call: Call, given: Mapping[str, Any], unseen: str | None) -> dict[str, Any]:
    arguments = {**call.arguments, **given}
    if unseen is not None:
        arguments.pop(unseen, None)
    return arguments


def _entry(function: Function, inner: Any, providers: Mapping[str, Provider]) -> Callable[..., Any]:
    unseen = _unseen_trigger(function, inspect.signature(inner))
    signature, read = reader_of(function, _visible(function, inspect.signature(inner), providers))

    @functools.wraps(inner)
    def entry(*args: Any, **arguments: Any) -> Any:
        call = read(args, arguments)
        with ExitStack() as ends:
            given = {name: provider.provide(call, ends) for name, provider in providers.items()}
            return inner(**_arguments(call, given, unseen))

    return _dressed(entry, signature, providers)


def _async_entry(function: Function, inner: Any, providers: Mapping[str, Provider]) -> Callable[..., Any]:
    unseen = _unseen_trigger(function, inspect.signature(inner))
    signature, read = reader_of(function, _visible(function, inspect.signature(inner), providers))

    @functools.wraps(inner)
    async def entry(*args: Any, **arguments: Any) -> Any:
        call = read(args, arguments)
        async with AsyncExitStack() as ends:
            given = {name: await provider.provide_async(call, ends) for name, provider in providers.items()}
            return await inner(**_arguments(call, given, unseen))

    return _dressed(entry, signature, providers)


def _visible(function: Function, signature: inspect.Signature, providers: Mapping[str, Provider]) -> inspect.Signature:
    """Give a signature as the host sees it: without what is provided, but for a binding's own parameter."""
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        provider = providers.get(name)
        if provider is None:
            parameters.append(parameter)
        elif provider.host_annotation is not None:
            parameters.append(parameter.replace(annotation=provider.host_annotation))
    unseen = _unseen_trigger(function, signature)
    if unseen is not None:
        taken = inspect.Parameter(unseen, inspect.Parameter.KEYWORD_ONLY, annotation=host_type(function))
        parameters.append(taken)
    return signature.replace(parameters=parameters)


def _dressed(
    entry: Callable[..., Any], signature: inspect.Signature, providers: Mapping[str, Provider]
) -> Callable[..., Any]:
    annotations = {name: each for name, each in entry.__annotations__.items() if name not in providers}
    for name, parameter in signature.parameters.items():
        is_new = name in providers or name not in entry.__annotations__
        if is_new and parameter.annotation is not parameter.empty:
            annotations[name] = parameter.annotation
    entry.__annotations__ = annotations
    untyped(entry).__signature__ = signature
    return entry


registry.inject = inject
