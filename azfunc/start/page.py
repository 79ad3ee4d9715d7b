"""The index page: the functions with a form to call each, and the latest calls. Plain HTML, without scripts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlencode

from azfunc._core.errors import AzfuncError
from azfunc._version import __version__
from azfunc.bindings.http import HttpResponse
from azfunc.runtime.web import KEY_PARAMETER, methods_of
from azfunc.start.admin import inputs_of
from azfunc.start.listing import detail_of
from azfunc.start.page_style import STYLE
from azfunc.start.payloads import request_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function
    from azfunc.bindings.http import HttpRequest
    from azfunc.start.calls import Call, History
    from azfunc.start.session import Session

    RunFunction = Callable[[Function, Mapping[str, Any], str], Awaitable[str]]
    """Calls a function with its inputs and the reason, and gives the invocation id."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


class Page:
    """Makes the index page, and takes its forms.

    Args:
        session: The app that is served.
        history: The latest calls.
    """

    def __init__(self, session: Session, history: History) -> None:
        self._session = session
        self._history = history
        self._code = ""

    async def answer(self, request: HttpRequest, path: str, run: RunFunction) -> HttpResponse:
        """Answer a request.

        Args:
            request: The request.
            path: Its path behind that of the page.
            run: Calls a function.
        """
        self._code = request.params.get(KEY_PARAMETER, "")
        if path.strip("/") == "":
            if request.method not in ("GET", "HEAD"):
                return HttpResponse(status_code=405, headers={"Allow": "GET, HEAD"})
            return _html(self.render(request.params.get("call")))
        action, _, name = path.strip("/").partition("/")
        functions = {each.get_function_name(): each for each in self._session.host.functions}
        if action != "call" or name not in functions:
            return _html(self.render(None), status_code=404)
        if request.method != "POST":
            return HttpResponse(status_code=405, headers={"Allow": "POST"})
        form = parse_qs(request.get_body().decode(errors="replace"), keep_blank_values=True)
        fields = {key: values[-1].replace("\r\n", "\n") for key, values in form.items()}
        try:
            inputs = self._form_inputs(functions[name], fields)
        except AzfuncError as error:
            return _html(self.render(None, problem=str(error), failed=name), status_code=400)
        identity = await run(functions[name], inputs, "called from the index page")
        place = f"{self._link('/_azfunc/', call=identity)}#call-{identity}"
        return HttpResponse(status_code=303, headers={"Location": place})

    def _link(self, path: str, **query: str) -> str:
        """Give an address of the page, with the key that the page itself was asked for with."""
        values = {**query, **({KEY_PARAMETER: self._code} if self._code else {})}
        return f"{path}?{urlencode(values)}" if values else path

    # --- the page ---

    def render(self, opened: str | None, *, problem: str = "", failed: str = "") -> str:
        """Give the text of the page.

        Args:
            opened: Invocation id of the call to show in full.
            problem: What is wrong with a form that was sent.
            failed: The function whose form that was.
        """
        session = self._session
        title = session.loaded.folder.name if session.loaded.folder is not None else "Function app"
        problems = [*session.problems, *session.notes]
        listed = "".join(f"<li><pre>{escape(each)}</pre></li>" for each in problems)
        warning = f'<section class="problems"><h2>Problems</h2><ul>{listed}</ul></section>' if problems else ""
        functions = "".join(
            self._card(each, problem if each.get_function_name() == failed else "") for each in session.host.functions
        )
        disabled = ", ".join(sorted(session.loaded.disabled))
        off = f"<p>Disabled, and not served: {escape(disabled)}.</p>" if disabled else ""
        calls = "".join(_call(call, is_open=call.invocation_id == opened) for call in self._history)
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
            f"<title>{escape(title)} - azfunc</title><style>{STYLE}</style></head><body>"
            f"<header><h1>{escape(title)}</h1><p>azfunc {__version__}, a host for development; production is Azure. "
            f'<a href="{escape(self._link("/_azfunc/"))}">Refresh</a></p></header><main>'
            f"{warning}<section><h2>Functions</h2>{functions or '<p>The app has none.</p>'}{off}</section>"
            f"<section><h2>Latest calls</h2>{calls or '<p>None yet.</p>'}</section></main></body></html>"
        )

    def _card(self, function: Function, problem: str) -> str:
        name = function.get_function_name()
        trigger = function.get_trigger()
        kind = trigger.type if trigger is not None else ""
        outputs = [
            f"{each.name} ({each.type})"
            for each in function.get_bindings()
            if each.direction == 1 and each.type != "http"
        ]
        sends = f"<p>Sends {escape(', '.join(outputs))}</p>" if outputs else ""
        fields = self._http_fields(function) if function.is_http_function() else _trigger_field(function)
        fields += "".join(_input_field(function, each) for each in function.get_bindings())
        said = f'<pre class="error">{escape(problem)}</pre>' if problem else ""
        return (
            f'<article><h3>{escape(name)} <small class="kind">{escape(kind)}</small></h3>'
            f"<p><code>{escape(detail_of(self._session, function))}</code></p>{sends}"
            f"<details{' open' if problem else ''}><summary>Call it</summary>{said}"
            f'<form method="post" action="{escape(self._link(f"/_azfunc/call/{quote(name)}"))}">{fields}'
            f'<button type="submit">Call {escape(name)}</button></form></details></article>'
        )

    def _http_fields(self, function: Function) -> str:
        methods = methods_of(function)
        known = sorted(methods or _METHODS, key=lambda each: _METHODS.index(each) if each in _METHODS else 99)
        options = "".join(f"<option>{escape(each)}</option>" for each in known)
        path = f"/{self._session.front.template(function)}"
        return (
            f'<label>Method<select name="method">{options}</select></label>'
            f'<label>Path and query<input name="path" value="{escape(path)}" autocomplete="off" spellcheck="false">'
            '</label><label>Headers, one on each line<textarea name="headers" rows="4" '
            'placeholder="content-type: application/json"></textarea></label>'
            '<label>Body<textarea name="body" rows="4"></textarea></label>'
        )

    # --- the forms ---

    def _form_inputs(self, function: Function, fields: Mapping[str, str]) -> dict[str, Any]:
        """Give the inputs of a call from the fields of its form."""
        others = {
            name.partition(".")[2]: text for name, text in fields.items() if name.startswith("inputs.") and text.strip()
        }
        request = self._form_request(function, fields) if function.is_http_function() else None
        return inputs_of(function, {"input": fields.get("input", ""), "inputs": others}, request)

    def _form_request(self, function: Function, fields: Mapping[str, str]) -> HttpRequest:
        lines = [line for line in fields.get("headers", "").splitlines() if line.strip()]
        return request_of(
            self._session.front,
            function,
            method=fields.get("method", "GET"),
            path=fields.get("path", "/"),
            headers=[(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)],
            body=fields.get("body", ""),
        )


