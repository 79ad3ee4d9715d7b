"""The stand-in: azfunc answers as `azure.functions`, for code and packages that import that name.

``azfunc.compat.install()`` does so from then on, ``with azfunc.compat.installed():`` for a block. Every module of the
reference can be imported, as a facade that gives azfunc's classes; `azure.durable_functions` and other packages below
`azure` stay what they are, and find azfunc where they import the reference. It does not matter whether the reference
is installed.

What has imported the reference before has its classes, which are not azfunc's: `install()` sets packages that are made
for the reference aside, so that they are imported anew, and refuses when a module of another sort has it.
"""

from __future__ import annotations

from azfunc.compat.standin import StandInError, install, installed, is_installed, uninstall

__all__ = ["StandInError", "install", "installed", "is_installed", "uninstall"]
