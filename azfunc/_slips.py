"""Names of decorators that are none: those of old releases, which work and warn, and those written by mistake.

Apart from the catalog, since an app that is right never asks.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from azfunc import _catalog
from azfunc._core.errors import nearest
from azfunc._core.failures import AzfuncDeprecationWarning

if TYPE_CHECKING:
    from azfunc._core.decorators import DecoratorApi

OLD_NAMES: dict[str, str] = {
    "on_blob_change": "blob_trigger",
    "on_cosmos_db_update": "cosmos_db_trigger_v3",
    "on_event_hub_message": "event_hub_message_trigger",
    "on_queue_change": "queue_trigger",
    "on_service_bus_queue_change": "service_bus_queue_trigger",
    "on_service_bus_topic_change": "service_bus_topic_trigger",
    "read_blob": "blob_input",
    "read_cosmos_db_documents": "cosmos_db_input_v3",
    "read_table": "table_input",
    "write_blob": "blob_output",
    "write_cosmos_db_documents": "cosmos_db_output_v3",
    "write_event_hub_message": "event_hub_output",
    "write_queue": "queue_output",
    "write_service_bus_queue": "service_bus_queue_output",
    "write_service_bus_topic": "service_bus_topic_output",
    "write_table": "table_output",
}
"""Decorator of the preview releases, which the guide's edition of 2022 uses -> today's name. They work, and warn."""

SLIPS: dict[str, str] = {
    "event_hub_trigger": "event_hub_message_trigger",
    "http_trigger": "route",
    "service_bus_output": "service_bus_queue_output",
    "service_bus_trigger": "service_bus_queue_trigger",
    "table_trigger": "table_input",
}
"""Name that people write, and that is none -> what they mean, where the nearest name would be another one."""


def name_today(api: DecoratorApi, name: str) -> str:
    """Give today's name of a decorator, with a warning.

    Args:
        api: The app or blueprint that was asked for the name, which it does not have.
        name: The name.

    Raises:
        AttributeError: It is no name of an old release; tells which decorator was probably meant.
    """
    today = OLD_NAMES.get(name)
    if today is None or not hasattr(type(api), today):
        raise _no_decorator(api, name)
    warnings.warn(
        f"{name}() is the name of the preview releases; write {today}().", AzfuncDeprecationWarning, stacklevel=3
    )
    return today


def _no_decorator(api: DecoratorApi, name: str) -> AttributeError:
    """Make the error for an attribute that is none, with the decorator that was probably meant."""
    text = f"{type(api).__name__!r} object has no attribute {name!r}"
    if name.startswith("_"):
        return AttributeError(text)
    tables = (_catalog.TRIGGERS, _catalog.BINDINGS, _catalog.SETTINGS)
    meant = SLIPS.get(name) or nearest(name, [each for table in tables for each in table])
    return AttributeError(f"{text}; did you mean {meant!r}?" if meant else text)
