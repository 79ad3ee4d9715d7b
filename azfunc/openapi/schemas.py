"""JSON Schema of annotations.

Classes with a name of their own, such as dataclasses, enums and models of pydantic, stand once among the components of
the document, and are referred to from everywhere else; a class may hold itself.

Source: JSON Schema, draft 2020-12.
"""

from __future__ import annotations

import dataclasses
import datetime
import inspect
import json
import re
import types
import typing
import uuid
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from azfunc._core import jsonlib
from azfunc._core.annotations import described
from azfunc._core.checks import OBJECT_MARKS, class_of, has_any, is_dict, is_list, untyped
from azfunc._core.errors import DefinitionError
from azfunc.calls import models
from azfunc.calls.reading import filled, stand_ins_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterator

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema."""
Mode: TypeAlias = Literal["validation", "serialization"]
"""Whether a schema says what is taken or what is given, which differ for models of pydantic."""

_PLAIN: tuple[tuple[type | tuple[type, ...], Schema], ...] = (
    (bool, {"type": "boolean"}),
    (int, {"type": "integer"}),
    (float, {"type": "number"}),
    (str, {"type": "string"}),
    ((bytes, bytearray, memoryview), {"type": "string", "contentEncoding": "base64"}),
    (datetime.datetime, {"type": "string", "format": "date-time"}),
    (datetime.date, {"type": "string", "format": "date"}),
    (datetime.time, {"type": "string", "format": "time"}),
    # .NET's TimeSpan, which JSON Schema has no format for.
    (datetime.timedelta, {"type": "string", "examples": ["1.02:03:04"]}),
    (uuid.UUID, {"type": "string", "format": "uuid"}),
    (Decimal, {"type": ["number", "string"]}),
)
_DEFINITIONS = "#/$defs/"
_QUALIFIERS = ("Required", "NotRequired", "ReadOnly")
_EMPTY_FACTORIES: tuple[Any, ...] = (dict, frozenset, list, set, tuple)


class Components:
    """The schemas that have a name."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}
        """Name -> schema."""
        self._names: dict[Hashable, str] = {}

    def named(self, key: Hashable, name: str, make: Callable[[], Schema]) -> Schema:
        """Give a reference to the schema of something, which is made when it is first asked for.

        Args:
            key: What it is the schema of.
            name: Name for it, if that is free.
            make: Makes the schema; may ask for the same key.
        """
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = free_name(re.sub(r"[^\w.-]", "_", name, flags=re.ASCII), self.schemas)
            self.schemas[found] = {}  # the name is taken from now on
            self.schemas[found] = make()
        return {"$ref": f"#/components/schemas/{found}"}


def free_name(name: str, taken: Collection[str]) -> str:
    """Give a name, or the first of ``name_2``, ``name_3`` that is free."""
    found, count = name, 1
    while found in taken:
        count += 1
        found = f"{name}_{count}"
    return found


