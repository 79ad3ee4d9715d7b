"""The bridge into Azure's worker: an app made with azfunc is at home where the worker has loaded the reference.

The worker looks for an app with ``isinstance(x, azure.functions.FunctionRegister)``, encodes and decodes with the
converters of ``azure.functions.get_binding_registry()``, and asks its ``ExtensionMeta`` for hooks. It has loaded the
reference before it imports the user's module, so it is too late to answer in its place. `connect()` makes both
libraries answer alike instead; ``import azfunc`` calls it in a process that has loaded a worker and the reference.

This file has everything that it touches, and touches it by these names:

- `azure.functions.FunctionRegister` and `DecoratorApi`: azfunc's apps and blueprints become virtual subclasses.
- `azure.functions.meta._ConverterMeta._bindings`: the table of converters; azfunc's answer first.
- `azure.functions.decorators.utils.StringifyEnumJsonEncoder.default`: writes azfunc's enums by name as well.
- `azure.functions.ExtensionMeta`: its tables of extensions are azfunc's too.
- Each message class of the reference: azfunc's of the same name is a virtual subclass, and the reverse.
- The worker's `bindings.context.Context`, `retrycontext.RetryContext` and `RpcException`, `tracecontext.TraceContext`
  and `out.Out`: virtual subclasses of azfunc's.

Tested with `azure-functions-runtime` 1.3.0 and `azure-functions-runtime-v1` 1.2.0, the workers of Python 3.13 and
later, with the reference 2.3.0, and with 1.26.0 on Python 3.11 (``nox -s worker``); and over gRPC with
`azure-functions-worker` 1.1.9, of the worker before, and the reference 1.26.0 (``nox -s worker_grpc``).
``AZFUNC_BRIDGE=0`` turns it off.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from typing import Any

import azfunc
from azfunc import _catalog
from azfunc._core import context
from azfunc._core.checks import class_of
from azfunc._core.datum import Datum
from azfunc._core.enums import WireEnum
from azfunc._core.registry import BindingRegistry, registry
from azfunc.extension import AppExtensionHooks, ExtensionMeta

REFERENCE = "azure.functions"
"""Name of the reference."""
LOGGER = "azfunc.bridge"
"""Logger that tells, at the level DEBUG, what was done."""
CALL_CLASSES = (
    ("context", "Context"),
    ("retrycontext", "RetryContext"),
    ("retrycontext", "RpcException"),
    ("tracecontext", "TraceContext"),
    ("out", "Out"),
)
"""Module below the worker's ``bindings``, and its class of which azfunc has one too."""

_known_workers: set[str] = set()
_for_worker: dict[tuple[Any, Any], type[Any]] = {}


def meet() -> bool:
    """Connect with the reference, which is imported first: the older worker does so after the user's modules only.

    Returns:
        Whether it was done, now or before.
    """
    from importlib import import_module

    try:
        import_module(REFERENCE)
    except ImportError:
        return False
    return connect()


def connect() -> bool:
    """Let the worker and the reference of this process take azfunc's objects as their own.

    Calling it again changes nothing.

    Returns:
        Whether it was done, now or before; not without the reference, or where azfunc answers in its place already.
    """
    reference = sys.modules.get(REFERENCE)
    meta = sys.modules.get(f"{REFERENCE}.meta")
    if reference is None or meta is None or not hasattr(meta, "_ConverterMeta") or _is_stand_in(reference):
        return False
    if isinstance(meta._ConverterMeta._bindings, SharedConverters):
        return True
    _share_converters(meta._ConverterMeta)
    _share_apps(reference)
    _share_enums()
    _share_extensions(reference.ExtensionMeta)
    _share_calls()
    import logging

    logging.getLogger(LOGGER).debug(
        "azfunc %s answers to %s beside azure.functions %s.",
        azfunc.__version__,
        ", ".join(sorted(_known_workers)) or "no worker",
        getattr(reference, "__version__", "of an unknown release"),
    )
    return True


def _is_stand_in(reference: Any) -> bool:
    register: Any = getattr(reference, "FunctionRegister", None)
    return register is azfunc.FunctionRegister


# --- converters -------------------------------------------------------------------------------------------------------


class SharedConverters(dict[Any, Any]):
    """The reference's table of converters, in which azfunc's are found first.

    A converter that somebody registers later, under a name of azfunc's, stays the one that counts.

    Args:
        theirs: The table as the reference made it.
    """

    def __init__(self, theirs: dict[Any, Any]) -> None:
        super().__init__(theirs)
        self.theirs = theirs
        self.related: set[str] = set()

    def get(self, key: Any, default: Any = None) -> Any:
        """Give the converter of a binding type, as the worker asks for it."""
        theirs = super().get(key, default)
        if theirs is not self.theirs.get(key, default):
            return theirs
        own = registry.get(key) if isinstance(key, str) else None
        if own is None:
            return theirs
        _share_calls()
        _share_messages(key, self.related)
        return for_worker(own, theirs)


class WorkerRegistry(BindingRegistry):
    """azfunc's registry as the worker uses it; all else is the registry itself."""

    def __init__(self) -> None:
        super().__init__()
        self.__dict__ = registry.__dict__

    def get(self, binding_type: str) -> type[Any] | None:
        """Give the converter class for a binding type, or None if there is none."""
        _share_calls()
        own = registry.get(binding_type)
        return None if own is None else for_worker(own)


worker_registry: WorkerRegistry = WorkerRegistry()
"""What `azfunc.get_binding_registry()` gives in the worker's process."""


