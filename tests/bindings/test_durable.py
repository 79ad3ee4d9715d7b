"""Durable Functions: bindings, converters, and what payloads may ask for; `tests/durable` runs the package itself."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import importlib.util
import json
import logging
import sys
import uuid
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.bindings.durable import codec, package
from tests.bindings.conformance import REFUSED, BindingConformance

if TYPE_CHECKING:
    from collections.abc import Iterator

HAS_PACKAGE = importlib.util.find_spec("azure") is not None and importlib.util.find_spec(package.NAME) is not None


class Color(enum.Enum):
    """An enum of a user's own."""

    RED = "red"


@dataclasses.dataclass
class Answer:
    """A dataclass of a user's own."""

    ok: bool


class Order:
    """A class with what payloads need."""

    def __init__(self, number: int) -> None:
        self.number = number

    @staticmethod
    def to_json(order: Order) -> str:
        """Give the text of an order."""
        return str(order.number)

    @classmethod
    def from_json(cls, text: str) -> Order:
        """Make an order of its text."""
        return cls(int(text))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]  # it changes


class Parcel(Order):
    """A class that has inherited it."""


class Reader:
    """A class that can be read and not written, so that it is not meant for payloads."""

    read: list[str] = []

    @classmethod
    def from_json(cls, text: str) -> None:
        """Note that it was called."""
        cls.read.append(text)


Nickname = Order


def wire(name: str, data: Any = "7", module: str = __name__) -> dict[str, Any]:
    """Give the form that an object has in a payload."""
    return {"__class__": name, "__module__": module, "__data__": data}


class TestDurable(BindingConformance):
    """The suite, for Durable Functions."""

    module = "durable"
    # Every one of them needs the package, and says so; see below.
    decorators = (
        ("orchestration_trigger", "activity_trigger", "entity_trigger", "durable_client_input") if HAS_PACKAGE else ()
    )
    defaults = (func.OrchestrationContext, func.EntityContext)
    messages = {
        "orchestrationTrigger": [func.OrchestrationContext('{"input": "é"}')],
        "entityTrigger": [func.EntityContext(b'{"exists": false}')],
    }
    accepted = {
        "orchestrationTrigger": [func.OrchestrationContext, func.OrchestrationContext | None],
        "entityTrigger": [func.EntityContext],
        "activityTrigger": [str, dict, list[int], int | None, Any, Order],
        "durableClient": [str, bytes, str | None],
    }
    refused = {
        "orchestrationTrigger": [str, func.EntityContext],
        "entityTrigger": [str, func.OrchestrationContext, dict],
        "durableClient": [int, dict, func.HttpRequest],
    }
    outputs = {
        "orchestrationTrigger": [
            (None, Datum(None, "json")),
            ('{"isDone": true}', Datum('{"isDone": true}', "json")),
            (b'{"isDone": true}', Datum('{"isDone": true}', "json")),
            ({"isDone": True}, Datum('{"isDone": true}', "json")),
            (object(), REFUSED),
        ],
        "entityTrigger": [('{"signals": []}', Datum('{"signals": []}', "json")), (object(), REFUSED)],
        "activityTrigger": [
            (None, Datum("null", "json")),
            ("abc", Datum('"abc"', "json")),
            (7, Datum("7", "json")),
            (1.5, Datum("1.5", "json")),
            (True, Datum("true", "json")),
            ({"a": 1}, Datum('{"a": 1}', "json")),
            ({1: 2}, Datum('{"1": 2}', "json")),
            (["a", None], Datum('["a", null]', "json")),
            (("a", "b"), Datum('["a", "b"]', "json")),
            ({"one"}, Datum('["one"]', "json")),
            (Answer(ok=True), Datum('{"ok": true}', "json")),
            ([Answer(ok=True)], Datum('[{"ok": true}]', "json")),
            (Color.RED, Datum('"red"', "json")),
            (
                {"at": datetime.date(2020, 1, 2), "sum": decimal.Decimal("1.5"), "id": uuid.UUID(int=7)},
                Datum('{"at": "2020-01-02", "sum": 1.5, "id": "00000000-0000-0000-0000-000000000007"}', "json"),
            ),
            (Order(7), Datum(json.dumps(wire("Order")), "json")),
            ([Parcel(8)], Datum(json.dumps([wire("Parcel", "8")]), "json")),
            (b"abc", REFUSED),
            (bytearray(b"abc"), REFUSED),
            ({"a": b"x"}, REFUSED),
            ((each for each in "ab"), REFUSED),
            (func.QueueMessage(body="b"), REFUSED),
            ([func.HttpResponse("b")], REFUSED),
            (object(), REFUSED),
        ],
        "durableClient": [
            (None, Datum(None, None)),
            ("abc", Datum("abc", "string")),
            (b"\xff", Datum(b"\xff", "bytes")),
            (bytearray(b"abc"), Datum(b"abc", "bytes")),
            ({"a": 1}, Datum('{"a": 1}', "json")),
            (object(), REFUSED),
        ],
    }


