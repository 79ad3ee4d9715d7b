"""Clocks: the real one, and one that tests turn themselves."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the runtime needs of time."""

    def now(self) -> float:
        """Give the time in seconds, from any start."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let a time pass."""
        ...

    async def asleep(self, seconds: float) -> None:
        """Let a time pass, while other tasks run."""
        ...


class SystemClock:
    """The time of the machine."""

    def now(self) -> float:
        """Give the time in seconds, from any start."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Wait, while other tasks run."""
        await asyncio.sleep(seconds)


class FakeClock:
    """A clock that jumps: sleeping costs no time, and is written down.

    Args:
        start: The time to begin with, in seconds.
    """

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self.slept: list[float] = []
        """Each sleep, in seconds, in order."""

    def now(self) -> float:
        """Give the time in seconds."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Jump forward."""
        self.slept.append(seconds)
        self._now += seconds

    async def asleep(self, seconds: float) -> None:
        """Jump forward."""
        self.sleep(seconds)
