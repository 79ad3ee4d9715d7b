"""Route templates as ASP.NET writes and matches them, and a table that finds the route of a path.

Pure: nothing here knows of requests, services or the host. A template is text such as ``items/{id:int}/{*rest}``;
`parse_route` reads it once, `RouteTemplate.match` compares it with the path of a URL, and `RouteTable` finds the most
specific of many templates.

Source: ASP.NET Core documentation, "Routing: route templates, route constraints, route template precedence"; Azure
Functions documentation, "HTTP trigger: customize the HTTP endpoint".
"""

from __future__ import annotations

from azfunc._core.names import is_plain, join_prefix
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
