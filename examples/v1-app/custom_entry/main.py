import azfunc as func


def customentry(req: func.HttpRequest) -> str:
    user = req.params.get("user")
    return f"Hello, {user}!"
