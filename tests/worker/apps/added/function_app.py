"""One function for each trigger that azfunc has and the reference has not."""

import json

import azfunc as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.rabbitmq_output("$return", "done", "Rabbit")
@app.rabbitmq_trigger("message", "orders", "Rabbit")
def rabbit(message: str) -> str:
    """Answer a message with a message."""
    return message.upper()


@app.redis_list_trigger("entry", "Redis", "orders")
@app.redis_input("count", "Redis", "GET count")
@app.redis_output("$return", "Redis", "SET")
def redis_list(entry: str, count: str) -> str:
    """Count."""
    return f"count {int(count) + json.loads(entry)['items']}"


@app.redis_pub_sub_trigger("message", "Redis", "news")
@app.queue_output("out", "news", "Storage")
def redis_channel(message: str, out: func.Out[str]) -> None:
    """Pass on what comes through a channel."""
    out.set(message)


@app.redis_stream_trigger("entry", "Redis", "orders")
@app.queue_output("out", "orders", "Storage")
def redis_stream(entry: str, out: func.Out[str]) -> None:
    """Pass on the values of an entry."""
    out.set(json.loads(entry)["Values"]["number"])


@app.signalr_output("out", "chat")
@app.signalr_trigger("invocation", "chat", "messages", "send", parameter_names=["text"])
def signalr(invocation: str, out: func.Out[func.SignalRMessage]) -> None:
    """Send on what a client sends."""
    call = json.loads(invocation)
    out.set(func.SignalRMessage("new", [call["UserId"], call["Arguments"][0]]))


@app.web_pubsub_output("out", "chat")
@app.web_pubsub_trigger("request", "chat", "user", "message")
def pubsub(request: str, out: func.Out[func.WebPubSubAction]) -> str:
    """Send on what a client sends, and answer it."""
    out.set(func.WebPubSubAction("sendToAll", data=json.loads(request)["data"]))
    return json.dumps({"data": "thank you", "dataType": "text"})
