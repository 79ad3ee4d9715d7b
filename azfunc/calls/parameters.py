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

from azfunc._core.batches import parameter_annotation
from azfunc._core.checks import untyped
from azfunc._core.errors import DefinitionError
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
    """What the host is to see at a parameter that is a binding's too; None for the annotation as it is written."""

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
            annotation: Its type, without ``Annotated``, resolved.

        Raises:
            DefinitionError: The parameter cannot be provided.
        """


def marked(func: Callable[..., Any]) -> dict[str, tuple[Any, Marker]]:
    """Find the parameters of a function that have a marker.

    Returns:
        Parameter -> its type, and its marker.
    """
    found: dict[str, tuple[Any, Marker]] = {}
    for name in inspect.signature(func).parameters:
        annotation = parameter_annotation(func, name)
        if typing.get_origin(annotation) is typing.Annotated:
            kind, *beside = typing.get_args(annotation)
            marker = next((each for each in beside if isinstance(each, Marker)), None)
            if marker is not None:
                found[name] = (kind, marker)
    return found


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


def _entry(function: Function, inner: Any, providers: Mapping[str, Provider]) -> Callable[..., Any]:
    signature, read = reader_of(function, _visible(inspect.signature(inner), providers))

    @functools.wraps(inner)
    def entry(*args: Any, **arguments: Any) -> Any:
        call = read(args, arguments)
        with ExitStack() as ends:
            given = {name: provider.provide(call, ends) for name, provider in providers.items()}
            return inner(**{**call.arguments, **given})

    return _dressed(entry, signature, providers)


def _async_entry(function: Function, inner: Any, providers: Mapping[str, Provider]) -> Callable[..., Any]:
    signature, read = reader_of(function, _visible(inspect.signature(inner), providers))

    @functools.wraps(inner)
    async def entry(*args: Any, **arguments: Any) -> Any:
        call = read(args, arguments)
        async with AsyncExitStack() as ends:
            given = {name: await provider.provide_async(call, ends) for name, provider in providers.items()}
            return await inner(**{**call.arguments, **given})

    return _dressed(entry, signature, providers)


def _visible(signature: inspect.Signature, providers: Mapping[str, Provider]) -> inspect.Signature:
    """Give a signature as the host sees it: without what is provided, but for a binding's own parameter."""
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        provider = providers.get(name)
        if provider is None:
            parameters.append(parameter)
        elif provider.host_annotation is not None:
            parameters.append(parameter.replace(annotation=provider.host_annotation))
    return signature.replace(parameters=parameters)


def _dressed(
    entry: Callable[..., Any], signature: inspect.Signature, providers: Mapping[str, Provider]
) -> Callable[..., Any]:
    annotations = {name: each for name, each in entry.__annotations__.items() if name not in providers}
    for name, provider in providers.items():
        if provider.host_annotation is not None:
            annotations[name] = provider.host_annotation
    entry.__annotations__ = annotations
    untyped(entry).__signature__ = signature
    return entry


registry.inject = inject
