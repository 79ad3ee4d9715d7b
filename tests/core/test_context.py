"""What user code is given beside messages: Out, Context, TraceContext, RetryContext."""

from __future__ import annotations

import copy
import pickle
import threading
import typing
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core.context import RpcException

if TYPE_CHECKING:
    from types import ModuleType

TRACE = azfunc.TraceContext(trace_parent="00-1-2-01", trace_state="a=1", attributes={"b": "2"})
RETRY = azfunc.RetryContext(
    retry_count=1, max_retry_count=3, exception=RpcException(source="s", stack_trace="t", message="m")
)
CONTEXT = azfunc.Context(
    function_name="shout",
    function_directory="/app",
    invocation_id="11111111-1111-1111-1111-111111111111",
    trace_context=TRACE,
    retry_context=RETRY,
)


def hinted(req: azfunc.HttpRequest, msg: azfunc.Out[str], many: azfunc.Out[list[str]] | None = None) -> None:
    """Have annotations that a worker resolves."""


class FakeOut(azfunc.Out[str]):
    """A fake as users write it, which calls no constructor of a base."""

    def __init__(self) -> None:
        self.value = "empty"

    def set(self, val: str) -> None:
        """Keep the value."""
        self.value = val

    def get(self) -> str:
        """Give the value."""
        return self.value


class FakeContext(azfunc.Context):
    """A fake as users write it for the reference, where all of this is abstract."""

    def __init__(self, invocation_id: str) -> None:
        self._id = invocation_id

    @property
    def invocation_id(self) -> str:
        """The identity given."""
        return self._id

    @property
    def function_name(self) -> str:
        """A name."""
        return "fake"

    @property
    def function_directory(self) -> str:
        """A folder."""
        return "/fake"

    @property
    def trace_context(self) -> azfunc.TraceContext:
        """No trace."""
        return azfunc.TraceContext()

    @property
    def retry_context(self) -> azfunc.RetryContext:
        """The first attempt."""
        return azfunc.RetryContext()


# --- Out --------------------------------------------------------------------------------------------------------------


def test_out_gives_the_last_value() -> None:
    """Each value set takes the place of the one before; all of them are in the history."""
    out = azfunc.Out[str]()
    assert (out.get(), out.is_set, out.history) == (None, False, ())

    out.set("a")
    out.set("b")

    assert (out.get(), out.is_set, out.history) == ("b", True, ("a", "b"))


def test_out_set_to_none_is_set() -> None:
    """None is a value like others: the function has said that nothing is to be sent."""
    out = azfunc.Out[Any]()
    out.set(None)

    assert out.is_set
    assert out.get() is None


def test_out_is_equal_by_value() -> None:
    """Outs with the same values are equal, however they were made; they have no hash since they change."""
    one, other = azfunc.Out[str](), azfunc.Out[str]()
    bare: azfunc.Out[str] = azfunc.Out()
    one.set("a")
    bare.set("a")

    assert one == bare
    assert one != other
    assert one != "a"
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_out_shows_its_value() -> None:
    """The repr tells what was set."""
    out = azfunc.Out[str]()
    assert repr(out) == "<Out, not set>"

    out.set("a")
    assert repr(out) == "<Out, set to 'a'>"


def test_out_takes_no_arguments() -> None:
    """An out parameter is made empty; a value in the call is a mistake."""
    with pytest.raises(TypeError, match="takes no arguments"):
        azfunc.Out("a")  # type: ignore[call-arg]  # the point of the test


def test_out_survives_copying_and_pickling() -> None:
    """A copy has the values and its own list of them."""
    out = azfunc.Out[str]()
    out.set("a")

    for other in (copy.deepcopy(out), pickle.loads(pickle.dumps(out))):
        assert other == out
        other.set("b")
        assert out.get() == "a"


def test_subscripted_out_is_understood_by_typing(func: ModuleType) -> None:
    """`Out[str]` has the origin and the argument that the worker asks typing for."""
    assert typing.get_origin(func.Out[str]) is func.Out
    assert typing.get_args(func.Out[str]) == (str,)
    assert typing.get_args(func.Out[list[str]]) == (list[str],)
    assert issubclass(typing.get_origin(func.Out[bytes]) or int, func.Out)


