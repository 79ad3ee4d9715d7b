"""Importing an app whose decorators fail, so that one pass sees all that is wrong with it.

A decorator that refuses its arguments raises, and the import of the module ends there: of ten mistakes only the first
is seen. While an app is checked, its modules are compiled with each decorator wrapped, ``@deco(...)`` as
``@attempt(lambda: deco(...), line)``. What a decorator of azfunc raises is noted with its line; the function then goes
on without it, and is marked, so that what follows from the missing decorator is not reported too.
"""

from __future__ import annotations

import ast
import importlib.machinery
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azfunc._core.checks import untyped
from azfunc._core.decorators import DecoratorApi
from azfunc._core.errors import AzfuncError, nearest
from azfunc._core.function import FunctionBuilder, location_of
from azfunc.runtime.checking.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType, ModuleType

    from azfunc._core.binding import Binding

_ATTEMPT = "__azfunc_attempt__"
_SCOPED = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


class TolerantFinder:
    """Finds the modules of an app, and lets their decorators fail.

    Args:
        folder: Folder of the app; modules of other folders are not its business.
        code_of: Gives the code of the problem that an error is.
        reworded: Gives the message and the hint of a problem, from its code and its error.
    """

    problems: list[Problem]
    """What decorators raised."""
    broken: set[str]
    """Places, as ``file:line``, of functions that lack a decorator that failed."""
    binding_places: dict[tuple[str, str], str]
    """Place of a function, and name of a binding -> place of the decorator that made it."""
    parameter_lines: dict[str, dict[str, int]]
    """Place of a function -> line of each of its parameters, and of its name under an empty text."""

    def __init__(
        self,
        folder: Path,
        code_of: Callable[[BaseException], str],
        reworded: Callable[[str, AzfuncError], tuple[str, str]],
    ) -> None:
        self.problems = []
        self.broken = set()
        self.binding_places = {}
        self.parameter_lines = {}
        self._folder = folder
        self._code_of = code_of
        self._reworded = reworded

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module of the app as usual, to be loaded in the tolerant way."""
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        file = Path(spec.origin or "")
        if not file.is_relative_to(self._folder) or "site-packages" in file.relative_to(self._folder).parts:
            return None
        spec.loader = _TolerantLoader(fullname, str(file), self)
        return spec

    def attempt(self, file: str, make: Callable[[], Any], line: int) -> Callable[[Any], Any]:
        """Evaluate a decorator; what comes back decorates with it, or with nothing if it fails."""
        try:
            decorator = make()
        except (AzfuncError, TypeError, AttributeError) as error:
            problem = self._problem(error, file, line, called_by=make)
            return partial(self._without, problem)
        return partial(self._apply, decorator, file, line)

    def _apply(self, decorator: Any, file: str, line: int, function: Any) -> Any:
        before = len(_bindings_of(function))
        try:
            decorated = decorator(function)
        except AzfuncError as error:
            return self._without(self._problem(error, file, line), function)
        for binding in _bindings_of(decorated)[before:]:
            self.binding_places[_place_of(decorated) or "", binding.name] = f"{file}:{line}"
        return decorated

    def _without(self, problem: Problem, function: Any) -> Any:
        place = _place_of(function)
        if place is not None:
            self.broken.add(place)
        self.problems.append(replace(problem, function_name=_name_of(function)))
        return function

    def _problem(
        self, error: Exception, file: str, line: int, *, called_by: Callable[[], Any] | None = None
    ) -> Problem:
        """Make the problem of an error; one that is not of a decorator of azfunc is raised again."""
        where = f"{file}:{line}"
        if isinstance(error, AzfuncError):
            code = self._code_of(error)
            message, hint = self._reworded(code, error)
            return Problem("error", code, message, hint, binding_name=error.binding_name, location=where)
        if isinstance(error, AttributeError) and isinstance(error.obj, DecoratorApi):
            known = [name for name in dir(error.obj) if not name.startswith("_")]
            close = nearest(str(error.name), known)
            return Problem(
                "error",
                "unknown-decorator",
                f"{type(error.obj).__name__} has no decorator {error.name!r}.",
                f"Did you mean {close!r}?" if close else "The reference of the services lists them.",
                location=where,
            )
        if isinstance(error, TypeError) and called_by is not None and _was_refused(error, called_by):
            return Problem(
                "error", "arguments", f"{error}.", "Compare the arguments with the decorator's.", location=where
            )
        raise error


class _TolerantLoader(importlib.machinery.SourceFileLoader):
    """Compiles a module with its decorators wrapped."""

    def __init__(self, name: str, path: str, finder: TolerantFinder) -> None:
        super().__init__(name, path)
        self._finder = finder

    def get_code(self, fullname: str) -> CodeType:
        """Compile the source; the cache holds what was compiled without wrapping."""
        path = self.get_filename(fullname)
        tree = _Wrapping(path, self._finder.parameter_lines).visit(ast.parse(self.get_data(path), path))
        code: CodeType = compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
        return code

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, with the function in it that decorators are attempted with."""
        module.__dict__[_ATTEMPT] = partial(self._finder.attempt, self.path)
        super().exec_module(module)


class _Wrapping(ast.NodeTransformer):
    """Wraps the decorators of functions, except in class bodies, whose names a lambda does not see.

    Args:
        path: File of the module.
        lines: Where the lines of functions and parameters are noted.
    """

    def __init__(self, path: str, lines: dict[str, dict[str, int]]) -> None:
        self._path = path
        self._lines = lines

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:  # ast's spelling
        """Leave a class as it is."""
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # ast's spelling
        """Wrap the decorators of a function."""
        return self._wrapped(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:  # ast's spelling
        """Wrap the decorators of an async function."""
        return self._wrapped(node)

    def _wrapped(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        lines = {"": node.lineno, **{each.arg: each.lineno for each in given}}
        lines["return"] = node.returns.lineno if node.returns is not None else node.lineno
        self._lines[f"{self._path}:{first}"] = lines
        node.decorator_list = [_attempted(each) for each in node.decorator_list]
        return self.generic_visit(node)


def _bindings_of(function: Any) -> list[Binding]:
    if not isinstance(function, FunctionBuilder):
        return []
    builder: FunctionBuilder[..., Any] = function  # pyright: ignore[reportUnknownVariableType]  # of whatever result
    return list(untyped(builder)._function.get_bindings())


def _name_of(function: Any) -> str | None:
    return function.name if isinstance(function, FunctionBuilder) else getattr(function, "__name__", None)


def _place_of(function: Any) -> str | None:
    return location_of(getattr(function, "__wrapped__", function))


def _attempted(decorator: ast.expr) -> ast.expr:
    if any(isinstance(part, _SCOPED) for part in ast.walk(decorator)):
        return decorator
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    wrapped = ast.Call(
        func=ast.Name(id=_ATTEMPT, ctx=ast.Load()),
        args=[ast.Lambda(args=nothing, body=decorator), ast.Constant(decorator.lineno)],
        keywords=[],
    )
    for part in (wrapped, wrapped.func, *wrapped.args):
        ast.copy_location(part, decorator)
    return wrapped


def _was_refused(error: TypeError, called_by: Callable[[], Any]) -> bool:
    """Tell whether a call was refused for its arguments: no frame of the called is in the traceback."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code is getattr(called_by, "__code__", None)
