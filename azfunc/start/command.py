"""`start`: serves an app on a port, until Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

from azfunc._core.errors import AzfuncError
from azfunc._core.failures import InvocationError
from azfunc.start.console import Console
from azfunc.start.listing import lines_of
from azfunc.start.local_app import LocalApp, LocalOptions
from azfunc.start.reloading import times_of, watch
from azfunc.start.serving import serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from azfunc.runtime.loading import LoadedApp
    from azfunc.start.services import Service

logger: logging.Logger = logging.getLogger("azfunc.host")


@dataclass(frozen=True)
class StartOptions:
    """How `start` serves an app."""

    target: str = "."
    """Folder, file or module of the app, as for `load_app`."""
    port: int | None = None
    """Port; from local.settings.json when None, else 7071. 0 takes any that is free."""
    address: str = "127.0.0.1"
    """Address that is listened on; ``0.0.0.0`` lets other machines in."""
    reloads: bool = True
    """Whether the app is loaded again when a file of it changes."""
    storage: bool = True
    """Whether queues and blobs are connected, where the packages are installed."""
    key: str | None = field(default=None, repr=False)
    """Key that callers of functions and of the admin addresses need; not asked for when None."""
    cors: tuple[str, ...] | None = None
    """Origins that may call; from local.settings.json when None."""
    cors_credentials: bool | None = None
    """Whether calls from other origins may carry cookies; from local.settings.json when None."""


def start(options: StartOptions | None = None, *, out: TextIO | None = None) -> int:
    """Serve a function app for development, until Ctrl-C or a signal to terminate.

    Args:
        options: What is served, and how.
        out: Where text goes; standard output when left out.

    Returns:
        0 after an orderly end, 1 if the app cannot be served, 130 when it was interrupted before it was.
    """
    options = options or StartOptions()
    console = Console(out or sys.stdout)
    with console:
        try:
            return asyncio.run(_serve(options, console))
        except AzfuncError as error:
            console.say(str(error))
            return 1
        except KeyboardInterrupt:
            return 130


async def _serve(options: StartOptions, console: Console) -> int:
    app = LocalApp(options.target, options=_local_options(options), connect=_connector(options))
    try:
        if app.session.problems and not (options.reloads and app.is_reloadable):
            for problem in app.session.problems:
                console.say(problem)
            return 1
        with _listening(options.address, _port(options, app)) as listening:
            return await _serve_on(listening, app, options, console)
    finally:
        app.session.loaded.close()


async def _serve_on(listening: socket.socket, app: LocalApp, options: StartOptions, console: Console) -> int:
    host, port = listening.getsockname()[:2]
    name = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host  # noqa: S104  # compared
    address = f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
    stop = asyncio.Event()
    folder = app.session.loaded.folder if options.reloads else None
    since = times_of(folder) if folder is not None else {}
    with _signals(stop):
        announce(app, address, console)
        await app.startup()
        tasks = [asyncio.ensure_future(serve(app, listening, stop))]
        if folder is not None:
            tasks.append(asyncio.ensure_future(_reload_on_change(app, watch(folder, since), address, console)))
        try:
            # Watching has no end: when it has one, it has failed, and so has the host.
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.set()
            await _ended(tasks)
            await app.shutdown()
    console.say("Stopped.")
    return 0


def announce(app: LocalApp, address: str, console: Console) -> None:
    """Say what is served, and what does not work."""
    for problem in (*app.session.problems, *app.session.notes):
        console.say(problem)
        console.say()
    for line in lines_of(app.session, address):
        console.say(line)
    console.say()
    code = "?code=KEY" if app.asks_for_keys else ""
    console.say(f"Index page: {address}/_azfunc/{code}  (a host for development; Ctrl-C ends it)")


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait for the server, and end the rest; what one of them raised is raised here."""
    server, *others = tasks
    for task in others:
        task.cancel()
    found = await asyncio.gather(server, *others, return_exceptions=True)
    for error in found:
        if error is not None and not isinstance(error, asyncio.CancelledError):
            raise error


async def _reload_on_change(app: LocalApp, changes: AsyncGenerator[str, None], address: str, console: Console) -> None:
    try:
        async with aclosing(changes):
            async for changed in changes:
                console.say(f"{changed} has changed; loading the app again.")
                await app.reload()
                announce(app, address, console)
    except OSError as error:
        raise InvocationError(
            f"The files of the app cannot be watched: {error}", hint="Start with --no-reload, or uninstall watchfiles."
        ) from error


def _local_options(options: StartOptions) -> LocalOptions:
    keys = None if options.key is None else {"default": options.key, "_master": options.key}
    return LocalOptions(keys=keys, cors=options.cors, cors_credentials=options.cors_credentials)


def _connector(options: StartOptions) -> Any:
    from azfunc.start.storage import connect_storage

    def connect(loaded: LoadedApp) -> Sequence[Service]:
        return connect_storage(loaded) if options.storage else ()

    return connect


def _port(options: StartOptions, app: LocalApp) -> int:
    return app.session.loaded.settings.port if options.port is None else options.port


def _listening(address: str, port: int) -> socket.socket:
    """Open the port.

    Raises:
        InvocationError: It is in use, or may not be opened.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        raise InvocationError(
            f"Port {port} of {address} cannot be opened: {str(error.strerror or error).partition(' (while')[0]}.",
            hint="End what listens there, or choose another with --port; --port 0 takes any that is free.",
        ) from error


class _signals:  # noqa: N801  # a context manager, named as a function
    """Turns Ctrl-C and the signal to terminate into the wish to stop; a second one ends the process at once."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()

        def handle(_number: int, _frame: object) -> None:
            if self._stop.is_set():
                os._exit(130)  # pragma: no cover  # it ends the tests as well
            loop.call_soon_threadsafe(self._stop.set)

        for name in (signal.SIGINT, signal.SIGTERM):
            with suppress(ValueError):  # not in the main thread: whoever runs us handles signals
                self._before[name] = signal.signal(name, handle)

    def __exit__(self, *_exc_info: object) -> None:
        for name, handler in self._before.items():
            signal.signal(name, handler)
