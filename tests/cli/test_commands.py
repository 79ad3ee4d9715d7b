"""The commands: list, routes, json, check, graph, new, completion."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

import azfunc as func
from azfunc.cli.graph import graph_of, svg
from azfunc.cli.templates import FILES
from azfunc.runtime.checking import check
from azfunc.runtime.loading import LoadedApp, load_app
from tests.apps import APP, HTTP_V1, MAIN
from tests.cli.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

GUIDE = ROOT / "examples" / "guide"
V1 = ROOT / "examples" / "v1-app"
MISTAKES = ROOT / "tests" / "data" / "apps" / "mistakes"
HEAD = "import azfunc as func\napp = func.FunctionApp()\n"


def rows_of(out: str) -> list[list[str]]:
    """Take a printed table apart."""
    return [re.split(r" {2,}", line) for line in out.splitlines()]


# --- list -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [GUIDE, V1], ids=["v2", "v1"])
def test_list_shows_every_function(azfunc: Callable[..., Any], folder: Path) -> None:
    """There is a line for each function, in the order of the app, under the heads of the columns."""
    status, out, err = azfunc("list", folder)
    with load_app(folder) as loaded:
        names = [function.get_function_name() for function in loaded.functions]

    assert (status, err) == (0, "")
    assert rows_of(out)[0] == ["FUNCTION", "TRIGGER", "SOURCE", "OUTPUTS"]
    assert [row[0] for row in rows_of(out)[1:]] == names


def test_list_says_what_starts_a_function_and_what_it_sends(azfunc: Callable[..., Any]) -> None:
    """Routes with prefix, schedules, queues; outputs by name, type and place."""
    rows = {row[0]: row[1:] for row in rows_of(azfunc("list", GUIDE).out)}

    assert rows["relay"] == ["queueTrigger", "todo", "$return: queue done"]
    assert rows["TimerTriggerWithBlob"] == ["timerTrigger", "0 */10 * * * *"]
    assert rows["my_second_function"] == ["httpTrigger", "/api/hello"]
    assert rows["HttpTriggerWithCosmosDB"][-1].startswith("event: eventHub my-test-eventhub, copy: blob output-")


def test_list_as_json(azfunc: Callable[..., Any]) -> None:
    """Programs get all bindings and the place in the source."""
    found = {each["name"]: each for each in json.loads(azfunc("list", GUIDE, "--json").out)}
    shown = found["HttpTriggerWithCosmosDB"]

    assert shown["inputs"] == [{"name": "documents", "type": "cosmosDB", "place": "test/items"}]
    assert [each["name"] for each in shown["outputs"]] == ["$return", "event", "copy"]
    assert (shown["file"], shown["model"], shown["disabled"]) == (str(GUIDE / "function_app.py"), "v2", False)
    assert (GUIDE / "function_app.py").read_text("utf-8").splitlines()[shown["line"] - 1].startswith("@app.")


MANY = """
import azfunc as func

app = func.FunctionApp()


def add(number):
    @app.function_name(f"f{number}")
    @app.route(f"items/{number}/{{id:int}}")
    @app.queue_output("done", "done", "AzureWebJobsStorage")
    def handle(req: func.HttpRequest, done: func.Out[str]) -> str:
        return ""


for number in range(COUNT):
    add(number)
"""


def test_work_of_list_grows_with_the_number_of_functions_only(
    azfunc: Callable[..., Any], write: Callable[..., Any]
) -> None:
    """Four times the functions take four times the calls: five thousand are listed as fast, each, as ten."""
    counted = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    def calls_for(count: int) -> int:
        nonlocal counted
        write({"function_app.py": MANY.replace("COUNT", str(count))}, f"app{count}")
        before, counted = sys.getprofile(), 0
        sys.setprofile(count_call)
        try:
            status, out, _ = azfunc("list", f"app{count}")
        finally:
            sys.setprofile(before)
        assert (status, len(rows_of(out))) == (0, 1 + count)
        return counted

    calls_for(10)
    few, many = calls_for(100), calls_for(400)

    assert many < 4.2 * few


def test_list_marks_disabled_functions_and_says_when_there_are_none(
    azfunc: Callable[..., Any], write: Callable[..., Any]
) -> None:
    """A switched off function is not hidden, and an empty app is not an empty answer."""
    write({"off/function.json": {**HTTP_V1, "disabled": True}, "off/__init__.py": MAIN})
    assert "off (disabled)" in azfunc("list", "shop").out

    write({"function_app.py": HEAD}, "empty")
    assert azfunc("list", "empty") == (0, "", "The app has no functions.\n")
    assert azfunc("routes", "empty") == (0, "", "The app has no HTTP functions.\n")


def test_the_current_folder_is_the_app_when_none_is_named(
    azfunc: Callable[..., Any], write: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with Core Tools."""
    monkeypatch.chdir(write({"function_app.py": APP}))

    assert "/api/hello" in azfunc("list").out


