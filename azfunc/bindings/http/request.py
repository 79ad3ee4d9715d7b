"""`HttpRequest`: what a function started by HTTP gets."""

from __future__ import annotations

from abc import ABCMeta
from types import MappingProxyType

from azfunc._core.checks import is_buffer
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.jsonlib import dumps, loads
from azfunc._core.names import OtherName
from azfunc.bindings import http

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar

    from typing_extensions import Self

    from azfunc.bindings.http.fields import HeaderSource, Pairs
    from azfunc.bindings.http.forms import FileSource, FormFields, FormFiles, FormSource
    from azfunc.bindings.http.headers import HttpRequestHeaders
    from azfunc.bindings.http.principal import ClientPrincipal
    from azfunc.bindings.http.query import QueryParams, QuerySource


_OTHER_NAMES = {
    "json": "get_json()",
    "data": "get_body()",
    "body": "get_body()",
    "get_data": "get_body()",
    "args": "query",
    "query_params": "query",
    "path_params": "route_params",
    "view_args": "route_params",
    "user": "principal",
}
"""What other libraries call an attribute -> what it is called here."""


class _NotGiven:
    """Stands for no JSON value, since None is one."""

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN = _NotGiven()


class HttpRequest(metaclass=ABCMeta):  # noqa: B024  # for virtual subclasses: the reference's own class
    """An HTTP request.

    The host makes it; tests make it by hand, in one line. It cannot be changed.

    Args:
        method: ``GET``, ``POST`` and so on, in any letter case.
        url: URL with its query; may be relative.
        headers: A mapping, or pairs.
        params: Query values as the host gives them, one for each name.
            Read from the URL as the host would when left out: several values of one name joined with commas, empty
            ones missing. Numbers become text, a list is several values of one name.
        route_params: Values of the route's parameters.
        body: Content, as bytes or text; text in the charset of the content type, UTF-8 if it names none.
        json: Content as a value that JSON can hold; sets ``content-type``.
        form: Content as form fields; a list is several values of one name. Sets ``content-type``.
        files: Files of a form: bytes, text, an open file, ``(filename, content)`` or
            ``(filename, content, content type)``; a list is several files of one name.
        cookies: Cookies to send, by name.

    Raises:
        ArgumentTypeError: An argument has the wrong type, or content is given in two ways.
        DefinitionError: A header or a cookie that cannot be.

    Example:
        >>> request = func.HttpRequest("POST", "/api/orders?limit=5", json={"id": 7})
        >>> request.get_json(), request.params["limit"]
        ({'id': 7}, '5')

    Source: reference 1.26.0, `HttpRequest`; Azure Functions HTTP trigger, "Usage".
    """

    max_form_parts: ClassVar[int] = 1000
    """Greatest number of fields and files of a form; set it on the class to change it."""
    max_form_field_bytes: ClassVar[int] = 10_000_000
    """Greatest size of a form field that is no file, in bytes; set it on the class to change it."""

    # What the host sent, until it is read.
    _raw_headers: Mapping[str, Any] | None = None
    _raw_params: Mapping[str, Any] | None = None
    _raw_route: Mapping[str, Any] | None = None

    _pairs: Pairs | None = None
    _params: dict[str, str] | None = None
    _route_params: dict[str, str] | None = None

    # What is made on first touch.
    _headers: HttpRequestHeaders | None = None
    _query: QueryParams | None = None
    _form: tuple[FormFields, FormFiles] | None = None

    def __init__(
        self,
        method: str = "GET",
        url: str = "/",
        *,
        headers: HeaderSource | None = None,
        params: QuerySource | None = None,
        route_params: Mapping[str, str] | None = None,
        body: str | bytes | bytearray | memoryview | None = None,
        json: Any = NOT_GIVEN,
        form: FormSource | None = None,
        files: FileSource | None = None,
        cookies: Mapping[str, str] | None = None,
    ) -> None:
        self._method = _text("method", method).upper()
        self._url = _text("url", url)
        self._pairs = pairs = [(name.lower(), value) for name, value in http.fields.header_pairs(headers or ())]
        if cookies:
            from azfunc.bindings.http.cookies import write_cookies

            pairs.append(("cookie", write_cookies(cookies)))
        if params is not None:
            self._take_params(params)
        self._route_params = dict(route_params or {})
        content_type, content = _content(body, json, form, files)
        if content_type is not None and http.fields.find(pairs, "content-type") is None:
            pairs.append(("content-type", content_type))
        self._body = self._as_bytes(content)

    def _take_params(self, params: QuerySource) -> None:
        """Keep query values that were given apart from the URL."""
        from azfunc.bindings.http.query import QueryParams, given_pairs

        given = QueryParams(given_pairs(params))
        self._params = {name: ",".join(given.getlist(name)) for name in given}
        if "?" not in self._url:
            self._query = given

    @classmethod
    def from_wire(cls, parts: Mapping[str, Any]) -> Self:
        """Make a request from the parts of an ``http`` datum; headers and parameters are read when asked for.

        Args:
            parts: ``method``, ``url``, ``headers``, ``query``, ``params`` (of the route) and perhaps ``body``,
                each a datum or a mapping of datums.

        Raises:
            ConversionError: A part is missing.
        """
        made = object.__new__(cls)
        try:
            made._method = parts["method"].value.upper()
            made._url = parts["url"].value
            made._raw_headers = parts["headers"]
            made._raw_params = parts["query"]
            made._raw_route = parts["params"]
        except KeyError as error:
            from azfunc._core.failures import ConversionError

            raise ConversionError(
                f"The request from the host has no {error.args[0]!r}.",
                hint="Its parts are method, url, headers, query, params and body; only the body may be missing.",
            ) from None
        body = parts.get("body")
        content = None if body is None else body.value
        made._body = content if type(content) is bytes else made._as_bytes(content)
        return made

    def _as_bytes(self, body: str | bytes | bytearray | memoryview | None) -> bytes:
        if body is None:
            return b""
        if isinstance(body, str):
            try:
                return body.encode(self._charset() or "utf-8")
            except (LookupError, UnicodeEncodeError):
                return body.encode("utf-8", "surrogatepass")
        if is_buffer(body):
            return bytes(body)
        raise ArgumentTypeError(
            f"unexpected HTTP request body type: {type(body).__name__}",
            hint="Give bytes or text; json= takes values, form= and files= take forms.",
        )

    @property
    def method(self) -> str:
        """Method, in upper case."""
        return self._method

    @property
    def url(self) -> str:
        """URL as it was called, with its query."""
        return self._url

    @property
    def headers(self) -> HttpRequestHeaders:
        """Headers: names in any letter case, read only; `getlist` gives every value of a repeated one.

        Iterating gives the names in lower case, as in the reference.
        """
        found = self._headers
        if found is None:
            from multidict import CIMultiDict

            from azfunc.bindings.http.headers import HttpRequestHeaders

            found = self._headers = HttpRequestHeaders(CIMultiDict(self._header_pairs()))
        return found

    def header_items(self) -> Pairs:
        """Give all headers as pairs, in order and with repeats; names in lower case."""
        pairs = self._pairs
        return list(self._header_pairs() if pairs is None else pairs)

    @property
    def params(self) -> Mapping[str, str]:
        """Query values as the host gives them: one for each name, several joined with commas, no empty ones.

        Read only. `query` has them all.
        """
        return MappingProxyType(self._own_params())

    @property
    def query(self) -> QueryParams:
        """Query values as the URL has them, with order, repeats and empty ones.

        Those of `params` when the URL has no query, as in a request that was made by hand.
        """
        found = self._query
        if found is None:
            from azfunc.bindings.http.query import QueryParams

            found = QueryParams.from_url(self._url) if "?" in self._url else QueryParams(self._own_params().items())
            self._query = found
        return found

    @property
    def route_params(self) -> Mapping[str, str]:
        """Values of the route's parameters, by name; read only."""
        return MappingProxyType(self._own_route_params())

    @property
    def cookies(self) -> Mapping[str, str]:
        """Cookies by name, values verbatim, the first where a name repeats; read only."""
        from azfunc.bindings.http.cookies import read_cookies

        header = "; ".join(value for name, value in self._header_pairs() if name == "cookie")
        return MappingProxyType(read_cookies(header))

    @property
    def form(self) -> FormFields:
        """Fields of the form in the body; `getlist` gives several of one name, ``items(multi=True)`` all.

        Empty when the content type is that of no form. Unlike the reference, a form that cannot be read is an error.

        Raises:
            ConversionError: The boundary is missing, the body is cut off, or a limit is exceeded.
        """
        return self._read_form()[0]

    @property
    def files(self) -> FormFiles:
        """Files of the form in the body; `getlist` gives several of one name, ``items(multi=True)`` all.

        Each is a werkzeug ``FileStorage`` in memory: ``filename``, ``content_type``, ``read()``, ``save(path)``.

        Raises:
            ConversionError: The boundary is missing, the body is cut off, or a limit is exceeded.

        Example:
            >>> request = func.HttpRequest("POST", files={"docs": [("a.txt", b"A"), ("b.txt", b"B")]})
            >>> [(each.filename, each.read()) for each in request.files.getlist("docs")]
            [('a.txt', b'A'), ('b.txt', b'B')]
        """
        return self._read_form()[1]

    @property
    def principal(self) -> ClientPrincipal | None:
        """The signed-in user, or None; from the ``x-ms-client-principal`` headers.

        Trust it only where App Service authentication or Static Web Apps stand in front of the app.

        Raises:
            ConversionError: The header cannot be read.
        """
        from azfunc.bindings.http.principal import read_principal

        return read_principal(dict(self._header_pairs()))

    def get_body(self) -> bytes:
        """Give the content as bytes; empty if there is none."""
        return self._body

    @property
    def text(self) -> str:
        """The content as text, in the charset of the content type; UTF-8 if it names none.

        Raises:
            TextDecodingError: The content is no text in that charset; a ConversionError and a UnicodeDecodeError.
        """
        return http.fields.decoded(self._body, self._charset() or "utf-8", "HttpRequest")

    def get_json(self) -> Any:
        """Read the content as JSON, in the charset of the content type, or as its first bytes show.

        Raises:
            JsonDecodeError: It is no JSON; a ValueError and a `json.JSONDecodeError`, with the position.
        """
        return loads(self._body, what="the body of the HttpRequest", charset=self._charset())

    def _header_pairs(self) -> Pairs:
        """Give the headers as pairs with lower case names."""
        found = self._pairs
        if found is None:
            raw = self._raw_headers or {}
            found = self._pairs = [(name.lower(), datum.value or "") for name, datum in raw.items()]
        return found

    def _content_type(self) -> str | None:
        raw = self._raw_headers
        if raw is not None:
            # One of the two, nearly always; else every name has to be compared.
            found = raw.get("Content-Type") or raw.get("content-type")
            if found is not None:
                return str(found.value)
        return http.fields.find(self._header_pairs(), "content-type")

    def _charset(self) -> str | None:
        content_type = self._content_type()
        return http.fields.content_type_parts(content_type)[1] if content_type is not None else None

    def _own_params(self) -> dict[str, str]:
        found = self._params
        if found is None:
            found = self._params = _plain(self._raw_params) if self._raw_params is not None else _host_params(self._url)
        return found

    def _own_route_params(self) -> dict[str, str]:
        found = self._route_params
        if found is None:
            found = self._route_params = _plain(self._raw_route)
        return found

    def _read_form(self) -> tuple[FormFields, FormFiles]:
        found = self._form
        if found is None:
            from azfunc.bindings.http.forms import FormLimits, parse_form

            limits = FormLimits(self.max_form_parts, self.max_form_field_bytes)
            found = self._form = parse_form(self._content_type(), self._body, limits)
        return found

    def to_wire(self) -> dict[str, Any]:
        """Give the parts of the ``http`` datum that the request would have come from; repeated headers are joined."""
        from azfunc._core.datum import Datum

        def wrapped(values: Mapping[str, str]) -> dict[str, Datum]:
            return {name: Datum(value, "string") for name, value in values.items()}

        return {
            "method": Datum(self._method, "string"),
            "url": Datum(self._url, "string"),
            "headers": wrapped(http.fields.joined(self._header_pairs())),
            "params": wrapped(self._own_route_params()),
            "query": wrapped(self._own_params()),
            "body": Datum(self._body, "bytes"),
        }

    def _identity(self) -> tuple[Any, ...]:
        return (
            self._method,
            self._url,
            http.fields.joined(self._header_pairs()),
            self._own_params(),
            self._own_route_params(),
            self._body,
        )

    def __eq__(self, other: object) -> bool:
        if isinstance(other, HttpRequest) and hasattr(other, "_identity"):
            return self._identity() == other._identity()
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self._method, self._url, self._body))

    def __getstate__(self) -> dict[str, Any]:
        self._header_pairs()
        self._own_params()
        self._own_route_params()
        made_again = ("_headers", "_form", "_raw_headers", "_raw_params", "_raw_route")
        return {name: value for name, value in self.__dict__.items() if name not in made_again}

    def __repr__(self) -> str:
        shown: list[tuple[str, Any]] = [("method", self._method), ("url", http.fields.shown_url(self._url))]
        pairs, params, route_params = self._header_pairs(), self._own_params(), self._own_route_params()
        if pairs:
            shown.append(("headers", http.fields.shown_headers(pairs)))
        if params and "?" not in self._url:
            shown.append(("params", http.fields.shown_params(params)))
        if route_params:
            shown.append(("route_params", route_params))
        if self._body:
            shown.append(("body", self._body))
        from azfunc._core.text import call_text

        return call_text(type(self).__name__, shown)


