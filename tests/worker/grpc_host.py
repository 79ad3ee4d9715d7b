"""The host of the worker that speaks gRPC itself: starts it, loads functions, and calls them.

`azure-functions-worker` is the worker of Python 3.10 to 3.12; its releases on the package index stop at 1.1.9, which
knows the older model alone: functions with a function.json. Everything it touches of the libraries it touches in the
way of the later ones, so that the functions of any app can be driven through it, each in a folder of its own.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

MAIN = """
__import__("azfunc.compat").compat.install() if {mode!r} == "stand-in" else None
from azure_functions_worker import main
main.main()
"""


class GrpcHost:
    """A host with one worker; a context manager.

    Args:
        folder: Folder of the app.
        mode: ``reference``, ``bridge`` or ``stand-in``.
        env: Environment of the worker.
    """

    def __init__(self, folder: Path, mode: str, env: dict[str, str]) -> None:
        from azure_functions_worker import protos
        from google.protobuf import json_format

        self.protos: Any = protos
        self.json: Any = json_format
        self.folder = folder
        self.sent: queue.Queue[Any] = queue.Queue()
        self.received: queue.Queue[Any] = queue.Queue()
        self.logs: list[str] = []
        self.server = import_module("grpc").server(ThreadPoolExecutor(2))
        servicer: Any = protos.FunctionRpcServicer()
        servicer.EventStream = self._stream
        protos.add_FunctionRpcServicer_to_server(servicer, self.server)
        port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()
        arguments = ["--host", "127.0.0.1", "--port", str(port), "--workerId", "w", "--requestId", "r"]
        command = [sys.executable, "-c", MAIN.format(mode=mode), *arguments, "--grpcMaxMessageLength", "-1"]
        self.worker = subprocess.Popen(
            command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )

    def _stream(self, requests: Any, _context: Any) -> Any:
        """Be the stream of events: what the worker sends is kept, and what is to be sent is given."""

        def receive() -> None:
            with suppress(import_module("grpc").RpcError):  # the end of the stream
                for each in requests:
                    if each.WhichOneof("content") == "rpc_log":
                        self.logs.append(f"{each.rpc_log.category}: {each.rpc_log.message}")
                    else:
                        self.received.put(each)

        threading.Thread(target=receive, daemon=True).start()
        while (message := self.sent.get()) is not None:
            yield message

    def __enter__(self) -> Self:
        started = self.received.get(timeout=20)
        assert started.WhichOneof("content") == "start_stream"
        self.ask(worker_init_request=self.protos.WorkerInitRequest(host_version="3.0"))
        return self

    def __exit__(self, *_error: object) -> None:
        self.sent.put(None)
        self.server.stop(None).wait()
        self.worker.terminate()
        self.worker.communicate(timeout=20)

    def ask(self, **content: Any) -> dict[str, Any]:
        """Send a message, and give the answer as plain data."""
        self.sent.put(self.protos.StreamingMessage(request_id="r", **content))
        answer = self.received.get(timeout=20)
        found: dict[str, Any] = self.json.MessageToDict(getattr(answer, answer.WhichOneof("content")))
        return found

    def load(self, path: Path) -> dict[str, Any]:
        """Let the worker load the function that a function.json describes."""
        content = json.loads(path.read_text(encoding="utf-8"))
        directions = {"in": 0, "out": 1}
        bindings = {
            each["name"]: self.protos.BindingInfo(type=each["type"], direction=directions[each["direction"].lower()])
            for each in content["bindings"]
        }
        metadata = self.protos.RpcFunctionMetadata(
            name=path.parent.name,
            directory=str(path.parent),
            script_file=str(path.parent / "__init__.py"),
            bindings=bindings,
        )
        request = self.protos.FunctionLoadRequest(function_id=path.parent.name, metadata=metadata)
        return self.ask(function_load_request=request)

    def call(self, function: str, inputs: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
        """Let the worker call a function, and give its answer, with what the function logs."""
        content = {
            "invocationId": "call",
            "functionId": function,
            "inputData": [{"name": name, "data": value} for name, value in inputs.items()],
            "triggerMetadata": metadata,
            "traceContext": {"traceParent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        }
        return self.ask(invocation_request=self.json.ParseDict(content, self.protos.InvocationRequest()))
