"""What today's worker of Azure refuses although azfunc takes it, each with the replacement.

Source: Azure's Python worker, "functions" (the rules for parameters, annotations and results) and "loader" (the app
object), release 4.34; the host facts on annotations.
"""

from __future__ import annotations

import types
import typing
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import alternatives
from azfunc._core.names import RETURN_NAME
from azfunc.runtime.checking.problems import Problem
from azfunc.runtime.checking.signatures import loses_result
from azfunc.runtime.checking.views import OUT, FunctionView, converter_of, is_context, is_out, out_type, written
from azfunc.runtime.web_types import has_web_package, is_web_request
from azfunc.runtime.worker_types import TYPING_NAMES, is_class, is_typing_generic, is_union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azfunc._core.binding import Binding
    from azfunc.runtime.loading import LoadedApp

WORKER_VERSION = "4.34"
"""Release of the worker whose rules stand here."""
_INOUT = 2
_FITTED = "There azfunc gives it what it takes; azure.functions would not."


def check_for_worker(view: FunctionView) -> Iterator[Problem]:
    """Give what the worker refuses of a function."""
    yield from _parameters(view)
    for name, binding in view.by_name.items():
        if binding.direction == _INOUT:
            yield view.error(
                "worker-inout",
                f"Binding {name!r} of function {view.name!r} is for both ways, which Azure's worker does not support.",
                'Write "direction": "in", or "out".',
                name,
                at=view.place_of(name),
            )
    for name, _, annotation in view.bound():
        yield from _annotation(view, name, annotation)
    yield from _request(view)
    yield from _result(view)
    for name in view.unresolved:
        yield _refused(
            view,
            "worker-annotation",
            f"Azure's worker resolves all annotations of function {view.name!r}, and cannot resolve that of {name!r}.",
            "Import what it names at the top of the module, not under TYPE_CHECKING.",
            name,
        )


def check_app_for_worker(loaded: LoadedApp) -> Iterator[Problem]:
    """Give what the worker refuses of a module: it counts names, not objects."""
    if loaded.module is None or loaded.app is None:
        return
    names = [name for name, value in vars(loaded.module).items() if value is loaded.app]
    if len(names) > 1:
        yield Problem(
            "error",
            "worker-app",
            f"The app has two names, {' and '.join(map(repr, names[:2]))}, and Azure's worker takes them for two apps.",
            "Keep one name.",
            location=f"{loaded.module.__file__}:1",
        )


def _refused(view: FunctionView, code: str, text: str, hint: str, name: str) -> Problem:
    """Tell of what the worker refuses: an error in the older model, where azfunc cannot stand between the two."""
    if view.function.function_directory:
        return view.error(code, text, hint, name)
    return view.warning(code, f"{text} {_FITTED}", hint, name)


def _parameters(view: FunctionView) -> Iterator[Problem]:
    for name, parameter in view.parameters.items():
        if name in view.by_name or name == "context":
            continue
        if name == view.context_parameter:
            yield _refused(
                view,
                "worker-context",
                f"Parameter {name!r} of function {view.name!r} is annotated as Context, and Azure's worker gives the "
                "context only to a parameter named 'context'.",
                f"Rename {name!r} to 'context'.",
                name,
            )
        elif parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            yield _refused(
                view,
                "worker-parameter",
                f"Azure's worker takes {name!r} of function {view.name!r} for a parameter without a binding.",
                f"Remove {'**' if parameter.kind is parameter.VAR_KEYWORD else '*'}{name}, and name what is bound.",
                name,
            )
        elif parameter.default is not parameter.empty:
            yield _refused(
                view,
                "worker-parameter",
                f"Parameter {name!r} of function {view.name!r} has a default and no binding, which Azure's worker "
                "refuses.",
                f"Make {name!r} a constant of the module, or put the work into a second function with that parameter.",
                name,
            )
    if "context" in view.parameters and "context" not in view.by_name:
        annotation = view.annotations.get("context")
        if annotation is not None and not _is_context_class(annotation):
            text = (
                f"Parameter 'context' of function {view.name!r} is annotated as {written(annotation)}, and Azure's "
                "worker wants Context."
            )
            tell = _refused if is_context(annotation) else FunctionView.error
            yield tell(view, "worker-context", text, "Annotate it as func.Context, or not at all.", "context")


