"""A Django project in a function app, mounted under a path."""

import azfunc as func
from website import application

app = func.FunctionApp(http_auth_level="anonymous")
app.mount_wsgi("site", application)


@app.route("health", methods=["GET"])
def health(req: func.HttpRequest) -> str:
    return "ok"
