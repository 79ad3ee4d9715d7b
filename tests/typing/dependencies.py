"""What type checkers know of functions with dependencies, and of what overrides them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typing_extensions import assert_type

import azfunc as func
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

app = func.FunctionApp()


def get_text() -> Iterator[str]:
    """Give a text."""
    yield "text"


async def get_number(text: Annotated[str, func.Depends(get_text)]) -> AsyncIterator[int]:
    """Give a number."""
    yield len(text)


@app.route("plain")
def plain(req: func.HttpRequest, text: Annotated[str, func.Depends(get_text)]) -> str:
    """Return the text."""
    assert_type(text, str)
    return text


@app.route("asynchronous")
async def asynchronous(req: func.HttpRequest, number: Annotated[int, func.Depends(get_number, scope="call")]) -> str:
    """Return the number."""
    assert_type(number, int)
    return str(number)


# --- the written function keeps all its parameters --------------------------------------------------------------------

assert_type(plain(func.HttpRequest(), "text"), str)
plain(func.HttpRequest())  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # the text is missing
plain(func.HttpRequest(), 7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a number is no text


async def call_asynchronous() -> None:
    """Call the async function."""
    assert_type(await asynchronous(func.HttpRequest(), number=7), str)


# --- what is given to Depends and override ----------------------------------------------------------------------------

func.Depends(get_text, scope="process")
func.Depends(str)
func.Depends("get_text")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # text cannot be called
func.Depends(get_text, scope="app")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no scope

client = TestClient(app)
with client.override(get_text, lambda: "other"):
    pass
client.override(get_text, "other")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # nor can a value
