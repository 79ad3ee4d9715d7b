"""Checks of what stands in the bindings: fields, schedules, routes, retries, and the app settings they name."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import untyped
from azfunc._core.errors import AzfuncError, nearest
from azfunc._core.names import to_camel_case
from azfunc._core.near_misses import near_misses
from azfunc._core.registry import registry
from azfunc._core.routing import join_prefix, parse_route
from azfunc._core.times import parse_timedelta
from azfunc.runtime.schedule import parse_schedule
from azfunc.runtime.web import methods_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from azfunc._core.binding import Binding
    from azfunc.runtime.checking.problems import Problem
    from azfunc.runtime.checking.views import FunctionView

_PLACEHOLDER = re.compile(r"%([A-Za-z_][\w.:-]*)%")
_CONNECTION_KEYS = frozenset(
    {
        "connection",
        "connectionStringSetting",
        "leaseConnection",
        "leaseConnectionStringSetting",
        "aiConnectionName",
        "searchConnectionName",
        "storeConnectionName",
        "chatStorageConnectionSetting",
        "topicKeySetting",
        "topicEndpointUri",
    }
)
# Only fields that the host fills in; a percent sign in an SQL command or a prompt means something else.
_FILLED_KEYS = frozenset(
    {
        "schedule",
        "queueName",
        "path",
        "topicName",
        "subscriptionName",
        "eventHubName",
        "consumerGroup",
        "databaseName",
        "containerName",
        "collectionName",
        "tableName",
        "hubName",
        "topic",
        "brokerList",
        "partitionKey",
        "connection",
    }
)
_NOT_A_PLACE = frozenset({"credential", "clientid", "tenantid", "clientsecret", "managedidentityresourceid"})
_RESERVED_ROUTES = ("admin", "runtime")
_STRATEGIES = ("fixed_delay", "exponential_backoff")
_ENTRY_KEYS = frozenset({"direction", "type", "name", "dataType"})
_LAST_HOUR = 23


class Settings:
    """App settings as the host looks them up: without regard to case, ``:`` the same as ``__``.

    Args:
        values: The settings by name; None when they are not known.
        are_final: Whether these are all settings that there will be, so that a missing one is an error. Those of
            local.settings.json are not: Azure may have more.
    """

    def __init__(self, values: Mapping[str, str] | None, *, are_final: bool = False) -> None:
        self.are_known: bool = values is not None
        self.are_final = are_final
        self.names: list[str] = list(values or {})
        self._values = {self._key(name): value for name, value in (values or {}).items()}
        self._prefixes = {
            self._key(name).rpartition("__")[0]
            for name, value in (values or {}).items()
            if value and "__" in self._key(name) and self._key(name).rpartition("__")[2] not in _NOT_A_PLACE
        }

    @staticmethod
    def _key(name: str) -> str:
        return name.replace(":", "__").lower()

    @property
    def values(self) -> dict[str, str]:
        """The settings by their names in lower case."""
        return self._values

    def has(self, name: str) -> bool:
        """Tell whether a setting is there and not empty."""
        return bool(self._values.get(self._key(name)))

    def has_connection(self, name: str) -> bool:
        """Tell whether a connection can be made: a setting, or a group such as ``NAME__serviceUri``."""
        candidates = (f"AzureWebJobs{name}", name, f"ConnectionStrings:{name}", f"ConnectionStrings:AzureWebJobs{name}")
        return any(self.has(each) or self._key(each) in self._prefixes for each in candidates)


def check_definitions(view: FunctionView, settings: Settings) -> Iterator[Problem]:
    """Give what is wrong in the bindings and the retry policy of a function."""
    for binding in view.bindings:
        entry = binding.get_dict_repr()
        yield from _misspelt(view, binding, entry)
        yield from _of_another_type(view, binding, entry)
        yield from _connections(view, binding, entry, settings)
        yield from _placeholders(view, binding, entry, settings)
        if binding.type == "timerTrigger":
            yield from _schedule(view, binding, entry.get("schedule"), settings)
    policy = view.function.get_settings_dict("retry_policy")
    if policy:
        yield from _retry(view, policy)


# --- fields -----------------------------------------------------------------------------------------------------------


def _misspelt(view: FunctionView, binding: Binding, entry: Mapping[str, Any]) -> Iterator[Problem]:
    misses = near_misses(binding) if binding.get_binding_name() else _misses_by_type(binding, entry)
    for name, close in misses.items():
        yield view.error(
            "misspelt-field",
            f"{binding.type} binding {binding.name!r} of function {view.name!r} has no field {name!r}.",
            f"Did you mean {close!r}? The host ignores what it does not know.",
            binding.name,
            at=view.place_of(binding.name),
        )


def _misses_by_type(binding: Binding, entry: Mapping[str, Any]) -> dict[str, str]:
    """Compare the fields of a generic binding with those that the class of its type declares."""
    known = registry.binding_class(binding.type)
    if known is None:
        return {}
    declared: set[str] = set(untyped(known)._wire_names.values())
    absent = declared - entry.keys()
    found = {key: nearest(key, absent) for key in entry if key not in declared and key not in _ENTRY_KEYS}
    return {key: close for key, close in found.items() if close}


def _of_another_type(view: FunctionView, binding: Binding, entry: Mapping[str, Any]) -> Iterator[Problem]:
    """Find values that the host cannot read as the bool or the whole number that the field is."""
    known = type(binding) if binding.get_binding_name() else registry.binding_class(binding.type)
    for key, kind in _plain_kinds(known).items():
        value = entry.get(key)
        if value is None or isinstance(value, Enum) or _is_readable(value, kind):
            continue
        yield view.error(
            "value",
            f"The {key} {value!r} of {binding.type} binding {binding.name!r} of function {view.name!r} is no "
            f"{'bool' if kind == 'bool' else 'whole number'}.",
            "Give True or False." if kind == "bool" else "Give a number without quotes, such as 5.",
            binding.name,
            at=view.place_of(binding.name),
        )


def _plain_kinds(cls: type | None) -> dict[str, str]:
    """Give the fields of a binding class that are a bool or a whole number: name in function.json -> which."""
    found: dict[str, str] = {}
    for each in reversed(cls.__mro__ if cls is not None else ()):
        for name, annotation in vars(each).get("__annotations__", {}).items():
            kind = str(annotation).removesuffix(" | None")
            if kind in ("bool", "int"):
                found[to_camel_case(name)] = kind
    return found


def _is_readable(value: object, kind: str) -> bool:
    if isinstance(value, str):
        pattern = r"\s*(true|false)\s*|.*%.*" if kind == "bool" else r"\s*-?\d+\s*|.*%.*"
        return re.fullmatch(pattern, value, re.IGNORECASE) is not None
    return isinstance(value, bool) if kind == "bool" else isinstance(value, int) and not isinstance(value, bool)


# --- app settings -----------------------------------------------------------------------------------------------------


def _connections(
    view: FunctionView, binding: Binding, entry: Mapping[str, Any], settings: Settings
) -> Iterator[Problem]:
    for key in _CONNECTION_KEYS & entry.keys():
        name = entry[key]
        if not isinstance(name, str) or not name or "%" in name:
            continue
        if "=" in name or "://" in name:
            yield view.error(
                "connection-string",
                f"The {key} of {binding.type} binding {binding.name!r} of function {view.name!r} holds a connection "
                "string or an address (not shown here).",
                "Put it into an app setting, and give the name of that setting.",
                binding.name,
                at=view.place_of(binding.name),
            )
        elif settings.are_known and not settings.has_connection(name):
            what = f"The {key} of {binding.type} binding {binding.name!r} of function {view.name!r}"
            group = "" if key in ("topicKeySetting", "topicEndpointUri") else f", or a group such as {name}__serviceUri"
            yield _missing(view, binding, what, name, settings, group)


def _placeholders(
    view: FunctionView, binding: Binding, entry: Mapping[str, Any], settings: Settings
) -> Iterator[Problem]:
    if not settings.are_known:
        return
    for key in _FILLED_KEYS & entry.keys():
        value = entry[key]
        for name in _PLACEHOLDER.findall(value) if isinstance(value, str) else ():
            if not settings.has(name):
                what = f"The {key} {value!r} of {binding.type} binding {binding.name!r} of function {view.name!r}"
                yield _missing(view, binding, what, name, settings)


def _missing(
    view: FunctionView, binding: Binding, what: str, name: str, settings: Settings, group: str = ""
) -> Problem:
    close = nearest(name, [each for each in settings.names if each != name])
    advice = f"Did you mean {close!r}? " if close else ""
    make = view.error if settings.are_final else view.warning
    return make(
        "missing-setting",
        f"{what} names the app setting {name!r}, which is not set.",
        f"{advice}Set {name}{group}: in Azure, and locally under Values in local.settings.json.",
        binding.name,
        at=view.place_of(binding.name),
    )


# --- schedules and times ----------------------------------------------------------------------------------------------


def _schedule(view: FunctionView, binding: Binding, schedule: Any, settings: Settings) -> Iterator[Problem]:
    at = view.place_of(binding.name)
    if not isinstance(schedule, str):
        yield view.error(
            "schedule",
            f"The timer {binding.name!r} of function {view.name!r} has no schedule.",
            "Give six fields, such as '0 30 9 * * 1-5', or an interval, such as '00:05:00'.",
            binding.name,
            at=at,
        )
        return
    if any(not settings.has(name) for name in _PLACEHOLDER.findall(schedule)):
        return  # said already, or not known
    try:
        parse_schedule(schedule, settings.values)
    except AzfuncError as error:
        yield view.error(
            "schedule",
            f"Timer {binding.name!r} of function {view.name!r}: {error.message}",
            error.hint,
            binding.name,
            at=at,
        )
        return
    days = days_for_hours(schedule)
    if days:
        yield view.warning(
            "time-span",
            f"The schedule {schedule!r} of function {view.name!r} is {days} days: hours end at 23, and what comes "
            "before them are days.",
            f"Write '{days}.00:00:00' if days are meant, or an NCRONTAB expression.",
            binding.name,
            at=at,
        )


def days_for_hours(text: str) -> int:
    """Give the number of days that a time such as ``24:00:00`` is, or 0 if it is what it looks like."""
    found = re.fullmatch(r"(\d+):\d{1,2}:\d{1,2}", text.strip())
    return int(found[1]) if found and int(found[1]) > _LAST_HOUR else 0


def retry_faults(policy: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a retry policy in snake case, each with what to do."""
    strategy = policy.get("strategy")
    if strategy not in _STRATEGIES:
        yield f"has the strategy {strategy!r}", "The strategies are fixedDelay and exponentialBackoff."
        return
    needed = ("delay_interval",) if strategy == "fixed_delay" else ("minimum_interval", "maximum_interval")
    for name in needed:
        value = policy.get(name)
        try:
            if value is not None and parse_timedelta(value).total_seconds() >= 0:
                continue
        except (AzfuncError, TypeError, AttributeError):
            pass
        yield (
            f"has {'no' if value is None else 'the'} {name}{'' if value is None else f' {value!r}'}",
            f"Write {name.replace('_i', 'I')} as '00:00:10'.",
        )
    if not re.fullmatch(r"-1|\d+", str(policy.get("max_retry_count"))):
        yield (
            f"has the max_retry_count {policy.get('max_retry_count')!r}",
            "Write a whole number, or -1 for no limit.",
        )


