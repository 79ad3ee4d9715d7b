"""The constraints of route parameters: what ``int`` in ``{id:int}`` asks of a value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Test: TypeAlias = Callable[[str], bool]

CONSTRAINTS_VERSION = "ASP.NET Core 8"
"""Release of the host's router whose constraints `CONSTRAINTS` lists."""

_BLANKS = " \t\n\v\f\r"
_LONG_DIGITS = 19
_DECIMAL_LIMIT = 2**96
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_GUID_SHAPE = [8, 4, 4, 4, 12]


class Constraint:
    """A rule that the value of a route parameter must meet, as ``int`` in ``{id:int}``.

    Args:
        usage: How it is written, such as ``min(1)``.
        meaning: What it asks of the value, as the end of a sentence.
        make: Gives the test for an argument, None without parentheses; raises ValueError for a wrong argument.
    """

    __slots__ = ("make", "meaning", "usage")

    usage: str
    """How it is written, such as ``min(1)``."""
    meaning: str
    """What it asks of the value, as the end of a sentence."""
    make: Callable[[str | None], Test]
    """Gives the test for an argument, None without parentheses."""

    def __init__(self, usage: str, meaning: str, make: Callable[[str | None], Test]) -> None:
        self.usage = usage
        self.meaning = meaning
        self.make = make

    def __repr__(self) -> str:
        return f"Constraint({self.usage!r}, {self.meaning!r})"


def _simple(test: Test) -> Callable[[str | None], Test]:
    def make(argument: str | None) -> Test:
        if argument is not None:
            raise ValueError("it takes no argument")
        return test

    return make


def _numbers(argument: str | None, *counts: int) -> list[int]:
    texts = [] if argument is None else argument.split(",")
    if len(texts) not in counts:
        raise ValueError(f"it takes {' or '.join(map(str, counts))} numbers and has {len(texts)}")
    numbers = list(map(_integer, texts))
    if None in numbers:
        raise ValueError(f"{argument!r} has something other than whole numbers")
    return [number for number in numbers if number is not None]


def _integer(text: str) -> int | None:
    stripped = text.strip(_BLANKS)
    digits = stripped[1:] if stripped[:1] in ("+", "-") else stripped
    if not (digits.isascii() and digits.isdigit()) or len(digits.lstrip("0")) > _LONG_DIGITS:
        return None
    number = int(stripped)
    return number if -(2**63) <= number < 2**63 else None


def _is_int(value: str) -> bool:
    number = _integer(value)
    return number is not None and -(2**31) <= number < 2**31


def _is_unsigned(text: str) -> bool:
    """Accept digits with commas between them and one point, as .NET reads numbers in the invariant culture."""
    whole, _, fraction = text.partition(".")
    digits = whole.replace(",", "") + fraction
    return digits.isascii() and digits.isdigit() and not whole.startswith(",")


def _is_decimal(value: str) -> bool:
    text = value.strip(_BLANKS)
    if text[:1] in ("+", "-"):
        text = text[1:]
    elif text[-1:] in ("+", "-"):
        text = text[:-1]
    if not _is_unsigned(text):
        return False
    whole = text.partition(".")[0].replace(",", "").lstrip("0")
    return len(whole) <= len(str(_DECIMAL_LIMIT)) and int(whole or "0") < _DECIMAL_LIMIT


def _is_double(value: str) -> bool:
    text = value.strip(_BLANKS).lower()
    if text[:1] in ("+", "-"):
        text = text[1:]
    if text in ("nan", "infinity"):
        return True
    mantissa, mark, exponent = text.partition("e")
    digits = exponent[1:] if exponent[:1] in ("+", "-") else exponent
    return _is_unsigned(mantissa) and (not mark or (digits.isascii() and digits.isdigit()))


def _is_bool(value: str) -> bool:
    return value.strip().lower() in ("true", "false")


def _is_datetime(value: str) -> bool:
    from azfunc._core.failures import ConversionError
    from azfunc._core.times import parse_datetime

    try:
        parse_datetime(value)
    except ConversionError:
        return False
    return True


