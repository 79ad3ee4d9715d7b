"""Heating by MQTT: each temperature that is published is answered with a setting of the valve."""

import logging

from mqtt import MqttFunctionApp, MqttMessage

app = MqttFunctionApp()


@app.mqtt_trigger("reading", "home/+/temperature", "Broker")
@app.mqtt_output("$return", "Broker")
def control(reading: MqttMessage) -> MqttMessage | None:
    celsius = float(reading.get_body())
    room = reading.topic.split("/")[1]
    logging.info("%s: %.1f degrees", room, celsius)
    if 19 <= celsius <= 22:
        return None
    return MqttMessage(body="open" if celsius < 19 else "close", topic=f"home/{room}/valve", qos=1)
