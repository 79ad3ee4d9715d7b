"""Loading: both models, every kind of target, what is read beside the code, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core.errors import DefinitionError
from azfunc._core.failures import IndexingError, LoadingError
from azfunc.extension import ExtensionMeta
from azfunc.runtime.host import LocalHost
from azfunc.runtime.isolation import AppScope
from azfunc.runtime.loading import AppLoadingError, inspect_app, load_app
from azfunc.testing import TestClient
from tests.apps import APP, HTTP_V1, MAIN

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent
V1 = ROOT / "examples" / "v1-app"
V2 = ROOT / "examples" / "guide"


def names(loaded: Any) -> list[str]:
    """Give the names of the functions of a loaded app."""
    return [function.get_function_name() for function in loaded.functions]


def process() -> tuple[list[str], set[str], dict[str, str]]:
    """Give what loading an app may change: the path, the user's modules, the environment."""
    ours = {name for name in sys.modules if not name.startswith("azfunc")}
    return list(sys.path), ours, dict(os.environ)


# --- the guide's apps -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [V1, V2], ids=["v1", "v2"])
def test_a_loaded_app_leaves_nothing_behind(folder: Path) -> None:
    """After closing, `sys.path`, `sys.modules` and the environment are as they were."""
    load_app(folder).close()  # imports what the app uses of Python itself
    before = process()

    with load_app(folder) as loaded:
        assert str(folder) == sys.path[0]
        assert os.environ | {
            "AzureWebJobsStorage": "UseDevelopmentStorage=true",
            "AzureWebJobsScriptRoot": str(folder),
        } == dict(os.environ)
        assert loaded.functions

    assert process() == before


def test_both_models_give_the_same_functions() -> None:
    """A function with function.json and one with decorators have the same entry, and answer the same."""
    url = "/api/{}?value=21"
    with load_app(V1) as loaded, TestClient(loaded) as client:
        old = {function.get_function_name(): function for function in loaded.functions}["my_second_function"]
        old_answer = client.get(url.format("my_second_function"))
    with load_app(V2) as loaded, TestClient(loaded) as client:
        new = {function.get_function_name(): function for function in loaded.functions}["my_second_function"]
        new_answer = client.get(url.format("hello"))

    assert type(old) is type(new)
    assert old.get_function_name() == new.get_function_name()
    assert (old_answer.status_code, old_answer.get_body()) == (new_answer.status_code, new_answer.get_body())
    kinds = [[binding.type for binding in function.get_bindings()] for function in (old, new)]
    assert kinds[0] == kinds[1] == ["httpTrigger", "http"]


def test_two_apps_with_the_same_modules_do_not_mix(write: Callable[..., Path]) -> None:
    """Each app gets its own `function_app` and `shared`, whichever was loaded before."""
    app = APP.replace('"hi"', "shared.NAME").replace(
        "import azfunc as func", "import azfunc as func\n    import shared"
    )
    first = write({"function_app.py": app, "shared.py": "NAME = 'first'\n"}, "first")
    second = write({"function_app.py": app, "shared.py": "NAME = 'second'\n"}, "second")

    answers = []
    for folder in (first, second, first):
        with load_app(folder) as loaded, TestClient(loaded) as client:
            answers.append(client.get("/api/hello").get_body())

    assert answers == [b"first", b"second", b"first"]


def test_an_app_loaded_inside_another_gives_its_modules_back(write: Callable[..., Path]) -> None:
    """Modules of the same name are set aside while the second app is open, and are there again afterwards."""
    first = write({"function_app.py": APP}, "first")
    second = write({"function_app.py": APP}, "second")

    with load_app(first):
        module = sys.modules["function_app"]
        with load_app(second):
            assert sys.modules["function_app"] is not module
        assert sys.modules["function_app"] is module
    assert "function_app" not in sys.modules


