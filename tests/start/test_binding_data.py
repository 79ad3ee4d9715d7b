"""Binding data and expressions: what stands in braces and percent signs, and the paths of blob triggers."""

from __future__ import annotations

import re
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.wire import Incoming, to_wire
from azfunc.start.binding_data import PathPattern, binding_data, fill, fill_settings


@pytest.fixture
def queue(app: func.FunctionApp) -> Any:
    """Give a queue trigger."""

    @app.queue_trigger("msg", "todo", "Storage")
    def handler(msg: func.QueueMessage) -> None: ...

    [function] = app.get_functions()
    return function.get_trigger()


@pytest.fixture
def http(app: func.FunctionApp) -> Any:
    """Give an HTTP trigger."""

    @app.route("x/{id}")
    def handler(req: func.HttpRequest) -> None: ...

    [function] = app.get_functions()
    return function.get_trigger()


def test_queue_gives_text_properties_and_metadata(queue: Any) -> None:
    """A message gives its text, the properties of its JSON, and its metadata."""
    data = binding_data(queue, to_wire(queue, func.QueueMessage(id="7", body='{"name": "a", "id": "x"}')))

    assert data["queueTrigger"] == '{"name": "a", "id": "x"}'
    assert data["name"] == "a"
    assert fill("{id}-{Id}", data) == "x-7"


@pytest.mark.parametrize("body", [b"\xff\x00", b"plain", b"{no json", b"[1]"])
def test_other_bodies_give_their_text(queue: Any, body: bytes) -> None:
    """What is no JSON object has no properties."""
    data = binding_data(queue, Incoming(Datum(body, "bytes")))

    assert data == {"queueTrigger": body.decode(errors="replace")}


def test_http_gives_route_query_headers_and_body(http: Any) -> None:
    """A request gives its route's values, its query, its headers, and the properties of its body."""
    request = func.HttpRequest(
        "POST", "/api/x/7?page=2", headers={"x-who": "me"}, route_params={"id": "7"}, json={"name": "n"}
    )

    data = binding_data(http, to_wire(http, request))

    assert fill("{id}/{page}/{query.page}/{headers.x-who}/{name}", data) == "7/2/2/me/n"


def test_request_without_a_body_has_no_properties(http: Any) -> None:
    """A request that the host sends without a body gives the rest."""
    datum, metadata = to_wire(http, func.HttpRequest("GET", "/?a=b")).datum, {}
    parts = {name: part for name, part in datum.value.items() if name != "body"}

    assert binding_data(http, Incoming(Datum(parts, "http"), metadata))["a"] == "b"


def test_expressions_of_the_host() -> None:
    """There are values that every call has: UUIDs in their formats, the time, the name of the function."""
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", fill("{rand-guid}", {}))
    assert re.fullmatch(r"[0-9a-f]{32}", fill("{rand-guid:N}", {}))
    assert re.fullmatch(r"\{[0-9a-f-]{36}\}", fill("{rand-guid:B}", {}))
    assert re.fullmatch(r"\([0-9a-f-]{36}\)", fill("{sys.randGuid:P}", {}))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", fill("{DateTime}", {}))
    assert fill("{sys.methodname}", {}, function_name="f") == "f"


def test_values_are_found_in_any_letter_case_and_depth() -> None:
    """Names are found without regard to letter case, in objects of objects; numbers and flags are written as JSON."""
    data = {"Order": {"id": 7, "paid": True}, "name": "a b"}

    assert fill("out/{order.ID}/{order.paid}/{name}.txt", data) == "out/7/true/a b.txt"


def test_doubled_braces_are_single_ones() -> None:
    """Braces that are meant as such are doubled."""
    assert fill("{{x}}-{name}", {"name": "n"}) == "{x}-n"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("{nmae}", "Did you mean {name}?", id="near-miss"),
        pytest.param("{other}", "It gives name.", id="unknown"),
        pytest.param("{name.part}", "It gives name", id="no-object"),
    ],
)
def test_unknown_values_are_named(text: str, hint: str) -> None:
    """An expression without a value says which there are."""
    with pytest.raises(func.InvocationError) as caught:
        fill(text, {"name": "n"})

    assert hint in caught.value.hint or "Did you mean" in caught.value.hint


def test_settings_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """``%NAME%`` is the app setting; one that is not set is named, with the nearest one."""
    monkeypatch.setenv("MY_QUEUE", "orders")

    assert fill("%MY_QUEUE%-{id}", {"id": "7"}) == "orders-7"
    with pytest.raises(func.InvocationError, match="Did you mean 'MY_QUEUE'"):
        fill_settings("%MY_QUEU%")
    with pytest.raises(func.InvocationError, match=r"Values in local\.settings\.json"):
        fill_settings("%ZZZZZZZZZZ_NOT_THERE%")


@pytest.mark.parametrize(
    ("path", "name", "values"),
    [
        pytest.param("photos/{name}.png", "cat.png", {"name": "cat"}, id="one"),
        pytest.param("photos/{name}.png", "a/b/cat.png", {"name": "a/b/cat"}, id="in-folders"),
        pytest.param("photos/{name}.png", "cat.jpg", None, id="another-ending"),
        pytest.param("photos/{name}.{ext}", "a.b.c", {"name": "a.b", "ext": "c"}, id="last-dot"),
        pytest.param("photos/in/{name}", "in/x", {"name": "x"}, id="folder"),
        pytest.param("photos/in/{name}", "out/x", None, id="another-folder"),
        pytest.param("photos", "anything", {}, id="whole-container"),
        pytest.param("photos/fixed.txt", "fixed.txt", {}, id="fixed"),
        pytest.param("photos/{{x}}{name}", "{x}y", {"name": "y"}, id="braces"),
        pytest.param("photos/{rand-guid}x", "abcx", {}, id="no-name"),
    ],
)
def test_pattern_of_a_blob_trigger(path: str, name: str, values: dict[str, str] | None) -> None:
    """The path of a blob trigger says which blobs are meant, and what their parts are called."""
    pattern = PathPattern(path)

    assert pattern.container == "photos"
    assert pattern.match(name) == values
    assert values is None or name.startswith(pattern.prefix)


def test_prefix_narrows_the_listing() -> None:
    """What all names begin with is known before any is looked at."""
    assert [PathPattern(each).prefix for each in ("c/in/{a}/{b}", "c/x.txt", "c", "c/{a}")] == ["in/", "x.txt", "", ""]
