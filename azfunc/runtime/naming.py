"""Names in a sentence, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_NAMES = 30
"""Number of names that are all written out."""


def named(names: Sequence[str], *, nothing: str = "none") -> str:
    """Give names with commas between them; of very many the first, and the number of the others.

    Args:
        names: The names.
        nothing: What stands there when there is none.
    """
    if len(names) <= MOST_NAMES:
        return ", ".join(names) or nothing
    return f"{', '.join(names[:MOST_NAMES])}, and {len(names) - MOST_NAMES} more"
