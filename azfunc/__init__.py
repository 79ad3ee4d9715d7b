"""azfunc: the Azure Functions programming model for Python.

Write ``import azfunc as func`` in ``function_app.py``; build, check, call and test it without any host, and deploy
the same file to Azure.
"""

from __future__ import annotations

from azfunc import _catalog
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import AuthLevel, BindingDirection
from azfunc._core.errors import ArgumentTypeError, AzfuncError, DefinitionError
from azfunc._core.function import Function, FunctionBuilder
from azfunc._core.registry import get_binding_registry
from azfunc.app import BindingApi, Blueprint, FunctionApp, FunctionRegister, SettingsApi, TriggerApi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from azfunc._core.batches import Cardinality
    from azfunc._core.context import Context, Out, RetryContext, TraceContext
    from azfunc._core.data_types import DataType
    from azfunc._core.failures import (
        AzfuncDeprecationWarning,
        AzfuncWarning,
        ConversionError,
        IndexingError,
        InvocationError,
        LoadingError,
        MissingPackageError,
        UnknownNameError,
        UnsupportedValueError,
    )
    from azfunc._core.json_error import JsonDecodeError
    from azfunc._core.registry import register_converter
    from azfunc._version import __version__
    from azfunc.adapters.apps import AsgiFunctionApp, ExternalHttpFunctionApp, WsgiFunctionApp
    from azfunc.adapters.asgi import AsgiMiddleware
    from azfunc.adapters.wsgi import WsgiMiddleware
    from azfunc.bindings.blob import BlobSource, InputStream
    from azfunc.bindings.cosmosdb import CosmosDBChangeFeedMode, Document, DocumentList
    from azfunc.bindings.durable import DurablePayloadError, EntityContext, OrchestrationContext, durable_type
    from azfunc.bindings.eventgrid import CloudEvent, EventGridEvent, EventGridOutputEvent
    from azfunc.bindings.eventhub import EventHubEvent
    from azfunc.bindings.http import FileResponse, HttpMethod, HttpRequest, HttpResponse, JsonResponse, RedirectResponse
    from azfunc.bindings.kafka import (
        BrokerAuthenticationMode,
        BrokerProtocol,
        KafkaConverter,
        KafkaEvent,
        KafkaMessageKeyType,
        KafkaTriggerConverter,
        OAuthBearerMethod,
    )
    from azfunc.bindings.mcp.content import mcp_content
    from azfunc.bindings.mcp.context import MCPToolContext
    from azfunc.bindings.mcp.prompt import PromptArgument, PromptInvocationContext
    from azfunc.bindings.mcp.tool import McpPropertyType
    from azfunc.bindings.mysql import MySqlRow, MySqlRowList
    from azfunc.bindings.openai import InputType, OpenAIModels
    from azfunc.bindings.queue import QueueMessage
    from azfunc.bindings.sendgrid import SendGridMessage
    from azfunc.bindings.servicebus import AccessRights, ServiceBusMessage
    from azfunc.bindings.signalr import SignalRGroupAction, SignalRMessage
    from azfunc.bindings.sql import SqlRow, SqlRowList
    from azfunc.bindings.timer import TimerRequest
    from azfunc.bindings.twilio import SmsMessage
    from azfunc.bindings.warmup import WarmUpContext
    from azfunc.bindings.webpubsub import WebPubSubAction
    from azfunc.calls.body import Body, BodyError
    from azfunc.calls.call import Call
    from azfunc.calls.depends import Depends
    from azfunc.extension import AppExtensionBase, ExtensionMeta, FuncExtensionBase, FunctionExtensionException
    from azfunc.runtime.logs import InvocationExecutor, run_in_thread
    from azfunc.settings import RetryStrategy

__all__ = [
    "AccessRights",
    "AppExtensionBase",
    "ArgumentTypeError",
    "AsgiFunctionApp",
    "AsgiMiddleware",
    "AuthLevel",
    "AzfuncDeprecationWarning",
    "AzfuncError",
    "AzfuncWarning",
    "BindingApi",
    "BindingDirection",
    "BlobSource",
    "Blueprint",
    "Body",
    "BodyError",
    "BrokerAuthenticationMode",
    "BrokerProtocol",
    "Call",
    "Cardinality",
    "CloudEvent",
    "Context",
    "ConversionError",
    "CosmosDBChangeFeedMode",
    "DataType",
    "DecoratorApi",
    "DefinitionError",
    "Depends",
    "Document",
    "DocumentList",
    "DurablePayloadError",
    "EntityContext",
    "EventGridEvent",
    "EventGridOutputEvent",
    "EventHubEvent",
    "ExtensionMeta",
    "ExternalHttpFunctionApp",
    "FileResponse",
    "FuncExtensionBase",
    "Function",
    "FunctionApp",
    "FunctionBuilder",
    "FunctionExtensionException",
    "FunctionRegister",
    "HttpMethod",
    "HttpRequest",
    "HttpResponse",
    "IndexingError",
    "InputStream",
    "InputType",
    "InvocationError",
    "InvocationExecutor",
    "JsonDecodeError",
    "JsonResponse",
    "KafkaConverter",
    "KafkaEvent",
    "KafkaMessageKeyType",
    "KafkaTriggerConverter",
    "LoadingError",
    "MCPToolContext",
    "McpPropertyType",
    "MissingPackageError",
    "MySqlRow",
    "MySqlRowList",
    "OAuthBearerMethod",
    "OpenAIModels",
    "OrchestrationContext",
    "Out",
    "PromptArgument",
    "PromptInvocationContext",
    "QueueMessage",
    "RedirectResponse",
    "RetryContext",
    "RetryStrategy",
    "SendGridMessage",
    "ServiceBusMessage",
    "SettingsApi",
    "SignalRGroupAction",
    "SignalRMessage",
    "SmsMessage",
    "SqlRow",
    "SqlRowList",
    "TimerRequest",
    "TraceContext",
    "TriggerApi",
    "UnknownNameError",
    "UnsupportedValueError",
    "WarmUpContext",
    "WebPubSubAction",
    "WsgiFunctionApp",
    "WsgiMiddleware",
    "__version__",
    "durable_type",
    "get_binding_registry",
    "mcp_content",
    "register_converter",
    "run_in_thread",
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


_catalog.meet_worker()
