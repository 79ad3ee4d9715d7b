"""Reading JSON values as types say: dataclasses, typed dicts, collections, unions, and what `scalars` has.

What reads a type is put together once, by `reader_of`. Reading is strict: no text for a number, no field too many.
Unlike a validator it goes on after the first problem, and tells them all.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import enum
import inspect
import types
import typing
from typing import TYPE_CHECKING, Any

import typing_extensions

from azfunc._core.checks import is_dict, is_list, untyped
from azfunc._core.errors import nearest
from azfunc.calls import models, scalars
from azfunc.calls.models import UnreadableTypeError
from azfunc.calls.problems import BAD, MOST_PROBLEMS, Problems, place_text

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
        origin, arguments = _origin(annotation), typing.get_args(annotation)
        if origin is typing.Annotated:
            return self._annotated(annotation, place)
        if origin is typing.Final or hasattr(annotation, "__supertype__"):
            return self.reader(arguments[0] if arguments else annotation.__supertype__, place)
        if origin in (*_SETS, frozenset) and arguments and _is_unhashable(arguments[0]):
            raise UnreadableTypeError(place, f"no set can hold {described(arguments[0])}, which has no hash")
        if models.is_read_by_pydantic(annotation) and not _has_own(annotation):
            return models.model_reader(annotation, place)
        if annotation is Any or isinstance(annotation, (type, type(None))):
            found = scalars.READERS.get(annotation)
            if found is not None:
                return found
        named = getattr(annotation, "__value__", None)  # by ``type X = ...``
        if named is not None:
            return self._remembered(annotation, lambda: self.reader(named, place))
        if _is_union(origin):
            return self._union(arguments, place)
        if origin is typing.Literal:
            return self._literal(arguments, place)
        if isinstance(origin, type):
            found = self._class(annotation, origin, place) or self._collection(origin, arguments, place)
            if found is not None:
                return found
        raise UnreadableTypeError(place, f"nothing reads {described(annotation)}")

    def _annotated(self, annotation: Any, place: str) -> Reader:
        """Give what reads a type with something beside it, which pydantic checks if that is a constraint."""
        kind, *beside = typing.get_args(annotation)
        if not any(models.is_of_pydantic(each) for each in beside):
            return self.reader(kind, place)
        has_own = _has_own(kind)
        if not has_own and models.is_read_by_pydantic(kind):
            return models.model_reader(annotation, place)
        return self._constrained(annotation, place, has_own=has_own)

    def _constrained(self, annotation: Any, place: str, *, has_own: bool) -> Reader:
        kind, *beside = typing.get_args(annotation)
        constraints = models.constraints_of(beside)
        if constraints is None:
            return models.model_reader(annotation, place)
        try:
            inner = self.reader(kind, place)
        except UnreadableTypeError:
            if has_own:
                raise
            return models.model_reader(annotation, place)  # a type that pydantic alone knows
        return models.constrained_reader(inner, kind, constraints, place) if constraints else inner

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
        if not permitted:
            raise UnreadableTypeError(place, "the Literal permits nothing")
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
            if not list(origin):
                raise UnreadableTypeError(place, f"the enum {origin.__name__} has no members")
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
        there = f"{place}[key]"
        if not (isinstance(plain, type) and plain in scalars.KEY_TYPES):
            return self.reader(annotation, there)
        reader, constraints = scalars.key_reader(plain), models.constraints_of(_beside(annotation))
        if constraints is None:
            return models.model_reader(annotation, there)
        return models.constrained_reader(reader, plain, constraints, there) if constraints else reader

    # --- unions ---

    def _union(self, kinds: tuple[Any, ...], place: str) -> Reader:
        wanted = scalars.joined([described(each) for each in kinds])
        kinds = _grouped(kinds)
        readers = [self.reader(each, place) for each in kinds]
        trials = readers
        if self._ignores_extra:  # of two classes with some fields in common, the one that has all the fields fits
            strict = _Planner(ignores_extra=False)
            trials = [strict.reader(each, place) for each in kinds] + readers
        return _UnionReader(trials, readers, wanted)


def _grouped(kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    """Put the alternatives that pydantic reads together, among which it chooses by rules of its own."""
    own = [each for each in kinds if not models.is_read_by_pydantic(each) or _has_own(each)]
    others = tuple(each for each in kinds if each not in own)
    if len(others) < 2:
        return kinds
    first = kinds.index(others[0])
    return (*own[:first], typing.Union[others], *own[first:])  # noqa: UP007  # put together here


def _has_own(annotation: Any, seen: frozenset[Any] = frozenset()) -> bool:
    """Tell whether a class with fields stands in a type that pydantic would read less strictly than `reader_of`."""
    plain = _unwrapped(annotation)
    named = getattr(plain, "__value__", None)
    if named is not None:
        return plain not in seen and _has_own(named, seen | {plain})
    origin = _origin(plain)
    if isinstance(origin, type) and models.is_model(origin):
        return False
    if typing_extensions.is_typeddict(origin) or hasattr(origin, "__dataclass_fields__"):
        return True
    return origin is not typing.Literal and any(_has_own(each, seen) for each in typing.get_args(plain))


def _is_unhashable(annotation: Any) -> bool:
    """Tell whether nothing that is read as a type has a hash."""
    plain = _unwrapped(annotation)
    origin, arguments = _origin(plain), typing.get_args(plain)
    if _is_union(origin):
        return all(_is_unhashable(each) for each in arguments)
    if origin is tuple:
        return ... not in arguments and any(_is_unhashable(each) for each in arguments)
    if origin in (*_LISTS, *_SETS, *_DICTS) or typing_extensions.is_typeddict(origin):
        return True
    return isinstance(origin, type) and untyped(origin).__hash__ is None


def _beside(annotation: Any) -> list[Any]:
    """Give what stands beside a type in ``Annotated``, also below a ``NewType``."""
    found: list[Any] = []
    while (below := getattr(annotation, "__supertype__", None)) or typing.get_args(annotation):
        found += getattr(annotation, "__metadata__", ())
        annotation = below or typing.get_args(annotation)[0]
    return found


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
    stand_ins = stand_ins_of(kind, typing.get_args(annotation))
    return {name: filled(hint, stand_ins.get(name, {})) for name, hint in hints.items()}


def stand_ins_of(kind: Any, arguments: tuple[Any, ...]) -> dict[str, Mapping[Any, Any]]:
    """Give what the type variables in the annotations of a class stand for.

    A class that is inherited from can be given others than the class itself, and under the same names.

    Args:
        kind: The class.
        arguments: What it was given for its type variables.

    Returns:
        Field -> type variable of the class that has its annotation -> what it stands for.
    """
    given: dict[Any, Any] = dict(zip(getattr(kind, "__parameters__", ()), arguments, strict=False))
    found: dict[str, Mapping[Any, Any]] = {}
    bases: tuple[Any, ...] = kind.__dict__.get("__orig_bases__", kind.__bases__)
    for base in reversed(bases):
        origin = _origin(base)
        if isinstance(origin, type) and origin not in (object, typing.Generic):
            found.update(stand_ins_of(origin, tuple(filled(each, given) for each in typing.get_args(base))))
    is_collected = typing_extensions.is_typeddict(kind)  # which says again what it inherits
    for name in inspect.get_annotations(kind):
        if not (is_collected and name in found):
            found[name] = given
    return found


def filled(annotation: Any, given: Mapping[Any, Any]) -> Any:
    """Put what type variables stand for in their place."""
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
            read_key, before = key_of(key, there, problems), len(found)
            found[read_key] = value_of(each, there, problems)
            if len(found) == before and read_key is not BAD:
                problems.add(there, "is there already, with the key written otherwise")
            if problems.is_full:
                return BAD
        return found

    return read


class _Trial(Problems):
    """What is wrong with a value that is read as one alternative of a union, and what is known from other trials.

    Args:
        limit: How many problems are looked for; one is enough unless the alternative is meant.
        root: Where the value stands.
        known: Union and identity of a list or an object in the body -> what came of reading it.
            Alternatives of a type that holds itself would else read all below, each anew at each level.
    """

    def __init__(self, limit: int, root: Place, known: dict[tuple[_UnionReader, int], _Outcome]) -> None:
        super().__init__(limit, root)
        self.known = known


class _Outcome(typing.NamedTuple):
    """What came of reading a value as each alternative of a union."""

    found: Any
    """What was read, if an alternative fits."""
    fits: bool
    nearest: int | None = None
    """Index of the alternative that fits best, if one does better than others."""
    told: Problems | None = None
    """What all alternatives that come near find wrong first, if that is the same and below the value."""


class _UnionReader:
    """Reads the first alternative that fits.

    Args:
        trials: What reads the alternatives, in the order in which they are tried; `readers` are the last of them.
        readers: What reads the alternatives.
        wanted: What has to come, in words.
    """

    def __init__(self, trials: list[Reader], readers: list[Reader], wanted: str) -> None:
        self._trials = trials
        self._readers = readers
        self._wanted = wanted

    def __call__(self, value: Any, place: Place, problems: Problems) -> Any:
        known = problems.known if isinstance(problems, _Trial) else {}
        outcome = self._outcome(value, place, known)
        if outcome.fits:
            return outcome.found
        if outcome.nearest is not None and not problems.is_trial:
            nearest_one = _Trial(MOST_PROBLEMS, place, known)
            self._readers[outcome.nearest](value, place, nearest_one)
            return problems.take(nearest_one)
        if outcome.told is not None:
            return problems.take(outcome.told)
        return problems.wrong(place, self._wanted, value)

    def _outcome(self, value: Any, place: Place, known: dict[tuple[_UnionReader, int], _Outcome]) -> _Outcome:
        if not (is_dict(value) or is_list(value)):
            return self._tried(value, place, known)
        key = (self, id(value))  # the body holds the value as long as it is read
        found = known.get(key)
        if found is None:
            found = known[key] = self._tried(value, place, known)
        return found

    def _tried(self, value: Any, place: Place, known: dict[tuple[_UnionReader, int], _Outcome]) -> _Outcome:
        tried: list[Problems] = []
        for reader in self._trials:
            trial = _Trial(1, place, known)
            found = reader(value, place, trial)
            if not trial.found:
                return _Outcome(found, fits=True)
            tried.append(trial)
        whole = place_text(place)
        tried = tried[-len(self._readers) :]
        ranks = [_rank(trial, whole) for trial in tried]
        best = max(ranks)
        if best == 0:
            return _Outcome(BAD, fits=False)
        near = [trial for trial, rank in zip(tried, ranks, strict=True) if rank == best]
        is_same = all(trial.found == near[0].found for trial in near) and near[0].found[0][0] != whole
        nearest = ranks.index(best) if len(near) == 1 else None
        return _Outcome(BAD, fits=False, nearest=nearest, told=near[0] if is_same else None)


def _rank(trial: Problems, whole: str) -> int:
    """Tell how far an alternative fits: by its fields, or by what is found wrong in it."""
    return trial.rank or (_VALUES if trial.found[0][0] != whole else 0)
