"""The command itself: help, versions, exit statuses, interruptions."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from azfunc import __version__, compat
from azfunc.cli import command_modules, main, version_text
from azfunc.cli.commands import listing
from tests.cli.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GUIDE = ROOT / "examples" / "guide"
NAMES = ["call", "check", "completion", "graph", "json", "list", "new", "openapi", "routes", "start"]


def test_help_lists_the_commands(azfunc: Callable[..., Any]) -> None:
    """`--help` names every command with what it does, on standard output."""
    status, out, err = azfunc("--help")

    assert (status, err) == (0, "")
    assert {module.NAME for module in command_modules()}.issuperset(NAMES)
    for name in NAMES:
        assert f"    {name}" in out


@pytest.mark.parametrize("name", NAMES)
def test_help_of_a_command_reads_as_documentation(azfunc: Callable[..., Any], name: str) -> None:
    """Each command says what it does, what its arguments mean, and how it is used."""
    status, out, _ = azfunc(name, "--help")

    assert status == 0
    assert f"usage: azfunc {name}" in out
    assert "examples:\n  azfunc " + name in out
    described = {module.NAME: module.__doc__ or "" for module in command_modules()}
    assert described[name].startswith(f"{name}: ")


def test_version(azfunc: Callable[..., Any]) -> None:
    """The versions of azfunc and Python, and the release of the reference that is matched on this Python."""
    assert azfunc("--version") == (0, f"{version_text()}\n", "")
    python = ".".join(map(str, sys.version_info[:3]))
    reference = "2.3.0" if sys.version_info >= (3, 13) else "1.26.0"
    assert version_text() == f"azfunc {__version__} on Python {python}, matching azure-functions {reference}"


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["list", "--nonsense"], ["call"], ["start", "--port", "65536"], ["start", "--port", "-1"]],
)
def test_wrong_arguments_give_status_2(azfunc: Callable[..., Any], arguments: list[str]) -> None:
    """The usage goes to standard error."""
    status, out, err = azfunc(*arguments)

    assert (status, out) == (2, "")
    assert "usage: azfunc" in err


@pytest.mark.parametrize("command", ["list", "routes", "graph", "json", "openapi"])
def test_an_app_that_cannot_be_loaded_gives_status_1(
    azfunc: Callable[..., Any], write: Callable[..., Any], command: str
) -> None:
    """The error has its place, relative to the current folder, and its hint; there is no traceback."""
    write({"function_app.py": "\nimport nothing_like_this\n"})
    status, out, err = azfunc(command, "--app", "shop")

    assert (status, out) == (1, "")
    assert err.startswith("shop/function_app.py:2: error: function_app.py cannot be imported: ModuleNotFoundError")
    assert err.rstrip().endswith("list it in requirements.txt.")
    assert "Traceback" not in err


def test_what_the_app_prints_is_no_result(
    azfunc: Callable[..., Any], write: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither while it is imported, nor from a function: standard output can be piped."""
    text = "import azfunc as func\nprint('importing')\napp = func.FunctionApp()\n"
    write({"function_app.py": text + "@app.route()\ndef hello(req):\n    print('calling')\n    return 'Hello'\n"})

    listed = azfunc("list", "shop", "--json")
    called = azfunc("call", "hello", "--app", "shop", "--json")

    assert json.loads(listed.out)[0]["name"] == "hello"
    assert listed.err == "importing\n"
    assert json.loads(called.out)["response"]["body"] == "Hello"
    assert called.err == "importing\ncalling\n"
    assert capsys.readouterr().out == ""