# --- the package ---


@pytest.fixture
def without_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Python not find the package."""
    monkeypatch.setitem(sys.modules, package.NAME, None)


@pytest.mark.parametrize(
    ("decorator", "argument"),
    [
        ("orchestration_trigger", "context"),
        ("activity_trigger", "name"),
        ("entity_trigger", "context"),
        ("durable_client_input", "client"),
    ],
)
@pytest.mark.usefixtures("without_package")
def test_missing_package_is_named(func: ModuleType, decorator: str, argument: str) -> None:
    """A decorator says, where it stands, which package it needs."""
    with pytest.raises(Exception, match="`azure-functions-durable` SDK package could not be found"):
        getattr(func.FunctionApp(), decorator)(argument)


@pytest.mark.usefixtures("without_package")
def test_missing_package_comes_with_a_command() -> None:
    """The error is an ImportError that says how to install the package."""
    with pytest.raises(func.MissingPackageError) as caught:
        func.Blueprint().activity_trigger("name")

    assert "pip install azure-functions-durable" in caught.value.hint
    assert isinstance(caught.value, ImportError)


def test_package_that_lacks_something_itself_is_not_called_missing(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that is there, and cannot be imported, raises what it raises."""
    (tmp_path / "half_installed.py").write_text("import nothing_of_this_name")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ModuleNotFoundError, match="nothing_of_this_name"):
        func_packages().optional("half_installed", message="no", hint="no")


def func_packages() -> Any:
    """Give the module that imports packages."""
    return importlib.import_module("azfunc._core.packages")


# --- contexts ---


@pytest.mark.parametrize("name", ["OrchestrationContext", "EntityContext"])
def test_context_is_text(func: ModuleType, name: str) -> None:
    """A context has its text, made of text or bytes, and is shown as it."""
    made = [getattr(func, name)(body) for body in ("a", b"a")]

    assert [(each.body, str(each)) for each in made] == [("a", "a"), ("a", "a")]


def test_contexts_are_not_related(func: ModuleType) -> None:
    """An entity has no orchestration context, although both are text."""
    assert not issubclass(func.EntityContext, func.OrchestrationContext)


def test_context_of_something_else_is_refused() -> None:
    """The reference makes a context that cannot be read."""
    with pytest.raises(func.ArgumentTypeError, match="5 is a int"):
        func.OrchestrationContext(5)  # type: ignore[arg-type]  # the point of the test


# --- converters ---


