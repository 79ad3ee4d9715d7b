"""Parameters with `Body`: what the trigger brought, as a class of the user's."""

from __future__ import annotations

import inspect
import pickle
import threading
import typing
from collections.abc import Iterator, Mapping, Sequence  # noqa: TC003  # annotations are resolved
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, Literal

import pytest

import azfunc as func
from azfunc._core.registry import registry
from azfunc.calls.parameters import marked
from azfunc.runtime.checking import check
from azfunc.testing import TestClient


@dataclass
class Item:
    """Something with a price."""

    product: str
    price: float


@dataclass
class Order:
    """What the functions get."""

    items: list[Item]
    note: str | None = None


@dataclass
class Reading:
    """A small body."""

    value: int = 0


GOOD = {"items": [{"product": "tea", "price": 3}]}
ORDER = Order([Item("tea", 3.0)])
BAD = {"items": [{"product": "tea", "price": "3"}], "notes": "x"}
PROBLEMS = [
    {"field": "notes", "problem": "is no field of Order; did you mean 'note'?"},
    {"field": "items[0].price", "problem": "wanted a number, got '3'"},
]


@pytest.fixture
def app() -> func.FunctionApp:
    """An app without functions."""
    return func.FunctionApp(http_auth_level="anonymous")


@pytest.fixture
def seen() -> list[Any]:
    """What functions got."""
    return []


# --- HTTP -------------------------------------------------------------------------------------------------------------


def beside_request(app: func.FunctionApp, seen: list[Any]) -> None:
    """A function that takes the request as well."""

    @app.route("orders")
    def create(req: func.HttpRequest, order: Annotated[Order, func.Body()]) -> str:
        seen.append(order)
        return req.method


def in_place_of_request(app: func.FunctionApp, seen: list[Any]) -> None:
    """A function whose trigger has the name of the parameter."""

    @app.route("orders", trigger_arg_name="order")
    def create(order: Annotated[Order, func.Body()]) -> str:
        seen.append(order)
        return "POST"


def without_request(app: func.FunctionApp, seen: list[Any]) -> None:
    """A function without a parameter for the request."""

    @app.route("orders")
    def create(order: Annotated[Order, func.Body()]) -> str:
        seen.append(order)
        return "POST"


def async_without_request(app: func.FunctionApp, seen: list[Any]) -> None:
    """An async function."""

    @app.route("orders")
    async def create(order: Annotated[Order, func.Body()], context: func.Context) -> str:
        assert context.function_name == "create"
        seen.append(order)
        return "POST"


def taking_all(app: func.FunctionApp, seen: list[Any]) -> None:
    """A function that takes whatever there is."""

    @app.route("orders")
    def create(order: Annotated[Order, func.Body()], **others: Any) -> str:
        seen.append(order)
        return str(others["req"].method)


def beside_anything(app: func.FunctionApp, seen: list[Any]) -> None:
    """A function that says nothing of the request, and something beside the type of another parameter."""

    @app.route("orders")
    def create(req: Any, context: Annotated[func.Context, "of the call"], order: Annotated[Order, func.Body()]) -> str:
        seen.append(order)
        return str(req.method)


def with_out_parameter(app: func.FunctionApp, seen: list[Any]) -> None:
    """A function that sets its response."""

    @app.route("orders", binding_arg_name="res")
    def create(order: Annotated[Order, func.Body()], res: func.Out[func.HttpResponse]) -> None:
        seen.append(order)
        res.set(func.HttpResponse("POST"))


FORMS = [
    beside_request,
    in_place_of_request,
    without_request,
    async_without_request,
    taking_all,
    beside_anything,
    with_out_parameter,
]


@pytest.mark.parametrize("declare", FORMS)
def test_request_is_read_in_each_form(declare: Any, app: func.FunctionApp, seen: list[Any]) -> None:
    """The function gets an object of its class, however it names request and body; the app has no fault."""
    declare(app, seen)

    response = TestClient(app).post("/api/orders", json=GOOD)

    assert (response.status_code, response.text) == (200, "POST")
    assert seen == [ORDER]
    assert check(app).problems == ()


