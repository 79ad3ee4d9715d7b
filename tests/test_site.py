"""The site is whole: each page can be reached, and each public name and each error stands in its page."""

from __future__ import annotations

import enum
import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import azfunc
import azfunc as func
from azfunc import _catalog
from tests.test_docs import blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
ERRORS = sorted(
    name for name in func.__all__ if isinstance(kind := getattr(func, name), type) and issubclass(kind, BaseException)
)


def test_navigation_has_every_page_once() -> None:
    """A new page is entered in `mkdocs.yml`, and one that is gone is taken out."""
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^ +- (?:[^:\n]+: )?(\S+\.md)$", settings.partition("\nnav:\n")[2], re.MULTILINE)

    assert sorted(listed) == PAGES


def test_start_page_links_to_every_page() -> None:
    """A new page is linked from the start page, under its kind."""
    links = re.findall(r"\]\(([^)#]+\.md)\)", (DOCS / "index.md").read_text(encoding="utf-8"))

    assert sorted({"index.md", *links}) == PAGES


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_its_causes_and_cures(name: str) -> None:
    """Each public error and warning has a heading in the page of errors, and a text below it."""
    page = (DOCS / "errors.md").read_text(encoding="utf-8")

    assert re.search(rf"^## {name}\n\n\S", page, re.MULTILINE)


