"""`TestClient`: drives a function app in process, through the real routes, converters and retries."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from azfunc._core.checks import is_dict, is_list
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.failures import InvocationError
from azfunc._core.text import short, type_name
from azfunc.bindings.http import HttpRequest
from azfunc.runtime.clock import FakeClock
from azfunc.runtime.host import HostOptions, LocalHost, with_run
from azfunc.runtime.web import WebFront, readable
from azfunc.runtime.web_types import body_of, is_in_parts, streamed_body

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from typing_extensions import ParamSpec, Self, TypeVar, Unpack

    from azfunc._core.context import TraceContext
    from azfunc._core.function import Function, FunctionBuilder
    from azfunc.bindings.http import HttpResponse
    from azfunc.bindings.http.fields import HeaderSource
    from azfunc.bindings.http.forms import FileSource, FormSource
    from azfunc.bindings.http.query import QuerySource
    from azfunc.calls.overrides import Override, Overrides
    from azfunc.runtime.clock import Clock
    from azfunc.runtime.host import Indexed
    from azfunc.runtime.invocation import Run
    from azfunc.runtime.loading import LoadedApp
    from azfunc.runtime.web import Answer

    P = ParamSpec("P")
    R = TypeVar("R")

MAX_ATTEMPTS = 1000
"""Attempts after which a client gives up, so that a policy without a limit ends in a test."""

_CONTENT_TYPE_HEADER = 'Give headers={"Content-Type": ...}.'
_OTHER_OPTIONS = {
    "data": "form= takes fields, body= text and bytes, json= a value.",
    "content": "It is body= here.",
    "query_string": "It is params= here, or stands in the URL.",
    "query": "It is params= here, or stands in the URL.",
    "content_type": _CONTENT_TYPE_HEADER,
    "mimetype": _CONTENT_TYPE_HEADER,
    "auth": 'Give headers={"Authorization": ...}.',
    "follow_redirects": 'No redirect is followed; call response.headers["Location"].',
    "allow_redirects": 'No redirect is followed; call response.headers["Location"].',
    "timeout": "The client as a whole has timeout_seconds=.",
}
"""What other clients take -> what is given in its place."""


_SOURCES = {
    "queueName": "Queue",
    "subscriptionName": "Subscription",
    "topicName": "Topic",
    "topic": "Topic",
    "eventHubName": "Event hub",
    "containerName": "Container",
    "collectionName": "Container",
    "tableName": "Table",
    "path": "Path",
    "route": "Route",
}
"""Field of a trigger that says where messages come from -> what that is."""


class RequestContent(TypedDict, total=False):
    """What a request of a `TestClient` may have; see `HttpRequest`."""

    headers: HeaderSource | None
    """A mapping, whose values may be lists, or pairs."""
    params: QuerySource | None
    """Query values, which are added to the URL; numbers become text, a list is several values of one name."""
    route_params: Mapping[str, str] | None
    """Values of the route's parameters, beside those of the path."""
    body: str | bytes | bytearray | memoryview | Iterator[str | bytes] | AsyncIterator[str | bytes] | None
    """Content as bytes or text; or an iterator, which comes part by part to a function that reads it so."""
    json: Any
    """Content as a value that JSON can hold."""
    form: FormSource | None
    """Content as form fields; a list is several values of one name."""
    files: FileSource | None
    """Files of a form: bytes, text, an open file, or tuples with the file name in front."""
    cookies: Mapping[str, str] | None
    """Cookies to send, by name; the client keeps none."""


class RequestOptions(RequestContent, total=False):
    """What `TestClient.get` and the others take beside the URL."""

    inputs: Mapping[str, Any] | None
    """What the other input bindings of the function give, by their names."""
    stream: bool
    """Whether a streamed response is given as it is; else it is read to its end first."""


