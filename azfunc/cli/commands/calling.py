"""call: Call one function, and print what it gives.

What starts the function is given with --data or --file: text, or JSON where the trigger gets JSON. A timer and a
warmup need nothing. Other inputs are given with --input, by the name of their binding. The values go through the
converters that run in Azure, and app settings come from local.settings.json.

Printed are the response or the returned value, and each output with what is sent; logs go to standard error. The exit
status is 1 if the function raises.
"""

from __future__ import annotations

import json
import re
import sys
import traceback
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from azfunc._core.datum import Datum
from azfunc._core.failures import InvocationError
from azfunc._core.names import RETURN_NAME
from azfunc._core.routing import parse_route
from azfunc.bindings.http import HttpRequest
from azfunc.cli.describing import add_app, place_of, route_of, target_of
from azfunc.runtime.clock import FakeClock
from azfunc.runtime.host import LocalHost
from azfunc.runtime.loading import load_app, user_frames
from azfunc.runtime.web import joined, methods_of, response_of
from azfunc.runtime.wire import Incoming

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function
    from azfunc.bindings.http import HttpResponse
    from azfunc.cli.terminal import Terminal
    from azfunc.runtime.invocation import Run
    from azfunc.runtime.loading import LoadedApp

NAME = "call"
EXAMPLES = """
azfunc call hello --query name=Ada
azfunc call create --data '{"name": "Ada"}' --header content-type=application/json
azfunc call item --param id=7 --input documents='[{"id": "7"}]'
azfunc call relay --data "two chairs" --metadata DequeueCount=3
azfunc call resize --file photo.png
azfunc call report
"""
_SHOWN_BYTES = 200
# Source: RFC 9110, "Methods" and "Tokens".
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

