"""What runs around functions: middleware and exception handlers."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture
def app() -> func.FunctionApp:
    """An app that asks for no key."""
    return func.FunctionApp(http_auth_level="anonymous")


@pytest.fixture
def said() -> list[str]:
    """What was run, in order."""
    return []


def saying(name: str, said: list[str]) -> Any:
    """Make a middleware that notes when it begins and ends."""

    def middleware(call: func.Call) -> Iterator[None]:
        said.append(name)
        yield
        said.append(f"/{name}")

    return middleware


def add_plain(app: func.FunctionApp | func.Blueprint, name: str = "plain") -> Any:
    """Add a plain function that fails where it is asked to."""

    @app.function_name(name)
    @app.route(name)
    def plain(req: func.HttpRequest) -> str:
        if "missing" in req.params:
            raise KeyError(req.params["missing"])
        return f"{name} {req.params.get('name', '')}".strip()

    return plain


def add_async(app: func.FunctionApp | func.Blueprint) -> Any:
    """Add an async function that fails where it is asked to."""

    @app.route("later")
    async def later(req: func.HttpRequest) -> str:
        await asyncio.sleep(0)
        if "missing" in req.params:
            raise KeyError(req.params["missing"])
        return "later"

    return later


# --- middleware -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["plain", "later"])
def test_middleware_runs_around_the_function_outermost_first(app: func.FunctionApp, said: list[str], path: str) -> None:
    """The app's stands around the blueprint's, that around an inner blueprint's, that around the function's own."""
    inner, outer = func.Blueprint(), func.Blueprint()
    app.middleware(saying("app 1", said))
    outer.middleware(saying("outer", said))
    inner.middleware(saying("inner", said))
    app.middleware(saying("app 2", said))
    inner.with_middleware(saying("own 1", said), saying("own 2", said))(add_plain(inner))
    inner.with_middleware(saying("own 1", said), saying("own 2", said))(add_async(inner))
    outer.register_functions(inner)
    app.register_functions(outer)

    TestClient(app).get(f"/api/{path}")

    order = ["app 1", "app 2", "outer", "inner", "own 1", "own 2"]
    assert said == order + [f"/{each}" for each in reversed(order)]


def test_decorators_of_one_function_stand_around_each_other_as_they_are_written(
    app: func.FunctionApp, said: list[str]
) -> None:
    """The upper one is the outer one, wherever the trigger stands between them."""

    @app.with_middleware(saying("upper", said))
    @app.route("x")
    @app.with_middleware(saying("lower", said))
    def x(req: func.HttpRequest) -> str:
        return "x"

    TestClient(app).get("/api/x")

    assert said == ["upper", "lower", "/lower", "/upper"]


def test_one_decorator_may_be_used_for_several_functions(app: func.FunctionApp, said: list[str]) -> None:
    """What stands around one of them does not come to the others."""
    outer = app.with_middleware(saying("outer", said))
    outer(app.with_middleware(saying("inner", said))(add_plain(app, "first")))
    outer(add_plain(app, "second"))

    TestClient(app).get("/api/second")

    assert said == ["outer", "/outer"]


def test_functions_outside_a_blueprint_do_not_have_its_middleware(app: func.FunctionApp, said: list[str]) -> None:
    """A blueprint's middleware stands around its own functions only, those that it gets later included."""
    blueprint = func.Blueprint()
    app.register_functions(blueprint)
    blueprint.middleware(saying("blueprint", said))
    add_plain(app, "outside")
    add_plain(blueprint, "inside")
    client = TestClient(app)

    client.get("/api/outside")
    assert said == []
    client.get("/api/inside")
    assert said == ["blueprint", "/blueprint"]


@pytest.mark.parametrize("path", ["plain", "later"])
def test_middleware_may_answer_in_place_of_the_function(app: func.FunctionApp, path: str) -> None:
    """When it returns without yielding, the function is not called, and the result is what it set."""

    @app.middleware
    def closed(call: func.Call) -> Iterator[None]:
        if "open" not in call.trigger.params:
            call.result = func.HttpResponse("closed", status_code=503)
            return
        yield

    add_plain(app)
    add_async(app)
    client = TestClient(app)

    assert client.get(f"/api/{path}").status_code == 503
    assert client.get(f"/api/{path}?open=1").get_body() == path.encode()


