"""Azure Data Explorer (Kusto): an input that runs a query, and an output that ingests rows.

The input gives JSON text, as with generic bindings.

Docs: Azure Data Explorer bindings for Azure Functions (preview). Extension bundle:
Microsoft.Azure.Functions.ExtensionBundle.Preview 4+.
"""

from __future__ import annotations

from azfunc._core.binding import InputBinding, OutputBinding
from azfunc._core.checks import is_buffer
from azfunc._core.choices import as_choice
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.failures import UnsupportedValueError
from azfunc._core.plain import PlainInConverter
from azfunc._core.rows import RowConverter
from azfunc._core.text import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName

    KustoIngestionTypeName: TypeAlias = Literal["managed", "queued"]
    """How rows are ingested."""

_INGESTION_TYPES = ("managed", "queued")


# --- binding classes --------------------------------------------------------------------------------------------------


class KustoInput(InputBinding, type="kusto"):
    """Input entry of type ``kusto`` in function.json."""

    database: str
    kql_command: str
    connection: str
    kql_parameters: str | None = None
    client_request_properties: str | None = None
    managed_service_identity: str | None = None


class KustoOutput(OutputBinding, type="kusto"):
    """Output entry of type ``kusto`` in function.json."""

    database: str
    table_name: str
    connection: str
    mapping_ref: str | None = None
    data_format: str | None = None
    ingestion_type: str | None = None
    ingestion_properties_json: str | None = None
    managed_service_identity: str | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class KustoConverter(PlainInConverter, RowConverter, binding="kusto"):
    """Kusto input and output: the argument is JSON text; rows, dicts and dataclasses are ingested, text as it is."""

    what = "Kusto output"

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn rows into a Datum with JSON text; text is in the data format of the binding, and stays as it is."""
        if isinstance(obj, str):
            return Datum(obj, "string") if obj else None
        if not is_buffer(obj):
            return super().encode(obj, expected_type=expected_type)
        try:
            return cls.encode(bytes(obj).decode("utf-8"))
        except UnicodeDecodeError as error:
            raise cls.refuse(obj, why="it is no text in UTF-8") from error

    @classmethod
    def refuse(cls, obj: Any, *, why: str = "", hint: str = "") -> UnsupportedValueError:
        """Make the error for a value that cannot be ingested."""
        return UnsupportedValueError(
            f"{cls.what} got {type_name(obj)}{f': {why}' if why else ''}.",
            hint=hint or "Give it a dict, a dataclass, a list of them, or text in the data format of the binding.",
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class KustoBindings(DecoratorApi):
    """Azure Data Explorer: decorators for data that comes in or goes out."""

    def kusto_input(
        self,
        arg_name: str,
        database: str,
        kql_command: str,
        connection: str,
        kql_parameters: str | None = None,
        client_request_properties: str | None = None,
        managed_service_identity: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run a query or a stored function before the function runs, and hand its rows over.

        Args:
            arg_name: Parameter of the function that gets the rows, as JSON text: a list of objects.
            database: Database to query.
            kql_command: Query in the Kusto Query Language, or call of a stored function.
                Parameters are declared in it: ``declare query_parameters (id:long); Orders | where Id == id``.
            connection: App setting that holds the connection string of the cluster.
            kql_parameters: Values of the parameters, as ``@id={Query.id},@kind=tea``; may hold expressions.
                A name or a value has no comma and no equals sign.
            client_request_properties: Properties of the request, as ``@name=value,@other=value``.
            managed_service_identity: ``system``, or the identity that the cluster is logged in to with.
                That of the connection string when left out.
            data_type: How the host hands the rows over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.route("orders/{id}")
            ... @app.kusto_input("rows", "shop", "declare query_parameters (id:long); Orders | where Id == id",
            ...                  "KustoConnectionString", kql_parameters="@id={id}")
            ... def order(req: func.HttpRequest, rows: str) -> func.HttpResponse:
            ...     return func.HttpResponse(rows, mimetype="application/json")

        Source: Azure Data Explorer input bindings for Azure Functions, "Configuration"; Kusto extension,
        `KustoAttribute`.
        """
        return self._bind(
            KustoInput,
            kwargs,
            name=arg_name,
            database=database,
            kql_command=kql_command,
            connection=connection,
            kql_parameters=kql_parameters,
            client_request_properties=client_request_properties,
            managed_service_identity=managed_service_identity,
            data_type=as_data_type(data_type),
        )

    def kusto_output(
        self,
        arg_name: str,
        database: str,
        table_name: str,
        connection: str,
        mapping_ref: str | None = None,
        data_format: str | None = None,
        ingestion_type: KustoIngestionTypeName | None = None,
        ingestion_properties_json: str | None = None,
        managed_service_identity: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Ingest rows into a table after the function has returned.

        Takes a dict, a dataclass or a list of them, sent as JSON, or text in the data format. None and empty text
        ingest nothing.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            database: Database of the table.
            table_name: Table to ingest into.
            connection: App setting that holds the connection string of the cluster.
            mapping_ref: Name of an ingestion mapping of the table.
                Members and columns have the same names when left out.
            data_format: Format of text, such as ``csv``; JSON when left out.
                Dicts and dataclasses need JSON.
            ingestion_type: ``managed``, also when left out, to stream and else queue; ``queued`` to queue always.
            ingestion_properties_json: Properties of the ingestion, as the text of a JSON object.
            managed_service_identity: ``system``, or the identity that the cluster is logged in to with.
                That of the connection string when left out.
            data_type: How the host takes the rows; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.kusto_output("$return", "shop", "Orders", "KustoConnectionString")
            ... @app.queue_trigger("msg", "orders", "Storage")
            ... def keep(msg: func.QueueMessage) -> dict[str, Any]:
            ...     return {"Id": msg.id, "Title": msg.get_json()["title"]}

        Source: Azure Data Explorer output bindings for Azure Functions, "Configuration"; Kusto extension,
        `KustoAttribute`.
        """
        return self._bind(
            KustoOutput,
            kwargs,
            name=arg_name,
            database=database,
            table_name=table_name,
            connection=connection,
            mapping_ref=mapping_ref,
            data_format=data_format,
            ingestion_type=_ingestion_type(ingestion_type),
            ingestion_properties_json=ingestion_properties_json,
            managed_service_identity=managed_service_identity,
            data_type=as_data_type(data_type),
        )


def _ingestion_type(name: str | None) -> str | None:
    return None if name is None else as_choice(name, _INGESTION_TYPES, "The ingestion type of a Kusto output")
