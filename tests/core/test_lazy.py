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
