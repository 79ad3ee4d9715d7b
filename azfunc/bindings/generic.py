"""Generic bindings: any binding type of any extension, by its name.

Docs: Azure Functions triggers and bindings, "Generic bindings".
"""

from __future__ import annotations

from azfunc._core.binding import InputBinding, OutputBinding, Trigger, field
from azfunc._core.checks import untyped
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import as_data_type
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.names import check_text
from azfunc._core.registry import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

    from azfunc._core.binding import AppDefaults
    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName


# --- binding classes --------------------------------------------------------------------------------------------------


class GenericTrigger(Trigger):
    """A trigger whose binding type is given with it."""

    _type: str = field(alias="type")  # pyright: ignore[reportIncompatibleVariableOverride]  # narrower, never set

    @property
    def starts_http(self) -> bool:  # type: ignore[override]  # depends on the type of this one
        """Whether a function with this trigger is an HTTP function."""
        known = registry.binding_class(self.type)
        return bool(known and known.starts_http)

    @property
    def takes_batches(self) -> bool:  # type: ignore[override]  # depends on the type of this one
        """Whether one call can get several messages."""
        known = registry.binding_class(self.type)
        return bool(known and known.takes_batches)

    def finish(self, function_name: str, defaults: AppDefaults) -> Self:
        """Complete it as the trigger of the same binding type is completed."""
        known = registry.binding_class(self.type)
        return self if known is None else untyped(known).finish(self, function_name, defaults)


class GenericInputBinding(InputBinding):
    """An input binding whose binding type is given with it."""

    _type: str = field(alias="type")  # pyright: ignore[reportIncompatibleVariableOverride]  # narrower, never set


class GenericOutputBinding(OutputBinding):
    """An output binding whose binding type is given with it."""

    _type: str = field(alias="type")  # pyright: ignore[reportIncompatibleVariableOverride]  # narrower, never set


def _check_type(type: object) -> str:
    advice = "Give the type as function.json has it, such as type='queueTrigger'."
    if type == "":
        raise ArgumentTypeError("The type of a generic binding is empty.", hint=advice)
    return check_text(type, "The type of a generic binding", hint=advice)


# --- trigger decorators -----------------------------------------------------------------------------------------------


class GenericTriggers(DecoratorApi):
    """Any extension: decorators that start a function."""

    def generic_trigger(
        self,
        arg_name: str,
        type: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function on a trigger of any binding type.

        Args:
            arg_name: Parameter of the function that gets the value.
            type: Binding type as function.json has it, such as ``rabbitMQTrigger``.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Fields of the binding, in snake case; they are written in camel case.

        Raises:
            DefinitionError: The name is none that the host accepts, or the type is missing.

        Example:
            >>> @app.generic_trigger("msg", type="rabbitMQTrigger", queue_name="todo")
            ... def shout(msg: str) -> None: ...

        Source: Azure Functions triggers and bindings; reference 1.26.0, `generic_trigger`.
        """
        return self._bind(
            GenericTrigger, kwargs, name=arg_name, type=_check_type(type), data_type=as_data_type(data_type)
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class GenericBindings(DecoratorApi):
    """Any extension: decorators for data that goes in or out."""

    def generic_input_binding(
        self,
        arg_name: str,
        type: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Fetch data for a call through a binding of any type.

        Args:
            arg_name: Parameter of the function that gets the value.
            type: Binding type as function.json has it, such as ``blob``.
            data_type: How the host hands the value over; as it sees fit when left out.
            **kwargs: Fields of the binding, in snake case; they are written in camel case.

        Raises:
            DefinitionError: The name is none that the host accepts, or the type is missing.

        Example:
            >>> @app.generic_input_binding("file", type="blob", path="in/{id}.txt", connection="Storage")
            ... @app.route("read/{id}")
            ... def read(req: func.HttpRequest, file: str) -> str:
            ...     return file

        Source: Azure Functions triggers and bindings; reference 1.26.0, `generic_input_binding`.
        """
        return self._bind(
            GenericInputBinding, kwargs, name=arg_name, type=_check_type(type), data_type=as_data_type(data_type)
        )

    def generic_output_binding(
        self,
        arg_name: str,
        type: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Send data after a call through a binding of any type.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            type: Binding type as function.json has it, such as ``blob``.
            data_type: How the host takes the value; as it sees fit when left out.
            **kwargs: Fields of the binding, in snake case; they are written in camel case.

        Raises:
            DefinitionError: The name is none that the host accepts, or the type is missing.

        Example:
            >>> @app.generic_output_binding("$return", type="blob", path="out/{id}.txt", connection="Storage")
            ... @app.route("write/{id}")
            ... def write(req: func.HttpRequest) -> str:
            ...     return req.get_body().decode()

        Source: Azure Functions triggers and bindings; reference 1.26.0, `generic_output_binding`.
        """
        return self._bind(
            GenericOutputBinding, kwargs, name=arg_name, type=_check_type(type), data_type=as_data_type(data_type)
        )
