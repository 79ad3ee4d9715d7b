"""Worker extensions: code of a package that runs around the functions of an app.

An extension for the whole app is a subclass of `AppExtensionBase`; it is registered when its class is made. One for a
single function is an object of a subclass of `FuncExtensionBase`, made in the function's module with ``__file__``.

Docs: Azure Functions Python developer guide, "Python worker extensions"; Develop Python worker extensions for Azure
Functions. Azure switches them on with the app setting ``PYTHON_ENABLE_WORKER_EXTENSIONS=1``.
"""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from enum import Enum
from typing import NamedTuple

from azfunc._core.errors import AzfuncError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger
    from typing import Any, ClassVar

    from azfunc._core.context import Context

SCRIPT_ROOT_SETTING = "AzureWebJobsScriptRoot"
"""Environment variable with the root folder of the app; the host sets it."""


class FunctionExtensionException(AzfuncError):  # noqa: N818  # the name is the reference's
    """A worker extension is written or used in a way that cannot work."""


class ExtensionScope(Enum):
    """What an extension runs around."""

    UNKNOWN = 0
    APPLICATION = 1
    FUNCTION = 2


class ExtensionHookMeta(NamedTuple):
    """One hook of one extension."""

    ext_name: str
    """Name of the extension's class."""
    ext_impl: Callable[..., Any]
    """The hook itself."""


class AppExtensionHooks(NamedTuple):
    """The hooks of all extensions of the app, in the order in which the extensions were made."""

    post_function_load_app_level: list[ExtensionHookMeta]
    pre_invocation_app_level: list[ExtensionHookMeta]
    post_invocation_app_level: list[ExtensionHookMeta]


class FuncExtensionHooks(NamedTuple):
    """The hooks of all extensions of one function, in the order in which the extensions were made."""

    post_function_load: list[ExtensionHookMeta]
    pre_invocation: list[ExtensionHookMeta]
    post_invocation: list[ExtensionHookMeta]


class Registered(NamedTuple):
    """The extensions of single functions that were registered at some moment."""

    hooks: dict[str, FuncExtensionHooks]
    names: Any


