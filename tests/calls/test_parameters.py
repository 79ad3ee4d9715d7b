"""Parameters that markers give: what the host sees of a function with them, how they are found, and their ends."""

from __future__ import annotations

import functools
import inspect
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest
from typing_extensions import TypeAliasType

import azfunc as func
from azfunc._core.annotations import marker_of
from azfunc._core.registry import BindingRegistry, registry
from azfunc.calls.parameters import Marker, Provider
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from azfunc._core.function import Function
    from azfunc.calls.call import Call

    Unknown = str

HERE = "test_parameters.py:"
EVENTS: list[str] = []


class Note(Marker):
    """Gives a text, and notes begin and end; with an error, fails at one of the two.

    Args:
        text: What it gives.
        sees: What the host sees of a parameter that is a binding's too.
    """

    def __init__(self, text: str = "", *, sees: Any = None) -> None:
        self.text = text
        self.sees = sees

    def provider(self, function: Function, parameter: str, annotation: Any) -> Provider:
        """Give what gives the text."""
        if self.text == "refused":
            raise func.DefinitionError("No.")
        return NoteProvider(self, f"{function.get_function_name()} {parameter} {annotation}")


class NoteProvider(Provider):
    """Gives the text of a `Note`."""

    def __init__(self, note: Note, place: str) -> None:
        self.note = note
        self.place = place
        self.is_async = note.text == "async"
        self.host_annotation = note.sees

    def provide(self, call: Call, ends: ExitStack) -> Any:
        """Give the text, or where it is asked for."""
        EVENTS.append(f"{self.note.text} begins")
        ends.push(self._end)
        if self.note.text == "fails":
            raise LookupError(self.note.text)
        return f"{self.note.text} of {self.place}"

    def _end(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        EVENTS.append(f"{self.note.text} ends {error!r}")


@pytest.fixture(autouse=True)
def events() -> list[str]:
    """What happened in the test, in order."""
    EVENTS.clear()
    return EVENTS


@pytest.fixture
def app() -> func.FunctionApp:
    """An app whose HTTP functions anybody may call."""
    return func.FunctionApp(http_auth_level="anonymous")


def entry_of(app: func.FunctionApp, function: Any) -> Callable[..., Any]:
    """Give what the host calls for a function of a route."""
    app.route("it")(function)
    [built] = app.get_functions()
    return built.get_user_function()


def fault_of(app: func.FunctionApp, function: Any) -> func.DefinitionError:
    """Give the error of indexing a function of a route."""
    app.route("it")(function)
    with pytest.raises(func.DefinitionError) as caught:
        app.get_functions()
    return caught.value


# --- functions of the tests -------------------------------------------------------------------------------------------


def noted(req: func.HttpRequest, first: Annotated[str, Note("1")], second: Annotated[int, Note("2")] = 0) -> str:
    """Return what markers give."""
    return f"{first}, {second}"


async def async_noted(
    req: func.HttpRequest, first: Annotated[str, Note("1")], second: Annotated[int, Note("2")]
) -> str:
    """Return what markers give."""
    return f"{first}, {second}"


def plain(req: func.HttpRequest, times: int = 1) -> str:
    """Have no marker."""
    return "plain" * times


Given = Annotated[str, Note("given")]
Named = TypeAliasType("Named", Given)


def by_alias(req: func.HttpRequest, value: Given) -> str:
    """Have a marker by the name of its annotation."""
    return value


def by_type_alias(req: func.HttpRequest, value: Named) -> str:
    """Have a marker by a type alias."""
    return value


def in_union(req: func.HttpRequest, value: Given | None = None) -> str:
    """Have a marker in a union."""
    return value or ""


def after_text(req: func.HttpRequest, value: Annotated[str, "some text", Note("given")]) -> str:
    """Have a marker behind something else."""
    return value


def of_text(req: func.HttpRequest, value: Annotated[str, "not Note()"] = "default") -> str:
    """Name a marker, in text."""
    return value


def as_default(req: func.HttpRequest, value: Any = Note("given")) -> str:  # noqa: B008  # is refused
    """Have the marker in the wrong place."""
    return str(value)


def as_keyword_default(req: func.HttpRequest, *, value: Any = Note("given")) -> str:  # noqa: B008  # is refused
    """Have the marker in the wrong place."""
    return str(value)


def as_class(req: func.HttpRequest, value: Annotated[str, Note]) -> str:
    """Have the marker without its parentheses."""
    return value


def by_position(value: Annotated[str, Note("given")], /, req: func.HttpRequest) -> str:
    """Have a marker at what takes no name."""
    return value


def by_rest(req: func.HttpRequest, **values: Annotated[str, Note("given")]) -> str:
    """Have a marker at what takes all names."""
    return str(values)


def unresolved(req: func.HttpRequest, value: Annotated[Unknown, func.Depends(str)]) -> str:
    """Have an annotation that only type checkers can read."""
    return value


def refusing(req: func.HttpRequest, value: Annotated[str, Note("refused")]) -> str:
    """Have a marker that refuses."""
    return value


def wants_async(req: func.HttpRequest, value: Annotated[str, Note("async")]) -> str:
    """Have a marker for async functions."""
    return value


def overlaid(req: Annotated[str, Note("read", sees=func.HttpRequest)]) -> str:
    """Have a marker at the parameter of a binding."""
    return req


def failing(
    req: func.HttpRequest, first: Annotated[str, Note("1")], second: Annotated[str, Note("fails")], third: Given
) -> str:
    """Have a provider that fails."""
    return first + second + third


def raising(req: func.HttpRequest, first: Annotated[str, Note("1")]) -> str:
    """Raise."""
    raise ValueError("no")


bare: Any = eval("lambda req: ''")
bare.__name__ = "bare"


class PlainCallable:
    """An object that is called as a function."""

    def __call__(self, req: func.HttpRequest, value: Given) -> str:
        """Return what a marker gives."""
        return value


class WithCall:
    """An object whose call has a marker in its annotation itself."""

    def __call__(self, req: func.HttpRequest, value: Annotated[str, Note("given")]) -> str:
        """Return what a marker gives."""
        return value


class AsyncCallable:
    """An object that is called as an async function."""

    async def __call__(self, req: func.HttpRequest, value: Given) -> str:
        """Return what a marker gives."""
        assert EVENTS == ["given begins"]
        return value


# --- entries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [noted, async_noted])
def test_entry_hides_what_is_provided(app: func.FunctionApp, function: Any) -> None:
    """The entry has the function's name, text and annotations, without the parameters that are provided."""
    entry = entry_of(app, function)
    parameters = inspect.signature(entry).parameters

    assert [*parameters] == ["req", "context"]
    assert parameters["req"].annotation == "func.HttpRequest"
    assert entry.__annotations__ == {"req": "func.HttpRequest", "return": "str"}
    assert (entry.__name__, entry.__doc__) == (function.__name__, function.__doc__)
    assert inspect.unwrap(entry) is function
    assert inspect.iscoroutinefunction(entry) == inspect.iscoroutinefunction(function)
    assert "first" in function.__annotations__


@pytest.mark.parametrize("function", [noted, async_noted])
def test_entry_gives_what_is_provided(app: func.FunctionApp, function: Any) -> None:
    """Each provider knows function, parameter and type, and gives its argument."""
    app.route("it")(function)
    name = function.__name__

    text = TestClient(app).get("/api/it").text

    assert text == f"1 of {name} first <class 'str'>, 2 of {name} second <class 'int'>"


@pytest.mark.parametrize("function", [noted, async_noted])
def test_ends_run_in_reverse_order(app: func.FunctionApp, function: Any, events: list[str]) -> None:
    """What providers have begun ends after the function, the latest first."""
    app.route("it")(function)
    TestClient(app).get("/api/it")

    assert events == ["1 begins", "2 begins", "2 ends None", "1 ends None"]


def test_ends_know_what_the_function_raised(app: func.FunctionApp, events: list[str]) -> None:
    """What the function raises passes the ends of its providers."""
    app.route("it")(raising)

    with pytest.raises(ValueError, match="no"):
        TestClient(app).get("/api/it")
    assert events == ["1 begins", "1 ends ValueError('no')"]


def test_provider_that_fails_is_the_last(app: func.FunctionApp, events: list[str]) -> None:
    """When a provider fails, those before it end, and those after it are not asked."""
    app.route("it")(failing)

    with pytest.raises(LookupError, match="fails"):
        TestClient(app).get("/api/it")
    assert events == [
        "1 begins",
        "fails begins",
        "fails ends LookupError('fails')",
        "1 ends LookupError('fails')",
    ]


def test_function_without_markers_is_the_hosts(app: func.FunctionApp) -> None:
    """A function without markers has no entry, also if text in it looks like one."""
    assert entry_of(app, plain) is plain
    assert entry_of(func.FunctionApp(), of_text) is of_text
    assert entry_of(func.FunctionApp(), functools.partial(plain, times=2)).__class__ is functools.partial


def test_argument_of_a_test_goes_first(app: func.FunctionApp, events: list[str]) -> None:
    """A test that gives the argument itself needs no provider."""
    decorated = app.route("it")(noted)
    client = TestClient(app)

    assert client.invoke(decorated, func.HttpRequest(), "mine", 7).returned == "mine, 7"
    assert events == []
    assert decorated(func.HttpRequest(), "direct") == "direct, 0"


def test_binding_can_be_seen_otherwise(app: func.FunctionApp) -> None:
    """A provider may stand at the parameter of a binding, and says what the host sees there."""
    entry = entry_of(app, overlaid)

    assert inspect.signature(entry).parameters["req"].annotation is func.HttpRequest
    assert entry.__annotations__["req"] is func.HttpRequest
    assert TestClient(app).get("/api/it").text.startswith("read of overlaid req")


@pytest.mark.parametrize("function", [PlainCallable(), AsyncCallable()], ids=["plain", "async"])
def test_object_that_is_called_has_markers(app: func.FunctionApp, function: Any, events: list[str]) -> None:
    """An object with a call is a function with markers too, and they end after an async one has run."""
    entry = entry_of(app, function)

    assert TestClient(app).get("/api/it").text.startswith("given of")
    assert events == ["given begins", "given ends None"]
    assert entry.__annotations__ == {"req": "func.HttpRequest", "return": "str"}


# --- finding markers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [by_alias, by_type_alias, in_union, after_text])
def test_marker_is_found(app: func.FunctionApp, function: Any) -> None:
    """A marker is found by the name of an annotation, in a union, and behind other things."""
    app.route("it")(function)

    assert TestClient(app).get("/api/it").text.startswith(f"given of {function.__name__} value")


@pytest.mark.parametrize(
    "annotation", [None, str, list[int], "Note()", Annotated[str, "text"], str | None, Literal["a"]]
)
def test_annotation_without_marker(annotation: Any) -> None:
    """Other annotations have none."""
    assert marker_of(annotation) is None


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        pytest.param(as_default, "has a marker as its default", id="default"),
        pytest.param(as_keyword_default, "has a marker as its default", id="keyword default"),
        pytest.param(as_class, "has the class Note beside its type", id="class"),
        pytest.param(by_position, "takes no name", id="positional only"),
        pytest.param(by_rest, "takes no name", id="keyword rest"),
        pytest.param(unresolved, "cannot be resolved", id="unresolved"),
    ],
)
def test_miswritten_marker_is_refused(app: func.FunctionApp, function: Any, fault: str) -> None:
    """A marker that would have no effect is refused, with parameter, function, place and what to write."""
    error = fault_of(app, function)

    assert fault in error.message
    assert repr(function.__name__) in error.message
    assert HERE in error.message
    assert "Annotated[Type, Depends(provider)]" in error.hint
    assert error.function_name == function.__name__
    assert error.binding_name in ("value", "values")


