"""`QueryParams`: the query of a URL, with order, repeats and empty values kept."""

from __future__ import annotations

from collections.abc import ItemsView, Mapping

from azfunc._core.errors import ArgumentTypeError
from azfunc._core.text import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

    QueryValue: TypeAlias = str | int | float
    QuerySource: TypeAlias = Mapping[str, QueryValue | Sequence[QueryValue]]
    """What query values may be given as: text and numbers, and lists of them for several values of one name."""


class _AllItems(ItemsView[str, str]):
    """Every pair, repeats included."""

    def __init__(self, params: QueryParams) -> None:
        super().__init__(params)
        self._pairs = params.pairs

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __contains__(self, item: object) -> bool:
        return item in self._pairs


class QueryParams(Mapping[str, str]):
    """The values of a query, several for one name where the URL has them.

    As a mapping it gives the first value of each name.

    Args:
        pairs: Names and values, in the order of the URL, decoded.

    Example:
        >>> query = func.HttpRequest(url="/api/x?a=1&a=2&b=").query
        >>> query["a"], query.getlist("a"), query["b"]
        ('1', ['1', '2'], '')
    """

    pairs: tuple[tuple[str, str], ...]
    """All names and values, in the order of the URL."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs = tuple(pairs)
        lists: dict[str, list[str]] = {}
        for name, value in self.pairs:
            lists.setdefault(name, []).append(value)
        self._lists = lists

    @classmethod
    def from_url(cls, url: str) -> QueryParams:
        """Read the query of a URL: percent escapes and ``+`` decoded as UTF-8, nothing left out."""
        from urllib.parse import parse_qsl

        query = url.partition("#")[0].partition("?")[2]
        return cls(parse_qsl(query, keep_blank_values=True))

    def __getitem__(self, key: str) -> str:
        return self._lists[key][0]

    def getlist(self, key: str) -> list[str]:
        """Give all values of a name, in order; an empty list if there is none."""
        return list(self._lists.get(key, ()))

    def items(self, multi: bool = False) -> ItemsView[str, str]:
        """Give names and values: the first value of each name, or every one.

        Args:
            multi: Whether to give repeats too, in the order of the URL.
        """
        return _AllItems(self) if multi else super().items()

    def __iter__(self) -> Iterator[str]:
        return iter(self._lists)

    def __len__(self) -> int:
        return len(self._lists)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, QueryParams):
            return self.pairs == other.pairs
        return super().__eq__(other)

    def __hash__(self) -> int:
        return hash(self.pairs)

    def __repr__(self) -> str:
        from azfunc._core.secrets import HIDDEN
        from azfunc.bindings.http.fields import shown_params

        hidden = shown_params(dict(self.pairs))
        shown = [(name, HIDDEN if hidden[name] == HIDDEN else value) for name, value in self.pairs]
        return f"{type(self).__name__}({shown!r})"


def given_pairs(params: QuerySource) -> list[tuple[str, str]]:
    """Give names and values of a query as text, one pair for each value.

    Raises:
        ArgumentTypeError: No mapping, or a value that has no text.
    """
    if not hasattr(params, "items"):
        raise ArgumentTypeError(
            f"The params of a request are {type_name(params)}, and no mapping.", hint='Give a dict: {"page": 2}.'
        )
    found: list[tuple[str, str]] = []
    for name, value in params.items():
        found += [(name, _query_text(name, each)) for each in (value if isinstance(value, (list, tuple)) else (value,))]
    return found


def _query_text(name: str, value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise ArgumentTypeError(
        f"The query value {name!r} is {type_name(value)}.",
        hint="Give text, a number, or a list of them; leave it out for none.",
    )
