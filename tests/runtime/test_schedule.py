"""Schedules: what the host reads, when it fires, what it refuses, and what happens when clocks change."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azfunc._core.errors import DefinitionError
from azfunc.runtime.schedule import CronSchedule, IntervalSchedule, parse_schedule, setting_names

UTC = timezone.utc
BERLIN = ZoneInfo("Europe/Berlin")  # 2026: forward on 29 March at 02:00, back on 25 October at 03:00.
PACIFIC = ZoneInfo("America/Los_Angeles")  # 2018: forward on 11 March at 02:00, back on 4 November at 02:00.
NOW = "2026-01-01T12:00:00"  # A Thursday.

# Expression, and the next three times after Thursday, 1 January 2026, noon.
NEXT = [
    ("* * * * * *", "2026-01-01T12:00:01", "2026-01-01T12:00:02", "2026-01-01T12:00:03"),
    ("0 * * * * *", "2026-01-01T12:01:00", "2026-01-01T12:02:00", "2026-01-01T12:03:00"),
    ("0 */5 * * * *", "2026-01-01T12:05:00", "2026-01-01T12:10:00", "2026-01-01T12:15:00"),
    ("0 0 * * * *", "2026-01-01T13:00:00", "2026-01-01T14:00:00", "2026-01-01T15:00:00"),
    ("0 0 */2 * * *", "2026-01-01T14:00:00", "2026-01-01T16:00:00", "2026-01-01T18:00:00"),
    ("0 0 9-17 * * *", "2026-01-01T13:00:00", "2026-01-01T14:00:00", "2026-01-01T15:00:00"),
    ("0 30 9 * * *", "2026-01-02T09:30:00", "2026-01-03T09:30:00", "2026-01-04T09:30:00"),
    ("0 30 9 * * 1-5", "2026-01-02T09:30:00", "2026-01-05T09:30:00", "2026-01-06T09:30:00"),
    ("0 30 9 * Jan Mon", "2026-01-05T09:30:00", "2026-01-12T09:30:00", "2026-01-19T09:30:00"),
    ("30 9 * * *", "2026-01-02T09:30:00", "2026-01-03T09:30:00", "2026-01-04T09:30:00"),
    ("*/15 * * * *", "2026-01-01T12:15:00", "2026-01-01T12:30:00", "2026-01-01T12:45:00"),
    ("0 0 0 1 * *", "2026-02-01T00:00:00", "2026-03-01T00:00:00", "2026-04-01T00:00:00"),
    ("0 0 0 31 * *", "2026-01-31T00:00:00", "2026-03-31T00:00:00", "2026-05-31T00:00:00"),
    ("0 0 0 29 2 *", "2028-02-29T00:00:00", "2032-02-29T00:00:00", "2036-02-29T00:00:00"),
    ("0 0 0 29 2 1", "2044-02-29T00:00:00", "2072-02-29T00:00:00", "2112-02-29T00:00:00"),
    ("0 0 0 13 * 5", "2026-02-13T00:00:00", "2026-03-13T00:00:00", "2026-11-13T00:00:00"),
    ("0 0 12 1 1 *", "2027-01-01T12:00:00", "2028-01-01T12:00:00", "2029-01-01T12:00:00"),
    ("0 0 12 * * 0", "2026-01-04T12:00:00", "2026-01-11T12:00:00", "2026-01-18T12:00:00"),
    ("0 0 12 * * sunday", "2026-01-04T12:00:00", "2026-01-11T12:00:00", "2026-01-18T12:00:00"),
    ("0 0 12 1 Sept *", "2026-09-01T12:00:00", "2027-09-01T12:00:00", "2028-09-01T12:00:00"),
    ("0 0 12 1 JAN-MARCH *", "2026-02-01T12:00:00", "2026-03-01T12:00:00", "2027-01-01T12:00:00"),
    ("0 0 22-20 * * *", "2026-01-01T20:00:00", "2026-01-01T21:00:00", "2026-01-01T22:00:00"),
    ("0 0 0 * * Sat-Mon", "2026-01-02T00:00:00", "2026-01-03T00:00:00", "2026-01-05T00:00:00"),
    ("0 50/4 * * * *", "2026-01-01T12:50:00", "2026-01-01T12:54:00", "2026-01-01T12:58:00"),
    ("0 10-30/10 * * * *", "2026-01-01T12:10:00", "2026-01-01T12:20:00", "2026-01-01T12:30:00"),
    ("*/0 * * * * *", "2026-01-01T12:00:01", "2026-01-01T12:00:02", "2026-01-01T12:00:03"),
    ("58/0 * * * * *", "2026-01-01T12:00:58", "2026-01-01T12:00:59", "2026-01-01T12:01:58"),
    ("*/-3 * * * * *", "2026-01-01T12:00:01", "2026-01-01T12:00:02", "2026-01-01T12:00:03"),
    ("0 0 23/5 * * *", "2026-01-01T23:00:00", "2026-01-02T23:00:00", "2026-01-03T23:00:00"),
    ("5,8,10 * * * * *", "2026-01-01T12:00:05", "2026-01-01T12:00:08", "2026-01-01T12:00:10"),
    ("0 0 8,10-11,*/12 * * *", "2026-01-02T00:00:00", "2026-01-02T08:00:00", "2026-01-02T10:00:00"),
    ("0 007 * * * *", "2026-01-01T12:07:00", "2026-01-01T13:07:00", "2026-01-01T14:07:00"),
    ("  0   0  12 * *   * ", "2026-01-02T12:00:00", "2026-01-03T12:00:00", "2026-01-04T12:00:00"),
    ("0 0 0 */10 * *", "2026-01-11T00:00:00", "2026-01-21T00:00:00", "2026-01-31T00:00:00"),
    ("59 59 23 31 12 *", "2026-12-31T23:59:59", "2027-12-31T23:59:59", "2028-12-31T23:59:59"),
    ("00:05:00", "2026-01-01T12:05:00", "2026-01-01T12:10:00", "2026-01-01T12:15:00"),
    ("1.02:00:00", "2026-01-02T14:00:00", "2026-01-03T16:00:00", "2026-01-04T18:00:00"),
    ("24:00:00", "2026-01-25T12:00:00", "2026-02-18T12:00:00", "2026-03-14T12:00:00"),
    ("7", "2026-01-08T12:00:00", "2026-01-15T12:00:00", "2026-01-22T12:00:00"),
]

# Expression, a part of the message, a part of the hint.
REFUSED = [
    ("", "is empty", "six fields"),
    ("banana", "neither an NCRONTAB expression nor an interval", "00:05:00"),
    ("0 0 9 * * 7", "field day-of-week, '7': 7 is out of range; it takes 0 to 6", "Sunday is 0"),
    ("0 0 9 * * 1-7", "field day-of-week, '1-7'", "Sunday is 0"),
    ("60 * * * * *", "field second, '60': 60 is out of range; it takes 0 to 59", "Write *"),
    ("0 60 * * * *", "field minute, '60'", "from 0 to 59"),
    ("0 0 24 * * *", "field hour, '24': 24 is out of range; it takes 0 to 23", "from 0 to 23"),
    ("0 0 0 0 * *", "field day, '0': 0 is out of range; it takes 1 to 31", "from 1 to 31"),
    ("0 0 0 32 * *", "field day, '32'", "from 1 to 31"),
    ("0 0 0 1 13 *", "field month, '13': 13 is out of range; it takes 1 to 12", "names such as Jan"),
    ("0 0 0 ? * 1", "field day, '?': '?' is no value", "Write * for every value"),
    ("0 0 0 L * *", "field day, 'L'", "do not exist"),
    ("0 0 0 15W * *", "field day, '15W'", "do not exist"),
    ("0 0 0 * * 5#2", "field day-of-week, '5#2'", "do not exist"),
    ("0 0 0 * * FriL", "field day-of-week, 'FriL'", "do not exist"),
    ("0 0 0 * * Mo", "field day-of-week, 'Mo': 'Mo' is no value", "Mon"),
    ("0 0 0 * * Mittwoch", "field day-of-week, 'Mittwoch'", "from 0 to 6 or names such as Sun"),
    ("0 0 0 1 Okt *", "field month, 'Okt'", "names such as Jan"),
    ("0 0 0 1 Augxst *", "field month, 'Augxst'", "Did you mean August?"),
    ("0 x * * * *", "field minute, 'x': 'x' is no value", "Write *"),
    ("0 1,,2 * * * *", "field minute, '1,,2': a value is missing", "Write *"),
    ("0 1- * * * *", "a value is missing", "Write *"),
    ("0 -1 * * * *", "field minute, '-1': a value is missing", "Write *"),
    ("0 1-2-3 * * * *", "'2-3' is no number", "Write *"),
    ("0 */ * * * *", "a number is missing", "Write *"),
    ("0 */x * * * *", "'x' is no number", "Write *"),
    ("0 /5 * * * *", "a value is missing", "Write *"),
    ("0 1.5 * * * *", "'1.5' is no number", "Write *"),
    ("0 \u0661 * * * *", "is no number", "Write *"),
    ("0\t0 0 * * * *", "field second, '0\\t0'", "Write *"),
    ("30 25 * * *", "field hour, '25'", "five fields, so the first is the minute"),
    ("* * * *", "has 4 fields", "six fields"),
    ("0 0 0 1 1 * 2026", "has 7 fields", "six fields"),
    ("@hourly", "a macro that the host does not know", "0 0 * * * *"),
    ("00:00:00", "does not lie in the future", "positive"),
    ("-00:05:00", "does not lie in the future", "positive"),
    ("00:75:00", "minutes go from 0 to 59, and 75 was given", "00:05:00"),
]

DESCRIBED = [
    ("* * * * * *", "every second"),
    ("*/10 * * * * *", "every 10 seconds"),
    ("0 * * * * *", "every minute"),
    ("30 * * * * *", "every minute at second 30"),
    ("0 */5 * * * *", "every 5 minutes"),
    ("0 0,15,30,45 * * * 1-5", "every 15 minutes, every Monday to Friday"),
    ("0 0 * * * *", "every hour"),
    ("30 15 * * * *", "every hour at minute 15 and second 30"),
    ("0 5 */2 * * *", "every 2 hours at minute 5"),
    ("0 30 9 * * *", "every day at 09:30:00"),
    ("30 9 * * *", "every day at 09:30:00"),
    ("0 0 9,12,17 * * *", "every day at 09:00:00, 12:00:00 and 17:00:00"),
    ("0 30 9 * * 1-5", "every Monday to Friday at 09:30:00"),
    ("0 0 9 * * Sat,Sun", "every Sunday and Saturday at 09:00:00"),
    ("0 0 9 * * Wed", "every Wednesday at 09:00:00"),
    ("0 0 9 1 * *", "every month on day 1 at 09:00:00"),
    ("0 0 9 25 12 *", "every 25 December at 09:00:00"),
    ("0 0 9 25 11,12 *", "0 0 9 25 11,12 *"),
    ("0 0 9 1,15 * *", "0 0 9 1,15 * *"),
    ("0 0 9 13 * 5", "0 0 9 13 * 5"),
    ("0 0 9 * 1 5", "0 0 9 * 1 5"),
    ("0 */7 * * * *", "0 */7 * * * *"),
    ("0 5/10 * * * *", "0 5/10 * * * *"),
    ("0 0 9-17 * * *", "0 0 9-17 * * *"),
    ("00:05:00", "every 5 minutes"),
    ("00:00:01", "every second"),
    ("1", "every day"),
    ("1.02:00:30", "every 1 day, 2 hours and 30 seconds"),
    ("00:00:00.5", "every 00:00:00.5000000"),
]


def at(text: str, zone: ZoneInfo | timezone = UTC, fold: int = 0) -> datetime:
    """Give a time of a zone; fold 1 is the second of two times that clocks show alike."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def shown(times: list[datetime]) -> list[str]:
    """Write times with their offsets, as a log does."""
    return [moment.isoformat() for moment in times]


