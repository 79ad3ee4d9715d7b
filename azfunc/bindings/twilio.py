"""Twilio: an output that sends text messages to phones.

Docs: Twilio binding for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2+.
"""

from __future__ import annotations

from azfunc._core.binding import OutputBinding
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.message import ANYTHING
from azfunc._core.objects import ObjectOutConverter, ObjectValue, OutgoingMessage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any, ClassVar

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName

_MEMBERS = (
    "to",
    "from",
    "body",
    "mediaUrl",
    "messagingServiceSid",
    "statusCallback",
    "applicationSid",
    "pathAccountSid",
    "maxPrice",
    "provideFeedback",
    "forceDelivery",
    "validityPeriod",
    "attempt",
    "smartEncoded",
    "shortenUrls",
    "sendAt",
    "sendAsMms",
    "scheduleType",
    "contentSid",
    "contentVariables",
    "contentRetention",
    "addressRetention",
    "persistentAction",
)


# --- message types ----------------------------------------------------------------------------------------------------


class SmsMessage(OutgoingMessage):
    """A text message to a phone, sent by Twilio.

    Args:
        to: Phone number that it goes to, such as ``+14255550100``.
        body: Text; that of the decorator when left out.
        from_: Phone number that it is sent from; that of the decorator when left out.
        media_url: Addresses of pictures and the like that go with it.
        messaging_service_sid: Messaging service of Twilio that chooses the sender.
        status_callback: Address that Twilio tells what became of the message.

    Raises:
        ConversionError: There is no number that it goes to.

    Example:
        >>> func.SmsMessage("+14255550100", "Tea is ready.").to_json()
        '{"to": "+14255550100", "body": "Tea is ready."}'

    Source: Twilio binding for Azure Functions, "Example"; Twilio extension, `TwilioExtensionConfigProvider`.
    """

    _wire = {
        "to": ("to", ANYTHING),
        "body": ("body", ANYTHING),
        "from_": ("from", ANYTHING),
        "media_url": ("mediaUrl", ANYTHING),
        "messaging_service_sid": ("messagingServiceSid", ANYTHING),
        "status_callback": ("statusCallback", ANYTHING),
    }
    _required = ("to",)

    def __init__(
        self,
        to: str,
        body: str | None = None,
        *,
        from_: str | None = None,
        media_url: Iterable[str] | None = None,
        messaging_service_sid: str | None = None,
        status_callback: str | None = None,
    ) -> None:
        self._fill(
            to=to,
            body=body,
            from_=from_,
            media_url=None if media_url is None else [media_url] if isinstance(media_url, str) else list(media_url),
            messaging_service_sid=messaging_service_sid,
            status_callback=status_callback,
        )

    @property
    def to(self) -> str:
        """Phone number that it goes to."""
        return self._get("to")

    @property
    def body(self) -> str | None:
        """Text of the message."""
        return self._get("body")

    @property
    def from_(self) -> str | None:
        """Phone number that it is sent from."""
        return self._get("from_")

    @property
    def media_url(self) -> list[str] | None:
        """Addresses of pictures and the like that go with it."""
        return self._get("media_url")

    @property
    def messaging_service_sid(self) -> str | None:
        """Messaging service of Twilio that chooses the sender."""
        return self._get("messaging_service_sid")

    @property
    def status_callback(self) -> str | None:
        """Address that Twilio tells what became of the message."""
        return self._get("status_callback")

    @classmethod
    def members(cls) -> Collection[str]:
        """Give the members that the extension reads."""
        return _MEMBERS

    @classmethod
    def _own_fault(cls, found: Mapping[str, Any]) -> str:
        if not isinstance(found["to"], str) or not found["to"]:
            return f"the 'to' of an SmsMessage is a phone number as text, not {found['to']!r}"
        if "mediaUrl" in found and not isinstance(found["mediaUrl"], list):
            return "the 'mediaUrl' of an SmsMessage is a list of addresses"
        return ""


# --- binding classes --------------------------------------------------------------------------------------------------


class TwilioSmsOutput(OutputBinding, type="twilioSms"):
    """Entry of type ``twilioSms`` in function.json."""

    account_sid_setting: str | None = None
    auth_token_setting: str | None = None
    from_: str | None = None
    body: str | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class TwilioSmsOutConverter(ObjectOutConverter, binding="twilioSms"):
    """Twilio output: text messages, one or several."""

    what = "Twilio output"
    kinds: ClassVar[tuple[type[OutgoingMessage], ...]] = (SmsMessage,)
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, bytearray, ObjectValue, SmsMessage)
    output_item_types: ClassVar[tuple[type, ...]] = output_types


# --- input and output decorators --------------------------------------------------------------------------------------


class TwilioBindings(DecoratorApi):
    """Twilio: decorators for data that goes out."""

    def twilio_sms_output(
        self,
        arg_name: str,
        account_sid_setting: str | None = None,
        auth_token_setting: str | None = None,
        from_: str | None = None,
        body: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Send text messages to phones after the function has returned.

        Takes an `SmsMessage`, a dict or a dataclass with the same members in their JSON spelling, the JSON text of one,
        or a list of them. None sends nothing. The number that a message goes to stands in the message.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            account_sid_setting: App setting that holds the account SID of Twilio.
                ``AzureWebJobsTwilioAccountSid`` when left out.
            auth_token_setting: App setting that holds the token of Twilio.
                ``AzureWebJobsTwilioAuthToken`` when left out.
            from_: Phone number of messages that name no sender; written as ``from`` into function.json.
            body: Text of messages that have none.
            data_type: How the host takes the message; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.twilio_sms_output("$return", "TwilioAccountSid", "TwilioAuthToken", from_="+14255550100")
            ... @app.queue_trigger("msg", "orders", "Storage")
            ... def confirm(msg: func.QueueMessage) -> func.SmsMessage:
            ...     return func.SmsMessage(msg.get_json()["phone"], "Your order is on its way.")

        Source: Twilio binding for Azure Functions, "Configuration".
        """
        return self._bind(
            TwilioSmsOutput,
            kwargs,
            name=arg_name,
            account_sid_setting=account_sid_setting,
            auth_token_setting=auth_token_setting,
            from_=from_,
            body=body,
            data_type=as_data_type(data_type),
        )
