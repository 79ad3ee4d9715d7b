"""Warmup: a trigger that runs on each new instance before it gets work.

Docs: Azure Functions warmup trigger. No extension bundle needed; not on the Consumption plan.
"""

from __future__ import annotations

from azfunc._core.binding import Trigger
from azfunc._core.converter import InConverter
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.message import Message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- message types ----------------------------------------------------------------------------------------------------


class WarmUpContext(Message):
    """What a warmup function is given; it says nothing beyond that the instance is new.

    Example:
        >>> func.WarmUpContext()
        WarmUpContext()

    Source: Azure Functions warmup trigger, "Usage"; reference 1.26.0, `warmup.WarmUpContext`. Unlike in the
    reference, whose list of names has it without there being one, `func.WarmUpContext` can be imported.
    """

    def __init__(self) -> None:
        """Make the argument of a warmup function."""

    def to_dict(self) -> dict[str, Any]:
        """Give an empty dict: there is nothing to tell."""
        return {}


# --- binding classes --------------------------------------------------------------------------------------------------


class WarmUpTrigger(Trigger, type="warmupTrigger"):
    """Entry of type ``warmupTrigger`` in function.json."""


# --- converters -------------------------------------------------------------------------------------------------------


class WarmUpTriggerConverter(InConverter, binding="warmupTrigger", trigger=True):
    """Warmup trigger: the argument is a `WarmUpContext`."""

    input_types: ClassVar[tuple[type, ...]] = (WarmUpContext,)

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> WarmUpContext:
        """Give a `WarmUpContext`, whatever the host sends."""
        return WarmUpContext()

    @classmethod
    def to_wire(cls, value: WarmUpContext) -> tuple[Datum, dict[str, Datum]]:
        """Give the empty text that the host sends."""
        return Datum("", "string"), {}


# --- trigger decorators -----------------------------------------------------------------------------------------------


class WarmUpTriggers(DecoratorApi):
    """Warmup: decorators that start a function."""

    def warm_up_trigger(
        self,
        arg_name: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function once on each instance that is added, before the instance gets work.

        An app has one such function, and its name is ``warmup``. It runs when the app scales out, not when an
        instance restarts, so nothing may rely on it: what it prepares should be made on first use otherwise.

        Args:
            arg_name: Parameter of the function that gets the `WarmUpContext`.
            data_type: How the host hands the value over; leave it out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.warm_up_trigger("context")
            ... def warmup(context: func.WarmUpContext) -> None:
            ...     print("loading the model")

        Source: Azure Functions warmup trigger, "Decorators"; reference 1.26.0, `warm_up_trigger`.
        """
        return self._bind(WarmUpTrigger, kwargs, name=arg_name, data_type=as_data_type(data_type))