def test_modules_that_were_loaded_from_the_folder_before_are_used(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test that imported the app itself has the same functions as the loaded app."""
    folder = write({"shop_app.py": APP})
    monkeypatch.syspath_prepend(str(folder))
    module = __import__("shop_app")

    with load_app(folder / "shop_app.py") as loaded:
        assert loaded.app is module.app
    assert sys.modules.pop("shop_app") is module


def test_packages_deployed_with_the_app_are_found(write: Callable[..., Path]) -> None:
    """`.python_packages` stands behind the app's folder on `sys.path`; its modules are imported once."""
    deployed = ".python_packages/lib/site-packages/"
    app = APP.replace('"hi"', "deployed_thing.WHERE").replace("as func", "as func, deployed_thing")
    folder = write({"function_app.py": app, deployed + "deployed_thing.py": "WHERE = 'deployed'\n"})

    with load_app(folder) as loaded:
        thing = sys.modules["deployed_thing"]
        assert loaded.functions[0]("request") == "deployed"
    assert "deployed_thing" not in sys.modules
    with load_app(folder):
        assert sys.modules["deployed_thing"] is thing
    assert str(folder / deployed.rstrip("/")) not in sys.path


def test_extensions_of_a_function_end_with_their_app(write: Callable[..., Path]) -> None:
    """An extension that a script makes gets its hooks called, and is forgotten when the app is closed."""
    script = """
        import azfunc as func
        LOADED = []

        class Noted(func.FuncExtensionBase):
            def __init__(self, file_path):
                super().__init__(file_path)
            def post_function_load(self, function_name, function_directory, *args, **kwargs):
                LOADED.append((function_name, function_directory))

        noted = Noted(__file__)
        def main(req): ...
    """
    folder = write({"greet/function.json": HTTP_V1, "greet/__init__.py": script})

    with load_app(folder) as loaded:
        user_function: Any = loaded.functions[0].get_user_function()
        with LocalHost(loaded, options=loaded.options):
            pass
        assert user_function.__globals__["LOADED"] == [("greet", str(folder / "greet"))]
        assert ExtensionMeta.get_function_hooks("greet") is not None
    assert ExtensionMeta.get_function_hooks("greet") is None


# --- targets ----------------------------------------------------------------------------------------------------------


def test_every_kind_of_target(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Folder, file, module, package module, each with or without the name of the object, and the object itself."""
    package = APP.replace("app =", "application =").replace("@app", "@application")
    folder = write({"function_app.py": APP, "inner/__init__.py": "", "inner/functions.py": package})
    monkeypatch.chdir(folder)
    targets = [
        ".",
        folder,
        str(folder / "function_app.py"),
        "function_app.py:app",
        "function_app",
        "function_app:app",
        "inner.functions:application",
        "inner.functions",
        f"{folder}:app",
    ]

    for target in targets:
        with load_app(target) as loaded:
            assert names(loaded) == ["hello"], target

    app = azfunc.FunctionApp()
    with load_app(app) as loaded:
        assert loaded.app is app
        assert loaded.functions == []


def test_a_misspelt_module_or_folder_is_one_that_is_not_there(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is neither folder nor module is not taken for an app that fails to import something."""
    monkeypatch.chdir(write({"function_app.py": APP}).parent)

    with pytest.raises(LoadingError) as caught:
        load_app("shpo")
    assert caught.value.message == "There is no folder, file or module 'shpo'."
    assert caught.value.hint == "Did you mean 'shop'?"
    with pytest.raises(LoadingError, match="There is no folder, file or module"):
        load_app("shop.functions")


def test_an_interrupted_import_is_taken_back(write: Callable[..., Path]) -> None:
    """Ctrl-C while an app is imported is no error of the app, and leaves nothing behind."""
    before = process()

    with pytest.raises(KeyboardInterrupt):
        load_app(write({"function_app.py": "raise KeyboardInterrupt"}))
    assert process() == before


def test_a_scope_bears_what_an_app_does_to_it(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening and closing twice is once; what the app itself changed stays as the app wants it."""
    monkeypatch.setenv("CHANGED_BY_APP", "")
    monkeypatch.delenv("CHANGED_BY_APP")
    before = sys.path[:]
    with AppScope(write({"x.py": ""}), {"CHANGED_BY_APP": "1", "GONE_BY_APP": "1"}) as scope:
        assert scope.open() is scope
        assert sys.path[0] == str(scope.folder)
        os.environ["CHANGED_BY_APP"] = "2"
        del os.environ["GONE_BY_APP"]
        sys.path.remove(str(scope.folder))
    scope.close()

    assert (sys.path, os.environ.get("CHANGED_BY_APP")) == (before, "2")


def test_script_name_comes_from_its_setting(write: Callable[..., Path]) -> None:
    """`PYTHON_SCRIPT_FILE_NAME` in local.settings.json names the script."""
    settings = {"Values": {"PYTHON_SCRIPT_FILE_NAME": "main_app.py"}}
    folder = write({"main_app.py": APP, "local.settings.json": settings})

    with load_app(folder) as loaded:
        assert names(loaded) == ["hello"]
    with pytest.raises(LoadingError, match=r"has no function_app\.py"):
        load_app(folder, local_settings=False)


@pytest.mark.parametrize(
    ("files", "target", "message", "hint"),
    [
        ({"main.py": ""}, "", "it has main.py", "Rename main.py to function_app.py"),
        ({"readme.txt": ""}, "", "it has readme.txt", "azfunc new shop"),
        ({"backend/host.json": "{}"}, "", "it has backend/", "give that folder"),
        ({"function_app.py": ""}, "/function_ap.py", "There is no folder, file or module", "function_app.py'?"),
        ({"function_app.py": ""}, "/gone/function_app.py", "There is no folder, file or module", "Give the folder"),
        ({"function_app.py": "x = 1"}, "", "defines no function app at its top level", "outside of any function"),
        (
            {"function_app.py": "import azfunc\nbp = azfunc.Blueprint()"},
            "",
            "defines no function app",
            "app.register_functions(bp)",
        ),
        ({"function_app.py": "import azfunc\napp = azfunc.FunctionApp"}, "", "defines no", "'app = FunctionApp()'"),
        (
            {"function_app.py": "import azfunc\n@azfunc.FunctionApp().route()\ndef hello(req): ...\n"},
            "",
            "defines no",
            "'hello' is a decorated function",
        ),
        (
            {"function_app.py": "import azfunc\na = azfunc.FunctionApp()\nb = azfunc.FunctionApp()"},
            "",
            "defines 2 function apps, 'a' and 'b'",
            "func.Blueprint()",
        ),
        ({"function_app.py": APP}, ":ap", "has no function app 'ap'", "Did you mean 'app'?"),
        ({"function_app.py": APP}, ":hello", "'hello' in function_app.py is no function app", "Did you mean 'app'?"),
    ],
    ids=[
        "other-script", "no-script", "app-below", "no-such-file", "no-such-folder", "nothing", "blueprint", "class",
        "decorated", "several", "near-name", "no-app-name",
    ],
)  # fmt: skip
def test_what_is_no_app(
    write: Callable[..., Path], files: dict[str, str], target: str, message: str, hint: str
) -> None:
    """The error says what was found instead of an app, where, and what to do."""
    folder = write(files)

    with pytest.raises(LoadingError) as caught:
        load_app(f"{folder}{target}")

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert str(folder) in str(caught.value.location)


def test_an_app_of_the_reference_is_recognised(write: Callable[..., Path]) -> None:
    """An app object of the reference is no app of ours, and the error names the import to change."""
    code = """
        class FunctionRegister: ...
        FunctionRegister.__module__ = "azure.functions.decorators.function_app"
        class FunctionApp(FunctionRegister): ...
        application = FunctionApp()
    """
    with pytest.raises(LoadingError) as caught:
        load_app(write({"function_app.py": code}))

    assert "'application' is an app of azure.functions; write 'import azfunc as func'" in caught.value.hint


def test_one_app_under_two_names_is_one_app(write: Callable[..., Path]) -> None:
    """A second name for the same object is no second app."""
    with load_app(write({"function_app.py": APP + "\n    application = app\n"})) as loaded:
        assert names(loaded) == ["hello"]


# --- what can go wrong in the code ------------------------------------------------------------------------------------


def test_import_error_shows_the_users_frames_only(write: Callable[..., Path]) -> None:
    """The error has the user's own frames, the last one as its place, and keeps the cause."""
    folder = write({"function_app.py": "import shared\n", "shared.py": "def get():\n    return 1 / 0\n\nX = get()\n"})

    with pytest.raises(AppLoadingError) as caught:
        load_app(folder)

    error = caught.value
    assert error.code == "import-error"
    assert error.message.startswith("function_app.py cannot be imported: ZeroDivisionError: division by zero")
    assert [line for line in error.message.splitlines() if "importlib" in line or "azfunc" in line] == []
    assert error.message.count('File "') == 3
    assert error.location == f"{folder / 'shared.py'}:2"
    assert isinstance(error.__cause__, ZeroDivisionError)
    assert "shared" not in sys.modules


@pytest.mark.parametrize(
    ("code", "message", "hint", "line"),
    [
        ("\nimport no_such_package_at_all\n", "No module named", "requirements.txt", 2),
        ("import shred\n", "No module named", "Did you mean 'shared'", 1),
        ("import shared.gone\n", "No module named", "a folder of the app", 1),
        ("import os\n\ndef x(:\n", "SyntaxError", "Correct the syntax", 3),
        ("raise SystemExit(3)\n", "SystemExit", "__main__", 1),
        ("import os\nos.environ['NOT_SET_AT_ALL']\n", "KeyError", "NOT_SET_AT_ALL", 2),
        ("import azfunc\napp = azfunc.FunctionApp()\napp.route('{')\n", "route '{' is wrong", "Close it with }", 3),
    ],
    ids=["package", "misspelt", "submodule", "syntax", "exit", "setting", "decorator"],
)
def test_advice_for_import_errors(write: Callable[..., Path], code: str, message: str, hint: str, line: int) -> None:
    """The hint fits the kind of error, and the location is the line of the user's file."""
    folder = write({"function_app.py": code, "shared/__init__.py": ""})

    with pytest.raises(AppLoadingError) as caught:
        load_app(folder)

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.location == f"{folder / 'function_app.py'}:{line}"


def test_a_missing_azure_package_is_explained(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that still imports the reference, where that is not installed, is told the import to write."""
    for name in [name for name in sys.modules if name == "azure" or name.startswith("azure.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "site-packages" not in path])

    with pytest.raises(LoadingError) as caught:
        load_app(write({"function_app.py": "import azure.functions as func\n"}))

    assert "import azfunc as func" in caught.value.hint


def test_one_bad_function_is_its_own_error(write: Callable[..., Path]) -> None:
    """A function that cannot be built is reported as such; `inspect_app` gives the others all the same."""
    bad = '\n    @app.queue_output("o", "q", "S")\n    def bad(o): ...\n'
    folder = write({"function_app.py": APP + bad})

    with pytest.raises(DefinitionError, match="does not have a trigger"):
        load_app(folder)
    with inspect_app(folder) as loaded:
        assert names(loaded) == ["hello"]
        assert [error.function_name for error in loaded.errors] == ["bad"]


# --- the older model --------------------------------------------------------------------------------------------------


def test_entries_of_function_json_keep_every_field(write: Callable[..., Path]) -> None:
    """Known and unknown fields, data type, both directions at once, a retry policy and the folder are all there."""
    bindings = [
        {
            "name": "msg",
            "type": "QueueTrigger",
            "direction": "in",
            "queueName": "todo",
            "connection": "Storage",
            "dataType": "binary",
            "new_field": {"a": [1]},
            "x-other": True,
        },
        {"name": "both", "type": "table", "direction": "inout", "tableName": "t"},
        {"name": "out", "type": "somethingNew", "direction": "out", "cosmosDBKey": 3, "nothing": None},
    ]
    retry = {"strategy": "fixedDelay", "maxRetryCount": 4, "delayInterval": "00:00:10"}
    folder = write({"f/function.json": {"bindings": bindings, "retry": retry}, "f/__init__.py": "def main(**all): ..."})

    with load_app(folder) as loaded:
        [function] = loaded.functions
    entries = json.loads(function.get_function_json())["bindings"]
    assert entries == [
        {
            "direction": "IN",
            "dataType": "BINARY",
            "type": "queueTrigger",
            "name": "msg",
            "queueName": "todo",
            "connection": "Storage",
            "new_field": {"a": [1]},
            "x-other": True,
        },
        {"direction": "INOUT", "type": "table", "name": "both", "tableName": "t"},
        {"direction": "OUT", "type": "somethingNew", "name": "out", "cosmosDBKey": 3},
    ]
    assert [binding.direction for binding in function.get_bindings()] == [0, 2, 1]
    assert function.get_settings_dict("retry_policy") == {
        "setting_name": "retry_policy",
        "strategy": "fixed_delay",
        "max_retry_count": 4,
        "delay_interval": "00:00:10",
    }
    assert (function.function_directory, function.function_script_file) == (str(folder / "f"), "__init__.py")
    assert loaded.kind == "v1"


def test_the_context_has_the_folder_of_the_function() -> None:
    """In the older model the function's directory is its own folder; in the newer one that of the app."""
    with load_app(V1) as loaded, TestClient(loaded) as client:
        assert client.get("/api/custom_entry?user=x").status_code == 200
        assert client.last_run is not None
        assert client.last_run.context.function_directory == str(V1 / "custom_entry")


@pytest.mark.parametrize("statement", ["from __app__.shared import X", "from ..shared import X"], ids=["app", "above"])
def test_deprecated_imports_work_with_a_warning(write: Callable[..., Path], statement: str) -> None:
    """Importing from `__app__`, or above the function's folder, works and says what to write."""
    script = f"\n{statement}\n\ndef main(req):\n    return X\n"
    folder = write({"f/function.json": HTTP_V1, "f/__init__.py": script, "shared/__init__.py": "X = 'shared'"})

    with (
        pytest.warns(azfunc.AzfuncDeprecationWarning, match="from shared import") as caught,
        load_app(folder) as loaded,
    ):
        assert loaded.functions[0]("request") == "shared"
    assert (caught[0].filename, caught[0].lineno) == (str(folder / "f" / "__init__.py"), 2)
    assert [name for name in sys.modules if name.startswith("__app__")] == []


@pytest.mark.parametrize(
    ("definition", "script", "message", "hint"),
    [
        ("{", MAIN, "is no valid JSON", "Correct '{'"),
        ("[]", MAIN, "holds no JSON object", "Begin the file with {"),
        ("", MAIN, "is no valid JSON", "is empty"),
        ({"bindings": []}, MAIN, "has no list of bindings", '"bindings"'),
        ({"bindings": [{"name": "x", "direction": "in"}]}, MAIN, "'x' without a type", '"type"'),
        ({"bindings": [{"name": "x", "type": "blob", "direction": "up"}]}, MAIN, "direction 'up'", "in, out or inout"),
        ({"bindings": [{"name": "x__y", "type": "blob", "direction": "in"}]}, MAIN, "'x__y'", "single underscores"),
        ({"bindings": [{"name": "x", "type": "blob", "direction": "in"}]}, MAIN, "not have a trigger", "Add one"),
        ({**HTTP_V1, "retry": []}, MAIN, "retry policy that is no object", '"retry"'),
        ({**HTTP_V1, "scriptFile": "__ini__.py"}, MAIN, "has no script '__ini__.py'", "Did you mean '__init__.py'"),
        ({**HTTP_V1, "scriptFile": "function.json"}, MAIN, "no Python file", ".py"),
        ({**HTTP_V1, "entryPoint": "mains"}, MAIN, "mains() of __init__.py", "Did you mean 'main'"),
        ({**HTTP_V1, "entryPoint": "X"}, "X = 1", "nothing that can be called", "defines no function"),
        (HTTP_V1, "import nothing_like_it", "No module named", "requirements.txt"),
    ],
    ids=[
        "json", "list", "empty", "bindings", "type", "direction", "name", "trigger", "retry", "script", "no-python",
        "entry-point", "no-function", "import",
    ],
)  # fmt: skip
def test_bad_function_folders(
    write: Callable[..., Path], definition: Any, script: str, message: str, hint: str
) -> None:
    """Each fault names the function, its place and what to do, and the other functions are loaded all the same."""
    folder = write(
        {
            "bad/function.json": definition,
            "bad/__init__.py": script,
            "good/function.json": HTTP_V1,
            "good/__init__.py": MAIN,
        }
    )

    with inspect_app(folder) as loaded:
        assert names(loaded) == ["good"]
    [error] = loaded.errors
    assert message in error.message
    assert hint in error.hint
    assert error.function_name == "bad"
    assert str(folder / "bad") in str(error.location)


def test_a_script_with_backslashes_is_advised_on(write: Callable[..., Path]) -> None:
    """Only Windows takes them; where Azure runs Python they are part of a name."""
    definition = {**HTTP_V1, "scriptFile": "..\\lib\\handlers.py"}
    folder = write({"f/function.json": definition, "lib/handlers.py": MAIN})

    if os.sep == "/":
        with inspect_app(folder) as loaded:
            [error] = loaded.errors
        assert "Write the path with '/'" in error.hint


def test_several_bad_folders_are_one_error(write: Callable[..., Path]) -> None:
    """`load_app` lists all of them, and the good ones."""
    bad = {"bindings": [{"name": "x", "type": "blob", "direction": "in"}]}
    files = {"a/function.json": "{", "b/function.json": bad, "b/__init__.py": MAIN}
    files |= {"good/function.json": HTTP_V1, "good/__init__.py": MAIN}

    with pytest.raises(AppLoadingError) as caught:
        load_app(write(files))
    assert "The app cannot be loaded, for 2 reasons" in caught.value.message
    assert len(caught.value.errors) == 2
    assert caught.value.hint == "Functions without fault: good."
    assert f"shop{os.sep}a{os.sep}function.json:1: function.json is no valid JSON" in caught.value.message

    twice = {"a/function.json": bad, "a/__init__.py": MAIN, "b/function.json": bad, "b/__init__.py": MAIN}
    with pytest.raises(IndexingError, match="2 reasons"):
        load_app(write(twice, "twice"))


def test_folders_that_differ_in_letter_case_only_are_one_name(write: Callable[..., Path]) -> None:
    """The host does not tell upper from lower case."""
    files = {"a/function.json": HTTP_V1, "a/__init__.py": MAIN, "A/function.json": HTTP_V1, "A/__init__.py": MAIN}
    folder = write(files)
    if len(list(folder.iterdir())) == 1:  # pragma: no cover  # nor do the file systems of Windows and macOS
        pytest.skip("the file system does not tell upper from lower case")

    with pytest.raises(DefinitionError, match="unique function name"):
        load_app(folder)


def test_disabled_functions_are_known(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """function.json and the app setting switch a function off; it is loaded and marked."""
    monkeypatch.setenv("AzureWebJobs.b.Disabled", "true")
    off = {**HTTP_V1, "disabled": True}
    files: dict[str, Any] = {f"{name}/__init__.py": MAIN for name in "abc"}
    files |= {"a/function.json": off, "b/function.json": HTTP_V1, "c/function.json": HTTP_V1}

    with load_app(write(files)) as loaded:
        assert names(loaded) == ["a", "b", "c"]
        assert loaded.disabled == {"a", "b"}


def test_folders_beside_decorators_are_ignored_and_known(write: Callable[..., Path]) -> None:
    """The host reads one model: a script with decorators wins over folders."""
    folder = write({"function_app.py": APP, "old/function.json": HTTP_V1})

    with load_app(folder) as loaded:
        assert names(loaded) == ["hello"]
        assert loaded.ignored == (folder / "old",)


# --- host.json and local.settings.json --------------------------------------------------------------------------------


def test_host_json_is_honoured(write: Callable[..., Path]) -> None:
    """Prefix, timeout, retries and the sections of the services are read; comments too."""
    host = """
        {   // Azure Functions
            "version": "2.0",
            "functionTimeout": "00:05:00", /* five
            minutes */
            "retry": {"strategy": "fixedDelay", "maxRetryCount": 1, "delayInterval": "00:00:01"},
            "extensions": {"http": {"routePrefix": "/v1//"}, "queues": {"batchSize": 4, "note": "a // b, }"}},
        }
    """
    with load_app(write({"function_app.py": APP, "host.json": host})) as loaded:
        assert loaded.options.route_prefix == "v1"
        assert loaded.options.timeout_seconds == 300
        assert loaded.options.retry == {"strategy": "fixedDelay", "maxRetryCount": 1, "delayInterval": "00:00:01"}
        assert loaded.options.function_directory == str(loaded.folder)
        assert loaded.host_file.extensions["queues"] == {"batchSize": 4, "note": "a // b, }"}
        assert loaded.host_file.has_comments


@pytest.mark.parametrize(("timeout", "seconds"), [(None, None), ("-1", None), ("00:00:30", 30)])
def test_function_timeout(write: Callable[..., Path], timeout: str | None, seconds: float | None) -> None:
    """`-1` is no limit, as is nothing."""
    with load_app(write({"function_app.py": APP, "host.json": {"functionTimeout": timeout}})) as loaded:
        assert loaded.options.timeout_seconds == seconds


def test_defaults_without_the_files(write: Callable[..., Path]) -> None:
    """Without host.json and local.settings.json the host's defaults hold."""
    with load_app(write({"function_app.py": APP})) as loaded:
        assert loaded.options.route_prefix == "api"
        assert (loaded.settings.port, loaded.settings.cors, loaded.settings.values) == (7071, (), {})
        assert loaded.host_file.extensions == {}


def test_local_settings_are_honoured(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are set in the environment, but not over what is there; port and CORS are read."""
    monkeypatch.setenv("ALREADY", "set")
    settings = {
        "IsEncrypted": False,
        "Values": {"FRESH_SETTING": "1", "ALREADY": "other", "FLAG_SETTING": True, "NUMBER_SETTING": 7, "NONE": None},
        "ConnectionStrings": {"Sql": "Server=x", "Old": {"ConnectionString": "y"}},
        "Host": {"LocalHttpPort": 8080, "CORS": "https://a.example/, https://b.example", "CORSCredentials": True},
    }
    with load_app(write({"function_app.py": APP, "local.settings.json": settings})) as loaded:
        wanted = ["FRESH_SETTING", "ALREADY", "FLAG_SETTING", "NUMBER_SETTING", "ConnectionStrings:Sql"]
        assert [os.environ[name] for name in wanted] == ["1", "set", "true", "7", "Server=x"]
        assert loaded.settings.values["ConnectionStrings:Old"] == "y"
        assert loaded.settings.port == 8080
        assert loaded.settings.cors == ("https://a.example", "https://b.example")
        assert loaded.settings.cors_credentials
    assert "FRESH_SETTING" not in os.environ
    assert os.environ["ALREADY"] == "set"


@pytest.mark.parametrize(
    ("name", "content", "message", "hint", "line"),
    [
        ("local.settings.json", '{\n"IsEncrypted": true}', "is encrypted", "func settings decrypt", 2),
        ("local.settings.json", '{\n"Values": {\n"A": {"secret": 1}}}', "A in local.settings.json", "text", 3),
        ("local.settings.json", '{"Values": 3}', "Values", "an object", 1),
        ("local.settings.json", '{"Host": {"LocalHttpPort": "x"}}', "LocalHttpPort", "65535", 1),
        ("local.settings.json", '{"Host": {"CORS": ["*"]}}', "CORS", "commas", 1),
        ("local.settings.json", '{\n\n"Values": {"A" 1}}', "line 3", "Correct", 3),
        ("host.json", '{"functionTimeout": "5 minutes"}', "functionTimeout", "'00:05:00'", 1),
        ("host.json", '{"functionTimeout": 5}', "functionTimeout", "'00:05:00'", 1),
        ("host.json", '{"retry": 3}', "retry", "an object", 1),
        ("host.json", '{"extensions": {"http": {"routePrefix": null}}}', "routePrefix", "text", 1),
        ("host.json", b"\xff\xfe\x00", "cannot be read", "UTF-8", 1),
        ("host.json", '{"version": "2.0",\n', "no valid JSON", "Correct '{\"version\": \"2.0\",'", 1),
        ("host.json", '{"version": "2.0",\n\n\n', "no valid JSON", "Correct the line above it.", 3),
        ("host.json", " \n", "no valid JSON", "The file is empty", 1),
    ],
    ids=[
        "encrypted", "secret", "values", "port", "cors", "json", "timeout-text", "timeout-number", "retry", "prefix",
        "utf-8", "broken-off", "broken-off-with-space", "empty",
    ],
)  # fmt: skip
def test_bad_files(
    write: Callable[..., Path], name: str, content: str | bytes, message: str, hint: str, line: int
) -> None:
    """The error names the file, the line and what to write, and shows no value of a setting."""
    folder = write({"function_app.py": APP})
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(LoadingError) as caught:
        load_app(folder)

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.location == f"{folder / name}:{line}"
    assert "secret" not in str(caught.value)


def test_nothing_that_a_module_raises_gets_through(write: Callable[..., Path]) -> None:
    """A module may raise what is no exception of programs; only Ctrl-C ends the loading itself."""
    text = "class Odd(BaseException): ...\nraise Odd('on purpose')\n"

    with inspect_app(write({"function_app.py": text})) as loaded:
        [error] = loaded.errors
    assert "Odd: on purpose" in error.message
    function = {"f/function.json": {"bindings": HTTP_V1["bindings"]}, "f/__init__.py": text}
    with inspect_app(write(function, "v1")) as loaded:
        assert [each.function_name for each in loaded.errors] == ["f"]

    for files in (
        {"function_app.py": "raise KeyboardInterrupt"},
        {**function, "f/__init__.py": "raise KeyboardInterrupt"},
    ):
        with pytest.raises(KeyboardInterrupt):
            load_app(write(files, f"interrupted-{len(files)}"))


def test_all_values_that_cannot_be_are_told_at_once(write: Callable[..., Path]) -> None:
    """Of both files, each with its place."""
    host = {"version": "2.0", "functionTimeout": "abc", "extensions": [], "retry": 5}
    settings = {"Values": {"A": 5, "B": None, "C": {}}, "Host": {"CORS": 5, "LocalHttpPort": "\u00b2"}}
    folder = write({"function_app.py": APP, "host.json": host, "local.settings.json": settings})

    with inspect_app(folder) as loaded:
        told = [error.message.split()[0] for error in loaded.errors]

    assert told == ["extensions", "retry", "functionTimeout", "C", "LocalHttpPort", "CORS"]


def test_encrypted_settings_do_not_matter_when_not_asked_for(write: Callable[..., Path]) -> None:
    """With `local_settings=False` the file is not read."""
    folder = write({"function_app.py": APP, "local.settings.json": {"IsEncrypted": True}})

    with load_app(folder, local_settings=False) as loaded:
        assert names(loaded) == ["hello"]
