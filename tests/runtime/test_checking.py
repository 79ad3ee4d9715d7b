"""Checking: every mistake is found in one run, at its line, in words that say what, where and what to do."""

from __future__ import annotations

import json
import re
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc.runtime.checking import CODES, Problem, check, source_line
from azfunc.runtime.loading import load_app
from tests.apps import APP, HTTP_V1, MAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from azfunc.runtime.checking import Report

ROOT = Path(__file__).resolve().parent.parent.parent
MISTAKES = ROOT / "tests" / "data" / "apps" / "mistakes"
HEAD = "import azfunc as func\nimport typing\nfrom typing import *\napp = func.FunctionApp()\n"
HOST = {"version": "2.0"}

# What the text of each problem of the app with all the mistakes says: what is wrong, and what to do.
TEXTS = [
    ("name-mismatch", "'documents' of function 'sample' has no binding, and its binding 'docs'", "bind 'documents'"),
    ("out-without-output", "'result' of function 'undeclared' is annotated as Out[str]", "arg_name='result'"),
    ("out-without-output", "'msg' of function 'plain_output' is annotated as Out[str]", "These fit: QueueMessage."),
    ("parameter-without-binding", "'limit' of function 'undeclared'", "its bindings: msg."),
    ("binding-without-parameter", "'copy' (blob) of function 'unused'", "Add the parameter 'copy'"),
    ("output-without-out", "'result' of function 'plain_output' is an output", "func.Out[str]"),
    ("annotation", "'msg' of function 'annotated' does not give TimerRequest", "These fit: QueueMessage."),
    ("annotation", "'result' of function 'annotated' does not take TimerRequest", "These fit: str, bytes,"),
    ("return-conflict", "'returns_nothing' is annotated to return None", "remove the output"),
    ("duplicate-binding", "two bindings named '$return': blob and queue", "only one can take the return value"),
    ("lost-result", "'returns_to_nobody' is annotated to return str", "arg_name='$return'"),
    ("schedule", "function 'sundays': The schedule '0 0 9 * * 7' is wrong", "Sunday is 0"),
    ("time-span", "'24:00:00' of function 'daily' is 24 days", "'24.00:00:00'"),
    ("time-span", "maxPollingInterval in host.json is '2 seconds'", "hh:mm:ss"),
    ("missing-setting", "names the app setting 'SCHEDULES', which is not set", "Did you mean 'SCHEDULE'?"),
    ("missing-setting", "names the app setting 'SECRETLESS', which is not set", "SECRETLESS__serviceUri"),
    ("route", "The route 'items/{id:int' is wrong at character 7", "Close it with }"),
    ("duplicate-route", "'good' and 'second' both answer GET of 'api/good'", "'good' stands at"),
    ("reserved-route", "'admin/users' of function 'users' begins with 'admin'", "begins otherwise"),
    ("duplicate-function", "'Good' has the name of another one", "upper from lower case"),
    ("function-name", "refuses the function name 'host'", "Use a letter first"),
    ("binding-name", "refuses the binding name 'my__msg'", "single underscores"),
    ("no-trigger", "'no_trigger' has no trigger", "@app.queue_trigger(...)"),
    ("several-triggers", "'two_triggers' has two triggers: queueTrigger (msg) and timerTrigger (tick)", "Remove one"),
    ("connection-string", "'msg' of function 'secret' holds a connection string", "name of that setting"),
    ("misspelt-field", "'msg' of function 'misspelt' has no field 'data_typ'", "Did you mean 'data_type'?"),
    ("unknown-decorator", "FunctionApp has no decorator 'quue_trigger'", "Did you mean 'queue_trigger'?"),
    ("arguments", "missing 2 required positional arguments: 'queue_name' and 'connection'", "Compare the arguments"),
    ("value", "'anon' to AuthLevel", "FUNCTION, ANONYMOUS, ADMIN"),
    ("cardinality", "'one_of_many' has cardinality MANY", "Leave the cardinality out"),
    ("retry", "fixed_delay lacks delay_interval", "'00:00:10'"),
    ("positional-only", "'msg' of function 'by_position' takes no name", "Remove the '/'"),
    ("unresolved-annotation", "'msg' of function 'unresolved'", "Import the name at the top"),
]


@pytest.fixture(scope="module")
def mistakes() -> Report:
    """Check the app with all the mistakes, once."""
    return check(MISTAKES)


def codes(report: Report) -> list[str]:
    """Give the codes of the problems of a report."""
    return [problem.code for problem in report.problems]


def line_of(problem: Problem) -> int:
    """Give the line of a problem."""
    return int(str(problem.location).rpartition(":")[2])


@pytest.fixture
def find(write: Callable[..., Path]) -> Callable[..., list[Problem]]:
    """Check an app of the newer model by the text of its functions."""

    def found(text: str, **options: Any) -> list[Problem]:
        settings = options.pop("local", None)
        files = {"function_app.py": HEAD + text, "host.json": options.pop("host", HOST)}
        if settings is not None:
            files["local.settings.json"] = {"Values": settings}
        return list(check(write(files), **options).problems)

    return found


# --- the app with all the mistakes ------------------------------------------------------------------------------------


def test_every_mistake_is_found_at_its_line(mistakes: Report) -> None:
    """One run finds the mistake of each marked line of the app, and nothing else."""
    lines = (MISTAKES / "function_app.py").read_text("utf-8").splitlines()
    marked = [(number, line.rpartition("  # ")[2]) for number, line in enumerate(lines, 1) if "  # " in line]

    found = [(line_of(each), each.code) for each in mistakes.problems if "function_app.py" in str(each.location)]
    assert found == marked
    assert len(found) >= 12


