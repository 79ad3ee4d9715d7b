"""Which invocation a log record belongs to."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.runtime.logs import capture, current_invocation_id, in_this_context, invocation, thread_local_storage
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger("shop")


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger with the level that nobody has changed, and its own level again afterwards."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.WARNING)
    yield root
    root.setLevel(before)


def add_http(app: func.FunctionApp, work: Any) -> TestClient:
    """Add a function that does something with its name and its context."""

    @app.route("{name}")
    def work_on(req: func.HttpRequest, context: func.Context) -> str:
        work(req.route_params["name"], context)
        return "ok"

    return TestClient(app)


def texts_of(client: TestClient) -> list[str]:
    """Give the messages of the last call."""
    assert client.last_run is not None
    return client.last_run.messages


# --- calls ------------------------------------------------------------------------------------------------------------


def test_a_call_has_its_own_logs(app: func.FunctionApp) -> None:
    """They are the records themselves, in order, each with the invocation id."""
    client = add_http(app, lambda name, _context: (logger.info("hello %s", name), logger.error("bye")))

    client.get("/api/ada")

    run = client.last_run
    assert run is not None
    assert run.messages == ["hello ada", "bye"]
    assert [record.levelname for record in run.logs] == ["INFO", "ERROR"]
    assert {record.__dict__["invocation_id"] for record in run.logs} == {run.context.invocation_id}


def test_two_interleaved_calls_have_each_its_own_logs(app: func.FunctionApp) -> None:
    """Records of calls that run at once, in threads, are not mixed."""
    both = threading.Barrier(2)

    def work(name: str, _context: func.Context) -> None:
        for step in (1, 2, 3):
            both.wait(5)
            logger.info("%s %d", name, step)

    client = add_http(app, work)

    async def two() -> list[list[str]]:
        found: list[list[str]] = []

        async def one(name: str) -> None:
            run = await client.asend("work_on", func.HttpRequest(route_params={"name": name}))
            found.append(run.messages)

        await asyncio.gather(one("ada"), one("bob"))
        return sorted(found)

    assert asyncio.run(two()) == [["ada 1", "ada 2", "ada 3"], ["bob 1", "bob 2", "bob 3"]]


def test_two_interleaved_async_calls_too(app: func.FunctionApp) -> None:
    """Records of tasks on one loop are not mixed, those of tasks that they start included."""

    @app.queue_trigger("msg", "todo", "Storage")
    async def work(msg: func.QueueMessage) -> None:
        async def log(step: int) -> None:
            logger.info("%s %d", msg.get_body().decode(), step)

        for step in (1, 2):
            await asyncio.gather(log(step), asyncio.sleep(0))

    client = TestClient(app)

    async def two() -> list[list[str]]:
        runs = await asyncio.gather(client.asend(work, "a"), client.asend(work, "b"))
        return [run.messages for run in runs]

    assert asyncio.run(two()) == [["a 1", "a 2"], ["b 1", "b 2"]]


def test_records_of_no_call_are_not_kept(app: func.FunctionApp) -> None:
    """A thread that says nothing of its invocation belongs to none."""

    def work(_name: str, _context: func.Context) -> None:
        thread = threading.Thread(target=logger.info, args=("from nowhere",))
        thread.start()
        thread.join()

    client = add_http(app, work)
    client.get("/api/ada")

    assert texts_of(client) == []


# --- threads of user code ---------------------------------------------------------------------------------------------


def test_the_guides_way_finds_the_call(app: func.FunctionApp) -> None:
    """A thread that sets ``context.thread_local_storage.invocation_id`` logs for that invocation."""

    def log(context: func.Context) -> None:
        context.thread_local_storage.invocation_id = context.invocation_id
        logger.info("from a thread")

    def work(_name: str, context: func.Context) -> None:
        thread = threading.Thread(target=log, args=(context,))
        thread.start()
        thread.join()

    client = add_http(app, work)
    client.get("/api/ada")

    assert texts_of(client) == ["from a thread"]


def test_a_function_finds_its_id_in_the_storage_of_its_own_thread(app: func.FunctionApp) -> None:
    """As in Azure; and it does not stay in the thread for the next call."""
    seen: list[str | None] = []
    client = add_http(app, lambda _name, context: seen.append(context.thread_local_storage.invocation_id))

    client.get("/api/ada")
    client.get("/api/bob")

    assert len(set(seen)) == 2
    assert None not in seen
    assert not hasattr(thread_local_storage, "invocation_id")


def test_run_in_thread_carries_the_call_along(app: func.FunctionApp) -> None:
    """Logs, context variables and the thread-local id are those of the caller."""
    client = add_http(app, lambda name, _context: func.run_in_thread(logger.info, "%s in a thread", name).result(5))

    client.get("/api/ada")

    assert texts_of(client) == ["ada in a thread"]


def test_run_in_thread_gives_results_and_errors() -> None:
    """It returns a future; outside of a call it is a plain thread."""
    assert func.run_in_thread(sum, [1, 2, 3]).result(5) == 6
    assert func.run_in_thread(current_invocation_id).result(5) is None
    with pytest.raises(ValueError, match="invalid literal"):
        func.run_in_thread(int, "x").result(5)


def test_one_executor_serves_several_calls() -> None:
    """Each task has the context of the call that submitted it, and the threads keep nothing of it."""
    with func.InvocationExecutor(max_workers=1) as executor:
        with invocation("a"):
            first = executor.submit(current_invocation_id)
        with invocation("b"):
            second = executor.submit(lambda: thread_local_storage.invocation_id)
        third = executor.submit(lambda: getattr(thread_local_storage, "invocation_id", None))

        assert [each.result(5) for each in (first, second, third)] == ["a", "b", None]


def test_an_executor_takes_what_a_thread_pool_takes() -> None:
    """Name, initializer and map are those of the standard library."""
    ready: list[int] = []
    with func.InvocationExecutor(2, "shop", ready.append, (1,)) as executor:
        [name] = set(executor.map(lambda _each: threading.current_thread().name.partition("_")[0], [1]))

    assert name == "shop"
    assert ready


def test_a_thread_that_had_an_id_has_it_again_afterwards() -> None:
    """What a task is given for its thread is taken back."""

    def outer() -> list[object]:
        thread_local_storage.invocation_id = "own"
        with invocation("a"):
            carried = in_this_context(lambda: thread_local_storage.invocation_id)
        return [carried(), thread_local_storage.invocation_id]

    assert func.run_in_thread(outer).result(5) == ["a", "own"]


def test_a_carried_function_may_run_several_times_at_once() -> None:
    """Each call has a copy of the context, which cannot be entered twice."""
    both = threading.Barrier(2)
    carried = in_this_context(lambda: both.wait(5))

    threads = [threading.Thread(target=carried) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)

    assert not both.broken


@pytest.mark.parametrize("name", ["azure_functions_worker.dispatcher", "proxy_worker.dispatcher"])
def test_in_azure_the_worker_is_asked_and_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The worker's id of the call goes into its storage in the thread, and is gone afterwards."""
    worker: Any = ModuleType(name)
    worker._invocation_id_local = threading.local()
    worker.get_current_invocation_id = lambda: "of-the-worker"
    monkeypatch.setitem(sys.modules, name, worker)

    with func.InvocationExecutor(max_workers=1) as executor:
        inside = executor.submit(lambda: vars(worker._invocation_id_local).copy()).result(5)
        afterwards = ThreadPoolExecutor.submit(executor, lambda: vars(worker._invocation_id_local).copy()).result(5)

    assert current_invocation_id() == "of-the-worker"
    assert inside == {"invocation_id": "of-the-worker"}
    assert afterwards == {}