OtherName.mark(HttpRequest, _OTHER_NAMES, say="req")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        from azfunc._core.text import type_name

        raise ArgumentTypeError(f"The {name} of a request is text, and got {type_name(value)}.", hint="Give a str.")
    return value


def _plain(raw: Mapping[str, Any] | None) -> dict[str, str]:
    """Take the values out of a mapping of datums."""
    return {name: datum.value or "" for name, datum in (raw or {}).items()}


def _host_params(url: str) -> dict[str, str]:
    """Read the query of a URL as the host does: several values joined with commas, empty ones left out."""
    if "?" not in url:
        return {}
    from azfunc.bindings.http.query import QueryParams

    query = QueryParams.from_url(url)
    found = {name: ",".join(query.getlist(name)) for name in query}
    return {name: value for name, value in found.items() if value}


def _content(
    body: str | bytes | bytearray | memoryview | None, json: Any, form: FormSource | None, files: FileSource | None
) -> tuple[str | None, str | bytes | bytearray | memoryview | None]:
    """Give the content type and the content, from the one way in which it was given."""
    given = [body is not None, json is not NOT_GIVEN, form is not None or files is not None]
    if given.count(True) > 1:
        raise ArgumentTypeError(
            "The content of a request was given in two ways.", hint="Give one of body, json, and form with files."
        )
    if given[1]:
        return "application/json", dumps(json)
    if given[2]:
        from azfunc.bindings.http.forms import build_form

        return build_form(form, files)
    return None, body
