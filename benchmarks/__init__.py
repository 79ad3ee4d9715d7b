"""Benchmarks of azfunc beside the reference: run `python -m benchmarks`, or `nox -s bench`."""
