"""Dates and durations as Azure services and .NET write them.

`parse_datetime` and `parse_timedelta` read every form that the host is known to send; `format_datetime` and
`format_timedelta` write the forms that it reads. This module is the one door to dateutil, which is imported only for
dates with the name of a month in them; all other forms are read here.

Source: .NET documentation, "Standard date and time format strings", "TimeSpan.Parse" and "Standard TimeSpan format
strings"; RFC 1123; issue threads of the worker on dates in trigger metadata.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone

from azfunc._core.failures import ConversionError

_DATETIME_HINT = (
    "Use a form such as 2020-12-18T20:57:23.1234567Z, 2020-12-18 20:57:23+02:00, 12/18/2020 20:57:23 (month first), "
    "12/18/2020 8:57:23 PM +00:00 or Fri, 18 Dec 2020 20:57:23 GMT."
)
_TIMEDELTA_HINT = (
    "Use hh:mm:ss (00:05:00), d.hh:mm:ss (1.02:03:04), hh:mm, or a bare number of days; "
    "hours go from 0 to 23, minutes and seconds from 0 to 59."
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO_DATE_LENGTH = 10
_CLOCK_LENGTH = 8
_FRACTION_DIGITS = 7
_NOON = 12
_LAST_HOUR = 23
_LAST_MINUTE = 59
_LAST_DAY = 10_675_199
_MOST_MICROSECONDS = 922_337_203_685_477_580
_MICROSECOND = timedelta(microseconds=1)
_UTC = timezone.utc
_READS_ISO = sys.version_info >= (3, 11)
"""Whether `datetime.fromisoformat` reads ``Z`` and any number of fraction digits."""
_MIDNIGHT = datetime(1, 1, 1)  # noqa: DTZ001 (neither side of the subtraction has a zone)
_FIRST = datetime.min.replace(tzinfo=timezone.utc)
_LAST = datetime.max.replace(tzinfo=timezone.utc)


def parse_datetime(text: str, *, utc: bool = False) -> datetime:
    """Read a date and time in any form that Azure services and .NET send.

    These are ISO 8601 (``2020-12-18T20:57:23.1234567Z``; any offset or none, any number of fraction digits, a space for
    the ``T``, seconds or the whole time left out), .NET's culture-invariant form with the month first (``12/18/2020
    20:57:23``, also with ``PM`` and an offset) and the forms with a month's name (``Fri, 18 Dec 2020 20:57:23 GMT``).
    Unlike the reference, all offsets are read, not only zero.

    Args:
        text: The date and time; white space around it is ignored.
        utc: Give an aware datetime in UTC always.
            A text without a zone is taken as UTC. When left out, the result is aware if the text has a zone.

    Returns:
        The moment, cut off to whole microseconds. .NET's ``DateTime.MinValue`` and ``DateTime.MaxValue`` are
        `datetime.min` and `datetime.max`; with an offset that would carry them out of Python's range they stay
            there, in UTC.

    Raises:
        ConversionError: The text is none of these forms, or lacks a part of the date, or no such day or time exists.

    Example:
        >>> parse_datetime("10/07/2021 23:31:52", utc=True)
        datetime.datetime(2021, 10, 7, 23, 31, 52, tzinfo=datetime.timezone.utc)
    """
    try:
        # Most dates are 2020-12-18T20:57:23.1234567Z; of other forms of ISO 8601 Python takes more than .NET.
        usual = text[4:20:3] == "--T::." and text[-1] == "Z" and text[20] != "Z"
        value = datetime.fromisoformat(text) if usual and _READS_ISO else _read_datetime(text.strip())
    except (ValueError, ArithmeticError) as error:
        raise ConversionError(f"{text!r} is not a date and time.", hint=_DATETIME_HINT) from error
    if not utc or value.tzinfo is _UTC:
        return value
    return value.replace(tzinfo=_UTC) if value.tzinfo is None else value.astimezone(_UTC)


def format_datetime(value: datetime) -> str:
    """Write a date and time as ISO 8601, with ``Z`` for UTC; `parse_datetime` reads it back.

    Args:
        value: The moment; a naive one is written without a zone.

    Example:
        >>> format_datetime(datetime(2020, 12, 18, 20, 57, 23, tzinfo=timezone.utc))
        '2020-12-18T20:57:23Z'
    """
    if value.tzinfo is not None and not value.utcoffset():
        return value.replace(tzinfo=None).isoformat() + "Z"
    return value.isoformat()


def parse_timedelta(text: str) -> timedelta:
    """Read a duration as .NET's TimeSpan is written.

    The forms are ``[-][d.]hh:mm[:ss[.fffffff]]``, ``[-]d:hh:mm:ss[.fffffff]`` and a bare number. The surprises are
    .NET's: a bare number is **days**, and hours over 23 make the first number days, so that ``24:00:00`` is 24 days.
    Unlike the reference, for which a bare number is seconds and ``34:56`` is minutes and seconds.

    Args:
        text: The duration; white space around it is ignored.

    Returns:
        The duration, cut off to whole microseconds.

    Raises:
        ConversionError: The text is no TimeSpan, or one of its numbers is out of range.

    Example:
        >>> parse_timedelta("1.02:03:04")
        datetime.timedelta(days=1, seconds=7384)

    Source: .NET documentation, "TimeSpan.Parse".
    """
    if len(text) == _CLOCK_LENGTH and text[2] == text[5] == ":" and text < "24":
        try:
            # The usual form, at a fifth of the cost of the reading below: how far a time of day is from midnight.
            return datetime.fromisoformat(f"0001-01-01T{text}") - _MIDNIGHT
        except ValueError:
            pass  # said better below
    stripped = text.strip()
    negative = stripped.startswith("-")
    try:
        value = _read_timedelta(stripped[1:] if negative else stripped)
    except ValueError as error:
        raise ConversionError(f"{text!r} is not a time span: {error}.", hint=_TIMEDELTA_HINT) from error
    return -value if negative else value


def format_timedelta(value: timedelta) -> str:
    """Write a duration as .NET's TimeSpan: ``[-][d.]hh:mm:ss[.fffffff]``; `parse_timedelta` reads it back.

    Args:
        value: The duration, at most about 10,675,199 days either way.

    Raises:
        ConversionError: The duration is longer than a TimeSpan can be.

    Example:
        >>> format_timedelta(timedelta(days=14, milliseconds=5))
        '14.00:00:00.0050000'
    """
    size = abs(value // _MICROSECOND)
    if size > _MOST_MICROSECONDS:
        raise ConversionError(
            f"A duration of {value.days} days does not fit into a TimeSpan.",
            hint="Use a duration of at most 10675199.02:48:05.4775807.",
        )
    seconds, microseconds = divmod(size, 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    sign = "-" if value < timedelta(0) else ""
    front = f"{days}." if days else ""
    fraction = f".{microseconds:06}0" if microseconds else ""
    return f"{sign}{front}{hours:02}:{minutes:02}:{seconds:02}{fraction}"


def _read_datetime(text: str) -> datetime:
    tail = text[19:].removesuffix("+00:00")
    # The other usual ones: without a fraction, or with an offset of zero in place of the Z.
    usual = text[4:17:3] == "--T::" and (tail in ("", "Z") or (tail[0] == "." and tail[1:].isdigit()))
    if usual and _READS_ISO:
        return datetime.fromisoformat(text)
    date, clock = _halves(text)
    numbers = _date_numbers(date)
    if numbers is None:
        return _read_named(text)
    clock, offset = _cut_zone(clock)
    return _with_zone(_clocked(numbers, clock), offset)


def _halves(text: str) -> tuple[str, str]:
    for index, character in enumerate(text):
        if character in "Tt ":
            return text[:index], text[index + 1 :].strip()
    return text, ""


def _date_numbers(date: str) -> tuple[int, int, int] | None:
    if len(date) == _ISO_DATE_LENGTH and date[4] == date[7] == "-":
        return _number(date[:4]), _number(date[5:7]), _number(date[8:])
    parts = date.split("/")
    if list(map(len, parts)) in ([1, 1, 4], [1, 2, 4], [2, 1, 4], [2, 2, 4]):
        return _number(parts[2]), _number(parts[0]), _number(parts[1])
    return None


def _clocked(date: tuple[int, int, int], clock: str) -> datetime:
    """Give the date with its time of day, midnight without one; the constructor checks both against the calendar."""
    clock, half = _cut_half(clock)
    whole, dot, fraction = clock.partition(".")
    parts = whole.split(":") if clock else ["0", "0"]
    if not 2 <= len(parts) <= 3 or (dot and len(parts) == 2) or max(map(len, parts)) > 2:
        raise ValueError(f"{clock!r} is no time of day")
    hour, minute, second, *_ = [*map(_number, parts), 0]
    if half is not None:
        if not 1 <= hour <= _NOON:
            raise ValueError(f"{hour} is no hour before or after noon")
        hour = hour % _NOON + half
    microsecond = _number(fraction) and int(fraction.ljust(6, "0")[:6]) if dot else 0
    return datetime(*date, hour, minute, second, microsecond)  # noqa: DTZ001 (the zone, if any, is put on afterwards)


def _cut_half(clock: str) -> tuple[str, int | None]:
    ending = clock[-2:].upper()
    if ending == "AM":
        return clock[:-2].rstrip(), 0
    if ending == "PM":
        return clock[:-2].rstrip(), _NOON
    return clock, None


def _cut_zone(text: str) -> tuple[str, int | None]:
    """Split a text into what stands before the zone, and the zone's offset in seconds, None without a zone."""
    if text[-1:] in ("Z", "z"):
        return text[:-1].rstrip(), 0
    if text[-4:].upper() in (" GMT", " UTC"):
        return text[:-4].rstrip(), 0
    # A sign before the first colon belongs to the date: 18-Dec-2020 20:57.
    colon = text.find(":")
    sign = max(text.rfind("+", colon), text.rfind("-", colon)) if colon >= 0 else -1
    if sign < 0:
        return text, None
    seconds = _offset_seconds(text[sign + 1 :])
    return text[:sign].rstrip(), -seconds if text[sign] == "-" else seconds


