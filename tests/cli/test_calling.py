"""`azfunc call`: what goes in by which option, and what is printed."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

GUIDE = ROOT / "examples" / "guide"
V1 = ROOT / "examples" / "v1-app"
HEAD = "import azfunc as func\nimport logging\napp = func.FunctionApp()\n"
ECHO = """
@app.route("echo/{id?}", methods=["GET", "POST", "PUT"])
def echo(req):
    return {"method": req.method, "url": req.url, "query": dict(req.params), "route": dict(req.route_params),
            "header": req.headers.get("x-mine"), "body": req.get_body().decode("latin-1")}

@app.route("put", methods="PUT")
def put_only(req):
    return req.method
"""


@pytest.fixture
def call(azfunc: Callable[..., Any], write: Callable[..., Any]) -> Callable[..., Any]:
    """Write functions to an app, and call one of them."""

    def run(text: str, *arguments: str) -> Any:
        write({"function_app.py": HEAD + text})
        return azfunc("call", *arguments, "--app", "shop")

    return run


def answer(out: str) -> Any:
    """Read the JSON body of a printed response."""
    return json.loads(out.partition("\n\n")[2])


# --- the guide --------------------------------------------------------------------------------------------------------


def test_both_models_answer_the_same(azfunc: Callable[..., Any]) -> None:
    """The guide's function gives the same in either model."""
    results = [azfunc("call", "my_second_function", "--app", app, "--query", "value=21") for app in (GUIDE, V1)]

    assert results[0] == results[1]
    assert results[0].out == "200 OK\ncontent-type: text/plain; charset=utf-8\n\n21 * 2 = 42\n"
    assert results[0].err == "info: Executing my_second_function.\n"


def test_outputs_are_printed_with_their_place(azfunc: Callable[..., Any]) -> None:
    """An HTTP function with an input and two outputs: the response, and what is sent."""
    documents = '[{"id": "7"}]'
    arguments = ["HttpTriggerWithCosmosDB", "--app", GUIDE, "--query", "body=hi", "--input", f"documents={documents}"]
    status, out, _ = azfunc("call", *arguments)

    assert status == 0
    assert "copy (blob output-container/{rand-guid}): hi\n" in out
    assert "event (eventHub my-test-eventhub): HttpRequest content: hi | CosmosDB ID: 7\n" in out


def test_messages_metadata_and_batches(azfunc: Callable[..., Any]) -> None:
    """A queue message with metadata, a batch of events from a JSON list, a timer from nothing."""
    relayed = azfunc(
        "call", "relay", "--app", GUIDE, "--data", "two chairs", "--metadata", "DequeueCount=3", "--metadata", "Id=a7"
    )
    counted = azfunc("call", "count_events", "--app", GUIDE, "--data", '["a", "bc"]')
    timer = azfunc("call", "report", "--app", V1)

    assert relayed.out == "$return (queue done): TWO CHAIRS\n"
    assert relayed.err == "info: Message a7, handed out 3 times\n"
    assert counted.err == "info: 2 events, 3 bytes\ncount_events ended, and sent nothing.\n"
    assert timer.err.startswith("info: The timer is late: False\n")


# --- what goes in -----------------------------------------------------------------------------------------------------


def test_parts_of_a_request(call: Callable[..., Any]) -> None:
    """Query values, headers in both forms, route parameters, a body, a method."""
    status, out, _ = call(
        ECHO, "echo", "--query", "a=1", "--query", "b=x y&z", "--header", "X-Mine: yes", "--param", "id=7"
    )
    assert status == 0
    assert answer(out) == {
        "method": "GET",
        "url": "/api/echo/7?a=1&b=x+y%26z",
        "query": {"a": "1", "b": "x y&z"},
        "route": {"id": "7"},
        "header": "yes",
        "body": "",
    }
    found = answer(call(ECHO, "echo", "--data", "hi", "--header", "x-mine=a=b").out)
    assert (found["method"], found["body"], found["header"]) == ("POST", "hi", "a=b")
    assert answer(call(ECHO, "echo", "--method", "put").out)["method"] == "PUT"
    assert call(ECHO, "put_only").out.endswith("\n\nPUT\n")


