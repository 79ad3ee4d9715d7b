"""Timers."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
from typing import TYPE_CHECKING, Annotated, Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.bindings.timer import ScheduleStatus, TimerRequestConverter, TimerTrigger
from azfunc.runtime.checking import check
from tests.bindings.conformance import BindingConformance

if TYPE_CHECKING:
    from types import ModuleType

UTC = datetime.timezone.utc
STATUS = {
    "Last": "0001-01-01T00:00:00+00:00",
    "Next": "2026-03-01T09:35:00.1234567+01:00",
    "LastUpdated": "03/01/2026 08:30:00",
}


class TestTimer(BindingConformance):
    """The suite, for timers."""

    module = "timer"
    decorators = ("timer_trigger", "schedule")
    defaults = (func.TimerRequest,)
    messages = {
        "timerTrigger": [
            func.TimerRequest(),
            func.TimerRequest(past_due=True),
            func.TimerRequest(schedule_status=STATUS, schedule={"AdjustForDST": True}),
        ]
    }
    accepted = {
        "timerTrigger": [
            func.TimerRequest,
            Optional[func.TimerRequest],  # noqa: UP045  # the older spelling is the point
            func.TimerRequest | None,
            Annotated[func.TimerRequest, "late or not"],
        ]
    }
    refused = {"timerTrigger": [str, dict, list[func.TimerRequest], func.TimerRequest | str]}


class FakeTimer(func.TimerRequest):
    """A fake as users write it for the reference, where the class is abstract."""

    def __init__(self) -> None:
        pass

    @property
    def past_due(self) -> bool:
        """Always late."""
        return True


def decode(func: ModuleType, text: str) -> Any:
    """Read a payload with the converter of a library."""
    datum: Any = Datum(text, "json")
    return func.get_binding_registry().get("timerTrigger").decode(datum, trigger_metadata={})


def test_both_names_are_one_decorator(func: ModuleType) -> None:
    """`schedule` and `timer_trigger` make the same entry."""
    app = func.FunctionApp()
    entries = []
    for name in ("schedule", "timer_trigger"):

        @getattr(app, name)(arg_name="tick", schedule="0 */5 * * * *", run_on_startup=False)
        def tick(tick: Any) -> None: ...

        entries.append(tick.build().get_dict_repr())

    assert entries[0] == entries[1]
    assert json.loads(tick.build().get_function_json())["bindings"] == [
        {
            "direction": "IN",
            "type": "timerTrigger",
            "name": "tick",
            "schedule": "0 */5 * * * *",
            "runOnStartup": False,
        }
    ]


def test_schedule_is_needed() -> None:
    """A timer without a schedule is refused at the decorator."""
    with pytest.raises(func.ArgumentTypeError, match="is text or a timedelta, and got None"):
        func.FunctionApp().timer_trigger("tick", None)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (datetime.timedelta(minutes=5), "00:05:00"),
        (datetime.timedelta(hours=24), "1.00:00:00"),
        (datetime.timedelta(seconds=1.5), "00:00:01.5000000"),
    ],
)
@pytest.mark.parametrize("name", ["timer_trigger", "schedule"])
def test_interval_may_be_a_timedelta(name: str, interval: datetime.timedelta, text: str) -> None:
    """It is written as the host reads it, and `check` finds no fault with it."""
    app = func.FunctionApp()

    @getattr(app, name)("tick", interval)
    def beat(tick: func.TimerRequest) -> None: ...

    assert json.loads(app.get_functions()[0].get_function_json())["bindings"][0]["schedule"] == text
    assert not check(app).problems


def test_negative_interval_is_found_by_check() -> None:
    """A timedelta is looked at as text is."""
    app = func.FunctionApp()

    @app.timer_trigger("tick", datetime.timedelta(minutes=-5))
    def beat(tick: func.TimerRequest) -> None: ...

    assert [problem.code for problem in check(app).problems] == ["schedule"]


@pytest.mark.parametrize("schedule", [300, 5.0, ["0 * * * * *"], datetime.time(0, 5)])
@pytest.mark.parametrize("name", ["timer_trigger", "schedule"])
def test_schedule_of_another_type_is_refused(name: str, schedule: Any) -> None:
    """The error says what to write."""
    with pytest.raises(func.ArgumentTypeError) as caught:
        getattr(func.FunctionApp(), name)("tick", schedule)

    assert repr(schedule) in caught.value.message
    assert "'0 30 9 * * 1-5'" in str(caught.value.hint)
    assert "'00:05:00'" in str(caught.value.hint)


def test_binding_class_knows_its_type() -> None:
    """The binding class may be used by itself."""
    assert TimerTrigger(name="tick", schedule="0 0 * * * *").type == TimerTrigger.get_binding_name() == "timerTrigger"


def test_payload_is_read(func: ModuleType) -> None:
    """Lateness, status and schedule come from the payload of the host."""
    timer = decode(func, '{"Schedule": {"AdjustForDST": true}, "ScheduleStatus": {"Last": "x"}, "IsPastDue": true}')

    assert timer.past_due is True
    assert timer.schedule_status == {"Last": "x"}
    assert timer.schedule == {"AdjustForDST": True}


def test_empty_payload_is_a_timer_on_time(func: ModuleType) -> None:
    """What the host leaves out is empty."""
    timer = decode(func, "{}")

    assert (timer.past_due, timer.schedule_status, timer.schedule) == (False, {}, {})


def test_request_is_made_by_hand() -> None:
    """A timer request has what it was given, its own copies of the dicts, and defaults for the rest."""
    status: dict[str, Any] = dict(STATUS)
    timer = func.TimerRequest(past_due=True, schedule_status=status)
    status.clear()

    assert (timer.past_due, timer.schedule_status, timer.schedule) == (True, STATUS, {})
    assert timer.to_dict() == {"past_due": True, "schedule_status": STATUS, "schedule": {}}


def test_status_has_its_times_as_attributes() -> None:
    """The times of the status are aware and in UTC; the least date stands for never."""
    status = func.TimerRequest(schedule_status=STATUS).schedule_status

    assert status.last is None
    assert status.next == datetime.datetime(2026, 3, 1, 8, 35, 0, 123456, tzinfo=UTC)
    assert status.last_updated == datetime.datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    assert func.TimerRequest().schedule_status.next is None


def test_time_given_by_hand_is_aware() -> None:
    """A time without a zone is UTC, as a text without one is."""
    noon = datetime.datetime(2026, 3, 1, 12)  # noqa: DTZ001  # the point of the test

    assert ScheduleStatus(Last=noon).last == noon.replace(tzinfo=UTC)
    assert ScheduleStatus(Last=noon.isoformat()).last == noon.replace(tzinfo=UTC)


def test_unreadable_time_raises_when_it_is_read() -> None:
    """A time that cannot be read is an error of its own; the dict has it as it came."""
    status = ScheduleStatus(Last="soon", Next=STATUS["Next"])

    assert status["Last"] == "soon"
    assert status.next is not None
    with pytest.raises(func.ConversionError, match="'Last' of the schedule status"):
        _ = status.last


def test_status_survives_copying_and_pickling() -> None:
    """A copy of the status is a status, and equals the plain dict."""
    status = ScheduleStatus(STATUS)

    for other in (copy.deepcopy(status), pickle.loads(pickle.dumps(status))):
        assert type(other) is ScheduleStatus
        assert other == status == STATUS


def test_body_is_the_payload() -> None:
    """The body of a timer request is what the host would have sent."""
    timer = func.TimerRequest(past_due=True, schedule={"AdjustForDST": True})

    assert timer.get_json() == {"IsPastDue": True, "ScheduleStatus": {}, "Schedule": {"AdjustForDST": True}}
    assert json.loads(timer.to_json()) == {"past_due": True, "schedule_status": {}, "schedule": {"AdjustForDST": True}}


def test_repr_shows_what_is_set() -> None:
    """The repr is the call that makes the request; defaults are left out."""
    assert repr(func.TimerRequest()) == "TimerRequest()"
    assert repr(func.TimerRequest(past_due=True, schedule={"a": 1})) == "TimerRequest(past_due=True, schedule={'a': 1})"


def test_equality_is_by_value() -> None:
    """Requests are equal if lateness, status and schedule are."""
    assert func.TimerRequest(past_due=True) == func.TimerRequest(past_due=True)
    assert func.TimerRequest(past_due=True) != func.TimerRequest()
    assert func.TimerRequest(schedule_status=STATUS) != func.TimerRequest()


def test_fake_may_override_the_property() -> None:
    """A subclass with a property and without the base's constructor works, and its value is what is sent."""
    fake = FakeTimer()

    assert (fake.past_due, fake.schedule_status, fake.schedule) == (True, {}, {})
    assert fake == FakeTimer()
    assert repr(fake) == "FakeTimer(past_due=True)"
    assert TimerRequestConverter.decode(
        TimerRequestConverter.to_wire(fake)[0], trigger_metadata=None
    ) == func.TimerRequest(past_due=True)


