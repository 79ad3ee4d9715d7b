"""The pytest plugin: the fixtures `function_app` and `azfunc_client`.

pytest loads this module wherever azfunc is installed, so it imports nothing until a fixture is used. Which app it is
says the option ``azfunc_app`` in the configuration of pytest, in every form that `TestClient` takes; when there is
none, it is the folder of the configuration, which has the function_app.py.
"""

from __future__ import annotations

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from azfunc.runtime.loading import LoadedApp
    from azfunc.testing.client import TestClient

OPTION = "azfunc_app"
"""Option of pytest's configuration that says where the app is."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option to the configuration."""
    parser.addini(
        OPTION,
        "Azure Functions app under test: its folder, its file or a module path, with :name of the object if need be; "
        "relative to the folder of the configuration.",
        default="",
    )


@pytest.fixture(scope="session")
def function_app(pytestconfig: pytest.Config) -> Iterator[LoadedApp]:
    """The function app under test, loaded once with its settings; ``function_app.app`` is the app object.

    Raises:
        LoadingError: There is no app, or it cannot be imported.
    """
    import os
    from pathlib import Path

    from azfunc.runtime.loading import load_app

    # A module path and a path are relative to the configuration, from wherever pytest is started.
    before = Path.cwd()
    os.chdir(pytestconfig.rootpath)
    try:
        loaded = load_app(pytestconfig.getini(OPTION) or ".")
    finally:
        os.chdir(before)
    with loaded:
        yield loaded


@pytest.fixture
def azfunc_client(function_app: LoadedApp) -> Iterator[TestClient]:
    """A client for the function app under test; web frameworks in it run for the length of the test."""
    from azfunc.testing import TestClient

    with TestClient(function_app) as client:
        yield client
