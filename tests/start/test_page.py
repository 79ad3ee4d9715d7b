"""The index page: what it lists, its forms, and that nothing in it can do harm."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import threading
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import azfunc as func
from azfunc.start import LocalApp
from azfunc.start.local_app import LocalOptions
from tests.start.support import answers
from tests.start.test_local_app import make_app

if TYPE_CHECKING:
    import httpx

EVIL = '<script>alert("x")</script>'
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class _Reader(HTMLParser):
    """Reads a page: its elements with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def read(response: httpx.Response) -> _Reader:
    """Read a page, and make sure that its elements are closed in order."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    reader = _Reader()
    reader.feed(response.text)
    reader.close()
    assert reader.open == []
    return reader


def test_page_lists_functions_and_forms() -> None:
    """Each function stands there with its trigger, and has a form with fields for what it takes."""
    [answer] = answers(LocalApp(make_app()), ("GET", "/"))

    page = read(answer)
    forms = [attributes["action"] for tag, attributes in page.elements if tag == "form"]
    assert forms == [f"/_azfunc/call/{name}" for name in ("hello", "broken", "protected", "shout", "count")]
    assert "[GET,POST] /api/hello/{name}" in page.text
    assert "todo (POST /admin/functions/shout)" in page.text
    assert "Sends $return (queue)" in page.text
    fields = {attributes["name"] for tag, attributes in page.elements if tag in ("input", "select", "textarea")}
    assert fields == {"method", "path", "headers", "body", "input", "inputs.docs"}
    assert "None yet." in page.text
    assert "production is Azure" in page.text


def test_page_needs_nothing_from_elsewhere() -> None:
    """There are no scripts and no addresses of other servers, and the browser is told to load none."""
    [answer] = answers(LocalApp(make_app()), ("GET", "/_azfunc/"))

    page = read(answer)
    assert not {tag for tag, _ in page.elements} & {"script", "img", "iframe", "object"}
    links = [
        value
        for _, attributes in page.elements
        for key, value in attributes.items()
        if key in ("href", "src", "action")
    ]
    assert all(link == "data:," or str(link).startswith("/_azfunc/") for link in links)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "@import" not in answer.text
    assert not re.search(r"url\(", answer.text)


def test_form_calls_a_function_and_shows_the_call() -> None:
    """A form that is sent calls the function, and leads to the call on the page, opened, with logs and outputs."""
    local = LocalApp(make_app())
    [sent] = answers(local, ("POST", "/_azfunc/call/shout", {"data": {"input": "hi"}}))
    [call] = local.history
    assert sent.status_code == 303
    assert sent.headers["location"] == f"/_azfunc/?call={call.invocation_id}#call-{call.invocation_id}"

    [answer] = answers(LocalApp(make_app()), ("GET", "/"))
    assert "HI" not in read(answer).text
    [answer] = answers(local, ("GET", sent.headers["location"]))
    page = read(answer)
    details = [
        attributes for tag, attributes in page.elements if tag == "details" and attributes.get("class") == "call"
    ]
    assert [("open" in each, each["id"]) for each in details] == [(True, f"call-{call.invocation_id}")]
    assert "HI" in page.text
    assert "called from the index page" in page.text


def test_form_sends_a_whole_request() -> None:
    """The form of an HTTP function has method, path with query, headers and body."""
    local = LocalApp(make_app())
    data = {"method": "POST", "path": "/api/hello/Ada?x=1", "headers": "x-a: 1\r\n\r\nx-b:2", "body": "Hi\r\nthere"}

    sent, wrong = answers(
        local,
        ("POST", "/_azfunc/call/hello", {"data": data}),
        ("POST", "/_azfunc/call/hello", {"data": {**data, "path": "/api/hullo"}}),
    )

    assert sent.status_code == 303
    [call] = local.history
    assert call.outputs["$return"] == "200 text/plain; charset=utf-8\nHi\nthere, Ada!"
    assert wrong.status_code == 400
    assert "POST /api/hullo does not lead to 'hello'." in read(wrong).text


def test_key_goes_along_from_page_to_page() -> None:
    """A page that was asked for with a key calls, and is read again, with the same key."""
    local = LocalApp(make_app(), options=LocalOptions(keys={"_master": 'a&"b'}))
    opened, without, sent = answers(
        local,
        ("GET", "/_azfunc/?code=a%26%22b"),
        ("POST", "/_azfunc/call/shout", {"data": {"input": "hi"}}),
        ("POST", "/_azfunc/call/shout?code=a%26%22b", {"data": {"input": "hi"}}),
    )

    targets = [
        each.get("action") or each.get("href") or "" for tag, each in read(opened).elements if tag in ("form", "a")
    ]
    assert targets
    assert all(str(each).endswith("?code=a%26%22b") for each in targets)
    assert (without.status_code, sent.status_code) == (401, 303)
    [call] = local.history
    assert sent.headers["location"] == f"/_azfunc/?call={call.invocation_id}&code=a%26%22b#call-{call.invocation_id}"


def test_form_of_other_inputs_is_used() -> None:
    """An input that cannot be fetched is taken from its field; an empty field stands for none."""
    local = LocalApp(make_app())

    answers(
        local,
        ("POST", "/_azfunc/call/count", {"data": {"input": "e", "inputs.docs": '[{"id": "1"}, {"id": "2"}]'}}),
        ("POST", "/_azfunc/call/count", {"data": {"input": "e", "inputs.docs": " "}}),
    )

    empty, full = local.history
    assert full.logs == ["info: e and 2 documents"]
    assert "cannot be fetched" in empty.error


def test_form_that_cannot_be_used_says_why() -> None:
    """An input that the trigger does not take is a message at its form, with status 400."""
    app = func.FunctionApp()

    @app.timer_trigger("tick", "0 0 0 * * *")
    def report(tick: func.TimerRequest) -> None: ...

    local = LocalApp(app)
    [answer] = answers(local, ("POST", "/_azfunc/call/report", {"data": {"input": "[1]"}}))

    assert answer.status_code == 400
    assert "The input for 'tick' (timerTrigger) cannot be used" in read(answer).text
    assert len(local.history) == 0


def test_page_escapes_everything() -> None:
    """Text of users, in names, logs, outputs and errors, is text on the page."""
    app = func.FunctionApp()

    @app.queue_output("$return", f"q{EVIL}", "c")
    @app.queue_trigger("msg", EVIL, "c")
    def echo(msg: func.QueueMessage) -> str:
        logging.getLogger("app").info(EVIL)
        text = msg.get_body().decode()
        if "fail" in text:
            raise ValueError(text)
        return text

    local = LocalApp(app)
    local.session.problems.append(EVIL)
    answers(local, *[("POST", "/admin/functions/echo", {"json": {"input": text}}) for text in (EVIL, f"fail {EVIL}")])

    [answer] = answers(local, ("GET", f"/_azfunc/?call={EVIL}"))

    assert "<script" not in answer.text
    assert read(answer).text.count(EVIL) >= 6


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("POST", "/", 404, id="post-at-the-root"),
        pytest.param("POST", "/_azfunc/", 405, id="post-at-the-page"),
        pytest.param("GET", "/_azfunc/call/shout", 405, id="get-at-a-form"),
        pytest.param("POST", "/_azfunc/call/nothing", 404, id="no-function"),
        pytest.param("GET", "/_azfunc/other", 404, id="no-page"),
    ],
)
def test_other_requests_are_refused(method: str, path: str, status: int) -> None:
    """What the page does not know it refuses."""
    [answer] = answers(LocalApp(make_app()), (method, path))

    assert answer.status_code == (405 if (method, path) == ("POST", "/") else status)


def test_root_of_the_app_goes_first() -> None:
    """An app that answers ``/`` itself does so; the page stays at its own address."""
    app = func.FunctionApp()

    @app.route("{*rest}")
    def everything(req: func.HttpRequest) -> str:
        return "mine"

    local = LocalApp(app)
    local.session.front.routes.add("", None, local.session.host.functions[0])

    mine, page = answers(local, ("GET", "/"), ("GET", "/_azfunc"))

    assert mine.text == "mine"
    assert "Latest calls" in read(page).text


def test_problems_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be loaded stands on the page, and so does what nothing listens for."""
    monkeypatch.setattr("azfunc.start.storage.is_installed", lambda: False)
    (tmp_path / "function_app.py").write_text("import nowhere_to_be_found\n")
    [broken] = answers(LocalApp(tmp_path), ("GET", "/"))
    [lacking] = answers(LocalApp(make_app()), ("GET", "/"))

    assert "nowhere_to_be_found" in read(broken).text
    assert "The app has none." in read(broken).text
    assert "Nothing listens for the queueTrigger of 'shout'." in read(lacking).text
    assert "pip install 'azfunc[storage]'" in read(lacking).text


