"""One call of a function: bind its inputs, and collect its outputs.

What comes from a host is a Datum for each input binding and trigger metadata; what goes back is a Datum for each
output. A test may give rich values instead: they are turned into what the host would have sent, so that a call always
goes through the converters that run in Azure.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args, get_origin

from azfunc._core.batches import annotations_of
from azfunc._core.context import Context, Out, is_context_parameter
from azfunc._core.datum import Datum
from azfunc._core.enums import BindingDirection
from azfunc._core.errors import nearest
from azfunc._core.failures import AzfuncWarning, ConversionError, InvocationError
from azfunc._core.names import RETURN_NAME
from azfunc._core.registry import registry
from azfunc._core.text import call_text, type_name
from azfunc.runtime.annotated import as_annotated
from azfunc.runtime.generic import GenericConverter
from azfunc.runtime.sdk_types import has_place, is_sdk_client, is_sdk_type, place_of, sdk_client, sdk_object
from azfunc.runtime.web_types import is_web_request, is_web_response, web_request, web_response
from azfunc.runtime.wire import Incoming, to_wire

if TYPE_CHECKING:
    import logging
    from collections.abc import Mapping

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function

__all__ = ["Incoming", "Plan", "Run", "annotations_of", "bind", "check_inputs", "collect", "plan", "to_wire"]


@dataclass(frozen=True, repr=False)
class Run:
    """What came of one call of a function."""

    function_name: str
    """Name of the function."""
    returned: Any = None
    """What the function returned, as it returned it."""
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Output binding -> what the function gave it, as it gave it; ``$return`` for the return value."""
    datums: Mapping[str, Datum] = field(default_factory=dict[str, Datum])
    """Output binding -> what is sent to the host."""
    context: Context = field(default_factory=Context)
    """The context of the last attempt."""
    logs: tuple[logging.LogRecord, ...] = ()
    """Log records of the call, those of its threads included, in order."""
    exception: BaseException | None = None
    """What the last attempt raised, or None."""
    attempts: int = 1
    """Number of times the function was called."""
    duration_seconds: float = 0.0
    """Time the call took, all attempts and the waits between them included, in seconds."""

    @property
    def succeeded(self) -> bool:
        """Whether the function ended without an exception."""
        return self.exception is None

    @property
    def messages(self) -> list[str]:
        """Texts of the log records."""
        return [record.getMessage() for record in self.logs]

    def __repr__(self) -> str:
        shown: list[tuple[str, Any]] = [("function_name", self.function_name)]
        names = ("exception", "returned", "outputs", "messages")
        shown += [(name, value) for name in names if (value := getattr(self, name))]
        if self.attempts > 1:
            shown.append(("attempts", self.attempts))
        return call_text("Run", shown)


@dataclass(frozen=True)
class Plan:
    """What a function needs for a call: found once, used for every call."""

    function: Function
    """The function."""
    inputs: Mapping[str, Binding]
    """Parameter -> input binding, the trigger's included."""
    outputs: Mapping[str, Binding]
    """Output binding by its name; ``$return`` for the return value."""
    out_parameters: tuple[str, ...]
    """Parameters that get an `Out`."""
    context_parameters: tuple[str, ...]
    """Parameters that get the `Context`."""
    client_parameters: tuple[str, ...]
    """Parameters without a binding that an extension package gives the object for."""
    annotations: Mapping[str, Any]
    """Parameter, or ``return`` -> annotation."""

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.function.get_function_name()

    def output_type(self, name: str) -> Any:
        """Give what the annotations promise for an output: of the return value, or X of ``Out[X]``; None if nothing."""
        if name == RETURN_NAME:
            return self.annotations.get("return")
        annotation = self.annotations.get(name)
        items = get_args(annotation)
        is_out = isinstance(kind := get_origin(annotation), type) and issubclass(kind, Out)
        return items[0] if items and is_out else None


