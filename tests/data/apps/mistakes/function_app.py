"""An app with one mistake, or two, in every function; each line with one is marked with the code of the problem."""

import azfunc as func

app = func.FunctionApp()


@app.route("good")
def good(req: func.HttpRequest) -> str:
    return "good"


@app.route("file")
@app.cosmos_db_input(arg_name="docs", database_name="test", container_name="items", connection="AzureWebJobsStorage")
def sample(
    req: func.HttpRequest,
    documents: func.DocumentList,  # name-mismatch
) -> str:
    return "the guide's own sample"


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
def undeclared(
    msg: func.QueueMessage,
    result: func.Out[str],  # out-without-output
    limit: int,  # parameter-without-binding
) -> None: ...


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
@app.blob_output("copy", "out/x", "AzureWebJobsStorage")  # binding-without-parameter
def unused(msg: func.QueueMessage) -> None: ...


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
@app.queue_output("result", "done", "AzureWebJobsStorage")
def plain_output(
    msg: func.Out[str],  # out-without-output
    result: str,  # output-without-out
) -> None: ...


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
@app.queue_output("result", "done", "AzureWebJobsStorage")
def annotated(
    msg: func.TimerRequest,  # annotation
    result: func.Out[func.TimerRequest],  # annotation
) -> None: ...


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
@app.queue_output("$return", "done", "AzureWebJobsStorage")
def returns_nothing(msg: func.QueueMessage) -> None: ...  # return-conflict


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
@app.queue_output("$return", "done", "AzureWebJobsStorage")  # duplicate-binding
@app.blob_output("$return", "out/x", "AzureWebJobsStorage")
def returns_twice(msg: func.QueueMessage) -> str:
    return "both"


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
def returns_to_nobody(msg: func.QueueMessage) -> str:  # lost-result
    return "lost"


@app.timer_trigger("tick", "0 0 9 * * 7")  # schedule
def sundays(tick: func.TimerRequest) -> None: ...


@app.timer_trigger("tick", "24:00:00")  # time-span
def daily(tick: func.TimerRequest) -> None: ...


@app.timer_trigger("tick", "%SCHEDULES%")  # missing-setting
def by_setting(tick: func.TimerRequest) -> None: ...


@app.route("items/{id:int")  # route
def open_brace(req: func.HttpRequest) -> str:
    return "no"


@app.route("good", methods=["GET", "POST"])  # duplicate-route
def second(req: func.HttpRequest) -> str:
    return "never"


@app.route("admin/users")  # reserved-route
def users(req: func.HttpRequest) -> str:
    return "never"


@app.function_name("Good")  # duplicate-function
@app.route("other")
def same_name(req: func.HttpRequest) -> str:
    return "never"


@app.function_name("host")  # function-name
@app.route("named")
def named(req: func.HttpRequest) -> str:
    return "named"


@app.queue_trigger("my__msg", "todo", "AzureWebJobsStorage")  # binding-name
def underscores(my__msg: func.QueueMessage) -> None: ...


@app.queue_output("$return", "done", "AzureWebJobsStorage")  # no-trigger
def no_trigger() -> str:
    return "never"


@app.timer_trigger("tick", "0 0 9 * * *")  # several-triggers
@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
def two_triggers(msg: func.QueueMessage) -> None: ...


@app.service_bus_queue_trigger("msg", connection="ORDERS", queue_name="orders", is_sessions_enabled=True)
def identity(msg: func.ServiceBusMessage) -> None: ...


@app.queue_trigger("msg", "todo", "SECRETLESS")  # missing-setting
def no_place(msg: func.QueueMessage) -> None: ...


@app.queue_trigger("msg", "todo", "Endpoint=x;AccountKey=c2VjcmV0")  # connection-string
def secret(msg: func.QueueMessage) -> None: ...


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage", data_typ="binary")  # misspelt-field
def misspelt(msg: func.QueueMessage) -> None: ...


@app.quue_trigger("msg", "todo", "AzureWebJobsStorage")  # unknown-decorator
def misspelt_decorator(msg: func.QueueMessage) -> None: ...


@app.queue_trigger("msg")  # arguments
def too_few(msg: func.QueueMessage) -> None: ...


@app.route("level", auth_level="anon")  # value
def level(req: func.HttpRequest) -> str:
    return "never"


@app.event_hub_message_trigger("event", "AzureWebJobsStorage", "hub", cardinality="many")  # cardinality
def one_of_many(event: func.EventHubEvent) -> None: ...


@app.retry("fixed_delay", max_retry_count=3)  # retry
@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
def no_delay(msg: func.QueueMessage) -> None: ...


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
def by_position(msg: func.QueueMessage, /) -> None: ...  # positional-only


@app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
def unresolved(msg: "func.QueueMesage") -> None: ...  # unresolved-annotation
