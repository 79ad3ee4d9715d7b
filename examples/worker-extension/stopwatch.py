"""A worker extension that times every call of the app, and tells of those that take too long."""

import time
from logging import Logger
from typing import Any

import azfunc as func


class Stopwatch(func.AppExtensionBase):
    budget_seconds = 1.0

    @classmethod
    def configure(cls, *args: Any, budget_seconds: float = 1.0, **kwargs: Any) -> None:
        cls.budget_seconds = budget_seconds

    @classmethod
    def pre_invocation_app_level(
        cls,
        logger: Logger,
        context: func.Context,
        func_args: dict[str, object] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        # What is set on the context belongs to this call alone, however many run at once.
        vars(context)["stopwatch_start"] = time.perf_counter()

    @classmethod
    def post_invocation_app_level(
        cls,
        logger: Logger,
        context: func.Context,
        func_args: dict[str, object] | None = None,
        func_ret: object | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        seconds = time.perf_counter() - vars(context)["stopwatch_start"]
        if seconds > cls.budget_seconds:
            logger.warning("%s took %.2f s, more than %s s", context.function_name, seconds, cls.budget_seconds)
