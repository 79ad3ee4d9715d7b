"""The two files beside every app: host.json and local.settings.json.

Both may have ``//`` and ``/* */`` comments and a comma after the last entry, as Core Tools reads them; comments in
host.json are remembered, since some releases of the host then ignore the file without a word.

Source: Azure Functions documentation, "host.json reference" and "Local settings file"; Core Tools issues 3856 and
3868; the host's issue 9583.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_dict
from azfunc._core.errors import AzfuncError
from azfunc._core.failures import LoadingError
from azfunc._core.times import parse_timedelta
from azfunc.runtime.host import HostOptions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOST_FILE = "host.json"
"""File with what holds for all functions of an app."""
SETTINGS_FILE = "local.settings.json"
"""File with the app settings for running locally."""
DEFAULT_PORT = 7071
"""Port that an app is served on locally when nothing else is said."""

# A text, a comment, or a comma with nothing but space and comments between it and the bracket that closes.
_JSON_PARTS = re.compile(
    r'"(?:\\.|[^"\\\n])*"?|(?P<comment>//[^\n]*|/\*.*?\*/)'
    r"|(?P<comma>,)(?=(?:\s|//[^\n]*|/\*.*?\*/)*[}\]])",
    re.DOTALL,
)


class SettingsFileError(LoadingError):
    """A JSON file of an app cannot be used; `location` says which one and where."""

    others: tuple[SettingsFileError, ...] = ()
    """What else is wrong with the same file."""


@dataclass(frozen=True)
class HostFile:
    """What host.json says."""

    options: HostOptions = field(default_factory=HostOptions)
    """What of it concerns calls."""
    content: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The whole file, as it is."""
    path: Path | None = None
    """The file, or None if there is none."""
    has_comments: bool = False
    """Whether there are comments in it."""

    @property
    def extensions(self) -> Mapping[str, Any]:
        """The section ``extensions``, as it is: an entry for each service."""
        found = self.content.get("extensions")
        return found if is_dict(found) else {}


@dataclass(frozen=True)
class LocalSettings:
    """What local.settings.json says."""

    values: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """App settings, by name; from ``Values``, and from ``ConnectionStrings`` with that word and a colon in front."""
    port: int = DEFAULT_PORT
    """Port to serve the app on; from ``Host.LocalHttpPort``."""
    cors: tuple[str, ...] = ()
    """Origins whose pages may call the app, or ``*`` for all; from ``Host.CORS``."""
    cors_credentials: bool = False
    """Whether those pages may send cookies; from ``Host.CORSCredentials``."""
    path: Path | None = None
    """The file, or None if there is none."""


def read_json(path: Path) -> tuple[dict[str, Any], bool]:
    """Read a JSON object from a file, and say whether there are comments in it.

    Raises:
        SettingsFileError: It is no JSON, or no object; has the line.
    """
    commented = False

    def blank(found: re.Match[str]) -> str:
        nonlocal commented
        if found["comment"] is None and found["comma"] is None:
            return found[0]
        commented = commented or found["comment"] is not None
        return re.sub(r"[^\n]", " ", found[0])

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsFileError(
            f"{path.name} cannot be read: {error}.", hint="Save it as text in UTF-8.", location=f"{path}:1"
        ) from error
    except OSError as error:
        raise SettingsFileError(
            f"{path.name} cannot be read: {error.strerror}.", hint="Give a file that is there and may be read."
        ) from error
    try:
        content: Any = json.loads(_JSON_PARTS.sub(blank, text))
    except json.JSONDecodeError as error:
        # A file that breaks off is wrong in the line behind its last.
        lines = text.splitlines() or [""]
        number = min(error.lineno, len(lines))
        written = lines[number - 1].strip()
        raise SettingsFileError(
            f"{path.name} is no valid JSON: {error.msg} in line {error.lineno}, column {error.colno}.",
            hint=_json_advice(text, written),
            location=f"{path}:{number}",
        ) from None
    if not is_dict(content):
        raise SettingsFileError(
            f"{path.name} holds no JSON object but a {type(content).__name__}.",
            hint="Begin the file with { and end it with }.",
            location=f"{path}:1",
        )
    return content, commented


def _json_advice(text: str, written: str) -> str:
    if not text.strip():
        return "The file is empty; write {} at least."
    return f"Correct {written!r}, or the line above it." if written else "Correct the line above it."


