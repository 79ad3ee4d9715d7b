"""The OpenAPI document of an app, made of what its functions say anyway: routes, methods, keys and annotations.

Source: OpenAPI Specification 3.1.0; JSON Schema 2020-12.
"""

from __future__ import annotations

from azfunc.openapi.document import document_of

__all__ = ["document_of"]
