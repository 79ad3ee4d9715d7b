"""From route templates to the paths and path parameters of a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from azfunc._core.routing import CONSTRAINTS, RouteParameter

if TYPE_CHECKING:
    from azfunc._core.routing import RouteTemplate
    from azfunc._core.routing.template import Segment
    from azfunc.openapi.schemas import Schema

_SAFE = "!$&'()*+,;=:@~"
_SCHEMAS: dict[str, dict[str, Any]] = {
    "int": {"type": "integer", "format": "int32"},
    "long": {"type": "integer", "format": "int64"},
    "bool": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "decimal": {"type": "number"},
    "double": {"type": "number", "format": "double"},
    "float": {"type": "number", "format": "double"},
    "guid": {"type": "string", "format": "uuid"},
    "alpha": {"type": "string", "pattern": "^[A-Za-z]+$"},
    "required": {"type": "string", "minLength": 1},
}
_LIMITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "minlength": ("string", ("minLength",)),
    "maxlength": ("string", ("maxLength",)),
    "length": ("string", ("minLength", "maxLength")),
    "min": ("integer", ("minimum",)),
    "max": ("integer", ("maximum",)),
    "range": ("integer", ("minimum", "maximum")),
}
"""Constraint with numbers -> type of the value, and what the numbers limit."""


class Path(NamedTuple):
    """One path that a route template matches."""

    text: str
    """The path as the document has it, such as ``/api/items/{id}``."""
    parameters: tuple[RouteParameter, ...]
    """The parameters in it, in order."""
    left_out: tuple[RouteParameter, ...]
    """The parameters of the template that are not in it."""

    @property
    def shape(self) -> str:
        """The path without the names of its parameters; a document has one path of a shape."""
        return re.sub(r"\{[^}]*\}", "{}", self.text).lower()


def paths_of(route: RouteTemplate) -> list[Path]:
    """Give the paths of a template: the whole one, then those without what may be left out, the longest first."""
    found: list[Path] = []
    for count in range(len(route.segments), route.least - 1, -1):
        segments = route.segments[:count]
        found.append(_path(route, segments))
        last = segments[-1] if segments else ()
        if len(last) > 1 and isinstance(last[-1], RouteParameter) and last[-1].optional:
            found.append(_path(route, (*segments[:-1], last[:-2])))  # without the dot in front of it
    return found


def _path(route: RouteTemplate, segments: tuple[Segment, ...]) -> Path:
    texts = ["".join(_text(part) for part in segment) for segment in segments]
    inside = tuple(part for segment in segments for part in segment if isinstance(part, RouteParameter))
    return Path("/" + "/".join(texts), inside, tuple(each for each in route.details if each not in inside))


def _text(part: str | RouteParameter) -> str:
    return quote(part, safe=_SAFE) if isinstance(part, str) else f"{{{part.name}}}"


def parameter_of(parameter: RouteParameter, name: str) -> dict[str, Any]:
    """Give a path parameter of the document.

    Args:
        parameter: The parameter of the route.
        name: Its name in the path.
    """
    schema, texts = _schema_of(parameter)
    if parameter.catch_all:
        texts.append("The rest of the path, slashes included.")
    if parameter.default is not None:
        texts.append(f"{parameter.default} when left out.")
    found = {"name": name, "in": "path", "required": True, "schema": schema}
    return {**found, "description": " ".join(texts)} if texts else found


def _schema_of(parameter: RouteParameter) -> tuple[Schema, list[str]]:
    """Give the schema of a parameter, and what a schema cannot say of it."""
    schema: Schema = {}
    texts: list[str] = []
    for rule, argument in parameter.constraints:
        asked = _asked(rule, argument)
        if not asked:
            meaning = CONSTRAINTS[rule].meaning
            texts.append(f"{meaning[:1].upper()}{meaning[1:]}: {argument}")
        for key, value in asked.items():
            schema[key] = _stricter(key, schema[key], value) if key in schema else value
    return {"type": "string", **schema}, texts


def _stricter(key: str, first: Any, second: Any) -> Any:
    if key.startswith("min"):
        return max(first, second)
    return min(first, second) if key.startswith("max") else first


def _asked(rule: str, argument: str | None) -> dict[str, Any]:
    """Give what a constraint asks of a value as a schema; nothing if a schema cannot say it."""
    if rule in _LIMITS:
        kind, limits = _LIMITS[rule]
        numbers = [int(number) for number in (argument or "").split(",")]
        return {"type": kind, **dict(zip(limits, numbers * len(limits), strict=False))}
    if rule == "regex":
        # The host ignores the case of letters, which a pattern of a schema cannot.
        has_letters = any(map(str.isalpha, re.sub(r"\\[dDsSwWbB]", "", argument or "")))
        return {} if has_letters else {"type": "string", "pattern": argument}
    return _SCHEMAS[rule]
