"""`document_of` makes the document, and apps have it as the method `openapi`."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from azfunc._core.annotations import written_function
from azfunc._core.checks import untyped
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import AuthLevel
from azfunc._core.errors import DefinitionError
from azfunc._core.failures import AzfuncWarning
from azfunc._core.frames import user_frame
from azfunc._core.routing import join_prefix, parse_route
from azfunc.openapi.bodies import body_parameter, problem_response, request_body, result_responses, written
from azfunc.openapi.paths import parameter_of, paths_of
from azfunc.openapi.schemas import Components, Schemas, free_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from azfunc._core.function import Function
    from azfunc.openapi.paths import Path

OPENAPI = "3.1.0"
"""Release of the specification."""
DEFAULT_TITLE = "Function app"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The methods that a document can have, in its order."""
_HEADER = "x-functions-key"
_QUERY = "code"
_SCHEMES = {
    AuthLevel.FUNCTION.name: ("functionKey", "A key of the function, or of the app."),
    AuthLevel.ADMIN.name: ("masterKey", "The master key of the app."),
}
"""Key level -> name of its security schemes, and what they ask for. Source: HTTP trigger, "API key authorization"."""


class Documents(DecoratorApi):
    """OpenAPI: what describes the functions of an app to others."""

    def openapi(
        self,
        *,
        title: str | None = None,
        version: str = "1.0.0",
        servers: Sequence[str] | None = None,
        description: str | None = None,
        route_prefix: str = "api",
    ) -> dict[str, Any]:
        """Give the OpenAPI document of the HTTP functions: routes, methods, keys, and what is taken and returned.

        Functions that hand their requests to a web framework are left out, since the framework has its own document.

        Args:
            title: Name of the API; ``Function app`` when left out.
            version: Version of the API, not of OpenAPI.
            servers: Addresses of the app, such as ``https://shop.azurewebsites.net``, without the prefix.
                The server that the document comes from, when left out.
            description: What the API is for, in Markdown.
            route_prefix: Prefix of all routes, as host.json has it.

        Returns:
            The document, of OpenAPI 3.1.0; `json.dumps` writes it.

        Raises:
            DefinitionError: A function cannot be indexed, or an annotation of a class cannot be resolved.

        Example:
            >>> @app.route("items/{id:int}", methods="GET")
            ... def item(req: func.HttpRequest) -> dict[str, str]: ...
            >>> list(app.openapi(title="Shop")["paths"])
            ['/api/items/{id}']
        """
        return document_of(
            untyped(self).get_functions(),
            title=title,
            version=version,
            servers=servers,
            description=description,
            route_prefix=route_prefix,
        )


def document_of(
    functions: Iterable[Function],
    *,
    title: str | None = None,
    version: str = "1.0.0",
    servers: Sequence[str] | None = None,
    description: str | None = None,
    route_prefix: str = "api",
) -> dict[str, Any]:
    """Give the document of some functions, as the host gets them; see `Documents.openapi`."""
    info = {"title": title or DEFAULT_TITLE, "version": version}
    addresses = [servers] if isinstance(servers, str) else servers
    parts = _Parts()
    paths = _paths(_kept(_operations(functions, route_prefix)), parts)
    components = {"schemas": parts.components.schemas, "securitySchemes": parts.schemes}
    filled = {name: each for name, each in components.items() if each}
    return {
        "openapi": OPENAPI,
        "info": {**info, "description": description} if description else info,
        **({"servers": [{"url": each} for each in addresses]} if addresses else {}),
        "paths": paths,
        **({"components": filled} if filled else {}),
    }


class _Operation(NamedTuple):
    """A function at one path, with one method."""

    function: Function
    path: Path
    method: str
    name: str
    """What it is called by, if that is free."""
    precedence: tuple[int, ...]


class _Parts:
    """What operations share."""

    def __init__(self) -> None:
        self.components = Components()
        self.taken = Schemas(self.components, "validation")
        self.given = Schemas(self.components, "serialization")
        self.schemes: dict[str, Any] = {}

    def security(self, level: str) -> list[dict[str, list[str]]]:
        """Give the keys that a level asks for, each of which does, and put down how they are sent."""
        if level not in _SCHEMES:
            return []
        name, text = _SCHEMES[level]
        for place, key in (("header", _HEADER), ("query", _QUERY)):
            self.schemes[name + place.title()] = {"type": "apiKey", "in": place, "name": key, "description": text}
        return [{f"{name}Header": []}, {f"{name}Query": []}]


