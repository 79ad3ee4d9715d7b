"""Schedules of timer triggers: NCRONTAB expressions and intervals, read and computed as the host does.

`parse_schedule` reads ``0 30 9 * * 1-5`` (six fields, seconds first; five fields mean second 0), ``00:05:00`` (an
interval) or ``%NAME%`` (an app setting that holds one of these). Where it differs from cron as known elsewhere: day of
month **and** day of week have to match, Sunday is 0 only, a reversed range is swapped (``22-6`` is 6 to 22), ``a/n``
runs from a to the end of the field, and ``? L W #`` do not exist.

When clocks change: a time that the spring change leaves out fires once, later by what the clocks skip (02:30 at 03:30);
in autumn an interval schedule (one with ``*``, ``-`` or ``/`` among seconds, minutes and hours) runs through both
hours, any other schedule once, in summer time.

Source: Azure Functions documentation, "Timer trigger: NCRONTAB expressions"; NCrontab; the host's timer extension since
its pull request 908 ("fixing daylight savings bug"), whose treatment of clock changes this follows.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from calendar import monthrange
from datetime import MAXYEAR, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from azfunc._core.errors import DefinitionError, nearest
from azfunc._core.failures import ConversionError
from azfunc._core.times import format_timedelta, parse_timedelta

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import tzinfo

_SECOND = timedelta(seconds=1)
_SETTING = re.compile("%([^%]*)%")
_EXTENDED = re.compile(r"[0-9A-Z]*(L|W|LW|#[0-9]*)", re.IGNORECASE)
_SHORTEST_NAME = 3
_HINT = (
    "Write six fields, {second} {minute} {hour} {day} {month} {day-of-week}, such as '0 30 9 * * 1-5', "
    "or an interval, such as '00:05:00'."
)
_MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}


class _Field(NamedTuple):
    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()

    @property
    def permitted(self) -> str:
        words = f" or names such as {self.names[0][:_SHORTEST_NAME]}" if self.names else ""
        return f"{self.least} to {self.most}{words}"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_FIELDS = (
    _Field("second", 0, 59),
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day-of-week", 0, 6, _WEEKDAYS),
)
_FIELDS_WITHOUT_SECONDS = 5
_CLOCK_FIELDS = 3
_UNITS = ("second", "minute", "hour")
_HOURS_LISTED = 4
_DAYS_LISTED = 2
_LEAP_YEAR = 2000


class Schedule(ABC):
    """When a timer trigger fires; `parse_schedule` makes it.

    Args:
        expression: The expression, with app settings filled in.
    """

    expression: str
    """The expression, with app settings filled in."""

    def __init__(self, expression: str) -> None:
        self.expression = expression

    def next_after(self, moment: datetime, tz: tzinfo | None = None) -> datetime | None:
        """Give the first time after a moment at which the schedule fires, or None if it never does.

        The moment itself never counts.

        Args:
            moment: The moment; a naive one is a time of `tz`.
            tz: Time zone that the schedule is meant in; the moment's own when left out.
                Without either the result is naive, and no clock ever changes.
        """
        zone = tz or moment.tzinfo
        try:
            if zone is None:
                return self._after(moment)
            local = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
            return self._after_local(local, zone)
        except OverflowError:
            return None

    def upcoming(self, moment: datetime, count: int, tz: tzinfo | None = None) -> list[datetime]:
        """Give the next times after a moment, fewer than `count` if the schedule ends before.

        Args:
            moment: The moment; a naive one is a time of `tz`.
            count: How many times to give.
            tz: Time zone that the schedule is meant in; the moment's own when left out.
        """
        times: list[datetime] = []
        following = self.next_after(moment, tz)
        while following is not None and len(times) < count:
            times.append(following)
            following = self.next_after(following, tz)
        return times

    @abstractmethod
    def describe(self) -> str:
        """Say in English when the schedule fires, or give the expression if that takes more than a few words."""

    @abstractmethod
    def _after(self, moment: datetime) -> datetime | None:
        """Give the first time after a naive moment."""

    @abstractmethod
    def _after_local(self, local: datetime, zone: tzinfo) -> datetime | None:
        """Give the first time after a moment in its zone."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schedule) and self.expression == other.expression

    def __hash__(self) -> int:
        return hash(self.expression)

    def __repr__(self) -> str:
        return f"parse_schedule({self.expression!r})"


