"""What can be said of a route without reading it; `azfunc._core.routing`, which reads routes, costs more to load."""

from __future__ import annotations


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
