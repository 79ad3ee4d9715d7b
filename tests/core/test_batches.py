"""Batches: the cardinality that an annotation says, and the wire form of several messages."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import typing
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, Optional

import pytest

import azfunc as func
from azfunc._core.batches import Cardinality, batch_to_wire, bodies_of, cardinality_of, parameter_annotation
from azfunc._core.binding import Trigger
from azfunc._core.datum import Datum
from azfunc._core.metadata import BatchMetadata

if TYPE_CHECKING:
    from collections.abc import Callable

MANY, ONE = Cardinality.MANY, Cardinality.ONE


class PaperTrigger(Trigger, type="paperTrigger"):
    """A trigger whose class has a default of its own."""

    cardinality: Cardinality | None = Cardinality.ONE


class PenTrigger(Trigger, type="penTrigger"):
    """A trigger without batches."""


class InkTrigger(Trigger):
    """A trigger in the reference's manner."""

    @staticmethod
    def get_binding_name() -> str:
        """Give the binding type."""
        return "inkTrigger"

    def __init__(self, name: str, cardinality: Cardinality | None = None) -> None:
        self.cardinality = cardinality
        super().__init__(name=name)


def built(user: Callable[..., Any], trigger: Trigger | None = None, **fields: Any) -> dict[str, Any]:
    """Give the entry in function.json of a trigger on a function; of a Service Bus queue when none is given."""
    app = func.FunctionApp()
    builder = app.function_name("shout")(user)
    if trigger is None:
        app.service_bus_queue_trigger("msg", "c", "q", **fields)(builder)
    else:
        builder.add_trigger(trigger)
    entry: dict[str, Any] = json.loads(app.get_functions()[0].get_function_json())["bindings"][0]
    return entry


def one(msg: func.ServiceBusMessage) -> None:
    """Take one message."""


def many(msg: list[func.ServiceBusMessage]) -> None:
    """Take several messages."""


def unsaid(msg) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  # the point
    """Take who knows what."""


def unknown(msg: Nowhere) -> None:  # type: ignore[name-defined]  # noqa: F821  # the point
    """Take what nobody can resolve."""


# --- cardinality ---


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (list[func.ServiceBusMessage], MANY),
        (typing.List[func.ServiceBusMessage], MANY),  # noqa: UP006  # the older spelling is the point
        (Sequence[func.ServiceBusMessage], MANY),
        (Iterable[func.QueueMessage], MANY),
        (tuple[func.QueueMessage, ...], MANY),
        (list[str], MANY),
        (list[dict[str, Any]], MANY),
        (Optional[list[func.ServiceBusMessage]], MANY),  # noqa: UP045  # the older spelling is the point
        (list[func.ServiceBusMessage] | None, MANY),
        (Annotated[list[func.ServiceBusMessage], "all of them"], MANY),
        (func.ServiceBusMessage, ONE),
        (func.ServiceBusMessage | None, ONE),
        (Annotated[func.ServiceBusMessage, "just one"], ONE),
        (func.ServiceBusMessage | list[func.ServiceBusMessage], None),
        (func.ServiceBusMessage | str, None),
        (dict[str, Any], None),
        (list, MANY),
        (typing.List, MANY),  # noqa: UP006  # the older spelling is the point
        (list[Any], MANY),
        (tuple, None),
        (str, None),
        (Any, None),
        (object, None),
        (None, None),
    ],
)
def test_annotation_says_a_cardinality(annotation: Any, expected: Cardinality | None) -> None:
    """A collection is MANY, a message type ONE, and anything else says nothing."""
    assert cardinality_of(annotation) is expected


def test_list_makes_the_cardinality_many() -> None:
    """A trigger without a cardinality gets MANY from the annotation, as text too."""
    assert built(many)["cardinality"] == "MANY"


