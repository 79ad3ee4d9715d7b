"""Timers: a trigger that runs by a schedule.

Docs: Timer trigger for Azure Functions. No extension bundle needed.
"""

from __future__ import annotations

from azfunc._core.binding import Trigger
from azfunc._core.checks import is_dict
from azfunc._core.converter import InConverter
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.message import DATETIME_UTC, Message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from typing import Any, ClassVar

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- message types ----------------------------------------------------------------------------------------------------


class ScheduleStatus(dict[str, "Any"]):
    """When a timer ran and when it is to run; the host's own dict, with its times as attributes.

    Source: Timer trigger for Azure Functions, "Usage", ``ScheduleStatus``.
    """

    @property
    def last(self) -> datetime | None:
        """When the schedule was last due, in UTC; from ``Last``; None before the first time."""
        return self._time("Last")

    @property
    def next(self) -> datetime | None:
        """When the schedule is due next, in UTC; from ``Next``."""
        return self._time("Next")

    @property
    def last_updated(self) -> datetime | None:
        """When the host wrote this down, in UTC; from ``LastUpdated``."""
        return self._time("LastUpdated")

    def _time(self, key: str) -> datetime | None:
        value = self.get(key)
        if value is None:
            return None
        try:
            time: datetime | None = DATETIME_UTC.read(value)
        except ValueError as error:
            raise ConversionError(f"cannot read {key!r} of the schedule status: {error}") from error
        # The host writes the least date for a timer that has not run yet.
        if time is None or time.year == 1:
            return None
        from datetime import timezone

        return time if time.tzinfo is not None else time.replace(tzinfo=timezone.utc)


class TimerRequest(Message):
    """What a timer function is given.

    Args:
        past_due: Whether the call comes later than the schedule said.
        schedule_status: When the timer ran and is to run, as the host has it: ``{"Last": "...", "Next": "..."}``.
        schedule: The schedule as the host has it, such as ``{"AdjustForDST": True}``.

    Example:
        >>> func.TimerRequest(past_due=True).past_due
        True

    Source: reference 1.26.0 and 2.3.0, `TimerRequest`; Timer trigger for Azure Functions, "Usage".
    """

    def __init__(
        self,
        *,
        past_due: bool = False,
        schedule_status: Mapping[str, Any] | None = None,
        schedule: Mapping[str, Any] | None = None,
    ) -> None:
        self._values = {
            "past_due": past_due,
            "schedule_status": ScheduleStatus(schedule_status or {}),
            "schedule": dict(schedule or {}),
        }

    @property
    def past_due(self) -> bool:
        """Whether the call comes later than the schedule said; from ``IsPastDue``."""
        return bool(self._values.get("past_due"))

    @property
    def schedule_status(self) -> ScheduleStatus:
        """When the timer ran and is to run; a dict with the attributes `last`, `next` and `last_updated`."""
        found: ScheduleStatus = self._values.setdefault("schedule_status", ScheduleStatus())
        return found

    @property
    def schedule(self) -> dict[str, Any]:
        """The schedule as the host has it; from ``Schedule``."""
        found: dict[str, Any] = self._values.setdefault("schedule", {})
        return found

    def get_body(self) -> bytes:
        """Give what the host sends for it, as JSON in UTF-8."""
        return TimerRequestConverter.to_wire(self)[0].value.encode()  # type: ignore[no-any-return]  # text of a json datum

    def to_dict(self) -> dict[str, Any]:
        """Give the request as a dict."""
        return {"past_due": self.past_due, "schedule_status": self.schedule_status, "schedule": self.schedule}

    def _fields(self) -> dict[str, Any]:
        return {name: value for name, value in self.to_dict().items() if value}

    def __repr__(self) -> str:
        from azfunc._core.text import call_text

        return call_text(type(self).__name__, self._fields().items())


# --- binding classes --------------------------------------------------------------------------------------------------


