"""Functions that were decorated with the reference, such as those of a durable `Blueprint`, as functions of azfunc.

A package that was imported beside the reference has containers made of its classes. What they say about a function is
read, and said again with azfunc's own bindings; nothing of theirs is changed, and the reference is not imported.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from azfunc._core.checks import is_dict, is_sequence, untyped
from azfunc._core.data_types import DataType
from azfunc._core.decorators import FunctionName
from azfunc._core.enums import BindingDirection
from azfunc._core.function import FunctionBuilder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from azfunc._core.binding import Binding

_OWN_PARAMETERS = frozenset({"self", "name", "type", "direction", "data_type", "kwargs", "args"})
_WRAPPED = ("__wrapped__", "orchestrator_function", "entity_function", "client_function")

_taken: WeakKeyDictionary[Any, _Taken] = WeakKeyDictionary()


class _Taken:
    """What was made of a builder of the reference, and which of its parts are in that already."""

    def __init__(self, builder: FunctionBuilder) -> None:
        self.builder = builder
        self.parts: list[Any] = []


def is_container(value: object) -> bool:
    """Tell whether something holds functions in the reference's manner: an object with a list of builders."""
    return not isinstance(value, type) and isinstance(getattr(value, "_function_builders", None), list)


def is_app(value: object) -> bool:
    """Tell whether something is an app in the reference's manner."""
    return is_container(value) and any(each.__name__ == "FunctionRegister" for each in type(value).__mro__)


def builders_of(container: Any) -> list[FunctionBuilder]:
    """Give the builders of a container: azfunc's as they are, the reference's as ones of azfunc."""
    return [each if isinstance(each, FunctionBuilder) else own_builder(each) for each in container._function_builders]


def own_builder(theirs: Any) -> FunctionBuilder:
    """Give the builder of azfunc for one of the reference, with all that was put on it; the same on every call."""
    function = theirs._function
    if theirs not in _taken:
        _taken[theirs] = _Taken(_begun(function))
    taken = _taken[theirs]
    made = taken.builder
    if function._func is not made:
        untyped(made)._function._func = function._func
    for part in (*function._bindings, *function._settings):
        if any(part is each for each in taken.parts):
            continue
        taken.parts.append(part)
        if part is function._trigger:
            made.add_trigger(untyped(_own_binding(part, is_trigger=True)))
        elif hasattr(part, "setting_name"):
            _add_setting(made, part)
        else:
            made.add_binding(_own_binding(part, is_trigger=False))
    if function.http_type != "function":
        made.configure_http_type(function.http_type)
    return made


def _begun(function: Any) -> FunctionBuilder:
    """Give a builder, with what azfunc's decorators have put on the function below those of the reference."""
    func = function._func
    if isinstance(func, FunctionBuilder):
        return untyped(func)  # type: ignore[no-any-return]  # of whatever parameters
    made: FunctionBuilder = FunctionBuilder(func, function.function_script_file)
    for name in _WRAPPED:
        below: Any = getattr(func, name, None)
        if issubclass(type(below), FunctionBuilder):
            made.take_over(below)
            break
    return made


def _own_binding(theirs: Any, *, is_trigger: bool) -> Binding:
    from azfunc.bindings.generic import GenericInputBinding, GenericOutputBinding, GenericTrigger

    is_output = theirs.direction == BindingDirection.OUT.value
    cls = GenericTrigger if is_trigger else GenericOutputBinding if is_output else GenericInputBinding
    data_type = None if theirs.data_type is None else DataType(theirs.data_type)
    made: Binding = untyped(cls)(name=theirs.name, type=theirs.type, data_type=data_type)
    names = dict.fromkeys(name for name in theirs.init_params if name not in _OWN_PARAMETERS)
    made.add_extra_fields({name: _plain(getattr(theirs, name, None)) for name in names})
    return made


def _plain(value: Any) -> Any:
    """Give a field with the names of the members of enums in it, as the reference writes them."""
    if hasattr(value, "name") and hasattr(value, "value"):
        return str(value)
    if is_dict(value):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if is_sequence(value) else value


def _add_setting(builder: FunctionBuilder, theirs: Any) -> None:
    from azfunc.settings import RetryPolicy

    said = {name: value for name, value in theirs.get_dict_repr().items() if name != "setting_name"}
    if theirs.setting_name == "function_name":
        builder.add_setting(FunctionName(function_name=said["function_name"]))
    elif theirs.setting_name == "retry_policy":
        builder.add_setting(RetryPolicy(**said))
