"""Loading function apps: from a folder, a file, a module or an object, of either programming model.

`load_app` imports an app as Azure's worker does: its folder first on ``sys.path``, its packages after it, its settings
in the environment. Both models give the same `Function` objects. What is changed in the process for that is taken back
when the `LoadedApp` is closed.

Source: the guide, "Folder structure", "Import behavior", "Alternative entry point"; Azure's Python worker.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from azfunc._core.checks import class_of
from azfunc._core.decorators import SCRIPT_FILE_NAME
from azfunc._core.errors import AzfuncError, DefinitionError, nearest
from azfunc._core.failures import IndexingError, LoadingError
from azfunc._core.function import FunctionBuilder
from azfunc.app import Blueprint, FunctionApp, FunctionRegister
from azfunc.runtime.function_json import FUNCTION_FILE, read_function_folder
from azfunc.runtime.host import HostOptions
from azfunc.runtime.isolation import AppScope
from azfunc.runtime.naming import named
from azfunc.runtime.settings_files import (
    HOST_FILE,
    HostFile,
    LocalSettings,
    SettingsFileError,
    read_host_file,
    read_local_settings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import ModuleType, TracebackType

    from typing_extensions import Self

    from azfunc._core.function import Function
    from azfunc.runtime.isolation import MetaPathFinderProtocol

SCRIPT_SETTING = "PYTHON_SCRIPT_FILE_NAME"
"""App setting with the name of the script that defines the app.