@pytest.mark.parametrize("path", ["plain", "later"])
def test_middleware_may_replace_arguments_and_result(app: func.FunctionApp, path: str) -> None:
    """What it puts into the call is what the function gets, and what the host gets."""

    @app.middleware
    def named(call: func.Call) -> Iterator[None]:
        call.arguments["req"] = func.HttpRequest(url="/api/x?name=ada")
        yield
        call.result = call.result.upper()

    add_plain(app)
    add_async(app)

    body = TestClient(app).get(f"/api/{path}").get_body()

    assert body == (b"PLAIN ADA" if path == "plain" else b"LATER")


@pytest.mark.parametrize("path", ["plain", "later"])
def test_middleware_sees_an_exception_and_may_replace_it_with_a_result(app: func.FunctionApp, path: str) -> None:
    """It is raised at the yield; one that is caught there has not happened for the host."""

    @app.middleware
    def forgiving(call: func.Call) -> Iterator[None]:
        try:
            yield
        except KeyError as error:
            call.result = f"no {error.args[0]}"

    add_plain(app)
    add_async(app)

    assert TestClient(app).get(f"/api/{path}?missing=key").get_body() == b"no key"


@pytest.mark.parametrize("path", ["plain", "later"])
def test_exception_that_middleware_swallows_leaves_no_result(app: func.FunctionApp, path: str) -> None:
    """A result from before the yield does not stand in for the one that the function did not give."""

    @app.middleware
    def swallowing(call: func.Call) -> Iterator[None]:
        call.result = "from before"
        with contextlib.suppress(KeyError):
            yield

    add_plain(app)
    add_async(app)

    assert TestClient(app).get(f"/api/{path}?missing=key").status_code == 204


@pytest.mark.parametrize("path", ["plain", "later"])
def test_exception_that_middleware_lets_pass_fails_the_call(app: func.FunctionApp, said: list[str], path: str) -> None:
    """It reaches the caller as it was raised, and what stands in a finally has run."""

    @app.middleware
    def tidy(call: func.Call) -> Iterator[None]:
        try:
            yield
        finally:
            said.append("tidied")

    add_plain(app)
    add_async(app)

    with pytest.raises(KeyError, match="key"):
        TestClient(app).get(f"/api/{path}?missing=key")
    assert said == ["tidied"]


@pytest.mark.parametrize("is_async", [False, True], ids=["plain", "async"])
@pytest.mark.parametrize("kind", [StopIteration, StopAsyncIteration, RuntimeError])
def test_exceptions_that_generators_give_a_meaning_pass_unchanged(
    app: func.FunctionApp, kind: type[Exception], is_async: bool
) -> None:
    """A StopIteration of the function is not taken for the end of the middleware."""
    app.middleware(saying("around", []))

    if is_async:

        @app.timer_trigger("tick", "0 * * * * *")
        async def tick(tick: func.TimerRequest) -> None:
            raise kind("mine")
    else:

        @app.timer_trigger("tick", "0 * * * * *")
        def tick(tick: func.TimerRequest) -> None:
            raise kind("mine")

    entry: Any = app.get_functions()[0].get_user_function()
    if not is_async:
        with pytest.raises(kind, match="mine"):
            entry(tick=func.TimerRequest())
        return
    # Python makes a RuntimeError of a StopIteration that leaves a coroutine.
    with pytest.raises((kind, RuntimeError)) as caught:
        asyncio.run(entry(tick=func.TimerRequest()))
    assert isinstance(caught.value, kind) or isinstance(caught.value.__cause__, StopIteration)


@pytest.mark.parametrize("path", ["plain", "later"])
@pytest.mark.parametrize("query", ["", "?missing=key"], ids=["after a result", "after an exception"])
def test_second_yield_is_an_error_that_names_the_middleware(app: func.FunctionApp, path: str, query: str) -> None:
    """A function runs once; the error says which generator asked for it twice, and where it stands."""

    @app.middleware
    def twice(call: func.Call) -> Iterator[None]:
        with contextlib.suppress(KeyError):
            yield
        yield

    add_plain(app)
    add_async(app)

    with pytest.raises(func.InvocationError, match=r"'twice' \(.*test_middleware\.py:\d+\)") as caught:
        TestClient(app).get(f"/api/{path}{query}")
    assert "one yield" in str(caught.value.hint)


@pytest.mark.parametrize("query", ["", "?missing=key"], ids=["after a result", "after an exception"])
def test_second_yield_of_an_async_generator_is_an_error(app: func.FunctionApp, query: str) -> None:
    """As for a plain one; the generator is closed."""
    closed = []

    @app.middleware
    async def twice(call: func.Call) -> AsyncIterator[None]:
        try:
            with contextlib.suppress(KeyError):
                yield
            yield
        finally:
            closed.append(True)

    add_async(app)

    with pytest.raises(func.InvocationError, match="'twice'"):
        TestClient(app).get(f"/api/later{query}")
    assert closed == [True]


