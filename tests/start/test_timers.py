"""Timers of `azfunc start`: when they fire, what they make up for, and what they tell the function."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.errors import DefinitionError
from azfunc.runtime.clock import FakeClock
from azfunc.start import LocalApp
from azfunc.start.local_app import LocalOptions
from azfunc.start.timers import SystemZone, Timer, TimerStates, local_zone
from tests.start.support import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

BEGIN = datetime(2026, 3, 2, 9, 58, 30, tzinfo=timezone.utc)


class World:
    """An app with one timer, in a world whose clock is turned by hand."""

    def __init__(self, folder: Path, schedule: str = "0 */10 * * * *", start: datetime = BEGIN, **fields: Any) -> None:
        self.clock = FakeClock()
        self.start = start
        self.requests: list[func.TimerRequest] = []
        self.takes = 0.0
        self.fails = False
        app = func.FunctionApp()

        @app.timer_trigger("tick", schedule, **fields)
        async def report(tick: func.TimerRequest) -> None:
            self.requests.append(tick)
            await self.clock.asleep(self.takes)
            if self.fails:
                raise ValueError

        options = LocalOptions(clock=self.clock, now=self.now, zone=timezone.utc)
        self.local = LocalApp(app, options=options)
        self.local.session.loaded.folder = folder
        [function] = self.local.session.host.functions
        self.timer = Timer(
            function,
            self.local.session.call,
            TimerStates(folder),
            clock=self.clock,
            now=self.now,
            zone=timezone.utc,
        )

    def now(self) -> datetime:
        """Give the time of this world."""
        return self.start + timedelta(seconds=self.clock.now())

    def run(self, *steps: Callable[[], Awaitable[object]]) -> None:
        """Take steps of the timer, one after the other."""

        async def run() -> None:
            for step in steps:
                await step()

        asyncio.run(run())

    @property
    def reasons(self) -> list[str]:
        """Why the function was called, oldest first."""
        return [call.reason for call in self.local.history][::-1]


def test_timer_fires_when_it_is_due(tmp_path: Path) -> None:
    """The timer sleeps until its schedule says, and calls the function then, again and again."""
    world = World(tmp_path)

    world.run(world.timer.begin, world.timer.wait, world.timer.fire, world.timer.wait, world.timer.fire)

    assert world.now() == datetime(2026, 3, 2, 10, 10, tzinfo=timezone.utc)
    assert world.reasons == ["timer fired", "timer fired"]
    assert [request.past_due for request in world.requests] == [False, False]
    first, second = (request.schedule_status for request in world.requests)
    assert (first.last, first.next) == (None, datetime(2026, 3, 2, 10, tzinfo=timezone.utc))
    assert second.last == datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
    assert second.next == datetime(2026, 3, 2, 10, 10, tzinfo=timezone.utc)
    assert max(world.clock.slept) <= 60


def test_one_call_at_a_time(tmp_path: Path) -> None:
    """A call that takes longer than the interval leaves out what falls in between."""
    world = World(tmp_path)
    world.takes = 25 * 60

    world.run(world.timer.begin, world.timer.wait, world.timer.fire)

    assert world.timer.next == datetime(2026, 3, 2, 10, 30, tzinfo=timezone.utc)
    assert len(world.requests) == 1


def test_missed_run_is_made_up_for(tmp_path: Path) -> None:
    """A run that fell into the time when nothing ran is made at the start, once, as past due."""
    before = World(tmp_path)
    before.run(before.timer.begin)
    later = World(tmp_path, start=BEGIN + timedelta(hours=3))

    later.run(later.timer.begin)

    assert later.reasons == ["timer is past due"]
    [request] = later.requests
    assert request.past_due
    assert request.schedule_status.next == datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
    again = World(tmp_path, start=BEGIN + timedelta(hours=3, minutes=1))
    again.run(again.timer.begin)
    assert again.requests == []


@pytest.mark.parametrize(
    ("schedule", "fields"),
    [
        pytest.param("0 */10 * * * *", {"use_monitor": False}, id="not-monitored"),
        pytest.param("*/30 * * * * *", {}, id="more-often-than-a-minute"),
        pytest.param("0 */5 * * * *", {}, id="another-schedule-than-before"),
    ],
)
def test_missed_run_is_let_go(tmp_path: Path, schedule: str, fields: dict[str, Any]) -> None:
    """Nothing is made up for without a monitor, by schedules within the minute, or when the schedule has changed."""
    before = World(tmp_path)
    before.run(before.timer.begin)
    later = World(tmp_path, schedule, start=BEGIN + timedelta(hours=3), **fields)

    later.run(later.timer.begin)

    assert later.requests == []


def test_run_on_startup(tmp_path: Path) -> None:
    """A function that asks for it runs when the host starts, and then by its schedule."""
    world = World(tmp_path, run_on_startup=True)

    world.run(world.timer.begin)

    assert world.reasons == ["timer runs on start-up"]
    assert not world.requests[0].past_due


def test_status_is_not_told_without_monitor(tmp_path: Path) -> None:
    """A timer without a monitor has no status, and leaves no file."""
    world = World(tmp_path, use_monitor=False)

    world.run(world.timer.begin, world.timer.fire)

    assert world.requests[0].schedule_status == {}
    assert list(tmp_path.iterdir()) == []


def test_failure_does_not_stop_the_timer(tmp_path: Path) -> None:
    """A call that raises is written down, and the next one is made."""
    world = World(tmp_path)
    world.fails = True

    world.run(world.timer.begin, world.timer.fire, world.timer.fire)

    assert [call.outcome for call in world.local.history] == ["failed", "failed"]


def test_state_is_kept_in_a_folder_that_git_ignores(tmp_path: Path) -> None:
    """The file with the state stands in a folder of its own, which ignores itself."""
    world = World(tmp_path)
    world.run(world.timer.begin)

    kept = json.loads((tmp_path / ".azfunc" / "timers.json").read_text())
    assert kept["report"]["Next"] == "2026-03-02T10:00:00+00:00"
    assert (tmp_path / ".azfunc" / ".gitignore").read_text() == "*\n"


def test_state_that_cannot_be_kept_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where the folder cannot be written to, timers go on, and a warning says what is lost."""
    (tmp_path / ".azfunc").write_text("in the way")
    world = World(tmp_path)

    world.run(world.timer.begin, world.timer.fire)

    assert len(world.requests) == 1
    assert "missed runs of timers will not be known" in caplog.text