@pytest.mark.parametrize("declare", FORMS)
def test_request_that_does_not_fit_is_answered(declare: Any, app: func.FunctionApp, seen: list[Any]) -> None:
    """Status 422 has all problems as JSON, and the function is not called."""
    declare(app, seen)

    response = TestClient(app).post("/api/orders", json=BAD)

    assert response.status_code == 422
    assert response.mimetype == "application/json"
    assert response.get_json() == {"problems": PROBLEMS}
    assert seen == []


def test_bindings_and_decorated_function_stay(app: func.FunctionApp, seen: list[Any]) -> None:
    """function.json is that of a function without a body, and a test calls the function with its own parameters."""

    @app.route("orders", methods="POST")
    def create(order: Annotated[Order, func.Body()]) -> str:
        return order.items[0].product

    plain = func.FunctionApp(http_auth_level="anonymous")

    @plain.function_name("create")
    @plain.route("orders", methods="POST")
    def _create(req: func.HttpRequest) -> str:
        return req.method

    [function], [other] = app.get_functions(), plain.get_functions()
    assert function.get_bindings_dict() == other.get_bindings_dict()
    assert create(ORDER) == "tea"
    assert list(marked(create)) == ["order"]
    parameters = inspect.signature(function.get_user_function()).parameters
    assert parameters["req"].annotation is func.HttpRequest
    assert "order" not in parameters


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"", "application/json", "is empty"),
        (b"{", "application/json", "is no JSON: "),
        (b"a=1", "application/x-www-form-urlencoded", "got application/x-www-form-urlencoded"),
        (b"a", "Multipart/Form-Data; boundary=x", "got multipart/form-data"),
    ],
    ids=["empty", "text", "form", "files"],
)
def test_what_is_no_json_is_answered(body: bytes, content_type: str, text: str, app: func.FunctionApp) -> None:
    """An empty body, text that is no JSON and forms are problems of the whole."""
    without_request(app, [])

    response = TestClient(app).post("/api/orders", body=body, headers={"content-type": content_type})

    assert response.status_code == 422
    [problem] = response.get_json()["problems"]
    assert problem["field"] == ""
    assert text in problem["problem"]


def test_entry_can_be_called_with_positions(app: func.FunctionApp) -> None:
    """What the host calls takes its arguments in any manner, as plain functions do."""
    beside_request(app, [])
    [function] = app.get_functions()

    response: Any = function.get_user_function()(func.HttpRequest("POST", "/", json=BAD))

    assert response.status_code == 422


def test_default_stands_for_an_empty_body(app: func.FunctionApp) -> None:
    """A parameter with a default needs no body."""

    @app.route("orders")
    def create(order: Annotated[Reading | None, func.Body()] = None) -> str:
        return repr(order)

    client = TestClient(app)

    assert client.post("/api/orders").text == "None"
    assert client.post("/api/orders", json={"value": 2}).text == "Reading(value=2)"


def test_exception_handler_comes_first(app: func.FunctionApp) -> None:
    """Middleware and exception handlers see the error before it becomes an answer."""
    steps: list[str] = []

    @app.middleware
    def watching(call: func.Call) -> Iterator[None]:
        try:
            yield
        except func.BodyError as error:
            steps.append(error.problems[0][0])
            raise

    @app.exception_handler(func.BodyError)
    def refuse(error: func.BodyError, call: func.Call) -> func.HttpResponse:
        return func.HttpResponse(f"{call.function_name}: {len(error.problems)}", status_code=400)

    without_request(app, [])
    response = TestClient(app).post("/api/orders", json=BAD)

    assert (response.status_code, response.text) == (400, "create: 2")

    del app._lender.surroundings.handlers[func.BodyError]  # pyright: ignore[reportPrivateUsage]  # to see what is without it
    assert TestClient(app).post("/api/orders", json=BAD).status_code == 422
    assert steps == ["notes"]


