"""Event loops for code that is not asynchronous."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import TYPE_CHECKING

import pytest

from azfunc.runtime import loops as loops_module
from azfunc.runtime.loops import Loops

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


@pytest.fixture
def opened() -> Iterator[Loops]:
    """Loops with one that lasts."""
    loops = Loops()
    loops.open()
    loops.open()
    yield loops
    loops.close()
    loops.close()


async def where() -> tuple[asyncio.AbstractEventLoop, str, str]:
    """Tell the loop, the thread and a context variable."""
    await asyncio.sleep(0)
    return asyncio.get_running_loop(), threading.current_thread().name, variable.get()


def test_without_a_lasting_loop_each_call_has_its_own() -> None:
    """It runs in the caller's thread and context, and its loop is closed after it."""
    variable.set("mine")
    loops = Loops()

    first, thread, value = loops.run(where())
    second, _, _ = loops.run(where())

    assert (thread, value) == (threading.current_thread().name, "mine")
    assert first is not second
    assert first.is_closed()


def test_a_lasting_loop_serves_all_calls(opened: Loops) -> None:
    """It runs in a thread of its own, in the caller's context."""
    variable.set("mine")

    first, thread, value = opened.run(where())
    second, _, _ = opened.run(where())

    assert (thread, value) == ("azfunc-loop", "mine")
    assert first is second
    opened.close()
    assert first.is_closed()


def test_a_call_where_a_loop_runs_gets_another_thread() -> None:
    """Synchronous code that async code calls cannot use the loop that it stands on."""

    async def main() -> tuple[asyncio.AbstractEventLoop, asyncio.AbstractEventLoop]:
        return asyncio.get_running_loop(), Loops().run(where())[0]

    outer, inner = asyncio.run(main())

    assert outer is not inner
    assert inner.is_closed()


def test_a_call_from_the_lasting_loop_itself_does_not_block_it(opened: Loops) -> None:
    """A function that calls another one of its app gets an answer."""

    async def inside() -> str:
        return opened.run(where())[1]

    assert opened.run(inside()) == "azfunc-loop"


@pytest.mark.parametrize("error", [LookupError("no"), SystemExit(3), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("lasting", [True, False])
def test_what_a_coroutine_raises_is_raised(opened: Loops, error: BaseException, *, lasting: bool) -> None:
    """It is the very object, and the lasting loop goes on whatever it was."""
    loops = opened if lasting else Loops()

    async def fail() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        loops.run(fail())
    assert caught.value is error
    assert loops.run(where())


def test_nothing_is_left_on_a_closed_loop() -> None:
    """Tasks that a call leaves behind are cancelled, and async generators closed."""
    events: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            events.append("task")

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            events.append("generator")

    kept: list[object] = []

    async def main() -> None:
        kept.append(asyncio.ensure_future(endless()))
        source = numbers()
        kept.append(source)
        await source.__anext__()
        await asyncio.sleep(0)

    Loops().run(main())

    assert sorted(events) == ["generator", "task"]


def test_a_task_that_refuses_to_end_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing a loop waits a moment, and not for ever."""
    monkeypatch.setattr(loops_module, "GRACE_SECONDS", 0.01)
    task: list[asyncio.Task[None]] = []
    go_on = True

    async def stubborn() -> None:
        while go_on:
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                continue

    async def main() -> None:
        task.append(asyncio.ensure_future(stubborn()))
        await asyncio.sleep(0)

    Loops().run(main())

    assert not task[0].done()
    go_on = False
    with pytest.raises(StopIteration):
        task[0].get_coro().throw(asyncio.CancelledError)  # type: ignore[union-attr]
    task[0]._log_destroy_pending = False  # type: ignore[attr-defined]


def test_an_interrupted_wait_takes_the_call_back(opened: Loops, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a call runs on the lasting loop cancels it, and nothing hangs."""
    ended = threading.Event()
    begun = threading.Event()
    real = threading.Event

    class Interrupted(real):  # type: ignore[misc, valid-type]
        def wait(self, timeout: float | None = None) -> bool:
            begun.wait(5)
            raise KeyboardInterrupt

    async def endless() -> None:
        try:
            begun.set()
            await asyncio.sleep(1000)
        finally:
            ended.set()

    coroutine = endless()
    monkeypatch.setattr(loops_module.threading, "Event", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        opened.run(coroutine)
    monkeypatch.undo()

    assert ended.wait(5)


async def count(events: list[str]) -> AsyncIterator[int]:
    """Count to three."""
    try:
        for number in (1, 2, 3):
            await asyncio.sleep(0)
            yield number
    finally:
        events.append("closed")


@pytest.mark.parametrize("lasting", [True, False])
def test_an_async_iterator_is_read_by_synchronous_code(opened: Loops, *, lasting: bool) -> None:
    """All of it runs on one loop, and it is closed at the end, also when it is not read to its end."""
    loops = opened if lasting else Loops()
    events: list[str] = []

    assert list(loops.iterate(count(events))) == [1, 2, 3]
    assert events == ["closed"]

    source = loops.iterate(count(events))
    assert next(source) == 1
    source.close()  # type: ignore[attr-defined]  # it is a generator
    assert events == ["closed", "closed"]


def test_an_iterator_without_an_end_to_close_is_read_too() -> None:
    """``aclose()`` is what generators have; iterators need none."""

    class Two:
        def __init__(self) -> None:
            self.left = 2

        def __aiter__(self) -> Two:
            return self

        async def __anext__(self) -> int:
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return self.left

    assert list(Loops().iterate(Two())) == [1, 0]
