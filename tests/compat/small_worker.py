"""A worker as small as can be: loads an app, and calls its functions through the converters of their library.

Run as a program, since all apps have a module `function_app`::

    python small_worker.py LIBRARY FOLDER CALLS

LIBRARY is ``azfunc`` or ``azure.functions``; or ``stand-in``, which is azfunc under the other name. It prints the
functions, their function.json, and what each call gave, as JSON. Nothing here knows of azfunc but that choice.
"""

from __future__ import annotations

import asyncio
import base64
import importlib
import inspect
import json
import logging
import sys
import traceback
import typing
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class Out:
    """An out parameter."""

    def __init__(self) -> None:
        self.value: Any = None

    def set(self, value: Any) -> None:
        """Take what the function sends."""
        self.value = value

    def get(self) -> Any:
        """Give it back."""
        return self.value


class SmallWorker:
    """An app of one library, and the library's converters.

    Args:
        package: Name of the library.
        folder: Folder of the app.
    """

    def __init__(self, package: str, folder: Path) -> None:
        self.library = importlib.import_module(package)
        self.folder = folder
        if package == "azfunc":
            self.Datum = importlib.import_module("azfunc.bindings").Datum
        else:
            self.Datum = importlib.import_module("azure.functions.meta").Datum
        self.logs: list[str] = []
        handler = logging.Handler()
        handler.emit = self.keep  # type: ignore[method-assign]
        logging.getLogger().addHandler(handler)
        logging.getLogger().setLevel(logging.INFO)

    def keep(self, record: logging.LogRecord) -> None:
        """Keep what a function logs."""
        if record.name == "root":
            self.logs.append(record.getMessage())

    def functions(self) -> dict[str, tuple[dict[str, Any], Any]]:
        """Give the functions by name, each with its function.json."""
        if not (self.folder / "function_app.py").exists():
            return {path.parent.name: self.older(path) for path in sorted(self.folder.glob("*/function.json"))}
        module = importlib.import_module("function_app")
        [app] = [each for each in vars(module).values() if isinstance(each, self.library.FunctionRegister)]
        return {
            each.get_function_name(): (json.loads(each.get_function_json()), each.get_user_function())
            for each in app.get_functions()
        }

    def older(self, path: Path) -> tuple[dict[str, Any], Any]:
        """Give a function of the older model."""
        lines = path.read_text(encoding="utf-8").splitlines()
        content = json.loads("\n".join(line for line in lines if not line.startswith("//")))
        stem = Path(content["scriptFile"]).stem
        module = importlib.import_module(path.parent.name if stem == "__init__" else f"{path.parent.name}.{stem}")
        return content, getattr(module, content.get("entryPoint", "main"))

    # --- one call -----------------------------------------------------------------------------------------------------

    async def call(self, function: Any, bindings: list[Any], inputs: Any, metadata: Any) -> dict[str, Any]:
        """Decode, call and encode as a worker does, and give what came of it."""
        self.logs = []
        try:
            given = await self.outputs(function, bindings, inputs, metadata)
        except Exception as error:  # noqa: BLE001  # any error is an answer
            kinds = [each.__name__ for each in type(error).__mro__ if each.__module__ == "builtins"]
            given = {
                "raises": kinds[0],
                "message": str(error.args[0] if error.args else ""),
                "trace": traceback.format_exc(),
            }
        return {**given, "logs": self.logs}

    async def outputs(self, function: Any, bindings: list[Any], inputs: Any, metadata: Any) -> dict[str, Any]:
        """Give what a function sends to its outputs."""
        trigger = next(each for each in bindings if each["type"].lower().endswith("trigger"))
        read = {name: self.datum(value) for name, value in metadata.items()}
        arguments: dict[str, Any] = {}
        for each in bindings:
            if each["direction"].upper() == "IN":
                data = self.datum(inputs[each["name"]]) if each["name"] in inputs else None
                arguments[each["name"]] = self.decoded(each["type"], data, read if each is trigger else {})
        sent = {each["name"]: each for each in bindings if each["direction"].upper() == "OUT"}
        outs = {name: Out() for name in sent if name != "$return"}
        arguments.update(outs)
        if "context" in inspect.signature(function).parameters and "context" not in arguments:
            arguments["context"] = self.context(function)
        hints = typing.get_type_hints(inspect.unwrap(function))
        if inspect.iscoroutinefunction(function):
            result = await function(**arguments)
        else:
            result = await asyncio.to_thread(function, **arguments)
        given = {
            name: self.encoded(sent[name]["type"], out.get(), *typing.get_args(hints.get(name)))
            for name, out in outs.items()
            if out.get() is not None
        }
        if "$return" in sent:
            given["$return"] = self.encoded(sent["$return"]["type"], result, hints.get("return"))
        elif getattr(self.converter(trigger["type"]), "has_implicit_output", bool)():
            given["$return"] = self.encoded(trigger["type"], result, hints.get("return"))
        return {"outputs": given}

    def context(self, function: Any) -> Any:
        """Give the context of a call."""
        return SimpleNamespace(
            function_name=function.__name__, invocation_id="call", thread_local_storage=SimpleNamespace()
        )

    def converter(self, binding_type: str) -> Any:
        """Give the converter of a binding type, or None."""
        return self.library.get_binding_registry().get(binding_type)

    def decoded(self, binding_type: str, data: Any, metadata: Any) -> Any:
        """Give an argument; what has no converter is given as it came."""
        converter = self.converter(binding_type)
        if hasattr(converter, "decode"):
            return converter.decode(data, trigger_metadata=metadata)
        return None if data is None else data.value

    def encoded(self, binding_type: str, value: Any, annotation: Any = None) -> Any:
        """Give what is sent, as plain data."""
        converter = self.converter(binding_type)
        if not hasattr(converter, "encode"):
            return {"plain": value}
        return self.plain(converter.encode(value, expected_type=annotation))

    # --- the protocol -------------------------------------------------------------------------------------------------

    def datum(self, data: Any) -> Any:
        """Make a Datum of the protocol's JSON form."""
        [(kind, value)] = data.items()
        if kind == "http":
            return self.Datum(self.request(value), "http")
        if kind == "bytes":
            return self.Datum(base64.b64decode(value), "bytes")
        if kind == "collectionString":
            return self.Datum(SimpleNamespace(**value), "collection_string")
        return self.Datum(value, kind)

    def request(self, value: dict[str, Any]) -> dict[str, Any]:
        """Make the value of a request."""
        made: dict[str, Any] = {name: self.Datum(value[name], "string") for name in ("method", "url")}
        for name in ("headers", "params", "query"):
            made[name] = {key: self.Datum(text, "string") for key, text in value.get(name, {}).items()}
        made["body"] = self.datum(value["body"]) if "body" in value else self.Datum(b"", "bytes")
        return made

    def plain(self, datum: Any) -> Any:
        """Give a Datum as plain data; JSON is read, so that blanks in it do not count."""
        if datum is None or datum.type is None:
            return None
        if datum.type == "http":
            parts = datum.value
            return {
                "status": parts["status_code"].value,
                "headers": {key.lower(): each.value for key, each in parts["headers"].items()},
                "body": self.plain(parts["body"]),
                "cookies": [each.output() for each in parts.get("cookies") or []],
            }
        if datum.type == "json":
            return {"json": json.loads(datum.value)}
        value = datum.value
        return {datum.type: base64.b64encode(value).decode() if isinstance(value, bytes) else value}


def main(library: str, folder: str, calls: str) -> None:
    """Do it all, and print what came of it."""
    if library == "stand-in":
        importlib.import_module("azfunc.compat").install()
    sys.path.insert(0, folder)
    found: dict[str, Any] = {"functions": {}, "calls": {}}
    try:
        worker = SmallWorker("azfunc" if library == "azfunc" else "azure.functions", Path(folder))
        functions = worker.functions()
    except Exception as error:  # noqa: BLE001  # any error is an answer
        found["raises"] = f"{type(error).__name__}: {error}"
        functions = {}
    found["functions"] = {name: content for name, (content, _) in functions.items()}
    wanted = json.loads(Path(calls).read_text(encoding="utf-8"))

    async def run() -> None:
        for name, (content, function) in functions.items():
            found["calls"][name] = [
                await worker.call(function, content["bindings"], inputs, metadata)
                for inputs, metadata in wanted.get(name, [])
            ]

    asyncio.run(run())
    sys.stdout.write("\n" + json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
