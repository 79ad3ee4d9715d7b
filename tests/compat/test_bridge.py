"""The bridge, on a worker and a reference that are nothing but what it touches; `tests/worker` drives the real ones."""

from __future__ import annotations

import json
import logging
import sys
from abc import ABC
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc import _catalog
from azfunc._core.datum import Datum
from azfunc._core.registry import registry
from azfunc.compat import bridge
from azfunc.extension import AppExtensionHooks, ExtensionHookMeta, ExtensionMeta, FuncExtensionHooks

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKER = "azure_functions_runtime"
THEIRS = ExtensionHookMeta("theirs", print)
OWN = ExtensionHookMeta("own", print)


class Encoder(json.JSONEncoder):
    """Writes the enums of the reference."""


class TheirConverter:
    """A converter of the reference."""

    @classmethod
    def check_input_type_annotation(cls, pytype: Any) -> bool:
        """Take floats."""
        return pytype is float

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any) -> Datum:
        """Tell who has done it."""
        return Datum(f"theirs: {type(obj).__name__}", "string")


def module(name: str, **members: Any) -> ModuleType:
    """Make a module."""
    made = ModuleType(name)
    vars(made).update(members)
    return made


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A reference, and a worker, in the table of imported modules."""

    def cls(name: str) -> Any:
        return type(ABC)(name, (ABC,), {"__module__": "azure.functions._abc"})

    names = ("FunctionRegister", "DecoratorApi", "QueueMessage")
    table = SimpleNamespace(_bindings={"queue": TheirConverter, "custom": TheirConverter, True: TheirConverter})
    hooks = SimpleNamespace(_func_exts={"f": FuncExtensionHooks([], [], [])}, _info={"AppExtension": ["theirs"]})
    hooks._app_exts = AppExtensionHooks([], [THEIRS], [])
    encoder = type("StringifyEnumJsonEncoder", (Encoder,), {})
    made = module(
        "azure.functions", __version__="2.3.0", ExtensionMeta=hooks, TriggerApi=int, **{n: cls(n) for n in names}
    )
    modules = {
        "azure.functions": made,
        "azure.functions.meta": module("azure.functions.meta", _ConverterMeta=table),
        "azure.functions.decorators.utils": module("utils", StringifyEnumJsonEncoder=encoder),
        WORKER: module(WORKER),
        f"{WORKER}.bindings.context": module("context", Context=type("Context", (), {})),
        f"{WORKER}.bindings.out": module("out", Out=type("Out", (), {})),
    }
    for name, each in modules.items():
        monkeypatch.setitem(sys.modules, name, each)
    monkeypatch.setattr(ExtensionMeta, "_func_exts", {"g": FuncExtensionHooks([], [], [])})
    monkeypatch.setattr(ExtensionMeta, "_app_exts", AppExtensionHooks([], [OWN], []))
    monkeypatch.setattr(ExtensionMeta, "_info", {"AppExtension": ["own"], "FuncExtension": {"g": ["own"]}})
    monkeypatch.setattr(bridge, "_known_workers", set())
    yield SimpleNamespace(module=made, table=table, hooks=hooks, encoder=encoder, modules=modules)
    if "__subclasshook__" in vars(azfunc.QueueMessage):
        del azfunc.QueueMessage.__subclasshook__


def test_import_connects_in_a_worker_alone(reference: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has the reference and no worker is left as it is; one that has both is not."""
    monkeypatch.delenv("AZFUNC_BRIDGE", raising=False)
    with monkeypatch.context() as without:
        without.delitem(sys.modules, WORKER)
        _catalog.meet_worker()
        assert type(reference.table._bindings) is dict

    _catalog.meet_worker()

    assert isinstance(reference.table._bindings, bridge.SharedConverters)


def test_setting_turns_it_off(reference: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With AZFUNC_BRIDGE=0 nothing is touched."""
    monkeypatch.setenv("AZFUNC_BRIDGE", "0")

    _catalog.meet_worker()

    assert type(reference.table._bindings) is dict


def test_reference_is_imported_for_a_worker_that_has_not_done_so(
    reference: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older worker imports the reference after the app; one that cannot be imported is no error."""
    monkeypatch.delenv("AZFUNC_BRIDGE", raising=False)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, bridge.REFERENCE, None)
        _catalog.meet_worker()
        assert not bridge.meet()
    imported: list[str] = []
    monkeypatch.setattr("importlib.import_module", imported.append)

    assert bridge.meet()
    assert imported == [bridge.REFERENCE]
    assert isinstance(reference.table._bindings, bridge.SharedConverters)


def test_nothing_is_done_without_a_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """There has to be a reference, with a table of converters, and it must not be azfunc itself."""
    monkeypatch.setitem(sys.modules, "azure.functions", module("x", FunctionRegister=azfunc.FunctionRegister))
    monkeypatch.setitem(sys.modules, "azure.functions.meta", module("y", _ConverterMeta=object))
    assert not bridge.connect()

    monkeypatch.delitem(sys.modules, "azure.functions.meta")
    assert not bridge.connect()

    monkeypatch.delitem(sys.modules, "azure.functions")
    assert not bridge.connect()


