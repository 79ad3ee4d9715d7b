"""What a call does for its dependencies: call the providers, keep their values, and end those with a ``yield``."""

from __future__ import annotations

import asyncio
import inspect
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, Any

from azfunc._core.failures import InvocationError
from azfunc._core.function import location_of, python_name

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from contextlib import AsyncExitStack, ExitStack
    from types import TracebackType

    from azfunc.calls.call import Call

_ENDED: Any = object()


class Node:
    """One provider, and what it is called with.

    Args:
        provider: What is called.
        key: What stands for it among the values of a call.
        kind: ``function``, ``coroutine``, ``generator`` or ``async generator``.
        nodes: Parameter -> the node that gives it.
        reads: Parameter -> what reads it off the call.
    """

    def __init__(
        self,
        provider: Callable[..., Any],
        key: Any,
        kind: str,
        nodes: Mapping[str, Node],
        reads: Mapping[str, Callable[[Call], Any]],
    ) -> None:
        self.provider = provider
        self.key = key
        self.kind = kind
        self.nodes = nodes
        self.reads = reads
        self.once: Once | None = None
        """Keeps the value for the process; None for a value of the call."""
        self.layers: set[int] = set[int]().union(*(each.layers for each in nodes.values()))
        """Which overrides it, or a node that it needs, stands under."""
        self.is_async: bool = kind in ("coroutine", "async generator") or any(each.is_async for each in nodes.values())
        """Whether only an async function can have it."""

    def give(self, call: Call, ends: ExitStack) -> Any:
        """Give the value in a function that is not async."""
        if self.once is not None:
            return self.once.give(lambda: self._make(call, ends))
        values = _values_of(call)
        if self.key not in values:
            values[self.key] = self._make(call, ends)
        return values[self.key]

    async def give_async(self, call: Call, ends: AsyncExitStack) -> Any:
        """Give the value in an async function."""
        if self.once is not None:
            return await self.once.give_async(lambda: self._make_async(call, ends))
        values = _values_of(call)
        if self.key not in values:
            values[self.key] = await self._make_async(call, ends)
        return values[self.key]

    def _make(self, call: Call, ends: ExitStack) -> Any:
        arguments = {name: node.give(call, ends) for name, node in self.nodes.items()}
        made = self.provider(**arguments, **{name: read(call) for name, read in self.reads.items()})
        if inspect.iscoroutine(made):  # of a decorated provider, which does not show that it is async
            made.close()
            raise self._hidden("a coroutine, and the function is not async")
        return self._begun(made, ends) if self._is_begun(made) else made

    async def _make_async(self, call: Call, ends: AsyncExitStack) -> Any:
        arguments = {name: await node.give_async(call, ends) for name, node in self.nodes.items()}
        made = self.provider(**arguments, **{name: read(call) for name, read in self.reads.items()})
        if self.kind == "coroutine" or inspect.iscoroutine(made):
            return await made
        if self._is_begun(made):
            return self._begun(made, ends)
        is_begun = self.kind == "async generator" or inspect.isasyncgen(made)
        return await self._begun_async(made, ends) if is_begun else made

    def _is_begun(self, made: Any) -> bool:
        """Tell whether what the provider gave is a generator to run: also of one that a decorator hides."""
        if self.kind == "generator":
            return True
        if not inspect.isgenerator(made):
            return False
        if self.once is not None:
            made.close()
            raise self._hidden("a generator, which nobody would end at the end of the process")
        return True

    def _begun(self, steps: Any, ends: ExitStack | AsyncExitStack) -> Any:
        """Run a generator to its yield; the rest runs at the end of the call."""
        value = next(steps, _ENDED)
        if value is _ENDED:
            raise self._without_yield()

        def end(_kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None) -> None:
            if next(steps, _ENDED) is not _ENDED if error is None else _yields_again(steps, error):
                steps.close()
                raise self._second_yield() from error

        ends.push(end)
        return value

    async def _begun_async(self, steps: Any, ends: AsyncExitStack) -> Any:
        value = await anext(steps, _ENDED)
        if value is _ENDED:
            raise self._without_yield()

        async def end(
            _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
        ) -> None:
            again = await _yields_again_async(steps, error) if error else await anext(steps, _ENDED) is not _ENDED
            if again:
                await steps.aclose()
                raise self._second_yield() from error

        ends.push_async_exit(end)
        return value

    def _hidden(self, what: str) -> InvocationError:
        return InvocationError(
            f"The provider {self._named()} gave {what}.",
            hint="Give Depends the function itself, without a decorator around it.",
        )

    def _without_yield(self) -> InvocationError:
        return InvocationError(
            f"The provider {self._named()} ended without a yield, and gave no value.",
            hint="Yield in every case, or raise an exception.",
        )

    def _second_yield(self) -> InvocationError:
        return InvocationError(
            f"The provider {self._named()} yields more than once.",
            hint="Yield the value once; what stands behind it runs when the function has ended.",
        )

    def _named(self) -> str:
        location = location_of(self.provider)
        return f"{python_name(self.provider)!r}{f' ({location})' if location else ''}"


def _values_of(call: Call) -> dict[Any, Any]:
    values: dict[Any, Any] = vars(call).setdefault("_given", {})
    return values


def _yields_again(steps: Any, error: BaseException) -> bool:
    """Raise what the function raised at the yield of a provider; whatever that does, it goes on to the host."""
    try:
        steps.throw(error)
    except StopIteration:
        return False
    except BaseException as raised:
        if not _is_same(raised, error):
            raise
        return False
    return True


async def _yields_again_async(steps: Any, error: BaseException) -> bool:
    try:
        await steps.athrow(error)
    except StopAsyncIteration:
        return False
    except BaseException as raised:
        if not _is_same(raised, error):
            raise
        return False
    return True


def _is_same(raised: BaseException, error: BaseException) -> bool:
    """Tell whether an exception is the function's, or what Python makes of its StopIteration in a generator."""
    is_changed = isinstance(error, (StopIteration, StopAsyncIteration)) and isinstance(raised, RuntimeError)
    return raised is error or (is_changed and raised.__cause__ is error)


# --- values of the process --------------------------------------------------------------------------------------------


class Once:
    """A value that is made on first use, and kept; whoever asks meanwhile waits. One that fails is made anew.

    Args:
        provider: Whose value it is; it lives as long.
    """

    def __init__(self, provider: Callable[..., Any]) -> None:
        self.provider = provider
        self._lock = Lock()
        self._values: list[Any] = []
        self._making: Future[None] | None = None

    def give(self, make: Callable[[], Any]) -> Any:
        """Give the value, from a thread that may wait."""
        while not self._values:
            making, is_mine = self._begin()
            if not is_mine:
                making.result()
                continue
            try:
                self._values.append(make())
            finally:
                self._end(making)
        return self._values[0]

    async def give_async(self, make: Callable[[], Awaitable[Any]]) -> Any:
        """Give the value, from a task."""
        while not self._values:
            making, is_mine = self._begin()
            if not is_mine:
                await asyncio.wrap_future(making)
                continue
            try:
                self._values.append(await make())
            finally:
                self._end(making)
        return self._values[0]

    def _begin(self) -> tuple[Future[None], bool]:
        """Give what is done when the value is made or has failed, and whether it is the caller who makes it."""
        with self._lock:
            if self._making is not None:
                return self._making, False
            self._making = Future()
            self._making.set_running_or_notify_cancel()  # a task that waits and is cancelled cancels no other
            return self._making, True

    def _end(self, making: Future[None]) -> None:
        if not self._values:
            self._making = None
        making.set_result(None)
