"""Settings: the retry policy."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

import azfunc

if TYPE_CHECKING:
    from types import ModuleType

FIXED = {"strategy": "fixed_delay", "max_retry_count": "3", "delay_interval": "00:00:10"}
BACKOFF = {
    "strategy": "exponential_backoff",
    "max_retry_count": "-1",
    "minimum_interval": "00:00:10",
    "maximum_interval": "00:15:00",
}


def policy_of(func: ModuleType, **given: Any) -> dict[str, Any]:
    """Give the retry policy of a function as the worker gets it."""
    app = func.FunctionApp()

    @app.retry(**given)
    @app.generic_trigger(arg_name="msg", type="x")
    def handler(msg: Any) -> None: ...

    policy = app.get_functions()[0].get_settings_dict("retry_policy")
    assert policy.pop("setting_name") == "retry_policy"
    return policy  # type: ignore[no-any-return]  # of either library


@pytest.mark.parametrize(
    "given",
    [FIXED, {**FIXED, "max_retry_count": "0"}, {**FIXED, "setting_extra_fields": {"more": 1}}, BACKOFF],
    ids=["fixed", "no retry", "extra", "backoff"],
)
def test_policy_is_what_was_given(func: ModuleType, given: dict[str, Any]) -> None:
    """A policy with valid values is handed to the worker as it was written."""
    extra = given.get("setting_extra_fields", {})
    plain = {name: value for name, value in given.items() if name != "setting_extra_fields"}

    assert policy_of(func, **given) == {**plain, **extra}


def test_policy_is_no_binding(func: ModuleType) -> None:
    """A retry policy does not stand in function.json."""
    app = func.FunctionApp()

    @app.retry(**FIXED)
    @app.generic_trigger(arg_name="msg", type="x")
    def handler(msg: Any) -> None: ...

    assert len(app.get_functions()[0].get_bindings()) == 1


@pytest.mark.parametrize(
    "strategy",
    ["fixed_delay", "FIXED_DELAY", "fixedDelay", "FixedDelay", "Fixed_Delay", azfunc.RetryStrategy.FIXED_DELAY],
    ids=str,
)
def test_strategy_in_any_spelling(strategy: Any) -> None:
    """The strategy is written as the worker reads it, however it was spelt."""
    assert policy_of(azfunc, **{**FIXED, "strategy": strategy})["strategy"] == "fixed_delay"


def test_unknown_strategy_is_told_as_it_was_written() -> None:
    """A strategy that there is not stands in the error as in the code, with the nearest name."""
    with pytest.raises(azfunc.UnknownNameError, match="'Fixed Delay'") as caught:
        policy_of(azfunc, **{**FIXED, "strategy": "Fixed Delay"})

    assert "Did you mean 'FIXED_DELAY'?" in caught.value.hint


def test_other_strategy_in_camel_case() -> None:
    """The second strategy has its camel case spelling too."""
    assert policy_of(azfunc, **{**BACKOFF, "strategy": "exponentialBackoff"})["strategy"] == "exponential_backoff"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("00:00:10", "00:00:10"),
        ("0:0:10", "00:00:10"),
        (" 00:00:10 ", "00:00:10"),
        ("00:05", "00:05:00"),
        ("0.00:00:10", "00:00:10"),
        ("00:00:10.0000000", "00:00:10"),
        ("23:59:59", "23:59:59"),
        ("00:00:00", "00:00:00"),
        (datetime.timedelta(minutes=90, seconds=5), "01:30:05"),
        (datetime.timedelta(0), "00:00:00"),
    ],
    ids=str,
)
def test_time_is_written_as_the_worker_reads_it(given: Any, written: str) -> None:
    """A time is written as hh:mm:ss, which is all that the worker reads; other texts would stop the whole app there."""
    assert policy_of(azfunc, **{**FIXED, "delay_interval": given})["delay_interval"] == written


@pytest.mark.parametrize("count", [0, 3, -1, "3", "-1"])
def test_count_may_be_a_number(count: Any) -> None:
    """The count is a whole number, or the text of one."""
    assert policy_of(azfunc, **{**FIXED, "max_retry_count": count})["max_retry_count"] == count


@pytest.mark.parametrize("count", [-2, "-2", 1.5, 2.0, True, "many", "", None, [3]], ids=repr)
def test_other_counts_are_refused(count: Any) -> None:
    """What is no count is refused at the decorator; the error shows it."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        azfunc.FunctionApp().retry(**{**FIXED, "max_retry_count": count})

    assert caught.value.message == f"max_retry_count of a retry policy is {count!r}."
    assert "-1 for no limit" in caught.value.hint


