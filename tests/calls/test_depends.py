"""Dependencies: when providers are called, what they get, what ends them, and what is refused.

Annotations are no text here, since text cannot name what is local to a test.
"""

import asyncio
import contextlib
import functools
import inspect
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any

import pytest

import azfunc as func
from azfunc.testing import TestClient

HERE = "test_depends.py:"


@pytest.fixture
def app() -> func.FunctionApp:
    """An app whose HTTP functions anybody may call."""
    return func.FunctionApp(http_auth_level="anonymous")


@pytest.fixture
def events() -> list[str]:
    """What happened, in order."""
    return []


@pytest.fixture(params=[False, True], ids=["def", "async def"])
def is_async(request: pytest.FixtureRequest) -> bool:
    """Whether the function is async."""
    return bool(request.param)


def returning(provider: Callable[..., Any], *, is_async: bool = False, scope: Any = "call") -> Any:
    """Give a function of a route that returns what one provider gives."""

    def plain(req: func.HttpRequest, value: Any) -> str:
        return str(value)

    async def asynchronous(req: func.HttpRequest, value: Any) -> str:
        return str(value)

    made: Any = asynchronous if is_async else plain
    made.__annotations__["value"] = Annotated[Any, func.Depends(provider, scope=scope)]
    return made


def given_by(app: func.FunctionApp, provider: Callable[..., Any], *, is_async: bool = False) -> str:
    """Give what a function gets from a provider, as text."""
    app.route("it")(returning(provider, is_async=is_async))
    return TestClient(app).get("/api/it?name=Ann").text


def refused(app: func.FunctionApp, function: Any) -> func.DefinitionError:
    """Give the error that indexing a function raises."""
    app.route("it")(function)
    with pytest.raises(func.DefinitionError) as caught:
        app.get_functions()
    return caught.value


# --- kinds of providers -----------------------------------------------------------------------------------------------


class Greeter:
    """A class whose objects are called."""

    def __init__(self, text: str = "made") -> None:
        self.text = text

    def __call__(self) -> str:
        """Give the text."""
        return self.text

    def method(self) -> str:
        """Give the text too."""
        return self.text

    def __str__(self) -> str:
        return self.text


class AsyncGreeter:
    """A class whose objects are called, and awaited."""

    async def __call__(self) -> str:
        """Give a text."""
        return "awaited"


class Plain:
    """A class without a constructor."""

    def __str__(self) -> str:
        return "plain"


def from_function() -> str:
    """Give a text."""
    return "function"


def with_argument(text: str, times: int = 1) -> str:
    """Give a text that somebody has to give."""
    return text * times


def from_generator() -> Iterator[str]:
    """Give a text, and end."""
    yield "generator"


async def from_coroutine() -> str:
    """Give a text, when awaited."""
    return "coroutine"


async def from_async_generator() -> AsyncIterator[str]:
    """Give a text, and end."""
    yield "async generator"


PROVIDERS = [
    pytest.param(from_function, "function", id="function"),
    pytest.param(lambda: "lambda", "lambda", id="lambda"),
    pytest.param(Greeter, "made", id="class"),
    pytest.param(Plain, "plain", id="class without a constructor"),
    pytest.param(dict, "{}", id="class without a signature"),
    pytest.param(Greeter("called"), "called", id="object"),
    pytest.param(Greeter("bound").method, "bound", id="method"),
    pytest.param(functools.partial(with_argument, "partial"), "partial", id="partial"),
    pytest.param(functools.partial(with_argument, text="named"), "named", id="partial by name"),
    pytest.param(functools.partial(with_argument, text="req", times=2), "reqreq", id="partial of all"),
    pytest.param(from_generator, "generator", id="generator"),
    pytest.param(functools.partial(from_generator), "generator", id="partial of a generator"),
]
ASYNC_PROVIDERS = [
    pytest.param(from_coroutine, "coroutine", id="async function"),
    pytest.param(from_async_generator, "async generator", id="async generator"),
    pytest.param(AsyncGreeter(), "awaited", id="object"),
    pytest.param(functools.partial(from_coroutine), "coroutine", id="partial"),
]


