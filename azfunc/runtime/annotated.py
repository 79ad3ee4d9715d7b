"""Arguments as their annotations say, where the converter gives something richer or plainer.

Some annotations are accepted in Azure, and the argument is of another class all the same: a blob annotated `str` comes
as an `InputStream`, rows of a table annotated `list` come as JSON text. azfunc's own runtime gives what is written:

- `str` or `bytes` for a message: its body, text in UTF-8;
- `dict` or `list` (``list[dict]``, ``dict[str, Any]``) for text or bytes: what they hold as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_origin

from azfunc._core.annotations import alternatives
from azfunc._core.failures import ConversionError
from azfunc._core.jsonlib import loads
from azfunc._core.message import Message
from azfunc._core.text import type_name

_LISTS = (list, Sequence)
_DICTS = (dict, Mapping)


def as_annotated(value: Any, annotation: Any) -> Any:
    """Give an argument as its annotation says; as it is when the annotation says nothing about it.

    Args:
        value: What the converter gave.
        annotation: What stands at the parameter, resolved; None for nothing.

    Raises:
        ConversionError: The text is no JSON, or holds an object where a list is wanted, or the reverse.
    """
    kinds = [get_origin(each) or each for each in alternatives(annotation)]
    if len(kinds) != 1:
        return value
    [kind] = kinds
    if isinstance(value, Message):
        return _body(value, kind)
    if isinstance(value, (str, bytes)) and (kind in _LISTS or kind in _DICTS):
        return _json(value, kind)
    return value


def _body(message: Message, kind: Any) -> Any:
    if kind is bytes:
        return message.get_body()
    return message.get_body().decode("utf-8-sig") if kind is str else message


def _json(text: str | bytes, kind: Any) -> Any:
    value = loads(text, what="what the host sent")
    wanted: type[Any] = list if kind in _LISTS else dict
    if value is None or isinstance(value, wanted):
        return value
    raise ConversionError(
        f"the host sent JSON of a {type_name(value)}, and the annotation says {wanted.__name__}.",
        hint="Annotate it as what comes: a dict for one row, a list for several.",
    )
