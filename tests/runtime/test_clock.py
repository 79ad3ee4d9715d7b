"""Clocks."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from azfunc.runtime.clock import FakeClock, SystemClock

if TYPE_CHECKING:
    import pytest


def test_a_fake_clock_jumps() -> None:
    """Sleeping costs no time, and is written down."""
    clock = FakeClock(start=100)

    clock.sleep(3600)
    asyncio.run(clock.asleep(0.5))

    assert clock.now() == 3700.5
    assert clock.slept == [3600, 0.5]


def test_the_real_clock_is_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits as long as it is told to."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    clock = SystemClock()
    before = clock.now()

    clock.sleep(5)
    asyncio.run(clock.asleep(0))

    assert waits == [5]
    assert clock.now() >= before
