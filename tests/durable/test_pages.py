"""The pages about Durable Functions: their examples are run here, since they need the package."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_docs import PYTHON, blocks_of

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "docs" / "reference" / "durable.md", ROOT / "docs" / "how-to" / "durable.md"]
NEEDS_US = re.compile(r"needs azure-functions-durable; `nox -s durable` runs it")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
@pytest.mark.filterwarnings("ignore:azure.functions :DeprecationWarning")
def test_examples_of_the_page_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks that other sessions pass over run here, and so do the tests that they define."""
    module = ModuleType("function_app")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    ran = 0
    for block in blocks_of(path.read_text(encoding="utf-8")):
        if block.language in PYTHON and (block.no_run is None or NEEDS_US.search(block.no_run)):
            exec(compile(block.text, str(path), "exec", dont_inherit=True), module.__dict__)
            ran += 1
    for name, test in list(vars(module).items()):
        if name.startswith("test_"):
            test()

    assert ran >= 2
