"""docs/how-to/run-locally.md shows what really happens."""

from __future__ import annotations

import io
import logging
import re
import shlex
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from azfunc.start import LocalApp
from azfunc.start.command import announce
from azfunc.start.console import Console
from azfunc.start.local_app import LocalOptions
from tests.start.support import answers

if TYPE_CHECKING:
    import httpx

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "run-locally.md"
TEXT = PAGE.read_text(encoding="utf-8")
FENCE = re.compile(r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
TIME = re.compile(r"\[\d{4}-[^]]+Z\]")
IDENTITY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def blocks(language: str) -> list[tuple[str | None, str]]:
    """Give the blocks of a language, each with its title."""
    return [(each["title"], each["text"]) for each in FENCE.finditer(TEXT) if each["language"] == language]


def commands() -> list[tuple[str, str]]:
    """Give the commands of the page, each with what stands below it."""
    found: list[tuple[str, str]] = []
    for _title, text in blocks("console"):
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Write the app of the page to a folder."""
    folder = tmp_path / "shop"
    folder.mkdir()
    script = dict(blocks("python"))["shop/function_app.py"]
    (folder / "function_app.py").write_text(script, encoding="utf-8")
    return folder


def test_listing_is_that_of_the_page(shop: Path) -> None:
    """The start prints what the page shows."""
    [(command, shown)] = [each for each in commands() if each[0].startswith("azfunc")]
    local = LocalApp(shop)
    local.session.notes.clear()  # the page has the extra for storage
    out = io.StringIO()

    announce(local, "http://localhost:7071", Console(out))
    local.session.loaded.close()

    assert command == "azfunc start shop"
    assert out.getvalue() == shown


def test_page_with_a_key_is_told_with_its_place(shop: Path) -> None:
    """What is printed says where the key goes, and not the key."""
    local = LocalApp(shop, options=LocalOptions(keys={"_master": "s3cret"}))
    out = io.StringIO()

    announce(local, "http://localhost:7071", Console(out))
    local.session.loaded.close()

    assert "Index page: http://localhost:7071/_azfunc/?code=KEY " in out.getvalue()
    assert "s3cret" not in out.getvalue()
    assert "`http://localhost:7071/_azfunc/?code=KEY`" in TEXT


def curl(command: str) -> tuple[str, str, dict[str, Any], bool]:
    """Read a curl command: method, URL, content, and whether the head is printed too."""
    name, *arguments = shlex.split(command)
    assert name == "curl"
    shows_head = "-i" in arguments
    content = {"content": arguments[arguments.index("-d") + 1].encode()} if "-d" in arguments else {}
    return "POST" if content else "GET", arguments[-1], content, shows_head


def printed(response: httpx.Response, *, shows_head: bool) -> str:
    """Give what curl prints, of the head only the first line."""
    head = f"HTTP/1.1 {response.status_code} {HTTPStatus(response.status_code).phrase}\n" if shows_head else ""
    return head + response.text + ("\n" if response.text else "")


def test_requests_are_answered_as_on_the_page(shop: Path) -> None:
    """Each curl command gets the answer below it."""
    shown = [each for each in commands() if each[0].startswith("curl")]
    read = [curl(command) for command, _ in shown]

    found = answers(LocalApp(shop), *[each[:3] for each in read])

    assert len(shown) >= 4
    for (command, output), request, response in zip(shown, read, found, strict=True):
        assert printed(response, shows_head=request[3]) == output, command


def test_log_is_that_of_the_page(shop: Path) -> None:
    """The lines of a call are those of the page, but for times and the id."""
    out = io.StringIO()
    with Console(out):
        logging.getLogger("httpx").setLevel(logging.WARNING)
        answers(LocalApp(shop), ("GET", "/api/hello/Ada"))
    lines = TIME.sub("[]", IDENTITY.sub("-", re.sub(r"Duration=\d+ms", "Duration=4ms", out.getvalue())))

    assert lines == TIME.sub("[]", IDENTITY.sub("-", dict(blocks("text"))["log"]))
