# Empty __init__.py file marks shared_code folder as a Python package
