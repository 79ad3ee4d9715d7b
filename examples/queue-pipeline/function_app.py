"""Orders come in by HTTP, wait on a queue, and end as an invoice in a blob."""

import json
import logging
from typing import Any, Dict

import azfunc as func

app = func.FunctionApp(http_auth_level="anonymous")


@app.route("orders", methods=["POST"])
@app.queue_output("order", "orders", "AzureWebJobsStorage")
def take_order(req: func.HttpRequest, order: func.Out[Dict[str, Any]]) -> func.HttpResponse:
    try:
        content = req.get_json()
        order.set({"id": str(content["id"]), "lines": content["lines"]})
    except (ValueError, KeyError) as error:
        return func.HttpResponse(f"This is no order: {error}", status_code=400)
    return func.HttpResponse("Thank you.", status_code=202)


@app.queue_trigger("order", "orders", "AzureWebJobsStorage")
@app.blob_output("invoice", "invoices/{id}.txt", "AzureWebJobsStorage")
def write_invoice(order: func.QueueMessage, invoice: func.Out[str]) -> None:
    content = json.loads(order.get_body())
    lines = [f"{line['pieces']:>3} {line['name']}" for line in content["lines"]]
    invoice.set("\n".join([f"Invoice {content['id']}", *lines, ""]))
    logging.info("Invoice %s has %d lines; attempt %s", content["id"], len(lines), order.dequeue_count)


@app.queue_trigger("order", "orders-poison", "AzureWebJobsStorage")
def give_up(order: func.QueueMessage) -> None:
    logging.error("Given up after five attempts: %s", order.get_body().decode(errors="replace"))
