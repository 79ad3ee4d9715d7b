"""`Call`: one call of a function, as what stands around the function sees it."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, ClassVar

from azfunc._core.context import Context
from azfunc._core.text import call_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azfunc._core.function import Function


class Call:
    """One call of a function, as middleware and exception handlers see it.

    Args:
        function_name: Name of the function.
        trigger_type: Binding type of its trigger, such as ``queueTrigger``.
        trigger_name: Parameter that gets what the trigger brings.
        arguments: Parameter -> argument.
        context: The context of the call.
        result: What the function returned.

    Example:
        >>> call = func.Call(trigger_name="msg", arguments={"msg": func.QueueMessage(body="hi")})
        >>> call.trigger
        QueueMessage(body=b'hi')
    """

    arguments: dict[str, Any]
    """Parameter -> argument, the out parameters among them; what is changed here, the function gets."""
    context: Context
    """The context of the call: invocation id, trace, retry."""
    result: Any
    """What the function returned, None before; what is set here goes to the host in its place."""

    _given: dict[Any, Any]
    """What dependencies have given in this call; there is none before the first."""
    _refused: BaseException | None = None
    """What an exception handler raised; no other handler is asked about it."""

    def __init__(
        self,
        *,
        function_name: str = "",
        trigger_type: str = "",
        trigger_name: str = "",
        arguments: Mapping[str, Any] | None = None,
        context: Context | None = None,
        result: Any = None,
    ) -> None:
        self._function_name = function_name
        self._trigger_type = trigger_type
        self._trigger_name = trigger_name
        self.arguments = dict(arguments or {})
        self.context = Context() if context is None else context
        self.result = result

    @property
    def function_name(self) -> str:
        """Name of the function, as the host knows it."""
        return self._function_name

    @property
    def trigger_type(self) -> str:
        """Binding type of the trigger, such as ``httpTrigger`` or ``queueTrigger``."""
        return self._trigger_type

    @property
    def trigger_name(self) -> str:
        """Parameter that gets what the trigger brings."""
        return self._trigger_name

    @property
    def trigger(self) -> Any:
        """What the trigger brought: an `HttpRequest`, a `QueueMessage`, a list of a batch; None if nothing did."""
        return self.arguments.get(self._trigger_name)

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride]  # it changes

    def __repr__(self) -> str:
        names = ("function_name", "trigger_type", "trigger_name", "arguments", "result")
        shown = [(name, getattr(self, name)) for name in names]
        return call_text("Call", [(name, value) for name, value in shown if value not in ("", {}, None)])


def reader_of(
    function: Function, signature: inspect.Signature
) -> tuple[inspect.Signature, Callable[[tuple[Any, ...], dict[str, Any]], Call]]:
    """Give the signature of an entry, and what makes the `Call` of what the entry is called with.

    An entry takes the context, whether or not the function does: the worker gives it to whom has a parameter for it.
    """
    trigger = function.get_trigger()
    is_taken = any(binding.name == "context" for binding in function.get_bindings())
    is_shared = "context" in signature.parameters and not is_taken
    if not (is_taken or is_shared):
        signature = _with_context(signature)
    call = functools.partial(
        Call,
        function_name=function.get_function_name(),
        trigger_type=trigger.type if trigger else "",
        trigger_name=trigger.name if trigger else "",
    )

    def read(args: tuple[Any, ...], arguments: dict[str, Any]) -> Call:
        if args:
            arguments = dict(signature.bind(*args, **arguments).arguments)
        if is_taken:
            return call(arguments=arguments)
        return call(
            context=arguments.get("context") if is_shared else arguments.pop("context", None), arguments=arguments
        )

    return signature, read


def _with_context(signature: inspect.Signature) -> inspect.Signature:
    parameters = list(signature.parameters.values())
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, default=None)
    takes_all = parameters and parameters[-1].kind is inspect.Parameter.VAR_KEYWORD
    parameters.insert(len(parameters) - 1 if takes_all else len(parameters), context)
    return signature.replace(parameters=parameters)
