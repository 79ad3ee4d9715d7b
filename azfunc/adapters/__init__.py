"""Web frameworks in a function app: the server sides of ASGI and WSGI, and the apps and mounts built on them."""
