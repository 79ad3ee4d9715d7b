"""Forms of HTTP requests: fields, files, limits and faults."""

from __future__ import annotations

import builtins
import contextlib
import io
import tempfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.formparser import MultiPartParser

import azfunc
from azfunc import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=B"


def posted(func: ModuleType, content_type: str | None, body: bytes) -> Any:
    """Make a request with a body of some type."""
    headers = {"Content-Type": content_type} if content_type else {}
    return func.HttpRequest(method="POST", url="/", headers=headers, body=body)


def theirs(boundary: bytes, body: bytes) -> Any:
    """Give fields and files as werkzeug's own parser reads them, in memory."""
    parser = MultiPartParser(stream_factory=lambda **_: io.BytesIO())
    return parser.parse(io.BytesIO(body), boundary, len(body))


@contextlib.contextmanager
def closing(request: Any) -> Iterator[Any]:
    """Close the files of a request, which are on disk in the reference."""
    try:
        yield request
    finally:
        for files in request.files.listvalues():
            for file in files:
                file.close()


def multipart(*parts: tuple[str, bytes], line: bytes = b"\r\n") -> bytes:
    """Write parts, each with the options of its disposition and its content."""
    written = b"".join(
        b"--B" + line + b"Content-Disposition: form-data; " + options.encode() + line * 2 + content + line
        for options, content in parts
    )
    return written + b"--B--" + line


def test_urlencoded_fields(func: ModuleType) -> None:
    """Fields are decoded, several of one name kept, and there are no files."""
    request = posted(func, URLENCODED, b"a=1&a=2&b=%20x&c=")

    assert type(request.form).__name__ == "ImmutableMultiDict"
    assert (request.form["a"], request.form.getlist("a"), request.form["b"], request.form["c"]) == (
        "1",
        ["1", "2"],
        " x",
        "",
    )
    assert list(request.form.items(multi=True)) == [("a", "1"), ("a", "2"), ("b", " x"), ("c", "")]
    assert dict(request.files) == {}


def test_urlencoded_charset() -> None:
    """The charset of the content type is heeded."""
    assert posted(azfunc, f"{URLENCODED}; charset=latin-1", b"a=%E9").form["a"] == "é"


def test_multipart_fields_and_files(func: ModuleType) -> None:
    """Parts with a file name are files, with name, type and content; the others are fields."""
    body = multipart(('name="t"', b"val"), ('name="f"; filename="a.txt"\r\nContent-Type: text/plain', b"DATA"))
    with closing(posted(func, MULTIPART, body)) as request:
        file = request.files["f"]
        assert (dict(request.form), type(file).__name__) == ({"t": "val"}, "FileStorage")
        assert (file.filename, file.name, file.content_type, file.read()) == ("a.txt", "f", "text/plain", b"DATA")


def test_several_files_of_one_name(func: ModuleType) -> None:
    """Each file of a name is there, through `getlist` and ``items(multi=True)``."""
    body = multipart(('name="f"; filename="a"', b"A"), ('name="f"; filename="b"', b"B"))
    with closing(posted(func, MULTIPART, body)) as request:
        assert [each.read() for each in request.files.getlist("f")] == [b"A", b"B"]
        assert len(list(request.files.items(multi=True))) == 2


@pytest.mark.parametrize("content_type", [None, "application/json", "text/plain"])
def test_other_types_are_no_form(func: ModuleType, content_type: str | None) -> None:
    """A body of another type has neither fields nor files."""
    request = posted(func, content_type, b"a=1")

    assert (dict(request.form), dict(request.files)) == ({}, {})


def test_form_is_read_once_and_cannot_be_changed(func: ModuleType) -> None:
    """The same object comes each time, and it is read only."""
    request = posted(func, URLENCODED, b"a=1")

    assert request.form is request.form
    with pytest.raises(TypeError):
        request.form["a"] = "2"


ODD = {
    "content with dashes": (('name="f"; filename="x"', b"\r\n--BB\r\n--Bx--\n-- B\r\n--"),),
    "empty content": (('name="f"; filename="x"', b""), ('name="a"', b"")),
    "name in quotes": (('name="a%22b"; filename="c%22d"', b"x"),),
    "name without quotes": (("name=a; filename=b", b"x"),),
    "non-ascii names": (('name="é"; filename="ü.txt"', b"x"),),
    "encoded file name": (("name=a; filename*=UTF-8''%C3%BC.txt", b"x"),),
    "field in latin-1": (('name="a"\r\nContent-Type: text/plain; charset=iso-8859-1', b"\xe9"),),
    "field in an unknown charset": (('name="a"\r\nContent-Type: text/plain; charset=nope', b"\xc3\xa9"),),
    "field that is no utf-8": (('name="a"', b"\xff"),),
    "no file chosen": (('name="f"; filename=""', b""),),
    "folded header": (('name="a"\r\nX-A: 1\r\n 2', b"x"),),
}


