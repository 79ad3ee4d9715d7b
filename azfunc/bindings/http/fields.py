"""Header fields as text: reading what users give, checking it, joining repeats, and showing it."""

from __future__ import annotations

from azfunc._core.checks import is_sequence
from azfunc._core.errors import ArgumentTypeError, DefinitionError
from azfunc._core.failures import ConversionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, TypeAlias

    HeaderSource: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, Any]]
    """What headers may be given as: a mapping, whose values may be lists, or pairs."""
    Pairs: TypeAlias = list[tuple[str, str]]

_NOT_TEXT: Any = (type(None), dict, set, list, tuple)
"""Classes whose values are no value of a header, though they have a text as well."""
_good_names: set[str] = set()
"""Names that were looked at and are good, but for the next; a program uses a few, again and again."""
_type_names: set[str] = set()
"""Those of them that are a ``content-type``, in whichever letter case."""
_NAMES_KEPT = 1000
_AROUND = " \t"
"""What may stand around the value of a header, and is no part of it."""
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

SINGLE = frozenset(
    {
        "access-control-allow-credentials",
        "access-control-allow-origin",
        "access-control-max-age",
        "age",
        "content-disposition",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "date",
        "etag",
        "expires",
        "last-modified",
        "location",
        "retry-after",
        "server",
        "strict-transport-security",
        "x-frame-options",
    }
)
"""Response headers that have one value; two of them joined would be another value, or none.

Source: RFC 9110, "Field order" and the definition of each field.
"""


def header_pairs(headers: HeaderSource, types: list[str] | None = None) -> Pairs:
    """Read headers from a mapping or from pairs; a value that is a list makes several headers of one name.

    Numbers and other values become their text, bytes are read as latin-1. Spaces and tabs around a value are no part
    of it, and are left out.

    Args:
        headers: The headers.
        types: Gets the values of ``content-type``, so that nobody has to look for it again.

    Raises:
        ArgumentTypeError: Neither a mapping nor pairs, a name that is no text, or a value that has no text.
        DefinitionError: A name or a value that no header can have.

    Source: RFC 9110, "Field Values", on the whitespace around them.
    """
    found: Pairs = []
    given: Any = headers
    for pair in given.items() if given.__class__ is dict else _items(given):
        name, value = pair
        # The values of most headers are good as they are, and so are their pairs.
        if type(value) is type(name) is str and value.isascii() and value.isprintable() and value.strip() is value:
            if name in _good_names:
                found.append(pair)
                continue
            if name in _type_names:
                found.append(pair)
                if types is not None:
                    types.append(value)
                continue
        texts = [header_text(name, each) for each in value] if is_sequence(value) else [header_text(name, value)]
        found += [(name, text) for text in texts]
        if types is not None and name.lower() == "content-type":
            types += texts
    return found


def _items(headers: Any) -> Iterable[tuple[Any, Any]]:
    items = headers.items() if hasattr(headers, "items") else headers
    if not isinstance(items, str):
        try:
            return [(name, value) for name, value in items]
        except (TypeError, ValueError):
            pass
    from azfunc._core.text import type_name

    raise ArgumentTypeError(
        f"headers are {type_name(headers)}, and neither a mapping nor pairs.",
        hint='Give a dict, {"X-Name": "value"}, or a list of pairs, [("X-Name", "value")].',
    )


def header_text(name: Any, value: Any) -> str:
    """Give the text of one header value without spaces around it, checked with its name; see `header_pairs`."""
    text: str = value if isinstance(value, str) else _as_text(name, value)
    # Nearly all values are printable ASCII; the rest is looked at closely.
    if not (text.isascii() and text.isprintable()):
        _check_value(name, text)
    if not isinstance(name, str) or (name not in _good_names and name not in _type_names):
        _check_name(name)
    return text.strip(_AROUND)


def _as_text(name: Any, value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, _NOT_TEXT):
        from azfunc._core.text import type_name

        raise ArgumentTypeError(
            f"The header {name!r} got {type_name(value)}.",
            hint="Give text, a number, or a list of them for several headers of that name; leave it out for none.",
        )
    return str(value)


def _check_value(name: Any, value: str) -> None:
    if "\n" in value or "\r" in value:
        place = len(value.replace("\r", "\n").partition("\n")[0]) + 1
        raise DefinitionError(
            "Header values must not contain newline characters.",
            hint=f"The value of {name!r} has one at character {place}; remove it.",
        )
    if "\0" in value:
        raise DefinitionError(
            f"The value of the header {name!r} has a NUL character.", hint="Remove it; no header can carry it."
        )
    try:
        value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise DefinitionError(
            f"The value of the header {name!r} has {value[error.start]!r} at character {error.start + 1}, and headers "
            "are latin-1.",
            hint="Escape it, with urllib.parse.quote() for example, or send it in the body.",
        ) from None