def test_content_comes_from_a_file_or_from_standard_input(
    call: Callable[..., Any], write: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text and bytes, for requests and for messages."""
    folder = write({"text.txt": "from a file"})
    (folder / "bytes.bin").write_bytes(b"\xff\x00")
    message = "@app.queue_trigger('m', 'q', 'S')\ndef size(m): logging.info('%s %s', m.get_body(), m.dequeue_count)\n"

    assert answer(call(ECHO, "echo", "--file", "shop/text.txt").out)["body"] == "from a file"
    assert answer(call(ECHO, "echo", "--file", "shop/bytes.bin").out)["body"] == "\xff\x00"
    called = call(message, "size", "--file", "shop/bytes.bin", "--metadata", "DequeueCount=2")
    assert "info: b'\\xff\\x00' 2\n" in called.err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"piped")))
    assert answer(call(ECHO, "echo", "--file", "-").out)["body"] == "piped"
    assert "cannot be read" in call(ECHO, "echo", "--file", "shop/gone").err


def test_inputs_are_given_by_name(call: Callable[..., Any], write: Callable[..., Any]) -> None:
    """As text, or from a file with an at sign; binary content too."""
    folder = write({"blob.txt": "content"})
    (folder / "blob.bin").write_bytes(b"\xff")
    text = "@app.blob_input('b', 'c/x', 'S')\n@app.route()\ndef f(req, b: func.InputStream): return repr(b.read())\n"

    assert call(text, "f", "--input", "b=here").out.endswith("\n\nb'here'\n")
    assert call(text, "f", "--input", "b=@shop/blob.txt").out.endswith("\n\nb'content'\n")
    assert call(text, "f", "--input", "b=@shop/blob.bin").out.endswith("\n\nb'\\xff'\n")


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["f"], "Function 'f' takes", "Give --input b=... (blob)."),
        (["f", "--input", "b=x", "--input", "c=x"], "Function 'f' takes", "There is no input 'c'."),
        (["f", "--input", "b"], "--input 'b' has no name and value", "Write --input NAME=VALUE."),
        (["f", "--input", "b=x", "--query", "=1"], "--query '=1' has no name", "NAME=VALUE"),
        (["g"], "starts with a message, and none was given", "--data TEXT"),
        (["h"], "The app has no function 'h'", "Its functions are f, g"),
    ],
)
def test_what_is_missing_is_named(call: Callable[..., Any], arguments: list[str], message: str, hint: str) -> None:
    """The error says which option to give."""
    text = "@app.blob_input('b', 'c/x', 'S')\n@app.route()\ndef f(req, b): ...\n"
    text += "@app.queue_trigger('m', 'q', 'S')\ndef g(m): ...\n"
    status, out, err = call(text, *arguments)

    assert (status, out) == (1, "")
    assert message in err
    assert hint in err


def test_the_trigger_may_be_given_as_an_input(call: Callable[..., Any]) -> None:
    """Its name works as those of the other inputs do."""
    text = "@app.queue_trigger('m', 'q', 'S')\ndef g(m): logging.info(m.get_body())\n"

    assert "info: b'hi'\n" in call(text, "g", "--input", "m=hi").err


def test_a_warmup_needs_no_message(call: Callable[..., Any]) -> None:
    """What can be made from nothing is."""
    assert call("@app.warm_up_trigger('w')\ndef warm(w): ...\n", "warm").status == 0


# --- what comes out ---------------------------------------------------------------------------------------------------


def test_an_exception_is_shown_with_the_users_frames(call: Callable[..., Any]) -> None:
    """The exit status is 1; what was logged before is there; azfunc's own frames are not."""
    text = "@app.route()\ndef f(req):\n    logging.warning('soon')\n    return 1 / 0\n"
    status, out, err = call(text, "f")

    assert (status, out) == (1, "")
    assert err.startswith("warning: soon\nerror: function 'f' raised ZeroDivisionError: division by zero\n")
    assert 'shop/function_app.py", line 7, in f' in err.replace("\\", "/")
    assert "azfunc/runtime" not in err


def test_an_exception_is_shown_with_what_it_came_from(call: Callable[..., Any]) -> None:
    """Its cause, what was handled when it was raised, and the parts of a group, each with its own frames."""
    text = """
class ManyError(Exception):
    exceptions = (KeyError("a"), OSError())

@app.route()
def f(req):
    try:
        {}["x"]
    except KeyError as error:
        raise ValueError("no x") from error

@app.route()
def g(req):
    try:
        {}["y"]
    except KeyError:
        raise ManyError("both")

@app.route()
def h(req):
    try:
        {}["y"]
    except KeyError:
        raise KeyboardInterrupt from None
"""
    lines = [line for line in call(text, "f").err.splitlines() if not line.startswith("  ")]
    assert lines == ["error: function 'f' raised ValueError: no x", "caused by KeyError: 'x'"]
    lines = [line for line in call(text, "g").err.splitlines() if not line.startswith("  ")]
    assert lines == [
        "error: function 'g' raised ManyError: both",
        "with KeyError: 'a'",
        "with OSError",
        "while handling KeyError: 'y'",
    ]
    assert call(text, "h").err.splitlines()[0] == "error: function 'h' raised KeyboardInterrupt"


@pytest.mark.parametrize("option", ["--json", "--method=GET"])
def test_a_stream_that_breaks_off_is_an_exception_of_the_function(call: Callable[..., Any], option: str) -> None:
    """Whatever was given before: there is no response, and the logs of the stream are those of the call."""
    text = """
@app.route()
async def f(req):
    async def chunks():
        yield "a"
        logging.info("half-way")
        raise ValueError("no more")
    return func.HttpResponse(chunks())
"""
    status, out, err = call(text, "f", option)

    assert status == 1
    if option == "--json":
        data = json.loads(out)
        assert (data["response"], data["logs"], data["exception"]) == (None, ["half-way"], "ValueError: no more")
    else:
        assert err.startswith("info: half-way\nerror: function 'f' raised ValueError: no more\n  File ")
        assert out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("put_only", "--method", "get"), "does not answer GET.\nIt answers PUT.", id="other"),
        pytest.param(("echo", "--method", "G T"), "does not answer G T.\nIt answers GET, POST, PUT.", id="none"),
        pytest.param(("any", "--method", "G T"), "does not answer G T.\nGive a method of HTTP.", id="no-method"),
    ],
)
def test_methods_that_a_function_does_not_answer_are_refused(
    call: Callable[..., Any], arguments: tuple[str, ...], message: str
) -> None:
    """The host would answer 405."""
    status, _, err = call(ECHO + "@app.route('any')\ndef any(req): return req.method\n", *arguments)

    assert status == 1
    assert message in err


