"""Every Python example in README.md and docs/ runs, and every local link leads somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from azfunc.app import FunctionRegister
from azfunc.extension import ExtensionMeta
from azfunc.runtime.checking import check

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]

# Its blocks are files of an app, and tests/test_tutorial.py runs them as such.
RUN = [page for page in PAGES if page.name != "tutorial.md"]

FENCE = re.compile(r"(?P<indent> *)(?P<ticks>`{3,}|~{3,})\s*(?P<info>.*)")
NO_RUN = re.compile(r"<!--\s*no-run:(?P<reason>.*?)-->")
# More tests than any part of them has: all of them run.
WHOLE_SUITE = 9_000
PYTHON = {"python", "py", "python3", "py3", "pycon"}
LINK = re.compile(r"\[[^\]]*\]\((?P<inline>[^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(?P<reference>\S+)", re.MULTILINE)
HEADING = re.compile(r"#{1,6} +(?P<text>.+?)(?: +\{ *#(?P<anchor>[\w-]+) *\})? *#*")


class Block(NamedTuple):
    """A fenced block of a page: first line of content, language, text, why it is not run, its info, the line above."""

    line: int
    language: str
    text: str
    no_run: str | None
    info: str
    above: str


def blocks_of(page: str) -> Iterator[Block]:
    """Read the fenced blocks of a page in Markdown."""
    lines = iter(enumerate(page.splitlines(), start=1))
    previous = ""
    for number, line in lines:
        fence = FENCE.fullmatch(line)
        if fence is None:
            previous = line if line.strip() else previous
            continue
        content: list[str] = []
        for _, inner in lines:
            if inner.strip().startswith(fence["ticks"]) and not inner.strip().strip(fence["ticks"][0]):
                break
            content.append(inner.removeprefix(fence["indent"]))
        else:
            msg = f"the block that begins with {line!r} has no end"
            raise ValueError(msg)
        language = re.split(r"[\s{]", fence["info"].lstrip("{. "), maxsplit=1)[0].lower()
        skipped = NO_RUN.fullmatch(previous.strip())
        reason = skipped and skipped["reason"].strip()
        yield Block(number + 1, language, "\n".join(content), reason, fence["info"], previous)
        previous = ""


def run_page(path: Path, module: ModuleType) -> int:
    """Run the examples of a page in one module, then the tests that they define; say how many blocks ran."""
    ran = 0
    for block in blocks_of(path.read_text(encoding="utf-8")):
        if block.language not in PYTHON:
            continue
        if block.no_run is not None:
            assert block.no_run, f"{path.name}, line {block.line}: say why the block is not run"
            continue
        # Empty lines above put each statement on its line of the page, in tracebacks and for inspect.
        source = "\n" * (block.line - 1) + block.text
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)
        ran += 1
    for name, test in list(vars(module).items()):
        if name.startswith("test_"):
            test()
    return ran


def readme_blocks() -> list[Block]:
    """Give the fenced blocks of README."""
    return list(blocks_of(README.read_text(encoding="utf-8")))


def readme_output(session: str) -> str:
    """Give what README shows below the command for a session of nox."""
    blocks = readme_blocks()
    [command] = [index for index, block in enumerate(blocks) if block.text.endswith(f"nox -s {session}")]
    assert blocks[command + 1].language == "text"
    return blocks[command + 1].text


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give a page a module of its own, known to the import system as a user's module is."""
    module = ModuleType("function_app")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    # What a page registers for all apps of the process ends with it.
    for name, empty in {"_func_exts": {}, "_app_exts": None, "_info": {}}.items():
        monkeypatch.setattr(ExtensionMeta, name, empty)
    return module


def name_of(path: Path) -> str:
    """Name a page from the top of the project."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", RUN, ids=name_of)
def test_examples_of_the_page_run(path: Path, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's Python blocks run from top to bottom, and so do the tests they define; their apps work in Azure."""
    apps: list[FunctionRegister] = []
    make = FunctionRegister.__init__

    def record(app: FunctionRegister, *args: Any, **kwargs: Any) -> None:
        make(app, *args, **kwargs)
        apps.append(app)

    monkeypatch.setattr(FunctionRegister, "__init__", record)
    run_page(path, module)
    problems = [each for app in apps for each in check(app, worker=True).errors]

    assert [each for each in problems if each.code.startswith("worker")] == []


