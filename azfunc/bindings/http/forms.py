"""Forms: reading ``multipart/form-data`` and ``application/x-www-form-urlencoded``, and building them for tests.

The whole body is in memory already, so its parts are found with `bytes.find` and nothing is written to disk. werkzeug
reads the headers of the parts and gives the types, and is imported here, when a form is read.
"""

from __future__ import annotations

from azfunc._core.checks import is_buffer, is_list, is_sequence, untyped
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import ConversionError
from azfunc._core.text import short, type_name
from azfunc.bindings.http.fields import content_type_parts, find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    from werkzeug.datastructures import FileStorage, ImmutableMultiDict

    from azfunc.bindings.http.fields import Pairs

    FormFields: TypeAlias = ImmutableMultiDict[str, str]
    FormFiles: TypeAlias = ImmutableMultiDict[str, FileStorage]
    FormSource: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, Any]]
    FileSource: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, Any]]

MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"
_NO_FIELDS: Any = (type(None), dict, list, tuple, set)
_FIELD_CHARSETS = ("ascii", "us-ascii", "utf-8", "iso-8859-1")


class FormLimits:
    """How large a form may be.

    Args:
        parts: Greatest number of fields and files.
        field_bytes: Greatest size of a field that is no file, in bytes.
    """

    def __init__(self, parts: int, field_bytes: int) -> None:
        self.parts = parts
        self.field_bytes = field_bytes

    def check_parts(self, count: int) -> None:
        """Refuse a form with too many parts."""
        if count > self.parts:
            raise ConversionError(
                f"The form has more than {self.parts} parts.",
                hint="Set HttpRequest.max_form_parts to a greater number if that is meant.",
            )

    def check_field(self, name: str, size: int) -> None:
        """Refuse a field that is too large."""
        if size > self.field_bytes:
            raise ConversionError(
                f"The form field {name!r} has {size} bytes, and {self.field_bytes} are allowed.",
                hint="Send it as a file, or set HttpRequest.max_form_field_bytes to a greater number.",
            )


def parse_form(content_type: str | None, body: bytes, limits: FormLimits) -> tuple[FormFields, FormFiles]:
    """Read the form in a body; both results are empty when the content type is that of no form.

    Raises:
        ConversionError: The body is not what its content type says, or beyond a limit.
    """
    from werkzeug.datastructures import ImmutableMultiDict

    fields: list[tuple[str, str]] = []
    files: list[tuple[str, FileStorage]] = []
    mimetype, charset = content_type_parts(content_type or "")
    if mimetype.lower() == MULTIPART:
        _read_multipart(content_type or "", body, limits, fields, files)
    elif mimetype.lower() == URLENCODED:
        fields = _read_urlencoded(body, charset or "utf-8", limits)
    return ImmutableMultiDict(fields), ImmutableMultiDict(files)


def _read_urlencoded(body: bytes, charset: str, limits: FormLimits) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    limits.check_parts(body.count(b"&") + 1)
    try:
        fields = parse_qsl(body.decode(charset), keep_blank_values=True, encoding=charset)
    except (UnicodeDecodeError, LookupError) as error:
        raise ConversionError(
            f"The form is no text in {charset}: {error}.",
            hint="Percent-encode it, or name its charset in content-type.",
        ) from error
    for name, value in fields:
        limits.check_field(name, len(value))
    return fields


def _read_multipart(
    content_type: str,
    body: bytes,
    limits: FormLimits,
    fields: list[tuple[str, str]],
    files: list[tuple[str, FileStorage]],
) -> None:
    from io import BytesIO

    from werkzeug.datastructures import FileStorage, Headers
    from werkzeug.http import parse_options_header

    boundary = parse_options_header(content_type)[1].get("boundary", "")
    if not boundary:
        raise ConversionError(
            f"The content type of the form names no boundary: {short(content_type)}.",
            hint="Let the client's form encoder write the content-type header; it has to match the body.",
        )
    for number, (part_start, end) in enumerate(_parts(body, boundary), start=1):
        limits.check_parts(number)
        headers, start = _part_headers(body, part_start, end)
        name, filename = _names(find(headers, "content-disposition") or "")
        if name is None:
            raise ConversionError(
                f"Part {number} of the form has no name.",
                hint='Each part has a header: Content-Disposition: form-data; name="...".',
            )
        content = body[start:end]
        if filename is None:
            limits.check_field(name, len(content))
            fields.append((name, content.decode(_field_charset(headers), "replace")))
        else:
            files.append((name, FileStorage(BytesIO(content), filename, name, headers=Headers(headers))))


def _names(disposition: str) -> tuple[str | None, str | None]:
    """Give the name of a field and that of its file, or None for what the header lacks."""
    import re

    # What browsers write is read at one stroke; escapes and other forms are left to werkzeug.
    plain = re.fullmatch(r'form-data; name="([^"\\%]*)"(?:; filename="([^"\\%]*)")?', disposition)
    if plain is not None:
        return plain[1], plain[2]
    from werkzeug.http import parse_options_header

    options = parse_options_header(disposition)[1]
    return options.get("name"), options.get("filename")


def _parts(body: bytes, boundary: str) -> Iterator[tuple[int, int]]:
    """Give where each part begins and ends, its headers included.

    Raises:
        ConversionError: The boundary is not in the body, or the last one is missing.
    """
    mark = b"--" + boundary.encode("latin-1", "replace")
    start: int | None = None
    found = body.find(mark)
    while found >= 0:
        line_end, closing = _line_end(body, found, found + len(mark))
        if line_end is None:
            found = body.find(mark, found + 1)
            continue
        if start is not None:
            yield start, max(start, _before_line_break(body, found))
        if closing:
            return
        start = line_end
        found = body.find(mark, line_end)
    what = "ends before its last boundary" if start is not None else "has no boundary in it"
    raise ConversionError(
        f"The form {what}: {len(body)} bytes, boundary {short(boundary)}.",
        hint="The body was cut off, or its content-type header was written by hand and names another boundary.",
    )


