"""What a server tells an app of a request: where it came in, its path in two parts, who called."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azfunc._core.context import Context
    from azfunc.bindings.http import HttpRequest

_ASCII_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_PORTS = {"http": 80, "https": 443}
_CONTEXT_FIELDS = (
    "function_directory",
    "function_name",
    "invocation_id",
    "thread_local_storage",
    "trace_context",
    "retry_context",
)
NO_CONTEXT: Mapping[str, Any] = {f"azure_functions.{name}": None for name in _CONTEXT_FIELDS}
"""What scope tells of the call when there is no context."""


class Origin(NamedTuple):
    """Scheme and address that a request was sent to."""

    scheme: str
    """``http`` or ``https``."""
    server: tuple[str, int]
    """Host and port; ``localhost`` if unknown."""


NOWHERE = Origin("", ("localhost", 80))
"""The origin of a relative URL."""


class Target(NamedTuple):
    """What the URL of a request says in front of its query."""

    origin: Origin
    """Scheme and address."""
    path: str
    """The path, percent-encoding undone and read as UTF-8."""
    raw_path: bytes
    """The path as it stood in the request line."""


@lru_cache(maxsize=1000)
def read_target(url: str) -> Target:
    """Read a URL without its query; an app is called by the same ones, again and again.

    Example:
        >>> read_target("https://example.org/a%20b")
        Target(origin=Origin(scheme='https', server=('example.org', 443)), path='/a b', raw_path=b'/a%20b')
    """
    front, path = "", url.partition("#")[0]
    if not path.startswith("/"):
        scheme, mark, rest = path.partition("://")
        if mark and scheme.isalnum():
            host, _, path = rest.partition("/")
            front = f"{scheme}://{host}"
        path = f"/{path}"
    if not path.isascii() or " " in path:
        path = quote(path, safe=_ASCII_MARKS)
    return Target(_read_origin(front) if front else NOWHERE, unquote(path), path.encode("ascii"))


def _read_origin(front: str) -> Origin:
    parts = urlsplit(front)
    scheme = parts.scheme.lower()
    default = _PORTS.get(scheme, 80)
    try:
        port = parts.port or default
    except ValueError:  # a port that is none
        port = default
    return Origin(scheme, (parts.hostname or "localhost", port))


def forwarded_origin(origin: Origin, headers: Mapping[str, str]) -> Origin:
    """Give what a request was sent to, by ``X-Forwarded-Port`` and, if the URL is relative, by ``Host``."""
    if origin is NOWHERE:
        scheme = headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
        scheme = scheme if scheme in _PORTS else "http"
        host = headers.get("host")
        origin = _read_origin(f"{scheme}://{host or 'localhost'}")
    forwarded = headers.get("x-forwarded-port", "").split(",")
    port = next((int(each) for each in forwarded if each.strip().isdecimal()), origin.server[1])
    return Origin(origin.scheme, (origin.server[0], port))


@lru_cache(maxsize=1000)
def client_of(forwarded_for: str) -> tuple[str, int] | None:
    """Give address and port of who called, from ``X-Forwarded-For``; port 0 if it is not told.

    The first address counts, which is the caller's own when the proxies in front are honest: anyone can send such a
    header, and Azure appends to it.

    Example:
        >>> client_of("203.0.113.7:50123, 10.0.0.1")
        ('203.0.113.7', 50123)
    """
    first = forwarded_for.partition(",")[0].strip()
    if first.startswith("["):
        host, _, port = first[1:].partition("]")
        port = port.removeprefix(":")
    elif first.count(":") == 1:
        host, _, port = first.partition(":")
    else:
        host, port = first, ""
    return (host, int(port) if port.isdecimal() else 0) if host else None


def query_of(req: HttpRequest, query: str) -> str:
    """Give the query of a request in ASCII: from its URL, or from its parameters when they were given apart."""
    if not query and "?" not in req.url:
        pairs = getattr(req, "query", None)
        items = pairs.items(multi=True) if pairs is not None else req.params.items()
        query = urlencode(list(items))
    return query if query.isascii() else quote(query, safe=_ASCII_MARKS)


def context_items(context: Context) -> dict[str, Any]:
    """Give what scope and environ tell of the call, with the reference's names."""
    return {f"azure_functions.{name}": getattr(context, name, None) for name in _CONTEXT_FIELDS}
