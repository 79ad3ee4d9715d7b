"""Drive Azure's worker for Python 3.13 and later as its proxy does: load an app, index it, call its functions.

Run as a program, since the worker keeps what it loads for the life of its process::

    python drive.py MODE FOLDER CALLS

MODE is ``reference`` or ``bridge`` (the worker loads the reference first, as it does in Azure) or ``stand-in``
(azfunc answers as the reference before the worker starts). It prints the answers as JSON.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class Driver:
    """The host, as far as the worker sees it.

    Args:
        folder: Folder of the app.
        calls: Function -> its calls, each the inputs and the trigger metadata.
    """

    def __init__(self, folder: Path, calls: dict[str, Any]) -> None:
        older = not (folder / "function_app.py").exists()
        self.folder = folder
        self.calls = calls
        self.worker = importlib.import_module("azure_functions_runtime_v1" if older else "azure_functions_runtime")
        self.protos = importlib.import_module("tests.protos")  # the protocol, as the worker's own tests have it
        self.json = importlib.import_module("google.protobuf.json_format")

    async def drive(self) -> dict[str, Any]:
        """Send what the host sends, in its order, and give the answers."""
        self.worker.start_threadpool_executor()
        init = self.protos.WorkerInitRequest(host_version="4.1041", function_app_directory=str(self.folder))
        started = await self.worker.worker_init_request(self.request(worker_init_request=init))
        answer = await self.worker.functions_metadata_request(self.request())
        listed = list(answer.function_metadata_results)
        if answer.use_default_metadata_indexing:
            listed = [self.described(each) for each in sorted(self.folder.glob("*/function.json"))]
        loaded: dict[str, Any] = {}
        called: dict[str, Any] = {}
        for each in listed:
            load = self.protos.FunctionLoadRequest(function_id=each.function_id, metadata=each)
            loaded[each.name] = await self.worker.function_load_request(self.request(function_load_request=load))
            called[each.name] = [
                self.plain(await self.worker.invocation_request(self.request(invocation_request=one)))
                for one in self.invocations(each)
            ]
        self.worker.stop_threadpool_executor()
        return {
            "init": self.plain(started),
            "functions": {each.name: self.plain(each) for each in listed},
            "load": {name: self.plain(each) for name, each in loaded.items()},
            "calls": called,
        }

    def request(self, **content: Any) -> Any:
        """Wrap a message of the host as the proxy does."""
        message = self.protos.StreamingMessage(**content)
        return SimpleNamespace(request=message, properties={"host": "127.0.0.1", "protos": self.protos})

    def plain(self, message: Any) -> Any:
        """Give an answer as plain data."""
        return self.json.MessageToDict(message)

    def described(self, path: Path) -> Any:
        """Give what the host makes of a function.json."""
        directions = {"in": 0, "out": 1}
        bindings = {
            each["name"]: self.protos.BindingInfo(type=each["type"], direction=directions[each["direction"]])
            for each in json.loads(path.read_text(encoding="utf-8"))["bindings"]
        }
        return self.protos.RpcFunctionMetadata(
            name=path.parent.name,
            function_id=path.parent.name,
            directory=str(path.parent),
            script_file=str(path.parent / "__init__.py"),
            bindings=bindings,
        )

    def invocations(self, function: Any) -> list[Any]:
        """Give the requests of the calls of a function."""
        made = []
        for number, (inputs, metadata) in enumerate(self.calls.get(function.name, [])):
            content = {
                "invocationId": f"call-{number}",
                "functionId": function.function_id,
                "inputData": [{"name": name, "data": value} for name, value in inputs.items()],
                "triggerMetadata": metadata,
                "traceContext": {"traceParent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
                "retryContext": {"retryCount": 1, "maxRetryCount": 3},
            }
            made.append(self.json.ParseDict(content, self.protos.InvocationRequest()))
        return made


def main(mode: str, folder: str, calls: str) -> None:
    """Do it all, and print what came of it."""
    records: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())  # type: ignore[method-assign]
    bridge = logging.getLogger("azfunc.bridge")
    bridge.addHandler(handler)
    bridge.setLevel(logging.DEBUG)
    if mode == "stand-in":
        importlib.import_module("azfunc.compat").install()
    sys.path.insert(0, folder)
    answers = asyncio.run(Driver(Path(folder), json.loads(Path(calls).read_text(encoding="utf-8"))).drive())
    answers["bridged"] = records
    answers["reference"] = type(sys.modules["azure.functions"]).__name__
    app = getattr(sys.modules.get("function_app"), "app", None)
    answers["app"] = type(app).__module__
    answers["azfunc"] = getattr(sys.modules.get("azfunc"), "__file__", None)
    answers["modules"] = sorted(name for name in sys.modules if name.startswith("azfunc."))
    sys.stdout.write("\n" + json.dumps(answers) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