@pytest.mark.parametrize(
    ("code", "what", "todo"), TEXTS, ids=[f"{code}-{index}" for index, (code, *_) in enumerate(TEXTS)]
)
def test_every_text_says_what_and_what_to_do(mistakes: Report, code: str, what: str, todo: str) -> None:
    """The message has what is wrong and where, by name; the hint what to do; the place is a line of a file."""
    fitting = [problem for problem in mistakes.problems if problem.code == code and what in problem.message]

    assert len(fitting) == 1, "\n".join(map(str, mistakes.problems))
    assert todo in fitting[0].hint
    assert re.fullmatch(r".+\.(py|json):[0-9]+", str(fitting[0].location))
    assert str(MISTAKES) in str(fitting[0].location)
    assert fitting[0].message.endswith(".")
    assert fitting[0].hint.endswith((".", "?"))


def test_the_table_of_texts_is_whole(mistakes: Report) -> None:
    """Every problem of the app with all the mistakes has its row in the table above."""
    assert len(mistakes.problems) == len(TEXTS)
    assert {problem.code for problem in mistakes.problems} == {code for code, *_ in TEXTS}
    assert {problem.code for problem in mistakes.problems} <= CODES.keys()


def test_good_functions_are_named(mistakes: Report) -> None:
    """What is without an error is said too; warnings do not count."""
    assert mistakes.good == ("good", "returns_to_nobody", "daily", "by_setting", "identity", "no_place", "unresolved")
    assert not mistakes.succeeded
    assert len(mistakes.errors) + len(mistakes.warnings) == len(mistakes.problems)
    assert all(not problem.is_error for problem in mistakes.warnings)


def test_no_secret_is_shown(mistakes: Report) -> None:
    """A connection string that stands where a name belongs is not repeated."""
    assert "c2VjcmV0" not in "\n".join(map(str, mistakes.problems))


def test_a_problem_is_a_line_for_editors_and_data_for_programs(mistakes: Report) -> None:
    """The text has the form `file:line: severity: message hint [code]`; the data is JSON."""
    problem = next(each for each in mistakes.problems if each.code == "binding-name")
    place = f"{MISTAKES / 'function_app.py'}:{line_of(problem)}"

    assert str(problem).startswith(f"{place}: error: The host refuses the binding name 'my__msg'")
    assert str(problem).endswith("[binding-name]")
    data = json.loads(json.dumps(problem.to_dict()))
    assert (data["file"], data["line"]) == (str(MISTAKES / "function_app.py"), line_of(problem))
    assert (data["severity"], data["function"], data["binding"]) == ("error", "underscores", "my__msg")
    assert source_line(problem.location).startswith('@app.queue_trigger("my__msg"')
    bare = Problem("warning", "route", "What.")
    assert (str(bare), source_line(bare.location)) == ("warning: What. [route]", "")
    assert (bare.to_dict()["file"], bare.to_dict()["line"]) == (None, None)


def test_checking_leaves_nothing_behind() -> None:
    """The modules of the app are gone afterwards, and so is what let its decorators fail."""
    check(MISTAKES)
    before = set(sys.modules), list(sys.meta_path), list(sys.path)
    check(MISTAKES)

    assert (set(sys.modules), sys.meta_path, sys.path) == before


@pytest.mark.parametrize("example", ["guide", "v1-app"])
def test_the_examples_are_good(example: str) -> None:
    """The guide's apps have no error; connections that are not set locally are warnings."""
    report = check(ROOT / "examples" / example)

    assert report.succeeded
    assert {problem.code for problem in report.problems} <= {"missing-setting"}
    assert report.good == report.functions


# --- apps -------------------------------------------------------------------------------------------------------------


def test_an_app_object_can_be_checked(app: azfunc.FunctionApp) -> None:
    """Without files only the functions are looked at; the place is that of the function."""

    @app.queue_trigger("msg", "todo", "Storage")
    def wrong(message: azfunc.QueueMessage) -> None: ...

    [problem] = check(app).problems
    assert problem.code == "name-mismatch"
    assert str(problem.location).startswith(__file__)


def test_a_loaded_app_stays_open(write: Callable[..., Path]) -> None:
    """Who gives a loaded app closes it."""
    with load_app(write({"function_app.py": APP, "host.json": HOST})) as loaded:
        report = check(loaded)
        assert report.succeeded
        assert report.loaded is loaded
        assert "function_app" in sys.modules


@pytest.mark.parametrize(
    ("files", "code", "message"),
    [
        ({}, "no-app-file", "has no function_app.py"),
        ({"function_app.py": "x = 1"}, "no-app", "defines no function app"),
        ({"function_app.py": "import nothing_of_the_kind"}, "import-error", "No module named"),
        ({"function_app.py": "import azfunc\na, b = azfunc.FunctionApp(), azfunc.FunctionApp()"}, "several-apps", "2"),
        ({"function_app.py": "import azfunc\nazfunc.FunctionApp('no')"}, "value", "'no' to AuthLevel"),
        ({"function_app.py": "import azfunc\na = azfunc.FunctionApp()\na.register_functions(a)"}, "definition", "can"),
        ({"function_app.py": APP, "local.settings.json": {"IsEncrypted": True}}, "settings-file", "is encrypted"),
        ({"function_app.py": APP, "host.json": "{"}, "settings-file", "host.json is no valid JSON"),
    ],
    ids=["nothing", "no-app", "import", "several", "app-argument", "blueprint", "encrypted", "host"],
)
def test_apps_that_cannot_be_loaded(write: Callable[..., Path], files: dict[str, Any], code: str, message: str) -> None:
    """What stops the loading is one problem among others, not an exception."""
    problems = check(write({"host.json": HOST, **files})).problems

    assert [problem.code for problem in problems] == [code]
    assert message in problems[0].message