def _check_name(name: Any) -> None:
    if not isinstance(name, str):
        from azfunc._core.text import type_name

        raise ArgumentTypeError(
            f"A header name is text, and {name!r} is {type_name(name)}.", hint='Write it as text: "X-Name".'
        )
    if not name or not _TOKEN.issuperset(name):
        raise DefinitionError(
            f"{name!r} is no header name.", hint="Use letters, digits, '-' and '_'; no spaces, colons or line breaks."
        )
    known = _type_names if name.lower() == "content-type" else _good_names
    if len(known) < _NAMES_KEPT:
        known.add(name)


def find(pairs: Pairs, name: str) -> str | None:
    """Give the first value of a header, by its name in lower case, or None."""
    size = len(name)
    for key, value in pairs:
        if len(key) == size and key.lower() == name:
            return value
    return None


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give one value for each name: repeats joined with commas, or with semicolons for cookies.

    Names that differ in letter case are one name, written as the first of them.
    """
    names: dict[str, str] = {}
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        first = names.setdefault(key, name)
        separator = "; " if key == "cookie" else ", "
        found[first] = f"{found[first]}{separator}{value}" if first in found else value
    return found


def content_type_parts(text: str) -> tuple[str, str | None]:
    """Give the MIME type and the charset of a content type, or None for the latter when it names none.

    Example:
        >>> content_type_parts('text/html; charset="latin-1"')
        ('text/html', 'latin-1')
    """
    mimetype, _, options = text.partition(";")
    if options:
        for option in options.split(";"):
            key, _, value = option.partition("=")
            if key.strip().lower() == "charset":
                return mimetype.strip(), value.strip().strip("\"'") or None
    return mimetype.strip(), None


class TextDecodingError(ConversionError, UnicodeDecodeError):
    """The content is no text in its charset; a `UnicodeDecodeError` too."""

    def __init__(self, error: UnicodeDecodeError, what: str) -> None:
        UnicodeDecodeError.__init__(self, error.encoding, error.object, error.start, error.end, error.reason)
        ConversionError.__init__(
            self, str(error), hint=f"The body of the {what} is no text in {error.encoding}; get_body() has its bytes."
        )


def decoded(body: bytes, charset: str, what: str) -> str:
    """Give the text of a body.

    Args:
        body: The content.
        charset: Its encoding.
        what: Whose body it is, for the error.

    Raises:
        TextDecodingError: It is no text in that encoding.
        ConversionError: Python knows no such encoding.
    """
    try:
        return body.decode(charset)
    except UnicodeDecodeError as error:
        raise TextDecodingError(error, what) from error
    except LookupError:
        raise ConversionError(
            f"The body of the {what} is in the charset {charset!r}, which Python does not know.",
            hint="Decode what get_body() gives.",
        ) from None


def shown_headers(pairs: Pairs) -> dict[str, str] | Pairs:
    """Give headers for a repr: a dict when no name repeats, secrets hidden."""
    from azfunc._core.secrets import shown

    found = [(name, str(shown(name, value))) for name, value in pairs]
    as_dict = dict(found)
    return as_dict if len(as_dict) == len(found) else found


def shown_params(params: Mapping[str, str]) -> dict[str, str]:
    """Give query values for a repr, secret ones hidden."""
    from azfunc._core.secrets import HIDDEN, PARAMS

    return {name: HIDDEN if name.lower() in PARAMS else value for name, value in params.items()}


def shown_url(url: str) -> str:
    """Give a URL for a repr, with keys and passwords hidden."""
    from azfunc._core.secrets import HIDDEN, PARAMS

    front, mark, rest = url.partition("?")
    scheme, slashes, after = front.partition("://")
    host, slash, path = after.partition("/")
    if slashes and "@" in host:
        front = f"{scheme}://{HIDDEN}@{host.rpartition('@')[2]}{slash}{path}"
    if not mark:
        return front
    query, hash_mark, fragment = rest.partition("#")
    shown: list[str] = []
    for part in query.split("&"):
        name, equals, _ = part.partition("=")
        shown.append(f"{name}={HIDDEN}" if equals and name.lower() in PARAMS else part)
    return f"{front}?{'&'.join(shown)}{hash_mark}{fragment}"
