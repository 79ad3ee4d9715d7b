"""SendGrid: an output that sends mails.

Docs: Azure Functions SendGrid bindings. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2+.
"""

from __future__ import annotations

from azfunc._core.binding import OutputBinding
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.failures import ConversionError
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
    "personalizations",
    "from",
    "reply_to",
    "reply_to_list",
    "subject",
    "content",
    "attachments",
    "template_id",
    "headers",
    "sections",
    "categories",
    "custom_args",
    "send_at",
    "batch_id",
    "asm",
    "ip_pool_name",
    "mail_settings",
    "tracking_settings",
)


# --- message types ----------------------------------------------------------------------------------------------------


class SendGridMessage(OutgoingMessage):
    """A mail.

    An address is written as ``ada@example.com`` or ``Ada <ada@example.com>``. What is left out and stands in the
    decorator is taken from there.

    Args:
        to: Address of the recipient, or several.
        subject: Subject of the mail.
        text: Content as plain text.
        html: Content as HTML; with `text` beside it, clients choose.
        from_: Address of the sender.
        cc: Address that gets a copy, or several.
        bcc: Address that gets a copy which the others do not see, or several.
        reply_to: Address that answers go to.
        template_id: Template of SendGrid that makes the mail.
        template_data: Values for the template.
        attachments: Files that go with the mail: content as bytes, by file name.

    Raises:
        ConversionError: An address is none.

    Example:
        >>> func.SendGridMessage("Ada <ada@example.com>", "Tea").to_json()
        '{"personalizations": [{"to": [{"email": "ada@example.com", "name": "Ada"}]}], "subject": "Tea"}'

    Source: Azure Functions SendGrid bindings, "Example"; SendGrid, "Mail Send" of the Web API v3.
    """

    _wire = {
        "to": ("to", ANYTHING),
        "subject": ("subject", ANYTHING),
        "text": ("text", ANYTHING),
        "html": ("html", ANYTHING),
        "from_": ("from", ANYTHING),
        "cc": ("cc", ANYTHING),
        "bcc": ("bcc", ANYTHING),
        "reply_to": ("reply_to", ANYTHING),
        "template_id": ("template_id", ANYTHING),
        "template_data": ("dynamic_template_data", ANYTHING),
        "attachments": ("attachments", ANYTHING),
    }

    def __init__(
        self,
        to: str | Iterable[str] | None = None,
        subject: str | None = None,
        *,
        text: str | None = None,
        html: str | None = None,
        from_: str | None = None,
        cc: str | Iterable[str] | None = None,
        bcc: str | Iterable[str] | None = None,
        reply_to: str | None = None,
        template_id: str | None = None,
        template_data: Mapping[str, Any] | None = None,
        attachments: Mapping[str, bytes] | None = None,
    ) -> None:
        self._fill(
            to=_several(to),
            subject=subject,
            text=text,
            html=html,
            from_=from_,
            cc=_several(cc),
            bcc=_several(bcc),
            reply_to=reply_to,
            template_id=template_id,
            template_data=None if template_data is None else dict(template_data),
            attachments=None if attachments is None else dict(attachments),
        )

    @property
    def to(self) -> list[str] | None:
        """Addresses of the recipients."""
        return self._get("to")

    @property
    def subject(self) -> str | None:
        """Subject of the mail."""
        return self._get("subject")

    @property
    def text(self) -> str | None:
        """Content as plain text."""
        return self._get("text")

    @property
    def html(self) -> str | None:
        """Content as HTML."""
        return self._get("html")

    @property
    def from_(self) -> str | None:
        """Address of the sender."""
        return self._get("from_")

    @property
    def cc(self) -> list[str] | None:
        """Addresses that get a copy."""
        return self._get("cc")

    @property
    def bcc(self) -> list[str] | None:
        """Addresses that get a copy which the others do not see."""
        return self._get("bcc")

    @property
    def reply_to(self) -> str | None:
        """Address that answers go to."""
        return self._get("reply_to")

    @property
    def template_id(self) -> str | None:
        """Template of SendGrid that makes the mail."""
        return self._get("template_id")

    @property
    def template_data(self) -> dict[str, Any] | None:
        """Values for the template."""
        return self._get("template_data")

    @property
    def attachments(self) -> dict[str, bytes] | None:
        """Files that go with the mail, by file name."""
        return self._get("attachments")

    @classmethod
    def members(cls) -> Collection[str]:
        """Give the members of a mail in SendGrid's API."""
        return _MEMBERS

    def to_dict(self) -> dict[str, Any]:
        """Give the mail as SendGrid's API takes it."""
        envelope = {name: _addresses(given) for name in ("to", "cc", "bcc") if (given := getattr(self, name))}
        if self.template_data is not None:
            envelope["dynamic_template_data"] = self.template_data
        kinds = (("text/plain", self.text), ("text/html", self.html))
        found: dict[str, Any] = {
            "personalizations": [envelope] if envelope else None,
            "from": None if self.from_ is None else _address(self.from_),
            "reply_to": None if self.reply_to is None else _address(self.reply_to),
            "subject": self.subject,
            "content": [{"type": kind, "value": value} for kind, value in kinds if value is not None] or None,
            "attachments": [_attachment(name, content) for name, content in (self.attachments or {}).items()] or None,
            "template_id": self.template_id,
        }
        return {name: value for name, value in found.items() if value is not None}


