"""Functions with dependencies under Azure's worker: it sees no such parameter, and each call gets its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.worker.cases import http
from tests.worker.harness import drive, needs_the_worker

if TYPE_CHECKING:
    from pathlib import Path

needs_the_worker()

APP = """
from __future__ import annotations

from typing import Annotated

import azfunc as func

app = func.FunctionApp(http_auth_level="anonymous")
ended = []


def caller(req: func.HttpRequest, known: func.Context):
    yield f"{req.method} {known.function_name} {bool(known.invocation_id)}"
    ended.append(known.function_name)


async def number() -> int:
    return 7


@app.route("plain")
def plain(req: func.HttpRequest, who: Annotated[str, func.Depends(caller)]) -> str:
    return f"{who} {ended}"


@app.route("later")
async def later(
    req: func.HttpRequest, who: Annotated[str, func.Depends(caller)], number: Annotated[int, func.Depends(number)]
) -> str:
    return f"{who} {number} {ended}"
"""


@pytest.mark.parametrize("mode", ["bridge", "stand-in"])
def test_worker_calls_functions_with_dependencies(tmp_path: Path, mode: str) -> None:
    """The worker indexes and calls plain and async functions, whose providers get request and context."""
    (tmp_path / "function_app.py").write_text(APP, encoding="utf-8")
    calls: dict[str, Any] = {name: [({"req": http()}, {})] for name in ("plain", "later")}

    found = drive(tmp_path, mode, calls)
    texts = {name: answer["returnValue"]["string"] for name, [answer] in found["calls"].items()}

    assert found["init"]["result"] == {"status": "Success"}
    assert texts == {"plain": "GET plain True []", "later": "GET later True 7 ['plain']"}