def test_any_method_is_sent_where_all_are_answered(call: Callable[..., Any]) -> None:
    """Methods are those of HTTP, and others that look like one."""
    assert call("@app.route('any')\ndef any(req): return req.method\n", "any", "--method", "purge").out.endswith(
        "PURGE\n"
    )


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("func.HttpResponse(status_code=404)", "404 Not Found\n"),
        ("func.HttpResponse(status_code=299)", "299\n"),
        ("func.HttpResponse(b'\\xff', mimetype='image/png')", "1 bytes: b'\\xff'"),
        ("None", "204 No Content\n"),
        ("(chunk for chunk in [b'a', b'b'])", "ab\n"),
    ],
)
def test_responses(call: Callable[..., Any], body: str, printed: str) -> None:
    """Status and phrase, headers, a body if there is one; streams are read to their end."""
    text = f"@app.route()\ndef f(req): return func.HttpResponse({body}) if {body!r}[0] == '(' else {body}\n"

    assert printed in call(text, "f").out


def test_returned_values_and_outputs(call: Callable[..., Any]) -> None:
    """A value that no output takes is shown as Python shows it; JSON is sent as JSON."""
    generic = "@app.generic_trigger('t', type='someTrigger')\ndef f(t): return {'a': 1}\n"
    out = "@app.queue_output('out', 'q', 'S')\n@app.timer_trigger('t', '00:01:00')\ndef f(t, out): out.set({'a': 1})\n"

    assert '{"a": 1}' in call(generic, "f", "--data", "x").out
    assert call(out, "f").out == 'out (queue q): {"a": 1}\n'
    with pytest.warns(UserWarning, match="returned"):
        assert call("@app.timer_trigger('t', '00:01:00')\ndef f(t): return 7\n", "f").out == "returned 7\n"


def test_results_as_json(azfunc: Callable[..., Any], call: Callable[..., Any]) -> None:
    """Programs get response, outputs, logs and exception in one object."""
    data = json.loads(azfunc("call", "relay", "--app", GUIDE, "--data", "x", "--json").out)
    assert data["outputs"] == {"$return": "X"}
    assert data["logs"] == ["Message None, handed out None times"]
    assert (data["returned"], data["response"], data["exception"], data["attempts"]) == ("X", None, None, 1)

    data = json.loads(azfunc("call", "my_second_function", "--app", GUIDE, "--json").out)
    assert data["response"]["status_code"] == 200
    assert data["response"]["body"] == "0 * 2 = 0"

    status, out, _ = call("@app.route()\ndef f(req): raise ValueError('no')\n", "f", "--json")
    assert status == 1
    assert json.loads(out)["exception"] == "ValueError: no"
