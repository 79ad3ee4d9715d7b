# The guide's unit test, unchanged but for the imports' order and names.
import unittest

import azfunc as func
from my_second_function import main


class TestFunction(unittest.TestCase):
    def test_my_second_function(self) -> None:
        # Construct a mock HTTP request.
        req = func.HttpRequest(method="GET", body=None, url="/api/my_second_function", params={"value": "21"})

        # Call the function.
        resp = main(req)

        # Check the output.
        self.assertEqual(resp.get_body(), b"21 * 2 = 42")  # noqa: PT009
