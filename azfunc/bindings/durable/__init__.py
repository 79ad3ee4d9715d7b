"""Durable Functions: orchestrations, activities, entities and the client that starts them.

The decorators hand over to the package `azure-functions-durable`, which replays orchestrations; azfunc has the
bindings, the converters and the reading of payloads.

Docs: Durable Functions for Python. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2.3+.
"""

from __future__ import annotations

from azfunc.bindings.durable.codec import DurablePayloadError, durable_type
from azfunc.bindings.durable.trigger import (
    ActivityTrigger,
    ActivityTriggerConverter,
    DurableApi,
    DurableBindings,
    DurableClient,
    DurableClientConverter,
    DurableContext,
    DurableTriggers,
    EntityContext,
    EntityTrigger,
    EntityTriggerConverter,
    OrchestrationContext,
    OrchestrationTrigger,
    OrchestrationTriggerConverter,
)

__all__ = [
    "ActivityTrigger",
    "ActivityTriggerConverter",
    "DurableApi",
    "DurableBindings",
    "DurableClient",
    "DurableClientConverter",
    "DurableContext",
    "DurablePayloadError",
    "DurableTriggers",
    "EntityContext",
    "EntityTrigger",
    "EntityTriggerConverter",
    "OrchestrationContext",
    "OrchestrationTrigger",
    "OrchestrationTriggerConverter",
    "durable_type",
]