def test_marker_that_refuses_names_the_function(app: func.FunctionApp) -> None:
    """An error of a marker gets the name of the function."""
    assert fault_of(app, refusing).function_name == "refusing"


def needs_note(value: Given) -> str:
    """Be a provider with a marker that is none of a dependency."""
    return value


def depending(req: func.HttpRequest, value: Annotated[str, func.Depends(needs_note)]) -> str:
    """Depend on it."""
    return value


def test_provider_has_no_other_markers(app: func.FunctionApp) -> None:
    """Only functions have markers other than those of dependencies."""
    error = fault_of(app, depending)

    assert "has the marker Note at its parameter 'value', which only functions can have" in error.message
    assert "use Depends" in error.hint


def test_async_provider_is_refused(app: func.FunctionApp) -> None:
    """A function that is not async cannot have an async provider."""
    error = fault_of(app, wants_async)

    assert "'value' of function 'wants_async' is provided by async code" in error.message
    assert "async def" in error.hint
    assert (error.function_name, error.binding_name) == ("wants_async", "value")


PROGRAM = """
from __future__ import annotations

import sys
from typing import Annotated

import azfunc as func

app = func.FunctionApp(http_auth_level="anonymous")


def greeting() -> str:
    return "Hello"


class Greet:
    def __call__(self, req: func.HttpRequest, greeting: Annotated[str, func.Depends(greeting)]) -> str:
        return greeting


def greet(req: func.HttpRequest, greeting: Annotated[str, func.Depends(greeting)]) -> str:
    return greeting


app.route("it")({function})
[function] = app.get_functions()
assert "azfunc.calls.depends" in sys.modules
print(function.get_user_function()(req=func.HttpRequest()))
"""