class Schemas:
    """Gives the schemas of annotations.

    Args:
        components: Takes what has a name.
        mode: Whether values are taken or given.
    """

    def __init__(self, components: Components, mode: Mode) -> None:
        self._components = components
        self._mode: Mode = mode

    def of(self, annotation: Any) -> Schema:
        """Give the schema of an annotation; an empty one, that takes everything, if nothing is known of it.

        Raises:
            DefinitionError: The annotations of a class in it cannot be resolved.
        """
        if annotation is Any or annotation is object:
            return {}
        if annotation is None or annotation is type(None):
            return {"type": "null"}
        origin: Any = typing.get_origin(annotation)
        arguments = typing.get_args(annotation)
        if origin is typing.Annotated:
            return self._annotated(annotation, arguments)
        if origin is typing.Union or origin is types.UnionType:
            return self.any_of(arguments)
        if origin is Literal:
            return _enumeration([each.value if isinstance(each, Enum) else each for each in arguments])
        if getattr(origin, "_name", "") in _QUALIFIERS:
            return self.of(arguments[0])
        if isinstance(annotation, TypeVar):
            return self.of(annotation.__bound__ or object)
        if hasattr(annotation, "__supertype__"):
            return self.of(annotation.__supertype__)
        cls: Any = origin or annotation
        if hasattr(cls, "__value__") and not isinstance(cls, type):
            return self._components.named(cls, cls.__name__, lambda: self.of(cls.__value__))
        return self._class(cls, arguments) if isinstance(cls, type) else {}

    def _annotated(self, annotation: Any, arguments: tuple[Any, ...]) -> Schema:
        kind, *beside = arguments
        text = described(annotation)
        constraints = models.constraints_of(beside)
        schema = self._adapted(annotation) if constraints is None else _limited(self.of(kind), constraints)
        return {**schema, **({"description": text} if text else {})}

    def any_of(self, annotations: Iterable[Any]) -> Schema:
        """Give the schema of a value that is annotated in one of several ways."""
        found: list[Schema] = []
        for each in annotations:
            schema = self.of(each)
            if schema not in found:
                found.append(schema)
        if {} in found:
            return {}
        return found[0] if len(found) == 1 else {"anyOf": found}

    def _class(self, cls: Any, arguments: tuple[Any, ...]) -> Schema:
        if issubclass(cls, Enum):
            return self._components.named(cls, cls.__name__, lambda: _enum(cls))
        for known, schema in _PLAIN:
            if issubclass(cls, known):
                return dict(schema)
        if hasattr(cls, "model_json_schema"):
            return self._model(cls, lambda: cls.model_json_schema(mode=self._mode))
        if hasattr(cls, "__pydantic_validator__") and self._mode == "validation":
            # What is given is written as other dataclasses are, without aliases.
            return self._model(cls, lambda: self._schema_of_adapter(cls[arguments] if arguments else cls))
        make = self._maker(cls)
        if make is not None:
            name = "_".join([cls.__name__, *(getattr(each, "__name__", "of") for each in arguments)])
            return self._components.named((cls, arguments), name, lambda: make(cls, _hints(cls, arguments)))
        return self._collection(cls, arguments)

    def _maker(self, cls: Any) -> Callable[[Any, dict[str, Any]], Schema] | None:
        """Give what makes the schema of a class with fields, or None for other classes."""
        if hasattr(cls, "__dataclass_fields__"):
            return self._dataclass
        return self._typed_dict if hasattr(cls, "__required_keys__") else None

    def _collection(self, cls: Any, arguments: tuple[Any, ...]) -> Schema:
        if issubclass(cls, tuple):
            return self._tuple(cls, arguments)
        items = {"items": self.of(arguments[0])} if len(arguments) == 1 else {}
        if issubclass(cls, Mapping):
            values = self.of(arguments[1]) if len(arguments) == 2 else {}
            return {"type": "object", **({"additionalProperties": values} if values else {})}
        if issubclass(cls, AbstractSet):
            return {"type": "array", **items, "uniqueItems": True}
        if issubclass(cls, list):
            return {"type": "array", **items}
        if has_any(cls, OBJECT_MARKS):
            return {"type": "object"}
        return {"type": "array", **items} if issubclass(cls, Iterable) else {}

    def _tuple(self, cls: Any, arguments: tuple[Any, ...]) -> Schema:
        if hasattr(cls, "_fields"):
            hints = _hints(cls, ())
            arguments = tuple(hints.get(name, object) for name in cls._fields)
        elif not arguments:
            return {"type": "array"}
        if len(arguments) == 2 and arguments[1] is ...:
            return {"type": "array", "items": self.of(arguments[0])}
        count = len(arguments)
        items = [self.of(each) for each in arguments]
        return {"type": "array", "prefixItems": items, "minItems": count, "maxItems": count}

    # --- classes with fields ------------------------------------------------------------------------------------------

    def _dataclass(self, cls: Any, hints: dict[str, Any]) -> Schema:
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for each in dataclasses.fields(cls):
            properties[each.name] = {**self.of(hints[each.name]), **_default(each)}
            if not each.init:
                properties[each.name]["readOnly"] = True
            elif each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING:
                required.append(each.name)
        return _object(cls, properties, required)

    def _typed_dict(self, cls: Any, hints: dict[str, Any]) -> Schema:
        required: list[str] = []
        for name, annotation in hints.items():
            # With annotations as text the class itself does not know what is said of a single key.
            said = getattr(typing.get_origin(annotation), "_name", "")
            if said == "Required" or (said != "NotRequired" and name in cls.__required_keys__):
                required.append(name)
        return _object(cls, {name: self.of(annotation) for name, annotation in hints.items()}, required)

    # --- models of pydantic -------------------------------------------------------------------------------------------

    def _model(self, cls: Any, make: Callable[[], Schema]) -> Schema:
        whole = self._whole(make, f"The model {cls.__qualname__}")
        parts: dict[str, Schema] = dict(whole.pop("$defs", {}))
        if whole.keys() == {"$ref"}:  # a model that holds itself
            return self._part(whole["$ref"].removeprefix(_DEFINITIONS), parts)
        name = free_name(cls.__name__, parts)
        return self._part(name, {**parts, name: whole})

    def _adapted(self, annotation: Any) -> Schema:
        """Give the schema of a type that pydantic reads with a validator beside it."""
        whole = self._whole(lambda: self._schema_of_adapter(annotation), f"The type {annotation}")
        parts: dict[str, Schema] = dict(whole.pop("$defs", {}))
        moved: Schema = self._moved(whole, parts)
        return moved

    def _schema_of_adapter(self, annotation: Any) -> Schema:
        import pydantic

        return pydantic.TypeAdapter(annotation).json_schema(mode=self._mode)

    def _whole(self, make: Callable[[], Schema], what: str) -> Schema:
        try:
            return dict(make())
        except Exception as error:
            reason = str(error).partition("\n")[0]  # without the link to pydantic's pages
            raise DefinitionError(
                f"{what} has no JSON Schema: {reason}.",
                hint="Annotate its fields with types that pydantic can describe, or with WithJsonSchema(...) too.",
            ) from error

    def _part(self, name: str, parts: dict[str, Schema]) -> Schema:
        """Give a reference to a definition; two are the same if all that they lead to is."""
        reached = _reached(name, parts)
        key = json.dumps([name, {each: parts[each] for each in sorted(reached)}], sort_keys=True)
        return self._components.named(key, name, lambda: self._moved(parts[name], parts))

    def _moved(self, value: Any, parts: dict[str, Schema]) -> Any:
        """Give a part of a schema with its references to definitions as references to components."""
        if is_dict(value):
            return {key: self._moved_entry(key, each, parts) for key, each in value.items()}
        return [self._moved(each, parts) for each in value] if is_list(value) else value

    def _moved_entry(self, key: str, value: Any, parts: dict[str, Schema]) -> Any:
        # Other texts may begin as references do, such as defaults and descriptions.
        if key == "$ref" and isinstance(value, str) and value.removeprefix(_DEFINITIONS) in parts:
            return self._part(value.removeprefix(_DEFINITIONS), parts)["$ref"]
        if key == "discriminator" and is_dict(value) and is_dict(value.get("mapping")):
            mapping = {tag: self._moved_entry("$ref", each, parts) for tag, each in value["mapping"].items()}
            return {**value, "mapping": mapping}
        return self._moved(value, parts)


