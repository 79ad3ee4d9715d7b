"""Builds the guide's app, prints its functions, calls each with real input and prints what came out: no host."""

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("myAppSetting", "blue")

import azfunc as func  # the settings above stand before the app, as in Azure
import function_app
from azfunc.testing import TestClient

DOCUMENTS = func.DocumentList([func.Document(id="item7", productName="Widget")])
EVENTS = [func.EventHubEvent(body=b"warm", sequence_number=1), func.EventHubEvent(body=b"cold", sequence_number=2)]


def table() -> None:
    """Print a line for each function."""
    rows: list[tuple[str, str, str]] = [("FUNCTION", "TRIGGER", "OTHER BINDINGS")]
    for function in function_app.app.get_functions():
        trigger = function.get_trigger()
        others = [f"{each.name} ({each.type})" for each in function.get_bindings() if each is not trigger]
        rows.append((function.get_function_name(), trigger.type if trigger else "", ", ".join(others) or "-"))
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, kind, listed in rows:
        print(f"{name:{widths[0]}}  {kind:{widths[1]}}  {listed}")


def show(name: str, outputs: dict[str, Any], logs: list[str]) -> None:
    """Print what came of one call."""
    print(f"\n{name}")
    for output, value in outputs.items():
        print(f"  {output} -> {value!r}")
    for line in logs:
        print(f"  log: {line}")


def main() -> None:
    """Run the demonstration."""
    table()
    functions = {function.get_function_name(): function for function in function_app.app.get_functions()}
    print("\nfunction.json of relay:")
    print(json.dumps(json.loads(functions["relay"].get_function_json()), indent=2))

    with TestClient(function_app.app) as client:
        web: list[tuple[str, str, dict[str, Any]]] = [
            ("GET", "/api/hello?value=21", {}),
            ("GET", "/api/default_template?name=Ada", {}),
            ("POST", "/api/default_template", {"json": {"name": "Grace"}}),
            ("GET", "/api/threads", {}),
        ]
        for method, url, content in web:
            response = client.request(method, url, **content)
            logs = client.last_run.messages if client.last_run else []
            show(f"{method} {url}", {str(response.status_code): response.get_body().decode()}, logs)

        others: list[tuple[str, Any, dict[str, Any]]] = [
            ("HttpTriggerWithCosmosDB", func.HttpRequest(url="/api/file?body=hi"), {"documents": DOCUMENTS}),
            ("TimerTriggerWithBlob", func.TimerRequest(past_due=True), {"client": func.InputStream(data=b"a blob")}),
            ("relay", func.QueueMessage(body="two chairs", id="7", dequeue_count=1), {}),
            ("on_order", func.ServiceBusMessage(body="two chairs", message_id="order-7"), {}),
            ("count_events", EVENTS, {}),
        ]
        for name, message, inputs in others:
            run = client.send(name, message, **inputs)
            show(name, dict(run.outputs), run.messages)


if __name__ == "__main__":
    main()
