"""Plans of functions, and what goes in and comes out of a call."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.runtime.invocation import Run, annotations_of, bind, check_inputs, plan
from azfunc.testing import TestClient, make

if TYPE_CHECKING:
    from collections.abc import Callable

    from azfunc import Context as HiddenContext
    from azfunc._core.function import Function


def queue_function(app: func.FunctionApp, user_function: Callable[..., Any], *outputs: str) -> Function:
    """Add a function with a queue trigger ``msg`` and some queue outputs."""
    decorated: Any = app.queue_trigger("msg", "todo", "S")(user_function)
    for name in outputs:
        app.queue_output(name, "done", "S")(decorated)
    return app.get_functions()[-1]


# --- parameters -------------------------------------------------------------------------------------------------------


class OwnContext(func.Context):
    """A context of the user's own."""


def plain(msg, context) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Say nothing of the type."""


def typed(msg: Any, context: func.Context) -> None:
    """Say it plainly."""


def optional(msg: Any, context: func.Context | None) -> None:
    """Permit that there is none."""


def anything(msg: Any, context: Any) -> None:
    """Permit all."""


def an_object(msg: Any, context: object) -> None:
    """Permit all, too."""


def hidden(msg: Any, context: HiddenContext) -> None:
    """Name what only type checkers import."""


def own(msg: Any, context: OwnContext) -> None:
    """Name a class of one's own."""


