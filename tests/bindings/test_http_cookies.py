"""Cookies as Azure's worker takes them apart."""

from __future__ import annotations

import pytest

import azfunc as func
from azfunc.bindings.http import WireCookie

WEDNESDAY = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize(
    "date",
    [
        WEDNESDAY,
        "Wed, 21-Oct-2015 07:28:00 GMT",
        "Wednesday, 21-Oct-15 07:28:00 GMT",
        "Wed Oct 21 07:28:00 2015",
        "Wed, 21 Oct 2015 09:28:00 +0200",
    ],
)
def test_date_comes_in_the_form_that_the_worker_reads(date: str) -> None:
    """The worker fails on all other forms, which browsers read."""
    cookie = WireCookie(f"a=1; Expires={date}")

    assert cookie["a"]["expires"] == WEDNESDAY
    assert cookie.line == f"a=1; Expires={date}"


@pytest.mark.parametrize(
    ("attribute", "told"),
    [
        ("Expires=0", "Max-Age=0"),
        ("Expires=soon", "Max-Age=0"),
        ("Expires=Sat, 31 Feb 2015 07:28:00 GMT", "Max-Age=0"),
        ("Max-Age=abc", "seconds"),
        ("Max-Age=nan", "seconds"),
        ("SameSite=Bogus", "Lax"),
    ],
)
def test_attribute_that_the_worker_cannot_read_is_refused(attribute: str, told: str) -> None:
    """The error names the cookie, the attribute and what it holds."""
    name, _, text = attribute.partition("=")
    response = func.HttpResponse(headers={"Set-Cookie": f"a=1; {attribute}"})

    with pytest.raises(func.UnsupportedValueError) as caught:
        func.get_binding_registry().get("http").encode(response, expected_type=None)  # type: ignore[union-attr]

    assert caught.value.message == f"{name} of the cookie 'a' is {text!r}, which cannot be sent."
    assert told in caught.value.hint


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("a=1; Priority=High", "; Priority=High"),
        ("a=1; Priority=High; Path=/p; Partitioned", "/p; Priority=High; Partitioned"),
        ("a=1; New; ; Path=/", "/; New"),
        ("a=1; Path=/; Max-Age=; Expires=", "/"),
    ],
)
def test_attribute_that_the_worker_does_not_know_stands_behind_the_path(line: str, path: str) -> None:
    """The host writes the path as it stands, so nothing is lost; attributes without a text have no meaning."""
    assert WireCookie(line)["a"]["path"] == path
