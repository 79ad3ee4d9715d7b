"""What stands around a call of a function: middleware and exception handlers.

All of it wraps the user function when the app is indexed, so that Azure's worker needs to know nothing of it.
"""
