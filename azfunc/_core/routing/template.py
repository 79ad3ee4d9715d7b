"""A route template that was read: what it matches and builds."""

from __future__ import annotations

from azfunc._core.errors import DefinitionError, nearest
from azfunc._core.failures import UnknownNameError
from azfunc._core.routing.constraints import CONSTRAINTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Part: TypeAlias = "str | RouteParameter"
    Segment: TypeAlias = tuple[Part, ...]

_SAFE = "!$&'()*+,;=:@~"
_LITERAL, _CONSTRAINED, _FREE, _CATCH_ALL = 1, 2, 3, 5


class RouteParameter:
    """One ``{...}`` of a route template.

    Args:
        name: Name of the parameter, as the template writes it.
        constraints: Each constraint's name in lower case and its argument, None without parentheses.
        default: Value when the path has none, or None.
        optional: Whether it ends in ``?``.
        catch_all: Whether it takes the rest of the path: ``{*rest}`` or ``{**rest}``.
    """

    __slots__ = ("_tests", "catch_all", "constraints", "default", "name", "optional")

    name: str
    """Name of the parameter, as the template writes it."""
    constraints: tuple[tuple[str, str | None], ...]
    """Each constraint's name in lower case and its argument, None without parentheses."""
    default: str | None
    """Value when the path has none, or None."""
    optional: bool
    """Whether the path may leave it out, by a ``?``."""
    catch_all: bool
    """Whether it takes the rest of the path, slashes included."""

    def __init__(
        self,
        name: str,
        constraints: tuple[tuple[str, str | None], ...] = (),
        *,
        default: str | None = None,
        optional: bool = False,
        catch_all: bool = False,
    ) -> None:
        self.name = name
        self.constraints = constraints
        self.default = default
        self.optional = optional
        self.catch_all = catch_all
        self._tests = tuple(CONSTRAINTS[rule].make(argument) for rule, argument in constraints)

    @property
    def may_be_absent(self) -> bool:
        """Whether a path without this parameter can match; a default has to meet the constraints too."""
        return self.accepts(self.default)

    def accepts(self, value: str | None) -> bool:
        """Say whether a value meets all constraints; None stands for a path without the parameter."""
        if value is None:
            return self.optional or (self.catch_all and not self._tests)
        return all(test(value) for test in self._tests)

    def __str__(self) -> str:
        rules = "".join(
            f":{rule}" if argument is None else f":{rule}({argument})" for rule, argument in self.constraints
        )
        default = "" if self.default is None else f"={self.default}"
        inside = f"{'*' if self.catch_all else ''}{self.name}{rules}{default}{'?' if self.optional else ''}"
        return "{" + inside.replace("{", "{{").replace("}", "}}") + "}"

    def __repr__(self) -> str:
        return f"<RouteParameter {self}>"


