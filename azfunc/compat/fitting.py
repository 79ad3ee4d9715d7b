"""Functions as Azure's worker takes them, whatever their annotations.

The worker refuses to load a function with ``X | None``, ``list[X]`` or ``Annotated`` at a binding, with a result that
is annotated as anything but a class, with a name that only type checkers import, with a parameter of its own that has a
default, with ``**kwargs``, and with a context that is not named ``context``. In its process such a function gets an
entry that the worker takes, and that calls the function as azfunc's own runtime does.

The worker also takes the folder of a function from the file of what it calls. An entry, also one of middleware or of
typed bodies, says that it stands in the file of the user function, so that ``context.function_directory`` is right.
"""

from __future__ import annotations

import builtins
import functools
import inspect
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import written_function
from azfunc._core.checks import untyped
from azfunc._core.context import Context, Out, is_context_parameter
from azfunc._core.names import RETURN_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function

_MORE_PARAMETERS = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS


def fit(function: Function) -> None:
    """Give a function that the worker would refuse an entry that it takes; nothing happens to others."""
    func = function.get_user_function()
    if not _is_taken(func):
        entry = _entry(function, func)
        if entry is not None:
            function.set_entry(entry)
            func = entry
    if func is not untyped(function)._func:
        _place(func, written_function(func))


def _is_taken(func: Any) -> bool:
    """Tell, without the cost of a signature, whether the worker takes a function for certain: most are so."""
    code = getattr(func, "__code__", None)
    if code is None or hasattr(func, "__wrapped__") or func.__defaults__ or func.__kwdefaults__:
        return False
    if code.co_flags & _MORE_PARAMETERS:
        return False
    annotations: dict[str, Any] = func.__annotations__
    return all(_is_taken_at(name, _named(each, func.__globals__)) for name, each in annotations.items())


def _named(annotation: Any, names: dict[str, Any]) -> Any:
    """Give what an annotation names that is text, as far as it is a name and nothing more; others as they are."""
    if not isinstance(annotation, str) or annotation == "None":
        return None if annotation == "None" else annotation
    first, *rest = annotation.split(".")
    found: Any = names.get(first, getattr(builtins, first, annotation))
    for each in rest:
        found = getattr(found, each, annotation)
    return found


def _is_taken_at(name: str, annotation: Any) -> bool:
    if annotation is None:  # of a result: None stands for its class
        return True
    if not isinstance(annotation, type) or annotation is Any or hasattr(annotation, "__args__"):
        return False
    return name == "context" or not issubclass(annotation, (Context, Out))


def _entry(function: Function, func: Callable[..., Any]) -> Callable[..., Any] | None:
    """Make what the worker is to call in place of a function; None if it takes the function, or nothing helps."""
    from azfunc._core.batches import annotations_of
    from azfunc.calls.parameters import is_of_kind

    parameters = inspect.signature(func).parameters
    annotations = annotations_of(func)
    kinds = {each.kind for each in parameters.values()}
    bound = {each.name: each for each in function.get_bindings() if each.name != RETURN_NAME}
    free = {name: each for name, each in parameters.items() if name not in bound}
    contexts = [name for name in free if is_context_parameter(name, annotations.get(name))]
    # What nothing gives is for the worker to tell, unless it is the client of an extension, which the worker knows.
    others = [name for name, each in free.items() if name not in contexts and _is_required(each)]
    takes_all = inspect.Parameter.VAR_KEYWORD in kinds
    if inspect.Parameter.POSITIONAL_ONLY in kinds or not (takes_all or bound.keys() <= parameters.keys()):
        return None
    names = [*bound, *others, *(["context"] if contexts else [])]
    taken = {name: each for name, each in annotations.items() if name in others}
    taken |= _taken(annotations, bound, has_return=any(each.name == RETURN_NAME for each in function.get_bindings()))
    changed = {name for name, each in annotations.items() if taken.get(name) is not each}
    if contexts == ["context"] and annotations.get("context") is Context:
        changed.discard("context")
    if not changed and {*names} == {*parameters}:
        return None

    def arguments(sent: dict[str, Any]) -> dict[str, Any]:
        from azfunc.runtime.annotated import as_annotated

        of_call = sent.pop("context") if contexts else None
        read = {
            name: as_annotated(value, annotations.get(name)) if name in changed else value
            for name, value in sent.items()
        }
        return {**read, **dict.fromkeys(contexts, of_call)}

    @functools.wraps(func)
    async def async_entry(**sent: Any) -> Any:
        return await func(**arguments(sent))

    @functools.wraps(func)
    def plain_entry(**sent: Any) -> Any:
        return func(**arguments(sent))

    entry: Any = async_entry if is_of_kind(inspect.iscoroutinefunction, func) else plain_entry
    entry.__signature__ = inspect.Signature([inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in names])
    entry.__annotations__ = taken
    made: Callable[..., Any] = entry
    return made


def _is_required(parameter: inspect.Parameter) -> bool:
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return parameter.default is inspect.Parameter.empty and parameter.kind not in several


def _taken(annotations: dict[str, Any], bound: Mapping[str, Binding], *, has_return: bool) -> dict[str, Any]:
    """Give the annotations that the worker is to see; what it would refuse says nothing."""
    from azfunc.runtime.worker_types import taken_for_parameter, taken_for_result

    taken = {name: taken_for_parameter(annotations[name]) for name in bound if name in annotations}
    if "return" in annotations:
        result = annotations["return"]
        taken["return"] = taken_for_result(result) if has_return else result
    return {name: each for name, each in taken.items() if not (each is None or isinstance(each, str))}


def _place(entry: Any, func: Any) -> None:
    """Let an entry say that it stands where the user function does, which is where the worker looks for its folder."""
    code, written = getattr(entry, "__code__", None), getattr(func, "__code__", None)
    if code is not None and written is not None:
        entry.__code__ = code.replace(co_filename=written.co_filename, co_firstlineno=written.co_firstlineno)
