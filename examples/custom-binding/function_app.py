"""Heating by MQTT: each temperature that is published is answered with a setting of the valve."""

import logging

import azfunc as func
from mqtt import MqttFunctionApp, MqttMessage

app = MqttFunctionApp()


@app.mqtt_trigger("reading", "home/+/temperature", "Broker")
@app.mqtt_output("valve", "Broker")
def control(reading: MqttMessage, valve: func.Out[MqttMessage]) -> None:
    celsius = float(reading.get_body())
    room = reading.topic.split("/")[1]
    logging.info("%s: %.1f degrees", room, celsius)
    if not 19 <= celsius <= 22:
        valve.set(MqttMessage(body="open" if celsius < 19 else "close", topic=f"home/{room}/valve", qos=1))
