"""Bindings and settings: declared ones, those of other packages, and their JSON."""

from __future__ import annotations

import copy
import enum
import importlib
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc._core import binding as core_module
from azfunc._core.binding import AppDefaults, InputBinding, OutputBinding, Setting, Trigger, field, without_none
from azfunc._core.enums import BindingDirection
from azfunc._core.names import to_camel_case
from azfunc._core.registry import registry
from azfunc.bindings.generic import GenericTrigger

if TYPE_CHECKING:
    from types import ModuleType


class ParcelTrigger(Trigger, type="parcelTrigger"):
    """A declared binding class."""

    depot_name: str
    poll_seconds: int | None = None


class ParcelOutput(OutputBinding, type="parcel"):
    """A declared output, with a field that has another name inside."""

    _depot: str = field(alias="depot")


class Plain(enum.Enum):
    """An enum that is not made for function.json."""

    A = 1


@pytest.fixture
def core(func: ModuleType) -> Any:
    """The module with the base classes that other packages derive bindings from."""
    return core_module if func is azfunc else importlib.import_module("azure.functions.decorators.core")


def entry_of(func: ModuleType, **fields: Any) -> dict[str, Any]:
    """Give the entry that a generic trigger makes of some extra fields."""
    app = func.FunctionApp()

    @app.generic_trigger(arg_name="t", type="x", **fields)
    def f(t: Any) -> None: ...

    [entry] = json.loads(app.get_functions()[0].get_function_json())["bindings"]
    assert (entry.pop("direction"), entry.pop("type"), entry.pop("name")) == ("IN", "x", "t")
    return entry  # type: ignore[no-any-return]  # read from JSON


# --- declared classes -------------------------------------------------------------------------------------------------


def test_declared_class_makes_its_entry() -> None:
    """Direction, type and name come first, then the fields under their camel case names; None is left out."""
    made = ParcelTrigger(name="p", depot_name="north").get_dict_repr()

    assert list(made.items()) == [
        ("direction", BindingDirection.IN),
        ("type", "parcelTrigger"),
        ("name", "p"),
        ("depotName", "north"),
    ]


def test_data_type_stands_behind_the_direction() -> None:
    """A data type has its place in the entry, and is a number when asked of the binding."""
    made = ParcelTrigger(name="p", depot_name="north", data_type=azfunc.DataType.BINARY, poll_seconds=0)

    assert list(made.get_dict_repr()) == ["direction", "dataType", "type", "name", "depotName", "pollSeconds"]
    assert made.data_type == 2


def test_binding_answers_what_the_worker_asks() -> None:
    """Name, type, direction as a number, and data type."""
    trigger, output = ParcelTrigger(name="p", depot_name="n"), ParcelOutput(name="o", depot="n")

    assert (trigger.name, trigger.type, trigger.direction, trigger.data_type) == ("p", "parcelTrigger", 0, None)
    assert (output.name, output.type, output.direction, output.data_type) == ("o", "parcel", 1, None)
    assert trigger.init_params == ["name", "depot_name", "poll_seconds"]


def test_declared_class_is_known_by_its_type() -> None:
    """The registry finds the class that stands for a binding type."""
    assert registry.binding_class("parcelTrigger") is ParcelTrigger
    assert registry.binding_class("no such type") is None


def test_declared_class_refuses_what_it_lacks() -> None:
    """A misspelt field of a declared class is an error with the right name."""
    with pytest.raises(azfunc.ArgumentTypeError, match="has no field 'depotname'") as caught:
        ParcelTrigger(name="p", depotname="n", depot_name="n")  # type: ignore[call-arg]  # the point of the test

    assert "Did you mean 'depot_name'?" in caught.value.hint


def test_binding_needs_a_name() -> None:
    """No binding is without a name."""
    with pytest.raises(azfunc.ArgumentTypeError, match="'name'"):
        ParcelTrigger(depot_name="n")  # type: ignore[call-arg]  # the point of the test


