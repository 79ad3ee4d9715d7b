"""Tests that need `azure-functions-durable`, which `nox -s durable` and `nox -s compat` install."""

from __future__ import annotations

import importlib.metadata

try:
    importlib.metadata.version("azure-functions-durable")
except importlib.metadata.PackageNotFoundError:
    collect_ignore_glob = ["test_*.py"]
