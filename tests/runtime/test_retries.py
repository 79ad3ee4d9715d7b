"""Retry policies, and calls that are made again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.runtime.retries import Retries, retries_of
from azfunc.testing import FakeClock, TestClient

if TYPE_CHECKING:
    from collections.abc import Mapping


logger = logging.getLogger("shop")


def failing(app: func.FunctionApp, times: int, **policy: Any) -> list[func.RetryContext]:
    """Add a function that fails so many times; gives a list that its retry contexts are put into."""
    seen: list[func.RetryContext] = []

    def work(msg: func.QueueMessage, context: func.Context) -> str:
        seen.append(context.retry_context)
        logger.info("attempt %d", len(seen))
        if len(seen) <= times:
            message = f"failure {len(seen)}"
            raise LookupError(message)
        return msg.get_body().decode()

    decorated: Any = app.queue_output("$return", "done", "S")(app.queue_trigger("msg", "todo", "S")(work))
    if policy:
        app.retry(**policy)(decorated)
    return seen


def test_a_fixed_delay_is_the_same_each_time(app: func.FunctionApp) -> None:
    """The call is made again after the delay, and a later success counts."""
    failing(app, 2, strategy="fixed_delay", max_retry_count=3, delay_interval="00:00:10")
    clock = FakeClock()

    run = TestClient(app, clock=clock).send("work", "hi")

    assert clock.slept == [10, 10]
    assert (run.outputs["$return"], run.attempts, run.exception) == ("hi", 3, None)
    assert run.messages == ["attempt 1", "attempt 2", "attempt 3"]
    assert 20 <= run.duration_seconds < 25


def test_exponential_waits_double_up_to_the_greatest(app: func.FunctionApp) -> None:
    """They begin with the least wait, and the last failure is the one that is raised."""
    policy = {"minimum_interval": "00:00:10", "maximum_interval": "00:01:00"}
    failing(app, 99, strategy="exponential_backoff", max_retry_count=5, **policy)
    clock = FakeClock()
    client = TestClient(app, clock=clock)

    with pytest.raises(LookupError, match="failure 6") as caught:
        client.send("work", "hi")

    assert clock.slept == [10, 20, 40, 60, 60]
    assert client.last_run is not None
    assert client.last_run.attempts == 6
    assert caught.value.run is client.last_run  # type: ignore[attr-defined]


def test_a_policy_without_a_limit_ends_in_a_test(app: func.FunctionApp) -> None:
    """With -1 the host goes on for ever; the client gives up after a thousand attempts, or as many as it is told."""
    seen = failing(app, 10**9, strategy="fixed_delay", max_retry_count=-1, delay_interval="00:00:01")

    with pytest.raises(LookupError, match="failure 7"):
        TestClient(app, max_attempts=7).send("work", "hi")

    assert len(seen) == 7
    assert seen[-1].max_retry_count == -1


def test_the_context_tells_of_the_attempt_before(app: func.FunctionApp) -> None:
    """It has the count, the limit, and what was raised, with its traceback."""
    seen = failing(app, 1, strategy="fixed_delay", max_retry_count=2, delay_interval="00:00:01")

    TestClient(app).send("work", "hi")

    assert [(each.retry_count, each.max_retry_count) for each in seen] == [(0, 2), (1, 2)]
    assert seen[0].exception is None
    told = seen[1].exception
    assert told is not None
    assert (told.source, told.message) == ("LookupError", "failure 1")
    assert "in work" in told.stack_trace


HOST_POLICY = {"strategy": "fixedDelay", "maxRetryCount": 1, "delayInterval": "00:00:03"}


def test_the_policy_of_host_json_is_for_those_that_have_none(app: func.FunctionApp) -> None:
    """A function's own policy goes first."""
    failing(app, 1)
    clock = FakeClock()

    TestClient(app, clock=clock, retry=HOST_POLICY).send("work", "hi")

    assert clock.slept == [3]

    own = func.FunctionApp()
    failing(own, 1, strategy="fixed_delay", max_retry_count=2, delay_interval="00:00:09")
    TestClient(own, clock=clock, retry=HOST_POLICY).send("work", "hi")
    assert clock.slept == [3, 9]


def test_without_a_policy_nothing_is_made_again(app: func.FunctionApp) -> None:
    """The first failure is the last."""
    seen = failing(app, 1)

    with pytest.raises(LookupError):
        TestClient(app).send("work", "hi")

    assert len(seen) == 1


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt()], ids=repr)
def test_the_end_of_a_process_is_no_failure_to_repeat(app: func.FunctionApp, error: BaseException) -> None:
    """SystemExit and Ctrl-C in a function reach the test at once, as the very object."""
    calls: list[int] = []

    @app.retry("fixed_delay", 3, delay_interval="00:00:01")
    @app.timer_trigger("tick", "0 * * * * *")
    def stop(tick: func.TimerRequest) -> None:
        calls.append(1)
        raise error

    with pytest.raises(type(error)) as caught:
        TestClient(app).send(stop)

    assert caught.value is error
    assert calls == [1]


def test_inputs_and_outputs_that_cannot_be_converted_are_failures_too(app: func.FunctionApp) -> None:
    """For the host it is all the same why a call failed."""

    @app.retry("fixed_delay", 2, delay_interval="00:00:01")
    @app.queue_output("$return", "done", "S")
    @app.timer_trigger("tick", "0 * * * * *")
    def wrong(tick: func.TimerRequest) -> object:
        return object()

    client = TestClient(app, raise_exceptions=False)

    unsent = client.send(wrong)
    unread = client.send(wrong, "no JSON")

    assert (unsent.attempts, type(unsent.exception)) == (3, func.UnsupportedValueError)
    assert (unread.attempts, unread.succeeded) == (3, False)
    assert isinstance(unread.exception, func.ConversionError)


POLICIES: list[tuple[str, Mapping[str, Any] | None, Retries]] = [
    ("none", None, Retries()),
    ("empty", {}, Retries()),
    ("no-delay", {"strategy": "fixedDelay", "maxRetryCount": 2}, Retries(2)),
    ("fixed", HOST_POLICY, Retries(1, 3, 3)),
    (
        "exponential",
        {
            "strategy": "exponentialBackoff",
            "maxRetryCount": 5,
            "minimumInterval": "00:00:02",
            "maximumInterval": "00:01",
        },
        Retries(5, 2, 60),
    ),
    (
        "least-alone",
        {"strategy": "exponentialBackoff", "maxRetryCount": 5, "minimumInterval": "00:00:02"},
        Retries(5, 2, 2),
    ),
    ("exponential-without-times", {"strategy": "exponentialBackoff", "maxRetryCount": 5}, Retries(5)),
]


@pytest.mark.parametrize(("policy", "expected"), [each[1:] for each in POLICIES], ids=[each[0] for each in POLICIES])
def test_policies_are_read(app: func.FunctionApp, policy: Mapping[str, Any] | None, expected: Retries) -> None:
    """The strategy says which times count; what is left out is no wait."""
    failing(app, 0)

    assert retries_of(app.get_functions()[0], policy) == expected


def test_waits_of_many_retries_stay_at_the_greatest() -> None:
    """A wait does not grow without bounds, nor does the number that it is computed from."""
    retries = Retries(-1, 1, 900)

    assert [retries.wait_seconds(count) for count in (0, 9, 10, 5000)] == [1, 512, 900, 900]
    assert retries.allows(10**6)
