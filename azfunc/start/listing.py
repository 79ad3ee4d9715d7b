"""The functions as text: name, trigger, and where they are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azfunc.runtime.web import methods_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azfunc._core.function import Function
    from azfunc.start.session import Session

_PLACES = ("queueName", "path", "topicName", "eventHubName", "topic", "containerName", "collectionName", "tableName")


def lines_of(session: Session, address: str) -> Iterator[str]:
    """Give the list of functions, as it is printed when the host starts.

    Args:
        session: The app that is served.
        address: Where it is served, such as ``http://localhost:7071``.
    """
    functions = session.host.functions
    yield "Functions:" if functions else "The app has no function that can be served."
    for function in sorted(functions, key=lambda each: (not each.is_http_function(), each.get_function_name().lower())):
        name = function.get_function_name()
        yield ""
        if function.is_http_function():
            yield f"    {name}: {_methods(function)}{address}/{session.front.template(function)}"
        else:
            trigger = function.get_trigger()
            yield f"    {name}: {trigger.type if trigger is not None else ''}"
    for name in sorted(session.loaded.disabled):
        yield ""
        yield f"    {name}: disabled"


def detail_of(session: Session, function: Function) -> str:
    """Say in a line what starts a function: its methods and route, its schedule and next time, its queue."""
    if function.is_http_function():
        return f"{_methods(function)}/{session.front.template(function)}"
    name = function.get_function_name()
    timer = session.timers.get(name)
    if timer is not None:
        following = f", next {timer.next:%Y-%m-%d %H:%M:%S %Z}" if timer.next is not None else ", never"
        return f"{timer.schedule.describe()}{following}"
    trigger = function.get_trigger()
    entry = trigger.get_dict_repr() if trigger is not None else {}
    place = next((f"{entry[key]}" for key in _PLACES if entry.get(key)), "")
    return f"{place} (POST /admin/functions/{name})".strip()


def _methods(function: Function) -> str:
    methods = methods_of(function)
    return f"[{','.join(sorted(methods))}] " if methods else ""
