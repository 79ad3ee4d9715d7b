"""`python -m azfunc` is the command `azfunc`."""

from __future__ import annotations

from azfunc.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