def test_async_middleware_stands_around_async_functions(app: func.FunctionApp, said: list[str]) -> None:
    """An async generator may await; it sees result and exception as a plain one does."""

    @app.middleware
    async def waiting(call: func.Call) -> AsyncIterator[None]:
        await asyncio.sleep(0)
        if "skip" in call.trigger.params:
            call.result = "skipped"
            return
        try:
            yield
        except KeyError:
            call.result = "caught"
        else:
            said.append(call.result)

    add_async(app)
    client = TestClient(app)

    assert client.get("/api/later").get_body() == b"later"
    assert client.get("/api/later?skip=1").get_body() == b"skipped"
    assert client.get("/api/later?missing=key").get_body() == b"caught"
    assert said == ["later"]


def test_exception_passes_through_async_middleware(app: func.FunctionApp) -> None:
    """One that it does not catch fails the call."""

    @app.middleware
    async def waiting(call: func.Call) -> AsyncIterator[None]:
        yield

    add_async(app)

    with pytest.raises(KeyError):
        TestClient(app).get("/api/later?missing=key")


def test_async_middleware_around_a_plain_function_is_refused(app: func.FunctionApp) -> None:
    """Nobody could await it: indexing says which two do not go together, and what to do."""

    @app.middleware
    async def waiting(call: func.Call) -> AsyncIterator[None]:
        yield

    add_plain(app)

    with pytest.raises(func.DefinitionError, match=r"'waiting'.* stands around function 'plain'") as caught:
        app.get_functions()
    assert "with def" in str(caught.value.hint)
    assert caught.value.function_name == "plain"


def test_middleware_sees_what_the_call_is_about(app: func.FunctionApp) -> None:
    """Name, trigger, arguments and context are those of the call, whether or not the function takes the context."""
    seen: list[func.Call] = []

    @app.middleware
    def look(call: func.Call) -> Iterator[None]:
        seen.append(call)
        yield

    @app.queue_output("out", "done", "Storage")
    @app.queue_trigger("msg", "todo", "Storage")
    def without(msg: func.QueueMessage, out: func.Out[str]) -> None:
        out.set("done")

    @app.queue_trigger("msg", "todo", "Storage")
    def taking(msg: func.QueueMessage, context: func.Context) -> None:
        assert context.function_name == "taking"

    client = TestClient(app)
    run = client.send("without", func.QueueMessage(body="hi"))
    client.send("taking", func.QueueMessage(body="hi"))

    first, second = seen
    assert run.outputs == {"out": "done"}
    assert (first.function_name, first.trigger_type, first.trigger_name) == ("without", "queueTrigger", "msg")
    assert first.trigger.get_body() == b"hi"
    assert sorted(first.arguments) == ["msg", "out"]
    assert first.context.invocation_id == run.context.invocation_id
    assert second.context.function_name == "taking"
    assert sorted(second.arguments) == ["context", "msg"]


def test_middleware_stands_around_a_function_that_takes_all_arguments(app: func.FunctionApp) -> None:
    """One with ``**kwargs`` gets its bindings, and no context that it has not asked for."""
    app.middleware(saying("around", []))

    @app.timer_trigger("tick", "0 * * * * *")
    def tick(**given: Any) -> list[str]:
        return sorted(given)

    entry = app.get_functions()[0].get_user_function()

    assert list(inspect.signature(entry).parameters) == ["context", "given"]
    assert entry(tick=func.TimerRequest(), context=func.Context()) == ["tick"]


def test_parameter_named_context_stays_the_binding_it_is(app: func.FunctionApp) -> None:
    """The trigger of an orchestration or of a tool brings a ``context`` of its own."""
    seen: list[func.Call] = []

    @app.middleware
    def look(call: func.Call) -> Iterator[None]:
        seen.append(call)
        yield

    @app.generic_trigger("context", "queueTrigger", queue_name="todo", connection="Storage")
    def take(context: func.QueueMessage) -> None: ...

    TestClient(app).send("take", func.QueueMessage(body="hi"))

    assert seen[0].trigger.get_body() == b"hi"
    assert seen[0].context == func.Context()