class IntervalSchedule(Schedule):
    """Fires again and again after the same time, counted from whenever it was started.

    Args:
        expression: The interval as a TimeSpan, such as ``00:05:00``.
        interval: Time between two runs.
    """

    interval: timedelta
    """Time between two runs."""

    def __init__(self, expression: str, interval: timedelta) -> None:
        super().__init__(expression)
        self.interval = interval

    def describe(self) -> str:
        """Say the interval in words: ``every 5 minutes``."""
        if self.interval.microseconds:
            return f"every {format_timedelta(self.interval)}"
        minutes, seconds = divmod(self.interval.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        amounts = ((self.interval.days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
        parts = [_amount(number, unit) for number, unit in amounts if number]
        return f"every {_listed(parts).removeprefix('1 ') if len(parts) == 1 else _listed(parts)}"

    def _after(self, moment: datetime) -> datetime:
        return moment + self.interval

    def _after_local(self, local: datetime, zone: tzinfo) -> datetime:
        return (local.astimezone(timezone.utc) + self.interval).astimezone(zone)


class CronSchedule(Schedule):
    """Fires at the times that an NCRONTAB expression matches.

    Args:
        expression: The expression, of five or six fields.
        fields: The values of each of the six fields, in order.
    """

    fields: tuple[tuple[int, ...], ...]
    """The values of each of the six fields, in order."""
    is_interval: bool
    """Whether it runs through both hours when clocks are set back: a ``* - /`` among seconds, minutes, hours."""

    def __init__(self, expression: str, fields: Sequence[tuple[int, ...]]) -> None:
        super().__init__(expression)
        self.fields = tuple(fields)
        self.is_interval = any(mark in part for part in expression.split()[:-_CLOCK_FIELDS] for mark in "*-/")

    def matches(self, moment: datetime) -> bool:
        """Say whether the second of a moment, as its own clock shows it, is in all six fields."""
        values = (moment.second, moment.minute, moment.hour, moment.day, moment.month, moment.isoweekday() % 7)
        return all(value in field for value, field in zip(values, self.fields, strict=True))

    def describe(self) -> str:
        """Say when it fires, such as ``every Monday to Friday at 09:30:00``, or give the expression."""
        days = self._described_days()
        clock = self._described_clock()
        if not days or not clock:
            return self.expression
        if clock.startswith("at "):
            return f"{days} {clock}"
        return clock if days == "every day" else f"{clock}, {days}"

    def _described_clock(self) -> str:
        seconds, minutes, hours = self.fields[:_CLOCK_FIELDS]
        if len(seconds) == len(minutes) == 1 and len(hours) <= _HOURS_LISTED:
            return "at " + _listed([f"{hour:02}:{minutes[0]:02}:{seconds[0]:02}" for hour in hours])
        for index, unit in enumerate(_UNITS):
            before, after = self.fields[:index], self.fields[index + 1 : _CLOCK_FIELDS]
            step = _step(self.fields[index], _FIELDS[index])
            if step and all(len(values) == 1 for values in before) and all(map(_is_full, after, _FIELDS[index + 1 :])):
                marks = [f"{name} {values[0]}" for name, values in zip(_UNITS, before, strict=False) if values[0]]
                at = f" at {_listed(marks[::-1])}" if marks else ""
                return f"every {unit}{at}" if step == 1 else f"every {step} {unit}s{at}"
        return ""

    def _described_days(self) -> str:
        days, months, weekdays = self.fields[_CLOCK_FIELDS:]
        all_days, all_months, all_weekdays = map(_is_full, self.fields[_CLOCK_FIELDS:], _FIELDS[_CLOCK_FIELDS:])
        if all_days and all_months:
            return "every day" if all_weekdays else f"every {_weekdays(weekdays)}"
        if not all_weekdays or len(days) != 1:
            return ""
        if all_months:
            return f"every month on day {days[0]}"
        return f"every {days[0]} {_MONTHS[months[0] - 1]}" if len(months) == 1 else ""

    def _after(self, moment: datetime) -> datetime | None:
        """Give the next match on a clock that never changes."""
        start = moment.replace(microsecond=0) + _SECOND
        for day in self._days_from(start.date()):
            clock = self._clock_from(start.time() if day == start.date() else time.min)
            if clock is not None:
                return datetime.combine(day, clock)
        return None

    def _days_from(self, first: date) -> Iterator[date]:
        _seconds, _minutes, _hours, days, months, weekdays = self.fields
        # A day that no month has, such as 31 February, would be looked for until the year 9999.
        longest = max(monthrange(_LEAP_YEAR, month)[1] for month in months)
        if days[0] > longest:
            return
        for year in range(first.year, MAXYEAR + 1):
            for month in months:
                last = monthrange(year, month)[1]
                for day in days[: bisect_left(days, last + 1)]:
                    candidate = date(year, month, day)
                    if candidate >= first and candidate.isoweekday() % 7 in weekdays:
                        yield candidate

    def _clock_from(self, first: time) -> time | None:
        seconds, minutes, hours = self.fields[:_CLOCK_FIELDS]
        for hour in hours[bisect_left(hours, first.hour) :]:
            if hour > first.hour:
                return time(hour, minutes[0], seconds[0])
            for minute in minutes[bisect_left(minutes, first.minute) :]:
                if minute > first.minute:
                    return time(hour, minute, seconds[0])
                index = bisect_left(seconds, first.second)
                if index < len(seconds):
                    return time(hour, minute, seconds[index])
        return None

    def _after_local(self, local: datetime, zone: tzinfo) -> datetime | None:
        wall = local.replace(tzinfo=None, fold=0)
        found = self._after(wall)
        doubled = _doubled(local, zone)
        if self.is_interval and doubled is not None:
            start, end = doubled
            if found is not None and found < end:
                return found.replace(tzinfo=zone, fold=local.fold)
            if not local.fold:
                again = self._after(start - _SECOND)
                if again is not None and again < end:
                    return again.replace(tzinfo=zone, fold=1)
        elif doubled is not None and local.fold:
            # Its time in the first of the two hours is over.
            found = self._after(max(wall, doubled[1] - _SECOND))
        if found is None:
            return None
        # By way of UTC a time that the clocks skip becomes the one that they show then.
        return found.replace(tzinfo=zone).astimezone(timezone.utc).astimezone(zone)


def parse_schedule(text: str, settings: Mapping[str, str] | None = None) -> Schedule:
    """Read the schedule of a timer trigger.

    Args:
        text: An NCRONTAB expression, a TimeSpan, or ``%NAME%`` for the app setting that holds one.
        settings: The app settings; letter case of their names does not count. Needed only for ``%NAME%``.

    Raises:
        DefinitionError: The schedule cannot be read, or the app setting is not there.

    Example:
        >>> parse_schedule("0 30 9 * * Mon-Fri").describe()
        'every Monday to Friday at 09:30:00'
    """
    resolved = _SETTING.sub(lambda found: _setting(text, found[1], settings), text)
    shown = repr(text) if resolved == text else f"{text!r}, which is {resolved!r},"
    parts = resolved.strip(" ").split(" ")
    parts = [part for part in parts if part]
    if len(parts) in (_FIELDS_WITHOUT_SECONDS, len(_FIELDS)):
        return CronSchedule(" ".join(parts), _read_fields(shown, parts))
    if len(parts) == 1:
        return _interval(shown, parts[0])
    counted = f"has {_amount(len(parts), 'field')}" if parts else "is empty"
    raise DefinitionError(f"The schedule {shown} {counted}.", hint=_HINT)


def setting_names(text: str) -> tuple[str, ...]:
    """Give the names of the app settings that a schedule refers to by ``%NAME%``.

    Args:
        text: The schedule as the trigger has it.
    """
    return tuple(_SETTING.findall(text))


def _setting(text: str, name: str, settings: Mapping[str, str] | None) -> str:
    known = settings or {}
    value = known.get(name)
    if value is None:
        value = next((known[key] for key in known if key.lower() == name.lower()), None)
    if value is None:
        close = nearest(name, known)
        raise DefinitionError(
            f"The schedule {text!r} names the app setting {name!r}, which is not set.",
            hint=f"Did you mean {close!r}?" if close else f"Set {name}, locally under Values in local.settings.json.",
        )
    return value


def _interval(shown: str, text: str) -> IntervalSchedule:
    macro = _MACROS.get(text.lower())
    if macro:
        raise DefinitionError(f"The schedule {shown} is a macro that the host does not know.", hint=f"Write '{macro}'.")
    try:
        interval = parse_timedelta(text)
    except ConversionError as error:
        raise DefinitionError(
            f"The schedule {shown} is neither an NCRONTAB expression nor an interval: {error.message}",
            hint=_HINT,
        ) from error
    if interval <= timedelta(0):
        raise DefinitionError(
            f"The interval {shown} does not lie in the future.", hint="Use a positive one: '00:05:00'."
        )
    return IntervalSchedule(text, interval)


def _read_fields(shown: str, parts: list[str]) -> list[tuple[int, ...]]:
    if len(parts) == len(_FIELDS):
        return [_checked_field(shown, field, text) for field, text in zip(_FIELDS, parts, strict=True)]
    note = " The expression has five fields, so the first is the minute; with six the first is the second."
    return [(0,), *(_checked_field(shown, field, text, note) for field, text in zip(_FIELDS[1:], parts, strict=True))]


def _checked_field(shown: str, field: _Field, text: str, note: str = "") -> tuple[int, ...]:
    try:
        return _read_field(field, text)
    except ValueError as error:
        raise DefinitionError(
            f"The schedule {shown} is wrong in the field {field.name}, {text!r}: {error}; it takes {field.permitted}.",
            hint=_field_hint(field, text) + note,
        ) from error


def _field_hint(field: _Field, text: str) -> str:
    if "?" in text:
        return "Write * for every value; a ? is not known here."
    if field.name == "day-of-week" and "7" in text:
        return "Sunday is 0, and 7 is nothing: write 0-6 or * for the whole week."
    if field.name in ("day", "day-of-week") and _EXTENDED.fullmatch(text):
        return "Last days, nearest weekdays and n-th weekdays do not exist: fire every day and ask for the date."
    close = nearest(text, (*field.names, *(name[:_SHORTEST_NAME] for name in field.names)))
    if close:
        return f"Did you mean {close}? Names are English ones, or their beginnings of three letters and more."
    return f"Write *, a value, a range a-b, a step */n or a/n, or several of these with commas; from {field.permitted}."


def _read_field(field: _Field, text: str) -> tuple[int, ...]:
    values: set[int] = set()
    for part in text.split(","):
        body, slash, step = part.partition("/")
        every = max(1, _number(step)) if slash else 1
        if body == "*":
            first, last = field.least, field.most
        elif "-" in body:
            first, last = sorted(_value(field, end) for end in body.split("-", 1))
        else:
            first = _value(field, body)
            last = field.most if slash else first
        values.update(range(first, last + 1, every))
    return tuple(sorted(values))


def _value(field: _Field, text: str) -> int:
    if text[:1].isdigit():
        number = _number(text)
        if not field.least <= number <= field.most:
            raise ValueError(f"{number} is out of range")
        return number
    if len(text) >= _SHORTEST_NAME:
        for index, name in enumerate(field.names):
            if name.lower().startswith(text.lower()):
                return field.least + index
    raise ValueError(f"{text!r} is no value" if text else "a value is missing")


def _number(text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise ValueError(f"{text!r} is no number" if text else "a number is missing")
    return int(text)


def _doubled(local: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Give the begin and the end, as clocks show them, of the hour around a moment that clocks show twice, if any."""
    wall = local.replace(tzinfo=None, fold=0)
    length = _set_back(wall, zone)
    if length <= timedelta(0):
        return None
    # They are shown twice for as long as clocks are set back, so the first of them is not far.
    earliest = wall - length
    seconds = range(length // _SECOND + 1)
    first = bisect_left(seconds, 1, key=lambda second: _set_back(earliest + second * _SECOND, zone) > timedelta(0))
    start = earliest + first * _SECOND
    return start, start + length


def _set_back(wall: datetime, zone: tzinfo) -> timedelta:
    """Say by how much clocks are set back over a time: more than zero if they show it twice."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    return first - second


def _is_full(values: tuple[int, ...], field: _Field) -> bool:
    return len(values) == field.most - field.least + 1


def _step(values: tuple[int, ...], field: _Field) -> int:
    """Give the step of values that are evenly spread around the clock from its zero on; 0 if they are not."""
    size = field.most + 1
    step = size // len(values)
    return step if len(values) > 1 and values == tuple(range(0, size, step)) and size % step == 0 else 0


def _weekdays(values: tuple[int, ...]) -> str:
    names = [_WEEKDAYS[value] for value in values]
    if len(values) > _DAYS_LISTED and values[-1] - values[0] == len(values) - 1:
        return f"{names[0]} to {names[-1]}"
    return _listed(names)


def _amount(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