def plan(function: Function) -> Plan:
    """Match the parameters of a function with its bindings.

    Parameters that are no binding and have a default keep it. A parameter gets the context if it is named ``context``
    or annotated with `Context`, and what settles messages if it is annotated with the class of an extension package.

    Raises:
        InvocationError: A parameter without a binding and without a default, a binding without a parameter, a
            parameter that cannot be given by its name, or one named ``context`` with another annotation.
    """
    user_function = function.get_user_function()
    parameters = inspect.signature(user_function).parameters
    annotations = annotations_of(user_function)
    bindings = {binding.name: binding for binding in function.get_bindings()}
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    context_parameters: list[str] = []
    client_parameters: list[str] = []
    problems: list[str] = []
    unbound: list[str] = []
    for name, parameter in parameters.items():
        if parameter.kind is parameter.POSITIONAL_ONLY:
            problems.append(f"parameter {name!r} can only be given by its position, and the host gives names")
        elif parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL) or name in bindings:
            continue
        elif is_context_parameter(name, annotations.get(name)):
            context_parameters.append(name)
        elif is_sdk_client(annotations.get(name)):
            client_parameters.append(name)
        elif parameter.default is parameter.empty:
            unbound.append(name)
    lost = [name for name in bindings if name != RETURN_NAME and name not in parameters and not takes_all]
    problems += _mismatches(unbound, lost, annotations)
    if problems:
        raise _cannot_be_called(function, problems, list(parameters))
    outputs = {name: each for name, each in bindings.items() if each.direction == BindingDirection.OUT.value}
    return Plan(
        function=function,
        inputs={name: each for name, each in bindings.items() if name not in outputs},
        outputs=outputs,
        out_parameters=tuple(name for name in outputs if name != RETURN_NAME),
        context_parameters=tuple(context_parameters),
        client_parameters=tuple(client_parameters),
        annotations=annotations,
    )


def _mismatches(unbound: list[str], lost: list[str], annotations: Mapping[str, Any]) -> list[str]:
    texts: list[str] = []
    for parameter in unbound:
        close = nearest(parameter, lost)
        advice = f"; did you mean the binding {close!r}?" if close else ""
        if parameter == "context":
            advice = f", and is annotated with {annotations[parameter]!r}, not with Context"
        texts.append(f"parameter {parameter!r} has no binding{advice}")
    return texts + [f"binding {each!r} has no parameter" for each in lost]


def _cannot_be_called(function: Function, problems: list[str], parameters: list[str]) -> InvocationError:
    name = function.get_function_name()
    bindings = [binding.name for binding in function.get_bindings()]
    return InvocationError(
        f"Function {name!r} cannot be called: {'; '.join(problems)}.",
        hint=f"Its parameters are {', '.join(parameters) or 'none'}, its bindings {', '.join(bindings)}; "
        "give both the same names.",
        function_name=name,
        location=function.location,
    )


def check_inputs(plan: Plan, given: Mapping[str, Any]) -> None:
    """Make sure that there is something for each input binding, and nothing else.

    A client of an SDK may be left out where its binding says what it is for.

    Raises:
        InvocationError: An input is missing, or one is given that the function has no binding for.
    """
    unknown = [name for name in given if name not in plan.inputs and name not in plan.client_parameters]
    lacking = [name for name in plan.inputs if name not in given and not _has_place(plan, name)]
    if unknown or lacking:
        raise InvocationError(
            f"Function {plan.name!r} was called with {', '.join(given) or 'no inputs'}, and takes "
            f"{', '.join(plan.inputs)}.",
            hint=" ".join(
                [f"Give {name}=...: {plan.inputs[name].type}." for name in lacking]
                + [f"There is no input {name!r}." for name in unknown]
            ),
            function_name=plan.name,
            location=plan.function.location,
        )