@pytest.mark.parametrize("user", [one, unsaid, unknown])
def test_cardinality_stays_out_when_the_annotation_says_no_batch(user: Callable[..., Any]) -> None:
    """A decorator without a cardinality writes no such key, unless the annotation is a list."""
    assert "cardinality" not in built(user)


@pytest.mark.parametrize(
    ("user", "cardinality"), [(many, "many"), (one, "one"), (unsaid, "many"), (unknown, "many"), (unsaid, "one")]
)
def test_given_cardinality_stays(user: Callable[..., Any], cardinality: func.Cardinality) -> None:
    """What the decorator was given is written, when the annotation agrees or says nothing."""
    assert built(user, cardinality=cardinality)["cardinality"] == str(cardinality).upper()


@pytest.mark.parametrize(
    ("user", "cardinality", "written", "cure"),
    [
        (many, "one", "list[ServiceBusMessage]", "the class of one message"),
        (one, "many", "ServiceBusMessage", "a list of them"),
    ],
)
def test_contradiction_is_an_error_at_indexing(
    user: Callable[..., Any], cardinality: str, written: str, cure: str
) -> None:
    """The error names function, parameter, annotation and cardinality, and says both cures."""
    with pytest.raises(func.DefinitionError) as caught:
        built(user, cardinality=cardinality)

    error = caught.value
    assert f"function 'shout' has cardinality {cardinality.upper()}" in error.message
    assert f"'msg' is annotated as {written}." in error.message
    assert "Leave the cardinality out" in error.hint
    assert cure in error.hint
    assert (error.function_name, error.binding_name) == ("shout", "msg")
    assert error.location is not None
    assert __file__ in error.location


def test_default_of_the_class_gives_way_to_the_annotation() -> None:
    """A class may have a default; it stands when the annotation says nothing else."""
    assert built(many, PaperTrigger(name="msg", cardinality=None))["cardinality"] == "MANY"
    assert built(one, PaperTrigger(name="msg", cardinality=None))["cardinality"] == "ONE"
    assert built(unsaid, PaperTrigger(name="msg", cardinality=None))["cardinality"] == "ONE"


def test_generic_trigger_is_settled_as_its_type() -> None:
    """A generic trigger of a type with batches gets the cardinality too, and one of another type does not."""
    entries = []
    for kind, user, fields in [
        ("serviceBusTrigger", many, {}),
        ("serviceBusTrigger", unsaid, {"cardinality": "many"}),
        ("queueTrigger", many, {}),
    ]:
        builder = func.FunctionApp().generic_trigger("msg", kind, **fields)(user)
        entries.append(json.loads(builder.build().get_function_json())["bindings"][0])

    assert [entry.get("cardinality") for entry in entries] == ["MANY", "many", None]


def test_trigger_in_the_manner_of_the_reference_is_settled() -> None:
    """A hand-written class with a parameter ``cardinality`` takes part."""
    assert built(many, InkTrigger("msg"))["cardinality"] == "MANY"
    assert "cardinality" not in built(unsaid, InkTrigger("msg"))


def test_indexing_changes_neither_the_builder_nor_its_trigger() -> None:
    """Building is repeatable: the settled trigger is a copy."""
    app = func.FunctionApp()
    builder = app.service_bus_queue_trigger("msg", "c", "q")(many)

    first, second = builder.build(), builder.build()

    assert first.get_function_json() == second.get_function_json()
    assert "cardinality" not in builder._function.get_bindings_dict()["bindings"][0]


def _class_of_one(call: Callable[..., Any]) -> Any:
    class Shouter:
        """A callable object."""

        def __call__(self, msg: list[func.ServiceBusMessage]) -> None:
            """Take several messages."""

    class Traced:
        """A wrapper in the manner of a task queue."""

        def __init__(self) -> None:
            functools.update_wrapper(self, call)

        def __call__(self, *args: Any) -> None:
            """Call what is wrapped."""

    return Shouter(), Traced()


