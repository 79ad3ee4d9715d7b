"""`RedirectResponse` and `FileResponse`."""

from __future__ import annotations

from azfunc._core.errors import DefinitionError
from azfunc._core.failures import ConversionError
from azfunc.bindings.http.fields import header_pairs, shown_url
from azfunc.bindings.http.response import HttpResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from http import HTTPStatus
    from os import PathLike

    from azfunc.bindings.http.fields import HeaderSource

_SAFE = "!#$%&'()*+,-./:;=?@[]_~"
_CHUNK = 65_536


class RedirectResponse(HttpResponse):
    """A response that sends the client to another URL.

    Args:
        url: Where to; characters that a URL cannot have are percent-encoded.
        status_code: 302 when left out; 301, 303, 307 or 308.
        headers: A mapping, whose values may be lists for repeated headers, or pairs.

    Raises:
        DefinitionError: The status is none of a redirect.

    Example:
        >>> func.RedirectResponse("/new place").headers["location"]
        '/new%20place'
    """

    def __init__(self, url: str, *, status_code: int | HTTPStatus = 302, headers: HeaderSource | None = None) -> None:
        from urllib.parse import quote

        location = quote(url, safe=_SAFE)
        super().__init__(status_code=status_code, headers=[*header_pairs(headers or ()), ("Location", location)])
        if self.status_code not in (301, 302, 303, 307, 308):
            raise DefinitionError(
                f"{self.status_code} is no status of a redirect.", hint="Use 301, 302, 303, 307 or 308."
            )

    def __repr__(self) -> str:
        return f"RedirectResponse({shown_url(self._header('location') or '')!r}, status_code={self.status_code})"


class _File:
    """Content of a file, read anew for each iteration."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __iter__(self) -> Iterator[bytes]:
        with open(self.path, "rb") as file:  # noqa: PTH123  # a path of any kind
            while chunk := file.read(_CHUNK):
                yield chunk


class FileResponse(HttpResponse):
    """A response with the content of a file, which the client saves under a name.

    Args:
        path: The file; it is read in chunks when the response is sent.
        filename: Name for the client; the file's own when left out.
        mimetype: MIME type; guessed from the name when left out.
        inline: Whether the client shows the content in place of saving it.
        status_code: Status from 100 to 999.
        headers: A mapping, whose values may be lists for repeated headers, or pairs.

    Raises:
        ConversionError: There is no such file, or it is a folder.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        filename: str | None = None,
        mimetype: str | None = None,
        inline: bool = False,
        status_code: int | HTTPStatus = 200,
        headers: HeaderSource | None = None,
    ) -> None:
        import mimetypes
        import os
        from errno import EISDIR

        try:
            size = os.stat(path).st_size  # noqa: PTH116  # a path of any kind
            if os.path.isdir(path):  # noqa: PTH112  # as above
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        except OSError as error:
            raise ConversionError(
                f"The file {os.fspath(path)!r} cannot be sent: {error.strerror}.",
                hint="Give the path of a file that exists, from the working directory or absolute.",
            ) from error
        filename = filename or os.path.basename(path)  # noqa: PTH119  # a path of any kind
        guessed = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        super().__init__(
            _File(os.fspath(path)),
            status_code=status_code,
            headers=[
                *header_pairs(headers or ()),
                ("Content-Disposition", _disposition(filename, inline=inline)),
                ("Content-Length", str(size)),
            ],
            mimetype=mimetype or guessed,
        )


def _disposition(filename: str, *, inline: bool) -> str:
    """Give a ``content-disposition`` header, with the name in UTF-8 too where it is no ASCII (RFC 6266)."""
    kind = "inline" if inline else "attachment"
    plain = "".join(each if each.isascii() and each.isprintable() and each not in '"\\' else "_" for each in filename)
    if plain == filename:
        return f'{kind}; filename="{plain}"'
    from urllib.parse import quote

    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
