"""`LocalApp`: HTTP routes, admin addresses, cross-origin calls, and the life of an app behind them."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.runtime.loading import LoadedApp
from azfunc.start import LocalApp
from azfunc.start.local_app import BrokenResponseError, LocalOptions
from azfunc.start.session import Session
from tests.start.support import answers, ask, served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


def make_app() -> func.FunctionApp:
    """Make an app with a function of each kind."""
    app = func.FunctionApp()

    @app.route("hello/{name}", methods=["GET", "POST"], auth_level="anonymous")
    def hello(req: func.HttpRequest) -> func.HttpResponse:
        logging.getLogger("app").info("Greeting %s", req.route_params["name"])
        body = req.get_body().decode() or req.params.get("greeting", "Hello")
        return func.HttpResponse(f"{body}, {req.route_params['name']}!", headers={"x-url": req.url})

    @app.route("broken")
    def broken(req: func.HttpRequest) -> str:
        message = "no <b>luck</b>"
        raise ValueError(message)

    @app.route("protected", methods=["GET"])
    async def protected(req: func.HttpRequest) -> dict[str, str]:
        await asyncio.sleep(0)
        return {"secret": "yes"}

    @app.queue_output("$return", "done", "AzureWebJobsStorage")
    @app.queue_trigger("msg", "todo", "AzureWebJobsStorage")
    def shout(msg: func.QueueMessage) -> str:
        return msg.get_body().decode().upper()

    @app.cosmos_db_input("docs", "shop", "items", "Cosmos")
    @app.event_hub_message_trigger("event", "hub", "Hub")
    def count(event: func.EventHubEvent, docs: func.DocumentList) -> None:
        logging.getLogger("app").info("%s and %d documents", event.get_body().decode(), len(docs))

    return app


@pytest.fixture
def local() -> LocalApp:
    """Serve an app with a function of each kind."""
    return LocalApp(make_app())


# --- HTTP ---


def test_route_is_answered(local: LocalApp) -> None:
    """A request reaches its function by the route, with query, body and address, and the answer is what it gave."""
    get, post = answers(
        local, ("GET", "/api/hello/Ada%20L?greeting=Hi"), ("POST", "/api/HELLO/Bob", {"content": b"Good day"})
    )

    assert (get.status_code, get.text) == (200, "Hi, Ada L!")
    assert get.headers["content-length"] == "10"
    assert get.headers["x-url"] == "http://localhost:7071/api/hello/Ada%20L?greeting=Hi"
    assert post.text == "Good day, Bob!"


def test_other_paths_and_methods_are_refused(local: LocalApp) -> None:
    """There is 404 for a path without a function, and 405 with the methods for a wrong one."""
    unknown, wrong = answers(local, ("GET", "/api/nothing"), ("DELETE", "/api/hello/Ada"))

    assert unknown.status_code == 404
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, POST")


def test_error_of_a_function_is_500_and_written_down(local: LocalApp, caplog: pytest.LogCaptureFixture) -> None:
    """What a function raises is status 500 without a word; terminal and history have the traceback."""
    [answer] = answers(local, ("GET", "/api/broken"))

    assert (answer.status_code, answer.content) == (500, b"")
    [call] = local.history
    assert (call.function_name, call.outcome) == ("broken", "failed")
    assert "ValueError: no <b>luck</b>" in call.error
    assert "ValueError: no <b>luck</b>" in caplog.text
    assert call.invocation_id in caplog.text


def test_calls_are_logged_with_id_duration_and_outcome(local: LocalApp, caplog: pytest.LogCaptureFixture) -> None:
    """Each call has a line at its begin and one at its end; what the function logs belongs to the call."""
    caplog.set_level(logging.INFO)
    answers(local, ("GET", "/api/hello/Ada"))

    [call] = local.history
    assert call.logs == ["info: Greeting Ada"]
    assert call.reason == "GET /api/hello/Ada"
    host = [record.getMessage() for record in caplog.records if record.name == "azfunc.host"]
    assert host == [
        f"Executing 'hello' (GET /api/hello/Ada, Id={call.invocation_id})",
        f"Executed 'hello' (Succeeded, Id={call.invocation_id}, Duration={call.milliseconds}ms)",
    ]


def test_head_has_no_body(app: func.FunctionApp) -> None:
    """The answer to HEAD has the length of the body, and none."""

    @app.route("x", methods=["HEAD", "GET"])
    def x(req: func.HttpRequest) -> str:
        return "content"

    head, get = answers(LocalApp(app), ("HEAD", "/api/x"), ("GET", "/api/x"))

    assert head.content == b""
    assert get.content == b"content"


def test_body_that_is_too_large_is_refused(local: LocalApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body beyond the limit is status 413, and the function is not called."""
    monkeypatch.setattr("azfunc.start.local_app.LARGEST_BODY", 10)

    [answer] = answers(local, ("POST", "/api/hello/Ada", {"content": b"x" * 11}))

    assert answer.status_code == 413
    assert len(local.history) == 0