def _trigger_field(function: Function) -> str:
    trigger = function.get_trigger()
    if trigger is None or trigger.type in ("timerTrigger", "warmupTrigger"):
        return ""
    return f'<label>Input for {escape(trigger.name)}<textarea name="input" rows="4"></textarea></label>'


def _input_field(function: Function, binding: Binding) -> str:
    if binding.direction == 1 or binding is function.get_trigger():
        return ""
    name = escape(binding.name)
    return (
        f"<label>Input {name} ({escape(binding.type)}), fetched when left empty"
        f'<textarea name="inputs.{name}" rows="2"></textarea></label>'
    )


def _call(call: Call, *, is_open: bool) -> str:
    parts: list[str] = []
    if call.error:
        parts.append(f'<h4>Error</h4><pre class="error">{escape(call.error)}</pre>')
    for name, text in call.outputs.items():
        parts.append(f"<h4>{escape(name)}</h4><pre>{escape(text)}</pre>")
    if call.notes:
        parts.append(f"<h4>Sent</h4><pre>{escape(chr(10).join(call.notes))}</pre>")
    parts.append(f"<h4>Logs</h4><pre>{escape(chr(10).join(call.logs)) or '(none)'}</pre>")
    identity = escape(call.invocation_id)
    return (
        f'<details class="call" id="call-{identity}"{" open" if is_open else ""}><summary>'
        f'<span class="{call.outcome}">{call.outcome}</span> <b>{escape(call.function_name)}</b> '
        f"<span>{escape(call.reason)}</span> <span>{call.milliseconds} ms</span> "
        f"<time>{call.started:%H:%M:%S} UTC</time></summary>"
        f"<p>Invocation <code>{identity}</code></p>{''.join(parts)}</details>"
    )


def _html(text: str, *, status_code: int = 200) -> HttpResponse:
    return HttpResponse(text, status_code=status_code, mimetype="text/html", headers=_HEADERS)
