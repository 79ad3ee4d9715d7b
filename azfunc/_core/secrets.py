"""What is a secret, by the name of a value or by its look, and what a repr shows in its place."""

from __future__ import annotations

import re

from azfunc._core.checks import is_dict, is_sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HIDDEN = "***"
"""What a repr shows in place of a secret."""
HEADERS = frozenset(
    {
        "authorization",
        "cookie",
        "ocp-apim-subscription-key",
        "proxy-authorization",
        "set-cookie",
        "x-api-key",
        "x-functions-key",
        "x-ms-client-principal",
        "x-zumo-auth",
    }
)
"""Headers with a secret, in lower case."""
PARAMS = frozenset({"access_token", "api_key", "client_secret", "code", "id_token", "password", "sig", "token"})
"""Parameters of a query with a secret, in lower case."""

_SECRET_NAME = re.compile(
    r"(password|passphrase|clientsecret|apikey|accesskey|accountkey|sharedkey|privatekey|sslkeypem|keyandpem|"
    r"authtoken|accesstoken|sastoken|certificateandkeypem)$"
)
# An app setting: between percent signs, or words without a digit, which no generated key is.
_SETTING = re.compile(r"%[^%]+%|(?!SG\.)[A-Za-z]+([:_.][A-Za-z]+)*")
# In connection strings, in the query of an address, in front of the host of one, and keys of SendGrid.
_SECRET_PART = re.compile(
    r"(?i:\b(AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey|Password|Pwd|sig)(=))[^;&\s]+"
    r"|(://)[^/@\s:]*:[^/@\s]+(?=@)"
    r"|\b(SG\.)[\w.-]{16,}"
)


def shown(name: str, value: Any) -> Any:
    """Give a value as a repr may show it: itself, or with secrets hidden in it.

    A secret is known by its name, such as ``password``, unless the value looks like the name of an app setting, or by
    its look, such as ``AccountKey=...`` in a connection string.

    Args:
        name: Name of the value: of a field, a key or a header.
        value: The value; dicts and lists are looked into.
    """
    if isinstance(value, str):
        plain = name.lower()
        if (
            plain in HEADERS
            or plain.startswith("x-ms-token-")
            or (_SECRET_NAME.search(re.sub(r"[^a-z]", "", plain)) and not _is_setting(plain, value))
        ):
            return HIDDEN
        return _SECRET_PART.sub(_without_secret, value)
    if is_dict(value):
        return {key: shown(str(key), each) for key, each in value.items()}
    if is_sequence(value):
        return [shown(name, each) for each in value] if isinstance(value, list) else value
    return value


def _is_setting(name: str, value: str) -> bool:
    # People make passwords of words, too.
    return bool(_SETTING.fullmatch(value)) and ("pass" not in name or value.startswith("%"))


def _without_secret(found: re.Match[str]) -> str:
    return "".join(part for part in found.groups() if part) + HIDDEN