@pytest.mark.parametrize(("expression", "first", "second", "third"), NEXT, ids=[row[0] for row in NEXT])
def test_next_times(expression: str, first: str, second: str, third: str) -> None:
    """Each expression fires at the known times, aware or naive alike."""
    schedule = parse_schedule(expression)
    expected = [at(first), at(second), at(third)]

    assert schedule.upcoming(at(NOW), 3) == expected
    assert schedule.upcoming(at(NOW).replace(tzinfo=None), 3) == [moment.replace(tzinfo=None) for moment in expected]
    assert schedule.upcoming(at(NOW).replace(tzinfo=None), 3, UTC) == expected


@pytest.mark.parametrize(("expression", "message", "hint"), REFUSED, ids=[row[0] for row in REFUSED])
def test_wrong_schedule_is_refused(expression: str, message: str, hint: str) -> None:
    """The error names field, value, permitted range, and what to write."""
    with pytest.raises(DefinitionError) as caught:
        parse_schedule(expression)

    assert repr(expression) in caught.value.message
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(("expression", "text"), DESCRIBED, ids=[row[0] for row in DESCRIBED])
def test_description(expression: str, text: str) -> None:
    """What is simple is said in words; the rest is the expression."""
    assert parse_schedule(expression).describe() == text


@pytest.mark.parametrize("expression", ["0 0 0 31 2 *", "0 0 0 30-31 2 *", "0 0 0 31 2,4,6,9,11 *", "0 0 0 30 2 1"])
def test_day_that_never_comes(expression: str) -> None:
    """A day that no month has gives None at once."""
    assert parse_schedule(expression).next_after(at(NOW)) is None
    assert parse_schedule(expression).upcoming(at(NOW), 3) == []


