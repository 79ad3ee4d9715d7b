"""Orders from a topic: what to do is in the properties of each message, and the last attempt is told apart."""

import logging
from typing import Any, Dict, List

import azfunc as func

app = func.FunctionApp()

MAX_DELIVERY_COUNT = 10
"""Of the subscription; after as many attempts Service Bus puts the message aside."""


@app.service_bus_topic_trigger("msg", "ServiceBus", "orders", "billing")
@app.service_bus_queue_output("bill", "ServiceBus", "bills")
def on_order(msg: func.ServiceBusMessage, bill: func.Out[Dict[str, Any]]) -> None:
    properties = msg.application_properties
    if msg.subject != "order.placed":
        logging.info("Nothing to bill for %s", msg.subject)
        return
    if msg.delivery_count and msg.delivery_count >= MAX_DELIVERY_COUNT:
        logging.error("Order %s fails for the last time", msg.message_id)
    currency = properties.get("currency", "EUR")
    bill.set({"order": msg.message_id, "customer": properties["customer"], "currency": currency, **msg.get_json()})


@app.service_bus_queue_trigger("msgs", "ServiceBus", "bills/$deadletterqueue")
def on_dead_bills(msgs: List[func.ServiceBusMessage]) -> None:
    for msg in msgs:
        logging.warning("Bill %s was given up: %s", msg.message_id, msg.dead_letter_reason or "no reason given")