# --- routes -----------------------------------------------------------------------------------------------------------


def test_routes_are_shown_as_they_are_looked_for(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """The most specific route comes first, with methods, prefix and key level."""
    text = HEAD + "@app.route('{*rest}', auth_level='anonymous')\ndef rest(req): ...\n"
    text += "@app.route('items/{id}', methods=['PUT', 'GET'])\ndef item(req): ...\n"
    text += "@app.route('items/all', methods='GET', auth_level='admin')\ndef every(req): ...\n"
    text += "@app.timer_trigger('t', '00:01:00')\ndef tick(t): ...\n"
    write({"function_app.py": text, "host.json": {"extensions": {"http": {"routePrefix": "v1"}}}})

    assert rows_of(azfunc("routes", "shop").out) == [
        ["METHODS", "ROUTE", "FUNCTION", "KEY"],
        ["GET", "/v1/items/all", "every", "admin"],
        ["GET,PUT", "/v1/items/{id}", "item", "function"],
        ["any", "/v1/{*rest}", "rest", "anonymous"],
    ]
    assert json.loads(azfunc("routes", "shop", "--json").out)[0] == {
        "methods": ["GET"],
        "route": "/v1/items/all",
        "function": "every",
        "auth_level": "admin",
    }


# --- json -------------------------------------------------------------------------------------------------------------


def test_json_of_one_function_and_of_all(azfunc: Callable[..., Any]) -> None:
    """One function is its entry; all of them an object by name."""
    one = json.loads(azfunc("json", "relay", "--app", GUIDE).out)
    every = json.loads(azfunc("json", "--app", GUIDE).out)

    assert one["bindings"][0]["queueName"] == "todo"
    assert every["relay"] == one
    assert len(every) == 8


def test_json_of_an_unknown_function(azfunc: Callable[..., Any]) -> None:
    """The near name is offered."""
    status, _, err = azfunc("json", "rely", "--app", GUIDE)

    assert status == 1
    assert "Did you mean 'relay'?" in err


def test_written_folders_are_the_same_app(
    azfunc: Callable[..., Any], write: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `--write` makes is loaded as the older model, with the same bindings and retries."""
    text = HEAD + "from parts import bp\napp.register_functions(bp)\n"
    text += "@app.retry('exponential_backoff', '3', minimum_interval='00:00:01', maximum_interval='00:00:09')\n"
    text += "@app.queue_output('$return', 'done', 'Storage')\n"
    text += "@app.queue_trigger('msg', 'todo', 'Storage', data_type='binary')\ndef relay(msg): return 'x'\n"
    parts = (
        "import azfunc as func\nbp = func.Blueprint()\n@bp.function_name('Greet')\n@bp.route('hi')\ndef hi(req): ...\n"
    )
    folder = write({"function_app.py": text, "parts.py": parts})
    with load_app(folder) as loaded:
        wanted = {each.get_function_name(): each.get_raw_bindings() for each in loaded.functions}

    status, out, _ = azfunc("json", "--app", "shop", "--write")
    assert (status, out) == (0, "shop/Greet/function.json\nshop/relay/function.json\n")
    written = json.loads((folder / "relay" / "function.json").read_text("utf-8"))
    assert (written["scriptFile"], written["entryPoint"]) == ("../function_app.py", "relay")
    assert written["bindings"][0] | {"direction": "in", "dataType": "binary"} == written["bindings"][0]

    monkeypatch.setenv("PYTHON_SCRIPT_FILE_NAME", "not_there.py")
    with load_app(folder) as loaded:
        assert loaded.kind == "v1"
        found = {each.get_function_name(): each for each in loaded.functions}
        assert {name: list(map(json.loads, each.get_raw_bindings())) for name, each in found.items()} == {
            name: list(map(json.loads, raw)) for name, raw in wanted.items()
        }
        assert found["relay"].get_settings_dict("retry_policy") == {
            "setting_name": "retry_policy",
            "strategy": "exponential_backoff",
            "max_retry_count": 3,
            "minimum_interval": "00:00:01",
            "maximum_interval": "00:00:09",
        }


def test_a_function_without_a_name_of_its_own_is_not_written(
    azfunc: Callable[..., Any], write: Callable[..., Any]
) -> None:
    """Nothing at all is written when one function cannot be."""
    text = HEAD + "@app.route()\ndef good(req): ...\ndef make():\n    @app.route()\n    def inner(req): ...\nmake()\n"
    folder = write({"function_app.py": text})
    status, out, err = azfunc("json", "--app", "shop", "--write", folder / "out")

    assert (status, out) == (1, "")
    assert "its module has no 'inner'" in err
    assert not (folder / "out").exists()


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_gives_status_1_for_errors(azfunc: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every problem is a line with a place that editors find, and the good functions are named."""
    monkeypatch.chdir(ROOT)
    status, out, err = azfunc("check", "tests/data/apps/mistakes")
    lines = out.splitlines()
    report = check(MISTAKES)

    assert (status, err) == (1, "")
    assert len(lines) == len(report.problems) + 1
    assert lines[0].startswith("tests/data/apps/mistakes/function_app.py:17: error: Parameter 'documents'")
    assert all(
        re.match(r"tests/data/apps/mistakes/\S+:\d+: (error|warning): .+ \[[a-z-]+\]$", line) for line in lines[:-1]
    )
    assert lines[-1].startswith(f"{len(report.errors)} errors, {len(report.warnings)} warnings. Without error: good,")


def test_check_gives_status_0_for_warnings(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """Settings that are missing locally do not stop a deployment."""
    text = HEAD + "@app.queue_trigger('msg', 'todo', 'Elsewhere')\ndef f(msg): ...\n"
    write({"function_app.py": text, "host.json": {"version": "2.0"}, "local.settings.json": {"Values": {}}})
    status, out, _ = azfunc("check", "shop")

    assert status == 0
    assert "warning: " in out
    assert out.splitlines()[-1] == "0 errors, 1 warning. Without error: f."


def test_check_finds_nothing_in_the_guides_app(azfunc: Callable[..., Any]) -> None:
    """The example has every setting that it names."""
    assert azfunc("check", GUIDE).out.startswith("0 errors, 0 warnings.")


def test_check_as_json(azfunc: Callable[..., Any]) -> None:
    """Programs get the problems and the functions."""
    status, out, _ = azfunc("check", MISTAKES, "--json")
    data = json.loads(out)

    assert status == 1
    assert data["problems"][0]["code"] == "name-mismatch"
    assert data["problems"][0]["line"] == 17
    assert "good" in data["good"]
    assert data["azfunc"] == {"version": func.__version__, "file": func.__file__}
    assert set(data["good"]) < set(data["functions"])


def test_check_for_the_worker_and_with_settings(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """`--target worker` adds what Azure refuses; `--settings` makes a missing setting an error."""
    text = HEAD + "@app.queue_trigger('msg', 'todo', 'Storage')\ndef f(msg: func.QueueMessage | None): ...\n"
    write({"function_app.py": text, "host.json": {"version": "2.0"}})
    write({"empty.json": {}, "azure.json": {"Storage": "x", "N": 1}}, ".")

    assert azfunc("check", "shop").status == 0
    assert "[worker-annotation]" in azfunc("check", "shop", "--target", "worker").out
    assert "[missing-setting]" in azfunc("check", "shop", "--settings", "empty.json").out
    assert azfunc("check", "shop", "--settings", "azure.json") == (0, "0 errors, 0 warnings. Without error: f.\n", "")


def test_json_does_not_write_over_the_older_model(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """The function.json that is there may say more, such as that the function is disabled."""
    trigger = {"type": "queueTrigger", "direction": "in", "name": "msg", "queueName": "q", "connection": "Storage"}
    definition = {"scriptFile": "__init__.py", "disabled": True, "bindings": [trigger]}
    folder = write({"fn/function.json": definition, "fn/__init__.py": "def main(msg): ...\n", "host.json": {}})
    status, _, err = azfunc("json", "--app", "shop", "--write")

    assert status == 1
    assert "'fn' comes from function.json in fn/, which would be written over" in err
    assert json.loads((folder / "fn" / "function.json").read_text(encoding="utf-8")) == definition
    assert azfunc("json", "--app", "shop", "--write", "other").status == 0


def test_call_does_not_wait_between_attempts(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """A policy without a limit ends all the same, and the number of attempts is told."""
    retry = "@app.retry('fixed_delay', max_retry_count=-1, delay_interval='01:00:00')\n"
    write({"function_app.py": f"{HEAD}{retry}@app.timer_trigger('t', '0 * * * * *')\ndef bad(t): raise ValueError\n"})
    status, out, err = azfunc("call", "bad", "--app", "shop")

    assert status == 1
    assert "100 attempts; the waits between them were left out." in out + err


def test_call_shows_every_header(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """Repeated ones too, such as several cookies, and the type of a streamed body."""
    lines = [
        "r = func.HttpResponse(iter(['x']), mimetype='text/csv')",
        "r.set_cookie('a', '1')",
        "r.set_cookie('b', '2')",
    ]
    body = "\n    ".join([*lines, "return r"])
    write({"function_app.py": f"{HEAD}@app.route('it')\ndef it(req):\n    {body}\n"})
    data = json.loads(azfunc("call", "it", "--app", "shop", "--json").out)

    assert data["response"]["headers"] == {
        "set-cookie": ["a=1; Path=/", "b=2; Path=/"],
        "content-type": "text/csv; charset=utf-8",
    }
    assert "set-cookie: a=1; Path=/\nset-cookie: b=2; Path=/\n" in azfunc("call", "it", "--app", "shop").out


def test_check_needs_a_file_of_settings_that_is_there(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """The error has the system's words, and is no matter of encodings."""
    write({"function_app.py": APP})
    status, _, err = azfunc("check", "shop", "--settings", "nowhere.json")

    assert status == 1
    assert err.startswith("error: nowhere.json cannot be read: No such file or directory.\n")
    assert err.endswith("Give a file that is there and may be read.\n")


def test_check_counts_one(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """One error is not "1 errors", and no good function is said in words."""
    write({"function_app.py": HEAD + "@app.timer_trigger('t', 'x')\ndef f(t): ...\n"})

    assert azfunc("check", "shop").out.splitlines()[-1] == "1 error, 1 warning. Without error: no function."


# --- graph ------------------------------------------------------------------------------------------------------------

PICTURE = (
    HEAD
    + "@app.queue_output('out', 'shared', 'S')\n@app.route('in/{id}')\ndef first(req, out): ...\n"
    + "@app.blob_input('b', 'c/\"{id}\"<&>', 'S')\n@app.queue_trigger('m', 'shared', 'S')\ndef second(m, b): ...\n"
    + "@app.queue_output('out', 'shared', 'S')\n@app.timer_trigger('t', '00:05:00')\ndef third(t, out): ...\n"
)


def test_graph_as_mermaid(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """Triggers, functions and outputs are boxes; what two functions share is one; inputs are dashed."""
    write({"function_app.py": PICTURE})
    lines = [line.strip() for line in azfunc("graph", "shop").out.splitlines()]

    assert lines[0] == "flowchart LR"
    assert 'f1["first"]' in lines
    assert 's1(["http /api/in/{id}"])' in lines
    assert [line for line in lines if line.startswith("o")] == ['o1[("queue shared")]']
    assert any("#quot;{id}#quot;" in line for line in lines)
    assert sum("-.->" in line for line in lines) == 1
    assert {"s1 --> f1", "f1 --> o1", "f3 --> o1"} <= set(lines)


def test_graph_as_svg(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """The file is well-formed, has a box for each node with its text, and an arrow for each edge."""
    folder = write({"function_app.py": PICTURE})
    status, out, _ = azfunc("graph", "shop", "--svg", "shop.svg")
    root = ElementTree.parse(folder.parent / "shop.svg").getroot()
    space = {"s": "http://www.w3.org/2000/svg"}
    texts = [text.text for text in root.findall("s:text", space)]
    boxes = [box for box in root.findall("s:rect", space) if box.get("class")]

    assert (status, out) == (0, "shop.svg\n")
    assert 'blob c/"{id}"<&>' in texts
    assert len(texts) == len(boxes) == 8
    assert len(root.findall("s:path", space)) == 6
    assert float(root.get("width", 0)) >= max(float(box.get("x", 0)) + float(box.get("width", 0)) for box in boxes)


def test_boxes_do_not_overlap(app: func.FunctionApp) -> None:
    """However many functions share a place, every box has its own."""
    for number in range(20):

        def user(m: str, out: object) -> None: ...

        built = app.queue_trigger("m", f"q{number % 7}", "S")(user)
        app.queue_output("out", f"q{number % 3}", "S")(app.function_name(f"f{number}")(built))
    graph = graph_of(LoadedApp("v2", app.get_functions()))
    svg(graph)

    for index in range(3):
        tops = sorted(node.y for node in graph.column(index))
        assert all(lower - upper >= 34 for upper, lower in pairwise(tops))
    ends = [max(node.x + node.width for node in graph.column(index)) for index in range(3)]
    starts = [min(node.x for node in graph.column(index)) for index in range(3)]
    assert ends[0] < starts[1]
    assert ends[1] < starts[2]


def test_an_empty_app_has_an_empty_picture() -> None:
    """No division by nothing."""
    assert svg(graph_of(LoadedApp("v2", []))).startswith("<svg")


# --- openapi ----------------------------------------------------------------------------------------------------------

SHOP = {
    "function_app.py": HEAD
    + "@app.route('items/{id:int}', methods=['GET'])\ndef item(req) -> str: ...\n"
    + "@app.route('gone', methods=['GET'])\ndef gone(req) -> str: ...\n",
    "host.json": {"version": "2.0", "extensions": {"http": {"routePrefix": "v1"}}},
    "local.settings.json": {"Values": {"AzureWebJobs.gone.Disabled": "true"}},
}


def test_openapi_is_printed(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """It has the name of the folder, the prefix of host.json, and no function that is disabled."""
    write(SHOP)
    status, out, _ = azfunc("openapi", "shop")
    document = json.loads(out)

    assert status == 0
    assert document["info"] == {"title": "shop", "version": "1.0.0"}
    assert list(document["paths"]) == ["/v1/items/{id}"]


def test_openapi_is_written(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """Into the file that is named, with title and version as given."""
    folder = write(SHOP)
    status, out, _ = azfunc("openapi", "shop", "--title", "Tea", "--version", "2.1", "--output", "shop/openapi.json")
    document = json.loads((folder / "openapi.json").read_text("utf-8"))

    assert (status, out) == (0, "shop/openapi.json\n")
    assert document["info"] == {"title": "Tea", "version": "2.1"}
    assert list(document["paths"]["/v1/items/{id}"]) == ["get"]


# --- new --------------------------------------------------------------------------------------------------------------


def test_a_new_app_works(azfunc: Callable[..., Any], write: Callable[..., Any], tmp_path: Path) -> None:
    """It has the files of the guide, nothing to complain of for Azure either, and its tests pass."""
    write({})
    status, out, err = azfunc("new", "fresh")

    assert status == 0
    assert out.splitlines() == [str(Path("fresh", name)) for name in FILES]
    assert "cd fresh && python -m pytest" in err
    guide = {"function_app.py", "tests/test_function_app.py", "host.json", "local.settings.json", "requirements.txt"}
    assert {*guide, ".funcignore"} <= FILES.keys()
    report = check(tmp_path / "fresh", worker=True)
    assert [str(problem) for problem in report.problems] == []
    assert report.functions == ("report", "hello", "take_order", "fulfil_order")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path / "fresh",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert "5 passed" in result.stdout


def test_new_overwrites_nothing(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """A file of the same name, or in the place of the folder, stops it before anything is written."""
    folder = write({"host.json": {"version": "2.0"}})
    status, out, err = azfunc("new", "shop")

    assert (status, out) == (1, "")
    assert "has host.json already" in err
    assert [path.name for path in folder.iterdir()] == ["host.json"]
    assert "is a file" in azfunc("new", "shop/host.json").err


def test_new_in_the_current_folder(
    azfunc: Callable[..., Any], write: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dot is an empty folder like another, and no `cd` is advised."""
    monkeypatch.chdir(write({}))
    status, _, err = azfunc("new", ".")

    assert status == 0
    assert "Next: python -m pytest" in err


def test_paths_that_cannot_be_written_are_named(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """The error of the system is one of the command, with the path, for whatever writes a file."""
    write({"function_app.py": APP, "file": ""})

    for arguments in (
        ("new", "shop/file/new"),
        ("graph", "shop", "--svg", "shop/file/a.svg"),
        ("openapi", "shop", "--output", "shop/file/a.json"),
        ("json", "--app", "shop", "--write", "shop/file"),
    ):
        status, _, err = azfunc(*arguments)
        assert status == 1
        assert "cannot be used: " in err
        assert "shop/file" in err.replace(os.sep, "/")
        assert "Give a path that can be read and written." in err


def test_next_steps_can_be_pasted(azfunc: Callable[..., Any], write: Callable[..., Any]) -> None:
    """A folder with a space in its name is quoted."""
    write({})

    assert "Next: cd 'my shop' && python -m pytest" in azfunc("new", "my shop").err


# --- completion -------------------------------------------------------------------------------------------------------


def test_completion_without_its_package_says_what_to_install(
    azfunc: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Feature, package, command."""
    monkeypatch.setitem(sys.modules, "shtab", None)
    status, out, err = azfunc("completion", "bash")

    assert (status, out) == (1, "")
    assert "shtab" in err
    assert "pip install azfunc[cli]" in err


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_knows_the_commands(azfunc: Callable[..., Any], shell: str) -> None:
    """The script of the shell names commands and options."""
    pytest.importorskip("shtab", reason="shtab is not installed; `nox -s tests` installs it")
    status, out, _ = azfunc("completion", shell)

    assert status == 0
    assert "routes" in out
    assert "--target" in out


OLD_APP = "import azure.functions as func\n\napp = func.FunctionApp()\n"


def test_migrate_shows_a_diff_and_changes_nothing(azfunc: Callable[..., Any], write: Callable[..., Path]) -> None:
    """Without --write the change is shown, and the file stays."""
    file = write({"function_app.py": OLD_APP}) / "function_app.py"

    result = azfunc("migrate", "shop")

    assert result.status == 0
    assert "-import azure.functions as func\n+import azfunc as func\n" in result.out
    assert "1 file to change" in result.err
    assert file.read_text("utf-8") == OLD_APP


def test_migrate_writes_and_goes_back(azfunc: Callable[..., Any], write: Callable[..., Path]) -> None:
    """With --write the file is changed, and --back changes it to what it was."""
    file = write({"function_app.py": OLD_APP}) / "function_app.py"

    azfunc("migrate", "shop", "--write")
    there = file.read_text("utf-8")
    azfunc("migrate", "shop", "--back", "--write")

    assert there == OLD_APP.replace("azure.functions", "azfunc")
    assert file.read_text("utf-8") == OLD_APP


def test_migrate_names_what_it_leaves_alone(azfunc: Callable[..., Any], write: Callable[..., Path]) -> None:
    """A name that azfunc has no place for is told, with file and line."""
    write({"function_app.py": "from azure.functions._utils import try_parse_datetime_with_formats\n"})

    result = azfunc("migrate", "shop")

    assert "function_app.py:1: " in result.err
    assert result.out == ""


def test_migrate_needs_a_path_that_is_there(azfunc: Callable[..., Any], write: Callable[..., Path]) -> None:
    """A path that is not there is an error that says so."""
    write({})

    result = azfunc("migrate", "nowhere")

    assert result.status != 0
    assert "There is no nowhere." in result.err