def test_text_of_an_annotation_is_enough(app: func.FunctionApp, seen: list[Any], monkeypatch: Any) -> None:
    """Annotations that are text load the marker when the app is indexed; an app without any loads nothing."""
    monkeypatch.setattr(registry, "inject", None)
    without_request(app, seen)
    assert TestClient(app).post("/api/orders", json=GOOD).status_code == 200

    monkeypatch.setattr(registry, "inject", None)
    plain = func.FunctionApp()

    @plain.queue_trigger("msg", "q", "C")
    def take(msg: Annotated[func.QueueMessage, "plain"]) -> None: ...

    assert plain.get_functions()[0].get_user_function() is take.__wrapped__
    assert registry.inject is None


# --- messages ---------------------------------------------------------------------------------------------------------


def test_queue_message_is_read(app: func.FunctionApp, seen: list[Any]) -> None:
    """The trigger's own parameter, or one beside it, gets the body of the message."""

    @app.queue_trigger("order", "orders", "Storage")
    def own(order: Annotated[Order, func.Body()]) -> None:
        seen.append(order)

    @app.queue_trigger("msg", "orders", "Storage")
    def beside(msg: func.QueueMessage, orders: Annotated[list[Order], func.Body()]) -> None:
        seen.append((msg.id, orders))

    client = TestClient(app)
    client.send("own", func.QueueMessage(body=func.JsonResponse(GOOD).get_body()))
    client.send("beside", func.QueueMessage(id="7", body=func.JsonResponse([GOOD]).get_body()))

    assert seen == [ORDER, ("7", [ORDER])]
    assert check(app).problems == ()


def test_message_that_does_not_fit_fails(app: func.FunctionApp) -> None:
    """The error names function, parameter, fields and place, and the call fails with it."""

    @app.queue_trigger("order", "orders", "Storage")
    def take(order: Annotated[Order, func.Body()]) -> None: ...

    with pytest.raises(func.BodyError, match="parameter 'order' of function 'take'") as caught:
        TestClient(app).send("take", func.QueueMessage(body=func.JsonResponse(BAD).get_body()))

    error = caught.value
    assert isinstance(error, func.ConversionError)
    assert error.problems == tuple((each["field"], each["problem"]) for each in PROBLEMS)
    assert "items[0].price: wanted a number, got '3'" in error.message
    assert (error.function_name, error.binding_name) == ("take", "order")
    assert error.location is not None
    assert "test_body.py" in error.location
    assert "Order" in error.hint
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.problems, again.function_name) == (str(error), error.problems, "take")


def test_message_of_the_error_is_short(app: func.FunctionApp) -> None:
    """Of many problems the text shows the first ones."""

    @app.queue_trigger("numbers", "q", "Storage")
    def take(numbers: Annotated[list[int], func.Body()]) -> None: ...

    with pytest.raises(func.BodyError, match="and 45 more") as caught:
        TestClient(app).send("take", func.QueueMessage(body=func.JsonResponse(["x"] * 99).get_body()))

    assert len(caught.value.problems) == 50


BATCHES: list[tuple[str, dict[str, Any], Any]] = [
    ("service_bus_queue_trigger", {"queue_name": "q", "connection": "C"}, func.ServiceBusMessage),
    ("event_hub_message_trigger", {"event_hub_name": "h", "connection": "C"}, func.EventHubEvent),
    ("kafka_trigger", {"topic": "t", "broker_list": "b"}, func.KafkaEvent),
]


