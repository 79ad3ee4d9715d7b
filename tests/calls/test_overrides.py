"""Overrides: what stands in for a provider, where, for how long, and what is refused."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any

import pytest

import azfunc as func
from azfunc.testing import TestClient


def get_settings() -> str:
    """Give the real settings."""
    return "real"


def get_repository(settings: Annotated[str, func.Depends(get_settings)]) -> str:
    """Give what needs the settings."""
    return f"repository of {settings}"


def fake_settings() -> str:
    """Give other settings."""
    return "fake"


async def async_settings() -> str:
    """Give other settings, when awaited."""
    return "awaited"


async def async_generator_settings() -> AsyncIterator[str]:
    """Give other settings, and end."""
    yield "async generator"


def app_with(provider: Callable[..., Any], *, scope: Any = "call", is_async: bool = False) -> func.FunctionApp:
    """Give an app whose function ``it`` returns what a provider gives."""
    app = func.FunctionApp(http_auth_level="anonymous")

    def it(req: func.HttpRequest, value: Annotated[Any, func.Depends(provider, scope=scope)]) -> str:
        return str(value)

    async def async_it(req: func.HttpRequest, value: Annotated[Any, func.Depends(provider, scope=scope)]) -> str:
        return str(value)

    made: Any = async_it if is_async else it
    app.route("it")(made)
    return app


def text_of(client: TestClient) -> str:
    """Give what the function ``it`` returns."""
    return client.get("/api/it").text


@pytest.mark.parametrize("is_async", [False, True], ids=["def", "async def"])
def test_replacement_is_called_until_the_block_ends(*, is_async: bool) -> None:
    """In the block the replacement gives the value, to nested providers too; after it the provider does again."""
    client = TestClient(app_with(get_repository, is_async=is_async))

    with client.override(get_settings, fake_settings):
        inside = text_of(client)

    assert (inside, text_of(client)) == ("repository of fake", "repository of real")


def test_override_without_a_block_lasts() -> None:
    """An override counts from its call on, for the life of the client."""
    client = TestClient(app_with(get_repository))
    client.override(get_settings, fake_settings)

    assert [text_of(client), text_of(client)] == ["repository of fake"] * 2


def test_override_counts_for_all_kinds_of_calls() -> None:
    """Requests, messages and direct calls see the override, asynchronous ones too."""
    app = app_with(get_settings)
    [it] = app.get_functions()
    request = func.HttpRequest()

    async def asynchronous(client: TestClient) -> list[str]:
        runs = [await client.asend("it", request), await client.ainvoke(it.get_user_function(), request)]
        return [(await client.arequest("GET", "/api/it")).text, *(run.returned for run in runs)]

    with TestClient(app) as client, client.override(get_settings, fake_settings):
        found = [text_of(client), client.send("it").returned, client.invoke(it.get_user_function(), request).returned]

    assert found == ["fake"] * 3
    client = TestClient(app)
    client.override(get_settings, fake_settings)
    assert asyncio.run(asynchronous(client)) == ["fake"] * 3


def test_override_counts_in_another_thread() -> None:
    """The client has the override, whichever thread uses it."""
    client, found = TestClient(app_with(get_settings)), list[str]()

    with client.override(get_settings, fake_settings):
        thread = threading.Thread(target=lambda: found.append(text_of(client)))
        thread.start()
        thread.join()

    assert found == ["fake"]


def test_two_clients_at_once() -> None:
    """The overrides of one client are nothing to another one of the same app, while both have calls under way."""
    waiting = threading.Barrier(2)

    def get_slowly(settings: Annotated[str, func.Depends(get_settings)]) -> str:
        waiting.wait(10)
        return settings

    def get_slowly_too(
        settings: Annotated[str, func.Depends(get_settings)], met: Annotated[str, func.Depends(get_slowly)]
    ) -> str:
        return f"{settings} {met}"

    app = app_with(get_slowly_too)

    async def both() -> list[str]:
        async with TestClient(app) as one, TestClient(app) as other:
            with one.override(get_settings, fake_settings), other.override(get_settings, lambda: "other"):
                answers = await asyncio.gather(*(each.arequest("GET", "/api/it") for each in (one, other)))
        return [each.text for each in answers]

    assert asyncio.run(both()) == ["fake fake", "other other"]


def test_latest_override_counts() -> None:
    """Of two overrides of one provider the later counts, and the earlier one again after it."""
    client = TestClient(app_with(get_settings))

    with client.override(get_settings, fake_settings):
        with client.override(get_settings, lambda: "latest"):
            inner = text_of(client)
        outer = text_of(client)

    assert (inner, outer, text_of(client)) == ("latest", "fake", "real")


def test_override_can_be_entered_again() -> None:
    """An override that has ended takes effect again in another block."""
    client = TestClient(app_with(get_settings))
    override = client.override(get_settings, fake_settings)

    found: list[str] = []
    for _ in range(2):
        with override:
            found.append(text_of(client))
        found.append(text_of(client))

    assert found == ["fake", "real", "fake", "real"]
    assert repr(override) == "<Override of get_settings by fake_settings>"


def test_replacement_has_dependencies_and_an_end() -> None:
    """A replacement is called as any provider: with its own dependencies, and the rest after the function."""
    ended: list[str] = []

    def fake(req: func.HttpRequest, settings: Annotated[str, func.Depends(get_settings)]) -> Iterator[str]:
        yield f"{req.method} {settings}"
        ended.append("fake")

    client = TestClient(app_with(get_repository))
    client.override(get_repository, fake)

    assert text_of(client) == "GET real"
    assert ended == ["fake"]


def test_provider_behind_a_replacement_can_be_overridden() -> None:
    """What only a replacement needs, and what a replacement hides, can be overridden too."""

    def get_other() -> str:
        return "other"

    def fake(other: Annotated[str, func.Depends(get_other)]) -> str:
        return other

    client = TestClient(app_with(get_repository))
    with client.override(get_repository, fake), client.override(get_other, lambda: "deep"):
        client.override(get_settings, fake_settings)
        inside = text_of(client)

    assert (inside, text_of(client)) == ("deep", "repository of fake")


def test_process_scoped_value_of_an_override_is_not_kept() -> None:
    """A value that an override has a part in is made once under it, and not kept; the real one is left alone."""
    made: list[str] = []

    def get_pool(settings: Annotated[str, func.Depends(get_settings, scope="process")]) -> str:
        made.append(settings)
        return f"pool {len(made)} of {settings}"

    app = app_with(get_pool, scope="process")
    client, other = TestClient(app), TestClient(app)
    before = text_of(client)
    found: list[str] = []
    for _ in range(2):
        with client.override(get_settings, fake_settings):
            found += [text_of(client), text_of(client), text_of(other)]

    assert before == "pool 1 of real"
    assert found == ["pool 2 of fake"] * 2 + [before] + ["pool 3 of fake"] * 2 + [before]
    assert text_of(client) == before


def test_process_scoped_value_outlives_another_override() -> None:
    """A value that an override has no part in is kept as always, that of another override as long as that lasts."""
    made: list[str] = []

    def get_pool() -> str:
        made.append("real")
        return "real pool"

    def fake_pool() -> str:
        made.append("fake")
        return "fake pool"

    app = app_with(get_pool, scope="process")

    @app.route("other")
    def other(req: func.HttpRequest, settings: Annotated[str, func.Depends(get_settings)]) -> str:
        return settings

    client = TestClient(app)
    with client.override(get_settings, fake_settings):
        assert [text_of(client), text_of(client)] == ["real pool"] * 2
    with client.override(get_pool, fake_pool):
        assert text_of(client) == "fake pool"
        with client.override(get_settings, fake_settings):
            assert text_of(client) == "fake pool"

    assert text_of(client) == "real pool"
    assert made == ["real", "fake"]


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "hint"),
    [
        pytest.param(lambda: "", "They depend on get_repository, get_settings.", id="unknown"),
        pytest.param(type("get_setting", (), {}), "Did you mean 'get_settings'?", id="misspelt"),
        pytest.param(type("get_settings", (), {}), "the very object that stands in Depends", id="another of the name"),
    ],
)
def test_provider_that_nothing_depends_on_is_refused(provider: Any, hint: str) -> None:
    """An override that could have no effect says so, and what there is to override."""
    with pytest.raises(func.DefinitionError, match="No function of the client depends on") as caught:
        TestClient(app_with(get_repository)).override(provider, fake_settings)

    assert hint in caught.value.hint


def test_app_without_dependencies_has_nothing_to_override() -> None:
    """A client of an app without dependencies says that there are none, with the place of the provider."""
    with pytest.raises(func.DefinitionError, match=r"'get_settings' \(.*test_overrides.py:\d+\)") as caught:
        TestClient(func.FunctionApp()).override(get_settings, fake_settings)

    assert "None of them" in caught.value.hint


def test_value_is_no_replacement() -> None:
    """A replacement is called, and a value is refused with the way to give it."""
    with pytest.raises(func.ArgumentTypeError, match="'fake'") as caught:
        TestClient(app_with(get_settings)).override(get_settings, "fake")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # is tested

    assert "lambda: value" in caught.value.hint


def test_replacement_that_cannot_be_given_changes_nothing() -> None:
    """A replacement with a parameter that nothing gives is refused at once, and the provider stays."""

    def fake(unknown: str) -> str:
        return unknown

    client = TestClient(app_with(get_settings))

    with pytest.raises(func.DefinitionError, match=r"depends on 'fake'.*'unknown'"):
        client.override(get_settings, fake)
    assert text_of(client) == "real"


@pytest.mark.parametrize("replacement", [async_settings, async_generator_settings])
def test_async_replacement_is_for_async_functions(replacement: Any) -> None:
    """A function that is not async cannot have an async replacement, an async one can."""
    with pytest.raises(func.DefinitionError, match="provided by async code"):
        TestClient(app_with(get_repository)).override(get_settings, replacement)

    client = TestClient(app_with(get_repository, is_async=True))
    client.override(get_settings, replacement)
    assert text_of(client).startswith("repository of a")
