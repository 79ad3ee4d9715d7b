"""What an operation of a document takes and gives: request bodies and responses, from the annotations."""

from __future__ import annotations

import inspect
import typing
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import allows_none, alternatives, described
from azfunc._core.batches import parameter_annotation
from azfunc.calls.parameters import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from azfunc._core.function import Function
    from azfunc.openapi.schemas import Components, Schema, Schemas

_JSON = "application/json"
_TEXT = "text/plain"
_BYTES = "application/octet-stream"
_BUFFERS = (bytes, bytearray, memoryview)
_PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "field": {"type": "string", "description": "Where it is, such as lines[0].count."},
        "problem": {"type": "string", "description": "What is wrong with it."},
    },
    "required": ["field", "problem"],
}
_PROBLEMS: Schema = {
    "type": "object",
    "description": "What is wrong with a request.",
    "properties": {"problems": {"type": "array", "items": _PROBLEM}},
    "required": ["problems"],
}


def written(function: Function) -> Any:
    """Give the function that the user wrote, with the parameters that its entry does not have."""
    return inspect.unwrap(function.get_user_function())


# --- requests ---------------------------------------------------------------------------------------------------------


def body_parameter(func: Callable[..., Any]) -> tuple[str, Any] | None:
    """Give name and type of the parameter that the body of a request is read into, or None."""
    found = ((name, kind) for name, (kind, marker) in marked(func).items() if marker.reads_body)
    return next(found, None)


def request_body(func: Callable[..., Any], schemas: Schemas) -> dict[str, Any] | None:
    """Give the request body of an operation, or None if the function reads none that is known.

    Args:
        func: The function that the user wrote.
        schemas: Gives schemas of what is taken.
    """
    found = body_parameter(func)
    if found is None:
        return None
    name, kind = found
    text = described(parameter_annotation(func, name))
    is_needed = inspect.signature(func).parameters[name].default is inspect.Parameter.empty
    return {
        **({"description": text} if text else {}),
        "required": is_needed,
        "content": {_JSON: {"schema": schemas.of(kind)}},
    }


# --- responses --------------------------------------------------------------------------------------------------------


def result_responses(function: Function, schemas: Schemas) -> dict[str, Any]:
    """Give the responses that follow from the annotation of what a function returns.

    Args:
        function: The function.
        schemas: Gives schemas of what is given.
    """
    kinds = _results(function)
    opened = [each for each in kinds if _is_open(each, schemas)]
    content: dict[str, list[Any]] = {}
    for each in kinds:
        if each not in opened and each is not type(None):
            content.setdefault(_media_type(each), []).append(each)
    responses: dict[str, Any] = {}
    if content:
        media = {media_type: _media(media_type, found, schemas) for media_type, found in content.items()}
        responses["200"] = {"description": "What the function returns.", "content": media}
    if type(None) in kinds:
        responses["204"] = {"description": "The function returns nothing."}
    if opened:
        responses.setdefault("200", {"description": "What the function returns."})
        responses["default"] = {"description": "Any other response of the function."}
    return responses


def problem_response(components: Components) -> dict[str, Any]:
    """Give the response to a request whose body is not as its schema says."""
    schema = components.named(problem_response, "Problems", lambda: _PROBLEMS)
    return {"description": "The body is not as it should be.", "content": {_JSON: {"schema": schema}}}


def _results(function: Function) -> list[Any]:
    """Give what a function may return, or put into the out parameter of its response; Any if nothing is said."""
    output = next((each for each in function.get_bindings() if each.type == "http"), None)
    if output is None:
        return [Any]
    func = written(function)
    if output.name != "$return":
        arguments = typing.get_args(parameter_annotation(func, output.name))
        return _members(arguments[0]) if arguments else [Any]
    annotation = parameter_annotation(func, "return")
    if annotation is None:
        # None stands for no annotation too, and for one that cannot be resolved.
        is_none = getattr(func, "__annotations__", {}).get("return", Any) is None
        return [type(None)] if is_none else [Any]
    return _members(annotation)


def _members(annotation: Any) -> list[Any]:
    found = alternatives(annotation)
    return [*found, type(None)] if allows_none(annotation) and type(None) not in found else found


def _is_open(kind: Any, schemas: Schemas) -> bool:
    """Tell whether a result is a response that the function makes, of whichever status, or may be one."""
    if not _is_class(kind):
        return kind is Any
    # Also one of the reference, and of a package that has responses of its own.
    return "HttpResponse" in [each.__name__ for each in kind.__mro__] or not schemas.of(kind)


def _media_type(kind: Any) -> str:
    """Give the media type that a result is sent as."""
    if typing.get_origin(kind) is typing.Literal:
        values = [each for each in typing.get_args(kind) if each is not None]
        return _TEXT if all(isinstance(each, str) for each in values) else _JSON
    if _is_class(kind) and issubclass(kind, str):
        return _TEXT
    return _BYTES if _is_class(kind) and issubclass(kind, _BUFFERS) else _JSON


def _media(media_type: str, kinds: list[Any], schemas: Schemas) -> dict[str, Any]:
    if media_type == _BYTES:
        return {}
    schema = schemas.any_of(kinds)
    return {"schema": schema} if schema else {}


def _is_class(kind: Any) -> bool:
    # On Python 3.10 list[int] is an instance of type too.
    return isinstance(kind, type) and not hasattr(kind, "__args__")