@pytest.mark.parametrize(("trigger", "options", "message"), BATCHES, ids=[each[0] for each in BATCHES])
def test_batch_is_read_message_by_message(
    trigger: str, options: dict[str, Any], message: Any, app: func.FunctionApp, seen: list[Any]
) -> None:
    """A list as annotation makes a batch of it; places begin with the message's index."""

    def take(readings: Annotated[list[Reading], func.Body()]) -> None:
        seen.append(readings)

    getattr(app, trigger)("readings", **options)(take)
    client = TestClient(app)
    client.send("take", [message(body=b'{"value": 1}'), message(body=b'{"value": 2}')])
    with pytest.raises(func.BodyError) as caught:
        client.send("take", [message(body=b"{}"), message(body=b'{"value": "2"}'), message(body=b"?")])

    assert seen == [[Reading(1), Reading(2)]]
    [first, second] = caught.value.problems
    assert first == ("[1].value", "wanted a whole number, got '2'")
    assert second[0] == "[2]"
    [function] = app.get_functions()
    assert function.get_trigger().get_dict_repr()["cardinality"] is func.Cardinality.MANY  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]  # it has one
    parameters = inspect.signature(function.get_user_function()).parameters
    assert parameters["readings"].annotation == typing.List[message]  # noqa: UP006  # which the worker knows
    assert check(app).problems == ()


def test_batch_is_read_beside_its_messages(app: func.FunctionApp, seen: list[Any]) -> None:
    """A list of objects goes with a list of messages."""

    @app.service_bus_queue_trigger("msgs", "C", "q")
    def take(msgs: list[func.ServiceBusMessage], readings: Annotated[list[Reading], func.Body()]) -> None:
        seen.extend(zip([msg.message_id for msg in msgs], readings, strict=True))

    client = TestClient(app)
    client.send("take", [func.ServiceBusMessage(body='{"value": 1}', message_id="7")])

    assert seen == [("7", Reading(1))]


def test_batch_with_many_bad_messages_is_not_read_to_its_end(app: func.FunctionApp) -> None:
    """Fifty problems are enough."""

    @app.event_hub_message_trigger("readings", "C", "h")
    def take(readings: Annotated[Sequence[Reading], func.Body()]) -> None: ...

    with pytest.raises(func.BodyError) as caught:
        TestClient(app).send("take", [func.EventHubEvent(body=b"?")] * 60)

    assert [place for place, _ in caught.value.problems] == [f"[{index}]" for index in range(50)]


def test_value_of_a_kafka_event_is_read(app: func.FunctionApp, seen: list[Any]) -> None:
    """The JSON that the host puts around the value is not the body."""

    @app.kafka_trigger("reading", "t", "b")
    def take(reading: Annotated[Reading, func.Body()]) -> None:
        seen.append(reading)

    envelope = {"Offset": 1, "Partition": 0, "Topic": "t", "Timestamp": "2026-01-01T00:00:00Z", "Value": '{"value": 3}'}
    envelope |= {"Headers": [], "Key": None}
    TestClient(app).send("take", func.KafkaEvent(body=func.JsonResponse(envelope).get_body()))

    assert seen == [Reading(3)]


def test_text_of_any_trigger_is_read(app: func.FunctionApp, seen: list[Any]) -> None:
    """What comes as text, bytes or plain data is read too; the annotation at the host is left out."""

    @app.generic_trigger("reading", type="someTrigger")
    def take(reading: Annotated[Reading, func.Body()]) -> None:
        seen.append(reading)

    @app.generic_trigger("many", type="someTrigger")
    def take_many(many: Annotated[list[Reading], func.Body(extra="ignore")] = []) -> None:  # noqa: B006  # never changed
        seen.append(many)

    @app.cosmos_db_trigger("docs", "C", "d", "c")
    def changed(docs: Annotated[list[Reading], func.Body(extra="ignore")]) -> None:
        seen.append(docs)

    client = TestClient(app)
    client.send("take", '{"value": 1}')
    client.send("take", b'{"value": 2}')
    client.send("take_many", '[{"value": 3, "more": 4}]')
    client.send("take_many", "")
    client.send("changed", func.DocumentList([{"value": 5, "_etag": "x"}]))

    assert seen == [Reading(1), Reading(2), [Reading(3)], [], [Reading(5)]]
    assert check(app).problems == ()


