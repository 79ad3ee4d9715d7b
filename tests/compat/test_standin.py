"""The stand-in: azfunc under the name of the reference, whatever is installed and whatever came first."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import azfunc
from azfunc import compat
from tests.conftest import reference_is_installed

ROOT = Path(__file__).parent.parent.parent
NEEDS_REFERENCE = [pytest.param(True, id="reference")] if reference_is_installed() else []


def run(code: str, *, reference: bool, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, with or without the reference at hand."""
    hide = "" if reference else "import sys; sys.meta_path.insert(0, Hidden())\n"
    hidden = """
    class Hidden:
        def find_spec(self, name, path=None, target=None):
            if name == "azure.functions" or name == "azure" or name.startswith("azure."):
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    """
    program = textwrap.dedent(hidden) + hide + textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=folder or ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *([str(folder)] if folder else [])])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.usefixtures("standing_in")
def test_modules_are_imported_in_every_form() -> None:
    """Each form of the import statement gives azfunc's classes."""
    namespace: dict[str, Any] = {}
    exec(
        textwrap.dedent("""
            import azure.functions
            import azure.functions as func
            import azure.functions.queue as q
            import azure.functions.extension.extension_meta as meta
            from azure import functions
            from azure.functions import blob, FunctionApp
            from azure.functions.decorators.core import DataType, Trigger
            from azure.functions.decorators import *
        """),
        namespace,
    )

    assert namespace["func"] is namespace["functions"] is namespace["azure"].functions
    assert namespace["q"].QueueMessage is azfunc.QueueMessage
    assert namespace["meta"].ExtensionMeta is azfunc.ExtensionMeta
    assert namespace["blob"].InputStream is azfunc.InputStream
    assert namespace["FunctionApp"] is azfunc.FunctionApp
    assert namespace["DataType"] is azfunc.DataType
    assert namespace["Blueprint"] is azfunc.Blueprint


@pytest.mark.usefixtures("standing_in")
def test_all_is_imported_with_a_star() -> None:
    """The star import of the reference fails in the reference; here it gives all its names."""
    namespace: dict[str, Any] = {}
    exec("from azure.functions import *", namespace)

    assert namespace["WarmUpContext"] is azfunc.WarmUpContext
    assert namespace["get_binding_registry"] is azfunc.get_binding_registry


@pytest.mark.usefixtures("standing_in")
def test_version_is_that_of_the_release_stood_in_for() -> None:
    """Packages read the version of the reference, and get one of its own numbers."""
    version = importlib.import_module("azure.functions").__version__

    assert version == ("1.26.0" if sys.version_info < (3, 13) else "2.3.0")


@pytest.mark.usefixtures("standing_in")
def test_what_azfunc_has_besides_is_there_too() -> None:
    """A public name of azfunc that the reference lacks is found at the top, and nowhere else."""
    assert importlib.import_module("azure.functions").JsonResponse is azfunc.JsonResponse
    with pytest.raises(AttributeError):
        _ = importlib.import_module("azure.functions.http").JsonResponse


@pytest.mark.usefixtures("standing_in")
def test_unknown_names_are_missing_as_ever() -> None:
    """A wrong name is an AttributeError that offers the right one; a wrong module cannot be imported."""
    with pytest.raises(AttributeError, match="did you mean 'QueueMessage'"):
        _ = importlib.import_module("azure.functions").QueMessage
    with pytest.raises(ModuleNotFoundError, match=r"azure\.functions\.nope"):
        importlib.import_module("azure.functions.nope")


@pytest.mark.usefixtures("standing_in")
def test_reloading_keeps_the_module() -> None:
    """The worker reloads the package when its environment changes."""
    module = importlib.import_module("azure.functions")

    assert importlib.reload(module) is module
    assert module.FunctionApp is azfunc.FunctionApp
    assert "which is azfunc" in repr(module)


@pytest.mark.usefixtures("standing_in")
def test_patching_a_facade_is_undone() -> None:
    """A test may put something of its own on a facade, as on any module."""
    module = importlib.import_module("azure.functions")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "HttpRequest", "mine")
        assert module.HttpRequest == "mine"

    assert module.HttpRequest is azfunc.HttpRequest


