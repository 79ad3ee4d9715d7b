"""The catalog: which module has which binding type, decorator and public name.

A service is imported when its first decorator, message or converter is used, because a function app uses two or three
services of thirty, and pays for what is imported at every cold start. Type checkers and readers see plain
inheritance and plain imports (under ``TYPE_CHECKING`` in `azfunc` and `azfunc.app`); a test holds this table against
the modules, so nothing can be missing here.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import ModuleType
    from typing import Any

    from azfunc._core.function import Function, FunctionBuilder
    from azfunc._core.registry import BindingRegistry

TYPES: dict[str, str] = {
    "activityTrigger": "bindings.durable",
    "assistantCreate": "bindings.openai",
    "assistantPost": "bindings.openai",
    "assistantQuery": "bindings.openai",
    "assistantSkillTrigger": "bindings.openai",
    "blob": "bindings.blob",
    "blobTrigger": "bindings.blob",
    "connectorTrigger": "bindings.connectors",
    "cosmosDB": "bindings.cosmosdb",
    "cosmosDBTrigger": "bindings.cosmosdb",
    "daprBinding": "bindings.dapr",
    "daprBindingTrigger": "bindings.dapr",
    "daprInvoke": "bindings.dapr",
    "daprPublish": "bindings.dapr",
    "daprSecret": "bindings.dapr",
    "daprServiceInvocationTrigger": "bindings.dapr",
    "daprState": "bindings.dapr",
    "daprTopicTrigger": "bindings.dapr",
    "durableClient": "bindings.durable",
    "embeddings": "bindings.openai",
    "embeddingsStore": "bindings.openai",
    "entityTrigger": "bindings.durable",
    "eventGrid": "bindings.eventgrid",
    "eventGridTrigger": "bindings.eventgrid",
    "eventHub": "bindings.eventhub",
    "eventHubTrigger": "bindings.eventhub",
    "http": "bindings.http.converters",
    "httpTrigger": "bindings.http.converters",
    "kafka": "bindings.kafka",
    "kafkaTrigger": "bindings.kafka",
    "kusto": "bindings.kusto",
    "mcpPromptTrigger": "bindings.mcp.prompt",
    "mcpResourceTrigger": "bindings.mcp.resource",
    "mcpToolTrigger": "bindings.mcp.tool",
    "mysql": "bindings.mysql",
    "mysqlTrigger": "bindings.mysql",
    "orchestrationTrigger": "bindings.durable",
    "queue": "bindings.queue",
    "queueTrigger": "bindings.queue",
    "rabbitMQ": "bindings.rabbitmq",
    "rabbitMQTrigger": "bindings.rabbitmq",
    "redis": "bindings.redis",
    "redisListTrigger": "bindings.redis",
    "redisPubSubTrigger": "bindings.redis",
    "redisStreamTrigger": "bindings.redis",
    "semanticSearch": "bindings.openai",
    "sendGrid": "bindings.sendgrid",
    "serviceBus": "bindings.servicebus",
    "serviceBusTrigger": "bindings.servicebus",
    "signalR": "bindings.signalr",
    "signalRConnectionInfo": "bindings.signalr",
    "signalREndpoints": "bindings.signalr",
    "signalRNegotiation": "bindings.signalr",
    "signalRTrigger": "bindings.signalr",
    "sql": "bindings.sql",
    "sqlTrigger": "bindings.sql",
    "table": "bindings.table",
    "textCompletion": "bindings.openai",
    "timerTrigger": "bindings.timer",
    "twilioSms": "bindings.twilio",
    "warmupTrigger": "bindings.warmup",
    "webPubSub": "bindings.webpubsub",
    "webPubSubConnection": "bindings.webpubsub",
    "webPubSubContext": "bindings.webpubsub",
    "webPubSubTrigger": "bindings.webpubsub",
}
"""Binding type -> module that has its converter or its binding class."""

TRIGGERS: dict[str, str] = {
    "activity_trigger": "bindings.durable:DurableTriggers",
    "assistant_skill_trigger": "bindings.openai:OpenAITriggers",
    "blob_trigger": "bindings.blob:BlobTriggers",
    "connector_trigger": "bindings.connectors:ConnectorTriggers",
    "cosmos_db_trigger": "bindings.cosmosdb:CosmosDBTriggers",
    "cosmos_db_trigger_v3": "bindings.cosmosdb:CosmosDBTriggers",
    "dapr_binding_trigger": "bindings.dapr:DaprTriggers",
    "dapr_service_invocation_trigger": "bindings.dapr:DaprTriggers",
    "dapr_topic_trigger": "bindings.dapr:DaprTriggers",
    "entity_trigger": "bindings.durable:DurableTriggers",
    "event_grid_trigger": "bindings.eventgrid:EventGridTriggers",
    "event_hub_message_trigger": "bindings.eventhub:EventHubTriggers",
    "generic_trigger": "bindings.generic:GenericTriggers",
    "kafka_trigger": "bindings.kafka:KafkaTriggers",
    "mcp_prompt_trigger": "bindings.mcp.prompt:McpPromptTriggers",
    "mcp_resource_trigger": "bindings.mcp.resource:McpResourceTriggers",
    "mcp_tool": "bindings.mcp.tool:McpToolTriggers",
    "mcp_tool_property": "bindings.mcp.tool:McpToolTriggers",
    "mcp_tool_trigger": "bindings.mcp.tool:McpToolTriggers",
    "mysql_trigger": "bindings.mysql:MySqlTriggers",
    "orchestration_trigger": "bindings.durable:DurableTriggers",
    "queue_trigger": "bindings.queue:QueueTriggers",
    "rabbitmq_trigger": "bindings.rabbitmq:RabbitMQTriggers",
    "redis_list_trigger": "bindings.redis:RedisTriggers",
    "redis_pub_sub_trigger": "bindings.redis:RedisTriggers",
    "redis_stream_trigger": "bindings.redis:RedisTriggers",
    "route": "bindings.http.trigger:HttpTriggers",
    "schedule": "bindings.timer:TimerTriggers",
    "service_bus_queue_trigger": "bindings.servicebus:ServiceBusTriggers",
    "service_bus_topic_trigger": "bindings.servicebus:ServiceBusTriggers",
    "signalr_trigger": "bindings.signalr:SignalRTriggers",
    "sql_trigger": "bindings.sql:SqlTriggers",
    "timer_trigger": "bindings.timer:TimerTriggers",
    "warm_up_trigger": "bindings.warmup:WarmUpTriggers",
    "web_pubsub_trigger": "bindings.webpubsub:WebPubSubTriggers",
}
"""Trigger decorator -> mixin that has it."""

BINDINGS: dict[str, str] = {
    "assistant_create_output": "bindings.openai:OpenAIBindings",
    "assistant_post_input": "bindings.openai:OpenAIBindings",
    "assistant_query_input": "bindings.openai:OpenAIBindings",
    "blob_input": "bindings.blob:BlobBindings",
    "blob_output": "bindings.blob:BlobBindings",
    "cosmos_db_input": "bindings.cosmosdb:CosmosDBBindings",
    "cosmos_db_input_v3": "bindings.cosmosdb:CosmosDBBindings",
    "cosmos_db_output": "bindings.cosmosdb:CosmosDBBindings",
    "cosmos_db_output_v3": "bindings.cosmosdb:CosmosDBBindings",
    "dapr_binding_output": "bindings.dapr:DaprBindings",
    "dapr_invoke_output": "bindings.dapr:DaprBindings",
    "dapr_publish_output": "bindings.dapr:DaprBindings",
    "dapr_secret_input": "bindings.dapr:DaprBindings",
    "dapr_state_input": "bindings.dapr:DaprBindings",
    "dapr_state_output": "bindings.dapr:DaprBindings",
    "durable_client_input": "bindings.durable:DurableBindings",
    "embeddings_input": "bindings.openai:OpenAIBindings",
    "embeddings_store_output": "bindings.openai:OpenAIBindings",
    "event_grid_output": "bindings.eventgrid:EventGridBindings",
    "event_hub_output": "bindings.eventhub:EventHubBindings",
    "generic_input_binding": "bindings.generic:GenericBindings",
    "generic_output_binding": "bindings.generic:GenericBindings",
    "kafka_output": "bindings.kafka:KafkaBindings",
    "kusto_input": "bindings.kusto:KustoBindings",
    "kusto_output": "bindings.kusto:KustoBindings",
    "mysql_input": "bindings.mysql:MySqlBindings",
    "mysql_output": "bindings.mysql:MySqlBindings",
    "queue_output": "bindings.queue:QueueBindings",
    "rabbitmq_output": "bindings.rabbitmq:RabbitMQBindings",
    "redis_input": "bindings.redis:RedisBindings",
    "redis_output": "bindings.redis:RedisBindings",
    "semantic_search_input": "bindings.openai:OpenAIBindings",
    "send_grid_output": "bindings.sendgrid:SendGridBindings",
    "service_bus_queue_output": "bindings.servicebus:ServiceBusBindings",
    "service_bus_topic_output": "bindings.servicebus:ServiceBusBindings",
    "signalr_connection_info_input": "bindings.signalr:SignalRBindings",
    "signalr_endpoints_input": "bindings.signalr:SignalRBindings",
    "signalr_negotiation_input": "bindings.signalr:SignalRBindings",
    "signalr_output": "bindings.signalr:SignalRBindings",
    "sql_input": "bindings.sql:SqlBindings",
    "sql_output": "bindings.sql:SqlBindings",
    "table_input": "bindings.table:TableBindings",
    "table_output": "bindings.table:TableBindings",
    "text_completion_input": "bindings.openai:OpenAIBindings",
    "twilio_sms_output": "bindings.twilio:TwilioBindings",
    "web_pubsub_connection_input": "bindings.webpubsub:WebPubSubBindings",
    "web_pubsub_context_input": "bindings.webpubsub:WebPubSubBindings",
    "web_pubsub_output": "bindings.webpubsub:WebPubSubBindings",
}
"""Input or output decorator -> mixin that has it."""

SETTINGS: dict[str, str] = {
    "retry": "settings:RetrySettings",
}
"""Setting decorator -> mixin that has it."""

CONTAINERS: dict[str, str] = {
    "exception_handler": "calls.middleware:Middlewares",
    "middleware": "calls.middleware:Middlewares",
    "mount_asgi": "adapters.mounting:Mounts",
    "mount_wsgi": "adapters.mounting:Mounts",
    "with_middleware": "calls.middleware:Middlewares",
}
"""Method of apps and blueprints that is no decorator of a binding or a setting -> mixin that has it."""

DOCUMENTS: dict[str, str] = {
    "openapi": "openapi.document:Documents",
}
"""Method that describes the functions of an app to others -> mixin that has it."""

SHARED: dict[str, str] = {
    "_get_durable_blueprint": "bindings.durable:DurableApi",
    "_invoke_df_decorator": "bindings.durable:DurableApi",
}
"""Private method that decorators of both kinds call, under the reference's name -> mixin that has it."""