@pytest.mark.parametrize(
    "text", ["[]", "no json", '{"report": 7}', '{"report": {"Next": 7, "Schedule": "0 */10 * * * *"}}']
)
def test_state_that_cannot_be_read_is_as_none(tmp_path: Path, text: str) -> None:
    """A file that somebody has spoilt does no harm."""
    (tmp_path / ".azfunc").mkdir()
    (tmp_path / ".azfunc" / "timers.json").write_text(text)
    world = World(tmp_path)

    world.run(world.timer.begin)

    assert world.requests == []


def test_schedule_that_never_fires_ends_the_timer(tmp_path: Path) -> None:
    """The thirtieth of February never comes, and the timer's task is over."""
    world = World(tmp_path, "0 0 0 30 2 *")

    async def run() -> None:
        assert not await world.timer.wait()
        world.timer.start()
        await asyncio.sleep(0)
        await world.timer.stop()

    asyncio.run(run())

    assert world.requests == []


def test_timers_run_while_the_host_does(tmp_path: Path) -> None:
    """A host fires its timers from its start to its stop."""
    world = World(tmp_path, "0 */10 * * * *", use_monitor=False)

    async def run() -> None:
        await world.local.startup()
        await until(lambda: len(world.requests) >= 3)
        await world.local.shutdown()

    asyncio.run(run())

    assert set(world.reasons) == {"timer fired"}


def test_timer_that_was_not_started_is_stopped_at_once(tmp_path: Path) -> None:
    """Stopping what never ran does nothing."""
    world = World(tmp_path)

    world.run(world.timer.stop)

    assert world.requests == []


def test_wrong_schedule_is_a_problem_of_its_function() -> None:
    """A schedule that cannot be read is named, and the other functions are served."""
    app = func.FunctionApp()

    @app.timer_trigger("tick", "0 0 0 * * 7")
    def wrong(tick: func.TimerRequest) -> None: ...

    @app.timer_trigger("tick", "%WHEN%")
    def right(tick: func.TimerRequest) -> None: ...

    local = LocalApp(app)

    assert len(local.session.problems) == 2
    assert "Function 'wrong'" in local.session.problems[0]
    assert "WHEN" in local.session.problems[1]


def test_zone_is_that_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """``WEBSITE_TIME_ZONE`` goes first, then ``TZ``; else the zone is that of the machine."""
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.delenv("WEBSITE_TIME_ZONE", raising=False)
    assert isinstance(local_zone(), SystemZone)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert str(local_zone()) == "Asia/Tokyo"
    monkeypatch.setenv("WEBSITE_TIME_ZONE", "Europe/Berlin")
    assert str(local_zone()) == "Europe/Berlin"
    monkeypatch.setenv("WEBSITE_TIME_ZONE", "Nowhere/Special")
    with pytest.raises(DefinitionError, match="Nowhere/Special"):
        local_zone()
    monkeypatch.delenv("WEBSITE_TIME_ZONE")
    monkeypatch.setenv("TZ", "CET-1CEST/none")
    assert isinstance(local_zone(), SystemZone)


def test_zone_of_the_machine_is_that_of_python() -> None:
    """Times in the zone of the machine are those that Python gives for it."""
    zone = SystemZone()

    for moment in (BEGIN, BEGIN + timedelta(days=150)):
        local = moment.astimezone(zone)
        assert local == moment
        assert local.utcoffset() == moment.astimezone().utcoffset()
        assert local.tzname() == moment.astimezone().tzname()
        assert local.dst() is None
    assert zone.utcoffset(None) is None
    assert zone.tzname(None) is None
