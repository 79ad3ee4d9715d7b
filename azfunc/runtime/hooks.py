"""Calling the hooks of worker extensions around a function, as the worker does.

A hook that raises is logged, and neither stops the call nor the other hooks.

Source: the guide, "Python worker extensions"; Azure's Python worker, "extension".
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from azfunc.extension import ExtensionMeta

if TYPE_CHECKING:
    from azfunc._core.context import Context
    from azfunc.extension import AppExtensionHooks, FuncExtensionHooks

logger = logging.getLogger("azfunc.extensions")


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
        """Tell extensions that the function is loaded; those of the function first, then those of the app."""
        self._call("post_function_load", self._function_name, self._function_directory)

    def before(self, context: Context, arguments: dict[str, Any]) -> None:
        """Tell extensions that a call begins; those of the function first, then those of the app."""
        self._call("pre_invocation", logger, context, arguments)

    def after(self, context: Context, arguments: dict[str, Any], returned: Any) -> None:
        """Tell extensions that a call has ended; those of the function first, then those of the app."""
        self._call("post_invocation", logger, context, arguments, returned)

    def _call(self, stage: str, *arguments: Any) -> None:
        of_function = ExtensionMeta.get_function_hooks(self._function_name)
        of_app = ExtensionMeta.get_application_hooks()
        for hooks, name in ((of_function, stage), (of_app, f"{stage}_app_level")):
            self._call_each(hooks, name, arguments)

    def _call_each(
        self, hooks: FuncExtensionHooks | AppExtensionHooks | None, name: str, arguments: tuple[Any, ...]
    ) -> None:
        for hook in getattr(hooks, name, ()):
            try:
                hook.ext_impl(*arguments)
            except Exception:
                logger.exception("Extension %s failed in %s of function %r.", hook.ext_name, name, self._function_name)
