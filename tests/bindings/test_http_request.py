"""`HttpRequest`: reading, building, comparing and showing."""

from __future__ import annotations

import base64
import inspect
import json
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc
from azfunc import HttpRequest
from azfunc.bindings.http import ClientPrincipal, QueryParams

if TYPE_CHECKING:
    from types import ModuleType


def test_everything_has_a_default() -> None:
    """A request needs no argument, and two of them are equal."""
    request = HttpRequest()

    assert (request.method, request.url, request.get_body()) == ("GET", "/", b"")
    assert (dict(request.params), dict(request.route_params), dict(request.headers)) == ({}, {}, {})
    assert (dict(request.query), dict(request.cookies), dict(request.form), dict(request.files)) == ({}, {}, {}, {})
    assert request == HttpRequest()
    assert hash(request) == hash(HttpRequest())


def test_arguments_of_the_reference(func: ModuleType) -> None:
    """Method and URL may stand alone; the rest goes by name."""
    request = func.HttpRequest(
        "pOsT", "/api/x", headers={"A-B": "1"}, params={"p": "1"}, route_params={"r": "2"}, body=b"{}"
    )

    assert (request.method, request.url, request.get_body(), request.get_json()) == ("POST", "/api/x", b"{}", {})
    assert (request.headers["a-b"], request.params["p"], request.route_params["r"]) == ("1", "1", "2")


def test_headers_are_found_in_any_letter_case(func: ModuleType) -> None:
    """A header is found under its name in any letter case, and iterating gives names in lower case."""
    headers = func.HttpRequest(method="GET", url="/", headers={"X-One": "1"}, body=b"").headers

    assert (headers["x-one"], headers["X-ONE"], headers.get("X-one"), headers.get("none")) == ("1", "1", "1", None)
    assert "X-one" in headers
    assert (list(headers), list(headers.items()), dict(headers), len(headers)) == (
        ["x-one"],
        [("x-one", "1")],
        {"x-one": "1"},
        1,
    )
    assert headers == {"x-one": "1"}
    assert headers != {"X-One": "1"}


def test_missing_header_is_a_key_error(func: ModuleType) -> None:
    """Reading a header that is not there raises KeyError with its name."""
    with pytest.raises(KeyError) as caught:
        func.HttpRequest(method="GET", url="/", body=b"").headers["nope"]

    assert caught.value.args == ("nope",)


@pytest.mark.parametrize("name", ["headers", "params", "route_params"])
def test_parts_cannot_be_changed(func: ModuleType, name: str) -> None:
    """Headers and parameters are read only."""
    request = func.HttpRequest(method="GET", url="/", body=b"")

    with pytest.raises(TypeError, match="does not support item assignment"):
        getattr(request, name)["a"] = "1"
    with pytest.raises(AttributeError):
        setattr(request, name, {})


def test_repeated_headers_are_all_there() -> None:
    """Headers may be given as pairs or with lists, and `getlist` gives every value."""
    for headers in ([("X-A", "1"), ("x-a", "2")], {"X-A": ["1", 2]}):
        request = HttpRequest(headers=headers)

        assert (request.headers["X-A"], request.headers.getlist("x-a")) == ("1", ["1", "2"])
        assert request.headers.getlist("none") == []


def test_query_keeps_what_the_url_has() -> None:
    """Order, repeats and empty values of the query are kept; percent escapes and plus signs are decoded."""
    query = HttpRequest(url="https://example.test/api/x?a=1&b=&a=2&c=%C3%A9+x#f?a=9").query

    assert (query["a"], query.getlist("a"), query["b"], query["c"]) == ("1", ["1", "2"], "", "é x")
    assert list(query.items(multi=True)) == [("a", "1"), ("b", ""), ("a", "2"), ("c", "é x")]
    assert list(query.items()) == [("a", "1"), ("b", ""), ("c", "é x")]
    assert (len(query), list(query), query.getlist("z"), query.get("z")) == (3, ["a", "b", "c"], [], None)
    assert len(query.items(multi=True)) == 4
    assert ("a", "2") in query.items(multi=True)


