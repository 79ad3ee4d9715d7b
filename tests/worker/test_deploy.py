"""A deployed app: azfunc's wheel in the folder of the app's packages, beside the worker's own library.

The packages are what ``pip install --target`` puts there, azfunc's own requirements included, with or without a release
of the reference. The worker has one of its own, of the same release or another one.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.worker.cases import CALLS
from tests.worker.harness import APPS, IMPORT, ROOT, copy, drive, needs_the_worker, outcome
from tests.worker.test_worker import answers

needs_the_worker()

PACKAGES = Path(".python_packages", "lib", "site-packages")
TODAY, OLDER = ("2.3.0", "2.0.0") if sys.version_info >= (3, 13) else ("1.26.0", "1.21.3")
"""Release of the reference that the worker has, and an older one."""


def install(target: Path, *packages: str) -> None:
    """Install packages as a pipeline does for Azure."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]
    subprocess.run([*command, str(target), *packages], check=True)


@functools.cache
def wheel() -> Path:
    """Build azfunc's wheel."""
    folder = Path(tempfile.mkdtemp())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)
    [built] = folder.glob("azfunc-*.whl")
    return built


@functools.cache
def packages_of(reference: str | None) -> Path:
    """Give a folder of installed packages: azfunc, what it requires, and a release of the reference, or none."""
    folder = Path(tempfile.mkdtemp())
    install(folder, str(wheel()), *([f"azure-functions=={reference}"] if reference else []))
    return folder


@functools.cache
def older_worker() -> Path:
    """Give a folder with an older release of the reference, for the worker."""
    folder = Path(tempfile.mkdtemp())
    install(folder, "--no-deps", f"azure-functions=={OLDER}")
    return folder


def deployed(folder: Path, reference: str | None, imported: str = IMPORT) -> Path:
    """Make the folder of an app as it is deployed: code, host.json, requirements.txt and the packages."""
    copy(APPS / "triggers", folder, imported)
    (folder / "host.json").write_text('{"version": "2.0"}')
    (folder / "requirements.txt").write_text("azfunc\n")
    shutil.copytree(packages_of(reference), folder / PACKAGES)
    return folder


def check(found: dict[str, Any]) -> None:
    """Assert that functions and answers are those of the app that imports azfunc from its source."""
    expected = answers("triggers", "bridge")

    assert found["init"]["result"] == {"status": "Success"}
    assert found["azfunc"] == f"APP/{(PACKAGES / 'azfunc' / '__init__.py').as_posix()}"
    assert found["functions"] == expected["functions"]
    for function in CALLS:
        assert [outcome(each) for each in found["calls"][function]] == [
            outcome(each) for each in expected["calls"][function]
        ]


def test_packages_are_whole() -> None:
    """The wheel has all that the worker needs, and what azfunc requires comes with it; the reference does not."""
    folder = packages_of(None)

    assert (folder / "azfunc" / "compat" / "bridge.py").exists()
    assert (folder / "werkzeug").exists()
    assert not (folder / "azure").exists()


@pytest.mark.parametrize("packages", ["isolated", "shared", "placeholder isolated", "placeholder shared"])
def test_app_runs_beside_the_library_of_the_worker(tmp_path: Path, packages: str) -> None:
    """The app's packages in front of the worker's or behind them, at the start or later: all answers are the same."""
    found = drive(deployed(tmp_path, None), "bridge", CALLS, path="", packages=packages)

    check(found)
    assert len(found["bridged"]) == 1
    assert (found["reference"], found["version"]) == ("module", TODAY)
    assert not found["reference_from"].startswith("APP")


@pytest.mark.parametrize(
    ("packages", "worker", "app", "counts"),
    [
        pytest.param("isolated", TODAY, OLDER, OLDER, id="the app's, older"),
        pytest.param("isolated", OLDER, TODAY, TODAY, id="the app's, newer"),
        pytest.param("isolated", OLDER, None, OLDER, id="the worker's, older"),
        pytest.param("shared", TODAY, OLDER, TODAY, id="the worker's, newer"),
        pytest.param("placeholder isolated", TODAY, OLDER, OLDER, id="the app's, later"),
    ],
)
def test_any_release_of_the_reference_will_do(
    tmp_path: Path, packages: str, worker: str, app: str | None, counts: str
) -> None:
    """Worker and app may bring different releases: the bridge connects with the one that counts."""
    path = str(older_worker()) if worker == OLDER else ""
    found = drive(deployed(tmp_path, app), "bridge", CALLS, path=path, packages=packages)

    check(found)
    assert found["version"] == counts
    assert found["reference_from"].startswith("APP") is (app == counts)
    assert f"azure.functions {counts}." in found["bridged"][0]


@pytest.mark.parametrize(
    "imported",
    [
        pytest.param("import azure.functions\nimport azfunc as func", id="the reference first"),
        pytest.param("import azfunc as func\nimport azure.functions", id="azfunc first"),
        pytest.param(
            "import azfunc.compat\nazfunc.compat.install()\nimport azure.functions as func", id="the stand-in"
        ),
    ],
)
def test_imports_may_stand_in_any_order(tmp_path: Path, imported: str) -> None:
    """The app may import the reference as well, before or after, or put azfunc in its place in its first lines."""
    found = drive(deployed(tmp_path, None, imported), "bridge", CALLS, path="", packages="isolated")

    check(found)
    assert found["reference"] == ("Facade" if "install()" in imported else "module")
