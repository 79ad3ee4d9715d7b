"""What MCP functions are given: the request, as the parameter that takes it is annotated."""

from __future__ import annotations

from azfunc._core import jsonlib
from azfunc._core.annotations import alternatives
from azfunc._core.batches import parameter_annotation
from azfunc._core.checks import is_dict
from azfunc._core.failures import ConversionError
from azfunc._core.text import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


class MCPToolContext(dict[str, "Any"]):
    """The request that a client sent to a tool or for a resource, as a dict.

    Its keys are those of the host: ``name``, ``arguments``, ``sessionid``, ``clientinfo``, ``transport``, and ``uri``
    for a resource.

    Example:
        >>> context = func.MCPToolContext(name="weather", arguments={"city": "Oslo"})
        >>> context.arguments["city"]
        'Oslo'

    Source: MCP Host Extension Specification, "Invocation Context Objects"; reference 1.26.0, `MCPToolContext`.
    """

    @property
    def name(self) -> str:
        """Name of the tool, or empty text; from ``name``."""
        return str(self.get("name") or "")

    @property
    def arguments(self) -> dict[str, Any]:
        """What the client gave, by the names of the tool's properties; from ``arguments``."""
        return self.get("arguments") or {}

    @property
    def sessionid(self) -> str | None:
        """Identity of the client's session, or None if it has none; from ``sessionid``."""
        return self.get("sessionid")

    @property
    def clientinfo(self) -> dict[str, Any] | None:
        """Name and version of the client, or None; from ``clientinfo``."""
        return self.get("clientinfo")

    @property
    def transport(self) -> dict[str, Any] | None:
        """How the request came: name, session and properties such as the headers, or None; from ``transport``."""
        return self.get("transport")

    def __repr__(self) -> str:
        from azfunc._core.secrets import shown

        return f"{type(self).__name__}({shown('', dict(self))!r})"


def request_of(raw: Any, what: str = "the request") -> MCPToolContext:
    """Read a request: JSON as text or bytes, or the dict itself; None is an empty one.

    Args:
        raw: What the host sent.
        what: What is read, for the error.

    Raises:
        ConversionError: It is no JSON, or no object.
    """
    found: Any = {} if raw is None else raw
    if isinstance(found, (str, bytes)):
        found = jsonlib.loads(found, what=what)
    if not is_dict(found):
        raise ConversionError(f"{what} is not a JSON object but {short(found)}.", hint="The host sends an object.")
    return found if isinstance(found, MCPToolContext) else MCPToolContext(found)


def as_annotated(
    func: Callable[..., Any], parameter: str, readers: Mapping[type, Callable[[Any], Any]]
) -> Callable[..., Any] | None:
    """Give a wrapper that hands the request over as its parameter is annotated, or None if none is needed.

    Args:
        func: The user function.
        parameter: Its parameter that gets the request.
        readers: Class that the parameter may be annotated with -> what makes an object of it.
    """
    import functools
    import inspect

    read = _reader(parameter_annotation(func, parameter), readers)
    if read is None:
        return None
    signature = inspect.signature(func)

    def arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> inspect.BoundArguments:
        bound = signature.bind(*args, **kwargs)
        bound.arguments[parameter] = read(bound.arguments.get(parameter))
        return bound

    if inspect.iscoroutinefunction(func):

        @functools.wraps(func)
        async def entry(*args: Any, **kwargs: Any) -> Any:
            bound = arguments(args, kwargs)
            return await func(*bound.args, **bound.kwargs)

        return entry

    @functools.wraps(func)
    def plain_entry(*args: Any, **kwargs: Any) -> Any:
        bound = arguments(args, kwargs)
        return func(*bound.args, **bound.kwargs)

    return plain_entry


def _reader(annotation: Any, readers: Mapping[type, Callable[[Any], Any]]) -> Callable[[Any], Any] | None:
    import typing

    found = alternatives(annotation)
    cls = typing.get_origin(found[0]) or found[0] if len(found) == 1 else None
    if not isinstance(cls, type):
        return None
    return next((reader for known, reader in readers.items() if issubclass(cls, known)), None)