def test_functions_of_several_apps_are_all_checked(write: Callable[..., Path]) -> None:
    """That there are two apps does not hide what is wrong with their functions."""
    two = APP + "\n    other = func.FunctionApp()\n    @other.timer_trigger('tick', 'x')\n    def late(tick): ...\n"

    assert codes(check(write({"function_app.py": two, "host.json": HOST}))) == ["several-apps", "schedule"]


def test_an_app_without_functions_is_an_error(find: Callable[..., list[Problem]]) -> None:
    """What the host tells as "0 functions found" fails the check, with what is to be done."""
    [problem] = find("")

    assert (problem.severity, problem.code) == ("error", "no-functions")
    assert "app.register_functions(blueprint)" in problem.hint


def test_a_forgotten_registration_is_told(find: Callable[..., list[Problem]]) -> None:
    """A blueprint whose functions are in no app is named, with the line that is missing."""
    empty, lost = find("bp = func.Blueprint()\n@bp.route()\ndef f(req): ...\n")

    assert (empty.code, empty.hint) == ("no-functions", "Register its blueprints.")
    assert (lost.severity, lost.code) == ("warning", "lost-blueprint")
    assert "Blueprint 'bp' is not registered" in lost.message
    assert "'f'" in lost.message
    assert lost.hint == "Register it: app.register_functions(bp)."
    assert line_of(lost) == HEAD.count("\n") + 2


def test_blueprints_of_other_modules_are_missed_too(write: Callable[..., Path]) -> None:
    """A blueprint counts as forgotten in whichever module of the app it stands, and once."""
    route = "@{}.route()\ndef {}(req: func.HttpRequest) -> str: ...\n"
    script = HEAD + route.format("app", "kept") + "import other\nfrom third import bp as mine\nagain = mine\n"
    blueprint = "import azfunc as func\nbp = func.Blueprint()\n@bp.route()\ndef {}(req: func.HttpRequest) -> str: ...\n"
    files = {"function_app.py": script, "other.py": blueprint.format("a"), "third.py": blueprint.format("b")}
    report = check(write({**files, "host.json": HOST}))

    assert [problem.hint for problem in report.problems] == [
        "Register it: app.register_functions(other.bp).",
        "Register it: app.register_functions(mine).",
    ]
    assert report.good == ("kept",)


@pytest.mark.parametrize(
    "register",
    [
        "app.register_functions(bp)",
        "outer = func.Blueprint()\nouter.register_functions(bp)\napp.register_functions(outer)",
        "app.function_name('g')(f)",
    ],
    ids=["registered", "nested", "decorated-with-the-app"],
)
def test_blueprints_that_the_app_has_are_not_told_of(register: str, find: Callable[..., list[Problem]]) -> None:
    """Whichever way its functions got into the app, a blueprint is not forgotten."""
    head = "bp = func.Blueprint()\nempty = func.Blueprint()\n@bp.route()\ndef f(req: func.HttpRequest) -> str: ...\n"

    assert find(head + register + "\n") == []


def test_decorators_of_others_fail_as_they_do(find: Callable[..., list[Problem]]) -> None:
    """An error that is not azfunc's ends the import, with its traceback; class bodies and walrus work as before."""
    [problem] = find("@app.route()\n@(lambda f: 1 / 0)\ndef f(req): ...\n")
    assert (problem.code, line_of(problem)) == ("import-error", 6)
    [problem] = find("def deco(x):\n    return int('x')\n@deco(1)\ndef f(req): ...\n")
    assert (problem.code, line_of(problem)) == ("import-error", 6)
    [problem] = find("def deco(x):\n    return len(x)\n@deco(1)\ndef f(req): ...\n")
    assert (problem.code, "TypeError" in problem.message) == ("import-error", True)
    [problem] = find("import types\n@types.gone\ndef f(req): ...\n")
    assert (problem.code, "AttributeError" in problem.message) == ("import-error", True)
    assert (
        find("@(d := app.route())\ndef f(req): ...\nclass X:\n    y = app\n    @y.route()\n    def g(req): ...\n") == []
    )


def test_decorators_in_other_modules_and_factories_may_fail_too(write: Callable[..., Path]) -> None:
    """Blueprints in modules of their own, and functions made in functions, are looked at in the same way."""
    blueprint = """
        import azfunc as func
        bp = func.Blueprint()

        def make(name):
            @bp.function_name(name)
            @bp.route(name)
            async def inner(req): ...

        make("a")
        make("2")
    """
    app = "import azfunc as func\nfrom parts.bp import bp\napp = func.FunctionApp()\napp.register_functions(bp)\n"
    report = check(write({"function_app.py": app, "parts/bp.py": blueprint, "host.json": HOST}))

    assert [(problem.code, line_of(problem)) for problem in report.problems] == [("function-name", 6)]
    assert report.functions == ("a", "inner")


