"""Headers as mappings, built on multidict; imported when the headers of a message are first touched."""

from __future__ import annotations

from multidict import CIMultiDict, CIMultiDictProxy

from azfunc.bindings.http.fields import header_pairs, header_text, shown_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from azfunc.bindings.http.fields import HeaderSource


class HttpRequestHeaders(CIMultiDictProxy[str]):
    """Headers of a request: names in any letter case, read only.

    A `multidict.CIMultiDictProxy`. Iterating gives the names in lower case, as in the reference.
    """

    def getlist(self, key: str) -> list[str]:
        """Give all values of a header, in order; an empty list if there is none."""
        return self.getall(key, [])

    def __repr__(self) -> str:
        return _shown(self)


class HttpResponseHeaders(CIMultiDict[str]):
    """Headers of a response: names in any letter case, several values for one name.

    A `multidict.CIMultiDict` with the methods that programs call on werkzeug's ``Headers``. Assigning replaces every
    value of the name; `add` keeps them.

    Example:
        >>> response = func.HttpResponse("hi")
        >>> response.headers.add("Link", "</a>; rel=next")
        >>> response.headers.add("Link", "</b>; rel=last")
        >>> response.headers.getlist("link")
        ['</a>; rel=next', '</b>; rel=last']
    """

    def add(self, key: str, value: Any, **options: str | None) -> None:
        """Add a value, beside those that the header has.

        Args:
            key: Name of the header.
            value: Its value.
            **options: Parameters behind the value: ``filename="a.txt"``; a ``_`` in a name stands for ``-``.

        Raises:
            DefinitionError: A name or a value that no header can have.
        """
        text = header_text(key, value)
        for name, option in options.items():
            option_name = name.replace("_", "-")
            quoted = "" if option is None else option.replace("\\", "\\\\").replace('"', '\\"')
            text += f"; {option_name}" if option is None else f'; {option_name}="{quoted}"'
        super().add(key, header_text(key, text))

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, header_text(key, value))

    def set(self, key: str, value: Any) -> None:
        """Replace every value of a header by one."""
        self[key] = value

    def setlist(self, key: str, values: list[Any]) -> None:
        """Replace every value of a header by several."""
        self.remove(key)
        for value in values:
            self.add(key, value)

    def setdefault(self, key: str, default: Any = "") -> str:
        """Give the first value of a header; set it when there is none."""
        if key not in self:
            self.add(key, default)
        return self[key]

    def extend(self, *sources: HeaderSource, **named: Any) -> None:  # type: ignore[override]  # lists and numbers too
        """Add headers from mappings, whose values may be lists, or from pairs."""
        for source in (*sources, named):
            for name, value in header_pairs(source):
                super().add(name, value)

    def getlist(self, key: str) -> list[str]:
        """Give all values of a header, in order; an empty list if there is none."""
        return self.getall(key, [])

    def remove(self, key: str) -> None:
        """Remove every value of a header; nothing if there is none."""
        self.popall(key, None)

    def to_wsgi_list(self) -> list[tuple[str, str]]:
        """Give the headers as a list of pairs."""
        return list(self.items())

    def __repr__(self) -> str:
        return _shown(self)


def _shown(headers: HttpRequestHeaders | HttpResponseHeaders) -> str:
    pairs = [(str(name), value) for name, value in headers.items()]
    return f"{type(headers).__name__}({shown_headers(pairs)!r})"
