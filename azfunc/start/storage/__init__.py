"""Queues and blobs of Azure Storage, or of the Azurite emulator: triggers, inputs and outputs that really work.

Needs the extra ``azfunc[storage]``: azure-storage-queue and azure-storage-blob.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from azfunc.start.serving_host import STORAGE_TYPES
from azfunc.start.storage.service import StorageService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from azfunc.runtime.loading import LoadedApp
    from azfunc.start.services import Service

__all__ = ["StorageService", "connect_storage", "is_installed"]


def is_installed() -> bool:
    """Tell whether the packages of the extra are there, without importing them."""
    try:
        found = [importlib.util.find_spec(name) for name in ("azure.storage.queue", "azure.storage.blob")]
    except ModuleNotFoundError:  # not even the package above them
        return False
    return all(found)


def connect_storage(loaded: LoadedApp) -> Sequence[Service]:
    """Give what connects an app with Storage; nothing if it has no binding of it, or the extra is not installed."""
    types = {binding.type for function in loaded.functions for binding in function.get_bindings()}
    if not is_installed() or types.isdisjoint(STORAGE_TYPES):
        return ()
    return (StorageService(loaded),)
