"""Calling the hooks of worker extensions around a function, as the worker does.

After a function is loaded, its own extensions are told first, then those of the app. Before a call those of the app
come first, after it those of the function; after a call that raised none is told. A hook that raises is logged, and
stops neither the call nor the other hooks.

Source: the guide, "Python worker extensions"; Azure's Python worker, "extension".
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from azfunc.extension import ExtensionMeta

if TYPE_CHECKING:
    from azfunc._core.context import Context

LOGGER_NAME = "azfunc.extension"
"""Logger of the extensions; each has the one below it with the name of its class."""


class Hooks:
    """The hooks that run around one function.

    Args:
        function_name: Name of the function.
        function_directory: Folder of the function.
    """

    def __init__(self, function_name: str, function_directory: str) -> None:
        self._function_name = function_name
        self._function_directory = function_directory

    def loaded(self) -> None:
        """Tell extensions that the function is loaded."""
        arguments = (self._function_name, self._function_directory)
        self._of_function("post_function_load", *arguments)
        self._of_app("post_function_load_app_level", *arguments)

    def before(self, context: Context, arguments: dict[str, Any]) -> None:
        """Tell extensions that a call begins."""
        self._of_app("pre_invocation_app_level", context, arguments, gets_logger=True)
        self._of_function("pre_invocation", context, arguments, gets_logger=True)

    def after(self, context: Context, arguments: dict[str, Any], returned: Any) -> None:
        """Tell extensions that a call has ended well."""
        self._of_function("post_invocation", context, arguments, returned, gets_logger=True)
        self._of_app("post_invocation_app_level", context, arguments, returned, gets_logger=True)

    def _of_function(self, stage: str, *arguments: Any, gets_logger: bool = False) -> None:
        hooks = ExtensionMeta.get_function_hooks(self._function_name)
        if hooks is not None:
            self._call(stage, getattr(hooks, stage), arguments, gets_logger=gets_logger)

    def _of_app(self, stage: str, *arguments: Any, gets_logger: bool = False) -> None:
        hooks = ExtensionMeta.get_application_hooks()
        if hooks is not None:
            self._call(stage, getattr(hooks, stage), arguments, gets_logger=gets_logger)

    def _call(self, stage: str, hooks: list[Any], arguments: tuple[Any, ...], *, gets_logger: bool) -> None:
        for hook in hooks:
            logger = logging.getLogger(f"{LOGGER_NAME}.{hook.ext_name}")
            try:
                hook.ext_impl(*((logger, *arguments) if gets_logger else arguments))
            except Exception:
                logger.exception("Extension %s failed in %s of function %r.", hook.ext_name, stage, self._function_name)