def _annotation(view: FunctionView, name: str, annotation: Any) -> Iterator[Problem]:
    """Hold the annotation of a bound parameter against what the worker takes."""
    plain = typing.get_args(annotation)[0] if _is_annotated(annotation) else annotation
    inner = plain
    if is_out(plain) and len(alternatives(plain)) == 1 and not is_union(plain):
        if not typing.get_args(plain):
            yield _refused(
                view,
                "worker-annotation",
                f"Parameter {name!r} of function {view.name!r} is annotated as Out without a type, which Azure's "
                "worker refuses.",
                "Say what is set: func.Out[str].",
                name,
            )
            return
        inner = out_type(plain)
    replacement = _replacement(plain)
    if not (is_class(inner) or is_typing_generic(inner)):
        yield _refused(
            view,
            "worker-annotation",
            f"Parameter {name!r} of function {view.name!r} is annotated as {written(annotation)}, and Azure's worker "
            "wants a class.",
            f"Annotate it as {replacement}." if replacement else "Leave the annotation out.",
            name,
        )
    elif plain is not annotation:
        yield view.warning(
            "worker-annotation",
            f"Parameter {name!r} of function {view.name!r} is annotated as {written(annotation)}, which some releases "
            "of Azure's worker refuse.",
            f"Annotate it as {replacement}.",
            name,
        )


def _request(view: FunctionView) -> Iterator[Problem]:
    trigger = view.function.get_trigger()
    if trigger is None or not trigger.starts_http:
        return
    if (given := view.annotations.get(trigger.name)) in (str, bytes):
        yield view.error(
            "worker-request",
            f"Parameter {trigger.name!r} of function {view.name!r} is annotated as {written(given)}, and Azure's "
            "worker fails every call: a request is neither text nor bytes.",
            "Annotate it as func.HttpRequest; its body is what get_body() gives.",
            trigger.name,
        )
        return
    if not has_web_package():
        return
    if not is_web_request(view.annotations.get(trigger.name)):
        yield view.error(
            "worker-request",
            f"The app imports a package of a web framework, and so Azure's worker gives {trigger.name!r} of function "
            f"{view.name!r} the framework's request.",
            "Annotate it with the Request of that package and return its responses; or put the functions that need "
            "the package into an app of their own.",
            trigger.name,
        )


def _result(view: FunctionView) -> Iterator[Problem]:
    annotation = view.annotations.get("return")
    if "return" not in view.annotations:
        return
    binding = view.by_name.get(RETURN_NAME)
    if loses_result(view):
        yield view.error(
            "worker-return",
            f"Function {view.name!r} is annotated to return {written(annotation)} and has no output binding $return; "
            "Azure's worker fails a call that returns something.",
            "Add an output with arg_name='$return', or return nothing.",
            RETURN_NAME,
        )
    if binding is None:
        return
    if binding.direction == OUT and not is_class(annotation) and not is_out(annotation):
        replacement = _replacement(annotation, result_of=binding)
        yield _refused(
            view,
            "worker-annotation",
            f"Function {view.name!r} is annotated to return {written(annotation)}, and Azure's worker wants a class.",
            f"Write '-> {replacement}', or leave the annotation out."
            if replacement
            else "Leave the return annotation out.",
            RETURN_NAME,
        )


def _replacement(annotation: Any, *, result_of: Binding | None = None) -> str:
    """Give how to write an annotation so that the worker takes it, or nothing if only leaving it out helps.

    Args:
        annotation: The annotation.
        result_of: The output, if it is the annotation of a result.
    """
    kinds = alternatives(annotation)
    if len(kinds) != 1 or kinds[0] in (Any, object):
        return ""
    kind = kinds[0]
    if is_out(kind):
        inner = _replacement(out_type(kind))
        return f"func.Out[{inner}]" if inner else ""
    if is_class(kind):
        return written(kind)
    origin = typing.get_origin(kind)
    if result_of is not None:
        converter = converter_of(result_of)
        is_taken = isinstance(origin, type) and (converter is None or converter.check_output_type_annotation(origin))
        return origin.__name__ if is_taken else ""
    if isinstance(kind, types.GenericAlias) and origin in TYPING_NAMES:
        arguments = ", ".join(written(each) for each in typing.get_args(kind))
        return f"typing.{TYPING_NAMES[origin]}[{arguments}]"
    return written(kind) if is_typing_generic(kind) else ""


def _is_annotated(annotation: Any) -> bool:
    return typing.get_origin(annotation) is typing.Annotated


def _is_context_class(annotation: Any) -> bool:
    return isinstance(annotation, type) and annotation.__name__ == "Context"