def test_middleware_stands_around_tools_of_mcp(app: func.FunctionApp, said: list[str]) -> None:
    """It sees the request as the host sends it, and the result as the function gives it."""

    @app.middleware
    def look(call: func.Call) -> Iterator[None]:
        yield
        said.append(f"{call.function_name}: {call.result}")

    @app.mcp_tool()
    def double(number: int) -> str:
        """Double a number."""
        return str(number * 2)

    TestClient(app).send("double", {"arguments": {"number": 21}})

    assert said == ["double: 42"]


def test_entry_may_be_called_by_position(app: func.FunctionApp, said: list[str]) -> None:
    """As a test may do that builds the function and calls what the host calls."""
    app.middleware(saying("around", said))
    entry = add_plain(app).build().get_user_function()

    assert entry(func.HttpRequest(url="/?name=ada")) == "plain ada"
    assert said == ["around", "/around"]


@pytest.mark.parametrize("add", [add_plain, add_async], ids=["plain", "async"])
def test_entry_looks_like_the_function(app: func.FunctionApp, add: Any) -> None:
    """Name, docstring, annotations and kind are the function's; the worker gives the context to who has it."""
    app.middleware(saying("around", []))
    function = add(app)
    entry = app.get_functions()[0].get_user_function()

    assert entry.__name__ == function.__name__
    assert entry.__wrapped__ is function.__wrapped__
    assert list(inspect.signature(entry).parameters) == ["req", "context"]
    assert inspect.iscoroutinefunction(entry) == inspect.iscoroutinefunction(function)


def test_decorated_function_stays_what_was_written(app: func.FunctionApp, said: list[str]) -> None:
    """Calling it in a test runs the user function alone."""
    app.middleware(saying("around", said))
    plain = add_plain(app)

    assert plain(func.HttpRequest(url="/?name=ada")) == "plain ada"
    assert said == []


@pytest.mark.parametrize("is_async", [False, True], ids=["plain", "async"])
@pytest.mark.parametrize("yields", [False, True], ids=["before", "after"])
def test_value_that_a_middleware_returns_is_refused(*, is_async: bool, yields: bool) -> None:
    """The result is set; a value that is returned would be lost, and with it a refusal."""
    app = func.FunctionApp(http_auth_level="anonymous")

    @app.middleware
    def wrong(call: func.Call) -> Any:
        if yields:
            yield
        return func.HttpResponse("Who are you?", status_code=401)
        yield

    @app.route("it")
    def plain(req: func.HttpRequest) -> str:
        return "it"

    @app.route("soon")
    async def soon(req: func.HttpRequest) -> str:
        return "soon"

    with pytest.raises(func.InvocationError, match=r"'wrong' \(.*test_middleware.py:\d+\) returns HttpResponse"):
        TestClient(app).get("/api/soon" if is_async else "/api/it")


def test_indexing_twice_puts_nothing_around_twice(app: func.FunctionApp, said: list[str]) -> None:
    """`get_functions()` and `build()` stay pure."""
    app.with_middleware(saying("own", said))(add_plain(app))
    app.middleware(saying("app", said))
    app.get_functions()
    app.get_functions()

    TestClient(app).get("/api/plain")

    assert said == ["app", "own", "/own", "/app"]


def test_middleware_may_be_an_object(app: func.FunctionApp, said: list[str]) -> None:
    """One whose ``__call__`` is a generator, as when it has settings."""

    class Saying:
        def __call__(self, call: func.Call) -> Iterator[None]:
            said.append("object")
            yield

    app.middleware(Saying())
    add_plain(app)

    TestClient(app).get("/api/plain")

    assert said == ["object"]


@pytest.mark.parametrize("wrong", [lambda call: None, None, "text", print], ids=["a lambda", "None", "text", "print"])
def test_what_is_no_generator_function_is_refused(app: func.FunctionApp, wrong: Any) -> None:
    """At the line that registers it, with what to write."""
    with pytest.raises(func.ArgumentTypeError, match="has no yield") as caught:
        app.middleware(wrong)
    assert "yield where the function is to run" in str(caught.value.hint)
    with pytest.raises(func.ArgumentTypeError, match="has no yield"):
        app.with_middleware(wrong)


def test_apps_without_middleware_give_the_very_function(app: func.FunctionApp) -> None:
    """Nothing is put in between where there is nothing to run."""
    plain = add_plain(app)

    assert app.get_functions()[0].get_user_function() is plain.__wrapped__


# --- exception handlers -----------------------------------------------------------------------------------------------


