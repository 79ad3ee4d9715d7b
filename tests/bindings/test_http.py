"""HTTP: decorators, binding classes and converters."""

from __future__ import annotations

import asyncio
import dataclasses
import importlib
import json
import typing
from typing import TYPE_CHECKING, Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

import azfunc
from azfunc import HttpMethod, HttpRequest, HttpResponse
from azfunc._core.binding import AppDefaults
from azfunc._core.datum import Datum
from azfunc.bindings.http import HttpRequestConverter, HttpResponseConverter, HttpTrigger
from tests.bindings.conformance import REFUSED, BindingConformance

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType

JSON = "application/json"


@dataclasses.dataclass
class Order:
    """A value of a user's own."""

    number: int


def http(body: bytes, content_type: str = "text/plain; charset=utf-8", status: str = "200") -> Datum:
    """Make the datum of a response with no headers of its own."""
    headers = {"content-type": Datum(content_type, "string")}
    parts = {"status_code": Datum(status, "string"), "headers": headers, "cookies": None, "body": Datum(body, "bytes")}
    return Datum(parts, "http")


class TestHttp(BindingConformance):
    """The suite, for HTTP."""

    module = "http.trigger"
    decorators = ("route",)
    defaults = (HttpRequest, HttpResponse)
    messages = {
        "httpTrigger": [
            HttpRequest(),
            HttpRequest("put", "/api/x?a=1&a=2&b=", headers={"X-One": "1"}, route_params={"id": "7"}, body="hé"),
            HttpRequest("POST", "https://example.test/api/x", json={"a": [1, None]}, cookies={"a": "1", "b": "2"}),
            HttpRequest("POST", form={"a": ["1", "2"]}, files={"f": ("a.txt", b"\xff\r\n--")}),
            HttpRequest(headers=[("X-A", "1"), ("x-a", "2")], params={"a": "1"}),
        ]
    }
    accepted = {"httpTrigger": [HttpRequest, Optional[HttpRequest], HttpRequest | None]}  # noqa: UP045  # the older spelling too
    refused = {"httpTrigger": [str, HttpResponse, list[HttpRequest], HttpRequest | str]}
    outputs = {
        "http": [
            ("hi", Datum("hi", "string")),
            ("", Datum("", "string")),
            (b"\xff", http(b"\xff", "application/octet-stream")),
            (bytearray(b"a"), http(b"a", "application/octet-stream")),
            (None, http(b"", status="204")),
            ({"a": 1}, http(b'{"a": 1}', JSON)),
            ([1, "a"], http(b'[1, "a"]', JSON)),
            ([], http(b"[]", JSON)),
            (7, http(b"7", JSON)),
            (Order(7), http(b'{"number": 7}', JSON)),
            (HttpResponse("hi"), http(b"hi")),
            (HttpResponse(), http(b"")),
            (HttpResponse(b"{}", mimetype=JSON, charset="latin-1"), http(b"{}", JSON)),
            (azfunc.JsonResponse(None, status_code=201), http(b"null", JSON, "201")),
            (("text", 404), REFUSED),
            ({1, 2}, REFUSED),
            ((each for each in "ab"), REFUSED),
            ([object()], REFUSED),
            (HttpRequest(), REFUSED),
            (azfunc.QueueMessage(body="b"), REFUSED),
            (object(), REFUSED),
        ]
    }


# --- decorators -------------------------------------------------------------------------------------------------------


def entries(app: Any) -> list[dict[str, Any]]:
    """Give the entries of the app's only function."""
    (function,) = app.get_functions()
    found: list[dict[str, Any]] = json.loads(function.get_function_json())["bindings"]
    return found


ROUTES = {
    "defaults": ({}, {"authLevel": "FUNCTION", "route": "hello"}),
    "empty": ({"route": ""}, {"authLevel": "FUNCTION", "route": ""}),
    "leading slash kept": ({"route": "/a/{b:int?}"}, {"authLevel": "FUNCTION", "route": "/a/{b:int?}"}),
    "catch-all": ({"route": "{*rest}"}, {"authLevel": "FUNCTION", "route": "{*rest}"}),
    "level": ({"auth_level": "admin"}, {"authLevel": "ADMIN", "route": "hello"}),
    "no methods": ({"methods": []}, {"methods": [], "authLevel": "FUNCTION", "route": "hello"}),
    "methods repeated": (
        {"methods": ["get", "GET"]},
        {"methods": ["GET", "GET"], "authLevel": "FUNCTION", "route": "hello"},
    ),
}


