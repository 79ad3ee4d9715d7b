"""What a check finds: problems, each with its code, its place and what to do."""

from __future__ import annotations

import linecache
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from azfunc.runtime.loading import LoadedApp

CODES: dict[str, str] = {
    "annotation": "An annotation is none that the binding takes.",
    "arguments": "A decorator is called with arguments that it does not have, or without ones that it needs.",
    "binding-name": "The host refuses the name of a binding.",
    "binding-without-parameter": "A binding gives a value, and the function has no parameter for it.",
    "cardinality": "The trigger gives one message and the annotation says many, or the reverse.",
    "connection-string": "A connection holds a connection string instead of the name of an app setting.",
    "definition": "A decorator, a blueprint or an app is used in a way that cannot work.",
    "deprecated-import": "A function imports from `__app__`, or from above its own folder.",
    "duplicate-binding": "Two bindings of a function have one name.",
    "duplicate-function": "Two functions have one name; the host does not tell upper from lower case.",
    "duplicate-route": "Two functions answer the same route and method.",
    "function-folder": "A function.json, or the script that it names, cannot be used.",
    "function-name": "The host refuses the name of a function.",
    "generator": "A function yields, and nothing runs what does.",
    "host-file": "host.json is missing, or the host does not read it as it is meant.",
    "import-error": "The app cannot be imported.",
    "lost-blueprint": "A blueprint has functions, and the app does not have it.",
    "lost-result": "A function returns something, and nothing takes it.",
    "missing-setting": "A binding names an app setting that is not set.",
    "misspelt-field": "A field of a binding looks like another one, misspelt.",
    "mixed-models": "Folders with a function.json are not read, since the app has decorators.",
    "name-mismatch": "A parameter and a binding belong together, and have different names.",
    "no-app": "The module has no function app.",
    "no-app-file": "There is nothing to load.",
    "no-functions": "The app has no function.",
    "no-trigger": "A function has no trigger.",
    "out-without-output": "A parameter is annotated as `Out`, and there is no output binding for it.",
    "output-without-out": "An output binding's parameter is not annotated as `Out`.",
    "parameter-without-binding": "A parameter has no binding.",
    "positional-only": "A parameter takes no name; the host passes all arguments by name.",
    "reserved-route": "A route begins with a word that the host keeps for itself.",
    "retry": "A retry policy cannot be.",
    "return-conflict": "The binding `$return` and what the function returns do not go together.",
    "route": "A route template cannot be read.",
    "schedule": "A schedule can be read neither as NCRONTAB nor as an interval.",
    "settings-file": "host.json or local.settings.json cannot be used.",
    "several-apps": "The module has more than one function app.",
    "several-triggers": "A function has more than one trigger.",
    "time-span": "A time is none, or not the one that was meant.",
    "unknown-decorator": "The app has no decorator of that name.",
    "unresolved-annotation": "An annotation is text that names nothing.",
    "value": "A value is none of the permitted ones.",
    "worker-annotation": "Azure's worker refuses the annotation.",
    "worker-app": "Azure's worker finds the app twice.",
    "worker-context": "Azure's worker gives the context only to a parameter named `context`.",
    "worker-inout": "Azure's worker has no bindings for both ways.",
    "worker-parameter": "Azure's worker takes every parameter for a binding.",
    "worker-request": "Azure's worker gives all HTTP functions the request of the framework whose package is imported, "
    "and takes a request for neither text nor bytes.",
    "worker-return": "Azure's worker fails when the function returns something.",
}
"""Code of a problem -> what it means. Codes stay the same from release to release."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an app."""

    severity: Literal["error", "warning"]
    """``error`` for what fails in Azure, ``warning`` for what is probably not meant."""
    code: str
    """What kind of problem it is; one of `CODES`."""
    message: str
    """What is wrong, with the values."""
    hint: str = ""
    """What to do about it."""
    function_name: str | None = None
    """Function that has it, if it is of one."""
    binding_name: str | None = None
    """Binding or parameter that has it, if it is of one."""
    location: str | None = None
    """Where it is, as ``file:line``."""

    @property
    def is_error(self) -> bool:
        """Whether the app fails in Azure because of it."""
        return self.severity == "error"

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data; ``file`` and ``line`` stand apart."""
        file, _, line = (self.location or "").rpartition(":")
        return {
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "function": self.function_name,
            "binding": self.binding_name,
            "file": file or None,
            "line": int(line) if line.isdecimal() else None,
        }

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        # Behind a traceback it stands on a line of its own.
        gap = "\n" if "\n" in self.message else " "
        hint = f"{gap}{self.hint}" if self.hint else ""
        return f"{place}{self.severity}: {self.message}{hint} [{self.code}]"


@dataclass(frozen=True)
class Report:
    """What a check found."""

    problems: tuple[Problem, ...]
    """The problems, in the order of files and lines."""
    functions: tuple[str, ...]
    """Names of all functions that could be loaded."""
    loaded: LoadedApp
    """What was checked; closed already, unless it was given loaded."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that make the app fail in Azure."""
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The other problems."""
        return tuple(problem for problem in self.problems if not problem.is_error)

    @property
    def good(self) -> tuple[str, ...]:
        """Names of the functions without an error."""
        bad = {problem.function_name for problem in self.errors}
        return tuple(name for name in self.functions if name not in bad)

    @property
    def succeeded(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return not self.errors


def source_line(location: str | None) -> str:
    """Give the line of the source that a place names, without the space around it."""
    file, _, line = (location or "").rpartition(":")
    return linecache.getline(file, int(line)).strip() if line.isdecimal() else ""