def _several(addresses: str | Iterable[str] | None) -> list[str] | None:
    if addresses is None:
        return None
    return [addresses] if isinstance(addresses, str) else list(addresses)


def _addresses(texts: list[str]) -> Any:
    return [_address(each) for each in texts]


def _address(text: str) -> dict[str, str]:
    from email.utils import parseaddr

    name, email = parseaddr(text)
    before, _, after = email.partition("@")
    if not (before and after):
        raise ConversionError(
            f"{text!r} is no mail address.", hint="Write it as 'ada@example.com' or 'Ada <ada@example.com>'."
        )
    return {"email": email, "name": name} if name else {"email": email}


def _attachment(name: str, content: bytes) -> dict[str, str]:
    import base64
    import mimetypes

    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"content": base64.b64encode(content).decode("ascii"), "filename": name, "type": kind}


# --- binding classes --------------------------------------------------------------------------------------------------


class SendGridOutput(OutputBinding, type="sendGrid"):
    """Entry of type ``sendGrid`` in function.json."""

    api_key: str | None = None
    to: str | None = None
    from_: str | None = None
    subject: str | None = None
    text: str | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class SendGridOutConverter(ObjectOutConverter, binding="sendGrid"):
    """SendGrid output: mails, one or several."""

    what = "SendGrid output"
    kinds: ClassVar[tuple[type[OutgoingMessage], ...]] = (SendGridMessage,)
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, bytearray, ObjectValue, SendGridMessage)
    output_item_types: ClassVar[tuple[type, ...]] = output_types


# --- input and output decorators --------------------------------------------------------------------------------------


class SendGridBindings(DecoratorApi):
    """SendGrid: decorators for data that goes out."""

    def send_grid_output(
        self,
        arg_name: str,
        api_key: str | None = None,
        to: str | None = None,
        from_: str | None = None,
        subject: str | None = None,
        text: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Send mails after the function has returned.

        Takes a `SendGridMessage`, a dict or a dataclass with the members of SendGrid's API, the JSON text of one, or a
        list of them. None sends nothing. What a mail does not say is taken from the decorator.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            api_key: App setting that holds the key for SendGrid.
                ``AzureWebJobsSendGridApiKey`` when left out.
            to: Address of the recipient of mails that name none; may hold expressions such as ``{ToEmail}``.
            from_: Address of the sender of mails that name none; written as ``from`` into function.json.
            subject: Subject of mails that have none.
            text: Content, as plain text, of mails that have none.
            data_type: How the host takes the mail; as it sees fit when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.send_grid_output("$return", "SendGridKey", from_="shop@example.com")
            ... @app.queue_trigger("msg", "orders", "Storage")
            ... def confirm(msg: func.QueueMessage) -> func.SendGridMessage:
            ...     return func.SendGridMessage(msg.get_json()["email"], "Your order", text="It is on its way.")

        Source: Azure Functions SendGrid bindings, "Configuration".
        """
        return self._bind(
            SendGridOutput,
            kwargs,
            name=arg_name,
            api_key=api_key,
            to=to,
            from_=from_,
            subject=subject,
            text=text,
            data_type=as_data_type(data_type),
        )
