"""Converters in the reference's manner: the metaclass and the helpers that converters of other packages inherit.

azfunc's own converters need neither. Both sorts stand in one registry.
"""

from __future__ import annotations

from abc import ABCMeta
from functools import partial
from typing import TYPE_CHECKING, Any

from azfunc._core import converter as core
from azfunc._core.datum import Datum, decode_datum
from azfunc._core.failures import ConversionError
from azfunc._core.registry import register_converter, registry
from azfunc._core.times import parse_datetime, parse_timedelta

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta


class _ConverterMeta(ABCMeta):
    """Registers a converter when its class is made; the class has to say for which binding type, or None."""

    _trigger: Any

    def __new__(
        mcls, name: str, bases: tuple[type, ...], dct: dict[str, Any], *, binding: str | None, trigger: Any = None
    ) -> _ConverterMeta:
        made = super().__new__(mcls, name, bases, dct)
        made._trigger = trigger
        if binding is not None:
            register_converter(binding, made)
        return made

    def __init__(
        cls, name: str, bases: tuple[type, ...], dct: dict[str, Any], *, binding: str | None, trigger: Any = None
    ) -> None:
        super().__init__(name, bases, dct)

    @classmethod
    def get(cls, binding_name: str) -> type[Any] | None:
        """Give the converter of a binding type, or None if there is none."""
        return registry.get(binding_name)

    def has_trigger_support(cls) -> bool:
        """Tell whether the converter serves a trigger."""
        return getattr(cls, "_trigger", None) is not None


class _BaseConverter(metaclass=_ConverterMeta, binding=None):
    """What converters in the reference's manner inherit: the reading of data and trigger metadata."""

    _trigger: Any = None

    @classmethod
    def _decode_typed_data(
        cls, data: Datum | None, *, python_type: type | tuple[type, ...], context: str = "data"
    ) -> Any:
        kind = getattr(data, "type", None)
        if data is None or kind is None:
            return None
        if kind not in ("json", "string", "int", "double") and not kind.startswith("collection_"):
            raise ConversionError(f"unsupported type of {context}: {kind}")
        value = decode_datum(Datum(data.value, kind))
        if isinstance(value, python_type):
            return value
        if isinstance(python_type, tuple):
            expected = ", ".join(each.__name__ for each in python_type)
            raise ConversionError(
                f"unexpected value type in {context}: {type(value).__name__}, expected one of: {expected}"
            )
        try:
            converted: Any = python_type(value)
        except (TypeError, ValueError) as error:
            raise ConversionError(f"cannot convert value of {context} into {python_type.__name__}: {error}") from error
        return converted

    @classmethod
    def _decode_trigger_metadata_field(
        cls, trigger_metadata: Mapping[str, Datum], field: str, *, python_type: type | tuple[type, ...]
    ) -> Any:
        data = trigger_metadata.get(field)
        return cls._decode_typed_data(data, python_type=python_type, context=f"field {field!r} in trigger metadata")

    @classmethod
    def _parse_datetime_metadata(cls, trigger_metadata: Mapping[str, Datum], field: str) -> datetime | None:
        return cls._parse_datetime(cls._decode_trigger_metadata_field(trigger_metadata, field, python_type=str))

    @classmethod
    def _parse_timedelta_metadata(cls, trigger_metadata: Mapping[str, Datum], field: str) -> timedelta | None:
        return cls._parse_timedelta(cls._decode_trigger_metadata_field(trigger_metadata, field, python_type=str))

    @classmethod
    def _parse_datetime(cls, datetime_str: str | None) -> datetime | None:
        return parse_datetime(datetime_str) if datetime_str else None

    @classmethod
    def _parse_timedelta(cls, timedelta_str: str | None) -> timedelta | None:
        if not timedelta_str:
            return None
        from azfunc._core.message import TIMEDELTA

        found: timedelta | None = TIMEDELTA.read(timedelta_str)
        return found

    @classmethod
    def _parse_datetime_utc(cls, datetime_str: str) -> tuple[datetime | None, Exception | None]:
        return _attempt(partial(parse_datetime, utc=True), datetime_str)

    @classmethod
    def _parse_datetime_local(cls, datetime_str: str) -> tuple[datetime | None, Exception | None]:
        return _attempt(parse_datetime, datetime_str)

    @classmethod
    def _parse_timedelta_internal(cls, timedelta_str: str) -> tuple[timedelta | None, Exception | None]:
        return _attempt(parse_timedelta, timedelta_str)


def _attempt(parse: Any, text: str) -> tuple[Any, Exception | None]:
    """Give what a reader gives, or None, and the error that it raised, or None."""
    try:
        return parse(text), None
    except ConversionError as error:
        return None, error


class InConverter(_BaseConverter, core.InConverter, binding=None):
    """Base of input converters in the reference's manner; azfunc's own count as subclasses."""

    @classmethod
    def __subclasshook__(cls, subclass: type) -> Any:
        return issubclass(subclass, core.InConverter) if cls is InConverter else NotImplemented


class OutConverter(_BaseConverter, core.OutConverter, binding=None):
    """Base of output converters in the reference's manner; azfunc's own count as subclasses."""

    @classmethod
    def __subclasshook__(cls, subclass: type) -> Any:
        return issubclass(subclass, core.OutConverter) if cls is OutConverter else NotImplemented


def is_iterable_type_annotation(annotation: Any, pytype: Any) -> bool:
    """Tell whether an annotation is a list, or another iterable, of a class.

    Unlike the reference, it knows ``list[X]`` as well as ``typing.List[X]``, on every Python.
    """
    from azfunc._core.annotations import item_type

    item = item_type(annotation)
    return isinstance(item, type) and isinstance(pytype, type) and issubclass(pytype, item)
