"""MQTT: a trigger for each message of a topic, and an output that publishes messages.

It stands for any extension of the host that azfunc does not know: the binding types and their fields are those that
the extension declares. The order is that of azfunc's own services: messages, binding classes, converters, decorators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import azfunc as func
from azfunc.bindings import (
    INTEGER,
    TEXT_OR_EMPTY,
    Datum,
    InConverter,
    JsonValue,
    Message,
    MessageOutConverter,
    OutputBinding,
    Trigger,
    as_metadata,
    body_of,
    plain_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azfunc.bindings import Decorator


# --- message types ---


class MqttMessage(Message):
    """A message of a topic.

    Args:
        body: Content, as text or bytes.
        topic: Topic that it was published to.
        qos: Quality of service: 0 at most once, 1 at least once, 2 exactly once.
    """

    _wire = {"topic": ("Topic", TEXT_OR_EMPTY), "qos": ("Qos", INTEGER)}

    def __init__(self, *, body: str | bytes | None = None, topic: str | None = None, qos: int | None = None) -> None:
        self._set(body, topic=topic, qos=qos)

    @property
    def topic(self) -> str:
        """Topic that it was published to; from ``Topic``."""
        return self._get("topic")

    @property
    def qos(self) -> int | None:
        """Quality of service; from ``Qos``."""
        return self._get("qos")


# --- binding classes ---


class MqttTrigger(Trigger, type="mqttTrigger"):
    """Entry of type ``mqttTrigger`` in function.json."""

    topic: str
    connection: str


class MqttOutput(OutputBinding, type="mqtt"):
    """Entry of type ``mqtt`` in function.json."""

    connection: str


# --- converters ---


class MqttInConverter(InConverter, binding="mqttTrigger", trigger=True):
    """MQTT trigger: the argument is an `MqttMessage`."""

    input_types = (MqttMessage,)

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> MqttMessage:
        """Turn what the host sends into a message; its fields are read when they are asked for."""
        return MqttMessage.from_host(body_of(data, what="MQTT"), as_metadata(trigger_metadata))

    @classmethod
    def to_wire(cls, value: MqttMessage) -> tuple[Datum, dict[str, Datum]]:
        """Turn a message into what the host would have sent; the test client needs it."""
        return Datum(value.get_body(), "bytes"), value.to_metadata()


class MqttOutConverter(MessageOutConverter, binding="mqtt"):
    """MQTT output: an `MqttMessage`, a value for JSON, or several of them."""

    what = "MQTT output"
    message_type = MqttMessage
    output_types = (MqttMessage, JsonValue)
    output_item_types = output_types

    @classmethod
    def encode_message(cls, message: MqttMessage) -> dict[str, Any]:
        """Give the object that the extension makes a message of."""
        return {"topic": message.topic, "message": plain_text(message.get_body()), "qos": message.qos or 0}


# --- decorators ---


class MqttFunctionApp(func.FunctionApp):
    """A function app with the decorators of MQTT."""

    def mqtt_trigger(self, arg_name: str, topic: str, connection: str, **kwargs: Any) -> Decorator:
        """Run the function once for each message of a topic.

        Args:
            arg_name: Parameter of the function that gets the `MqttMessage`.
            topic: Topic to subscribe to; ``+`` stands for one level, ``#`` for all below.
            connection: App setting with the address of the broker.
            **kwargs: Further fields for function.json, in snake case.
        """
        return self._bind(MqttTrigger, kwargs, name=arg_name, topic=topic, connection=connection)

    def mqtt_output(self, arg_name: str, connection: str, **kwargs: Any) -> Decorator:
        """Publish messages after the function has returned.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            connection: App setting with the address of the broker.
            **kwargs: Further fields for function.json, in snake case.
        """
        return self._bind(MqttOutput, kwargs, name=arg_name, connection=connection)
