"""Azure Web PubSub: a trigger for events of clients, inputs that let clients connect, and an output of actions.

The trigger and the inputs have no converter: what they give reaches the function as JSON text, as with generic
bindings.

Docs: Azure Web PubSub bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 4+.
"""

from __future__ import annotations

from azfunc._core.binding import InputBinding, OutputBinding, Trigger
from azfunc._core.checks import is_buffer, is_dict
from azfunc._core.choices import as_choice, as_texts
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.message import ANYTHING
from azfunc._core.objects import ObjectOutConverter, ObjectValue, OutgoingMessage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, ClassVar, Literal, TypeAlias

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName

    WebPubSubEventTypeName: TypeAlias = Literal["user", "system"]
    """Who an event is from: a client's program, or the service."""
    WebPubSubTriggerProtocolName: TypeAlias = Literal["all", "webPubSub", "mqtt"]
    """Protocols of clients whose events start a function."""
    WebPubSubProtocolName: TypeAlias = Literal["default", "mqtt"]
    """Protocol that a client connects with."""
    WebPubSubDataTypeName: TypeAlias = Literal["text", "json", "binary"]
    """What the data of a message is."""
    WebPubSubPermissionName: TypeAlias = Literal["sendToGroup", "joinLeaveGroup"]
    """What a connection may do with a group."""
    WebPubSubActionName: TypeAlias = Literal[
        "sendToAll",
        "sendToGroup",
        "sendToUser",
        "sendToConnection",
        "addUserToGroup",
        "removeUserFromGroup",
        "removeUserFromAllGroups",
        "addConnectionToGroup",
        "removeConnectionFromGroup",
        "closeAllConnections",
        "closeClientConnection",
        "closeGroupConnections",
        "grantPermission",
        "revokePermission",
    ]
    """What the service is to do."""

_EVENT_TYPES = ("user", "system")
_SYSTEM_EVENTS = ("connect", "connected", "disconnected")
_TRIGGER_PROTOCOLS = ("all", "webPubSub", "mqtt")
_PROTOCOLS = ("default", "mqtt")
_DATA_TYPES = ("text", "json", "binary")
_PERMISSIONS = ("sendToGroup", "joinLeaveGroup")
_TRIGGER_VALUES = (
    "request",
    "connectionContext",
    "data",
    "dataType",
    "claims",
    "query",
    "subprotocols",
    "clientCertificates",
    "reason",
)
"""Names by which the trigger hands over what it has; it gives nothing under another name."""
_ACTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sendToAll": (("data",), ("dataType", "excluded")),
    "sendToGroup": (("group", "data"), ("dataType", "excluded")),
    "sendToUser": (("userId", "data"), ("dataType",)),
    "sendToConnection": (("connectionId", "data"), ("dataType",)),
    "addUserToGroup": (("userId", "group"), ()),
    "removeUserFromGroup": (("userId", "group"), ()),
    "removeUserFromAllGroups": (("userId",), ()),
    "addConnectionToGroup": (("connectionId", "group"), ()),
    "removeConnectionFromGroup": (("connectionId", "group"), ()),
    "closeAllConnections": ((), ("excluded", "reason")),
    "closeClientConnection": (("connectionId",), ("reason",)),
    "closeGroupConnections": (("group",), ("excluded", "reason")),
    "grantPermission": (("connectionId", "permission"), ("targetName",)),
    "revokePermission": (("connectionId", "permission"), ("targetName",)),
}
"""Action -> members that it needs, and members that it may have."""


# --- message types ----------------------------------------------------------------------------------------------------


