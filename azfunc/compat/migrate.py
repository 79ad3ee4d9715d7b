"""Rewriting the imports of source files between `azure.functions` and `azfunc`, in either direction.

Only import statements change, and full names such as ``azure.functions.HttpRequest`` in the code below an
``import azure.functions``, annotations in quotes included; comments, texts and everything else stay as they are, to
the letter.

From `azure.functions` to `azfunc`, a name of a submodule goes to where `names.MODULES` has it if it is public in
azfunc; one that is not is left alone, and told. From `azfunc` to `azure.functions`, what the reference lacks is told.
So is what is used of the library by its alias, and a text that is the name of something in it, as for `mock.patch()`.
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
MODULE_NAMES = {"__name__", "__doc__", "__file__", "__dict__", "__all__", "__path__", "__spec__"}
"""What every module has."""
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
    nodes = list(ast.walk(tree))
    rewriter.taken = set(_bound(nodes))
    for node in nodes:
        if isinstance(node, ast.Import):
            rewriter.see_import(node)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            rewriter.see_from(node, node.module)
    for node in nodes:
        if isinstance(node, ast.Attribute):
            rewriter.see_attribute(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            rewriter.see_text(node, node.value)
        for annotation in _annotations(node):
            rewriter.see_annotation(annotation)
    rewriter.tell_of_texts()
    return Rewritten(rewriter.applied(), sorted(set(rewriter.notes)))


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Give the names that the code binds itself, other than by importing a package of that name."""
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name


def _annotations(node: ast.AST) -> Iterator[ast.expr]:
    """Give the annotations that stand directly at a node."""
    for found in (getattr(node, "annotation", None), getattr(node, "returns", None)):
        if isinstance(found, ast.expr):
            yield found


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
        self.aliases: set[str] = set()
        """Names that the package is imported under."""
        self.taken: set[str] = set()
        """Names that the code has for things of its own."""
        self._texts = re.compile(re.escape(self.old) + (r"(\.\w+)*" if direction == "to_azfunc" else r"(\.\w+)+"))
        self._is_left = False
        """Whether something is used by the full name that cannot be rewritten, and needs its import."""
        self._imports: list[int] = []
        """Where the full name is imported."""
        self._quoted: set[int] = set()
        self._named: list[tuple[ast.Constant, str]] = []
        self._edits: list[tuple[int, int, str]] = []
        self._starts: list[int] = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))

    def see_import(self, node: ast.Import) -> None:
        """Rewrite ``import azure.functions as func``; tell of submodules, which azfunc has elsewhere."""
        for alias in node.names:
            if alias.name == self.old and alias.asname is None and self._root in self.taken:
                self._note(node, f"import {self.old}: {self._root!r} is something else in this file as well")
            elif alias.name == self.old:
                self.is_plain = self.is_plain or alias.asname is None
                if alias.asname is not None:
                    self.aliases.add(alias.asname)
                else:
                    self._imports.append(self._span(alias)[0])
                self._replace(alias, self.old, self.new)
            elif alias.name.startswith(f"{self.old}."):
                self._note(node, f"import {alias.name}: import the names you need from {self.new} instead")

    @property
    def _root(self) -> str:
        """Name that ``import`` binds for the package when there is no alias."""
        return self.old.partition(".")[0]

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
        name = named[0].asname or "functions"
        self.aliases.add(name)
        self._edits.append((start, end, f"import {OWN} as {name}"))

    def see_attribute(self, node: ast.Attribute) -> None:
        """Rewrite ``azure.functions.X`` where it stands in the code; tell of what the other library has no X for."""
        if not self._is_package(node.value):
            return
        if node.attr not in MODULE_NAMES and not self._is_there("", node.attr):
            self._note(node, f"{node.attr}: not in {self.new}")
            self._is_left = self._is_left or not isinstance(node.value, ast.Name) or node.value.id not in self.aliases
        elif not isinstance(node.value, ast.Name) or node.value.id not in self.aliases:
            start, end = self._span(node.value)
            self._edits.append((start, end, self.new))

    def _is_package(self, node: ast.expr) -> bool:
        """Tell whether an expression is the package: its alias, or its full name."""
        if isinstance(node, ast.Name):
            known = self.aliases - self.taken
            return node.id in known or (self.is_plain and node.id == self.old)
        if not (self.is_plain and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            return False
        return f"{node.value.id}.{node.attr}" == self.old

    def see_annotation(self, node: ast.expr) -> None:
        """Rewrite full names in the quotes of an annotation."""
        if not self.is_plain:
            return
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                start, end = self._span(each)
                text = "".join(self.lines)
                for found in re.finditer(rf"\b{re.escape(self.old)}(?=\.\w)", text[start:end]):
                    self._edits.append((start + found.start(), start + found.end(), self.new))
                    self._quoted.add(id(each))

    def see_text(self, node: ast.Constant, value: str) -> None:
        """Tell of a text that is the name of the package, or of something in it."""
        if self._texts.fullmatch(value):
            self._named.append((node, value))

    def tell_of_texts(self) -> None:
        """Tell of the texts that are names, but for those that were rewritten, and of comments that are types."""
        for node, value in self._named:
            if id(node) not in self._quoted:
                self._note(node, f"{value!r} is a text: change it if it is to name what is in {self.new}")
        mention = re.compile(rf"#\s*type:.*\b{re.escape(self.old)}\.")
        for number, line in enumerate(self.lines if self.is_plain else (), start=1):
            if mention.search(line):
                self.notes.append(Note(number, f"a comment has a type of {self.old}: change it by hand"))

    def _is_there(self, path: str, name: str) -> bool:
        if name == "*":
            return not path
        if name == "__version__":
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

    def _note(self, node: ast.stmt | ast.expr, text: str) -> None:
        self.notes.append(Note(node.lineno, text))

    def _replace(self, node: ast.AST, old: str, new: str) -> None:
        start, end = self._span(node)
        text = "".join(self.lines)
        found = re.compile(r"[ \t]*\.[ \t]*".join(old.split("."))).search(text, start, end)
        if found is None:
            self.notes.append(Note(getattr(node, "lineno", 1), f"{old} is written over several lines: left alone"))
            return
        self._edits.append((found.start(), found.end(), new))

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
            kept = f"{text[start:end]}, " if self._is_left and start in self._imports else ""
            text = text[:start] + kept + new + text[end:]
        return text


def summary(changes: Iterable[Change]) -> str:
    """Give one line on what changes: files changed, places left alone."""
    listed = list(changes)
    changed = sum(change.before != change.after for change in listed)
    left = sum(len(change.notes) for change in listed)
    return f"{changed} file{'s' if changed != 1 else ''} to change, {left} place{'s' if left != 1 else ''} left alone"
