"""Testing function apps without a host: a client that drives every trigger, and makers of messages and contexts."""

from __future__ import annotations

from azfunc.runtime.clock import FakeClock
from azfunc.runtime.invocation import Incoming, Run
from azfunc.testing import make
from azfunc.testing.client import TestClient

__all__ = ["FakeClock", "Incoming", "Run", "TestClient", "make"]
