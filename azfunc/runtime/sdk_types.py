"""Clients of Azure's SDKs as arguments, such as the `BlobClient` of ``azurefunctions-extensions-bindings-blob``.

The annotation of a parameter asks the extension package for the object; nothing here imports such a package, which is
loaded already when a function is annotated with one of its classes.

Docs: Azure Functions Python developer guide, "SDK type bindings".
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import alternatives
from azfunc._core.datum import Datum
from azfunc._core.errors import ConversionError
from azfunc.runtime.wire import Incoming

if TYPE_CHECKING:
    from azfunc._core.binding import Binding

EXTENSIONS = "azurefunctions.extensions.base"
"""Package that all extension packages register their converters with."""
MODEL_TYPE = "model_binding_data"
"""Wire type of what the host sends for such a parameter: where the thing is, not what it holds."""


@dataclass(frozen=True)
class ModelBindingData:
    """Where something is that a client of an SDK gets at, as the host describes it."""

    content: bytes
    """JSON text: ``Connection``, ``ContainerName`` and ``BlobName`` for a blob."""
    version: str = "1.0"
    """Version of the format."""
    source: str = "AzureStorageBlobs"
    """Extension of the host that wrote it."""
    content_type: str = "application/json"
    """Content type of the content."""


def is_sdk_type(annotation: Any) -> bool:
    """Tell whether an annotation is a class, or a list of one, that a loaded extension package has registered."""
    return _asked_for(annotation) is not None


def _asked_for(annotation: Any) -> Any:
    extensions = sys.modules.get(EXTENSIONS)
    if extensions is None:
        return None
    supported = extensions.get_binding_registry().check_supported_type
    return next((each for each in alternatives(annotation) if supported(each)), None)


def sdk_object(binding: Binding, value: Any, annotation: Any) -> Any:
    """Give the client for a parameter that is annotated with one.

    Args:
        binding: The input binding.
        value: What the host sends, a Datum of the type ``model_binding_data``; or ``container/blob`` as text, with the
            connection of the binding. Anything else, such as a client that a test has made, is the argument itself.
        annotation: What stands at the parameter.

    Raises:
        ConversionError: The extension package cannot make the client; the error has its reason.
    """
    if isinstance(value, str):
        value = Datum(_described(binding, value), MODEL_TYPE)
    if isinstance(value, Datum):
        value = Incoming(value)
    if not isinstance(value, Incoming):
        return value
    registry = sys.modules[EXTENSIONS].get_binding_registry()
    wanted = _asked_for(annotation)
    try:
        return registry.get(binding.type).decode(value.datum, trigger_metadata=value.metadata, pytype=wanted)
    except ValueError as error:
        raise ConversionError(
            f"{wanted.__name__} cannot be made: {error}",
            hint="Give it a Datum of the type model_binding_data, 'container/blob', or a client.",
        ) from error


def _described(binding: Binding, path: str) -> ModelBindingData:
    container, _, blob = path.partition("/")
    where = {"Connection": getattr(binding, "connection", None), "ContainerName": container, "BlobName": blob}
    return ModelBindingData(json.dumps(where).encode())
