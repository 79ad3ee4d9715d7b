"""What user code is given beside its messages: `Out`, `Context`, `TraceContext`, `RetryContext`."""

from __future__ import annotations

from abc import ABC
from typing import Generic, TypeVar

from azfunc._core.text import call_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping
    from typing import Any, ClassVar

T = TypeVar("T")

NO_INVOCATION = "00000000-0000-0000-0000-000000000000"
"""Invocation id of a `Context` built by hand."""


class Out(ABC, Generic[T]):
    """An out parameter: the function sets what an output binding sends.

    Annotate the parameter with the type you set, such as ``msg: func.Out[str]``. In a test, make one with
    ``func.Out[str]()``, pass it, and read it with `get()`.

    Example:
        >>> def shout(req: func.HttpRequest, msg: func.Out[str]) -> None:
        ...     msg.set(req.params["name"].upper())
        >>> out = func.Out[str]()
        >>> shout(func.HttpRequest(url="/?name=ada"), out)
        >>> out.get()
        'ADA'
    """

    @property
    def _values(self) -> list[T]:
        # Made on first use and not in __init__(), which a fake in a user's tests need not call.
        found: list[T] = vars(self).setdefault("_values", [])
        return found

    def set(self, val: T) -> None:
        """Set what is sent after the function has returned; the last value counts.

        Args:
            val: A value that the output binding takes.
        """
        self._values.append(val)

    def get(self) -> T:
        """Give the last value set; None while nothing is set."""
        return self._values[-1] if self._values else None  # type: ignore[return-value]  # as the reference's Out does

    @property
    def history(self) -> tuple[T, ...]:
        """All values set so far, oldest first; only the last one is sent."""
        return tuple(self._values)

    @property
    def is_set(self) -> bool:
        """Whether a value was set."""
        return bool(self._values)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._state() == other._state()

    def _state(self) -> dict[str, Any]:
        # What typing leaves on an Out[str]() makes no difference.
        return {**vars(self), "_values": self._values, "__orig_class__": None}

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride]  # it changes

    def __repr__(self) -> str:
        return f"<Out, set to {self.get()!r}>" if self.is_set else "<Out, not set>"


class _ValueType(ABC):  # noqa: B024  # ABC lets the classes of the reference be registered as subclasses
    """Equality by value and a repr for the classes below, from the names in `_shown`."""

    _shown: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._shown)

    def __hash__(self) -> int:
        return hash((type(self), repr(self)))

    def __repr__(self) -> str:
        return call_text(type(self).__name__, [(name, getattr(self, name)) for name in self._shown])


class RpcException(_ValueType):
    """An exception of an earlier attempt, as the host tells it.

    Args:
        source: Where it was raised.
        stack_trace: Its traceback as text.
        message: Its text.

    Source: reference 1.26.0, `RpcException`.
    """

    _shown = ("source", "stack_trace", "message")

    def __init__(self, *, source: str = "", stack_trace: str = "", message: str = "") -> None:
        self._source = source
        self._stack_trace = stack_trace
        self._message = message

    @property
    def source(self) -> str:
        """Where it was raised."""
        return self._source

    @property
    def stack_trace(self) -> str:
        """Its traceback as text."""
        return self._stack_trace

    @property
    def message(self) -> str:
        """Its text."""
        return self._message


