"""The table: where the names of the reference's modules are in azfunc.

Each module of `azure.functions`, by its path below the package, has its names in groups::

    "bindings.queue": "QueueMessage"         the same name in azfunc.bindings.queue
    "_core.enums": "StringifyEnum=WireEnum"  another name there
    "<decorators.core": "DataType"           passed on from another module of the reference
    "@": "meta azf_abc=_abc"                 modules: one below, or another one under a name of its own

What is not here does not exist under the reference's name: `docs/compatibility.md` says what that is, and why.
"""

from __future__ import annotations

PACKAGE = "azure.functions"
"""Name of the reference."""

RELEASES = {True: "1.26.0", False: "2.3.0"}
"""Release that azfunc stands in for: on Python up to 3.12, and later."""

PUBLIC = (
    "get_binding_registry Context Out Document DocumentList CloudEvent EventGridEvent EventGridOutputEvent "
    "EventHubEvent HttpRequest HttpResponse InputStream KafkaEvent KafkaConverter KafkaTriggerConverter "
    "OrchestrationContext EntityContext QueueMessage ServiceBusMessage SqlRow SqlRowList TimerRequest WarmUpContext "
    "MySqlRow MySqlRowList WsgiMiddleware AsgiMiddleware AppExtensionBase FuncExtensionBase ExtensionMeta "
    "FunctionExtensionException FunctionApp Function FunctionRegister DecoratorApi TriggerApi BindingApi SettingsApi "
    "Blueprint ExternalHttpFunctionApp AsgiFunctionApp WsgiFunctionApp DataType AuthLevel Cardinality AccessRights "
    "HttpMethod BlobSource MCPToolContext PromptInvocationContext PromptArgument McpPropertyType mcp_content "
    "register_converter CosmosDBChangeFeedMode"
)
"""What ``from azure.functions import *`` gives."""

