"""What is wrong with a JSON value, and where in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from azfunc._core import secrets
from azfunc._core.checks import is_dict, is_list
from azfunc._core.text import short

if TYPE_CHECKING:
    from collections.abc import Callable

    Place: TypeAlias = "tuple[Place, str | int] | None"
    """Where a value stands: the place of what holds it, and its key or index there; None for the whole."""

    Reader: TypeAlias = "Callable[[Any, Place, Problems], Any]"
    """Turns a JSON value into what a type says, and notes what is wrong with it; then the result means nothing."""

MOST_PROBLEMS: Final = 50
"""So many problems of one body are told; who sends more has sent something else."""
BAD: Any = object()
"""What is read of a value that does not fit; seen by nobody, since a problem is noted with it."""


class Problems:
    """What is wrong with a value that is read.

    Args:
        limit: How many problems are looked for.
        root: Where the value stands.
    """

    def __init__(self, limit: int = MOST_PROBLEMS, root: Place = None) -> None:
        self.found: list[tuple[str, str]] = []
        """Place and text of each."""
        self.rank: int = 0
        """How far an alternative of a union fits: 1 its tag does not, 2 its fields do not, 3 a value in it does not."""
        self._limit = limit
        self._root = root

    @property
    def is_trial(self) -> bool:
        """Whether one problem is enough, as in the alternatives of a union."""
        return self._limit == 1

    @property
    def is_full(self) -> bool:
        """Whether no more problems are looked for."""
        return len(self.found) >= self._limit

    def add(self, place: Place, text: str) -> Any:
        """Note a problem, and give what is read of such a value."""
        if len(self.found) < self._limit:
            self.found.append((place_text(place), text))
        return BAD

    def wrong(self, place: Place, wanted: str, value: Any) -> Any:
        """Note that something else was wanted."""
        return self.add(place, f"wanted {wanted}, got {_got(value, place)}")

    def take(self, others: Problems) -> Any:
        """Note the problems that were found in a part of the value."""
        self.found += others.found[: self._limit - len(self.found)]
        return BAD

    def fits_up_to(self, rank: int, place: Place) -> None:
        """Note how far a value fits, if it is the whole that is read."""
        if place is self._root:
            self.rank = rank


def place_text(place: Place) -> str:
    """Give a place as it is written: ``items[0].price``; empty for the whole."""
    keys: list[str | int] = []
    while place is not None:
        place, key = place
        keys.append(key)
    return "".join(_step(key) for key in reversed(keys)).removeprefix(".")


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if key.isidentifier() and len(key) < 80 else f"[{short(key)}]"


def _got(value: Any, place: Place) -> str:
    """Say what came: a scalar itself, shortened and without a secret in it."""
    if is_list(value):
        return "a list"
    if is_dict(value):
        return "an object"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    name = _name_of(place)
    shown = secrets.HIDDEN if name.lower() in secrets.PARAMS else secrets.shown(name, value)
    return shown if shown is secrets.HIDDEN else short(shown)


def _name_of(place: Place) -> str:
    """Give the name of the field that a value belongs to."""
    while place is not None:
        place, key = place
        if isinstance(key, str):
            return key
    return ""
