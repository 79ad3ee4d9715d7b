"""Mounts, and the function apps of one framework: their function.json, routes, prefixes and hints."""

from __future__ import annotations

import asyncio
import inspect
import json
import typing
from typing import TYPE_CHECKING, Any

import pytest

import azfunc
from azfunc.adapters.roots import Root
from azfunc.testing import TestClient
from tests.adapters.asgi_tools import END, START, answering, app_of

if TYPE_CHECKING:
    from types import ModuleType

HttpRequest = azfunc.HttpRequest


async def tell(scope: Any, receive: Any, send: Any) -> None:
    """Answer with root path and path."""
    await send(START)
    await send({**END, "body": f"{scope['root_path']}|{scope['path']}".encode()})


def tell_wsgi(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer with script name and path."""
    start_response("200 OK", [])
    return [f"{environ['SCRIPT_NAME']}|{environ['SCRIPT_NAME']}{environ['PATH_INFO']}".encode("latin-1")]


def bindings_of(function: Any) -> list[dict[str, Any]]:
    """Give the bindings of a function as JSON."""
    found: list[dict[str, Any]] = json.loads(function.get_function_json())["bindings"]
    return found


# --- the reference's apps ---------------------------------------------------------------------------------------------


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """Do nothing."""


def wsgi(environ: Any, start_response: Any) -> list[bytes]:
    """Do nothing."""
    return []


def test_asgi_function_app_is_the_references(func: ModuleType) -> None:
    """Name, route, methods, key level, type and signature of the function are the reference's."""
    app = func.AsgiFunctionApp(app=asgi)
    [function] = app.get_functions()
    user_function = function.get_user_function()

    assert function.get_function_name() == "http_app_func"
    assert function.http_type == "asgi"
    assert function.is_http_function()
    trigger, output = bindings_of(function)
    assert trigger.pop("methods")[:7] == ["GET", "POST", "DELETE", "HEAD", "PATCH", "PUT", "OPTIONS"]
    assert [trigger, output] == [
        {"direction": "IN", "type": "httpTrigger", "name": "req", "authLevel": "FUNCTION", "route": "/{*route}"},
        {"direction": "OUT", "type": "http", "name": "$return"},
    ]
    assert list(inspect.signature(user_function).parameters) == ["req", "context"]
    assert inspect.iscoroutinefunction(user_function)
    assert typing.get_type_hints(user_function)["req"] is func.HttpRequest or func is not azfunc
    assert type(app.middleware).__name__ == "AsgiMiddleware"
    assert app.startup_task_done is False


def test_wsgi_function_app_is_the_references(func: ModuleType) -> None:
    """Name, key level, type and signature of the function are the reference's."""
    app = func.WsgiFunctionApp(app=wsgi, http_auth_level=func.AuthLevel.ANONYMOUS, function_name="my_app")
    [function] = app.get_functions()

    assert function.get_function_name() == "my_app"
    assert function.http_type == "wsgi"
    assert bindings_of(function)[0]["authLevel"] == "ANONYMOUS"
    assert bindings_of(function)[0]["route"] == "/{*route}"
    assert list(inspect.signature(function.get_user_function()).parameters) == ["req", "context"]
    assert not inspect.iscoroutinefunction(function.get_user_function())
    assert "middleware" not in vars(app)


@pytest.mark.reference
def test_function_json_of_both_libraries_is_the_same() -> None:
    """The text of function.json is equal, key for key and method for method."""
    reference = pytest.importorskip("azure.functions", reason="only the `compat` session installs it")
    for kind, app in (("AsgiFunctionApp", asgi), ("WsgiFunctionApp", wsgi)):
        ours, theirs = (getattr(library, kind)(app).get_functions()[0] for library in (azfunc, reference))
        assert ours.get_function_json() == theirs.get_function_json()


def test_other_functions_may_stand_beside_the_app(func: ModuleType) -> None:
    """The app takes further functions."""
    app = func.AsgiFunctionApp(app=asgi)

    @app.timer_trigger(arg_name="t", schedule="0 * * * * *")
    def tick(t: Any) -> None: ...

    assert [function.get_function_name() for function in app.get_functions()] == ["http_app_func", "tick"]


def test_a_wrong_middleware_is_refused(func: ModuleType) -> None:
    """Only the middleware of the kind can be added."""
    with pytest.raises(TypeError, match="Please pass AsgiMiddleware instance as parameter"):
        func.AsgiFunctionApp(asgi)._add_http_app(5)
    with pytest.raises(TypeError, match="Please pass WsgiMiddleware instance as parameter"):
        func.WsgiFunctionApp(wsgi)._add_http_app(5)


def test_the_base_is_abstract(func: ModuleType) -> None:
    """A subclass says how the framework's function is made."""
    with pytest.raises(TypeError, match="abstract"):
        func.ExternalHttpFunctionApp(auth_level=func.AuthLevel.ADMIN)


def test_annotations_are_classes_for_whoever_reads_them() -> None:
    """The worker reads the hints of the function, and finds azfunc's types."""
    for app in (azfunc.AsgiFunctionApp(asgi), azfunc.WsgiFunctionApp(wsgi)):
        user_function = app.get_functions()[0].get_user_function()
        assert typing.get_type_hints(user_function) == {"req": HttpRequest, "context": azfunc.Context}


@pytest.mark.parametrize("prefix", ["", "api", "a/b"])
@pytest.mark.parametrize("kind", ["asgi", "wsgi"])
def test_function_apps_know_their_root(kind: str, prefix: str) -> None:
    """The route prefix is the root path of the app, whatever it is."""
    app: Any
    if kind == "asgi":
        app = azfunc.AsgiFunctionApp(app_of(tell), http_auth_level="anonymous")
    else:
        app = azfunc.WsgiFunctionApp(tell_wsgi, http_auth_level="anonymous")
    root = f"/{prefix}".rstrip("/")
    client = TestClient(app, route_prefix=prefix)

    for path in ("/", "/x", "/x/y/", "/%C3%A9t%C3%A9", "/a%2Fb"):
        expected = f"{root}|{root}{path}".replace("%C3%A9", "é").replace("%2F", "/")
        assert client.get(f"{root}{path}").get_body().decode() == expected


# --- mounts -----------------------------------------------------------------------------------------------------------


def test_a_mount_is_a_function() -> None:
    """A mount has a route without a leading slash, all methods, its key level, a name from its path."""
    app = azfunc.FunctionApp()

    app.mount_asgi("/v1/", answering(), auth_level="anonymous")
    app.mount_wsgi("tenants/{tenant}", wsgi)
    app.mount_asgi("", answering(), name="rest")

    first, second, third = app.get_functions()
    assert [each.get_function_name() for each in (first, second, third)] == ["v1", "tenants_tenant", "rest"]
    assert bindings_of(first) == [
        {"direction": "IN", "type": "httpTrigger", "name": "req", "authLevel": "ANONYMOUS", "route": "v1/{*route}"},
        {"direction": "OUT", "type": "http", "name": "$return"},
    ]
    assert bindings_of(second)[0]["route"] == "tenants/{tenant}/{*route}"
    assert bindings_of(second)[0]["authLevel"] == "FUNCTION"
    assert bindings_of(third)[0]["route"] == "{*route}"
    assert [function.http_type for function in app.get_functions()] == ["asgi", "wsgi", "asgi"]


@pytest.mark.parametrize(
    ("path", "name"), [("v1", "v1"), ("2024/api", "mount_2024_api"), ("", "http_app_func"), ("é-b", "b")]
)
def test_names_come_from_paths(path: str, name: str) -> None:
    """A mount that names none gets a name that the host accepts."""
    app = azfunc.FunctionApp()

    app.mount_asgi(path, answering())

    assert app.get_functions()[0].get_function_name() == name


@pytest.mark.parametrize("prefix", ["", "api", "a/b"])
def test_mounts_stand_beside_functions(prefix: str) -> None:
    """Several apps and ordinary functions share the route space: the most specific route wins, under every prefix."""
    app = azfunc.FunctionApp(http_auth_level="anonymous")
    app.mount_asgi("v1", app_of(tell))
    app.mount_wsgi("site", tell_wsgi)
    app.mount_asgi("v1/deep", answering(b"deep"))
    app.mount_asgi("", answering(b"rest"))
    app.mount_wsgi("of/{tenant}", tell_wsgi, name="tenant")

    @app.route("v1/own")
    def own(req: azfunc.HttpRequest) -> str:
        return "own"

    root = f"/{prefix}".rstrip("/")
    expected = {
        "/v1": f"{root}/v1|{root}/v1",
        "/v1/": f"{root}/v1|{root}/v1/",
        "/V1/x": f"{root}/V1|{root}/V1/x",
        "/v1/x/y": f"{root}/v1|{root}/v1/x/y",
        "/v1/v1/x": f"{root}/v1|{root}/v1/v1/x",
        "/v1/own": "own",
        "/v1/deep/x": "deep",
        "/site/%C3%A9t%C3%A9": f"{root}/site|{root}/site/été",
        "/of/me/x": f"{root}/of/me|{root}/of/me/x",
        "/of/me": f"{root}/of/me|{root}/of/me",
        "/": "rest",
        "/else": "rest",
    }
    with TestClient(app, route_prefix=prefix) as client:
        answers = {path: client.get(f"{root}{path}").get_body().decode() for path in expected}
    assert answers == expected


def test_blueprints_mount_too() -> None:
    """A mount on a blueprint gets its prefixes and key level."""
    app = azfunc.FunctionApp()
    blueprint = azfunc.Blueprint("anonymous", url_prefix="v2", name_prefix="two_")
    blueprint.mount_asgi("", app_of(tell))
    blueprint.mount_wsgi("site", tell_wsgi)
    app.register_functions(blueprint)

    assert [function.get_function_name() for function in app.get_functions()] == ["two_http_app_func", "two_site"]
    client = TestClient(app)
    assert client.get("/api/v2").get_body() == b"/api/v2|/api/v2"
    assert client.get("/api/v2/x").get_body() == b"/api/v2|/api/v2/x"
    assert client.get("/api/v2/site/x").get_body() == b"/api/v2/site|/api/v2/site/x"


def test_a_mount_gives_its_middleware() -> None:
    """What a mount gives back serves requests made by hand too."""
    app = azfunc.FunctionApp()

    api = app.mount_asgi("v1", app_of(tell))
    site = app.mount_wsgi("site", tell_wsgi, raise_on_5xx=True)

    assert api.handle(HttpRequest(url="/api/v1/x")).get_body() == b"/api/v1|/api/v1/x"
    assert site.handle(HttpRequest(url="/api/site/x")).get_body() == b"/api/site|/api/site/x"


def test_what_cannot_be_mounted_is_refused_at_once() -> None:
    """The two first arguments in the wrong order, and an app that is none, are named where they are written."""
    app = azfunc.FunctionApp()

    with pytest.raises(azfunc.ArgumentTypeError, match="cannot be called"):
        app.mount_asgi(answering(), "v1")
    with pytest.raises(azfunc.ArgumentTypeError, match="cannot be called"):
        app.mount_wsgi("v1", "flask")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(azfunc.DefinitionError):
        app.mount_asgi("a/{b", answering())
    assert app.get_functions() == []


@pytest.mark.parametrize(("mount", "mounted"), [("mount_asgi", asgi), ("mount_wsgi", wsgi)], ids=["asgi", "wsgi"])
def test_a_mount_is_where_the_user_wrote_it(mount: str, mounted: Any) -> None:
    """The place of a mounted app, in errors and in `azfunc list`, is the line that mounts it."""
    app = azfunc.FunctionApp()
    getattr(app, mount)("v1", mounted)  # the line that counts
    line = inspect.currentframe().f_lineno - 1  # type: ignore[union-attr]  # CPython has frames

    assert app.get_functions()[0].location == f"{__file__}:{line}"


def test_two_mounts_of_one_name_are_refused() -> None:
    """Two mounts under one path cannot both be indexed, and the error says so."""
    app = azfunc.FunctionApp()
    app.mount_asgi("v1", answering())
    app.mount_asgi("v1", answering())

    with pytest.raises(azfunc.DefinitionError, match="unique"):
        app.get_functions()


def test_mounting_is_lazy() -> None:
    """An app without mounts loads no adapter, and the methods are found by name and documented."""
    import subprocess
    import sys

    script = "import sys, azfunc; azfunc.FunctionApp(); print([m for m in sys.modules if 'azfunc.adapters' in m])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
    for name in ("mount_asgi", "mount_wsgi"):
        assert getattr(azfunc.FunctionApp, name).__doc__.startswith("Mount ")


# --- root paths -------------------------------------------------------------------------------------------------------

CALL = azfunc.Context(invocation_id="7")


@pytest.mark.parametrize(
    ("path", "rest", "mount", "context", "root"),
    [
        ("/api/v1/a/b", "a/b", "v1", CALL, "/api/v1"),
        ("/api/v1/a/b/", "a/b", "v1", CALL, "/api/v1"),
        ("/api/v1/a b", "a%20b", "v1", CALL, "/api/v1"),
        ("/api/v1/was/rewritten", "a/b", "v1", CALL, "/api/v1"),
        ("/api/v1/", None, "v1", CALL, "/api/v1"),
        ("/", None, "", CALL, ""),
        ("/api", None, "", CALL, "/api"),
        ("/api/v1/", None, "v1", None, "/api/v1"),
        ("/api/V1/x", None, "v1", None, "/api/V1"),
        ("/api/else/x", None, "v1", None, ""),
        ("/api/x", None, "", azfunc.Context(), ""),
    ],
)
def test_roots(path: str, rest: str | None, mount: str, context: Any, root: str) -> None:
    """The root is what is in front of the rest; without a rest it is all of the path, or the mount in it."""
    request = HttpRequest(url=path, route_params={} if rest is None else {"route": rest})

    assert Root(route_parameter="route", mount=mount).of(request, path, context) == root


def test_a_fixed_root_is_the_same_for_all() -> None:
    """A root path that is set has one slash in front and none behind."""
    assert Root("a/b/").of(HttpRequest(), "/x", None) == "/a/b"
    assert Root().of(HttpRequest(), "/x", None) == ""


def test_the_examples_of_the_docstrings_work() -> None:
    """A middleware in a function of one's own, as its docstring shows."""
    app = azfunc.FunctionApp(http_auth_level="anonymous")
    api = azfunc.AsgiMiddleware(app_of(tell), route_parameter="rest")
    site = azfunc.WsgiMiddleware(tell_wsgi, route_parameter="rest")

    @app.route("v1/{*rest}")
    async def v1(req: azfunc.HttpRequest, context: azfunc.Context) -> azfunc.HttpResponse:
        return await api.handle_async(req, context)

    @app.route("site/{*rest}")
    def serve(req: azfunc.HttpRequest, context: azfunc.Context) -> azfunc.HttpResponse:
        return site.handle(req, context)

    with TestClient(app) as client:
        assert client.get("/api/v1/x").get_body() == b"/api/v1|/api/v1/x"
        assert client.get("/api/site/x").get_body() == b"/api/site|/api/site/x"
    asyncio.run(api.aclose())
