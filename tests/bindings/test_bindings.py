"""What `azfunc.bindings` gives to bindings of one's own."""

from __future__ import annotations

import pytest

import azfunc.bindings


@pytest.mark.parametrize("name", azfunc.bindings.__all__)
def test_listed_names_are_there(name: str) -> None:
    """Every listed name can be imported, is the core's own object, and is kept."""
    found = getattr(azfunc.bindings, name)

    assert found is not None
    assert vars(azfunc.bindings)[name] is found
    assert name in dir(azfunc.bindings)


def test_other_names_are_refused() -> None:
    """A name that is not listed is an AttributeError with the module and the name."""
    with pytest.raises(AttributeError, match=r"'azfunc\.bindings' has no attribute 'Nothing'"):
        _ = azfunc.bindings.Nothing  # type: ignore[attr-defined]  # the point of the test


def test_services_are_found_beside_them() -> None:
    """The modules of the services are imported from the same package as ever."""
    from azfunc.bindings import queue

    assert queue.QueueMessage.__module__ == "azfunc.bindings.queue"
