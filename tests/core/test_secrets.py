"""No repr shows a secret: passwords, keys, tokens, connection strings, app settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.secrets import HIDDEN, shown
from azfunc.start import StartOptions
from azfunc.testing import TestClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "Tr0ub4dor-and-3"
CONNECTION = f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={SECRET};EndpointSuffix=core"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("password", "correcthorse", HIDDEN),
        ("password", "%KAFKA_PASSWORD%", "%KAFKA_PASSWORD%"),
        ("o_auth_bearer_client_secret", SECRET, HIDDEN),
        ("sslKeyPem", f"-----BEGIN KEY-----{SECRET}", HIDDEN),
        ("ssl_key_location", "/etc/key.pem", "/etc/key.pem"),
        ("api_key", SECRET, HIDDEN),
        ("api_key", "AzureWebJobsSendGridApiKey", "AzureWebJobsSendGridApiKey"),
        ("api_key", "SG.abcdefghijklmnopqrstuvwxyz", HIDDEN),
        ("partition_key", "a7", "a7"),
        ("connection", "Storage", "Storage"),
        ("connection", CONNECTION, CONNECTION.replace(SECRET, HIDDEN)),
        ("connection", f"amqp://shop:{SECRET}@broker:5672/", f"amqp://{HIDDEN}@broker:5672/"),
        ("uri", f"https://shop/in/a.txt?sv=1&sig={SECRET}&se=2", f"https://shop/in/a.txt?sv=1&sig={HIDDEN}&se=2"),
        ("Authorization", f"Bearer {SECRET}", HIDDEN),
        ("x-ms-token-aad-id-token", SECRET, HIDDEN),
        ("text", f"mine is SG.{SECRET}-{SECRET}", f"mine is SG.{HIDDEN}"),
        ("headers", {"cookie": SECRET, "n": 1}, {"cookie": HIDDEN, "n": 1}),
        ("list", [{"password": SECRET}], [{"password": HIDDEN}]),
        ("count", 7, 7),
    ],
)
def test_secret_is_hidden_and_all_else_shown(name: str, value: Any, text: Any) -> None:
    """A secret is known by its name or its look; names of app settings, and the rest of a text, stay."""
    assert shown(name, value) == text


def bound(decorate: Callable[[func.FunctionApp], Callable[[Any], Any]]) -> func.FunctionApp:
    """Give an app with a function that has one binding more than its trigger."""
    app = func.FunctionApp()

    def consume(msg: str) -> None: ...

    decorate(app)(app.queue_trigger("msg", "todo", CONNECTION)(consume))
    return app


MADE: dict[str, Callable[[], Any]] = {
    "kafka": lambda: bound(lambda app: app.kafka_output("o", "t", "b", password=SECRET, ssl_key_password=SECRET)),
    "generic": lambda: bound(lambda app: app.generic_output_binding("o", "mqtt", password=SECRET, api_key=SECRET)),
    "sendgrid": lambda: bound(lambda app: app.send_grid_output("o", f"SG.{SECRET}-{SECRET}")),
    "request": lambda: func.HttpRequest("GET", f"/a?code={SECRET}", headers={"x-functions-key": SECRET}),
    "response": lambda: func.HttpResponse(headers={"set-cookie": f"s={SECRET}", "location": f"/a?sig={SECRET}"}),
    "redirect": lambda: func.RedirectResponse(f"https://shop/a.txt?sig={SECRET}"),
    "blob": lambda: func.InputStream(data=b"hi", name="a", uri=f"https://shop/a.txt?sig={SECRET}"),
    "service bus": lambda: func.ServiceBusMessage(body="hi", application_properties={"authorization": SECRET}),
    "mcp": lambda: func.MCPToolContext(name="weather", transport={"headers": {"authorization": SECRET}}),
    "start": lambda: StartOptions(key=SECRET),
}


@pytest.mark.parametrize("name", MADE)
def test_no_repr_shows_a_secret(name: str) -> None:
    """Neither an object nor the bindings and functions in it show what they were given in confidence."""
    made = MADE[name]()
    functions = made.get_functions() if isinstance(made, func.FunctionApp) else []
    bindings = [binding for function in functions for binding in function.get_bindings()]
    texts = [repr(each) for each in (made, *functions, *bindings)]

    assert [text for text in texts if SECRET in text] == []
    assert bindings or isinstance(made, StartOptions) or HIDDEN in texts[0]


def test_settings_of_an_app_are_not_shown(tmp_path: Path) -> None:
    """A client and the app it has loaded, which a failing test shows, say nothing of local.settings.json."""
    (tmp_path / "function_app.py").write_text(
        "import azfunc as func\napp = func.FunctionApp()\n@app.route()\ndef hello(req: func.HttpRequest) -> None: ...\n"
    )
    (tmp_path / "host.json").write_text('{"version": "2.0"}')
    (tmp_path / "local.settings.json").write_text(json.dumps({"Values": {"Storage": CONNECTION}}))

    with TestClient(tmp_path) as client:
        assert client.loaded is not None
        assert client.loaded.settings.values["Storage"] == CONNECTION
        assert SECRET not in repr(client.loaded)
        assert repr(client) == "<TestClient of 1 function: hello>"