def test_binding_is_a_value() -> None:
    """Bindings are equal by value, and survive copying and pickling with their extra fields."""
    made = ParcelTrigger(name="p", depot_name="n", extra={"more_of_it": [1]})  # type: ignore[call-arg]  # for makers of decorators

    assert made == copy.deepcopy(made) == pickle.loads(pickle.dumps(made))
    assert hash(made) == hash(copy.deepcopy(made))
    assert made != ParcelTrigger(name="p", depot_name="n")
    assert eval(repr(made)) == made
    assert repr(made) == "ParcelTrigger(name='p', depot_name='n', extra={'more_of_it': [1]})"


def test_binding_stays_as_it_is_when_built() -> None:
    """What depends on nothing is given as it is; a changed binding is a copy."""
    made = ParcelTrigger(name="p", depot_name="n")

    assert made.finish("f", AppDefaults()) is made
    assert made.replace(depot_name="south").depot_name == "south"
    assert made.depot_name == "n"


def test_written_keys_stand_in_the_entry() -> None:
    """Extension packages write further keys into `_dict`, and the entry has them."""
    made = ParcelTrigger(name="p", depot_name="n")
    made._dict["properties"] = {"SupportsDeferredBinding": True}

    made._dict["depot"] = "more"

    assert made.get_dict_repr()["properties"] == {"SupportsDeferredBinding": True}
    assert made.get_dict_repr()["depot"] == "more"
    assert made.get_dict_repr()["depotName"] == "n"


def test_trigger_type_is_recognised() -> None:
    """A trigger is of a class, or is a generic one of the same binding type."""
    assert Trigger.is_supported_trigger_type(ParcelTrigger(name="p", depot_name="n"), ParcelTrigger)
    assert Trigger.is_supported_trigger_type(GenericTrigger(name="p", type="parcelTrigger"), ParcelTrigger)
    assert not Trigger.is_supported_trigger_type(GenericTrigger(name="p", type="other"), ParcelTrigger)


# --- classes of other packages ----------------------------------------------------------------------------------------


def test_parameters_of_a_written_constructor_become_keys(core: Any) -> None:
    """A binding class with a constructor of its own writes each parameter that it was given by keyword."""

    class T(core.Trigger):
        @staticmethod
        def get_binding_name() -> str:
            return "mine"

        def __init__(self, name: str, some_value: int = 1, unset_attr: str = "lost") -> None:
            self.some_value = some_value
            super().__init__(name=name)

    assert list(T(name="n", some_value=2, unset_attr="x").get_dict_repr().items()) == [
        ("direction", core.BindingDirection.IN),
        ("type", "mine"),
        ("name", "n"),
        ("someValue", 2),
        ("unsetAttr", "x"),
    ]
    assert T(name="n").get_dict_repr() == {
        "direction": core.BindingDirection.IN,
        "type": "mine",
        "name": "n",
        "someValue": 1,
    }


def test_positional_arguments_become_keys_too() -> None:
    """Arguments given by position are written as well. Unlike the reference, which loses some of them."""

    class T(Trigger):
        def __init__(self, name: str, some_value: int = 1, unset_attr: str = "lost") -> None:
            super().__init__(name)

    assert [T("n", 2, "x").get_dict_repr()[key] for key in ("name", "someValue", "unsetAttr")] == ["n", 2, "x"]


def test_name_of_the_class_wins_over_the_type_given(core: Any) -> None:
    """`get_binding_name()` decides on the type."""

    class T(core.Trigger):
        @staticmethod
        def get_binding_name() -> str:
            return "fixed"

        def __init__(self, name: str, **kwargs: Any) -> None:
            super().__init__(name=name, type="other")

    assert T(name="n").type == "fixed"


