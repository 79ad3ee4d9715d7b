"""Converters in the reference's manner: how other packages write them, and what they inherit."""

from __future__ import annotations

import datetime
import importlib
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core.registry import registry
from azfunc.compat.facade import module

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType, SimpleNamespace


@pytest.fixture
def meta(func: ModuleType) -> Any:
    """The module that converters of other packages import, of either library."""
    return module("meta") if func is azfunc else importlib.import_module("azure.functions.meta")


@pytest.fixture(autouse=True)
def converters() -> Iterator[None]:
    """Forget the converters that a test registers."""
    before = dict(registry._bindings)  # a service that is imported meanwhile would be forgotten too
    yield
    registry._converters.clear()
    registry._converters.update(before)


def test_converter_of_another_package_is_found(meta: Any, request: pytest.FixtureRequest) -> None:
    """A class that says for which binding type it is, is the converter of that type."""
    name = f"for{abs(hash(request.node.nodeid))}"

    class Mine(meta.InConverter, meta.OutConverter, binding=name, trigger=True):
        @classmethod
        def check_input_type_annotation(cls, pytype: type) -> bool:
            return pytype is str

        @classmethod
        def decode(cls, data: Any, *, trigger_metadata: Any) -> Any:
            return cls._decode_typed_data(data, python_type=str)

    found = meta.get_binding_registry().get(name)

    assert found is Mine
    assert found.has_trigger_support()
    assert found.decode(meta.Datum("hi", "string"), trigger_metadata={}) == "hi"
    assert meta._ConverterMeta.get(name) is Mine


def test_converter_has_to_say_for_what(meta: Any) -> None:
    """A class without a binding type is a mistake seen at once."""
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'binding'"):

        class Mine(meta.InConverter):
            pass


def test_taken_binding_type_is_refused(meta: Any) -> None:
    """A binding type has one converter; a second class for it is refused."""
    with pytest.raises(RuntimeError, match="another converter for this binding has already been registered"):

        class Mine(meta.InConverter, binding="queueTrigger"):
            pass


def test_register_converter_can_replace_one() -> None:
    """`register_converter` replaces a converter when it is told to, and else refuses."""

    class Mine:
        pass

    with pytest.raises(RuntimeError, match="already been registered"):
        azfunc.register_converter("queueTrigger", Mine)
    with pytest.raises(azfunc.ArgumentTypeError, match="A converter is a class"):
        azfunc.register_converter("mine", Mine())  # type: ignore[arg-type]  # the point of the test
    azfunc.register_converter("queueTrigger", Mine, overwrite=True)

    assert azfunc.get_binding_registry().get("queueTrigger") is Mine


def test_own_converters_count_as_subclasses(meta: Any) -> None:
    """What asks for the base class of converters finds azfunc's own."""
    converter = meta.get_binding_registry().get("queueTrigger")

    assert issubclass(converter, meta.InConverter)
    assert not issubclass(converter, meta.OutConverter)
    assert not issubclass(str, meta.InConverter)


@pytest.mark.parametrize(
    ("datum", "python_type", "expected"),
    [
        (("a", "string"), str, "a"),
        (("5", "string"), int, 5),
        (('{"a": 1}', "json"), dict, {"a": 1}),
        (("5", "json"), str, "5"),
        ((5, "int"), str, "5"),
        (("x", None), str, None),
    ],
)
def test_typed_data_is_read(meta: Any, datum: Any, python_type: type, expected: Any) -> None:
    """A helper reads a datum as a Python type."""
    read = meta._BaseConverter._decode_typed_data(meta.Datum(*datum), python_type=python_type)

    assert read == expected


@pytest.mark.parametrize(
    ("datum", "python_type", "text"),
    [
        (("x", "string"), int, "cannot convert value of data into int"),
        ((b"x", "bytes"), str, "unsupported type of data: bytes"),
        (("a", "string"), (int, float), "unexpected value type in data: str, expected one of: int, float"),
    ],
)
def test_data_that_cannot_be_read_is_told(meta: Any, datum: Any, python_type: Any, text: str) -> None:
    """A datum that does not fit is a ValueError with the reference's text."""
    with pytest.raises(ValueError, match=text):
        meta._BaseConverter._decode_typed_data(meta.Datum(*datum), python_type=python_type)


def test_trigger_metadata_is_read(meta: Any) -> None:
    """Helpers read a field of the trigger metadata: as a type, a time, a duration; None when it is not there."""
    base = meta._BaseConverter
    metadata = {
        "Count": meta.Datum("3", "string"),
        "At": meta.Datum("2026-03-01T09:30:00Z", "string"),
        "For": meta.Datum("00:01:30", "string"),
    }

    assert base._decode_trigger_metadata_field(metadata, "Count", python_type=int) == 3
    assert base._parse_datetime_metadata(metadata, "At") == datetime.datetime(
        2026, 3, 1, 9, 30, tzinfo=datetime.timezone.utc
    )
    assert base._parse_timedelta_metadata(metadata, "For") == datetime.timedelta(seconds=90)
    assert base._parse_datetime_metadata(metadata, "Gone") is None
    assert base._parse_timedelta_metadata(metadata, "Gone") is None


def test_times_are_tried(meta: Any) -> None:
    """The inner helpers give a value and no error, or no value and an error."""
    base = meta._BaseConverter

    value, error = base._parse_datetime_local("2026-03-01T09:30:00")
    assert (value, error) == (datetime.datetime(2026, 3, 1, 9, 30), None)  # noqa: DTZ001  # as the host wrote it
    assert base._parse_datetime_utc("2026-03-01T09:30:00Z")[0].replace(tzinfo=None) == value
    assert base._parse_timedelta_internal("00:01:30")[0] == datetime.timedelta(seconds=90)
    value, error = base._parse_datetime_local("soon")
    assert value is None
    assert isinstance(error, ValueError)


def test_lists_are_told_from_others() -> None:
    """`list[X]` and `typing.List[X]` are lists of X; on the reference only the latter is."""
    tell = module("meta").is_iterable_type_annotation

    assert tell(list[str], str)
    assert not tell(list[int], str)
    assert not tell(str, str)


def test_namespace_of_json() -> None:
    """The reference's own `json` reads and writes by azfunc's rules."""
    json: SimpleNamespace = module("_jsonutils").json

    assert json.loads(json.dumps({"a": datetime.date(2026, 3, 1)})) == {"a": "2026-03-01"}
    assert json.loads(bytearray(b"[1]")) == [1]
    with pytest.raises(json.JSONDecodeError):
        json.loads("{")
