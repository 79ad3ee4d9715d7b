"""Fixtures of the command's tests: running it in process, in a folder of its own."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from azfunc.cli import main
from tests.apps import write_files

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent


class Result(NamedTuple):
    """What came of a command: exit status, result, messages."""

    status: int
    out: str
    err: str


@pytest.fixture
def azfunc() -> Callable[..., Result]:
    """Run the command, and give what came of it."""

    def run(*arguments: str | Path) -> Result:
        out, err = io.StringIO(), io.StringIO()
        status = main([str(each) for each in arguments], out=out, err=err)
        return Result(status, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write an app to a folder named `shop` below the current one: file name -> text, or an object for JSON."""
    monkeypatch.chdir(tmp_path)

    def write_app(files: dict[str, Any], folder: str = "shop") -> Path:
        return write_files(tmp_path / folder, files)

    return write_app
