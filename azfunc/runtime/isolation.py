"""What a function app changes in the process that imports it, and taking it back.

`AppScope` puts the app's folder on ``sys.path`` as Azure's worker does, its settings into the environment, and gives
its modules the names they have in Azure. When it is closed, all of that is as it was before, so that several apps,
each with a ``function_app`` and a ``shared_code`` of its own, can be loaded in one process, one after the other.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import sys
import sysconfig
import types
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from azfunc._core.failures import AzfuncDeprecationWarning
from azfunc.extension import ExtensionMeta, Registered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from typing_extensions import Self

    class MetaPathFinderProtocol(Protocol):
        """What stands in ``sys.meta_path``."""

        def find_spec(
            self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None, /
        ) -> importlib.machinery.ModuleSpec | None:
            """Say where a module is."""
            ...


APP_PACKAGE = "__app__"
"""Name under which Azure's worker imports the functions of the older model, as modules of one package."""
PACKAGES_FOLDER = Path(".python_packages", "lib", "site-packages")
"""Where the packages that are deployed with an app are. Source: the guide, "Install local packages"."""
_ALWAYS_SET = {"AZURE_FUNCTIONS_ENVIRONMENT": "Development"}
_SCRIPT_ROOT = "AzureWebJobsScriptRoot"
_NOT_THE_APP = frozenset({"azfunc", "tests"})

_deployed: dict[Path, dict[str, types.ModuleType]] = {}
"""App folder -> modules of its own packages, kept since compiled ones cannot be imported a second time."""


class AppScope:
    """The process as a function app sees it, from `open` to `close`.

    Args:
        folder: Folder of the app.
        values: App settings; those that the environment has already stay as they are there.
        finder: Asked for every module before the finders of Python.
    """

    folder: Path
    """Folder of the app."""

    def __init__(
        self, folder: Path, values: Mapping[str, str] | None = None, *, finder: MetaPathFinderProtocol | None = None
    ) -> None:
        self.folder = folder
        self._values = {_SCRIPT_ROOT: str(folder), **_ALWAYS_SET, **(values or {})}
        self._set: dict[str, str] = {}
        self._paths: list[str] = []
        self._finders: list[MetaPathFinderProtocol] = [_AppPackageFinder(folder), *([finder] if finder else [])]
        self._aside: dict[str, types.ModuleType] = {}
        self._before: frozenset[str] = frozenset()
        self._extensions = Registered({}, None)
        self._is_open = False

    def open(self) -> Self:
        """Prepare the process for the import of the app."""
        if self._is_open:
            return self
        self._is_open = True
        for name, value in self._values.items():
            if name not in os.environ:
                os.environ[name] = self._set[name] = value
        self._paths = [str(path) for path in (self.folder, self.folder / PACKAGES_FOLDER) if path.is_dir()]
        sys.path[:0] = self._paths
        self._set_modules_aside()
        self._before = frozenset(sys.modules)
        sys.modules.update(_deployed.get(self.folder, {}))
        package = types.ModuleType(APP_PACKAGE)
        package.__path__ = [str(self.folder)]
        sys.modules[APP_PACKAGE] = package
        sys.meta_path[:0] = self._finders
        importlib.invalidate_caches()
        self._extensions = ExtensionMeta.take_function_extensions()
        return self

    def close(self) -> None:
        """Give the process back as it was before; nothing when that is done already."""
        if not self._is_open:
            return
        self._is_open = False
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder not in self._finders]
        self._take_modules_out()
        sys.modules.update(self._aside)
        for path in self._paths:
            if path in sys.path:
                sys.path.remove(path)
        for path in [each for each in sys.path_importer_cache if Path(each).is_relative_to(self.folder)]:
            del sys.path_importer_cache[path]
        for name, value in self._set.items():
            if os.environ.get(name) == value:
                del os.environ[name]
        self._set = {}
        ExtensionMeta.put_extensions_back(self._extensions)

    def _take_modules_out(self) -> None:
        packages = self.folder / PACKAGES_FOLDER
        kept = _deployed.setdefault(self.folder, {})
        # Places first: a package without __init__.py asks for its parent when it is asked for its own.
        places = {name: _place_of(module) for name, module in sys.modules.items() if name not in self._before}
        for name, place in places.items():
            if name.partition(".")[0] == APP_PACKAGE or (place is not None and _is_of_app(place, self.folder)):
                del sys.modules[name]
            elif place is not None and packages in place.parents:
                kept[name] = sys.modules.pop(name)

    def _set_modules_aside(self) -> None:
        """Take modules of other apps away that bear the name of one of this app.

        Modules of Python itself and of installed packages stay: they win in Azure too, where the worker has them.
        """
        own = {path.stem for path in self.folder.glob("*.py")}
        own |= {path.name for path in self.folder.iterdir() if path.is_dir() and path.name.isidentifier()}
        own = (own - _NOT_THE_APP) | {APP_PACKAGE}
        self._aside = {}
        same = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in own}
        places = {name: _place_of(module) for name, module in same.items()}
        for name, place in places.items():
            top = name.partition(".")[0]
            if top == APP_PACKAGE or (place and self.folder not in place.parents and not _is_installed(place)):
                self._aside[name] = sys.modules.pop(name)

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_exc_info: object) -> None:
        self.close()


class _AppPackageFinder:
    """Sees the first import of each module of ``__app__``, and warns when user code makes it.

    ``from __app__.shared_code import x`` and ``from ..shared_code import x`` are deprecated.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Warn, and leave the finding to the others."""
        package, _, rest = fullname.partition(".")
        if package == APP_PACKAGE and rest.isidentifier() and not (self._folder / rest / "function.json").exists():
            _warn_of_app_import(rest, self._folder)
        return None


def _warn_of_app_import(module: str, folder: Path) -> None:
    frame: types.FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]  # documented all the same
    while frame is not None and not Path(frame.f_code.co_filename).is_relative_to(folder):
        frame = frame.f_back
    if frame is None:  # azfunc's own import of a script that lies there
        return
    warnings.warn_explicit(
        f"{module!r} is imported from {APP_PACKAGE}, or relative to the folder above the function's, which type "
        f"checkers and tests cannot follow. Write 'from {module} import ...'.",
        AzfuncDeprecationWarning,
        filename=frame.f_code.co_filename,
        lineno=frame.f_lineno,
    )


def _place_of(module: types.ModuleType) -> Path | None:
    """Give the file of a module, or the folder of a package without one."""
    file = getattr(module, "__file__", None)
    if file:
        return Path(file)
    paths = list(getattr(module, "__path__", ()))
    return Path(paths[0]) if paths else None


def _is_of_app(place: Path, folder: Path) -> bool:
    if not place.is_relative_to(folder):
        return False
    parts = place.relative_to(folder).parts
    # A virtual environment in the folder of the app is the environment that we run in.
    return "site-packages" not in parts and not any(part.startswith(".") for part in parts[:-1])


def _is_installed(place: Path) -> bool:
    return "site-packages" in place.parts or any(place.is_relative_to(path) for path in _installation_paths())


def _installation_paths() -> list[str]:
    return [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
