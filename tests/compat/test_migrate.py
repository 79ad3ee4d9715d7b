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
    ("import os, azure.functions as func\nfunc.FunctionApp()\n", "import os, azfunc as func\nfunc.FunctionApp()\n"),
    (
        "import azure.functions\ndef f(req: 'azure.functions.HttpRequest') -> \"azure.functions.HttpResponse\": ...\n",
        "import azfunc\ndef f(req: 'azfunc.HttpRequest') -> \"azfunc.HttpResponse\": ...\n",
    ),
    ("import azure.functions\nx = f'{azure.functions.Out}'\n", "import azfunc\nx = f'{azfunc.Out}'\n"),
    ("from azure.functions import __version__", "from azfunc import __version__"),
    ("import azure.functions as func\nprint(func.__name__)\n", "import azfunc as func\nprint(func.__name__)\n"),
    (
        "try:\n    import azure.functions as func\nexcept ImportError:\n    func = None\n",
        "try:\n    import azfunc as func\nexcept ImportError:\n    func = None\n",
    ),
    (
        "def f(func):\n    return func.anything\nimport azure.functions as func\n",
        "def f(func):\n    return func.anything\nimport azfunc as func\n",
    ),
    (
        "match x:\n    case 1:\n        import azure.functions as f\n",
        "match x:\n    case 1:\n        import azfunc as f\n",
    ),
    ("import azure.functions as f # é\r\nimport os\rx=1\n", "import azfunc as f # é\r\nimport os\rx=1\n"),
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
        ("import azure . functions as func", "import azfunc as func"),
        ("from azure . functions import Out", "from azfunc import Out"),
        ("from azure import (\n    functions as func,\n)  # é\n", "import azfunc as func  # é\n"),
        ("import azure.functions\nx = (azure\n    .functions\n    .Out)\n", "import azfunc\nx = (azfunc\n    .Out)\n"),
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


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("import azure.functions as func\nx = func.queue.QueueMessage\n", 2, "queue: not in azfunc"),
        ("from azure import functions\nx = functions.meta\n", 2, "meta: not in azfunc"),
        ("import azure.functions\nx = azure.functions.decorators.core\n", 2, "decorators: not in azfunc"),
        ("import azure.functions as f\npatch('azure.functions.HttpRequest')\n", 2, "is a text: change it"),
        ("import azure.functions as f\nload('azure.functions')\n", 2, "'azure.functions' is a text"),
        ("import azure.functions\nx = y  # type: azure.functions.Out\n", 2, "a comment has a type"),
    ],
)
def test_what_the_code_uses_otherwise_is_told(text: str, line: int, told: str) -> None:
    """What is used of the library, and is not in the other one, stays, and a note says where."""
    result = rewrite(text)

    assert result.text.splitlines()[1:] == text.splitlines()[1:]
    assert "azfunc" in result.text.splitlines()[0]
    assert [note.line for note in result.notes] == [line]
    assert told in result.notes[0].text


def test_package_whose_name_is_taken_is_left_alone() -> None:
    """Where `azure` is a name of the code's own, it is not known what the full name means."""
    text = "def f():\n    azure = object()\n    return azure.functions\nimport azure.functions\n"

    result = rewrite(text)

    assert result.text == text
    assert result.notes[0].line == 4
    assert "'azure' is something else in this file" in result.notes[0].text


def test_names_of_azfunc_alone_are_told_where_they_are_used() -> None:
    """On the way back, what is used by the alias or by the full name and is azfunc's alone is told."""
    aliased = rewrite("import azfunc as func\nfunc.JsonResponse({})\nfunc.FunctionApp()\n", "to_reference")
    full = rewrite("import azfunc\nx = azfunc.HttpRequest\ny = azfunc.compat\n", "to_reference")

    assert aliased.text == "import azure.functions as func\nfunc.JsonResponse({})\nfunc.FunctionApp()\n"
    assert [(note.line, note.text) for note in aliased.notes] == [(2, "JsonResponse: not in azure.functions")]
    assert full.text == "import azfunc, azure.functions\nx = azure.functions.HttpRequest\ny = azfunc.compat\n"
    assert [(note.line, note.text) for note in full.notes] == [(3, "compat: not in azure.functions")]


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


def test_import_stays_where_something_needs_it() -> None:
    """What cannot be rewritten keeps the import that it is used by, and the rest is rewritten."""
    text = "import azure.functions\n\nazure.functions._http.HttpRequest\nazure.functions.HttpRequest\n"
    found = rewrite(text)

    assert found.text.splitlines() == [
        "import azure.functions, azfunc",
        "",
        "azure.functions._http.HttpRequest",
        "azfunc.HttpRequest",
    ]
    assert [note.text for note in found.notes] == ["_http: not in azfunc"]