def missing(error: KeyError, call: func.Call) -> func.HttpResponse:
    """Answer for a key that is missing."""
    return func.HttpResponse(f"{call.function_name}: no {error.args[0]}", status_code=404)


@pytest.mark.parametrize("path", ["plain", "later"])
def test_handler_gives_the_result_in_place_of_an_exception(app: func.FunctionApp, path: str) -> None:
    """A subclass of what it handles counts too; other exceptions fail the call as ever."""
    app.exception_handler(LookupError, OSError)(missing)
    add_plain(app)
    add_async(app)
    client = TestClient(app)

    answer = client.get(f"/api/{path}?missing=key")

    assert (answer.status_code, answer.get_body()) == (404, f"{path}: no key".encode())
    assert client.get(f"/api/{path}").get_body() == path.encode()


@pytest.mark.parametrize("path", ["plain", "later"])
def test_exception_without_a_handler_fails_the_call(app: func.FunctionApp, path: str) -> None:
    """A handler of another class is not asked."""
    app.exception_handler(ValueError)(missing)
    add_plain(app)
    add_async(app)

    with pytest.raises(KeyError):
        TestClient(app).get(f"/api/{path}?missing=key")


def test_nearest_handler_is_asked(app: func.FunctionApp) -> None:
    """The blueprint's before the app's, then the one of the nearest class."""
    blueprint = func.Blueprint()
    app.exception_handler(KeyError)(lambda error, call: "app, KeyError")
    app.exception_handler(Exception)(lambda error, call: "app, Exception")
    blueprint.exception_handler(LookupError)(lambda error, call: "blueprint, LookupError")
    add_plain(app, "outside")
    add_plain(blueprint, "inside")
    app.register_functions(blueprint)
    client = TestClient(app)

    assert client.get("/api/outside?missing=key").get_body() == b"app, KeyError"
    assert client.get("/api/inside?missing=key").get_body() == b"blueprint, LookupError"


@pytest.mark.parametrize("path", ["plain", "later"])
def test_middleware_sees_the_result_of_a_handler(app: func.FunctionApp, said: list[str], path: str) -> None:
    """The exception is handled next to the function, so that what stands around it sees a response."""

    @app.middleware
    def look(call: func.Call) -> Iterator[None]:
        yield
        said.append(str(call.result.status_code))

    app.exception_handler(KeyError)(missing)
    add_plain(app)
    add_async(app)

    TestClient(app).get(f"/api/{path}?missing=key")

    assert said == ["404"]


@pytest.mark.parametrize("path", ["plain", "later"])
def test_exceptions_of_middleware_are_handled_too(app: func.FunctionApp, said: list[str], path: str) -> None:
    """An authorisation that raises need not know how the app answers; what is around it sees the answer."""
    app.middleware(saying("outer", said))

    @app.middleware
    def refuse(call: func.Call) -> Iterator[None]:
        raise PermissionError("you")
        yield

    app.exception_handler(PermissionError)(lambda error, call: func.HttpResponse(f"not {error}", status_code=403))
    add_plain(app)
    add_async(app)

    answer = TestClient(app).get(f"/api/{path}")

    assert (answer.status_code, answer.get_body()) == (403, b"not you")
    assert said == ["outer", "/outer"]


@pytest.mark.parametrize("path", ["plain", "later"])
def test_what_a_handler_raises_fails_the_call(app: func.FunctionApp, said: list[str], path: str) -> None:
    """The exception itself, or another one: no handler is asked again, and the middleware sees it."""

    @app.middleware
    def look(call: func.Call) -> Iterator[None]:
        try:
            yield
        except KeyError:
            said.append("seen")
            raise

    @app.exception_handler(KeyError)
    def give_up(error: KeyError, call: func.Call) -> None:
        said.append("asked")
        raise error

    add_plain(app)
    add_async(app)

    with pytest.raises(KeyError):
        TestClient(app).get(f"/api/{path}?missing=key")
    assert said == ["asked", "seen"]


def test_async_handler_serves_async_functions(app: func.FunctionApp) -> None:
    """It is awaited."""

    @app.exception_handler(KeyError)
    async def answer(error: KeyError, call: func.Call) -> str:
        await asyncio.sleep(0)
        return "handled"

    add_async(app)

    assert TestClient(app).get("/api/later?missing=key").get_body() == b"handled"


def test_async_handler_around_a_plain_function_is_refused(app: func.FunctionApp) -> None:
    """Indexing names both."""

    @app.exception_handler(KeyError)
    async def answer(error: KeyError, call: func.Call) -> str:
        return "never"

    add_plain(app)

    with pytest.raises(func.DefinitionError, match=r"'answer'.*'plain'"):
        app.get_functions()


