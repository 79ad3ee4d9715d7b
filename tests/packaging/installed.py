"""What must be true of azfunc where its wheel is installed, with nothing that it does not ask for.

`nox -s package` runs it with the Python of an empty environment: ``python -I installed.py [EXTRA ...]``.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import io
import os
import pkgutil
import re
import runpy
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import azfunc
from azfunc import cli

DEMO = Path(__file__).resolve().parents[2] / "examples" / "guide" / "demo.py"
# pytest's own entry point; there is no pytest here.
PLUGIN = "azfunc.testing.plugin"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: str) -> tuple[int, str]:
    """Run the command `azfunc` as on a terminal; give its status and what it prints."""
    out = _Terminal()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = cli.main(arguments)
    return status, out.getvalue()


def check_package() -> None:
    """The package is the installed one, whole and typed, and every module can be imported."""
    assert Path(azfunc.__file__).is_relative_to(sys.prefix), azfunc.__file__
    assert azfunc.__version__ == importlib.metadata.version("azfunc")
    assert Path(azfunc.__file__).with_name("py.typed").exists()
    assert [name for name in azfunc.__all__ if not hasattr(azfunc, name)] == []
    for module in pkgutil.walk_packages(azfunc.__path__, "azfunc."):
        if module.name not in (PLUGIN, "azfunc.__main__"):
            importlib.import_module(module.name)


def check_guide() -> None:
    """The guide's app runs: routes, queues, batches, threads."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(str(DEMO), run_name="__main__")
    assert "200 -> '21 * 2 = 42'" in printed.getvalue(), printed.getvalue()


def check_cli(folder: Path, *, extra: bool) -> None:
    """The command makes and checks an app; colours and completion come with the extra."""
    assert run("new", str(folder))[0] == 0
    assert run("check", str(folder))[0] == 0
    status, printed = run("list", str(folder))
    assert status == 0
    assert ("\x1b[" in printed) is extra, printed
    status, printed = run("completion", "bash")
    assert (status == 0, "_shtab_azfunc" in printed) == (extra, extra), printed
    assert extra or "azfunc[cli]" in printed, printed


def check_start(folder: Path, *, start: bool, storage: bool) -> None:
    """`azfunc start` serves the app: by uvicorn, and with queues, where the extras are there."""
    command = [sys.executable, "-I", "-m", "azfunc", "start", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as server:
        assert server.stdout is not None
        told = ""
        try:
            for line in server.stdout:
                told += line
                address = re.match(r"Index page: (http://\S+)/_azfunc/", line)
                if address:
                    break
            else:
                raise AssertionError(told)
            with urllib.request.urlopen(f"{address[1]}/api/hello?name=Ada", timeout=30) as response:
                assert response.read() == b"Hello, Ada!"
                # azfunc's own server names itself; uvicorn is told not to.
                assert (response.headers["server"] == "azfunc") is not start, response.headers["server"]
        finally:
            server.terminate()
    assert ("azfunc[storage]" in told) is not storage, told


def main(extras: list[str]) -> None:
    """Check everything, where some extras are installed."""
    whole = "all" in extras
    for name, extra in {"rich": "cli", "shtab": "cli", "uvicorn": "start", "watchfiles": "start"}.items():
        assert (importlib.util.find_spec(name) is not None) is (whole or extra in extras), name
    for variable in ("NO_COLOR", "TERM"):
        os.environ.pop(variable, None)
    check_package()
    check_guide()
    with tempfile.TemporaryDirectory() as workspace:
        folder = Path(workspace, "shop")
        check_cli(folder, extra=whole or "cli" in extras)
        check_start(folder, start=whole or "start" in extras, storage=whole or "storage" in extras)


if __name__ == "__main__":
    main(sys.argv[1:])
