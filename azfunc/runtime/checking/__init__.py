"""Checking function apps: one pass that finds every problem of every function, before Azure does.

`check` imports the app as the host would, and compares what decorators, function.json and the settings say with the
functions and with the host's rules. See the how-to "Check an app" for the list of problems.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import is_dict
from azfunc._core.errors import AzfuncError
from azfunc._core.failures import AzfuncDeprecationWarning, AzfuncWarning
from azfunc._core.names import HOST_RULES_VERSION
from azfunc._core.times import parse_timedelta
from azfunc.runtime.checking.blueprints import check_blueprints
from azfunc.runtime.checking.definitions import Routes, Settings, check_definitions, days_for_hours, retry_faults
from azfunc.runtime.checking.problems import CODES, Problem, Report, source_line
from azfunc.runtime.checking.signatures import check_signature
from azfunc.runtime.checking.tolerant import TolerantFinder
from azfunc.runtime.checking.views import FunctionView
from azfunc.runtime.checking.worker import WORKER_VERSION, check_app_for_worker, check_for_worker
from azfunc.runtime.loading import AppLoadingError, LoadedApp, inspect_app, split_target
from azfunc.runtime.settings_files import HOST_FILE, SettingsFileError, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from azfunc.app import FunctionRegister
    from azfunc.runtime.settings_files import HostFile

__all__ = ["CODES", "HOST_RULES_VERSION", "WORKER_VERSION", "Problem", "Report", "check", "source_line"]

_PACKAGE = Path(__file__).resolve().parent.parent.parent
_TIME_WORDS = ("interval", "timeout", "duration", "delay", "period", "window")
# Module of azfunc, and there perhaps the function, that raised -> code.
_CODES_BY_PLACE = {
    "_core/names.py:check_binding_name": "binding-name",
    "_core/names.py:check_function_name": "function-name",
    "_core/enums.py": "value",
    "_core/binding.py:_fill": "arguments",
    "_core/batches.py": "cardinality",
    "_core/function.py:add_trigger": "several-triggers",
    "_core/function.py:finished": "no-trigger",
    "_core/routing/parser.py": "route",
    "_core/routing/template.py": "route",
    "_core/routing/constraints.py": "route",
    "bindings/http/trigger.py:_checked_route": "route",
    "runtime/schedule.py": "schedule",
    "runtime/function_json.py": "function-folder",
    "settings.py": "retry",
    "app.py:get_functions": "duplicate-function",
    "app.py:validate_function_names": "duplicate-function",
}


def check(
    target: str | Path | FunctionRegister | LoadedApp = ".",
    *,
    worker: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Report:
    """Find everything that is wrong with a function app.

    Args:
        target: Where the app is, as for `load_app`, or the app itself.
        worker: Whether to list what Azure's worker refuses, too.
        settings: All app settings that the app will have, so that a missing one is an error.
            When left out, those of local.settings.json and of the environment count, if there is such a file, and a
            missing one is a warning, since Azure may have it.

    Returns:
        The problems, and the names of the functions; nothing is raised for what is wrong with the app.

    Example:
        >>> report = check("examples/guide")
        >>> report.succeeded
        True
    """
    checking = _Checking(worker=worker, settings=settings)
    if isinstance(target, LoadedApp):
        return checking.report(target)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AzfuncWarning)
        with _loaded(target, checking) as loaded:
            report = checking.report(loaded, caught)
    for warning in caught:
        if not issubclass(warning.category, AzfuncWarning):
            warnings.showwarning(warning.message, warning.category, warning.filename, warning.lineno)
    return report


def _loaded(target: str | Path | FunctionRegister, checking: _Checking) -> LoadedApp:
    if not isinstance(target, (str, Path)):
        return inspect_app(target)
    place = Path(split_target(str(target))[0])
    folder = place if place.is_dir() else place.parent
    checking.finder = TolerantFinder((folder if folder.is_dir() else Path.cwd()).resolve(), code_of, reworded)
    return inspect_app(target, finder=checking.finder)


class _Checking:
    """One check of one app."""

    def __init__(self, *, worker: bool, settings: Mapping[str, str] | None) -> None:
        self._worker = worker
        self._settings = settings
        self.finder: TolerantFinder | None = None

    def report(self, loaded: LoadedApp, caught: list[warnings.WarningMessage] | None = None) -> Report:
        """Check an app while it is loaded."""
        broken = self.finder.broken if self.finder is not None else set[str]()
        problems = [*(self.finder.problems if self.finder is not None else ())]
        problems += self._of_loading(loaded, broken)
        problems += [_deprecated(warning) for warning in caught or () if _is_deprecation(warning)]
        problems += _of_host_file(loaded.host_file, loaded)
        problems += _of_app(loaded, problems)
        settings = self._known_settings(loaded)
        routes = Routes(loaded.options.route_prefix)
        for function in loaded.functions:
            view = FunctionView(function, self.finder)
            problems += check_signature(view)
            problems += check_definitions(view, settings)
            problems += routes.add(view)
            if self._worker:
                problems += check_for_worker(view)
        if self._worker:
            problems += check_app_for_worker(loaded)
        names = tuple(function.get_function_name() for function in loaded.functions)
        return Report(tuple(sorted(problems, key=_order)), names, loaded)

    def _known_settings(self, loaded: LoadedApp) -> Settings:
        if self._settings is not None:
            return Settings(self._settings, are_final=True)
        if loaded.settings.path is None:
            return Settings(None)
        return Settings({**loaded.settings.values, **os.environ})

    def _of_loading(self, loaded: LoadedApp, broken: set[str]) -> Iterator[Problem]:
        """Give the reasons why functions could not be loaded, but not what follows from a decorator that failed."""
        for error in loaded.errors:
            code = code_of(error)
            if code == "no-trigger" and error.location in broken:
                continue
            message, hint = reworded(code, error)
            yield Problem("error", code, message, hint, error.function_name, error.binding_name, error.location)


def reworded(code: str, error: AzfuncError) -> tuple[str, str]:
    """Give the message and the hint of an error, in words of ours where the message has to be the reference's."""
    if code == "several-triggers":
        what, _, todo = error.hint.partition("; ")
        return f"{what}.", todo.capitalize()
    if code == "no-trigger":
        return (
            f"Function {error.function_name!r} has no trigger.",
            "Add one, such as @app.route() or @app.queue_trigger(...).",
        )
    if code == "duplicate-function":
        return f"Function {error.function_name!r} has the name of another one.", error.hint
    if code == "value":
        return f"{error.message.partition('. ')[0]}.", error.hint
    return error.message, error.hint


