"""Checks of a function against its bindings: names, directions, annotations, and what it returns."""

from __future__ import annotations

import inspect
import typing
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import alternatives, item_type
from azfunc._core.errors import nearest
from azfunc._core.names import RETURN_NAME
from azfunc.runtime.checking.views import OUT, converter_of, is_out, out_type, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azfunc._core.binding import Binding
    from azfunc.runtime.checking.problems import Problem
    from azfunc.runtime.checking.views import FunctionView

_SHOWN_TYPES = 6
_FREE = (Any, object, typing.NoReturn)


def check_signature(view: FunctionView) -> Iterator[Problem]:
    """Give what is wrong between the parameters of a function and its bindings."""
    yield from _duplicate_bindings(view)
    if not view.is_broken:
        yield from _names(view)
    yield from _positional_only(view)
    for name, why in view.unresolved.items():
        yield view.warning(
            "unresolved-annotation",
            f"{_the(name)} of function {view.name!r} has an annotation that cannot be resolved ({why}).",
            "Import the name at the top of the module, not under TYPE_CHECKING, or correct it; Azure's worker reads "
            "it.",
            name,
        )
    for name, binding, annotation in view.bound():
        yield from _annotation(view, name, binding, annotation)
    yield from _generator(view)
    yield from _returned(view)


def _duplicate_bindings(view: FunctionView) -> Iterator[Problem]:
    seen: dict[str, Binding] = {}
    for binding in view.bindings:
        first = seen.setdefault(binding.name.lower(), binding)
        if first is not binding:
            yield view.error(
                "duplicate-binding",
                f"Function {view.name!r} has two bindings named {binding.name!r}: {first.type} and {binding.type}.",
                "Give each a name of its own; only one can take the return value ($return)."
                if binding.name == RETURN_NAME
                else "Give each a name of its own, and the function a parameter for each.",
                binding.name,
                at=view.place_of(binding.name),
            )


def _names(view: FunctionView) -> Iterator[Problem]:
    """Match parameters without a binding with bindings without a parameter."""
    bindings, parameters = view.free_bindings, view.free_parameters
    for parameter in list(parameters):
        binding = _counterpart(parameter, bindings, alone=len(parameters) == 1)
        if binding is None:
            continue
        bindings.remove(binding)
        parameters.remove(parameter)
        kind = view.by_name[binding].type
        yield view.error(
            "name-mismatch",
            f"Parameter {parameter!r} of function {view.name!r} has no binding, and its binding {binding!r} ({kind}) "
            "has no parameter.",
            f"Give both one name: bind {parameter!r}, or rename the parameter to {binding!r}. {view.listing}",
            binding,
            at=view.place_in_signature(parameter),
        )
    for parameter in parameters:
        if is_out(view.annotations.get(parameter)):
            yield view.error(
                "out-without-output",
                f"Parameter {parameter!r} of function {view.name!r} is annotated as "
                f"{written(view.annotations[parameter])}, and there is no output binding {parameter!r}.",
                f"Add the decorator of an output with arg_name={parameter!r}. {view.listing}",
                parameter,
            )
            continue
        yield view.error(
            "parameter-without-binding",
            f"Parameter {parameter!r} of function {view.name!r} has no binding.",
            f"Add a decorator with arg_name={parameter!r}, give it a default, or remove it. {view.listing}",
            parameter,
        )
    for binding in bindings:
        yield view.error(
            "binding-without-parameter",
            f"Binding {binding!r} ({view.by_name[binding].type}) of function {view.name!r} has no parameter.",
            f"Add the parameter {binding!r} to the function, or remove the binding. {view.listing}",
            binding,
        )


def _counterpart(parameter: str, bindings: list[str], *, alone: bool) -> str | None:
    """Give the binding that a parameter is probably meant for."""
    close = nearest(parameter, bindings)
    if close is not None:
        return close
    if alone and len(bindings) == 1:
        return bindings[0]
    plain = parameter.lower().strip("_")
    return next((name for name in bindings if plain and (plain in name.lower() or name.lower() in plain)), None)


