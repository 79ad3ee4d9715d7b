"""Route templates: what is read, what is refused, what matches, and which of many routes wins."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azfunc._core.errors import DefinitionError
from azfunc._core.failures import UnknownNameError
from azfunc._core.routing import CONSTRAINTS, RouteTable, is_plain, join_prefix, parse_route

GUID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"

# Template, path, and the values, or None where the path does not match.
PROBES: list[tuple[str, str, dict[str, str] | None]] = [
    ("", "", {}),
    ("", "/", {}),
    ("", "/x", None),
    ("", "//", None),
    ("items", "/items", {}),
    ("/items", "items/", {}),
    ("items/", "/items", {}),
    ("Items", "/iTEMS", {}),
    ("items", "/item", None),
    ("items", "/items/7", None),
    ("items/{id}", "/items/7", {"id": "7"}),
    ("items/{id}", "/items/", None),
    ("items/{id}", "/items//7", None),
    ("items/{id}", "/items/a%20b%C3%A9", {"id": "a bé"}),
    ("items/{id}", "/items/a%2Fb%2fc", {"id": "a%2Fb%2fc"}),
    ("items/{id}", "/items/a+b", {"id": "a+b"}),
    ("gr%C3%BCn", "/gr%C3%BCn", None),
    ("grün", "/GR%C3%9CN", {}),
    ("items/{Id}", "/items/A", {"Id": "A"}),
    ("items/{id?}", "/items", {}),
    ("items/{id?}", "/items/7", {"id": "7"}),
    ("items/{id:int?}", "/items", {}),
    ("items/{id:int?}", "/items/x", None),
    ("{a?}/{b?}", "/", {}),
    ("{a?}/{b?}", "/1/2", {"a": "1", "b": "2"}),
    ("{year=2026}/{month=1}", "/", {"year": "2026", "month": "1"}),
    ("{year=2026}/{month=1}", "/2020", {"year": "2020", "month": "1"}),
    ("{year:int=2026}", "/x", None),
    ("{year:int=never}", "/", None),
    ("{year=a=b:c}", "/", {"year": "a=b:c"}),
    ("{year=1}/x", "/x", None),
    ("{year=1}/x", "/2/x", {"year": "2"}),
    ("{*rest}", "/", {}),
    ("{*rest}", "/a/b%20c/", {"rest": "a/b c/"}),
    ("/{*route}", "/a", {"route": "a"}),
    ("files/{**rest}", "/files", {}),
    ("files/{**rest}", "/files//a", None),
    ("files/{**rest}", "/files/a//b", {"rest": "a//b"}),
    ("files/{*rest=index.html}", "/files", {"rest": "index.html"}),
    ("files/{*rest:alpha}", "/files", None),
    ("files/{*rest:minlength(3)}", "/files/a/b", {"rest": "a/b"}),
    ("{name}.{ext}", "/a.b.c", {"name": "a.b", "ext": "c"}),
    ("{name}.{ext}", "/a.", None),
    ("{name}.{ext}", "/.a", None),
    ("{name}.{ext}", "/a", None),
    ("{name}.{ext?}", "/a", {"name": "a"}),
    ("{name}.{ext?}", "/a.", None),
    ("{name}.{ext?}", "/a.b", {"name": "a", "ext": "b"}),
    (".{ext?}", "/.b", {"ext": "b"}),
    (".{ext?}", "/x", None),
    ("v{major:int}.{minor:int}-x", "/V1.20-X", {"major": "1", "minor": "20"}),
    ("v{major:int}.{minor:int}-x", "/v1.b-x", None),
    ("v{n}", "/wv1", None),
    ("v{n}", "/v", None),
    ("{a}-{b}", "/İ-ß-c", {"a": "İ-ß", "b": "c"}),
    ("{n}x", "/1xy", None),
    ("{{id}}", "/{id}", {}),
    ("a{{{id}-}}b", "/a{7-}b", {"id": "7"}),
    (r"{zip:regex(^\d{{5}}$)}", "/12345", {"zip": "12345"}),
    (r"{zip:regex(^\d{{5}}$)}", "/1234", None),
    ("{s:regex(^(a:b|c=d)$)}", "/C=D", {"s": "C=D"}),
    ("{s:regex((?<first>b)(?<!xb)\\z)}", "/ab", {"s": "ab"}),
    ("{s:regex(a)}/{t}", "/bab/c", {"s": "bab", "t": "c"}),
    ("{n:int:min(1)}", "/0", None),
    ("{n:int:min(1)}", "/1", {"n": "1"}),
    ("{N:INT:Range(1,3)=2}", "/", {"N": "2"}),
    ("a{b}c{d}", "/axcyc1", {"b": "xcy", "d": "1"}),
]

# Constraint, values that it takes, values that it does not.
CONSTRAINT_PROBES = [
    ("int", "0 7 -7 +7 007 2147483647 -2147483648", "x 1.0 2147483648 1e3 - + \u0667 1_0"),
    (
        "long",
        "9223372036854775807 -9223372036854775808 000000000000000000000001",
        "9223372036854775808 1. 1" + "0" * 5000,
    ),
    ("bool", "true FALSE True", "1 yes truex"),
    ("datetime", "2026-12-31 2026-12-31T10:00:00Z", "soon 2026-13-01 5"),
    (
        "decimal",
        "1 -1.5 1,000.25 .5 5. 1- 79228162514264337593543950335",
        "x 1e3 . -1- 79228162514264337593543950336 ,1",
    ),
    ("double", "1 -1.5 1e3 1.5E-10 NaN -Infinity 1,000", "x 1e 1- e3 Inf"),
    ("float", "1 -1.5 1e+3", "x --1"),
    (
        "guid",
        f"{GUID} {GUID.upper()} {{{GUID}}} ({GUID}) {GUID.replace('-', '')}",
        f"{GUID[1:]} x{GUID[1:]} {{{GUID} 1-2-3-4-5",
    ),
    ("guid", "", "{" + GUID.replace("-", "") + "}"),
    ("minlength(2)", "ab abc", "a"),
    ("maxlength(2)", "a ab", "abc"),
    ("length(2)", "ab", "a abc"),
    ("length(2, 3)", "ab abc", "a abcd"),
    ("min(-2)", "-2 5", "-3 x"),
    ("max(3)", "3 -5", "4 x"),
    ("range(1,3)", "1 3", "0 4 x"),
    ("alpha", "abC", "a1 é a-b"),
    ("regex(^a+$)", "a AA", "ab"),
    ("required", "x", ""),
]

# Template, a part of the message, a part of the hint.
REFUSED = [
    ("{id", "character 1: a brace is opened and never closed", "Close it"),
    ("a/{id", "character 3", "Close it"),
    ("id}", "character 3: a brace is closed", "Double"),
    ("a}b", "character 2: a brace is closed", "}}"),
    ("{a{b}}", "character 3: a brace is opened inside", "doubled"),
    (r"{z:regex(^\d{5}$)}", "a brace is opened inside", "doubled"),
    ("{}", "a parameter has no name", "{id:int}"),
    ("{:int}", "a parameter has no name", "name first"),
    ("{?}", "a parameter has no name", "name first"),
    ("{*}", "a parameter has no name", "{*rest}"),
    ("{a b}", "' ' stands in the parameter name 'a b'", "underscores"),
    ("{a/b}", "'/' stands in the parameter name", "underscores"),
    ("{a*}", "'*' stands in the parameter name", "underscores"),
    ("{id}/{ID}", "character 7: the parameter 'ID' stands twice", "letter case"),
    ("{*rest}/x", "character 9: something follows the catch-all {*rest}", "last"),
    ("{*rest}/{id}", "something follows the catch-all", "last"),
    ("a{*rest}", "the catch-all {*rest} shares its segment", "segment of its own"),
    ("{***rest}", "3 stars", "{*rest}"),
    ("{*rest?}", "the catch-all rest is optional", "empty rest"),
    ("a{{{id}}}b", "'}' stands in the parameter name 'id}'", "underscores"),
    ("{id:min_length(3)}", "no constraint 'min_length'", "'minlength'"),
    ("{id:wonder}", "no constraint 'wonder'", "minlength"),
    ("{id:}", "no constraint ''", "without the colon"),
    ("{id:str}", "no constraint 'str'", "any text"),
    ("{rest:path}", "no constraint 'path'", "{*rest}"),
    ("{id:uuid}", "no constraint 'uuid'", "{id:guid}"),
    ("{int:id}", "no constraint 'id'", "{id:int}"),
    ("{id:int(3)}", "it takes no argument", "Write it as int"),
    ("{id:min}", "takes 1 numbers and has 0", "min(18)"),
    ("{id:min(x)}", "'x' has something other than whole numbers", "min(18)"),
    ("{id:range(1)}", "takes 2 numbers and has 1", "range(18,120)"),
    ("{id:range(3,1)}", "the smaller number stands first", "range(18,120)"),
    ("{id:length(1,2,3)}", "takes 1 or 2 numbers", "length(12)"),
    ("{id:length(-1)}", "not negative", "length(12)"),
    ("{id:regex}", "no expression", "regex(^[a-z]+$)"),
    ("{id:regex([)}", "the expression is wrong", "regex(^[a-z]+$)"),
    ("{id:min(1}", "the bracket of min is not closed", "min(...)"),
    ("{id?}/items", "character 2: {id?} is optional and not at the end", "Move"),
    ("{id?}/{name}", "{id?} is optional and not at the end", "Move"),
    ("{id?=3}", "'?' stands in the parameter name", "colon"),
    ("{id=3?}", "id is optional and has a default", "{id=3}"),
    ("{a}{b}", "nothing separates {a} and {b}", "literal"),
    ("{a?}.{b}", "{a?} is optional inside of a segment", "only the last"),
    ("{a}-{b?}", "{b?} is optional inside of a segment", "single '.'"),
    ("a//b", "character 3: a segment is empty", "one slash"),
    ("//a", "character 2: a segment is empty", "one slash"),
    ("a?x=1", "character 2: a ? stands outside of braces", "query"),
    ("{id}?", "character 5: a ? stands outside of braces", "{id?}"),
    ("a b", "character 2: white space", "Remove"),
    (" a", "character 1: white space", "Remove"),
]

# Each list is in the order of precedence, the most specific first.
PRECEDENCE = [
    ["a/b", "a/{x:int}", "a/{x}", "a/{*x:alpha}", "a/{*x}", "{y:int}/b", "{y}/b", "{*y}"],
    ["a", "a/b", "a/{x}.{y}", "a/{x}"],
]


@pytest.mark.parametrize(("template", "path", "expected"), PROBES)
def test_path_is_matched(template: str, path: str, expected: dict[str, str] | None) -> None:
    """A template gives the values of a path, or None, as ASP.NET does; in a table too."""
    table = RouteTable[str]()
    table.add(template, None, "here")
    found = table.find(path, "GET")

    assert parse_route(template).match(path) == expected
    assert (found and found.params) == expected


@pytest.mark.parametrize(("rule", "good", "bad"), CONSTRAINT_PROBES)
def test_constraint(rule: str, good: str, bad: str) -> None:
    """Each constraint takes what it should and nothing else."""
    (parameter,) = parse_route("{x:" + rule + "}").details

    assert [value for value in good.split() if not parameter.accepts(value)] == []
    assert [value for value in bad.split(" ") if parameter.accepts(value) and value] == []


def test_every_constraint_is_probed() -> None:
    """The table of constraints is what this file tests, and each can be written as its usage says."""
    assert set(CONSTRAINTS) == {rule.partition("(")[0] for rule, _, _ in CONSTRAINT_PROBES}
    for name, constraint in CONSTRAINTS.items():
        assert parse_route("{x:" + constraint.usage.partition(" or ")[0] + "}").details[0].constraints[0][0] == name


def test_required_refuses_the_empty_text() -> None:
    """An empty value does not meet `required`, and a missing one only if it is optional."""
    (required,) = parse_route("{*x:required}").details
    (optional,) = parse_route("{x:required?}").details

    assert not required.accepts("")
    assert not required.accepts(None)
    assert optional.accepts(None)


@pytest.mark.parametrize(("template", "message", "hint"), REFUSED, ids=[row[0] for row in REFUSED])
def test_wrong_template_is_refused(template: str, message: str, hint: str) -> None:
    """The error says what is wrong, where, and what to write."""
    with pytest.raises(DefinitionError) as caught:
        parse_route(template)

    assert repr(template) in caught.value.message
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("templates", PRECEDENCE)
def test_precedence(templates: list[str]) -> None:
    """Literal before constrained parameter before parameter before catch-all, segment by segment."""
    routes = [parse_route(template) for template in reversed(templates)]

    assert [route.template for route in sorted(routes, key=lambda route: route.precedence)] == templates


def test_template_tells_its_parts() -> None:
    """Names, constraints, defaults and shape can be read off, and the parameter writes itself."""
    route = parse_route(r"Shop/{id:int:min(1)}/{zip:regex(^\d{{5}}$)}/{when=now}/{*rest}")

    assert route.parameters == ("id", "zip", "when", "rest")
    assert route.details[0].constraints == (("int", None), ("min", "1"))
    assert [str(parameter) for parameter in route.details] == [
        "{id:int:min(1)}",
        r"{zip:regex(^\d{{5}}$)}",
        "{when=now}",
        "{*rest}",
    ]
    assert route.details[3].catch_all
    assert route.details[2].default == "now"
    assert parse_route("{x?}").details[0].optional
    assert repr(route.details[2]) == "<RouteParameter {when=now}>"
    assert route.shape == r"shop/{:int:min(1)}/{:regex(^\d{{5}}$)}/{=now}/{*}"
    assert parse_route("a/{b}").shape == parse_route("A/{c}").shape != parse_route("a/{{c}}").shape


def test_templates_are_equal_by_text() -> None:
    """Two templates of one text are equal, hash alike and say in their repr how to make them."""
    route = parse_route("a/{b}")

    assert route == parse_route("a/{b}")
    assert route != parse_route("a/{c}")
    assert route != "a/{b}"
    assert len({route, parse_route("a/{b}")}) == 1
    assert repr(route) == "parse_route('a/{b}')"
    assert repr(CONSTRAINTS["bool"]).startswith("Constraint('bool'")


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("", {}, ""),
        ("items/{id:int}", {"id": 7}, "items/7"),
        ("grün/{id}", {"id": "a b/é"}, "gr%C3%BCn/a%20b%2F%C3%A9"),
        ("files/{*rest}", {"rest": "a b/c"}, "files/a%20b/c"),
        ("files/{*rest}", {}, "files"),
        ("files/{*rest}", {"rest": ""}, "files"),
        ("{a=1}/{b=2}", {}, ""),
        ("{a=1}/{b=2}", {"b": 3}, "1/3"),
        ("{a=1}/x", {}, "1/x"),
        ("{a?}/{b?}", {"a": None}, ""),
        ("{name}.{ext?}", {"name": "x"}, "x"),
        ("{name}.{ext?}", {"name": "x", "ext": "y"}, "x.y"),
        ("{{x}}", {}, "%7Bx%7D"),
        ("{self}", {"self": "me"}, "me"),
    ],
)
def test_path_is_built(template: str, values: dict[str, object], expected: str) -> None:
    """A template and values give a path that the template matches."""
    route = parse_route(template)

    assert route.build(**values) == expected
    assert route.match(expected) is not None


@pytest.mark.parametrize(
    ("template", "values", "message", "hint"),
    [
        ("items/{id:int}", {}, "'id' of the route 'items/{id:int}' has no value", "a whole number of 32 bits"),
        ("items/{id}", {"id": ""}, "has no value", "not empty"),
        ("items/{id:int:min(3)}", {"id": 2}, "does not take '2'", "{id:int:min(3)}"),
        ("{a?}/{b?}", {"b": 1}, "'a' of the route", "not empty"),
        ("{*rest:int}", {}, "has no value", "a whole number"),
        ("{year:int=never}", {}, "does not take 'never'", "a whole number"),
    ],
)
def test_path_that_would_not_match_is_not_built(
    template: str, values: dict[str, object], message: str, hint: str
) -> None:
    """A missing or wrong value is named, with what the template wants."""
    with pytest.raises(DefinitionError) as caught:
        parse_route(template).build(**values)

    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("template", "name", "hint"),
    [("{item_id}", "itemid", "'item_id'"), ("{a}/{b}", "xyz", "It has a, b"), ("a", "x", "It has none")],
)
def test_unknown_value_is_refused(template: str, name: str, hint: str) -> None:
    """A value without a parameter is named with the nearest one."""
    with pytest.raises(UnknownNameError, match=f"no parameter '{name}'") as caught:
        parse_route(template).build(**{name: 1})

    assert hint in caught.value.hint


def test_most_specific_route_wins() -> None:
    """The table gives the most specific route whatever the order of adding."""
    table = RouteTable[str]()
    for template in reversed(PRECEDENCE[0]):
        table.add(template, None, template)

    paths = ["a/b", "a/1", "a/x-", "a/b/c", "a/1/2", "1/b", "x/b", "x/y/z"]
    found = [table.find(path, "GET") for path in paths]

    assert [match and match.value for match in found] == [
        "a/b",
        "a/{x:int}",
        "a/{x}",
        "a/{*x}",
        "a/{*x}",
        "{y:int}/b",
        "{y}/b",
        "{*y}",
    ]
    assert len(table) == len(PRECEDENCE[0])


def test_first_of_equal_routes_wins() -> None:
    """Two routes of one shape answer in the order of adding."""
    table = RouteTable[int]()
    table.add("a/{x}", None, 1)
    table.add("a/{y}", None, 2)
    found = table.find("a/b", "GET")

    assert found is not None
    assert (found.value, found.params, found.template.template) == (1, {"x": "b"}, "a/{x}")
    assert repr(found) == "RouteMatch(1, {'x': 'b'}, parse_route('a/{x}'))"


def test_method_chooses_between_routes() -> None:
    """A route that does not answer the method gives way to the next one that does."""
    table = RouteTable[str]()
    table.add("items/{id:int}", frozenset({"get"}), "read")
    table.add(parse_route("items/{id}"), frozenset({"POST", "PUT"}), "write")
    found = [table.find("/items/7", method) for method in ("GET", "post", "DELETE")]

    assert [match and match.value for match in found] == ["read", "write", None]
    assert table.allowed_methods("/items/7") == frozenset({"GET", "POST", "PUT"})
    assert table.allowed_methods("/items/x") == frozenset({"POST", "PUT"})
    assert table.allowed_methods("/other") == frozenset()


def test_route_without_methods_answers_all() -> None:
    """None as methods means every method, also custom ones."""
    table = RouteTable[str]()
    table.add("items", frozenset({"GET"}), "read")
    table.add("{*rest}", None, "all")
    found = table.find("items", "PURGE")

    assert found is not None
    assert found.value == "all"
    assert table.allowed_methods("items") is None


def test_five_thousand_routes_are_searched_quickly() -> None:
    """The search looks at the routes that can match only: thousands of look-ups take far less than a second."""
    table = RouteTable[int]()
    for number in range(5000):
        table.add(f"area{number % 50}/thing{number}/{{id:int}}", frozenset({"GET"}), number)

    start = time.perf_counter()
    found = [table.find(f"/area{number % 50}/thing{number}/7", "GET") for number in range(5000)]
    seconds = time.perf_counter() - start

    assert [match and match.value for match in found] == list(range(5000))
    assert seconds < 2


@pytest.mark.parametrize("template", ["", "a", "/a", "a/b-c/d.e", "a/", "gr\u00fcn"])
def test_plain_templates(template: str) -> None:
    """Templates of literals need no reading."""
    assert is_plain(template)
    assert parse_route(template).parameters == ()


@pytest.mark.parametrize("template", ["{id}", "a}", "a?", "a//b", "a b", " a", "a\n", " "])
def test_templates_that_need_reading(template: str) -> None:
    """Templates with parameters, or perhaps wrong, are not plain."""
    assert not is_plain(template)


@given(st.text(alphabet="ab/{}?* .:(", max_size=8))
def test_plain_means_right(template: str) -> None:
    """What is plain can be read, and what cannot be read is refused with a `DefinitionError`."""
    try:
        route = parse_route(template)
    except DefinitionError:
        assert not is_plain(template)
        return
    assert is_plain(template) == ("{" not in template and "}" not in template)
    assert route.least <= len(route.segments)


@given(
    st.text(min_size=1).filter(lambda text: "/" not in text and "%2f" not in text.lower() and text.isprintable()),
    st.lists(st.text(alphabet="abc %é.~", min_size=1), max_size=3),
)
def test_built_path_is_matched(name: str, rest: list[str]) -> None:
    """What `build` is given, `match` gives back."""
    route = parse_route("x/{name}/{*rest}")
    path = route.build(name=name, rest="/".join(rest))

    assert route.match(path) == {"name": name, **({"rest": "/".join(rest)} if rest else {})}


@pytest.mark.parametrize(
    ("prefix", "template", "expected"),
    [
        ("api", "items", "api/items"),
        ("api", "/{*route}", "api/{*route}"),
        ("/a/b/", "items", "a/b/items"),
        ("", "/items", "items"),
        ("api", "", "api"),
        ("", "", ""),
    ],
)
def test_prefix_is_joined(prefix: str, template: str, expected: str) -> None:
    """Prefix and template meet at exactly one slash, and either may be empty."""
    assert join_prefix(prefix, template) == expected
