"""Dates and durations: every form that services send is read, and nothing is guessed."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azfunc._core.failures import ConversionError
from azfunc._core.times import format_datetime, format_timedelta, parse_datetime, parse_timedelta

if TYPE_CHECKING:
    from collections.abc import Callable

UTC = timezone.utc
WHEN = datetime(2018, 8, 7, 23, 17, 57, tzinfo=UTC)
NAIVE = WHEN.replace(tzinfo=None)
EAST = timezone(timedelta(hours=2))
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)

# Text, and what comes of it; the first part is the reference's table, with the values that it gives.
DATETIMES = [
    ("2018-08-07T23:17:57Z", WHEN),
    ("2018-08-07T23:17:57.461050Z", WHEN.replace(microsecond=461050)),
    ("2018-08-07T23:17:57.4610506Z", WHEN.replace(microsecond=461050)),
    ("2018-08-07T23:17:57.4610506789Z", WHEN.replace(microsecond=461050)),
    ("2018-08-07T23:17:57.46Z", WHEN.replace(microsecond=460000)),
    ("2018-08-07T23:17:57", NAIVE),
    ("2018-08-07T23:17:57.461050", NAIVE.replace(microsecond=461050)),
    ("2018-08-07T23:17:57+00:00", WHEN),
    ("2018-08-07T23:17:57-00:00", WHEN),
    ("08/07/2018 23:17:57Z", WHEN),
    ("8/7/2018 23:17:57Z", WHEN),
    ("08/07/2018T23:17:57", NAIVE),
    ("08/07/2018 23:17:57+00:00", WHEN),
    ("2018-08-07T23:17:57z", WHEN),
    # From here on the reference raises.
    ("2018-08-07T23:17:57+02:00", WHEN.replace(tzinfo=EAST)),
    ("2018-08-07T23:17:57.4610506+02:00", WHEN.replace(tzinfo=EAST, microsecond=461050)),
    ("2018-08-07T23:17:57+0200", WHEN.replace(tzinfo=EAST)),
    ("2018-08-07T23:17:57+02", WHEN.replace(tzinfo=EAST)),
    ("2018-08-07T23:17:57-05:30", WHEN.replace(tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
    ("2018-08-07T23:17:57+01:02:03", WHEN.replace(tzinfo=timezone(timedelta(seconds=3723)))),
    ("2018-08-07T23:17:57.0000009Z", WHEN),
    ("2018-08-07 23:17:57", NAIVE),
    ("2018-08-07 23:17:57Z", WHEN),
    ("2018-08-07 23:17:57 Z", WHEN),
    ("2018-08-07 23:17:57 UTC", WHEN),
    ("2018-08-07T23:17Z", WHEN.replace(second=0)),
    ("2018-08-07", NAIVE.replace(hour=0, minute=0, second=0)),
    ("  2018-08-07T23:17:57Z\n", WHEN),
    ("08/07/2018 23:17:57", NAIVE),
    ("08/07/2018 11:17:57 PM", NAIVE),
    ("8/7/2018 11:17:57 pm +00:00", WHEN),
    ("8/7/2018 11:17:57PM", NAIVE),
    ("08/07/2018 12:17:57 AM", NAIVE.replace(hour=0)),
    ("08/07/2018 12:17:57 PM", NAIVE.replace(hour=12)),
    ("08/07/2018 23:17:57 +02:00", WHEN.replace(tzinfo=EAST)),
    ("Tue, 07 Aug 2018 23:17:57 GMT", WHEN),
    ("Tue, 7 Aug 2018 23:17:57 +0200", WHEN.replace(tzinfo=EAST)),
    ("07-Aug-2018 23:17:57", NAIVE),
    ("Tuesday, 07 August 2018 23:17:57", NAIVE),
    ("Tue Aug  7 23:17:57 2018", NAIVE),
    ("Tue, 07 Aug 2018 23:17:57.4610506 GMT", WHEN.replace(microsecond=461050)),
    ("0001-01-01T00:00:00", FIRST.replace(tzinfo=None)),
    ("0001-01-01T00:00:00Z", FIRST),
    ("01/01/0001 00:00:00 +00:00", FIRST),
    ("0001-01-01T00:00:00+02:00", FIRST),
    ("9999-12-31T23:59:59.9999999", LAST.replace(tzinfo=None)),
    ("9999-12-31T23:59:59.9999999Z", LAST),
    ("9999-12-31T23:59:59.9999999-08:00", LAST),
]

REFUSED_DATETIMES = [
    "",
    " ",
    "5",
    "soon",
    "not a date",
    "Dec",
    "18 Dec",
    "Dec 2020",
    "18 Dec 2020",
    "Tuesday",
    "20:57:23",
    "18 Dec 20:57:23",
    "Fri, 18 Dec 20 20:57:23 GMT",
    "Fri, 18 Dec 2020 20:57:23 EST",
    "Fri, 18 Dec 2020 25:57:23 GMT",
    "Fri, 31 Feb 2020 20:57:23 GMT",
    "1607720000",
    "20201218T205723Z",
    "2018-13-07T23:17:57Z",
    "2018-02-30T23:17:57Z",
    "2018-08-07T24:00:00Z",
    "2018-08-07T23:60:00Z",
    "2018-08-07T23:17:60Z",
    "2018-08-07T23Z",
    "2018-08-07T23:17:57.Z",
    "2018-08-07T23:17.5Z",
    "2018-08-07T23:17:57.46a",
    "2018-08-07T23:17:57+2:00",
    "2018-08-07T23:17:57+24:00",
    "2018-08-07T23:17:57+02:60",
    "2018-08-07T23:17:57+",
    "2018-08-07T023:17:57Z",
    "2018-8-7T23:17:57Z",
    "\u0662\u0660\u0661\u0668-08-07T23:17:57Z",
    "13/07/2018 23:17:57",
    "08/07/18 23:17:57",
    "08/07/2018 13:17:57 PM",
    "08/07/2018 0:17:57 AM",
    "0000-01-01T00:00:00Z",
]

TIMEDELTAS = [
    ("00:05:00", timedelta(minutes=5)),
    ("12:34:56", timedelta(hours=12, minutes=34, seconds=56)),
    ("1:2:3", timedelta(hours=1, minutes=2, seconds=3)),
    ("1.02:03:04", timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ("1:02:03:04", timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ("1:02:03:04.5", timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=500)),
    ("1.02:03", timedelta(days=1, hours=2, minutes=3)),
    ("14.00:00:00", timedelta(days=14)),
    ("23:59", timedelta(hours=23, minutes=59)),
    ("00:00", timedelta(0)),
    ("0", timedelta(0)),
    ("5", timedelta(days=5)),
    ("-5", timedelta(days=-5)),
    (" 5 ", timedelta(days=5)),
    ("24:00:00", timedelta(days=24)),
    ("100:00:00", timedelta(days=100)),
    ("36:12:30", timedelta(days=36, hours=12, minutes=30)),
    ("00:00:01.5000000", timedelta(seconds=1, milliseconds=500)),
    ("00:00:00.0000019", timedelta(microseconds=1)),
    ("-00:00:01.5", -timedelta(seconds=1, milliseconds=500)),
    ("-1.02:03:04", -timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ("10675199.02:48:05.4775807", timedelta(days=10675199, hours=2, minutes=48, seconds=5, microseconds=477580)),
    ("-10675199.02:48:05.4775808", -timedelta(days=10675199, hours=2, minutes=48, seconds=5, microseconds=477580)),
]

REFUSED_TIMEDELTAS = [
    "",
    "-",
    "x",
    "1.5",
    "1.02",
    "1_000",
    "+5",
    "- 5",
    "--5",
    "60:00",
    "34:56",
    "24:00",
    "23:60:00",
    "23:00:60",
    "25:30:00",
    "24:00:00.5",
    "1.24:00:00",
    "1.2.3:00:00",
    "1.02:03:04:05",
    "1:2:3:4:5",
    "1:2:3:4:5:6",
    ":05:00",
    "00:05:",
    "00:05:00.",
    "00:05:00.12345678",
    "00:05:0x",
    "\u0665",
    "10675200",
    "10675199.02:48:05.4775810",
    "99999999999999999999",
]


@pytest.mark.parametrize(("text", "expected"), DATETIMES, ids=[text for text, _ in DATETIMES])
def test_datetime_form_is_read(text: str, expected: datetime) -> None:
    """Each form gives its moment, and is aware exactly if the text has a zone."""
    value = parse_datetime(text)

    assert value == expected
    assert value.utcoffset() == expected.utcoffset()


@pytest.mark.parametrize(("text", "expected"), DATETIMES, ids=[text for text, _ in DATETIMES])
def test_utc_gives_an_aware_moment_always(text: str, expected: datetime) -> None:
    """With `utc` each form is in UTC, and one without a zone is taken as UTC."""
    value = parse_datetime(text, utc=True)

    assert value.tzinfo is UTC
    assert value == (expected if expected.tzinfo else expected.replace(tzinfo=UTC))


@pytest.mark.parametrize("text", REFUSED_DATETIMES)
def test_datetime_is_not_guessed(text: str) -> None:
    """What lacks a part or is no date is refused with the value and the forms."""
    with pytest.raises(ConversionError) as caught:
        parse_datetime(text)

    assert repr(text) in caught.value.message
    assert "2020-12-18T20:57:23" in caught.value.hint
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(("text", "expected"), TIMEDELTAS, ids=[text for text, _ in TIMEDELTAS])
def test_time_span_is_read(text: str, expected: timedelta) -> None:
    """Each TimeSpan form gives its duration."""
    assert parse_timedelta(text) == expected


@pytest.mark.parametrize("text", REFUSED_TIMEDELTAS)
def test_wrong_time_span_is_refused(text: str) -> None:
    """A text that .NET refuses is refused with the value and the forms."""
    with pytest.raises(ConversionError) as caught:
        parse_timedelta(text)

    assert repr(text) in caught.value.message
    assert "d.hh:mm:ss" in caught.value.hint


def test_time_span_error_names_the_part() -> None:
    """The message says which number is out of range."""
    with pytest.raises(ConversionError, match="minutes go from 0 to 59, and 75 was given"):
        parse_timedelta("00:75:00")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (WHEN, "2018-08-07T23:17:57Z"),
        (WHEN.replace(microsecond=5), "2018-08-07T23:17:57.000005Z"),
        (WHEN.replace(tzinfo=timezone(timedelta(0), "Zulu")), "2018-08-07T23:17:57Z"),
        (WHEN.replace(tzinfo=EAST), "2018-08-07T23:17:57+02:00"),
        (NAIVE, "2018-08-07T23:17:57"),
    ],
)
def test_datetime_is_written(value: datetime, expected: str) -> None:
    """UTC is written as Z, another zone as its offset, a naive datetime without any."""
    assert format_datetime(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (timedelta(0), "00:00:00"),
        (timedelta(minutes=5), "00:05:00"),
        (timedelta(hours=23, minutes=59, seconds=59), "23:59:59"),
        (timedelta(days=1), "1.00:00:00"),
        (timedelta(days=14, milliseconds=5), "14.00:00:00.0050000"),
        (-timedelta(hours=36, microseconds=1), "-1.12:00:00.0000010"),
    ],
)
def test_time_span_is_written(value: timedelta, expected: str) -> None:
    """Days stand in front from one day up, and a fraction has seven digits."""
    assert format_timedelta(value) == expected


def test_duration_beyond_a_time_span_is_refused() -> None:
    """A timedelta can be longer than a TimeSpan; that is said instead of writing what nobody reads."""
    with pytest.raises(ConversionError) as caught:
        format_timedelta(timedelta(days=10_675_200))

    assert "10675200 days" in caught.value.message
    assert "at most" in caught.value.hint


@given(st.datetimes(timezones=st.none() | st.timezones()))
def test_datetime_round_trip(value: datetime) -> None:
    """What `format_datetime` writes is read back as the same moment with the same offset."""
    back = parse_datetime(format_datetime(value))

    try:
        value.astimezone(UTC)
    except OverflowError:
        assert back in (FIRST, LAST)
        return
    assert back.replace(tzinfo=None) == value.replace(tzinfo=None)
    assert back.utcoffset() == value.utcoffset()


@given(st.timedeltas(min_value=timedelta(days=-10_675_199), max_value=timedelta(days=10_675_199)))
def test_timedelta_round_trip(value: timedelta) -> None:
    """What `format_timedelta` writes is read back as the same duration."""
    assert parse_timedelta(format_timedelta(value)) == value


@given(st.sampled_from([parse_datetime, parse_timedelta]), st.text(alphabet="0123456789:./- TZ+APMDec,", max_size=30))
def test_any_text_is_read_or_refused(read: Callable[[str], object], text: str) -> None:
    """No text makes another error than `ConversionError`."""
    with contextlib.suppress(ConversionError):
        assert read(text) is not None


def test_dateutil_is_loaded_only_for_names_of_months() -> None:
    """The forms with numbers only are read without dateutil and without re."""
    code = (
        "import sys; before = set(sys.modules); from azfunc._core.times import parse_datetime as read\n"
        "read('2020-12-18T20:57:23.1234567Z'); read('12/18/2020 8:57:23 PM +00:00')\n"
        "assert not {'dateutil', 're'} & (set(sys.modules) - before)\n"
        "read('Fri, 18 Dec 2020 20:57:23 GMT'); assert 'dateutil' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
