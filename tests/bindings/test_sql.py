"""Azure SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core.datum import Datum
from tests.bindings import row_tables
from tests.bindings.conformance import BindingConformance, entries_of

if TYPE_CHECKING:
    from types import ModuleType


class TestSql(BindingConformance):
    """The suite, for SQL."""

    module = "sql"
    decorators = ("sql_trigger", "sql_input", "sql_output")
    defaults = (azfunc.SqlRow, azfunc.SqlRowList)
    messages = {"sql": row_tables.messages(azfunc.SqlRow, azfunc.SqlRowList)}
    accepted = {"sql": row_tables.accepted(azfunc.SqlRow, azfunc.SqlRowList)}
    refused = {"sql": row_tables.refused(azfunc.SqlRow, azfunc.SqlRowList)}
    outputs = {"sql": row_tables.outputs(azfunc.SqlRow, azfunc.SqlRowList)}


def test_row_is_what_the_reference_has(func: ModuleType) -> None:
    """Making, reading, comparing and writing a row give the same on both libraries."""
    row = func.SqlRow(id="1", x=None)

    assert row == {"id": "1", "x": None}
    assert row == func.SqlRow.from_dict({"id": "1", "x": None})
    assert row.to_json() == '{"id": "1", "x": null}'
    assert func.SqlRow.from_json('{"a": 1}') == {"a": 1}
    assert func.SqlRowList([row])[0] is row
    assert func.SqlRowList([1]) == [1] == func.MySqlRowList([1])
    assert not isinstance(row, (func.MySqlRow, func.Document))


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
def test_decoding_gives_what_the_reference_gives(func: ModuleType, datum: Any, expected: Any) -> None:
    """What the reference reads, azfunc reads the same."""
    decoded = func.get_binding_registry().get("sql").decode(datum, trigger_metadata={})

    assert decoded == expected
    assert decoded is None or type(decoded) is func.SqlRowList


def test_refused_datum_has_the_text_of_the_reference(func: ModuleType) -> None:
    """The first argument of the error is the reference's."""
    with pytest.raises(NotImplementedError) as caught:
        func.get_binding_registry().get("sql").decode(Datum(7, "int"), trigger_metadata={})

    assert caught.value.args[0] == "Unsupported payload type: int"


def test_encoding_gives_what_the_reference_gives(func: ModuleType) -> None:
    """What the reference writes, azfunc writes the same."""
    converter = func.get_binding_registry().get("sql")

    for value in (func.SqlRow(id="1"), [func.SqlRow(id="1")], func.SqlRowList([func.SqlRow(id="1")])):
        datum = converter.encode(value, expected_type=None)
        assert (datum.type, datum.value) == ("json", '[{"id": "1"}]')


def test_trigger_has_no_converter(func: ModuleType) -> None:
    """Programs annotate ``str`` and read the JSON themselves; that goes on working."""
    assert func.get_binding_registry().get("sqlTrigger") is None


def test_input_without_a_command_type_leaves_it_to_the_host(func: ModuleType) -> None:
    """None leaves the field out."""
    given = {"arg_name": "rows", "command_text": "Orders", "connection_string_setting": "Sql", "command_type": None}
    (entry,) = entries_of(func, "sql_input", given)

    assert "commandType" not in entry


def test_refusal_names_the_output_the_type_and_what_would_do() -> None:
    """The text for a value that cannot be written has all three parts."""
    converter: Any = azfunc.get_binding_registry().get("sql")

    with pytest.raises(azfunc.UnsupportedValueError) as caught:
        converter.encode(5, expected_type=None)

    assert caught.value.message == "SQL output got int."
    assert "SqlRowList" in caught.value.hint