class TraceContext(_ValueType):
    """The distributed trace that the call belongs to, in the form of W3C Trace Context.

    Args:
        trace_parent: Identity of the request in the trace.
        trace_state: Vendors' own data.
        attributes: Further values of the host.

    Source: reference 1.26.0, `TraceContext`; W3C Trace Context, "traceparent header".
    """

    _shown = ("trace_parent", "trace_state", "attributes")

    def __init__(
        self,
        *,
        trace_parent: str | None = None,
        trace_state: str | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> None:
        self._trace_parent = trace_parent
        self._trace_state = trace_state
        self._attributes = dict(attributes or {})

    @property
    def trace_parent(self) -> str | None:
        """Identity of the request in the trace, such as ``00-<trace id>-<span id>-01``."""
        return self._trace_parent

    @property
    def trace_state(self) -> str | None:
        """Vendors' own data."""
        return self._trace_state

    @property
    def attributes(self) -> dict[str, str]:
        """Further values of the host."""
        return self._attributes

    @property
    def Traceparent(self) -> str | None:  # noqa: N802  # the spelling of the reference's first releases
        """The same as `trace_parent`."""
        return self._trace_parent

    @property
    def Tracestate(self) -> str | None:  # noqa: N802  # the spelling of the reference's first releases
        """The same as `trace_state`."""
        return self._trace_state

    @property
    def Attributes(self) -> dict[str, str]:  # noqa: N802  # the spelling of the reference's first releases
        """The same as `attributes`."""
        return self._attributes


class RetryContext(_ValueType):
    """Which attempt a call is, when the function has a retry policy.

    Args:
        retry_count: Attempts before this one; 0 for the first.
        max_retry_count: Greatest number of further attempts; -1 for no limit.
        exception: What the attempt before raised.

    Source: reference 1.26.0, `RetryContext`; Azure Functions error handling and retries, "Retry policies".
    """

    _shown = ("retry_count", "max_retry_count", "exception")

    def __init__(
        self, *, retry_count: int = 0, max_retry_count: int = 0, exception: RpcException | None = None
    ) -> None:
        self._retry_count = retry_count
        self._max_retry_count = max_retry_count
        self._exception = exception

    @property
    def retry_count(self) -> int:
        """Attempts before this one; 0 for the first."""
        return self._retry_count

    @property
    def max_retry_count(self) -> int:
        """Greatest number of further attempts; -1 for no limit."""
        return self._max_retry_count

    @property
    def exception(self) -> RpcException | None:
        """What the attempt before raised; None on the first."""
        return self._exception


class Context(_ValueType):
    """What is known of the running call. Annotate a parameter named ``context`` with it to get one.

    Args:
        function_name: Name of the function.
        function_directory: Folder that the function runs in.
        invocation_id: Identity of the call, a UUID as text.
        trace_context: The distributed trace the call belongs to.
        retry_context: Which attempt the call is.
        thread_local_storage: Where threads of user code put the invocation id, so that their logs find the call.

    Source: reference 1.26.0, `Context`; the guide, "Context" and "Logging from created threads".
    """

    _shown = ("function_name", "function_directory", "invocation_id", "trace_context", "retry_context")

    def __init__(
        self,
        *,
        function_name: str = "",
        function_directory: str = "",
        invocation_id: str = NO_INVOCATION,
        trace_context: TraceContext | None = None,
        retry_context: RetryContext | None = None,
        thread_local_storage: threading.local | None = None,
    ) -> None:
        self._function_name = function_name
        self._function_directory = function_directory
        self._invocation_id = invocation_id
        self._trace_context = trace_context or TraceContext()
        self._retry_context = retry_context or RetryContext()
        self._thread_local_storage = thread_local_storage

    @property
    def function_name(self) -> str:
        """Name of the function."""
        return self._function_name

    @property
    def function_directory(self) -> str:
        """Folder that the function runs in."""
        return self._function_directory

    @property
    def invocation_id(self) -> str:
        """Identity of the call, a UUID as text."""
        return self._invocation_id

    @property
    def trace_context(self) -> TraceContext:
        """The distributed trace the call belongs to."""
        return self._trace_context

    @property
    def retry_context(self) -> RetryContext:
        """Which attempt the call is."""
        return self._retry_context

    @property
    def thread_local_storage(self) -> threading.local:
        """Where a thread of user code sets ``invocation_id``, so that its logs are found with the call."""
        if self._thread_local_storage is None:
            import threading

            self._thread_local_storage = threading.local()
        return self._thread_local_storage

    def __getstate__(self) -> dict[str, Any]:
        # A thread's storage is of its own process and thread; a copy gets a fresh one.
        return {**self.__dict__, "_thread_local_storage": None}


def is_context_parameter(name: str, annotation: Any) -> bool:
    """Tell whether a parameter that has no binding gets the context: by its annotation, or by its name if that is open.

    Args:
        name: Name of the parameter.
        annotation: Its annotation, resolved, or as text if it cannot be; None if there is none.
    """
    if isinstance(annotation, str):  # as names are that only type checkers import
        return name == "context" or annotation.rpartition(".")[2] == "Context"
    from typing import Any as Anything

    if annotation is None or annotation is Anything or annotation is object:
        return name == "context"
    from azfunc._core.annotations import alternatives

    return any(isinstance(each, type) and issubclass(each, Context) for each in alternatives(annotation))