def _retry(view: FunctionView, policy: Mapping[str, Any]) -> Iterator[Problem]:
    for fault, hint in retry_faults(policy):
        yield view.error("retry", f"The retry policy of function {view.name!r} {fault}.", hint)


# --- routes -----------------------------------------------------------------------------------------------------------


class Routes:
    """The routes of an app, in which each one looks for those that answer the same.

    Args:
        prefix: Text in front of all routes.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._taken: dict[str, dict[str, FunctionView]] = {}

    def add(self, view: FunctionView) -> Iterator[Problem]:
        """Add the route of a function, and give what is wrong with it."""
        trigger = view.function.get_trigger()
        if trigger is None or not view.function.is_http_function():
            return
        route = trigger.get_dict_repr().get("route", view.name)
        at = view.place_of(trigger.name)
        try:
            template = parse_route(str(route))
        except AzfuncError as error:
            yield view.error("route", f"Function {view.name!r}: {error.message}", error.hint, trigger.name, at=at)
            return
        shown = join_prefix(self._prefix, str(route))
        if str(route).lstrip("/").lower().startswith(_RESERVED_ROUTES):
            word = next(each for each in _RESERVED_ROUTES if str(route).lstrip("/").lower().startswith(each))
            yield view.error(
                "reserved-route",
                f"The route {str(route)!r} of function {view.name!r} begins with {word!r}, which the host keeps for "
                "itself, whatever the prefix.",
                "Give it a route that begins otherwise.",
                trigger.name,
                at=at,
            )
        other, method = self._take(template.shape, view)
        if other is not None:
            said = "every method" if method == "*" else method
            yield view.error(
                "duplicate-route",
                f"Functions {other.name!r} and {view.name!r} both answer {said} of {shown!r}.",
                f"Change the route or the methods of one; {other.name!r} stands at {other.location}.",
                trigger.name,
                at=at,
            )

    def _take(self, shape: str, view: FunctionView) -> tuple[FunctionView | None, str]:
        taken = self._taken.setdefault(shape, {})
        methods = sorted(methods_of(view.function) or ("*",))
        for method in methods:
            for key in taken if method == "*" else (method, "*"):
                if key in taken:
                    return taken[key], method if method != "*" else key
        taken.update(dict.fromkeys(methods, view))
        return None, ""