class WebPubSubAction(OutgoingMessage):
    """Something that the Web PubSub service is to do: send a message, change a group, close a connection.

    What an action needs and may have beside its name:

    ===================================================  =========================================
    action                                               fields
    ===================================================  =========================================
    ``sendToAll``                                        data; may have data_type, excluded
    ``sendToGroup``                                      group, data; may have data_type, excluded
    ``sendToUser``                                       user_id, data; may have data_type
    ``sendToConnection``                                 connection_id, data; may have data_type
    ``addUserToGroup``, ``removeUserFromGroup``          user_id, group
    ``removeUserFromAllGroups``                          user_id
    ``addConnectionToGroup``                             connection_id, group
    ``removeConnectionFromGroup``                        connection_id, group
    ``closeAllConnections``                              may have excluded, reason
    ``closeClientConnection``                            connection_id; may have reason
    ``closeGroupConnections``                            group; may have excluded, reason
    ``grantPermission``, ``revokePermission``            connection_id, permission; may have target_name
    ===================================================  =========================================

    Args:
        action_name: What to do.
        data: What is sent: text, bytes, or a value that is sent as JSON.
        data_type: What the data is; by its type when left out.
        group: Name of the group.
        user_id: Identity of the user.
        connection_id: Identity of the connection.
        excluded: Connections that are left out.
        reason: Why connections are closed; the clients get it.
        permission: What the connection may do.
        target_name: Group that the permission is for; all groups when left out.

    Raises:
        ConversionError: The fields do not go together.

    Example:
        >>> func.WebPubSubAction("sendToGroup", group="tea", data=[1, 2]).to_json()
        '{"actionName": "sendToGroup", "group": "tea", "data": "[1, 2]", "dataType": "json"}'

    Source: Azure Web PubSub output binding for Azure Functions, "WebPubSubAction".
    """

    _wire = {
        "action_name": ("actionName", ANYTHING),
        "group": ("group", ANYTHING),
        "user_id": ("userId", ANYTHING),
        "connection_id": ("connectionId", ANYTHING),
        "data": ("data", ANYTHING),
        "data_type": ("dataType", ANYTHING),
        "excluded": ("excluded", ANYTHING),
        "reason": ("reason", ANYTHING),
        "permission": ("permission", ANYTHING),
        "target_name": ("targetName", ANYTHING),
    }
    _required = ("actionName",)

    def __init__(
        self,
        action_name: WebPubSubActionName,
        *,
        data: Any = None,
        data_type: WebPubSubDataTypeName | None = None,
        group: str | None = None,
        user_id: str | None = None,
        connection_id: str | None = None,
        excluded: Iterable[str] | None = None,
        reason: str | None = None,
        permission: WebPubSubPermissionName | None = None,
        target_name: str | None = None,
    ) -> None:
        self._fill(
            action_name=action_name,
            data=data,
            data_type=data_type or _data_type_of(data),
            group=group,
            user_id=user_id,
            connection_id=connection_id,
            excluded=None if excluded is None else list(excluded),
            reason=reason,
            permission=permission,
            target_name=target_name,
        )

    @property
    def action_name(self) -> WebPubSubActionName:
        """What to do."""
        return self._get("action_name")

    @property
    def data(self) -> Any:
        """What is sent."""
        return self._values.get("data")

    @property
    def data_type(self) -> WebPubSubDataTypeName | None:
        """What the data is."""
        return self._get("data_type")

    @property
    def group(self) -> str | None:
        """Name of the group."""
        return self._get("group")

    @property
    def user_id(self) -> str | None:
        """Identity of the user."""
        return self._get("user_id")

    @property
    def connection_id(self) -> str | None:
        """Identity of the connection."""
        return self._get("connection_id")

    @property
    def excluded(self) -> list[str] | None:
        """Connections that are left out."""
        return self._get("excluded")

    @property
    def reason(self) -> str | None:
        """Why connections are closed."""
        return self._get("reason")

    @property
    def permission(self) -> WebPubSubPermissionName | None:
        """What the connection may do."""
        return self._get("permission")

    @property
    def target_name(self) -> str | None:
        """Group that the permission is for."""
        return self._get("target_name")

    def to_dict(self) -> dict[str, Any]:
        """Give the members that are sent: values for JSON as their text, bytes as a list of numbers."""
        members = super().to_dict()
        if "data" in members:
            members["data"] = _wire_data(members["data"], members.get("dataType"))
        return members

    @classmethod
    def _own_fault(cls, found: Mapping[str, Any]) -> str:
        given = str(found["actionName"])
        action = next((each for each in _ACTIONS if each.lower() == given.lower()), None)
        if action is None:
            return f"{given!r} is no action of Web PubSub; there are {', '.join(_ACTIONS)}"
        needed, possible = _ACTIONS[action]
        for name in needed:
            if name not in found:
                return f"the action {action} needs {name!r}"
        for name in found:
            if name not in (*needed, *possible, "actionName"):
                return f"the action {action} has no {name!r}"
        return (
            _unknown(found, "dataType", _DATA_TYPES)
            or _unknown(found, "permission", _PERMISSIONS)
            or _data_fault(found)
        )


def _unknown(found: Mapping[str, Any], name: str, permitted: Sequence[str]) -> str:
    value = found.get(name)
    if value is None or str(value).lower() in {each.lower() for each in permitted}:
        return ""
    return f"{name!r} is one of {', '.join(permitted)}, not {value!r}"


