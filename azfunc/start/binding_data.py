"""Binding data, and the expressions in binding fields that are filled from them: ``{name}``, ``%SETTING%``.

Source: Azure Functions binding expression patterns.
"""

from __future__ import annotations

import os
import re
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_dict
from azfunc._core.errors import nearest
from azfunc._core.failures import ConversionError, InvocationError
from azfunc._core.jsonlib import dumps, loads
from azfunc._core.metadata import Metadata

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azfunc._core.binding import Binding
    from azfunc._core.datum import Datum
    from azfunc.runtime.wire import Incoming

_SETTING = re.compile(r"%([^%{}]+)%")
_EXPRESSION = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")
_GUID_FORMATS = {"D": "{}", "N": "{}", "B": "{{{}}}", "P": "({})"}


def binding_data(trigger: Binding, incoming: Incoming) -> dict[str, Any]:
    """Give the values that expressions in the other bindings of a function can name.

    Args:
        trigger: The function's trigger.
        incoming: What it got.
    """
    data: dict[str, Any] = {}
    body: Any = incoming.datum.value
    if incoming.datum.type == "http":
        parts: Mapping[str, Any] = incoming.datum.value
        body = parts["body"].value if parts.get("body") is not None else b""
        data["query"] = _values(parts.get("query"))
        data["headers"] = _values(parts.get("headers"))
        data = {**data["query"], **data, **_values(parts.get("params"))}
    elif isinstance(body, (str, bytes)):
        text = body if isinstance(body, str) else body.decode(errors="replace")
        data[trigger.type] = text
    properties = _json_object(body)
    return {**properties, **data, **Metadata(incoming.metadata).as_dict()}


def _values(parts: Mapping[str, Datum] | None) -> dict[str, Any]:
    return {name: each.value for name, each in (parts or {}).items()}


def _json_object(body: Any) -> dict[str, Any]:
    if not isinstance(body, (str, bytes)) or body[:1] not in ("{", b"{"):
        return {}
    try:
        found = loads(body)
    except ConversionError:
        return {}
    return found if is_dict(found) else {}


def fill_settings(text: str) -> str:
    """Put app settings in the place of ``%NAME%``.

    Raises:
        InvocationError: A setting is not there.
    """

    def setting(match: re.Match[str]) -> str:
        value = os.environ.get(match[1])
        if value is None:
            close = nearest(match[1], os.environ)
            raise InvocationError(
                f"{text!r} names the app setting {match[1]!r}, which is not set.",
                hint=f"Did you mean {close!r}?" if close else "Set it under Values in local.settings.json.",
            )
        return value

    return _SETTING.sub(setting, text)


def fill(text: str, data: Mapping[str, Any], *, function_name: str = "") -> str:
    """Put binding data in the place of ``{name}``, and app settings in the place of ``%NAME%``.

    ``{rand-guid}`` is a new UUID, ``{datetime}`` the time in UTC, ``{a.b}`` a property of a property; letter case does
    not count. Doubled braces stand for single ones.

    Raises:
        InvocationError: There is no such value or setting.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        return _value(text, match[1].strip(), data, function_name)

    return _EXPRESSION.sub(value, fill_settings(text))


def _value(text: str, expression: str, data: Mapping[str, Any], function_name: str) -> str:
    name, _, style = expression.partition(":")
    key = name.lower()
    if key in ("rand-guid", "sys.randguid"):
        made = uuid.uuid4()
        return _GUID_FORMATS.get(style.upper(), "{}").format(made.hex if style.upper() == "N" else made)
    if key in ("datetime", "sys.utcnow"):
        return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H-%M-%SZ")
    if key == "sys.methodname":
        return function_name
    found: Any = data
    for part in name.split("."):
        found = _member(found, part)
    if found is None:
        close = nearest(name, data)
        raise InvocationError(
            f"{text!r} names {{{name}}}, and the trigger gives no such value.",
            hint=f"Did you mean {{{close}}}?" if close else f"It gives {', '.join(data) or 'nothing'}.",
        )
    return found if isinstance(found, str) else dumps(found).strip('"')


def _member(holder: Any, name: str) -> Any:
    if not is_dict(holder):
        return None
    if name in holder:
        return holder[name]
    return next((value for key, value in holder.items() if str(key).lower() == name.lower()), None)


class PathPattern:
    """The path of a blob trigger: which blobs it means, and what their names say.

    Args:
        path: Container and name, such as ``photos/{name}.png``.
    """

    container: str
    """The container."""
    prefix: str
    """What all names begin with; narrows the listing."""

    def __init__(self, path: str) -> None:
        self.container, _, name = fill_settings(path).strip("/").partition("/")
        pieces: list[str] = []
        literal = ""
        self.prefix = ""
        last = 0
        for match in _EXPRESSION.finditer(name):
            literal += name[last : match.start()]
            last = match.end()
            if match[1] is None:
                literal += match[0][0]
                continue
            if not pieces:
                self.prefix = literal
            pieces.append(
                f"{re.escape(literal)}(?P<{match[1]}>.+)" if match[1].isidentifier() else f"{re.escape(literal)}.+"
            )
            literal = ""
        literal += name[last:]
        if not pieces:
            self.prefix = literal
        self._pattern = re.compile("".join(pieces) + re.escape(literal) if name else ".*", re.DOTALL)

    def match(self, name: str) -> dict[str, str] | None:
        """Give the values of the parameters for the name of a blob, or None if it does not fit."""
        found = self._pattern.fullmatch(name)
        return found.groupdict() if found is not None else None
