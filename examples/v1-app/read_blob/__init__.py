import logging

import azfunc as func


def main(req: func.HttpRequest, obj: func.InputStream) -> str:
    content = obj.read().decode()
    logging.info("Python HTTP-triggered function processed: %s", content)
    return f"{req.route_params['id']} has {len(content)} characters"
