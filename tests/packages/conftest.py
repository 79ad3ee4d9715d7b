"""Tests of other people's packages, unmodified, on azfunc; `nox -s packages` installs them."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

import pytest

import azfunc.compat

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = (
    "azurefunctions-extensions-bindings-blob",
    "azurefunctions-extensions-http-fastapi",
    "opencensus-extension-azure-functions",
    "azure-functions-openapi",
    "azure-functions-validation",
    "azure-functions-logging",
)

try:
    for each in PACKAGES:
        importlib.metadata.version(each)
except importlib.metadata.PackageNotFoundError:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session", autouse=True)
def standing_in() -> Iterator[None]:
    """Azfunc answers as the reference while the packages are imported and run."""
    with azfunc.compat.installed(force=True):
        yield
