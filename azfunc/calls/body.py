"""`Body`: a parameter that gets what the trigger brought, read as a class of the user's.

What does not fit is told with its place. A request with such a body is answered with status 422; any other call fails.
"""

from __future__ import annotations

import functools
import inspect
import typing
from typing import TYPE_CHECKING, Any, Literal

from azfunc._core.batches import parameter_annotation
from azfunc._core.checks import is_buffer
from azfunc._core.errors import DefinitionError
from azfunc._core.failures import ConversionError, UnknownNameError
from azfunc._core.json_error import JsonDecodeError
from azfunc._core.jsonlib import loads
from azfunc._core.text import call_text
from azfunc.calls import reading
from azfunc.calls.models import UnreadableTypeError
from azfunc.calls.parameters import Marker, Provider, host_type, is_batch
from azfunc.calls.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import ExitStack

    from azfunc._core.function import Function
    from azfunc.calls.call import Call
    from azfunc.calls.problems import Place, Reader

_SHOWN_PROBLEMS = 5
_UNPROCESSABLE = 422
_FORMS = ("application/x-www-form-urlencoded", "multipart/")
_WITHOUT_BODY = frozenset(
    {
        "activityTrigger",
        "entityTrigger",
        "mcpPromptTrigger",
        "mcpResourceTrigger",
        "mcpToolTrigger",
        "orchestrationTrigger",
        "timerTrigger",
        "warmupTrigger",
    }
)
"""Binding types that bring no body, or one that belongs to an extension."""


class BodyError(ConversionError):
    """What the trigger brought does not fit the class that a parameter with `Body` is annotated with.

    Args:
        message: What happened.
        problems: Place and text of each problem.
        hint: What to do about it.
        function_name: Function the error belongs to.
        binding_name: Parameter the error belongs to.
        location: Where in the user's code, as ``file:line``.
    """

    problems: tuple[tuple[str, str], ...]
    """Place, such as ``items[0].price``, and text of each problem, at most 50; the place of the whole is empty."""

    def __init__(
        self,
        message: str = "",
        *,
        problems: Iterable[tuple[str, str]] = (),
        hint: str = "",
        function_name: str | None = None,
        binding_name: str | None = None,
        location: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, function_name=function_name, binding_name=binding_name, location=location)
        self.problems = tuple(problems)


class Body(Marker):
    """Stands beside the type of a parameter that gets what the trigger brought, read from JSON as that type.

    The type is a dataclass, a model of pydantic, a typed dict, or a collection or union of them. Of a batch each
    message is read, so the type is a list. Reading is strict: text is no number, and no field may be unknown or
    missing.

    A request with a body that does not fit is answered with status 422 and its problems as JSON; any other call fails
    with a `BodyError`. An exception handler for `BodyError` comes first.

    Args:
        extra: ``forbid`` for unknown fields to be a problem, ``ignore`` to pass over them.
            Models of pydantic have a setting of their own for it.

    Raises:
        UnknownNameError: `extra` is neither.

    Example:
        >>> from typing import Annotated, TypedDict
        >>> Order = TypedDict("Order", {"product": str, "count": int})
        >>> @app.route("orders", methods="POST")
        ... def create(order: Annotated[Order, func.Body()]) -> str:
        ...     return f"{order['count']} of {order['product']}"
    """

    reads_body = True

    extra: Literal["forbid", "ignore"]
    """What becomes of unknown fields."""

    def __init__(self, *, extra: Literal["forbid", "ignore"] = "forbid") -> None:
        if extra not in ("forbid", "ignore"):
            raise UnknownNameError(
                f"A body cannot {extra!r} unknown fields.",
                hint="Use 'forbid' for them to be a problem, or 'ignore' to pass over them.",
            )
        self.extra = extra

    def provider(self, function: Function, parameter: str, annotation: Any) -> Provider:
        """Give what reads the body; see `Marker.provider`.

        Raises:
            DefinitionError: The trigger brings no body, or no JSON value can be read as the type.
        """
        made = _BodyProvider(function, parameter, annotation, ignores_extra=self.extra == "ignore")
        if function.is_http_function():
            function.outermost = _answer
        return made

    def __eq__(self, other: object) -> bool:
        return self.extra == other.extra if isinstance(other, Body) else NotImplemented

    def __hash__(self) -> int:
        return hash((Body, self.extra))

    def __repr__(self) -> str:
        return call_text("Body", [("extra", self.extra)] if self.extra != "forbid" else [])


