"""Functions of the older model: a folder for each, with a function.json and a script.

What is read from function.json becomes the same objects that decorators make: generic bindings, which keep every field
of their entry, and a retry policy.

Source: the guide, "Programming model", "Alternative entry point", "Folder structure"; Azure Functions documentation,
"function.json".
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azfunc import _catalog
from azfunc._core.binding import AppDefaults
from azfunc._core.checks import is_dict, is_list, untyped
from azfunc._core.decorators import FunctionName
from azfunc._core.enums import AuthLevel, BindingDirection, as_data_type
from azfunc._core.errors import AzfuncError, DefinitionError, nearest
from azfunc._core.failures import LoadingError
from azfunc._core.function import Function, FunctionBuilder
from azfunc._core.names import check_binding_name, to_camel_case
from azfunc.bindings.generic import GenericInputBinding, GenericOutputBinding, GenericTrigger
from azfunc.runtime.isolation import APP_PACKAGE
from azfunc.runtime.settings_files import line_of, read_json
from azfunc.settings import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from azfunc._core.binding import Binding

FUNCTION_FILE = "function.json"
"""File that makes a folder a function."""
DEFAULT_SCRIPT = "__init__.py"
"""Script of a function whose function.json names none."""
DEFAULT_ENTRY_POINT = "main"
"""Function in the script that is called when function.json names none."""

_KNOWN_TYPES = {name.lower(): name for name in _catalog.TYPES}
_DIRECTIONS = {"in": BindingDirection.IN, "out": BindingDirection.OUT, "inout": BindingDirection.INOUT}
_OWN_KEYS = frozenset({"name", "type", "direction", "datatype"})


class GenericInOutBinding(GenericInputBinding):
    """A binding for both ways, ``inout`` in function.json."""

    _direction = BindingDirection.INOUT


@dataclass(frozen=True)
class FunctionFolder:
    """A function of the older model, read but not imported."""

    folder: Path
    """Folder of the function; its name is the function's."""
    script: str
    """Script that holds the user function, as function.json names it."""
    entry_point: str
    """Name of the user function in the script."""
    bindings: tuple[Binding, ...]
    """The bindings, in the order of function.json."""
    retry: RetryPolicy | None = None
    """The retry policy, if there is one."""
    disabled: bool = False
    """Whether function.json says that the host must not start it."""

    def load(self) -> Function:
        """Import the script, and give the function.

        Raises:
            LoadingError: There is no such script, or no such function in it.
            DefinitionError: There is no trigger, there are several, or the host refuses a name.
        """
        function = Function(self._user_function(), self.script)
        function.function_directory = str(self.folder)
        function.add_setting(FunctionName(function_name=self.folder.name))
        for binding in self.bindings:
            if isinstance(binding, GenericTrigger):
                function.add_trigger(binding)
            else:
                function.add_binding(binding)
        if self.retry is not None:
            function.add_setting(self.retry)
        return function.finished(AppDefaults(auth_level=AuthLevel.FUNCTION))

    def _user_function(self) -> Callable[..., Any]:
        path = self.folder / self.script
        if not path.is_file():
            scripts = sorted(each.name for each in self.folder.glob("*.py"))
            close = nearest(self.script, scripts)
            raise LoadingError(
                f"Function {self.folder.name!r} has no script {self.script!r}.",
                hint=(f"Did you mean {close!r}? " if close else "")
                + ("Write the path with '/', which works everywhere. " if "\\" in self.script else "")
                + f"Its folder has {', '.join(scripts) or 'no Python file'}; scriptFile in {FUNCTION_FILE} names one.",
                function_name=self.folder.name,
                location=line_of(self.folder / FUNCTION_FILE, "scriptFile"),
            )
        root = self.folder.parent
        if path.suffix != ".py" or not path.resolve().is_relative_to(root):
            raise LoadingError(
                f"Function {self.folder.name!r} has the script {self.script!r}, which is no Python file of the app.",
                hint="scriptFile names a file with the ending .py below the app's folder.",
                function_name=self.folder.name,
                location=line_of(self.folder / FUNCTION_FILE, "scriptFile"),
            )
        parts = path.resolve().relative_to(root).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        module = importlib.import_module(".".join((APP_PACKAGE, *parts)))
        found = getattr(module, self.entry_point, None)
        if not callable(found):
            raise self._no_entry_point(path, module, found)
        # A function that is decorated as well, as where `azfunc json --write` made the folders.
        user_function: Callable[..., Any] = found.__wrapped__ if isinstance(found, FunctionBuilder) else found
        return user_function

    def _no_entry_point(self, path: Path, module: object, found: object) -> LoadingError:
        own = [
            name
            for name, value in vars(module).items()
            if callable(value) and getattr(value, "__module__", "") == getattr(module, "__name__", None)
        ]
        close = nearest(self.entry_point, own)
        what = "is nothing that can be called" if found is not None else "does not exist"
        advice = f"Did you mean {close!r}? " if close else ""
        return LoadingError(
            f"Function {self.folder.name!r} starts at {self.entry_point}() of {self.script}, which {what}.",
            hint=f"{advice}The script defines {', '.join(own) or 'no function'}; entryPoint in {FUNCTION_FILE} names "
            "one.",
            function_name=self.folder.name,
            location=f"{path}:1",
        )


