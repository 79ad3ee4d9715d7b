"""What type checkers know of rows and lists of rows."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

import azfunc as func

documents = func.DocumentList([{"id": "1"}, func.Document(id="2")])
for document in documents:
    assert_type(document, func.Document)
    assert_type(document["id"], Any)
assert_type(documents[0], func.Document)
assert_type(documents[1:], func.DocumentList)
assert_type(documents.copy(), func.DocumentList)
assert_type(documents[0].copy(), func.Document)
assert_type(documents.to_dict(), list[dict[str, Any]])
assert_type(func.Document.from_json("{}"), func.Document)
assert_type(func.Document.from_dict({}), func.Document)
assert_type(func.Document(id="1").to_json(), str)
plain: list[func.Document] = documents
as_dict: dict[str, Any] = documents[0]

func.DocumentList([5])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # a number is no row
func.Document.from_dict(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # nor is it here
