"""Models of pydantic as outputs of every service: each is its JSON object, and never the pairs it iterates over."""

from __future__ import annotations

import datetime
import decimal
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.jsonlib import dumps
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from azfunc._core.decorators import Decorator

OBJECT = {"PartitionKey": "todo", "RowKey": "7", "dueOn": "2026-01-02"}
"""What the models of this file are in JSON."""


class Model:
    """A model as release 2 of pydantic makes them, as far as azfunc looks."""

    def __init__(self, data: Any = None) -> None:
        self.data = OBJECT if data is None else data

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter([("row_key", "7"), ("due_on", datetime.date(2026, 1, 2))])

    def model_dump(self, *, mode: str, by_alias: bool) -> Any:
        """Give the data, as the two arguments ask for."""
        if (mode, by_alias) != ("json", True):
            raise AssertionError
        if isinstance(self.data, Exception):
            raise self.data
        return self.data

    @classmethod
    def parse_obj(cls, data: Any) -> Model:
        """Read a model; release 2 has the method as well."""
        return cls(data)


class OldModel:
    """A model as release 1 of pydantic makes them."""

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter([("row_key", "7"), ("due_on", datetime.date(2026, 1, 2))])

    def json(self, *, by_alias: bool) -> str:
        """Give the JSON text."""
        return json.dumps(OBJECT if by_alias else {})

    @classmethod
    def parse_obj(cls, data: Any) -> OldModel:
        """Read a model."""
        return cls()


@dataclass
class Order:
    """A dataclass with a model in it."""

    model: Any


MODELS = [pytest.param(Model, id="release 2"), pytest.param(OldModel, id="release 1")]

OUTPUTS: dict[str, Callable[[func.FunctionApp], Decorator]] = {
    "blob": lambda app: app.blob_output("out", "todo/a.json", "Storage"),
    "event grid": lambda app: app.event_grid_output("out", "Uri", "Key"),
    "event hub": lambda app: app.event_hub_output("out", "Hub", "todo"),
    "generic": lambda app: app.generic_output_binding("out", "anyOutput"),
    "kafka": lambda app: app.kafka_output("out", "todo", "Brokers"),
    "queue": lambda app: app.queue_output("out", "todo", "Storage"),
    "rabbitmq": lambda app: app.rabbitmq_output("out", "todo", "Rabbit"),
    "service bus queue": lambda app: app.service_bus_queue_output("out", "Bus", "todo"),
    "service bus topic": lambda app: app.service_bus_topic_output("out", "Bus", "todo"),
    "table": lambda app: app.table_output("out", "todo", "Storage"),
}
ROW_OUTPUTS: dict[str, Callable[[func.FunctionApp], Decorator]] = {
    "cosmos": lambda app: app.cosmos_db_output("out", "todo", "items", "Cosmos"),
    "kusto": lambda app: app.kusto_output("out", "todo", "items", "Kusto"),
    "mysql": lambda app: app.mysql_output("out", "items", "MySql"),
    "sql": lambda app: app.sql_output("out", "items", "Sql"),
}


ALL_OUTPUTS: dict[str, Callable[[func.FunctionApp], Decorator]] = {**OUTPUTS, **ROW_OUTPUTS}


def within_dict(each: Any) -> Any:
    """Give a dict with a model in it."""
    return {"model": each}


def sent(app: func.FunctionApp, output: Callable[[func.FunctionApp], Decorator], value: Any) -> Any:
    """Give what JSON an output sends for a value."""

    @output(app)
    @app.timer_trigger("tick", "0 0 * * * *")
    def work(tick: func.TimerRequest, out: func.Out[Any]) -> None:
        out.set(value)

    datum = TestClient(app).send("work").datums["out"]
    assert datum is not None
    return json.loads(datum.value)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("output", OUTPUTS)
def test_model_is_sent_as_its_object(app: func.FunctionApp, output: str, model: Any) -> None:
    """A model is one message, the object that its own serializers make under its aliases."""
    assert sent(app, OUTPUTS[output], model()) == OBJECT


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("output", ROW_OUTPUTS)
def test_model_is_one_row(app: func.FunctionApp, output: str, model: Any) -> None:
    """A model is one row of a database."""
    assert sent(app, ROW_OUTPUTS[output], model()) == [OBJECT]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("output", ALL_OUTPUTS)
def test_list_of_models_is_a_list_of_objects(app: func.FunctionApp, output: str, model: Any) -> None:
    """Several models are several messages or rows."""
    assert sent(app, ALL_OUTPUTS[output], [model(), model()]) == [OBJECT, OBJECT]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("value", [within_dict, Order], ids=["dict", "dataclass"])
