"""Whether a response may still be produced when the call that gives it has ended.

azfunc's own runtime can read on, chunk by chunk; Azure's worker takes whole responses.
"""

from __future__ import annotations

import contextlib
from contextvars import ContextVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

can_stream: ContextVar[bool] = ContextVar("azfunc_can_stream", default=False)
"""Whether whoever made the current call reads a streamed response, on the loop of the call."""


@contextlib.contextmanager
def streaming(*, allowed: bool) -> Generator[None]:
    """Say for a block whether responses may be streamed."""
    token = can_stream.set(allowed)
    try:
        yield
    finally:
        can_stream.reset(token)