MOST_ATTEMPTS = 100
"""Greatest number of attempts that a retry policy gets here, since a policy may name no limit."""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("name", metavar="NAME", help="function")
    add_app(parser, positional=False)
    content = parser.add_mutually_exclusive_group()
    content.add_argument("--data", metavar="TEXT", help="message, or body of the request")
    content.add_argument("--file", metavar="FILE", help="file with the message or the body; - for standard input")
    pairs = {
        "input": ("value of an input binding; NAME=@FILE for the content of a file"),
        "metadata": ("trigger metadata, such as DequeueCount=3"),
        "query": ("query value of the request"),
        "header": ("header of the request"),
        "param": ("value of a parameter of the route"),
    }
    for name, text in pairs.items():
        parser.add_argument(f"--{name}", action="append", default=[], metavar="NAME=VALUE", help=f"{text}; repeatable")
    parser.add_argument("--method", help="method of the request (default: POST with a body, else GET, if it answers)")
    parser.add_argument("--json", action="store_true", help="print JSON: returned, outputs, logs, exception, duration")


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Call the function; gives 1 as exit status if it raises."""
    with load_app(target_of(arguments)) as loaded, _host(loaded) as host:
        function = host.function(arguments.name)
        inputs = _inputs(function, arguments, loaded.options.route_prefix)
        called = host.invoke(arguments.name, inputs, raise_exceptions=False)
        outputs = host.plan(arguments.name).outputs
        response: HttpResponse | None = None
        if function.is_http_function() and called.exception is None:
            response = response_of(outputs, called)
            if response.is_streaming:
                called = host.run_coroutine(joined(response, called)).run or called
    if called.exception is not None:
        response = None
    if arguments.json:
        terminal.data(_data(called, response))
    else:
        _show(called, response, outputs, terminal)
    return 0 if called.exception is None else 1


def _host(loaded: LoadedApp) -> LocalHost:
    """Give a host that does not wait between the attempts of a retry policy, nor makes them without end."""
    return LocalHost(loaded, options=replace(loaded.options, max_attempts=MOST_ATTEMPTS), clock=FakeClock())


# --- what goes in -----------------------------------------------------------------------------------------------------


def _inputs(function: Function, arguments: Namespace, route_prefix: str) -> dict[str, Any]:
    """Give what each input binding gets."""
    from azfunc.start.payloads import incoming_of

    trigger = function.get_trigger()
    bindings = {binding.name: binding for binding in function.get_bindings() if binding.direction != 1}
    given = {name: _read(value) for name, value in _pairs("input", arguments.input)}
    unknown = [name for name in given if name not in bindings]
    missing = [name for name, binding in bindings.items() if binding is not trigger and name not in given]
    if unknown or missing:
        texts = [f"Give --input {name}=... ({bindings[name].type})." for name in missing]
        texts += [f"There is no input {name!r}." for name in unknown]
        raise InvocationError(
            f"Function {function.get_function_name()!r} takes {', '.join(bindings)}.",
            hint=" ".join(texts),
            function_name=function.get_function_name(),
            location=function.location,
        )
    content = _content(arguments)
    found: dict[str, Any] = {
        name: incoming_of(bindings[name], value) if isinstance(value, str) else Incoming(Datum(value, "bytes"))
        for name, value in given.items()
    }
    if trigger is None or trigger.name in found:
        return found
    if function.is_http_function():
        return {trigger.name: _request(function, content, arguments, route_prefix), **found}
    metadata = {name: _plain(value) for name, value in _pairs("metadata", arguments.metadata)}
    if content is None and trigger.type != "timerTrigger":
        return {trigger.name: _without_content(trigger), **found}
    if isinstance(content, bytes):
        texts_of = {name: Datum(json.dumps(value), "json") for name, value in metadata.items()}
        return {trigger.name: Incoming(Datum(content, "bytes"), texts_of), **found}
    return {trigger.name: incoming_of(trigger, content or "", metadata), **found}


def _without_content(trigger: Binding) -> Any:
    from azfunc.testing import make

    if trigger.type in make.DEFAULTS:
        return make.DEFAULTS[trigger.type]()
    raise InvocationError(
        f"The {trigger.type} {trigger.name!r} starts with a message, and none was given.",
        hint="Give it with --data TEXT, or --file FILE.",
        binding_name=trigger.name,
    )


def _request(function: Function, content: str | bytes | None, arguments: Namespace, route_prefix: str) -> HttpRequest:
    methods = methods_of(function) or frozenset({"GET", "POST"})
    usual = "GET" if content is None else "POST"
    method: str = (arguments.method or (usual if usual in methods else min(methods))).upper()
    if arguments.method and (method not in methods if methods_of(function) else not _TOKEN.fullmatch(method)):
        raise InvocationError(
            f"Function {function.get_function_name()!r} does not answer {method}.",
            hint=f"It answers {', '.join(sorted(methods))}." if methods_of(function) else "Give a method of HTTP.",
            function_name=function.get_function_name(),
            location=function.location,
        )
    params = dict(_pairs("param", arguments.param))
    query = urlencode(_pairs("query", arguments.query))
    return HttpRequest(
        method,
        f"/{parse_route(route_of(function, route_prefix)).build(**params)}{'?' if query else ''}{query}",
        headers=_pairs("header", arguments.header),
        route_params=params,
        body=content if content is not None else b"",
    )


def _pairs(option: str, given: list[str]) -> list[tuple[str, str]]:
    """Take ``NAME=VALUE`` apart; a header may have a colon instead."""
    pairs: list[tuple[str, str]] = []
    for each in given:
        name, mark, value = each.partition("=")
        if option == "header" and ":" in name:
            name, mark, value = each.partition(":")
        if not mark or not name.strip():
            raise InvocationError(f"--{option} {each!r} has no name and value.", hint=f"Write --{option} NAME=VALUE.")
        pairs.append((name.strip(), value.strip() if option == "header" else value))
    return pairs


def _content(arguments: Namespace) -> str | bytes | None:
    if arguments.file == "-":
        return _text_or_bytes(sys.stdin.buffer.read())
    return arguments.data if arguments.file is None else _read(f"@{arguments.file}")


def _read(value: str) -> str | bytes:
    """Give the content of a file for ``@FILE``, everything else as it is."""
    if not value.startswith("@"):
        return value
    try:
        return _text_or_bytes(Path(value[1:]).read_bytes())
    except OSError as error:
        raise InvocationError(
            f"The file {value[1:]!r} cannot be read: {error.strerror}.", hint="Give the path of a file."
        ) from error


def _text_or_bytes(content: bytes) -> str | bytes:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content


def _plain(value: str) -> Any:
    """Give a value as JSON reads it, or as text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


