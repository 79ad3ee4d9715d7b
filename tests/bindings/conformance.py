"""The suite that every service passes: its test class inherits `BindingConformance` and fills in the tables.

    class TestQueue(BindingConformance):
        module = "queue"
        decorators = ("queue_trigger", "queue_output")
        messages = {"queueTrigger": [func.QueueMessage(body="x", id="7")]}
        ...

Each row becomes a case of its own. Facts about the reference (`decorators`) are checked on both libraries.
"""

from __future__ import annotations

import copy
import hashlib
import importlib
import inspect
import json
import pickle
import re
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

import azfunc
from azfunc import _catalog
from azfunc._core.datum import Datum

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

DATA = Path(__file__).parent / "data"
DECORATORS: dict[str, Any] = json.loads((DATA.parent.parent / "data" / "decorators.json").read_text())["decorators"]

REFUSED = "refused"
"""Cell of the output table: the value is refused with an `UnsupportedValueError`."""

LONG = 300
"""Most characters of a text that the facts have in full."""

_ENUM_MODULES = ("core", "kafka", "openai", "cosmosdb", "mcp", "http")


def arguments(func: ModuleType, name: str, *, required: bool) -> dict[str, Any]:
    """Give the arguments of a decorator as its facts have them, for one library."""
    fact = facts(func, name)
    chosen = DECORATORS[name]["required"] if required else fact["arguments"]
    return {key: _value(func, fact["arguments"][key]) for key in chosen}


def facts(func: ModuleType, name: str) -> dict[str, Any]:
    """Give the facts about a decorator that hold for a library: azfunc has those of the newer release."""
    fact = DECORATORS[name]
    if func is azfunc or "before" not in fact or not func.__version__.startswith("1."):
        return typing.cast("dict[str, Any]", fact)
    return typing.cast("dict[str, Any]", {**fact, **fact["before"]})


def _value(func: ModuleType, value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"python"}:
        names = set(re.findall(r"\b[A-Z]\w+", value["python"]))
        return eval(value["python"], {"datetime": importlib.import_module("datetime"), **_named(func, names)})
    return value


