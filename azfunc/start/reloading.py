"""Which files of an app have changed: told by watchfiles where it is installed, else by looking now and then."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping

LOOK_EVERY_SECONDS = 1.0
"""Time between two looks at the files, where watchfiles is not installed, in seconds."""
_SUFFIXES = (".py", ".json")
_LEFT_OUT = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "env", "tests"})


def is_of_app(path: Path, folder: Path) -> bool:
    """Tell whether a file belongs to an app: its modules and its settings, but not its tests or environments."""
    parts = path.relative_to(folder).parts if path.is_relative_to(folder) else ()
    return (
        bool(parts)
        and path.suffix in _SUFFIXES
        and not any(part.startswith(".") or part in _LEFT_OUT for part in parts)
    )


def times_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Give the files of an app, each with its time and size."""
    return dict(_times(folder))


def watch(
    folder: Path, since: Mapping[str, tuple[int, int]], *, every_seconds: float = LOOK_EVERY_SECONDS
) -> AsyncGenerator[str, None]:
    """Give the name of a changed file, each time that files of an app have changed.

    Args:
        folder: Folder of the app.
        since: What `times_of` gave; what has changed since then is told at once.
        every_seconds: Time between two looks, where watchfiles is not installed.
    """
    if importlib.util.find_spec("watchfiles") is None:
        return _look(folder, since, every_seconds)
    return _told(folder, since)


async def _told(folder: Path, since: Mapping[str, tuple[int, int]]) -> AsyncGenerator[str, None]:
    """Give the name of a changed file, as watchfiles tells it."""
    # Parts of its types come from a package that need not be there.
    watchfiles: Any = importlib.import_module("watchfiles")

    def counts(_change: object, path: str) -> bool:
        return is_of_app(Path(path), folder)

    told = watchfiles.awatch(folder, watch_filter=counts, step=100, debounce=400)
    following = asyncio.ensure_future(anext(told))
    try:
        await asyncio.sleep(0)  # from here on it watches
        missed = _changed(since, times_of(folder))
        if missed:
            yield missed[0]
        while True:
            changes = await following
            following = asyncio.ensure_future(anext(told))
            yield min(str(Path(path).relative_to(folder)) for _change, path in changes)
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await told.aclose()


async def _look(folder: Path, since: Mapping[str, tuple[int, int]], every_seconds: float) -> AsyncGenerator[str, None]:
    """Give the name of a changed file, by comparing the times of all files."""
    before = since
    while True:
        now = await asyncio.to_thread(times_of, folder)
        changed = _changed(before, now)
        before = now
        if changed:
            yield changed[0]
        await asyncio.sleep(every_seconds)


def _changed(before: Mapping[str, tuple[int, int]], now: Mapping[str, tuple[int, int]]) -> list[str]:
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def _times(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Give the files of an app with their time and size."""
    waiting = [folder]
    while waiting:
        try:
            entries = sorted(waiting.pop().iterdir())
        except OSError:  # it was removed meanwhile
            continue
        for path in entries:
            if path.name.startswith(".") or path.name in _LEFT_OUT:
                continue
            if path.is_dir():
                waiting.append(path)
            elif path.suffix in _SUFFIXES:
                try:
                    found = path.stat()
                except OSError:  # so was this
                    continue
                yield str(path.relative_to(folder)), (found.st_mtime_ns, found.st_size)