@pytest.mark.parametrize("expression", ["0 0 12 1 1 *", "00:05:00", "* * * * * *"])
def test_calendar_ends(expression: str) -> None:
    """After the last year there is no next time, whatever the zone."""
    last = at("9999-12-31T23:59:59")

    assert parse_schedule(expression).next_after(last) is None
    assert parse_schedule(expression).next_after(last.replace(tzinfo=None)) is None
    assert parse_schedule(expression).next_after(last, timezone(timedelta(hours=5))) is None


def test_last_day_of_the_calendar_may_be_missed() -> None:
    """A date that does not come again in the years that are left is not looked for beyond them."""
    assert parse_schedule("0 0 12 1 1 *").next_after(at("9999-06-01T00:00:00")) is None


def test_moment_itself_never_fires() -> None:
    """The next time is later than the moment, fractions of a second included."""
    schedule = parse_schedule("0 0 12 * * *")

    assert schedule.next_after(at("2026-01-01T11:59:59") + timedelta(microseconds=999_999)) == at(NOW)
    assert schedule.next_after(at(NOW)) == at("2026-01-02T12:00:00")
    assert schedule.next_after(at(NOW) + timedelta(microseconds=1)) == at("2026-01-02T12:00:00")


def test_zone_of_the_schedule_counts() -> None:
    """The expression is meant in the given zone, and the result is in it."""
    following = parse_schedule("0 30 9 * * *").next_after(at("2026-01-01T09:00:00"), BERLIN)

    assert following == at("2026-01-02T09:30:00", BERLIN)
    assert following is not None
    assert following.tzinfo is BERLIN


