"""Azure SQL: a trigger for changed rows of a table, an input that runs a query, and an output that writes rows.

The trigger has no converter, as in the reference: the changes reach the function as JSON text.

Docs: Azure SQL bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 4+.
"""

from __future__ import annotations

from azfunc._core.binding import InputBinding, OutputBinding, Trigger
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.rows import Row, RowConverter, RowList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- message types ----------------------------------------------------------------------------------------------------


class SqlRow(Row):
    """A row of a SQL table or query: a dict of columns that reads and writes JSON.

    Unlike the reference's, it is a real `dict`, and its values may be all that `to_json` writes: dates, decimals,
    UUIDs and bytes.

    Args:
        values: A mapping, or pairs of columns and values; empty when left out.
        **fields: Further values, by column.

    Example:
        >>> func.SqlRow(Id=1, Title="Tea").to_json()
        '{"Id": 1, "Title": "Tea"}'

    Source: reference 1.26.0, `SqlRow`.
    """


class SqlRowList(RowList[SqlRow]):
    """Rows of a SQL table or query: a list of `SqlRow`.

    Args:
        initlist: Rows, or dicts, of which it makes rows; empty when left out.

    Example:
        >>> [row["Id"] for row in func.SqlRowList([{"Id": 1}, {"Id": 2}])]
        [1, 2]

    Source: reference 1.26.0, `SqlRowList`.
    """

    row_type: ClassVar[type[Row]] = SqlRow


# --- binding classes --------------------------------------------------------------------------------------------------


class SqlTrigger(Trigger, type="sqlTrigger"):
    """Entry of type ``sqlTrigger`` in function.json."""

    table_name: str
    connection_string_setting: str
    leases_table_name: str | None = None


class SqlInput(InputBinding, type="sql"):
    """Input entry of type ``sql`` in function.json."""

    command_text: str
    connection_string_setting: str
    command_type: str | None = "Text"
    parameters: str | None = None


class SqlOutput(OutputBinding, type="sql"):
    """Output entry of type ``sql`` in function.json."""

    command_text: str
    connection_string_setting: str


# --- converters -------------------------------------------------------------------------------------------------------


class SqlConverter(RowConverter, binding="sql"):
    """SQL input and output: the argument is a `SqlRowList`; rows, dicts and dataclasses are written."""

    what = "SQL output"
    list_type: ClassVar[type[RowList[Any]]] = SqlRowList
    input_types: ClassVar[tuple[type, ...]] = (SqlRowList,)


# --- trigger decorators -----------------------------------------------------------------------------------------------


class SqlTriggers(DecoratorApi):
    """SQL: decorators that start a function."""

    def sql_trigger(
        self,
        arg_name: str,
        table_name: str,
        connection_string_setting: str,
        leases_table_name: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when rows of a table were added, changed or deleted.

        Change tracking has to be switched on for the database and the table. The argument is JSON text, a list of
        changes: ``Operation`` is 0 for an added row, 1 for a changed one and 2 for a deleted one, and ``Item`` is the
        row, of which only the primary key is left after a deletion.

        Args:
            arg_name: Parameter of the function that gets the changes, as `str`.
            table_name: Table to watch, such as ``dbo.Orders``.
            connection_string_setting: App setting that holds the connection string of the database.
            leases_table_name: Table in the schema ``az_func`` that keeps what was seen; made if it does not exist.
                A name of its own for each function and table when left out.
            data_type: How the host hands the changes over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.sql_trigger("changes", "dbo.Orders", "SqlConnectionString")
            ... def changed(changes: str) -> None:
            ...     for change in json.loads(changes):
            ...         print(change["Operation"], change["Item"])

        Source: Azure SQL trigger for Functions, "Decorators" and "Configuration"; reference 1.26.0, `sql_trigger`.
        """
        return self._bind(
            SqlTrigger,
            kwargs,
            name=arg_name,
            table_name=table_name,
            connection_string_setting=connection_string_setting,
            leases_table_name=leases_table_name,
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class SqlBindings(DecoratorApi):
    """SQL: decorators for data that comes in or goes out."""

    def sql_input(
        self,
        arg_name: str,
        command_text: str,
        connection_string_setting: str,
        command_type: str | None = "Text",
        parameters: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run a query or a stored procedure before the function runs, and hand its rows over.

        Args:
            arg_name: Parameter of the function that gets the `SqlRowList`.
            command_text: Query in Transact-SQL, or name of the stored procedure.
            connection_string_setting: App setting that holds the connection string of the database.
            command_type: ``Text`` for a query, ``StoredProcedure`` for a stored procedure.
            parameters: Values of the parameters, as ``@Id={Query.id},@Kind=tea``; may hold expressions.
                A value has no comma and no equals sign; ``@Id=null`` gives NULL, and ``@Id=`` an empty text.
            data_type: How the host hands the rows over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.route("orders/{id}")
            ... @app.sql_input("rows", "SELECT * FROM dbo.Orders WHERE Id = @Id", "SqlConnectionString",
            ...                parameters="@Id={id}")
            ... def order(req: func.HttpRequest, rows: func.SqlRowList) -> str:
            ...     return rows.to_json()

        Source: Azure SQL input binding for Azure Functions, "Decorators" and "Configuration"; reference 1.26.0,
        `sql_input`.
        """
        return self._bind(
            SqlInput,
            kwargs,
            name=arg_name,
            command_text=command_text,
            connection_string_setting=connection_string_setting,
            command_type=command_type,
            parameters=parameters,
            data_type=as_data_type(data_type),
        )

    def sql_output(
        self,
        arg_name: str,
        command_text: str,
        connection_string_setting: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Write rows to a table after the function has returned; one with the same primary key is changed.

        Takes a `SqlRow`, a dict, a dataclass, a list of them or a `SqlRowList`, or their JSON text. None writes
        nothing. Names of columns are written as the table has them, and bytes as Base64 text.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            command_text: Table to write to, such as ``dbo.Orders``.
            connection_string_setting: App setting that holds the connection string of the database.
            data_type: How the host takes the rows; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.sql_output("$return", "dbo.Orders", "SqlConnectionString")
            ... @app.queue_trigger("msg", "orders", "Storage")
            ... def save(msg: func.QueueMessage) -> func.SqlRow:
            ...     return func.SqlRow(Id=msg.id, Title=msg.get_json()["title"])

        Source: Azure SQL output binding for Azure Functions, "Decorators" and "Configuration"; reference 1.26.0,
        `sql_output`.
        """
        return self._bind(
            SqlOutput,
            kwargs,
            name=arg_name,
            command_text=command_text,
            connection_string_setting=connection_string_setting,
            data_type=as_data_type(data_type),
        )
