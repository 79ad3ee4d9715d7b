"""An app of azfunc with parts that were written for the reference, and still import it."""

import json

import azure.functions as old

import azfunc as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


class Hooks(old.AppExtensionBase):
    """An extension that is made for the reference."""


class OwnHooks(func.AppExtensionBase):
    """An extension that is made with azfunc."""


@app.queue_trigger("msg", "old", "Storage")
@app.queue_output("$return", "done", "Storage")
def annotated(msg: old.QueueMessage) -> old.QueueMessage:
    """Take and give the reference's messages."""
    mine = isinstance(msg, func.QueueMessage), isinstance(msg, old.QueueMessage)
    return old.QueueMessage(id="1", body=json.dumps([*mine, isinstance(old.QueueMessage(), func.QueueMessage)]))


@app.route("old")
def web(req: old.HttpRequest) -> old.HttpResponse:
    """Answer with the reference's response."""
    return old.HttpResponse(f"{isinstance(req, old.HttpRequest)} {isinstance(old.HttpResponse(), func.HttpResponse)}")


@app.queue_trigger("msg", "lists", "Storage")
@app.queue_output("out", "done", "Storage")
def kinds(msg: func.QueueMessage, out: func.Out[str], context: func.Context) -> None:
    """Tell whether what the worker gives is of azfunc's classes."""
    hooks = old.ExtensionMeta.get_application_hooks()
    found = [
        isinstance(context, func.Context),
        isinstance(context.trace_context, func.TraceContext),
        isinstance(context.retry_context, func.RetryContext),
        isinstance(out, func.Out),
        [each.ext_name for each in hooks.pre_invocation_app_level],
        hooks is func.ExtensionMeta.get_application_hooks(),
        json.dumps(func.AuthLevel.ADMIN, cls=old.decorators.utils.StringifyEnumJsonEncoder),
    ]
    out.set(json.dumps(found))
