"""Dependencies: parameters whose argument a provider makes, once for each call or once for the process.

All that can be known of the providers is found out when the function is indexed. What is left for a call is a graph of
`Node` objects: which provider to call, and what with.
"""

from __future__ import annotations

import contextlib
import inspect
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from azfunc._core.annotations import alternatives
from azfunc._core.batches import parameter_annotation
from azfunc._core.context import Context
from azfunc._core.errors import ArgumentTypeError, DefinitionError
from azfunc._core.failures import InvocationError, UnknownNameError
from azfunc._core.function import location_of, python_name
from azfunc._core.text import short
from azfunc.calls.call import Call
from azfunc.calls.nodes import Node, Once
from azfunc.calls.parameters import Marker, Provider, is_of_kind, marker_at, unseen_trigger, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AsyncExitStack, ExitStack

    from azfunc._core.function import Function
    from azfunc.calls.overrides import Override

Scope: TypeAlias = Literal["call", "process"]
"""How long the value of a provider is kept."""

SCOPES = ("call", "process")
"""The permitted texts of a `Scope`."""

_process_values: dict[Any, Once] = {}


class Depends(Marker):
    """Lets a provider give a parameter: ``db: Annotated[Database, func.Depends(get_db)]``.

    The parameter is no binding: neither the host nor a client of an MCP tool sees it. A provider's own parameters are
    given in the same way: from further providers, from the call where they are annotated with `Call` or `Context`, and
    from the bindings of the function that have their name.

    What stands behind the ``yield`` of a provider runs when the function has ended, the latest provider first. What the
    function raised is raised at the ``yield``, and goes to the host whatever the provider does about it, unless it
    raises another exception.

    Args:
        provider: What is called for the argument: a function, a class, or an object that can be called; also with a
            ``yield``. Async ones are for async functions only.
        scope: How long the value is kept: ``call`` or ``process``.
            With ``call``, the provider is called once for each call of the function, however many parameters name it.
            With ``process``, it is called on first use, and its value is kept until the process ends.

    Raises:
        ArgumentTypeError: The provider cannot be called.
        UnknownNameError: There is no such scope.

    Example:
        >>> from typing import Annotated
        >>> def get_greeting() -> str:
        ...     return "Hello"
        >>> @app.route("hello")
        ... def hello(req: func.HttpRequest, greeting: Annotated[str, func.Depends(get_greeting)]) -> str:
        ...     return f"{greeting} {req.params['name']}"
        >>> hello(func.HttpRequest(params={"name": "Ann"}), "Hi")
        'Hi Ann'
    """

    def __init__(self, provider: Callable[..., Any], *, scope: Scope = "call") -> None:
        self.provider_function: Callable[..., Any] = checked_provider(provider, "A dependency")
        """What is called for the argument."""
        if scope not in SCOPES:
            raise UnknownNameError(f"{scope!r} is no scope of a dependency.", hint=f"Use one of {', '.join(SCOPES)}.")
        self.scope: Scope = scope
        """How long the value is kept: ``call`` or ``process``."""

    def provider(self, function: Function, parameter: str, annotation: Any) -> Provider:
        """Find out all that is needed to provide a parameter.

        Args:
            function: The function, with all its bindings.
            parameter: Name of the parameter.
            annotation: Its type.

        Raises:
            DefinitionError: The parameter is a binding's, or something that a provider needs cannot be given.
        """
        if any(binding.name == parameter for binding in function.get_bindings()):
            raise DefinitionError(
                f"Parameter {parameter!r} of function {function.get_function_name()!r} has a binding, and a "
                f"dependency on {python_name(self.provider_function)!r}.",
                hint="Remove one of the two, or rename the parameter; the provider can have one named like the "
                "binding, and gets its value.",
                function_name=function.get_function_name(),
                binding_name=parameter,
                location=function.location,
            )
        return Dependency(function, parameter, self)

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash((key_of(self.provider_function), self.scope))

    def __repr__(self) -> str:
        scope = f", scope={self.scope!r}" if self.scope != "call" else ""
        return f"Depends({python_name(self.provider_function)}{scope})"


