import json
import logging
import os

import azfunc as func
import shared_code.my_second_helper_function  # (absolute)
from shared_code import my_first_helper_function  # (absolute)

from . import example  # (relative)


def main(req: func.HttpRequest, context: func.Context) -> str:
    logging.info("My app setting value:%s", os.environ["myAppSetting"])
    return json.dumps(
        {
            "greeting": my_first_helper_function.greet(req.params.get("name", example.DEFAULT_NAME)),
            "doubled": shared_code.my_second_helper_function.double(21),
            "function": context.function_name,
        }
    )
