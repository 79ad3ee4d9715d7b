"""Arguments that are one of a few texts, written into function.json as the service spells them."""

from __future__ import annotations

from azfunc._core.errors import nearest
from azfunc._core.failures import UnknownNameError
from azfunc._core.names import check_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_EXPRESSION = ("%", "{")
"""What stands in text that the host fills in: ``%SETTING%``, ``{name}``."""


def as_choice(value: str, permitted: Collection[str], what: str) -> str:
    """Give one of some texts as the service spells it; text that the host fills in stays as it is.

    Args:
        value: What was given, in any letter case.
        permitted: The texts that the service knows.
        what: What it should be, to begin a sentence with: ``The category of a SignalR trigger``.

    Raises:
        UnknownNameError: It is none of them.
        ArgumentTypeError: It is no text.
    """
    names = {each.lower(): each for each in permitted}
    text = check_text(value, what, hint=f"Give one of {', '.join(permitted)}.")
    found = names.get(text.lower())
    if found is not None:
        return found
    if any(mark in text for mark in _EXPRESSION):
        return text
    close = nearest(text, permitted)
    raise UnknownNameError(
        f"{what} is not {text!r}.",
        hint=f"{f'Did you mean {close!r}? ' if close else ''}Use one of {', '.join(permitted)} (any letter case).",
    )


def as_texts(values: Iterable[str] | str | None) -> list[str] | None:
    """Give several texts as a list; a single one may stand alone."""
    if values is None:
        return None
    return [values] if isinstance(values, str) else list(values)