def test_blocks_nest_and_leave_nothing_behind() -> None:
    """Within a block another one, or install(), changes nothing; at its end all is as before."""
    before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "azure"}

    with compat.installed(force=True):
        finders = list(sys.meta_path)
        first = importlib.import_module("azure.functions")
        with compat.installed():
            compat.install()
            assert importlib.import_module("azure.functions") is first
        assert compat.is_installed()
        assert sys.meta_path == finders
    after = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "azure"}

    assert not compat.is_installed()
    assert {name: each for name, each in after.items() if name != "azure"} == {
        name: each for name, each in before.items() if name != "azure"
    }


def test_uninstalling_twice_changes_nothing() -> None:
    """Taking away what is not there is no error."""
    compat.uninstall()

    assert not compat.is_installed()


@pytest.mark.parametrize("reference", [pytest.param(False, id="no reference"), *NEEDS_REFERENCE])
def test_an_app_of_the_reference_runs(tmp_path: Path, reference: bool) -> None:
    """A module that imports the reference is indexed as azfunc's, whether the reference is installed or not."""
    (tmp_path / "function_app.py").write_text(
        textwrap.dedent("""
            import azure.functions as func

            app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

            @app.route(route="hello")
            def hello(req: func.HttpRequest) -> func.HttpResponse:
                return func.HttpResponse("hi")
        """)
    )

    result = run(
        """
        import azfunc.compat
        azfunc.compat.install()
        import function_app, azfunc
        assert isinstance(function_app.app, azfunc.FunctionApp)
        print(function_app.app.get_functions()[0].get_function_json())
        """,
        reference=reference,
        folder=tmp_path,
    )

    assert result.returncode == 0, result.stdout
    assert json.loads(result.stdout)["bindings"][0]["route"] == "hello"


def test_other_packages_below_azure_stay(tmp_path: Path) -> None:
    """A package of the same parent, in whichever folder and imported whenever, is found beside the stand-in."""
    (tmp_path / "azure" / "other").mkdir(parents=True)
    (tmp_path / "azure" / "other" / "__init__.py").write_text("import azure.functions as func\nname = func.__name__\n")

    result = run(
        f"""
        import azfunc.compat, sys
        azfunc.compat.install()
        import azure.functions
        sys.path.append({str(tmp_path)!r})
        import importlib; importlib.invalidate_caches()
        import azure.other
        import azure.functions.queue as q
        print(azure.other.name, q.QueueMessage.__module__, azure.functions)
        azfunc.compat.uninstall()
        import azure.other as again
        assert again is azure.other
        """,
        reference=True,
    )

    assert result.returncode == 0, result.stdout
    assert result.stdout.split()[:2] == ["azure.functions", "azfunc.bindings.queue"]


@pytest.mark.parametrize("reference", NEEDS_REFERENCE)
def test_holders_of_the_reference_are_named(tmp_path: Path, reference: bool) -> None:
    """A module that has the reference's classes already would not see azfunc's: it is named, with what to do."""
    (tmp_path / "early.py").write_text("import azure.functions as func\nfrom azure.functions import HttpRequest\n")

    result = run(
        """
        import early, azfunc.compat
        try:
            azfunc.compat.install()
        except ImportError as error:
            print(error)
        assert not azfunc.compat.is_installed()
        azfunc.compat.install(force=True)
        import azure.functions, azfunc
        assert azure.functions.HttpRequest is azfunc.HttpRequest is not early.HttpRequest
        azfunc.compat.uninstall()
        import azure.functions
        assert azure.functions is early.func
        """,
        reference=reference,
        folder=tmp_path,
    )

    assert result.returncode == 0, result.stdout
    assert "held by early (func, HttpRequest)" in result.stdout
    assert "Call azfunc.compat.install() before" in result.stdout


@pytest.mark.parametrize("reference", NEEDS_REFERENCE)
def test_reference_that_nobody_holds_is_set_aside(reference: bool) -> None:
    """The reference may be loaded; if no module holds it, azfunc takes its place, and gives it back."""
    result = run(
        """
        import importlib, sys
        importlib.import_module("azure.functions.queue")
        theirs = set(sys.modules)
        import azfunc.compat
        with azfunc.compat.installed():
            assert importlib.import_module("azure.functions").FunctionApp is azfunc.FunctionApp
            assert importlib.import_module("azure.functions.queue").QueueMessage is azfunc.QueueMessage
        assert importlib.import_module("azure.functions").FunctionApp is not azfunc.FunctionApp
        assert importlib.import_module("azure.functions.queue").QueueMessage is not azfunc.QueueMessage
        """,
        reference=reference,
    )

    assert result.returncode == 0, result.stdout
