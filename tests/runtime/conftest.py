"""Fixtures of the runtime's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.apps import write_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write an app: file name -> text, or an object for JSON; gives the folder."""

    def write_app(files: dict[str, Any], folder: str = "shop") -> Path:
        return write_files(tmp_path / folder, files)

    return write_app
