"""Route templates as ASP.NET writes and matches them, and a table that finds the route of a path.

Pure: nothing here knows of requests, services or the host. A template is text such as ``items/{id:int}/{*rest}``;
`parse_route` reads it once, `RouteTemplate.match` compares it with the path of a URL, and `RouteTable` finds the most
specific of many templates.

Source: ASP.NET Core documentation, "Routing: route templates, route constraints, route template precedence"; Azure
Functions documentation, "HTTP trigger: customize the HTTP endpoint".
"""

from __future__ import annotations

from azfunc._core.routing.constraints import CONSTRAINTS, CONSTRAINTS_VERSION, Constraint
from azfunc._core.routing.parser import parse_route
from azfunc._core.routing.table import RouteMatch, RouteTable
from azfunc._core.routing.template import RouteParameter, RouteTemplate

__all__ = [
    "CONSTRAINTS",
    "CONSTRAINTS_VERSION",
    "Constraint",
    "RouteMatch",
    "RouteParameter",
    "RouteTable",
    "RouteTemplate",
    "is_plain",
    "join_prefix",
    "parse_route",
]


def is_plain(template: str) -> bool:
    """Say whether a template has literal segments only and is right for certain, so that nobody needs to read it.

    Args:
        template: The template, without the prefix.
    """
    if "{" in template or "}" in template or "?" in template or "//" in template:
        return False
    return template.split() == [template] or not template


def join_prefix(prefix: str, template: str) -> str:
    """Put the prefix of host.json in front of a template, whatever slashes the two have at the seam.

    Args:
        prefix: Prefix of all routes, such as ``api``; may be empty.
        template: Template of one route; may be empty.

    Example:
        >>> join_prefix("api", "/{*route}")
        'api/{*route}'
    """
    front, back = prefix.strip("/"), template.removeprefix("/")
    return f"{front}/{back}" if front and back else front or back
