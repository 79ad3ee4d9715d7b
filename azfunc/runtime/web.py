"""HTTP in front of a `LocalHost`: from a request to the function that answers it, and back.

Routes, the prefix, methods and keys as the host has them; status 404 for a path without a route, 405 for a method
that no function of the path takes, 401 for a missing key when keys are asked for. The answer to a HEAD request has no
body.
"""

from __future__ import annotations

import hmac
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from azfunc._core.context import TraceContext
from azfunc._core.datum import Datum
from azfunc._core.enums import AuthLevel
from azfunc._core.errors import DefinitionError
from azfunc._core.failures import InvocationError
from azfunc._core.routing import RouteTable, join_prefix
from azfunc._core.streaming import streaming
from azfunc.bindings.http import HttpRequestConverter, HttpResponse
from azfunc.bindings.http.fields import find
from azfunc.runtime.host import with_run
from azfunc.runtime.invocation import Incoming
from azfunc.runtime.logs import capture, invocation
from azfunc.runtime.web_types import is_web_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azfunc._core.function import Function
    from azfunc.bindings.http import HttpRequest
    from azfunc.runtime.host import LocalHost
    from azfunc.runtime.invocation import Run

KEY_HEADER = "x-functions-key"
"""Header that carries a key. Source: Azure Functions HTTP trigger, "API key authorization"."""
KEY_PARAMETER = "code"
"""Query value that carries a key."""
MASTER_KEY = "_master"
"""Name of the key that opens every function, those of level ``admin`` included."""


@dataclass(frozen=True)
class Answer:
    """What came of one HTTP request."""

    response: HttpResponse
    """What the caller gets."""
    run: Run | None = None
    """The call of the function, or None if none was called."""


class WebFront:
    """Finds the function for a request and calls it.

    Args:
        host: Has the functions.
        keys: Keys that callers need, by name: ``default`` for functions, ``_master`` for everything.
            Keys are not asked for when None.
    """

    def __init__(self, host: LocalHost, *, keys: Mapping[str, str] | None = None) -> None:
        self._host = host
        self._keys = keys
        self.routes: RouteTable[Function] = RouteTable()
        """Route -> function."""
        for function in host.functions:
            if function.is_http_function():
                self.routes.add(self.template(function), methods_of(function), function)

    def template(self, function: Function) -> str:
        """Give the whole route of an HTTP function, with the prefix of the app."""
        entry = _http_entry(function)
        return join_prefix(self._host.options.route_prefix, str(entry.get("route", "")))

    def reads_stream(self, request: HttpRequest) -> bool:
        """Tell whether the function for a request reads its body itself, while it arrives."""
        match = self.routes.find(path_of(request.url), request.method)
        if match is None:
            return False
        try:
            plan = self._host.plan(match.value.get_function_name())
        except InvocationError:  # which the answer is going to tell
            return False
        return is_web_request(plan.annotations.get(_trigger_name(match.value)))

    async def answer(
        self,
        request: HttpRequest,
        *,
        inputs: Mapping[str, Any] | None = None,
        raise_exceptions: bool = True,
        join: bool = True,
    ) -> Answer:
        """Answer a request.

        Args:
            request: The request; its path counts, not its host.
            inputs: What the other input bindings of the function give, by their names.
            raise_exceptions: Whether what the function raises is raised here; else the answer is status 500.
            join: Whether a streamed response is read to its end here, while the function's loop still runs.

        Raises:
            InvocationError: The function cannot be called so, or took longer than it may.
            ConversionError: A value cannot be converted.
        """
        path = path_of(request.url)
        match = self.routes.find(path, request.method)
        if match is None:
            return Answer(self._no_route(path))
        if not self._is_allowed(match.value, request):
            return Answer(HttpResponse(status_code=401))
        with streaming(allowed=not join):
            run = await self._host.ainvoke(
                match.value.get_function_name(),
                {**(inputs or {}), _trigger_name(match.value): _with_route(request, match.params)},
                trace_context=_trace_of(request),
                raise_exceptions=False,
            )
        answer = Answer(HttpResponse(status_code=500), run)
        if run.exception is None:
            response = response_of(self._host.plan(run.function_name).outputs, run)
            if request.method == "HEAD":
                response = without_body(response)
            answer = Answer(response, run)
            if response.is_streaming:
                answer = await joined(response, run) if join else Answer(with_all_headers(response), run)
        if raise_exceptions and answer.run is not None and answer.run.exception is not None:
            raise with_run(answer.run.exception, answer.run)
        return answer

    def with_route(self, function: Function, request: HttpRequest) -> Incoming:
        """Give what the host would have sent to a function for a request, with its route parameters.

        They are those that the request has, or else those of its path, if that leads to the function.
        """
        match = None if request.route_params else self.routes.find(path_of(request.url), request.method)
        return _with_route(request, match.params if match is not None and match.value is function else {})

    def _no_route(self, path: str) -> HttpResponse:
        allowed = self.routes.allowed_methods(path)
        if not allowed:
            return HttpResponse(status_code=404)
        return HttpResponse(status_code=405, headers={"Allow": ", ".join(sorted(allowed))})

    def _is_allowed(self, function: Function, request: HttpRequest) -> bool:
        level = _http_entry(function).get("authLevel", AuthLevel.FUNCTION)
        if self._keys is None or str(level).upper() == AuthLevel.ANONYMOUS.name:
            return True
        given = request.headers.get(KEY_HEADER) or request.params.get(KEY_PARAMETER) or ""
        names = [MASTER_KEY] if str(level).upper() == AuthLevel.ADMIN.name else list(self._keys)
        return any(
            hmac.compare_digest(given.encode(), self._keys[name].encode()) for name in names if name in self._keys
        )


