"""Settings of a function that are no bindings: the retry policy.

Docs: Azure Functions error handling and retries.
"""

from __future__ import annotations

from azfunc._core.binding import Setting
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import WireEnum, as_enum
from azfunc._core.errors import ArgumentTypeError, AzfuncError, DefinitionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from typing import Any, Literal, TypeAlias

    from azfunc._core.decorators import Decorator

    RetryStrategyName: TypeAlias = Literal[
        "fixed_delay", "FIXED_DELAY", "fixedDelay", "exponential_backoff", "EXPONENTIAL_BACKOFF", "exponentialBackoff"
    ]


class RetryStrategy(WireEnum):
    """How long the host waits before it calls a failed function again."""

    FIXED_DELAY = "fixed_delay"
    """Always the same time: `delay_interval`."""
    EXPONENTIAL_BACKOFF = "exponential_backoff"
    """Longer each time: from `minimum_interval` to `maximum_interval`."""


_CAMEL_CASE = {"fixeddelay": RetryStrategy.FIXED_DELAY, "exponentialbackoff": RetryStrategy.EXPONENTIAL_BACKOFF}
"""Spellings of function.json, in lower case."""


class RetryPolicy(Setting, setting_name="retry_policy"):
    """How often and after which time a failed call is made again."""

    strategy: str
    max_retry_count: int | str
    delay_interval: str | None = None
    minimum_interval: str | None = None
    maximum_interval: str | None = None


class RetrySettings(DecoratorApi):
    """Decorators that set how failed calls are repeated."""

    def retry(
        self,
        strategy: RetryStrategy | RetryStrategyName,
        max_retry_count: int | str,
        delay_interval: timedelta | str | None = None,
        minimum_interval: timedelta | str | None = None,
        maximum_interval: timedelta | str | None = None,
        setting_extra_fields: Mapping[str, Any] | None = None,
    ) -> Decorator:
        """Call the function again when it fails.

        Unlike the reference, a strategy that does not exist and times that do not belong to the strategy are refused
        here: in Azure they make every function of the app vanish.

        Args:
            strategy: ``fixed_delay`` or ``exponential_backoff``, or a `RetryStrategy`.
                The camel case spellings are accepted and written as the worker reads them.
            max_retry_count: Greatest number of further calls; -1 for no limit.
            delay_interval: Time between calls of a fixed delay, as ``hh:mm:ss`` or a timedelta below a day.
            minimum_interval: Least time of an exponential back-off, as ``hh:mm:ss`` or a timedelta below a day.
            maximum_interval: Greatest time of an exponential back-off, as ``hh:mm:ss`` or a timedelta below a day.
            setting_extra_fields: Further fields of the setting.

        Raises:
            DefinitionError: A strategy, a count or a time that cannot be, or a time the strategy has no use for.

        Example:
            >>> @app.retry("fixed_delay", max_retry_count=3, delay_interval="00:00:10")
            ... @app.timer_trigger("tick", "0 */5 * * * *")
            ... def report(tick: func.TimerRequest) -> None: ...

        Source: Azure Functions error handling and retries, "Retry policies"; reference 1.26.0, `retry`.
        """
        chosen = _CAMEL_CASE.get(str(strategy).lower()) or as_enum(RetryStrategy, strategy)
        if chosen is None:
            raise ArgumentTypeError("A retry policy has no strategy.", hint="Use fixed_delay or exponential_backoff.")
        times = {
            "delay_interval": _interval("delay_interval", delay_interval),
            "minimum_interval": _interval("minimum_interval", minimum_interval),
            "maximum_interval": _interval("maximum_interval", maximum_interval),
        }
        _check_times(chosen, times)
        policy = RetryPolicy(strategy=chosen.value, max_retry_count=_count(max_retry_count), **times)
        if setting_extra_fields:
            policy.add_extra_fields(setting_extra_fields)
        return self._put(policy)


def _count(given: int | str) -> int | str:
    """Give the count back as it was written, if it is one."""
    try:
        count = int(given)
    except (TypeError, ValueError):
        count = -2
    if isinstance(given, (bool, float)) or count < -1:
        raise DefinitionError(
            f"max_retry_count of a retry policy is {given!r}.",
            hint="Give a whole number from 0 up, or -1 for no limit.",
        )
    return given


def _interval(name: str, given: timedelta | str | None) -> str | None:
    """Give a time as ``hh:mm:ss``, the only form that the worker reads."""
    if given is None:
        return None
    from azfunc._core.times import parse_timedelta

    try:
        time = parse_timedelta(given) if isinstance(given, str) else given
        seconds = time.total_seconds()
    except (AzfuncError, AttributeError):
        seconds = -1.0
    if not 0 <= seconds < 86_400 or seconds != int(seconds):
        raise DefinitionError(
            f"{name} of a retry policy is {given!r}.",
            hint="Give hours, minutes and seconds as '00:00:10', or a timedelta of whole seconds below a day.",
        )
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"


def _check_times(strategy: RetryStrategy, times: dict[str, str | None]) -> None:
    """Refuse times that the strategy has no use for, and the lack of those it needs."""
    needed, useless = ["delay_interval"], ["minimum_interval", "maximum_interval"]
    if strategy is RetryStrategy.EXPONENTIAL_BACKOFF:
        needed, useless = useless, needed
    for name in useless:
        if times[name] is not None:
            raise DefinitionError(
                f"The retry strategy {strategy.value} has no use for {name}.",
                hint=f"It takes {' and '.join(needed)}; remove {name} or change the strategy.",
            )
    lacking = [name for name in needed if times[name] is None]
    if lacking:
        raise DefinitionError(
            f"The retry strategy {strategy.value} lacks {' and '.join(lacking)}.",
            hint=f"Give {' and '.join(lacking)} as '00:00:10' or a timedelta.",
        )
    low, high = times["minimum_interval"], times["maximum_interval"]
    if low and high and low > high:
        raise DefinitionError(
            f"minimum_interval {low} of a retry policy is greater than maximum_interval {high}.",
            hint="Swap them.",
        )
