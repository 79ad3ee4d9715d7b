"""Middleware and exception handlers: what runs around the functions of an app or a blueprint.

A middleware is a generator function: what stands in front of its ``yield`` runs before the function, the rest after
it. One form serves plain and async functions alike, because nobody has to await a generator.

Everything is put together once, when the app is indexed: the function gets an entry that runs the whole of it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from azfunc._core.checks import untyped
from azfunc._core.decorators import DecoratorApi
from azfunc._core.errors import ArgumentTypeError, DefinitionError
from azfunc._core.failures import InvocationError
from azfunc._core.function import location_of, python_name
from azfunc._core.text import type_name
from azfunc.calls.call import Call, reader_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

    from azfunc._core.decorators import Decorator
    from azfunc._core.function import Function, Lender

Middleware: TypeAlias = Callable[[Call], "Iterator[None] | AsyncIterator[None]"]
"""A generator function, or an async one, that yields once."""
Handler: TypeAlias = Callable[[Any, Call], Any]
"""Takes an exception and the call, and gives the result of the call; may be async."""

MiddlewareT = TypeVar("MiddlewareT", bound=Middleware)
HandlerT = TypeVar("HandlerT", bound=Handler)

_Run: TypeAlias = Callable[[Call], Any]
_Handlers: TypeAlias = dict[type[Exception], Handler]

_ENDED: Any = object()


class Surroundings:
    """What stands around the functions of one app, blueprint or function."""

    def __init__(self, middleware: Iterable[Middleware] = ()) -> None:
        self.middleware: list[Middleware] = list(middleware)
        """Outermost first."""
        self.handlers: _Handlers = {}
        """Class of an exception -> what handles it."""

    def put_on(self, function: Function) -> None:
        """Put the middleware around one function, and around what stands there."""
        inner: Surroundings | None = function.surroundings
        function.surroundings = Surroundings([*self.middleware, *(inner.middleware if inner else ())])

    def surround(self, function: Function, layers: Sequence[Surroundings]) -> None:
        """Give a function an entry that runs what stands around it.

        Args:
            function: The function, as it goes to the host.
            layers: All that stand around it, outermost first; one of them is this.

        Raises:
            DefinitionError: An async part around a function that is not.
        """
        function.set_entry(_entry(function, layers))


class Middlewares(DecoratorApi):
    """Methods that put middleware and exception handlers around functions."""

    def middleware(self, middleware: MiddlewareT) -> MiddlewareT:
        """Run a generator around every function of the app, or of the blueprint.

        What stands in front of its ``yield`` runs before the function, the rest after it. It sees and may replace
        arguments, result and exception; when it returns without yielding, the function is not called.

        The app's stands around the blueprint's, that around the function's own; of one app's the first is the
        outermost. An async generator function can stand around async functions only, a plain one around both.

        Args:
            middleware: Generator function that takes the `Call` and yields once.

        Returns:
            The same function.

        Raises:
            ArgumentTypeError: It is no generator function.

        Example:
            >>> @app.middleware
            ... def only_with_a_name(call: func.Call) -> Iterator[None]:
            ...     if call.trigger_type == "httpTrigger" and "name" not in call.trigger.params:
            ...         call.result = func.HttpResponse("Who are you?", status_code=400)
            ...         return
            ...     yield
        """
        _own(self).middleware.append(_checked_middleware(middleware))
        return middleware

    def with_middleware(self, *middleware: Middleware) -> Decorator:
        """Run generators around one function; see `middleware`.

        Args:
            *middleware: Generator functions, outermost first.

        Raises:
            ArgumentTypeError: One is no generator function.

        Example:
            >>> def quiet(call: func.Call) -> Iterator[None]:
            ...     try:
            ...         yield
            ...     except TimeoutError:
            ...         logging.info("%s is tried at its next time.", call.function_name)
            >>> @app.with_middleware(quiet)
            ... @app.timer_trigger("tick", "0 */5 * * * *")
            ... def clean_up(tick: func.TimerRequest) -> None: ...
        """
        return self._put(untyped(Surroundings(_checked_middleware(each) for each in middleware)))

    def exception_handler(self, *kinds: type[Exception]) -> Callable[[HandlerT], HandlerT]:
        """Let a function handle exceptions of the functions of the app, or of the blueprint, and of their middleware.

        What it returns is the result of the call, such as the response to a request. When it raises, the call fails
        with that. Of several handlers the blueprint's is asked before the app's, then the one for the nearest class.

        Args:
            *kinds: Classes of exceptions; their subclasses are handled too.

        Returns:
            A decorator for a function that takes the exception and the `Call`; it may be async for async functions.

        Raises:
            ArgumentTypeError: A class of no exceptions, or none at all.
            DefinitionError: The class has a handler in this app, or blueprint, already.

        Example:
            >>> @app.exception_handler(KeyError)
            ... def not_found(error: KeyError, call: func.Call) -> func.HttpResponse:
            ...     if call.trigger_type != "httpTrigger":
            ...         raise error
            ...     return func.HttpResponse(f"There is no {error.args[0]}.", status_code=404)
        """
        given: tuple[Any, ...] = kinds or (None,)
        for kind in given:
            if not (isinstance(kind, type) and issubclass(kind, Exception)):
                raise ArgumentTypeError(
                    f"An exception handler handles classes of exceptions, and got {kind!r}.",
                    hint="Name the class: @app.exception_handler(KeyError).",
                )
        handlers = _own(self).handlers

        def decorate(handler: HandlerT) -> HandlerT:
            for kind in kinds:
                if kind in handlers:
                    raise DefinitionError(
                        f"{kind.__name__} is handled by {python_name(handlers[kind])!r} already"
                        f"{_at(handlers[kind])}, and {python_name(handler)!r} would take its place.",
                        hint="Remove one of the two, or register one on a blueprint.",
                    )
            handlers.update(dict.fromkeys(kinds, handler))
            return handler

        return decorate


def _own(container: Any) -> Surroundings:
    lender: Lender = container._lender
    if lender.surroundings is None:
        lender.surroundings = Surroundings()
    found: Surroundings = lender.surroundings
    return found


def _checked_middleware(middleware: Any) -> Middleware:
    if not (_is(inspect.isgeneratorfunction, middleware) or _is(inspect.isasyncgenfunction, middleware)):
        shown = python_name(middleware) if callable(middleware) else repr(middleware)
        raise ArgumentTypeError(
            f"A middleware is a generator function, and {shown} has no yield.",
            hint="Write `def middleware(call):`, with a yield where the function is to run.",
        )
    return middleware  # type: ignore[no-any-return]


def _is(kind: Callable[[Any], bool], func: Any) -> bool:
    """Tell whether a function, or an object that is called like one, is of a kind."""
    return kind(func) or kind(getattr(func, "__call__", None))  # noqa: B004  # what it would run is asked


def _at(func: Callable[..., Any]) -> str:
    location = location_of(func)
    return f" ({location})" if location else ""


# --- entries ----------------------------------------------------------------------------------------------------------


def _entry(function: Function, layers: Sequence[Surroundings]) -> Callable[..., Any]:
    """Make what the host calls in place of a function: it runs what stands around it."""
    inner = function.get_user_function()
    is_async = inspect.iscoroutinefunction(inner)
    middleware = [each for layer in layers for each in layer.middleware]
    handlers = [layer.handlers for layer in reversed(layers) if layer.handlers]
    if not is_async:
        _refuse_async(function, middleware, handlers)
    run: _Run
    run = _call_async(inner) if is_async else _call(inner)
    surround, handle = (_around_async, _handling_async) if is_async else (_around, _handling)
    if handlers:
        run = handle(run, handlers)
    for each in reversed(middleware):
        run = surround(each, run)
        if handlers:
            run = handle(run, handlers)
    signature, read = reader_of(function, inspect.signature(inner))

    if is_async:

        @functools.wraps(inner)
        async def entry(*args: Any, **arguments: Any) -> Any:
            return await run(read(args, arguments))

        untyped(entry).__signature__ = signature
        return entry

    @functools.wraps(inner)
    def plain_entry(*args: Any, **arguments: Any) -> Any:
        return run(read(args, arguments))

    untyped(plain_entry).__signature__ = signature
    return plain_entry


def _refuse_async(function: Function, middleware: Sequence[Middleware], handlers: Sequence[_Handlers]) -> None:
    """Refuse async parts around a function that is not: nobody could await them."""
    parts: list[Callable[..., Any]] = [each for each in middleware if _is(inspect.isasyncgenfunction, each)]
    parts += [each for layer in handlers for each in layer.values() if _is(inspect.iscoroutinefunction, each)]
    for part in parts:
        name = function.get_function_name()
        raise DefinitionError(
            f"{python_name(part)!r}{_at(part)} is async and stands around function {name!r}, which is not.",
            hint=f"Write it with def, which serves both kinds of functions, or {name!r} with async def.",
            function_name=name,
            location=function.location,
        )


# --- functions that are not async -------------------------------------------------------------------------------------


def _call(func: Callable[..., Any]) -> _Run:
    def run(call: Call) -> Any:
        return func(**call.arguments)

    return run


def _around(middleware: Middleware, inner: _Run) -> _Run:
    def run(call: Call) -> Any:
        steps: Any = middleware(call)
        if _step(steps) is _ENDED:
            return call.result
        try:
            call.result = inner(call)
        except BaseException as error:
            call.result = None
            if _throw(steps, error):
                steps.close()
                raise _second_yield(middleware) from error
        else:
            if _step(steps) is not _ENDED:
                steps.close()
                raise _second_yield(middleware)
        return call.result

    return run


def _step(steps: Any) -> Any:
    """Run a middleware to its next yield, or to its end."""
    try:
        return next(steps)
    except StopIteration as end:
        if end.value is not None:
            raise _returned(steps, end.value) from None
        return _ENDED


def _throw(steps: Any, error: BaseException) -> bool:
    """Raise what the function raised at the yield of a middleware; tell whether that yields once more."""
    try:
        steps.throw(error)
    except StopIteration as end:
        if end.value is not None:
            raise _returned(steps, end.value) from None
        return False
    except RuntimeError as failed:
        raise _as_it_was(failed, error) from failed.__cause__
    return True


def _handling(inner: _Run, layers: Sequence[_Handlers]) -> _Run:
    def run(call: Call) -> Any:
        try:
            return inner(call)
        except Exception as error:
            handler = _handler_of(error, call, layers)
            if handler is None:
                raise
            try:
                call.result = handler(error, call)
            except BaseException as raised:
                untyped(call)._refused = raised
                raise
            return call.result

    return run


# --- async functions --------------------------------------------------------------------------------------------------


def _call_async(func: Callable[..., Any]) -> _Run:
    async def run(call: Call) -> Any:
        return await func(**call.arguments)

    return run


def _around_async(middleware: Middleware, inner: _Run) -> _Run:
    is_async = _is(inspect.isasyncgenfunction, middleware)

    async def run(call: Call) -> Any:
        made: Any = middleware(call)
        steps: Any = made if is_async else _Steps(made)
        if await anext(steps, _ENDED) is _ENDED:
            return call.result
        try:
            call.result = await inner(call)
        except BaseException as error:
            call.result = None
            if await _throw_async(steps, error):
                await steps.aclose()
                raise _second_yield(middleware) from error
        else:
            if await anext(steps, _ENDED) is not _ENDED:
                await steps.aclose()
                raise _second_yield(middleware)
        return call.result

    return run


async def _throw_async(steps: Any, error: BaseException) -> bool:
    try:
        await steps.athrow(error)
    except StopAsyncIteration as ended:
        if ended is error:  # the function's own, which a plain generator hands on
            raise
        return False
    except RuntimeError as failed:
        raise _as_it_was(failed, error) from failed.__cause__
    return True


class _Steps:
    """The steps of a plain generator, to be awaited as those of an async one."""

    def __init__(self, steps: Any) -> None:
        self._steps = steps

    async def __anext__(self) -> Any:
        found = _step(self._steps)
        if found is _ENDED:
            raise StopAsyncIteration
        return found

    async def athrow(self, error: BaseException) -> None:
        if not _throw(self._steps, error):
            raise StopAsyncIteration

    async def aclose(self) -> None:
        self._steps.close()


def _handling_async(inner: _Run, layers: Sequence[_Handlers]) -> _Run:
    async def run(call: Call) -> Any:
        try:
            return await inner(call)
        except Exception as error:
            handler = _handler_of(error, call, layers)
            if handler is None:
                raise
            try:
                given = handler(error, call)
                call.result = await given if inspect.isawaitable(given) else given
            except BaseException as raised:
                untyped(call)._refused = raised
                raise
            return call.result

    return run


# --- both -------------------------------------------------------------------------------------------------------------


def _handler_of(error: Exception, call: Call, layers: Sequence[_Handlers]) -> Handler | None:
    """Find what handles an exception: of the nearest layer that has a handler, the one for the nearest class."""
    if error is untyped(call)._refused:  # by a handler, and so it goes to the host
        return None
    kinds = type(error).__mro__
    return next((layer[kind] for layer in layers for kind in kinds if kind in layer), None)


def _as_it_was(failed: RuntimeError, error: BaseException) -> BaseException:
    """Give the StopIteration of a function back, which Python makes a RuntimeError of in a generator."""
    is_changed = isinstance(error, (StopIteration, StopAsyncIteration)) and failed.__cause__ is error
    return error if is_changed else failed


def _returned(steps: Any, value: Any) -> InvocationError:
    place = f"{steps.gi_code.co_filename}:{steps.gi_code.co_firstlineno}"
    return InvocationError(
        f"The middleware {steps.__name__!r} ({place}) returns {type_name(value)}, which would be lost.",
        hint="Write `call.result = ...`, and return nothing.",
    )


def _second_yield(middleware: Middleware) -> InvocationError:
    return InvocationError(
        f"The middleware {python_name(middleware)!r}{_at(middleware)} yields more than once.",
        hint="The function runs at the one yield; leave the generator with return after it.",
    )
