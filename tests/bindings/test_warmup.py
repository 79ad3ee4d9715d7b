"""The warmup trigger."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Annotated, Any

import azfunc as func
from tests.bindings.conformance import BindingConformance

if TYPE_CHECKING:
    from types import ModuleType


class TestWarmUp(BindingConformance):
    """The suite, for warmup."""

    module = "warmup"
    decorators = ("warm_up_trigger",)
    defaults = (func.WarmUpContext,)
    messages = {"warmupTrigger": [func.WarmUpContext()]}
    accepted = {
        "warmupTrigger": [func.WarmUpContext, func.WarmUpContext | None, Annotated[func.WarmUpContext, "new instance"]]
    }
    refused = {"warmupTrigger": [str, func.Context, list[func.WarmUpContext]]}


def test_nothing_at_all_gives_a_context(func: ModuleType) -> None:
    """The host may send no value; the function is called all the same."""
    converter = func.get_binding_registry().get("warmupTrigger")

    made = converter.decode(None, trigger_metadata=None)

    assert type(made).__name__ == "WarmUpContext"


def test_context_can_be_imported_by_its_public_name() -> None:
    """The reference lists the name and does not have it."""
    namespace: dict[str, Any] = {}
    exec("from azfunc import WarmUpContext", namespace)

    assert namespace["WarmUpContext"] is importlib.import_module("azfunc.bindings.warmup").WarmUpContext
