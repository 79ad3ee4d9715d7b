"""Tests of other people's packages, unmodified, on azfunc; `nox -s packages` installs them, one after the other."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

import pytest

import azfunc as func
import azfunc.compat

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = {
    "test_blob.py": "azurefunctions-extensions-bindings-blob",
    "test_blob_storage.py": "azurefunctions-extensions-bindings-blob",
    "test_cosmosdb.py": "azurefunctions-extensions-bindings-cosmosdb",
    "test_eventhub.py": "azurefunctions-extensions-bindings-eventhub",
    "test_fastapi.py": "azurefunctions-extensions-http-fastapi",
    "test_fastapi_worker.py": "azurefunctions-extensions-http-fastapi",
    "test_logging.py": "azure-functions-logging",
    "test_openapi.py": "azure-functions-openapi",
    "test_opencensus.py": "opencensus-extension-azure-functions",
    "test_servicebus.py": "azurefunctions-extensions-bindings-servicebus",
    "test_validation.py": "azure-functions-validation",
}
"""File -> the package that it needs."""


def is_installed(package: str) -> bool:
    """Tell whether a package is there."""
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


collect_ignore = [file for file, package in PACKAGES.items() if not is_installed(package)]


@pytest.fixture(scope="session", autouse=True)
def standing_in() -> Iterator[None]:
    """Azfunc answers as the reference while the packages are imported and run."""
    with azfunc.compat.installed(force=True):
        yield


@pytest.fixture
def app() -> func.FunctionApp:
    """An app without keys."""
    return func.FunctionApp(http_auth_level="anonymous")