def code_of(error: BaseException) -> str:
    """Give the code of the problem that an error is, from the place in azfunc that raised it."""
    if isinstance(error, SettingsFileError):
        return "function-folder" if "function.json" in error.message else "settings-file"
    if isinstance(error, AppLoadingError):
        if error.code != "definition" or error.__cause__ is None:
            return error.code
        return code_of(error.__cause__)
    # An error that was made to be collected has not been raised at all.
    place = "app.py:get_functions"
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            place = f"{file.relative_to(_PACKAGE).as_posix()}:{trace.tb_frame.f_code.co_name}"
        trace = trace.tb_next
    return _CODES_BY_PLACE.get(place) or _CODES_BY_PLACE.get(place.partition(":")[0]) or "definition"


def _is_deprecation(warning: warnings.WarningMessage) -> bool:
    return issubclass(warning.category, AzfuncDeprecationWarning)


def _deprecated(warning: warnings.WarningMessage) -> Problem:
    what, _, todo = str(warning.message).partition(". ")
    return Problem("warning", "deprecated-import", f"{what}.", todo, location=f"{warning.filename}:{warning.lineno}")


# --- the app as a whole -----------------------------------------------------------------------------------------------


def _of_app(loaded: LoadedApp, problems: list[Problem]) -> Iterator[Problem]:
    if loaded.ignored:
        names = ", ".join(f"{folder.name}/" for folder in loaded.ignored)
        yield Problem(
            "warning",
            "mixed-models",
            f"The host does not read {names}: the app has a script with decorators.",
            "Write these functions with decorators too, and remove the folders.",
            location=f"{loaded.ignored[0] / 'function.json'}:1",
        )
    left_out = [*check_blueprints(loaded)]
    if not loaded.functions and not any(problem.is_error for problem in problems):
        where = getattr(loaded.module, "__file__", None)
        yield Problem(
            "error",
            "no-functions",
            "The app has no function.",
            "Register its blueprints."
            if left_out
            else "Decorate one with @app.route() or another trigger, or register the blueprint that has it: "
            "app.register_functions(blueprint).",
            location=f"{where}:1" if where else None,
        )
    yield from left_out


