"""What the stand-in leaves behind, and what comes between: threads, other finders, patches, scans."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pickle
import pkgutil
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc import compat
from azfunc.compat.facade import StandInFinder
from tests.compat.test_standin import NEEDS_REFERENCE, run

if TYPE_CHECKING:
    from collections.abc import Callable


def together(count: int, call: Callable[[], object]) -> list[BaseException]:
    """Let several threads do something at the same moment; give what they raised."""
    barrier = threading.Barrier(count)
    raised: list[BaseException] = []

    def go() -> None:
        barrier.wait()
        try:
            call()
        except BaseException as error:  # noqa: BLE001  # it is given back
            raised.append(error)

    threads = [threading.Thread(target=go) for _ in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return raised


def test_threads_install_it_once() -> None:
    """However many threads install it at once, there is one finder, and it goes with one call."""
    before = list(sys.meta_path)
    try:
        assert together(12, lambda: compat.install(force=True)) == []
        assert sum(isinstance(each, StandInFinder) for each in sys.meta_path) == 1
    finally:
        compat.uninstall()

    assert sys.meta_path == before


@pytest.mark.usefixtures("standing_in")
def test_threads_import_at_once() -> None:
    """Modules that threads import and read at the same moment are complete in each of them."""

    def read() -> None:
        for path in ("queue", "decorators.core", "http", "meta", "_abc", "extension.app_extension_base"):
            module = importlib.import_module(f"azure.functions.{path}")
            assert all(hasattr(module, name) for name in dir(module))

    assert together(8, read) == []


def test_finder_that_somebody_took_away_is_no_error() -> None:
    """A test that puts `sys.meta_path` back on its own may have taken the finder away."""
    before = list(sys.meta_path)
    compat.install(force=True)
    sys.meta_path[:] = before

    compat.uninstall()

    assert sys.meta_path == before
    assert not compat.is_installed()


def test_error_within_a_block_ends_it() -> None:
    """The block is left by an exception as by its end."""

    def fail() -> None:
        with compat.installed(force=True):
            raise ValueError("within")

    before = list(sys.meta_path)
    with pytest.raises(ValueError, match="within"):
        fail()

    assert not compat.is_installed()
    assert sys.meta_path == before


def test_what_was_put_on_a_facade_goes_with_it() -> None:
    """A name that a test has replaced, and not put back, does not reach the next block."""
    with compat.installed(force=True):
        module: Any = importlib.import_module("azure.functions")
        module.HttpRequest = "mine"
        module.more = "of mine"
    with compat.installed(force=True):
        module = importlib.import_module("azure.functions")

        assert module.HttpRequest is azfunc.HttpRequest
        assert not hasattr(module, "more")


@pytest.mark.usefixtures("standing_in")
def test_deleted_names_and_modules_come_back() -> None:
    """What is deleted on a facade, or from the table of modules, is found again where it is."""
    module = importlib.import_module("azure.functions")
    assert module.HttpRequest is azfunc.HttpRequest
    del module.HttpRequest
    del sys.modules["azure.functions"]

    assert importlib.import_module("azure.functions") is module
    assert module.HttpRequest is azfunc.HttpRequest


@pytest.mark.usefixtures("standing_in")
def test_classes_are_pickled_under_their_own_names() -> None:
    """A process without the stand-in reads what one with it has pickled; old pickles are read within."""
    message = pickle.dumps(importlib.import_module("azure.functions").QueueMessage(body="x"))

    assert b"azure.functions" not in message
    assert pickle.loads(message) == azfunc.QueueMessage(body="x")
    assert pickle.loads(b"cazure.functions._http\nHttpRequest\n.") is azfunc.HttpRequest


@pytest.mark.usefixtures("standing_in")
def test_tools_can_look_at_a_facade() -> None:
    """What inspects modules finds a module: members, file, specification, names by path."""
    module: Any = importlib.import_module("azure.functions")
    core = importlib.import_module("azure.functions.decorators.core")

    assert dict(inspect.getmembers(module))["FunctionApp"] is azfunc.FunctionApp
    assert inspect.getfile(module) == module.__file__
    assert (core.__package__, module.__package__) == ("azure.functions.decorators", "azure.functions")
    assert importlib.util.find_spec("azure.functions.nope") is None
    assert pkgutil.resolve_name("azure.functions.decorators.core:DataType") is azfunc.DataType
    assert list(pkgutil.walk_packages(module.__path__, "azure.functions.")) == []  # nothing of it is on disk
    assert set(module.__all__) <= set(dir(module))


def test_parent_that_was_not_there_goes_with_it() -> None:
    """A process that had no package `azure` has none afterwards, where the reference is installed and where not."""
    for reference in (False, *(each.values[0] for each in NEEDS_REFERENCE)):
        result = run(
            """
            import sys, azfunc, azfunc.compat
            before = {name: id(module) for name, module in sys.modules.items()}
            with azfunc.compat.installed():
                import azure.functions.queue
            after = {name: id(module) for name, module in sys.modules.items() if not name.startswith("azfunc")}
            assert not [name for name in after if name.startswith("azure")], after
            assert all(after[name] == before[name] for name in before if not name.startswith("azfunc"))
            """,
            reference=bool(reference),
        )
        assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("reference", NEEDS_REFERENCE)
def test_reference_is_put_back_whole(reference: bool) -> None:
    """Modules of the reference, and what stands in them, are what they were: submodules as attributes, too."""
    result = run(
        """
        import sys, azure.functions, azfunc, azfunc.compat
        import azure.functions.decorators.core
        attributes = {name: dict(vars(module)) for name, module in sys.modules.items() if name.startswith("azure")}
        modules = {name: module for name, module in sys.modules.items() if name.startswith("azure")}
        with azfunc.compat.installed(force=True):
            import azure.functions.queue
            assert azure.functions.queue.QueueMessage is azfunc.QueueMessage
        now = {name: module for name, module in sys.modules.items() if name.startswith("azure")}
        assert now == modules, set(now) ^ set(modules)
        for name, before in attributes.items():
            assert dict(vars(modules[name])).keys() == before.keys(), name
        assert azure.functions.queue is sys.modules["azure.functions.queue"]
        """,
        reference=reference,
    )

    assert result.returncode == 0, result.stdout