@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        (Datum("hello", "string"), "hello"),
        (Datum("", "string"), ""),
        (Datum('{"a": 1}', "string"), {"a": 1}),
        (Datum('"quoted"', "json"), "quoted"),
        (Datum("5", "json"), 5),
        (Datum("null", "json"), None),
        (Datum("not json {", "json"), "not json {"),
        (Datum(json.dumps([wire("Order")]), "json"), [Order(7)]),
    ],
    ids=lambda value: repr(value)[:40],
)
@pytest.mark.filterwarnings("ignore:azure.functions :DeprecationWarning")
def test_activity_reads_its_argument(func: ModuleType, datum: Datum, expected: Any) -> None:
    """JSON text is read, objects in it are made again, and other text is the argument itself."""
    converter = func.get_binding_registry().get("activityTrigger")

    assert converter.decode(datum, trigger_metadata={}) == expected


@pytest.mark.parametrize("value", [None, 7, "ada", {"a": [1]}, [Order(7)], {"order": Parcel(8)}])
def test_argument_survives_the_wire(value: Any) -> None:
    """What an orchestrator gives is what its activity gets."""
    converter = func.get_binding_registry().get("activityTrigger")
    assert converter is not None

    datum, metadata = converter.to_wire(value)

    assert converter.decode(datum, trigger_metadata=metadata) == value


@pytest.mark.parametrize(
    ("kind", "datum"),
    [
        ("orchestrationTrigger", Datum(7, "int")),
        ("orchestrationTrigger", None),
        ("entityTrigger", Datum(b"\xff", "bytes")),
        ("activityTrigger", Datum({"a": 1}, "dict")),
        ("durableClient", Datum(7, "int")),
    ],
)
def test_other_wire_types_are_refused(kind: str, datum: Any) -> None:
    """What the extension would never send is an error that says so, not an object that cannot be read."""
    converter = func.get_binding_registry().get(kind)
    assert converter is not None

    with pytest.raises(func.ConversionError, match=r"payload|unexpected type"):
        converter.decode(datum, trigger_metadata={})


def test_bytes_and_numbers_are_arguments_too() -> None:
    """Unlike the reference, an activity reads these wire types as well."""
    converter = func.get_binding_registry().get("activityTrigger")
    assert converter is not None

    assert converter.decode(Datum(b'{"a": 1}', "bytes"), trigger_metadata={}) == {"a": 1}
    assert converter.decode(Datum(7, "int"), trigger_metadata={}) == 7


def test_client_is_text() -> None:
    """The client reaches the package as the text that the host sends."""
    converter = func.get_binding_registry().get("durableClient")
    assert converter is not None

    assert converter.decode(Datum("{}", "json"), trigger_metadata={}) == "{}"
    assert converter.decode(Datum(None, None), trigger_metadata={}) is None
    assert converter.decode(*converter.to_wire("{}")[:1], trigger_metadata={}) == "{}"


@pytest.mark.parametrize("kind", ["orchestrationTrigger", "entityTrigger", "activityTrigger"])
def test_return_value_goes_to_the_extension(func: ModuleType, kind: str) -> None:
    """A durable trigger takes the return value without an output binding, whatever its annotation."""
    converter = func.get_binding_registry().get(kind)

    assert converter.has_trigger_support()
    assert converter.has_implicit_output()
    assert converter.check_output_type_annotation(list[str])


