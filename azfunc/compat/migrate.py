"""Rewriting the imports of source files between `azure.functions` and `azfunc`, in either direction.

Only import statements change, and full names such as ``azure.functions.HttpRequest`` in the code below an
``import azure.functions``; comments, texts and everything else stay as they are, to the letter.

From `azure.functions` to `azfunc`, a name of a submodule goes to where `names.MODULES` has it if it is public in
azfunc; one that is not is left alone, and told. From `azfunc` to `azure.functions`, what the reference lacks is told.
"""

from __future__ import annotations

import ast
import difflib
import re
import tokenize
from io import BytesIO
from typing import TYPE_CHECKING, Literal, NamedTuple

from azfunc.compat.names import MODULES, PACKAGE, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Direction = Literal["to_azfunc", "to_reference"]

OWN = "azfunc"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line as Python counts them; `str.splitlines()` knows other ends too."""
SKIPPED = {".git", ".venv", "venv", "__pycache__", "node_modules", ".python_packages", ".nox", ".tox", "site-packages"}
"""Folders that hold no source of the app."""


class Note(NamedTuple):
    """Something that was left alone, and why."""

    line: int
    text: str


class Rewritten(NamedTuple):
    """The result for one text."""

    text: str
    notes: list[Note]


class Change(NamedTuple):
    """The result for one file."""

    path: Path
    before: str
    after: str
    notes: list[Note]
    encoding: str

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty when nothing changes."""
        return "".join(
            difflib.unified_diff(
                self.before.splitlines(keepends=True),
                self.after.splitlines(keepends=True),
                str(self.path),
                str(self.path),
            )
        )

    def write(self) -> None:
        """Write the file, with the encoding and the line ends that it had."""
        self.path.write_bytes(self.after.encode(self.encoding))


def rewrite(text: str, direction: Direction = "to_azfunc") -> Rewritten:
    """Rewrite the imports of a source text.

    Args:
        text: Python source.
        direction: ``to_azfunc``, or ``to_reference`` for the way back.

    Returns:
        The new text, and what was left alone.

    Raises:
        SyntaxError: It is no Python source.

    Example:
        >>> rewrite("import azure.functions as func").text
        'import azfunc as func'
    """
    tree = ast.parse(text)
    rewriter = _Rewriter(text, direction)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            rewriter.see_import(node)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            rewriter.see_from(node, node.module)
    if rewriter.is_plain:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                rewriter.see_attribute(node)
    return Rewritten(rewriter.applied(), sorted(rewriter.notes))


def rewrite_files(path: Path, direction: Direction = "to_azfunc") -> Iterator[Change]:
    """Rewrite the Python files of an app; nothing is written before `Change.write()` is called.

    Args:
        path: A file, or a folder with all below it; environments and caches are passed over.
        direction: ``to_azfunc``, or ``to_reference`` for the way back.

    Yields:
        A change for each file that changes or that has notes; a file that is no Python source has one note.
    """
    for file in [path] if path.is_file() else _sources(path):
        raw = file.read_bytes()
        try:
            encoding, _ = tokenize.detect_encoding(BytesIO(raw).readline)
            before = raw.decode(encoding)
            after, notes = rewrite(before, direction)
        except (SyntaxError, UnicodeDecodeError, ValueError) as error:
            yield Change(file, "", "", [Note(getattr(error, "lineno", None) or 1, f"not read: {error}")], "utf-8")
            continue
        if after != before or notes:
            yield Change(file, before, after, notes, encoding)