class ExtensionMeta(ABCMeta):
    """Registers extensions, and gives their hooks to the worker."""

    _func_exts: ClassVar[dict[str, FuncExtensionHooks]] = {}
    _app_exts: ClassVar[AppExtensionHooks | None] = None
    _info: ClassVar[dict[str, Any]] = {}

    _scope: ExtensionScope

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(name, bases, namespace, **kwargs)
        is_base = not any(isinstance(base, ExtensionMeta) for base in bases)
        if not is_base and cls._get_extension_scope(cls) is ExtensionScope.APPLICATION:
            extension: Any = cls
            extension.init()
            ExtensionMeta._register_application_extension(extension)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make an extension of one function, and register it."""
        scope = cls._get_extension_scope(cls)
        if scope is ExtensionScope.FUNCTION:
            extension = super().__call__(*args, **kwargs)
            ExtensionMeta._register_function_extension(extension)
            return extension
        if scope is ExtensionScope.APPLICATION:
            raise FunctionExtensionException(
                f"Python worker extension with scope:{scope} should not be"
                "instantiable. Please access via class method directly.",
                hint=f"{cls.__name__} is registered when its class is made; call {cls.__name__}.configure(...).",
            )
        raise FunctionExtensionException(
            f"Python worker extension:{cls.__name__} is not properly implemented from AppExtensionBase or "
            "FuncExtensionBase.",
            hint="Inherit from one of the two.",
        )

    @classmethod
    def get_function_hooks(cls, name: str) -> FuncExtensionHooks | None:
        """Give the hooks of one function by its name, in any letter case, or None if it has none."""
        return cls._func_exts.get(name.lower())

    @classmethod
    def get_application_hooks(cls) -> AppExtensionHooks | None:
        """Give the hooks of the app, or None if there are none."""
        return cls._app_exts

    @classmethod
    def get_registered_extensions_json(cls) -> str:
        """Give the names of all registered extensions as JSON text."""
        import json

        return json.dumps(cls._info)

    @classmethod
    def take_function_extensions(cls) -> Registered:
        """Give the extensions of single functions, and forget them; those of the whole app stay.

        An extension of the app is registered when its module is imported, which happens once in a process.
        """
        taken = Registered(dict(cls._func_exts), cls._info.pop("FuncExtension", None))
        cls._func_exts.clear()
        return taken

    @classmethod
    def put_extensions_back(cls, taken: Registered) -> None:
        """Make the extensions of single functions those of before, and forget app extensions of unloaded modules."""
        import sys

        cls._func_exts.clear()
        cls._func_exts.update(taken.hooks)
        cls._info.pop("FuncExtension", None)
        if taken.names is not None:
            cls._info["FuncExtension"] = taken.names
        gone: set[str] = set()
        for hooks in ExtensionMeta._app_exts or ():
            gone.update(each.ext_name for each in hooks if _module_of(each) not in sys.modules)
            hooks[:] = [each for each in hooks if _module_of(each) in sys.modules]
        if gone:
            cls._info["AppExtension"] = [name for name in cls._info["AppExtension"] if name not in gone]

    @classmethod
    def _get_extension_scope(cls, extension: Any) -> ExtensionScope:
        scope: ExtensionScope = getattr(extension, "_scope", ExtensionScope.UNKNOWN)
        return scope

    @classmethod
    def _register_application_extension(cls, extension: Any) -> None:
        if cls._app_exts is None:
            ExtensionMeta._app_exts = AppExtensionHooks([], [], [])
        _add_hooks(ExtensionMeta._app_exts, extension, extension.__name__)
        cls._info.setdefault("AppExtension", []).append(extension.__name__)

    @classmethod
    def _register_function_extension(cls, extension: Any) -> None:
        name: str = extension._trigger_name
        hooks = cls._func_exts.setdefault(name.lower(), FuncExtensionHooks([], [], []))
        _add_hooks(hooks, extension, type(extension).__name__)
        cls._info.setdefault("FuncExtension", {}).setdefault(name, []).append(type(extension).__name__)


def _module_of(hook: ExtensionHookMeta) -> str:
    owner = getattr(hook.ext_impl, "__self__", hook.ext_impl)
    module: str = getattr(owner, "__module__", "")
    return module


def _add_hooks(hooks: AppExtensionHooks | FuncExtensionHooks | None, extension: Any, name: str) -> None:
    for stage, registered in hooks._asdict().items() if hooks is not None else ():
        implementation = getattr(extension, stage, None)
        if implementation is not None:
            registered.append(ExtensionHookMeta(name, implementation))


class AppExtensionBase(metaclass=ExtensionMeta):
    """Base of extensions for the whole app; a subclass is registered when it is made.

    All methods are class methods, and each may be left out.

    Example:
        >>> class Stopwatch(func.AppExtensionBase):
        ...     @classmethod
        ...     def pre_invocation_app_level(cls, logger, context, func_args=None, *args, **kwargs):
        ...         logger.info("%s begins", context.function_name)

    Source: reference 1.26.0, `AppExtensionBase`; the guide, "Application-level extensions".
    """

    _scope = ExtensionScope.APPLICATION

    @classmethod
    def init(cls) -> None:
        """Get ready; called once, when the class is made."""

    @classmethod
    def configure(cls, *args: Any, **kwargs: Any) -> None:
        """Take the settings that the app gives, in whatever form the extension wants them."""

    @classmethod
    def post_function_load_app_level(
        cls, function_name: str, function_directory: str, *args: Any, **kwargs: Any
    ) -> None:
        """Called after each function of the app is loaded.

        Args:
            function_name: Name of the function.
            function_directory: Folder of the function.
            *args: For what later releases add.
            **kwargs: For what later releases add.
        """

    @classmethod
    def pre_invocation_app_level(
        cls, logger: Logger, context: Context, func_args: dict[str, object] | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Called right before each call of a function.

        Args:
            logger: Logger of the worker.
            context: Context of the call; attributes set on it are seen by the function.
            func_args: Arguments of the function, by name.
            *args: For what later releases add.
            **kwargs: For what later releases add.
        """

    @classmethod
    def post_invocation_app_level(
        cls,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        func_ret: object | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Called right after each call of a function that did not raise.

        Args:
            logger: Logger of the worker.
            context: Context of the call.
            func_args: Arguments of the function, by name.
            func_ret: What the function returned.
            *args: For what later releases add.
            **kwargs: For what later releases add.
        """


class FuncExtensionBase(metaclass=ExtensionMeta):
    """Base of extensions for one function; an object belongs to the function whose module makes it.

    Args:
        file_path: ``__file__`` of the function's module.

    Raises:
        FunctionExtensionException: The root folder of the app is not known, or the file is not in it.

    Source: reference 1.26.0, `FuncExtensionBase`; the guide, "Function-level extensions".
    """

    _scope = ExtensionScope.FUNCTION

    @abstractmethod
    def __init__(self, file_path: str) -> None:
        import os
        from pathlib import Path

        root = os.environ.get(SCRIPT_ROOT_SETTING)
        if root is None:
            raise FunctionExtensionException(
                f"{SCRIPT_ROOT_SETTING} environment variable is not defined. Please ensure the extension is running "
                "in Azure Functions.",
                hint=f"In a test, set {SCRIPT_ROOT_SETTING} to the root folder of the app.",
            )
        parts = Path(os.path.relpath(file_path, root)).parts
        if not parts or parts[0].startswith(os.pardir):
            raise FunctionExtensionException(
                "Failed to parse trigger name from filename. Function extension should bind to a trigger script, not "
                "share folder. Please ensure extension is create inside atrigger while __file__ is passed into the "
                "argument. The trigger name is resolved from os.path.relpath(file_path,project_root).",
                hint=f"{file_path} is not below {root}.",
            )
        self._trigger_name = parts[0]

    def post_function_load(self, function_name: str, function_directory: str, *args: Any, **kwargs: Any) -> None:
        """Called after the function is loaded.

        Args:
            function_name: Name of the function.
            function_directory: Folder of the function.
            *args: For what later releases add.
            **kwargs: For what later releases add.
        """

    def pre_invocation(
        self, logger: Logger, context: Context, func_args: dict[str, object] | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Called right before each call of the function.

        Args:
            logger: Logger of the worker.
            context: Context of the call; attributes set on it are seen by the function.
            func_args: Arguments of the function, by name.
            *args: For what later releases add.
            **kwargs: For what later releases add.
        """

    def post_invocation(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        func_ret: object | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Called right after each call of the function that did not raise.

        Args:
            logger: Logger of the worker.
            context: Context of the call.
            func_args: Arguments of the function, by name.
            func_ret: What the function returned.
            *args: For what later releases add.
            **kwargs: For what later releases add.
        """
