"""`TestClient`: every way to call a function of an app."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
import azfunc.testing
from azfunc.testing import FakeClock, Incoming, TestClient, make

if TYPE_CHECKING:
    from pathlib import Path

# --- messages ---------------------------------------------------------------------------------------------------------


def test_messages_go_through_the_converters(app: func.FunctionApp) -> None:
    """The function gets one that was made from what the host would have sent, equal to the one that was given."""
    seen: list[Any] = []

    @app.queue_output("$return", "done", "S")
    @app.queue_trigger("msg", "todo", "S")
    def relay(msg: func.QueueMessage) -> str:
        seen.append(msg)
        return msg.get_body().decode().upper()

    given = make.queue_message("hi", dequeue_count=3)
    run = TestClient(app).send(relay, given)

    assert run.outputs["$return"] == "HI"
    assert seen == [given]
    assert seen[0] is not given


def test_inputs_are_given_by_name(app: func.FunctionApp) -> None:
    """The trigger's too, whatever its name is."""

    @app.blob_input("function", "a/b", "S")
    @app.queue_trigger("message", "todo", "S")
    def work(message: func.QueueMessage, function: bytes) -> None:
        seen.append((message.get_body(), function))

    seen: list[Any] = []
    client = TestClient(app)

    client.send("work", "x", function=b"blob")
    client.send("work", message="y", function=b"blob")

    assert seen == [(b"x", b"blob"), (b"y", b"blob")]
    with pytest.raises(func.InvocationError, match="called with message, blob"):
        client.send("work", "x", blob=b"")


def test_inputs_of_http_functions_are_given_with_the_request(app: func.FunctionApp) -> None:
    """The request still finds its function by the route."""

    @app.route("items/{id}")
    @app.blob_input("blob", "items/{id}", "S")
    def item(req: func.HttpRequest, blob: str) -> str:
        return f"{req.route_params['id']}: {blob}"

    client = TestClient(app)

    assert client.get("/api/items/7", inputs={"blob": "content"}).get_body() == b"7: content"
    response = asyncio.run(client.arequest("PUT", "/api/items/8", inputs={"blob": make.blob("more")}))
    assert response.get_body() == b"8: more"
    with pytest.raises(func.InvocationError, match=r"Give blob=\.\.\.: blob"):
        client.get("/api/items/7")
    with pytest.raises(func.InvocationError, match="There is no input 'blub'"):
        client.get("/api/items/7", inputs={"blob": "", "blub": ""})


def test_a_request_that_is_sent_has_the_parameters_of_its_path(app: func.FunctionApp) -> None:
    """If the path is one of the function's, and the request has none of its own."""

    @app.route("items/{id}")
    def item(req: func.HttpRequest) -> str:
        return str(dict(req.route_params))

    client = TestClient(app)
    sent = [
        func.HttpRequest("GET", "/api/items/7"),
        func.HttpRequest("GET", "/api/items/7", route_params={"id": "8"}),
        func.HttpRequest("GET", "/elsewhere"),
    ]

    assert [client.send(item, each).returned for each in sent] == ["{'id': '7'}", "{'id': '8'}", "{}"]


def test_what_is_no_app_is_refused() -> None:
    """The error says what there may be."""
    with pytest.raises(TypeError, match="A TestClient was given int") as caught:
        TestClient(5)  # type: ignore[arg-type]  # wrong on purpose

    assert "a function app" in str(caught.value)


def test_the_wire_form_may_be_given(app: func.FunctionApp) -> None:
    """Trigger metadata as the host has it."""

    @app.queue_trigger("msg", "todo", "S")
    def work(msg: func.QueueMessage) -> None:
        seen.append(msg.id)

    seen: list[Any] = []
    datum = func.get_binding_registry().get("queueTrigger").to_wire(func.QueueMessage())[0]  # type: ignore[union-attr]
    TestClient(app).send("work", Incoming(datum, {"Id": "raw"}))

    assert seen == ["raw"]


def test_triggers_that_need_no_message_get_one(app: func.FunctionApp) -> None:
    """A timer is on time, a request has no content."""
    seen: list[Any] = []

    @app.timer_trigger("tick", "0 * * * * *")
    def tick(tick: func.TimerRequest) -> None:
        seen.append(tick.past_due)

    @app.warm_up_trigger("warm")
    def warm(warm: func.WarmUpContext) -> None:
        seen.append(warm)

    @app.route("hello")
    def hello(req: func.HttpRequest) -> None:
        seen.append((req.method, req.get_body()))

    client = TestClient(app)
    for name in ("tick", "warm", "hello"):
        client.send(name)

    assert seen == [False, func.WarmUpContext(), ("GET", b"")]