NAMES: dict[str, str] = {
    "AccessRights": "bindings.servicebus",
    "AppExtensionBase": "extension",
    "AsgiFunctionApp": "adapters.apps",
    "AsgiMiddleware": "adapters.asgi",
    "AzfuncDeprecationWarning": "_core.failures",
    "AzfuncWarning": "_core.failures",
    "BlobSource": "bindings.blob",
    "Body": "calls.body",
    "BodyError": "calls.body",
    "BrokerAuthenticationMode": "bindings.kafka",
    "BrokerProtocol": "bindings.kafka",
    "Call": "calls.call",
    "Cardinality": "_core.batches",
    "CloudEvent": "bindings.eventgrid",
    "Context": "_core.context",
    "ConversionError": "_core.failures",
    "CosmosDBChangeFeedMode": "bindings.cosmosdb",
    "DataType": "_core.data_types",
    "Depends": "calls.depends",
    "Document": "bindings.cosmosdb",
    "DocumentList": "bindings.cosmosdb",
    "DurablePayloadError": "bindings.durable",
    "EntityContext": "bindings.durable",
    "EventGridEvent": "bindings.eventgrid",
    "EventGridOutputEvent": "bindings.eventgrid",
    "EventHubEvent": "bindings.eventhub",
    "ExtensionMeta": "extension",
    "ExternalHttpFunctionApp": "adapters.apps",
    "FileResponse": "bindings.http",
    "FuncExtensionBase": "extension",
    "FunctionExtensionException": "extension",
    "HttpMethod": "bindings.http",
    "HttpRequest": "bindings.http",
    "HttpResponse": "bindings.http",
    "IndexingError": "_core.failures",
    "InputStream": "bindings.blob",
    "InputType": "bindings.openai",
    "InvocationError": "_core.failures",
    "InvocationExecutor": "runtime.logs",
    "JsonDecodeError": "_core.json_error",
    "JsonResponse": "bindings.http",
    "KafkaConverter": "bindings.kafka",
    "KafkaEvent": "bindings.kafka",
    "KafkaMessageKeyType": "bindings.kafka",
    "KafkaTriggerConverter": "bindings.kafka",
    "LoadingError": "_core.failures",
    "MCPToolContext": "bindings.mcp.context",
    "McpPropertyType": "bindings.mcp.tool",
    "MissingPackageError": "_core.failures",
    "MySqlRow": "bindings.mysql",
    "MySqlRowList": "bindings.mysql",
    "OAuthBearerMethod": "bindings.kafka",
    "OpenAIModels": "bindings.openai",
    "OrchestrationContext": "bindings.durable",
    "Out": "_core.context",
    "PromptArgument": "bindings.mcp.prompt",
    "PromptInvocationContext": "bindings.mcp.prompt",
    "QueueMessage": "bindings.queue",
    "RedirectResponse": "bindings.http",
    "RetryContext": "_core.context",
    "RetryStrategy": "settings",
    "SendGridMessage": "bindings.sendgrid",
    "ServiceBusMessage": "bindings.servicebus",
    "SignalRGroupAction": "bindings.signalr",
    "SignalRMessage": "bindings.signalr",
    "SmsMessage": "bindings.twilio",
    "SqlRow": "bindings.sql",
    "SqlRowList": "bindings.sql",
    "TimerRequest": "bindings.timer",
    "TraceContext": "_core.context",
    "UnknownNameError": "_core.failures",
    "UnsupportedValueError": "_core.failures",
    "WarmUpContext": "bindings.warmup",
    "WebPubSubAction": "bindings.webpubsub",
    "WsgiFunctionApp": "adapters.apps",
    "WsgiMiddleware": "adapters.wsgi",
    "__version__": "_version",
    "durable_type": "bindings.durable",
    "mcp_content": "bindings.mcp.content",
    "register_converter": "_core.registry",
    "run_in_thread": "runtime.logs",
}
"""Public name of `azfunc` -> module that has it; all other public names are imported plainly."""


