"""The host's admin addresses: what is there, and calls of functions that HTTP does not start.

Source: Manually run a non HTTP-triggered function; the host's admin API, ``/admin/host/status`` and
``/admin/functions``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_dict
from azfunc._core.enums import BindingDirection
from azfunc._core.errors import AzfuncError, nearest
from azfunc._core.failures import ConversionError, InvocationError
from azfunc._core.jsonlib import dumps, loads
from azfunc._version import __version__
from azfunc.bindings.http import HttpResponse
from azfunc.runtime.naming import named
from azfunc.start.payloads import incoming_of, request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azfunc._core.function import Function
    from azfunc.bindings.http import HttpRequest
    from azfunc.start.session import Session

    CallInBackground = Callable[[Function, Mapping[str, Any], str], str]
    """Begins a call of a function with its inputs and the reason, and gives the invocation id."""

_STARTED = time.monotonic()


class Admin:
    """Answers requests below ``/admin/``.

    Args:
        session: The app that is served.
        call: Begins calls.
    """

    def __init__(self, session: Session, call: CallInBackground) -> None:
        self._session = session
        self._call = call

    def answer(self, request: HttpRequest, path: str) -> HttpResponse:
        """Answer a request.

        Args:
            request: The request.
            path: Its path behind ``/admin/``.
        """
        area, _, rest = path.strip("/").partition("/")
        name, _, action = rest.partition("/")
        reads = request.method in ("GET", "HEAD")
        if area == "host" and name == "status" and reads:
            return _json(self._status())
        if area == "host" and name == "ping":
            return HttpResponse()
        if area != "functions":
            return _problem(
                404, f"There is nothing at /admin/{path}.", "Look at /admin/host/status or /admin/functions."
            )
        if not name:
            return (
                _json([self._described(each) for each in self._session.host.functions])
                if reads
                else _not_allowed("GET")
            )
        function = self._function(name)
        if function is None:
            return self._unknown(name)
        if action == "status" and reads:
            return _json({"isEnabled": True})
        if action:
            return _problem(404, f"There is nothing at /admin/{path}.", f"Look at /admin/functions/{name}.")
        if reads:
            return _json(self._described(function))
        return self._begin(function, request) if request.method == "POST" else _not_allowed("GET, POST")

    def _begin(self, function: Function, request: HttpRequest) -> HttpResponse:
        try:
            given: Any = loads(request.get_body() or b"{}", what="the body of the request")
            if not is_dict(given):
                return _problem(400, "The body is no JSON object.", 'Send {"input": "..."}.')
            inputs = inputs_of(function, given, self._request(function, given))
        except ConversionError as error:
            return _problem(400, f"The body is no JSON: {error.message}", 'Send {"input": "..."}.')
        except AzfuncError as error:
            return _problem(400, error.message, error.hint)
        identity = self._call(function, inputs, "called through /admin")
        return HttpResponse(status_code=202, headers={"x-azfunc-invocation-id": identity})

    def _request(self, function: Function, given: Mapping[str, Any]) -> HttpRequest | None:
        """Give the request that was posted for an HTTP function, if one was."""
        parts: Any = given.get("request")
        if parts is None:
            return None
        trigger = function.get_trigger()
        if trigger is None or not trigger.starts_http:
            raise InvocationError(
                f"Function {function.get_function_name()!r} starts with a {trigger.type if trigger else 'call'}, "
                "not with a request.",
                hint="Give what its trigger gets as input.",
            )
        headers: Any = parts.get("headers") or {} if is_dict(parts) else None
        if not is_dict(parts) or not is_dict(headers):
            raise InvocationError(
                "The request for an HTTP function is no JSON object.",
                hint='Give it as {"method": ..., "path": ..., "headers": {...}, "body": ...}.',
            )
        return request_of(
            self._session.front,
            function,
            method=_text(parts.get("method")),
            path=_text(parts.get("path")),
            headers={name: _text(value) for name, value in headers.items()},
            body=_text(parts.get("body")),
        )

    def _status(self) -> dict[str, Any]:
        problems = self._session.problems
        found: dict[str, Any] = {
            "id": self._session.host_id,
            "state": "Error" if problems and not self._session.host.functions else "Running",
            "version": __version__,
            "versionDetails": f"azfunc {__version__}",
            "processUptime": round((time.monotonic() - _STARTED) * 1000),
            "functionCount": len(self._session.host.functions),
        }
        return {**found, "errors": problems} if problems else found

    def _described(self, function: Function) -> dict[str, Any]:
        from azfunc._core.jsonlib import dump_definition

        name = function.get_function_name()
        config: Any = loads(dump_definition({**function.get_dict_repr(), "name": name}))
        return {
            "name": name,
            "href": f"/admin/functions/{name}",
            "config": config,
            "invoke_url_template": f"/{self._session.front.template(function)}"
            if function.is_http_function()
            else None,
            "language": "python",
            "isDisabled": False,
        }

    def _function(self, name: str) -> Function | None:
        functions = self._session.host.functions
        return next((each for each in functions if each.get_function_name().lower() == name.lower()), None)

    def _unknown(self, name: str) -> HttpResponse:
        names = [each.get_function_name() for each in self._session.host.functions]
        close = nearest(name, names)
        hint = f"Did you mean {close}?" if close else f"Its functions are {named(names)}."
        return _problem(404, f"The app has no function {name!r} that is served.", hint)


def inputs_of(function: Function, given: Mapping[str, Any], request: HttpRequest | None = None) -> dict[str, Any]:
    """Give the inputs of a call from what was posted.

    Args:
        function: The function.
        given: ``input`` is what the trigger gets; ``metadata`` its metadata, by the host's names; ``inputs`` what
            other input bindings get, by name. Values that are no text are taken as JSON.
        request: The request that an HTTP trigger gets, in place of ``input``.

    Raises:
        InvocationError: A binding takes no such value, or there is no such input.
    """
    inputs: dict[str, Any] = {}
    others: Any = given.get("inputs") or {}
    metadata: Any = given.get("metadata") or {}
    if not is_dict(others) or not is_dict(metadata):
        raise InvocationError(
            "inputs and metadata are JSON objects.", hint='Give each value by its name: {"inputs": {"rows": [...]}}.'
        )
    names = [each.name for each in function.get_bindings() if each.direction != BindingDirection.OUT.value]
    unknown = [name for name in others if name not in names]
    if unknown:
        raise InvocationError(
            f"Function {function.get_function_name()!r} has no input {', '.join(map(repr, unknown))}.",
            hint=f"It takes {', '.join(names)}.",
            function_name=function.get_function_name(),
        )
    for binding in function.get_bindings():
        if binding is function.get_trigger():
            sent = incoming_of(binding, _text(given.get("input")), metadata) if request is None else request
            inputs[binding.name] = sent
        elif binding.name in others:
            inputs[binding.name] = incoming_of(binding, _text(others[binding.name]))
    return inputs


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else dumps(value)


def _json(value: Any) -> HttpResponse:
    return HttpResponse(dumps(value), mimetype="application/json")


def _problem(status_code: int, message: str, hint: str) -> HttpResponse:
    body = dumps({"error": message, "hint": hint})
    return HttpResponse(body, status_code=status_code, mimetype="application/json")


def _not_allowed(methods: str) -> HttpResponse:
    return HttpResponse(status_code=405, headers={"Allow": methods})
