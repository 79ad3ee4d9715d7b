"""Which part of a request's path leads to the app, and which part is the app's own.

ASGI calls the first part ``root_path``, WSGI calls it ``SCRIPT_NAME``. It is the route prefix of the host, then the
path of the mount; the rest is what the catch-all parameter of the route has matched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from azfunc._core.context import NO_INVOCATION

if TYPE_CHECKING:
    from azfunc._core.context import Context
    from azfunc.bindings.http import HttpRequest

CATCH_ALL = "route"
"""Name of the catch-all parameter in the routes of mounts."""


class Root:
    """Finds the root path of an app in the path of each request.

    Args:
        root_path: The root path, when it is always the same.
        route_parameter: Catch-all parameter of the route, which has the rest of the path; then `root_path` is not used.
        mount: Path of the mount behind the route prefix, for requests without a value of the parameter.
    """

    def __init__(self, root_path: str = "", *, route_parameter: str | None = None, mount: str = "") -> None:
        trimmed = root_path.strip("/")
        self.fixed: str | None = (f"/{trimmed}" if trimmed else "") if route_parameter is None else None
        """The root path if it is always the same, else None."""
        self._parameter = route_parameter or CATCH_ALL
        self._mount = mount.strip("/").lower()

    def of(self, req: HttpRequest, path: str, context: Context | None) -> str:
        """Give the root path of a request: empty, or with a slash in front and none behind.

        Args:
            req: The request.
            path: Its path, percent-encoding undone.
            context: The call it belongs to.
        """
        if self.fixed is not None:
            return self.fixed
        rest = req.route_params.get(self._parameter)
        return _without(path, rest) if rest else self._of_no_rest(path, context)

    def _of_no_rest(self, path: str, context: Context | None) -> str:
        """Give the root path when the route has told of no rest: it is empty, or the request was made by hand."""
        trimmed = path.rstrip("/")
        if getattr(context, "invocation_id", NO_INVOCATION) != NO_INVOCATION:
            return trimmed
        if not self._mount:
            return ""
        if trimmed.lower().endswith(f"/{self._mount}"):
            return trimmed
        place = path.lower().find(f"/{self._mount}/")
        return path[: place + len(self._mount) + 1] if place >= 0 else ""


def _without(path: str, rest: str) -> str:
    """Cut the rest off a path; the host may have left parts of it percent-encoded, or trimmed a slash."""
    for tail in (f"/{rest}", f"/{unquote(rest)}"):
        for whole in (path, path.rstrip("/")):
            if whole.endswith(tail):
                return whole[: -len(tail)].rstrip("/")
    return path.rsplit("/", rest.count("/") + 1)[0]