def test_query_compares_by_value() -> None:
    """Two queries are equal with the same pairs, and one equals a dict of its first values."""
    assert QueryParams([("a", "1"), ("a", "2")]) == QueryParams([("a", "1"), ("a", "2")])
    assert QueryParams([("a", "1"), ("a", "2")]) != QueryParams([("a", "2"), ("a", "1")])
    assert QueryParams([("a", "1"), ("a", "2")]) == {"a": "1"}
    assert hash(QueryParams([("a", "1")])) == hash(QueryParams([("a", "1")]))
    assert repr(QueryParams([("a", "1"), ("code", "k")])) == "QueryParams([('a', '1'), ('code', '***')])"


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), st.text(max_size=5)), max_size=6))
def test_any_query_is_read_back(pairs: list[tuple[str, str]]) -> None:
    """Whatever is encoded into a query is read from it, in order."""
    query = HttpRequest(url=f"/x?{urlencode(pairs)}").query

    assert list(query.items(multi=True)) == pairs


def test_params_are_what_the_host_would_give() -> None:
    """Without params they are filled from the URL as the host does: one value for each name, no empty ones."""
    request = HttpRequest(url="/x?a=1&a=2&b=&c=3")

    assert dict(request.params) == {"a": "1,2", "c": "3"}
    assert dict(HttpRequest(url="/x?a=1", params={}).params) == {}


def test_query_is_that_of_params_when_the_url_has_none() -> None:
    """A request made by hand with params alone has them in its query too."""
    assert HttpRequest(params={"a": "1"}).query["a"] == "1"
    assert "a" not in HttpRequest(url="/?b=2", params={"a": "1"}).query


def test_cookies_are_read_verbatim() -> None:
    """Cookies come by name, the first where a name repeats; what has no name is passed over."""
    request = HttpRequest(headers={"Cookie": 'a="1 2"; b=x=y; a=3; junk; =z'})

    assert dict(request.cookies) == {"a": '"1 2"', "b": "x=y"}
    assert dict(HttpRequest(cookies={"a": "1", "b": "2"}).cookies) == {"a": "1", "b": "2"}


def test_json_sets_body_and_content_type() -> None:
    """A value given as json is the body, None included; a content type of the caller's own stays."""
    assert HttpRequest(json=None).get_body() == b"null"
    assert HttpRequest(json={"a": 1}).headers["content-type"] == "application/json"
    request = HttpRequest(json=[1], headers={"Content-Type": "application/vnd.x+json"})
    assert (request.headers.getlist("content-type"), request.get_json()) == (["application/vnd.x+json"], [1])


