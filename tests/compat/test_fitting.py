"""Functions as Azure's worker takes them: what it would refuse gets an entry, and all others stay as they are."""

from __future__ import annotations

import asyncio
import inspect
import typing
from typing import TYPE_CHECKING, Annotated, Any

import pytest

import azfunc as func
from azfunc import _catalog
from azfunc.compat.fitting import fit
from azfunc.runtime.worker_types import taken_for_parameter, taken_for_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from azfunc._core.function import Function


def fitted(user_function: Callable[..., Any], app: func.FunctionApp | None = None) -> Function:
    """Give a function of a queue with an output, fitted."""
    app = app or func.FunctionApp()
    decorated = app.queue_output("out", "done", "Storage")(user_function)
    app.queue_output("$return", "done", "Storage")(app.queue_trigger("msg", "todo", "Storage")(decorated))
    [function] = app.get_functions()
    fit(function)
    return function


def test_what_the_worker_takes_is_left_alone() -> None:
    """A function in the style of the guide is called itself."""

    def plain(msg: func.QueueMessage, out: func.Out[str], context: func.Context) -> str:
        return ""

    assert fitted(plain).get_user_function() is plain


def test_entry_has_what_the_worker_takes() -> None:
    """It has the names that the worker gives, and annotations that it takes or none."""

    def modern(  # one parameter of each kind
        ctx: func.Context,
        msg: func.QueueMessage | None,
        out: func.Out[list[str]],
        limit: int = 3,
        *more: int,
        **others: Any,
    ) -> list[str]:
        """Say what came."""
        out.set([ctx.function_name, str(limit)])
        return [msg.get_body().decode() if msg else ""]

    entry = fitted(modern).get_user_function()
    out = func.Out[list[str]]()

    assert set(inspect.signature(entry).parameters) == {"msg", "out", "context"}
    assert typing.get_type_hints(entry) == {"msg": func.QueueMessage, "out": func.Out[typing.List[str]]}  # noqa: UP006
    assert (entry.__name__, entry.__doc__) == ("modern", "Say what came.")
    assert entry(msg=func.QueueMessage(body="hi"), out=out, context=func.Context(function_name="f")) == ["hi"]
    assert out.get() == ["f", "3"]


def test_arguments_are_what_the_annotations_say() -> None:
    """As in azfunc's own runtime, where the worker alone would give something else, or refuse the function."""

    def rows(msg: list[dict[str, int]], out: func.Out[str]) -> str | None:
        return str(msg[0]["a"])

    assert fitted(rows).get_user_function()(msg='[{"a": 1}]', out=None) == "1"


def test_async_function_has_an_async_entry() -> None:
    """The worker awaits it, as it finds out by itself."""

    async def soon(msg: func.QueueMessage | None, out: func.Out[str]) -> str:
        return "soon"

    entry = fitted(soon).get_user_function()

    assert inspect.iscoroutinefunction(entry)
    assert asyncio.run(entry(msg=None, out=None)) == "soon"


def test_entries_stand_where_the_function_is_written() -> None:
    """The worker makes the folder of a function from the file of what it calls, middleware or not."""
    app = func.FunctionApp()

    @app.middleware
    def around(call: func.Call) -> Any:
        yield

    def inner(msg: func.QueueMessage, out: func.Out[str]) -> str:
        raise KeyError

    entry = fitted(inner, app).get_user_function()

    assert entry is not inner
    assert inspect.getfile(entry) == __file__
    with pytest.raises(KeyError):
        entry(msg=func.QueueMessage(), out=func.Out[str]())


def test_parameters_that_nothing_gives_are_for_the_worker_to_tell() -> None:
    """Such a function is left as it is; the worker names the parameter."""

    def wrong(mgs: func.QueueMessage | None, out: func.Out[str]) -> str:
        return ""

    assert fitted(wrong).get_user_function() is wrong


def test_nothing_is_fitted_without_a_worker() -> None:
    """Tests and azfunc's own runtime call what was written."""
    assert _catalog.fitter() is None


def test_fitting_is_turned_off_with_the_bridge(monkeypatch: pytest.MonkeyPatch) -> None:
    """AZFUNC_BRIDGE=0 leaves the worker alone with the functions."""
    monkeypatch.setattr(_catalog, "has_worker", lambda: True)
    assert _catalog.fitter() is fit

    monkeypatch.setenv("AZFUNC_BRIDGE", "0")
    assert _catalog.fitter() is None


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (str, str),
        (str | None, str),
        (Annotated[str, "text"], str),
        (str | bytes, None),
        (Any, None),
        (object, None),
        (list[str], typing.List[str]),  # noqa: UP006
        (dict[str, int] | None, typing.Dict[str, int]),  # noqa: UP006
        (typing.List[str], typing.List[str]),  # noqa: UP006
        (tuple[int, str], None),
        (typing.Literal["a"], None),
        (func.Out, None),
        (func.Out[str], func.Out[str]),
        (func.Out[str | None], func.Out[str]),
        (func.Out[Any], None),
        ("Unknown", None),
    ],
    ids=str,
)
def test_annotation_of_a_parameter(annotation: Any, expected: Any) -> None:
    """What says the same and is taken, or nothing."""
    assert taken_for_parameter(annotation) == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [(str, str), (str | None, str), (list[str], None), (str | bytes, None), (None, None), ("Unknown", None)],
    ids=str,
)
def test_annotation_of_a_result(annotation: Any, expected: Any) -> None:
    """A class, or nothing."""
    assert taken_for_result(annotation) == expected


def test_annotations_that_are_text_cost_no_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are looked up as they stand; only what the worker may refuse is looked at closely."""

    def plain(msg: func.QueueMessage, context: func.Context) -> None: ...

    function = func.FunctionApp().queue_trigger("msg", "todo", "Storage")(plain).build()
    monkeypatch.setattr(inspect, "signature", None)
    fit(function)

    assert function.get_user_function() is plain
