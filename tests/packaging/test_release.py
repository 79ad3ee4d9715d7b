"""What is asked of a release, and what its page says."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

import azfunc
from tests.packaging import release
from tests.test_docs import ROOT, blocks_of

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "how-to" / "release.md").read_text(encoding="utf-8")
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-01-02\n\n- A change.\n"


def wheel_of(folder: Path, **addresses: str) -> Path:
    """Make a wheel of version 1.2.0 that has metadata alone."""
    path = folder / "azfunc-1.2.0-py3-none-any.whl"
    lines = ["Metadata-Version: 2.4", "Name: azfunc", "Version: 1.2.0"]
    lines += [f"Project-URL: {name}, {address}" for name, address in addresses.items()]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("azfunc-1.2.0.dist-info/METADATA", "\n".join([*lines, "", "Text."]))
    return path


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel with all its addresses."""
    return wheel_of(tmp_path, **{name: f"https://azfunc.dev/{name.lower()}" for name in release.ADDRESSES})


def test_a_wheel_with_addresses_and_changelog_can_be_released(wheel: Path) -> None:
    """Nothing is missing when addresses, version and changelog are there."""
    assert release.faults_of(wheel, CHANGELOG) == []


def test_missing_addresses_are_named(tmp_path: Path) -> None:
    """Each address that is not there, or only made up, is a fault of its own."""
    wheel = wheel_of(tmp_path, Source="https://git.example.org/azfunc", Issues="http://azfunc.dev/issues")

    assert release.faults_of(wheel, CHANGELOG) == [
        "pyproject.toml has no Documentation under [project.urls]",
        "Source under [project.urls] is no address: https://git.example.org/azfunc",
        "pyproject.toml has no Changelog under [project.urls]",
        "Issues under [project.urls] is no address: http://azfunc.dev/issues",
    ]


@pytest.mark.parametrize(
    ("changelog", "fault"),
    [
        ("# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-01-02\n", "no heading '## [1.2.0] - YYYY-MM-DD'"),
        (CHANGELOG.replace("[Unreleased]\n", "[Unreleased]\n\n- Another.\n"), "has entries under Unreleased"),
    ],
    ids=["version", "unreleased"],
)
def test_changelog_has_to_be_closed(wheel: Path, changelog: str, fault: str) -> None:
    """The changelog has a dated heading for the version, and nothing above it."""
    [found] = release.faults_of(wheel, changelog)

    assert fault in found


def test_script_says_what_is_missing(tmp_path: Path) -> None:
    """Run as nox runs it, it ends with status 1 and a line for each fault."""
    run = subprocess.run(
        [sys.executable, release.__file__, str(wheel_of(tmp_path))], capture_output=True, encoding="utf-8", check=False
    )

    assert run.returncode == 1
    assert "pyproject.toml has no Documentation under [project.urls]" in run.stderr.splitlines()


def test_page_names_every_address() -> None:
    """The page of releases shows the table of addresses that is checked, as it has to stand in `pyproject.toml`."""
    [table] = [block.text for block in blocks_of(PAGE) if block.language == "toml"]

    assert re.findall(r'^(\w+) = "https://', table, re.MULTILINE) == list(release.ADDRESSES)
    assert table.startswith("[project.urls]\n")


def test_page_names_the_place_of_the_version() -> None:
    """The version is where the page says."""
    [path] = re.findall(r"`(azfunc/\S+\.py)`", PAGE)

    assert f'__version__ = "{azfunc.__version__}"' in (ROOT / path).read_text(encoding="utf-8")


def test_changelog_has_the_heading_that_the_page_closes() -> None:
    """What is to come stands under Unreleased, the first heading."""
    changelog = release.CHANGELOG.read_text(encoding="utf-8")

    assert re.findall(r"^## .*$", changelog, re.MULTILINE)[0] == "## [Unreleased]"