Source: App settings reference for Azure Functions, "PYTHON_SCRIPT_FILE_NAME".
"""
_TRUE = frozenset({"1", "true"})
_PACKAGE = Path(__file__).resolve().parent.parent


class AppLoadingError(LoadingError):
    """A function app could not be loaded, or a function of it; `code` says why, for programs."""

    code: str
    """Code of the problem, as in the list of `azfunc check`."""
    errors: tuple[AzfuncError, ...]
    """One error for each reason when there are several, else none."""

    def __init__(self, message: str, *, code: str, errors: Iterable[AzfuncError] = (), **parts: Any) -> None:
        super().__init__(message, **parts)
        self.code = code
        self.errors = tuple(errors)


_ENDS = (KeyboardInterrupt, GeneratorExit)


@dataclass
class LoadedApp:
    """A function app that was loaded. Close it, or use it in a ``with`` block, to undo what it changed."""

    kind: Literal["v1", "v2"]
    """The programming model: ``v1`` with function.json, ``v2`` with decorators."""
    functions: list[Function]
    """The functions, as the host gets them."""
    app: FunctionRegister | None = None
    """The app object; None for the older model."""
    folder: Path | None = None
    """Folder of the app; None for an object that was given."""
    host_file: HostFile = field(default_factory=HostFile)
    """What host.json says."""
    settings: LocalSettings = field(default_factory=LocalSettings)
    """What local.settings.json says."""
    errors: tuple[AzfuncError, ...] = ()
    """Why the functions that are not listed could not be loaded; only `inspect_app` gives such an app."""
    disabled: frozenset[str] = frozenset()
    """Names of functions that are switched off, by function.json or by ``AzureWebJobs.<name>.Disabled``."""
    ignored: tuple[Path, ...] = ()
    """Folders with a function.json that nobody reads, since the app has a script with decorators."""
    module: ModuleType | None = None
    """The module that defines the app object, if it was imported from one."""
    scope: AppScope | None = None
    """What was changed in the process."""

    @property
    def options(self) -> HostOptions:
        """What host.json says about calls."""
        return self.host_file.options

    def get_functions(self) -> list[Function]:
        """Give the functions, so that it stands wherever an app does."""
        return self.functions

    def close(self) -> None:
        """Take back what loading changed: ``sys.path``, the modules of the app, the environment."""
        if self.scope is not None:
            self.scope.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def load_app(target: str | Path | FunctionRegister = ".", *, local_settings: bool = True) -> LoadedApp:
    """Load a function app.

    Args:
        target: Where it is.
            A folder (with ``function_app.py``, or with folders that have a function.json), a Python file, a module
            path such as ``shop.functions``, each of them also with ``:name`` of the app object; or the object itself.
        local_settings: Whether local.settings.json is read, and its values set in the environment where they are not
            set already.

    Returns:
        The app; what loading changed in the process lasts until it is closed.

    Raises:
        LoadingError: There is no app, there are several, or it cannot be imported; says where and what to do.
        DefinitionError: Functions of the app cannot be built.

    Example:
        >>> with load_app("examples/guide") as loaded:
        ...     len(loaded.functions)
        8

    Source: the guide, "Folder structure"; Azure's Python worker.
    """
    loaded = inspect_app(target, local_settings=local_settings)
    if not loaded.errors:
        return loaded
    loaded.close()
    if len(loaded.errors) == 1:
        raise loaded.errors[0]
    places = [f"{error.location}: " if error.location else "" for error in loaded.errors]
    listed = "\n".join(
        f"- {place}{error}".replace("\n", "\n  ") for place, error in zip(places, loaded.errors, strict=True)
    )
    good = [function.get_function_name() for function in loaded.functions]
    message = f"The app cannot be loaded, for {len(loaded.errors)} reasons:\n{listed}"
    hint = f"Functions without fault: {named(good)}."
    if all(isinstance(error, DefinitionError) for error in loaded.errors):
        raise IndexingError(message, errors=loaded.errors, hint=hint)
    raise AppLoadingError(message, code="function-folder", errors=loaded.errors, hint=hint)


def inspect_app(
    target: str | Path | FunctionRegister = ".",
    *,
    local_settings: bool = True,
    finder: MetaPathFinderProtocol | None = None,
) -> LoadedApp:
    """Load as much of a function app as can be loaded, with the reasons for the rest in `LoadedApp.errors`.

    Args:
        target: Where it is, as for `load_app`.
        local_settings: Whether local.settings.json is read.
        finder: Asked for every module before the finders of Python.
    """
    if isinstance(target, FunctionRegister):
        functions, errors = _functions_of([target])
        return LoadedApp("v2", functions, app=target, errors=tuple(errors))
    return _Loading(str(target), local_settings=local_settings, finder=finder).load()


class _Loading:
    """Loads one app, and collects what goes wrong."""

    def __init__(self, target: str, *, local_settings: bool, finder: MetaPathFinderProtocol | None) -> None:
        self._target = target
        self._reads_settings = local_settings
        self._finder = finder
        self._errors: list[AzfuncError] = []

    def load(self) -> LoadedApp:
        place, name = split_target(self._target)
        path = Path(place)
        is_module = not path.is_dir() and path.suffix != ".py" and all(map(str.isidentifier, place.split(".")))
        folder = Path.cwd() if is_module else (path if path.is_dir() else path.parent)
        folder = folder.resolve()
        loaded = LoadedApp("v2", [], folder=folder)
        if not folder.is_dir():
            self._errors.append(_not_there(place))
            loaded.errors = tuple(self._errors)
            return loaded
        self._read_files(loaded, folder)
        loaded.scope = AppScope(folder, loaded.settings.values, finder=self._finder).open()
        try:
            if is_module:
                self._load_module(loaded, place, place, name)
            elif path.is_dir():
                self._load_folder(loaded, folder, name)
            elif not path.is_file():
                self._errors.append(_not_there(place))
            else:
                self._load_module(loaded, path.stem, path.name, name)
        except BaseException:
            loaded.close()
            raise
        loaded.errors = tuple(self._errors)
        loaded.disabled |= _disabled(loaded)
        return loaded

    def _read_files(self, loaded: LoadedApp, folder: Path) -> None:
        try:
            loaded.host_file = read_host_file(folder)
        except SettingsFileError as error:
            self._errors += [error, *error.others]
            loaded.host_file = HostFile(options=HostOptions(function_directory=str(folder)))
        if not self._reads_settings:
            return
        try:
            loaded.settings = read_local_settings(folder)
        except SettingsFileError as error:
            self._errors += [error, *error.others]

    def _load_folder(self, loaded: LoadedApp, folder: Path, name: str | None) -> None:
        script = os.environ.get(SCRIPT_SETTING) or SCRIPT_FILE_NAME
        folders = [path.parent for path in sorted(folder.glob(f"*/{FUNCTION_FILE}"))]
        if (folder / script).is_file():
            loaded.ignored = tuple(folders)
            self._load_module(loaded, Path(script).stem, script, name)
        elif folders:
            loaded.kind = "v1"
            self._load_function_folders(loaded, folders)
        else:
            self._errors.append(_no_app_file(folder, script))

    def _load_function_folders(self, loaded: LoadedApp, folders: list[Path]) -> None:
        for each in folders:
            script = each.name
            try:
                read = read_function_folder(each)
                script = f"{each.name}/{read.script}"
                loaded.functions.append(read.load())
                if read.disabled:
                    loaded.disabled |= {each.name}
            except AzfuncError as error:
                error.location = error.location or f"{each / FUNCTION_FILE}:1"
                error.function_name = error.function_name or each.name
                self._errors.append(error)
            except _ENDS:
                raise
            except BaseException as error:  # noqa: BLE001  # a script can fail in any way
                failed = _import_error(error, script, loaded)
                failed.function_name = each.name
                self._errors.append(failed)
        try:
            FunctionApp().validate_function_names(loaded.functions)
        except DefinitionError as error:
            self._errors.append(error)

    def _load_module(self, loaded: LoadedApp, module_name: str, shown: str, name: str | None) -> None:
        try:
            module = importlib.import_module(module_name)
        except _ENDS:
            raise
        except BaseException as error:  # noqa: BLE001  # a module can fail in any way
            missing = error.name if isinstance(error, ModuleNotFoundError) else None
            is_itself = missing is not None and f"{module_name}.".startswith(f"{missing}.")
            self._errors.append(_not_there(shown) if is_itself else _import_error(error, shown, loaded))
            return
        loaded.module = module
        apps = self._apps_in(module, shown, name)
        if len(apps) > 1:
            self._errors.append(_several_apps(module, shown, apps))
        loaded.app = next(iter(apps.values()), None)
        functions, errors = _functions_of(apps.values())
        loaded.functions += functions
        self._errors += errors

    def _apps_in(self, module: ModuleType, shown: str, name: str | None) -> dict[str, FunctionRegister]:
        """Give the app objects of a module, each once, or the one of a name."""
        found = {key: value for key, value in vars(module).items() if isinstance(value, FunctionRegister)}
        apps = {id(app): key for key, app in reversed(found.items())}
        if name is None and apps:
            return {key: found[key] for key in reversed(apps.values())}
        if name in found:
            return {name: found[name]}
        self._errors.append(_no_app(module, shown, name, list(found)))
        return {}


def _functions_of(apps: Iterable[FunctionRegister]) -> tuple[list[Function], list[AzfuncError]]:
    functions: list[Function] = []
    errors: list[AzfuncError] = []
    for app in apps:
        try:
            functions += app.get_functions()
        except DefinitionError as error:
            errors += error.errors if isinstance(error, IndexingError) else [error]
            functions += app.index()[0]
    return functions, errors


def split_target(target: str) -> tuple[str, str | None]:
    """Take the name of the object off a target, if it has one."""
    place, colon, name = target.rpartition(":")
    if colon and name.isidentifier() and not (len(place) == 1 and place.isalpha()):
        return place, name
    return target, None


def _disabled(loaded: LoadedApp) -> set[str]:
    names = {function.get_function_name() for function in loaded.functions}
    return {name for name in names if os.environ.get(f"AzureWebJobs.{name}.Disabled", "").lower() in _TRUE}


# --- what can go wrong ---


def _not_there(place: str) -> AppLoadingError:
    path = Path(place)
    folder = path.parent if path.parent.is_dir() else Path()
    names = [each.name for each in folder.iterdir() if each.is_dir() or each.suffix == ".py"]
    close = nearest(path.name, names)
    return AppLoadingError(
        f"There is no folder, file or module {place!r}.",
        code="no-app-file",
        hint=f"Did you mean {str(folder / close)!r}?" if close else "Give the folder that has the function_app.py.",
        location=f"{path}:1",
    )


def _no_app_file(folder: Path, script: str) -> AppLoadingError:
    names = sorted(each.name + ("/" if each.is_dir() else "") for each in folder.iterdir() if each.name[0] != ".")
    scripts = [name for name in names if name.endswith(".py")]
    close = nearest(script, scripts) or next(iter(scripts), None) if scripts else None
    below = next((path.parent for path in sorted(folder.glob(f"*/{HOST_FILE}"))), None)
    if below is not None:
        advice = f"The app may be in {below.name}/: give that folder."
    elif close:
        advice = f"Rename {close} to {script}, give it as the app ({folder.name}/{close}), or set {SCRIPT_SETTING}."
    else:
        advice = f"Write one with 'app = func.FunctionApp()' in it, or make a new app with 'azfunc new {folder.name}'."
    return AppLoadingError(
        f"{folder} has no {script}, and no folder with a {FUNCTION_FILE}; it has {', '.join(names) or 'nothing'}.",
        code="no-app-file",
        hint=advice,
        location=f"{folder / script}:1",
    )


def _no_app(module: ModuleType, shown: str, name: str | None, apps: list[str]) -> AppLoadingError:
    location = f"{getattr(module, '__file__', None) or shown}:1"
    if name is not None:
        what = f"{shown} has no function app {name!r}."
        value = getattr(module, name, None)
        if value is not None:
            what = f"{name!r} in {shown} is no function app but a {type(value).__name__}."
        close = nearest(name, apps) or (apps[0] if len(apps) == 1 else None)
        has = f"It has {', '.join(apps)}." if apps else "Write 'app = func.FunctionApp()' in it."
        hint = f"Did you mean {close!r}?" if close else has
        return AppLoadingError(what, code="no-app", hint=hint, location=location)
    return AppLoadingError(
        f"{shown} defines no function app at its top level.",
        code="no-app",
        hint=next(_near_apps(module), "Write 'app = func.FunctionApp()' in it, outside of any function."),
        location=location,
    )


def _near_apps(module: ModuleType) -> Iterator[str]:
    """Say of the objects of a module that nearly are an app what they lack."""
    for name, value in vars(module).items():
        bases = [f"{base.__module__}.{base.__name__}" for base in class_of(value).__mro__]
        if any(base.startswith("azure.functions.") and base.endswith(".FunctionRegister") for base in bases):
            yield f"{name!r} is an app of azure.functions; write 'import azfunc as func' instead of importing that."
        elif isinstance(value, type) and issubclass(value, FunctionRegister) and name != value.__name__:
            yield f"{name!r} is the class; call it: '{name} = {value.__name__}()'."
    for name, value in vars(module).items():
        if isinstance(value, Blueprint):
            yield (
                f"{name!r} is a blueprint, which belongs to an app: write 'app = func.FunctionApp()' and "
                f"'app.register_functions({name})'."
            )
        elif isinstance(value, FunctionBuilder):
            yield f"{name!r} is a decorated function; the app that it was decorated with has to stand here too."


def _several_apps(module: ModuleType, shown: str, apps: Mapping[str, FunctionRegister]) -> AppLoadingError:
    names = " and ".join(map(repr, apps))
    return AppLoadingError(
        f"{shown} defines {len(apps)} function apps, {names}; the host takes one.",
        code="several-apps",
        hint="Make all but one a func.Blueprint(), and register them: app.register_functions(blueprint).",
        location=f"{getattr(module, '__file__', shown)}:1",
    )


def _import_error(error: BaseException, shown: str, loaded: LoadedApp) -> AppLoadingError:
    """Make the error for a module that cannot be imported, with the frames of the user's own code."""
    frames = user_frames(error)
    location = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None
    if isinstance(error, SyntaxError) and error.filename:
        location = f"{error.filename}:{error.lineno or 1}"
    if isinstance(error, AzfuncError):
        made = AppLoadingError(
            error.message,
            code="definition",
            hint=error.hint,
            function_name=error.function_name,
            binding_name=error.binding_name,
            location=location or error.location,
        )
    else:
        text = f"{shown} cannot be imported: {type(error).__name__}: {error}"
        shown_frames = "".join(traceback.format_list(frames)).rstrip()
        made = AppLoadingError(
            f"{text}\n{shown_frames}" if shown_frames else text,
            code="import-error",
            hint=_import_advice(error, loaded),
            location=location or f"{shown}:1",
        )
    made.__cause__ = error
    return made


