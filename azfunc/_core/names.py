"""Names as Python writes them and as function.json writes them, the host's rules for them, and routes made of them.

What can be said of a route without reading it stands here: `azfunc._core.routing` reads routes, and costs more to load.
"""

from __future__ import annotations

from functools import cache

from azfunc._core.errors import ArgumentTypeError, DefinitionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HOST_RULES_VERSION = "4.1038"
"""Host release whose naming rules stand here; single underscores in binding names are allowed from it on.

Source: issue threads of the host, "Allow snake case binding names"; Azure Functions documentation, "function.json".
"""
NAME_LENGTH = 128
"""Greatest length of a function name or a binding name, in characters."""
RETURN_NAME = "$return"
"""Binding name that stands for the function's return value."""
RESERVED_FUNCTION_NAMES = frozenset({"host"})
"""Function names that the host keeps for itself, in lower case."""

_camel_cased: dict[str, str] = {}


def to_camel_case(text: str | None) -> str:
    """Turn a Python name into the name that function.json uses: ``queue_name`` becomes ``queueName``.

    Args:
        text: A name of ASCII letters, digits and underscores that does not begin with a digit.

    Raises:
        DefinitionError: The text is empty or no such name.
    """
    if not text:
        raise DefinitionError(f"Please ensure arg name {text} is not empty!", hint="Give the field a name.")
    known = _camel_cased.get(text)
    if known is not None:
        return known
    head, *tail = text.split("_")
    camel = head + "".join(part.title() for part in tail)
    if not camel or not text.isascii() or not text.isidentifier():
        raise DefinitionError(
            f"Please ensure {text} is a word or snake case string with underscore as separator.",
            hint="Use ASCII letters, digits and underscores, and begin with a letter.",
        )
    _camel_cased[text] = camel
    return camel


def check_binding_name(name: object) -> str:
    """Give the binding name back if the host accepts it.

    Raises:
        ArgumentTypeError: The name is no text.
        DefinitionError: The host refuses such a name.
    """
    if isinstance(name, str) and not binding_name_fault(name):
        return name
    advice = "Give the name of the function's parameter, or '$return' for its return value."
    if callable(name):
        advice = "The decorator stands without parentheses; call it with its arguments, then decorate."
    text = check_text(name, "A binding name", hint=advice)
    raise DefinitionError(
        f"The host refuses the binding name {text!r}: {binding_name_fault(text)}.",
        hint="Use a letter first, then letters, digits and single underscores; rename the parameter as well.",
        binding_name=text,
    )


def check_function_name(name: object) -> str:
    """Give the function name back if the host accepts it.

    Raises:
        ArgumentTypeError: The name is no text.
        DefinitionError: The host refuses such a name.
    """
    if isinstance(name, str) and _is_usual(name) and name.lower() not in RESERVED_FUNCTION_NAMES:
        return name
    text = check_text(
        name, "A function name", hint='Write @app.function_name("Name") with the name as text, and with parentheses.'
    )
    reason = _function_name_fault(text)
    if reason:
        raise DefinitionError(
            f"The host refuses the function name {text!r}: {reason}.",
            hint="Use a letter first, then letters, digits, '_' and '-'; @app.function_name() sets the name.",
            function_name=text,
        )
    return text


def check_text(value: object, what: str, *, hint: str) -> str:
    """Give the value back if it is text.

    Args:
        value: What was given.
        what: What it should be, to begin a sentence with.
        hint: What to do about a wrong one.

    Raises:
        ArgumentTypeError: It is something else, such as the function below a decorator without parentheses.
    """
    if isinstance(value, str):
        return value
    shown = getattr(value, "__name__", None) if callable(value) else None
    raise ArgumentTypeError(f"{what} is text, and {shown or repr(value)} is a {type(value).__name__}.", hint=hint)


def is_plain(template: str) -> bool:
    """Say whether a template has literal segments only and is right for certain, so that nobody needs to read it.

    Args:
        template: The template, without the prefix.
    """
    if "{" in template or "}" in template or "?" in template or "//" in template:
        return False
    return template.split() == [template] or not template


def join_prefix(prefix: str, template: str) -> str:
    """Put the prefix of host.json in front of a template, whatever slashes the two have at the seam.

    Args:
        prefix: Prefix of all routes, such as ``api``; may be empty.
        template: Template of one route; may be empty.

    Example:
        >>> join_prefix("api", "/{*route}")
        'api/{*route}'
    """
    front, back = prefix.strip("/"), template.removeprefix("/")
    return f"{front}/{back}" if front and back else front or back


class OtherName:
    """An attribute under the name that another library gives it: there is none, and the error names ours.

    Not a ``__getattr__``, which would make every look at an attribute slower.
    """

    __slots__ = ("_name", "_ours")

    def __init__(self, name: str, ours: str) -> None:
        self._name = name
        self._ours = ours

    @classmethod
    def mark(cls, owner: type, names: dict[str, str], *, say: str) -> None:
        """Put such attributes on a class.

        Args:
            owner: The class.
            names: Name in other libraries -> what is written here.
            say: What an object of the class is called in the text.
        """
        for name, ours in names.items():
            setattr(owner, name, cls(name, f"{say}.{ours}"))

    def __get__(self, instance: object, owner: type) -> Any:
        message = f"{owner.__name__!r} has no attribute {self._name!r}. Use {self._ours}."
        raise AttributeError(message, name=self._name, obj=owner if instance is None else instance)


@cache  # the same few names stand in function after function
def binding_name_fault(name: str) -> str:
    """Say why the host refuses a binding name; empty if it does not."""
    if name == RETURN_NAME:
        return ""
    if not _is_usual(name):
        return _common_fault(name) or "it has a character that is no ASCII letter, digit or underscore"
    if "__" in name:
        return "two underscores stand side by side"
    return ""


def _function_name_fault(name: str) -> str:
    if not _is_usual(name):
        fault = _common_fault(name)
        if fault:
            return fault
        if not _is_usual(name.replace("-", "_")):
            return "it has a character that is no ASCII letter, digit, '_' or '-'"
    if name.lower() in RESERVED_FUNCTION_NAMES:
        return "the host keeps this name for itself"
    return ""


def _is_usual(name: str) -> bool:
    """Tell whether a name is a letter and then letters, digits and underscores, not too many; most are."""
    return name.isascii() and name.isidentifier() and name[0] != "_" and len(name) <= NAME_LENGTH


def _common_fault(name: str) -> str:
    if not name:
        return "it is empty"
    if len(name) > NAME_LENGTH:
        return f"it has {len(name)} characters, and {NAME_LENGTH} are allowed"
    if not (name[0].isascii() and name[0].isalpha()):
        return "it does not begin with a letter"
    return ""