def test_type_given_stands_when_the_class_names_none(core: Any) -> None:
    """A class for several binding types takes the type that each instance is given."""

    class O(core.OutputBinding):  # noqa: E742  # short for a fact
        @staticmethod
        def get_binding_name() -> None:
            return None

        def __init__(self, name: str, type: str, **kwargs: Any) -> None:
            super().__init__(name=name, type=type)

    made = O(name="n", type="q", more_of_it=4)

    assert made.get_dict_repr() == {
        "direction": core.BindingDirection.OUT,
        "type": "q",
        "name": "n",
        "moreOfIt": 4,
    }
    assert made.direction == 1


def test_keywords_of_a_written_constructor_become_keys(core: Any, func: Any) -> None:
    """Further keywords are written, those that a base class takes included, and the data type in its own place."""

    class Base(core.InputBinding):
        @staticmethod
        def get_binding_name() -> str:
            return "mine"

        def __init__(self, name: str, base_field: int = 1, **kwargs: Any) -> None:
            self.base_field = base_field
            super().__init__(name=name, **kwargs)

    class Derived(Base):
        def __init__(self, name: str, own_field: int = 1, **kwargs: Any) -> None:
            self.own_field = own_field
            super().__init__(name=name, **kwargs)

    assert Derived(name="n", own_field=2, base_field=3, data_type=func.DataType.STRING).get_dict_repr() == {
        "direction": core.BindingDirection.IN,
        "dataType": func.DataType.STRING,
        "type": "mine",
        "name": "n",
        "ownField": 2,
        "baseField": 3,
    }


def test_written_class_without_constructor(core: Any) -> None:
    """A class that only names its type needs no constructor."""

    class T(core.Trigger):
        @staticmethod
        def get_binding_name() -> str:
            return "mine"

    assert T(name="n").get_dict_repr() == {"direction": core.BindingDirection.IN, "type": "mine", "name": "n"}


def test_constructor_of_a_base_takes_its_arguments_by_position() -> None:
    """Name, data type and type may be given by position. Unlike the reference, which then loses the name."""

    class T(Trigger):
        @staticmethod
        def get_binding_name() -> str | None:  # type: ignore[override]  # as other packages write it
            return None

    made: Any = T

    assert made("n", azfunc.DataType.STRING, "mine").get_dict_repr() == {
        "direction": BindingDirection.IN,
        "dataType": azfunc.DataType.STRING,
        "type": "mine",
        "name": "n",
    }


def test_constructor_may_extend_a_declared_class() -> None:
    """A written constructor may hand its arguments to a declared class, renamed or through keywords."""

    class North(ParcelTrigger):
        def __init__(self, name: str, **kwargs: Any) -> None:
            super().__init__(name=name, depot_name="north", **kwargs)

    made = North(name="p", poll_seconds=5)

    assert made.get_dict_repr() == ParcelTrigger(name="p", depot_name="north", poll_seconds=5).get_dict_repr()
    assert made.extra_fields == {}


def test_property_of_a_class_stands_for_its_parameter(core: Any) -> None:
    """Where the class has a property of a parameter's name, the property's value is written."""

    class T(core.Trigger):
        @staticmethod
        def get_binding_name() -> str:
            return "mine"

        @property
        def level(self) -> str:
            return self._level.upper()  # type: ignore[no-any-return]  # of either library

        def __init__(self, name: str, level: str) -> None:
            self._level = level
            super().__init__(name=name)

    assert T(name="n", level="low").get_dict_repr()["level"] == "LOW"


def test_written_constructor_keeps_its_looks() -> None:
    """Signature and docstring of a written constructor stay what they are."""
    import inspect

    class T(Trigger):
        def __init__(self, name: str, some_value: int = 1) -> None:
            """Make one."""
            super().__init__(name=name)

    assert str(inspect.signature(T)) == "(name: 'str', some_value: 'int' = 1) -> 'None'"
    assert T.__init__.__doc__ == "Make one."