def read_host_file(folder: Path) -> HostFile:
    """Read the host.json of an app; all defaults when there is none.

    Raises:
        SettingsFileError: It is no JSON, or a value in it cannot be.
    """
    path = folder / HOST_FILE
    if not path.is_file():
        return HostFile(options=HostOptions(function_directory=str(folder)))
    content, commented = read_json(path)
    values = _Values(path)
    http = values.section(values.section(content, "extensions"), "http")
    prefix = http.get("routePrefix", "api")
    if not isinstance(prefix, str):
        values.refuse("routePrefix", prefix, "text, such as 'api', or '' for none")
    retry = content.get("retry")
    if retry is not None and not is_dict(retry):
        values.refuse("retry", retry, "an object with strategy and maxRetryCount")
    timeout = values.timeout("functionTimeout", content.get("functionTimeout"))
    values.finish()
    options = HostOptions(
        route_prefix=str(prefix).strip("/"), retry=retry, timeout_seconds=timeout, function_directory=str(folder)
    )
    return HostFile(options=options, content=content, path=path, has_comments=commented)


def read_local_settings(folder: Path) -> LocalSettings:
    """Read the local.settings.json of an app; all defaults when there is none.

    Raises:
        SettingsFileError: It is no JSON, a value in it cannot be, or it is encrypted.
    """
    path = folder / SETTINGS_FILE
    if not path.is_file():
        return LocalSettings()
    content, _ = read_json(path)
    if content.get("IsEncrypted"):
        raise SettingsFileError(
            f"{SETTINGS_FILE} is encrypted, and only Core Tools on the machine that did it can read it.",
            hint="Run 'func settings decrypt' there, or set IsEncrypted to false and write the Values as plain text.",
            location=line_of(path, "IsEncrypted"),
        )
    values = _Values(path)
    settings = {name: values.text(name, value) for name, value in values.section(content, "Values").items()}
    for name, value in values.section(content, "ConnectionStrings").items():
        text = value.get("ConnectionString", "") if is_dict(value) else value
        settings[f"ConnectionStrings:{name}"] = values.text(name, text)
    host = values.section(content, "Host")
    port = str(host.get("LocalHttpPort", DEFAULT_PORT))
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 1 << 16):
        values.refuse("LocalHttpPort", host["LocalHttpPort"], "a number from 1 to 65535")
    cors = values.origins("CORS", host.get("CORS"))
    values.finish()
    return LocalSettings(
        values=settings,
        port=int(port),
        cors=cors,
        cors_credentials=str(host.get("CORSCredentials", False)).lower() == "true",
        path=path,
    )


def line_of(path: Path, name: str, *, value: bool = False) -> str:
    """Give where a name stands in a JSON file, as ``file:line``; the first line when it is not found.

    Args:
        path: The file.
        name: Key to look for.
        value: Whether to look for the name as a value instead.
    """
    wanted = re.compile((r":\s*" if value else "") + re.escape(json.dumps(name)) + ("" if value else r"\s*:"))
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    return f"{path}:{next((number for number, line in enumerate(lines, 1) if wanted.search(line)), 1)}"


class _Values:
    """Reads the values of a file; those that cannot be are refused together, when all were read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._problems: list[SettingsFileError] = []

    def refuse(self, name: str, value: Any, wanted: str) -> None:
        """Note that a value cannot be."""
        # The value may be a secret; its type says enough.
        is_shown = self._path.name == HOST_FILE or name in ("LocalHttpPort", "CORS")
        shown = f"is {value!r}" if is_shown else f"is no text but a {type(value).__name__}"
        self._problems.append(
            SettingsFileError(
                f"{name} in {self._path.name} {shown}.", hint=f"Write {wanted}.", location=line_of(self._path, name)
            )
        )

    def finish(self) -> None:
        """Raise what was refused, if anything was."""
        if self._problems:
            first, *others = self._problems
            first.others = tuple(others)
            raise first

    def section(self, content: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Give an object in the file."""
        found = content.get(name)
        if found is None:
            return {}
        if not is_dict(found):
            self.refuse(name, found, "an object")
            return {}
        return found

    def text(self, name: str, value: Any) -> str:
        """Give a setting as text: environment variables hold nothing else."""
        if isinstance(value, bool):
            return str(value).lower()
        if value is not None and not isinstance(value, (str, int, float)):
            self.refuse(name, value, "text; environment variables hold nothing else")
        return "" if value is None else str(value)

    def origins(self, name: str, given: Any) -> tuple[str, ...]:
        """Give the origins of a list in text."""
        if given is not None and not isinstance(given, str):
            self.refuse(name, given, "'*', or origins with commas between them")
        return tuple(origin.strip().rstrip("/") for origin in str(given or "").split(",") if origin.strip())

    def timeout(self, name: str, given: Any) -> float | None:
        """Give a time in seconds, or None for no limit."""
        if given is None or given == "-1":
            return None
        try:
            seconds = parse_timedelta(given).total_seconds()
        except (AzfuncError, TypeError, AttributeError):
            seconds = 0.0
        if seconds <= 0:
            self.refuse(name, given, "a time such as '00:05:00', or '-1' for no limit")
        return seconds