def _line_end(body: bytes, start: int, end: int) -> tuple[int | None, bool]:
    """Give where the line of a boundary ends, or None if it is no boundary, and whether it is the last one."""
    if start and body[start - 1 : start] != b"\n":
        return None, False
    if body.startswith(b"--", end):
        return end, True
    while body[end : end + 1] in (b" ", b"\t"):
        end += 1
    if body.startswith(b"\r\n", end):
        return end + 2, False
    return (end + 1, False) if body.startswith(b"\n", end) else (None, False)


def _before_line_break(body: bytes, end: int) -> int:
    return end - (2 if body.startswith(b"\r\n", end - 2) else 1)


def _part_headers(body: bytes, start: int, end: int) -> tuple[Pairs, int]:
    """Read the headers of a part; give them and where the content begins."""
    for line_break in (b"\r\n", b"\n"):
        if body.startswith(line_break, start):
            return [], start + len(line_break)
    blank, width = body.find(b"\r\n\r\n", start, end), 4
    bare = body.find(b"\n\n", start, end if blank < 0 else blank)
    if bare >= 0:
        blank, width = bare, 2
    if blank < 0:
        raise ConversionError(
            "A part of the form has no end of its headers.", hint="An empty line stands between headers and content."
        )
    lines = body[start:blank].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", " ")
    lines = lines.replace("\n ", " ").replace("\n\t", " ")
    pairs = (line.partition(":") for line in lines.split("\n"))
    return [(name.strip(), value.strip()) for name, _, value in pairs], blank + width


def _field_charset(headers: Pairs) -> str:
    charset = (content_type_parts(find(headers, "content-type") or "")[1] or "utf-8").lower()
    return charset if charset in _FIELD_CHARSETS else "utf-8"


# --- building forms ---------------------------------------------------------------------------------------------------


def build_form(form: FormSource | None, files: FileSource | None) -> tuple[str, bytes]:
    """Build the content type and the body of a form, as a browser would send it.

    Args:
        form: Names and values; a list is several values of one name.
        files: Names and files: content as bytes or text, an open file, ``(filename, content)`` or
            ``(filename, content, content type)``; a list is several files of one name.

    Raises:
        ArgumentTypeError: A file that is none of these, a field that has no text, or neither a mapping nor pairs.
    """
    fields = [(name, _field_text(name, value)) for name, value in _each(form or {}, "form")]
    if files is None:
        from urllib.parse import urlencode

        return URLENCODED, urlencode(fields).encode("ascii")
    parts = [_part(name, None, None, value.encode("utf-8")) for name, value in fields]
    parts += [_part(name, *_file(name, value)) for name, value in _each(files, "files")]
    number = 0
    boundary = b"azfunc-form-boundary"
    while any(boundary in part for part in parts):
        number += 1
        boundary = b"azfunc-form-boundary-%d" % number
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--%s--\r\n" % boundary
    return f"{MULTIPART}; boundary={boundary.decode()}", body


def _each(source: FormSource, what: str) -> Iterator[tuple[str, Any]]:
    for name, value in _given_pairs(source, what):
        if is_list(value):
            for each in value:
                yield name, each
        else:
            yield name, value


def _given_pairs(source: FormSource, what: str) -> list[tuple[str, Any]]:
    given = untyped(source)
    items = given.items() if hasattr(given, "items") else given
    if not isinstance(items, str):
        try:
            return [(name, value) for name, value in items]
        except (TypeError, ValueError):
            pass
    raise ArgumentTypeError(
        f"{what}= of a request is {type_name(given)}, and neither a mapping nor pairs.",
        hint='Give a dict, {"name": "value"}, or a list of pairs, [("name", "value")]; body= takes text and bytes.',
    )


def _field_text(name: str, value: Any) -> str:
    if isinstance(value, _NO_FIELDS):
        raise ArgumentTypeError(
            f"The form field {name!r} got {type_name(value)}.",
            hint="Give text, a number, or a list of them for several values of one name; leave it out for none.",
        )
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def _file(name: str, given: Any) -> tuple[str, str, bytes]:
    """Give filename, content type and content of a file."""
    filename, content_type = name, "application/octet-stream"
    if is_sequence(given):
        filename, given, *rest = given
        content_type = rest[0] if rest else content_type
    elif hasattr(given, "read"):
        filename = str(getattr(given, "name", name)).replace("\\", "/").rpartition("/")[2]
    content = given.read() if hasattr(given, "read") else given
    if isinstance(content, str):
        content = content.encode("utf-8")
    if not is_buffer(content):
        raise ArgumentTypeError(
            f"The file {name!r} is {type_name(content)}.",
            hint="Give bytes, text, an open file, (filename, content) or (filename, content, content type).",
        )
    return filename, content_type, bytes(content)


def _part(name: str, filename: str | None, content_type: str | None, content: bytes) -> bytes:
    lines = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    if filename is not None:
        lines += f'; filename="{_quoted(filename)}"'
    if content_type is not None:
        lines += f"\r\nContent-Type: {content_type}"
    return lines.encode("utf-8") + b"\r\n\r\n" + content


def _quoted(text: str) -> str:
    """Escape a name as browsers do.

    Source: the HTML standard, "Multipart form data".
    """
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
