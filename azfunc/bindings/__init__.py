"""The services, one file each, none of which imports another.

A file has, in this order: docstring; message types; binding classes; converters; trigger decorators; input and output
decorators. Reading one is enough to know all.
"""