def test_data_of_an_event_is_read(app: func.FunctionApp, seen: list[Any]) -> None:
    """Of an event of Event Grid the data is the body."""

    @app.event_grid_trigger("reading")
    def take(reading: Annotated[Reading, func.Body()]) -> None:
        seen.append(reading)

    TestClient(app).send("take", func.EventGridEvent(id="1", data={"value": 3}))

    assert seen == [Reading(3)]


# --- definitions ------------------------------------------------------------------------------------------------------


def refused(app: func.FunctionApp) -> func.DefinitionError:
    """Index an app that cannot be, and give its error."""
    with pytest.raises(func.DefinitionError) as caught:
        app.get_functions()
    assert "test_body.py" in str(caught.value.location)
    assert caught.value.function_name == "take"
    return caught.value


def test_type_that_cannot_be_read_is_refused(app: func.FunctionApp) -> None:
    """The error names function, parameter and the place in the type."""

    @app.queue_trigger("msg", "q", "C")
    def take(msg: func.QueueMessage, body: Annotated[dict[str, list[complex]], func.Body()]) -> None: ...

    error = refused(app)

    assert "Parameter 'body' of function 'take' cannot be read from JSON: nothing reads complex ([...][])" in str(error)
    assert "dataclass" in error.hint


def test_whole_type_that_cannot_be_read_is_refused(app: func.FunctionApp) -> None:
    """A type that is wrong as a whole has no place in it."""

    @app.queue_trigger("body", "q", "C")
    def take(body: Annotated[complex, func.Body()]) -> None: ...

    assert refused(app).message.endswith("cannot be read from JSON: nothing reads complex.")


def test_one_object_for_a_batch_is_refused(app: func.FunctionApp) -> None:
    """What brings a batch fills a list."""

    @app.service_bus_queue_trigger("reading", "C", "q", cardinality="many")
    def take(reading: Annotated[Reading, func.Body()]) -> None: ...

    assert "list[Reading]" in refused(app).hint


def test_mapping_for_a_batch_is_refused(app: func.FunctionApp) -> None:
    """A collection of another kind is no list."""

    @app.service_bus_queue_trigger("msgs", "C", "q", cardinality="many")
    def take(msgs: list[func.ServiceBusMessage], bodies: Annotated[Mapping[str, int], func.Body()]) -> None: ...

    assert "brings a batch" in refused(app).message


def test_trigger_without_a_body_is_refused(app: func.FunctionApp) -> None:
    """A timer brings no body."""

    @app.timer_trigger("tick", "0 * * * * *")
    def take(tick: func.TimerRequest, body: Annotated[Reading, func.Body()]) -> None: ...

    assert "timerTrigger brings none" in refused(app).message


def test_parameter_of_another_binding_is_refused(app: func.FunctionApp) -> None:
    """A body is that of the trigger."""

    @app.blob_input("body", "in/a.json", "C")
    @app.queue_trigger("msg", "q", "C")
    def take(msg: func.QueueMessage, body: Annotated[Reading, func.Body()]) -> None: ...

    assert "'msg'" in refused(app).hint


def test_request_of_another_library_is_refused(app: func.FunctionApp) -> None:
    """A body is read from azfunc's request, whose methods need no await."""

    class Request:
        """A request of a web framework."""

    @app.route("orders")
    def take(req: Any, body: Annotated[Reading, func.Body()]) -> None: ...

    take.__wrapped__.__annotations__["req"] = Request

    assert "func.HttpRequest" in refused(app).hint


def test_unknown_word_for_extra_is_refused() -> None:
    """`extra` takes two words."""
    with pytest.raises(func.UnknownNameError, match="'drop'") as caught:
        func.Body(extra="drop")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # what is tested

    assert "'ignore'" in caught.value.hint


class Creating:
    """An object that is called like a function."""

    def __call__(self, order: Annotated[Order, func.Body()]) -> str:
        """Give the first product."""
        return order.items[0].product


