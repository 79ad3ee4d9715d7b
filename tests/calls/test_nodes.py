"""`Once`: who makes a value, who waits for it, and what comes of a failure."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from azfunc.calls.nodes import Once

if TYPE_CHECKING:
    from concurrent.futures import Future


class Watched(Once):
    """Says when somebody has to wait."""

    def __init__(self) -> None:
        super().__init__(object)
        self.has_waiter = threading.Event()

    def _begin(self) -> tuple[Future[None], bool]:
        making, is_mine = super()._begin()
        if not is_mine:
            self.has_waiter.set()
        return making, is_mine


def unwanted() -> Any:
    """Make a value that is there already."""
    raise AssertionError("made twice")


async def unwanted_async() -> Any:
    """Make a value that is there already."""
    raise AssertionError("made twice")


def test_thread_waits_for_the_one_that_makes_the_value() -> None:
    """A thread that asks while another makes the value gets that value."""
    once, found = Watched(), list[str]()
    waiter = threading.Thread(target=lambda: found.append(once.give(unwanted)))

    def make() -> str:
        waiter.start()
        assert once.has_waiter.wait(10)
        return "it"

    found.append(once.give(make))
    waiter.join()

    assert found == ["it", "it"]


def test_thread_makes_the_value_when_another_has_failed() -> None:
    """A thread that has waited for a failure makes the value itself."""
    once, found = Watched(), list[str]()
    waiter = threading.Thread(target=lambda: found.append(once.give(lambda: "second")))

    def fail() -> str:
        waiter.start()
        assert once.has_waiter.wait(10)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        once.give(fail)
    waiter.join()

    assert found == ["second"]
    assert once.give(unwanted) == "second"


def test_task_waits_for_a_thread() -> None:
    """A task that asks while a thread makes the value waits without stopping its loop."""
    once, found = Watched(), list[str]()
    has_begun, may_end = threading.Event(), threading.Event()

    def make() -> str:
        has_begun.set()
        assert may_end.wait(10)
        return "it"

    async def ask() -> str:
        maker = threading.Thread(target=lambda: found.append(once.give(make)))
        maker.start()
        assert has_begun.wait(10)
        asyncio.get_running_loop().call_soon(may_end.set)
        value = await once.give_async(unwanted_async)
        maker.join()
        return str(value)

    assert asyncio.run(ask()) == "it"
    assert found == ["it"]


def test_cancelled_task_cancels_no_other() -> None:
    """The end of a task that waits, or that makes the value, leaves the others with a value."""
    once = Once(object)

    async def make(value: str, gate: asyncio.Event) -> str:
        await gate.wait()
        return value

    async def ask() -> list[Any]:
        gate = asyncio.Event()
        maker, waiter, other = (
            asyncio.create_task(once.give_async(lambda name=name: make(name, gate)))  # type: ignore[misc]
            for name in ("maker", "waiter", "other")
        )
        await asyncio.sleep(0)
        waiter.cancel()
        await asyncio.sleep(0)
        maker.cancel()
        gate.set()
        return [*await asyncio.gather(maker, waiter, other, return_exceptions=True)]

    first, second, third = asyncio.run(ask())

    assert isinstance(first, asyncio.CancelledError)
    assert isinstance(second, asyncio.CancelledError)
    assert third == "other"
