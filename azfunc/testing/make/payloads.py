"""Makers of what comes as text: events of services that have no message type, and what their inputs give.

The text is what a function gets in Azure: JSON where the service sends that, else the content as it is.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_buffer
from azfunc._core.jsonlib import dumps
from azfunc.bindings.mcp import MCPToolContext, PromptInvocationContext

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
_CONNECTION = "A1b2C3d4E5f6"
_SESSION = "c3f1b2a0"


def _text(body: Any) -> str:
    """Give text as it is, bytes in UTF-8, everything else as JSON."""
    if is_buffer(body):
        return bytes(body).decode("utf-8")
    return body if isinstance(body, str) else dumps(body)


def _json(members: Mapping[str, Any]) -> str:
    return dumps(dict(members))


# --- SignalR Service, Web PubSub ---


def signalr_invocation(
    *arguments: Any,
    event: str = "sendMessage",
    category: str = "messages",
    hub: str = "chat",
    connection_id: str = _CONNECTION,
    user_id: str | None = None,
    error: str | None = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    claims: Mapping[str, str] | None = None,
) -> str:
    """Make what a SignalR trigger gets: JSON text that says what a client did.

    Args:
        *arguments: What the client called the method with.
        event: Name of the method, or ``connected`` or ``disconnected``.
        category: ``messages`` for calls of methods, ``connections`` for clients that come and go.
        hub: Hub that the client is connected to.
        connection_id: Identity of the connection.
        user_id: Identity of the user; None if the client has none.
        error: Why the client was disconnected.
        headers: Headers of the request of the service.
        query: Query values that the client connected with.
        claims: Claims of the user.
    """
    return _json(
        {
            "Arguments": list(arguments),
            "Error": error,
            "Category": category,
            "Event": event,
            "Hub": hub,
            "ConnectionId": connection_id,
            "UserId": user_id,
            "Headers": dict(headers or {}),
            "Query": dict(query or {}),
            "Claims": dict(claims or {}),
        }
    )


def signalr_connection_info(
    url: str = "https://chat.service.signalr.net/client/?hub=chat",
    access_token: str = "token",  # noqa: S107  # it opens nothing
) -> str:
    """Make what a connection input of SignalR gives: JSON text that a client is answered with.

    Args:
        url: Where the client connects to.
        access_token: Token that it connects with.
    """
    return _json({"url": url, "accessToken": access_token})


def web_pubsub_request(
    data: Any = "",
    *,
    data_type: str | None = None,
    event: str = "message",
    event_type: str = "user",
    hub: str = "chat",
    connection_id: str = _CONNECTION,
    user_id: str | None = None,
    states: Mapping[str, Any] | None = None,
    headers: Mapping[str, list[str]] | None = None,
    **fields: Any,
) -> str:
    """Make what a Web PubSub trigger gets as ``request``: JSON text that says what a client did.

    Args:
        data: Message of a user event.
        data_type: ``text``, ``json`` or ``binary``; that of the data when left out.
        event: ``message``, or the client's own name of an event; ``connect``, ``connected`` or ``disconnected``.
        event_type: ``user`` for messages of clients, ``system`` for clients that come and go.
        hub: Hub that the client is connected to.
        connection_id: Identity of the connection.
        user_id: Identity of the user; None if the client has none.
        states: What the app keeps with the connection.
        headers: Headers of the request of the service.
        **fields: Members of a system event, such as ``claims``, ``query`` or ``reason``.
    """
    context = {
        "eventType": event_type,
        "eventName": event,
        "hub": hub,
        "connectionId": connection_id,
        "userId": user_id,
        "states": dict(states or {}),
        "headers": dict(headers or {}),
    }
    if event_type != "user":
        return _json({"connectionContext": context, **fields})
    kind = data_type or ("text" if isinstance(data, str) else "binary" if is_buffer(data) else "json")
    content: Any = {"type": "Buffer", "data": list(bytes(data))} if is_buffer(data) else data
    return _json({"connectionContext": context, "data": content, "dataType": kind, **fields})


def web_pubsub_connection(
    base_url: str = "wss://chat.webpubsub.azure.com/client/hubs/chat",
    access_token: str = "token",  # noqa: S107  # it opens nothing
) -> str:
    """Make what a connection input of Web PubSub gives: JSON text that a client is answered with.

    Args:
        base_url: Where the client connects to.
        access_token: Token that it connects with.
    """
    url = f"{base_url}?access_token={access_token}"
    return _json({"baseUrl": base_url, "url": url, "accessToken": access_token})


# --- RabbitMQ, Redis, Kusto ---


def rabbitmq_message(body: Any = "") -> str:
    """Make a message of a RabbitMQ queue: its text.

    Args:
        body: Content: text, bytes in UTF-8, or a value for JSON.
    """
    return _text(body)


def redis_message(body: Any = "") -> str:
    """Make a message of a Redis channel: its text.

    Args:
        body: Content: text, bytes in UTF-8, or a value for JSON.
    """
    return _text(body)


def redis_list_entry(body: Any = "") -> str:
    """Make an entry of a Redis list: its text.

    Args:
        body: Content: text, bytes in UTF-8, or a value for JSON.
    """
    return _text(body)


def redis_stream_entry(values: Mapping[str, Any] | None = None, *, id: str = "1767323045000-0") -> str:
    """Make an entry of a Redis stream: JSON text with ``Id`` and ``Values``.

    Args:
        values: Values of the entry, by field; a stream holds text only.
        id: Identity of the entry: the time in milliseconds, and a number.
    """
    return _json({"Id": id, "Values": {name: _text(value) for name, value in (values or {}).items()}})


def kusto_rows(*rows: Mapping[str, Any]) -> str:
    """Make what a Kusto input gives: the JSON text of a list of rows.

    Args:
        *rows: The rows.
    """
    return dumps([dict(row) for row in rows])


# --- Dapr ---


def dapr_message(body: Any = "") -> str:
    """Make what a Dapr binding or service invocation trigger gets: the text of the message or the request.

    Args:
        body: Content: text, bytes in UTF-8, or a value for JSON.
    """
    return _text(body)


def dapr_event(
    data: Any = None,
    *,
    topic: str = "orders",
    pub_sub_name: str = "pubsub",
    id: str = "5929aaac-a5e2-4ca1-859c-edfe73f11565",
    source: str = "shop",
    type: str = "com.dapr.event.sent",
    **extensions: Any,
) -> str:
    """Make what a Dapr topic trigger gets: a CloudEvent as JSON text.

    Args:
        data: What was published; an empty object when left out.
        topic: Topic that it was published on.
        pub_sub_name: Name of the pub/sub component.
        id: Identity of the event.
        source: Identity of the app that published it.
        type: Kind of the event.
        **extensions: Further attributes.
    """
    is_text = isinstance(data, str)
    return _json(
        {
            "id": id,
            "source": source,
            "type": type,
            "specversion": "1.0",
            "datacontenttype": "text/plain" if is_text else "application/json",
            "time": _WHEN.isoformat(),
            "topic": topic,
            "pubsubname": pub_sub_name,
            "data": {} if data is None else data,
            **extensions,
        }
    )


# --- Azure OpenAI, connectors ---


def assistant_skill(argument: Any = "") -> str:
    """Make what an assistant skill trigger gets: the argument that the model gave, as text.

    Args:
        argument: Text, or a value for JSON where the skill has parameters of its own.
    """
    return _text(argument)


def text_completion(content: str = "") -> str:
    """Make what a text completion input gives: JSON text with the answer of the model.

    Args:
        content: The answer.
    """
    return _json({"content": content})


def semantic_search(response: str = "") -> str:
    """Make what a semantic search input gives: JSON text with the answer of the model.

    Args:
        response: The answer.
    """
    return _json({"Response": response})


def connector_payload(*items: Any) -> str:
    """Make what a connector trigger gets from an operation that lists items: JSON text.

    Args:
        *items: What is new: mails, files, messages.
    """
    return _json({"body": {"value": list(items)}})


# --- MCP ---


def mcp_tool_call(
    arguments: Mapping[str, Any] | None = None,
    *,
    name: str = "tool",
    session_id: str | None = _SESSION,
    headers: Mapping[str, str] | None = None,
) -> MCPToolContext:
    """Make the call of an MCP tool.

    Args:
        arguments: What the client gives, by the names of the tool's properties.
        name: Name of the tool.
        session_id: Identity of the client's session; None if it has none.
        headers: Headers of the client's request.
    """
    return MCPToolContext({"name": name, "arguments": dict(arguments or {}), **_client(session_id, headers)})


def mcp_resource_read(
    uri: str = "file://readme.md", *, session_id: str | None = _SESSION, headers: Mapping[str, str] | None = None
) -> MCPToolContext:
    """Make the reading of an MCP resource.

    Args:
        uri: Address of the resource.
        session_id: Identity of the client's session; None if it has none.
        headers: Headers of the client's request.
    """
    return MCPToolContext({"uri": uri, **_client(session_id, headers)})


def mcp_prompt_request(
    arguments: Mapping[str, str] | None = None,
    *,
    name: str = "prompt",
    session_id: str | None = _SESSION,
    headers: Mapping[str, str] | None = None,
) -> PromptInvocationContext:
    """Make the request for an MCP prompt.

    Args:
        arguments: What the client fills in, by the names of the prompt's arguments.
        name: Name of the prompt.
        session_id: Identity of the client's session; None if it has none.
        headers: Headers of the client's request.
    """
    return PromptInvocationContext({"name": name, "arguments": dict(arguments or {}), **_client(session_id, headers)})


def _client(session_id: str | None, headers: Mapping[str, str] | None) -> dict[str, Any]:
    """Give what the host says of an MCP client."""
    transport = {"name": "http-streamable", "sessionId": session_id, "properties": {"headers": dict(headers or {})}}
    return {"sessionid": session_id, "clientinfo": {"name": "Client", "version": "1.0.0"}, "transport": transport}
