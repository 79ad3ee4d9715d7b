"""Serving on a port: by uvicorn, by the plain server, and the whole command with its text."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.cli import main
from azfunc.start import LocalApp, StartOptions, start
from azfunc.start.console import Console
from azfunc.start.plain_server import PlainServer
from azfunc.start.reloading import is_of_app, times_of, watch
from azfunc.start.serving import serve
from tests.start.support import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

ROOT = Path(__file__).resolve().parents[2]

APP = """
import logging

import azfunc as func

app = func.FunctionApp()


@app.route("hello", methods=["GET"])
def hello(req: func.HttpRequest) -> str:
    logging.info("Saying it")
    return "one"


@app.timer_trigger("tick", "0 0 0 1 1 *", use_monitor=False)
def yearly(tick: func.TimerRequest) -> None: ...
"""


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with what was asked, as an ASGI application."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    path, query = scope["raw_path"], scope["query_string"]
    headers = [(b"x-method", scope["method"].encode()), (b"x-path", path + b"?" + query)]
    if scope["path"] == "/broken":
        message = "broken on purpose"
        raise ValueError(message)
    if scope["path"] == "/empty":
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    if scope["path"] != "/stream":
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    for byte in body:
        await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def served(work: Callable[[int], Any], *, plain: bool = True, app: Any = echo) -> Any:
    """Serve an application on a free port while something is done in a thread; give what that gives."""

    async def run() -> Any:
        stop = asyncio.Event()
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            server = PlainServer(app, listening).serve(stop) if plain else serve(app, listening, stop)
            serving = asyncio.ensure_future(server)
            try:
                return await asyncio.to_thread(work, port)
            finally:
                stop.set()
                await serving

    return asyncio.run(run())


@pytest.mark.parametrize("server", ["plain", "uvicorn", "without-uvicorn"])
def test_requests_are_answered(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All servers take any method, bodies in chunks, several requests on a connection, and stream."""
    find = importlib.util.find_spec
    if server == "without-uvicorn":
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else find(name))

    def work(port: int) -> list[Any]:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        found: list[Any] = []
        for method, path, body in (
            ("POST", "/a%20b?x=1", b"abc"),
            ("PROPFIND", "/stream", iter([b"de", b"f"])),
            ("HEAD", "/", None),
            ("GET", "/empty", None),
            ("GET", "/", None),
        ):
            connection.request(
                method,
                path,
                body,
                encode_chunked=True,
                headers={"transfer-encoding": "chunked"} if method == "PROPFIND" else {},
            )
            response = connection.getresponse()
            found.append((response.status, response.headers["x-method"], response.headers["x-path"], response.read()))
        connection.close()
        return found

    assert served(work, plain=server == "plain") == [
        (200, "POST", "/a%20b?x=1", b"abc"),
        (200, "PROPFIND", "/stream?", b"def"),
        (200, "HEAD", "/?", b""),
        (204, "GET", "/empty?", b""),
        (200, "GET", "/?", b""),
    ]


