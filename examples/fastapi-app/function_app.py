"""A FastAPI app beside functions of its own, in one function app."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

import azfunc as func

BOOKS: dict[int, str] = {}


@asynccontextmanager
async def lifespan(api: FastAPI) -> AsyncGenerator[None, None]:
    BOOKS.update({7: "Emma", 8: "Persuasion"})
    yield
    BOOKS.clear()


class Book(BaseModel):
    number: int
    title: str


# In Azure its routes come behind the prefix of host.json and the path of the mount: /api/v1/books/7.
api = FastAPI(title="Library", lifespan=lifespan)


@api.get("/books/{number}")
async def read_book(number: int) -> Book:
    if number not in BOOKS:
        raise HTTPException(404, f"There is no book {number}.")
    return Book(number=number, title=BOOKS[number])


@api.post("/books", status_code=201)
async def add_book(book: Book) -> Book:
    BOOKS[book.number] = book.title
    return book


@api.get("/export")
async def export() -> StreamingResponse:
    return StreamingResponse((f"{number},{title}\n" for number, title in sorted(BOOKS.items())), media_type="text/csv")


app = func.FunctionApp(http_auth_level="anonymous")
app.mount_asgi("v1", api)


@app.timer_trigger("timer", "0 0 3 * * *")
def tidy(timer: func.TimerRequest) -> None:
    for number in [number for number, title in BOOKS.items() if not title]:
        del BOOKS[number]
