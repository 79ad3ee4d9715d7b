"""Clients of Azure's SDKs as arguments, under the worker."""

from azurefunctions.extensions.bindings import blob

import azfunc as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route("blob")
@app.blob_input("client", "in/a.txt", "Storage")
def where(req: func.HttpRequest, client: blob.BlobClient) -> str:
    """Tell where the blob is."""
    return f"{req.method} {client.url}"


@app.blob_trigger("client", "in/{name}", "Storage")
@app.queue_output("$return", "done", "Storage")
def container(client: blob.ContainerClient) -> str:
    """Tell which container it is."""
    return str(client.container_name)
