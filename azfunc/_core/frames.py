"""Where in the user's code something was called."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def user_frame() -> tuple[FrameType, int]:
    """Give the frame that called azfunc, and its level in the stack for the caller to warn at."""
    level, frame = 1, sys._getframe(1)  # pyright: ignore[reportPrivateUsage]  # documented, and what warnings counts in
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("azfunc."):
        level, frame = level + 1, frame.f_back
    return frame, level
