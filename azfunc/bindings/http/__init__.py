"""HTTP: a trigger for each request, and the response as its output.

Docs: Azure Functions HTTP trigger and output binding.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from azfunc.bindings.http import fields as fields
    from azfunc.bindings.http.converters import HttpRequestConverter, HttpResponseConverter
    from azfunc.bindings.http.cookies import WireCookie
    from azfunc.bindings.http.headers import HttpRequestHeaders, HttpResponseHeaders
    from azfunc.bindings.http.methods import HttpMethod
    from azfunc.bindings.http.principal import ClientPrincipal
    from azfunc.bindings.http.query import QueryParams
    from azfunc.bindings.http.request import HttpRequest
    from azfunc.bindings.http.response import HttpResponse, JsonResponse
    from azfunc.bindings.http.responses import FileResponse, RedirectResponse
    from azfunc.bindings.http.trigger import HttpOutput, HttpTrigger, HttpTriggers

__all__ = [
    "ClientPrincipal",
    "FileResponse",
    "HttpMethod",
    "HttpOutput",
    "HttpRequest",
    "HttpRequestConverter",
    "HttpRequestHeaders",
    "HttpResponse",
    "HttpResponseConverter",
    "HttpResponseHeaders",
    "HttpTrigger",
    "HttpTriggers",
    "JsonResponse",
    "QueryParams",
    "RedirectResponse",
    "WireCookie",
]

_LATER = {
    "ClientPrincipal": "principal",
    "FileResponse": "responses",
    "HttpMethod": "methods",
    "HttpOutput": "trigger",
    "HttpRequest": "request",
    "HttpRequestConverter": "converters",
    "HttpRequestHeaders": "headers",
    "HttpResponse": "response",
    "HttpResponseConverter": "converters",
    "HttpResponseHeaders": "headers",
    "HttpTrigger": "trigger",
    "HttpTriggers": "trigger",
    "JsonResponse": "response",
    "QueryParams": "query",
    "RedirectResponse": "responses",
    "WireCookie": "cookies",
    "fields": "fields",
}
"""Name -> module that is imported when the name is first used: to decorate a function takes few of them."""


def __getattr__(name: str) -> object:
    """Import a name when it is first used."""
    path = _LATER.get(name)
    if path is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    found = import_module(f"{__name__}.{path}")
    value: object = found if name == path else getattr(found, name)
    globals()[name] = value
    return value
