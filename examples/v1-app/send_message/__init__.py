import azfunc as func


def main(req: func.HttpRequest, msg: func.Out[func.QueueMessage]) -> str:
    message = req.params["body"]
    msg.set(func.QueueMessage(body=message))
    return message
