"""Dapr: triggers, inputs and outputs for the building blocks of the Distributed Application Runtime.

There are no message types and no converters: values come and go as text, bytes and plain data, as for generic bindings.

Docs: Dapr extension for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 4+.
"""

from __future__ import annotations

from azfunc._core.binding import InputBinding, OutputBinding, Trigger
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- binding classes --------------------------------------------------------------------------------------------------


class DaprBindingTrigger(Trigger, type="daprBindingTrigger"):
    """Entry of type ``daprBindingTrigger`` in function.json."""

    binding_name: str


class DaprServiceInvocationTrigger(Trigger, type="daprServiceInvocationTrigger"):
    """Entry of type ``daprServiceInvocationTrigger`` in function.json."""

    method_name: str


class DaprTopicTrigger(Trigger, type="daprTopicTrigger"):
    """Entry of type ``daprTopicTrigger`` in function.json."""

    pub_sub_name: str
    topic: str
    route: str | None = None


class DaprStateInput(InputBinding, type="daprState"):
    """Entry of type ``daprState`` in function.json, for reading."""

    state_store: str
    key: str
    dapr_address: str | None = None


class DaprSecretInput(InputBinding, type="daprSecret"):
    """Entry of type ``daprSecret`` in function.json."""

    secret_store_name: str
    key: str
    metadata: str | None = None
    dapr_address: str | None = None


class DaprStateOutput(OutputBinding, type="daprState"):
    """Entry of type ``daprState`` in function.json, for writing."""

    state_store: str
    key: str
    dapr_address: str | None = None


class DaprInvokeOutput(OutputBinding, type="daprInvoke"):
    """Entry of type ``daprInvoke`` in function.json."""

    app_id: str
    method_name: str
    http_verb: str | None = None
    dapr_address: str | None = None


class DaprPublishOutput(OutputBinding, type="daprPublish"):
    """Entry of type ``daprPublish`` in function.json."""

    pub_sub_name: str
    topic: str
    dapr_address: str | None = None


class DaprBindingOutput(OutputBinding, type="daprBinding"):
    """Entry of type ``daprBinding`` in function.json."""

    binding_name: str
    operation: str
    dapr_address: str | None = None


# --- trigger decorators -----------------------------------------------------------------------------------------------


