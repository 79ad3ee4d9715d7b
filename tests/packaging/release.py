"""What a wheel lacks to be released: `nox -s package -- --release` runs it."""

from __future__ import annotations

import email
import re
import sys
import zipfile
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"
ADDRESSES = ("Documentation", "Source", "Changelog", "Issues")
# Names that are set aside for examples.
_PLACEHOLDER = re.compile(r"https://([\w.-]*\.)?(example(\.\w+)?|localhost|invalid|test)(?=[/:]|$)")


def faults_of(wheel: Path, changelog: str) -> list[str]:
    """List what a wheel lacks to be released.

    Args:
        wheel: The file.
        changelog: Text of the changelog.
    """
    with zipfile.ZipFile(wheel) as archive:
        [path] = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(archive.read(path))
    return [*_address_faults(metadata.get_all("Project-URL", [])), *_changelog_faults(metadata["Version"], changelog)]


def _address_faults(urls: list[str]) -> list[str]:
    addresses = dict(url.split(", ", 1) for url in urls)
    found: list[str] = []
    for name in ADDRESSES:
        address = addresses.get(name)
        if address is None:
            found.append(f"pyproject.toml has no {name} under [project.urls]")
        elif not address.startswith("https://") or _PLACEHOLDER.match(address):
            found.append(f"{name} under [project.urls] is no address: {address}")
    return found


def _changelog_faults(version: str, changelog: str) -> list[str]:
    found: list[str] = []
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        found.append(f"CHANGELOG.md has no heading '## [{version}] - YYYY-MM-DD'")
    coming = changelog.partition("\n## [Unreleased]\n")[2].partition("\n## [")[0]
    if coming.strip():
        found.append("CHANGELOG.md has entries under Unreleased; they belong to the release")
    return found


if __name__ == "__main__":
    sys.exit("\n".join(faults_of(Path(sys.argv[1]), CHANGELOG.read_text(encoding="utf-8"))) or None)
