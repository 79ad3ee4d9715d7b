"""Modules that are imported on first use."""

from __future__ import annotations

import sys

import pytest

from azfunc._core.lazy import LazyModule


def test_module_is_imported_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making one imports nothing; the first name that is used does, and is kept."""
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    module = LazyModule("colorsys")

    assert repr(module) == "<colorsys on first use>"
    assert "colorsys" not in sys.modules
    assert module.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
    assert module.rgb_to_hsv is sys.modules["colorsys"].rgb_to_hsv


def test_unknown_name_is_an_attribute_error() -> None:
    """A name that the module lacks is the module's own AttributeError."""
    with pytest.raises(AttributeError, match="colorsys"):
        LazyModule("colorsys").nothing()


def test_a_loaded_module_has_the_names_of_the_module_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once loaded it is read like the module, and shows what is changed there later."""
    module = LazyModule("colorsys")
    assert module.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)

    monkeypatch.setattr(sys.modules["colorsys"], "ONE_THIRD", 7)

    assert module.ONE_THIRD == 7
    assert repr(module) == "<colorsys>"
    assert not hasattr(type(module), "__getattr__")
    with pytest.raises(AttributeError, match="nothing"):
        module.nothing()
