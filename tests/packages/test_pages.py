"""The pages about packages of others: their examples are run here, where the package is installed."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.packages.conftest import PACKAGES, is_installed
from tests.test_docs import PYTHON, blocks_of

PAGES = Path(__file__).resolve().parents[2] / "docs" / "how-to"


@pytest.mark.parametrize(
    ("page", "package", "examples"),
    [
        ("sdk-types.md", "blob", 2),
        ("sdk-types.md", "cosmosdb", 1),
        ("sdk-types.md", "eventhub", 2),
        ("sdk-types.md", "servicebus", 2),
        ("streaming.md", "fastapi", 1),
    ],
)
def test_examples_of_the_page_run(page: str, package: str, examples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks that need a package run in its session, and so do the tests that they define."""
    if not is_installed(PACKAGES[f"test_{package}.py"]):
        pytest.skip(f'`nox -s "packages({package})"` installs the package')
    module = ModuleType("function_app")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    ran = 0
    for block in blocks_of((PAGES / page).read_text(encoding="utf-8")):
        if block.language in PYTHON and f'packages({package})"' in (block.no_run or ""):
            exec(compile(block.text, page, "exec", dont_inherit=True), module.__dict__)
            ran += 1
    for name, test in list(vars(module).items()):
        if name.startswith("test_"):
            test()

    assert ran == examples
    assert module.app.get_functions()
