"""`HttpMethod`: the methods of HTTP that a function can answer."""

from __future__ import annotations

from azfunc._core.enums import WireEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    MethodName: TypeAlias = Literal[
        "GET", "get", "POST", "post", "DELETE", "delete", "HEAD", "head",
        "PATCH", "patch", "PUT", "put", "OPTIONS", "options", "QUERY", "query",
    ]  # fmt: skip
    """Text that stands for an `HttpMethod`."""


class HttpMethod(WireEnum):
    """A method that an HTTP function answers."""

    GET = "GET"
    """Read."""
    POST = "POST"
    """Create, or do."""
    DELETE = "DELETE"
    """Remove."""
    HEAD = "HEAD"
    """Read the headers alone."""
    PATCH = "PATCH"
    """Change in part."""
    PUT = "PUT"
    """Create or replace."""
    OPTIONS = "OPTIONS"
    """Ask what is possible."""
    QUERY = "QUERY"
    """Read, with the question in the body."""
