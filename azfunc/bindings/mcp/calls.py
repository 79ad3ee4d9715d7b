"""From the request of a client to the call of a tool's function, and from its result to what the host takes."""

from __future__ import annotations

from azfunc._core.annotations import written_function
from azfunc._core.checks import is_dict, untyped
from azfunc._core.errors import DefinitionError
from azfunc._core.failures import ConversionError
from azfunc._core.function import location_of, python_name
from azfunc._core.message import plain_text
from azfunc._core.text import type_name
from azfunc.bindings.mcp.content import as_json, envelope_of, promises_content, text_of
from azfunc.bindings.mcp.context import request_of
from azfunc.bindings.mcp.schema import as_argument, local_names, parameters_of, resolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from azfunc.bindings.mcp.schema import ToolParameter

CONTEXT_NAME = "context"
"""Name of the trigger that ``@app.mcp_tool()`` makes, and of the parameter that the worker gives the context to."""
OTHER_TRIGGER_NAME = "mcp_context"
"""Name of the trigger where the function has another use for ``context``."""


class Tool:
    """A function as a tool: what clients see of it, and how it is called.

    Args:
        func: The user function.
        described: Parameter -> what its property says other than its annotation.
        use_result_schema: Whether results are sent as content blocks; found from the annotation if not.

    Raises:
        DefinitionError: The signature has a parameter that clients cannot give.
    """

    def __init__(
        self, func: Callable[..., Any], described: Mapping[str, dict[str, Any]], *, use_result_schema: bool
    ) -> None:
        import inspect

        self.name: str = python_name(func)
        self.description: str = inspect.cleandoc(written_function(func).__doc__ or "").strip()
        local = local_names(func)
        try:
            self.parameters: list[ToolParameter] = parameters_of(func, self.name, local)
        except DefinitionError as error:
            error.location = location_of(func)
            raise
        self._described = described
        self.use_result_schema: bool = use_result_schema or _promises_content(func, local)
        has_own = any(each.is_argument and each.name == CONTEXT_NAME for each in self.parameters)
        self._is_provided: bool = any(each.is_provided for each in self.parameters) and not has_own
        taken = has_own or self._is_provided or any(each.takes_invocation for each in self.parameters)
        self.trigger_name: str = OTHER_TRIGGER_NAME if taken else CONTEXT_NAME
        self._entries: dict[Any, Callable[..., Any]] = {}
        for each in self.parameters:
            if each.name in described and (each.takes_request or each.takes_invocation or each.is_provided):
                given = "has a dependency" if each.is_provided else "gets the context"
                raise DefinitionError(
                    f"Parameter {each.name!r} of tool {self.name!r} {given}, and is no property.",
                    hint="Remove the @app.mcp_tool_property; clients do not see the parameter.",
                    function_name=self.name,
                    binding_name=each.name,
                    location=location_of(func),
                )

    def properties(self, bound: tuple[str, ...]) -> str:
        """Give the properties that clients see, as the JSON of function.json.

        Args:
            bound: Parameters that other bindings give.
        """
        found = [each.published() for each in self.parameters if each.is_argument and each.name not in bound]
        named = {each["propertyName"] for each in found}
        known = {*(each.name for each in self.parameters), *bound}
        for name in self._described:
            if name not in known:  # one that ``**kwargs`` takes
                found.append({"propertyName": name, "propertyType": "string", "description": "", "isArray": False})
                named.add(name)
        for each in found:
            said = self._described.get(each["propertyName"], {})
            if said.get("propertyType", each["propertyType"]) != each["propertyType"]:
                each.pop("enumValues", None)
            each.update(said)
        return as_json(found) or "[]"

    def entry(self, func: Callable[..., Any], bound: tuple[str, ...]) -> Callable[..., Any]:
        """Give the function that the host calls; the same one each time.

        It takes the request, and what the other bindings give. ``inspect.unwrap()`` of it is the user function.

        Args:
            func: The user function.
            bound: Parameters that other bindings give.
        """
        key = (func, bound)
        if key not in self._entries:
            self._entries[key] = self._make_entry(func, bound)
        return self._entries[key]

    def _make_entry(self, func: Callable[..., Any], bound: tuple[str, ...]) -> Callable[..., Any]:
        import functools
        import inspect

        @functools.wraps(func)
        async def entry(*request: Any, **given: Any) -> str:
            raw = request[0] if request else given.pop(self.trigger_name, None)
            result = func(**self._arguments(raw, given))
            return self._result(await result if inspect.isawaitable(result) else result)

        names = [name for name in bound if name != "$return"]
        if self._is_provided or any(each.takes_invocation for each in self.parameters):
            names.append(CONTEXT_NAME)
        names.append(self.trigger_name)
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        made: Any = entry
        made.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])
        annotations = getattr(func, "__annotations__", {})
        made.__annotations__ = {name: annotations[name] for name in bound if name in annotations}
        return entry

    def _arguments(self, raw: Any, given: dict[str, Any]) -> dict[str, Any]:
        """Give the arguments of the user function.

        Args:
            raw: The request, as the host sent it.
            given: What other bindings give, and the context of the call; arguments too, when a test calls.
        """
        request = request_of(raw, f"the request of tool {self.name!r}")
        if not is_dict(untyped(request.arguments)):
            raise ConversionError(
                f"the arguments of tool {self.name!r} are {type_name(request.arguments)}, not an object.",
                hint="Clients give arguments by their names.",
            )
        sent = {name: value for name, value in request.arguments.items() if name not in given}
        found: dict[str, Any] = {}
        for each in self.parameters:
            if each.takes_request:
                found[each.name] = request
            elif each.is_provided:
                sent.pop(each.name, None)
            elif each.takes_invocation and CONTEXT_NAME in given:
                found[each.name] = given[CONTEXT_NAME] if self._is_provided else given.pop(CONTEXT_NAME)
            elif each.takes_rest:
                found.update(sent)
            elif each.name in sent:
                what = f"argument {each.name!r} of tool {self.name!r}"
                value = sent.pop(each.name)
                found[each.name] = as_argument(value, each.annotation, what) if self._says_type(each) else value
            elif each.may_be_left_out and each.name not in given:
                found[each.name] = None
        return {**found, **given}

    def _says_type(self, parameter: ToolParameter) -> bool:
        """Tell whether clients were told the type that a parameter is annotated with, and not another one."""
        if not parameter.is_annotated:
            return False
        said, published = self._described.get(parameter.name, {}), parameter.published()
        return all(said.get(key, published[key]) == published[key] for key in ("propertyType", "isArray"))

    def _result(self, result: Any) -> str:
        what = f"tool {self.name!r}"
        if self.use_result_schema:
            return envelope_of(result, what)
        content = text_of(result, what)
        return plain_text(content) if isinstance(content, bytes) else content


def _promises_content(func: Callable[..., Any], local: Mapping[str, Any]) -> bool:
    """Tell whether the annotation of the result is content; one that cannot be resolved is none."""
    import inspect

    annotation = inspect.signature(func).return_annotation
    try:
        return annotation is not inspect.Signature.empty and promises_content(resolved(func, annotation, local))
    except Exception:  # noqa: BLE001  # the expression of an annotation can fail in any way
        return False
