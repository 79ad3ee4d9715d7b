"""Guards of the goals in docs/performance.md that need no clock: what is loaded, done how often, and kept.

The ceilings leave room for a release of Python or of a package; a heavy import, or work that grows with the square of
its input, goes far beyond them.
"""

from __future__ import annotations

import asyncio
import compileall
import gc
import inspect
import json
import shutil
import subprocess
import sys
import tracemalloc
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core import jsonlib
from azfunc._core.registry import registry
from benchmarks import asgi, converting, indexing, uploads, web, wsgi
from benchmarks.harness import OURS
from benchmarks.libraries import converter, datum, datums, request
from benchmarks.starts import ONE_HTTP_APP

if TYPE_CHECKING:
    from collections.abc import Callable

HEAVY = {"asyncio", "dataclasses", "dateutil", "email", "http", "inspect", "logging", "ssl", "typing", "werkzeug"}
FIRST_REQUEST = """
from azfunc._core.datum import Datum

parts = {"method": Datum("GET", "string"), "url": Datum("/api/hello", "string"), "body": Datum(b"", "bytes")}
given = Datum({**parts, "headers": {}, "query": {}, "params": {}}, "http")
registry = func.get_binding_registry()
answer = function.get_user_function()(registry.get("httpTrigger").decode(given, trigger_metadata=None))
registry.get("http").encode(func.HttpResponse(answer), expected_type=None)
"""