def _data_fault(found: Mapping[str, Any]) -> str:
    """Say what is wrong with data as it stands in JSON: text, or bytes in the form of a buffer."""
    if "data" not in found:
        return ""
    data = found["data"]
    if str(found.get("dataType")).lower() == "binary":
        is_bytes = is_dict(data) and str(data.get("type")).lower() == "buffer"
        return "" if is_bytes else "the 'data' is no bytes, and its 'dataType' is binary"
    if not isinstance(data, str):
        return "the 'data' is no text; give a WebPubSubAction, or json.dumps() of it and 'dataType': 'json'"
    return ""


def _data_type_of(data: Any) -> Any:
    if data is None or isinstance(data, str):
        return None
    return "binary" if is_buffer(data) else "json"


def _wire_data(data: Any, data_type: Any) -> Any:
    """Give data as the extension reads it."""
    if is_buffer(data):
        return {"type": "Buffer", "data": list(bytes(data))}
    if isinstance(data, str) or data_type != "json":
        return data
    from azfunc._core.jsonlib import dumps

    return dumps(data)


# --- binding classes --------------------------------------------------------------------------------------------------


class WebPubSubTrigger(Trigger, type="webPubSubTrigger"):
    """Entry of type ``webPubSubTrigger`` in function.json."""

    hub: str
    event_type: str
    event_name: str
    client_protocols: str | None = None
    connections: list[str] | None = None


class WebPubSubConnectionInput(InputBinding, type="webPubSubConnection"):
    """Entry of type ``webPubSubConnection`` in function.json."""

    hub: str
    user_id: str | None = None
    client_protocol: str | None = None
    connection: str | None = None


class WebPubSubContextInput(InputBinding, type="webPubSubContext"):
    """Entry of type ``webPubSubContext`` in function.json."""

    connection: str | None = None


class WebPubSubOutput(OutputBinding, type="webPubSub"):
    """Entry of type ``webPubSub`` in function.json."""

    hub: str
    connection: str | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class WebPubSubOutConverter(ObjectOutConverter, binding="webPubSub"):
    """Web PubSub output: actions, one or several."""

    what = "Web PubSub output"
    kinds: ClassVar[tuple[type[OutgoingMessage], ...]] = (WebPubSubAction,)
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, bytearray, ObjectValue, WebPubSubAction)
    output_item_types: ClassVar[tuple[type, ...]] = output_types


# --- trigger decorators -----------------------------------------------------------------------------------------------