def test_what_follows_from_a_failed_decorator_is_not_reported(find: Callable[..., list[Problem]]) -> None:
    """A function without its trigger, parameter or result is no news when the decorator was refused."""
    text = "@app.queue_output('$return', 'q', 'C')\n@app.queue_trigger('my__m', 'q', 'C')\ndef f(my__m) -> str: ...\n"
    assert [(problem.code, line_of(problem)) for problem in find(text)] == [("binding-name", 6)]

    text = "@app.blob_input('a__b', 'p', 'C')\n@app.queue_trigger('m', 'q', 'C')\ndef f(m, a__b) -> str: ...\n"
    assert [(problem.code, line_of(problem)) for problem in find(text)] == [("binding-name", 5)]


def test_a_refused_decorator_may_stand_on_anything(find: Callable[..., list[Problem]]) -> None:
    """What is decorated need not be a function."""
    problems = find("@app.route('{')\n@(lambda f: 3)\ndef f(req): ...\n")

    assert [(problem.code, problem.function_name) for problem in problems] == [("route", None)]


def test_warnings_of_others_are_passed_on(find: Callable[..., list[Problem]]) -> None:
    """What user code warns of while it is imported is still seen."""
    with pytest.warns(RuntimeWarning, match="mine"):
        find("import warnings\nwarnings.warn('mine', RuntimeWarning)\n@app.route()\ndef f(req): ...\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        [problem] = find("@app.queue_trigger('m', 'q', 'C', queue_nam='x')\ndef f(m): ...\n")
    assert problem.code == "misspelt-field"


def test_the_classes_that_fit_are_named_with_the_list_of_a_batch(find: Callable[..., list[Problem]]) -> None:
    """A list of nothing in particular is told how the list of a batch is written, where there are batches."""
    [hub] = find("@app.event_hub_message_trigger('es', 'C', 'h')\ndef f(es: list[str]): ...\n")
    [queue] = find("@app.queue_trigger('msg', 'q', 'C')\ndef f(msg: list): ...\n")

    assert hub.hint.endswith("These fit: EventHubEvent, and list[EventHubEvent] for many at once.")
    assert queue.hint.endswith("These fit: QueueMessage.")


@pytest.mark.parametrize(
    ("decorator", "what"),
    [
        ("timer_trigger('m', '0 * * * * *', run_on_startup='yes')", "runOnStartup 'yes' of timerTrigger"),
        ("service_bus_queue_trigger('m', 'C', 'q', is_sessions_enabled=1)", "isSessionsEnabled 1 of serviceBusTrigger"),
        ("cosmos_db_trigger('m', 'C', 'd', 'c', feed_poll_delay='5 s')", "feedPollDelay '5 s' of cosmosDBTrigger"),
        ("cosmos_db_trigger('m', 'C', 'd', 'c', max_items_per_invocation=True)", "maxItemsPerInvocation True of"),
        ("generic_trigger('m', 'timerTrigger', schedule='0 * * * * *', use_monitor='on')", "useMonitor 'on' of"),
    ],
)
def test_a_value_of_another_type_is_told(find: Callable[..., list[Problem]], decorator: str, what: str) -> None:
    """What the host can read neither as a bool nor as a number, where the field is one, stops the function."""
    [problem] = find(f"@app.{decorator}\ndef f(m): ...\n")

    assert problem.code == "value"
    assert f"The {what}" in problem.message
    assert "of function 'f' is no " in problem.message
    assert problem.hint.startswith("Give ")


@pytest.mark.parametrize(
    "decorator",
    [
        "timer_trigger('m', '0 * * * * *', run_on_startup=True, use_monitor=False)",
        "timer_trigger('m', '0 * * * * *', run_on_startup='True')",
        "timer_trigger('m', '0 * * * * *', run_on_startup='%START%')",
        "cosmos_db_trigger('m', 'C', 'd', 'c', feed_poll_delay=5, start_from_beginning=None)",
        "cosmos_db_trigger('m', 'C', 'd', 'c', feed_poll_delay='5')",
        "generic_trigger('m', 'ownTrigger', size='large', is_fast='yes')",
    ],
)
def test_a_value_that_the_host_reads_is_fine(find: Callable[..., list[Problem]], decorator: str) -> None:
    """Numbers and bools as text are read by the host, and so are placeholders; other binding types are not known."""
    assert find(f"@app.{decorator}\ndef f(m): ...\n") == []


# --- names, directions, annotations -----------------------------------------------------------------------------------

QUEUE = "@app.queue_trigger('msg', 'q', 'C')\n"
OUTPUT = "@app.queue_output('out', 'q', 'C')\n"
RETURN = "@app.queue_output('$return', 'q', 'C')\n"


@pytest.mark.parametrize(
    "text",
    [
        QUEUE + "def f(msg): ...",
        QUEUE + "def f(msg: func.QueueMessage, context: func.Context): ...",
        QUEUE + "def f(msg: func.QueueMessage, ctx: func.Context, limit: int = 3): ...",
        QUEUE + "def f(*args, **kwargs): ...",
        QUEUE + "def f(msg: func.QueueMessage | None): ...",
        QUEUE + "def f(msg: Annotated[func.QueueMessage, 1]): ...",
        QUEUE + "def f(msg: Any): ...",
        QUEUE + "def f(msg: object): ...",
        QUEUE + "def f(msg: str): ...",
        QUEUE + "def f(msg: bytes | str): ...",
        QUEUE + "def f(msg: TypeVar('T')): ...",
        QUEUE + "def f(msg: 'func.QueueMessage') -> 'None': ...",
        QUEUE + "def f(msg) -> NoReturn: ...",
        QUEUE + OUTPUT + "def f(msg, out): ...",
        QUEUE + OUTPUT + "def f(msg, out: func.Out): ...",
        QUEUE + OUTPUT + "def f(msg, out: func.Out[list[str]]): ...",
        QUEUE + OUTPUT + "def f(msg, out: func.Out[Any] | None): ...",
        QUEUE + OUTPUT + "def f(msg, out: object): ...",
        QUEUE + RETURN + "def f(msg) -> str | None: ...",
        QUEUE + RETURN + "def f(msg) -> Any: ...",
        QUEUE + RETURN + "async def f(msg) -> list[str]: ...",
        "@app.generic_trigger('x', type='unheardOf')\ndef f(x: dict) -> dict: ...",
        QUEUE + "@app.generic_output_binding('out', type='queueTrigger')\ndef f(msg, out: func.Out[dict]): ...",
        "@app.queue_trigger('msg', 'q', '')\ndef f(msg): ...",
        "from functools import partial\ndef g(msg: func.QueueMessage, n): ...\nf = "
        + QUEUE[1:-1]
        + "(partial(g, n=1))",
        "class C:\n    def __call__(self, msg: func.QueueMessage): ...\nf = " + QUEUE[1:-1] + "(C())",
        "@app.route(methods=['GET'])\ndef f(req): ...\n@app.route('f', methods='POST')\ndef g(req): ...",
        "@app.route('{a:int}')\ndef f(req): ...\n@app.route('{b}')\ndef g(req): ...",
    ],
)
def test_what_is_right_is_not_reported(find: Callable[..., list[Problem]], text: str) -> None:
    """Modern annotations, defaults, the context, outputs in both styles: no problem."""
    assert find(text + "\n") == []


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        (QUEUE + "def f(message): ...", "name-mismatch", "msg"),
        (QUEUE + "def f(anything): ...", "name-mismatch", "msg"),
        (QUEUE + OUTPUT + "def f(msgs, outs): ...", "name-mismatch", "msg"),
        (QUEUE + "def f(): ...", "binding-without-parameter", "msg"),
        (QUEUE + "def f(msg, x): ...", "parameter-without-binding", "x"),
        (QUEUE + "def f(msg: int): ...", "annotation", "msg"),
        (QUEUE + "def f(msg: list[func.QueueMessage]): ...", "annotation", "msg"),
        (QUEUE + OUTPUT + "def f(msg, out: list[str]): ...", "output-without-out", "out"),
        (QUEUE + RETURN + "def f(msg) -> func.Out[str]: ...", "return-conflict", "$return"),
        (QUEUE + RETURN + "def f(msg) -> func.HttpResponse: ...", "annotation", "$return"),
        (QUEUE + "@app.blob_input('$return', 'p', 'C')\ndef f(msg): ...", "return-conflict", "$return"),
        (QUEUE + "@app.blob_input('MSG', 'p', 'C')\ndef f(msg, MSG): ...", "duplicate-binding", "msg"),
        (QUEUE + OUTPUT + "def f(msg, out: func.Out[None]): ...", "annotation", "out"),
        (QUEUE + "def f(msg: Callable[[], str]): ...", "annotation", "msg"),
        (QUEUE + "def f(msg, x: 'Gone' = 1): ...", "unresolved-annotation", "x"),
        (QUEUE + "def f(msg) -> 'Gone': ...", "unresolved-annotation", "return"),
    ],
)
def test_what_is_wrong_is_reported_once(find: Callable[..., list[Problem]], text: str, code: str, name: str) -> None:
    """Each mistake of a signature has its own code, and names the binding or parameter."""
    problems = find(text + "\n")

    assert problems[0].binding_name == name
    assert {problem.code for problem in problems} == {code}


