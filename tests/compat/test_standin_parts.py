"""The parts of the stand-in one by one, with a reference made by the test: none need be installed."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc import compat
from azfunc._core import packages
from azfunc._core.registry import BindingRegistry
from azfunc.compat import facade, migrate, requests, standin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package `azure.functions` with one class, imported already; what is there otherwise is set aside."""
    for name in [each for each in sys.modules if each.startswith(("azure.functions", "azure.durable_functions"))]:
        monkeypatch.delitem(sys.modules, name)
    made = ModuleType("azure.functions")
    made.HttpRequest = type("HttpRequest", (), {"__module__": "azure.functions._http"})  # type: ignore[attr-defined]
    made.__file__ = "somewhere/azure/functions/__init__.py"
    parent = sys.modules.get("azure") or ModuleType("azure")
    if not hasattr(parent, "__path__"):
        monkeypatch.setattr(parent, "__path__", [], raising=False)  # a package, as the real one
    monkeypatch.setitem(sys.modules, "azure", parent)
    monkeypatch.setattr(parent, "functions", made, raising=False)
    monkeypatch.setitem(sys.modules, "azure.functions", made)
    yield made
    compat.uninstall()


@pytest.fixture
def holder(monkeypatch: pytest.MonkeyPatch, reference: Any) -> ModuleType:
    """A module of a user that holds a class of the reference."""
    made = ModuleType("early_bird")
    made.Request = reference.HttpRequest  # type: ignore[attr-defined]  # made by hand
    made.number = 7  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "early_bird", made)
    return made


def test_holder_is_named(monkeypatch: pytest.MonkeyPatch, holder: ModuleType) -> None:
    """The error says which module holds what, and where the reference is from."""
    monkeypatch.setattr(standin, "_held_by", lambda name, module: ["Request"] if name == "early_bird" else [])

    with pytest.raises(compat.StandInError, match=r"somewhere.*held by early_bird \(Request\)") as caught:
        compat.install()

    assert "before these modules are imported" in caught.value.hint
    assert not compat.is_installed()


def test_nobody_holds_it(monkeypatch: pytest.MonkeyPatch, reference: ModuleType) -> None:
    """A reference that no module holds is set aside, and is there again afterwards."""
    monkeypatch.setattr(standin, "_held_by", lambda _name, _module: [])

    with compat.installed():
        assert importlib.import_module("azure.functions").FunctionApp is azfunc.FunctionApp

    assert sys.modules["azure.functions"] is reference
    assert sys.modules["azure"].functions is reference


def test_what_stands_for_the_reference_is_known(reference: Any, holder: ModuleType) -> None:
    """Its modules, classes, functions and objects are told from those of others, and from azfunc's own."""
    below = ModuleType("azure.functions.queue")
    made_by_it = reference.HttpRequest()
    own = [facade.module("queue"), azfunc.HttpRequest, azfunc.HttpRequest(), sys, 7, "text", len]

    assert all(standin._is_of_reference(each) for each in (reference, below, reference.HttpRequest, made_by_it))
    assert not any(standin._is_of_reference(each) for each in own)
    assert standin._held_by("early_bird", holder) == ["Request"]
    for name in ("azure", "azure.functions.x", "azure.durable_functions.y", "azfunc.compat"):
        assert standin._held_by(name, holder) == []
    assert standin._held_by("early_bird", "no module") == []


def test_parent_is_made_where_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a package `azure` one is made, which finds what comes to be below it later."""

    def refuse(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setitem(sys.modules, "azure", ModuleType("azure"))  # put back at the end
    monkeypatch.setattr(standin, "import_module", refuse)
    monkeypatch.syspath_prepend(str(tmp_path))

    assert standin._ensure_parent()
    assert f"{tmp_path}/azure" in list(sys.modules["azure"].__path__)


def test_made_parent_goes_with_the_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package `azure` that was made for the stand-in is taken away, unless others stand in it by then."""
    for name in [each for each in sys.modules if each.partition(".")[0] == "azure"]:
        monkeypatch.delitem(sys.modules, name)
    for stays in (False, True):
        monkeypatch.setattr(standin, "_ensure_parent", _make_parent)
        compat.install(force=True)
        if stays:
            sys.modules["azure.other"] = ModuleType("azure.other")
        compat.uninstall()
        assert ("azure" in sys.modules) is stays
    for name in ("azure.other", "azure"):
        sys.modules.pop(name)


def _make_parent() -> bool:
    parent = ModuleType("azure")
    parent.__path__ = []
    sys.modules["azure"] = parent
    return True


def test_reference_cannot_be_found_without_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no package `azure`, the reference cannot be imported."""
    monkeypatch.setitem(sys.modules, "azure", None)
    monkeypatch.delitem(sys.modules, "azure.functions", raising=False)

    assert not standin._is_importable()


@pytest.mark.parametrize("parent", [True, False])
def test_package_is_imported_under_the_stand_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, parent: bool
) -> None:
    """A package made for the reference finds azfunc where the reference is not installed, and only then."""
    (tmp_path / "made_for_it.py").write_text("import azure.functions as func\napp = func.FunctionApp()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [each for each in sys.modules if each.startswith("azure.functions")]:
        monkeypatch.delitem(sys.modules, name)

    def find(_name: str) -> None:
        if not parent:
            raise ModuleNotFoundError(_name)

    monkeypatch.setattr("importlib.util.find_spec", find)
    monkeypatch.setattr(standin, "_is_importable", lambda: False)
    try:
        found: Any = packages.made_for_the_reference("made_for_it", message="no", hint="no")
    finally:
        sys.modules.pop("made_for_it", None)

    assert isinstance(found.app, azfunc.FunctionApp)
    assert not compat.is_installed()


def test_core_alone_has_no_stand_in() -> None:
    """Before an app is imported the context changes nothing."""
    with BindingRegistry().stand_in():
        assert not compat.is_installed()


def test_no_app_is_called_for_a_request() -> None:
    """The app that stands behind a request alone answers nothing."""
    assert requests._no_wsgi_app({}, None) == []


def test_attribute_of_another_module_stays() -> None:
    """With the package under its full name, other attributes and other names are left alone."""
    text = "import azure.functions\nx = azure.storage, other.functions, azure.functions.Out\n"

    assert migrate.rewrite(text).text == "import azfunc\nx = azure.storage, other.functions, azfunc.Out\n"
    back = "import azfunc\nx = azfunc.Out, other.Out\n"
    assert migrate.rewrite(back, "to_reference").text == "import azure.functions\nx = azure.functions.Out, other.Out\n"