class TestClient:
    """Calls the functions of an app as a host would, with no host, no socket and no waiting.

    HTTP functions are reached by `get`, `post` and so on, through their routes; all others by `send`. Both go through
    the converters that run in Azure. What a function raises is raised in the test: the very object, with the `Run` in
    its attribute ``run``; `last_run` has it too.

    In a ``with`` block all calls share one event loop, and web frameworks in the app are started and stopped. Without
    one nothing has to be closed, unless the client loaded the app itself.

    Args:
        app: A function app; or where it is: its folder, its file, or a module path such as ``shop.functions``, with
            ``:name`` of the object if need be. What is loaded brings its host.json and local.settings.json along, and
            is unloaded when the client is closed.
        raise_exceptions: Whether what a function raises is raised here. Else an HTTP answer has status 500, and a
            `Run` keeps the exception.
        route_prefix: Text in front of all routes; from host.json when left out, else ``api``.
        keys: Keys that HTTP callers need, by name; not asked for when left out.
        retry: Retry policy for functions that have none, as host.json has it; from there when left out.
        timeout_seconds: Time that a call has, in seconds; from host.json when left out, else no limit.
        max_attempts: Attempts after which it gives up, whatever the retry policy says.
        clock: Where waits between attempts are taken from; one that jumps when left out.

    Raises:
        ArgumentTypeError: What is given is no app.
        LoadingError: There is no app, or it cannot be imported.
        DefinitionError: Functions of the app cannot be built.

    Example:
        >>> with TestClient("examples/guide") as client:
        ...     client.get("/api/hello?value=21").get_body()
        ...     client.send("relay", func.QueueMessage(body="two chairs")).outputs["$return"]
        b'21 * 2 = 42'
        'TWO CHAIRS'
    """

    __test__ = False  # the name begins as pytest's test classes do

    def __init__(
        self,
        app: Indexed | list[Function] | str | Path,
        *,
        raise_exceptions: bool = True,
        route_prefix: str | None = None,
        keys: Mapping[str, str] | None = None,
        retry: Mapping[str, Any] | None = None,
        timeout_seconds: float | None = None,
        max_attempts: int = MAX_ATTEMPTS,
        clock: Clock | None = None,
    ) -> None:
        self.loaded: LoadedApp | None = _load(app) if isinstance(app, (str, Path)) else None
        """The app, if the client loaded it from a folder, a file or a module; else None."""
        given = _checked(app if self.loaded is None else self.loaded)
        stated: HostOptions = getattr(given, "options", None) or HostOptions()
        options = HostOptions(
            route_prefix=stated.route_prefix if route_prefix is None else route_prefix,
            retry=retry or stated.retry,
            timeout_seconds=timeout_seconds or stated.timeout_seconds,
            function_directory=stated.function_directory,
            thread_count=stated.thread_count,
            max_attempts=max_attempts,
        )
        self.clock: Clock = clock or FakeClock()
        """Where waits between attempts are taken from."""
        self.host: LocalHost = LocalHost(given, options=options, clock=self.clock)
        """Runs the functions."""
        self._web = WebFront(self.host, keys=keys)
        self._raise_exceptions = raise_exceptions
        self._overrides: Overrides | None = None
        self.last_run: Run | None = None
        """The latest call, an HTTP one and one that failed included; None before the first."""

    def __repr__(self) -> str:
        names = [function.get_function_name() for function in self.host.functions]
        return f"<{type(self).__name__} of {len(names)} function{'s' * (len(names) != 1)}: {', '.join(names)}>"

    # --- HTTP ---

    def request(
        self,
        method: str,
        url: str,
        *,
        inputs: Mapping[str, Any] | None = None,
        stream: bool = False,
        **content: Unpack[RequestContent],
    ) -> HttpResponse:
        """Send an HTTP request and give the response.

        Args:
            method: ``GET``, ``POST`` and so on.
            url: Path with its query, such as ``/api/items/7?full=1``; a host in front does not count.
            inputs: What the other input bindings of the function give, by their names.
            stream: Whether a streamed response is given as it is, for ``response.stream()``; else it is read to its
                end first.
            **content: `HttpRequest` arguments: ``headers``, ``params``, ``body``, ``json``, ``form``, ``files``,
                ``cookies``. The ``params`` are added to the query of the URL. A body that is an iterator, or an async
                one, comes part by part to a function that takes the request of a web framework, and whole to others.

        Raises:
            ArgumentTypeError: An option that there is not, or of the wrong type.
            InvocationError: The function cannot be called so, or took longer than it may.
            ConversionError: A value cannot be converted.
        """
        __tracebackhide__ = True
        answer = self.host.run_coroutine(self._answer(method, url, inputs, stream=stream, content=dict(content)))
        if answer.run is not None:
            self._ended(answer.run)
        return readable(answer.response, self.host)

    async def arequest(
        self,
        method: str,
        url: str,
        *,
        inputs: Mapping[str, Any] | None = None,
        stream: bool = False,
        **content: Unpack[RequestContent],
    ) -> HttpResponse:
        """Send an HTTP request from asynchronous code; see `request`.

        A streamed response is read with ``response.stream_async()``.
        """
        __tracebackhide__ = True
        answer = await self._answer(method, url, inputs, stream=stream, content=dict(content))
        if answer.run is not None:
            self._ended(answer.run)
        return answer.response

    def get(self, url: str, **options: Unpack[RequestOptions]) -> HttpResponse:
        """Send a GET request; see `request`."""
        __tracebackhide__ = True
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Unpack[RequestOptions]) -> HttpResponse:
        """Send a POST request; see `request`."""
        __tracebackhide__ = True
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Unpack[RequestOptions]) -> HttpResponse:
        """Send a PUT request; see `request`."""
        __tracebackhide__ = True
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Unpack[RequestOptions]) -> HttpResponse:
        """Send a PATCH request; see `request`."""
        __tracebackhide__ = True
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Unpack[RequestOptions]) -> HttpResponse:
        """Send a DELETE request; see `request`."""
        __tracebackhide__ = True
        return self.request("DELETE", url, **options)

    def head(self, url: str, **options: Unpack[RequestOptions]) -> HttpResponse:
        """Send a HEAD request; see `request`."""
        __tracebackhide__ = True
        return self.request("HEAD", url, **options)

    def options(self, url: str, **options: Unpack[RequestOptions]) -> HttpResponse:
        """Send an OPTIONS request; see `request`."""
        __tracebackhide__ = True
        return self.request("OPTIONS", url, **options)

    async def _answer(
        self, method: str, url: str, inputs: Mapping[str, Any] | None, *, stream: bool, content: dict[str, Any]
    ) -> Answer:
        given = dict(content)
        _check_options(given)
        params = given.pop("params", None)
        if params:
            url = _with_query(url, params)
        arriving = None
        if is_in_parts(given.get("body")):
            arriving = body_of(given.pop("body"))
        request = HttpRequest(method, url, **given)
        if arriving is not None and not self._web.reads_stream(request):
            given["body"] = await arriving.whole()
            request, arriving = HttpRequest(method, url, **given), None
        token = streamed_body.set(arriving)
        try:
            with self._overridden():
                return await self._web.answer(request, inputs=inputs, raise_exceptions=False, join=not stream)
        finally:
            streamed_body.reset(token)

    # --- other triggers ---

    def send(
        self,
        function: str | FunctionBuilder[..., Any] | Callable[..., Any],
        message: Any = None,
        /,
        *,
        trace_context: TraceContext | None = None,
        **inputs: Any,
    ) -> Run:
        """Start a function with a message, through the converters of its bindings.

        Args:
            function: Its name, or the function itself.
            message: What starts it: a message type such as `QueueMessage`, a list of them for a batch, or plain
                data, which is sent as text, bytes or JSON. Timers and the like need none. An `HttpRequest` has the
                route parameters of its path, unless it brings its own.
            trace_context: The distributed trace the call belongs to.
            **inputs: What its input bindings give, by their names.

        Raises:
            ArgumentTypeError: The message is given twice, by the name of the trigger too.
            InvocationError: The function cannot be called so, or took longer than it may.
            ConversionError: A value cannot be converted.
        """
        __tracebackhide__ = True
        return self._ended(self.host.run_coroutine(self._send(function, message, trace_context, inputs)))

    async def asend(
        self,
        function: str | FunctionBuilder[..., Any] | Callable[..., Any],
        message: Any = None,
        /,
        *,
        trace_context: TraceContext | None = None,
        **inputs: Any,
    ) -> Run:
        """Start a function from asynchronous code; see `send`."""
        __tracebackhide__ = True
        return self._ended(await self._send(function, message, trace_context, inputs))

    async def _send(
        self,
        function: str | FunctionBuilder[..., Any] | Callable[..., Any],
        message: Any,
        trace_context: TraceContext | None,
        inputs: dict[str, Any],
    ) -> Run:
        found = self._function(function)
        trigger = found.get_trigger()
        given: dict[str, Any] = dict(inputs)
        if message is not None and trigger is not None and trigger.name in given:
            raise ArgumentTypeError(
                f"send() was given two messages, {short(message)} and {trigger.name}={short(given[trigger.name])}.",
                hint=f"{trigger.name!r} is the trigger of the function, and takes one message; leave one of them out.",
                function_name=found.get_function_name(),
                binding_name=trigger.name,
            )
        if trigger is not None and trigger.name not in given:
            given = {trigger.name: _message(trigger.type, message), **inputs}
        if trigger is not None and trigger.starts_http and isinstance(given[trigger.name], HttpRequest):
            given[trigger.name] = self._web.with_route(found, given[trigger.name])
        with self._overridden():
            return await self.host.ainvoke(function, given, trace_context=trace_context, raise_exceptions=False)

    def _function(self, which: str | FunctionBuilder[..., Any] | Callable[..., Any]) -> Function:
        """Find a function; where the name is that of a queue or the like, the error says what it starts."""
        try:
            return self.host.function(which)
        except InvocationError as error:
            started = _started_by(which, self.host.functions) if isinstance(which, str) else ""
            error.hint = " ".join(filter(None, [error.hint, started]))
            raise

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
        __tracebackhide__ = True
        return self._ended(self.host.run_coroutine(self._invoke(function, args, kwargs)))

    async def ainvoke(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Run:
        """Call a function with its own parameters from asynchronous code; see `invoke`."""
        __tracebackhide__ = True
        return self._ended(await self._invoke(function, args, kwargs))

    async def _invoke(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        arguments = _by_name(function, args, kwargs)
        with self._overridden():
            return await self.host.ainvoke(function, arguments, raise_exceptions=False, decode=False)

    def _ended(self, run: Run) -> Run:
        """Keep the latest call, and raise what it raised."""
        __tracebackhide__ = True
        self.last_run = run
        if self._raise_exceptions and run.exception is not None:
            raise with_run(run.exception, run)
        return run

    # --- dependencies ---

    def override(self, provider: Callable[..., object], replacement: Callable[..., object]) -> Override:
        """Call something else in the place of a provider, wherever functions and providers depend on it.

        It takes effect at once, for the calls of this client alone, and ends with the ``with`` block of what is
        returned; without one it lasts as long as the client. Of several for one provider the latest counts. A
        process-scoped value that was made with the replacement is not kept.

        Args:
            provider: What stands in ``Depends(...)``.
            replacement: What is called in its place; it may have dependencies, and a ``yield``.
                For a value that is there already, ``lambda: value``.

        Raises:
            ArgumentTypeError: One of the two cannot be called.
            DefinitionError: No function depends on the provider, or the other cannot stand in for it.

        Example:
            >>> from typing import Annotated
            >>> def get_name() -> str:
            ...     return "world"
            >>> @app.route("hello")
            ... def hello(req: func.HttpRequest, name: Annotated[str, func.Depends(get_name)]) -> str:
            ...     return f"Hello, {name}"
            >>> client = TestClient(app)
            >>> with client.override(get_name, lambda: "Ann"):
            ...     client.get("/api/hello").text
            'Hello, Ann'
        """
        if self._overrides is None:
            from azfunc.calls.overrides import Overrides

            self._overrides = Overrides(self.host.functions)
        return self._overrides.add(provider, replacement)

    def _overridden(self) -> AbstractContextManager[None]:
        return nullcontext() if self._overrides is None else self._overrides.active()

    # --- lifetime ---

    def close(self) -> None:
        """End the threads and the event loop of the client, and unload the app if the client loaded it."""
        try:
            self.host.close()
        finally:
            self._unload()

    def _unload(self) -> None:
        if self.loaded is not None:
            self.loaded.close()

    def __enter__(self) -> Self:
        self.host.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        await self.host.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.host.__aexit__(kind, error, trace)
        finally:
            self._unload()


def _by_name(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Give the arguments of a call by the names of the parameters."""
    import inspect

    signature = inspect.signature(function)
    arguments = signature.bind(*args, **kwargs).arguments
    rest = next((name for name, each in signature.parameters.items() if each.kind is each.VAR_KEYWORD), None)
    further: dict[str, Any] = arguments.pop(rest, {}) if rest is not None else {}
    return {**arguments, **further}


def _checked(app: Any) -> Indexed | list[Function]:
    """Give what has functions, or refuse it."""
    if not is_list(app) and not hasattr(app, "get_functions"):
        raise ArgumentTypeError(
            f"A TestClient was given {type_name(app)}.",
            hint="Give it a function app, a list of functions, or where the app is: folder, file or module path.",
        )
    found: Indexed | list[Function] = app
    return found


def _check_options(content: dict[str, Any]) -> None:
    """Refuse options of requests that there are not; other clients have them."""
    wrong = next((name for name in content if name not in RequestContent.__annotations__), None)
    if wrong is not None:
        raise ArgumentTypeError(
            f"A request of a TestClient has no option {wrong!r}.",
            hint=_OTHER_OPTIONS.get(wrong) or f"It has {', '.join(RequestOptions.__annotations__)}.",
        )


def _with_query(url: str, params: QuerySource) -> str:
    """Add query values to a URL."""
    from urllib.parse import urlencode

    from azfunc.bindings.http.query import given_pairs

    front, mark, fragment = url.partition("#")
    separator = "" if front.endswith(("?", "&")) else "&" if "?" in front else "?"
    return f"{front}{separator}{urlencode(given_pairs(params))}{mark}{fragment}"


def _started_by(text: str, functions: Sequence[Function]) -> str:
    """Say which function the queue, the topic or the like of a name starts, or nothing."""
    for function in functions:
        trigger = function.get_trigger()
        entry: dict[str, Any] = trigger.get_dict_repr() if trigger is not None else {}
        for field, what in _SOURCES.items():
            if entry.get(field) == text:
                name = function.get_function_name()
                return f"{what} {text!r} starts {name!r}; send({name!r}, ...)."
    return ""


def _load(app: str | Path) -> LoadedApp:
    from azfunc.runtime.loading import load_app

    return load_app(app)


def _message(trigger_type: str, message: Any) -> Any:
    """Give what stands for no message, where the trigger needs none, and a request for plain data."""
    from azfunc.testing import make

    if trigger_type == "httpTrigger" and isinstance(message, (str, bytes)):
        return HttpRequest("POST", body=message)
    if trigger_type == "httpTrigger" and (is_dict(message) or is_list(message)):
        return HttpRequest("POST", json=message)
    if message is None and trigger_type in make.DEFAULTS:
        return make.DEFAULTS[trigger_type]()
    return message