def test_point_schedule_fires_once_in_autumn() -> None:
    """A time that clocks show twice fires in summer time only."""
    schedule = parse_schedule("0 30 1 * * *")

    assert shown(schedule.upcoming(at("2018-11-03T00:00:00", PACIFIC), 3)) == [
        "2018-11-03T01:30:00-07:00",
        "2018-11-04T01:30:00-07:00",
        "2018-11-05T01:30:00-08:00",
    ]
    between = schedule.next_after(at("2018-11-04T01:29:00", PACIFIC, fold=1))
    assert shown([between] if between else []) == ["2018-11-05T01:30:00-08:00"]


def test_point_schedule_within_the_doubled_hour() -> None:
    """Several points of the doubled hour fire one after the other, in summer time only."""
    schedule = parse_schedule("0 0,45 1,2 * * *")

    assert shown(schedule.upcoming(at("2018-11-04T00:30:00", PACIFIC), 4)) == [
        "2018-11-04T01:00:00-07:00",
        "2018-11-04T01:45:00-07:00",
        "2018-11-04T02:00:00-08:00",
        "2018-11-04T02:45:00-08:00",
    ]
    late = schedule.next_after(at("2018-11-04T01:10:00", PACIFIC, fold=1))
    assert shown([late] if late else []) == ["2018-11-04T02:00:00-08:00"]


def test_interval_schedule_runs_through_both_hours() -> None:
    """Every 30 minutes stays every 30 minutes when clocks are set back."""
    schedule = parse_schedule("0 */30 * * * *")

    assert shown(schedule.upcoming(at("2018-11-04T00:30:00", PACIFIC), 6)) == [
        "2018-11-04T01:00:00-07:00",
        "2018-11-04T01:30:00-07:00",
        "2018-11-04T01:00:00-08:00",
        "2018-11-04T01:30:00-08:00",
        "2018-11-04T02:00:00-08:00",
        "2018-11-04T02:30:00-08:00",
    ]