def test_storage_that_is_left_alone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the packages of the extra are there, the page says which option leaves Storage alone."""
    monkeypatch.setattr("azfunc.start.storage.is_installed", lambda: True)
    [page] = answers(LocalApp(make_app()), ("GET", "/"))

    assert "Storage is left alone, because of --no-storage." in read(page).text
    assert "pip install" not in read(page).text


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_looks_right_in_a_browser(width: int, scheme: str, tmp_path: Path) -> None:
    """Chromium draws the page, wide and as narrow as a phone, with nothing beyond its edge."""
    from http.server import BaseHTTPRequestHandler, HTTPServer

    local = LocalApp(make_app())
    found = answers(
        local,
        ("POST", "/admin/functions/shout", {"json": {"input": "hello " * 40}}),
        ("GET", "/api/broken"),
        ("GET", "/api/hello/Ada"),
    )
    identity = found[0].headers["x-azfunc-invocation-id"]
    [answer] = answers(local, ("GET", f"/_azfunc/?call={identity}"))
    # A script of the test, not of the page, tells the width of what was drawn.
    measure = "<script>document.title = String(document.documentElement.scrollWidth)</script></body>"
    page = answer.text.replace("</body>", measure)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_args: object) -> None:
            """Write nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            picture = os.environ.get("AZFUNC_PICTURES", str(tmp_path)) + f"/index-{width}-{scheme}.png"
            common = [os.environ.get("CHROMIUM", "chromium"), "--headless", "--no-sandbox", "--disable-gpu"]
            common += [f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},1600", "--hide-scrollbars"]
            common += ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
            address = f"http://127.0.0.1:{server.server_port}/"
            drawn = subprocess.run([*common, "--dump-dom", address], capture_output=True, text=True, check=True)
            subprocess.run([*common, f"--screenshot={picture}", address], capture_output=True, check=True)
        finally:
            server.shutdown()

    title = re.search(r"<title>(\d+)</title>", drawn.stdout)
    assert title is not None
    assert int(title[1]) <= max(width, 500)
    assert Path(picture).stat().st_size > 10_000