def _sources(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and entry.name not in SKIPPED:
            yield from _sources(entry)
        elif entry.suffix in (".py", ".pyi"):
            yield entry


class _Rewriter:
    """Collects what to replace, by place in the text."""

    def __init__(self, text: str, direction: Direction) -> None:
        self.lines = _LINE.findall(text)
        self.direction = direction
        self.old, self.new = (PACKAGE, OWN) if direction == "to_azfunc" else (OWN, PACKAGE)
        self.notes: list[Note] = []
        self.is_plain = False
        """Whether the package is imported under its full name, so that the code below uses that."""
        self._edits: list[tuple[int, int, str]] = []
        self._starts: list[int] = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))

    def see_import(self, node: ast.Import) -> None:
        """Rewrite ``import azure.functions as func``; tell of submodules, which azfunc has elsewhere."""
        for alias in node.names:
            if alias.name == self.old:
                self.is_plain = self.is_plain or alias.asname is None
                self._replace(alias, self.old, self.new)
            elif alias.name.startswith(f"{self.old}."):
                self._note(node, f"import {alias.name}: import the names you need from {self.new} instead")

    def see_from(self, node: ast.ImportFrom, module: str) -> None:
        """Rewrite ``from azure.functions[.x] import names`` if every name is there under the other name."""
        if module == "azure" and self.direction == "to_azfunc":
            self._see_from_azure(node)
        elif module == self.old:
            missing = [alias.name for alias in node.names if not self._is_there("", alias.name)]
            if missing:
                self._note(node, f"{', '.join(missing)}: not in {self.new}")
            else:
                self._replace(node, self.old, self.new)
        elif module.startswith(f"{self.old}."):
            path = module[len(self.old) + 1 :]
            missing = [alias.name for alias in node.names if not self._is_there(path, alias.name)]
            if missing or self.direction == "to_reference":
                self._note(node, f"{', '.join(missing) or module}: not a public name of {self.new}")
            else:
                self._replace(node, module, self.new)

    def _see_from_azure(self, node: ast.ImportFrom) -> None:
        named = [alias for alias in node.names if alias.name == "functions"]
        if not named:
            return
        if len(node.names) > 1:
            self._note(node, "from azure import functions, with others: write it on a line of its own")
            return
        start, end = self._span(node)
        self._edits.append((start, end, f"import {OWN} as {named[0].asname or 'functions'}"))

    def see_attribute(self, node: ast.Attribute) -> None:
        """Rewrite ``azure.functions`` where it stands in the code."""
        if self.direction == "to_azfunc":
            if node.attr == "functions" and isinstance(node.value, ast.Name) and node.value.id == "azure":
                start, end = self._span(node)
                self._edits.append((start, end, OWN))
        elif isinstance(node.value, ast.Name) and node.value.id == OWN:
            start, end = self._span(node.value)
            self._edits.append((start, end, PACKAGE))

    def _is_there(self, path: str, name: str) -> bool:
        if name == "*":
            return not path
        if self.direction == "to_reference":
            return name in PUBLIC.split()
        import azfunc

        if not path:
            return name in azfunc.__all__
        places = MODULES.get(path, {})
        known = {entry.partition("=")[0] for names in places.values() for entry in names.split()}
        if name not in known or name not in azfunc.__all__:
            return False
        from azfunc.compat.facade import module

        return getattr(module(path), name) is getattr(azfunc, name)

    def _note(self, node: ast.stmt, text: str) -> None:
        self.notes.append(Note(node.lineno, text))

    def _replace(self, node: ast.AST, old: str, new: str) -> None:
        start, end = self._span(node)
        text = "".join(self.lines)
        place = text.find(old, start, end)
        if place < 0:
            self.notes.append(Note(getattr(node, "lineno", 1), f"{old} is written over several lines: left alone"))
            return
        self._edits.append((place, place + len(old), new))

    def _span(self, node: ast.AST) -> tuple[int, int]:
        """Give where a node begins and ends in the text; the tree counts bytes within a line."""
        found: list[int] = []
        for line, column in (
            (getattr(node, "lineno", 1), getattr(node, "col_offset", 0)),
            (getattr(node, "end_lineno", 1), getattr(node, "end_col_offset", 0)),
        ):
            encoded = self.lines[line - 1].encode("utf-8")
            found.append(self._starts[line - 1] + len(encoded[:column].decode("utf-8")))
        return found[0], found[1]

    def applied(self) -> str:
        """Give the text with the replacements, from its end to its start."""
        text = "".join(self.lines)
        for start, end, new in sorted(set(self._edits), reverse=True):
            text = text[:start] + new + text[end:]
        return text


def summary(changes: Iterable[Change]) -> str:
    """Give one line on what changes: files changed, places left alone."""
    listed = list(changes)
    changed = sum(change.before != change.after for change in listed)
    left = sum(len(change.notes) for change in listed)
    return f"{changed} file{'s' if changed != 1 else ''} to change, {left} place{'s' if left != 1 else ''} left alone"