@pytest.mark.parametrize("parts", ODD.values(), ids=ODD)
def test_odd_parts_are_read_as_the_reference_reads_them(func: ModuleType, parts: Any) -> None:
    """What real clients send at the edge of the format gives what werkzeug's parser gives."""
    body = multipart(*parts)
    form, files = theirs(b"B", body)
    with closing(posted(func, MULTIPART, body)) as request:
        assert list(request.form.items(multi=True)) == list(form.items(multi=True))
        assert [(name, f.filename, f.content_type, f.read()) for name, f in request.files.items(multi=True)] == [
            (name, f.filename, f.content_type, f.read()) for name, f in files.items(multi=True)
        ]


def test_bare_line_feeds_text_before_and_after() -> None:
    """Bare line feeds, blanks behind a boundary, and text around the parts are tolerated."""
    assert dict(posted(azfunc, MULTIPART, multipart(('name="a"', b"1"), line=b"\n")).form) == {"a": "1"}
    body = b"preamble --B\r\n--B \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B--epilogue\r\n--B\r\n"
    assert dict(posted(azfunc, MULTIPART, body).form) == {"a": "1"}
    assert dict(posted(azfunc, MULTIPART, b"--B--\r\n").form) == {}


FAULTS = {
    "no boundary": ("multipart/form-data", multipart(('name="a"', b"1")), "names no boundary"),
    "empty boundary": ('multipart/form-data; boundary=""', b"", "names no boundary"),
    "another boundary": ("multipart/form-data; boundary=C", multipart(('name="a"', b"1")), "no boundary in it"),
    "no body": (MULTIPART, b"", "no boundary in it"),
    "cut off in the content": (MULTIPART, multipart(('name="a"', b"1"))[:-9], "ends before its last boundary"),
    "cut off at the end": (MULTIPART, multipart(('name="a"', b"1"))[:-4], "ends before its last boundary"),
    "no name": (MULTIPART, multipart(("", b"1")), "Part 1 of the form has no name"),
    "no headers": (MULTIPART, b"--B\r\n\r\n1\r\n--B--\r\n", "Part 1 of the form has no name"),
    "headers without end": (MULTIPART, b"--B\r\nA: b\r\n--B--\r\n", "no end of its headers"),
    "nothing between boundaries": (MULTIPART, b"--B\r\n--B--\r\n", "no end of its headers"),
    "no text": (URLENCODED, b"\xff=1", "no text in utf-8"),
    "unknown charset": (f"{URLENCODED}; charset=nope", b"a=1", "no text in nope"),
}


