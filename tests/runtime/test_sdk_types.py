"""Clients of SDKs as arguments, with an extension package that is made up; `tests/packages` has the real one."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from azfunc.runtime.invocation import Incoming
from azfunc.runtime.sdk_types import EXTENSIONS, ModelBindingData, is_sdk_type
from azfunc.testing import TestClient


class Client:
    """A client of a storage."""

    def __init__(self, where: dict[str, str]) -> None:
        self.where = where


class Extension:
    """The registry of the package, and its one converter."""

    @staticmethod
    def check_supported_type(annotation: Any) -> bool:
        """Know the client."""
        return annotation is Client

    @classmethod
    def get(cls, binding_type: str) -> type[Extension]:
        """Give the converter."""
        assert binding_type == "blobTrigger"
        return cls

    @staticmethod
    def decode(data: Any, *, trigger_metadata: Any, pytype: Any) -> Any:
        """Make a client, but not of a private container."""
        where = json.loads(data.value.content)
        if where["ContainerName"] == "private":
            message = "no access"
            raise ValueError(message)
        return pytype({**where, "metadata": dict(trigger_metadata)})


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> func.FunctionApp:
    """An app whose function takes a client, beside the package."""
    package = ModuleType(EXTENSIONS)
    vars(package)["get_binding_registry"] = lambda: Extension
    monkeypatch.setitem(sys.modules, EXTENSIONS, package)
    made = func.FunctionApp()

    @made.blob_trigger("client", "in/{name}", "Storage")
    @made.queue_output("$return", "out", "Storage")
    def where(client: Client | None) -> Any:
        return client.where if isinstance(client, Client) else client

    return made


def test_annotation_counts_with_its_package_alone(app: func.FunctionApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class is that of a client while the package is loaded that says so."""
    assert is_sdk_type(Client)
    assert not is_sdk_type(func.InputStream)
    assert not is_sdk_type(None)

    monkeypatch.delitem(sys.modules, EXTENSIONS)
    assert not is_sdk_type(Client)


def test_host_says_where_it_is(app: func.FunctionApp) -> None:
    """The converter of the package makes the client from what the host sends, trigger metadata included."""
    data = ModelBindingData(b'{"ContainerName": "in"}')
    datum = Datum(data, "model_binding_data")
    client = TestClient(app)

    assert client.send("where", datum).returned == {"ContainerName": "in", "metadata": {}}
    assert client.send("where", Incoming(datum, {"a": 1})).returned == {"ContainerName": "in", "metadata": {"a": 1}}


def test_path_is_of_the_bindings_connection(app: func.FunctionApp) -> None:
    """A test names container and blob; the connection is the binding's."""
    returned = TestClient(app).send("where", "in/a/b").returned

    assert returned == {"Connection": "Storage", "ContainerName": "in", "BlobName": "a/b", "metadata": {}}


def test_other_values_are_arguments(app: func.FunctionApp) -> None:
    """What is no Datum and no text goes to the function as it is."""
    assert TestClient(app).send("where", client={"fake": 1}).returned == {"fake": 1}


def test_error_of_the_package_names_the_place(app: func.FunctionApp) -> None:
    """When the package cannot make the client, the error has function, binding, reason and what to do."""
    with pytest.raises(func.ConversionError) as caught:
        TestClient(app).send("where", client="private/a")

    assert "Function 'where', blobTrigger binding 'client'" in str(caught.value)
    assert "no access" in str(caught.value)
    assert "container/blob" in caught.value.hint
