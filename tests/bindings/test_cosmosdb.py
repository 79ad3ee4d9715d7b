"""Azure Cosmos DB."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import io
import uuid
from typing import TYPE_CHECKING, Annotated, Any, Optional

import pytest

import azfunc
from azfunc._core.datum import Datum
from tests.bindings.conformance import DECORATORS, REFUSED, BindingConformance, arguments, entries_of, facts

if TYPE_CHECKING:
    from types import ModuleType

UTC = datetime.timezone.utc
REQUIRED = {"arg_name": "d", "connection": "COSMOS", "database_name": "shop", "container_name": "orders"}


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int
    due: datetime.date


def all_arguments(func: ModuleType, decorator: str) -> dict[str, Any]:
    """Give all arguments of a decorator; text for the two that the reference cannot write as it annotates them."""
    given = arguments(func, decorator, required=False)
    texts = ("start_from_beginning", "start_from_time") if decorator == "cosmos_db_trigger" else ()
    return {**given, **{name: f"{name}_value" for name in texts}}


class TestCosmosDB(BindingConformance):
    """The suite, for Cosmos DB."""

    module = "cosmosdb"
    decorators = (
        "cosmos_db_trigger",
        "cosmos_db_trigger_v3",
        "cosmos_db_input",
        "cosmos_db_input_v3",
        "cosmos_db_output",
        "cosmos_db_output_v3",
    )
    defaults = (azfunc.Document, azfunc.DocumentList)
    messages = {
        kind: [
            azfunc.DocumentList(),
            azfunc.DocumentList([azfunc.Document(id="1", title="Käse", tags=["a", None], inner={"b": 1.5})]),
            azfunc.DocumentList([{"id": "1"}, {"id": "2"}]),
            azfunc.DocumentList([None]),  # type: ignore[list-item]  # the host sends it for what is not there
        ]
        for kind in ("cosmosDB", "cosmosDBTrigger")
    }
    accepted = {
        kind: [
            azfunc.DocumentList,
            azfunc.DocumentList | None,
            Optional[azfunc.DocumentList],  # noqa: UP045  # the older spelling is the point
            Annotated[azfunc.DocumentList, "orders"],
            list[azfunc.Document],
            list[dict[str, Any]],
        ]
        for kind in ("cosmosDB", "cosmosDBTrigger")
    }
    refused = {
        kind: [str, dict, azfunc.Document, list[str], list[azfunc.QueueMessage], azfunc.DocumentList | str]
        for kind in ("cosmosDB", "cosmosDBTrigger")
    }
    outputs = {
        "cosmosDB": [
            (azfunc.Document(id="1"), Datum('[{"id": "1"}]', "json")),
            (azfunc.Document(), Datum("[{}]", "json")),
            (azfunc.DocumentList([azfunc.Document(id="1")]), Datum('[{"id": "1"}]', "json")),
            (azfunc.DocumentList([{"id": "1"}]), Datum('[{"id": "1"}]', "json")),
            ([azfunc.Document(id="1"), {"id": "2"}], Datum('[{"id": "1"}, {"id": "2"}]', "json")),
            ({"id": "1"}, Datum('[{"id": "1"}]', "json")),
            ({}, Datum("[{}]", "json")),
            ([], Datum("[]", "json")),
            (({"id": "1"},), Datum('[{"id": "1"}]', "json")),
            (({"id": each} for each in "ab"), Datum('[{"id": "a"}, {"id": "b"}]', "json")),
            (Order(7, datetime.date(2026, 1, 2)), Datum('[{"number": 7, "due": "2026-01-02"}]', "json")),
            ([Order(7, datetime.date(2026, 1, 2))], Datum('[{"number": 7, "due": "2026-01-02"}]', "json")),
            (
                {
                    "at": datetime.datetime(2026, 1, 2, tzinfo=UTC),
                    "sum": decimal.Decimal("1.5"),
                    "id": uuid.UUID(int=1),
                    "raw": b"\xff",
                    "inner": azfunc.Document(a=1),
                },
                Datum(
                    '[{"at": "2026-01-02T00:00:00+00:00", "sum": 1.5, "id": "00000000-0000-0000-0000-000000000001", '
                    '"raw": "/w==", "inner": {"a": 1}}]',
                    "json",
                ),
            ),
            ('{"id": "1"}', Datum('[{"id": "1"}]', "json")),
            (b'[{"id": "1"}]', Datum('[{"id": "1"}]', "json")),
            (bytearray(b'{"id": "1"}'), Datum('[{"id": "1"}]', "json")),
            ("", Datum("[]", "json")),
            (None, None),
            ("abc", REFUSED),
            ("5", REFUSED),
            (b"\xff", REFUSED),
            (7, REFUSED),
            (True, REFUSED),
            (float("nan"), REFUSED),
            ({"id": "1", "sum": float("nan")}, REFUSED),
            (datetime.datetime(2026, 1, 2, tzinfo=UTC), REFUSED),
            ([None], REFUSED),
            (["a"], REFUSED),
            ([b"{}"], REFUSED),
            ([[{"id": "1"}]], REFUSED),
            ({"a": object()}, REFUSED),
            (object(), REFUSED),
            (io.BytesIO(b"{}"), REFUSED),
            (azfunc.QueueMessage(body="{}"), REFUSED),
            ([azfunc.QueueMessage(body="{}")], REFUSED),
            (azfunc.TimerRequest(), REFUSED),
        ]
    }

    def test_all_arguments_make_the_entry_of_the_reference(self, func: ModuleType, decorator: str) -> None:
        """With all its arguments a decorator writes what the reference writes."""
        made = entries_of(func, decorator, all_arguments(func, decorator))

        assert made == facts(func, decorator)["with_all"]["bindings"]

    def test_keys_stand_in_the_order_of_the_reference(self, decorator: str) -> None:
        """The keys of an entry have the order that the reference gives them."""
        made = entries_of(azfunc, decorator, all_arguments(azfunc, decorator))

        assert [list(entry) for entry in made] == [
            list(entry) for entry in DECORATORS[decorator]["with_all"]["bindings"]
        ]


def test_document_is_what_the_reference_has(func: ModuleType) -> None:
    """Making, reading, comparing and writing a document give the same on both libraries."""
    document = func.Document(id="1", x=2)

    assert document == {"id": "1", "x": 2}
    assert document == func.Document.from_dict({"id": "1", "x": 2})
    assert document.to_dict() == {"id": "1", "x": 2}
    assert document.to_json() == '{"id": "1", "x": 2}'
    assert func.Document(a="é", b=[1, None]).to_json() == '{"a": "\\u00e9", "b": [1, null]}'
    assert func.Document.from_json('{"a": {"b": 1}}')["a"] == {"b": 1}
    assert document.data == {"id": "1", "x": 2}
    assert not hasattr(func.Document(a=1), "a")
    assert not isinstance(func.SqlRow(), func.Document) if hasattr(func, "SqlRow") else True
    with pytest.raises(KeyError, match="b"):
        document["b"]


def test_list_is_what_the_reference_has(func: ModuleType) -> None:
    """A list of documents compares, slices and copies the same on both libraries."""
    documents = func.DocumentList([func.Document(id=each) for each in "abc"])

    assert documents == [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    assert documents[0]["id"] == "a"
    assert type(documents[1:]) is func.DocumentList
    assert type(documents.copy()) is func.DocumentList
    assert documents.data == [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    assert not func.DocumentList()
    assert func.DocumentList([1]) == [1]


@pytest.mark.parametrize("kind", ["cosmosDB", "cosmosDBTrigger"])
@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        (Datum('{"a": 1}', "string"), [{"a": 1}]),
        (Datum('[{"a": 1}, {"a": 2}]', "json"), [{"a": 1}, {"a": 2}]),
        (Datum(b"[]", "bytes"), []),
        (Datum('[{"id": "1"}, null]', "json"), [{"id": "1"}, None]),
        (Datum("null", "json"), [None]),
        (Datum(None, None), None),
        (None, None),
    ],
    ids=str,
)
def test_decoding_gives_what_the_reference_gives(func: ModuleType, kind: str, datum: Any, expected: Any) -> None:
    """What the reference reads, azfunc reads the same."""
    decoded = func.get_binding_registry().get(kind).decode(datum, trigger_metadata={})

    assert decoded == expected
    assert decoded is None or type(decoded) is func.DocumentList


@pytest.mark.parametrize("datum", [Datum(7, "int"), Datum({"a": 1}, "dict")], ids=str)
def test_refused_datum_has_the_text_of_the_reference(func: ModuleType, datum: Datum) -> None:
    """The first argument of the error is the reference's."""
    with pytest.raises(NotImplementedError) as caught:
        func.get_binding_registry().get("cosmosDB").decode(datum, trigger_metadata={})

    assert caught.value.args[0] == f"unsupported queue payload type: {datum.type}"