@pytest.mark.parametrize(("arguments", "expected"), ROUTES.values(), ids=ROUTES)
def test_route_writes_the_entry_of_the_reference(
    func: ModuleType, arguments: dict[str, Any], expected: dict[str, Any]
) -> None:
    """The trigger's entry has name, methods, key level and route, in that order, and the output follows."""
    app = func.FunctionApp()

    @app.route(**arguments)
    def hello(req: Any) -> None: ...

    trigger, output = entries(app)
    assert trigger == {"direction": "IN", "type": "httpTrigger", "name": "req", **expected}
    assert list(trigger)[3:] == list(expected)
    assert output == {"direction": "OUT", "type": "http", "name": "$return"}


def test_members_and_texts_of_methods_may_be_mixed(func: ModuleType) -> None:
    """Methods come from any iterable, as members or as text in any letter case."""
    app = func.FunctionApp()

    @app.route(methods=(each for each in ["get", "Post", func.HttpMethod.PUT]))
    def hello(req: Any) -> None: ...

    assert entries(app)[0]["methods"] == ["GET", "POST", "PUT"]


def test_extra_fields_go_to_their_bindings(func: ModuleType) -> None:
    """Extra fields are written in camel case behind the declared ones; data_type is a field of every binding."""
    app = func.FunctionApp()
    trigger_extra = {"web_hook_type": "x", "data_type": func.DataType.STREAM}

    @app.route(trigger_extra_fields=trigger_extra, binding_extra_fields={"some_key": 1})
    def a(req: Any) -> None: ...

    expected = (
        '[{"direction": "IN", "dataType": "STREAM", "type": "httpTrigger", "name": "req", "authLevel": "FUNCTION", '
    )
    expected += (
        '"route": "a", "webHookType": "x"}, {"direction": "OUT", "type": "http", "name": "$return", "someKey": 1}]'
    )
    assert json.dumps(entries(app)) == expected
    assert trigger_extra == {"web_hook_type": "x", "data_type": func.DataType.STREAM}


def test_extra_field_cannot_be_an_argument(func: ModuleType) -> None:
    """A field that route() has as an argument is refused among the extra fields."""
    with pytest.raises(TypeError, match="got multiple values for keyword argument 'route'"):
        func.FunctionApp().route(trigger_extra_fields={"route": "x"})(print)


def test_generic_http_trigger_is_completed_too(func: ModuleType) -> None:
    """A generic trigger of type httpTrigger gets route and key level, and no output."""
    app = func.FunctionApp()

    @app.generic_trigger(arg_name="req", type="httpTrigger")
    def a(req: Any) -> None: ...

    (function,) = app.get_functions()
    assert function.is_http_function()
    expected = '[{"direction": "IN", "type": "httpTrigger", "name": "req", "route": "a", "authLevel": "FUNCTION"}]'
    assert json.dumps(json.loads(function.get_function_json())["bindings"]) == expected


def test_type_in_another_case_is_no_http_trigger(func: ModuleType) -> None:
    """Binding types are compared letter by letter."""
    app = func.FunctionApp()

    @app.generic_trigger(arg_name="req", type="HttpTrigger")
    def a(req: Any) -> None: ...

    assert entries(app) == [{"direction": "IN", "type": "HttpTrigger", "name": "req"}]
    assert not app.get_functions()[0].is_http_function() if func is azfunc else True


def test_one_method_may_stand_alone(app: azfunc.FunctionApp) -> None:
    """Unlike the reference, a single method needs no list."""
    app.route("a", methods="get")(print)
    app.route("b", methods=HttpMethod.QUERY)(repr)

    assert [function.get_trigger().methods for function in app.get_functions()] == [  # type: ignore[union-attr]
        [HttpMethod.GET],
        [HttpMethod.QUERY],
    ]


def test_unknown_method_is_named(func: ModuleType) -> None:
    """A method that is none is a KeyError with the reference's text."""
    known = [method.name for method in func.HttpMethod]
    with pytest.raises(KeyError) as caught:
        func.FunctionApp().route(methods=["GET", "BREW"])(print)

    text = "Can not parse '['GET', 'BREW']' to Optional[Iterable[HttpMethod]]. "
    assert caught.value.args[0] == f"{text}Please ensure param all list elements exist in {known}"