def test_key_is_asked_for_on_request(local: LocalApp) -> None:
    """With keys, functions that are not anonymous and the host's own addresses need one."""
    local = LocalApp(make_app(), options=LocalOptions(keys={"default": "s3", "_master": "s3"}))

    found = answers(
        local,
        ("GET", "/api/protected"),
        ("GET", "/api/protected?code=s3"),
        ("GET", "/api/hello/Ada"),
        ("GET", "/admin/host/status"),
        ("GET", "/admin/host/status", {"headers": {"x-functions-key": "s3"}}),
        ("GET", "/"),
    )

    assert [each.status_code for each in found] == [401, 200, 200, 401, 200, 401]


def test_streamed_response_is_sent_piece_by_piece(app: func.FunctionApp) -> None:
    """A streamed response comes in chunks, of sync and of async iterables."""

    @app.route("sync")
    def sync(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(iter(["a", "", "b"]))

    @app.route("async")
    async def asynchronous(req: func.HttpRequest) -> func.HttpResponse:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"c"
            await asyncio.sleep(0)
            yield b"d"

        return func.HttpResponse(chunks())

    sync_sent, async_sent = (
        served(LocalApp(app), lambda local, path=path: exchange(local, path)) for path in ("sync", "async")
    )

    assert [each["body"] for each in sync_sent[1:]] == [b"a", b"b", b""]
    assert [each["body"] for each in async_sent[1:]] == [b"c", b"d", b""]
    assert not any(name == b"content-length" for name, _ in sync_sent[0]["headers"])


async def exchange(local: LocalApp, path: str, *, leaves: asyncio.Event | None = None) -> list[dict[str, Any]]:
    """Send a GET request as a server does, and give what was sent; the caller may leave before the end."""
    sent: list[dict[str, Any]] = []
    asked = False
    told: list[int] = []

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b""}
        await (leaves.wait() if leaves is not None else asyncio.Future())
        return {"type": "http.disconnect"} if told else told.append(1) or {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)
        if leaves is not None and message.get("body"):
            leaves.set()

    scope = {"type": "http", "method": "GET", "path": f"/api/{path}", "headers": [], "query_string": b""}
    await local(scope, receive, send)
    return sent


def test_stream_ends_when_the_caller_leaves(app: func.FunctionApp) -> None:
    """An endless stream is closed when nobody reads it any more."""
    closed: list[bool] = []

    @app.route("endless")
    async def endless(req: func.HttpRequest) -> func.HttpResponse:
        async def chunks() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x"
                    await asyncio.sleep(0)
            finally:
                closed.append(True)

        return func.HttpResponse(chunks())

    served(LocalApp(app), lambda local: exchange(local, "endless", leaves=asyncio.Event()))

    assert closed == [True]


