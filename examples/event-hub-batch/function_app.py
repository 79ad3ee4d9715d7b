"""Readings of thermometers, taken in batches; those that are too hot go to a second event hub."""

import logging
from collections.abc import Iterator
from typing import Any, Dict, List

import azfunc as func

app = func.FunctionApp()

LIMIT_CELSIUS = 90


def alarms(events: list[func.EventHubEvent]) -> Iterator[dict[str, Any]]:
    for event in events:
        reading = event.get_json()
        if reading["celsius"] > LIMIT_CELSIUS:
            yield {"device": event.partition_key, "celsius": reading["celsius"], "at": event.enqueued_time}


@app.event_hub_message_trigger("events", "EventHub", "readings", consumer_group="alarms")
@app.event_hub_output("alarm", "EventHub", "alarms")
@app.retry("exponential_backoff", max_retry_count=5, minimum_interval="00:00:02", maximum_interval="00:05:00")
def watch(events: List[func.EventHubEvent], alarm: func.Out[List[Dict[str, Any]]]) -> None:
    found = list(alarms(events))
    alarm.set(found)
    last = events[-1].sequence_number
    logging.info("%d readings up to number %s, %d of them too hot", len(events), last, len(found))