def test_a_converter_that_raises_refuses(find: Callable[..., list[Problem]]) -> None:
    """Converters of other packages may raise for what is no class; that is a no."""
    text = (
        "from azfunc import _core\nfrom azfunc._core.converter import InConverter\n"
        "class C(InConverter, binding='raisingTrigger', trigger=True):\n"
        "    @classmethod\n    def check_input_type_annotation(cls, t): raise TypeError\n"
        "@app.generic_trigger('x', type='raisingTrigger')\ndef f(x: dict): ...\n"
    )
    assert [problem.code for problem in find(text)] == ["annotation"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("@app.route('a')\ndef f(req): yield 'x'\n", "func.HttpResponse(chunks())", id="http"),
        pytest.param("@app.route('a')\nasync def f(req): yield 'x'\n", "func.HttpResponse(chunks())", id="http-async"),
        pytest.param(QUEUE + "def f(msg): yield 1\n", "in a list", id="nobody-takes-it"),
        pytest.param(QUEUE + RETURN + "async def f(msg): yield 1\n", "in a list", id="async"),
    ],
)
def test_a_function_that_yields_where_nothing_runs_it(find: Callable[..., list[Problem]], text: str, hint: str) -> None:
    """Calling it gives a generator; the host would call, and nothing would happen."""
    [problem] = find(text)

    assert (problem.code, problem.severity) == ("generator", "error")
    assert "Function 'f' yields" in problem.message
    assert hint in problem.hint


