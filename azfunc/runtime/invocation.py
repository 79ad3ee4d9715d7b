"""One call of a function: bind its inputs, call it, collect its outputs.

What comes from a host is a Datum for each input binding and trigger metadata; what goes back is a Datum for each
output. A test may give rich values instead: they are turned into what the host would have sent, so that a call always
goes through the converters that run in Azure.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import alternatives
from azfunc._core.context import Context
from azfunc._core.datum import Datum
from azfunc._core.enums import BindingDirection
from azfunc._core.errors import AzfuncWarning, ConversionError, InvocationError, nearest
from azfunc._core.names import RETURN_NAME
from azfunc._core.registry import registry
from azfunc._core.text import type_name
from azfunc.runtime.generic import GenericConverter

if TYPE_CHECKING:
    from azfunc._core.errors import AzfuncError
    from azfunc._core.context import Out
    import logging
    from collections.abc import Callable, Mapping

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function


@dataclass(frozen=True)
class Run:
    """What came of one call of a function."""

    function_name: str
    """Name of the function."""
    returned: Any = None
    """What the function returned, as it returned it."""
    outputs: Mapping[str, Any] = field(default_factory=lambda: {})
    """Output binding -> what the function gave it, as it gave it; ``$return`` for the return value."""
    datums: Mapping[str, Datum] = field(default_factory=lambda: {})
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


@dataclass(frozen=True)
class Incoming:
    """What the host sends to one input binding."""

    datum: Datum
    """The value."""
    metadata: Mapping[str, Any] = field(default_factory=lambda: {})
    """The trigger metadata."""


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
    context_parameter: str | None
    """Parameter that gets the `Context`."""
    annotations: Mapping[str, Any]
    """Parameter, or ``return`` -> annotation."""

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.function.get_function_name()


def plan(function: Function) -> Plan:
    """Match the parameters of a function with its bindings.

    Raises:
        InvocationError: A parameter without a binding and without a default, or a binding without a parameter.
    """
    user_function = function.get_user_function()
    parameters = inspect.signature(user_function).parameters
    annotations = annotations_of(user_function)
    bindings = {binding.name: binding for binding in function.get_bindings()}
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    context_parameter: str | None = None
    missing: list[str] = []
    for name, parameter in parameters.items():
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL) or name in bindings:
            continue
        if name == "context" or _is_context(annotations.get(name)):
            context_parameter = name
        elif parameter.default is parameter.empty:
            missing.append(name)
    wanted = [name for name in bindings if name != RETURN_NAME and name not in parameters and not takes_all]
    if missing or wanted:
        raise _mismatch(function, missing, wanted, list(parameters))
    outputs = {name: each for name, each in bindings.items() if each.direction == BindingDirection.OUT.value}
    return Plan(
        function=function,
        inputs={name: each for name, each in bindings.items() if name not in outputs},
        outputs=outputs,
        out_parameters=tuple(name for name in outputs if name != RETURN_NAME),
        context_parameter=context_parameter,
        annotations=annotations,
    )


def annotations_of(func: Callable[..., Any]) -> dict[str, Any]:
    """Give the resolved annotations of a function; those that cannot be resolved as they are written."""
    import typing

    try:
        return typing.get_type_hints(func, include_extras=True)
    except Exception:  # noqa: BLE001  # an annotation may be any expression, and fail in any way
        return dict(getattr(func, "__annotations__", {}))


def _is_context(annotation: Any) -> bool:
    if isinstance(annotation, str):
        return annotation.rpartition(".")[2] == "Context"
    return any(isinstance(each, type) and issubclass(each, Context) for each in alternatives(annotation))


def _mismatch(function: Function, missing: list[str], wanted: list[str], parameters: list[str]) -> InvocationError:
    name = function.get_function_name()
    bindings = [binding.name for binding in function.get_bindings()]
    texts: list[str] = []
    for parameter in missing:
        close = nearest(parameter, wanted)
        advice = f"; did you mean the binding {close!r}?" if close else ""
        texts.append(f"parameter {parameter!r} has no binding{advice}")
    texts += [f"binding {each!r} has no parameter" for each in wanted]
    return InvocationError(
        f"Function {name!r} cannot be called: {'; '.join(texts)}.",
        hint=f"Its parameters are {', '.join(parameters) or 'none'}, its bindings {', '.join(bindings)}; "
        "give both the same names.",
        function_name=name,
        location=function.location,
    )


def bind(plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what is given for each input binding into the arguments of the function.

    Args:
        plan: The function's plan.
        given: Input binding -> a rich value, plain data, a Datum, or an `Incoming`.

    Raises:
        InvocationError: An input is missing, or one is given that the function has no binding for.
        ConversionError: A value cannot be converted.
    """
    unknown = [name for name in given if name not in plan.inputs]
    lacking = [name for name in plan.inputs if name not in given]
    if unknown or lacking:
        raise InvocationError(
            f"Function {plan.name!r} was called with {', '.join(given) or 'no inputs'}, and takes "
            f"{', '.join(plan.inputs)}.",
            hint=" ".join(
                [f"Give {name}=...: {plan.inputs[name].type}." for name in lacking]
                + [f"There is no input {name!r}." for name in unknown]
            ),
            function_name=plan.name,
        )
    return {name: _argument(plan, name, binding, given[name]) for name, binding in plan.inputs.items()}


