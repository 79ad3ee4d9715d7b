"""Streams in and out under Azure's worker, by `azurefunctions-extensions-http-fastapi`; `nox -s streams` runs them."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MODES = ["reference", "bridge", "stand-in"]

if importlib.util.find_spec("azure_functions_runtime") is None:
    pytest.skip("needs Azure's worker, which `nox -s streams` installs", allow_module_level=True)

APP = """
import asyncio

import azfunc as func
from azurefunctions.extensions.http.fastapi import JSONResponse, Request, Response, StreamingResponse

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route("upload/{name}", methods=["POST"])
async def upload(req: Request) -> JSONResponse:
    chunks = [chunk.decode() async for chunk in req.stream()]
    found = {"name": req.path_params["name"], "kind": req.headers["x-kind"], "chunks": chunks}
    return JSONResponse(found, status_code=201)


@app.route("download")
async def download(req: Request) -> StreamingResponse:
    async def parts():
        for each in ("one,", "two"):
            yield each
            await asyncio.sleep(0.1)

    return StreamingResponse(parts(), media_type="text/csv")


@app.route("plain")
def plain(req: Request) -> Response:
    return Response(f"{req.method} {req.url.path}")


@app.route("fails")
async def fails(req: Request) -> Response:
    raise ValueError("no luck")
"""


@functools.cache
def answers(mode: str) -> dict[str, Any]:
    """Give the worker's answers, from a process of its own."""
    imported = "import azure.functions as func" if mode == "reference" else "import azfunc as func"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "function_app.py").write_text(APP.replace("import azfunc as func", imported), encoding="utf-8")
        # Not the checkout itself: the worker's protocol stands in a package `tests` too.
        packages = Path(folder, "packages")
        packages.mkdir()
        (packages / "azfunc").symlink_to(ROOT / "azfunc", target_is_directory=True)
        done = subprocess.run(
            [sys.executable, str(HERE / "drive_streams.py"), mode, folder],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(packages)},
        )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("mode", MODES)
def test_worker_has_a_server(mode: str) -> None:
    """The worker sees that the app takes streams, and tells the host where to send requests."""
    init = answers(mode)["init"]

    assert init["result"] == {"status": "Success"}
    assert init["capabilities"]["HttpUri"].startswith("http://127.0.0.1:")
    assert init["capabilities"]["RequiresRouteParameters"] == "true"
    assert answers(mode)["app"].startswith("azure.functions." if mode == "reference" else "azfunc.")


@pytest.mark.parametrize("mode", MODES)
def test_body_comes_in_parts(mode: str) -> None:
    """The function reads the body as it arrives, and has headers and route parameters."""
    answer = answers(mode)["upload"]

    assert (answer["status"], answer["type"]) == (201, "application/json")
    found = json.loads("".join(answer["chunks"]))
    assert (found["name"], found["kind"]) == ("ada", "k")
    assert [each for each in found["chunks"] if each] == ["one,", "two"]


@pytest.mark.parametrize("mode", MODES)
def test_response_goes_in_parts(mode: str) -> None:
    """Each part is sent when it is there."""
    answer = answers(mode)["download"]

    assert answer["status"] == 200
    assert answer["type"].startswith("text/csv")
    assert answer["chunks"] == ["one,", "two"]


@pytest.mark.parametrize("mode", MODES)
def test_synchronous_function_answers(mode: str) -> None:
    """A function without async gets the request too; the response does not go through the host."""
    answer = answers(mode)["plain"]

    assert (answer["status"], answer["chunks"]) == (200, ["GET /api/plain"])
    assert (answer["told"], answer["returned"]) == ("Success", None)


@pytest.mark.parametrize("mode", MODES)
def test_error_of_the_function_is_told(mode: str) -> None:
    """The caller gets status 500, and the host what was raised."""
    answer = answers(mode)["fails"]

    assert (answer["status"], answer["told"]) == (500, "Failure")
    assert "no luck" in answer["error"]
