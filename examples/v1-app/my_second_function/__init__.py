import logging

import azfunc as func

# Use absolute import to resolve shared_code modules
from shared_code import my_second_helper_function


# Define an HTTP trigger that accepts the ?value=<int> query parameter
# Double the value and return the result in HttpResponse
def main(req: func.HttpRequest) -> func.HttpResponse:
    logging.info("Executing my_second_function.")

    initial_value: int = int(req.params.get("value", "0"))
    doubled_value: int = my_second_helper_function.double(initial_value)

    return func.HttpResponse(body=f"{initial_value} * 2 = {doubled_value}", status_code=200)