class TimerTrigger(Trigger, type="timerTrigger"):
    """Entry of type ``timerTrigger`` in function.json."""

    schedule: str
    run_on_startup: bool | None = None
    use_monitor: bool | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class TimerRequestConverter(InConverter, binding="timerTrigger", trigger=True):
    """Timer trigger: the argument is a `TimerRequest`."""

    input_types: ClassVar[tuple[type, ...]] = (TimerRequest,)

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> TimerRequest:
        """Turn a ``json`` datum into a `TimerRequest`."""
        if data.type != "json":
            raise UnsupportedValueError(
                f"unsupported timer payload type: {data.type}", hint="The host sends a timer as json."
            )
        from azfunc._core.jsonlib import loads

        payload = loads(data.value, what="the payload of the timer")
        if not is_dict(payload):
            raise ConversionError(f"The payload of a timer is no JSON object but a {type(payload).__name__}.")
        return TimerRequest(
            past_due=bool(payload.get("IsPastDue", False)),
            schedule_status=payload.get("ScheduleStatus"),
            schedule=payload.get("Schedule"),
        )

    @classmethod
    def to_wire(cls, value: TimerRequest) -> tuple[Datum, dict[str, Datum]]:
        """Turn a `TimerRequest` into the datum it would have come from."""
        from azfunc._core.jsonlib import dumps

        info = {"IsPastDue": value.past_due, "ScheduleStatus": value.schedule_status, "Schedule": value.schedule}
        return Datum(dumps(info), "json"), {}


# --- trigger decorators -----------------------------------------------------------------------------------------------


class TimerTriggers(DecoratorApi):
    """Timers: decorators that start a function."""

    def timer_trigger(
        self,
        arg_name: str,
        schedule: str | timedelta,
        run_on_startup: bool | None = None,
        use_monitor: bool | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function by a schedule.

        One call at a time, over all instances of the app. A call that fails is not repeated without ``@app.retry()``.

        Args:
            arg_name: Parameter of the function that gets the `TimerRequest`.
            schedule: Six fields: second, minute, hour, day, month, day of the week.
                ``0 */5 * * * *`` is every five minutes, ``0 30 9 * * 1-5`` half past nine on working days. Sunday is
                0. An interval is possible too, as a timedelta or as text, ``00:05:00``; and ``%NAME%`` for an app
                setting.
            run_on_startup: Whether to run once when the host starts; False when left out.
                With it the function also runs whenever the host wakes up or moves.
            use_monitor: Whether the host remembers the last run, to make up for one that was missed.
                True when left out, except for schedules more often than once a minute.
            data_type: How the host hands the value over; leave it out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            ArgumentTypeError: The schedule is neither text nor a timedelta.
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.timer_trigger("tick", "0 */5 * * * *")
            ... def report(tick: func.TimerRequest) -> None:
            ...     if tick.past_due:
            ...         print("late")

        Source: Timer trigger for Azure Functions, "Decorators" and "NCRONTAB expressions"; reference 1.26.0,
        `timer_trigger`.
        """
        return self._bind(
            TimerTrigger,
            kwargs,
            name=arg_name,
            schedule=_schedule_text(schedule),
            run_on_startup=run_on_startup,
            use_monitor=use_monitor,
            data_type=as_data_type(data_type),
        )

    schedule = timer_trigger


def _schedule_text(schedule: object) -> str:
    """Give a schedule as the host reads it; an interval as .NET's TimeSpan."""
    if isinstance(schedule, str):
        return schedule
    from datetime import timedelta

    if isinstance(schedule, timedelta):
        from azfunc._core.times import format_timedelta

        return format_timedelta(schedule)
    raise ArgumentTypeError(
        f"The schedule of a timer is text or a timedelta, and got {schedule!r}.",
        hint="Write six fields, such as '0 30 9 * * 1-5', or an interval, such as '00:05:00'.",
    )