def test_stream_that_breaks_is_an_error_of_the_server(app: func.FunctionApp, caplog: pytest.LogCaptureFixture) -> None:
    """What a stream raises on the way is logged, and the connection breaks off."""

    @app.route("broken")
    def broken(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(iter(["a", 7]))  # type: ignore[arg-type]  # wrong on purpose

    local = LocalApp(app)
    with pytest.raises(BrokenResponseError):
        served(local, lambda local: exchange(local, "broken"))

    [call] = local.history
    assert f"The response of 'broken' broke off (Id={call.invocation_id})\nUnsupportedValueError" in caplog.text
    assert call.outcome == "failed"
    assert call.error.startswith("UnsupportedValueError: The streamed body gave int.")


def test_stream_belongs_to_its_call(app: func.FunctionApp, caplog: pytest.LogCaptureFixture) -> None:
    """What is logged and raised while the body is sent is told with the call, from where the user's code begins."""

    @app.route("streams")
    async def streams(req: func.HttpRequest) -> func.HttpResponse:
        async def chunks() -> AsyncIterator[str]:
            logging.getLogger("app").warning("half-way")
            yield "a"
            message = "no more"
            raise ValueError(message)

        return func.HttpResponse(chunks())

    local = LocalApp(app)
    with pytest.raises(BrokenResponseError):
        served(local, lambda local: exchange(local, "streams"))

    [call] = local.history
    assert call.logs == ["warning: half-way"]
    lines = call.error.splitlines()
    assert "in chunks" in lines[1]
    assert lines[-1] == "ValueError: no more"
    assert caplog.text.count("Traceback") == 1


def test_stream_of_a_call_that_is_forgotten_is_sent(app: func.FunctionApp) -> None:
    """There may have been too many calls since it began."""

    @app.route("streams")
    def streams(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(iter(["a", "b"]))

    local = LocalApp(app)
    local.history._calls = deque(maxlen=0)
    sent = served(local, lambda local: exchange(local, "streams"))

    assert b"".join(each.get("body", b"") for each in sent) == b"ab"


def test_function_that_cancels_itself_fails(app: func.FunctionApp, caplog: pytest.LogCaptureFixture) -> None:
    """It is an error of the function, not the end of the request."""

    @app.route("cancels")
    async def cancels(req: func.HttpRequest) -> str:
        raise asyncio.CancelledError

    local = LocalApp(app)
    [answer] = answers(local, ("GET", "/api/cancels"))

    assert answer.status_code == 500
    [call] = local.history
    assert call.outcome == "failed"
    assert call.error.splitlines()[-1] == "asyncio.exceptions.CancelledError"
    assert "Executed 'cancels' (Failed" in caplog.text


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), BaseException("x")], ids=type)
def test_function_cannot_end_the_host(app: func.FunctionApp, error: BaseException) -> None:
    """Whatever it raises, async or not, the next request is answered."""

    @app.route("sync")
    def sync(req: func.HttpRequest) -> str:
        raise error

    @app.route("async")
    async def coroutine(req: func.HttpRequest) -> str:
        raise error

    found = answers(LocalApp(app), ("GET", "/api/sync"), ("GET", "/api/async"), ("GET", "/admin/host/ping"))

    assert [each.status_code for each in found] == [500, 500, 200]


