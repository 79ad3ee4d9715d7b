"""`Session`: a loaded app with everything that runs for it, from one reload to the next."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import re
import zlib
from typing import TYPE_CHECKING

from azfunc._core.errors import AzfuncError
from azfunc.runtime.web import WebFront
from azfunc.start.serving_host import STORAGE_TYPES, ServingHost, how_to_serve, reason_of_call
from azfunc.start.timers import Timer, TimerStates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from azfunc._core.function import Function
    from azfunc.runtime.clock import Clock
    from azfunc.runtime.invocation import Run
    from azfunc.runtime.loading import LoadedApp
    from azfunc.runtime.wire import Incoming
    from azfunc.start.calls import History
    from azfunc.start.services import Listener, Service

logger: logging.Logger = logging.getLogger("azfunc.host")

HOST_ID_SETTING = "AzureFunctionsWebHost__hostid"
"""App setting with the name of the host."""
GRACE_SECONDS = 5.0
"""Time that calls have to end when the app is reloaded or the host stops, in seconds."""


class Session:
    """A loaded app and what runs for it: its host, its routes, its timers, its listeners.

    Args:
        loaded: The app.
        history: Where calls are written down.
        services: What is connected.
        problems: What went wrong so far.
        keys: Keys that callers need, by name; not asked for when None.
        clock: Where waits are taken from.
        now: Gives the time in UTC.
        zone: Time zone of schedules.
    """

    loaded: LoadedApp
    """The app."""
    host: ServingHost
    """Calls the functions."""
    front: WebFront
    """Finds the function for a request."""
    timers: dict[str, Timer]
    """Function -> its timer."""
    problems: list[str]
    """What does not work, and what to do about it."""
    notes: list[str]
    """What is not served, and what to do about it."""

    def __init__(
        self,
        loaded: LoadedApp,
        history: History,
        services: Sequence[Service] = (),
        *,
        problems: Sequence[AzfuncError] = (),
        keys: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        now: Callable[[], datetime] | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self.loaded = loaded
        self.problems = [_problem(error) for error in (*loaded.errors, *problems)]
        self.notes = []
        self._services = services
        enabled = [each for each in loaded.functions if each.get_function_name() not in loaded.disabled]
        self.host = ServingHost(enabled, history=history, services=services, options=loaded.options, clock=clock)
        self.front = WebFront(self.host, keys=keys)
        states = TimerStates(loaded.folder)
        self.timers = {}
        self._listeners: list[Listener] = []
        self._clock = clock
        for function in enabled:
            self._connect(function, states, now, zone)

    def _connect(
        self,
        function: Function,
        states: TimerStates,
        now: Callable[[], datetime] | None,
        zone: tzinfo | None,
    ) -> None:
        trigger = function.get_trigger()
        kind = trigger.type if trigger is not None else ""
        try:
            if kind == "timerTrigger":
                timer = Timer(function, self.call, states, clock=self._clock, now=now, zone=zone)
                self.timers[function.get_function_name()] = timer
                self._listeners.append(timer)
                return
            listeners = [service.listen(function, self.call) for service in self._services]
        except AzfuncError as error:
            error.function_name = error.function_name or function.get_function_name()
            self.problems.append(_problem(error))
            return
        found = [each for each in listeners if each is not None]
        self._listeners += found
        if kind in STORAGE_TYPES and not found:
            self.notes.append(
                f"Nothing listens for the {kind} of {function.get_function_name()!r}. {how_to_serve(kind)}"
            )

    async def call(self, function: Function, incoming: Incoming, reason: str) -> Run:
        """Call a function with what its trigger got; what it raises is kept in the run."""
        trigger = function.get_trigger()
        token = reason_of_call.set(reason)
        try:
            return await self.host.ainvoke(
                function.get_function_name(),
                {trigger.name if trigger is not None else "": incoming},
                raise_exceptions=False,
            )
        finally:
            reason_of_call.reset(token)

    @property
    def host_id(self) -> str:
        """Name of this host, under which it keeps its receipts: the app setting, else made of machine and folder.

        Source: Host ID considerations, "Override the host ID".
        """
        return host_id(self.loaded)

    async def start(self) -> None:
        """Start the web frameworks behind functions, and begin to listen, on the running loop."""
        try:
            await self.host.astart()
        except AzfuncError as error:
            self.problems.append(_problem(error))
        for listener in self._listeners:
            listener.start()

    async def stop(self) -> None:
        """Listen no more, wait a while for the calls that run, and let go of everything."""
        stops = [asyncio.ensure_future(listener.stop()) for listener in self._listeners]
        if not await self.host.wait_until_idle(GRACE_SECONDS):
            logger.warning("Calls that have run for %g seconds since are cancelled.", GRACE_SECONDS)
            await self.host.cancel_calls()
        if stops:
            await asyncio.wait(stops, timeout=GRACE_SECONDS)
        for service in self._services:
            await asyncio.to_thread(service.close)
        try:
            await self.host.__aexit__(None, None, None)
        except AzfuncError as error:
            logger.error("%s", error)  # noqa: TRY400  # its hint says more than a traceback
        self.loaded.close()


def host_id(loaded: LoadedApp) -> str:
    """Give the name of a host; see `Session.host_id`."""
    given = os.environ.get(HOST_ID_SETTING)
    if given:
        return given
    name = re.sub(r"[^a-z0-9-]+", "-", platform.node().lower()).strip("-")[:20]
    folder = str(loaded.folder) if loaded.folder is not None else ""
    return f"{name or 'local'}-{zlib.crc32(folder.encode()):08x}"


def _problem(error: AzfuncError) -> str:
    place = f"{error.location}: " if error.location else ""
    is_named = error.function_name is None or repr(error.function_name) in error.message
    name = "" if is_named else f"Function {error.function_name!r}: "
    return f"{place}{name}{error}"