def _argument(plan: Plan, name: str, binding: Binding, value: Any) -> Any:
    converter = registry.get(binding.type) or GenericConverter
    try:
        incoming = to_wire(converter, value)
        return converter.decode(incoming.datum, trigger_metadata=incoming.metadata)
    except ConversionError as error:
        raise _placed(error, plan.name, name, binding) from None


def to_wire(converter: Any, value: Any) -> Incoming:
    """Give what the host would have sent for a value: rich messages by their converter, plain data by its type."""
    if isinstance(value, Incoming):
        return value
    if isinstance(value, Datum):
        return Incoming(value)
    if value is None or isinstance(value, (str, bytes, bool, int, float)) or type(value) in (dict, list):
        found = _rich_list(converter, value)
        return found if found is not None else Incoming(plain_datum(value))
    datum, metadata = converter.to_wire(value)
    return Incoming(datum, metadata)


def _rich_list(converter: Any, value: Any) -> Incoming | None:
    """Give the wire form of a batch of rich messages, or None if it is plain data."""
    if not isinstance(value, list) or not value or not hasattr(converter, "input_types"):
        return None
    if not isinstance(value[0], tuple(converter.input_types) or (type(None),)):
        return None
    datum, metadata = converter.to_wire(value)
    return Incoming(datum, metadata)


def plain_datum(value: Any) -> Datum:
    """Give the datum of plain data: text, bytes, and everything else as JSON."""
    from azfunc._core.jsonlib import dumps

    if value is None:
        return Datum(None, None)
    if isinstance(value, str):
        return Datum(value, "string")
    if isinstance(value, bytes):
        return Datum(value, "bytes")
    return Datum(dumps(value), "json")


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
    """
    given: dict[str, Any] = {name: out.get() for name, out in outs.items() if out.is_set}
    datums: dict[str, Datum] = {}
    bindings = dict(plan.outputs)
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
        if getattr(value, "is_streaming", False):  # whoever answers the request reads it, part by part
            continue
        try:
            datum = converter.encode(value, expected_type=plan.annotations.get("return"))
        except ConversionError as error:
            raise _placed(error, plan.name, name, binding) from None
        if datum is not None:
            datums[name] = datum
    return given, datums


def _implicit_output(plan: Plan) -> Binding | None:
    """Give the trigger if a return value goes back to it without an output binding."""
    trigger = plan.function.get_trigger()
    if trigger is None:
        return None
    converter = registry.get(trigger.type) or GenericConverter
    return trigger if converter.has_implicit_output() and hasattr(converter, "encode") else None


def _warn_of_lost_result(plan: Plan, returned: Any) -> None:
    import warnings

    warnings.warn(
        f"Function {plan.name!r} returned a {type_name(returned)}, and has no output binding named $return: "
        "nothing is sent. Return None, or add an output binding.",
        AzfuncWarning,
        stacklevel=2,
    )


def _placed(error: ConversionError, function_name: str, name: str, binding: Binding) -> AzfuncError:
    """Say in an error of a converter which function and binding it belongs to."""
    error.function_name = function_name
    error.binding_name = name
    place = f"Function {function_name!r}, {binding.type} binding {name!r}: "
    error.args = (place + error.message, *error.args[1:])
    return error
