"""The stand-in, put in place for a test and taken away after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from azfunc import compat

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def standing_in() -> Iterator[None]:
    """Let azfunc answer as the reference; other tests of this process may have imported the reference before."""
    with compat.installed(force=True):
        yield