WORKERS = ("azure_functions_runtime", "azure_functions_runtime_v1", "azure_functions_worker")
"""Packages of Azure's worker: of Python 3.13 and later, of its older programming model, and of the Pythons before."""


def module(path: str) -> ModuleType:
    """Import a module of azfunc by its path below the package."""
    from importlib import import_module

    return import_module(f"azfunc.{path}")


def load_type(binding_type: str) -> None:
    """Import the service of a binding type, or all services for ``*``; nothing for an unknown type."""
    if binding_type == "*":
        for path in dict.fromkeys(TYPES.values()):
            module(path)
    elif binding_type in TYPES:
        module(TYPES[binding_type])


def stand_in() -> AbstractContextManager[Any]:
    """Give a context in which azfunc answers as `azure.functions`."""
    found: AbstractContextManager[Any] = module("compat").installed()
    return found


def own_builder(theirs: Any) -> FunctionBuilder:
    """Give the builder of azfunc for one of the reference."""
    found: FunctionBuilder = module("_reference").own_builder(theirs)
    return found


_NO_NAMES: dict[str, Any] = {}


def look_for_markers(func: Any, known: dict[int, bool]) -> Callable[[Function], None] | None:
    """Give what gives marked parameters their arguments, if a function may have one; None if it has none.

    A marker that Python has evaluated has loaded it, so that only text is looked at. Most functions are passed over
    with their whole module, which has no `Annotated`: to ask a function for its annotations costs memory.

    Args:
        func: The user function.
        known: Of the modules that were looked at, whether they have `Annotated`; by the identity of their names.
    """
    names: dict[str, Any] = getattr(func, "__globals__", _NO_NAMES)
    key = id(names)
    if key not in known:
        # By identity, since not everything that a module names can be compared.
        sources = {id(sys.modules[name]) for name in ("typing", "typing_extensions") if name in sys.modules}
        known[key] = (
            names is _NO_NAMES or "Annotated" in names or not sources.isdisjoint([id(each) for each in names.values()])
        )
    if not known[key]:
        return None
    if names is _NO_NAMES:  # a partial, or an object that is called like a function
        func = module("_core.annotations").written_function(func)
    annotations: dict[str, Any] = getattr(func, "__annotations__", _NO_NAMES)
    if not any(isinstance(each, str) and "(" in each for each in annotations.values()):
        return None
    found: Callable[[Function], None] = module("calls.parameters").inject
    return found