class RouteTemplate:
    """A route template that was read: it matches paths and builds them. `parse_route` makes it.

    Args:
        template: The text it was read from.
        segments: Its segments, each a tuple of literal texts and parameters.
    """

    __slots__ = ("details", "least", "literals", "parameters", "precedence", "segments", "template")

    template: str
    """The text it was read from."""
    segments: tuple[Segment, ...]
    """Its segments, each a tuple of literal texts and parameters."""
    literals: tuple[str | None, ...]
    """For each segment its literal text in lower case, or None if it has a parameter."""
    least: int
    """Fewest segments that a path has to have to match."""
    parameters: tuple[str, ...]
    """Names of the parameters, in order."""
    details: tuple[RouteParameter, ...]
    """The parameters themselves, in order."""
    precedence: tuple[int, ...]
    """Sorts the more specific template first.

    Segment by segment: literal, constrained parameter or several parts, parameter, constrained catch-all, catch-all.
    """

    def __init__(self, template: str, segments: tuple[Segment, ...]) -> None:
        self.template = template
        self.segments = segments
        self.literals = tuple(map(_literal, segments))
        self.details = tuple(part for segment in segments for part in segment if isinstance(part, RouteParameter))
        self.parameters = tuple(parameter.name for parameter in self.details)
        self.precedence = tuple(map(_precedence, segments))
        self.least = _least_segments(segments)

    @property
    def has_catch_all(self) -> bool:
        """Whether the last parameter takes the rest of the path."""
        return bool(self.details) and self.details[-1].catch_all

    @property
    def shape(self) -> str:
        """The template without the names of its parameters; two templates of one shape match the same paths."""
        return "/".join(
            "".join(
                part.lower().replace("{", "{{").replace("}", "}}") if isinstance(part, str) else _nameless(part)
                for part in segment
            )
            for segment in self.segments
        )

    def match(self, path: str) -> dict[str, str] | None:
        """Compare with the path of a URL, and give the values of the parameters, or None if it does not match.

        Literals match in any letter case. A slash at the beginning or the end does not count. Defaults are filled in;
        a parameter that the path leaves out is absent.

        Args:
            path: The path as the URL has it, percent-encoded, without prefix and query.
                Values are decoded; only an encoded slash stays ``%2F``, as the host's server leaves it.

        Example:
            >>> parse_route("items/{id:int?}").match("/Items/7")
            {'id': '7'}
        """
        return self.match_pieces(*cut_path(path))

    def match_pieces(self, pieces: list[str], tail: str) -> dict[str, str] | None:
        """Do what `match` does for a path that is cut into its decoded segments.

        Args:
            pieces: The segments.
            tail: The slash at the end of the path, or an empty text.
        """
        if len(pieces) < self.least:
            return None
        values: dict[str, str] = {}
        for index, segment in enumerate(self.segments):
            literal = self.literals[index]
            if literal is not None:
                if pieces[index].lower() != literal:
                    return None
            elif not _take(segment, pieces, index, tail, values):
                return None
        if len(pieces) > len(self.segments) and not self.has_catch_all:
            return None
        if not all(parameter.accepts(values.get(parameter.name)) for parameter in self.details):
            return None
        return values

    def build(self, /, **values: object) -> str:
        """Give a path that matches, percent-encoded and without a slash in front.

        Args:
            **values: Values of the parameters, by name.
                Those with a default, optional ones and the rest of the path may be left out.

        Raises:
            UnknownNameError: The template has no parameter of that name.
            DefinitionError: A value is missing or does not meet its constraints.

        Example:
            >>> parse_route("items/{id:int}/{*rest}").build(id=7, rest="a b/c")
            'items/7/a%20b/c'
        """
        for name in values:
            if name not in self.parameters:
                close = nearest(name, self.parameters)
                raise UnknownNameError(
                    f"The route {self.template!r} has no parameter {name!r}.",
                    hint=f"Did you mean {close!r}?" if close else f"It has {', '.join(self.parameters) or 'none'}.",
                )
        texts = {name: str(value) for name, value in values.items() if value not in (None, "")}
        given = [end for end, segment in enumerate(self.segments, 1) if not texts.keys().isdisjoint(_names(segment))]
        count = max(self.least, *given, 0)
        return "/".join(self._fill(segment, texts) for segment in self.segments[:count])

    def _fill(self, segment: Segment, texts: dict[str, str]) -> str:
        from urllib.parse import quote

        filled: list[str] = []
        for part in segment:
            if isinstance(part, str):
                filled.append(quote(part, safe=_SAFE))
                continue
            text = texts.get(part.name, part.default)
            if text is None and part.optional and len(segment) > 1:
                return "".join(filled)[:-1]
            if not text or not part.accepts(text):
                fault = f"does not take {text!r}" if text else "has no value"
                raise DefinitionError(
                    f"Parameter {part.name!r} of the route {self.template!r} {fault}.",
                    hint=_wanted(part),
                )
            filled.append(quote(text, safe="/" if part.catch_all else ""))
        return "".join(filled)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RouteTemplate) and self.template == other.template

    def __hash__(self) -> int:
        return hash(self.template)

    def __repr__(self) -> str:
        return f"parse_route({self.template!r})"


