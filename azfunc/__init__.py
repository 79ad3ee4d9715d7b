"""azfunc: the Azure Functions programming model for Python.

Write ``import azfunc as func`` in ``function_app.py``; build, check, call and test it without any host, and deploy
the same file to Azure.
"""

from __future__ import annotations

from azfunc import _catalog
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import AuthLevel, BindingDirection, Cardinality, DataType
from azfunc._core.errors import (
    ArgumentTypeError,
    AzfuncDeprecationWarning,
    AzfuncError,
    AzfuncWarning,
    ConversionError,
    DefinitionError,
    IndexingError,
    InvocationError,
    LoadingError,
    MissingPackageError,
    UnknownNameError,
    UnsupportedValueError,
)
from azfunc._core.function import Function, FunctionBuilder
from azfunc._core.registry import get_binding_registry
from azfunc._version import __version__
from azfunc.app import BindingApi, Blueprint, FunctionApp, FunctionRegister, SettingsApi, TriggerApi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from azfunc._core.context import Context, Out, RetryContext, TraceContext
    from azfunc._core.jsonlib import JsonDecodeError
    from azfunc.bindings.blob import BlobSource, InputStream
    from azfunc.bindings.cosmosdb import Document, DocumentList
    from azfunc.bindings.eventhub import EventHubEvent
    from azfunc.bindings.http import HttpMethod, HttpRequest, HttpResponse
    from azfunc.bindings.queue import QueueMessage
    from azfunc.bindings.servicebus import AccessRights, ServiceBusMessage
    from azfunc.bindings.timer import TimerRequest
    from azfunc.settings import RetryStrategy

__all__ = [
    "AccessRights",
    "ArgumentTypeError",
    "AuthLevel",
    "AzfuncDeprecationWarning",
    "AzfuncError",
    "AzfuncWarning",
    "BindingApi",
    "BindingDirection",
    "BlobSource",
    "Blueprint",
    "Cardinality",
    "Context",
    "ConversionError",
    "DataType",
    "DecoratorApi",
    "DefinitionError",
    "Document",
    "DocumentList",
    "EventHubEvent",
    "Function",
    "FunctionApp",
    "FunctionBuilder",
    "FunctionRegister",
    "HttpMethod",
    "HttpRequest",
    "HttpResponse",
    "IndexingError",
    "InputStream",
    "InvocationError",
    "JsonDecodeError",
    "LoadingError",
    "MissingPackageError",
    "Out",
    "QueueMessage",
    "RetryContext",
    "RetryStrategy",
    "ServiceBusMessage",
    "SettingsApi",
    "TimerRequest",
    "TraceContext",
    "TriggerApi",
    "UnknownNameError",
    "UnsupportedValueError",
    "__version__",
    "get_binding_registry",
]


def __getattr__(name: str) -> object:
    """Import what the catalog names when it is first used."""
    path = _catalog.NAMES.get(name)
    if path is None:
        from azfunc._core.errors import nearest

        close = None if name.startswith("_") else nearest(name, __all__)
        did_you_mean = f"; did you mean {close!r}?" if close else ""
        message = f"module 'azfunc' has no attribute {name!r}{did_you_mean}"
        raise AttributeError(message)
    value: object = getattr(_catalog.module(path), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