@pytest.mark.parametrize("content", ["text", b"bytes", {"a": 1}, [1]], ids=["text", "bytes", "dict", "list"])
def test_plain_data_for_http_is_posted(app: func.FunctionApp, content: Any) -> None:
    """Without a route, as content of a request."""

    @app.route("hello")
    def hello(req: func.HttpRequest) -> str:
        return f"{req.method} {req.get_body().decode()}"

    expected = content if isinstance(content, str) else content.decode() if isinstance(content, bytes) else None
    assert TestClient(app).send(hello, content).returned == f"POST {expected or json.dumps(content)}"


def test_batches(app: func.FunctionApp) -> None:
    """As messages, or as plain data; one alone is a batch of one."""

    @app.event_hub_message_trigger("events", "hub", "C", cardinality="many")
    async def count(events: list[func.EventHubEvent]) -> None:
        seen.append([(event.get_body(), event.sequence_number) for event in events])

    seen: list[Any] = []
    client = TestClient(app)
    client.send(count, make.event_hub_events(["a", "b"]))
    client.send(count, ["a", {"b": 1}])
    client.send(count, "a")

    assert seen == [[(b"a", 1), (b"b", 2)], [(b"a", None), (b'{"b": 1}', None)], [(b"a", None)]]


def test_a_trace_belongs_to_a_call(app: func.FunctionApp) -> None:
    """Given with the message, or in the headers of a request."""

    @app.route("hello")
    def hello(req: func.HttpRequest, context: func.Context) -> str:
        return f"{context.trace_context.trace_parent} {context.trace_context.trace_state}"

    client = TestClient(app)
    trace = func.TraceContext(trace_parent="00-a-b-01", trace_state="v=1")

    assert client.send(hello, trace_context=trace).returned == "00-a-b-01 v=1"
    assert client.get("/api/hello", headers={"traceparent": "00-c-d-01"}).get_body() == b"00-c-d-01 None"


# --- calls as they are written ----------------------------------------------------------------------------------------


def test_invoke_hands_arguments_over_as_they_are(app: func.FunctionApp) -> None:
    """By position and by name; outputs still go through the converters."""

    @app.queue_output("out", "done", "S")
    @app.queue_trigger("msg", "todo", "S")
    def work(msg: func.QueueMessage, out: func.Out[str], *, times: int = 1) -> None:
        out.set(msg.get_body().decode() * times)

    message, out = func.QueueMessage(body="x"), func.Out[str]()
    client = TestClient(app)
    run = client.invoke(work, message, out, times=3)

    assert (run.outputs, out.get()) == ({"out": "xxx"}, "xxx")
    assert run.datums["out"].value == "xxx"
    with pytest.raises(TypeError, match="missing a required argument: 'out'"):
        client.invoke(work, message)  # type: ignore[call-arg]


class FakeOut:
    """An out parameter of a user's own."""

    def get(self) -> str:
        """Give what was never set."""
        return "fake"


def test_invoke_takes_fakes_and_any_keywords(app: func.FunctionApp) -> None:
    """A fake that can be read is read."""

    @app.queue_output("out", "done", "S")
    @app.queue_trigger("msg", "todo", "S")
    def work(**kwargs: Any) -> None: ...

    assert TestClient(app).invoke(work, msg="x", out=FakeOut()).outputs == {"out": "fake"}


def test_async_code_has_the_same(app: func.FunctionApp) -> None:
    """``asend``, ``ainvoke`` and ``arequest``, on the running loop, and ``async with``."""

    @app.route("hello")
    async def hello(req: func.HttpRequest) -> str:
        loops.append(asyncio.get_running_loop())
        return "hi"

    loops: list[Any] = []

    async def main() -> None:
        async with TestClient(app) as client:
            assert (await client.asend(hello, make.http())).returned == "hi"
            assert (await client.ainvoke(hello, make.http())).returned == "hi"
            assert (await client.arequest("GET", "/api/hello")).get_body() == b"hi"
            assert (await client.arequest("GET", "/api/none")).status_code == 404
            assert client.get("/api/hello").get_body() == b"hi"  # from where nobody can await, on another loop
            assert loops[:3] == [asyncio.get_running_loop()] * 3

    asyncio.run(main())


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_each_method_of_http_has_one_here(app: func.FunctionApp, method: str) -> None:
    """They take the arguments of a request."""

    @app.route("hello")
    def hello(req: func.HttpRequest) -> str:
        return f"{req.method} {req.params.get('a')} {req.headers.get('x-b')}"

    response = getattr(TestClient(app), method)("/api/hello", params={"a": "1"}, headers={"x-b": "2"})

    assert response.get_body().decode() == f"{method.upper()} 1 2"