@pytest.mark.parametrize(("content_type", "body", "message"), FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("attribute", ["form", "files"])
def test_broken_form_is_an_error(content_type: str, body: bytes, message: str, attribute: str) -> None:
    """Unlike the reference, a form that cannot be read is an error, and not an empty mapping."""
    request = posted(azfunc, content_type, body)

    with pytest.raises(azfunc.ConversionError, match=message) as caught:
        getattr(request, attribute)

    assert caught.value.hint


LIMITS = {
    "parts": ("max_form_parts", 2, multipart(*[('name="a"', b"1")] * 3), MULTIPART),
    "fields": ("max_form_parts", 2, b"a=1&a=2&a=3", URLENCODED),
    "field": ("max_form_field_bytes", 2, multipart(('name="a"', b"123")), MULTIPART),
    "urlencoded field": ("max_form_field_bytes", 2, b"a=123", URLENCODED),
}


@pytest.mark.parametrize(("name", "limit", "body", "content_type"), LIMITS.values(), ids=LIMITS)
def test_limits_are_clear_errors(
    name: str, limit: int, body: bytes, content_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form beyond a limit is an error that names the limit; at the limit it is read."""
    monkeypatch.setattr(HttpRequest, name, limit + 1)
    assert posted(azfunc, content_type, body).form["a"]

    monkeypatch.setattr(HttpRequest, name, limit)
    with pytest.raises(azfunc.ConversionError) as caught:
        posted(azfunc, content_type, body).form  # noqa: B018  # reading it raises
    assert f"HttpRequest.{name}" in caught.value.hint


def test_large_file_is_no_large_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of files is limited by the body alone."""
    monkeypatch.setattr(HttpRequest, "max_form_field_bytes", 2)

    assert len(posted(azfunc, MULTIPART, multipart(('name="f"; filename="x"', b"x" * 1000))).files["f"].read()) == 1000


def test_nothing_is_written_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload of any size stays in memory: no temporary file, no file at all."""
    body = multipart(('name="f"; filename="x"', b"x" * 5_000_000), ('name="a"', b"y" * 600_000))
    assert posted(azfunc, MULTIPART, multipart(('name="a"', b"1"))).form  # loads what is loaded once

    def refuse(*args: Any, **kwargs: Any) -> Any:
        pytest.fail("a file was opened")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr(builtins, "open", refuse)

    request = posted(azfunc, MULTIPART, body)
    sizes = len(request.files["f"].read()), len(request.form["a"])
    monkeypatch.undo()

    assert sizes == (5_000_000, 600_000)


# --- building forms ---------------------------------------------------------------------------------------------------


def test_form_without_files_is_urlencoded() -> None:
    """Fields alone are sent as a browser sends them: repeats from lists, values as text."""
    request = HttpRequest("POST", form={"a": ["1", 2], "b": "é &=", "c": b"x"})

    assert request.headers["content-type"] == URLENCODED
    assert list(request.form.items(multi=True)) == [("a", "1"), ("a", "2"), ("b", "é &="), ("c", "x")]


def test_files_come_in_many_forms() -> None:
    """Bytes, text, open files, and either with a name and a type."""
    named = io.BytesIO(b"named")
    named.name = "/tmp/n.txt"
    request = HttpRequest(
        "POST",
        form=[("a", "1")],
        files=[
            ("f", b"bytes"),
            ("f", "é"),
            ("f", io.BytesIO(b"file")),
            ("f", named),
            ("f", ("t.txt", "text")),
            ("f", ("u.csv", io.StringIO("u"), "text/csv")),
        ],
    )

    assert request.form["a"] == "1"
    assert [(f.filename, f.content_type, f.read()) for f in request.files.getlist("f")] == [
        ("f", "application/octet-stream", b"bytes"),
        ("f", "application/octet-stream", "é".encode()),
        ("f", "application/octet-stream", b"file"),
        ("n.txt", "application/octet-stream", b"named"),
        ("t.txt", "application/octet-stream", b"text"),
        ("u.csv", "text/csv", b"u"),
    ]


def test_boundary_is_not_in_the_content() -> None:
    """A content that has the boundary in it gets another one, the same each time."""
    content = b"\r\n--azfunc-form-boundary--\r\n"
    request = HttpRequest("POST", files={"f": content})

    assert request.files["f"].read() == content
    assert request == HttpRequest("POST", files={"f": content})


def grouped(pairs: list[tuple[str, Any]]) -> dict[str, list[Any]]:
    """Give the values of each name, in order."""
    return {name: [value for other, value in pairs if other == name] for name, _ in pairs}


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\%\u2028\u2029\x85"), min_size=1, max_size=8
).filter(lambda text: text.strip() == text)


@given(
    st.lists(st.tuples(NAMES, st.text(st.characters(exclude_categories=["Cs"]), max_size=8)), max_size=3),
    st.lists(
        st.tuples(NAMES, st.binary(max_size=12) | st.sampled_from([b"\r\n--B", b"--azfunc-form-boundary"])), max_size=3
    ),
)
def test_any_form_is_read_back(fields: list[tuple[str, str]], files: list[tuple[str, bytes]]) -> None:
    """What is built is read back, whatever the names and contents, and werkzeug's own parser agrees."""
    request = HttpRequest("POST", form=fields, files=files)
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    their_form, their_files = theirs(boundary, request.get_body())

    assert request.form.to_dict(flat=False) == grouped(fields) == their_form.to_dict(flat=False)
    read = {name: [each.read() for each in found] for name, found in request.files.lists()}
    assert read == grouped(files) == {name: [each.read() for each in found] for name, found in their_files.lists()}


@pytest.mark.parametrize("given", [{"form": "a=1"}, {"form": b"a=1"}, {"form": 5}, {"files": "a.txt"}], ids=str)
def test_what_are_no_fields_is_told(given: dict[str, Any]) -> None:
    """Text in place of names and values is refused, with what to give."""
    with pytest.raises(azfunc.ArgumentTypeError, match="neither a mapping nor pairs") as caught:
        HttpRequest(**given)

    assert "body=" in caught.value.hint


def test_fields_are_given_as_pairs() -> None:
    """Pairs may stand for a mapping, with repeats."""
    assert HttpRequest(form=[("a", 1), ("a", 2)]).get_body() == b"a=1&a=2"
