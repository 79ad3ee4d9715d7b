"""Durable Functions, with azfunc's own decorators."""

import azfunc as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.orchestration_trigger(context_name="context")
def chain(context):  # noqa: ANN001, ANN201  # the class is of another package
    """Call an activity."""
    city = yield context.call_activity("greet", "Oslo")
    return [city]


@app.activity_trigger(input_name="city")
def greet(city: str) -> str:
    """Greet a city."""
    return f"Hello {city}!"


@app.entity_trigger(context_name="context")
def counter(context):  # noqa: ANN001, ANN201  # the class is of another package
    """Count."""
    context.set_state(context.get_state(lambda: 0) + 1)
    context.set_result(context.operation_name)


@app.route("start")
@app.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client) -> func.HttpResponse:  # noqa: ANN001  # the class is of another package
    """Tell what the client is."""
    return func.HttpResponse(type(client).__name__)