def test_binding_of_another_package_is_put_on_a_function(func: ModuleType, core: Any) -> None:
    """A decorator of another package puts its own binding on a function through the builder."""

    class DurableLike(core.InputBinding):
        @staticmethod
        def get_binding_name() -> str:
            return "mine"

        def __init__(self, name: str, task_hub: str | None = None, connection_name: str | None = None) -> None:
            self.task_hub = task_hub
            self.connection_name = connection_name
            super().__init__(name=name)

    app = func.FunctionApp()

    def wrap(builder: Any) -> Any:
        builder.add_binding(binding=DurableLike(name="client", task_hub="hub"))
        return builder

    def f(req: Any, client: Any) -> None: ...

    app.generic_trigger(arg_name="req", type="x")(app._configure_function_builder(wrap)(f))

    assert json.loads(app.get_functions()[0].get_function_json())["bindings"][0] == {
        "direction": "IN",
        "type": "mine",
        "name": "client",
        "taskHub": "hub",
    }


# --- extra fields -----------------------------------------------------------------------------------------------------


def test_extra_fields_are_camel_cased(func: ModuleType) -> None:
    """Keywords that a decorator does not know are written under their camel case names, in their order."""
    given = {"one_two": "a", "oneTwo2": "b", "plain": "c", "ONE": "d", "http_2nd": "e", "url_URL": "f", "_lead": "g"}

    assert list(entry_of(func, **given)) == [to_camel_case(name) for name in given]


def test_none_is_left_out_at_every_depth(func: ModuleType) -> None:
    """A field that is None is not written, in nested values neither; other empty values are."""
    assert entry_of(func, gone=None, zero=0, empty="", no=False, nested={"a": None, "b": [1, None, {"c": None}]}) == {
        "zero": 0,
        "empty": "",
        "no": False,
        "nested": {"b": [1, {}]},
    }


def test_enum_in_an_extra_field_is_written_by_name(func: ModuleType) -> None:
    """A member of one of the library's enums may stand anywhere in an extra field."""
    level = func.AuthLevel.ADMIN

    assert entry_of(func, level=level, levels=[level]) == {"level": "ADMIN", "levels": ["ADMIN"]}


def test_direction_that_agrees_is_accepted(func: ModuleType) -> None:
    """People who copy function.json give the direction as well."""
    assert entry_of(func, direction="IN", script_file="s") == {"scriptFile": "s"}


def test_data_type_may_be_an_extra_field(func: ModuleType) -> None:
    """The data type in the spelling of function.json is passed on."""
    if func is azfunc:
        with pytest.warns(azfunc.AzfuncWarning, match="did you mean 'data_type'"):
            assert entry_of(func, dataType="z") == {"dataType": "z"}
    else:
        assert entry_of(func, dataType="z") == {"dataType": "z"}


@pytest.mark.parametrize("value", [object(), Plain.A, {1, 2}], ids=["object", "enum", "set"])
def test_value_without_json_is_refused_when_written(func: ModuleType, value: Any) -> None:
    """What JSON does not know cannot stand in function.json; the text is Python's."""
    with pytest.raises(TypeError, match=f"Object of type {type(value).__name__} is not JSON serializable"):
        entry_of(func, thing=value)


def test_value_without_json_is_shown() -> None:
    """The hint says which value it is, and what would do."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        entry_of(azfunc, thing=Plain.A)

    assert caught.value.hint == (
        "Fields of function.json are text, numbers, booleans, and lists and dicts of them, not <Plain.A: 1>."
    )


@pytest.mark.parametrize("name", ["direction", "type", "name", "type_", "_name"])
def test_extra_field_cannot_replace_what_the_decorator_sets(name: str) -> None:
    """Type, name and another direction are refused, under which spelling ever, when the binding is made."""
    made = ParcelTrigger(name="p", depot_name="n")

    if name == "_name":  # it is written as Name, which is another key
        made.add_extra_fields({name: "other"})
        assert made.get_dict_repr()["Name"] == "other"
        return
    with pytest.raises(azfunc.DefinitionError, match=f"extra field '{name}' would replace the") as caught:
        made.add_extra_fields({name: "OUT"})
    assert "parcelTrigger 'p'" in caught.value.message
    assert caught.value.binding_name == "p"
    assert made.extra_fields == {}


def test_extra_field_with_no_name_is_refused() -> None:
    """A key that is no word is refused at the decorator; the text is the reference's, which raises later."""
    with pytest.raises(ValueError, match="Please ensure my-key is a word"):
        azfunc.FunctionApp().generic_trigger("t", "x", **{"my-key": 1})