class DaprTriggers(DecoratorApi):
    """Dapr: decorators that start a function."""

    def dapr_service_invocation_trigger(
        self,
        arg_name: str,
        method_name: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when another Dapr app invokes a method of this one.

        Args:
            arg_name: Parameter of the function that gets the body of the request, as text.
            method_name: Name that callers invoke it by.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.dapr_service_invocation_trigger("payload", method_name="CreateOrder")
            ... def create_order(payload: str) -> None:
            ...     print(json.loads(payload)["data"])

        Source: Dapr Service Invocation trigger for Azure Functions, "Configuration"; reference 1.26.0,
        `dapr_service_invocation_trigger`.
        """
        return self._bind(
            DaprServiceInvocationTrigger,
            kwargs,
            name=arg_name,
            method_name=method_name,
            data_type=as_data_type(data_type),
        )

    def dapr_binding_trigger(
        self,
        arg_name: str,
        binding_name: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each message of a Dapr input binding.

        Args:
            arg_name: Parameter of the function that gets the message, as text.
            binding_name: Name of the binding component, such as ``%KafkaBindingName%``.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.dapr_binding_trigger("message", binding_name="%KafkaBindingName%")
            ... def consume(message: str) -> None:
            ...     print(message)

        Source: Dapr Input Bindings trigger for Azure Functions, "Configuration"; reference 1.26.0,
        `dapr_binding_trigger`.
        """
        return self._bind(
            DaprBindingTrigger,
            kwargs,
            name=arg_name,
            binding_name=binding_name,
            data_type=as_data_type(data_type),
        )

    def dapr_topic_trigger(
        self,
        arg_name: str,
        pub_sub_name: str,
        topic: str,
        route: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each message that is published on a topic.

        Args:
            arg_name: Parameter of the function that gets the message, a CloudEvent as JSON text.
                The content is its ``data``.
            pub_sub_name: Name of the pub/sub component.
            topic: Topic to subscribe to.
            route: Path that Dapr calls the function on; that of the topic when left out or empty.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.dapr_topic_trigger("event", pub_sub_name="%PubSubName%", topic="orders")
            ... def on_order(event: str) -> None:
            ...     print(json.loads(event)["data"])

        Source: Dapr Topic trigger for Azure Functions, "Configuration"; reference 1.26.0,
        `dapr_topic_trigger`.
        """
        return self._bind(
            DaprTopicTrigger,
            kwargs,
            name=arg_name,
            pub_sub_name=pub_sub_name,
            topic=topic,
            route=route or topic,
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class DaprBindings(DecoratorApi):
    """Dapr: decorators for data that goes in or out."""

    def dapr_state_input(
        self,
        arg_name: str,
        state_store: str,
        key: str,
        dapr_address: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Read one value from a Dapr state store for a call.

        Args:
            arg_name: Parameter of the function that gets the value, as text.
            state_store: Name of the state store component.
            key: Key of the value; ``{name}`` stands for what the trigger knows by that name.
            dapr_address: Address of the Dapr sidecar.
                The port in ``DAPR_HTTP_PORT`` on the same machine when left out.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.dapr_state_input("order", state_store="statestore", key="{id}")
            ... @app.route("orders/{id}")
            ... def show(req: func.HttpRequest, order: str) -> str:
            ...     return order

        Source: Dapr State input binding for Azure Functions, "Configuration"; reference 1.26.0,
        `dapr_state_input`.
        """
        return self._bind(
            DaprStateInput,
            kwargs,
            name=arg_name,
            state_store=state_store,
            key=key,
            dapr_address=dapr_address,
            data_type=as_data_type(data_type),
        )

    def dapr_secret_input(
        self,
        arg_name: str,
        secret_store_name: str,
        key: str,
        metadata: str | None = None,
        dapr_address: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Read a secret from a Dapr secret store for a call.

        Args:
            arg_name: Parameter of the function that gets the secret: a JSON object of names and values, as text.
            secret_store_name: Name of the secret store component.
            key: Name of the secret.
            metadata: Metadata for the store, in the form ``key1=value1&key2=value2``; none when left out.
            dapr_address: Address of the Dapr sidecar.
                The port in ``DAPR_HTTP_PORT`` on the same machine when left out.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.dapr_secret_input("secret", secret_store_name="vault", key="api")
            ... @app.dapr_service_invocation_trigger("payload", method_name="Call")
            ... def call(payload: str, secret: str) -> None:
            ...     token = json.loads(secret)["api"]

        Source: Dapr Secret input binding for Azure Functions, "Configuration"; reference 1.26.0,
        `dapr_secret_input`. Unlike in the reference, `metadata` may be left out, as the extension has it.
        """
        return self._bind(
            DaprSecretInput,
            kwargs,
            name=arg_name,
            secret_store_name=secret_store_name,
            key=key,
            metadata=metadata,
            dapr_address=dapr_address,
            data_type=as_data_type(data_type),
        )

    def dapr_state_output(
        self,
        arg_name: str,
        state_store: str,
        key: str,
        dapr_address: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Write one value to a Dapr state store after the function has returned.

        What is given is a JSON object: its ``value`` is stored, if its ``etag`` is absent or that of the stored value.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            state_store: Name of the state store component.
            key: Key to write to; ``{name}`` stands for what the trigger knows by that name.
            dapr_address: Address of the Dapr sidecar.
                The port in ``DAPR_HTTP_PORT`` on the same machine when left out.
            data_type: How the host takes the value; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.dapr_state_output("$return", state_store="statestore", key="order")
            ... @app.dapr_service_invocation_trigger("payload", method_name="CreateOrder")
            ... def create_order(payload: str) -> str:
            ...     return json.dumps({"value": json.loads(payload)["data"]})

        Source: Dapr State output binding for Azure Functions, "Configuration"; reference 1.26.0,
        `dapr_state_output`.
        """
        return self._bind(
            DaprStateOutput,
            kwargs,
            name=arg_name,
            state_store=state_store,
            key=key,
            dapr_address=dapr_address,
            data_type=as_data_type(data_type),
        )

    def dapr_invoke_output(
        self,
        arg_name: str,
        app_id: str,
        method_name: str,
        http_verb: str | None = None,
        dapr_address: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Invoke a method of another Dapr app after the function has returned.

        What is given is a JSON object: its ``body`` is sent.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            app_id: Dapr id of the other app.
            method_name: Method of the other app.
            http_verb: HTTP verb to call it with; POST when left out.
            dapr_address: Address of the Dapr sidecar.
                The port in ``DAPR_HTTP_PORT`` on the same machine when left out.
            data_type: How the host takes the value; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.dapr_invoke_output("$return", app_id="stock", method_name="reserve", http_verb="post")
            ... @app.queue_trigger("msg", "orders", "Storage")
            ... def reserve(msg: func.QueueMessage) -> str:
            ...     return json.dumps({"body": msg.get_json()})

        Source: Dapr Invoke output binding for Azure Functions, "Configuration"; reference 1.26.0,
        `dapr_invoke_output`. Unlike in the reference, `http_verb` may be left out, as the extension has it.
        """
        return self._bind(
            DaprInvokeOutput,
            kwargs,
            name=arg_name,
            app_id=app_id,
            method_name=method_name,
            http_verb=http_verb,
            dapr_address=dapr_address,
            data_type=as_data_type(data_type),
        )

    def dapr_publish_output(
        self,
        arg_name: str,
        pub_sub_name: str,
        topic: str,
        dapr_address: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Publish a message on a topic after the function has returned.

        What is given is a JSON object: its ``payload`` is published, as the data of a CloudEvent.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            pub_sub_name: Name of the pub/sub component.
            topic: Topic to publish on.
            dapr_address: Address of the Dapr sidecar.
                The port in ``DAPR_HTTP_PORT`` on the same machine when left out.
            data_type: How the host takes the value; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.dapr_publish_output("$return", pub_sub_name="%PubSubName%", topic="done")
            ... @app.dapr_topic_trigger("event", pub_sub_name="%PubSubName%", topic="orders")
            ... def pass_on(event: str) -> str:
            ...     return json.dumps({"payload": json.loads(event)["data"]})

        Source: Dapr Publish output binding for Azure Functions, "Configuration"; reference 1.26.0,
        `dapr_publish_output`.
        """
        return self._bind(
            DaprPublishOutput,
            kwargs,
            name=arg_name,
            pub_sub_name=pub_sub_name,
            topic=topic,
            dapr_address=dapr_address,
            data_type=as_data_type(data_type),
        )

    def dapr_binding_output(
        self,
        arg_name: str,
        binding_name: str,
        operation: str,
        dapr_address: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Send data through a Dapr output binding after the function has returned.

        What is given is a JSON object: its ``data`` is sent, with its ``metadata`` if it has any.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            binding_name: Name of the binding component.
            operation: Operation of the binding, such as ``create``.
            dapr_address: Address of the Dapr sidecar.
                The port in ``DAPR_HTTP_PORT`` on the same machine when left out.
            data_type: How the host takes the value; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.dapr_binding_output("$return", binding_name="%KafkaBindingName%", operation="create")
            ... @app.dapr_service_invocation_trigger("payload", method_name="Send")
            ... def send(payload: str) -> str:
            ...     return json.dumps({"data": payload})

        Source: Dapr Binding output binding for Azure Functions, "Configuration"; reference 1.26.0,
        `dapr_binding_output`.
        """
        return self._bind(
            DaprBindingOutput,
            kwargs,
            name=arg_name,
            binding_name=binding_name,
            operation=operation,
            dapr_address=dapr_address,
            data_type=as_data_type(data_type),
        )