def cut_path(path: str) -> tuple[list[str], str]:
    """Cut a path into its decoded segments and the slash at its end, which may be an empty text."""
    body = path.removeprefix("/")
    tail = "/" if body.endswith("/") else ""
    pieces = body.removesuffix("/").split("/") if body else []
    return (list(map(_decoded, pieces)) if "%" in body else pieces), tail


def _decoded(piece: str) -> str:
    from urllib.parse import unquote

    return unquote(piece.replace("%2F", "%252F").replace("%2f", "%252f"))


def _take(segment: Segment, pieces: list[str], index: int, tail: str, values: dict[str, str]) -> bool:
    """Put the values of a segment with parameters into the dictionary; False if the path does not fit."""
    only = segment[0]
    if len(segment) > 1 or isinstance(only, str):
        found = _take_parts(segment, pieces[index])
        values.update(found or {})
        return found is not None
    if index >= len(pieces):
        if only.default is not None:
            values[only.name] = only.default
        return True
    values[only.name] = "/".join(pieces[index:]) + tail if only.catch_all else pieces[index]
    return bool(pieces[index])


def _take_parts(segment: Segment, text: str) -> dict[str, str] | None:
    found = _split_parts(segment, text)
    last = segment[-1]
    if found is None and isinstance(last, RouteParameter) and last.optional and not text.endswith("."):
        return _split_parts(segment[:-2], text)
    return found


def _split_parts(parts: Segment, text: str) -> dict[str, str] | None:
    """Read from the right, each literal as far right as it goes: ``{name}.{ext}`` takes ``a.b.c`` apart at ``.c``."""
    values: dict[str, str] = {}
    lower = "".join(character.lower()[0] for character in text)
    end = len(text)
    waiting: RouteParameter | None = None
    for part in reversed(parts):
        if isinstance(part, RouteParameter):
            waiting = part
            continue
        start = lower.rfind(part.lower(), 0, end - (waiting is not None))
        after = start + len(part)
        if start < 0 or (waiting is None and after != end):
            return None
        if waiting is not None:
            values[waiting.name] = text[after:end]
            waiting = None
        end = start
    if waiting is None:
        return None if end else values
    values[waiting.name] = text[:end]
    return values if end else None


def _wanted(parameter: RouteParameter) -> str:
    meanings = [CONSTRAINTS[rule].meaning for rule, _ in parameter.constraints]
    return (
        f"Give {parameter.name} {' and '.join(meanings) or 'a text that is not empty'}; the template says {parameter}."
    )


def _literal(segment: Segment) -> str | None:
    only = segment[0]
    return only.lower() if len(segment) == 1 and isinstance(only, str) else None


def _nameless(parameter: RouteParameter) -> str:
    twin = RouteParameter(
        "",
        parameter.constraints,
        default=parameter.default,
        optional=parameter.optional,
        catch_all=parameter.catch_all,
    )
    return str(twin)


def _precedence(segment: Segment) -> int:
    only = segment[0]
    if len(segment) > 1:
        return _CONSTRAINED
    if isinstance(only, str):
        return _LITERAL
    return (_CATCH_ALL if only.catch_all else _FREE) - bool(only.constraints)


def _names(segment: Segment) -> list[str]:
    return [part.name for part in segment if isinstance(part, RouteParameter)]


def can_be_absent(segment: Segment) -> bool:
    """Say whether a path without this segment can match."""
    only = segment[0]
    return len(segment) == 1 and isinstance(only, RouteParameter) and only.may_be_absent


def _least_segments(segments: tuple[Segment, ...]) -> int:
    count = len(segments)
    while count and can_be_absent(segments[count - 1]):
        count -= 1
    return count