def has_worker() -> bool:
    """Tell whether Azure's worker runs in this process."""
    return any(worker in sys.modules for worker in WORKERS)


def meet_worker() -> None:
    """Connect azfunc with Azure's worker and the reference, in a process where the worker runs; else nothing.

    The environment variable ``AZFUNC_BRIDGE=0`` turns it off.
    """
    if not has_worker():
        return
    import os

    if os.environ.get("AZFUNC_BRIDGE") != "0":
        module("compat.bridge").meet()


def fitter() -> Callable[[Function], None] | None:
    """Give what lets Azure's worker take a function, or None in a process without a worker."""
    if not has_worker():
        return None
    import os

    if os.environ.get("AZFUNC_BRIDGE") == "0":
        return None
    found: Callable[[Function], None] = module("compat.fitting").fit
    return found


def worker_registry() -> BindingRegistry | None:
    """Give the registry as Azure's worker uses it, or None in a process without one."""
    if not has_worker():
        return None
    found: BindingRegistry = module("compat.bridge").worker_registry
    return found


class OnFirstUse:
    """A method in the namespace of a class that is imported, and put in its own place, when it is first used.

    Args:
        target: Mixin that has the method, as ``module:Class``.
        name: Name of the method.
    """

    __slots__ = ("_name", "_target")

    def __init__(self, target: str, name: str) -> None:
        self._target = target
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        path, _, mixin = self._target.partition(":")
        method = getattr(module(path), mixin).__dict__[self._name]
        for cls in owner.__mro__:
            if cls.__dict__.get(self._name) is self:
                setattr(cls, self._name, method)
        return method.__get__(instance, owner)


def methods(table: dict[str, str]) -> dict[str, Any]:
    """Give the class namespace for a table of decorators."""
    return {name: OnFirstUse(target, name) for name, target in table.items()}
