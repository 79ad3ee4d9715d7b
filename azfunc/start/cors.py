"""Cross-origin requests: which pages of other origins may call the functions.

Source: Local settings file, ``Host.CORS`` and ``Host.CORSCredentials``; the Fetch standard, "CORS protocol".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azfunc.bindings.http import HttpRequest

    Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Cors:
    """Origins that may call, and whether they may do so with cookies."""

    origins: tuple[str, ...] = ()
    """The origins, such as ``https://example.org``; ``*`` for all; none when empty."""
    allows_credentials: bool = False
    """Whether requests may carry cookies."""

    def allows(self, origin: str | None) -> bool:
        """Tell whether pages of an origin may call."""
        if not origin or not self.origins:
            return False
        return "*" in self.origins or origin.rstrip("/").lower() in map(str.lower, self.origins)

    def headers(self, request: HttpRequest) -> Pairs:
        """Give the headers that the answer to a request carries."""
        if not self.origins:
            return []
        origin = request.headers.get("origin")
        if not self.allows(origin):
            return [("Vary", "Origin")]
        if "*" in self.origins and not self.allows_credentials:
            return [("Access-Control-Allow-Origin", "*")]
        found = [("Access-Control-Allow-Origin", str(origin)), ("Vary", "Origin")]
        if self.allows_credentials:
            found.append(("Access-Control-Allow-Credentials", "true"))
        return found

    def preflight(self, request: HttpRequest) -> Pairs | None:
        """Give the headers of the answer to a preflight, or None if the request is none that is answered here."""
        wanted = request.headers.get("access-control-request-method")
        if request.method != "OPTIONS" or not wanted or not self.allows(request.headers.get("origin")):
            return None
        found = [*self.headers(request), ("Access-Control-Allow-Methods", wanted)]
        names = request.headers.get("access-control-request-headers")
        if names:
            found.append(("Access-Control-Allow-Headers", names))
        return found