@pytest.mark.parametrize("kind", ["string", "bytes", "int", None], ids=str)
def test_other_wire_types_are_refused(func: ModuleType, kind: str | None) -> None:
    """A timer comes as json; everything else is a NotImplementedError for the worker."""
    converter = func.get_binding_registry().get("timerTrigger")

    with pytest.raises(NotImplementedError):
        converter.decode(Datum("{}", kind), trigger_metadata={})


@pytest.mark.parametrize("text", ["[1]", "null", "5", '"x"'])
def test_payload_that_is_no_object_is_refused(text: str) -> None:
    """A payload that is no object is an error of the value. Unlike the reference, which raises AttributeError."""
    with pytest.raises(func.ConversionError, match="payload of a timer is no JSON object but a "):
        decode(func, text)


def test_payload_that_is_no_json_is_refused(func: ModuleType) -> None:
    """A payload that cannot be read is a ValueError with the position."""
    with pytest.raises(json.JSONDecodeError):
        decode(func, "not json {")


TEXTS = st.dictionaries(st.text(), st.text(), max_size=3)


@given(st.builds(func.TimerRequest, past_due=st.booleans(), schedule_status=TEXTS, schedule=TEXTS))
def test_any_request_survives_the_wire(timer: func.TimerRequest) -> None:
    """decode(to_wire(m)) == m for any request."""
    datum, metadata = TimerRequestConverter.to_wire(timer)

    assert TimerRequestConverter.decode(datum, trigger_metadata=metadata) == timer
