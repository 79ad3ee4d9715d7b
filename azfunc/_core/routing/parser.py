"""Reads route templates, and says what is wrong with those that cannot be read."""

from __future__ import annotations

from azfunc._core.errors import DefinitionError, nearest
from azfunc._core.routing.constraints import CONSTRAINTS
from azfunc._core.routing.template import RouteParameter, RouteTemplate, can_be_absent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from azfunc._core.routing.template import Part, Segment

_NOT_IN_NAMES = frozenset("/{}?*()")


def parse_route(template: str) -> RouteTemplate:
    r"""Read a route template.

    Segments stand between slashes; a slash in front or at the end does not count. Parameters are ``{id}``,
    ``{id:int}`` with constraints (see `CONSTRAINTS`), ``{id?}`` optional, ``{year=2026}`` with a default, and
    ``{*rest}`` or ``{**rest}`` for the rest of the path. A segment may have several parts: ``{name}.{ext}``. Braces
    that are meant as such are doubled, also in regular expressions: ``{zip:regex(^\d{{5}}$)}``.

    Args:
        template: The template, without the prefix.

    Raises:
        DefinitionError: The template cannot be read; the message says where, the hint what to write.

    Example:
        >>> parse_route("items/{id:int}").match("items/7")
        {'id': '7'}
    """
    segments: list[Segment] = []
    index = 1 if template.startswith("/") else 0
    while index < len(template):
        segment, end = _read_segment(template, index)
        _check_segment(template, index, segment)
        if segments and isinstance(segments[-1][0], RouteParameter) and segments[-1][0].catch_all:
            raise _fault(
                template,
                index,
                f"something follows the catch-all {segments[-1][0]}",
                "Put the catch-all last; it takes the rest of the path.",
            )
        segments.append(segment)
        index = end + 1
    _check_whole(template, segments)
    return RouteTemplate(template, tuple(segments))


def _fault(template: str, index: int, fault: str, hint: str) -> DefinitionError:
    return DefinitionError(f"The route {template!r} is wrong at character {index + 1}: {fault}.", hint=hint)


def _read_segment(template: str, start: int) -> tuple[Segment, int]:
    parts: list[Part] = []
    index = start
    while index < len(template) and template[index] != "/":
        part: Part
        if template[index] == "{" and not template.startswith("{{", index):
            part, index = _read_parameter(template, index)
        else:
            part, index = _read_literal(template, index)
        parts.append(part)
    if not parts:
        raise _fault(template, start, "a segment is empty", "Write one slash between two segments.")
    return tuple(parts), index


def _read_literal(template: str, start: int) -> tuple[str, int]:
    characters: list[str] = []
    index = start
    while index < len(template) and template[index] != "/":
        character = template[index]
        if template[index : index + 2] in ("{{", "}}"):
            index += 1
        elif character == "{":
            break
        elif character == "}":
            raise _fault(template, index, "a brace is closed that was not opened", "Double a brace that is meant: }}.")
        elif character == "?":
            hint = "Write the ? of an optional parameter inside its braces: {id?}; a query is no part of a route."
            raise _fault(template, index, "a ? stands outside of braces", hint)
        elif character.isspace():
            raise _fault(template, index, "white space stands in the path", "Remove it, or use '-' or '_'.")
        characters.append(character)
        index += 1
    return "".join(characters), index


def _read_parameter(template: str, start: int) -> tuple[RouteParameter, int]:
    characters: list[str] = []
    index = start + 1
    while index < len(template):
        character = template[index]
        if template[index : index + 2] in ("{{", "}}"):
            index += 1
        elif character == "{":
            hint = "Close the brace before; inside of a parameter a brace is doubled: {zip:regex(^\\d{{5}}$)}."
            raise _fault(template, index, "a brace is opened inside of braces", hint)
        elif character == "}":
            return _parameter(template, start, "".join(characters)), index + 1
        characters.append(character)
        index += 1
    raise _fault(template, start, "a brace is opened and never closed", "Close it with }, or double it if it is meant.")


def _parameter(template: str, start: int, inside: str) -> RouteParameter:
    stars = len(inside) - len(inside.lstrip("*"))
    optional = inside.endswith("?")
    body = inside[stars:].removesuffix("?")
    length = next((index for index, character in enumerate(body) if character in ":="), len(body))
    name = body[:length]
    _check_name(template, start, name)
    rules, default = _read_rules(template, start, name, body[length:])
    if stars > 2:
        raise _fault(template, start, f"{name} has {stars} stars", f"Write {{*{name}}}.")
    if optional and stars:
        hint = f"Write {{*{name}}}; a catch-all matches an empty rest too."
        raise _fault(template, start, f"the catch-all {name} is optional", hint)
    if optional and default is not None:
        hint = f"Write {{{name}={default}}} or {{{name}?}}."
        raise _fault(template, start, f"{name} is optional and has a default", hint)
    return RouteParameter(name, rules, default=default, optional=optional, catch_all=bool(stars))