class WebPubSubTriggers(DecoratorApi):
    """Web PubSub: decorators that start a function."""

    def web_pubsub_trigger(
        self,
        arg_name: str,
        hub: str,
        event_type: WebPubSubEventTypeName,
        event_name: str,
        client_protocols: WebPubSubTriggerProtocolName | None = None,
        connections: Sequence[str] | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when a client of a hub sends a message, connects or disconnects.

        The service needs the address of the function app as an event handler. What the function returns goes back:
        after a message a dict with ``data`` and ``dataType``, which the client gets; after ``connect`` one with
        ``userId``, ``groups``, ``roles`` or ``subprotocol``; or ``code`` and ``errorMessage`` to refuse.

        Args:
            arg_name: Parameter of the function; its name says what it gets.
                ``request`` is the whole event as JSON text; ``connectionContext``, ``data``, ``dataType``, ``claims``,
                ``query``, ``subprotocols``, ``clientCertificates`` and ``reason`` are parts of it.
            hub: Hub that the clients are connected to.
            event_type: ``user`` for messages of clients, ``system`` for clients that come and go.
            event_name: ``message`` or the client's own name of a user event.
                ``connect``, ``connected`` or ``disconnected`` of a system event.
            client_protocols: Clients whose events start the function: ``all``, ``webPubSub`` or ``mqtt``.
                All when left out.
            connections: App settings that hold connection strings, against which the sender is checked.
                ``WebPubSubConnectionString`` when left out; nothing is checked if that is not set either.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the trigger knows, or a value is not one of the permitted ones.

        Example:
            >>> @app.web_pubsub_trigger("request", "chat", "user", "message")
            ... def on_message(request: str) -> dict[str, str]:
            ...     event = json.loads(request)
            ...     return {"data": f"hello {event['connectionContext']['userId']}", "dataType": "text"}

        Source: Azure Web PubSub trigger binding for Azure Functions, "Configuration" and "Usages".
        """
        kind = as_choice(event_type, _EVENT_TYPES, "The event type of a Web PubSub trigger")
        return self._bind(
            WebPubSubTrigger,
            kwargs,
            name=as_choice(arg_name, _TRIGGER_VALUES, "The parameter of a Web PubSub trigger"),
            hub=hub,
            event_type=kind,
            event_name=_system_event(event_name) if kind == "system" else event_name,
            client_protocols=_protocol(client_protocols, _TRIGGER_PROTOCOLS),
            connections=as_texts(connections),
            data_type=as_data_type(data_type),
        )


def _system_event(name: str) -> str:
    return as_choice(name, _SYSTEM_EVENTS, "The name of a system event")


def _protocol(name: str | None, permitted: Sequence[str]) -> str | None:
    return None if name is None else as_choice(name, permitted, "The protocol of Web PubSub clients")


# --- input and output decorators --------------------------------------------------------------------------------------


class WebPubSubBindings(DecoratorApi):
    """Web PubSub: decorators for data that comes in or goes out."""

    def web_pubsub_connection_input(
        self,
        arg_name: str,
        hub: str,
        user_id: str | None = None,
        client_protocol: WebPubSubProtocolName | None = None,
        connection: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Make the address and the token that a client connects to a hub with.

        The token is for one client and for a limited time; it is not to be cached or shared.

        Args:
            arg_name: Parameter of the function that gets them, as JSON text.
                Its members are ``baseUrl``, ``url``, in which the token is, and ``accessToken``.
            hub: Hub that the client connects to.
            user_id: Identity of the user, such as ``{headers.x-ms-client-principal-id}``; none when left out.
            client_protocol: ``mqtt`` for MQTT clients; ``default`` for others and when left out.
            connection: App setting that says how to connect.
                ``WebPubSubConnectionString`` when left out.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.route("negotiate")
            ... @app.web_pubsub_connection_input("connection", "chat", user_id="{query.userid}")
            ... def negotiate(req: func.HttpRequest, connection: str) -> func.HttpResponse:
            ...     return func.HttpResponse(connection, mimetype="application/json")

        Source: Azure Web PubSub input binding for Azure Functions, "WebPubSubConnection".
        """
        return self._bind(
            WebPubSubConnectionInput,
            kwargs,
            name=arg_name,
            hub=hub,
            user_id=user_id,
            client_protocol=_protocol(client_protocol, _PROTOCOLS),
            connection=connection,
            data_type=as_data_type(data_type),
        )

    def web_pubsub_context_input(
        self,
        arg_name: str,
        connection: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Read an event that the service sends to an HTTP function, where the trigger cannot be used.

        That is so in Static Web Apps. The function answers the service itself.

        Args:
            arg_name: Parameter of the function that gets the event, as JSON text.
                Its members are ``request``, ``response``, ``errorMessage``, ``hasError`` and ``isPreflight``; return
                the ``response`` if one of the last two is true.
            connection: App setting that says how to connect, against which the sender is checked.
                ``WebPubSubConnectionString`` when left out.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.route("events", methods=["POST"])
            ... @app.web_pubsub_context_input("context")
            ... def on_event(req: func.HttpRequest, context: str) -> str:
            ...     user = json.loads(context)["request"]["connectionContext"]["userId"]
            ...     return json.dumps({"userId": user})

        Source: Azure Web PubSub input binding for Azure Functions, "WebPubSubContext".
        """
        return self._bind(
            WebPubSubContextInput,
            kwargs,
            name=arg_name,
            connection=connection,
            data_type=as_data_type(data_type),
        )

    def web_pubsub_output(
        self,
        arg_name: str,
        hub: str,
        connection: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Let the service send messages, change groups or close connections after the function has returned.

        Takes a `WebPubSubAction`, a dict or a dataclass with the same members in their JSON spelling, the JSON text of
        one, or a list of them. None does nothing. A member that the action does not have is refused.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
                The return value goes to this output then, and not back to a `web_pubsub_trigger`.
            hub: Hub of the clients.
            connection: App setting that says how to connect.
                ``WebPubSubConnectionString`` when left out.
            data_type: How the host takes the value; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.web_pubsub_output("$return", "chat")
            ... @app.queue_trigger("msg", "news", "Storage")
            ... def tell(msg: func.QueueMessage) -> func.WebPubSubAction:
            ...     return func.WebPubSubAction("sendToAll", data=msg.get_body().decode())

        Source: Azure Web PubSub output binding for Azure Functions, "Configuration" and "WebPubSubAction".
        """
        return self._bind(
            WebPubSubOutput,
            kwargs,
            name=arg_name,
            hub=hub,
            connection=connection,
            data_type=as_data_type(data_type),
        )
