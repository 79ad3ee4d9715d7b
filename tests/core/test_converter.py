"""Converters: registration, annotations, and the encoding of messages."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import io
import uuid
from types import MappingProxyType
from typing import Any

import pytest

import azfunc
from azfunc._core.converter import InConverter, MessageOutConverter, OutConverter
from azfunc._core.datum import Datum
from azfunc._core.registry import BindingRegistry, registry


class Colour(enum.Enum):
    """A user's enum."""

    RED = "r"


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int


@dataclasses.dataclass
class Basket:
    """A dataclass that can be iterated over, and is one message all the same."""

    orders: list[Order]

    def __iter__(self) -> Any:
        return iter(self.orders)


class Output(MessageOutConverter):
    """An output of messages, for no binding type."""

    what = "parcel output"
    message_type = azfunc.QueueMessage
    output_types = (str, azfunc.QueueMessage)
    output_item_types = (str,)

    @classmethod
    def encode_message(cls, message: Any) -> Any:
        """Send the body."""
        return message.get_body()


# What a function gives, and what is sent.
ENCODED: list[tuple[Any, Datum | None]] = [
    (None, None),
    ("hi", Datum("hi", "string")),
    (b"hi\xff", Datum(b"hi\xff", "bytes")),
    (bytearray(b"hi"), Datum(b"hi", "bytes")),
    (memoryview(b"hi"), Datum(b"hi", "bytes")),
    (True, Datum("true", "json")),
    (1.5, Datum("1.5", "json")),
    ({"a": [1]}, Datum('{"a": [1]}', "json")),
    (MappingProxyType({"a": 1}), Datum('{"a": 1}', "json")),
    (Order(7), Datum('{"number": 7}', "json")),
    (Basket([Order(7)]), Datum('{"orders": [{"number": 7}]}', "json")),
    (Colour.RED, Datum('"r"', "json")),
    (datetime.date(2026, 1, 2), Datum('"2026-01-02"', "json")),
    (decimal.Decimal("1.5"), Datum("1.5", "json")),
    (uuid.UUID(int=1), Datum('"00000000-0000-0000-0000-000000000001"', "json")),
    ([], Datum("[]", "json")),
    (["a", b"b", {"c": 1}, 2], Datum('["a", "b", {"c": 1}, 2]', "json")),
    (("a", "b"), Datum('["a", "b"]', "json")),
    ({"a"}, Datum('["a"]', "json")),
    ((each for each in "ab"), Datum('["a", "b"]', "json")),
    (azfunc.QueueMessage(body="hi"), Datum(b"hi", "bytes")),
    ([azfunc.QueueMessage(body="hi"), "x"], Datum('["hi", "x"]', "json")),
]

REFUSED: list[tuple[Any, str]] = [
    (object(), "parcel output got object."),
    (azfunc.TimerRequest(), "parcel output got TimerRequest."),
    (azfunc.Out[str](), "parcel output got Out."),
    (io.BytesIO(b"hi"), "parcel output got BytesIO."),
    (1j, "parcel output got complex."),
    ([None], "parcel output got None: a message of a list cannot be None."),
    ([b"\xff"], "parcel output got bytes: several messages travel as JSON, which cannot hold bytes that are no UTF-8"),
    ([object()], "parcel output got object."),
    ({"a": object()}, "parcel output got dict: Object of type object is not JSON serializable."),
    ([{(1, 2): 3}], "parcel output got list of dict: keys must be str"),
    (Order, "parcel output got type."),
]


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> BindingRegistry:
    """A registry that converters made in the test register themselves in."""
    made = BindingRegistry()
    monkeypatch.setattr("azfunc._core.converter.registry", made)
    return made


# --- the registry -----------------------------------------------------------------------------------------------------


def test_converter_registers_itself(own_registry: BindingRegistry) -> None:
    """A class made with binding types is the converter of these types."""

    class One(InConverter, binding="one", trigger=True): ...

    class Two(OutConverter, binding=("two", "deux")): ...

    assert own_registry.get("one") is One
    assert own_registry.get("two") is own_registry.get("deux") is Two
    assert own_registry.get("three") is None
    assert list(own_registry) == ["deux", "one", "two"]
    assert len(own_registry) == 3
    assert "one" in own_registry
    assert "three" not in own_registry
    assert 1 not in own_registry
    assert repr(own_registry) == "<BindingRegistry of 3 loaded binding types>"


def test_later_converter_replaces_an_earlier_one(own_registry: BindingRegistry) -> None:
    """The converter registered last counts, so that a user's own may take the place of ours."""

    class One(InConverter, binding="one"): ...

    class Other(InConverter, binding="one"): ...

    assert own_registry.get("one") is Other
    assert One is not Other


