"""The promises about what is public: names, import weight, the catalog, docstrings."""

from __future__ import annotations

import ast
import dataclasses
import doctest
import functools
import importlib
import inspect
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc import _catalog
from azfunc._core.binding import Record
from azfunc._core.registry import registry
from azfunc.extension import ExtensionMeta

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(azfunc.__file__).parent
MIXIN_TABLES = {"TriggerApi": _catalog.TRIGGERS, "BindingApi": _catalog.BINDINGS, "SettingsApi": _catalog.SETTINGS}
DECORATORS = {name: target for table in MIXIN_TABLES.values() for name, target in table.items()}

HEAVY = [
    "asyncio",
    "dataclasses",
    "dateutil",
    "datetime",
    "http.server",
    "inspect",
    "json",
    "logging",
    "multidict",
    "re",
    "typing",
    "typing_extensions",
    "werkzeug",
]

# Run by an interpreter that has not even its site-packages; the folders of this one are put back last.
REPORT = """
import sys
before = set(sys.modules)
sys.path[:0] = {root!r}
sys.path += {path!r}
{code}
print(*sorted(set(sys.modules) - before))
"""


def loaded_by(code: str) -> set[str]:
    """Give the modules that some code loads in a fresh interpreter."""
    report = REPORT.format(root=[str(ROOT.parent)], path=[each for each in sys.path if each], code=code)
    run = subprocess.run([sys.executable, "-I", "-S", "-c", report], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def public_objects() -> dict[str, Any]:
    """Give all public functions and classes."""
    found = {name: getattr(azfunc, name) for name in azfunc.__all__}
    return {name: each for name, each in found.items() if callable(each)}


def checked_imports(module: str) -> dict[str, str]:
    """Give what a module imports for type checkers: name, and the module it comes from."""
    found = {}
    for block in type_checking_blocks(module):
        for statement in ast.walk(block):
            if isinstance(statement, ast.ImportFrom) and str(statement.module).startswith("azfunc."):
                found |= {alias.name: str(statement.module).removeprefix("azfunc.") for alias in statement.names}
    return found


def checked_bases(module: str) -> dict[str, list[str]]:
    """Give the classes that a module defines for type checkers, with their bases."""
    return {
        statement.name: [ast.unparse(base) for base in statement.bases]
        for block in type_checking_blocks(module)
        for statement in block.body
        if isinstance(statement, ast.ClassDef)
    }


def type_checking_blocks(module: str) -> list[ast.If]:
    """Give the blocks of a module that only type checkers read."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    return [each for each in tree.body if isinstance(each, ast.If) and ast.unparse(each.test) == "TYPE_CHECKING"]


# --- names ------------------------------------------------------------------------------------------------------------


def test_star_import_gives_all_names() -> None:
    """`from azfunc import *` works and gives what `__all__` lists, each once and in order."""
    names: dict[str, Any] = {}
    exec("from azfunc import *", names)

    assert set(names) - {"__builtins__"} == set(azfunc.__all__)
    assert azfunc.__all__ == sorted(set(azfunc.__all__))


def test_all_names_are_imported_or_in_the_catalog() -> None:
    """A public name is either imported plainly or in the catalog; the module lists them all."""
    imported = {name for name in vars(azfunc) if name in azfunc.__all__}

    assert set(azfunc.__all__) == imported | set(_catalog.NAMES)
    assert set(azfunc.__all__) <= set(dir(azfunc))


@pytest.mark.parametrize(
    ("name", "advice"),
    [("QueueMesage", "; did you mean 'QueueMessage'?"), ("queue_message", "; did you mean 'QueueMessage'?"), ("x", "")],
)
def test_misspelt_name_gets_the_right_one(name: str, advice: str) -> None:
    """An unknown name is an AttributeError with the name that was probably meant."""
    with pytest.raises(AttributeError) as caught:
        getattr(azfunc, name)

    assert str(caught.value) == f"module 'azfunc' has no attribute {name!r}{advice}"


def test_private_name_gets_no_advice() -> None:
    """What Python itself asks modules for is no misspelt name."""
    with pytest.raises(AttributeError, match=r"no attribute '__paths__'$"):
        _ = azfunc.__paths__


def test_every_name_of_the_reference_is_there() -> None:
    """Both libraries' star imports give the same names, and azfunc some more."""
    reference = pytest.importorskip("azure.functions", reason="the reference is not installed; see `nox -s compat`")
    missing = {name for name in reference.__all__ if not hasattr(azfunc, name)}

    assert missing == set()


# --- weight -----------------------------------------------------------------------------------------------------------


def test_import_is_light() -> None:
    """Importing azfunc loads none of the heavy modules, and nothing from outside the standard library."""
    loaded = loaded_by("import azfunc")
    third_party = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names - {"azfunc"}

    assert loaded & set(HEAVY) == set()
    assert third_party == set()


def test_import_loads_no_service() -> None:
    """No service is imported before something of it is used."""
    assert {name for name in loaded_by("import azfunc") if name.startswith("azfunc.bindings")} == set()


def test_decorator_loads_its_own_service_only() -> None:
    """The first use of a decorator imports its service, and no other one."""
    loaded = loaded_by("import azfunc; azfunc.FunctionApp().queue_trigger('m', 'q', 'c')(lambda m: None)")

    assert {name for name in loaded if name.startswith("azfunc.bindings")} == {
        "azfunc.bindings",
        "azfunc.bindings.queue",
    }
    assert loaded & {"typing", "typing_extensions", "werkzeug", "inspect", "asyncio", "logging"} == set()


def test_public_name_loads_its_own_service_only() -> None:
    """The first use of a name imports the module that has it."""
    loaded = loaded_by("import azfunc; azfunc.TimerRequest")

    assert {name for name in loaded if name.startswith("azfunc.bindings.")} == {"azfunc.bindings.timer"}


# --- the catalog ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("binding_type", _catalog.TYPES)
def test_catalog_knows_where_a_binding_type_is(binding_type: str) -> None:
    """The module named for a binding type has its converter or its binding class."""
    module = _catalog.module(_catalog.TYPES[binding_type])
    found = [registry.get(binding_type), registry.binding_class(binding_type)]

    assert any(each is not None and each.__module__.startswith(module.__name__) for each in found)


@pytest.mark.parametrize("name", DECORATORS)
def test_catalog_knows_where_a_decorator_is(name: str) -> None:
    """The mixin named for a decorator has it, and apps and blueprints have the same one."""
    path, _, mixin = DECORATORS[name].partition(":")
    method = getattr(_catalog.module(path), mixin).__dict__[name]

    assert getattr(azfunc.FunctionApp, name) is method
    assert getattr(azfunc.Blueprint, name) is method


@pytest.mark.parametrize("name", _catalog.NAMES)
def test_catalog_knows_where_a_name_is(name: str) -> None:
    """The module named for a public name has it."""
    assert getattr(azfunc, name) is getattr(_catalog.module(_catalog.NAMES[name]), name)


def test_type_checkers_see_the_names_of_the_catalog() -> None:
    """What the package imports for type checkers is what it imports on first use."""
    assert checked_imports("__init__.py") == _catalog.NAMES


@pytest.mark.parametrize("api", MIXIN_TABLES)
def test_type_checkers_see_the_mixins_of_the_catalog(api: str) -> None:
    """The bases that type checkers see are the mixins that the decorators come from."""
    mixins = {target.partition(":")[2]: target.partition(":")[0] for target in MIXIN_TABLES[api].values()}
    imported = checked_imports("app.py")

    assert checked_bases("app.py")[api] == sorted(mixins)
    assert {name: imported[name] for name in mixins} == mixins


def test_tables_of_the_catalog_are_in_order() -> None:
    """Each table is sorted, so that a name has one place."""
    tables = [_catalog.TYPES, _catalog.TRIGGERS, _catalog.BINDINGS, _catalog.SETTINGS, _catalog.NAMES]

    assert [list(table) for table in tables] == [sorted(table) for table in tables]


# --- docstrings -------------------------------------------------------------------------------------------------------


# Where else people import from; `azfunc` itself has `public_objects`.
PUBLIC_MODULES = [
    "azfunc.bindings",
    "azfunc.compat",
    "azfunc.compat.migrate",
    "azfunc.extension",
    "azfunc.runtime.checking",
    "azfunc.runtime.loading",
    "azfunc.runtime.tracing",
    "azfunc.start",
    "azfunc.testing",
    "azfunc.testing.make",
]


@functools.cache
def documented() -> dict[str, Any]:
    """Give all public functions and classes, and the public methods and properties of the classes."""
    found = public_objects()
    for path in PUBLIC_MODULES:
        module = importlib.import_module(path)
        for name in getattr(module, "__all__", vars(module)):
            each = getattr(module, name)
            if not name.startswith("_") and callable(each) and str(each.__module__).startswith("azfunc."):
                found[f"{path}.{name}"] = each
    for name, each in list(found.items()):
        if inspect.isclass(each):
            found |= {f"{name}.{member}": function for member, function in members_of(each)}
    return found


def members_of(cls: type) -> Iterator[tuple[str, Any]]:
    """Give the public methods and properties of a class that are written in azfunc."""
    # Without the names of other libraries, which only say what is written here.
    for name in (each for each in dir(cls) if not each.startswith("_") and hasattr(cls, each)):
        static = inspect.getattr_static(cls, name)
        is_property = isinstance(static, property)
        member = static if is_property else getattr(cls, name)
        written = static.fget if is_property else member
        if (is_property or inspect.isroutine(member)) and str(getattr(written, "__module__", "")).startswith("azfunc"):
            yield name, member


def parameters_of(each: Any) -> set[str]:
    """Give the names that an object can be called with."""
    if inspect.isclass(each) and issubclass(each, Record):
        return set(each._fields)
    written = inspect.isclass(each) and each.__init__ is not object.__init__
    return set(inspect.signature(each.__init__ if written else each).parameters)


@pytest.mark.parametrize("name", documented())
def test_public_name_has_a_docstring(name: str) -> None:
    """Everything public says what it is, beginning with a sentence on one line."""
    text = inspect.getdoc(documented()[name]) or ""

    assert text.partition("\n")[0].endswith((".", "::", ":"))


@pytest.mark.parametrize("name", [name for name, each in documented().items() if "Args:\n" in (each.__doc__ or "")])
def test_documented_parameters_exist(name: str) -> None:
    """Each parameter that a docstring describes is one, and all of them are described."""
    each = documented()[name]
    section = (inspect.getdoc(each) or "").partition("Args:\n")[2].partition("\n\n")[0]
    described = re.findall(r"^    \*{0,2}(\w+):", section, re.MULTILINE)

    assert set(described) == parameters_of(each) - {"self"}


NOT_RUN = {"azfunc.start.LocalApp": "the app would stay loaded; tests/start does the same"}


def examples() -> dict[str, str]:
    """Give the docstrings that have examples, each once, by the first name that has it."""
    texts = {inspect.getdoc(each) or "": name for name, each in reversed(documented().items())}
    return {name: text for text, name in texts.items() if ">>>" in text and name not in NOT_RUN}


async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
    """Stand in examples for an app of a framework."""


def wsgi_app(environ: Any, start_response: Any) -> list[bytes]:
    """Stand in examples for an app of a framework."""
    return []


@pytest.mark.parametrize("name", sorted(examples()))
def test_example_of_a_docstring_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a docstring shows can be typed in, from the top of the project, and prints what it says."""
    text, each = examples()[name], documented()[name]
    if "azure-functions-durable" in text:
        pytest.importorskip("azure.durable_functions", reason="needs Durable's package; see `nox -s durable`")
    if "compat.installed" in text and "azure.functions" in sys.modules:
        pytest.skip("another test has imported the reference, and azfunc takes no place that is taken")
    monkeypatch.chdir(ROOT.parent)
    for registered, empty in (("_func_exts", {}), ("_app_exts", None), ("_info", {})):
        monkeypatch.setattr(ExtensionMeta, registered, empty)  # an example's extension is no other test's
    beside = {} if isinstance(each, property) else vars(importlib.import_module(inspect.unwrap(each).__module__))
    given = {"azfunc": azfunc, "func": azfunc, "app": azfunc.FunctionApp(), "Any": Any, "dataclasses": dataclasses}
    web = {"asgi_app": asgi_app, "wsgi_app": wsgi_app}
    example = doctest.DocTestParser().get_doctest(text, {**beside, **given, **web}, name, None, None)
    told: list[str] = []

    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=told.append)

    assert result.attempted
    assert result.failed == 0, "".join(told)


@pytest.mark.parametrize("name", [name for name, each in public_objects().items() if inspect.isclass(each)])
def test_public_class_is_pickled_by_its_name(name: str) -> None:
    """A public class can be sent to another process, by the module that it says it is from."""
    cls = public_objects()[name]

    assert pickle.loads(pickle.dumps(cls)) is cls
    assert getattr(importlib.import_module(cls.__module__), cls.__qualname__) is cls


def test_version_is_a_release() -> None:
    """The version has three numbers, and may be a preview."""
    assert re.fullmatch(r"\d+\.\d+\.\d+([a-z]+\d+)?", azfunc.__version__)
