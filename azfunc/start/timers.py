"""Timers: calls by schedule, one at a time, with what was missed while nothing ran.

Source: Timer trigger for Azure Functions, "Usage" and "Scale out"; the host's timer extension.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
from contextlib import suppress
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_dict
from azfunc._core.errors import DefinitionError
from azfunc.bindings.timer import TimerRequest, TimerRequestConverter
from azfunc.runtime.clock import SystemClock
from azfunc.runtime.schedule import parse_schedule
from azfunc.runtime.wire import Incoming

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from azfunc._core.function import Function
    from azfunc.runtime.clock import Clock
    from azfunc.runtime.schedule import Schedule
    from azfunc.start.services import CallFunction

logger: logging.Logger = logging.getLogger("azfunc.host")

ZONE_SETTINGS = ("WEBSITE_TIME_ZONE", "TZ")
"""App settings that name the time zone of schedules; the machine's own when none is set."""
STATE_FOLDER = ".azfunc"
"""Folder, in that of the app, for what has to outlive a run."""
_LONGEST_SLEEP = 60.0
_SHORTEST_MONITORED = timedelta(minutes=1)
_NEVER = "0001-01-01T00:00:00+00:00"


class SystemZone(tzinfo):
    """The time zone of the machine, whose clocks change."""

    def utcoffset(self, moment: datetime | None, /) -> timedelta | None:
        """Give the distance from UTC at a time."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, _moment: datetime | None, /) -> timedelta | None:
        """Say that this is not known."""
        return None

    def tzname(self, moment: datetime | None, /) -> str | None:
        """Give the name of the zone at a time."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime, /) -> datetime:
        """Give the local time of a time in UTC."""
        return datetime.fromtimestamp(moment.replace(tzinfo=timezone.utc).timestamp()).replace(tzinfo=self)  # noqa: DTZ006  # it knows both hours when clocks are set back


def local_zone() -> tzinfo:
    """Give the time zone that schedules are meant in.

    Raises:
        DefinitionError: The app setting names none that is known here.
    """
    for setting in ZONE_SETTINGS:
        name = os.environ.get(setting, "").lstrip(":")
        if not name:
            continue
        from zoneinfo import ZoneInfo

        try:
            return ZoneInfo(name)
        except (ValueError, OSError, KeyError) as error:
            if setting == "TZ":  # it may be a rule of POSIX, which the system follows
                continue
            raise DefinitionError(
                f"{setting} is {name!r}, and there is no such time zone here.",
                hint="Use a name such as Europe/Berlin; on Windows install tzdata.",
            ) from error
    return SystemZone()


