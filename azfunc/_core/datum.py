"""`Datum`: one value between host and function, with its wire type."""

from __future__ import annotations

from azfunc._core.failures import ConversionError
from azfunc._core.lazy import LazyModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    import builtins
    from typing import Any

    from azfunc._core import jsonlib
else:
    jsonlib = LazyModule("azfunc._core.jsonlib")


class Datum:
    """One value between host and function, with its wire type.

    Args:
        value: The value, in the form of its type.
        type: Wire type: ``string``, ``bytes``, ``json`` (JSON text), ``int``, ``double``, ``stream``, ``http``,
            ``collection_bytes``, ``collection_string``, ``collection_double``, ``collection_sint64``,
            ``model_binding_data``, or None for nothing.

    Source: reference 1.26.0, `meta.Datum`; the worker's protocol, "TypedData".
    """

    __slots__ = ("type", "value")

    value: Any
    """The value, in the form of its type."""
    type: str | None
    """Wire type."""

    def __init__(self, value: Any = None, type: str | None = None) -> None:
        self.value = value
        self.type = type

    @property
    def python_value(self) -> Any:
        """The value as Python sees it: JSON text is read, collections become lists."""
        return decode_datum(self)

    @property
    def python_type(self) -> builtins.type:
        """Type of `python_value`."""
        found: builtins.type = self.python_value.__class__
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Datum):
            return False
        return bool(self.value == other.value) and self.type == other.type

    def __hash__(self) -> int:
        return hash((type(self), repr(self.value), self.type))

    def __repr__(self) -> str:
        text = repr(self.value)
        if len(text) > 60:
            text = f"{text[:57]}..."
        return f"Datum({text}, {self.type!r})"


def decode_datum(datum: Datum) -> Any:
    """Give the value of a datum as Python sees it.

    Raises:
        ConversionError: The text of a ``json`` datum is no JSON.
    """
    value, kind = datum.value, datum.type
    if value is None or kind is None:
        return None
    if kind == "json":
        try:
            return jsonlib.loads(value)
        except ValueError as error:
            raise ConversionError(f"The host sent text as JSON that is none: {error.args[0]}") from error
    if kind.startswith("collection_"):
        return list(getattr(value, kind[len("collection_") :], value))
    return value
