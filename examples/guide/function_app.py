"""The samples of the guide's v2 edition as one function app; only the import differs."""

import logging
import os
import threading
from typing import List

import azfunc as func
from http_blueprint import bp

# Use absolute import to resolve shared_code modules
from shared_code import my_second_helper_function

app = func.FunctionApp()
app.register_functions(bp)

CACHED_BLOB_DATA: str | None = None


# Define http trigger which accepts ?value=<int> query parameter
# Double the value and return the result in HttpResponse
@app.function_name(name="my_second_function")
@app.route(route="hello")
def main(req: func.HttpRequest) -> func.HttpResponse:
    logging.info("Executing my_second_function.")

    initial_value: int = int(req.params.get("value", "0"))
    doubled_value: int = my_second_helper_function.double(initial_value)

    return func.HttpResponse(body=f"{initial_value} * 2 = {doubled_value}", status_code=200)


@app.function_name(name="HttpTriggerWithCosmosDB")
@app.route(route="file")
@app.cosmos_db_input(
    arg_name="documents",
    database_name="test",
    container_name="items",
    id="cosmosdb-input-test",
    connection="COSMOSDB_CONNECTION_SETTING",
)
@app.event_hub_output(arg_name="event", event_hub_name="my-test-eventhub", connection="EVENTHUB_CONNECTION_SETTING")
@app.blob_output(arg_name="copy", path="output-container/{rand-guid}", connection="BLOB_CONNECTION_SETTING")
def http_trigger_with_cosmosdb(
    req: func.HttpRequest, documents: func.DocumentList, event: func.Out[str], copy: func.Out[str]
) -> func.HttpResponse:
    logging.info("Executing function...")

    http_content = req.params["body"]  # Content from HttpRequest
    doc_id = documents[0]["id"]  # Content from CosmosDB input

    event.set("HttpRequest content: " + http_content + " | CosmosDB ID: " + doc_id)
    copy.set(http_content)

    return func.HttpResponse("Function executed successfully.", status_code=200)


@app.function_name(name="TimerTriggerWithBlob")
@app.schedule(schedule="0 */10 * * * *", arg_name="mytimer", run_on_startup=False, use_monitor=False)
@app.blob_input(arg_name="client", path="PATH/TO/BLOB", connection="BLOB_CONNECTION_SETTING")
def timer_trigger_with_blob(mytimer: func.TimerRequest, client: func.InputStream, context: func.Context) -> None:
    global CACHED_BLOB_DATA
    if CACHED_BLOB_DATA is None:
        CACHED_BLOB_DATA = client.read().decode()  # Set global variable
    logging.info("The blob has %d characters, and the timer is late: %s", len(CACHED_BLOB_DATA), mytimer.past_due)

    logging.info("Current function invocation ID:%s", context.invocation_id)  # Content from `context` arg
    logging.info("My app setting value:%s", os.environ["myAppSetting"])  # Reading from a setting named 'myAppSetting'


@app.queue_output(arg_name="$return", queue_name="done", connection="AzureWebJobsStorage")
@app.queue_trigger(arg_name="msg", queue_name="todo", connection="AzureWebJobsStorage")
def relay(msg: func.QueueMessage) -> str:
    logging.info("Message %s, handed out %s times", msg.id, msg.dequeue_count)
    return msg.get_body().decode("utf-8").upper()


@app.service_bus_queue_trigger(arg_name="msg", queue_name="orders", connection="SERVICEBUS_CONNECTION_SETTING")
@app.retry(
    strategy="exponential_backoff", max_retry_count="5", minimum_interval="00:00:10", maximum_interval="00:15:00"
)
def on_order(msg: func.ServiceBusMessage) -> None:
    logging.info("Order %s: %s", msg.message_id, msg.get_body().decode("utf-8"))


@app.event_hub_message_trigger(
    arg_name="events",
    event_hub_name="my-test-eventhub",
    connection="EVENTHUB_CONNECTION_SETTING",
    cardinality="many",
)
async def count_events(events: List[func.EventHubEvent]) -> None:
    logging.info("%d events, %d bytes", len(events), sum(len(event.get_body()) for event in events))


@app.route(route="threads")
def with_threads(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    thread = threading.Thread(target=log_from_thread, args=(context,))
    thread.start()
    thread.join()
    return func.HttpResponse("OK")


def log_from_thread(context: func.Context) -> None:
    # Associate the thread with the current invocation
    context.thread_local_storage.invocation_id = context.invocation_id
    logging.info("Logging from a background thread")