@pytest.mark.parametrize(
    "time",
    [
        "24:00:00",
        "1.00:00:00",
        "5",
        "-00:00:01",
        "soon",
        "",
        "00:00:00.5",
        10,
        datetime.timedelta(days=1),
        datetime.timedelta(seconds=-1),
        datetime.timedelta(milliseconds=1),
    ],
    ids=repr,
)
def test_other_times_are_refused(time: Any) -> None:
    """What the worker cannot read as hh:mm:ss is refused at the decorator; the error names the argument."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        azfunc.FunctionApp().retry(**{**FIXED, "delay_interval": time})

    assert caught.value.message == f"delay_interval of a retry policy is {time!r}."
    assert "00:00:10" in caught.value.hint


@pytest.mark.parametrize("strategy", ["fixed", "linear", "", 5], ids=repr)
def test_unknown_strategy_is_refused(strategy: Any) -> None:
    """A strategy that does not exist is refused with the list of those that do. Unlike the reference."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        azfunc.FunctionApp().retry(**{**FIXED, "strategy": strategy})

    assert "FIXED_DELAY, EXPONENTIAL_BACKOFF" in caught.value.hint


def test_missing_strategy_is_refused() -> None:
    """None is no strategy."""
    with pytest.raises(azfunc.ArgumentTypeError, match="no strategy"):
        azfunc.FunctionApp().retry(**{**FIXED, "strategy": None})  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({**FIXED, "minimum_interval": "00:00:01"}, "fixed_delay has no use for minimum_interval"),
        ({**FIXED, "maximum_interval": "00:00:01"}, "fixed_delay has no use for maximum_interval"),
        ({**BACKOFF, "delay_interval": "00:00:01"}, "exponential_backoff has no use for delay_interval"),
        ({**FIXED, "delay_interval": None}, "fixed_delay lacks delay_interval"),
        ({**BACKOFF, "minimum_interval": None}, "exponential_backoff lacks minimum_interval"),
        (
            {**BACKOFF, "minimum_interval": None, "maximum_interval": None},
            "lacks minimum_interval and maximum_interval",
        ),
        ({**BACKOFF, "minimum_interval": "01:00:00"}, "01:00:00 of a retry policy is greater than maximum_interval"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_times_belong_to_the_strategy(given: dict[str, Any], text: str) -> None:
    """Each strategy has its own times: the others are refused, and its own are needed. Unlike the reference."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        azfunc.FunctionApp().retry(**given)

    assert text in caught.value.message
    assert caught.value.hint


def test_times_are_compared_as_times() -> None:
    """Nine hours are less than ten, however they are written."""
    policy = policy_of(azfunc, **{**BACKOFF, "minimum_interval": "9:00:00", "maximum_interval": "10:00:00"})

    assert (policy["minimum_interval"], policy["maximum_interval"]) == ("09:00:00", "10:00:00")


@pytest.mark.parametrize("extra", [[1], {"strategy": "x"}], ids=["list", "clash"])
def test_wrong_extra_fields_are_refused(func: ModuleType, extra: Any) -> None:
    """Extra fields are a mapping and do not name an argument of the decorator; both are a TypeError."""
    app = func.FunctionApp()

    with pytest.raises(TypeError):
        app.retry(**FIXED, setting_extra_fields=extra)(lambda msg: None)


def test_lower_policy_counts() -> None:
    """Of two policies on one function the one nearest to the function counts."""
    app = azfunc.FunctionApp()

    @app.retry("fixed_delay", 1, "00:00:01")
    @app.retry("fixed_delay", 2, "00:00:02")
    @app.generic_trigger("msg", type="x")
    def handler(msg: Any) -> None: ...

    policy = app.get_functions()[0].get_settings_dict("retry_policy")
    assert policy is not None
    assert policy["max_retry_count"] == 2
