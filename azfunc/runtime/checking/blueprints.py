"""Checks of blueprints: those whose functions the app does not have."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from azfunc._core.function import location_of
from azfunc.app import Blueprint, FunctionRegister
from azfunc.runtime.checking.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azfunc._core.decorators import DecoratorApi
    from azfunc._core.function import FunctionBuilder
    from azfunc.runtime.loading import LoadedApp


def check_blueprints(loaded: LoadedApp) -> Iterator[Problem]:
    """Find the blueprints beside an app, or in the modules that stand beside it, which are not registered."""
    members = vars(loaded.module) if loaded.module is not None else {}
    apps = {name: value for name, value in members.items() if isinstance(value, FunctionRegister)}
    if loaded.module is None or not apps:
        return
    blueprints: dict[int, tuple[str, Blueprint]] = {}
    for name, each in _blueprints_of(loaded.module, loaded.folder):
        blueprints.setdefault(id(each), (name, each))
    known = {id(builder) for app in apps.values() for builder in _builders_of(app)}
    below = {id(each) for _, blueprint in blueprints.values() for each in _containers_of(blueprint)[1:]}
    for name, blueprint in blueprints.values():
        lost = [builder for builder in _builders_of(blueprint) if id(builder) not in known]
        if lost and id(blueprint) not in below:
            yield Problem(
                "warning",
                "lost-blueprint",
                f"Blueprint {name!r} is not registered, so that the app does not have "
                f"{' and '.join(repr(builder.name) for builder in lost)}.",
                f"Register it: {next(iter(apps))}.register_functions({name}).",
                location=location_of(lost[0]),
            )


def _blueprints_of(module: ModuleType, folder: Path | None) -> Iterator[tuple[str, Blueprint]]:
    """Give the blueprints that a module can name, each with what it calls them."""
    for name, value in vars(module).items():
        if isinstance(value, Blueprint):
            yield name, value
        elif isinstance(value, ModuleType) and folder is not None and _is_in(value, folder):
            yield from ((f"{name}.{inner}", each) for inner, each in vars(value).items() if isinstance(each, Blueprint))


def _is_in(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and folder in Path(file).parents


def _containers_of(container: FunctionRegister | Blueprint) -> list[DecoratorApi]:
    """Give an app or a blueprint, and all that is registered on it."""
    return [*container._containers()]  # pyright: ignore[reportPrivateUsage]  # of no use to anybody else


def _builders_of(container: FunctionRegister | Blueprint) -> list[FunctionBuilder]:
    """Give what was decorated with an app or a blueprint, and with all that is registered on it."""
    containers = _containers_of(container)
    return [builder for each in containers for builder in each._function_builders]  # pyright: ignore[reportPrivateUsage]  # as above