def test_interval_schedule_of_one_hour_runs_twice() -> None:
    """An interval inside the doubled hour fires in both, and only at times that it matches."""
    schedule = parse_schedule("0 0-20/20 2 * * *")

    assert shown(schedule.upcoming(at("2026-10-24T12:00:00", BERLIN), 5)) == [
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:20:00+02:00",
        "2026-10-25T02:00:00+01:00",
        "2026-10-25T02:20:00+01:00",
        "2026-10-26T02:00:00+01:00",
    ]


def test_interval_schedule_that_misses_the_doubled_hour() -> None:
    """A start in the doubled hour goes on to the next match, also in the second of the two hours."""
    schedule = parse_schedule("0 0 */3 * * *")
    found = [schedule.next_after(at("2026-10-25T02:30:00", BERLIN, fold=fold)) for fold in (0, 1)]

    assert shown([moment for moment in found if moment]) == ["2026-10-25T03:00:00+01:00"] * 2


def test_interval_schedule_at_the_end_of_the_calendar() -> None:
    """A schedule without a further match in the doubled hour and after it ends."""
    schedule = CronSchedule("* * * 31 12 *", [(0,), (0,), (0,), (31,), (2,), (0,)])

    assert schedule.next_after(at("2026-10-25T02:30:00", BERLIN)) is None


def test_skipped_time_fires_later_in_spring() -> None:
    """A time that the clocks skip fires once on that day, later by what they skip."""
    assert shown(parse_schedule("0 30 2 * * *").upcoming(at("2018-03-10T00:00:00", PACIFIC), 3)) == [
        "2018-03-10T02:30:00-08:00",
        "2018-03-11T03:30:00-07:00",
        "2018-03-12T02:30:00-07:00",
    ]


def test_interval_schedule_in_spring() -> None:
    """An interval goes on evenly over the hour that the clocks skip."""
    assert shown(parse_schedule("0 */20 * * * *").upcoming(at("2018-03-11T01:20:00", PACIFIC), 4)) == [
        "2018-03-11T01:40:00-08:00",
        "2018-03-11T03:00:00-07:00",
        "2018-03-11T03:20:00-07:00",
        "2018-03-11T03:40:00-07:00",
    ]


def test_time_span_counts_real_time() -> None:
    """An interval given as a TimeSpan lasts as long as it says, whatever clocks do."""
    assert shown(parse_schedule("01:00:00").upcoming(at("2026-10-25T01:30:00", BERLIN), 3)) == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
        "2026-10-25T03:30:00+01:00",
    ]


@pytest.mark.parametrize(
    ("expression", "is_interval"),
    [("0 30 9 * * *", False), ("0 0,30 9 * * *", False), ("0 0-30 9 * * *", True), ("30 9 */2 * *", False)],
)
def test_kind_of_schedule(expression: str, is_interval: bool) -> None:
    """Only seconds, minutes and hours decide whether a schedule is an interval."""
    schedule = parse_schedule(expression)

    assert isinstance(schedule, CronSchedule)
    assert schedule.is_interval is is_interval


def test_setting_is_filled_in() -> None:
    """`%NAME%` stands for the whole expression or a part, whatever the letter case of the name."""
    settings = {"Nightly": "0 0 2 * * *", "HOUR": "9"}

    assert parse_schedule("%Nightly%", settings).expression == "0 0 2 * * *"
    assert parse_schedule("%NIGHTLY%", settings).describe() == "every day at 02:00:00"
    assert parse_schedule("0 0 %Hour% * * *", settings).expression == "0 0 9 * * *"
    assert setting_names("0 %a% %b% * * *") == ("a", "b")
    assert setting_names("0 0 9 * * *") == ()


@pytest.mark.parametrize(
    ("settings", "hint"),
    [(None, "local.settings.json"), ({}, "Set Nightly"), ({"Nighty": "1"}, "Did you mean 'Nighty'?")],
)
def test_missing_setting_is_named(settings: dict[str, str] | None, hint: str) -> None:
    """A setting that is not there is named, with the nearest one."""
    with pytest.raises(DefinitionError, match="names the app setting 'Nightly', which is not set") as caught:
        parse_schedule("%Nightly%", settings)

    assert hint in caught.value.hint