def bind(plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what is given for each input binding into the arguments of the function, its out parameters among them.

    Args:
        plan: The function's plan.
        given: Input binding -> a rich value, plain data, a Datum, or an `Incoming`; for each, see `check_inputs`.

    Raises:
        ConversionError: A value cannot be converted.
    """
    arguments = {
        name: _argument(plan, name, binding, given.get(name, _NOT_GIVEN)) for name, binding in plan.inputs.items()
    }
    for name in plan.client_parameters:
        arguments[name] = given[name] if name in given else sdk_client(plan.annotations[name], plan.function)
    for name in plan.out_parameters:
        arguments[name] = _CallOut(plan.name, name)
    return arguments


class _CallOut(Out[Any]):
    """An out parameter of one call, which is over at some time.

    Args:
        function_name: Name of the function.
        name: Name of the output.
    """

    def __init__(self, function_name: str, name: str) -> None:
        self._function_name = function_name
        self._name = name
        self.is_sent = False
        """Whether its value was taken, and no other one counts."""

    def set(self, val: Any) -> None:
        super().set(val)
        if self.is_sent:
            import warnings

            warnings.warn(
                f"Function {self._function_name!r}: the output {self._name!r} was set after the function returned; "
                "outputs are sent when it returns, and nothing is sent now. Set it before, not in the body of a "
                "streamed response or in a task that goes on.",
                AzfuncWarning,
                stacklevel=2,
            )


_NOT_GIVEN = object()


def _has_place(plan: Plan, name: str) -> bool:
    return has_place(plan.inputs[name]) and is_sdk_type(plan.annotations.get(name))


def _argument(plan: Plan, name: str, binding: Binding, value: Any) -> Any:
    converter = registry.get(binding.type) or GenericConverter
    annotation = plan.annotations.get(name)
    try:
        if is_sdk_type(annotation):
            return sdk_object(binding, place_of(binding) if value is _NOT_GIVEN else value, annotation)
        incoming = to_wire(binding, value)
        decoded = converter.decode(incoming.datum, trigger_metadata=incoming.metadata)
        return web_request(decoded) if is_web_request(annotation) else as_annotated(decoded, annotation)
    except ConversionError as error:
        _place(error, plan.name, name, binding)
        raise


def collect(plan: Plan, returned: Any, outs: Mapping[str, Out[Any]]) -> tuple[dict[str, Any], dict[str, Datum]]:
    """Turn what the function gave into what is sent to the host.

    Args:
        plan: The function's plan.
        returned: What it returned.
        outs: Its out parameters.

    Returns:
        By output binding what was given, and the Datum that is sent; there is none for a streamed response.

    Raises:
        ConversionError: A value that its binding does not take; names function, binding and types.
        InvocationError: The function returned a coroutine, which nobody awaits.
    """
    if inspect.iscoroutine(returned):
        returned.close()
        raise InvocationError(
            f"Function {plan.name!r} returned a coroutine, which nobody awaits.",
            hint="Write async def for it, or for the decorator around it, and await in front of what it calls.",
            function_name=plan.name,
            location=plan.function.location,
        )
    given: dict[str, Any] = {name: out.get() for name, out in outs.items() if getattr(out, "is_set", True)}
    for out in outs.values():
        if isinstance(out, _CallOut):
            out.is_sent = True
    datums: dict[str, Datum] = {}
    bindings = dict(plan.outputs)
    if is_web_response(returned):
        returned = web_response(returned)
    if RETURN_NAME in bindings:
        given[RETURN_NAME] = returned
    elif returned is not None:
        implicit = _implicit_output(plan)
        if implicit is None:
            _warn_of_lost_result(plan, returned)
        else:
            given[RETURN_NAME], bindings[RETURN_NAME] = returned, implicit
    for name, value in given.items():
        binding = bindings[name]
        converter = registry.get(binding.type) or GenericConverter
        if getattr(value, "is_streaming", False) is True:  # whoever answers the request reads it, part by part
            continue
        try:
            datum = converter.encode(value, expected_type=plan.output_type(name))
        except ConversionError as error:
            _place(error, plan.name, name, binding)
            raise
        if datum is not None:
            datums[name] = datum
    return given, datums


def _implicit_output(plan: Plan) -> Binding | None:
    """Give the trigger if a return value goes back to it without an output binding."""
    for binding in plan.inputs.values():
        converter = registry.get(binding.type) or GenericConverter
        if binding is plan.function.get_trigger() and converter.has_implicit_output() and hasattr(converter, "encode"):
            return binding
    return None


def _warn_of_lost_result(plan: Plan, returned: Any) -> None:
    import warnings

    message = (
        f"Function {plan.name!r} returned {type_name(returned)}, and has no output binding named $return: nothing is "
        "sent. Return None, or add an output binding."
    )
    file, _, line = (plan.function.location or "<function>:0").rpartition(":")
    # The line that is to be changed is in the user's file, and no frame of it is on the stack any more.
    names: dict[str, Any] = getattr(inspect.unwrap(plan.function.get_user_function()), "__globals__", {})
    seen = names.setdefault("__warningregistry__", {})
    warnings.warn_explicit(message, AzfuncWarning, file, int(line), names.get("__name__"), seen)


def _place(error: ConversionError, function_name: str, name: str, binding: Binding) -> None:
    """Say in an error of a converter which function and binding it belongs to."""
    error.function_name = function_name
    error.binding_name = name
    place = f"Function {function_name!r}, {binding.type} binding {name!r}: "
    error.args = (place + error.message, *error.args[1:])