def _offset_seconds(text: str) -> int:
    parts = text.split(":") if ":" in text else [text[:2], text[2:] or "00"]
    hours, minutes, seconds, *_ = [*map(_number, parts), 0, 0]
    if set(map(len, parts)) != {2} or len(parts) > 3 or hours > _LAST_HOUR or max(minutes, seconds) > _LAST_MINUTE:
        raise ValueError(f"{text!r} is no offset from UTC")
    return hours * 3600 + minutes * 60 + seconds


def _with_zone(value: datetime, offset: int | None) -> datetime:
    if offset is None:
        return value
    if not offset:
        return value.replace(tzinfo=timezone.utc)
    aware = value.replace(tzinfo=timezone(timedelta(seconds=offset)))
    try:
        aware.astimezone(timezone.utc)
    except OverflowError:
        return _FIRST if offset > 0 else _LAST
    return aware


def _read_named(text: str) -> datetime:
    """Read a form with the name of a month through dateutil, and refuse what dateutil would guess or fill in."""
    lower = text.lower()
    if not any(month in lower for month in _MONTHS):
        raise ValueError("neither numbers in a known order nor the name of a month")
    from dateutil.parser import parse

    rest, offset = _cut_zone(text)
    # What the text does not say is taken from the default, and so differs between these two.
    first = parse(rest, default=datetime(2000, 1, 1), tzinfos=_refuse_zone)  # noqa: DTZ001 (see above)
    second = parse(rest, default=datetime(2001, 2, 2, 1, 1), tzinfos=_refuse_zone)  # noqa: DTZ001 (see above)
    if first != second or f"{first.year:04}" not in rest:
        raise ValueError("a part of the date or of the time is missing")
    return _with_zone(first, offset)