def _of_host_file(host_file: HostFile, loaded: LoadedApp) -> Iterator[Problem]:
    path = host_file.path
    if path is None:
        unread = any(isinstance(error, SettingsFileError) for error in loaded.errors)
        if loaded.folder is not None and loaded.scope is not None and not unread:
            yield Problem(
                "warning",
                "host-file",
                f"{loaded.folder.name}/ has no {HOST_FILE}, which the host and Core Tools need.",
                'Write one: {"version": "2.0"}.',
                location=f"{loaded.folder / HOST_FILE}:1",
            )
        return
    if host_file.content.get("version") != "2.0":
        yield Problem(
            "error",
            "host-file",
            f"{HOST_FILE} has the version {host_file.content.get('version')!r}.",
            'Write "version": "2.0"; the host refuses the file otherwise.',
            location=line_of(path, "version"),
        )
    if host_file.has_comments:
        yield Problem(
            "warning",
            "host-file",
            f"{HOST_FILE} has comments, and some releases of the host then ignore all of it without a word.",
            "Remove the comments.",
            location=f"{path}:1",
        )
    retry: Any = host_file.content.get("retry")
    for fault, hint in retry_faults(_snake_cased(retry)) if retry else ():
        yield Problem(
            "error", "retry", f"The retry policy in {HOST_FILE} {fault}.", hint, location=line_of(path, "retry")
        )
    yield from _times(path, host_file.content)


def _times(path: Path, content: Mapping[str, Any]) -> Iterator[Problem]:
    """Look at every text of host.json that is a time by its name."""
    for name, value in content.items():
        if is_dict(value) and name != "retry":
            yield from _times(path, value)
        if not isinstance(value, str) or value == "-1" or not name.lower().endswith(_TIME_WORDS):
            continue
        days = days_for_hours(value)
        try:
            parse_timedelta(value)
        except AzfuncError as error:
            yield Problem(
                "error",
                "time-span",
                f"{name} in {HOST_FILE} is {value!r}, which is no time.",
                error.hint,
                location=line_of(path, name),
            )
            continue
        if days:
            yield Problem(
                "warning",
                "time-span",
                f"{name} in {HOST_FILE} is {value!r}, which are {days} days: hours end at 23, and what comes before "
                "them are days.",
                f"Write '{days}.00:00:00' if days are meant.",
                location=line_of(path, name),
            )


def _snake_cased(policy: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "strategy": "strategy",
        "maxRetryCount": "max_retry_count",
        "delayInterval": "delay_interval",
        "minimumInterval": "minimum_interval",
        "maximumInterval": "maximum_interval",
    }
    found = {names[key]: value for key, value in policy.items() if key in names}
    strategies = {"fixedDelay": "fixed_delay", "exponentialBackoff": "exponential_backoff"}
    return {**found, "strategy": strategies.get(str(found.get("strategy")), found.get("strategy"))}


def _order(problem: Problem) -> tuple[str, int, str]:
    file, _, line = (problem.location or "").rpartition(":")
    return file, int(line) if line.isdecimal() else 0, problem.function_name or ""
