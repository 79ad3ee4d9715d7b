"""Lets mkdocstrings show the section ``Example:`` of a docstring as code; griffe knows ``Examples:`` only."""  # noqa: INP001  # mkdocstrings loads the file by its path

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from griffe import Extension

if TYPE_CHECKING:
    from griffe import Object

SECTION = re.compile(r"^(\s*)Example:$", re.MULTILINE)


class Examples(Extension):
    """Renames the section in every docstring that is read."""

    def on_instance(self, *, obj: Object, **_kwargs: Any) -> None:
        """Rename the section in the docstring of one object.

        Args:
            obj: A module, class, function or attribute.
        """
        if obj.docstring is not None:
            obj.docstring.value = SECTION.sub(r"\1Examples:", obj.docstring.value)
