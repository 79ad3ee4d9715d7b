"""Objects of Azure's SDKs as arguments, such as the `BlobClient` of ``azurefunctions-extensions-bindings-blob``.

The annotation of a parameter asks the extension package for the object; nothing here imports such a package, which is
loaded already when a function is annotated with one of its classes. The package gets what the host would send: where
a blob or a container is, or the event or message as the service has it.

Docs: Azure Functions Python developer guide, "SDK type bindings".
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azfunc._core.annotations import alternatives
from azfunc._core.checks import is_buffer, is_dict, is_list, untyped
from azfunc._core.datum import Datum
from azfunc._core.errors import nearest
from azfunc._core.failures import ConversionError, InvocationError
from azfunc._core.message import Message
from azfunc._core.metadata import Metadata
from azfunc._core.registry import registry
from azfunc._core.text import type_name
from azfunc.runtime.wire import Incoming, to_wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from azfunc._core.binding import Binding
    from azfunc._core.function import Function

EXTENSIONS = "azurefunctions.extensions.base"
"""Package that all extension packages register their converters with."""
MODEL_TYPE = "model_binding_data"
"""Wire type of what the host sends for such a parameter: where the thing is, not what it holds."""
COLLECTION_TYPE = "collection_model_binding_data"
"""Wire type of several of them, which a trigger of cardinality MANY gets."""
CLIENT_BINDING = "serviceBusClient"
"""Name that an extension package registers what settles messages by; there is no binding of that type."""


@dataclass(frozen=True)
class ModelBindingData:
    """What an extension package makes an object of an SDK from, as the host sends it."""

    content: bytes
    """JSON text that says where something is, ``ContainerName`` and ``BlobName`` for a blob; or the message itself."""
    version: str = "1.0"
    """Version of the format."""
    source: str = "AzureStorageBlobs"
    """Extension of the host that wrote it."""
    content_type: str = "application/json"
    """Content type of the content."""


@dataclass(frozen=True)
class CollectionModelBindingData:
    """Several of them, for a function that takes batches."""

    model_binding_data: tuple[ModelBindingData, ...]
    """One for each message."""


# --- annotations ------------------------------------------------------------------------------------------------------


def is_sdk_type(annotation: Any) -> bool:
    """Tell whether an annotation is a class, or a list of one, that a loaded extension package has registered."""
    return _asked_for(annotation) is not None


def is_sdk_client(annotation: Any) -> bool:
    """Tell whether an annotation is a class whose object needs no binding, such as `ServiceBusMessageActions`."""
    extensions = sys.modules.get(EXTENSIONS)
    check = getattr(extensions and extensions.get_binding_registry(), "check_supported_grpc_client_type", None)
    return check is not None and any(check(each) for each in alternatives(annotation))


def _asked_for(annotation: Any) -> Any:
    extensions = sys.modules.get(EXTENSIONS)
    if extensions is None:
        return None
    supported = extensions.get_binding_registry().check_supported_type
    return next((each for each in alternatives(annotation) if supported(each)), None)


# --- objects ----------------------------------------------------------------------------------------------------------


def sdk_object(binding: Binding, value: Any, annotation: Any) -> Any:
    """Give the object for a parameter that is annotated with a class of an extension package.

    Args:
        binding: The input binding.
        value: What the host sends; or what a test gives: ``container/blob`` or ``database/container`` as text, the
            content of an event or a message, or azfunc's message. Anything else, such as a client that a test has
            made, is the argument itself.
        annotation: What stands at the parameter.

    Raises:
        ConversionError: The extension package cannot make the object; the error has its reason.
    """
    wanted = _asked_for(annotation)
    converter = sys.modules[EXTENSIONS].get_binding_registry().get(binding.type)
    if converter is None or not _gives(converter, wanted):
        raise ConversionError(
            f"no extension package that is loaded gives {_written(wanted)} there.",
            hint="Annotate the parameter with a class for this binding, or with one of azfunc.",
        )
    incoming = _incoming(binding, value)
    if incoming is None:
        return value
    try:
        return converter.decode(incoming.datum, trigger_metadata=incoming.metadata, pytype=wanted)
    except Exception as error:
        raise ConversionError(
            f"{_written(wanted)} cannot be made: {error}", hint=_advice(binding, incoming.datum)
        ) from error


def sdk_client(annotation: Any, function: Function) -> Any:
    """Give the object for a parameter without a binding.

    Args:
        annotation: What stands at the parameter.
        function: The function that has it, for the error.

    Raises:
        InvocationError: The extension package cannot make it: it talks to the host, which is not there.
    """
    name = _written(annotation)
    try:
        return sys.modules[EXTENSIONS].get_binding_registry().get(CLIENT_BINDING).get_client()
    except Exception as error:
        raise InvocationError(
            f"Function {function.get_function_name()!r} takes a {name}, which cannot be made: {error}.",
            hint=f"{name} talks to the host that started the process, and there is none here. Give one of your own, "
            "under the name of the parameter.",
            function_name=function.get_function_name(),
            location=function.location,
        ) from error


def place_of(binding: Binding, fill: Callable[[str], str] | None = None) -> Incoming:
    """Give what the host would send for an input binding that nobody gave anything for: where its thing is.

    Args:
        binding: The input binding.
        fill: Puts values in the place of expressions such as ``{name}``; they are an error when left out.

    Raises:
        ConversionError: There are expressions, and nothing that fills them.
    """
    entry = binding.get_dict_repr()
    parts = (_first(entry, "path"),) if binding.type == "blob" else (_first(entry, *_DATABASE), _first(entry, *_ITEMS))
    path = "/".join(parts)
    if fill is None and ("{" in path or "%" in path):
        raise ConversionError(f"nothing fills the expressions of {path!r} here.", hint=_advice(binding))
    return Incoming(_place(binding, (fill or str)(path), fill or str))


def has_place(binding: Binding) -> bool:
    """Tell whether the fields of an input binding say where its thing is."""
    return binding.type in ("blob", "cosmosDB")


def _incoming(binding: Binding, value: Any) -> Incoming | None:
    """Give what the host would send for a value, or None if that is the argument itself."""
    is_message = binding.type in ("eventHubTrigger", "serviceBusTrigger")
    if not (isinstance(value, (Datum, Incoming)) or _is_data(value, is_message=is_message)):
        return None
    incoming = to_wire(binding, value)
    if incoming.datum.type in (MODEL_TYPE, COLLECTION_TYPE, None):
        return incoming
    if is_message:
        from azfunc.runtime.sdk_messages import as_model

        decoded = untyped(registry.get(binding.type)).decode(incoming.datum, trigger_metadata=incoming.metadata)
        return Incoming(as_model(decoded), incoming.metadata)
    return Incoming(_place(binding, _path(binding, incoming)), incoming.metadata)


def _is_data(value: Any, *, is_message: bool) -> bool:
    """Tell whether a value is what azfunc makes the object of, which a message of JSON is too."""
    items: list[Any] = value if is_list(value) else [value]
    return bool(items) and all(
        isinstance(each, (str, Message)) or is_buffer(each) or (is_message and is_dict(each)) for each in items
    )


def _gives(converter: Any, wanted: Any) -> bool:
    try:
        return bool(converter.check_input_type_annotation(wanted))
    except TypeError:  # some look at classes alone, and a list is none
        return False


# --- places -----------------------------------------------------------------------------------------------------------

_DATABASE = ("databaseName",)
_ITEMS = ("containerName", "collectionName")
_CONNECTIONS = ("connection", "connectionStringSetting")


def _path(binding: Binding, incoming: Incoming) -> str:
    """Give the path of a blob that came with its content, or what a test has written."""
    path = Metadata(incoming.metadata).as_dict().get("BlobTrigger")
    if path is None and incoming.datum.type == "string":
        path = incoming.datum.value
    if not path:
        raise ConversionError(
            f"it got {type_name(incoming.datum.value)}, and needs to know where to look.", hint=_advice(binding)
        )
    return str(path)


def _place(binding: Binding, path: str, fill: Callable[[str], str] = str) -> Datum:
    """Give what the host sends for ``container/blob`` or ``database/container``."""
    entry = binding.get_dict_repr()
    first, _, second = path.strip("/").partition("/")
    where: dict[str, Any] = {"Connection": fill(_connection(binding)) or None}
    if binding.type == "cosmosDB":
        where |= {"DatabaseName": first, "ContainerName": second}
        where["PreferredLocations"] = fill(_first(entry, "preferredLocations")) or None
        return Datum(ModelBindingData(json.dumps(where).encode(), source="CosmosDB"), MODEL_TYPE)
    where |= {"ContainerName": first, "BlobName": second}
    return Datum(ModelBindingData(json.dumps(where).encode()), MODEL_TYPE)


def _connection(binding: Binding) -> str:
    return _first(binding.get_dict_repr(), *_CONNECTIONS)


def _first(entry: dict[str, Any], *keys: str) -> str:
    return next((str(entry[key]) for key in keys if entry.get(key)), "")


# --- texts ------------------------------------------------------------------------------------------------------------


def _written(annotation: Any) -> str:
    plain = isinstance(annotation, type) and not hasattr(annotation, "__args__")
    return annotation.__name__ if plain else str(annotation).rpartition(".")[2].rstrip("]")


_GROUPS = {
    "blob": "__serviceUri",
    "blobTrigger": "__blobServiceUri",
    "cosmosDB": "__accountEndpoint",
}


def _advice(binding: Binding, datum: Datum | None = None) -> str:
    """Say what to give, or which setting is missing."""
    import os

    connection = _connection(binding)
    group = _GROUPS.get(binding.type)
    known = [name for name in os.environ if name == connection or name.startswith(f"{connection}__")]
    if datum is not None and group is not None and connection and not known:
        close = nearest(connection, os.environ)
        meant = f" Did you mean {close!r}?" if close else ""
        return (
            f"Set the app setting {connection} to a connection string, or {connection}{group} to an address that an "
            f"identity opens; locally under Values in local.settings.json.{meant}"
        )
    opened = f"It is opened by the app setting {' and '.join(sorted(known))}. " if datum is not None and known else ""
    if binding.type == "cosmosDB":
        return f"{opened}Give it 'database/container', a Datum of the type model_binding_data, or a client."
    if group is not None:
        return f"{opened}Give it 'container/blob', a Datum of the type model_binding_data, or a client."
    return "Give it text, bytes, a message of azfunc, a Datum of the type model_binding_data, or an object of the SDK."