def checked_provider(provider: Any, what: str) -> Callable[..., Any]:
    """Give something that can be called, or refuse it."""
    if not callable(provider):
        raise ArgumentTypeError(
            f"{what} is given by what can be called, and got {short(provider)}.",
            hint="Give the function itself, without parentheses, or `lambda: value` for a value that is there already.",
        )
    found: Callable[..., Any] = provider
    return found


def key_of(provider: Callable[..., Any]) -> Any:
    """Give what stands for a provider in a dict: itself, or its identity if it cannot be hashed."""
    try:
        hash(provider)
    except TypeError:
        return id(provider)
    return provider


class Dependency(Provider):
    """What gives a parameter with `Depends`.

    Args:
        function: The function.
        parameter: Its parameter.
        marker: The marker there.
    """

    def __init__(self, function: Function, parameter: str, marker: Depends) -> None:
        self.function = function
        self.parameter = parameter
        self.marker = marker
        inner = function.get_user_function()
        self.is_in_async_function: bool = is_of_kind(inspect.iscoroutinefunction, inner)
        self._bindings = _bindings_of(function, inner)
        self.node: Node = self.node_under(())
        self.is_async: bool = self.node.is_async

    def provide(self, call: Call, ends: ExitStack) -> Any:
        """Give the argument of a function that is not async."""
        return self._node().give(call, ends)

    async def provide_async(self, call: Call, ends: AsyncExitStack) -> Any:
        """Give the argument of an async function."""
        return await self._node().give_async(call, ends)

    def node_under(self, overrides: Sequence[Override]) -> Node:
        """Find out what gives the parameter under overrides, the latest last.

        Raises:
            DefinitionError: Something that a provider needs cannot be given.
        """
        return Graph(self.function, self._bindings, overrides).root(self.marker)

    def _node(self) -> Node:
        replaced = replaced_nodes.get()
        return self.node if replaced is None else replaced.get(self, self.node)


replaced_nodes: ContextVar[Mapping[Dependency, Node] | None] = ContextVar("azfunc_replaced_nodes", default=None)
"""Dependency -> what gives it in the running call in place of its own node; see `azfunc.calls.overrides`."""