def for_worker(own: type[Any], theirs: type[Any] | None = None) -> type[Any]:
    """Give a converter as the worker uses it; one that is not azfunc's own is made for the worker already.

    The worker cannot send nothing: it looks at the Datum. Where a function gives objects of the reference, or is
    annotated with its classes, the reference's converter has its say.

    Args:
        own: azfunc's converter.
        theirs: The reference's for the same binding type, or None.
    """
    if not own.__module__.startswith("azfunc."):
        return own
    if (own, theirs) not in _for_worker:
        members = {"__module__": own.__module__, "__doc__": own.__doc__, "_own": own, "_theirs": theirs}
        _for_worker[own, theirs] = type(own.__name__, (_ForWorker, own), members)
    return _for_worker[own, theirs]


class _ForWorker:
    """What a converter does for the worker, in front of what it does itself."""

    _own: Any
    _theirs: Any

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any) -> Any:
        """Turn what the function gave into a Datum, one of no type for nothing."""
        made = cls._theirs if _is_of_reference(obj) and hasattr(cls._theirs, "encode") else cls._own
        datum = made.encode(obj, expected_type=expected_type)
        return Datum(None, None) if datum is None else datum

    @classmethod
    def check_input_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a parameter may be annotated so."""
        return cls._either("check_input_type_annotation", pytype)

    @classmethod
    def check_output_type_annotation(cls, pytype: Any) -> bool:
        """Tell whether a return value or an out parameter may be annotated so."""
        return cls._either("check_output_type_annotation", pytype)

    @classmethod
    def _either(cls, method: str, pytype: Any) -> bool:
        return any(bool(getattr(each, method)(pytype)) for each in (cls._own, cls._theirs) if hasattr(each, method))


def _is_of_reference(obj: Any) -> bool:
    module: str = class_of(obj).__module__
    return module.startswith(f"{REFERENCE}.")


def _share_converters(table: Any) -> None:
    theirs = table._bindings
    table._bindings = SharedConverters(getattr(theirs, "theirs", theirs))


# --- apps, enums, extensions ------------------------------------------------------------------------------------------


def _share_apps(reference: Any) -> None:
    reference.FunctionRegister.register(azfunc.FunctionRegister)
    for name in ("TriggerApi", "BindingApi", "SettingsApi", "DecoratorApi"):
        theirs, own = getattr(reference, name, None), getattr(azfunc, name)
        if isinstance(theirs, ABCMeta):
            theirs.register(own)


def _share_enums() -> None:
    utils: Any = sys.modules.get(f"{REFERENCE}.decorators.utils")
    encoder = getattr(utils, "StringifyEnumJsonEncoder", None)
    if encoder is None or hasattr(encoder, "_azfunc"):
        return
    theirs = encoder.default

    def default(self: Any, o: Any) -> Any:
        return str(o) if isinstance(o, WireEnum) else theirs(self, o)

    encoder.default = default
    encoder._azfunc = True


def _share_extensions(theirs: Any) -> None:
    """Let both libraries have one set of tables, with what stands in either of them."""
    own: Any = ExtensionMeta
    theirs._func_exts.update(own._func_exts)
    merged = AppExtensionHooks([], [], [])
    for hooks in (theirs._app_exts, own._app_exts):
        for stage, registered in merged._asdict().items():
            registered += [each for each in getattr(hooks, stage, ()) if each not in registered]
    names: dict[str, Any] = theirs._info
    if names is not own._info:
        names.setdefault("AppExtension", []).extend(own._info.get("AppExtension", ()))
        names.setdefault("FuncExtension", {}).update(own._info.get("FuncExtension", {}))
    theirs._app_exts = own._app_exts = merged
    own._func_exts = theirs._func_exts
    own._info = names


# --- messages ---------------------------------------------------------------------------------------------------------


def _share_calls() -> None:
    """Let what the worker gives beside messages be of azfunc's classes."""
    for worker in _catalog.WORKERS:
        if worker not in sys.modules or worker in _known_workers:
            continue
        _known_workers.add(worker)
        for module, name in CALL_CLASSES:
            theirs: Any = getattr(sys.modules.get(f"{worker}.bindings.{module}"), name, None)
            own: Any = getattr(context, name)
            if theirs is not None and theirs is not own:
                own.register(theirs)


def _share_messages(binding_type: str, related: set[str]) -> None:
    """Make the messages of a service, azfunc's and the reference's of the same name, subclasses of each other."""
    service = _service(_catalog.TYPES.get(binding_type, ""))
    if not service or service in related:
        return
    related.add(service)
    for name in [name for name, path in _catalog.NAMES.items() if _service(path) == service]:
        own: Any = getattr(azfunc, name)
        theirs: Any = getattr(sys.modules[REFERENCE], name, None)
        unrelated = isinstance(own, ABCMeta) and isinstance(theirs, ABCMeta) and not issubclass(theirs, own)
        if unrelated:
            theirs.register(own)
            _answer_for(own, theirs)


def _service(path: str) -> str:
    """Give the module, or the package, of a service from a path in the catalog: ``bindings.queue``."""
    return ".".join(path.split(".")[:2])


def _answer_for(own: Any, theirs: Any) -> None:
    """Let the reference's objects be instances of azfunc's class; registering would make a circle, which is refused."""
    before: Any = own.__subclasshook__

    def hook(cls: Any, subclass: Any) -> Any:
        return True if cls is own and theirs in subclass.__mro__ else before(subclass)

    own.__subclasshook__ = classmethod(hook)