def _reached(name: str, parts: dict[str, Schema]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            named = re.findall(r'"\$ref": "#/\$defs/([^"]+)"', json.dumps(parts[each], ensure_ascii=False))
            waiting += [inner for inner in named if inner in parts]
    return found


# --- parts ------------------------------------------------------------------------------------------------------------


def _hints(cls: type, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Give the annotations of the fields of a class.

    Args:
        cls: The class.
        arguments: What it was given for its type variables.

    Raises:
        DefinitionError: One cannot be resolved.
    """
    try:
        hints = typing.get_type_hints(cls, None, {cls.__name__: cls}, include_extras=True)
    except Exception as error:
        raise DefinitionError(
            f"An annotation of the class {cls.__qualname__} cannot be resolved: {error}.",
            hint="The document says of what type each field is; import what the annotations name at run time, not "
            "only for type checkers.",
        ) from error
    stand_ins = stand_ins_of(cls, arguments)
    return {name: filled(hint, stand_ins.get(name, {})) for name, hint in hints.items()}


def _limited(schema: Schema, constraints: list[Any]) -> Schema:
    """Give a schema with what constraints say of it; those of referred schemas and of dates it cannot have."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_limited(each, constraints) for each in schema["anyOf"]]}
    kinds = schema.get("type")
    named = _KEYWORDS.get(kinds[0] if is_list(kinds) else untyped(kinds), {})
    found = dict(schema)
    for each in _single(constraints):
        for name, keyword in named.items():
            value = getattr(each, name, None)
            if isinstance(value, (int, float, str, Decimal)):
                found[keyword] = _plain(value)
    return found


def _single(constraints: Iterable[Any]) -> Iterator[Any]:
    """Give constraints one by one; some are groups of others."""
    for each in constraints:
        if hasattr(each, "__iter__"):
            yield from _single(each)
        else:
            yield each


_BOUNDS = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
    "multiple_of": "multipleOf",
}
_KEYWORDS: Mapping[Any, Mapping[str, str]] = {
    "integer": _BOUNDS,
    "number": _BOUNDS,
    "string": {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"},
    "array": {"min_length": "minItems", "max_length": "maxItems"},
    "object": {"min_length": "minProperties", "max_length": "maxProperties"},
}
"""Type of a schema -> constraint -> what a schema calls it."""


def _object(cls: Any, properties: dict[str, Schema], required: list[str]) -> Schema:
    return {
        "type": "object",
        **_description(cls),
        "properties": properties,
        **({"required": required} if required else {}),
    }


def _description(cls: Any) -> Schema:
    """Give what the author of a class wrote about it: neither an inherited text nor a generated one."""
    text = cls.__dict__.get("__doc__")
    is_made = not text or text.startswith(f"{cls.__name__}(") or text == "An enumeration."
    return {} if is_made else {"description": inspect.cleandoc(text)}


def _default(field: dataclasses.Field[Any]) -> Schema:
    """Give the default of a field, unless it is made anew for each object, or no JSON."""
    value, factory = untyped(field.default), untyped(field.default_factory)
    if factory in _EMPTY_FACTORIES:
        value = factory()
    if value is dataclasses.MISSING:
        return {}
    try:
        return {"default": _plain(value)}
    except (TypeError, ValueError):
        return {}


def _enum(cls: type[Enum]) -> Schema:
    return {**_enumeration([each.value for each in cls]), **_description(cls)}


def _enumeration(values: list[Any]) -> Schema:
    found = [_plain(value) for value in values]
    kinds = {_JSON_TYPES.get(class_of(value), "") for value in found}
    kind = kinds.pop() if len(kinds) == 1 else ""
    return {**({"type": kind} if kind else {}), "enum": found}


_JSON_TYPES: dict[Any, str] = {bool: "boolean", float: "number", int: "integer", str: "string"}


def _plain(value: Any) -> Any:
    """Give a value as it stands in JSON.

    Raises:
        TypeError: JSON has no such value.
        ValueError: As above.
    """
    return json.loads(jsonlib.dumps(value, allow_nan=False))
