"""Reading JSON values as types say: dataclasses, typed dicts, collections, unions, and what `scalars` has.

What reads a type is put together once, by `reader_of`. Reading is strict: no text for a number, no field too many.
Unlike a validator it goes on after the first problem, and tells them all.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import enum
import types
import typing
from typing import TYPE_CHECKING, Any

import typing_extensions

from azfunc._core.checks import is_dict, is_list, untyped
from azfunc._core.errors import nearest
from azfunc.calls import models, scalars
from azfunc.calls.models import UnreadableTypeError
from azfunc.calls.problems import BAD, Problems, place_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from azfunc.calls.problems import Place, Reader

_TAG, _FIELDS, _VALUES = 1, 2, 3
_LONGEST_NAME = 60

_LISTS = (
    list,
    collections.abc.Sequence,
    collections.abc.MutableSequence,
    collections.abc.Collection,
    collections.abc.Iterable,
)
_SETS = (set, collections.abc.Set, collections.abc.MutableSet)
_DICTS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_MARKS: tuple[Any, ...] = tuple(
    getattr(typing_extensions, name)
    for name in ("Required", "NotRequired", "ReadOnly")
    if hasattr(typing_extensions, name)  # the last one came later
)


def reader_of(annotation: Any, *, ignores_extra: bool = False) -> Reader:
    """Give what reads a type.

    Args:
        annotation: The type, resolved.
        ignores_extra: Whether fields that a class has not are passed over.

    Raises:
        UnreadableTypeError: No JSON value can be read as it.
    """
    return _Planner(ignores_extra=ignores_extra).reader(annotation, "")


def read_value(reader: Reader, value: Any, place: Place, problems: Problems) -> Any:
    """Read a JSON value, of any depth; what comes back means nothing when a problem was noted."""
    try:
        return reader(value, place, problems)
    except RecursionError:
        return problems.add(place, "is nested too deeply")


def described(annotation: Any) -> str:
    """Say what has to come for a type, in words."""
    plain = _unwrapped(annotation)
    if isinstance(plain, (type, type(None))) and plain in scalars.WANTED:
        return scalars.WANTED[plain]
    origin = _origin(plain)
    if _is_union(origin):
        return scalars.joined([described(each) for each in typing.get_args(plain)])
    if origin in (*_LISTS, *_SETS, tuple, frozenset):
        items = typing.get_args(plain)
        return f"a list of {described(items[0])}" if items else "a list"
    if origin in _DICTS:
        return "an object"
    return getattr(origin, "__name__", None) or str(origin)


def _origin(annotation: Any) -> Any:
    return typing.get_origin(annotation) or annotation


def _is_union(origin: Any) -> bool:
    return origin is typing.Union or origin is types.UnionType


def _unwrapped(annotation: Any) -> Any:
    """Take off ``Annotated``, ``Final`` and ``NewType``."""
    while True:
        if typing.get_origin(annotation) in (typing.Annotated, typing.Final):
            annotation = typing.get_args(annotation)[0]
        elif hasattr(annotation, "__supertype__"):
            annotation = annotation.__supertype__
        else:
            return annotation


class _Planner:
    """Puts together what reads a type, and the types in it."""

    def __init__(self, *, ignores_extra: bool) -> None:
        self._ignores_extra = ignores_extra
        self._known: dict[Any, Reader] = {}
        """Type -> what reads it; it is here already while it is put together, as a type may hold itself."""

    def reader(self, annotation: Any, place: str) -> Reader:
        """Give what reads a type that stands at a place."""
        if models.is_of_pydantic(annotation):
            return models.model_reader(annotation, place)
        annotation = _unwrapped(annotation)
        if annotation is Any or isinstance(annotation, (type, type(None))):
            found = scalars.READERS.get(annotation)
            if found is not None:
                return found
        named = getattr(annotation, "__value__", None)  # by ``type X = ...``
        if named is not None:
            return self._remembered(annotation, lambda: self.reader(named, place))
        origin, arguments = _origin(annotation), typing.get_args(annotation)
        if _is_union(origin):
            return self._union(arguments, place)
        if origin is typing.Literal:
            return self._literal(arguments, place)
        if isinstance(origin, type):
            found = self._class(annotation, origin, place) or self._collection(origin, arguments, place)
            if found is not None:
                return found
        raise UnreadableTypeError(place, f"nothing reads {described(annotation)}")

    def _remembered(self, key: Any, make: Callable[[], Reader]) -> Reader:
        known = self._known.get(key)
        if known is not None:
            return known
        made: list[Reader] = []

        def later(value: Any, place: Place, problems: Problems) -> Any:
            return made[0](value, place, problems)

        self._known[key] = later
        made.append(make())
        self._known[key] = made[0]
        return made[0]

    def _literal(self, permitted: tuple[Any, ...], place: str) -> Reader:
        for each in permitted:
            if not scalars.is_scalar(getattr(each, "value", each)):
                raise UnreadableTypeError(place, f"JSON has no {each!r}")
        return scalars.literal_reader(permitted)

    # --- classes ---

    def _class(self, annotation: Any, origin: Any, place: str) -> Reader | None:
        """Give what reads an object of a class with fields, or a member of an enum; None for other classes."""
        if models.is_of_old_pydantic(origin):
            return models.old_model_reader(origin)
        if issubclass(origin, enum.Enum):
            if not all(scalars.is_scalar(each.value) for each in origin):
                raise UnreadableTypeError(place, f"the enum {origin.__name__} has values that JSON has not")
            return scalars.enum_reader(origin)
        if typing_extensions.is_typeddict(origin):
            return self._remembered(annotation, lambda: self._typed_dict(annotation, origin, place))
        if hasattr(origin, "__dataclass_fields__"):
            return self._remembered(annotation, lambda: self._dataclass(annotation, origin, place))
        return None

    def _dataclass(self, annotation: Any, kind: Any, place: str) -> Reader:
        for name, each in kind.__dataclass_fields__.items():
            if each._field_type.name == "_FIELD_INITVAR":
                raise UnreadableTypeError(_below(place, name), f"{kind.__name__}.{name} is an InitVar")
        hints = _hints(annotation, kind, place)
        fields = dataclasses.fields(kind)
        given = [each for each in fields if each.init]
        return _ObjectReader(
            kind.__name__,
            readers={each.name: self.reader(hints[each.name], _below(place, each.name)) for each in given},
            tags=[each.name for each in given if _is_tag(hints[each.name])],
            required=[each.name for each in given if _is_required(each)],
            passed_over=None if self._ignores_extra else {each.name for each in fields if not each.init},
            make=lambda found: kind(**found),
        )

    def _typed_dict(self, annotation: Any, kind: Any, place: str) -> Reader:
        hints = _hints(annotation, kind, place)
        required: list[str] = [name for name in hints if name in kind.__required_keys__]
        readers: dict[str, Reader] = {}
        for name, hint in hints.items():
            plain, marks = _unmarked(hint)
            # Said again here: of annotations that are text, older Pythons do not see the marks.
            if typing_extensions.NotRequired in marks and name in required:
                required.remove(name)
            elif typing_extensions.Required in marks and name not in required:
                required.append(name)
            readers[name] = self.reader(plain, _below(place, name))
        return _ObjectReader(
            kind.__name__,
            readers=readers,
            tags=[name for name, hint in hints.items() if _is_tag(_unmarked(hint)[0])],
            required=required,
            passed_over=None if self._ignores_extra else set(),
            make=dict,
        )

    # --- collections ---

    def _collection(self, origin: Any, arguments: tuple[Any, ...], place: str) -> Reader | None:
        if origin in _LISTS:
            return _list_reader(self._item(arguments, place), list)
        if origin in _SETS:
            return _list_reader(self._item(arguments, place), set)
        if origin is frozenset:
            return _list_reader(self._item(arguments, place), frozenset)
        if origin is tuple:
            return self._tuple(arguments, place)
        if origin in _DICTS:
            key, value = arguments or (str, Any)
            return _dict_reader(self._key(key, place), self.reader(value, f"{place}[...]"))
        return None

    def _item(self, arguments: tuple[Any, ...], place: str) -> Reader:
        return self.reader(arguments[0] if arguments else Any, f"{place}[]")

    def _tuple(self, arguments: tuple[Any, ...], place: str) -> Reader:
        if not arguments or arguments[-1] is ...:
            return _list_reader(self._item(arguments, place), tuple)
        if arguments == ((),):  # how Python 3.10 has tuple[()]
            arguments = ()  # pragma: no cover  # Python 3.10 alone
        return _tuple_reader([self.reader(each, f"{place}[{index}]") for index, each in enumerate(arguments)])

    def _key(self, annotation: Any, place: str) -> Reader:
        plain = _unwrapped(annotation)
        if isinstance(plain, type) and plain in scalars.KEY_TYPES:
            return scalars.key_reader(plain)
        return self.reader(annotation, f"{place}[key]")

    # --- unions ---

    def _union(self, kinds: tuple[Any, ...], place: str) -> Reader:
        readers = [self.reader(each, place) for each in kinds]
        trials = readers
        if self._ignores_extra:  # of two classes with some fields in common, the one that has all the fields fits
            strict = _Planner(ignores_extra=False)
            trials = [strict.reader(each, place) for each in kinds] + readers
        return _union_reader(trials, readers, scalars.joined([described(each) for each in kinds]))


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _is_tag(annotation: Any) -> bool:
    return typing.get_origin(_unwrapped(annotation)) is typing.Literal


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _unmarked(annotation: Any) -> tuple[Any, list[Any]]:
    """Take ``NotRequired`` and the like off the annotation of a field."""
    marks: list[Any] = []
    while typing.get_origin(annotation) in _MARKS:
        marks.append(typing.get_origin(annotation))
        [annotation] = typing.get_args(annotation)
    return annotation, marks


def _hints(annotation: Any, kind: Any, place: str) -> dict[str, Any]:
    """Give the types of the fields of a class, with what a generic class was given for its type variables."""
    try:
        hints = typing_extensions.get_type_hints(kind, include_extras=True)
    except Exception as error:  # text can name anything
        raise UnreadableTypeError(place, f"a field of {kind.__name__} cannot be resolved ({error})") from error
    given = dict(zip(getattr(kind, "__parameters__", ()), typing.get_args(annotation), strict=False))
    return {name: _filled(hint, given) for name, hint in hints.items()}


def _filled(annotation: Any, given: Mapping[Any, Any]) -> Any:
    if isinstance(annotation, typing.TypeVar):
        return given.get(annotation, annotation)
    # The parameters of a class itself are for whom it is named by; it stands here without any.
    is_class = isinstance(annotation, type) and not hasattr(annotation, "__args__")
    parameters: tuple[Any, ...] = () if is_class else getattr(annotation, "__parameters__", ())
    return untyped(annotation)[tuple(given.get(each, each) for each in parameters)] if parameters else annotation


# --- what reads -------------------------------------------------------------------------------------------------------


class _ObjectReader:
    """Reads an object of a class with fields.

    Args:
        name: Name of the class.
        readers: Field -> what reads it.
        tags: Fields that tell the alternatives of a union apart.
        required: Fields that have to be there.
        passed_over: Fields that are known and not read; None to pass over whatever is unknown.
        make: Makes the object from its fields.
    """

    def __init__(
        self,
        name: str,
        *,
        readers: Mapping[str, Reader],
        tags: list[str],
        required: list[str],
        passed_over: set[str] | None,
        make: Callable[[dict[str, Any]], Any],
    ) -> None:
        self._name = name
        self._readers = readers
        self._tags = tags
        self._required = required
        self._passed_over = passed_over
        self._make = make

    def __call__(self, value: Any, place: Place, problems: Problems) -> Any:
        if not is_dict(value):
            return problems.wrong(place, f"an object with the fields of {self._name}", value)
        before = len(problems.found)
        if problems.is_trial:
            # The cheap checks first: alternatives of a type that holds itself would else read all below, each anew.
            problems.fits_up_to(_TAG, place)
            self._read(self._tags, value, place, problems)
            if problems.is_full:
                return BAD
            problems.fits_up_to(_FIELDS, place)
        self._check_fields(value, place, problems)
        if problems.is_full:
            return BAD
        problems.fits_up_to(_VALUES, place)
        found = self._read(self._readers, value, place, problems)
        return BAD if len(problems.found) > before else _made(self._make, found, place, problems)

    def _check_fields(self, value: Mapping[str, Any], place: Place, problems: Problems) -> None:
        for field in self._required:
            if field not in value:
                problems.add((place, field), "is missing")
        if self._passed_over is None:
            return
        for field in value:
            if problems.is_full:
                return
            if field not in self._readers and field not in self._passed_over:
                close = nearest(field, self._readers) if len(field) <= _LONGEST_NAME and not problems.is_trial else None
                advice = f"; did you mean {close!r}?" if close else ""
                problems.add((place, field), f"is no field of {self._name}{advice}")

    def _read(
        self, fields: Iterable[str], value: Mapping[str, Any], place: Place, problems: Problems
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field in fields:
            if field in value and not problems.is_full:
                found[field] = self._readers[field](value[field], (place, field), problems)
        return found


def _made(make: Callable[[Any], Any], found: Any, place: Place, problems: Problems) -> Any:
    try:
        return make(found)
    except ValueError as error:  # of a __post_init__, say
        return problems.add(place, getattr(error, "message", None) or str(error) or type(error).__name__)


def _list_reader(item: Reader, make: Callable[[list[Any]], Any]) -> Reader:
    def read(value: Any, place: Place, problems: Problems) -> Any:
        if not is_list(value):
            return problems.wrong(place, "a list", value)
        before = len(problems.found)
        found: list[Any] = []
        for index, each in enumerate(value):
            found.append(item(each, (place, index), problems))
            if problems.is_full:
                return BAD
        if len(problems.found) > before:
            return BAD
        try:
            return make(found)
        except TypeError:
            return problems.add(place, "has a list or an object in it, and is read as a set")

    return read


def _tuple_reader(items: list[Reader]) -> Reader:
    count = len(items)
    wanted = f"a list of {count} item{'' if count == 1 else 's'}"

    def read(value: Any, place: Place, problems: Problems) -> Any:
        if not is_list(value):
            return problems.wrong(place, wanted, value)
        if len(value) != count:
            return problems.add(place, f"wanted {wanted}, got {len(value)}")
        before = len(problems.found)
        found = [item(each, (place, at), problems) for at, (item, each) in enumerate(zip(items, value, strict=True))]
        return BAD if len(problems.found) > before else tuple(found)

    return read


def _dict_reader(key_of: Reader, value_of: Reader) -> Reader:
    def read(value: Any, place: Place, problems: Problems) -> Any:
        if not is_dict(value):
            return problems.wrong(place, "an object", value)
        found: dict[Any, Any] = {}
        for key, each in value.items():
            there: Place = (place, key)
            found[key_of(key, there, problems)] = value_of(each, there, problems)
            if problems.is_full:
                return BAD
        return found

    return read


def _union_reader(trials: list[Reader], readers: list[Reader], wanted: str) -> Reader:
    def read(value: Any, place: Place, problems: Problems) -> Any:
        tried: list[Problems] = []
        for reader in trials:
            trial = Problems(1, place)
            found = reader(value, place, trial)
            if not trial.found:
                return found
            tried.append(trial)
        if problems.is_trial:
            return problems.wrong(place, wanted, value)
        whole = place_text(place)
        ranks = [_rank(trial, whole) for trial in tried[-len(readers) :]]
        best = max(ranks)
        if best == 0 or ranks.count(best) > 1:
            return problems.wrong(place, wanted, value)
        nearest_one = Problems(root=place)
        readers[ranks.index(best)](value, place, nearest_one)
        return problems.take(nearest_one)

    return read


def _rank(trial: Problems, whole: str) -> int:
    """Tell how far an alternative fits: by its fields, or by what is found wrong in it."""
    return trial.rank or (_VALUES if trial.found[0][0] != whole else 0)
