"""`TestClient`: drives a function app in process, through the real routes, converters and retries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azfunc.bindings.http import HttpRequest
from azfunc.runtime.clock import FakeClock
from azfunc.runtime.host import HostOptions, LocalHost
from azfunc.runtime.web import WebFront

if TYPE_CHECKING:
    from azfunc.runtime.web import Answer
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from typing_extensions import ParamSpec, Self, TypeVar

    from azfunc._core.context import TraceContext
    from azfunc._core.function import Function, FunctionBuilder
    from azfunc.bindings.http import HttpResponse
    from azfunc.runtime.clock import Clock
    from azfunc.runtime.host import Indexed
    from azfunc.runtime.invocation import Run

    P = ParamSpec("P")
    R = TypeVar("R")


class TestClient:
    """Calls the functions of an app as a host would, with no host, no socket and no waiting.

    HTTP functions are reached by `get`, `post` and so on, through their routes; all others by `send`. Both go through
    the converters that run in Azure. What a function raises is raised in the test.

    Args:
        app: A function app.
        raise_exceptions: Whether what a function raises is raised here. Else an HTTP answer has status 500, and a
            `Run` keeps the exception.
        route_prefix: Text in front of all routes.
        keys: Keys that HTTP callers need, by name; not asked for when left out.
        retry: Retry policy for functions that have none, as host.json has it.
        timeout_seconds: Time that a call has, in seconds; no limit when left out.
        clock: Where waits between attempts are taken from; one that jumps when left out.

    Example:
        >>> client = TestClient(app)
        >>> client.get("/api/hello?name=Ada").get_body()
        b'Hello, Ada!'
        >>> run = client.send("relay", func.QueueMessage(body="x"))
        >>> run.outputs["$return"]
        'X'
    """

    __test__ = False  # the name begins as pytest's test classes do

    def __init__(
        self,
        app: Indexed | list[Function],
        *,
        raise_exceptions: bool = True,
        route_prefix: str = "api",
        keys: Mapping[str, str] | None = None,
        retry: Mapping[str, Any] | None = None,
        timeout_seconds: float | None = None,
        clock: Clock | None = None,
    ) -> None:
        options = HostOptions(route_prefix=route_prefix, retry=retry, timeout_seconds=timeout_seconds)
        self.clock: Clock = clock or FakeClock()
        """Where waits between attempts are taken from."""
        self.host = LocalHost(app, options=options, clock=self.clock)
        """Runs the functions."""
        self._web = WebFront(self.host, keys=keys)
        self._raise_exceptions = raise_exceptions
        self.last_run: Run | None = None
        """The latest call, an HTTP one included; None before the first."""

    # --- HTTP ---

    def request(self, method: str, url: str, *, stream: bool = False, **content: Any) -> HttpResponse:
        """Send an HTTP request and give the response.

        Args:
            method: ``GET``, ``POST`` and so on.
            url: Path with its query, such as ``/api/items/7?full=1``; a host in front does not count.
            stream: Whether a streamed response is given as it is; else it is read to its end first.
            **content: `HttpRequest` arguments: ``headers``, ``params``, ``body``, ``json``, ``form``, ``files``,
                ``cookies``.

        Raises:
            InvocationError: The function cannot be called so, or took longer than it may.
            ConversionError: A value cannot be converted.
        """
        return self._answered(self.host.run_coroutine(self._answer(method, url, stream=stream, content=content)))

    async def arequest(self, method: str, url: str, *, stream: bool = False, **content: Any) -> HttpResponse:
        """Send an HTTP request from asynchronous code; see `request`."""
        return self._answered(await self._answer(method, url, stream=stream, content=content))

    def get(self, url: str, **content: Any) -> HttpResponse:
        """Send a GET request; see `request`."""
        return self.request("GET", url, **content)

    def post(self, url: str, **content: Any) -> HttpResponse:
        """Send a POST request; see `request`."""
        return self.request("POST", url, **content)

    def put(self, url: str, **content: Any) -> HttpResponse:
        """Send a PUT request; see `request`."""
        return self.request("PUT", url, **content)

    def patch(self, url: str, **content: Any) -> HttpResponse:
        """Send a PATCH request; see `request`."""
        return self.request("PATCH", url, **content)

    def delete(self, url: str, **content: Any) -> HttpResponse:
        """Send a DELETE request; see `request`."""
        return self.request("DELETE", url, **content)

    def head(self, url: str, **content: Any) -> HttpResponse:
        """Send a HEAD request; see `request`."""
        return self.request("HEAD", url, **content)

    def options(self, url: str, **content: Any) -> HttpResponse:
        """Send an OPTIONS request; see `request`."""
        return self.request("OPTIONS", url, **content)

    async def _answer(self, method: str, url: str, *, stream: bool, content: dict[str, Any]) -> Answer:
        request = HttpRequest(method, url, **content)
        return await self._web.answer(request, raise_exceptions=self._raise_exceptions, join=not stream)

    def _answered(self, answer: Answer) -> HttpResponse:
        self.last_run = answer.run
        return answer.response

    # --- other triggers ---

    def send(
        self,
        function: str | FunctionBuilder[..., Any] | Callable[..., Any],
        message: Any = None,
        *,
        trace_context: TraceContext | None = None,
        **inputs: Any,
    ) -> Run:
        """Start a function with a message, through the converters of its bindings.

        Args:
            function: Its name, or the function itself.
            message: What starts it: a message type such as `QueueMessage`, a list of them for a batch, or plain
                data, which is sent as text, bytes or JSON.
            trace_context: The distributed trace the call belongs to.
            **inputs: What its input bindings give, by their names.

        Raises:
            InvocationError: The function cannot be called so, or took longer than it may.
            ConversionError: A value cannot be converted.
        """
        return self.host.run_coroutine(self.asend(function, message, trace_context=trace_context, **inputs))  # type: ignore[no-any-return]  # a Run

    async def asend(
        self,
        function: str | FunctionBuilder[..., Any] | Callable[..., Any],
        message: Any = None,
        *,
        trace_context: TraceContext | None = None,
        **inputs: Any,
    ) -> Run:
        """Start a function from asynchronous code; see `send`."""
        trigger = self.host.function(function).get_trigger()
        name = trigger.name if trigger is not None else ""
        self.last_run = await self.host.ainvoke(
            function, {name: message, **inputs}, trace_context=trace_context, raise_exceptions=self._raise_exceptions
        )
        return self.last_run

    def invoke(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Run:
        """Call a function with its own parameters, handed over as they are; its outputs still go through converters.

        Args:
            function: The decorated function.
            *args: Its arguments.
            **kwargs: Its keyword arguments.

        Raises:
            TypeError: The arguments do not fit the function.
            InvocationError: The app has no such function, or it took longer than it may.
            ConversionError: A result cannot be converted.
        """
        import inspect

        arguments = inspect.signature(function).bind(*args, **kwargs).arguments
        self.last_run = self.host.invoke(function, arguments, raise_exceptions=self._raise_exceptions, decode=False)
        return self.last_run

    # --- lifetime ---

    def close(self) -> None:
        """End the threads and the event loop of the client."""
        self.host.close()

    def __enter__(self) -> Self:
        self.host.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
