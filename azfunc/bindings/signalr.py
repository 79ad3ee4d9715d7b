"""Azure SignalR Service: a trigger for what clients send, inputs that let clients connect, and an output to them.

The trigger and the inputs have no converter: what they give reaches the function as JSON text, as with generic
bindings.

Docs: SignalR Service bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 3+.
"""

from __future__ import annotations

from azfunc._core.binding import InputBinding, OutputBinding, Trigger
from azfunc._core.choices import as_choice, as_texts
from azfunc._core.converter import is_several
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.message import ANYTHING
from azfunc._core.objects import ObjectOutConverter, ObjectValue, OutgoingMessage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any, ClassVar, Literal, TypeAlias

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName

    SignalRCategoryName: TypeAlias = Literal["messages", "connections"]
    """Category of what clients send."""
    SignalRGroupActionName: TypeAlias = Literal["add", "remove", "removeAll"]
    """What is done with a group."""

_CATEGORIES = ("messages", "connections")
_CONNECTION_EVENTS = ("connected", "disconnected")
_GROUP_ACTIONS = ("add", "remove", "removeAll")


# --- message types ----------------------------------------------------------------------------------------------------


class SignalRMessage(OutgoingMessage):
    """A call of a method on clients of a SignalR hub.

    It goes to all clients of the hub unless a connection, a user or a group is named; of several the first counts, in
    this order.

    Args:
        target: Method of the clients.
        arguments: What the method is called with; anything that JSON can hold.
        connection_id: Connection that it goes to.
        user_id: User whose connections it goes to.
        group_name: Group that it goes to.
        endpoints: Service endpoints that send it, as `signalr_endpoints_input` gives them; all when left out.

    Raises:
        ConversionError: The target is empty.

    Example:
        >>> func.SignalRMessage("newMessage", ["hi"], user_id="ada").to_json()
        '{"userId": "ada", "target": "newMessage", "arguments": ["hi"]}'

    Source: SignalR Service output binding for Azure Functions; SignalR extension, `SignalRMessage`.
    """

    _wire = {
        "connection_id": ("connectionId", ANYTHING),
        "user_id": ("userId", ANYTHING),
        "group_name": ("groupName", ANYTHING),
        "target": ("target", ANYTHING),
        "arguments": ("arguments", ANYTHING),
        "endpoints": ("endpoints", ANYTHING),
    }
    _required = ("target", "arguments")

    def __init__(
        self,
        target: str,
        arguments: Sequence[Any] = (),
        *,
        connection_id: str | None = None,
        user_id: str | None = None,
        group_name: str | None = None,
        endpoints: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        self._fill(
            target=target,
            arguments=_as_list(arguments),
            connection_id=connection_id,
            user_id=user_id,
            group_name=group_name,
            endpoints=None if endpoints is None else list(endpoints),
        )

    @property
    def target(self) -> str:
        """Method of the clients."""
        return self._get("target")

    @property
    def arguments(self) -> list[Any]:
        """What the method is called with."""
        return self._get("arguments")

    @property
    def connection_id(self) -> str | None:
        """Connection that it goes to."""
        return self._get("connection_id")

    @property
    def user_id(self) -> str | None:
        """User whose connections it goes to."""
        return self._get("user_id")

    @property
    def group_name(self) -> str | None:
        """Group that it goes to."""
        return self._get("group_name")

    @property
    def endpoints(self) -> list[Mapping[str, Any]] | None:
        """Service endpoints that send it."""
        return self._get("endpoints")

    @classmethod
    def _own_fault(cls, found: Mapping[str, Any]) -> str:
        if not found["target"]:
            return "the target of a SignalRMessage is empty"
        if not isinstance(found["arguments"], list):
            return f"the arguments of a SignalRMessage are a list, not a {type(found['arguments']).__name__}"
        return ""


class SignalRGroupAction(OutgoingMessage):
    """A change of a group of a SignalR hub: a user or a connection is added or removed.

    Args:
        action: ``add``, ``remove``, or ``removeAll`` to remove a user from all groups.
        group_name: Group that is changed; not for ``removeAll``.
        connection_id: Connection that is added or removed.
        user_id: User whose connections are added or removed; the connection counts if both are named.
        endpoints: Service endpoints that do it, as `signalr_endpoints_input` gives them; all when left out.

    Raises:
        ConversionError: The fields do not go together.

    Example:
        >>> func.SignalRGroupAction("add", group_name="tea", user_id="ada").to_json()
        '{"userId": "ada", "groupName": "tea", "action": "add"}'

    Source: SignalR Service output binding for Azure Functions, "Group management"; SignalR extension,
    `SignalRGroupAction`.
    """

    _wire = {
        "connection_id": ("connectionId", ANYTHING),
        "user_id": ("userId", ANYTHING),
        "group_name": ("groupName", ANYTHING),
        "action": ("action", ANYTHING),
        "endpoints": ("endpoints", ANYTHING),
    }
    _required = ("action",)

    def __init__(
        self,
        action: SignalRGroupActionName,
        *,
        group_name: str | None = None,
        connection_id: str | None = None,
        user_id: str | None = None,
        endpoints: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        self._fill(
            action=action,
            group_name=group_name,
            connection_id=connection_id,
            user_id=user_id,
            endpoints=None if endpoints is None else list(endpoints),
        )

    @property
    def action(self) -> SignalRGroupActionName:
        """``add``, ``remove`` or ``removeAll``."""
        return self._get("action")

    @property
    def group_name(self) -> str | None:
        """Group that is changed."""
        return self._get("group_name")

    @property
    def connection_id(self) -> str | None:
        """Connection that is added or removed."""
        return self._get("connection_id")

    @property
    def user_id(self) -> str | None:
        """User whose connections are added or removed."""
        return self._get("user_id")

    @property
    def endpoints(self) -> list[Mapping[str, Any]] | None:
        """Service endpoints that do it."""
        return self._get("endpoints")

    @classmethod
    def _own_fault(cls, found: Mapping[str, Any]) -> str:
        action = next((each for each in _GROUP_ACTIONS if each.lower() == str(found["action"]).lower()), None)
        if action is None:
            return f"the action of a SignalRGroupAction is one of {', '.join(_GROUP_ACTIONS)}, not {found['action']!r}"
        if action == "removeAll":
            return "" if found.get("userId") else "removeAll needs the 'userId' of whom to remove"
        if not found.get("groupName"):
            return f"the action {action} needs a 'groupName'"
        if not (found.get("connectionId") or found.get("userId")):
            return f"the action {action} needs a 'connectionId' or a 'userId'"
        return ""


def _as_list(arguments: Any) -> Any:
    """Give several arguments as a list; what is one value is left to the check of the members."""
    return list(arguments) if is_several(arguments) else arguments


# --- binding classes --------------------------------------------------------------------------------------------------


class SignalRTrigger(Trigger, type="signalRTrigger"):
    """Entry of type ``signalRTrigger`` in function.json."""

    hub_name: str
    category: str
    event: str
    parameter_names: list[str] | None = None
    connection_string_setting: str | None = None


class SignalRConnectionInfoInput(InputBinding, type="signalRConnectionInfo"):
    """Entry of type ``signalRConnectionInfo`` in function.json."""

    hub_name: str
    user_id: str | None = None
    id_token: str | None = None
    claim_type_list: list[str] | None = None
    connection_string_setting: str | None = None


class SignalRNegotiationInput(InputBinding, type="signalRNegotiation"):
    """Entry of type ``signalRNegotiation`` in function.json."""

    hub_name: str
    user_id: str | None = None
    id_token: str | None = None
    claim_type_list: list[str] | None = None
    connection_string_setting: str | None = None


class SignalREndpointsInput(InputBinding, type="signalREndpoints"):
    """Entry of type ``signalREndpoints`` in function.json."""

    hub_name: str
    connection_string_setting: str | None = None


class SignalROutput(OutputBinding, type="signalR"):
    """Entry of type ``signalR`` in function.json."""

    hub_name: str
    connection_string_setting: str | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class SignalROutConverter(ObjectOutConverter, binding="signalR"):
    """SignalR output: messages to clients and changes of groups, one or several, also mixed."""

    what = "SignalR output"
    kinds: ClassVar[tuple[type[OutgoingMessage], ...]] = (SignalRMessage, SignalRGroupAction)
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, bytearray, ObjectValue, SignalRMessage, SignalRGroupAction)
    output_item_types: ClassVar[tuple[type, ...]] = output_types

    @classmethod
    def kind_of(cls, members: Collection[str]) -> type[OutgoingMessage]:
        """Tell which one an object is: only a change of a group has an action."""
        return SignalRGroupAction if "action" in members else SignalRMessage


# --- trigger decorators -----------------------------------------------------------------------------------------------


class SignalRTriggers(DecoratorApi):
    """SignalR Service: decorators that start a function."""

    def signalr_trigger(
        self,
        arg_name: str,
        hub_name: str,
        category: SignalRCategoryName,
        event: str,
        parameter_names: Sequence[str] | None = None,
        connection_string_setting: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when a client calls a method of a hub, connects or disconnects.

        The service needs the address of the function app as an upstream endpoint. What the function returns goes back
        to a client that waits for the result.

        Args:
            arg_name: Parameter of the function that gets the invocation, as JSON text.
                Its members are ``Arguments``, ``Error``, ``Category``, ``Event``, ``Hub``, ``ConnectionId``,
                ``UserId``, ``Headers``, ``Query`` and ``Claims``.
            hub_name: Hub that the clients are connected to.
            category: ``messages`` for calls of methods, ``connections`` for clients that come and go.
            event: Name of the method, or ``connected`` or ``disconnected``.
            parameter_names: Names for the arguments of the call, in their order.
                Other bindings use them as ``{name}``; the number has to be that of the arguments.
            connection_string_setting: App setting that holds the connection string of the service.
                ``AzureSignalRConnectionString`` when left out.
            data_type: How the host hands the invocation over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.signalr_trigger("invocation", "chat", "messages", "sendMessage")
            ... def on_message(invocation: str) -> None:
            ...     call = json.loads(invocation)
            ...     print(call["UserId"], call["Arguments"][0])

        Source: SignalR Service trigger binding for Azure Functions, "Configuration" and "Usage".
        """
        kind = as_choice(category, _CATEGORIES, "The category of a SignalR trigger")
        return self._bind(
            SignalRTrigger,
            kwargs,
            name=arg_name,
            hub_name=hub_name,
            category=kind,
            event=_connection_event(event) if kind == "connections" else event,
            parameter_names=as_texts(parameter_names),
            connection_string_setting=connection_string_setting,
            data_type=as_data_type(data_type),
        )


def _connection_event(event: str) -> str:
    return as_choice(event, _CONNECTION_EVENTS, "The event of the category 'connections'")


# --- input and output decorators --------------------------------------------------------------------------------------


class SignalRBindings(DecoratorApi):
    """SignalR Service: decorators for data that comes in or goes out."""

    def signalr_connection_info_input(
        self,
        arg_name: str,
        hub_name: str,
        user_id: str | None = None,
        id_token: str | None = None,
        claim_type_list: Sequence[str] | None = None,
        connection_string_setting: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Make the address and the token that a client connects to a hub with.

        The token is for one client and for a limited time; it is not to be cached or shared.

        Args:
            arg_name: Parameter of the function that gets them, as JSON text with ``url`` and ``accessToken``.
                SignalR clients expect this text as the answer of a function named ``negotiate``.
            hub_name: Hub that the client connects to.
            user_id: Identity of the user, such as ``{headers.x-ms-client-principal-id}``; none when left out.
            id_token: JSON Web Token whose claims are added to those of the user, such as ``{headers.token}``.
            claim_type_list: Claims of the token that are taken over.
            connection_string_setting: App setting that holds the connection string of the service.
                ``AzureSignalRConnectionString`` when left out.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.route("negotiate", methods=["POST"])
            ... @app.signalr_connection_info_input("info", "chat", user_id="{headers.x-ms-client-principal-id}")
            ... def negotiate(req: func.HttpRequest, info: str) -> func.HttpResponse:
            ...     return func.HttpResponse(info, mimetype="application/json")

        Source: SignalR Service input binding for Azure Functions, "Configuration".
        """
        return self._bind(
            SignalRConnectionInfoInput,
            kwargs,
            name=arg_name,
            hub_name=hub_name,
            user_id=user_id,
            id_token=id_token,
            claim_type_list=as_texts(claim_type_list),
            connection_string_setting=connection_string_setting,
            data_type=as_data_type(data_type),
        )

    def signalr_negotiation_input(
        self,
        arg_name: str,
        hub_name: str,
        user_id: str | None = None,
        id_token: str | None = None,
        claim_type_list: Sequence[str] | None = None,
        connection_string_setting: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Make addresses and tokens for a client on all service endpoints, so that the function chooses one.

        Args:
            arg_name: Parameter of the function that gets them, as JSON text with a list ``endpoints``.
                Each has ``endpointType``, ``name``, ``endpoint``, ``online`` and ``connectionInfo``, which is what the
                client is answered with.
            hub_name: Hub that the client connects to.
            user_id: Identity of the user, such as ``{query.userId}``; none when left out.
            id_token: JSON Web Token whose claims are added to those of the user, such as ``{headers.token}``.
            claim_type_list: Claims of the token that are taken over.
            connection_string_setting: App setting, or group of them, that holds the connection strings.
                ``AzureSignalRConnectionString`` when left out.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.route("negotiate", methods=["POST"])
            ... @app.signalr_negotiation_input("negotiation", "chat", user_id="{query.userId}")
            ... def negotiate(req: func.HttpRequest, negotiation: str) -> str:
            ...     online = [each for each in json.loads(negotiation)["endpoints"] if each["online"]]
            ...     return json.dumps(online[0]["connectionInfo"])

        Source: SignalR extension, "Multiple Azure SignalR Service instances support", "Client routing".
        """
        return self._bind(
            SignalRNegotiationInput,
            kwargs,
            name=arg_name,
            hub_name=hub_name,
            user_id=user_id,
            id_token=id_token,
            claim_type_list=as_texts(claim_type_list),
            connection_string_setting=connection_string_setting,
            data_type=as_data_type(data_type),
        )

    def signalr_endpoints_input(
        self,
        arg_name: str,
        hub_name: str,
        connection_string_setting: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Read which service endpoints there are, to send messages through some of them only.

        Args:
            arg_name: Parameter of the function that gets them, as JSON text, a list.
                Each has ``endpointType``, ``name``, ``endpoint`` and ``online``.
            hub_name: Hub that messages are sent to.
            connection_string_setting: App setting, or group of them, that holds the connection strings.
                ``AzureSignalRConnectionString`` when left out.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.signalr_output("$return", "chat")
            ... @app.signalr_endpoints_input("endpoints", "chat")
            ... @app.queue_trigger("msg", "news", "Storage")
            ... def tell(msg: func.QueueMessage, endpoints: str) -> func.SignalRMessage:
            ...     east = [each for each in json.loads(endpoints) if each["name"].startswith("east-")]
            ...     return func.SignalRMessage("news", [msg.get_body().decode()], endpoints=east)

        Source: SignalR extension, "Multiple Azure SignalR Service instances support", "Messages routing".
        """
        return self._bind(
            SignalREndpointsInput,
            kwargs,
            name=arg_name,
            hub_name=hub_name,
            connection_string_setting=connection_string_setting,
            data_type=as_data_type(data_type),
        )

    def signalr_output(
        self,
        arg_name: str,
        hub_name: str,
        connection_string_setting: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Send messages to the clients of a hub, or change its groups, after the function has returned.

        Takes a `SignalRMessage`, a `SignalRGroupAction`, a dict or a dataclass with the same members in their JSON
        spelling, the JSON text of one, or a list of them. None sends nothing. A member that the service does not know
        is refused, because the service would pass over it and send the message to everybody.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            hub_name: Hub of the clients.
            connection_string_setting: App setting that holds the connection string of the service.
                ``AzureSignalRConnectionString`` when left out.
            data_type: How the host takes the value; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.signalr_output("$return", "chat")
            ... @app.queue_trigger("msg", "news", "Storage")
            ... def tell(msg: func.QueueMessage) -> func.SignalRMessage:
            ...     return func.SignalRMessage("newMessage", [msg.get_body().decode()], group_name="readers")

        Source: SignalR Service output binding for Azure Functions, "Configuration".
        """
        return self._bind(
            SignalROutput,
            kwargs,
            name=arg_name,
            hub_name=hub_name,
            connection_string_setting=connection_string_setting,
            data_type=as_data_type(data_type),
        )
