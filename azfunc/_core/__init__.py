"""The core: what every service needs and no service is named in. It does no I/O and imports nothing heavy."""