def test_annotation_is_found_by_whatever_name_typing_has() -> None:
    """``import typing as ty`` reaches `Annotated` as well."""
    program = PROGRAM.replace("{function}", "greet").replace("Annotated[", "ty.Annotated[")
    program = program.replace("from typing import Annotated\n", "import typing as ty\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert "ty.Annotated" in program
    assert "import Annotated" not in program
    assert (done.stdout, done.stderr) == ("Hello\n", "")


@pytest.mark.parametrize("function", ["greet", "functools.partial(greet)", "Greet()"])
def test_annotation_that_nobody_has_read_is_found(function: str) -> None:
    """Indexing finds ``func.Depends`` in an annotation that is text, though nothing has loaded it before."""
    program = PROGRAM.replace("{function}", function).replace("import sys\n", "import functools\nimport sys\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("Hello\n", "")


@pytest.mark.parametrize(
    ("function", "is_asked"),
    [
        pytest.param(by_alias, False, id="no call"),
        pytest.param(bare, False, id="no annotations"),
        pytest.param(noted, True, id="function"),
        pytest.param(functools.partial(noted), True, id="partial"),
        pytest.param(WithCall(), True, id="object"),
    ],
)
def test_markers_are_loaded_for_text_with_a_call(
    app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch, function: Any, *, is_asked: bool
) -> None:
    """Modules of markers are asked for only by functions whose annotations may name one that nobody has read."""
    monkeypatch.setattr(registry, "inject", None)
    app.route("it")(function)

    assert len(app.get_functions()) == 1
    assert (registry.inject is not None) is is_asked


def test_core_alone_knows_no_markers() -> None:
    """Without an app there is nothing to load markers from."""
    alone = BindingRegistry()

    assert alone.look_for_markers(noted, {}) is None
    assert alone.inject is None