def _is_guid(value: str) -> bool:
    text = value.strip(_BLANKS)
    if text[:1] + text[-1:] in ("{}", "()"):
        text = text[1:-1]
        if "-" not in text:
            return False
    parts = text.split("-")
    return list(map(len, parts)) in ([sum(_GUID_SHAPE)], _GUID_SHAPE) and _HEX_DIGITS.issuperset("".join(parts))


def _is_alpha(value: str) -> bool:
    return value.isascii() and value.isalpha()


def _make_length(argument: str | None) -> Test:
    numbers = _numbers(argument, 1, 2)
    return _bounded(numbers[0], numbers[-1])


def _make_minlength(argument: str | None) -> Test:
    (least,) = _numbers(argument, 1)
    return _bounded(least, 2**31)


def _make_maxlength(argument: str | None) -> Test:
    (most,) = _numbers(argument, 1)
    return _bounded(0, most)


def _bounded(least: int, most: int) -> Test:
    if not 0 <= least <= most:
        raise ValueError("lengths are not negative, and the smaller stands first")
    return lambda value: least <= len(value) <= most


def _make_min(argument: str | None) -> Test:
    (least,) = _numbers(argument, 1)
    return _between(least, 2**63)


def _make_max(argument: str | None) -> Test:
    (most,) = _numbers(argument, 1)
    return _between(-(2**63), most)


def _make_range(argument: str | None) -> Test:
    least, most = _numbers(argument, 2)
    return _between(least, most)


def _between(least: int, most: int) -> Test:
    if least > most:
        raise ValueError("the smaller number stands first")

    def test(value: str) -> bool:
        number = _integer(value)
        return number is not None and least <= number <= most

    return test


def _make_regex(argument: str | None) -> Test:
    if not argument:
        raise ValueError("it has no expression")
    import re

    try:
        # .NET writes named groups without the P and the very end of the text as \z.
        pattern = re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", argument).replace(r"\z", r"\Z"), re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"the expression is wrong: {error}") from error
    return lambda value: pattern.search(value) is not None


CONSTRAINTS: dict[str, Constraint] = {
    "int": Constraint("int", "a whole number of 32 bits", _simple(_is_int)),
    "bool": Constraint("bool", "true or false, in any letter case", _simple(_is_bool)),
    "datetime": Constraint("datetime", "a date and time, such as 2026-12-31T23:59:59Z", _simple(_is_datetime)),
    "decimal": Constraint("decimal", "a decimal number, such as 49.99", _simple(_is_decimal)),
    "double": Constraint("double", "a number, such as 1.5 or -2e3", _simple(_is_double)),
    "float": Constraint("float", "a number, such as 1.5 or -2e3", _simple(_is_double)),
    "guid": Constraint("guid", "a GUID, with or without hyphens", _simple(_is_guid)),
    "long": Constraint("long", "a whole number of 64 bits", _simple(lambda value: _integer(value) is not None)),
    "minlength": Constraint("minlength(4)", "a text with at least so many characters", _make_minlength),
    "maxlength": Constraint("maxlength(8)", "a text with at most so many characters", _make_maxlength),
    "length": Constraint("length(12) or length(8,16)", "a text with so many characters", _make_length),
    "min": Constraint("min(18)", "a whole number that is at least the given one", _make_min),
    "max": Constraint("max(120)", "a whole number that is at most the given one", _make_max),
    "range": Constraint("range(18,120)", "a whole number between the two given ones", _make_range),
    "alpha": Constraint("alpha", "letters from a to z, in any letter case", _simple(_is_alpha)),
    "regex": Constraint("regex(^[a-z]+$)", "a text in which the expression is found, in any letter case", _make_regex),
    "required": Constraint("required", "a text that is not empty", _simple(bool)),
}
"""The constraints of route parameters, by name in lower case.

Source: ASP.NET Core documentation, "Route constraints". `datetime` takes the forms of `parse_datetime`, which are fewer
than .NET's; `regex` is read as Python's, to which the two spellings that differ most are translated.
"""
