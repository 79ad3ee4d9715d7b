"""Drive Azure's worker for Python 3.13 and later as its proxy does: load an app, index it, call its functions.

Run as a program, since the worker keeps what it loads for the life of its process::

    python drive.py MODE FOLDER CALLS [PACKAGES]

MODE is ``reference`` or ``bridge`` (the worker loads the reference first, as it does in Azure) or ``stand-in``
(azfunc answers as the reference before the worker starts). It prints the answers as JSON.

PACKAGES says how the app's own packages come in, once the worker runs: ``isolated`` puts them in front of the worker's
and forgets the reference that the worker has loaded, ``shared`` puts them behind and reloads it, as the setting
``PYTHON_ISOLATE_WORKER_DEPENDENCIES`` has it. With ``placeholder`` in front the worker starts without an app first, and
is told of the app later, as in the plans that keep workers warm.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class Driver:
    """The host, as far as the worker sees it.

    Args:
        folder: Folder of the app.
        calls: Function -> its calls, each the inputs and the trigger metadata.
        packages: How the app's own packages come in.
    """

    def __init__(self, folder: Path, calls: dict[str, Any], packages: str = "") -> None:
        older = not (folder / "function_app.py").exists()
        self.folder = folder
        self.calls = calls
        self.packages = packages
        self.worker = importlib.import_module("azure_functions_runtime_v1" if older else "azure_functions_runtime")
        self.protos = importlib.import_module("tests.protos")  # the protocol, as the worker's own tests have it
        self.json = importlib.import_module("google.protobuf.json_format")
        self.logs: list[str] = []
        handler = logging.Handler()
        handler.emit = self.keep  # type: ignore[method-assign]
        logging.getLogger().addHandler(handler)
        logging.getLogger().setLevel(logging.INFO)

    def keep(self, record: logging.LogRecord) -> None:
        """Keep what a function logs, or an extension for it; not what the worker does."""
        if not record.name.startswith(("azure_functions_runtime", "azure.", "asyncio")):
            self.logs.append(f"{record.levelname} {record.getMessage()}")

    async def drive(self) -> dict[str, Any]:
        """Send what the host sends, in its order, and give the answers."""
        self.worker.start_threadpool_executor()
        started = await self.started()
        answer = await self.worker.functions_metadata_request(self.request())
        listed = list(answer.function_metadata_results)
        if answer.use_default_metadata_indexing:
            listed = [self.described(each) for each in sorted(self.folder.glob("*/function.json"))]
        loaded: dict[str, Any] = {}
        called: dict[str, Any] = {}
        for each in listed:
            load = self.protos.FunctionLoadRequest(function_id=each.function_id, metadata=each)
            loaded[each.name] = await self.worker.function_load_request(self.request(function_load_request=load))
            called[each.name] = [await self.called(one) for one in self.invocations(each)]
        self.worker.stop_threadpool_executor()
        return {
            "init": self.plain(started),
            "functions": {each.name: self.plain(each) for each in listed},
            "load": {name: self.plain(each) for name, each in loaded.items()},
            "calls": called,
        }

    async def started(self) -> Any:
        """Start the worker with the app, or as a placeholder that is told of the app when it is there."""
        if not self.packages.startswith("placeholder"):
            self.bring_packages()
            init = self.protos.WorkerInitRequest(host_version="4.1041", function_app_directory=str(self.folder))
            return await self.worker.worker_init_request(self.request(worker_init_request=init))
        with tempfile.TemporaryDirectory() as nothing:
            init = self.protos.WorkerInitRequest(host_version="4.1041", function_app_directory=nothing)
            await self.worker.worker_init_request(self.request(worker_init_request=init))
        self.bring_packages()
        reload = self.protos.FunctionEnvironmentReloadRequest(
            environment_variables=dict(os.environ), function_app_directory=str(self.folder)
        )
        return await self.worker.function_environment_reload_request(
            self.request(function_environment_reload_request=reload)
        )

    def bring_packages(self) -> None:
        """Put the app's packages on the path, in front of the worker's or behind them."""
        below = str(self.folder / ".python_packages" / "lib" / "site-packages")
        if self.packages.endswith("isolated"):
            for name in [each for each in sys.modules if each.startswith("azure.functions")]:
                del sys.modules[name]
            delattr(sys.modules["azure"], "functions")
            sys.path.insert(0, below)
        elif self.packages.endswith("shared"):
            sys.path.append(below)
            importlib.reload(sys.modules["azure.functions"])

    async def called(self, invocation: Any) -> dict[str, Any]:
        """Give the answer to a call, and what the function logs in it."""
        self.logs.clear()
        answer = self.plain(await self.worker.invocation_request(self.request(invocation_request=invocation)))
        return {**answer, "logs": list(self.logs)} if self.logs else answer

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
        lines = path.read_text(encoding="utf-8").splitlines()
        content = json.loads("\n".join(line for line in lines if not line.startswith("//")))
        bindings = {
            each["name"]: self.protos.BindingInfo(type=each["type"], direction=directions[each["direction"]])
            for each in content["bindings"]
        }
        return self.protos.RpcFunctionMetadata(
            name=path.parent.name,
            function_id=path.parent.name,
            directory=str(path.parent),
            script_file=str(path.parent / content.get("scriptFile", "__init__.py")),
            entry_point=content.get("entryPoint", ""),
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


def main(mode: str, folder: str, calls: str, packages: str = "") -> None:
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
    driver = Driver(Path(folder), json.loads(Path(calls).read_text(encoding="utf-8")), packages)
    if packages:
        importlib.import_module("azure.functions")  # the worker's own, which it has loaded by then
    answers = asyncio.run(driver.drive())
    answers["bridged"] = records
    answers["reference"] = type(sys.modules["azure.functions"]).__name__
    answers["reference_from"] = getattr(sys.modules["azure.functions"], "__file__", None)
    answers["version"] = getattr(sys.modules["azure.functions"], "__version__", None)
    app = getattr(sys.modules.get("function_app"), "app", None)
    answers["app"] = type(app).__module__
    answers["azfunc"] = getattr(sys.modules.get("azfunc"), "__file__", None)
    answers["modules"] = sorted(name for name in sys.modules if name.startswith("azfunc."))
    sys.stdout.write("\n" + json.dumps(answers) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
