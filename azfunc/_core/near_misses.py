"""Extra fields of a binding that look like misspelt declared ones."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from azfunc._core.errors import nearest
from azfunc._core.failures import AzfuncWarning
from azfunc._core.frames import user_frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azfunc._core.binding import Binding


def near_misses(binding: Binding) -> dict[str, str]:
    """Give the extra fields of a binding that look like misspelt declared ones, each with the right name."""
    return _near_misses(binding, binding.extra_fields)


def warn_of_near_misses(binding: Binding, extra: Mapping[str, Any]) -> None:
    """Warn of extra fields that look like misspelt declared ones, at the line of the decorator.

    Args:
        binding: The binding, which does not have the extra fields yet.
        extra: The extra fields.
    """
    for name, close in _near_misses(binding, extra).items():
        warnings.warn(
            f"{binding.type} {binding.name!r} has no field {name!r}; did you mean {close!r}? "
            f"It is passed to function.json as it is.",
            AzfuncWarning,
            stacklevel=user_frame()[1],
        )


def _near_misses(binding: Binding, extra: Mapping[str, Any]) -> dict[str, str]:
    declared = [name for name in ("data_type", *binding.init_params) if name not in extra]
    found = {name: nearest(name, declared) for name in extra}
    return {name: close for name, close in found.items() if close}