def test_an_output_takes_what_a_generator_yields(find: Callable[..., list[Problem]]) -> None:
    """The messages of a queue may be yielded one by one."""
    assert find(QUEUE + RETURN + "def f(msg): yield 'x'\n") == []


def test_a_hint_behind_a_traceback_has_its_own_line(find: Callable[..., list[Problem]]) -> None:
    """The first line is the one that editors read."""
    [problem] = find("1 / 0\n")

    first, *_, last = str(problem).splitlines()
    assert first.endswith("ZeroDivisionError: division by zero")
    assert last == f"{problem.hint} [import-error]"


def test_a_class_of_the_reference_is_told_apart(find: Callable[..., list[Problem]]) -> None:
    """It has the name of azfunc's, so the advice is about the import."""
    text = "class QueueMessage:\n    __module__ = 'azure.functions.queue'\n"
    [problem] = find(text + QUEUE + "def f(msg: QueueMessage): ...\n")

    assert problem.code == "annotation"
    assert problem.hint.startswith("It is the class of azure.functions: import azfunc, or give --compat")


def test_objects_of_the_sdk_extensions_are_not_judged(find: Callable[..., list[Problem]]) -> None:
    """What Azure's SDK extensions give is theirs to know."""
    text = "class BlobClient: ...\nBlobClient.__module__ = 'azurefunctions.extensions.bindings.blob'\n"
    text += "@app.blob_trigger('blob', 'p', 'C')\ndef f(blob: BlobClient): ...\n"

    assert find(text) == []


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "is_missing"),
    [
        ({"C": "UseDevelopmentStorage=true"}, False),
        ({"c": "x"}, False),
        ({"AzureWebJobsC": "x"}, False),
        ({"ConnectionStrings:C": "x"}, False),
        ({"C__serviceUri": "https://x"}, False),
        ({"C:fullyQualifiedNamespace": "x"}, False),
        ({"C__credential": "managedidentity"}, True),
        ({"C": ""}, True),
        ({}, True),
    ],
)
def test_what_makes_a_connection(
    find: Callable[..., list[Problem]], settings: dict[str, str], *, is_missing: bool
) -> None:
    """A setting in any case, with the prefix, as a connection string, or a group with a place in it."""
    problems = find(QUEUE + "def f(msg): ...\n", local=settings)

    assert [problem.code for problem in problems] == ["missing-setting"] * is_missing


