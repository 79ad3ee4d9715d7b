"""JSON objects that only go out: messages to clients, mails, actions of a service.

An extension reads the members that it knows and passes over the others without a word, and a message whose
``userId`` is misspelt goes to everybody. So the members are checked before anything is sent.
"""

from __future__ import annotations

from abc import ABCMeta

from azfunc._core.checks import OBJECT_MARKS, has_any, is_buffer, is_dict, is_list
from azfunc._core.converter import MessageOutConverter, is_several
from azfunc._core.datum import Datum
from azfunc._core.errors import nearest
from azfunc._core.failures import ConversionError, UnsupportedValueError
from azfunc._core.message import Message
from azfunc._core.text import short, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any, ClassVar


class OutgoingMessage(Message):
    """Base of the messages that a function makes, and that are sent as one JSON object.

    `_wire` says which member a field becomes. The members are checked when the message is made.
    """

    _required: ClassVar[tuple[str, ...]] = ()
    """Members that cannot be left out."""

    def _fill(self, **fields: Any) -> None:
        """Take the fields, and refuse those that do not make a message.

        Raises:
            ConversionError: A member is missing, or does not go with the others.
        """
        self._set(None, **fields)
        fault = self.fault(self.to_dict())
        if fault:
            raise ConversionError(
                f"{fault[0].upper()}{fault[1:]}.",
                hint=f"Give what is missing and leave out what does not belong; a {type(self).__name__} is made of "
                f"{', '.join(self._wire)}.",
            )

    @classmethod
    def members(cls) -> Collection[str]:
        """Give the members that the service knows."""
        return [key for key, _ in cls._wire.values()]

    @classmethod
    def fault(cls, given: Mapping[str, Any]) -> str:
        """Say what is wrong with the members of an object, or nothing.

        Args:
            given: The members, in any letter case, as the extensions read them.
        """
        names = {each.lower(): each for each in cls.members()}
        found: dict[str, Any] = {}
        for key, value in given.items():
            name = names.get(key.lower())
            if name is None:
                close = nearest(key, names.values())
                known = f"did you mean {close!r}?" if close else f"it has {', '.join(names.values())}"
                return f"{key!r} is no member of a {cls.__name__} ({known})"
            if value is not None:
                found[name] = value
        missing = next((each for each in cls._required if each not in found), None)
        return f"{missing!r} of a {cls.__name__} is missing" if missing else cls._own_fault(found)

    @classmethod
    def _own_fault(cls, found: Mapping[str, Any]) -> str:
        """Say what is wrong with known members, or nothing; for rules of one service.

        Args:
            found: The members that are not None, as the service spells them.
        """
        return ""

    def to_dict(self) -> dict[str, Any]:
        """Give the members that are sent."""
        return {self._wire[name][0]: value for name, value in self._fields().items()}

    def get_body(self) -> bytes:
        """Give the JSON text that is sent, in UTF-8."""
        return self.to_json().encode("utf-8")


class ObjectValue(metaclass=ABCMeta):  # noqa: B024  # the hook alone says which classes it stands for
    """Stands for the classes whose objects are one JSON object each: mappings, dataclasses, models, ``to_dict()``.

    Not the messages of the services.
    """

    @classmethod
    def __subclasshook__(cls, subclass: Any) -> Any:
        if cls is not ObjectValue:
            return NotImplemented
        return not issubclass(subclass, Message) and has_any(subclass, OBJECT_MARKS)


class ObjectOutConverter(MessageOutConverter):
    """Base of outputs that send JSON objects whose members are known.

    Takes the service's own messages, a mapping, a dataclass, a model of pydantic or an object with ``to_dict()`` that
    has the same members, the JSON text of one, and a list of these. Nothing is sent for None.
    """

    kinds: ClassVar[tuple[type[OutgoingMessage], ...]] = ()
    """The service's own messages."""

    @classmethod
    def kind_of(cls, members: Collection[str]) -> type[OutgoingMessage]:
        """Tell which message an object is, by its members, in lower case."""
        return cls.kinds[0]

    @classmethod
    def encode(cls, obj: Any, *, expected_type: Any = None) -> Datum | None:
        """Turn an object, or several, into a Datum with JSON text; see the class."""
        from azfunc._core.jsonlib import loads

        if obj is None:
            return None
        is_text = isinstance(obj, str) or is_buffer(obj)
        text = cls._text(obj) if is_text else cls._dump(cls._as_data(obj), obj)
        try:
            found = loads(text)
        except ValueError as error:
            raise cls.refuse(obj, why=f"it is no JSON: {getattr(error, 'message', error)}") from error
        for each in found if is_list(found) else [found]:
            if not is_dict(each):
                raise cls.refuse(obj, why=f"{short(each)} is no object")
            fault = cls.kind_of({str(key).lower() for key in each}).fault(each)
            if fault:
                raise cls.refuse(obj, why=fault)
        return Datum(text, "string" if is_text and not is_list(found) else "json")

    @classmethod
    def _as_data(cls, obj: Any) -> Any:
        """Give what `_dump` writes; text among several objects is read first."""
        if not is_several(obj):
            return cls._one(obj, obj)
        return [
            cls._read(each, obj) if isinstance(each, str) or is_buffer(each) else cls._one(each, obj) for each in obj
        ]

    @classmethod
    def _one(cls, each: Any, obj: Any) -> Any:
        if isinstance(each, Message) and not isinstance(each, cls.kinds):
            raise cls.refuse(obj)
        return each

    @classmethod
    def _read(cls, each: Any, obj: Any) -> Any:
        from azfunc._core.jsonlib import loads

        try:
            return loads(cls._text(each))
        except ValueError as error:
            raise cls.refuse(obj, why=f"{short(each)} is no JSON") from error

    @classmethod
    def _text(cls, obj: Any) -> str:
        try:
            return (obj if isinstance(obj, str) else bytes(obj).decode("utf-8")).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            raise cls.refuse(obj, why="it is no text in UTF-8") from error

    @classmethod
    def refuse(cls, obj: Any, *, why: str = "") -> UnsupportedValueError:
        """Make the error for a value that cannot be sent."""
        own = ", ".join(f"a {each.__name__}" for each in cls.kinds)
        return UnsupportedValueError(
            f"{cls.what} got {type_name(obj)}{f': {why}' if why else ''}.",
            hint=f"Give it {own}, a dict or a dataclass with the same members, its JSON text, or a list of them.",
        )
