"""Runs the probes on one library and writes down what each gave: `python -m tests.parity.prober LIBRARY OUT.json`.

A probe is a snippet; the value of its last expression, or the error that it raises, is its outcome. The same probes run
on azfunc and on the reference, in a process of their own each. Outcomes are texts that do not depend on the library:
classes by their bare names, objects by the attributes that the reference documents, no addresses.
"""

from __future__ import annotations

import ast
import collections.abc
import contextlib
import copy
import dataclasses
import datetime
import enum
import functools
import importlib
import inspect
import io
import json
import logging
import os
import pickle
import re
import sys
import types
import typing
import warnings
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REFERENCE = "azure.functions"
LONG = 2500
DEEP = 8


class Prober:
    """Evaluates snippets on one library.

    Args:
        package: `azfunc` or `azure.functions`.
        attributes: Class -> attributes that its objects are shown with; found by introspection when left out.
    """

    def __init__(self, package: str, attributes: dict[str, list[str]] | None = None) -> None:
        self.package = package
        self.func = importlib.import_module(package)
        self.attributes = attributes if attributes is not None else {}
        self.learns = attributes is None

    # --- the names that snippets use ---

    def sub(self, name: str) -> Any:
        """Give a submodule of the library, by its name in the reference."""
        if self.package == REFERENCE:
            return importlib.import_module(f"{REFERENCE}.{name}")
        from azfunc.compat.facade import module

        return module(name)

    def conv(self, name: str) -> Any:
        """Give the converter of a binding type."""
        return self.func.get_binding_registry().get(name)

    def built(self, app: Any) -> dict[str, Any]:
        """Give the function JSON of each function of an app."""
        return {each.get_function_name(): json.loads(each.get_function_json()) for each in app.get_functions()}

    def http_datum(
        self,
        method: str = "GET",
        url: str = "https://example.test/api/f?x=1",
        headers: Any = None,
        query: Any = None,
        params: Any = None,
        body: Any = b"",
        body_type: str = "bytes",
    ) -> Any:
        """Make the datum of a request as the worker does."""
        datum = self.sub("meta").Datum

        def texts(mapping: Any) -> dict[str, Any]:
            return {key: datum(value, "string") for key, value in (mapping or {}).items()}

        parts = {"method": datum(method, "string"), "url": datum(url, "string"), "body": datum(body, body_type)}
        return datum({**parts, "headers": texts(headers), "query": texts(query), "params": texts(params)}, "http")

    def namespace(self) -> dict[str, Any]:
        """Give the module that a snippet is run in."""
        module = types.ModuleType("probe")
        sys.modules["probe"] = module
        module.__dict__.update(
            {
                each.__name__: each
                for each in (copy, dataclasses, datetime, enum, functools, inspect, io, json, logging)
            },
            os=os,
            pickle=pickle,
            sys=sys,
            typing=typing,
            asyncio=importlib.import_module("asyncio"),
            SN=types.SimpleNamespace,
            func=self.func,
            sub=self.sub,
            conv=self.conv,
            built=self.built,
            http_datum=self.http_datum,
            fake_mcp=fake_mcp,
            Datum=self.sub("meta").Datum,
        )
        return module.__dict__

    # --- running ---

    def outcome(self, code: str) -> dict[str, str]:
        """Give what a snippet gives or raises."""
        with kept(self), warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            sys.unraisablehook = lambda _: None
            try:
                return {"gives": self.shown(self.evaluated(code))}
            except Exception as error:  # noqa: BLE001  # any error is an outcome
                kinds = [each.__name__ for each in type(error).__mro__ if each.__module__ == "builtins"]
                raised = {"raises": kinds[0], "message": self.message_of(error)}
                return {**raised, "also": " ".join(kinds)} if self.package != REFERENCE else raised
            finally:
                sys.unraisablehook = sys.__unraisablehook__

    def evaluated(self, code: str) -> Any:
        """Run a snippet; give the value of its last expression."""
        tree = ast.parse(code)
        namespace = self.namespace()
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<probe>", "exec", dont_inherit=True), namespace)
        if not isinstance(last, ast.Expr):
            return None
        return eval(compile(ast.Expression(last.value), "<probe>", "eval", dont_inherit=True), namespace)

    def message_of(self, error: BaseException) -> str:
        """Give the text of an error, without azfunc's advice."""
        text = error.args[0] if error.args and isinstance(error.args[0], str) else str(error)
        return neutral(text)[:600]

    # --- showing ---

    def shown(self, value: Any, depth: int = 0) -> str:
        """Give a value as a text."""
        if depth > DEEP:
            return "..."
        if isinstance(value, enum.Enum):
            return f"{type(value).__name__}.{value.name}"
        if isinstance(value, str) and type(value) is str:
            return neutral(repr(value)) if len(value) <= LONG else f"<text of {len(value)}>"
        if value is None or isinstance(value, (bool, int, float, complex, bytes, bytearray, memoryview)):
            return neutral(repr(value))
        if isinstance(value, type):
            return value.__name__.lstrip("_")
        return self._shown_collection(value, depth + 1) or self._shown_object(value, depth + 1)

    def _shown_collection(self, value: Any, depth: int) -> str:
        kind = type(value)
        own = "" if kind in (dict, list, tuple, set, frozenset) else kind.__name__
        if kind.__name__ == "Datum":
            return f"Datum({self.shown(value.value, depth)}, {value.type!r})"
        if isinstance(value, collections.abc.Mapping) or hasattr(kind, "keys"):
            items = {**value}.items() if hasattr(kind, "__getitem__") else ()
            return own + "{" + ", ".join(f"{self.shown(k, depth)}: {self.shown(v, depth)}" for k, v in items) + "}"
        inner = (
            [self.shown(each, depth) for each in value]
            if isinstance(value, (list, tuple, set, frozenset, collections.abc.MutableSequence))
            else None
        )
        if inner is None:
            return ""
        if isinstance(value, (set, frozenset)):
            return f"{own}{{{', '.join(sorted(inner))}}}"
        return f"{own}({', '.join(inner)})" if isinstance(value, tuple) else f"{own}[{', '.join(inner)}]"

    def _shown_object(self, value: Any, depth: int) -> str:
        kind = type(value)
        if not kind.__module__.startswith(("azfunc", REFERENCE)) or isinstance(value, BaseException):
            return neutral(repr(value))
        name = kind.__name__.lstrip("_")
        if self.learns:
            self.attributes.setdefault(name, public_attributes(kind))
        parts: list[str] = []
        for attribute in self.attributes.get(name, []):
            try:
                found = getattr(value, attribute.removesuffix("()"))
                found = found() if attribute.endswith("()") else found
            except Exception as error:  # noqa: BLE001  # as above
                kinds = [each.__name__ for each in type(error).__mro__ if each.__module__ == "builtins"]
                if attribute != "get_json()":
                    parts.append(f"{attribute}=!{kinds[0]}")
                continue
            if found is not None and found is not value:
                parts.append(f"{attribute}={self.shown(found, depth)}")
        return f"{name}({', '.join(parts)})"