def run(program: str, *prefix: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program in a Python that has not even its site-packages."""
    root = path or Path(azfunc.__file__).parents[1]
    code = f"import sys; sys.path.insert(0, {str(root)!r})\n{program}"
    command = [*prefix, sys.executable, "-I", "-S", "-c", code]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8")


def loaded_by(program: str) -> set[str]:
    """Give the modules that a program loads."""
    report = f"before = set(sys.modules)\n{program}\nprint(*sorted(set(sys.modules) - before))"
    return set(run(report).stdout.split())


class Counter:
    """Counts the calls of something, and passes them on."""

    def __init__(self, target: Callable[..., Any]) -> None:
        """Take what is called."""
        self.target = target
        self.count = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Count the call, and make it."""
        self.count += 1
        return self.target(*args, **kwargs)


# --- what is loaded ---------------------------------------------------------------------------------------------------


def test_one_http_app_loads_nothing_heavy() -> None:
    """Importing azfunc and indexing one HTTP function loads few modules, and none that is heavy."""
    loaded = loaded_by(f"import azfunc as func\n{ONE_HTTP_APP}")
    ours = {name for name in loaded if name.startswith("azfunc")}

    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert "azfunc.bindings.http.response" not in ours
    assert "azfunc.bindings.http.converters" not in ours
    assert len(ours) <= 26
    assert len(loaded - ours) <= 32


def test_first_request_loads_nothing_heavy() -> None:
    """A function that reads and gives text needs no more modules for its first request than the messages of HTTP."""
    loaded = loaded_by(f"import azfunc as func\n{ONE_HTTP_APP}\n{FIRST_REQUEST}")
    ours = {name for name in loaded if name.startswith("azfunc")}

    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert len(ours) <= 34


# --- how often things are done ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "arrays"),
    [
        (converting.service_bus_batch(200), len(converting.SERVICE_BUS)),
        (converting.event_batch(200), 3),
        (converting.event_batch(200, metadata=True), 3),
    ],
    ids=["servicebus", "eventhub", "eventhub metadata"],
)
def test_json_of_a_batch_is_read_once(make: Any, arrays: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each array of the metadata is read as JSON once, however many messages the batch has."""
    work = make(OURS)
    work()
    counter = Counter(jsonlib._scan)
    monkeypatch.setattr(jsonlib, "_scan", counter)
    work()

    assert 0 < counter.count <= arrays


def test_bindings_need_no_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decorating and indexing does not look at a signature once, let alone for each binding."""
    counter = Counter(inspect.signature)
    monkeypatch.setattr(inspect, "signature", counter)
    monkeypatch.setattr(registry, "inject", None)  # as in an app without markers
    _, functions = indexing.build(OURS, 20)

    assert len(functions) == 20
    assert counter.count == 0


def test_json_of_a_message_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that came alone reads each JSON value of its metadata once, however often its field is asked for."""
    raw = datums(OURS, converting.SERVICE_BUS)
    [message] = [converter(OURS, "serviceBusTrigger").decode(datum(OURS, b"", "bytes"), trigger_metadata=raw)]
    counter = Counter(jsonlib._scan)
    monkeypatch.setattr(jsonlib, "_scan", counter)
    fields = [[getattr(message, name) for name in converting.SERVICE_BUS_FIELDS] for _ in range(3)]

    assert fields[0] == fields[2]
    assert counter.count == sum(not isinstance(value, str) for value in converting.SERVICE_BUS.values())


def test_index_reads_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decorating and indexing writes function.json and never reads it back."""
    for module, name in ((jsonlib, "_scan"), (json, "loads")):
        monkeypatch.setattr(module, name, Counter(getattr(module, name)))
    _, functions = indexing.build(OURS, 20)
    texts = [function.get_function_json() for function in functions]

    assert len(texts) == 20
    assert (jsonlib._scan.count, json.loads.count) == (0, 0)  # type: ignore[attr-defined]  # counters


def test_synchronous_requests_share_an_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The synchronous entry of an ASGI app makes no event loop after its first request."""
    work = asgi.entered(OURS)
    work()
    counter = Counter(asyncio.new_event_loop)
    monkeypatch.setattr(asyncio, "new_event_loop", counter)
    monkeypatch.setattr(asyncio.events, "new_event_loop", counter)
    answers = [work() for _ in range(20)]

    assert answers == [b"hello"] * 20
    assert counter.count == 0


def test_upload_writes_nothing_to_disk() -> None:
    """A file in a form is read from the body that is in memory, whatever its size."""
    work = uploads.upload(2_000_000)(OURS)
    work()
    with uploads.DiskWatch() as watch:
        answer = work()

    assert answer == ("photo", "a.bin", 2_000_000)
    assert (watch.files, watch.bytes) == (0, 0)


def test_disk_watch_sees_files(tmp_path: Path) -> None:
    """What the test above relies on: a file that is opened for writing is counted, and its bytes on Linux."""
    with uploads.DiskWatch() as watch:
        (tmp_path / "x").write_bytes(b"12345")

    assert watch.files == 1
    assert watch.bytes == (5 if sys.platform == "linux" else 0)


# --- what is kept -----------------------------------------------------------------------------------------------------


def peak_of(work: Callable[[], Any]) -> int:
    """Give the memory that work takes at most, in bytes."""
    work()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_upload_needs_one_copy_of_its_file() -> None:
    """Reading a form takes the file's part of the body once; its stream hands out the same bytes."""
    assert peak_of(uploads.upload(4_000_000)(OURS)) < 1.5 * 4_000_000


def test_batch_memory_is_linear() -> None:
    """Four times the events with their metadata take four times the memory."""
    small, large = (peak_of(converting.event_batch(count, metadata=True)(OURS)) for count in (100, 400))

    assert large < 6 * small


def test_indexed_function_is_small() -> None:
    """A function with three bindings, its handler included, keeps less than six kilobytes."""
    indexing.build(OURS, 1)
    tracemalloc.start()
    try:
        kept = indexing.build(OURS, 200)
        each = tracemalloc.get_traced_memory()[0] / len(kept[1])
    finally:
        tracemalloc.stop()

    assert each < 6_000


def test_an_app_is_freed_when_it_is_dropped() -> None:
    """An app and its functions do not hold each other: without the garbage collector nothing of them is left."""
    indexing.build(OURS, 1)
    gc.collect()
    gc.disable()
    try:
        app, functions = indexing.build(OURS, 20)
        left = weakref.ref(app)
        del app, functions
        assert left() is None
        assert gc.collect() == 0
    finally:
        gc.enable()


# --- instructions -----------------------------------------------------------------------------------------------------


valgrind = pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")


def instructions(program: str, path: Path) -> int:
    """Count the instructions of a program."""
    found = run(program, "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", path=path).stderr
    [line] = [line for line in found.splitlines() if "Collected" in line]
    return int(line.rpartition(":")[2])


@valgrind
def test_import_takes_few_instructions(tmp_path: Path) -> None:
    """Importing azfunc, compiled, and indexing one HTTP function costs less than three bare interpreters more."""
    source = Path(azfunc.__file__).parent
    shutil.copytree(source, tmp_path / OURS, ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(tmp_path / OURS, quiet=1)
    bare = instructions("pass", tmp_path)

    assert instructions(f"import azfunc as func\n{ONE_HTTP_APP}", tmp_path) < 4 * bare


JOIN = """
import azfunc as func

body = func.HttpResponse(iter([bytes(1000)] * {})).get_body()
"""


@valgrind
def test_chunks_are_joined_in_linear_time() -> None:
    """Four times the chunks of a response take four times the instructions, those of the import taken off."""
    alone, small, large = (
        instructions(JOIN.format(count), Path(azfunc.__file__).parents[1]) for count in (1, 500, 2000)
    )

    assert large - alone < 5 * (small - alone)


# --- calls ------------------------------------------------------------------------------------------------------------


DATE = 0 if sys.version_info >= (3, 11) else 15
"""Calls for a date where Python itself cannot read the usual ones."""


def calls_of(work: Callable[[], object]) -> int:
    """Count the calls of Python functions that work makes."""
    made = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        made += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return made


def test_batch_calls_are_linear() -> None:
    """Four times the messages of a batch take four times the calls."""
    works = [converting.service_bus_batch(count)(OURS) for count in (50, 200)]
    for work in works:
        work()  # what is made once is made now
    small, large = map(calls_of, works)

    assert large < 4.2 * small


@pytest.mark.parametrize(
    ("work", "most"),
    [
        (converting.event_batch(100)(OURS), 100 * (25 + DATE)),
        (converting.service_bus_batch(100)(OURS), 100 * (100 + 4 * DATE)),
        (asgi.awaited(asgi.hello, times=100)(OURS), 100 * 24),
        (wsgi.handled(OURS), 33),
        (web.response_encoded(OURS), 23),
    ],
    ids=["event batch", "service bus batch", "asgi", "wsgi", "response"],
)
def test_work_takes_few_calls(work: Callable[[], object], most: int) -> None:
    """What is done for each message and each request takes no more calls of Python functions than that."""
    work()

    assert calls_of(work) <= most


def test_request_of_a_benchmark_is_one() -> None:
    """What the benchmarks hand to functions is an `HttpRequest` with its content."""
    assert request(OURS, b"{}").get_json() == {}