def test_annotation_is_found_behind_wrappers() -> None:
    """Partials, callable objects, bound methods and wrappers are looked through."""

    @functools.wraps(many)
    def wrapped(*args: Any) -> None: ...

    shouter, traced = _class_of_one(many)

    for user in (functools.partial(many), wrapped, shouter, shouter.__call__, traced):
        assert cardinality_of(parameter_annotation(user, "msg")) is MANY


def test_annotation_of_a_builtin_says_nothing() -> None:
    """A callable without annotations is no error."""
    assert parameter_annotation(print, "msg") is None
    assert parameter_annotation(many, "other") is None


def test_functions_without_batches_are_not_looked_into() -> None:
    """Indexing an app loads neither typing nor inspect when no trigger has batches, or the classes are plain."""
    code = (
        "import sys, azfunc as func\n"
        "app = func.FunctionApp()\n"
        "@app.queue_trigger('msg', 'q', 'c')\n"
        "def one(msg: func.QueueMessage): pass\n"
        "@app.service_bus_queue_trigger('msg', 'c', 'q')\n"
        "def two(msg: func.ServiceBusMessage): pass\n"
        "app.get_functions()\n"
        "print(sorted({'typing', 'inspect', 'json', 're', 'datetime'} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False, cwd=_ROOT)

    assert (done.stdout.strip(), done.stderr) == ("[]", "")


_ROOT = __file__.rpartition("tests")[0]


# --- wire form ---


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (Datum(SimpleNamespace(bytes=[b"a", b"\xff"]), "collection_bytes"), [b"a", b"\xff"]),
        (Datum([b"a"], "collection_bytes"), [b"a"]),
        (Datum(SimpleNamespace(string=["é", ""]), "collection_string"), ["é".encode(), b""]),
        (Datum('["text", {"k": 1}, null]', "json"), [b'"text"', b'{"k": 1}', b"null"]),
        (Datum("[]", "json"), []),
        (SimpleNamespace(type="collection_string", value=SimpleNamespace(string=["a"])), [b"a"]),
    ],
)
def test_bodies_are_read_from_each_form(data: Any, expected: list[bytes]) -> None:
    """The host has three forms of a batch; members of a JSON list are given as JSON."""
    assert bodies_of(data) == expected


@pytest.mark.parametrize("data", [Datum("x", "string"), Datum('{"a": 1}', "json"), Datum(b"x", "bytes"), None])
def test_body_that_is_no_batch_is_refused(data: Any) -> None:
    """The text is the reference's, and the hint says what would do."""
    with pytest.raises(func.UnsupportedValueError) as caught:
        bodies_of(data)

    assert caught.value.message == f"unable to decode multiple messages with data type {getattr(data, 'type', None)}"
    assert "collection_bytes" in caught.value.hint


def test_batch_goes_to_the_wire_with_one_array_for_each_field() -> None:
    """A field that one message has and another lacks is null in the array."""
    datum, metadata = batch_to_wire([func.QueueMessage(body="a", id="1"), func.QueueMessage(body="b", dequeue_count=2)])

    assert datum == Datum([b"a", b"b"], "collection_bytes")
    arrays = BatchMetadata(metadata, 2).as_dict()
    assert arrays == {"IdArray": ["1", None], "DequeueCountArray": [None, 2]}


def test_plain_data_among_messages_become_messages_without_metadata() -> None:
    """Text and bytes go as they are, what else JSON can hold as JSON, and other values are refused."""
    datum, metadata = batch_to_wire(["é", func.QueueMessage(body="b", id="2"), b"\xff", {"a": 1}])

    assert datum == Datum(["é".encode(), b"b", b"\xff", b'{"a": 1}'], "collection_bytes")
    assert BatchMetadata(metadata, 4).as_dict() == {"IdArray": [None, "2", None, None]}
    with pytest.raises(func.UnsupportedValueError):
        batch_to_wire([func.QueueMessage(body="b"), object()])