def _positional_only(view: FunctionView) -> Iterator[Problem]:
    names = [name for name, parameter in view.parameters.items() if parameter.kind is parameter.POSITIONAL_ONLY]
    if names:
        yield view.error(
            "positional-only",
            f"Parameter {names[0]!r} of function {view.name!r} takes no name, and arguments are passed by name.",
            "Remove the '/' from its parameters.",
            names[0],
        )


def _annotation(view: FunctionView, name: str, binding: Binding, annotation: Any) -> Iterator[Problem]:
    """Hold the annotation of a parameter against the direction and the type of its binding."""
    the_binding = f"{binding.type} binding {name!r} of function {view.name!r}"
    converter = converter_of(binding)
    if is_out(annotation) and binding.direction != OUT:
        yield view.error(
            "out-without-output",
            f"Parameter {name!r} of function {view.name!r} is annotated as {written(annotation)}, and its binding "
            f"({binding.type}) is no output.",
            "Use the decorator of the output, or annotate the parameter with what it gets."
            + _takes(converter, "input_types"),
            name,
        )
    elif binding.direction == OUT and not is_out(annotation) and annotation not in _FREE:
        yield view.error(
            "output-without-out",
            f"The {the_binding} is an output, and its parameter is annotated as {written(annotation)}.",
            f"Annotate it as func.Out[{written(annotation)}] and call {name}.set(...), or return the value and name "
            "the binding $return.",
            name,
        )
    elif is_out(annotation):
        given = out_type(annotation)
        if not _gives(converter, given):
            yield view.error(
                "annotation",
                f"The {the_binding} does not take {written(given)}, which its parameter is annotated with.",
                f"Annotate it as func.Out[...] of what it takes.{_takes(converter, 'output_types')}",
                name,
            )
    elif not _accepts(converter, annotation):
        yield view.error(
            "annotation",
            f"The {the_binding} does not give {written(annotation)}, which its parameter is annotated as.",
            f"{_advice_for_the_reference(annotation)}Annotate it with what it gives, or not at all."
            f"{_takes(converter, 'input_types')}",
            name,
        )


def _advice_for_the_reference(annotation: Any) -> str:
    """Say what to do where the class is that of Microsoft's library, whose name is the same."""
    modules = [str(getattr(kind, "__module__", "")) for kind in alternatives(annotation)]
    if not any(name == "azure.functions" or name.startswith("azure.functions.") for name in modules):
        return ""
    return "It is the class of azure.functions: import azfunc, or give --compat to let azfunc stand in for it. "


def _accepts(converter: Any, annotation: Any) -> bool:
    """Tell whether an input gives what a parameter is annotated as."""
    kinds = alternatives(annotation)
    if converter is None or any(kind in _FREE or isinstance(kind, typing.TypeVar) for kind in kinds):
        return True
    # Azure's worker hands text and bytes over as they are, whatever the binding.
    plain = not converter.has_implicit_output() and all(kind in (str, bytes) for kind in kinds)
    return plain or any(_is_of_sdk(kind) for kind in kinds) or _asked(converter, "input", annotation)


def _gives(converter: Any, annotation: Any) -> bool:
    """Tell whether an output takes what a value is annotated as."""
    kinds = alternatives(annotation)
    if converter is None or any(kind in _FREE or isinstance(kind, typing.TypeVar) for kind in kinds):
        return True
    return all(kind in (str, bytes) for kind in kinds) or _asked(converter, "output", annotation)


def _asked(converter: Any, direction: str, annotation: Any) -> bool:
    check = getattr(converter, f"check_{direction}_type_annotation", None)
    if check is None:
        return True
    try:
        return bool(check(annotation))
    except Exception:  # noqa: BLE001  # converters of other packages compare whatever they are given
        return False


def _is_of_sdk(kind: Any) -> bool:
    """Tell whether a class, or that of a list, is one of the extensions that give objects of SDKs instead of data."""
    kind = item_type(kind) or kind
    return isinstance(kind, type) and any(base.__module__.startswith("azurefunctions.") for base in kind.__mro__)


