"""Worker extensions: how they are made and registered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.extension import SCRIPT_ROOT_SETTING, ExtensionMeta, ExtensionScope

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_extensions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test registers its own extensions, in an app folder of its own."""
    monkeypatch.setattr(ExtensionMeta, "_func_exts", {})
    monkeypatch.setattr(ExtensionMeta, "_app_exts", None)
    monkeypatch.setattr(ExtensionMeta, "_info", {})
    monkeypatch.setenv(SCRIPT_ROOT_SETTING, str(tmp_path))


class OfFunction(func.FuncExtensionBase):
    """An extension of one function, with a setting of its own."""

    def __init__(self, file_path: str, level: int = 1) -> None:
        super().__init__(file_path)
        self.level = level


def test_an_extension_of_the_app_is_registered_when_its_class_is_made() -> None:
    """It gets ready once, and all of its hooks are known."""
    ready: list[str] = []

    class OfApp(func.AppExtensionBase):
        @classmethod
        def init(cls) -> None:
            ready.append(cls.__name__)

    hooks = ExtensionMeta.get_application_hooks()

    assert ready == ["OfApp"]
    assert hooks is not None
    assert [[hook.ext_name for hook in each] for each in hooks] == [["OfApp"]] * 3
    assert json.loads(ExtensionMeta.get_registered_extensions_json()) == {"AppExtension": ["OfApp"]}
    OfApp.configure(level=1)
    for hook in (hook for each in hooks for hook in each):
        hook.ext_impl(None, None)


def test_an_extension_of_a_function_is_registered_when_it_is_made(tmp_path: Path) -> None:
    """It belongs to the function whose folder its file is in, in any letter case."""
    made = OfFunction(str(tmp_path / "Work" / "__init__.py"), level=2)
    hooks = ExtensionMeta.get_function_hooks("WORK")

    assert made.level == 2
    assert hooks is not None
    assert [hook.ext_impl for each in hooks for hook in each] == [
        made.post_function_load,
        made.pre_invocation,
        made.post_invocation,
    ]
    assert json.loads(ExtensionMeta.get_registered_extensions_json()) == {"FuncExtension": {"Work": ["OfFunction"]}}
    for hook in (hook for each in hooks for hook in each):
        hook.ext_impl(None, None)
    assert ExtensionMeta.get_function_hooks("other") is None


def test_a_hook_that_is_none_is_not_called(tmp_path: Path) -> None:
    """An extension may switch a hook off."""

    class Quiet(OfFunction):
        pre_invocation: Any = None

    Quiet(str(tmp_path / "work" / "__init__.py"))
    hooks = ExtensionMeta.get_function_hooks("work")

    assert hooks is not None
    assert [len(each) for each in hooks] == [1, 0, 1]


def test_an_extension_of_the_app_has_no_objects() -> None:
    """The hint says how it is set up."""

    class OfApp(func.AppExtensionBase):
        """An extension of the app."""

    with pytest.raises(func.FunctionExtensionException, match="should not be") as caught:
        OfApp()
    assert "OfApp.configure(...)" in caught.value.hint


def test_an_extension_of_nothing_is_told() -> None:
    """The metaclass alone makes none."""

    class Neither(metaclass=ExtensionMeta):
        """No extension of either kind."""

    class Below(Neither):
        _scope = ExtensionScope.UNKNOWN

    for kind in (Neither, Below):
        with pytest.raises(func.FunctionExtensionException, match="is not properly implemented"):
            kind()


def test_the_root_of_the_app_has_to_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint says how a test sets it."""
    monkeypatch.delenv(SCRIPT_ROOT_SETTING)

    with pytest.raises(func.FunctionExtensionException, match="environment variable is not defined") as caught:
        OfFunction("/shop/work/__init__.py")
    assert "In a test" in caught.value.hint


def test_the_file_has_to_be_in_the_app(tmp_path: Path) -> None:
    """Shared code belongs to no function."""
    with pytest.raises(func.FunctionExtensionException, match="Failed to parse trigger name") as caught:
        OfFunction(str(tmp_path.parent / "elsewhere.py"))
    assert "is not below" in caught.value.hint
