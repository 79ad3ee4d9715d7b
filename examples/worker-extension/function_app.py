"""An app whose calls are timed; importing the extension registers it."""

import time

import azfunc as func
from stopwatch import Stopwatch

app = func.FunctionApp(http_auth_level="anonymous")
Stopwatch.configure(budget_seconds=0.5)


@app.route("fast")
def fast(req: func.HttpRequest) -> str:
    return "done"


@app.route("slow")
def slow(req: func.HttpRequest) -> str:
    time.sleep(0.6)
    return "done"