def test_errors_that_are_gone_have_no_heading() -> None:
    """Each heading of the page of errors is a public name."""
    headings = re.findall(r"^## (.+)$", (DOCS / "errors.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(headings) == ERRORS


def subclasses_of(kind: type) -> Iterator[type]:
    """Give the subclasses of an error or a warning, at all depths."""
    for each in kind.__subclasses__():
        if each.__module__.startswith("azfunc."):
            yield each
            yield from subclasses_of(each)


def test_tree_of_errors_has_every_error_in_its_place() -> None:
    """The tree is that of the classes, with the built-in exceptions that each one also is."""
    for module in pkgutil.walk_packages(azfunc.__path__, "azfunc."):
        if module.name not in ("azfunc.__main__", "azfunc.testing.plugin"):
            importlib.import_module(module.name)
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    [tree] = [block.text for block in blocks_of(page) if block.text.startswith("AzfuncError")]
    kinds = {kind.__name__: kind for top in (func.AzfuncError, func.AzfuncWarning) for kind in subclasses_of(top)}
    kinds |= {"AzfuncError": func.AzfuncError, "AzfuncWarning": func.AzfuncWarning}

    shown: dict[str, tuple[str | None, list[str]]] = {}
    above: dict[int, str] = {}
    for indent, name, builtins in re.findall(r"^([│├└─ ]*)(\w+)(?: \((.+)\))?$", tree, re.MULTILINE):
        above[len(indent)] = name
        shown[name] = (above.get(len(indent) - 4), builtins.split(", ") if builtins else [])
    real = {
        name: (
            next((base.__name__ for base in kind.__bases__ if base.__name__ in kinds), None),
            [base.__name__ for base in kind.__bases__ if base.__name__ not in kinds],
        )
        for name, kind in kinds.items()
    }

    assert shown == real
    assert {name for name in kinds if page.count(name) < 2} == set()


def test_api_has_every_public_name_once() -> None:
    """Each public name is in the pages made from docstrings, and no other is."""
    text = "".join((DOCS / "reference" / name).read_text(encoding="utf-8") for name in ("api.md", "decorators.md"))
    named = re.findall(r"^::: azfunc\.(\w+)$", text, re.MULTILINE)

    assert sorted(named) == sorted(set(func.__all__) - {"__version__"})


COMMANDS = [
    name
    for path in (ROOT / "azfunc" / "cli" / "commands").glob("*.py")
    for name in re.findall(r'^NAME = "(\w+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
]
SERVICES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (DOCS / "reference").glob("*.md")
    if path.name not in ("api.md", "decorators.md")
}


def pages_about(name: str) -> str:
    """Give the text of the services' pages that have a name."""
    return "".join(text for text in SERVICES.values() if re.search(rf"\b{name}\b", text))


@pytest.mark.parametrize("name", [*_catalog.TRIGGERS, *_catalog.BINDINGS])
def test_every_decorator_is_explained(name: str) -> None:
    """A page of the services has the decorator, and each of its parameters as code."""
    page = pages_about(name)
    parameters = inspect.signature(getattr(func.FunctionApp, name)).parameters
    spans = re.findall(r"`([^`\n]+)`", page)

    assert page
    words = {word for span in spans for word in re.findall(r"\w+", span)}
    assert set(parameters) - {"self", "kwargs"} - words == set()


def messages() -> list[type]:
    """Give the public classes of the services, without the enums and what is made for converters."""
    found = [getattr(func, name) for name in _catalog.NAMES if not name.endswith("Converter")]
    return [
        each
        for each in found
        if isinstance(each, type)
        and not issubclass(each, (BaseException, enum.Enum))
        and each.__module__.startswith("azfunc.bindings")
    ]


@pytest.mark.parametrize("cls", messages(), ids=lambda cls: cls.__name__)
def test_every_attribute_of_a_message_is_explained(cls: type) -> None:
    """The page of the service has each property of its messages."""
    page = pages_about(cls.__name__)
    properties = {
        name
        for name in dir(cls)
        if not name.startswith("_") and isinstance(inspect.getattr_static(cls, name), property)
    }

    assert page
    assert {name for name in properties if not re.search(rf"\b{name}\b", page)} == set()


@pytest.mark.parametrize("page", SERVICES)
def test_every_service_page_has_an_example(page: str) -> None:
    """Each page of a service has code, which `tests/test_docs.py` runs."""
    assert "```python\n" in SERVICES[page]


def test_every_command_has_its_section() -> None:
    """The page of the command has a heading for each subcommand, and no other."""
    headings = re.findall(r"^## `azfunc (\w+)`$", (DOCS / "cli.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted(COMMANDS)


@pytest.mark.parametrize("path", ["azfunc.bindings", "azfunc.compat", "azfunc.start", "azfunc.testing"])
def test_api_has_the_names_of_the_other_packages(path: str) -> None:
    """What another package lists as public stands in the page of the API."""
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    names = importlib.import_module(path).__all__

    assert [name for name in names if f"::: {path}.{name}\n" not in page and f"`{name}`" not in page] == []


def sessions() -> set[str]:
    """Give the names of the sessions of `noxfile.py`."""
    found = re.findall(
        r'^@nox\.session(?:\(.*?(?:name="(\w+)")?\))?\n(?:@nox\.parametrize\(.*\)\n)?def (\w+)',
        (ROOT / "noxfile.py").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {name or function for name, function in found}


def test_texts_name_sessions_that_exist() -> None:
    """Where a page, a test or a message says ``nox -s NAME``, there is such a session."""
    files = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("azfunc/**/*.py")]
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in files
        for name in re.findall(r"nox -s \"?([a-z_]+)", path.read_text(encoding="utf-8"))
    }

    assert {each for each in named if each[1] not in sessions()} == set()
    assert {name for _, name in named} > {"demo", "tests", "package"}


def test_contributing_explains_every_gate() -> None:
    """The table of gates has each session of `noxfile.py`, and no other."""
    gates = (
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## The gates\n")[2].partition("\n## ")[0]
    )
    table = re.findall(r"^\| `(\w+)` \|", gates, re.MULTILINE)

    assert sorted(table) == sorted(sessions())


def test_examples_are_whole() -> None:
    """Each example has what a copy of it needs, and a README of about ten lines that says how to run its tests."""
    for example in sorted(path.parent for path in ROOT.glob("examples/*/host.json")):
        for name in ("requirements.txt", "local.settings.json", ".funcignore", "README.md", "tests"):
            assert (example / name).exists(), f"{example.name} has no {name}"
        readme = (example / "README.md").read_text(encoding="utf-8")
        assert "python -m pytest tests" in readme, example.name
        assert len(readme.splitlines()) <= 15, example.name


def test_page_of_examples_has_each_once() -> None:
    """A new example comes into the table of examples."""
    table = re.findall(r"^\| `examples/([\w-]+)` \|", (DOCS / "examples.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(table) == sorted(path.parent.name for path in ROOT.glob("examples/*/host.json"))
