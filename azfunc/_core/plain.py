"""Values that pass as they are: the input side of a converter whose output side has rules of its own."""

from __future__ import annotations

from azfunc._core.annotations import accepts
from azfunc._core.converter import InConverter
from azfunc._core.datum import Datum, decode_datum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar


class PlainInConverter(InConverter):
    """Base of converters whose argument is what the host sends: JSON as its text, text and bytes as they are.

    It is what a binding type without a converter gives, for types whose output needs one: a binding type has one
    converter for both directions.
    """

    input_types: ClassVar[tuple[type, ...]] = (str, bytes, bool, int, float, dict, list)

    @classmethod
    def check_input_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a parameter may be annotated so: text, bytes, numbers and plain collections."""
        return accepts(pytype, cls.input_types, cls.input_types)

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> Any:
        """Give JSON as its text, text, bytes and numbers as they are, collections as lists, None for nothing."""
        kind: str | None = getattr(data, "type", None)
        if kind is None:
            return None
        return data.value if kind == "json" else decode_datum(Datum(data.value, kind))

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Give the datum of an argument: text and bytes as they are, plain data as JSON."""
        if value is None:
            return Datum(None, None), {}
        if isinstance(value, str):
            return Datum(value, "string"), {}
        if isinstance(value, bytes):
            return Datum(value, "bytes"), {}
        from azfunc._core.jsonlib import dumps

        return Datum(dumps(value), "json"), {}
