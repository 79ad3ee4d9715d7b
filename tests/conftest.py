"""Fixtures for all tests: the library under test, and an app of it."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from tests.bindings.conformance import BindingConformance

if TYPE_CHECKING:
    from types import ModuleType

REFERENCE = "azure.functions"


def reference_is_installed() -> bool:
    """Tell whether the reference can be imported; only the `compat` session installs it."""
    return importlib.util.find_spec("azure") is not None and importlib.util.find_spec(REFERENCE) is not None


LIBRARIES = [
    pytest.param("azfunc", id="azfunc"),
    *([pytest.param(REFERENCE, id="reference", marks=pytest.mark.reference)] if reference_is_installed() else []),
]


@pytest.fixture(params=LIBRARIES)
def func(request: pytest.FixtureRequest) -> ModuleType:
    """The library that a fact is tested on: azfunc, and the reference when it is installed."""
    return importlib.import_module(request.param)


@pytest.fixture
def app() -> azfunc.FunctionApp:
    """An empty function app."""
    return azfunc.FunctionApp()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop the tests of the conformance suite for tables that a service has no row in."""
    empty = [item for item in items if "NOTSET" in item.name]
    if empty:
        config.hook.pytest_deselected(items=empty)
        items[:] = [item for item in items if item not in empty]


def pytest_generate_tests(metafunc: Any) -> None:
    """Let the conformance suite make a case of each row of a service's tables."""
    if metafunc.cls is not None and issubclass(metafunc.cls, BindingConformance):
        metafunc.cls.generate(metafunc)