MODULES: dict[str, dict[str, str]] = {
    "": {
        "<_abc": "Context InputStream Out TimerRequest",
        "<_cosmosdb": "Document DocumentList",
        "<_durable_functions": "EntityContext OrchestrationContext",
        "<_eventgrid": "CloudEvent EventGridEvent EventGridOutputEvent",
        "<_eventhub": "EventHubEvent",
        "<_http": "HttpRequest HttpResponse",
        "<_http_asgi": "AsgiMiddleware",
        "<_http_wsgi": "WsgiMiddleware",
        "<_mysql": "MySqlRow MySqlRowList",
        "<_queue": "QueueMessage",
        "<_servicebus": "ServiceBusMessage",
        "<_sql": "SqlRow SqlRowList",
        "<decorators.core": (
            "AccessRights AuthLevel BlobSource Cardinality CosmosDBChangeFeedMode DataType McpPropertyType"
        ),
        "<decorators.function_app": (
            "AsgiFunctionApp BindingApi Blueprint DecoratorApi ExternalHttpFunctionApp Function FunctionApp "
            "FunctionRegister SettingsApi TriggerApi WsgiFunctionApp"
        ),
        "<decorators.http": "HttpMethod",
        "<decorators.mcp": "PromptArgument mcp_content",
        "<extension.app_extension_base": "AppExtensionBase",
        "<extension.extension_meta": "ExtensionMeta",
        "<extension.func_extension_base": "FuncExtensionBase",
        "<extension.function_extension_exception": "FunctionExtensionException",
        "<kafka": "KafkaConverter KafkaEvent KafkaTriggerConverter",
        "<mcp": "MCPToolContext PromptInvocationContext",
        "<meta": "get_binding_registry register_converter",
        "<warmup": "WarmUpContext",
        "@": (
            "_abc _blob _cosmosdb _durable_functions _eventgrid _eventhub _http _http_asgi _http_wsgi _jsonutils "
            "_kafka _mysql _queue _servicebus _sql _thirdparty _timer _utils blob connectors cosmosdb decorators "
            "durable_functions eventgrid eventhub extension http kafka mcp meta mysql queue servicebus sql timer "
            "warmup"
        ),
    },
    "_abc": {
        "_core.context": "Context Out RetryContext RpcException T TraceContext",
        "_core.message": "Serializable=Message",
        "bindings.blob": "InputStream",
        "bindings.cosmosdb": "Document DocumentList",
        "bindings.durable": "OrchestrationContext=DurableContext",
        "bindings.eventgrid": "CloudEvent EventGridEvent EventGridOutputEvent",
        "bindings.eventhub": "EventHubEvent",
        "bindings.http": "HttpRequest HttpResponse",
        "bindings.queue": "QueueMessage",
        "bindings.servicebus": "ServiceBusMessage",
        "bindings.timer": "TimerRequest",
    },
    "_blob": {
        "bindings.blob": "InputStream",
    },
    "_cosmosdb": {
        "bindings.cosmosdb": "Document DocumentList",
        "<_jsonutils": "json",
        "@": "_abc=_abc",
    },
    "_durable_functions": {
        "bindings.durable": "EntityContext OrchestrationContext",
        "bindings.durable.codec": (
            "_LEGACY_KEYS=KEYS _STRICT_ENV_VAR=STRICT_SETTING _TRUTHY=TRUE "
            "_deserialize_custom_object=revive_object _get_serialize_default=serialize_default "
            "_has_json_protocol=has_protocol _is_compatible=fits _is_legacy_custom_dict=stands_for_object "
            "_is_strict_mode=is_strict _serialize_custom_object=serialize_object df_dumps=dumps df_loads=loads"
        ),
        "compat.legacy": "logger=durable_logger",
        "@": "_abc=_abc",
    },
    "_eventgrid": {
        "bindings.eventgrid": "CloudEvent EventGridEvent EventGridOutputEvent",
        "@": "azf_abc=_abc",
    },
    "_eventhub": {
        "bindings.eventhub": "EventHubEvent",
        "@": "func_abc=_abc meta=meta",
    },
    "_http": {
        "bindings.http": "BaseHeaders=HttpRequestHeaders HttpRequest HttpResponse",
        "bindings.http.headers": "HttpRequestHeaders HttpResponseHeaders",
        "<_jsonutils": "json",
        "@": "_abc=_abc",
    },
    "_http_asgi": {
        "adapters.asgi": "AsgiMiddleware",
        "compat.legacy": "ASGI_SPEC_VERSION ASGI_VERSION warn",
        "compat.requests": "AsgiRequest AsgiResponse",
        "<_abc": "Context",
        "<_http": "HttpRequest HttpResponse",
        "<_http_wsgi": "WsgiRequest",
    },
    "_http_wsgi": {
        "adapters.wsgi": "WsgiMiddleware",
        "compat.legacy": "linesep wsgi_encoding_dance",
        "compat.requests": "WsgiRequest WsgiResponse",
        "<_abc": "Context",
        "<_http": "HttpRequest HttpResponse",
    },
    "_jsonutils": {
        "compat.legacy": "JsonInterface StdJsonAdapter dumps json json_impl loads",
    },
    "_kafka": {
        "bindings.kafka": "AbstractKafkaEvent=KafkaEvent",
    },
    "_mysql": {
        "bindings.mysql": "BaseMySqlRow=MySqlRow BaseMySqlRowList=MySqlRowList MySqlRow MySqlRowList",
        "<_jsonutils": "json",
    },
    "_queue": {
        "bindings.queue": "QueueMessage",
        "<_jsonutils": "json",
        "@": "_abc=_abc",
    },
    "_servicebus": {
        "bindings.servicebus": "ServiceBusMessage",
        "@": "_abc=_abc",
    },
    "_sql": {
        "bindings.sql": "BaseSqlRow=SqlRow BaseSqlRowList=SqlRowList SqlRow SqlRowList",
        "<_jsonutils": "json",
    },
    "_thirdparty": {
        "@": "typing_inspect",
    },
    "_thirdparty.typing_inspect": {
        "compat.legacy": (
            "NEW_TYPING get_args get_generic_bases get_generic_type get_origin get_parameters is_callable_type "
            "is_classvar is_generic_type is_tuple_type is_typevar is_union_type typed_dict_keys"
        ),
    },
    "_timer": {
        "bindings.timer": "TimerRequest",
    },
    "_utils": {
        "compat.legacy": "try_parse_datetime_with_formats try_parse_timedelta_with_formats",
    },
    "blob": {
        "bindings.blob": "BlobConverter InputStream",
        "@": "azf_abc=_abc meta=meta",
    },
    "connectors": {
        "bindings.connectors": "ConnectorTriggerConverter",
        "@": "meta=meta",
    },
    "cosmosdb": {
        "bindings.cosmosdb": "CosmosDBConverter CosmosDBTriggerConverter",
        "<_jsonutils": "json",
        "@": "cdb=_cosmosdb meta=meta",
    },
    "decorators": {
        "<decorators.core": (
            "AccessRights AuthLevel BlobSource Cardinality CosmosDBChangeFeedMode DataType McpPropertyType"
        ),
        "<decorators.function_app": (
            "AsgiFunctionApp BindingApi Blueprint DecoratorApi ExternalHttpFunctionApp Function FunctionApp "
            "FunctionRegister SettingsApi TriggerApi WsgiFunctionApp"
        ),
        "<decorators.http": "HttpMethod",
        "<decorators.mcp": "PromptArgument",
        "@": (
            "blob connectors constants core cosmosdb dapr eventgrid eventhub function_app function_name generic "
            "http kafka mcp mysql openai queue retry_policy servicebus sql table timer utils warmup"
        ),
    },
    "decorators.blob": {
        "bindings.blob": "BlobInput BlobOutput BlobTrigger",
        "<decorators.constants": "BLOB BLOB_TRIGGER",
        "<decorators.core": "BlobSource DataType InputBinding OutputBinding Trigger",
    },
    "decorators.connectors": {
        "bindings.connectors": "ConnectorTrigger",
        "<decorators.core": "DataType Trigger",
    },
    "decorators.constants": {
        "compat.constants": (
            "ACTIVITY_TRIGGER ASSISTANT_CREATE ASSISTANT_POST ASSISTANT_QUERY ASSISTANT_SKILL_TRIGGER BLOB "
            "BLOB_TRIGGER CONNECTOR_TRIGGER COSMOS_DB COSMOS_DB_TRIGGER DAPR_BINDING DAPR_BINDING_TRIGGER "
            "DAPR_INVOKE DAPR_PUBLISH DAPR_SECRET DAPR_SERVICE_INVOCATION_TRIGGER DAPR_STATE DAPR_TOPIC_TRIGGER "
            "DURABLE_CLIENT EMBEDDINGS EMBEDDINGS_STORE ENTITY_TRIGGER EVENT_GRID EVENT_GRID_TRIGGER EVENT_HUB "
            "EVENT_HUB_TRIGGER HTTP_OUTPUT HTTP_TRIGGER KAFKA KAFKA_TRIGGER MCP_PROMPT_TRIGGER "
            "MCP_RESOURCE_TRIGGER MCP_TOOL_TRIGGER MYSQL MYSQL_TRIGGER ORCHESTRATION_TRIGGER QUEUE QUEUE_TRIGGER "
            "SEMANTIC_SEARCH SERVICE_BUS SERVICE_BUS_TRIGGER SQL SQL_TRIGGER TABLE TEXT_COMPLETION TIMER_TRIGGER "
            "WARMUP_TRIGGER"
        ),
    },
    "decorators.core": {
        "_core.binding": "Binding InputBinding OutputBinding Setting Trigger",
        "_core.decorators": "SCRIPT_FILE_NAME",
        "_core.batches": "Cardinality",
        "_core.data_types": "DataType",
        "_core.enums": "AuthLevel BindingDirection",
        "bindings.blob": "BlobSource",
        "bindings.cosmosdb": "CosmosDBChangeFeedMode",
        "bindings.mcp.tool": "McpPropertyType",
        "bindings.servicebus": "AccessRights",
        "<decorators.utils": "ABCBuildDictMeta StringifyEnum to_camel_case",
    },
    "decorators.cosmosdb": {
        "bindings.cosmosdb": (
            "CosmosDBInput CosmosDBInputV3 CosmosDBOutput CosmosDBOutputV3 CosmosDBTrigger CosmosDBTriggerV3"
        ),
        "<decorators.constants": "COSMOS_DB COSMOS_DB_TRIGGER",
        "<decorators.core": "DataType InputBinding OutputBinding Trigger",
    },
    "decorators.dapr": {
        "bindings.dapr": (
            "DaprBindingOutput DaprBindingTrigger DaprInvokeOutput DaprPublishOutput DaprSecretInput "
            "DaprServiceInvocationTrigger DaprStateInput DaprStateOutput DaprTopicTrigger"
        ),
        "<decorators.constants": (
            "DAPR_BINDING DAPR_BINDING_TRIGGER DAPR_INVOKE DAPR_PUBLISH DAPR_SECRET "
            "DAPR_SERVICE_INVOCATION_TRIGGER DAPR_STATE DAPR_TOPIC_TRIGGER"
        ),
        "<decorators.core": "DataType InputBinding OutputBinding Trigger",
    },
    "decorators.eventgrid": {
        "bindings.eventgrid": "EventGridOutput EventGridTrigger",
        "<decorators.constants": "EVENT_GRID EVENT_GRID_TRIGGER",
        "<decorators.core": "DataType OutputBinding Trigger",
    },
    "decorators.eventhub": {
        "bindings.eventhub": "EventHubOutput EventHubTrigger",
        "<decorators.constants": "EVENT_HUB EVENT_HUB_TRIGGER",
        "<decorators.core": "Cardinality DataType OutputBinding Trigger",
    },
    "decorators.function_app": {
        "_core.decorators": "DecoratorApi SCRIPT_FILE_NAME",
        "_core.function": "Function FunctionBuilder",
        "adapters.apps": "AsgiFunctionApp ExternalHttpFunctionApp WsgiFunctionApp",
        "app": (
            "BindingApi Blueprint FunctionApp FunctionRegister HttpFunctionsAuthLevelMixin=FunctionRegister "
            "SettingsApi TriggerApi"
        ),
        "bindings.openai": "semantic_search_system_prompt=SEMANTIC_SEARCH_PROMPT",
        "compat.legacy": "_get_user_function=get_user_function",
        "<_abc": "Context",
        "<_http_asgi": "AsgiMiddleware",
        "<_http_wsgi": "WsgiMiddleware",
        "<decorators.blob": "BlobInput BlobOutput BlobTrigger",
        "<decorators.connectors": "ConnectorTrigger",
        "<decorators.core": (
            "AccessRights AuthLevel Binding BlobSource Cardinality DataType McpPropertyType Setting Trigger"
        ),
        "<decorators.cosmosdb": (
            "CosmosDBInput CosmosDBInputV3 CosmosDBOutput CosmosDBOutputV3 CosmosDBTrigger CosmosDBTriggerV3"
        ),
        "<decorators.dapr": (
            "DaprBindingOutput DaprBindingTrigger DaprInvokeOutput DaprPublishOutput DaprSecretInput "
            "DaprServiceInvocationTrigger DaprStateInput DaprStateOutput DaprTopicTrigger"
        ),
        "<decorators.eventgrid": "EventGridOutput EventGridTrigger",
        "<decorators.eventhub": "EventHubOutput EventHubTrigger",
        "<decorators.function_name": "FunctionName",
        "<decorators.generic": "GenericInputBinding GenericOutputBinding GenericTrigger",
        "<decorators.http": "HttpMethod HttpOutput HttpTrigger",
        "<decorators.kafka": (
            "BrokerAuthenticationMode BrokerProtocol KafkaMessageKeyType KafkaOutput KafkaTrigger OAuthBearerMethod"
        ),
        "<decorators.mcp": "MCPPromptTrigger MCPResourceTrigger PromptArgument _MCPToolTrigger has_mcp_content_marker",
        "<decorators.mysql": "MySqlInput MySqlOutput MySqlTrigger",
        "<decorators.openai": (
            "InputType OpenAIModels _AssistantCreateOutput _AssistantPostInput _AssistantQueryInput "
            "_AssistantSkillTrigger _EmbeddingsInput _EmbeddingsStoreOutput _SemanticSearchInput "
            "_TextCompletionInput"
        ),
        "<decorators.queue": "QueueOutput QueueTrigger",
        "<decorators.retry_policy": "RetryPolicy",
        "<decorators.servicebus": (
            "ServiceBusQueueOutput ServiceBusQueueTrigger ServiceBusTopicOutput ServiceBusTopicTrigger"
        ),
        "<decorators.sql": "SqlInput SqlOutput SqlTrigger",
        "<decorators.table": "TableInput TableOutput",
        "<decorators.timer": "TimerTrigger",
        "<decorators.utils": "StringifyEnumJsonEncoder parse_iterable_param_to_enums parse_singular_param_to_enum",
        "<decorators.warmup": "WarmUpTrigger",
        "<http": "HttpRequest",
        "<mcp": "MCPToolContext",
    },
    "decorators.function_name": {
        "_core.decorators": "FunctionName",
        "compat.legacy": "FUNCTION_NAME",
        "<decorators.core": "Setting",
    },
    "decorators.generic": {
        "bindings.generic": "GenericInputBinding GenericOutputBinding GenericTrigger",
        "<decorators.core": "DataType InputBinding OutputBinding Trigger",
    },
    "decorators.http": {
        "bindings.http": "HttpMethod",
        "bindings.http.trigger": "HttpOutput HttpTrigger",
        "<decorators.constants": "HTTP_OUTPUT HTTP_TRIGGER",
        "<decorators.core": "AuthLevel DataType OutputBinding Trigger",
        "<decorators.utils": "StringifyEnum",
    },
    "decorators.kafka": {
        "bindings.kafka": (
            "BrokerAuthenticationMode BrokerProtocol KafkaMessageKeyType KafkaOutput KafkaTrigger OAuthBearerMethod"
        ),
        "<decorators.constants": "KAFKA KAFKA_TRIGGER",
        "<decorators.core": "Cardinality DataType OutputBinding Trigger",
        "<decorators.utils": "StringifyEnum",
    },
    "decorators.mcp": {
        "bindings.mcp.content": "has_mcp_content_marker=is_marked mcp_content",
        "bindings.mcp.prompt": "MCPPromptTrigger PromptArgument",
        "bindings.mcp.resource": "MCPResourceTrigger",
        "bindings.mcp.tool": "_MCPToolTrigger=MCPToolTrigger",
        "<decorators.constants": "MCP_PROMPT_TRIGGER MCP_RESOURCE_TRIGGER MCP_TOOL_TRIGGER",
        "<decorators.core": "DataType McpPropertyType Trigger",
        "<mcp": "MCPToolContext",
    },
    "decorators.mysql": {
        "bindings.mysql": "MySqlInput MySqlOutput MySqlTrigger",
        "<decorators.constants": "MYSQL MYSQL_TRIGGER",
        "<decorators.core": "DataType InputBinding OutputBinding Trigger",
    },
    "decorators.openai": {
        "bindings.openai": (
            "InputType OpenAIModels _AssistantCreateOutput=AssistantCreateOutput "
            "_AssistantPostInput=AssistantPostInput _AssistantQueryInput=AssistantQueryInput "
            "_AssistantSkillTrigger=AssistantSkillTrigger _EmbeddingsInput=EmbeddingsInput "
            "_EmbeddingsStoreOutput=EmbeddingsStoreOutput _SemanticSearchInput=SemanticSearchInput "
            "_TextCompletionInput=TextCompletionInput semantic_search_system_prompt=SEMANTIC_SEARCH_PROMPT"
        ),
        "<decorators.constants": (
            "ASSISTANT_CREATE ASSISTANT_POST ASSISTANT_QUERY ASSISTANT_SKILL_TRIGGER EMBEDDINGS EMBEDDINGS_STORE "
            "SEMANTIC_SEARCH TEXT_COMPLETION"
        ),
        "<decorators.core": "DataType InputBinding OutputBinding Trigger",
        "<decorators.utils": "StringifyEnum",
    },
    "decorators.queue": {
        "bindings.queue": "QueueOutput QueueTrigger",
        "<decorators.constants": "QUEUE QUEUE_TRIGGER",
        "<decorators.core": "DataType OutputBinding Trigger",
    },
    "decorators.retry_policy": {
        "compat.legacy": "RETRY_POLICY",
        "settings": "RetryPolicy",
        "<decorators.core": "Setting",
    },
    "decorators.servicebus": {
        "bindings.servicebus": (
            "ServiceBusQueueOutput ServiceBusQueueTrigger ServiceBusTopicOutput ServiceBusTopicTrigger"
        ),
        "<decorators.constants": "SERVICE_BUS SERVICE_BUS_TRIGGER",
        "<decorators.core": "AccessRights Cardinality DataType OutputBinding Trigger",
    },
    "decorators.sql": {
        "bindings.sql": "SqlInput SqlOutput SqlTrigger",
        "<decorators.constants": "SQL SQL_TRIGGER",
        "<decorators.core": "DataType InputBinding OutputBinding Trigger",
    },
    "decorators.table": {
        "bindings.table": "TableInput TableOutput",
        "<decorators.constants": "TABLE",
        "<decorators.core": "DataType InputBinding OutputBinding",
    },
    "decorators.timer": {
        "bindings.timer": "TimerTrigger",
        "<decorators.constants": "TIMER_TRIGGER",
        "<decorators.core": "DataType Trigger",
    },
    "decorators.utils": {
        "_core.context": "T",
        "_core.enums": "StringifyEnum=WireEnum",
        "_core.names": "to_camel_case",
        "compat.legacy": (
            "ABCBuildDictMeta BuildDictMeta SNAKE_CASE_RE StringifyEnumJsonEncoder WORD_RE is_snake_case is_word "
            "parse_iterable_param_to_enums parse_singular_param_to_enum"
        ),
    },
    "decorators.warmup": {
        "bindings.warmup": "WarmUpTrigger",
        "<decorators.constants": "WARMUP_TRIGGER",
        "<decorators.core": "DataType Trigger",
    },
    "durable_functions": {
        "bindings.durable": (
            "ActivityTriggerConverter DurableClientConverter EnitityTriggerConverter=EntityTriggerConverter "
            "OrchestrationTriggerConverter"
        ),
        "@": "_durable_functions=_durable_functions meta=meta",
    },
    "eventgrid": {
        "bindings.eventgrid": "EventGridEventInConverter EventGridEventOutConverter",
        "<_jsonutils": "json",
        "<meta": "Datum",
        "@": "azf_eventgrid=_eventgrid meta=meta",
    },
    "eventhub": {
        "bindings.eventhub": "EventHubConverter EventHubTriggerConverter",
        "<_jsonutils": "json",
        "@": "_eventhub=_eventhub meta=meta",
    },
    "extension": {
        "<extension.app_extension_base": "AppExtensionBase",
        "<extension.extension_meta": "ExtensionMeta",
        "<extension.func_extension_base": "FuncExtensionBase",
        "<extension.function_extension_exception": "FunctionExtensionException",
        "@": (
            "app_extension_base app_extension_hooks extension_hook_meta extension_meta extension_scope "
            "func_extension_base func_extension_hooks function_extension_exception"
        ),
    },
    "extension.app_extension_base": {
        "extension": "AppExtensionBase",
        "<_abc": "Context",
        "<extension.extension_meta": "ExtensionMeta",
        "<extension.extension_scope": "ExtensionScope",
    },
    "extension.app_extension_hooks": {
        "extension": "AppExtensionHooks",
        "<extension.extension_hook_meta": "ExtensionHookMeta",
    },
    "extension.extension_hook_meta": {
        "extension": "ExtensionHookMeta",
    },
    "extension.extension_meta": {
        "extension": "ExtensionMeta",
        "<_jsonutils": "json",
        "<extension.app_extension_hooks": "AppExtensionHooks",
        "<extension.extension_hook_meta": "ExtensionHookMeta",
        "<extension.extension_scope": "ExtensionScope",
        "<extension.func_extension_hooks": "FuncExtensionHooks",
        "<extension.function_extension_exception": "FunctionExtensionException",
    },
    "extension.extension_scope": {
        "extension": "ExtensionScope",
    },
    "extension.func_extension_base": {
        "extension": "FuncExtensionBase",
        "<_abc": "Context",
        "<extension.extension_meta": "ExtensionMeta",
        "<extension.extension_scope": "ExtensionScope",
        "<extension.function_extension_exception": "FunctionExtensionException",
    },
    "extension.func_extension_hooks": {
        "extension": "FuncExtensionHooks",
        "<extension.extension_hook_meta": "ExtensionHookMeta",
    },
    "extension.function_extension_exception": {
        "extension": "FunctionExtensionException",
    },
    "http": {
        "bindings.http": "HttpRequest HttpRequestConverter",
        "bindings.http.converters": "HttpResponseConverter",
        "<_jsonutils": "json",
        "@": "azf_abc=_abc azf_http=_http meta=meta",
    },
    "kafka": {
        "bindings.kafka": "KafkaConverter KafkaEvent KafkaTriggerConverter",
        "<_jsonutils": "json",
        "<_kafka": "AbstractKafkaEvent",
        "@": "meta=meta",
    },
    "mcp": {
        "bindings.mcp.context": "MCPToolContext",
        "bindings.mcp.prompt": "PromptInvocationContext _MCPPromptTriggerConverter=MCPPromptTriggerConverter",
        "bindings.mcp.resource": "MCPResourceTriggerConverter",
        "bindings.mcp.tool": "_MCPToolTriggerConverter=MCPToolTriggerConverter",
        "@": "meta=meta",
    },
    "meta": {
        "_core.datum": "Datum",
        "_core.registry": "get_binding_registry register_converter",
        "compat.meta": "InConverter OutConverter _BaseConverter _ConverterMeta is_iterable_type_annotation",
        "<_jsonutils": "json",
        "<_utils": "try_parse_datetime_with_formats try_parse_timedelta_with_formats",
        "@": "typing_inspect=_thirdparty.typing_inspect",
    },
    "mysql": {
        "bindings.mysql": "MySqlConverter MySqlTriggerConverter",
        "<_jsonutils": "json",
        "@": "meta=meta mysql=_mysql",
    },
    "queue": {
        "bindings.queue": "QueueMessage QueueMessageInConverter QueueMessageOutConverter",
        "<_jsonutils": "json",
        "@": "azf_abc=_abc azf_queue=_queue meta=meta",
    },
    "servicebus": {
        "bindings.servicebus": "ServiceBusMessage ServiceBusMessageInConverter ServiceBusMessageOutConverter",
        "<_jsonutils": "json",
        "@": "azf_sbus=_servicebus meta=meta",
    },
    "sql": {
        "bindings.sql": "SqlConverter",
        "<_jsonutils": "json",
        "@": "meta=meta sql=_sql",
    },
    "timer": {
        "bindings.timer": "TimerRequest TimerRequestConverter",
        "<_jsonutils": "json",
        "@": "azf_abc=_abc meta=meta",
    },
    "warmup": {
        "bindings.warmup": "WarmUpContext WarmUpTriggerConverter",
        "@": "meta=meta",
    },
}
"""Module of the reference -> where its names are."""