def test_error_of_the_library_in_user_code_has_its_line(app: func.FunctionApp) -> None:
    """A response that cannot be is told with the line that makes it; one of the binding, which has none, without."""

    @app.route("wrong")
    def wrong(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse("x", status_code=99)

    @app.route("other")
    def other(req: func.HttpRequest) -> object:
        return object()

    local = LocalApp(app)
    answers(local, ("GET", "/api/wrong"), ("GET", "/api/other"))

    unsupported, status = (call.error for call in local.history)
    assert "return func.HttpResponse(" in status
    assert "DefinitionError: 99 is no status of a response." in status
    assert "site-packages" not in status
    assert unsupported.startswith("UnsupportedValueError: Function 'other'")


def test_status_of_information_is_no_answer(app: func.FunctionApp, caplog: pytest.LogCaptureFixture) -> None:
    """A status below 200 announces another response, and there is none."""

    @app.route("early")
    def early(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse("x", status_code=103)

    [answer] = answers(LocalApp(app), ("GET", "/api/early"))

    assert answer.status_code == 500
    assert "status 103" in caplog.text


def test_head_has_the_length_of_get(app: func.FunctionApp) -> None:
    """Its headers are those of GET."""

    @app.route("text")
    def text(req: func.HttpRequest) -> str:
        return "text"

    get, head = answers(LocalApp(app), ("GET", "/api/text"), ("HEAD", "/api/text"))

    assert head.headers == get.headers
    assert (get.text, head.text) == ("text", "")


def test_paths_cannot_move_the_cursor(local: LocalApp) -> None:
    """Characters that terminals obey stand escaped in the log."""
    answers(local, ("GET", "/api/hello/%1B%5B2J%C3%A9%00"))

    [call] = local.history
    assert call.reason == "GET /api/hello/%1B[2J\N{LATIN SMALL LETTER E WITH ACUTE}%00"


def test_target_with_scheme_and_host_is_understood(local: LocalApp) -> None:
    """As callers of proxies write it."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    target = "http://other:80/api/hello/Ada"
    scope = {"type": "http", "method": "GET", "path": target, "raw_path": target.encode(), "headers": []}
    served(local, lambda local: local(scope, receive, send))

    assert sent[0]["status"] == 200
    assert b"http://localhost/api/hello/Ada" in dict(sent[0]["headers"])[b"x-url"]


def test_caller_that_leaves_before_the_request_is_read_gets_nothing(local: LocalApp) -> None:
    """A request that breaks off calls no function."""
    sent: list[Any] = []

    async def run() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await local({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send)

    asyncio.run(run())

    assert sent == []


def test_only_http_is_answered(local: LocalApp) -> None:
    """A web socket is refused."""
    with pytest.raises(NotImplementedError, match="websocket"):
        asyncio.run(local({"type": "websocket"}, None, None))  # type: ignore[arg-type]  # not used


# --- other origins ---


ORIGIN = "https://example.org"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "x-a, x-b",
}


def test_no_other_origin_may_call_by_default(local: LocalApp) -> None:
    """Without CORS in the settings there are no CORS headers, and OPTIONS is a method as any other."""
    get, preflight = answers(
        local,
        ("GET", "/api/hello/A", {"headers": {"Origin": ORIGIN}}),
        ("OPTIONS", "/api/hello/A", {"headers": PREFLIGHT}),
    )

    assert "access-control-allow-origin" not in get.headers
    assert preflight.status_code == 405


def test_settings_say_who_may_call(tmp_path: Path) -> None:
    """Origins and credentials come from local.settings.json; a preflight is answered for them, and for nobody else."""
    (tmp_path / "function_app.py").write_text(
        "import azfunc as func\napp = func.FunctionApp()\n"
        "@app.route('x', methods=['PUT'])\n"
        "def x(req: func.HttpRequest) -> func.HttpResponse:\n"
        "    return func.HttpResponse('x', headers={'access-control-allow-origin': 'null'})\n"
    )
    (tmp_path / "local.settings.json").write_text(
        '{"Host": {"CORS": "https://example.org, http://localhost:3000", "CORSCredentials": true}}'
    )

    preflight, put, stranger = answers(
        LocalApp(tmp_path),
        ("OPTIONS", "/api/x", {"headers": PREFLIGHT}),
        ("PUT", "/api/x", {"headers": {"Origin": ORIGIN}}),
        ("OPTIONS", "/api/x", {"headers": {**PREFLIGHT, "Origin": "https://evil.example"}}),
    )

    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert preflight.headers["access-control-allow-methods"] == "PUT"
    assert preflight.headers["access-control-allow-headers"] == "x-a, x-b"
    assert put.headers["access-control-allow-credentials"] == "true"
    assert put.headers.get_list("access-control-allow-origin") == [ORIGIN]
    assert put.headers["vary"] == "Origin"
    assert stranger.status_code == 405
    assert "access-control-allow-origin" not in stranger.headers


def test_origin_may_call_without_cookies() -> None:
    """Without credentials the header for cookies is missing; a preflight need not ask for headers."""
    local = LocalApp(make_app(), options=LocalOptions(cors=(ORIGIN,)))
    wanted = {name: value for name, value in PREFLIGHT.items() if not name.endswith("Headers")}

    [preflight] = answers(local, ("OPTIONS", "/api/hello/A", {"headers": wanted}))

    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in preflight.headers
    assert "access-control-allow-headers" not in preflight.headers


def test_all_origins_may_call() -> None:
    """With ``*`` everybody may call, without cookies."""
    local = LocalApp(make_app(), options=LocalOptions(cors=("*",)))

    get, same = answers(local, ("GET", "/api/hello/A", {"headers": {"Origin": ORIGIN}}), ("GET", "/api/hello/A"))

    assert get.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in same.headers


def test_pages_of_other_origins_may_not_use_the_admin_addresses(local: LocalApp) -> None:
    """A form on a page of another origin cannot call a function; one of the same origin can."""
    evil, same = answers(
        local,
        ("POST", "/admin/functions/shout", {"json": {"input": "x"}, "headers": {"Origin": "https://evil.example"}}),
        ("POST", "/admin/functions/shout", {"json": {"input": "x"}, "headers": {"Origin": "http://localhost:7071"}}),
    )

    assert evil.status_code == 403
    assert same.status_code == 202


# --- admin ---


def test_function_of_another_trigger_is_called_through_admin(local: LocalApp) -> None:
    """A posted input starts the function; the answer comes at once, with the id of the call."""
    [answer] = answers(local, ("POST", "/admin/functions/SHOUT", {"json": {"input": "hi"}}))

    assert (answer.status_code, answer.content) == (202, b"")
    call = local.history.find(answer.headers["x-azfunc-invocation-id"])
    assert call is not None
    assert (call.outcome, call.outputs) == ("succeeded", {"$return": "HI"})
    assert call.notes == ["$return (queue) was not sent"]


def test_inputs_and_metadata_can_be_given(local: LocalApp) -> None:
    """What cannot be fetched here is given with the call, and so is metadata."""
    lacking, given = answers(
        local,
        ("POST", "/admin/functions/count", {"json": {"input": "e"}}),
        (
            "POST",
            "/admin/functions/count",
            {"json": {"input": {"a": 1}, "inputs": {"docs": [{"id": "1"}]}, "metadata": {"SequenceNumber": 7}}},
        ),
    )

    assert lacking.status_code == given.status_code == 202
    good, bad = local.history
    assert good.logs == ['info: {"a": 1} and 1 documents']
    assert "Input 'docs' (cosmosDB) of function 'count' cannot be fetched here." in bad.error
    assert '"inputs": {"docs": ...}' in bad.error


@pytest.mark.parametrize(
    ("path", "content", "status", "words"),
    [
        pytest.param("shuot", b"{}", 404, "Did you mean shout?", id="near-miss"),
        pytest.param("xyz", b"{}", 404, "hello, broken", id="unknown"),
        pytest.param("shout", b"no json", 400, 'Send {"input"', id="no-json"),
        pytest.param("shout", b"[1]", 400, "no JSON object", id="no-object"),
        pytest.param("shout/more", b"{}", 404, "/admin/functions/shout", id="no-action"),
    ],
)
def test_wrong_calls_are_explained(local: LocalApp, path: str, content: bytes, status: int, words: str) -> None:
    """A call that cannot be made says what is wrong and what to do, as JSON."""
    [answer] = answers(local, ("POST", f"/admin/functions/{path}", {"content": content}))

    assert answer.status_code == status
    assert words in answer.json()["error"] + answer.json()["hint"]


def test_input_that_does_not_fit_is_refused(app: func.FunctionApp) -> None:
    """An input that the trigger does not take is refused at once."""

    @app.timer_trigger("tick", "0 0 0 1 1 *", use_monitor=False)
    def yearly(tick: func.TimerRequest) -> None: ...

    [answer] = answers(LocalApp(app), ("POST", "/admin/functions/yearly", {"json": {"input": "tomorrow"}}))

    assert answer.status_code == 400
    assert "timerTrigger" in answer.json()["error"]


def test_logs_and_outputs_of_any_kind_are_kept(app: func.FunctionApp) -> None:
    """A traceback in a log and bytes in an output are shown as text; what is too long is shortened."""

    @app.queue_output("$return", "q", "c")
    @app.queue_trigger("msg", "todo", "c")
    def handle(msg: func.QueueMessage) -> bytes:
        try:
            int(msg.get_body())
        except ValueError:
            logging.getLogger("app").exception("no number")
        logging.getLogger("app").info("x" * 20_000)
        return b"\xff"

    local = LocalApp(app)
    answers(local, ("POST", "/admin/functions/handle", {"json": {"input": "x"}}))

    [call] = local.history
    assert call.outputs == {"$return": "(1 bytes)"}
    assert call.logs[0].startswith("error: no number\nTraceback")
    assert call.logs[1].endswith("... (20006 characters)")


def test_call_without_its_trigger_fails(local: LocalApp) -> None:
    """A call that lacks what starts it says so."""
    with pytest.raises(func.InvocationError, match="Input 'msg'"):
        asyncio.run(local.session.host.ainvoke("shout"))


def test_http_function_is_called_through_admin(local: LocalApp) -> None:
    """The input of an HTTP function is the body of a POST request."""
    answers(local, ("POST", "/admin/functions/protected", {"json": {"input": "x"}}))

    [call] = local.history
    assert call.outputs["$return"] == '200 application/json\n{"secret": "yes"}'


def test_whole_request_is_given_through_admin(app: func.FunctionApp) -> None:
    """An HTTP function gets the request that was posted, with the data of its other inputs, by its own route."""

    @app.route("orders/{number:int}", methods=["GET", "PUT"])
    @app.cosmos_db_input("docs", "shop", "items", "Cosmos")
    def order(req: func.HttpRequest, docs: func.DocumentList) -> str:
        parts = (
            req.method,
            req.route_params["number"],
            req.params["full"],
            req.headers["x-a"],
            req.get_body(),
            len(docs),
        )
        return " ".join(map(str, parts))

    request = {"path": "/api/orders/7?full=1", "headers": {"x-a": "\N{LATIN SMALL LETTER E WITH ACUTE}"}}
    local = LocalApp(app)
    answers(
        local,
        ("POST", "/admin/functions/order", {"json": {"request": request, "inputs": {"docs": [{"id": "1"}]}}}),
        (
            "POST",
            "/admin/functions/order",
            {"json": {"request": {**request, "method": "put", "body": {"a": 1}}, "inputs": {"docs": []}}},
        ),
    )

    put, get = (call.outputs["$return"].splitlines() for call in local.history)
    assert get == ["200 text/plain; charset=utf-8", "GET 7 1 \N{LATIN SMALL LETTER E WITH ACUTE} b'' 1"]
    assert put[1:] == ["PUT 7 1 \N{LATIN SMALL LETTER E WITH ACUTE} b'{\"a\": 1}' 0"]


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        pytest.param("hello", {"request": {}}, "values for what is in braces", id="no-value"),
        pytest.param("hello", {"request": {"path": "/api/protected"}}, "does not lead to 'hello'", id="other-function"),
        pytest.param(
            "protected", {"request": {"method": "POST"}}, "POST /api/protected does not lead", id="other-method"
        ),
        pytest.param("hello", {"request": "GET /"}, "is no JSON object", id="text"),
        pytest.param("hello", {"request": {"headers": ["x: 1"]}}, "is no JSON object", id="headers"),
        pytest.param("count", {"input": "e", "inputs": {"dogs": []}}, "no input 'dogs'. It takes", id="unknown-input"),
        pytest.param("shout", {"input": "e", "inputs": {"$return": "x"}}, "no input '$return'", id="output"),
        pytest.param("count", {"input": "e", "inputs": ["docs"]}, "inputs and metadata are JSON objects", id="inputs"),
        pytest.param("shout", {"input": "e", "metadata": "Id"}, "inputs and metadata are JSON objects", id="metadata"),
    ],
)
def test_wrong_content_is_explained(local: LocalApp, name: str, given: dict[str, Any], words: str) -> None:
    """What cannot be handed over is refused before anything is called."""
    [answer] = answers(local, ("POST", f"/admin/functions/{name}", {"json": given}))

    assert answer.status_code == 400
    assert words in f"{answer.json()['error']} {answer.json()['hint']}"
    assert len(local.history) == 0


def test_request_of_no_http_function_is_refused(local: LocalApp) -> None:
    """A request for a function that another trigger starts is told, not passed over."""
    [answer] = answers(local, ("POST", "/admin/functions/shout", {"json": {"request": {"path": "/api/shout"}}}))

    assert answer.status_code == 400
    assert "starts with a queueTrigger" in answer.json()["error"]


def test_responses_are_kept_with_status_and_type(app: func.FunctionApp) -> None:
    """Whatever stands for the response: text, no content, a status alone."""

    @app.route("text")
    def text(req: func.HttpRequest) -> str:
        return "hi"

    @app.route("empty")
    def empty(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(status_code=202)

    local = LocalApp(app)
    answers(local, ("GET", "/api/text"), ("GET", "/api/empty"))

    last, first = local.history
    assert first.outputs == {"$return": "200 text/plain; charset=utf-8\nhi"}
    assert last.outputs["$return"].split()[0] == "202"


def test_host_and_functions_are_described(local: LocalApp) -> None:
    """The admin addresses tell the state of the host, and what is served."""
    status, ping, listed, one, state, wrong, other = answers(
        local,
        ("GET", "/admin/host/status"),
        ("GET", "/admin/host/ping"),
        ("GET", "/admin/functions"),
        ("GET", "/admin/functions/hello"),
        ("GET", "/admin/functions/hello/status"),
        ("PUT", "/admin/functions"),
        ("GET", "/admin/other"),
    )

    assert status.json()["state"] == "Running"
    assert status.json()["functionCount"] == 5
    assert ping.status_code == 200
    assert [each["name"] for each in listed.json()] == ["hello", "broken", "protected", "shout", "count"]
    assert one.json()["invoke_url_template"] == "/api/hello/{name}"
    assert one.json()["config"]["bindings"][-1]["type"] in ("http", "httpTrigger")
    assert state.json() == {"isEnabled": True}
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert other.status_code == 404


def test_method_of_a_function_in_admin(local: LocalApp) -> None:
    """A function in the admin addresses knows GET and POST."""
    [answer] = answers(local, ("DELETE", "/admin/functions/shout"))

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


# --- life ---


V2 = """
import azfunc as func
app = func.FunctionApp()

@app.route("x")
def x(req: func.HttpRequest) -> str:
    return "{word}"
"""


def test_reload_serves_what_the_files_say_now(tmp_path: Path) -> None:
    """After a reload the new code answers; a mistake is shown, and gone when it is corrected."""
    script = tmp_path / "function_app.py"
    script.write_text(V2.format(word="one"))

    async def steps(local: LocalApp) -> list[Any]:
        found: list[Any] = [(await ask(local, "GET", "/api/x")).text]
        for text in (V2.format(word="two"), "import nowhere_to_be_found", V2.format(word="three")):
            script.write_text(text)
            await local.reload()
            answer = await ask(local, "GET", "/api/x")
            status = (await ask(local, "GET", "/admin/host/status")).json()
            found += [(answer.status_code, answer.text, status["state"])]
        return found

    local = LocalApp(tmp_path)
    asyncio.run(local.reload())
    found = served(local, steps)

    assert found == ["one", (200, "two", "Running"), (404, "", "Error"), (200, "three", "Running")]
    assert local.is_reloadable
    assert not LocalApp(make_app()).is_reloadable


def test_good_functions_are_served_beside_bad_ones(tmp_path: Path) -> None:
    """A function that cannot be loaded is a problem of its own."""
    (tmp_path / "function_app.py").write_text(
        V2.format(word="good")
        + "\n@app.function_name('bad')\n@app.queue_output('o', 'q', 'c')\ndef bad() -> None: ...\n"
    )
    local = LocalApp(tmp_path)

    [answer] = answers(local, ("GET", "/api/x"))

    assert answer.text == "good"
    assert "bad" in local.session.problems[0]


def test_disabled_functions_are_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that a setting switches off answers nothing, and is listed as such."""
    monkeypatch.setenv("AzureWebJobs.x.Disabled", "true")
    (tmp_path / "function_app.py").write_text(V2.format(word="x"))
    local = LocalApp(tmp_path)

    x, index = answers(local, ("GET", "/api/x"), ("GET", "/"))

    assert x.status_code == 404
    assert "Disabled, and not served: x." in index.text


def test_lifespan_of_the_server_starts_and_stops() -> None:
    """An ASGI server starts timers and listeners by its lifespan."""
    local = LocalApp(make_app())
    sent: list[str] = []

    async def run() -> None:
        messages = iter(["lifespan.startup", "lifespan.other", "lifespan.shutdown"])

        async def receive() -> dict[str, Any]:
            return {"type": next(messages)}

        async def send(message: Any) -> None:
            sent.append(message["type"])

        await local({"type": "lifespan"}, receive, send)

    asyncio.run(run())

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize("fails", [False, True])
def test_web_framework_is_started_and_stopped_with_the_host(*, fails: bool) -> None:
    """The lifespan of an ASGI app begins before the first request and ends with the host; a failure is a problem."""
    events: list[str] = []

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            events.append((await receive())["type"])
            if fails:
                await send({"type": "lifespan.startup.failed", "message": "no database"})
                return
            await send({"type": "lifespan.startup.complete"})
            events.append((await receive())["type"])
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    local = LocalApp(func.AsgiFunctionApp(asgi, "anonymous"))

    async def steps(local: LocalApp) -> str:
        assert events == ["lifespan.startup"]
        return (await ask(local, "GET", "/api/some/page")).text

    text = served(local, steps)

    if fails:
        assert "no database" in "".join(local.session.problems)
    else:
        assert text == "/api/some/page"
        assert events == ["lifespan.startup", "lifespan.shutdown"]


def test_shutdown_that_fails_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """A web framework that fails while it ends does not keep the host from ending."""

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "still busy"})

    async def steps(_local: LocalApp) -> None: ...

    served(LocalApp(func.AsgiFunctionApp(asgi, "anonymous")), steps)

    assert "still busy" in caplog.text