def _takes(converter: Any, what: str) -> str:
    """Say which classes a converter knows, if it says so."""
    kinds: tuple[Any, ...] = getattr(converter, what, ())
    names = [written(kind) for kind in kinds if kind.__name__ != "JsonValue"]
    if not names:
        return ""
    more = ", and what is JSON" if len(names) < len(kinds) else ""
    if what == "input_types" and getattr(converter, "input_many", False):
        more = f", and list[{names[0]}] for many at once{more}"
    return f" These fit: {', '.join(names[:_SHOWN_TYPES])}{more}."


def _generator(view: FunctionView) -> Iterator[Problem]:
    """Tell of a function that yields, which calling does not run, where nothing takes what it yields."""
    user_function, trigger = view.function.get_user_function(), view.function.get_trigger()
    is_async = inspect.isasyncgenfunction(user_function)
    converter = converter_of(trigger) if trigger is not None else None
    if converter is None or trigger is None or not (is_async or inspect.isgeneratorfunction(user_function)):
        return
    is_taken = RETURN_NAME in view.by_name or converter.has_implicit_output()
    if is_async or trigger.starts_http or not is_taken:
        yield view.error(
            "generator",
            f"Function {view.name!r} yields: calling it gives {'an async' if is_async else 'a'} generator, and runs "
            "nothing of it.",
            "Return func.HttpResponse(chunks()), and let chunks be what yields; it is streamed then."
            if trigger.starts_http
            else "Collect what it yields in a list, and return or set that; or do without yield.",
        )


def _returned(view: FunctionView) -> Iterator[Problem]:
    """Hold the return annotation against the binding ``$return``, or the lack of it."""
    binding = view.by_name.get(RETURN_NAME)
    annotation = view.annotations.get("return")
    if binding is not None and binding.direction != OUT:
        yield view.error(
            "return-conflict",
            f"The {binding.type} binding $return of function {view.name!r} is no output.",
            "Only an output can have the name $return; give the binding the name of a parameter.",
            RETURN_NAME,
            at=view.place_of(RETURN_NAME),
        )
    elif "return" not in view.annotations or annotation in _FREE:
        return
    elif binding is None:
        yield from _unbound_result(view, annotation)
    elif is_out(annotation):
        yield view.error(
            "return-conflict",
            f"Function {view.name!r} is annotated to return {written(annotation)}; Out is for parameters.",
            f"Write '-> {written(out_type(annotation))}' for the binding $return.",
            RETURN_NAME,
        )
    elif not _gives(converter_of(binding), annotation):
        yield _wrong_result(view, binding, annotation)


def _wrong_result(view: FunctionView, binding: Binding, annotation: Any) -> Problem:
    converter = converter_of(binding)
    if annotation is type(None):
        return view.error(
            "return-conflict",
            f"Function {view.name!r} is annotated to return None, and its output $return ({binding.type}) sends what "
            "it returns.",
            f"Return a value, or remove the output.{_takes(converter, 'output_types')}",
            RETURN_NAME,
        )
    return view.error(
        "annotation",
        f"The {binding.type} binding $return of function {view.name!r} does not take {written(annotation)}, which the "
        "function is annotated to return.",
        f"Annotate the function with what the output takes.{_takes(converter, 'output_types')}",
        RETURN_NAME,
    )


def _unbound_result(view: FunctionView, annotation: Any) -> Iterator[Problem]:
    if loses_result(view):
        yield view.warning(
            "lost-result",
            f"Function {view.name!r} is annotated to return {written(annotation)}, and has no output binding $return.",
            "Add an output with arg_name='$return', or return nothing.",
            RETURN_NAME,
        )


def loses_result(view: FunctionView) -> bool:
    """Tell whether a function is annotated to return something that nothing takes."""
    annotation = view.annotations.get("return")
    if "return" not in view.annotations or annotation in (*_FREE, type(None)) or view.is_broken:
        return False
    trigger = view.function.get_trigger()
    converter = converter_of(trigger) if trigger is not None else None
    return RETURN_NAME not in view.by_name and converter is not None and not converter.has_implicit_output()


def _the(name: str) -> str:
    return "The return value" if name == "return" else f"Parameter {name!r}"