def test_model_in_another_value_is_its_object(app: func.FunctionApp, value: Any, model: Any) -> None:
    """A model within a dict or a dataclass is written by the same rule."""
    assert sent(app, OUTPUTS["queue"], value(model())) == {"model": OBJECT}


@pytest.mark.parametrize("model", MODELS)
def test_returned_model_is_a_json_response(app: func.FunctionApp, model: Any) -> None:
    """A function may return a model, or a list of them, to whoever called it over HTTP."""

    @app.route("one")
    def one(req: func.HttpRequest) -> Any:
        return model()

    @app.route("many")
    def many(req: func.HttpRequest) -> Any:
        return [model()]

    client = TestClient(app)

    assert client.get("/api/one").headers["content-type"] == "application/json"
    assert json.loads(client.get("/api/one").get_body()) == OBJECT
    assert json.loads(client.get("/api/many").get_body()) == [OBJECT]
    assert json.loads(func.JsonResponse(model()).get_body()) == OBJECT


@pytest.mark.parametrize("model", MODELS)
def test_model_is_no_body_of_chunks(model: Any) -> None:
    """A model iterates over pairs, which are no chunks of a response."""
    with pytest.raises(func.ArgumentTypeError) as caught:
        func.HttpResponse(model())

    assert "JsonResponse" in caught.value.hint


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "kind", ["queue", "blob", "http", "serviceBus", "eventHub", "eventGrid", "cosmosDB", "sql", "table", "signalR"]
)
def test_model_may_be_annotated(kind: str, model: Any) -> None:
    """A model passes as the annotation of an output, alone and in a list where lists do."""
    converter = func.get_binding_registry().get(kind)

    assert converter is not None
    assert converter.check_output_type_annotation(model)


@pytest.mark.parametrize("output", ["queue", "blob", "generic", "cosmos", "table"])
def test_model_that_cannot_be_written_says_so(app: func.FunctionApp, output: str) -> None:
    """What a model's own serializers refuse is refused with their words, and nothing is sent."""
    with pytest.raises(func.UnsupportedValueError, match=r"Model cannot be written as JSON: invalid utf-8") as caught:
        sent(app, ALL_OUTPUTS[output], Model(ValueError("invalid utf-8")))

    assert caught.value.binding_name == "out"


@pytest.mark.parametrize("output", ["cosmos", "sql", "table"])
def test_model_of_a_list_is_no_row(app: func.FunctionApp, output: str) -> None:
    """A model of one value that is no object makes no row; the error says what it is."""
    with pytest.raises(func.UnsupportedValueError, match="a Model is a list of int in JSON, not an object"):
        sent(app, ALL_OUTPUTS[output], Model([1, 2]))


def test_method_of_the_user_comes_before_the_models_own() -> None:
    """A model that has a ``to_dict()`` is written as that gives it."""

    class Spoken(Model):
        def to_dict(self) -> dict[str, Any]:
            return {"said": True}

    assert dumps(Spoken()) == '{"said": true}'


def test_argument_of_a_signalr_message_is_not_taken_apart() -> None:
    """Only several arguments are a list of arguments; a model or a dict alone is refused, not sent as its pieces."""
    for value in (Model(), {"a": 1}, b"ab"):
        with pytest.raises(func.ConversionError, match=r"arguments of a SignalRMessage are a list"):
            func.SignalRMessage("news", value)  # type: ignore[arg-type]  # the point of the test

    assert func.SignalRMessage("news", [Model()]).to_json() == dumps({"target": "news", "arguments": [OBJECT]})


def test_models_of_pydantic_are_written() -> None:
    """Pydantic's own models are written with their aliases, secrets masked, nested ones and those of release 1 too."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is never required")
    line: Any = pydantic.create_model("Line", price=(decimal.Decimal, decimal.Decimal("1.50")))
    order = pydantic.create_model(
        "Order",
        due_on=(datetime.date, pydantic.Field(alias="dueOn")),
        token=(pydantic.SecretStr, pydantic.SecretStr("hunter2")),
        lines=(list[line], [line()]),
    )
    old = pytest.importorskip("pydantic.v1").create_model("Old", due_on=(datetime.date, datetime.date(2026, 1, 2)))

    assert json.loads(dumps([order(dueOn="2026-01-02"), old()])) == [
        {"dueOn": "2026-01-02", "token": "**********", "lines": [{"price": "1.50"}]},
        {"due_on": "2026-01-02"},
    ]