# --- levels -----------------------------------------------------------------------------------------------------------


def test_the_level_is_that_of_azure_while_a_call_runs(root: logging.Logger, app: func.FunctionApp) -> None:
    """INFO is kept and DEBUG is not, and the root level is as before afterwards."""
    client = add_http(app, lambda *_each: (logger.debug("d"), logger.info("i")))

    client.get("/api/ada")

    assert texts_of(client) == ["i"]
    assert (root.level, capture in root.handlers) == (logging.WARNING, False)


@pytest.mark.parametrize(
    ("level", "texts"), [(logging.DEBUG, ["d", "i", "e"]), (logging.ERROR, ["e"])], ids=["debug", "error"]
)
def test_a_level_that_the_app_sets_stands(
    root: logging.Logger, app: func.FunctionApp, level: int, texts: list[str]
) -> None:
    """What is set on the root logger, or on another one, says what is kept."""
    root.setLevel(level)
    client = add_http(app, lambda *_each: (logger.debug("d"), logger.info("i"), logger.error("e")))

    client.get("/api/ada")

    assert texts_of(client) == texts
    assert root.level == level


def test_a_level_of_one_logger_stands(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """DEBUG of a logger that asks for it is kept."""
    monkeypatch.setattr(logging.getLogger("shop.loud"), "level", logging.DEBUG)
    client = add_http(app, lambda *_each: logging.getLogger("shop.loud").debug("d"))

    client.get("/api/ada")

    assert texts_of(client) == ["d"]


def test_a_level_that_is_set_during_a_call_stays(root: logging.Logger, app: func.FunctionApp) -> None:
    """What the app sets while it runs is not taken back."""
    client = add_http(app, lambda *_each: root.setLevel(logging.ERROR))

    client.get("/api/ada")

    assert root.level == logging.ERROR


def test_one_invocation_may_be_collected_twice_at_once() -> None:
    """Whoever collects gets the records of its own time."""
    with capture.of("a") as outer, invocation("a"):
        logger.warning("one")
        with capture.of("a") as inner:
            logger.warning("two")
        logger.warning("three")

    assert [record.getMessage() for record in outer] == ["one", "two", "three"]
    assert [record.getMessage() for record in inner] == ["two"]


def test_repr_of_an_executor_is_its_call() -> None:
    """The repr shows how many threads there may be, and their name."""
    with func.InvocationExecutor(max_workers=2) as executor:
        assert repr(executor) == "InvocationExecutor(max_workers=2, thread_name_prefix='azfunc')"