def _named(func: ModuleType, names: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        if hasattr(func, name):
            found[name] = getattr(func, name)
            continue
        for module in _ENUM_MODULES:
            holder = importlib.import_module(f"{func.__name__}.decorators.{module}") if func is not azfunc else func
            if hasattr(holder, name):
                found[name] = getattr(holder, name)
    return found


def entries_of(func: ModuleType, name: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Put one decorator on a function and give the entries it makes in function.json."""
    app = func.FunctionApp()

    def handler(req: Any) -> None:
        """Do nothing."""

    decorated = getattr(app, name)(**given)(handler)
    is_trigger = decorated._function.get_trigger() is not None
    if not is_trigger:
        app.generic_trigger(arg_name="conformance", type="conformance")(decorated)
    entries = json.loads(app.get_functions()[0].get_function_json())["bindings"]
    return [
        {key: _shortened(value) for key, value in entry.items()} for entry in entries if entry["type"] != "conformance"
    ]


def _shortened(value: Any) -> Any:
    """Give a long text as the facts have it: its length and its hash."""
    if not isinstance(value, str) or len(value) <= LONG:
        return value
    return f"<str len={len(value)} sha256={hashlib.sha256(value.encode()).hexdigest()[:16]}>"


class BindingConformance:
    """What every service promises; see the module."""

    module: ClassVar[str] = ""
    """Module below `azfunc.bindings`."""
    decorators: ClassVar[Sequence[str]] = ()
    """Decorators that the reference has too, by their names in the facts."""
    own_decorators: ClassVar[Mapping[str, tuple[dict[str, Any], list[dict[str, Any]]]]] = {}
    """Decorators of azfunc alone: arguments, and the entries they make."""
    messages: ClassVar[Mapping[str, Sequence[Any]]] = {}
    """Binding type -> messages that its input converter gives."""
    defaults: ClassVar[Sequence[type]] = ()
    """Message types that can be made without any argument."""
    accepted: ClassVar[Mapping[str, Sequence[Any]]] = {}
    """Binding type -> annotations that a parameter may have."""
    refused: ClassVar[Mapping[str, Sequence[Any]]] = {}
    """Binding type -> annotations that a parameter may not have."""
    outputs: ClassVar[Mapping[str, Sequence[tuple[Any, Any]]]] = {}
    """Binding type -> what a function gives, and the Datum that is sent, None, or `REFUSED`."""

    @classmethod
    def generate(cls, metafunc: Any) -> None:
        """Make the cases for one test, by the names of its arguments."""
        tables: dict[str, list[Any]] = {
            "decorator": list(cls.decorators),
            "own_decorator": list(cls.own_decorators),
            "any_decorator": [*cls.decorators, *cls.own_decorators],
            "message": [(kind, message) for kind, found in cls.messages.items() for message in found],
            "default_type": list(cls.defaults),
            "accepted_annotation": [(kind, each) for kind, found in cls.accepted.items() for each in found],
            "refused_annotation": [(kind, each) for kind, found in cls.refused.items() for each in found],
            "output": [(kind, *row) for kind, found in cls.outputs.items() for row in found],
            "payload": cls.payloads(),
        }
        for name, rows in tables.items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, rows, ids=[_id(row) for row in rows])

    @classmethod
    def payloads(cls) -> list[dict[str, Any]]:
        """Give the recorded payloads of the service: `data/<module>.json`."""
        path = DATA / f"{cls.module}.json"
        return typing.cast("list[dict[str, Any]]", json.loads(path.read_text())) if path.exists() else []

    # --- decorators ---

    def test_required_arguments_make_the_entry_of_the_reference(self, func: ModuleType, decorator: str) -> None:
        """With its required arguments alone a decorator writes what the reference writes."""
        given = arguments(func, decorator, required=True)

        assert entries_of(func, decorator, given) == facts(func, decorator)["with_required"]["bindings"]

    def test_all_arguments_make_the_entry_of_the_reference(self, func: ModuleType, decorator: str) -> None:
        """With all its arguments a decorator writes what the reference writes."""
        given = arguments(func, decorator, required=False)

        assert entries_of(func, decorator, given) == facts(func, decorator)["with_all"]["bindings"]

    def test_keys_stand_in_the_order_of_the_reference(self, decorator: str) -> None:
        """The keys of an entry have the order that the reference gives them."""
        made = entries_of(azfunc, decorator, arguments(azfunc, decorator, required=False))

        assert [list(entry) for entry in made] == [
            list(entry) for entry in DECORATORS[decorator]["with_all"]["bindings"]
        ]

    def test_parameters_stand_in_the_order_of_the_reference(self, func: ModuleType, decorator: str) -> None:
        """A decorator has the reference's parameters first, in its order; further ones may follow."""
        names = list(inspect.signature(getattr(func.FunctionApp, decorator)).parameters)[1:]
        expected = facts(func, decorator)["parameters"]

        assert names[: len(expected)] == expected

    def test_own_decorator_makes_the_documented_entry(self, own_decorator: str) -> None:
        """A decorator that the reference lacks writes the fields of the service's documentation."""
        given, expected = self.own_decorators[own_decorator]

        assert entries_of(azfunc, own_decorator, given) == expected

    def test_docstring_tells_of_each_parameter(self, any_decorator: str) -> None:
        """The docstring has a line that stands alone for each parameter, an example and a source."""
        method = getattr(azfunc.FunctionApp, any_decorator)
        text = inspect.getdoc(method) or ""
        section = text.partition("Args:\n")[2].partition("\n\n")[0]
        documented = re.findall(r"^    \*{0,2}(\w+): .*\.$", section, re.MULTILINE)

        assert documented == list(inspect.signature(method).parameters)[1:]
        assert "Example:" in text
        assert "Source:" in text

    # --- messages ---

    def test_message_survives_the_wire(self, message: tuple[str, Any]) -> None:
        """What goes to the wire comes back the same: decode(to_wire(m)) == m."""
        kind, value = message
        converter = azfunc.get_binding_registry().get(kind)
        assert converter is not None

        datum, metadata = converter.to_wire(value)
        decoded = converter.decode(datum, trigger_metadata=metadata)

        assert decoded == value
        assert type(decoded) is type(value)

    def test_message_survives_pickling_and_copying(self, message: tuple[str, Any]) -> None:
        """A message equals its pickle and its deep copy."""
        _, value = message

        assert pickle.loads(pickle.dumps(value)) == value
        assert copy.deepcopy(value) == value

    def test_message_shows_how_to_make_it(self, message: tuple[str, Any]) -> None:
        """The repr of a message is a call of its class, and no address."""
        _, value = message
        text = repr(value)

        assert " at 0x" not in text
        assert isinstance(value, list) or text.startswith(type(value).__name__)

    def test_message_has_defaults(self, default_type: type) -> None:
        """A message type can be made without arguments, and equals another one made so."""
        assert default_type() == default_type()
        assert repr(default_type())
        assert copy.deepcopy(default_type()) == default_type()

    def test_recorded_payload_is_read(self, payload: dict[str, Any]) -> None:
        """A payload as the host sends it gives the message it stands for."""
        converter = azfunc.get_binding_registry().get(payload["type"])
        assert converter is not None
        metadata = {name: as_datum(each) for name, each in payload.get("metadata", {}).items()}

        decoded = converter.decode(as_datum(payload["data"]), trigger_metadata=metadata)

        for item, expected in zip(
            decoded if isinstance(payload["expect"], list) else [decoded],
            payload["expect"] if isinstance(payload["expect"], list) else [payload["expect"]],
            strict=True,
        ):
            assert {name: shown(item, name) for name in expected} == expected

    # --- converters ---

    def test_annotation_is_accepted(self, accepted_annotation: tuple[str, Any]) -> None:
        """A parameter may be annotated so."""
        kind, annotation = accepted_annotation
        converter = azfunc.get_binding_registry().get(kind)
        assert converter is not None

        assert converter.check_input_type_annotation(annotation) is True

    def test_annotation_is_refused(self, refused_annotation: tuple[str, Any]) -> None:
        """A parameter may not be annotated so."""
        kind, annotation = refused_annotation
        converter = azfunc.get_binding_registry().get(kind)
        assert converter is not None

        assert converter.check_input_type_annotation(annotation) is False

    def test_output_is_sent_whole_or_refused(self, output: tuple[str, Any, Any]) -> None:
        """What a function gives is sent without loss, or refused with an error that names what would do."""
        kind, given, expected = output
        converter = azfunc.get_binding_registry().get(kind)
        assert converter is not None

        if expected is REFUSED:
            with pytest.raises(azfunc.UnsupportedValueError) as caught:
                converter.encode(given, expected_type=None)
            assert caught.value.message
            assert caught.value.hint
        else:
            assert converter.encode(given, expected_type=None) == expected

    # --- the file ---

    def test_catalog_has_what_the_module_has(self) -> None:
        """The catalog names each decorator of the module's mixins, and nothing that is not there."""
        module = importlib.import_module(f"azfunc.bindings.{self.module}")
        path = f"bindings.{self.module}"
        listed = {
            target: {name for name, each in table.items() if each == target}
            for table in (_catalog.TRIGGERS, _catalog.BINDINGS)
            for target in set(table.values())
            if target.partition(":")[0] == path
        }
        found = {
            f"{path}:{cls.__name__}": {name for name in vars(cls) if not name.startswith("_")}
            for cls in vars(module).values()
            if isinstance(cls, type) and cls.__name__.endswith(("Triggers", "Bindings"))
        }

        assert listed == found
        assert all(hasattr(module, name) for name, each in _catalog.NAMES.items() if each == path)


def as_datum(row: Mapping[str, Any]) -> Datum:
    """Make a datum from its row in a data file: ``{"type": ..., "value": ...}``; bytes stand as text in UTF-8."""
    value = row["value"]
    if row["type"] in ("bytes", "stream"):
        value = value.encode()
    if row["type"] == "collection_bytes":
        value = [each.encode() for each in value]
    return Datum(value, row["type"])


def shown(message: Any, name: str) -> Any:
    """Give an attribute or the result of a method as a data file has it: dates and durations as text."""
    value = getattr(message, name.removesuffix("()"))
    value = value() if name.endswith("()") else value
    if isinstance(value, bytes):
        return value.decode()
    return value if value is None or isinstance(value, (str, int, float, bool, list, dict)) else str(value)


def _id(row: Any) -> str:
    if isinstance(row, str):
        return row
    if isinstance(row, dict):
        return str(row.get("id", row.get("type")))
    text = (
        " ".join(each if isinstance(each, str) else repr(each) for each in row) if isinstance(row, tuple) else repr(row)
    )
    return re.sub(r"[^\w$.,=\[\](){} -]", "", text)[:70]