def _check_name(template: str, start: int, name: str) -> None:
    if not name:
        raise _fault(template, start, "a parameter has no name", "Write the name first: {id}, {id:int}, {*rest}.")
    for character in name:
        if character in _NOT_IN_NAMES or character.isspace():
            hint = "Use letters, digits and underscores; constraints follow a colon: {id:int}."
            raise _fault(template, start, f"{character!r} stands in the parameter name {name!r}", hint)


def _read_rules(
    template: str, start: int, name: str, text: str
) -> tuple[tuple[tuple[str, str | None], ...], str | None]:
    """Read what follows a parameter's name: constraints, each behind a colon, then a default behind a ``=``."""
    rules: list[tuple[str, str | None]] = []
    index = 0
    while index < len(text):
        if text[index] == "=":
            return tuple(rules), text[index + 1 :]
        begin = index = index + 1
        while index < len(text) and text[index] not in ":=(":
            index += 1
        rule, argument = text[begin:index], None
        if text[index : index + 1] == "(":
            close = _closing(text, index)
            if close < 0:
                raise _fault(
                    template, start, f"the bracket of {rule} is not closed", f"Write {rule}(...) behind {name}."
                )
            argument, index = text[index + 1 : close], close + 1
        _check_rule(template, start, name, rule, argument)
        rules.append((rule.lower(), argument))
    return tuple(rules), None


def _closing(text: str, start: int) -> int:
    """Give the bracket that ends an argument: regular expressions have brackets of their own, so look what follows."""
    close = text.find(")", start)
    while close >= 0 and text[close + 1 : close + 2] not in ("", ":", "="):
        close = text.find(")", close + 1)
    return close


def _check_rule(template: str, start: int, name: str, rule: str, argument: str | None) -> None:
    constraint = CONSTRAINTS.get(rule.lower())
    if constraint is None:
        raise _fault(template, start, f"there is no constraint {rule!r}", _other_rule(name, rule))
    try:
        constraint.make(argument)
    except ValueError as error:
        hint = f"Write it as {constraint.usage}: {constraint.meaning}."
        raise _fault(template, start, f"the constraint {rule} cannot be used so, {error}", hint) from error


def _other_rule(name: str, rule: str) -> str:
    elsewhere = {
        "": f"Write {{{name}}} without the colon.",
        "str": f"Write {{{name}}}; without a constraint any text matches.",
        "string": f"Write {{{name}}}; without a constraint any text matches.",
        "path": f"Write {{*{name}}} for the rest of the path.",
        "uuid": f"Write {{{name}:guid}}.",
        "date": f"Write {{{name}:datetime}}.",
        "number": f"Write {{{name}:int}} or {{{name}:double}}.",
    }
    hint = elsewhere.get(rule.lower())
    if hint:
        return hint
    if name.lower() in CONSTRAINTS:
        return f"The name stands first: {{{rule}:{name}}}."
    close = nearest(rule, CONSTRAINTS)
    return f"Did you mean {close!r}?" if close else f"Use one of {', '.join(CONSTRAINTS)}."


def _check_segment(template: str, start: int, segment: Segment) -> None:
    for index, part in enumerate(segment):
        if isinstance(part, str) or len(segment) == 1:
            continue
        before = segment[index - 1] if index else ""
        if part.catch_all:
            hint = "Give the catch-all a segment of its own."
            raise _fault(template, start, f"the catch-all {part} shares its segment", hint)
        if isinstance(before, RouteParameter):
            hint = "Put a literal between them, such as '-' or '.', or a slash."
            raise _fault(template, start, f"nothing separates {before} and {part}", hint)
        if part.optional and (before != "." or index < len(segment) - 1):
            hint = "In a segment of several parts only the last may be optional, and a single '.' stands before it."
            raise _fault(template, start, f"{part} is optional inside of a segment", hint)


def _check_whole(template: str, segments: list[Segment]) -> None:
    seen: set[str] = set()
    open_end: RouteParameter | None = None
    for segment in segments:
        only = segment[0]
        if open_end is not None and not can_be_absent(segment):
            hint = f"Move {open_end} to the end, or make what follows it optional too."
            raise _fault(template, template.find(open_end.name), f"{open_end} is optional and not at the end", hint)
        if isinstance(only, RouteParameter) and len(segment) == 1 and only.optional:
            open_end = only
        for part in segment:
            if isinstance(part, str):
                continue
            if part.name.lower() in seen:
                hint = "Give each parameter a name of its own; letter case does not count."
                raise _fault(template, template.rfind(part.name), f"the parameter {part.name!r} stands twice", hint)
            seen.add(part.name.lower())