def user_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Give the frames of a traceback that are in the user's own files: not of Python, of packages or of azfunc."""
    return [frame for frame in traceback.extract_tb(error.__traceback__) if _is_users(frame.filename)]


def _is_users(filename: str) -> bool:
    if filename.startswith("<"):
        return False
    path = Path(filename)
    standard = Path(os.__file__).parent
    return not (path.is_relative_to(_PACKAGE) or path.is_relative_to(standard) or "site-packages" in path.parts)


def _import_advice(error: BaseException, loaded: LoadedApp) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        folder = loaded.folder or Path()
        own = [path.stem for path in folder.glob("*.py")] + [path.name for path in folder.iterdir() if path.is_dir()]
        close = nearest(top, own)
        if error.name in ("azure", "azure.functions"):
            return "Write 'import azfunc as func' for 'import azure.functions as func', or install azure-functions."
        if top == "azurefunctions":
            return (
                f"Install it with pip, and list it in requirements.txt: {error.name.replace('.', '-')}"
                f"{'' if '.' in error.name else '-extensions-..., named as the module that is imported'}."
            )
        if close == top:
            return f"{top}/ is a folder of the app, but has no module {error.name!r}."
        if close:
            return f"Did you mean {close!r}, which is in the folder of the app?"
        return f"Install it for {Path(sys.executable).name} with pip, and list it in requirements.txt."
    if isinstance(error, SyntaxError):
        return "Correct the syntax; Python does not run the file before that."
    if isinstance(error, SystemExit):
        return "Do not end the process while the module is imported; put that under: if __name__ == '__main__'."
    if isinstance(error, KeyError) and isinstance(error.args[0] if error.args else None, str):
        return f"If {error.args[0]} is an app setting, set it, locally under Values in local.settings.json."
    return "The host imports the file in the same way, and would find no function in it."