def create_partly(order: Annotated[Order, func.Body()], greeting: str) -> str:
    """A function for a partial."""
    return greeting + order.items[0].product


@pytest.mark.parametrize(
    ("made", "text"),
    [(Creating(), "tea"), (partial(create_partly, greeting="the "), "the tea")],
    ids=["object", "partial"],
)
def test_whatever_is_called_can_have_a_body(made: Any, text: str, app: func.FunctionApp) -> None:
    """Objects and partials are functions too."""
    app.function_name("create")(app.route("orders")(made))

    assert TestClient(app).post("/api/orders", json=GOOD).text == text


# --- pydantic ---------------------------------------------------------------------------------------------------------


def test_model_of_pydantic_is_read(app: func.FunctionApp, seen: list[Any]) -> None:
    """Models, collections of them and constraints go through pydantic, whose errors become problems."""
    pydantic = pytest.importorskip("pydantic")

    class Line(pydantic.BaseModel):  # type: ignore[misc, name-defined]
        price: float

    @dataclass
    class Cart:
        lines: list[Line]
        count: Annotated[int, pydantic.Field(gt=0)] = field(default=1)

    Cart.__annotations__ = {"lines": list[Line], "count": Annotated[int, pydantic.Field(gt=0)]}

    @app.queue_trigger("body", "q", "C")
    def take(body: Any) -> None:
        seen.append(body)

    take.__wrapped__.__annotations__["body"] = Annotated[Cart, func.Body()]
    client = TestClient(app)
    client.send("take", func.QueueMessage(body='{"lines": [{"price": 2}]}'))
    with pytest.raises(func.BodyError) as caught:
        client.send("take", func.QueueMessage(body='{"lines": [{"price": "x"}, {}], "count": 0}'))

    assert seen == [Cart([Line(price=2)])]
    assert [place for place, _ in caught.value.problems] == ["lines[0].price", "lines[1].price", "count"]
    assert "greater than 0" in caught.value.problems[2][1]


def test_model_that_pydantic_cannot_read_is_refused(app: func.FunctionApp) -> None:
    """What pydantic says of a type is told when the app is indexed."""
    pydantic = pytest.importorskip("pydantic")

    @app.queue_trigger("body", "q", "C")
    def take(body: Any) -> None: ...

    take.__wrapped__.__annotations__["body"] = Annotated[
        Annotated[threading.Lock().__class__, pydantic.Field(title="x")], func.Body()
    ]

    assert "pydantic cannot read it" in refused(app).message


def test_model_of_old_pydantic_is_read(app: func.FunctionApp, seen: list[Any]) -> None:
    """Models of pydantic's release 1 read themselves."""
    old = pytest.importorskip("pydantic.v1")

    class Line(old.BaseModel):  # type: ignore[misc, name-defined]
        price: float

    class Numbers(old.BaseModel):  # type: ignore[misc, name-defined]
        __root__: list[int]

    @app.queue_trigger("body", "q", "C")
    def take(body: Any) -> None:
        seen.append(body)

    take.__wrapped__.__annotations__["body"] = Annotated[dict[str, Line | Numbers], func.Body()]
    client = TestClient(app)
    client.send("take", func.QueueMessage(body='{"a": {"price": 2}, "b": [1]}'))
    with pytest.raises(func.BodyError) as caught:
        client.send("take", func.QueueMessage(body='{"a": {"price": "x"}}'))

    assert seen == [{"a": Line(price=2), "b": Numbers.parse_obj([1])}]
    assert [place for place, _ in caught.value.problems] == ["a.price"]


def test_extra_is_shown() -> None:
    """A marker is a value, shown as it is written."""
    assert repr(func.Body(extra="ignore")) == "Body(extra='ignore')"
    assert func.Body() != func.Body(extra="ignore")
    assert {func.Body(), func.Body()} == {func.Body()}
    assert func.Body() != 1
    wanted: Literal["forbid", "ignore"] = "forbid"
    assert func.Body().extra == wanted
