"""From text to what a trigger gets: for the admin address and the forms of the index page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azfunc._core.datum import Datum
from azfunc._core.failures import ConversionError, InvocationError
from azfunc._core.jsonlib import dumps, loads
from azfunc._core.registry import registry
from azfunc.bindings.http import HttpRequest
from azfunc.bindings.timer import TimerRequest
from azfunc.runtime.generic import GenericConverter
from azfunc.runtime.web import methods_of, path_of
from azfunc.runtime.wire import Incoming, to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function
    from azfunc.runtime.web import WebFront

    HeaderPairs = Mapping[str, str] | Sequence[tuple[str, str]]


def incoming_of(binding: Binding, text: str, metadata: Mapping[str, Any] | None = None) -> Incoming:
    """Give what the host would send for a text to an input binding, the trigger's or another.

    JSON is sent as JSON where the binding takes it so, everything else as text; a timer needs none.

    Args:
        binding: The binding.
        text: The text.
        metadata: Trigger metadata as plain values, by the host's names.

    Raises:
        InvocationError: The binding takes no such text.
    """
    if binding.starts_http:
        return to_wire(binding, HttpRequest("POST", "/", body=text))
    if binding.type == "timerTrigger" and not text.strip():
        return to_wire(binding, TimerRequest())
    converter: Any = registry.get(binding.type) or GenericConverter
    wire = {name: _metadatum(value) for name, value in (metadata or {}).items()}
    problem: ConversionError | None = None
    for value in _readings(binding, text):
        try:
            incoming = Incoming(to_wire(binding, value).datum, wire)
            converter.decode(incoming.datum, trigger_metadata=wire)
        except ConversionError as error:
            problem = problem or error
        else:
            return incoming
    raise InvocationError(
        f"The input for {binding.name!r} ({binding.type}) cannot be used: {problem.message if problem else text}",
        hint="Give it JSON as the service sends it.",
        binding_name=binding.name,
    ) from problem


def request_of(
    front: WebFront,
    function: Function,
    *,
    method: str | None = None,
    path: str | None = None,
    headers: HeaderPairs = (),
    body: str = "",
) -> HttpRequest:
    """Give the request that reaches an HTTP function, with its route parameters.

    Args:
        front: Knows the routes.
        function: The function.
        method: The method; when left out GET, or POST with a body, if the function answers that.
        path: Path and query; the route when left out.
        headers: Header -> value, or pairs of them.
        body: The body.

    Raises:
        InvocationError: The path, with that method, leads to no function or to another one.
    """
    template = f"/{front.template(function)}"
    methods = methods_of(function)
    usual = "POST" if body else "GET"
    method = (method or (usual if methods is None or usual in methods else min(methods))).upper()
    path = path or template
    match = front.routes.find(path_of(path), method)
    # The template is a path that leads there, too, with braces as values; nobody means those.
    is_unfilled = "{" in template and path_of(path) == template
    if is_unfilled or match is None or match.value is not function:
        raise InvocationError(
            f"{method} {path} does not lead to {function.get_function_name()!r}.",
            hint=f"Write a path for {template}, with values for what is in braces.",
            function_name=function.get_function_name(),
        )
    return HttpRequest(method, path, headers=headers, route_params=match.params, body=body)


def _readings(binding: Binding, text: str) -> list[Any]:
    """Give what a text may stand for, the likeliest first."""
    try:
        value = loads(text)
    except ConversionError:
        return [text]
    # A queue has text, whatever it says: read and written again, it would have other spaces.
    is_json = isinstance(value, (dict, list)) and binding.type != "queueTrigger"
    return [value, text] if is_json else [text, value]


def _metadatum(value: Any) -> Datum:
    return Datum(value, "string") if isinstance(value, str) else Datum(dumps(value), "json")
