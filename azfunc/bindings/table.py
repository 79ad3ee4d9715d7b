"""Azure Tables: bindings that read rows of a table, and add some.

Docs: Azure Tables bindings for Azure Functions. Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 2+.
"""

from __future__ import annotations

from azfunc._core.annotations import accepts
from azfunc._core.binding import InputBinding, OutputBinding
from azfunc._core.checks import is_buffer
from azfunc._core.datum import Datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.rows import RowConverter
from azfunc._core.text import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- binding classes --------------------------------------------------------------------------------------------------


class TableInput(InputBinding, type="table"):
    """Entry of type ``table`` and direction in, in function.json."""

    connection: str
    table_name: str
    row_key: str | None = None
    partition_key: str | None = None
    take: int | None = None
    filter: str | None = None


class TableOutput(OutputBinding, type="table"):
    """Entry of type ``table`` and direction out, in function.json."""

    connection: str
    table_name: str
    row_key: str | None = None
    partition_key: str | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class TableConverter(RowConverter, binding="table"):
    """Tables: the argument is JSON text, as from the worker itself; rows are sent from dicts and what is like them."""

    what = "table output"

    @classmethod
    def check_input_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a parameter may be annotated so: as text, which is what it gets, or as bytes."""
        return accepts(pytype, (str, bytes))

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> str | bytes | None:
        """Give the JSON text of a datum as it came; None when the host sent nothing."""
        if data is None or data.type is None:
            return None
        if data.type not in ("string", "json", "bytes"):
            raise ConversionError(
                f'unexpected type of data received for the "table" binding : {data.type!r}',
                hint="The host sends rows as json, string or bytes.",
            )
        text: str | bytes = data.value
        return text

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Turn an argument into the datum it would have come from; a row or a list of rows becomes its JSON text."""
        if value is None:
            return Datum(None, None), {}
        if is_buffer(value):
            return Datum(bytes(value), "bytes"), {}
        return Datum(value if isinstance(value, str) else cls._rows_text(value), "json"), {}

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn a row, or several, into a Datum.

        A mapping, a dataclass or an object with ``to_dict()`` is one row, an iterable of them several; they are sent as
        JSON. JSON text of an object or of a list of objects is sent as it stands. Nothing is sent for None.

        Raises:
            UnsupportedValueError: Something else, or text that is not such JSON.
        """
        if obj is None:
            return None
        if isinstance(obj, str):
            cls._checked_text(obj)
            return Datum(obj, "string")
        if is_buffer(obj):
            cls._checked_text(obj)
            return Datum(bytes(obj), "bytes")
        return Datum(cls._rows_text(obj), "json")

    @classmethod
    def _rows_text(cls, obj: Any) -> str:
        """Give the JSON text of a row as an object, that of several as a list."""
        several = cls._several(obj)
        if several is not obj:
            return cls._dump(cls._row(obj, obj), obj)
        return cls._dump([cls._row(each, obj) for each in several], obj)

    @classmethod
    def refuse(cls, obj: Any, *, why: str = "", hint: str = "") -> UnsupportedValueError:
        """Make the error for a value that cannot be sent."""
        return UnsupportedValueError(
            f"{cls.what} got {type_name(obj)}{f': {why}' if why else ''}.",
            hint=hint
            or "Give it a dict or a dataclass with PartitionKey and RowKey, a list of them, or JSON text of either.",
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class TableBindings(DecoratorApi):
    """Tables: decorators for rows that are read or added."""

    def table_input(
        self,
        arg_name: str,
        connection: str,
        table_name: str,
        row_key: str | None = None,
        partition_key: str | None = None,
        take: int | None = None,
        filter: str | None = None,
        data_type: DataType | DataTypeName | None = None,
    ) -> Decorator:
        """Read rows of a table for a call.

        The argument is JSON text: of an object when both keys are given, else of a list of objects.

        Args:
            arg_name: Parameter of the function that gets the JSON text, a `str`.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            table_name: Table to read.
            row_key: Row to read, such as ``{id}``; not together with `take` or `filter`.
                ``{id}`` is filled from the trigger: its route, metadata or JSON body.
            partition_key: Partition to read from; all when left out.
            take: Most rows to read.
            filter: Condition in OData, such as ``Price gt 10``.
            data_type: How the host hands the rows over; as text when left out.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.table_input("rows", "Storage", "orders", partition_key="{customer}", take=50)
            ... @app.route("orders/{customer}")
            ... def count(req: func.HttpRequest, rows: str) -> str:
            ...     return str(len(json.loads(rows)))

        Source: Azure Tables input bindings, "Decorators"; reference 1.26.0, `table_input`.
        """
        return self._bind(
            TableInput,
            {},
            name=arg_name,
            connection=connection,
            table_name=table_name,
            row_key=row_key,
            partition_key=partition_key,
            take=take,
            filter=filter,
            data_type=as_data_type(data_type),
        )

    def table_output(
        self,
        arg_name: str,
        connection: str,
        table_name: str,
        row_key: str | None = None,
        partition_key: str | None = None,
        data_type: DataType | DataTypeName | None = None,
    ) -> Decorator:
        """Add rows to a table after the function has returned.

        Takes a dict or a dataclass, a list of them, or JSON text of either. A row has its keys in ``PartitionKey`` and
        ``RowKey``. The binding adds rows and cannot replace any: the call fails when there is a row with the same keys.
        None adds nothing.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            connection: App setting that says how to connect.
                Its name, or the prefix of a group of settings when identities are used.
            table_name: Table to add to.
            row_key: Row key of a row that has none itself.
            partition_key: Partition key of a row that has none itself.
            data_type: How the host takes the rows; as text when left out.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.table_output("$return", "Storage", "orders")
            ... @app.queue_trigger("msg", "todo", "Storage")
            ... def note(msg: func.QueueMessage) -> dict[str, str]:
            ...     return {"PartitionKey": "todo", "RowKey": msg.id or "", "Text": msg.get_body().decode()}

        Source: Azure Tables output bindings, "Decorators"; reference 1.26.0, `table_output`.
        """
        return self._bind(
            TableOutput,
            {},
            name=arg_name,
            connection=connection,
            table_name=table_name,
            row_key=row_key,
            partition_key=partition_key,
            data_type=as_data_type(data_type),
        )
