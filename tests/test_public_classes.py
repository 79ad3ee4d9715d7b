"""Every public class: built by keyword with defaults, a value, and shown as the call that makes it."""

from __future__ import annotations

import copy
import datetime
import enum
import inspect
import pickle
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc._core.context import RpcException

if TYPE_CHECKING:
    from collections.abc import Callable

UTC = datetime.timezone.utc
WHEN = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

# Classes whose objects are no values, and why.
NO_VALUES = {
    "AppExtensionBase": "a base of extensions, which are never made",
    "AsgiFunctionApp": "an app",
    "AsgiMiddleware": "wraps a running framework",
    "BindingApi": "decorators",
    "Blueprint": "collects functions",
    "DecoratorApi": "decorators",
    "ExtensionMeta": "a metaclass",
    "ExternalHttpFunctionApp": "an app",
    "FileResponse": "needs a file; tests/bindings/test_http_response.py",
    "FuncExtensionBase": "a base of extensions, which are never made",
    "Function": "belongs to the function it holds",
    "FunctionApp": "collects functions",
    "FunctionBuilder": "belongs to the function it decorates",
    "FunctionRegister": "collects functions",
    "InvocationExecutor": "runs threads",
    "KafkaConverter": "a converter, never made",
    "KafkaTriggerConverter": "a converter, never made",
    "SettingsApi": "decorators",
    "TriggerApi": "decorators",
    "WsgiFunctionApp": "an app",
    "WsgiMiddleware": "wraps a running framework",
}

# What makes a sample of each class, with much of what it can have.
SAMPLES: dict[str, Callable[[], Any]] = {
    "Body": lambda: func.Body(extra="ignore"),
    "Call": lambda: func.Call(function_name="f", trigger_name="msg", arguments={"msg": "hi"}, result=7),
    "CloudEvent": lambda: func.CloudEvent(id="1", source="s", type="t", data={"a": 1}, time=WHEN, traceparent="x"),
    "Context": lambda: func.Context(function_name="f", trace_context=func.TraceContext(trace_state="a=1")),
    "Depends": lambda: func.Depends(dict, scope="process"),
    "Document": lambda: func.Document(id="1", total=7),
    "DocumentList": lambda: func.DocumentList([{"id": "1"}, func.Document(id="2")]),
    "EntityContext": lambda: func.EntityContext(body='{"exists": true}'),
    "EventGridEvent": lambda: func.EventGridEvent(id="1", topic="t", data=[1], event_time=WHEN),
    "EventGridOutputEvent": lambda: func.EventGridOutputEvent(id="1", subject="s", data=[1], event_time=WHEN),
    "EventHubEvent": lambda: func.EventHubEvent(body=b"hi", sequence_number=3, enqueued_time=WHEN),
    "HttpRequest": lambda: func.HttpRequest("POST", "/a?b=1", headers={"x-y": "z"}, body=b"hi"),
    "HttpResponse": lambda: func.HttpResponse("hi", status_code=201, headers={"x-y": "z"}),
    "InputStream": lambda: func.InputStream(data=b"hi", name="in/a.txt", length=2),
    "JsonResponse": lambda: func.JsonResponse({"a": 1}, status_code=201),
    "KafkaEvent": lambda: func.KafkaEvent(body=b"hi", key="k", offset=3, topic="t"),
    "MCPToolContext": lambda: func.MCPToolContext(name="weather", arguments={"city": "Oslo"}),
    "MySqlRow": lambda: func.MySqlRow(id=1, name="a"),
    "MySqlRowList": lambda: func.MySqlRowList([{"id": 1}]),
    "OrchestrationContext": lambda: func.OrchestrationContext(body='{"input": 7}'),
    "Out": lambda: set_out("a"),
    "PromptArgument": lambda: func.PromptArgument(name="language", description="of the code", required=True),
    "PromptInvocationContext": lambda: func.PromptInvocationContext(name="review", arguments={"code": "x = 1"}),
    "QueueMessage": lambda: func.QueueMessage(id="7", body="hi", dequeue_count=3, insertion_time=WHEN),
    "RedirectResponse": lambda: func.RedirectResponse("/there"),
    "RetryContext": lambda: func.RetryContext(retry_count=1, max_retry_count=3, exception=RpcException(message="m")),
    "SendGridMessage": lambda: func.SendGridMessage("ada@example.com", "Tea", text="At five."),
    "ServiceBusMessage": lambda: func.ServiceBusMessage(body="hi", message_id="7", application_properties={"a": 1}),
    "SignalRGroupAction": lambda: func.SignalRGroupAction("add", group_name="tea", user_id="ada"),
    "SignalRMessage": lambda: func.SignalRMessage("newMessage", ["hi"], user_id="ada"),
    "SmsMessage": lambda: func.SmsMessage("+14255550100", "Tea is ready."),
    "SqlRow": lambda: func.SqlRow(id=1, name="a"),
    "SqlRowList": lambda: func.SqlRowList([{"id": 1}]),
    "TimerRequest": lambda: func.TimerRequest(past_due=True, schedule={"AdjustForDST": True}),
    "TraceContext": lambda: func.TraceContext(trace_parent="00-1-2-01", attributes={"a": "b"}),
    "WarmUpContext": lambda: func.WarmUpContext(),  # noqa: PLW0108  # loads its module when the test runs
    "WebPubSubAction": lambda: func.WebPubSubAction("sendToGroup", group="tea", data="hi"),
}