def public_attributes(kind: type) -> list[str]:
    """Give the properties of a class, and the methods that give its content."""
    if kind.__name__ in (
        "FunctionApp",
        "Blueprint",
        "Function",
        "FunctionBuilder",
        "AsgiFunctionApp",
        "WsgiFunctionApp",
    ):
        return []
    found: list[str] = []
    for name in sorted(each for each in dir(kind) if not each.startswith("_")):
        raw = inspect.getattr_static(kind, name)
        if isinstance(raw, property):
            found.append(name)
        elif name in ("get_body", "get_json", "read"):
            found.append(f"{name}()")
    return found


def neutral(text: str) -> str:
    """Take what depends on the library or the process out of a text."""
    text = re.sub(r"0x[0-9a-fA-F]{4,}", "0x", text)
    text = re.sub(r"\b(?:azure\.functions|azfunc)(?:\.\w+)*\.(_*)(\w+)", r"\2", text)
    text = re.sub(r"\b(?:azure\.functions|azfunc)\b", "LIBRARY", text)
    # What the interpreter says of a call names the class that has the method; and 3.10 has another text for setters.
    text = re.sub(r"\b\w+\.(\w+\(\)) (missing|got|takes)", r"\1 \2", text)
    text = re.sub(r"(can't set attribute '\w+'|property '\w+' of '\w+' object has no setter)", "no setter", text)
    return re.sub(r"(<class ')probe\.", r"\1", text)