def test_handler_may_swallow_an_exception_of_a_message(app: func.FunctionApp) -> None:
    """For other triggers the call has succeeded then, and the message is done."""
    app.exception_handler(ValueError)(lambda error, call: None)

    @app.queue_trigger("msg", "todo", "Storage")
    def take(msg: func.QueueMessage) -> None:
        raise ValueError("bad message")

    assert TestClient(app).send("take", func.QueueMessage(body="x")).succeeded


def test_second_handler_of_a_class_is_refused(app: func.FunctionApp) -> None:
    """Both are named; another class, or another blueprint, may have its own."""
    app.exception_handler(KeyError)(missing)

    with pytest.raises(func.DefinitionError, match="KeyError is handled by 'missing' already") as caught:
        app.exception_handler(ValueError, KeyError)(lambda error, call: None)
    assert "test_middleware.py" in str(caught.value)
    app.exception_handler(ValueError)(missing)
    func.Blueprint().exception_handler(KeyError)(missing)


@pytest.mark.parametrize("wrong", [(), ("KeyError",), (int,), (BaseException,)], ids=repr)
def test_handler_of_no_exceptions_is_refused(app: func.FunctionApp, wrong: Any) -> None:
    """Parentheses were forgotten, a name was given, or a class that is none of exceptions."""
    with pytest.raises(func.ArgumentTypeError, match="handles classes of exceptions"):
        app.exception_handler(*wrong)


def test_handler_without_parentheses_is_refused(app: func.FunctionApp) -> None:
    """The function is no class of exceptions."""
    with pytest.raises(func.ArgumentTypeError, match="handles classes of exceptions"):
        app.exception_handler(missing)  # type: ignore[arg-type]  # what the test is about


# --- the call ---------------------------------------------------------------------------------------------------------


def test_middleware_is_tested_by_hand() -> None:
    """A call can be made with what the middleware looks at, and the generator be driven."""

    def named(call: func.Call) -> Iterator[None]:
        call.arguments["msg"] = func.QueueMessage(body="other")
        yield

    call = func.Call(function_name="take", trigger_name="msg", arguments={"msg": func.QueueMessage(body="hi")})
    list(named(call))

    assert call.trigger.get_body() == b"other"


def test_call_shows_and_compares_what_it_has() -> None:
    """Equal by value; what is not set is not shown."""
    call = func.Call(function_name="take", trigger_type="queueTrigger", arguments={"msg": 1})

    assert repr(call) == "Call(function_name='take', trigger_type='queueTrigger', arguments={'msg': 1})"
    assert call == func.Call(function_name="take", trigger_type="queueTrigger", arguments={"msg": 1})
    assert call != func.Call()
    assert call != "take"
    assert func.Call().trigger is None


# --- apps that are a framework ----------------------------------------------------------------------------------------


async def framework(scope: Any, receive: Any, send: Any) -> None:
    """Answer every request, as a web framework does."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"framework"})


def test_app_of_a_framework_takes_middleware_for_its_other_functions(said: list[str]) -> None:
    """``app.middleware`` is the adapter, as in the reference; one function or a blueprint may have middleware."""
    app = func.AsgiFunctionApp(framework, http_auth_level="anonymous")
    blueprint = func.Blueprint()
    blueprint.middleware(saying("blueprint", said))

    @app.with_middleware(saying("own", said))
    @app.timer_trigger("tick", "0 * * * * *")
    def first(tick: func.TimerRequest) -> None: ...

    @blueprint.timer_trigger("tick", "0 * * * * *")
    def second(tick: func.TimerRequest) -> None: ...

    app.register_functions(blueprint)
    client = TestClient(app)

    assert isinstance(app.middleware, func.AsgiMiddleware)
    assert client.get("/api/x").get_body() == b"framework"
    assert said == []
    client.send("first", func.TimerRequest())
    client.send("second", func.TimerRequest())
    assert said == ["own", "/own", "blueprint", "/blueprint"]


def test_middleware_stands_around_a_mounted_framework(app: func.FunctionApp, said: list[str]) -> None:
    """The framework is one function of the app."""
    app.middleware(saying("app", said))
    app.mount_asgi("site", framework, auth_level="anonymous")

    assert TestClient(app).get("/api/site/x").get_body() == b"framework"
    assert said == ["app", "/app"]
