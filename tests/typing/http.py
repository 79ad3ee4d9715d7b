"""What type checkers know of HTTP functions, requests and responses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping

from typing_extensions import assert_type
from werkzeug.datastructures import FileStorage, ImmutableMultiDict

import azfunc as func
from azfunc.testing import TestClient

app = func.FunctionApp()


@app.route("hello", methods=["GET", func.HttpMethod.POST], auth_level="anonymous")
def hello(req: func.HttpRequest, times: int = 1) -> str:
    """Greet."""
    return "hello" * times


@app.route(methods="get")
async def later(req: func.HttpRequest) -> func.HttpResponse:
    """Greet, later."""
    return func.JsonResponse({})


assert_type(hello(func.HttpRequest()), str)
hello(func.HttpRequest(), times="2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a number it is
hello(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no request


async def call_later() -> None:
    """Call the async function."""
    assert_type(await later(func.HttpRequest()), func.HttpResponse)


app.route(methods="BREW")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no method
app.route(methods=["BREW"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # no method
app.route(auth_level="anyone")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no level
app.route(hello)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # parentheses are missing

request = func.HttpRequest("GET", "/x", headers=[("a", "b")], json=None, cookies={"a": "b"})
assert_type(request.headers["a"], str)
assert_type(request.headers.getlist("a"), list[str])
assert_type(request.params, Mapping[str, str])
assert_type(request.query["a"], str)
assert_type(request.query.getlist("a"), list[str])
assert_type(request.form, ImmutableMultiDict[str, str])
assert_type(request.form["a"], str)
assert_type(request.files.getlist("a"), list[FileStorage])
assert_type(request.cookies["a"], str)
assert_type(request.get_body(), bytes)
request.headers["a"] = "b"  # type: ignore[index]  # pyright: ignore[reportIndexIssue]  # read only
request.params["a"] = "b"  # type: ignore[index]  # pyright: ignore[reportIndexIssue]  # read only
request.method = "PUT"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # read only
func.HttpRequest(body={})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # json= takes values

response = func.HttpResponse("hi", status_code=201, headers={"A": ["1", "2"]})
assert_type(response.headers.getlist("a"), list[str])
assert_type(response.headers.get("a"), "str | None")
assert_type(response.status_code, int)
assert_type(response.stream(), Iterator[bytes])
assert_type(response.stream_async(), AsyncIterator[bytes])
response.headers["A"] = "1"
response.set_cookie("a", "1", samesite="maybe")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # none such


# --- reading a response, and asking for one ---------------------------------------------------------------------------

client = TestClient(app)
ids: list[int] = [1, 2]
response = client.post("/api/x", params={"page": 2, "tag": ["a", "b"], "id": ids}, json={"a": 1}, stream=True)

assert_type(response.text, str)
assert_type(response.cookies["a"], str)
assert_type(func.HttpRequest().text, str)
client.get("/api/x", cookies=response.cookies, inputs={"text": "x"})
client.get("/api/x", data="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # it is body= here
response.json()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
