"""What the commands say of a function: its trigger, where it listens, what it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azfunc._core.routing import join_prefix
from azfunc.runtime.web import methods_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function
    from azfunc.runtime.loading import LoadedApp

OUT = 1
"""Direction of an output binding."""
_PLACES = (
    ("queueName",),
    ("topicName", "subscriptionName"),
    ("eventHubName",),
    ("path",),
    ("databaseName", "containerName"),
    ("databaseName", "collectionName"),
    ("tableName",),
    ("commandText",),
    ("topic",),
    ("hubName",),
    ("schedule",),
    ("toolName",),
)


def add_app(parser: ArgumentParser, *, positional: bool) -> None:
    """Give a command the argument that says which app is meant.

    Args:
        parser: Parser of the command.
        positional: Whether it may stand alone, as ``azfunc list shop``, beside ``--app shop``.
    """
    if positional:
        parser.add_argument("place", nargs="?", metavar="APP", help="folder, file or module of the app (default: .)")
    parser.add_argument("--app", help="the same as APP" if positional else "folder, file or module of the app")
    parser.add_argument(
        "--compat", action="store_true", help="let azfunc stand in for azure.functions, which the app imports"
    )


def target_of(arguments: Namespace) -> str:
    """Give which app is meant."""
    return str(arguments.app or getattr(arguments, "place", None) or ".")


def source_of(function: Function, route_prefix: str) -> str:
    """Say what starts a function: methods and route, schedule, queue."""
    if function.is_http_function():
        methods = ",".join(sorted(methods_of(function) or ()))
        return f"{methods} /{route_of(function, route_prefix)}".strip()
    trigger = function.get_trigger()
    return place_of(trigger) if trigger is not None else ""


def route_of(function: Function, route_prefix: str) -> str:
    """Give the whole route of an HTTP function, without the slash in front."""
    trigger = function.get_trigger()
    entry: dict[str, Any] = trigger.get_dict_repr() if trigger is not None else {}
    return join_prefix(route_prefix, str(entry.get("route", "")))


def place_of(binding: Binding) -> str:
    """Say where a binding takes from or sends to: queue, path, topic; nothing if it names no place."""
    entry = binding.get_dict_repr()
    for keys in _PLACES:
        if all(key in entry for key in keys):
            return "/".join(str(entry[key]) for key in keys)
    return next((str(entry[key]) for keys in _PLACES for key in keys[:1] if key in entry), "")


def bindings_of(function: Function, *, outputs: bool) -> list[Binding]:
    """Give the outputs of a function, or its inputs without the trigger, in the order of the parameters."""
    trigger = function.get_trigger()
    chosen = [each for each in function.get_bindings() if each is not trigger and (each.direction == OUT) == outputs]
    return chosen[::-1] if not function.function_directory else chosen


def binding_text(binding: Binding) -> str:
    """Give a binding in short: ``$return: queue done``."""
    place = place_of(binding)
    return f"{binding.name}: {binding.type}{' ' if place else ''}{place}"


def described(function: Function, loaded: LoadedApp) -> dict[str, Any]:
    """Give a function as data, for ``--json``."""
    trigger = function.get_trigger()
    file, _, line = (function.location or "").rpartition(":")
    return {
        "name": function.get_function_name(),
        "trigger": trigger.type if trigger is not None else None,
        "source": source_of(function, loaded.options.route_prefix),
        "inputs": [_entry(binding) for binding in bindings_of(function, outputs=False)],
        "outputs": [_entry(binding) for binding in bindings_of(function, outputs=True)],
        "file": file or None,
        "line": int(line) if line.isdecimal() else None,
        "model": loaded.kind,
        "disabled": function.get_function_name() in loaded.disabled,
    }


def _entry(binding: Binding) -> dict[str, str]:
    return {"name": binding.name, "type": binding.type, "place": place_of(binding)}
