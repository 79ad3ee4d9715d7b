"""The response of a web framework, sent as the framework made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azfunc.bindings.http import HttpResponse
from azfunc.bindings.http.fields import header_pairs

if TYPE_CHECKING:
    from azfunc.bindings.http.fields import Pairs


EMPTY_STATUSES = frozenset({204, 304})
"""Statuses of 200 and above whose responses have no content."""


class AppResponse(HttpResponse):
    """A response that has the headers of the app and no others: no ``content-type`` is added.

    Args:
        status_code: Status from 100 to 999.
        pairs: The headers, which are known to be good.
        body: The content.
        chunks: The content as an iterable or async iterable of bytes, in place of `body`.
    """

    def __init__(self, status_code: int, pairs: Pairs, body: bytes = b"", *, chunks: Any = None) -> None:
        # Not super(): the parts were checked where the app gave them, in the app's own call stack.
        self._status = status_code
        self._pairs = pairs
        self._body = body
        if chunks is not None:
            self._chunks = chunks

    def header_items(self) -> Pairs:
        """Give all headers as they are sent, in order and with repeats.

        Raises:
            DefinitionError: A header that cannot be sent.
        """
        return list(self._pairs) if self._headers is None else header_pairs(self._headers)


def has_body(method: str, status_code: int) -> bool:
    """Tell whether a response has content at all. Source: RFC 9110, "Message content" of HEAD, 1xx, 204 and 304."""
    return status_code >= 200 and status_code not in EMPTY_STATUSES and method != "HEAD"