def elsewhere(msg: Any, ctx: azfunc.Context) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Name what only type checkers know, under another name."""


@pytest.mark.parametrize("user_function", [plain, typed, optional, anything, an_object, hidden, own, elsewhere])
def test_a_parameter_called_context_gets_the_context(app: func.FunctionApp, user_function: Callable[..., Any]) -> None:
    """With the annotation, without one, and with those that permit it."""
    assert len(plan(queue_function(app, user_function)).context_parameters) == 1


def test_any_name_will_do_with_the_annotation(app: func.FunctionApp) -> None:
    """Several parameters may have it."""
    seen: list[Any] = []

    def work(msg: func.QueueMessage, ctx: func.Context, context: func.Context, note: str = "default") -> None:
        seen.extend([ctx, context, note])

    queue_function(app, work)
    run = TestClient(app).send("work", "x")

    assert seen == [run.context, run.context, "default"]


def test_a_binding_called_context_is_a_binding(app: func.FunctionApp) -> None:
    """As the triggers of Durable Functions often are."""

    @app.queue_trigger("context", "todo", "S")
    def work(context: func.QueueMessage) -> None: ...

    assert plan(app.get_functions()[0]).context_parameters == ()
    assert TestClient(app).send(work, "x").succeeded


def test_a_parameter_called_context_with_another_annotation_is_refused(app: func.FunctionApp) -> None:
    """The worker refuses it too."""

    def work(msg: func.QueueMessage, context: int) -> None: ...

    with pytest.raises(func.InvocationError, match="annotated with <class 'int'>, not with Context"):
        plan(queue_function(app, work))


def test_names_that_do_not_match_are_all_told(app: func.FunctionApp) -> None:
    """Each parameter and each binding that lacks the other, with the near name and the place."""

    def work(msgs: func.QueueMessage, other: int, /) -> None: ...

    def work2(msgs: func.QueueMessage, other: int) -> None: ...

    with pytest.raises(func.InvocationError, match="'msgs' can only be given by its position"):
        plan(queue_function(app, work))
    with pytest.raises(func.InvocationError) as caught:
        plan(queue_function(app, work2, "result"))

    message = caught.value.message
    assert "parameter 'msgs' has no binding; did you mean the binding 'msg'?" in message
    assert "parameter 'other' has no binding;" in message
    assert "binding 'result' has no parameter" in message
    assert caught.value.function_name == "work2"
    assert caught.value.location is not None
    assert "test_invocation.py" in caught.value.location


def test_a_function_of_any_keywords_gets_all_of_them(app: func.FunctionApp) -> None:
    """Inputs and out parameters come by name; further positions stay empty."""

    def work(*args: Any, **kwargs: Any) -> None:
        assert args == ()
        kwargs["out"].set(kwargs["msg"].get_body())

    queue_function(app, work, "out")

    assert TestClient(app).send("work", "x").outputs == {"out": b"x"}


class Relay:
    """An object that is called."""

    async def __call__(self, msg: func.QueueMessage, out: func.Out[str]) -> None:
        """Pass it on."""
        out.set(msg.get_body().decode())


def test_objects_and_partials_are_called_as_functions_are(app: func.FunctionApp) -> None:
    """What they are annotated with is read, and an async call is awaited."""

    def work(prefix: str, msg: func.QueueMessage) -> str:
        return prefix + msg.get_body().decode()

    queue_function(app, Relay(), "out")
    decorated: Any = app.function_name("partial")(functools.partial(work, "a"))
    app.queue_output("$return", "done", "S")(app.queue_trigger("msg", "todo", "S")(decorated))
    client = TestClient(app)

    assert client.send("Relay", "x").outputs == {"out": "x"}
    assert client.send("partial", "b").outputs == {"$return": "ab"}


def test_annotations_are_resolved_one_by_one() -> None:
    """One that names what is not there stays as it is written, and hides none of the others."""

    def work(a: Missing, b: int, c) -> list[Gone]: ...  # type: ignore[no-untyped-def, name-defined]  # noqa: F821, ANN001

    assert annotations_of(work) == {"a": "Missing", "b": int, "return": "list[Gone]"}


# --- inputs -----------------------------------------------------------------------------------------------------------


def test_missing_and_unknown_inputs_are_told(app: func.FunctionApp) -> None:
    """Both at once, with the binding types."""

    @app.blob_input("blob", "a/b", "S")
    @app.queue_trigger("msg", "todo", "S")
    def work(msg: func.QueueMessage, blob: str) -> None: ...

    found = plan(app.get_functions()[0])
    with pytest.raises(func.InvocationError, match="called with msg, blop, and takes msg, blob") as caught:
        check_inputs(found, {"msg": "x", "blop": b""})

    assert caught.value.hint == "Give blob=...: blob. There is no input 'blop'."
    with pytest.raises(func.InvocationError, match="called with no inputs"):
        TestClient(app, raise_exceptions=False).host.invoke("work")
    assert bind(found, {"msg": "x", "blob": b"y"})["blob"] == "y"


def test_an_input_that_cannot_be_read_is_placed(app: func.FunctionApp) -> None:
    """The error names function and binding, and keeps its cause."""

    @app.cosmos_db_trigger("documents", "C", "db", "items")
    def work(documents: func.DocumentList) -> None: ...

    with pytest.raises(func.JsonDecodeError) as caught:
        TestClient(app).send(work, "{")

    assert caught.value.message.startswith("Function 'work', cosmosDBTrigger binding 'documents': ")
    assert (caught.value.function_name, caught.value.binding_name) == ("work", "documents")


# --- outputs ----------------------------------------------------------------------------------------------------------


def test_outputs_and_what_is_sent(app: func.FunctionApp) -> None:
    """The run has what the function gave, and the Datum that the host gets; what is not set is not there."""

    def work(msg: func.QueueMessage, one: func.Out[str], two: func.Out[Any], three: func.Out[str]) -> dict[str, int]:
        one.set("first")
        one.set("last")
        two.set(None)
        return {"a": 1}

    queue_function(app, work, "one", "two", "three", "$return")
    run = TestClient(app).send("work", "x")

    assert run.outputs == {"one": "last", "two": None, "$return": {"a": 1}}
    assert {name: (datum.value, datum.type) for name, datum in run.datums.items()} == {
        "one": ("last", "string"),
        "$return": ('{"a": 1}', "json"),
    }


def test_an_output_that_cannot_be_sent_is_placed(app: func.FunctionApp) -> None:
    """The error names function and binding, whichever value of several it was."""

    def work(msg: func.QueueMessage, out: func.Out[Any]) -> None:
        out.set(object())

    queue_function(app, work, "out")
    client = TestClient(app)

    with pytest.raises(func.UnsupportedValueError, match=r"^Function 'work', queue binding 'out': queue output got"):
        client.send("work", "x")
    assert client.last_run is not None
    assert not client.last_run.succeeded


def test_converters_are_told_what_the_annotations_promise(app: func.FunctionApp) -> None:
    """X of ``Out[X]`` for an out parameter, the return annotation for the return value."""

    def work(msg: func.QueueMessage, one: func.Out[bytes], two: func.Out, three) -> str:  # type: ignore[no-untyped-def, type-arg]  # noqa: ANN001
        return ""

    found = plan(queue_function(app, work, "one", "two", "three", "$return"))

    assert [found.output_type(name) for name in ("one", "two", "three", "$return")] == [bytes, None, None, str]


def test_a_result_that_goes_nowhere_is_warned_of(app: func.FunctionApp) -> None:
    """Without an output binding for it the host throws it away."""

    def work(msg: func.QueueMessage) -> str:
        return "lost"

    queue_function(app, work)

    with pytest.warns(func.AzfuncWarning, match="returned str, and has no output binding named") as caught:
        run = TestClient(app).send("work", "x")

    assert (caught[0].filename, caught[0].lineno) == (__file__, work.__code__.co_firstlineno)
    assert run.returned == "lost"
    assert run.outputs == {}


def test_a_result_goes_back_to_a_trigger_that_takes_one(app: func.FunctionApp) -> None:
    """As in Durable Functions, and for types that nobody knows."""

    @app.generic_trigger("value", "newTrigger")
    def work(value: str) -> dict[str, str]:
        return {"got": value}

    run = TestClient(app).send(work, "x")

    assert run.outputs == {"$return": {"got": "x"}}
    assert run.datums["$return"].value == '{"got": "x"}'


def test_a_coroutine_that_nobody_awaits_is_told(app: func.FunctionApp) -> None:
    """A function that calls an async one without awaiting it, as a careless decorator does."""

    async def inner(msg: func.QueueMessage) -> None: ...

    def work(msg: func.QueueMessage) -> Any:
        return inner(msg)

    queue_function(app, work)

    with pytest.raises(func.InvocationError, match="returned a coroutine") as caught:
        TestClient(app).send("work", "x")
    assert "async def" in caught.value.hint


# --- the record -------------------------------------------------------------------------------------------------------


def test_a_run_cannot_be_changed_and_shows_what_counts(app: func.FunctionApp) -> None:
    """Its repr has what a failed test wants to know."""
    run = Run("work", returned="x", outputs={"$return": "x"}, attempts=2)

    with pytest.raises(AttributeError):
        run.attempts = 3  # type: ignore[misc]
    assert repr(run) == "Run(function_name='work', returned='x', outputs={'$return': 'x'}, attempts=2)"
    assert repr(Run("work")) == "Run(function_name='work')"
    assert make.context().invocation_id != Run("work").context.invocation_id
