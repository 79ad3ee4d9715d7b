"""The thread pool for synchronous functions."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from typing import TYPE_CHECKING

import pytest

import azfunc
from azfunc.runtime import threads as threads_module
from azfunc.runtime.threads import THREADS_SETTING, CallAbandonedError, Threads, thread_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def _tell_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell threads to end also while coverage is measured: those of these tests never block for long."""
    monkeypatch.setattr(threads_module, "stands_still_when_told", lambda: False)
    others.clear()
    others.update(threading.enumerate())


others: set[threading.Thread] = set()
"""Threads that are none of the test's."""


@pytest.fixture
def pool() -> Iterator[Threads]:
    """A pool of two threads."""
    threads = Threads(2)
    yield threads
    threads.close()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something holds, which it does in a moment."""
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.0005)


def names() -> list[str]:
    """Names of the test's pool threads that run."""
    found = [thread.name for thread in threading.enumerate() if thread not in others]
    return [name for name in found if name == "azfunc-function"]


def test_calls_run_in_threads_and_at_most_so_many_at_once(pool: Threads) -> None:
    """Several calls share the threads; the others wait their turn."""
    seen: list[str] = []
    running, most = 0, 0
    lock = threading.Lock()

    def call() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        seen.append(threading.current_thread().name)
        with lock:
            running -= 1

    async def many() -> None:
        await asyncio.gather(*(pool.run(call) for _ in range(20)))

    asyncio.run(many())

    assert seen == ["azfunc-function"] * 20
    assert most <= 2


def test_a_thread_is_used_again(pool: Threads) -> None:
    """Calls one after the other need one thread."""
    seen: set[int] = set()

    async def many() -> None:
        for _ in range(5):
            await pool.run(lambda: seen.add(threading.get_ident()))
            wait_for(lambda: pool._state.idle._value > 0)  # type: ignore[attr-defined]

    asyncio.run(many())

    assert len(seen) == 1


def test_the_thread_of_an_abandoned_call_ends_at_its_next_line(pool: Threads) -> None:
    """A call that is not waited for any more is told to end, runs its clean-up, and its thread is replaced."""
    events: list[str] = []
    started = threading.Event()

    def endless() -> None:
        try:
            started.set()
            while True:
                time.sleep(0)
        except CallAbandonedError:
            events.append("told to end")
            raise
        finally:
            events.append("cleaned up")

    async def abandon() -> None:
        task = asyncio.ensure_future(pool.run(endless))
        await asyncio.to_thread(started.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await pool.run(lambda: events.append("next"))

    asyncio.run(abandon())

    wait_for(lambda: len(events) == 3)
    assert set(events) == {"told to end", "cleaned up", "next"}


def test_a_call_that_ignores_it_is_left_alone(pool: Threads) -> None:
    """A call that catches everything goes on, holds nobody up, and its thread ends with it."""
    started, go_on = threading.Event(), threading.Event()
    ended: list[bool] = []

    def stubborn() -> None:
        started.set()
        while not go_on.is_set():
            try:
                go_on.wait(0.001)
            except BaseException:  # noqa: BLE001
                continue
        ended.append(True)

    async def abandon() -> None:
        task = asyncio.ensure_future(pool.run(stubborn))
        await asyncio.to_thread(started.wait)
        task.cancel()
        await asyncio.wait({task})

    asyncio.run(abandon())
    pool.close()
    go_on.set()

    wait_for(lambda: not names())
    assert ended


def test_a_call_that_waits_its_turn_is_dropped_when_it_is_taken_back() -> None:
    """An abandoned call that has not begun never begins."""
    pool = Threads(1)
    first, release = threading.Event(), threading.Event()
    calls: list[str] = []

    def block() -> None:
        first.set()
        release.wait()

    async def go() -> None:
        blocking = asyncio.ensure_future(pool.run(block))
        await asyncio.to_thread(first.wait)
        waiting = asyncio.ensure_future(pool.run(lambda: calls.append("never")))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        release.set()
        await blocking
        await pool.run(lambda: calls.append("last"))

    asyncio.run(go())
    pool.close()

    assert calls == ["last"]


def test_what_a_call_raises_is_raised_for_the_one_who_waits() -> None:
    """An exception leaves its thread alive for the next call."""
    pool = Threads(1)
    calls: list[str] = []

    def fail() -> None:
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        asyncio.run(pool.run(fail))
    asyncio.run(pool.run(lambda: calls.append("next")))
    pool.close()

    assert calls == ["next"]


def test_a_pool_that_is_dropped_takes_its_threads_along() -> None:
    """Nobody has to close a pool."""
    pool = Threads(1)
    asyncio.run(pool.run(lambda: None))
    assert names()

    del pool
    gc.collect()

    wait_for(lambda: not names())


def test_a_pool_can_be_closed_from_one_of_its_threads() -> None:
    """Closing it from a call does not wait for that very call."""
    pool = Threads(1)

    asyncio.run(pool.run(pool.close))

    wait_for(lambda: not names())


def test_a_call_that_cannot_be_told_goes_on_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its end disturbs nobody, though the loop that waited for it is closed; another thread does its work."""
    monkeypatch.setattr(threads_module, "stands_still_when_told", lambda: True)
    pool = Threads(1)
    started, go_on, over = threading.Event(), threading.Event(), threading.Event()

    def late() -> None:
        started.set()
        go_on.wait()
        over.set()

    async def abandon() -> None:
        task = asyncio.ensure_future(pool.run(late))
        await asyncio.to_thread(started.wait)
        task.cancel()
        await asyncio.wait({task})
        await pool.run(started.clear)

    asyncio.run(abandon())
    pool.close()
    go_on.set()

    assert over.wait(5)
    assert not started.is_set()
    wait_for(lambda: not names())


@pytest.mark.parametrize(
    ("is_3_11", "tracer", "still"), [(True, None, False), (True, id, True), (False, id, False)], ids=str
)
def test_where_all_would_stand_still_threads_are_not_told(
    monkeypatch: pytest.MonkeyPatch, tracer: object, *, is_3_11: bool, still: bool
) -> None:
    """Only on Python 3.11, and only while code is traced."""
    monkeypatch.undo()
    monkeypatch.setattr(threads_module, "_IS_PYTHON_3_11", is_3_11)
    monkeypatch.setattr(threads_module.sys, "gettrace", lambda: tracer)
    monkeypatch.setattr(threads_module.threading, "gettrace", lambda: None)

    assert threads_module.stands_still_when_told() is still


@pytest.mark.parametrize(("setting", "count"), [("", None), ("7", 7), (" 12 ", 12)])
def test_the_app_setting_says_how_many_threads(
    monkeypatch: pytest.MonkeyPatch, setting: str, count: int | None
) -> None:
    """PYTHON_THREADPOOL_THREAD_COUNT is a number of threads; without it Python's own default holds."""
    monkeypatch.setenv(THREADS_SETTING, setting)

    assert thread_count() == count
    assert Threads(count).count >= 1


@pytest.mark.parametrize("setting", ["0", "-1", "many", "1.5"])
def test_a_setting_that_is_no_number_of_threads_is_passed_over(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """As by the worker, but not in silence."""
    monkeypatch.setenv(THREADS_SETTING, setting)

    with pytest.warns(azfunc.AzfuncWarning, match="whole number from 1") as caught:
        assert thread_count() is None
    assert setting in str(caught[0].message)
