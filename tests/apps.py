"""Writing small function apps to folders, for tests that load them."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

APP = """
    import azfunc as func
    app = func.FunctionApp()

    @app.route("hello")
    def hello(req: func.HttpRequest) -> str:
        return "hi"
"""
HTTP_V1 = {
    "bindings": [
        {"name": "req", "type": "httpTrigger", "direction": "in"},
        {"name": "$return", "type": "http", "direction": "out"},
    ]
}
MAIN = "def main(req):\n    return 'hi'\n"


def write_files(root: Path, files: Mapping[str, Any]) -> Path:
    """Write files below a folder, text as it is without its indent, everything else as JSON; gives the folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = textwrap.dedent(content) if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
    return root