def methods_of(function: Function) -> frozenset[str] | None:
    """Give the methods that a function answers, in upper case, or None for all."""
    methods = _http_entry(function).get("methods")
    return None if not methods else frozenset(str(method).upper() for method in methods)


def path_of(url: str) -> str:
    """Give the path of a URL, still percent-encoded, without host, query and fragment."""
    rest = url.partition("#")[0].partition("?")[0]
    if "://" in rest:
        rest = rest.partition("://")[2].partition("/")[2]
    return "/" + rest.lstrip("/")


def response_of(outputs: Mapping[str, Any], run: Run) -> HttpResponse:
    """Give the response of a call: what its ``http`` output sends, 204 when it sends nothing."""
    name = next((name for name, binding in outputs.items() if binding.type == "http"), None)
    given = run.outputs.get(name) if name is not None else None
    if isinstance(given, HttpResponse) and given.is_streaming:
        return given
    datum = run.datums.get(name) if name is not None else None
    return HttpResponse(status_code=204) if datum is None else from_datum(datum)


async def joined(response: HttpResponse, run: Run) -> Answer:
    """Read a streamed response to its end; what it logs and raises belongs to the call."""
    identity = run.context.invocation_id
    failed: Exception | None = None
    with capture.of(identity) as logs, invocation(identity):
        try:
            await response.read_body()
        except Exception as error:  # noqa: BLE001  # kept, and raised again by whoever made the call
            failed = error
    whole = replace(run, logs=(*run.logs, *logs), exception=failed)
    return Answer(with_all_headers(response) if failed is None else HttpResponse(status_code=500), whole)


def with_all_headers(response: HttpResponse) -> HttpResponse:
    """Give a streamed response whose `headers` have the content type it is sent with, as those from a datum do.

    The function's own response stays as it is.
    """
    try:
        content_type = find(response.header_items(), "content-type")
    except DefinitionError:
        return response  # whoever sends it is told of the header
    if content_type is None:  # the response of a web framework, which is sent as it is
        return response
    found = copy(response)
    found.headers.setdefault("content-type", content_type)
    return found


def without_body(response: HttpResponse) -> HttpResponse:
    """Give a response as HEAD has it: all headers, the length of the body, and no body; a stream is not begun."""
    headers = response.header_items()
    if not response.is_streaming and response.get_body() and "content-length" not in response.headers:
        headers = [*headers, ("Content-Length", str(len(response.get_body())))]
    return HttpResponse(status_code=response.status_code, headers=headers)


def readable(response: HttpResponse, host: LocalHost) -> HttpResponse:
    """Give a streamed response that synchronous code can read, whatever its chunks come from."""
    if not response.is_async:
        return response
    chunks = host.iterate(response.stream_async())
    return HttpResponse(chunks, status_code=response.status_code, headers=response.header_items())


def from_datum(datum: Datum) -> HttpResponse:
    """Give the response as the caller of the host gets it, from the datum that the worker sends."""
    if datum.type == "string":
        return HttpResponse(datum.value, headers={"content-type": "text/plain; charset=utf-8"})
    parts: dict[str, Any] = datum.value
    wire_headers: dict[str, Datum] = parts["headers"] or {}
    headers: list[tuple[str, str]] = [(name, each.value) for name, each in wire_headers.items()]
    headers += [("Set-Cookie", cookie.line) for cookie in parts["cookies"] or ()]
    return HttpResponse(parts["body"].value, status_code=parts["status_code"].value, headers=headers)


def _http_entry(function: Function) -> dict[str, Any]:
    trigger = function.get_trigger()
    return trigger.get_dict_repr() if trigger is not None else {}


def _trigger_name(function: Function) -> str:
    trigger = function.get_trigger()
    return trigger.name if trigger is not None else ""


def _trace_of(request: HttpRequest) -> TraceContext:
    headers = request.headers
    return TraceContext(trace_parent=headers.get("traceparent"), trace_state=headers.get("tracestate"))


def _with_route(request: HttpRequest, route_params: Mapping[str, str]) -> Incoming:
    """Give what the host would have sent for a request that came in by a route."""
    datum, metadata = HttpRequestConverter.to_wire(request)
    params = {name: Datum(value, "string") for name, value in {**request.route_params, **route_params}.items()}
    return Incoming(Datum({**datum.value, "params": params}, datum.type), metadata)