def _refuse_zone(name: str | None, offset: int | None) -> None:
    # dateutil asks for a text without a zone too.
    if name is not None or offset is not None:
        raise ValueError(f"the time zone {name!r} means different offsets in different places")


def _read_timedelta(text: str) -> timedelta:
    head, *rest = text.split(":")
    if not rest:
        return timedelta(days=_within(head, "days", _LAST_DAY))
    days, dot, hours = head.rpartition(".")
    if not dot:
        days = "0"
    if len(rest) == 3:
        days, hours = head, rest.pop(0)
    elif len(rest) == 2 and not dot and "." not in rest[1] and _number(head) > _LAST_HOUR:
        days, hours, rest = head, rest[0], [rest[1], "0"]
    minutes, seconds, *more = [*rest, "0"]
    if len(more) > 1:
        raise ValueError("it has more than four parts")
    seconds, point, fraction = seconds.partition(".")
    if point and not 1 <= len(fraction) <= _FRACTION_DIGITS:
        raise ValueError(f"a fraction has 1 to {_FRACTION_DIGITS} digits")
    ticks = _number(fraction.ljust(_FRACTION_DIGITS, "0")) if point else 0
    value = timedelta(
        days=_within(days, "days", _LAST_DAY),
        hours=_within(hours, "hours", _LAST_HOUR),
        minutes=_within(minutes, "minutes", _LAST_MINUTE),
        seconds=_within(seconds, "seconds", _LAST_MINUTE),
        microseconds=ticks // 10,
    )
    if value // _MICROSECOND > _MOST_MICROSECONDS:
        raise ValueError("it is longer than 10675199.02:48:05.4775807")
    return value


def _within(text: str, unit: str, most: int) -> int:
    number = _number(text)
    if number > most:
        raise ValueError(f"{unit} go from 0 to {most}, and {number} was given")
    return number


def _number(text: str) -> int:
    # int() alone takes signs, spaces, underscores and the digits of every script.
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} stands where a number should")
    return int(text)
