"""Let Azure's worker load functions one by one, and print what it says to each: `python load_each.py FILE...`."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from typing import Any


def said(path: str, number: int) -> str:
    """Give why the worker refuses the functions of a module; empty when it takes them."""
    worker: Any = importlib.import_module("azure_functions_runtime.functions")
    protos = importlib.import_module("tests.protos")  # the protocol, as the worker's own tests have it
    spec: Any = importlib.util.spec_from_file_location(f"module_{number}", path)
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    try:
        for each in module.app.get_functions():
            worker.Registry().add_indexed_function(each, protos)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
        return f"{type(error).__name__}: {error}"
    return ""


def main(paths: list[str]) -> None:
    """Print the answers as JSON."""
    importlib.import_module("azure.functions")
    importlib.import_module("azure_functions_runtime.bindings.meta").load_binding_registry()
    sys.stdout.write(json.dumps([said(path, number) for number, path in enumerate(paths)]))


if __name__ == "__main__":
    main(sys.argv[1:])