def test_route_without_parentheses_is_refused_at_once(app: azfunc.FunctionApp) -> None:
    """Unlike the reference, the decorator without parentheses does not lose the function."""
    with pytest.raises(azfunc.DefinitionError) as caught:

        @app.route  # type: ignore[arg-type]  # the mistake under test
        def hello(req: Any) -> None: ...

    assert "without parentheses on 'hello'" in caught.value.message
    assert "@app.route()" in caught.value.hint


@pytest.mark.parametrize(
    "arguments",
    [
        {"route": "a//b"},
        {"route": "{id"},
        {"route": "{id:integer}"},
        {"route": "a b"},
        {"route": 5},
        {"trigger_arg_name": "a__b"},
        {"trigger_arg_name": ""},
        {"binding_arg_name": "1a"},
        {"auth_level": "anyone"},
        {"methods": 5},
    ],
    ids=str,
)
def test_mistake_is_found_at_the_decorator(app: azfunc.FunctionApp, arguments: dict[str, Any]) -> None:
    """A route, a name or a value that cannot work raises where it is written, with advice."""
    with pytest.raises(azfunc.DefinitionError) as caught:
        app.route(**arguments)

    assert caught.value.hint


PREFIXES = [
    ("v1", "users", "v1/users"),
    ("v1", "/users", "v1/users"),
    ("/v1/", "/users", "v1/users"),
    ("v1", "", "v1"),
    ("v1", "/", "v1"),
    ("v1", None, "v1/f"),
    ("", "/users", "/users"),
]


@pytest.mark.parametrize(("prefix", "route", "expected"), PREFIXES)
def test_prefix_of_a_blueprint_stands_in_front(prefix: str, route: str | None, expected: str) -> None:
    """A prefix and a route are joined by one slash, and an empty route is the prefix itself."""
    app, blueprint = azfunc.FunctionApp(), azfunc.Blueprint(url_prefix=prefix)

    @blueprint.route(route)
    def f(req: Any) -> None: ...

    app.register_functions(blueprint)

    assert entries(app)[0]["route"] == expected


def test_generic_trigger_gets_the_prefix_and_keeps_its_own_fields() -> None:
    """Fields that a generic trigger was given stay, and its route is prefixed like any other."""
    app, blueprint = azfunc.FunctionApp(), azfunc.Blueprint(url_prefix="v1")

    @blueprint.generic_trigger("req", "httpTrigger", route="users", auth_level="ANONYMOUS", methods=["GET"])
    def f(req: Any) -> None: ...

    app.register_functions(blueprint)

    assert entries(app) == [
        {
            "direction": "IN",
            "type": "httpTrigger",
            "name": "req",
            "route": "v1/users",
            "authLevel": "ANONYMOUS",
            "methods": ["GET"],
        }
    ]


def test_finishing_a_trigger_leaves_it_as_it_is() -> None:
    """Completing gives a copy; the trigger can be completed again for another app."""
    trigger = HttpTrigger(name="req")

    finished = trigger.finish("f", AppDefaults(auth_level=azfunc.AuthLevel.ADMIN, url_prefix="v1"))

    assert (finished.route, finished.auth_level) == ("v1/f", azfunc.AuthLevel.ADMIN)
    assert (trigger.route, trigger.auth_level) == (None, None)


def test_level_stays_open_when_the_app_has_none() -> None:
    """Without any key level the entry has none, and the host takes its default."""
    app = azfunc.FunctionApp(http_auth_level=None)
    app.route("x")(print)

    assert "authLevel" not in entries(app)[0]


def test_decorated_function_is_called_as_written(app: azfunc.FunctionApp) -> None:
    """A function with a route takes and gives what it was written for."""

    @app.route("shout", methods=["POST"])
    def shout(req: HttpRequest, times: int = 1) -> str:
        return req.get_body().decode().upper() * times

    assert shout(HttpRequest(body="hi"), times=2) == "HIHI"


# --- converters -------------------------------------------------------------------------------------------------------


def library_datum(func: ModuleType) -> Any:
    """Give the Datum class of a library."""
    return Datum if func is azfunc else importlib.import_module("azure.functions.meta").Datum