def test_all_calls_of_a_block_share_a_loop(app: func.FunctionApp) -> None:
    """What a function keeps on it lives from call to call."""

    @app.timer_trigger("tick", "0 * * * * *")
    async def tick(tick: func.TimerRequest) -> None:
        loops.append(asyncio.get_running_loop())

    loops: list[Any] = []
    with TestClient(app) as client:
        client.send(tick)
        client.send(tick)

    assert loops[0] is loops[1]
    assert "azfunc-loop" not in [thread.name for thread in threading.enumerate()]


def test_a_function_may_use_a_client_of_its_own_app(app: func.FunctionApp) -> None:
    """From a thread and from the loop."""

    @app.route("inner")
    async def inner(req: func.HttpRequest) -> str:
        return "inner"

    @app.route("outer")
    def outer(req: func.HttpRequest) -> bytes:
        return client.get("/api/inner").get_body()

    @app.route("async_outer")
    async def async_outer(req: func.HttpRequest) -> bytes:
        return client.get("/api/inner").get_body()

    with TestClient(app) as client:
        assert client.get("/api/outer").get_body() == b"inner"
        assert client.get("/api/async_outer").get_body() == b"inner"


# --- the latest call --------------------------------------------------------------------------------------------------


def test_the_latest_call_is_kept_also_when_it_fails(app: func.FunctionApp) -> None:
    """A request without a function changes nothing."""

    @app.route("hello")
    def hello(req: func.HttpRequest) -> None:
        raise LookupError("no")

    client = TestClient(app)
    assert client.last_run is None

    with pytest.raises(LookupError) as caught:
        client.get("/api/hello")
    client.get("/api/none")

    assert client.last_run is not None
    assert client.last_run.exception is caught.value
    assert client.last_run is caught.value.run  # type: ignore[attr-defined]


# --- where the app is -------------------------------------------------------------------------------------------------

