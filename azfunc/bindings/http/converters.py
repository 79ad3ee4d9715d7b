"""Converters of HTTP: the request from the host, and what a function gives back."""

from __future__ import annotations

from azfunc._core.annotations import alternatives
from azfunc._core.checks import class_of, is_buffer, is_list
from azfunc._core.converter import InConverter, JsonValue, OutConverter, carries_json
from azfunc._core.datum import Datum
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.text import short, type_name

# The registry asks here for the binding classes as well.
from azfunc.bindings.http import trigger  # noqa: F401  # pyright: ignore[reportUnusedImport]
from azfunc.bindings.http.fields import SINGLE
from azfunc.bindings.http.request import HttpRequest
from azfunc.bindings.http.response import HttpResponse, JsonResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar


class HttpRequestConverter(InConverter, binding="httpTrigger", trigger=True):
    """HTTP trigger: the argument is an `HttpRequest`."""

    input_types: ClassVar[tuple[type, ...]] = (HttpRequest,)

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> HttpRequest:
        """Turn an ``http`` datum into an `HttpRequest`.

        Raises:
            UnsupportedValueError: Another wire type.
            ConversionError: A part of the request is missing; a body may be.
        """
        if getattr(data, "type", None) != "http":
            raise UnsupportedValueError(
                f"unsupported HTTP request payload type: {getattr(data, 'type', None)}",
                hint="The host sends http here.",
            )
        return HttpRequest.from_wire(data.value)

    @classmethod
    def to_wire(cls, value: HttpRequest) -> tuple[Datum, dict[str, Datum]]:
        """Turn an `HttpRequest` into the datum it would have come from."""
        return Datum(value.to_wire(), "http"), {}


class HttpResponseConverter(OutConverter, binding="http"):
    """HTTP output: text, bytes, an `HttpResponse`, a value for JSON, or None for an empty response."""

    output_types: ClassVar[tuple[type, ...]] = (
        HttpResponse,
        str,
        bytes,
        bytearray,
        memoryview,
        list,
        type(None),
        JsonValue,
    )

    @classmethod
    def check_output_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a return value may be annotated so: what `encode` takes, and what holds it."""
        import typing
        from collections.abc import Mapping, Sequence

        for each in alternatives(pytype):
            kind = typing.get_origin(each) or each
            if kind in (None, typing.Any):
                continue
            if not isinstance(kind, type):
                return False
            if not issubclass(kind, (*cls.output_types, Mapping, Sequence)) or issubclass(kind, tuple):
                return False
        return True

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum:
        """Turn what a function gave back into a Datum; text is a ``string``, everything else ``http``.

        The response itself is not changed. A streamed body is joined, with a warning: the worker takes whole bodies.

        Raises:
            UnsupportedValueError: A value that is no response.
            ConversionError: A header that has one value repeats, or a cookie has no name.
        """
        if isinstance(obj, str):
            return Datum(obj, "string")
        response = obj if type(obj) is HttpResponse else cls.as_response(obj)
        if response.is_streaming:
            _join(response)
        headers, cookies = _wire_headers(response.header_items())
        return Datum(
            {
                "status_code": Datum(str(response.status_code), "string"),
                "headers": headers,
                "cookies": cookies,
                "body": Datum(response.get_body(), "bytes"),
            },
            "http",
        )

    @classmethod
    def as_response(cls, obj: Any) -> HttpResponse:
        """Turn what a function gave back into a response.

        Text is ``text/plain``, bytes ``application/octet-stream``, None an empty 204; a dict, a list, a dataclass and
        other values are JSON.

        Raises:
            UnsupportedValueError: A value that is no response.
        """
        if isinstance(obj, HttpResponse):
            return obj if hasattr(obj, "header_items") else _adopted(obj)
        if obj is None:
            return HttpResponse(status_code=204)
        if isinstance(obj, str):
            return HttpResponse(obj)
        if is_buffer(obj):
            return HttpResponse(obj, mimetype="application/octet-stream")
        if not (is_list(obj) or carries_json(obj)):
            if _is_of_the_reference(obj):
                return _adopted(obj)
            raise _refused(obj)
        try:
            return JsonResponse(obj)
        except (TypeError, ValueError) as error:
            raise _refused(obj, why=str(getattr(error, "message", error))) from error


def _refused(obj: Any, *, why: str = "") -> UnsupportedValueError:
    kind = type_name(obj)
    hint = "Return str, bytes, HttpResponse, a dict, a list, a dataclass, or None for an empty response."
    if isinstance(obj, tuple):
        hint = "Return HttpResponse(body, status_code=..., headers=...); a tuple has no meaning here."
    elif hasattr(class_of(obj), "__next__") or hasattr(class_of(obj), "__aiter__"):
        hint = "Return HttpResponse(chunks), which streams the chunks."
    elif isinstance(obj, type):
        kind, hint = f"the class {obj.__name__}", "Return an object: call the class."
    elif isinstance(obj, BaseException):
        hint = "Raise it, or return HttpResponse(str(error), status_code=500)."
    return UnsupportedValueError(f"http output got {kind}{f': {why}' if why else ''}.", hint=hint)


def _is_of_the_reference(obj: Any) -> bool:
    """Tell whether it is a response of the reference, as packages made for that give: Durable's client, for one."""
    return any(
        each.__name__ == "HttpResponse" and each.__module__.startswith("azure.functions")
        for each in class_of(obj).__mro__
    )


def _adopted(response: Any) -> HttpResponse:
    """Make a response from one of another library that has the reference's attributes."""
    return HttpResponse(
        response.get_body(),
        status_code=response.status_code,
        headers=list(response.headers.items()),
        mimetype=response.mimetype,
        charset=response.charset,
    )


def _wire_headers(pairs: list[tuple[str, str]]) -> tuple[dict[str, Datum], list[Any] | None]:
    """Give the headers as the worker takes them, one value for each name, and the cookies beside them."""
    headers: dict[str, Datum] = {}
    names: dict[str, str] = {}
    cookies: list[Any] = []
    for name, value in pairs:
        key = name.lower()
        if key == "set-cookie":
            from azfunc.bindings.http.cookies import WireCookie

            cookies.append(WireCookie(value))
        elif key not in names:
            names[key] = name
            headers[name] = Datum(value, "string")
        elif key in SINGLE:
            first = headers[names[key]].value
            raise ConversionError(
                f"The response has two {name} headers, {short(first)} and {short(value)}; it can have one.",
                hint=f"Assign it with response.headers[{name!r}] = ..., which replaces the first.",
            )
        else:
            # A new datum, so that nothing that was handed out changes.
            headers[names[key]] = Datum(f"{headers[names[key]].value}, {value}", "string")
    return headers, cookies or None


def _join(response: HttpResponse) -> None:
    """Read a streamed body to its end."""
    import warnings

    from azfunc._core.failures import AzfuncWarning

    warnings.warn(
        "A streamed response was joined, since Azure's worker takes whole bodies; azfunc's own runtime streams it.",
        AzfuncWarning,
        stacklevel=3,
    )
    if response.is_async:
        _join_async(response)
    else:
        response.get_body()


def _join_async(response: HttpResponse) -> None:
    import asyncio
    import contextvars
    from threading import Thread

    # The worker calls this on its running loop, which cannot be awaited from here.
    failure: list[BaseException] = []

    def read() -> None:
        try:
            asyncio.run(response.read_body())
        except BaseException as error:  # noqa: BLE001  # raised again below, in the thread that asked
            failure.append(error)

    thread = Thread(target=contextvars.copy_context().run, args=(read,), name="azfunc-join")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
