"""What the benchmarks need of a library, by its name: what the worker uses of it, and what users do."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATUMS = {"azure.functions": "azure.functions.meta", "azfunc": "azfunc._core.datum"}
"""Library -> module that has its `Datum`."""


def library_of(name: str) -> Any:
    """Import a library."""
    return importlib.import_module(name)


def datum(name: str, value: Any, kind: str) -> Any:
    """Make a value between host and function, as the worker makes it with a library."""
    module = importlib.import_module(_DATUMS.get(name, f"{name}.meta"))
    return module.Datum(value, kind)


def datums(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Make the trigger metadata: text travels as text, everything else as JSON."""
    import json

    return {
        key: datum(name, value, "string") if isinstance(value, str) else datum(name, json.dumps(value), "json")
        for key, value in values.items()
    }


def converter(name: str, binding_type: str) -> Any:
    """Give the converter of a binding type."""
    return library_of(name).get_binding_registry().get(binding_type)


def wire_request(name: str, body: bytes, headers: Mapping[str, str], url: str = "https://example.org/api/a?b=c") -> Any:
    """Make an HTTP request as the worker gets it."""
    return datum(
        name,
        {
            "method": datum(name, "POST", "string"),
            "url": datum(name, url, "string"),
            "headers": {key: datum(name, value, "string") for key, value in headers.items()},
            "query": {"b": datum(name, "c", "string")},
            "params": {},
            "body": datum(name, body, "bytes"),
        },
        "http",
    )


def request(name: str, body: bytes, headers: Mapping[str, str] | None = None) -> Any:
    """Make an HTTP request as a function gets it."""
    given = {"content-type": "application/json", "user-agent": "bench", "host": "example.org", **(headers or {})}
    return converter(name, "httpTrigger").decode(wire_request(name, body, given), trigger_metadata=None)