def test_wrong_setting_shows_both_texts() -> None:
    """The error shows the name that the trigger has and the text that the setting holds."""
    with pytest.raises(DefinitionError) as caught:
        parse_schedule("%When%", {"When": "0 0 25 * * *"})

    assert "'%When%', which is '0 0 25 * * *'," in caught.value.message


def test_schedules_are_equal_by_expression() -> None:
    """Equal expressions are equal schedules, and the repr says how to make one."""
    schedule = parse_schedule("0 0  9 * * *")

    assert schedule == parse_schedule("0 0 9 * * *")
    assert schedule != parse_schedule("0 0 10 * * *")
    assert schedule != "0 0 9 * * *"
    assert len({schedule, parse_schedule("0 0 9 * * *")}) == 1
    assert repr(schedule) == "parse_schedule('0 0 9 * * *')"
    assert isinstance(parse_schedule("00:05:00"), IntervalSchedule)


def field(least: int, most: int) -> st.SearchStrategy[str]:
    """Give strategies for the texts of a field: all values, lists, ranges and steps."""
    value = st.integers(least, most).map(str)
    span = st.tuples(value, value).map("-".join)
    step = st.tuples(st.one_of(st.just("*"), value, span), st.integers(0, most).map(str)).map("/".join)
    return st.one_of(st.just("*"), st.lists(st.one_of(value, span, step), min_size=1, max_size=3).map(",".join))


CLOCKS = st.tuples(field(0, 59), field(0, 59), field(0, 23))
EXPRESSIONS = st.tuples(CLOCKS.map(" ".join), field(1, 31), field(1, 12), field(0, 6)).map(" ".join)
MOMENTS = st.datetimes(datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2150-01-01"))


@given(EXPRESSIONS, MOMENTS)
def test_next_time_is_a_match_after_the_moment(expression: str, moment: datetime) -> None:
    """The next time is later than the moment, is a whole second and is in all six fields."""
    schedule = parse_schedule(expression)
    following = schedule.next_after(moment)

    assert isinstance(schedule, CronSchedule)
    if following is not None:
        assert following > moment
        assert following.microsecond == 0
        assert schedule.matches(following)


@given(CLOCKS.map(" ".join), MOMENTS)
def test_no_match_is_left_out(clock: str, moment: datetime) -> None:
    """None of the seconds between the moment and the next time is in all six fields, up to two hours."""
    schedule = parse_schedule(f"{clock} * * *")
    following = schedule.next_after(moment)

    assert isinstance(schedule, CronSchedule)
    assert following is not None
    assert following - moment <= timedelta(days=1)
    start = moment.replace(microsecond=0) + timedelta(seconds=1)
    seconds = range(min(int((following - start).total_seconds()), 7200))
    assert not any(schedule.matches(start + timedelta(seconds=second)) for second in seconds)


@given(EXPRESSIONS, MOMENTS)
def test_no_day_is_left_out(expression: str, moment: datetime) -> None:
    """None of the days between the moment and the next time is in the fields for days, up to two years."""
    _second, _minute, _hour, *days = expression.split()
    schedule = parse_schedule(" ".join(["0 0 0", *days]))
    following = schedule.next_after(moment)

    assert isinstance(schedule, CronSchedule)
    first = moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    count = 800 if following is None else min((following - first).days, 800)
    assert not any(schedule.matches(first + timedelta(days=day)) for day in range(count))


@given(EXPRESSIONS, MOMENTS, st.sampled_from([BERLIN, PACIFIC, ZoneInfo("Australia/Lord_Howe")]))
def test_zones_keep_the_order(expression: str, moment: datetime, zone: ZoneInfo) -> None:
    """In a zone whose clocks change, too, the next times follow each other, each later than the one before."""
    start = moment.replace(tzinfo=UTC)
    times = [start, *parse_schedule(expression).upcoming(start, 5, zone)]
    instants = [each.astimezone(UTC) for each in times]

    assert instants == sorted(set(instants))


@given(st.text(alphabet="0123456789*/-,:. %?LW#@JanSu", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes another error than `DefinitionError`."""
    try:
        schedule = parse_schedule(text)
    except DefinitionError as error:
        assert error.hint  # noqa: PT017 (either outcome is right)
        return
    assert schedule.describe()
