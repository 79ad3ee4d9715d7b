"""What the tests of this folder share: a marker that reads the body, classes of an app, and the validator."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from azfunc.calls.parameters import Marker, Provider

if TYPE_CHECKING:
    from contextlib import ExitStack

    import azfunc as func


class FromBody(Provider):
    """Gives the JSON of the request."""

    def provide(self, call: func.Call, ends: ExitStack) -> Any:
        """Read it."""
        return call.trigger.get_json()


class Body(Marker):
    """Marks the parameter that gets the body."""

    reads_body = True

    def provider(self, function: func.Function, parameter: str, annotation: Any) -> Provider:
        """Give what reads it."""
        return FromBody()


class Caller(Body):
    """Marks a parameter that gets something else."""

    reads_body = False


@dataclasses.dataclass
class Line:
    """One article of an order."""

    article: str
    count: int = 1


@dataclasses.dataclass
class Order:
    """What a customer wants."""

    id: int
    lines: list[Line]


def validate(document: dict[str, Any]) -> None:
    """Let a validator of others judge a document, as it is written."""
    validator = pytest.importorskip(
        "openapi_spec_validator", reason="openapi-spec-validator is not installed; `nox -s tests` installs it"
    )
    written = json.loads(json.dumps(document))

    assert written == document  # it is plain JSON
    assert list(validator.OpenAPIV31SpecValidator(written).iter_errors()) == []