def converter(func: ModuleType, binding_type: str) -> Any:
    """Give the converter of a library for a binding type."""
    if func is azfunc:
        return azfunc.get_binding_registry().get(binding_type)
    return importlib.import_module("azure.functions.meta").get_binding_registry().get(binding_type)


def host_datum(func: ModuleType, **given: Any) -> Any:
    """Make the datum of a request as the worker makes it."""
    datum = library_datum(func)

    def wrap(values: dict[str, str]) -> dict[str, Any]:
        return {name: datum(value, "string") for name, value in values.items()}

    body = given.get("body", b"")
    return datum(
        {
            "method": datum(given.get("method", "GET"), "string"),
            "url": datum("https://example.test/api/f?x=1", "string"),
            "headers": wrap(given.get("headers", {})),
            "query": wrap(given.get("query", {})),
            "params": wrap(given.get("params", {})),
            "body": datum(body, "string" if isinstance(body, str) else "bytes"),
        },
        "http",
    )


def test_request_is_read_from_the_host(func: ModuleType) -> None:
    """Method, URL, headers, parameters and body arrive; the method in upper case, header names in lower case."""
    datum = host_datum(
        func,
        method="post",
        headers={"Content-Type": JSON, "X-A": "1"},
        query={"x": "1"},
        params={"id": "7"},
        body='{"a": 1}',
    )

    request = converter(func, "httpTrigger").decode(datum, trigger_metadata={})

    assert (request.method, request.url, request.get_body()) == ("POST", "https://example.test/api/f?x=1", b'{"a": 1}')
    assert dict(request.headers) == {"content-type": JSON, "x-a": "1"}
    assert (dict(request.params), dict(request.route_params)) == ({"x": "1"}, {"id": "7"})
    assert request.get_json() == {"a": 1}


@pytest.mark.parametrize("name", ["Content-Type", "content-type", "CONTENT-TYPE"])
def test_content_type_of_the_host_is_found_in_any_letter_case(name: str) -> None:
    """The charset is that of the content type, however the client wrote its name; none without one."""
    datum = host_datum(azfunc, headers={"X-A": "1", name: "application/json; charset=latin-1"}, body=b'"\xe9"')
    assert HttpRequestConverter.decode(datum, trigger_metadata={}).get_json() == "é"

    datum = host_datum(azfunc, headers={"X-A": "1"}, body=b'"\xc3\xa9"')
    assert HttpRequestConverter.decode(datum, trigger_metadata={}).get_json() == "é"


def test_missing_part_of_a_request_is_named() -> None:
    """A datum without one of its parts raises an error that names it."""
    datum = host_datum(azfunc)
    del datum.value["url"]

    with pytest.raises(azfunc.ConversionError, match="has no 'url'"):
        HttpRequestConverter.decode(datum, trigger_metadata={})


@pytest.mark.parametrize("body", [{}, {"body": None}, {"body": Datum(None, None)}], ids=["absent", "None", "empty"])
def test_request_without_a_body_is_read(body: dict[str, Any]) -> None:
    """Unlike the reference, a request may have no body."""
    datum = host_datum(azfunc)
    del datum.value["body"]
    datum.value.update(body)

    assert HttpRequestConverter.decode(datum, trigger_metadata={}).get_body() == b""


@pytest.mark.parametrize("datum", [Datum("x", "string"), Datum(b"x", "bytes"), Datum(None, None), None], ids=str)
def test_only_http_is_a_request(datum: Any) -> None:
    """Another wire type is refused as the worker expects it."""
    with pytest.raises(NotImplementedError):
        HttpRequestConverter.decode(datum, trigger_metadata=None)


def test_response_is_written_as_the_reference_writes_it(func: ModuleType) -> None:
    """Status, headers, body and no cookies; the content type is added to what is sent."""
    response = func.HttpResponse("hi", status_code=201, headers={"X-N": 5})

    datum = converter(func, "http").encode(response, expected_type=None)

    assert datum.type == "http"
    assert {name: each.value for name, each in datum.value["headers"].items()} == {
        "X-N": "5",
        "content-type": "text/plain; charset=utf-8",
    }
    assert (datum.value["status_code"].value, datum.value["body"].value, datum.value["cookies"]) == ("201", b"hi", None)
    assert (datum.value["status_code"].type, datum.value["body"].type) == ("string", "bytes")