@contextlib.contextmanager
def kept(prober: Prober) -> typing.Iterator[None]:
    """Put back what a snippet may change: registries, extensions, modules, the environment."""
    meta = prober.func.ExtensionMeta
    extensions = {name: getattr(meta, name) for name in ("_func_exts", "_app_exts", "_info")}
    for name, fresh in (("_func_exts", {}), ("_app_exts", None), ("_info", {})):
        setattr(meta, name, fresh)
    registry = prober.func.get_binding_registry()
    converters = dict(registry._bindings)
    environment = dict(os.environ)
    modules = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "mcp"}
    try:
        yield
    finally:
        for name, value in extensions.items():
            setattr(meta, name, value)
        registry._bindings.clear()
        registry._bindings.update(converters)
        os.environ.clear()
        os.environ.update(environment)
        sys.modules.pop("probe", None)
        for name in [each for each in sys.modules if each.partition(".")[0] == "mcp" and each not in modules]:
            del sys.modules[name]
        sys.modules.update(modules)


def fake_mcp() -> Any:
    """Put stand-ins for the classes of the MCP SDK into the table of modules."""
    package, module = types.ModuleType("mcp"), types.ModuleType("mcp.types")

    class Base:
        def __init__(self, **fields: Any) -> None:
            self.__dict__.update(fields)

        def model_dump(self, mode: str = "python", exclude_none: bool = False, **_: Any) -> dict[str, Any]:
            def plain(value: Any) -> Any:
                if isinstance(value, Base):
                    return value.model_dump()
                return [plain(each) for each in value] if isinstance(value, list) else value

            return {k: plain(v) for k, v in self.__dict__.items() if not (exclude_none and v is None)}

    for name in ("TextContent", "ImageContent", "CallToolResult"):
        setattr(module, name, type(name, (Base,), {"__module__": "mcp.types"}))
    package.types = module  # type: ignore[attr-defined]  # a module made by hand
    sys.modules["mcp"], sys.modules["mcp.types"] = package, module
    return module


# --- all probes -------------------------------------------------------------------------------------------------------


def all_probes() -> dict[str, str]:
    """Give the snippet of every probe by its id: those of the file, and a cell for each place of the tables."""
    data = json.loads((HERE / "probes.json").read_text())
    found: dict[str, str] = dict(data["probes"])
    tables = data["tables"]
    for kind in tables["decode"]["bindings"]:
        for datum in tables["decode"]["inputs"]:
            found[f"{kind} decode {datum}"] = f"conv({kind!r}).decode({datum}, trigger_metadata={{}})"
    for kind in tables["encode"]["bindings"]:
        for value in tables["encode"]["inputs"]:
            found[f"{kind} encode {value}"] = f"conv({kind!r}).encode({value}, expected_type=None)"
    for side in ("input", "output"):
        for kind in tables[side]["bindings"]:
            for annotation in tables["annotations"]:
                code = f"bool(conv({kind!r}).check_{side}_type_annotation({annotation}))"
                found[f"{kind} {side} {annotation}"] = code
    for name in tables["exports"]:
        found[f"export {name}"] = f"names_of(func.{name})"
    return found


def names_of(value: Any) -> list[str]:
    """Give the public members of a class, and the parameters of a function or a constructor."""
    if not isinstance(value, type):
        return [f"({name})" for name in inspect.signature(value).parameters]
    if issubclass(value, enum.Enum):
        return [f".{name}" for name in value.__members__]
    own = [each for each in value.__mro__ if each.__module__.startswith(("azfunc", REFERENCE))]
    found = {f".{name}" for each in own for name in vars(each) if not name.startswith("_")}
    if any("__init__" in vars(each) for each in own):
        names = list(inspect.signature(value.__init__).parameters)[1:]  # type: ignore[misc]  # read, not called
        found |= {f"({name})" for name in names if name not in ("args", "kwargs")}
    return sorted(found)


def record(package: str, attributes: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """Run every probe on a library, and give the outcomes by id."""
    prober = Prober(package, attributes)
    logging.disable(logging.CRITICAL)
    builtin_names = vars(importlib.import_module("builtins"))
    builtin_names["names_of"] = names_of
    try:
        outcomes = {name: prober.outcome(code) for name, code in all_probes().items()}
    finally:
        del builtin_names["names_of"]
        logging.disable(logging.NOTSET)
    return {"attributes": prober.attributes, "outcomes": outcomes}


if __name__ == "__main__":
    library, out, *facts = sys.argv[1:]
    known = json.loads(Path(facts[0]).read_text())["attributes"] if facts else None
    Path(out).write_text(json.dumps(record(library, known), indent=0, ensure_ascii=False) + "\n")
