"""Rows: what databases give and take. A row is a dict, and several of them are a list; both know their JSON.

`RowConverter` reads what the host sends into them, and sends rows, plain dicts, dataclasses and JSON text.
"""

from __future__ import annotations

from abc import ABCMeta
from itertools import islice
from reprlib import recursive_repr
from typing import overload

from azfunc._core.annotations import accepts, alternatives, items_of
from azfunc._core.checks import MODEL_MARKS, OBJECT_MARKS, class_of, has_any, is_dict
from azfunc._core.converter import InConverter, OutConverter, Several
from azfunc._core.datum import Datum
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.message import Message
from azfunc._core.text import short, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, ClassVar, SupportsIndex, TypeVar

    from typing_extensions import Self

    RowT = TypeVar("RowT", bound="Row")

_SHOWN_ROWS = 3
_TEXT = (str, bytes, bytearray, memoryview)


class Row(dict[str, "Any"], metaclass=ABCMeta):
    """Base of the rows: a dict whose repr shows its class, and that reads and writes JSON.

    The metaclass lets the reference's classes be registered as virtual subclasses, where both libraries run in one
    process.

    Args:
        values: A mapping, or pairs of names and values; empty when left out.
        **fields: Further values, by name.
    """

    def __init__(self, values: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None, /, **fields: Any) -> None:
        super().__init__(() if values is None else values, **fields)

    @classmethod
    def from_json(cls, json_data: str | bytes) -> Self:
        """Read one from JSON text.

        Args:
            json_data: Text of a JSON object.

        Raises:
            JsonDecodeError: It is no JSON; has the position.
            ConversionError: It is JSON, but no object.
        """
        from azfunc._core.jsonlib import loads

        value = loads(json_data, what=f"the text given to {cls.__name__}.from_json()")
        if not _is(value, dict):
            raise ConversionError(
                f"{cls.__name__}.from_json() needs a JSON object, and got {short(value)}.",
                hint="Call it once for each object of a list.",
            )
        return cls(value)

    @classmethod
    def from_dict(cls, dct: Mapping[str, Any]) -> Self:
        """Make one of a mapping; a shallow copy.

        Args:
            dct: Names and values.

        Raises:
            ArgumentTypeError: It is no mapping.
        """
        if not hasattr(type(dct), "keys"):
            raise ArgumentTypeError(
                f"{cls.__name__}.from_dict() needs a mapping, and got {type_name(dct)}.",
                hint=f"Give it a dict; {cls.__name__}.from_json() reads text.",
            )
        return cls(dct)

    def to_json(self) -> str:
        """Give it as JSON text.

        Dates, decimals, UUIDs and bytes are written as outputs write them: ISO 8601 text, a number when JSON holds it
        exactly and else text, the usual text, Base64 text.

        Raises:
            UnsupportedValueError: A value has no meaning as JSON.
        """
        from azfunc._core.jsonlib import dumps

        return dumps(self)

    def to_dict(self) -> dict[str, Any]:
        """Give it as a plain dict; a shallow copy."""
        return dict(self)

    def copy(self) -> Self:
        """Give a shallow copy of the same class."""
        return type(self)(self)

    @property
    def data(self) -> dict[str, Any]:
        """The row itself, by the name that the reference's rows, which wrap a dict, have for their content."""
        return self

    @recursive_repr()
    def __repr__(self) -> str:
        inside = ", ".join(f"{key!r}: {short(value)}" for key, value in self.items())
        return f"{type(self).__name__}({{{inside}}})"


class RowList(list["RowT"], metaclass=ABCMeta):
    """Base of the lists of rows: a list whose plain dicts have become rows.

    Args:
        initlist: Rows, or dicts, of which it makes rows; empty when left out.
    """

    row_type: ClassVar[type[Row]] = Row
    """Class of the rows."""

    def __init__(self, initlist: Iterable[RowT | Mapping[str, Any]] | None = None) -> None:
        given: Iterable[Any] = () if initlist is None else initlist
        make: Any = self.row_type
        super().__init__(make(each) if _is_plain_dict(each) else each for each in given)

    def to_dict(self) -> list[dict[str, Any]]:
        """Give the rows as a list of plain dicts."""
        return [dict(each) for each in self]

    def to_json(self) -> str:
        """Give the rows as JSON text, a list of objects; values as `Row.to_json` writes them.

        Raises:
            UnsupportedValueError: A value has no meaning as JSON.
        """
        from azfunc._core.jsonlib import dumps

        return dumps(self)

    def copy(self) -> Self:
        """Give a shallow copy of the same class."""
        return type(self)(self)

    @property
    def data(self) -> list[RowT]:
        """The list itself, by the name that the reference's lists, which wrap one, have for their content."""
        return self

    @overload
    def __getitem__(self, index: SupportsIndex, /) -> RowT: ...
    @overload
    def __getitem__(self, index: slice, /) -> Self: ...
    def __getitem__(self, index: SupportsIndex | slice, /) -> RowT | Self:
        if isinstance(index, slice):
            return type(self)(super().__getitem__(index))
        return super().__getitem__(index)

    @recursive_repr()
    def __repr__(self) -> str:
        shown = [repr(each) for each in islice(self, _SHOWN_ROWS)]
        if len(self) > _SHOWN_ROWS:
            shown.append(f"... {len(self) - _SHOWN_ROWS} more")
        return f"{type(self).__name__}([{', '.join(shown)}])"


