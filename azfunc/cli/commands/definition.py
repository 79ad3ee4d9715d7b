"""json: Print the function.json of one function, or of all.

With --write, a folder is made for each function, with a function.json that names the script and the function in it,
for tools that read the older programming model. As long as function_app.py stands beside them the host reads that, and
not the folders.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azfunc._core.errors import DefinitionError
from azfunc._core.function import python_name
from azfunc._core.names import to_camel_case
from azfunc.cli.describing import add_app, target_of
from azfunc.runtime.host import LocalHost
from azfunc.runtime.loading import load_app

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from azfunc._core.function import Function
    from azfunc.cli.terminal import Terminal

NAME = "json"
EXAMPLES = """
azfunc json relay
azfunc json
azfunc json --write
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="function; all of them when left out")
    add_app(parser, positional=False)
    parser.add_argument(
        "--write", nargs="?", const="", metavar="FOLDER", help="write folders, into FOLDER or that of the app"
    )


def run(arguments: Namespace, terminal: Terminal) -> int:
    """Print or write the definitions; gives the exit status."""
    with load_app(target_of(arguments)) as loaded, LocalHost(loaded) as host:
        functions = loaded.functions if arguments.name is None else [host.function(arguments.name)]
        if arguments.write is None:
            entries = {function.get_function_name(): json.loads(function.get_function_json()) for function in functions}
            terminal.data(entries if arguments.name is None else next(iter(entries.values())))
            return 0
        root = Path(arguments.write or loaded.folder or ".").resolve()
        # All first, so that nothing is written if one of them cannot be.
        definitions = {function.get_function_name(): _definition(function, root) for function in functions}
        for function in functions:
            _check_is_new(function, root)
    for name, definition in definitions.items():
        path = root / name / "function.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(definition, indent=2) + "\n", encoding="utf-8")
        terminal.line(terminal.relative(str(path)))
    return 0


def _check_is_new(function: Function, root: Path) -> None:
    """Refuse to write over the function.json that a function of the older model comes from, which may say more."""
    path = root / function.get_function_name() / "function.json"
    if function.function_directory and path.exists():
        raise DefinitionError(
            f"Function {function.get_function_name()!r} comes from {path.name} in {path.parent.name}/, which would be "
            "written over.",
            hint="Name another folder: --write FOLDER.",
            function_name=function.get_function_name(),
            location=function.location,
        )


def _definition(function: Function, root: Path) -> dict[str, Any]:
    """Give the function.json of a folder: with the way to the script, and the spelling of the older model."""
    user_function = function.get_user_function()
    name = python_name(user_function)
    module = sys.modules.get(getattr(user_function, "__module__", ""))
    found = getattr(module, name, None)
    script = getattr(module, "__file__", None)
    if script is None or user_function not in (found, getattr(found, "__wrapped__", None)):
        raise DefinitionError(
            f"Function {function.get_function_name()!r} cannot be named by script and name: its module has no {name!r} "
            "that is it.",
            hint="Define it at the top level of a module, under a name that nothing else there has.",
            function_name=function.get_function_name(),
            location=function.location,
        )
    definition: dict[str, Any] = json.loads(function.get_function_json())
    bindings = [
        {key: value.lower() if key in ("direction", "dataType") else value for key, value in binding.items()}
        for binding in definition["bindings"]
    ]
    place = Path(os.path.relpath(script, root / function.get_function_name()))
    found_retry = _retry(function)
    return {
        "scriptFile": place.as_posix(),
        "entryPoint": name,
        "bindings": bindings,
        **({"retry": found_retry} if found_retry else {}),
    }


def _retry(function: Function) -> dict[str, Any] | None:
    """Give the retry policy in the spelling of function.json."""
    policy = function.get_settings_dict("retry_policy")
    if policy is None:
        return None
    found = {to_camel_case(name): value for name, value in policy.items() if name != "setting_name"}
    return {**found, "strategy": to_camel_case(found["strategy"]), "maxRetryCount": int(found["maxRetryCount"])}
