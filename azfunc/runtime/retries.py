"""Retry policies: how long to wait before which attempt.

Source: Azure Functions error handling and retries, "Retry policies"; the exponential strategy adds a random part of
up to a fifth there, which is left out here so that runs repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azfunc._core.times import parse_timedelta

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azfunc._core.function import Function


_EXPONENTIAL = "exponentialbackoff"
_NO_WAIT = "00:00:00"


@dataclass(frozen=True)
class Retries:
    """How often a failed call is made again, and after which time."""

    max_retry_count: int = 0
    """Greatest number of further calls; -1 for no limit."""
    minimum_seconds: float = 0.0
    """Least wait, in seconds."""
    maximum_seconds: float = 0.0
    """Greatest wait, in seconds; equal to the least one for a fixed delay."""

    def allows(self, retry_count: int) -> bool:
        """Tell whether a further call is made after so many."""
        return self.max_retry_count < 0 or retry_count < self.max_retry_count

    def wait_seconds(self, retry_count: int) -> float:
        """Give the wait before a further call: doubled each time, from the least to the greatest.

        Args:
            retry_count: Number of further calls made before.
        """
        if self.minimum_seconds >= self.maximum_seconds:
            return self.minimum_seconds
        # Beyond 2**63 the product is past any wait, and the power would be a long number.
        return min(self.maximum_seconds, self.minimum_seconds * float(1 << min(retry_count, 63)))


def retries_of(function: Function, host_policy: Mapping[str, Any] | None = None) -> Retries:
    """Give the retries of a function: its own policy, else the one of host.json, else none.

    Args:
        function: The function.
        host_policy: The ``retry`` section of host.json, in camel case.
    """
    policy: dict[str, Any] | None = function.get_settings_dict("retry_policy")
    if policy is None and host_policy:
        policy = {
            "strategy": host_policy.get("strategy"),
            "max_retry_count": host_policy.get("maxRetryCount", 0),
            "delay_interval": host_policy.get("delayInterval"),
            "minimum_interval": host_policy.get("minimumInterval"),
            "maximum_interval": host_policy.get("maximumInterval"),
        }
    if policy is None:
        return Retries()
    if str(policy.get("strategy")).replace("_", "").lower() == _EXPONENTIAL:
        least = policy.get("minimum_interval") or _NO_WAIT
        greatest = policy.get("maximum_interval") or least
    else:
        least = greatest = policy.get("delay_interval") or _NO_WAIT
    return Retries(
        max_retry_count=int(policy.get("max_retry_count") or 0),
        minimum_seconds=parse_timedelta(least).total_seconds(),
        maximum_seconds=parse_timedelta(greatest).total_seconds(),
    )