class _BodyProvider(Provider):
    """Reads the body for one parameter of a function."""

    def __init__(self, function: Function, parameter: str, annotation: Any, *, ignores_extra: bool) -> None:
        trigger: Any = function.get_trigger()
        self._function = function
        self._parameter = parameter
        self._wanted = reading.described(annotation)
        self._is_batch = is_batch(function)
        self._is_http = function.is_http_function()
        self._default = inspect.signature(function.get_user_function()).parameters[parameter].default
        if parameter == trigger.name:
            self.host_annotation = host_type(function)
        elif any(binding.name == parameter for binding in function.get_bindings()):
            raise self._refused("is that of another binding", f"Body() reads what the trigger {trigger.name!r} brings.")
        if trigger.type in _WITHOUT_BODY:
            raise self._refused(f"has no body to read: {trigger.type} brings none", "Remove Body().")
        request = parameter_annotation(function.get_user_function(), trigger.name)
        is_free = request is Any or request is object or not isinstance(request, type)
        if self._is_http and not (is_free or hasattr(request, "get_json")):
            raise self._refused(
                f"cannot be read from {request.__name__}, which {trigger.name!r} is annotated as",
                f"Annotate {trigger.name!r} as func.HttpRequest, or leave it out.",
            )
        kind = self._one_of_batch(annotation) if self._is_batch else annotation
        try:
            self._read: Reader = reading.reader_of(kind, ignores_extra=ignores_extra)
        except UnreadableTypeError as error:
            place = f" ({error.place})" if error.place else ""
            raise self._refused(
                f"cannot be read from JSON: {error.why}{place}",
                "A dataclass, a model of pydantic, a TypedDict, list, dict, X | None, Literal, an enum, str, int and "
                "the like can.",
            ) from error

    def _one_of_batch(self, annotation: Any) -> Any:
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if isinstance(origin, type) and len(arguments) == 1 and issubclass(list, origin):
            return arguments[0]
        raise self._refused(
            "is for one message, and the trigger brings a batch",
            f"Annotate it as Annotated[list[{self._wanted}], Body()], or give cardinality='one'.",
        )

    def _refused(self, why: str, hint: str) -> DefinitionError:
        name = self._function.get_function_name()
        return DefinitionError(
            f"Parameter {self._parameter!r} of function {name!r} {why}.",
            hint=hint,
            function_name=name,
            binding_name=self._parameter,
            location=self._function.location,
        )

    def provide(self, call: Call, ends: ExitStack) -> Any:
        """Read the body.

        Raises:
            BodyError: It does not fit.
        """
        brought, problems = call.trigger, Problems()
        given: Any
        if self._is_batch:
            given = [self._one(each, (None, index), problems) for index, each in enumerate(brought)]
        else:
            given = self._one(brought, None, problems)
        if problems.found:
            raise self._error(problems)
        return given

    def _one(self, brought: Any, place: Place, problems: Problems) -> Any:
        """Read one message."""
        if problems.is_full:
            return None
        if self._is_http:
            kind = str(brought.headers.get("content-type", "")).partition(";")[0].strip().lower()
            if kind.startswith(_FORMS):
                return problems.add(place, f"wanted application/json, got {kind}")
        if self._default is not inspect.Parameter.empty and _is_empty(brought):
            return self._default
        try:
            value = _json_of(brought)
        except JsonDecodeError as error:
            return problems.add(place, "is empty" if not error.doc else f"is no JSON: {error.message}")
        return reading.read_value(self._read, value, place, problems)

    def _error(self, problems: Problems) -> BodyError:
        name, count = self._function.get_function_name(), len(problems.found)
        shown = [f"{place or 'the whole'}: {text}" for place, text in problems.found[:_SHOWN_PROBLEMS]]
        if count > _SHOWN_PROBLEMS:
            shown.append(f"and {count - _SHOWN_PROBLEMS} more")
        return BodyError(
            f"The body for parameter {self._parameter!r} of function {name!r} does not fit: {'; '.join(shown)}.",
            problems=problems.found,
            hint=f"Send JSON that fits {self._wanted}; the attribute problems has each field.",
            function_name=name,
            binding_name=self._parameter,
            location=self._function.location,
        )


def _json_of(brought: Any) -> Any:
    """Read what a trigger brought: a message, text or bytes; dicts and lists are what they are.

    Raises:
        JsonDecodeError: It is no JSON.
    """
    content = brought.get_value() if hasattr(brought, "get_value") else brought  # of Kafka, without its envelope
    if isinstance(content, str) or is_buffer(content):
        return loads(content if isinstance(content, str) else bytes(content), what="the body")
    return content.get_json() if hasattr(content, "get_json") else content


def _is_empty(brought: Any) -> bool:
    return not (brought.get_body() if hasattr(brought, "get_body") else brought)


# --- answers ----------------------------------------------------------------------------------------------------------


def _answer(function: Function) -> None:
    """Give a function an entry that answers a request whose body does not fit."""
    inner: Any = function.get_user_function()
    output = next((each.name for each in function.get_bindings() if each.type == "http"), "$return")

    def answered(error: BodyError, args: tuple[Any, ...], arguments: dict[str, Any]) -> Any:
        response, given = _response(error), inspect.signature(inner).bind_partial(*args, **arguments).arguments
        if output not in given:
            return response
        given[output].set(response)
        return None

    entry: Callable[..., Any]
    if inspect.iscoroutinefunction(inner):

        @functools.wraps(inner)
        async def async_entry(*args: Any, **arguments: Any) -> Any:
            try:
                return await inner(*args, **arguments)
            except BodyError as error:
                return answered(error, args, arguments)

        entry = async_entry
    else:

        @functools.wraps(inner)
        def plain_entry(*args: Any, **arguments: Any) -> Any:
            try:
                return inner(*args, **arguments)
            except BodyError as error:
                return answered(error, args, arguments)

        entry = plain_entry
    function.set_entry(entry)


def _response(error: BodyError) -> Any:
    from azfunc.bindings.http import JsonResponse

    problems = [{"field": place, "problem": text} for place, text in error.problems]
    return JsonResponse({"problems": problems}, status_code=_UNPROCESSABLE)
