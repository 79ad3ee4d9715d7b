"""Azure Data Explorer (Kusto)."""

from __future__ import annotations

import json
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc._core.rows import Row, RowList
from azfunc.testing import TestClient
from tests.bindings import row_tables
from tests.bindings.conformance import REFUSED, BindingConformance, entries_of

KUSTO: Any = func.get_binding_registry().get("kusto")
QUERY = "declare query_parameters (id:long); Orders | where Id == id"


class TestKusto(BindingConformance):
    """The suite, for Kusto."""

    module = "kusto"
    own_decorators = {
        "kusto_input": (
            {
                "arg_name": "rows",
                "database": "shop",
                "kql_command": QUERY,
                "connection": "Kusto",
                "kql_parameters": "@id={id}",
                "client_request_properties": "@servertimeout=1m",
                "managed_service_identity": "system",
                "data_type": "string",
            },
            [
                {
                    "direction": "IN",
                    "dataType": "STRING",
                    "type": "kusto",
                    "name": "rows",
                    "database": "shop",
                    "kqlCommand": QUERY,
                    "connection": "Kusto",
                    "kqlParameters": "@id={id}",
                    "clientRequestProperties": "@servertimeout=1m",
                    "managedServiceIdentity": "system",
                }
            ],
        ),
        "kusto_output": (
            {
                "arg_name": "$return",
                "database": "shop",
                "table_name": "Orders",
                "connection": "Kusto",
                "mapping_ref": "orders_json",
                "data_format": "csv",
                "ingestion_type": "Queued",
                "ingestion_properties_json": "{}",
                "managed_service_identity": "system",
            },
            [
                {
                    "direction": "OUT",
                    "type": "kusto",
                    "name": "$return",
                    "database": "shop",
                    "tableName": "Orders",
                    "connection": "Kusto",
                    "mappingRef": "orders_json",
                    "dataFormat": "csv",
                    "ingestionType": "queued",
                    "ingestionPropertiesJson": "{}",
                    "managedServiceIdentity": "system",
                }
            ],
        ),
    }
    accepted = {"kusto": [str, str | None, bytes, list]}
    refused = {"kusto": [object, func.SqlRowList | func.QueueMessage]}
    outputs = {
        "kusto": [
            *(
                row
                for row in row_tables.outputs(Row, RowList)
                if not isinstance(row[0], (str, bytes, bytearray))  # text is in any format here
            ),
            ('{"Id": 1}', Datum('{"Id": 1}', "string")),
            (b'{"Id": 1}', Datum('{"Id": 1}', "string")),
            (bytearray(b"1,tea\n2,milk"), Datum("1,tea\n2,milk", "string")),
            ("1,tea", Datum("1,tea", "string")),
            ("", None),
            (b"", None),
            (b"\xff", REFUSED),
        ]
    }


@pytest.mark.parametrize(
    ("decorator", "given"),
    [("kusto_input", {"kql_command": QUERY}), ("kusto_output", {"table_name": "Orders"})],
)
def test_what_is_left_out_is_left_to_the_extension(decorator: str, given: dict[str, str]) -> None:
    """The extension has defaults of its own."""
    (made,) = entries_of(func, decorator, {"arg_name": "rows", "database": "shop", "connection": "Kusto", **given})

    assert len(made) == 6


def test_unknown_ingestion_is_refused_at_the_decorator(app: func.FunctionApp) -> None:
    """There are two ways to ingest."""
    with pytest.raises(func.UnknownNameError) as caught:
        app.kusto_output("rows", "shop", "Orders", "Kusto", ingestion_type="streamed")  # type: ignore[arg-type]  # on purpose

    assert "managed, queued" in caught.value.hint


def test_input_gives_text_as_a_generic_binding_does() -> None:
    """Functions that were written for generic bindings go on working."""
    assert KUSTO.decode(Datum('[{"Id": 1}]', "json"), trigger_metadata={}) == '[{"Id": 1}]'
    assert KUSTO.to_wire([{"Id": 1}]) == (Datum('[{"Id": 1}]', "json"), {})
    assert KUSTO.to_wire(None) == (Datum(None, None), {})


@pytest.mark.parametrize(
    "annotation", [str, dict[str, Any], list[dict[str, Any]], row_tables.Order, list[row_tables.Order]]
)
def test_return_value_may_be_annotated_so(annotation: Any) -> None:
    """What the output takes, an annotation may promise."""
    assert KUSTO.check_output_type_annotation(annotation)


def test_refusal_names_the_output_the_type_and_what_would_do() -> None:
    """The text for a value that cannot be ingested has all three parts."""
    with pytest.raises(func.UnsupportedValueError) as caught:
        KUSTO.encode(5)

    assert caught.value.message == "Kusto output got int."
    assert "data format" in caught.value.hint


def test_rows_come_as_text_and_go_out_as_objects(app: func.FunctionApp) -> None:
    """Input and output of one binding type stand on one function."""

    @app.kusto_output("$return", "shop", "Totals", "Kusto")
    @app.kusto_input("rows", "shop", "Orders", "Kusto")
    @app.queue_trigger("msg", "days", "Storage")
    def add_up(msg: func.QueueMessage, rows: str) -> dict[str, int]:
        return {"Sum": sum(row["Price"] for row in json.loads(rows))}

    with TestClient(app) as client:
        run = client.send(add_up, func.QueueMessage(body="x"), rows=[{"Price": 1}, {"Price": 2}])

    assert run.datums == {"$return": Datum('[{"Sum": 3}]', "json")}