def test_readme_shows_an_app_its_test_and_what_they_print(
    module: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """README's code is found and run, so that the test above cannot pass on nothing, and prints what stands below."""
    blocks = readme_blocks()
    *_, last = (index for index, block in enumerate(blocks) if block.language in PYTHON)

    assert run_page(README, module) >= 2
    assert any(name.startswith("test_") for name in vars(module))
    assert capsys.readouterr().out.strip() == blocks[last + 1].text


def test_readme_shows_what_the_demo_prints() -> None:
    """The first command's output is what the demonstration prints, with lines left out where three points stand."""
    demo = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "guide" / "demo.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    printed = iter(demo.stdout.splitlines())
    for part in readme_output("demo").split("\n...\n"):
        first, *rest = part.removesuffix("\n...").splitlines()
        assert first in printed, f"not printed, or not in this order: {first!r}"
        assert [next(printed) for _ in rest] == rest


def test_readme_shows_the_summary_of_the_tests(request: pytest.FixtureRequest) -> None:
    """The second command's output is a summary of pytest; when all tests run, they are about as many as it says."""
    shown = re.fullmatch(
        r"(?P<passed>\d+) passed, (?P<skipped>\d+) skipped, \d+ deselected in [\d.]+s \(\d:\d\d:\d\d\)",
        readme_output("tests"),
    )
    assert shown

    collected = request.session.testscollected
    if collected > WHOLE_SUITE:
        assert 0.8 < (int(shown["passed"]) + int(shown["skipped"])) / collected < 1.2


def test_readme_claims_no_more_than_was_measured() -> None:
    """Each ratio in README's table is one of the page of performance, rounded down."""
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    measured = dict(re.findall(r"^\| \w+ \| ([^|]+) \| ([\d.]+) x \|", page, re.MULTILINE))
    claimed = dict(re.findall(r"^\| ([^|]+) \| 1 \| ([\d.]+) x \|$", README.read_text(encoding="utf-8"), re.MULTILINE))

    assert len(claimed) >= 4
    assert {what: float(ratio) <= float(measured[what]) for what, ratio in claimed.items()} == dict.fromkeys(
        claimed, True
    )


def test_readme_is_short() -> None:
    """Beside its code README has less than 300 words."""
    readme = README.read_text(encoding="utf-8")
    words = re.sub(r"^```.*?^```$", "", readme, flags=re.MULTILINE | re.DOTALL).split()

    assert len([word for word in words if re.search(r"\w", word)]) < 300


def test_a_failing_example_is_seen(tmp_path: Path, module: ModuleType) -> None:
    """An example that raises fails its page, at its own line, and so does a test in it."""
    page = tmp_path / "page.md"

    page.write_text("# Title\n\n```python\nx = 1\nassert x == 2\n```\n")
    with pytest.raises(AssertionError) as caught:
        run_page(page, module)
    assert (caught.traceback[-1].lineno, str(caught.traceback[-1].path)) == (4, str(page))

    page.write_text("```python\ndef test_it():\n    raise LookupError\n```\n")
    with pytest.raises(LookupError):
        run_page(page, module)


def test_blocks_share_a_page_and_other_languages_do_not_run(tmp_path: Path, module: ModuleType) -> None:
    """A block sees what the blocks above it made; text in another language is left alone."""
    page = tmp_path / "page.md"
    page.write_text('```python title="a.py"\nx = 1\n```\n```json\n{]\n```\n- item\n\n  ```py\n  y = x + 1\n  ```\n')

    assert run_page(page, module) == 2
    assert module.__dict__["y"] == 2


def test_not_running_a_block_takes_a_reason(tmp_path: Path, module: ModuleType) -> None:
    """A block is passed over for a stated reason only."""
    page = tmp_path / "page.md"

    page.write_text("<!-- no-run: needs a host -->\n```python\n1 / 0\n```\n")
    assert run_page(page, module) == 0

    page.write_text("<!-- no-run: -->\n```python\n1 / 0\n```\n")
    with pytest.raises(AssertionError, match="say why"):
        run_page(page, module)


def prose_of(page: str) -> str:
    """Blank out the fenced blocks and code spans of a page, where a bracket is no link and a hash no heading."""
    lines = page.splitlines()
    for block in blocks_of(page):
        end = block.line - 1 + len(block.text.splitlines())
        lines[block.line - 1 : end] = [""] * (end - block.line + 1)
    return re.sub(r"`[^`\n]*`", "", "\n".join(lines))


def anchors_of(page: str) -> set[str]:
    """List the anchors that the headings of a page make."""
    anchors = set()
    for line in page.splitlines():
        heading = HEADING.fullmatch(line)
        if heading is not None:
            words = re.sub(r"[^\w\s-]", "", heading["text"].lower()).strip()
            anchors.add(heading["anchor"] or re.sub(r"\s+", "-", words))
    return anchors


def broken_links(path: Path) -> list[str]:
    """List the links of a page to files and headings of the project that do not exist."""
    broken = []
    for match in LINK.finditer(prose_of(path.read_text(encoding="utf-8"))):
        link = match["inline"] or match["reference"]
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file) if file else path
        if not target.exists() or (anchor and anchor not in anchors_of(target.read_text(encoding="utf-8"))):
            broken.append(link)
    return broken


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_local_links_lead_somewhere(path: Path) -> None:
    """Every link to a file or a heading of the project finds it."""
    assert broken_links(path) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    """A missing file and a missing heading are both noticed; links in code and to the web are not followed."""
    page = tmp_path / "page.md"
    page.write_text(
        "# A `call` of yours\n"
        "[a](#a-call-of-yours) [b](gone.md) [c](#gone) `[d](no)` [e](https://example.org/)\n"
        "[f]: nope.md\n"
    )

    assert broken_links(page) == ["gone.md", "#gone", "nope.md"]


def test_readme_gives_two_commands() -> None:
    """README begins with two commands, and each is complete: environment, nox, session."""
    commands = [line for block in readme_blocks() if block.language == "bash" for line in block.text.splitlines()]

    setup = "python3 -m venv .venv && .venv/bin/pip install -q nox && .venv/bin/nox -s "
    assert commands == [f"{setup}demo", f"{setup}tests"]
