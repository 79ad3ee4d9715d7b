"""Connectors: a trigger for events of services outside Azure, such as a new mail in Office 365.

Docs: Use connectors in Azure Functions (preview). Needs the connector extension, from a preview extension bundle.
"""

from __future__ import annotations

from azfunc._core.binding import Trigger
from azfunc._core.converter import InConverter, MessageOutConverter
from azfunc._core.datum import Datum, decode_datum
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- binding classes --------------------------------------------------------------------------------------------------


class ConnectorTrigger(Trigger, type="connectorTrigger"):
    """Entry of type ``connectorTrigger`` in function.json."""


# --- converters -------------------------------------------------------------------------------------------------------


class ConnectorTriggerConverter(InConverter, MessageOutConverter, binding="connectorTrigger", trigger=True):
    """Connector trigger: the argument is what the connector sent, and the return value goes back to it."""

    what = "the return value of a connector function"
    input_types: ClassVar[tuple[type, ...]] = (str, bytes, dict)

    @classmethod
    def has_implicit_output(cls) -> bool:
        """Tell that the return value goes back to the connector without an output binding."""
        return True

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> Any:
        """Give the payload: JSON as its text, text and bytes as they are, None for nothing."""
        kind: str | None = getattr(data, "type", None)
        if kind is None:
            return None
        return decode_datum(Datum(data.value, kind)) if kind.startswith("collection_") else data.value

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Give the datum of a payload: text and bytes as they are, plain data as JSON."""
        return super().encode(value) or Datum(None, None), {}

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn the return value into a Datum: bytes as they are, None as empty text, plain data as JSON text."""
        datum = super().encode(obj, expected_type=expected_type)
        if datum is None:
            return Datum("", "string")
        return Datum(datum.value, "string") if datum.type == "json" else datum


# --- trigger decorators -----------------------------------------------------------------------------------------------


class ConnectorTriggers(DecoratorApi):
    """Connectors: decorators that start a function."""

    def connector_trigger(
        self,
        arg_name: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function for each event that a connector sends.

        Which connector, connection and operation it is stands in the connector namespace in Azure, which calls the
        function by its name.

        Args:
            arg_name: Parameter of the function that gets the payload, as JSON text.
                Annotate it as str and read it with ``json.loads()``.
            data_type: How the host hands the payload over; leave it out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.connector_trigger("payload")
            ... def on_new_email(payload: str) -> None:
            ...     for mail in json.loads(payload)["body"]["value"]:
            ...         print(mail["subject"])

        Source: Use connectors in Azure Functions, "Connector triggers"; reference 1.26.0, `connector_trigger`.
        """
        return self._bind(ConnectorTrigger, kwargs, name=arg_name, data_type=as_data_type(data_type))