@pytest.mark.parametrize(
    "given",
    [
        {"body": b"", "json": 1},
        {"json": 1, "form": {}},
        {"body": "x", "files": {}},
        {"body": 5},
        {"method": None},
        {"url": b"/"},
        {"headers": 5},
        {"headers": {"A": "x\r\ny"}},
        {"headers": {"a b": "x"}},
        {"cookies": {"a": "x;y"}},
        {"files": {"f": 5}},
    ],
    ids=str,
)
def test_wrong_arguments_are_refused(given: dict[str, Any]) -> None:
    """Content given twice, values of a wrong type and headers that cannot be are refused, with advice."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        HttpRequest(**given)

    assert caught.value.hint


@pytest.mark.parametrize("body", [b"\xc3\xa9", bytearray(b"\xc3\xa9"), memoryview(b"\xc3\xa9"), "é"])
def test_body_is_bytes(body: Any) -> None:
    """Whatever the body was given as, it is read as bytes."""
    found = HttpRequest(body=body).get_body()

    assert (found, type(found)) == (b"\xc3\xa9", bytes)


JSON_BODIES = {
    "plain": ({}, b'{"a": "\xc3\xa9"}'),
    "bom": ({}, b'\xef\xbb\xbf{"a": "\xc3\xa9"}'),
    "utf-16 seen": ({}, '{"a": "é"}'.encode("utf-16")),
    "utf-16 named": ({"content-type": "application/json; charset=UTF-16LE"}, '{"a": "é"}'.encode("utf-16-le")),
    "latin-1 named": ({"Content-Type": 'application/json; charset="latin-1"'}, b'{"a": "\xe9"}'),
    "other option": ({"Content-Type": "application/json; profile=x"}, b'{"a": "\xc3\xa9"}'),
}


@pytest.mark.parametrize(("headers", "body"), JSON_BODIES.values(), ids=JSON_BODIES)
def test_json_is_read_in_its_charset(headers: dict[str, str], body: bytes) -> None:
    """Unlike the reference, the charset of the content type and a byte order mark are heeded."""
    assert HttpRequest(headers=headers, body=body).get_json() == {"a": "é"}


def test_text_body_is_encoded_in_its_charset() -> None:
    """Text is sent in the charset that the content type names, and read back from it."""
    request = HttpRequest(headers={"Content-Type": "application/json; charset=latin-1"}, body='"é"')

    assert (request.get_body(), request.get_json()) == (b'"\xe9"', "é")
    assert HttpRequest(headers={"Content-Type": "text/x; charset=nope"}, body="é").get_body() == b"\xc3\xa9"


@pytest.mark.parametrize("body", [b"", b"{"])
def test_bad_json_is_a_json_error(func: ModuleType, body: bytes) -> None:
    """What is no JSON raises JSONDecodeError, with the position."""
    with pytest.raises(json.JSONDecodeError) as caught:
        func.HttpRequest(method="GET", url="/", body=body).get_json()

    assert caught.value.pos == len(body)


@pytest.mark.parametrize("headers", [{}, {"content-type": "application/json; charset=nope"}])
def test_bytes_that_are_no_text_are_a_json_error(headers: dict[str, str]) -> None:
    """Bytes in no known encoding raise the same error as other bad JSON."""
    with pytest.raises(azfunc.JsonDecodeError) as caught:
        HttpRequest(headers=headers, body=b"\xff").get_json()

    assert caught.value.hint


def test_parts_are_made_once() -> None:
    """Headers and query are the same objects each time."""
    request = HttpRequest(url="/?a=1")

    assert request.headers is request.headers
    assert request.query is request.query


def test_signature_shows_that_json_may_be_left_out() -> None:
    """The default of json is no value of JSON, and readable in the signature."""
    assert "json: Any = NOT_GIVEN" in str(inspect.signature(HttpRequest)).replace("'", "")


def test_difference_in_any_part_is_a_difference() -> None:
    """Requests are equal by value; letter case of header names and their order do not count."""
    given: dict[str, Any] = {
        "method": "PUT",
        "url": "/a",
        "headers": {"A": "1", "B": "2"},
        "params": {"p": "1"},
        "route_params": {"r": "1"},
        "body": b"x",
    }
    request = HttpRequest(**given)

    assert request == HttpRequest(**{**given, "headers": {"b": "2", "a": "1"}})
    for name, other in {
        "method": "GET",
        "url": "/b",
        "headers": {"A": "1"},
        "params": {},
        "route_params": {},
        "body": b"",
    }.items():
        assert request != HttpRequest(**{**given, name: other}), name
    assert request != "PUT"


def test_pickle_does_not_carry_what_can_be_made_again() -> None:
    """A request that was read from can be pickled, forms and headers included."""
    request = HttpRequest("POST", "/x?a=1", form={"a": "1"}, files={"f": b"x"})
    assert (request.form["a"], request.query["a"], request.headers["content-type"][:9]) == ("1", "1", "multipart")

    again = pickle.loads(pickle.dumps(request))

    assert again == request
    assert again.files["f"].read() == b"x"


def test_repr_shows_the_call() -> None:
    """The repr is the call that makes the request."""
    request = HttpRequest("POST", "/x?a=1", headers={"X-A": "1"}, route_params={"id": "7"}, body=b"hi")

    assert eval(repr(request)) == request
    assert eval(repr(HttpRequest(params={"a": "1"}))) == HttpRequest(params={"a": "1"})


@pytest.mark.parametrize(
    "given",
    [
        {"headers": {"Authorization": "Bearer s3cret"}},
        {"headers": {"Cookie": "sid=s3cret"}},
        {"cookies": {"sid": "s3cret"}},
        {"headers": {"x-functions-key": "s3cret"}},
        {"headers": {"Ocp-Apim-Subscription-Key": "s3cret"}},
        {"headers": {"x-ms-token-aad-access-token": "s3cret"}},
        {"url": "/x?a=1&code=s3cret"},
        {"url": "/x?CODE=s3cret#f"},
        {"url": "https://me:s3cret@example.test/x"},
        {"params": {"code": "s3cret"}},
    ],
    ids=str,
)
def test_repr_hides_secrets(given: dict[str, Any]) -> None:
    """Keys, tokens and cookies do not appear in a repr, in headers, URL or parameters."""
    text = repr(HttpRequest(**given))

    assert "s3cret" not in text
    assert "***" in text


# --- the signed-in user -----------------------------------------------------------------------------------------------


def encoded(value: Any) -> str:
    """Give a value as the platform encodes it."""
    return base64.b64encode(json.dumps(value).encode()).decode()


def test_principal_of_app_service() -> None:
    """App Service tells id, name and provider in plain headers, claims and roles in an encoded one."""
    claims = {
        "auth_typ": "aad",
        "claims": [{"typ": "name", "val": "Ada"}, {"typ": "roles", "val": "admin"}],
        "name_typ": "name",
        "role_typ": "roles",
    }
    user = HttpRequest(
        headers={
            "X-MS-CLIENT-PRINCIPAL": encoded(claims),
            "X-MS-CLIENT-PRINCIPAL-ID": "1",
            "X-MS-CLIENT-PRINCIPAL-NAME": "ada@example.test",
            "X-MS-CLIENT-PRINCIPAL-IDP": "aad",
        }
    ).principal

    assert user == ClientPrincipal(
        "1", "ada@example.test", "aad", claims=(("name", "Ada"), ("roles", "admin")), roles=("admin",)
    )
    assert repr(user) == "ClientPrincipal(id='1', identity_provider='aad', roles=('admin',), 2 claims)"
    assert hash(user) == hash(ClientPrincipal("1", "ada@example.test"))
    assert user != "1"


def test_principal_of_static_web_apps() -> None:
    """Static Web Apps tell everything in the encoded header."""
    told = {
        "identityProvider": "github",
        "userId": "1",
        "userDetails": "ada",
        "userRoles": ["anonymous", "authenticated"],
    }
    user = HttpRequest(headers={"x-ms-client-principal": encoded(told).rstrip("=")}).principal

    assert user == ClientPrincipal("1", "ada", "github", roles=("anonymous", "authenticated"))


def test_principal_is_none_without_its_headers() -> None:
    """A request of nobody has no principal."""
    assert HttpRequest().principal is None


@pytest.mark.parametrize("header", ["%%%", encoded([1]), base64.b64encode(b"{").decode()])
def test_principal_that_cannot_be_read_is_an_error(header: str) -> None:
    """A header that is no Base64 text of a JSON object is an error, and not a user."""
    with pytest.raises(azfunc.ConversionError, match="x-ms-client-principal"):
        HttpRequest(headers={"x-ms-client-principal": header}).principal  # noqa: B018  # reading it raises


# --- what is loaded ---------------------------------------------------------------------------------------------------


def test_heavy_packages_are_loaded_when_they_are_needed() -> None:
    """Neither a route nor a request nor an encoded response loads multidict, werkzeug, asyncio or http.cookies."""
    program = """
