"""Azure Database for MySQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core.datum import Datum
from tests.bindings import row_tables
from tests.bindings.conformance import BindingConformance

if TYPE_CHECKING:
    from types import ModuleType

TYPES = ("mysql", "mysqlTrigger")


class TestMySql(BindingConformance):
    """The suite, for MySQL."""

    module = "mysql"
    decorators = ("mysql_trigger", "mysql_input", "mysql_output")
    defaults = (azfunc.MySqlRow, azfunc.MySqlRowList)
    messages = {kind: row_tables.messages(azfunc.MySqlRow, azfunc.MySqlRowList) for kind in TYPES}
    accepted = {kind: row_tables.accepted(azfunc.MySqlRow, azfunc.MySqlRowList) for kind in TYPES}
    refused = {kind: row_tables.refused(azfunc.MySqlRow, azfunc.MySqlRowList) for kind in TYPES}
    outputs = {"mysql": row_tables.outputs(azfunc.MySqlRow, azfunc.MySqlRowList)}


def test_row_is_what_the_reference_has(func: ModuleType) -> None:
    """Making, reading, comparing and writing a row give the same on both libraries."""
    row = func.MySqlRow(id="1", x=None)

    assert row == {"id": "1", "x": None}
    assert row == func.MySqlRow.from_dict({"id": "1", "x": None})
    assert row.to_json() == '{"id": "1", "x": null}'
    assert func.MySqlRow.from_json('{"a": 1}') == {"a": 1}
    assert func.MySqlRowList([row])[0] is row
    assert not isinstance(row, (func.SqlRow, func.Document))


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        (Datum('[{"id": "1"}, null]', "json"), [{"id": "1"}, None]),
        (Datum('{"id": "1"}', "string"), [{"id": "1"}]),
        (Datum(b"[]", "bytes"), []),
        (Datum(None, None), None),
        (None, None),
    ],
    ids=str,
)
def test_decoding_gives_what_the_reference_gives(func: ModuleType, kind: str, datum: Any, expected: Any) -> None:
    """What the reference reads, azfunc reads the same."""
    decoded = func.get_binding_registry().get(kind).decode(datum, trigger_metadata={})

    assert decoded == expected
    assert decoded is None or type(decoded) is func.MySqlRowList


def test_refused_datum_has_the_text_of_the_reference(func: ModuleType) -> None:
    """The first argument of the error is the reference's."""
    with pytest.raises(NotImplementedError) as caught:
        func.get_binding_registry().get("mysql").decode(Datum(7, "int"), trigger_metadata={})

    assert caught.value.args[0] == "Unsupported payload type: int"


def test_encoding_gives_what_the_reference_gives(func: ModuleType) -> None:
    """What the reference writes, azfunc writes the same."""
    converter = func.get_binding_registry().get("mysql")

    for value in (func.MySqlRow(id="1"), [func.MySqlRow(id="1")], func.MySqlRowList([func.MySqlRow(id="1")])):
        datum = converter.encode(value, expected_type=None)
        assert (datum.type, datum.value) == ("json", '[{"id": "1"}]')


def test_converters_say_what_the_reference_says(func: ModuleType) -> None:
    """The worker asks for trigger support, and refuses ``str`` at the trigger."""
    registry = func.get_binding_registry()

    assert registry.get("mysqlTrigger").has_trigger_support() is True
    assert registry.get("mysql").has_trigger_support() is False
    assert registry.get("mysqlTrigger").check_input_type_annotation(func.MySqlRowList) is True
    assert registry.get("mysqlTrigger").check_input_type_annotation(str) is False


def test_refusal_names_the_output_the_type_and_what_would_do() -> None:
    """The text for a value that cannot be written has all three parts."""
    converter: Any = azfunc.get_binding_registry().get("mysql")

    with pytest.raises(azfunc.UnsupportedValueError) as caught:
        converter.encode([5], expected_type=None)

    assert caught.value.message == "MySQL output got list of int: int is no row."
    assert "MySqlRowList" in caught.value.hint