class RowConverter(InConverter, OutConverter):
    """Base of the converters for rows.

    The argument is the service's list of rows, however many there are. A row, a mapping, a dataclass, a model of
    pydantic or an object with ``to_dict()`` is sent as one row, an iterable of them as several, JSON text of an object
    or of a list of objects as it stands. Nothing is sent for None.
    """

    what: ClassVar[str] = "row output"
    """Name of the output in errors: ``Cosmos DB output``."""
    list_type: ClassVar[type[RowList[Any]]] = RowList
    """The service's own list."""
    unsupported: ClassVar[str] = "Unsupported payload type"
    """Beginning of the error for a datum of the wrong wire type, as the reference has it."""
    output_types: ClassVar[tuple[type, ...]] = (str, bytes, bytearray, dict, list, tuple)

    @classmethod
    def check_input_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a parameter may be annotated so.

        The service's list, a class that it is one of, and ``list[X]`` or ``Sequence[X]`` where X is the service's row
        or what a dict is: `dict`, ``dict[str, Any]``, `Mapping`, a `TypedDict`.
        """
        return all(_names_list(each, cls.list_type) for each in alternatives(pytype))

    @classmethod
    def check_output_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a return value may be annotated so: a row, a mapping, a dataclass, text, or several rows."""
        return all(_names_output(each, cls.output_types) for each in alternatives(pytype))

    @classmethod
    def decode(cls, data: Any, *, trigger_metadata: Mapping[str, Any] | None) -> Any:
        """Turn a ``json``, ``string`` or ``bytes`` datum into the service's list; a single object into a list of one.

        A ``null`` stays None, as a place in the list; no datum at all is None.

        Raises:
            JsonDecodeError: It is no JSON.
            ConversionError: It is JSON, but no object and no list of them.
            UnsupportedValueError: Another wire type.
        """
        kind, value = getattr(data, "type", None), getattr(data, "value", None)
        if kind is None:
            return None
        if kind not in ("json", "string", "bytes", "stream") or not isinstance(value, (str, bytes, bytearray)):
            raise UnsupportedValueError(f"{cls.unsupported}: {kind}", hint="The host sends json, string or bytes here.")
        from azfunc._core.jsonlib import loads

        found = loads(value if isinstance(value, str) else bytes(value), what="what the host sent")
        row_type, rows = cls.list_type.row_type, cls.list_type()
        for each in _as_list(found):
            if each is not None and not _is(each, dict):
                raise ConversionError(
                    f"The host sent {short(each)}, a {type(each).__name__}, where a {row_type.__name__} should be.",
                    hint=f"A {row_type.__name__} is a JSON object.",
                )
            rows.append(None if each is None else row_type.from_dict(each))
        return rows

    @classmethod
    def to_wire(cls, value: Any) -> tuple[Datum, dict[str, Datum]]:
        """Turn rows into the datum they would have come from: JSON text of a list; None into no datum.

        Raises:
            UnsupportedValueError: A value that is no row and no list of rows.
        """
        if value is None:
            return Datum(None, None), {}
        rows = [None if each is None else cls._row(each, value) for each in cls._several(value)]
        return Datum(cls._dump(rows, value), "json"), {}

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn a row, or several, into a Datum with the JSON text of a list; see the class."""
        if obj is None:
            return None
        if isinstance(obj, _TEXT):
            return Datum(cls._checked_text(obj), "json")
        return Datum(cls._dump([cls._row(each, obj) for each in cls._several(obj)], obj), "json")

    @classmethod
    def _several(cls, obj: Any) -> Iterable[Any]:
        """Give the rows of a value: itself if it is one, else what it iterates over."""
        kind = class_of(obj)
        if has_any(kind, _ALONE) or not hasattr(kind, "__iter__") or isinstance(obj, _TEXT):
            return [obj]
        several: Iterable[Any] = obj
        return several

    @classmethod
    def _row(cls, each: Any, obj: Any) -> Any:
        """Give one row as what is a JSON object for sure.

        Args:
            each: The row.
            obj: The value it is from, for the error.
        """
        kind = class_of(each)
        if hasattr(kind, "keys"):
            return each
        if hasattr(kind, "to_dict") and not isinstance(each, Message):
            plain: object = each.to_dict()
            if hasattr(class_of(plain), "keys"):
                return plain
            raise cls.refuse(obj, why=f"to_dict() of a {type_name(each)} gives a {type_name(plain)}, not a dict")
        if has_any(kind, MODEL_MARKS):
            return cls._row_of_model(each, obj)
        if hasattr(kind, "__dataclass_fields__"):
            return each
        raise cls.refuse(obj, why="" if each is obj else f"{type_name(each)} is no row")

    @classmethod
    def _row_of_model(cls, model: Any, obj: Any) -> dict[str, Any]:
        from azfunc._core.jsonlib import model_data

        try:
            plain: object = model_data(model)
        except UnsupportedValueError as error:
            raise cls.refuse(obj, why=error.message, hint=error.hint) from error
        if not is_dict(plain):
            raise cls.refuse(obj, why=f"a {type_name(model)} is a {type_name(plain)} in JSON, not an object")
        return plain

    @classmethod
    def _checked_text(cls, obj: Any) -> str:
        """Give JSON text that is a list of objects; what stands in it is not touched. Empty text is an empty list."""
        from azfunc._core.jsonlib import loads

        try:
            text = (obj if isinstance(obj, str) else bytes(obj).decode("utf-8")).removeprefix("\ufeff")
            value: Any = loads(text) if text else None
        except ValueError as error:
            raise cls.refuse(obj, why=f"it is no JSON: {getattr(error, 'message', error)}") from error
        if not text:
            return "[]"
        rows = _as_list(value)
        if not all(isinstance(each, dict) for each in rows):
            raise cls.refuse(obj, why="its JSON is neither an object nor a list of objects")
        cls._dump(rows, obj)
        return text if rows is value else f"[{text}]"

    @classmethod
    def _dump(cls, rows: list[Any], obj: Any) -> str:
        from azfunc._core.jsonlib import dumps

        try:
            return dumps(rows, allow_nan=False)
        except (UnsupportedValueError, TypeError) as error:
            raise cls.refuse(obj, why=str(getattr(error, "message", error))) from error
        except ValueError as error:
            hint = "JSON has no NaN, no infinity, and cannot hold what holds itself; put None or text there."
            raise cls.refuse(obj, why=str(error), hint=hint) from error

    @classmethod
    def refuse(cls, obj: Any, *, why: str = "", hint: str = "") -> UnsupportedValueError:
        """Make the error for a value that cannot be sent."""
        row, rows = cls.list_type.row_type.__name__, cls.list_type.__name__
        return UnsupportedValueError(
            f"{cls.what} got {type_name(obj)}{f': {why}' if why else ''}.",
            hint=hint or f"Give it a {row}, a dict, a dataclass, a {rows}, a list of them, or their JSON text.",
        )


_ALONE = ("keys", "__dataclass_fields__", "_value2member_map_", "read", *MODEL_MARKS)
"""What classes have whose values are not several rows, although some of them, or their classes, have an __iter__."""


def _is(value: object, kind: type) -> bool:
    return isinstance(value, kind)


def _is_plain_dict(value: object) -> bool:
    return _is(value, dict) and not _is(value, Row)


def _as_list(value: Any) -> list[Any]:
    return value if _is(value, list) else [value]


def _is_kind_of(cls: type, kind: Any) -> bool:
    try:
        return issubclass(cls, kind)
    except TypeError:
        # Protocols and the like do not say; neither do things that are no class.
        return False


def _names_list(annotation: Any, list_type: type[RowList[Any]]) -> bool:
    """Tell whether an annotation stands for a list type: the class, one it is a kind of, or ``list[X]`` of its row."""
    from typing import get_args, get_origin

    origin = get_origin(annotation)
    if origin is None:
        return isinstance(annotation, type) and (
            issubclass(annotation, list_type) or _is_kind_of(list_type, annotation)
        )
    items = [each for item in get_args(annotation) for each in alternatives(item)]
    return _is_kind_of(list_type, origin) and all(_names_row(each, list_type.row_type) for each in items)


def _names_row(annotation: Any, row_type: type[Row]) -> bool:
    """Tell whether a row is what an annotation says: its class, `dict`, ``dict[str, Any]``, a `TypedDict`, `Any`."""
    from typing import Any as Anything
    from typing import get_origin

    found = get_origin(annotation) or annotation
    return found is Anything or _is_typed_dict(found) or _is_kind_of(row_type, found)


def _is_typed_dict(cls: object) -> bool:
    return hasattr(cls, "__total__") and hasattr(cls, "__required_keys__")


def _names_output(annotation: Any, types: tuple[type, ...]) -> bool:
    """Tell whether values of an annotation can be sent; of ``list[X]`` each X has to be a row."""
    from typing import Any as Anything
    from typing import get_origin

    kind = get_origin(annotation) or annotation
    if accepts(annotation, (*types, *_TEXT)) or _is_row_class(kind):
        return True
    items = [each for item in items_of(annotation) for each in alternatives(item)]
    return _is_kind_of(kind, Several) and all(
        each in (Anything, object) or _is_row_class(get_origin(each) or each) for each in items
    )


def _is_row_class(cls: Any) -> bool:
    """Tell whether instances of a class are sent as one row each."""
    return _is(cls, type) and not _is_kind_of(cls, Message) and has_any(cls, OBJECT_MARKS)