@pytest.mark.parametrize(("provider", "text"), PROVIDERS)
def test_everything_that_can_be_called_is_a_provider(
    app: func.FunctionApp, provider: Any, text: str, *, is_async: bool
) -> None:
    """Functions, classes, objects, methods, partials and generators give an argument to both kinds of functions."""
    assert given_by(app, provider, is_async=is_async) == text


@pytest.mark.parametrize(("provider", "text"), ASYNC_PROVIDERS)
def test_async_provider_is_awaited(app: func.FunctionApp, provider: Any, text: str) -> None:
    """An async function gets what an async provider gives."""
    assert given_by(app, provider, is_async=True) == text


@pytest.mark.parametrize(("provider", "text"), ASYNC_PROVIDERS)
def test_async_provider_of_plain_function_is_refused(app: func.FunctionApp, provider: Any, text: str) -> None:
    """A function that is not async cannot await what gives its parameter."""
    error = refused(app, returning(provider))

    assert "'value' of function 'plain' is provided by async code" in error.message, text
    assert "async def" in error.hint


def test_nested_async_provider_counts(app: func.FunctionApp) -> None:
    """A function that is not async is refused an async provider behind a plain one."""

    def outer(inner: Annotated[str, func.Depends(from_coroutine)]) -> str:
        return inner

    assert "provided by async code" in refused(app, returning(outer)).message


@pytest.mark.parametrize("provider", ["get_db", None, 7])
def test_what_cannot_be_called_is_no_provider(provider: Any) -> None:
    """A dependency on what was called already, and is a value, is refused at that line."""
    with pytest.raises(func.ArgumentTypeError) as caught:
        func.Depends(provider)

    assert repr(provider) in caught.value.message
    assert "without parentheses" in caught.value.hint


def test_unknown_scope_is_refused() -> None:
    """There are two scopes, and no other."""
    with pytest.raises(func.DefinitionError, match="'request' is no scope") as caught:
        func.Depends(from_function, scope="request")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # is tested

    assert caught.value.hint == "Use one of call, process."


# --- what providers get -----------------------------------------------------------------------------------------------


def test_provider_gets_what_it_is_annotated_with(app: func.FunctionApp, *, is_async: bool) -> None:
    """A provider gets the call, the context, arguments of bindings by name, and keeps its defaults."""

    def told(req: func.HttpRequest, call: func.Call, known: func.Context | None, times: int = 3, *rest: int) -> str:
        return f"{req.params['name']} {call.trigger is req} {known and known.function_name} {times} {rest}"

    name = "asynchronous" if is_async else "plain"
    assert given_by(app, told, is_async=is_async) == f"Ann True {name} 3 ()"


def test_provider_gets_out_parameter(app: func.FunctionApp) -> None:
    """The name of an output binding gives its out parameter."""

    def writer(text: func.Out[str]) -> Callable[[str], None]:
        return text.set

    @app.queue_output("text", "done", "Storage")
    @app.queue_trigger("msg", "todo", "Storage")
    def work(
        msg: func.QueueMessage, text: func.Out[str], write: Annotated[Callable[[str], None], func.Depends(writer)]
    ) -> None:
        write(msg.get_body().decode())

    assert TestClient(app).send("work", "hi").outputs == {"text": "hi"}


def test_rest_of_the_bindings_can_be_asked_for(app: func.FunctionApp) -> None:
    """A binding that the function takes by ``**kwargs`` is given to a provider by its name."""

    def upper(text: func.InputStream) -> str:
        return text.read().decode().upper()

    @app.blob_input("text", "in.txt", "Storage")
    @app.route("it")
    def it(req: func.HttpRequest, shouted: Annotated[str, func.Depends(upper)], **rest: Any) -> str:
        return f"{shouted} {[*rest]}"

    assert TestClient(app).get("/api/it", inputs={"text": "hi"}).text == "HI ['text']"