class TimerStates:
    """When timers last ran: kept in a file, so that missed runs are known.

    Args:
        folder: Folder of the app; nothing is kept when None.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / STATE_FOLDER / "timers.json" if folder is not None else None
        self._states: dict[str, Any] = {}
        if self._path is not None:
            with suppress(OSError, ValueError):
                found: Any = json.loads(self._path.read_text(encoding="utf-8"))
                self._states = found if is_dict(found) else {}

    def get(self, name: str) -> dict[str, Any] | None:
        """Give what is known of a timer, or None."""
        found = self._states.get(name)
        return found if is_dict(found) else None

    def put(self, name: str, state: dict[str, Any]) -> None:
        """Keep what is known of a timer."""
        self._states[name] = state
        if self._path is None:
            return
        try:
            if not self._path.parent.is_dir():
                self._path.parent.mkdir()
                (self._path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
            draft = self._path.with_suffix(".tmp")
            draft.write_text(json.dumps(self._states, indent=1), encoding="utf-8")
            draft.replace(self._path)
        except OSError as error:
            logger.warning("%s cannot be written, so missed runs of timers will not be known: %s", self._path, error)


class Timer:
    """Calls one function by its schedule.

    Args:
        function: The function, with a timer trigger.
        call: Calls it.
        states: When it last ran.
        clock: Where waits are taken from.
        now: Gives the time in UTC.
        zone: Time zone of the schedule; as the settings say when left out.

    Raises:
        DefinitionError: The schedule is wrong.
    """

    schedule: Schedule
    """When it fires."""
    next: datetime | None
    """When it fires next, in its time zone; None if never."""

    def __init__(
        self,
        function: Function,
        call: CallFunction,
        states: TimerStates,
        *,
        clock: Clock | None = None,
        now: Callable[[], datetime] | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        trigger = function.get_trigger()
        entry = trigger.get_dict_repr() if trigger is not None else {}
        self.function = function
        self._call = call
        self._states = states
        self._clock: Clock = clock or SystemClock()
        self._now = now or _utc_now
        self._zone = zone or local_zone()
        self.schedule = parse_schedule(str(entry.get("schedule", "")), os.environ)
        self._runs_on_startup = bool(entry.get("runOnStartup"))
        self._is_monitored = entry.get("useMonitor") is not False and not self._is_frequent()
        self._task: asyncio.Task[None] | None = None
        self._is_calling = asyncio.Lock()
        self.next = self.schedule.next_after(self._local_now())

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.function.get_function_name()

    # --- the task ---

    def start(self) -> None:
        """Begin to fire, on the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"azfunc-timer-{self.name}")

    async def stop(self) -> None:
        """Fire no more; a call that runs is waited for."""
        if self._task is None:
            return
        async with self._is_calling:
            self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    async def _run(self) -> None:
        await self.begin()
        while await self.wait():
            await self.fire()

    # --- the steps ---

    async def begin(self) -> None:
        """Make up for a missed run, or run on start-up, as the function asks for it."""
        state = self._states.get(self.name) if self._is_monitored else None
        if state is not None and state.get("Schedule") != self.schedule.expression:
            state = None
        if state is not None and self._missed(state):
            await self._fire(state, past_due=True, due=_read(state.get("Next")))
            return
        if self._is_monitored and state is None:
            self._states.put(self.name, self._state(None))
        if self._runs_on_startup:
            await self._fire(self._states.get(self.name), past_due=False, due=None)

    async def wait(self) -> bool:
        """Sleep until the timer is due, and tell whether it ever is."""
        while self.next is not None:
            left = (self.next - self._local_now()).total_seconds()
            if left <= 0:
                return True
            # Clocks are set and machines sleep: look again now and then.
            await self._clock.asleep(min(left, _LONGEST_SLEEP))
        return False

    async def fire(self) -> None:
        """Call the function as being due now, and find out when it is due next."""
        await self._fire(self._states.get(self.name), past_due=False, due=self.next)

    async def _fire(self, state: dict[str, Any] | None, *, past_due: bool, due: datetime | None) -> None:
        status = (
            {key: value for key, value in (state or {}).items() if key != "Schedule"} if self._is_monitored else None
        )
        request = TimerRequest(past_due=past_due, schedule_status=status, schedule={"AdjustForDST": True})
        reason = "timer is past due" if past_due else "timer fired" if due is not None else "timer runs on start-up"
        async with self._is_calling:
            await self._call(self.function, Incoming(*TimerRequestConverter.to_wire(request)), reason)
            self.next = self.schedule.next_after(self._local_now())
            if self._is_monitored:
                self._states.put(self.name, self._state(due or self._local_now()))

    # --- times ---

    def _local_now(self) -> datetime:
        return self._now().astimezone(self._zone)

    def _is_frequent(self) -> bool:
        times = self.schedule.upcoming(self._local_now(), 5)
        return any(later - earlier < _SHORTEST_MONITORED for earlier, later in itertools.pairwise(times))

    def _missed(self, state: dict[str, Any]) -> bool:
        due = _read(state.get("Next"))
        return due is not None and due <= self._local_now()

    def _state(self, last: datetime | None) -> dict[str, Any]:
        return {
            "Last": last.isoformat() if last is not None else _NEVER,
            "Next": self.next.isoformat() if self.next is not None else None,
            "LastUpdated": self._local_now().isoformat() if last is not None else _NEVER,
            "Schedule": self.schedule.expression,
        }


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def _read(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