# --- what comes out ---------------------------------------------------------------------------------------------------


def _show(called: Run, response: HttpResponse | None, outputs: Any, terminal: Terminal) -> None:
    for record in called.logs:
        terminal.note(f"{record.levelname.lower()}: {record.getMessage()}")
    if called.attempts > 1:
        terminal.note(f"{called.attempts} attempts; the waits between them were left out.")
    if called.exception is not None:
        terminal.error(f"function {called.function_name!r} raised {_raised(called.exception)}")
        return
    if response is not None:
        _show_response(response, terminal)
    elif RETURN_NAME not in called.outputs and called.returned is not None:
        terminal.line(f"returned {called.returned!r}")
    for name, datum in called.datums.items():
        binding = outputs.get(name)
        if response is None or binding is None or binding.type != "http":
            place = f" ({binding.type} {place_of(binding)})" if binding is not None else ""
            terminal.line(f"{name}{place.rstrip()}: {_text(datum.value)}", "green")
    if response is None and not called.datums and called.returned is None:
        terminal.note(f"{called.function_name} ended, and sent nothing.")


def _show_response(response: HttpResponse, terminal: Terminal) -> None:
    status = response.status_code
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    terminal.line(f"{status} {phrase}".strip(), "bold green" if status < HTTPStatus.BAD_REQUEST else "bold red")
    body = response.get_body()
    for name, value in _headers(response):
        terminal.line(f"{name}: {value}", "dim")
    if body:
        terminal.line()
        terminal.line(_text(body))


def _headers(response: HttpResponse) -> list[tuple[str, str]]:
    """Give the headers as they are sent, in order and with repeats; without a body no content type is made up."""
    says_type = bool(response.get_body()) or "content-type" in response.headers
    pairs = [(name.lower(), value) for name, value in response.header_items()]
    return [(name, value) for name, value in pairs if says_type or name != "content-type"]


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str | list[str]]:
    """Give headers by name: the value, or a list of those of a repeated one."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _text(value: Any) -> str:
    if isinstance(value, (bytes, bytearray)):
        try:
            return bytes(value).decode("utf-8")
        except UnicodeDecodeError:
            return f"{len(value)} bytes: {bytes(value[:_SHOWN_BYTES])!r}"
    return value if isinstance(value, str) else repr(value)


def _raised(error: BaseException) -> str:
    """Give an exception with the frames of the user's own code, what it came from, and what it is made of."""
    frames = "".join(traceback.format_list(user_frames(error))).rstrip()
    text = _titled(error) + (f"\n{frames}" if frames else "")
    parts: tuple[BaseException, ...] = getattr(error, "exceptions", ())  # of an exception group
    text += "".join(f"\nwith {_raised(each)}" for each in parts)
    if error.__cause__ is not None:
        return f"{text}\ncaused by {_raised(error.__cause__)}"
    if error.__context__ is not None and not error.__suppress_context__:
        return f"{text}\nwhile handling {_raised(error.__context__)}"
    return text


def _titled(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _data(called: Run, response: HttpResponse | None) -> dict[str, Any]:
    answer = None
    if response is not None:
        answer = {
            "status_code": response.status_code,
            "headers": _joined(_headers(response)),
            "body": _text(response.get_body()),
        }
    sent = {name: _text(datum.value) for name, datum in called.datums.items() if datum.type != "http"}
    return {
        "function": called.function_name,
        "response": answer,
        "returned": None if response is not None or called.returned is None else _text(called.returned),
        "outputs": sent,
        "logs": called.messages,
        "exception": None if called.exception is None else _titled(called.exception),
        "attempts": called.attempts,
        "duration_seconds": round(called.duration_seconds, 6),
    }
