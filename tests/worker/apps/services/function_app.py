"""One function for each trigger of the reference beyond the guide's table, with inputs and outputs of the same kind."""

import json
from typing import List  # noqa: UP035  # the spelling that every worker takes

import azfunc as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.schedule("tick", "0 */5 * * * *")
def schedule(tick: func.TimerRequest) -> None:
    """Take a timer by its older name."""
    if tick.past_due:
        raise ValueError("late")


@app.connector_trigger("payload")
def connector(payload: str) -> str:
    """Give back what a connector sent."""
    return payload.upper()


@app.cosmos_db_trigger_v3("docs", "db", "items", "Cosmos")
@app.cosmos_db_input_v3("old", "db", "items", "Cosmos", id="7")
@app.cosmos_db_output_v3("$return", "db", "copies", "Cosmos")
def cosmos_v3(docs: func.DocumentList, old: func.DocumentList) -> func.Document:
    """Make one document of several."""
    return func.Document.from_dict({"new": [each["id"] for each in docs], "old": [each["id"] for each in old]})


@app.dapr_service_invocation_trigger("payload", "create")
@app.dapr_state_input("state", "store", "order")
@app.dapr_secret_input("secret", "vault", "key", metadata="metadata.namespace=default")
@app.dapr_state_output("saved", "store", "order")
def dapr_service(payload: str, state: str, secret: str, saved: func.Out[str]) -> str:
    """Keep what a service sends."""
    saved.set(json.dumps({"value": payload}))
    return f"{state} {secret}"


@app.dapr_binding_trigger("item", "input")
@app.dapr_binding_output("sent", "output", "create")
@app.dapr_invoke_output("called", "{app}", "{method}", "post")
def dapr_binding(item: str, sent: func.Out[str], called: func.Out[bytes]) -> None:
    """Pass on what a binding of Dapr sends."""
    sent.set(item)
    called.set(item.encode())


@app.dapr_topic_trigger("event", "pubsub", "orders")
@app.dapr_publish_output("out", "pubsub", "copies")
def dapr_topic(event: str, out: func.Out[str]) -> None:
    """Pass on an event of a topic."""
    out.set(event)


@app.event_grid_trigger("event")
@app.queue_output("$return", "done", "Storage")
def cloud(event: func.CloudEvent) -> str:
    """Tell what an event of the CloudEvents schema has."""
    return json.dumps([event.id, event.source, event.type, event.subject, str(event.time), event.get_json()])


@app.kafka_trigger("events", "topic", "Brokers", cardinality="many")
@app.kafka_output("$return", "copies", "Brokers")
def kafka_batch(events: List[func.KafkaEvent]) -> str:  # noqa: UP006
    """Tell what the events of a batch hold."""
    return json.dumps([[each.get_body().decode(), each.offset, each.key] for each in events])


@app.mysql_trigger("changes", "todo", "MySql")
@app.mysql_input("rows", "select * from todo", "MySql")
@app.mysql_output("$return", "copies", "MySql")
def mysql(changes: str, rows: func.MySqlRowList) -> func.MySqlRow:
    """Make one row of several."""
    return func.MySqlRow.from_dict({"changed": json.loads(changes)[0]["Item"]["id"], "first": rows[0]["id"]})


@app.queue_trigger("msg", "rows", "Storage")
@app.sql_input("rows", "select * from todo", "Sql")
@app.table_input("entity", "Storage", "people", row_key="1", partition_key="a")
@app.table_output("$return", "Storage", "people")
def tables(msg: func.QueueMessage, rows: func.SqlRowList, entity: str) -> str:
    """Make an entity of rows and an entity."""
    return json.dumps({"RowKey": msg.get_body().decode(), "n": len(rows), "name": json.loads(entity)["name"]})


@app.mcp_tool_trigger("context", "find", "Find a book.", "[]")
def tool(context: str) -> str:
    """Answer a call of a tool."""
    return json.loads(context)["arguments"]["text"].upper()


@app.mcp_tool()
@app.mcp_tool_property("name", "Whom to greet.")
def greet(name: str) -> str:
    """Greet somebody."""
    return f"Hello {name}"


@app.mcp_resource_trigger("context", "file://readme.md", "readme")
def resource(context: str) -> str:
    """Give a resource."""
    return f"read {json.loads(context)['uri']}"


@app.mcp_prompt_trigger("context", "recommend", [func.PromptArgument("mood", "Mood of the reader.")])
def prompt(context: func.PromptInvocationContext) -> str:
    """Write a prompt."""
    return f"Recommend {context.arguments['mood']}"


@app.assistant_skill_trigger("task", "Put a task on the list")
@app.queue_output("item", "tasks", "Storage")
def skill(task: str, item: func.Out[str]) -> str:
    """Keep a task."""
    item.set(task)
    return "kept"