def test_annotations_with_out_are_resolved() -> None:
    """Text such as ``func.Out[str]`` in a signature is resolved on every Python."""
    hints = typing.get_type_hints(hinted)

    assert hints["msg"] == azfunc.Out[str]
    assert typing.get_args(hints["many"])[0] == azfunc.Out[list[str]]
    assert hints["req"] is azfunc.HttpRequest


def test_fake_out_works_without_the_constructor() -> None:
    """A subclass may keep its value where it likes, and still has equality, a repr and a history."""
    fake = FakeOut()
    fake.set("x")

    assert fake.get() == "x"
    assert fake.history == ()
    assert repr(fake) == "<Out, not set>"
    assert fake != FakeOut()
    assert isinstance(fake, azfunc.Out)


# --- Context ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cls", [azfunc.Context, azfunc.TraceContext, azfunc.RetryContext, RpcException], ids=lambda each: each.__name__
)
def test_context_can_be_made_without_arguments(cls: Any) -> None:
    """Everything has a default, and two made alike are equal."""
    assert cls() == cls()
    assert hash(cls()) == hash(cls())
    assert eval(repr(cls()), {each.__name__: each for each in (azfunc.TraceContext, azfunc.RetryContext, cls)}) == cls()


def test_defaults_of_a_context() -> None:
    """A context made by hand stands for the first attempt of a call without a trace."""
    context = azfunc.Context()

    assert context.function_name == context.function_directory == ""
    assert context.invocation_id == "00000000-0000-0000-0000-000000000000"
    assert context.trace_context == azfunc.TraceContext(trace_parent=None, trace_state=None, attributes={})
    assert context.retry_context == azfunc.RetryContext(retry_count=0, max_retry_count=0, exception=None)


def test_context_has_what_it_was_given() -> None:
    """Each argument is an attribute."""
    assert CONTEXT.function_name == "shout"
    assert CONTEXT.function_directory == "/app"
    assert CONTEXT.invocation_id == "11111111-1111-1111-1111-111111111111"
    assert (TRACE.trace_parent, TRACE.trace_state, TRACE.attributes) == ("00-1-2-01", "a=1", {"b": "2"})
    assert CONTEXT.trace_context is TRACE
    assert (RETRY.retry_count, RETRY.max_retry_count) == (1, 3)
    assert RETRY.exception is not None
    assert (RETRY.exception.source, RETRY.exception.stack_trace, RETRY.exception.message) == ("s", "t", "m")


def test_first_spellings_of_the_trace_are_kept() -> None:
    """The capitalised names of the reference's first releases say the same."""
    assert (TRACE.Traceparent, TRACE.Tracestate, TRACE.Attributes) == (
        TRACE.trace_parent,
        TRACE.trace_state,
        TRACE.attributes,
    )


@pytest.mark.parametrize("value", [CONTEXT, TRACE, RETRY], ids=lambda each: type(each).__name__)
def test_contexts_are_values(value: Any) -> None:
    """Contexts survive copying and pickling, and differ from default ones and from other types."""
    assert copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value
    assert value != type(value)()
    assert value != 1


def test_context_differs_in_any_field() -> None:
    """One other field makes another context."""
    assert azfunc.Context(function_name="a") != azfunc.Context(function_name="b")
    assert azfunc.Context(retry_context=RETRY) != azfunc.Context()


def test_thread_local_storage_is_made_once() -> None:
    """The storage for threads is there when asked for, and stays the same."""
    context = azfunc.Context()
    context.thread_local_storage.invocation_id = "7"

    assert context.thread_local_storage.invocation_id == "7"


def test_thread_local_storage_of_the_worker_is_kept() -> None:
    """A storage that was given is the one that is used; a copy of the context gets one of its own."""
    storage = threading.local()
    context = azfunc.Context(thread_local_storage=storage)

    assert context.thread_local_storage is storage
    assert copy.deepcopy(context).thread_local_storage is not storage


def test_fake_context_needs_no_constructor() -> None:
    """A fake that overrides the properties has equality, hash and repr by them."""
    assert FakeContext("1") == FakeContext("1")
    assert FakeContext("1") != FakeContext("2")
    assert hash(FakeContext("1")) == hash(FakeContext("1"))
    assert repr(FakeContext("1")).startswith("FakeContext(function_name='fake', function_directory='/fake', ")