def test_cookies_are_written_as_the_worker_reads_them(func: ModuleType) -> None:
    """Each Set-Cookie header becomes a cookie whose parts the worker finds under the names of http.cookies."""
    response = func.HttpResponse("hi")
    response.headers.add("Set-Cookie", "a=1; HttpOnly; Path=/")
    response.headers.add("Set-Cookie", "b=2; Max-Age=5")

    datum = converter(func, "http").encode(response, expected_type=None)

    assert [each.output() for each in datum.value["cookies"]] == [
        "Set-Cookie: a=1; HttpOnly; Path=/",
        "Set-Cookie: b=2; Max-Age=5",
    ]
    (a,) = datum.value["cookies"][0].values()
    (b,) = datum.value["cookies"][1].values()
    assert (a.value, a["path"], bool(a["httponly"]), bool(a["secure"])) == ("1", "/", True, False)
    assert (b.value, b["max-age"], b["expires"], b["samesite"]) == ("2", "5", "", "")
    assert "Set-Cookie" not in datum.value["headers"]


def test_encoding_changes_nothing() -> None:
    """A response can be encoded again, and has the headers it had."""
    response = HttpResponse("hi", headers=[("Set-Cookie", "a=1"), ("Link", "1"), ("link", "2")])
    before = list(response.headers.items())

    first = HttpResponseConverter.encode(response)
    second = HttpResponseConverter.encode(response)

    assert first == second
    assert list(response.headers.items()) == before
    assert len(second.value["cookies"]) == 1


def test_repeated_headers_are_joined() -> None:
    """Unlike the reference, no value of a repeated header is lost: the host takes one, with commas."""
    response = HttpResponse(headers={"Vary": ["A", "B"], "Link": "1"})
    response.headers.add("link", "2")

    headers = HttpResponseConverter.encode(response).value["headers"]

    assert {name: each.value for name, each in headers.items() if name != "content-type"} == {
        "Vary": "A, B",
        "Link": "1, 2",
    }


def test_referrer_policy_is_a_list() -> None:
    """It may repeat: the browser takes the last policy that it knows. Source: Referrer Policy, "Fallback policies"."""
    response = HttpResponse(headers={"Referrer-Policy": ["no-referrer", "strict-origin"]})

    assert HttpResponseConverter.encode(response).value["headers"]["Referrer-Policy"].value == (
        "no-referrer, strict-origin"
    )


@pytest.mark.parametrize("name", ["Content-Type", "Location", "ETag", "content-length"])
def test_header_with_one_value_does_not_repeat(name: str) -> None:
    """A header that has one value by its definition is not joined; the response is refused."""
    response = HttpResponse(headers=[(name, "1"), (name.lower(), "2")])

    with pytest.raises(azfunc.ConversionError) as caught:
        HttpResponseConverter.encode(response)

    assert name.lower() in caught.value.message.lower()
    assert caught.value.hint


def test_response_of_another_library_is_taken() -> None:
    """An object with the reference's attributes is a response once its class is registered, and loses nothing."""

    class Foreign:
        status_code = 418
        mimetype = "text/x"
        charset = "utf-8"
        headers = HttpResponse(headers={"A": ["1", "2"]}).headers

        def get_body(self) -> bytes:
            return b"hi"

    HttpResponse.register(Foreign)

    datum = HttpResponseConverter.encode(Foreign())

    assert (datum.value["status_code"].value, datum.value["body"].value) == ("418", b"hi")
    assert {name: each.value for name, each in datum.value["headers"].items()} == {
        "A": "1, 2",
        "content-type": "text/x; charset=utf-8",
    }
    assert isinstance(HttpResponseConverter.as_response(Foreign()), HttpResponse)


def test_every_answer_is_a_response() -> None:
    """What a function gives becomes a response without going to the wire, a stream unread."""
    streamed = HttpResponse(iter([b"a"]))

    assert HttpResponseConverter.as_response("hi") == HttpResponse("hi")
    assert HttpResponseConverter.as_response(None).status_code == 204
    assert HttpResponseConverter.as_response(streamed) is streamed
    assert streamed.is_streaming