NO_DEFAULTS = {
    "Depends": "the provider is what it is made for",
    "JsonResponse": "the value is what it is made for",
    "PromptArgument": "an argument has a name",
    "RedirectResponse": "the target is what it is made for",
    "SignalRGroupAction": "says what to do",
    "SignalRMessage": "calls a method by its name",
    "SmsMessage": "goes to a phone number",
    "WebPubSubAction": "says what to do",
}
NOT_SHOWN_WHOLE = {
    "Out": "shows its value, since it is made empty and set later",
}


NO_CONSTRUCTOR = {
    "MCPToolContext": "a dict, made as every dict",
    "Out": "made empty",
}


def set_out(value: str) -> func.Out[str]:
    """Give an out parameter that was set."""
    out = func.Out[str]()
    out.set(value)
    return out


def classes() -> dict[str, type]:
    """Give the public classes that are neither errors nor enums, which have tests of their own."""
    found = {name: getattr(func, name) for name in func.__all__}
    return {
        name: each
        for name, each in found.items()
        if isinstance(each, type) and not issubclass(each, (BaseException, enum.Enum))
    }


@pytest.fixture(params=SAMPLES)
def name(request: pytest.FixtureRequest) -> str:
    """The name of a public class with values."""
    return str(request.param)


def test_every_public_class_has_a_sample() -> None:
    """A new public class comes into this suite, or says why it is no value."""
    assert set(classes()) - set(SAMPLES) - set(NO_VALUES) == set()
    assert set(SAMPLES) - set(classes()) == set()
    assert set(SAMPLES) & set(NO_VALUES) == set()


def test_class_can_be_made_without_arguments(name: str) -> None:
    """Everything that can be left out has a default, and two made so are equal."""
    cls = classes()[name]
    if name in NO_DEFAULTS:
        with pytest.raises(TypeError):
            cls()
        return

    assert cls() == cls()
    assert type(SAMPLES[name]()) is cls


def test_signature_is_that_of_the_constructor(name: str) -> None:
    """Editors and `inspect` show what the class is built with, on every Python."""
    cls = classes()[name]
    if name in NO_CONSTRUCTOR:
        return

    _self, *parameters = inspect.signature(cls.__init__).parameters.values()
    assert list(inspect.signature(cls).parameters.values()) == parameters
    assert {each.name for each in parameters} != {"args", "kwargs"}


def test_equality_is_by_value(name: str) -> None:
    """Two objects made alike are equal, and differ from one made otherwise and from other types."""
    one, other = SAMPLES[name](), SAMPLES[name]()

    assert one == other
    assert not one != other  # noqa: SIM202  # both operators are tested
    assert one != object()
    if name not in NO_DEFAULTS and name != "WarmUpContext":  # which has nothing that could differ
        assert one != type(one)()


def test_hash_agrees_with_equality(name: str) -> None:
    """What can be hashed has the hash of what it equals; what changes has none."""
    one, other = SAMPLES[name](), SAMPLES[name]()

    if type(one).__hash__ is not None:
        assert hash(one) == hash(other)


def test_repr_is_the_call_that_makes_it(name: str) -> None:
    """The repr of a small object is Python that makes an equal one."""
    sample = SAMPLES[name]()
    text = repr(sample)
    assert " at 0x" not in text
    assert name in text
    if name in NOT_SHOWN_WHOLE:
        return

    names = {**classes(), "datetime": datetime, "RpcException": RpcException}
    assert eval(text, names) == sample


def test_repr_of_what_collects_functions_names_them() -> None:
    """An app and a blueprint show their functions, by the names that the host gets."""
    app, users = func.FunctionApp(), func.Blueprint(name_prefix="users_")

    @users.route("users/{id}")
    def find(req: func.HttpRequest) -> str:
        return req.route_params["id"]

    assert repr(func.Blueprint()) == "<Blueprint of 0 functions>"
    assert repr(users) == "<Blueprint of 1 function: users_find>"
    app.register_functions(users)
    assert repr(app) == "<FunctionApp of 1 function: users_find>"
    assert repr(find).startswith("<FunctionBuilder 'find' httpTrigger 'req', 1 more binding at ")
    [built] = app.get_functions()
    assert repr(built).startswith("<Function 'users_find' httpTrigger 'req', 1 more binding at ")


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_is_equal(name: str, protocol: int) -> None:
    """An object survives pickling with every protocol of Python 3, and is shown the same afterwards."""
    sample = SAMPLES[name]()
    other = pickle.loads(pickle.dumps(sample, protocol))

    assert type(other) is type(sample)
    assert other == sample
    assert repr(other) == repr(sample)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_copy_is_equal(name: str, duplicate: Callable[[Any], Any]) -> None:
    """An object survives copying, and is shown the same afterwards."""
    sample = SAMPLES[name]()
    other = duplicate(sample)

    assert type(other) is type(sample)
    assert other == sample
    assert repr(other) == repr(sample)