def test_apps_are_the_references(reference: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The worker finds the app; one line says that all is connected, and the second time nothing happens."""
    with caplog.at_level(logging.DEBUG, logger=bridge.LOGGER):
        assert bridge.connect()
        assert bridge.connect()

    assert isinstance(azfunc.FunctionApp(), reference.module.FunctionRegister)
    assert isinstance(azfunc.Blueprint(), reference.module.DecoratorApi)
    assert caplog.messages == [f"azfunc {azfunc.__version__} answers to {WORKER} beside azure.functions 2.3.0."]


def test_converters_of_azfunc_come_first(reference: Any) -> None:
    """A type that azfunc has a converter for gets it; another one keeps the reference's, or none."""
    bridge.connect()
    get = reference.table._bindings.get
    own = registry.get("queue")
    assert own is not None

    assert issubclass(get("queue"), own)
    assert get("queue") is get("queue")
    assert get("queue").__name__ == own.__name__
    assert get("custom") is TheirConverter
    assert get("unknown") is None
    assert get(True) is TheirConverter


def test_converter_registered_later_stays(reference: Any) -> None:
    """A package that replaces a converter in the worker's process has its way."""
    bridge.connect()

    reference.table._bindings["queue"] = TheirConverter

    assert reference.table._bindings.get("queue") is not TheirConverter  # it is what stood there before
    reference.table._bindings["queue"] = float
    assert reference.table._bindings.get("queue") is float


def test_second_import_of_azfunc_takes_over(reference: Any) -> None:
    """A worker that imports the user's packages anew gets one layer, not two."""
    first = {"queue": TheirConverter}
    reference.table._bindings = SimpleNamespace(theirs=first)

    bridge.connect()

    assert reference.table._bindings.theirs is first


def test_sending_nothing_is_a_datum_for_the_worker(reference: Any) -> None:
    """The worker looks at the type of what it sends, so that there has to be a Datum."""
    bridge.connect()
    converter = reference.table._bindings.get("queue")

    assert converter.encode(None, expected_type=None) == Datum(None, None)
    assert converter.encode("text", expected_type=str) == Datum("text", "string")


def test_objects_and_annotations_of_the_reference_are_its_own(reference: Any) -> None:
    """What is of the reference's classes is encoded by its converter; annotations pass that either takes."""
    bridge.connect()
    converter = reference.table._bindings.get("queue")
    sent = converter.encode(reference.module.QueueMessage(), expected_type=None)

    assert sent == Datum("theirs: QueueMessage", "string")
    assert converter.check_input_type_annotation(float)
    assert converter.check_output_type_annotation(str)
    assert not converter.check_output_type_annotation(object)


def test_messages_are_subclasses_of_each_other(reference: Any) -> None:
    """A message of either library is an instance of the other's class of the same name."""
    bridge.connect()
    reference.table._bindings.get("queue")
    theirs = reference.module.QueueMessage

    assert isinstance(azfunc.QueueMessage(body="x"), theirs)
    assert isinstance(theirs(), azfunc.QueueMessage)
    assert not isinstance(theirs(), azfunc.ServiceBusMessage)
    assert not isinstance("text", azfunc.QueueMessage)


def test_what_the_worker_gives_is_of_azfuncs_classes(reference: Any) -> None:
    """Context and out parameters of the worker are azfunc's, too; in the stand-in as well."""
    assert azfunc.get_binding_registry().get("no such type") is None

    assert isinstance(reference.modules[f"{WORKER}.bindings.context"].Context(), azfunc.Context)
    assert isinstance(reference.modules[f"{WORKER}.bindings.out"].Out(), azfunc.Out)


def test_converter_of_another_package_is_made_for_the_worker_already() -> None:
    """A converter that somebody else registered goes to the worker as it is."""
    assert bridge.for_worker(TheirConverter) is TheirConverter


def test_stand_in_gives_the_worker_the_same_converters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where azfunc answers as the reference, the registry is azfunc's own, with converters for the worker."""
    assert azfunc.get_binding_registry() is registry
    monkeypatch.setitem(sys.modules, WORKER, module(WORKER))
    monkeypatch.setattr(bridge, "_known_workers", set())
    shared = azfunc.get_binding_registry()
    converter = shared.get("queue")

    assert converter is not None
    assert converter.encode(None, expected_type=None) == Datum(None, None)
    assert list(shared) == list(registry)
    assert "queueTrigger" in shared


def test_extensions_are_shared(reference: Any) -> None:
    """Both libraries have one table of extensions, in which what stood in either is."""
    bridge.connect()

    assert ExtensionMeta._app_exts is reference.hooks._app_exts
    assert [each.ext_name for each in reference.hooks._app_exts.pre_invocation_app_level] == ["theirs", "own"]
    assert set(reference.hooks._func_exts) == {"f", "g"}
    assert ExtensionMeta._func_exts is reference.hooks._func_exts
    assert reference.hooks._info == {"AppExtension": ["theirs", "own"], "FuncExtension": {"g": ["own"]}}


def test_enums_of_azfunc_are_written_by_the_references_encoder(reference: Any) -> None:
    """An enum of azfunc in the reference's function.json is its name; what is no JSON stays an error."""
    bridge.connect()

    assert json.dumps(azfunc.AuthLevel.ADMIN, cls=reference.encoder) == '"ADMIN"'
    with pytest.raises(TypeError):
        json.dumps(object(), cls=reference.encoder)


def test_reference_without_parts_is_connected_all_the_same(reference: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that lacks the encoder, or has been connected by another copy of azfunc, is no error."""
    reference.encoder._azfunc = True
    before = reference.encoder.default
    assert bridge.connect()
    assert reference.encoder.default is before

    reference.table._bindings = {}
    monkeypatch.delitem(sys.modules, "azure.functions.decorators.utils")
    assert bridge.connect()