# --- payloads ---


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for the strict mode."""
    monkeypatch.setenv(codec.STRICT_SETTING, "1")


@pytest.fixture(autouse=True)
def allowed() -> Iterator[None]:
    """Forget what a test has allowed."""
    before = dict(codec._allowed)
    yield
    codec._allowed.clear()
    codec._allowed.update(before)


def test_object_is_made_again() -> None:
    """A class with both methods, at the top of an imported module, is made from a payload."""
    assert codec.loads(codec.dumps({"orders": [Order(7), Parcel(8)]})) == {"orders": [Order(7), Parcel(8)]}


def test_a_payload_imports_nothing(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A payload cannot have a module imported, be it on the path or not."""
    (tmp_path / "bystander.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(func.DurablePayloadError, match="module 'bystander' is not loaded"):
        codec.loads(json.dumps(wire("Order", module="bystander")))

    assert "bystander" not in sys.modules


def test_a_payload_asks_no_module_to_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that imports what is asked for, as azfunc itself does, is not asked."""
    lazy = ModuleType("lazy")
    asked: list[str] = []
    monkeypatch.setattr(lazy, "__getattr__", asked.append, raising=False)
    monkeypatch.setitem(sys.modules, "lazy", lazy)

    with pytest.raises(func.DurablePayloadError, match="class 'Order' not found in module 'lazy'"):
        codec.loads(json.dumps(wire("Order", module="lazy")))

    assert asked == []


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("Reader", __name__),
        ("Nickname", __name__),
        ("wire", __name__),
        ("json", __name__),
        ("system", "os"),
        ("Popen", "subprocess"),
        ("OrderedDict", "collections"),
        ("eval", "builtins"),
    ],
)
def test_what_is_not_meant_for_payloads_is_not_called(name: str, module: str) -> None:
    """Neither functions, nor modules, nor other classes, nor a class under another name are reached."""
    importlib.import_module(module)

    with pytest.raises(func.DurablePayloadError, match="does not expose a `from_json` function") as caught:
        codec.loads(json.dumps({"a": [wire(name, "print(1)", module)]}))

    assert "to_json() and from_json()" in caught.value.hint
    assert Reader.read == []


@pytest.mark.parametrize("name", ["Order.from_json", "Gone", "__builtins__.eval"])
def test_a_path_is_no_class(name: str) -> None:
    """A payload names a class, not a way through a module; and an unknown one is an AttributeError, as ever."""
    with pytest.raises(AttributeError, match="not found in module"):
        codec.loads(json.dumps(wire(name)))


def test_names_are_text() -> None:
    """A payload whose names are none is refused."""
    with pytest.raises(TypeError, match="attribute name must be string, not 'int'"):
        codec.loads('{"__class__": 1, "__module__": "json", "__data__": "1"}')


def test_a_type_can_be_allowed() -> None:
    """A class inside of a function is made from payloads once it is named."""

    @func.durable_type
    class Inner(Order):
        pass

    class Other(Order):
        pass

    assert codec.loads(codec.dumps(Inner(7))) == Inner(7)
    with pytest.raises(func.DurablePayloadError, match="'Other' not found"):
        codec.loads(codec.dumps(Other(7)))


def test_a_type_that_cannot_be_made_is_not_allowed() -> None:
    """Allowing a class that has no from_json() is a mistake seen at once."""
    with pytest.raises(func.ArgumentTypeError, match=r"no from_json\(\)"):
        func.durable_type(Answer)


def test_expected_class_is_made_without_asking() -> None:
    """A class that the caller expects may stand anywhere, also within an annotation."""

    class Local(Order):
        pass

    text = codec.dumps(Local(7))

    assert codec.loads(text, Local) == Local(7)
    assert codec.loads(f"[{text}]", list[Local]) == [Local(7)]
    assert codec.loads(f'{{"a": {text}}}', dict[str, Local | None]) == {"a": Local(7)}


def test_surprises_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A value that is not what was expected is given, and told of."""
    with caplog.at_level(logging.WARNING, codec.LOGGER):
        assert codec.loads('{"a": 1}', int) == {"a": 1}
        assert codec.loads(codec.dumps(Order(7)), Answer) == Order(7)

    assert "(dict) is not compatible with expected type <class 'int'>" in caplog.messages[0]
    assert "payload declares class" in caplog.messages[1]


def test_bad_json_has_its_position() -> None:
    """Text that is no JSON is an error of both kinds, with the position."""
    with pytest.raises(json.JSONDecodeError, match="line 1 column 2"):
        codec.loads("{")


@pytest.mark.parametrize("make", [func.Document, func.SqlRow, func.MySqlRow])
def test_rows_come_back_as_rows(make: type) -> None:
    """Rows and documents are dicts, and have the form that objects have all the same."""
    value = {"rows": (make({"id": "1"}),)}

    text = codec.dumps(value)

    assert json.loads(text)["rows"][0]["__class__"] == make.__name__
    assert type(codec.loads(text)["rows"][0]) is make
    assert codec.loads(text) == {"rows": [make({"id": "1"})]}


def test_reason_stands_beside_the_text_of_the_reference() -> None:
    """An argument of an activity that cannot be made again fails with the reference's text, and the reason."""
    converter = func.get_binding_registry().get("activityTrigger")
    assert converter is not None

    with pytest.raises(ValueError, match="must be a string or a valid json serializable") as caught:
        converter.decode(Datum(json.dumps(wire("Gone")), "json"), trigger_metadata={})

    assert "class 'Gone' not found" in getattr(caught.value, "hint", "")


def test_bytes_of_an_orchestration_are_text() -> None:
    """What an orchestration gives as bytes has to be JSON text."""
    converter = func.get_binding_registry().get("orchestrationTrigger")
    assert converter is not None

    with pytest.raises(func.UnsupportedValueError):
        converter.encode(b"\xff", expected_type=None)


@pytest.mark.usefixtures("strict")
def test_strict_mode_needs_the_class() -> None:
    """In strict mode an object is read only where its class is expected, and only alone."""
    text = codec.dumps(Order(7))

    assert codec.loads(text, Order) == Order(7)
    assert codec.loads('{"a": 1}') == {"a": 1}
    assert codec.loads(f"[{text}]") == [wire("Order")]
    assert codec.serialize_default() is None
    with pytest.raises(TypeError, match="strict mode requires expected_type"):
        codec.loads(text)
    with pytest.raises(TypeError, match=r"but expected builtins\.dict"):
        codec.loads(text, dict)
    with pytest.raises(TypeError, match=r"\(int\) is not compatible with expected type <class 'str'>"):
        codec.loads("5", str)
    with pytest.raises(TypeError, match="Object of type Order is not JSON serializable"):
        codec.dumps([Order(7)])


@pytest.mark.usefixtures("strict")
def test_strict_mode_needs_a_class_that_can_be_made() -> None:
    """An expected class without from_json() cannot be made in strict mode either."""
    with pytest.raises(func.DurablePayloadError, match="does not expose a `from_json` function"):
        codec.loads(json.dumps(wire("Answer")), Answer)


@pytest.mark.parametrize(
    ("value", "strict"), [("1", True), ("TRUE", True), (" yes ", True), ("on", False), ("0", False), ("", False)]
)
def test_strict_mode_is_a_setting(monkeypatch: pytest.MonkeyPatch, value: str, strict: bool) -> None:
    """These values of the environment variable switch it on."""
    monkeypatch.setenv(codec.STRICT_SETTING, value)

    assert codec.is_strict() is strict


@pytest.mark.parametrize("value", [object(), b"x", [b"x"], {"a": func.QueueMessage(body="x")}])
def test_what_has_no_form_is_refused(value: Any) -> None:
    """A value that JSON cannot hold is refused where it is written."""
    with pytest.raises(TypeError, match="does not expose a `to_json` function"):
        codec.dumps(value)


def test_objects_within_a_dataclass_are_written() -> None:
    """A dataclass is plain data, and an object in it has the form that objects have."""

    @dataclasses.dataclass
    class Basket:
        order: Order

    assert json.loads(codec.dumps(Basket(Order(7)))) == {"order": wire("Order")}


def test_context_of_the_reference_is_one_too() -> None:
    """The package annotates its own functions with the reference's class, which is right as well; others are not."""
    theirs = type("OrchestrationContext", (), {"__module__": "azure.functions._abc"})
    other = type("OrchestrationContext", (), {"__module__": "shop"})
    converter: Any = func.get_binding_registry().get("orchestrationTrigger")

    assert converter.check_input_type_annotation(theirs)
    assert not converter.check_input_type_annotation(other)