def test_who_says_which_settings_there_are(find: Callable[..., list[Problem]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown settings are not judged, local ones are a warning, and given ones an error; the environment counts."""
    text = QUEUE + "def f(msg): ...\n@app.timer_trigger('t', '%WHEN%')\ndef g(t): ...\n"

    assert find(text) == []
    assert {problem.severity for problem in find(text, local={})} == {"warning"}
    given = find(text, settings={})
    assert [(problem.severity, problem.code) for problem in given] == [("error", "missing-setting")] * 2
    assert [problem.code for problem in find(text, settings={"C": "x", "WHEN": "banana"})] == ["schedule"]
    monkeypatch.setenv("C", "x")
    monkeypatch.setenv("WHEN", "00:05:00")
    assert find(text, local={}) == []


def test_percent_signs_elsewhere_mean_something_else(find: Callable[..., list[Problem]]) -> None:
    """Only fields that the host fills in are looked at: not SQL."""
    text = "@app.route()\n@app.sql_input('rows', 'SELECT 1 WHERE x LIKE %A%', 'C')\ndef f(req, rows): ...\n"
    text += "@app.queue_trigger('m', '%GONE%', 'C')\ndef g(m): ...\n"

    [problem] = find(text, local={"C": "x"})
    assert "'GONE'" in problem.message
    assert problem.binding_name == "m"


# --- routes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "method"),
    [
        ("route('a/{x}')", "route('A/{y}')", "every method"),
        ("route('a', methods='GET')", "route('a')", "GET"),
        ("route('a')", "route('a', methods='POST')", "POST"),
        ("route('a', methods=['GET', 'PUT'])", "route('a', methods=['POST', 'PUT'])", "PUT"),
    ],
)
def test_duplicate_routes(find: Callable[..., list[Problem]], first: str, second: str, method: str) -> None:
    """Routes of one shape clash when they share a method; the text names both functions, prefix and place."""
    host = {**HOST, "extensions": {"http": {"routePrefix": "v1"}}}
    [problem] = find(f"@app.{first}\ndef f(req): ...\n@app.{second}\ndef g(req): ...\n", host=host)

    assert problem.code == "duplicate-route"
    assert f"'f' and 'g' both answer {method} of 'v1/" in problem.message
    assert "'f' stands at" in problem.hint
    assert line_of(problem) == 7


# --- host.json --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "code", "message", "line"),
    [
        ("{}", "host-file", "version None", 1),
        ('{\n"version": "1.0"}', "host-file", "version '1.0'", 2),
        ('{"version": "2.0"} // two', "host-file", "has comments", 1),
        ('{"version": "2.0",\n"retry": {"strategy": "often"}}', "retry", "strategy 'often'", 2),
        (
            '{"version": "2.0",\n"retry": {"strategy": "fixedDelay", "maxRetryCount": 1}}',
            "retry",
            "no delay_interval",
            2,
        ),
        ('{"version": "2.0", "extensions": {\n"x": {\n"someTimeout": "soon"}}}', "time-span", "'soon'", 3),
        ('{"version": "2.0", "functionTimeout": "48:00:00"}', "time-span", "48 days", 1),
    ],
    ids=["no-version", "version", "comments", "strategy", "delay", "time", "days"],
)
def test_host_json(write: Callable[..., Path], host: str, code: str, message: str, line: int) -> None:
    """The problems of host.json have its lines."""
    [problem] = check(write({"function_app.py": APP, "host.json": host})).problems

    assert (problem.code, line_of(problem)) == (code, line)
    assert message in problem.message
    assert str(problem.location).split(":")[0].endswith("host.json")


def test_a_folder_without_host_json(write: Callable[..., Path]) -> None:
    """The host does not start without the file."""
    [problem] = check(write({"function_app.py": APP})).problems

    assert (problem.severity, problem.code) == ("warning", "host-file")


def test_retry_policies_may_be_right(write: Callable[..., Path]) -> None:
    """A policy as the documentation shows it is no problem, nor is a time without limit."""
    retry = {"strategy": "exponentialBackoff", "maxRetryCount": -1}
    retry |= {"minimumInterval": "00:00:01", "maximumInterval": "00:01:00"}
    host = {**HOST, "retry": retry, "functionTimeout": "-1", "extensions": {"q": {"someInterval": "00:00:02"}}}

    assert check(write({"function_app.py": APP, "host.json": host})).problems == ()


# --- the older model --------------------------------------------------------------------------------------------------


def test_problems_of_function_json_have_its_lines(write: Callable[..., Path]) -> None:
    """Mistakes in function.json and in its script are told apart, and one bad folder hides no other."""
    queue = """
        {"bindings": [
          {"name": "msg", "type": "queueTrigger", "direction": "in", "queuName": "q", "connection": "GONE"},
          {"name": "copy", "type": "blob", "direction": "out", "path": "x", "connection": "a=b"},
          {"name": "tick", "type": "table", "direction": "inout"}
        ], "retry": {"strategy": "fixedDelay", "maxRetryCount": "x", "delayInterval": "soon"}}
    """
    timer = {"bindings": [{"name": "tick", "type": "timerTrigger", "direction": "in"}]}
    route = {"bindings": [{"name": "req", "type": "httpTrigger", "direction": "in", "route": "{"}]}
    files: dict[str, Any] = {"host.json": HOST, "local.settings.json": {"Values": {}}}
    files |= {"q/function.json": queue, "q/__init__.py": "\n\ndef main(mgs, copy, tick): ...\n"}
    files |= {"t/function.json": timer, "t/__init__.py": "def main(tick): ...\n"}
    files |= {"r/function.json": route, "r/__init__.py": "def main(req): ...\n"}
    files |= {"good/function.json": HTTP_V1, "good/__init__.py": MAIN, "json/function.json": "{"}
    report = check(write(files), worker=True)

    found = {(*Path(str(each.location)).parts[-2:], each.code) for each in report.problems}
    assert found == {
        ("json", "function.json:1", "function-folder"),
        ("q", "__init__.py:3", "name-mismatch"),
        ("q", "function.json:3", "misspelt-field"),
        ("q", "function.json:3", "missing-setting"),
        ("q", "function.json:4", "connection-string"),
        ("q", "__init__.py:3", "retry"),
        ("r", "function.json:1", "route"),
        ("t", "function.json:1", "schedule"),
        ("q", "function.json:5", "worker-inout"),
    }
    assert report.good == ("good",)


def test_what_wrappers_and_unresolved_names_hide(find: Callable[..., list[Problem]]) -> None:
    """The annotations of the wrapped function count, and each one that cannot be resolved is named for itself."""
    wrapper = "import functools\ndef deco(f):\n    @functools.wraps(f)\n    def w(**k): ...\n    return w\n"
    text = wrapper + QUEUE + OUTPUT + "@deco\ndef f(msg: 'Gone', out: str): ...\n"

    found = find(text, worker=True)
    assert [(each.code, each.binding_name) for each in found] == [
        ("unresolved-annotation", "msg"),
        ("output-without-out", "out"),
        ("worker-annotation", "msg"),
    ]


def test_a_result_that_nothing_takes_fails_in_the_worker(find: Callable[..., list[Problem]]) -> None:
    """It is a warning for azfunc, and for the worker an error too; not so where the trigger takes results."""
    text = QUEUE + "def f(msg) -> str: ...\n"

    assert [(each.severity, each.code) for each in find(text)] == [("warning", "lost-result")]
    assert ("error", "worker-return") in [(each.severity, each.code) for each in find(text, worker=True)]
    assert find("@app.assistant_skill_trigger('t', 'does it')\ndef f(t) -> str: ...\n", worker=True) == []


def test_the_page_lists_every_code() -> None:
    """docs/how-to/check.md explains each code, in the words of `CODES`."""
    page = (ROOT / "docs" / "how-to" / "check.md").read_text("utf-8")

    assert dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", page, re.MULTILINE)) == CODES


def test_folders_beside_decorators_and_old_imports_are_warnings(write: Callable[..., Path]) -> None:
    """Both work differently from what is meant, or will not work for long."""
    folder = write({"function_app.py": APP, "host.json": HOST, "old/function.json": HTTP_V1})
    [problem] = check(folder).problems
    assert (problem.severity, problem.code) == ("warning", "mixed-models")

    script = "from __app__.shared import X\n" + MAIN
    files = {"f/function.json": HTTP_V1, "f/__init__.py": script, "shared/__init__.py": "X = 1", "host.json": HOST}
    [problem] = check(write(files, "second")).problems
    assert (problem.severity, problem.code, line_of(problem)) == ("warning", "deprecated-import", 1)
    assert "from shared import" in problem.hint


# --- Azure's worker ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "replacement"),
    [
        (QUEUE + "def f(msg: func.QueueMessage | None): ...", "worker-annotation", "as QueueMessage."),
        ("@app.route()\ndef f(req: str) -> str: ...\n", "worker-request", "Annotate it as func.HttpRequest"),
        (QUEUE + "def f(msg: Optional[func.QueueMessage]): ...", "worker-annotation", "as QueueMessage."),
        (QUEUE + "def f(msg: Union[str, bytes]): ...", "worker-annotation", "Leave the annotation out"),
        (QUEUE + "def f(msg: Annotated[func.QueueMessage, 1]): ...", "worker-annotation", "as QueueMessage."),
        (QUEUE + "def f(msg: Any): ...", "worker-annotation", "Leave the annotation out"),
        (QUEUE + OUTPUT + "def f(msg, out: func.Out[list[str]]): ...", "worker-annotation", "Out[typing.List[str]]"),
        (QUEUE + OUTPUT + "def f(msg, out: func.Out[str | None]): ...", "worker-annotation", "func.Out[str]"),
        (QUEUE + OUTPUT + "def f(msg, out: func.Out[str] | None): ...", "worker-annotation", "func.Out[str]"),
        (QUEUE + OUTPUT + "def f(msg, out: func.Out): ...", "worker-annotation", "func.Out[str]"),
        (QUEUE + OUTPUT + "def f(msg, out: func.Out[Any]): ...", "worker-annotation", "Leave the annotation out"),
        (QUEUE + RETURN + "def f(msg) -> str | None: ...", "worker-annotation", "'-> str'"),
        (QUEUE + RETURN + "def f(msg) -> list[str]: ...", "worker-annotation", "'-> list'"),
        ("@app.route()\ndef f(req) -> typing.List[str]: ...", "worker-annotation", "'-> list'"),
        (QUEUE + RETURN + "def f(msg) -> dict[str, int]: ...", "worker-annotation", "'-> dict'"),
        (QUEUE + RETURN + "def f(msg) -> str | bytes: ...", "worker-annotation", "Leave the return annotation out"),
        (QUEUE + "def f(msg: Annotated[Any, 1]): ...", "worker-annotation", "Leave the annotation out"),
        (
            "@app.event_hub_message_trigger('e', 'C', 'h')\ndef f(e: Annotated[List[func.EventHubEvent], 1]): ...",
            "worker-annotation",
            "as List[EventHubEvent].",
        ),
        (QUEUE + "def f(msg, limit: int = 3): ...", "worker-parameter", "constant of the module"),
        (QUEUE + "def f(msg, **kwargs): ...", "worker-parameter", "Remove **kwargs"),
        (QUEUE + "def f(msg, *args): ...", "worker-parameter", "Remove *args"),
        (QUEUE + "def f(msg, ctx: func.Context): ...", "worker-context", "to 'context'"),
        (QUEUE + "def f(msg, context: int): ...", "worker-context", "func.Context"),
        ("application = app\n" + QUEUE + "def f(msg): ...", "worker-app", "Keep one name"),
    ],
)
def test_what_the_worker_refuses(find: Callable[..., list[Problem]], text: str, code: str, replacement: str) -> None:
    """What azfunc takes and Azure's worker does not is reported for that target only, with what to write."""
    assert find(text + "\n") == []
    [problem] = find(text + "\n", worker=True)

    assert problem.code == code
    assert replacement in problem.hint


@pytest.mark.parametrize(
    "text",
    [
        QUEUE + "def f(msg: func.QueueMessage, context: func.Context) -> None: ...",
        QUEUE + "def f(msg, context): ...",
        QUEUE + OUTPUT + "def f(msg: str, out: func.Out[str]): ...",
        QUEUE + OUTPUT + "def f(msg: str, out: func.Out[typing.List[str]]): ...",
        QUEUE + RETURN + "def f(msg: bytes) -> str: ...",
        "@app.event_hub_message_trigger('e', 'C', 'h')\ndef f(e: List[func.EventHubEvent]): ...",
    ],
)
def test_what_the_worker_takes(find: Callable[..., list[Problem]], text: str) -> None:
    """The style of the guide passes."""
    assert find(text + "\n", worker=True) == []


# --- many functions ---------------------------------------------------------------------------------------------------


def calls_for(count: int) -> int:
    """Count the Python calls that a check of so many functions makes."""
    app = azfunc.FunctionApp()
    for number in range(count):

        def user(req: azfunc.HttpRequest, out: azfunc.Out[str]) -> str:
            return ""

        decorated = app.route(f"items/{number}/{{id}}")(user)
        app.queue_output("out", "q", "C")(app.function_name(f"f{number}")(decorated))
    counted = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    before = sys.getprofile()
    sys.setprofile(count_call)
    try:
        report = check(app, worker=True)
    finally:
        sys.setprofile(before)
    assert report.succeeded
    assert len(report.functions) == count
    return counted


def test_work_grows_with_the_number_of_functions_only() -> None:
    """Twice the functions take twice the calls: checking is linear."""
    calls_for(10)
    few, many = calls_for(100), calls_for(400)

    assert many < 4.2 * few