def test_calls_that_do_not_end_are_cancelled(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A host that stops waits a while for the calls that run, and no longer."""
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("azfunc.start.session.GRACE_SECONDS", 0.01)
    app = func.FunctionApp()

    @app.queue_trigger("msg", "q", "c")
    async def endless(msg: func.QueueMessage) -> None:
        await asyncio.Future()

    local = LocalApp(app)

    async def run() -> None:
        await local.startup()
        [function] = local.session.host.functions
        local._begin(function, {"msg": "x"}, "test")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await local.shutdown()

    asyncio.run(run())

    assert "are cancelled" in caplog.text
    assert "Executed 'endless' (Canceled" in caplog.text
    [call] = local.history
    assert call.outcome == "failed"


def test_host_id_is_made_of_machine_and_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each folder has a host of its own, whose name a setting can replace."""
    (tmp_path / "function_app.py").write_text(V2.format(word="x"))
    sessions = [LocalApp(tmp_path).session, LocalApp(make_app()).session]
    for session in sessions:
        session.loaded.close()

    made = [each.host_id for each in sessions]
    monkeypatch.setenv("AzureFunctionsWebHost__hostid", "mine")

    assert len(set(made)) == 2
    assert all(isinstance(each, Session) and each.host_id == "mine" for each in sessions)


def test_package_tells_what_it_has() -> None:
    """Its names are imported when they are used; others are no attributes."""
    import azfunc.start

    assert set(azfunc.start.__all__) <= set(dir(azfunc.start))
    with pytest.raises(AttributeError, match="nothing"):
        azfunc.start.nothing  # type: ignore[attr-defined]  # noqa: B018  # it is not there


def test_repr_tells_what_is_served(local: LocalApp, tmp_path: Path) -> None:
    """The app or its folder, and whether it was started; no setting of it."""
    (tmp_path / "function_app.py").write_text("import azfunc as func\napp = func.FunctionApp()\n")

    assert repr(local) == f"<LocalApp of {make_app()!r}, not started>"
    from_folder = LocalApp(tmp_path)
    assert repr(from_folder) == f"<LocalApp of {tmp_path}, not started>"
    asyncio.run(from_folder.shutdown())  # lets go of the module
    assert repr(LocalApp(LoadedApp("v1", [], folder=tmp_path))) == f"<LocalApp of {tmp_path}, not started>"