def raw(port: int, text: bytes) -> bytes:
    """Send bytes, and give the answer up to the end of the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(text)
        client.shutdown(socket.SHUT_WR)
        found = b""
        while piece := client.recv(65536):
            found += piece
        return found


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"Content-Length: x\r\n\r\n", id="length-is-no-number"),
        pytest.param(b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", id="two-lengths"),
        pytest.param(b"Content-Length: 9\r\n\r\nab", id="broken-off"),
        pytest.param(b"Transfer-Encoding: gzip\r\n\r\n", id="other-encoding"),
        pytest.param(b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", id="length-and-chunks"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", id="chunk-without-length"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", id="negative-chunk"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n", id="signed-chunk"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", id="chunk-too-long"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n1\r\na", id="chunk-broken-off"),
    ],
)
def test_plain_server_refuses_unclear_requests(rest: bytes) -> None:
    """A request whose length is not clear is answered with 400, and its connection closed."""
    answer = served(lambda port: raw(port, b"POST / HTTP/1.1\r\nHost: x\r\n" + rest))

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"onnection: close" in answer


def test_plain_server_refuses_a_body_that_is_too_large() -> None:
    """It does not begin to read it."""
    answer = served(lambda port: raw(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n"))

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_plain_server_reads_trailers_and_old_versions() -> None:
    """Trailers behind chunks are passed over; a caller of HTTP/1.0 gets a body that ends with the connection."""
    request = b"POST /stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    chunked = served(lambda port: raw(port, request + b"2;a=b\r\nab\r\n0\r\nX-Trailer: 1\r\n\r\n"))
    old = served(lambda port: raw(port, b"POST /stream HTTP/1.0\r\nContent-Length: 2\r\n\r\nab"))

    assert chunked.endswith(b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n")
    assert old.endswith(b"\r\n\r\nab")


def test_plain_server_answers_500_for_an_application_that_breaks(caplog: pytest.LogCaptureFixture) -> None:
    """What the application raises is logged, and the caller gets 500."""
    answer = served(lambda port: raw(port, b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n"))

    assert answer.startswith(b"HTTP/1.1 500 ")
    assert "broken on purpose" in caplog.text


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "uvicorn"])
def test_stream_that_breaks_is_told_once(plain: bool, caplog: pytest.LogCaptureFixture) -> None:
    """By the host, with the lines of the user's code; the server closes the connection and says nothing more."""
    app = func.FunctionApp()

    @app.route("breaks")
    async def breaks(req: func.HttpRequest) -> func.HttpResponse:
        async def chunks() -> AsyncIterator[str]:
            yield "begun"
            message = "no more"
            raise ValueError(message)

        return func.HttpResponse(chunks())

    def work(port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/api/breaks")
        with pytest.raises(IncompleteRead):
            connection.getresponse().read()
        connection.close()

    served(work, plain=plain, app=LocalApp(app))

    assert [each.levelname for each in caplog.records if each.levelno > logging.WARNING] == ["ERROR"]
    assert caplog.text.count("ValueError: no more") == 1


def test_plain_server_closes_a_stream_that_breaks() -> None:
    """After the head is sent, an error ends the connection, so that the caller does not take it for complete."""

    async def breaks(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        raise ValueError

    answer = served(lambda port: raw(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), app=breaks)

    assert answer.endswith(b"1\r\na\r\n")


def test_plain_server_tells_when_the_caller_leaves() -> None:
    """An application that streams without end is told when nobody reads it any more."""
    told: list[str] = []
    left = threading.Event()

    async def endless(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        gone = asyncio.ensure_future(receive())
        while not gone.done():
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
        told.append(gone.result()["type"])
        await send({"type": "http.response.body", "body": b""})
        left.set()

    def work(port: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            client.recv(1000)
        assert left.wait(10)

    served(work, app=endless)

    assert told == ["http.disconnect"]


# --- the command ---


def run_start(folder: Path, *, without: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """Run `start` as a process, as if some packages were not installed."""
    program = (
        "import sys, importlib.util\n"
        "from azfunc.start import StartOptions, start\n"
        "find = importlib.util.find_spec\n"
        f"importlib.util.find_spec = lambda name, *more: None if name in {without!r} else find(name, *more)\n"
        f"sys.exit(start(StartOptions({str(folder)!r}, port=0, storage=False)))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Read what a process writes up to the line with some words."""
    assert process.stdout is not None
    found = ""
    for line in process.stdout:
        found += line
        if words in line:
            return found
    raise AssertionError(found)


@pytest.mark.parametrize("without", [(), ("uvicorn", "watchfiles")], ids=["with-extras", "without"])
def test_command_serves_reloads_and_ends(without: tuple[str, ...], tmp_path: Path) -> None:
    """`start` lists the functions with their addresses, serves them, reloads a changed file, and ends with Ctrl-C."""
    script = tmp_path / "function_app.py"
    script.write_text(APP)
    with run_start(tmp_path, without=without) as process:
        try:
            listing = read_until(process, "Index page")
            port = int(listing.partition("localhost:")[2].partition("/")[0])
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/api/hello")
            first = connection.getresponse().read()
            script.write_text(APP.replace('"one"', '"two, changed"'))
            log = read_until(process, "Index page")
            connection.close()
            connection.request("GET", "/api/hello")
            second = connection.getresponse().read()
            connection.close()
        finally:
            process.send_signal(signal.SIGINT)
        rest = read_until(process, "Stopped.")

    assert f"Functions:\n\n    hello: [GET] http://localhost:{port}/api/hello\n\n    yearly: timerTrigger\n" in listing
    assert (first, second) == (b"one", b"two, changed")
    assert "Executed 'hello' (Succeeded, Id=" in log
    assert "Saying it" in log
    assert "function_app.py has changed; loading the app again." in log
    assert "Traceback" not in rest
    assert process.returncode == 0


def test_command_goes_on_with_a_mistake_until_it_is_corrected(tmp_path: Path) -> None:
    """An app that cannot be loaded is named, and loaded once it can be."""
    script = tmp_path / "function_app.py"
    script.write_text("import nowhere_to_be_found")
    with run_start(tmp_path) as process:
        try:
            listing = read_until(process, "Index page")
            script.write_text(APP)
            corrected = read_until(process, "Index page")
        finally:
            process.terminate()

    assert "nowhere_to_be_found" in listing
    assert "hello: [GET]" in corrected
    assert process.returncode == 0


def test_app_that_cannot_be_loaded_ends_the_command(tmp_path: Path) -> None:
    """Without reloading, an app that cannot be loaded is status 1, and the reason is given."""
    out = io.StringIO()

    status = start(StartOptions(str(tmp_path / "nothing"), reloads=False), out=out)

    assert status == 1
    assert "There is no folder, file or module" in out.getvalue()


def test_port_in_use_is_named(tmp_path: Path) -> None:
    """A port that something listens on is status 1, with what to do."""
    (tmp_path / "function_app.py").write_text(APP)
    out = io.StringIO()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "local.settings.json").write_text(f'{{"Host": {{"LocalHttpPort": {port}}}}}')

        status = start(StartOptions(str(tmp_path), reloads=False, key="s3"), out=out)

    assert status == 1
    assert f"Port {port} of 127.0.0.1 cannot be opened" in out.getvalue()
    assert "--port" in out.getvalue()


def test_command_in_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command serves in the main thread of any process; a signal ends it, and handlers are as before."""
    monkeypatch.setenv("AzureWebJobs.off.Disabled", "1")
    off = APP + '\n@app.route("off")\ndef off(req: func.HttpRequest) -> str:\n    return ""\n'
    script = tmp_path / "function_app.py"
    script.write_text(off)
    out = io.StringIO()
    before = signal.getsignal(signal.SIGINT)

    def work() -> None:
        wait_for(lambda: "Index page" in out.getvalue())
        port = int(out.getvalue().partition("localhost:")[2].partition("/")[0])
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/api/hello")
        connection.getresponse().read()
        connection.close()
        script.write_text(off + "\n# changed\n")
        wait_for(lambda: out.getvalue().count("Index page") == 2)
        os.kill(os.getpid(), signal.SIGINT)

    worker = threading.Thread(target=work)
    worker.start()
    status = start(StartOptions(str(tmp_path), port=0), out=out)
    worker.join()

    assert status == 0
    assert "    off: disabled\n" in out.getvalue()
    assert "Executed 'hello' (Succeeded" in out.getvalue()
    assert out.getvalue().endswith("Stopped.\n")
    assert signal.getsignal(signal.SIGINT) is before


def test_watch_that_fails_ends_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When files can no longer be watched, the command ends with the reason, and does not go on without a word."""
    (tmp_path / "function_app.py").write_text("import nowhere_to_be_found")

    async def fails(_folder: Path, _since: object) -> AsyncIterator[str]:
        raise OSError("too many files are watched")
        yield ""

    monkeypatch.setattr("azfunc.start.command.watch", fails)
    out = io.StringIO()

    assert start(StartOptions(str(tmp_path), port=0, storage=False), out=out) == 1
    assert "nowhere_to_be_found" in out.getvalue()
    assert "cannot be watched: too many files are watched" in out.getvalue()
    assert "--no-reload" in out.getvalue()


def test_server_that_ends_by_itself_ends_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without reloading nothing watches; when the server ends, so does the command."""
    (tmp_path / "function_app.py").write_text(APP)
    asked: list[str] = []

    async def at_once(_app: object, listening: socket.socket, _stop: object) -> None:
        asked.append(listening.getsockname()[0])

    monkeypatch.setattr("azfunc.start.command.serve", at_once)
    out = io.StringIO()

    assert start(StartOptions(str(tmp_path), port=0, reloads=False, storage=False), out=out) == 0
    assert asked == ["127.0.0.1"]
    assert "Stopped." in out.getvalue()


def test_arguments_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each argument of `azfunc start` says how the app is served."""
    given: list[StartOptions] = []
    monkeypatch.setattr("azfunc.start.command.start", lambda options, *, out: given.append(options) or 3)
    monkeypatch.setattr("azfunc.start.start", lambda options, *, out: given.append(options) or 3, raising=False)
    arguments = ["start", "shop", "--port", "8080", "--address", "0.0.0.0", "--no-reload", "--no-storage"]
    arguments += ["--key", "k", "--cors", "https://a.example, *,", "--cors-credentials"]

    statuses = [main(each, out=io.StringIO(), err=io.StringIO()) for each in (["start"], arguments)]

    assert statuses == [3, 3]
    assert given == [
        StartOptions(),
        StartOptions(
            "shop",
            port=8080,
            address="0.0.0.0",
            reloads=False,
            storage=False,
            key="k",
            cors=("https://a.example", "*"),
            cors_credentials=True,
        ),
    ]


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds, for ten seconds at most."""
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_plain_server_says_nothing_of_connections_that_break_off(caplog: pytest.LogCaptureFixture) -> None:
    """A caller that resets its connection is no error of the app."""
    caplog.set_level(logging.DEBUG, "azfunc.host")

    def work(port: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(b"GET / HTTP/1.1\r\nHost")
            wait_for(lambda: any("process_request" in thread.name for thread in threading.enumerate()))
        wait_for(lambda: "broke off" in caplog.text)

    served(work)

    assert [record.levelname for record in caplog.records if "broke off" in record.getMessage()] == ["DEBUG"]


def test_interrupt_before_the_start_is_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the app is loaded ends the command as the shell expects it."""
    monkeypatch.setattr("azfunc.start.command.LocalApp", _interrupted)

    assert start(StartOptions(str(tmp_path)), out=io.StringIO()) == 130


def _interrupted(*_args: object, **_kwargs: object) -> None:
    raise KeyboardInterrupt


# --- the terminal ---


def test_console_shows_records_with_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records have the time in UTC, their level if it is more than information, and their traceback."""
    out = io.StringIO()
    root_level = logging.getLogger().level
    monkeypatch.setattr(logging.getLogger("httpx"), "level", logging.INFO)
    with Console(out) as console:
        console.say("plain")
        logging.getLogger("mine").info("told")
        logging.getLogger("azure.core").info("not told")
        logging.getLogger("httpx").info("told, since the app wants it")
        logging.getLogger("mine").error("failed", exc_info=ValueError("cause"))

    lines = out.getvalue().splitlines()
    assert lines[0] == "plain"
    assert lines[1].endswith("Z] told")
    assert lines[2].endswith("Z] told, since the app wants it")
    assert lines[3].endswith("Z] error: failed")
    assert lines[-1] == "ValueError: cause"
    assert logging.getLogger().level == root_level
    assert logging.getLogger("azure").level == logging.NOTSET


def test_console_writes_what_it_can() -> None:
    """A terminal that lacks a character gets it escaped; one that is closed gets nothing."""
    buffer = io.BytesIO()
    out = io.TextIOWrapper(buffer, encoding="ascii", write_through=True)
    console = Console(out)

    console.say("caf\u00e9")
    out.close()
    console.say("too late")

    assert console is not None


def test_console_escapes_what_the_terminal_lacks() -> None:
    """A character that the encoding lacks is written as its number."""
    buffer = io.BytesIO()
    out = io.TextIOWrapper(buffer, encoding="ascii", write_through=True)

    Console(out).say("caf\u00e9")

    assert buffer.getvalue() == b"caf\\xe9\n"


# --- reloading ---


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("function_app.py", True),
        ("shared/code.py", True),
        ("host.json", True),
        ("HttpTrigger/function.json", True),
        ("notes.txt", False),
        (".venv/lib/x.py", False),
        ("__pycache__/x.py", False),
        ("tests/test_x.py", False),
        (".azfunc/timers.json", False),
    ],
)
def test_files_of_an_app(name: str, counts: bool, tmp_path: Path) -> None:
    """Modules and settings belong to an app; environments, tests and what tools leave behind do not."""
    assert is_of_app(tmp_path / name, tmp_path) is counts
    assert not is_of_app(tmp_path.parent / "other.py", tmp_path)


@pytest.mark.parametrize("installed", [True, False])
def test_changes_are_noticed(installed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed, a new and a removed file are told, whether watchfiles is installed or not."""
    find = importlib.util.find_spec
    if not installed:
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "watchfiles" else find(name))
    looks: list[Path] = []

    def looked(folder: Path) -> dict[str, tuple[int, int]]:
        found = times_of(folder)
        looks.append(folder)
        return found

    monkeypatch.setattr("azfunc.start.reloading.times_of", looked)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text("1")
    (tmp_path / "notes.txt").write_text("1")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / ".hidden").mkdir()

    async def run() -> list[str]:
        found: list[str] = []
        changes = watch(tmp_path, times_of(tmp_path), every_seconds=0.01)
        steps = [
            lambda: (tmp_path / "sub" / "a.py").write_text("22"),
            lambda: (tmp_path / "b.py").write_text("1"),
            (tmp_path / "b.py").unlink,
        ]
        for step in steps:
            following = asyncio.ensure_future(anext(changes))
            looks.clear()
            for _ in range(5):  # it begins to watch
                await asyncio.sleep(0)
            await until(lambda: installed or bool(looks), every_seconds=0.001)
            step()
            found.append(await asyncio.wait_for(following, 10))
        await changes.aclose()
        return found

    assert asyncio.run(run()) == [str(Path("sub", "a.py")), "b.py", "b.py"]


def test_folder_that_vanishes_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at a folder that is gone finds that its files are."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "a.py").write_text("1")

    async def run() -> str:
        changes = watch(folder, before)
        try:
            return await anext(changes)
        finally:
            await changes.aclose()

    before = times_of(folder)
    (folder / "a.py").unlink()
    folder.rmdir()
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "watchfiles" else find(name))

    assert asyncio.run(run()) == "a.py"


def test_change_before_the_watch_began_is_told(tmp_path: Path) -> None:
    """What has changed between the loading of the app and the begin of the watch is not lost."""
    before = times_of(tmp_path)
    (tmp_path / "new.py").write_text("1")

    async def run() -> str:
        changes = watch(tmp_path, before)
        try:
            return await anext(changes)
        finally:
            await changes.aclose()

    assert asyncio.run(run()) == "new.py"