class Graph:
    """Finds what the providers of one function need.

    Args:
        function: The function.
        bindings: Its parameters that bindings give.
        layers: Providers that stand in for others, the latest last.
    """

    def __init__(self, function: Function, bindings: Sequence[str], layers: Sequence[Override]) -> None:
        self._name = function.get_function_name()
        self._function = function
        self._bindings = bindings
        self._layers = layers
        self._nodes: dict[Any, Node] = {}
        self._path: list[Callable[..., Any]] = []

    def root(self, marker: Depends) -> Node:
        """Give the node of a marker, with all the nodes it needs.

        Raises:
            DefinitionError: Something that a provider needs cannot be given.
        """
        key = key_of(marker.provider_function)
        layer = next((each for each in reversed(self._layers) if each.provider_key == key), None)
        provider = marker.provider_function if layer is None else layer.replacement
        known = (marker.scope, key_of(provider))
        if known not in self._nodes:
            if any(key_of(each) == known[1] for each in self._path):
                path = " -> ".join(map(python_name, [*self._path, provider]))
                raise self._error(provider, f"needs itself: {path}", "Take one of these parameters out of the circle")
            self._path.append(provider)
            made = self._node(provider, marker.scope)
            made.layers |= {self._layers.index(layer)} if layer is not None else set()
            if marker.scope == "process":
                values = self._layers[max(made.layers)].values if made.layers else _process_values
                made.once = values.setdefault(known[1], Once(provider))
            self._path.pop()
            self._nodes[known] = made
        return self._nodes[known]

    def _node(self, provider: Callable[..., Any], scope: str) -> Node:
        if getattr(provider, "__globals__", None) is vars(contextlib):
            raise self._error(provider, "stands under @contextmanager", "Give the generator function without it")
        kind = next((name for name, is_one in _KINDS.items() if is_of_kind(is_one, provider)), "function")
        if scope == "process" and "generator" in kind:
            raise self._error(
                provider, "has a yield and the scope process", "Return the value: nobody ends a process-scoped provider"
            )
        nodes: dict[str, Node] = {}
        reads: dict[str, Callable[[Call], Any]] = {}
        for name, parameter in _parameters_of(provider).items():
            found = marker_at(provider, parameter)
            if found is not None:
                nodes[name] = self._nested(provider, scope, name, found[1])
                continue
            read = self._read(provider, parameter)
            if read is not None and scope == "process":
                fault = f"is kept for the process, and its parameter {name!r} is of the call"
                raise self._error(provider, fault, "Remove the parameter, or the scope", name)
            if read is not None:
                reads[name] = read
        return Node(provider, key_of(provider), kind, nodes, reads)

    def _nested(self, provider: Callable[..., Any], scope: str, name: str, marker: Marker) -> Node:
        if not isinstance(marker, Depends):
            fault = f"has the marker {type(marker).__name__} at its parameter {name!r}, which only functions can have"
            raise self._error(provider, fault, "Move it to the function, or use Depends", name)
        needed = python_name(marker.provider_function)
        if scope == "process" and marker.scope != "process":
            fault = f"is kept for the process, and its parameter {name!r} needs {needed!r}, which is made for each call"
            raise self._error(provider, fault, f'Write Depends({needed}, scope="process") there', name)
        return self.root(marker)

    def _read(self, provider: Callable[..., Any], parameter: inspect.Parameter) -> Callable[[Call], Any] | None:
        """Give what reads the argument of a parameter off the call, or None if its default is to stand."""
        name = parameter.name
        annotation = parameter_annotation(written(provider), name)
        kinds = [each for each in alternatives(annotation) if isinstance(each, type)]
        takes_name = parameter.kind is not parameter.POSITIONAL_ONLY
        if takes_name and any(issubclass(each, Call) for each in kinds):
            return _itself
        if takes_name and any(issubclass(each, Context) for each in kinds):
            return _context
        if takes_name and name in self._bindings:
            return _argument(name, self._name)
        if parameter.default is not parameter.empty:
            return None
        fault = f"has a parameter {name!r} that nothing gives" if takes_name else f"has {name!r} as positional only"
        raise self._error(
            provider,
            fault,
            "Annotate it with Annotated[..., Depends(...)], func.Call or func.Context, name it like a binding of the "
            f"function ({', '.join(self._bindings) or 'it has none'}), give it a default, or remove it",
            name,
        )

    def _error(
        self, provider: Callable[..., Any], fault: str, cure: str, parameter: str | None = None
    ) -> DefinitionError:
        location = location_of(written(provider))
        place = f" ({location})" if location else ""
        return DefinitionError(
            f"Function {self._name!r} depends on {python_name(provider)!r}{place}, which {fault}.",
            hint=f"{cure}.",
            function_name=self._name,
            binding_name=parameter,
            location=location or self._function.location,
        )


_KINDS: dict[str, Callable[[Any], bool]] = {
    "coroutine": inspect.iscoroutinefunction,
    "generator": inspect.isgeneratorfunction,
    "async generator": inspect.isasyncgenfunction,
}


def _parameters_of(provider: Any) -> dict[str, inspect.Parameter]:
    """Give the parameters of a provider that are to be filled: not those that a partial has filled."""
    try:
        found = inspect.signature(provider).parameters
    except (TypeError, ValueError):  # a class written in C may have none that Python knows of
        return {}
    filled: Mapping[str, Any] = getattr(provider, "keywords", {}) if hasattr(provider, "func") else {}
    open_ended = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {name: each for name, each in found.items() if name not in filled and each.kind not in open_ended}


def _bindings_of(function: Function, inner: Callable[..., Any]) -> list[str]:
    """Give what bindings give for a function: its parameters, and what its trigger brings if it has none for it."""
    signature = inspect.signature(inner)
    seen = {*signature.parameters, unseen_trigger(function, signature)}
    takes_all = any(each.kind is each.VAR_KEYWORD for each in signature.parameters.values())
    names = [binding.name for binding in function.get_bindings()]
    return [name for name in names if name in seen or (takes_all and name.isidentifier())]


def _itself(call: Call) -> Call:
    return call


def _context(call: Call) -> Context:
    return call.context


def _argument(name: str, function_name: str) -> Callable[[Call], Any]:
    def read(call: Call) -> Any:
        if name not in call.arguments:
            raise InvocationError(
                f"Function {function_name!r} was called without {name!r}, which a dependency of it needs.",
                hint=f"Give {name}=..., as the host does.",
                function_name=function_name,
            )
        return call.arguments[name]

    return read
