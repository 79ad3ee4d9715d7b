"""Hooks of worker extensions around functions."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.extension import SCRIPT_ROOT_SETTING, ExtensionMeta
from azfunc.runtime.host import HostOptions, LocalHost
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from pathlib import Path

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


@pytest.fixture(autouse=True)
def _own_extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test registers its own extensions."""
    monkeypatch.setattr(ExtensionMeta, "_func_exts", {})
    monkeypatch.setattr(ExtensionMeta, "_app_exts", None)
    monkeypatch.setattr(ExtensionMeta, "_info", {})


def make_extensions(monkeypatch: pytest.MonkeyPatch, root: Path, function: str = "work") -> list[str]:
    """Register an extension of the app and one of a function; gives a list that their hooks are noted in."""
    events: list[str] = []
    monkeypatch.setenv(SCRIPT_ROOT_SETTING, str(root))

    class OfApp(func.AppExtensionBase):
        @classmethod
        def post_function_load_app_level(
            cls, function_name: str, function_directory: str, *args: Any, **kwargs: Any
        ) -> None:
            events.append(f"app load {function_name} {function_directory}")

        @classmethod
        def pre_invocation_app_level(
            cls, logger: Any, context: Any, func_args: Any = None, *_a: Any, **_k: Any
        ) -> None:
            events.append(f"app pre {context.function_name} {sorted(func_args)}")
            context.tracer = "set by the extension"
            variable.set("set by the extension")

        @classmethod
        def post_invocation_app_level(
            cls, logger: Any, context: Any, func_args: Any = None, func_ret: Any = None, *_a: Any, **_k: Any
        ) -> None:
            events.append(f"app post {func_ret} {logger.name}")

    class OfFunction(func.FuncExtensionBase):
        def __init__(self) -> None:
            super().__init__(str(root / function / "__init__.py"))

        def post_function_load(self, function_name: str, function_directory: str, *args: Any, **kwargs: Any) -> None:
            events.append(f"function load {function_name}")

        def pre_invocation(self, logger: Any, context: Any, func_args: Any = None, *args: Any, **kwargs: Any) -> None:
            events.append("function pre")

        def post_invocation(
            self, logger: Any, context: Any, func_args: Any = None, func_ret: Any = None, *_a: Any, **_k: Any
        ) -> None:
            events.append(f"function post {func_ret} {logger.name}")

    assert OfApp.__name__ == "OfApp"
    OfFunction()
    return events


IN_ORDER = [
    "app pre work ['context', 'msg']",
    "function pre",
    "call set by the extension set by the extension",
    "function post done azfunc.extension.OfFunction",
    "app post done azfunc.extension.OfApp",
]


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_hooks_run_around_a_call_in_order(
    app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, is_async: bool
) -> None:
    """Those of the app are outside, those of the function inside; all in the thread and context of the function."""
    events = make_extensions(monkeypatch, tmp_path)

    def call(context: Any) -> str:
        events.append(f"call {context.tracer} {variable.get()}")
        return "done"

    def work(msg: func.QueueMessage, context: func.Context) -> str:
        return call(context)

    async def work_async(msg: func.QueueMessage, context: func.Context) -> str:
        return call(context)

    function = app.function_name("work")(work_async if is_async else work)
    app.queue_output("$return", "q", "S")(app.queue_trigger("msg", "q", "S")(function))
    run = TestClient(app).send("work", "x")

    assert run.returned == "done"
    assert events[2:] == IN_ORDER


def test_functions_are_loaded_once_when_the_host_starts(
    app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each function is told of once, whether the host is entered or just used; its own extension goes first."""
    events = make_extensions(monkeypatch, tmp_path)
    for name in ("work", "rest"):

        def function(msg: func.QueueMessage) -> None: ...

        app.function_name(name)(app.queue_trigger("msg", "q", "S")(function))
    loads = ["function load work", "app load work /shop", "app load rest /shop"]

    host = LocalHost(app, options=HostOptions(function_directory="/shop"))
    assert events == []
    with host:
        assert events == loads
        host.invoke("rest", {"msg": "x"})
    assert [event for event in events if " load " in event] == loads

    LocalHost(app, options=HostOptions(function_directory="/shop")).invoke("rest", {"msg": "x"})
    assert [event for event in events if " load " in event] == loads * 2


def test_no_hook_runs_after_a_call_that_raised(
    app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """So it is in Azure."""
    events = make_extensions(monkeypatch, tmp_path)

    @app.queue_trigger("msg", "q", "S")
    def work(msg: func.QueueMessage) -> None:
        raise LookupError

    assert not TestClient(app, raise_exceptions=False).send(work, "x").succeeded
    assert events[-1] == "function pre"


def test_a_hook_that_raises_stops_nothing(app: func.FunctionApp, caplog: pytest.LogCaptureFixture) -> None:
    """Its error is logged, with the names of extension, hook and function; the others and the call go on."""
    events: list[str] = []

    class Broken(func.AppExtensionBase):
        @classmethod
        def post_function_load_app_level(cls, *args: Any, **kwargs: Any) -> None:
            raise ValueError("load")

        @classmethod
        def pre_invocation_app_level(cls, *args: Any, **kwargs: Any) -> None:
            raise ValueError("pre")

    class Whole(func.AppExtensionBase):
        @classmethod
        def pre_invocation_app_level(cls, *args: Any, **kwargs: Any) -> None:
            events.append("whole")

    @app.queue_trigger("msg", "q", "S")
    def work(msg: func.QueueMessage) -> None:
        events.append("call")

    assert Broken.__name__ != Whole.__name__
    run = TestClient(app).send(work, "x")

    assert events == ["whole", "call"]
    assert run.messages == ["Extension Broken failed in pre_invocation_app_level of function 'work'."]
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert errors[0] == "Extension Broken failed in post_function_load_app_level of function 'work'."


def test_hooks_of_a_function_are_found_in_any_letter_case(
    app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The folder that an extension belongs to and the name of the function may differ in that."""
    events = make_extensions(monkeypatch, tmp_path, function="WORK")

    @app.queue_trigger("msg", "q", "S")
    async def work(msg: func.QueueMessage) -> None:
        await asyncio.sleep(0)

    TestClient(app).send(work, "x")

    assert "function pre" in events