def test_extra_fields_are_attributes() -> None:
    """A field that the class does not declare can be read like one that it does."""
    made = ParcelTrigger(name="p", depot_name="n")
    made.add_extra_fields({"more_of_it": 1})

    assert made.more_of_it == 1
    assert "more_of_it" in made.init_params
    with pytest.raises(AttributeError, match="'ParcelTrigger' object has no attribute 'less_of_it'"):
        _ = made.less_of_it


def test_same_decorator_serves_two_functions(func: ModuleType) -> None:
    """A decorator may be kept and used again; both functions have the binding."""
    app = func.FunctionApp()
    decorate = app.queue_trigger(arg_name="d", connection="c", queue_name="q")

    def a(d: Any) -> None: ...

    def b(d: Any) -> None: ...

    decorate(a)
    decorate(b)

    first, second = (json.loads(function.get_function_json())["bindings"] for function in app.get_functions())
    assert first == second


def test_lists_and_dicts_are_cleaned_of_none() -> None:
    """None goes from lists and dicts at every depth; other values stay the same object."""
    value = object()

    assert without_none({"a": [None, {"b": None, "c": (None,)}], "d": value}) == {"a": [{"c": (None,)}], "d": value}


# --- settings ---------------------------------------------------------------------------------------------------------


class Parking(Setting, setting_name="parking"):
    """A setting with a field that may be left out."""

    floor: int
    spot: str | None = None


def test_setting_is_read_by_the_worker() -> None:
    """A setting is known by its name and gives its fields; None is left out."""
    made = Parking(floor=3)

    assert made.setting_name == made.get_setting_name() == "parking"
    assert made.get_dict_repr() == {"setting_name": "parking", "floor": 3}
    assert made.get_settings_value("floor") == 3
    assert made.get_settings_value("spot") is None
    assert made.get_settings_value("nope") is None


def test_setting_keeps_the_name_of_its_base() -> None:
    """A setting derived from another is known by the same name, unless it says otherwise."""

    class LongParking(Parking):
        days: int = 7

    assert LongParking(floor=3).get_dict_repr() == {"setting_name": "parking", "floor": 3, "days": 7}


def test_setting_has_extra_fields() -> None:
    """Further fields are kept as they are named."""
    made = Parking(floor=3)
    made.add_extra_fields({"more_of_it": 1, "gone": None})

    assert made.get_dict_repr() == {"setting_name": "parking", "floor": 3, "more_of_it": 1}
    assert made.extra_fields == {"more_of_it": 1, "gone": None}
    assert made.get_settings_value("more_of_it") == 1


@pytest.mark.parametrize(
    ("extra", "text"),
    [([1], "Extra fields are a mapping, and [1] is a list."), ({"floor": 4}, "'floor' is a field of parking already")],
    ids=["list", "declared"],
)
def test_wrong_extra_fields_of_a_setting_are_refused(extra: Any, text: str) -> None:
    """Extra fields are a mapping without the declared ones."""
    with pytest.raises(azfunc.ArgumentTypeError) as caught:
        Parking(floor=3).add_extra_fields(extra)

    assert text in caught.value.message
    assert caught.value.hint


def test_input_binding_has_its_direction() -> None:
    """The three kinds of binding differ in their direction."""
    assert InputBinding(name="i").direction == Trigger(name="t").direction == 0
    assert OutputBinding(name="o").direction == 1