def test_decorated_providers_are_driven(app: func.FunctionApp, events: list[str]) -> None:
    """What a decorator hides, a generator or a coroutine, is run all the same."""

    def traced(provider: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(provider)
        def call(*args: Any, **kwargs: Any) -> Any:
            return provider(*args, **kwargs)

        return call

    @traced
    def opened() -> Iterator[str]:
        yield "open"
        events.append("closed")

    @traced
    async def awaited() -> str:
        return "awaited"

    @traced
    async def begun() -> AsyncIterator[str]:
        yield "begun"
        events.append("ended")

    app.function_name("a")(app.route("a")(returning(opened)))
    for name, provider in {"b": opened, "c": awaited, "d": begun}.items():
        app.function_name(name)(app.route(name)(returning(provider, is_async=True)))
    app.function_name("e")(app.route("e")(returning(awaited)))
    app.function_name("f")(app.route("f")(returning(opened, scope="process")))
    client = TestClient(app)

    assert [client.get(f"/api/{name}").text for name in "abcd"] == ["open", "open", "awaited", "begun"]
    assert events == ["closed", "closed", "ended"]
    with pytest.raises(func.InvocationError, match="gave a coroutine, and the function is not async"):
        client.get("/api/e")
    with pytest.raises(func.InvocationError, match="gave a generator, which nobody would end"):
        client.get("/api/f")


def test_context_manager_is_no_provider(app: func.FunctionApp) -> None:
    """The function would get what `with` takes, and nobody would end it."""

    @contextlib.contextmanager
    def opened() -> Iterator[str]:
        yield "open"

    assert "stands under @contextmanager" in str(refused(app, returning(opened)))


@pytest.mark.parametrize("kind", ["orchestration", "entity"])
def test_replayed_functions_have_no_dependencies(app: func.FunctionApp, kind: str) -> None:
    """Orchestrators and entities are called by their package, with the context alone."""
    pytest.importorskip("azure.durable_functions")

    def chain(context: Any, five: Annotated[int, func.Depends(lambda: 5)]) -> Any:
        yield five

    getattr(app, f"{kind}_trigger")("context")(chain)

    with pytest.raises(func.DefinitionError, match="'five' cannot be given anew"):
        app.get_functions()


def test_trigger_needs_no_parameter_of_the_function(app: func.FunctionApp) -> None:
    """A provider gets what the trigger brings, whether or not the function asks for it."""

    def name_of(req: func.HttpRequest) -> str:
        return req.params["name"]

    @app.route("it")
    def greet(name: Annotated[str, func.Depends(name_of)]) -> str:
        return f"Hello, {name}"

    @app.route("lines", methods="POST")
    def count(lines: Annotated[list[str], func.Body()], name: Annotated[str, func.Depends(name_of)]) -> str:
        return f"{name}: {len(lines)}"

    client = TestClient(app)

    assert client.get("/api/it?name=Ann").text == "Hello, Ann"
    assert client.post("/api/lines?name=Ann", json=["a", "b"]).text == "Ann: 2"


def test_partial_argument_goes_before_a_binding(app: func.FunctionApp) -> None:
    """What a partial has filled stays, though a binding has the same name."""

    def told(req: str) -> str:
        return req

    assert given_by(app, functools.partial(told, req="mine")) == "mine"


def test_argument_that_is_not_there_is_told(app: func.FunctionApp) -> None:
    """A middleware that takes an argument away makes a provider that needs it fail, with names."""

    def told(req: func.HttpRequest) -> str:
        return req.method

    def take_away(call: func.Call) -> Iterator[None]:
        call.arguments.clear()
        yield

    app.with_middleware(take_away)(app.route("it")(returning(told)))

    with pytest.raises(func.InvocationError, match="'plain' was called without 'req'"):
        TestClient(app).get("/api/it")


class Settings:
    """A class whose constructor has a dependency."""

    def __init__(self, text: Annotated[str, func.Depends(from_function)]) -> None:
        self.text = text


class Repository(Settings):
    """A class that inherits its constructor."""


def test_constructor_has_dependencies(app: func.FunctionApp) -> None:
    """The parameters of a constructor are given like those of a function, in a subclass too."""

    def text_of(repository: Annotated[Repository, func.Depends(Repository)]) -> str:
        return repository.text

    assert given_by(app, text_of) == "function"


def test_parameter_that_nothing_gives_is_refused(app: func.FunctionApp) -> None:
    """A provider with a parameter that nothing gives is refused with all four names and its place."""
    error = refused(app, returning(with_argument))

    assert error.message.startswith("Function 'plain' depends on 'with_argument' (")
    assert HERE in error.message
    assert "'text'" in error.message
    assert "(req, $return)" not in error.hint
    assert "(req)" in error.hint
    assert (error.function_name, error.binding_name) == ("plain", "text")
    assert error.location is not None
    assert HERE in error.location


def test_positional_only_parameter_is_refused(app: func.FunctionApp) -> None:
    """A provider's parameter that takes no name cannot be given, whatever it is called."""

    def told(req: func.HttpRequest, /) -> str:
        return req.method

    assert "'req' as positional only" in refused(app, returning(told)).message


def test_positional_only_parameter_with_default_is_left_alone(app: func.FunctionApp) -> None:
    """A provider's parameter that takes no name keeps its default."""

    def told(req: str = "own", /) -> str:
        return req

    assert given_by(app, told) == "own"


def test_provider_without_a_place_is_told_at_the_function(app: func.FunctionApp) -> None:
    """The error for a provider whose source Python does not know has the place of the function."""
    error = refused(app, returning(divmod))

    assert "depends on 'divmod', which" in error.message
    assert error.location is not None
    assert HERE in error.location


def need_second(second: Annotated[str, func.Depends(lambda: "")]) -> str:
    """Stand in a circle, once the annotation is changed below."""
    return second


def need_first(first: Annotated[str, func.Depends(need_second)]) -> str:
    """Close the circle."""
    return first


def test_circle_is_refused(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Providers that need each other are refused, with the whole path."""
    monkeypatch.setitem(need_second.__annotations__, "second", Annotated[str, func.Depends(need_first)])

    error = refused(app, returning(need_first))

    assert "needs itself: need_first -> need_second -> need_first" in error.message


def test_parameter_with_binding_is_refused(app: func.FunctionApp) -> None:
    """A parameter cannot have a binding and a dependency."""

    def it(req: Annotated[Any, func.Depends(from_function)]) -> str:
        return str(req)

    error = refused(app, it)

    assert "'req' of function 'it' has a binding, and a dependency on 'from_function'" in error.message


# --- once for a call --------------------------------------------------------------------------------------------------


def test_provider_is_called_once_for_a_call(app: func.FunctionApp, events: list[str], *, is_async: bool) -> None:
    """One provider named by two parameters and two other providers is called once, and anew for the next call."""

    def base() -> list[str]:
        events.append("made")
        return events

    def left(value: Annotated[list[str], func.Depends(base)]) -> list[str]:
        return value

    def right(value: Annotated[list[str], func.Depends(base)], other: Annotated[Any, func.Depends(left)]) -> list[str]:
        return value if value is other else []

    def same(
        one: Annotated[Any, func.Depends(base)],
        two: Annotated[Any, func.Depends(right)],
        three: Annotated[Any, func.Depends(left)],
    ) -> bool:
        return one is two is three

    app.route("it")(returning(same, is_async=is_async))
    client = TestClient(app)

    assert [client.get("/api/it").text, client.get("/api/it").text] == ["True", "True"]
    assert events == ["made", "made"]


def test_provider_that_cannot_be_hashed_is_called_once(app: func.FunctionApp, events: list[str]) -> None:
    """An object without a hash is known by its identity."""

    class Made(list[str]):
        def __call__(self) -> str:
            events.append("made")
            return "it"

    made = Made()

    @app.route("it")
    def it(
        req: func.HttpRequest, one: Annotated[str, func.Depends(made)], two: Annotated[str, func.Depends(made)]
    ) -> str:
        return one + two

    assert TestClient(app).get("/api/it").text == "itit"
    assert events == ["made"]
    assert hash(func.Depends(made)) == hash(func.Depends(made))


# --- ends -------------------------------------------------------------------------------------------------------------


def test_ends_run_in_reverse_order(app: func.FunctionApp, events: list[str]) -> None:
    """The rest of each provider runs after the function, the latest first, async and plain ones mixed."""

    def first() -> Iterator[str]:
        events.append("first")
        yield "1"
        events.append("first ended")

    async def second(value: Annotated[str, func.Depends(first)]) -> AsyncIterator[str]:
        events.append("second")
        yield value + "2"
        events.append("second ended")

    @app.route("it")
    async def it(req: func.HttpRequest, value: Annotated[str, func.Depends(second)]) -> str:
        events.append("function")
        return value

    assert TestClient(app).get("/api/it").text == "12"
    assert events == ["first", "second", "function", "second ended", "first ended"]


ALL_KINDS = ["plain", "plain in async", "async"]
KINDS = pytest.mark.parametrize("kind", ALL_KINDS)


def watching(kind: str, events: list[str], *, instead: Exception | None = None) -> Any:
    """Give a provider that notes what is raised at its yield, and raises something else if told to."""

    def plain() -> Iterator[str]:
        try:
            yield "it"
        except BaseException as error:
            events.append(repr(error))
            if instead is not None:
                raise instead from error

    async def asynchronous() -> AsyncIterator[str]:
        try:
            yield "it"
        except BaseException as error:
            events.append(repr(error))
            if instead is not None:
                raise instead from error

    return asynchronous if kind == "async" else plain


def failing(provider: Any, kind: str, error: BaseException) -> Any:
    """Give a function that depends on a provider, and raises."""

    def plain(req: func.HttpRequest, value: Any) -> str:
        raise error

    async def asynchronous(req: func.HttpRequest, value: Any) -> str:
        raise error

    made: Any = plain if kind == "plain" else asynchronous
    made.__annotations__["value"] = Annotated[str, func.Depends(provider)]
    return made


STOPS = [("plain", StopIteration("no")), ("plain in async", StopAsyncIteration("no")), ("async", StopAsyncIteration())]
"""Exceptions that Python changes when a generator lets them through."""


@pytest.mark.parametrize(("kind", "error"), [*((kind, ValueError("no")) for kind in ALL_KINDS), *STOPS])
def test_exception_is_raised_at_the_yield_and_goes_on(
    app: func.FunctionApp, events: list[str], kind: str, error: Exception
) -> None:
    """A provider sees what the function raised, and cannot hide it: the very object goes to the caller."""
    app.route("it")(failing(watching(kind, events), kind, error))

    with pytest.raises(type(error)) as caught:
        TestClient(app).get("/api/it")

    assert caught.value is error
    assert events == [repr(error)]


@pytest.mark.parametrize(("kind", "error"), [*((kind, ValueError("no")) for kind in ALL_KINDS), *STOPS])
def test_provider_without_try_lets_the_exception_through(app: func.FunctionApp, kind: str, error: Exception) -> None:
    """A provider that catches nothing changes nothing about what the function raised."""
    app.route("it")(failing(from_async_generator if kind == "async" else from_generator, kind, error))

    with pytest.raises(type(error)) as caught:
        TestClient(app).get("/api/it")

    assert caught.value is error


@KINDS
def test_provider_raises_another_exception(app: func.FunctionApp, events: list[str], kind: str) -> None:
    """What a provider raises in place of the function's exception goes to the caller."""
    provider = watching(kind, events, instead=KeyError("other"))
    app.route("it")(failing(provider, kind, ValueError("no")))

    with pytest.raises(KeyError, match="other"):
        TestClient(app).get("/api/it")


def test_provider_that_fails_ends_those_before_it(app: func.FunctionApp, events: list[str], *, is_async: bool) -> None:
    """What a provider raises is raised at the yields of those that were called already; the function is not called."""

    def broken(value: Annotated[str, func.Depends(watching("plain", events))]) -> str:
        raise LookupError("broken")

    app.route("it")(returning(broken, is_async=is_async))

    with pytest.raises(LookupError, match="broken"):
        TestClient(app).get("/api/it")

    assert events == ["LookupError('broken')"]


def test_exception_of_provider_is_handled(app: func.FunctionApp) -> None:
    """An exception handler of the app answers for what a provider raised."""

    @app.exception_handler(PermissionError)
    def forbid(error: PermissionError, call: func.Call) -> func.HttpResponse:
        return func.HttpResponse(str(error), status_code=403)

    def user() -> str:
        raise PermissionError("Not you.")

    app.route("it")(returning(user))
    response = TestClient(app).get("/api/it")

    assert (response.status_code, response.text) == (403, "Not you.")


def twice() -> Iterator[str]:
    """Yield once too often."""
    try:
        yield "one"
    except ValueError:
        yield "in place of the exception"
    yield "two"


async def async_twice() -> AsyncIterator[str]:
    """Yield once too often."""
    try:
        yield "one"
    except ValueError:
        yield "in place of the exception"
    yield "two"


@KINDS
@pytest.mark.parametrize("fails", [False, True], ids=["ends well", "fails"])
def test_second_yield_is_refused(app: func.FunctionApp, kind: str, *, fails: bool) -> None:
    """A provider that yields more than once is told so, with its place."""
    provider = async_twice if kind == "async" else twice
    cause = ValueError("no")
    app.route("it")(failing(provider, kind, cause) if fails else returning(provider, is_async=kind != "plain"))

    with pytest.raises(func.InvocationError, match="yields more than once") as caught:
        TestClient(app).get("/api/it")

    assert HERE in caught.value.message
    assert caught.value.__cause__ is (cause if fails else None)


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_provider_without_yield_is_told(app: func.FunctionApp, kind: str) -> None:
    """A generator that ends before its yield gives nothing, and is told so."""

    def plain() -> Iterator[str]:
        yield from ()

    async def asynchronous() -> AsyncIterator[str]:
        for each in list[str]():
            yield each

    app.route("it")(returning(asynchronous if kind == "async" else plain, is_async=kind == "async"))

    with pytest.raises(func.InvocationError, match="ended without a yield"):
        TestClient(app).get("/api/it")


def test_each_attempt_has_its_own(app: func.FunctionApp, events: list[str]) -> None:
    """A call that is made again by a retry policy begins with new values."""

    def made() -> Iterator[int]:
        events.append("begun")
        yield len(events)
        events.append("ended")

    @app.retry(strategy="fixed_delay", max_retry_count="2", delay_interval="00:00:01")
    @app.timer_trigger("tick", "0 0 * * * *")
    def work(tick: func.TimerRequest, number: Annotated[int, func.Depends(made)]) -> None:
        if number < 3:
            raise ValueError(number)

    assert TestClient(app).send("work").attempts == 3
    assert events == ["begun", "begun", "begun", "ended"]


# --- once for the process ---------------------------------------------------------------------------------------------


def test_process_scoped_value_is_kept(app: func.FunctionApp, events: list[str], *, is_async: bool) -> None:
    """A process-scoped provider is called once for all calls of all functions, those of another app too."""

    def pool() -> str:
        events.append("made")
        return f"pool {len(events)}"

    other = func.FunctionApp(http_auth_level="anonymous")
    for each in (app, other):
        each.route("it")(returning(pool, is_async=is_async, scope="process"))
    clients = [TestClient(app), TestClient(app), TestClient(other)]

    assert [client.get("/api/it").text for client in clients] == ["pool 1"] * 3
    assert events == ["made"]


def test_process_scoped_value_is_apart_from_that_of_a_call(app: func.FunctionApp) -> None:
    """One provider named with both scopes is called for each."""

    @app.route("it")
    def it(
        req: func.HttpRequest,
        mine: Annotated[object, func.Depends(object)],
        ours: Annotated[object, func.Depends(object, scope="process")],
    ) -> str:
        return str(mine is ours)

    assert TestClient(app).get("/api/it").text == "False"


def test_value_is_made_once_by_threads(
    app: func.FunctionApp, events: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads that ask at once wait for the one that makes the value."""
    count = 4
    monkeypatch.setenv("PYTHON_THREADPOOL_THREAD_COUNT", str(count))
    waiting = threading.Barrier(count)

    def meet(req: func.HttpRequest) -> None:
        waiting.wait(10)

    def pool() -> str:
        events.append("made")
        return "pool"

    @app.route("it")
    def it(
        req: func.HttpRequest,
        met: Annotated[None, func.Depends(meet)],
        value: Annotated[str, func.Depends(pool, scope="process")],
    ) -> str:
        return value

    async def at_once() -> list[str]:
        async with TestClient(app) as client:
            answers = await asyncio.gather(*(client.arequest("GET", "/api/it") for _ in range(count)))
        return [each.text for each in answers]

    assert asyncio.run(at_once()) == ["pool"] * count
    assert events == ["made"]


def test_value_is_made_once_by_tasks(app: func.FunctionApp, events: list[str]) -> None:
    """Tasks that ask at once wait for the one that makes the value."""

    async def settings() -> str:
        events.append("settings")
        await asyncio.sleep(0)
        return "it"

    async def pool(value: Annotated[str, func.Depends(settings, scope="process")]) -> str:
        events.append("pool")
        await asyncio.sleep(0)
        return value

    app.route("it")(returning(pool, is_async=True, scope="process"))

    async def at_once() -> list[str]:
        async with TestClient(app) as client:
            answers = await asyncio.gather(*(client.arequest("GET", "/api/it") for _ in range(3)))
        return [each.text for each in answers]

    assert asyncio.run(at_once()) == ["it"] * 3
    assert events == ["settings", "pool"]


def test_process_scoped_provider_that_fails_is_called_again(app: func.FunctionApp, events: list[str]) -> None:
    """A failure is not kept: the next call tries again."""

    def pool() -> str:
        events.append("tried")
        if len(events) == 1:
            raise ConnectionError("not yet")
        return "pool"

    app.route("it")(returning(pool, scope="process"))
    client = TestClient(app)

    with pytest.raises(ConnectionError):
        client.get("/api/it")
    assert [client.get("/api/it").text, client.get("/api/it").text] == ["pool", "pool"]
    assert events == ["tried", "tried"]


def of_the_request(req: func.HttpRequest) -> str:
    """Need the request."""
    return req.method


def of_the_call(call: func.Call) -> str:
    """Need the call."""
    return call.function_name


def of_a_call_scoped_one(value: Annotated[str, func.Depends(from_function)]) -> str:
    """Need what is made for each call."""
    return value


@pytest.mark.parametrize(
    ("provider", "fault"),
    [
        pytest.param(from_generator, "has a yield and the scope process", id="generator"),
        pytest.param(from_async_generator, "has a yield and the scope process", id="async generator"),
        pytest.param(of_the_request, "its parameter 'req' is of the call", id="binding"),
        pytest.param(of_the_call, "its parameter 'call' is of the call", id="call"),
        pytest.param(of_a_call_scoped_one, "needs 'from_function', which is made for each call", id="call-scoped"),
    ],
)
def test_process_scoped_provider_is_refused(app: func.FunctionApp, provider: Any, fault: str) -> None:
    """Nobody ends a generator of the process, and what outlives a call cannot have something of it."""
    error = refused(app, returning(provider, is_async=True, scope="process"))

    assert fault in error.message
    assert HERE in error.message
    assert error.hint


# --- where dependencies are -------------------------------------------------------------------------------------------


def test_parameter_is_no_binding(app: func.FunctionApp) -> None:
    """Neither function.json nor the signature that the host sees has the parameter; the written function keeps it."""
    written = returning(from_function)
    decorated = app.route("it")(written)
    [function] = app.get_functions()
    entry = function.get_user_function()

    assert [each["name"] for each in json.loads(function.get_function_json())["bindings"]] == ["req", "$return"]
    assert [*inspect.signature(entry).parameters] == ["req", "context"]
    assert entry.__annotations__ == {"req": func.HttpRequest, "return": str}
    assert inspect.unwrap(entry) is written
    assert [*inspect.signature(decorated).parameters] == ["req", "value"]
    assert decorated(func.HttpRequest(), 7) == "7"


def test_dependencies_in_a_blueprint(app: func.FunctionApp) -> None:
    """Functions of a blueprint have dependencies like those of the app."""
    blueprint = func.Blueprint(url_prefix="v1")
    blueprint.route("it")(returning(from_function))
    app.register_functions(blueprint)

    assert TestClient(app).get("/api/v1/it").text == "function"


def test_tool_has_dependencies(app: func.FunctionApp) -> None:
    """A client of an MCP tool neither sees nor gives the parameter, and a provider gets the context."""

    def user(known: func.Context) -> str:
        return known.function_name

    @app.mcp_tool()
    def add(a: int, who: Annotated[str, func.Depends(user)], b: int = 1, **rest: Any) -> str:
        return f"{who} {a + b} {rest}"

    [function] = app.get_functions()
    [binding] = json.loads(function.get_function_json())["bindings"]
    run = TestClient(app).send(add, {"arguments": {"a": 1, "who": "me", "c": 2}})

    assert [each["propertyName"] for each in json.loads(binding["toolProperties"])] == ["a", "b"]
    assert run.returned == "add 2 {'c': 2}"


def test_tool_keeps_context_beside_dependencies(app: func.FunctionApp) -> None:
    """The context reaches the function and the provider of an MCP tool; a property named context stays one."""

    def user(known: func.Context) -> str:
        return known.function_name

    @app.mcp_tool()
    def first(known: func.Context, who: Annotated[str, func.Depends(user)]) -> str:
        return f"{known.function_name} {who}"

    @app.mcp_tool()
    def second(context: str, who: Annotated[str, func.Depends(from_function)]) -> str:
        return f"{context} {who}"

    client = TestClient(app)

    assert client.send(first, {"arguments": {}}).returned == "first first"
    assert client.send(second, {"arguments": {"context": "here"}}).returned == "here function"


def test_dependency_of_a_tool_is_no_property(app: func.FunctionApp) -> None:
    """A parameter with a dependency cannot be described to clients."""

    def add(who: Annotated[str, func.Depends(from_function)]) -> str:
        return who

    with pytest.raises(func.DefinitionError, match="'who' of tool 'add' has a dependency, and is no property"):
        app.mcp_tool()(app.mcp_tool_property("who", "Somebody.")(add))


def test_check_finds_nothing(app: func.FunctionApp) -> None:
    """A parameter with a dependency is no mistake."""
    from azfunc.runtime.checking import check

    app.route("it")(returning(from_function))

    assert [each.code for each in check(app).problems] == []


def test_marker_shows_how_it_is_written() -> None:
    """The repr is the call, and two markers of one provider and scope are equal."""
    assert repr(func.Depends(from_function)) == "Depends(from_function)"
    assert repr(func.Depends(from_function, scope="process")) == "Depends(from_function, scope='process')"
    assert func.Depends(from_function) != func.Depends(from_function, scope="process")