# --- operations -------------------------------------------------------------------------------------------------------


def _operations(functions: Iterable[Function], route_prefix: str) -> list[_Operation]:
    found: list[_Operation] = []
    for function in functions:
        if not function.is_http_function() or function.http_type != "function":
            continue
        route = parse_route(join_prefix(route_prefix, str(_entry(function).get("route", ""))))
        methods = _methods(function)
        for path in paths_of(route):
            for method in methods:
                name = _operation_name(function, path, method if len(methods) > 1 else "")
                found.append(_Operation(function, path, method, name, route.precedence))
    return found


def _operation_name(function: Function, path: Path, method: str) -> str:
    words = [function.get_function_name(), method]
    if path.left_out:
        words += ["without", *(each.name for each in path.left_out)]
    return "_".join(filter(None, words))


def _methods(function: Function) -> list[str]:
    """Give the methods of a function that a document can have.

    A function that names none answers all of them. What it is meant for are the two that Azure's templates name; one
    that reads a body is meant for POST.
    """
    given = _entry(function).get("methods")
    if given:
        names = {str(each).lower() for each in given}
        return [each for each in _METHODS if each in names]
    return ["get", "post"] if body_parameter(written(function)) is None else ["post"]


def _kept(operations: list[_Operation]) -> list[_Operation]:
    """Leave out what no request, or none that a document can tell from another, leads to.

    Of two functions with one method and paths of one shape the host asks the more specific first.
    """
    first: dict[tuple[str, str], _Operation] = {}
    for each in sorted(operations, key=lambda operation: operation.precedence):
        kept = first.setdefault((each.path.shape, each.method), each)
        if kept is not each:
            warnings.warn(
                f"{each.method.upper()} {each.path.text} of function {each.function.get_function_name()!r} is not in "
                f"the document, which has one such path: that of {kept.function.get_function_name()!r}.",
                AzfuncWarning,
                stacklevel=user_frame()[1],
            )
    chosen = {id(each) for each in first.values()}
    return [each for each in operations if id(each) in chosen]


def _paths(operations: list[_Operation], parts: _Parts) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    shapes: dict[str, Path] = {}
    names: set[str] = set()
    for each in operations:
        # Paths that differ in the names of their parameters alone are one.
        shown = shapes.setdefault(each.path.shape, each.path)
        name = free_name(each.name, names)
        names.add(name)
        try:
            found.setdefault(shown.text, {})[each.method] = _operation(each, shown, name, parts)
        except DefinitionError as error:
            error.function_name, error.location = each.function.get_function_name(), each.function.location
            raise
    return found


def _operation(operation: _Operation, shown: Path, name: str, parts: _Parts) -> dict[str, Any]:
    function = operation.function
    func = written(function)
    summary, text = _summary(func)
    parameters = [
        parameter_of(parameter, place.name)
        for parameter, place in zip(operation.path.parameters, shown.parameters, strict=True)
    ]
    body = request_body(func, parts.taken)
    security = parts.security(str(_entry(function).get("authLevel", AuthLevel.FUNCTION)).upper())
    responses = result_responses(function, parts.given)
    if security:
        responses["401"] = {"description": "The key is missing or wrong."}
    if body is not None:
        responses["422"] = problem_response(parts.components)
    if operation.method == "head":
        for response in responses.values():
            response.pop("content", None)
    found = {
        "operationId": name,
        "summary": summary,
        "description": text,
        "parameters": parameters,
        "requestBody": body,
        "responses": dict(sorted(responses.items())),
        "security": security,
    }
    return {key: value for key, value in found.items() if value}


def _summary(func: Any) -> tuple[str, str]:
    """Give the first line of a docstring, and the rest."""
    text = inspect.cleandoc(written_function(func).__doc__ or "")
    first, _, rest = text.partition("\n")
    return first.strip(), rest.strip()


def _entry(function: Function) -> dict[str, Any]:
    trigger = function.get_trigger()
    return trigger.get_dict_repr() if trigger is not None else {}
