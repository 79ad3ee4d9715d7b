"""Azure Database for MySQL: a trigger for changed rows, an input that runs a query, and an output that writes rows.

Docs: Azure Database for MySQL bindings for Azure Functions.
Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 4+.
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


class MySqlRow(Row):
    """A row of a MySQL table or query: a dict of columns that reads and writes JSON.

    Unlike the reference's, it is a real `dict`, and its values may be all that `to_json` writes: dates, decimals,
    UUIDs and bytes.

    Args:
        values: A mapping, or pairs of columns and values; empty when left out.
        **fields: Further values, by column.

    Example:
        >>> func.MySqlRow(ProductId=1, Name="Tea").to_json()
        '{"ProductId": 1, "Name": "Tea"}'

    Source: reference 1.26.0, `MySqlRow`.
    """


class MySqlRowList(RowList[MySqlRow]):
    """Rows of a MySQL table or query: a list of `MySqlRow`.

    Args:
        initlist: Rows, or dicts, of which it makes rows; empty when left out.

    Example:
        >>> [row["ProductId"] for row in func.MySqlRowList([{"ProductId": 1}, {"ProductId": 2}])]
        [1, 2]

    Source: reference 1.26.0, `MySqlRowList`.
    """

    row_type: ClassVar[type[Row]] = MySqlRow


# --- binding classes --------------------------------------------------------------------------------------------------


class MySqlTrigger(Trigger, type="mysqlTrigger"):
    """Entry of type ``mysqlTrigger`` in function.json."""

    table_name: str
    connection_string_setting: str
    leases_table_name: str | None = None


class MySqlInput(InputBinding, type="mysql"):
    """Input entry of type ``mysql`` in function.json."""

    command_text: str
    connection_string_setting: str
    command_type: str | None = "Text"
    parameters: str | None = None


class MySqlOutput(OutputBinding, type="mysql"):
    """Output entry of type ``mysql`` in function.json."""

    command_text: str
    connection_string_setting: str


# --- converters -------------------------------------------------------------------------------------------------------


class MySqlConverter(RowConverter, binding="mysql"):
    """MySQL input and output: the argument is a `MySqlRowList`; rows, dicts and dataclasses are written."""

    what = "MySQL output"
    list_type: ClassVar[type[RowList[Any]]] = MySqlRowList
    input_types: ClassVar[tuple[type, ...]] = (MySqlRowList,)


class MySqlTriggerConverter(MySqlConverter, binding="mysqlTrigger", trigger=True):
    """MySQL trigger: the argument is a `MySqlRowList` with one entry for each change."""


# --- trigger decorators -----------------------------------------------------------------------------------------------


class MySqlTriggers(DecoratorApi):
    """MySQL: decorators that start a function."""

    def mysql_trigger(
        self,
        arg_name: str,
        table_name: str,
        connection_string_setting: str,
        leases_table_name: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when rows of a table were added or changed.

        The table needs a column ``az_func_updated_at`` that the database keeps up to date. Each entry of the argument
        is a change: ``Item`` is the row, and ``Operation`` is 0, for added and changed rows alike.

        Args:
            arg_name: Parameter of the function that gets the `MySqlRowList`.
            table_name: Table to watch.
            connection_string_setting: App setting that holds the connection string of the database.
            leases_table_name: Table that keeps what was seen; made if it does not exist.
                A name of its own for each function and table when left out.
            data_type: How the host hands the changes over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.mysql_trigger("changes", "Products", "MySqlConnectionString")
            ... def changed(changes: func.MySqlRowList) -> None:
            ...     for change in changes:
            ...         print(change["Item"])

        Source: Azure Database for MySQL trigger binding for Azure Functions, "Configuration"; reference 1.26.0,
        `mysql_trigger`.
        """
        return self._bind(
            MySqlTrigger,
            kwargs,
            name=arg_name,
            table_name=table_name,
            connection_string_setting=connection_string_setting,
            leases_table_name=leases_table_name,
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class MySqlBindings(DecoratorApi):
    """MySQL: decorators for data that comes in or goes out."""

    def mysql_input(
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
            arg_name: Parameter of the function that gets the `MySqlRowList`.
            command_text: Query in SQL, or name of the stored procedure.
            connection_string_setting: App setting that holds the connection string of the database.
            command_type: ``Text`` for a query, ``StoredProcedure`` for a stored procedure.
            parameters: Values of the parameters, as ``@Id={Query.id},@Kind=tea``; may hold expressions.
                A value has no comma and no equals sign.
            data_type: How the host hands the rows over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.route("products/{id}")
            ... @app.mysql_input("rows", "SELECT * FROM Products WHERE ProductId = @Id", "MySqlConnectionString",
            ...                  parameters="@Id={id}")
            ... def product(req: func.HttpRequest, rows: func.MySqlRowList) -> str:
            ...     return rows.to_json()

        Source: Azure Database for MySQL input binding for Azure Functions, "Configuration"; reference 1.26.0,
        `mysql_input`.
        """
        return self._bind(
            MySqlInput,
            kwargs,
            name=arg_name,
            command_text=command_text,
            connection_string_setting=connection_string_setting,
            command_type=command_type,
            parameters=parameters,
            data_type=as_data_type(data_type),
        )

    def mysql_output(
        self,
        arg_name: str,
        command_text: str,
        connection_string_setting: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Write rows to a table after the function has returned; one with the same primary key is changed.

        Takes a `MySqlRow`, a dict, a dataclass, a list of them or a `MySqlRowList`, or their JSON text. None writes
        nothing. Names of columns are written as the table has them, and bytes as Base64 text.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            command_text: Table to write to.
            connection_string_setting: App setting that holds the connection string of the database.
            data_type: How the host takes the rows; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.mysql_output("$return", "Products", "MySqlConnectionString")
            ... @app.queue_trigger("msg", "products", "Storage")
            ... def save(msg: func.QueueMessage) -> func.MySqlRow:
            ...     return func.MySqlRow(ProductId=msg.id, Name=msg.get_json()["name"])

        Source: Azure Database for MySQL output binding for Azure Functions, "Configuration"; reference 1.26.0,
        `mysql_output`.
        """
        return self._bind(
            MySqlOutput,
            kwargs,
            name=arg_name,
            command_text=command_text,
            connection_string_setting=connection_string_setting,
            data_type=as_data_type(data_type),
        )
