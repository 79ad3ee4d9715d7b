"""`DataType`: how the host hands a value over. Loaded by apps that name one."""

from __future__ import annotations

from azfunc._core.enums import WireEnum


class DataType(WireEnum):
    """How the host hands a value over."""

    UNDEFINED = 0
    """As the host sees fit."""
    STRING = 1
    """As text."""
    BINARY = 2
    """As bytes."""
    STREAM = 3
    """As a stream of bytes."""