def test_other_errors_of_the_system_are_no_matter_of_a_path(
    azfunc: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are told as what they are: errors of the program."""

    def fails(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(listing, "run", fails)

    with pytest.raises(OSError, match="No space left"):
        azfunc("list")


def test_ctrl_c_ends_quietly(azfunc: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption is no traceback, and has the status that shells give it."""

    def interrupted(*_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(listing, "run", interrupted)

    assert azfunc("list") == (130, "", "Interrupted.\n")


def test_ctrl_c_ends_a_running_function(write: Callable[..., Any]) -> None:
    """The signal ends a call in a process of its own, without a traceback."""
    if os.name == "nt":  # pragma: no cover  # no such signal there
        pytest.skip("Windows has no SIGINT for one process")
    text = "import asyncio, azfunc\napp = azfunc.FunctionApp()\n@app.timer_trigger('t', '00:01:00')\n"
    write(
        {"function_app.py": text + "async def slow(t):\n    print('begun', flush=True)\n    await asyncio.sleep(60)\n"}
    )
    # Where the tests run in the background the signal is ignored, and a child process inherits that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-m", "azfunc", "call", "slow", "--app", "shop"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    signal.signal(signal.SIGINT, before)
    assert process.stderr is not None
    assert process.stderr.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (130, "Interrupted.\n")


class Closed(io.StringIO):
    """A stream that nobody reads any more."""

    def write(self, _text: str) -> int:
        """Fail as a pipe does."""
        raise BrokenPipeError


def test_a_closed_pipe_is_no_error() -> None:
    """`azfunc list | head -1` ends well."""
    assert main(["list", str(GUIDE)], out=Closed(), err=io.StringIO()) == 0


def test_what_is_left_for_a_closed_pipe_goes_nowhere(tmp_path: Path) -> None:
    """The descriptor leads to the null device then, so that Python can close the stream without an error."""

    class ClosedPipe(Closed):
        def fileno(self) -> int:
            return descriptor

    descriptor = os.open(tmp_path / "pipe", os.O_CREAT | os.O_WRONLY)
    try:
        assert main(["list", str(GUIDE)], out=ClosedPipe(), err=io.StringIO()) == 0
        assert os.fstat(descriptor).st_rdev == Path(os.devnull).stat().st_rdev
    finally:
        os.close(descriptor)


def test_a_closed_pipe_of_a_process_is_no_error() -> None:
    """Nor does Python complain when it closes its streams at the end."""
    command = f'"{sys.executable}" -m azfunc json --app "{GUIDE}" | true'
    result = subprocess.run(
        command,
        shell=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert result.stderr == ""


def test_the_script_and_the_module_are_the_command() -> None:
    """pyproject.toml names `main` as the script `azfunc`, and `python -m azfunc` is the same."""
    assert 'azfunc = "azfunc.cli:main"' in (ROOT / "pyproject.toml").read_text("utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "azfunc", "--version"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert result.stdout.strip() == version_text()


def test_an_app_of_azure_functions_is_taken_as_it_is(write: Callable[..., Any]) -> None:
    """With `--compat` an app that imports `azure.functions` needs no change, installed or not."""
    text = "import azure.functions as func\napp = func.FunctionApp()\n@app.route('hi')\n"
    write(
        {
            "function_app.py": text
            + "def hi(req: func.HttpRequest) -> func.HttpResponse:\n    return func.HttpResponse('x')\n"
        }
    )
    result = subprocess.run(
        [sys.executable, "-m", "azfunc", "call", "hi", "--app", "shop", "--compat"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.stdout.startswith("200 OK"), result.stderr


def test_the_stand_in_lasts_as_long_as_the_command(azfunc: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `--compat` it is not there at all, with it while the app is loaded."""
    seen: list[str] = []

    @contextlib.contextmanager
    def installed() -> Iterator[None]:
        seen.append("in")
        yield
        seen.append("out")

    monkeypatch.setattr(compat, "installed", installed)
    azfunc("list", GUIDE)
    assert seen == []
    assert azfunc("list", GUIDE, "--compat").status == 0
    assert seen == ["in", "out"]


def test_listing_stays_light() -> None:
    """To list an app, neither the development server, nor a client, nor a package for colours is loaded."""
    code = f"from azfunc.cli import main\nassert main(['list', {str(GUIDE)!r}]) == 0\nimport sys\nprint(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    heavy = {"rich", "shtab", "azfunc.start", "azfunc.testing", "werkzeug", "dateutil", "uvicorn"}
    assert heavy & set(result.stdout.split()) == set()
