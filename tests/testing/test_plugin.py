"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from azfunc.testing import plugin

ROOT = Path(__file__).resolve().parents[2]

FUNCTION_APP = """
import os
import azfunc as func

app = func.FunctionApp()

@app.route("hello")
def hello(req: func.HttpRequest) -> str:
    return os.environ["GREETING"]
"""
TEST = """
import azfunc.testing

def test_app(function_app):
    assert [each.get_function_name() for each in function_app.get_functions()] == ["hello"]
    assert function_app.app is not None

def test_client(azfunc_client):
    assert isinstance(azfunc_client, azfunc.testing.TestClient)
    assert azfunc_client.get("/api/hello").get_body() == b"hi"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project of a user: an app, its settings, and a test."""
    return write_project(tmp_path)


def write_project(parent: Path) -> Path:
    """Write an app, its settings, and a test."""
    app = parent / "shop"
    app.mkdir()
    (app / "function_app.py").write_text(FUNCTION_APP)
    (app / "local.settings.json").write_text('{"Values": {"GREETING": "hi"}}')
    (app / "test_shop.py").write_text(TEST)
    (app / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    return app


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, with the plugin of this checkout and no other."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "azfunc.testing.plugin", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def test_the_fixtures_load_an_app_and_let_it_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a session inside of this one, which leaves nothing behind."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("GREETING", raising=False)
    arguments = ["-p", "no:cacheprovider", "--import-mode", "importlib", "--rootdir", str(folder)]

    status = pytest.main([*arguments, "-c", str(folder / "pytest.ini"), str(folder)], plugins=[plugin])

    assert status == 0
    assert "function_app" not in sys.modules
    assert "GREETING" not in os.environ


def test_the_option_is_added() -> None:
    """It is text, and empty when it is left out."""
    added: dict[str, Any] = {}

    class Parser:
        """What the plugin asks of pytest's parser."""

        def addini(self, name: str, text: str, *, default: str) -> None:
            """Note the option."""
            added[name] = (text, default)

    parser: Any = Parser()
    plugin.pytest_addoption(parser)

    assert list(added) == [plugin.OPTION]
    assert added[plugin.OPTION][1] == ""


def test_the_fixtures_find_the_app_in_the_folder_of_the_configuration(folder: Path) -> None:
    """Also when pytest is started somewhere else."""
    inside = run_pytest(folder)
    outside = run_pytest(folder.parent, str(folder))

    assert inside.returncode == 0, inside.stdout
    assert outside.returncode == 0, outside.stdout
    assert "2 passed" in inside.stdout


def test_the_option_says_where_the_app_is(folder: Path) -> None:
    """It takes what a client takes."""
    (folder / "function_app.py").rename(folder / "other.py")
    (folder / "pytest.ini").write_text("[pytest]\nazfunc_app = other:app\n")

    result = run_pytest(folder)

    assert result.returncode == 0, result.stdout


def test_an_app_that_is_not_there_fails_the_tests_that_want_it(folder: Path) -> None:
    """With the text of the loader."""
    (folder / "function_app.py").unlink()

    result = run_pytest(folder)

    assert result.returncode == 1
    assert "has no function_app.py" in result.stdout


def test_nothing_is_imported_until_a_fixture_is_used(folder: Path) -> None:
    """A project that has azfunc installed and tests something else does not pay for it."""
    (folder / "test_shop.py").write_text("def test_nothing(): ...\n")
    (folder / "conftest.py").write_text(
        "import sys\n"
        "def pytest_unconfigure():\n"
        "    found = [name for name in sys.modules if name.startswith(('azfunc.runtime', 'azfunc.bindings'))]\n"
        "    assert not found, found\n"
        "    assert 'azfunc.testing.plugin' in sys.modules\n"
        "    print('nothing imported')\n"
    )

    for arguments in (["--collect-only"], []):
        result = run_pytest(folder, *arguments)
        assert result.returncode == 0, result.stdout
        assert "nothing imported" in result.stdout