FUNCTION_APP = """
import os
import azfunc as func

app = func.FunctionApp()

@app.route("hello")
def hello(req: func.HttpRequest, context: func.Context) -> str:
    return f"{os.environ['GREETING']} {context.function_directory}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an app, a host.json and settings."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "function_app.py").write_text(FUNCTION_APP)
    (folder / "host.json").write_text(
        json.dumps({"version": "2.0", "functionTimeout": "00:00:30", "extensions": {"http": {"routePrefix": "shop"}}})
    )
    (folder / "local.settings.json").write_text(json.dumps({"Values": {"GREETING": "hi"}}))
    return folder


@pytest.mark.parametrize("form", ["folder", "text", "file", "module"])
def test_an_app_is_loaded_from_where_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """With its host.json and its settings, which are gone when the client is closed."""
    monkeypatch.chdir(folder)
    targets: dict[str, Any] = {
        "folder": folder,
        "text": str(folder),
        "file": folder / "function_app.py",
        "module": "function_app:app",
    }
    with TestClient(targets[form]) as client:
        assert client.get("/shop/hello").get_body().decode() == f"hi {folder}"
        assert client.host.options.timeout_seconds == 30
        assert client.loaded is not None

    assert "GREETING" not in os.environ
    assert "function_app" not in sys.modules
    with TestClient(folder, route_prefix="", timeout_seconds=1) as client:
        assert (client.host.options.route_prefix, client.host.options.timeout_seconds) == ("", 1)


def test_a_loaded_app_is_unloaded_by_async_code_too(folder: Path) -> None:
    """At the end of its block."""

    async def main() -> None:
        async with TestClient(folder) as client:
            assert (await client.arequest("GET", "/shop/hello")).status_code == 200
        assert "GREETING" not in os.environ

    asyncio.run(main())


def test_a_folder_without_an_app_is_told(tmp_path: Path) -> None:
    """The error is that of loading."""
    with pytest.raises(func.LoadingError):
        TestClient(tmp_path)


# --- the package ------------------------------------------------------------------------------------------------------


def test_the_package_gives_its_names_when_they_are_used() -> None:
    """And says so of names that are none."""
    assert set(azfunc.testing.__all__) <= set(dir(azfunc.testing))
    assert all(getattr(azfunc.testing, name) for name in azfunc.testing.__all__)
    assert isinstance(TestClient([]).clock, FakeClock)
    with pytest.raises(AttributeError, match="no attribute 'Client'"):
        azfunc.testing.Client  # type: ignore[attr-defined]  # noqa: B018


# --- what a request may have ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("/api/echo", "/api/echo?n=5&tag=a&tag=%C3%BC+b"),
        ("/api/echo?z=1", "/api/echo?z=1&n=5&tag=a&tag=%C3%BC+b"),
        ("/api/echo?", "/api/echo?n=5&tag=a&tag=%C3%BC+b"),
        ("/api/echo?z=1#top", "/api/echo?z=1&n=5&tag=a&tag=%C3%BC+b#top"),
    ],
)
def test_params_are_added_to_the_url(app: func.FunctionApp, url: str, seen: str) -> None:
    """The function sees them in the URL, in the query and in params, as those of a client."""

    @app.route("echo", auth_level="anonymous")
    def echo(req: func.HttpRequest) -> dict[str, Any]:
        return {"url": req.url, "params": dict(req.params), "tags": req.query.getlist("tag")}

    told = TestClient(app).get(url, params={"n": 5, "tag": ["a", "ü b"]}).get_json()

    assert told["url"] == seen
    assert told["tags"] == ["a", "ü b"]
    assert (told["params"]["n"], told["params"]["tag"]) == ("5", "a,ü b")


@pytest.mark.parametrize(
    ("option", "hint"),
    [("data", "form="), ("content", "body="), ("follow_redirects", "Location"), ("colour", "headers, params")],
)
def test_options_of_other_clients_are_told(app: func.FunctionApp, option: str, hint: str) -> None:
    """Who writes an option of another client is told what to give here."""
    with pytest.raises(func.DefinitionError, match=f"no option '{option}'") as caught:
        TestClient(app).post("/api/x", **{option: "x"})  # type: ignore[arg-type]  # that is the point

    assert isinstance(caught.value, TypeError)
    assert hint in caught.value.hint


def test_cookies_go_back_by_hand(app: func.FunctionApp) -> None:
    """The cookies of one response are those of the next request."""

    @app.route("visit", auth_level="anonymous")
    def visit(req: func.HttpRequest) -> func.HttpResponse:
        response = func.HttpResponse(req.cookies.get("visits", "0"))
        response.set_cookie("visits", str(int(req.cookies.get("visits", "0")) + 1))
        return response

    client = TestClient(app)
    first = client.get("/api/visit")
    second = client.get("/api/visit", cookies=first.cookies)

    assert (first.text, second.text, second.cookies["visits"]) == ("0", "1", "2")


def test_class_in_place_of_a_response_is_told(app: func.FunctionApp) -> None:
    """It is not taken for a streamed response."""

    @app.route("x", auth_level="anonymous")
    def x(req: func.HttpRequest) -> Any:
        return func.HttpResponse

    with pytest.raises(func.ConversionError, match="the class HttpResponse"):
        TestClient(app).get("/api/x")


def test_plain_data_among_messages_of_a_batch(app: func.FunctionApp) -> None:
    """A batch of both comes as messages; what is neither is refused with function and binding."""
    seen: list[list[func.EventHubEvent]] = []

    @app.event_hub_message_trigger("events", "readings", "Hub")
    def read(events: list[func.EventHubEvent]) -> None:
        seen.append(events)

    with TestClient(app) as client:
        client.send("read", ["a", func.EventHubEvent(body="b", partition_key="k"), b"\xff"])
        with pytest.raises(func.ConversionError) as caught:
            client.send("read", [func.EventHubEvent(body="b"), object()])

    assert [event.get_body() for event in seen[0]] == [b"a", b"b", b"\xff"]
    assert [event.partition_key for event in seen[0]] == [None, "k", None]
    assert (caught.value.function_name, caught.value.binding_name) == ("read", "events")


def test_a_bare_list_is_a_batch(app: func.FunctionApp) -> None:
    """A parameter annotated as a list, of whatever, gets a list."""
    seen: list[Any] = []

    @app.service_bus_queue_trigger("messages", "Bus", "orders")
    def take(messages: list) -> None:  # type: ignore[type-arg]  # the point
        given: list[Any] = messages
        seen.extend(message.get_body() for message in given)

    with TestClient(app) as client:
        client.send("take", ["a", "b"])

    assert seen == [b"a", b"b"]


def test_two_messages_are_refused(app: func.FunctionApp) -> None:
    """A message that is given by the name of the trigger too is not passed over."""

    @app.queue_trigger("msg", "orders", "Storage")
    def take(msg: func.QueueMessage) -> None: ...

    with TestClient(app) as client:
        with pytest.raises(func.ArgumentTypeError, match="two messages, 'positional' and msg='keyword'") as caught:
            client.send("take", "positional", msg="keyword")
        client.send("take", msg="keyword")

    assert (caught.value.function_name, caught.value.binding_name) == ("take", "msg")


def test_the_name_of_a_queue_is_told_from_that_of_its_function(app: func.FunctionApp) -> None:
    """Who sends to a queue instead of a function is told which function it starts."""

    @app.queue_trigger("msg", "orders", "Storage")
    def take(msg: func.QueueMessage) -> None: ...

    with TestClient(app) as client:
        with pytest.raises(func.InvocationError) as caught:
            client.send("orders", "x")
        with pytest.raises(func.InvocationError) as other:
            client.send("nothing", "x")

    assert caught.value.message == "The app has no function 'orders'."
    assert caught.value.hint.endswith("Queue 'orders' starts 'take'; send('take', ...).")
    assert "starts" not in other.value.hint
