"""Cookies: the text of ``Set-Cookie``, its parts as Azure's worker reads them, and the ``Cookie`` header."""

from __future__ import annotations

from azfunc._core.errors import ArgumentTypeError, DefinitionError
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.text import short, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta
    from typing import Any, Literal, TypeAlias

    SameSite: TypeAlias = Literal["Strict", "Lax", "None", "strict", "lax", "none"]

_ATTRIBUTES = ("expires", "comment", "max-age", "secure", "httponly", "version", "samesite", "partitioned")
_FLAGS = ("secure", "httponly", "partitioned")
_SAME_SITES = {"strict": "Strict", "lax": "Lax", "none": "None"}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Morsel(dict[str, "str | bool | None"]):
    """Value and attributes of one cookie, with the keys of `http.cookies.Morsel`.

    Absent attributes are ``""``, but a domain or a path that is absent is None: the worker would send an empty one,
    which browsers refuse. Attributes that the worker does not know stand behind the path.

    Raises:
        UnsupportedValueError: An attribute on which the worker would fail, or which it would leave out.
    """

    key: str
    """Name of the cookie."""
    value: str
    """Its value, verbatim."""

    def __init__(self, key: str, value: str, options: Iterable[str]) -> None:
        super().__init__({**dict.fromkeys(_ATTRIBUTES, ""), "domain": None, "path": None})
        self.key = key
        self.value = value
        further: list[str] = []
        for option in options:
            name, _, text = option.partition("=")
            name, text = name.strip().lower(), text.strip()
            if name in _FLAGS:
                self[name] = True
            elif name in self and text:
                self[name] = _READERS[name](key, text) if name in _READERS else text
            elif name not in self and name:
                further.append(option.strip())
        if self["partitioned"]:
            further.append("Partitioned")
        if further:
            # The worker's message to the host has no field for them, and the host writes the path as it stands.
            self["path"] = "; ".join([str(self["path"] or ""), *further])

    @property
    def coded_value(self) -> str:
        """The value as it stands in the header, which is the value itself."""
        return self.value


def _read_date(key: str, text: str) -> str:
    """Give a date in the one form that the worker reads; others that browsers read, such as that with dashes, too."""
    from datetime import datetime

    try:
        datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT")  # noqa: DTZ007  # it is tried alone, as the worker does
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            return http_date(parsedate_to_datetime(text))
        except (TypeError, ValueError, IndexError, OverflowError):
            hint = 'Write "Wed, 21 Oct 2015 07:28:00 GMT", or Max-Age=0 for a cookie that has expired.'
            raise _unreadable(key, "Expires", text, hint=hint) from None
    return text


def _read_seconds(key: str, text: str) -> str:
    from math import isfinite

    try:
        is_number = isfinite(float(text))
    except ValueError:
        is_number = False
    if not is_number:
        raise _unreadable(key, "Max-Age", text, hint="Write seconds as a whole number.")
    return text


def _read_same_site(key: str, text: str) -> str:
    if text.lower() not in _SAME_SITES:
        raise _unreadable(key, "SameSite", text, hint='Write "Strict", "Lax" or "None", or leave it out.')
    return text


_READERS = {"expires": _read_date, "max-age": _read_seconds, "samesite": _read_same_site}
"""Attribute -> what gives its text so that the worker can read it."""


def _unreadable(key: str, what: str, text: str, *, hint: str) -> UnsupportedValueError:
    return UnsupportedValueError(f"{what} of the cookie {key!r} is {text!r}, which cannot be sent.", hint=hint)


class WireCookie(dict[str, Morsel]):
    """One ``Set-Cookie`` header, in the form of an `http.cookies.SimpleCookie` with one cookie.

    Azure's worker takes cookies apart through ``items()``. `http.cookies` itself changes values, and drops cookies
    that it cannot read.

    Args:
        line: Text of the header.

    Raises:
        ConversionError: It has no name, or an attribute that the worker cannot read.
    """

    line: str
    """Text of the header, verbatim."""

    def __init__(self, line: str) -> None:
        first, *options = line.split(";")
        name, equals, value = first.partition("=")
        name = name.strip()
        if not equals or not name:
            raise ConversionError(
                f"The Set-Cookie header {short(line)} has no name.",
                hint="Write name=value; attributes, or use response.set_cookie().",
            )
        self.line = line
        super().__init__({name: Morsel(name, value.strip(), options)})

    def output(self, attrs: None = None, header: str = "Set-Cookie:", sep: str = "\r\n") -> str:
        """Give the header line."""
        return f"{header} {self.line}"

    def __str__(self) -> str:
        return self.output()