def test_encoding_gives_what_the_reference_gives(func: ModuleType) -> None:
    """What the reference writes, azfunc writes the same."""
    converter = func.get_binding_registry().get("cosmosDB")

    for value in (func.Document(id="1"), [func.Document(id="1")], func.DocumentList([{"id": "1"}])):
        datum = converter.encode(value, expected_type=None)
        assert (datum.type, datum.value) == ("json", '[{"id": "1"}]')
    for value in ([], "", b""):
        assert converter.encode(value, expected_type=None).value == "[]"


def test_converters_say_what_the_reference_says(func: ModuleType) -> None:
    """The worker asks for trigger support and for implicit output."""
    registry = func.get_binding_registry()

    assert registry.get("cosmosDBTrigger").has_trigger_support() is True
    assert registry.get("cosmosDB").has_trigger_support() is False
    assert registry.get("cosmosDB").has_implicit_output() is False
    assert registry.get("cosmosDB").check_output_type_annotation(func.Document) is True


@pytest.mark.parametrize(
    "mode",
    [
        azfunc.CosmosDBChangeFeedMode.ALL_VERSIONS_AND_DELETES,
        "AllVersionsAndDeletes",
        "ALL_VERSIONS_AND_DELETES",
        "allVersionsAndDeletes",
    ],
    ids=str,
)
def test_change_feed_mode_is_written_by_its_value(mode: Any) -> None:
    """The enum, its name and its value in any letter case become what the host reads."""
    (entry,) = entries_of(azfunc, "cosmos_db_trigger", {**REQUIRED, "change_feed_mode": mode})

    assert entry["changeFeedMode"] == "AllVersionsAndDeletes"