@pytest.mark.parametrize("value", [HttpRequest(), HttpResponse("hi"), azfunc.JsonResponse({})], ids=repr)
def test_message_of_http_is_nothing_for_a_queue(value: Any) -> None:
    """Other outputs refuse requests and responses, alone and in a list."""
    queue: Any = azfunc.get_binding_registry().get("queue")

    for given_value in (value, [value]):
        with pytest.raises(azfunc.UnsupportedValueError):
            queue.encode(given_value, expected_type=None)


def test_unknown_name_of_the_module() -> None:
    """The package says what it has not, and gives what it imports late."""
    package = importlib.import_module("azfunc.bindings.http")

    assert all(hasattr(package, name) for name in package.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'HttpReqest'"):
        package.HttpReqest  # noqa: B018  # reading it raises


ANNOTATIONS: dict[Any, bool] = {
    str: True,
    bytes: True,
    dict: True,
    list: True,
    int: True,
    HttpResponse: True,
    azfunc.JsonResponse: True,
    Order: True,
    type(None): True,
    Any: True,
    list[Order]: True,
    dict[str, int]: True,
    typing.Mapping[str, int]: True,
    Optional[str]: True,  # noqa: UP045  # the older spelling too
    str | HttpResponse: True,
    tuple: False,
    tuple[str, int]: False,
    set: False,
    object: False,
    HttpRequest: False,
    str | HttpRequest: False,
    typing.Iterator[bytes]: False,
    "str": False,
}


@pytest.mark.parametrize(("annotation", "expected"), ANNOTATIONS.items(), ids=str)
def test_annotation_of_a_return_value(annotation: Any, expected: bool) -> None:
    """A return value may be annotated with what the output takes, and with nothing else."""
    assert HttpResponseConverter.check_output_type_annotation(annotation) is expected


# --- streams under the classic worker ---------------------------------------------------------------------------------


def chunks() -> Iterator[bytes]:
    """Give two chunks."""
    yield b"a"
    yield b"b"


async def async_chunks() -> AsyncIterator[str]:
    """Give two chunks, waiting in between."""
    yield "a"
    await asyncio.sleep(0)
    yield "b"


@pytest.mark.parametrize("body", [chunks, async_chunks])
@pytest.mark.parametrize("in_loop", [False, True], ids=["plain", "running loop"])
def test_streamed_body_is_joined_for_the_worker(body: Any, in_loop: bool) -> None:
    """Encoding joins a streamed body, with a warning, on a running loop too, and keeps what it joined."""
    response = HttpResponse(body())

    async def on_a_loop() -> Datum:
        return HttpResponseConverter.encode(response)

    with pytest.warns(azfunc.AzfuncWarning, match="joined"):
        datum = asyncio.run(on_a_loop()) if in_loop else HttpResponseConverter.encode(response)

    assert datum.value["body"].value == b"ab"
    assert HttpResponseConverter.encode(response) == datum


@pytest.mark.filterwarnings("ignore::azfunc.AzfuncWarning")
@pytest.mark.parametrize("body", [chunks, async_chunks])
def test_joining_has_a_limit(body: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A streamed body larger than the limit is an error, and not a process without memory."""
    monkeypatch.setattr(HttpResponse, "join_limit_bytes", 1)

    with pytest.raises(azfunc.InvocationError, match="more than 1 bytes"):
        HttpResponseConverter.encode(HttpResponse(body()))


# --- properties -------------------------------------------------------------------------------------------------------

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)
REQUESTS = st.builds(
    HttpRequest,
    st.sampled_from(["GET", "post", "Patch"]),
    st.text(max_size=20).map("/{}".format),
    headers=st.lists(st.tuples(NAMES, VALUES), max_size=5),
    params=st.none() | st.dictionaries(st.text(max_size=5), st.text(min_size=1, max_size=5), max_size=3),
    route_params=st.dictionaries(NAMES, st.text(min_size=1, max_size=5), max_size=3),
    body=st.none() | st.binary(max_size=20) | st.text(max_size=20),
)


@given(REQUESTS)
def test_any_request_survives_the_wire(request: HttpRequest) -> None:
    """What goes to the wire comes back equal, whatever the request holds."""
    datum, metadata = HttpRequestConverter.to_wire(request)

    assert HttpRequestConverter.decode(datum, trigger_metadata=metadata) == request
