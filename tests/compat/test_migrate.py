"""Rewriting imports between the two names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from azfunc.compat.migrate import rewrite, rewrite_files, summary
from azfunc.compat.names import PUBLIC

if TYPE_CHECKING:
    from pathlib import Path

BOTH_WAYS = [
    ("import azure.functions as func", "import azfunc as func"),
    ("import azure.functions as func, os", "import azfunc as func, os"),
    ("from azure.functions import FunctionApp, HttpRequest as R", "from azfunc import FunctionApp, HttpRequest as R"),
    ("from azure.functions import *", "from azfunc import *"),
    ("import azure.functions\nx: azure.functions.Out[str]\n", "import azfunc\nx: azfunc.Out[str]\n"),
    ("if True:\r\n    import azure.functions as f  # é\r\n", "if True:\r\n    import azfunc as f  # é\r\n"),
    ("t = 'é\x0c'; import azure.functions as f", "t = 'é\x0c'; import azfunc as f"),
    ("from azure.functions import (\n    Out,\n    Context,\n)\n", "from azfunc import (\n    Out,\n    Context,\n)\n"),
    ("def f():\n    import azure.functions as func\n", "def f():\n    import azfunc as func\n"),
    ("", ""),
]


@pytest.mark.parametrize(("theirs", "ours"), BOTH_WAYS)
def test_imports_are_rewritten_both_ways(theirs: str, ours: str) -> None:
    """An import of one name becomes one of the other, and all around it stays, to the letter."""
    assert rewrite(theirs) == (ours, [])
    assert rewrite(ours, "to_reference") == (theirs, [])


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("from azure import functions as func", "import azfunc as func"),
        ("from azure import functions", "import azfunc as functions"),
        ("from azure.functions.queue import QueueMessage", "from azfunc import QueueMessage"),
        ("from azure.functions.decorators.core import DataType as D", "from azfunc import DataType as D"),
        ("from azure.functions.decorators import FunctionApp", "from azfunc import FunctionApp"),
    ],
)
def test_other_forms_become_the_plain_one(theirs: str, ours: str) -> None:
    """What azfunc has in one place only is imported from there."""
    assert rewrite(theirs) == (ours, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import azure.functions.queue as q", "import the names you need from azfunc instead"),
        ("from azure.functions._http import HttpResponseHeaders", "HttpResponseHeaders: not a public name of azfunc"),
        ("from azure.functions.nope import X", "X: not a public name of azfunc"),
        ("from azure.functions import Nope", "Nope: not in azfunc"),
        ("from azure.functions import queue", "queue: not in azfunc"),
        ("from azure import functions, storage", "write it on a line of its own"),
    ],
)
def test_what_has_no_public_name_is_told(text: str, told: str) -> None:
    """An import that cannot be rewritten stays, and a note says where and why."""
    result = rewrite(f"x = 1\n{text}\n")

    assert result.text == f"x = 1\n{text}\n"
    assert result.notes[0].line == 2
    assert told in result.notes[0].text


@pytest.mark.parametrize(
    "text",
    [
        "x = 'import azure.functions as func'",
        "# import azure.functions",
        "import azure.durable_functions as df",
        "from . import functions",
        "from azure import storage",
        "azure = 1",
    ],
)
def test_everything_else_stays(text: str) -> None:
    """Texts, comments and other packages are not touched."""
    assert rewrite(text) == (text, [])


def test_what_only_azfunc_has_is_told_on_the_way_back() -> None:
    """A name of azfunc alone has no place in the reference."""
    result = rewrite("from azfunc import JsonResponse\nimport azfunc.compat\n", "to_reference")

    assert result.text == "from azfunc import JsonResponse\nimport azfunc.compat\n"
    assert [note.line for note in result.notes] == [1, 2]


def test_import_over_two_lines_is_told() -> None:
    """A package name that is broken over lines is left to its author."""
    result = rewrite("import azure. \\\n    functions as func\n")

    assert "over several lines" in result.notes[0].text


def test_files_of_an_app_are_rewritten(tmp_path: Path) -> None:
    """Every source below a folder is looked at; nothing is written before it is said so."""
    app = tmp_path / "function_app.py"
    app.write_bytes(b"# -*- coding: latin-1 -*-\r\nimport azure.functions as func  # \xe9\r\n")
    (tmp_path / "bom.py").write_bytes(b"\xef\xbb\xbfimport azure.functions as func\n")
    (tmp_path / "broken.py").write_text("def")
    (tmp_path / "plain.py").write_text("import os\n")
    (tmp_path / "notes.txt").write_text("import azure.functions")
    below = tmp_path / "shared" / "code.py"
    below.parent.mkdir()
    below.write_text("import azure.functions.queue as q\n")
    skipped = tmp_path / ".venv" / "x.py"
    skipped.parent.mkdir()
    skipped.write_text("import azure.functions as func\n")

    changes = list(rewrite_files(tmp_path))

    assert [change.path.name for change in changes] == ["bom.py", "broken.py", "function_app.py", "code.py"]
    assert b"azure.functions" in app.read_bytes()
    assert summary(changes) == "2 files to change, 2 places left alone"
    assert "not read" in changes[1].notes[0].text
    assert changes[0].diff.splitlines()[-2:] == ["-import azure.functions as func", "+import azfunc as func"]
    assert changes[3].diff == ""

    for change in changes:
        if change.before != change.after:
            change.write()

    assert app.read_bytes() == b"# -*- coding: latin-1 -*-\r\nimport azfunc as func  # \xe9\r\n"
    assert (tmp_path / "bom.py").read_bytes() == b"\xef\xbb\xbfimport azfunc as func\n"
    assert skipped.read_text() == "import azure.functions as func\n"


def test_a_single_file_can_be_given(tmp_path: Path) -> None:
    """A path may be a file, and the way back works on files too."""
    file = tmp_path / "function_app.py"
    file.write_text("import azfunc as func\n")

    [change] = rewrite_files(file, "to_reference")

    assert change.after == "import azure.functions as func\n"


def test_each_public_name_can_be_rewritten() -> None:
    """No public name of the reference is told as missing."""
    assert rewrite(f"from azure.functions import {', '.join(PUBLIC.split())}").notes == []