def test_unknown_change_feed_mode_is_refused(app: azfunc.FunctionApp) -> None:
    """Unlike the reference, which writes it into function.json."""
    with pytest.raises(azfunc.UnknownNameError, match="LATEST_VERSION") as caught:
        app.cosmos_db_trigger("d", "C", "db", "c", change_feed_mode="LatestVersions")  # type: ignore[arg-type]  # wrong

    assert "Did you mean 'LATEST_VERSION'" in caught.value.hint


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05Z"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5), "2026-01-02T03:04:05Z"),  # noqa: DTZ001  # documented as UTC
        (
            datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
            "2026-01-02T01:00:00Z",
        ),
        (datetime.date(2026, 1, 2), "2026-01-02T00:00:00Z"),
        (datetime.time(1, 2, 3), "01:02:03"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("%START%", "%START%"),
    ],
    ids=str,
)
def test_start_from_time_is_written_as_the_host_reads_it(moment: Any, text: str) -> None:
    """Dates and times become ISO 8601 in UTC, which the reference cannot write; text stays."""
    (entry,) = entries_of(azfunc, "cosmos_db_trigger", {**REQUIRED, "start_from_time": moment})

    assert entry["startFromTime"] == text


def test_start_from_time_that_is_no_moment_is_refused(app: azfunc.FunctionApp) -> None:
    """A number is no moment."""
    with pytest.raises(azfunc.ArgumentTypeError, match="start_from_time is a moment, and got int") as caught:
        app.cosmos_db_trigger("d", "C", "db", "c", start_from_time=5)  # type: ignore[arg-type]  # the point of the test

    assert "2021-02-16T14:19:29Z" in caught.value.hint


@pytest.mark.parametrize("decorator", ["cosmos_db_trigger", "cosmos_db_trigger_v3"])
def test_start_from_beginning_is_no_time(app: azfunc.FunctionApp, decorator: str) -> None:
    """The annotation of the reference asks for a time, which nobody can write as JSON."""
    with pytest.raises(TypeError, match="start_from_beginning is true or false, and got time") as caught:
        getattr(app, decorator)("d", "C", "db", "c", start_from_beginning=datetime.time(1))

    assert "start_from_time" in str(caught.value)


def test_refusal_names_the_output_the_type_and_what_would_do() -> None:
    """The text for a value that cannot be written has all three parts."""
    converter: Any = azfunc.get_binding_registry().get("cosmosDB")

    with pytest.raises(azfunc.UnsupportedValueError) as caught:
        converter.encode([azfunc.TimerRequest()], expected_type=None)

    assert caught.value.message == "Cosmos DB output got list of TimerRequest: TimerRequest is no row."
    assert "DocumentList" in caught.value.hint


def test_function_with_documents_can_be_called(app: azfunc.FunctionApp) -> None:
    """A decorated function takes documents made by hand, as the guide's sample reads them."""

    @app.cosmos_db_input("documents", "COSMOS", "shop", "orders", id="1")
    @app.cosmos_db_trigger("changes", "COSMOS", "shop", "orders")
    def first_of(changes: azfunc.DocumentList, documents: azfunc.DocumentList) -> str:
        doc_id: str = documents[0]["id"]
        return doc_id + changes[0].to_json()

    assert first_of(azfunc.DocumentList([{"a": 1}]), azfunc.DocumentList([azfunc.Document(id="7")])) == '7{"a": 1}'
