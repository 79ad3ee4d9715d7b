"""Drive Azure's worker with an app that takes streams: the worker has an HTTP server then, which the host sends on to.

Run as a program, since the worker keeps what it loads for the life of its process::

    python drive_streams.py MODE FOLDER

MODE is ``reference`` or ``bridge`` (the worker loads the reference first, as it does in Azure) or ``stand-in``
(azfunc answers as the reference before the worker starts). It prints the answers as JSON.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WAIT_SECONDS = 20


class Host:
    """The host, as far as the worker sees it: it tells of a call, and sends the request on to the worker's server."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.worker = importlib.import_module("azure_functions_runtime")
        self.protos = importlib.import_module("tests.protos")  # the protocol, as the worker's own tests have it
        self.json = importlib.import_module("google.protobuf.json_format")
        self.httpx = importlib.import_module("httpx")
        self.functions: dict[str, str] = {}
        self.address = ""

    async def start(self) -> dict[str, Any]:
        """Start the worker, and give what it is capable of."""
        self.worker.start_threadpool_executor()
        init = self.protos.WorkerInitRequest(host_version="4.1041", function_app_directory=self.folder)
        started = self.plain(await self.worker.worker_init_request(self.request(worker_init_request=init)))
        if started["result"]["status"] != "Success":
            return started
        answer = await self.worker.functions_metadata_request(self.request())
        self.functions = {each.name: each.function_id for each in answer.function_metadata_results}
        self.address = started["capabilities"].get("HttpUri", "")
        await self.until_it_listens()
        return started

    async def until_it_listens(self) -> None:
        """Wait for the worker's server."""
        port = int(self.address.rpartition(":")[2])
        for _ in range(WAIT_SECONDS * 20):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        message = "the worker's server does not listen"
        raise TimeoutError(message)

    async def call(self, name: str, method: str, path: str, params: dict[str, str], content: Any) -> dict[str, Any]:
        """Send a request as the host does: its outline over gRPC, itself to the worker's server."""
        identity = f"{name}-{method}"
        invocation = self.json.ParseDict(
            {
                "invocationId": identity,
                "functionId": self.functions[name],
                "inputData": [
                    {"name": "req", "data": {"http": {"method": method, "url": path, "params": params}}},
                ],
            },
            self.protos.InvocationRequest(),
        )
        told = asyncio.ensure_future(self.worker.invocation_request(self.request(invocation_request=invocation)))
        chunks: list[str] = []
        headers = {"x-ms-invocation-id": identity, "x-kind": "k"}
        async with (
            self.httpx.AsyncClient(base_url=self.address, timeout=WAIT_SECONDS) as client,
            client.stream(method, path, headers=headers, content=content) as response,
        ):
            chunks.extend([chunk.decode() async for chunk in response.aiter_raw()])
        answer = self.plain(await told)
        return {
            "status": response.status_code,
            "type": response.headers.get("content-type", ""),
            "chunks": chunks,
            "told": answer["result"].get("status", "Failure"),  # the protocol writes no zero
            "error": answer["result"].get("exception", {}).get("message", ""),
            "returned": answer.get("returnValue"),
        }

    def request(self, **content: Any) -> Any:
        """Wrap a message of the host as the proxy does."""
        message = self.protos.StreamingMessage(**content)
        return SimpleNamespace(request=message, properties={"host": "127.0.0.1", "protos": self.protos})

    def plain(self, message: Any) -> Any:
        """Give an answer as plain data."""
        return self.json.MessageToDict(message)


async def parts() -> AsyncIterator[bytes]:
    """Give a body in two parts, with a while between them."""
    yield b"one,"
    await asyncio.sleep(0.05)
    yield b"two"


async def main(mode: str, folder: str) -> None:
    """Do it all, and print what came of it."""
    if mode == "stand-in":
        importlib.import_module("azfunc.compat").install()
    sys.path.insert(0, folder)
    host = Host(folder)
    answers: dict[str, Any] = {"init": await host.start()}
    if host.address:
        answers["upload"] = await host.call("upload", "POST", "/api/upload/ada", {"name": "ada"}, parts())
        answers["download"] = await host.call("download", "GET", "/api/download", {}, None)
        answers["plain"] = await host.call("plain", "GET", "/api/plain", {}, None)
        answers["fails"] = await host.call("fails", "GET", "/api/fails", {}, None)
    app = vars(sys.modules["function_app"]).get("app") if "function_app" in sys.modules else None
    answers["app"] = type(app).__module__
    sys.stdout.write("\n" + json.dumps(answers) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