def test_converter_tells_whether_it_serves_a_trigger(own_registry: BindingRegistry) -> None:
    """Only a converter that says so serves a trigger; a subclass keeps what its base said."""

    class Trigger(InConverter, trigger=True): ...

    class Optional(InConverter, trigger=False): ...

    class Derived(Trigger, binding="derived"): ...

    class Output(OutConverter): ...

    assert [each.has_trigger_support() for each in (Trigger, Optional, Derived, Output)] == [True, True, True, False]
    assert Output.has_implicit_output() is False


def test_registry_loads_services_when_they_are_asked_for() -> None:
    """A type nobody registered is asked for from `load`, once for each question."""
    made = BindingRegistry()
    asked: list[str] = []
    made.load = asked.append

    assert made.get("one") is None
    assert made.binding_class("two") is None
    assert list(iter(made)) == []
    assert asked == ["one", "two", "*"]


def test_registry_of_the_library_has_all_services(func: Any) -> None:
    """The registry that the worker asks has a converter for the types of the guide."""
    found = func.get_binding_registry()

    for kind in ("httpTrigger", "http", "timerTrigger", "queueTrigger", "queue", "blob", "serviceBusTrigger"):
        assert found.get(kind) is not None
    assert found.get("no such type") is None


def test_registry_is_one() -> None:
    """Everything in a process asks the same registry."""
    assert azfunc.get_binding_registry() is registry
    assert set(registry) >= {"queue", "queueTrigger"}


# --- what a converter lacks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "method"),
    [
        (lambda cls: cls.decode(Datum(), trigger_metadata=None), "decode"),
        (lambda cls: cls.to_wire(1), "to_wire"),
        (lambda cls: cls.encode(1, expected_type=None), "encode"),
        (lambda cls: cls.encode_message(1), "encode_message"),
    ],
    ids=["decode", "to_wire", "encode", "encode_message"],
)
def test_missing_direction_is_told(call: Any, method: str) -> None:
    """A converter without a method says which one; the worker catches it as NotImplementedError."""

    class Half(InConverter, OutConverter):
        encode_message = classmethod(MessageOutConverter.encode_message.__func__)  # type: ignore[attr-defined]  # of the base

    with pytest.raises(NotImplementedError) as caught:
        call(Half)

    assert f"Half has no {method}()." in str(caught.value)
    assert isinstance(caught.value, azfunc.UnsupportedValueError)


def test_annotations_are_looked_into() -> None:
    """A converter's classes are permitted alone, with None, and as lists where it says so."""

    class Single(InConverter):
        input_types = (str,)

    class Many(Single):
        input_many = True

    assert Single.check_input_type_annotation(str | None)
    assert not Single.check_input_type_annotation(list[str])
    assert Many.check_input_type_annotation(list[str])
    assert Output.check_output_type_annotation(list[str])
    assert not Output.check_output_type_annotation(list[azfunc.QueueMessage])
    assert Many.check_input_type_annotation(list)
    assert Many.check_input_type_annotation(list[Any])
    assert not Many.check_input_type_annotation(tuple)
    assert not Single.check_input_type_annotation(list)
    assert not InConverter.check_input_type_annotation(str)


# --- messages that go out ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "expected"), ENCODED, ids=lambda each: repr(each)[:40])
def test_message_is_encoded(value: Any, expected: Datum | None) -> None:
    """Text goes as text, bytes as bytes, one value as JSON, several as a JSON list, and None not at all."""
    assert Output.encode(value) == expected


@pytest.mark.parametrize(("value", "message"), REFUSED, ids=lambda each: repr(each)[:40])
def test_message_is_refused(value: Any, message: str) -> None:
    """What has no meaning as a message is refused whole; the error names output, type, reason and what would do."""
    with pytest.raises(azfunc.UnsupportedValueError) as caught:
        Output.encode(value)

    assert caught.value.message.startswith(message)
    assert caught.value.hint == "Give it str, bytes, QueueMessage, a dict, a dataclass, a number, or a list of them."


def test_hint_without_an_own_message_type() -> None:
    """An output without a message type of its own names none."""

    class Plain(MessageOutConverter):
        what = "plain output"

    with pytest.raises(azfunc.UnsupportedValueError) as caught:
        Plain.encode(object())

    assert caught.value.hint == "Give it str, bytes, a dict, a dataclass, a number, or a list of them."


def test_reason_of_a_refusal_is_kept() -> None:
    """The error that made a value unfit is the cause of the refusal."""
    with pytest.raises(azfunc.UnsupportedValueError) as caught:
        Output.encode({"a": object()})

    assert isinstance(caught.value.__cause__, azfunc.UnsupportedValueError)