def read_function_folder(folder: Path) -> FunctionFolder:
    """Read the function.json of a function.

    Raises:
        LoadingError: It is no JSON, has no bindings, or one of them cannot be.
    """
    path = folder / FUNCTION_FILE
    content, _ = read_json(path)
    entries: Any = content.get("bindings")
    if not is_list(entries) or not all(is_dict(entry) for entry in entries) or not entries:
        raise _fault(path, folder.name, "has no list of bindings", 'Write "bindings": [{...}, ...] with a trigger.')
    retry: Any = content.get("retry")
    if retry is not None and not is_dict(retry):
        raise _fault(path, folder.name, "has a retry policy that is no object", 'Write "retry": {"strategy": ...}.')
    return FunctionFolder(
        folder=folder,
        script=str(content.get("scriptFile") or DEFAULT_SCRIPT),
        entry_point=str(content.get("entryPoint") or DEFAULT_ENTRY_POINT),
        bindings=tuple(_binding(path, folder.name, entry) for entry in entries),
        retry=_retry(retry) if retry else None,
        disabled=content.get("disabled") is True,
    )


def _binding(path: Path, function_name: str, entry: Mapping[str, Any]) -> Binding:
    name, kind = entry.get("name"), entry.get("type")
    if not isinstance(kind, str) or not kind:
        raise _fault(path, function_name, f"has a binding {name!r} without a type", 'Write "type": "queueTrigger".')
    is_trigger = kind.lower().endswith("trigger")
    direction = str(entry.get("direction", "in" if is_trigger else "")).lower()
    if direction not in _DIRECTIONS:
        raise _fault(
            path,
            function_name,
            f"has a binding {name!r} of type {kind!r} with the direction {direction!r}",
            "The direction is in, out or inout.",
            binding_name=str(name),
        )
    classes = {"in": GenericInputBinding, "out": GenericOutputBinding, "inout": GenericInOutBinding}
    made_of: Any = GenericTrigger if is_trigger else classes[direction]
    try:
        check_binding_name(name)
        data_type = next((value for key, value in entry.items() if key.lower() == "datatype"), None)
        made: Binding = made_of(name=name, type=_KNOWN_TYPES.get(kind.lower(), kind), data_type=as_data_type(data_type))
    except DefinitionError as error:
        error.function_name = function_name
        error.binding_name = str(name)
        error.location = line_of(path, str(name), value=True)
        raise
    _add_fields(made, {key: value for key, value in entry.items() if key.lower() not in _OWN_KEYS})
    return made


def _add_fields(binding: Binding, fields: Mapping[str, Any]) -> None:
    """Add the fields of an entry under the names that decorators use; what these cannot write, as it is."""
    named = {_snake_case(key): key for key in fields}
    sound = {name: fields[key] for name, key in named.items() if _is_same(name, key)}
    binding.add_extra_fields(sound)
    for name, key in named.items():
        if name not in sound:
            untyped(binding)._dict[key] = fields[key]


def _snake_case(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9A-Z])([A-Z])", lambda found: "_" + found[1].lower(), key)


def _is_same(name: str, key: str) -> bool:
    try:
        return to_camel_case(name) == key
    except AzfuncError:
        return False


def _retry(policy: Mapping[str, Any]) -> RetryPolicy:
    strategy = _snake_case(str(policy.get("strategy", "")))
    return RetryPolicy(
        strategy=strategy,
        max_retry_count=policy.get("maxRetryCount", 0),
        delay_interval=policy.get("delayInterval"),
        minimum_interval=policy.get("minimumInterval"),
        maximum_interval=policy.get("maximumInterval"),
    )


def _fault(path: Path, function_name: str, what: str, hint: str, *, binding_name: str | None = None) -> LoadingError:
    return LoadingError(
        f"{FUNCTION_FILE} of function {function_name!r} {what}.",
        hint=hint,
        function_name=function_name,
        binding_name=binding_name,
        location=line_of(path, "bindings") if binding_name is None else line_of(path, binding_name, value=True),
    )
