"""The table of names: every name of the reference's modules leads to something, or is known to be absent."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

import azfunc
from azfunc.compat import facade
from azfunc.compat.names import MODULES, PACKAGE, PUBLIC

FACTS: dict[str, Any] = json.loads((Path(__file__).parent.parent / "data" / "reference" / "modules.json").read_text())

ABSENT: dict[str, str] = {
    "_durable_functions": "_loads_strict_no_type _loads_with_expected_type _loose_codec_notice_emitted "
    "_no_expected_type_notice_emitted _notify_loose_codec_used _notify_no_expected_type",
    "_jsonutils": "OrJsonAdapter _orjson",
    "_thirdparty.typing_inspect": "_eval_args _gorg get_last_args get_last_origin",
    "_utils": "_serialize_value",
    "decorators.function_app": "_is_mcp_call_tool_result _is_mcp_sdk_type build_property_metadata",
    "decorators.mcp": "_TYPE_MAPPING build_property_metadata check_as_array check_is_required check_property_type "
    "should_create_structured_content unwrap_optional",
    "mcp": "_MCP_SDK_AVAILABLE _is_mcp_call_tool_result _is_mcp_sdk_type _is_mcp_sdk_type_annotation _mcp_types "
    "_serialize_content_block",
}
"""Module -> private helpers of which azfunc has no thing of the kind; `docs/compatibility.md` lists them."""


def names_of(path: str) -> set[str]:
    """Give the names that the reference has in a module."""
    return set(FACTS["modules"][f"{PACKAGE}.{path}".rstrip(".")])


def test_every_module_has_a_facade() -> None:
    """The table has the modules of the reference, and no other."""
    assert {f"{PACKAGE}.{path}".rstrip(".") for path in MODULES} == set(FACTS["modules"])


@pytest.mark.parametrize("path", MODULES)
def test_every_name_is_there_or_known_to_be_absent(path: str) -> None:
    """Each name of a module is in the table, or in the list above; none is in both, or in neither."""
    present = set(facade.places_of(path))

    assert names_of(path) - present == set(ABSENT.get(path, "").split())
    assert not present & set(ABSENT.get(path, "").split())


@pytest.mark.parametrize("path", MODULES)
def test_every_name_leads_to_something(path: str) -> None:
    """What the table says is there can be read, and is listed by `dir()`."""
    module = facade.module(path)

    for name in facade.places_of(path):
        assert getattr(module, name) is not None, name
    assert set(facade.places_of(path)) <= set(dir(module))


@pytest.mark.parametrize("name", [name for name in PUBLIC.split() if name in azfunc.__all__])
def test_public_name_is_that_of_azfunc(name: str) -> None:
    """A public name of the reference is the same object in azfunc."""
    assert getattr(facade.module(""), name) is getattr(azfunc, name)


def test_every_public_name_is_in_azfunc() -> None:
    """What the reference lists in `__all__`, azfunc lists too."""
    assert set(PUBLIC.split()) <= set(azfunc.__all__)


@pytest.mark.parametrize("full_name", FACTS["used_elsewhere"])
@pytest.mark.usefixtures("standing_in")
def test_what_others_import_is_there(full_name: str) -> None:
    """Each name that the worker, other packages, their tests and samples touch can be imported."""
    module, rest = PACKAGE, full_name.removeprefix(PACKAGE).lstrip(".").split(".")
    while rest and f"{module}.{rest[0]}" in FACTS["modules"]:
        module = f"{module}.{rest.pop(0)}"
    found = importlib.import_module(module)
    for name in filter(None, rest):
        # Names of OpenAI's binding classes had no underscore once, nor have they in azfunc.
        found = getattr(found, name if hasattr(found, name) else f"_{name}")

    assert found is not None