def cookie_line(
    key: str,
    value: str,
    *,
    max_age: float | timedelta | None,
    expires: datetime | float | str | None,
    path: str | None,
    domain: str | None,
    secure: bool,
    httponly: bool,
    samesite: SameSite | None,
    partitioned: bool,
) -> str:
    """Give the text of a ``Set-Cookie`` header; see `HttpResponse.set_cookie`."""
    _check_name(key)
    _check_prefix(key, path=path, domain=domain, secure=secure or partitioned)
    parts = [f"{key}={_checked(key, 'value', value)}"]
    if domain:
        parts.append(f"Domain={_checked(key, 'domain', domain)}")
    if expires is not None:
        parts.append(f"Expires={_checked(key, 'expires', expires) if isinstance(expires, str) else http_date(expires)}")
    if max_age is not None:
        parts.append(f"Max-Age={_seconds(key, max_age)}")
    if secure or partitioned:
        parts.append("Secure")
    if httponly:
        parts.append("HttpOnly")
    if path:
        parts.append(f"Path={_checked(key, 'path', path)}")
    if samesite is not None:
        parts.append(f"SameSite={_same_site(key, samesite)}")
    if partitioned:
        parts.append("Partitioned")
    return "; ".join(parts)


def _seconds(key: str, duration: Any) -> int:
    try:
        return int(duration.total_seconds() if hasattr(duration, "total_seconds") else duration)
    except (TypeError, ValueError, OverflowError):
        raise DefinitionError(
            f"max_age of the cookie {key!r} is {duration!r}.", hint="Give seconds as a number, or a timedelta."
        ) from None


def _check_name(key: Any) -> None:
    if not isinstance(key, str):
        raise ArgumentTypeError(f"A cookie name is text, and {key!r} is {type_name(key)}.", hint="Give text.")
    if not key or any(each in key for each in "=;, \t\r\n\0"):
        raise DefinitionError(
            f"{key!r} is no cookie name.", hint="Leave out spaces, '=', ',', ';' and control characters."
        )


def _check_prefix(key: str, *, path: str | None, domain: str | None, secure: bool) -> None:
    """Refuse a name whose prefix promises what the attributes do not hold; browsers drop such a cookie silently."""
    prefix = next((each for each in ("__Secure-", "__Host-") if key.lower().startswith(each.lower())), "")
    if prefix and not secure:
        raise DefinitionError(
            f"The cookie {key!r} is not secure, as its prefix {prefix} asks.", hint="Set it with secure=True."
        )
    if prefix == "__Host-" and (domain or path != "/"):
        raise DefinitionError(
            f"The cookie {key!r} has a domain or a path other than '/', which its prefix {prefix} forbids.",
            hint='Leave domain and path out, which sends it to this host only, or use the prefix "__Secure-".',
        )


def _checked(key: str, what: str, text: Any) -> str:
    if not isinstance(text, str):
        raise ArgumentTypeError(
            f"The {what} of the cookie {key!r} is {type_name(text)}.",
            hint="Give text; str() makes it of a number.",
        )
    wrong = next((each for each in ";\r\n\0" if each in text), None)
    if wrong is not None:
        raise DefinitionError(
            f"The {what} of the cookie {key!r} has a {wrong!r}, which would end it.",
            hint="Escape it, with urllib.parse.quote() for example.",
        )
    return text


def _same_site(key: str, given: str) -> str:
    found = _SAME_SITES.get(str(given).lower())
    if found is None:
        raise DefinitionError(
            f"samesite of the cookie {key!r} is {given!r}.", hint='Use "Strict", "Lax" or "None", or leave it out.'
        )
    return found


def http_date(moment: datetime | float) -> str:
    """Give a time as HTTP writes it, ``Wed, 21 Oct 2015 07:28:00 GMT``; a time without zone is taken as UTC.

    Args:
        moment: Date and time, or seconds since 1970.

    Raises:
        ArgumentTypeError: A duration.
    """
    import datetime as dates

    if hasattr(moment, "total_seconds"):
        raise ArgumentTypeError(
            "The time at which something expires is a timedelta.",
            hint="Use max_age=, or add it to datetime.now(timezone.utc).",
        )
    if not isinstance(moment, dates.datetime):
        moment = dates.datetime.fromtimestamp(moment, tz=dates.timezone.utc)
    elif moment.tzinfo is not None:
        moment = moment.astimezone(dates.timezone.utc)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} GMT"


def read_cookies(header: str) -> dict[str, str]:
    """Read a ``Cookie`` header: values verbatim, the first one where a name repeats."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, equals, value = part.partition("=")
        if equals and name.strip():
            found.setdefault(name.strip(), value.strip())
    return found


def write_cookies(cookies: Mapping[str, str]) -> str:
    """Write a ``Cookie`` header.

    Raises:
        ArgumentTypeError: No mapping.
        DefinitionError: A name or a value that no cookie can have.
    """
    parts: list[str] = []
    if not hasattr(cookies, "items"):
        raise ArgumentTypeError(
            f"The cookies of a request are {type_name(cookies)}, and no mapping.",
            hint='Give a dict: {"name": "value"}.',
        )
    for name, value in cookies.items():
        _check_name(name)
        parts.append(f"{name}={_checked(name, 'value', value)}")
    return "; ".join(parts)