import sys
import azfunc as func
from azfunc.bindings.http import HttpRequestConverter, HttpResponseConverter
app = func.FunctionApp()
@app.route("x")
def f(req): ...
app.get_functions()
request = func.HttpRequest("POST", "/x", headers={"A": "1"}, body=b"{}")
request = HttpRequestConverter.decode(HttpRequestConverter.to_wire(request)[0], trigger_metadata={})
assert request.get_json() == {} and repr(request) and not request.cookies
response = func.HttpResponse("hi", headers={"A": "1"})
response.set_cookie("a", "1")
HttpResponseConverter.encode(response)
heavy = ("multidict", "werkzeug", "asyncio", "http", "urllib.parse", "email", "typing_extensions")
print([name for name in heavy if name in sys.modules])
request.headers
print([name for name in heavy if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-S", "-c", _with_path(program)], capture_output=True, text=True, check=True)

    first, second = run.stdout.splitlines()
    assert first == "[]"
    assert "multidict" in second
    assert "werkzeug" not in second


def _with_path(program: str) -> str:
    # Without site, whose .pth files may import anything; the packages are found all the same.
    return f"import sys; sys.path[:] = {sys.path!r}\n{program}"


# --- names and values of other libraries ------------------------------------------------------------------------------


def test_text_of_a_request_is_read() -> None:
    """In the charset of the content type, or in UTF-8."""
    latin = HttpRequest("POST", body=b"\xfc", headers={"Content-Type": "text/plain; charset=latin-1"})

    assert latin.text == "ü"
    assert HttpRequest("POST", body="Grüße").text == "Grüße"
    assert HttpRequest().text == ""
    with pytest.raises(azfunc.ConversionError, match="can't decode byte 0xff") as caught:
        _ = HttpRequest("POST", body=b"\xff").text
    assert isinstance(caught.value, UnicodeDecodeError)


@pytest.mark.parametrize(
    ("name", "own"),
    [("json", "get_json()"), ("args", "query"), ("data", "get_body()"), ("path_params", "route_params")],
)
def test_names_of_other_libraries_lead_here(name: str, own: str) -> None:
    """Who writes what another library has is told what it is here."""
    with pytest.raises(AttributeError, match=f"'HttpRequest' has no attribute '{name}'") as caught:
        getattr(HttpRequest(), name)

    assert f"req.{own}" in str(caught.value)
    with pytest.raises(AttributeError, match="'HttpRequest' object has no attribute 'nothing'"):
        _ = HttpRequest().nothing  # type: ignore[attr-defined]  # that is the point


def test_params_become_text() -> None:
    """Numbers and lists may be given, and come as the host would give them."""
    request = HttpRequest(params={"page": 2, "ratio": 0.5, "tag": ["a", "b"], "note": ""})

    assert dict(request.params) == {"page": "2", "ratio": "0.5", "tag": "a,b", "note": ""}
    assert request.query.getlist("tag") == ["a", "b"]
    assert pickle.loads(pickle.dumps(request)).query == request.query
    assert dict(HttpRequest(params={"none": []}).params) == {}


def test_query_of_the_url_stays_beside_params() -> None:
    """The query is that of the URL when it has one."""
    request = HttpRequest(url="/x?a=1", params={"b": "2"})

    assert (dict(request.params), request.query.pairs) == ({"b": "2"}, (("a", "1"),))


@pytest.mark.parametrize("params", [{"a": None}, {"a": True}, {"a": {"b": 1}}, {"a": [None]}, [("a", "b")], "a=b"])
def test_params_without_a_text_are_refused(params: Any) -> None:
    """Values that clients write in different ways are not guessed."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        HttpRequest(params=params)

    assert isinstance(caught.value, TypeError)
    assert "Give" in caught.value.hint


def test_repr_of_headers_hides_secrets() -> None:
    """A failing assertion shows headers, not keys."""
    request = HttpRequest(headers={"X-A": "1", "Authorization": "Bearer abc"})

    assert repr(request.headers) == "HttpRequestHeaders({'x-a': '1', 'authorization': '***'})"


@pytest.mark.parametrize("value", [None, {"b": 1}, (1, 2), [[1]], {1}], ids=["none", "dict", "tuple", "lists", "set"])
def test_form_fields_without_a_text_are_refused(value: Any) -> None:
    """None is not sent as the word, nor a dict as its repr."""
    with pytest.raises(azfunc.DefinitionError, match="The form field 'a' got") as caught:
        HttpRequest("POST", form={"a": value})

    assert isinstance(caught.value, TypeError)
    assert "leave it out" in caught.value.hint


def test_cookies_are_a_mapping() -> None:
    """Pairs are refused with what to give."""
    with pytest.raises(azfunc.DefinitionError, match="cookies of a request are list") as caught:
        HttpRequest(cookies=[("a", "b")])  # type: ignore[arg-type]  # that is the point

    assert isinstance(caught.value, TypeError)
